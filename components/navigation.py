"""The screens that exist, and links between them."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from components.address import query, say
from components.ask import current
from data.definitions.indicators import Indicator
from data.queries import Figure
from data.scope import Scope
from data.wording import N_

Screen = Literal["coverage", "households", "imports"]
FOLDER: Final = Path(__file__).parent.parent / "pages"
SCREENS: Final[dict[Screen, tuple[str, str]]] = {
    "coverage": ("cakupan", N_("DTKS coverage")),
    "households": ("rumah-tangga", N_("Household list")),
    "imports": ("impor", N_("Import data")),
}
"""Screen: its address and its name; the first one opens without an address."""


def pages() -> list[Any]:
    return [page(screen) for screen in SCREENS]


def page(screen: Screen) -> Any:
    address, title = SCREENS[screen]
    first = screen == next(iter(SCREENS))
    return st.Page(FOLDER / f"{screen}.py", title=say(title), url_path=address, default=first)


def link(screen: Screen, label: str = "", target: Scope | None = None, icon: str | None = None) -> None:
    """A link to a screen about the same place and time, or about `target`."""
    about = target or replace(current(), filters=())
    st.page_link(page(screen), label=label or say(SCREENS[screen][1]), query_params=query(about), icon=icon)


def action(about: Scope, indicator: Indicator, figure: Figure) -> None:
    """The button that says how many people need work, and opens exactly their list."""
    count = missing(indicator, figure)
    if indicator.behind is None or not count:
        return
    key, value = indicator.behind
    with st.container(key="action", width="content"):
        link("households", f"{say(indicator.behind_label, count=count)} →", about.with_filter(key, value))


def missing(indicator: Indicator, figure: Figure) -> int | None:
    """How many stand behind a figure: what is lacking to a share that should be high, else the counted ones."""
    now = figure.now
    if not indicator.is_share:
        return None if now.value is None else round(now.value)
    if now.numerator is None or now.denominator is None:
        return None
    return now.denominator - now.numerator if indicator.good == "high" else now.numerator
