"""Every address that is ours, for nobody and for every role, inside and outside of the own area.

The table is complete: an address that does not stand in it fails a test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components import gate, tickets
from components.endpoints import MIDDLEWARE, ROUTES
from components.navigation import SCREENS
from components.tickets import File
from data import accounts, passwords
from data.access import OWNER, Viewer
from data.definitions.roles import ROLES
from tests.builders import BENDE

HERE: Final = "testclient"
PASSWORD: Final = "empat kuda makan jagung"
FIGURES: Final = ("official", "planner", "operator", "administrator")
EVERYBODY: Final = tuple(ROLES)


@dataclass(frozen=True)
class Address:
    """What is asked for, what is said to nobody, who is answered with 200, and what is said to the other roles."""

    asked: str
    nobody: int
    answered: tuple[str, ...] = EVERYBODY
    others: tuple[int, ...] = (403,)


ADDRESSES: Final[Mapping[str, tuple[Address, ...]]] = {
    "/geo/{place}/{file}.geojson": (
        Address("/geo/74.71/kelurahan.geojson", 401, FIGURES),
        Address("/geo/74.71/kelurahan-borders.geojson", 401, FIGURES),
        Address("/geo/74/kabkota.geojson", 401, FIGURES),
        Address("/geo/31.71/kelurahan.geojson", 401, ()),
        Address("/geo/99.99/kelurahan.geojson", 401, ()),
        Address("/geo/74.71/nothing.geojson", 401, (), (403, 404)),
    ),
    "/geo/{rest:path}": (Address("/geo/74.71/..%2f..%2fx", 401, (), (403, 404)), Address("/geo/x", 401, (), (404,))),
    "/unduh/{ticket:path}": (Address("/unduh/guessed", 401, (), (404,)), Address("/unduh/a/b", 401, (), (404,))),
    "/lokal": (Address("/lokal/icon.svg", 200), Address("/lokal/../ask.py", 401, (), (404,))),
    "/sesi": (Address("/sesi", 401),),
    "/masuk": (Address("/masuk", 200, (), (303,)),),
    "/keluar": (Address("/keluar", 303),),
    "/sandi": (Address("/sandi", 303),),
    "/masuk/oidc": (Address("/masuk/oidc/", 404, (), (404,)),),
    "/publik": (Address("/publik/", 404, (), (404,)),),
    **{f"/{address}": (Address(f"/{address}?place=31.71", 303),) for address, _ in SCREENS.values()},
    "/": (Address("/", 303),),
    "/{address:word}": (Address("/tidak-ada", 303, (), (404,)),),
}
"""Screens are the same page for everybody: what they show is asked over the connection, as `data.access` allows."""


@pytest.fixture(scope="module")
def browsers() -> Iterator[Mapping[str, TestClient]]:
    """A browser for every role, of somebody of Bende, and one of nobody."""
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    hasher, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    found = {"": TestClient(app, follow_redirects=False)}
    for role in ROLES:
        name = f"of-{role}"
        first = accounts.add(gate.STORE, OWNER, name, (role,), (BENDE,))
        session = accounts.sign_in(gate.STORE, name, first, HERE)
        token = accounts.change_password(gate.STORE, session.token, first, PASSWORD, PASSWORD, HERE).token
        found[role] = TestClient(app, follow_redirects=False, cookies={accounts.COOKIE: token})
    yield found
    passwords._hasher = hasher


def test_every_address_stands_in_the_table() -> None:
    assert {getattr(route, "path", "") for route in ROUTES} == ADDRESSES.keys()


@pytest.mark.parametrize("asked", [one for some in ADDRESSES.values() for one in some], ids=lambda one: one.asked)
def test_an_address_is_answered_exactly_where_the_table_says(
    browsers: Mapping[str, TestClient], asked: Address
) -> None:
    assert browsers[""].get(asked.asked).status_code == asked.nobody
    for role in ROLES:
        expected = (200,) if role in asked.answered else asked.others
        assert browsers[role].get(asked.asked).status_code in expected, role


@dataclass(frozen=True)
class Ordered:
    """Something that somebody may fetch once."""

    def file(self) -> File:
        return File("list.csv", "text/csv", [b"WARGA RAHASIA"])


def holder(browsers: Mapping[str, TestClient], role: str) -> Viewer:
    found = accounts.viewer_of(gate.STORE, browsers[role].cookies[accounts.COOKIE], HERE)
    assert found
    return found


def test_a_ticket_is_good_for_whoever_ordered_it_and_once(browsers: Mapping[str, TestClient]) -> None:
    for role in ROLES:
        ticket = tickets.issue(Ordered(), holder(browsers, role))
        for other in {*ROLES, ""} - {role}:
            assert "RAHASIA" not in browsers[other].get(f"/unduh/{ticket}").text
        assert browsers[role].get(f"/unduh/{ticket}").text == "WARGA RAHASIA"
        assert browsers[role].get(f"/unduh/{ticket}").status_code == 404


def test_a_ticket_is_void_when_its_holder_may_something_else_than_then(browsers: Mapping[str, TestClient]) -> None:
    then = holder(browsers, "planner")
    for other in (replace(then, places=("74.71",)), replace(then, rights=frozenset()), replace(then, session="x")):
        ticket = tickets.issue(Ordered(), other)
        assert "RAHASIA" not in browsers["planner"].get(f"/unduh/{ticket}").text
