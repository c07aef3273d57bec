"""A layout that was confirmed once is kept, and the next file of the kind is read by it."""

from pathlib import Path

import pytest

from data.intake.layouts import FOLDER, KeptLayout, Layouts, asked, nearest

HEADINGS = ("NO INDUK", "SEBUTAN", "Penerima 2023", "Ket", "Ket", *(f"Lain {letter}" for letter in "ABCDE"))
MAPPING = {"NO INDUK": "nik", "sebutan": "name", "#3": "pkh", "#5": ""}


@pytest.fixture
def layouts(tmp_path: Path) -> Layouts:
    return Layouts(tmp_path)


def test_what_is_kept_is_there_for_the_next_who_opens_the_store(tmp_path: Path, layouts: Layouts) -> None:
    layouts.keep("Dinas Kota", "dtks", MAPPING, HEADINGS)
    (found,) = Layouts(tmp_path).kept()
    assert (found.name, found.register, found.headings) == ("Dinas Kota", "dtks", HEADINGS)
    assert found.fields == ("nik", "name", "pkh", None, "", *(None,) * 5)


def test_another_order_of_columns_and_another_year_are_the_same_layout(layouts: Layouts) -> None:
    kept = layouts.keep("a", "dtks", MAPPING, HEADINGS)
    other = ("Sebutan", "penerima 2024", "Lain A", *HEADINGS[6:], "Ket", "No. Induk", "Ket")
    assert nearest([kept], other) == kept
    assert kept.applied(other) == {0: "name", 1: "pkh", 8: "nik", 9: ""}


@pytest.mark.parametrize(
    ("dropped", "added", "alike"), [(1, 0, True), (0, 1, True), (1, 1, True), (2, 0, False), (0, 2, False)]
)
def test_nine_headings_of_ten_must_be_the_same(layouts: Layouts, dropped: int, added: int, alike: bool) -> None:
    kept = layouts.keep("a", "dtks", MAPPING, HEADINGS)
    other = (*HEADINGS[dropped:], *("Baru", "Lebih Baru")[:added])
    assert (nearest([kept], other) is not None) == alike


def test_a_layout_of_the_same_name_is_replaced_and_a_forgotten_one_is_gone(tmp_path: Path, layouts: Layouts) -> None:
    layouts.keep("Dinas  kota", "dtks", MAPPING, HEADINGS)
    layouts.keep("DINAS KOTA", "dtsen", {}, HEADINGS)
    (found,) = layouts.kept()
    assert found.register == "dtsen"
    layouts.forget("dinas kota")
    layouts.forget("nobody")
    assert layouts.kept() == ()
    assert list((tmp_path / FOLDER).iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "C:\\x", "a" * 500, "بطاقة"])
def test_whatever_a_layout_is_called_it_stays_in_its_folder(tmp_path: Path, layouts: Layouts, name: str) -> None:
    layouts.keep(name, "dtks", MAPPING, HEADINGS)
    assert [layout.name for layout in layouts.kept()] == [name]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent for path in written] == [tmp_path / FOLDER]


def test_a_name_that_says_nothing_is_refused(layouts: Layouts) -> None:
    with pytest.raises(ValueError, match="name"):
        layouts.keep(" - ", "dtks", {}, HEADINGS)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"name": "a"}', '{"name":"a","register":"b","headings":["x"],"fields":[]}']
)
def test_a_damaged_layout_is_passed_over(tmp_path: Path, layouts: Layouts, content: str) -> None:
    layouts.keep("good", "dtks", MAPPING, HEADINGS)
    (tmp_path / FOLDER / "bad.json").write_text(content, encoding="utf-8")
    assert [layout.name for layout in layouts.kept()] == ["good"]


def test_a_mapping_names_headings_by_meaning_by_last_part_and_by_number() -> None:
    headings = ("No. KK", "Kepala > NIK", "Istri > NIK", "Data > Alamat", "")
    columns, strange = asked({"NO KK": "kk", "alamat": "address", "Istri > NIK": "nik", "#5": "name"}, headings)
    assert (columns, strange) == ({0: "kk", 3: "address", 2: "nik", 4: "name"}, ())


def test_a_mapping_says_which_of_its_headings_no_column_has() -> None:
    headings = ("Kepala > NIK", "Istri > NIK")
    assert asked({"NIK": "nik", "#0": "kk", "#3": "kk", "": "kk"}, headings) == ({}, ("NIK", "#0", "#3", ""))


def test_a_kept_layout_says_what_was_said_of_it() -> None:
    assert KeptLayout("a", "dtks", ("X", "Y", "Z"), ("nik", "", None)).mapping == {"X": "nik", "Y": ""}
