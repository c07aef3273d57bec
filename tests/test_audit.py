"""The log of who saw what: only added to, sealed, whole after a kill, and written before anything is shown."""

import importlib
import json
import multiprocessing
import os
import pkgutil
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

import data
from components.tickets import Order
from data import access, accounts, audit, database, household, inspection, queries
from data.__main__ import DONE, REFUSED, main
from data.access import OWNER, Grant, Refused, Viewer
from data.audit import NotRecorded
from data.definitions.roles import rights_of
from data.engine import connect
from data.exports import MACHINE, write
from data.inspection import Search
from data.scope import Scope
from data.snapshots import Store
from tests.builders import KENDARI, in_full, nik, people, register, stored

ROOT = Path(__file__).parent.parent
POASIA, ELSEWHERE = "74.71.08", "74.71.01.1001"
ANI = Viewer("ani", ("74.71",), rights_of(("planner",)), session="S-1", address="10.0.0.7")
BUDI = Viewer("budi", ("31",), rights_of(("planner",)), session="S-2", address="10.0.0.8")
AUDITOR = Viewer("rosna", ("74.71",), rights_of(("auditor",)))
PERSON = 3


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture(scope="module")
def kendari(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A register of three families; tests only look at it."""
    folder = tmp_path_factory.mktemp("kendari")
    found = Store(folder / "home")
    stored(found, register(folder / "dtks.csv", people(PERSON)), place=KENDARI)
    return found


def entries(store: Store, **search: Any) -> list[inspection.Entry]:
    """Oldest first."""
    return list(reversed(inspection.entries(store, OWNER, Search(**search)).entries))


def forge(store: Store, *statements: str) -> None:
    """Changes the log as somebody can who may write to the database, and takes away what guards it."""

    def change(connection: Any) -> None:
        if connection.dialect.name == "sqlite":
            for guard in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_log_no_{guard}"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))

    database.write(store, change)


def look(store: Store, viewer: Viewer = ANI, **asked: Any) -> str:
    """What a by-name page does."""
    return audit.seen(store, viewer, queries.people, {"scope": Scope("74.71"), **asked}, PERSON)


# What an entry says


def test_an_entry_says_who_when_from_where_of_which_place_and_of_how_many(store: Store) -> None:
    before = datetime.now(UTC)
    scope = Scope("74.71", period=date(2021, 1, 31), filters=(("updated", "no"),))
    number = audit.seen(store, ANI, queries.people, {"scope": scope, "page": 2}, 50)
    (entry,) = entries(store)
    assert (entry.number, entry.who, entry.session, entry.address) == (number, "ani", "S-1", "10.0.0.7")
    assert (entry.action, entry.place, entry.persons, entry.fields) == (audit.LOOK, "74.71", 50, ())
    assert before <= entry.at <= datetime.now(UTC)
    assert re.fullmatch(r"J-\d{4}-000001", number)
    told = inspection.about(entry, "en")
    assert told == "Household list · Date of the data: 31 January 2021 · Updated: not updated · Page: 2"


def test_numbers_in_full_are_entered_with_which_fields_and_for_what_purpose(store: Store) -> None:
    grant = Grant("J-2026-000009", "verification", datetime.now(UTC) + timedelta(minutes=5), 100)
    look(store, replace(ANI, grant=grant), unmasked=True)
    look(store, ANI, unmasked=True)
    full, masked = entries(store)
    assert {"nik", "kk"} <= set(full.fields)
    assert full.reason == "verification (J-2026-000009)"
    assert inspection.reason(full, "en") == "Verification with the civil registry (J-2026-000009)"
    assert (masked.fields, masked.reason) == ((), "")


TYPED = "siti Rahma"


@pytest.mark.parametrize(
    "asked",
    [
        {"text": TYPED},
        {"scope": Scope("74.71", filters=(("text", TYPED),))},
        {"scope": Scope("74.71", filters=(("name", "SITI"), ("nik", nik(1)), ("post", TYPED)))},
        {"scope": Scope("74.71", filters=(("category", TYPED), ("kind", TYPED), ("updated", TYPED)))},
        {"scope": Scope("74.71", indicator=TYPED, register=TYPED)},
        {"anything": TYPED, "kind": TYPED, "several": (TYPED, "SITI"), "rows": ((TYPED, 1),), "mapping": {"x": TYPED}},
        {"key": nik(1)},
    ],
    ids=str,
)
def test_what_a_reader_types_never_enters_the_log(store: Store, asked: dict[str, Any]) -> None:
    audit.seen(store, ANI, queries.people, asked, 1)
    (entry,) = entries(store)
    written = json.dumps([getattr(entry, name) for name in ("about", "reason", "place", "export")])
    assert "siti" not in written.lower()
    assert nik(1) not in written


def test_whoever_and_whatever_is_searched_for_the_database_holds_nothing_of_it(
    kendari: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = queries.people(kendari, in_full(kendari), Scope("74.71"), unmasked=True).rows
    columns = ("name", "nik", "kk", "address")
    told = {str(value) for key in columns for value in shown[key]}
    for key in columns:
        one = shown[key][0]
        queries.people(kendari, ANI, Scope("74.71"), text=one)
        queries.people(kendari, ANI, Scope("74.71", filters=((key, one),)))
        queries.listing(kendari, ANI, Scope("74.71", filters=((key, one),)), "id", text=one)
    snapshot, number = kendari.snapshots()[0].id, shown["family"][0].rpartition("-")[2]
    assert household.household(kendari, ANI, Scope("74.71").with_filter("family", household.key_of(snapshot, number)))
    kept = b"".join(path.read_bytes() for path in kendari.path.iterdir() if path.is_file())
    assert len(told) == 4 * PERSON
    assert not [one for one in told if one.encode() in kept]
    assert audit.verify(kendari, OWNER).whole


def test_that_somebody_searched_is_entered(store: Store) -> None:
    audit.seen(store, ANI, queries.people, {"scope": Scope("74.71"), "text": TYPED}, 1)
    assert inspection.about(entries(store)[0], "en") == "Household list · text searched"


def test_long_numbers_are_masked_in_what_is_written_by_hand(store: Store) -> None:
    audit.record(store, ANI, "grant", reason=f"complaint: NIK {nik(1)}", about=f"KK {nik(2)}")
    (entry,) = entries(store)
    assert nik(1) not in entry.reason
    assert nik(2) not in entry.about
    assert entry.reason.startswith("complaint: NIK 7471")


def test_every_question_that_is_entered_and_everything_that_is_done_has_its_words() -> None:
    modules = [importlib.import_module(one.name) for one in pkgutil.walk_packages(data.__path__, "data.")]
    asked = {
        f"{one.__module__.removeprefix('data.')}.{one.__name__}"
        for module in modules
        for one in vars(module).values()
        if isfunction(one) and (rule := getattr(one, "rule", None)) and rule.persons
    }
    assert len(asked) >= 10
    assert asked == set(inspection.QUESTIONS)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data").rglob("*.py"))
    assert [key for key in inspection.ACTIONS if f'"{key}"' not in code.replace(f'"{key}": N_', "")] == []


# One look, one entry


def test_a_screen_that_is_drawn_again_unchanged_is_the_same_look(store: Store) -> None:
    assert look(store) == look(store)
    assert len(entries(store)) == 1


@pytest.mark.parametrize(
    "another",
    [
        {"viewer": replace(ANI, session="S-9")},
        {"viewer": replace(ANI, address="10.0.0.9")},
        {"viewer": replace(ANI, rights=rights_of(("official",)))},
        {"scope": Scope("74.71", filters=(("updated", "no"),))},
        {"page": 2},
        {"text": "wa ode"},
    ],
    ids=["session", "address", "role", "filter", "page", "search"],
)
def test_another_session_filter_or_search_is_another_look(store: Store, another: dict[str, Any]) -> None:
    look(store, text="rahma")
    look(store, **({"text": "rahma"} | another))
    assert len(entries(store)) == 2


def test_what_was_seen_more_than_five_minutes_ago_is_another_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "SAME_LOOK", 0.0)
    look(store)
    look(store)
    assert len(entries(store)) == 2


def test_exports_and_numbers_in_full_are_entered_every_time(store: Store) -> None:
    grant = Grant("J-2026-000009", "verification", datetime.now(UTC) + timedelta(minutes=5), 100)
    for _ in range(2):
        look(store, replace(ANI, grant=grant), unmasked=True)
        audit.seen(store, ANI, queries.listing, {"scope": Scope("74.71")}, PERSON, leaves=True)
    assert [entry.action for entry in entries(store)] == [audit.LOOK, audit.EXPORT] * 2


# Only added to, and sealed


@pytest.mark.parametrize("change", ["UPDATE audit_log SET who = 'x'", "DELETE FROM audit_log"])
def test_the_database_itself_refuses_to_change_what_was_entered(store: Store, change: str) -> None:
    look(store)
    with pytest.raises(DBAPIError, match="only added to"):
        database.write(store, lambda connection: connection.execute(text(change)), tries=1)
    assert audit.verify(store, OWNER).entries == 1


def test_a_log_that_an_earlier_padan_made_gets_the_guards_of_today(store: Store) -> None:
    look(store)
    with closing(sqlite3.connect(store.path / database.DATABASE)) as opened:
        opened.execute("DROP TRIGGER audit_log_no_replace")
        opened.commit()
    database._ready.cache_clear()
    replaced = "REPLACE INTO audit_log SELECT * FROM audit_log"
    with pytest.raises(DBAPIError, match="only added to"):
        database.write(store, lambda connection: connection.execute(text(replaced)), tries=1)


def filled(store: Store, count: int = 6) -> audit.Chain:
    for number in range(count):
        audit.record(store, ANI, "sign-in" if number % 2 else "sign-out", place="74.71")
    found = audit.verify(store, OWNER)
    assert (found.whole, found.entries) == (True, count)
    return found


@pytest.mark.parametrize("column", [column.name for column in audit.LOG.columns if column.name not in ("number",)])
def test_a_change_of_any_part_of_an_entry_is_noticed_there(store: Store, column: str) -> None:
    filled(store)
    value = "7" if column == "persons" else "'7'"
    forge(store, f"UPDATE audit_log SET {column} = {value} WHERE number = 3")
    found = audit.verify(store, OWNER)
    assert not found.whole
    assert found.bad.endswith("-000003")


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("DELETE FROM audit_log WHERE number = 3", 4),
        ("DELETE FROM audit_log WHERE number < 3", 3),
        ("DELETE FROM audit_log WHERE number = 6", 0),
        ("DELETE FROM audit_log", 0),
        ("UPDATE audit_log SET number = 60 WHERE number = 6", 60),
        ("INSERT INTO audit_log SELECT 7, at, who, session, address, action, place, about, persons, fields, reason,"
         " export, key, seal, seal FROM audit_log WHERE number = 6", 7),
    ],
)  # fmt: skip
def test_what_is_taken_out_cut_off_or_put_in_is_noticed(store: Store, change: str, bad: int) -> None:
    filled(store)
    forge(store, change)
    found = audit.verify(store, OWNER)
    assert not found.whole
    assert found.why
    assert found.bad.endswith(f"-{bad:06d}" if bad else "")


def test_a_chain_made_with_another_key_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)
    forge(store, "DELETE FROM audit_log")
    monkeypatch.setenv(audit.SETTING, "the forger's own")
    (store.path / audit.HEAD_FILE).unlink()
    for _ in range(6):
        audit.record(store, BUDI, "sign-in")
    assert audit.verify(store, OWNER).whole, "with the forger's key it looks well"
    monkeypatch.delenv(audit.SETTING)
    found = audit.verify(store, OWNER)
    assert (found.why, found.bad[-6:]) == (audit.OTHER_KEY, "000001")


def test_a_log_that_was_cut_goes_on_and_keeps_the_gap(store: Store) -> None:
    filled(store)
    forge(store, "DELETE FROM audit_log WHERE number > 4")
    assert audit.record(store, ANI, "sign-in").endswith("-000007")
    found = audit.verify(store, OWNER)
    assert (found.entries, found.bad[-6:], found.why) == (4, "000007", audit.MISSING)


def test_without_its_note_or_with_a_forged_one_the_log_is_not_called_whole(store: Store) -> None:
    before = filled(store)
    note = store.path / audit.HEAD_FILE
    kept = note.read_text()
    for forged in ("", "{}", "[]", json.dumps(json.loads(kept) | {"number": 2}), json.dumps({"number": 10**9})):
        note.write_text(forged)
        assert audit.verify(store, OWNER).why == audit.NO_HEAD
    note.write_text(kept)
    assert audit.verify(store, OWNER) == before


def test_a_seal_that_was_noted_elsewhere_shows_that_the_whole_store_was_put_back(store: Store) -> None:
    filled(store, 4)
    folder = store.path.rename(store.path.with_name("earlier"))
    store.path.mkdir()
    for path in folder.iterdir():
        (store.path / path.name).write_bytes(path.read_bytes())
    audit.record(store, ANI, "sign-in")
    noted = audit.verify(store, OWNER).head
    assert audit.verify(store, OWNER, noted).whole
    assert audit.verify(store, OWNER, noted[:16]).whole
    for path in store.path.iterdir():
        path.unlink()
    for path in folder.iterdir():
        (store.path / path.name).write_bytes(path.read_bytes())
    assert audit.verify(store, OWNER).whole
    assert audit.verify(store, OWNER, noted).why == audit.NOT_THERE


def test_what_was_found_whole_is_not_followed_again_but_must_still_be_there(store: Store) -> None:
    before = filled(store)
    audit.record(store, ANI, "sign-in")
    after = audit.verify(store, OWNER, known=before)
    assert (after.entries, after.whole) == (7, True)
    forge(store, "DELETE FROM audit_log WHERE number > 5")
    assert not audit.verify(store, OWNER, known=before).whole


def test_a_key_of_the_offices_own_takes_over_and_the_older_entries_stay_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    monkeypatch.setenv(audit.SETTING, "from the service's own settings")
    audit.record(store, ANI, "sign-in")
    assert audit.verify(store, OWNER).entries == 7
    monkeypatch.delenv(audit.SETTING)
    found = audit.verify(store, OWNER)
    assert (found.why, found.bad[-6:]) == (audit.OTHER_KEY, "000007")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_key_is_read_by_nobody_else_and_lies_outside_the_database(store: Store) -> None:
    audit.record(store, ANI, "sign-in")
    key = store.path / audit.KEY_FILE
    assert key.stat().st_mode & 0o077 == 0
    for file in store.path.glob("padan.db*"):
        assert key.read_bytes() not in file.read_bytes()


# Many at once, and killed


def _write(path: str, number: int) -> None:
    def add() -> None:
        for _ in range(3):
            audit.record(Store(Path(path)), Viewer(str(number)), "sign-in")

    threads = [threading.Thread(target=add) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_threads_and_processes_add_at_once_without_a_fork_of_the_chain(store: Store) -> None:
    context = multiprocessing.get_context("spawn" if os.name == "nt" else "fork")
    writers = [context.Process(target=_write, args=(str(store.path), number)) for number in range(4)]
    for writer in writers:
        writer.start()
    _write(str(store.path), 4)
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    found = audit.verify(store, OWNER)
    assert (found.entries, found.whole) == (5 * 5 * 3, True)


WRITER = """
import sys
from pathlib import Path
from data import audit
from data.access import Viewer
from data.snapshots import Store
print("ready", flush=True)
while True:
    print(audit.record(Store(Path(sys.argv[1])), Viewer("x"), "sign-in"), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_whenever_a_writer_is_killed_the_log_is_whole_and_holds_what_was_said_to_be_entered(store: Store) -> None:
    said: list[str] = []
    for turn in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(2 + turn):
                writer.stdout.readline()
            threading.Event().wait(0.0007 * turn)
            writer.send_signal(signal.SIGKILL)
            said += re.findall(r"^J-\d{4}-\d{6}\n", writer.stdout.read(), re.MULTILINE)
        found = audit.verify(store, OWNER)
        assert found.whole, found
    there = {f"{entry.number}\n" for page in (1, 2, 3) for entry in inspection.entries(store, OWNER, page=page).entries}
    assert set(said) <= there
    assert len(there) >= 4


# What cannot be entered is not shown


@pytest.fixture
def locked(kendari: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program holds the database and does not let go."""
    monkeypatch.setattr(audit, "PATIENCE", 0.05)
    audit.record(kendari, ANI, "sign-in")
    with sqlite3.connect(kendari.path / database.DATABASE, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    holder.close()


@pytest.fixture
def read_only(kendari: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    audit.record(kendari, ANI, "sign-in")
    monkeypatch.setenv("PADAN_DATABASE", f"sqlite:///file:{kendari.path / database.DATABASE}?mode=ro&uri=true")


@pytest.fixture
def elsewhere(kendari: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database should be there is something else."""
    (tmp_path / "folder.db").mkdir()
    monkeypatch.setenv("PADAN_DATABASE", f"sqlite:///{tmp_path / 'folder.db'}")


QUESTIONS: dict[str, Callable[[Store], Any]] = {
    "page": lambda store: queries.people(store, ANI, Scope("74.71")),
    "cached page": lambda store: access.answered(
        queries.people, lambda read: pytest.fail("handed over") if not read else read(), store, ANI, Scope("74.71")
    ),
    "export": lambda store: queries.listing(store, ANI, Scope("74.71"), "id"),
    "log": lambda store: inspection.taken(store, OWNER, "id"),
}


@pytest.mark.parametrize("question", list(QUESTIONS))
@pytest.mark.parametrize("fault", ["locked", "read_only", "elsewhere"])
def test_where_the_log_cannot_be_written_nothing_is_handed_over(
    kendari: Store, fault: str, question: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_looks", audit._Looks())
    request.getfixturevalue(fault)
    with pytest.raises(NotRecorded) as refused:
        QUESTIONS[question](kendari)
    assert isinstance(refused.value, Refused)
    assert str(refused.value) == audit.NOT_RECORDED


FULL = """
import resource, sys
from pathlib import Path
from data import audit, queries
from data.access import OWNER, Refused
from data.scope import Scope
from data.snapshots import Store
store = Store(Path(sys.argv[1]))
file = store.path / "padan.db-wal"
audit.record(store, OWNER, "sign-in")
queries.people.__wrapped__(store, OWNER, Scope("74.71"))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
try:
    print("shown", queries.people(store, OWNER, Scope("74.71")))
except Refused as refused:
    print("refused:", refused)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows does not limit the size of files")
def test_on_a_full_disk_nothing_is_shown(kendari: Store) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(kendari.path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"refused: {audit.NOT_RECORDED}"
    assert audit.verify(kendari, OWNER).whole


def test_the_entry_of_an_export_is_there_before_its_first_byte_and_its_number_stands_in_the_file(
    kendari: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(kendari.path))
    file = Order(ANI, Scope("74.71"), "xlsx", "id", False, "").file()
    assert file is not None
    newest = inspection.entries(kendari, OWNER).entries[0]
    assert (newest.action, newest.persons, newest.who) == (audit.EXPORT, PERSON, "ani")
    (tmp_path / "list.xlsx").write_bytes(b"".join(file.pieces))
    sheets = load_workbook(tmp_path / "list.xlsx", read_only=True).worksheets
    told = {row[:2] for sheet in sheets for row in sheet.iter_rows(values_only=True)}
    assert ("Nomor catatan", newest.number) in told


# Reading it


@pytest.fixture
def several(store: Store) -> Store:
    """Looks of two people in two places, an export, a document, a failed sign-in."""
    look(store)
    audit.seen(store, BUDI, queries.people, {"scope": Scope("31.71")}, 10)
    audit.seen(store, ANI, queries.listing, {"scope": Scope(ELSEWHERE)}, 40, leaves=True)
    audit.record(store, ANI, audit.DOCUMENT, place=POASIA, persons=9, fields=("nik",), export="LM-2026-000003")
    audit.record(store, Viewer("?"), inspection.SIGN_IN_FAILED)
    return store


def numbers(store: Store, viewer: Viewer = OWNER, **search: Any) -> list[int]:
    found = inspection.entries(store, viewer, Search(**search))
    return [int(entry.number[-6:]) for entry in found.entries]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"who": "AN"}, [4, 3, 1]),
        ({"who": "%"}, []),
        ({"place": "74.71"}, [4, 3, 1]),
        ({"place": "74.7"}, []),
        ({"place": "74.71.01"}, [3]),
        ({"action": "look"}, [2, 1]),
        ({"in_full": True}, [4]),
        ({"leaving": True}, [4, 3]),
        ({"number": "lm-2026-000003"}, [4]),
        ({"number": "2"}, [2]),
        ({"number": f"J-{datetime.now(UTC).year}-000002"}, [2]),
        ({"number": "nonsense' OR 1=1"}, []),
        ({"first": date.today(), "last": date.today()}, [5, 4, 3, 2, 1]),
        ({"last": date.today() - timedelta(days=1)}, []),
        ({"first": date.today() + timedelta(days=1)}, []),
        ({"who": "ani", "leaving": True, "place": POASIA}, [4]),
    ],
)
def test_entries_are_found_by_person_place_action_day_and_number(
    several: Store, search: dict[str, Any], found: list[int]
) -> None:
    assert numbers(several, **search) == found


def test_an_auditor_reads_the_entries_of_the_own_area_and_no_others(several: Store) -> None:
    assert numbers(several, AUDITOR) == [4, 3, 1]
    assert numbers(several, AUDITOR, place="31") == []
    assert numbers(several, replace(AUDITOR, places=("31", POASIA))) == [4, 2]
    assert numbers(several, replace(AUDITOR, places=())) == []
    assert inspection.sums(several, AUDITOR) == inspection.Sums(looks=1, people=1, exports=2, in_full=1, failed=0)
    assert inspection.sums(several, OWNER) == inspection.Sums(looks=2, people=2, exports=2, in_full=1, failed=1)
    assert inspection.taken(several, AUDITOR, "en").table.num_rows == 3


@pytest.mark.parametrize("role", ["public", "official", "planner", "operator", "administrator"])
def test_nobody_else_reads_the_log(several: Store, role: str) -> None:
    other = Viewer("x", ("",), rights_of((role,)))
    for question in (inspection.entries, inspection.sums, audit.verify, lambda *a: inspection.taken(*a, "en")):
        with pytest.raises(Refused, match="does not read the log"):
            question(several, other)


def test_the_log_is_paged(store: Store) -> None:
    database.write(store, lambda connection: connection.execute(insert(audit.LOG), list(_many(120))))
    first, last, beyond = (inspection.entries(store, OWNER, page=page) for page in (1, 3, 99))
    assert (first.total, first.pages, len(first.entries)) == (120, 3, inspection.SIZE)
    assert [int(entry.number[-6:]) for entry in last.entries] == list(range(20, 0, -1))
    assert (beyond.page, beyond.entries) == (3, last.entries)


def _many(count: int) -> Iterator[dict[str, Any]]:
    texts = ("who", "session", "address", "place", "about", "fields", "reason", "export", "key", "previous", "seal")
    for number in range(1, count + 1):
        at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)).isoformat(timespec="microseconds")
        yield {"number": number, "at": at, "action": "look", "persons": 1} | dict.fromkeys(texts, "")


def test_asking_about_a_log_that_nobody_has_written_makes_none(store: Store) -> None:
    assert inspection.entries(store, OWNER) == inspection.Found((), 0, 1)
    assert inspection.sums(store, OWNER) == inspection.Sums()
    assert audit.verify(store, OWNER) == audit.Chain()
    assert not store.path.exists()


def test_the_log_is_taken_out_as_a_file_in_which_nothing_runs_and_that_too_is_entered(
    store: Store, tmp_path: Path
) -> None:
    audit.record(store, Viewer('=HYPERLINK("http://x")'), "@SUM(1)", about="+cmd|calc", reason="-1+1", export="=1")
    found = inspection.taken(store, OWNER, "en", Search(who="HYPER"))
    assert found.table.num_rows == 1
    newest = entries(store)[-1]
    assert newest.action == inspection.TAKEN
    assert "HYPER" not in newest.about
    assert ("Number in the record", newest.number) in found.cover.lines
    connection = connect().con
    connection.register("listed", found.table)
    write(connection, "SELECT * FROM listed", found.columns, found.cover, "csv", tmp_path / "log.csv", "en", MACHINE)
    line = (tmp_path / "log.csv").read_text().splitlines()[1]
    assert not [cell for cell in re.findall(r'"(?:[^"]|"")*"|[^,]+', line) if re.match(r'"?[=+@-]', cell)]
    assert "'=HYPERLINK" in line


# On the command line


@pytest.fixture
def kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    filled(store)
    return store


def test_the_command_line_says_whether_the_log_is_whole_and_where_it_is_not(
    kept: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "audit", "verify"]) == DONE
    head = audit.verify(kept, OWNER).head
    assert f"6 entries, whole. Newest: {entries(kept)[-1].number}, seal {head}" in capsys.readouterr().out
    assert main(["audit", "verify", "--head", head]) == DONE
    assert main(["audit", "verify", "--head", "ab" * 32]) == REFUSED
    forge(kept, "UPDATE audit_log SET who = 'x' WHERE number = 2")
    capsys.readouterr()
    assert main(["--lang", "en", "audit", "verify", "--json"]) == REFUSED
    told = capsys.readouterr()
    assert re.search(r"J-\d{4}-000002: This entry was changed", told.err)
    assert json.loads(told.out)["whole"] is False


def test_the_command_line_lists_the_log_and_takes_it_out(
    kept: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "list", "--action", "sign-in", "--json"]) == DONE
    assert [entry["who"] for entry in json.loads(capsys.readouterr().out)] == ["ani"] * 3
    assert main(["--lang", "en", "audit", "list", "--place", "74.71"]) == DONE
    assert "Signed in" in capsys.readouterr().out
    assert main(["audit", "export"]) == REFUSED
    for name in ("log.csv", "log.xlsx"):
        assert main(["audit", "export", "-o", str(tmp_path / name)]) == DONE
    assert len((tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + 6
    assert [entry.action for entry in entries(kept)[6:]] == [inspection.TAKEN] * 2


def test_on_the_command_line_an_account_reads_the_log_of_its_own_area_only(
    kept: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts.add(kept, OWNER, "rosna", ("auditor",), ("31",))
    accounts.add(kept, OWNER, "wa.ode", ("planner",), ("74.71",))
    assert main(["audit", "list", "--json", "--as", "rosna"]) == DONE
    assert {entry["place"] for entry in json.loads(capsys.readouterr().out)} == {"31"}
    assert main(["--lang", "en", "audit", "list", "--as", "wa.ode"]) == REFUSED
    assert "does not read the log" in capsys.readouterr().err
