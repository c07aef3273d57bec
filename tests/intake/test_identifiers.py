"""NIK and KK numbers: repaired where nothing is lost, rejected where digits are gone; the row always stays."""

from collections.abc import Mapping
from typing import Any

import pytest

from data.intake.importing import ImportResult
from data.snapshots import Store
from tests.builders import contents, nik, person, problem_rows, problems, register, take_in

WHOLE = nik(1)
FORMS: dict[str, tuple[str, str]] = {
    "as it should be": (WHOLE, "valid"),
    "apostrophe": (f"'{WHOLE}", "valid"),
    "typographic apostrophe": (f"’{WHOLE}", "valid"),
    "spaces": (f"{WHOLE[:4]} {WHOLE[4:8]} {WHOLE[8:]}", "valid"),
    "spaces around": (f"  {WHOLE} ", "valid"),
    "no-break space": (f"\u00a0{WHOLE}", "valid"),
    "dots": (f"{WHOLE[:6]}.{WHOLE[6:12]}.{WHOLE[12:]}", "valid"),
    "a decimal": (f"{WHOLE}.0", "valid"),
    "a formula": (f'="{WHOLE}"', "valid"),
    "float with dot": ("7.471020e+15", "destroyed"),
    "float with comma": ("7,47102E+15", "destroyed"),
    "float with apostrophe": ("'7.47102E+15", "destroyed"),
    "float without sign": ("7.47102E15", "destroyed"),
    "float of sixteen signs": ("7.47104190183E15", "destroyed"),
    "float of sixteen signs without a dot": ("7471041901830e03", "destroyed"),
    "hexadecimal of sixteen signs": ("0x1AA535D3D0C000", "malformed"),
    "fifteen digits": (WHOLE[:15], "malformed"),
    "seventeen digits": (WHOLE + "1", "malformed"),
    "a letter": (WHOLE[:15] + "O", "malformed"),
    "words": ("belum punya", "malformed"),
    "digits of another alphabet": ("\N{ARABIC-INDIC DIGIT SEVEN}" * 16, "malformed"),
    "nines": ("9" * 16, "malformed"),
    "masked with stars": ("7471**********01", "masked"),
    "masked to the end": ("02022**********", "masked"),
    "masked with x": ("7471XXXXXXXXXX01", "masked"),
    "dash": ("-", "missing"),
    "blank": ("", "missing"),
    "zeros": ("0" * 16, "missing"),
    "zero": ("0", "missing"),
    "null": ("NULL", "missing"),
    "not available": ("n/a", "missing"),
}
Rows = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    folder = tmp_path_factory.mktemp("identifiers")
    rows = [person(n, nik=form, kk=form, family_register_id="") for n, (form, _) in enumerate(FORMS.values(), start=1)]
    return take_in(Store(folder / "home"), register(folder / "a.csv", rows))


@pytest.fixture(scope="module")
def rows(result: ImportResult) -> Rows:
    assert result.snapshot is not None
    return dict(zip(FORMS, contents(result.snapshot), strict=True))


@pytest.mark.parametrize("field", ["nik", "kk"])
@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_repaired_or_rejected_and_its_row_stays(rows: Rows, form: str, field: str) -> None:
    state = FORMS[form][1]
    assert rows[form][f"{field}_state"] == state
    assert rows[form][field] == (WHOLE if state == "valid" else None)
    assert rows[form]["counted"]


def test_what_is_left_of_a_masked_nik_is_kept_for_matching(rows: Rows) -> None:
    assert rows["masked to the end"]["nik_partial"] == "02022**********"
    assert rows["fifteen digits"]["nik_partial"] is None


def test_a_destroyed_missing_or_wrong_kk_never_joins_strangers_into_one_family(rows: Rows) -> None:
    alone = [row["family_no"] for form, row in rows.items() if FORMS[form][1] != "valid"]
    assert len(set(alone)) == len(alone)
    together = {row["family_no"] for form, row in rows.items() if FORMS[form][1] == "valid"}
    assert len(together) == 1
    assert not together & set(alone)


@pytest.mark.parametrize("kind", ["nik", "kk"])
@pytest.mark.parametrize("state", ["destroyed", "malformed", "masked", "missing"])
def test_each_kind_of_defect_is_reported_with_its_rows(result: ImportResult, state: str, kind: str) -> None:
    concerned = [number for number, (_, found) in enumerate(FORMS.values(), start=2) if found == state]
    line = problems(result)[f"{kind}_{state}"]
    assert line.severity == "warning"
    assert line.rows == len(concerned)
    assert line.first_rows == tuple(concerned[:5])


def test_a_nik_in_several_rows_is_reported_with_both_numbers_and_every_row_counts(result: ImportResult) -> None:
    valid = [form for form, state in FORMS.values() if state == "valid"]
    line = problems(result)["nik_duplicated"]
    assert (line.values["niks"], line.rows) == (1, len(valid))
    assert result.snapshot is not None
    assert result.snapshot.counts.persons == len(FORMS)


def test_the_list_of_problems_shows_no_number_in_full(result: ImportResult) -> None:
    assert result.snapshot is not None
    shown = [
        row["value"]
        for row in problem_rows(result.snapshot)
        if row["code"].startswith(("nik_", "kk_")) and row["value"]
    ]
    assert shown
    assert not any(sum(letter.isdigit() for letter in value) > 8 for value in shown)


def test_without_kk_the_family_number_of_the_register_makes_the_family(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("families")
    rows = [
        person(1, kk="7.47E+15", family_register_id="A"),
        person(2, kk="", family_register_id="A"),
        person(3, kk="7.47E+15", family_register_id="B"),
        person(4, kk="7.47E+15", family_register_id="-"),
        person(5, kk="-", family_register_id=""),
        person(6, kk="-", family_register_id="0"),
        person(7, kk="-", family_register_id="0"),
        person(8, kk="-", family_register_id="7.47102E+15"),
        person(9, kk="-", family_register_id="7.47102E+15"),
        person(10, kk=nik(3), family_register_id="A"),
        person(11, kk=nik(3), family_register_id="C"),
    ]
    result = take_in(Store(folder / "home"), register(folder / "a.csv", rows))
    assert result.snapshot is not None
    family = [row["family_no"] for row in contents(result.snapshot)]
    assert family[0] == family[1]
    assert family[9] == family[10]
    assert len(set(family)) == 9
    assert result.snapshot.counts.families == 9
