from datetime import date

import pandas as pd

from components.households import table

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
    html = table(rows(), PROGRAMMES, "id")
    assert html.count('class="family"') == 1
    assert html.count("<td>") == 2 * 8
    assert "2 anggota" in html
    assert "PKH, PBI JKN" in html
    assert "12 Maret 1984 (36 th)" in html


def test_whatever_a_file_says_is_shown_as_text() -> None:
    hostile = "<script>alert(1)</script>"
    html = table(
        rows(name=hostile, address=hostile, relation=hostile, nik=hostile, programmes=hostile), PROGRAMMES, "id"
    )
    assert "<script" not in html


def test_missing_values_are_dashes() -> None:
    html = table(
        rows(name=None, nik=None, kk=None, birth_date=None, age=None, relation=None, rt=None, rw=None, updated_on=None),
        PROGRAMMES,
        "id",
    )
    assert "tanpa nomor KK" in html
    assert "None" not in html
    assert "nan" not in html.lower().replace("tanpa", "")
