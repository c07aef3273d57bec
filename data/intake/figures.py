"""Tables of figures by area: any order of columns, tidy or wide, becomes one row a figure.

A figure has an area, a date, a measure, a category ("" = all) and a value. What a column holds is decided by its
heading and by its content together; few-valued columns (areas, dates, categories) are looked at value by value, the
rows themselves stay in the engine.
"""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from data import engine
from data.access import within
from data.definitions.catalogue import REGISTERS
from data.definitions.registers import Check, Register
from data.intake.areas import CodeReader, at_level, code_reader, covered, home_of
from data.intake.clean import FileComplaint
from data.intake.dates import MONTHS, date_in, month_end
from data.intake.headings import normal
from data.intake.rows import EXAMPLES, FIRST_ROWS, Reported
from data.intake.values import Notation, notation, number, whole
from data.places.codes import NO_PAIRS, CodeColumn, Pairs, code_column, digits, dotted
from data.places.reference import LEVELS, Level, codes, find, level_of, searchable, table
from data.places.resolver import Resolution, Resolver
from data.places.spelling import readings
from data.snapshots import PROBLEMS, ROWS, Counts
from data.wording import N_, Value

MEASURES: Final = "measures.json"
SEVERAL: Final = "; "
"""What stands between the parts of a category, where a table has several columns of categories."""
MOST_SPELLINGS: Final = 100_000
SAVED_DAY: Final = N_("the day the file was saved")
MOST_SAMPLES: Final = 3_000
MOSTLY: Final = 0.8
FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    "population": ("population", "male", "female", "families"),
    "poverty": ("poverty_rate", "poor_persons"),
}
"""Measures that a register of figures has by name; a rekap has whatever its headings say."""

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


def read_figures(
    backend: Backend,
    raw: ir.Table,
    columns: Sequence[Heading],
    title: str,
    file_name: str,
    told_register: str = "",
    told_place: str = "",
    told_period: date | None = None,
    *,
    saved_on: date | None = None,
    pairs: Pairs = NO_PAIRS,
) -> Figures | NotFigures:
    """Reads the table `raw` (see `read.Sheet.load`) as figures by area.

    `title` is the text above the headings. What the user told comes before what title and file name say, never before
    what stands in the rows or headings. `saved_on` is the day to assume where nothing says a date.
    """
    looks = _looks(raw, columns)
    roles = _roles(raw, columns, looks)
    if not any(one.role in ("area", "code") for one in roles.values()):
        return NotFigures("figures_without_areas")
    about = _About(title, re.sub(r"(\.[A-Za-z]{2,7})+$", "", file_name), told_place)
    key = told_register or register_of((one.heading for one in roles.values() if one.role == "figure"), about.text)
    register = REGISTERS[key]
    sources = _sources(register, roles, looks, about)
    naming = _naming(roles, looks, sources) if key == "rekap" else None
    if naming is not None:
        sources = _by_word(sources[0], looks[naming].samples, about.subject)
    table_ = _Table(backend, raw, register, roles, looks, sources, about, pairs, naming)
    if not sources:
        return NotFigures("figures_without_numbers", learned=table_.taught())
    when = told_period or about.period
    if not when and not table_.dated and any(source.period is None for source in sources):
        headed = [source.period for source in sources if source.period]
        if not headed and not saved_on:
            return NotFigures("figures_without_period")
        assumed = max(headed) if headed or not saved_on else saved_on
        evidence = N_("the newest date in the headings") if headed else SAVED_DAY
        table_.notes.append(FileComplaint("period_assumed", {"period": assumed, "evidence": evidence}))
        when = assumed
    return table_.read(when)


# What a column holds


@dataclass(frozen=True)
class _Look:
    filled: int
    numeric: int
    distinct: int
    samples: tuple[str, ...]

    @property
    def is_numeric(self) -> bool:
        return self.filled > 0 and self.numeric >= MOSTLY * self.filled


_NUMBER: Final = r"(?i)\s*['’]?(?:rp\.?\s*)?[+\-−(]?\s*[0-9][0-9.,\s]*\)?\s*(?:%|[a-z]{1,6}\.?)?\s*[*)]{0,3}\s*"
_NO_NUMBER: Final = r"(?i)\s*(?:\.{2,}|…|na|n\.a\.?|x|\*+\)?|tad|tidak ada(?: data)?)\s*"
_TOTAL: Final = re.compile(r"(?i)\W*(?:grand\s*|sub\s*)?(?:total|jumlah|jml)\b\W*")
_WHOLE_COUNTRY: Final = frozenset({"indonesia", "nasional"})


def _looks(raw: ir.Table, columns: Sequence[Heading]) -> dict[int, _Look]:
    asked: dict[str, ir.Value] = {}
    for column in columns:
        cell = raw[f"c{column.index}"]
        again = cell.strip().lower() == column.heading.split(" > ")[-1].strip().lower()
        said = cell.nullif("").notnull() & ~_fits(cell, _NO_NUMBER) & ~again.fill_null(False)
        asked |= {
            f"filled{column.index}": said.sum(),
            f"numeric{column.index}": (said & _fits(cell, _NUMBER)).sum(),
            f"distinct{column.index}": cell.nunique(),
            f"samples{column.index}": cell.collect(distinct=True)[:MOST_SAMPLES],
        }
    (found,) = raw.aggregate(**asked).to_pyarrow().to_pylist()
    return {
        column.index: _Look(
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
class _Column:
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
_NAMES_MEASURES: Final = re.compile(r"^(?:indikator|variabel|ukuran)")
_BELOW: Final = re.compile(r"^(?:rw|rt|dusun|lingkungan|namarw|namart|namadusun|posyandu|namaposyandu|rukunwarga)$")
_AREAS: Final[dict[str, Level]] = {
    normal(spelling): level
    for level in LEVELS
    for spelling in REGISTERS["rekap"].spellings[level]
    if spelling != "Wilayah"
}
_ANY_AREA: Final = frozenset("wilayah namawilayah daerah namadaerah area lokasi nama name namakota kabkotakec".split())


def _roles(raw: ir.Table, columns: Sequence[Heading], looks: Mapping[int, _Look]) -> dict[int, _Column]:
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


def _role(column: Heading, look: _Look) -> _Column:
    index, heading = column.index, column.heading
    plain, last = normal(heading), normal(heading.split(" > ")[-1])
    if not look.filled or plain in _IGNORED:
        return _Column(index, heading, "")
    if (code := code_column(index, heading)) and _holds_codes(code, look):
        return _Column(index, heading, "code", code.level, code)
    level = _AREAS.get(last) or _AREAS.get(plain)
    if level and not look.is_numeric:
        return _Column(index, heading, "area", level)
    if last in _ANY_AREA and not look.is_numeric and (level := _level_by_content(look.samples)):
        return _Column(index, heading, "area", level)
    if plain in _UNITS:
        return _Column(index, heading, "unit")
    if plain in _PERIODS and _mostly(
        look.samples,
        lambda text: bool(
            period_in(_period_text(heading, text)) or re.fullmatch(r"\d{1,2}|[a-zIV ]+\d?", text.strip(), re.I)
        ),
    ):
        return _Column(index, heading, "period")
    if _BELOW.match(plain):
        return _Column(index, heading, "below")
    if _CATEGORY.match(plain):
        return _Column(index, heading, "category")
    if look.is_numeric and plain not in ("id", "kode"):
        return _Column(index, heading, "figure" if heading.strip() else "")
    return _Column(index, heading, "")


def _mostly(samples: Sequence[str], fits: Any) -> bool:
    return bool(samples) and sum(bool(fits(text)) for text in samples) >= MOSTLY * len(samples)


def _holds_codes(code: CodeColumn, look: _Look) -> bool:
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
    values = [text for text in samples if not _TOTAL.match(text)][:200]
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


def _with_categories(raw: ir.Table, found: dict[int, _Column], looks: Mapping[int, _Look]) -> dict[int, _Column]:
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


# Dates


_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_MONTH: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/. ]?(0[1-9]|1[0-2])(?!\d)")
_HALF: Final = re.compile(r"(?i)(?<![a-z])(?:semester|smt|sem|s)[ ._-]*(ii|i|1|2|ganjil|genap|satu|dua)(?![a-z0-9])")
_QUARTER: Final = re.compile(r"(?i)(?<![a-z])(?:triwulan|tw|kuartal|q)[ ._-]*(iv|iii|ii|i|[1-4])(?![a-z0-9])")
_ORDER: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "ganjil": 1, "genap": 2, "satu": 1, "dua": 2}
_MONTH: Final = re.compile(rf"(?i)(?<![a-z])({'|'.join(sorted(MONTHS, key=len, reverse=True))})(?![a-z])")


