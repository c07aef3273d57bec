"""Reads the dates of a column: each spelling once, in the order of day and month that the whole column shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from data.intake.recognise import MONTHS

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_PARTS: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?:[ T,].*)?")
_WORDS: Final = re.compile(r"(?:[A-Za-z']+,\s*)?(\d{1,2})[-/. ]+([A-Za-z]{3,12})[-/., ]+(\d{2}|\d{4})(?:[ T,].*)?")
_SERIAL: Final = re.compile(r"([1-6]\d{4})(?:\.\d+)?")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_COMPACT_DAYS: Final = re.compile(r"([0-3]\d)([01]\d)((?:19|20)\d\d)")
_EXCEL_ZERO: Final = date(1899, 12, 30)


@dataclass(frozen=True)
class Reading:
    """The day of every spelling that could be read, and how sure the order of day and month is.

    `order` is "D/M/Y" or "M/D/Y". `assumed` counts rows where nothing in the column shows the order; `mixed` counts
    rows of a column that shows both.
    """

    days: dict[str, date]
    order: str
    assumed: int = 0
    mixed: int = 0


def read(spellings: Mapping[str, int], latest: date) -> Reading:
    """Reads spellings (with the rows that have them). A two-digit year is the newest one not after `latest`.

    >>> read({"31/01/2020": 1, "05/02/2020": 1}, date(2021, 1, 31)).days["05/02/2020"]
    datetime.date(2020, 2, 5)
    >>> read({"5 Agt 45": 1, "43894": 1}, date(2021, 1, 31)).days
    {'5 Agt 45': datetime.date(1945, 8, 5), '43894': datetime.date(2020, 3, 4)}
    """
    numeric = {text: found for text in spellings if (found := _PARTS.fullmatch(text.strip()))}
    day_first = sum(spellings[text] for text, found in numeric.items() if int(found[1]) > 12)
    month_first = sum(spellings[text] for text, found in numeric.items() if int(found[2]) > 12)
    rows = sum(spellings[text] for text in numeric)
    order = "M/D/Y" if month_first > day_first else "D/M/Y"
    days = {
        text: day for text in spellings if (day := _day(text.strip(), order, bool(day_first and month_first), latest))
    }
    return Reading(
        days,
        order,
        assumed=rows if not day_first and not month_first else 0,
        mixed=rows if day_first and month_first else 0,
    )


def _day(text: str, order: str, mixed: bool, latest: date) -> date | None:
    if found := _ISO.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _PARTS.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        month, day = (first, second) if order == "M/D/Y" else (second, first)
        if mixed and month > 12:
            month, day = day, month
        return _made_of(found[3], month, day, latest)
    if (found := _WORDS.fullmatch(text)) and (named := MONTHS.get(found[2].casefold())):
        return _made_of(found[3], named, int(found[1]), latest)
    if found := _COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _COMPACT_DAYS.fullmatch(text):
        return _made(int(found[3]), int(found[2]), int(found[1]))
    if found := _SERIAL.fullmatch(text):
        return _EXCEL_ZERO + timedelta(days=int(found[1]))
    return None


def _made_of(year: str, month: int, day: int, latest: date) -> date | None:
    if len(year) == 4:
        return _made(int(year), month, day)
    century = latest.year // 100 * 100
    made = _made(century + int(year), month, day)
    return made if made and made <= latest else _made(century - 100 + int(year), month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
