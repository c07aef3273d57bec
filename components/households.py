"""The by-name list: its filters, its families, its masks."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from components.address import go, language, say
from components.ask import current
from components.rich import rich
from components.view import records
from data.definitions.filters import FILTERS
from data.queries import PeoplePage
from data.scope import Scope
from data.wording import N_, Language, long_date, translate

SIZE: Final = 50
YES: Final = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("unknown")}


def choose(programmes: Mapping[str, str]) -> str:
    """The filters; returns the free text, which is searched but never becomes part of an address."""
    with st.container(key="list_filters", horizontal=True, gap="small", vertical_alignment="bottom"):
        text = st.text_input(
            say(N_("Search")), key="text", placeholder=say(N_("name, NIK, address")), max_chars=80, width=230
        )
        for key, (label, words) in FILTERS.items():
            _filter(key, label, programmes if key == "programme" else words)
    return text.strip()


def _filter(key: str, label: str, words: Mapping[str, str]) -> None:
    if not words:
        return
    widget = f"choice_{key}"
    chosen = current().filter(key)
    st.session_state[widget] = chosen if chosen in words else ""

    def changed() -> None:
        go(current().with_filter(key, st.session_state[widget] or None))

    st.selectbox(
        say(label),
        ["", *words],
        key=widget,
        format_func=lambda code: say(words[code]) if code else say(N_("All")),
        on_change=changed,
        width=142,
    )


def clear() -> None:
    """A way back to the whole list, where filters are set."""
    if not current().filters:
        return

    def cleared() -> None:
        st.session_state["text"] = ""
        go(replace(current(), filters=()))

    st.button(say(N_("Clear the filters")), type="tertiary", on_click=cleared)


def unmask(allowed: bool) -> bool:
    """Whether identifiers are shown in full; off until somebody turns it on, and off again in a new session."""
    if not allowed:
        return False
    return st.toggle(say(N_("Show NIK and KK in full")), key="unmasked", help=say(N_("Only when the work needs it.")))


def summary(found: PeoplePage, place: str, reader: Language | None = None) -> str:
    return rich(
        N_("**{persons} persons** in **{families} families** in {place} match the filters."),
        reader or language(),
        persons=found.persons,
        families=found.families,
        place=place,
    )


def page(scope: Scope, text: str) -> int:
    """The page that is open; another question begins at its first page."""
    return int(st.session_state.get(_pager(scope, text), 1))


def pages(count: int, scope: Scope, text: str) -> None:
    if count > 1:
        st.pagination(count, key=_pager(scope, text))


def _pager(scope: Scope, text: str) -> str:
    return f"page_{hashlib.sha256(repr((scope, text)).encode()).hexdigest()[:12]}"


def show(found: PeoplePage, programmes: Mapping[str, str]) -> None:
    st.html(table(found.rows, programmes, language()))


HEADINGS: Final = (
    N_("Name"),
    N_("NIK"),
    N_("Born"),
    N_("Relation"),
    N_("Updated"),
    N_("Dukcapil"),
    N_("Programmes"),
    N_("Row"),
)


def table(rows: pd.DataFrame, programmes: Mapping[str, str], reader: Language) -> str:
    """The page as HTML: a family is a block with its own head line; every value is escaped.

    `rows` as `queries.people` gives them, families together.
    """
    head = "".join(f'<th scope="col">{escape(translate(label, reader))}</th>' for label in HEADINGS)
    body, family = [], None
    for row in records(rows):
        if row["family"] != family:
            family = row["family"]
            body.append(_family(row, reader))
        body.append(_person(row, programmes, reader))
    return (
        '<div class="people" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _family(row: dict[str, Any], reader: Language) -> str:
    address = [_text(row["address"])]
    if _text(row["rt"]) or _text(row["rw"]):
        address.append(f"RT {_text(row['rt']) or '–'} / RW {_text(row['rw']) or '–'}")
    address += [_text(row["kelurahan"]), _text(row["kecamatan"])]
    where = escape(", ".join(filter(None, address)))
    size = rich(N_("family of {count}"), reader, count=int(row["family_size"]))
    kk = f"KK {escape(_text(row['kk']))}" if _text(row["kk"]) else rich(N_("without a KK number"), reader)
    return f'<tr class="family"><th colspan="{len(HEADINGS)}" scope="rowgroup"><b>{kk}</b> · {size} · {where}</th></tr>'


def _person(row: dict[str, Any], programmes: Mapping[str, str], reader: Language) -> str:
    born = "–" if pd.isna(row["birth_date"]) else long_date(row["birth_date"], reader)
    if not pd.isna(row["age"]):
        years = translate(N_("{age} y"), reader, age=int(row["age"]))
        born = f"{born} ({years})"
    received = [translate(programmes.get(code, code), reader) for code in _text(row["programmes"]).split(",") if code]
    updated = str(row["updated"])
    on = "" if pd.isna(row["updated_on"]) else long_date(row["updated_on"], reader)
    cells = (
        f"<b>{escape(_text(row['name']) or '–')}</b>",
        f"<code>{escape(_text(row['nik']) or '–')}</code>",
        escape(born),
        escape(_text(row["relation"]) or "–"),
        f"{_mark(updated, reader)} <small>{escape(on)}</small>",
        _mark(str(row["dukcapil"]), reader),
        escape(", ".join(received) or "–"),
        escape(_text(row["file_row"])),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _mark(state: str, reader: Language) -> str:
    sign = {"yes": "✓", "no": "✕"}.get(state, "?")
    word = escape(translate(YES.get(state, YES["unknown"]), reader))
    return f'<span class="state {escape(state)}">{sign} {word}</span>'


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
