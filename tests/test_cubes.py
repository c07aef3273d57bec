"""Coverage to the letter of its definition, worked out by hand on small registers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import cubes, queries
from data.access import OWNER
from data.lists import window
from data.places.reference import Level, level_of
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DATED,
    HEADINGS,
    KADIA,
    KENDARI,
    MANDONGA,
    PERIOD,
    PONDAMBEA,
    people,
    person,
    register,
    stored,
    worked_example,
)

KEYS = (
    "dtks_persons", "dtks_families", "dtks_updated_share", "dtks_updated_family_share", "nik_valid_share",
    "nik_unknown_share",
    "dtks_unplaced",
)  # fmt: skip
Measured = Mapping[str, Mapping[str, Any]]


def measured(
    store: Store, by: Level, place: str = KENDARI, period: date | None = None, since: date | None = None
) -> dict[str, dict[str, Any]]:
    """Figures by code as fractions (numerator, denominator) or counts; areas without data are left out."""
    frame = queries.by_area(store, OWNER, Scope(place, period=period, since=since), KEYS, by)
    found = {}
    for row in frame.to_dict("records"):
        if pd.notna(row["dtks_persons"]):
            found[row["code"]] = {key: figure(row, key) for key in KEYS}
    return found


def figure(row: Mapping[Any, Any], key: str) -> Any:
    if key in ("dtks_persons", "dtks_families", "dtks_unplaced"):
        return None if pd.isna(row[key]) else int(row[key])
    if pd.isna(row[key]):
        return None
    assert row[key] == pytest.approx(row[f"{key}_numerator"] / row[f"{key}_denominator"])
    return int(row[f"{key}_numerator"]), int(row[f"{key}_denominator"])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked_example(tmp_path_factory.getbasetemp())


def test_by_kelurahan(store: Store) -> None:
    assert measured(store, "kelurahan") == {
        BENDE: dict(zip(KEYS, (5, 4, (2, 5), (2, 4), (2, 5), (2, 5), None), strict=True)),
        PONDAMBEA: dict(zip(KEYS, (3, 2, (1, 3), (2, 2), (2, 3), (0, 3), None), strict=True)),
        MANDONGA: dict(zip(KEYS, (3, 3, (2, 3), (2, 3), (2, 3), (0, 3), None), strict=True)),
    }


def test_by_kecamatan_with_the_row_whose_kelurahan_is_unknown(store: Store) -> None:
    assert measured(store, "kecamatan") == {
        KADIA: dict(zip(KEYS, (9, 7, (4, 9), (5, 7), (4, 9), (3, 9), 1), strict=True)),
        MANDONGA[:8]: dict(zip(KEYS, (3, 3, (2, 3), (2, 3), (2, 3), (0, 3), 0), strict=True)),
    }


def test_by_city_with_every_row_that_could_be_placed_nowhere_else(store: Store) -> None:
    assert measured(store, "kabkota") == {
        KENDARI: dict(zip(KEYS, (14, 11, (7, 14), (7, 11), (7, 14), (3, 14), 3), strict=True))
    }


def test_an_area_inside_is_asked_as_a_whole_and_by_its_parts(store: Store) -> None:
    assert measured(store, "kelurahan", KADIA) == {
        code: row for code, row in measured(store, "kelurahan").items() if code.startswith(KADIA)
    }
    assert measured(store, "kelurahan", BENDE)[BENDE] == measured(store, "kelurahan")[BENDE]
    assert measured(store, "kecamatan", KADIA)[KADIA] == measured(store, "kecamatan")[KADIA]


def test_since_is_inclusive(store: Store) -> None:
    def updated(since: date) -> tuple[Any, Any]:
        row = measured(store, "kabkota", since=since)[KENDARI]
        return row["dtks_updated_share"], row["dtks_updated_family_share"]

    assert updated(date(2020, 6, 30)) == ((2, 14), (2, 11))
    assert updated(date(2020, 7, 1)) == ((1, 14), (1, 11))
    assert updated(date(2000, 1, 1)) == ((12, 14), (9, 11))
    assert updated(date(2021, 1, 31)) == ((1, 14), (1, 11))


def test_areas_without_data_stand_in_the_table_and_are_unknown(store: Store) -> None:
    frame = queries.by_area(store, OWNER, Scope(KENDARI), KEYS, "kelurahan")
    assert len(frame) == 65
    assert frame["dtks_updated_share"].notna().sum() == 3
    assert frame["dtks_persons"].isna().sum() == 62


def test_before_the_first_snapshot_nothing_is_known(store: Store) -> None:
    assert measured(store, "kabkota", period=date(2021, 1, 30)) == {}
    assert measured(store, "kabkota", period=PERIOD) == measured(store, "kabkota")
    assert measured(store, "kabkota", period=date(2030, 1, 1)) == measured(store, "kabkota")


def test_a_place_without_data_has_no_figures(store: Store) -> None:
    assert measured(store, "kabkota", place="31") == {}
    found = queries.figures(store, OWNER, Scope("31.71"), KEYS)
    assert all(found[key].now.value is None for key in KEYS)


def test_the_unplaced_rows_are_told_for_the_levels_that_have_them(store: Store) -> None:
    found = {place: queries.figures(store, OWNER, Scope(place), ["dtks_unplaced"])["dtks_unplaced"].now.value
             for place in (KENDARI, KADIA, MANDONGA[:8])}  # fmt: skip
    assert found == {KENDARI: 3, KADIA: 1, MANDONGA[:8]: 0}


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (date(2021, 1, 31), date(2019, 2, 1)),
        (date(2021, 2, 28), date(2019, 3, 1)),
        (date(2022, 2, 28), date(2020, 2, 29)),
        (date(2024, 2, 29), date(2022, 3, 1)),
        (date(2022, 3, 1), date(2020, 3, 2)),
        (date(2021, 12, 31), date(2020, 1, 1)),
    ],
)
def test_the_window_begins_after_the_same_day_two_years_earlier(period: date, first: date) -> None:
    assert window(period, None) == (first, period)
    assert window(period, date(2020, 5, 5)) == (date(2020, 5, 5), period)


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A layout without update dates, twice: one person is new, three changed, the others differ in spelling at most."""
    folder = tmp_path_factory.mktemp("derived")
    store = Store(folder / "home")
    before = people(7)
    before[2]["kelurahan"] = "BNDE"
    after = [dict(row) for row in people(8)]
    after[0]["address"] = "JL. BARU NO. 9"
    after[1] |= {"kelurahan": "PONDAMBEA"}
    after[3] |= {"kk": after[4]["kk"]}
    after[5]["province"] = "SULTRA"
    after[6]["birth_date"] = "29358"  # an Excel serial: 17 May 1980 again
    stored(store, register(folder / "before.csv", before, HEADINGS), date(2020, 1, 31), place=KENDARI)
    stored(store, register(folder / "after.csv", reversed(after), HEADINGS, delimiter=";"), PERIOD, place=KENDARI)
    return store


