"""Catatan akses: who saw and did what, for whoever watches over it."""

import streamlit as st

from components import audit, header
from components.address import say
from components.ask import STORE, viewer
from data import inspection
from data.wording import N_

about = N_(
    "Every look by name, every export and every change is entered here before the data are shown. The log names"
    " accounts and places, never the people in the registers."
)
header.head(say(N_("Access log")), say(about), calm=True)
audit.style()

# choose
sums, chain = inspection.sums(STORE, viewer()), audit.chain()
audit.show_sums(sums)
audit.show_chain(chain)
search = audit.choose()

# ask
found = inspection.entries(STORE, viewer(), search, audit.page())

# draw
with st.container(key="card_log"):
    audit.show(found, search)
