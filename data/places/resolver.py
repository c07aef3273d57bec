"""From messy names and codes to places, level by level, without guessing.

At each level a name is looked for among the places inside the one already read: exactly, then with kinds,
abbreviations and punctuation made alike, then allowing for slips of the pen. Two equally good answers are no answer:
they are handed back as candidates. How far slips are allowed was measured on synthetic ones over all of Indonesia;
`tests/places/test_resolver.py` holds the figures.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.places.reference import LEVELS, Level, ancestors, codes, find, level_of, parent, table
from data.places.spelling import Spelling, readings

How = Literal["code", "exact", "normalised", "fuzzy", "none"]

# A place that is this many slips nearer than the next one is the one that was meant.
MARGIN: Final = 2
_NAMED: Final[dict[Level, dict[str, str]]] = {
    "province": {
        "nad": "11", "nanggroeacehdarussalam": "11", "diaceh": "11", "daerahistimewaaceh": "11", "sumut": "12",
        "sumbar": "13", "sumsel": "16", "bangkabelitung": "19", "babel": "19", "kepri": "21", "dki": "31",
        "dkijakarta": "31", "jakarta": "31", "daerahkhususjakarta": "31", "dkj": "31", "jakartaraya": "31",
        "jabar": "32", "jateng": "33", "diy": "34", "diyogyakarta": "34", "yogyakarta": "34", "jogjakarta": "34",
        "jatim": "35", "ntb": "52", "ntt": "53", "kalbar": "61", "kalteng": "62",
        "kalsel": "63", "kaltim": "64", "kaltara": "65",
        "sulut": "71", "sulteng": "72", "sulsel": "73", "sultra": "74", "sulbar": "76", "malut": "82",
    },
    "kabkota": {
        "pangkep": "73.10", "sitaro": "71.09", "mamujuutara": "76.01", "malukutenggarabarat": "81.03",
    },
    "kecamatan": {},
    "kelurahan": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolution:
    """What could be read.

    `code` is the deepest place that is certain ("" if none), `how` the weakest step on the way to it, `score` 0 to 100
    its likeness. `candidates` are the places between which it refused to choose, or the places elsewhere that bear
    the name. `unread` is the first level whose text could not be read. `disputed` is a code that was given but does
    not fit the names.
    """

    code: str
    level: Level | None
    how: How
    score: float
    candidates: tuple[str, ...] = ()
    unread: Level | None = None
    disputed: str = ""


@dataclass(frozen=True, slots=True)
class _Match:
    codes: tuple[str, ...]
    how: How
    score: float


# Levels whose names hardly repeat in the country.
_GROUND: Final[tuple[Level, ...]] = ("province", "kabkota")
_NOTHING: Final = _Match((), "none", 0.0)
_STRENGTH: Final[tuple[How, ...]] = ("none", "fuzzy", "normalised", "exact", "code")


class Resolver:
    """Resolves names inside one place; answers are kept, because registers repeat the same few hundred names."""

    def __init__(self, within: str = "") -> None:
        """`within`: the code of the place that everything lies in ("" = Indonesia); KeyError where it is unknown."""
        if within and find(within) is None:
            raise KeyError(within)
        self.within = within
        self._known: dict[tuple[str, ...], Resolution] = {}

    def resolve(
        self, province: str = "", kabkota: str = "", kecamatan: str = "", kelurahan: str = "", code: str = ""
    ) -> Resolution:
        """The place that these texts mean, as deep as it is certain. Texts may be empty; none is invented.

        Where nothing can be read the answer is `within` itself with `how` "none"; where the texts speak of another
        province or kab/kota, it is no place at all.
        """
        key = (province, kabkota, kecamatan, kelurahan, code)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._resolve(*key)
        return known

    def _resolve(self, province: str, kabkota: str, kecamatan: str, kelurahan: str, code: str) -> Resolution:
        every = zip(LEVELS, (province, kabkota, kecamatan, kelurahan), strict=True)
        texts = {level: text.strip() for level, text in every if text and any(map(str.isalnum, text))}
        given = read_code(code)
        if given and _inside(given, self.within) and _fits(given, texts):
            below = LEVELS[LEVELS.index(level_of(given)) + 1 :]
            deeper = {level: text for level, text in texts.items() if level in below}
            if not deeper:
                return Resolution(given, level_of(given), "code", 100.0)
            found = _descend(given, deeper, "code")
            return found if found.code else replace(found, code=given, level=level_of(given), how="code", score=100.0)
        if given and not texts:
            return Resolution("", None, "none", 0.0, disputed=given)
        named = self._by_name(texts)
        if not given:
            return named
        return replace(named, disputed=given, candidates=named.candidates or (given,) * _inside(given, self.within))

    def _by_name(self, texts: dict[Level, str]) -> Resolution:
        if not self.within:
            return _descend("", texts, "exact")
        unread: Level | None = None
        told = False
        around = (*(place.code for place in ancestors(self.within)), self.within)
        for place in around:
            level = level_of(place)
            text = texts.pop(level, "")
            if not text:
                continue
            if _match(text, level, (place,), slips=True).codes:
                told = True
            else:
                if level in _GROUND and _match(text, level, codes("", level), slips=False).codes:
                    return Resolution("", None, "none", 0.0, unread=level)
                unread = unread or level
        found = _descend(self.within, texts, "exact")
        if found.code == self.within and not told:
            found = replace(found, how="none", score=0.0)
        inside = tuple(code for code in found.candidates if _inside(code, self.within))
        return replace(found, candidates=inside, unread=unread or found.unread)


def read_code(text: str) -> str:
    """The place's dotted code for a Kemendagri code (dotted, or 2, 4, 6 or 10 digits) or a BPS code of ten digits.

    "" where there is no such place.

    >>> read_code("id7471041021"), read_code("74.71.04.1021"), read_code("7471.0"), read_code("9999")
    ('74.71.04.1021', '74.71.04.1021', '74.71', '')
    """
    digits = re.sub(r"\.0$|^id|[^a-z0-9]", "", text.strip().lower())
    if not digits.isdigit() or len(digits) not in (2, 4, 6, 10):
        return ""
    dotted = ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)
    return dotted if find(dotted) else _by_bps_code().get(digits, "")


@cache
def _by_bps_code() -> dict[str, str]:
    rows = table().select(["bps_code", "kelurahan_code"]).to_pydict()
    return {bps: code for bps, code in zip(rows["bps_code"], rows["kelurahan_code"], strict=True) if bps}


def _inside(code: str, place: str) -> bool:
    return not place or code == place or code.startswith(place + ".")


def _fits(code: str, texts: dict[Level, str]) -> bool:
    """Whether the deepest name that speaks about the code's own branch is the name that the code stands for."""
    branch = {place.level: place.code for place in ancestors(code)} | {level_of(code): code}
    spoken = [level for level in LEVELS if level in branch and level in texts]
    if not spoken:
        return True
    deepest = spoken[-1]
    siblings = codes(parent(branch[deepest]), deepest)
    return branch[deepest] in _match(texts[deepest], deepest, siblings, slips=True).codes


