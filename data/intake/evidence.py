"""What a column holds, judged by its first cells: which kinds of field they suit, and what gives it away."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Final

from data.definitions.fields import Field
from data.definitions.registers import Register
from data.intake.dates import read
from data.intake.headings import normal
from data.places.reference import LEVELS, Level, find, searchable, table
from data.places.spelling import readings
from data.wording import N_, Value

MOST_LOOKED_AT: Final = 100
LONGEST_CELL: Final = 200
FEWEST: Final = 5
"""Fewer cells than this prove nothing."""
UNFIT: Final = 0.2
FIT: Final = 0.6

YES_NO: Final = frozenset("ya y yes tidak tdk t n no true false ada tidakada iya menerima tidakmenerima bukan".split())
SEX: Final = frozenset("l p lk pr lakilaki laki perempuan pria wanita male female m f".split())
DUKCAPIL: Final = frozenset("padan tidakpadan belumpadan padandukcapil tidakpadandukcapil sudahpadan".split())
RELATIONS: Final = frozenset(
    "kepalakeluarga krt kepalarumahtangga istri suami istrisuami suamiistri anak anakkandung anaktiri anakangkat"
    " menantu cucu orangtua mertua orangtuamertua famililain famililainnya lainnya pembantu saudara".split()
)
MARRIAGE: Final = frozenset(
    "kawin belumkawin ceraihidup ceraimati kawintercatat menikah belummenikah kawinbelumtercatat".split()
)
STATURES: Final = frozenset(
    "sangatpendek pendek normal tinggi stunted severelystunted tall tinggisekali outlier".split()
)
NOT_DETERMINED: Final = frozenset("belumadadesil belumadadesl belumada belumditentukan belumdesil".split())
_VOCABULARIES: Final = SEX | YES_NO | DUKCAPIL | RELATIONS | MARRIAGE | STATURES

_DIGITS: Final = re.compile(r"\d{16}")
_NEARLY_DIGITS: Final = re.compile(r"\d{13,18}|\d[.,]?\d*[eE]\+?\d+")
_MASKED: Final = re.compile(r"[\dA-Za-z]*[*xX]{3,}[\dA-Za-z*]*")
_LOOSE: Final = re.compile(r"[\s'’‘`\"=.\-\u00a0]")
_MAY_BE_DATE: Final = re.compile(r"(?=.*\d)[\w .,:/\\|'’+\u2010-\u2015-]{5,40}")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_NUMBER: Final = re.compile(r"[-−]?(?:Rp\.? ?)?(?:\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,:]\d+)?(?: ?%)?", re.IGNORECASE)
_SHORT_NUMBER: Final = re.compile(r"-?\d{1,4}(?:[.,:]\d+)?")
_DECIMAL: Final = re.compile(r"[-−]?\d{1,3}[.,:]\d+")
_CODE: Final = re.compile(r"(?:id)?\d{2}(?:[. ]?\d{2}){1,2}(?:[. ]?(?:\d{4}|\d{3}))?(?:\.0)?")
_DECILE: Final = re.compile(r"(?:d(?:esil)?[ _.]?)?0?(?:10|[1-9])|\d{1,2} ?- ?\d{1,2}", re.IGNORECASE)
_DECILE_WORD: Final = re.compile(r"d(?:esil)?[ _.]?\d{1,2}|\d ?- ?10", re.IGNORECASE)
_AGE: Final = re.compile(r"\d{1,3}|.*\d+ ?(?:tahun|thn|th|bulan|bln)\b.*", re.IGNORECASE)
_AGE_WORDS: Final = re.compile(r".*\d+ ?(?:tahun|thn|th|bulan|bln)\b.*", re.IGNORECASE)
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_ .,'’`\-]*(?:[ .,'’`\-]+[^\W\d_]+)*\.?")
_KIND_IN_FRONT: Final = re.compile(r"(?:prov|prop|kab|kota|kodya|adm|kec|distrik|kel|desa|ds)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"\b(?:jl|jln|jalan|gg|gang|dusun|dsn|lingkungan|lorong|lr|blok|kp|komp|perum)\b", re.I)
_RISK: Final = re.compile(r"0?[123]|v|√|ya|tidak|-", re.IGNORECASE)


@dataclass(frozen=True)
class Fit:
    """How far a column suits a field.

    `share` of its cells (0–1) have a form that the field can have; `score` (0–1) is how far they give the field away
    without a heading. `why` is a message id, `values` what it names; neither quotes a number or a name of a person.
    """

    share: float
    score: float
    why: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


class Content:
    """The cells of a column that say something, and what they look like. Each look is taken once."""

    def __init__(self, cells: Iterable[str]) -> None:
        said = (cell[:LONGEST_CELL].strip() for cell in cells)
        self.cells = [cell for cell in said if cell and any(map(str.isalnum, cell))][:MOST_LOOKED_AT]
        self.fits: dict[tuple[str, str], Fit | None] = {}

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def enough(self) -> bool:
        return len(self.cells) >= FEWEST

    @cached_property
    def different(self) -> Counter[str]:
        return Counter(self.cells)

    def share(self, suits: Callable[[str], object]) -> float:
        """Share of the cells that suit, 0–1."""
        return sum(times for cell, times in self.different.items() if suits(cell)) / max(len(self.cells), 1)

    @cached_property
    def words(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for cell, times in self.different.items():
            found[normal(cell)] += times
        return found

    def share_of(self, words: frozenset[str]) -> float:
        return sum(times for word, times in self.words.items() if word in words) / max(len(self.cells), 1)

    def said(self, words: frozenset[str]) -> str:
        """The first different spellings of these words, for the reader."""
        return ", ".join([cell for cell in self.different if normal(cell) in words][:4])

    @property
    def variety(self) -> float:
        """Different cells by cells, 0–1."""
        return len(self.different) / max(len(self.cells), 1)

    @cached_property
    def numbers(self) -> list[str]:
        """The 16-digit numbers, bare."""
        return [number for number in map(_bare, self.cells) if _DIGITS.fullmatch(number)]

    @property
    def women(self) -> float:
        """Share of 16-digit numbers with a day above 40: a NIK of a woman; no KK number has one."""
        return sum(1 for number in self.numbers if 41 <= int(number[6:8]) <= 71) / max(len(self.numbers), 1)

    @property
    def repeats(self) -> float:
        """Share of 16-digit numbers that stand there already."""
        return 1 - len(set(self.numbers)) / max(len(self.numbers), 1)

    @cached_property
    def sixteen(self) -> float:
        """Share of cells that hold 16 digits, or what is left of them: masked, in float form, a digit short."""
        plausible = self.share(lambda cell: _NEARLY_DIGITS.fullmatch(_bare(cell)) or _MASKED.fullmatch(cell))
        return max(plausible, len(self.numbers) / max(len(self.cells), 1))

    @cached_property
    def days(self) -> dict[str, date]:
        spellings = {cell: times for cell, times in self.different.items() if _MAY_BE_DATE.fullmatch(cell)}
        return read(spellings, date.today()).days if spellings else {}

    @cached_property
    def dated(self) -> float:
        """Share of cells that are dates, those in a spreadsheet's numbers included."""
        return self.share(self.days.__contains__)

    @cached_property
    def written_dates(self) -> float:
        return self.share(lambda cell: cell in self.days and not _SERIAL.fullmatch(cell))

    @property
    def years(self) -> tuple[int, int]:
        """The years between which nearly all days lie: a slip does not widen them."""
        years = sorted(self.days[cell].year for cell in self.cells if cell in self.days)
        slips = len(years) // 20
        return (years[slips], years[-1 - slips]) if years else (0, 0)

    @cached_property
    def numeric(self) -> float:
        return self.share(_NUMBER.fullmatch)

    @cached_property
    def figures(self) -> list[float]:
        """The cells that are plain numbers of at most four digits before the decimal sign."""
        plain = (cell.replace("−", "-") for cell in self.cells if len(cell) <= 12)
        return [float(re.sub("[,:]", ".", cell)) for cell in plain if _SHORT_NUMBER.fullmatch(cell)]

    def between(self, low: float, high: float) -> float:
        return sum(1 for value in self.figures if low <= value <= high) / max(len(self.cells), 1)

    @cached_property
    def decimals(self) -> float:
        return self.share(_DECIMAL.fullmatch)

    def places(self, level: Level) -> float:
        """Share of cells that are the name of a place of a level."""
        return self._places(level)

    @cached_property
    def _places(self) -> Callable[[Level], float]:
        return cache(lambda level: self.share(lambda cell: is_place(cell, level)) if self.lettered > FIT else 0.0)

    @cached_property
    def lettered(self) -> float:
        return self.share(lambda cell: len(cell) < 60 and not re.search(r"\d{3}", cell) and any(map(str.isalpha, cell)))

    @cached_property
    def named(self) -> float:
        """Share of cells that look like names of persons."""
        return self.share(lambda cell: 3 <= len(cell) <= 60 and _NAME.fullmatch(cell))


