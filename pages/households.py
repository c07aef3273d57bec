"""Daftar rumah tangga: whose records they are, in any register, filtered, complete, in families."""

import streamlit as st

from components import documents, exports, filters, header, households, sources, unmask
from components.ask import ask, current, list_periods, with_data
from data import household, queries
from data.definitions.catalogue import REGISTERS
from data.places.reference import place

# choose
data = with_data(households.BY_NAME)
if not data:
    sources.nothing_yet()
    st.stop()
scope = households.about(current(), data)
register, title = REGISTERS[scope.register], households.title(scope.register)
context, periods = ask(queries.list_context, scope), list_periods(scope)
header.breadcrumb(scope.place)
head = st.empty()
with st.container(key="filters", horizontal=True, gap="small"):
    households.register_menu(data, scope.register)
    filters.bar(context, periods, data[scope.register], compared=False, updated=register.updated)
    actions = header.actions()
if not context.period:
    with head:
        header.head(title)
    sources.nothing_here(place(scope.place).name)
    st.stop()
programmes = ask(queries.programmes, scope)
with st.container(key="card_filters"):
    text = households.choose(register, programmes, scope.place)
    with st.container(key="list_tools", horizontal=True, vertical_alignment="center"):
        households.order(register)
        unmasked = unmask.offer()
        export = st.container(key="export", width="stretch")

# ask
at = households.page(scope, text)
found = unmask.answer(queries.people, scope, unmasked, page=at, size=households.size(), text=text)

# draw
with head:
    header.head(title, households.summary(found, place(scope.place).name, register), calm=True)
with export:
    exports.buttons(scope, found.count, unmasked, text)
with actions:
    documents.sheets.order(scope, unmasked)
with st.container(key="card_people"):
    if found.count:
        homes = ask(household.homes, rows=households.rows_of(found, register))
        households.show(found, programmes, register, scope, homes)
        households.pages(found, scope, text)
    else:
        looser = households.looser(scope, text).items()
        counts = {key: ask(queries.people, one, size=1, text=words).count for key, (one, words) in looser}
        households.nobody(scope, counts, households.choices(register, programmes, scope.place), register)
sources.foot([context], sources.told_by(scope.register))
