"""The questions about two registers that were matched: how many of the one are in the other, where, and what has become
of those who were not. Counts only; names come from the by-name list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from data import comparison, cubes, evaluation, queries
from data.access import Viewer, answers, narrowed
from data.area import within
from data.definitions.catalogue import LINKAGES
from data.definitions.filters import FILTERS
from data.definitions.linkages import Linkage
from data.definitions.roles import Right
from data.linkage import decisions, outcomes, runs
from data.linkage.estimate import Estimate, estimate
from data.linkage.runs import Run
from data.places import reference
from data.places.reference import Level
from data.queries import HISTORY, Context, Period, areas
from data.scope import Scope
from data.snapshots import Part, Store

HEALTHIER, GONE = "healthier", "gone"
MONTHS: Final = ((0, 5), (6, 11), (12, 23), (24, 35), (36, 47), (48, 59))
"""Age groups of children in months, as the health services use them."""
UNKNOWN: Final = "unknown"
KEPT: Final = 8
"""Answers about whole runs that are kept for the next place."""


@dataclass(frozen=True)
class Count:
    """A number of units, and between what it lies as long as pairs are under review."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Quality(Estimate):
    """What decided pairs say of the matching; `waiting` are pairs under review that can change a figure of the
    place.
    """

    waiting: int = 0


@dataclass(frozen=True)
class Summary:
    """The figures of a place. `why` says why there are none: "no_left", "no_right" (register), "not_matched",
    "partly" (a part of the place was not matched, or the right register does not speak for all of it), else "".

    `counts` are by measure of the linkage, `before` those at the compared date. `stale`: a newer run is due.
    """

    why: str
    context: Context
    made_at: datetime | None
    stale: bool
    total: Count | None
    counts: Mapping[str, Count]
    before_total: int | None
    before: Mapping[str, int]
    quality: Quality


@dataclass(frozen=True)
class Flow:
    """What became of those who were not registered at the earlier date: by outcome now, "healthier" (still in the
    list, and not among those who count any more) and "gone". `new`: not registered now, and not among them before.
    """

    before: date
    after: date
    unregistered: int
    now: Mapping[str, int]
    new: int


@answers(Right.FIGURES, narrowed)
def places(store: Store, viewer: Viewer, linkage: str) -> tuple[str, ...]:
    """Places for which the left register has data."""
    return queries.places(store, viewer, (LINKAGES[linkage].left,))


