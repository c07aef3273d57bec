"""The slides of a meeting, computed from the data: one message each, in the words and figures of the screens."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd

from components import (
    colours,
    comparison,
    findings,
    handover,
    interventions,
    kpis,
    links,
    maps,
    outlines,
    sentence,
    sources,
    tables,
    view,
)
from components.findings import Found
from components.kpis import Told
from components.meeting import Slide
from components.outlines import Mark, Outlines
from components.rich import rich
from components.view import Drawn, View
from data.comparison import Comparison
from data.definitions.catalogue import LINKAGES
from data.definitions.indicators import Indicator
from data.definitions.programmes import AGENCIES, NEEDS
from data.definitions.screens import SCREENS, Group
from data.interventions import Summary
from data.places.reference import level_of, parent
from data.places.reference import place as known_place
from data.queries import Context, Source
from data.scope import Scope
from data.wording import N_, Language, capital, in_sentence, number, percent, translate

WORST: Final = 5
NAMED: Final = 3
"""Areas named on the map itself, and findings that are read out."""
FEWEST: Final = 3
"""Areas with a figure, below which there is no line to stand in."""
MANY: Final = (1, 3)
"""Unanswered needs of a family from which it is counted on a slide."""
LINES: Final = 5
"""Empty lines for decisions."""
FILES: Final = 14
"""Files on the slide of sources."""
SHAPES: Final = "area"
ASSIGNED: Final = 5
"""Lists on the slide that hands them out."""
FIGURE, WHERE = "figure", "where"
"""What can be told of a theme in the meeting itself."""


@dataclass(frozen=True)
class Theme:
    """A subject of the meeting: the figure that speaks for it and is mapped, the figures shown large (that one, unless
    others are named), those read with them, whose sentence it says, the lists that it leaves to be worked off, and
    whether its areas are shown in their order. What is not `told` of it, its figure or its areas, stands in the annex.
    """

    figure: str
    title: str
    shown: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    words: str = ""
    lists: tuple[str, ...] = ()
    mapped: bool = True
    told: tuple[str, ...] = (FIGURE,)

    @property
    def cards(self) -> tuple[str, ...]:
        return self.shown or (self.figure,)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.figure, *self.shown, *self.beside, *self.lists)))


AGENDA: Final = (
    Theme(
        "dtks_updated_share",
        SCREENS["coverage"].title,
        words="coverage",
        lists=("dtks_updated_share",),
        told=(FIGURE, WHERE),
    ),
    Theme(
        "nik_valid_share",
        N_("NIK at the civil registry"),
        beside=("nik_unknown_share",),
        lists=("nik_valid_share",),
        told=(),
    ),
    Theme("poverty_rate_official", N_("Official poverty rate (BPS)")),
    Theme("decile_1_4_share", N_("Registered in the lowest deciles"), shown=("decile_1_4_share", "decile_1_share")),
    Theme("ppks_per_1000", N_("PPKS register"), shown=("ppks_persons", "ppks_per_1000"), words="ppks"),
    Theme("outreach_reaches", N_("Outreach (P3S)"), mapped=False, told=()),
    Theme("stunting_share", SCREENS["stunting"].title, words="stunting", told=(FIGURE, WHERE)),
    Theme(
        "stunted_unregistered",
        LINKAGES["children"].label,
        shown=("stunted_unregistered", "stunted_registered_share"),
        lists=("stunted_unregistered", "stunted_family_only"),
    ),
    Theme("krs_decile_1_4_share", LINKAGES["risk_families"].label, told=()),
    Theme("recipients_registered_share", LINKAGES["recipients"].label, mapped=False, told=()),
)
"""In the order of the meeting; what the store cannot tell is left out."""
NOTES: Final[Mapping[str, str]] = {
    "decile_1_4_share": N_("Not a rate of poverty."),
    "outreach_reaches": N_("Reaches, not persons; never added to the register."),
}
"""What must be said beside a figure, so that nobody takes it for another one."""
CHAPTERS: Final = (
    N_("State"),
    N_("Where attention is needed"),
    N_("What changed"),
    N_("Lists to assign"),
    N_("Decisions"),
)
STATE, ATTENTION, CHANGED, LISTS, DECISIONS = CHAPTERS


@dataclass(frozen=True)
class Subject:
    """A theme of the place: what is to be asked, and how areas are looked at."""

    theme: Theme
    scope: Scope
    drawn: Drawn
    seen: View

    @property
    def indicator(self) -> Indicator:
        return self.drawn.indicator


@dataclass(frozen=True)
class Part:
    """A subject with its answers: figures by key, and a row an area (as `queries.by_area` gives them)."""

    subject: Subject
    told: Mapping[str, Told]
    areas: pd.DataFrame
    drawing: Outlines

    @property
    def indicator(self) -> Indicator:
        return self.subject.indicator

    @property
    def main(self) -> Told:
        return self.told[self.indicator.key]

    @property
    def known(self) -> bool:
        return self.main.figure.now.value is not None


@dataclass(frozen=True)
class Offices:
    """What the place's families need and whose turn it is; a row an area (see `data.interventions.by_area`)."""

    found: Summary
    areas: pd.DataFrame
    seen: View


