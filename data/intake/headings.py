"""The rows of a table that hold its headings; headings of several merged rows are joined to one text a column."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from data.intake.read import Cells, Row

SEARCHED_ROWS: Final = 20
MOST_HEADING_ROWS: Final = 5
JOINT: Final = " > "
LONGEST_HEADING: Final = 300
MOST_SINGLE: Final = 0.25
"""A merged heading stands over several others; a row of titles or of data stands over one each."""

Path = tuple[str, ...]

_NO_LETTER: Final = re.compile(r"[\W_]+")
_DATA: Final = re.compile(r"\d{7,}|\d[.,]\d{3}[.,]\d{3}|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\*{4,}")
_COLUMN_NUMBER: Final = re.compile(r"\(?\d{1,3}\)?|\d{1,2}\s*=.*")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_UNIT: Final = re.compile(
    r"\((?!\d+\)).+\)|kg|g|gr|gram|cm|mm|m|bln|bulan|th|thn|tahun|hari|orang|jiwa|kk|keluarga|%|persen|rp|rupiah"
    r"|ribu jiwa|ribu rupiah|unit|ha|km2|km²|dd/mm/yyyy|l/p|ya/tidak",
    re.IGNORECASE,
)
_NUMBERING: Final = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z])[.)]\s*(?=\S)")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ADORNED: Final = re.compile(r"[(\[.)\]]")
_ANY_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True)
class Block:
    """Rows of a sheet's preview taken for headings: positions of the first and the last of them, a path a column.

    A path is what stands above a column from the widest heading to the narrowest, () where nothing does. `needed` is
    how many upper rows the lower ones cannot do without, `spare` how many they could.
    """

    first: int
    last: int
    paths: tuple[Path, ...]
    needed: int = 0
    spare: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(JOINT.join(path) for path in self.paths)


@lru_cache(maxsize=65_536)
def normal(heading: str) -> str:
    """A heading without case, accents, punctuation and spaces.

    >>> normal("Desa/Keluarahan "), normal("KETERANGAN_PADAN")
    ('desakeluarahan', 'keteranganpadan')
    """
    plain = heading if heading.isascii() else unicodedata.normalize("NFKD", heading)
    return _NO_LETTER.sub("", plain.casefold())


Part = Literal["whole", "last", "year"]


@lru_cache(maxsize=16_384)
def wordings(path: Path) -> tuple[tuple[str, Part], ...]:
    """What a path may be known by, as `normal` has it, the surest first: the whole of it, read from its end too, its
    last parts alone, each also without brackets and numbering; then without years.

    >>> wordings(("Kepala Keluarga", "Nama"))
    (('kepalakeluarganama', 'whole'), ('namakepalakeluarga', 'whole'), ('nama', 'last'))
    >>> wordings(("1. Berat (kg)",))
    (('1beratkg', 'whole'), ('1berat', 'whole'), ('berat', 'whole'))
    """
    forms = [path]
    if any(map(_ADORNED.search, path)):
        bare = tuple(_BRACKETS.sub(" ", part) for part in path)
        forms += [bare, tuple(_NUMBERING.sub("", part) for part in bare)]
    found: dict[str, Part] = {}
    for parts in forms:
        found.setdefault(normal("".join(parts)), "whole")
        found.setdefault(normal("".join(reversed(parts))), "whole")
    for parts in forms:
        for start in range(1, len(parts)):
            found.setdefault(normal("".join(parts[start:])), "last")
    if any(map(_ANY_YEAR.search, path)):
        dated = tuple(_ANY_YEAR.sub(" ", part) for part in forms[-1])
        for start in range(len(dated)):
            found.setdefault(normal("".join(dated[start:])), "year")
    found.pop("", None)
    return tuple(found.items())


def timeless(heading: str) -> str:
    """A heading as `normal` has it, without the years in it: what next year's file has in common with this year's.

    >>> timeless("Penerima PKH 2023 (HIMBARA)") == timeless("PENERIMA PKH 2024 (Himbara)")
    True
    """
    return normal(_ANY_YEAR.sub(" ", heading)) or normal(heading)


def blocks(preview: Sequence[Row]) -> Iterator[Block]:
    """Every run of up to five rows, starting within the first 20, that can be the headings."""
    rows = [_tidied(cells) for _, cells in preview[: SEARCHED_ROWS + MOST_HEADING_ROWS - 1]]
    for last, row in enumerate(rows):
        units = _is_units(row)
        if not units and not _can_be_headings(row):
            continue
        if not units and last < SEARCHED_ROWS:
            yield Block(last, last, _joined([row]))
        needed, spare = 0, 0
        for first in range(last - 1, max(last - MOST_HEADING_ROWS, -1), -1):
            lower = rows[first + 1 : last + 1]
            if not (_can_be_headings(rows[first]) if units and first == last - 1 else _stands_over(rows[first], lower)):
                break
            is_needed = (units and first == last - 1) or _needs(rows[first], lower)
            needed, spare = needed + is_needed, spare + (not is_needed)
            if first < SEARCHED_ROWS:
                yield Block(first, last, _joined(rows[first : last + 1], units), needed, spare)


def body(preview: Sequence[Row], block: Block) -> list[Cells]:
    """The rows below the headings, without blank ones, column numbers and repeated headings."""
    lowest = [normal(path[-1]) if path else "" for path in block.paths]
    return [
        cells
        for _, cells in preview[block.last + 1 :]
        if any(cell.strip() for cell in cells)
        and not _is_numbering(_tidied(cells))
        and sum(1 for cell, head in zip(cells, lowest, strict=False) if head and normal(cell[:LONGEST_HEADING]) == head)
        < 2
    ]


def _tidied(cells: Cells) -> Cells:
    return tuple(" ".join(cell[:LONGEST_HEADING].split()) for cell in cells)


def _can_be_headings(row: Cells) -> bool:
    """Text, and nothing that only rows of data have: long numbers, dates, masked numbers; column numbers are none."""
    texts = [cell for cell in row if cell]
    return bool(texts) and not _is_numbering(row) and not any(map(_DATA.search, texts))


def _is_numbering(row: Cells) -> bool:
    texts = [cell for cell in row if cell]
    return len(texts) > 1 and all(map(_COLUMN_NUMBER.fullmatch, texts))


def _is_units(row: Cells) -> bool:
    texts = [cell for cell in row if cell]
    return bool(texts) and all(map(_UNIT.fullmatch, texts))


def _stands_over(upper: Cells, lower: Sequence[Cells]) -> bool:
    """Whether a row holds the wider headings of the rows below it, rather than a title, a note or nothing."""
    texts = _texts(upper)
    if len(texts) < 2 or not _can_be_headings(upper):
        return False
    if any(text.startswith(":") or text.endswith(":") for _, text in texts):
        return False
    if any(text.isdigit() and not _YEAR.fullmatch(text) for _, text in texts):
        return False
    ends = [*(column for column, _ in texts[1:]), max(len(row) for row in (upper, *lower))]
    single = sum(_over_one(column, end, text, lower) for (column, text), end in zip(texts, ends, strict=True))
    return single <= MOST_SINGLE * len(texts)


def _over_one(column: int, end: int, text: str, lower: Sequence[Cells]) -> bool:
    below = [at for at in range(column, end) if _below(lower, at)]
    return below == [column] and _below(lower, column) != text


def _needs(upper: Cells, lower: Sequence[Cells]) -> bool:
    """Whether the lower rows do not stand for themselves: a heading is blank or stands twice in them, or is grouped."""
    texts = _texts(upper)
    if any(not _below(lower, column) for column, _ in texts):
        return True
    if _repeated(_joined([upper, *lower])) < _repeated(_joined(lower)):
        return True
    leftmost = min((column for row in lower for column, _ in _texts(row)), default=0)
    return texts[0][0] > leftmost


def _texts(row: Cells) -> list[tuple[int, str]]:
    """The texts of a row with their columns; a text that is repeated beside itself counts once."""
    return [(at, cell) for at, cell in enumerate(row) if cell and (at == 0 or row[at - 1] != cell)]


def _below(lower: Sequence[Sequence[str]], column: int) -> str:
    return next((row[column] for row in lower if column < len(row) and row[column]), "")


def _repeated(paths: Sequence[Path]) -> int:
    return sum(times - 1 for path, times in Counter(paths).items() if path)


def _joined(rows: Sequence[Cells], units: bool = False) -> tuple[Path, ...]:
    """The path of every column. A cell merged to the right left blanks there: they are filled as far as the same
    wider heading reaches and something narrower stands below. A cell merged downwards left blanks that say nothing.
    """
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell), default=0)
    grid = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    named = grid[:-1] if units else grid
    for depth, row in enumerate(named[:-1]):
        for at in range(1, width):
            alike = all(above[at] == above[at - 1] for above in named[:depth])
            if not row[at] and alike and _below(grid[depth + 1 :], at) and _below(grid[depth + 1 :], at - 1):
                row[at] = row[at - 1]
    paths = [_path([row[at] for row in named]) for at in range(width)]
    return tuple(map(_with_unit, paths, grid[-1])) if units else tuple(paths)


def _path(cells: Sequence[str]) -> Path:
    said = [cell for cell in cells if cell]
    return tuple(text for place, text in enumerate(said) if place == 0 or said[place - 1] != text)


def _with_unit(path: Path, unit: str) -> Path:
    if not unit:
        return path
    text = unit if unit.startswith("(") else f"({unit})"
    return (*path[:-1], f"{path[-1]} {text}") if path else (text,)
