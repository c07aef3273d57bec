"""The bar at the top of every screen, and the head of a screen: where it is, what it is called, what matters."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from components import account, filters, navigation, unmask
from components.address import go, language, query, say
from components.ask import current, viewer
from components.rich import rich
from components.routes import STATIC
from components.view import path
from data.access import Viewer
from data.definitions.indicators import Indicator
from data.wording import N_

_breadcrumb = st.components.v2.component(
    "padan_breadcrumb",
    html='<nav class="steps"></nav>',
    css=(STATIC / "breadcrumb.css").read_text(),
    js=(STATIC / "breadcrumb.js").read_text(),
)

_document = st.components.v2.component("padan_document", js=(STATIC / "document.js").read_text())


def bar(who: Viewer, screen: str, sample: bool) -> None:
    """Brand, screens, the marks of sample data and of numbers in full, and who looks."""
    shown = navigation.tabs(who)
    opened = navigation.tab_of(screen, shown)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.html('<span class="brand">pa<b>dan</b></span>', width="content")
        with st.container(key="tabs", horizontal=True, gap="medium"):
            for tab in shown:
                first = tab.screens[0]
                with st.container(key=f"tab_{'on' if tab is opened else 'off'}_{first}", width="content"):
                    navigation.link(first, say(tab.name))
        with st.container(key="corner", horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if sample:
                st.html(f'<span class="badge">{escape(say(N_("SAMPLE DATA")))}</span>', width="content")
            unmask.mark(who)
            _document(
                key="spoken", data={"language": language(), "skip": say(N_("Skip to the content"))}, width="content"
            )
            account.show(who)


def beside(screen: str) -> None:
    """Links to the screens that share an entry of the bar with the open one."""
    opened = navigation.tab_of(screen, navigation.tabs(viewer()))
    if opened is None or len(opened.screens) < 2:
        return
    with st.container(key="beside", horizontal=True, gap="small"):
        for key in opened.screens:
            with st.container(key=f"beside_{'on' if key == screen else 'off'}_{key}", width="content"):
                navigation.link(key)


def breadcrumb(place: str) -> None:
    """The way down to the place; every step but the last leads back, those above the viewer's reach only say where."""
    if not place:
        return
    screen = navigation.here()
    steps = [
        {
            "code": code,
            "name": name,
            "address": f"?{urlencode(query(current().at(code)))}" if navigation.opens(screen, code) else "",
        }
        for code, name in path(place)
    ]

    def back() -> None:
        if code := st.session_state["breadcrumb"].get("place"):
            go(current().at(str(code)))

    _breadcrumb(key="breadcrumb", data={"steps": steps, "label": say(N_("Area"))}, on_place_change=back)


def top(place: str, title: str, sentence: str) -> None:
    breadcrumb(place)
    head(title, sentence)


def head(title: str, sentence: str = "", calm: bool = False) -> None:
    """`sentence` is HTML of `rich`; what is strong in it asks for attention, unless it is `calm`."""
    below = f'<p class="sentence{" calm" if calm else ""}">{sentence}</p>' if sentence else ""
    st.html(f'<h1 class="title">{escape(title)}</h1>{below}')


def actions() -> Any:
    """Where the buttons of a screen stand, at the right of its choices: the main one last."""
    return st.container(key="actions", horizontal=True, gap="small", width="content")


def card_head(title: str, note: str = "") -> None:
    below = f"<p>{escape(note)}</p>" if note else ""
    st.html(f'<header class="card-head"><h2>{escape(title)}</h2>{below}</header>')


def map_head(title: str, note: str, menu: Sequence[Indicator], shown: Indicator) -> None:
    """The head of the map's card, with the choice of what it shows."""
    with st.container(key="map_head", horizontal=True):
        card_head(title, note)
        filters.indicator_menu(menu, shown)


WIDTHS: Final = {"map": (1.14, 1), "trend": (1, 1.35), "flow": (1, 1), "kinds": (1.14, 1)}
"""Widths of two cards by the name of the left one."""


def cards(left: str, right: str) -> tuple[Any, Any]:
    """Two cards side by side, of the same height."""
    columns = st.columns(list(WIDTHS[left.partition("_")[0]]))
    one, other = (
        column.container(key=f"card_{name}", height="stretch")
        for column, name in zip(columns, (left, right), strict=True)
    )
    return one, other


def message(text: str, **values: str | int) -> None:
    st.html(f'<p class="sentence">{rich(text, language(), **values)}</p>')
