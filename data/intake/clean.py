"""Turns a table of raw text into typed fields and complaints, as one expression that DuckDB runs.

Values with few different spellings (answers, dates' formats) are looked at once in Python; the rows themselves never
leave the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from data.definitions.fields import FIELDS
from data.intake.read import MISSING
from data.intake.recognise import MONTHS, Recognition, normal

MOST_ANSWERS: Final = 5_000

YES: Final = frozenset("ya y yes 1 v x true ada iya menerima penerima dapat aktif sudah √ ✓ ✔".split())
NO: Final = frozenset("tidak tdk t n no 0 2 false bukan tidakada tidakmenerima nonaktif belum".split())
MALE: Final = frozenset("l lk 1 lakilaki laki pria m male".split())
FEMALE: Final = frozenset("p pr 2 perempuan wanita w f female".split())

ZEROS: Final = "0" * 16
NINES: Final = "9" * 16

NIK_STATES: Final = ("valid", "missing", "destroyed", "malformed", "masked")


@ibis.udf.scalar.builtin
def regexp_full_match(text: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin
def try_strptime(text: str, pattern: str) -> ibis.dtype("timestamp"): ...  # type: ignore


@dataclass(frozen=True)
class Complaint:
    """A condition on a row that the report names. `column` is the index of the raw column, None if of the whole row."""

    code: str
    column: int | None
    condition: ir.BooleanValue


@dataclass(frozen=True)
class FileComplaint:
    """A complaint about the file as a whole, with what its message names."""

    code: str
    values: Mapping[str, str | int | date] = field(default_factory=dict)
    column: str = ""
    rows: int = 0


@dataclass(frozen=True)
class Cleaned:
    """Expressions over the raw table: a value by field, complaints by row, complaints about the file."""

    values: dict[str, ir.Value]
    complaints: tuple[Complaint, ...]
    notes: tuple[FileComplaint, ...]


def clean(raw: ir.Table, recognition: Recognition, period: date) -> Cleaned:
    """Cleans every recognised column of `raw` (see `read.Sheet.load`); `period` is the date of the data.

    The values' columns are named by field; a date is DATE, an answer BOOLEAN, everything else VARCHAR. NIK and KK
    have their state beside them (`nik_state`: one of NIK_STATES).
    """
    values: dict[str, ir.Value] = {}
    complaints: list[Complaint] = []
    notes: list[FileComplaint] = []
    answers = _answers(raw, recognition)
    shapes = _date_shapes(raw, recognition)
    for column in recognition.known:
        text = raw[f"c{column.index}"]
        kind = FIELDS[column.field].kind
        if kind in ("nik", "kk"):
            number, state = _sixteen_digits(text)
            values[column.field], values[f"{column.field}_state"] = number, state
            complaints += [
                Complaint(f"{kind}_{name}", column.index, state == name) for name in NIK_STATES if name != "valid"
            ]
            if kind == "nik":
                values["nik_partial"] = ibis.ifelse(state == "masked", text.strip(), ibis.null("string"))
        elif kind == "date":
            day, notes_here = _date(text, shapes[column.index], column.heading, _latest(column.field, period))
            notes += notes_here
            day, wrong = _plausible(day, column.field, period)
            values[column.field] = day
            complaints.append(Complaint("date_unreadable", column.index, _present(text) & day.isnull() & ~wrong))
            complaints.append(Complaint("date_impossible", column.index, wrong))
        elif kind in ("yes_no", "dukcapil", "sex"):
            value, unknown = _answer(text, answers[column.index], kind)
            values[column.field] = value
            if unknown is not None:
                complaints.append(Complaint("word_unknown", column.index, unknown))
        elif kind == "name":
            values[column.field] = _named(text)
            if column.field == "name":
                complaints.append(Complaint("name_missing", column.index, values["name"].isnull()))
        elif column.field == "address":
            values[column.field] = _tidy(text)
        else:
            values[column.field] = _stripped(text)
    if "updated_on" in values:
        column_index = next(column.index for column in recognition.known if column.field == "updated_on")
        complaints.append(Complaint("update_missing", column_index, values["updated_on"].isnull()))
        complaints.append(Complaint("update_after_period", column_index, values["updated_on"] > ibis.literal(period)))
    if "dukcapil" not in values and "dukcapil_matched_on" in values:
        values["dukcapil"] = ibis.ifelse(values["dukcapil_matched_on"].notnull(), True, ibis.null("boolean"))
    return Cleaned(values, tuple(complaints), tuple(notes))


def identity(raw: ir.Table, recognition: Recognition) -> dict[str, ir.StringValue]:
    """What tells who somebody is, by field: the name and every usable identifier, cleaned."""
    values: dict[str, ir.StringValue] = {}
    for column in recognition.known:
        text, kind = raw[f"c{column.index}"], FIELDS[column.field].kind
        if kind in ("nik", "kk"):
            number, state = _sixteen_digits(text)
            values[column.field] = ibis.ifelse(state == "masked", text, number) if kind == "nik" else number
        elif kind == "identifier" or column.field == "name":
            values[column.field] = _named(text) if column.field == "name" else _stripped(text)
    return values


# Nearly all cells are clean, and the reader has already emptied those that only say "-" or "NULL". The branches below look
# for dirt cheaply first, because a regular expression on every cell of a million rows costs more than reading the file.


def _stripped(text: ir.StringValue) -> ir.StringValue:
    dirty = (text < "!") | text.endswith(" ") | text.endswith("\u00a0") | text.startswith("\u00a0")
    bare = text.re_replace(r"^[\s\x{a0}]+|[\s\x{a0}]+$", "")
    return ibis.ifelse(dirty, ibis.ifelse(bare.isin(MISSING[:3]), ibis.null("string"), bare), text)


def _present(text: ir.StringValue) -> ir.BooleanValue:
    return _stripped(text).notnull()


def _tidy(text: ir.StringValue) -> ir.StringValue:
    crowded = text.contains("  ") | text.contains("\n")
    return _stripped(ibis.ifelse(crowded, text.re_replace(r"\s+", " "), text))


def _named(text: ir.StringValue) -> ir.StringValue:
    """A name has letters: a figure under the heading is a total that slipped in."""
    return ibis.ifelse(text.re_search(r"\p{L}"), _tidy(text), ibis.null("string"))


def _sixteen_digits(text: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
    """A NIK or KK number and its state. Repairs apostrophes, spaces, dots and a trailing `.0`; never guesses a digit."""
    plain = regexp_full_match(text, "[0-9]{16}") & (text != ZEROS) & (text != NINES)
    bare = text.re_replace(r"\.0+$", "").re_replace(r"[\s'’‘`\"=.\-\x{a0}]", "")
    state = ibis.cases(
        (plain, "valid"),
        (_stripped(text).isnull() | regexp_full_match(bare, "0*"), "missing"),
        (regexp_full_match(bare, "[0-9]{16}") & (bare != NINES), "valid"),
        (regexp_full_match(text, r"['\s]*[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+\s*"), "destroyed"),
        (text.contains("*") | text.re_search("[xX]{3}"), "masked"),
        else_="malformed",
    )
    return ibis.cases((plain, text), (state == "valid", bare), else_=ibis.null("string")), state


# Answers


def _answers(raw: ir.Table, recognition: Recognition) -> dict[int, list[str]]:
    """The different spellings that stand in each column of answers."""
    columns = [c.index for c in recognition.known if FIELDS[c.field].kind in ("yes_no", "dukcapil", "sex")]
    if not columns:
        return {}
    asked = {f"c{index}": raw[f"c{index}"].collect(distinct=True)[:MOST_ANSWERS] for index in columns}
    (found,) = raw.aggregate(**asked).to_pyarrow().to_pylist()
    return {index: sorted(word for word in found[f"c{index}"] or () if word) for index in columns}


def _answer(text: ir.StringValue, spellings: Sequence[str], kind: str) -> tuple[ir.Value, ir.BooleanValue | None]:
    read: dict[str, list[str]] = {"yes": [], "no": [], "unknown": []}
    for spelling in spellings:
        if spelling.strip() not in MISSING:
            read[{"sex": _sex, "dukcapil": _matched, "yes_no": _yes}[kind](spelling)].append(spelling)
    yes, no = ("L", "P") if kind == "sex" else (True, False)
    value = ibis.cases((text.isin(read["yes"]), yes), (text.isin(read["no"]), no), else_=None)
    if not read["unknown"] and len(spellings) < MOST_ANSWERS:
        return value, None
    return value, _present(text) & ~text.isin(read["yes"] + read["no"])


def _yes(word: str) -> str:
    word = normal(word) or word.strip()
    return "yes" if word in YES else "no" if word in NO else "unknown"


def _sex(word: str) -> str:
    word = normal(word)
    return "yes" if word in MALE else "no" if word in FEMALE else "unknown"


def _matched(word: str) -> str:
    """Dukcapil's mark: padan, tidak padan, or a number above zero.

    >>> _matched("TIDAK PADAN"), _matched("Padan Dukcapil"), _matched("3"), _matched("?")
    ('no', 'yes', 'yes', 'unknown')
    """
    word = normal(word)
    if word.isdigit():
        return "yes" if int(word) > 0 else "no"
    if word in NO or word.startswith(("belum", "blm", "non", "gagal", "invalid")) or "tidak" in word or "tdk" in word:
        return "no"
    return "yes" if word in YES or word.startswith(("padan", "sudah", "valid", "sesuai", "ter")) else "unknown"


# Dates

_SHAPES: Final = {
    "iso": r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[ T].*)?",
    "parts": r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}(?:[ T,].*)?",
    "short": r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}(?:[ T,].*)?",
    "words": r"(?:[A-Za-z']+,\s*)?[0-9]{1,2}[-/. ]+[A-Za-z]{3,12}[-/., ]+[0-9]{2,4}(?:[ T,].*)?",
    "serial": r"[1-6][0-9]{4}(?:\.[0-9]+)?",
    "compact": r"(?:19|20)[0-9]{6}",
    "compact_days": r"[0-3][0-9][01][0-9](?:19|20)[0-9]{2}",
}


@dataclass(frozen=True)
class _Shapes:
    """How a column writes its dates: rows by shape, rows that only fit day-first or only month-first, a usual date."""

    rows: dict[str, int]
    day_first: int
    month_first: int
    usual: str


def _date_shapes(raw: ir.Table, recognition: Recognition) -> dict[int, _Shapes]:
    columns = [column.index for column in recognition.known if FIELDS[column.field].kind == "date"]
    return {index: _shapes(raw[f"c{index}"]) for index in columns}


def _shapes(column: ir.StringValue) -> _Shapes:
    # A million people have some 30,000 birthdays: looking at each spelling once is ten times cheaper.
    spellings = column.value_counts(name="rows")
    text, rows = _stripped(spellings[spellings.columns[0]]), spellings["rows"]
    numeric = regexp_full_match(text, f"{_SHAPES['parts']}|{_SHAPES['short']}")
    counted = spellings.aggregate(
        **{shape: rows.sum(where=regexp_full_match(text, pattern)) for shape, pattern in _SHAPES.items()},
        day_first=rows.sum(where=numeric & (_part(text, 1) > 12)),
        month_first=rows.sum(where=numeric & (_part(text, 2) > 12)),
        usual=text.argmax(ibis.ifelse(numeric, rows, 0)),
    )
    (found,) = counted.to_pyarrow().to_pylist()
    by_shape = {shape: int(found[shape] or 0) for shape in _SHAPES}
    return _Shapes(by_shape, int(found["day_first"] or 0), int(found["month_first"] or 0), found["usual"] or "")


def _part(text: ir.StringValue, number: int) -> ir.IntegerValue:
    return text.re_extract(r"^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]", number).try_cast("int32")


def _date(text: ir.StringValue, shapes: _Shapes, heading: str, latest: date) -> tuple[ir.DateValue, list[FileComplaint]]:
    text = _stripped(text)
    notes = []
    month_first = shapes.month_first > shapes.day_first
    numeric = shapes.rows["parts"] + shapes.rows["short"]
    if shapes.day_first and shapes.month_first:
        order = "M/D/Y" if month_first else "D/M/Y"
        notes.append(FileComplaint("date_order_mixed", {"column": heading, "order": order}, heading, numeric))
    elif numeric and not shapes.day_first and not shapes.month_first:
        notes.append(FileComplaint("date_order_assumed", {"column": heading}, heading, numeric))
    parts = text.re_replace(r"[-/. ]", "/")
    usual, other = ("%m/%d/%Y", "%d/%m/%Y") if month_first else ("%d/%m/%Y", "%m/%d/%Y")
    # The separator that the column usually has is tried as it is: taking dates apart costs ten times more.
    separator = next((sign for sign in "/-. " if sign in shapes.usual), "/")
    readers: dict[str, list[ir.Value]] = {
        "iso": [text.substr(0, 10).try_cast("date"), _parsed(text.re_replace(r"[/.]", "-").re_extract(r"^[0-9-]+", 0), "%Y-%m-%d")],
        "parts": [_parsed(text, usual.replace("/", separator))]
        + [_parsed(parts.re_extract(r"^[0-9]+/[0-9]+/[0-9]{4}", 0), form) for form in (usual, other)],
        "short": [
            _not_after(_parsed(parts.re_extract(r"^[0-9]+/[0-9]+/[0-9]{2}", 0), form.lower()), latest) for form in (usual, other)
        ],
        "words": [_worded(text, latest)],
        "serial": [(ibis.date(1899, 12, 30) + text.re_extract(r"^[0-9]{5}", 0).try_cast("int32").as_interval("D")).cast("date")],
        "compact": [_parsed(text, "%Y%m%d")],
        "compact_days": [_parsed(text, "%d%m%Y")],
    }
    present = [shape for shape in _SHAPES if shapes.rows[shape]]
    if not shapes.month_first and not shapes.day_first:
        readers["parts"], readers["short"] = readers["parts"][:2], readers["short"][:1]
    if not present:
        return ibis.null("date"), notes
    branches = [(regexp_full_match(text, _SHAPES[shape]), ibis.coalesce(*readers[shape])) for shape in present]
    return ibis.cases(*branches, else_=ibis.null("date")).cast("date"), notes


def _parsed(text: ir.StringValue, pattern: str) -> ir.DateValue:
    return try_strptime(text, pattern).date()


def _latest(field: str, period: date) -> date:
    """The last day that a two-digit year may mean: nobody is born after the data's date, but an update may be misdated."""
    return period if field == "birth_date" else date.fromordinal(period.toordinal() + 366)


