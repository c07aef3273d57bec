"""The by-name list: its filters, its totals, its pages, and what it never shows."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import engine, queries
from data.access import OWNER, Refused, Viewer
from data.definitions.filters import FILTERS
from data.exports import MACHINE, Format, write
from data.lists import CONCERNS
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DTSEN,
    DTSEN_FAMILIES,
    EPPGBM,
    HOSTILE,
    KADIA,
    KENDARI,
    KRS,
    MANDONGA,
    PONDAMBEA,
    Row,
    child,
    in_full,
    kk,
    nik,
    person,
    register,
    somebody,
    stored,
    worked_example,
)

SIXTEEN_DIGITS = re.compile(r"\d{16}")
OFFICER = somebody("officer", KENDARI)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked_example(tmp_path_factory.getbasetemp())


def listed(
    store: Store,
    place: str = KENDARI,
    filters: Mapping[str, str] | None = None,
    text: str = "",
    viewer: Viewer = OFFICER,
    name: str = "dtks",
) -> list[int]:
    """The file's rows on the list, in the file's order."""
    scope = Scope(place, register=name, filters=tuple((filters or {}).items()))
    page = queries.people(store, viewer, scope, size=1000, text=text)
    assert page.persons == len(page.rows)
    assert page.families == page.rows["family"].nunique()
    return sorted(page.rows["file_row"].astype(int))


def test_the_list_holds_every_person_once(store: Store) -> None:
    assert listed(store) == list(range(2, 16))
    assert listed(store, KADIA) == [2, 3, 4, 5, 6, 7, 9, 10, 13]
    assert listed(store, BENDE) == [2, 3, 4, 5, 6]
    assert listed(store, "31", viewer=OWNER) == []


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"updated": "yes"}, [2, 4, 8, 10, 12, 13, 15]),
        ({"updated": "no"}, [3, 5, 6, 7, 9, 11, 14]),
        ({"updated": "undated"}, [6]),
        ({"updated": "unknown"}, []),
        ({"dukcapil": "yes"}, [2, 3, 7, 8, 10, 11, 14]),
        ({"dukcapil": "no"}, [4, 9, 12, 15]),
        ({"dukcapil": "unknown"}, [5, 6, 13]),
        ({"nik_state": "missing"}, [11]),
        ({"nik_state": "rejected"}, [9, 12]),
        ({"nik_state": "masked"}, [10]),
        ({"nik_state": "repeated"}, [7, 8]),
        ({"nik_state": "valid"}, [2, 3, 4, 5, 6, 7, 8, 13, 14, 15]),
        ({"programme": "pkh"}, [2]),
        ({"programme": "none"}, [14]),
        ({"programme": "bpnt", "dukcapil": "unknown"}, [5, 6, 13]),
        ({"age_group": "0-4"}, [3]),
        ({"age_group": "5-6"}, [8]),
        ({"age_group": "7-18"}, [7]),
        ({"age_group": "19-59"}, [2, 5, 9, 10, 11, 12, 13, 14, 15]),
        ({"age_group": "60+"}, [4]),
        ({"age_group": "unknown"}, [6]),
        ({"dukcapil": "open"}, [4, 5, 6, 9, 12, 13, 15]),
        ({"family_updated": "yes"}, [2, 3, 4, 7, 8, 9, 10, 12, 13, 15]),
        ({"sex": "L"}, []),
        ({"sort": "updated", "updated": "undated"}, [6]),
        ({"family_size": "1"}, [4, 5, 6, 11, 12, 13, 14, 15]),
        ({"family_size": "2-3"}, [2, 3, 7, 8, 9, 10]),
        ({"family_size": "6+"}, []),
        ({"placed": "no"}, [13, 14, 15]),
        ({"placed": "yes"}, list(range(2, 13))),
        ({"rt": "001", "updated": "undated"}, [6]),
        ({"relation": "anak"}, [3, 8]),
        ({"kelurahan": PONDAMBEA}, [7, 9, 10]),
        ({"kelurahan": "entah"}, [13, 14]),
        ({"updated": "maybe"}, []),
        ({"nonsense": "yes"}, []),
        ({"age_group": "x"}, []),
        ({"programme": "name"}, []),
    ],
)
def test_each_filter_gives_exactly_its_rows(store: Store, filters: dict[str, str], rows: list[int]) -> None:
    assert listed(store, filters=filters) == rows


OVERLAPPING = ("updated", "nik_state", "decile", "krs_risk", "match", "needs_count", *CONCERNS)
TOGETHER = {"dukcapil": ("open",), "stunted": ("severe", "measured")}
"""Codes that stand for others together, or for a part of another."""
ONLY_SOME = ("krs_factors", "months", "validated")
"""Filters of what only the rows of some registers tell; see the test after the next one."""
ELSEWHERE = {"stunted": "eppgbm"}
"""Filters of what only another register tells."""


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A list of children, of families at risk and of deciles, a few rows each."""
    folder = tmp_path_factory.mktemp("others")
    none = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "2", "no_latrine": "2",
            "mother_too_old": "3", "no_modern_contraception": "2"}  # fmt: skip
    files: dict[str, tuple[Row, list[Row]]] = {
        "anak": (
            EPPGBM,
            [child(1), child(2, height_for_age="Pendek", height_for_age_z="-2,4"), child(3, height_for_age="Normal"),
             child(4, height_for_age="", height_for_age_z="", height="")],
        ),
        "krs": (
            KRS,
            [person(1, **none), person(2, **none | {"no_water": "1"}), person(3, **none | {"mother_too_old": "V"}),
             person(4, **none | {"no_water": "V", "pregnant": "1", "no_latrine": ""})],
        ),
        "desil": (DTSEN, [person(at, decile=text) for at, text in enumerate(("1", "04", "5", "10", "6-10", ""), 1)]),
    }  # fmt: skip
    store = Store(folder / "home")
    for name, (headings, rows) in files.items():
        stored(store, register(folder / f"{name}.csv", rows, headings, delimiter=";"), place=KENDARI)
    return store


