"""What is matched with what, once, by one process at a time; and which matching serves a place and a day."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from data import database, history
from data.access import OWNER
from data.definitions import names
from data.linkage import background, decisions, outcomes, runs
from data.linkage.runs import Run
from data.snapshots import ROWS, Store
from tests.builders import BENDE, DTSEN_FAMILIES, KENDARI, child, people, person, register, stored
from tests.linkage import worked
from tests.linkage.worked import EARLIER, LATER

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked.matched(tmp_path_factory.getbasetemp())


@pytest.fixture
def own(matched: Store, tmp_path: Path) -> Store:
    return worked.another(matched, tmp_path)


def sides(run: Run) -> tuple[list[date], list[date]]:
    """The dates of what was matched."""
    return [part.snapshot.period for part in run.left], [part.snapshot.period for part in run.right]


def made(store: Store) -> dict[date, str]:
    return {run.period: run.id for run in runs.runs(store, "children")}


def test_every_date_of_the_left_register_is_matched_with_the_right_one_as_it_was_then(matched: Store) -> None:
    newest, earlier = runs.runs(matched, "children")
    assert sides(newest) == ([LATER], [date(2021, 1, 31)])
    assert sides(earlier) == ([EARLIER], [date(2020, 6, 30)])
    assert (newest.place, newest.period, earlier.period) == (KENDARI, LATER, EARLIER)
    assert newest.counts["units"] == 7
    assert runs.due(matched) == ()


def test_the_same_registers_are_never_matched_twice(own: Store) -> None:
    before = {path: path.stat().st_mtime_ns for path in (own.path / runs.LINKS).rglob("*.parquet")}
    assert len(before) == 4
    assert {run.id for run in runs.link(own)} == set(made(own).values())
    assert {path: path.stat().st_mtime_ns for path in (own.path / runs.LINKS).rglob("*.parquet")} == before


def test_only_where_a_register_changed_is_matched_again(own: Store, tmp_path: Path) -> None:
    before = made(own)
    worked.dtks(own, tmp_path, worked.REGISTERED[:-1], date(2021, 3, 31))
    (current,) = runs.current(own, "children", KENDARI)
    assert (current.id, current.stale) == (before[LATER], True)
    (plan,) = runs.due(own)
    assert (plan.period, plan.right[0].snapshot.period) == (date(2021, 3, 31), date(2021, 3, 31))
    runs.link(own)
    assert made(own) == before | {date(2021, 3, 31): plan.id}
    (current,) = runs.current(own, "children", KENDARI)
    assert (current.id, current.stale) == (plan.id, False)


def test_other_names_that_are_the_same_make_it_due_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = runs._model.__wrapped__
    before = changes("children")
    assert changes("children") == before
    more = tmp_path / "names.py"
    more.write_text(Path(names.__file__).read_text(encoding="utf-8") + "# AGUS, GUS\n", encoding="utf-8")
    monkeypatch.setattr(names, "__file__", str(more))
    assert changes("children") != before


def test_the_run_of_a_day_is_the_newest_that_is_not_after_it(matched: Store) -> None:
    def on(day: date | None, place: str = KENDARI) -> list[date]:
        return [run.period for run in runs.current(matched, "children", place, day)]

    assert on(None) == on(LATER) == on(date(2022, 1, 1)) == [LATER]
    assert on(date(2021, 2, 27)) == on(EARLIER) == [EARLIER]
    assert on(date(2020, 8, 30)) == []
    assert on(None, BENDE) == on(None, "74") == on(None, "") == [LATER]
    assert on(None, "31") == []
    assert runs.days(matched, "children", BENDE) == {LATER: False, EARLIER: False}


def test_a_removed_register_takes_its_matchings_along(own: Store) -> None:
    outcomes.figures(own, runs.runs(own, "children")[0])
    newest = next(snapshot for snapshot in own.snapshots() if snapshot.register == "dtks")
    before = own.state()
    history.remove(own, OWNER, newest.id)
    assert set(made(own)) == {EARLIER}
    assert own.state() != before
    assert {path.name for path in (own.path / runs.LINKS / "children").iterdir()} == {made(own)[EARLIER]}
    (current,) = runs.current(own, "children", KENDARI)
    assert (current.period, current.stale) == (EARLIER, True)
    (plan,) = runs.due(own)
    assert plan.right[0].snapshot.period == date(2020, 6, 30)


def test_a_register_that_is_removed_while_it_is_matched_is_no_failure(own: Store) -> None:
    newest = next(snapshot for snapshot in own.snapshots() if snapshot.register == "dtks")
    shutil.rmtree(own.path / runs.LINKS / "children" / made(own)[LATER])

    def remove(_: runs.Progress) -> None:
        if newest in own.snapshots():
            history.remove(own, OWNER, newest.id)

    found = runs.link(own, progress=remove)
    assert [sides(run) for run in found if run.fresh] == [([LATER], [date(2020, 6, 30)])]
    assert runs.failed(own) == ""


def test_what_was_kept_of_a_matching_that_is_gone_goes_too(own: Store) -> None:
    (newest, _) = runs.runs(own, "children")
    cubes = own.path / "cubes"
    outcomes.figures(own, newest)
    before = {path.name for path in cubes.iterdir()}
    (cubes / "0123456789abcdef").mkdir()
    runs.link(own)
    assert newest.id in before
    assert {path.name for path in cubes.iterdir()} == before


def test_a_place_without_a_register_to_match_with_is_left_out_with_its_reason(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, LATER)
    # A list of heads of families cannot tell whether a child is registered.
    heads = [person(1) | {"decile": "1", "family_members": "4"}, *people(3)]
    path = register(tmp_path / "dtsen.csv", heads, DTSEN_FAMILIES, delimiter=",")
    assert stored(store, path, date(2021, 1, 31), register="dtsen", place=KENDARI).grain == "family"
    assert runs.link(store) == ()
    (plan,) = runs.without_right(store)
    assert (plan.linkage, plan.place, plan.period) == ("children", KENDARI, LATER)
    assert not (store.path / runs.LINKS / "children").exists()


def test_the_matching_of_a_province_serves_its_cities(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED[:3], LATER, place="74")
    worked.dtks(store, tmp_path, worked.REGISTERED, date(2021, 1, 31), place="74")
    (run,) = runs.link(store)
    assert run.place == "74"
    for place in ("74", KENDARI, BENDE):
        assert [one.id for one in runs.current(store, "children", place)] == [run.id]


def test_a_matching_that_fails_leaves_nothing_and_the_others_are_made(own: Store) -> None:
    before = made(own)
    shutil.rmtree(own.path / runs.LINKS)
    spoilt = next(snapshot for snapshot in own.snapshots() if snapshot.period == date(2020, 6, 30))
    (spoilt.folder / ROWS).write_bytes(b"PAR1 spoilt")
    with pytest.raises((duckdb.Error, pa.ArrowInvalid)):
        runs.link(own)
    assert made(own) == {LATER: before[LATER]}
    assert runs.failed(own)
    assert runs.progress(own) is None
    assert not any((own.path / ".staging").iterdir())


def _processes(store: Store, count: int) -> list["subprocess.Popen[str]"]:
    return [
        subprocess.Popen(
            [sys.executable, "-m", "data", "link", "--json"], cwd=ROOT,
            env=os.environ | {"PADAN_HOME": str(store.path)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(count)
    ]  # fmt: skip


def test_two_processes_at_once_make_one_run_and_say_how_far_they_are(tmp_path: Path, wait: Callable[..., None]) -> None:
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, LATER)
    worked.dtks(store, tmp_path, worked.REGISTERED, date(2021, 1, 31))
    assert background.running(store) is None
    both = _processes(store, 2)
    wait(lambda: background.running(store))
    said = [json.loads(process.communicate(timeout=120)[0]) for process in both]
    assert background.running(store) is None
    (run,) = runs.runs(store, "children")
    assert [told["run"] for (told,) in said] == [run.id, run.id]
    assert sorted(told["made_now"] for (told,) in said) == [False, True]


def test_matching_in_the_background_begins_where_something_is_due(
    own: Store, tmp_path: Path, wait: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(background.SETTING, background.MANUAL)
    worked.eppgbm(own, tmp_path, [worked.RAFI, child(9)], date(2021, 3, 31))
    background.start_where_due(own)
    assert runs.due(own)
    monkeypatch.delenv(background.SETTING)
    # Somebody else matches, and may have looked for the last time already.
    with database.alone(own.path / runs.LINKS / runs.LOCK) as mine:
        assert mine
        background.start_where_due(own)
        background.start(own)
    wait(lambda: not runs.due(own) and background.running(own) is None)
    assert date(2021, 3, 31) in made(own)
    assert background.failed(own) == ""
    assert decisions.decisions(own) == ()


def test_a_matching_that_was_asked_for_is_at_work_until_its_process_ends(
    tmp_path: Path, wait: Callable[..., None]
) -> None:
    """Its process looks at families first, and may not get to matching for as long as the machine is busy."""
    slow = Store(tmp_path / "home")
    worked.eppgbm(slow, tmp_path, worked.MEASURED, LATER)
    worked.dtks(slow, tmp_path, worked.REGISTERED, date(2021, 1, 31))
    background.start(slow)
    assert runs.progress(slow) is None
    assert background.running(slow) == runs.Progress(0, 0)
    wait(lambda: background.running(slow) is None)
    assert len(made(slow)) == 1
