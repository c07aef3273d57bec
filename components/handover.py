"""Whose turn it is: needs and the programmes that answer them, lists for offices, households with several needs."""

from html import escape
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import header, navigation, tables
from components.address import go, language, say
from components.ask import current
from components.interventions import (
    MISSING,
    OPEN,
    SEE,
    SEVERAL,
    SHORT,
    UNTOLD,
    Chosen,
    asked_for,
    known,
    listed,
    whole_number,
)  # fmt: skip
from components.rich import rich
from components.routes import STATIC
from data.definitions.programmes import AGENCIES, NEEDS, Programme, of_region
from data.eligibility import STATES
from data.interventions import Summary
from data.scope import Scope
from data.wording import N_, Language, number, translate

LEAST: Final = (1, 2, 3, 4, 5)
_matrix = st.components.v2.component(
    "padan_matrix",
    html='<div class="areas"></div>',
    css=(STATIC / "areas.css").read_text() + (STATIC / "matrix.css").read_text(),
    js=tables.LINKED + (STATIC / "areas.js").read_text(),
)


# Need × programme × office


def show_matrix(found: Summary, picked: Chosen, place: str) -> None:
    """Every need with the programmes that answer it; a click on a row shows it on the map."""

    def clicked() -> None:
        if code := st.session_state["matrix"].get("place"):
            key = str(code)
            kind = OPEN if key in NEEDS else MISSING if key in found.told else UNTOLD[0]
            go(asked_for(current(), kind, key))

    with st.container(key="card_matrix"):
        header.card_head(
            say(N_("Needs, programmes, offices")),
            say(N_("Families in {place}. Click a row to see it on the map."), place=place),
        )
        _matrix(key="matrix", data=matrix(found, picked, current().place, language()), on_place_change=clicked)


def matrix(found: Summary, picked: Chosen, place: str, reader: Language) -> dict[str, Any]:
    """A row a need and a programme that answers it; a need without a programme has a row of its own."""
    labels = [
        N_("Need"), N_("Programme"), N_("Office"), N_("With the need"), SHORT[OPEN], *(SHORT[kind] for kind in STATES),
    ]  # fmt: skip
    there, rows = of_region(place), []
    for need in NEEDS.values():
        answers: list[Programme | None] = [one for one in there.values() if one.need == need.key]
        for programme in answers or [None]:
            key = programme.key if programme else need.key
            told = STATES if key in found.told else UNTOLD if programme else ()
            order = [
                translate(need.label, reader),
                translate(programme.label, reader) if programme else "–",
                translate(AGENCIES[(programme or need).agency].label, reader),
                known(found, "needs", need.key),
                known(found, OPEN, need.key),
                *(known(found, kind, key) if kind in told else None for kind in STATES),
            ]
            rows.append(
                {
                    "code": key,
                    "cells": [one if isinstance(one, str) else whole_number(one, reader) for one in order],
                    "order": order,
                    "tones": ["", "words", "words", *[""] * (len(order) - 3)],
                    "chosen": key == picked.key,
                }
            )
    return {
        "columns": [translate(one, reader) for one in labels],
        "rows": rows,
        "sort": {"column": 4, "down": True},
        "label": translate(N_("Needs, programmes, offices"), reader),
        "language": reader,
    }


# Whose turn it is


def show_agencies(found: Summary, scope: Scope) -> None:
    """For every office the families whose open needs it answers, and the way to their list."""
    header.card_head(
        say(N_("Lists ready to hand over")),
        say(N_("Families with a need that the office answers and no programme has answered yet.")),
    )
    for agency in AGENCIES.values():
        count = found.families("agencies", agency.key)
        with st.container(key=f"agency_{agency.key}"):
            st.html(office(found, agency.key, language()))
            if count:
                words = say(N_("List for {agency}: {count} families →"), agency=say(agency.label), count=count)
                navigation.link("households", words, listed(scope, found, "agencies", agency.key))


def office(found: Summary, key: str, reader: Language) -> str:
    """An office, what it does, and its needs with their numbers, as HTML."""
    agency = AGENCIES[key]
    own = [
        f"<li>{escape(translate(need.label, reader))} <b>{number(found.families(OPEN, need.key), reader)}</b></li>"
        for need in NEEDS.values()
        if need.agency == key and found.families(OPEN, need.key)
    ]
    needs = f'<ul class="needs">{"".join(own)}</ul>' if own else ""
    return (
        f'<section class="office"><h3>{escape(translate(agency.label, reader))}</h3>'
        f"<p>{escape(translate(agency.does, reader))}</p>{needs}</section>"
    )


def show_several(found: Summary, scope: Scope) -> None:
    """Households by how many unanswered needs they have, those with most first, each with its list."""
    header.card_head(
        say(N_("Households with several needs")),
        say(N_("Unanswered needs of the whole family; each line holds those below it.")),
    )
    numbers = several(found)
    none = found.families("registered") - numbers[1]
    words = rich(N_("{count} families have no unanswered need that the registers tell."), language(), count=none)
    st.html(f'<p class="several-whole">{words}</p>')
    most = max(numbers.values(), default=1) or 1
    for least in sorted(numbers, reverse=True):
        count = numbers[least]
        with st.container(key=f"several_{least}", horizontal=True, vertical_alignment="center"):
            st.html(bar(least, count, most, language()))
            if count:
                navigation.link("households", f"{say(SEE, count=count)} →", listed(scope, found, SEVERAL, f"{least}+"))


def several(found: Summary) -> dict[int, int]:
    """Families with at least so many unanswered needs, for 1 to 5.

    >>> from data.interventions import Number
    >>> from data.queries import NO_CONTEXT
    >>> numbers = {("needs_count", "1"): Number(5, 5), ("needs_count", "3"): Number(2, 2)}
    >>> several(Summary("dtks", NO_CONTEXT, numbers, {}, frozenset(), frozenset()))
    {1: 7, 2: 2, 3: 2, 4: 0, 5: 0}
    """
    return {least: found.with_needs(least) for least in LEAST}


def bar(least: int, count: int, most: int, reader: Language) -> str:
    words = translate(N_("{count} needs or more") if least > 1 else N_("one need or more"), reader, count=least)
    return (
        f'<div class="several"><span>{escape(words)}</span>'
        f'<i aria-hidden="true"><b style="width:{100 * count / most:.1f}%"></b></i></div>'
    )


def show(left: DeltaGenerator, right: DeltaGenerator, found: Summary, scope: Scope) -> None:
    st.html(STATIC / "interventions.css")
    with left:
        show_agencies(found, scope)
    with right:
        show_several(found, scope)
