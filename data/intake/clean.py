"""Turns a table of raw text into typed fields and complaints, as one expression that DuckDB runs.

Values with few different spellings (answers, dates' formats) are looked at once in Python; the rows themselves never
leave the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from data.definitions.fields import FIELDS
from data.intake.dates import Reading, read
from data.intake.read import MISSING
from data.intake.recognise import Column, Recognition, normal

MOST_ANSWERS: Final = 5_000

YES: Final = frozenset("ya y yes 1 v x true ada iya menerima penerima dapat aktif sudah √ ✓ ✔".split())
NO: Final = frozenset("tidak tdk t n no 0 2 false bukan tidakada tidakmenerima nonaktif belum".split())
MALE: Final = frozenset("l lk 1 lakilaki laki pria m male".split())
FEMALE: Final = frozenset("p pr 2 perempuan wanita w f female".split())

ZEROS: Final = "0" * 16
NINES: Final = "9" * 16

_FLOAT_FORM: Final = r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+"

NIK_STATES: Final = ("valid", "missing", "destroyed", "malformed", "masked")


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def regexp_full_match(text: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


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
    """Expressions over `table`, the raw table with what was looked up beside it: a value by field, complaints by row.

    `plain` are expressions over the raw table itself: fields of plain text, which nothing but the list asks for.
    `notes` are complaints about the file.
    """

    table: ir.Table
    plain: dict[str, ir.StringValue]
    values: dict[str, ir.Value]
    complaints: tuple[Complaint, ...]
    notes: tuple[FileComplaint, ...]


def clean(backend: Backend, raw: ir.Table, recognition: Recognition, period: date) -> Cleaned:
    """Cleans every recognised column of `raw` (see `read.Sheet.load`); `period` is the date of the data.

    The values' columns are named by field; a date is DATE, an answer BOOLEAN, everything else VARCHAR. NIK and KK
    have their state beside them (`nik_state`: one of NIK_STATES).
    """
    values: dict[str, ir.Value] = {}
    plain: dict[str, ir.StringValue] = {}
    complaints: list[Complaint] = []
    notes: list[FileComplaint] = []
    answers = _answers(raw, recognition)
    table = raw
    for column in (column for column in recognition.known if FIELDS[column.field].kind == "date"):
        dates = dates_of(backend, raw, column, period)
        notes += _order_notes(dates.reading, column.heading)
        found = dates.table.rename({f"{name}_{column.index}": name for name in ("text", "day", "wrong")})
        spelling = f"text_{column.index}"
        keyed = table.mutate(**{spelling: _day_part(table, column)})
        joined = keyed.left_join(found, spelling)
        table = joined.select(*keyed.columns, f"day_{column.index}", f"wrong_{column.index}")
    for column in recognition.known:
        text = table[f"c{column.index}"]
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
            day, wrong = table[f"day_{column.index}"], table[f"wrong_{column.index}"]
            values[column.field] = day
            complaints.append(Complaint("date_unreadable", column.index, text.notnull() & wrong.isnull()))
            complaints.append(Complaint("date_impossible", column.index, wrong.fill_null(False)))
        elif kind in ("yes_no", "dukcapil", "sex"):
            value, unknown = _answer(text, answers[column.index], kind)
            values[column.field] = value
            if unknown is not None:
                complaints.append(Complaint("word_unknown", column.index, unknown))
        elif kind == "identifier":
            values[column.field] = _register_number(text)
        elif column.field == "name":
            values["name"] = _named(text)
            complaints.append(Complaint("name_missing", column.index, values["name"].isnull()))
        elif column.field in ("address", "mother_name"):
            plain[column.field] = _tidy(raw[f"c{column.index}"])
        else:
            plain[column.field] = _stripped(raw[f"c{column.index}"])
    if "updated_on" in values:
        column_index = next(column.index for column in recognition.known if column.field == "updated_on")
        complaints.append(Complaint("update_missing", column_index, values["updated_on"].isnull()))
        complaints.append(Complaint("update_after_period", column_index, values["updated_on"] > ibis.literal(period)))
    if "dukcapil" not in values and "dukcapil_matched_on" in values:
        values["dukcapil"] = ibis.ifelse(values["dukcapil_matched_on"].notnull(), True, ibis.null("boolean"))
    return Cleaned(table, plain, values, tuple(complaints), tuple(notes))


def identity(raw: ir.Table, recognition: Recognition) -> dict[str, ir.StringValue]:
    """What tells who somebody is, by field: the name and every usable identifier, cleaned."""
    values: dict[str, ir.StringValue] = {}
    for column in recognition.known:
        text, kind = raw[f"c{column.index}"], FIELDS[column.field].kind
        if kind in ("nik", "kk"):
            number, state = _sixteen_digits(text)
            values[column.field] = ibis.ifelse(state == "masked", text, number) if kind == "nik" else number
        elif kind == "identifier" or column.field == "name":
            values[column.field] = _named(text) if column.field == "name" else _register_number(text)
    return values


# Nearly all cells are clean, and the reader has already emptied those that only say "-" or "NULL". The branches below
# look for dirt cheaply first: a regular expression on every cell of a million rows costs more than reading the file.


def _stripped(text: ir.StringValue) -> ir.StringValue:
    dirty = (text < "!") | text.endswith(" ") | text.endswith("\u00a0") | text.startswith("\u00a0")
    bare = text.re_replace(r"^[\s\x{a0}]+|[\s\x{a0}]+$", "")
    return ibis.ifelse(dirty, ibis.ifelse(bare.isin(MISSING[:3]), ibis.null("string"), bare), text)


def _tidy(text: ir.StringValue) -> ir.StringValue:
    crowded = text.contains("  ") | text.contains("\n")
    return _stripped(ibis.ifelse(crowded, text.re_replace(r"\s+", " "), text))


def _named(text: ir.StringValue) -> ir.StringValue:
    """A name has letters: a figure under the heading is a total that slipped in."""
    return ibis.cases((text >= "A", _tidy(text)), (text.re_search(r"\p{L}"), _tidy(text)), else_=ibis.null("string"))


def _register_number(text: ir.StringValue) -> ir.StringValue:
    """A register's own number. Zeros and a spreadsheet's float form stand for many: they would join strangers."""
    number = _stripped(text)
    useless = regexp_full_match(number, f"0+|{_FLOAT_FORM}")
    return ibis.ifelse(useless, ibis.null("string"), number)


def _sixteen_digits(text: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
    """A NIK or KK number and its state. Repairs apostrophes, spaces, dots and a trailing `.0`; never guesses a
    digit.
    """
    plain = regexp_full_match(text, "[0-9]{16}") & (text != ZEROS) & (text != NINES)
    bare = text.re_replace(r"\.0+$", "").re_replace(r"[\s'’‘`\"=.\-\x{a0}]", "")
    state = ibis.cases(
        (plain, "valid"),
        (_stripped(text).isnull() | regexp_full_match(bare, "0*"), "missing"),
        (regexp_full_match(bare, "[0-9]{16}") & (bare != NINES), "valid"),
        (regexp_full_match(text, rf"['\s]*{_FLOAT_FORM}\s*"), "destroyed"),
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
    return value, _stripped(text).notnull() & ~text.isin(read["yes"] + read["no"])


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


@dataclass(frozen=True)
class Dates:
    """The days of a column by its spellings, as a table of the engine: text, day, wrong (impossible)."""

    reading: Reading
    table: ir.Table


def dates_of(backend: Backend, raw: ir.Table, column: Column, period: date) -> Dates:
    """Looks at each spelling once: a million people have some 30,000 birthdays."""
    counted = raw.group_by(text=_day_part(raw, column)).aggregate(rows=ibis._.count()).to_pyarrow().to_pydict()
    spellings = {text: rows for text, rows in zip(counted["text"], counted["rows"], strict=True) if text}
    # Nobody is born after the data's date, but an update may be misdated.
    latest = period if column.field == "birth_date" else period + timedelta(days=366)
    reading = read(spellings, latest)
    first, last = (date(1900, 1, 1), period) if column.field == "birth_date" else (date(1990, 1, 1), date(2100, 1, 1))
    possible = {text: day for text, day in reading.days.items() if first <= day <= last}
    table = pa.table(
        {
            "text": pa.array(reading.days, pa.string()),
            "day": pa.array([possible.get(text) for text in reading.days], pa.date32()),
            "wrong": pa.array([text not in possible for text in reading.days], pa.bool_()),
        }
    )
    name = f"dates_{column.index}"
    backend.con.register(name, table)
    return Dates(reading, backend.table(name))


def _day_part(raw: ir.Table, column: Column) -> ir.StringValue:
    """The text without a time of day, so that there are only as many spellings as days."""
    text = _stripped(raw[f"c{column.index}"])
    return ibis.ifelse(text.contains(":"), text.re_replace(r"[ T,]+[0-9]{1,2}:[0-9]{2}.*$", ""), text)


def _order_notes(reading: Reading, heading: str) -> list[FileComplaint]:
    if reading.mixed:
        return [FileComplaint("date_order_mixed", {"column": heading, "order": reading.order}, heading, reading.mixed)]
    if reading.assumed:
        return [FileComplaint("date_order_assumed", {"column": heading}, heading, reading.assumed)]
    return []
