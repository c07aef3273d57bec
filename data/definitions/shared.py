"""Measures, checks and breakdowns that several registers have."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from data.definitions.measures import Breakdown, Measure
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

_BOTH: Final = (Measure("persons", "persons"), Measure("families", "families"))

BY_DECILE: Final = Breakdown("deciles", _BOTH, {"decile": lambda rows, _: rows.decile}, needs=("decile",))
"""Persons and families in every single decile, and those in none: not determined, or a range such as 6-10."""

VALIDATION: Final = Breakdown(
    "validation",
    _BOTH,
    {
        "dukcapil": lambda rows, _: ibis.cases((rows.dukcapil, "yes"), (~rows.dukcapil, "no"), else_="unknown"),
        "validated": lambda rows, _: rows.validated if "validated" in rows.columns else ibis.null("string"),
    },
    needs=("decile",),
    where=lambda rows: rows.decile == 1,
)
"""Whom the register puts into decile 1, by what is known of their numbers and of a visit."""

AGES: Final = ("0-4", "5-6", "7-18", "19-59", "60+")
"""Years of age, in the groups of the by-name list."""
MONTHS: Final = ("0-5", "6-11", "12-23", "24-35", "36-47", "48-59", "60+")
"""Months of age of children, in the groups that health services use."""


def age(rows: ir.Table, day: date) -> ir.Value:
    """Whole years of age on a day: by the birth date, else as the file says it; null where neither can be true."""
    none = ibis.null("int64")
    born = rows.birth_date if "birth_date" in rows.columns else ibis.null("date")
    today = day.year * 10_000 + day.month * 100 + day.day
    counted = (today - (born.year() * 10_000 + born.month() * 100 + born.day())) // 10_000
    written = rows.age.cast("int64") if "age" in rows.columns else none
    return ibis.coalesce(*(ibis.ifelse(years.between(0, OLDEST), years, none) for years in (counted, written)))


def band(number: ir.Value, codes: Sequence[str]) -> ir.Value:
    """The one of the ranges such as `0-4` or `60+` in which a number lies; null where it lies in none."""
    limits = [(code, *map(int, code.rstrip("+").split("-"))) for code in codes]
    fits = [(number >= low if not high else number.between(low, high[0]), code) for code, low, *high in limits]
    return ibis.cases(*fits, else_=ibis.null("string"))


def age_group(rows: ir.Table, day: date) -> ir.Value:
    return band(age(rows, day), AGES)


def sex(rows: ir.Table, _: date) -> ir.Value:
    return rows.sex if "sex" in rows.columns else ibis.null("string")
