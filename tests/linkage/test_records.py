from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data import engine
from data.linkage import records
from data.snapshots import Part, Store
from tests.builders import (
    DATED,
    DTSEN_FAMILIES,
    KENDARI,
    KRS,
    MANDONGA,
    PONDAMBEA,
    Row,
    kk,
    nik,
    person,
    register,
    stored,
)
from tests.linkage.neighbourhood import DAY, boy, eppgbm, family, listed

OTHERS = [person(100 + number, MANDONGA, name=f"ORANG KE {chr(65 + number % 26)}") for number in range(60)]
PEOPLE: tuple[Row, ...] = (
    *family(1, "H. ABD. RAHMAN, S.Pd", "ST. HASNAH", {"name": "MUH. ARIF", "nik": boy(1)}, {"name": "MUH ARIF"}),
    *OTHERS,
)
MEASURED = (
    listed(1, "ARIF", "ABDUL RAHMAN / SITI HASNAH", measured_on="2020-12-01", nik=boy(1)),
    listed(1, "MUHAMAD ARIF", "", measured_on="2021-01-10", nik=boy(1)),
    listed(2, "BY NY. DEWI", "", nik="747108" + "*" * 10, address="JLN. DR. SUTOMO NO. 12 RT 3"),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("records")
    store = Store(folder / "home")
    stored(store, register(folder / "dtks.csv", PEOPLE, DATED), date(2021, 1, 31), place=KENDARI)
    eppgbm(store, folder / "eppgbm.csv", MEASURED)
    return _tables(store.select("eppgbm", KENDARI), store.select("dtks", KENDARI), "person")


def _tables(left: tuple[Part, ...], right: tuple[Part, ...], grain: records.Finds) -> dict[str, list[dict[str, Any]]]:
    with engine.connect().con as con:
        records.load(con, left, right, grain)
        names = [f"left_{grain}", "right_family", *(["right_person"] if grain == "person" else [])]
        return {
            name: con.sql(f"SELECT * FROM {name} ORDER BY unique_id").to_arrow_table().to_pylist() for name in names
        }


def test_the_newest_measurement_speaks_and_older_ones_complete_it(loaded: dict[str, list[dict[str, Any]]]) -> None:
    arif, baby = sorted(loaded["left_person"], key=lambda record: record["nik"] is None)
    assert arif["name_canonical"] == "MUHAMMAD ARIF"
    assert arif["parents"] == ["ABDUL RAHMAN", "SITI HASNA"]
    assert baby["unit"] != arif["unit"]


def test_a_baby_without_a_name_has_its_mother(loaded: dict[str, list[dict[str, Any]]]) -> None:
    baby = next(record for record in loaded["left_person"] if record["nik"] is None)
    assert baby["name_canonical"] is None
    assert baby["parents"] == ["DEWI"]


def test_a_masked_nik_shows_what_it_shows(loaded: dict[str, list[dict[str, Any]]]) -> None:
    baby = next(record for record in loaded["left_person"] if record["nik"] is None)
    assert baby["nik_shown"] == "747108" + "_" * 10


def test_an_address_is_street_and_house(loaded: dict[str, list[dict[str, Any]]]) -> None:
    baby = next(record for record in loaded["left_person"] if record["nik"] is None)
    assert (baby["street"], baby["house"]) == ("DRSUTOMO", "12")


def test_a_child_has_the_adults_of_its_family_for_parents(loaded: dict[str, list[dict[str, Any]]]) -> None:
    child = next(record for record in loaded["right_person"] if record["nik"] == boy(1))
    assert child["parents"] == ["ABDUL RAHMAN", "SITI HASNA"]
    assert {f"747108030288{9001}", f"747108521190{9001}"} <= set(child["niks"])
    assert child["birth_swapped"] is None
    assert (child["birth"], child["birth_tail"]) == ("20180717", "0717")


def test_the_same_person_twice_in_a_family_is_one(loaded: dict[str, list[dict[str, Any]]]) -> None:
    arif = [record["entity"] for record in loaded["right_person"] if record["name_canonical"] == "MUHAMMAD ARIF"]
    assert len(arif) == 2
    assert len(set(arif)) == 1
    everybody = [record["entity"] for record in loaded["right_person"]]
    assert len(set(everybody)) == len(everybody) - 1


def test_a_family_has_its_head_wife_and_numbers(loaded: dict[str, list[dict[str, Any]]]) -> None:
    found = next(record for record in loaded["right_family"] if record["kk"] == kk(1))
    assert (found["name_canonical"], found["wife_canonical"]) == ("ABDUL RAHMAN", "SITI HASNAH")
    assert boy(1) in found["niks"]
    assert found["mother_years"] == [1990]


def test_words_that_many_bear_are_not_rare(loaded: dict[str, list[dict[str, Any]]]) -> None:
    stranger = next(record for record in loaded["right_person"] if record["name_canonical"].startswith("ORANG"))
    arif = next(record for record in loaded["right_person"] if record["nik"] == boy(1))
    assert "ORANG" not in (stranger["name_rare"] or [])
    assert "ARIP" in arif["name_rare"]


def test_kelurahan_next_to_it_are_neighbours(loaded: dict[str, list[dict[str, Any]]]) -> None:
    near = loaded["left_person"][0]["neighbours"]
    assert len(near) == records.NEIGHBOURS
    assert PONDAMBEA not in near


def test_families_of_a_list_of_families_need_no_persons(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    row = person(1, name="ABD. RAHMAN", wife_name="ST. HASNAH", couple="1", pregnant="2", no_water="1", no_latrine="2",
                 mother_too_old="2", no_modern_contraception="1")  # fmt: skip
    stored(store, register(tmp_path / "krs.csv", [row], KRS, delimiter=","), DAY, register="krs", place=KENDARI)
    right = person(1, name="ABDUL RAHMAN", decile="2", rank="10", family_members="4", kk=kk(1))
    stored(store, register(tmp_path / "dtsen.csv", [right], DTSEN_FAMILIES, delimiter=","), DAY, register="dtsen",
           place=KENDARI)  # fmt: skip
    tables = _tables(store.select("krs", KENDARI), store.select("dtsen", KENDARI), "family")
    (mine,), (theirs,) = tables["left_family"], tables["right_family"]
    assert (mine["kk"], mine["niks"], mine["wife_canonical"]) == (kk(1), [nik(1)], "SITI HASNAH")
    assert (theirs["kk"], theirs["name_canonical"], theirs["wife_canonical"]) == (kk(1), "ABDUL RAHMAN", None)


def test_nothing_at_all_is_no_error() -> None:
    assert _tables((), (), "person") == {"left_person": [], "right_family": [], "right_person": []}
    assert _tables((), (), "family") == {"left_family": [], "right_family": []}


def test_namesakes_of_whom_no_parent_is_known_are_two(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "dtks.csv", PEOPLE, DATED), date(2021, 1, 31), place=KENDARI)
    eppgbm(store, tmp_path / "eppgbm.csv", [listed(number, "ALIF RAMADHAN", "", nik=boy(number)) for number in (1, 2)])
    one, other = _tables(store.select("eppgbm", KENDARI), store.select("dtks", KENDARI), "person")["left_person"]
    assert (one["name_canonical"], one["birth"], one["kelurahan"]) == (
        other["name_canonical"],
        other["birth"],
        other["kelurahan"],
    )
    assert one["entity"] != other["entity"]