def _descend(start: str, texts: dict[Level, str], how: How) -> Resolution:
    """Reads the texts from the largest level to the smallest, each inside what was read before."""
    sure, score = start, 100.0
    pending: tuple[str, ...] = (start,)
    unread: Level | None = None
    stated = True  # Whether every level above was given and read, so that slips may be allowed below.
    grounded = bool(start)  # Names of kecamatan and kelurahan repeat: with nothing above they place nothing.
    for level, text in texts.items():
        inside = tuple(code for above in pending for code in codes(above, level))
        near = stated and pending == (sure,) and _next(sure, level)
        match = _match(text, level, inside, slips=False)
        if not match.codes and near:
            elsewhere = _elsewhere(text, level, sure)
            if elsewhere:
                return _resolution(sure, how, score, elsewhere, unread or level)
            match = _match(text, level, inside, slips=True)
        grounded = grounded or (bool(match.codes) and level in _GROUND)
        if not grounded:
            pending, stated = match.codes or pending, False
        elif len(match.codes) == 1:
            sure, pending = match.codes[0], match.codes
            how, score = min(how, match.how, key=_STRENGTH.index), min(score, match.score)
        elif match.codes:
            pending = match.codes
        else:
            unread = unread or level
            stated = False
    return _resolution(sure, how, score, pending if pending != (sure,) else (), unread)


def _resolution(code: str, how: How, score: float, candidates: tuple[str, ...], unread: Level | None) -> Resolution:
    if not code:
        return Resolution("", None, "none", 0.0, candidates, unread)
    return Resolution(code, level_of(code), how, score, candidates, unread)


