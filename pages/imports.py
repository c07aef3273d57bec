"""Impor data: files in, what they are taken for, a report out, and the history of it all."""

import streamlit as st

from components import header, history, imports
from components.address import say
from components.ask import STORE, viewer
from data import history as past
from data.intake.layouts import Layouts
from data.wording import N_

imports.style()
where = N_("Files are read, checked and stored on this computer; nothing is sent elsewhere.")
header.head(say(N_("Import data")), say(where))

# choose
with st.container(key="card_upload"):
    imports.upload()

# ask
waiting, found = imports.pending(), imports.results()
entries, kept = past.entries(STORE, viewer()), Layouts(STORE.path).kept()

# draw
imports.progress()
imports.defects()
if waiting:
    imports.review(waiting)
if found:
    imports.show_results(found)
if entries:
    with st.container(key="card_history"):
        history.show(entries)
if kept:
    with st.container(key="card_layouts"):
        history.show_layouts(kept)
