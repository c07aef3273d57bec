from dataclasses import replace
from datetime import UTC, datetime, timedelta

from components.tickets import MOST, SECONDS, Order, issue, redeem
from data.access import Grant, Viewer
from data.definitions.roles import rights_of
from data.scope import Scope

SITI = Viewer("siti", ("74.71",), rights_of(("planner",)), session="a1")


def order(place: str = "74.71") -> Order:
    return Order(SITI, Scope(place), "csv.zip", "id", unmasked=False, text="")


def test_a_ticket_works_once() -> None:
    ticket = issue(order(), SITI)
    assert redeem(ticket, SITI) == order()
    assert redeem(ticket, SITI) is None


def test_a_ticket_grows_old() -> None:
    ticket = issue(order(), SITI, now=0.0)
    assert redeem(ticket, SITI, now=SECONDS + 1.0) is None


def test_an_invented_ticket_opens_nothing() -> None:
    assert redeem("", SITI) is None
    assert redeem("74.71", SITI) is None


def test_a_ticket_of_somebody_else_opens_nothing_and_stays_its_owners() -> None:
    ticket = issue(order(), SITI)
    for other in (
        replace(SITI, name="budi"),
        replace(SITI, session="a2"),
        replace(SITI, rights=rights_of(("official",))),
        replace(SITI, places=("74.72",)),
        replace(SITI, grant=Grant("J-1", "other", datetime.now(UTC) + timedelta(minutes=1), 10)),
        Viewer(""),
    ):
        assert redeem(ticket, other) is None
    assert redeem(ticket, SITI) == order()


def test_nobody_without_a_session_gets_a_ticket_that_works_for_another() -> None:
    ticket = issue(order(), Viewer(""))
    assert redeem(ticket, SITI) is None


def test_tickets_that_nobody_fetches_do_not_pile_up() -> None:
    first = issue(order(), SITI)
    for _ in range(MOST):
        issue(order(), SITI)
    assert redeem(first, SITI) is None
