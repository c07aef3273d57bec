"""The screens that exist, and links between them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from components import links
from components.address import query, say
from components.ask import EVERY, current
from components.kpis import Told
from data.definitions import screens
from data.definitions.indicators import Indicator
from data.queries import Figure
from data.scope import Scope
from data.wording import N_

FOLDER: Final = Path(__file__).parent.parent / "pages"
SCREENS: Final[dict[str, tuple[str, str]]] = {
    "overview": ("ringkasan", N_("Overview")),
    **{key: (screen.address, screen.name) for key, screen in screens.SCREENS.items()},
    "interventions": ("intervensi", N_("Interventions")),
    "households": (links.LIST, N_("Household list")),
    "household": ("keluarga", N_("Household")),
    "relation": ("perbandingan", N_("Comparison")),
    "comparison": ("perubahan", N_("Changes")),
    "quality": ("kualitas", N_("Data quality")),
    "review": ("tinjau", N_("Review matches")),
    "imports": ("impor", N_("Import data")),
}
"""Screen: its address and its name; the first one opens without an address."""


MEETING: Final = "rapat"
"""The `mode` of an address in which slides stand instead of the screen."""


@dataclass(frozen=True)
class Tab:
    """An entry of the bar: the screens under it, the first of which it opens; those that are only opened from others
    have no link of their own (`within`).
    """

    name: str
    screens: tuple[str, ...]
    within: tuple[str, ...] = ()


TABS: Final = (
    Tab(N_("Overview"), ("overview",)),
    Tab(N_("DTKS coverage"), ("coverage",)),
    Tab(N_("Poverty"), ("poverty",)),
    Tab(N_("PPKS"), ("ppks",)),
    Tab(N_("Stunting"), ("stunting", "overlap")),
    Tab(N_("Interventions"), ("interventions",)),
    Tab(N_("List"), ("households",), ("household",)),
    Tab(N_("Comparison"), ("relation", "comparison")),
    Tab(N_("Data"), ("summaries", "quality", "review", "imports")),
)
"""The bar, in its order."""


def tab_of(screen: str) -> Tab:
    return next(tab for tab in TABS if screen in (*tab.screens, *tab.within))


def screen_at(address: str) -> str:
    """The screen of an address; the first one without an address."""
    return next((key for key, (own, _) in SCREENS.items() if own == address), next(iter(SCREENS)))


def pages(meeting: bool = False) -> list[Any]:
    """Every screen by its address; while in a meeting, all of them show its slides."""
    return [page(screen, "meeting" if meeting else "") for screen in SCREENS]


def page(screen: str, script: str = "") -> Any:
    address, title = SCREENS[screen]
    first = screen == next(iter(SCREENS))
    own = screens.SCREENS[screen].script if screen in screens.SCREENS else screen
    return st.Page(FOLDER / f"{script or own}.py", title=say(title), url_path=address, default=first)


def opened() -> screens.Screen:
    """The screen of figures that the address names; the first one without an address."""
    path = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    found = [screen for screen in screens.SCREENS.values() if screen.address == path]
    return found[0] if found else next(iter(screens.SCREENS.values()))


def registers(screen: str) -> tuple[str, ...]:
    """What a screen shows: the registers of its figures, every one where it speaks of all, else the one of its list."""
    if screen in screens.SCREENS:
        return screens.SCREENS[screen].registers
    return EVERY if screen in ("overview", "interventions", "relation") else (current().register,)


def link(screen: str, label: str = "", target: Scope | None = None, icon: str | None = None) -> None:
    """A link to a screen about the same place and time, or about `target`."""
    about = target or replace(current(), indicator=Scope.indicator, register=Scope.register, filters=())
    st.page_link(page(screen), label=label or say(SCREENS[screen][1]), query_params=query(about), icon=icon)


def action(about: Scope, indicator: Indicator, told: Told, key: str = "action") -> None:
    """The button that says how many people need work, and opens exactly their list."""
    count = missing(indicator, told.figure)
    target = links.listed(about, indicator, told.context, indicator.lacks)
    if target and count:
        with st.container(key=key, width="content"):
            link("households", f"{say(indicator.behind_label, count=count)} →", target)


def missing(indicator: Indicator, figure: Figure) -> int | None:
    """How many stand behind a figure: what is lacking to a share that should be high, else the counted ones."""
    return links.count(figure, indicator, indicator.lacks)
