"""What deserves attention in a place: rules over all themes, each a sentence that leads to its screen.

A rule measures one thing and has a limit; how many times its limit it measures is its weight, and the heaviest findings
come first. What the data do not tell, no rule says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pandas as pd

from components import filters, sources
from components.colours import moved, shown
from components.kpis import Told, judgement
from components.rich import rich
from components.view import View, records
from data.definitions.catalogue import INDICATORS
from data.definitions.indicators import FEW
from data.definitions.overview import THEMES
from data.places.reference import place
from data.queries import Context
from data.scope import Scope
from data.wording import N_, Language, Value, long_date, percent, translate

MOST: Final = 5
YEAR: Final = 365.25
HIGHEST: Final = ("ppks_per_1000", "decile_1_4_share", "stunting_share")
FALLEN: Final = ("dtks_updated_share", "nik_valid_share")


@dataclass(frozen=True)
class Facts:
    """What rules look at: the figures of the place, its areas (see `queries.by_area`), and the day from which the age
    of data is counted. Where the place is one of the areas, they are compared with nothing.
    """

    told: Mapping[str, Told]
    areas: pd.DataFrame
    seen: View
    scope: Scope
    today: date

    @property
    def where(self) -> str:
        return place(self.scope.place).name

    def value(self, key: str) -> float | None:
        found = self.told.get(key)
        return found.figure.now.value if found and found.place == self.scope.place else None

    def known(self, key: str) -> pd.DataFrame:
        """The areas with this figure, without those where a share of few is left to chance; at least two, or none."""
        if self.seen.chosen or key not in self.areas:
            return self.areas.iloc[:0]
        known = self.areas[self.areas[key].notna()]
        over = f"{key}_denominator"
        known = known[known[over].fillna(FEW) >= FEW] if over in known else known
        return known if len(known) > 1 else known.iloc[:0]


@dataclass(frozen=True)
class Found:
    """What a rule measured, the sentence about it, and where that leads; `weight` is how many times its limit."""

    measured: float
    message: str
    values: Callable[[Language], Mapping[str, Value]]
    screen: str
    about: Scope
    rule: str = ""
    weight: float = 0.0


@dataclass(frozen=True)
class Rule:
    """`limit` is in the unit of what `look` measures; below it nothing is said."""

    key: str
    limit: float
    look: Callable[[Facts], Found | None]


def found(facts: Facts) -> tuple[Found, ...]:
    """The findings, worst first, as many as a reader takes in."""
    seen = ((rule, rule.look(facts)) for rule in RULES)
    weighed = [
        replace(one, rule=rule.key, weight=one.measured / rule.limit)
        for rule, one in seen
        if one and one.measured >= rule.limit
    ]
    return tuple(sorted(weighed, key=lambda finding: -finding.weight)[:MOST])


def words(finding: Found, reader: Language) -> str:
    """The sentence as HTML, what matters in it strong."""
    return rich(finding.message, reader, **finding.values(reader))


def label(finding: Found, reader: Language) -> str:
    """The same as Markdown, for a link."""
    said = finding.values(reader).items()
    values = {key: filters.plain(one) if isinstance(one, str) else one for key, one in said}
    return translate(finding.message, reader, **values)


def today(contexts: Iterable[Context], day: date) -> date:
    """The day from which ages count: of sample data, which are of no real day, that of the newest."""
    told = [context for context in contexts if context.period]
    newest = max((context.period for context in told if context.period), default=day)
    return newest if any(context.sample for context in told) else max(day, newest)


# The rules


def _lowest(facts: Facts) -> Found | None:
    """Points by which the lowest update coverage of an area lies below that of the place."""
    indicator = INDICATORS["dtks_updated_share"]
    known, average = facts.known(indicator.key), facts.value(indicator.key)
    if known.empty or average is None:
        return None
    row = records(known.sort_values([indicator.key, "name"]))[0]
    gap = average - float(row[indicator.key])

    def values(reader: Language) -> dict[str, Value]:
        return {
            "name": str(row["name"]),
            "value": shown(float(row[indicator.key]), indicator, reader),
            "points": moved(gap, indicator, reader)[1],
            "where": facts.where,
        }

    message = N_("The lowest update coverage is that of **{name}: {value}**, {points} points below that of {where}.")
    return Found(gap, message, values, "coverage", _at(facts, str(row["code"])))


def _fallen(facts: Facts) -> Found | None:
    """The largest fall of a share of an area since the compared date."""
    falls = [
        (-float(row[f"{key}_change"]), key, row)
        for key in FALLEN
        for row in records(facts.known(key))
        if not pd.isna(row[f"{key}_change"])
    ]
    if not falls:
        return None
    fall, key, row = max(falls, key=lambda one: (one[0], one[2]["name"]))
    indicator, compared = INDICATORS[key], facts.told[key].context.compare

    def values(reader: Language) -> dict[str, Value]:
        return {
            "label": translate(indicator.label, reader),
            "name": str(row["name"]),
            "points": moved(fall, indicator, reader)[1],
            "day": long_date(compared, reader) if compared else "–",
            "value": shown(float(row[key]), indicator, reader),
        }

    message = N_("{label} in **{name}** fell by **{points} points** since {day}, to {value}.")
    return Found(fall, message, values, "coverage", replace(_at(facts, str(row["code"])), indicator=key))


def _worse(facts: Facts) -> Found | None:
    """The largest step for the worse of a share of the place itself since the compared date."""
    steps = []
    for key in [key for theme in THEMES for key in theme.figures if key in facts.told]:
        indicator, now, before = INDICATORS[key], facts.value(key), facts.told[key].figure.before
        if now is None or before is None or before.value is None or not indicator.is_share:
            continue
        if judgement(now - before.value, indicator) == "worse":
            steps.append((abs(now - before.value), now > before.value, key))
    if not steps:
        return None
    step, up, key = max(steps)
    indicator, compared = INDICATORS[key], facts.told[key].context.compare

    def values(reader: Language) -> dict[str, Value]:
        return {
            "label": translate(indicator.label, reader),
            "where": facts.where,
            "points": moved(step, indicator, reader)[1],
            "day": long_date(compared, reader) if compared else "–",
            "value": shown(facts.value(key), indicator, reader),
        }

    rise = N_("{label} in {where} rose by **{points} points** since {day}, to **{value}**.")
    fall = N_("{label} in {where} is down **{points} points** since {day}, to **{value}**.")
    return Found(step, rise if up else fall, values, *_leads(key, _at(facts)))


def _unregistered(facts: Facts) -> Found | None:
    """The share of the stunted children who are not registered."""
    key = "stunted_unregistered"
    count, share = facts.value(key), facts.told.get("stunted_registered_share")
    whole = share.figure.now.denominator if share else None
    if not count or not whole:
        return None
    most = max(records(facts.known(key)), key=lambda row: float(row[key]), default=None)

    def values(reader: Language) -> dict[str, Value]:
        return {
            "count": round(count),
            "share": percent(count / whole, reader, 0),
            **({"name": str(most["name"]), "most": round(float(most[key]))} if most else {}),
        }

    message = (
        N_("**{count} stunted children** ({share}) are not in the register, most of them in **{name}** ({most}).")
        if most and most[key] > 0
        else N_("**{count} stunted children** ({share}) are not in the register.")
    )
    about = replace(_at(facts), register="eppgbm").with_filter("match", "unregistered")
    return Found(count / whole, message, values, "overlap", about)


def _unknown(facts: Facts) -> Found | None:
    """The share of NIK of which the register does not say whether Dukcapil knows them."""
    message = N_("Dukcapil has not yet checked the NIK of **{count} persons** ({share}).")
    return _of_persons(facts, "nik_unknown_share", message)


def _invalid(facts: Facts) -> Found | None:
    """The share of NIK that Dukcapil does not know."""
    valid, unknown = (facts.told.get(key) for key in ("nik_valid_share", "nik_unknown_share"))
    if not valid or not unknown or valid.figure.now.numerator is None or unknown.figure.now.numerator is None:
        return None
    count = (valid.figure.now.denominator or 0) - valid.figure.now.numerator - unknown.figure.now.numerator
    message = N_("The NIK of **{count} persons** ({share}) is not that of Dukcapil.")
    return _of_persons(facts, "nik_valid_share", message, count)


def _of_persons(facts: Facts, key: str, message: str, count: int | None = None) -> Found | None:
    now = facts.told[key].figure.now if key in facts.told else None
    number = now.numerator if now and count is None else count
    if number is None or now is None or not now.denominator:
        return None
    share = number / now.denominator

    def values(reader: Language) -> dict[str, Value]:
        return {"count": number, "share": percent(share, reader)}

    return Found(share, message, values, "coverage", replace(_at(facts), indicator=key))


def _highest(facts: Facts) -> Found | None:
    """How many times that of the place the highest rate of an area is."""
    rates = [
        (float(row[key]) / average, key, row)
        for key in HIGHEST
        if (average := facts.value(key))
        for row in records(facts.known(key))
    ]
    if not rates:
        return None
    times, key, row = max(rates, key=lambda one: (one[0], one[2]["name"]))
    indicator = INDICATORS[key]

    def values(reader: Language) -> dict[str, Value]:
        return {
            "label": translate(indicator.label, reader),
            "name": str(row["name"]),
            "value": shown(float(row[key]), indicator, reader),
            "times": round(times, 1),
            "where": facts.where,
        }

    message = N_("{label}: highest in **{name} ({value})**, {times} times the figure of {where}.")
    return Found(times, message, values, *_leads(key, _at(facts, str(row["code"]))))


def _old(facts: Facts) -> Found | None:
    """Years by which the oldest data of the screen lie behind."""
    dated = [
        (told.context.period, key, register)
        for theme in THEMES
        for key in theme.keys
        if (told := facts.told.get(key)) and told.context.period
        for register in {source.register for source in told.context.sources} & {*INDICATORS[key].registers}
    ]
    if not dated:
        return None
    oldest = min(day for day, _, _ in dated)
    old = [(key, register) for day, key, register in dated if day == oldest]

    def values(reader: Language) -> dict[str, Value]:
        names = dict.fromkeys(sources.name(register, reader) for _, register in old)
        months = round((facts.today - oldest).days / YEAR * 12)
        return {"names": ", ".join(names), "day": oldest, "months": months}

    behind = N_("{names}: data as of **{day}**, {months} months behind the newest data here.")
    age = N_("{names}: data as of **{day}**, {months} months old.")
    sample = any(told.context.sample for told in facts.told.values())
    years = (facts.today - oldest).days / YEAR
    return Found(years, behind if sample else age, values, *_leads(old[0][0], _at(facts)))


def _leads(key: str, about: Scope) -> tuple[str, Scope]:
    """The screen of a figure, opened at it: of matched registers the one that matches them."""
    theme = next(theme for theme in THEMES if key in theme.keys)
    screen, register = theme.leads[0 if INDICATORS[key].linkage else -1]
    return screen, replace(about, indicator=key, register=register or Scope.register)


def _at(facts: Facts, code: str = "") -> Scope:
    """The place, or an area in it, at the same time; nothing else of the address."""
    return replace(
        facts.scope, place=code or facts.scope.place, indicator=Scope.indicator, register=Scope.register, filters=()
    )


RULES: Final = (
    Rule("unregistered", 0.10, _unregistered),
    Rule("lowest", 0.10, _lowest),
    Rule("fallen", 0.02, _fallen),
    Rule("worse", 0.01, _worse),
    Rule("highest", 2.0, _highest),
    Rule("unknown", 0.05, _unknown),
    Rule("invalid", 0.10, _invalid),
    Rule("old", 1.0, _old),
)
"""Shares and points are fractions of one; `highest` is a ratio, `old` counts years."""
