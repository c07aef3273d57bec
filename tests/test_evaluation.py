"""What a figure counts: the settled readings of the field, each over a small real file."""

from datetime import date
from pathlib import Path

import pytest

from data.access import OWNER
from data.definitions.catalogue import INDICATORS
from data.evaluation import UNKNOWN, Value, behind, by_category, evaluate
from data.places.reference import Level, codes, level_of
from data.queries import by_area, context, figures
from data.scope import Scope
from data.snapshots import Snapshot, Store
from tests import builders
from tests.builders import (
    BENDE,
    DESTROYED,
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
    PONDAMBEA,
    POPULATION,
    POVERTY,
    PPKS,
    child,
    contents,
    nik,
    person,
    put,
    reach,
    residents,
)

SULTRA = "74"
END_2020, END_2021, END_2022 = (date(year, 12, 31) for year in (2020, 2021, 2022))
LATER = date(2026, 1, 1)
MASKED = "7471**********"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def told(store: Store, key: str, place: str = KENDARI, day: date = LATER, category: str = "") -> Value:
    """An indicator for one area, from the newest data not after the day."""
    level: Level = level_of(place)
    found = evaluate(store, [INDICATORS[key]], place, level, [day], category=category)
    return found[key].get((day, place), UNKNOWN)


def spread(store: Store, key: str, by: Level = "kelurahan", day: date = LATER) -> dict[str, Value]:
    """An indicator for the areas of Kendari of which something is known."""
    found = evaluate(store, [INDICATORS[key]], KENDARI, by, [day])
    return {code: value for (_, code), value in found[key].items() if value.value is not None}


def populate(store: Store, people: int = 1000, year: str = "2020") -> Snapshot:
    """The population of Kendari's first three kelurahan and, as the source has it, of the city."""
    return put(store, POPULATION, residents({BENDE: people, PONDAMBEA: people, KENDARI: 10 * people}, year), None)


# Persons


def test_a_nik_in_several_rows_is_one_person(store: Store) -> None:
    populate(store)
    put(store, DTSEN, [person(1, decile="1"), person(2, nik=nik(1), decile="1"), person(3, decile="1")])
    assert told(store, "decile_1_share") == Value(2 / 10_000, 2, 10_000)


def test_a_row_without_a_readable_nik_is_a_person_of_its_own(store: Store) -> None:
    populate(store)
    unreadable = ("", "", "-", "-", DESTROYED, DESTROYED, nik(1)[:15], nik(1)[:15], "7471**********01")
    put(store, DTSEN, [person(at, nik=text, decile="1") for at, text in enumerate(unreadable, start=1)])
    assert told(store, "decile_1_share").numerator == len(unreadable)


def test_a_row_that_repeats_another_completely_is_no_further_person(store: Store) -> None:
    populate(store)
    put(store, DTSEN, [person(1, nik="", decile="1"), person(2, nik="", decile="1"), person(1, nik="", decile="1")])
    assert told(store, "decile_1_share").numerator == 2


def test_a_person_in_two_kelurahan_counts_in_both_and_once_above(store: Store) -> None:
    put(store, PPKS, [person(1, BENDE, ppks_category="Pengemis"), person(1, PONDAMBEA, ppks_category="Pengemis")])
    assert {code: told(store, "ppks_persons", code).value for code in (BENDE, PONDAMBEA, KADIA, KENDARI)} == {
        BENDE: 1, PONDAMBEA: 1, KADIA: 1, KENDARI: 1,
    }  # fmt: skip


# Deciles


def test_a_decile_that_is_not_determined_is_in_none(store: Store) -> None:
    written = {
        "1": 1, "01": 1, "4": 4, "04": 4, "5": 5, "10": 10, "6-10": None, "Belum Ada Desl": None, "-": None, "": None,
        "0": None, "11": None,
    }  # fmt: skip
    populate(store)
    snapshot = put(store, DTSEN, [person(at, decile=text) for at, text in enumerate(written, start=1)])
    assert [row["decile"] for row in contents(snapshot)] == list(written.values())
    assert told(store, "decile_1_share").numerator == 2
    assert told(store, "decile_1_4_share").numerator == 4


