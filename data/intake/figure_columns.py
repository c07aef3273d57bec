"""What the columns of a table of figures hold, by their headings and by their content together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import ibis.expr.types as ir

from data.definitions.catalogue import REGISTERS
from data.intake.figure_titles import period_in, period_text, place_in
from data.intake.figures import Heading, Role
from data.intake.headings import normal
from data.places.codes import CodeColumn, code_column, digits, dotted
from data.places.reference import LEVELS, Level, find, level_of, searchable, table
from data.places.spelling import readings

MOST_SAMPLES: Final = 3_000
MOSTLY: Final = 0.8


@dataclass(frozen=True)
class Look:
    filled: int
    numeric: int
    distinct: int
    samples: tuple[str, ...]

    @property
    def is_numeric(self) -> bool:
        return self.filled > 0 and self.numeric >= MOSTLY * self.filled


_NUMBER: Final = r"(?i)\s*['’]?(?:rp\.?\s*)?[+\-−(]?\s*[0-9][0-9.,\s]*\)?\s*(?:%|[a-z]{1,6}\.?)?\s*[*)]{0,3}\s*"
NO_NUMBER: Final = r"(?i)\s*(?:\.{2,}|…|na|n\.a\.?|x|\*+\)?|tad|tidak ada(?: data)?)\s*"
TOTAL: Final = re.compile(r"(?i)\W*(?:grand\s*|sub\s*)?(?:total|jumlah|jml)\b\W*")
WHOLE_COUNTRY: Final = frozenset({"indonesia", "nasional"})


def look_at(raw: ir.Table, columns: Sequence[Heading]) -> dict[int, Look]:
    asked: dict[str, ir.Value] = {}
    for column in columns:
        cell = raw[f"c{column.index}"]
        again = cell.strip().lower() == column.heading.split(" > ")[-1].strip().lower()
        said = cell.nullif("").notnull() & ~_fits(cell, NO_NUMBER) & ~again.fill_null(False)
        asked |= {
            f"filled{column.index}": said.sum(),
            f"numeric{column.index}": (said & _fits(cell, _NUMBER)).sum(),
            f"distinct{column.index}": cell.nunique(),
            f"samples{column.index}": cell.collect(distinct=True)[:MOST_SAMPLES],
        }
    (found,) = raw.aggregate(**asked).to_pyarrow().to_pylist()
    return {
        column.index: Look(
            int(found[f"filled{column.index}"] or 0),
            int(found[f"numeric{column.index}"] or 0),
            int(found[f"distinct{column.index}"] or 0),
            tuple(text for text in found[f"samples{column.index}"] or () if text and text.strip()),
        )
        for column in columns
    }


def _fits(cell: ir.StringValue, pattern: str) -> ir.BooleanValue:
    return cell.re_search(f"^(?:{pattern})$".replace("^(?:(?i)", "(?i)^(?:")).fill_null(False)


@dataclass(frozen=True)
class Column:
    index: int
    heading: str
    role: Role
    level: Level | None = None
    code: CodeColumn | None = None


_PERIODS: Final = frozenset(
    "tahun tahundata periode periodedata bulan semester triwulan kuartal year tahunbulan bulantahun tahunanggaran"
    " periodetahun smt waktu tanggal tanggaldata tahunsemester".split()
)
_UNITS: Final = frozenset({"satuan", "unit", "satuandata"})
_IGNORED: Final = frozenset(
    "no nomor nourut urut nomorurut latitude longitude lat lon lng long lintang bujur timezone zonawaktu kodepos"
    " keterangan catatan sumber updatedat createdat lastupdate tanggalupdate tanggalpublikasi rid rownumber idtabel"
    " nodata koordinat geom geometry".split()
)
_CATEGORY: Final = re.compile(
    r"^(?:jenis|kategori|kelompok|golongan|status|tingkat(?!kemiskinan)|klasifikasi|desil|kelas|tipe|rentang|usia$|umur|"
    r"pendidikan$|agama$|pekerjaan$|uraian|rincian|komponen|indikator|variabel|sex$|gender$|program$|namaprogram|kategor)"
)
NAMES_MEASURES: Final = re.compile(r"^(?:indikator|variabel|ukuran)")
_BELOW: Final = re.compile(r"^(?:rw|rt|dusun|lingkungan|namarw|namart|namadusun|posyandu|namaposyandu|rukunwarga)$")
_AREAS: Final[dict[str, Level]] = {
    normal(spelling): level
    for level in LEVELS
    for spelling in REGISTERS["rekap"].spellings[level]
    if spelling != "Wilayah"
}
_ANY_AREA: Final = frozenset("wilayah namawilayah daerah namadaerah area lokasi nama name namakota kabkotakec".split())


def roles_of(raw: ir.Table, columns: Sequence[Heading], looks: Mapping[int, Look]) -> dict[int, Column]:
    """What each column is, by its index."""
    found = {column.index: _role(column, looks[column.index]) for column in columns}
    if not any(one.role == "area" for one in found.values()):
        for one in found.values():
            if one.role == "" and one.heading.strip() and (level := _level_by_content(looks[one.index].samples)):
                found[one.index] = replace(one, role="area", level=level)
                break
    for level in LEVELS:  # Of two columns for one level the first speaks.
        for extra in [one for one in found.values() if one.role == "area" and one.level == level][1:]:
            found[extra.index] = replace(extra, role="")
    return _with_categories(raw, found, looks)


def _role(column: Heading, look: Look) -> Column:
    index, heading = column.index, column.heading
    plain, last = normal(heading), normal(heading.split(" > ")[-1])
    if not look.filled or plain in _IGNORED:
        return Column(index, heading, "")
    if (code := code_column(index, heading)) and _holds_codes(code, look):
        return Column(index, heading, "code", code.level, code)
    level = _AREAS.get(last) or _AREAS.get(plain)
    if level and not look.is_numeric:
        return Column(index, heading, "area", level)
    if last in _ANY_AREA and not look.is_numeric and (level := _level_by_content(look.samples)):
        return Column(index, heading, "area", level)
    if plain in _UNITS:
        return Column(index, heading, "unit")
    if plain in _PERIODS and _mostly(
        look.samples,
        lambda text: bool(
            period_in(period_text(heading, text)) or re.fullmatch(r"\d{1,2}|[a-zIV ]+\d?", text.strip(), re.I)
        ),
    ):
        return Column(index, heading, "period")
    if _BELOW.match(plain):
        return Column(index, heading, "below")
    if _CATEGORY.match(plain):
        return Column(index, heading, "category")
    if look.is_numeric and plain not in ("id", "kode"):
        return Column(index, heading, "figure" if heading.strip() else "")
    return Column(index, heading, "")


def _mostly(samples: Sequence[str], fits: Any) -> bool:
    return bool(samples) and sum(bool(fits(text)) for text in samples) >= MOSTLY * len(samples)


def _holds_codes(code: CodeColumn, look: Look) -> bool:
    """Whether a column that may hold area codes does. A bare `id` has to prove it by codes that exist."""
    plain = [digits(text) for text in look.samples]
    filled = [text for text in plain if text]
    if not filled or len(filled) < len(plain) / 2:
        return False
    if code.level or code.said:
        return True
    usual = [text for text in filled if len(text) in (2, 4, 6, 7, 10) and find(text[:2])]
    return len(usual) >= 0.9 * len(filled) and (
        normal(code.heading) != "id" or sum(find(dotted(text)) is not None for text in usual) >= 0.5 * len(usual)
    )


@cache
def _names(level: Level) -> frozenset[str]:
    """Every name of a level, without its kind, letters and digits only."""
    names = set(table()[level].to_pylist())
    plain = {searchable(name) for name in names}
    return frozenset(
        plain | {way.plain for name in names for way in readings(name, level)} if level == "kabkota" else plain
    )


def _level_by_content(samples: Sequence[str]) -> Level | None:
    """The level whose names nearly all values are, the larger places where two levels fit; else the lowest level that,
    together with the larger places it lies in, explains nearly all: a province stands above its kabupaten.
    """
    values = [text for text in samples if not TOTAL.match(text)][:200]
    if not values:
        return None
    fits = {
        level: {text for text in values if any(way.plain in _names(level) for way in readings(text, level))}
        for level in LEVELS
    }
    best = max(LEVELS, key=lambda level: (len(fits[level]), -LEVELS.index(level)))
    if len(fits[best]) >= MOSTLY * len(set(values)):
        return best
    for level, upper in zip(LEVELS[1:], LEVELS, strict=False):
        above = fits[upper] | {text for text in values if (code := place_in(text)) and level_of(code) == upper}
        if fits[level] and above and len(fits[level] | above) >= MOSTLY * len(set(values)):
            return level
    return None


def _with_categories(raw: ir.Table, found: dict[int, Column], looks: Mapping[int, Look]) -> dict[int, Column]:
    """Columns of other words are categories where rows of one area and date differ in them; else they describe the
    area (its capital, its kind) and are not needed.
    """
    words = [one for one in found.values() if one.role == "" and looks[one.index].filled and one.heading.strip()
             and normal(one.heading) not in _IGNORED and not looks[one.index].is_numeric]  # fmt: skip
    keys = [one.index for one in found.values() if one.role in ("area", "code", "period", "category", "below")]
    if not words or not keys:
        return found

    def different(indexes: Sequence[int]) -> int:
        cells = [raw[f"c{index}"].fill_null("").name(f"c{index}") for index in indexes]
        return int(raw.select(*cells).distinct().count().to_pyarrow().as_py())

    rows, kinds = int(raw.count().to_pyarrow().as_py()), different(keys)
    for one in sorted(words, key=lambda one: looks[one.index].distinct):
        if kinds >= MOSTLY * rows:
            break
        if (more := different([*keys, one.index])) > kinds:
            found[one.index] = replace(one, role="category")
            keys.append(one.index)
            kinds = more
    return found
