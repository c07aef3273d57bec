"""Exact counts of a place, and what hangs together among them: what masks are made for. Never leaves the store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import log10
from typing import Final

from data import evaluation
from data.definitions.catalogue import INDICATORS, REGISTERS
from data.definitions.indicators import Indicator
from data.definitions.public import CONTAINS, FIGURES, Published
from data.evaluation import Value
from data.places import reference
from data.places.reference import LEVELS, Level, Place
from data.public.cells import Cell, Counts, Relation, Rules
from data.snapshots import Store

POPULATION: Final = "population"
"""What everybody can look up elsewhere, to the last person."""


@dataclass(frozen=True)
class Table:
    """A figure of a place by area and date, of all or of one category; what is not known is in none of the mappings."""

    published: Published
    category: str
    days: tuple[date, ...]
    areas: tuple[Place, ...]
    values: Mapping[tuple[date, str], Value]

    @property
    def indicator(self) -> Indicator:
        return INDICATORS[self.published.indicator]

    def cell(self, code: str) -> Cell:
        """What the numerator, or the count, of an area is."""
        return Cell(code, self.indicator.numerator, self.category)

    def whole(self, code: str) -> Cell:
        """What its denominator is."""
        return Cell(code, str(self.indicator.denominator))


@dataclass
class Collected:
    """Everything that is published of a place, exactly. `differ`: by how much parts and wholes of a measure differ at
    most (rows without a kelurahan, families in two of them, persons in two categories).
    """

    place: Place
    tables: list[Table] = field(default_factory=list)
    values: dict[Cell, dict[date, int]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    differ: dict[tuple[str, str], int] = field(default_factory=dict)
    sample: bool = False

    @property
    def counts(self) -> Counts:
        exact = frozenset(cell for cell in self.values if cell.measure == POPULATION)
        return Counts(self.values, tuple(self.relations), exact, {cell: self._weight(cell) for cell in self.values})

    def _weight(self, cell: Cell) -> float:
        """What is lost with a cell: the kelurahan that it speaks of, and with them how many people it counts."""
        villages = max(1, len(reference.codes(cell.code, "kelurahan")))
        return round(villages * (1 + log10(1 + max(self.values[cell].values()))), 3)


def collect(store: Store, code: str, rules: Rules) -> Collected:
    """The published figures of a place, down to its kelurahan."""
    place, tables, sample = reference.place(code), [], False
    for published in FIGURES:
        days = evaluation.dates(store, [INDICATORS[published.indicator]], code)
        sample |= any(days.values())
        for category in ("", *_categories(published)) if days else ():
            table = _table(store, place, published, category, tuple(sorted(days)))
            if table.areas and (not category or any(value.value for value in table.values.values())):
                tables.append(table)
    return replace(gathered(place, tables, rules), sample=sample)


def gathered(place: Place, tables: Sequence[Table], rules: Rules) -> Collected:
    """The counts behind tables of a place, and what hangs together among them."""
    found = Collected(place, list(tables))
    for table in found.tables:
        _count(found, table)
    _of_nobody(found, rules)
    _relate(found)
    return found


def _categories(published: Published) -> Iterable[str]:
    if published.categories_lowest is None:
        return ()
    return (
        word for register in INDICATORS[published.indicator].registers for word in REGISTERS[register].categories or ()
    )


def _table(store: Store, place: Place, published: Published, category: str, days: tuple[date, ...]) -> Table:
    indicator = INDICATORS[published.indicator]
    lowest = published.categories_lowest if category and published.categories_lowest else published.lowest
    values: dict[tuple[date, str], Value] = {}
    areas: list[Place] = []
    for level in levels(place.level, lowest):
        told = evaluation.evaluate(store, [indicator], place.code, level, days, category=category)[indicator.key]
        areas += [reference.place(code) for code in reference.codes(place.code, level)]
        values |= {at: value for at, value in told.items() if _known(value)}
    codes = {area.code for area in areas}
    return Table(published, category, days, tuple(areas), {at: v for at, v in values.items() if at[1] in codes})


def levels(highest: Level, lowest: Level) -> tuple[Level, ...]:
    """
    >>> levels("kabkota", "kelurahan")
    ('kabkota', 'kecamatan', 'kelurahan')
    """
    return LEVELS[LEVELS.index(highest) : LEVELS.index(lowest) + 1]


def _known(value: Value) -> bool:
    return value.value is not None or value.denominator is not None


def _count(found: Collected, table: Table) -> None:
    """The counts behind a table. Two tables that tell one count tell the same number, or publishing stops."""
    indicator = table.indicator
    if table.published.as_is and indicator.numerator != POPULATION:
        return
    for (day, code), value in table.values.items():
        top = value.numerator if indicator.is_ratio else value.value
        told = [(table.cell(code), top), (table.whole(code), value.denominator)]
        for cell, count in told if indicator.is_ratio else told[:1]:
            if count is not None and found.values.setdefault(cell, {}).setdefault(day, int(count)) != int(count):
                raise ValueError(f"{cell.measure} of {cell.code} is told in two ways")


def _of_nobody(found: Collected, rules: Rules) -> None:
    """Parts of nobody are nobody, also where a share of nobody is not known. Of a handful of inhabitants nothing is
    told: not even that it is withheld.
    """
    inside = [(table.indicator.numerator, table.indicator.denominator) for table in found.tables]
    inside += [(part, one.whole) for one in CONTAINS if one.counted for part in one.parts]
    for part, whole in dict.fromkeys(inside):
        told = {day for cell, by_day in found.values.items() if cell.measure == part for day in by_day}
        areas = {one.code for table in found.tables if table.indicator.numerator == part for one in table.areas}
        for cell in [cell for cell in found.values if cell.measure == whole]:
            for day, count in found.values[cell].items():
                if whole == POPULATION and count <= rules.threshold:
                    found.values.get(Cell(cell.code, part), {}).pop(day, None)
                elif whole != POPULATION and count == 0 and day in told and cell.code in areas:
                    found.values.setdefault(Cell(cell.code, part), {})[day] = 0
    for cell in [cell for cell, by_day in found.values.items() if not by_day]:
        del found.values[cell]


def _relate(found: Collected) -> None:
    for measure, category in dict.fromkeys((cell.measure, cell.category) for cell in found.values):
        if measure != POPULATION:
            _relate_areas(found, measure, category)
    for measure, category in dict.fromkeys((cell.measure, cell.category) for cell in found.values):
        if category:
            _relate_shares(found, Relation("rest", Cell("", measure), (Cell("", measure, category),), counted=True))
    _relate_categories(found)
    for table in found.tables:
        indicator = table.indicator
        if indicator.is_ratio and not table.category:
            whole, part = Cell("", str(indicator.denominator)), Cell("", indicator.numerator)
            _relate_shares(found, Relation("rest", whole, (part,), True, rate=True, lacks=indicator.good == "high"))
    for contains in CONTAINS:
        whole, parts = Cell("", contains.whole), tuple(Cell("", part) for part in contains.parts)
        _relate_shares(found, Relation("equal" if contains.complete else "rest", whole, parts, contains.counted))
        if contains.complete:
            for part in parts:
                _relate_shares(found, Relation("rest", whole, (part,), True))


def _relate_areas(found: Collected, measure: str, category: str) -> None:
    inside: dict[str, list[Cell]] = {}
    for cell in found.values:
        if (cell.measure, cell.category) == (measure, category):
            inside.setdefault(reference.parent(cell.code), []).append(cell)
    for parent, parts in inside.items():
        whole = Cell(parent, measure, category)
        if whole in found.values:
            _relate_sum(found, whole, tuple(parts), (measure, category))


def _relate_categories(found: Collected) -> None:
    inside: dict[Cell, list[Cell]] = {}
    for cell in found.values:
        if cell.category:
            inside.setdefault(Cell(cell.code, cell.measure), []).append(cell)
    for whole, parts in inside.items():
        if whole in found.values:
            _relate_sum(found, whole, tuple(parts), (whole.measure, "*"))


def _relate_sum(found: Collected, whole: Cell, parts: tuple[Cell, ...], about: tuple[str, str]) -> None:
    found.relations.append(Relation("equal", whole, parts))
    for day, count in found.values[whole].items():
        told = [found.values[part][day] for part in parts if day in found.values[part]]
        if told:
            found.differ[about] = max(found.differ.get(about, 0), abs(count - sum(told)))


def _relate_shares(found: Collected, pattern: Relation) -> None:
    """A relation between measures, for every area of the place that has them."""
    for cell in [cell for cell in found.values if (cell.measure, cell.category) == pattern.whole[1:]]:
        parts = tuple(part._replace(code=cell.code) for part in pattern.parts)
        parts = tuple(part for part in parts if part in found.values)
        if parts and (pattern.kind == "rest" or len(parts) == len(pattern.parts)):
            found.relations.append(Relation(pattern.kind, cell, parts, pattern.counted, pattern.rate, pattern.lacks))
