"""The masked tables of a place as they are published: nothing that is withheld gets in here."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from data.definitions.indicators import Indicator
from data.definitions.public import MESSAGES, Message
from data.places import reference
from data.public.cells import Cell, Rules, empty, wholes
from data.public.collecting import Collected, Table
from data.public.reading import FORMAT, WITHHELD
from data.wording import LANGUAGES, N_, Language, number, percent, translate

CLASSES: Final = 5
OFFICE: Final = N_("Social Affairs Office of {place}")
A_YEAR: Final = (300, 430)
"""Days between two dates that may be said to be a year apart."""
MOSTLY_TOLD: Final = 0.25
"""Share of withheld areas up to which a map is worth looking at."""
COUNTED: Final = {"persons": N_("persons"), "families": N_("families"), "children": N_("children")}
"""What stands behind a number on the screen."""
Content = dict[str, Any]
Above = Mapping[Cell, Sequence[Cell]]
Number = int | float | str | None


def place(found: Collected, withheld: Collection[Cell], rules: Rules) -> Content:
    """The file of a place, but for the name of its edition."""
    above = wholes(found.relations)
    tables = [_table(found, table, withheld, above, rules) for table in found.tables]
    areas = {area.code: area for table in found.tables for area in table.areas}
    days = [table["periods"][-1] for table in tables]
    content = {
        "format": FORMAT,
        "place": {"code": found.place.code, "name": found.place.name, "level": found.place.level},
        "office": _said(OFFICE, place=found.place.name),
        "sample": found.sample,
        "as_of": max(days, default=""),
        "threshold": rules.threshold,
        "rounding": rules.rounding,
        "smallest_denominator": rules.smallest_denominator,
        "areas": [
            {"code": code, "name": area.name, "level": area.level, "parent": _parent(code, areas)}
            for code, area in sorted(areas.items())
        ],
        "indicators": tables,
        "differ": _differences(found, rules),
    }
    return content | {"messages": messages(content)}


def _parent(code: str, areas: Collection[str]) -> str:
    above = reference.parent(code)
    return above if above in areas else ""


def _differences(found: Collected, rules: Rules) -> list[tuple[str, str, int]]:
    """By how much wholes and the sums of their parts differ at most; so coarse that no small number is told."""
    step = rules.threshold
    widest = sorted(found.differ.items())
    return [(measure, category, -(-most // step) * step) for (measure, category), most in widest]


def _said(message: str, **values: str) -> dict[str, str]:
    return {language: translate(message, language, **values) for language in LANGUAGES}


def _table(found: Collected, table: Table, withheld: Collection[Cell], above: Above, rules: Rules) -> Content:
    indicator, published = table.indicator, table.published
    cells = {
        area.code: [_cell(found, table, area.code, day, withheld, above, rules) for day in table.days]
        for area in table.areas
    }
    levels = list(dict.fromkeys(area.level for area in table.areas))
    return {
        "key": indicator.key,
        "group": published.group,
        "label": _said(indicator.label),
        "unit": indicator.unit,
        "per": indicator.per,
        "good": indicator.good,
        "digits": _digits(indicator),
        "numerator_label": _said(indicator.numerator_label),
        "denominator_label": _said(indicator.denominator_label),
        "definition": _said(indicator.definition),
        "source": _said(indicator.source),
        "source_published": published.as_is,
        "category": {"key": table.category, "label": _said(table.category)} if table.category else None,
        "levels": levels,
        "breaks": {
            level: _breaks(indicator, [cells[a.code] for a in table.areas if a.level == level]) for level in levels
        },
        "diverging": bool(indicator.breaks),
        "periods": [day.isoformat() for day in table.days],
        "cells": cells,
    }


def _digits(indicator: Indicator) -> int:
    return 1 if indicator.is_share or indicator.per > 1 else 0


def _cell(
    found: Collected,
    table: Table,
    code: str,
    day: date,
    withheld: Collection[Cell],
    above: Above,
    rules: Rules,
) -> list[Number]:
    """Numerator, denominator, value. A rate is made of the published numbers, so that it tells no more than they do."""
    indicator = table.indicator

    def shown(cell: Cell) -> int | str | None:
        count = found.values.get(cell, {}).get(day)
        if count is None:
            return None
        hidden = cell in withheld and empty(cell, day, found.values, above) <= set(withheld)
        return WITHHELD if hidden else rules.rounded(count)

    if not indicator.is_ratio:
        if indicator.is_share:
            value = table.values.get((day, code))
            return [None, None, value.value if value else None]
        return [None, None, shown(table.cell(code))]
    part, whole = shown(table.cell(code)), shown(table.whole(code))
    if part is None or whole is None:
        return [part, whole, None]
    if isinstance(part, str) or isinstance(whole, str):
        return [part, whole, WITHHELD]
    return [part, whole, round(part / whole * indicator.per, 6) if whole else None]


def _breaks(indicator: Indicator, cells: Sequence[Sequence[Sequence[Number]]]) -> list[float]:
    """Limits between classes: declared ones, else fifths of the published values that are not nothing."""
    if indicator.breaks:
        return list(indicator.breaks)
    newest = [next((cell[2] for cell in reversed(by_day) if cell[2] is not None), None) for by_day in cells]
    known = [float(value) for value in newest if isinstance(value, int | float) and value]
    if len(set(known)) < CLASSES:
        return sorted(set(known))[1:]
    limits = {float(f"{limit:.2g}") for limit in np.quantile(known, np.arange(1, CLASSES) / CLASSES)}
    return sorted(limit for limit in limits if limit > min(known))


# What the public screen says


def messages(content: Content) -> list[Content]:
    """The declared messages of which the place's own figure is published, from what is published alone."""
    found = []
    for message in MESSAGES:
        table = next(
            (one for one in content["indicators"] if one["key"] == message.indicator and one["category"] is None), None
        )
        told = _message(message, table, content) if table else None
        if told:
            found.append(told)
    return found


