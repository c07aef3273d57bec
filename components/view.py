"""Which areas a screen shows for a place: pure decisions about levels, no data."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import pandas as pd

from data.access import within
from data.definitions.indicators import INDICATORS, Indicator
from data.places.reference import LEVELS, Level, ancestors, codes, level_of, place
from data.scope import Scope
from data.wording import N_

MAPPED: Final = tuple(key for key, indicator in INDICATORS.items() if indicator.unit != "rows")
"""Figures that an area can have; rows without a kelurahan lie in none."""
MOST: Final = 400
"""Areas on one map or in one ranking; with more of them, the next higher level is shown."""

LEVEL_NAMES: Final[dict[Level, str]] = {
    "province": N_("province"),
    "kabkota": N_("kabupaten/kota"),
    "kecamatan": N_("kecamatan"),
    "kelurahan": N_("kelurahan"),
}


@dataclass(frozen=True)
class Look:
    """Where a map looks: areas outside `around` are pale, `focus` fills the frame, `chosen` is outlined."""

    around: str
    focus: str
    chosen: str = ""


@dataclass(frozen=True)
class View:
    """`place` is the screen's; the map shows the areas `by` of `ground`, the ranking those inside `ranked`,
    the table those of level `tabled_by` inside `tabled`. Ground stays the same while a user narrows the screen within
    it, so that the map only moves.
    """

    place: str
    ground: str
    by: Level
    ranked: str
    tabled: str
    tabled_by: Level
    kelurahan: str = ""

    @property
    def one_list(self) -> bool:
        """Whether ranking and table show the same areas."""
        return (self.ranked, self.by) == (self.tabled, self.tabled_by)

    @property
    def look(self) -> Look:
        return Look(around=self.ranked, focus=self.place, chosen=self.kelurahan)


def view(code: str, with_data: Collection[str]) -> View:
    """The view of a place of any level; `with_data` are the kab/kota and provinces that the store knows."""
    level = level_of(code)
    kelurahan = code if level == "kelurahan" else ""
    inner = code[:8] if kelurahan else code
    ground = _ground(code, with_data)
    return View(
        place=code,
        ground=ground,
        by=finest(ground),
        ranked=inner,
        tabled=inner,
        tabled_by=LEVELS[min(LEVELS.index(level_of(inner)) + 1, 3)],
        kelurahan=kelurahan,
    )


def finest(code: str) -> Level:
    """The lowest level that still has few enough areas for one map."""
    below = LEVELS[LEVELS.index(level_of(code)) + 1 :]
    return next((level for level in reversed(below) if len(codes(code, level)) <= MOST), below[0])


def home(dates: Mapping[str, int]) -> str:
    """Where a screen starts without a place: the region with the most dates to compare (`dates` by place); several
    kab/kota of one province are that province.
    """
    if not dates:
        return ""
    first = min(dates, key=lambda code: (-dates[code], code))
    siblings = [code for code in dates if code[:2] == first[:2]]
    return first if len(siblings) == 1 else first[:2]


def path(code: str) -> tuple[tuple[str, str], ...]:
    """(code, name) from the province down to the place itself."""
    return tuple((step.code, step.name) for step in (*ancestors(code), place(code)))


def _ground(code: str, with_data: Collection[str]) -> str:
    province = code[:2]
    known = [area for area in with_data if area[:2] == province]
    whole = len(code) == 2 or province in known or len(known) > 1
    return province if whole and (len(code) == 2 or finest(province) == "kelurahan") else code[:5]


def inside(areas: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows of a frame with the column `code` that are, or lie in, this place."""
    return areas[areas["code"].map(lambda area: within(area, code)).astype(bool)]


def figures_of(scope: Scope) -> Scope:
    """The scope as far as figures depend on it, so that another indicator or filter asks nothing anew."""
    return replace(scope, indicator=Scope.indicator, filters=())


def pooled(areas: pd.DataFrame, indicator: Indicator) -> float | None:
    """The share over all areas together; None where it is not a share or nothing is known."""
    known = areas[areas[indicator.key].notna()]
    if not indicator.is_share or known.empty:
        return None
    return float(known[f"{indicator.key}_numerator"].sum() / known[f"{indicator.key}_denominator"].sum())


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], frame.to_dict("records"))


def values(areas: pd.DataFrame, key: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in areas[key]]


def chooser(scope: Scope, go: Callable[[Scope], None]) -> Callable[[str], None]:
    """Goes to a chosen place; choosing the kelurahan that is already open leads back to its kecamatan."""

    def choose(code: str) -> None:
        go(scope.at(code[:8] if code == scope.place and len(code) > 8 else code))

    return choose
