"""Finds the heading row of a table and what each column means."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import takewhile
from typing import Final

from babel.dates import get_month_names
from rapidfuzz import fuzz

from data.definitions.registers import Register
from data.intake.read import Cells, Row, Sheet

SEARCHED_ROWS: Final = 20
LEAST_SIMILAR: Final = 86.0
LEAST_LEAD: Final = 4.0
SHORTEST_FUZZY: Final = 6
"""Short headings (NIK, RT, JK, BST) are one slip away from each other: they must fit exactly."""

MONTHS: Final[dict[str, int]] = {
    name.casefold(): number
    for width in ("wide", "abbreviated")
    for language in ("en", "id")
    for number, name in get_month_names(width, locale=language).items()
} | {"agt": 8, "peb": 2, "pebruari": 2, "nopember": 11, "nop": 11, "sept": 9}


@dataclass(frozen=True)
class Column:
    """A column of the file: its position, its heading as written, the field it holds ("" if unknown), how sure
    (0–1).
    """

    index: int
    heading: str
    field: str
    confidence: float


@dataclass(frozen=True)
class Recognition:
    """What a table is taken for. `header_row` is its number in the file; `title` is the text above it."""

    sheet: Sheet
    header_row: int
    columns: tuple[Column, ...]
    layout: str
    title: str

    def column(self, field: str) -> Column | None:
        return next((column for column in self.columns if column.field == field), None)

    @property
    def known(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field)

    @property
    def unknown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.field)

    def fits(self, register: Register) -> bool:
        fields = {column.field for column in self.known}
        written = {normal(column.heading) for column in self.columns}
        elsewhere = any(normal(heading) in written for heading in register.belongs_elsewhere)
        return len(fields) >= register.needs and not fields.isdisjoint(register.needs_one_of) and not elsewhere


def recognise(sheets: Iterable[Sheet], register: Register) -> Recognition:
    """The table and heading row that fit the register best; ask `fits` whether that is enough."""
    candidates = (
        _recognition(sheet, position, register)
        for sheet in sheets
        for position in range(min(SEARCHED_ROWS, len(sheet.preview)))
    )
    nothing = Recognition(Sheet("", (), lambda *_: "utf-8"), 0, (), "", "")
    return max(
        candidates, key=lambda found: (found.fits(register), sum(c.confidence for c in found.known)), default=nothing
    )


def _recognition(sheet: Sheet, position: int, register: Register) -> Recognition:
    number, cells = sheet.preview[position]
    above = sheet.preview[:position]
    title = " ".join(" ".join(filter(None, row)) for _, row in above)
    columns = match_headings(cells, register)
    fields = tuple(column.field for column in columns)
    layout = next((layout.key for layout in register.layouts if layout.fields == tuple(filter(None, fields))), "")
    return Recognition(sheet, number, columns, layout, title)


def match_headings(headings: Cells, register: Register) -> tuple[Column, ...]:
    """Matches headings to fields by meaning: each field once, the surest pair first.

    >>> from data.definitions.registers import registers
    >>> [c.field for c in match_headings(("NOMOR NIK", "Nam Ibu Kandung", "TANGAL LAHIR"), registers()["dtks"])]
    ['nik', 'mother_name', 'birth_date']
    """
    width = len(list(headings)) - len(list(takewhile(lambda cell: not cell.strip(), reversed(headings))))
    headings = headings[:width]
    scores = [
        (score, index, field)
        for index, heading in enumerate(headings)
        for field, score in _similar(normal(heading), register.key).items()
    ]
    found: dict[int, tuple[str, float]] = {}
    for score, index, field in sorted(scores, key=lambda item: (-item[0], item[1])):
        if index not in found and field not in {taken for taken, _ in found.values()}:
            found[index] = (field, round(score / 100, 2))
    return tuple(Column(index, heading.strip(), *found.get(index, ("", 0.0))) for index, heading in enumerate(headings))


@cache
def _similar(heading: str, register_key: str) -> dict[str, float]:
    if not heading:
        return {}
    best: dict[str, float] = {}
    for field, spellings in _spellings(register_key).items():
        if heading in spellings:
            return {field: 100.0}
        best[field] = max(
            (
                fuzz.ratio(heading, spelling)
                for spelling in spellings
                if min(len(heading), len(spelling)) >= SHORTEST_FUZZY
            ),
            default=0.0,
        )
    first, second = sorted(best.values(), reverse=True)[:2]
    if first < LEAST_SIMILAR or first - second < LEAST_LEAD:
        return {}
    return {field: min(score, 99.0) for field, score in best.items() if score == first}


@cache
def _spellings(register_key: str) -> dict[str, frozenset[str]]:
    from data.definitions.registers import registers

    register = registers()[register_key]
    return {
        field: frozenset(normal(spelling) for spelling in (*found, field))
        for field, found in register.spellings.items()
    }


def normal(heading: str) -> str:
    """A heading without case, accents, punctuation and spaces.

    >>> normal("Desa/Keluarahan "), normal("KETERANGAN_PADAN")
    ('desakeluarahan', 'keteranganpadan')
    """
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


_ISO: Final = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_DMY: Final = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|1[0-2])[-/.](20\d\d)(?!\d)")
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_WORDS: Final = re.compile(rf"(?:(?<!\d)(\d{{1,2}})[\s_-]*)?(?<![a-z])({_MONTH})\.?[\s_-]*(20\d\d)(?!\d)")


def date_in(text: str) -> date | None:
    """The day that a title or file name speaks of; a month stands for its last day.

    >>> date_in("Data per 31 Januari 2021"), date_in("dtks_kendari_2020-09.csv")
    (datetime.date(2021, 1, 31), datetime.date(2020, 9, 30))
    """
    text = text.casefold()
    if found := _WORDS.search(text):
        return _day(int(found[3]), MONTHS[found[2]], found[1])
    if found := _DMY.search(text):
        return _day(int(found[3]), int(found[2]), found[1])
    if found := _ISO.search(text):
        return _day(int(found[1]), int(found[2]), found[3])
    return None


def _day(year: int, month: int, day: str | None) -> date | None:
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


def first_rows(sheet: Sheet, header_row: int) -> tuple[Row, ...]:
    """The rows of the preview below the headings."""
    return tuple(row for row in sheet.preview if row[0] > header_row)
