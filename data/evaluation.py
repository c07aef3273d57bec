"""Evaluates indicators: a number by area and date, whatever register tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from data import cubes, engine, figures, lists
from data.area import within
from data.definitions.catalogue import LINKAGES, REGISTERS
from data.definitions.indicators import Indicator
from data.linkage import outcomes, runs
from data.places.reference import LEVELS, Level, codes, covered_by, level_of
from data.snapshots import Part, Snapshot, Store


@dataclass(frozen=True)
class Value:
    """A figure; None is not known. Shares are fractions 0–1; counts have neither numerator nor denominator. `low` and
    `high` (as the value) say between what a figure of matched registers lies, as long as pairs are under review.
    """

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    derived: bool = False
    low: float | None = None
    high: float | None = None


UNKNOWN: Final = Value(None)

Values = dict[str, dict[tuple[date, str], Value]]
"""Indicator → (asked date, code of the area) → value; what is not in it is not known."""

Row = dict[str, Any]
Rows = Mapping[tuple[date, str], Row]
"""(Asked date, code of the area) → the measures there, never to be written to: they are kept."""

KEPT: Final = 256
"""Stored tables whose numbers are held in memory."""

COVERAGE: Final = (
    "persons", "families", "updated_persons", "updated_families", "dukcapil_matched", "dukcapil_unknown", "unplaced",
    "undated",
)  # fmt: skip
"""What the cube of updates tells, besides the measures that registers declare."""


def evaluate(
    store: Store,
    indicators: Sequence[Indicator],
    place: str,
    by: Level,
    days: Sequence[date],
    since: date | None = None,
    category: str = "",
) -> Values:
    """Every indicator at the newest data not after each day, for the areas of level `by` in the place.

    `category` narrows numerators to one category of their register ("" = all).
    """
    linkages = dict.fromkeys(one.linkage for one in indicators if one.linkage)
    matched = {(key, day): outcomes.numbers(store, LINKAGES[key], place, by, day) for key in linkages for day in days}
    values = {one.key: _matched(one, matched) for one in indicators if one.linkage}
    over = {(one.denominator_registers, str(one.denominator)) for one in indicators if one.denominator_registers}
    below = {about: _numbers(store, about[0], frozenset(), [about[1]], place, by, days, None, "") for about in over}
    indicators = [indicator for indicator in indicators if not indicator.linkage]
    for registers, needed in _sources(indicators):
        own = [indicator for indicator in indicators if _source(indicator) == (registers, needed)]
        measures = [indicator.numerator for indicator in own]
        numerators = _numbers(store, registers, needed, measures, place, by, days, since, category)
        without = [day for day in days if not store.select(registers, place, day, sorted(needed))]
        for indicator in own:
            told = _valued(store, indicator, numerators, below, place, by, days)
            values[indicator.key] = told | _fed(store, indicator, place, by, without)
    return values


def _matched(
    indicator: Indicator, matched: Mapping[tuple[str, date], Mapping[str, Mapping[str, Any]]]
) -> dict[tuple[date, str], Value]:
    """The indicator as the matching tells it that was made of the newest data not after each day."""
    columns = [indicator.numerator, f"{indicator.numerator}_low", f"{indicator.numerator}_high"]
    found: dict[tuple[date, str], Value] = {}
    for (linkage, day), numbers in matched.items():
        for code, row in numbers.items() if linkage == indicator.linkage else ():
            top, low, high = (row[column] for column in columns)
            whole = row[LINKAGES[linkage].counted]
            over = 1 if indicator.denominator is None else whole / indicator.per
            if not over:
                found[day, code] = Value(None, None, whole)
            elif indicator.denominator is None:
                found[day, code] = Value(float(top), low=float(low), high=float(high))
            else:
                found[day, code] = Value(top / over, top, whole, low=low / over, high=high / over)
    return found


def _fed(
    store: Store, indicator: Indicator, place: str, by: Level, days: Sequence[date]
) -> dict[tuple[date, str], Value]:
    """The indicator as a table of figures tells it, for the days for which no register by name does."""
    found: dict[tuple[date, str], Value] = {}
    for day in days:
        feed = figures.fed(store, indicator.key, place, day)
        if feed is None:
            continue
        tops = _of_table(store, feed.numerator, place, by, day)
        bottoms = _of_table(store, feed.denominator, place, by, day) if feed.denominator else {}
        for code, top in tops.items():
            row = {indicator.numerator: top, indicator.denominator or "": bottoms.get(code)}
            found[day, code] = _value(indicator, row)
    return found


def _of_table(store: Store, measure: str, place: str, by: Level, day: date) -> dict[str, float]:
    told = figures.values(store, figures.REKAP, measure, place, by, day).dropna(subset=["value"])
    return dict(zip(told["code"], told["value"], strict=True))


def dates(store: Store, indicators: Sequence[Indicator], place: str) -> dict[date, bool]:
    """Dates for which the numerators have data in the place, and whether any of these are samples. Tables of figures
    speak for the time before the first register by name.
    """
    found: dict[date, bool] = {}
    for linkage in dict.fromkeys(one.linkage for one in indicators if one.linkage):
        for day, sample in runs.days(store, linkage, place).items():
            found[day] = found.get(day, False) or sample
    indicators = [indicator for indicator in indicators if not indicator.linkage]
    for registers, needed in _sources(indicators):
        for snapshot in store.candidates(registers, place):
            if needed <= set(snapshot.fields) or snapshot.grain == "figure":
                for day in snapshot.periods or (snapshot.period,):
                    found[day] = found.get(day, False) or snapshot.sample
    first = min(found, default=date.max)
    return found | {day: sample for day, sample in _fed_dates(store, indicators, place).items() if day < first}


def _fed_dates(store: Store, indicators: Sequence[Indicator], place: str) -> dict[date, bool]:
    keys = {indicator.key for indicator in indicators}
    return {
        day: snapshot.sample
        for snapshot in store.candidates(figures.REKAP, place)
        if keys & set(figures.feeding(snapshot))
        for day in snapshot.periods or (snapshot.period,)
    }


def behind(store: Store, indicators: Sequence[Indicator], place: str, period: date | None) -> tuple[Snapshot, ...]:
    """The snapshots that the figures of the place come from, numerators before denominators."""
    found: dict[str, Snapshot] = {}
    for linkage in dict.fromkeys(one.linkage for one in indicators if one.linkage):
        for snapshot in outcomes.snapshots(runs.current(store, linkage, place, period)):
            found.setdefault(snapshot.id, snapshot)
    indicators = [indicator for indicator in indicators if not indicator.linkage]
    for registers, needed in _sources(indicators):
        for snapshot in _speaking(store, registers, place, period, sorted(needed)):
            found.setdefault(snapshot.id, snapshot)
    if not found:
        feeds = (figures.fed(store, indicator.key, place, period) for indicator in indicators)
        found = {feed.snapshot.id: feed.snapshot for feed in feeds if feed}
    for registers in dict.fromkeys(i.denominator_registers for i in indicators if i.denominator_registers):
        for snapshot in _speaking(store, registers, place, period):
            found.setdefault(snapshot.id, snapshot)
    return tuple(found.values())


def _speaking(
    store: Store, registers: Sequence[str], place: str, period: date | None, needed: Sequence[str] = ()
) -> tuple[Snapshot, ...]:
    """The snapshots that speak at a date. A table of figures speaks from the first of its dates on."""
    if any(REGISTERS[key].grain != "figure" for key in registers):
        return tuple(part.snapshot for part in store.select(registers, place, period, needed))
    told = [
        (max(days), snapshot.imported_at, snapshot)
        for snapshot in store.candidates(registers, place)
        if (days := [day for day in snapshot.periods or (snapshot.period,) if period is None or day <= period])
    ]
    found: list[Snapshot] = []
    for _, _, snapshot in sorted(told, key=lambda one: one[:2], reverse=True):
        if not any(within(snapshot.covers, other.covers) for other in found):
            found.append(snapshot)
    return tuple(found)


def _source(indicator: Indicator) -> tuple[tuple[str, ...], frozenset[str]]:
    """The registers that tell an indicator's numerator, and the fields that a snapshot needs for it."""
    needs = {
        need
        for key in indicator.registers
        for measure in REGISTERS[key].measures
        if measure.key == indicator.numerator
        for need in measure.needs
    }
    return indicator.registers, frozenset(needs)


