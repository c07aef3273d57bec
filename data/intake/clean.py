"""Turns a table of raw text into typed fields and complaints, as one expression that DuckDB runs.

Values with few different spellings (answers, dates' formats) are looked at once in Python; the rows themselves never
leave the engine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import sqlglot
from ibis.backends.duckdb import Backend

from data.definitions import growth
from data.definitions.catalogue import FIELDS, REGISTERS
from data.intake import values
from data.intake.dates import Reading, read
from data.intake.read import MISSING, Loaded
from data.intake.recognise import Column, Recognition
from data.intake.words import Answers, matched, place_in_family, sex, yes_or_no
from data.visible import HIDDEN

MOST_ANSWERS: Final = 5_000

DIGITS: Final = 16
ZEROS: Final = "0" * DIGITS
NINES: Final = "9" * DIGITS
_BESIDE_DIGITS: Final = r"\s'’‘`\"=.\-\x{a0}"

_FLOAT_FORM: Final = r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+"

_FREE: Final = ("text", "name", "identifier", "words")
"""Kinds of fields that hold what somebody wrote."""

NIK_STATES: Final = ("valid", "missing", "destroyed", "malformed", "masked")
"""States of a number; a table beside the text keeps their places in this list."""
WORDS: Final = (*NIK_STATES, "L", "P")
"""Words that stand in the rows although no cell says so."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def strlen(text: str) -> int: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def known_word(word: str) -> str:  # type: ignore[empty-body]
    """One of WORDS, as an ENUM: sorted and written in a fraction of the time that text takes, and read as text."""


def seen(raw: ir.Table, hidden: Sequence[int]) -> ir.Table:
    """Some rows of the raw table without the signs that nobody sees: `hidden_<column>` marks where some were."""
    cells = {index: raw[f"c{index}"] for index in hidden}
    shown = {f"c{index}": cell.re_replace(HIDDEN, "") for index, cell in cells.items()}
    return raw.mutate(**shown, **{f"hidden_{index}": _hides(cell) for index, cell in cells.items()}) if cells else raw


