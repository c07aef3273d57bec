"""The sentence above everything: what matters here, computed from the figures."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from babel.dates import format_date

from components.colours import moved, shown
from components.kpis import Told, when
from components.rich import rich
from components.tables import few, ranked
from components.view import LEVEL_NAMES, Drawn, View, records
from data.definitions.catalogue import INDICATORS
from data.definitions.indicators import Indicator
from data.places.reference import level_of, place
from data.queries import Context, Figure
from data.wording import N_, Language, Value, percent, translate

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


@dataclass(frozen=True)
class Facts:
    """What a sentence is made of: the figures of the place, the areas of the map (a frame as `queries.by_area` gives
    it), the area among them that is the place, and the category that narrows both.
    """

    told: Mapping[str, Told]
    areas: pd.DataFrame
    seen: View
    drawn: Drawn


def say(screen: str, facts: Facts, language: Language) -> str:
    """The sentence of a screen as HTML; empty where nothing is known."""
    said = SENTENCES.get(screen, mapped)(facts, language)
    if said or not facts.seen.place or not any(told.context.period for told in facts.told.values()):
        return said
    return rich(N_("There is no figure for {place} as a whole yet."), language, place=place(facts.seen.place).name)


def updates(facts: Facts, language: Language) -> str:
    if facts.drawn.indicator.registers != HEADLINE.registers:
        return mapped(facts, language)
    found = facts.told[HEADLINE.key]
    return coverage({HEADLINE.key: found.figure}, facts.areas, found.context, facts.seen.chosen, language)


def poverty(facts: Facts, language: Language) -> str:
    """The official rate with its year, and apart from it the share of registered persons."""
    clauses = []
    if (rate := facts.told.get("poverty_rate_official")) and rate.figure.now.value is not None:
        indicator = INDICATORS["poverty_rate_official"]
        clauses.append(
            rich(
                N_("The official poverty rate of {place} is {rate} (BPS, {when})"),
                language,
                place=place(rate.place).name,
                rate=shown(rate.figure.now.value, indicator, language),
                when=when(rate.context.period, indicator, language) if rate.context.period else "–",
            )
            + _and(_trend(rate.figure, rate.context, indicator, language))
        )
    share, worst = facts.told.get("decile_1_4_share"), _worst(facts, language)
    if share and share.figure.now.value is not None:
        indicator = INDICATORS["decile_1_4_share"]
        clauses.append(
            rich(
                N_("{share} of the residents are registered in deciles 1–4, which is another measure"),
                language,
                share=shown(share.figure.now.value, indicator, language),
            )
        )
    elif worst:
        # Else it would read as if the official rate were told of a kelurahan.
        label = translate(facts.drawn.indicator.label, language)
        worst = rich(N_("{label} (another measure)"), language, label=label) + f": {worst}"
    return _joined([*clauses, worst])


def ppks(facts: Facts, language: Language) -> str:
    """How many stand in the register, in all or of one category, and where there are most of them."""
    stock = facts.told["ppks_persons"]
    if facts.drawn.indicator.registers != INDICATORS["ppks_persons"].registers:
        return mapped(facts, language)
    if stock.figure.now.value is None:
        return mapped(facts, language)
    values: dict[str, Value] = {"persons": round(stock.figure.now.value), "place": place(stock.place).name}
    if facts.drawn.category:
        message = N_("{persons} persons in {place} stand in the PPKS register as {category}")
        words = rich(message, language, category=facts.drawn.category, **values)
    else:
        words = rich(N_("{persons} persons in {place} stand in the PPKS register"), language, **values)
    rate = facts.told.get("ppks_per_1000")
    if rate and rate.figure.now.value is not None:
        share = shown(rate.figure.now.value, INDICATORS["ppks_per_1000"], language)
        words += rich(N_(", {rate} per 1,000 residents"), language, rate=share)
    trend = _trend(stock.figure, stock.context, INDICATORS["ppks_persons"], language)
    return _joined([words + _and(trend), _worst(facts, language)])


def stunting(facts: Facts, language: Language) -> str:
    """The share of the measured, never called the prevalence of a survey."""
    found = facts.told["stunting_share"]
    if facts.drawn.indicator.registers != INDICATORS["stunting_share"].registers:
        return mapped(facts, language)
    if found.figure.now.value is None:
        return mapped(facts, language)
    indicator = INDICATORS["stunting_share"]
    words = rich(
        N_("Of the {measured} children measured in {place}, {share} are stunted"),
        language,
        measured=found.figure.now.denominator or 0,
        place=place(found.place).name,
        share=shown(found.figure.now.value, indicator, language),
    )
    return _joined([words + _and(_trend(found.figure, found.context, indicator, language)), _worst(facts, language)])


def mapped(facts: Facts, language: Language) -> str:
    """The mapped figure of the place, what changed, and the area that stands out."""
    indicator = facts.drawn.indicator
    found = facts.told[indicator.key]
    if found.figure.now.value is None:
        return ""
    words = rich(
        N_("{label} in {place}: {value}"),
        language,
        label=translate(indicator.label, language),
        place=place(found.place).name if found.place else translate(N_("all areas"), language),
        value=shown(found.figure.now.value, indicator, language),
    )
    return _joined([words + _and(_trend(found.figure, found.context, indicator, language)), _worst(facts, language)])


SENTENCES: Final[Mapping[str, Callable[[Facts, Language], str]]] = {
    "coverage": updates,
    "poverty": poverty,
    "ppks": ppks,
    "stunting": stunting,
}
"""A screen without one says its mapped figure."""


def _worst(facts: Facts, language: Language) -> str:
    """Where the mapped figure asks for attention: areas beyond the last limit of its classes, else the first area."""
    indicator, high = facts.drawn.indicator, facts.drawn.indicator.good == "high"
    ordered = ranked(facts.areas, indicator)
    known = ordered[ordered[indicator.key].notna()]
    if len(known) < 2:
        return ""
    level = translate(LEVEL_NAMES[facts.seen.by], language)
    if facts.seen.chosen:
        return _place_in_line(facts, known, level, language)
    if indicator.good == "low" and indicator.breaks:
        return _beyond(known, indicator, level, language)
    if few(records(known)[0], indicator):
        return ""
    message = N_("**lowest in {name} ({value})**") if high else N_("**highest in {name} ({value})**")
    first = known.iloc[0]
    value = shown(float(first[indicator.key]), indicator, language)
    if indicator.unit == "per_1000":
        value = translate(N_("{value} per 1,000"), language, value=value)
    return rich(message, language, name=str(first["name"]), value=value)


def _place_in_line(facts: Facts, known: pd.DataFrame, level: str, language: Language) -> str:
    """The rank of the chosen area among those around it; `known` begins with the first."""
    key, high = facts.drawn.indicator.key, facts.drawn.indicator.good == "high"
    known = _sure(known, facts.drawn.indicator)
    own = known[known["code"] == facts.seen.chosen]
    if own.empty:
        return ""
    before = known[key] < own[key].iloc[0] if high else known[key] > own[key].iloc[0]
    values: dict[str, Value] = {"total": len(known), "level": level, "where": _named(facts.seen.ranked)}
    if not before.any():
        first = (
            N_("**the lowest of the {total} {level} in {where}**")
            if high
            else N_("**the highest of the {total} {level} in {where}**")
        )
        return rich(first, language, **values)
    message = (
        N_("number {rank} from the bottom of the {total} {level} in {where}")
        if high
        else N_("number {rank} from the top of the {total} {level} in {where}")
    )
    return rich(message, language, rank=int(before.sum()) + 1, **values)


def _named(code: str) -> str:
    """A place as a sentence calls it: a kecamatan often has the name of one of its kelurahan."""
    name = place(code).name
    return f"Kecamatan {name}" if level_of(code) == "kecamatan" else name


def _beyond(known: pd.DataFrame, indicator: Indicator, level: str, language: Language) -> str:
    limit = indicator.breaks[-2]
    high = _sure(known[known[indicator.key] >= limit], indicator)
    words: dict[str, Value] = {"total": len(known), "level": level, "limit": percent(limit, language, 0)}
    if high.empty and (known[indicator.key] >= limit).any():
        return ""
    if high.empty:
        return rich(N_("none of the {total} {level} reaches {limit}"), language, **words)
    if len(high) == 1:
        return rich(N_("**only {name} is at {limit} or more**"), language, name=str(high["name"].iloc[0]), **words)
    if len(high) == len(known):
        return rich(N_("**all {total} {level} are at {limit} or more**"), language, **words)
    where = _most(high["parent_name"].astype(str).tolist()) if known["parent_name"].nunique() > 1 else ""
    if where:
        message = N_("**{above} of {total} {level} are at {limit} or more**, most of them in {where}")
        where = f"Kecamatan {where}" if level == translate(LEVEL_NAMES["kelurahan"], language) else where
        return rich(message, language, above=len(high), where=where, **words)
    return rich(N_("**{above} of {total} {level} are at {limit} or more**"), language, above=len(high), **words)


def _sure(areas: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Without the areas whose share is one of so few that chance decides."""
    # An empty list would pick no columns instead of no rows.
    return areas[np.array([not few(row, indicator) for row in records(areas)], dtype=bool)]


