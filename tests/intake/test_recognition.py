"""A table is recognised without being told what it is, and a plain question is asked where that is not sure."""

import csv
import time
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from data.definitions.fields import Field
from data.definitions.registers import Layout, Register, registers
from data.intake.layouts import Layouts
from data.intake.read import Sheet, sheets
from data.intake.recognise import Recognised, Recognition, best_fit, looks_like_figures, recognise
from data.wording import translate
from tests.builders import DATED, HEADINGS, kk, nik, people, table

DTKS = registers()["dtks"]
PEOPLE = {
    "name": ("Nama",), "nik": ("NIK",), "kk": ("No KK",), "sex": ("Jenis Kelamin",), "birth_date": ("Tanggal Lahir",),
    "kelurahan": ("Kelurahan",), "kecamatan": ("Kecamatan",), "address": ("Alamat",),
}  # fmt: skip


def register_of(key: str, **more: tuple[str, ...]) -> Register:
    return Register(
        key=key, label=key, row_is="a person", spellings={**PEOPLE, **more}, layouts=(), needs_one_of=("name", "nik"),
        needs=3, telling=tuple(more), own_fields=tuple(Field(own, own, "text", "open") for own in more),
    )  # fmt: skip


DOGS = register_of("dogs", dog=("Nama Anjing",))
CATS = register_of("cats", cat=("Nama Kucing",))
BOTH = (DOGS, CATS)
WOMAN = "7471084505800001"


def sheet(*rows: Sequence[str]) -> Sheet:
    return Sheet("a", tuple((number, tuple(row)) for number, row in enumerate(rows, start=1)), lambda *_: "utf-8")


def listed(*headings: str, count: int = 40, **cells: Sequence[str]) -> list[list[str]]:
    """Headings and rows; the cells of a column are repeated, a column without any says nothing."""
    return [
        list(headings),
        *([cells[heading][n % len(cells[heading])] if heading in cells else "" for heading in headings]
          for n in range(count)),
    ]  # fmt: skip