def _hides(cell: ir.StringValue) -> ir.BooleanValue:
    """Such signs take more than a byte, and most cells have none that does."""
    return ibis.ifelse(strlen(cell) != cell.length(), cell.re_search(HIDDEN), False).fill_null(False)


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

    `cells` is the raw table with the state of its numbers alone: what is no date is bound to it, so that a step without
    dates can do without looking them up. `hidden` are its columns out of which signs that nobody sees are taken (see
    `seen`). `notes` are complaints about the file.
    """

    cells: ir.Table
    hidden: tuple[int, ...]
    table: ir.Table
    values: dict[str, ir.Value]
    complaints: tuple[Complaint, ...]
    notes: tuple[FileComplaint, ...]


def clean(backend: Backend, raw: ir.Table, recognition: Recognition, period: date, loaded: Loaded) -> Cleaned:
    """Cleans every recognised column of `raw` (see `read.Sheet.load`); `period` is the date of the data and `loaded`
    what was seen while the file was read.

    The values' columns are named by field and typed by the field's kind: a date is DATE, an answer BOOLEAN, a number
    DOUBLE, most others VARCHAR. NIK and KK have their state beside them (`nik_state`: one of NIK_STATES). What a
    register derives from its values follows them.
    """
    register = REGISTERS[recognition.register]
    backend.con.execute(
        f"CREATE TYPE known_word AS ENUM {WORDS}; CREATE TEMP MACRO known_word(word) AS word::known_word"
    )
    work = _Work(backend, raw, recognition, period, _answers(raw, recognition), loaded)
    for column in recognition.known:
        work.take(column)
    if "updated_on" in work.values:
        updated, at = work.values["updated_on"], work.index("updated_on")
        work.complain("update_missing", at, updated.isnull())
        work.complain("update_after_period", at, updated > ibis.literal(period))
    if "dukcapil" not in work.values and "dukcapil_matched_on" in work.values:
        matched_on = work.values["dukcapil_matched_on"]
        work.values["dukcapil"] = ibis.ifelse(matched_on.notnull(), True, ibis.null("boolean"))
    if "nik" in work.values:
        work.check_nik()
    work.compute_haz()
    if register.derive:
        work.values |= register.derive(work.values)
    for check in register.checks:
        if set(check.fields) <= work.values.keys():
            wrong = check.wrong(*(work.values[field] for field in check.fields))
            work.complain(check.problem.code, work.index(check.fields[0]), wrong.fill_null(False))
    return Cleaned(work.cells, work.hidden, work.table, work.values, _within_bits(work.complaints), tuple(work.notes))


MOST_COMPLAINTS: Final = 54
"""Complaints of the row itself: each is a bit of one number of 63, and the table as a whole has some of its own."""


def _within_bits(complaints: Sequence[Complaint]) -> tuple[Complaint, ...]:
    """Where there are too many, the unreadable values of several columns become one complaint."""
    common = [complaint for complaint in complaints if complaint.code == "value_unreadable"]
    kept = [complaint for complaint in complaints if complaint.code != "value_unreadable"]
    room = max(MOST_COMPLAINTS - len(kept), 1)
    if len(common) <= room:
        return tuple(complaints)
    merged = ibis.or_(*(complaint.condition for complaint in common[room - 1 :]))
    return (*kept[: MOST_COMPLAINTS - 1], *common[: room - 1], Complaint("value_unreadable", None, merged))


class _Work:
    """The columns of one table on their way to values; `table` grows by what is looked up for them."""

    def __init__(
        self,
        backend: Backend,
        raw: ir.Table,
        recognition: Recognition,
        period: date,
        spellings: Mapping[int, Sequence[str]],
        loaded: Loaded,
    ) -> None:
        self._backend, self._recognition, self._period, self._spellings = backend, recognition, period, spellings
        self._loaded = loaded
        self._register = REGISTERS[recognition.register]
        self.values: dict[str, ir.Value] = {}
        self.complaints: list[Complaint] = []
        self.notes: list[FileComplaint] = []
        self._raw = raw
        self.hidden = self._hiding()
        self.cells = self.table = seen(raw, self.hidden)
        for at in self.hidden:
            self.complain("hidden_signs", at, self.cells[f"hidden_{at}"])
        for column in recognition.known:
            if FIELDS[column.field].kind == "date":
                self._look_up_dates(column)

    def index(self, field: str) -> int | None:
        column = self._recognition.column(field)
        return column.index if column else None

    def complain(self, code: str, column: int | None, condition: ir.BooleanValue) -> None:
        self.complaints.append(Complaint(code, column, condition))

    def _hiding(self) -> tuple[int, ...]:
        """The columns with signs that nobody sees, which can show a name as another one. Columns that are looked up by
        their spellings need no such care.
        """
        texts = [
            one.index
            for one in self._recognition.columns
            if not one.field or (FIELDS[one.field].kind in _FREE and one.index not in self._spellings)
        ]
        asked = {
            key: _hides(self._raw[key]).any() for key in (f"c{at}" for at in texts) if not self._loaded.edges(key).plain
        }
        if not asked:
            return ()
        (found,) = self._raw.aggregate(**asked).to_pyarrow().to_pylist()
        return tuple(at for at in texts if found.get(f"c{at}"))

    def take(self, column: Column) -> None:
        """One column by its field's kind."""
        text, key, at = self.cells[f"c{column.index}"], column.field, column.index
        kind = FIELDS[key].kind
        bare = kind in _FREE and self._loaded.edges(f"c{at}").bare
        if kind in ("nik", "kk"):
            self._take_number(column, kind)
        elif kind == "date":
            day, wrong = self.table[f"day_{at}"], self.table[f"wrong_{at}"]
            self.values[key] = day
            self.complain("date_unreadable", at, text.notnull() & wrong.isnull())
            self.complain("date_impossible", at, wrong.fill_null(False))
        elif kind in _MEANING:
            self.values[key], unknown = _answer(text, self._spellings[at], kind)
            if unknown is not None:
                self.complain("word_unknown", at, unknown)
        elif kind == "words" and len(self._spellings[at]) < MOST_ANSWERS:
            self._take_words(column)
        elif kind in _READERS:
            self._take_read(column, _READERS[kind](text))
        elif kind in ("number", "whole"):
            notation = self._notation(column)
            self._take_read(column, values.number(text, notation) if kind == "number" else values.whole(text, notation))
        elif kind == "weight":
            self._take_measured(column, values.weight_kg(text, at_birth=key == "birth_weight"))
        elif kind == "height":
            self._take_measured(column, values.height_cm(text))
        elif kind == "zscore":
            self._take_read(column, values.zscore(text)[:2])
        elif kind == "identifier":
            self.values[key] = _register_number(text, bare)
        elif key == "name":
            self.values["name"] = _named(text, bare)
            if self._register.grain != "event":
                self.complain("name_missing", at, self.values["name"].isnull())
        elif key == "relation":
            self.values["relation"] = _stripped(text, bare)
            self.values["place_in_family"] = _place_in_family(text, self._spellings[at])
        elif kind == "name" or key == "address":
            self.values[key] = _tidy(text, bare)
        else:
            self.values[key] = _stripped(text, bare)

    def _take_number(self, column: Column, kind: str) -> None:
        number, state = _number(self.cells, column), self.cells[f"state_{column.index}"]
        self.values[column.field] = number
        if column.field != kind:  # The number of somebody else: a missing one is no fault of the row.
            return
        words = ((place, known_word(name)) for place, name in enumerate(NIK_STATES))
        self.values[f"{kind}_state"] = state.cases(*words, else_=None)
        for place, name in enumerate(NIK_STATES):
            if name != "valid":
                self.complain(f"{kind}_{name}", column.index, state == place)
        if kind == "nik":
            text, masked = self.cells[f"c{column.index}"], state == NIK_STATES.index("masked")
            self.values["nik_partial"] = ibis.ifelse(masked, text.strip(), ibis.null("string"))

    def _take_read(self, column: Column, read: values.Read) -> None:
        self.values[column.field], wrong = read
        self.complain("value_unreadable", column.index, wrong)

    def _take_measured(self, column: Column, read: values.Marked) -> None:
        self._take_read(column, read[:2])
        self.complain("unit_converted", column.index, read[2].fill_null(False))

    def _notation(self, column: Column) -> values.Notation:
        """How the column writes numbers, by its own spellings."""
        text = self._raw[f"c{column.index}"]
        shown = (
            self._raw.filter(text.contains(".") | text.contains(",")).select(text=text).distinct().limit(MOST_ANSWERS)
        )
        found = values.notation(shown.to_pyarrow()["text"].to_pylist())
        if found.mixed:
            about = {"column": column.heading, "notation": _NOTATIONS[found.kind]}
            self.notes.append(FileComplaint("notation_mixed", about, column.heading, found.either))
        return found

    def check_nik(self) -> None:
        """What the digits of a NIK say of area, birth date and sex. Where day and sex agree nothing else is asked, and
        areas are looked at once each.
        """
        column = self._recognition.column("nik")
        if column is None:
            return
        born, sex = self.values.get("birth_date"), self.values.get("sex")
        number = number_of(self.cells, column)
        agrees = number.isnull()
        if born is not None and sex is not None:
            stamp = (born.day() + ibis.ifelse(sex == "P", 40, 0)) * 10_000 + born.month() * 100 + born.year() % 100
            agrees = agrees | (values.divide(number, 10_000) % 1_000_000 == stamp).fill_null(False)
        area = values.divide(number, 10**10)
        issuing = self._raw.select(area=values.divide(number_of(self._raw, column), 10**10)).distinct()
        shown = issuing.to_pyarrow()["area"].to_pylist()
        strange = [code for code in shown if code is not None and not values.issues_nik(f"{code:06}")]
        self.complain("nik_area_unknown", column.index, area.isin(strange) if strange else ibis.literal(False))
        for code, wrong in values.nik_checks(number, born, sex).items():
            self.complain(code, column.index, ibis.ifelse(agrees, False, wrong))

    def compute_haz(self) -> None:
        """The height-for-age z-score that the WHO standard gives, where the register has such a field."""
        needs = {"sex", "birth_date", "measured_on", "height"}
        if not needs <= self.values.keys() or not any(one.kind == "haz" for one in self._register.own_fields):
            return
        at = self.index("measured_how")
        posture = values.position(self.cells[f"c{at}"])[0] if at is not None else ibis.null("string")
        known = self.table.columns
        table = self.table.mutate(
            haz_of=self.values["sex"],
            haz_age=growth.age_days(self.values["birth_date"], self.values["measured_on"]),
            haz_cm=self.values["height"],
            haz_posture=posture,
        )
        found = growth.computed_haz(table, growth.standard(self._backend), "haz_of", "haz_age", "haz_cm", "haz_posture")
        self.table = found.select(*known, "haz")
        self.values["haz_computed"] = self.table["haz"]
        told = [self.values[key] for key in ("height_for_age", "height_for_age_z") if key in self.values]
        silent = ibis.and_(ibis.literal(True), *(value.isnull() for value in told))
        self.complain(
            "haz_filled", at if at is not None else self.index("height"), silent & self.table["haz"].notnull()
        )

    # What is looked up value by value

    def _look_up_dates(self, column: Column) -> None:
        bare = self._loaded.edges(f"c{column.index}").bare
        dates = dates_of(self._backend, self._raw, column, self._period, bare)
        self.notes += _order_notes(dates.reading, column.heading)
        found = dates.table.rename({f"{name}_{column.index}": name for name in ("text", "day", "wrong")})
        self._join(found, column, _day_part(self.table, column, bare), ("day", "wrong"))

    def _take_words(self, column: Column) -> None:
        """Words by their spellings; only those that are written otherwise than they are kept need a branch."""
        key, at, text = column.field, column.index, self.cells[f"c{column.index}"]
        answers = Answers(self._register.answers.get(key, {}))
        read = {written: answers.read(written) for written in self._spellings[at] if written.strip()}
        changed: dict[str, list[str]] = {}
        for written, (word, _) in read.items():
            if word != written:
                changed.setdefault(word, []).append(written)
        branches = [(text.isin(written), word or None) for word, written in changed.items()]
        other = _stripped(text, self._loaded.edges(f"c{at}").bare)
        self.values[key] = ibis.cases(*branches, else_=other) if branches else other
        strange = [written for written, (_, known) in read.items() if not known]
        if key in self._register.answers and strange:
            self.complain("category_unknown", at, text.isin(strange).fill_null(False))

    def _join(self, found: ir.Table, column: Column, text: ir.StringValue, wanted: Sequence[str]) -> None:
        keyed = self.table.mutate(**{f"text_{column.index}": text})
        joined = keyed.left_join(found, f"text_{column.index}")
        self.table = joined.select(*keyed.columns, *(f"{name}_{column.index}" for name in wanted))


