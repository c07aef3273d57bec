"""Classes of a figure and their colours: one place for map, ranking and legend."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np

from data.definitions.indicators import FEW, Indicator
from data.wording import Language, number, percent

LOW_TO_HIGH: Final = ("#b4530a", "#e08e45", "#f4d9b8", "#a5d3cb", "#2f8f88")
"""Around a target, worst first; the orange and the teal stay apart for colour-blind readers."""
WORSE: Final = ("#fae0c3", "#f5c592", "#eba761", "#d88233", "#b4530a")
"""Without a target, better to worse: one hue, because nothing lies in the middle."""
NEUTRAL: Final = ("#c3dedb", "#96c4c0", "#66a7a3", "#378681", "#0b6063")
ZERO: Final = "#f7f5f0"
"""Nobody at all, which is neither few nor unknown."""

Classes = Literal["fixed", "quantile", "natural", "equal"]
"""How values are put into classes: declared limits, equally many areas, natural breaks, equal steps."""
CLASSES: Final = 5
SKEWED: Final = 1.0
"""Skewness from which natural breaks tell more than fifths, most of which would lie close together."""


@dataclass(frozen=True)
class Scale:
    """Class limits (a value on a limit belongs to the class above) and one colour more than limits.

    `zero` is the colour of nought where that is a class of its own; `counts` say how many of the values stand in each
    class (nought first, where it has one), `unknown` how many have no value, `classes` how the limits were found.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    zero: str = ""
    counts: tuple[int, ...] = ()
    unknown: int = 0
    classes: Classes = "fixed"

    def colour(self, value: float | None) -> str | None:
        """None where the value is not known: such an area is hatched."""
        if value is None:
            return None
        return self.zero if self.zero and value == 0 else self.colours[bisect_right(self.breaks, value)]

    @property
    def every(self) -> tuple[str, ...]:
        """The colours of all classes, lowest first."""
        return (self.zero, *self.colours) if self.zero else self.colours


def scale(indicator: Indicator, values: Iterable[float | None], classes: str | None = None) -> Scale:
    """The classes of these values; `classes` as asked for in an address, else those that suit the figure.

    Colours diverge around declared limits only, which stand for a target; else one hue runs from better to worse.
    """
    told = list(values)
    known = [value for value in told if value is not None]
    way = suited(indicator, known, classes)
    # Declared limits cover the whole range; found ones tell apart those that have any.
    zero = ZERO if way != "fixed" and 0 in known and any(known) else ""
    breaks = (
        indicator.breaks
        if way == "fixed"
        else limits([one for one in known if one or not zero], way, _whole(indicator))
    )
    made = Scale(breaks, _ramp(indicator, way, len(breaks) + 1), zero, unknown=len(told) - len(known), classes=way)
    drawn = [made.colour(value) for value in known]
    return replace(made, counts=tuple(drawn.count(colour) for colour in made.every))


def suited(indicator: Indicator, known: Sequence[float], asked: str | None = None) -> Classes:
    """The way that was asked for, where it exists for the figure; else declared limits, natural breaks where the values
    are skewed, and fifths.
    """
    if asked in ways(indicator):
        return asked
    if indicator.breaks:
        return "fixed"
    return "natural" if skewness(known) > SKEWED else "quantile"


def ways(indicator: Indicator) -> tuple[Classes, ...]:
    """The ways in which a figure can be put into classes."""
    return tuple(way for way in get_args(Classes) if way != "fixed" or indicator.breaks)


def uncertain(denominator: float | None, indicator: Indicator) -> bool:
    """Whether a share is one of so few that chance decides."""
    return indicator.is_ratio and denominator is not None and 0 < denominator < FEW


def limits(values: Sequence[float], way: Classes, whole: bool) -> tuple[float, ...]:
    """Readable limits between classes of values that differ; of counts, whole numbers."""
    if len(set(values)) < 2:
        return ()
    sorted_values = np.sort(np.asarray(values, dtype=float))
    if way == "natural":
        found = [_between(low, high) for low, high in natural(sorted_values, CLASSES)]
    elif way == "equal":
        found = [_readable(limit) for limit in np.linspace(sorted_values[0], sorted_values[-1], CLASSES + 1)[1:-1]]
    else:
        found = [_readable(limit) for limit in np.quantile(sorted_values, (0.2, 0.4, 0.6, 0.8))]
    return tuple(sorted({limit for limit in (map(_up, found) if whole else found) if limit > sorted_values[0]}))