@pytest.mark.parametrize("key", [key for key in FILTERS if FILTERS[key][1] and key not in OVERLAPPING + ONLY_SOME])
def test_the_codes_of_a_filter_divide_the_list(store: Store, others: Store, key: str) -> None:
    name = ELSEWHERE.get(key, "dtks")
    asked = store if name == "dtks" else others
    codes = [code for code in FILTERS[key][1] if code not in TOGETHER.get(key, ())]
    found = [listed(asked, filters={key: code}, name=name) for code in codes]
    assert all(found) or name == "dtks"
    assert sorted(row for rows in found for row in rows) == listed(asked, name=name)


@pytest.mark.parametrize(
    ("name", "filters", "rows"),
    [
        ("eppgbm", {"stunted": "yes"}, [3]),
        ("eppgbm", {"stunted": "no"}, [2, 4]),
        ("eppgbm", {"stunted": "unknown"}, [5]),
        ("eppgbm", {"stunted": "measured"}, [2, 3, 4]),
        ("eppgbm", {"stunted": "severe"}, []),
        ("eppgbm", {"sex": "L"}, [2, 3, 4, 5]),
        ("krs", {"krs_factors": "0"}, [2]),
        ("krs", {"krs_factors": "1"}, [3, 4, 5]),
        ("krs", {"krs_factors": "x"}, []),
        ("krs", {"months": "24-35"}, []),
        ("krs", {"missing": "pkh"}, []),
        ("krs", {"sex": "unknown"}, [2, 3, 4, 5]),
        ("krs", {"krs_risk": "no_water"}, [3, 5]),
        ("krs", {"krs_risk": "four_too"}, [4]),
        ("krs", {"krs_risk": "pregnant"}, [5]),
        ("krs", {"krs_risk": "no_latrine"}, []),
        ("krs", {"krs_risk": "*"}, [2, 3, 4, 5]),
        ("krs", {"krs_risk": "nik"}, []),
        ("krs", {"stunted": "yes"}, []),
        ("dtsen", {"decile": "1"}, [2]),
        ("dtsen", {"decile": "1-4"}, [2, 3]),
        ("dtsen", {"decile": "5-10"}, [4, 5]),
        ("dtsen", {"decile": "unknown"}, [6, 7]),
    ],
)
def test_each_filter_of_another_register_gives_exactly_its_rows(
    others: Store, name: str, filters: dict[str, str], rows: list[int]
) -> None:
    assert listed(others, filters=filters, name=name) == rows