@dataclass(frozen=True)
class Task:
    """A list to be worked off: its own slide, and its line among all lists (whose it is, for what, how many)."""

    slide: Slide
    name: str
    about: str
    amount: str
    target: Scope


def subjects(
    scope: Scope,
    data: Mapping[str, Iterable[str]],
    known: Mapping[str, Indicator],
    sees: Callable[[str], bool] = view.anywhere,
) -> tuple[Subject, ...]:
    """The themes that the store has registers for; `data` are the places with data by register, `sees` says of which
    places the reader sees figures.
    """
    found = []
    for theme in AGENDA:
        indicator = known.get(theme.figure)
        if indicator is None or not set(indicator.registers) & set(data):
            continue
        keys = tuple(key for key in theme.keys if key in known)
        group = Group(figures=(theme.figure,), cards=tuple(key for key in theme.cards if key in known), columns=keys)
        places = view.places({key: data[key] for key in indicator.registers if key in data})
        found.append(
            Subject(
                theme=theme,
                scope=replace(view.figures_of(scope), indicator=theme.figure),
                drawn=Drawn(indicator, group, (), "", known),
                seen=view.view(scope.place, places, indicator.lowest, sees),
            )
        )
    return tuple(found)


def noticed(scope: Scope, parts: Sequence[Part], day: date) -> tuple[Found, ...]:
    """What deserves attention first, as on the overview; `day` is the one from which the age of data is counted."""
    known = [part for part in parts if part.known]
    alike = [part for part in known if part.subject.seen == known[0].subject.seen]
    if not alike:
        return ()
    told = {key: one for part in known for key, one in part.told.items()}
    frames = [part.areas.set_index("code", drop=False) for part in alike]
    areas = pd.concat(frames, axis=1)
    areas = areas.loc[:, ~areas.columns.duplicated()].reset_index(drop=True)
    inside = view.inside(areas, alike[0].subject.seen.ranked)
    since = findings.today((one.context for one in told.values()), day)
    return findings.found(findings.Facts(told, inside, alike[0].subject.seen, scope, since))


def deck(
    scope: Scope,
    parts: Sequence[Part],
    found: Sequence[Found],
    offices: Offices | None,
    changes: Comparison | None,
    moved: Sequence[Part],
    reader: Language,
    lists: Callable[[str], bool] = view.anywhere,
) -> tuple[Slide, ...]:
    """All slides of a place in their order, those of the annex last; what is not known has no slide. `found` is what
    deserves attention, worst first, `changes` are those of the place's register by name, `moved` the parts whose areas
    are compared with the earlier date. `lists` says of which places the reader may see the lists that are handed out.
    """
    known = [part for part in parts if part.known]
    contexts = [told.context for part in known for told in part.told.values()]
    contexts += [offices.found.context] if offices else []
    kit = Kit(scope, reader, any(context.sample for context in contexts), lists)
    figures = [(FIGURE in part.subject.theme.told, _figure(kit, part)) for part in known]
    where = [(WHERE in part.subject.theme.told, _worst(kit, part)) for part in known]
    behind = [_list(kit, part, key) for part in known for key in part.subject.theme.lists]
    handed = [*([_office(kit, offices, key) for key in AGENCIES] if offices else []), *behind]
    main = (
        _cover(kit, known),
        _findings(kit, found) if found else None,
        *(slide for told, slide in figures if told),
        _needs(kit, offices) if offices else None,
        *(slide for told, slide in where if told),
        _changed(kit, changes) if changes and changes.known else None,
        _assigned(kit, [task for task in handed if task]),
        _decisions(kit),
        _sources(kit, contexts),
    )
    annex = (
        *(slide for told, slide in (*figures, *where) if not told),
        *(_moved(kit, part) for part in moved if part.known),
        *(task.slide for task in handed if task),
    )
    return (*filter(None, main), *(replace(slide, annex=True) for slide in annex if slide))


