"""Looks at the table as a whole: which rows are people, which rows stand there twice."""

from functools import reduce
from operator import xor
from typing import Final

import ibis
import ibis.expr.types as ir

from data.intake.clean import identity, regexp_full_match
from data.intake.recognise import Recognition

SHORT_NAME: Final = 4
_COLUMN_NUMBER: Final = r"\s*\(?[0-9]{1,2}\)?\s*"
_TOTAL: Final = r"(?i)\W*(grand\s*|sub\s*)?(total|jumlah|jml)\b.*"


def left_out(raw: ir.Table, people: ir.Table, recognition: Recognition) -> ir.Table:
    """Rows that are no persons: `file_row`, `furniture` (totals, repeated headings, column numbers, blank rows; else
    the row is rejected because nobody can be made out in it), `blank`. `people` has the cleaned values of the rows.
    """
    suspects = raw.semi_join(people.filter(_suspicious(people, recognition)).select("rid"), "rid")
    cells = [suspects[f"c{column.index}"] for column in recognition.columns]
    who = identity(suspects, recognition)
    nobody = ibis.and_(*(value.isnull() | regexp_full_match(value, _TOTAL) for value in who.values()))
    unnumbered = ibis.and_(ibis.literal(True), *(who[key].isnull() for key in ("nik", "kk") if key in who))
    blank = ibis.and_(*((cell.strip().fill_null("") == "") for cell in cells))
    total = ibis.or_(*(regexp_full_match(cell, _TOTAL).fill_null(False) for cell in cells))
    named = [column for field in ("name", "nik", "kk") if (column := recognition.column(field))]
    heading = ibis.and_(
        *((suspects[f"c{c.index}"].strip().lower() == c.heading.lower()).fill_null(False) for c in named)
    )
    numbers = ibis.and_(
        *(regexp_full_match(suspects[f"c{c.index}"], _COLUMN_NUMBER).fill_null(False) for c in named[:2])
    )
    furniture = heading | numbers | (nobody & blank) | (unnumbered & total)
    return suspects.filter(nobody | furniture).select("file_row", furniture=furniture, blank=nobody & blank)


def _suspicious(people: ir.Table, recognition: Recognition) -> ir.BooleanValue:
    """A cheap look at the name, so that the careful look at every cell is spared for nearly all rows."""
    column = recognition.column("name")
    if column is None:
        return people.nik.isnull()
    name = people.name
    odd = name.isnull() | (name.length() <= SHORT_NAME) | (name < "A") | (name == column.heading)
    return odd | name.re_search(r"(?i)^(grand|sub|total|jumlah|jml|nama)")


def likeness(raw: ir.Table, recognition: Recognition) -> ir.Value:
    """A number that is the same for rows that repeat each other, and hardly ever for others."""
    telling = [raw[f"c{c.index}"].fill_null("") for key in ("nik", "name") if (c := recognition.column(key))]
    return reduce(xor, (cell.hash() for cell in telling))


def alike(people: ir.Table) -> ir.Table:
    """`rid` of the rows that may repeat another one."""
    several = people.group_by("print").aggregate(rows=ibis._.count()).filter(ibis._.rows > 1)
    return people.filter(people["print"].isin(several["print"])).select("rid")


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