def test_without_update_dates_a_record_counts_as_updated_where_it_differs_from_the_previous_snapshot(
    derived: Store,
) -> None:
    """Changed: 1 (address), 2 (moved), 4 (another family), 8 (new). The family of 4 and 5 counts once."""
    found = measured(derived, "kabkota")[KENDARI]
    assert found["dtks_updated_share"] == (4, 8)
    assert found["dtks_updated_family_share"] == (4, 7)
    assert measured(derived, "kelurahan")[PONDAMBEA]["dtks_updated_share"] == (1, 1)


def test_a_derived_figure_is_marked_and_others_are_not(derived: Store) -> None:
    found = queries.figures(derived, OWNER, Scope(KENDARI), KEYS)
    assert found["dtks_updated_share"].now.derived
    assert found["dtks_updated_family_share"].now.derived
    assert not found["nik_valid_share"].now.derived
    assert queries.context(derived, OWNER, Scope(KENDARI)).derived


def test_without_update_dates_and_without_an_earlier_snapshot_coverage_is_unknown(derived: Store) -> None:
    first = date(2020, 6, 1)
    found = measured(derived, "kabkota", period=first)[KENDARI]
    assert (found["dtks_persons"], found["dtks_updated_share"], found["dtks_updated_family_share"]) == (7, None, None)
    page = queries.people(derived, OWNER, Scope(KENDARI, period=first))
    assert set(page.rows["updated"]) == {"unknown"}


def test_the_list_shows_the_same_derived_updates(derived: Store) -> None:
    page = queries.people(derived, OWNER, Scope(KENDARI, filters=(("updated", "yes"),)))
    assert sorted(page.rows["address"]) == [
        "JL. BARU NO. 9",
        "JL. MELATI NO. 2",
        "JL. MELATI NO. 4",
        "JL. MELATI NO. 8",
    ]


def test_the_change_between_two_dates_is_shown_for_every_area(derived: Store) -> None:
    frame = queries.by_area(derived, OWNER, Scope(KENDARI), ["dtks_persons"], "kabkota")
    assert frame["dtks_persons_change"].tolist() == [1]
    found = queries.figures(derived, OWNER, Scope(KENDARI), ["dtks_persons"])["dtks_persons"]
    assert found.before is not None
    assert found.before.value == 7
    assert found.history == ((date(2020, 1, 31), 7.0), (PERIOD, 8.0))