def _sources(indicators: Sequence[Indicator]) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    return tuple(dict.fromkeys(_source(indicator) for indicator in indicators))


def _valued(
    store: Store,
    indicator: Indicator,
    rows: Rows,
    below: Mapping[tuple[tuple[str, ...], str], Rows],
    place: str,
    by: Level,
    days: Sequence[date],
) -> dict[tuple[date, str], Value]:
    if LEVELS.index(by) > LEVELS.index(indicator.lowest):
        return {}
    spoken = _spoken_for(store, indicator, place, by, days)
    if all(REGISTERS[key].absent_is_none for key in indicator.registers):
        nobody: dict[str, Any] = {indicator.numerator: 0, "derived": False}
        rows = {**dict.fromkeys(spoken, nobody), **rows}
    if not indicator.denominator_registers:
        return {at: _value(indicator, row) for at, row in rows.items()}
    denominator = str(indicator.denominator)
    found = below[indicator.denominator_registers, denominator]
    populations = {at: row.get(denominator) for at, row in found.items()}
    return {
        at: _value(indicator, {**row, denominator: populations.get(at)}) for at, row in rows.items() if at in spoken
    }


def _spoken_for(
    store: Store, indicator: Indicator, place: str, by: Level, days: Sequence[date]
) -> set[tuple[date, str]]:
    """The areas for which the numerator's snapshots speak wholly: a part of a city over its population would look
    low.
    """
    registers, needed = _source(indicator)
    found: set[tuple[date, str]] = set()
    if not (indicator.denominator_registers or all(REGISTERS[key].absent_is_none for key in registers)):
        return found
    for day in days:
        covers = frozenset(part.covers for part in store.select(registers, place, day, sorted(needed)))
        found |= {(day, code) for code in _covered(place, by, covers)}
    return found


