"""The corner of the bar: who is signed in, and what they can do about it."""

from collections.abc import Iterable
from typing import Any, Final

import streamlit as st

from components import gate
from components.address import language, speak
from components.ask import STORE
from components.rich import rich
from components.routes import STATIC
from data import accounts
from data.access import Viewer
from data.definitions.roles import ROLES, Right, Role
from data.places.reference import find
from data.wording import N_, Language, translate

PUBLIC: Final = "/publik/"
NAMED: Final = 2
"""Places of an area that are named; of more only their number is said."""
LANGUAGES: Final[dict[Language, str]] = {"id": "Bahasa Indonesia", "en": "English"}

_account = st.components.v2.component(
    "padan_account",
    html='<div class="account"></div>',
    css=(STATIC / "account.css").read_text(),
    js=(STATIC / "account.js").read_text(),
)


def roles(who: Viewer) -> tuple[Role, ...]:
    """The roles that together have somebody's rights; none that another of them holds already.

    >>> from data.definitions.roles import rights_of
    >>> [role.key for role in roles(Viewer("a", (), rights_of(("planner",))))]
    ['planner']
    """
    held = [role for role in ROLES.values() if role.rights and role.rights <= who.rights]
    return tuple(role for role in held if not any(role.rights < other.rights for other in held))


def spoken_roles(who: Viewer, reader: Language) -> str:
    return ", ".join(translate(role.label, reader) for role in roles(who)) or translate(ROLES["public"].label, reader)


def spoken_area(places: Iterable[str], reader: Language) -> str:
    """An area in words.

    >>> spoken_area(("74.71",), "en"), spoken_area(("",), "en"), spoken_area((), "en")
    ('Kota Kendari', 'all areas', 'no area')
    >>> spoken_area(("74.71.08", "74.71.01", "31"), "en")
    'Kadia, 2 more'
    """
    codes = list(places)
    if "" in codes:
        return translate(N_("all areas"), reader)
    names = [found.name if (found := find(code)) else code for code in codes]
    if len(names) > NAMED:
        names = [names[0], translate(N_("{count} more"), reader, count=len(names) - 1)]
    return ", ".join(names) or translate(N_("no area"), reader)


def described(who: Viewer, reader: Language) -> str:
    """Somebody's roles and area, as HTML."""
    return rich(
        N_("Signed in as **{name}**: {roles}, {area}."),
        reader,
        name=who.name,
        roles=spoken_roles(who, reader),
        area=spoken_area(who.places, reader),
    )


def initials(name: str) -> str:
    """What stands in the circle.

    >>> initials("Siti Nur Aisyah"), initials("contoh-planner"), initials("op-7471"), initials("")
    ('SA', 'CP', 'O', '?')
    """
    words = [word for word in name.replace(".", " ").replace("-", " ").split() if word[0].isalpha()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def build(who: Viewer, full_name: str, fields: dict[str, str], reader: Language) -> dict[str, Any]:
    """The data of the corner; `fields` go with the form that signs out."""
    name = full_name or translate(who.name, reader)
    other: Language = "en" if reader == "id" else "id"
    return {
        "initials": initials(name),
        "name": name,
        "account": who.name if full_name else "",
        "role": spoken_roles(who, reader),
        "area": spoken_area(who.places, reader),
        "places": [found.name if (found := find(code)) else code for code in who.places if code],
        "fields": fields,
        "addresses": {
            "password": gate.PASSWORD,
            "public": PUBLIC if who.may(Right.SETTINGS) else "",
            "leave": gate.SIGN_OUT,
        },
        "language": {"key": other, "name": LANGUAGES[other]},
        "words": {
            "open": translate(N_("Your account: {name}"), reader, name=name),
            "role": translate(N_("Role"), reader),
            "area": translate(N_("Area"), reader),
            "password": translate(N_("Password and sessions"), reader),
            "public": translate(N_("Public screen"), reader),
            "leave": translate(N_("Sign out"), reader),
        },
    }


def show(who: Viewer) -> None:
    """The viewer's name and role; behind it the menu."""

    def chosen() -> None:
        if asked := st.session_state["account"].get("language"):
            speak(asked)

    session = accounts.session_of(STORE, st.context.cookies.get(accounts.COOKIE, ""))
    data = build(who, session.account.full_name if session else "", gate.fields(), language())
    _account(key="account", data=data, on_language_change=chosen, width="content")