def test_registers_are_never_added_up(store: Store) -> None:
    populate(store)
    put(store, P3KE, [person(number, decile="1", stunting_risk="Tidak") for number in (1, 2, 3)], date(2020, 6, 30))
    put(store, DTSEN, [person(number, decile="1") for number in (1, 4)], date(2021, 6, 30))
    assert told(store, "decile_1_share", day=date(2021, 1, 1)).numerator == 3
    assert told(store, "decile_1_share", day=date(2021, 6, 30)).numerator == 2
    assert told(store, "decile_1_share", day=date(2020, 6, 29)) == UNKNOWN


def test_of_two_registers_each_area_is_told_by_one_alone(store: Store) -> None:
    populate(store)
    city = [person(1, BENDE), person(2, PONDAMBEA), person(3, MANDONGA), person(4, MANDONGA)]
    put(store, P3KE, [{**row, "decile": "1", "stunting_risk": "Tidak"} for row in city], date(2020, 6, 30))
    put(store, DTSEN, [person(5, BENDE, decile="1")], date(2021, 6, 30), place=KADIA)
    assert told(store, "decile_1_share", BENDE).numerator == 1
    assert told(store, "decile_1_share", PONDAMBEA) == UNKNOWN
    assert told(store, "decile_1_share", KENDARI).numerator == 3  # Kadia from DTSEN, the rest from P3KE


def test_a_newer_list_without_deciles_does_not_silence_an_older_one_that_has_them(store: Store) -> None:
    populate(store)
    put(store, P3KE, [person(1, decile="1", stunting_risk="Tidak")], date(2020, 6, 30))
    without = {
        **{key: heading for key, heading in DTSEN.items() if key != "decile"},
        "marital_status": "status_kawin",
        "school_level": "jenjang_tertinggi_yang_diduduki",
    }
    newer = put(store, without, [person(2, elderly="Tidak", marital_status="Kawin", school_level="SD")])
    assert newer.register == "dtsen"
    assert told(store, "decile_1_share").numerator == 1


def test_a_list_of_families_counts_their_members(store: Store) -> None:
    populate(store)
    families = [person(number, decile="1", family_members=str(number), rank="5") for number in (2, 3)]
    put(store, DTSEN_FAMILIES, families)
    assert told(store, "decile_1_share").numerator == 5


def test_a_list_of_one_kecamatan_says_nothing_of_the_city(store: Store) -> None:
    populate(store)
    put(store, DTSEN, [person(1, decile="1")], place=KADIA)
    assert told(store, "decile_1_share", BENDE) == Value(1 / 1000, 1, 1000)
    assert told(store, "decile_1_share", KENDARI) == UNKNOWN


def test_a_kelurahan_without_rows_of_a_register_of_households_is_not_known(store: Store) -> None:
    populate(store)
    put(store, DTSEN, [person(1, BENDE, decile="1")])
    assert set(spread(store, "decile_1_share")) == {BENDE}


# Population


def test_the_population_is_the_newest_that_is_not_after_the_asked_date(store: Store) -> None:
    populate(store, 1000, "2020")
    populate(store, 1100, "2021")
    put(store, DTSEN, [person(1, decile="1")], date(2020, 6, 30))
    asked = {day: told(store, "decile_1_share", BENDE, day).denominator for day in (END_2020, date(2021, 6, 30), LATER)}
    assert asked == {END_2020: 1000, date(2021, 6, 30): 1000, LATER: 1100}
    assert told(store, "decile_1_share", BENDE, date(2020, 6, 30)) == UNKNOWN


def test_the_population_is_among_the_sources_with_its_own_date(store: Store) -> None:
    put(store, POPULATION, [*residents({BENDE: 1000}, "2020"), *residents({BENDE: 1100}, "2023")], None)
    put(store, DTSEN, [person(1, decile="1")], date(2021, 6, 30))
    sources = context(store, OWNER, Scope(BENDE, indicator="decile_1_share")).sources
    assert {source.register: source.period for source in sources} == {
        "dtsen": date(2021, 6, 30),
        "population": END_2020,
    }


# PPKS and outreach


