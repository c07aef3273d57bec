"""What a cell says, by the kind of its field: expressions over text that the engine runs.

Every reader takes the text of a column (null where the reader of files left it empty) and returns `(value, wrong)`:
the typed value, null where it is not known, and a BOOLEAN, never null, that is true where something is written that
cannot be read. Blanks of any kind around the text do not matter. A third expression, where there is one, marks values
that were read and deserve a word in the report.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from data.definitions.growth import IMPLAUSIBLE
from data.intake.read import MISSING
from data.places.reference import codes

MOST_Z: Final = 20
MOST_MONTHS: Final = 119
EXACT: Final = 2**53
LONGEST_FIGURE: Final = 40

_BLANKS: Final = r"[\s\p{Z}\x{200b}\x{feff}]+"
_FORCED: Final = "^['’]"
"""The apostrophe by which a spreadsheet is made to keep a number as text."""
_DASHES: Final = r"[\x{2010}-\x{2015}\x{2212}]"
_NOTHING: Final = tuple(sorted({word.casefold() for word in MISSING}))

Read = tuple[ir.Value, ir.BooleanValue]
Marked = tuple[ir.Value, ir.BooleanValue, ir.BooleanValue]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def regexp_full_match(text: str, pattern: str) -> bool: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def regexp_extract(text: str, pattern: str, group: int) -> str: ...  # type: ignore[empty-body]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def divide(number: int, by: int) -> int:  # type: ignore[empty-body]
    """Whole numbers divided; Ibis goes through DOUBLE, which is slower and cannot hold every NIK."""


def _once(value: ir.Value, use: Callable[[ir.Value], ir.Value]) -> ir.Value:
    """`use(value)`, where `value` is worked out once however often it is used.

    Ibis writes an expression out at every use. Nested uses of uses grow until the engine runs out of memory.
    """
    return ibis.array([value]).map(use)[0]


def _plain(text: ir.StringValue) -> ir.StringValue:
    """Lower case, single blanks, plain dashes; null where nothing is said."""
    bare = text.re_replace(f"{_BLANKS}|{_FORCED}", " ").strip().re_replace(_DASHES, "-").lower()
    return _once(bare, lambda bare: ibis.ifelse(bare.isin(_NOTHING), ibis.null("string"), bare))


def _unread(text: ir.StringValue, value: ir.Value, silent: str = "") -> ir.BooleanValue:
    """`silent` is a pattern of what says in words that there is no value."""
    rest = _plain(text)
    said = rest.notnull() & ~regexp_full_match(rest, silent) if silent else rest.notnull()
    return ibis.ifelse(value.notnull() | text.isnull(), False, said.fill_null(False))


# Words and codes

_DECILE: Final = r"(?:d(?:esil)?[ _.:-]*(?:ke[ -]*)?)?0*(10|[1-9])(?:[.,]0+)?(?: ?\(.*\))?"
_SEVERAL_DECILES: Final = r"(?:d(?:esil)?[ _.:-]*)?0*(?:10|[1-9]) ?(?:-|s\.?/?d\.?|sampai) ?0*(?:10|[1-9])"
_NO_DECILE: Final = r"(?:belum|blm|tidak ada|tdk ada|non)\b.*"


def decile(text: ir.StringValue) -> Read:
    """A welfare decile, 1 to 10 (INT16). A range (`6-10`) and `Belum Ada Desil` are not determined: null, not wrong.

    Reads `1`, `01`, `1.0`, `D1`, `Desil 1`, `desil_1`, `Desil 1 (sangat miskin)`.
    """
    clean = regexp_full_match(text, "[1-9]|10")
    value = ibis.ifelse(clean, text, regexp_extract(_plain(text), f"^{_DECILE}$", 1)).try_cast("int16")
    return value, _unread(text, value, silent=f"{_SEVERAL_DECILES}|{_NO_DECILE}")


def risk(text: ir.StringValue) -> Read:
    """A KRS answer (BOOLEAN): 1, `Ya`, `V`, a tick are true; 2, `Tidak` false; 3, `Tidak berlaku` null and not wrong.

    Codes may have a zero in front, a decimal behind or their word beside them (`1. Ya`). 0 is no code of this list.
    """
    coded = _plain(text).re_replace(r"\.0+$", "").re_replace(r"[^0-9a-z√✓✔☑]|^0+", "")
    code = ibis.ifelse(text.isin(("1", "2", "3")), text, coded)
    value = _among(code, {True: "1 1ya ya y yes v x iya true √ ✓ ✔ ☑", False: "2 2tidak tidak tdk t n no false"})
    return value, _unread(
        text, value, silent=r"0*3(?:\.0+)?|(?:0*3[^0-9a-z]*)?(?:tidak|tdk) (?:berlaku|relevan)\W*|n\W?a"
    )


def height_status(text: ir.StringValue) -> Read:
    """The word under TB/U: "severely_stunted", "stunted", "normal" or "tall".

    `Outlier`, where e-PPGBM itself withholds a status, is null and not wrong.
    """
    word = _letters(text)
    value = _beginning(
        word,
        {
            "severely_stunted": "sp$|sangatpendek|sgtpendek|severe",
            "stunted": "p$|pendek|stunt|moderatelystunt",
            "normal": "n$|normal|tidakpendek|tidakstunt",
            "tall": "t$|tinggi|sangattinggi|tall|verytall",
        },
    )
    return value, _unread(text, value, silent="outlier.*|(?:belum|tidak) diukur")


def position(text: ir.StringValue) -> Read:
    """How a child was measured (Cara Ukur): "lying" (`Telentang`, `PB`) or "standing" (`Berdiri`, `TB`)."""
    lying, standing = "l$|pb$|te?r?lentang|berbaring|baring|tidur|lying|recumbent", "h$|tb$|berdiri|diri|standing"
    value = _beginning(_letters(text), {"lying": lying, "standing": standing})
    return value, _unread(text, value)


def several(text: ir.StringValue) -> Read:
    """Several answers of one cell, each once, in order, joined by "; ". Codes lose the zeros in front: `01` is `1`.

    Answers are parted by `,` `;` `|` `&` `+`, a new line, or `dan`; a slash parts nothing (`BPNT/Sembako` is one
    programme). For columns of codes and short names: a category whose own name has a comma or `dan` must be looked up
    whole before. Never wrong.
    """
    lines = text.re_replace(r"[\r\n]+", ";").re_replace(_BLANKS, " ")
    parts = lines.re_replace(r"(?i) dan |[,;|&+]", ";").split(";").map(lambda part: part.strip())
    # Codes are sorted as numbers: they are as wide as each other until they have been sorted.
    wide = parts.filter(lambda part: ~part.lower().isin(_NOTHING)).map(_wide).unique().sort()
    narrow = wide.map(lambda part: part.re_replace(r"^0+([0-9]+)$", r"\1"))
    return narrow.join("; ").nullif(""), ibis.literal(False)


def _wide(answer: ir.StringValue) -> ir.StringValue:
    code = answer.re_replace(r"\.0+$", "").re_replace("^0+", "").lpad(9, "0")
    return ibis.ifelse(regexp_full_match(answer, r"[0-9]{1,9}(?:\.0+)?"), code, answer)


def _letters(text: ir.StringValue) -> ir.StringValue:
    return _plain(text).re_replace("[^a-z]", "")


def _among(word: ir.StringValue, meanings: dict[bool, str]) -> ir.Value:
    return _once(word, lambda word: ibis.cases(*((word.isin(words.split()), it) for it, words in meanings.items())))


def _beginning(word: ir.StringValue, meanings: dict[str, str]) -> ir.Value:
    return _once(word, lambda word: ibis.cases(*((word.re_search(f"^(?:{w})"), it) for it, w in meanings.items())))


# Numbers

_FIGURE: Final = r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|[0-9.,]*[0-9]"
_UNIT: Final = r"\*{1,3}\)?|[(\[].*[)\]]|[kcdh]?m[23]|[a-z%‰°²³][^0-9]*"
_NUMERAL: Final = rf"^([+-]?) ?(?:(?:rp|idr)\.? ?)?([+-]?)({_FIGURE})(?:[.,]-{{0,2}})? ?(?:{_UNIT})?$"
_MULTIPLIED: Final = r"(?:^|[^a-z])(?:ribu|rb|juta|jt|miliar|milyar|triliun|trilyun)(?:$|[^a-z])"

_CLEAN: Final = r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?"
_EITHER: Final = r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}"
"""A single sign before exactly three figures may part the thousands as well as the fraction."""


def _notation(group: str, decimal: str) -> str:
    grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})"
    spaced = r"[0-9]{1,3}(?: [0-9]{3})+"
    return rf"[+-]?(?:{grouped}+{decimal}[0-9]+|{grouped}{{2,}}|{spaced}{decimal}[0-9]+|[0-9]*{decimal}[0-9]+)"


_INDONESIAN: Final = _notation(r"\.", ",")
_ENGLISH: Final = _notation(",", r"\.")
_SIGNLESS: Final = r"[+-]?(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)"
_FLOAT: Final = r"[+-]?[0-9](?:[.,][0-9]+)?e[+-]?[0-9]{1,2}"


@dataclass(frozen=True)
class Notation:
    """How a column writes numbers, and how many different spellings say so.

    `indonesian` counts spellings such as `1.234,5`, `english` such as `1,234.5`, `either` such as `1.234`, which may
    be both.
    """

    kind: Literal["indonesian", "english", "undecided"]
    indonesian: int = 0
    english: int = 0
    either: int = 0

    @property
    def mixed(self) -> bool:
        """Both notations stand in the column, so that the spellings that may be both were read by the majority."""
        return bool(self.indonesian and self.english and self.either)


UNDECIDED: Final = Notation("undecided")


def notation(samples: Iterable[str | None]) -> Notation:
    """Which decimal sign a column uses, by its different spellings (those with `.` or `,` in them are enough).

    >>> notation(["1.234", "12,5", "Rp420.032,00"])
    Notation(kind='indonesian', indonesian=2, english=0, either=1)
    >>> notation(["1.234", "980"]).kind
    'undecided'
    """
    figures = [_figure(sample) for sample in samples if sample]
    clear = [figure for figure in figures if not re.fullmatch(_EITHER, figure)]
    indonesian, english = (
        sum(bool(re.fullmatch(form, figure)) for figure in clear) for form in (_INDONESIAN, _ENGLISH)
    )
    kind: Literal["indonesian", "english", "undecided"] = (
        "indonesian" if indonesian > english else "english" if english > indonesian else "undecided"
    )
    return Notation(kind, indonesian, english, len(figures) - len(clear))


def _figure(sample: str) -> str:
    plain = re.sub("[\u2010-\u2015\u2212]", "-", " ".join(re.sub(_FORCED, "", sample.lower()).split()))
    return re.sub(_NUMERAL, r"\1\2\3", plain)


def number(text: ir.StringValue, notation: Notation = UNDECIDED) -> Read:
    """A number (DOUBLE) in Indonesian or English notation: `1.234,5`, `Rp420.032,00`, `1,234.5`, `-4,67 %`, `12 kg`.

    What can be read in one way only is read so; `1.234` is read as the column writes (`notation`), and as Indonesian
    where nothing shows it. Currency, units, brackets and footnote stars are taken off; a percentage stays what is
    written (12.5). Wrong: two numbers in a cell, wrong groups (`1.23,4`), words for thousands or millions (`1,2 juta`),
    `<5`, a cell wholly in brackets, more than 40 figures.
    """
    value = _number(text, grouping="," if notation.kind == "english" else ".")
    return value, _unread(text, value)


def whole(text: ir.StringValue, notation: Notation = UNDECIDED) -> Read:
    """A count (INT64), written as for `number`; a fraction other than zero is wrong, and so is 2^53 and more.

    Counts have no fraction, so that `1.234` and `1,234` are both 1234 unless the column shows its notation.
    """
    found = _number(text, grouping={"english": ",", "indonesian": ".", "undecided": ".,"}[notation.kind])
    # Not `floor`, which Ibis makes a BIGINT of: it fails for a figure too large.
    value = _once(found, lambda found: _kept(found, (found % 1 == 0) & (found.abs() < EXACT)).cast("int64"))
    return value, _unread(text, value)


def _number(text: ir.StringValue, grouping: str) -> ir.FloatingValue:
    """`grouping`: the signs that part thousands where a figure may be read in both ways."""
    multiplied = ibis.null("string")
    numeral = _once(
        _plain(text),
        lambda plain: ibis.ifelse(plain.re_search(_MULTIPLIED), multiplied, plain.re_replace(_NUMERAL, r"\1\2\3")),
    )
    written = _once(numeral, lambda figure: _in_english(figure, grouping))
    return ibis.ifelse(regexp_full_match(text, _CLEAN), text, written).try_cast("float64")


def _in_english(figure: ir.StringValue, grouping: str) -> ir.StringValue:
    fraction = figure.replace(",", ".")
    groups = figure.re_search(f"[{grouping}]") if grouping else ibis.literal(False)
    return ibis.cases(
        (figure.length() > LONGEST_FIGURE, ibis.null("string")),
        (regexp_full_match(figure, _EITHER), ibis.ifelse(groups, figure.re_replace("[.,]", ""), fraction)),
        (regexp_full_match(figure, _INDONESIAN), figure.re_replace("[. ]", "").replace(",", ".")),
        (regexp_full_match(figure, f"{_ENGLISH}|{_SIGNLESS}"), figure.re_replace("[, ]", "")),
        (regexp_full_match(figure, _FLOAT), fraction),
    )


def _kept(value: ir.Value, condition: ir.BooleanValue) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


# Measurements of children

_ZSCORE: Final = r"^([+-]?) ?([0-9]{1,3})?(?:[.,:] ?([0-9]+))?(?::00)?(?: ?sd)?$"


def zscore(text: ir.StringValue) -> Marked:
    """A z-score (DOUBLE) with `,` `.` or `:` as its decimal sign, and any minus; third: implausible (beyond ±6).

    Beyond ±20 it is wrong. A spreadsheet that took `2:31` for a time of day wrote `02:31:00`; that is 2.31 again.
    """
    written = _once(
        _plain(text), lambda plain: _kept(plain, regexp_full_match(plain, _ZSCORE)).re_replace(_ZSCORE, r"\1\2.\3")
    )
    value = _once(written.try_cast("float64"), lambda found: _kept(found, found.abs() <= MOST_Z))
    return value, _unread(text, value), (value.abs() > IMPLAUSIBLE).fill_null(False)


def weight_kg(text: ir.StringValue, at_birth: bool = False) -> Marked:
    """A child's weight in kilograms (DOUBLE); third: converted from grams.

    0.5 to 60 (at birth 8) are kilograms, 500 to 60,000 (8,000) are grams; anything else is wrong, 0 too.
    """
    most = 8 if at_birth else 60
    return _measured(text, (0.5, most), {(500, most * 1000): 0.001})


def height_cm(text: ir.StringValue) -> Marked:
    """A child's length or height in centimetres (DOUBLE); third: converted from metres or millimetres.

    20 to 150 are centimetres, 0.4 to 1.5 metres, 400 to 1,500 millimetres; anything else is wrong, 0 too.
    """
    return _measured(text, (20, 150), {(0.4, 1.5): 100, (400, 1500): 0.1})


def _measured(text: ir.StringValue, own: tuple[float, float], others: dict[tuple[float, float], float]) -> Marked:
    """Ranges (least, most): of the field's unit, and of others with their factor."""
    # `3.200` is 3.2 kg or 3200 g: the same weight, whichever way it is read.
    found = _number(text, grouping="")
    ranges = {own: 1.0, **others}
    value = _once(
        found, lambda found: ibis.cases(*((found.between(*r), (found * by).round(4)) for r, by in ranges.items()))
    )
    return value, _unread(text, value), value.notnull() & ~found.between(*own)


