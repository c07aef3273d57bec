"""The screens that exist, who may open them, and links between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from components import links
from components.address import query, say
from components.ask import EVERY, current, viewer
from components.kpis import Told
from components.view import own
from data.access import Viewer
from data.definitions import screens
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.places.reference import place
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
    "accounts": ("akun", N_("Accounts")),
    "audit": ("catatan", N_("Access log")),
}
"""Screen: its address and its name. Without an address the first one opens that the viewer may see."""
NEEDED: Final[Mapping[str, Right]] = {
    "households": Right.PEOPLE,
    "household": Right.PEOPLE,
    "review": Right.REVIEW,
    "imports": Right.IMPORT,
    "accounts": Right.ACCOUNTS,
    "audit": Right.LOG,
}
"""What it takes to open a screen; those that are not named show figures."""
PLACELESS: Final = ("household", "imports", "accounts", "audit")
"""Screens that are about no place of the address: what they show is narrowed to the viewer's area by itself."""


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
    Tab(N_("Access"), ("accounts", "audit")),
)
"""The bar, in its order."""


NAMELESS: Final = "mulai"
"""What the page that opens without an address is called where it needs a name."""


def needed(screen: str) -> Right:
    return NEEDED.get(screen, Right.FIGURES)


def opens(screen: str, place: str) -> bool:
    """Whether the viewer may open a screen about a place."""
    return viewer().may(needed(screen), None if screen in PLACELESS else place)


def tabs(who: Viewer) -> tuple[Tab, ...]:
    """The bar of somebody: what of it they may see. An entry that is left with one screen of several is called after
    it.

    >>> [tab.name for tab in tabs(Viewer("a", ("74.71",), frozenset({Right.LOG})))]
    ['Access log']
    """
    return _tabs(who.rights)


@lru_cache(maxsize=64)
def _tabs(rights: frozenset[Right]) -> tuple[Tab, ...]:
    found = []
    for tab in TABS:
        kept = tuple(screen for screen in tab.screens if needed(screen) in rights)
        if kept:
            alone = len(kept) == 1 < len(tab.screens)
            found.append(replace(tab, screens=kept, name=SCREENS[kept[0]][1] if alone else tab.name))
    return tuple(found)


def tab_of(screen: str, shown: tuple[Tab, ...] = TABS) -> Tab | None:
    return next((tab for tab in shown if screen in (*tab.screens, *tab.within)), None)


def start(who: Viewer) -> str:
    """The screen that opens without an address: the first of somebody's bar."""
    return next((tab.screens[0] for tab in tabs(who)), next(iter(SCREENS)))


def screen_at(address: str) -> str:
    """The screen of an address; without one, that which opens first."""
    return next((key for key, (own, _) in SCREENS.items() if own == address), start(viewer()))


def pages(meeting: bool = False) -> list[Any]:
    """Every screen by its address, and once more without one that which opens first; while in a meeting, all of them
    show its slides.
    """
    script, first = "meeting" if meeting else "", start(viewer())
    return [page(first, script), *(_page(screen, script) for screen in SCREENS)]


def page(screen: str, script: str = "") -> Any:
    """A screen to be linked to: the one that opens first has no address then."""
    return _page(screen, script, default=screen == start(viewer()))


def _page(screen: str, script: str = "", default: bool = False) -> Any:
    address, title = SCREENS[screen]
    own = screens.SCREENS[screen].script if screen in screens.SCREENS else screen
    # A page that opens without an address does not open at its own, and two pages need two names.
    named = NAMELESS if default else address
    return st.Page(FOLDER / f"{script or own}.py", title=say(title), url_path=named, default=default)


def here() -> str:
    """The screen that the address names."""
    return screen_at(urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2])


def opened() -> screens.Screen:
    """The screen of figures that the address names; the first one where it names another kind of screen."""
    return screens.SCREENS.get(here()) or next(iter(screens.SCREENS.values()))


def registers(screen: str) -> tuple[str, ...]:
    """What a screen shows: the registers of its figures, every one where it speaks of all, else the one of its list."""
    if screen in screens.SCREENS:
        return screens.SCREENS[screen].registers
    if screen in WITHOUT_FIGURES:
        return ()
    return EVERY if screen in ("overview", "interventions", "relation") else (current().register,)


WITHOUT_FIGURES: Final = ("accounts", "audit")


def link(screen: str, label: str = "", target: Scope | None = None, icon: str | None = None) -> None:
    """A link to a screen about the same place and time (where the viewer may not open it there, about their own area),
    or about `target`; nothing where the viewer may not open it.
    """
    about = target or replace(current(), indicator=Scope.indicator, register=Scope.register, filters=())
    if target is None and screen not in PLACELESS:
        about = about.at(own(viewer(), needed(screen), about.place))
    if opens(screen, about.place):
        st.page_link(page(screen), label=label or say(SCREENS[screen][1]), query_params=query(about), icon=icon)


def action(about: Scope, indicator: Indicator, told: Told, key: str = "action") -> None:
    """The button that says how many people need work, and opens exactly their list; where only the list of a part of
    the place may be seen, that of this part.
    """
    count = missing(indicator, told.figure)
    target = links.listed(about, indicator, told.context, indicator.lacks)
    if not target or not count or not viewer().may(Right.PEOPLE):
        return
    near = target.at(own(viewer(), Right.PEOPLE, target.place))
    words = say(indicator.behind_label, count=count)
    if near != target:
        register = say(REGISTERS[near.register].label).partition(" (")[0]
        words = say(N_("List of {register}, {place}"), register=register, place=place(near.place).name)
    with st.container(key=key, width="content"):
        link("households", f"{words} →", near)


def missing(indicator: Indicator, figure: Figure) -> int | None:
    """How many stand behind a figure: what is lacking to a share that should be high, else the counted ones."""
    return links.count(figure, indicator, indicator.lacks)
