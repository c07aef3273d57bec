"""The by-name list: its filters, its families, its masks."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from components.address import go, language, say
from components.ask import current
from components.filters import labelled
from components.rich import rich
from components.view import records
from data.definitions.catalogue import FIELDS, PROBLEMS, REGISTERS
from data.definitions.filters import ANY, FILTERS
from data.definitions.registers import Register
from data.linkage import outcomes
from data.queries import PeoplePage
from data.scope import Scope
from data.wording import N_, Language, long_date, number, translate

SIZE: Final = 50
YES: Final = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("unknown")}


FILLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "dukcapil": ("dukcapil",),
    "nik_state": ("nik",),
    "age_group": ("birth_date", "age"),
    "decile": ("decile",),
    "stunted": ("stunted",),
    "krs_risk": ("no_water", "no_latrine"),
}
"""Filters that ask for a field, and the fields of which a register must have one."""
BY_NAME: Final = tuple(key for key, register in REGISTERS.items() if register.grain != "figure")
FIRST: Final = "dtks"


def about(scope: Scope, registers: Collection[str]) -> Scope:
    """The scope with a by-name register that has data."""
    return scope if scope.register in registers else replace(scope, register=next(iter(registers)))


def register_menu(registers: Collection[str], chosen: str) -> None:
    """Whose list is shown; what narrows one register means nothing to another."""
    if len(registers) < 2:
        return

    def choose() -> None:
        go(replace(current(), register=st.session_state["choose_register"], filters=()))

    with st.container(key="filter_register", width="content"):
        st.menu_button(
            labelled(N_("Register"), short(chosen)),
            list(registers),
            key="choose_register",
            format_func=lambda key: say(REGISTERS[key].label),
            on_click=choose,
        )


def short(register: str, reader: Language | None = None) -> str:
    """A register's short name: what stands before the bracket."""
    return translate(REGISTERS[register].label, reader or language()).partition(" (")[0]


def title(register: str) -> str:
    return (
        say(N_("Household list"))
        if register == FIRST
        else say(N_("List by name: {register}"), register=short(register))
    )


def choose(register: Register, programmes: Mapping[str, str]) -> str:
    """The filters that the register's fields allow; returns the free text, which is searched but never becomes part of
    an address.
    """
    with st.container(key="list_filters", horizontal=True, gap="small", vertical_alignment="bottom"):
        text = st.text_input(
            say(N_("Search")), key="text", placeholder=say(N_("name, NIK, address")), max_chars=80, width=230
        )
        for key, words in choices(register, programmes).items():
            _filter(key, FILTERS[key][0], words)
        _other_filters(set(choices(register, programmes)))
    return text.strip()


