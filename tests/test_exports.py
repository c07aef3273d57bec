"""Complete lists as files: what is in them, and what can never be in them."""

import csv
import errno
import io
import json
import re
import threading
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from data.exports import (
    MACHINE,
    Column,
    Cover,
    Dialect,
    Format,
    ListError,
    Sheet,
    file_name,
    stream,
    write,
    write_workbook,
)

FORMATS: tuple[Format, ...] = ("csv", "csv.zip", "xlsx", "parquet")
NIK = "7471042603850001"
COLUMNS = (
    Column("nik", "NIK", "identifier"),
    Column("name", "Nama", "text"),
    Column("birth_date", "Tanggal lahir", "date"),
    Column("age", "Usia", "integer"),
    Column("z", "TB/U", "number"),
    Column("share", "Bagian", "share"),
    Column("updated", "Mutakhir", "boolean"),
)
SQL = f"""
    SELECT nik, name, birth_date, age, z, share, updated FROM (VALUES
        (2, '{NIK}', 'SITI AMINAH', DATE '1985-03-26', 35, -2.5, 0.496, true),
        (3, '0000000000000001', 'LA ODE "ODE"; S.Sos', NULL, NULL, NULL, NULL, NULL),
        (1, '7471**********01', '-', DATE '1899-12-31', -1, 'nan'::DOUBLE, 1, false)
    ) AS people(place, nik, name, birth_date, age, z, share, updated) ORDER BY place -- by place
"""
COVER = Cover(
    "Daftar rumah tangga", (("Wilayah", "Kota Kendari"), ("SHA-256", "ab12"), ("Penyaring", "=belum <mutakhir>")), False
)
SAMPLE = Cover(COVER.title, COVER.lines, True)
EXECUTABLE = (
    "=1+1",
    "+62811",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\ntext",
    "  =1",
    '"=1',
    "'=1",
    "\u00a0=1",
    "\u200b\ufeff=1",
    "＝1",  # noqa: RUF001
    "＠SUM",  # noqa: RUF001
    '=HYPERLINK("http://x.y","klik")',
)
HARMLESS = ("-", " - ", "--", "-2,5", "-2.5", "JL. A. YANI NO. 3 - 5", "http://x.y", "É", "*", "a=b", "#1", "")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def texts(connection: duckdb.DuckDBPyConnection, *values: str) -> tuple[str, tuple[Column, ...]]:
    connection.execute("CREATE OR REPLACE TABLE texts (place INTEGER, value VARCHAR)")
    connection.executemany("INSERT INTO texts VALUES (?, ?)", list(enumerate(values)))
    return "SELECT value FROM texts ORDER BY place", (Column("value", "Nilai", "text"),)


