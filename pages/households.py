"""Daftar rumah tangga: whose records they are, filtered, complete, in families."""

import streamlit as st

from components import exports, filters, header, households, sources, tickets, view
from components.address import language, say
from components.ask import ask, current, viewer
from data import queries
from data.definitions.indicators import INDICATORS
from data.places.reference import place
from data.wording import N_

# choose
scope, with_data, reader = current(), ask(queries.places), language()
if not with_data:
    sources.nothing_yet()
    st.stop()
viewer().require_list(scope.place)
about = view.figures_of(scope)
context, periods = ask(queries.context, about), ask(queries.periods, about)
header.breadcrumb(scope.place)
head = st.empty()
with st.container(key="filters", horizontal=True, gap="small"):
    filters.bar(context, periods, with_data, compared=False)
if not context.period:
    sources.nothing_here(place(scope.place).name)
    st.stop()
programmes = ask(queries.programmes, about)
with st.container(key="card_filters"):
    text = households.choose(programmes)
    with st.container(horizontal=True, vertical_alignment="center"):
        unmasked = households.unmask(viewer().unmasked)
        households.clear()
        export = st.container(key="export", width="stretch")

# ask
at = households.page(scope, text)
found = ask(queries.people, scope, page=at, size=households.SIZE, unmasked=unmasked, text=text)

# draw
with head:
    header.head(say(N_("Household list")), households.summary(found, place(scope.place).name), calm=True)
with export:
    exports.buttons(lambda format: tickets.Order(viewer(), scope, format, reader, unmasked, text), found.persons)
with st.container(key="card_people"):
    households.show(found, programmes)
    households.pages(found.pages, scope, text)
sources.foot(context, [INDICATORS["dtks_updated_share"], INDICATORS["nik_valid_share"]])
