"""Bahan rapat: what a screen shows, as two to four pages to take into the room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from components import kpis, sources
from components.documents import parts, press
from components.documents.parts import Part, Shown
from components.kpis import Told
from components.tickets import File
from components.view import Drawn, path
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import Indicator
from data.exports import file_name
from data.places.reference import place as known_place
from data.queries import Context
from data.wording import N_, Language, long_date, translate

PDF = "application/pdf"


@dataclass(frozen=True)
class Briefing:
    """What a screen tells: its title and sentence (HTML of `rich`) in the reader's words, the figures of its cards,
    those that stand apart and are never added to them, and map, ranking, trend and table of one figure.

    `findings` are further sentences of the same kind.
    """

    title: str
    place: str
    sentence: str
    cards: tuple[Indicator, ...]
    apart: tuple[Indicator, ...]
    told: Mapping[str, Told]
    shown: Shown | None = None
    findings: tuple[str, ...] = ()

    @classmethod
    def of(cls, title: str, sentence: str, told: Mapping[str, Told], drawn: Drawn, place: str, shown: Shown) -> Self:
        """The briefing of a screen of figures, with the cards that the screen has for this place."""
        cards = kpis.chosen(drawn.cards, drawn.apart_cards, place)
        return cls(title, place, sentence, cards, drawn.apart_cards, told, shown)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        mapped = (self.shown.indicator, *self.shown.columns) if self.shown else ()
        return tuple(dict.fromkeys((*self.cards, *self.apart, *mapped)))

    @property
    def context(self) -> Context:
        return sources.together([found.context for found in self._told])

    @property
    def _told(self) -> tuple[Told, ...]:
        first = [self.shown.indicator.key] if self.shown else []
        keys = dict.fromkeys((*first, *(one.key for one in self.indicators)))
        return tuple(self.told[key] for key in keys if key in self.told)


@dataclass(frozen=True)
class Order:
    """A briefing that somebody may fetch: its content is what the screen had told that viewer."""

    name: str
    content: Part

    def file(self) -> File:
        return File(self.name, PDF, [press.typeset("briefing.typ", self.content)])


def order(briefing: Briefing, reader: Language, now: datetime | None = None) -> Order:
    context = briefing.context
    name = "-".join(
        filter(None, ("bahan-rapat", briefing.place or "semua", context.period.isoformat() if context.period else ""))
    )
    return Order(file_name(name, "pdf", context.sample, reader), build(briefing, reader, now or datetime.now()))


def build(briefing: Briefing, reader: Language, now: datetime) -> Part:
    """The content of the template `briefing.typ`."""
    context, shown = briefing.context, briefing.shown
    cards = [parts.card(one, briefing.told, briefing.place, reader) for one in briefing.cards]
    cards += [parts.card(one, briefing.told, briefing.place, reader, apart=True) for one in briefing.apart]
    return {
        "language": reader,
        "title": briefing.title,
        "place": known_place(briefing.place).name if briefing.place else translate(N_("All areas"), reader),
        "path": " · ".join(name for _, name in path(briefing.place)) if briefing.place else "",
        "dates": dates(context, reader),
        "sample": translate(N_("SAMPLE DATA"), reader) if context.sample else "",
        "made": made(now, reader),
        "sentence": parts.runs(briefing.sentence),
        "cards": cards,
        "findings": [parts.runs(words) for words in briefing.findings],
        "shown": [_shown(shown, context, reader)] if shown else [],
        "definitions": definitions(briefing.indicators, reader),
        "sources": told_by(context, reader),
        "remarks": remarks(context, reader),
        "words": {key: translate(message, reader) for key, message in WORDS.items()},
    }


WORDS = {
    "page": N_("page"),
    "findings": N_("What deserves attention"),
    "changes": N_("What has changed"),
    "definitions": N_("Definitions"),
    "sources": N_("Sources"),
    "nothing": N_("There is no figure for this place yet."),
}


def _shown(shown: Shown, context: Context, reader: Language) -> Part:
    label = translate(shown.indicator.label, reader)
    compared = translate(N_("since {day}"), reader, day=context.compare) if context.compare else ""
    return {
        "map": parts.drawn_map(shown, reader),
        "ranking": parts.ranking(shown, reader),
        "trend": parts.trend(shown.figure, shown.indicator, reader),
        "changes": parts.changes(shown, reader) if context.compare else [],
        "changes_note": ", ".join(filter(None, (label, compared))),
        "table": parts.areas(shown, reader),
    }


def dates(context: Context, reader: Language) -> str:
    """As of when the figures are, and with when they are compared."""
    if context.period is None:
        return ""
    words = [translate(N_("Data as of {when}"), reader, when=long_date(context.period, reader))]
    if context.compare:
        words.append(translate(N_("compared with {when}"), reader, when=long_date(context.compare, reader)))
    return " · ".join(words)


def made(now: datetime, reader: Language) -> str:
    return translate(N_("made on {day}"), reader, day=now.date())


def definitions(indicators: Iterable[Indicator], reader: Language) -> list[Part]:
    return [
        {"label": translate(one.label, reader), "definition": translate(one.definition, reader)} for one in indicators
    ]


def told_by(context: Context, reader: Language) -> list[Part]:
    """Every file behind the figures, with its whole hash."""
    return [
        {
            "register": translate(REGISTERS[one.register].label, reader),
            "file": one.file,
            "period": translate(N_("data as of {period}"), reader, period=one.period),
            "sha256": one.sha256,
        }
        for one in context.sources
    ]


def remarks(context: Context, reader: Language) -> list[str]:
    """What has to be said of the figures as a whole."""
    found = []
    if context.sample:
        found.append(translate(N_("SAMPLE DATA: invented persons, realistic figures."), reader))
    if context.derived:
        message = N_(
            "Derived: the file carries no update date, so a record counts as updated where it differs from the snapshot"
            " before."
        )
        found.append(translate(message, reader))
    return found
