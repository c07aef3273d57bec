"""Opens a file of any usual kind as tables of text, every row with the number its own program shows.

A clean CSV is read by Arrow at full speed; whatever its reader does not accept (ragged rows, other encodings) or would
read with other row numbers (blank lines, stray quotes) is read again, slower, by Python's.
"""

import codecs
import csv
import errno
import gzip
import itertools
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TextIO

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as pa_csv

from data.intake import workbook
from data.intake.limits import Excess, Unreadable, limits
from data.wording import N_

PREVIEW_ROWS: Final = 200
LONGEST_PREVIEWED: Final = 1_000
"""Characters of a cell in the preview: it is for recognising columns."""
DELIMITERS: Final = "|;,\t"
BATCH: Final = 50_000
BLOCK: Final = 1 << 20
BLANK: Final = 32
MOST_AT_ONCE: Final = 300 << 20
"""Bytes of a file that is kept in memory as it is read."""
BATCH_CHARACTERS: Final = 32 * 1024 * 1024
LOWEST_SPAN: Final = 65_534
WIDEST_SPAN: Final = 100
PREVIEW_MEMORY: Final = "500MB"
SHORTEST_SWALLOWED: Final = 40

MISSING: Final = (
    "", "-", " ", "--", "---", "–", "—", ".", "NULL", "null", "Null", "(null)", "N/A", "n/a", "#N/A", "NaN", "nan",
    "None",
)  # fmt: skip
"""Cells that say nothing. The reader leaves them empty."""