def shapes(parts: Iterable[Part]) -> str:
    """The shapes that the maps of the slides refer to, each once, as SVG."""
    drawn = {_name(part.subject.seen): part.drawing for part in parts}
    return "".join(outlines.definitions(drawing, name) for name, drawing in drawn.items())


@dataclass(frozen=True)
class Kit:
    """What every slide of a deck has in common."""

    scope: Scope
    reader: Language
    sample: bool
    lists: Callable[[str], bool] = view.anywhere

    @property
    def here(self) -> str:
        """The place's name; a kecamatan often has that of one of its kelurahan."""
        if not self.scope.place:
            return self.say(N_("all areas"))
        name = known_place(self.scope.place).name
        return f"Kecamatan {name}" if level_of(self.scope.place) == "kecamatan" else name

    def around(self, row: Mapping[str, Any], name: str = "parent_name") -> str:
        """What stands under an area's name: the area around it, where that is not the place itself."""
        code = str(row["code"])
        return "" if len(code) == tables.KABKOTA or parent(code) == self.scope.place else str(row[name])

    def say(self, message: str, **values: Any) -> str:
        return translate(message, self.reader, **values)

    def slide(
        self, key: str, chapter: str, title: str, body: str, found: Iterable[Source] = (), kind: str = ""
    ) -> Slide:
        """`title` is text, `body` HTML."""
        mark = f'<span class="badge">{escape(self.say(N_("SAMPLE DATA")))}</span>' if self.sample else ""
        around = "" if title == self.here else self.here
        head = f'<p class="chapter">{escape(" · ".join(filter(None, (self.say(chapter), around))))}</p>'
        html = (
            f'<section class="slide {kind}" data-key="{escape(key)}" aria-labelledby="slide-title"><header>{head}{mark}'
            f'<h1 class="title" id="slide-title">{escape(title)}</h1></header><div class="body">{body}</div>'
            f"<footer>{self.source(found)}</footer></section>"
        )
        return Slide(key, title, html)

    def source(self, found: Iterable[Source]) -> str:
        """Registers, files and dates of a slide in one line, as HTML; of many files, how many."""
        every = tuple(dict.fromkeys(found))
        if not every:
            return ""
        if len(every) > 2:
            names = ", ".join(dict.fromkeys(sources.name(source.register, self.reader) for source in every))
            latest = max(source.period for source in every)
            words = rich(
                N_("{names}: {count} files, the newest of {day}"),
                self.reader,
                names=names,
                count=len(every),
                day=latest,
            )
        else:
            words = "; ".join(
                rich(
                    N_("{register}: {file}, {day}"),
                    self.reader,
                    register=sources.name(source.register, self.reader),
                    file=source.file,
                    day=source.period,
                )
                for source in every
            )
        return f"{escape(self.say(N_('Source')))}: {words}"


def _cover(kit: Kit, parts: Sequence[Part]) -> Slide:
    first = next((part.main.context for part in parts), None)
    dates = ""
    if first and first.period:
        dates = rich(N_("Data as of {when}."), kit.reader, when=first.period).removesuffix(".")
        if first.compare:
            dates += rich(N_(", compared with {day}"), kit.reader, day=first.compare)
    shown = [chapter for chapter in CHAPTERS if chapter != LISTS or kit.lists(kit.scope.place)]
    chapters = "".join(f"<li>{escape(kit.say(chapter))}</li>" for chapter in shown)
    body = f'<p class="about">{escape(kit.say(N_("The state of the social registers")))}</p>'
    body += f'<p class="dates">{dates}</p><ol class="agenda">{chapters}</ol>'
    found = (source for context in filter(None, [first]) for source in context.sources)
    return kit.slide("cover", N_("Coordination meeting"), kit.here, body, found, "cover")


