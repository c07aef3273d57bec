"""In which class an area's value stands, and what the classes are called: one reading for map, ranking and legend.

A class is named by a letter: 0 to 4 on the ramp of colours (`ramps.css`), `z` nobody at all, `w` withheld, `n` no data.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

from data.wording import N_, Language, number, percent, translate

ZERO, WITHHELD, UNKNOWN = "z", "w", "n"
STEPS: Final = 5
"""Colours of a ramp."""
HIDDEN: Final = "*"
"""How a withheld number is written in a cell."""

Ramp = Literal["diverging", "single", "neutral"]
Published = Mapping[str, Any]
"""An indicator, a place or a map as the published files hold it."""


def ramp(indicator: Published) -> Ramp:
    if indicator["good"] == "neutral":
        return "neutral"
    return "diverging" if indicator["diverging"] else "single"


def steps(indicator: Published, level: str) -> tuple[str, ...]:
    """The classes between the limits, lowest values first; 0 is the colour of the worst.

    >>> steps({"good": "low", "diverging": False, "breaks": {"kelurahan": [5, 10]}}, "kelurahan")
    ('4', '2', '0')
    """
    count = len(indicator["breaks"].get(level, ())) + 1
    if count == 1:
        return ("3",)
    found = [round(step * (STEPS - 1) / (count - 1)) for step in range(count)]
    return tuple(str(STEPS - 1 - step if indicator["good"] == "low" else step) for step in found)


def of(value: float | str | None, indicator: Published, level: str) -> str:
    """The class of a published value."""
    if value is None or value == HIDDEN:
        return WITHHELD if value == HIDDEN else UNKNOWN
    if value == 0 and own_zero(indicator):
        return ZERO
    return steps(indicator, level)[bisect_right(indicator["breaks"].get(level, ()), float(value))]


def own_zero(indicator: Published) -> bool:
    """Whether nought is a class of its own: declared limits cover the whole range, found ones do not."""
    return not indicator["diverging"]


def legend(indicator: Published, level: str, present: Collection[str], language: Language) -> list[tuple[str, str]]:
    """(class, words), lowest values first; nought only where an area has it."""
    breaks = indicator["breaks"].get(level, ())
    nought = [(ZERO, shown(0, indicator, language, 0))] if ZERO in present else []
    names = steps(indicator, level)
    if not breaks:
        some = "> " + shown(0, indicator, language, 0) if nought else translate(N_("the same everywhere"), language)
        return [*nought, *[(names[0], some)] * (names[0] in present)]
    words = [shown(limit, indicator, language, _digits(limit, indicator)) for limit in breaks]
    bare = [word.removesuffix("%") for word in words]
    between = [f"{low}–{high}" for low, high in zip(bare, words[1:], strict=False)]
    return [*nought, *zip(names, (f"< {words[0]}", *between, f"≥ {words[-1]}"), strict=True)]


def shown(value: float, indicator: Published, language: Language, digits: int | None = None) -> str:
    """A published value as it is read, shares in per cent.

    >>> shown(0.4961, {"unit": "share", "digits": 0}, "id"), shown(3.25, {"unit": "per_1000", "digits": 1}, "id")
    ('50%', '3,2')
    """
    places = int(indicator["digits"] if digits is None else digits)
    if indicator["unit"] == "share":
        return percent(value, language, places)
    return number(float(value), language, places)


def _digits(limit: float, indicator: Published) -> int:
    read = limit * (100 if indicator["unit"] == "share" else 1)
    return next((places for places in range(3) if abs(round(read, places) - read) < 1e-6), 3)
