"""Keluarga: one household as the list, the matching and the snapshots know it."""

import streamlit as st

from components import household, sources
from components.ask import ask, current, viewer
from data import household as households
from data.access import Refused

# choose
scope = current()
unmasked = household.tools(scope, viewer().unmasked)

# ask
try:
    found, refused = ask(households.household, household.about(scope), unmasked=unmasked), ""
except Refused as refusal:
    found, refused = None, str(refusal)
if found is None:
    household.gone(refused)
    st.stop()

# draw
household.show(found, scope)
sources.foot([found.context], ())