def _findings(kit: Kit, found: Sequence[Found]) -> Slide:
    lines = "".join(f"<li>{findings.words(one, kit.reader)}</li>" for one in found[:NAMED])
    body = f'<ol class="findings sentence">{lines}</ol>'
    return kit.slide("findings", STATE, kit.say(N_("What needs attention")), body)


def _figure(kit: Kit, part: Part) -> Slide:
    """The figures of a theme as the screens' cards have them, and the screen's sentence."""
    theme, drawn, seen = part.subject.theme, part.subject.drawn, part.subject.seen
    cards = [one for one in drawn.cards if part.told[one.key].figure.now.value is not None]
    figures = "".join(kpis.card(one, part.told, kit.scope.place, kit.reader) for one in cards)
    inside = view.inside(part.areas, seen.ranked)
    words = sentence.say(theme.words, sentence.Facts(part.told, inside, seen, drawn), kit.reader)
    note = f'<p class="note">{escape(kit.say(NOTES[theme.figure]))}</p>' if theme.figure in NOTES else ""
    body = f'<div class="figures" role="list">{figures}</div><p class="sentence">{words}</p>{note}'
    return kit.slide(
        theme.figure, STATE, kit.say(theme.title), body, part.main.context.sources, f"figure of-{len(cards)}"
    )


def _worst(kit: Kit, part: Part) -> Slide | None:
    """The map and the first areas of the ranking, numbered on both; None where areas are not compared."""
    indicator, seen = part.indicator, part.subject.seen
    inside = view.inside(part.areas, seen.ranked)
    if int(inside[indicator.key].notna().sum()) < FEWEST or not part.subject.theme.mapped:
        return None
    scale = colours.scale(indicator, view.values(inside, indicator.key), kit.scope.filter("classes"))
    average = view.average(inside, part.main.figure.now.value, indicator, seen.chosen)
    ranking = tables.ranking(inside, indicator, scale, average, seen.chosen, kit.reader)
    first = [row for row in ranking["rows"] if row["colour"] and not row["few"]][:WORST]
    title = N_("{label}: where it is lowest") if indicator.good == "high" else N_("{label}: where it is highest")
    title = kit.say(title, label=kit.say(indicator.label))
    lines = "".join(
        _line(
            at, row["name"], kit.around(row, "parent"), row["value"], row["length"], row["colour"], ranking["average"]
        )
        for at, row in enumerate(first, 1)
    )
    beside = ""
    if average is not None and tables.compared(indicator):
        value = colours.shown(average, indicator, kit.reader)
        beside = f'<p class="note">{rich(N_("dotted line = average {average}"), kit.reader, average=value)}</p>'
    if part.drawing.outside:
        beside += f'<p class="note">{rich(maps.OUTSIDE, kit.reader, count=part.drawing.outside)}</p>'
    drawn = _map(part, scale, first, title, seen.chosen)
    legend = _legend(kit, scale, indicator, bool(inside[indicator.key].isna().any()))
    if part.drawing.schematic:
        legend += f'<p class="borders">{rich(N_("Schematic borders, not official ones."), kit.reader)}</p>'
    body = f'<div class="drawn">{drawn}{legend}</div><div class="ranked"><ol class="lines">{lines}</ol>{beside}</div>'
    return kit.slide(f"worst-{indicator.key}", ATTENTION, title, body, part.main.context.sources, "split")


def _map(part: Part, scale: colours.Scale, first: Sequence[Mapping[str, Any]], label: str, chosen: str) -> str:
    key = part.indicator.key
    values = dict(zip(part.areas["code"], view.values(part.areas, key), strict=True))
    marks = [Mark(row["code"], str(at), row["name"] if at <= NAMED else "") for at, row in enumerate(first, 1)]
    filled = {str(code): scale.colour(value) for code, value in values.items()}
    return outlines.svg(part.drawing, _name(part.subject.seen), key, filled, marks, label, chosen)


