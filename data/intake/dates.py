"""Dates: those in a column, each spelling once, in the order of day and month that the whole column shows; and the one
that a title or a file's name speaks of.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from babel.dates import get_day_names, get_month_names
from rapidfuzz import fuzz, process

MONTHS: Final[dict[str, int]] = {
    name.casefold(): number
    for width in ("wide", "abbreviated")
    for language in ("en", "id")
    for number, name in get_month_names(width, locale=language).items()
} | {
    "agt": 8, "ags": 8, "agst": 8, "agus": 8, "peb": 2, "pebruari": 2, "nopember": 11, "nop": 11, "sept": 9, "mrt": 3,
}  # fmt: skip
DAYS: Final = frozenset(
    name.casefold()
    for width in ("wide", "abbreviated")
    for language in ("en", "id")
    for name in get_day_names(width, locale=language).values()
) | {"ahad", "jum'at"}
LEAST_ALIKE: Final = 85.0
SHORTEST_MISSPELT: Final = 4
_LONG_MONTHS: Final = tuple(name for name in MONTHS if len(name) >= SHORTEST_MISSPELT)
MOSTLY: Final = 0.8
MANY: Final = 10
LONGEST: Final = 60

Order = Literal["D/M/Y", "M/D/Y"]

_BESIDE: Final = " \t\r\n\u00a0\ufeff'’‘`\""
_DASHES: Final = str.maketrans(dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-") | {0xA0: " "})
_BY: Final = r"[\s\-/.\\|_,]+"
_MAYBE: Final = r"[\s\-/.\\|_,']*"
_MONTH: Final = r"([^\W\d_]{3,12})"
_TAIL: Final = r"(?:[ T,].*)?"
_CLEAR: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){_BY}(\d{{1,2}}){_BY}(\d{{1,2}}){_TAIL}")
_PARTS: Final = re.compile(rf"(\d{{1,2}}){_BY}(\d{{1,2}}){_BY}(\d{{2}}|\d{{4}}){_TAIL}")
_DAY_MONTH: Final = re.compile(rf"(?P<day>\d{{1,2}}){_MAYBE}{_MONTH}{_MAYBE}(?P<year>\d{{2}}|\d{{4}}){_TAIL}")
_MONTH_DAY: Final = re.compile(
    rf"{_MONTH}{_MAYBE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_BY}(?P<year>\d{{2}}|\d{{4}}){_TAIL}"
)
_YEAR_MONTH: Final = re.compile(rf"(?P<year>\d{{4}}){_MAYBE}{_MONTH}{_MAYBE}(?P<day>\d{{1,2}}){_TAIL}")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_COMPACT_DAYS: Final = re.compile(r"([0-3]\d)([01]\d)((?:19|20)\d\d)")
_SERIAL: Final = re.compile(r"([1-6]\d{4})(?:[.,]\d+)?")
_SHORT_SERIAL: Final = re.compile(r"([1-9]\d{3})(?:[.,]\d+)?")
_YEARS: Final = range(1900, 2100)
_PLACE: Final = re.compile(r"[^\W\d_][^\d,]*,\s*(?=\d)")
_DAY_NAME: Final = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, DAYS), key=len, reverse=True))})[\s,.]+", re.I)
_EXCEL_ZERO: Final = date(1899, 12, 30)


@dataclass(frozen=True)
class Reading:
    """The day of every spelling that could be read, and how sure the order of day and month is.

    `assumed` counts rows where nothing in the column shows the order; `mixed` counts rows of a column that shows both.
    """

    days: dict[str, date]
    order: Order
    assumed: int = 0
    mixed: int = 0


def read(spellings: Mapping[str, int], latest: date) -> Reading:
    """Reads spellings (with the rows that have them). A two-digit year is the newest one not after `latest`.

    >>> read({"31/01/2020": 1, "05/02/2020": 1}, date(2021, 1, 31)).days["05/02/2020"]
    datetime.date(2020, 2, 5)
    >>> read({"5 Agt 45": 1, "43894": 1, "Kendari, 4 - 3 - 2020": 1}, date(2021, 1, 31)).days
    {'5 Agt 45': datetime.date(1945, 8, 5), '43894': datetime.date(2020, 3, 4), \
'Kendari, 4 - 3 - 2020': datetime.date(2020, 3, 4)}
    """
    clear = {text: day for text in spellings if _CLEAR.fullmatch(text) and (day := _made(*map(int, text.split("-"))))}
    plain = {text: text if text in clear else _plain(text) for text in spellings if len(text) <= LONGEST}
    parts = {
        text: found.groups() for text, bare in plain.items() if text not in clear and (found := _PARTS.fullmatch(bare))
    }
    year_first = _year_first(spellings, plain, parts)
    numeric = {
        text: (int(one), int(two)) for text, (one, two, year) in parts.items() if not year_first or len(year) > 2
    }
    day_first = sum(spellings[text] for text, (one, _) in numeric.items() if one > 12)
    month_first = sum(spellings[text] for text, (_, two) in numeric.items() if two > 12)
    rows = sum(spellings[text] for text in numeric)
    order: Order = "M/D/Y" if month_first > day_first else "D/M/Y"
    mixed = bool(day_first and month_first)
    days = dict(clear)
    for text, bare in plain.items():
        if text in clear:
            continue
        if text in numeric:
            day = _ordered(*numeric[text], parts[text][2], order, mixed, latest)
        elif text in parts:
            year, month, last = parts[text]
            day = _made_of(year, int(month), int(last), latest)
        else:
            day = _day(bare, latest)
        if day:
            days[text] = day
    return Reading(
        days | _short_serials(spellings, plain, days),
        order,
        assumed=rows if not day_first and not month_first else 0,
        mixed=rows if mixed else 0,
    )


def _plain(text: str) -> str:
    """The text without what stands around a date: apostrophes, a place or the day of the week, full stops."""
    bare = text.strip(_BESIDE).rstrip(".").translate(_DASHES)
    if bare[:1].isalpha():
        bare = _DAY_NAME.sub("", _PLACE.sub("", bare, count=1), count=1)
    return bare


def _year_first(spellings: Mapping[str, int], plain: Mapping[str, str], parts: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether two-digit years stand in front (`20/03/04`). Only a year is above 31; else the part is the year that is
    the same in most rows, or the one that is in front where years are written out.
    """
    short = {text: (int(one), int(two), int(three)) for text, (one, two, three) in parts.items() if len(three) == 2}
    if not short:
        return False
    front = sum(spellings[text] for text, (one, two, _) in short.items() if one > 31 and two <= 12)
    back = sum(spellings[text] for text, (_, _, three) in short.items() if three > 31)
    if front or back:
        return front > back
    if any(two > 12 or not 0 < one <= 31 or not 0 < three <= 31 for one, two, three in short.values()):
        return False
    if len(short) < len(parts):
        return False
    if sum(spellings[text] for text in short) < sum(
        rows for text, rows in spellings.items() if _YEAR_FIRST.fullmatch(plain.get(text, ""))
    ):
        return True
    fronts, backs = {one for one, _, _ in short.values()}, {three for _, _, three in short.values()}
    return len(short) >= MANY and 3 * len(fronts) <= len(backs)


