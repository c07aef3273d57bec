"""Files of every kind become the same rows, under the row numbers that their own program shows."""

import gzip
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

from data.definitions.registers import registers
from data.intake import read as read_module
from data.intake import rows as rows_module
from data.intake.limits import Excess
from data.intake.read import Loaded, sheets
from data.intake.recognise import best_fit
from data.snapshots import Store
from tests.builders import DATED, contents, nik, people, person, register, stored, table, text

SHORT = {key: DATED[key] for key in ("kabkota", "kecamatan", "kelurahan", "nik", "kk", "name", "updated_on")}
Read = Callable[[Path], list[tuple[str | int, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The rows below the headings as (row number, cells …, what stands beyond the last heading); blanks are ""."""

    def rows(path: Path) -> list[tuple[str | int, ...]]:
        staging = tmp_path / "staging"
        staging.mkdir(exist_ok=True)
        found = best_fit(sheets(path, staging), registers()["dtks"])
        assert found.fits(registers()["dtks"])
        connection = duckdb.connect()
        found.sheet.load(connection, "raw", found.header_row, len(found.columns))
        answer = connection.execute("SELECT * EXCLUDE (rid) FROM raw ORDER BY file_row").fetchall()
        return [tuple("" if cell is None else cell for cell in row) for row in answer]

    return rows


def at_once(path: Path, staging: Path) -> Loaded:
    """What is seen of a file while it is read."""
    found = best_fit(sheets(path, staging), registers()["dtks"])
    return found.sheet.load(duckdb.connect(), "raw", found.header_row, len(found.columns))


def names(rows: Sequence[tuple[str | int, ...]]) -> list[tuple[str | int, str | int]]:
    """(row number, NAMA) of the rows in which anything stands."""
    return [(row[0], row[6]) for row in rows if any(row[1:])]


def written(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def short(count: int = 4) -> list[str]:
    return text(table(people(count), SHORT)).splitlines()


FOUR = [(2, "WARGA AAB"), (3, "WARGA AAC"), (4, "WARGA AAD"), (5, "WARGA AAE")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", ["|", ";", ",", "\t"])
def test_every_delimiter_and_encoding_gives_the_same_rows(
    tmp_path: Path, read: Read, delimiter: str, encoding: str, newline: str
) -> None:
    rows = [person(1, name="ANDRÉ"), person(2, address="JL. A, B; C | D"), person(3, address='"GG" 3')]
    path = register(tmp_path / "a.csv", rows, delimiter=delimiter, encoding=encoding, newline=newline)
    assert read(path) == [(number, *cells, "") for number, cells in enumerate(table(rows)[1:], start=2)]


def test_a_file_with_carriage_returns_only_is_read(tmp_path: Path, read: Read) -> None:
    assert names(read(written(tmp_path / "a.csv", "\r".join(short())))) == FOUR


@pytest.mark.parametrize("blank", ["", "   ", "||||||", '""'])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_blank_line_in_the_middle_shifts_no_row_number(tmp_path: Path, read: Read, newline: str, blank: str) -> None:
    lines = short()
    path = written(tmp_path / "a.csv", newline.join([*lines[:3], blank, *lines[3:]]) + newline)
    found = [row for row in names(read(path)) if row[1]]
    assert found == [(2, "WARGA AAB"), (3, "WARGA AAC"), (5, "WARGA AAD"), (6, "WARGA AAE")]


def test_blank_lines_above_and_below_the_headings_count_as_rows(tmp_path: Path, read: Read) -> None:
    lines = short(1)
    assert names(read(written(tmp_path / "a.csv", "\n".join(["", *lines])))) == [(3, "WARGA AAB")]
    assert names(read(written(tmp_path / "b.csv", "\n".join([lines[0], "", "", lines[1]])))) == [(4, "WARGA AAB")]


def test_a_quoted_line_break_is_one_row_and_keeps_the_numbers_of_the_rows_below(tmp_path: Path, read: Read) -> None:
    rows = [person(1), person(2, address="JL. MELATI\nGG. 3"), person(3, address="A\r\n\r\nB"), person(4)]
    found = read(register(tmp_path / "a.csv", rows))
    assert [row[0] for row in found] == [2, 3, 4, 5]
    assert found[1][6] == "JL. MELATI\nGG. 3"


@pytest.mark.parametrize("heading_row", [1, 2, 4, 7])
def test_headings_are_found_below_title_rows(tmp_path: Path, read: Read, heading_row: int) -> None:
    titles = ["DATA TERPADU KESEJAHTERAAN SOSIAL", "", "KOTA KENDARI", "Per 31 Januari 2021", "", "BNBA"]
    path = written(tmp_path / "a.csv", "\n".join([*titles[: heading_row - 1], *short(1)]))
    assert names(read(path)) == [(heading_row + 1, "WARGA AAB")]


def test_a_title_over_two_lines_is_one_row(tmp_path: Path, read: Read) -> None:
    path = written(tmp_path / "a.csv", '"DATA DTKS\nKOTA KENDARI"\n' + "\n".join(short(1)))
    assert names(read(path)) == [(3, "WARGA AAB")]


def test_a_row_with_fewer_cells_is_kept(tmp_path: Path, read: Read) -> None:
    lines = short()
    lines[2] = lines[2].rsplit("|", 3)[0]
    found = read(written(tmp_path / "a.csv", "\n".join(lines)))
    assert [row[0] for row in found] == [2, 3, 4, 5]
    assert found[1][4:] == (nik(2), "", "", "", "")


def test_cells_beyond_the_last_heading_are_kept(tmp_path: Path, read: Read) -> None:
    lines = short()
    lines[2] += "|lebih||lagi"
    found = read(written(tmp_path / "a.csv", "\n".join(lines)))
    assert names(found) == FOUR
    assert [row[-1] for row in found] == ["", "lebih||lagi", "", ""]


@pytest.mark.parametrize("name", ['"WARGA', 'WARGA"', 'WAR"GA', '"WARGA" B', '"'])
def test_a_stray_quotation_mark_swallows_no_row(tmp_path: Path, read: Read, name: str) -> None:
    lines = short()
    lines[2] = lines[2].replace("WARGA AAC", name)
    found = read(written(tmp_path / "a.csv", "\n".join(lines)))
    assert [row[0] for row in found] == [2, 3, 4, 5]
    assert [row[4] for row in found] == [nik(number) for number in range(1, 5)]


def test_two_stray_quotation_marks_swallow_no_row_between_them(tmp_path: Path, read: Read) -> None:
    lines = short(12)
    lines[3] = lines[3].replace("|WARGA", '|"WARGA')
    lines[9] = lines[9].replace("|WARGA", '|"WARGA')
    assert [row[0] for row in read(written(tmp_path / "a.csv", "\n".join(lines)))] == list(range(2, 14))


def test_a_stray_quotation_mark_in_a_large_file_swallows_no_row(tmp_path: Path, read: Read) -> None:
    lines = [short(1)[0], *(f"KOTA KENDARI|KADIA|BENDE|{nik(1)}|{'0' * 40}{i}|WARGA|2020-01-01" for i in range(50_000))]
    lines[5] = lines[5].replace("|WARGA", '|"WARGA')
    path = written(tmp_path / "a.csv", "\n".join(lines))
    assert path.stat().st_size > 4 * 1024 * 1024
    assert len(read(path)) == 50_000


def test_nul_bytes_are_taken_out(tmp_path: Path, read: Read) -> None:
    path = written(tmp_path / "a.csv", "\n".join(short()).replace(nik(2), nik(2) + "\0").replace("AAD", "A\0AD"))
    found = read(path)
    assert names(found) == FOUR
    assert found[1][4] == nik(2)


def test_a_csv_with_the_beginning_of_a_tag_is_no_web_page(tmp_path: Path, read: Read) -> None:
    path = written(tmp_path / "a.csv", "\n".join(short()).replace("WARGA AAC", "<table border=1>"))
    assert len(read(path)) == 4


# Kinds of files


def xlsx(path: Path, lines: Sequence[Sequence[object]], row: int = 1, column: int = 1) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for down, cells in enumerate(lines):
        for right, cell in enumerate(cells):
            sheet.cell(row + down, column + right, cell)
    book.save(path)
    return path


def xls(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("DTKS")
    for down, cells in enumerate(lines):
        for right, cell in enumerate(cells):
            sheet.write(down, right, cell)
    book.save(str(path))
    return path


def web_page(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    rows = "".join("<tr>" + "".join(f"<td> {cell} </td>" for cell in cells) + "</tr>\n" for cells in lines)
    return written(path, f"<html><head><style>td {{}}</style></head><body><table>{rows}</table></body></html>")


def parquet(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    columns = zip(*lines[1:], strict=True)
    pq.write_table(pa.table(dict(zip(lines[0], map(list, columns), strict=True))), path)
    return path


def zipped(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ekspor/dtks.csv", text(lines))
        archive.writestr("__MACOSX/._dtks.csv", "x")
    return path


def as_csv(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    return written(path, text(lines))


def gzipped(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    path.write_bytes(gzip.compress(text(lines).encode()))
    return path


@pytest.mark.parametrize(
    ("kind", "write"),
    [("xlsx", xlsx), ("xls", xls), ("xls", web_page), ("csv.gz", gzipped), ("zip", zipped), ("parquet", parquet)],
)
def test_every_kind_of_file_gives_the_same_rows(
    tmp_path: Path, read: Read, kind: str, write: Callable[[Path, list[list[str]]], Path]
) -> None:
    lines = table(people(5))
    # A Parquet file has no heading row: its first record is row 1.
    first = 1 if kind == "parquet" else 2
    found = read(write(tmp_path / f"dtks.{kind}", lines))
    assert found == [(number, *cells, "") for number, cells in enumerate(lines[1:], start=first)]


def test_a_file_is_known_by_its_content_and_not_by_its_name(tmp_path: Path, read: Read) -> None:
    assert len(read(xlsx(tmp_path / "dtks.csv", table(people(3))))) == 3
    assert len(read(parquet(tmp_path / "dtks.xlsx", table(people(3))))) == 3
    assert len(read(register(tmp_path / "dtks.xls", people(3), delimiter="\t"))) == 3


def test_a_workbook_with_numbers_as_nik_and_real_dates_from_column_b_on_is_read_as_it_is_meant(
    tmp_path: Path, store: Store
) -> None:
    """The whole way in: headings in row 5, data in column B, and an empty row below the headings."""
    lines: list[list[object]] = [list(DATED.values()), []]
    for number in (1, 2, 3):
        row: dict[str, object] = dict(person(number))
        numbers = {key: int(str(row[key])) for key in ("nik", "kk", "rt")}
        days = {key: datetime.fromisoformat(str(row[key])) for key in ("birth_date", "updated_on")}
        lines.append([(row | numbers | days)[key] for key in DATED])
    path = xlsx(tmp_path / "a.xlsx", lines, row=5, column=2)
    snapshot = stored(store, path)
    assert snapshot.header_row == 5
    rows = contents(snapshot)
    assert [row["file_row"] for row in rows] == [7, 8, 9]
    assert [row["nik"] for row in rows] == [nik(1), nik(2), nik(3)]
    assert {row["birth_date"] for row in rows} == {date(1980, 5, 17)}
    assert {row["updated_on"] for row in rows} == {date(2020, 6, 30)}
    assert snapshot.extras == ()


def test_of_two_sheets_the_register_is_read_and_the_other_one_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("BNBA")
    first.title = "Rekap"
    for cells in (["Kelurahan", "Jumlah"], ["BENDE", "12"], ["KADIA", "9"]):
        first.append(cells)
    for cells in table(people(3), SHORT):
        second.append(cells)
    book.save(tmp_path / "a.xlsx")
    found = best_fit(sheets(tmp_path / "a.xlsx", tmp_path), registers()["dtks"])
    assert found.sheet.name == "BNBA"


def test_what_a_cell_of_a_web_page_spans_stays_blank(tmp_path: Path, read: Read) -> None:
    """The kabupaten and the kecamatan of two persons stand once, over both rows and over two columns of the second."""
    lines = table(people(3), SHORT)
    lines[1][0] = f'<td rowspan="2">{lines[1][0]}</td>'
    rows = [
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in lines[0]) + "</tr>",
        "<tr>" + lines[1][0] + "".join(f"<td>{cell}</td>" for cell in lines[1][1:]) + "</tr>",
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in lines[2][1:]) + "</tr>",
        f"<tr><td colspan=2>{lines[3][0]}</td>" + "".join(f"<td>{cell}</td>" for cell in lines[3][2:]) + "</tr>",
    ]
    found = read(written(tmp_path / "a.xls", f"<table>{''.join(rows)}</table>"))
    assert [row[1] for row in found] == ["KOTA KENDARI", "", "KOTA KENDARI"]
    assert [row[2] for row in found] == ["KADIA", "KADIA", ""]
    assert names(found) == [(2, "WARGA AAB"), (3, "WARGA AAC"), (4, "WARGA AAD")]


def test_utf_16_without_its_mark_is_read(tmp_path: Path, read: Read) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert names(read(written(tmp_path / "a.csv", "\r\n".join(short()), encoding))) == FOUR


def test_the_preview_ends_after_200_rows_and_cuts_long_cells(tmp_path: Path) -> None:
    lines = [*short(300), "|" + "x" * 5_000]
    (sheet,) = sheets(written(tmp_path / "a.csv", "\n".join([lines[-1], *lines])), tmp_path)
    assert len(sheet.preview) == 200
    assert len(sheet.preview[0][1][1]) == 1_000


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_table_of_too_many_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    write: dict[str, Callable[[Path, list[list[str]]], Path]] = {"csv": as_csv, "xlsx": xlsx, "parquet": parquet}
    path = write[kind](tmp_path / f"a.{kind}", table(people(2), SHORT))
    assert sheets(path, tmp_path)
    monkeypatch.setenv("PADAN_MAX_COLUMNS", "6")
    with pytest.raises(Excess) as refused:
        sheets(path, tmp_path)
    assert refused.value.code == "limit_columns"
    assert refused.value.values == {"most": 6, "setting": "PADAN_MAX_COLUMNS"}


def test_columns_without_content_on_the_right_are_not_counted(tmp_path: Path, read: Read) -> None:
    lines = [line + "|" * 2_000 for line in short()]
    assert names(read(written(tmp_path / "a.csv", "\n".join(lines)))) == FOUR


def test_numbers_in_a_parquet_file_are_read_as_digits(tmp_path: Path, read: Read) -> None:
    lines = table(people(2), SHORT)
    columns: dict[str, object] = {heading: [row[place] for row in lines[1:]] for place, heading in enumerate(lines[0])}
    columns["NIK"] = pa.array([int(nik(1)), int(nik(2))], pa.int64())
    columns["LastUpdateData"] = pa.array([date(2020, 6, 30), None], pa.date32())
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert [row[4] for row in found] == [nik(1), nik(2)]
    assert [row[7] for row in found] == ["2020-06-30", ""]


def test_a_file_too_large_for_memory_gives_the_same_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*people(40), person(41, name=" SITI \u200bAMINAH "), person(42, nik="7.47104190183E15"), person(3)]
    path = register(tmp_path / "a.csv", rows)
    kept = contents(stored(Store(tmp_path / "one"), path))
    monkeypatch.setattr(read_module, "MOST_AT_ONCE", 0)
    assert contents(stored(Store(tmp_path / "two"), path)) == kept


@pytest.mark.parametrize("name", [" SITI", "SITI ", "SITI\t", "\tSITI", "\u00a0SITI", "SITI\u00a0", "SITI\u2003"])
def test_blanks_around_a_cell_are_seen_whatever_the_other_cells_are_like(tmp_path: Path, name: str) -> None:
    path = register(tmp_path / "a.csv", [*people(3), person(4, name=name, occupation=name)])
    loaded = at_once(path, tmp_path)
    headings = table(people(1))[0]
    blank = {heading for index, heading in enumerate(headings) if not loaded.edges(f"c{index}").bare}
    assert blank == {"NAMA", "PEKERJAAN"}


def test_signs_of_several_bytes_are_seen_by_column(tmp_path: Path) -> None:
    path = register(tmp_path / "a.csv", [*people(3), person(4, name="SITI MA’RUF")])
    loaded = at_once(path, tmp_path)
    headings = table(people(1))[0]
    wide = {heading for index, heading in enumerate(headings) if not loaded.edges(f"c{index}").plain}
    assert wide == {"NAMA"}


def test_a_file_in_which_nearly_everybody_stands_twice_gives_the_same_snapshot_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(tmp_path / "a.csv", [*people(20), *people(20)])
    picked = contents(stored(Store(tmp_path / "one"), path))
    monkeypatch.setattr(rows_module, "MOST_PICKED", 3)
    assert contents(stored(Store(tmp_path / "two"), path)) == picked
    assert sum(row["counted"] for row in picked) == 20
