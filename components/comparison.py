"""What changed between two snapshots: the choices, the figures, the table by area and the people concerned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any, Final, NoReturn

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import documents, filters, header, households, navigation
from components.address import go, language, say
from components.ask import current, viewer
from components.rich import rich
from components.routes import STATIC
from components.view import LEVEL_NAMES, records
from data import comparison
from data.access import Mask
from data.comparison import KINDS, ChangedPage, Comparison
from data.definitions.catalogue import REGISTERS
from data.definitions.filters import FILTERS
from data.definitions.indicators import Indicator
from data.queries import Context, Period, Source
from data.scope import Scope
from data.wording import N_, Language, capital, long_date, number, percent, translate

FIRST: Final = "entered"

TITLES: Final[Mapping[str, str]] = {
    "entered": N_("Entered"),
    "left": N_("Left"),
    "moved": N_("Moved"),
    "decile": N_("Decile changed"),
    "updated": N_("Newly updated"),
    "nik_mended": N_("NIK mended"),
    "undecided": N_("Cannot be decided"),
}
UNITS: Final = {"person": N_("persons"), "measurement": N_("children"), "family": N_("families")}
BEHIND: Final[Mapping[str, str]] = {
    "entered": N_("persons who stand in the register now and did not before"),
    "left": N_("persons who stood in the register before and do not now"),
    "moved": N_("persons in another kelurahan or another family than before"),
    "decile": N_("persons with another decile than before"),
    "updated": N_("persons updated since the earlier snapshot"),
    "nik_mended": N_("persons whose NIK could not be used before and can be now"),
}

_cards = st.components.v2.component(
    "padan_changes",
    html='<div class="changes" role="group"></div>',
    css=(STATIC / "changes.css").read_text(),
    js=(STATIC / "changes.js").read_text(),
)
_table = st.components.v2.component(
    "padan_area_table",
    html='<div class="areas"></div>',
    css=(STATIC / "areas.css").read_text(),
    js="".join((STATIC / name).read_text() for name in ("linked.js", "areas.js")),
)


# Choices


def about(scope: Scope, registers: Sequence[str]) -> Scope:
    """The scope with a register that the store has."""
    return scope if scope.register in registers or not registers else replace(scope, register=registers[0])


def whole(scope: Scope) -> Scope:
    """The scope as far as figures depend on it, so that another kind or page asks nothing anew."""
    return replace(scope, indicator=Scope.indicator, filters=())


def kind_of(scope: Scope) -> str:
    """What the address asks for; where it names nothing that exists, who entered."""
    asked = scope.filter("change") or FIRST
    return asked if asked in (*KINDS, "undecided") else FIRST


def choose_register(registers: Sequence[str], chosen: str) -> None:
    """Which register the screen is about; only where the store has several."""
    if len(registers) < 2:
        return

    def choose() -> None:
        go(replace(current(), register=st.session_state["choose_register"]))

    with st.container(key="filter_register", width="content"):
        st.menu_button(
            filters.labelled(N_("Register"), say(REGISTERS[chosen].label).partition(" (")[0]),
            list(registers),
            key="choose_register",
            format_func=lambda key: say(REGISTERS[key].label),
            on_click=choose,
        )


def bar(
    scope: Scope,
    context: Context,
    periods: Sequence[Period],
    registers: Sequence[str],
    with_data: Sequence[str],
    compared: bool = True,
) -> None:
    """Register, place, date and, where the screen is `compared`, the earlier date."""
    choose_register(registers, scope.register)
    filters.bar(context, periods, with_data, compared=compared, updated=False)


def choose_kind(kind: str) -> None:
    go(current().with_filter("change", kind))


# What is drawn


def indicator(kind: str, grain: str) -> Indicator:
    """A kind of change as the map and the ranking know figures."""
    return Indicator(
        key=kind,
        label=TITLES[kind],
        unit="families" if grain == "family" else "persons",
        numerator=kind,
        denominator=None,
        numerator_label=BEHIND.get(kind, TITLES[kind]),
        denominator_label="",
        definition="",
        source="",
    )


def sentence(found: Comparison, place: str, reader: Language) -> str:
    """Who came and went, and what else happened, as HTML."""
    if not found.known or found.context.compare is None:
        return ""
    numbers = {kind: found.totals[kind] or 0 for kind in KINDS}
    message = (
        N_("Since {day}, **{entered} families entered and {left} left** the register in {place}; {moved} moved.")
        if found.grain == "family"
        else N_("Since {day}, **{entered} persons entered and {left} left** the register in {place}; {moved} moved.")
    )
    told = rich(message, reader, day=found.context.compare, place=place, **numbers)
    if found.undecided or found.undecided_before:
        told += " " + rich(
            N_("{count} of the newer and {before} of the earlier rows cannot be decided."),
            reader,
            count=found.undecided,
            before=found.undecided_before,
        )
    return told


def show_cards(found: Comparison, kind: str) -> None:
    """The six figures; a click chooses one of them for everything below."""

    def chosen() -> None:
        if asked := st.session_state["changes"].get("kind"):
            choose_kind(str(asked))

    draw_cards("changes", cards(found, kind, language()), chosen)


def draw_cards(key: str, drawn: Sequence[Mapping[str, Any]], chosen: Callable[[], None]) -> None:
    """Figures to choose from; the chosen one's `kind` is in the state of `key` when `chosen` is called."""
    _cards(key=key, data={"cards": list(drawn)}, on_kind_change=chosen)


