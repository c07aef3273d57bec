"""Quality to the letter of its definitions, worked out by hand on the worked example."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data import engine, quality
from data.access import OWNER
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    HEADINGS,
    KADIA,
    KENDARI,
    MANDONGA,
    PERIOD,
    PONDAMBEA,
    nik,
    people,
    person,
    register,
    stored,
    worked_example,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked_example(tmp_path_factory.getbasetemp())


def behind(store: Store, kind: str, code: str, place: str = KENDARI) -> list[int]:
    """The rows of the newest file that a condition finds in a place."""
    snapshot = store.select("dtks", place)[0].snapshot
    table = quality.marked(store, snapshot, engine.parquet(snapshot.rows))
    if place != KENDARI:
        table = table.filter(table.kelurahan_code.startswith(place))
    found = table.filter(table.counted, quality.condition(table, kind, code))
    return sorted(found.file_row.to_pyarrow().to_pylist())


def test_every_row_counts_but_those_that_repeat_another(store: Store) -> None:
    found = quality.summary(store, OWNER, Scope(KENDARI))
    assert (found.rows, found.repeated, found.unplaced) == (14, 1, 3)


def test_a_nik_is_told_by_its_state(store: Store) -> None:
    found = quality.summary(store, OWNER, Scope(KENDARI))
    assert found.nik == {"valid": 10, "missing": 1, "destroyed": 1, "malformed": 1, "masked": 1}
    assert found.nik_valid == pytest.approx(10 / 14)


def test_what_is_written_and_cannot_be_used_is_filled_in_and_told_beside_it(store: Store) -> None:
    fields = {field.key: field for field in quality.summary(store, OWNER, Scope(KENDARI)).fields}
    assert (fields["nik"].rows, fields["nik"].filled, fields["nik"].unusable) == (14, 13, 3)
    assert (fields["kk"].filled, fields["kk"].unusable) == (13, 3)
    assert (fields["updated_on"].filled, fields["birth_date"].filled, fields["name"].filled) == (13, 13, 14)


def test_the_completeness_is_that_of_all_cells(store: Store) -> None:
    found = quality.summary(store, OWNER, Scope(KENDARI))
    cells = sum(field.rows for field in found.fields)
    assert cells == 14 * len(found.fields)
    assert found.completeness == sum(field.filled for field in found.fields) / cells


def test_a_nik_that_stands_twice_is_told_inside_and_across_kelurahan(tmp_path: Path) -> None:
    rows = [
        person(1),
        person(2, nik=nik(1)),
        person(3, PONDAMBEA, nik=nik(1)),
        person(4),
        person(5, MANDONGA, nik=nik(4)),
        person(6),
        person(6),
    ]
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "a.csv", rows), PERIOD, place=KENDARI)
    found = quality.summary(store, OWNER, Scope(KENDARI))
    assert found.twice == {"any": 5, "inside": 2, "across": 5}
    assert behind(store, "twice", "inside") == [2, 3]
    assert behind(store, "twice", "across") == [2, 3, 4, 5, 6]
    frame = quality.by_area(store, OWNER, Scope(KENDARI), "kelurahan").set_index("code")
    assert frame.loc[BENDE, ["rows", "inside", "across", "twice"]].tolist() == [4, 2, 3, 3]


def test_the_age_of_an_update_is_taken_at_the_date_of_the_data(store: Store) -> None:
    """Of 31 January 2021: 3 within half a year; 7, 9 and 11 within a year; 1, 12 and 14 within two; 4 is misdated."""
    found = quality.summary(store, OWNER, Scope(KENDARI))
    counted = {code: len(behind(store, "fresh", code)) for code in quality.FRESH}
    assert found.fresh == counted
    assert behind(store, "fresh", "0-6") == [4]
    assert behind(store, "fresh", "7-12") == [8, 10, 12]
    assert behind(store, "fresh", "13-24") == [2, 13, 15]
    assert behind(store, "fresh", "none") == [5, 6]
    assert sum(found.fresh[code] for code in quality.WITHIN_WINDOW) == 7


def test_every_number_has_its_rows(store: Store) -> None:
    found = quality.summary(store, OWNER, Scope(KENDARI))
    for field in found.fields:
        assert len(behind(store, "blank", field.key)) == field.rows - field.filled, field.key
        assert len(behind(store, "problem", field.key)) == field.unusable, field.key
    for key, rows in found.problems.items():
        assert len(behind(store, "problem", key)) == rows, key
    for key, rows in found.twice.items():
        assert len(behind(store, "twice", key)) == rows, key
    assert len(behind(store, "problem", "any")) == found.wrong


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("blank", "nonsense"),
        ("problem", "nonsense"),
        ("problem", ""),
        ("twice", ""),
        ("fresh", "x"),
        ("nonsense", "nik"),
    ],
)
def test_an_unknown_code_finds_nothing(store: Store, kind: str, code: str) -> None:
    assert behind(store, kind, code) == []


def test_the_areas_add_up_to_the_place(store: Store) -> None:
    frame = quality.by_area(store, OWNER, Scope(KENDARI), "kelurahan")
    assert len(frame) == 65
    whole = quality.summary(store, OWNER, Scope(KENDARI))
    assert frame["rows"].sum() == whole.rows - whole.unplaced
    kadia = quality.by_area(store, OWNER, Scope(KENDARI), "kecamatan").set_index("code").loc[KADIA]
    assert kadia["rows"] == quality.summary(store, OWNER, Scope(KADIA)).rows == 9
    assert kadia["unplaced"] == 1
    assert pd.isna(frame.set_index("code")["completeness"]).sum() == 62


def test_a_field_has_its_share_by_area(store: Store) -> None:
    frame = quality.by_area(store, OWNER, Scope(KENDARI), "kelurahan").set_index("code")
    assert frame.loc[MANDONGA, "filled_nik"] == pytest.approx(2 / 3)
    assert frame.loc[MANDONGA, ["filled_nik_numerator", "filled_nik_denominator"]].tolist() == [2, 3]


def test_the_trend_has_a_row_a_date_up_to_the_asked_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    for number, day in ((2, date(2019, 1, 31)), (3, date(2020, 1, 31)), (4, PERIOD)):
        rows = [*people(number), person(90, nik="")]
        stored(store, register(tmp_path / f"{number}.csv", rows), day, place=KENDARI)
    table = quality.trend(store, OWNER, Scope(KENDARI, period=date(2020, 6, 1)))
    assert table["period"].tolist() == [date(2019, 1, 31), date(2020, 1, 31)]
    assert table["nik_valid"].tolist() == pytest.approx([2 / 3, 3 / 4])


def test_a_newer_kelurahan_replaces_only_itself(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    city = [*people(5), *(person(20 + n, PONDAMBEA, nik="") for n in range(6))]
    stored(store, register(tmp_path / "city.csv", city), date(2020, 1, 31), place=KENDARI)
    stored(store, register(tmp_path / "bende.csv", people(9)), PERIOD)
    found = quality.summary(store, OWNER, Scope(KENDARI))
    assert (found.rows, found.nik["missing"]) == (15, 6)


def test_a_file_without_update_dates_has_no_ages(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "a.csv", people(3), HEADINGS), PERIOD, place=KENDARI)
    assert quality.summary(store, OWNER, Scope(KENDARI)).fresh == {}
    assert behind(store, "fresh", "none") == []
    assert quality.by_area(store, OWNER, Scope(KENDARI), "kelurahan")["fresh"].isna().all()


def test_nothing_is_known_of_an_empty_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    found = quality.summary(store, OWNER, Scope(KENDARI))
    assert (found.rows, found.completeness, found.nik_valid, found.context.period) == (0, None, None, None)
    assert quality.by_area(store, OWNER, Scope(KENDARI), "kelurahan")["rows"].isna().all()
    assert quality.trend(store, OWNER, Scope(KENDARI)).empty
    assert quality.registers(store, OWNER) == ()


def test_what_is_kept_can_be_thrown_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "a.csv", people(3)), PERIOD, place=KENDARI)
    before = quality.summary(store, OWNER, Scope(KENDARI))
    for path in (store.path / "cubes").rglob("*.parquet"):
        path.unlink()
    assert quality.summary(store, OWNER, Scope(KENDARI)) == before
