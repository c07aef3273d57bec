"""Stunting × DTKS, KRS × decile, recipients × register: who stands in both, who does not, and how sure that is."""

from dataclasses import replace

import streamlit as st

from components import colours, filters, flows, gaps, header, meeting, navigation, overlap, sources, spread, view
from components.address import go, language, say
from components.ask import EVERY, STORE, ask, current, sees, with_data
from components.documents import Shown
from data import overlap as matched
from data.places.geometry import geometry
from data.places.reference import place

# choose
screen, asked, reader = navigation.opened(), current(), language()
if not with_data(EVERY):
    sources.nothing_yet()
    st.stop()
chosen = overlap.chosen(asked, screen.linkages)
linkage, measure, indicator = chosen.linkage, chosen.measure, chosen.indicator
scope, here = replace(view.figures_of(asked), register=linkage.left), place(asked.place).name
places, choose = ask(matched.places, linkage=linkage.key), view.chooser(asked, go)
seen = view.view(scope.place, places, sees=sees)

# ask
found = ask(matched.summary, scope, linkage=linkage.key)
periods = ask(matched.periods, scope, linkage=linkage.key)
head = overlap.head(chosen, scope.place)
with st.container(key="filters", horizontal=True, gap="small"):
    overlap.choose_linkage(chosen, screen.linkages)
    filters.bar(found.context, periods, places, updated=False)
    with header.actions():
        meeting.link()
overlap.state(found, chosen, here)
everywhere = overlap.valued(ask(matched.by_area, scope.at(seen.ground), linkage=linkage.key, by=seen.by), chosen)
tabled = ask(matched.by_area, scope.at(seen.tabled), linkage=linkage.key, by=seen.tabled_by)
inside, history = view.inside(everywhere, seen.ranked), ask(matched.history, scope, linkage=linkage.key)
figure = overlap.figure(found, history, measure, chosen.share)
average = view.average(inside, figure.now.value, indicator, seen.chosen)
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, measure), asked.filter("classes"))
shown = Shown(indicator, everywhere, inside, tabled, seen, (), figure, shapes, scale, average)

# draw
with head:
    below = view.inside(tabled, scope.place)
    header.head(say(linkage.label), overlap.sentence(found, below, chosen, here, seen.tabled_by, reader))
overlap.show_cards(found, history, chosen, scope)
spread.areas(shown, say(linkage.label), [found.context], choose, overlap.map_head(chosen))
if found.total:
    moved_on, kinds = (ask(one, scope, linkage=linkage.key) for one in (matched.flow, matched.by_kind))
    flows.show(found, moved_on, kinds, shown, chosen)
overlap.show_areas(shown, chosen, found.context, choose)
gaps.show(ask(matched.gaps, scope, linkage=linkage.key) if found.total else None, chosen, scope)
sources.foot([found.context], linkage.indicators)
