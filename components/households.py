"""The by-name list: its filters, its families, its masks."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final, Literal
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components import header
from components.address import go, language, query, say
from components.ask import current, viewer
from components.filters import labelled, plain
from components.links import narrowed
from components.rich import rich
from components.routes import STATIC
from components.view import records
from data import eligibility
from data.access import Mask, Viewer
from data.comparison import ChangedPage
from data.definitions.catalogue import FIELDS, PROBLEMS, REGISTERS
from data.definitions.filters import ANY, FILTERS
from data.definitions.programmes import NEEDS, PROGRAMMES, Need, Programme, of_region
from data.definitions.registers import Register
from data.household import key_of
from data.linkage import outcomes
from data.lists import OF_FIELD, SORT, withheld
from data.queries import PeoplePage
from data.scope import Scope
from data.wording import N_, Language, long_date, number, translate

HOUSEHOLD: Final = "keluarga"
"""Where a household's page is opened."""
SIZES: Final = (25, 50, 100, 200)
"""Rows on a page, to choose from; the second unless another one is chosen."""
YES: Final = {"yes": N_("yes"), "no": N_("no"), "unknown": N_("unknown")}


FILLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "dukcapil": ("dukcapil",),
    "nik_state": ("nik",),
    "age_group": ("birth_date", "age"),
    "decile": ("decile",),
    "stunted": ("stunted",),
    "krs_risk": ("no_water", "no_latrine"),
    "sex": ("sex",),
    "months": ("age_at_measurement",),
    "krs_factors": ("no_water", "no_latrine"),
    "reached_in": ("reached_on",),
    "validated": ("validated",),
}
"""Filters that ask for a field, and the fields of which a register must have one."""
BY_NAME: Final = tuple(key for key, register in REGISTERS.items() if register.grain != "figure")
FIRST: Final = "dtks"


def about(scope: Scope, registers: Collection[str]) -> Scope:
    """The scope with a by-name register that has data, without what other screens keep in their address."""
    register = scope.register if scope.register in registers else next(iter(registers))
    return replace(narrowed(scope), register=register, indicator=Scope.indicator)


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


def choose(register: Register, programmes: Mapping[str, str], place: str) -> str:
    """The filters that the register's fields and the viewer's rights allow; returns the free text, which is searched
    but never becomes part of an address.
    """
    st.html(STATIC / "households.css")
    offered, text = seen_by(viewer(), choices(register, programmes, place)), ""
    shown = [key for key in MAIN if key in offered][:SHOWN]
    others = [key for key in offered if key not in shown]
    with st.container(key="list_search", horizontal=True, gap="small", vertical_alignment="bottom"):
        if viewer().named:
            text = st.text_input(
                say(N_("Search")), key="text", placeholder=say(N_("name, NIK, address")), max_chars=80, width=230
            )
        with st.container(key="list_filters", horizontal=True, gap="small", vertical_alignment="bottom"):
            for key in shown:
                _filter(key, offered[key])
            if others:
                with st.popover(say(N_("More filters")), key="more_filters"):
                    for key in others:
                        _filter(key, offered[key], width="stretch")
    _chips(offered)
    return text.strip()


MAIN: Final[tuple[str, ...]] = (
    "updated", "stunted", "match", "decile", "category", "krs_risk", "dukcapil", "programme", "open", "age_group",
    "sex", "nik_state", "placed",
)  # fmt: skip
"""The filters that stand in the open, the most wanted first, as far as there is room; the others are one click away."""
SHOWN: Final = 5


def choices(register: Register, programmes: Mapping[str, str], place: str = "") -> dict[str, Mapping[str, str]]:
    """The filters that say something about a register's rows, each with its codes in words."""
    fields = {*register.fields, *(field.key for field in register.own_fields)}
    region = {key: one.label for key, one in of_region(place).items()}
    social = register.key in eligibility.REGISTERS
    own: dict[str, Mapping[str, str]] = {
        "updated": FILTERS["updated"][1] if register.updated else {},
        "family_updated": FILTERS["family_updated"][1] if register.updated else {},
        "programme": programmes,
        "category": {word: word for word in register.categories},
        "family_size": FILTERS["family_size"][1] if families(register) else {},
        "match": outcomes.codes(register.key),
        **({} if social else {key: {} for key in ("agency", "need", "open", eligibility.SEVERAL_NEEDS)}),
        **{state: region if social else {} for state in eligibility.STATES},
    }
    found = {key: own.get(key, words) for key, (_, words) in FILTERS.items()}
    return {
        key: words
        for key, words in found.items()
        if words and (key not in FILLED_BY or not fields.isdisjoint(FILLED_BY[key]))
    }