def _next(above: str, level: Level) -> bool:
    """Whether `level` follows directly below. A province may be left out: names of kab/kota hardly repeat."""
    if not above:
        return level in _GROUND
    return LEVELS.index(level) == LEVELS.index(level_of(above)) + 1


def _elsewhere(text: str, level: Level, above: str) -> tuple[str, ...]:
    """Places that bear the name outside `above`: then it is no misspelling of one inside.

    Kelurahan in other kecamatan of the kab/kota, and kab/kota of other provinces (provinces were divided).
    """
    around = {"kelurahan": above[:5], "kabkota": ""}
    return _match(text, level, codes(around[level], level), slips=False).codes if level in around else ()


@lru_cache(maxsize=100_000)
def _match(text: str, level: Level, among: tuple[str, ...], slips: bool) -> _Match:
    """The places of `among` that a text names: none, one, or all between which it cannot decide."""
    line = " ".join(text.split()).casefold()
    exact = tuple(code for code in among if _line(code) == line)
    if exact:
        return _Match(exact, "exact", 100.0)
    ways = readings(text, level)
    for form in (_plain, _regular):
        for way in ways:
            found = tuple(code for code in among if form(way) == form(_own(code)) and _may_be(code, way))
            if found:
                return _Match(_by_kind(found, way.kind), "normalised", 100.0)
    named = {_NAMED[level].get(way.plain) for way in ways} & set(among)
    if named:
        return _Match(tuple(sorted(code for code in named if code)), "normalised", 100.0)
    return _nearest(ways, among) if slips else _NOTHING


def _plain(spelling: Spelling) -> str:
    return spelling.plain


def _regular(spelling: Spelling) -> str:
    return spelling.regular


def _nearest(ways: tuple[Spelling, ...], among: tuple[str, ...]) -> _Match:
    """The place whose name is fewest slips away, if it may be meant and the next one is MARGIN slips further."""
    distances: dict[str, int] = {}
    meant: set[str] = set()
    for way in ways:
        names = {code: _own(code).regular for code in among if _of_kind(code, way.kind)}
        hits = process.extract(way.regular, names, scorer=OSA.distance, score_cutoff=1 + MARGIN, limit=None)
        for _, distance, code in hits:
            distances[code] = min(distances.get(code, 99), int(distance))
            if _is_slip(way, _own(code)):
                meant.add(code)
    least = min(distances.values(), default=99)
    close = tuple(sorted(code for code, distance in distances.items() if distance < least + MARGIN))
    if not any(code in meant and distances[code] == least for code in close):
        return _NOTHING
    return _Match(close, "fuzzy", round(100 * (1 - least / max(len(_own(close[0]).regular), 1)), 1))


def _is_slip(way: Spelling, own: Spelling) -> bool:
    """Whether a written name may be a misspelling of another: one wrong, missing, extra or swapped letter.

    In a name of several words two words may have one each. Names of fewer than four letters, and the words that tell
    siblings apart, must be right.
    """
    if own.telling != way.telling or len(way.regular) < 4:
        return False
    if len(own.words) != len(way.words):
        return OSA.distance(own.regular, way.regular) <= 1
    slips = [OSA.distance(mine, theirs) for mine, theirs in zip(own.words, way.words, strict=True)]
    return max(slips) <= 1 and sum(slips) <= 2


def _may_be(code: str, way: Spelling) -> bool:
    """`talang jaw ii` has the letters of `Talang Jawi I`, and another number."""
    return _of_kind(code, way.kind) and (len(way.words) == 1 or _own(code).numbers == way.numbers)


@cache
def _line(code: str) -> str:
    place = find(code)
    return " ".join(place.name.split()).casefold() if place else ""


@cache
def _own(code: str) -> Spelling:
    """The reference's own spelling of a place, without the kind in front of a kab/kota."""
    place = find(code)
    ways = readings(place.name if place else "", level_of(code))
    return ways[-1] if level_of(code) == "kabkota" else ways[0]


def _of_kind(code: str, kind: str) -> bool:
    return level_of(code) != "kabkota" or not kind or _own(code).kind == kind


def _by_kind(found: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Of a kelurahan and a desa of one name in one kecamatan, the one whose kind was written; else both."""
    if len(found) > 1 and kind in ("kelurahan", "desa"):
        digit = "1" if kind == "kelurahan" else "2"
        return tuple(code for code in found if code[9] == digit) or found
    return found