@pytest.mark.parametrize("place", [KENDARI, KADIA, PONDAMBEA, MANDONGA[:8]])
def test_the_list_behind_a_figure_is_as_long_as_the_figure_says(store: Store, place: str) -> None:
    keys = ("dtks_updated_share", "dtks_updated_family_share", "nik_valid_share", "nik_unknown_share", "dtks_families")
    found = {key: figure.now for key, figure in queries.figures(store, OFFICER, Scope(place), keys).items()}
    updated = found["dtks_updated_share"]
    assert updated.denominator is not None
    assert updated.numerator is not None
    assert len(listed(store, place, {"updated": "no"})) == updated.denominator - updated.numerator
    assert len(listed(store, place, {"updated": "yes"})) == updated.numerator
    assert len(listed(store, place, {"dukcapil": "yes"})) == found["nik_valid_share"].numerator
    assert len(listed(store, place, {"dukcapil": "unknown"})) == found["nik_unknown_share"].numerator
    assert queries.people(store, OFFICER, Scope(place)).families == found["dtks_families"].value


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("WARGA AAB", [2, 3]),  # 3 is in the family that she heads
        ("aab warga", [2, 3]),
        ("kenanga, gg", [2]),
        ("mawar", [7]),
        ("100%", []),
        ("_", []),
        ("'; DROP TABLE", [6]),
        ("<script>", [5]),
        (nik(2), [3]),
        (f"{nik(2)[:6]} {nik(2)[6:12]} {nik(2)[12:]}", [3]),
        (kk(1), [2, 3]),
        (nik(2)[:12], []),
        (nik(1)[-4:], []),
        ("tidak ada", []),
    ],
)
def test_free_text_is_looked_for_in_names_addresses_and_whole_numbers(store: Store, text: str, rows: list[int]) -> None:
    assert listed(store, text=text) == rows


def test_who_sees_numbers_in_full_may_also_search_their_beginnings(store: Store) -> None:
    about = Scope(KENDARI)
    shown = queries.people(store, in_full(store), about, size=1000, unmasked=True, text=nik(2)[:12]).rows
    assert 3 in shown["file_row"].tolist()
    assert listed(store, text=nik(2)[:12], viewer=in_full(store)) == []


def test_pages_are_complete_without_repeats_and_in_one_order(store: Store) -> None:
    whole = queries.people(store, OFFICER, Scope(KENDARI), size=1000).rows["file_row"].tolist()
    pages = [queries.people(store, OFFICER, Scope(KENDARI), page=number, size=4) for number in (1, 2, 3, 4)]
    assert [number for page in pages for number in page.rows["file_row"]] == whole
    assert {(page.persons, page.families, page.pages) for page in pages} == {(14, 11, 4)}
    assert [len(page.rows) for page in pages] == [4, 4, 4, 2]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (99, 4), (2, 2)])
def test_a_page_that_does_not_exist_is_the_nearest_one(store: Store, asked: int, given: int) -> None:
    assert queries.people(store, OFFICER, Scope(KENDARI), page=asked, size=4).page == given


