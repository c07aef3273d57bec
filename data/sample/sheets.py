"""A file of a sample: its rows, the headings over them, what stands around them; and how it is written.

Rows are columns of plain values; what a heading shows of them, defects included, is an SQL expression over these
columns, so that a million rows are written without Python looking at one.
"""

import codecs
import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

import duckdb
import pyarrow as pa
import rustpy_xlsxwriter as xlsx

MARKER: Final = "CONTOH-"
"""Every number that a register gives begins with this in a sample file."""

NOTICE: Final = "DATA CONTOH – BUKAN DATA SEBENARNYA"
"""Stands above the headings of sample files."""

ENDINGS: Final = {"csv": ".csv", "gzip": ".csv.gz", "zip": ".zip", "xlsx": ".xlsx"}
QUICKLY: Final = 2
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every zip member, so that the same register gives the same bytes."""

PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>DATA CONTOH</dc:title></cp:coreProperties>'
)
SHEET: Final = "xl/worksheets/sheet1.xml"
CORE: Final = "docProps/core.xml"


@dataclass(frozen=True)
class Form:
    """What stands on disk around the rows.

    `gzip` and `zip` hold one CSV. `titles`: rows above the headings. `levels`: rows of headings, written as merged
    cells where a heading is a path (`Sasaran > PUS`). `numbered`: a row of column numbers under the headings.
    `indent`: empty columns to the left. `total`: by heading, what a last row says (SQL aggregates over the columns).
    """

    kind: Literal["csv", "gzip", "zip", "xlsx"] = "csv"
    delimiter: str = ","
    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    newline: Literal["\n", "\r\n"] = "\n"
    titles: tuple[str, ...] = ()
    levels: int = 1
    numbered: bool = False
    indent: int = 0
    total: Mapping[str, str] = field(default_factory=dict)
    tab: str = "Sheet1"

    @property
    def first_row(self) -> int:
        """The row of the first record, as the file's own program numbers it."""
        return len(self.titles) + self.levels + self.numbered + 1


@dataclass(frozen=True)
class Sheet:
    """One file. `rows` are made when asked for; `columns` are the headings and what they show of the rows (SQL).

    Rows of people also have `person` and `family` (int64): the true NIK and KK of whom a row speaks, however it is
    written; see `data.sample.truth`. `name` tells files of one register, place and period apart.
    """

    register: str
    place: str
    period: date
    form: Form
    columns: Mapping[str, str]
    rows: Callable[[], pa.Table]
    name: str = ""

    @property
    def file_name(self) -> str:
        stem = "-".join(filter(None, ("contoh", self.register, self.name, self.place)))
        return f"{stem}-{self.period:%Y-%m-%d}{ENDINGS[self.form.kind]}"


def write(sheet: Sheet, folder: Path) -> Path:
    """Writes the file into `folder` and returns its path. The same sheet gives the same bytes."""
    path, form = folder / sheet.file_name, sheet.form
    with closing(duckdb.connect()) as connection:
        connection.register("rows", sheet.rows())
        query = _query(sheet)
        if form.kind == "xlsx":
            _spreadsheet(connection.sql(query).to_arrow_table(), sheet, path)
        elif form.kind == "csv" and form.encoding == "utf-8" and form.newline == "\n" and not form.titles:
            _copy(connection, query, form, path)
        else:
            with tempfile.TemporaryDirectory(dir=folder) as aside:
                plain = Path(aside) / "plain.csv"
                _copy(connection, query, form, plain)
                _dressed(plain, form, path)
    return path


def _query(sheet: Sheet) -> str:
    form = sheet.form
    shown = ", ".join(f'{expression} AS "{heading}"' for heading, expression in sheet.columns.items())
    parts = [f"SELECT {shown} FROM rows"]
    if form.numbered:
        parts.insert(0, f"SELECT {', '.join(str(number) for number in range(1, len(sheet.columns) + 1))}")
    if form.total:
        last = ", ".join(form.total.get(heading, "NULL") for heading in sheet.columns)
        # Where nothing is added up, this would be as many rows.
        parts.append(f"(SELECT {last} FROM rows LIMIT 1)")
    if form.numbered:
        # The first part names the columns.
        names = ", ".join(f'"{heading}"' for heading in sheet.columns)
        return f"SELECT * FROM ({' UNION ALL '.join(parts)}) numbered({names})"
    return " UNION ALL ".join(parts)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, form: Form, path: Path) -> None:
    target = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER, DELIMITER '{form.delimiter}')")