_READERS: Final[Mapping[str, Callable[[ir.StringValue], values.Read]]] = {
    "decile": values.decile,
    "risk": values.risk,
    "height_status": values.height_status,
    "age_months": values.age_months,
}
_NOTATIONS: Final = {"indonesian": "1.234,5", "english": "1,234.5", "undecided": "1.234,5"}


def identity(table: ir.Table, recognition: Recognition) -> dict[str, ir.StringValue]:
    """What tells who somebody is, by field: the name and every usable identifier. `table` is that of `Cleaned`.

    Of an event, which may have nobody's name, what happened tells it as well.
    """
    found: dict[str, ir.StringValue] = {}
    register = REGISTERS[recognition.register]
    for column in recognition.known:
        text, kind = table[f"c{column.index}"], FIELDS[column.field].kind
        if kind == "nik":
            masked = table[f"state_{column.index}"] == NIK_STATES.index("masked")
            found[column.field] = ibis.ifelse(masked, text, _number(table, column))
        elif kind == "kk":
            found[column.field] = _number(table, column)
        elif kind == "identifier" or column.field == "name":
            found[column.field] = _named(text) if column.field == "name" else _register_number(text)
        elif register.grain == "event" and column.field in (register.category, *register.dated_by):
            found[column.field] = _stripped(text)
    return found


