from datetime import date

import pandas as pd
import pytest

from components.households import choices, columns, families, noted, orders, seen_by, table
from data.access import Viewer
from data.definitions.catalogue import FIELDS, REGISTERS
from data.definitions.registers import Register
from data.definitions.roles import rights_of
from data.lists import permit, withheld

DTKS = REGISTERS["dtks"]
PROGRAMMES = {"pkh": "PKH", "pbi_jkn": "PBI JKN"}


def rows(**changes: object) -> pd.DataFrame:
    person = {
        "family": "1",
        "family_size": 2,
        "name": "SITI",
        "nik": "7471************",
        "kk": "7471************",
        "birth_date": date(1984, 3, 12),
        "age": 36,
        "sex": "P",
        "relation": "KEPALA KELUARGA",
        "address": "JL SATU",
        "rt": "001",
        "rw": "002",
        "kelurahan": "Mandonga",
        "kecamatan": "Mandonga",
        "updated_on": date(2020, 5, 1),
        "updated": "yes",
        "dukcapil": "unknown",
        "nik_state": "valid",
        "programmes": "pkh,pbi_jkn",
        "file_row": 12,
    }
    return pd.DataFrame([person | changes, person | {"name": "ANI", "relation": "ANAK"}])


def test_a_family_has_one_head_line_and_a_line_a_person() -> None:
    html = table(rows(), PROGRAMMES, "id", DTKS)
    assert html.count('class="family"') == 1
    assert html.count("<td>") == 2 * 8
    assert "2 anggota" in html
    assert "PKH, PBI JKN" in html
    assert "12 Maret 1984 (36 th)" in html


def test_whatever_a_file_says_is_shown_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    html = table(
        rows(name=hostile, address=hostile, relation=hostile, nik=hostile, programmes=hostile), PROGRAMMES, "id", DTKS
    )
    assert "<script" not in html


def test_missing_values_are_dashes() -> None:
    html = table(
        rows(name=None, nik=None, kk=None, birth_date=None, age=None, relation=None, rt=None, rw=None, updated_on=None),
        PROGRAMMES,
        "id",
        DTKS,
    )
    assert "tanpa nomor KK" in html
    assert "None" not in html
    assert "nan" not in html.lower().replace("tanpa", "")


OFFICIAL = Viewer("a", ("74.71",), rights_of(("official",)))


def test_who_sees_no_names_has_no_columns_for_what_is_left_out() -> None:
    html = table(rows(name="S. A.", address=None), PROGRAMMES, "id", DTKS, mask=OFFICIAL.mask())
    for absent in ("NIK", "KK", "7471", "1984", "Baris", "Alamat"):
        assert absent not in html
    for there in ("Inisial", "S. A.", "36 th", "Mandonga", "PKH"):
        assert there in html
    child = table(rows(), {}, "id", REGISTERS["eppgbm"], mask=OFFICIAL.mask())
    assert ("Posyandu" in child) is ("posyandu" not in withheld(OFFICIAL.mask()))


def test_who_sees_no_names_is_offered_no_filter_and_no_order_that_the_list_refuses() -> None:
    for register in BY_NAME:
        offered = seen_by(OFFICIAL, choices(register, PROGRAMMES, "74.71"))
        for key, words in offered.items():
            permit(OFFICIAL, ((key, next(iter(words))),))
    assert "name" in orders(DTKS)
    assert "name" not in orders(DTKS, named=False)


def test_a_list_says_that_it_is_recorded_and_why_names_are_short() -> None:
    planner = Viewer("a", ("74.71",), rights_of(("planner",)))
    assert "Dicatat" in noted(planner, "id")
    assert "disingkat" not in noted(planner, "id")
    assert "disingkat sesuai peran" in noted(OFFICIAL, "id")


BY_NAME = [register for register in REGISTERS.values() if register.grain != "figure"]


@pytest.mark.parametrize("register", BY_NAME, ids=lambda register: register.key)
def test_every_register_by_name_has_a_list_that_escapes_what_it_shows(register: Register) -> None:
    hostile = "<script>alert(1)</script>"
    own = [key for key in register.listed if key not in rows().columns]
    others = {key: date(2021, 1, 1) if FIELDS[key].kind == "date" else hostile for key in own}
    html = table(rows(name=hostile, address=hostile).assign(**others), {}, "id", register)
    assert "<script" not in html
    assert html.count("<th scope") == len(columns(register, {}))


@pytest.mark.parametrize("register", BY_NAME, ids=lambda register: register.key)
def test_a_list_offers_only_filters_that_its_fields_allow(register: Register) -> None:
    offered = choices(register, {})
    assert ("updated" in offered) is register.updated
    assert ("category" in offered) is bool(register.categories)
    assert ("stunted" in offered) is (register.key == "eppgbm")
    assert ("decile" in offered) is ("decile" in register.fields)


def test_only_registers_of_families_group_their_list() -> None:
    grouped = {register.key for register in BY_NAME if families(register)}
    assert grouped == {"dtks", "dtsen", "p3ke"}


def test_values_are_read_as_their_kind_wants() -> None:
    child = {"measured_on": date(2021, 2, 14), "height_for_age": "severely_stunted", "height_for_age_z": -3.25}
    html = table(rows().assign(**child, stunted=True, height=81.5), {}, "id", REGISTERS["eppgbm"])
    for part in ("14 Februari 2021", "sangat pendek", "-3,25", "81,5", "✓ ya"):
        assert part in html
    assert 'class="family"' not in html


def test_a_list_by_what_became_of_a_match_says_so_beside_the_name() -> None:
    eppgbm = REGISTERS["eppgbm"]
    told = {"parent_name": "", "posyandu": "", "measured_on": None, "match": "family_only", "match_open": True}
    told |= {key: None for key in eppgbm.listed if key not in (*told, "sex", "birth_date")}
    html = table(rows(**told), {}, "id", eppgbm)
    assert "Keluarga tercatat, anak belum (perlu ditinjau)" in html
    assert "Padan</th>" in html
    assert "Padan</th>" not in table(rows(**told).drop(columns="match"), {}, "id", eppgbm)


def test_a_list_of_needs_says_beside_each_name_what_is_needed_and_missed() -> None:
    concerned = rows().assign(concern_open=[["papers", "elderly"], None], concern_missing=[["kaj"], None])
    html = table(concerned, PROGRAMMES, "id", DTKS)
    assert "<td>NIK dan dokumen kependudukan, Lansia sendiri atau miskin</td><td>KAJ</td>" in html
    assert "<b>ANI</b></td><td>–</td><td>–</td>" in html
