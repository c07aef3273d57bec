"""What people decide and who saw what is kept the same in SQLite and in a shared PostgreSQL."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table, create_engine, insert, inspect, select, text
from sqlalchemy.exc import ProgrammingError

from data import audit, database, documents, inspection
from data.access import OWNER
from data.inspection import Search
from data.linkage import decisions
from data.scope import Scope
from data.snapshots import Store
from tests import postgres
from tests.linkage.test_decisions import (  # noqa: F401 - they run again, over another database
    CHILD,
    decide,
    test_a_decision_says_who_when_and_what_the_matching_had_said,
    test_a_store_has_one_secret_whoever_writes_it,
    test_every_decision_makes_answers_anew_those_about_its_linkage_alone,
    test_of_two_reviewers_the_newer_wins_and_both_are_kept,
    test_ten_writers_at_once_lose_nothing,
    test_what_was_said_to_be_kept_survives_a_kill,
)
from tests.test_accounts import (  # noqa: F401
    quick,
    test_a_name_is_given_once_whatever_its_case,
    test_a_session_that_was_ended_opens_nothing,
    test_after_five_wrong_passwords_the_right_one_has_to_wait,
    test_an_unused_session_ends_after_an_hour_and_a_used_one_after_a_working_day,
    test_other_roles_and_places_hold_from_the_next_question_on,
    test_roles_and_places_of_a_provided_account_are_what_the_provider_says_now,
    test_the_last_administrator_stays,
    test_what_happens_to_accounts_is_on_record,
    test_whoever_signs_in_may_what_the_account_may,
)
from tests.test_audit import (  # noqa: F401
    several,
    test_a_change_of_any_part_of_an_entry_is_noticed_there,
    test_a_log_that_was_cut_goes_on_and_keeps_the_gap,
    test_an_auditor_reads_the_entries_of_the_own_area_and_no_others,
    test_an_entry_says_who_when_from_where_of_which_place_and_of_how_many,
    test_entries_are_found_by_person_place_action_day_and_number,
    test_the_database_itself_refuses_to_change_what_was_entered,
    test_the_log_is_paged,
    test_threads_and_processes_add_at_once_without_a_fork_of_the_chain,
    test_what_is_taken_out_cut_off_or_put_in_is_noticed,
    test_whenever_a_writer_is_killed_the_log_is_whole_and_holds_what_was_said_to_be_entered,
)

ROOT = Path(__file__).parent.parent
_names = itertools.count()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    if os.name == "nt":
        pytest.skip("on Windows PostgreSQL is not started by tests")
    with postgres.cluster() as found:
        yield found


@pytest.fixture
def store(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store whose operational database is a new schema in PostgreSQL."""
    monkeypatch.setenv(decisions.SETTING, "shared by these stores")
    monkeypatch.setenv("PADAN_DATABASE", postgres.new_schema(address, f"padan_{next(_names)}"))
    yield Store(tmp_path / "home")
    database._ready.cache_clear()


def test_a_file_of_decisions_travels_from_one_database_to_the_other(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, file = decide(store, CHILD, "accept"), tmp_path / "decisions.csv"
    assert decisions.export(store, OWNER, file) == 1
    monkeypatch.delenv("PADAN_DATABASE")
    elsewhere = Store(tmp_path / "elsewhere")
    assert decisions.take_in(elsewhere, OWNER, file) == (1, 0)
    assert [one.id for one in decisions.decisions(elsewhere)] == [made]


def test_documents_are_numbered_and_completed(store: Store) -> None:
    number = documents.enter(store, OWNER, "sheet-pdf", Scope("74.71.08.1001"), 12, masked=True)
    documents.complete(store, number, "ab" * 32)
    (entry,) = documents.entries(store, OWNER)
    assert (entry.number, entry.persons, entry.masked, entry.sha256) == (number, 12, True, "ab" * 32)
    (noted,) = inspection.entries(store, OWNER, Search(number=number)).entries
    assert (noted.action, noted.persons, noted.export) == (audit.DOCUMENT, 12, number)


def test_what_another_machine_writes_is_heard_of(store: Store) -> None:
    audit.record(store, OWNER, "sign-in")
    before = database.touched(store)
    assert database.touched(store) == before
    other = "import sys; from pathlib import Path; from data import audit; from data.access import OWNER;"
    other += "from data.snapshots import Store; audit.record(Store(Path(sys.argv[1])), OWNER, 'sign-out')"
    subprocess.run([sys.executable, "-c", other, str(store.path)], cwd=ROOT, check=True)
    time.sleep(database.FRESH)
    assert database.touched(store) != before


def test_own_writes_are_heard_of_at_once(store: Store) -> None:
    seen = {database.touched(store)}
    for _ in range(5):
        audit.record(store, OWNER, "sign-in")
        seen.add(database.touched(store))
    assert len(seen) == 6


def test_an_account_that_may_only_read_and_add_is_enough(
    store: Store, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.record(store, OWNER, "sign-in")
    owner = create_engine(database.url(store))
    with owner.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS padan_app"))
        connection.execute(text("CREATE ROLE padan_app LOGIN"))
        schema = connection.execute(text("SELECT current_schema()")).scalar_one()
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO padan_app"))
        for table in inspect(connection).get_table_names():
            rights = "SELECT, INSERT" if table == "audit_log" else "SELECT, INSERT, UPDATE, DELETE"
            connection.execute(text(f"GRANT {rights} ON {table} TO padan_app"))
    owner.dispose()
    monkeypatch.setenv("PADAN_DATABASE", database.url(store).replace("padan@", "padan_app@"))
    audit.record(store, OWNER, "sign-out")
    assert audit.verify(store, OWNER).entries == 2
    for change in ("DELETE FROM audit_log", "ALTER TABLE audit_log DISABLE TRIGGER ALL", "DROP TABLE audit_log"):
        with pytest.raises(ProgrammingError):
            database.write(store, lambda connection, change=change: connection.execute(text(change)), tries=1)


@pytest.mark.parametrize("url", ["mysql://x@/y", "nonsense", "postgresql://nobody@127.0.0.1:1/x"])
def test_a_database_that_does_not_answer_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PADAN_DATABASE", url)
    with pytest.raises(audit.NotRecorded):
        audit.record(Store(tmp_path / "home"), OWNER, "sign-in")


def test_a_part_that_is_imported_later_has_its_tables_too(store: Store) -> None:
    database.write(store, lambda connection: None)
    later = Table("declared_later", database.METADATA, Column("number", Integer))
    try:
        database.write(store, lambda connection: connection.execute(insert(later).values(number=1)).rowcount)
        with database.reading(store) as connection:
            assert connection
            assert connection.execute(select(later.c.number)).scalar_one() == 1
    finally:
        database.METADATA.remove(later)
