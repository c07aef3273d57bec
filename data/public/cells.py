"""Counts that are published, what hangs together among them, and which of them are too small to be told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple

ROUNDING: Final = 5
SMALLEST_THRESHOLD: Final = 5
USUAL_THRESHOLD: Final = 10
SMALLEST_DENOMINATOR: Final = 25


class Cell(NamedTuple):
    """A count of one area, for all periods: it is told for all of them or for none."""

    code: str
    measure: str
    category: str = ""


Kind = Literal["equal", "rest"]


@dataclass(frozen=True)
class Relation:
    """How counts of one date hang together.

    "equal": the whole is the sum of its parts but for a difference that an attacker is taken to know (rows without a
    kelurahan, people in two categories). "rest": the parts are some of the whole, whoever is in none is left.
    `counted`: the rest of a "rest" is a group of people of whom no more may be told than of any other. `rate`: part ÷
    whole is told. `lacks`: the rest are those whom the figure is concerned about.
    """

    kind: Kind
    whole: Cell
    parts: tuple[Cell, ...]
    counted: bool = False
    rate: bool = False
    lacks: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.whole, *self.parts)


Interval = tuple[float, float]
Counted = Mapping[Cell, Mapping[date, int]]


@dataclass(frozen=True)
class Counts:
    """Exact counts by cell and period, and their relations.

    `exact` are known to everybody from elsewhere (the population of an area), `weights` say what is lost with a cell
    (1 where none is given).
    """

    values: Counted
    relations: tuple[Relation, ...] = ()
    exact: frozenset[Cell] = frozenset()
    weights: Mapping[Cell, float] = field(default_factory=dict)

    def at(self, cell: Cell, day: date) -> int | None:
        """None where it is not known."""
        return self.values.get(cell, {}).get(day)


@dataclass(frozen=True)
class Rules:
    """How small a count may be, and how it is rounded."""

    threshold: int = USUAL_THRESHOLD
    rounding: int = ROUNDING
    smallest_denominator: int = SMALLEST_DENOMINATOR

    def __post_init__(self) -> None:
        if self.threshold < SMALLEST_THRESHOLD:
            raise ValueError(self.threshold)

    def rounded(self, count: int) -> int:
        """
        >>> [Rules().rounded(count) for count in (0, 12, 13, 17)]
        [0, 10, 15, 15]
        """
        return self.rounding * ((count + self.rounding // 2) // self.rounding)

    def known(self, published: int) -> Interval:
        """Between what the count behind a published number lies, for somebody who knows the rules.

        >>> Rules().known(15), Rules().known(10), Rules().known(0)
        ((13, 17), (10, 12), (0, 0))
        """
        if published == 0:
            return (0, 0)
        half = self.rounding // 2
        return (max(self.threshold, published - half), published + half)

    def small(self, count: int) -> bool:
        return 0 < count < self.threshold

    def few(self, denominator: int) -> bool:
        """Whether no rate is told: what is published of the denominator may stand for fewer than the smallest one."""
        return self.rounded(denominator) <= self.smallest_denominator


def small(counts: Counts, rules: Rules) -> frozenset[Cell]:
    """The cells that must not be told, by themselves: too few people in the count or left out of it, at any period.

    Nobody is told (0) where that says of nobody that something concerns them; everybody never is.
    """
    found = {
        cell
        for cell, by_day in counts.values.items()
        if cell not in counts.exact and any(map(rules.small, by_day.values()))
    }
    for relation in counts.relations:
        if relation.kind != "rest" or len(relation.parts) > 1:
            continue
        (part,) = relation.parts
        for day, count in counts.values.get(part, {}).items():
            whole = counts.at(relation.whole, day)
            if whole and (
                (relation.counted and not _may_be_told(count, whole, relation, rules))
                or (relation.rate and rules.few(whole))
            ):
                found.add(part)
    return frozenset(found)


def _may_be_told(count: int, whole: int, relation: Relation, rules: Rules) -> bool:
    if count == 0:
        return not relation.lacks
    return whole - count >= rules.threshold


def wholes(relations: Iterable[Relation]) -> dict[Cell, list[Cell]]:
    """What every cell is a part of."""
    found: dict[Cell, list[Cell]] = {}
    for relation in relations:
        if relation.kind == "rest" and relation.counted:
            for part in relation.parts:
                found.setdefault(part, []).append(relation.whole)
    return found


def empty(cell: Cell, day: date, values: Counted, above: Mapping[Cell, Sequence[Cell]]) -> set[Cell]:
    """The wholes that the cell lies in and that are nobody at a date. Where one of them is told, so is the cell: of
    nobody nothing else can be said, and it tells of nobody.
    """
    found = {whole for whole in above.get(cell, ()) if values.get(whole, {}).get(day) == 0}
    return found.union(*(empty(whole, day, values, above) for whole in found))


def components(counts: Counts) -> list[tuple[frozenset[Cell], tuple[Relation, ...]]]:
    """Cells that hang together, and their relations; what is known from elsewhere ties nothing together."""
    above: dict[Cell, Cell] = {cell: cell for cell in counts.values}

    def top(cell: Cell) -> Cell:
        while above[cell] != cell:
            above[cell] = above[above[cell]]
            cell = above[cell]
        return cell

    told = [
        relation for relation in counts.relations if relation.whole in above and any(p in above for p in relation.parts)
    ]
    for relation in told:
        free = [cell for cell in relation.cells if cell in above and cell not in counts.exact]
        for other in free[1:]:
            above[top(other)] = top(free[0])
    groups: dict[Cell, set[Cell]] = {}
    for cell in counts.values:
        if cell not in counts.exact:
            groups.setdefault(top(cell), set()).add(cell)
    relations: dict[Cell, list[Relation]] = {}
    for relation in told:
        free = [cell for cell in relation.cells if cell in above and cell not in counts.exact]
        if free:
            relations.setdefault(top(free[0]), []).append(relation)
    return [(frozenset(cells), tuple(relations.get(first, ()))) for first, cells in groups.items()]