def period_in(text: str) -> date | None:
    """The day that a text's date stands for; None where it names none, or several years.

    A month stands for its last day, a quarter and a semester too, a year for 31 December.

    >>> period_in("2023"), period_in("Semester I 2023"), period_in("2021-2023"), period_in("penduduk_202306")
    (datetime.date(2023, 12, 31), datetime.date(2023, 6, 30), None, datetime.date(2023, 6, 30))
    >>> period_in("Maret 2021"), period_in("Semester 1 (Maret) 2021"), period_in("TW IV 2022")
    (datetime.date(2021, 3, 31), datetime.date(2021, 3, 31), datetime.date(2022, 12, 31))
    """
    text = text.replace("_", " ")
    if found := _YEAR_MONTH.fullmatch(text.strip()) or re.search(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)", text):
        return month_end(int(found[1]), int(found[2]))
    years = {int(year) for year in _YEAR.findall(text)}
    if len(years) != 1:
        return None
    (year,) = years
    if day := date_in(text):
        return day
    if month := _MONTH.search(text):
        return month_end(year, MONTHS[month[1].casefold()])
    if half := _HALF.search(text):
        return month_end(year, 6 * int(_ORDER.get(half[1].casefold(), half[1])))
    if quarter := _QUARTER.search(text):
        return month_end(year, 3 * int(_ORDER.get(quarter[1].casefold(), quarter[1])))
    return date(year, 12, 31)


def _without_period(text: str) -> str:
    text = re.sub(
        r"(?<!\d)(?:19|20)\d\d(?:[-_. ]?(?:0[1-9]|1[0-2])(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)", " ", text
    )
    text = re.sub(r"(?<![\d.])\d\d(?:\.\d\d){1,2}(?:\.\d{4})?(?![\d.])", " ", text)
    text = _QUARTER.sub(" ", _HALF.sub(" ", text))
    text = re.sub(r"(?i)(?<![a-z])(?:tahun(?:an)?|periode|bulan|tahundata)(?![a-z])", " ", text)
    return _MONTH.sub(" ", text) if not re.search(r"(?i)\bmei\w|\bmar\w", text) else text


def _period_text(heading: str, text: str) -> str:
    """A cell under a heading of dates, so that it can be read beside the others: `1` under Semester is `semester 1`."""
    text, plain = text.strip(), normal(heading)
    if re.fullmatch(r"(?i)\d{1,2}|iv|i{1,3}|ganjil|genap", text):
        if plain in ("semester", "smt"):
            return f"semester {text}"
        if plain in ("triwulan", "kuartal"):
            return f"triwulan {text}"
        if plain == "bulan" and text.isdigit() and 1 <= int(text) <= 12:
            return next(name for name, month in MONTHS.items() if month == int(text))
    return text


# What the whole file is about


_LEAD: Final = re.compile(
    r"^(?:\W|\d|(?:data|rekap|rekapitulasi|tabel|table|laporan|daftar|filedata|dataset|open|od|statistik|final|revisi|rev|"
    r"v\d+|dinsos|dinas sosial|disdukcapil|dinkes|bps|update|juml?ah data)\b)+", re.I
)  # fmt: skip
_REST: Final = re.compile(
    r"(?i)\b(?:menurut|berdasarkan|berdasar|per|dirinci|di|pada|tahun|semester|bulan|periode|se|by|kabupaten\s?kota)\b.*$"
)


_NOTICE: Final = re.compile(r"(?i)\b(?:data )?contoh\b(?:\s*[–-]\s*bukan data sebenarnya)?")
"""The mark of a demonstration is no subject."""


class _About:
    """What the title, the file's name and the user say of the file as a whole."""

    def __init__(self, title: str, name: str, told_place: str) -> None:
        title = _NOTICE.sub(" ", title).strip()
        self.title, self.name, self.told_place = title, _NOTICE.sub(" ", re.sub(r"[_\-+]+", " ", name)), told_place
        self.text = f"{title} {self.name}"
        self.period = period_in(title) or period_in(self.name)
        self.place = told_place or place_in(title) or place_in(self.name)

    @property
    def subject(self) -> str:
        """What is counted, in the words of the title, else of the file's name."""
        return _subject(self.title) or _subject(self.name) or " ".join(_without_period(self.name).split())


def _subject(text: str) -> str:
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", _without_period(text))
    text = _LEAD.sub("", " ".join(text.replace("_", " ").split()))
    text = _LEAD.sub("", _REST.sub("", text).strip(" ,.;:-–"))
    if code := place_in(text):
        for name in _place_names(code):
            text = re.sub(rf"(?i)\b(?:provinsi |prov\.? |kota |kabupaten |kab\.? )?{re.escape(name)}\b", " ", text)
    text = re.sub(r"(?i)\b(?:kota|kabupaten|kab|provinsi|prov)\b\W*$", "", " ".join(text.split()))
    return " ".join(text.split()).strip(" ,.;:-–")


def _place_names(code: str) -> tuple[str, ...]:
    found = find(code)
    name = found.name if found else ""
    bare = re.sub(r"^(?:Kota Administrasi|Kabupaten Administrasi|Kota|Kabupaten) ", "", name)
    return tuple(dict.fromkeys((name, bare, *(("DKI Jakarta", "Jakarta") if code == "31" else ()))))


