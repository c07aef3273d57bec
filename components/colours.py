"""Classes of a figure and their colours: one place for map, ranking and legend."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.definitions.indicators import Indicator
from data.wording import Language, number, percent

LOW_TO_HIGH: Final = ("#b4530a", "#e08e45", "#f4d9b8", "#a5d3cb", "#2f8f88")
"""Towards a target, worst first; the orange and the teal stay apart for colour-blind readers."""
NEUTRAL: Final = ("#d6e8e7", "#a9cfcc", "#74b1ad", "#3d8e8b", "#0f6b6e")


@dataclass(frozen=True)
class Scale:
    """Class limits (a value on a limit belongs to the class above) and one colour more than limits."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float | None) -> str | None:
        """None where the value is not known: such an area is hatched."""
        return None if value is None else self.colours[bisect_right(self.breaks, value)]


def scale(indicator: Indicator, values: Iterable[float | None]) -> Scale:
    """Fixed classes where the indicator declares them, else fifths of the values, rounded to readable limits."""
    whole = not indicator.is_ratio and indicator.unit not in ("share", "number")
    breaks = indicator.breaks or _fifths([value for value in values if value is not None], whole)
    if indicator.good == "neutral":
        return Scale(breaks, _spread(NEUTRAL, len(breaks) + 1))
    ramp = LOW_TO_HIGH if indicator.good == "high" else LOW_TO_HIGH[::-1]
    return Scale(breaks, _spread(ramp, len(breaks) + 1))


def legend(limits: Scale, indicator: Indicator, language: Language) -> tuple[tuple[str, str], ...]:
    """(colour, words) a class, lowest first: `< 30%`, `30–45%`, `≥ 75%`."""
    if not limits.breaks:
        return ()
    words = [shown(limit, indicator, language, _digits(limit, indicator)) for limit in limits.breaks]
    bare = [word.removesuffix("%") for word in words]
    between = [f"{low}–{high}" for low, high in zip(bare, words[1:], strict=False)]
    return tuple(zip(limits.colours, (f"< {words[0]}", *between, f"≥ {words[-1]}"), strict=True))


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


def _fifths(values: list[float], whole: bool) -> tuple[float, ...]:
    """Limits between fifths of the values, readable ones; of counts, whole numbers."""
    if len(set(values)) < 2:
        return ()
    limits = [_readable(limit) for limit in np.quantile(np.asarray(values, dtype=float), (0.2, 0.4, 0.6, 0.8))]
    return tuple(sorted({limit for limit in (map(_up, limits) if whole else limits) if limit > min(values)}))


def _up(value: float) -> float:
    return float(math.ceil(value))


def _readable(value: float) -> float:
    return float(f"{value:.2g}")


def _spread(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    if count == 1:
        return (ramp[-2],)
    return tuple(ramp[round(step * (len(ramp) - 1) / (count - 1))] for step in range(count))