def test_a_ppks_person_in_two_categories_counts_in_both_and_once_in_the_total(store: Store) -> None:
    rows = [
        person(1, ppks_category="Pengemis"),
        person(1, ppks_category="Gelandangan"),
        person(2, ppks_category="Pengemis; Pemulung"),
        person(3, ppks_category="Lansia Terlantar"),
    ]
    put(store, PPKS, rows)
    assert told(store, "ppks_persons").value == 3
    assert by_category(store, INDICATORS["ppks_persons"], KENDARI, LATER) == {
        "Pengemis": 2, "Gelandangan": 1, "Pemulung": 1, "Lanjut Usia Terlantar": 1,
    }  # fmt: skip
    assert told(store, "ppks_persons", BENDE, category="Pengemis").value == 2


def test_a_kelurahan_without_rows_of_a_ppks_list_of_the_city_has_none(store: Store) -> None:
    populate(store)
    put(store, PPKS, [person(1, BENDE, ppks_category="Pengemis"), person(2, BENDE, ppks_category="Pengemis")])
    found = spread(store, "ppks_persons")
    assert set(found) == set(codes(KENDARI, "kelurahan"))
    assert (found[BENDE].value, found[MANDONGA].value) == (2, 0)
    assert told(store, "ppks_per_1000", PONDAMBEA) == Value(0, 0, 1000)
    assert told(store, "ppks_per_1000", BENDE) == Value(2, 2, 1000)


def test_a_ppks_list_of_a_kecamatan_says_nothing_of_the_others(store: Store) -> None:
    put(store, PPKS, [person(1, BENDE, ppks_category="Pengemis")], place=KADIA)
    assert set(spread(store, "ppks_persons")) == set(codes(KADIA, "kelurahan"))


def test_who_has_no_readable_kelurahan_counts_for_the_kecamatan_and_the_city(store: Store) -> None:
    put(store, PPKS, [person(1, ppks_category="Pengemis"), person(2, kelurahan="ENTAH", ppks_category="Pengemis")])
    assert {code: told(store, "ppks_persons", code).value for code in (BENDE, KADIA, KENDARI)} == {
        BENDE: 1, KADIA: 2, KENDARI: 2,
    }  # fmt: skip


def test_every_reach_counts_also_of_one_person_and_also_one_that_reads_the_same(store: Store) -> None:
    put(store, OUTREACH, [reach(1), reach(1), reach(1, reached_on="2021-01-11"), reach(2, nik="", name="")])
    assert told(store, "outreach_reaches", BENDE).value == 4


def test_reaches_are_never_among_the_ppks_nor_added_over_lists(store: Store) -> None:
    put(store, PPKS, [person(1, ppks_category="Pengemis")], PERIOD)
    put(store, OUTREACH, [reach(number) for number in (1, 2, 3)], date(2020, 12, 31))
    put(store, OUTREACH, [reach(number) for number in (4, 5)], date(2021, 1, 31))
    assert told(store, "ppks_persons").value == 1
    assert told(store, "outreach_reaches").value == 2
    assert told(store, "outreach_reaches", day=date(2021, 1, 30)).value == 3


# Stunting and families at risk


def test_the_newest_measurement_of_a_child_speaks_for_it(store: Store) -> None:
    rows = [
        child(1, measured_on="2021-01-20", height_for_age="Normal", height_for_age_z="-0,9"),
        child(1, measured_on="2020-12-20", height_for_age="Pendek", height_for_age_z="-2,4"),
        child(2, measured_on="2020-12-20", height_for_age="Normal", height_for_age_z="-1,9"),
        child(2, measured_on="2021-01-20", height_for_age="Sangat Pendek", height_for_age_z="-3,4"),
    ]
    put(store, EPPGBM, rows)
    assert told(store, "stunting_share") == Value(1 / 2, 1, 2)


def test_of_two_measurements_of_a_day_the_later_row_speaks(store: Store) -> None:
    stunted, tall = {"height_for_age": "Pendek", "height_for_age_z": "-2,4"}, {}
    put(store, EPPGBM, [child(1, **stunted), child(1, **tall), child(2, **tall), child(2, **stunted)])
    assert told(store, "stunting_share") == Value(1 / 2, 1, 2)