def _not_after(day: ir.DateValue, latest: date) -> ir.DateValue:
    """A two-digit year is the newest one that is not after `latest`."""
    return ibis.ifelse(day > ibis.literal(latest), (day - ibis.interval(years=100)).cast("date"), day)


def _worded(text: ir.StringValue, latest: date) -> ir.DateValue:
    found = r"([0-9]{1,2})[-/. ]+([A-Za-z]{3,12})[-/., ]+([0-9]{2,4})"
    month = ibis.cases(
        *((text.re_extract(found, 2).lower() == name, number) for name, number in MONTHS.items()), else_=ibis.null("int32")
    )
    year = text.re_extract(found, 3)
    day_and_month = text.re_extract(found, 1) + "/" + month.cast("string") + "/"
    short = _not_after(_parsed(day_and_month + year, "%d/%m/%y"), latest)
    return ibis.ifelse(year.length() == 2, short, _parsed(day_and_month + year, "%d/%m/%Y"))


def _plausible(day: ir.DateValue, key: str, period: date) -> tuple[ir.DateValue, ir.BooleanValue]:
    """A birth date lies before the data's date; an update date may lie after it (it is named and does not count)."""
    if key == "birth_date":
        wrong = (day < ibis.literal(date(1900, 1, 1))) | (day > ibis.literal(period))
    else:
        wrong = (day < ibis.literal(date(1990, 1, 1))) | (day > ibis.literal(date(2100, 1, 1)))
    return ibis.ifelse(wrong, ibis.null("date"), day), wrong.fill_null(False)