def _bare(cell: str) -> str:
    """A number without what people put around and into it; of a decimal, such as a coordinate, nothing is left."""
    whole = re.sub(r"\.0+$", "", cell)
    return "" if re.fullmatch(r"[-−]?\d{1,5}[.,]\d+", whole) else _LOOSE.sub("", whole)


def is_place(text: str, level: Level) -> bool:
    """Whether some place of the level bears the name, with or without its kind in front.

    >>> is_place("KEL. BENDE", "kelurahan"), is_place("Kota Kendari", "kabkota"), is_place("SITI AMINAH", "kelurahan")
    (True, True, False)
    """
    names = _names(level)
    if searchable(text) in names:
        return True
    return bool(_KIND_IN_FRONT.match(text)) and any(reading.plain in names for reading in readings(text, level))


@cache
def _names(level: Level) -> frozenset[str]:
    import pyarrow.compute as pc

    plain = pc.replace_substring_regex(pc.utf8_lower(pc.unique(table()[level])), "[^a-z0-9]", "").to_pylist()
    if level != "kabkota":
        return frozenset(plain)
    bare = (re.sub("^(kotaadministrasi|kabupatenadministrasi|kota|kabupaten)", "", name) for name in plain)
    return frozenset((*plain, *bare))


def fit(asked: Field, content: Content, register: Register) -> Fit | None:
    """How far a column suits a field of a register; None where its cells say nothing about it."""
    if not content.enough:
        return None
    if asked.key == register.category and (found := _category(content, register)):
        return found
    look = _BY_KEY.get(asked.key) or _BY_KIND.get(asked.kind)
    if look is None:
        return None
    key = (asked.key, asked.kind)
    if key not in content.fits:
        content.fits[key] = look(asked, content)
    return content.fits[key]


