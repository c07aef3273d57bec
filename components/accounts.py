"""The screen of accounts: who may sign in, as what, for which area; adding, changing and ending."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from html import escape
from typing import Final

import streamlit as st

from components import header
from components.account import spoken_area
from components.address import language, say
from components.ask import STORE, viewer
from components.history import moment
from components.rich import rich
from components.routes import STATIC
from data import accounts, keys
from data.access import Refused, Viewer
from data.accounts import Listed
from data.area import within
from data.definitions.roles import ROLES, Right
from data.encryption import Locked
from data.places.reference import LEVELS, codes, find, level_of, parent
from data.wording import N_, Language, translate

GIVEN: Final = tuple(key for key, role in ROLES.items() if role.rights)
"""Roles that an account can have."""
WHOLE: Final = LEVELS.index("kabkota")
"""The lowest level of which all places are offered to somebody whose area is larger than a kab/kota."""


def show(found: Sequence[Listed], stored: Collection[str]) -> None:
    """The accounts, and the way to add one. `stored` are the places that the store has data for."""
    st.html(STATIC / "accounts.css")
    with st.container(key="card_accounts"):
        with st.container(key="accounts_head", horizontal=True, vertical_alignment="center"):
            header.card_head(
                say(N_("Accounts of your area")), say(N_("Changes hold from the next click of the person on."))
            )
            if st.button(say(N_("Add an account")), key="add_account", type="primary"):
                st.dialog(say(N_("Add an account")), on_dismiss="rerun")(_add)(stored)
        for listed in found:
            name = listed.account.name
            with st.container(key=f"account_line_{name}", horizontal=True, vertical_alignment="center"):
                st.html(line(listed, language()))
                words = say(N_("Change {name}"), name=name)
                if st.button(say(N_("Change …")), key=f"change_{name}", help=words):
                    st.dialog(name, on_dismiss="rerun")(_change)(listed, stored)


def show_encryption() -> None:
    """How the store's by-name files are kept, for whoever answers for it."""
    if not viewer().may(Right.SETTINGS, ""):
        return
    reader = language()
    try:
        found = keys.status(STORE)
        words, sealed = " ".join(keys.text(STORE, found, reader)), found.sealed
    except Locked as refusal:
        words, sealed = say(str(refusal)), False
    st.html(f'<p class="beneath{"" if sealed else " warned"}">{escape(words)}</p>')


def sentence(found: Sequence[Listed], reader: Language) -> str:
    """What matters, as HTML."""
    signed_in = sum(listed.sessions > 0 for listed in found)
    unchanged = sum(listed.account.must_change and not listed.account.disabled for listed in found)
    told = rich(N_("{count} accounts, {open} of them signed in now."), reader, count=len(found), open=signed_in)
    if unchanged:
        told += " " + rich(N_("**{count} have not changed their first password yet.**"), reader, count=unchanged)
    return told


def line(listed: Listed, reader: Language) -> str:
    """An account as HTML: who, as what, where, and when last seen."""
    account = listed.account
    who = f"<b>{escape(account.full_name or account.name)}</b>"
    name = f" <small>{escape(account.name)}</small>" if account.full_name else ""
    roles = ", ".join(translate(ROLES[key].label, reader) for key in account.roles if key in GIVEN)
    area = spoken_area(account.places, reader)
    off = " off" if account.disabled else ""
    return (
        f'<div class="account-line{off}"><p>{who}{name}</p><p>{escape(roles)} · {escape(area)}</p>'
        f"<p>{escape(_state(listed, reader))}</p></div>"
    )


def _state(listed: Listed, reader: Language) -> str:
    if listed.account.disabled:
        return translate(N_("disabled"), reader)
    if listed.account.must_change:
        return translate(N_("first password not changed yet"), reader)
    if listed.seen is None:
        return translate(N_("never signed in"), reader)
    last = translate(
        N_("last used {time}"), reader, time=moment(datetime.fromtimestamp(listed.seen).astimezone(), reader)
    )
    return f"{translate(N_('signed in now'), reader)} · {last}" if listed.sessions else last


