"""Every screen of figures: what it is about is an entry in `data.definitions.screens`, which one the address says."""

from dataclasses import replace

import streamlit as st

from components import apart, charts, colours, filters, header, kpis, maps, navigation, sentence, sources, tables, view
from components.address import go, language, say
from components.ask import EVERY, STORE, areas_beside, ask, by_category, current, known, told, with_data
from data import queries
from data.places.geometry import geometry

# choose
screen, asked, reader = navigation.opened(), current(), language()
data = with_data(screen.registers)
if not data:
    sources.nothing_yet(screen if with_data(EVERY) else None)
    st.stop()
drawn, places = view.drawn(screen, asked, data, known()), view.places(data)
indicator, key, category = drawn.indicator, drawn.indicator.key, drawn.category
scope, about, choose = replace(asked, indicator=key), view.figures_of(asked), view.chooser(asked, go)
seen = view.view(scope.place, places, indicator.lowest)

# ask
figures = told(scope, drawn.own, category) | told(scope, drawn.others)
main, periods = figures[key], ask(queries.periods, replace(about, indicator=key))
everywhere = ask(queries.by_area, about.at(seen.ground), by=seen.by, **drawn.mapped)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(queries.by_area, about.at(seen.tabled), by=seen.tabled_by, **drawn.mapped)
average = view.average(inside, main.figure.now.value, indicator, seen.chosen)
shapes, scale = geometry(STORE.path, seen.ground, seen.by), colours.scale(indicator, view.values(inside, key))

# draw
words = sentence.say(screen.key, sentence.Facts(figures, inside, seen, drawn), reader)
header.top(scope.place, say(screen.title), words)
with st.container(key="filters", horizontal=True, gap="small"):
    filters.bar(main.context, periods, places, updated=drawn.updated, categories=drawn.categories)
    navigation.action(scope, indicator, main)
if not any(one.context.period for one in figures.values()):
    sources.nothing_here(view.path(scope.place)[-1][1])
    st.stop()
kpis.show(drawn, figures, scope.place)
sources.lacking(screen, data)
left, right = header.cards("map", "ranking")
with left:
    header.map_head(maps.title(seen.by), maps.caption(indicator, shapes.schematic), drawn.menu, indicator)
    maps.show(maps.build(shapes), maps.drawing(everywhere, indicator, scale, seen.look, reader), choose)
    maps.show_key(scale, indicator, bool(inside[key].isna().any()))
with right:
    tables.show_ranking(inside, indicator, scale, average, seen.chosen, choose)
left, right = header.cards("trend", "table")
with left:
    charts.show(main.figure, indicator)
with right:
    tables.show_areas(tabled, indicator, drawn.columns, seen.tabled_by, seen.chosen, choose)
if drawn.categories:
    tables.show_categories(by_category(scope, indicator), indicator, category, filters.narrow)
for group, other in drawn.beside:
    apart.show(group, other, figures[other.key], areas_beside(scope, places, other), choose)
sources.foot([one.context for one in (main, *figures.values())], (indicator, *drawn.own, *drawn.others))
