"""Recognises a table: its heading rows, the register it belongs to, what each column means."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from data.definitions.catalogue import FIELDS, REGISTERS
from data.definitions.fields import Field
from data.definitions.registers import Grain, Layout, Register
from data.intake.evidence import FIT, UNFIT, Content, Fit, fit, numeric_columns
from data.intake.headings import JOINT, SEARCHED_ROWS, Block, Path, blocks, body, normal, timeless, wordings
from data.intake.layouts import KeptLayout, asked, nearest
from data.intake.read import Cells, Loaded, Row, Sheet
from data.places.reference import LEVELS
from data.wording import N_, Value

__all__ = ["SEARCHED_ROWS", "best_fit", "match_headings", "normal", "recognise"]

LEAST_SIMILAR: Final = 86.0
LEAST_LEAD: Final = 4.0
SHORTEST_FUZZY: Final = 6
"""Short headings (NIK, RT, JK, BST) are one slip away from each other: they must fit exactly."""
UNSURE_PART: Final = 0.95
"""Of a heading that only the last part of a merged one, or one of another year, tells."""
LEAST_LOOSE: Final = 60.0
LEAST_ALONE: Final = 75.0
"""How like a heading must be to be proposed: together with what the column holds, and by itself."""
LEAST_PROPOSED: Final = 0.5
SUREST_CONTENT: Final = 0.75
"""What a column holds never makes a proposal surer than this: the heading may say otherwise."""

MARGIN: Final = 0.1
"""Registers that fit this much worse than the best one are not asked about."""
TELLING: Final = 0.15
"""What a field counts that hardly another register has; the lack of all of them counts as much against."""
EXACT_LAYOUT: Final = 0.15
NOT_OF_REGISTER: Final = 0.2
"""What counts against a register that lacks a field which the user named."""
FIGURES: Final = 0.6
ALIKE_LAYOUT: Final = 0.6
SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 60
LONGEST_COMPARED: Final = 120
MOST_JUDGED: Final = 200
"""Columns further right are known by their headings alone."""
PROMISING: Final = 4
MOST_KNOWN: Final = 64
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
REKAP: Final = "rekap"
AREAS: Final = frozenset(key for key, one in FIELDS.items() if one.kind in ("area", "code"))
AREA_HEADINGS: Final = frozenset("wilayah namawilayah kodewilayah daerah namakabkota kabkota kode".split())

How = Literal["named", "similar", "content", "told", "layout", ""]
Said = Mapping[int, tuple[str, How]]
"""Columns that the user or a kept layout speaks of: the field ("" keeps the column as it is) and who says so."""
UNSAID: Final[Said] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """A column of the file: its position, its heading as written (parts of merged ones joined by ` > `), the field it
    holds ("" if unknown), how sure (0–1), how it is known.

    `samples` are up to three different cells as the file has them, not masked: they are for the eyes of who imports,
    and belong in no log and no manifest.
    """

    index: int
    heading: str
    field: str
    confidence: float
    how: How = ""
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What an unknown column may be. `why` is a message id and `values` what it names, without data of persons."""

    column: int
    heading: str
    field: str
    confidence: float
    why: str
    values: Mapping[str, Value] = dataclass_field(default_factory=dict)


@dataclass(frozen=True)
class Recognition:
    """What a table is taken for. `header_row` is the number of its last heading row in the file, `first_header_row`
    that of the first; `title` is the text above; `confidence` (0–1) is how well the register fits.

    `layout` is the key of a declared layout, or the name of a kept one ("" for another order of columns).
    """

    register: str
    sheet: Sheet
    header_row: int
    first_header_row: int
    columns: tuple[Column, ...]
    layout: str
    grain: Grain
    title: str
    confidence: float

    def column(self, field: str) -> Column | None:
        return next((column for column in self.columns if column.field == field), None)

    @property
    def known(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field)

    @property
    def unknown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.field)

    def fits(self, register: Register) -> bool:
        fields = {column.field for column in self.known}
        written = {word for column in self.columns for word, _ in wordings(tuple(column.heading.split(JOINT)))}
        elsewhere = any(normal(heading) in written for heading in register.belongs_elsewhere)
        return len(fields) >= register.needs and not fields.isdisjoint(register.needs_one_of) and not elsewhere


