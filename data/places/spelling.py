"""How names of places are written: kinds in front, abbreviations, numerals, and what tells two names apart."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from data.places.reference import Level, searchable

# What a name may carry in front, and the kind of place that it then claims to be.
_FRONT: Final[dict[Level, tuple[tuple[str, str], ...]]] = {
    "province": ((r"prov(?:insi|\b)|propinsi|prop\b", ""),),
    "kabkota": (
        (r"(?:kota\s*madya|kodya|kota)\s*(?:administrasi|administratif|adm\b)?", "Kota"),
        (r"(?:kabupaten|kab\b)\s*(?:administrasi|administratif|adm\b)?", "Kabupaten"),
    ),
    "kecamatan": ((r"kecamatan|kec\b|distrik", ""),),
    "kelurahan": ((r"kelurahan|kel\b", "kelurahan"), (r"desa|ds\b", "desa"), (r"kel\s*/?\s*desa|desa\s*/?\s*kel", "")),
}
_ABBREVIATIONS: Final = {
    "kep": "kepulauan", "tj": "tanjung", "tg": "tanjung", "tjg": "tanjung", "tanjong": "tanjung", "sei": "sungai",
    "sungei": "sungai", "gn": "gunung", "gng": "gunung", "kp": "kampung", "kpg": "kampung", "lb": "lubuk",
    "lbk": "lubuk", "pl": "pulau", "perk": "perkebunan", "mns": "meunasah", "sbr": "sumber", "sp": "simpang",
    "brt": "barat", "tmr": "timur", "utr": "utara", "sltn": "selatan", "slt": "selatan", "tgh": "tengah",
    "dlm": "dalam", "bt": "batu", "btg": "batang",
}  # fmt: skip
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_WORDS: Final = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_NUMERALS: Final = {numeral: str(n) for names in (_ROMAN, _WORDS) for n, numeral in enumerate(names, 1)}
# Words that tell sibling villages apart: a name that lacks or changes one of them is another village, not a typo.
_TELLING: Final = frozenset({
    "barat", "timur", "utara", "selatan", "tengah", "tenggara", "pusat", "wetan", "kulon", "lor", "kidul", "hulu",
    "hilir", "ulu", "ilir", "atas", "bawah", "dalam", "luar", "lama", "baru", "besar", "kecil", "tua", "muda", "induk",
    "tunong", "teungoh", "baroh", "baro", "julok", "julu", "jae", "dolok", "toruan",
})  # fmt: skip
_DIRECTIONS: Final = ("barat", "timur", "utara", "selatan", "tengah", "hilir", "wetan", "kulon", "kidul")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One reading of a written name.

    `kind` is what stood in front of it ("Kota", "desa", … or ""), `plain` its letters and digits, `words` its words
    after abbreviations, numerals and double letters are made alike, `telling` those that tell siblings apart.
    """

    kind: str
    plain: str
    words: tuple[str, ...]
    telling: tuple[str, ...]

    @property
    def regular(self) -> str:
        return "".join(self.words)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(word for word in self.telling if word.isdigit())


def readings(text: str, level: Level) -> tuple[Spelling, ...]:
    """The ways to read a written name of a level: as it stands, then without the kind in front.

    >>> [(r.kind, r.plain) for r in readings("KOTA ADM. JAKARTA PUSAT", "kabkota")]
    [('', 'kotaadmjakartapusat'), ('Kota', 'jakartapusat')]
    """
    words = _words(text)
    found = [_spelling("", words)]
    line = " ".join(words)
    gap = r"\s*" if level in ("province", "kabkota") else r"\s+"  # `KOTABLITAR` happens; `Desapura` is a name.
    for pattern, kind in _FRONT[level]:
        match = re.match(rf"(?:{pattern}){gap}(?=\S)", line)
        if match:
            found.append(_spelling(kind, line[match.end() :].split()))
    return tuple(found)


def _spelling(kind: str, words: list[str]) -> Spelling:
    regular = (_NUMERALS.get(word) or _ABBREVIATIONS.get(word, word) for word in words)
    single = tuple(re.sub(r"([a-hj-z])\1+", r"\1", word) for word in regular)
    return Spelling(kind, "".join(words), single, _telling(single))


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    telling = [word for word in words if word in _TELLING or len(word) == 1 or word.isdigit()]
    telling += re.findall(r"\d+", " ".join(word for word in words if not word.isdigit()))
    last = words[-1] if words else ""
    if last and last not in telling:
        # Written as one word (`CEMPAKAPUTIHBARAT`) or misspelt (`CEMPAKA PUTIH BARTA`), the end still tells.
        telling += [end for end in _DIRECTIONS if last.endswith(end) and len(last) >= len(end) + 4]
        telling += [end for end in _DIRECTIONS if len(words) > 1 and OSA.distance(last, end) == 1]
    return tuple(sorted(telling))


@lru_cache(maxsize=65_536)
def _words(text: str) -> list[str]:
    """Lower-case words without accents and apostrophes; `CempakaPutih` and `SD3` are split where the script changes."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    parts = re.split(r"[^\w'\u2019`\"]+|_", spaced)
    return [word for word in map(searchable, parts) if word]
