"""Writes the rows of an edition as a file in its layout."""

import codecs
import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import rustpy_xlsxwriter as xlsx

from data.sample.layouts import FIELDS, Layout
from data.sample.rows import MARKER, NIK_AS_FLOAT, NIK_BLANK, NIK_DASH, NIK_QUOTED

ENDINGS: Final = {"csv": ".csv", "gzip": ".csv.gz", "zip": ".zip", "xlsx": ".xlsx"}
QUICKLY: Final = 2
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every zip member, so that the same register gives the same bytes."""

PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>DATA CONTOH</dc:title></cp:coreProperties>'
)
_SPOILT: Final = {
    "id": f"'{MARKER}' || lpad(id::VARCHAR, 12, '0')",
    "kk": "CASE WHEN kk_quoted THEN '''' || kk::VARCHAR ELSE kk::VARCHAR END",
    "nik": f"""CASE nik_form WHEN {NIK_BLANK} THEN NULL WHEN {NIK_DASH} THEN '-'
               WHEN {NIK_QUOTED} THEN '''' || nik::VARCHAR WHEN {NIK_AS_FLOAT} THEN format('{{:.6e}}', nik::DOUBLE)
               ELSE nik::VARCHAR END""",
    "name": "CASE WHEN spaced THEN replace(name, ' ', '  ') ELSE name END",
}
_MAY_BE_BLANK: Final = ("kelurahan", "address", "dusun", "birth_date", "padan", "updated", "matched")


def write(rows: pa.Table, layout: Layout, stem: Path, titles: tuple[str, ...]) -> Path:
    """Writes `rows` (see `rows.table`) to `stem` plus the layout's ending and returns that path.

    `titles` are cut to the layout's number of title rows.
    """
    path = stem.with_name(stem.name + ENDINGS[layout.kind])
    with closing(duckdb.connect()) as connection:
        connection.register("rows", rows)
        query = _query(layout, rows.num_rows)
        if layout.kind == "xlsx":
            _spreadsheet(connection.sql(query).to_arrow_table(), layout, path, titles[: layout.titles])
        elif layout.kind == "csv" and layout.encoding == "utf-8" and layout.newline == "\n" and not layout.titles:
            _copy(connection, query, layout, path)
        else:
            with tempfile.TemporaryDirectory(dir=stem.parent) as aside:
                plain = Path(aside) / "plain.csv"
                _copy(connection, query, layout, plain)
                _dressed(plain, layout, path, titles[: layout.titles])
    return path


def _query(layout: Layout, count: int) -> str:
    columns = [
        f'{_column(field, layout)} AS "{heading}"' for field, heading in zip(FIELDS, layout.headings, strict=False)
    ]
    query = f"SELECT {', '.join(columns)} FROM rows"
    if not layout.total:
        return query
    last = {0: "'TOTAL'", FIELDS.index("name"): f"'{count:,} JIWA'".replace(",", ".")}
    return f"{query} UNION ALL SELECT {', '.join(last.get(place, 'NULL') for place in range(len(columns)))}"


def _column(field: str, layout: Layout) -> str:
    if (field, "") in (("birth_date", layout.birth_format), ("updated", layout.update_format)):
        return f"TRY_CAST({field} AS DATE)"
    if field in _MAY_BE_BLANK:
        return f"nullif({field}, '')"
    return _SPOILT.get(field, field)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, layout: Layout, path: Path) -> None:
    target = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER, DELIMITER '{layout.delimiter}')")


def _dressed(plain: Path, layout: Layout, path: Path, titles: Iterable[str]) -> None:
    """The plain CSV in the layout's encoding, line ends and container, under its title rows."""
    if layout.kind == "gzip":
        with (
            plain.open("rb") as source,
            path.open("wb") as raw,
            gzip.GzipFile("", "wb", QUICKLY, raw, mtime=0) as target,
        ):
            shutil.copyfileobj(source, target, 2**20)
    elif layout.kind == "zip":
        member = zipfile.ZipInfo(path.with_suffix(".csv").name, LONG_AGO)
        member.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, plain.read_bytes(), compresslevel=QUICKLY)
    else:
        text = "".join(f"{title}\n" for title in titles).encode() + plain.read_bytes()
        if layout.encoding == "cp1252":
            text = text.decode().encode("cp1252")
        mark = codecs.BOM_UTF8 if layout.encoding == "utf-8-sig" else b""
        path.write_bytes(mark + text.replace(b"\n", layout.newline.encode()))


def _spreadsheet(table: pa.Table, layout: Layout, path: Path, titles: tuple[str, ...]) -> None:
    width = table.num_columns - 1
    xlsx.write_worksheet(
        table,
        path,
        sheet_name="DTKS",
        header_row=layout.titles,
        merge_ranges=[(row, 0, row, width, title) for row, title in enumerate(titles)],
        datetime_format="dd/mm/yyyy",
        bold_headers=True,
    )
    _undate(path)


def _undate(path: Path) -> None:
    """Replaces the workbook's properties, its last members but one, which carry the time of writing."""
    with zipfile.ZipFile(path, "a") as archive:
        tail = ("docProps/core.xml", "docProps/app.xml")
        kept = [member for member in archive.infolist() if member.filename in tail]
        texts = {member.filename: archive.read(member) for member in kept}
        texts["docProps/core.xml"] = PROPERTIES.encode()
        archive.start_dir = min(member.header_offset for member in kept)
        for member in kept:
            archive.filelist.remove(member)
            del archive.NameToInfo[member.filename]
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text, zipfile.ZIP_DEFLATED)