# Nearly all cells are clean, and the reader has already emptied those that only say "-" or "NULL". Each function below
# looks for dirt cheaply and only once: a regular expression on every cell of a million rows costs more than reading the
# file.


def _edged(text: ir.StringValue, bare: bool = False) -> ir.BooleanValue:
    """`bare`, here and below: that no cell of the column is."""
    if bare:
        return ibis.literal(False)
    return (text < "!") | text.endswith(" ") | text.endswith("\u00a0") | text.startswith("\u00a0")


def _crowded(text: ir.StringValue) -> ir.BooleanValue:
    return text.contains("  ") | text.contains("\n")


def _trimmed(text: ir.StringValue) -> ir.StringValue:
    trimmed = text.re_replace(r"^[\s\x{a0}]+|[\s\x{a0}]+$", "")
    return ibis.ifelse(trimmed.isin(MISSING[:3]), ibis.null("string"), trimmed)


def _stripped(text: ir.StringValue, bare: bool = False) -> ir.StringValue:
    return text if bare else ibis.ifelse(_edged(text), _trimmed(text), text)


def _tidy(text: ir.StringValue, bare: bool = False) -> ir.StringValue:
    return ibis.ifelse(_edged(text, bare) | _crowded(text), _trimmed(text.re_replace(r"\s+", " ")), text)