def cards(found: Comparison, kind: str, reader: Language) -> list[dict[str, Any]]:
    """A card a kind: label, amount, what it is made of, whether it is chosen."""
    notes = {
        "entered": _share(found.totals["entered"], found.now, reader),
        "left": _share(found.totals["left"], found.then, reader),
        "moved": translate(
            N_("{kelurahan} to another kelurahan, {family} to another family"),
            reader,
            kelurahan=found.moved_kelurahan,
            family=found.moved_family,
        ),
        "decile": translate(N_("of those who stand in both"), reader),
        "updated": translate(
            N_("derived: the record differs") if found.context.derived else N_("with a later update date than before"),
            reader,
        ),
        "nik_mended": translate(N_("was missing, destroyed or masked"), reader),
    }
    unknown = translate(N_("not known"), reader)
    return [
        {
            "kind": one,
            "label": translate(TITLES[one], reader),
            "amount": unknown if count is None else number(count, reader),
            "unit": "" if count is None else translate(UNITS.get(found.grain, UNITS["person"]), reader),
            "note": translate(N_("one of the files does not tell it"), reader) if count is None else notes[one],
            "tone": "good" if one == "nik_mended" and count else "",
            "chosen": one == kind,
            "disabled": count is None,
        }
        for one, count in found.totals.items()
    ]


def _share(count: int | None, whole: int, reader: Language) -> str:
    if count is None or not whole:
        return ""
    return translate(N_("{share} of {whole}"), reader, share=percent(count / whole, reader), whole=whole)