def csv_rows(data: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def sheet_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets"))


# --- every format


@pytest.mark.parametrize("format", FORMATS)
def test_a_download_is_the_same_as_the_file(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format
) -> None:
    path = tmp_path / f"daftar.{format}"
    assert write(connection, SQL, COLUMNS, SAMPLE, format, path, "id") == 3
    assert b"".join(stream(connection, SQL, COLUMNS, SAMPLE, format, "id")) == path.read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_a_list_without_rows_is_a_file_with_headings(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format
) -> None:
    path = tmp_path / f"daftar.{format}"
    assert write(connection, f"SELECT * FROM ({SQL.split('--')[0]}) LIMIT 0", COLUMNS, COVER, format, path, "id") == 0
    assert path.stat().st_size > 0


@pytest.mark.parametrize("format", FORMATS)
def test_rows_come_in_the_order_of_the_query(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format
) -> None:
    sql = "SELECT hash(i) % 1000003 AS n FROM range(200000) r(i) ORDER BY n, i"
    path = tmp_path / f"daftar.{format}"
    assert write(connection, sql, (Column("n", "n", "integer"),), COVER, format, path, "id") == 200_000
    match format:
        case "csv":
            found = [int(row[0]) for row in csv_rows(path.read_bytes())[1:]]
        case "csv.zip":
            with zipfile.ZipFile(path) as archive:
                found = [int(row[0]) for row in csv_rows(archive.read("daftar.csv"))[1:]]
        case "xlsx":
            rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Daftar").to_python()[1:]
            found = [int(row[0]) for row in rows]  # type: ignore[arg-type]
        case "parquet":
            found = pq.read_table(path).column("n").to_pylist()
    assert found == [n for (n,) in connection.execute(sql).fetchall()]


@pytest.mark.parametrize("order", ["", "ORDER BY i % 7"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_query_that_fails_half_way_leaves_the_old_file_and_nothing_else(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format, order: str
) -> None:
    path = tmp_path / f"daftar.{format}"
    path.write_text("old")
    sql = f"SELECT CASE WHEN i = 150000 THEN '{NIK}X' ELSE i::VARCHAR END FROM range(200000) r(i) {order}"
    with pytest.raises(ListError) as failed:
        write(connection, sql, (Column("n", "n", "integer"),), COVER, format, path, "id")
    assert NIK not in str(failed.value)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format
) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / f"daftar.{format}"
    path.write_text("old")
    sql = "SELECT md5(i::VARCHAR) FROM range(100000) r(i)"
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        with pytest.raises(OSError, match="large") as refused:
            write(connection, sql, (Column("n", "n", "text"),), COVER, format, path, "id")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert refused.value.errno == errno.EFBIG
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("format", FORMATS)
def test_a_reader_who_goes_away_ends_the_query(connection: duckdb.DuckDBPyConnection, format: Format) -> None:
    sql = "SELECT md5(i::VARCHAR) FROM range(10000000000) r(i)"
    download = stream(connection, sql, (Column("n", "n", "text"),), COVER, format, "id")
    assert next(download)
    assert next(download)
    threads = threading.active_count()
    download.close()  # type: ignore[attr-defined]
    assert connection.execute("SELECT 1").fetchone() == (1,)
    assert threading.active_count() <= threads


@pytest.mark.parametrize("format", FORMATS)
def test_a_query_with_an_error_is_refused_before_the_first_byte(
    connection: duckdb.DuckDBPyConnection, format: Format
) -> None:
    with pytest.raises(duckdb.Error):
        stream(connection, "SELECT nothing FROM nowhere", COLUMNS, COVER, format, "id")
    with pytest.raises(ValueError, match="2 columns, but 7"):
        stream(connection, "SELECT 1, 2", COLUMNS, COVER, format, "id")


@pytest.mark.parametrize("format", FORMATS)
def test_sample_data_say_so_on_every_row(connection: duckdb.DuckDBPyConnection, tmp_path: Path, format: Format) -> None:
    path = tmp_path / f"daftar.{format}"
    write(connection, SQL, COLUMNS, SAMPLE, format, path, "id")
    match format:
        case "csv":
            marks = [row[-1] for row in csv_rows(path.read_bytes())]
        case "csv.zip":
            with zipfile.ZipFile(path) as archive:
                marks = [row[-1] for row in csv_rows(archive.read("daftar.csv"))]
                assert "DATA CONTOH" in archive.read("keterangan.txt").decode()
        case "xlsx":
            book = openpyxl.load_workbook(path)
            marks = [row[-1] for row in book["Daftar"].iter_rows(values_only=True)]
            assert book["Keterangan"]["A1"].value == "DATA CONTOH"
            assert book["Daftar"].oddHeader.center.text == "DATA CONTOH"
        case "parquet":
            table = pq.read_table(path)
            assert table.schema.metadata[b"sample"] == b"true"
            marks = ["DATA CONTOH", *table.column("sample").to_pylist()]
    assert marks == ["DATA CONTOH"] * 4


def test_the_name_of_a_file_with_sample_data_says_so() -> None:
    assert file_name("daftar-74.71", "csv.zip", True, "id") == "daftar-74.71-DATA-CONTOH.csv.zip"
    assert file_name("daftar-74.71", "csv.zip", False, "id") == "daftar-74.71.csv.zip"


# --- CSV


def test_an_indonesian_csv_opens_in_an_indonesian_excel(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    write(connection, SQL, COLUMNS, COVER, "csv", path, "id")
    assert (
        path.read_bytes()
        == (
            "\ufeffNIK;Nama;Tanggal lahir;Usia;TB/U;Bagian;Mutakhir\r\n"
            "7471**********01;-;1899-12-31;-1;;1,0;Tidak\r\n"
            f"{NIK};SITI AMINAH;1985-03-26;35;-2,5;0,496;Ya\r\n"
            '0000000000000001;"LA ODE ""ODE""; S.Sos";;;;;\r\n'
        ).encode()
    )


def test_a_csv_for_programs_has_commas_keys_and_no_byte_order_mark(connection: duckdb.DuckDBPyConnection) -> None:
    data = b"".join(stream(connection, SQL, COLUMNS, COVER, "csv", "id", MACHINE))
    assert data.decode().splitlines()[:3] == [
        "nik,name,birth_date,age,z,share,updated",
        "7471**********01,-,1899-12-31,-1,,1.0,false",
        f"{NIK},SITI AMINAH,1985-03-26,35,-2.5,0.496,true",
    ]
    frame = pd.read_csv(io.BytesIO(data), dtype={"nik": str})
    assert frame["nik"].tolist() == ["7471**********01", NIK, "0000000000000001"]


def test_the_cover_of_a_csv_lies_beside_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(connection, SQL, COLUMNS, SAMPLE, "csv", tmp_path / "daftar.csv", "id")
    lines = (tmp_path / "daftar.keterangan.txt").read_text("utf-8-sig").splitlines()
    assert lines[0] == "DATA CONTOH"
    assert "Wilayah: Kota Kendari" in lines
    assert sorted(path.name for path in tmp_path.iterdir()) == ["daftar.csv", "daftar.keterangan.txt"]


def test_a_zip_holds_the_clean_csv_and_its_cover(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv.zip"
    write(connection, SQL, COLUMNS, COVER, "csv.zip", path, "id")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["keterangan.txt", "daftar.csv"]
        assert archive.read("daftar.csv") == b"".join(stream(connection, SQL, COLUMNS, COVER, "csv", "id"))
        assert "SHA-256: ab12" in archive.read("keterangan.txt").decode()


@pytest.mark.parametrize("text", EXECUTABLE)
def test_a_text_that_a_spreadsheet_would_execute_gets_an_apostrophe(
    connection: duckdb.DuckDBPyConnection, text: str
) -> None:
    data = b"".join(stream(connection, *texts(connection, text), COVER, "csv", "id"))
    assert csv_rows(data)[1] == ["'" + text]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_stays_as_it_is(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    data = b"".join(stream(connection, *texts(connection, text, "x"), COVER, "csv", "id"))
    assert data.decode("utf-8-sig").splitlines()[1] == text


def test_a_heading_that_a_spreadsheet_would_execute_gets_an_apostrophe(connection: duckdb.DuckDBPyConnection) -> None:
    heading = (Column("extra", "=cmd", "text"),)
    assert csv_rows(b"".join(stream(connection, "SELECT 'x'", heading, COVER, "csv", "id")))[0] == ["'=cmd"]


def test_separators_quotes_and_line_breaks_survive_in_a_csv(connection: duckdb.DuckDBPyConnection) -> None:
    values = ('a;b"c', "a\nb", "a\r\nb", "á🙂", "a\0b")
    data = b"".join(stream(connection, *texts(connection, *values), COVER, "csv", "id"))
    assert [row[0] for row in csv_rows(data)[1:]] == [*values[:-1], "a\ufffdb"]


def test_whole_identifiers_get_an_apostrophe_only_where_it_is_asked_for(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    dialect = Dialect(";", ",", for_excel=True)
    data = b"".join(stream(connection, SQL, COLUMNS, COVER, "csv", "id", dialect))
    assert [row[0] for row in csv_rows(data)[1:]] == ["7471**********01", "'" + NIK, "'0000000000000001"]


def test_a_csv_cannot_have_one_sign_for_columns_and_decimals() -> None:
    with pytest.raises(ValueError, match="different signs"):
        Dialect(",", ",")


# --- XLSX


def test_a_workbook_has_typed_cells_and_texts_stay_texts(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    write(connection, SQL, COLUMNS, COVER, "xlsx", path, "id")
    sheet = openpyxl.load_workbook(path)["Daftar"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        [column.label for column in COLUMNS],
        ["7471**********01", "-", "1899-12-31", -1, None, 1, "Tidak"],
        [NIK, "SITI AMINAH", datetime(1985, 3, 26), 35, -2.5, 0.496, "Ya"],
        ["0000000000000001", 'LA ODE "ODE"; S.Sos', None, None, None, None, None],
    ]
    assert [cell.number_format for cell in sheet[3]] == [
        "@", "@", "yyyy\\-mm\\-dd", "General", "General", "0.0%", "@",
    ]  # fmt: skip
    read = CalamineWorkbook.from_path(path).get_sheet_by_name("Daftar").to_python()
    assert read[2] == [NIK, "SITI AMINAH", date(1985, 3, 26), 35.0, -2.5, 0.496, "Ya"]
    assert pd.read_excel(path, sheet_name="Daftar", engine="openpyxl", dtype={"NIK": str})["NIK"].tolist()[1] == NIK


def test_a_workbook_is_ready_to_be_used(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    write(connection, SQL, COLUMNS, COVER, "xlsx", path, "id")
    book = openpyxl.load_workbook(path)
    sheet = book["Daftar"]
    assert book.sheetnames == ["Keterangan", "Daftar"]
    assert book.active == book["Keterangan"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G4"
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["A"].width >= 16
    assert sheet.print_title_rows == "$1:$1"


def test_the_first_sheet_explains_the_list(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    write(connection, SQL, COLUMNS, COVER, "xlsx", path, "id")
    rows = list(openpyxl.load_workbook(path)["Keterangan"].iter_rows(values_only=True))
    assert rows[0][0] == COVER.title
    assert rows[2:] == list(COVER.lines)


def test_rows_over_the_limit_of_a_sheet_go_on_in_the_next(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "daftar.xlsx"
    column = (Column("n", "Nomor", "integer"),)
    sql = "SELECT i FROM range(25001) r(i) ORDER BY i"
    assert write(connection, sql, column, COVER, "xlsx", path, "id", sheet_rows=10_000) == 25_001
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Keterangan", "Daftar", "Daftar (2)", "Daftar (3)"]
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[1:]]
    assert [rows[0] for rows in sheets] == [("Nomor",)] * 3
    assert [n for rows in sheets for (n,) in rows[1:]] == list(range(25_001))
    assert book["Daftar (3)"].auto_filter.ref == "A1:A5002"
    assert "3 lembar" in str(list(book["Keterangan"].values)[-1])


def test_exactly_as_many_rows_as_a_sheet_takes_stay_on_one(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "daftar.xlsx"
    column = (Column("n", "Nomor", "integer"),)
    write(connection, "SELECT i FROM range(10) r(i)", column, COVER, "xlsx", path, "id", sheet_rows=10)
    assert openpyxl.load_workbook(path).sheetnames == ["Keterangan", "Daftar"]


def test_row_1048577_stands_on_the_second_sheet(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    column = (Column("n", "Nomor", "integer"),)
    write(connection, "SELECT i FROM range(1048576) r(i)", column, COVER, "xlsx", path, "id")
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/worksheets/sheet2.xml").count(b"<row>") == 1_048_576
        assert b"<v>1048575</v>" in archive.read("xl/worksheets/sheet3.xml")


def test_no_text_becomes_a_formula_or_a_link_in_a_workbook(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "daftar.xlsx"
    values = (*EXECUTABLE, *HARMLESS, "mailto:a@b.c", NIK)
    write(connection, *texts(connection, *values), COVER, "xlsx", path, "id")
    assert set(re.findall(r"<([A-Za-z]+)", sheet_xml(path))) == {
        "worksheet", "sheetPr", "pageSetUpPr", "sheetViews", "sheetView", "pane", "sheetFormatPr", "cols", "col",
        "sheetData", "row", "c", "is", "t", "autoFilter", "pageMargins", "pageSetup", "headerFooter", "oddFooter",
        "ignoredErrors", "ignoredError",
    }  # fmt: skip
    cells = [row[0] for row in openpyxl.load_workbook(path)["Daftar"].iter_rows(min_row=2)]
    assert [cell.value or "" for cell in cells] == [value.replace("\r", "\n") for value in values]
    assert {(cell.data_type, cell.number_format) for cell in cells if cell.value} == {("s", "@")}


def test_characters_that_are_illegal_in_xml_do_not_break_a_workbook(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "daftar.xlsx"
    values = ("a\0\x01\x1fb", "\ufffe\uffff", "]]><&", "_x0041_", " a  b ", "á🙂 \u202e", "a\r\nb")
    write(connection, *texts(connection, *values), COVER, "xlsx", path, "id")
    read = [row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Daftar").to_python()[1:]]
    assert read[:3] == ["a\ufffd\ufffd\ufffdb", "\ufffd\ufffd", "]]><&"]
    assert read[3] in ("_x0041_", "_x005F_x0041_")
    assert read[4:] == [" a  b ", "á🙂 \u202e", "a\nb"]


def test_a_text_over_the_limit_of_a_cell_is_complete_on_a_sheet_of_its_own(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "daftar.xlsx"
    long = "=" + "🙂<" * 20_000 + "akhir"
    fits = "a" * 32_767
    assert write(connection, *texts(connection, "x", long, fits), COVER, "xlsx", path, "id") == 3
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Keterangan", "Daftar", "Teks panjang"]
    assert book["Daftar"]["A4"].value == fits
    assert book["Daftar"]["A3"].value == long[:8_000] + "…"
    parts = list(book["Teks panjang"].iter_rows(min_row=2, values_only=True))
    assert [part[:3] for part in parts] == [(2, "Nilai", number) for number in range(1, 7)]
    assert "".join(str(part[3]) for part in parts) == long
    assert "32.767" in str(list(book["Keterangan"].values)[-1])


def test_whole_numbers_that_excel_would_round_stay_exact(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    column = (Column("n", "n", "integer"),)
    write(connection, f"SELECT unnest([{NIK}, -9223372036854775808, 7])", column, COVER, "xlsx", path, "id")
    read = [row[0] for row in openpyxl.load_workbook(path)["Daftar"].iter_rows(min_row=2, values_only=True)]
    assert read == [NIK, "-9223372036854775808", 7]


def test_very_long_headings_and_many_columns_are_no_obstacle(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    columns = tuple(Column(f"k{place}", "Judul yang panjang " * 30 + str(place), "text") for place in range(200))
    sql = f"SELECT {', '.join(f'{place}' for place in range(200))}"
    for format in FORMATS:
        assert write(connection, sql, columns, SAMPLE, format, tmp_path / f"{'n' * 240}.{format}", "id") == 1
    book = openpyxl.load_workbook(tmp_path / f"{'n' * 240}.xlsx")
    assert book["Daftar"].auto_filter.ref == "A1:GS2"


# --- Parquet


def test_parquet_is_typed_and_carries_the_cover(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "daftar.parquet"
    write(connection, SQL, COLUMNS, COVER, "parquet", path, "id")
    assert connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()[1] == (
        NIK, "SITI AMINAH", date(1985, 3, 26), 35, -2.5, 0.496, True,
    )  # fmt: skip
    schema = connection.execute("DESCRIBE FROM read_parquet(?)", [str(path)]).fetchall()
    assert [(name, kind) for name, kind, *_ in schema] == [
        ("nik", "VARCHAR"), ("name", "VARCHAR"), ("birth_date", "DATE"), ("age", "BIGINT"), ("z", "DOUBLE"),
        ("share", "DOUBLE"), ("updated", "BOOLEAN"),
    ]  # fmt: skip
    metadata = pq.read_metadata(path)
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    assert metadata.metadata[b"title"].decode() == COVER.title
    assert metadata.metadata[b"sample"] == b"false"
    assert json.loads(metadata.metadata[b"cover"]) == [list(line) for line in COVER.lines]
    assert json.loads(metadata.metadata[b"labels"])["birth_date"] == "Tanggal lahir"


# --- small tables


def test_small_tables_become_sheets_with_the_same_care(tmp_path: Path) -> None:
    path = tmp_path / "laporan.xlsx"
    summary = Sheet(
        "Ringkasan",
        (Column("what", "Apa", "text"), Column("rows", "Baris", "integer")),
        [("Dibaca", 3), ("Ditolak", 1)],
    )
    rows = Sheet(
        "Baris bermasalah: DTKS/Kendari 2021",
        (Column("row", "Baris", "integer"), Column("value", "Nilai", "text"), Column("on", "Tanggal", "date")),
        [(2, "=1+1", date(2021, 1, 31)), (3, "a\ud800\x00b", None), (4, None, None), (5, 7471, None)],
    )
    write_workbook(path, [summary, rows, rows], "id")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Ringkasan", "Baris bermasalah  DTKS Kendari", "Baris bermasalah  DTKS Kend (2)",
    ]  # fmt: skip
    assert list(book["Ringkasan"].values) == [("Apa", "Baris"), ("Dibaca", 3), ("Ditolak", 1)]
    values = list(book[book.sheetnames[1]].values)
    assert values[1:] == [
        (2, "=1+1", datetime(2021, 1, 31)), (3, "a?\ufffdb", None), (4, None, None), (5, "7471", None),
    ]  # fmt: skip
    assert book[book.sheetnames[1]]["B2"].data_type == "s"


def test_a_small_table_that_does_not_fit_its_columns_leaves_no_file(tmp_path: Path) -> None:
    sheet = Sheet("Ringkasan", (Column("rows", "Baris", "integer"),), [("tiga",)])
    with pytest.raises((TypeError, ValueError)):
        write_workbook(tmp_path / "laporan.xlsx", [sheet], "id")
    assert list(tmp_path.iterdir()) == []
