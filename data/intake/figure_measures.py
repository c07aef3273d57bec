"""The measures of a table of figures: their names, units and categories, and which built-in indicators they tell."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from data.definitions.catalogue import REGISTERS
from data.definitions.fields import SEVERAL
from data.definitions.registers import Register
from data.intake.figure_columns import NAMES_MEASURES, Column, Look
from data.intake.figure_titles import About, period_in, subject_of, without_period
from data.intake.figures import ADDED_UP, COUNTED, MeasureFound, Unit
from data.intake.headings import normal
from data.intake.values import Notation, notation
from data.wording import capital

FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    "population": ("population", "male", "female", "families"),
    "poverty": ("poverty_rate", "poor_persons"),
}
"""Measures that a register of figures has by name; a rekap has whatever its headings say."""


@dataclass(frozen=True)
class Figured:
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
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", without_period(text.replace("_", " ").replace("\n", " ")))
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


def sources_of(
    register: Register, roles: Mapping[int, Column], looks: Mapping[int, Look], about: About
) -> tuple[Figured, ...]:
    figures = [one for one in roles.values() if one.role == "figure"]
    everywhere = notation(text for one in figures for text in looks[one.index].samples)
    mixed = any(NAMES_MEASURES.match(normal(one.heading)) for one in roles.values() if one.role == "category")
    found: list[Figured] = []
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


def _source(one: Column, register: Register, about: About, reading: Notation) -> Figured | None:
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
    return Figured(one.index, one.heading, period, key or slug(label), label, category, unit, factor, reading)


def _titled(label: str) -> str:
    """A label for screens: headings of open data are all in small letters."""
    label = re.sub(r"(?i)\b(?:dtks|dtsen|p3ke|ppks|pmks|krs|pkh|bpnt|kk|kpm|nik|p3s)\b", lambda m: m[0].upper(), label)
    return capital(label)


MOST_MEASURES: Final = 60


def naming_column(roles: Mapping[int, Column], looks: Mapping[int, Look], sources: Sequence[Figured]) -> int | None:
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
        if NAMES_MEASURES.match(normal(one.heading)) or len(units - {"number"}) > 1:
            return one.index
    return None


def by_word(source: Figured, words: Iterable[str], subject: str) -> tuple[Figured, ...]:
    """The column of figures once for every word that names what it counts."""
    found = []
    for word in sorted({word.strip() for word in words if word.strip()}):
        label = word if " " in word or not subject else f"{subject} {word}"
        unit, factor = unit_in(label, "")
        found.append(replace(source, key=slug(label), label=label, category="", unit=unit, factor=factor, named=word))
    return tuple(found)


def _about_all(register: Register, about: About) -> bool:
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


def _sex_of(words: str) -> str:
    """The measure of residents that a bare `L` or `P` names beside their sum."""
    plain = normal(words)
    return "male" if plain in _MALE else "female" if plain in _FEMALE else ""


def register_of(headings: Iterable[str], text: str) -> str:
    """Which register of figures the headings of the numbers, or else title and file name, speak of."""
    plain = [_words(heading) for heading in headings]
    subject = normal(subject_of(text))
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
