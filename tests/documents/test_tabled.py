"""A table of a screen as a file: the same rows, numbers as numbers, and what it is said with them."""

import csv
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from components import tables
from components.documents import Briefing
from components.documents.tabled import CHOICES, Order, Tabled, of_html, of_rows, typed
from data.wording import Language
from tests.builders import KENDARI
from tests.documents.reading import FORMULA, MARKUP

Told = Callable[[str, Language], Briefing]


def drawn(briefing: Told) -> Tabled:
    shown = briefing(KENDARI, "id").shown
    assert shown
    columns = shown.columns
    return of_rows(tables.areas(shown.tabled, shown.indicator, columns, shown.seen.tabled_by, shown.seen.chosen, "id"))


def made(briefing: Told, table: Tabled, format: str) -> bytes:
    order = Order(table, "Cakupan: Kecamatan", KENDARI, briefing(KENDARI, "id").context, format, "id")
    file = order.file()
    assert file
    assert file.name == f"cakupan-kecamatan-74.71-2021-01-31-DATA-CONTOH.{format}"
    return b"".join(file.pieces)


@pytest.mark.parametrize("format", CHOICES)
def test_a_table_can_be_saved_as_everything_that_is_offered(briefing: Told, format: str) -> None:
    begins = {"png": b"\x89PNG", "svg": b"<svg", "xlsx": b"PK", "csv.zip": b"PK"}
    assert made(briefing, drawn(briefing), format).startswith(begins[format])


def test_the_workbook_has_the_rows_of_the_screen_with_whole_numbers_behind_rounded_texts(briefing: Told) -> None:
    table = drawn(briefing)
    book = openpyxl.load_workbook(io.BytesIO(made(briefing, table, "xlsx")))
    headings, *rows = list(book.worksheets[1].iter_rows(values_only=True))
    assert headings == (*table.columns, "DATA CONTOH")
    assert [row[0] for row in rows] == [row[0] for row in table.rows]
    share = headings.index("%")
    known = [(row[share], order[share]) for row, order in zip(rows, table.values, strict=True) if order[share]]
    assert known
    assert all(value == pytest.approx(told) for value, told in known)
    assert any("DATA CONTOH" in str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)


def test_tables_of_html_are_read_with_their_numbers() -> None:
    figures = "<td><a href='x'>1.204</a></td><td>12,5%<i class='spoken'>up</i></td><td>3 / 4</td>"
    cells = f"<tr><th scope='row'>A &amp; B</th>{figures}</tr>"
    more = "<tr><th scope='row'>C</th><td>–</td><td>–</td><td>–</td></tr>"
    heads = "<thead><tr><th>Wilayah</th><th>Jiwa</th><th>Bagian</th><th>Pecahan</th></tr></thead>"
    table = of_html(f"<p>x</p><table>{heads}<tbody>{cells}{more}</tbody></table>")
    assert table
    frame, columns = typed(table, "id")
    assert [column.kind for column in columns] == ["text", "integer", "share", "text"]
    assert frame.iloc[0].tolist() == ["A & B", 1204, 0.125, "3 / 4"]
    assert frame.iloc[1].isna().tolist() == [False, True, True, False]
    assert of_html("<p>no table</p>") is None


def test_hostile_texts_stay_texts(briefing: Told) -> None:
    table = Tabled(("Nama", "Isi"), ((FORMULA, MARKUP), (MARKUP, FORMULA)))
    cells = [
        cell
        for row in openpyxl.load_workbook(io.BytesIO(made(briefing, table, "xlsx"))).worksheets[1].iter_rows()
        for cell in row
        if cell.value in (FORMULA, MARKUP)
    ]
    assert len(cells) == 4
    assert {cell.data_type for cell in cells} == {"s"}
    assert made(briefing, table, "svg").startswith(b"<svg")
    with zipfile.ZipFile(io.BytesIO(made(briefing, table, "csv.zip"))) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".csv"))
        rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_nothing_to_save_is_no_file(briefing: Told) -> None:
    context = briefing(KENDARI, "id").context
    assert Order(None, "Cakupan", KENDARI, context, "xlsx", "id").file() is None
