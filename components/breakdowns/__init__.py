"""What figures are made of, below map, ranking and table: deciles, years, sex and age, months, risks.

Bars are HTML: they need no library, print what they show as numbers, and every part leads to the names behind it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import charts, documents, header, kpis, tables
from components.address import language, say
from components.breakdowns import poverty, ppks, stunting
from components.breakdowns.parts import TITLES, Answers, dated
from components.rich import rich
from components.routes import STATIC
from components.sources import name
from components.view import LEVEL_NAMES, Drawn, at_most, categories, figures_of, view
from data import queries
from data.access import Viewer
from data.breakdowns import QUESTIONS, Broken
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.definitions.screens import Group
from data.queries import Context
from data.scope import Scope
from data.wording import N_, Language


@dataclass(frozen=True)
class Kind:
    """A kind of breakdown: the `registers` that tell it, and what draws it, as HTML. It stands alone in its row where
    it is `wide`. Of a group that is shown apart, it stands `instead` of the course over time or of the list of areas.
    """

    registers: tuple[str, ...]
    build: Callable[[Broken, Answers, Language], str] | None = None
    wide: bool = False
    instead: str = ""


KINDS: Final = {
    "categories": Kind(("ppks", "outreach"), wide=True),
    "official": Kind(("poverty",), poverty.official, wide=True, instead="areas"),
    "deciles": Kind(("dtsen", "p3ke"), wide=True),
    "concentration": Kind(("dtsen", "p3ke"), poverty.concentration),
    "extreme": Kind(("p3ke",), poverty.extreme),
    "sex_age": Kind(("ppks",), ppks.sex_age, wide=True),
    "months": Kind(("outreach",), ppks.months, wide=True, instead="course"),
    "child_ages": Kind(("eppgbm",), stunting.child_ages, wide=True),
    "risks": Kind(("krs",), stunting.risks, wide=True, instead="course"),
}
"""Those without `build` are drawn by what Streamlit has to hear of: a click on a category, another unit or page."""
NARROWED: Final = ("sex_age", "months")
"""Kinds that a chosen category narrows."""


def kinds(drawn: Drawn) -> tuple[str, ...]:
    """The breakdowns of the group that is drawn large: by category first, where its figures have categories."""
    return (("categories",) if drawn.categories else ()) + drawn.group.breakdowns


def answered(ask: Callable[..., Any], drawn: Drawn, scope: Scope, with_data: Collection[str], who: Viewer) -> Answers:
    """Asks for all breakdowns of a screen: those by area for the areas of its ranking, as far as somebody sees them."""

    def sees(place: str) -> bool:
        return who.may(Right.FIGURES, place)

    about, seen = figures_of(scope), view(scope.place, with_data, sees=sees)
    found: dict[str, Broken] = {}
    contexts: dict[str, Context] = {}
    narrowed: dict[str, str] = {}
    for group in (drawn.group, *drawn.apart):
        large = group is drawn.group
        for kind in kinds(drawn) if large else group.breakdowns:
            at, options = about, dict[str, Any]()
            if kind in ("deciles", "concentration"):
                at, options = about.at(seen.ranked), {"by": seen.by}
            elif kind == "official":
                at = about.at(next(filter(sees, (scope.place[:2], at_most(scope.place, "kabkota"))), scope.place))
            elif kind == "categories":
                at = replace(about, indicator=drawn.indicator.key)
            elif kind in NARROWED:
                options = {"category": drawn.category if large else ""}
            narrowed[kind] = options.get("category", "")
            found[kind] = ask(QUESTIONS[kind], at, **options)
            contexts[kind] = ask(queries.context, replace(at, indicator=group.figures[0]))
    return Answers(scope, seen.by, narrowed, found, contexts, who.may_list)


def show_below(drawn: Drawn, found: Answers) -> None:
    """The breakdowns of the group that is drawn large."""
    st.html(STATIC / "breakdowns.css")
    _cards(kinds(drawn), found, drawn)


def _cards(own: Sequence[str], found: Answers, drawn: Drawn | None = None) -> None:
    """Wide kinds alone, the others in pairs."""
    narrow = [kind for kind in own if not KINDS[kind].wide]
    for kind in own:
        if KINDS[kind].wide:
            with st.container(key=f"card_{kind}"):
                card(kind, found, drawn)
    for pair in zip(narrow[::2], narrow[1::2], strict=True):
        left, right = header.cards(*(f"flow_{kind}" for kind in pair))
        with left:
            card(pair[0], found, drawn)
        with right:
            card(pair[1], found, drawn)


def show_beside(
    group: Group,
    indicator: Indicator,
    told: kpis.Told,
    values: pd.DataFrame,
    choose: Callable[[str], None],
    found: Answers,
) -> None:
    """A group that is never added to the large one: its head, its course and its areas (or categories: `values`), or
    the breakdowns that stand instead of them; the others below.
    """
    head(group, indicator, told)
    if told.context.period is None:
        lacking(indicator.registers)
        return
    instead = {KINDS[kind].instead: kind for kind in group.breakdowns}
    left, right = header.cards(f"trend_{indicator.key}", f"beside_{indicator.key}")
    with left:
        if "course" in instead:
            card(instead["course"], found)
        else:
            charts.show(told.figure, indicator, f"course_{indicator.key}")
    with right:
        if "areas" in instead:
            card(instead["areas"], found)
        else:
            tables.show_beside(values, counted(indicator), told.place, choose)
    _cards([kind for kind in group.breakdowns if not KINDS[kind].instead], found)


def counted(indicator: Indicator) -> Indicator:
    """What a figure is where it is broken down by category: a number, whatever it is divided by otherwise."""
    return replace(indicator, unit="persons", denominator=None) if categories(indicator) else indicator


def head(group: Group, indicator: Indicator, told: kpis.Told) -> None:
    mark = f'<span class="mark calm">{escape(say(N_("apart")))}</span>'
    period = told.context.period
    when = kpis.when(period, indicator, language()) if period else ""
    day = say(N_("Data as of {when}."), when=when) if period else ""
    st.html(
        f'<header class="apart-head"><h2>{escape(say(group.title))}{mark}</h2>'
        f"<p>{escape(say(group.note))} {escape(day)}</p></header>"
    )


def card(kind: str, found: Answers, drawn: Drawn | None = None) -> None:
    """One breakdown with its head; where no register tells it, which one would."""
    answer, build = found.told[kind], KINDS[kind].build
    if answer.period and kind == "deciles":
        poverty.show_deciles(answer, found)
        return
    if answer.period and drawn and kind == "categories":
        ppks.show_categories(answer, drawn, found)
        return
    title = say(TITLES[kind], level=say(LEVEL_NAMES[found.by]))
    header.card_head(title, dated(answer, language()) if answer.period else "")
    if answer.period and build:
        html = build(answer, found, language())
        st.html(html)
        reader = language()
        found.saved(kind, lambda: ppks.monthly(answer, reader) if kind == "months" else documents.tabled.of_html(html))
    else:
        lacking(KINDS[kind].registers)


def lacking(registers: Collection[str]) -> None:
    names = ", ".join(name(register, language()) for register in registers)
    st.html(f'<p class="lacking">{rich(N_("Not imported yet: {names}."), language(), names=names)}</p>')
