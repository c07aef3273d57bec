"""Opens a file of any usual kind as tables of text, every row with the number its own program shows.

A clean CSV is read by DuckDB at full speed; whatever DuckDB's strict reader does not accept (ragged rows, stray
quotes, other encodings, blank lines, which would shift the row numbers) is read again, slower, by Python's.
"""

import codecs
import csv
import gzip
import itertools
import mmap
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import duckdb
import numpy as np
import pyarrow as pa

from data.wording import N_

PREVIEW_ROWS: Final = 60
DELIMITERS: Final = "|;,\t"
MAX_UNPACKED: Final = 16 * 1024**3
MAX_RATIO: Final = 500
"""Register exports pack 10 to 30 times; what packs far better was made to fill a disk."""
BATCH: Final = 50_000
MAX_LINE: Final = 4 * 1024 * 1024
SHORTEST_SWALLOWED: Final = 40

MISSING: Final = (
    "", "-", " ", "--", "---", "–", "—", ".", "NULL", "null", "Null", "(null)", "N/A", "n/a", "#N/A", "NaN", "nan",
    "None",
)  # fmt: skip
"""Cells that say nothing. The reader leaves them empty."""

Layers = Sequence[str]
Cells = tuple[str, ...]
Row = tuple[int, Cells]


class Unreadable(Exception):
    """The file is no table that we can read; `str()` is a sentence for the reader (a message id)."""


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `preview` has its first rows as (row number from 1, cells).

    `load(connection, table, header_row, width, layers)` creates `table` with `rid` (a row's own number), `file_row`
    BIGINT, `c0 … c{width-1}` VARCHAR and `beyond` VARCHAR (what stands to the right of the last heading), one row for
    every row after `header_row`. It returns the encoding that was found. `layers` are lists of SQL expressions with
    names, each over the columns before it: what is to be kept beside the text, worked out while it is read.
    """

    name: str
    preview: tuple[Row, ...]
    load: "Load"


class Load(Protocol):
    def __call__(
        self, connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> str: ...


def sheets(path: Path, staging: Path) -> list[Sheet]:
    """The tables of a file: CSV of any delimiter and usual encoding, XLSX, XLS (HTML in disguise too), ODS, Parquet,
    or one of these in gzip or zip. `staging` is a folder for what has to be unpacked.

    Raises Unreadable.
    """
    path = _unpacked(path, staging)
    with path.open("rb") as file:
        start = file.read(8192)
    if not start.strip(b"\0\r\n\t "):
        raise Unreadable(N_("the file is empty."))
    if start.startswith(b"PAR1"):
        return [_parquet(path)]
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        try:
            return _workbook(path)
        except (zipfile.BadZipFile, zlib.error):
            raise Unreadable(N_("the workbook is damaged or of a kind that is not known.")) from None
    if (
        start.lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style"))
    ):
        return [_html(path)]
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise Unreadable(N_("it is a picture, a PDF or another kind of archive, not a table."))
    return [_text(path)]


def _unpacked(path: Path, staging: Path) -> Path:
    with path.open("rb") as file:
        start = file.read(4)
    try:
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(path, "rb") as source:
                return _copied(source, staging / "unpacked", path.stat().st_size)
        if start.startswith(b"PK\x03\x04") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
                if any(
                    name.startswith(("xl/", "[Content_Types]", "META-INF/manifest")) or name == "content.xml"
                    for name in names
                ):
                    return path
                inner = [
                    item
                    for item in archive.infolist()
                    if not item.is_dir()
                    and not item.filename.startswith("__MACOSX")
                    and not Path(item.filename).name.startswith(".")
                ]
                if len(inner) != 1:
                    raise Unreadable(N_("the zip archive must hold exactly one file."))
                with archive.open(inner[0]) as source:
                    return _copied(source, staging / "unpacked", path.stat().st_size)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Unreadable(N_("the archive is damaged or protected by a password.")) from None
    return path


def _copied(source: Any, target: Path, packed: int) -> Path:
    limit = min(MAX_UNPACKED, max(packed, 1024) * MAX_RATIO)
    size = 0
    with target.open("wb") as file:
        while block := source.read(1 << 20):
            size += len(block)
            if size > limit:
                raise Unreadable(N_("unpacked, the archive is far larger than a register can be."))
            file.write(block)
    return target


# Text


def _text(path: Path) -> Sheet:
    likely = _encoding(path, read=1 << 20)
    with path.open("r", encoding=likely, errors="replace", newline="") as file:
        sample = file.read(256 * 1024)
    if sample.count("\0") > len(sample) // 100:
        raise Unreadable(N_("it is not a text file."))
    delimiter = _delimiter(sample)
    preview: tuple[Row, ...] = ()
    with suppress(csv.Error):
        preview = tuple(itertools.islice(_records(path, likely, delimiter), PREVIEW_ROWS))
    if not preview:
        preview = tuple(itertools.islice(_lines(path, likely, delimiter), PREVIEW_ROWS))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> str:
        if likely == "utf-8" and _plain_start(path, header_row):
            rows = _load_fast(connection, table, path, delimiter, header_row, width, layers)
            if rows is not None and _complete(connection, table, path, delimiter, header_row, width, rows):
                return "utf-8"
        encoding = _encoding(path)
        # DuckDB wraps what the stream of rows raises.
        with suppress(csv.Error, duckdb.InvalidInputException):
            _load_rows(connection, table, _records(path, encoding, delimiter), header_row, width, layers, delimiter)
            if not _swallowed(connection, table, delimiter, width):
                return encoding
        _load_rows(connection, table, _lines(path, encoding, delimiter), header_row, width, layers, delimiter)
        return encoding

    return Sheet(path.name, preview, load)


def _encoding(path: Path, read: int | None = None) -> str:
    """The file's encoding, from its first `read` bytes or from all of it."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        with suppress(UnicodeDecodeError):
            while block := file.read(1 << 20):
                decoder.decode(block)
                if read and file.tell() >= read:
                    return "utf-8"
            decoder.decode(b"", final=True)
            return "utf-8"
    return "cp1252"


def _delimiter(sample: str) -> str:
    """The delimiter that splits most rows into the same number of cells, more cells first."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        common = max(set(counts), key=lambda count: (counts.count(count) if count > 1 else 0, count), default=1)
        return (counts.count(common) * (common - 1), common)

    return max(DELIMITERS, key=fit)


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    with _opened(path, encoding) as file:
        lines = (line.replace("\0", "") for line in file)
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            yield number, tuple(cells)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every line for itself; where a quotation mark has no partner in its line, marks mean nothing there."""
    with _opened(path, encoding) as file:
        for number, line in enumerate(file, start=1):
            text = line.replace("\0", "").rstrip("\r\n")
            alone = text.count('"') % 2
            cells = (
                text.replace('"', "").split(delimiter) if alone else next(csv.reader([text], delimiter=delimiter), [])
            )
            yield number, tuple(cells)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        if encoding == "utf-8" and file.read(1) != "\ufeff":
            file.seek(0)
        yield file


def _lines_and_nul(path: Path) -> tuple[int, bool]:
    """How many lines the file has, and whether there is a NUL byte in it."""
    lines, nul, last = 0, False, 10
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            values = np.frombuffer(block, np.uint8)
            lines += int(np.count_nonzero(values == 10))
            nul = nul or int(np.count_nonzero(values)) < len(values)
            last = block[-1]
    return lines + (last != 10), nul


def _has_blank_lines(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = len(content)
        while end and content[end - 1] in b"\r\n":
            end -= 1
        return content.find(b"\n\n", 0, end) >= 0 or content.find(b"\n\r\n", 0, end) >= 0


def _plain_start(path: Path, header_row: int) -> bool:
    """Whether the rows up to the headings are physical lines, as DuckDB skips them."""
    with path.open("rb") as file:
        return not any(line.count(b'"') % 2 for line in itertools.islice(file, header_row))


def _load_fast(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    delimiter: str,
    header_row: int,
    width: int,
    layers: Layers,
) -> int | None:
    """Loads a file that keeps to the rules and says how many rows it has; None where it does not."""
    columns = {f"c{index}": "VARCHAR" for index in range(width)}
    try:
        loaded = connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table}_rows AS "
            + _layered(
                f"""FROM read_csv($path, auto_detect=false, header=false, skip={header_row}, delim=$delimiter, quote='"',
                escape='"', columns={columns}, strict_mode=true, null_padding=false, max_line_size={MAX_LINE},
                nullstr={list(MISSING)})""",
                layers,
            ),
            {"path": str(path), "delimiter": delimiter},
        ).fetchall()
    except duckdb.InvalidInputException:
        return None
    # Counting rows in the query itself would keep it to one core; the table has counted them already.
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {table} AS"
        f" SELECT rowid AS rid, rowid + {header_row + 1} AS file_row, *, NULL::VARCHAR AS beyond FROM {table}_rows"
    )
    return int(loaded[0][0])


