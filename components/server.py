"""What happens around the screens: warming up before the first user comes, and what is said when a screen fails."""

import asyncio
import gc
import importlib
import logging
import os
import traceback
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st

from components.address import language
from data import passwords
from data.access import OWNER, Refused
from data.home import home
from data.snapshots import Store
from data.wording import N_, translate

log: Final = logging.getLogger("padan")

# Streamlit writes a failed screen's exception with its message, which may quote a register; we write our own line.
logging.getLogger("streamlit.error_util").addFilter(lambda record: not record.exc_info)

HEAVY: Final = (
    "pandas",
    "folium",
    "plotly.graph_objects",
    "plotly.io",
    "data.queries",
    "data.comparison",
    "data.quality",
    "data.intake.tray",
    "data.history",
    "data.overlap",
    "data.relation",
    "data.interventions",
    "data.household",
    "components.documents",
    "data.linkage.review",
    "data.places.geometry",
    "data.intake",
)
"""Importing these takes seconds, which belong to the start of the server and not to the first user's page.

streamlit_folium is not among them: Streamlit registers its frame only when a screen imports it.
"""


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    # What the store holds is nobody else's on this machine.
    os.umask(0o077)
    await asyncio.to_thread(warm_up)
    yield


def warm_up() -> None:
    """Imports what screens need and asks the first question, so that the engine and the store's index are open.

    A store that cannot be read must not keep the server from starting: the screen says what is wrong.
    """
    for name in HEAVY:
        importlib.import_module(name)
    # Streamlit looks for garbage after every run of a screen, and everybody waits: what was imported is none.
    gc.collect()
    gc.freeze()
    from data import queries
    from data.linkage import background

    # The first one to be judged would take longer than the others, and so tell something.
    passwords.fits("", "")
    try:
        queries.places(Store(home()), OWNER)
        background.start_where_due(Store(home()))
    except Exception as error:
        log_failure(error)


def on_script_error(error: Exception) -> bool:
    """Shows a sentence instead of a traceback; True tells Streamlit that nothing more is to be shown."""
    if isinstance(error, Refused):
        st.warning(error.said(language()), icon=":material/lock:")
        return True
    number = log_failure(error)
    st.error(
        translate(
            N_(
                "Something went wrong on our side, and this screen could not be drawn. Your data are unchanged."
                " Reload the page; if it happens again, give your operator the number {number}."
            ),
            language(),
            number=number,
        ),
        icon=":material/error:",
    )
    return True


def log_failure(error: Exception) -> str:
    """Writes where it failed, without the error's message, which may quote a register, and returns its number."""
    number = uuid.uuid4().hex[:8]
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s\n%s", number, type(error).__name__, frames)
    return number