NAMES = [f"SITI {chr(65 + n % 26)}MINAH{chr(65 + n // 26)}" for n in range(40)]
NIKS = [nik(n) if n % 2 else f"747108{41 + n % 28:02}0580{9000 + n:04}" for n in range(40)]
STRANGE = {
    "A1": NIKS, "B1": NAMES, "C1": [kk(n // 3) for n in range(40)], "D1": ["L", "P"],
    "E1": [f"{1950 + n}-03-04" for n in range(40)], "F1": ["BENDE", "PONDAMBEA", "ANDUONOHU"],
}  # fmt: skip
"""Columns whose headings say nothing."""


def best(found: Recognised) -> Recognition:
    assert found.best is not None
    return found.best


def fields(found: Recognition) -> dict[str, str]:
    return {column.heading: column.field for column in found.columns}


# Where the headings are


@pytest.mark.parametrize("above", [0, 1, 5, 12, 19])
def test_headings_are_found_on_any_of_the_first_twenty_rows(above: int) -> None:
    found = best(recognise(sheet(*[["DATA KOTA KENDARI"]] * above, *table(people(5)))))
    assert (found.register, found.first_header_row, found.header_row) == ("dtks", above + 1, above + 1)
    assert found.title.count("DATA KOTA KENDARI") == above


def test_headings_below_the_twentieth_row_are_not_looked_for() -> None:
    assert recognise(sheet(*[["DATA KOTA KENDARI"]] * 20, *table(people(5)))).best is None


def test_data_may_begin_in_the_second_column() -> None:
    found = best(recognise(sheet(*(["", *row] for row in table(people(5))))))
    assert (found.columns[0].field, found.columns[1].field, found.layout) == ("", "family_register_id", "siksng_25")


MERGED = (
    ["No", "Identitas", "", "", "Tempat Tinggal", "", "Aset", ""],
    ["", "NIK", "Nama", "L/P", "Kecamatan", "Kelurahan", "Mobil", "Motor"],
)


def merged_rows() -> list[list[str]]:
    rows = listed("No", "NIK", "Nama", "L/P", "Kecamatan", "Kelurahan", "x", "y", count=20,
                  NIK=NIKS, Nama=NAMES, Kecamatan=["KADIA"], Kelurahan=["BENDE"])  # fmt: skip
    return [*MERGED, [f"({n})" for n in range(1, 9)], *rows[1:]]


def check_merged(found: Recognition, first: int) -> None:
    assert (found.first_header_row, found.header_row) == (first, first + 1)
    assert [column.heading for column in found.columns if column.heading] == [
        "No", "Identitas > NIK", "Identitas > Nama", "Identitas > L/P", "Tempat Tinggal > Kecamatan",
        "Tempat Tinggal > Kelurahan", "Aset > Mobil", "Aset > Motor",
    ]  # fmt: skip
    assert [column.field for column in found.known] == ["counter", "nik", "name", "sex", "kecamatan", "kelurahan"]


def test_merged_headings_of_a_workbook_are_joined_and_its_column_numbers_are_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["B2"] = "DATA PER 31 JANUARI 2021"
    for number, row in enumerate(merged_rows(), start=4):
        for column, cell in enumerate(row, start=2):
            page.cell(number, column, cell or None)
    for merged in ("B2:I2", "B4:B5", "C4:E4", "F4:G4", "H4:I4"):
        page.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    (read,) = sheets(tmp_path / "a.xlsx", tmp_path)
    found = best(recognise(read, told="dtks"))
    check_merged(found, 4)
    assert found.title.strip() == "DATA PER 31 JANUARI 2021"


def test_merged_headings_of_a_csv_export_are_joined(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([["DATA"], *merged_rows()])
    (read,) = sheets(tmp_path / "a.csv", tmp_path)
    check_merged(best(recognise(read, told="dtks")), 2)


def test_group_headings_that_nothing_is_known_about_are_still_headings() -> None:
    rows = [["NIK", "Nama", "Kecamatan", "Kelurahan", "Aset", ""], ["", "", "", "", "Mobil", "Motor"]]
    found = best(recognise(sheet(*rows, *([nik(n), NAMES[n], "KADIA", "BENDE", "Ya", ""] for n in range(10)))))
    assert (found.header_row, [column.heading for column in found.unknown]) == (2, ["Aset > Mobil", "Aset > Motor"])


# Which register it is


def test_the_register_that_explains_most_columns_is_taken() -> None:
    rows = listed("NIK", "Nama", "Alamat", "Nama Kucing", NIK=NIKS, Nama=NAMES)
    found = recognise(sheet(*rows), among=BOTH)
    assert (best(found).register, found.rivals, found.needs_answer) == ("cats", (), False)


def test_two_registers_that_fit_alike_are_asked_about() -> None:
    rows = listed("NIK", "Nama", "Alamat", "Kelurahan", NIK=NIKS, Nama=NAMES)
    found = recognise(sheet(*rows), among=BOTH)
    assert found.needs_answer
    assert {best(found).register, *(rival.register for rival in found.rivals)} == {"dogs", "cats"}


def test_a_register_that_was_told_is_not_asked_about() -> None:
    rows = listed("NIK", "Nama", "Alamat", "Kelurahan", NIK=NIKS, Nama=NAMES)
    found = recognise(sheet(*rows), told="cats", among=BOTH)
    assert (best(found).register, found.needs_answer) == ("cats", False)


def test_where_another_register_than_the_one_told_fits_better_it_is_named() -> None:
    rows = listed("NIK", "Nama", "Alamat", "Nama Kucing", NIK=NIKS, Nama=NAMES)
    found = recognise(sheet(*rows), told="dogs", among=BOTH)
    assert (best(found).register, [rival.register for rival in found.rivals]) == ("dogs", ["cats"])


@pytest.mark.parametrize("layout", [layout for layout in DTKS.layouts if layout.key.startswith("siksng")])
def test_a_declared_layout_is_recognised_among_all_registers_without_a_question(layout: Layout) -> None:
    headings = [DTKS.spellings[field][0] if field else "Lain" for field in layout.fields]
    found = recognise(sheet(*listed(*headings)))
    assert (best(found).register, best(found).layout, found.needs_answer) == ("dtks", layout.key, False)


def test_a_table_without_anybody_is_no_register_and_the_nearest_is_still_told() -> None:
    found = recognise(sheet(["Provinsi", "Kecamatan", "Catatan"], ["SULTRA", "KADIA", "x"]), among=(DTKS,))
    assert found.best is None
    assert found.closest is not None
    assert [column.field for column in found.closest.known] == ["province", "kecamatan"]


@pytest.mark.parametrize("rows", [(), ([],), (["", ""], ["", ""]), (["a"],), (["1", "2"], ["3", "4"])])
def test_a_table_of_nothing_is_nothing(rows: tuple[list[str], ...]) -> None:
    found = recognise(sheet(*rows))
    assert (found.best, found.rivals, found.needs_answer) == (None, (), False)


# What the columns hold


def test_columns_with_strange_headings_are_proposed_by_what_they_hold() -> None:
    found = recognise(sheet(*listed(*STRANGE, **STRANGE)), told="dogs", among=BOTH)
    proposed = {one.heading: one.field for one in found.proposals}
    assert proposed == {"A1": "nik", "B1": "name", "C1": "kk", "D1": "sex", "E1": "birth_date", "F1": "kelurahan"}
    assert found.needs_answer
    assert all(0.5 <= one.confidence <= 0.75 for one in found.proposals)


def test_what_was_found_by_content_alone_is_taken_only_as_far_as_the_register_needs_it() -> None:
    found = best(recognise(sheet(*listed(*STRANGE, **STRANGE)), told="dogs", among=BOTH))
    assert [column.how for column in found.known] == ["content"] * DOGS.needs
    strange = best_fit([sheet(*listed(*STRANGE, **STRANGE))], DOGS)
    assert strange.known == ()


def test_the_reason_of_a_proposal_is_a_sentence_in_both_languages_without_numbers_of_persons() -> None:
    found = recognise(sheet(*listed(*STRANGE, "Nama Lengkp", **STRANGE)), told="dogs", among=BOTH)
    for one in found.proposals:
        said = [translate(one.why, "en", **one.values), translate(one.why, "id", **one.values)]
        assert said[0] != said[1]
        assert not any(cell in text for text in said for cell in (*NIKS, *NAMES, *STRANGE["C1"]))


def test_a_heading_like_a_known_one_is_not_believed_where_the_column_holds_something_else() -> None:
    dates, words = [f"{1950 + n}-03-04" for n in range(40)], ["KENDARI", "MUNA"]
    for cells, field in ((dates, "birth_date"), (words, "")):
        rows = listed(
            "NIK", "Nama", "Kelurahan", "Tangal Lahirr", **{"NIK": NIKS, "Nama": NAMES, "Tangal Lahirr": cells}
        )
        assert fields(best(recognise(sheet(*rows), told="dogs", among=BOTH)))["Tangal Lahirr"] == field


def test_samples_are_the_first_different_cells_and_the_old_way_carries_none() -> None:
    rows = sheet(*listed("NIK", "Nama", "Kelurahan", "Alamat", NIK=NIKS, Nama=NAMES, Kelurahan=["BENDE", "KADIA"]))
    found = best(recognise(rows, told="dogs", among=BOTH))
    assert [column.samples for column in found.columns][1:] == [tuple(NAMES[:3]), ("BENDE", "KADIA"), ()]
    assert not any(column.samples for column in best_fit([rows], DOGS).columns)


# What the user says


def test_what_the_user_says_goes_before_everything() -> None:
    rows = sheet(*listed("NIK", "Nama", "Alamat", "Desa", "Panggilan", NIK=NIKS, Nama=NAMES, Panggilan=NAMES))
    found = best(
        recognise(rows, told="dogs", mapping={"panggilan": "name", "ALAMAT": "", "Desa": "kelurahan"}, among=BOTH)
    )
    assert fields(found) == {"NIK": "nik", "Nama": "", "Alamat": "", "Desa": "kelurahan", "Panggilan": "name"}
    assert [column.how for column in found.columns] == ["named", "", "told", "told", "told"]


def test_a_file_without_a_known_heading_is_read_as_the_user_says_without_a_question() -> None:
    mapping = {"A1": "nik", "B1": "name", "#6": "kelurahan"}
    found = recognise(sheet(["JUDUL"], *listed(*STRANGE, **STRANGE)), told="dogs", mapping=mapping, among=BOTH)
    assert (found.needs_answer, best(found).header_row) == (False, 2)
    assert [column.field for column in best(found).columns] == ["nik", "name", "", "", "", "kelurahan"]


def test_fields_and_headings_that_do_not_exist_are_handed_back() -> None:
    rows = sheet(*listed("NIK", "Nama", "Alamat", "Kelurahan", NIK=NIKS))
    found = recognise(rows, told="dogs", mapping={"NIK": "number", "Nope": "name", "Alamat": "cat"}, among=BOTH)
    assert (found.unknown_fields, found.unknown_headings) == (("number", "cat"), ("Nope",))


def test_a_named_field_that_only_one_register_has_decides_between_two() -> None:
    rows = sheet(*listed("NIK", "Nama", "Alamat", "Hewan", NIK=NIKS, Nama=NAMES))
    found = recognise(rows, mapping={"Hewan": "cat"}, among=BOTH)
    assert (best(found).register, found.needs_answer) == ("cats", False)


# Kept layouts


def test_a_file_like_a_kept_layout_is_read_by_it_without_a_question(tmp_path: Path) -> None:
    layouts = Layouts(tmp_path)
    layouts.keep("Kota", "cats", {"A1": "nik", "B1": "name", "C1": "kk", "D1": "", "F1": "kelurahan"}, list(STRANGE))
    turned = dict(reversed(STRANGE.items()))
    found = recognise(sheet(["JUDUL"], *listed(*turned, **turned)), kept=layouts.kept(), among=BOTH)
    assert (best(found).register, best(found).layout, best(found).confidence) == ("cats", "Kota", 1.0)
    assert (found.needs_answer, best(found).header_row) == (False, 2)
    said = {column.heading: (column.field, column.how) for column in best(found).columns}
    assert said == {
        "A1": ("nik", "layout"), "B1": ("name", "layout"), "C1": ("kk", "layout"), "D1": ("", "layout"),
        "E1": ("", ""), "F1": ("kelurahan", "layout"),
    }  # fmt: skip


def test_a_kept_layout_of_another_register_than_the_one_told_is_left_aside(tmp_path: Path) -> None:
    layouts = Layouts(tmp_path)
    layouts.keep("Kota", "cats", {"NIK": ""}, ["NIK", "Nama", "Alamat"])
    rows = sheet(*listed("NIK", "Nama", "Alamat", NIK=NIKS))
    assert best(recognise(rows, told="dogs", kept=layouts.kept(), among=BOTH)).column("nik")


def test_next_years_heading_is_the_same_heading() -> None:
    rows = sheet(*listed("NIK", "Nama", "Alamat", "Nama Kucing 2024", NIK=NIKS, Nama=NAMES))
    found = recognise(rows, among=BOTH)
    assert (fields(best(found))["Nama Kucing 2024"], found.needs_answer) == ("cat", False)


# Figures


FIGURES = (
    [["kode", "Kecamatan", "Jumlah Penduduk"], *(["7471", name, "1.200"] for name in ("KADIA", "BARUGA", "ABELI") * 2)],
    [["REKAP"], ["Kecamatan", "2022", "", "2023", ""], ["", "L", "P", "L", "P"],
     *([name, "1.200", "30", "40", "5"] for name in ("KADIA", "BARUGA", "ABELI") * 2)],
    [["periode_data", "kelurahan", "jenis_ppks", "jumlah"],
     *(["2021", name, "Pengemis", "3"] for name in ("BENDE", "PONDAMBEA", "ANDUONOHU") * 2)],
)  # fmt: skip


@pytest.mark.parametrize("rows", FIGURES)
def test_a_table_of_figures_by_area_is_one_and_no_list_of_persons(rows: list[list[str]]) -> None:
    assert looks_like_figures(sheet(*rows)) >= 0.6
    found = recognise(sheet(*rows))
    assert registers()[best(found).register].grain == "figure"


@pytest.mark.parametrize("rows", [table(people(10)), table(people(10), HEADINGS), listed(*STRANGE, **STRANGE), []])
def test_a_list_of_persons_holds_no_figures(rows: list[list[str]]) -> None:
    assert looks_like_figures(sheet(*rows)) == 0


# Speed


def test_a_file_of_23_columns_is_recognised_in_a_tenth_of_a_second() -> None:
    rows = sheet(*table(people(59), HEADINGS))
    recognise(rows)
    took = []
    for _ in range(5):
        start = time.process_time()
        recognise(rows)
        took.append(time.process_time() - start)
    assert min(took) < 0.1


def test_a_sheet_of_absurd_width_and_cells_of_absurd_length_do_not_hang() -> None:
    start = time.process_time()
    recognise(sheet(*([f"kolom {column} x{row}" for column in range(400)] for row in range(60))))
    recognise(sheet(*(["x(" * 1_000_000, "9 " * 1_000_000, DATED["nik"]] for _ in range(10))))
    assert time.process_time() - start < 20
