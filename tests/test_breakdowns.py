"""What figures are broken down by, worked out by hand on small registers."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import breakdowns, cubes
from data.access import OWNER
from data.breakdowns import Broken
from data.queries import people
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DTSEN,
    DTSEN_FAMILIES,
    EPPGBM,
    KADIA,
    KENDARI,
    KRS,
    MANDONGA,
    OUTREACH,
    P3KE,
    PERIOD,
    POPULATION,
    POVERTY,
    PPKS,
    child,
    kk,
    person,
    put,
    reach,
    residents,
)

HERE = Scope(KENDARI)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def numbers(answer: Broken, by: str, *columns: str) -> dict[str, Any]:
    """A column (or several) of an answer by another, without nought."""
    rows = answer.rows.set_index(by)
    found = {key: tuple(rows.loc[key, column] for column in columns) for key in rows.index}
    found = {key: values for key, values in found.items() if any(value and pd.notna(value) for value in values)}
    return {key: values[0] if len(columns) == 1 else values for key, values in found.items()}


def listed(store: Store, of: str, **narrowed: str) -> int:
    """How many the by-name list shows that a number leads to."""
    scope = Scope(KENDARI, register=of, filters=tuple(sorted(narrowed.items())))
    return people(store, OWNER, scope).persons


def test_deciles_of_an_area_are_persons_and_families_and_what_is_not_determined_is_a_part_of_its_own(
    store: Store,
) -> None:
    rows = [
        person(1, kk=kk(1), decile="1"),
        person(2, kk=kk(1), decile="01"),
        person(3, decile="4"),
        person(4, decile="7"),
        person(5, decile="6-10"),
        person(6, decile="-"),
        person(7, MANDONGA, decile="2"),
    ]
    put(store, DTSEN, rows)
    put(store, POPULATION, residents({BENDE: 100}), None)
    answer = breakdowns.deciles(store, OWNER, HERE, by="kelurahan")
    bende = answer.rows.set_index("code").loc[BENDE]
    assert {part: bende[f"persons_{part}"] for part in breakdowns.DECILES} == {
        "1": 2, "2": 0, "3": 0, "4": 1, "5-10": 1, "unknown": 2,
    }  # fmt: skip
    assert (bende["persons"], bende["families"], bende["families_1"]) == (6, 5, 1)
    assert (bende["persons_resident"], answer.population_on) == (100, date(2020, 12, 31))
    assert answer.whole["persons_1"] == 2
    assert answer.whole["persons_2"] == 1
    assert [listed(store, "dtsen", decile=part) for part in breakdowns.DECILES] == [2, 1, 0, 1, 1, 2]


def test_an_area_that_the_register_does_not_speak_of_is_not_known(store: Store) -> None:
    put(store, DTSEN, [person(1, decile="1")])
    rows = breakdowns.deciles(store, OWNER, HERE, by="kelurahan").rows.set_index("code")
    assert pd.isna(rows.loc[MANDONGA, "persons_1"])
    assert len(rows) == 65


def test_a_list_of_families_that_does_not_say_their_size_tells_families_alone(store: Store) -> None:
    headings = {field: heading for field, heading in DTSEN_FAMILIES.items() if field != "family_members"}
    put(store, headings, [person(1, decile="1", rank="12")])
    rows = breakdowns.deciles(store, OWNER, HERE, by="kelurahan").rows.set_index("code")
    assert pd.isna(rows.loc[BENDE, "persons"])
    assert rows.loc[BENDE, "families_1"] == 1


def test_of_decile_1_is_told_whose_number_is_matched_and_that_nobody_says_whether_they_were_visited(
    store: Store,
) -> None:
    rows = [
        person(1, decile="1", dukcapil="Ya"),
        person(2, decile="1", dukcapil="Tidak"),
        person(3, decile="1", dukcapil="-"),
        person(4, decile="2", dukcapil="Ya"),
    ]
    put(store, P3KE, rows)
    answer = breakdowns.extreme(store, OWNER, HERE)
    assert numbers(answer, "dukcapil", "persons") == {"yes": 1, "no": 1, "unknown": 1}
    assert answer.whole == {"visited": 0, "persons": 3, "families": 3}
    assert listed(store, "p3ke", decile="1", dukcapil="no") == 1


def test_a_column_of_the_visit_says_who_is_validated(store: Store) -> None:
    rows = [
        person(1, decile="1", validated="VALID"),
        person(2, decile="1", validated="Layak"),
        person(3, decile="1", validated="Tidak Valid"),
        person(4, decile="1", validated="Belum"),
        person(5, decile="1", validated=""),
    ]
    put(store, {**P3KE, "validated": "Hasil Verval"}, rows)
    answer = breakdowns.extreme(store, OWNER, HERE)
    assert answer.whole["visited"] == 1
    assert answer.rows.groupby("validated")["persons"].sum().to_dict() == {
        "Valid": 2, "Tidak valid": 1, "Belum dikunjungi": 1, "": 1,
    }  # fmt: skip


def test_the_official_rate_stands_by_year_and_the_areas_without_one_are_counted(store: Store) -> None:
    province = {"province": "Sulawesi Tenggara"}
    rows = [
        province | {"kabkota": kabkota, "period": year, "poverty_rate": rate}
        for kabkota, year, rate in (
            ("", "2021", "11,74"), ("Kota Kendari", "2021", "4,87"), ("Kota Kendari", "2022", "4,57"),
            ("Kabupaten Konawe", "2022", "12,5"),
        )
    ]  # fmt: skip
    put(store, POVERTY, rows, None, "")
    answer = breakdowns.official(store, OWNER, Scope("74"))
    by_code = answer.rows.set_index("code")
    assert list(answer.rows.columns[2:]) == ["2021-12-31", "2022-12-31"]
    assert by_code.loc[KENDARI, "2022-12-31"] == pytest.approx(0.0457)
    assert by_code.loc["74", "2021-12-31"] == pytest.approx(0.1174)
    assert pd.isna(by_code.loc["74", "2022-12-31"])
    assert answer.whole["without"] == 15
    assert list(breakdowns.official(store, OWNER, Scope("74", period=PERIOD)).rows) == []


def test_ppks_are_told_by_sex_and_age_with_what_is_not_known(store: Store) -> None:
    rows = [
        person(1, sex="L", birth_date="1950-01-31", ppks_category="Pengemis"),
        person(1, sex="L", birth_date="1950-01-31", ppks_category="Pemulung"),
        person(2, sex="P", birth_date="2018-01-01", ppks_category="Anak Terlantar"),
        person(3, sex="", birth_date="", age="30", ppks_category="Pengemis"),
        person(4, sex="P", birth_date="", age="3187160574", ppks_category="Pengemis"),
    ]
    put(store, {**PPKS, "age": "Umur"}, rows)
    answer = breakdowns.sex_age(store, OWNER, HERE)
    assert numbers(answer, "age_group", "L", "P", "unknown") == {
        "60+": (1, 0, 0), "0-4": (0, 1, 0), "19-59": (0, 0, 1), "unknown": (0, 1, 0),
    }  # fmt: skip
    narrowed = breakdowns.sex_age(store, OWNER, HERE, category="Pengemis")
    assert numbers(narrowed, "age_group", "L", "P", "unknown") == {
        "60+": (1, 0, 0), "19-59": (0, 0, 1), "unknown": (0, 1, 0),
    }  # fmt: skip
    assert listed(store, "ppks", age_group="19-59", sex="unknown") == 1
    assert listed(store, "ppks", age_group="unknown", sex="P") == 1


def test_a_list_of_a_kecamatan_is_no_breakdown_of_the_city(store: Store) -> None:
    put(store, PPKS, [person(1, ppks_category="Pengemis")], place=KADIA)
    assert breakdowns.sex_age(store, OWNER, HERE).period is None
    assert breakdowns.sex_age(store, OWNER, Scope(KADIA)).rows["ppks_persons"].sum() == 1


def test_categories_stand_beside_the_population_that_they_are_divided_by(store: Store) -> None:
    put(store, PPKS, [person(1, ppks_category="Pengemis; Pemulung"), person(2, ppks_category="Pengemis")])
    put(store, POPULATION, residents({KENDARI: 500}), None)
    answer = breakdowns.categories(store, OWNER, Scope(KENDARI, indicator="ppks_per_1000"))
    assert numbers(answer, "category", "value") == {"Pengemis": 2, "Pemulung": 1}
    assert answer.whole == {"population": 500}


def test_reaches_are_told_by_month_with_the_months_in_between_and_those_without_a_day(store: Store) -> None:
    days = ("2020-11-03", "2020-11-03", "2021-01-10", "")
    put(store, OUTREACH, [reach(1, reached_on=day, outreach_type="Pengamen") for day in days])
    answer = breakdowns.months(store, OWNER, HERE)
    assert dict(zip(answer.rows["month"], answer.rows["reaches"], strict=True)) == {
        "2020-11": 2, "2020-12": 0, "2021-01": 1, "unknown": 1,
    }  # fmt: skip
    assert breakdowns.months(store, OWNER, HERE, category="Pengemis").rows["reaches"].sum() == 0
    assert listed(store, "outreach", reached_in="2020-11") == 2


def test_children_are_told_by_months_and_sex_each_by_the_measurement_that_speaks(store: Store) -> None:
    short = {"height_for_age": "Sangat Pendek", "height_for_age_z": "-3,40"}
    ages = {**EPPGBM, "age_at_measurement": "Usia Saat Ukur"}
    rows = [
        child(1, age_at_measurement="1 Tahun - 0 Bulan - 2 Hari", measured_on="2020-08-01"),
        child(1, age_at_measurement="2 Tahun - 1 Bulan - 2 Hari", **short),
        child(2, age_at_measurement="2 Tahun - 6 Bulan - 0 Hari", sex="P", height_for_age="Pendek"),
        child(3, age_at_measurement="2 Tahun - 6 Bulan - 0 Hari"),
        child(4, age_at_measurement="-", birth_date=""),
    ]
    put(store, ages, rows)
    answer = breakdowns.child_ages(store, OWNER, HERE)
    assert numbers(answer, "months", "measured_L", "stunted_L", "severely_stunted_L") == {
        "24-35": (2, 1, 1), "unknown": (1, 0, 0),
    }  # fmt: skip
    assert numbers(answer, "months", "measured_P", "stunted_P") == {"24-35": (1, 1)}
    assert answer.whole == {"children": 4, "measured": 4, "under_five": None}
    assert listed(store, "eppgbm", stunted="yes", sex="L", months="24-35") == 1


def test_months_that_the_file_does_not_tell_are_counted_from_its_dates(store: Store) -> None:
    ages = {**EPPGBM, "age_at_measurement": "Umur (Bulan)"}
    rows = [
        child(1, birth_date="2018-07-17", measured_on="2020-07-16", height_for_age="Pendek"),
        child(2, birth_date="2018-07-17", measured_on="2020-07-17"),
        child(3, age_at_measurement="11,9"),
        child(4, birth_date="", measured_on="2021-01-10"),
        child(5, birth_date="2021-01-11", measured_on="2021-01-10"),
    ]
    put(store, ages, rows)
    answer = breakdowns.child_ages(store, OWNER, HERE)
    assert numbers(answer, "months", "measured") == {"6-11": 1, "12-23": 1, "24-35": 1, "unknown": 2}
    assert [listed(store, "eppgbm", stunted="measured", months=group) for group in ("6-11", "12-23", "unknown")] == [
        1, 1, 2,
    ]  # fmt: skip


def test_children_measured_are_set_against_the_residents_under_five_where_they_are_known(store: Store) -> None:
    put(store, EPPGBM, [child(1)])
    city = {"province": "Sulawesi Tenggara", "kabkota": "Kota Kendari", "kecamatan": "", "kelurahan": ""}
    rows = [city | {"period": "2020", "category": ages, "population": count} for ages, count in
            (("0-4", "40"), ("5-9", "60"))]  # fmt: skip
    put(store, {**POPULATION, "category": "Kelompok Umur"}, rows, None)
    answer = breakdowns.child_ages(store, OWNER, HERE)
    assert (answer.whole["under_five"], answer.population_on) == (40, date(2020, 12, 31))


def test_a_family_with_several_risk_factors_is_told_once_by_how_many_it_has(store: Store) -> None:
    none = {"couple": "1", "pregnant": "2", "no_water": "2", "no_latrine": "2", "mother_too_old": "2",
            "no_modern_contraception": "2", "wife_name": "ISTRI"}  # fmt: skip
    rows = [
        person(1, kk=kk(1)) | none | {"no_water": "1"},
        person(2, kk=kk(1)) | none | {"no_latrine": "1"},
        person(3) | none | {"no_water": "1", "pregnant": "1"},
        person(4) | none,
    ]
    put(store, KRS, rows)
    answer = breakdowns.risks(store, OWNER, HERE)
    assert numbers(answer, "risk", "families") == {"no_water": 2, "no_latrine": 1, "pregnant": 1}
    assert pd.isna(answer.rows.set_index("risk").loc["child_0_23", "families"])
    assert answer.whole == {"families": 3, "with_0": 1, "with_1": 1, "with_2": 1, "with_3": 0, "with_4": 0}
    assert listed(store, "krs", krs_risk="no_water") == 2


@pytest.mark.parametrize("kind", breakdowns.QUESTIONS)
def test_without_data_every_breakdown_says_that_nobody_tells_it(store: Store, kind: str) -> None:
    scope = Scope(KENDARI, indicator="ppks_persons")
    assert breakdowns.QUESTIONS[kind](store, OWNER, scope, by="kelurahan").period is None


def test_the_tables_are_made_with_the_others_and_made_again_when_they_are_gone(store: Store) -> None:
    snapshot = put(store, PPKS, [person(1, ppks_category="Pengemis")])
    cubes.build(store, snapshot)
    kept = store.path / "cubes" / snapshot.id / f"breakdown-sex_age-{cubes.VERSION}.parquet"
    assert kept.is_file()
    kept.unlink()
    assert breakdowns.sex_age(store, OWNER, HERE).rows["ppks_persons"].sum() == 1