def test_a_newer_measurement_that_says_nothing_does_not_silence_the_child(store: Store) -> None:
    nothing = {"height_for_age": "", "height_for_age_z": "", "height": "", "weight": ""}
    put(store, EPPGBM, [child(1, height_for_age="Pendek", height_for_age_z="-2,4", measured_on="2020-12-20"),
                        child(1, measured_on="2021-01-20", **nothing), child(2, **nothing)])  # fmt: skip
    assert told(store, "stunting_share") == Value(1.0, 1, 1)


def test_a_measurement_that_stands_twice_in_the_file_still_speaks(store: Store) -> None:
    put(store, EPPGBM, [child(1, height_for_age="Pendek", height_for_age_z="-2,4")] * 2)
    assert told(store, "stunting_share") == Value(1.0, 1, 1)


def test_the_word_says_who_is_stunted_else_the_score_below_minus_two_else_the_height(store: Store) -> None:
    told_by = {
        ("", "-2,00", "90,2"): False,
        ("", "-2,01", "90,2"): True,
        ("", "-2:50", "90,2"): True,
        ("", "-1.99", "90,2"): False,
        ("Pendek", "-1,00", "90,2"): True,
        ("Sangat Pendek", "", "90,2"): True,
        ("Normal", "-2,50", "90,2"): False,
        ("Tinggi", "3,2", "90,2"): False,
        ("", "", "80,0"): True,
        ("", "", "92,0"): False,
        ("", "", ""): None,
    }
    children = [
        child(at, height_for_age=word, height_for_age_z=z, height=height)
        for at, (word, z, height) in enumerate(told_by, start=1)
    ]
    snapshot = put(store, EPPGBM, children)
    assert [row["stunted"] for row in contents(snapshot)] == list(told_by.values())
    assert told(store, "stunting_share") == Value(5 / 10, 5, 10)


def test_a_masked_nik_leaves_a_child_to_its_name_birth_date_parent_and_posyandu(store: Store) -> None:
    same = {"nik": MASKED, "name": "BUDI", "parent_name": "IBU BUDI"}
    rows = [
        child(1, **same, measured_on="2020-12-20", height_for_age="Pendek", height_for_age_z="-2,4"),
        child(2, **{**same, "name": "Budi "}, measured_on="2021-01-20"),
        child(3, **same, posyandu="Anggrek"),
        child(4, **same, birth_date="2018-07-18"),
        child(5, **{**same, "parent_name": "IBU LAIN"}),
    ]
    put(store, EPPGBM, rows)
    assert told(store, "stunting_share") == Value(0, 0, 4)


def test_a_row_that_tells_no_child_apart_is_a_child_of_its_own(store: Store) -> None:
    budi = {"nik": "", "name": "BUDI SANTOSO", "parent_name": "IBU BUDI"}
    lacking = ("birth_date", "birth_date", "parent_name", "parent_name", "posyandu", "posyandu")
    rows = [child(at, **{**budi, field: "", "weight": f"12,{at}"}) for at, field in enumerate(lacking, start=1)]
    put(store, EPPGBM, rows)
    assert told(store, "stunting_share").denominator == len(lacking)


def test_a_child_counts_where_the_measurement_that_speaks_puts_it(store: Store) -> None:
    put(store, EPPGBM, [child(1, BENDE, measured_on="2020-12-20"), child(1, PONDAMBEA, measured_on="2021-01-20")])
    assert told(store, "stunting_measured", PONDAMBEA).value == 1
    assert told(store, "stunting_measured", BENDE).value in (None, 0)
    assert told(store, "stunting_measured", KENDARI).value == 1


def test_a_family_at_risk_is_one_family_card(store: Store) -> None:
    card = builders.kk(1)
    rows = [person(1, kk=card), person(2, kk=card), person(3), person(4, kk=""), person(5, kk=DESTROYED)]
    risk = {"wife_name": "ISTRI", "couple": "1", "pregnant": "2", "no_water": "1", "no_latrine": "2",
            "mother_too_old": "3", "no_modern_contraception": "V"}  # fmt: skip
    put(store, KRS, [row | risk for row in rows])
    assert told(store, "krs_families").value == 4
    assert told(store, "krs_families", MANDONGA).value == 0


# The official rate