@cache
def _spoken_names() -> tuple[tuple[str, str], ...]:
    """(name in lower case, code) of every province and kab/kota, the longest first; names of two places are none."""
    found: dict[str, set[str]] = {"dki jakarta": {"31"}}
    for level in LEVELS[:2]:
        for code in codes("", level):
            for name in _place_names(code):
                found.setdefault(name.lower(), set()).add(code)
    found.pop("jakarta", None)
    told = [(name, next(iter(meant))) for name, meant in found.items() if len(meant) == 1 and len(name) > 3]
    return tuple(sorted(told, key=lambda pair: -len(pair[0])))


def place_in(text: str) -> str:
    """The kab/kota, else the province, that a title or file name speaks of; "" if none.

    >>> place_in("Jumlah Penduduk Kota Kendari 2023"), place_in("rekap_kutai-timur_2024"), place_in("Data Jakarta")
    ('74.71', '64.08', '')
    """
    plain = " ".join(re.sub(r"[^\w]+|_", " ", text.lower()).split())
    plain = re.sub(r"\bkab\b", "kabupaten", plain)
    hits = [code for name, code in _spoken_names() if re.search(rf"\b{re.escape(name)}\b", plain)]
    return max(hits, key=len, default="")


def _sex_of(words: str) -> str:
    """The measure of residents that a bare `L` or `P` names beside their sum."""
    plain = normal(words)
    return "male" if plain in _MALE else "female" if plain in _FEMALE else ""


def register_of(headings: Iterable[str], text: str) -> str:
    """Which register of figures the headings of the numbers, or else title and file name, speak of."""
    plain = [_words(heading) for heading in headings]
    subject = normal(_subject(text))
    residents = subject in {normal(spelling) for spelling in REGISTERS["population"].spellings["population"]}
    named = [_fixed(REGISTERS["population"], words) or _sex_of(words) for words in plain]
    unknown = (words for words, key in zip(plain, named, strict=True) if not key and not _BESIDE.search(words))
    others = [words for words in unknown if words and normal(words) not in _GENERIC]
    sexes = {"male", "female"} <= set(named) and (residents or not subject)
    if not others and ("population" in named or sexes):
        return "population"
    poor = [words for words in plain if _fixed(REGISTERS["poverty"], words)]
    if poor and len(poor) * 2 >= len(plain):
        return "poverty"
    if re.search(r"(?i)persentase\s+penduduk\s+miskin|jumlah\s+penduduk\s+miskin|tingkat\s+kemiskinan", text):
        return "poverty"
    return "population" if residents and not others else "rekap"


_BESIDE: Final = re.compile(
    r"(?i)\b(?:luas|area|kepadatan|density|rasio|laju|pertumbuhan|elevation|jumlah (?:rt|rw|desa|kelurahan))\b"
)
"""What tables of the population have beside it."""


# Measures


@dataclass(frozen=True)
class _Source:
    """A column of figures: its date where the heading names it, its measure, category, unit; `factor` makes the
    written number the value. `named` is the word in another column of the row that names the measure, if one does.
    """

    index: int
    heading: str
    period: date | None
    key: str
    label: str
    category: str
    unit: Unit
    factor: float
    reading: Notation
    named: str | None = None


_GENERIC: Final = frozenset(
    "jumlah nilai total value banyaknya banyak angka count data hasil frekuensi jml capaian realisasi".split()
)
_MALE: Final = frozenset("lakilaki laki pria l lk male".split())
_FEMALE: Final = frozenset("perempuan wanita p pr female".split())
_ALL: Final = frozenset(
    "jumlah total jml semua keseluruhan lp grandtotal lakilakiperempuan lakilakidanperempuan jumlahtotal l_p".split()
)
_AGES: Final = re.compile(
    r"(?i)^\W*(?:usia|umur)?\W*(?:[<>≥≤]\s*)?\d{1,3}\s*(?:(?:-|–|s\.?/?d\.?|sampai)\s*\d{1,3}|\+|ke atas)?\W*"
    r"(?:tahun|thn|th|bulan|bln)?\W*$"
)
_SHARE: Final = re.compile(r"(?i)\b(?:persentase|presentase|persen|percent(?:age)?|prevalensi|proporsi)\b|%")
_RATE: Final = re.compile(
    r"(?i)\b(?:rasio|rata|rerata|kepadatan|indeks|index|laju|density|median|skor|ipm|ketinggian|elevation|elevasi|suhu|"
    r"garis kemiskinan|gini|selisih|perubahan|pertumbuhan|neto|saldo|"
    r"lintang|bujur|peringkat|ranking|per\s?(?:1[.,]?000|kapita|100)|kedalaman|keparahan|p1|p2)\b"
)  # fmt: skip
_THOUSANDS: Final = ((re.compile(r"(?i)\bribu(?:an)?\b|\b000\b"), 1e3), (re.compile(r"(?i)\bjuta\b"), 1e6))
_KINDS: Final[tuple[tuple[Unit, re.Pattern[str]], ...]] = (
    ("families", re.compile(r"(?i)\b(?:kk|kpm|keluarga|kepala keluarga|rumah ?tangga|ruta|rtm|krs)\b")),
    ("children", re.compile(r"(?i)\b(?:anak|balita|baduta|bayi|batita)\b")),
    ("persons", re.compile(
        r"(?i)\b(?:jiwa|orang|individu|penduduk|warga|pria|wanita|laki|perempuan|lansia|penyandang|ppks|pmks|peserta|art)\b"
    )),
)  # fmt: skip


def _words(text: str) -> str:
    """A heading's words without date and bracketed unit."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", _without_period(text.replace("_", " ").replace("\n", " ")))
    return " ".join(bare.split()).strip(" -–>,.:;/")


def slug(text: str) -> str:
    """A key made of the words of a heading, the same for the same words.

    >>> slug("Jumlah Penyandang Disabilitas, Laki-laki")
    'jumlah_penyandang_disabilitas_laki_laki'
    """
    return "_".join(re.findall(r"[a-z0-9]+", text.casefold()))[:80].rstrip("_")


def unit_in(label: str, written: str) -> tuple[Unit, float]:
    """What a figure is by its heading's words and its unit (in brackets, or of a column of units), and the factor that
    makes the written number the value: shares are fractions.

    >>> unit_in("Persentase Miskin", ""), unit_in("Miskin", "ribu jiwa"), unit_in("Kepadatan", "jiwa/km2")
    (('share', 0.01), ('persons', 1000.0), ('rate', 1.0))
    """
    factor = next((times for pattern, times in _THOUSANDS if pattern.search(written)), 1.0)
    if _SHARE.search(written):
        return "share", 0.01
    if _RATE.search(label) or "/" in written or _RATE.search(written):
        return "rate", factor
    if not written.strip() and _SHARE.search(label):
        return "share", 0.01
    for text in (written, label):
        for unit, pattern in _KINDS:
            if pattern.search(text):
                return unit, factor
    return "number", factor


def _fixed(register: Register, words: str) -> str:
    """The register's own measure that words name, or ""."""
    plain = normal(words)
    for key in FIXED.get(register.key, ()):
        if plain in {normal(spelling) for spelling in register.spellings[key]}:
            return key
    return ""


