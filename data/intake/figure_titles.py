"""What title, file name and headings say of a table of figures: date, place, subject, register."""

import re
from datetime import date
from functools import cache
from typing import Final

from data.intake.dates import MONTHS, date_in, month_end
from data.intake.headings import normal
from data.places.reference import LEVELS, codes, find

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


def without_period(text: str) -> str:
    text = re.sub(
        r"(?<!\d)(?:19|20)\d\d(?:[-_. ]?(?:0[1-9]|1[0-2])(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)", " ", text
    )
    text = re.sub(r"(?<![\d.])\d\d(?:\.\d\d){1,2}(?:\.\d{4})?(?![\d.])", " ", text)
    text = _QUARTER.sub(" ", _HALF.sub(" ", text))
    text = re.sub(r"(?i)(?<![a-z])(?:tahun(?:an)?|periode|bulan|tahundata)(?![a-z])", " ", text)
    return _MONTH.sub(" ", text) if not re.search(r"(?i)\bmei\w|\bmar\w", text) else text


def period_text(heading: str, text: str) -> str:
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


class About:
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
        return subject_of(self.title) or subject_of(self.name) or " ".join(without_period(self.name).split())


def subject_of(text: str) -> str:
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", without_period(text))
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
