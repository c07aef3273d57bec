"""WHO's length/height-for-age z-score: the published figures, the position of the child, nothing beyond the table."""

import time
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.definitions.growth import STANDARD, age_days, computed_haz, standard, status
from data.engine import connect

Child = tuple[str | None, int | None, float | None, str | None]
COLUMNS = {
    "no": pa.int32(),
    "sex": pa.string(),
    "age_days": pa.int32(),
    "height_cm": pa.float64(),
    "position": pa.string(),
}
SCHEMA = pa.schema(list(COLUMNS.items()))


def haz(*children: Child, **names: Any) -> list[tuple[float | None, bool]]:
    """z-score and implausibility of (sex, age in days, height, position), in their order."""
    backend = connect()
    rows = [dict(zip(SCHEMA.names, (number, *child), strict=True)) for number, child in enumerate(children)]
    backend.con.register("children", pa.Table.from_pylist(rows, SCHEMA))
    found = computed_haz(backend.table("children"), standard(backend), **names).order_by("no")
    return [(row["haz"], row["haz_implausible"]) for row in found.to_pyarrow().to_pylist()]


def test_the_table_has_every_day_of_five_years_for_both_sexes() -> None:
    rows = pq.read_table(STANDARD).to_pylist()
    assert [(row["sex"], row["age_days"]) for row in rows] == [(sex, day) for sex in "LP" for day in range(1827)]
    assert all(45 < row["median_cm"] < 111 and 0.03 < row["spread"] < 0.05 for row in rows)


@pytest.mark.parametrize(
    ("sex", "day", "median", "two_below", "three_below"),
    [
        ("L", 0, 49.9, 46.1, 44.2),
        ("L", 365, 75.7, 71.0, 68.6),
        ("L", 730, 87.8, 81.7, 78.6),
        ("L", 731, 87.1, 81.0, 78.0),
        ("L", 1826, 110.0, 100.7, 96.1),
        ("P", 0, 49.1, 45.4, 43.6),
        ("P", 365, 74.0, 68.9, 66.3),
        ("P", 730, 86.4, 80.0, 76.7),
        ("P", 731, 85.7, 79.3, 76.0),
        ("P", 1826, 109.4, 99.9, 95.2),
    ],
)
def test_the_table_gives_the_heights_that_who_prints(
    sex: str, day: int, median: float, two_below: float, three_below: float
) -> None:
    rows = {(row["sex"], row["age_days"]): row for row in pq.read_table(STANDARD).to_pylist()}
    centre, spread = rows[sex, day]["median_cm"], rows[sex, day]["spread"]
    printed = [round(centre * (1 + z * spread), 1) for z in (0, -2, -3)]
    assert printed == [median, two_below, three_below]


def test_the_z_scores_are_those_of_whos_own_software() -> None:
    """The examples of WHO's package `anthro`: its README, and its test of a boy of 44 days."""
    known = [("L", 1001, 120.0, 7.31), ("P", 1000, 80.0, -3.50), ("L", 1010, 100.0, 1.62), ("L", 1000, 100.0, 1.70)]
    known.append(("L", 44, 50.0, round((50 / 56.4833 - 1) / 0.03492, 2)))
    found = haz(*((sex, day, height, None) for sex, day, height, _ in known))
    assert [z for z, _ in found] == [z for *_, z in known]


def test_a_child_measured_the_other_way_is_corrected_by_seven_millimetres() -> None:
    for day, own, other, correction in [(730, "lying", "standing", 0.7), (731, "standing", "lying", -0.7)]:
        as_it_should_be, unsaid, corrected, by_hand = haz(
            ("P", day, 80.0, own), ("P", day, 80.0, None), ("P", day, 80.0, other), ("P", day, 80.0 + correction, own)
        )
        assert as_it_should_be == unsaid != corrected == by_hand


def test_nobody_under_nine_months_is_believed_to_have_stood() -> None:
    too_young, lying, old_enough, lying_then = haz(
        ("L", 273, 70.0, "standing"), ("L", 273, 70.0, "lying"), ("L", 274, 70.0, "standing"), ("L", 274, 70.0, "lying")
    )
    assert too_young == lying
    assert old_enough != lying_then


