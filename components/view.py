"""Which areas a screen shows for a place: pure decisions about levels, no data."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import pandas as pd

from data.access import Viewer
from data.area import around_all, within
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.definitions.screens import Group, Screen
from data.places.reference import LEVELS, Level, ancestors, codes, level_of, parent, place
from data.scope import Scope
from data.wording import N_

MOST: Final = 400
"""Areas on one map or in one ranking; with more of them, the next higher level is shown."""
SUMMARIES: Final = ("rekap",)
"""The register of figures that files name themselves."""
MANY: Final = 8
"""Figures up to which all of a menu are asked together, so that choosing another asks nothing anew."""

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
    it, so that the map only moves. `chosen` is the one of these areas that is the place or lies around it.
    """

    place: str
    ground: str
    by: Level
    ranked: str
    tabled: str
    tabled_by: Level
    chosen: str = ""

    @property
    def one_list(self) -> bool:
        """Whether ranking and table show the same areas."""
        return (self.ranked, self.by) == (self.tabled, self.tabled_by)

    @property
    def kelurahan(self) -> str:
        """The place where it is a kelurahan, else empty."""
        return self.chosen if self.chosen == self.place and level_of(self.place) == "kelurahan" else ""

    @property
    def look(self) -> Look:
        """Down to a kelurahan the map moves closer; larger areas are looked at beside their neighbours."""
        close = not self.chosen or self.by == "kelurahan"
        return Look(around=self.ranked, focus=self.place if close else self.ranked, chosen=self.chosen)


def anywhere(_: str) -> bool:
    """Of a reader who may see every place."""
    return True


def view(
    code: str,
    with_data: Collection[str],
    lowest: Level = "kelurahan",
    sees: Callable[[str], bool] = anywhere,
) -> View:
    """The view of a place of any level; `with_data` are the kab/kota and provinces that the store knows, `sees` says
    of which places the reader sees figures.

    A figure that exists down to the level `lowest` only is shown in the area above it, where the reader sees that.
    """
    code = at_most(code, lowest)
    chosen = code if level_of(code) == lowest else ""
    inner = parent(code) if chosen and sees(parent(code)) else code
    ground = _ground(code, with_data, sees) if lowest == "kelurahan" else inner
    return View(
        place=code,
        ground=ground,
        by=finest(ground) if lowest == "kelurahan" else lowest,
        ranked=inner,
        tabled=inner,
        tabled_by=lowest if inner == chosen else LEVELS[min(LEVELS.index(level_of(inner)) + 1, 3)],
        chosen=chosen,
    )


def at_most(code: str, lowest: Level) -> str:
    """The place itself, or the area of level `lowest` around it.

    >>> at_most("74.71.04.1021", "kabkota"), at_most("74", "kabkota")
    ('74.71', '74')
    """
    return ".".join(code.split(".")[: LEVELS.index(lowest) + 1])


def finest(code: str) -> Level:
    """The lowest level that still has few enough areas for one map."""
    below = LEVELS[LEVELS.index(level_of(code)) + 1 :]
    return next((level for level in reversed(below) if len(codes(code, level)) <= MOST), below[0])


def home(viewer: Viewer, dates: Callable[[], Mapping[str, int]] = dict) -> str:
    """Where a screen starts without a place: in the smallest place around the viewer's whole area, where its figures
    may be seen, else in the first place of that area. For a viewer of everything: in the region with the most `dates`
    to compare (by place); several kab/kota of one province are that province.
    """
    if "" not in viewer.places:
        around = around_all(viewer.places)
        return around if around and viewer.may(Right.FIGURES, around) else next(iter(viewer.places), "")
    found = dates()
    if not found:
        return ""
    first = min(found, key=lambda code: (-found[code], code))
    siblings = [code for code in found if code[:2] == first[:2]]
    return first if len(siblings) == 1 else first[:2]


def own(viewer: Viewer, right: Right, place: str) -> str:
    """The place, where the viewer has the right over it; else the first part of the viewer's area inside it, else the
    first that there is; empty where there is none.
    """
    if viewer.may(right, place) or right not in viewer.rights:
        return place if right in viewer.rights else ""
    inside = (area for area in viewer.places if within(area, place))
    return next(inside, next(iter(viewer.places), ""))


def path(code: str) -> tuple[tuple[str, str], ...]:
    """(code, name) from the province down to the place itself."""
    return tuple((step.code, step.name) for step in (*ancestors(code), place(code)))


def _ground(code: str, with_data: Collection[str], sees: Callable[[str], bool]) -> str:
    province = code[:2]
    known = [area for area in with_data if area[:2] == province]
    whole = sees(province) and (len(code) == 2 or province in known or len(known) > 1)
    return province if whole and (len(code) == 2 or finest(province) == "kelurahan") else code[:5]


