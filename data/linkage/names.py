"""Names made comparable: without titles and abbreviations (`canonical`), and as they sound (`sound`).

Pure functions of the text; what they know of Indonesian names stands in `data.definitions.names`. For the names of
whole registers see `spelled`, which looks at every different text once.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import duckdb
import pyarrow as pa

from data.definitions import names

LONGEST: Final = 200
"""Letters of a cell that are read as a name; what follows is no name."""

FORMS: Final = ("canonical", "sound", "solid", "sorted")
"""The columns that `spelled` adds for a name, each as `<column>_<form>`."""

_APOSTROPHES: Final = re.compile(r"\xe2\u20ac[\u2122\u02dc]|[`'\"\x91\x92\xb4\u2018\u2019\u02bc\u02bb\u201c\u201d]")
_ASIDE: Final = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_CHUNKS: Final = re.compile(r"[^\s,;/\\_|+&-]+|[,;]")
_SIMPLE: Final = re.compile(r"[A-Z ]{1,200}")
_SPECIAL: Final = names.TITLES_BEFORE | names.TITLES_AFTER | names.ADDRESS | names.PATRONYMS | names.ALIASES
_NO_LETTER: Final = re.compile(r"[^A-Z]")
_DIGITS: Final = str.maketrans("013457", "OIEAST")
_TWO: Final = re.compile(r"\s*(?:[/&;|+]|\bDAN\b|\bDGN\b|,(?=\s*(?:IBU|AYAH)\b))\s*", re.IGNORECASE)
_ROLE: Final = re.compile(r"^\s*(?:NAMA\s+)?(?:AYAH|IBU|BAPAK|SUAMI|ISTRI)\s*[:=]\s*", re.IGNORECASE)


def canonical(text: str | None) -> str:
    """A name in capitals without accents, dots and apostrophes; abbreviations written out, titles and degrees off.

    The order of the words stays. Empty where there is no letter. It may be applied to its own result.

    >>> canonical("Drs. H. Muh. Arif, S.Pd., M.Si")
    'MUHAMMAD ARIF'
    >>> canonical("ST. NUR-AINI"), canonical("Ma’ruf"), canonical("ABDURRAHMAN"), canonical("M. YUSUF (ALM)")
    ('SITI NUR AINI', 'MARUF', 'ABDUL RAHMAN', 'MUHAMMAD YUSUF')
    >>> canonical("WD. Sarina binti La Ode Hamid"), canonical("A. TENRI"), canonical("Hj."), canonical("123")
    ('WA ODE SARINA', 'A TENRI', 'HJ', '')
    """
    if not text:
        return ""
    if _SIMPLE.fullmatch(text):
        words = text.split()
        if _SPECIAL.isdisjoint(words):
            return " ".join(_written_out(words))
    plain = _plain(text)
    parts = _words(_ASIDE.sub(" ", plain)) or _words(plain)
    return " ".join(_written_out(_own(_without_titles(parts))))


def sound(name: str) -> str:
    """How a canonical name sounds, words in their order: old spelling, doubled letters, F and P, Y and I … are one,
    familiar forms stand for the name. Two names that sound alike are not yet the same.

    >>> sound("DJOKO SOESANTO") == sound("JOKO SUSANTO"), sound("NURHAYATI") == sound("NOER HAYATI")
    (True, True)
    >>> sound("FATHIMAH AZZAHRA"), sound("PATIMA AZ ZAHRA"), sound("TJHIN"), sound("RIZKY ACHMAD")
    ('PATIMA ASAHRA', 'PATIMA ASAHRA', 'CIN', 'RISKI AHMAT')
    """
    return " ".join(part for word in _joined(name.split()) for part in _folded(word))


def people(text: str | None) -> tuple[str, ...]:
    """The canonical names in a cell that may name several people, in their order.

    >>> people("SITI AMINAH / ABD. RAHIM"), people("Ayah: Budi, Ibu: Sri"), people("-")
    (('SITI AMINAH', 'ABDUL RAHIM'), ('BUDI', 'SRI'), ())
    """
    parts = _TWO.split((text or "")[: 2 * LONGEST])
    found = (canonical(_ROLE.sub("", part)) for part in parts)
    return tuple(dict.fromkeys(name for name in found if name))


def forms(text: str | None) -> tuple[str, str, str, str]:
    """The `FORMS` of a name: `solid` is its sound without spaces, `sorted` its sound with the words in order.

    >>> forms("Aini, Sitti Noer")
    ('AINI SITI NOER', 'AINI SITI NUR', 'AINISITINUR', 'AINI NUR SITI')
    """
    name = canonical(text)
    heard = sound(name)
    return name, heard, heard.replace(" ", ""), " ".join(sorted(heard.split()))


def spelled(
    con: duckdb.DuckDBPyConnection, source: str, into: str, columns: Sequence[str], several: Sequence[str] = ()
) -> None:
    """Makes the temporary table `into`: `source` (a table or a query in brackets) with the `FORMS` of its `columns`.

    Of columns that may name `several` people, `<column>_names` and `<column>_sounds` are lists, one entry a person.
    Missing and empty names are null. Each different text is looked at once: a second or two for a million rows.
    """
    wanted = ["source.*"]
    joins = []
    for at, column in enumerate([*columns, *several]):
        different = con.execute(f'SELECT DISTINCT "{column}" FROM {source} WHERE "{column}" IS NOT NULL')
        texts = [text for (text,) in different.fetchall()]
        found = _table_of_people(texts) if column in several else _table(texts)
        con.register(f"names_{at}", found)
        joins.append(f'LEFT JOIN names_{at} ON names_{at}.text = source."{column}"')
        wanted += [f'names_{at}."{form}" AS "{column}_{form}"' for form in found.column_names[1:]]
    query = f"SELECT {', '.join(wanted)} FROM {source} AS source {' '.join(joins)}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {query}")
    for at in range(len(joins)):
        con.unregister(f"names_{at}")


def _table(texts: Sequence[str]) -> pa.Table:
    columns = zip(*map(forms, texts), strict=True) if texts else ((),) * len(FORMS)
    values = {form: pa.array([name or None for name in column], pa.string())
              for form, column in zip(FORMS, columns, strict=True)}  # fmt: skip
    return pa.table({"text": pa.array(texts, pa.string()), **values})


def _table_of_people(texts: Sequence[str]) -> pa.Table:
    found = [people(text) for text in texts]
    lists = pa.list_(pa.string())
    sounds = [[sound(name) for name in each] or None for each in found]
    return pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "names": pa.array([list(each) or None for each in found], lists),
            "sounds": pa.array(sounds, lists),
        }
    )


# A name on its way from the cell


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:LONGEST]))
    return apart.encode("ascii", "ignore").decode().upper()


def _words(text: str) -> list[tuple[str, bool, bool]]:
    """Words, whether they are written like a degree (`S.PD`), and whether a comma stands before them."""
    comma = False
    found: list[tuple[str, bool, bool]] = []
    for chunk in _CHUNKS.findall(text):
        if chunk in ",;":
            comma = bool(found)
            continue
        whole = chunk.replace(".", "")
        dotted = "." in chunk.strip(".")
        if dotted and whole in names.TITLES_AFTER:
            found.append((whole, True, comma))
            continue
        for word in chunk.split("."):
            letters = _letters(word)
            if letters:
                found.append((letters, False, comma))
    return found


def _letters(word: str) -> str:
    """A word's letters; digits between letters are letters misread, others are none.

    >>> _letters("R1ZKI"), _letters("2"), _letters("ANI2")
    ('RIZKI', '', 'ANI')
    """
    inner = word.strip("0123456789") if word[:1].isdigit() or word[-1:].isdigit() else word
    return _NO_LETTER.sub("", inner.translate(_DIGITS))


def _without_titles(words: list[tuple[str, bool, bool]]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and _is_degree(kept[-1], len(kept)):
        kept.pop()
    while len(kept) > 1 and kept[0][0] in names.TITLES_BEFORE:
        kept.pop(0)
    own = [word for word, _, _ in kept if word not in names.ADDRESS]
    return own or [word for word, _, _ in kept]


def _is_degree(word: tuple[str, bool, bool], at: int) -> bool:
    text, dotted, comma = word
    if comma:
        return text in names.TITLES_BEHIND_A_COMMA
    return text in names.TITLES_AFTER and (dotted or (text not in names.KEPT_DEGREES and at > 1))


def _own(words: Sequence[str]) -> Sequence[str]:
    """Without the father's name and other names."""
    for at, word in enumerate(words):
        if at and (word in names.PATRONYMS or word in names.ALIASES):
            return words[:at]
    return words


