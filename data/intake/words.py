"""What the words of a column mean: each different spelling is looked at once."""

import re
from collections.abc import Mapping
from typing import Final

from data.definitions.fields import SEVERAL
from data.intake.headings import normal

YES: Final = frozenset("ya y yes 1 v x true ada iya menerima penerima dapat aktif sudah √ ✓ ✔".split())
NO: Final = frozenset("tidak tdk t n no 0 2 false bukan tidakada tidakmenerima nonaktif belum".split())
MALE: Final = frozenset("l lk 1 lakilaki laki pria m male".split())
FEMALE: Final = frozenset("p pr 2 perempuan wanita w f female".split())

_PARTED: Final = re.compile(r"\s*[;|\n]\s*|\s*,\s*|\s+dan\s+")
_CODES: Final = re.compile(r"\s*\d{1,3}(?:\.0)?(?:\s*[,;|/&+ ]\s*\d{1,3}(?:\.0)?)*\s*")


def place_in_family(word: str) -> int:
    """0 head, 1 spouse, 2 child, 3 anybody else: the order in which a family is listed. `word` is in capitals."""
    if "KEPALA" in word or word in ("KK", "KRT", "1"):
        return 0
    if "ISTRI" in word or "SUAMI" in word or word == "2":
        return 1
    return 2 if "ANAK" in word or word == "3" else 3


def yes_or_no(word: str) -> str:
    """ "yes", "no" or "unknown"."""
    word = normal(word) or word.strip()
    return "yes" if word in YES else "no" if word in NO else "unknown"


def sex(word: str) -> str:
    """ "yes" for male, "no" for female, "unknown"."""
    word = normal(word)
    return "yes" if word in MALE else "no" if word in FEMALE else "unknown"


def matched(word: str) -> str:
    """Dukcapil's mark: padan, tidak padan, or a number above zero.

    >>> matched("TIDAK PADAN"), matched("Padan Dukcapil"), matched("3"), matched("?")
    ('no', 'yes', 'yes', 'unknown')
    """
    word = normal(word)
    if word.isdigit():
        return "yes" if int(word) > 0 else "no"
    if word in NO or word.startswith(("belum", "blm", "non", "gagal", "invalid")) or "tidak" in word or "tdk" in word:
        return "no"
    return "yes" if word in YES or word.startswith(("padan", "sudah", "valid", "sesuai", "ter")) else "unknown"


class Answers:
    """The words of a field and what else is written for each: see `Register.answers`."""

    def __init__(self, declared: Mapping[str, tuple[str, ...]]) -> None:
        spellings = {normal(spelling): word for word, others in declared.items() for spelling in (word, *others)}
        self._words = {spelling.lstrip("0") or spelling: word for spelling, word in spellings.items()}

    def read(self, written: str) -> tuple[str, bool]:
        """What a cell says, several answers joined by "; " in their order, and whether all of it is known.

        >>> Answers({"Rujukan": ("1",), "PMT": ("7",)}).read("07, 1")
        ('Rujukan; PMT', True)
        >>> Answers({}).read(" 01,10 "), Answers({}).read("Milik  sendiri")
        (('1; 10', True), ('Milik sendiri', True))
        """
        text = " ".join(written.split())
        if not self._words:
            codes = re.findall(r"\d+", re.sub(r"\.0\b", "", text)) if _CODES.fullmatch(text) else []
            return SEVERAL.join(dict.fromkeys(sorted((str(int(code)) for code in codes), key=int))) or text, True
        if whole := self._word(text):
            return whole, True
        parts = [part for part in _PARTED.split(written.strip()) if part]
        found = [self._word(part) for part in parts]
        if len(parts) > 1 and all(found):
            order = list(self._words.values())
            return SEVERAL.join(sorted(dict.fromkeys(filter(None, found)), key=order.index)), True
        return text, False

    def _word(self, text: str) -> str | None:
        plain = normal(re.sub(r"\.0$", "", text))
        return self._words.get(plain.lstrip("0") or plain)
