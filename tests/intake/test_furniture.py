"""No persons: titles, column numbers, repeated headings, totals, blank rows; rows without anybody are rejected."""

from collections.abc import Sequence

import pytest

from data.intake.importing import ImportResult
from data.snapshots import Counts, Snapshot, Store
from tests.builders import DATED, contents, people, person, problem_rows, problems, register, table, take_in

WIDTH = len(DATED)


def line(**fields: str) -> list[str]:
    return [fields.get(key, "") for key in DATED]


ABOVE: Sequence[Sequence[str]] = (["DATA TERPADU KESEJAHTERAAN SOSIAL"], [], ["KOTA KENDARI", "PER 31 JANUARI 2021"])
BODY: tuple[tuple[str, list[str]], ...] = (
    ("column numbers", [str(number) for number in range(1, WIDTH + 1)]),
    ("column numbers in brackets", [f"({number})" for number in range(1, WIDTH + 1)]),
    ("person", table([person(1)])[1]),
    ("person", table([person(2)])[1]),
    ("headings", list(DATED.values())),
    ("person", table([person(3, name="TOTALINA")])[1]),
    ("person without name", table([person(4, name="")])[1]),
    ("person with a name alone", line(name="LA ODE", kecamatan="KADIA", kelurahan="BENDE")),
    ("person with a number alone", line(nik=person(5)["nik"])),
    ("person with a short name", table([person(6, name="A")])[1]),
    ("nobody", line(kecamatan="KADIA", kelurahan="BENDE", address="JL. MELATI")),
    ("nobody", line(name="-", nik="-", kk="", family_register_id="-", kabkota="KOTA KENDARI")),
    ("nobody", line(nik="7.47E+15", kk="123", kabkota="KOTA KENDARI")),
    ("blank", line()),
    ("total", line(family_register_id="GRAND TOTAL", nik="5", name="5")),
    ("total", line(province="JUMLAH", kk="4", name="113.000")),
    ("total", line(name="JUMLAH KESELURUHAN : 5 JIWA")),
    ("total", ["", "Sub Total", *[""] * (WIDTH - 2)]),
    ("total", ["TOTAL KECAMATAN KADIA", *[""] * (WIDTH - 1)]),
    ("total", line(province="Jml", name="5", nik="5", kk="2")),
)
FIRST = len(ABOVE) + 2


def rows_with(kind: str) -> list[int]:
    return [number for number, (found, _) in enumerate(BODY, start=FIRST) if found.startswith(kind)]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    folder = tmp_path_factory.mktemp("furniture")
    path = register(folder / "a.csv", [], above=ABOVE, below=[cells for _, cells in BODY])
    return take_in(Store(folder / "home"), path)


@pytest.fixture(scope="module")
def snapshot(result: ImportResult) -> Snapshot:
    assert result.snapshot is not None
    return result.snapshot


def test_every_person_is_stored_under_the_row_number_of_the_file(snapshot: Snapshot) -> None:
    assert [row["file_row"] for row in contents(snapshot)] == rows_with("person")


def test_a_person_whose_name_begins_like_a_total_stays(snapshot: Snapshot) -> None:
    assert "TOTALINA" in {row["name"] for row in contents(snapshot)}


def test_rows_without_name_and_identifier_are_rejected_and_named(result: ImportResult) -> None:
    rejected = problems(result)["no_name_no_identifier"]
    assert rejected.severity == "rejected"
    assert rejected.first_rows == tuple(rows_with("nobody"))
    assert rejected.rows == 3


def test_totals_headings_and_column_numbers_are_left_out_and_said(result: ImportResult) -> None:
    furniture = [*rows_with("column"), *rows_with("headings"), *rows_with("total")]
    assert problems(result)["rows_left_out"].rows == len(furniture)


def test_the_counts_add_up(snapshot: Snapshot) -> None:
    persons, nobody = len(rows_with("person")), len(rows_with("nobody"))
    counts = snapshot.counts
    assert (counts.read, counts.accepted, counts.rejected) == (persons + nobody, persons, nobody)
    assert counts.persons == persons
    assert isinstance(counts, Counts)


def test_every_row_that_is_not_stored_is_listed_except_blank_ones(snapshot: Snapshot) -> None:
    listed = {
        row["file_row"]: row["code"]
        for row in problem_rows(snapshot)
        if row["code"] in ("rows_left_out", "no_name_no_identifier")
    }
    outside = [
        number
        for number, (kind, _) in enumerate(BODY, start=FIRST)
        if not kind.startswith("person") and kind != "blank"
    ]
    assert sorted(listed) == outside
    assert [number for number, code in sorted(listed.items()) if code == "no_name_no_identifier"] == rows_with("nobody")


def test_a_row_is_repeated_only_if_everything_but_the_running_number_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Rows 3 and 5 repeat row 2 (3 with another running number); row 4 has another address, row 6 another family."""
    folder = tmp_path_factory.mktemp("repeats")
    numbered = {"counter": "NO.", **DATED}
    same = person(1)
    rows = [
        {"counter": "1", **same},
        {"counter": "2", **same},
        {"counter": "3", **same, "address": "JL. LAIN"},
        {"counter": "1", **same},
        {"counter": "5", **same, "kk": "7471080101000999"},
        *({"counter": str(number), **row} for number, row in enumerate(people(4)[1:], start=6)),
    ]
    result = take_in(Store(folder / "home"), register(folder / "a.csv", rows, numbered))
    assert result.snapshot is not None
    assert problems(result)["row_repeated"].first_rows == (3, 5)
    counts = result.snapshot.counts
    assert (counts.accepted, counts.repeated, counts.persons, counts.families) == (8, 2, 6, 5)
    assert [row["counted"] for row in contents(result.snapshot)] == [True, False, True, False, True, True, True, True]
    twice = problems(result)["nik_duplicated"]
    assert (twice.values["niks"], twice.rows, twice.first_rows) == (1, 3, (2, 4, 6))
    sizes = {row["kk"]: row["family_size"] for row in contents(result.snapshot)}
    assert sizes[same["kk"]] == 2
