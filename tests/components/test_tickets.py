from components.tickets import MOST, SECONDS, Order, issue, redeem
from data.access import OWNER
from data.scope import Scope


def order(place: str = "74.71") -> Order:
    return Order(OWNER, Scope(place), "csv.zip", "id", unmasked=False, text="")


def test_a_ticket_works_once() -> None:
    ticket = issue(order())
    assert redeem(ticket) == order()
    assert redeem(ticket) is None


def test_a_ticket_grows_old() -> None:
    ticket = issue(order(), now=0.0)
    assert redeem(ticket, now=SECONDS + 1.0) is None


def test_an_invented_ticket_opens_nothing() -> None:
    assert redeem("") is None
    assert redeem("74.71") is None


def test_tickets_that_nobody_fetches_do_not_pile_up() -> None:
    first = issue(order())
    for _ in range(MOST):
        issue(order())
    assert redeem(first) is None
