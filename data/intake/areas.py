"""Where the rows of a file lie: every spelling of an area is resolved once, in the kab/kota of nearly all rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from data.area import within
from data.intake.clean import FileComplaint
from data.places.codes import (
    NO_PAIRS,
    OWN_WIDTHS,
    WIDTHS,
    CodeColumn,
    Decision,
    Pairs,
    composed,
    decide,
    digits,
    groups,
    learned,
    split_widths,
)
from data.places.codes import code_column as coded
from data.places.reference import LEVELS, Level, level_of, place
from data.places.resolver import Resolution, Resolver, read_code

AREA_FIELDS: Final = ("province", "kabkota", "kecamatan", "kelurahan", "area_code")
CODE_LENGTH: Final[dict[Level, int]] = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}
MOST_OF_A_FILE: Final = 0.95
"""A register belongs to the kab/kota of nearly all its rows; a few rows always name another one by mistake."""


class Heading(Protocol):
    """A column of the file, by position and heading."""

    @property
    def index(self) -> int: ...
    @property
    def heading(self) -> str: ...
    @property
    def field(self) -> str: ...


class Headings(Protocol):
    """What is known of a file's columns."""

    @property
    def columns(self) -> Sequence[Heading]: ...


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
    """Where the file's rows lie. `columns` are the raw columns that `Area.written` quotes.

    `notes` say which code system the file's codes were read in; `learned` are the BPS codes whose meaning it tells.
    """

    fields: tuple[str, ...]
    columns: tuple[int, ...]
    found: tuple[Area, ...]
    place: str
    covers: str
    notes: tuple[FileComplaint, ...] = ()
    learned: Mapping[str, str] = field(default_factory=dict)

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
            f"{level}_code": pa.array([at_level(area.code, level) for area in ordered], pa.string()) for level in LEVELS
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


def at_level(code: str, level: Level) -> str | None:
    """The code of the place of `level` that a code lies in; None where it is of a higher level itself."""
    length = CODE_LENGTH[level]
    return code[:length] if len(code) >= length else None


# Codes


@dataclass(frozen=True)
class CodeReader:
    """The code columns of a file and the system in which each group of them is read. Made by `code_reader`."""

    columns: tuple[CodeColumn, ...]
    decisions: tuple[tuple[tuple[CodeColumn, ...], Mapping[Level, int], Decision], ...]
    pairs: Pairs

    def code(self, texts: Mapping[int, str], exact: bool = False) -> str:
        """The place that a row's codes give: a Kemendagri code (as written, or what a BPS code means), or "".

        Of a BPS code that is not known the place around it is given, unless `exact` is asked.
        """
        own, meant = "", ""
        for group, widths, decision in self.decisions:
            code = _composed(group, widths, texts)
            if decision.system == "kemendagri":
                own = own or code
            else:
                known = self.pairs.meant(code)
                whole = len(known) == OWN_WIDTHS.get(len(code))
                meant = meant or (known if whole or not exact else "")
        return own or meant

    def level(self, texts: Mapping[int, str]) -> Level | None:
        """The level of the deepest code of a row, known or not."""
        written = [
            level
            for group, widths, decision in self.decisions
            if (level := WIDTHS[decision.system].get(len(_composed(group, widths, texts))))
        ]
        return max(written, key=LEVELS.index, default=None)

    def bps(self, texts: Mapping[int, str]) -> str:
        """The digits of a row's BPS code, or ""."""
        codes = (_composed(g, widths, texts) for g, widths, decision in self.decisions if decision.system == "bps")
        return next(filter(None, codes), "")

    def told(self, rows: Iterable[tuple[Mapping[int, str], Resolution]]) -> dict[str, str]:
        """The pairs that rows tell: their BPS code, and the place that was read without a slip."""
        named = ((self.bps(texts), found) for texts, found in rows)
        return learned((bps, found.code) for bps, found in named if bps and found.how != "fuzzy")

    def notes(self, unknown: int) -> tuple[FileComplaint, ...]:
        """Which system was decided for, wherever it is not plainly Kemendagri; `unknown`: rows that only a pair could
        place.
        """
        found = []
        for group, _, decision in self.decisions:
            heading = ", ".join(column.heading for column in group)
            if decision.codes and (decision.system == "bps" or decision.against or not decision.decided):
                code = "code_system" if decision.decided else "code_system_undecided"
                name = "BPS" if decision.system == "bps" else "Kemendagri"
                about: dict[str, str | int | date] = {
                    "columns": heading, "system": name, "agreeing": decision.agreeing, "codes": decision.codes
                }  # fmt: skip
                found.append(FileComplaint(code, about, heading))
        if unknown:
            found.append(FileComplaint("bps_codes_unknown", {}, rows=unknown))
        return tuple(found)


def code_reader(
    columns: Sequence[CodeColumn], rows: Sequence[tuple[Mapping[int, str], str]], pairs: Pairs
) -> CodeReader:
    """Decides for each group of code columns by `rows`: the texts of a spelling by column, and the place that its
    names mean ("" if none).

    A group is left out where hardly one of its texts is a number.
    """
    decisions: list[tuple[tuple[CodeColumn, ...], Mapping[Level, int], Decision]] = []
    for group in sorted(groups(columns), key=lambda group: all(column.said != "kemendagri" for column in group)):
        levels = [column.level for column in group]
        texts = [[row.get(column.index, "") for column in group] for row, _ in rows]
        filled = [text for row in texts for text in row if text.strip()]
        if sum(bool(digits(text)) for text in filled) * 2 < len(filled):
            continue
        widths = split_widths(texts, levels)
        written: dict[str, str] = {}
        for row, (texts_of, named) in zip(texts, rows, strict=True):
            if code := composed(row, levels, widths):
                written[code] = written.get(code) or named or _beside(decisions, texts_of, pairs)
        said = group[0].said
        decisions.append((group, widths, decide(written, pairs, said)))
    kept = tuple(column for group, _, _ in decisions for column in group)
    return CodeReader(kept, tuple(decisions), pairs)


