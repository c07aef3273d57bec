"""What a column holds tells which field it is, or that it cannot be the field its heading resembles."""

from collections.abc import Sequence

import pytest

from data.definitions.fields import SHARED
from data.definitions.registers import registers
from data.intake.evidence import Content, Fit, fit, is_place
from tests.builders import kk, nik

FIELDS = {field.key: field for field in SHARED}
DTKS = registers()["dtks"]
ROWS = range(1, 41)
WOMEN = [f"747108{41 + n % 28:02}0580{9000 + n:04}" for n in ROWS]
NIKS = [nik(n) if n % 2 else WOMEN[n - 1] for n in ROWS]
FAMILIES = [kk(n // 3) for n in ROWS]
BIRTHS = [f"{n % 28 + 1:02}/05/{1950 + n}" for n in ROWS]
UPDATES = [f"2020-{n % 12 + 1:02}-15" for n in ROWS]


def looked(field: str, cells: Sequence[str]) -> Fit:
    found = fit(FIELDS[field], Content(cells), DTKS)
    assert found is not None
    return found


def best(cells: Sequence[str], *among: str) -> str:
    return max(among, key=lambda field: looked(field, cells).score)


def test_a_nik_and_a_family_card_are_told_apart_by_repeated_numbers() -> None:
    assert best(NIKS, "nik", "kk") == "nik"
    assert best(FAMILIES, "nik", "kk") == "kk"


def test_numbers_with_a_birthday_above_forty_are_nik_of_women_and_never_a_family_card() -> None:
    assert looked("nik", WOMEN).score > 0.9
    assert looked("kk", WOMEN).score == 0


def test_what_is_left_of_a_nik_still_suits_it_and_a_coordinate_does_not() -> None:
    assert looked("nik", ["7471**********01", "'7471014101909001", "7.471014e+15", "747101410190900"] * 3).share == 1
    assert looked("nik", ["-5.746480997815013", "106.61316002526523"] * 5).share == 0


def test_dates_over_decades_are_births_and_dates_of_one_year_are_not() -> None:
    assert best(BIRTHS, "birth_date", "updated_on") == "birth_date"
    assert best(UPDATES, "birth_date", "updated_on") == "updated_on"


def test_one_slip_does_not_make_births_of_updates() -> None:
    assert best([*UPDATES, "1900-01-01"], "birth_date", "updated_on") == "updated_on"


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("sex", ["L", "P"]),
        ("sex", ["Laki-Laki", "PEREMPUAN"]),
        ("relation", ["KEPALA KELUARGA", "ISTRI", "ANAK"]),
        ("marital_status", ["Belum Kawin", "CERAI MATI"]),
        ("dukcapil", ["PADAN", "TIDAK PADAN"]),
        ("decile", ["1", "2", "Belum Ada Desil", "6-10"]),
        ("area_code", ["74.71.08.1002", "7471081003"]),
        ("kelurahan", ["BENDE", "KEL. PONDAMBEA", "ANDUONOHU"]),
        ("kabkota", ["KOTA KENDARI"]),
        ("province", ["SULAWESI TENGGARA"]),
        ("address", ["JL. MELATI NO. 5", "GG. II"]),
    ],
)
def test_cells_that_only_one_field_has_give_it_away(field: str, cells: list[str]) -> None:
    assert looked(field, cells * 10).score >= 0.6


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("birth_date", ["SITI", "BUDI"]),
        ("nik", ["1", "2"]),
        ("bpnt", ["JL. MELATI", "JL. MAWAR"]),
        ("decile", ["12", "999"]),
        ("sex", ["2020-01-01"]),
    ],
)
def test_cells_that_a_field_cannot_have_speak_against_it(field: str, cells: list[str]) -> None:
    assert looked(field, cells * 10).share < 0.2


def test_many_different_kabupaten_are_where_people_were_born() -> None:
    births = ["KENDARI", "MUNA", "KOLAKA", "BUTON", "KONAWE", "BOMBANA", "WAKATOBI", "BAUBAU"] * 5
    assert looked("kabkota", births).score < 0.6


def test_names_of_persons_are_not_taken_for_places_nor_places_for_persons() -> None:
    names = [f"SITI {chr(65 + n % 26)}MINAH WATI" for n in ROWS]
    assert looked("name", names).score > 0.6
    assert (
        looked("name", ["PULAU PANGGANG", "KEBON KACANG", "DURI PULO", "PETOJO UTARA", "KEBON MELATI"] * 2).score == 0
    )
    assert not is_place("SITI AMINAH WATI", "kelurahan")


def test_few_cells_prove_nothing() -> None:
    assert fit(FIELDS["nik"], Content(["7471014101909001"] * 4 + ["", " ", "-"]), DTKS) is None


def test_a_word_may_be_told_and_a_number_or_name_never_is() -> None:
    assert looked("sex", ["L", "P"] * 5).values == {"words": "L, P"}
    shown = [str(looked(field, cells).values) for field, cells in (("nik", NIKS), ("kk", FAMILIES))]
    assert not any(number in text for text in shown for number in (*NIKS, *FAMILIES))


def test_an_endless_cell_is_looked_at_only_at_its_start() -> None:
    assert max(map(len, Content(["9 " * 1_000_000] * 6).cells)) <= 200