def _named(text: ir.StringValue, bare: bool = False) -> ir.StringValue:
    """A name has letters: a figure under the heading is a total that slipped in."""
    tidy = _trimmed(text.re_replace(r"\s+", " "))
    named = ibis.ifelse((text >= "A") | text.re_search(r"\p{L}"), tidy, ibis.null("string"))
    return ibis.ifelse((text < "A") | _edged(text, bare) | _crowded(text), named, text)


def _register_number(text: ir.StringValue, bare: bool = False) -> ir.StringValue:
    """A register's own number. Zeros and a spreadsheet's float form stand for many: they would join strangers."""
    odd = (text < "1") | _edged(text, bare) | text.contains("e") | text.contains("E")
    number = _trimmed(text)
    useless = values.regexp_full_match(number, f"0+|{_FLOAT_FORM}")
    return ibis.ifelse(odd, ibis.ifelse(useless, ibis.null("string"), number), text)


# NIK and KK: 16 digits. They are looked at while the file is read, and kept beside the text as a state and a number:
# families, repeated persons and the list of problems all ask for them.


def layers(backend: Backend, recognition: Recognition) -> tuple[str, ...]:
    """What `Sheet.load` is to keep beside the text: for every NIK and KK `state_<column>` (place in NIK_STATES) and
    `number_<column>` (BIGINT, null unless valid).
    """
    columns = [column.index for column in recognition.known if FIELDS[column.field].kind in ("nik", "kk")]
    if not columns:
        return ()
    schema: dict[str, str] = {f"c{index}": "string" for index in columns}
    found = []
    for kind, (make, type_) in _LAYERS.items():
        table = ibis.table(schema, name="raw_text")
        found.append(
            _select_list(backend, table.select(**{f"{kind}_{index}": make(table, index) for index in columns}))
        )
        schema |= {f"{kind}_{index}": type_ for index in columns}
    return tuple(found)