def age_months(text: ir.StringValue, most: int = MOST_MONTHS) -> Read:
    """An age in completed months (INT32): `2 Tahun - 3 Bulan - 5 Hari`, `27 bulan`, `45 hari`, `27`.

    A bare number is months. Above `most`, or negative, is wrong.
    """
    years, months, days = (
        rf"(?:([0-9]{{1,3}}) ?(?:{unit})\.?)?" for unit in ("tahun|thn|th", "bulan|bln|bl", "hari|hr")
    )
    spelt = f"^{years} ?[,-]? ?{months} ?[,-]? ?{days}$"

    def total(plain: ir.StringValue) -> ir.IntegerValue:
        year, month, day = (regexp_extract(plain, spelt, part).try_cast("int32").fill_null(0) for part in (1, 2, 3))
        in_words = plain.re_search("^[0-9].*[a-z]") & regexp_full_match(plain, spelt)
        bare = regexp_extract(plain, r"^([0-9]{1,4})(?:[.,][0-9]+)?$", 1).try_cast("int32")
        return ibis.ifelse(in_words, year * 12 + month + (day / 30.4375).floor().cast("int32"), bare)

    value = _once(_once(_plain(text), total), lambda found: _kept(found, found <= most))
    return value, _unread(text, value)


# NIK


