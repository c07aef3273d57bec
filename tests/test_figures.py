"""Questions to registers of figures: the newest figure of each area, whole sums only, samples behind real data."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from data import figures, queries
from data.access import OWNER
from data.definitions.catalogue import REGISTERS
from data.places.reference import codes
from data.scope import Scope
from data.snapshots import Counts, Snapshot, Source, Store, write_manifest

KENDARI, KADIA, BENDE, PONDAMBEA = "74.71", "74.71.08", "74.71.08.1002", "74.71.08.1003"
VILLAGES = codes(KADIA, "kelurahan")
END_2020, END_2021, END_2022 = (date(year, 12, 31) for year in (2020, 2021, 2022))
LEVELS = {2: "province", 5: "kabkota", 8: "kecamatan", 13: "kelurahan"}
Row = tuple[str, date, str, str, float]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def publish(
    store: Store,
    rows: list[Row],
    register: str = "rekap",
    covers: str = KENDARI,
    unit: str = "persons",
    sample: bool = False,
    imported: int = 1,
    bad: frozenset[int] = frozenset(),
    **about: Any,
) -> Snapshot:
    """A snapshot of figures: (area, day, measure, category, value). Rows at the positions `bad` were rejected."""
    day = max(row[1] for row in rows)
    snapshot_id = f"{register}-{covers}-{day}-{imported}"
    checks = [check.problem.code for check in REGISTERS[register].checks]
    bit = 1 << checks.index("figure_negative")
    with store.publishing(snapshot_id) as folder:
        con = duckdb.connect()
        con.execute(
            "CREATE TABLE t (file_row BIGINT, area_code VARCHAR, level VARCHAR, period DATE, measure VARCHAR,"
            " category VARCHAR, value DOUBLE, unit VARCHAR, counted BOOLEAN, problem_bits BIGINT)"
        )
        con.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n, code, LEVELS[len(code)], period, measure, word, value, unit, n not in bad, bit * (n in bad))
                for n, (code, period, measure, word, value) in enumerate(rows)
            ],
        )
        con.execute(f"COPY t TO '{folder / 'rows.parquet'}' (FORMAT parquet)")
        keys = list(dict.fromkeys(row[2] for row in rows))
        words = sorted({row[3] for row in rows} - {""})
        told = [{"key": key, "label": key.title(), "unit": unit, "categories": words} for key in keys]
        (folder / "measures.json").write_text(json.dumps({"measures": told, "feeds": about.get("feeds", {})}))
        snapshot = Snapshot(
            id=snapshot_id,
            register=register,
            place=covers,
            covers=covers,
            period=day,
            sample=sample,
            source=Source(f"{register}.csv", str(imported), 1),
            counts=Counts(len(rows), len(rows), 0, 0, 0, 0, 0, 0, 0),
            layout="other",
            header_row=1,
            fields=tuple(keys),
            extras=(),
            columns=(),
            row_problems=tuple((code, "") for code in checks),
            problems=(),
            imported_at=datetime(2024, 1, imported, tzinfo=UTC),
            grain="figure",
            periods=tuple(sorted({row[1] for row in rows}, reverse=True)),
        )
        write_manifest(folder, snapshot)
    return store.snapshot(snapshot_id)


def every(day: date, measure: str = "kpm", value: float = 10, category: str = "") -> list[Row]:
    return [(code, day, measure, category, value) for code in VILLAGES]


def known(frame: pd.DataFrame) -> dict[str, tuple[float, date]]:
    told = frame.dropna(subset=["value"])
    return {row["code"]: (row["value"], row["period"]) for row in told.to_dict("records")}


def test_the_newest_figure_not_after_the_day_speaks_for_each_area_alone(store: Store) -> None:
    snapshot = publish(store, [*every(END_2020), (BENDE, END_2021, "kpm", "", 11), (BENDE, END_2022, "kpm", "", 12)])
    found = figures.values(store, "rekap", "kpm", KADIA, "kelurahan", date(2022, 6, 1))
    assert known(found)[BENDE] == (11, END_2021)
    assert known(found)[PONDAMBEA] == (10, END_2020)
    assert set(found["snapshot"]) == {snapshot.id}
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan"))[BENDE] == (12, END_2022)
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan", date(2020, 1, 1))) == {}


def test_a_level_without_figures_is_the_sum_of_all_its_parts(store: Store) -> None:
    publish(store, every(END_2020))
    assert known(figures.values(store, "rekap", "kpm", KENDARI, "kecamatan"))[KADIA] == (10 * len(VILLAGES), END_2020)
    # Ten kecamatan of the city have no figure: half a sum would look like a low one.
    assert known(figures.values(store, "rekap", "kpm", KENDARI, "kabkota")) == {}


def test_a_sum_with_a_part_missing_is_not_known(store: Store) -> None:
    publish(store, every(END_2020)[1:])
    assert known(figures.values(store, "rekap", "kpm", KENDARI, "kecamatan")) == {}


def test_parts_of_two_dates_make_no_sum(store: Store) -> None:
    publish(store, [*every(END_2020)[1:], *every(END_2021)[:1]])
    assert known(figures.values(store, "rekap", "kpm", KENDARI, "kecamatan")) == {}


def test_parts_of_two_files_make_one(store: Store) -> None:
    publish(store, every(END_2020)[1:], imported=1)
    publish(store, every(END_2020)[:1], imported=2)
    assert known(figures.values(store, "rekap", "kpm", KENDARI, "kecamatan"))[KADIA] == (10 * len(VILLAGES), END_2020)


def test_an_own_figure_is_taken_before_the_sum_of_the_parts(store: Store) -> None:
    publish(store, [*every(END_2020), (KADIA, END_2020, "kpm", "", 7)])
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kecamatan"))[KADIA] == (7, END_2020)


@pytest.mark.parametrize("unit", ["share", "rate"])
def test_shares_and_rates_are_never_added_up(store: Store, unit: str) -> None:
    publish(store, every(END_2020, value=0.1), unit=unit)
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan"))[BENDE] == (0.1, END_2020)
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kecamatan")) == {}


def test_all_categories_together_are_their_sum_where_no_total_is_written(store: Store) -> None:
    rows: list[Row] = [
        (BENDE, END_2020, "kpm", "Anak", 1),
        (BENDE, END_2020, "kpm", "Lansia", 2),
        (PONDAMBEA, END_2020, "kpm", "Anak", 1),
        (PONDAMBEA, END_2020, "kpm", "Lansia", 2),
        (PONDAMBEA, END_2020, "kpm", "", 9),
    ]
    publish(store, rows)
    whole = known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan"))
    assert (whole[BENDE][0], whole[PONDAMBEA][0]) == (3, 9)
    old = known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan", category="Lansia"))
    assert (old[BENDE][0], old[PONDAMBEA][0]) == (2, 2)
    assert figures.categories(store, "rekap", "kpm") == ("Anak", "Lansia")


def test_one_of_two_categories_is_asked_over_the_other(store: Store) -> None:
    rows: list[Row] = [
        (BENDE, END_2020, "kpm", f"{sex}; {age}", value)
        for value, (sex, age) in enumerate(
            [("Laki-laki", "0-4"), ("Perempuan", "0-4"), ("Laki-laki", "5-9"), ("Perempuan", "5-9")], start=1
        )
    ]
    publish(store, rows)
    asked = {
        word: known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan", category=word))[BENDE][0]
        for word in ("", "Laki-laki", "5-9", "Perempuan; 5-9")
    }
    assert asked == {"": 10, "Laki-laki": 4, "5-9": 7, "Perempuan; 5-9": 4}


def test_a_rejected_figure_leaves_its_sum_unknown(store: Store) -> None:
    rows: list[Row] = [(BENDE, END_2020, "kpm", "Anak", 1), (BENDE, END_2020, "kpm", "Lansia", -2)]
    publish(store, rows, bad=frozenset({1}))
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan")) == {}
    assert known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan", category="Anak"))[BENDE][0] == 1


def test_one_sex_alone_is_not_the_population(store: Store) -> None:
    rows: list[Row] = [
        (BENDE, END_2020, "male", "", 490),
        (BENDE, END_2020, "female", "", 510),
        (PONDAMBEA, END_2020, "male", "", 300),
    ]
    publish(store, rows, register="population")
    assert known(figures.values(store, "population", "population", KADIA, "kelurahan")) == {BENDE: (1000, END_2020)}
    assert known(figures.values(store, "population", "male", KADIA, "kelurahan"))[PONDAMBEA] == (300, END_2020)


def test_population_by_sex_tells_men_too(store: Store) -> None:
    rows: list[Row] = [
        (BENDE, END_2020, "population", "Laki-laki; 0-4", 5),
        (BENDE, END_2020, "population", "Perempuan; 0-4", 6),
    ]
    publish(store, rows, register="population")
    assert known(figures.values(store, "population", "male", KADIA, "kelurahan")) == {BENDE: (5, END_2020)}
    assert known(figures.values(store, "population", "population", KADIA, "kelurahan")) == {BENDE: (11, END_2020)}


def test_real_data_stand_before_samples_and_the_later_import_before_the_earlier(store: Store) -> None:
    publish(store, every(END_2022, value=99), sample=True, imported=3)
    publish(store, every(END_2020, value=1), imported=1)
    publish(store, [(BENDE, END_2020, "kpm", "", 2)], imported=2)
    found = known(figures.values(store, "rekap", "kpm", KADIA, "kelurahan"))
    assert (found[BENDE], found[PONDAMBEA]) == ((2, END_2020), (1, END_2020))


def test_official_rates_exist_where_they_are_published_only(store: Store) -> None:
    rows: list[Row] = [
        ("31", END_2021, "poverty_rate", "", 0.0467),
        ("31.71", END_2021, "poverty_rate", "", 0.05),
    ]
    publish(store, rows, register="poverty", covers="31", unit="share")
    assert known(figures.values(store, "poverty", "poverty_rate", "31", "province")) == {"31": (0.0467, END_2021)}
    cities = figures.values(store, "poverty", "poverty_rate", "31", "kabkota")
    assert (len(cities), set(known(cities))) == (6, {"31.71"})
    assert known(figures.values(store, "poverty", "poverty_rate", "31.71", "kelurahan")) == {}


def test_history_tells_every_date_oldest_first(store: Store) -> None:
    publish(store, [*every(END_2021, value=2), *every(END_2020, value=1)])
    told = figures.history(store, "rekap", "kpm", KADIA, "kecamatan")
    assert list(zip(told["period"], told["value"], strict=True)) == [
        (END_2020, len(VILLAGES)),
        (END_2021, 2 * len(VILLAGES)),
    ]
    assert list(figures.history(store, "rekap", "kpm", KADIA, "kecamatan", until=END_2020)["period"]) == [END_2020]
    assert figures.periods(store, "rekap", KADIA) == (END_2021, END_2020)


def test_numbers_for_evaluation_have_a_column_for_every_measure_that_is_asked(store: Store) -> None:
    rows: list[Row] = [("31.71", END_2021, "poverty_rate", "", 0.05), ("31.71", END_2021, "poor_persons", "", 100)]
    publish(store, rows, register="poverty", covers="31")
    day = date(2022, 6, 1)
    wanted = ("poverty_rate", "poor_persons")
    (row,) = figures.numbers(store, ("poverty",), wanted, "31", "kabkota", (day, date(2020, 1, 1))).to_dict("records")
    assert (row["period"], row["code"], row["poverty_rate"], row["poor_persons"]) == (day, "31.71", 0.05, 100)
    assert not row["derived"]


def test_an_empty_store_answers_with_nothing(store: Store) -> None:
    assert figures.values(store, "population", "population", KADIA, "kelurahan")["value"].isna().all()
    assert figures.numbers(store, ("population",), ("population",), KADIA, "kelurahan", (END_2020,)).empty
    assert figures.rekap_indicators(store) == {}
    assert figures.fed(store, "dtks_persons", KADIA) is None


def test_every_measure_of_a_rekap_is_an_indicator_with_its_source(store: Store) -> None:
    publish(store, every(END_2020), imported=1)
    publish(store, every(END_2021), imported=2)
    found = figures.rekap_indicators(store)
    assert list(found) == ["rekap_kpm"]
    indicator = found["rekap_kpm"]
    assert (indicator.numerator, indicator.unit, indicator.registers) == ("kpm", "persons", ("rekap",))
    assert indicator.source == "rekap.csv · 2021-12-31"


def test_a_rekap_feeds_a_built_in_indicator_where_it_speaks_of_the_place(store: Store) -> None:
    publish(store, every(END_2020), feeds={"dtks_persons": ["kpm", ""]})
    feed = figures.fed(store, "dtks_persons", KADIA)
    assert feed is not None
    assert (feed.numerator, feed.denominator) == ("kpm", "")
    assert figures.fed(store, "dtks_persons", "31.71") is None
    assert figures.fed(store, "dtks_persons", KADIA, date(2019, 1, 1)) is None
    assert figures.fed(store, "ppks_persons", KADIA) is None


def test_a_table_of_figures_lists_nobody(store: Store) -> None:
    publish(store, [(BENDE, END_2020, "kpm", "", 12.0)])
    page = queries.people(store, OWNER, Scope(KADIA, register="rekap"))
    assert (len(page.rows), page.persons, page.count) == (0, 0, 0)
    assert queries.listing(store, OWNER, Scope(KADIA, register="rekap"), "id") is None
