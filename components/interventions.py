"""Needs, programmes and offices: who appears eligible, who receives, who is missed, and whose turn it is to act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import comparison, documents, filters, header, kpis, meeting, navigation, sources, spread
from components.address import go, language, say
from components.ask import current
from components.colours import moved
from components.rich import rich
from components.view import LEVEL_NAMES, records
from data import eligibility
from data.definitions.indicators import Indicator
from data.definitions.programmes import AGENCIES, FACTS, NEEDS, PROGRAMMES, STRANDS, Amount, of_region
from data.eligibility import STATES
from data.evaluation import Value
from data.interventions import Summary
from data.lists import CONCERNS, SORT
from data.places.reference import Level
from data.queries import Figure
from data.scope import Scope
from data.wording import N_, Language, capital, number, percent, translate

MISSING, OPEN, SEVERAL = "missing", "open", "needs_count"
WHOLE: Final[Mapping[str, str]] = {
    "eligible": "registered",
    "receives": "registered",
    MISSING: "eligible",
    "unexplained": "receives",
    "undecided": "registered",
    "needs": "registered",
    OPEN: "needs",
}
"""What a count is divided by, by kind."""
LABELS: Final[Mapping[str, str]] = {
    "registered": N_("Families registered"),
    "eligible": N_("Potentially eligible"),
    "receives": N_("Receives"),
    MISSING: N_("Potentially eligible, does not receive"),
    "unexplained": N_("To check: receives without appearing eligible"),
    "undecided": N_("Cannot be decided"),
    "needs": N_("Families with this need"),
    OPEN: N_("Not answered yet"),
}
SHORT: Final[Mapping[str, str]] = {
    "registered": N_("Families"),
    "eligible": N_("Potentially"),
    "receives": N_("Receives"),
    MISSING: N_("Missed"),
    "unexplained": N_("To check"),
    "undecided": N_("Undecided"),
    "needs": N_("Families"),
    OPEN: N_("Not answered"),
}
"""Headings of columns."""
OF: Final[Mapping[str, str]] = {
    "registered": N_("of the registered families"),
    "eligible": N_("of the potentially eligible"),
    "receives": N_("of those who receive"),
    "needs": N_("of those with the need"),
}
MEANT: Final[Mapping[str, str]] = {
    "eligible": N_("fulfil the condition as far as the registers tell; the deliberation decides"),
    "receives": N_("stand in a list of recipients, or are marked so in the register"),
    MISSING: N_("visit first"),
    "unexplained": N_("a question to the record, not a reproach: data may be missing or old"),
    "undecided": N_("something that the condition asks for is not known"),
    "needs": N_("as far as the registers tell"),
    OPEN: N_("no programme that they receive answers it"),
}
GOOD: Final[Mapping[str, Any]] = {MISSING: "low", OPEN: "low", "unexplained": "low", "needs": "low"}
UNTOLD: Final = ("eligible", "undecided")
"""What can be said of a programme of which no list says who receives it."""
SEE: Final = N_("See {count} families")


# Choices


@dataclass(frozen=True)
class Chosen:
    """What the screen shows: a programme or a need by its key, what families are to it (`kind`, a key of WHOLE), as a
    share or as a count. `told`: whether anything says who receives the programme; `unknown`: a need of which no
    register tells anything.
    """

    kind: str
    key: str
    share: bool
    told: bool
    unknown: bool = False

    @property
    def programme(self) -> bool:
        return self.key in PROGRAMMES

    @property
    def label(self) -> str:
        return PROGRAMMES[self.key].label if self.programme else NEEDS[self.key].label

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be shown of it."""
        return ("needs", OPEN) if not self.programme else STATES if self.told else UNTOLD

    @property
    def column(self) -> str:
        return f"{self.kind}_{self.key}"

    @property
    def whole(self) -> str:
        """The column of what its count is a part of."""
        return whole(self.kind, self.key)

    @property
    def indicator(self) -> Indicator:
        return indicator(self.kind, self.key, self.share)


def chosen(scope: Scope, found: Summary) -> Chosen:
    """What the address names; else the programme that misses most families, else the need that most families have."""
    share = scope.filter("shown") == "share"
    by_filter = {filter_: kind for filter_, kind in CONCERNS.items() if kind in WHOLE}
    for filter_, key in scope.filters:
        kind = by_filter.get(filter_, "")
        if key in (NEEDS if kind in ("needs", OPEN) else of_region(scope.place)) and kind:
            unknown = key in NEEDS and known(found, "needs", key) is None
            made = Chosen(kind, key, share, key in found.told, unknown)
            return made if kind in made.kinds else replace(made, kind=made.kinds[0])
    missed = {key: found.families(MISSING, key) for key in of_region(scope.place) if key in found.told}
    if any(missed.values()):
        return Chosen(MISSING, max(missed, key=lambda key: missed[key]), share, True)
    open_ = {key: known(found, OPEN, key) for key in NEEDS}
    most = max(open_, key=lambda key: -1 if open_[key] is None else found.families(OPEN, key))
    return Chosen(OPEN, most, share, False, open_[most] is None)


