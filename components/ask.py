"""The one door, and the one cache, between screens and data."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

import streamlit as st

from components import address, view
from data import queries
from data.access import OWNER, Viewer
from data.definitions.indicators import INDICATORS
from data.home import home
from data.places.reference import find
from data.scope import Scope
from data.snapshots import Store

Answer = TypeVar("Answer")

STORE: Final = Store(home())
KEPT: Final = 512
"""Answers kept at once; the oldest makes room."""


def viewer() -> Viewer:
    """Whoever asks. Until there are accounts, the server listens on the store's own machine and serves its owner."""
    return OWNER


def ask(query: Callable[..., Answer], scope: Scope | None = None, **options: Any) -> Answer:
    """The answer of a query of `data.queries` to this viewer.

    Snapshots never change, so an answer holds as long as the store's state, which is part of the cache's key.
    """
    asked = (scope,) if scope is not None else ()
    key = repr((query.__module__, query.__qualname__, asked, sorted(options.items()), viewer()))
    answer: Answer = _answer(key, STORE.state(), lambda: query(STORE, viewer(), *asked, **options))
    return answer


def current() -> Scope:
    """What the address asks for; where it names no place or indicator that exists, the store's own region and the
    update coverage stand in.
    """
    asked = address.scope()
    place = asked.place if find(asked.place) else view.home(ask(queries.dates))
    return replace(asked, place=place, indicator=asked.indicator if asked.indicator in INDICATORS else Scope.indicator)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _answer(key: str, state: str, _question: Callable[[], Answer]) -> Answer:
    return _question()