def grantable(who: Viewer, stored: Collection[str]) -> tuple[str, ...]:
    """The areas that somebody may give: the own ones, and what lies in them, in the order of their codes. Of areas
    larger than a kab/kota, single kecamatan and kelurahan only where the store has data.
    """
    found: set[str] = set()
    for area in who.places:
        small = area and LEVELS.index(level_of(area)) >= WHOLE
        grounds = [area] if small else [place for place in stored if within(place, area) and place]
        found |= {area, *(code for ground in grounds for level in LEVELS for code in codes(ground, level))}
        found |= set() if small else {code for level in LEVELS[: WHOLE + 1] for code in codes(area, level)}
    return tuple(sorted(found))


def called(code: str, reader: Language) -> str:
    """An area in a list to choose from.

    >>> called("74.71.08.1002", "en"), called("", "en")
    ('Bende, Kadia (74.71.08.1002)', 'all areas')
    """
    place, around = find(code), find(parent(code)) if code.count(".") > 1 else None
    if not code or place is None:
        return translate(N_("all areas"), reader)
    return f"{place.name}{f', {around.name}' if around else ''} ({code})"


def _choices(
    stored: Collection[str], chosen: Sequence[str] = (), roles: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What somebody chooses: roles and places."""
    reader = language()
    wanted = st.multiselect(
        say(N_("Roles")),
        GIVEN,
        default=[key for key in roles if key in GIVEN],
        format_func=lambda key: translate(ROLES[key].label, reader),
        placeholder=say(N_("Choose")),
    )
    for key in wanted:
        st.caption(say(ROLES[key].about))
    places = st.multiselect(
        say(N_("Area")),
        sorted({*grantable(viewer(), stored), *chosen}),
        default=list(chosen),
        format_func=lambda code: called(code, reader),
        placeholder=say(N_("Search for a place")),
    )
    return tuple(wanted), tuple(places)


def _add(stored: Collection[str]) -> None:
    name = st.text_input(say(N_("Account name")), max_chars=100, autocomplete="off")
    full_name = st.text_input(say(N_("Full name and office")), max_chars=200, autocomplete="off")
    roles, places = _choices(stored)
    if st.button(say(N_("Add")), key="add_now", type="primary"):
        _first_password(lambda: accounts.add(STORE, viewer(), name, roles, places, full_name))


def _change(listed: Listed, stored: Collection[str]) -> None:
    account = listed.account
    own = account.name == viewer().name
    if own:
        st.caption(say(N_("Nobody changes their own roles and places; ask another administrator.")))
    elif account.outside:
        st.caption(say(N_("What this account may do is said by the identity provider.")))
    else:
        roles, places = _choices(stored, account.places, account.roles)
        if st.button(say(N_("Save")), key="save_account", type="primary"):
            _do(lambda: accounts.change(STORE, viewer(), account.name, roles, places))
    with st.container(horizontal=True, key="account_acts"):
        if listed.sessions and st.button(say(N_("Sign out everywhere")), key="end_account"):
            _do(lambda: accounts.end_sessions(STORE, viewer(), account.name))
        if not account.outside and not own and st.button(say(N_("New first password")), key="reset_account"):
            _first_password(lambda: accounts.reset(STORE, viewer(), account.name))
        if account.disabled and st.button(say(N_("Enable")), key="enable_account"):
            _do(lambda: accounts.enable(STORE, viewer(), account.name))
        if not account.disabled and not own and st.button(say(N_("Disable")), key="disable_account"):
            _do(lambda: accounts.disable(STORE, viewer(), account.name))


def _do(change: Callable[[], None]) -> None:
    try:
        change()
    except Refused as refusal:
        st.warning(refusal.said(language()))
    else:
        st.rerun()


def _first_password(change: Callable[[], str]) -> None:
    """Shows it once: nothing keeps it, and it is gone with the next click."""
    try:
        password = change()
    except Refused as refusal:
        st.warning(refusal.said(language()))
        return
    st.success(say(N_("First password, shown only now. It has to be changed at the first sign-in.")))
    st.code(password, language=None)