def _legend(kit: Kit, scale: colours.Scale, indicator: Indicator, unknown: bool) -> str:
    """The classes in words, and the hatch where an area has no data."""
    classes = [
        (f'style="background:{colour}"', words) for colour, words in colours.legend(scale, indicator, kit.reader)
    ]
    if unknown:
        classes.append(('class="hatched"', kit.say(N_("no data"))))
    return f'<ul class="legend">{"".join(f"<li><i {drawn}></i>{escape(words)}</li>" for drawn, words in classes)}</ul>'


def _needs(kit: Kit, offices: Offices) -> Slide | None:
    """How many families have needs that no programme answers, and which need is the most frequent."""
    found, registered = offices.found, offices.found.families("registered")
    several = handover.several(found)
    open_ = {key: found.families(interventions.OPEN, key) for key in NEEDS}
    if not registered or not several[1]:
        return None
    families = kit.say(kpis.UNITS["families"])
    labels = (N_("one need or more"), N_("{count} needs or more"))
    figures = "".join(
        _card(
            capital(kit.say(label, count=least)),
            number(several[least], kit.reader),
            families,
            kit.say(N_("{share} of {whole}"), share=percent(several[least] / registered, kit.reader), whole=registered),
        )
        for label, least in zip(labels, MANY, strict=True)
    )
    first = max(open_, key=lambda key: open_[key])
    words = rich(
        N_("Needs that no programme has answered yet; most often **{need}** ({count} families)."),
        kit.reader,
        need=in_sentence(kit.say(NEEDS[first].label)),
        count=open_[first],
    )
    body = f'<div class="figures" role="list">{figures}</div><p class="sentence">{words}</p>'
    return kit.slide("needs", STATE, kit.say(N_("Interventions")), body, found.context.sources, "figure of-2")


def _changed(kit: Kit, found: Comparison) -> Slide:
    """Who entered, who left, what was updated since the compared date."""
    cards = {card["kind"]: card for card in comparison.cards(found, "", kit.reader)}
    shown = [cards[kind] for kind in ("entered", "left", "updated") if not cards[kind]["disabled"]]
    figures = "".join(_card(card["label"], card["amount"], card["unit"], card["note"]) for card in shown)
    title = kit.say(N_("Since {day}"), day=found.context.compare or "")
    register = sources.name(found.register, kit.reader)
    body = f'<div class="figures" role="list">{figures}</div>'
    title = f"{register}: {in_sentence(title)}"
    told_by = (*found.context.sources, *found.earlier)
    return kit.slide("changed", CHANGED, title, body, told_by, f"figure of-{len(shown)}")


def _moved(kit: Kit, part: Part) -> Slide | None:
    """The areas where the figure became worse since the compared date, most first; where it became better everywhere,
    those where it did least. None where nothing is compared.
    """
    indicator, seen = part.indicator, part.subject.seen
    column, compare = f"{indicator.key}_change", part.main.context.compare
    inside = view.inside(part.areas, seen.ranked)
    known = inside[inside[column].notna()].sort_values([column, "name"], ascending=[indicator.good == "high", True])
    steps = [(row, *colours.moved(float(row[column]), indicator, kit.reader)) for row in view.records(known)]
    worse = [one for one in steps if kpis.judgement(one[1], indicator) == "worse"]
    better = [one for one in steps if kpis.judgement(one[1], indicator) == "better"]
    title = N_("{label}: where it became worse") if worse else N_("{label}: nowhere worse")
    message = (
        N_("of {total} {level} became worse since {day}")
        if worse
        else N_("of {total} {level} became better since {day}; these the least")
    )
    shown = worse or better
    if len(known) < FEWEST or compare is None or not shown:
        return None
    most = max(abs(step) for _, step, _ in shown[:WORST])
    points = N_("{amount} points") if indicator.is_share else "{amount}"
    lines = "".join(
        _line(
            at,
            str(row["name"]),
            kit.around(row),
            f"{'▲' if step > 0 else '▼'} {kit.say(points, amount=amount)}",
            abs(step) / most,
            "var(--attention)" if worse else None,
        )
        for at, (row, step, amount) in enumerate(shown[:WORST], 1)
    )
    level = kit.say(view.LEVEL_NAMES[seen.by])
    words = rich(message, kit.reader, total=len(known), level=level, day=compare)
    body = f'<div class="told"><p class="amount">{number(len(shown), kit.reader)}</p>'
    body += f'<p class="sentence">{words}</p></div><div class="ranked"><ol class="lines">{lines}</ol></div>'
    title = kit.say(title, label=kit.say(indicator.label))
    return kit.slide(f"moved-{indicator.key}", CHANGED, title, body, part.main.context.sources, "split")


