"""What lies on the tray is worked at one after another, whoever looks on."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest

from data.access import OWNER, Viewer
from data.home import STAGING
from data.intake.importing import CHECKING, LOADING, READING, RECOGNISING, WRITING, ImportResult, Told, import_sheets
from data.intake.tray import Item, Tray
from data.snapshots import Store
from tests.builders import HEADINGS, PERIOD, people, somebody, table, text

OTHER = somebody("somebody else", "")
DATED = "dtks_2021-01-31.csv"
PATIENT = 60.0


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def tray(store: Store, failures: list[Exception]) -> Tray:
    def note(error: Exception) -> str:
        failures.append(error)
        return "1234"

    return Tray(store, note)


def content(count: int = 3) -> io.BytesIO:
    return io.BytesIO(text(table(people(count), HEADINGS)).encode())


def put(tray: Tray, name: str, source: io.BytesIO, viewer: Viewer = OWNER) -> Item:
    item = tray.put(viewer, name, source)
    tray.wait(viewer, PATIENT)
    return next(one for one in tray.items(viewer) if one.id == item.id)


def after(tray: Tray, item: Item, what: Callable[[], None]) -> Item | None:
    what()
    tray.wait(item.viewer, PATIENT)
    return next((one for one in tray.items(item.viewer) if one.id == item.id), None)


def test_a_file_is_looked_at_and_stored_only_when_somebody_says_so(tray: Tray, store: Store) -> None:
    item = put(tray, DATED, content())
    assert [one.clear for one in item.undecided] == [True]
    assert store.snapshots() == ()
    done = after(tray, item, lambda: tray.store(OWNER, item.id, [1]))
    assert done is not None
    assert (done.previews, len(done.results)) == ((), 1)
    assert [snapshot.source.file for snapshot in store.snapshots()] == [DATED]


def test_what_was_stored_is_told_when_nothing_waits_any_more(store: Store) -> None:
    told = threading.Event()
    tray = Tray(store, lambda error: "1234", told.set)
    item = put(tray, DATED, content())
    assert not told.wait(0.2)
    after(tray, item, lambda: tray.store(OWNER, item.id, [1]))
    assert told.wait(PATIENT)


def test_what_is_missing_can_be_said(tray: Tray, store: Store) -> None:
    item = put(tray, "dtks.csv", content())
    assert not item.undecided[0].storable
    told = after(tray, item, lambda: tray.tell(OWNER, item.id, 1, Told(period=PERIOD)))
    assert told is not None
    assert told.undecided[0].clear
    after(tray, item, lambda: tray.store(OWNER, item.id, [1]))
    assert [snapshot.period for snapshot in store.snapshots()] == [PERIOD]


def test_a_refusal_comes_back_with_its_reason_and_nothing_is_stored(tray: Tray, store: Store) -> None:
    item = put(tray, DATED, content())
    tray.tell(OWNER, item.id, 1, Told(mapping={"#99": "nik"}), look=False)
    back = after(tray, item, lambda: tray.store(OWNER, item.id, [1]))
    assert back is not None
    assert back.results == ()
    problem = back.undecided[0].problem
    assert problem is not None
    assert problem.code == "mapping_unknown_heading"
    assert store.snapshots() == ()


def test_many_files_at_once_are_all_stored(tray: Tray, store: Store) -> None:
    names = [f"dtks_2021-01-{day:02}.csv" for day in range(1, 11)]
    items = [tray.put(OWNER, name, content()) for name in names]
    assert any(tray.ahead(item) for item in tray.items(OWNER))
    tray.wait(OWNER, PATIENT)
    for item in items:
        tray.store(OWNER, item.id, [1])
        tray.store(OWNER, item.id, [1])
    tray.wait(OWNER, 2 * PATIENT)
    assert sorted(snapshot.source.file for snapshot in store.snapshots()) == names


def test_the_same_file_twice_is_stored_once(tray: Tray, store: Store) -> None:
    items = [put(tray, DATED, content()) for _ in range(2)]
    done = [after(tray, item, lambda item=item: tray.store(OWNER, item.id, [1])) for item in items]  # type: ignore[misc]
    assert [bool(one and one.results[0].duplicate_of) for one in done] == [False, True]
    assert len(store.snapshots()) == 1


def test_two_users_have_trays_of_their_own_and_neither_waits_for_the_other_to_decide(tray: Tray) -> None:
    mine = put(tray, DATED, content())
    theirs = put(tray, DATED, content(4), OTHER)
    assert [item.id for item in tray.items(OWNER)] == [mine.id]
    assert [item.id for item in tray.items(OTHER)] == [theirs.id]
    done = after(tray, theirs, lambda: tray.store(OTHER, theirs.id, [1]))
    assert done is not None
    assert done.results


def test_the_copy_is_gone_when_everything_is_decided(tray: Tray, store: Store) -> None:
    first, second = put(tray, DATED, content()), put(tray, "leer.csv", io.BytesIO(b""))
    assert first.path.is_file()
    after(tray, first, lambda: tray.store(OWNER, first.id, [1]))
    tray.leave(OWNER, second.id, 1)
    assert not first.path.exists()
    assert list((store.path / STAGING).iterdir()) == []
    assert [item.id for item in tray.items(OWNER)] == [first.id]
    tray.clear(OWNER)
    assert tray.items(OWNER) == ()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a" * 300 + ".csv", "x." + "y" * 300, "<b>.csv", "..", "tahun\n2021.csv"]
)
def test_whatever_a_file_is_called_its_copy_stays_on_the_tray(tray: Tray, store: Store, name: str) -> None:
    item = put(tray, name, content())
    assert item.undecided
    assert item.path.parent.parent == store.path / STAGING


def test_a_defect_of_ours_is_noted_and_the_next_file_is_worked_at(
    tray: Tray, store: Store, failures: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.intake.tray.preview", lambda *_, **__: 1 / 0)
    broken = put(tray, DATED, content())
    assert (broken.defect, broken.state, len(failures)) == ("1234", "ready", 1)
    monkeypatch.undo()
    assert put(tray, DATED, content()).undecided[0].clear
    tray.leave(OWNER, broken.id)
    assert broken.id not in {item.id for item in tray.items(OWNER)}


def test_what_is_being_stored_can_neither_be_left_nor_changed(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    item, going = put(tray, DATED, content()), threading.Event()

    def slow(*given: Any, **told: Any) -> tuple[ImportResult, ...]:
        going.wait(PATIENT)
        return import_sheets(*given, **told)

    monkeypatch.setattr("data.history.import_sheets", slow)
    tray.store(OWNER, item.id, [1])
    tray.leave(OWNER, item.id)
    tray.tell(OWNER, item.id, 1, Told(register="ppks"))
    (now,) = tray.items(OWNER)
    assert (now.state, now.undecided, now.told) == ("storing", (), {})
    going.set()
    tray.wait(OWNER, PATIENT)
    assert tray.items(OWNER)[0].results


def test_a_tray_without_room_says_so(tray: Tray, store: Store) -> None:
    store.path.parent.mkdir(parents=True, exist_ok=True)
    store.path.write_text("a file where the store should be")
    item = put(tray, DATED, content())
    problem = item.undecided[0].problem
    assert problem is not None
    assert problem.code == "storage_failed"


def test_steps_are_told_while_a_file_is_stored(tray: Tray, store: Store) -> None:
    path = store.path.parent / DATED
    path.write_bytes(content().getvalue())
    steps: list[str] = []
    import_sheets(store, path, progress=steps.append)
    assert steps == [READING, RECOGNISING, LOADING, CHECKING, WRITING]