def _whole(table: ir.Table, index: int) -> ir.IntegerValue:
    text = table[f"c{index}"]
    return ibis.ifelse(strlen(text) == DIGITS, text.try_cast("int64"), ibis.null("int64"))


def _plain(table: ir.Table, index: int) -> ir.BooleanValue:
    """16 digits and nothing else, seen without a regular expression. A number is read from `7.47104190183E15` too."""
    number = table[f"bare_number_{index}"]
    sixteen = number.between(10 ** (DIGITS - 1), 10**DIGITS - 2) & (number.cast("string") == table[f"c{index}"])
    return sixteen.fill_null(False)


def _text_of(table: ir.Table, index: int) -> ir.StringValue:
    return ibis.ifelse(table[f"bare_plain_{index}"], ibis.null("string"), _bare(table[f"c{index}"]))


def _state_of(table: ir.Table, index: int) -> ir.IntegerValue:
    plain = table[f"bare_plain_{index}"]
    return ibis.ifelse(plain, 0, _state(table[f"c{index}"], table[f"bare_{index}"])).cast("int8")


def _number_of(table: ir.Table, index: int) -> ir.IntegerValue:
    read = ibis.ifelse(table[f"state_{index}"] == 0, table[f"bare_{index}"].try_cast("int64"), ibis.null("int64"))
    return ibis.ifelse(table[f"bare_plain_{index}"], table[f"bare_number_{index}"], read)


_LAYERS: Final[Mapping[str, tuple[Callable[[ir.Table, int], ir.Value], str]]] = {
    "bare_number": (_whole, "int64"),
    "bare_plain": (_plain, "boolean"),
    "bare": (_text_of, "string"),
    "state": (_state_of, "int8"),
    "number": (_number_of, "int64"),
}
"""What is worked out of a number's text, each by means of those before; `bare…` is not kept."""


def _select_list(backend: Backend, table: ir.Table) -> str:
    """The expressions of a SELECT over one table, without the table's name."""
    query = backend.compiler.to_sqlglot(table)
    for column in query.find_all(sqlglot.exp.Column):
        column.set("table", None)
    return ", ".join(expression.sql("duckdb") for expression in query.expressions)


def _bare(text: ir.StringValue) -> ir.StringValue:
    """The text without apostrophes, spaces, dots and a trailing `.0`; no digit is ever guessed."""
    bare = text.re_replace(r"\.0+$", "").re_replace(rf"[{_BESIDE_DIGITS}]", "")
    return ibis.ifelse(text.length() == DIGITS, text, bare)


def _state(text: ir.StringValue, bare: ir.StringValue) -> ir.IntegerValue:
    found = ibis.cases(
        (values.regexp_full_match(bare, f"[0-9]{{{DIGITS}}}") & (bare != ZEROS) & (bare != NINES), 0),
        (_stripped(text).isnull() | values.regexp_full_match(bare, rf"[0{_BESIDE_DIGITS}]*"), 1),
        (values.regexp_full_match(text, rf"['\s]*{_FLOAT_FORM}\s*"), 2),
        (text.contains("*") | text.re_search("[xX]{3}"), 4),
        else_=3,
    )
    return found.cast("int8")


def number_of(table: ir.Table, column: Column) -> ir.IntegerValue:
    """The number of a NIK or KK column (BIGINT), null unless valid."""
    return table[f"number_{column.index}"]


def _number(table: ir.Table, column: Column) -> ir.StringValue:
    text, at = table[f"c{column.index}"], column.index
    return ibis.ifelse(table[f"state_{at}"] == 0, ibis.ifelse(text.length() == DIGITS, text, _bare(text)), None)


def view(backend: Backend, name: str, table: ir.Table) -> ir.Table:
    """The same table by a name, so that what builds on it is neither compiled nor planned with it again."""
    backend.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {backend.compile(table)}")
    return named(backend, name, table)


