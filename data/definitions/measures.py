"""What is counted in the rows of a register: every measure is a count over rows that fit conditions."""

from collections.abc import Callable
from dataclasses import dataclass
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