def _ordered(one: int, two: int, year: str, order: Order, mixed: bool, latest: date) -> date | None:
    month, day = (one, two) if order == "M/D/Y" else (two, one)
    if mixed and month > 12:
        month, day = day, month
    return _made_of(year, month, day, latest)


def _day(text: str, latest: date) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    for form in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH):
        if (found := form.fullmatch(text)) and (month := _month(found[1] if form is _MONTH_DAY else found[2])):
            return _made_of(found["year"], month, int(found["day"]), latest)
    if found := _COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _COMPACT_DAYS.fullmatch(text):
        return _made(int(found[3]), int(found[2]), int(found[1]))
    if found := _SERIAL.fullmatch(text):
        return _EXCEL_ZERO + timedelta(days=int(found[1]))
    return None


@lru_cache(maxsize=4096)
def _month(word: str) -> int | None:
    """The month that a word means, or means but for a slip.

    >>> [_month(word) for word in ("Mrt", "Septmber", "Desmber", "Juno", "Senin")]
    [3, 9, 12, None, None]
    """
    word = word.casefold()
    if word in MONTHS or len(word) < SHORTEST_MISSPELT:
        return MONTHS.get(word)
    alike = process.extract(word, _LONG_MONTHS, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=None)
    meant = {MONTHS[name] for name, *_ in alike}
    return meant.pop() if len(meant) == 1 else None


def _short_serials(spellings: Mapping[str, int], plain: Mapping[str, str], days: Mapping[str, date]) -> dict[str, date]:
    """Days before 1927, which a spreadsheet counts with four digits, in a column that is otherwise so counted. What
    can be a year is none.
    """
    counted = sum(spellings[text] for text in days if _SERIAL.fullmatch(plain[text]))
    if not counted or counted < MOSTLY * sum(spellings[text] for text in days):
        return {}
    found = {text: int(short[1]) for text, bare in plain.items() if (short := _SHORT_SERIAL.fullmatch(bare))}
    return {text: _EXCEL_ZERO + timedelta(days=number) for text, number in found.items() if number not in _YEARS}


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


# Titles and names of files


_IN_ISO: Final = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_IN_ORDER: Final = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|1[0-2])[-/.](20\d\d)(?!\d)")
_MONTHS: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_IN_WORDS: Final = re.compile(rf"(?:(?<!\d)(\d{{1,2}})[\s_-]*)?(?<![a-z])({_MONTHS})\.?[\s_-]*(20\d\d)(?!\d)")


def date_in(text: str) -> date | None:
    """The day that a title or file name speaks of; a month stands for its last day.

    >>> date_in("Data per 31 Januari 2021"), date_in("dtks_kendari_2020-09.csv")
    (datetime.date(2021, 1, 31), datetime.date(2020, 9, 30))
    """
    text = text.casefold()
    if found := _IN_WORDS.search(text):
        return _dated(int(found[3]), MONTHS[found[2]], found[1])
    if found := _IN_ORDER.search(text):
        return _dated(int(found[3]), int(found[2]), found[1])
    if found := _IN_ISO.search(text):
        return _dated(int(found[1]), int(found[2]), found[3])
    return None


def _dated(year: int, month: int, day: str | None) -> date | None:
    try:
        return date(year, month, int(day)) if day else month_end(year, month)
    except ValueError:
        return None


def iso_day(text: str) -> date:
    """An ISO date; a month stands for its last day. Raises ValueError.

    >>> iso_day("2021-02"), iso_day("2021-01-31")
    (datetime.date(2021, 2, 28), datetime.date(2021, 1, 31))
    """
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        first = date(int(found[1]), int(found[2]), 1)
        return month_end(first.year, first.month)
    return date.fromisoformat(text)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