def _message(message: Message, table: Content, content: Content) -> Content | None:
    cells = table["cells"].get(content["place"]["code"], [[None, None, None]] * len(table["periods"]))
    told = [(day, cell) for day, cell in zip(table["periods"], cells, strict=True) if _is_number(cell[2])]
    if not told or cells[-1] != told[-1][1]:
        return None
    day, (part, whole, value) = told[-1]
    earlier = _a_year_before(day, [(one, cell[2]) for one, cell in told])
    lines: dict[str, list[list[tuple[str, bool]]]] = {}
    for language in LANGUAGES:
        words: dict[str, str] = {
            "value": _words(value, table, language),
            "count": _count(part, language),
            "whole": _count(whole, language),
            "place": content["place"]["name"],
        }
        said = [translate(message.sentence, language, **words)]
        if message.before and earlier is not None:
            words |= {"before": _words(earlier, table, language)}
            words |= {"target": _words(message.target, table, language)} if message.target is not None else {}
            said.append(translate(message.before, language, **words))
        lines[language] = [_marked(line) for line in said]
    return {
        "key": message.key,
        "indicator": message.indicator,
        "category": None,
        "period": day,
        "level": _mapped(table, content, table["periods"].index(day)),
        "title": _said(message.title),
        "number": {language: _words(value, table, language).rstrip("%") for language in LANGUAGES},
        "suffix": _said(COUNTED[table["unit"]]) if table["unit"] in COUNTED else dict.fromkeys(LANGUAGES, "%"),
        "lines": lines,
        "call": _said(message.call),
        "value": value,
    }


def _mapped(table: Content, content: Content, at: int) -> str:
    """The lowest level at which the map tells something: few of its areas are withheld."""
    levels: list[str] = table["levels"]
    for level in reversed(levels):
        told = [table["cells"][area["code"]][at][2] for area in content["areas"] if area["level"] == level]
        if told and told.count(WITHHELD) <= len(told) * MOSTLY_TOLD:
            return level
    return levels[-1]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _a_year_before(day: str, told: Sequence[tuple[str, float]]) -> float | None:
    now = date.fromisoformat(day)
    apart = [((now - date.fromisoformat(one)).days, value) for one, value in told]
    fitting = [(abs(days - 365), value) for days, value in apart if A_YEAR[0] <= days <= A_YEAR[1]]
    return min(fitting)[1] if fitting else None


def _words(value: float, table: Content, language: Language) -> str:
    """
    >>> _words(0.4961, {"unit": "share"}, "id"), _words(0.046, {"unit": "share"}, "id")
    ('50%', '4,6%')
    """
    if table["unit"] == "share":
        return percent(value, language, 0 if value >= 0.1 or value == 0 else 1)
    return _count(value, language)


def _count(value: Number, language: Language) -> str:
    return number(value, language) if isinstance(value, int | float) else ""


def _marked(line: str) -> list[tuple[str, bool]]:
    """Text in pieces, those between ** strong.

    >>> _marked("Now **50%**.")
    [('Now ', False), ('50%', True), ('.', False)]
    """
    return [(piece, bool(at % 2)) for at, piece in enumerate(line.split("**")) if piece]


def text(content: Mapping[str, Any]) -> str:
    """A file's text: the same content gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