Layers = Sequence[str]
Cells = tuple[str, ...]
Row = tuple[int, Cells]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `preview` has its first rows as (row number from 1, cells), long cells cut.

    `load(connection, table, header_row, width, layers)` creates `table` with `rid` (a row's own number), `file_row`
    BIGINT, `c0 … c{width-1}` VARCHAR and `beyond` VARCHAR (what stands to the right of the last heading), one row for
    every row after `header_row`. `layers` are lists of SQL expressions with names, each over the columns before it:
    what is to be kept beside the text, worked out while it is read.
    """

    name: str
    preview: tuple[Row, ...]
    load: "Load"


class Edges(NamedTuple):
    """Whether it is known of a column that every sign takes one byte, and that no cell begins or ends with a blank."""

    plain: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Loaded:
    """What was seen of a file while it was read: its encoding.

    `edges(column)` looks at one of the columns as they lie in memory. `pick(name, numbers)` makes a table as `load`
    does of the rows with some numbers in the file.
    """

    encoding: str
    edges: Callable[[str], Edges] = lambda column: Edges()
    pick: Callable[[str, Numbers], None] | None = None


class Load(Protocol):
    def __call__(
        self, connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> Loaded: ...


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
        return _workbook(path, staging)
    if (
        start.lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style"))
    ):
        return [_html(path)]
    if start.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
    ):
        raise Unreadable(N_("it is a picture, a PDF or another kind of archive, not a table."))
    return [_text(path)]


DAMAGED: Final = (
    EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, NotImplementedError,
    ValueError, OverflowError, MemoryError,
)  # fmt: skip
"""What Python's readers of archives raise where one is damaged, besides OSError without a number."""


def _unpacked(path: Path, staging: Path) -> Path:
    with path.open("rb") as file:
        start = file.read(4)
    try:
        if start.startswith(b"\x1f\x8b"):
            with gzip.open(path, "rb") as source:
                return _copied(source, staging / "unpacked", path.stat().st_size)
        if start.startswith(b"PK\x03\x04") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if _is_workbook(archive):
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
    except (OSError, *DAMAGED) as error:
        # A spoilt archive sends the reader to places that no file has: that is no fault of the disk.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise Unreadable(N_("the archive is damaged or protected by a password.")) from None
    return path


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    parts = ("xl/", "[Content_Types]", "META-INF/manifest")
    return any(name.startswith(parts) or name == "content.xml" for name in archive.namelist())


def _copied(source: Any, target: Path, packed: int) -> Path:
    """Unpacks what is there now: what an archive says of its sizes may be a lie."""
    most = limits()
    size = 0
    with target.open("wb") as file:
        while block := source.read(1 << 20):
            size += len(block)
            if size > most.unpacked_mb << 20:
                raise Excess("unpacked_mb")
            if size > max(packed, 1024) * most.ratio:
                raise Excess("ratio")
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
        preview = _previewed(_records(path, likely, delimiter))
    if not preview:
        preview = _previewed(_lines(path, likely, delimiter))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> Loaded:
        if likely == "utf-8" and _plain_start(path, header_row):
            loaded = _load_fast(connection, table, path, delimiter, header_row, width, layers)
            if loaded:
                return loaded
            connection.unregister(f"{table}_text")
        encoding = _encoding(path)
        with suppress(csv.Error):
            _load_rows(connection, table, _records(path, encoding, delimiter), header_row, width, layers, delimiter)
            if not _swallowed(connection, table, delimiter, width):
                return Loaded(encoding)
        _load_rows(connection, table, _lines(path, encoding, delimiter), header_row, width, layers, delimiter)
        return Loaded(encoding)

    return Sheet(path.name, preview, load)


def _previewed(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The first rows, without blank cells at their ends where there are very many. Raises Excess."""
    most = limits().columns
    found = []
    for number, cells in itertools.islice(rows, PREVIEW_ROWS):
        width = len(cells)
        if width > most:
            width = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        if width > most:
            raise Excess("columns")
        found.append((number, tuple(cell[:LONGEST_PREVIEWED] for cell in cells[:width])))
    return tuple(found)


def _encoding(path: Path, read: int | None = None) -> str:
    """The file's encoding, from its first `read` bytes or from all of it."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if silent := _utf_16_without_mark(start + file.read(1020)):
            return silent
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


def _utf_16_without_mark(start: bytes) -> str:
    """Of Latin letters in UTF-16 every other byte is zero."""
    low, high = start[0::2].count(0), start[1::2].count(0)
    if max(low, high) < 0.4 * len(start[1::2]) or min(low, high) > 0.02 * len(start):
        return ""
    return "utf-16-le" if high > low else "utf-16-be"


def _delimiter(sample: str) -> str:
    """The delimiter that splits most rows into the same number of cells, more cells first."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    csv.field_size_limit(max(limits().line, len(sample)))

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        common = max(set(counts), key=lambda count: (counts.count(count) if count > 1 else 0, count), default=1)
        return (counts.count(common) * (common - 1), common)

    return max(DELIMITERS, key=fit)


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(limits().line)
    with _opened(path, encoding) as file:
        for number, cells in enumerate(csv.reader(_bounded(file), delimiter=delimiter), start=1):
            yield number, tuple(cells)


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every line for itself; where a quotation mark has no partner in its line, marks mean nothing there."""
    with _opened(path, encoding) as file:
        for number, line in enumerate(_bounded(file), start=1):
            text = line.rstrip("\r\n")
            alone = text.count('"') % 2
            cells = (
                text.replace('"', "").split(delimiter) if alone else next(csv.reader([text], delimiter=delimiter), [])
            )
            yield number, tuple(cells)


def _bounded(file: TextIO) -> Iterator[str]:
    """The lines without NUL; none is read further than a line may be long."""
    most = limits().line
    while line := file.readline(most + 1):
        if len(line) > most:
            raise Excess("line")
        yield line.replace("\0", "")


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
    """Whether a blank line stands above the last line with content."""
    ends = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            text = ends + block
            said = text.rstrip(b"\r\n")
            if b"\n\n" in said or b"\n\r\n" in said:
                return True
            ends = text[len(said) :][:4]
    return False


def _plain_start(path: Path, header_row: int) -> bool:
    """Whether the rows up to the headings are physical lines, as DuckDB skips them."""
    most = limits().line
    with path.open("rb") as file:
        lines = (file.readline(most) for _ in range(header_row))
        return all(line.count(b'"') % 2 == 0 and len(line) < most for line in lines)


def _load_fast(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    delimiter: str,
    header_row: int,
    width: int,
    layers: Layers,
) -> Loaded | None:
    """Loads a file that keeps to the rules, every row with its right number; None where it does not."""
    lines, nul = _lines_and_nul(path)
    if nul:
        return None
    load = _load_at_once if path.stat().st_size <= MOST_AT_ONCE else _load_in_pieces
    # Line breaks within cells take longer to look for; where every row is a line there are none.
    for breaks in (False, True):
        how = _strictly(delimiter, header_row, width, breaks)
        try:
            rows, loaded = load(connection, table, path, header_row, layers, how)
        except pa.ArrowException:
            continue
        if rows > limits().rows:
            raise Excess("rows")
        if lines == rows + header_row:
            return loaded
        if _has_blank_lines(path):  # They are skipped here, and other programs count them.
            return None
        if breaks and not _swallowed(connection, table, delimiter, width):
            return loaded
    return None


def _strictly(delimiter: str, header_row: int, width: int, breaks: bool) -> dict[str, Any]:
    """What Arrow's reader is told: every column is text, and rows of another width are refused."""
    columns = [f"c{index}" for index in range(width)]
    return {
        "read_options": pa_csv.ReadOptions(
            column_names=columns, skip_rows=header_row, block_size=min(BLOCK, limits().line)
        ),
        "parse_options": pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=breaks),
        "convert_options": pa_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), null_values=MISSING, strings_can_be_null=True
        ),
    }


