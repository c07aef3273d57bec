"""Whatever is written into a file comes out of its reader with the right row numbers, or is refused with a sentence."""

import csv
import gzip
import io
import time
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from data.definitions.registers import registers
from data.intake import dates, headings
from data.intake.limits import EXCESSES, Clock, Excess, Limits, Unreadable, setting
from data.intake.read import MISSING, PREVIEW_ROWS, sheets
from data.intake.recognise import match_headings, recognise
from data.intake.workbook import opened
from data.places.resolver import Resolver
from data.wording import shown, translate

Table = list[list[str]]
Answer = list[tuple[int, tuple[str, ...]]]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WORDS = st.one_of(
    TEXT, st.sampled_from(["NIK", "Nama", '"', '""', "a\nb", "a\r\nb", "=1+1", "-", "NULL", "\ufeff", " "])
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2, max_size=8)
)
LETTERS = st.text("abcXYZ 0189é-_/.", max_size=8).map(str.strip)
PLAIN = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(LETTERS, min_size=width, max_size=width), min_size=2, max_size=12)
)


def read(content: bytes, name: str, width: int, header_row: int = 0) -> Answer | str:
    """The rows of the first sheet that say something, by number; or the sentence that refuses the file."""
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / name
        path.write_bytes(content)
        staging = Path(folder) / "staging"
        staging.mkdir()
        try:
            sheet = sheets(path, staging)[0]
            assert len(sheet.preview) <= PREVIEW_ROWS + 1
            recognise(sheet)
            sheet.load(connection, "raw", header_row, width)
        except Unreadable as reason:
            return translate(str(reason), "id")
        rows = connection.execute("SELECT * EXCLUDE (rid, beyond) FROM raw ORDER BY file_row").fetchall()
        return [(row[0], tuple(cell or "" for cell in row[1:])) for row in rows if any(row[1:])]


def expected(table: Table) -> Answer:
    """What a reader has to find: the rows in which something is said."""
    rows = ((number, tuple("" if cell in MISSING else cell for cell in cells)) for number, cells in enumerate(table, 1))
    return [(number, cells) for number, cells in rows if any(cells)]


def written(table: Table, delimiter: str = ";", newline: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(table)
    return text.getvalue()


@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"PAR1PAR1")
@example(b"\x1f\x8b\x08\x00")
@example(b"<table><tr><td")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@settings(max_examples=30)
def test_bytes_of_any_kind_are_read_or_refused(content: bytes) -> None:
    assert isinstance(read(content, "a.csv", 3), list | str)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
def test_text_of_any_kind_is_read_or_refused(content: str, encoding: str) -> None:
    found = read(content.encode(encoding, errors="replace"), "a.csv", 3)
    if isinstance(found, list):
        numbers = [number for number, _ in found]
        assert numbers == sorted(set(numbers))
        assert all(number <= len(content) + 1 for number in numbers)


@given(PLAIN, st.sampled_from(";,|\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-16"]))
def test_a_csv_of_letters_comes_back_as_it_was_written(
    table: Table, delimiter: str, newline: str, encoding: str
) -> None:
    table = [["KOLOM A"] * len(table[0]), ["KOLOM B"] * len(table[0]), *table]
    assert read(written(table, delimiter, newline).encode(encoding), "a.csv", len(table[0])) == expected(table)


@given(TABLES)
@settings(max_examples=25)
def test_a_workbook_of_any_cells_comes_back_as_it_was_written(table: Table) -> None:
    table = [[ILLEGAL_CHARACTERS_RE.sub("", cell).replace("_x", "").replace("\r", "") for cell in row] for row in table]
    book = openpyxl.Workbook()
    for down, row in enumerate(table, 1):
        for right, text in enumerate(row, 1):
            cell = book.worksheets[0].cell(down, right)
            cell.value, cell.data_type = text or None, "s" if text else "n"
    target = io.BytesIO()
    book.save(target)
    found = read(target.getvalue(), "a.xlsx", len(table[0]))
    assert found == expected(table)


@given(TABLES)
def test_a_page_of_any_cells_comes_back_but_for_its_blanks(table: Table) -> None:
    from html import escape

    def shown(cell: str) -> str:
        return cell.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()

    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table)
    found = read(f"<html><meta charset=utf-8><table>{rows}</table>".encode(), "a.xls", len(table[0]))
    assert found == expected([[shown(cell) for cell in row] for row in table])


@given(
    st.lists(
        st.sampled_from(["<td", "<tr>", "<table", "<!", "<![", "--", "]]>", "</", ">", "'", "=", " ", "x", "&#", ";"])
    )
)
def test_a_page_of_any_marks_is_read_or_refused(marks: list[str]) -> None:
    assert isinstance(read(f"<table><tr><td>{''.join(marks)}".encode(), "a.xls", 2), list | str)


@given(TABLES, st.lists(TEXT, min_size=4, max_size=4))
def test_a_parquet_file_comes_back_whatever_its_columns_are_called(table: Table, names: list[str]) -> None:
    arrays = [pa.array(list(column), pa.string()) for column in zip(*table, strict=True)]
    target = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names[: len(arrays)]), target)
    assert read(target.getvalue(), "a.parquet", len(table[0])) == expected(table)


