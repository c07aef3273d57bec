"""Impor data: a register file in, a report out, and what is stored."""

import streamlit as st

from components import header, imports
from components.address import say
from components.ask import STORE
from data.wording import N_

# choose
where = N_("Files are read, checked and stored on this computer; nothing is sent elsewhere.")
header.head(say(N_("Import data")), say(where))
with st.container(key="card_upload"):
    chosen = imports.choose()

# ask
if chosen:
    imports.run(chosen)
snapshots = STORE.snapshots()

# draw
for at, result in enumerate(imports.results()):
    with st.container(key=f"card_report_{at}"):
        imports.show(result, at)
with st.container(key="card_stored"):
    header.card_head(say(N_("Stored data")), say(N_("{count} snapshots, newest first"), count=len(snapshots)))
    imports.stored(snapshots)
