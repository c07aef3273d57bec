"""The bar of choices; every choice changes the address, and the address is the state."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from components.address import go, language, say
from components.ask import current
from components.view import LEVEL_NAMES, path
from data.access import within
from data.definitions.indicators import Indicator
from data.places.reference import LEVELS, Level, Place, children, find, level_of, search
from data.queries import Context, Period
from data.wording import N_, long_date


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
    place = find(current().place)
    choose_place(place.name if place else say(N_("All")), with_data)
    if context.period:
        _menu("period", N_("Data as of"), long_date(context.period, reader), days)
    if context.period and compared:
        before = long_date(context.compare, reader) if context.compare else say(N_("nothing earlier"))
        _menu("compare", N_("Compared with"), before, [day for day in days if day < context.period])
    if updated:
        _window(context)
    if categories:
        _category(categories, current().filter("category") or "")


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
    """The place, by any part of its name or step by step from the province down."""
    with (
        st.container(key="filter_place", width="content"),
        st.popover(labelled(N_("Area"), value), key=f"place_of_{current().place}"),
    ):
        text = st.text_input(
            say(N_("Search a name")), key="place_search", placeholder=say(N_("any part of a name")), max_chars=60
        )
        if text:
            _hits(text, with_data)
        else:
            _steps(with_data)


def _hits(text: str, with_data: Collection[str]) -> None:
    found = sorted(search(text, 40), key=lambda place: not known(place.code, with_data))[:8]
    if not found:
        st.caption(say(N_("No place has this in its name.")))
    with st.container(key="hits", gap=None):
        for place in found:
            around = ", ".join(name for _, name in reversed(path(place.code)[:-1]))
            without = "" if known(place.code, with_data) else f" ({say(N_('no data'))})"
            label = f"**{plain(place.name)}** {plain(around)}{plain(without)}"
            st.button(label, key=f"hit_{place.code}", type="tertiary", on_click=_go_to, args=(place.code,))


def _go_to(code: str) -> None:
    st.session_state["place_search"] = ""
    go(current().at(code))


def _steps(with_data: Collection[str]) -> None:
    here = current().place
    for level in LEVELS:
        above = "" if level == "province" else _at(here, LEVELS[LEVELS.index(level) - 1])
        if level != "province" and not above:
            return
        options = ["", *(place.code for place in children(above, level) if known(place.code, with_data))]
        _step(level, above, options, _at(here, level))


def _step(level: Level, above: str, options: list[str], chosen: str) -> None:
    key = f"place_{level}"
    st.session_state[key] = chosen if chosen in options else ""

    def choose() -> None:
        go(current().at(st.session_state[key] or above))

    st.selectbox(
        say(LEVEL_NAMES[level]).capitalize(),
        options,
        key=key,
        format_func=_name,
        on_change=choose,
        filter_mode="contains",
    )


def _name(code: str) -> str:
    place: Place | None = find(code) if code else None
    return place.name if place else say(N_("All"))


def _at(code: str, level: Level) -> str:
    """The part of a code that names its place of `level`; empty where the code ends above."""
    if not code or LEVELS.index(level_of(code)) < LEVELS.index(level):
        return ""
    return ".".join(code.split(".")[: LEVELS.index(level) + 1])


def known(code: str, with_data: Collection[str]) -> bool:
    """Whether the store has data in, or around, this place."""
    return any(within(code, area) or within(area, code) for area in with_data)


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
            format_func=lambda key: say(found[key].label),
            on_click=choose,
        )


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
