"""Classes of a figure and their colours: one place for map, ranking and legend."""

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
    breaks = indicator.breaks or _fifths([value for value in values if value is not None])
    if indicator.good == "neutral":
        return Scale(breaks, _spread(NEUTRAL, len(breaks) + 1))
    ramp = LOW_TO_HIGH if indicator.good == "high" else LOW_TO_HIGH[::-1]
    return Scale(breaks, _spread(ramp, len(breaks) + 1))


def legend(limits: Scale, indicator: Indicator, language: Language) -> tuple[tuple[str, str], ...]:
    """(colour, words) a class, lowest first: `< 30%`, `30–45%`, `≥ 75%`."""
    if not limits.breaks:
        return ()
    words = [shown(limit, indicator, language, digits=0) for limit in limits.breaks]
    bare = [word.removesuffix("%") for word in words]
    between = [f"{low}–{high}" for low, high in zip(bare, words[1:], strict=False)]
    return tuple(zip(limits.colours, (f"< {words[0]}", *between, f"≥ {words[-1]}"), strict=True))


def shown(value: float | None, indicator: Indicator, language: Language, digits: int = 1) -> str:
    """A figure in the indicator's unit, `–` where it is not known."""
    if value is None:
        return "–"
    return percent(value, language, digits) if indicator.is_share else number(round(value), language)


def moved(difference: float, indicator: Indicator, language: Language) -> tuple[float, str]:
    """A change as it is read, rounded, and its size in words without a sign: points for shares, else a count.

    >>> from data.definitions.indicators import INDICATORS
    >>> moved(-0.0301, INDICATORS["nik_valid_share"], "id")
    (-3.0, '3,0')
    """
    if indicator.is_share:
        return round(difference * 100, 1), percent(abs(difference), language).removesuffix("%")
    return round(difference), number(abs(round(difference)), language)


def _fifths(values: list[float]) -> tuple[float, ...]:
    if len(set(values)) < 2:
        return ()
    limits = np.quantile(np.asarray(values, dtype=float), (0.2, 0.4, 0.6, 0.8))
    return tuple(sorted({_readable(limit) for limit in limits if _readable(limit) > min(values)}))


def _readable(value: float) -> float:
    return float(f"{value:.2g}")


def _spread(ramp: tuple[str, ...], count: int) -> tuple[str, ...]:
    if count == 1:
        return (ramp[-2],)
    return tuple(ramp[round(step * (len(ramp) - 1) / (count - 1))] for step in range(count))