def _list(kit: Kit, part: Part, key: str) -> Task | None:
    """Whom a figure leaves to be worked off; None where nobody is, or no list names them."""
    told, indicator = part.told.get(key), part.subject.drawn.known.get(key)
    if indicator is None or told is None:
        return None
    target = links.listed(replace(kit.scope, filters=()), indicator, told.context, indicator.lacks)
    count = links.count(told.figure, indicator, indicator.lacks)
    if target is None or not count or not kit.lists(target.place):
        return None
    inside = view.inside(part.areas, part.subject.seen.ranked)
    inside = inside.assign(families=_behind(inside, indicator)) if key in inside else inside.iloc[:0]
    words = kit.say(indicator.behind_label, count=count) + " →"
    title = kit.say(indicator.label if len(part.subject.theme.lists) > 1 else part.subject.theme.title)
    slide = _tasks(kit, f"list-{key}", title, count, words, target, inside, "families", told.context)
    about = words.removesuffix(" →")
    return Task(slide, kit.say(part.subject.theme.title), about, number(count, kit.reader), target)


def _office(kit: Kit, offices: Offices, key: str) -> Task | None:
    """The families whose open needs an office answers; None where there are none."""
    count, label = offices.found.families("agencies", key), kit.say(AGENCIES[key].label)
    if not count or not kit.lists(kit.scope.place):
        return None
    target = interventions.listed(replace(kit.scope, filters=()), offices.found, "agencies", key)
    words = kit.say(N_("List for {agency}: {count} families →"), agency=label, count=count)
    inside, column = view.inside(offices.areas, offices.seen.ranked), f"agencies_{key}"
    inside = inside if column in inside else inside.iloc[:0]
    does = kit.say(AGENCIES[key].does)
    context = offices.found.context
    slide = _tasks(kit, f"office-{key}", f"{label}: {does}", count, words, target, inside, column, context)
    return Task(slide, label, does, f"{number(count, kit.reader)} {kit.say(kpis.UNITS['families'])}", target)


def _assigned(kit: Kit, tasks: Sequence[Task]) -> Slide | None:
    """Every office with the list that it takes home; None where there is no list."""
    lines = "".join(
        f'<li><span class="number">{at}</span><span class="area">'
        f'<b><a href="{escape(links.address(task.target, kit.reader))}">{escape(task.name)}</a></b>'
        f'<small>{escape(task.about)}</small></span><span class="value">{escape(task.amount)}</span></li>'
        for at, task in enumerate(tasks[:ASSIGNED], 1)
    )
    body = f'<ol class="lines handed">{lines}</ol>'
    return kit.slide("assigned", LISTS, kit.say(N_("Who works off which list")), body) if lines else None


def _tasks(
    kit: Kit,
    key: str,
    title: str,
    count: int,
    words: str,
    target: Scope,
    areas: pd.DataFrame,
    column: str,
    context: Context,
) -> Slide:
    """How many are to be worked off, at which address their list is, and the areas (counts in `column`) with most."""
    address, words = escape(links.address(target, kit.reader)), words.replace(" →", "\u00a0→")
    lines = ""
    if len(areas) > 1:
        most = areas[areas[column].fillna(0) > 0].sort_values([column, "name"], ascending=[False, True]).head(WORST)
        longest = float(most[column].max()) if len(most) else 1.0
        lines = "".join(
            _line(at, str(row["name"]), kit.around(row), number(int(row[column]), kit.reader), row[column] / longest)
            for at, row in enumerate(view.records(most), 1)
        )
    body = (
        f'<div class="told"><p class="amount">{number(count, kit.reader)}</p>'
        f'<p class="list"><a href="{address}">{escape(words)}</a></p><p class="address">/{address}</p></div>'
    )
    body += f'<div class="ranked"><ol class="lines">{lines}</ol></div>' if lines else ""
    return kit.slide(key, LISTS, title, body, context.sources, "split")