def _layered(source: str, layers: Layers) -> str:
    for layer in layers:
        source = f"SELECT *, {layer} FROM ({source})"
    return source


def _complete(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    delimiter: str,
    header_row: int,
    width: int,
    rows: int,
) -> bool:
    """Whether every row was loaded with its right number: DuckDB skips blank lines, and other programs count them."""
    lines, nul = _lines_and_nul(path)
    if nul:
        return False
    if lines == rows + header_row:
        return True
    return not _has_blank_lines(path) and not _swallowed(connection, table, delimiter, width)


def _swallowed(connection: duckdb.DuckDBPyConnection, table: str, delimiter: str, width: int) -> bool:
    """Whether a cell holds whole further rows, because a stray quotation mark found its partner only there."""
    sign, most = delimiter.replace("'", "''"), max(2, width // 2)
    rows_inside = " OR ".join(
        f"(strlen(c{i}) > {SHORTEST_SWALLOWED} AND contains(c{i}, chr(10))"
        f" AND length(c{i}) - length(replace(c{i}, '{sign}', '')) >= {most})"
        for i in range(width)
    )
    return bool(connection.execute(f"SELECT EXISTS (FROM {table} WHERE {rows_inside})").fetchall()[0][0])


def _load_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: Iterable[Row],
    header_row: int,
    width: int,
    layers: Layers = (),
    delimiter: str = ";",
) -> None:
    names = ["file_row", *(f"c{index}" for index in range(width)), "beyond"]
    nothing = frozenset(MISSING)
    schema = pa.schema([("file_row", pa.int64()), *((name, pa.string()) for name in names[1:])])

    def batches() -> Iterator[pa.RecordBatch]:
        body = (row for row in rows if row[0] > header_row and any(row[1]))
        while chunk := list(itertools.islice(body, BATCH)):
            padded = [
                (
                    number,
                    *cells[:width],
                    *((None,) * (width - len(cells))),
                    delimiter.join(cells[width:]).strip(delimiter),
                )
                for number, cells in chunk
            ]
            columns = zip(*padded, strict=True)
            arrays = [
                pa.array([None if cell in nothing else cell for cell in column], type=field.type)
                for column, field in zip(columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    connection.register("incoming_rows", reader)
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_rows AS {_layered('FROM incoming_rows', layers)}")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid AS rid, * FROM {table}_rows")
    finally:
        connection.unregister("incoming_rows")


# Workbooks


MOST_CELLS: Final = 60_000_000
_CELL: Final = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')


def _refuse_absurd(path: Path) -> None:
    """Refuses a workbook with a stray cell far out: the reader would make room for every cell on the way there."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        limit = min(MAX_UNPACKED, path.stat().st_size * MAX_RATIO)
        if sum(item.file_size for item in archive.infolist()) > limit:
            raise Unreadable(N_("unpacked, the workbook is far larger than a register can be."))
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                rows, columns = _extent(archive, name)
                if rows * columns > MOST_CELLS:
                    raise Unreadable(
                        N_("a cell far below or far to the right makes the sheet larger than can be read.")
                    )


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    rows, letters, tail = 0, set[bytes](), b""
    with archive.open(name) as sheet:
        while block := sheet.read(1 << 20):
            found = _CELL.findall(tail + block)
            tail = block[-16:]
            letters.update(column for column, _ in found)
            rows = max(rows, max((int(row) for _, row in found[-1:]), default=0))
    return rows, max((_column_number(column) for column in letters), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _workbook(path: Path) -> list[Sheet]:
    import python_calamine as calamine

    _refuse_absurd(path)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
    except (calamine.CalamineError, OSError) as error:
        if isinstance(error, calamine.PasswordError):
            raise Unreadable(N_("the workbook is protected by a password.")) from None
        raise Unreadable(N_("the workbook is damaged or of a kind that is not known.")) from None

    def rows(name: str) -> Iterator[Row]:
        sheet = book.get_sheet_by_name(name)
        first_column = sheet.start[1] if sheet.start else 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, (*("",) * first_column, *(_cell(value) for value in cells))

    def sheet(name: str) -> Sheet:
        def load(
            connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
        ) -> str:
            _load_rows(connection, table, rows(name), header_row, width, layers)
            return "utf-8"

        return Sheet(name, tuple(itertools.islice(rows(name), PREVIEW_ROWS)), load)

    return [sheet(name) for name in names]


def _cell(value: Any) -> str:
    """A cell's value as text: whole numbers without a decimal point, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# HTML tables that call themselves .xls


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.handle_endtag(tag)  # The end of a cell may be left out in HTML.
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 100) if span.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def _html(path: Path) -> Sheet:
    encoding = _encoding(path)
    parser = _Table()
    with path.open(encoding=encoding, errors="replace") as file:
        while block := file.read(1 << 20):
            parser.feed(block)
    numbered = [(number, tuple(cells)) for number, cells in enumerate(parser.rows, start=1)]
    if not numbered:
        raise Unreadable(N_("the page holds no table."))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> str:
        _load_rows(connection, table, numbered, header_row, width, layers)
        return encoding

    return Sheet(path.name, tuple(numbered[:PREVIEW_ROWS]), load)


