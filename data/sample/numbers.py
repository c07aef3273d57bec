"""NIK and KK numbers that nobody has: right in area, date and sex, with a serial in 9000-9999.

Civil registration counts up from 0001 within each area and day of birth and does not come near 9000.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.places import reference

Array = npt.NDArray[Any]

FAR_AREAS: Final = 60
"""Kecamatan of other provinces where people of a region had their NIK issued."""


def elsewhere(place: str) -> Array:
    """Kecamatan codes (six digits, int64) where people came from: the whole province and a few of the country."""
    near, everywhere = reference.codes(place[:2], "kecamatan"), reference.codes("", "kecamatan")
    far = everywhere[:: len(everywhere) // FAR_AREAS]
    return np.array([int(code.replace(".", "")) for code in (*near, *far)], dtype=np.int64)


def ddmmyy(day: Array) -> Array:
    """Days since 1970 as the six digits of a NIK, for men.

    >>> int(ddmmyy(np.array([18628]))[0])
    10121
    """
    dates = day.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day_of_month = (dates - months).astype(np.int64) + 1
    month = months.astype(np.int64)
    digits: Array = day_of_month * 10**4 + (month % 12 + 1) * 100 + (month // 12 + 1970) % 100
    return digits


def unique(beginning: Array, since: int = 0) -> Array:
    """Sixteen-digit numbers (int64), all different, from their first twelve digits.

    Numbers made with another `since` (0…999) stay apart as long as fewer than the difference begin alike.
    """
    order = np.argsort(beginning, kind="stable")
    ordered = beginning[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    nth = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    serial = np.empty(len(ordered), dtype=np.int64)
    serial[order] = 9000 + (ordered * 7919 + (nth + since) * 37) % 1000
    numbers: Array = beginning * 10**4 + serial
    return numbers


def mistaken(nik: Array, rng: np.random.Generator) -> Array:
    """What a NIK becomes by a slip of the pen: another birth year or area, now and then a digit lost."""
    kind = rng.random(len(nik), dtype=np.float32)
    year = nik + np.where(nik // 10**4 % 100 >= 50, -1, 1) * rng.integers(1, 9, len(nik)) * 10**4
    area = nik + rng.integers(1, 5, len(nik)) * 10**10
    return np.where(kind < 0.07, nik // 10, np.where(kind < 0.6, year, area))
