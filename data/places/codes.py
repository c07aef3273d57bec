"""Area codes of two systems: which one a column uses, decided by evidence, and what BPS codes mean.

The ministry's codes (Kemendagri) and those of the statistics office (BPS) look alike, and the same digits stand for
different places: 3171 is Jakarta Pusat in one and Jakarta Selatan in the other. No free list pairs them, so pairs are
learned from files that have names or Kemendagri codes beside BPS codes, and kept:

PADAN_HOME/places/bps-<hash>.parquet     bps_code, code: what one file told that was not known before
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from data.home import scratch
from data.places.reference import LEVELS, Level, find

System = Literal["kemendagri", "bps"]

WIDTHS: Final[dict[System, dict[int, Level]]] = {
    "kemendagri": {2: "province", 4: "kabkota", 6: "kecamatan", 10: "kelurahan"},
    "bps": {2: "province", 4: "kabkota", 7: "kecamatan", 10: "kelurahan"},
}
"""How many digits a code of each level has."""

OWN_WIDTHS: Final = {2: 2, 4: 5, 7: 8, 10: 13}
"""How long the dotted Kemendagri code is that has the level of a BPS code."""

_SYSTEMS: Final = (
    ("bps", re.compile(r"bps")),
    ("kemendagri", re.compile(r"(?:per|kep)?(?:kemendagri|kemdagri|mendagri|depdagri|dagri|dukcapil)")),
)
_MARK: Final = r"(?:kode|kd|code|id)"
_LEVEL_WORDS: Final[dict[Level, str]] = {
    "province": r"prov|prop|provinsi|propinsi|province",
    "kabkota": r"kab|kota|kabkota|kabkot|kabupaten|kabupatenkota|kotakabupaten|kotakab|regency|city",
    "kecamatan": r"kec|kecamatan|distrik|subdistrict",
    "kelurahan": r"kel|desa|kelurahan|deskel|keldesa|desakel|desakelurahan|kelurahandesa|village",
}
_ANY_LEVEL: Final = r"|wilayah|daerah|area|administrasi|wilayahadministrasi|lokasi"


def digits(text: str) -> str:
    """A code's digits, without dots, an `id` in front and a spreadsheet's `.0`; "" where it is no number.

    >>> digits("74.71.04.1021"), digits("id7471041021"), digits("7471041021.0"), digits("'01"), digits("7,4E+09")
    ('7471041021', '7471041021', '7471041021', '01', '')
    """
    bare = re.sub(r"\.0$|^['’]?(?:id)?|[\s.\-\xa0]", "", text.strip().lower())
    return bare if bare.isascii() and bare.isdigit() else ""


def dotted(plain: str) -> str:
    """A Kemendagri code in its usual form, from its digits.

    >>> dotted("7471041021"), dotted("7471")
    ('74.71.04.1021', '74.71')
    """
    return ".".join(part for part in (plain[:2], plain[2:4], plain[4:6], plain[6:]) if part)


@dataclass(frozen=True)
class CodeColumn:
    """A column of codes: its position, its level (None = the heading does not say), the system that the heading
    names ("" if none).
    """

    index: int
    heading: str
    level: Level | None
    said: System | Literal[""]


def code_column(index: int, heading: str) -> CodeColumn | None:
    """What a heading says of area codes; None where it speaks of something else.

    >>> code_column(3, "bps_kode_kabupaten_kota"), code_column(0, "KDKEC").level, code_column(0, "Kode Pos")
    (CodeColumn(index=3, heading='bps_kode_kabupaten_kota', level='kabkota', said='bps'), 'kecamatan', None)
    """
    plain = "".join(letter for letter in heading.casefold() if letter.isalnum())
    said: System | Literal[""] = ""
    for system, pattern in _SYSTEMS:
        if pattern.search(plain):
            said, plain = ("bps" if system == "bps" else "kemendagri"), pattern.sub("", plain, count=1)
            break
    plain = re.sub(r"(?:ktp|domisili)$", "", plain)
    for level, words in (*_LEVEL_WORDS.items(), (None, _ANY_LEVEL)):
        marked = rf"{_MARK}(?:{words})|(?:{words}){_MARK}"
        numbered = rf"|no(?:{words})" if level else ""  # NO_PROP … NO_KEL of the civil registry
        if re.fullmatch(marked + numbered, plain):
            return CodeColumn(index, heading, level, said)
    return None


def groups(columns: Iterable[CodeColumn]) -> tuple[tuple[CodeColumn, ...], ...]:
    """Columns whose codes belong together: of one system, each level once, the larger place first."""
    found: dict[tuple[str, int], list[CodeColumn]] = defaultdict(list)
    for column in columns:
        turn = 0
        while any(other.level == column.level for other in found[(column.said, turn)]):
            turn += 1
        found[(column.said, turn)].append(column)
    order = {level: depth for depth, level in enumerate((*LEVELS, None))}
    return tuple(tuple(sorted(group, key=lambda column: order[column.level])) for group in found.values() if group)


def split_widths(rows: Iterable[Sequence[str]], levels: Sequence[Level | None]) -> dict[Level, int]:
    """How many digits each level's own part has, where code columns hold only their own part (`74`, `71`, `04`).

    BPS gives a kecamatan three digits and a desa three, Kemendagri two and four.
    """
    longest: dict[Level | None, int] = defaultdict(int)
    for row in rows:
        for level, text in zip(levels, row, strict=True):
            longest[level] = max(longest[level], len(digits(text)))
    bps = longest["kecamatan"] == 3 or 0 < longest["kelurahan"] <= 3
    return {"province": 2, "kabkota": 2, "kecamatan": 3 if bps else 2, "kelurahan": 3 if bps else 4}


def composed(texts: Sequence[str], levels: Sequence[Level | None], widths: Mapping[Level, int]) -> str:
    """The digits of the deepest code that columns of several levels give together, each whole or only its own part.

    >>> own = {"province": 2, "kabkota": 2, "kecamatan": 2, "kelurahan": 4}
    >>> composed(("74", "71", "4", "1021"), LEVELS, own), composed(("74", "7471", "747104", ""), LEVELS, own)
    ('7471041021', '747104')
    """
    code, depth = "", 0
    for level, text in zip(levels, texts, strict=True):
        part = digits(text)
        if not part:
            continue
        if level is None or len(part) > max(len(code), widths[level]):
            code = part
        elif depth == LEVELS.index(level) and len(part) <= widths[level]:
            code += part.zfill(widths[level])
        depth = LEVELS.index(level) + 1 if level else len(LEVELS)
    return code


@dataclass(frozen=True)
class Decision:
    """Which system a column of codes uses. Of `codes` different codes (without provinces, alike in both) `agreeing` fit
    only it, `against` only the other; without any the heading decides, else nothing does (`decided` is false) and
    Kemendagri is assumed.
    """

    system: System
    agreeing: int
    against: int
    codes: int
    decided: bool


def decide(written: Mapping[str, str], pairs: "Pairs", said: System | Literal[""] = "") -> Decision:
    """Decides by what stands beside each code. `written`: the digits of every different code, and the place that the
    names of its rows mean ("" if there are none).
    """
    written = {code: named for code, named in written.items() if len(code) > 2}
    votes: Counter[System] = Counter(vote for code, named in written.items() if (vote := _vote(code, named, pairs)))
    kemendagri, bps = votes["kemendagri"], votes["bps"]
    system: System = "bps" if bps > kemendagri else "kemendagri" if kemendagri > bps else (said or "kemendagri")
    other = bps if system == "kemendagri" else kemendagri
    return Decision(system, votes[system], other, len(written), kemendagri != bps or bool(said))


def _vote(code: str, named: str, pairs: "Pairs") -> System | None:
    """What one code speaks for; a name beside it tells more than its form."""
    if len(code) == 7:
        return "bps"
    own = dotted(code)
    if named and len(own) == len(named):
        if own == named:
            return None if pairs.codes.get(code) == named else "kemendagri"
        return "bps"
    if named and len(code) >= 4 and len(named) >= 5 and own[:5] != named[:5]:
        return "bps"
    if len(code) < 6 or len(code) not in WIDTHS["kemendagri"]:
        return None
    if code in pairs.codes:
        return None if find(own) else "bps"
    if find(own):
        return "kemendagri"
    # The part of a kelurahan or desa begins with 1 or 2, always; in a BPS code any digit stands there.
    return "bps" if len(code) == 10 and code[6] not in "12" else None


@dataclass(frozen=True)
class Pairs:
    """What BPS codes mean in Kemendagri codes, as far as files have told. `codes` has every level that is known."""

    store: Path | None
    codes: Mapping[str, str]

    @classmethod
    def of(cls, store: Path | None) -> "Pairs":
        """The pairs kept below a store's folder; None keeps nothing and knows nothing."""
        return cls(store, _known(store / "places") if store else {})

    def meant(self, code: str) -> str:
        """The Kemendagri code of the deepest place that a BPS code certainly lies in; "" if none.

        Provinces have one number in both systems, but for those of Papua.
        """
        for width in sorted(WIDTHS["bps"], reverse=True):
            if len(code) >= width and (found := self.codes.get(code[:width])):
                return found
        return code[:2] if code[:1] != "9" and find(code[:2]) else ""

    def learn(self, found: Mapping[str, str]) -> int:
        """Keeps what is not known yet and says how many pairs that was. A pair is digits → Kemendagri code."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        new = sorted((bps, code) for bps, code in found.items() if self.codes.get(bps) != code)
        if not new or self.store is None:
            return 0
        name = f"bps-{hashlib.sha256(repr(new).encode()).hexdigest()[:16]}.parquet"
        with scratch(self.store) as folder:
            bps_codes, codes = zip(*new, strict=True)
            pq.write_table(pa.table({"bps_code": bps_codes, "code": codes}), folder / name)
            (self.store / "places").mkdir(parents=True, exist_ok=True)
            (folder / name).replace(self.store / "places" / name)
        return len(new)


NO_PAIRS: Final = Pairs(None, {})


def _known(folder: Path) -> dict[str, str]:
    """Each file has one voice; where they contradict each other evenly, nothing is known. The level above a known
    code is known where all that is known below it agrees.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    voices: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.glob("bps-*.parquet")) if folder.is_dir() else ():
        try:
            rows = pq.ParquetFile(path).read(["bps_code", "code"]).to_pydict()
        except (OSError, pa.ArrowException):  # Half a disk's fault is no reason to refuse a file: it is learned again.
            continue
        for bps, code in zip(rows["bps_code"], rows["code"], strict=True):
            if find(code):
                voices[bps][code] += 1
    known = {bps: best for bps, told in voices.items() if (best := _most(told))}
    above: dict[str, set[str]] = defaultdict(set)
    for bps, code in ((bps, code) for bps, told in voices.items() for code in told):
        for width, own in OWN_WIDTHS.items():
            if len(bps) > width and len(code) > own:
                above[bps[:width]].add(code[:own])
    return {bps: next(iter(codes)) for bps, codes in above.items() if len(codes) == 1} | known


def _most(told: Counter[str]) -> str:
    (first, most), *others = told.most_common(2)
    return "" if others and others[0][1] == most else first


def learned(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs told by rows of (BPS digits, Kemendagri code of that level or below); a BPS code with two meanings tells
    none.
    """
    meanings: dict[str, set[str]] = defaultdict(set)
    for bps, code in named:
        width = OWN_WIDTHS.get(len(bps), len(code) + 1)
        if len(code) >= width and find(code):
            meanings[bps].add(code[:width])
    return {bps: next(iter(codes)) for bps, codes in meanings.items() if len(codes) == 1}