@lru_cache(maxsize=KEPT)
def _covered(place: str, by: Level, covers: frozenset[str]) -> tuple[str, ...]:
    return tuple(code for code in codes(place, by) if covered_by(code, covers))


def _value(indicator: Indicator, measured: Mapping[str, Any]) -> Value:
    number = measured.get(indicator.numerator)
    if indicator.denominator is None:
        return Value(None if pd.isna(number) else float(number))
    numerator, denominator = _whole_number(number), _whole_number(measured.get(indicator.denominator))
    derived = bool(measured.get("derived")) and indicator.numerator.startswith("updated")
    if numerator is None or not denominator:
        return Value(None, None, denominator)
    return Value(numerator / denominator * indicator.per, numerator, denominator, derived)


def _whole_number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def by_category(store: Store, indicator: Indicator, place: str, day: date) -> dict[str, float]:
    """The numerator in a place by category of the register, from the newest data not after the day."""
    registers, needed = _source(indicator)
    found: dict[str, float] = {}
    if indicator.linkage:
        return found
    for part in store.select(registers, place, day, sorted(needed)):
        for (level, category), rows in counted(store, part).items():
            if category and level == level_of_place(place):
                number = sum(row[indicator.numerator] for code, row in rows.items() if within(code, place))
                if number > 0:
                    found[category] = found.get(category, 0.0) + number
    return found


# The numbers of one set of registers


def _numbers(
    store: Store,
    registers: tuple[str, ...],
    needed: frozenset[str],
    measures: Sequence[str],
    place: str,
    by: Level,
    days: Sequence[date],
    since: date | None,
    category: str,
) -> Rows:
    """By asked day and area: the measures, and whether they are derived. A measure that a part of an area cannot tell
    is NA there.
    """
    grains = {REGISTERS[key].grain == "figure" for key in registers}
    if grains == {True}:
        frame = figures.numbers(store, registers, measures, place, by, days, category)
        return {(row["period"], row["code"]): cast(Row, row) for row in frame.to_dict("records")}
    found: dict[tuple[date, str], Row] = {}
    for day in days:
        for part in store.select(registers, place, day, sorted(needed)):
            updated = REGISTERS[part.snapshot.register].updated
            told = _coverage(store, part, since) if updated else counted(store, part)
            for code, row in told.get((by, "" if updated else category), {}).items():
                if within(code, place):
                    found[day, code] = _sum(found[day, code], row) if (day, code) in found else row
    return found


def _sum(one: Row, other: Row) -> Row:
    """Two parts of an area together; an unknown part makes the sum unknown: half a figure would look like a low one."""
    derived = one["derived"] or other["derived"]
    numbers = {key: one.get(key, np.nan) + other.get(key, np.nan) for key in (*one, *other) if key != "derived"}
    return {**numbers, "derived": derived}


Told = Mapping[tuple[str, str], Mapping[str, Row]]
"""What a part tells, by level and category ("" = all) and by the area's code."""