def _sources(
    register: Register, roles: Mapping[int, _Column], looks: Mapping[int, _Look], about: _About
) -> tuple[_Source, ...]:
    figures = [one for one in roles.values() if one.role == "figure"]
    everywhere = notation(text for one in figures for text in looks[one.index].samples)
    mixed = any(_NAMES_MEASURES.match(normal(one.heading)) for one in roles.values() if one.role == "category")
    found: list[_Source] = []
    for one in figures:
        own = notation(looks[one.index].samples)
        source = _source(one, register, about, own if own.kind != "undecided" else everywhere)
        if source and mixed and source.unit not in ("share", "rate"):
            source = replace(source, unit="rate")  # Rows of different things must not be added up.
        if source:
            found.append(source)
    if register.key in FIXED and not any(source.key in FIXED[register.key] for source in found):
        return ()
    kinds = {source.key: source.unit for source in found if source.unit in COUNTED}
    found = [
        replace(source, unit=kinds.get(source.key, source.unit)) if source.unit == "number" else source
        for source in found
    ]
    seen: Counter[tuple[str, str, date | None]] = Counter()
    unique = []
    for source in found:
        seen[which := (source.key, source.category, source.period)] += 1
        again = seen[which]
        unique.append(
            replace(source, key=f"{source.key}_{again}", label=f"{source.label} ({again})") if again > 1 else source
        )
    return tuple(unique)


def _source(one: _Column, register: Register, about: _About, reading: Notation) -> _Source | None:
    period = period_in(one.heading)
    written = " ".join(itertools.chain.from_iterable(re.findall(r"\(([^)]*)\)|\[([^\]]*)\]", one.heading)))
    parts = [words for part in one.heading.split(" > ") if (words := _words(part))]
    category = ""
    if parts and (normal(parts[-1]) in _MALE | _FEMALE | _ALL or _AGES.match(parts[-1])):
        category = word_of(parts.pop())
    named = " – ".join(dict.fromkeys(parts))
    label = _titled(about.subject or named or one.heading if normal(named) in _GENERIC or not named else named)
    key = ""
    if register.key in FIXED:
        key = _fixed(register, label) or _fixed(register, _words(one.heading)) or _fixed(register, category)
        if not key and not parts:
            key = (
                {"population": "population", "poverty": "poverty_rate"}[register.key]
                if _about_all(register, about)
                else ""
            )
        if key == "population" and category in ("Laki-laki", "Perempuan"):
            key, category = ("male" if category == "Laki-laki" else "female"), ""
        elif key in ("male", "female"):
            category = ""
        if not key:
            return None
        label = next(field.label for field in register.own_fields if field.key == key)
    unit, factor = unit_in(f"{label} {one.heading.replace('_', ' ')}", written)
    if key == "poverty_rate":
        unit, factor = "share", 0.01
    elif key:
        unit = "families" if key == "families" else "persons"
    return _Source(one.index, one.heading, period, key or slug(label), label, category, unit, factor, reading)


def _titled(label: str) -> str:
    """A label for screens: headings of open data are all in small letters."""
    label = re.sub(r"(?i)\b(?:dtks|dtsen|p3ke|ppks|pmks|krs|pkh|bpnt|kk|kpm|nik|p3s)\b", lambda m: m[0].upper(), label)
    return label[:1].upper() + label[1:]


MOST_MEASURES: Final = 60


def _naming(roles: Mapping[int, _Column], looks: Mapping[int, _Look], sources: Sequence[_Source]) -> int | None:
    """The column whose words are what is counted, not kinds of one thing: they are of different units, such as
    `DTKS Individu` beside `DTKS Keluarga`, or its heading says so. Such rows must never be added up.
    """
    if len(sources) != 1:
        return None
    for one in roles.values():
        words = looks[one.index].samples
        if one.role != "category" or not 1 < len(words) <= MOST_MEASURES:
            continue
        units = {unit_in(word, "")[0] for word in words}
        if _NAMES_MEASURES.match(normal(one.heading)) or len(units - {"number"}) > 1:
            return one.index
    return None


def _by_word(source: _Source, words: Iterable[str], subject: str) -> tuple[_Source, ...]:
    """The column of figures once for every word that names what it counts."""
    found = []
    for word in sorted({word.strip() for word in words if word.strip()}):
        label = word if " " in word or not subject else f"{subject} {word}"
        unit, factor = unit_in(label, "")
        found.append(replace(source, key=slug(label), label=label, category="", unit=unit, factor=factor, named=word))
    return tuple(found)


def _about_all(register: Register, about: _About) -> bool:
    """Whether a column without words of its own (`2023`, `Jumlah`) is the register's main measure."""
    return register.key == "population" or not re.search(r"(?i)jumlah|garis|kedalaman|keparahan", about.subject)


def word_of(text: str) -> str:
    """A category as it is kept: "" for all of them, one word for each sex, else as written.

    >>> word_of("LK"), word_of("Perempuan "), word_of("Jumlah"), word_of("Anak  Terlantar")
    ('Laki-laki', 'Perempuan', '', 'Anak Terlantar')
    """
    plain = normal(text)
    if plain in _ALL:
        return ""
    if plain in _MALE:
        return "Laki-laki"
    return "Perempuan" if plain in _FEMALE else " ".join(text.split()).replace(SEVERAL.strip(), ",")


# Feeding built-in indicators


_FEEDS: Final[tuple[tuple[str, str, str, tuple[Unit, ...]], ...]] = (
    ("dtks_families", r"\bdtks\b", r"krs|ppks", ("families",)),
    ("dtks_persons", r"\bdtks\b", r"ppks|stunting|persen", ("persons", "number")),
    (
        "ppks_persons", r"\b(?:ppks|pmks)\b|penyandang masalah kesejahteraan|pemerlu pelayanan kesejahteraan",
        r"jangkau|penertiban|persen", ("persons", "number"),
    ),
    ("outreach_reaches", r"\bp3s\b|penjangkauan|terjangkau|dijangkau", r"persen", ("persons", "number")),
    ("krs_families", r"\bkrs\b|keluarga (?:ber)?ri?e?si?ko stunting", r"persen", ("families", "number")),
)  # fmt: skip
_STUNTED: Final = re.compile(r"(?i)\bstunting\b|\bstunted\b|\bpendek\b")
_MEASURED: Final = re.compile(r"(?i)\b(?:diukur|ditimbang|terukur|pengukuran)\b")


