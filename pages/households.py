"""Daftar rumah tangga: whose records they are, in any register, filtered, complete, in families."""

import streamlit as st

from components import exports, filters, header, households, sources, tickets
from components.address import language
from components.ask import ask, current, list_periods, viewer, with_data
from data import queries
from data.definitions.catalogue import REGISTERS
from data.places.reference import place

# choose
data, reader = with_data(households.BY_NAME), language()
if not data:
    sources.nothing_yet()
    st.stop()
scope = households.about(current(), data)
register = REGISTERS[scope.register]
viewer().require_list(scope.place)
context, periods = ask(queries.list_context, scope), list_periods(scope)
header.breadcrumb(scope.place)
head = st.empty()
with st.container(key="filters", horizontal=True, gap="small"):
    households.register_menu(data, scope.register)
    filters.bar(context, periods, data[scope.register], compared=False, updated=register.updated)
if not context.period:
    sources.nothing_here(place(scope.place).name)
    st.stop()
programmes = ask(queries.programmes, scope)
with st.container(key="card_filters"):
    text = households.choose(register, programmes)
    with st.container(horizontal=True, vertical_alignment="center"):
        unmasked = households.unmask(viewer().unmasked)
        households.clear()
        export = st.container(key="export", width="stretch")

# ask
at = households.page(scope, text)
found = ask(queries.people, scope, page=at, size=households.SIZE, unmasked=unmasked, text=text)

# draw
with head:
    summary = households.summary(found, place(scope.place).name, register)
    header.head(households.title(scope.register), summary, calm=True)
with export:
    exports.buttons(lambda format: tickets.Order(viewer(), scope, format, reader, unmasked, text), found.count)
with st.container(key="card_people"):
    households.show(found, programmes, register)
    households.pages(found.pages, scope, text)
sources.foot([context], sources.told_by(scope.register))
