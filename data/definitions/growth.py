"""How tall children should be: WHO's length/height-for-age z-score (HAZ), from sex, age in days and height.

The figures are the WHO Child Growth Standards (2006) by day of age, from birth to 1,826 days: WHO's own software
computes for children under 60 months only. `build_growth.py` says where the table comes from. The rules for the
position of the child are WHO's too: before 24 months (731 days) the standard is the lying length, from then on the
standing height, and a child that was measured the other way is 0.7 cm longer lying than standing.
"""

from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

STANDARD: Final = Path(__file__).with_name("growth.parquet")
"""A row a sex and day: sex ("L", "P"), age_days (INT32), median_cm (M), spread (S, a share of the median). L is 1."""

FIRST_STANDING_DAY: Final = 731
LYING_IS_LONGER_CM: Final = 0.7
STANDING_FROM_DAY: Final = 274
"""Nobody under nine months can stand to be measured: WHO does not believe the word, and takes the child as lying."""
IMPLAUSIBLE: Final = 6
"""Beyond this WHO takes a height-for-age z-score for a mistake of measuring or writing."""


def standard(backend: Backend) -> ir.Table:
    """The table of STANDARD in this engine."""
    backend.con.register("growth_standard", pq.read_table(STANDARD))
    return backend.table("growth_standard")


def age_days(birth_date: ir.DateValue, measured_on: ir.DateValue) -> ir.IntegerValue:
    """The age in days (INT32); null where a date is missing or the child was measured before its birth."""
    days = measured_on.delta(birth_date, unit="day").cast("int32")
    return ibis.ifelse(days >= 0, days, ibis.null("int32"))


def computed_haz(
    table: ir.Table,
    standard: ir.Table,
    sex: str = "sex",
    age_days: str = "age_days",
    height_cm: str = "height_cm",
    position: str | None = "position",
) -> ir.Table:
    """`table` with `haz` (DOUBLE, two decimals as WHO rounds) and `haz_implausible` (BOOLEAN, never null: beyond ±6).

    The other arguments name its columns: "L" or "P", days (INT), centimetres (DOUBLE), "lying" or "standing" (null, or
    no such column: measured as the age asks for). `haz` is null where one of the first three is null or out of range.
    Every row stays, in no promised order; both tables must be of one engine.
    """
    keyed = table.mutate(
        haz_sex=table[sex],
        haz_day=table[age_days].cast("int32"),
        haz_height=_as_standard(table[height_cm], table[age_days], table[position] if position else ibis.literal("")),
    )
    joined = keyed.left_join(standard, [keyed.haz_sex == standard.sex, keyed.haz_day == standard.age_days])
    haz = ((joined.haz_height / joined.median_cm - 1) / joined.spread).round(2)
    found = joined.select(*(keyed[column] for column in table.columns), haz=haz)
    return found.mutate(haz_implausible=(found.haz.abs() > IMPLAUSIBLE).fill_null(False))


def _as_standard(height_cm: ir.FloatingValue, days: ir.IntegerValue, position: ir.StringValue) -> ir.FloatingValue:
    """The height as the standard of this age measures it; null where it is no height."""
    short = (position == "standing") & days.between(STANDING_FROM_DAY, FIRST_STANDING_DAY - 1)
    long = (position == "lying") & (days >= FIRST_STANDING_DAY)
    correction = ibis.cases((short, LYING_IS_LONGER_CM), (long, -LYING_IS_LONGER_CM), else_=0.0)
    return ibis.ifelse(height_cm > 0, height_cm + correction, ibis.null("float64"))


def status(zscore: ir.FloatingValue) -> ir.StringValue:
    """The word for a height-for-age z-score (Permenkes 2/2020): "severely_stunted" below -3, "stunted" below -2, "tall"
    above 3, else "normal"; exactly -2.00 is normal. Null for null.
    """
    return ibis.cases(
        (zscore < -3, "severely_stunted"),
        (zscore < -2, "stunted"),
        (zscore <= 3, "normal"),
        (zscore > 3, "tall"),
    )