def named(backend: Backend, name: str, like: ir.Table) -> ir.Table:
    """A table of the engine whose columns are known: to ask for those of a wide view takes longer than to use it."""
    return backend.sql(f"SELECT * FROM {name}", schema=like.schema())


# Answers


def _answers(raw: ir.Table, recognition: Recognition) -> dict[int, list[str]]:
    """The different spellings that stand in each column of answers."""
    columns = [
        column.index
        for column in recognition.known
        if FIELDS[column.field].kind in (*_MEANING, "words") or column.field == "relation"
    ]
    if not columns:
        return {}
    asked = {f"c{index}": raw[f"c{index}"].collect(distinct=True)[:MOST_ANSWERS] for index in columns}
    (found,) = raw.aggregate(**asked).to_pyarrow().to_pylist()
    return {index: sorted(word for word in found[f"c{index}"] or () if word) for index in columns}


_MEANING: Final = {"sex": sex, "dukcapil": matched, "yes_no": yes_or_no}


def _answer(text: ir.StringValue, spellings: Sequence[str], kind: str) -> tuple[ir.Value, ir.BooleanValue | None]:
    read: dict[str, list[str]] = {"yes": [], "no": [], "unknown": []}
    for spelling in spellings:
        if spelling.strip() not in MISSING:
            read[_MEANING[kind](spelling)].append(spelling)
    yes, no = (known_word("L"), known_word("P")) if kind == "sex" else (True, False)
    value = ibis.cases((text.isin(read["yes"]), yes), (text.isin(read["no"]), no), else_=None)
    if not read["unknown"] and len(spellings) < MOST_ANSWERS:
        return value, None
    return value, _stripped(text).notnull() & ~text.isin(read["yes"] + read["no"])


def _place_in_family(text: ir.StringValue, spellings: Sequence[str]) -> ir.IntegerValue:
    """0 head, 1 spouse, 2 child, 3 anybody else: the order in which a family is listed."""
    places: dict[int, list[str]] = {0: [], 1: [], 2: [], 3: []}
    for spelling in spellings:
        places[place_in_family(spelling.strip().upper())].append(spelling)
    return ibis.cases(*((text.isin(places[place]), place) for place in (0, 1, 2)), else_=3).cast("int8")


# Dates


@dataclass(frozen=True)
class Dates:
    """The days of a column by its spellings, as a table of the engine: text, day, wrong (impossible)."""

    reading: Reading
    table: ir.Table


def dates_of(backend: Backend, raw: ir.Table, column: Column, period: date, bare: bool = False) -> Dates:
    """Looks at each spelling once: a million people have some 30,000 birthdays."""
    counted = raw.group_by(text=_day_part(raw, column, bare)).aggregate(rows=ibis._.count()).to_pyarrow().to_pydict()
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


def _day_part(raw: ir.Table, column: Column, bare: bool) -> ir.StringValue:
    """The text without a time of day, so that there are only as many spellings as days."""
    text = _stripped(raw[f"c{column.index}"], bare)
    # `2021-08-14 13:05:00` and `14/08/2021 13:05`: a day of ten signs, seen without a regular expression.
    ten = text.substr(10, 1).isin([" ", "T"]) & (text.substr(13, 1) == ":")
    rest = ibis.ifelse(ten, text.substr(0, 10), text.re_replace(r"[ T,]+[0-9]{1,2}:[0-9]{2}.*$", ""))
    return ibis.ifelse(text.contains(":"), rest, text)


def _order_notes(reading: Reading, heading: str) -> list[FileComplaint]:
    if reading.mixed:
        return [FileComplaint("date_order_mixed", {"column": heading, "order": reading.order}, heading, reading.mixed)]
    if reading.assumed:
        return [FileComplaint("date_order_assumed", {"column": heading}, heading, reading.assumed)]
    return []