@dataclass(frozen=True)
class Recognised:
    """What came of a table.

    `best` is what it is taken for, None where no register fits; `closest` is the nearest try even then. `rivals` are
    registers that fit nearly as well (within MARGIN), or, where the register was told, those that fit better.
    `needs_answer`: two registers are close, or a field without which the register is not recognised was found only by
    what its column holds. `unknown_fields` and `unknown_headings` are parts of the user's mapping that say nothing.
    """

    best: Recognition | None
    rivals: tuple[Recognition, ...]
    proposals: tuple[Proposal, ...]
    needs_answer: bool
    unknown_fields: tuple[str, ...] = ()
    unknown_headings: tuple[str, ...] = ()
    closest: Recognition | None = None


def recognise(
    sheet: Sheet,
    *,
    told: str = "",
    mapping: Mapping[str, str] = NOTHING,
    kept: Sequence[KeptLayout] = (),
    among: Iterable[Register] | None = None,
) -> Recognised:
    """What a table is, by its headings and by what its columns hold.

    `told` is the register that the user named; `mapping` is what the user says of columns (heading or `#3` → field, ""
    keeps a column as it is) and goes before everything else; a file like one of the `kept` layouts is read by it
    without a question. `among` are the registers to choose from, all by default. Raises nothing.
    """
    registers = tuple(REGISTERS.values() if among is None else among)
    table = _Table(sheet, registers, mapping, [layout for layout in kept if told in ("", layout.register)])
    return _answer(table, told, mapping)


def best_fit(sheets: Iterable[Sheet], register: Register) -> Recognition:
    """The table and heading rows that fit one register best, by headings alone; ask `fits` whether that is enough.

    Its columns carry no samples.
    """
    found = [_by_headings(_Table(sheet, (register,), NOTHING, ()).match(0).recognition) for sheet in sheets]
    return max(
        found,
        key=lambda one: (one.fits(register), sum(column.confidence for column in one.known)),
        default=_nothing(register.key, Sheet("", (), lambda *_: Loaded("utf-8"))),
    )


def match_headings(headings: Cells, register: Register) -> tuple[Column, ...]:
    """Matches one row of headings to the fields of a register by meaning: each field once, the surest pair first.

    >>> [c.field for c in match_headings(("NOMOR NIK", "Nam Ibu Kandung", "TANGAL LAHIR"), REGISTERS["dtks"])]
    ['nik', 'mother_name', 'birth_date']
    """
    width = max((at + 1 for at, heading in enumerate(headings) if heading.strip()), default=0)
    paths = tuple((heading.strip(),) if heading.strip() else () for heading in headings[:width])
    names = _names((register,))
    named = names.named(paths, 0)
    return _columns(Block(0, 0, paths), named, names.similar(paths, 0, named, names.likeness(paths)))


def looks_like_figures(sheet: Sheet) -> float:
    """How far a table holds figures by area rather than persons, 0–1: an area column, numbers, no name and no NIK.

    From FIGURES on it is one.
    """
    return _Table(sheet, tuple(REGISTERS.values()), NOTHING, ()).figures


# Headings


