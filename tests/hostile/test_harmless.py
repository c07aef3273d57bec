"""What a hostile file put into the store comes out as text: in spreadsheets, in the terminal and in the browser."""

import csv
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from components import history, households
from data import queries
from data.__main__ import main
from data.definitions.catalogue import REGISTERS
from data.intake import report
from data.intake.importing import ImportResult
from data.scope import Scope
from data.snapshots import Store
from tests.builders import DATED, HOSTILE, IN_FULL, KENDARI, PERIOD, Row, in_full, people, register, take_in

CELLS = (
    *HOSTILE,
    '=cmd|" /C calc"!A0',
    "+1+1",
    "-1+cmd|x",
    "@SUM(1)",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    '"=1+1',
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(2)</script>",
    "&lt;script&gt;",
    "{rows} {0.__class__} %s $path",
    "\x1b]0;x\x07\x1b[2J",
    "\u202e=1+1",
    "WARGA \x01\x08\x1f\ufffe",
)
HEADED: Row = {**DATED, "own": '=1+1"><script>alert(3)</script>\x1b[2J'}
FREE = (
    "name",
    "address",
    "hamlet",
    "rt",
    "rw",
    "birth_place",
    "occupation",
    "mother_name",
    "family_register_id",
    "own",
)
STARTS = ("=", "+", "@", "\t", "\r", "-")


def hostile_rows() -> Iterator[Row]:
    for number, row in enumerate(people(len(CELLS))):
        cell = CELLS[number]
        yield row | dict.fromkeys(FREE, cell) | ({"kelurahan": cell, "sex": cell} if number % 3 else {})


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    folder = tmp_path_factory.mktemp("harmless")
    path = register(folder / "=1+1 <script>alert(4)<\x1b[2J.csv", hostile_rows(), HEADED)
    found = take_in(Store(folder / "home"), path, PERIOD, place=KENDARI)
    assert found.snapshot is not None, [line.code for line in found.problems]
    assert found.snapshot.counts.accepted == len(CELLS)
    return found


@pytest.fixture
def store(result: ImportResult, monkeypatch: pytest.MonkeyPatch) -> Store:
    assert result.snapshot is not None
    home = result.snapshot.rows.parent.parent.parent
    monkeypatch.setenv("PADAN_HOME", str(home))
    return Store(home)


def sheets(path: Path) -> list[Any]:
    """The cells of a workbook, after a look at its parts: no formula, no link to the outside."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            assert b"<f>" not in part
            assert b"<f " not in part
            assert b'TargetMode="External"' not in part
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    return [cell.value for cell in cells]


@pytest.mark.parametrize("unmasked", [[], IN_FULL])
def test_a_csv_holds_nothing_that_a_spreadsheet_would_compute(
    store: Store, tmp_path: Path, unmasked: list[str]
) -> None:
    target = tmp_path / "a.csv"
    assert main(["people", "--place", KENDARI, "--format", "csv", *unmasked, "-o", str(target)]) == 0
    with target.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == len(CELLS) + 1
    cells = [cell for line in lines for cell in line]
    assert not [cell for cell in cells if cell.startswith(STARTS) and cell != "-"]
    assert sum(cell.startswith("'") for cell in cells) >= 6


@pytest.mark.parametrize("unmasked", [[], IN_FULL])
def test_a_workbook_holds_texts_and_no_formulas(store: Store, tmp_path: Path, unmasked: list[str]) -> None:
    target = tmp_path / "a.xlsx"
    assert main(["people", "--place", KENDARI, "--format", "xlsx", *unmasked, "-o", str(target)]) == 0
    assert any("HYPERLINK" in str(value) for value in sheets(target))


def test_the_list_of_problems_holds_texts_and_no_formulas(result: ImportResult, tmp_path: Path) -> None:
    assert report.workbook(result, tmp_path / "a.xlsx", "id")
    assert any("script" in str(value) for value in sheets(tmp_path / "a.xlsx"))


class Tags(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said += data


def harmless(page: str) -> Tags:
    found = Tags(page)
    assert not found.tags & {"script", "img", "iframe", "object", "a", "form", "style", "link", "base", "svg"}
    assert not [name for name in found.attributes if name.startswith("on") or name in ("src", "href", "style")]
    return found


def test_a_list_of_people_is_text_in_the_browser(store: Store) -> None:
    found = queries.people(store, in_full(store), Scope(KENDARI), unmasked=True)
    for reader in ("id", "en"):
        page = harmless(households.table(found.rows, {"bpnt": "BPNT"}, reader, REGISTERS["dtks"]))
        assert "<script>alert(1)</script>" in page.said


def test_a_report_is_text_in_the_browser(result: ImportResult) -> None:
    for reader in ("id", "en"):
        page = harmless(history.problems(result, reader) + history.head(result, reader))
        assert "<script>" in page.said


@pytest.mark.parametrize("reader", ["id", "en"])
def test_a_report_gives_a_terminal_no_orders(result: ImportResult, reader: Any) -> None:
    said = report.text(result, reader)
    assert not [sign for sign in said if sign != "\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160)]