def known(found: Summary, kind: str, key: str) -> int | None:
    """How many families; None where nobody is found and something that is asked for is told of nobody."""
    count = found.families(kind, key)
    facts = (PROGRAMMES[key] if key in PROGRAMMES else NEEDS[key]).facts
    return None if not count and found.lacking & set(facts) else count


def whole(kind: str, key: str) -> str:
    told = WHOLE[kind]
    return told if told == "registered" else f"{told}_{key}"


def asked_for(scope: Scope, kind: str, key: str) -> Scope:
    """The same screen with another choice."""
    kept = tuple(pair for pair in scope.filters if pair[0] not in CONCERNS)
    filter_ = next(one for one, own in CONCERNS.items() if own == kind)
    return replace(scope, filters=tuple(sorted((*kept, (filter_, key)))))


def listed(scope: Scope, found: Summary, kind: str, key: str) -> Scope:
    """The by-name list of exactly these families."""
    filter_ = next((one for one, own in CONCERNS.items() if own == kind), kind)
    order = ((SORT, "needs"),) if kind == SEVERAL else ()
    return replace(
        scope, indicator=Scope.indicator, register=found.register, filters=tuple(sorted(((filter_, key), *order)))
    )


def indicator(kind: str, key: str, share: bool = False) -> Indicator:
    """A count of families as map, ranking and table know figures."""
    declared = PROGRAMMES[key] if key in PROGRAMMES else NEEDS[key]
    return Indicator(
        key=f"{kind}_{key}",
        label=LABELS[kind],
        unit="share" if share else "families",
        numerator=f"{kind}_{key}",
        denominator=whole(kind, key) if share else None,
        numerator_label=LABELS[kind],
        denominator_label=LABELS[WHOLE[kind]],
        definition=declared.definition,
        source=N_("Social register with what other registers say of the same families; conditions as declared"),
        registers=("dtks", "dtsen"),
        good=GOOD.get(kind, "neutral"),
    )


def choose(picked: Chosen, place: str, found: Summary) -> None:
    """Which programme or which need the screen is about."""
    keys = [*of_region(place), *NEEDS]

    def pick() -> None:
        key = st.session_state["choose_intervention"]
        kind = OPEN if key in NEEDS else MISSING if key in found.told else UNTOLD[0]
        go(asked_for(current(), kind, key))

    def name(key: str) -> str:
        need = key in NEEDS
        return say(
            N_("Need: {name}") if need else N_("Programme: {name}"),
            name=say((NEEDS if need else PROGRAMMES)[key].label),
        )

    with st.container(key="filter_intervention", width="content"):
        st.menu_button(
            filters.labelled(N_("Programme") if picked.programme else N_("Need"), say(picked.label)),
            keys,
            key="choose_intervention",
            format_func=name,
            on_click=pick,
        )


def map_head(title: str, note: str, picked: Chosen) -> None:
    """The head of the map's card: what families are to the programme, as a count or as a share."""

    def kind() -> None:
        go(asked_for(current(), st.session_state["choose_kind"], picked.key))

    with st.container(key="map_head", horizontal=True):
        header.card_head(title, note)
        with st.container(key="filter_indicator", width="content"):
            st.menu_button(
                f"**{filters.plain(say(LABELS[picked.kind]))}**",
                list(picked.kinds),
                key="choose_kind",
                format_func=lambda one: say(LABELS[one]),
                on_click=kind,
            )
    filters.measured(picked.share, usual="count")


# What matters, in words