def test_families_stand_together_with_their_head_first(store: Store) -> None:
    rows = queries.people(store, OFFICER, Scope(BENDE), size=1000).rows
    assert rows["family"].tolist() == sorted(rows["family"].tolist(), key=rows["family"].tolist().index)
    together = rows[rows["family_size"] == 2]
    assert together["relation"].tolist() == ["KEPALA KELUARGA", "ANAK"]
    assert together["family_head"].tolist() == ["WARGA AAB"] * 2


def test_a_page_says_what_is_known_of_each_person(store: Store) -> None:
    rows = queries.people(store, OFFICER, Scope(KENDARI), size=1000).rows.set_index("file_row")
    first = rows.loc[2]
    assert (first["kelurahan"], first["kecamatan"]) == ("Bende", "Kadia")
    assert (first["updated"], first["dukcapil"], first["age"]) == ("yes", "yes", 40)
    assert first["programmes"].split(",") == ["bpnt", "pkh", "pbi_jkn"]
    assert rows.loc[14]["programmes"] == ""
    assert (rows.loc[13]["kelurahan"], rows.loc[13]["kecamatan"]) == ("", "Kadia")
    assert (rows.loc[15]["kelurahan"], rows.loc[15]["kecamatan"]) == ("", "")


# What is never shown


def test_a_page_shows_no_number_in_full_unless_asked_and_allowed(store: Store) -> None:
    for viewer, asked in ((OFFICER, True), (OWNER, True), (in_full(store), False)):
        rows = queries.people(store, viewer, Scope(KENDARI), size=1000, unmasked=asked).rows
        assert not SIXTEEN_DIGITS.search(rows.to_csv())
        assert set(rows["nik"].dropna().str.replace("*", "")) <= {"7471"}
    rows = queries.people(store, in_full(store), Scope(KENDARI), size=1000, unmasked=True).rows
    assert nik(1) in set(rows["nik"])
    assert kk(1) in set(rows["kk"])


def test_nobody_sees_people_outside_the_viewers_places(store: Store) -> None:
    elsewhere = somebody("officer of Pondambea", PONDAMBEA)
    assert queries.people(store, elsewhere, Scope(PONDAMBEA)).persons == 3
    for place in (BENDE, KADIA, KENDARI, ""):
        with pytest.raises(Refused):
            queries.people(store, elsewhere, Scope(place))
        with pytest.raises(Refused):
            queries.listing(store, elsewhere, Scope(place), "id")


def exported(
    store: Store, folder: Path, format: Format, unmasked: bool = False, **filters: str
) -> tuple[Path, list[list[Any]]]:
    """The complete list as a file, and its rows with the headings first."""
    viewer = in_full(store) if unmasked else OWNER
    listing = queries.listing(store, viewer, Scope(KENDARI, filters=tuple(filters.items())), "id", unmasked)
    assert listing is not None
    path = folder / f"list.{format}"
    write(engine.connect().con, listing.sql, listing.columns, listing.cover, format, path, "id", MACHINE)
    return path, rows_of(path, format)


def rows_of(path: Path, format: Format) -> list[list[Any]]:
    if format == "csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode())))
    if format == "parquet":
        table = pq.read_table(path).to_pydict()
        return [list(table), *map(list, zip(*table.values(), strict=True))]
    book = openpyxl.load_workbook(path, data_only=False)
    sheet = max(book.worksheets, key=lambda found: found.max_column)
    return [list(cells) for cells in sheet.iter_rows(values_only=True)]


FORMATS: Sequence[Format] = ("csv", "xlsx", "parquet")


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_is_complete_and_masked(store: Store, tmp_path: Path, format: Format) -> None:
    path, rows = exported(store, tmp_path, format)
    assert len(rows) == 15
    assert not any(SIXTEEN_DIGITS.search(str(cell)) for row in rows for cell in row)
    assert not any(SIXTEEN_DIGITS.search(other.read_text("utf-8")) for other in tmp_path.glob("*.txt"))
    assert path.stat().st_size