@dataclass(frozen=True)
class _Window:
    """How updates are counted: at a date, since when, and what the snapshot can tell of it."""

    period: date
    since: date | None
    known: bool
    dated: bool
    marked: bool


def _coverage(store: Store, part: Part, since: date | None) -> Told:
    """What a part tells of every area: the measures of COVERAGE (NA: not known), derived."""
    snapshot, known = part.snapshot, cubes.updates(store, part.snapshot)
    marked = not {"dukcapil", "dukcapil_matched_on"}.isdisjoint(snapshot.fields)
    window = _Window(snapshot.period, since, known.known, known.dated, marked)
    if part.excluding:
        return _told(_windowed(cubes.coverage(store, part), window))
    return _kept_coverage(cubes.stored_coverage(store, snapshot), window)


@lru_cache(maxsize=KEPT)
def _kept_coverage(path: Path, window: _Window) -> Told:
    """Stored files never change: what one tells of all areas is asked once, and a change of place asks nothing anew."""
    return _told(_windowed(engine.parquet(path), window))


def _windowed(cube: ir.Table, window: _Window) -> pd.DataFrame:
    fresh = lists.updated(cube.day, window.period, window.since)
    totals = cube.group_by("level", "code").aggregate(
        persons=cube.persons.sum(),
        families=cube.families.sum(),
        updated_persons=cube.persons.sum(where=fresh).fill_null(0),
        updated_families=cube.families.sum(where=fresh).fill_null(0),
        dukcapil_matched=cube.dukcapil_yes.sum(),
        dukcapil_unknown=cube.persons.sum() - cube.dukcapil_yes.sum() - cube.dukcapil_no.sum(),
        unplaced=cube.unplaced.sum(),
        undated=cube.undated.sum(),
    )
    rows: pd.DataFrame = totals.to_pandas().astype(dict.fromkeys(COVERAGE, "float64"))
    unknown = {
        "updated_persons": not window.known, "updated_families": not window.known,
        "dukcapil_matched": not window.marked, "undated": not window.dated,
    }  # fmt: skip
    rows[[key for key, lacking in unknown.items() if lacking]] = np.nan
    rows.loc[rows["level"] == "kelurahan", "unplaced"] = np.nan
    return pd.DataFrame(rows.assign(category="", derived=not window.dated))


def counted(store: Store, part: Part) -> Told:
    """What a part tells of the measures that its register declares, NA where it cannot tell one."""
    if part.excluding:
        return _told(cubes.counts(store, part).to_pandas().assign(derived=False))
    return _kept_counts(cubes.stored_counts(store, part.snapshot))


@lru_cache(maxsize=KEPT)
def _kept_counts(path: Path) -> Told:
    return _told(engine.read(path).to_pandas().assign(derived=False))


def _told(frame: pd.DataFrame) -> Told:
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in frame.to_dict("records"):
        level, category, code = (row.pop(key) for key in ("level", "category", "code"))
        found.setdefault((level, category), {})[code] = cast(Row, row)
    return found


def total(values: Mapping[tuple[date, str], Value], day: date, place: str) -> Value:
    """The value of the place itself; of "" (everything) the sum over provinces."""
    if place:
        return values.get((day, place), UNKNOWN)
    found = [value for (at, _), value in values.items() if at == day]
    if len(found) == 1:
        return found[0]
    if not found or any(value.value is None for value in found):
        return UNKNOWN
    if any(value.numerator is None for value in found):
        return Value(sum(value.value or 0 for value in found), low=_added(found, "low"), high=_added(found, "high"))
    over = sum(value.denominator or 0 for value in found)
    if not over:
        return UNKNOWN
    top, derived = sum(value.numerator or 0 for value in found), any(value.derived for value in found)
    low, high = (_added(found, side, over) for side in ("low", "high"))
    return Value(top / over, top, over, derived, low, high)


def _added(values: Sequence[Value], side: str, over: int | None = None) -> float | None:
    """A bound of several areas: the sum of counts, or the mean of shares of the whole `over`."""
    bounds = [getattr(value, side) for value in values]
    if None in bounds:
        return None
    weights = [(value.denominator or 0) / over if over else 1 for value in values]
    return float(sum(bound * weight for bound, weight in zip(bounds, weights, strict=True)))


def level_of_place(place: str) -> Level:
    return level_of(place) if place else "province"