def sentence(found: Summary, picked: Chosen, areas: pd.DataFrame, place: str, by: Level, reader: Language) -> str:
    """How many families appear eligible and are missed, or have a need, where most of them are, and how many have
    several needs; HTML.
    """
    counts = {kind: found.families(kind, picked.key) for kind in WHOLE}
    registered = found.families("registered")
    if not picked.programme and known(found, "needs", picked.key) is None:
        message = N_("How many of the {registered} registered families in {place} have the need “{name}” is not known.")
    elif not picked.programme:
        message = N_(
            "Of {registered} registered families in {place}, {needs} have the need “{name}”; **{open} of them are not"
            " answered by any programme**."
        )
    elif picked.told:
        message = N_(
            "Of {registered} registered families in {place}, {eligible} are potentially eligible for {name};"
            " **{missing} of them do not receive it**. {undecided} cannot be decided."
        )
    else:
        message = N_(
            "Of {registered} registered families in {place}, **{eligible} are potentially eligible for {name}**; no"
            " list says yet who receives it. {undecided} cannot be decided."
        )
    name = translate(picked.label, reader)
    said = rich(message, reader, registered=registered, place=place, name=name, **counts)
    parts = [said, _most(areas, picked, by, reader)]
    if several := found.with_needs(2):
        parts.append(rich(N_("{several} families have two or more unanswered needs."), reader, several=several))
    return " ".join(filter(None, parts))


def _most(areas: pd.DataFrame, picked: Chosen, by: Level, reader: Language) -> str:
    column = f"{picked.column}_numerator"
    known = areas[areas[column].notna() & (areas[column] > 0)]
    if len(areas) < 2 or known.empty:
        return ""
    first = known.sort_values([column, "name"], ascending=[False, True]).iloc[0]
    name = str(first["name"])
    if by in ("kelurahan", "kecamatan"):
        name = f"{translate(LEVEL_NAMES[by], reader)} {name}"
    return rich(N_("Most of them: {name} ({count})."), reader, name=name, count=int(first[column]))


# Cards


def show_cards(found: Summary, picked: Chosen, scope: Scope) -> None:
    """Each count with its list of names; below them what the programme is."""
    with st.container(key="outcomes"):
        for kind in picked.kinds:
            with st.container(key=f"card_outcome_{'on' if kind == picked.kind else 'off'}_{kind}"):
                st.html(card(found, picked, kind, language()))
                with st.container(horizontal=True, vertical_alignment="center", key=f"outcome_foot_{kind}"):
                    _foot(found, picked, kind, scope)
    with st.container(key="card_quality", horizontal=True, vertical_alignment="center"):
        st.html(about(found, picked, language()))


def _foot(found: Summary, picked: Chosen, kind: str, scope: Scope) -> None:
    """The list behind a card, and the way to see it on the map."""
    if count := found.families(kind, picked.key):
        navigation.link("households", f"{say(SEE, count=count)} →", listed(scope, found, kind, picked.key))
    on = kind == picked.kind
    st.button(
        say(N_("On the map") if on else N_("Map")),
        key=f"intervention_{kind}",
        help=say(N_("Show this number on the map")),
        type="tertiary",
        disabled=on,
        on_click=lambda: go(asked_for(current(), kind, picked.key)),
    )


def card(found: Summary, picked: Chosen, kind: str, reader: Language) -> str:
    """A count as HTML: families, share of the whole, change, what it means."""
    counted, key = indicator(kind, picked.key), picked.key
    count, part_of = found.families(kind, key), found.families(WHOLE[kind], "" if WHOLE[kind] == "registered" else key)
    told = figure(found, kind, key)
    share, unit = percent(count / part_of if part_of else None, reader), translate(kpis.UNITS["families"], reader)
    amount = f"{number(count, reader)}<small>{escape(unit)}</small>"
    if told.now.value is None:
        amount, share = f'<span class="unknown">{escape(translate(N_("not known"), reader))}</span>', "–"
    return (
        f'<section class="outcome kpi" data-outcome="{escape(kind)}">'
        f"<h3>{escape(translate(LABELS[kind], reader))}</h3>"
        f'<p class="amount">{amount}</p>'
        f'<p class="bounds">{share} {escape(translate(OF[WHOLE[kind]], reader))}</p>'
        f'<p class="bounds">{escape(translate(MEANT[kind], reader))}</p>'
        f'<p class="behind">{kpis.change(told, counted, reader)}{_since(found, told, reader)}</p></section>'
    )


def figure(found: Summary, kind: str, key: str, share: bool = False) -> Figure:
    """A count as charts know figures; a share where asked."""

    def value(numbers: Mapping[tuple[str, str], Any]) -> Value:
        told = WHOLE[kind]
        above, below = numbers.get((kind, key)), numbers.get((told, "" if told == "registered" else key))
        count, part_of = above.families if above else 0, below.families if below else 0
        if share:
            return Value(count / part_of if part_of else None, count, part_of)
        unknown = kind in ("needs", OPEN) and known(found, "needs", key) is None
        return Value(None if unknown else float(count))

    return Figure(f"{kind}_{key}", value(found.numbers), value(found.before) if found.before else None, ())


