"""Intervensi: need × programme × office: who appears eligible, who is missed, and whose list it is."""

import streamlit as st

from components import colours, documents, filters, handover, header, sources, view, waiting
from components import interventions as drawn
from components.address import go, language, say
from components.ask import EVERY, STORE, ask, current, sees, with_data
from data import interventions
from data.places.geometry import geometry
from data.places.reference import place
from data.wording import N_

# choose
asked, reader = current(), language()
places = ask(interventions.places)
if not places:
    drawn.nothing_yet(bool(with_data(EVERY)))
    st.stop()
scope, here = view.figures_of(asked), place(asked.place).name
seen, choose = view.view(scope.place, places, sees=sees), view.chooser(asked, go)
waiting.for_families(scope)

# ask
with st.spinner(say(N_("Putting the registers together …"))):
    found = ask(interventions.summary, scope)
periods, picked = ask(interventions.periods, scope), drawn.chosen(asked, found)
everywhere = drawn.valued(ask(interventions.by_area, scope.at(seen.ground), by=seen.by), picked)
tabled = drawn.valued(ask(interventions.by_area, scope.at(seen.tabled), by=seen.tabled_by), picked)
inside, figure = view.inside(everywhere, seen.ranked), drawn.figure(found, picked.kind, picked.key, picked.share)
indicator, key = picked.indicator, picked.column
average = view.average(inside, figure.now.value, indicator, seen.chosen)
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, key), asked.filter("classes"))
beside = drawn.beside(picked)
shown = documents.Shown(indicator, everywhere, inside, tabled, seen, beside, figure, shapes, scale, average)

# draw
words = drawn.sentence(found, picked, view.inside(tabled, scope.place), here, seen.tabled_by, reader)
header.top(scope.place, say(N_("Interventions")), words if found.context.period else "")
with st.container(key="filters", horizontal=True, gap="small"):
    drawn.choose(picked, scope.place, found)
    filters.bar(found.context, periods, places, compared=bool(found.before), updated=False)
    drawn.actions(found, picked, words, shown)
if not found.context.period:
    sources.nothing_here(here)
    st.stop()
drawn.show_cards(found, picked, scope)
drawn.show_places(found, picked, shown, choose)
handover.show_matrix(found, picked, here)
left, right = header.cards("kinds_agencies", "several")
handover.show(left, right, found, scope)
drawn.show_areas(found, picked, shown, choose)
sources.foot([found.context], drawn.defined(picked))
