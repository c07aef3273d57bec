"""Cakupan DTKS: how far the register is updated, where it is worst, what changed."""

import streamlit as st

from components import charts, colours, filters, header, kpis, maps, navigation, sentence, sources, tables, view
from components.address import go, language, say
from components.ask import STORE, ask, current
from data import queries
from data.definitions.indicators import INDICATORS
from data.places.geometry import geometry
from data.places.reference import place
from data.wording import N_

# choose
scope, with_data, reader = current(), ask(queries.places), language()
if not with_data:
    sources.nothing_yet()
    st.stop()
about = view.figures_of(scope)
context, periods = ask(queries.context, about), ask(queries.periods, about)
seen, indicator, choose = view.view(scope.place, with_data), INDICATORS[scope.indicator], view.chooser(scope, go)

# ask
keys = kpis.keys(seen.kelurahan)
figures = ask(queries.figures, about, keys=(*view.MAPPED, "dtks_unplaced"))
everywhere = ask(queries.by_area, about.at(seen.ground), keys=view.MAPPED, by=seen.by)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(queries.by_area, about.at(seen.tabled), keys=view.MAPPED, by=seen.tabled_by)
average = view.pooled(inside, indicator) if seen.kelurahan else figures[indicator.key].now.value
shapes = geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, indicator.key))

# draw
header.breadcrumb(scope.place)
words = sentence.coverage(figures, inside, context, seen.kelurahan, reader)
header.head(say(N_("DTKS update coverage")), words)
with st.container(key="filters", horizontal=True, gap="small"):
    filters.bar(context, periods, with_data)
    navigation.action(scope, indicator, figures[indicator.key])
if not context.period:
    sources.nothing_here(place(scope.place).name)
    st.stop()
kpis.show(keys, figures)
left, right = st.columns([1.14, 1])
with left, st.container(key="card_map", height="stretch"):
    with st.container(key="map_head", horizontal=True):
        header.card_head(maps.title(seen.by), maps.caption(indicator, shapes.schematic))
        filters.indicator_menu(view.MAPPED, indicator.key)
    maps.show(maps.build(shapes), maps.drawing(everywhere, indicator, scale, seen.look, reader), choose)
    maps.show_key(scale, indicator, bool(inside[indicator.key].isna().any()))
with right, st.container(key="card_ranking", height="stretch"):
    tables.show_ranking(inside, indicator, scale, average, seen.kelurahan, choose)
left, right = st.columns([1, 1.35])
with left, st.container(key="card_trend", height="stretch"):
    charts.show(figures[indicator.key], indicator)
with right, st.container(key="card_table", height="stretch"):
    tables.show_areas(tabled, indicator, seen.tabled_by, seen.kelurahan, choose)
sources.foot(context, [INDICATORS[key] for key in keys])
