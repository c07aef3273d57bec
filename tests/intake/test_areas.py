"""Where rows lie: misspelt areas are placed, unknown ones count for the next level up, nothing is guessed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.intake.importing import ImportResult
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DATED,
    KADIA,
    KENDARI,
    MANDONGA,
    PONDAMBEA,
    contents,
    people,
    person,
    problems,
    register,
    stored,
    take_in,
)

WRITTEN: dict[str, tuple[dict[str, str], str]] = {
    "as it should be": ({}, BENDE),
    "lower case and blanks": ({"kecamatan": " kadia ", "kelurahan": "bende "}, BENDE),
    "with its kind": ({"kecamatan": "KEC. KADIA", "kelurahan": "KEL. BENDE"}, BENDE),
    "kelurahan misspelt": ({"kelurahan": "BNDE"}, BENDE),
    "long kelurahan misspelt": ({"kelurahan": "PONDAMBEYA"}, PONDAMBEA),
    "kecamatan misspelt": ({"kecamatan": "KADYA"}, BENDE),
    "kecamatan unknown": ({"kecamatan": "ENTAH"}, BENDE),
    "kecamatan blank": ({"kecamatan": ""}, BENDE),
    "city short": ({"kabkota": "KENDARI"}, BENDE),
    "city misspelt": ({"kabkota": "KOTA KENDRI"}, BENDE),
    "city blank": ({"kabkota": "", "province": ""}, BENDE),
    "province short": ({"province": "SULTRA"}, BENDE),
    "kelurahan unknown": ({"kelurahan": "ENTAH"}, KADIA),
    "kelurahan blank": ({"kelurahan": "-"}, KADIA),
    "kelurahan of another kecamatan": ({"kelurahan": "KORUMBA"}, KADIA),
    "nothing below the city": ({"kecamatan": "", "kelurahan": ""}, KENDARI),
    "nothing readable below the city": ({"kecamatan": "ENTAH", "kelurahan": "ENTAH"}, KENDARI),
    "another city": (
        {"province": "JAWA BARAT", "kabkota": "KOTA BANDUNG", "kecamatan": "COBLONG", "kelurahan": "DAGO"},
        KENDARI,
    ),
    "another kabupaten, alike names": ({"kabkota": "KAB. KONAWE"}, KENDARI),
}
CLEAN = 50
Rows = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    folder = tmp_path_factory.mktemp("areas")
    rows = [person(n, **fields) for n, (fields, _) in enumerate(WRITTEN.values(), start=1)]
    rows += [person(100 + n, MANDONGA) for n in range(CLEAN)]
    return take_in(Store(folder / "home"), register(folder / "a.csv", rows))


@pytest.fixture(scope="module")
def rows(result: ImportResult) -> Rows:
    assert result.snapshot is not None
    return dict(zip(WRITTEN, contents(result.snapshot), strict=False))


@pytest.mark.parametrize("how", WRITTEN)
def test_a_row_lies_in_the_smallest_area_that_can_be_read(rows: Rows, how: str) -> None:
    row = rows[how]
    found = row["kelurahan_code"] or row["kecamatan_code"] or row["kabkota_code"]
    assert found == WRITTEN[how][1]


def test_the_place_is_the_city_of_nearly_all_rows(result: ImportResult) -> None:
    assert result.snapshot is not None
    assert (result.snapshot.place, result.snapshot.covers) == (KENDARI, KENDARI)


def test_rows_without_a_kelurahan_are_counted_and_named(result: ImportResult) -> None:
    assert result.snapshot is not None
    outside = tuple(number for number, how in enumerate(WRITTEN, start=2) if how.startswith("another"))
    upper = tuple(
        n for n, (_, code) in enumerate(WRITTEN.values(), start=2) if len(code) < len(BENDE) and n not in outside
    )
    found = problems(result)
    assert (found["kelurahan_unknown"].rows, found["kelurahan_unknown"].first_rows) == (len(upper), upper[:5])
    assert found["outside_place"].first_rows == outside
    assert result.snapshot.counts.unplaced == len(outside) + len(upper)
    assert result.snapshot.counts.persons == len(WRITTEN) + CLEAN


def test_corrected_spellings_are_shown_with_what_they_were_taken_for(result: ImportResult) -> None:
    examples = str(problems(result)["kelurahan_corrected"].values["examples"])
    assert BENDE in examples or PONDAMBEA in examples


def test_codes_beat_names_and_may_lack_their_dots(tmp_path: Path, store: Store) -> None:
    headings = DATED | {"area_code": "Kode Kemdagri"}
    codes = ["74.71.08.1002", "7471081002", "7471081002.0", "74.71.08", "", "99"]
    rows = [person(n, area_code=code, kecamatan="", kelurahan="") for n, code in enumerate(codes, start=1)]
    snapshot = stored(store, register(tmp_path / "a.csv", rows, headings))
    found = [row["kelurahan_code"] or row["kecamatan_code"] or row["kabkota_code"] for row in contents(snapshot)]
    assert found == [BENDE, BENDE, BENDE, KADIA, KENDARI, KENDARI]


WITHOUT_AREAS = {
    key: heading for key, heading in DATED.items() if key not in ("province", "kabkota", "kecamatan", "kelurahan")
}


def test_a_file_without_areas_is_refused_until_its_place_is_told(tmp_path: Path, store: Store) -> None:
    path = register(tmp_path / "a.csv", people(3), WITHOUT_AREAS)
    refused = take_in(store, path)
    assert [line.code for line in refused.problems] == ["place_unknown"]
    snapshot = stored(store, path, place=BENDE)
    assert (snapshot.place, snapshot.covers, snapshot.counts.unplaced) == (BENDE, BENDE, 0)
    assert {row["kelurahan_code"] for row in contents(snapshot)} == {BENDE}


def test_a_few_unreadable_or_foreign_rows_do_not_widen_what_a_kelurahan_file_covers(
    tmp_path: Path, store: Store
) -> None:
    rows = [
        *people(40),
        person(41, kelurahan="-"),
        person(42, kecamatan="-", kelurahan="-"),
        person(43, kabkota="KOTA BANDUNG"),
    ]
    snapshot = stored(store, register(tmp_path / "a.csv", rows))
    assert snapshot.covers == BENDE
    assert snapshot.counts.persons == 43


def test_a_file_of_another_kota_than_the_told_one_is_refused(tmp_path: Path, store: Store) -> None:
    assert take_in(store, register(tmp_path / "a.csv", people(5)), place="31.71").refused
    assert store.snapshots() == ()


def test_a_register_of_a_province_keeps_its_cities_apart(tmp_path: Path, store: Store) -> None:
    rows = people(10) + [person(20 + n, kabkota="KOTA BAUBAU", kecamatan="WOLIO", kelurahan="TOMBA") for n in range(10)]
    snapshot = stored(store, register(tmp_path / "a.csv", rows), period=date(2020, 1, 1))
    assert snapshot.place == "74"
    assert {row["kabkota_code"] for row in contents(snapshot)} == {"74.71", "74.72"}