def _percent(share: float) -> int:
    return round(share * 100)


def _sixteen(asked: Field, content: Content) -> Fit:
    share, numbers = content.sixteen, len(content.numbers) / len(content)
    said: dict[str, Value] = {"share": _percent(numbers)}
    if asked.kind == "nik":
        score = 0.95 if content.women >= 0.1 else 0.2 if content.repeats >= 0.15 else 0.7
        return Fit(share, score * numbers, N_("{share} % of the cells hold 16 digits, hardly any of them twice."), said)
    if content.women >= 0.1:
        return Fit(share, 0.0)
    if content.repeats >= 0.15:
        why = N_("{share} % of the cells hold 16 digits, some of them in several rows.")
        return Fit(share, 0.95 * numbers, why, said)
    return Fit(share, 0.6 * numbers, N_("{share} % of the cells hold 16 digits."), said)


def _date(asked: Field, content: Content) -> Fit:
    first, last = content.years
    span = last - first
    birth = asked.key == "birth_date"
    long, middling, short = (0.9, 0.7, 0.2) if birth else (0.1, 0.4, 0.8)
    score = (long if span >= 10 else middling if span >= 3 else short) * max(content.written_dates, 0.0)
    why = N_("{share} % of the cells are dates, from {first} to {last}.")
    said: dict[str, Value] = {"share": _percent(content.dated), "first": str(first), "last": str(last)}
    return Fit(content.dated, score if content.dated >= FIT else 0.0, why, said)


