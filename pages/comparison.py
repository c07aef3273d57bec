"""Perbandingan: what changed in a register between two snapshots, for whom."""

import streamlit as st

from components import colours, comparison, exports, header, households, maps, tables, tickets, view
from components.address import go, language, say
from components.ask import STORE, ask, current, viewer
from data import comparison as compared
from data import queries
from data.places.geometry import geometry
from data.places.reference import place
from data.wording import N_

# choose
registers, reader = ask(compared.registers), language()
if not registers:
    comparison.nothing_yet()
scope = comparison.about(current(), registers)
with_data, here = ask(queries.places, registers=(scope.register,)), place(scope.place).name
about, kind, seen = comparison.whole(scope), comparison.kind_of(scope), view.view(scope.place, with_data)

# ask
choose, listed = view.chooser(scope, go), scope.with_filter("change", kind)
found, periods = ask(compared.between, about), ask(compared.periods, about)
header.top(scope.place, say(N_("What changed")), comparison.sentence(found, here, reader))
with st.container(key="filters", horizontal=True, gap="small"):
    comparison.bar(scope, found.context, periods, registers, with_data)
if not found.known:
    comparison.nothing_to_compare(found.context, here)
everywhere = ask(compared.by_area, about.at(seen.ground), by=seen.by)
inside = view.inside(everywhere, seen.ranked)
tabled = inside if seen.one_list else ask(compared.by_area, about.at(seen.tabled), by=seen.tabled_by)
indicator, shapes = comparison.indicator(kind, found.grain), geometry(STORE.path, seen.ground, seen.by)
scale = colours.scale(indicator, view.values(inside, kind), scope.filter("classes"))

# draw
comparison.show_cards(found, kind)
left, right = st.columns([1.14, 1])
with left, st.container(key="card_map", height="stretch"):
    header.card_head(maps.title(seen.by), maps.caption(indicator, shapes.schematic))
    maps.show(maps.build(shapes), maps.drawing(everywhere, indicator, scale, seen.look, reader), choose)
    maps.show_key(scale, indicator, bool(inside[kind].isna().any()), inside, seen.by)
with right, st.container(key="card_ranking", height="stretch"):
    tables.show_ranking(inside, indicator, scale, None, seen.chosen, choose)
left, right = st.columns([1.7, 1])
with left, st.container(key="card_table", height="stretch"):
    comparison.show_areas(tabled, kind, seen.tabled_by, found.totals, seen.chosen, choose)
with right, st.container(key="card_recognised", height="stretch"):
    comparison.show_recognised(found)
with st.container(key="card_people"):
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        unmasked, export = households.unmask(viewer().unmasked), st.container(key="export", width="stretch")
    at, size = households.page(listed, ""), households.size()
    page = ask(compared.changed, about, kind=kind, page=at, size=size, unmasked=unmasked)
    with export:
        exports.buttons(lambda format: tickets.Order(viewer(), listed, format, reader, unmasked, ""), page.count)
    comparison.show_people(head, kind, page, here)
    households.pages(page, listed, "")
comparison.foot(found.context, found.earlier, compared.DEFINITIONS)