def nik_checks(
    number: ir.IntegerValue, birth_date: ir.DateValue | None = None, sex: ir.StringValue | None = None
) -> dict[str, ir.BooleanValue]:
    """What in a NIK (BIGINT, or null) cannot be, or differs from the row; by the code of its warning.

    - `nik_date_impossible`: DDMMYY (women DD + 40) is a day of no year.
    - `nik_birth_differs`, `nik_sex_differs`: a possible date in it is not `birth_date` (DATE; two digits of the year),
      or not of `sex` ("L", "P"). Left out where the column is not given.
    """
    written, month, year = (divide(number, 10**below) % 100 for below in (8, 6, 4))
    woman = written > 40
    day = written - ibis.ifelse(woman, 40, 0)
    longest = ibis.cases((month == 2, ibis.ifelse(year % 4 == 0, 29, 28)), (month.isin((4, 6, 9, 11)), 30), else_=31)
    possible = day.between(1, longest) & month.between(1, 12)
    found = {"nik_date_impossible": ~possible}
    if birth_date is not None:
        same = (day == birth_date.day()) & (month == birth_date.month()) & (year == birth_date.year() % 100)
        found["nik_birth_differs"] = possible & ~same
    if sex is not None:
        found["nik_sex_differs"] = possible & (woman != (sex == "P"))
    return {code: condition.fill_null(False) for code, condition in found.items()}


def issues_nik(area: str) -> bool:
    """Whether the first six digits of a NIK can be those of an area that issued it.

    Kabupaten and kecamatan are divided and renumbered, and a NIK keeps the code of its day, so today's list alone would
    blame thousands who are right. Hence only this: the province is one of today's, some kabupaten or kota anywhere has
    such a number (today 01-29 and 71-79), and the kecamatan is not 00.

    >>> issues_nik("747104"), issues_nik("007104"), issues_nik("747100")
    (True, False, False)
    """
    provinces, numbers = _area_numbers()
    return area[:2] in provinces and area[2:4] in numbers and area[4:] != "00"


@cache
def _area_numbers() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two digits each: the provinces, and the numbers that kabupaten and kota have within any province."""
    return codes("", "province"), tuple(sorted({code[3:] for code in codes("", "kabkota")}))
