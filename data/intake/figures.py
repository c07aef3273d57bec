"""A table of figures by area as it was read: what its measures are, and how a snapshot keeps them.

A figure has an area, a date, a measure, a category ("" = all) and a value. How a file becomes one stands in
`figure_table`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal, Protocol

from ibis.backends.duckdb import Backend

from data import engine
from data.definitions.registers import Register
from data.intake.clean import FileComplaint
from data.intake.rows import EXAMPLES, FIRST_ROWS, Reported
from data.places.reference import LEVELS
from data.snapshots import PROBLEMS, ROWS, Counts
from data.wording import Value

MEASURES: Final = "measures.json"
Unit = Literal["persons", "families", "children", "share", "number", "rate"]
"""What a figure is; `rate` is a number that cannot be added up, as a share cannot."""
COUNTED: Final = ("persons", "families", "children")
ADDED_UP: Final = (*COUNTED, "number")

Role = Literal["area", "code", "period", "unit", "category", "below", "figure", ""]


class Heading(Protocol):
    @property
    def index(self) -> int: ...
    @property
    def heading(self) -> str: ...


@dataclass(frozen=True)
class MeasureFound:
    """A measure of a table: its key, its label (the heading's words), what it is, and its categories."""

    key: str
    label: str
    unit: Unit
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnFound:
    """What a column was taken for. `about` is the level of an area, or the measure of a figure."""

    index: int
    heading: str
    role: Role
    about: str = ""


@dataclass(frozen=True)
class NotFigures:
    """Why a table holds no figures that can be stored: a problem's code, and what its message names.

    A list of codes and names holds none, but may teach what BPS codes mean: `learned`.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    learned: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """A table of figures, read: the rows lie in the engine as the table `figures`.

    `place` is whose figures they are ("" = the whole country), `covers` the area they speak of; `period` is the newest
    of `periods`. `feeds` names built-in indicators that the table can tell: (numerator, denominator or "").
    """

    backend: Backend
    register: Register
    place: str
    covers: str
    period: date
    periods: tuple[date, ...]
    measures: tuple[MeasureFound, ...]
    columns: tuple[ColumnFound, ...]
    feeds: Mapping[str, tuple[str, str]]
    notes: tuple[FileComplaint, ...]
    learned: Mapping[str, str]
    counts: Counts
    unplaced: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(measure.key for measure in self.measures)

    @property
    def row_problems(self) -> tuple[tuple[str, str], ...]:
        """What the bits of `problem_bits` mean, in their order."""
        return tuple((check.problem.code, "") for check in self.register.checks)

    def write(self, folder: Path) -> None:
        """Writes rows.parquet (a row a figure), problems.parquet and measures.json into a snapshot's folder."""
        kept = ", ".join(_STORED)
        self._copy(f"SELECT {kept} FROM figures ORDER BY area_code, measure, period, category", folder / ROWS)
        bits = [
            f"SELECT file_row, kelurahan_code, '{check.problem.code}' AS code, heading, written AS value"
            f" FROM figures WHERE problem_bits & {1 << bit} <> 0"
            for bit, check in enumerate(self.register.checks)
        ]
        self._copy(f"{' UNION ALL '.join(bits)} ORDER BY file_row, code", folder / PROBLEMS)
        about = {
            "measures": [asdict(measure) for measure in self.measures],
            "feeds": {key: list(pair) for key, pair in self.feeds.items()},
        }
        (folder / MEASURES).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")

    def _copy(self, query: str, path: Path) -> None:
        self.backend.con.execute(f"COPY ({query}) TO '{engine.quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")

    def reported(self) -> list[Reported]:
        """A line for every kind of problem: how many figures, the first rows of the file, the heading if it is one."""
        lines = []
        for bit, check in enumerate(self.register.checks):
            found = self.backend.con.execute(
                f"SELECT count(*), min(DISTINCT file_row, {FIRST_ROWS}), count(DISTINCT heading), any_value(heading)"
                f" FROM figures WHERE problem_bits & {1 << bit} <> 0"
            ).fetchall()
            ((rows, first, headings, heading),) = found
            if rows:
                values: dict[str, Value] = {"examples": "; ".join(self.unplaced[:EXAMPLES]) or "–"}
                lines.append(
                    Reported(
                        check.problem.code, check.problem.severity, rows, heading if headings == 1 else "",
                        tuple(first), values if check.problem.code == "figure_unplaced" else {},
                    )
                )  # fmt: skip
        return sorted(lines, key=lambda line: (line.severity != "rejected", -line.rows))


_STORED: Final = (
    "file_row", *(f"{level}_code" for level in LEVELS), "area_code", "level", "period", "measure", "category", "value",
    "unit", "counted", "problem_bits",
)  # fmt: skip
