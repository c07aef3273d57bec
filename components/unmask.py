"""Numbers in full: asked for with a purpose, for a while and for so many rows, and seen to be so all the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any, Final, TypeVar

import streamlit as st

from components.address import language, say
from components.ask import STORE, ask, viewer
from components.rich import rich
from components.routes import STATIC
from data import grants
from data.access import Grant, Refused, Viewer
from data.definitions.roles import PURPOSES, UNMASKED_MINUTES, UNMASKED_ROWS, Right
from data.scope import Scope
from data.wording import N_

Answer = TypeVar("Answer")

LEAST: Final = grants.LEAST_TEXT
"""Letters of a reason."""

_mark = st.components.v2.component(
    "padan_unmasked",
    html='<div class="unmasked" role="status"></div>',
    css=(STATIC / "unmask.css").read_text(),
    js=(STATIC / "unmask.js").read_text(),
)


def mark(who: Viewer) -> None:
    """In the bar, while numbers are shown in full: how long still, and the way to close them."""
    if not who.unmasked or who.grant is None:
        return

    def closed() -> None:
        grants.close(STORE, viewer())

    data = {
        "seconds": remaining(who.grant, datetime.now(UTC)),
        "words": {
            "full": say(N_("Numbers in full")),
            "minutes": say(N_("{count} min"), count="{count}"),
            "close": say(N_("Close")),
            "now": say(N_("Close now: numbers are masked again")),
            "why": f"{say(PURPOSES[who.grant.purpose].label)} · {who.grant.number}",
        },
    }
    # What is left is looked at anew when it has run out: the screen then comes with masked numbers by itself.
    _mark(key="unmasked", data=data, on_close_change=closed, on_ended_change=lambda: None, width="content")


def left(who: Viewer) -> int:
    """Rows that may still be seen in full."""
    return who.grant.rows if who.unmasked and who.grant else 0


def remaining(grant: Grant, now: datetime) -> int:
    """Seconds until numbers are masked again."""
    return max(0, round((grant.until - now).total_seconds()))


def offer() -> bool:
    """Whether numbers are shown in full; where they are not and could be, the button that asks for it."""
    who = viewer()
    if who.unmasked or Right.IDENTIFIERS not in who.rights:
        return who.unmasked
    if st.button(say(N_("Show NIK and KK in full …")), key="unmask", icon=":material/lock_open:"):
        st.dialog(say(N_("Show NIK and KK in full")), width="medium")(_form)()
    return False


def answer(question: Callable[..., Answer], scope: Scope, unmasked: bool, **options: Any) -> Answer:
    """The answer with numbers in full where that is wanted, and how many rows are left; where these are too few,
    masked, and why.
    """
    try:
        found = ask(question, scope, unmasked=unmasked, **options)
    except grants.UsedUp as used:
        words = N_("Masked, because only {left} rows are left of your request, and this shows {asked}.")
        st.html(f'<p class="unmask-note">{rich(words, language(), **used.values)}</p>')
        return ask(question, scope, unmasked=False, **options)
    if unmasked and found is not None:
        words = N_("**Numbers in full**: {count} rows left of your request.")
        st.html(f'<p class="unmask-note">{rich(words, language(), count=left(viewer()))}</p>')
    return found


def _form() -> None:
    reader = language()
    words = N_(
        "For **{minutes} minutes** and at most **{rows} rows**, on lists, household pages, in exports and documents."
        " Every look is recorded: who, when, which place, how many persons, and what you write here."
    )
    st.html(f'<p class="note">{rich(words, reader, minutes=UNMASKED_MINUTES, rows=UNMASKED_ROWS)}</p>')
    with st.form("unmask_form", border=False):
        purpose = st.selectbox(
            say(N_("Purpose")),
            list(PURPOSES),
            index=None,
            placeholder=say(N_("Choose a purpose")),
            format_func=lambda one: say(PURPOSES[one].label),
            key="unmask_purpose",
        )
        text = st.text_area(
            say(N_("What for? (file, letter or task, at least {least} letters)"), least=LEAST),
            max_chars=500,
            key="unmask_text",
            placeholder=say(N_("for instance: letter 470/12/2026 of the civil registry, kelurahan Bende")),
        )
        words = say(N_("Do not write names or NIK here: this text is read by the auditor."))
        st.html(f'<p class="beneath">{escape(words)}</p>')
        words = say(N_("Show in full for {minutes} minutes"), minutes=UNMASKED_MINUTES)
        sent = st.form_submit_button(words, type="primary")
    if not sent:
        return
    try:
        grants.open_grant(STORE, viewer(), purpose or "", text)
    except Refused as refusal:
        st.error(refusal.said(language()), icon=":material/error:")
    else:
        st.rerun()
