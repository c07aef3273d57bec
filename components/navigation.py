"""The screens that exist, and links between them."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from components.address import query, say
from components.ask import current
from components.kpis import Told
from components.view import categories
from data.definitions import screens
from data.definitions.filters import ANY
from data.definitions.indicators import Indicator
from data.queries import Figure
from data.scope import Scope
from data.wording import N_

FOLDER: Final = Path(__file__).parent.parent / "pages"
SCREENS: Final[dict[str, tuple[str, str]]] = {
    **{key: (screen.address, screen.name) for key, screen in screens.SCREENS.items()},
    "households": ("rumah-tangga", N_("Household list")),
    "comparison": ("perbandingan", N_("Comparison")),
    "review": ("tinjau", N_("Review matches")),
    "quality": ("kualitas", N_("Data quality")),
    "imports": ("impor", N_("Import data")),
}
"""Screen: its address and its name; the first one opens without an address."""


def pages() -> list[Any]:
    return [page(screen) for screen in SCREENS]


def page(screen: str) -> Any:
    address, title = SCREENS[screen]
    first = screen == next(iter(SCREENS))
    script = screens.SCREENS[screen].script if screen in screens.SCREENS else screen
    return st.Page(FOLDER / f"{script}.py", title=say(title), url_path=address, default=first)


def opened() -> screens.Screen:
    """The screen of figures that the address names; the first one without an address."""
    path = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    found = [screen for screen in screens.SCREENS.values() if screen.address == path]
    return found[0] if found else next(iter(screens.SCREENS.values()))


def registers(address: str) -> tuple[str, ...]:
    """What the screen at this address shows: the registers of its figures, else the one that a list is of."""
    found = [screen for screen in screens.SCREENS.values() if screen.address == address]
    if not address:
        found = [next(iter(screens.SCREENS.values()))]
    return found[0].registers if found else (current().register,)


def link(screen: str, label: str = "", target: Scope | None = None, icon: str | None = None) -> None:
    """A link to a screen about the same place and time, or about `target`."""
    about = target or replace(current(), indicator=Scope.indicator, register=Scope.register, filters=())
    st.page_link(page(screen), label=label or say(SCREENS[screen][1]), query_params=query(about), icon=icon)


def action(about: Scope, indicator: Indicator, told: Told, key: str = "action") -> None:
    """The button that says how many people need work, and opens exactly their list. A filter `*` is the whole list."""
    count = missing(indicator, told.figure)
    if indicator.behind is None or not count:
        return
    field, value = indicator.behind
    telling = [source.register for source in told.context.sources if source.register in indicator.registers]
    listed = replace(about, indicator=Scope.indicator, register=telling[0] if telling else indicator.registers[0])
    listed = listed if categories(indicator) else listed.with_filter("category", None)
    target = listed if value == ANY else listed.with_filter(field, value)
    with st.container(key=key, width="content"):
        link("households", f"{say(indicator.behind_label, count=count)} →", target)


def missing(indicator: Indicator, figure: Figure) -> int | None:
    """How many stand behind a figure: what is lacking to a share that should be high, else the counted ones."""
    now = figure.now
    if not indicator.is_ratio:
        return None if now.value is None else round(now.value)
    if now.numerator is None or now.denominator is None:
        return None
    return now.denominator - now.numerator if indicator.good == "high" else now.numerator