def _vocabulary(
    words: frozenset[str], score: float, codes: frozenset[str] = frozenset()
) -> Callable[[Field, Content], Fit]:
    """Suits columns that hold only these words; codes may stand for them, but give nothing away."""

    def look(asked: Field, content: Content) -> Fit:
        share, coded = content.share_of(words), content.share_of(words | codes)
        told = score if share >= 0.8 else 0.4 if coded >= 0.8 else 0.0
        return Fit(coded, told, N_("The cells hold {words}."), {"words": content.said(words | codes)})

    return look


def _sex(asked: Field, content: Content) -> Fit:
    found = _vocabulary(SEX, 0.95, frozenset("12"))(asked, content)
    return found if len(set(content.words) & SEX) != 1 else Fit(found.share, 0.5, found.why, found.values)


def _category(content: Content, register: Register) -> Fit | None:
    words = frozenset(map(normal, register.categories))
    share = content.share_of(words)
    if share < UNFIT:
        return None
    return Fit(share, share, N_("The cells hold {words}."), {"words": content.said(words)})


_NAMES_OF: Final[dict[str, str]] = {
    "province": N_("{share} % of the cells are names of provinces."),
    "kabkota": N_("{share} % of the cells are names of kabupaten or kota."),
    "kecamatan": N_("{share} % of the cells are names of kecamatan."),
    "kelurahan": N_("{share} % of the cells are names of kelurahan or desa."),
}