def _dressed(plain: Path, form: Form, path: Path) -> None:
    """The plain CSV in the form's encoding, line ends and container, under its title rows."""
    if form.kind == "gzip":
        with (
            plain.open("rb") as source,
            path.open("wb") as raw,
            gzip.GzipFile("", "wb", QUICKLY, raw, mtime=0) as target,
        ):
            shutil.copyfileobj(source, target, 2**20)
    elif form.kind == "zip":
        member = zipfile.ZipInfo(path.with_suffix(".csv").name, LONG_AGO)
        member.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, plain.read_bytes(), compresslevel=QUICKLY)
    else:
        text = "".join(f"{title}\n" for title in form.titles).encode() + plain.read_bytes()
        if form.encoding == "cp1252":
            text = text.decode().encode("cp1252")
        mark = codecs.BOM_UTF8 if form.encoding == "utf-8-sig" else b""
        path.write_bytes(mark + text.replace(b"\n", form.newline.encode()))


def _spreadsheet(table: pa.Table, sheet: Sheet, path: Path) -> None:
    form = sheet.form
    for _ in range(form.indent):
        table = table.add_column(0, "", pa.nulls(table.num_rows, pa.string()))
    if form.levels > 1:
        _layered(table, sheet, path)
        return
    last = table.num_columns - 1
    titles = [(row, title) for row, title in enumerate(form.titles) if title]
    xlsx.write_worksheet(
        table,
        path,
        sheet_name=form.tab,
        header_row=len(form.titles),
        merge_ranges=[(row, form.indent, row, last, title) for row, title in titles],
        datetime_format="dd/mm/yyyy",
        bold_headers=True,
    )
    _undate(path)


def _layered(table: pa.Table, sheet: Sheet, path: Path) -> None:
    """A workbook with several rows of headings; its merged cells are added to what the writer made.

    The writer merges no cells beside single ones of the same row, so that headings are written as rows of text here.
    """
    form, width = sheet.form, table.num_columns
    paths = [("",)] * form.indent + [tuple(heading.split(" > ")) for heading in sheet.columns]
    above = [[title, *[""] * (width - 1)] for title in form.titles]
    headings, ranges = _merged(paths, form.levels, len(above))
    first, *others = [*above, *headings]
    columns = [
        pa.concat_arrays([pa.array([row[at] or None for row in others], pa.string()),
                          *table.column(at).cast(pa.string()).chunks])
        for at in range(width)
    ]  # fmt: skip
    xlsx.write_worksheet(pa.table(columns, names=first), path, sheet_name=form.tab)
    ranges += [(row, 0, row, width - 1) for row in range(len(above))]
    cells = "".join(f'<mergeCell ref="{_ref(r1, c1)}:{_ref(r2, c2)}"/>' for r1, c1, r2, c2 in ranges)
    with zipfile.ZipFile(path) as archive:
        members = {member.filename: archive.read(member) for member in archive.infolist()}
    merged = f'</sheetData><mergeCells count="{len(ranges)}">{cells}</mergeCells>'.encode()
    members[SHEET] = members[SHEET].replace(b"</sheetData>", merged, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (members | {CORE: PROPERTIES.encode()}).items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text, zipfile.ZIP_DEFLATED)


def _merged(
    paths: Sequence[tuple[str, ...]], levels: int, top: int
) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """The heading rows of these paths and the ranges (row, column, row, column; from 0) that are merged in them.

    A heading reaches down to the lowest row, and across all columns whose paths begin alike.
    """
    grid = [[""] * len(paths) for _ in range(levels)]
    ranges = []
    for level in range(levels):
        # Only headings that have others below them are shared by several columns.
        shared = [(path[: level + 1], None if len(path) > level + 1 else at) for at, path in enumerate(paths)]
        for (path, own), run in groupby(enumerate(shared), key=lambda column: column[1]):
            columns = [at for at, _ in run]
            if len(path) == level + 1 and path[level]:
                grid[level][columns[0]] = path[level]
                bottom = level if own is None else levels - 1
                if bottom > level or len(columns) > 1:
                    ranges.append((top + level, columns[0], top + bottom, columns[-1]))
    return grid, ranges


def _ref(row: int, column: int) -> str:
    """A cell as a spreadsheet names it.

    >>> _ref(0, 0), _ref(5, 27)
    ('A1', 'AB6')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _undate(path: Path) -> None:
    """Replaces the workbook's properties, its last members but one, which carry the time of writing."""
    with zipfile.ZipFile(path, "a") as archive:
        tail = (CORE, "docProps/app.xml")
        kept = [member for member in archive.infolist() if member.filename in tail]
        texts = {member.filename: archive.read(member) for member in kept} | {CORE: PROPERTIES.encode()}
        archive.start_dir = min(member.header_offset for member in kept)
        for member in kept:
            archive.filelist.remove(member)
            del archive.NameToInfo[member.filename]
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text, zipfile.ZIP_DEFLATED)
