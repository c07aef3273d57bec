"""What several drawings are put together from: bars, tables, links to the names behind a number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd

from components import documents, links
from components.address import say
from components.rich import rich
from components.sources import name
from components.tables import shortened
from components.view import LEVEL_NAMES, anywhere
from data.breakdowns import UNKNOWN, Broken
from data.definitions.catalogue import REGISTERS
from data.places.reference import Level
from data.queries import Context
from data.scope import Scope
from data.wording import N_, Language, Value, long_date, number, short_date, translate


@dataclass(frozen=True)
class Answers:
    """What was told by kind; the screen's scope, from which links lead on; the level `by` of its areas; by kind, the
    category that narrows it ("" = all), and what its figures come from. `lists` says of which places the reader may
    see the list.
    """

    scope: Scope
    by: Level
    categories: Mapping[str, str]
    told: Mapping[str, Broken]
    contexts: Mapping[str, Context] = field(default_factory=dict)
    lists: Callable[[str], bool] = anywhere

    def listed(self, register: str, narrowed: Mapping[str, str], at: str = "") -> Scope | None:
        """The by-name list of a register in the screen's place, or `at` another one, at its date, narrowed by filters;
        None where the reader may not see it.
        """
        place = at or self.scope.place
        filters = tuple(sorted(narrowed.items()))
        return Scope(place, period=self.scope.period, register=register, filters=filters) if self.lists(place) else None

    def saved(self, kind: str, table: Callable[[], documents.tabled.Tabled | None]) -> None:
        """The menu that takes a breakdown away as a file."""
        if kind in self.contexts:
            title = say(TITLES[kind], level=say(LEVEL_NAMES[self.by]))
            documents.table_downloads(kind, table, title, self.scope.place, [self.contexts[kind]])


TITLES: Final[Mapping[str, str]] = {
    "categories": N_("By category"),
    "official": N_("Official rate by year, kabupaten and kota"),
    "deciles": N_("Deciles by {level}"),
    "concentration": N_("Where decile 1 is concentrated"),
    "extreme": N_("Decile 1 of P3KE: is it validated?"),
    "sex_age": N_("By sex and age"),
    "months": N_("Reaches by month"),
    "child_ages": N_("Stunted by age and sex"),
    "risks": N_("What puts families at risk"),
}


SEX_NAMES: Final = {"L": N_("Male"), "P": N_("Female"), UNKNOWN: N_("Sex not known")}


def dated(answer: Broken, reader: Language) -> str:
    """Which register tells it, of which day."""
    words = f"{name(answer.register, reader)}, {_day(answer, reader)}"
    if answer.population_on:
        words += " · " + translate(N_("population of {date}"), reader, date=short_date(answer.population_on, reader))
    return words


def _day(answer: Broken, reader: Language) -> str:
    day = answer.period or date.min
    figures = REGISTERS[answer.register].grain == "figure"
    return str(day.year) if figures and (day.month, day.day) == (12, 31) else long_date(day, reader)


def narrowed(found: Answers, kind: str) -> dict[str, str]:
    """The filter of the category that narrows a kind."""
    category = found.categories.get(kind, "")
    return {"category": category} if category else {}


def linked(target: Scope | None, text: str, reader: Language, count: float | None, label: str = "") -> str:
    """A number as a link to its list; nobody stands behind nought, and nothing behind what is not known."""
    if not count or target is None:
        return text
    address = escape(links.address(target, reader))
    spoken = f' aria-label="{escape(label)}"' if label else ""
    return f'<a href="{address}" target="_self"{spoken}>{text}</a>'


def bar(length: float, colour: str = "var(--accent)") -> str:
    """A bar of a part of its track; hatched without a colour."""
    return f'<span class="bd-track"><i{painted(colour)} style="width:{length:.2%};{ground(colour)}"></i></span>'


def stack(parts: Iterable[tuple[float, str, str]]) -> str:
    """Parts of one whole beside each other: (share, CSS colour, what it is)."""
    drawn = "".join(
        f'<i{painted(colour)} style="width:{share:.2%};{ground(colour)}" title="{escape(words)}"></i>'
        for share, colour, words in parts
        if share
    )
    return f'<span class="bd-stack">{drawn}</span>'


def painted(colour: str) -> str:
    return "" if colour else ' class="hatched"'


def ground(colour: str) -> str:
    return f"background:{colour}" if colour else ""


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """(CSS colour, words)."""
    rows = "".join(
        f"<li><i{painted(colour)}{f' style={chr(34)}background:{colour}{chr(34)}' if colour else ''}></i>"
        f"{escape(words)}</li>"
        for colour, words in entries
    )
    return f'<ul class="legend wide">{rows}</ul>'


def table(style: str, caption: str, titles: Sequence[str], rows: Iterable[str]) -> str:
    """`titles` are plain text, `rows` are HTML."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    return (
        f'<div class="bd {style}" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f'<caption class="spoken">{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(heading: str, cells: Iterable[str], style: str = "") -> str:
    """`heading` and `cells` are HTML."""
    return f'<tr class="{style}"><th scope="row">{heading}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def whole(value: float | None, reader: Language) -> str:
    return "–" if value is None or pd.isna(value) else number(round(value), reader)


def share(part: float | None, of: float | None) -> float | None:
    return None if part is None or not of or pd.isna(part) or pd.isna(of) else part / of


def note(message: str, reader: Language, **values: Value) -> str:
    return f'<p class="bd-note">{rich(message, reader, **values)}</p>'


def area(line: Mapping[str, Any]) -> str:
    above = f"<small>{escape(str(line['parent_name']))}</small>" if line.get("parent_name") else ""
    return f"{escape(shortened(str(line['name'])))}{above}"