def _area(asked: Field, content: Content) -> Fit | None:
    level = next((level for level in LEVELS if level == asked.key), None)
    if level is None:
        return None
    share, different = content.places(level), len(set(content.words))
    score = share
    if level in ("province", "kabkota") and different > max(3, len(content) // 10):
        score = 0.3 * share  # A register is of one or two: many different ones are where people were born.
    elif level == "kecamatan":
        score = share - 0.5 * max(content.places("kelurahan") - share, 0.0)
    elif level == "kelurahan":
        score = share - 0.5 * max(content.places("kecamatan") - share, 0.0)
    # Unfit are only columns of numbers: local and misspelt names are not in the reference.
    form = content.lettered
    return Fit(form, max(score, 0.0), _NAMES_OF[level], {"share": _percent(share)})


def _code(asked: Field, content: Content) -> Fit:
    if asked.key != "area_code":
        return Fit(content.share(re.compile(r"[\d.]{1,13}").fullmatch), 0.0)

    def coded(cell: str) -> bool:
        return bool(_CODE.fullmatch(cell)) and find(cell.removeprefix("id")[:2]) is not None

    share = content.share(coded)
    long = content.share(lambda cell: len(re.sub(r"\D", "", cell)) >= 10 or "." in cell)
    return Fit(share, 0.9 * share * long, N_("{share} % of the cells are codes of areas."), {"share": _percent(share)})


def _decile(asked: Field, content: Content) -> Fit:
    share = content.share(lambda cell: _DECILE.fullmatch(cell) or normal(cell) in NOT_DETERMINED)
    words = content.share(lambda cell: _DECILE_WORD.fullmatch(cell) or normal(cell) in NOT_DETERMINED)
    score = 0.9 if share >= 0.9 and words > 0.02 else 0.4 if share >= 0.9 else 0.0
    return Fit(share, score, N_("The cells are numbers from 1 to 10, or say that there is none yet."))


def _zscore(asked: Field, content: Content) -> Fit:
    share = content.between(-20, 20)
    negative = sum(1 for value in content.figures if value < 0) / max(len(content.figures), 1)
    telling = content.between(-6, 6) >= 0.9 and content.decimals >= 0.5 and negative >= 0.1
    why = N_("The cells are decimals between -6 and 6, some of them negative.")
    return Fit(share, 0.9 if telling else 0.0, why)


def _numbers(low: float, high: float, decimals: bool = False) -> Callable[[Field, Content], Fit]:
    def look(asked: Field, content: Content) -> Fit:
        inside = content.between(low, high)
        score = 0.5 if inside >= 0.9 and (not decimals or content.decimals >= 0.3) else 0.0
        values = content.figures or [0.0]
        said = {"low": f"{min(values):g}", "high": f"{max(values):g}"}
        return Fit(content.numeric, score, N_("The cells are numbers from {low} to {high}."), said)

    return look


def _age(asked: Field, content: Content) -> Fit:
    share, words = content.share(_AGE.fullmatch), content.share(_AGE_WORDS.fullmatch)
    return Fit(share, 0.9 * words if words >= 0.5 else 0.3 * share, N_("The cells are ages."))


def _name(asked: Field, content: Content) -> Fit:
    share = content.named
    several = content.share(lambda cell: len(cell.split()) > 1)
    score = share * min(content.variety / 0.7, 1.0) * min(several / 0.5, 1.0)
    if content.share_of(_VOCABULARIES) > UNFIT or (score >= FIT and max(map(content.places, LEVELS)) > 0.5):
        score = 0.0
    why = N_("{share} % of the cells look like names of persons.")
    return Fit(share, score * (0.85 if asked.key == "name" else 0.4), why, {"share": _percent(share)})


def _address(asked: Field, content: Content) -> Fit | None:
    share = content.share(_ADDRESS.search)
    why = N_("{share} % of the cells look like addresses.")
    return Fit(1.0, 0.85, why, {"share": _percent(share)}) if share >= 0.5 else None


def _risk(asked: Field, content: Content) -> Fit:
    share = content.share(_RISK.fullmatch)
    return Fit(share, 0.4 if share >= 0.9 else 0.0, N_("The cells hold 1, 2, 3 or V."))


def _optional(look: Callable[[Field, Content], Fit]) -> Callable[[Field, Content], Fit | None]:
    """For fields of free text: their words give them away, other words speak of nothing."""

    def looked(asked: Field, content: Content) -> Fit | None:
        found = look(asked, content)
        return found if found.score else None

    return looked


_CODES: Final = frozenset("0 1 2 v x".split())
_BY_KEY: Final[Mapping[str, Callable[[Field, Content], Fit | None]]] = {
    "relation": _optional(_vocabulary(RELATIONS, 0.95)),
    "marital_status": _optional(_vocabulary(MARRIAGE, 0.95)),
    "address": _address,
}
_BY_KIND: Final[Mapping[str, Callable[[Field, Content], Fit | None]]] = {
    "nik": _sixteen,
    "kk": _sixteen,
    "date": _date,
    "sex": _sex,
    "yes_no": _vocabulary(YES_NO, 0.5, _CODES),
    "dukcapil": _vocabulary(DUKCAPIL, 0.95, _CODES | YES_NO),
    "area": _area,
    "code": _code,
    "decile": _decile,
    "zscore": _zscore,
    "haz": _zscore,
    "height_status": _vocabulary(STATURES, 0.95, frozenset("sp p n t".split())),
    "risk": _risk,
    "weight": _numbers(1.5, 60, decimals=True),
    "height": _numbers(35, 140, decimals=True),
    "age_months": _age,
    "number": _numbers(-1e12, 1e12),
    "whole": _numbers(0, 1e12),
    "name": _name,
}


def numeric_columns(columns: Sequence[Content]) -> list[bool]:
    """Which columns hold numbers that can be figures: no codes of areas, no 16 digits, no years."""

    def figures(content: Content) -> bool:
        years = content.share(re.compile(r"(?:19|20)\d\d").fullmatch)
        return len(content) > 0 and content.numeric >= 0.8 and max(content.sixteen, years) < 0.5

    return [figures(content) for content in columns]
