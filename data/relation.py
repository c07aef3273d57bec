"""How figures belong together: two of them over areas, areas beside one another, areas that are alike, two dates.

What is asked of the store takes the viewer; the rest are pure functions of frames as `queries.by_area` gives them.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from data import evaluation, figures, queries
from data.access import Viewer, answers
from data.definitions.indicators import FEW, Indicator
from data.definitions.roles import Right
from data.places.reference import LEVELS, Level
from data.scope import Scope
from data.snapshots import Store
from data.wording import N_

FEWEST: Final = 8
"""Areas below which nothing is said about how two figures go together."""
YEAR_APART: Final = timedelta(days=366)
NAMED: Final = 6
"""Areas at most that are named as lying far from the others."""
FAR: Final = 2.5
"""Distance from both medians from which an area is named, in median absolute deviations."""

DATES: Final = 6
"""Dates of a small history."""
MAIN: Final = (
    "dtks_persons", "population", "dtks_updated_share", "nik_valid_share", "decile_1_share", "decile_1_4_share",
    "ppks_per_1000", "stunting_share", "stunted_registered_share", "krs_decile_1_4_share",
)  # fmt: skip
"""The figures over which areas are laid side by side."""


# Asked of the store


@answers(Right.FIGURES)
def tellable(store: Store, viewer: Viewer, scope: Scope) -> dict[str, Indicator]:
    """Every indicator by key, rekap included, for which there is a date about the scope's place."""
    measures = {m.key for table in store.candidates(figures.REKAP, scope.place) for m in figures.measures(table)}
    return {
        key: one
        for key, one in queries.indicators(store, viewer).items()
        if (figures.REKAP not in one.registers or one.numerator in measures)
        and evaluation.dates(store, [one], scope.place)
    }


@answers(Right.FIGURES)
def course(store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str], by: Level) -> pd.DataFrame:
    """Every area of level `by` in the scope's place at the last dates of each indicator up to the scope's, oldest
    first.

    Columns indicator, code, period, value, numerator, denominator; a figure that is not known has no row.
    """
    known = queries.indicators(store, viewer)
    together: dict[tuple[date, ...], list[Indicator]] = {}
    for key in keys:
        found = sorted(evaluation.dates(store, [known[key]], scope.place))
        days = tuple(day for day in found if not scope.period or day <= scope.period)[-DATES:]
        together.setdefault(days, []).append(known[key])
    rows = [
        (key, code, day, value.value, value.numerator, value.denominator)
        for days, indicators in together.items()
        for key, told in evaluation.evaluate(store, indicators, scope.place, by, days, scope.since).items()
        for (day, code), value in told.items()
        if value.value is not None
    ]
    frame = pd.DataFrame(rows, columns=["indicator", "code", "period", "value", "numerator", "denominator"])
    return frame.sort_values(["indicator", "code", "period"], ignore_index=True)


@answers(Right.FIGURES)
def profile(store: Store, viewer: Viewer, scope: Scope, by: Level) -> pd.DataFrame:
    """What areas of level `by` are compared by to find those alike: code, name, parent_name and a column a feature.

    Population is that of the register's date, as everywhere; deciles are told at their own date.
    """
    about = replace(scope, indicator="dtks_persons")
    keys = ["population", "dtks_persons", "dtks_families"]
    period = queries.context(store, viewer, about).period
    counted = queries.by_area(store, viewer, replace(about, period=period), keys, by)
    if counted["population"].isna().all():
        counted["population"] = queries.by_area(store, viewer, scope, ["population"], by)["population"]
    deciles = queries.by_area(store, viewer, scope, ["decile_1_4_share"], by)
    families = counted["dtks_families"].where(counted["dtks_families"] > 0)
    return counted[["code", "name", "parent_name", "population"]].assign(
        registered=counted["dtks_persons"] / counted["population"].where(counted["population"] > 0),
        family_size=counted["dtks_persons"] / families,
        decile_1_4=deciles["decile_1_4_share"],
        desa=pd.array([_desa(code) for code in counted["code"]], dtype="Float64"),
    )


def _desa(code: str) -> float | None:
    """1 of a desa, 0 of a kelurahan, by the first digit of the village part of the code; None of a larger area.

    >>> _desa("74.71.08.1002"), _desa("64.08.01.2003"), _desa("74.71.08")
    (0.0, 1.0, None)
    """
    village = code.split(".")[3:]
    return float(village[0].startswith("2")) if village else None


