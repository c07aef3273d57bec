"""Complete lists as files: CSV, XLSX, Parquet. Every row, flat memory, nothing that a spreadsheet would execute.

A list is an ordered SELECT with its columns and its cover. The same bytes go to a file (`write`) and into a
download (`stream`).
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final, Literal

import duckdb

from data.exports import parquet, separated, workbook
from data.exports.pieces import Pieces
from data.exports.separated import MACHINE, READERS, Dialect
from data.exports.table import Column, Cover, Kind, ListError, Table, marked
from data.exports.workbook import ROWS_ON_A_SHEET, Sheet
from data.wording import Language, translate

__all__ = [
    "MACHINE",
    "MEDIA_TYPES",
    "READERS",
    "Column",
    "Cover",
    "Dialect",
    "Format",
    "Kind",
    "ListError",
    "Sheet",
    "file_name",
    "stream",
    "write",
    "write_workbook",
]

Format = Literal["csv", "csv.zip", "xlsx", "parquet"]
"""Also the ending of the file's name. `csv` is the bare table; `csv.zip` is the same with its cover beside it."""

MEDIA_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "csv.zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def write(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    columns: tuple[Column, ...],
    cover: Cover,
    format: Format,
    path: Path,
    language: Language,
    dialect: Dialect | None = None,
    sheet_rows: int = ROWS_ON_A_SHEET,
) -> int:
    """Writes the list to `path`, complete or not at all, and returns its number of rows.

    A CSV gets its cover as a text file beside it. `dialect` (CSV only) is by default the reader's. Raises OSError
    where the disk is full, duckdb.Error where the query is wrong and ListError where it fails while it runs; whatever
    stood at `path` then still stands there.
    """
    pieces = _pieces(connection, sql, columns, cover, format, language, dialect, sheet_rows)
    rows = 0
    with closing(pieces), _published(path) as file:
        for piece in pieces:
            file.write(piece.data)
            rows += piece.rows
        if format == "csv":
            name = f"{path.name.removesuffix('.csv')}.{translate('Notes', language).lower()}.txt"
            with _published(path.with_name(name)) as beside:
                beside.write(separated.explained(cover, dialect or READERS[language], language))
    return rows


def stream(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    columns: tuple[Column, ...],
    cover: Cover,
    format: Format,
    language: Language,
    dialect: Dialect | None = None,
    sheet_rows: int = ROWS_ON_A_SHEET,
) -> Iterator[bytes]:
    """The same bytes as `write`, as they come. Closing the iterator ends the query and leaves nothing behind.

    A query that does not bind raises here, before the first byte. The connection is in use until the end: give it one
    that nothing else asks.
    """
    return _bytes(_pieces(connection, sql, columns, cover, format, language, dialect, sheet_rows))


def write_workbook(path: Path, sheets: Sequence[Sheet], language: Language) -> None:
    """Writes small tables as an XLSX, a sheet each, complete or not at all."""
    with _published(path) as file:
        for piece in workbook.write_sheets(sheets, language):
            file.write(piece.data)


def file_name(name: str, ending: str, sample: bool, language: Language) -> str:
    """What a download is called; sample data say so.

    >>> file_name("daftar-74.71-2021-01-31", "xlsx", True, "en")
    'daftar-74.71-2021-01-31-SAMPLE-DATA.xlsx'
    """
    mark = "-" + translate("SAMPLE DATA", language).replace(" ", "-") if sample else ""
    return f"{name}{mark}.{ending}"


def _pieces(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    columns: tuple[Column, ...],
    cover: Cover,
    format: Format,
    language: Language,
    dialect: Dialect | None,
    sheet_rows: int,
) -> Pieces:
    table = marked(Table(connection, sql, columns), cover, language)
    match format:
        case "csv":
            return separated.write(table, dialect or READERS[language], language)
        case "csv.zip":
            return separated.write_with_cover(table, cover, dialect or READERS[language], language)
        case "xlsx":
            return workbook.write(table, cover, language, sheet_rows)
        case "parquet":
            return parquet.write(table, cover)


def _bytes(pieces: Pieces) -> Iterator[bytes]:
    with closing(pieces):
        yield from (piece.data for piece in pieces if piece.data)


@contextmanager
def _published(path: Path) -> Iterator[IO[bytes]]:
    partial = path.with_name(f".{uuid.uuid4().hex}.partial")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
