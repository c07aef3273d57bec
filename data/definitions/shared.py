"""Measures and checks that several registers have."""

from typing import Final

from data.definitions.measures import Measure
from data.definitions.problems import Problem
from data.definitions.registers import Check
from data.wording import N_

OLDEST: Final = 120

AGE_POSSIBLE: Final = Check(
    Problem(
        "age_impossible",
        "warning",
        N_("Impossible age"),
        N_("In {rows} rows the age is negative or above 120 years."),
        N_("Correct the age in the register, or give the birth date."),
    ),
    ("age",),
    lambda age: (age < 0) | (age > OLDEST),
)


def _within(key: str, first: int, last: int) -> Measure:
    return Measure(key, "persons", ("decile",), lambda rows: rows.decile.between(first, last))


DECILES: Final = (
    *(_within(f"decile_{decile}", decile, decile) for decile in (1, 2, 3, 4)),
    _within("decile_1_4", 1, 4),
    Measure("decile_unknown", "persons", ("decile",), lambda rows: rows.decile.isnull()),
)
"""Persons by decile of welfare; one that is not determined is in none of 1 to 10."""
