"""The bar of choices; every choice changes the address, and the address is the state."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

import streamlit as st

from components import navigation
from components.account import spoken_area
from components.address import go, language, say
from components.ask import current, viewer
from components.rich import rich
from components.routes import STATIC
from components.view import LEVEL_NAMES, SUMMARIES
from data.area import within
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.places.reference import LEVELS, ancestors, children, find, place
from data.queries import Context, Period
from data.wording import N_, Language, long_date, translate


def bar(
    context: Context,
    periods: Sequence[Period],
    with_data: Collection[str],
    compared: bool = True,
    updated: bool = True,
    categories: Sequence[str] = (),
) -> None:
    """Place, date, comparison (where the screen shows changes), window (where the register is `updated`), category."""
    reader = language()
    days = [period.date for period in periods]
    here = find(current().place)
    choose_place(here.name if here else say(N_("All")), with_data)
    if context.period:
        _menu("period", N_("Data as of"), long_date(context.period, reader), days)
    if context.period and compared:
        before = long_date(context.compare, reader) if context.compare else say(N_("nothing earlier"))
        _menu("compare", N_("Compared with"), before, [day for day in days if day < context.period])
    if updated:
        _window(context)
    if categories:
        _category(categories, current().filter("category") or "")


MEASURED: Final = {"share": N_("Share"), "count": N_("Number")}


def measured(share: bool, usual: str) -> None:
    """Whether a figure is shown as a share or as a number; the `usual` one stands first, and not in the address."""

    def choose() -> None:
        asked = st.session_state["choose_shown"]
        go(current().with_filter("shown", None if asked == usual else asked))

    st.session_state["choose_shown"] = "share" if share else "count"
    st.segmented_control(
        say(N_("Shown as")),
        sorted(MEASURED, key=lambda one: one != usual),
        key="choose_shown",
        format_func=lambda one: say(MEASURED[one]),
        on_change=choose,
        required=True,
        label_visibility="collapsed",
    )


MOST: Final = 6000
"""Places that a browser is given to search."""
PLACE_WORDS: Final = {
    "area": N_("Area"),
    "search": N_("Search a name"),
    "part": N_("any part of a name"),
    "here": N_("Here"),
    "elsewhere": N_("Elsewhere"),
    "keys": N_("Arrow keys choose, Enter opens, / comes back here."),
    "none": N_("No place has this in its name."),
}

_places = st.components.v2.component(
    "padan_places",
    html='<div class="places"></div>',
    css=(STATIC / "places.css").read_text(),
    js=(STATIC / "places.js").read_text(),
)


def labelled(label: str, value: str) -> str:
    """A button's label in two lines: small what, bold which."""
    return f"{plain(say(label))} **{plain(value)}**"


def plain(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> plain("a*b")
    'a\\\\*b'
    """
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:])", r"\\\1", text)


def _menu(field: str, label: str, value: str, days: Sequence[date]) -> None:
    reader = language()

    def choose() -> None:
        go(replace(current(), **{field: st.session_state[f"choose_{field}"]}))

    with st.container(key=f"filter_{field}", width="content"):
        st.menu_button(
            labelled(label, value),
            days or [value],
            key=f"choose_{field}",
            format_func=lambda day: long_date(day, reader) if isinstance(day, date) else str(day),
            on_click=choose,
            disabled=not days,
        )


def _window(context: Context) -> None:
    reader = language()
    since = current().since
    shown = long_date(since, reader) if since else say(N_("last 24 months"))

    def choose() -> None:
        go(replace(current(), since=st.session_state["since"]))

    with st.container(key="filter_since", width="content"), st.popover(labelled(N_("Updated since"), shown)):
        st.session_state["since"] = since
        st.date_input(
            say(N_("Updated on or after")),
            key="since",
            format="DD/MM/YYYY",
            min_value=date(2000, 1, 1),
            max_value=context.period,
            on_change=choose,
        )
        st.button(
            say(N_("The last 24 months")), disabled=since is None, on_click=go, args=(replace(current(), since=None),)
        )


def choose_place(value: str, with_data: Collection[str]) -> None:
    """The place, by any part of its name or step by step."""

    def choose() -> None:
        if code := st.session_state["place"].get("place"):
            go(current().at(str(code)))

    reader = language()
    with st.container(key="filter_place", width="content"):
        _places(
            key="place",
            data={
                "shown": value,
                "here": current().place,
                "places": offered(with_data),
                "words": {key: translate(message, reader) for key, message in PLACE_WORDS.items()}
                | {"levels": [translate(LEVEL_NAMES[level], reader) for level in LEVELS]},
            },
            on_place_change=choose,
            width="content",
        )
    _reach()


def _reach() -> None:
    """Beside a place whose list the viewer may not see: whose they may."""
    who, here = viewer(), current().place
    if not who.may(Right.PEOPLE) or who.may_list(here):
        return
    inside = [area for area in who.places if within(area, here)] or list(who.places)
    words = rich(N_("Lists by name: **{places}**"), language(), places=spoken_area(inside, language()))
    st.html(f'<p class="reach">{words}</p>', width="content")


def offered(with_data: Collection[str]) -> list[tuple[str, str]]:
    """The places for which the viewer may open the screen that is shown."""
    found = places(tuple(sorted(with_data)), current().place)
    screen = navigation.here()
    return found if "" in viewer().places else [one for one in found if navigation.opens(screen, one[0])]


@lru_cache(32)
def places(with_data: tuple[str, ...], here: str) -> list[tuple[str, str]]:
    """(code, name) of every place in and around those that the store has data for, from the largest to the smallest.

    Where these are too many for a browser to search, kelurahan outside the province of `here` are left out.
    """
    found = {step.code: step.name for area in with_data for step in (*ancestors(area), place(area))}
    for level in LEVELS[1:]:
        below = [one for area in with_data for one in children(area, level)]
        if len(found) + len(below) > MOST:
            below = [one for one in below if within(one.code, here[:2])]
        found |= {one.code: one.name for one in below}
    return sorted(found.items(), key=lambda one: (one[0].count("."), one[1]))


def indicator_menu(menu: Sequence[Indicator], shown: Indicator) -> None:
    """Which figure map, ranking, chart and table show. What narrows one register means nothing to another."""
    found = {indicator.key: indicator for indicator in menu}

    def choose() -> None:
        key = st.session_state["choose_indicator"]
        same = found[key].registers == shown.registers
        go(replace(current() if same else current().with_filter("category", None), indicator=key))

    if len(menu) < 2:
        return
    with st.container(key="filter_indicator", width="content"):
        st.menu_button(
            f"**{plain(say(shown.label))}**",
            list(found),
            key="choose_indicator",
            format_func=lambda key: named(found[key], language()),
            on_click=choose,
        )


def named(indicator: Indicator, reader: Language) -> str:
    """An indicator in a menu; of one that a file brought along, that it did."""
    label = translate(indicator.label, reader)
    if indicator.registers != SUMMARIES:
        return label
    return translate(N_("Summary figures · {label}"), reader, label=label)


def _category(words: Sequence[str], chosen: str) -> None:
    every = say(N_("All"))

    def choose() -> None:
        picked = st.session_state["choose_category"]
        go(current().with_filter("category", None if picked == every else picked))

    with st.container(key="filter_category", width="content"):
        st.menu_button(
            labelled(N_("Category"), chosen or every), [every, *words], key="choose_category", on_click=choose
        )


def narrow(category: str) -> None:
    """Goes to one category, or, where it is the one already chosen, back to all."""
    chosen = current().filter("category")
    go(current().with_filter("category", category if category != chosen else None))
