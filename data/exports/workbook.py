"""XLSX: a sheet that explains, then the list, on as many sheets as Excel's row limit asks for.

DuckDB itself writes the cells, and they are zipped as they come: the first bytes leave at once and nothing is kept.
Writer libraries give the file away only when it is complete; the fastest, rustpy-xlsxwriter, after 13 s and 1 GB of
temporary files for a million rows of 20 columns, against 6 s here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data.exports import markup
from data.exports.markup import Tab
from data.exports.pieces import Archive, Piece, Pieces, joined
from data.exports.table import Column, Cover, Kind, Table, batches, quoted
from data.wording import Language, translate

ROWS_ON_A_SHEET: Final = 1_048_575
"""Excel's 1,048,576 less the heading."""
_BYTES_IN_A_SHEET: Final = 1_900_000_000
"""Excel opens no ZIP entry of 2 GiB or more."""
_ROWS_AT_ONCE: Final = 4_096
_TYPES: Final[dict[Kind, pa.DataType]] = {
    "text": pa.string(),
    "identifier": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "share": pa.float64(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Sheet:
    """A small table: `rows` hold Python values in the order of the columns."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]


def write(table: Table, cover: Cover, language: Language, sheet_rows: int = ROWS_ON_A_SHEET) -> Pieces:
    """The cover and the list as a workbook. Texts over Excel's limit are complete on a sheet of their own."""
    book = _Book(language, sheet_rows, translate("SAMPLE DATA", language) if cover.sample else "")
    about = book.tab(translate("Notes", language))
    yield from book.begin()
    yield from book.add(translate("List", language), table)
    yield from book.add_cover(about, cover)
    yield from book.end()


def write_sheets(sheets: Iterable[Sheet], language: Language) -> Pieces:
    """Small tables as a workbook, with the same care for their texts."""
    book = _Book(language, ROWS_ON_A_SHEET, "")
    yield from book.begin()
    with duckdb.connect() as connection:
        for sheet in sheets:
            connection.register("given", _arrow(sheet))
            yield from book.add(sheet.title, Table(connection, "SELECT * FROM given", sheet.columns))
    yield from book.end()


class _Lines:
    """The rows of a list as XML, which can be taken as many at a time as a sheet has room for."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self._batches = (batch for batch in batches if batch.num_rows)
        self._lines: pa.Array = pa.array([], pa.string())
        self.too_long = 0
        self.take(0)

    def __bool__(self) -> bool:
        return len(self._lines) > 0

    def take(self, most: int) -> pa.Array:
        taken, self._lines = self._lines[:most], self._lines[most:]
        if not self and (batch := next(self._batches, None)):
            self._lines = batch.column(0)
            self.too_long += pc.sum(batch.column(1)).as_py()
        return taken


class _Book:
    """A workbook on its way out."""

    def __init__(self, language: Language, sheet_rows: int, mark: str) -> None:
        self._language = language
        self._sheet_rows = sheet_rows
        self._mark = mark
        self._archive = Archive()
        self._tabs: list[Tab] = []
        self._remarks: list[tuple[str, str]] = []

    def tab(self, title: str) -> Tab:
        """The next sheet, under the title or what is free and allowed of it."""
        name = markup.tab_name(title, (tab.name for tab in self._tabs))
        self._tabs.append(Tab(name, len(self._tabs) + 1))
        return self._tabs[-1]

    def begin(self) -> Pieces:
        """What does not depend on the list, so that a download starts at once."""
        yield from self._part("_rels/.rels", markup.PACKAGE)
        yield from self._part("xl/styles.xml", markup.STYLES)

    def add(self, title: str, table: Table) -> Pieces:
        query = table.select(markup.row(table, self._language), markup.too_long(table))
        lines = _Lines(batches(table.reader(query, _ROWS_AT_ONCE)))
        sheets = 0
        while lines or not sheets:
            sheets += 1
            tab = self.tab(title)
            yield from self._archive.add(tab.entry, self._sheet(tab, table, lines))
        if sheets > 1:
            text = translate("The list goes on over {sheets} sheets.", self._language, sheets=sheets)
            self._remarks.append((title, text))
        if lines.too_long:
            yield from self._add_long_texts(table, lines.too_long)

    def add_cover(self, tab: Tab, cover: Cover) -> Pieces:
        start = markup.sheet_start((28, 100), frozen=False, first=True)
        rows = markup.cover_rows(cover, self._mark, self._remarks)
        yield from self._part(tab.entry, start + rows + markup.sheet_end(tab, self._mark))

    def end(self) -> Pieces:
        yield from self._part("xl/workbook.xml", markup.workbook(self._tabs))
        yield from self._part("xl/_rels/workbook.xml.rels", markup.relations(self._tabs))
        yield from self._part("[Content_Types].xml", markup.content_types(self._tabs))
        yield from self._archive.end()

    def _part(self, name: str, text: str) -> Pieces:
        return self._archive.add(name, [Piece(text.encode())])

    def _sheet(self, tab: Tab, table: Table, lines: _Lines) -> Pieces:
        start = markup.sheet_start(markup.widths(table.columns), frozen=True, first=tab.number == 1)
        yield Piece((start + markup.heading(table.columns)).encode())
        rows = size = 0
        while lines and rows < self._sheet_rows and size < _BYTES_IN_A_SHEET:
            taken = lines.take(self._sheet_rows - rows)
            data = joined(taken)
            rows, size = rows + len(taken), size + len(data)
            yield Piece(data, len(taken))
        filled = replace(tab, area=(markup.letters(len(table.columns)), rows + 1))
        self._tabs[tab.number - 1] = filled
        yield Piece(markup.sheet_end(filled, self._mark).encode())

    def _add_long_texts(self, table: Table, count: int) -> Pieces:
        title = translate("Long texts", self._language)
        text = translate(
            "Excel's cells end at 32,767 characters. Texts in the list that are longer end with “…”; they are complete "
            "on the sheet “{sheet}”: {count}.",
            self._language,
            sheet=title,
            count=count,
        )
        self._remarks.append((title, text))
        for piece in self.add(title, _long_texts(table, self._language)):
            yield Piece(piece.data)


def _long_texts(table: Table, language: Language) -> Table:
    texts = ", ".join(
        f"{{'label': {quoted(column.label)}, 'text': {name}}}" for name, column in table.named() if column.textual
    )
    cells = f"SELECT row, unnest([{texts}]) AS cell FROM ({table.select('row_number() OVER () AS row', '*')})"
    parts = f"unnest(range(0, CAST(length(cell.text) AS BIGINT), {markup.PART})) AS start"
    long = f"SELECT row, cell, {parts} FROM ({cells}) WHERE strlen(cell.text) > {markup.LONGEST}"
    columns = (
        Column("row", translate("Row of the list", language), "integer"),
        Column("column", translate("Column", language), "text"),
        Column("part", translate("Part", language), "integer"),
        Column("text", translate("Text", language), "text"),
    )
    text = f"substr(cell.text, start + 1, {markup.PART})"
    sql = f"SELECT row, cell.label, start // {markup.PART} + 1, {text} FROM ({long}) ORDER BY row, cell.label, start"
    return Table(table.connection, sql, columns)


def _arrow(sheet: Sheet) -> pa.Table:
    columns = [
        pa.array([_value(row[place], column) for row in sheet.rows], _TYPES[column.kind])
        for place, column in enumerate(sheet.columns)
    ]
    return pa.table(columns, names=[f"c{place}" for place in range(len(columns))])


def _value(value: Any, column: Column) -> Any:
    # Lone surrogates, which file names and cp1252 bytes may leave in Python's texts, are in no encoding.
    return str(value).encode("utf-8", "replace").decode() if column.textual and value is not None else value
