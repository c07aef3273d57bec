"""*Ringkasan*: the state of a place, a card a theme, each at its own register's date and with what it leads to."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import streamlit as st

from components import documents, filters, findings, header, kpis, maps, meeting, navigation, sentence, sources, spread
from components.address import go, language, say
from components.colours import shown
from components.findings import Facts
from components.flows import COLOURS
from components.kpis import Told
from components.rich import rich
from components.routes import STATIC
from components.view import Drawn
from data.definitions.catalogue import FIELDS, INDICATORS
from data.definitions.indicators import Indicator
from data.definitions.overview import FIGURES, SCREEN, THEMES, Theme
from data.overview import RECIPIENTS, Reach
from data.places.reference import place as known_place
from data.queries import Context
from data.scope import Scope
from data.wording import N_, Language, number, percent, translate

HEIGHT: Final = 350
"""Pixels of a map that stands in one of three columns."""
FIRST: Final = 3
"""Programmes that a card names."""


# The head: what matters, in words


def matters(facts: Facts, drawn: Drawn, reader: Language) -> str:
    """The sentence of the screen as HTML: how far the register is, how many areas are behind, which is the lowest."""
    key = sentence.HEADLINE.key
    if facts.value(key) is None or facts.seen.by != "kelurahan":
        return sentence.say("", sentence.Facts(facts.told, facts.areas, facts.seen, drawn), reader)
    found = facts.told[key]
    said = sentence.coverage({key: found.figure}, facts.areas, found.context, facts.seen.chosen, reader)
    known = facts.known(key).sort_values([key, "name"])
    if known.empty:
        return said
    first = known.iloc[0]
    lowest = shown(float(first[key]), sentence.HEADLINE, reader)
    return f"{said} {rich(N_('Lowest: **{name}, {value}**.'), reader, name=str(first['name']), value=lowest)}"


def choices(scope: Scope, places: Collection[str], briefing: documents.Briefing) -> None:
    """The place, the way back to the newest data, and at the right what can be taken into a meeting."""
    with st.container(key="filters", horizontal=True, gap="small"):
        filters.choose_place(known_place(scope.place).name if scope.place else say(N_("All")), places)
        if scope.period:
            newest = replace(scope, period=None, compare=None)
            words = say(N_("As of {day}: back to the newest data"), day=scope.period)
            st.button(words, key="newest", on_click=go, args=(newest,))
        with header.actions():
            meeting.link()
            if briefing.cards or briefing.apart:
                documents.briefing_button(briefing)
                documents.sheets.order(scope)


def briefing(
    facts: Facts, reach: Reach, sentence: str, found: Sequence[findings.Found], shown: documents.Shown
) -> documents.Briefing:
    """The screen as a document: the figures that are known here, its sentence, its findings, its map."""
    told = {**facts.told, RECIPIENTS.key: Told(reach.figure, facts.scope.place, reach.context)}
    known = [one for one in (*FIGURES, RECIPIENTS) if told[one.key].context.period]
    apart = {key for theme in THEMES for key in theme.apart}
    return documents.Briefing(
        title=say(SCREEN.title),
        place=facts.scope.place,
        sentence=sentence,
        cards=tuple(one for one in known if one.key not in apart),
        apart=tuple(one for one in known if one.key in apart),
        told=told,
        shown=shown if told[shown.indicator.key].context.period else None,
        findings=tuple(findings.words(one, language()) for one in found),
    )


def show_findings(found: Sequence[findings.Found]) -> None:
    """What deserves attention, worst first; every sentence is a link to its screen."""
    with st.container(key="card_findings"):
        header.card_head(say(N_("What needs attention")))
        if not found:
            st.html(f'<p class="calm">{rich(N_("By the rules of this screen nothing stands out."), language())}</p>')
        for one in found:
            with st.container(key=f"finding_{one.rule}"):
                if navigation.opens(one.screen, one.about.place):
                    navigation.link(one.screen, findings.label(one, language()), one.about)
                else:
                    st.html(f'<p class="calm">{findings.words(one, language())}</p>')


def show_areas(
    shown: documents.Shown, contexts: Sequence[Context], menu: Sequence[Indicator], choose: Callable[[str], None]
) -> None:
    """Map and ranking of one figure; a click on an area goes there."""
    indicator, seen, title = shown.indicator, shown.seen, say(SCREEN.title)
    with st.container(key="card_map"):
        header.map_head(maps.title(seen.by), maps.caption(indicator, shown.shapes.schematic), menu, indicator)
        spread.draw_map(shown, title, contexts, choose, menu, HEIGHT)
    with st.container(key="card_ranking"):
        spread.draw_ranking(shown, title, contexts, choose)


# The themes


@dataclass(frozen=True)
class Part:
    """A part of a whole: `low` and `high` say between what it lies; `look` is its colour, empty where not known."""

    label: str
    count: int
    look: str = ""
    low: int | None = None
    high: int | None = None


def show_large(told: Mapping[str, Told], scope: Scope) -> None:
    with st.container(key="themes_large"):
        for theme in THEMES:
            if theme.large:
                _show(theme, told, scope)


def show_calm(told: Mapping[str, Told], reach: Reach, scope: Scope) -> None:
    with st.container(key="themes_calm"):
        for theme in THEMES:
            if not theme.large:
                _show(theme, told, scope)
        _show_programmes(reach, scope)


def _show(theme: Theme, told: Mapping[str, Told], scope: Scope) -> None:
    """A card and its links: whom it is about, and where more of it stands."""
    with st.container(key=f"card_theme_{'large' if theme.large else 'calm'}_{theme.key}"):
        st.html(card(theme, told, scope.place, language()))
        with st.container(key=f"theme_foot_{theme.key}", horizontal=True):
            for key in theme.behind:
                navigation.action(scope, INDICATORS[key], told[key], key=f"behind_{key}")
            for screen, register in theme.leads:
                about = replace(scope, indicator=theme.figures[0], register=register or Scope.register)
                navigation.link(screen, f"{say(navigation.SCREENS[screen][1])} →", about)
            if not told[theme.figures[0]].context.period:
                navigation.link("imports", say(N_("Import data →")))


def _show_programmes(reach: Reach, scope: Scope) -> None:
    found = Told(reach.figure, scope.place, reach.context)
    with st.container(key="card_theme_calm_programmes"):
        st.html(programmes(reach, scope.place, language()))
        with st.container(key="theme_foot_programmes", horizontal=True):
            navigation.action(scope, RECIPIENTS, found, key="behind_recipients")
            navigation.link("interventions", f"{say(navigation.SCREENS['interventions'][1])} →")
            if not reach.context.period:
                navigation.link("imports", say(N_("Import data →")))


def card(theme: Theme, told: Mapping[str, Told], place: str, reader: Language) -> str:
    """A theme as HTML; what stands apart in it has its own figure, source and date."""
    tellings = [telling(INDICATORS[theme.figures[0]], told, place, reader)]
    tellings += [telling(INDICATORS[key], told, place, reader, apart=True) for key in theme.apart[:1]]
    return _theme(theme.key, theme.title, tellings, reader)


def programmes(reach: Reach, place: str, reader: Language) -> str:
    """Whom programmes reach, as HTML: by the lists of recipients, and apart from it by the marks of the register."""
    told = {RECIPIENTS.key: Told(reach.figure, place, reach.context)}
    listed = dict(list(reach.listed.items())[:FIRST])
    marked = {translate(FIELDS[key].label, reader): count for key, count in list(reach.marked.items())[:FIRST]}
    drawn = telling(RECIPIENTS, told, place, reader, _named(listed, reader))
    if marked and reach.register.period:
        words = rich(N_("Marked in {register} ({day}), never added to the lists:"), reader,
                     register=sources.name("dtks", reader), day=reach.register.period)  # fmt: skip
        drawn += f'<div class="aside"><p class="note">{words}</p>{_named(marked, reader)}</div>'
    return _theme("programmes", N_("Reach of programmes"), [drawn], reader)


def _theme(key: str, title: str, tellings: Sequence[str], reader: Language) -> str:
    return (
        f'<article class="theme" data-theme="{key}"><h2 class="theme-title">{escape(translate(title, reader))}</h2>'
        f'<div class="tellings">{"".join(tellings)}</div></article>'
    )


def telling(
    indicator: Indicator, told: Mapping[str, Told], place: str, reader: Language, more: str = "", apart: bool = False
) -> str:
    """A figure with what explains it, its source and its date; where it has none, which file would fill it."""
    found = told[indicator.key]
    if not found.context.period:
        return f'<div class="telling">{_lacking(indicator, apart, reader)}</div>'
    own = {indicator.key: found, **told}  # A card says the date of what another register tells than the first one.
    explained = EXPLAINED[indicator.key](told, reader) if indicator.key in EXPLAINED else more
    drawn = kpis.card(indicator, own, place, reader, apart=apart)
    return f'<div class="telling"><div role="list">{drawn}</div>{explained}{dated(indicator, found, reader)}</div>'


def dated(indicator: Indicator, found: Told, reader: Language) -> str:
    """Which register tells a figure, of when, and what it is compared with."""
    period, before = found.context.period, found.context.compare
    if period is None:
        return ""
    own = dict.fromkeys(s.register for s in found.context.sources if s.register in indicator.registers)
    names = ", ".join(sources.name(key, reader) for key in own or indicator.registers[:1])
    words = {"source": names, "day": kpis.when(period, indicator, reader)}
    if before and found.figure.before and found.figure.before.value is not None:
        message = N_("{source}, {day}; compared with {before}")
        return f'<p class="dated">{rich(message, reader, before=kpis.when(before, indicator, reader), **words)}</p>'
    return f'<p class="dated">{rich(N_("{source}, {day}"), reader, **words)}</p>'


def _lacking(indicator: Indicator, apart: bool, reader: Language) -> str:
    names = rich(
        N_("Not known yet. It would be filled by: **{names}**."),
        reader,
        names=", ".join(sources.name(key, reader) for key in (*indicator.registers, *indicator.denominator_registers)),
    )
    mark = f'<span class="mark calm">{escape(translate(N_("apart"), reader))}</span>' if apart else ""
    return (
        f'<section class="kpi"><h3>{escape(translate(indicator.label, reader))}{mark}</h3>'
        f'<p class="wanting">{names}</p></section>'
    )


# What explains a figure


def _target(told: Mapping[str, Told], reader: Language) -> str:
    """The way to 100 per cent, and what it is by families."""
    value = told["dtks_updated_share"].figure.now.value
    families = told["dtks_updated_family_share"].figure.now.value
    if value is None:
        return ""
    words = [rich(N_("families {share}"), reader, share=percent(families, reader)), rich(N_("target 100%"), reader)]
    bar = f'<i class="track" aria-hidden="true" style="--at:{100 * value:.2f}%"></i>'
    return f'{bar}<p class="note">{" · ".join(words)}</p>'


def _nik(told: Mapping[str, Told], reader: Language) -> str:
    valid, unknown = (told[key].figure.now for key in ("nik_valid_share", "nik_unknown_share"))
    if valid.numerator is None or valid.denominator is None or unknown.numerator is None:
        return ""
    wrong = valid.denominator - valid.numerator - unknown.numerator
    return parts(
        (
            Part(N_("matched"), valid.numerator, COLOURS["registered"]),
            Part(N_("not matched"), wrong, COLOURS["unregistered"]),
            Part(N_("not yet checked"), unknown.numerator),
        ),
        reader,
    )


def _decile(told: Mapping[str, Told], reader: Language) -> str:
    value = told["decile_1_share"].figure.now
    if value.value is None or value.numerator is None:
        return ""
    message = N_("of them decile 1: {count} persons, {share} of the residents")
    said = rich(message, reader, count=value.numerator, share=percent(value.value, reader))
    return f'<p class="note">{said}</p>'


OUTCOMES: Final = (
    ("registered", N_("registered")),
    ("family_only", N_("family only")),
    ("unregistered", N_("not registered")),
    ("undecided", N_("undecided")),
)
"""What becomes of a stunted child in the social register, in four parts that are the whole."""


def _stunting(told: Mapping[str, Told], reader: Language) -> str:
    """Where the stunted children stand in the register, the undecided included, with what review could change."""
    share = told["stunted_registered_share"]
    now = share.figure.now
    if not share.context.period or now.numerator is None or not now.denominator:
        words = N_("Not matched with the social register yet, so it is not known who of them is registered.")
        return f'<p class="note">{rich(words, reader)}</p>'
    counts = {key: told[f"stunted_{key}"].figure.now for key, _ in OUTCOMES[1:]}
    ends = (None if end is None else end * now.denominator for end in (now.low, now.high))
    found = [_part("registered", OUTCOMES[0][1], now.numerator, *ends)]
    found += [_part(key, label, counts[key].value, counts[key].low, counts[key].high) for key, label in OUTCOMES[1:]]
    right = [key for key in dict.fromkeys(one.register for one in share.context.sources) if key != "eppgbm"]
    register = " / ".join(sources.name(key, reader) for key in right)
    head = rich(N_("In {register}, of {count} stunted children"), reader, register=register, count=now.denominator)
    return f'<p class="note">{head}</p>{parts(found, reader, 0)}'


def _part(key: str, label: str, *numbers: float | None) -> Part:
    count, low, high = (None if number is None else round(number) for number in numbers)
    return Part(label, count or 0, "" if key == "undecided" else COLOURS[key], low, high)


def _ppks(told: Mapping[str, Told], reader: Language) -> str:
    rate = told["ppks_per_1000"].figure.now.value
    if rate is None:
        return ""
    words = rich(N_("{rate} per 1,000 residents"), reader, rate=shown(rate, INDICATORS["ppks_per_1000"], reader))
    return f'<p class="note">{words}</p>'


def _krs(told: Mapping[str, Told], reader: Language) -> str:
    found = told["krs_decile_1_4_share"]
    now = found.figure.now
    if not found.context.period or now.numerator is None or not now.denominator:
        return f'<p class="note">{rich(N_("Not matched with a register with deciles yet."), reader)}</p>'
    ends = [None if end is None else round(end * now.denominator) for end in (now.low, now.high)]
    inside = Part(N_("in deciles 1–4"), now.numerator, COLOURS["decile_1"], *ends)
    rest = Part(N_("others or undecided"), now.denominator - now.numerator, COLOURS["gone"])
    return parts((inside, rest), reader)


EXPLAINED: Final[Mapping[str, Callable[[Mapping[str, Told], Language], str]]] = {
    "dtks_updated_share": _target,
    "nik_valid_share": _nik,
    "decile_1_4_share": _decile,
    "stunting_share": _stunting,
    "ppks_persons": _ppks,
    "krs_families": _krs,
}


def parts(found: Sequence[Part], reader: Language, digits: int = 1) -> str:
    """A whole and its parts as HTML: a bar, and in words every part with its number, its share and its bounds."""
    whole = sum(part.count for part in found)
    if not whole:
        return ""
    drawn = [part for part in found if part.count]
    bar = "".join(f'<i{_style(part)} style="flex-grow:{part.count}{_colour(part)}"></i>' for part in drawn)
    rows = "".join(_row(part, whole, reader, digits) for part in found)
    return f'<div class="parts" aria-hidden="true">{bar}</div><ul class="parts-key">{rows}</ul>'


def _row(part: Part, whole: int, reader: Language, digits: int) -> str:
    between = ""
    if part.low is not None and part.high is not None and part.low != part.high:
        between = f" · {number(part.low, reader)}–{number(part.high, reader)}"
    said = f"{percent(part.count / whole, reader, digits)}{between}"
    return (
        f'<li><i{_style(part)} style="{_colour(part)}"></i><b>{number(part.count, reader)}</b>'
        f" {escape(translate(part.label, reader))} <small>{said}</small></li>"
    )


def _style(part: Part) -> str:
    return "" if part.look else ' class="hatched"'


def _colour(part: Part) -> str:
    return f";background:{part.look}" if part.look else ""


def _named(counts: Mapping[str, int], reader: Language) -> str:
    """Words with numbers, from files too, as HTML."""
    rows = "".join(f"<li>{escape(name)} <b>{number(count, reader)}</b></li>" for name, count in counts.items())
    return f'<ul class="named">{rows}</ul>' if rows else ""


def foot(contexts: Sequence[Context]) -> None:
    """Every file and definition; each card says its own register and date, so they are folded."""
    told = sources.build(sources.together(contexts), (*FIGURES, RECIPIENTS), language())
    st.html(
        f'<details class="source"><summary>{rich(N_("Sources and definitions"), language())}</summary>{told}</details>'
    )


def style() -> None:
    st.html(STATIC / "overview.css")
