"""What is said before anything is stored is what an import then does."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from data.intake.importing import SAVED_DAY, Told, import_sheets
from data.intake.preview import Preview, preview
from data.sample import build
from data.snapshots import Store
from tests.builders import BENDE, HEADINGS, KENDARI, MANDONGA, PERIOD, people, register, stored, table


def only(store: Store, path: Path, told: Told | None = None) -> Preview:
    (seen,) = preview(store, path, told or Told())
    return seen


def workbook(path: Path) -> Path:
    """A page of instructions, then two registers of different days."""
    book = openpyxl.Workbook()
    book.active.append(["Petunjuk"])
    for year, area in ((2020, BENDE), (2021, MANDONGA)):
        sheet = book.create_sheet(f"Data {year}")
        sheet.append([f"Data per 31 Januari {year}"])
        for row in table(people(4, area), HEADINGS):
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("key", ["dtks", "recipients", "ppks", "rekap"])
def test_area_date_and_register_are_those_of_the_import(key: str, store: Store, tmp_path: Path) -> None:
    (file,) = build(tmp_path / "files", KENDARI, 0.01, latest=1, registers=[key])[:1]
    seen = only(store, file.path)
    assert not (store.path / "snapshots").exists()
    (result,) = import_sheets(store, file.path)
    assert result.snapshot is not None
    snapshot = result.snapshot
    assert (seen.register, seen.place, seen.period) == (snapshot.register, snapshot.place, snapshot.period)
    assert (seen.problem, seen.evidence, seen.clear) == (None, "", True)


def test_the_day_of_the_copy_is_no_day_of_the_data(store: Store, tmp_path: Path) -> None:
    path = register(tmp_path / "dtks.csv", people(3), HEADINGS)
    seen = only(store, path)
    assert (seen.period, seen.evidence, seen.storable, seen.clear) == (None, SAVED_DAY, False, False)
    answered = only(store, path, Told(period=PERIOD))
    assert (answered.period, answered.clear) == (PERIOD, True)


def test_a_supposed_date_is_not_clear(store: Store, tmp_path: Path) -> None:
    seen = only(store, register(tmp_path / "dtks.csv", people(3)))
    assert seen.period == date(2020, 6, 30)
    assert seen.evidence
    assert (seen.storable, seen.clear) == (True, False)


def test_every_sheet_is_told_and_what_is_no_register_is_named(store: Store, tmp_path: Path) -> None:
    cover, first, second = preview(store, workbook(tmp_path / "a.xlsx"))
    assert cover.problem is not None
    assert (cover.sheet, cover.problem.code, cover.storable) == ("Sheet", "register_not_recognised", False)
    assert [(one.number, one.sheet, one.period) for one in (first, second)] == [
        (2, "Data 2020", date(2020, 1, 31)),
        (3, "Data 2021", date(2021, 1, 31)),
    ]


def test_one_sheet_is_looked_at_again_by_what_was_said_of_it_alone(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    (seen,) = preview(store, path, each={3: Told(period=PERIOD, register="dtks")}, only={3})
    assert (seen.number, seen.period) == (3, PERIOD)


def test_a_sheet_is_imported_alone_and_called_as_beside_the_others(store: Store, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    (result,) = import_sheets(store, path, each={3: Told()})
    assert result.snapshot is not None
    assert (result.number, result.snapshot.source.sheet) == (3, "Data 2021")
    cover, first, again = preview(store, path)
    assert (cover.duplicate_of, first.duplicate_of, again.duplicate_of) == ("", "", result.snapshot.id)
    assert again.storable is False
    results = import_sheets(store, path, each={1: Told(), 2: Told()})
    assert [(one.number, one.refused) for one in results] == [(1, True), (2, False)]


def test_what_the_other_sheets_of_the_file_became_keeps_them_from_hiding_each_other(
    store: Store, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx")
    before = import_sheets(store, path, each={2: Told(period=PERIOD, place=KENDARI)})
    (result,) = import_sheets(store, path, each={3: Told(period=PERIOD, place=KENDARI)}, before=before)
    assert [line.code for line in result.problems] == ["sheet_overlaps"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "file_unreadable"),
        ("a.pdf", b"%PDF-1.7", "file_unreadable"),
        ("b.csv", b"a,b\n1,2\n", "register_not_recognised"),
    ],
)
def test_a_file_that_is_no_register_says_why(
    name: str, content: bytes, code: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    seen = only(store, tmp_path / name)
    assert seen.problem is not None
    assert (seen.problem.code, seen.storable, seen.clear) == (code, False, False)


def test_columns_that_only_their_cells_tell_are_asked_about_and_told_ones_are_not(store: Store, tmp_path: Path) -> None:
    strange = {"kabkota": "Kab", "kecamatan": "Kecamatan", "kelurahan": "Kelurahan", "nik": "A1", "name": "A2",
               "kk": "A3", "birth_date": "A4", "sex": "A5"}  # fmt: skip
    path = register(tmp_path / "isian-2021-01-31.csv", people(40), strange)
    asked = only(store, path)
    assert asked.problem is not None
    assert (asked.asks, asked.problem.code) == (True, "columns_unsure")
    told = Told("dtks", mapping={"#1": "kabkota", "#4": "nik", "#5": "name", "#6": "kk", "#7": "birth_date"})
    assert only(store, path, told).clear


def test_the_rows_of_a_file_are_not_kept(store: Store, tmp_path: Path) -> None:
    recognition = only(store, register(tmp_path / "a.csv", people(3))).recognition
    assert recognition is not None
    assert recognition.sheet.preview == ()
    with pytest.raises(ValueError, match="rows"):
        recognition.sheet.load(None, "raw", 0, 1)  # type: ignore[arg-type]


def test_a_file_that_is_stored_already_says_so(store: Store, tmp_path: Path) -> None:
    path = register(tmp_path / "dtks_2021-01-31.csv", people(3))
    assert only(store, path).duplicate_of == ""
    assert only(store, path).duplicate_of != stored(store, path).id == only(store, path).duplicate_of