_MUHAMMAD: Final = re.compile(r"M[UO](?:C?H|KH)A?M+[AE][DT]")
_ABDUL: Final = re.compile(r"ABD(?:UL|OEL|U([RSNTDZ])(?=\1?))([A-Z]{3,})")
_ABDULLAH: Final = re.compile(r"ABDU?[LA]*L[AO]H?")


@lru_cache(65_536)
def _word(word: str) -> tuple[str, ...]:
    if word in names.ABBREVIATIONS:
        return tuple(names.ABBREVIATIONS[word].split())
    if _MUHAMMAD.fullmatch(word):
        return ("MUHAMMAD",)
    if _ABDULLAH.fullmatch(word):
        return ("ABDULLAH",)
    if found := _ABDUL.fullmatch(word):
        first, rest = found.group(1) or "", found.group(2)
        return ("ABDUL", rest if rest.startswith(first) else first + rest)
    for first in names.JOINED:
        rest = word.removeprefix(first)
        if rest != word and len(rest) >= 4 and re.match(r"[A-Z]?[AEIOU]", rest):
            return (*_word(first), rest)
    return (word,)


def _written_out(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if at == 0 and word in names.BEFORE_OTHERS and len(following) > 1:
            found.append(names.BEFORE_OTHERS[word])
        elif word in ("D", "OD") and found in (["LA"], ["WA"]) and following:
            found.append("ODE")
        elif word in ("L", "W") and at == 0 and following in ("ODE", "OD"):
            found.append(word + "A")
        else:
            found += _word(word)
    # Two forms in a row are one name: MUH. MUHAMMAD, or LD. ODE.
    return [word for at, word in enumerate(found) if at == 0 or word != found[at - 1]]


# What a name sounds like

_SOUNDS: Final = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"^CHR", "KR"), (r"^CH(?!A[EI]R|O[IE]R|OL|AL|US)", "C"), (r"TJH?", "C"), (r"OE", "U"), (r"OO", "U"),
        (r"^DJ", "J"), (r"^[JY](?=[AEIOU])", "Y"), (r"(?<=H)J", "Y"), (r"DJ", "J"),
        (r"SJ|SY|SH|TS|SC(?=H)", "S"), (r"KH|CH", "H"), (r"DZ|DH(?=Z)", "Z"), (r"DH", "D"), (r"TH", "T"),
        (r"GH", "G"), (r"BH", "B"), (r"PH|V|F", "P"), (r"Z", "S"), (r"Q|CK", "K"), (r"X", "KS"),
        (r"^NOR(?=[A-Z]{3})", "NUR"), (r"^NOR$", "NUR"), (r"AE|AY|OI", "AI"), (r"EI|EY", "I"), (r"Y(?![AEOU])", "I"),
        (r"(?<=I)Y", ""), (r"(?<=[A-Z])Y", "I"),
        (r"(.)\1+", r"\1"), (r"(?<=..)H$", ""), (r"D$", "T"), (r"B$", "P"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
"""In this order; written for single words in capitals."""

_OLD: Final = re.compile(r"OE|DJ|TJ|SJ")
_OLD_Y: Final = re.compile(r"(?<![DTS])J")
"""Where a word is in the old spelling, its J is what is now Y."""


@lru_cache(65_536)
def _folded(word: str) -> tuple[str, ...]:
    """The sounds of a word, compound names as two words."""
    respelled = re.sub(r"^NO(?:E|O)?R(?=[A-Z]{4})|^NO[EO]R$", "NUR", word)
    for first in names.COMPOUND:
        rest = respelled.removeprefix(first)
        if rest != respelled and len(rest) >= (3 if first.startswith("NUR") else 4) and not rest.startswith("UL"):
            return (_sounds(first), *_folded(rest))
    heard = _sounds(respelled)
    return (_ALIKE.get(heard, heard),)


def _sounds(word: str) -> str:
    if _OLD.search(word):
        word = _OLD_Y.sub("Y", word)
    for pattern, by in _SOUNDS:
        word = pattern.sub(by, word)
    return word


_ALIKE: Final = {_sounds(form): _sounds(name) for form, name in {**names.SPELLINGS, **names.FAMILIAR}.items()}


def _joined(words: Sequence[str]) -> list[str]:
    """Words with the article before them: AL FARIZI, AZ ZAHRA, KHAIRUN NISA."""
    found: list[str] = []
    for word in words:
        before = found[-1] if found else ""
        article = before in names.ARTICLES or (
            len(before) > 1 and before[-1] == word[:1] and (re.fullmatch("A[DNRSTZ]", before) or before == "KHAIRUN")
        )
        if article and len(word) > 2:
            found[-1] += word
        else:
            found.append(word)
    return found