@pytest.mark.parametrize("format", FORMATS)
def test_an_unmasked_export_has_every_number_as_text(store: Store, tmp_path: Path, format: Format) -> None:
    _, rows = exported(store, tmp_path, format, unmasked=True)
    cells = {cell for row in rows for cell in row if isinstance(cell, str)}
    assert {nik(1), nik(2), kk(1), f"NIK {nik(1)}"} <= cells


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_in_an_export_is_a_formula_and_nothing_is_lost(store: Store, tmp_path: Path, format: Format) -> None:
    path, rows = exported(store, tmp_path, format)
    texts = {str(cell) for row in rows for cell in row}
    assert HOSTILE[1] in texts
    assert HOSTILE[2] in texts or f"'{HOSTILE[2]}" in texts
    assert any("MAWAR" in text and "BLOK B|2" in text and '"' in text for text in texts)
    if format == "xlsx":
        book = openpyxl.load_workbook(path)
        assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    if format == "csv":
        assert HOSTILE[0] not in texts
        assert f"'{HOSTILE[0]}" in texts


def test_an_export_holds_the_rows_of_its_filters_in_the_order_of_the_list(store: Store, tmp_path: Path) -> None:
    _, (headings, *rows) = exported(store, tmp_path, "csv", updated="no")
    page = queries.people(store, OFFICER, Scope(KENDARI, filters=(("updated", "no"),)), size=1000).rows
    place = headings.index("file_row")
    assert [int(row[place]) for row in rows] == page["file_row"].tolist()


def test_the_cover_says_what_the_list_is(store: Store) -> None:
    listing = queries.listing(store, OWNER, Scope(KENDARI, filters=(("updated", "no"),)), "en", text="warga")
    assert listing is not None
    said = dict(listing.cover.lines)
    (source,) = queries.context(store, OWNER, Scope(KENDARI)).sources
    assert said["Area"] == "Kota Kendari (74.71)"
    assert said["Date of the data"] == "31 January 2021"
    assert source.sha256 in said["Source file"]
    assert said["Filters"] == "Updated: not updated; Free text: warga"
    assert said["Rows"] == str(len(listed(store, filters={"updated": "no"}, text="warga")))
    assert said["Identifiers"] == "masked"
    assert said["Updated since"] == "1 February 2019"
    assert not listing.cover.sample


def test_without_data_there_is_an_empty_page_and_no_export(tmp_path: Path) -> None:
    empty = Store(tmp_path / "home")
    page = queries.people(empty, OFFICER, Scope(KENDARI))
    assert (page.persons, page.families, page.page, page.pages, len(page.rows)) == (0, 0, 1, 0, 0)
    assert queries.listing(empty, OFFICER, Scope(KENDARI), "id") is None
    assert queries.periods(empty, OFFICER, Scope(KENDARI)) == ()
    assert queries.places(empty, OFFICER) == ()
    assert queries.context(empty, OFFICER, Scope(KENDARI)).period is None
    assert isinstance(queries.by_area(empty, OFFICER, Scope(KENDARI), ["dtks_persons"], "kecamatan"), pd.DataFrame)


def test_a_list_of_families_counts_families_and_says_nothing_of_their_members(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    rows = [person(at, kk=kk(at), family_members=members, decile="1", rank="1")
            for at, members in enumerate(("4", "1", ""), 1)]  # fmt: skip
    stored(store, register(tmp_path / "f.csv", rows, DTSEN_FAMILIES, delimiter=";"), place=KENDARI)
    about = Scope(KENDARI, register="dtsen")
    found = queries.people(store, OWNER, about)
    assert (found.by_family, found.families) == (True, 3)
    assert found.rows["family_size"].fillna(0).astype(int).tolist() == [4, 1, 0]
    for narrowing, count in ((("family_size", "4-5"), 1), (("needs_count", "1+"), 0), (("need", "income"), 0)):
        assert queries.people(store, OWNER, replace(about, filters=(narrowing,))).count == count
