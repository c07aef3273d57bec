"""What somebody tried who set out to break the limits of access: each sentence is an attempt that gets nothing."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

import ibis
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components import gate
from components.documents import bundle, files
from components.documents.bundle import Bundle
from components.documents.files import Wanted
from components.endpoints import MIDDLEWARE, ROUTES
from components.tickets import Order, issue, redeem
from data import audit, database, engine, grants, queries
from data.access import NOT_YOURS, Viewer
from data.accounts import COOKIE
from data.definitions.roles import Right, rights_of
from data.intake.tray import Tray
from data.scope import Scope
from data.snapshots import Store
from tests.browser.driver import signed_in
from tests.builders import BENDE, in_full, kk, people, register, stored

PLANNER: Final = Viewer("siti", (BENDE,), rights_of(("planner",)), session="a1", address="10.0.0.1")
OFFICIAL: Final = replace(PLANNER, name="budi", rights=rights_of(("official",)))
OPERATOR: Final = replace(PLANNER, rights=rights_of(("operator",)))
HERE: Final = Scope(BENDE)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Thirty persons of Bende, each a family."""
    folder = tmp_path_factory.mktemp("attacks")
    found = Store(folder / "home")
    stored(found, register(folder / "dtks.csv", [row | {"kk": kk(no)} for no, row in enumerate(people(30), 1)]))
    return found


# Figuring out what is not shown


def test_the_order_of_families_without_names_cannot_be_worked_out_from_their_numbers(store: Store) -> None:
    named = queries.people(store, PLANNER, HERE, size=100).rows
    shown = queries.people(store, OFFICIAL, HERE, size=100).rows
    numbers = sorted({str(key) for key in named["family"]})
    assert len(numbers) == len(shown) == 30
    # Families are numbered in the order of their heads' names, one after the other: whoever hashes all numbers as the
    # engine does would know which family stands where.
    hashed = engine.reader().to_pandas(ibis.memtable({"key": numbers}).mutate(turn=ibis._.key.hash()))
    guessed = hashed.sort_values("turn")["key"].map(dict(zip(named["family"], named["file_row"], strict=True)))
    assert shown["file_row"].tolist() != guessed.tolist()
    again = queries.people(store, OFFICIAL, HERE, size=100).rows
    assert again["file_row"].tolist() == shown["file_row"].tolist()


def test_a_number_is_not_tried_out_digit_by_digit_while_nothing_is_paid_for(store: Store) -> None:
    granted = in_full(store, PLANNER)
    before = grants.current(store, granted.session)
    assert queries.people(store, granted, HERE, text="747101").count == 0
    assert grants.current(store, granted.session) == before
    assert before
    found = queries.people(store, granted, HERE, text=str(_numbers(store)[0])[:12], unmasked=True)
    left = grants.current(store, granted.session)
    assert found.count
    assert left
    assert left.rows == before.rows - len(found.rows)


def _numbers(store: Store) -> list[object]:
    granted = in_full(store, replace(PLANNER, name="wati"))
    return list(queries.people(store, granted, HERE, unmasked=True).rows["nik"])


def test_ten_at_once_do_not_see_more_in_full_than_was_granted(store: Store) -> None:
    asking = replace(PLANNER, session="ten at once")
    granted = replace(asking, grant=grants.open_grant(store, asking, "verification", "ten at once", rows=12))

    def look(page: int) -> int:
        try:
            return len(queries.people(store, granted, HERE, page=page, size=3, unmasked=True).rows)
        except grants.UsedUp:
            return 0

    with ThreadPoolExecutor(10) as ten:
        assert sum(ten.map(look, range(1, 11))) == 12
    left = grants.current(store, "ten at once")
    assert left
    assert left.rows == 0


# Screens that were drawn before a role was changed


@pytest.mark.parametrize(
    "order",
    [
        Order(PLANNER, HERE, "csv.zip", "id", unmasked=False, text=""),
        files.Order(Wanted(PLANNER, HERE, "all", "id"), "pdf"),
    ],
    ids=lambda order: type(order).__module__,
)
def test_an_order_made_out_before_a_role_was_changed_is_worth_nothing(order: Order | files.Order) -> None:
    assert redeem(issue(order, PLANNER), PLANNER) == order
    for now in (OFFICIAL, OPERATOR, replace(PLANNER, places=("74.71.01.1005",)), replace(PLANNER, session="a2")):
        ticket = issue(order, now)
        assert redeem(ticket, now) is None
        assert redeem(ticket, PLANNER) is None


def test_sheets_in_full_are_not_for_whoever_has_lost_the_right_to_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for unmasked, kept in ((True, False), (False, True)):
        made = Bundle(Wanted(PLANNER, HERE, "all", "id", unmasked), ("pdf",), state="ready")
        monkeypatch.setitem(bundle._bundles, "a1", made)
        assert bundle.of(PLANNER) is made
        assert (bundle.of(OPERATOR) is made) is kept
        assert bundle.of(OFFICIAL) is None


# The log


def test_an_entry_of_the_log_is_not_replaced(store: Store) -> None:
    audit.record(store, PLANNER, "sign-in")
    with closing(sqlite3.connect(store.path / database.DATABASE)) as connection:
        for change in ("REPLACE", "INSERT OR REPLACE"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                connection.execute(f"{change} INTO audit_log SELECT * FROM audit_log WHERE number = 1")


# What somebody else has put in


def test_visitors_of_a_demonstration_do_not_see_each_others_files(tmp_path: Path) -> None:
    """A visitor who tries a real file shows it to nobody: all of them are signed in under the same name."""
    tray = Tray(Store(tmp_path / "home"), on_defect=lambda _: "")
    for name, kept in (("contoh-operator", False), ("wati", True)):
        first = replace(OPERATOR, name=name, session="one")
        again = replace(first, session="two")
        item = tray.put(first, "daftar.csv", BytesIO(b"NAMA;NIK\n"))
        assert tray.items(first)
        assert bool(tray.items(again)) is kept
        tray.wait(first, 20)
        tray.leave(again, item.id)
        assert bool(tray.items(first)) is not kept
        tray.leave(first, item.id)


@pytest.mark.parametrize(("role", "taken"), [("official", False), ("auditor", False), ("operator", True)])
def test_files_are_taken_only_from_those_who_have_a_screen_for_them(
    browser: TestClient, role: str, taken: bool
) -> None:
    browser.cookies[COOKIE] = signed_in(gate.STORE.path, f"sends-{role}", (role,), (BENDE,))
    answer = browser.put("/_stcore/upload_file/session/file", content=b"0" * 100)
    # Behind the door there is no Streamlit here.
    assert (answer.status_code == 404) is taken
    assert (NOT_YOURS[Right.IMPORT] in answer.text) is not taken


# Forms that no page of ours has sent


@pytest.fixture
def browser() -> TestClient:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    return TestClient(app, raise_server_exceptions=False, headers={"Origin": "http://testserver"})


@pytest.mark.parametrize(
    "sent",
    [b"form=%C3%A9&name=a&password=b", b"form=%ff", b"&".join(b"f%d=1" % n for n in range(50)), b"\xff\xfe=\x00", b""],
    ids=["letters", "bytes", "many", "noise", "nothing"],
)
def test_a_form_of_noise_is_refused_and_breaks_nothing(browser: TestClient, sent: bytes) -> None:
    browser.get(gate.SIGN_IN)
    answer = browser.post(gate.SIGN_IN, content=sent, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
