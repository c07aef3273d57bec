"""The log of who saw what, on a screen: what happened this week, whether the log is whole, its entries."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import streamlit as st

from components import header
from components.address import language, say
from components.ask import STORE, viewer
from components.documents import buttons
from components.history import area
from components.routes import STATIC
from components.tickets import File
from data import audit, inspection
from data.access import Viewer
from data.audit import DOCUMENT, EXPORT, Chain
from data.engine import connect
from data.exports import MEDIA_TYPES, Format, file_name, stream
from data.home import home
from data.inspection import ACTIONS, SIGN_IN_FAILED, TAKEN, Entry, Found, Search, Sums
from data.places import reference
from data.snapshots import Store
from data.wording import N_, Language, number, short_date, translate

FORMATS: Final[dict[str, Format]] = {"xlsx": "xlsx", "csv": "csv.zip"}
FIELDS: Final = ("who", "place", "action", "number", "days", "in_full", "leaving")
TONES: Final = {
    EXPORT: "leaves",
    DOCUMENT: "leaves",
    TAKEN: "leaves",
    "grant": "full",
    SIGN_IN_FAILED: "failed",
    "remove": "failed",
    "account-disabled": "failed",
}
"""How an action is marked; others are quiet."""


@dataclass(frozen=True)
class Order:
    """Entries of the log that somebody may fetch as a file."""

    viewer: Viewer
    search: Search
    format: Format
    language: Language

    def file(self) -> File:
        found = inspection.taken(Store(home()), self.viewer, self.language, self.search)
        connection = connect().con
        connection.register("entries", found.table)
        pieces = stream(connection, inspection.ALL, found.columns, found.cover, self.format, self.language)
        return File(file_name(found.name, self.format, False, self.language), MEDIA_TYPES[self.format], pieces)


def style() -> None:
    st.html(STATIC / "audit.css")


# What is looked for


def choose() -> Search:
    """The fields of the search; nothing of them goes into the address."""
    places = ["", *inspection.places(STORE, viewer())]
    with st.container(key="card_search"):
        with st.container(key="log_fields", horizontal=True, vertical_alignment="bottom"):
            who = st.text_input(say(N_("Account")), key="log_who", placeholder=say(N_("part of the name")))
            place = st.selectbox(say(N_("Area")), places, key="log_place", format_func=_place)
            action = st.selectbox(say(N_("Activity")), ["", *ACTIONS], key="log_action", format_func=_action)
            days = st.date_input(say(N_("Days")), value=[], key="log_days", format="DD/MM/YYYY")
            entry = st.text_input(say(N_("Entry or document")), key="log_number", placeholder="J-2026-000123")
        with st.container(key="log_switches", horizontal=True, vertical_alignment="center"):
            in_full = st.toggle(say(N_("Only numbers in full")), key="log_in_full")
            leaving = st.toggle(say(N_("Only what left the system")), key="log_leaving")
            if any(st.session_state.get(f"log_{field}") for field in FIELDS):
                st.button(say(N_("Clear the search")), key="log_clear", type="tertiary", on_click=_clear)
    first, last = _days(days)
    return Search(who, place, action, first, last, in_full, leaving, entry)


def _days(chosen: Any) -> tuple[date | None, date | None]:
    """One day, or the first and the last of several."""
    given = list(chosen) if isinstance(chosen, tuple | list) else [chosen]
    return (given[0], given[-1]) if given else (None, None)


def _clear() -> None:
    for field in FIELDS:
        st.session_state.pop(f"log_{field}", None)


def _place(code: str) -> str:
    found = reference.find(code) if code else None
    return f"{found.name} ({code})" if found else say(N_("Everywhere"))


def _action(key: str) -> str:
    return say(ACTIONS[key]) if key else say(N_("Everything"))


def page() -> int:
    """The page that is chosen."""
    return int(st.session_state.get("log_page") or 1)


# Whether the log is whole


def chain() -> Chain:
    """The state of the log. Only what was added since the last time is followed, unless it was not whole then."""
    with st.spinner(say(N_("The log is being checked …"))):
        _known[STORE] = audit.verify(STORE, viewer(), known=_known.get(STORE))
    return _known[STORE]


_known: Final[dict[Store, Chain]] = {}


def show_chain(found: Chain) -> None:
    with st.container(key="log_chain", horizontal=True, vertical_alignment="center"):
        st.html(chain_html(found, language()))
        st.button(say(N_("Check from the first entry")), key="log_check", on_click=_known.clear)


def chain_html(found: Chain, reader: Language) -> str:
    """Whether the log is whole, as HTML; where it is not, from where on, and what to do."""

    def told(message: str, **values: str | int) -> str:
        return escape(translate(message, reader, **values))

    if not found.entries and found.whole:
        return f'<p class="chain whole">{told(N_("Nothing has been entered yet."))}</p>'
    if found.whole:
        return (
            f'<p class="chain whole"><b>{told(N_("The log is whole"))}</b>'
            f"<span>{told(N_('{count} entries, sealed one after the other'), count=found.entries)}"
            f"</span><span>{told(N_('Newest seal'))} <code>{escape(found.head)}</code></span></p>"
        )
    at = told(N_("First at {number}."), number=found.bad) if found.bad else ""
    advice = N_(
        "Change nothing. Keep a copy of the folder of the store, and tell whoever answers for the protection of data."
    )
    return (
        f'<p class="chain broken" role="alert"><b>{told(N_("The log is not whole"))}</b>'
        f"<span>{told(found.why)} {at}</span><span>{told(advice)}</span></p>"
    )


# What happened


def show_sums(found: Sums) -> None:
    st.html(sums(found, language()))


def sums(found: Sums, reader: Language) -> str:
    """The last seven days in figures, as HTML."""

    def card(label: str, count: int, note: str, tone: str = "", **values: int) -> str:
        marked = f' class="{tone}"' if tone and count else ""
        return (
            f"<div{marked}><dt>{escape(translate(label, reader))}</dt><dd>{number(count, reader)}"
            f"<small>{escape(translate(note, reader, **values))}</small></dd></div>"
        )

    people = N_("by {people} accounts, in the last seven days")
    week = N_("in the last seven days")
    cards = (
        card(N_("Looks by name"), found.looks, people, people=found.people),
        card(N_("Lists and documents taken out"), found.exports, week, "leaves"),
        card(N_("Entries with numbers in full"), found.in_full, week, "full"),
        card(N_("Failed sign-ins"), found.failed, week, "failed"),
    )
    return f'<dl class="log-sums">{"".join(cards)}</dl>'


def show(found: Found, search: Search) -> None:
    """The entries, the way to the other pages, and the file."""
    reader = language()
    with st.container(key="log_head", horizontal=True, vertical_alignment="center"):
        header.card_head(say(N_("Entries")), say(N_("{count} found, the newest first"), count=found.total))
        if found.total:
            words = {"xlsx": "XLSX", "csv": "CSV"}
            label = say(N_("Take these entries out"))
            buttons.show("log_file", label, words, lambda one: Order(viewer(), search, FORMATS[one], reader))
    st.html(table(found.entries, reader))
    if found.pages > 1:
        st.pagination(found.pages, key="log_page")


HEADINGS: Final = (
    N_("When"), N_("Account"), N_("Activity"), N_("Area"), N_("Persons"), N_("In full, and why"), N_("Entry"),
)  # fmt: skip


def table(entries: tuple[Entry, ...], reader: Language) -> str:
    """A row an entry, as HTML."""
    if not entries:
        return f'<p class="note">{escape(translate(N_("Nothing was found."), reader))}</p>'
    top = "".join(f'<th scope="col">{escape(translate(one, reader))}</th>' for one in HEADINGS)
    rows = "".join(_row(one, reader) for one in entries)
    label = escape(translate(N_("Access log"), reader))
    return (
        f'<div class="log" tabindex="0" role="region" aria-label="{label}"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


CLOCK: Final[dict[Language, str]] = {"id": "%H.%M.%S", "en": "%H:%M:%S"}


def _row(entry: Entry, reader: Language) -> str:
    here = entry.at.astimezone()
    persons, unit = number(entry.persons, reader) if entry.persons else "", escape(translate(N_("Persons"), reader))
    full, why = inspection.in_full(entry, reader), inspection.reason(entry, reader)
    cells = (
        _cell(f"{here.day} {short_date(here.date(), reader)}", f"{here:{CLOCK[reader]}}"),
        _cell(translate(entry.who, reader), entry.address),
        _cell(inspection.action(entry, reader), inspection.about(entry, reader), TONES.get(entry.action, "quiet")),
        _cell(area(entry.place, reader) if entry.place else "–"),
        f'<td class="count" data-unit="{unit}">{persons}</td>' if persons else "<td></td>",
        _cell(full, why, "full" if full else ""),
        _cell(entry.number, entry.export if entry.export != entry.number else ""),
    )
    return f"<tr>{''.join(cells)}</tr>"


def _cell(first: str, second: str = "", tone: str = "") -> str:
    marked = f' class="{tone}"' if tone else ""
    below = f"<small>{escape(second)}</small>" if second else ""
    return f"<td><b{marked}>{escape(first)}</b>{below}</td>" if first else f"<td>{below}</td>"
