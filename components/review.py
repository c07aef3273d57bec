"""Reviewing pairs: which ones are left, the one that is open, the decision about it, and what all decisions tell."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, Final, NoReturn

import streamlit as st

from components import comparison, filters, gate, header, navigation, overlap, pairs
from components.address import go as go_to
from components.address import language, say
from components.ask import STORE, current, viewer
from components.rich import rich
from components.routes import STATIC
from data.access import Viewer
from data.definitions.catalogue import LINKAGES
from data.definitions.roles import Right
from data.linkage import decisions, review
from data.linkage.decisions import OTHER_SECRET, Decision, NotDecisions, OtherSecret, Verdict
from data.linkage.estimate import Estimate
from data.linkage.review import Item, Kind, Overtaken, Pair, Queue
from data.places.reference import find
from data.scope import Scope
from data.wording import N_, Language, number, percent, translate

KINDS: Final[Mapping[Kind, str]] = {
    "": N_("All"),
    "person": N_("Same person?"),
    "family": N_("Same family?"),
    "conflict": N_("Contradicting numbers"),
    "sample": N_("Sample"),
    "unsure": N_("Left open"),
    "decided": N_("Decided"),
}
BUTTONS: Final[tuple[tuple[Verdict, str, str], ...]] = (
    ("accept", N_("Accept"), "T"),
    ("reject", N_("Not the same"), "B"),
    ("unsure", N_("Unsure"), "G"),
)
"""Verdict, its words, its key (R and C belong to Streamlit)."""
_pairs = st.components.v2.component(
    "padan_pairs",
    html='<div class="pairs"></div>',
    css=(STATIC / "review.css").read_text(),
    js=(STATIC / "review.js").read_text(),
)


# Choices


def linkage_of(scope: Scope, matched: Sequence[str]) -> str:
    """The linkage that the address asks for, where it was matched, else the first one that was."""
    asked = scope.filter("linkage") or ""
    return asked if asked in matched else matched[0]


def kind_of(scope: Scope) -> Kind:
    asked = scope.filter("kind") or ""
    return next((kind for kind in KINDS if kind == asked), "")


def about(scope: Scope) -> Scope:
    """The scope as far as the queue depends on it, so that another pair asks nothing anew."""
    return replace(scope, indicator=Scope.indicator, register=Scope.register, filters=())


def without_pair(scope: Scope) -> Scope:
    return scope.with_filter("pair", None)


def keys_of(scope: Scope, found: Queue) -> list[str]:
    """The pair that is to be open: the one that the address names; where there is none such, the first of the queue."""
    return list(filter(None, [scope.filter("pair"), *(item.key for item in found.items[:1])]))


def bar(scope: Scope, matched: Sequence[str], linkage: str, with_data: Sequence[str]) -> None:
    """Place and linkage."""
    place = find(scope.place)
    filters.choose_place(place.name if place else say(N_("All")), with_data)

    def choose() -> None:
        go_to(replace(scope, filters=(("linkage", st.session_state["choose_linkage"]),)))

    if len(matched) > 1:
        with st.container(key="filter_linkage", width="content"):
            st.menu_button(
                filters.labelled(N_("Matching"), say(LINKAGES[linkage].label)),
                list(matched),
                key="choose_linkage",
                format_func=lambda key: say(LINKAGES[key].label),
                on_click=choose,
            )


def choose_kind(scope: Scope, kind: Kind, counts: Mapping[Kind, int]) -> None:
    """What pairs are looked at for, each with how many are left; kinds without any are left out."""
    shown = [one for one in KINDS if one in ("", kind) or counts.get(one)]
    st.session_state["kind"] = kind

    def changed() -> None:
        chosen = st.session_state["kind"] or None
        go_to(scope.with_filter("kind", chosen).with_filter("pair", None))

    st.segmented_control(
        say(N_("Which pairs")),
        shown,
        key="kind",
        format_func=lambda one: f"{say(KINDS[one])} {number(counts.get(one, 0), language())}",
        on_change=changed,
        label_visibility="collapsed",
    )


def page_of(scope: Scope, linkage: str, kind: Kind) -> int:
    return int(st.session_state.get(_pager(scope, linkage, kind), 1))


def _pager(scope: Scope, linkage: str, kind: Kind) -> str:
    return f"queue_{scope.place}_{linkage}_{kind}"


def open_pair(key: str) -> None:
    go_to(current().with_filter("pair", key or None))


# What is left


def sentence(found: Queue, place: str, reader: Language) -> str:
    """How much is left, as HTML."""
    left = sum(found.counts.get(kind, 0) for kind in ("conflict", "person", "family"))
    if not left:
        return rich(N_("Nothing is left to review in {place}."), reader, place=place)
    told = rich(N_("**{count} pairs** in {place} are to be reviewed."), reader, count=left, place=place)
    if conflicts := found.counts.get("conflict", 0):
        told += " " + rich(N_("In {count} of them a number is the same and the rest is not."), reader, count=conflicts)
    return told


def show_queue(found: Queue, scope: Scope, kind: Kind, chosen: str) -> None:
    decided = kind in ("decided", "unsure")
    note = N_("The newest decision first.") if decided else N_("The most useful first.")
    header.card_head(say(N_("Decisions") if decided else N_("To review")), say(note))
    draw_pairs("queue", [entry(item, chosen, language()) for item in found.items])
    if found.pages > 1:
        pager = _pager(scope, found.linkage, kind)
        # Decisions shorten the queue, so that the page that was open may be gone.
        st.session_state[pager] = found.page
        st.pagination(found.pages, key=pager)


def entry(item: Item, chosen: str, reader: Language) -> dict[str, Any]:
    """A pair as an entry of the list."""
    place = find(item.area)
    marks = [translate(KINDS[item.kind], reader)] if item.kind in ("conflict", "sample") else []
    if item.decided:
        marks = [f"{translate(pairs.VERDICTS[item.decided.verdict], reader)}, {pairs.who(item.decided, reader)}"]
    return {
        "key": item.key,
        "title": item.left or "–",
        "other": item.right or "–",
        "note": " · ".join([*([place.name] if place else []), *marks]),
        "value": pairs.likeness(item.probability, reader) if item.kind != "conflict" else "?",
        "chosen": item.key == chosen,
    }


def draw_pairs(key: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """A list of pairs; a click opens one."""

    def opened() -> None:
        if asked := st.session_state[key].get("pair"):
            open_pair(str(asked))

    _pairs(key=key, data={"entries": list(entries), "between": say(N_("with"))}, on_pair_change=opened)


def show_areas(found: Queue, scope: Scope, kind: Kind, choose: Callable[[str], None]) -> None:
    """The pairs by area, the most first; a click narrows the screen to it."""
    title = N_("Decided by kelurahan") if kind in ("decided", "unsure") else N_("Left by kelurahan")
    header.card_head(say(title), say(N_("Click a row to narrow the screen to it.")))
    comparison.area_table(areas(found, scope.place, language()), choose)


def areas(found: Queue, chosen: str, reader: Language) -> dict[str, Any]:
    rows = []
    for code, count in found.areas.items():
        place = find(code)
        named = place.name if place else translate(N_("not placed"), reader)
        rows.append(
            {
                "code": code,
                "cells": [named, number(count, reader)],
                "order": [named, count],
                "tones": ["", ""],
                "chosen": code == chosen,
            }
        )
    return {
        "columns": [translate(N_("Area"), reader), translate(N_("Pairs"), reader)],
        "rows": rows,
        "sort": {"column": 1, "down": True},
        "language": reader,
    }


# One pair


def show(pair: Pair | None, scope: Scope, kind: Kind, around: tuple[str, str], place: str) -> None:
    """The pair, the decision, the reasons, what else speaks about it."""
    if pair is None:
        nothing_left(kind, place)
        return
    linkage, reader = LINKAGES[pair.linkage], language()
    with st.container(key="card_pair"):
        st.html(pairs.head(pair, linkage, reader))
        st.html(pairs.beside(pair, linkage, reader))
        show_buttons(pair, scope, kind, around)
    with st.container(key="card_reasons"):
        pairs.show_reasons(pair)
    show_rivals(pair)
    pairs.show_decisions(pair)


def show_rivals(pair: Pair) -> None:
    """Other candidates of either record; a click opens the pair."""
    if not pair.rivals:
        return
    with st.container(key="card_rivals"):
        header.card_head(say(N_("Other candidates")), say(N_("Whom else it could be; a click opens the pair.")))
        draw_pairs("rivals", [pairs.rival(one, pair, language()) for one in pair.rivals])


# Deciding


def show_buttons(pair: Pair, scope: Scope, kind: Kind, around: tuple[str, str]) -> None:
    """The decision, by buttons or keys; `around` are the pairs before and after this one."""
    seen = pair.decisions[0].id if pair.decisions else ""
    with st.container(key="verdict", horizontal=True, vertical_alignment="center"):
        for verdict, words, key in BUTTONS:
            st.button(
                say(words),
                key=f"do_{verdict}",
                shortcut=key,
                type="primary" if verdict == "accept" else "secondary",
                on_click=_judge,
                args=(scope, pair.linkage, kind, pair.key, verdict, seen),
            )
        undone, made = _undoable(pair)
        st.button(
            say(N_("Undo")),
            key="do_withdraw",
            shortcut="U",
            type="tertiary",
            disabled=not undone,
            on_click=_undo,
            args=(scope, pair.linkage, kind, undone, made),
        )
        st.text_input(
            say(N_("Note")),
            key="note",
            placeholder=say(N_("Note (optional)")),
            max_chars=500,
            label_visibility="collapsed",
            width=190,
        )
        before, after = around
        steps = ((N_("Previous"), "Left", before), (N_("Next"), "Right", after))
        for words, key, other in steps:
            st.button(say(words), key=f"to_{key}", shortcut=key, disabled=not other, on_click=open_pair, args=(other,))


def _undoable(pair: Pair) -> tuple[str, str]:
    """The pair whose decision Undo takes back, and that decision (its id): one's own about this pair, else the last
    that was made here.
    """
    newest = pair.decisions[0] if pair.decisions else None
    if newest and newest.verdict != "withdraw" and newest.who == viewer().name:
        return pair.key, newest.id
    made: list[tuple[str, str]] = st.session_state.get("decided_here", [])
    return made[-1] if made else ("", "")


def _judge(scope: Scope, linkage: str, kind: Kind, key: str, verdict: Verdict, seen: str) -> None:
    judged = review.judge(
        STORE, viewer(), about(scope), linkage, key, verdict, str(st.session_state.get("note") or ""), kind, seen
    )
    if judged is None:
        _matched_anew()
        return
    st.session_state["note"] = ""
    st.session_state.setdefault("decided_here", []).append((key, judged.decision.id))
    if judged.overruled:
        words = N_("Meanwhile {who} had decided: {verdict}. Your decision counts now; both are kept.")
        st.session_state["told"] = decided(words, judged.overruled, language())
    open_pair(judged.next)


def _undo(scope: Scope, linkage: str, kind: Kind, key: str, seen: str) -> None:
    made: list[tuple[str, str]] = st.session_state.get("decided_here", [])
    st.session_state["decided_here"] = [one for one in made if one[0] != key]
    try:
        judged = review.judge(STORE, viewer(), about(scope), linkage, key, "withdraw", "", kind, seen)
    except Overtaken as refused:
        words = N_("The newest decision is not yours and stays: {verdict}, {who}.")
        st.session_state["told"] = decided(words, refused.newest, language())
    else:
        if judged is None:
            _matched_anew()
            return
    open_pair(key)


def _matched_anew() -> None:
    """A pair that is gone: the note stays for the pair as it is now."""
    st.session_state["told"] = say(N_("The registers were matched anew; nothing was changed. Look at the pair again."))
    open_pair("")


def decided(words: str, made: Decision, reader: Language) -> str:
    """A message about somebody's decision, as Markdown."""
    verdict = translate(pairs.VERDICTS[made.verdict], reader)
    return translate(words, reader, who=filters.plain(pairs.who(made, reader)), verdict=verdict)