def test_the_official_rate_is_a_fraction_of_kabkota_and_province_alone(store: Store) -> None:
    province = {"province": "Sulawesi Tenggara", "period": "2021"}
    rows = [{**province, "kabkota": "Kota Kendari", "poverty_rate": "4,87"}, {**province, "poverty_rate": "11,74"}]
    put(store, POVERTY, rows, None, place="")
    assert told(store, "poverty_rate_official", KENDARI).value == pytest.approx(0.0487)
    assert told(store, "poverty_rate_official", SULTRA).value == pytest.approx(0.1174)
    assert told(store, "poverty_rate_official", KADIA) == UNKNOWN
    assert told(store, "poverty_rate_official", BENDE) == UNKNOWN
    assert spread(store, "poverty_rate_official") == {}
    assert told(store, "poverty_rate_official", KENDARI, END_2020) == UNKNOWN
    frame = by_area(store, OWNER, Scope(KENDARI), ["poverty_rate_official"], "kelurahan")
    assert frame["poverty_rate_official"].isna().all()


def test_the_official_rate_has_a_history_year_by_year(store: Store) -> None:
    city = {"province": "Sulawesi Tenggara", "kabkota": "Kota Kendari"}
    rates = (("2020", "4,69"), ("2021", "4,87"), ("2022", "4,57"))
    put(store, POVERTY, [{**city, "period": year, "poverty_rate": rate} for year, rate in rates], None, place="")
    key = "poverty_rate_official"
    found = figures(store, OWNER, Scope(KENDARI, indicator=key), [key])[key]
    assert [day for day, _ in found.history] == [END_2020, END_2021, END_2022]
    assert [rate for _, rate in found.history] == pytest.approx([0.0469, 0.0487, 0.0457])
    assert found.before is not None
    assert found.before.value == pytest.approx(0.0487)


# Tables instead of lists


REKAP = {"kecamatan": "Kecamatan", "kelurahan": "Kelurahan", "period": "Tahun", "value": "Jumlah Individu DTKS"}


def test_a_rekap_tells_how_many_are_registered_where_there_is_no_list_and_says_so(store: Store) -> None:
    rows = [person(0, area, period="2020", value=str(number)) for area, number in ((BENDE, 300), (PONDAMBEA, 200))]
    rekap = put(store, REKAP, rows, None)
    assert told(store, "dtks_persons", BENDE).value == 300
    assert [one.register for one in behind(store, [INDICATORS["dtks_persons"]], KENDARI, LATER)] == ["rekap"]
    (source,) = context(store, OWNER, Scope(BENDE, indicator="dtks_persons")).sources
    assert (source.snapshot, source.register) == (rekap.id, "rekap")
    assert told(store, "dtks_updated_share", BENDE) == UNKNOWN


def test_persons_and_families_of_one_rekap_are_never_added_up(store: Store) -> None:
    told_of = (("DTKS Individu", 300), ("DTKS Keluarga", 80))
    rows = [person(0, period="2020", kind=kind, value=str(number)) for kind, number in told_of]
    put(store, {**REKAP, "kind": "Jenis", "value": "Jumlah"}, rows, None)
    assert told(store, "dtks_persons", BENDE).value == 300
    assert told(store, "dtks_families", BENDE).value == 80


def test_a_list_by_name_goes_before_a_rekap_of_the_same_place(store: Store) -> None:
    put(store, REKAP, [person(0, BENDE, period="2020", value="300")], None)
    put(store, builders.DATED, builders.people(3), PERIOD)
    assert told(store, "dtks_persons", BENDE).value == 3
    assert told(store, "dtks_persons", BENDE, date(2021, 1, 30)).value == 300
    asked = Scope(BENDE, period=date(2021, 1, 30), indicator="dtks_persons")
    assert [source.register for source in context(store, OWNER, asked).sources] == ["rekap"]


def test_what_a_rekap_tells_is_told_beside_figures_that_it_does_not_tell(store: Store) -> None:
    put(store, REKAP, [person(0, BENDE, period="2020", value="300")], None)
    (row,) = by_area(store, OWNER, Scope(BENDE), ["dtks_updated_share", "dtks_persons"], "kelurahan").to_dict("records")
    assert row["dtks_persons"] == 300