def feeds(measures: Iterable[MeasureFound], subject: str) -> dict[str, tuple[str, str]]:
    """Built-in indicators that measures of a rekap tell, by their words: (numerator, denominator or "").

    The share of stunted children needs both the stunted and the measured.
    """
    found: dict[str, tuple[str, str]] = {}
    every = tuple(measures)
    for key, speaks, elsewhere, units in _FEEDS:
        for measure in every:
            text = f"{measure.label} {subject if len(every) == 1 else ''}"
            if re.search(speaks, text, re.I) and not re.search(elsewhere, text, re.I) and measure.unit in units:
                found.setdefault(key, (measure.key, ""))
    counts = [one for one in every if one.unit in ADDED_UP]
    stunted = next(
        (
            one.key
            for one in counts
            if _STUNTED.search(one.label) and not re.search(r"(?i)ri?e?siko|\bkrs\b|keluarga", one.label)
        ),
        "",
    )
    measured = next((one.key for one in counts if _MEASURED.search(one.label) and not _STUNTED.search(one.label)), "")
    if stunted and measured:
        found["stunting_share"] = (stunted, measured)
    return found


# The rows


@dataclass(frozen=True)
class _Spot:
    """What the texts of a row's areas mean. `level` is that of the area the figure is of, "" where it is none."""

    code: str
    level: str
    whole_file: bool = False

    @property
    def placed(self) -> bool:
        return bool(self.level)