def _load_at_once(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    header_row: int,
    layers: Layers,
    how: Mapping[str, Any],
) -> tuple[int, Loaded]:
    """Leaves the text where it was read: to copy it into a table of the engine takes longer than to read it."""
    text = pa_csv.read_csv(path, **how)
    text = _numbered(text, header_row + 1)
    if layers:
        connection.register(f"{table}_text", text)
        known = ", ".join(text.column_names)
        beside = connection.sql(f"SELECT * EXCLUDE ({known}) FROM ({_layered(f'FROM {table}_text', layers)})")
        found = beside.to_arrow_table()
        for name in found.column_names:
            text = text.append_column(name, found[name])

    def pick(name: str, numbers: Numbers) -> None:
        picked = np.zeros(text.num_rows, bool)
        picked[numbers - (header_row + 1)] = True
        _show(connection, name, text.filter(pa.array(picked)))

    _show(connection, table, text)
    return text.num_rows, Loaded("utf-8", cache(lambda column: _edges(text[column])), pick)


def _show(connection: duckdb.DuckDBPyConnection, table: str, text: pa.Table) -> None:
    connection.register(f"{table}_text", text)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT file_row AS rid, *, NULL::VARCHAR AS beyond FROM {table}_text"
    )


def _load_in_pieces(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    header_row: int,
    layers: Layers,
    how: Mapping[str, Any],
) -> tuple[int, Loaded]:
    """For a file that does not fit into memory: the engine keeps its rows, and may lay them aside on disk."""
    read = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal read
        for batch in reader:
            yield _numbered(batch, header_row + 1 + read)
            read += batch.num_rows

    with pa_csv.open_csv(path, **how) as reader:
        schema = reader.schema.insert(0, pa.field("file_row", pa.int64()))
        _keep(connection, table, schema, batches(), layers, "*, NULL::VARCHAR AS beyond")
    return read, Loaded("utf-8")


def _edges(column: pa.ChunkedArray) -> Edges:
    """By the bytes of all cells together. What takes more bytes may be a blank."""
    plain = bare = True
    for chunk in column.chunks:
        _, ends, letters = chunk.buffers()
        if letters is None or not letters.size:
            continue
        signs = np.frombuffer(letters, np.int8)
        cells = np.frombuffer(ends, np.int32)[: len(chunk) + 1]
        # Where a cell is empty, another one's edge is looked at twice.
        first, last = signs.take(cells[:-1], mode="clip"), signs.take(cells[1:] - 1, mode="clip")
        plain = plain and bool(signs.min() >= 0)
        bare = bare and bool(min(first.min(), last.min()) > BLANK)
    return Edges(plain, bare)


def _numbered(text: Any, first: int) -> Any:
    """A table or batch with the numbers of its rows in the file, which follow each other."""
    return text.add_column(0, "file_row", pa.array(np.arange(first, first + text.num_rows)))


def _keep(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: pa.Schema,
    batches: Iterator[pa.RecordBatch],
    layers: Layers,
    shown: str = "*",
) -> None:
    """Makes a table of a stream of rows; what the stream raises is raised here, and not what DuckDB makes of it."""
    failed: list[Exception] = []

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except Exception as error:
            failed.append(error)
            raise

    connection.register("incoming_rows", pa.RecordBatchReader.from_batches(schema, watched()))
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_rows AS {_layered('FROM incoming_rows', layers)}")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid AS rid, {shown} FROM {table}_rows")
    except duckdb.Error:
        if failed:
            raise failed[0] from None
        raise
    finally:
        connection.unregister("incoming_rows")


