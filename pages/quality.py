"""Kualitas data: what is filled in, what can be right, what stands twice, how old it is."""

import streamlit as st

from components import colours, comparison, header, maps, quality, tables, view
from components.address import go, language, say
from components.ask import STORE, ask, current
from data import comparison as compared
from data import quality as assessed
from data import queries
from data.places.geometry import geometry
from data.places.reference import place
from data.wording import N_

# choose
registers, reader = ask(assessed.registers), language()
if not registers:
    comparison.nothing_yet()
scope = comparison.about(current(), registers)
with_data, here = ask(queries.places, registers=(scope.register,)), place(scope.place).name
about, seen, choose = comparison.whole(scope), view.view(scope.place, with_data), view.chooser(scope, go)
quality.follow(about)

# ask
found, periods = ask(assessed.summary, about), ask(compared.periods, about)
header.breadcrumb(scope.place)
header.head(say(N_("Data quality")), quality.sentence(found, here, reader))
with st.container(key="filters", horizontal=True, gap="small"):
    comparison.bar(scope, found.context, periods, registers, with_data, compared=False)
if not found.rows:
    comparison.nothing_to_compare(found.context, here)
measure = quality.measure_of(scope, found)
everywhere = ask(assessed.by_area, about.at(seen.ground), by=seen.by)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(assessed.by_area, about.at(seen.tabled), by=seen.tabled_by)
indicator, shapes = quality.indicator(measure), geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, measure), scope.filter("classes"))

# draw
quality.show_cards(found, measure, about)
left, right = st.columns([1.14, 1])
with left, st.container(key="card_map", height="stretch"):
    header.card_head(maps.title(seen.by), maps.caption(indicator, shapes.schematic))
    maps.show(maps.build(shapes), maps.drawing(everywhere, indicator, scale, seen.look, reader), choose)
    maps.show_key(scale, indicator, bool(inside[measure].isna().any()), inside, seen.by)
with right, st.container(key="card_ranking", height="stretch"):
    tables.show_ranking(inside, indicator, scale, view.pooled(inside, indicator), seen.chosen, choose)
left, right = st.columns(2)
with left, st.container(key="card_fields", height="stretch"):
    quality.show_fields(found, measure, about)
with right, st.container(key="card_problems", height="stretch"):
    quality.show_problems(found, about)
    quality.show_ages(found, about)
with st.container(key="card_table"):
    quality.show_areas(tabled, measure, seen.tabled_by, seen.chosen, choose)
with st.container(key="card_trend"):
    quality.show_trend(ask(assessed.trend, about), measure)
comparison.foot(found.context, definitions=quality.DEFINITIONS)