class _Table:
    """Makes the table `figures` of the engine, step by step."""

    def __init__(
        self, backend: Backend, raw: ir.Table, register: Register, roles: Mapping[int, _Column],
        looks: Mapping[int, _Look], sources: tuple[_Source, ...], about: _About, pairs: Pairs,
        naming: int | None = None,
    ) -> None:  # fmt: skip
        self._backend, self._raw, self._register = backend, raw, register
        self._roles, self._looks, self._sources, self._about, self._pairs = roles, looks, sources, about, pairs
        order = {level: depth for depth, level in enumerate(LEVELS)}
        self._areas = sorted(self._of("area"), key=lambda one: order[one.level or "kelurahan"])
        self._codes = self._of("code")
        self._periods, self._words, self._units = self._of("period"), self._of("category"), self._of("unit")[:1]
        self._naming = next((n for n, one in enumerate(self._words) if one.index == naming), None)
        self.notes: list[FileComplaint] = []
        self._learned: Mapping[str, str] = {}
        self._unplaced: list[str] = []

    @property
    def dated(self) -> bool:
        return bool(self._periods)

    def taught(self) -> Mapping[str, str]:
        """The BPS codes whose meaning the table tells."""
        self._body()
        self._spots()
        return self._learned

    def read(self, when: date | None) -> Figures | NotFigures:
        self._body()
        home = self._spots()
        if home is None:
            lost = [note for note in self.notes if note.code == "bps_codes_unknown"]
            return NotFigures("bps_codes_only", {"rows": lost[0].rows}) if lost else NotFigures("place_unknown")
        self._cells(when)
        self._numbers()
        covers = self._covers(home)
        self._judged(covers)
        periods = tuple(
            day for (day,) in self._ask("SELECT DISTINCT period FROM figures WHERE counted ORDER BY period DESC")
        )
        if not periods:
            return NotFigures("file_empty")
        measures = self._measures()
        return Figures(
            self._backend, self._register, home, covers, periods[0], periods, measures, self._columns(),
            feeds(measures, self._about.subject) if self._register.key == "rekap" else {},
            tuple(self.notes), self._learned, self._counts(), tuple(self._unplaced),
        )  # fmt: skip

    def _of(self, role: Role) -> list[_Column]:
        return [one for one in self._roles.values() if one.role == role]

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._backend.con.execute(query).fetchall()
        return rows

    def _make(self, name: str, query: str) -> None:
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _body(self) -> None:
        """`figure_body`: rows with figures, merged cells filled from above, without headings and notes inside."""
        names = [f"c{one.index}" for one in self._areas]
        others = [f"c{i}" for i, one in self._roles.items() if one.role != "figure"]
        figures = [f"c{source.index}" for source in self._sources]
        total = _TOTAL.pattern.removeprefix("(?i)")
        is_total = {name: f"coalesce(regexp_matches({name}, '(?i)^{total}'), false)" for name in others}
        anywhere = " OR ".join(is_total.values()) or "false"
        nameless = " AND ".join(f"nullif(trim({name}), '') IS NULL" for name in names) or "true"
        picked = ["rid", "file_row"]
        for depth, name in enumerate(names):
            below = [f"nullif(trim({deeper}), '') IS NOT NULL" for deeper in names[depth + 1 :]]
            above = f"last_value(CASE WHEN NOT {is_total[name]} THEN nullif(trim({name}), '') END IGNORE NULLS) OVER w"
            filled = f"CASE WHEN {' OR '.join(below)} THEN {above} END" if below else "NULL"
            picked.append(f"coalesce(nullif(trim({name}), ''), {filled}, '') AS a{depth}")
        for n, one in enumerate(self._codes):
            picked.append(f"coalesce(trim(c{one.index}), '') AS k{n}")
        for n, one in enumerate(self._periods):
            cell = f"nullif(trim(c{one.index}), '')"
            picked.append(f"coalesce({cell}, last_value({cell} IGNORE NULLS) OVER w, '') AS p{n}")
        for n, one in enumerate((*self._words, *self._units)):
            picked.append(f"coalesce(trim(c{one.index}), '') AS w{n}")
        picked.append(f"({nameless}) AND ({anywhere}) AS nameless_total")
        picked += dict.fromkeys(figures)
        some = " OR ".join(f"nullif(trim({name}), '') IS NOT NULL" for name in figures) or "true"
        numbered = " OR ".join(rf"regexp_full_match({name}, '\s*\(?[0-9]{{1,2}}\)?\s*')" for name in names) or "false"
        said_above = {f"c{one.index}": one.heading.split(" > ")[-1].strip().lower() for one in self._areas}
        headed = " OR ".join(f"lower(trim({name})) = {_quoted(text)}" for name, text in said_above.items()) or "false"
        self._make(
            "figure_wide",
            f"SELECT {', '.join(picked)}, ({some}) AS said, coalesce(({numbered}) OR ({headed}), false) AS furniture"
            f" FROM {self._raw.get_name()} WINDOW w AS (ORDER BY rid ROWS UNBOUNDED PRECEDING)",
        )
        self._make("figure_body", "SELECT * FROM figure_wide WHERE said AND NOT furniture")

    # Areas

    def _spots(self) -> str | None:
        """Reads every different writing of an area, and keeps what it means as the table `figure_spots`.

        Whose figures they are ("" = the country); None where no area could be read.
        """
        keys = [*(f"a{n}" for n in range(len(self._areas))), *(f"k{n}" for n in range(len(self._codes)))]
        found = self._ask(f"SELECT {', '.join([*keys, 'nameless_total'])}, count(*) FROM figure_body GROUP BY ALL")
        rows = [(tuple(row[:-2]), bool(row[-2]), int(row[-1])) for row in found]
        start = self._about.place
        if not start and not any(one.level in ("province", "kabkota") for one in self._areas) and not self._codes:
            start = self._elected(rows)
        spots, reader = self._resolved(rows, start)
        if start and not self._told_by_user and not any(spot.placed for spot in spots.values()):
            spots, reader = self._resolved(rows, "")
            start = ""
        pieces: dict[str, list[Any]] = {
            key: [] for key in [*keys, "nameless_total", "area_code", "level", "whole_file"]
        }
        for writing, bare, _ in rows:
            spot = spots[writing, bare]
            values = (*writing, bare, spot.code, spot.level, spot.whole_file)
            for key, value in zip(pieces, values, strict=True):
                pieces[key].append(value)
        codes_at = {f"{level}_code": [at_level(code, level) for code in pieces["area_code"]] for level in LEVELS}
        arrow = {key: pa.array(column, pa.bool_() if key in ("nameless_total", "whole_file") else pa.string())
                 for key, column in (pieces | codes_at).items()}  # fmt: skip
        self._backend.con.register("figure_spots_given", pa.table(arrow))
        self._make("figure_spots", "SELECT * FROM figure_spots_given")
        self._backend.con.unregister("figure_spots_given")
        lost = [(writing, spots[writing, bare], count) for writing, bare, count in rows]
        unplaced = [(writing, count) for writing, spot, count in lost if not spot.placed and not spot.whole_file]
        self._unplaced = [
            " / ".join(filter(None, writing)) or "–" for writing, _ in sorted(unplaced, key=lambda w: -w[1])
        ]
        texts = [self._texts(writing) for writing, _, _ in rows]
        unknown = sum(
            count for (writing, bare, count), text in zip(rows, texts, strict=True)
            if not spots[writing, bare].placed and reader.bps(text)
        )  # fmt: skip
        self.notes += reader.notes(unknown)
        self._learned = reader.told(
            (text, Resolution(spots[writing, bare].code, None, "exact", 100.0))
            for (writing, bare, _), text in zip(rows, texts, strict=True)
            if spots[writing, bare].placed and (any(writing[: len(self._areas)]) or len(self._codes) > 1)
        )
        weights = [(spots[writing, bare].code, count) for writing, bare, count in rows if spots[writing, bare].level]
        if not weights:
            return None
        home = start if self._told_by_user else home_of(_deepest(weights)) or (start if start else "")
        return home

    @property
    def _told_by_user(self) -> bool:
        return bool(self._about.told_place)

    def _texts(self, writing: Sequence[str]) -> dict[int, str]:
        given = writing[len(self._areas) :]
        return {one.index: text for one, text in zip(self._codes, given, strict=True)}

    def _elected(self, rows: Sequence[tuple[tuple[str, ...], bool, int]]) -> str:
        """The kab/kota in which nearly all the names of kecamatan or kelurahan are found, where one stands out."""
        anywhere, votes, asked = Resolver(), Counter[str](), 0
        for writing in {tuple(writing[: len(self._areas)]) for writing, bare, _ in rows if not bare}:
            texts = _named(self._areas, writing)
            if not texts:
                continue
            asked += 1
            votes.update({code[:5] for code in anywhere.resolve(**texts).candidates if len(code) >= 5})
        (best, most), (_, next_most) = (*votes.most_common(2), ("", 0), ("", 0))[:2]
        return best if asked and most >= MOSTLY * asked and most > 1.5 * next_most else ""

    def _resolved(
        self, rows: Sequence[tuple[tuple[str, ...], bool, int]], start: str
    ) -> tuple[dict[tuple[tuple[str, ...], bool], _Spot], CodeReader]:
        resolver = Resolver(start)
        apart = any(text.lower().startswith("kota ") for w, _, _ in rows for text in w[: len(self._areas)])
        named: dict[tuple[tuple[str, ...], bool], _Spot] = {}
        for writing, bare, _ in rows:
            spot = _spot(resolver, self._areas, writing[: len(self._areas)], "", start, apart)
            named[writing, bare] = _Spot("", "", whole_file=True) if bare else spot
        code_columns = [one.code for one in self._codes if one.code]
        if not code_columns:
            return named, code_reader((), (), self._pairs)
        beside = [(self._texts(writing), named[writing, bare].code) for writing, bare, _ in rows]
        reader = code_reader(code_columns, beside, self._pairs)
        spots: dict[tuple[tuple[str, ...], bool], _Spot] = {}
        for writing, bare, _ in rows:
            texts = self._texts(writing)
            code, level, names = reader.code(texts, exact=True), reader.level(texts), writing[: len(self._areas)]
            if bare and not code:
                spots[writing, bare] = _Spot("", "", whole_file=True)
            else:
                spots[writing, bare] = _spot(resolver, self._areas, names, code, start, apart, level)
        return spots, reader

    # Figures

    def _cells(self, when: date | None) -> None:
        """`figure_cells`: a row for every figure that is written, with its area, date and category."""
        spelled = self._mapped(
            "period", [f"p{n}" for n in range(len(self._periods))], lambda texts: _day(self._periods, texts)
        )
        categories = [
            self._mapped(f"word{n}", [f"w{n}"], lambda texts: word_of(texts[0]))
            for n in range(len(self._words))
            if n != self._naming
        ]
        unit = f"w{len(self._words)}" if self._units else "''"
        rows = {
            "source": range(len(self._sources)),
            "index": [f"c{source.index}" for source in self._sources],
            "heading": [source.heading for source in self._sources],
            "own_period": pa.array([source.period for source in self._sources], pa.date32()),
            "measure": [source.key for source in self._sources],
            "own_category": [source.category for source in self._sources],
            "own_unit": [source.unit for source in self._sources],
            "own_factor": pa.array([source.factor for source in self._sources], pa.float64()),
            "named": pa.array([source.named for source in self._sources], pa.string()),
        }
        self._backend.con.register("figure_sources_given", pa.table(rows))
        self._make("figure_sources", "SELECT * FROM figure_sources_given")
        self._backend.con.unregister("figure_sources_given")
        figures = list(dict.fromkeys(f"c{source.index}" for source in self._sources))
        keys = [
            *(f"a{n}" for n in range(len(self._areas))),
            *(f"k{n}" for n in range(len(self._codes))),
            "nameless_total",
        ]
        same = " AND ".join(f"b.{key} = s.{key}" for key in keys)
        joins = "".join(f" LEFT JOIN {name} ON {condition}" for name, condition in (spelled, *categories) if name)
        words = ", ".join(f"nullif({name}.meant, '')" for name, _ in categories)
        fallback = f"DATE '{when}'" if when else "NULL::DATE"
        day = f"coalesce(f.own_period, {'period.meant' if spelled[0] else fallback})"
        at = ", ".join(f"s.{level}_code" for level in LEVELS)
        named = f" AND f.named = trim(b.w{self._naming})" if self._naming is not None else ""
        self._make(
            "figure_cells",
            f"""WITH long AS (SELECT * FROM figure_body UNPIVOT (written FOR name IN ({", ".join(figures)})))
            SELECT b.rid, b.file_row, f.source, f.heading, b.written, {at}, s.area_code, s.level, s.whole_file,
                {day}::DATE AS period, f.measure, {unit} AS written_unit, f.own_unit, f.own_factor,
                concat_ws('{SEVERAL}', nullif(f.own_category, ''){", " + words if words else ""}) AS category
            FROM long b JOIN figure_sources f ON f.index = b.name{named}
                JOIN figure_spots s ON {same}{joins}
            WHERE NOT regexp_full_match(b.written, '{_NO_NUMBER}')""",
        )

    def _mapped(self, name: str, columns: Sequence[str], meant: Any) -> tuple[str, str]:
        """Keeps what the different texts of few-valued columns mean as the table `name`; how to join it."""
        if not columns:
            return "", ""
        found = self._ask(f"SELECT DISTINCT {', '.join(columns)} FROM figure_body LIMIT {MOST_SPELLINGS}")
        kind = pa.date32() if name == "period" else pa.string()
        given = {f"t{n}": [row[n] for row in found] for n in range(len(columns))}
        table_ = pa.table({**given, "meant": pa.array([meant(row) for row in found], kind)})
        self._backend.con.register(f"{name}_given", table_)
        self._make(name, f"SELECT * FROM {name}_given")
        self._backend.con.unregister(f"{name}_given")
        return name, " AND ".join(f"b.{column} = {name}.t{n}" for n, column in enumerate(columns))

    def _numbers(self) -> None:
        """`figure_values`: the numbers, in their unit, with what is wrong with them."""
        cells = self._backend.table("figure_cells")
        units = [unit for (unit,) in self._ask("SELECT DISTINCT written_unit FROM figure_cells")]
        kept = {unit: unit_in("", unit) for unit in units if unit}
        told = {unit: found for unit, found in kept.items() if found[0] != "number" or found[1] != 1.0}
        unit = (
            ibis.cases(*((cells.written_unit == text, found[0]) for text, found in told.items()), else_=cells.own_unit)
            if told
            else cells.own_unit
        )
        factor = (
            ibis.cases(
                *((cells.written_unit == text, found[1]) for text, found in told.items()), else_=cells.own_factor
            )
            if told
            else cells.own_factor
        )
        # A rate stays what it is, whatever unit stands beside it.
        unit = ibis.ifelse(cells.own_unit == "rate", ibis.literal("rate"), unit)
        # A percentage names itself in every cell, or the heading does.
        readers: dict[Notation, list[int]] = {}
        for position, source in enumerate(self._sources):
            readers.setdefault(source.reading, []).append(position)
        counted = unit.isin(list(COUNTED)) & (factor == 1.0)
        branches: list[tuple[ir.BooleanValue, ir.FloatingValue]] = []
        for reading, sources in readers.items():
            mine = cells.source.isin(sources)
            branches += [
                (mine & counted, whole(cells.written, reading)[0].cast("double")),
                (mine, number(cells.written, reading)[0]),
            ]
        written = ibis.cases(*branches, else_=ibis.null("double"))
        value = ibis.ifelse(unit == "share", (written / 100).round(10), (written * factor).round(6))
        values = cells.mutate(value=value, unit=unit, factor=factor, unreadable=value.isnull())
        self._make("figure_values", self._backend.compile(values))

    def _covers(self, home: str) -> str:
        found = self._ask("SELECT area_code, count(DISTINCT rid) FROM figure_values WHERE level <> '' GROUP BY ALL")
        return self._about.told_place or covered(_deepest([(code, int(rows)) for code, rows in found]), home)

    def _judged(self, covers: str) -> None:
        """`figures`: every figure with what its register's rules say of it, and whether it counts."""
        added = ", ".join(map(_quoted, ADDED_UP))
        several = f"unit IN ({added})" if self._of("below") else "false"
        whole_code = _quoted(covers)
        whole_level = _quoted(level_of(covers)) if covers else "''"
        at = ", ".join(
            f"CASE WHEN whole_file THEN {_sql(at_level(covers, level))} ELSE {level}_code END AS {level}_code"
            for level in LEVELS
        )
        self._make(
            "figure_placed",
            f"""SELECT * REPLACE ({at}, CASE WHEN whole_file THEN {whole_code} ELSE area_code END AS area_code,
                CASE WHEN whole_file THEN {whole_level} ELSE level END AS level),
                level = '' AND NOT whole_file AS unplaced, period IS NULL AS undated,
            FROM figure_values""",
        )
        key = "PARTITION BY area_code, period, measure, category, usable"
        self._make(
            "figure_keyed",
            f"""SELECT *,
                usable AND NOT ({several}) AND min(value) OVER k IS DISTINCT FROM max(value) OVER k AS contradicted,
                usable AND NOT ({several}) AND min(value) OVER k = max(value) OVER k
                    AND row_number() OVER (k ORDER BY file_row, source) > 1 AS repeated
            FROM (SELECT *, value IS NOT NULL AND level <> '' AND period IS NOT NULL AS usable FROM figure_placed)
            WINDOW k AS ({key})""",
        )
        self._totals()
        figures = self._backend.table("figure_judged")
        bits: ir.IntegerValue = ibis.literal(0, "int64")
        out: ir.BooleanValue = ibis.literal(False)
        for bit, check in enumerate(self._register.checks):
            wrong = _asked(check, figures)
            bits = bits + ibis.ifelse(wrong, ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
            if check.problem.severity == "rejected":
                out = out | wrong
        # A total without a name counts for the whole only where the whole is in the file.
        counted = figures.usable & ~out & ~(figures.whole_file & ~figures.complete)
        self._make("figures", self._backend.compile(figures.mutate(problem_bits=bits, counted=counted)))

    def _totals(self) -> None:
        """`figure_judged`: adds `complete` (all parts of the area are there) and `differs` (is not their sum)."""
        inside = [
            (code, level)
            for code, level in self._ask("SELECT DISTINCT area_code, level FROM figure_keyed WHERE usable")
        ]
        parts = [
            (code, below, len(codes(code, below)))
            for code, level in inside
            for below in LEVELS[LEVELS.index(level) + 1 :]
        ]
        given = {"whole": [p[0] for p in parts], "below": [p[1] for p in parts], "parts": [p[2] for p in parts]}
        kinds = {"whole": pa.string(), "below": pa.string(), "parts": pa.int64()}
        self._backend.con.register("figure_parts_given", pa.table({k: pa.array(v, kinds[k]) for k, v in given.items()}))
        self._make("figure_parts", "SELECT * FROM figure_parts_given")
        self._backend.con.unregister("figure_parts_given")
        levels = " UNION ALL ".join(
            f"SELECT {upper}_code AS whole, level AS below, period, measure, category, value, unit, area_code FROM good"
            f" WHERE {upper}_code IS NOT NULL AND level IN ({', '.join(map(_quoted, LEVELS[n + 1 :]))})"
            for n, upper in enumerate(LEVELS[:-1])
        )
        added = ", ".join(map(_quoted, ADDED_UP))
        self._make(
            "figure_judged",
            f"""WITH good AS (SELECT * FROM figure_keyed
                WHERE usable AND NOT contradicted AND NOT repeated AND NOT whole_file),
            below AS (SELECT whole, below, period, measure, category, sum(value) AS total,
                    count(DISTINCT area_code) AS areas FROM ({levels}) GROUP BY ALL),
            sums AS (SELECT b.*, p.parts, b.areas >= p.parts AS complete FROM below b
                JOIN figure_parts p ON p.whole = b.whole AND p.below = b.below),
            judged AS (SELECT whole, period, measure, category, bool_or(complete) AS complete,
                    list({{'total': total, 'complete': complete}}) AS sums FROM sums GROUP BY ALL),
            kinds AS (SELECT area_code, period,
                    CASE WHEN measure IN ('male', 'female') AND '{self._register.key}' = 'population' THEN 'population'
                        ELSE measure END AS measure,
                    CASE WHEN measure IN ('male', 'female') AND '{self._register.key}' = 'population' THEN measure
                        ELSE category END AS category, value FROM good),
            cut AS (SELECT area_code, period, measure, sum(value) AS total, count(*) AS kinds FROM kinds
                WHERE category <> '' AND len(string_split(category, '{SEVERAL}')) = 1 GROUP BY ALL)
            SELECT k.*, coalesce(j.complete, false) AS complete,
                k.usable AND NOT k.contradicted AND k.unit IN ({added}) AND (
                    coalesce(list_bool_or(list_transform(j.sums, lambda s:
                        ((s.complete OR k.whole_file) AND abs(s.total - k.value) > {_SLACK})
                        OR s.total - k.value > {_SLACK})), false)
                    OR coalesce(k.category = '' AND c.kinds > 1 AND abs(c.total - k.value) > {_SLACK}, false)
                ) AS differs
            FROM figure_keyed k
            LEFT JOIN judged j ON j.whole = k.area_code AND j.period = k.period AND j.measure = k.measure
                AND j.category = k.category
            LEFT JOIN cut c ON c.area_code = k.area_code AND c.period = k.period AND c.measure = k.measure""",
        )

    # What is said of the whole

    def _measures(self) -> tuple[MeasureFound, ...]:
        found = self._ask(
            "SELECT measure, mode(unit), list(DISTINCT category ORDER BY category) FROM figures"
            " WHERE counted GROUP BY measure"
        )
        labels = {source.key: source.label for source in reversed(self._sources)}
        order = list(dict.fromkeys(source.key for source in self._sources))
        measures = [MeasureFound(key, labels[key], unit, _parts(words)) for key, unit, words in found]
        return tuple(sorted(measures, key=lambda measure: order.index(measure.key)))

    def _columns(self) -> tuple[ColumnFound, ...]:
        keys = {source.index: source.key for source in self._sources}
        return tuple(
            ColumnFound(one.index, one.heading, "" if one.role == "figure" and one.index not in keys else one.role,
                        keys.get(one.index, one.level or ""))
            for one in self._roles.values()
        )  # fmt: skip

    def _counts(self) -> Counts:
        ((said, left_out),) = self._ask(
            "SELECT count(*) FILTER (said AND NOT furniture), count(*) FILTER (NOT said OR furniture) FROM figure_wide"
        )
        ((accepted, unplaced, repeated, totals),) = self._ask(
            """SELECT count(*) FILTER (counted), count(*) FILTER (unplaced), count(*) FILTER (repeated AND NOT counted),
                count(*) FILTER (total AND NOT counted)
            FROM (SELECT file_row, bool_or(counted) AS counted, bool_or(unplaced) AS unplaced,
                bool_or(repeated) AS repeated, bool_or(whole_file) AS total FROM figures GROUP BY file_row)"""
        )
        read = said - totals  # A total without a name that stands for no area is no row of data.
        return Counts(read, accepted, read - accepted, unplaced, repeated, left_out + totals, 0, 0, 0)


_SLACK: Final = "if(k.factor > 1, 0.001 * abs(k.value), 0.5)"
"""How far a total may be from the sum of its parts: figures in thousands are rounded."""


def _asked(check: Check, figures: ir.Table) -> ir.BooleanValue:
    wrong: ir.BooleanValue = check.wrong(*(figures[name] for name in check.fields)).fill_null(False)
    return wrong


def _named(areas: Sequence[_Column], writing: Sequence[str]) -> dict[Level, str]:
    """The names of a row by level, without words such as `Jumlah` and what the levels below say beside them."""
    texts: dict[Level, str] = {}
    for one, text in zip(areas, writing, strict=True):
        rest = _TOTAL.sub("", text, count=1) if _TOTAL.match(text) else text
        if rest != text and not rest.strip():
            break
        if rest.strip() and one.level:
            texts[one.level] = rest.strip()
    return texts


def _spot(
    resolver: Resolver,
    areas: Sequence[_Column],
    writing: Sequence[str],
    code: str,
    start: str,
    apart: bool,
    of_code: Level | None = None,
) -> _Spot:
    """The area of a figure: exactly the one that is named, at its level, or none. A figure of a kelurahan that cannot
    be read is none of its kecamatan. `of_code` is the level of the code that is written, known or not.
    """
    texts = _named(areas, writing)
    if not texts and not code and not of_code:
        return _Spot("", "", whole_file=any(_TOTAL.match(text) for text in writing))
    deepest = max(texts, key=LEVELS.index, default=None)
    if deepest and searchable(texts[deepest]) in _WHOLE_COUNTRY:
        return _Spot("", "", whole_file=True)
    plain = dotted(digits(code)) if digits(code) else code
    coded = level_of(plain) if find(plain) else None
    target = max(filter(None, (deepest, coded, of_code)), key=LEVELS.index, default=None)
    found = resolver.resolve(**texts, code=code)
    if target and found.level == target and found.how != "none":
        return _Spot(found.code, str(target))
    if coded and coded == target and (not start or within(plain, start)) and not deepest:
        return _Spot(plain, coded)
    if deepest is None or deepest != target:
        return _Spot(found.code, "")
    if apart and deepest == "kabkota":
        found = resolver.resolve(**{**texts, "kabkota": f"Kabupaten {texts['kabkota']}"})
        if found.level == "kabkota" and found.how != "none":
            return _Spot(found.code, "kabkota")
    # The name of a larger place stands among its parts: `Kota Kendari` under Kecamatan.
    for upper in reversed(LEVELS[: LEVELS.index(deepest)]):
        above = {level: text for level, text in texts.items() if LEVELS.index(level) < LEVELS.index(upper)}
        larger = resolver.resolve(**{**above, upper: texts[deepest]})
        if larger.level == upper and larger.how != "none":
            return _Spot(larger.code, upper)
    return _Spot(found.code, "")


def _deepest(weights: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The rows of the lowest level: totals above them belong to the same place."""
    longest = max((len(code) for code, _ in weights), default=0)
    return [(code, rows) for code, rows in weights if len(code) == longest]


def _day(columns: Sequence[_Column], texts: Sequence[str]) -> date | None:
    return period_in(" ".join(_period_text(one.heading, text) for one, text in zip(columns, texts, strict=True)))


def _parts(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({part for word in words for part in word.split(SEVERAL) if part}))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql(text: str | None) -> str:
    return "NULL" if text is None else _quoted(text)
