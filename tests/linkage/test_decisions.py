"""What people decide about pairs is kept for ever, holds for the same people in later files, and travels as a file."""

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from data import database, queries
from data.access import OWNER, Refused, Viewer
from data.linkage import decisions
from data.linkage.decisions import NotDecisions, OtherSecret, Verdict
from data.snapshots import Store
from tests.builders import somebody

ROOT = Path(__file__).parent.parent.parent
ANI = somebody("Ani", "")
BUDI = somebody("Budi", "")


def pair(left: Sequence[str], right: Sequence[str], finds: str = "person") -> dict[str, Any]:
    """A pair by its fingerprints."""
    return {
        "finds": finds, "left_keys": list(left), "right_keys": list(right), "rule": "SIMILAR_PERSON",
        "probability": 0.7,
    }  # fmt: skip


def table(*pairs: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(pairs))


def decide(store: Store, one: dict[str, Any], verdict: Verdict, viewer: Viewer = ANI, note: str = "") -> str:
    return decisions.decide(store, viewer, "children", one, verdict, note).id


def holding(store: Store, *pairs: dict[str, Any]) -> dict[int, Verdict]:
    return decisions.applied(table(*pairs), decisions.decisions(store, "children"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(decisions.SETTING, "shared by these stores")
    return Store(tmp_path / "home")


CHILD = pair(["a1", "a2"], ["b1", "b2"])


def test_a_decision_says_who_when_and_what_the_matching_had_said(store: Store) -> None:
    decide(store, CHILD, "accept", note="  same mother ")
    (found,) = decisions.decisions(store, "children")
    assert (found.who, found.verdict, found.note) == ("Ani", "accept", "same mother")
    assert (found.rule, found.probability, found.left_keys) == ("SIMILAR_PERSON", 0.7, ("a1", "a2"))
    assert found.at.tzinfo is not None
    assert decisions.decisions(store, "recipients") == ()


def test_of_two_reviewers_the_newer_wins_and_both_are_kept(store: Store) -> None:
    decide(store, CHILD, "accept", ANI)
    decide(store, CHILD, "reject", BUDI)
    assert holding(store, CHILD) == {0: "reject"}
    (said,) = decisions.about(table(CHILD), decisions.decisions(store)).values()
    assert [(one.who, one.verdict) for one in said] == [("Budi", "reject"), ("Ani", "accept")]


def test_what_is_taken_back_leaves_the_pair_open_and_brings_no_older_decision_back(store: Store) -> None:
    decide(store, CHILD, "accept")
    decide(store, CHILD, "reject")
    decide(store, CHILD, "withdraw")
    assert holding(store, CHILD) == {}
    assert len(decisions.decisions(store)) == 3


def test_a_decision_holds_for_the_same_people_in_later_files(store: Store) -> None:
    decide(store, CHILD, "accept")
    with_a_new_number = pair(["a9", "a2"], ["b1"])
    assert holding(store, pair(["x"], ["y"]), with_a_new_number) == {1: "accept"}


def test_a_decision_says_nothing_about_another_pair_of_the_same_child(store: Store) -> None:
    decide(store, CHILD, "accept")
    others = (pair(["a1"], ["c1"]), pair(["d1"], ["b1"]), pair(["a1"], ["b1"], "family"))
    assert holding(store, *others) == {}


def test_a_pair_without_fingerprints_is_not_decided_about(store: Store) -> None:
    for nothing in (pair([], ["b1"]), pair(["a1"], [])):
        with pytest.raises(ValueError, match="accept"):
            decide(store, nothing, "accept")
    assert decisions.decisions(store) == ()


def test_asking_writes_nothing(store: Store) -> None:
    assert decisions.decisions(store) == ()
    assert decisions.state(store) == decisions.NONE
    assert not store.path.exists()


def test_every_decision_makes_answers_anew_those_about_its_linkage_alone(store: Store) -> None:
    before, of_all, of_others = (
        queries.state(store),
        decisions.state(store, "children"),
        decisions.state(store, "recipients"),
    )
    decide(store, CHILD, "accept")
    assert queries.state(store) != before
    assert decisions.state(store, "children") != of_all
    assert decisions.state(store, "recipients") == of_others


def test_a_file_of_decisions_changes_nothing_the_second_time(store: Store, tmp_path: Path) -> None:
    decide(store, CHILD, "accept", note='=HYPERLINK("http://x")')
    decide(store, pair(["e"], ["f"], "family"), "unsure", BUDI, note="-ragu, \n'tanya' RT")
    file = tmp_path / "decisions.csv"
    assert decisions.export(store, OWNER, file) == 2
    assert ",=" not in file.read_text(encoding="utf-8")
    assert decisions.take_in(store, OWNER, file) == (0, 2)
    elsewhere = Store(tmp_path / "elsewhere")
    assert decisions.take_in(elsewhere, OWNER, file) == (2, 0)
    assert decisions.take_in(elsewhere, OWNER, file) == (0, 2)
    assert [asdict(one) for one in decisions.decisions(elsewhere)] == [
        asdict(one) for one in decisions.decisions(store)
    ]


def test_decisions_of_every_place_travel_only_with_who_may_see_every_place(store: Store, tmp_path: Path) -> None:
    decide(store, CHILD, "accept")
    file, of_one = tmp_path / "decisions.csv", somebody("Ani", "74.71")
    with pytest.raises(Refused):
        decisions.export(store, of_one, file)
    assert not file.exists()
    decisions.export(store, OWNER, file)
    with pytest.raises(Refused):
        decisions.take_in(Store(tmp_path / "elsewhere"), of_one, file)
    assert not (tmp_path / "elsewhere").exists()


def test_a_number_in_a_note_is_masked_before_it_is_kept(store: Store) -> None:
    decide(store, CHILD, "accept", note="NIK 7471010101200001, RT 003")
    assert decisions.decisions(store)[0].note == "NIK 7471************, RT 003"


def test_a_store_has_one_secret_whoever_writes_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(decisions.SETTING)
    decisions.secret(store)
    with database.reading(store) as connection:
        assert connection is not None
        with pytest.raises(IntegrityError):
            connection.execute(insert(decisions._SECRETS).values(secret="another"))


def test_decisions_of_another_store_are_refused_unless_both_share_a_secret(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(decisions.SETTING)
    elsewhere, file = Store(tmp_path / "elsewhere"), tmp_path / "decisions.csv"
    decide(elsewhere, CHILD, "accept")
    decisions.export(elsewhere, OWNER, file)
    assert decisions.secret(elsewhere) not in file.read_text(encoding="utf-8")
    assert decisions.secret(store) == decisions.secret(store) != decisions.secret(elsewhere)
    with pytest.raises(OtherSecret):
        decisions.take_in(store, OWNER, file)
    assert decisions.decisions(store) == ()
    monkeypatch.setenv(decisions.SETTING, decisions.secret(elsewhere))
    assert decisions.take_in(store, OWNER, file) == (1, 0)


def test_a_fingerprint_cannot_be_made_without_the_secret() -> None:
    texts = ("nik|7471010101200001", "nik|7471010101200002")
    assert len({decisions.fingerprint(text, secret) for text in texts for secret in ("a", "b")}) == 4
    assert decisions.fingerprint(texts[0], "a") == decisions.fingerprint(texts[0], "a")


def test_another_offices_newer_decision_wins_over_ours(store: Store, tmp_path: Path) -> None:
    elsewhere, file = Store(tmp_path / "elsewhere"), tmp_path / "decisions.csv"
    decide(elsewhere, CHILD, "unsure", BUDI)
    decide(store, CHILD, "accept", ANI)
    decisions.export(elsewhere, OWNER, file)
    decisions.take_in(store, OWNER, file)
    assert holding(store, CHILD) == {0: "accept"}
    decide(elsewhere, CHILD, "reject", BUDI)
    decisions.export(elsewhere, OWNER, file)
    assert decisions.take_in(store, OWNER, file) == (1, 1)
    assert holding(store, CHILD) == {0: "reject"}
    assert {one.who for one in decisions.decisions(store)} == {"Ani", "Budi"}


def test_a_file_that_holds_something_else_is_refused_as_a_whole(store: Store, tmp_path: Path) -> None:
    elsewhere, file = Store(tmp_path / "elsewhere"), tmp_path / "decisions.csv"
    decide(elsewhere, CHILD, "accept")
    decisions.export(elsewhere, OWNER, file)
    good = file.read_text(encoding="utf-8")
    line = good.splitlines()[1]
    spoilt = {
        "": 1, "nik,nama\n1,2\n": 1, "\x00\xff": 1, good + "x,y\n": 3,
        good + line.replace("accept", "perhaps"): 3,
        good.replace("T", "T99:", 1): 2,
        good + line[:4] + "\n": 3,
    }  # fmt: skip
    for text, number in spoilt.items():
        file.write_text(text, encoding="utf-8")
        with pytest.raises(NotDecisions) as refused:
            decisions.take_in(store, OWNER, file)
        assert refused.value.line == number, text
    file.write_bytes(b"\xff\xfe\x00,")
    with pytest.raises(NotDecisions):
        decisions.take_in(store, OWNER, file)
    assert decisions.decisions(store) == ()


def test_a_copy_that_is_brought_back_is_taken_up_at_once(store: Store, tmp_path: Path) -> None:
    decide(store, CHILD, "accept")
    file, kept = store.path / database.DATABASE, tmp_path / "kept.db"
    with sqlite3.connect(file) as source, sqlite3.connect(kept) as target:
        source.backup(target)
    decide(store, CHILD, "reject")
    for path in store.path.glob(f"{database.DATABASE}*"):
        path.unlink()
    assert decisions.decisions(store) == ()
    decide(store, CHILD, "unsure")
    kept.replace(file)
    assert [one.verdict for one in decisions.decisions(store)] == ["accept"]


def test_a_file_beside_the_database_may_vanish_while_somebody_looks(store: Store) -> None:
    decide(store, CHILD, "accept")
    beside, enough = store.path / f"{database.DATABASE}-wal", threading.Event()

    def come_and_go() -> None:
        while not enough.is_set():
            beside.touch()
            beside.unlink()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        assert all(database.touched(store) for _ in range(5_000))
    finally:
        enough.set()
        other.join()


def test_the_database_can_be_elsewhere(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_DATABASE", f"sqlite:///{tmp_path / 'shared.db'}")
    decide(store, CHILD, "accept")
    assert not (store.path / database.DATABASE).exists()
    assert len(decisions.decisions(Store(tmp_path / "another"))) == 1


WRITER = """
import sys
from pathlib import Path
from data.access import Viewer
from data.linkage import decisions
from data.snapshots import Store
pair = {"finds": "person", "left_keys": ["a"], "right_keys": ["b"], "rule": "R", "probability": 0.5}
while True:
    print(decisions.decide(Store(Path(sys.argv[1])), OWNER, "children", pair, "unsure").id, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_what_was_said_to_be_kept_survives_a_kill(store: Store) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read().split()
    kept = {one.id for one in decisions.decisions(store)}
    assert {one for one in said if len(one) == 32} <= kept
    assert len(decide(store, CHILD, "accept")) == 32


def _write(path: str, number: int) -> None:
    for _ in range(10):
        decide(Store(Path(path)), CHILD, "unsure", somebody(str(number), ""))


def test_ten_writers_at_once_lose_nothing(store: Store) -> None:
    context = multiprocessing.get_context("spawn" if os.name == "nt" else "fork")
    writers = [context.Process(target=_write, args=(str(store.path), number)) for number in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 10
    made = decisions.decisions(store)
    assert len(made) == 100
    assert {one.who for one in made} == {str(number) for number in range(10)}


def test_one_alone_holds_a_lock_and_whoever_dies_lets_it_go(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with database.alone(lock) as mine, database.alone(lock) as second:
        assert (mine, second) == (True, False)
    held = "import sys, time; from pathlib import Path; from data.database import alone\n"
    held += "with alone(Path(sys.argv[1])) as mine: print(mine, flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(lock)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        with database.alone(lock) as mine:
            assert not mine
        assert database.held(lock)
        holder.kill()
        holder.wait()
        with database.alone(lock, 5) as mine:
            assert mine


def test_those_who_ask_whether_a_lock_is_held_do_not_see_each_other(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    assert not database.held(lock)
    with database.alone(lock):
        assert database.held(lock)
    with sqlite3.connect(lock, isolation_level=None) as asking:
        asking.execute("BEGIN")
        asking.execute("SELECT count(*) FROM sqlite_master").fetchone()
        assert not database.held(lock)
    asking.close()