def test_without_a_column_for_the_position_every_child_lies_or_stands_as_its_age_asks() -> None:
    children: list[Child] = [("L", 400, 72.0, "standing"), ("P", 1200, 90.0, "lying")]
    assert haz(*children, position=None) == haz(*((sex, day, height, None) for sex, day, height, _ in children))


def test_there_is_no_z_score_without_sex_age_or_height_or_outside_the_table() -> None:
    children: list[Child] = [
        (None, 400, 72.0, "lying"),
        ("L", None, 72.0, "lying"),
        ("L", 400, None, "lying"),
        ("L", 400, 0.0, "lying"),
        ("L", -1, 50.0, "lying"),
        ("L", 1827, 110.0, "standing"),
        ("X", 400, 72.0, "lying"),
    ]
    assert haz(*children) == [(None, False)] * len(children)


def test_a_z_score_beyond_six_is_kept_and_marked() -> None:
    (boy,), (girl,) = haz(("L", 365, 60.0, "lying")), haz(("P", 365, 61.0, "lying"))
    assert boy == (-6.62, True)
    assert girl == (-5.05, False)


def test_other_columns_stay_as_they_are_and_may_bear_other_names() -> None:
    backend = connect()
    backend.con.register("a", pa.table({"jk": ["L"], "umur": [365], "tb": [75.7391], "nama": ["ANAK CONTOH"]}))
    found = computed_haz(backend.table("a"), standard(backend), "jk", "umur", "tb", position=None).to_pyarrow()
    assert found.to_pylist() == [
        {"jk": "L", "umur": 365, "tb": 75.7391, "nama": "ANAK CONTOH", "haz": 0.0, "haz_implausible": False}
    ]


def test_the_age_counts_the_days_between_birth_and_measuring() -> None:
    days = [
        (date(2020, 2, 28), date(2020, 3, 1), 2),
        (date(2021, 2, 28), date(2021, 3, 1), 1),
        (date(2021, 2, 28), date(2021, 2, 28), 0),
        (date(2021, 2, 28), date(2021, 2, 27), None),
        (None, date(2021, 2, 27), None),
    ]
    backend = connect()
    births, measured, expected = (list(column) for column in zip(*days, strict=True))
    dates = {"no": range(len(days)), "born": pa.array(births, pa.date32()), "measured": pa.array(measured, pa.date32())}
    backend.con.register("a", pa.table({name: pa.array(values) for name, values in dates.items()}))
    table = backend.table("a")
    found = table.select("no", days=age_days(table.born, table.measured)).order_by("no")
    assert found.to_pyarrow()["days"].to_pylist() == expected


def test_exactly_two_below_the_median_is_not_stunted() -> None:
    scores = {-3.01: "severely_stunted", -3.0: "stunted", -2.01: "stunted", -2.0: "normal", 3.0: "normal", 3.01: "tall"}
    backend = connect()
    backend.con.register("a", pa.table({"z": pa.array([*scores, None], pa.float64())}))
    table = backend.table("a")
    found = table.select("z", word=status(table.z)).to_pyarrow().to_pylist()
    assert {row["z"]: row["word"] for row in found} == {**scores, None: None}


def test_a_hundred_thousand_children_take_less_than_a_third_of_a_second() -> None:
    backend = connect()
    backend.con.execute(
        """CREATE TEMP TABLE children AS
        SELECT if(i % 2 = 0, 'L', 'P') AS sex, (i * 7919) % 1827 AS age_days, 50 + (i * 31 % 700) / 10.0 AS height_cm,
            if(i % 3 = 0, 'lying', 'standing') AS position
        FROM range(100_000) AS numbers(i)"""
    )
    children = computed_haz(backend.table("children"), standard(backend))
    times = []
    for _ in range(3):
        start = time.perf_counter()
        counted = children.aggregate(found=children.haz.count(), rows=ibis._.count()).to_pyarrow().to_pylist()
        times.append(time.perf_counter() - start)
        assert counted == [{"found": 100_000, "rows": 100_000}]
    assert min(times) < 0.3
