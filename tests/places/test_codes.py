"""Two systems of area codes: told apart by evidence, and paired by what files tell."""

from pathlib import Path

import pytest

from data.places.codes import NO_PAIRS, CodeColumn, Pairs, code_column, composed, decide, groups, learned, split_widths
from data.places.reference import LEVELS

BENDE, PONDAMBEA = "74.71.08.1002", "74.71.08.1003"


@pytest.mark.parametrize(
    ("heading", "level", "said"),
    [
        ("kode_provinsi", "province", ""),
        ("KDPROP", "province", ""),
        ("NO_KEL", "kelurahan", ""),
        ("Kode Desa/Kelurahan", "kelurahan", ""),
        ("kode_kelurahan_desa_ktp", "kelurahan", ""),
        ("iddesa", "kelurahan", ""),
        ("bps_kode_kecamatan", "kecamatan", "bps"),
        ("Kode BPS", None, "bps"),
        ("Kode Kemdagri", None, "kemendagri"),
        ("village_code", "kelurahan", ""),
        ("Kode Wilayah", None, ""),
    ],
)
def test_a_heading_tells_of_which_level_and_system_its_codes_are(heading: str, level: str | None, said: str) -> None:
    found = code_column(0, heading)
    assert found is not None
    assert (found.level, found.said) == (level, said)


@pytest.mark.parametrize("heading", ["Kode Pos", "No", "No KK", "Nomor", "Kode Keluarga", "ID DTKS", "Kecamatan", ""])
def test_other_numbers_are_no_area_codes(heading: str) -> None:
    assert code_column(0, heading) is None


def test_split_columns_give_one_code_whole_or_in_parts() -> None:
    rows = [("74", "71", "8", "1002"), ("74", "71", "08", "1003")]
    widths = split_widths(rows, LEVELS)
    assert [composed(row, LEVELS, widths) for row in rows] == ["7471081002", "7471081003"]
    full = ("74", "7471", "747108", "7471081002")
    assert composed(full, LEVELS, split_widths([full], LEVELS)) == "7471081002"


def test_a_kecamatan_of_three_digits_is_of_bps() -> None:
    rows = [("74", "71", "010", "1"), ("74", "71", "011", "12")]
    widths = split_widths(rows, LEVELS)
    assert [composed(row, LEVELS, widths) for row in rows] == ["7471010001", "7471011012"]


def test_a_missing_part_ends_the_code() -> None:
    assert composed(("74", "71", "", "1002"), LEVELS, split_widths([], LEVELS)) == "7471"


def test_columns_of_two_systems_are_read_apart() -> None:
    headings = ("kemendagri_kode_kecamatan", "bps_kode_kabupaten_kota", "bps_kode_kecamatan")
    columns = [found for index, heading in enumerate(headings) if (found := code_column(index, heading))]
    assert [[column.index for column in group] for group in groups(columns)] == [[0], [1, 2]]


def test_names_beside_the_codes_decide_for_bps() -> None:
    told = decide({"3171": "31.74", "3172": "31.75"}, NO_PAIRS)
    assert (told.system, told.agreeing, told.against, told.decided) == ("bps", 2, 0, True)


def test_names_beside_the_codes_decide_for_kemendagri() -> None:
    told = decide({"3171": "31.71", "3172": "31.72", "3173": "31.71"}, NO_PAIRS)
    assert (told.system, told.agreeing, told.against) == ("kemendagri", 2, 1)


def test_without_names_the_codes_that_exist_decide() -> None:
    assert decide({"7471081002": "", "7471081003": ""}, NO_PAIRS).system == "kemendagri"
    # The seventh digit of a Kemendagri code is 1 or 2; the third code exists there by chance.
    assert decide({"7471010001": "", "7471010003": "", "7471081002": ""}, NO_PAIRS).system == "bps"
    assert decide({"7471010": ""}, NO_PAIRS).system == "bps"


def test_without_any_evidence_the_heading_decides_else_nothing_does() -> None:
    assert decide({"3171": ""}, NO_PAIRS, "bps").system == "bps"
    undecided = decide({"3171": ""}, NO_PAIRS)
    assert (undecided.system, undecided.decided) == ("kemendagri", False)


def test_a_code_with_two_meanings_teaches_nothing() -> None:
    rows = [("7471011001", BENDE), ("7471011002", BENDE), ("7471011002", PONDAMBEA), ("7471", "74.71.08")]
    assert learned(rows) == {"7471011001": BENDE, "7471": "74.71"}


def test_pairs_are_kept_and_tell_the_places_above(tmp_path: Path) -> None:
    pairs = Pairs.of(tmp_path)
    assert pairs.meant("7471011001") == "74"
    assert pairs.learn({"7471011001": BENDE, "7471011002": PONDAMBEA}) == 2
    kept = Pairs.of(tmp_path)
    assert kept.meant("7471011002") == PONDAMBEA
    assert (kept.meant("7471011099"), kept.meant("7471999001")) == ("74.71.08", "74.71")
    assert kept.learn({"7471011001": BENDE}) == 0
    assert len(list((tmp_path / "places").iterdir())) == 1


def test_files_that_contradict_each_other_evenly_leave_a_code_unknown(tmp_path: Path) -> None:
    Pairs.of(tmp_path).learn({"7471011001": BENDE})
    Pairs.of(tmp_path).learn({"7471011001": PONDAMBEA})
    assert Pairs.of(tmp_path).meant("7471011001") == "74.71.08"


def test_a_damaged_file_of_pairs_is_no_obstacle(tmp_path: Path) -> None:
    Pairs.of(tmp_path).learn({"7471011001": BENDE})
    (tmp_path / "places" / "bps-0000.parquet").write_bytes(b"PAR1 nothing")
    assert Pairs.of(tmp_path).meant("7471011001") == BENDE


def test_provinces_of_papua_are_not_guessed() -> None:
    assert (NO_PAIRS.meant("9171"), NO_PAIRS.meant("3171")) == ("", "31")


def test_a_column_is_described_as_it_is_asked() -> None:
    assert code_column(4, "kode_kecamatan") == CodeColumn(4, "kode_kecamatan", "kecamatan", "")
