"""Who may sign in, and for how long."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from argon2 import PasswordHasher

from data import accounts, attempts, audit, database, passwords
from data.access import OWNER, Refused, Viewer
from data.accounts import Session, TooMany
from data.definitions.roles import Right, rights_of
from data.identity import Person
from data.intake.importing import import_file
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import register

HERE, THERE = "192.0.2.7", "198.51.100.9"
PASSWORD = "empat kuda makan jagung"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed with little effort, but for the tests that are about it."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture
def thorough(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._nobody.cache_clear()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def person(store: Store, name: str = "siti", roles: tuple[str, ...] = ("planner",), place: str = "74.71") -> Session:
    """Somebody who has signed in for the first time and chosen a password."""
    first = accounts.add(store, OWNER, name, roles, (place,))
    session = accounts.sign_in(store, name, first, HERE)
    return accounts.change_password(store, session.token, first, PASSWORD, PASSWORD, HERE)


def administrator(name: str = "kepala", place: str = "74.71") -> Viewer:
    return Viewer(name, (place,), rights_of(("administrator",)))


def viewer(store: Store, session: Session) -> Viewer | None:
    return accounts.viewer_of(store, session.token, HERE)


def test_whoever_signs_in_may_what_the_account_may(store: Store) -> None:
    session = person(store)
    found = viewer(store, session)
    assert found is not None
    assert (found.name, found.places, found.session, found.address) == ("siti", ("74.71",), session.number, HERE)
    assert found.may(Right.NAMES, "74.71.04")
    assert not found.may(Right.NAMES, "74.72")


def test_a_first_password_opens_nothing_before_it_is_changed(store: Store) -> None:
    first = accounts.add(store, OWNER, "siti", ("planner",), ("74.71",))
    session = accounts.sign_in(store, "siti", first, HERE)
    assert viewer(store, session) is None
    changed = accounts.change_password(store, session.token, first, PASSWORD, PASSWORD, HERE)
    assert viewer(store, changed) is not None
    assert accounts.session_of(store, session.token) is None


@pytest.mark.parametrize("new", ["siti-siti-siti", "aaaaaaaaaaaaaaaa", "pendek", "password123456", "x" * 201])
def test_a_weak_password_is_not_taken(store: Store, new: str) -> None:
    session = person(store)
    with pytest.raises(Refused):
        accounts.change_password(store, session.token, PASSWORD, new, new, HERE)
    assert accounts.sign_in(store, "siti", PASSWORD, HERE)


def test_a_new_password_is_not_the_old_one_is_written_twice_and_needs_the_old_one(store: Store) -> None:
    session, other = person(store), "lima sapi minum air"
    for old, new, again in ((PASSWORD, PASSWORD, PASSWORD), (PASSWORD, other, other + "."), ("salah", other, other)):
        with pytest.raises(Refused):
            accounts.change_password(store, session.token, old, new, again, HERE)


def test_neither_passwords_nor_tokens_are_stored(store: Store) -> None:
    session = person(store)
    kept = b"".join(path.read_bytes() for path in store.path.rglob("*") if path.is_file())
    assert b"siti" in kept
    assert PASSWORD.encode() not in kept
    assert session.token.encode() not in kept


def test_a_password_that_was_hashed_with_less_effort_is_hashed_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(store)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert passwords.outdated(accounts._local(store, "siti")[1])
    accounts.sign_in(store, "siti", PASSWORD, HERE)
    assert not passwords.outdated(accounts._local(store, "siti")[1])
    assert accounts.sign_in(store, "siti", PASSWORD, HERE)


def test_an_unknown_name_is_answered_as_a_wrong_password(store: Store) -> None:
    person(store)
    told = set()
    for name in ("siti", "nobody"):
        with pytest.raises(Refused) as refused:
            accounts.sign_in(store, name, "wrong", HERE)
        told.add((type(refused.value), str(refused.value)))
    assert len(told) == 1


@pytest.mark.usefixtures("thorough")
def test_an_unknown_name_takes_as_long_as_a_wrong_password(store: Store) -> None:
    person(store)

    def seconds(name: str, address: str) -> float:
        start = time.perf_counter()
        with pytest.raises(Refused):
            accounts.sign_in(store, name, "wrong", address)
        return time.perf_counter() - start

    seconds("nobody", "192.0.2.1")
    known, unknown = (median(seconds(name, f"192.0.2.{turn}") for turn in range(2, 7)) for name in ("siti", "nobody"))
    assert unknown > known / 2
    assert known > unknown / 2


def guess(store: Store, name: str, address: str, times: int, now: float) -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            accounts.sign_in(store, name, "wrong", address, now)


def test_after_five_wrong_passwords_the_right_one_has_to_wait(store: Store) -> None:
    person(store)
    now = time.time()
    guess(store, "siti", THERE, attempts.PAIR.free, now)
    with pytest.raises(TooMany):
        accounts.sign_in(store, "siti", PASSWORD, THERE, now)
    later = now + attempts.PAIR.first + 1
    guess(store, "siti", THERE, 1, later)
    with pytest.raises(TooMany):
        accounts.sign_in(store, "siti", PASSWORD, THERE, later + attempts.PAIR.first + 1)
    assert accounts.sign_in(store, "siti", PASSWORD, THERE, later + 2 * attempts.PAIR.first + 1)


def test_who_guesses_elsewhere_does_not_lock_out_the_owner_at_the_usual_place(store: Store) -> None:
    person(store)
    now = time.time()
    for other in range(1, 1 + attempts.ACCOUNT.free):
        guess(store, "siti", f"198.51.100.{other}", 1, now)
    with pytest.raises(TooMany):
        accounts.sign_in(store, "siti", PASSWORD, "203.0.113.1", now)
    assert accounts.sign_in(store, "siti", PASSWORD, HERE, now)


def test_who_guesses_in_an_office_does_not_lock_out_the_others_behind_its_address(store: Store) -> None:
    person(store)
    person(store, "budi")
    now = time.time()
    for hour in range(12):
        with pytest.raises(Refused):
            accounts.sign_in(store, "siti", "wrong", HERE, now + hour)
    assert accounts.sign_in(store, "budi", PASSWORD, HERE, now + 13)


def test_who_tries_many_names_from_one_address_has_to_wait(store: Store) -> None:
    now = time.time()
    for number in range(attempts.ADDRESS.free):
        begun = attempts.begin(store, attempts.keys(f"name{number}", THERE, known=False), now)
        assert begun == 0
    with pytest.raises(TooMany):
        accounts.sign_in(store, "another", "wrong", THERE, now)


def test_names_that_are_guessed_are_locked_out_whether_they_exist_or_not(store: Store) -> None:
    now = time.time()
    guess(store, "nobody", THERE, attempts.PAIR.free, now)
    with pytest.raises(TooMany):
        accounts.sign_in(store, "nobody", "wrong", THERE, now)


def test_an_unused_session_ends_after_an_hour_and_a_used_one_after_a_working_day(store: Store) -> None:
    session = person(store)
    start = session.opened
    assert accounts.session_of(store, session.token, start + 59 * 60)
    assert accounts.session_of(store, session.token, start + 60 * 60) is None
    for quarter in range(1, 48):
        accounts.mark_seen(store, session.token, start + quarter * 15 * 60)
    assert accounts.session_of(store, session.token, start + 12 * 3600 - 1)
    assert accounts.session_of(store, session.token, start + 12 * 3600) is None


def test_use_is_noted_once_a_minute(store: Store) -> None:
    session = person(store)
    before = database.touched(store)
    accounts.mark_seen(store, session.token, session.opened + 59)
    assert database.touched(store) == before
    accounts.mark_seen(store, session.token, session.opened + 61)
    assert database.touched(store) != before


Ending = Callable[[Store, Session], Any]
ENDINGS: dict[str, Ending] = {
    "sign-out": lambda store, session: accounts.sign_out(store, session.token),
    "everywhere": lambda store, session: accounts.sign_out_everywhere(store, "siti"),
    "own": lambda store, session: accounts.end_own_session(store, session.token, session.number),
    "own, all": lambda store, session: accounts.end_own_session(store, session.token, ""),
    "by the administrator": lambda store, session: accounts.end_sessions(store, administrator(), "siti"),
    "disabled": lambda store, session: accounts.disable(store, administrator(), "siti"),
    "reset": lambda store, session: accounts.reset(store, administrator(), "siti"),
    "new password": lambda store, session: accounts.change_password(
        store, session.token, PASSWORD, "lima sapi minum air", "lima sapi minum air", HERE
    ),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_session_that_was_ended_opens_nothing(store: Store, end: Ending) -> None:
    session = person(store)
    assert viewer(store, session)
    end(store, session)
    assert viewer(store, session) is None


def test_ending_one_session_leaves_the_others(store: Store) -> None:
    one = person(store)
    other = accounts.sign_in(store, "siti", PASSWORD, THERE)
    assert {found.number for found in accounts.own_sessions(store, one.token)} == {one.number, other.number}
    accounts.end_own_session(store, one.token, other.number)
    assert viewer(store, other) is None
    assert viewer(store, one)


def test_nobody_ends_the_session_of_somebody_else(store: Store) -> None:
    siti, budi = person(store), person(store, "budi")
    accounts.end_own_session(store, siti.token, budi.number)
    assert viewer(store, budi)


def test_other_roles_and_places_hold_from_the_next_question_on(store: Store) -> None:
    session = person(store)
    accounts.change(store, administrator(), "siti", ("auditor",), ("74.71.04",))
    found = viewer(store, session)
    assert found is not None
    assert (found.rights, found.places) == (frozenset({Right.LOG}), ("74.71.04",))


def test_a_disabled_account_is_answered_as_a_wrong_password_and_can_be_enabled_again(store: Store) -> None:
    person(store)
    accounts.disable(store, administrator(), "siti")
    with pytest.raises(Refused, match="wrong"):
        accounts.sign_in(store, "siti", PASSWORD, HERE)
    accounts.enable(store, administrator(), "siti")
    assert accounts.sign_in(store, "siti", PASSWORD, HERE)


def test_an_administrator_gives_no_rights_over_places_outside_the_own_area(store: Store) -> None:
    for places in (("74.72",), ("74",), ("",), ("74.71", "31.71")):
        with pytest.raises(Refused, match="outside"):
            accounts.add(store, administrator(), "budi", ("planner",), places)
    person(store)
    with pytest.raises(Refused, match="outside"):
        accounts.change(store, administrator(), "siti", ("planner",), ("74",))


CHANGES: dict[str, Callable[[Store, Viewer, str], Any]] = {
    "change": lambda store, viewer, name: accounts.change(store, viewer, name, ("planner",), ("74.71",)),
    "disable": accounts.disable,
    "enable": accounts.enable,
    "reset": accounts.reset,
    "end sessions": accounts.end_sessions,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_account_of_another_area_is_as_if_there_were_none(
    store: Store, change: Callable[[Store, Viewer, str], Any]
) -> None:
    session = person(store, "lain", place="31.71")
    with pytest.raises(Refused, match="no such account"):
        change(store, administrator(), "lain")
    with pytest.raises(Refused, match="no such account"):
        change(store, administrator(), "nobody")
    assert viewer(store, session)
    assert not accounts.listing(store, administrator())


@pytest.mark.parametrize("change", [*CHANGES.values(), lambda *args: accounts.listing(*args[:2])])
def test_only_administrators_keep_accounts(store: Store, change: Callable[..., Any]) -> None:
    session = person(store)
    for roles in (("official", "planner", "operator", "auditor"), ()):
        with pytest.raises(Refused):
            change(store, Viewer("orang", ("",), rights_of(roles)), "siti")
    assert viewer(store, session)


def test_the_last_administrator_stays(store: Store) -> None:
    person(store, "kepala", ("administrator",))
    with pytest.raises(Refused, match="last administrator"):
        accounts.disable(store, OWNER, "kepala")
    with pytest.raises(Refused, match="last administrator"):
        accounts.change(store, OWNER, "kepala", ("planner",), ("74.71",))
    person(store, "wakil", ("administrator",))
    accounts.disable(store, OWNER, "kepala")


def test_nobody_changes_or_disables_themselves(store: Store) -> None:
    person(store, "kepala", ("administrator",))
    person(store, "wakil", ("administrator",))
    with pytest.raises(Refused):
        accounts.change(store, administrator(), "kepala", ("administrator", "planner"), ("74.71",))
    with pytest.raises(Refused):
        accounts.disable(store, administrator(), "kepala")


@pytest.mark.parametrize("name", ["", "a", "Siti Nur", "<b>siti</b>", "contoh-planner", "../siti", "=siti"])
def test_a_name_is_plain_and_not_one_of_the_demonstration(store: Store, name: str) -> None:
    with pytest.raises(Refused):
        accounts.add(store, OWNER, name, ("planner",), ("74.71",))


def test_a_name_is_given_once_whatever_its_case(store: Store) -> None:
    person(store)
    with pytest.raises(Refused, match="already"):
        accounts.add(store, OWNER, "SITI", ("planner",), ("74.71",))
    assert accounts.sign_in(store, " Siti ", PASSWORD, HERE)


def test_what_happens_to_accounts_is_on_record(store: Store) -> None:
    session = person(store)
    with pytest.raises(Refused):
        accounts.sign_in(store, "siti", "wrong", HERE)
    accounts.change(store, administrator(), "siti", ("official",), ("74.71",))
    accounts.reset(store, administrator(), "siti")
    accounts.disable(store, administrator(), "siti")
    accounts.enable(store, administrator(), "siti")
    accounts.sign_out(store, accounts.open_session(store, "siti", HERE).token)
    with database.reading(store) as connection:
        assert connection is not None
        rows = connection.execute(audit.LOG.select().order_by(audit.LOG.c.number)).all()
    done = [row.action for row in rows]
    assert done == [
        *("account-added", "sign-in", "password-changed", "sign-in", "sign-in-failed", "account-changed"),
        *("account-reset", "account-disabled", "account-enabled", "sign-in", "sign-out"),
    ]
    assert {row.address for row in rows if row.action.startswith("sign-in")} == {HERE}
    assert session.number in {row.session for row in rows}


def test_what_somebody_typed_as_a_name_is_not_on_record(store: Store) -> None:
    with pytest.raises(Refused):
        accounts.sign_in(store, "my secret password", "wrong", HERE)
    kept = b"".join(path.read_bytes() for path in store.path.rglob("*") if path.is_file())
    assert b"my secret password" not in kept


# The identity provider


def provided(**other: Any) -> Person:
    told = {"issuer": "https://sso.example", "subject": "4711", "name": "Siti Nur", "full_name": "Siti Nur Aisyah"}
    return Person(**{**told, "roles": ("planner",), "places": ("74.71",), **other})


def test_roles_and_places_of_a_provided_account_are_what_the_provider_says_now(store: Store) -> None:
    first = accounts.sign_in_provided(store, provided(), HERE)
    again = accounts.sign_in_provided(store, provided(roles=("official",), places=("74.71.04",)), HERE)
    assert first.account.name == again.account.name == "siti-nur"
    for session in (first, again):
        found = viewer(store, session)
        assert found is not None
        assert (found.places, found.rights) == (("74.71.04",), rights_of(("official",)))


def test_a_provided_account_has_no_password_and_takes_nobodys_name(store: Store) -> None:
    person(store, "siti-nur")
    session = accounts.sign_in_provided(store, provided(), HERE)
    assert session.account.name == "siti-nur-2"
    for password in ("", PASSWORD):
        with pytest.raises(Refused):
            accounts.sign_in(store, "siti-nur-2", password, HERE)
    with pytest.raises(Refused):
        accounts.reset(store, OWNER, "siti-nur-2")
    with pytest.raises(Refused):
        accounts.change_password(store, session.token, "", PASSWORD, PASSWORD, HERE)


def test_a_provided_account_that_we_disabled_stays_out(store: Store) -> None:
    session = accounts.sign_in_provided(store, provided(), HERE)
    accounts.disable(store, OWNER, session.account.name)
    assert viewer(store, session) is None
    with pytest.raises(Refused, match="disabled"):
        accounts.sign_in_provided(store, provided(), HERE)


# The demonstration, and the first administrator


def test_demonstration_accounts_exist_while_there_is_nothing_but_sample_data(store: Store, tmp_path: Path) -> None:
    assert not accounts.demonstration(store)
    for file in build(tmp_path / "files", place="74.71", scale=0.005, latest=1):
        import_file(store, file.path, period=file.period, place=file.place, sample=True)
    names = [account.name for account in accounts.demonstration(store)]
    assert len(names) == 5
    sessions = [accounts.sign_in_demonstration(store, name, HERE) for name in names]
    assert all(viewer(store, session) for session in sessions)
    assert {session.account.places for session in sessions} == {("74.71",)}
    assert not accounts.lacks_administrator(store)
    with pytest.raises(Refused):
        accounts.sign_in(store, names[0], "", HERE)

    real = tmp_path / "real.csv"
    real.write_text(register("WA ODE", "JALAN"), encoding="utf-8")
    assert import_file(store, real, period=date(2021, 1, 31)).snapshot
    assert not accounts.demonstration(store)
    assert not any(viewer(store, session) for session in sessions)
    for name in names:
        with pytest.raises(Refused):
            accounts.sign_in_demonstration(store, name, HERE)
        with pytest.raises(Refused):
            accounts.open_session(store, name, HERE)
    assert accounts.lacks_administrator(store)


def test_a_store_without_an_administrator_gets_one_over_everything(store: Store) -> None:
    assert accounts.lacks_administrator(store)
    password = accounts.first_administrator(store, OWNER)
    session = accounts.sign_in(store, accounts.FIRST, password, HERE)
    assert session.account.must_change
    assert (session.account.roles, session.account.places) == (("administrator",), ("",))
    assert not accounts.lacks_administrator(store)


def test_looking_up_a_session_is_cheap(store: Store) -> None:
    session = person(store)
    viewer(store, session)
    start = time.perf_counter()
    for _ in range(200):
        viewer(store, session)
    assert (time.perf_counter() - start) / 200 < 0.001