def _layered(source: str, layers: Layers) -> str:
    """What is named `bare_…` is there for the later layers only."""
    for layer in layers:
        source = f"SELECT *, {layer} FROM ({source})"
    return f"SELECT COLUMNS(lambda name: NOT starts_with(name, 'bare_')) FROM ({source})" if layers else source


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
        for chunk in _chunks(row for row in rows if row[0] > header_row and any(row[1])):
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

    _keep(connection, table, schema, batches(), layers)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in pieces that fit into memory, however long they are."""
    most = limits().rows
    chunk: list[Row] = []
    characters = 0
    for count, row in enumerate(rows):
        if count == most:
            raise Excess("rows")
        chunk.append(row)
        characters += sum(map(len, row[1])) + len(row[1])
        if len(chunk) == BATCH or characters > BATCH_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


# Workbooks


def _workbook(path: Path, staging: Path) -> list[Sheet]:
    return [_written(sheet) for sheet in workbook.opened(path, staging, limits())]


def _written(sheet: workbook.Written) -> Sheet:
    """A sheet of a workbook, which lies as CSV beside it."""

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> Loaded:
        columns = {"file_row": "BIGINT"} | {f"c{index}": "VARCHAR" for index in range(sheet.width)}
        known = ", ".join(f"{'' if index < sheet.width else 'NULL::VARCHAR AS '}c{index}" for index in range(width))
        right = ", ".join(f"coalesce(c{index}, '')" for index in range(width, sheet.width))
        beyond = f"nullif(trim(concat_ws(';', {right}), ';'), '')" if right else "NULL::VARCHAR"
        csv_of_sheet = f"""read_csv($path, auto_detect=false, header=false, delim=',', quote='"', escape='"',
            new_line='\\n', columns={columns}, max_line_size={4 * limits().line}, nullstr={list(MISSING)})"""
        source = f"SELECT file_row, {known}, {beyond} AS beyond FROM {csv_of_sheet} WHERE file_row > {header_row}"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table}_rows AS {_layered(source, layers)}", {"path": str(sheet.path)}
        )
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid AS rid, * FROM {table}_rows")
        return Loaded("utf-8")

    return Sheet(sheet.name, _previewed(_with_blanks(_records(sheet.path, "utf-8", ","))), load)


def _with_blanks(records: Iterable[Row]) -> Iterator[Row]:
    """The rows by the number that stands in their first cell, with the blank ones between them."""
    following = 1
    for _, (number, *cells) in records:
        yield from ((blank, ()) for blank in range(following, int(number)))
        yield int(number), tuple(cells)
        following = int(number) + 1


# HTML tables that call themselves .xls


class _Table(HTMLParser):
    """Hands out the rows of a page as they are complete. What a cell spans to the right or below stays blank."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._length = 0
        self._down: dict[int, int] = {}
        self._limits = limits()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.handle_endtag("td")
            self.rows.append([])
            self._length = 0
        elif tag in ("td", "th") and self.rows:
            self.handle_endtag(tag)  # The end of a cell may be left out in HTML.
            self._cell = []
            spans = dict(attrs)
            self._wide, self._low = _span(spans.get("colspan"), WIDEST_SPAN), _span(spans.get("rowspan"), LOWEST_SPAN)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            row = self.rows[-1]
            self._skip(row)
            if self._low > 1:
                self._down |= dict.fromkeys(range(len(row), len(row) + self._wide), self._low - 1)
            row += ["".join(self._cell).strip(), *[""] * (self._wide - 1)]
            self._cell = None
            if len(row) > self._limits.columns:
                raise Excess("columns")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._length += len(data)
            if self._length > self._limits.line:
                raise Excess("line")
            self._cell.append(data.replace("\0", ""))

    def feed(self, data: str) -> None:
        super().feed(data)
        if len(self.rawdata) > self._limits.line:  # A tag or comment without an end.
            raise Excess("line")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        return self.parse_bogus_comment(i, report)  # Of `<![x` the library itself makes a failure.

    def _skip(self, row: list[str]) -> None:
        while self._down.get(len(row), 0):
            self._down[len(row)] -= 1
            row.append("")
            if len(row) > self._limits.columns:
                raise Excess("columns")


