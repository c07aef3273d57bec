"""Two registers side by side: what became of the records of the one in the other, how sure that is, what to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final, NoReturn

import pandas as pd
import streamlit as st
from babel.dates import format_datetime
from streamlit.delta_generator import DeltaGenerator

from components import comparison, documents, filters, header, kpis, navigation, sources
from components.address import go, language, say
from components.ask import STORE, current, viewer
from components.colours import moved, shown
from components.rich import rich
from components.view import LEVEL_NAMES, records
from data.definitions.catalogue import LINKAGES
from data.definitions.indicators import Indicator, Unit
from data.definitions.linkages import Linkage
from data.definitions.roles import Right
from data.evaluation import Value
from data.linkage import background
from data.overlap import Count, Quality, Summary
from data.places.reference import Level
from data.queries import Context, Figure
from data.scope import Scope
from data.wording import N_, Language, capital, number, percent, translate

UNITS: Final[Mapping[str, Unit]] = {"children": "children", "risk_families": "families", "recipients": "persons"}
GOOD: Final[Mapping[str, Any]] = {"registered": "high", "unregistered": "low", "undecided": "low"}
"""Outcomes of which more is better or worse; the others are neither."""
SHORT: Final[Mapping[str, str]] = {
    "registered": N_("Registered"),
    "family_only": N_("Family only"),
    "unregistered": N_("Not registered"),
    "undecided": N_("Undecided"),
    "decile_1_4": N_("Deciles 1–4"),
    "no_decile": N_("No decile"),
}
"""Short headings of outcomes."""
SEE: Final[Mapping[str, str]] = {
    "children": N_("See {count} children"),
    "families": N_("See {count} families"),
    "persons": N_("See {count} persons"),
}
POLL: Final = 2.0


# Choices


@dataclass(frozen=True)
class Chosen:
    """What the screen shows: a linkage, an outcome by its code in the by-name list, as a share or as a count."""

    linkage: Linkage
    code: str
    share: bool

    @property
    def measure(self) -> str:
        return codes(self.linkage)[self.code]

    @property
    def indicator(self) -> Indicator:
        """The outcome as map, ranking and chart know figures."""
        return indicator(self.linkage, self.code, self.share)

    @property
    def unit(self) -> Unit:
        return UNITS[self.linkage.key]


def chosen(scope: Scope, linkages: Sequence[str]) -> Chosen:
    """The linkage of the register that the address names, else the first; the outcome asked for, else that of the
    linkage's first figure.
    """
    choices = [LINKAGES[key] for key in linkages]
    linkage = next((one for one in choices if one.left == scope.register), choices[0])
    asked, first = scope.filter("match") or "", linkage.indicators[0].counted or linkage.indicators[0].behind
    code = asked if asked in codes(linkage) or not first else first[1]
    return Chosen(linkage, code, scope.filter("shown") != "count")


def codes(linkage: Linkage) -> dict[str, str]:
    """The measures of a linkage by the code that the by-name list has for them.

    >>> codes(LINKAGES["risk_families"])["decile_1_4"]
    'krs_decile_1_4'
    """
    return {measure.partition("_")[2]: measure for measure in linkage.measures}


def carded(linkage: Linkage) -> tuple[str, ...]:
    """The codes that together are everybody: those that no wider one contains.

    >>> carded(LINKAGES["risk_families"])
    ('decile_1_4', 'decile_5_10', 'no_decile', 'unregistered', 'undecided')
    """
    measures = linkage.measures
    return tuple(
        code
        for code, measure in codes(linkage).items()
        if not any(set(measures[measure]) < set(wider) for wider in measures.values())
    )


def label(linkage: Linkage, code: str) -> str:
    """An outcome in words (a message)."""
    own = {outcome.key: outcome.label for outcome in linkage.outcomes}
    return own.get(code) or SHORT[code]


def short(linkage: Linkage, code: str) -> str:
    """The same where room is short."""
    return SHORT.get(code) or label(linkage, code)


def indicator(linkage: Linkage, code: str, share: bool = False) -> Indicator:
    """An outcome as a figure: its share of all units, or their number."""
    measure, declared = codes(linkage)[code], linkage.indicators[0]
    defined = {outcome.key: outcome.definition for outcome in linkage.outcomes}
    return Indicator(
        key=measure,
        label=label(linkage, code),
        unit="share" if share else UNITS[linkage.key],
        numerator=measure,
        denominator=linkage.counted if share else None,
        numerator_label=label(linkage, code),
        denominator_label=declared.denominator_label,
        definition=defined.get(code, declared.definition),
        source=declared.source,
        registers=(linkage.left,),
        good=GOOD.get(code, "neutral"),
        linkage=linkage.key,
    )


def choose_linkage(chosen: Chosen, linkages: Sequence[str]) -> None:
    """Which two registers; an outcome of one means nothing to another."""

    def choose() -> None:
        picked = LINKAGES[st.session_state["choose_linkage"]].left
        go(replace(current(), register=picked).with_filter("match", None))

    st.session_state["choose_linkage"] = chosen.linkage.key
    st.segmented_control(
        say(N_("Registers")),
        list(linkages),
        key="choose_linkage",
        format_func=lambda key: say(LINKAGES[key].label),
        on_change=choose,
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )


def map_head(chosen: Chosen) -> Callable[[str, str], None]:
    """What draws the head of the map's card from its title and note: which outcome, as a share or as a count."""
    return lambda title, note: _map_head(title, note, chosen)