def tell() -> None:
    """Says once what became of a decision that met another one."""
    if told := st.session_state.pop("told", ""):
        st.toast(told, icon=":material/group:")


# Decisions as a file


def show_files() -> None:
    """Decisions out to a file and in from one, for viewers of the whole country: a file names those of every place."""
    if not viewer().may(Right.REVIEW, ""):
        return
    with st.container(key="card_files"):
        words = N_("For another office, or for keeping: without names and numbers of the records, with the notes.")
        header.card_head(say(N_("Decisions as a file")), say(words))
        with st.container(key="decision_files", horizontal=True):
            st.download_button(
                say(N_("Export decisions")),
                partial(exported, gate.later()),
                file_name=f"{say(N_('decisions'))}.csv",
                mime="text/csv",
                on_click="ignore",
                key="export_decisions",
            )
            with st.popover(say(N_("Import decisions"))):
                key = f"decisions_{st.session_state.get('decision_uploads', 0)}"
                st.file_uploader(say(N_("File of decisions")), type="csv", key=key, on_change=_take_in, args=(key,))
        if told := st.session_state.pop("taken_in", ""):
            st.html(f'<p class="beneath">{escape(told)}</p>')


def exported(viewer_then: Callable[[], Viewer]) -> bytes:
    """The decisions for whoever looks at the screen: it runs outside of it, and asks then. Raises Refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "decisions.csv"
        decisions.export(STORE, viewer_then(), file)
        return file.read_bytes()


def _take_in(key: str) -> None:
    given = st.session_state.get(key)
    st.session_state["decision_uploads"] = st.session_state.get("decision_uploads", 0) + 1
    if given is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "decisions.csv"
        file.write_bytes(given.getvalue())
        try:
            new, known = decisions.take_in(STORE, viewer(), file)
        except NotDecisions:
            words = N_("This file holds no decisions; nothing was taken from it.")
            st.session_state["taken_in"] = say(words)
        except OtherSecret:
            st.session_state["taken_in"] = say(OTHER_SECRET)
        else:
            words = N_("{new} decisions are new, {known} were known already.")
            st.session_state["taken_in"] = say(words, new=new, known=known)


# How good the matching is


def show_quality(found: Estimate, counts: Mapping[Kind, int]) -> None:
    header.card_head(say(N_("How sure this is")), say(N_("Told by the pairs that were reviewed.")))
    st.html(quality(found, counts.get("sample", 0), language()))


def quality(found: Estimate, sample: int, reader: Language) -> str:
    """Precision and recall with their intervals in words, or how many decisions are still lacking, as HTML."""
    said = []
    for words, share, low, high in (
        (N_("Accepted pairs that are right: **{share}** ({low}–{high})"),
         found.precision, found.precision_low, found.precision_high),
        (N_("True pairs that were found: **{share}** ({low}–{high})"),
         found.recall, found.recall_low, found.recall_high),
    ):  # fmt: skip
        if share is not None:
            ends = {"low": percent(low, reader).removesuffix("%"), "high": percent(high, reader)}
            said.append(rich(words, reader, share=percent(share, reader), **ends))
    if found.precision is None or found.recall is None:
        lacking = {name: count for name, count in found.lacking.items() if count}
        words = ", ".join(
            f"{number(count, reader)} {translate(BANDS[name], reader)}" for name, count in lacking.items()
        )
        said.append(rich(N_("Not enough reviewed yet. Still lacking: {words}."), reader, words=words))
    else:
        said.append(rich(N_("The interval holds the true figure in 95 of 100 cases."), reader))
    said.append(rich(N_("{count} pairs reviewed so far."), reader, count=found.reviewed))
    if sample:
        said.append(rich(N_("The sample holds {count} more pairs chosen by chance."), reader, count=sample))
    return "".join(f'<p class="beneath">{one}</p>' for one in said)


BANDS: Final[Mapping[str, str]] = {
    "accepted": N_("accepted pairs"),
    "review": N_("pairs under review"),
    "rejected": N_("rejected pairs"),
}


# Where there is nothing


def nothing_matched(place: str) -> NoReturn:
    """Where no registers were matched yet: the button that starts it, or how far it is."""
    header.head(say(N_("Review matches")))
    with st.container(key="card_empty"):
        if not overlap.matching_at_work():
            words = N_(
                "Nothing has been matched for {place} yet. Matching finds who stands in two registers; it needs one of"
                " children, families at risk or recipients, and a social register by name."
            )
            header.message(words, place=place)
            with st.container(horizontal=True):
                st.button(say(N_("Match now")), type="primary", on_click=overlap.start_matching)
                navigation.link("imports", label=say(N_("Import data →")))
    st.stop()


def nothing_left(kind: Kind, place: str) -> None:
    words = N_("Nothing was decided about pairs in {place} yet.")
    if kind not in ("decided", "unsure"):
        words = N_("Every pair in {place} that asks for it has been reviewed.")
    with st.container(key="card_pair"):
        header.message(words, place=place)


def foot(found: Queue) -> None:
    """What was matched with what, and when."""
    st.html(sources(found, language()))


def sources(found: Queue, reader: Language) -> str:
    lines = []
    for run in found.runs:
        sides = [
            rich(N_("{file}, data as of {period}"), reader, file=part.snapshot.source.file, period=part.snapshot.period)
            for part in (*run.left, *run.right)
        ]
        made = rich(N_("matched on {day}"), reader, day=run.made_at.astimezone().date())
        stale = f" · {rich(N_('a register has changed since'), reader)}" if run.stale else ""
        lines.append(f"{' × '.join(sides)} ({made}{stale})")
    sample = any(run.sample for run in found.runs)
    mark = rich(N_("SAMPLE DATA: invented persons, realistic figures."), reader) if sample else ""
    label = rich(N_("Source"), reader)
    return f'<footer class="source"><p><b>{label}</b>: {"; ".join(lines)}. {mark}</p></footer>'
