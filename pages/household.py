"""Keluarga: one household as the list, the matching and the snapshots know it."""

import streamlit as st

from components import household, sources, unmask
from components.ask import current
from data import household as households
from data.access import Refused

# choose
scope = current()
unmasked = household.tools(scope)

# ask
try:
    found, refused = unmask.answer(households.household, household.about(scope), unmasked), ""
except Refused as refusal:
    found, refused = None, str(refusal)
if found is None:
    household.gone(refused)
    st.stop()

# draw
household.show(found, scope)
sources.foot([found.context], ())
