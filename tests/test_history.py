"""What was imported and removed can be told for good, from the manifests alone."""

import json
from datetime import date
from pathlib import Path

import pytest

from data import history
from data.__main__ import main
from data.access import OWNER
from data.intake import report
from data.snapshots import REMOVED, Snapshot, Store
from data.wording import Language
from tests.builders import nik, people, person, register, stored, take_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def snapshot(store: Store, tmp_path: Path) -> Snapshot:
    return stored(store, register(tmp_path / "dtks.csv", [*people(3), person(4, nik=nik(4)[:15])]))


def told(store: Store) -> list[tuple[bool, bool, str]]:
    return [(entry.removal, entry.standing, entry.snapshot.id) for entry in history.entries(store, OWNER)]


def test_an_empty_store_has_no_history(store: Store) -> None:
    assert history.entries(store, OWNER) == ()


def test_a_removed_snapshot_keeps_its_manifest_and_nothing_else(store: Store, snapshot: Snapshot) -> None:
    assert told(store) == [(False, True, snapshot.id)]
    store.remove(snapshot.id)
    assert told(store) == [(True, False, snapshot.id), (False, False, snapshot.id)]
    left = [path.relative_to(store.path) for path in store.path.rglob("*") if path.is_file()]
    assert left == [Path(REMOVED) / f"{snapshot.id}.json"]
    kept = history.entries(store, OWNER)[0].snapshot
    assert (kept.source, kept.counts, kept.problems) == (snapshot.source, snapshot.counts, snapshot.problems)
    assert "removed_at" in json.loads((store.path / left[0]).read_text(encoding="utf-8"))


def test_the_command_line_removes_in_the_same_way(
    store: Store, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    assert main(["remove", snapshot.id]) == 0
    assert told(store) == [(True, False, snapshot.id), (False, False, snapshot.id)]


def test_a_file_that_comes_and_goes_twice_has_four_lines_under_names_of_their_own(
    store: Store, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.remove(snapshot.id)
    seconds = snapshot.imported_at.replace(year=2090)
    monkeypatch.setattr("data.intake.importing.now", lambda: seconds)
    assert stored(store, tmp_path / "dtks.csv").id == snapshot.id
    store.remove(snapshot.id)
    assert len(list((store.path / REMOVED).iterdir())) == 2
    entries = history.entries(store, OWNER)
    assert sorted(entry.removal for entry in entries) == [False, False, True, True]
    assert len({(entry.key, entry.at, entry.snapshot.imported_at) for entry in entries}) == 4


def test_a_removal_that_was_cut_off_does_not_count(store: Store, snapshot: Snapshot) -> None:
    (store.path / REMOVED).mkdir()
    content = json.loads(snapshot.to_json()) | {"removed_at": "2026-01-01T00:00:00+00:00"}
    (store.path / REMOVED / f"{snapshot.id}.json").write_text(json.dumps(content), encoding="utf-8")
    assert told(store) == [(False, True, snapshot.id)]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"removed_at": "gestern"}', '{"removed_at": "2026-01-01"}'])
def test_a_damaged_line_is_left_out(store: Store, snapshot: Snapshot, content: str) -> None:
    (store.path / REMOVED).mkdir()
    (store.path / REMOVED / "x.json").write_text(content, encoding="utf-8")
    assert told(store) == [(False, True, snapshot.id)]


def test_the_report_of_a_stored_snapshot_is_the_one_that_was_given(store: Store, tmp_path: Path) -> None:
    path = register(tmp_path / "dtks.csv", [*people(3), person(4, nik=nik(4)[:15])])
    stored(store, path, date(2020, 12, 31))
    result = take_in(store, path)
    assert result.snapshot is not None
    again = history.result(store.snapshot(result.snapshot.id))
    languages: tuple[Language, ...] = ("id", "en")
    for language in languages:
        assert report.text(again, language) == report.text(result, language)
    assert report.workbook(again, tmp_path / "report.xlsx", "id") == report.workbook(result, tmp_path / "b.xlsx", "id")


def test_the_report_of_a_removed_snapshot_can_still_be_read(store: Store, snapshot: Snapshot) -> None:
    before = report.text(history.result(snapshot), "id")
    store.remove(snapshot.id)
    removed = history.entries(store, OWNER)[0].snapshot
    assert report.text(history.result(removed), "id") == before
    assert not removed.problem_rows.exists()


def test_the_history_holds_no_number_of_a_person(store: Store, snapshot: Snapshot) -> None:
    store.remove(snapshot.id)
    (path,) = (store.path / REMOVED).iterdir()
    assert nik(1) not in path.read_text(encoding="utf-8")
    assert nik(4)[:15] not in path.read_text(encoding="utf-8")