def _map_head(title: str, note: str, chosen: Chosen) -> None:
    found = codes(chosen.linkage)

    def choose() -> None:
        go(current().with_filter("match", st.session_state["choose_outcome"]))

    with st.container(key="map_head", horizontal=True):
        header.card_head(title, note)
        with st.container(key="filter_indicator", width="content"):
            st.menu_button(
                f"**{filters.plain(say(label(chosen.linkage, chosen.code)))}**",
                list(found),
                key="choose_outcome",
                format_func=lambda code: say(label(chosen.linkage, code)),
                on_click=choose,
            )
    filters.measured(chosen.share, usual="share")


# The state of the matching


def head(chosen: Chosen, place: str) -> DeltaGenerator:
    """The way to the place and the title; the sentence comes where the title is returned."""
    header.breadcrumb(place)
    title = st.empty()
    with title:
        header.head(say(chosen.linkage.label))
    return title


def state(found: Summary, chosen: Chosen, here: str) -> None:
    """Says what is lacking or being worked at; ends the screen where there is nothing to show."""
    at_work = matching_at_work()
    if not at_work and found.stale:
        _offer(N_("A register, or the way of matching, has changed since: the figures are those from before."))
    elif not at_work and (failure := background.failed(STORE)):
        _offer(N_("The last matching failed ({reason}); the figures are those from before."), reason=failure)
    if found.why == "partly":
        words = N_("Only a part of {place} has both registers, so there are no figures for it as a whole yet.")
        st.html(f'<p class="lacking">{rich(words, language(), place=here)}</p>')
    elif found.why:
        _nothing(found.why, chosen.linkage, here, at_work)


def _nothing(why: str, linkage: Linkage, here: str, at_work: bool) -> NoReturn:
    lacking = {"no_left": (linkage.left,), "no_right": linkage.rights}.get(why, ())
    with st.container(key="card_empty"):
        header.message(absent(why, linkage), place=here)
        if lacking:
            st.html(sources.wanted(lacking, language()))
            with st.container(key="action"):
                navigation.link("imports", label=say(N_("Import data →")))
        elif not at_work and viewer().may(Right.REVIEW):
            st.button(say(N_("Match now")), type="primary", on_click=start_matching)
    st.stop()


def absent(why: str, linkage: Linkage) -> str:
    """Why there is nothing to show, in words with {place}."""
    if why == "no_left":
        return {
            "children": N_("There are no measurements of children (e-PPGBM) for {place} yet. Import one of these:"),
            "risk_families": N_("There is no list of families at risk (KRS) for {place} yet. Import one of these:"),
        }.get(linkage.key, N_("There is no list of recipients for {place} yet. Import one of these:"))
    if why == "no_right" and linkage.needs:
        return N_("There is no register with deciles for {place} yet. Import one of these:")
    if why == "no_right":
        return N_("There is no social register by name for {place} yet. Import one of these:")
    return N_("The registers of {place} are there; they have not been matched with each other yet.")