# Two indicators


@dataclass(frozen=True)
class Related:
    """Two figures over the same areas.

    `areas` has code, name, parent_name, x, y, x_numerator, x_denominator, y_numerator, y_denominator, weight (the
    denominator that gives a point its size, NA without one), small, cell (`13`: first figure in its lowest, second in
    its highest third; "" where one is not known). `count` are the areas that speak for `rho` (Spearman's rank
    correlation, None below `FEWEST`), `small` and `unknown` those left out. `chance`: so weak for so few areas that it
    cannot be told from none. `limits` are the two class limits of each figure; a value on a limit lies below.
    """

    areas: pd.DataFrame
    count: int
    small: int
    unknown: int
    rho: float | None
    chance: bool
    medians: tuple[float, float] | None
    limits: tuple[tuple[float, float], tuple[float, float]] | None
    far: tuple[str, ...]

    def named(self, code: str) -> str:
        found = self.areas.loc[self.areas["code"] == code, "name"]
        return str(found.iloc[0]) if len(found) else ""

    def of_cell(self, cell: str) -> pd.DataFrame:
        return self.areas[self.areas["cell"] == cell]


def related(values: pd.DataFrame, first: Indicator, second: Indicator, digits: tuple[int, int] = (3, 3)) -> Related:
    """The two figures of `values` (as `queries.by_area` gives them); `digits` are the decimals to which class limits
    are rounded, in the unit of the value.
    """
    areas = values[["code", "name", "parent_name"]].copy()
    for axis, one in (("x", first), ("y", second)):
        areas[axis] = values[one.key]
        for part in ("numerator", "denominator"):
            areas[f"{axis}_{part}"] = values[f"{one.key}_{part}"]
    weight = areas["y_denominator"].fillna(areas["x_denominator"])
    few = (areas[["x_denominator", "y_denominator"]] < FEW).fillna(False).any(axis=1)
    known = areas[["x", "y"]].notna().all(axis=1)
    areas = areas.assign(weight=weight, small=few & known)
    speaking = areas[known & ~few]
    x, y = (speaking[axis].astype(float) for axis in "xy")
    limits = (_thirds(x, digits[0]), _thirds(y, digits[1])) if len(speaking) else None
    areas["cell"] = [_cell(*pair, limits) for pair in zip(areas["x"], areas["y"], strict=True)]
    rho = correlation(x, y)
    return Related(
        areas=areas,
        count=len(speaking),
        small=int(areas["small"].sum()),
        unknown=int((~known).sum()),
        rho=rho,
        chance=rho is not None and abs(rho) * (len(speaking) - 1) ** 0.5 < 1.96,
        medians=(float(x.median()), float(y.median())) if len(speaking) else None,
        limits=limits,
        far=_far(speaking),
    )


def correlation(x: pd.Series, y: pd.Series) -> float | None:
    """Spearman's rank correlation; None for fewer than `FEWEST` pairs, or where one of the two is the same everywhere.

    >>> values = pd.Series(range(8), dtype=float)
    >>> correlation(values, -(values**3)), correlation(values[:7], values[:7])
    (-1.0, None)
    """
    if len(x) < FEWEST or x.nunique() < 2 or y.nunique() < 2:
        return None
    return round(float(x.rank().corr(y.rank())), 4)


def built_in(first: Indicator, second: Indicator) -> bool:
    """Whether two figures are counted from the same list, so that some of their relation is built in."""
    return bool(set(first.registers) & set(second.registers)) and figures.REKAP not in first.registers


def lowest(*indicators: Indicator) -> Level:
    """The lowest level at which all of them exist; rows without a kelurahan lie in none."""
    levels = ["kecamatan" if one.unit == "rows" else one.lowest for one in indicators]
    return LEVELS[min(LEVELS.index(level) for level in levels)]


def _thirds(values: pd.Series, digits: int) -> tuple[float, float]:
    low, high = (round(float(np.quantile(values, part)), digits) for part in (1 / 3, 2 / 3))
    return low, high


def _cell(x: float, y: float, limits: tuple[tuple[float, float], tuple[float, float]] | None) -> str:
    if limits is None or pd.isna(x) or pd.isna(y):
        return ""
    return f"{bisect_left(limits[0], x) + 1}{bisect_left(limits[1], y) + 1}"


