"""All published figures of a place as a page to read at home: sentence, map, order, history, table and file of each."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Final

from data.public.site import classes, screen
from data.public.site.classes import HIDDEN, Published
from data.wording import N_, Language, in_sentence, long_date, number, short_date, translate

RANKED: Final = 10
"""Areas in an order: the others stand in the table."""
HISTORY: Final = 8
"""Dates in a history: the others stand in the table."""
ORDERS: Final = {
    "high": N_("Lowest, by {level}"),
    "low": N_("Highest, by {level}"),
    "neutral": N_("Most, by {level}"),
}
HEAD: Final = ("indicator", "category", "code", "name", "level", "period", "numerator", "denominator", "value")


@dataclass(frozen=True)
class Cell:
    """A number as it is read, the counts behind it, and its class on the map; `share` of the largest, for bars."""

    words: str
    behind: str = ""
    shade: str = classes.UNKNOWN
    share: float = 0


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    level: str
    around: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The values of an indicator, or of one of its categories: a row an area, a cell a date, newest date first."""

    label: str
    days: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Map:
    """`shades` are (code, class, words) of every drawn area of `level`; `legend` is (class, words)."""

    level: str
    caption: str
    shades: tuple[tuple[str, str, str], ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """Everything about one indicator."""

    key: str
    label: str
    ramp: str
    sentence: str
    definition: str
    origin: str
    file: str
    table: Table
    counted: str
    map: Map | None
    ranked: str = ""
    ranking: tuple[Row, ...] = ()
    history: tuple[tuple[str, Cell], ...] = ()
    categories: tuple[Table, ...] = field(default=())


def sections(place: Published, drawing: Published, language: Language) -> tuple[Section, ...]:
    """In the order of the published indicators; categories stand with the whole that they are part of."""
    return tuple(
        _section(list(together), place, drawing, language)
        for _, together in groupby(place["indicators"], key=lambda one: one["key"])
    )


def files(place: Published) -> Iterator[tuple[str, str]]:
    """(name, text) of a CSV an indicator: a row an area, date and category; withheld `*`, not known empty."""
    areas = {area["code"]: area for area in place["areas"]}
    for key, together in groupby(place["indicators"], key=lambda one: one["key"]):
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(HEAD)
        for one in together:
            for code, cells in one["cells"].items():
                about = (key, _text(screen.category(one) or ""), code, _text(areas[code]["name"]), areas[code]["level"])
                out.writerows((*about, day, *cell) for day, cell in zip(one["periods"], cells, strict=True))
        yield file(place, key), text.getvalue()


def _text(words: str) -> str:
    """Words as a spreadsheet keeps them: what it would take for a formula begins with an apostrophe.

    >>> _text("Kendari Barat"), _text("=1+1")
    ('Kendari Barat', "'=1+1")
    """
    return f"'{words}" if words.lstrip()[:1] in tuple("=+-@\t\r") else words


def file(place: Published, key: str) -> str:
    return f"{place['place']['code']}-{key}.csv"


def _section(together: Sequence[Published], place: Published, drawing: Published, language: Language) -> Section:
    main = together[0]
    table = _table(main, place, language)
    level = _level(table)
    ranked = _ranking([row for row in table.rows if row.level == level], main)
    whole = next((row for row in table.rows if row.code == place["place"]["code"]), None)
    return Section(
        key=main["key"],
        label=screen.label(main, language),
        ramp=classes.ramp(main),
        sentence=_sentence(main, place, language),
        definition=main["definition"][language],
        origin=" · ".join(screen.origin(main, place, language)),
        file=file(place, main["key"]),
        table=table,
        counted=_counted(table, language),
        ranked=translate(ORDERS[main["good"]], language, level=translate(screen.LEVELS[level], language)),
        map=_map(main, table, level, drawing, language),
        ranking=ranked if len(ranked) > 1 else (),
        history=_history(main, whole, language),
        categories=tuple(_table(one, place, language) for one in together[1:]),
    )


def _table(one: Published, place: Published, language: Language) -> Table:
    order = range(len(one["periods"]) - 1, -1, -1)
    names = {area["code"]: area["name"] for area in place["areas"]}
    largest = {level: max((value for value in _values(one, place, level)), default=0) or 1 for level in one["levels"]}
    return Table(
        label=screen.label(one, language),
        days=tuple(long_date(date.fromisoformat(one["periods"][at]), language) for at in order),
        rows=tuple(
            Row(
                area["code"],
                area["name"],
                area["level"],
                names.get(area["parent"], ""),
                tuple(_cell(one["cells"][area["code"]][at], one, area["level"], largest, language) for at in order),
            )
            for area in place["areas"]
            if area["code"] in one["cells"]
        ),
    )


def _level(table: Table) -> str:
    """The smallest areas of which at most half are withheld: a map of slate tells nothing."""
    shades: dict[str, list[str]] = {}
    for row in table.rows:
        shades.setdefault(row.level, []).append(row.cells[0].shade)
    levels = [level for level in reversed(tuple(screen.LEVELS)) if level in shades]
    told = (level for level in levels if 2 * shades[level].count(classes.WITHHELD) <= len(shades[level]))
    return next(told, levels[-1])


def _counted(table: Table, language: Language) -> str:
    said = {"areas": len(table.rows), "days": len(table.days)}
    return translate(N_("All values: {areas} areas, {days} dates"), language, **said)


def _values(one: Published, place: Published, level: str) -> Iterator[float]:
    for area in place["areas"]:
        if area["level"] == level:
            yield from (cell[2] for cell in one["cells"].get(area["code"], ()) if _known(cell[2]))


def _known(value: Any) -> bool:
    return value is not None and value != HIDDEN


def _cell(cell: Sequence[Any], one: Published, level: str, largest: Mapping[str, float], language: Language) -> Cell:
    counted, whole, value = cell
    shade = classes.of(value, one, level)
    behind = ""
    if counted is not None and whole is not None:
        behind = " / ".join(HIDDEN if part == HIDDEN else number(part, language, 0) for part in (counted, whole))
    if shade in (classes.WITHHELD, classes.UNKNOWN):
        words = screen.WITHHELD if shade == classes.WITHHELD else screen.UNKNOWN
        return Cell(translate(words, language), behind, shade)
    return Cell(classes.shown(value, one, language), behind, shade, float(value) / largest[level])


def _sentence(one: Published, place: Published, language: Language) -> str:
    """The newest figure of the place that is known, in one sentence."""
    for at in range(len(one["periods"]) - 1, -1, -1):
        counted, whole, value = one["cells"].get(place["place"]["code"], [[None] * 3] * (at + 1))[at]
        if not _known(value):
            continue
        said = {
            "place": place["place"]["name"],
            "day": date.fromisoformat(one["periods"][at]),
            "value": f"{classes.shown(value, one, language)} {translate(screen.UNITS[one['unit']], language)}".strip(),
        }
        if not (_known(counted) and _known(whole)):
            return translate(N_("{place}, {day}: {value}."), language, **said)
        return translate(
            N_("{place}, {day}: {value} ({counted} {counted_label} of {whole} {whole_label})."),
            language,
            **said,
            counted=number(counted, language, 0),
            counted_label=in_sentence(one["numerator_label"][language]),
            whole=number(whole, language, 0),
            whole_label=in_sentence(one["denominator_label"][language]),
        )
    return translate(N_("No figure of the whole place has been published."), language)


def _map(one: Published, table: Table, level: str, drawing: Published, language: Language) -> Map | None:
    drawn = drawing["levels"].get(level, {})
    shades = tuple(
        (row.code, row.cells[0].shade, f"{row.name}, {row.around}: {row.cells[0].words}")
        for row in table.rows
        if row.level == level and row.code in drawn
    )
    if not shades:
        return None
    keys = screen.keys(one, level, {code: shade for code, shade, _ in shades}, language)
    return Map(level, screen.caption(one, level, language), shades, tuple(keys))


def _ranking(rows: Sequence[Row], one: Published) -> tuple[Row, ...]:
    """The areas whose newest figure is published, worst first (largest, where nothing is good or bad)."""
    known = [row for row in rows if row.cells and row.cells[0].shade not in (classes.WITHHELD, classes.UNKNOWN)]
    return tuple(sorted(known, key=lambda row: row.cells[0].share, reverse=one["good"] != "high")[:RANKED])


def _history(one: Published, whole: Row | None, language: Language) -> tuple[tuple[str, Cell], ...]:
    if whole is None or len(one["periods"]) < 2:
        return ()
    days = [short_date(date.fromisoformat(day), language) for day in one["periods"]]
    return tuple(zip(days, reversed(whole.cells), strict=True))[-HISTORY:]