# Parquet


def _parquet(path: Path) -> Sheet:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        first = next(file.iter_batches(batch_size=PREVIEW_ROWS), None)
    except (pa.ArrowException, OSError):
        raise Unreadable(N_("the Parquet file is damaged.")) from None
    names = list(file.schema_arrow.names)
    records = [
        tuple(_cell(value) if value is not None else "" for value in row.values())
        for row in (first.to_pylist() if first else [])
    ]
    # A Parquet file has no heading row; its first record is row 1, so the headings stand in "row 0".
    preview = ((0, tuple(names)), *enumerate(records, start=1))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> str:
        picked = ", ".join(f"{_emptied(name)} AS c{index}" for index, name in enumerate(names[:width]))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table}_rows AS "
            + _layered(
                f"SELECT file_row_number + 1 AS file_row, {picked}, NULL::VARCHAR AS beyond"
                " FROM read_parquet($path, file_row_number=true)",
                layers,
            ),
            {"path": str(path)},
        )
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid AS rid, * FROM {table}_rows")
        return "utf-8"

    return Sheet(path.name, preview, load)


def _emptied(name: str) -> str:
    text = 'CAST("' + name.replace('"', '""') + '" AS VARCHAR)'
    return f"CASE WHEN {text} IN ({', '.join(repr(word) for word in MISSING)}) THEN NULL ELSE {text} END"