def choices(register: Register, programmes: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The filters that say something about a register's rows, each with its codes in words."""
    fields = {*register.fields, *(field.key for field in register.own_fields)}
    own: dict[str, Mapping[str, str]] = {
        "updated": FILTERS["updated"][1] if register.updated else {},
        "programme": programmes,
        "category": {word: word for word in register.categories},
        "family_size": FILTERS["family_size"][1] if families(register) else {},
        "match": outcomes.codes(register.key),
    }
    found = {key: own.get(key, words) for key, (_, words) in FILTERS.items()}
    return {
        key: words
        for key, words in found.items()
        if words and (key not in FILLED_BY or not fields.isdisjoint(FILLED_BY[key]))
    }


def families(register: Register) -> bool:
    """Whether the list shows families, each with its members."""
    return register.key == FIRST or (register.grain == "person" and "relation" in register.listed)


def _other_filters(chosen: set[str]) -> None:
    """Filters that another screen set, and that have no choice here, are named: a list is never narrowed silently."""
    for key, code in current().filters:
        if key in FILTERS and key not in chosen and code != ANY:
            about_it = {
                **{one: found.label for one, found in FIELDS.items()},
                **{c: p.title for c, p in PROBLEMS.items()},
            }
            words = f"{say(FILTERS[key][0])}: {say(about_it.get(code, code))}"
            st.html(f'<span class="chip">{escape(words)}</span>', width="content")


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


COUNTED: Final = {
    "person": N_("**{persons} persons** in {place} match the filters."),
    "family": N_("**{persons} families** in {place} match the filters."),
    "measurement": N_("**{persons} children** with **{rows} measurements** in {place} match the filters."),
    "event": N_("**{rows} entries** in {place} match the filters."),
}
"""What a list counts, by what its rows stand for."""


def summary(found: PeoplePage, place: str, register: Register, reader: Language | None = None) -> str:
    message = COUNTED[register.grain]
    if families(register):
        message = N_("**{persons} persons** in **{families} families** in {place} match the filters.")
    words = rich(
        message,
        reader or language(),
        persons=found.persons,
        families=found.families,
        rows=found.count,
        place=place,
    )
    if register.grain == "measurement":
        words += " " + rich(
            N_("Health data of children are protected by law: for the work in hand only."), reader or language()
        )
    return words


def page(scope: Scope, text: str) -> int:
    """The page that is open; another question begins at its first page."""
    return int(st.session_state.get(_pager(scope, text), 1))


def pages(count: int, scope: Scope, text: str) -> None:
    if count > 1:
        st.pagination(count, key=_pager(scope, text))


def _pager(scope: Scope, text: str) -> str:
    return f"page_{hashlib.sha256(repr((scope, text)).encode()).hexdigest()[:12]}"


def show(found: PeoplePage, programmes: Mapping[str, str], register: Register) -> None:
    st.html(table(found.rows, programmes, language(), register))


@dataclass(frozen=True)
class Shown:
    """A column of the list: its heading (a message) and what stands in its cells, as HTML."""

    heading: str
    cell: Callable[[dict[str, Any], Language], str]


def columns(register: Register, programmes: Mapping[str, str]) -> tuple[Shown, ...]:
    """Who it is, what the register says about the person, where (unless a family's head line says it), which row."""
    name = Shown(N_("Name"), lambda row, _: f"<b>{escape(_text(row['name']) or '–')}</b>")
    nik = Shown(N_("NIK"), lambda row, _: f"<code>{escape(_text(row['nik']) or '–')}</code>")
    row = Shown(N_("Row"), lambda row, _: escape(_text(row["file_row"])))
    if register.key == FIRST:
        return (
            name,
            nik,
            Shown(N_("Born"), _born),
            Shown(N_("Relation"), lambda row, _: escape(_text(row["relation"]) or "–")),
            Shown(N_("Updated"), _updated),
            Shown(N_("Dukcapil"), lambda row, reader: _mark(str(row["dukcapil"]), reader)),
            Shown(N_("Programmes"), lambda row, reader: _received(row, programmes, reader)),
            row,
        )
    kk = Shown(N_("KK"), lambda row, _: f"<code>{escape(_text(row['kk']) or '–')}</code>")
    where = Shown(N_("Address"), lambda row, _: escape(_where(row) or "–"))
    numbers = (nik, kk) if register.grain == "family" else (nik,) if "nik" in register.fields else ()
    listed = (_field(key) for key in register.listed)
    return (name, *numbers, *listed, *(() if families(register) else (where,)), row)


def table(rows: pd.DataFrame, programmes: Mapping[str, str], reader: Language, register: Register) -> str:
    """The page as HTML; where a register has families, each is a block with its own head line. Every value is escaped.

    `rows` as `queries.people` gives them, families together.
    """
    shown = columns(register, programmes)
    if "match" in rows:
        shown = (shown[0], _matched(register), *shown[1:])
    head = "".join(f'<th scope="col">{escape(translate(column.heading, reader))}</th>' for column in shown)
    body, family = [], None
    for row in records(rows):
        if families(register) and row["family"] != family:
            family = row["family"]
            body.append(_family(row, len(shown), reader))
        body.append(f"<tr>{''.join(f'<td>{column.cell(row, reader)}</td>' for column in shown)}</tr>")
    return (
        f'<div class="people{"" if families(register) else " flat"}" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _matched(register: Register) -> Shown:
    """What became of the row when its register was matched with another."""
    linkage = outcomes.of(register.key)
    said = {outcome.key: outcome.label for outcome in linkage.outcomes} if linkage else {}

    def cell(row: dict[str, Any], reader: Language) -> str:
        told = translate(said.get(_text(row["match"]), ""), reader)
        open_ = f" ({translate(N_('under review'), reader)})" if row["match_open"] is True else ""
        return escape(told + open_) or "–"

    return Shown(N_("Match"), cell)


def _field(key: str) -> Shown:
    """A field of the register as its kind wants to be read."""
    field = FIELDS[key]

    def cell(row: dict[str, Any], reader: Language) -> str:
        value = row.get(key)
        if value is None or pd.isna(value):
            return "–"
        if field.kind in ("yes_no", "risk"):
            return _mark("yes" if value else "no", reader, judged=False)
        if field.kind == "date":
            return escape(long_date(value, reader))
        if field.kind == "height_status":
            return escape(translate(HEIGHTS.get(str(value), str(value)), reader))
        if isinstance(value, float):
            return escape(number(value, reader, 2))
        return escape(_text(value))

    return Shown(field.label, cell)


HEIGHTS: Final = {
    "severely_stunted": N_("severely stunted"),
    "stunted": N_("stunted"),
    "normal": N_("normal"),
    "tall": N_("tall"),
}


def _where(row: dict[str, Any]) -> str:
    address = [_text(row["address"])]
    if _text(row["rt"]) or _text(row["rw"]):
        address.append(f"RT {_text(row['rt']) or '–'} / RW {_text(row['rw']) or '–'}")
    return ", ".join(filter(None, [*address, _text(row["kelurahan"]), _text(row["kecamatan"])]))


def _family(row: dict[str, Any], width: int, reader: Language) -> str:
    size = rich(N_("family of {count}"), reader, count=int(row["family_size"]))
    kk = f"KK {escape(_text(row['kk']))}" if _text(row["kk"]) else rich(N_("without a KK number"), reader)
    where = escape(_where(row))
    return f'<tr class="family"><th colspan="{width}" scope="rowgroup"><b>{kk}</b> · {size} · {where}</th></tr>'


def _born(row: dict[str, Any], reader: Language) -> str:
    born = "–" if pd.isna(row["birth_date"]) else long_date(row["birth_date"], reader)
    if not pd.isna(row["age"]):
        years = translate(N_("{age} y"), reader, age=int(row["age"]))
        born = f"{born} ({years})"
    return escape(born)


def _updated(row: dict[str, Any], reader: Language) -> str:
    on = "" if pd.isna(row["updated_on"]) else long_date(row["updated_on"], reader)
    return f"{_mark(str(row['updated']), reader)} <small>{escape(on)}</small>"


def _received(row: dict[str, Any], programmes: Mapping[str, str], reader: Language) -> str:
    received = [translate(programmes.get(code, code), reader) for code in _text(row["programmes"]).split(",") if code]
    return escape(", ".join(received) or "–")


def _mark(state: str, reader: Language, judged: bool = True) -> str:
    """Yes, no or unknown; `judged` where yes is good and no is bad."""
    sign = {"yes": "✓", "no": "✕"}.get(state, "?")
    word = escape(translate(YES.get(state, YES["unknown"]), reader))
    return f'<span class="state {escape(state) if judged else "plain"}">{sign} {word}</span>'


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
