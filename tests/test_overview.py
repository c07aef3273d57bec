"""Whom programmes reach, told by lists and by marks."""

from pathlib import Path

import pytest

from data import overview, queries
from data.access import OWNER
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    KADIA,
    KENDARI,
    MANDONGA,
    PONDAMBEA,
    RECIPIENTS,
    Row,
    person,
    register,
    stored,
)


def received(number: int, programme: str, area: str = BENDE) -> Row:
    return person(number, area) | {"programme_name": programme, "programme_year": "2021", "amount": "200000"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Four persons of DTKS, three of whom are marked as receiving PKH, and three recipients, one of two programmes."""
    folder: Path = tmp_path_factory.mktemp("reach")
    store = Store(folder / "home")
    people = [person(1, pkh="YA"), person(2, pkh="YA"), person(3, PONDAMBEA, pkh="-"), person(4, MANDONGA, pkh="YA")]
    stored(store, register(folder / "dtks.csv", people), place=KENDARI)
    rows = [received(1, "PKH"), received(1, "KLJ"), received(5, "PKH", PONDAMBEA), received(6, "KLJ", MANDONGA)]
    stored(store, register(folder / "recipients.csv", rows, RECIPIENTS), place=KENDARI)
    return store


def test_a_recipient_of_two_programmes_stands_in_both_and_counts_once(store: Store) -> None:
    found = overview.reach(store, OWNER, Scope(KENDARI))
    assert found.figure.now.value == 3
    assert found.listed == {"KLJ": 2, "PKH": 2}


def test_the_marks_of_the_register_are_counted_apart_and_follow_the_place(store: Store) -> None:
    for place, marked in ((KENDARI, 3), (KADIA, 2), (MANDONGA, 1), ("74", 3)):
        found = overview.reach(store, OWNER, Scope(place))
        assert found.marked.get("pkh") == marked
        assert "bst" not in found.marked


def test_the_marks_are_as_many_as_the_list_behind_them_has(store: Store) -> None:
    scope = Scope(KENDARI, filters=(("programme", "pkh"),))
    assert queries.people(store, OWNER, scope).persons == overview.reach(store, OWNER, Scope(KENDARI)).marked["pkh"]


def test_a_place_without_lists_or_marks_has_no_figure_and_not_nought(store: Store) -> None:
    found = overview.reach(store, OWNER, Scope("31"))
    assert (found.figure.now.value, found.listed, found.marked, found.context.period) == (None, {}, {}, None)