@given(PLAIN, st.sampled_from(["gz", "zip"]))
@settings(max_examples=30)
def test_what_is_packed_comes_back_as_it_was_written(table: Table, kind: str) -> None:
    table = [["KOLOM A"] * len(table[0]), *table, ["KOLOM B"] * len(table[0])]
    content = written(table).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", content)
    packed = gzip.compress(content) if kind == "gz" else target.getvalue()
    assert read(packed, f"a.{kind}", len(table[0])) == expected(table)


@given(st.binary(min_size=1, max_size=8), st.floats(0, 1), st.sampled_from(["gz", "zip", "parquet", "html"]))
def test_a_file_with_a_few_wrong_bytes_is_read_or_refused(wrong: bytes, where: float, kind: str) -> None:
    table = [["NIK", "NAMA"], *([str(number), "WARGA"] for number in range(50))]
    content = KINDS[kind](table)
    at = int(where * len(content))
    assert isinstance(read(content[:at] + wrong + content[at + len(wrong) :], f"a.{kind}", 2), list | str)


def _zip(table: Table) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", written(table))
    return target.getvalue()


def _parquet(table: Table) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in table[1:]] for at, name in enumerate(table[0])}), target)
    return target.getvalue()


KINDS = {
    "gz": lambda table: gzip.compress(written(table).encode()),
    "zip": _zip,
    "parquet": _parquet,
    "html": lambda table: ("<table>" + "".join(f"<tr><td>{a}</td><td>{b}" for a, b in table)).encode(),
}


# What reads cells


DAY = st.dates(date(1930, 1, 1), date(2020, 12, 31))


@given(st.lists(st.text(max_size=30), max_size=20))
def test_dates_of_any_spelling_are_days_or_nothing(spellings: Sequence[str]) -> None:
    found = dates.read(dict.fromkeys(spellings, 1), date(2021, 1, 31))
    assert set(found.days) <= set(spellings)
    assert all(isinstance(day, date) for day in found.days.values())


@given(
    st.lists(DAY, min_size=1, max_size=20),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%Y%m%d", "%d_%m_%Y", "%Y-%b-%d"]),
)
def test_a_column_of_one_form_gives_back_its_days(days: Sequence[date], form: str) -> None:
    # A day above 12 shows the order of day and month.
    said = {day.strftime(form): day for day in (*days, date(2019, 5, 31))}
    assert dates.read(dict.fromkeys(said, 1), date(2021, 1, 31)).days == said


@given(st.lists(DAY, min_size=1, max_size=20))
def test_days_counted_by_a_spreadsheet_are_read(days: Sequence[date]) -> None:
    said = {str((day - date(1899, 12, 30)).days): day for day in days}
    assert dates.read(dict.fromkeys(said, 1), date(2021, 1, 31)).days == said


@given(st.text(max_size=80))
def test_a_title_of_any_kind_names_a_day_or_none(title: str) -> None:
    assert dates.date_in(title) is None or dates.date_in(title) < date(2100, 1, 1) + timedelta(1)


@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=12))
def test_headings_of_any_kind_are_matched_once_or_not(rows: list[list[str]]) -> None:
    preview = tuple((number, tuple(cells)) for number, cells in enumerate(rows, 1))
    for block in headings.blocks(preview):
        assert len(block.headings) == len(block.paths)
        headings.body(preview, block)
    for cells in rows:
        fields = [column.field for column in match_headings(tuple(cells), registers()["dtks"]) if column.field]
        assert len(fields) == len(set(fields))


@given(
    st.fixed_dictionaries(
        {level: st.text(max_size=30) for level in ("province", "kabkota", "kecamatan", "kelurahan", "code")}
    )
)
@settings(max_examples=15)
def test_an_area_of_any_spelling_is_a_place_or_none(told: dict[str, str]) -> None:
    assert isinstance(Resolver("").resolve(**told).code, str)


@pytest.mark.parametrize("limit", ["columns", "line", "rows", "sheets", "cells", "ratio"])
def test_a_limit_can_be_set_and_its_refusal_names_it(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = [["NIK", "NAMA", "ALAMAT"], *(["1", "WARGA", "JALAN"] for _ in range(40))]
    book = openpyxl.Workbook()
    book.create_sheet("dua")
    for row in table:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    files = {"sheets": target.getvalue(), "cells": target.getvalue(), "ratio": gzip.compress(b"x\n" * 9_000)}
    monkeypatch.setenv(f"PADAN_MAX_{limit.upper()}", "1")
    said = read(files.get(limit, written(table).encode()), "a", 3)
    assert isinstance(said, str)
    assert "1" in said


def test_the_time_for_recognising_a_file_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_MAX_SECONDS", "1")
    clock = Clock()
    assert clock.runs()
    time.sleep(1.1)
    with pytest.raises(Excess) as refused:
        clock.runs()
    assert refused.value.code == "limit_seconds"


def test_the_time_for_opening_a_workbook_has_an_end(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert opened(tmp_path / "a.xlsx", tmp_path, Limits())
    with pytest.raises(Excess) as refused:
        opened(tmp_path / "a.xlsx", tmp_path, Limits(seconds=0))
    assert refused.value.code == "limit_seconds"


@pytest.mark.parametrize("reader", ["id", "en"])
@pytest.mark.parametrize("limit", EXCESSES)
def test_every_limit_has_a_sentence_that_names_it_and_its_setting(limit: str, reader: Literal["id", "en"]) -> None:
    excess = Excess(limit)
    said = [translate(text, reader, **excess.values) for text in (EXCESSES[limit].message, EXCESSES[limit].action)]
    assert shown(getattr(Limits(), limit), reader) in said[0]
    assert setting(limit) in said[1]
