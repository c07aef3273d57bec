"""The same people stand in several registers, written differently, and the seed knows who is who."""

from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from data.sample import SampleFile, truth
from data.sample.defects import BIRTH_SLIPS, NAME_SLIPS
from data.sample.registers import eppgbm
from data.sample.society import Society

from .conftest import Files
from .reading import Read

SCALE = 0.1


def known(file: SampleFile, scale: float = SCALE) -> pa.Table:
    return truth(file.place, file.register, file.period, scale)


def matched(connection: duckdb.DuckDBPyConnection, left: pa.Table, right: pa.Table, by: str) -> float:
    """The share of left rows whose person or family stands on the right."""
    connection.register("left_rows", left)
    connection.register("right_rows", right)
    query = f"SELECT avg((a.{by} IN (SELECT {by} FROM right_rows))::INT) FROM left_rows a"
    share: float = connection.execute(query).fetchall()[0][0]
    return share


def test_truth_speaks_of_the_rows_of_the_file(files: Files, rows: Read) -> None:
    for register in ("p3ke", "krs", "ppks", "recipients", "eppgbm", "dtsen"):
        for file in files(register, "64.08", SCALE):
            listed, told = rows(file), known(file)
            assert listed.aggregate("list(file_row ORDER BY file_row)").fetchall()[0][0] == told["file_row"].to_pylist()


def test_most_niks_of_a_file_are_the_true_ones(files: Files, rows: Read) -> None:
    (file,) = files("recipients", "64.08", SCALE)
    connection = duckdb.connect()
    connection.register("told", known(file))
    connection.register("listed", rows(file).to_arrow_table())
    share = connection.execute(
        "SELECT avg((ltrim(NIK, '''') = person::VARCHAR)::INT) FROM told JOIN listed USING (file_row)"
        " WHERE length(NIK) > 15"
    ).fetchall()[0][0]
    assert 0.96 < share < 1


def test_truth_of_dtks_is_the_same_in_every_edition(kendari: list[SampleFile]) -> None:
    first, last = (known(file) for file in (kendari[0], kendari[-1]))
    connection = duckdb.connect()
    assert matched(connection, last, first, "person") > 0.85
    assert first.num_rows == len(first["file_row"].unique())


def test_measured_children_are_in_part_of_dtks_in_part_their_siblings_and_in_part_of_others(
    files: Files, kendari: list[SampleFile]
) -> None:
    told = known(files("eppgbm", "74.71", SCALE)[-1])
    connection = duckdb.connect()
    children = connection.from_arrow(told).project("person, family").distinct().to_arrow_table()
    registered = known(kendari[-1])
    own, family = (matched(connection, children, registered, by) for by in ("person", "family"))
    assert own == pytest.approx(eppgbm.SHARES["registered"], abs=0.03)
    assert family - own == pytest.approx(eppgbm.SHARES["sibling"], abs=0.03)


def test_families_at_risk_and_poor_families_are_in_part_those_of_dtks(
    files: Files, kutai_timur: list[SampleFile]
) -> None:
    connection = duckdb.connect()
    registered = known(kutai_timur[-1], 0.2)
    at_risk, poor = known(files("krs", "64.08", 0.2)[0], 0.2), known(files("p3ke", "64.08", 0.2)[-1], 0.2)
    assert matched(connection, at_risk, registered, "family") == pytest.approx(0.6, abs=0.03)
    assert 0.5 < matched(connection, poor, registered, "person") < 0.75
    assert 0.45 < matched(connection, at_risk, poor, "family") < 0.75


def test_names_and_birth_dates_of_one_person_differ_between_registers_at_the_stated_rates(
    files: Files, read: Read, kendari: list[SampleFile], rows: Read
) -> None:
    (file,) = files("p3ke", "74.71", SCALE)
    connection = duckdb.connect()
    connection.register("a", rows(file).to_arrow_table())
    connection.register("known_a", known(file))
    dtks = read(kendari[-1]).project(
        "replace(name, '  ', ' ') AS name, birth_date, row_number() OVER () + 1 AS file_row"
    )
    connection.register("b", dtks.to_arrow_table())
    connection.register("known_b", known(kendari[-1]))
    pairs = connection.execute(
        """SELECT a.Nama, b.name, strptime(a."Tanggal Lahir", '%d/%m/%Y')::DATE, try_cast(b.birth_date AS DATE)
        FROM a JOIN known_a USING (file_row) JOIN known_b ON known_a.person = known_b.person
        JOIN b ON b.file_row = known_b.file_row"""
    ).fetchall()
    assert len(pairs) > 5_000
    other_name = sum(ours != theirs for ours, theirs, *_ in pairs) / len(pairs)
    other_birth = sum(ours != theirs for *_, ours, theirs in pairs if theirs) / len(pairs)
    slips = sum(share for share, _ in NAME_SLIPS)
    assert slips * 0.5 < other_name < slips + 0.2
    assert sum(share for share, _ in BIRTH_SLIPS) == pytest.approx(other_birth, abs=0.012)
    spelled = {ours.split(" ")[0] for ours, theirs, *_ in pairs if theirs.startswith("MUHAMMAD ") and ours != theirs}
    assert {"MUH.", "MOH.", "MUHAMAD", "M."} <= spelled
    swapped = [(a, b) for *_, a, b in pairs if b and a != b and (a.day, a.month) == (b.month, b.day)]
    assert swapped


def test_no_two_persons_share_a_true_number() -> None:
    people = Society("64.08", 0.5, 7).people
    connection = duckdb.connect()
    everyone = pa.table({"nik": people.nik, "born": people.born, "name": people.name, "mother": people.mother})
    connection.register("everyone", everyone)
    # A daughter who has married stands in two families for a while, as in real registers.
    shared = "SELECT nik FROM everyone GROUP BY nik HAVING count(DISTINCT (born, name, mother)) > 1"
    assert connection.execute(shared).fetchall() == []
    assert pc.all(
        pc.greater_equal(pc.subtract(everyone["nik"], pc.multiply(pc.divide(everyone["nik"], 10_000), 10_000)), 9_000)
    ).as_py()


def test_there_is_no_truth_of_a_file_that_is_not_or_names_nobody() -> None:
    with pytest.raises(KeyError):
        truth("74.71", "krs", date(1999, 1, 1), SCALE)
    with pytest.raises(KeyError):
        truth("74.71", "poverty", date(2022, 12, 31), SCALE)
