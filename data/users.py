"""The accounts at the command line: `python -m data users`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from data import accounts
from data.access import Viewer
from data.accounts import Listed
from data.snapshots import Store
from data.wording import N_, Language, translate

ALL: Final = "all"
"""The area of somebody who sees the whole store."""
DONE: Final = {
    "disable": N_("{name} can no longer sign in, and is signed out everywhere."),
    "enable": N_("{name} can sign in again."),
    "sign-out": N_("{name} is signed out everywhere."),
}
ONCE: Final = N_("The password below is shown only now, and has to be changed at the first sign-in.")


@dataclass(frozen=True)
class Told:
    """What somebody asked for. `roles` and `places` are for a new account."""

    what: str
    name: str = ""
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    full_name: str = ""


def run(store: Store, viewer: Viewer, told: Told, language: Language) -> str:
    """Does it, and says what was done. Raises Refused."""
    name = told.name.strip().casefold()
    if told.what == "add":
        places = tuple("" if place == ALL else place for place in told.places)
        return _password(name, accounts.add(store, viewer, name, told.roles, places, told.full_name), language)
    if told.what == "reset":
        return _password(name, accounts.reset(store, viewer, name), language)
    if told.what == "first":
        return _first(store, viewer, language)
    {"disable": accounts.disable, "enable": accounts.enable, "sign-out": accounts.end_sessions}[told.what](
        store, viewer, name
    )
    return translate(DONE[told.what], language, name=name)


def lines(found: Sequence[Listed], language: Language) -> list[str]:
    """A line an account."""
    off, first = translate(N_("disabled"), language), translate(N_("first password not changed yet"), language)
    told = []
    for listed in found:
        account = listed.account
        area = ",".join(place or ALL for place in account.places)
        state = off if account.disabled else first if account.must_change else _seen(listed, language)
        told.append(f"{account.name:20} {','.join(account.roles):24} {area:16} {state}  {account.full_name}".rstrip())
    return told


def as_json(found: Sequence[Listed]) -> list[dict[str, Any]]:
    return [
        {
            "name": listed.account.name,
            "full_name": listed.account.full_name,
            "roles": listed.account.roles,
            "places": [place or ALL for place in listed.account.places],
            "disabled": listed.account.disabled,
            "must_change": listed.account.must_change,
            "outside": listed.account.outside,
            "last_seen": datetime.fromtimestamp(listed.seen, UTC).isoformat() if listed.seen else None,
            "sessions": listed.sessions,
        }
        for listed in found
    ]


def _seen(listed: Listed, language: Language) -> str:
    if listed.seen is None:
        return translate(N_("never signed in"), language)
    return f"{datetime.fromtimestamp(listed.seen).astimezone():%Y-%m-%d %H:%M}"


def _first(store: Store, viewer: Viewer, language: Language) -> str:
    """A first administrator, where there is none and none is needed for a demonstration. The password goes to a
    terminal only: what a service prints is kept in a log.
    """
    if not accounts.lacks_administrator(store):
        return ""
    if not sys.stdout.isatty():
        return translate(accounts.NOBODY_YET, language)
    return _password(accounts.FIRST, accounts.first_administrator(store, viewer), language)


def _password(name: str, password: str, language: Language) -> str:
    account = translate(N_("Account"), language)
    return f"{translate(ONCE, language)}\n\n  {account}: {name}\n  {translate(N_('Password'), language)}: {password}\n"
