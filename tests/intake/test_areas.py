"""Where rows lie: misspelt areas are placed, unknown ones count for the next level up, nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data import engine
from data.intake.areas import Areas, areas
from data.intake.importing import ImportResult
from data.places.codes import NO_PAIRS, Pairs
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


@dataclass(frozen=True)
class Told:
    """A column as recognition hands it over."""

    index: int
    heading: str
    field: str


@dataclass(frozen=True)
class Columns:
    columns: tuple[Told, ...]


def placed(lines: list[list[str]], fields: Mapping[str, str], told: str = "", pairs: Pairs = NO_PAIRS) -> Areas | None:
    """The areas of a table whose first line are headings; `fields` are those that recognition knows."""
    backend = engine.connect()
    names = [f"c{index}" for index in range(len(lines[0]))]
    columns = {name: [line[index] for line in lines[1:]] for index, name in enumerate(names)}
    backend.con.register("given", pa.table(columns))
    backend.con.execute("CREATE TABLE raw AS SELECT 0 AS rid, 0 AS file_row, * FROM given")
    headings = tuple(Told(index, heading, fields.get(heading, "")) for index, heading in enumerate(lines[0]))
    return areas(backend.table("raw"), Columns(headings), told, pairs)


def by_writing(found: Areas | None) -> dict[tuple[str, ...], str]:
    assert found is not None
    return {area.written: area.code for area in found.found}


SPLIT = ["kode_provinsi", "kode_kabupaten_kota", "kode_kecamatan", "kode_kelurahan_desa"]


def test_code_columns_of_every_level_place_rows_without_names() -> None:
    full = ["74", "7471", "747108", "7471081002"]
    parts = ["74", "71", "08", "1003"]
    assert list(by_writing(placed([SPLIT, full], {})).values()) == [BENDE]
    assert list(by_writing(placed([SPLIT, parts], {})).values()) == [PONDAMBEA]


def test_bps_codes_beside_names_teach_what_they_mean() -> None:
    names = {"Kab/Kota": "kabkota", "Kecamatan": "kecamatan", "Desa": "kelurahan"}
    lines = [
        ["Kab/Kota", "Kecamatan", "Desa", "Kode Desa"],
        ["KOTA KENDARI", "KADIA", "BENDE", "7471011001"],
        ["KOTA KENDARI", "KADIA", "PONDAMBEA", "7471011002"],
        ["KOTA KENDARI", "KADIA", "BNDE", "7471011003"],
    ]
    found = placed(lines, names | {"Kode Desa": "area_code"})
    assert found is not None
    assert found.learned == {"7471011001": BENDE, "7471011002": PONDAMBEA}
    (note,) = found.notes
    assert (note.code, note.values["system"], note.values["agreeing"]) == ("code_system", "BPS", 3)


def test_rows_with_bps_codes_alone_are_placed_by_what_was_learned(tmp_path: Path) -> None:
    lines = [["Kode BPS"], ["7471011001"], ["7471011099"], ["7471019001"]]
    unknown = placed(lines, {"Kode BPS": "area_code"}, KENDARI)
    assert set(by_writing(unknown).values()) == {KENDARI}
    assert unknown is not None
    assert {note.code: note.rows for note in unknown.notes}["bps_codes_unknown"] == 3
    Pairs.of(tmp_path).learn({"7471011001": BENDE, "7471011002": PONDAMBEA})
    known = placed(lines, {"Kode BPS": "area_code"}, "", Pairs.of(tmp_path))
    assert list(by_writing(known).values()) == [BENDE, KADIA, KENDARI]


def test_kemendagri_codes_need_no_note() -> None:
    found = placed([["Kode Kemdagri"], ["74.71.08.1002"], ["7471081003.0"]], {"Kode Kemdagri": "area_code"})
    assert set(by_writing(found).values()) == {BENDE, PONDAMBEA}
    assert found is not None
    assert found.notes == ()


def test_where_somebody_lives_counts_and_not_what_the_identity_card_says() -> None:
    lines = [["kode_kelurahan_desa", "kode_kelurahan_desa_ktp"], ["7471081002", "7471081003"]]
    assert list(by_writing(placed(lines, {})).values()) == [BENDE]
