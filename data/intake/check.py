"""Looks at the table as a whole: which rows are people, which rows stand there twice."""

import re
from collections.abc import Callable, Sequence
from operator import and_, or_, xor
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from data.intake.clean import identity, number_of, regexp_full_match
from data.intake.recognise import Recognition

SHORT_NAME: Final = 4
_COLUMN_NUMBER: Final = r"\s*\(?[0-9]{1,2}\)?\s*"
_TOTAL: Final = r"(?i)\W*(grand\s*|sub\s*)?(total|jumlah|jml)\b.*"


def suspects(table: ir.Table, recognition: Recognition) -> ir.Table:
    """Rows that a cheap look at the name cannot take for persons, so that few rows need the careful look."""
    column, who = recognition.column("name"), identity(table, recognition)
    if column is None:
        odd = ibis.and_(ibis.literal(True), *(value.isnull() for value in who.values()))
    else:
        words = rf"(?is)^(.{{0,{SHORT_NAME}}}$|[\x00-@]|grand|sub|total|jumlah|jml|nama|{re.escape(column.heading)}$)"
        odd = who["name"].re_search(words).fill_null(True)
    # By their numbers, so that only their own cells are read.
    return table.semi_join(table.filter(odd).select("rid"), "rid")


def left_out(suspects: ir.Table, recognition: Recognition) -> ir.Table:
    """Rows that are no persons: `file_row`, `furniture` (totals, repeated headings, column numbers, blank rows; else
    the row is rejected because nobody can be made out in it), `blank`.
    """
    who = identity(suspects, recognition)
    cells = [suspects[f"c{column.index}"] for column in recognition.columns]
    nobody = ibis.and_(*(value.isnull() | regexp_full_match(value, _TOTAL) for value in who.values()))
    unnumbered = ibis.and_(ibis.literal(True), *(who[key].isnull() for key in ("nik", "kk") if key in who))
    blank = _joined(and_, [cell.strip().fill_null("") == "" for cell in cells])
    total = _joined(or_, [regexp_full_match(cell, _TOTAL).fill_null(False) for cell in cells])
    named = [column for field in ("name", "nik", "kk") if (column := recognition.column(field))]
    heading = ibis.and_(
        *((suspects[f"c{c.index}"].strip().lower().isin(_spoken(c.heading))).fill_null(False) for c in named)
    )
    numbers = ibis.and_(
        *(regexp_full_match(suspects[f"c{c.index}"], _COLUMN_NUMBER).fill_null(False) for c in named[:2])
    )
    furniture = heading | numbers | (nobody & blank) | (unnumbered & total)
    return suspects.filter(nobody | furniture).select("file_row", furniture=furniture, blank=nobody & blank)


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
