"""The sentence above everything: what matters about the update of the register here, computed from the figures."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd
from babel.dates import format_date

from components.colours import moved
from components.rich import rich
from data.definitions.indicators import INDICATORS
from data.queries import Context, Figure
from data.wording import N_, Language, Value, percent

LEADS: Final = (
    (0.0, N_("None of the data are up to date yet.")),
    (0.17, N_("Only {share} of the data are up to date.")),
    (0.22, N_("About a fifth of the data are up to date.")),
    (0.29, N_("About a quarter of the data are up to date.")),
    (0.37, N_("About a third of the data are up to date.")),
    (0.45, N_("About two fifths of the data are up to date.")),
    (0.4975, N_("Almost half of the data are up to date.")),
    (0.5025, N_("Half of the data are up to date.")),
    (0.55, N_("A little more than half of the data are up to date.")),
    (0.63, N_("About three fifths of the data are up to date.")),
    (0.71, N_("About two thirds of the data are up to date.")),
    (0.80, N_("About three quarters of the data are up to date.")),
    (0.90, N_("More than four fifths of the data are up to date.")),
    (0.9995, N_("Almost all of the data are up to date.")),
    (1.0, N_("All of the data are up to date.")),
)
"""Up to and including each share, in words."""


HEADLINE: Final = INDICATORS["dtks_updated_share"]


def coverage(
    figures: Mapping[str, Figure], areas: pd.DataFrame, context: Context, kelurahan: str, language: Language
) -> str:
    """One to three clauses about the update coverage, as HTML: how far, where it is worst, what changed.

    `areas` has a row a kelurahan with code, name, parent_name and `dtks_updated_share` (fractions, NA where unknown):
    those of the place, or of its kecamatan where one `kelurahan` is selected. Empty where the place has no data.
    """
    if context.period is None:
        return ""
    figure = figures[HEADLINE.key]
    known = areas[areas[HEADLINE.key].notna()]
    middle = _rank(known, kelurahan, language) if kelurahan else _below(known, language)
    trend = _trend(figure, context, language)
    clauses = f"{_capital(middle)}; {trend}" if middle and trend else _capital(middle or trend)
    return lead(figure.now.value, language) + (f" {clauses}." if clauses else "")


def lead(share: float | None, language: Language) -> str:
    if share is None:
        return rich(N_("It is not known how much of the data is up to date."), language)
    message = next((words for limit, words in LEADS if share <= limit), LEADS[-1][1])
    return rich(message, language, share=percent(share, language))


def _below(known: pd.DataFrame, language: Language) -> str:
    if len(known) < 2:
        return ""
    limit = percent(HEADLINE.breaks[0], language, 0)
    low = known[known[HEADLINE.key] < HEADLINE.breaks[0]]
    if low.empty:
        return rich(N_("none of the {total} kelurahan is below {limit}"), language, total=len(known), limit=limit)
    counts: dict[str, Value] = {"below": len(low), "total": len(known), "limit": limit}
    if len(low) == len(known):
        return rich(N_("**all {total} kelurahan are still below {limit}**"), language, **counts)
    if len(low) == 1:
        name = str(low["name"].iloc[0])
        return rich(N_("**only {name} is still below {limit}**"), language, name=name, limit=limit)
    where = _most(low["parent_name"].astype(str).tolist()) if known["parent_name"].nunique() > 1 else ""
    if where:
        message = N_("**{below} of {total} kelurahan are still below {limit}**, most of them in Kecamatan {where}")
        return rich(message, language, where=where, **counts)
    return rich(N_("**{below} of {total} kelurahan are still below {limit}**"), language, **counts)


def _most(names: list[str]) -> str:
    """The name that occurs most; empty where two share the first place or nothing repeats."""
    first, *others = Counter(names).most_common(2)
    return first[0] if first[1] > 1 and (not others or others[0][1] < first[1]) else ""


def _rank(known: pd.DataFrame, kelurahan: str, language: Language) -> str:
    own = known[known["code"] == kelurahan]
    if own.empty or len(known) < 2:
        return ""
    rank = int((known[HEADLINE.key] < own[HEADLINE.key].iloc[0]).sum()) + 1
    values: dict[str, Value] = {"total": len(known), "where": str(own["parent_name"].iloc[0])}
    if rank == 1:
        return rich(N_("**the lowest of the {total} kelurahan in Kecamatan {where}**"), language, **values)
    message = N_("number {rank} from the bottom of the {total} kelurahan in Kecamatan {where}")
    return rich(message, language, rank=rank, **values)


def _trend(figure: Figure, context: Context, language: Language) -> str:
    before = figure.before.value if figure.before else None
    if figure.now.value is None or before is None or not (context.period and context.compare):
        return ""
    step, points = moved(figure.now.value - before, HEADLINE, language)
    month = _month(context.compare, context.period, language)
    if step == 0:
        return rich(N_("unchanged since {month}"), language, month=month)
    message = N_("since {month} up {points} points") if step > 0 else N_("since {month} down {points} points")
    return rich(message, language, month=month, points=points)


def _month(day: date, now: date, language: Language) -> str:
    return format_date(day, "MMMM" if (now - day).days < 330 else "MMMM y", locale=language)


def _capital(html: str) -> str:
    opening = "<strong>" if html.startswith("<strong>") else ""
    text = html[len(opening) :]
    return opening + text[:1].upper() + text[1:]