def _and(clause: str) -> str:
    return f", {clause}" if clause else ""


def _joined(sentences: list[str]) -> str:
    return " ".join(f"{_capital(words)}." for words in sentences if words)


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
    trend = _trend(figure, context, HEADLINE, language)
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
    below = known[known[HEADLINE.key] < HEADLINE.breaks[0]]
    low = _sure(below, HEADLINE)
    if low.empty and len(below):
        return ""
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
    known = _sure(known, HEADLINE)
    own = known[known["code"] == kelurahan]
    if own.empty or len(known) < 2:
        return ""
    rank = int((known[HEADLINE.key] < own[HEADLINE.key].iloc[0]).sum()) + 1
    values: dict[str, Value] = {"total": len(known), "where": str(own["parent_name"].iloc[0])}
    if rank == 1:
        return rich(N_("**the lowest of the {total} kelurahan in Kecamatan {where}**"), language, **values)
    message = N_("number {rank} from the bottom of the {total} kelurahan in Kecamatan {where}")
    return rich(message, language, rank=rank, **values)


def _trend(figure: Figure, context: Context, indicator: Indicator, language: Language) -> str:
    before = figure.before.value if figure.before else None
    if figure.now.value is None or before is None or not (context.period and context.compare):
        return ""
    step, points = moved(figure.now.value - before, indicator, language)
    month = _month(context.compare, context.period, language)
    if step == 0:
        return rich(N_("unchanged since {month}"), language, month=month)
    if not indicator.is_share:
        message = N_("{amount} more than in {month}") if step > 0 else N_("{amount} fewer than in {month}")
        return rich(message, language, month=month, amount=points)
    message = N_("since {month} up {points} points") if step > 0 else N_("since {month} down {points} points")
    return rich(message, language, month=month, points=points)


def _month(day: date, now: date, language: Language) -> str:
    if (day.month, day.day) == (now.month, now.day) == (12, 31):
        return str(day.year)
    return format_date(day, "MMMM" if (now - day).days < 330 else "MMMM y", locale=language)


def _capital(html: str) -> str:
    opening = "<strong>" if html.startswith("<strong>") else ""
    text = html[len(opening) :]
    return opening + text[:1].upper() + text[1:]