def _far(areas: pd.DataFrame) -> tuple[str, ...]:
    """The codes of the areas far from both medians, the farthest first."""
    if len(areas) < FEWEST:
        return tuple(areas["code"])
    apart = [(areas[axis] - areas[axis].median()).astype(float) for axis in "xy"]
    scaled = [one / ((one.abs().median() or one.abs().mean()) or 1.0) for one in apart]
    distance = np.hypot(scaled[0].to_numpy(), scaled[1].to_numpy())
    farthest = [at for at in np.argsort(-distance, kind="stable") if distance[at] > FAR]
    return tuple(areas["code"].iloc[farthest[:NAMED]])


# Areas that are alike


@dataclass(frozen=True)
class Feature:
    """What areas are alike by: its key in `profile`, its name, how it is shown (`number`, `share`, `kind`), whether
    areas are apart by its logarithm.
    """

    key: str
    label: str
    shown: str = "number"
    logarithm: bool = False


FEATURES: Final = (
    Feature("population", N_("residents"), logarithm=True),
    Feature("registered", N_("registered of the residents"), "share"),
    Feature("decile_1_4", N_("in deciles 1–4 of the residents"), "share"),
    Feature("family_size", N_("persons a family"), "number"),
    Feature("desa", N_("kelurahan or desa"), "kind"),
)
MOST_ALIKE: Final = 5
OTHER_KIND: Final = 2.0
"""A kelurahan and a desa are as far apart as two standard deviations of any other feature."""


@dataclass(frozen=True)
class Alike:
    """An area that resembles another one: how far apart they are (standard deviations, the mean of all features that
    both have), and the features in which they are closest, closest first.
    """

    code: str
    name: str
    parent_name: str
    distance: float
    by: tuple[str, ...]


def alike(profiles: pd.DataFrame, code: str, count: int = MOST_ALIKE) -> tuple[Alike, ...]:
    """The areas most like the one of `code`, the most alike first: of those that have two features with it at least;
    none where too little is known of it.
    """
    frame = profiles.set_index("code")
    if code not in frame.index:
        return ()
    apart = pd.DataFrame({one.key: _apart(frame, code, one) for one in FEATURES}).dropna(axis=1, how="all")
    measured = [key for key in apart if key != "desa"]
    if len(measured) < 2:
        return ()
    apart = apart[apart[measured].notna().sum(axis=1) > 1].drop(index=code)
    distance = (apart**2).mean(axis=1) ** 0.5
    nearest = distance.sort_values(kind="stable").index[:count]
    return tuple(
        Alike(
            code=str(other),
            name=str(frame.loc[other, "name"]),
            parent_name=str(frame.loc[other, "parent_name"]),
            distance=round(float(distance[other]), 3),
            by=_closest({str(key): float(apart[key][other]) for key in measured}),
        )
        for other in nearest
    )


def _closest(apart: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted((key for key in apart if not np.isnan(apart[key])), key=lambda key: abs(apart[key])))


def _apart(profiles: pd.DataFrame, code: str, feature: Feature) -> "pd.Series[float]":
    """How far every area is from this one in a feature, in standard deviations over all areas."""
    numbers = profiles[feature.key].astype("Float64").astype(float)
    if feature.key == "desa":
        return (numbers - float(numbers[code])) * OTHER_KIND
    if feature.logarithm:
        numbers = numbers.where(numbers > 0).map(np.log)
    spread = float(numbers.std(ddof=0))
    return (numbers - float(numbers[code])) / (spread if spread > 0 else 1.0)


# Two dates


def moves(before: pd.DataFrame, now: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """A row an area: code, name, parent_name, before, now, step (NA where one is not known), the numerators and
    denominators of both as before_numerator …, small (one of the denominators is below `FEW`).
    """
    key = indicator.key
    frame = now[["code", "name", "parent_name"]].copy()
    for column, values in (("before", before), ("now", now)):
        told = values.set_index("code").reindex(frame["code"])
        frame[column] = told[key].to_numpy(dtype=float, na_value=np.nan)
        for part in ("numerator", "denominator"):
            frame[f"{column}_{part}"] = told[f"{key}_{part}"].array
    few = (frame[["before_denominator", "now_denominator"]] < FEW).fillna(False).any(axis=1)
    return frame.assign(step=frame["now"] - frame["before"], small=few)
