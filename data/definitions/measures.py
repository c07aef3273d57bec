"""What is counted in the rows of a register: every measure is a count over rows that fit conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import ibis.expr.types as ir

Counted = Literal["rows", "units", "persons", "families", "sum"]


@dataclass(frozen=True)
class Measure:
    """A number by area.

    `counts` says what: "rows" (every counted row), "units" (what the register counts, each once: see
    `Register.identity`), "persons" (units of a register of persons; of a register of families the members of each
    family, unknown where the file does not tell them), "families" (each family once), "sum" (of the field `of`).
    `needs` are fields without which a snapshot cannot tell the measure: it is then unknown, not zero.
    `where` picks the rows that count from the snapshot's table; `newest` keeps only the row that speaks for its unit.
    """

    key: str
    counts: Counted
    needs: tuple[str, ...] = ()
    where: Callable[[ir.Table], ir.BooleanValue] | None = None
    newest: bool = False
    of: str = ""


@dataclass(frozen=True)
class Breakdown:
    """Measures of a register by dimensions of its rows, kept as a small table of their own beside the measures by area.

    `by` gives each dimension's value (text or a whole number, null where it is not known) from the snapshot's table and
    the date of its data. `where` picks the rows that are broken down, `needs` are fields without which there is no such
    table. `by_category` keeps the numbers of every category of the register too.
    """

    key: str
    measures: tuple[Measure, ...]
    by: Mapping[str, Callable[[ir.Table, date], ir.Value]]
    needs: tuple[str, ...] = ()
    where: Callable[[ir.Table], ir.BooleanValue] | None = None
    by_category: bool = False
