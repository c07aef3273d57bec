"""Ringkasan: the state of a place on one screen, what matters first, every figure at its own register's date."""

from dataclasses import replace
from datetime import date

import streamlit as st

from components import colours, documents, findings, header, overview, sources, view
from components.address import go, language, say
from components.ask import EVERY, STORE, ask, current, known, sees, told, with_data
from data import overview as programmes
from data import queries
from data.definitions.overview import FIGURES, SCREEN
from data.places.geometry import geometry

# choose
asked, reader = current(), language()
data = with_data(EVERY)
if not data:
    sources.nothing_yet()
    st.stop()
drawn, places = view.drawn(SCREEN, asked, data, known()), view.places(data)
indicator, key = drawn.indicator, drawn.indicator.key
scope, about, choose = replace(asked, filters=()), view.figures_of(asked), view.chooser(asked, go)
seen = view.view(scope.place, places, indicator.lowest, sees)

# ask
figures, reach = told(scope, FIGURES), ask(programmes.reach, about)
everywhere = ask(queries.by_area, about.at(seen.ground), by=seen.by, keys=drawn.group.figures)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(queries.by_area, about.at(seen.tabled), by=seen.tabled_by, keys=(key,))
contexts = [reach.context, *(one.context for one in figures.values())]
dated = any(context.period for context in contexts)
average = view.average(inside, figures[key].figure.now.value, indicator, seen.chosen)
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, key), asked.filter("classes"))
figure = figures[key].figure
shown = documents.Shown(indicator, everywhere, inside, tabled, seen, (), figure, shapes, scale, average)
facts = findings.Facts(figures, inside, seen, scope, findings.today(contexts, date.today()))
found, words = findings.found(facts), overview.matters(facts, drawn, reader)

# draw
overview.style()
with st.container(key="overview_head"):
    with st.container(key="overview_title"):
        header.top(scope.place, say(SCREEN.title), words)
        overview.choices(scope, places, overview.briefing(facts, reach, words, found, shown))
    if dated:
        overview.show_findings(found)
if not dated:
    sources.nothing_here(view.path(scope.place)[-1][1])
    st.stop()
overview.show_large(figures, scope)
with st.container(key="overview_body"):
    overview.show_areas(shown, contexts, drawn.menu, choose)
    overview.show_calm(figures, reach, scope)
overview.foot(contexts)
