"""What is said while something is made in the background that a screen needs."""

import os
from typing import Final

import streamlit as st

from components.address import language
from components.ask import STORE
from components.rich import rich
from data import eligibility
from data.linkage import background, runs
from data.scope import Scope
from data.wording import N_

LOOK_AGAIN: Final = 3.0
"""Seconds."""


def for_families(scope: Scope) -> None:
    """Ends the screen, until it is there, where a large social register has not been looked at together with the
    others. While registers are still to be matched, which takes longer, or where nothing works in the background, the
    question itself does it.
    """
    if _at_work(scope):
        background.start_where_due(STORE)
        _wait(scope)
        st.stop()


def _at_work(scope: Scope) -> bool:
    by_itself = os.environ.get(background.SETTING) != background.MANUAL and not background.failed(STORE)
    wanted = by_itself and eligibility.pending(STORE, scope.place, scope.period) and eligibility.due(STORE)
    return wanted and not runs.due(STORE)


@st.fragment(run_every=LOOK_AGAIN)
def _wait(scope: Scope) -> None:
    if not _at_work(scope):
        st.rerun()
    words = N_("The registers are being put together; the screen comes by itself as soon as that is done.")
    st.html(f'<p class="lacking" role="status">{rich(words, language())}</p>')
