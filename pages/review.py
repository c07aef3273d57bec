"""Tinjau kecocokan: the pairs that somebody has to look at, one of them large, and the decision about it."""

import streamlit as st

from components import header, review, sources, unmask, view
from components.address import go, language, say
from components.ask import EVERY, ask, current, with_data
from data import queries
from data.definitions.catalogue import LINKAGES
from data.linkage import review as reviewed
from data.places.reference import place
from data.wording import N_

# choose
asked, reader = current(), language()
if not with_data(EVERY):
    sources.nothing_yet()
    st.stop()
scope, here = review.about(asked), place(asked.place).name
matched = ask(reviewed.matched, scope)
header.breadcrumb(asked.place)
head = st.empty()
if not matched:
    review.nothing_matched(here)
linkage, kind = review.linkage_of(asked, matched), review.kind_of(asked)
places = ask(queries.places, registers=(LINKAGES[linkage].left,))
at, choose = review.page_of(asked, linkage, kind), view.chooser(review.without_pair(asked), go)

# ask
found = ask(reviewed.queue, scope, linkage=linkage, kind=kind, page=at)
keys = review.keys_of(asked, found)
with st.container(key="filters", horizontal=True, gap="small"):
    review.bar(asked, matched, linkage, places)
    unmasked = unmask.offer()
looked_up = (unmask.answer(reviewed.pair, scope, unmasked, linkage=linkage, key=one) for one in keys)
pair = next(filter(None, looked_up), None)
key = pair.key if pair else ""
around = ask(reviewed.around, scope, linkage=linkage, kind=kind, key=key)

# draw
with head:
    header.head(say(N_("Review matches")), review.sentence(found, here, reader))
review.choose_kind(asked, kind, found.counts)
review.tell()
left, right = st.columns([2.5, 1])
with left:
    review.show(pair, asked, kind, around, here)
with right:
    with st.container(key="card_queue"):
        review.show_queue(found, asked, kind, key)
    with st.container(key="card_areas"):
        review.show_areas(found, asked, kind, choose)
    with st.container(key="card_sure"):
        review.show_quality(ask(reviewed.quality, scope, linkage=linkage), found.counts)
    review.show_files()
review.foot(found)
