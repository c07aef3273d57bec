"""Where the rows of a file lie: every spelling of an area is resolved once, in the kab/kota of nearly all rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from data.access import within
from data.intake.recognise import Recognition
from data.places.reference import LEVELS, Level, level_of, place
from data.places.resolver import Resolution, Resolver

AREA_FIELDS: Final = ("province", "kabkota", "kecamatan", "kelurahan", "area_code")
CODE_LENGTH: Final[dict[Level, int]] = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}
MOST_OF_A_FILE: Final = 0.95
"""A register belongs to the kab/kota of nearly all its rows; a few rows always name another one by mistake."""


@dataclass(frozen=True)
class Area:
    """One spelling of an area in the file, with the rows that have it and what was read."""

    written: tuple[str, ...]
    rows: int
    resolution: Resolution
    code: str
    outside: bool

    @property
    def corrected(self) -> bool:
        return self.resolution.how == "fuzzy" and not self.outside

    @property
    def unplaced(self) -> bool:
        return not self.code or level_of(self.code) != "kelurahan"


@dataclass(frozen=True)
class Areas:
    """Where the file's rows lie. `columns` are the raw columns that `Area.written` quotes."""

    fields: tuple[str, ...]
    columns: tuple[int, ...]
    found: tuple[Area, ...]
    place: str
    covers: str

    @property
    def share_outside(self) -> float:
        return sum(area.rows for area in self.found if area.outside) / max(sum(area.rows for area in self.found), 1)

    def _said(self, area: Area, field: str) -> str | None:
        """What the file says, where it is not what was read."""
        return area.written[self.fields.index(field)].strip() or None if area.unplaced or area.corrected else None

    def table(self) -> pa.Table:
        """A row for every spelling: a0…an, province_code … kelurahan_code, what was written where it is not what was
        read, unplaced, outside, corrected.
        """
        ordered = sorted(self.found, key=lambda area: (area.code or "~", area.written))
        written = {
            f"a{i}": pa.array([area.written[i] for area in ordered], pa.string()) for i in range(len(self.columns))
        }
        levels = {
            f"{level}_code": pa.array([_at(area.code, level) for area in ordered], pa.string()) for level in LEVELS
        }
        return pa.table(
            {
                **written,
                **levels,
                **{
                    f"{field}_written": pa.array([self._said(area, field) for area in ordered], pa.string())
                    for field in ("kecamatan", "kelurahan")
                    if field in self.fields
                },
                "unplaced": [area.unplaced for area in ordered],
                "outside": [area.outside for area in ordered],
                "corrected": [area.corrected for area in ordered],
            }
        )


def _at(code: str, level: Level) -> str | None:
    length = CODE_LENGTH[level]
    return code[:length] if len(code) >= length else None


def areas(raw: ir.Table, recognition: Recognition, told: str) -> Areas | None:
    """Resolves every spelling of an area once. `told` is the place that the user gave ("" if none).

    None where nothing says in which kabupaten or kota the rows lie.
    """
    columns = {field: column.index for field in AREA_FIELDS if (column := recognition.column(field))}
    written = {f"c{index}": raw[f"c{index}"].fill_null("") for index in columns.values()}
    if written:
        counted = raw.select(**written).group_by(list(written)).aggregate(rows=ibis._.count()).to_pyarrow().to_pylist()
    else:
        counted = [{"rows": raw.count().to_pyarrow().as_py()}]
    spellings = [(tuple(row[key] for key in written), row["rows"]) for row in counted]

    def resolve(resolver: Resolver, values: Sequence[str]) -> Resolution:
        given = dict(zip(columns, values, strict=True))
        return resolver.resolve(
            **{("code" if field == "area_code" else field): value for field, value in given.items()}
        )

    anywhere = Resolver(told)
    resolved = [(values, rows, resolve(anywhere, values)) for values, rows in spellings]
    home = told or _home([(found.code, rows) for _, rows, found in resolved])
    if not home:
        return None
    inside = Resolver(home)
    found = tuple(
        _area(values, rows, found if found.code and within(found.code, home) else resolve(inside, values), home)
        for values, rows, found in resolved
    )
    return Areas(tuple(columns), tuple(columns.values()), found, home, told or _covered(found, home))


def _area(written: tuple[str, ...], rows: int, found: Resolution, home: str) -> Area:
    upper = found.unread is not None and LEVELS.index(found.unread) <= LEVELS.index(level_of(home))
    return Area(written, rows, found, found.code or home, outside=not found.code and upper)


def _home(codes: Sequence[tuple[str, int]]) -> str:
    """The kab/kota, else the province, that holds nearly all rows; "" where nothing could be read."""
    return _holding(codes, "", ("province", "kabkota"))


def _covered(found: Sequence[Area], home: str) -> str:
    """The smallest area that holds nearly all rows that have a kelurahan: a few slips do not widen it."""
    placed = [(area.code, area.rows) for area in found if not area.unplaced]
    return _holding(placed, home, LEVELS[LEVELS.index(level_of(home)) + 1 :])


def _holding(codes: Sequence[tuple[str, int]], start: str, levels: Sequence[Level]) -> str:
    total = sum(rows for code, rows in codes if code)
    holding = start
    for level in levels:
        counts: Counter[str] = Counter()
        for code, rows in codes:
            if within(code, holding) and (at := _at(code, level)):
                counts[at] += rows
        best, rows = max(counts.items(), key=lambda item: item[1], default=("", 0))
        if not best or rows < MOST_OF_A_FILE * total:
            break
        holding = best
    return holding


def described(area: Area) -> str:
    """The spelling as written and what it was taken for, for the report.

    Area names are no secrets; the text holds nothing of a person.
    """
    written = " / ".join(filter(None, (value.strip() for value in area.written))) or "–"
    meant = [area.code] if not area.unplaced else list(area.resolution.candidates[:2])
    names = ", ".join(f"{place(code).name} ({code})" for code in meant)
    return f"{written} → {names or '?'}"
