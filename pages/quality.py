"""Kualitas data: what is filled in, what can be right, what stands twice, how old it is."""

import streamlit as st

from components import colours, comparison, header, quality, spread, view
from components.address import go, language, say
from components.ask import STORE, ask, current, sees
from components.documents import Shown
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
about, seen, choose = comparison.whole(scope), view.view(scope.place, with_data, sees=sees), view.chooser(scope, go)
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
figure, average = quality.figure(ask(assessed.trend, about), measure), view.pooled(inside, indicator)
shown = Shown(indicator, everywhere, inside, tabled, seen, (), figure, shapes, scale, average)

# draw
quality.show_cards(found, measure, about)
spread.areas(shown, say(N_("Data quality")), [found.context], choose)
left, right = st.columns(2)
with left, st.container(key="card_fields", height="stretch"):
    quality.show_fields(found, measure, about)
with right:
    with st.container(key="card_problems"):
        quality.show_problems(found, about)
    with st.container(key="card_ages", height="stretch"):
        quality.show_ages(found, about)
with st.container(key="card_table"):
    quality.show_areas(shown, measure, found.context, choose)
with st.container(key="card_trend"):
    quality.show_trend(shown, found.context)
comparison.foot(found.context, definitions=quality.DEFINITIONS)
