"""Reads sample files without the intake, so that files and intake are not judged by each other."""

import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineWorkbook

from data.sample import DEFAULT_SEED, MARKER, SampleFile
from data.sample.layouts import FIELDS, LAYOUTS, Layout
from data.sample.regions import REGIONS, region
from data.sample.registers import registers
from data.sample.sheets import Sheet
from data.sample.society import Society

Read = Callable[[SampleFile], duckdb.DuckDBPyRelation]


def persons(connection: duckdb.DuckDBPyConnection, file: SampleFile, aside: Path) -> duckdb.DuckDBPyRelation:
    """The rows of persons as texts, columns named as in `layouts.FIELDS`, blanks as NULL; `aside` is for unpacking."""
    layout = layout_of(file)
    names = FIELDS[: len(layout.headings)]
    rows = _sheet(file.path, names) if layout.kind == "xlsx" else _csv(connection, file.path, layout, names, aside)
    return _kept(connection, connection.from_arrow(rows).filter(f"starts_with(id, '{MARKER}')"))


def cells(connection: duckdb.DuckDBPyConnection, file: SampleFile, aside: Path) -> duckdb.DuckDBPyRelation:
    """The records of any file as texts under its own headings (blanks as NULL) with `file_row`; without the last row
    where that is a total.
    """
    sheet = sheet_of(file)
    form, names = sheet.form, list(sheet.columns)
    if form.kind == "xlsx":
        grid = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        records = [[_text(cell) for cell in row[form.indent :]] for row in grid[form.first_row - 1 :]]
        columns = [pa.array(column, pa.string()) for column in zip(*records, strict=True)]
        table = connection.from_arrow(pa.table(columns, names=names))
    else:
        plain = aside / f"{file.path.name}.utf-8"
        plain.write_bytes(file.path.read_bytes().decode(form.encoding).encode())
        table = connection.read_csv(
            str(plain), delimiter=form.delimiter, header=False, skiprows=form.first_row - 1, names=names,
            all_varchar=True, quotechar='"', escapechar='"',
        )  # fmt: skip
    numbered = _kept(connection, table.project(f"*, row_number() OVER () + {form.first_row - 1} AS file_row"))
    return numbered.filter(f"file_row < {form.first_row + len(numbered) - 1}") if form.total else numbered


def sheet_of(file: SampleFile) -> Sheet:
    """What was meant to be written."""
    place = next((code for code in REGIONS if file.place.startswith(code)), file.place)
    sheets = registers()[file.register](Society(place, 1.0, DEFAULT_SEED))
    return next(sheet for sheet in sheets if sheet.file_name == file.path.name)


def layout_of(file: SampleFile) -> Layout:
    return next(LAYOUTS[each.layout] for each in region(file.place).editions if each.period == file.period)


def text_of(file: SampleFile) -> str:
    """The text of a CSV that is not packed."""
    return file.path.read_bytes().decode(sheet_of(file).form.encoding)


def _kept(connection: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    table = f"snapshot_{uuid.uuid4().hex}"
    rows.create(table)
    return connection.table(table)


def _text(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) or None


def _csv(
    connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout, names: tuple[str, ...], aside: Path
) -> pa.Table:
    plain = path
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            plain = Path(archive.extract(archive.namelist()[0], aside))
    if layout.encoding == "cp1252":
        plain = aside / path.name
        plain.write_bytes(path.read_bytes().decode("cp1252").encode())
    return connection.read_csv(
        str(plain),
        delimiter=layout.delimiter,
        header=False,
        skiprows=layout.titles + 1,
        names=list(names),
        all_varchar=True,
        quotechar='"',
        escapechar='"',
    ).to_arrow_table()


def _sheet(path: Path, names: tuple[str, ...]) -> pa.Table:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    columns = [[str(cell) or None for cell in column] for column in zip(*rows, strict=True)]
    return pa.table(dict(zip(names, columns, strict=True)))
