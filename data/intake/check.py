"""Looks at the table as a whole: which rows are people, which rows stand there twice."""

import re
from collections.abc import Callable, Sequence
from operator import xor
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from data.intake.clean import identity, number_of
from data.intake.recognise import Recognition
from data.intake.values import regexp_full_match

SHORT_NAME: Final = 4
_COLUMN_NUMBER: Final = r"\s*\(?[0-9]{1,2}\)?\s*"
_TOTAL_WORDS: Final = r"\W*(grand\s*|sub\s*)?(total|jumlah|jml)\b"
_BETWEEN: Final = "\x1f"
_TOTAL: Final = rf"(?i){_TOTAL_WORDS}.*"


def suspects(table: ir.Table, recognition: Recognition) -> ir.Table:
    """`rid` of the rows that a cheap look cannot take for persons, so that few need the careful look: those without a
    NIK whose name, or all that tells who they are, looks odd.
    """
    column, who = recognition.column("name"), identity(table, recognition)
    if column is None:
        odd = ibis.and_(ibis.literal(True), *(value.isnull() for value in who.values()))
    else:
        headings = "|".join(map(re.escape, _spoken(column.heading)))
        words = rf"(?is)^(.{{0,{SHORT_NAME}}}$|[\x00-@]|{_TOTAL_WORDS}|nama\b|({headings})$)"
        odd = who["name"].re_search(words).fill_null(True)
    number = recognition.column("nik")
    return table.filter(number_of(table, number).isnull() & odd if number else odd).select("rid")


def told(suspects: ir.Table, recognition: Recognition) -> ir.Table:
    """What `left_out` asks of the suspects: `file_row`; `nik`, `kk`, `name` and whatever else tells who somebody is;
    `said` (all cells in a row), `heading` (the row repeats the headings), `numbered` (it numbers the columns).
    """
    named = [column for field in ("name", "nik", "kk") if (column := recognition.column(field))]
    cells = {column.index: suspects[f"c{column.index}"].strip() for column in recognition.columns}
    heading = [cells[one.index].lower().isin(_spoken(one.heading)).fill_null(False) for one in named]
    numbers = [regexp_full_match(cells[one.index], _COLUMN_NUMBER).fill_null(False) for one in named[:2]]
    return suspects.select(
        "file_row",
        **identity(suspects, recognition),
        said=ibis.literal(_BETWEEN).join([cell.fill_null("") for cell in cells.values()]),
        heading=ibis.and_(*heading),
        numbered=ibis.and_(*numbers),
    )


def left_out(told: ir.Table) -> ir.Table:
    """Rows that are no persons: `file_row`, `furniture` (totals, repeated headings, column numbers, blank rows; else
    the row is rejected because nobody can be made out in it), `blank`.
    """
    who = [key for key in told.columns if key not in ("file_row", "said", "heading", "numbered")]
    nobody = ibis.and_(*(told[key].isnull() | regexp_full_match(told[key].cast("string"), _TOTAL) for key in who))
    unnumbered = ibis.and_(ibis.literal(True), *(told[key].isnull() for key in ("nik", "kk") if key in who))
    blank = nobody & (told.said.replace(_BETWEEN, "") == "")
    total = told.said.re_search(rf"(?i)(^|{_BETWEEN}){_TOTAL_WORDS}")
    furniture = told.heading | told.numbered | blank | (unnumbered & total)
    return told.filter(nobody | furniture).select("file_row", furniture=furniture, blank=blank)


def _joined(join: Callable[[Any, Any], Any], parts: Sequence[ir.Value]) -> Any:
    """The parts joined two by two: of hundreds joined one after the other the expression is too deep to be compiled."""
    half = len(parts) // 2
    return join(_joined(join, parts[:half]), _joined(join, parts[half:])) if half else parts[0]


def _spoken(heading: str) -> tuple[str, str]:
    """How a heading stands in its last row, alone or with the headings above it."""
    return heading.lower(), heading.rpartition(" > ")[2].lower()


def shared(raw: ir.Table, recognition: Recognition) -> ir.Table:
    """`number` of every NIK that stands in more than one row."""
    column = recognition.column("nik")
    if column is None:
        return raw.select(number=ibis.null("int64")).limit(0)
    numbered = raw.filter(number_of(raw, column).notnull()).group_by(number=number_of(raw, column))
    return numbered.aggregate(rows=ibis._.count()).filter(ibis._.rows > 1).select("number")


def alike(raw: ir.Table, recognition: Recognition, shared: ir.Table) -> ir.Table:
    """`rid` of the rows that may repeat another one: those with the same NIK and name. `shared` as from `shared`."""
    known = [c for key in ("nik", "name", "kk") if (c := recognition.column(key))]
    telling = [raw[f"c{c.index}"].fill_null("") for c in known or recognition.columns]
    column = recognition.column("nik")
    if column is not None:
        number = number_of(raw, column)
        raw = raw.filter(number.isnull() | number.isin(shared["number"]))
    prints = raw.select("rid", print=_joined(xor, [cell.hash() for cell in telling]))
    several = prints.group_by("print").aggregate(rows=ibis._.count()).filter(ibis._.rows > 1)
    return prints.filter(prints["print"].isin(several["print"])).select("rid")


def repeated(suspects: ir.Table, recognition: Recognition) -> ir.Table:
    """`file_row` of every row that repeats an earlier one in all columns but the running number."""
    compared = [column.index for column in recognition.columns if column.field != "counter"]
    cells = [suspects[f"c{index}"].strip().fill_null("") for index in compared]
    turn = ibis.row_number().over(group_by=cells, order_by=suspects.file_row)
    numbered = suspects.select("file_row", turn=turn)
    return numbered.filter(numbered.turn > 0).select("file_row")


def heading_of(recognition: Recognition, index: int | None) -> str:
    """The heading of a raw column, as the file writes it."""
    if index is None:
        return ""
    return next((column.heading for column in recognition.columns if column.index == index), "")