class _Names:
    """Every spelling of some registers, looked up exactly and by likeness."""

    def __init__(self, registers: tuple[Register, ...]) -> None:
        self.registers = registers
        self.fields = [_fields(register) for register in registers]
        self.exact: dict[str, dict[int, str]] = {}
        self._rank: dict[tuple[str, int], int] = {}
        written: dict[str, str] = {}
        for number, register in enumerate(registers):
            for key, spellings in register.spellings.items():
                for rank, spelling in enumerate((*spellings, key)):
                    plain = normal(spelling)
                    self.exact.setdefault(plain, {}).setdefault(number, key)
                    self._rank.setdefault((plain, number), rank)
                    written.setdefault(plain, spelling)
        self.long = [plain for plain in self.exact if len(plain) >= SHORTEST_FUZZY]
        self.written = [written[plain] for plain in self.long]
        # The long spellings of each register, those of one field beside each other.
        self._runs = [self._run(number) for number in range(len(registers))]

    def _run(self, number: int) -> tuple[list[str], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        own = [(self.exact[plain][number], at) for at, plain in enumerate(self.long) if number in self.exact[plain]]
        place = {key: at for at, key in enumerate(self.registers[number].spellings)}
        own.sort(key=lambda pair: place[pair[0]])
        fields = list(dict.fromkeys(key for key, _ in own))
        first = {key: at for at, (key, _) in reversed(list(enumerate(own)))}
        return fields, np.array([at for _, at in own], np.intp), np.array([first[key] for key in fields], np.intp)

    def fields_in(self, paths: Sequence[Path]) -> dict[int, set[str]]:
        """The fields whose headings are there, by register."""
        found: dict[int, set[str]] = {}
        for path in paths:
            for word, _ in wordings(path):
                for number, key in self.exact.get(word, {}).items():
                    found.setdefault(number, set()).add(key)
        return found

    def named(self, paths: Sequence[Path], number: int, said: Said = UNSAID) -> dict[int, tuple[str, float]]:
        """Columns that bear a known heading: the field and how sure. A field is given to one column: to that whose
        whole heading is known, else to that whose heading stands first among the register's spellings.
        """
        ends = Counter(word for path in paths for word, part in wordings(path) if part == "last")
        pairs = []
        for index, path in enumerate(paths):
            for word, part in wordings(path) if index not in said else ():
                if key := self.exact.get(word, {}).get(number):
                    sure = 1.0 if part == "whole" or (part == "last" and ends[word] == 1) else UNSURE_PART
                    pairs.append((-sure, part != "whole", self._rank[word, number], index, key))
                    break
        found: dict[int, tuple[str, float]] = {}
        taken = {key for key, _ in said.values()}
        for lost, _, _, index, key in sorted(pairs):
            if key not in taken:
                found[index] = (key, -lost)
                taken.add(key)
        return found

    def likeness(self, paths: Sequence[Path]) -> npt.NDArray[np.float32]:
        """Likeness (0–100) of every column's heading to every long spelling; 0 below LEAST_LOOSE."""
        found = np.zeros((len(paths), max(len(self.long), 1)), np.float32)
        asked = [
            (index, word)
            for index, path in enumerate(paths)
            for word in dict.fromkeys((normal("".join(path)), normal(path[-1])) if path else ())
            if SHORTEST_FUZZY <= len(word) <= LONGEST_COMPARED
        ]
        if asked and self.long:
            words = [word for _, word in asked]
            scores = process.cdist(words, self.long, scorer=fuzz.ratio, score_cutoff=LEAST_LOOSE, dtype=np.float32)
            np.maximum.at(found, [index for index, _ in asked], scores)
        return found

    def by_field(self, likeness: npt.NDArray[np.float32], number: int) -> tuple[list[str], npt.NDArray[np.float32]]:
        """The fields of a register and every column's likeness to them."""
        fields, spellings, starts = self._runs[number]
        if not fields:
            return [], np.zeros((len(likeness), 0), np.float32)
        return fields, np.maximum.reduceat(likeness[:, spellings], starts, axis=1)

    def similar(
        self,
        paths: Sequence[Path],
        number: int,
        known: Container[int],
        likeness: npt.NDArray[np.float32],
    ) -> list[tuple[float, int, str]]:
        """(how sure, column, field) where a heading is like the spellings of one field alone, the surest first."""
        fields, scores = self.by_field(likeness, number)
        found = []
        for index in range(len(paths)):
            if index in known or not fields:
                continue
            order = np.argsort(scores[index])
            first = float(scores[index][order[-1]])
            second = float(scores[index][order[-2]]) if len(fields) > 1 else 0.0
            if first >= LEAST_SIMILAR and first - second >= LEAST_LEAD:
                found.append((round(min(first, 99.0) / 100, 2), index, fields[int(order[-1])]))
        return sorted(found, key=lambda pair: (-pair[0], pair[1]))


_KNOWN: dict[tuple[int, ...], _Names] = {}
"""Spellings by the identity of their registers, which they keep alive."""


def _names(registers: tuple[Register, ...]) -> _Names:
    key = tuple(map(id, registers))
    if key not in _KNOWN:
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = _Names(registers)
    return _KNOWN[key]


def _columns(
    block: Block,
    named: Mapping[int, tuple[str, float]],
    similar: Iterable[tuple[float, int, str]],
    said: Said = UNSAID,
) -> tuple[Column, ...]:
    found: dict[int, tuple[str, float, How]] = {index: (key, 1.0, how) for index, (key, how) in said.items()}
    taken = {key for key, _ in said.values()}
    likely: list[tuple[float, int, str, How]] = [(sure, index, key, "named") for index, (key, sure) in named.items()]
    likely += [(*one, "similar") for one in similar]
    for sure, index, key, how in likely:
        if index not in found and key not in taken:
            found[index] = (key, sure, how)
            taken.add(key)
    headings = block.headings
    return tuple(Column(index, heading, *found.get(index, ("", 0.0, ""))) for index, heading in enumerate(headings))


# Tables


@dataclass(frozen=True)
class _Match:
    """A table read as one register. `score` orders registers (about 0–1.3); `by_content`: it fits only with fields
    that were found by what their columns hold.
    """

    register: Register
    recognition: Recognition
    score: float
    proposals: tuple[Proposal, ...]
    fits: bool
    by_content: bool = False
    by_layout: bool = False
    block: Block | None = None


class _Table:
    """A sheet and all that is asked of it while it is recognised."""

    def __init__(
        self, sheet: Sheet, registers: tuple[Register, ...], mapping: Mapping[str, str], kept: Sequence[KeptLayout]
    ) -> None:
        self.sheet, self.registers, self._mapping, self._kept = sheet, registers, mapping, kept
        self._names = _names(registers)
        self._fields = self._names.fields
        self._contents: dict[tuple[int, int], Content] = {}
        self._bodies: dict[int, list[Cells]] = {}
        self._likeness: dict[Block, npt.NDArray[np.float32]] = {}

    @cached_property
    def promising(self) -> list[Block]:
        """The rows that bear most known headings, else most text."""
        hints = {timeless(heading) for layout in self._kept for heading in layout.headings}
        hints |= {timeless(heading) for heading in self._mapping}

        def worth(block: Block) -> tuple[float, int, int]:
            fields = max(map(len, self._names.fields_in(block.paths).values()), default=0)
            hinted = len(hints & {word for path in block.paths for word in (timeless("".join(path)),) if word})
            texts = {path for path in block.paths if path and not any(map(str.isdigit, path[-1]))}
            return (max(fields, hinted) + _bonus(block), len(texts), -block.last)

        return sorted(blocks(self.sheet.preview), key=worth, reverse=True)[:PROMISING]

    @cached_property
    def kept(self) -> tuple[Block, KeptLayout] | None:
        """The kept layout that the table has, and where its headings stand."""
        found = ((block, nearest(self._kept, block.headings)) for block in self.promising)
        return next(((block, layout) for block, layout in found if layout), None)

    def content(self, block: Block, index: int) -> Content:
        if (block.last, index) not in self._contents:
            if block.last not in self._bodies:
                self._bodies[block.last] = body(self.sheet.preview, block)
            rows = self._bodies[block.last] if index < MOST_JUDGED else []
            self._contents[block.last, index] = Content(cells[index] for cells in rows if index < len(cells))
        return self._contents[block.last, index]

    def likeness(self, block: Block) -> npt.NDArray[np.float32]:
        if block not in self._likeness:
            self._likeness[block] = self._names.likeness(block.paths)
        return self._likeness[block]

    def match(self, number: int) -> _Match:
        """The table as the register of this number, by the heading rows that suit it best."""
        if not self.promising:
            nothing = _nothing(self.registers[number].key, self.sheet)
            return _Match(self.registers[number], nothing, 0.0, (), fits=False)
        found = [(block, *self._read(block, number)) for block in self.promising]
        block, columns, said = max(found, key=lambda one: sum(column.confidence for column in one[1]) + _bonus(one[0]))
        return self._judged(block, columns, said, number)

    def _read(self, block: Block, number: int) -> tuple[tuple[Column, ...], Said]:
        said = self._said(block, self.registers[number])
        named = self._names.named(block.paths, number, said)
        similar = self._names.similar(block.paths, number, {*named, *said}, self.likeness(block))
        held = [one for one in similar if not self._contradicted(block, one[1], one[2], number)]
        return _columns(block, named, held, said), said

    def _said(self, block: Block, register: Register) -> Said:
        said: dict[int, tuple[str, How]] = {}
        if self.kept and self.kept[0] == block and self.kept[1].register == register.key:
            for index, key in self.kept[1].applied(block.headings).items():
                said[index] = (key if key in register.spellings else "", "layout")
        for index, key in asked(self._mapping, block.headings)[0].items():
            said = {at: one for at, one in said.items() if not key or one[0] != key}
            if key in register.spellings or not key:
                said[index] = (key, "told")
        return said

    def _contradicted(self, block: Block, index: int, key: str, number: int) -> bool:
        held = fit(self._fields[number][key], self.content(block, index), self.registers[number])
        return held is not None and held.share < UNFIT

    def _judged(self, block: Block, columns: tuple[Column, ...], said: Said, number: int) -> _Match:
        register = self.registers[number]
        proposals = self._proposals(block, columns, said, number)
        recognition = self._recognition(block, columns, register)
        fits, by_content = recognition.fits(register), False
        if not fits and register.grain != "figure":
            completed = self._recognition(block, _with_needed(columns, proposals, register), register)
            fits = by_content = completed.fits(register)
            recognition = completed if fits else recognition
        score = self._score(recognition, proposals, register)
        sure = max(score, self.figures) if register.grain == "figure" else score
        recognition = replace(recognition, confidence=round(min(max(sure, 0.0), 1.0), 2))
        kept = self.kept
        by_layout = kept is not None and kept[0] == block and kept[1].register == register.key
        if kept and by_layout:
            recognition = replace(recognition, layout=recognition.layout or kept[1].name, confidence=1.0)
        return _Match(register, recognition, score, proposals, fits, by_content, by_layout, block)

    def _recognition(self, block: Block, columns: tuple[Column, ...], register: Register) -> Recognition:
        preview = self.sheet.preview
        fields = tuple(column.field for column in columns if column.field)
        layout = next((one for one in register.layouts if tuple(filter(None, one.fields)) == fields), None)
        return Recognition(
            register=register.key,
            sheet=self.sheet,
            header_row=preview[block.last][0],
            first_header_row=preview[block.first][0],
            columns=columns,
            layout=layout.key if layout else "",
            grain=_grain(layout or _alike(fields, register), register, columns),
            title=" ".join(" ".join(filter(None, row)) for _, row in preview[: block.first]),
            confidence=0.0,
        )

    def _score(self, recognition: Recognition, proposals: Sequence[Proposal], register: Register) -> float:
        """How well a register explains a table: the share of its headings that are known (proposals count half), more
        for fields that hardly another register has and for a declared order of columns.
        """
        headed = [
            column
            for column in recognition.columns
            if column.heading and column.field != "counter" and not (column.how == "told" and not column.field)
        ]
        proposed = {one.column: one.confidence for one in proposals}
        sure = sum(column.confidence for column in headed if column.how != "content")
        open_to_doubt = [column for column in headed if not column.field or column.how == "content"]
        unsure = sum(proposed.get(column.index, 0.0) for column in open_to_doubt)
        explained = sure + unsure / 2
        fields = {column.field for column in recognition.known}
        telling = 0.0 if not register.telling else TELLING if fields & set(register.telling) else -TELLING
        foreign = sum(1 for key in self._mapping.values() if key and key not in register.spellings)
        ordered = EXACT_LAYOUT if recognition.layout else 0.0
        return explained / max(len(headed), 1) + telling + ordered - NOT_OF_REGISTER * foreign

    def _proposals(self, block: Block, columns: Sequence[Column], said: Said, number: int) -> tuple[Proposal, ...]:
        """What unknown columns may be, by their headings and by what they hold: each field and column once."""
        register = self.registers[number]
        fields, likeness = self._names.by_field(self.likeness(block), number)
        taken = {column.field for column in columns}
        free = [key for key in register.spellings if key not in taken]
        place = {key: at for at, key in enumerate(fields)}
        meant = {column.index for column in columns if self._means(block.paths[column.index], number)}
        open_columns = [
            column
            for column in columns[:MOST_JUDGED]
            if not column.field and column.index not in said and column.index not in meant
        ]
        found = []
        for column in open_columns:
            content = self.content(block, column.index)
            held = {key: fit(self._fields[number][key], content, register) for key in free}
            most = float(likeness[column.index].max(initial=0.0))
            for key in free:
                # What is more like a field that another column has is not proposed for a third.
                like = most if key in place and likeness[column.index][place[key]] == most else 0.0
                if proposal := self._proposal(block, column, key, like, held, number):
                    found.append(proposal)
        chosen: dict[int, Proposal] = {}
        for one in sorted(found, key=lambda one: (-one.confidence, one.column)):
            if one.column not in chosen and one.field not in {taken.field for taken in chosen.values()}:
                chosen[one.column] = one
        return tuple(chosen[column] for column in sorted(chosen))

    def _proposal(
        self, block: Block, column: Column, key: str, like: float, held: Mapping[str, Fit | None], number: int
    ) -> Proposal | None:
        one = held[key]
        if one is not None and one.share < UNFIT:
            return None
        score = one.score if one else 0.0
        rivals = sum(1 for other in held.values() if other and other.score >= score - 0.05)
        alone = SUREST_CONTENT * score / max(rivals, 1) if score >= FIT else 0.0
        both = (like / 100 + score) / 2 if like >= LEAST_LOOSE and score >= 0.4 else 0.0
        named = 0.85 * like / 100 if like >= LEAST_ALONE else 0.0
        sure = max(alone, both, named)
        if sure < LEAST_PROPOSED:
            return None
        if one and sure == alone:
            return Proposal(column.index, column.heading, key, round(sure, 2), one.why, one.values)
        why = BOTH if sure == both else LIKE
        spelling = self._spelling(block, column.index, key, number)
        return Proposal(column.index, column.heading, key, round(sure, 2), why, {"spelling": spelling})

    def _spelling(self, block: Block, index: int, key: str, number: int) -> str:
        """The known heading of a field that a column's heading is most like."""
        scores = self.likeness(block)[index]
        own = [at for at, plain in enumerate(self._names.long) if self._names.exact[plain].get(number) == key]
        return self._names.written[max(own, key=lambda at: float(scores[at]))]

    def shown(self, match: _Match) -> Recognition:
        """What a table was read as, with samples of its columns."""
        block, found = match.block, match.recognition
        if block is None:
            return found
        samples = [tuple(self.content(block, column.index).different)[:SAMPLES] for column in found.columns]
        pairs = zip(found.columns, samples, strict=True)
        columns = (replace(column, samples=tuple(cell[:LONGEST_SAMPLE] for cell in said)) for column, said in pairs)
        return replace(found, columns=tuple(columns))

    # Figures

    @cached_property
    def figures(self) -> float:
        """See `looks_like_figures`."""
        return max(map(self._figures, self.promising[:2]), default=0.0)

    def _figures(self, block: Block) -> float:
        if sum(bool(self._meant(path) & {"nik", "name", "birth_date"}) for path in block.paths) >= 2:
            return 0.0  # A list by name, whatever its cells look like: names must never become categories.
        columns = [(path, self.content(block, index)) for index, path in enumerate(block.paths)]
        columns = [(path, content) for path, content in columns if path and len(content)]
        if any(self._of_persons(path, content) for path, content in columns):
            return 0.0
        others = [content for path, content in columns if not self._of_areas(path, content)]
        numeric = numeric_columns(others)
        if len(others) == len(columns) or not any(numeric):
            return 0.0
        return FIGURES + (1 - FIGURES) * sum(numeric) / len(numeric)

    def _means(self, path: Path, number: int) -> bool:
        return any(number in self._names.exact.get(word, {}) for word, _ in wordings(path))

    def _meant(self, path: Path) -> set[str]:
        return {key for word, _ in wordings(path) for key in self._names.exact.get(word, {}).values()}

    def _of_persons(self, path: Path, content: Content) -> bool:
        if not content.enough:
            return bool(self._meant(path) & {"name", "nik", "kk"}) and content.numeric < 1
        looks = fit(FIELDS["name"], content, self.registers[0])
        return content.sixteen >= FIT or (looks is not None and looks.score >= FIT)

    def _of_areas(self, path: Path, content: Content) -> bool:
        if self._meant(path) & AREAS or normal(path[-1]) in AREA_HEADINGS:
            return True
        return content.enough and max(content.places(level) for level in LEVELS) >= FIT


BOTH: Final = N_("The heading resembles “{spelling}”, and what the column holds suits it.")
LIKE: Final = N_("The heading resembles “{spelling}”.")


def _bonus(block: Block) -> float:
    """Upper rows belong to the headings where the lower ones need them; else only if they tell more."""
    return 0.1 * block.needed - 0.5 * block.spare


def _fields(register: Register) -> dict[str, Field]:
    own = {one.key: one for one in register.own_fields}
    return {key: own.get(key) or FIELDS[key] for key in register.spellings}


def _with_needed(columns: tuple[Column, ...], proposals: Sequence[Proposal], register: Register) -> tuple[Column, ...]:
    """The columns with as many proposed fields as the register needs to be recognised, the surest first."""
    fields = {column.field for column in columns if column.field}
    missing = max(register.needs - len(fields), 0)
    surest = sorted(proposals, key=lambda one: (-one.confidence, one.column))
    key = next((one for one in surest if one.field in register.needs_one_of), None)
    used = [key] if key and fields.isdisjoint(register.needs_one_of) else []
    used += [one for one in surest if one not in used][: max(missing - len(used), 0)]
    given = {one.column: one for one in used}
    return tuple(
        replace(column, field=one.field, confidence=one.confidence, how="content")
        if (one := given.get(column.index))
        else column
        for column in columns
    )


def _by_headings(found: Recognition) -> Recognition:
    """Without the fields that were found only by what their columns hold."""
    unsaid = (
        replace(column, field="", confidence=0.0, how="") if column.how == "content" else column
        for column in found.columns
    )
    return replace(found, columns=tuple(unsaid))


def _alike(fields: Sequence[str], register: Register) -> Layout | None:
    """The declared layout that has most fields in common with the file, if it has enough of them."""

    def common(layout: Layout) -> float:
        theirs = set(filter(None, layout.fields))
        return len(theirs & set(fields)) / max(len(theirs | set(fields)), 1)

    best = max(register.layouts, key=common, default=None)
    return best if best and common(best) >= ALIKE_LAYOUT else None


def _grain(layout: Layout | None, register: Register, columns: Sequence[Column]) -> Grain:
    """What a row stands for: by the layout, else a family where only its head and its size are told."""
    if layout:
        return layout.grain or register.grain
    fields = {column.field for column in columns}
    families = any(one.grain == "family" for one in register.layouts)
    headed = any(column.field == "name" and "kepala keluarga" in column.heading.lower() for column in columns)
    if families and "relation" not in fields and (headed or ("family_members" in fields and "nik" not in fields)):
        return "family"
    return register.grain


def _nothing(register: str, sheet: Sheet) -> Recognition:
    return Recognition(register, sheet, 0, 0, (), "", "person", "", 0.0)


def _answer(table: _Table, told: str, mapping: Mapping[str, str]) -> Recognised:
    matches = [table.match(number) for number in range(len(table.registers))]
    chosen = _chosen(table, matches, told)
    fitting = [match for match in matches if _possible(match, table, told)]
    closest = chosen or max(
        [match for match in matches if told in ("", match.register.key)],
        key=lambda match: (sum(column.confidence for column in match.recognition.known), match.score),
        default=None,
    )
    rivals = _rivals(chosen, fitting, told) if chosen else ()
    headings = tuple(column.heading for column in closest.recognition.columns) if closest else ()
    fields = closest.register.spellings if closest else {}
    return Recognised(
        best=table.shown(chosen) if chosen else None,
        rivals=tuple(map(table.shown, rivals)),
        proposals=closest.proposals if closest else (),
        needs_answer=bool(chosen and not chosen.by_layout and (chosen.by_content or (rivals and not told))),
        unknown_fields=tuple(key for key in mapping.values() if key and key not in fields),
        unknown_headings=asked(mapping, headings)[1],
        closest=table.shown(closest) if closest else None,
    )


def _possible(match: _Match, table: _Table, told: str) -> bool:
    """Whether a table can be a register: of persons or of figures, as the table is; what was told needs no look."""
    if match.register.grain == "figure":
        return told == match.register.key or (table.figures >= FIGURES and (match.fits or match.register.key == REKAP))
    return match.fits and (told == match.register.key or match.by_layout or table.figures < FIGURES)


def _chosen(table: _Table, matches: Sequence[_Match], told: str) -> _Match | None:
    possible = [match for match in matches if told in ("", match.register.key) and _possible(match, table, told)]
    # Any table of figures can be a rekap: it is one where no register of its own claims it.
    return max(
        possible,
        key=lambda match: (match.by_layout, not match.by_content, match.register.key != REKAP, match.score),
        default=None,
    )


def _rivals(chosen: _Match, fitting: Sequence[_Match], told: str) -> list[_Match]:
    if chosen.by_layout:
        return []
    others = [match for match in fitting if match.register.key not in (chosen.register.key, REKAP)]
    least = chosen.score + MARGIN if told else chosen.score - MARGIN
    close = [match for match in others if match.score > least and (match.by_content <= chosen.by_content)]
    return sorted(close, key=lambda match: -match.score)


def first_rows(sheet: Sheet, header_row: int) -> tuple[Row, ...]:
    """The rows of the preview below the headings."""
    return tuple(row for row in sheet.preview if row[0] > header_row)