def seen_by(who: Viewer, offered: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The filters without those that would tell what somebody is not shown, which the list refuses."""
    hidden = withheld(who.mask())
    return {key: words for key, words in offered.items() if OF_FIELD.get(key, key) not in hidden}


def families(register: Register) -> bool:
    """Whether the list shows families, each with its members."""
    return register.key == FIRST or (register.grain == "person" and "relation" in register.listed)


def _filter(key: str, words: Mapping[str, str], width: Literal["stretch"] | int = 152) -> None:
    widget = f"choice_{key}"
    chosen = current().filter(key)
    st.session_state[widget] = chosen if chosen in words else ""

    def changed() -> None:
        go(current().with_filter(key, st.session_state[widget] or None))

    st.selectbox(
        say(FILTERS[key][0]),
        ["", *words],
        key=widget,
        format_func=lambda code: say(words[code]) if code else say(N_("All")),
        on_change=changed,
        width=width,
    )


def chosen(scope: Scope) -> tuple[tuple[str, str], ...]:
    """The filters that narrow a list."""
    return tuple((key, code) for key, code in scope.filters if key in FILTERS and code != ANY)


def spoken(key: str, code: str, offered: Mapping[str, Mapping[str, str]]) -> str:
    """A filter and its code in words."""
    known = {
        **{one: found.label for one, found in FIELDS.items()},
        **{problem: found.title for problem, found in PROBLEMS.items()},
        **FILTERS[key][1],
        **offered.get(key, {}),
    }
    return f"{say(FILTERS[key][0])}: {say(known.get(code, code))}"


def _chips(offered: Mapping[str, Mapping[str, str]]) -> None:
    """What narrows the list, each to be taken away by itself: a list is never narrowed silently."""
    narrowing = chosen(current())
    if not narrowing and not st.session_state.get("text"):
        return
    with st.container(key="chips", horizontal=True, gap="small", vertical_alignment="center"):
        for key, code in narrowing:
            label = f"{plain(spoken(key, code, offered))} ✕"
            st.button(label, key=f"chip_{key}", on_click=loosen, args=(key,))
        st.button(say(N_("Clear the filters")), key="clear", type="tertiary", on_click=loosen)


def loosen(key: str = "") -> None:
    """Takes one filter away, or all of them with the text that was searched."""
    if not key or key == TEXT:
        st.session_state["text"] = ""
    if key != TEXT:
        go(current().with_filter(key, None) if key else replace(current(), filters=()))


def looser(scope: Scope, text: str) -> dict[str, tuple[Scope, str]]:
    """What else could be asked where nobody is found: without one of the filters, or without the text."""
    found = {key: (scope.with_filter(key, None), text) for key, _ in chosen(scope)}
    return found | ({TEXT: (scope, "")} if text else {})


def nobody(
    scope: Scope, counts: Mapping[str, int], offered: Mapping[str, Mapping[str, str]], register: Register
) -> None:
    """An empty list: which filter keeps everybody out, with how many there would be without it."""
    codes, reader = dict(chosen(scope)), language()
    header.card_head(say(N_("Nobody fits all of these conditions together")), say(N_("Loosen one of them:")))
    with st.container(key="looser", gap="small"):
        for key, count in sorted(counts.items(), key=lambda one: -one[1]):
            words = say(N_("the text that is searched")) if key == TEXT else spoken(key, codes[key], offered)
            label = say(N_("Without {filter}: {count} rows"), filter=f"**{plain(words)}**", count=count)
            st.button(label, key=f"without_{key}", on_click=loosen, args=(key,), disabled=not count)
    if not any(counts.values()):
        message = N_("Even with one filter less nobody is found: clear all of them, or choose another area or date.")
        st.html(f'<p class="source">{rich(message, reader)}</p>')


TEXT: Final = "text"
ORDERS: Final = {
    "": N_("kelurahan"),
    "name": N_("name of the head"),
    "updated": N_("longest without an update"),
    "needs": N_("most open needs"),
}
"""Orders of the list, see `data.lists.ORDERS`."""


def orders(register: Register, named: bool = True) -> tuple[str, ...]:
    """The orders that a register's list can have; by name only where names are shown."""
    able = {"name": named, "updated": register.updated, "needs": register.key in eligibility.REGISTERS}
    return tuple(key for key in ORDERS if able.get(key, True))


def order(register: Register) -> None:
    """By what the list is sorted, in the database, so that all pages follow it."""
    offered = orders(register, viewer().named)
    asked = current().filter(SORT) or ""
    st.session_state["order"] = asked if asked in offered else ""

    def changed() -> None:
        go(current().with_filter(SORT, st.session_state["order"] or None))

    with st.container(key="list_order", width="content"):
        st.selectbox(
            say(N_("Sorted by")), offered, key="order", on_change=changed, format_func=lambda key: say(ORDERS[key]),
            width=330,
        )  # fmt: skip


COUNTED: Final = {
    "person": N_("**{persons} persons** in {place} match the filters."),
    "family": N_("**{persons} families** in {place} match the filters."),
    "measurement": N_("**{persons} children** with **{rows} measurements** in {place} match the filters."),
    "event": N_("**{rows} entries** in {place} match the filters."),
}
"""What a list counts, by what its rows stand for."""


def summary(found: PeoplePage, place: str, register: Register, reader: Language | None = None) -> str:
    message = COUNTED["family" if found.by_family else register.grain]
    if families(register) and not found.by_family:
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


def note() -> None:
    """What stands above a list: that it is on record who looks, and why somebody sees no names."""
    st.html(f'<p class="source noted">{noted(viewer(), language())}</p>')


def noted(who: Viewer, reader: Language) -> str:
    """The note as HTML."""
    words = rich(N_("**Recorded**: who looks at this list, when, and how many persons it shows."), reader)
    if who.named:
        return words
    short = N_("**Names are shortened for your role**: addresses, birth dates and numbers are left out.")
    return f"{rich(short, reader)} {words}"


def page(scope: Scope, text: str) -> int:
    """The page that is open; another question begins at its first page."""
    return int(st.session_state.get(_pager(scope, text), 1))


def size() -> int:
    """Rows on a page."""
    return int(st.session_state.get("rows_a_page", SIZES[1]))


def pages(found: PeoplePage | ChangedPage, scope: Scope, text: str) -> None:
    """Which rows these are of how many, the other pages, and how long a page is."""
    with st.container(key="pages", horizontal=True, vertical_alignment="center"):
        first = (found.page - 1) * size()
        words = say(
            N_("Rows {first}–{last} of {count}"), first=first + 1, last=first + len(found.rows), count=found.count
        )
        st.html(f'<p class="source">{escape(words)}</p>', width="content")
        if found.pages > 1:
            st.pagination(found.pages, key=_pager(scope, text))
        if found.count > SIZES[0]:
            st.session_state.setdefault("rows_a_page", SIZES[1])
            st.selectbox(say(N_("Rows a page")), SIZES, key="rows_a_page", label_visibility="collapsed", width=92)


def _pager(scope: Scope, text: str) -> str:
    return f"page_{hashlib.sha256(repr((scope, text, size())).encode()).hexdigest()[:12]}"


def show(
    found: PeoplePage,
    programmes: Mapping[str, str],
    register: Register,
    scope: Scope,
    homes: Mapping[tuple[str, int], str],
) -> None:
    """The page of the list; `homes` are households in which the matching found rows (see `data.household.homes`)."""
    reader = language()

    def opens(row: dict[str, Any]) -> str:
        own = key_of(str(row["snapshot"]), int(str(row["family"]).partition("-")[2]))
        return home_address(scope, homes.get((str(row["snapshot"]), int(row["file_row"])), own), reader)

    note()
    opening = opens if "snapshot" in found.rows else None
    st.html(table(found.rows, programmes, reader, register, opening, mask=viewer().mask()))


def home_address(scope: Scope, household: str, reader: Language) -> str:
    """The address of a household's page, from which the way back leads to the list of `scope`."""
    return f"{HOUSEHOLD}?{urlencode(query(scope.with_filter('family', household), reader))}"


def rows_of(found: PeoplePage, register: Register) -> tuple[tuple[str, int], ...]:
    """The rows of a page of single persons, by snapshot and row of the file; none where the list shows families."""
    if families(register) or "snapshot" not in found.rows:
        return ()
    return tuple(zip(found.rows["snapshot"].astype(str), found.rows["file_row"].astype(int), strict=True))


ALL: Final = Mask(named=True)
"""Nothing but numbers is masked."""


@dataclass(frozen=True)
class Shown:
    """A column of the list: its heading (a message) and what stands in its cells, as HTML."""

    heading: str
    cell: Callable[[dict[str, Any], Language], str]


def columns(register: Register, programmes: Mapping[str, str], mask: Mask = ALL) -> tuple[Shown, ...]:
    """Who it is, what the register says about the person, where (unless a family's head line says it), which row;
    nothing of what the reader is not shown.
    """
    called = N_("Name") if mask.named else N_("Initials")
    name = Shown(called, lambda row, _: f"<b>{escape(text(row['name']) or '–')}</b>")
    nik = Shown(N_("NIK"), lambda row, _: f"<code>{escape(text(row['nik']) or '–')}</code>")
    born = Shown(N_("Born"), _born) if mask.named else Shown(N_("Age"), _age)
    row = (Shown(N_("Row"), lambda row, _: escape(text(row["file_row"]))),) if mask.named else ()
    if register.key == FIRST:
        return (
            name,
            *((nik,) if mask.named else ()),
            born,
            Shown(N_("Relation"), lambda row, _: escape(text(row["relation"]) or "–")),
            Shown(N_("Updated"), _updated),
            Shown(N_("Dukcapil"), lambda row, reader: _mark(str(row["dukcapil"]), reader)),
            Shown(N_("Programmes"), lambda row, reader: _received(row, programmes, reader)),
            *row,
        )
    kk = Shown(N_("KK"), lambda row, _: f"<code>{escape(text(row['kk']) or '–')}</code>")
    where = Shown(N_("Address") if mask.named else N_("Area"), lambda row, _: escape(_where(row) or "–"))
    numbers = (nik, kk) if register.grain == "family" else (nik,) if "nik" in register.fields else ()
    listed = (_field(key) for key in register.listed if key not in withheld(mask))
    return (name, *(numbers if mask.named else ()), *listed, *(() if families(register) else (where,)), *row)


def table(
    rows: pd.DataFrame,
    programmes: Mapping[str, str],
    reader: Language,
    register: Register,
    opens: Callable[[dict[str, Any]], str] | None = None,
    grouped: bool = True,
    mask: Mask = ALL,
) -> str:
    """The page as HTML; where a register has families, each is a block with its own head line (unless they are not to
    be `grouped`). `opens` gives the address of a row's household. Every value is escaped; what the `mask` withholds has
    no column.

    `rows` as `queries.people` gives them, families together.
    """
    shown, grouped = columns(register, programmes, mask), grouped and families(register)
    if opens and not grouped:
        shown = (Shown(shown[0].heading, _opening(shown[0], opens)), *shown[1:])
    if "match" in rows:
        shown = (shown[0], _matched(register), *shown[1:])
    if "concern_open" in rows:
        shown = (shown[0], *_CONCERNS, *shown[1:])
    head = "".join(f'<th scope="col">{escape(translate(column.heading, reader))}</th>' for column in shown)
    body, family = [], None
    for row in records(rows):
        if grouped and row["family"] != family:
            family = row["family"]
            body.append(_family(row, len(shown), reader, opens(row) if opens else "", mask))
        body.append(f"<tr>{''.join(f'<td>{column.cell(row, reader)}</td>' for column in shown)}</tr>")
    caption = escape(translate(N_("People of the list, page by page"), reader))
    return (
        f'<div class="people{"" if grouped else " flat"}" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _opening(column: Shown, opens: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any], Language], str]:
    def cell(row: dict[str, Any], reader: Language) -> str:
        return f'<a class="home" href="{escape(opens(row))}" target="_self">{column.cell(row, reader)}</a>'

    return cell


def _matched(register: Register) -> Shown:
    """What became of the row when its register was matched with another."""
    linkage = outcomes.of(register.key)
    said = {outcome.key: outcome.label for outcome in linkage.outcomes} if linkage else {}

    def cell(row: dict[str, Any], reader: Language) -> str:
        told = translate(said.get(text(row["match"]), ""), reader)
        open_ = f" ({translate(N_('under review'), reader)})" if row["match_open"] is True else ""
        return escape(told + open_) or "–"

    return Shown(N_("Match"), cell)


def _concern(heading: str, key: str, known: Mapping[str, Need | Programme]) -> Shown:
    """What concerns a row, without what stands in brackets."""

    def cell(row: dict[str, Any], reader: Language) -> str:
        keys = () if pd.api.types.is_scalar(row[key]) else row[key]
        return escape(", ".join(translate(known[one].label, reader).partition(" (")[0] for one in keys)) or "–"

    return Shown(heading, cell)


_CONCERNS: Final = (
    _concern(FILTERS["open"][0], "concern_open", NEEDS),
    _concern(FILTERS["missing"][0], "concern_missing", PROGRAMMES),
)


def _field(key: str) -> Shown:
    return Shown(FIELDS[key].label, lambda row, reader: value(key, row, reader))


def value(key: str, row: Mapping[str, Any], reader: Language) -> str:
    """A field of a register as its kind wants to be read, as HTML."""
    kind, found = FIELDS[key].kind, row.get(key)
    if found is None or pd.isna(found):
        return "–"
    if kind in ("yes_no", "risk"):
        return _mark("yes" if found else "no", reader, judged=False)
    if kind == "date":
        return escape(long_date(found, reader))
    if kind == "height_status":
        return escape(translate(HEIGHTS.get(str(found), str(found)), reader))
    if isinstance(found, float):
        return escape(number(found, reader, 2))
    return escape(number(found, reader)) if kind == "number" and isinstance(found, int) else escape(text(found))


HEIGHTS: Final = {
    "severely_stunted": N_("severely stunted"),
    "stunted": N_("stunted"),
    "normal": N_("normal"),
    "tall": N_("tall"),
}


def _where(row: dict[str, Any]) -> str:
    address = [text(row["address"])]
    if text(row["rt"]) or text(row["rw"]):
        address.append(f"RT {text(row['rt']) or '–'} / RW {text(row['rw']) or '–'}")
    return ", ".join(filter(None, [*address, text(row["kelurahan"]), text(row["kecamatan"])]))


def _family(row: dict[str, Any], width: int, reader: Language, opens: str, mask: Mask) -> str:
    size = "" if pd.isna(row["family_size"]) else rich(N_("family of {count}"), reader, count=int(row["family_size"]))
    kk = f"KK {escape(text(row['kk']))}" if text(row["kk"]) else rich(N_("without a KK number"), reader)
    words = " · ".join(filter(None, [f"<b>{kk}</b>" if mask.named else "", size, escape(_where(row))]))
    if opens:
        name = escape(translate(N_("Family of {name}"), reader, name=text(row["family_head"]) or "–"))
        words = f'<a class="home" href="{escape(opens)}" target="_self">{name} →</a> {words}'
    return f'<tr class="family"><th colspan="{width}" scope="rowgroup"><span>{words}</span></th></tr>'


def _born(row: dict[str, Any], reader: Language) -> str:
    born = "–" if pd.isna(row["birth_date"]) else long_date(row["birth_date"], reader)
    if not pd.isna(row["age"]):
        years = translate(N_("{age} y"), reader, age=int(row["age"]))
        born = f"{born} ({years})"
    return escape(born)


def _age(row: dict[str, Any], reader: Language) -> str:
    return "–" if pd.isna(row["age"]) else escape(translate(N_("{age} y"), reader, age=int(row["age"])))


def _updated(row: dict[str, Any], reader: Language) -> str:
    on = "" if pd.isna(row["updated_on"]) else long_date(row["updated_on"], reader)
    return f"{_mark(str(row['updated']), reader)} <small>{escape(on)}</small>"


def _received(row: dict[str, Any], programmes: Mapping[str, str], reader: Language) -> str:
    received = [translate(programmes.get(code, code), reader) for code in text(row["programmes"]).split(",") if code]
    return escape(", ".join(received) or "–")


def _mark(state: str, reader: Language, judged: bool = True) -> str:
    """Yes, no or unknown; `judged` where yes is good and no is bad."""
    sign = {"yes": "✓", "no": "✕"}.get(state, "?")
    word = escape(translate(YES.get(state, YES["unknown"]), reader))
    return f'<span class="state {escape(state) if judged else "plain"}">{sign} {word}</span>'


def text(value: Any) -> str:
    """A value of a frame as text; empty where there is none."""
    return "" if value is None or pd.isna(value) else str(value)
