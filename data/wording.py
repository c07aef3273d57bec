"""Words, numbers and dates for readers, in Indonesian (default) and English.

Sources are the English sentences in the code, marked with `N_`; the Indonesian ones stand in
`locales/id/LC_MESSAGES/padan.po`, which is read directly, so that there is nothing to compile.
"""

import gettext
import io
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, get_args

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "id"
LOCALES: Final = Path(__file__).parent.parent / "locales"

Value = str | int | float | date


def N_(message: str) -> str:
    """Marks a sentence for translation where it is declared; it is translated where it is shown."""
    return message


@lru_cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    path = LOCALES / language / "LC_MESSAGES" / "padan.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(message: str, language: Language, **values: Value) -> str:
    """The sentence in the reader's language with its `{placeholders}` filled.

    Whole numbers get the reader's digit grouping and dates its month names; pass text for anything else.

    >>> translate("{rows} rows", "en", rows=113000)
    '113,000 rows'
    """
    text = _catalogue(language).gettext(message) if message else ""
    return text.format_map({key: shown(value, language) for key, value in values.items()}) if values else text


def capital(text: str) -> str:
    """Words as a heading or a sentence begins with them.

    >>> capital("kelurahan"), capital("NIK padan")
    ('Kelurahan', 'NIK padan')
    """
    return text[:1].upper() + text[1:]


def in_sentence(text: str) -> str:
    """A label for the middle of a sentence: lower case, unless it begins with an abbreviation.

    >>> in_sentence("Stunted children"), in_sentence("NIK matched")
    ('stunted children', 'NIK matched')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def shown(value: Value, language: Language) -> str:
    """A value as the reader writes it: `113.000`, `49,6`, `31 Januari 2021`."""
    if isinstance(value, date):
        return long_date(value, language)
    if isinstance(value, int | float):
        return number(value, language)
    return value


def number(value: float, language: Language, digits: int = 1) -> str:
    """A number with at most `digits` decimals.

    >>> number(113000, "id"), number(4.67, "id", 2)
    ('113.000', '4,67')
    """
    pattern = "#,##0" if isinstance(value, int) or digits == 0 else "#,##0." + "#" * digits
    return format_decimal(value, pattern, locale=language)


def percent(share: float | None, language: Language, digits: int = 1) -> str:
    """A fraction as a percentage with exactly `digits` decimals; `–` where it is not known.

    >>> percent(0.496, "id"), percent(None, "en")
    ('49,6%', '–')
    """
    if share is None:
        return "–"
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(share * 100, pattern, locale=language) + "%"


def long_date(day: date, language: Language) -> str:
    """A date in words.

    >>> long_date(date(2021, 1, 31), "id")
    '31 Januari 2021'
    """
    return format_date(day, "d MMMM y", locale=language)


def short_date(day: date, language: Language) -> str:
    """Month and year for axes.

    >>> short_date(date(2021, 1, 31), "id")
    'Jan 21'
    """
    return format_date(day, "MMM yy", locale=language)
