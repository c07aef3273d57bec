"""Perbandingan: what changed in a register between two snapshots, for whom."""

import streamlit as st

from components import colours, comparison, exports, header, households, spread, unmask, view
from components.address import go, language, say
from components.ask import STORE, ask, current, sees, viewer
from components.documents import Shown
from data import comparison as compared
from data import queries
from data.evaluation import Value
from data.places.geometry import geometry
from data.places.reference import place
from data.queries import Figure
from data.wording import N_

# choose
registers, reader = ask(compared.registers), language()
if not registers:
    comparison.nothing_yet()
scope = comparison.about(current(), registers)
with_data, here = ask(queries.places, registers=(scope.register,)), place(scope.place).name
about, kind, seen = comparison.whole(scope), comparison.kind_of(scope), view.view(scope.place, with_data, sees=sees)

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
figure = Figure(kind, Value(found.totals[kind]), None, ())
shown = Shown(indicator, everywhere, inside, tabled, seen, (), figure, shapes, scale, None)

# draw
comparison.show_cards(found, kind)
spread.areas(shown, say(N_("What changed")), [found.context], choose)
left, right = st.columns([1.7, 1])
with left, st.container(key="card_table", height="stretch"):
    comparison.show_areas(shown, kind, found, choose)
with right, st.container(key="card_recognised", height="stretch"):
    comparison.show_recognised(found)
if viewer().may_list(scope.place):
    with st.container(key="card_people"):
        head = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            unmasked, export = unmask.offer(), st.container(key="export", width="stretch")
        at, size = households.page(listed, ""), households.size()
        page = unmask.answer(compared.changed, about, unmasked, kind=kind, page=at, size=size)
        with export:
            exports.buttons(listed, page.count, unmasked)
        comparison.show_people(head, kind, page, here)
        households.pages(page, listed, "")
comparison.foot(found.context, found.earlier, compared.DEFINITIONS)