def inside(areas: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows of a frame with the column `code` that are, or lie in, this place."""
    return areas[areas["code"].map(lambda area: within(area, code)).astype(bool)]


def figures_of(scope: Scope) -> Scope:
    """The scope as far as figures depend on it, so that another indicator or filter asks nothing anew."""
    return replace(scope, indicator=Scope.indicator, filters=())


@dataclass(frozen=True)
class Drawn:
    """What a screen draws large (`group`, of which `indicator` is on the map) and what apart from it.

    `category` narrows what the indicator's registers tell ("" = all). `known` are all indicators by key, `summaries`
    those that files of figures bring along, which can be mapped on every screen.
    """

    indicator: Indicator
    group: Group
    apart: tuple[Group, ...]
    category: str
    known: Mapping[str, Indicator]
    summaries: tuple[Indicator, ...] = ()

    @property
    def menu(self) -> tuple[Indicator, ...]:
        """Everything that can be mapped, the group's own figures first."""
        own = self._of(*(key for group in (self.group, *self.apart) for key in group.figures))
        return own + tuple(one for one in self.summaries if one not in own)

    @property
    def own(self) -> tuple[Indicator, ...]:
        """The figures of the group, as far as a chosen category narrows them; of a long menu those that are shown."""
        keys = self.group.keys if len(self.group.figures) <= MANY else (*self.group.cards, *self.group.columns)
        # The chosen figure does not come first: what is asked stays the same, and answered, whichever is chosen.
        return self._narrowed(dict.fromkeys((*keys, self.indicator.key)))

    @property
    def others(self) -> tuple[Indicator, ...]:
        return self._of(*(key for group in self.apart for key in group.keys))

    @property
    def beside(self) -> tuple[tuple[Group, Indicator], ...]:
        """The groups apart, each with the figure that speaks for it."""
        return tuple((group, self.known[group.figures[0]]) for group in self.apart)

    @property
    def cards(self) -> tuple[Indicator, ...]:
        return self._narrowed(self.group.cards)

    @property
    def apart_cards(self) -> tuple[Indicator, ...]:
        return self._of(*(group.cards[0] for group in self.apart if group.cards))

    @property
    def columns(self) -> tuple[Indicator, ...]:
        return self._narrowed(self.group.columns)

    @property
    def mapped(self) -> dict[str, Any]:
        """What to ask for all areas at once: what map and table show."""
        shown = (self.indicator.key, *self.group.figures, *self.group.columns)
        return {"keys": tuple(one.key for one in self.own if one.key in shown), "category": self.category}

    @property
    def categories(self) -> tuple[str, ...]:
        return categories(self.indicator)

    @property
    def updated(self) -> bool:
        """Whether records are brought up to date one by one, so that a window of updates means something."""
        return any(REGISTERS[key].updated for key in self.indicator.registers)

    def _of(self, *keys: str) -> tuple[Indicator, ...]:
        return tuple(self.known[key] for key in keys)

    def _narrowed(self, keys: Iterable[str]) -> tuple[Indicator, ...]:
        return tuple(one for one in self._of(*keys) if not self.category or one.registers == self.indicator.registers)


def drawn(screen: Screen, scope: Scope, told: Collection[str], known: Mapping[str, Indicator]) -> Drawn:
    """The group of the asked indicator; without one, that of the first figure that exists below the place and that
    the registers `told` (those with data) can tell, else of the first.
    """
    groups = [_kept(group, known) for group in screen.groups or (_brought_along(screen, known),)]
    summaries = tuple(one for one in known.values() if one.registers == SUMMARIES) if screen.groups else ()
    asked = known.get(scope.indicator)
    if asked in summaries:
        own = Group(figures=(asked.key,), cards=(asked.key,), title=N_("Summary figures"))
        apart = tuple(replace(group, title=group.title or screen.name) for group in groups)
        return Drawn(asked, own, apart, "", known, summaries)
    keys = [key for group in groups for key in group.figures]
    below = LEVELS.index(level_of(scope.place)) if scope.place else -1
    fit = [key for key in keys if LEVELS.index(known[key].lowest) > min(below, 2)]
    tellable = [key for key in fit if _tellable(known[key], told)]
    indicator = known[scope.indicator if scope.indicator in keys else (tellable or fit or keys)[0]]
    group = next(group for group in groups if indicator.key in group.figures)
    return Drawn(
        indicator=indicator,
        group=group,
        apart=tuple(other for other in groups if other is not group and other.figures),
        category=scope.filter("category") or "" if categories(indicator) else "",
        known=known,
        summaries=summaries,
    )


def places(data: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The places of several registers together."""
    return tuple(sorted({code for found in data.values() for code in found}))


def categories(indicator: Indicator) -> tuple[str, ...]:
    """The words that narrow a figure, from its registers; none where they have none."""
    return tuple(dict.fromkeys(word for key in indicator.registers for word in REGISTERS[key].categories))


def _brought_along(screen: Screen, known: Mapping[str, Indicator]) -> Group:
    """The figures that the files of a screen's registers name themselves."""
    figures = tuple(key for key, one in known.items() if set(one.registers) <= set(screen.lives_from))
    return Group(figures=figures, cards=figures[:4], columns=figures[:4])


def _kept(group: Group, known: Mapping[str, Indicator]) -> Group:
    def kept(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key for key in keys if key in known)

    return replace(group, figures=kept(group.figures), cards=kept(group.cards), columns=kept(group.columns))


def _tellable(indicator: Indicator, told: Collection[str]) -> bool:
    needed = (indicator.registers, indicator.denominator_registers or indicator.registers)
    return all(any(register in told for register in registers) for registers in needed)


def pooled(areas: pd.DataFrame, indicator: Indicator) -> float | None:
    """The ratio over all areas together; None where it is not a ratio or nothing is known."""
    known = areas[areas[indicator.key].notna()]
    if not indicator.is_ratio or known.empty:
        return None
    whole = float(known[f"{indicator.key}_numerator"].sum() / known[f"{indicator.key}_denominator"].sum())
    return whole * indicator.per


def average(areas: pd.DataFrame, value: float | None, indicator: Indicator, chosen: str) -> float | None:
    """What the areas of a ranking are compared with: the place's own figure, or, where one of them is the place, what
    all of them have together.
    """
    return pooled(areas, indicator) if chosen else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], frame.to_dict("records"))


def values(areas: pd.DataFrame, key: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in areas[key]]


def chooser(scope: Scope, go: Callable[[Scope], None]) -> Callable[[str], None]:
    """Goes to a chosen place; choosing the kelurahan that is already open leads back to its kecamatan."""

    def choose(code: str) -> None:
        go(scope.at(code[:8] if code == scope.place and len(code) > 8 else code))

    return choose