def _since(found: Summary, told: Figure, reader: Language) -> str:
    if not found.context.compare or told.before is None:
        return ""
    return f"<span>{rich(N_('since {day}'), reader, day=found.context.compare)}</span>"


def about(found: Summary, picked: Chosen, reader: Language) -> str:
    """Who is counted, who acts, what is given, and what is not known, as HTML."""

    def told(message: str, **values: Any) -> str:
        return f"<p>{rich(message, reader, **values)}</p>"

    if not picked.programme:
        need = NEEDS[picked.key]
        lines = [
            told(N_("Counted as this need: {definition}"), definition=translate(need.definition, reader)),
            told(N_("Who acts: **{agency}**. {do}"), agency=translate(AGENCIES[need.agency].label, reader),
                 do=translate(need.do, reader)),
        ]  # fmt: skip
        facts: Sequence[str] = need.facts
    else:
        one = PROGRAMMES[picked.key]
        terms = one.terms_on(found.context.period) if found.context.period else None
        lines = [
            told(N_("Counted as potentially eligible: {definition}"), definition=translate(one.definition, reader)),
            told(
                N_("Who acts: **{agency}** · need: {need} · line of work: {strand}"),
                agency=translate(AGENCIES[one.agency].label, reader),
                need=translate(NEEDS[one.need].label, reader),
                strand=translate(STRANDS[one.strand], reader),
            ),
        ]
        if terms:
            given = amounts(terms.amounts, reader)
            message = N_("Amount: {amounts} ({basis})") if given else N_("Amount not declared ({basis})")
            lines.append(told(message, amounts=given, basis=translate(terms.basis, reader)))
        if not picked.told:
            lines.append(
                told(N_("Import a list of recipients that names it to see who receives it and who is missed."))
            )
        facts = one.facts
    unknown = [FACTS[fact] for fact in facts if fact in found.lacking]
    asks = ", ".join(translate(one, reader) for one in (unknown or [FACTS[fact] for fact in facts]))
    message = (
        N_("**No register tells yet:** {facts}.")
        if unknown
        else N_("What it asks for: {facts}. Where that is not known, nothing can be decided.")
    )
    lines.append(told(message, facts=asks))
    title = escape(translate(picked.label, reader))
    return f'<section class="quality"><h3>{title}</h3>{"".join(lines)}</section>'


def amounts(given: Sequence[Amount], reader: Language) -> str:
    """What is given: `Rp300.000 a month`, for each group where they differ.

    >>> amounts(PROGRAMMES["kaj"].terms[0].amounts, "en")
    'Rp300,000 a month'
    """
    told = []
    for one in given:
        words = translate(
            N_("Rp{amount} a {per}"), reader, amount=number(one.rupiah, reader), per=translate(one.per, reader)
        )
        told.append(f"{translate(one.whom, reader)} {words}" if one.whom else words)
    return " · ".join(told)


# Areas


def title(picked: Chosen) -> str:
    return f"{say(N_('Interventions'))}: {say(picked.label)}"


def actions(found: Summary, picked: Chosen, words: str, shown_: documents.Shown) -> None:
    """The screen in a meeting, and as a briefing with the sentence `words`."""
    with header.actions():
        meeting.link()
        if found.context.period:
            documents.briefing_button(briefing(found, picked, words, shown_))


def briefing(found: Summary, picked: Chosen, words: str, shown_: documents.Shown) -> documents.Briefing:
    cards = tuple(indicator(kind, picked.key) for kind in picked.kinds)
    told = {
        one.key: kpis.Told(figure(found, kind, picked.key), shown_.seen.place, found.context)
        for kind, one in zip(picked.kinds, cards, strict=True)
    }
    return documents.Briefing(title(picked), shown_.seen.place, words, cards, (), told, shown_)


def beside(picked: Chosen) -> tuple[Indicator, ...]:
    """The counts that stand beside the chosen one in tables."""
    return tuple(indicator(kind, picked.key) for kind in picked.kinds if kind != picked.kind)


def show_places(found: Summary, picked: Chosen, shown_: documents.Shown, choose: Callable[[str], None]) -> None:
    """Map and ranking of the chosen count."""
    spread.areas(shown_, title(picked), [found.context], choose, lambda words, note: map_head(words, note, picked))