def _offer(message: str, **values: str) -> None:
    with st.container(key="matching", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="lacking">{rich(message, language(), **values)}</p>', width="content")
        if viewer().may(Right.REVIEW):
            st.button(say(N_("Match again")), on_click=start_matching)


def start_matching() -> None:
    """Starts a matching in the background."""
    background.start(STORE)


def matching_at_work() -> bool:
    """Whether registers are being matched; shows how far that is."""
    at_work = background.running(STORE) is not None
    if at_work:
        _progress()
    return at_work


@st.fragment(run_every=POLL)
def _progress() -> None:
    at_work = background.running(STORE)
    if not at_work:
        st.rerun()
    words = say(N_("The registers are being matched; you can leave this page, the work goes on."))
    if at_work.total:
        words += " " + say(N_("{done} of {total} done."), done=at_work.done, total=at_work.total)
    st.progress(at_work.done / at_work.total if at_work.total else 0.0, text=words)


# What matters, in words


def sentence(found: Summary, areas: pd.DataFrame, chosen: Chosen, place: str, by: Level, reader: Language) -> str:
    """How many stand in the other register and how many do not, and where most of these are; HTML, empty without a
    run.
    """
    if found.total is None:
        return ""
    if not found.total.value:
        return rich(N_("Nobody in {place} is to be looked for on this date."), reader, place=place)
    numbers = {code: found.counts[measure].value for code, measure in codes(chosen.linkage).items()}
    first = carded(chosen.linkage)[0]
    said = rich(
        SENTENCES[chosen.linkage.key],
        reader,
        **numbers,
        total=found.total.value,
        place=place,
        register=_right(found.context, chosen.linkage, reader),
        share=percent(numbers[first] / found.total.value, reader, 0),
    )
    return f"{said} {_most(areas, codes(chosen.linkage)['unregistered'], by, reader)}".strip()


SENTENCES: Final[Mapping[str, str]] = {
    "children": N_(
        "Of the {total} stunted children in {place}, {registered} ({share}) stand in {register}; of {family_only} the"
        " family does and the child does not yet; **{unregistered} are not registered**; of {undecided} nothing can be"
        " decided."
    ),
    "risk_families": N_(
        "Of the {total} families at risk in {place}, **{decile_1_4} ({share}) stand in deciles 1–4** of {register};"
        " {no_decile} have no decile yet; {unregistered} are not registered; of {undecided} nothing can be decided."
    ),
    "recipients": N_(
        "Of the {total} recipients in {place}, {registered} ({share}) stand in {register}; **{unregistered} do not**;"
        " of {undecided} nothing can be decided."
    ),
}


def _right(context: Context, linkage: Linkage, reader: Language) -> str:
    told = dict.fromkeys(source.register for source in context.sources if source.register in linkage.rights)
    return " / ".join(sources.name(key, reader) for key in told or linkage.rights[:1])


def _most(areas: pd.DataFrame, measure: str, by: Level, reader: Language) -> str:
    known = areas[areas[measure].notna() & (areas[measure] > 0)]
    if len(areas) < 2 or known.empty:
        return ""
    first = known.sort_values([measure, "name"], ascending=[False, True]).iloc[0]
    return rich(
        N_("Most of those not registered: {level} {name} ({count})."),
        reader,
        level=translate(LEVEL_NAMES[by], reader) if by in ("kelurahan", "kecamatan") else "",
        name=str(first["name"]),
        count=int(first[measure]),
    ).replace(":  ", ": ")


# Cards


def show_cards(found: Summary, history: pd.DataFrame, chosen: Chosen, scope: Scope) -> None:
    """The outcomes, each with its list of names; beside them how far they can be trusted."""
    with st.container(key="outcomes"):
        for code in carded(chosen.linkage) if found.total else ():
            with st.container(key=f"card_outcome_{'on' if code == chosen.code else 'off'}_{code}"):
                st.html(card(found, history, chosen, code, language()))
                with st.container(horizontal=True, vertical_alignment="center", key=f"outcome_foot_{code}"):
                    _foot(found, chosen, code, scope)
    with st.container(key="card_quality", horizontal=True, vertical_alignment="center"):
        st.html(quality(found, language()))
        asked = replace(scope, register=Scope.register).with_filter("linkage", chosen.linkage.key)
        navigation.link("review", say(N_("Review matches →")), asked)


def _foot(found: Summary, chosen: Chosen, code: str, scope: Scope) -> None:
    """The list behind a card, and the way to see it on the map."""
    count = found.counts[codes(chosen.linkage)[code]].value
    if count:
        navigation.link("households", f"{say(SEE[chosen.unit], count=count)} →", listed(scope, chosen.linkage, code))
    st.button(
        say(N_("On the map") if code == chosen.code else N_("Map")),
        key=f"outcome_{code}",
        help=say(N_("Show this outcome on the map")),
        type="tertiary",
        disabled=code == chosen.code,
        on_click=lambda: go(current().with_filter("match", code)),
    )


def listed(scope: Scope, linkage: Linkage, code: str) -> Scope:
    """The by-name list of an outcome."""
    return replace(scope, indicator=Scope.indicator, register=linkage.left, filters=(("match", code),))


def card(found: Summary, history: pd.DataFrame, chosen: Chosen, code: str, reader: Language) -> str:
    """An outcome as HTML: number, share, bounds, change, history."""
    linkage, measure = chosen.linkage, codes(chosen.linkage)[code]
    count, whole = found.counts[measure], found.total.value if found.total else 0
    drawn = figure(found, history, measure)
    counted = indicator(linkage, code)
    share = percent(count.value / whole if whole else None, reader)
    return (
        f'<section class="outcome kpi" data-outcome="{escape(code)}">'
        f"<h2>{escape(translate(label(linkage, code), reader))}</h2>"
        f"{kpis.sparkline(drawn, counted)}"
        f'<p class="amount">{number(count.value, reader)}'
        f"<small>{escape(translate(kpis.UNITS[chosen.unit], reader))} · {share}</small></p>"
        f"{bounds(count, whole, reader)}"
        f'<p class="behind">{kpis.change(drawn, counted, reader)}{_since(found, drawn, reader)}</p></section>'
    )


def _since(found: Summary, drawn: Figure, reader: Language) -> str:
    if not found.context.compare or drawn.before is None:
        return ""
    return f"<span>{rich(N_('since {day}'), reader, day=found.context.compare)}</span>"


def bounds(count: Count, whole: int, reader: Language) -> str:
    """How far the pairs under review could move a number, as a line and in words."""
    if not whole:
        return ""
    at = {
        name: f"{100 * value / whole:.2f}%"
        for name, value in (("low", count.low), ("at", count.value), ("high", count.high))
    }
    line = f'<i class="range" aria-hidden="true" style="--low:{at["low"]};--at:{at["at"]};--high:{at["high"]}"></i>'
    if count.low == count.high:
        words = translate(N_("does not depend on pairs under review"), reader)
    else:
        words = translate(
            N_("{low} to {high} once the pairs under review are settled"), reader, low=count.low, high=count.high
        )
    return f'{line}<p class="bounds">{escape(words)}</p>'


def figure(found: Summary, history: pd.DataFrame, measure: str, share: bool = False) -> Figure:
    """An outcome as charts know figures: now, before, and at every date; a share where asked."""

    def value(count: int | None, whole: int | None) -> Value:
        if count is None or (share and not whole):
            return Value(None)
        return Value(count / whole, count, whole) if share and whole else Value(float(count))

    total = found.total.value if found.total else None
    course = tuple((row["period"], value(int(row[measure]), int(row["total"])).value) for row in records(history))
    before = value(found.before.get(measure), found.before_total) if found.before else None
    now = found.counts[measure].value if measure in found.counts else None
    return Figure(measure, value(now, total), before, course)


def quality(found: Summary, reader: Language) -> str:
    """How good the matching is, as far as reviewed pairs tell, as HTML."""

    def told(message: str, **values: Any) -> str:
        return f"<p>{rich(message, reader, **values)}</p>"

    by_hand: Quality = found.quality
    lines = []
    if by_hand.precision is None:
        lines.append(told(N_("How good it is cannot be said yet: {reviewed} of the {needed} pairs needed were"
                             " reviewed."), reviewed=by_hand.reviewed, needed=by_hand.needed))  # fmt: skip
    else:
        lines.append(
            told(
                N_("Accepted pairs that are right: **{share}** ({low}–{high})"),
                **_interval(by_hand, "precision", reader),
            )
        )
        if by_hand.recall is not None:
            lines.append(
                told(
                    N_("True pairs that were found: **{share}** ({low}–{high})"), **_interval(by_hand, "recall", reader)
                )
            )
        lines.append(told(N_("Estimated from {reviewed} reviewed pairs."), reviewed=by_hand.reviewed))
    waiting = N_("**{waiting} pairs** are waiting for review.") if by_hand.waiting else N_("No pair waits for review.")
    lines.append(told(waiting, waiting=by_hand.waiting))
    if found.made_at:
        day = format_datetime(found.made_at, "d MMMM y, HH.mm" if reader == "id" else "d MMMM y, HH:mm", locale=reader)
        lines.append(told(N_("Matched on {when}: {registers}."), when=day, registers=_sides(found.context, reader)))
    if found.stale:
        lines.append(f'<p><span class="mark">{rich(N_("to be matched again"), reader)}</span></p>')
    title = escape(translate(N_("How sure this is"), reader))
    return f'<section class="quality"><h2>{title}</h2>{"".join(lines)}</section>'


def _interval(by_hand: Quality, what: str, reader: Language) -> dict[str, str]:
    share, low, high = (getattr(by_hand, f"{what}{end}") for end in ("", "_low", "_high"))
    return {
        "share": percent(share, reader),
        "low": percent(low, reader).removesuffix("%"),
        "high": percent(high, reader),
    }


def _sides(context: Context, reader: Language) -> str:
    """The registers with the dates of their data, the one whose records are looked for first."""
    days: dict[str, Any] = {}
    for source in context.sources:
        days[source.register] = max(days.get(source.register, source.period), source.period)
    sides = [
        translate(N_("{register} of {day}"), reader, register=sources.name(key, reader), day=day)
        for key, day in days.items()
    ]
    return " × ".join(filter(None, (*sides[:1], " / ".join(sides[1:]))))


# Areas


def valued(areas: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """The areas with the chosen outcome as map and ranking want it: KEY, KEY_numerator, KEY_denominator, KEY_low,
    KEY_high, KEY_change; a share of an area without anybody is not known.
    """
    key, frame = chosen.measure, areas.copy()
    frame[f"{key}_change"] = (areas[key] - areas[f"{key}_before"]).astype("Float64")
    if not chosen.share:
        frame[key] = areas[key].astype("Float64")
        return frame
    whole, before = areas["total"], areas["total_before"]
    frame[f"{key}_numerator"], frame[f"{key}_denominator"] = areas[key], areas["total"]
    for end in ("", "_low", "_high"):
        frame[f"{key}{end}"] = areas[f"{key}{end}"] / whole
    frame[f"{key}_change"] = frame[key] - areas[f"{key}_before"] / before
    return frame


def show_areas(shown_: documents.Shown, chosen: Chosen, context: Context, choose: Callable[[str], None]) -> None:
    """The table of areas (as `data.overlap.by_area` gives them); a click on a row chooses its place."""
    seen, by = shown_.seen, shown_.seen.tabled_by
    with st.container(key="card_table"):
        header.card_head(capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
        data = table(valued(shown_.tabled, chosen), chosen, by, seen.chosen, language())
        comparison.area_table(data, choose, say(chosen.linkage.label), seen.place, [context])


def table(areas: pd.DataFrame, chosen: Chosen, by: Level, here: str, reader: Language) -> dict[str, Any]:
    """The areas as a table: everybody, every outcome, then the chosen one with its bounds and its change.

    `areas` as `valued` gives them, with the counts of the other outcomes.
    """
    linkage, chosen_indicator, key = chosen.linkage, chosen.indicator, chosen.measure
    others = [code for code in carded(linkage) if code != chosen.code]
    counted = chosen_indicator if chosen.share else indicator(linkage, chosen.code)
    labels = [
        LEVEL_NAMES[by],
        COUNTED[linkage.key],
        short(linkage, chosen.code),
        *(["%"] if chosen.share else []),
        N_("Bounds"),
        N_("Change"),
        *(short(linkage, code) for code in others),
    ]
    rows = []
    for row in records(areas):
        known = {name: None if pd.isna(value) else value for name, value in row.items()}
        count, value = known[f"{key}_numerator" if chosen.share else key], known[key]
        step = known[f"{key}_change"]
        step_shown, amount = (None, "–") if step is None else moved(float(step), counted, reader)
        between = [known[f"{key}{end}"] for end in ("_low", "_high")]
        beside = [known[codes(linkage)[code]] for code in others]
        cells = [
            str(row["name"]),
            _whole(known["total"], reader),
            _whole(count, reader),
            *([shown(_float(value), counted, reader)] if chosen.share else []),
            _between(between, counted, reader),
            f"{'▲' if step_shown > 0 else '▼'} {amount}" if step_shown else amount,
            *(_whole(one, reader) for one in beside),
        ]
        tones = [""] * len(cells)
        tones[4 + chosen.share] = kpis.judgement(step_shown or 0, counted)
        order = [
            str(row["name"]),
            known["total"],
            count,
            *([_float(value)] if chosen.share else []),
            _float(between[0]),
            _float(step),
            *beside,
        ]
        rows.append(
            {"code": row["code"], "cells": cells, "order": order, "tones": tones, "chosen": row["code"] == here}
        )
    return {
        "columns": [capital(translate(one, reader)) for one in labels],
        "rows": rows,
        "sort": {"column": 2 + chosen.share, "down": chosen_indicator.good != "high"},
        "language": reader,
    }


COUNTED: Final[Mapping[str, str]] = {
    "children": N_("Stunted"),
    "risk_families": N_("Families"),
    "recipients": N_("Recipients"),
}


def _between(ends: Sequence[Any], counted: Indicator, reader: Language) -> str:
    if None in ends:
        return "–"
    low, high = (shown(float(end), counted, reader) for end in ends)
    return low if low == high else f"{low.removesuffix('%')}–{high}"


def _whole(value: Any, reader: Language) -> str:
    return "–" if value is None else number(round(value), reader)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
