"""What the screens of poverty, PPKS and stunting break their figures down by: deciles, years, sex and age, risks.

Every question is answered from small stored tables (see `cubes.breakdown`) and takes the store, the viewer, the scope
and the level `by` of the areas that it is to be answered for, where it is answered by area.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from data import cubes, figures
from data.access import Viewer, answers
from data.area import within
from data.definitions.catalogue import INDICATORS, REGISTERS
from data.definitions.registers.krs import RISK_FACTORS
from data.definitions.roles import Right
from data.definitions.shared import AGES, MONTHS
from data.evaluation import counted, level_of_place
from data.places.reference import Level, covered_by, find
from data.queries import areas, by_category, context
from data.scope import Scope
from data.snapshots import Part, Store

DECILES: Final = ("1", "2", "3", "4", "5-10", "unknown")
"""Parts of a register with deciles; `unknown` is not determined, or a range such as 6-10."""
RESIDENTS: Final = {"persons": "population", "families": "families"}
UNITS: Final = tuple(RESIDENTS)
SEXES: Final = ("L", "P", "unknown")
TARGETS: Final = ("pregnant", "child_0_23", "child_24_59")
"""Whom the list of families at risk is about, beside what puts them at risk (`RISK_FACTORS`)."""
UNKNOWN: Final = "unknown"
_UNDER_FIVE: Final = re.compile(r"0?0\s*[-–]\s*0?4(\s*(tahun|th))?|balita", re.IGNORECASE)


@dataclass(frozen=True)
class Broken:
    """An answer: its rows (described at each question), the register and the date that it is told by (None: nobody
    tells it), and the population's date where something is divided by it. `whole` are numbers of the place itself.
    """

    rows: pd.DataFrame
    register: str = ""
    period: date | None = None
    population_on: date | None = None
    whole: Mapping[str, float | None] = dataclass_field(default_factory=dict)


NOTHING: Final = Broken(pd.DataFrame())

Divided = Mapping[tuple[str, str], pd.DataFrame]
"""The rows of a breakdown by level and category ("" = all), never to be written to: they are kept."""
KEPT: Final = 64
"""Breakdowns held in memory."""


@answers(Right.FIGURES)
def official(store: Store, viewer: Viewer, scope: Scope, by: Level = "kabkota") -> Broken:
    """The official poverty rate by kab/kota and year in the place: code, name, and a column (fractions) for every date
    (in ISO form); the province's own first. Areas without any figure are left out; `whole` counts them as `without`.
    """
    rate = INDICATORS["poverty_rate_official"].numerator
    own, inside = areas(scope.place, level_of_place(scope.place)), areas(scope.place, by)
    told = [
        figures.history(store, "poverty", rate, scope.place, level, until=scope.period)
        for level in dict.fromkeys((level_of_place(scope.place), by))
    ]
    found = pd.concat(told)
    if found.empty:
        return NOTHING
    found["day"] = found["period"].astype("string")
    table = found.pivot_table(index="code", columns="day", values="value", aggfunc="last")
    named = pd.concat([own, inside]).drop_duplicates("code")[["code", "name"]]
    rows = named.merge(table, left_on="code", right_index=True)
    without = float((~inside["code"].isin(rows["code"])).sum())
    return Broken(rows, "poverty", max(found["period"]), whole={"without": without})


@answers(Right.FIGURES)
def deciles(store: Store, viewer: Viewer, scope: Scope, by: Level) -> Broken:
    """Persons and families by decile and area: code, name, parent_name, register, UNIT_PART for every one of UNITS and
    DECILES, UNIT (all of them), UNIT_resident (of the civil registry). Unknown is NA. `whole` has the same of the
    place, without the residents.
    """
    parts = store.select(("dtsen", "p3ke"), scope.place, scope.period, ("decile",))
    if not parts:
        return NOTHING
    level, period = level_of_place(scope.place), max(part.snapshot.period for part in parts)
    found = pd.concat([_decile_rows(store, part, scope.place, {level, by}) for part in parts])
    sums = found.groupby(["level", "code", "part"])[list(UNITS)].sum(min_count=1).unstack("part")
    wide = pd.DataFrame(index=sums.index)
    for unit in UNITS:
        named = pd.DataFrame(sums[unit]).reindex(columns=list(DECILES)).add_prefix(f"{unit}_")
        wide[unit] = named.sum(axis=1, min_count=1)
        wide[named.columns] = named.where(named.notna() | wide[[unit]].isna().to_numpy(), 0.0)
    wide["register"] = found.sort_values("persons").groupby(["level", "code"])["register"].last()
    wide = wide.reset_index()
    rows = areas(scope.place, by).merge(wide[wide["level"] == by].drop(columns="level"), on="code", how="left")
    days = []
    for unit, measure in RESIDENTS.items():
        residents, day = _population(store, measure, scope.place, by, period)
        rows[f"{unit}_resident"] = rows["code"].map(residents)
        days.append(day)
    own = wide[(wide["level"] == level) & (wide["code"] == scope.place)]
    numbers = [str(name) for name in wide if name not in ("level", "code", "register")]
    whole = {name: _number(own[name].sum(min_count=1)) for name in numbers}
    register = str(own["register"].iloc[-1]) if len(own) else parts[0].snapshot.register
    return Broken(rows, register, period, days[0], whole)


def _decile_rows(store: Store, part: Part, place: str, levels: Collection[str]) -> pd.DataFrame:
    found = _cube(store, part, "deciles", place, levels)
    within = found["decile"].between(1, 4)
    found["part"] = found["decile"].astype("Int64").astype("string").where(within, "5-10")
    found.loc[found["decile"].isna(), "part"] = UNKNOWN
    return found.assign(register=part.snapshot.register)


@answers(Right.FIGURES)
def extreme(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan") -> Broken:
    """Whom P3KE puts into decile 1: dukcapil ("yes" | "no" | "unknown": the number at the civil registry), validated
    (the word of a visit, empty where the list has none), persons, families. `whole` has persons and families, and
    says in `visited` whether the list has a column for visits at all (1 or 0).
    """
    parts = store.select("p3ke", scope.place, scope.period, ("decile",))
    if not parts:
        return NOTHING
    found = pd.concat([_at(store, part, "validation", scope.place) for part in parts])
    rows = found.fillna({"validated": ""}).groupby(["dukcapil", "validated"], as_index=False)[list(UNITS)].sum()
    visited = float(any("validated" in part.snapshot.fields for part in parts))
    poorest = pd.concat([_at(store, part, "deciles", scope.place) for part in parts]).query("decile == 1")
    whole = {"visited": visited} | {unit: _number(poorest[unit].sum(min_count=1)) for unit in UNITS}
    return Broken(rows, "p3ke", max(part.snapshot.period for part in parts), whole=whole)


@answers(Right.FIGURES)
def categories(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan") -> Broken:
    """The scope's indicator by category of its register, most first: category, value. Who stands in two counts in both.
    `whole` has the population of the place.
    """
    indicator = INDICATORS[scope.indicator]
    asked, rows = context(store, viewer, scope), by_category(store, viewer, scope, indicator.key)
    if asked.period is None:
        return NOTHING
    residents, day = _population(store, "population", scope.place, level_of_place(scope.place), asked.period)
    return Broken(rows, indicator.registers[0], asked.period, day, {"population": residents.get(scope.place)})


@answers(Right.FIGURES)
def sex_age(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan", category: str = "") -> Broken:
    """Persons of the PPKS register by age_group (AGES, then `unknown`) and one column for every one of SEXES."""
    return _crossed(store, scope, "ppks", "sex_age", ("age_group", (*AGES, UNKNOWN)), ("ppks_persons",), category)


@answers(Right.FIGURES)
def child_ages(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan") -> Broken:
    """Children by months of age (MONTHS, then `unknown`): measured_SEX, stunted_SEX and severely_stunted_SEX for every
    one of SEXES and, without _SEX, for all. `whole` has children (in the list, measured readably or not), measured, and
    under_five (residents of nought to four years, None where no file tells them).
    """
    measures = ("measured", "stunted", "severely_stunted")
    found = _crossed(store, scope, "eppgbm", "months", ("months", (*MONTHS, UNKNOWN)), measures)
    if found.period is None:
        return found
    counted = _counted(store, scope, "eppgbm", ("children", "measured"))
    residents, day = _under_five(store, scope.place, found.period)
    return replace(found, population_on=day, whole={**counted, "under_five": residents})


@answers(Right.FIGURES)
def months(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan", category: str = "") -> Broken:
    """Reaches by month ("2021-04", or `unknown`), oldest first: month, reaches. Months in between have none."""
    parts = _speaking(store, scope, "outreach", ("reached_on",))
    if not parts:
        return NOTHING
    found = pd.concat([_at(store, part, "months", scope.place, category) for part in parts])
    sums = found.fillna({"month": UNKNOWN}).groupby("month")["outreach_reaches"].sum()
    known = sorted(month for month in sums.index if month != UNKNOWN)
    every = [str(month) for month in pd.period_range(known[0], known[-1], freq="M")] if known else []
    sums = sums.reindex([*every, *(month for month in sums.index if month == UNKNOWN)]).fillna(0)
    rows = pd.DataFrame({"month": sums.index.astype("object"), "reaches": sums.to_numpy()})
    return Broken(rows, "outreach", max(part.snapshot.period for part in parts))


@answers(Right.FIGURES)
def risks(store: Store, viewer: Viewer, scope: Scope, by: Level = "kelurahan") -> Broken:
    """Families at risk by what is told of them: risk (of RISK_FACTORS and TARGETS; NA where the list has no such
    column), families. `whole` has families (all of them) and, in `with_N`, those with N of RISK_FACTORS together.
    """
    measures = tuple(f"krs_{risk}" for risk in (*RISK_FACTORS, *TARGETS))
    counted = _counted(store, scope, "krs", ("krs_families", *measures))
    parts = _speaking(store, scope, "krs")
    if not parts or not counted.get("krs_families"):
        return NOTHING
    together = pd.concat([_at(store, part, "factors", scope.place) for part in parts])
    sums = together.groupby("factors")["families"].sum()
    rows = pd.DataFrame({"risk": [*RISK_FACTORS, *TARGETS], "families": [counted[measure] for measure in measures]})
    whole = {"families": counted["krs_families"]}
    whole |= {f"with_{n}": float(sums.get(n, 0)) for n in range(len(RISK_FACTORS) + 1)}
    return Broken(rows, "krs", max(part.snapshot.period for part in parts), whole=whole)


Question = Callable[..., Broken]
QUESTIONS: Final[Mapping[str, Question]] = {
    "categories": categories,
    "official": official,
    "deciles": deciles,
    "concentration": deciles,
    "extreme": extreme,
    "sex_age": sex_age,
    "months": months,
    "child_ages": child_ages,
    "risks": risks,
}
"""What each kind of breakdown (see `data.definitions.screens.Group`) is asked by."""


def _crossed(
    store: Store,
    scope: Scope,
    register: str,
    key: str,
    down: tuple[str, Sequence[str]],
    measures: Sequence[str],
    category: str = "",
) -> Broken:
    """Measures by one dimension (a row a value of it, in order) and by sex; one measure goes without its name."""
    declared = next(one for one in REGISTERS[register].breakdowns if one.key == key)
    parts = _speaking(store, scope, register, declared.needs)
    if not parts:
        return NOTHING
    found = pd.concat([_at(store, part, key, scope.place, category) for part in parts])
    name, order = down
    sums = found.fillna({name: UNKNOWN, "sex": UNKNOWN}).groupby([name, "sex"])[list(measures)].sum().unstack("sex")
    rows = pd.DataFrame({name: list(order)})
    for measure in measures:
        prefix = f"{measure}_" if len(measures) > 1 else ""
        for sex in SEXES:
            column = sums[measure].get(sex)
            rows[f"{prefix}{sex}"] = 0.0 if column is None else column.reindex(order).fillna(0).to_numpy()
        rows[measure] = rows[[f"{prefix}{sex}" for sex in SEXES]].sum(axis=1)
    return Broken(rows, register, max(part.snapshot.period for part in parts))


def _speaking(store: Store, scope: Scope, register: str, needed: Sequence[str] = ()) -> tuple[Part, ...]:
    """The parts that tell the place; none where a list that speaks of areas without rows leaves out a part of it."""
    parts = store.select(register, scope.place, scope.period, needed)
    partly = REGISTERS[register].absent_is_none and not covered_by(scope.place, {part.covers for part in parts})
    return () if partly else parts


def _at(store: Store, part: Part, key: str, place: str, category: str = "") -> pd.DataFrame:
    """The rows of a breakdown for the place itself; of everything ("") those of its provinces."""
    return _cube(store, part, key, place, {level_of_place(place)}, category)


def _cube(store: Store, part: Part, key: str, place: str, levels: Collection[str], category: str = "") -> pd.DataFrame:
    whole = _divided(store, part, key) if part.excluding else _kept(store, part.snapshot.id, key)
    found = [frame for (level, own), frame in whole.items() if level in levels and own == category]
    if not found:
        return next(iter(whole.values())).head(0)
    frame = pd.concat(found)
    return pd.DataFrame(frame[[within(code, part.place) and within(code, place) for code in frame["code"]]])


@lru_cache(maxsize=KEPT)
def _kept(store: Store, snapshot: str, key: str) -> Divided:
    """Stored tables never change: what one tells is asked once, and a change of place asks nothing anew."""
    source = store.snapshot(snapshot)
    return _divided(store, Part(source, source.place), key)


def _divided(store: Store, part: Part, key: str) -> Divided:
    cube = cubes.breakdown(store, part, key)
    if cube is None:
        raise KeyError(key)
    frame = cube.drop("position").to_pandas() if "position" in cube.columns else cube.to_pandas()
    found = {(str(level), str(own)): rows for (level, own), rows in frame.groupby(["level", "category"])}
    return found or {("", ""): frame}


def _counted(store: Store, scope: Scope, register: str, measures: Sequence[str]) -> dict[str, float | None]:
    """Measures of the place; None where a part of it cannot tell one."""
    at, found = (level_of_place(scope.place), ""), []
    for part in _speaking(store, scope, register):
        found += [row for code, row in counted(store, part).get(at, {}).items() if within(code, scope.place)]
    return {one: _number(sum(row[one] for row in found)) if found else None for one in measures}


def _population(
    store: Store, measure: str, place: str, by: Level, period: date
) -> tuple[dict[str, float], date | None]:
    """Residents by area, the newest not after the date, and the newest of their own dates."""
    found = figures.values(store, "population", measure, place, by, period).dropna(subset=["value"])
    return dict(zip(found["code"], found["value"], strict=True)), max(found["period"], default=None)


def _under_five(store: Store, place: str, period: date) -> tuple[float | None, date | None]:
    """Residents of nought to four years, where a file has the population by age."""
    known = figures.categories(store, "population", "population", place) if find(place) else ()
    for word in filter(_UNDER_FIVE.fullmatch, known):
        told = figures.values(store, "population", "population", place, level_of_place(place), period, word)
        if told["value"].notna().any():
            return float(told["value"].iloc[0]), told["period"].iloc[0]
    return None, None


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
