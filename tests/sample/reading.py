"""Reads sample files without the intake, so that files and intake are not judged by each other."""

import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineWorkbook

from data.sample import MARKER, SampleFile
from data.sample.layouts import FIELDS, LAYOUTS, Layout
from data.sample.regions import region

Read = Callable[[SampleFile], duckdb.DuckDBPyRelation]


def persons(connection: duckdb.DuckDBPyConnection, file: SampleFile, aside: Path) -> duckdb.DuckDBPyRelation:
    """The rows of persons as texts, columns named as in `layouts.FIELDS`, blanks as NULL; `aside` is for unpacking."""
    layout = layout_of(file)
    names = FIELDS[: len(layout.headings)]
    rows = _sheet(file.path, names) if layout.kind == "xlsx" else _csv(connection, file.path, layout, names, aside)
    table = f"snapshot_{uuid.uuid4().hex}"
    connection.from_arrow(rows).filter(f"starts_with(id, '{MARKER}')").create(table)
    return connection.table(table)


def layout_of(file: SampleFile) -> Layout:
    return next(LAYOUTS[each.layout] for each in region(file.place).editions if each.period == file.period)


def text_of(file: SampleFile) -> str:
    """The text of a CSV that is not packed."""
    return file.path.read_bytes().decode(layout_of(file).encoding)


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
