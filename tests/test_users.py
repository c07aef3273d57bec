"""`python -m data users`, as somebody at the server types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import accounts
from data.__main__ import main
from data.snapshots import Store
from tests.browser.driver import ROOT


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PADAN_HOME", str(tmp_path))
    return Store(tmp_path)


def users(*arguments: str) -> int:
    return main(["--lang", "en", "users", *arguments])


def test_a_new_account_gets_a_password_that_is_said_once(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert users("add", "Siti", "--role", "planner", "--place", "74.71", "--full-name", "Siti Nur") == 0
    password = capsys.readouterr().out.split("Password: ")[1].split()[0]
    assert accounts.sign_in(store, "siti", password, "192.0.2.7").account.must_change
    assert users("list", "--json") == 0
    told = capsys.readouterr().out
    assert password not in told
    [account] = json.loads(told)
    assert (account["name"], account["roles"], account["places"]) == ("siti", ["planner"], ["74.71"])
    assert account["must_change"]
    assert account["last_seen"]


def test_a_reset_ends_the_sessions_and_gives_another_password(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    users("add", "siti", "--role", "planner", "--place", "all")
    first = capsys.readouterr().out.split("Password: ")[1].split()[0]
    session = accounts.sign_in(store, "siti", first, "192.0.2.7")
    assert users("reset", "siti") == 0
    other = capsys.readouterr().out.split("Password: ")[1].split()[0]
    assert other != first
    assert accounts.session_of(store, session.token) is None


def test_accounts_are_disabled_enabled_and_signed_out(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    users("add", "siti", "--role", "planner", "--place", "74.71", "--role", "operator", "--place", "74.72")
    token = accounts.open_session(store, "siti", "192.0.2.7").token
    assert users("sign-out", "siti") == 0
    assert accounts.session_of(store, token) is None
    assert users("disable", "siti") == 0
    capsys.readouterr()
    users("list")
    assert capsys.readouterr().out.split() == ["siti", "planner,operator", "74.71,74.72", "disabled"]
    assert users("enable", "siti") == 0
    assert accounts.open_session(store, "siti", "192.0.2.7")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "siti", "--role", "planner"),
        ("add", "siti", "--place", "74.71"),
        ("add", "siti", "--role", "planner", "--place", "99.99"),
        ("add", "--role", "planner", "--place", "74.71"),
        ("disable", "nobody"),
        ("reset",),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_stored(store: Store, arguments: tuple[str, ...]) -> None:
    assert users(*arguments) == 2
    assert users("list", "--json") == 0
    assert accounts.lacks_administrator(store)


def test_a_service_makes_no_administrator_whose_password_would_stand_in_its_log(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "data", "--lang", "en", "users", "first"],
        cwd=ROOT,
        env=os.environ | {"PADAN_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "In a terminal" in told.stdout
    assert "Password" not in told.stdout
    assert accounts.lacks_administrator(Store(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own, which only Unix has")
def test_whoever_starts_padan_at_a_terminal_is_told_the_first_password_once(tmp_path: Path) -> None:
    import pty

    written: list[bytes] = []

    def keep(descriptor: int) -> bytes:
        written.append(os.read(descriptor, 4096))
        return written[-1]

    command = f"cd {ROOT} && PADAN_HOME={tmp_path} {sys.executable} -m data --lang en users first"
    assert pty.spawn(["/bin/sh", "-c", command], keep) == 0
    password = b"".join(written).decode().split("Password: ")[1].split()[0]
    store = Store(tmp_path)
    session = accounts.sign_in(store, accounts.FIRST, password, "192.0.2.7")
    assert (session.account.roles, session.account.places) == (("administrator",), ("",))