def _beside(
    decisions: Sequence[tuple[tuple[CodeColumn, ...], Mapping[Level, int], Decision]],
    texts: Mapping[int, str],
    pairs: Pairs,
) -> str:
    """The place that Kemendagri codes of the same row give: they are as good as names."""
    sure = tuple(one for one in decisions if one[2].system == "kemendagri" and one[2].decided)
    return read_code(CodeReader((), sure, pairs).code(texts)) if sure else ""


def _composed(group: Sequence[CodeColumn], widths: Mapping[Level, int], texts: Mapping[int, str]) -> str:
    return composed([texts.get(column.index, "") for column in group], [column.level for column in group], widths)


# By-name files


def areas(raw: ir.Table, recognition: Headings, told: str, pairs: Pairs = NO_PAIRS) -> Areas | None:
    """Resolves every spelling of an area once. `told` is the place that the user gave ("" if none), `pairs` what BPS
    codes mean.

    None where nothing says in which kabupaten or kota the rows lie.
    """
    named = {column.field: column.index for column in recognition.columns if column.field in LEVELS}
    code_columns = _code_columns(recognition.columns)
    indexes = tuple(dict.fromkeys((*named.values(), *(column.index for column in code_columns))))
    spellings = counted(raw, indexes)
    anywhere = Resolver(told)
    rows = [dict(zip(indexes, written, strict=True)) for written, _ in spellings]
    names = [{level: row[index] for level, index in named.items()} for row in rows]
    beside = [_named(anywhere.resolve(**name)) for name in names]
    reader = code_reader(code_columns, list(zip(rows, beside, strict=True)), pairs)
    codes = [reader.code(row) for row in rows]
    resolved = [anywhere.resolve(**name, code=code) for name, code in zip(names, codes, strict=True)]
    home = told or home_of([(found.code, count) for found, (_, count) in zip(resolved, spellings, strict=True)])
    if not home:
        return None
    inside = Resolver(home)
    found = tuple(
        _area(
            written, count, read if read.code and within(read.code, home) else inside.resolve(**name, code=code), home
        )
        for (written, count), read, name, code in zip(spellings, resolved, names, codes, strict=True)
    )
    unknown = sum(area.rows for area, row in zip(found, rows, strict=True) if area.unplaced and reader.bps(row))
    fields = {index: level for level, index in named.items()}
    return Areas(
        tuple(fields.get(index, "area_code") for index in indexes),
        indexes,
        found,
        home,
        told or covered(((area.code, area.rows) for area in found if not area.unplaced), home),
        reader.notes(unknown),
        reader.told((row, area.resolution) for row, area in zip(rows, found, strict=True)),
    )


def _named(found: Resolution) -> str:
    """The place that names mean; "" where nothing was read."""
    return "" if found.how == "none" else found.code


def counted(raw: ir.Table, indexes: Sequence[int]) -> list[tuple[tuple[str, ...], int]]:
    """The different texts of some columns together, and how many rows have them."""
    written = {f"c{index}": raw[f"c{index}"].fill_null("") for index in indexes}
    if not written:
        return [((), int(raw.count().to_pyarrow().as_py()))]
    found = raw.select(**written).group_by(list(written)).aggregate(rows=ibis._.count()).to_pyarrow().to_pylist()
    return [(tuple(row[key] for key in written), row["rows"]) for row in found]


def _code_columns(columns: Sequence[Heading]) -> tuple[CodeColumn, ...]:
    """Columns of codes, by field or by heading; of where somebody lives and what the identity card says, the former."""
    told = [
        coded(column.index, column.heading) or CodeColumn(column.index, column.heading, None, "")
        for column in columns
        if column.field == "area_code"
    ]
    others = [found for column in columns if not column.field and (found := coded(column.index, column.heading))]
    lives = [column for column in others if not column.heading.casefold().endswith("ktp")]
    return (*told, *(column for column in lives or others if column.level or column.said))


def _area(written: tuple[str, ...], rows: int, found: Resolution, home: str) -> Area:
    upper = found.unread is not None and LEVELS.index(found.unread) <= LEVELS.index(level_of(home))
    return Area(written, rows, found, found.code or home, outside=not found.code and upper)


def home_of(codes: Sequence[tuple[str, int]]) -> str:
    """The kab/kota, else the province, that holds nearly all rows; "" where nothing could be read."""
    return _holding(codes, "", ("province", "kabkota"))


def covered(codes: Iterable[tuple[str, int]], home: str) -> str:
    """The smallest area in `home` that holds nearly all rows that have a kelurahan: a few slips do not widen it."""
    below = LEVELS[LEVELS.index(level_of(home)) + 1 :] if home else LEVELS
    return _holding(list(codes), home, below)


def _holding(codes: Sequence[tuple[str, int]], start: str, levels: Sequence[Level]) -> str:
    total = sum(rows for code, rows in codes if code)
    holding = start
    for level in levels:
        counts: Counter[str] = Counter()
        for code, rows in codes:
            if within(code, holding) and (at := at_level(code, level)):
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