def show_areas(shown: documents.Shown, kind: str, found: Comparison, choose: Callable[[str], None]) -> None:
    by, seen = shown.seen.tabled_by, shown.seen
    header.card_head(capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
    data = areas(shown.tabled, kind, LEVEL_NAMES[by], found.totals, seen.chosen, language())
    area_table(data, choose, say(N_("What changed")), seen.place, [found.context])


def area_table(
    data: Mapping[str, Any],
    choose: Callable[[str], None],
    title: str = "",
    place: str = "",
    contexts: Sequence[Context] = (),
) -> None:
    """A table of areas: columns, rows of code, cells, order, tones and chosen, and by which column it is sorted. Where
    it says which `contexts` its figures come from, it can be taken away as a file, with `title` and `place`.
    """

    def clicked() -> None:
        if code := st.session_state["area_table"].get("place"):
            choose(str(code))

    _table(key="area_table", data=dict(data), on_place_change=clicked)
    if contexts:
        documents.table_downloads("areas", lambda: documents.tabled.of_rows(data), title, place, contexts)


def areas(
    values: pd.DataFrame, kind: str, heading: str, told: Mapping[str, int | None], chosen: str, reader: Language
) -> dict[str, Any]:
    """The table's rows: every kind that the snapshots can tell, who moved away, who cannot be decided."""
    columns = [key for key in KINDS if told.get(key) is not None]
    at = columns.index("moved") + 1
    labels = {**TITLES, "moved_away": N_("Moved away")}
    columns = [*columns[:at], "moved_away", *columns[at:], "undecided"]
    rows = []
    for row in records(values):
        counts = [None if pd.isna(row[key]) else int(row[key]) for key in columns]
        cells = [str(row["name"]), *("–" if count is None else number(count, reader) for count in counts)]
        tones = ["", *("" for _ in counts)]
        rows.append(
            {"code": row["code"], "cells": cells, "order": [str(row["name"]), *counts], "tones": tones,
             "chosen": row["code"] == chosen}
        )  # fmt: skip
    return {
        "columns": [capital(translate(label, reader)) for label in (heading, *(labels[key] for key in columns))],
        "rows": rows,
        "sort": {"column": columns.index(kind) + 1 if kind in columns else 1, "down": True},
        "language": reader,
    }


def show_recognised(found: Comparison) -> None:
    header.card_head(say(N_("How they were recognised")), say(N_("Who stands in both snapshots, and what shows it.")))
    st.html(recognised(found, language()))
    if found.undecided or found.undecided_before:
        st.button(
            say(N_("See the rows that cannot be decided")), type="tertiary", on_click=choose_kind, args=("undecided",)
        )


def recognised(found: Comparison, reader: Language) -> str:
    """The ways with their counts and shares, as HTML."""
    whole = sum(found.identified.values()) + found.undecided
    lines = [(translate(comparison.WAYS[way], reader), count) for way, count in found.identified.items()]
    lines.append((translate(N_("cannot be decided"), reader), found.undecided))
    rows = "".join(
        f"<tr><th scope='row'>{escape(capital(words))}</th><td>{escape(number(count, reader))}</td>"
        f"<td>{escape(percent(count / whole if whole else None, reader))}</td></tr>"
        for words, count in lines
    )
    return f'<table class="shares"><tbody>{rows}</tbody></table>'


# The people behind


HEADINGS: Final = (N_("Name"), N_("NIK"), N_("Born"), N_("Where"), N_("Before → now"), N_("Recognised by"), N_("Row"))
WITHHELD: Final = ("NIK", "Born", "Row")
"""Columns that say nothing to those who do not see names."""


def show_people(above: DeltaGenerator, kind: str, page: ChangedPage, place: str) -> None:
    """The list; its title goes to the place above it that was kept for it."""
    with above:
        header.card_head(
            f"{say(TITLES[kind])}: {number(page.count, language())}",
            say(N_("By name, in {place}; the change stands beside every name."), place=place),
        )
    if page.count:
        households.note()
        st.html(people(page.rows, language(), viewer().mask()))
    else:
        st.html(f'<p class="source">{escape(say(N_("Nobody: there is nothing to list.")))}</p>')


def people(rows: pd.DataFrame, reader: Language, mask: Mask = households.ALL) -> str:
    """The page as HTML; every value is escaped, what the `mask` withholds has no column."""
    shown = [at for at, label in enumerate(HEADINGS) if mask.named or label not in WITHHELD]
    head = "".join(f'<th scope="col">{escape(translate(HEADINGS[at], reader))}</th>' for at in shown)
    body = "".join(_person(row, reader, shown) for row in records(rows))
    return (
        '<div class="people changed" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _person(row: dict[str, Any], reader: Language, shown: Sequence[int]) -> str:
    where = ", ".join(filter(None, (_text(row["address"]), _text(row["kelurahan_name"]), _text(row["kecamatan_name"]))))
    way = comparison.WAYS.get(_text(row["identified_by"]), "")
    lines = [_text(row["file_row"]), _text(row["file_row_before"])]
    cells = (
        f"<b>{escape(_text(row['name']) or '–')}</b>",
        f"<code>{escape(_text(row['nik']) or '–')}</code>",
        escape("–" if pd.isna(row["birth_date"]) else long_date(row["birth_date"], reader)),
        escape(where or "–"),
        "<br>".join(changes(row, reader)) or "–",
        escape(translate(way, reader) if way else "–"),
        escape(" ← ".join(filter(None, lines))),
    )
    return f"<tr>{''.join(f'<td>{cells[at]}</td>' for at in shown)}</tr>"


def changes(row: Mapping[str, Any], reader: Language) -> list[str]:
    """What happened to somebody, a line a change, as HTML: what it is, before → now."""
    kinds = str(row["changes"]).split(",")
    lines = [(comparison.WORDS[kind], "", "") for kind in ("entered", "left", "undecided") if kind in kinds]
    if "moved" in kinds:
        places = _text(row["kelurahan_name_before"]), _text(row["kelurahan_name"])
        if places[0] != places[1]:
            lines.append((N_("kelurahan"), *places))
        cards = _text(row["kk_before"]), _text(row["kk"])
        if cards[0] != cards[1]:
            lines.append((N_("family"), *cards))
        elif places[0] == places[1]:
            # Masked numbers look alike.
            lines.append((N_("another family"), "", ""))
    if "decile" in kinds:
        lines.append((N_("decile"), _decile(row["decile_before"], reader), _decile(row["decile"], reader)))
    if "updated" in kinds:
        before, now = (_day(row[key], reader) for key in ("updated_on_before", "updated_on"))
        lines.append((N_("updated"), before, now) if now else (N_("differs from before"), "", ""))
    if "nik_mended" in kinds:
        state = FILTERS["nik_state"][1].get(_state(row["nik_state_before"]), N_("missing"))
        lines.append((N_("NIK"), translate(state, reader), _text(row["nik"])))
    return [
        f"<small>{escape(translate(what, reader))}</small>"
        + (f" {escape(before or '–')} → <b>{escape(now or '–')}</b>" if before or now else "")
        for what, before, now in lines
    ]


def _state(value: Any) -> str:
    return "rejected" if value in ("destroyed", "malformed") else str(value)


def _decile(value: Any, reader: Language) -> str:
    return translate(N_("not determined"), reader) if pd.isna(value) else str(int(value))


def _day(value: Any, reader: Language) -> str:
    return "" if pd.isna(value) else long_date(value, reader)


def nothing_yet() -> NoReturn:
    """A store without a register by name: what to do. Ends the screen."""
    with st.container(key="card_empty"):
        header.head(
            say(N_("No data yet")),
            rich(N_("Import a register by name, and this screen shows what is in it."), language()),
        )
        _to_imports()


def nothing_to_compare(context: Context, place: str) -> NoReturn:
    """A place with one date only, or none. Ends the screen."""
    one = N_("There is only one snapshot for {place}, of {day}. Import another one to see what changed.")
    none = N_("There are no data for {place} yet. Choose another area above, or import a file.")
    with st.container(key="card_empty"):
        if context.period:
            header.message(one, place=place, day=long_date(context.period, language()))
        else:
            header.message(none, place=place)
        _to_imports()


def _to_imports() -> NoReturn:
    with st.container(key="action"):
        navigation.link("imports", label=say(N_("Import data →")))
    st.stop()


def foot(context: Context, earlier: Sequence[Source] = (), definitions: Sequence[tuple[str, str]] = ()) -> None:
    st.html(build_foot(context, earlier, definitions, language()))


def build_foot(
    context: Context, earlier: Sequence[Source], definitions: Sequence[tuple[str, str]], reader: Language
) -> str:
    """The files with their dates, and what every word means, as HTML."""
    files = "; ".join(
        rich(N_("{file}, data as of {period}"), reader, file=source.file, period=source.period)
        + f" (<code>SHA-256 {escape(source.sha256[:12])}</code>)"
        for source in (*context.sources, *earlier)
    )
    sample = rich(N_("SAMPLE DATA: invented persons, realistic figures."), reader) if context.sample else ""
    meanings = "".join(
        f"<p><b>{escape(translate(label, reader))}</b>: {escape(translate(words, reader))}</p>"
        for label, words in definitions
    )
    return (
        f'<footer class="source"><p><b>{rich(N_("Source"), reader)}</b>: {files}. {sample}</p>'
        f"<details><summary>{rich(N_('Definitions'), reader)}</summary>{meanings}</details></footer>"
    )


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
