"""The one door, and the one cache, between screens and data."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import pandas as pd
import streamlit as st

from components import address, gate, view
from components.kpis import Told
from data import queries
from data.access import Viewer, answered, rule_of
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.home import home
from data.places.reference import find
from data.queries import Context, Period
from data.scope import Scope
from data.snapshots import Store

Answer = TypeVar("Answer")

STORE: Final = Store(home())
KEPT: Final = 512
"""Answers kept at once; the oldest makes room."""
EVERY: Final = tuple(REGISTERS)


def viewer() -> Viewer:
    """Whoever looks at the screen that is being drawn; somebody without any right where nobody is signed in."""
    return gate.viewer()


def sees(place: str) -> bool:
    """Whether the viewer sees the figures of a place."""
    return viewer().may(Right.FIGURES, place)


def ask(query: Callable[..., Answer], scope: Scope | None = None, **options: Any) -> Answer:
    """The answer of a query of `data.queries` to this viewer. Raises Refused, also for a query without a rule.

    Snapshots never change, so an answer holds as long as the store's state and that of the decisions about pairs,
    which are part of the cache's key, and for all who may see the same.
    """
    asked, who = (scope,) if scope is not None else (), viewer()
    sight = () if rule_of(query).same_for_all else who.sight
    key = repr((query.__module__, query.__qualname__, asked, sorted(options.items()), sight))
    state = queries.state(STORE)
    return answered(query, lambda read: _answer(key, state, read), STORE, who, *asked, **options)


def current() -> Scope:
    """What the address asks for; where it names no place or indicator that exists, the viewer's own area (of somebody
    who sees everything the store's own region) and the update coverage stand in.
    """
    asked, who = address.scope(), viewer()
    if not who.may(Right.FIGURES):
        place = asked.place if find(asked.place) else view.home(who)
        return replace(asked, place=place, indicator=Scope.indicator)
    place = asked.place
    if not find(place):
        place = view.home(who, lambda: ask(queries.dates) or ask(queries.dates, registers=EVERY))
    return replace(asked, place=place, indicator=asked.indicator if asked.indicator in known() else Scope.indicator)


def known() -> Mapping[str, Indicator]:
    """Every indicator that the store can tell or that is declared."""
    return ask(queries.indicators)


def sample(registers: Sequence[str]) -> bool:
    """Whether anything that these registers tell about the place is demonstration data."""
    scope = view.figures_of(current())
    seen = viewer().may(Right.FIGURES, scope.place)
    return seen and any(ask(queries.list_context, replace(scope, register=key)).sample for key in registers)


def with_data(registers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The places that the store has data for, by register; registers without any are left out."""
    found = {register: ask(queries.places, registers=(register,)) for register in registers}
    return {register: places for register, places in found.items() if places}


def told(scope: Scope, indicators: Iterable[Indicator], category: str = "") -> dict[str, Told]:
    """Each figure at its own registers' dates; what the same registers tell of one place and date is asked together.

    A place below a figure's lowest level is answered with the area around it that has one.
    """
    together: dict[tuple[tuple[str, ...], str, Context], list[str]] = {}
    for indicator in indicators:
        at = view.at_most(scope.place, indicator.lowest) if scope.place else ""
        context = ask(queries.context, replace(view.figures_of(scope).at(at), indicator=indicator.key))
        together.setdefault((indicator.registers, at, context), []).append(indicator.key)
    found: dict[str, Told] = {}
    for (_, at, context), keys in together.items():
        about = replace(view.figures_of(scope).at(at), indicator=keys[0])
        figures = ask(queries.figures, about, keys=tuple(keys), category=category)
        found |= {key: Told(figures[key], at, context) for key in keys}
    return found


def list_periods(scope: Scope) -> tuple[Period, ...]:
    """The dates of the scope's register, newest first."""
    found: list[Period] = []
    context = ask(queries.list_context, replace(scope, period=None, compare=None))
    while context.period:
        found.append(Period(context.period, context.sample))
        if not context.compare:
            break
        context = ask(queries.list_context, replace(scope, period=context.compare, compare=None))
    return tuple(found)


def by_category(scope: Scope, indicator: Indicator) -> pd.DataFrame:
    """A row a category that somebody stands in: code and name (the word), parent_name (empty), KEY, as for areas."""
    about = replace(view.figures_of(scope), indicator=indicator.key)
    found = ask(queries.by_category, about, key=indicator.key)
    words = found["category"]
    return pd.DataFrame({"code": words, "name": words, "parent_name": "", indicator.key: found["value"]})


def areas_beside(scope: Scope, places: Collection[str], indicator: Indicator) -> pd.DataFrame:
    """What a figure that is shown apart is broken down by: its categories, else the areas of the next level down."""
    if view.categories(indicator):
        return by_category(scope, indicator)
    seen = view.view(scope.place, places, indicator.lowest, sees)
    about = view.figures_of(scope).at(seen.tabled)
    return ask(queries.by_area, about, keys=(indicator.key,), by=seen.tabled_by)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _answer(key: str, state: str, _read: Callable[[], Answer]) -> Answer:
    return _read()