def valued(areas: pd.DataFrame, picked: Chosen) -> pd.DataFrame:
    """The areas with the chosen count as map and ranking want it: KEY, KEY_numerator, KEY_denominator, KEY_change; a
    count of which an area has none is nought where the register speaks of the area, and of it.
    """
    frame = areas.copy()
    nobody = pd.NA if picked.unknown else 0
    columns = {f"{kind}_{picked.key}" for kind in picked.kinds} | {picked.column, picked.whole}
    for column in sorted(columns):
        for end, base in (("", "registered"), ("_before", "registered_before")):
            known = frame[base] if base in frame else pd.array([None] * len(frame), dtype="Int64")
            nought = pd.Series(known, index=frame.index).where(lambda one: one.isna(), nobody)
            frame[f"{column}{end}"] = frame[f"{column}{end}"].fillna(nought) if f"{column}{end}" in frame else nought
    key, before = picked.column, f"{picked.column}_before"
    counts, counts_before, part_of = frame[key], frame[before], frame[picked.whole]
    frame[f"{key}_numerator"], frame[f"{key}_denominator"] = counts, part_of
    value, earlier = _value(counts, part_of, picked), _value(counts_before, frame[f"{picked.whole}_before"], picked)
    frame[f"{key}_change"] = value - earlier
    return frame.assign(**{key: value})


def _value(counts: "pd.Series[Any]", part_of: "pd.Series[Any]", picked: Chosen) -> "pd.Series[Any]":
    """The counts, or their shares, which are not known where the whole is nought."""
    numbers, below = counts.astype("Float64"), part_of.astype("Float64")
    return numbers / below.where(below > 0) if picked.share else numbers


def show_areas(found: Summary, picked: Chosen, shown_: documents.Shown, choose: Callable[[str], None]) -> None:
    by = shown_.seen.tabled_by
    with st.container(key="card_table"):
        header.card_head(capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
        comparison.area_table(table(shown_.tabled, picked, by, shown_.seen.chosen, language()), choose)
        documents.downloads("table", shown_, title(picked), [found.context])


def table(areas: pd.DataFrame, picked: Chosen, by: Level, here: str, reader: Language) -> dict[str, Any]:
    """The areas (as `valued` gives them) as a table: the families registered, every count, the chosen one with its
    share and its change.
    """
    key, counted = picked.column, picked.indicator
    kinds = [kind for kind in picked.kinds if kind != picked.kind]
    compared = bool(areas[f"{key}_change"].notna().any())
    labels = [
        LEVEL_NAMES[by], SHORT["registered"], LABELS[picked.kind], "%", *([N_("Change")] if compared else []),
        *(SHORT[kind] for kind in kinds),
    ]  # fmt: skip
    rows = []
    for row in records(areas):
        known = {name: None if pd.isna(value) else value for name, value in row.items()}
        count, part_of, step = known[f"{key}_numerator"], known[f"{key}_denominator"], known[f"{key}_change"]
        share = count / part_of if count is not None and part_of else None
        step_shown, amount = (None, "–") if step is None else moved(float(step), counted, reader)
        beside = [known[f"{kind}_{picked.key}"] for kind in kinds]
        cells = [
            str(row["name"]),
            whole_number(known.get("registered"), reader),
            whole_number(count, reader),
            percent(share, reader),
            *([f"{'▲' if step_shown > 0 else '▼'} {amount}" if step_shown else amount] if compared else []),
            *(whole_number(one, reader) for one in beside),
        ]
        tones = [""] * len(cells)
        if compared:
            tones[4] = kpis.judgement(step_shown or 0, counted)
        order = [str(row["name"]), known.get("registered"), count, share, *([step] if compared else []), *beside]
        rows.append(
            {"code": row["code"], "cells": cells, "order": [_plain(one) for one in order], "tones": tones,
             "chosen": row["code"] == here}
        )  # fmt: skip
    return {
        "columns": [capital(translate(one, reader)) for one in labels],
        "rows": rows,
        "sort": {"column": 3 if picked.share else 2, "down": True},
        "label": f"{translate(picked.label, reader)}: {translate(LEVEL_NAMES[by], reader)}",
        "language": reader,
    }


def defined(picked: Chosen) -> tuple[Indicator, ...]:
    """The definitions behind what is chosen, for the line of sources."""
    return (indicator(picked.kind, picked.key),)


def nothing_yet(anything: bool) -> None:
    """Where there is no social register by name: what to import."""
    if not anything:
        sources.nothing_yet()
        return
    with st.container(key="card_empty"):
        header.head(say(N_("Interventions")))
        header.message(
            N_("This screen shows which families need what and who misses a programme. Import one of these:")
        )
        st.html(sources.wanted(eligibility.REGISTERS, language()))
        with st.container(key="action"):
            navigation.link("imports", label=say(N_("Import data →")))


def whole_number(value: Any, reader: Language) -> str:
    return "–" if value is None else number(round(value), reader)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else float(value)