def _behind(areas: pd.DataFrame, indicator: Indicator) -> "pd.Series[Any]":
    """By area, how many stand behind a figure: those lacking to a share that should be high, else those counted."""
    if not indicator.is_ratio:
        return areas[indicator.key]
    counted, whole = areas[f"{indicator.key}_numerator"], areas[f"{indicator.key}_denominator"]
    return whole - counted if indicator.lacks else counted


def _decisions(kit: Kit) -> Slide:
    heads = "".join(
        f'<th scope="col">{escape(kit.say(words))}</th>' for words in (N_("What"), N_("Who"), N_("Until when"))
    )
    rows = "".join(f'<tr><th scope="row">{at}</th><td></td><td></td><td></td></tr>' for at in range(1, LINES + 1))
    numbered = f'<th scope="col">{escape(kit.say(N_("No.")))}</th>'
    body = f'<table class="decisions"><thead><tr>{numbered}{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return kit.slide("decisions", DECISIONS, kit.say(N_("What was decided")), body)


def _sources(kit: Kit, contexts: Iterable[Context]) -> Slide:
    found = sorted(sources.together(contexts).sources, key=lambda one: (one.register, one.place))
    rows = "".join(
        f"<li><b>{escape(sources.name(source.register, kit.reader))}</b> {escape(source.file)}"
        f" <span>{rich('{day}', kit.reader, day=source.period)}</span></li>"
        for source in found[:FILES]
    )
    if len(found) > FILES:
        rows += f"<li>{rich(N_('and {count} more files'), kit.reader, count=len(found) - FILES)}</li>"
    words = rich(N_("SAMPLE DATA: invented persons, realistic figures."), kit.reader) if kit.sample else ""
    note = f'<p class="note">{words}</p>' if words else ""
    return kit.slide(
        "sources", DECISIONS, kit.say(N_("Sources")), f'<ul class="files">{rows}</ul>{note}', kind="listing"
    )


def _line(
    at: int, name: str, around: str, value: str, length: float, colour: str | None = None, average: float | None = None
) -> str:
    """A row of a ranking: its number (as on the map), name and place around it, a bar, the figure."""
    mark = f'<i class="average" style="left:{percent(average, "en")}"></i>' if average is not None else ""
    fill = f";background:{colour}" if colour else ""
    return (
        f'<li><span class="number">{at}</span>'
        f'<span class="area"><b>{escape(name)}</b><small>{escape(around)}</small></span>'
        f'<span class="track" aria-hidden="true"><i class="length" style="width:{percent(length, "en")}{fill}"></i>'
        f'{mark}</span><span class="value">{escape(value)}</span></li>'
    )


def _card(label: str, amount: str, unit: str, note: str) -> str:
    """A number as the cards of figures look."""
    return (
        f'<section class="kpi" role="listitem"><h2>{escape(label)}</h2><p class="amount">{escape(amount)}'
        f'<small>{escape(unit)}</small></p><p class="behind"><span>{escape(note)}</span></p></section>'
    )


def _name(seen: View) -> str:
    """Tells the shapes of one view from those of another."""
    return f"{SHAPES}-{seen.by}-{seen.ranked or 'all'}"


def asked_for(subject: Subject) -> tuple[str, ...]:
    """The figures that are asked for by area: the mapped one, and those of the lists that lie in areas."""
    known, first = subject.drawn.known, subject.indicator.key
    others = [key for key in subject.theme.lists if key in known and key != first]
    return (first, *(key for key in others if known[key].unit != "rows"))


def compared(parts: Sequence[Part], register: Collection[str]) -> tuple[Part, ...]:
    """The parts whose change by area is worth a slide: shares with a good direction of this register."""
    return tuple(
        part for part in parts if part.indicator.good != "neutral" and set(part.indicator.registers) & set(register)
    )