def _span(told: str | None, most: int) -> int:
    return max(1, min(int(told), most)) if told and told.isascii() and told.isdigit() and len(told) < 10 else 1


def _page_rows(path: Path, encoding: str) -> Iterator[Row]:
    return ((number, tuple(cells)) for number, cells in enumerate(_page_cells(path, encoding), start=1))


def _page_cells(path: Path, encoding: str) -> Iterator[list[str]]:
    parser = _Table()
    with path.open(encoding=encoding, errors="replace") as file:
        while block := file.read(1 << 18):
            parser.feed(block)
            yield from parser.rows[:-1]
            del parser.rows[:-1]
    parser.handle_endtag("td")
    yield from parser.rows


def _html(path: Path) -> Sheet:
    encoding = _encoding(path)
    preview = _previewed(_page_rows(path, encoding))
    if not preview:
        raise Unreadable(N_("the page holds no table."))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> Loaded:
        _load_rows(connection, table, _page_rows(path, encoding), header_row, width, layers)
        return Loaded(encoding)

    return Sheet(path.name, preview, load)


# Parquet


def _parquet(path: Path) -> Sheet:
    import pyarrow.parquet as pq

    try:
        about = pq.read_metadata(path)
        names = about.schema.to_arrow_schema().names
    except (pa.ArrowException, OSError, *DAMAGED) as error:
        raise _not_parquet(error) from None
    if len(names) > limits().columns:
        raise Excess("columns")
    if about.num_rows > limits().rows:
        raise Excess("rows")
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{PREVIEW_MEMORY}'")
        try:
            records = connection.execute(
                f"SELECT {', '.join(f'CAST(k{index} AS VARCHAR)' for index in range(len(names)))}"
                f" FROM {_parquet_rows(names)} LIMIT {PREVIEW_ROWS}",
                {"path": str(path)},
            ).fetchall()
        except (duckdb.Error, *DAMAGED) as error:
            raise _not_parquet(error) from None
    rows = ((number, tuple(cell or "" for cell in cells)) for number, cells in enumerate(records, start=1))
    # A Parquet file has no heading row; its first record is row 1, so the headings stand in "row 0".
    preview = _previewed(itertools.chain([(0, tuple(names))], rows))

    def load(
        connection: duckdb.DuckDBPyConnection, table: str, header_row: int, width: int, layers: Layers = ()
    ) -> Loaded:
        picked = ", ".join(f"{_emptied(f'k{index}')} AS c{index}" for index in range(width))
        source = f"SELECT number AS file_row, {picked}, NULL::VARCHAR AS beyond FROM {_parquet_rows(names)}"
        try:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table}_rows AS {_layered(source, layers)}", {"path": str(path)}
            )
        except (duckdb.Error, *DAMAGED) as error:
            raise _not_parquet(error) from None
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS SELECT rowid AS rid, * FROM {table}_rows")
        return Loaded("utf-8")

    return Sheet(path.name, preview, load)


def _parquet_rows(names: Sequence[str]) -> str:
    """The file as a table of `number` and k0 …: its own names can be anything, ours and each other's among them."""
    keys = ", ".join(f"k{index}" for index in range(len(names)))
    if "file_row_number" not in map(str.casefold, names):
        known = f"(FROM read_parquet($path, file_row_number=true)) AS t({keys}, before)"
        return f"(SELECT {keys}, before + 1 AS number FROM {known})"
    return f"(SELECT {keys}, row_number() OVER () AS number FROM (FROM read_parquet($path)) AS t({keys}))"


def _not_parquet(error: Exception) -> Exception:
    """What to raise: of a fault of the disk or a lack of memory the file is not the cause."""
    ours = isinstance(error, duckdb.OutOfMemoryException) or (isinstance(error, OSError) and error.errno is not None)
    return error if ours else Unreadable(N_("the Parquet file is damaged."))


def _emptied(name: str) -> str:
    text = f"CAST({name} AS VARCHAR)"
    return f"CASE WHEN {text} IN ({', '.join(repr(word) for word in MISSING)}) THEN NULL ELSE {text} END"