def natural(values: np.ndarray[tuple[int], np.dtype[np.float64]], classes: int) -> list[tuple[float, float]]:
    """Between which values classes part so that the squares within them are least (Fisher 1958, exactly).

    `values` are sorted; the answer has the last value of a class and the first of the next.

    >>> natural(np.array([1.0, 2.0, 2.0, 9.0, 10.0, 50.0]), 3)
    [(2.0, 9.0), (10.0, 50.0)]
    """
    count, classes = len(values), min(classes, len(set(values.tolist())))
    sums, squares = (np.concatenate(([0.0], np.cumsum(part))) for part in (values, values**2))
    first, last = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = squares[last] - squares[first] - (sums[last] - sums[first]) ** 2 / (last - first)
    cost[last <= first] = np.inf
    best, cuts = cost[0], []
    for _ in range(classes - 1):
        total = best[:, None] + cost
        cuts.append(np.argmin(total, axis=0))
        best = np.min(total, axis=0)
    found, end = [], count
    for starts in reversed(cuts):
        end = int(starts[end])
        found.append((float(values[end - 1]), float(values[end])))
    return [pair for pair in found[::-1] if pair[0] < pair[1]]


def skewness(values: Sequence[float]) -> float:
    """The third standardised moment; nought where all are alike.

    >>> skewness([1.0, 1.0, 1.0]), round(skewness([1.0, 1.0, 1.0, 1.0, 100.0]), 2)
    (0.0, 1.5)
    """
    found = np.asarray(values, dtype=float)
    spread = float(found.std()) if len(found) else 0.0
    return float((((found - found.mean()) / spread) ** 3).mean()) if spread else 0.0


def legend(limits: Scale, indicator: Indicator, language: Language) -> tuple[tuple[str, str], ...]:
    """(colour, words) a class, lowest first: `< 30%`, `30–45%`, `≥ 75%`."""
    nought = ((limits.zero, shown(0.0, indicator, language, 0)),) if limits.zero else ()
    if not limits.breaks:
        return (*nought, (limits.colours[0], f"> {nought[0][1]}")) if nought else ()
    words = [shown(limit, indicator, language, _digits(limit, indicator)) for limit in limits.breaks]
    bare = [word.removesuffix("%") for word in words]
    between = [f"{low}–{high}" for low, high in zip(bare, words[1:], strict=False)]
    return (*nought, *zip(limits.colours, (f"< {words[0]}", *between, f"≥ {words[-1]}"), strict=True))


def shown(value: float | None, indicator: Indicator, language: Language, digits: int | None = None) -> str:
    """A figure in the indicator's unit, `–` where it is not known; without `digits`, as many as the unit usually has.

    >>> from data.definitions.catalogue import INDICATORS
    >>> shown(3.0, INDICATORS["ppks_per_1000"], "id"), shown(0.0467, INDICATORS["poverty_rate_official"], "id")
    ('3,0', '4,67%')
    """
    if value is None:
        return "–"
    places = usual(indicator) if digits is None else digits
    if indicator.unit == "number":
        return number(float(value), language, max(places, 2))
    if indicator.is_share:
        return percent(value, language, places)
    return percent(value / 100, language, places).removesuffix("%")


def usual(indicator: Indicator) -> int:
    """Decimals of a figure: a rate that its source publishes keeps both of them."""
    if indicator.is_share:
        return 1 if indicator.is_ratio else 2
    return {"per_1000": 1, "number": 2}.get(indicator.unit, 0)


def moved(difference: float, indicator: Indicator, language: Language) -> tuple[float, str]:
    """A change as it is read, rounded, and its size in words without a sign: points for shares, else in the unit.

    >>> from data.definitions.catalogue import INDICATORS
    >>> moved(-0.0301, INDICATORS["nik_valid_share"], "id")
    (-3.0, '3,0')
    """
    step = round(difference * (100 if indicator.is_share else 1), usual(indicator))
    return step or 0.0, shown(abs(difference), indicator, language).removesuffix("%")


def _digits(limit: float, indicator: Indicator) -> int:
    """Decimals that a limit needs: 10% and 2.5%."""
    read = limit * (100 if indicator.is_share else 1)
    return next((places for places in range(3) if abs(round(read, places) - read) < 1e-6), 3)


def _ramp(indicator: Indicator, way: Classes, count: int) -> tuple[str, ...]:
    if indicator.good == "neutral":
        return _spread(NEUTRAL, count)
    ramp = LOW_TO_HIGH if way == "fixed" else WORSE[::-1]
    return _spread(ramp if indicator.good == "high" else ramp[::-1], count)


def _whole(indicator: Indicator) -> bool:
    return not indicator.is_ratio and indicator.unit not in ("share", "number")


def _between(low: float, high: float) -> float:
    """The shortest number above `low` and not above `high`.

    >>> _between(1234.0, 1377.0), _between(0.112, 0.131), _between(3.0, 4.0)
    (1300.0, 0.13, 4.0)
    """
    for digits in range(15):
        step = 10.0 ** (math.floor(math.log10(abs(high))) - digits) if high else 1.0
        found = float(f"{math.floor(high / step + 1e-9) * step:.12g}")
        if low < found <= high:
            return found
    return high


def _up(value: float) -> float:
    return float(math.ceil(value))


def _readable(value: float) -> float:
    return float(f"{value:.2g}")


def _spread(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    if count == 1:
        return (ramp[-2],)
    return tuple(ramp[round(step * (len(ramp) - 1) / (count - 1))] for step in range(count))