@answers(Right.FIGURES)
def periods(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> tuple[Period, ...]:
    """The dates of the runs that serve the place, newest first."""
    found = runs.days(store, linkage, scope.place)
    return tuple(Period(day, sample) for day, sample in sorted(found.items(), reverse=True))


@answers(Right.FIGURES)
def summary(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> Summary:
    """The figures of the scope's place at its date and at the compared one."""
    told, context = LINKAGES[linkage], _context(store, viewer, scope, linkage)
    serving = runs.current(store, linkage, scope.place, scope.period)
    now = _of_place(store, told, scope.place, context.period) if context.period else {}
    before = _of_place(store, told, scope.place, context.compare) if context.compare else {}
    quality = estimate(store, serving)
    counts = {key: Count(now[key], now[f"{key}_low"], now[f"{key}_high"]) for key in told.measures if now}
    return Summary(
        why="" if now else _why(store, scope, told, serving),
        context=context,
        made_at=max((run.made_at for run in serving), default=None),
        stale=any(run.stale for run in serving),
        total=Count(*[now[told.counted]] * 3) if now else None,
        counts=counts,
        before_total=before.get(told.counted),
        before={key: before[key] for key in told.measures if before},
        quality=Quality(**vars(quality), waiting=_waiting(store, serving, scope.place)),
    )


@answers(Right.FIGURES)
def by_area(store: Store, viewer: Viewer, scope: Scope, linkage: str, by: Level) -> pd.DataFrame:
    """A row an area of level `by` in the place: code, name, parent, parent_name, total, total_before, review (units
    that can still get another outcome), and for each measure of the linkage KEY, KEY_low, KEY_high, KEY_before (Int64;
    NA where it is not known).
    """
    told, context = LINKAGES[linkage], _context(store, viewer, scope, linkage)
    frame = areas(scope.place, by)
    now, before = (
        outcomes.numbers(store, told, scope.place, by, day) if day else {} for day in (context.period, context.compare)
    )

    def column(numbers: Mapping[str, Mapping[str, int]], key: str) -> "pd.api.extensions.ExtensionArray":
        return pd.array([numbers.get(code, {}).get(key) for code in frame["code"]], dtype="Int64")

    columns = {"total": column(now, told.counted), "total_before": column(before, told.counted)}
    columns["review"] = column(now, "review")
    for key in told.measures:
        columns |= {name: column(now, name) for name in (key, f"{key}_low", f"{key}_high")}
        columns[f"{key}_before"] = column(before, key)
    return frame.assign(**columns)


@answers(Right.FIGURES)
def history(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> pd.DataFrame:
    """A row a date of a run, oldest first: period, total, and for each measure KEY, KEY_low, KEY_high (Int64)."""
    told = LINKAGES[linkage]
    days = [one.date for one in periods(store, viewer, scope, linkage)]
    asked = [day for day in days if scope.period is None or day <= scope.period][:HISTORY]
    rows: list[dict[str, object]] = [
        {"period": day, **_of_place(store, told, scope.place, day)} for day in sorted(asked)
    ]
    names = [name for key in told.measures for name in (key, f"{key}_low", f"{key}_high")]
    frame = pd.DataFrame(rows).rename(columns={told.counted: "total"}).reindex(columns=["period", "total", *names])
    return frame.dropna(subset=["total"]).astype(dict.fromkeys(["total", *names], "Int64")).reset_index(drop=True)


@answers(Right.FIGURES)
def by_kind(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> pd.DataFrame:
    """How many by what they are: kind, group, outcome, count; groups with somebody only.

    Kinds: "age" (months when measured, see MONTHS) and "sex" of children, "risk" of families at risk, "programme" of
    recipients. A family can have several risks, a recipient several programmes.
    """
    columns = ["kind", "group", "outcome", "count"]
    everywhere = _kinds_of(store, linkage, _serving(store, linkage, scope.place, scope.period))
    units = everywhere[everywhere["code"].map(lambda code: within(code, scope.place)).astype(bool)]
    if units.empty:
        return pd.DataFrame(columns=columns)
    counted = units.groupby(["kind", "group", "outcome"])["unit"].nunique()
    return counted.reset_index(name="count")[columns]


@answers(Right.FIGURES)
def gaps(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> pd.DataFrame:
    """Where somebody has something to do: a row a kelurahan and health post, with code ("" = not placed), name,
    parent_name, post ("" = none), and a count for every outcome that asks for something.
    """
    told = LINKAGES[linkage]
    asking = [outcome.key for outcome in told.outcomes if outcome.do]
    found = []
    for _, rows in _rows(store, linkage, scope.place, scope.period):
        post = rows.posyandu.fill_null("") if "posyandu" in rows.columns else ibis.literal("")
        counted = rows.group_by(code=rows.kelurahan_code.fill_null(""), post=post).aggregate(
            **{key: outcomes.unit_of(rows).nunique(where=rows.match == key) for key in asking}
        )
        found.append(counted.to_pandas())
    names = ["code", "name", "parent_name", "post", *asking]
    if not found:
        return pd.DataFrame(columns=names)
    frame = pd.concat(found).groupby(["code", "post"], as_index=False)[asking].sum()
    open_ = frame[[key for key in asking if key in outcomes.meant(told, outcomes.TO_DO)]].sum(axis=1) > 0
    frame = frame[open_]
    here = [reference.find(code) for code in frame["code"]]
    above = [reference.find(area.parent) if area else None for area in here]
    frame = frame.assign(
        name=[area.name if area else "" for area in here], parent_name=[area.name if area else "" for area in above]
    )
    frame = frame.assign(last=frame["code"] == "")
    return pd.DataFrame(frame.sort_values(["last", "parent_name", "name", "post"], ignore_index=True)[names])


@answers(Right.FIGURES)
def flow(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> Flow | None:
    """What became of the earlier date's unregistered; None without an earlier run. They are those of the place then;
    where they stand now does not matter.
    """
    context = _context(store, viewer, scope, linkage)
    if context.period is None or context.compare is None:
        return None
    after, earlier = (_serving(store, linkage, scope.place, day) for day in (context.period, context.compare))
    now, before = _standing(store, linkage, after), _standing(store, linkage, earlier)
    then, missing = (side.missing(scope.place) for side in (before, now))
    became = _became(store, linkage, earlier, after)
    fates = dict.fromkeys([*(one.key for one in LINKAGES[linkage].outcomes), HEALTHIER, GONE], 0)
    for unit in then:
        fates[now.fate(became.get(unit))] += 1
    new_ones = missing - {became[unit] for unit in then if unit in became}
    return Flow(context.compare, context.period, len(then), fates, len(new_ones))


# How the answers are put together


def _context(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> Context:
    indicator = LINKAGES[linkage].indicators[0].key
    return queries.context(store, viewer, Scope(scope.place, scope.period, scope.compare, indicator=indicator))


def _why(store: Store, scope: Scope, linkage: Linkage, serving: tuple[Run, ...]) -> str:
    if serving:
        return "partly"
    if not store.select(linkage.left, scope.place, scope.period):
        return "no_left"
    planned = [
        plan for plan in runs.plans(store, linkage.key)
        if runs.touches(plan.place, scope.place) and (scope.period is None or plan.period <= scope.period)
    ]  # fmt: skip
    return "not_matched" if any(plan.right for plan in planned) else "no_right"


def _of_place(store: Store, linkage: Linkage, place: str, day: date | None) -> dict[str, int]:
    """The figures of the place itself; empty where they are not known. Of "" the sum over provinces."""
    found = outcomes.numbers(store, linkage, place, evaluation.level_of_place(place), day)
    if place:
        return found.get(place, {})
    provinces = {part.covers.partition(".")[0] for part in store.select(linkage.left, "", day)}
    if not found or not provinces <= set(found):
        return {}
    return {key: sum(row[key] for row in found.values()) for key in next(iter(found.values()))}


def _rows(store: Store, linkage: str, place: str, day: date | None) -> Iterator[tuple[Part, ir.Table]]:
    """The rows in the place that the figures are about, with what became of them (see `outcomes.joined`)."""
    for run in runs.current(store, linkage, place, day):
        yield from _counted(store, run, place)


def _counted(store: Store, run: Run, place: str) -> Iterator[tuple[Part, ir.Table]]:
    for part in run.left:
        if narrow := part.at(place):
            rows = outcomes.joined(store, run, narrow, cubes.people(store, narrow))
            yield narrow, rows.filter(rows.match_counts)


Position = tuple[str, int]
"""A snapshot, and a row's place in its order."""
Unit = tuple[str, int]
"""A snapshot, and the number of a unit in it."""


@dataclass(frozen=True)
class _Standing:
    """The left register as a day's runs found it: whose row is at a position, what became of the units that count, and
    where those are who count as not registered.
    """

    parts: tuple[Part, ...]
    units: Mapping[Position, Unit]
    outcome: Mapping[Unit, str]
    open: Mapping[Unit, str]

    def missing(self, place: str) -> set[Unit]:
        return {unit for unit, code in self.open.items() if within(code, place)}

    def fate(self, unit: Unit | None) -> str:
        return GONE if unit is None else self.outcome.get(unit, HEALTHIER)


@dataclass(frozen=True)
class _Serving:
    """The runs that serve a place at a date, told apart by what never changes: themselves and what was decided."""

    ids: tuple[str, ...]
    decided: str
    runs: tuple[Run, ...] = field(compare=False, repr=False)


def _serving(store: Store, linkage: str, place: str, day: date | None) -> _Serving:
    found = runs.current(store, linkage, place, day)
    return _Serving(tuple(run.id for run in found), decisions.state(store, linkage), found)


@lru_cache(maxsize=KEPT)
def _standing(store: Store, linkage: str, serving: _Serving) -> _Standing:
    """For the whole of the runs, so that another place in them asks nothing anew."""
    parts: list[Part] = []
    units: dict[Position, Unit] = {}
    outcome: dict[Unit, str] = {}
    open_: dict[Unit, str] = {}
    for run in serving.runs:
        for part in run.left:
            parts.append(part)
            rows = outcomes.joined(store, run, part, cubes.people(store, part))
            code = ibis.coalesce(*(rows[f"{level}_code"] for level in reversed(reference.LEVELS)), "")
            told = rows.select("position", "match", "match_counts", unit=outcomes.unit_of(rows), code=code).to_pyarrow()
            for position, match, counts, number, where in zip(*(c.to_pylist() for c in told.columns), strict=True):
                unit = units[part.snapshot.id, position] = (part.snapshot.id, number)
                if counts:
                    outcome[unit] = match
                    if match == outcomes.UNREGISTERED:
                        open_[unit] = where
                elif match is None:
                    outcome[unit] = LINKAGES[linkage].undecided
    return _Standing(tuple(parts), units, outcome, open_)


@lru_cache(maxsize=KEPT)
def _became(store: Store, linkage: str, earlier: _Serving, after: _Serving) -> Mapping[Unit, Unit]:
    """Which unit of the later runs a unit of the earlier ones is."""
    before, now = _standing(store, linkage, earlier), _standing(store, linkage, after)
    return {before.units[old]: now.units[new] for old, new in _same(store, before, now)}


def _same(store: Store, before: _Standing, now: _Standing) -> Iterator[tuple[Position, Position]]:
    """The positions, then and now, of rows that speak of the same people."""
    if {part.snapshot.id for part in before.parts} == {part.snapshot.id for part in now.parts}:
        yield from ((position, position) for position in now.units)
        return
    for pair, same in comparison.recognised(store, now.parts, before.parts):
        found = zip(same["other"].to_pylist(), same["position"].to_pylist(), strict=True)
        yield from (((pair.before.id, old), (pair.now.id, new)) for old, new in found)


def _waiting(store: Store, serving: tuple[Run, ...], place: str) -> int:
    number = 0
    for run in serving:
        pairs = outcomes.resolved(store, run)
        open_ = pairs.filter(pairs.status == "review", pairs.decided == "")
        for index, part in enumerate(run.left):
            if narrow := part.at(place):
                rows = outcomes.joined(store, run, narrow, cubes.people(store, narrow))
                rows = rows.filter(rows.match_counts, rows.match_open)
                units = rows.select(unit=outcomes.unit_of(rows)).distinct()
                own = open_.filter(open_.left_part == index)
                number += int(own.semi_join(units, own.left_unit == units.unit).count().to_pyarrow().as_py())
    return number


@lru_cache(maxsize=KEPT)
def _kinds_of(store: Store, linkage: str, serving: _Serving) -> pd.DataFrame:
    """The groups of everybody in the runs (see `_grouped`); not to be changed."""
    found = [_grouped(part, rows) for run in serving.runs for part, rows in _counted(store, run, "")]
    return pd.concat(found) if found else pd.DataFrame(columns=["kind", "group", "outcome", "unit", "code"])


def _grouped(part: Part, rows: ir.Table) -> pd.DataFrame:
    """kind, group, outcome, unit and area (the lowest that is known) of every row, once for each group it stands in."""
    code = ibis.coalesce(*(rows[f"{level}_code"] for level in reversed(reference.LEVELS)), "")
    unit = ibis.literal(f"{part.snapshot.id}-") + outcomes.unit_of(rows).cast("string")
    tables = [
        rows.filter(group.notnull()).select(kind=ibis.literal(kind), group=group, outcome="match", unit=unit, code=code)
        for kind, group in _kinds(rows, part)
    ]
    # A group is a column of the filtered table, therefore each kind is asked for itself.
    frames = [table.to_pandas() for table in tables]
    return pd.concat(frames) if frames else pd.DataFrame(columns=["kind", "group", "outcome", "unit", "code"])


def _kinds(rows: ir.Table, part: Part) -> Iterator[tuple[str, ir.StringValue]]:
    register = part.snapshot.register
    if register == "eppgbm":
        months = _months(rows, part)
        cases = [(months.between(first, last), f"{first}-{last}") for first, last in MONTHS]
        yield "age", ibis.cases(*cases, else_=UNKNOWN)
        if "sex" in rows.columns:
            yield "sex", rows.sex.fill_null(UNKNOWN)
    if register == "krs":
        for risk in FILTERS["krs_risk"][1]:
            if risk in rows.columns:
                yield "risk", ibis.ifelse(rows[risk].fill_null(False), ibis.literal(risk), ibis.null("string"))
    if register == "recipients" and "programme_name" in rows.columns:
        yield "programme", rows.programme_name.fill_null(UNKNOWN)


def _months(rows: ir.Table, part: Part) -> ir.IntegerValue:
    """Age at the measurement, else at the date of the data."""
    told = rows.age_at_measurement if "age_at_measurement" in rows.columns else ibis.null("int16")
    if "birth_date" not in rows.columns:
        return told.floor().cast("int32")
    day = ibis.literal(part.snapshot.period)
    day = ibis.coalesce(rows.measured_on, day) if "measured_on" in rows.columns else day
    born = rows.birth_date
    counted = (day.year() - born.year()) * 12 + day.month() - born.month() - ibis.ifelse(day.day() < born.day(), 1, 0)
    return ibis.coalesce(told.floor().cast("int32"), counted.cast("int32"))