@pytest.fixture(scope="module")
def patchwork(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A city in January 2020, then newer kelurahan: Bende in June 2020 (one row unreadable), Pondambea in 2021."""
    folder = tmp_path_factory.mktemp("patchwork")
    store = Store(folder / "home")
    city = people(10) + [person(20 + n, PONDAMBEA) for n in range(6)] + [person(40 + n, MANDONGA) for n in range(4)]
    city += [person(50, kelurahan="ENTAH")]
    stored(store, register(folder / "city.csv", city), date(2020, 1, 31))
    bende = [*people(19, updated_on="2020-05-05"), person(60, kelurahan="-")]
    stored(store, register(folder / "bende.csv", bende), date(2020, 6, 30))
    stored(store, register(folder / "pondambea.csv", [person(70 + n, PONDAMBEA) for n in range(3)]), PERIOD)
    return store


def persons(store: Store, by: Level, place: str = KENDARI, period: date | None = None) -> dict[str, int]:
    return {code: row["dtks_persons"] for code, row in measured(store, by, place, period).items()}


def test_a_newer_kelurahan_replaces_only_itself_in_the_older_city(patchwork: Store) -> None:
    assert persons(patchwork, "kelurahan") == {BENDE: 19, PONDAMBEA: 3, MANDONGA: 4}
    assert persons(patchwork, "kelurahan", period=date(2020, 6, 30)) == {BENDE: 19, PONDAMBEA: 6, MANDONGA: 4}
    assert persons(patchwork, "kelurahan", period=date(2020, 6, 29)) == {BENDE: 10, PONDAMBEA: 6, MANDONGA: 4}


def test_the_city_is_the_sum_of_its_newest_parts(patchwork: Store) -> None:
    """19 of Bende and its unreadable row, 3 of Pondambea, 4 of Mandonga, the city's own unknown row of Kadia."""
    assert persons(patchwork, "kabkota") == {KENDARI: 28}
    assert persons(patchwork, "kecamatan") == {KADIA: 24, MANDONGA[:8]: 4}
    assert persons(patchwork, "kelurahan", PONDAMBEA) == {PONDAMBEA: 3}


def test_the_list_of_a_patchwork_holds_the_same_persons(patchwork: Store) -> None:
    for place in (KENDARI, KADIA, BENDE, PONDAMBEA, MANDONGA):
        (expected,) = persons(patchwork, level_of(place), place).values()
        assert queries.people(patchwork, OWNER, Scope(place)).persons == expected


def test_every_part_counts_updates_at_its_own_date(patchwork: Store) -> None:
    assert measured(patchwork, "kelurahan")[BENDE]["dtks_updated_share"] == (19, 19)
    assert measured(patchwork, "kelurahan")[MANDONGA]["dtks_updated_share"] == (0, 4)


def test_a_period_is_offered_for_every_date_with_data(patchwork: Store) -> None:
    days = [period.date for period in queries.periods(patchwork, OWNER, Scope(KENDARI))]
    assert days == [PERIOD, date(2020, 6, 30), date(2020, 1, 31)]
    assert [source.file for source in queries.context(patchwork, OWNER, Scope(KENDARI)).sources] == [
        "pondambea.csv", "bende.csv", "city.csv",
    ]  # fmt: skip


def test_cubes_can_be_thrown_away(derived: Store) -> None:
    before = measured(derived, "kelurahan")
    for path in (derived.path / "cubes").rglob("*.parquet"):
        path.unlink()
    assert measured(derived, "kelurahan") == before


def test_a_register_without_a_dukcapil_column_has_unknown_nik_shares(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    headings = {key: heading for key, heading in DATED.items() if not key.startswith("dukcapil")}
    stored(store, register(tmp_path / "a.csv", people(3), headings))
    found = measured(store, "kabkota")[KENDARI]
    assert found["nik_valid_share"] is None
    assert found["dtks_updated_share"] == (3, 3)


def test_sample_data_are_ignored_where_there_are_real_ones(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "sample.csv", people(9), above=[["DATA CONTOH"]]), PERIOD, place=KENDARI)
    assert persons(store, "kabkota") == {KENDARI: 9}
    assert queries.context(store, OWNER, Scope(KENDARI)).sample
    real = stored(store, register(tmp_path / "real.csv", people(2)), date(2019, 1, 31), place=KENDARI)
    assert persons(store, "kabkota") == {KENDARI: 2}
    assert not queries.context(store, OWNER, Scope(KENDARI)).sample
    assert cubes.updates(store, real).dated
