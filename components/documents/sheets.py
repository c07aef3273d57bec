"""Ordering deliberation sheets: of which kelurahan, of whom, as what; and how far a bundle of them has come."""

from dataclasses import replace

import streamlit as st

from components.address import language, say
from components.ask import ask, viewer
from components.documents import bundle, buttons, files
from components.documents.bundle import Bundle, Fetched, State
from components.documents.files import FORMATS, Wanted
from components.routes import STATIC
from data import deliberation
from data.definitions.filters import FILTERS
from data.definitions.roles import Right
from data.deliberation import FILTERED, LISTED
from data.places.reference import level_of
from data.places.reference import place as known_place
from data.scope import Scope
from data.wording import N_

EVERY = ""
"""Stands for all kelurahan of the place."""


def order(scope: Scope, unmasked: bool = False) -> None:
    """The button *Lembar musyawarah*. `scope` is the screen's: its place, date, register and filters."""
    if not viewer().may(Right.NAMES, scope.place):
        return
    if st.button(say(N_("Deliberation sheets")), key="sheets", icon=":material/assignment:"):
        st.session_state.pop("sheets_place", None)
        st.dialog(say(N_("Kelurahan deliberation sheets")), width="medium")(_ask)(scope, unmasked)


def progress() -> None:
    """The viewer's bundle: a bar and a way to stop it, or the file; nothing where there is none."""
    found = bundle.of(viewer())
    if found is None:
        return
    with st.container(key="sheets_bundle"):
        st.html(STATIC / "sheets.css")
        st.fragment(_progress, run_every=1.0 if found.state == "working" else None)(found.state)


def _ask(scope: Scope, unmasked: bool) -> None:
    codes = ask(deliberation.kelurahan, replace(scope, filters=()))
    if not codes:
        st.html(f'<p class="lacking">{say(N_("The register has nobody in a kelurahan of this place."))}</p>')
        return
    whole = level_of(scope.place) != "kelurahan" if scope.place else True
    names = {code: f"{known_place(code).name} ({known_place(code[:8]).name})" for code in codes}
    every = say(N_("All {count} kelurahan, as one ZIP"), count=len(codes))
    place = st.selectbox(
        say(N_("Kelurahan or desa")),
        [EVERY, *codes] if whole and len(codes) > 1 else list(codes),
        key="sheets_place",
        format_func=lambda code: names.get(code, every),
    )
    filtered = any(key in FILTERS for key, _ in scope.filters)
    offered = [key for key in LISTED if key != FILTERED or filtered]
    listed = st.radio(say(N_("Who is listed")), offered, key="sheets_listed", format_func=lambda key: say(LISTED[key]))
    full = viewer().unmasked and st.toggle(say(N_("NIK and KK in full")), value=unmasked, key="sheets_full")
    wanted = Wanted(viewer(), scope.at(place) if place else scope, str(listed), language(), bool(full))
    st.html(f'<p class="note">{say(BOOKED)}</p>')
    if place:
        choices = {"pdf": say(N_("Sheet (PDF)")), "xlsx": say(N_("Sheet (XLSX)"))}
        buttons.show(
            "sheets_file",
            say(N_("Deliberation sheets")),
            choices,
            lambda format: files.Order(replace(wanted, viewer=viewer()), "pdf" if format == "pdf" else "xlsx"),
        )
    elif st.button(say(N_("Make all sheets (PDF and XLSX)")), key="sheets_start", type="primary"):
        bundle.start(wanted, FORMATS)
        st.rerun()


BOOKED = N_(
    "Every sheet gets a number and is entered in the book of documents: who made it, when, for which place, and with"
    " how many persons."
)


def _progress(before: State) -> None:
    """Drawn again every second while sheets are made; what comes after stands still."""
    found = bundle.of(viewer())
    if found is None or found.state != before:
        st.rerun()
    if found.state == "working":
        _working(found)
        return
    if found.state == "ready":
        words = say(N_("The sheets of {count} kelurahan are ready. They wait for one hour."), count=found.total)
    else:
        words = say(ENDED[found.state])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="note">{words}</p>')
        if found.state == "ready":
            label = say(N_("Fetch the ZIP"))
            buttons.show("sheets_zip", label, {"zip": label}, lambda _: Fetched(found))
        st.button(say(N_("Close")), key="sheets_close", type="tertiary", on_click=lambda: bundle.drop(found))


ENDED = {
    "cancelled": N_("Stopped: no sheets were kept."),
    "failed": N_("The sheets could not be made. Try again; if it happens again, tell your operator."),
    "empty": N_("There is nobody to be listed in this place."),
}


def _working(found: Bundle) -> None:
    at = known_place(found.at).name if found.at else ""
    words = say(N_("{done} of {total} kelurahan: {at}"), done=found.done, total=found.total, at=at)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(found.done / found.total if found.total else 0.0, text=words if found.total else say(N_("Begun …")))
        st.button(say(N_("Stop")), key="sheets_stop", on_click=found.gone.set)
