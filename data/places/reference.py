"""Codes, names and hierarchy of all places of Indonesia, from the shipped list of villages.

The list is sorted by code and codes have fixed widths, so every place is one run of rows: a look-up is a bisection,
and nothing is built before it is asked for.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from data.area import within

if TYPE_CHECKING:
    import pyarrow as pa

Level = Literal["province", "kabkota", "kecamatan", "kelurahan"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
REFERENCE: Final = Path(__file__).with_name("reference.parquet")
_WIDTHS: Final[dict[Level, int]] = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}
_KINDS: Final = ("Kota Administrasi ", "Kabupaten Administrasi ", "Kota ", "Kabupaten ")
_LEVELS: Final[dict[int, Level]] = {width: level for level, width in _WIDTHS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A place. `lat`, `lon` (degrees, WGS 84): a village's point, or the mean over the villages of a larger place."""

    code: str
    name: str
    level: Level
    parent: str
    bps_code: str
    lat: float | None
    lon: float | None


def level_of(code: str) -> Level:
    """The level of a dotted Kemendagri code, by its form alone; ValueError where it has none.

    >>> level_of("74.71"), level_of("74.71.04.1021")
    ('kabkota', 'kelurahan')
    """
    level = _LEVELS.get(len(code))
    if level is None or any(code[dot] != "." for dot in (2, 5, 8) if dot < len(code)):
        raise ValueError(code)
    return level


def place(code: str) -> Place:
    """The place with this code; KeyError where there is none."""
    found = find(code)
    if found is None:
        raise KeyError(code)
    return found


@lru_cache(maxsize=131_072)
def find(code: str) -> Place | None:
    """The place with this code, or None.

    >>> find("74.71").name
    'Kota Kendari'
    """
    level = _LEVELS.get(len(code))
    first, last = _rows(code) if level else (0, 0)
    if level is None or first == last:
        return None
    lats, lons = _floats("lat")[first:last], _floats("lon")[first:last]
    return Place(
        code=code,
        name=_text(level, first),
        level=level,
        parent=parent(code),
        bps_code=_text("bps_code", first) if level == "kelurahan" else "",
        lat=sum(lats) / len(lats),
        lon=sum(lons) / len(lons),
    )


def parent(code: str) -> str:
    """The code one level up, `""` above a province.

    >>> parent("74.71.04.1021"), parent("74")
    ('74.71.04', '')
    """
    return code.rpartition(".")[0]


def ancestors(code: str) -> tuple[Place, ...]:
    """The places around this one, province first, without itself; KeyError for an unknown code."""
    place(code)
    return tuple(place(code[:width]) for width in _WIDTHS.values() if width < len(code))


def children(code: str = "", level: Level | None = None) -> tuple[Place, ...]:
    """The places directly inside, or all descendants of `level`, in the order of their codes.

    `""` is the country. Empty where `level` is not below the place.
    """
    below = level or (LEVELS[0] if not code else next((lower for lower in LEVELS if _WIDTHS[lower] > len(code)), None))
    return () if below is None or _WIDTHS[below] <= len(code) else tuple(map(place, codes(code, below)))


def codes(code: str, level: Level) -> tuple[str, ...]:
    """The codes of `level` inside a place (itself where it is of that level), sorted."""
    every = _codes(level)
    if not code:
        return every
    if len(code) >= _WIDTHS[level]:
        return (code,) if code in _position(level) else ()
    return every[bisect_left(every, code + ".") : bisect_left(every, code + "/")]


def covered_by(code: str, areas: Collection[str]) -> bool:
    """Whether areas hold all of a place: one of them the whole of it, or together every kelurahan in it."""
    if any(within(code, area) for area in areas):
        return True
    inside = [area for area in areas if within(area, code)]
    return bool(inside) and all(any(within(village, area) for area in inside) for village in codes(code, "kelurahan"))


def search(text: str, limit: int = 20) -> list[Place]:
    """Places whose name contains `text`, whatever its case, accents, spaces and punctuation.

    The kind in front of a kab/kota (`Kota`, `Kabupaten`) may be left out. Names that begin with the text come first;
    within each, larger places before smaller ones and shorter names before longer ones.
    """
    wanted = searchable(text)
    if not wanted:
        return []
    hits: list[tuple[int, int, int, str]] = []
    for depth, level in enumerate(LEVELS):
        for name, whole, code in _searchable(level):
            if wanted in whole:
                hits.append((0 if whole.startswith(wanted) or name.startswith(wanted) else 1, depth, len(name), code))
    return [place(code) for *_, code in sorted(hits)[:limit]]


def searchable(text: str) -> str:
    """Letters and digits only, lower case, without accents.

    >>> searchable("Karang  Anyar"), searchable("Pa'lemumut")
    ('karanganyar', 'palemumut')
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if letter.isalnum()).lower()


@lru_cache
def table() -> "pa.Table":
    """The shipped list, a row a village, sorted by `kelurahan_code`.

    Columns: kelurahan_code, kelurahan, kecamatan_code, kecamatan, kabkota_code, kabkota, province_code, province,
    bps_code (empty where not known), lat, lon (float32 degrees), point ("village", or "kecamatan" where the point is
    the mean of the kecamatan). Source and licence: ATTRIBUTION.md.
    """
    import pyarrow.parquet as pq

    return pq.ParquetFile(REFERENCE).read()


@cache
def _texts(column: str) -> list[str]:
    texts: list[str] = table()[column].to_pylist()
    return texts


def _text(column: str, row: int) -> str:
    return str(table()[column][row])


@cache
def _floats(column: str) -> list[float]:
    numbers: list[float] = table()[column].to_pylist()
    return numbers


def _rows(code: str) -> tuple[int, int]:
    """The run of rows of a place: first, and one after the last."""
    villages = _texts("kelurahan_code")
    if len(code) == _WIDTHS["kelurahan"]:
        first = bisect_left(villages, code)
        return first, first + int(first < len(villages) and villages[first] == code)
    return bisect_left(villages, code + "."), bisect_left(villages, code + "/")


@cache
def _codes(level: Level) -> tuple[str, ...]:
    if level == "kelurahan":
        return tuple(_texts("kelurahan_code"))
    return tuple(dict.fromkeys(_texts(f"{level}_code")))


@cache
def _position(level: Level) -> frozenset[str]:
    return frozenset(_codes(level))


@cache
def _searchable(level: Level) -> list[tuple[str, str, str]]:
    """(name without its kind, whole name, code) of every place of a level."""
    if level != "kabkota":
        names = _texts(level) if level == "kelurahan" else [place(code).name for code in _codes(level)]
        plain = list(map(searchable, names))
        return list(zip(plain, plain, _codes(level), strict=True))
    names = [place(code).name for code in _codes(level)]
    return [(searchable(_bare(name)), searchable(name), code) for name, code in zip(names, _codes(level), strict=True)]


def _bare(name: str) -> str:
    return next((name.removeprefix(kind) for kind in _KINDS if name.startswith(kind)), name)
