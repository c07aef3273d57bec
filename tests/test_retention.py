"""Names go when their time is over, figures stay; whoever is stopped half way can go on."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from data import encryption, queries, retention
from data.__main__ import main
from data.access import OWNER, Refused
from data.definitions.catalogue import REGISTERS
from data.definitions.roles import ROLES
from data.linkage import runs
from data.retention import due, expire
from data.scope import Scope
from data.snapshots import PROBLEMS, ROWS, Expired, Snapshot, Store
from tests.builders import BENDE, EPPGBM, HEADINGS, KENDARI, MANDONGA, person, put, register, somebody, stored

TODAY = date(2026, 1, 31)
DAYS = (date(2018, 1, 31), date(2019, 1, 31), date(2020, 1, 31))
UPDATED = "dtks_updated_share"


def _filled(home: Path) -> Store:
    """Three lists of the city, of a kecamatan the oldest, and children who are measured."""
    store = Store(home / "home")
    for number, day in enumerate(DAYS, start=1):
        rows = [person(one, updated_on=f"{day.year - 1}-06-30") for one in range(1, 4 + number)]
        stored(store, register(home / f"{day}.csv", rows), day, place=KENDARI)
    rows = [person(one, MANDONGA) for one in range(20, 23)]
    stored(store, register(home / "mandonga.csv", rows), date(2017, 1, 31), place=MANDONGA[:8])
    child = {"birth_date": "2018-01-01", "measured_on": "2019-01-15", "height_for_age": "Pendek", "parent_name": "IBU"}
    put(store, EPPGBM, [person(1, **child)], date(2019, 1, 31))
    return store


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _filled(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def store(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    shutil.copytree(filled.path, tmp_path / "home")
    monkeypatch.setenv("PADAN_HOME", str(tmp_path / "home"))
    return Store(tmp_path / "home")


def _by_day(store: Store) -> dict[date, Snapshot]:
    return {one.period: one for one in store.snapshots() if one.register == "dtks"}


def _figures(store: Store, day: date) -> dict[str, object]:
    scope = Scope(KENDARI, period=day)
    frame = queries.by_area(store, OWNER, scope, [UPDATED, "dtks_persons"], "kabkota")
    return {str(column): frame[column].to_list() for column in frame.columns}


def _said(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(["--lang", "en", *command])
    return status, *capsys.readouterr()


def test_the_newest_of_every_register_and_area_stays_whatever_its_age(store: Store) -> None:
    going = due(store, TODAY, before=TODAY)
    assert [one.snapshot.period for one in going] == list(DAYS[:2])
    assert all(one.bytes > 1000 for one in going)
    assert [one.snapshot.period for one in due(store, TODAY, before=TODAY, keep=2)] == [DAYS[0]]
    assert len(due(store, TODAY, before=TODAY, keep=0)) == 5
    assert due(store, TODAY, before=DAYS[0]) == ()
    assert len(due(store, TODAY, before=TODAY, keep=0, register="eppgbm")) == 1
    assert len(due(store, TODAY, before=TODAY, keep=0, place=MANDONGA[:8])) == 1


def test_without_a_date_each_register_says_how_long_its_names_are_kept(store: Store) -> None:
    day = date(2023, 2, 1)
    expected = {
        one.id
        for one in store.snapshots()
        if one.period < retention.months_before(day, REGISTERS[one.register].kept_months)
    }
    assert {one.snapshot.id for one in due(store, day, keep=0)} == expected
    assert 0 < len(expected) < 5
    assert all(1 <= one.kept_months <= 240 for one in REGISTERS.values())


def test_figures_by_area_are_no_names_and_stay(store: Store) -> None:
    assert {key for key, one in REGISTERS.items() if one.grain == "figure"} == {"population", "poverty", "rekap"}
    assert all(REGISTERS[one.snapshot.register].grain != "figure" for one in due(store, TODAY, TODAY, keep=0))


def test_a_dry_run_says_what_would_go_and_removes_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path for path in store.path.rglob("*.parquet"))
    status, out, _ = _said(capsys, "expire", "--before", "2026-01-31")
    assert status == 0
    assert [line.split("  ")[0] for line in out.splitlines()[:2]] == [_by_day(store)[day].id for day in DAYS[:2]]
    assert "4 persons" in out
    assert "Nothing was removed. With --yes the names of these 2 snapshots go." in out
    assert "Figures by area, data quality and the history of imports stay." in out
    assert sorted(path for path in store.path.rglob("*.parquet")) == before
    assert _said(capsys, "expire", "--older-than", "600m")[1] == "No names are older than they may be.\n"
    with pytest.raises(SystemExit):
        main(["expire", "--older-than", "soon"])


def test_names_go_and_figures_stay(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    before, state = {day: _figures(store, day) for day in DAYS}, store.state()
    assert [before[day]["dtks_persons"] for day in DAYS] == [[4], [5], [6]]
    status, out, _ = _said(capsys, "expire", "--before", "2020-01-01", "--yes")
    assert (status, "The names of 2 snapshots were removed." in out) == (0, True)
    assert store.state() != state
    assert {day: _figures(store, day) for day in DAYS} == before
    for day in DAYS[:2]:
        snapshot = _by_day(store)[day]
        assert snapshot.expired_at is not None
        assert snapshot.counts.persons > 0
        assert not (snapshot.folder / ROWS).exists()
        assert not (snapshot.folder / PROBLEMS).exists()
        with pytest.raises(Expired):
            _ = snapshot.rows
    assert store.verify() == ()
    status, out, err = _said(capsys, "people", "--place", BENDE, "--period", "2019-01-31")
    assert status == 2
    assert "The names of this date were removed after the time for which they are kept. Figures remain." in err
    assert "WARGA" not in out + err
    assert _said(capsys, "people", "--place", BENDE)[0] == 0
    assert _said(capsys, "compare", "--place", KENDARI)[0] == 2
    log = _said(capsys, "audit", "list")[1]
    assert log.count("Old data removed") == 2
    assert _said(capsys, "expire", "--before", "2020-01-01")[1] == "No names are older than they may be.\n"


def test_only_numbers_by_area_are_left_of_what_was_made_of_the_names(store: Store) -> None:
    runs.link(store)
    expire(store, OWNER, due(store, TODAY, TODAY, keep=0))
    left = list(encryption.files(store.path))
    assert left
    assert [path for path in left if not retention.FIGURES.fullmatch(path.name)] == []
    assert runs.due(store) == ()
    assert runs.link(store) is not None
    for key in ("children",):
        assert all(run.expired for run in runs.runs(store, key))


def test_what_was_cut_off_is_named_and_completed_the_next_time(store: Store) -> None:
    """Killed after the deed and before the files had gone."""
    snapshot = _by_day(store)[DAYS[0]]
    rows = snapshot.rows.read_bytes()
    expire(store, OWNER, due(store, TODAY, DAYS[1]))
    (snapshot.folder / ROWS).write_bytes(rows)
    left_over = store.path / ".staging" / "999999999-abc" / "file.csv"
    left_over.parent.mkdir(parents=True)
    left_over.write_text("WARGA", encoding="utf-8")
    assert [(damage.file, damage.found) for damage in store.verify()] == [(ROWS, "left")]
    with pytest.raises(Expired):
        queries.listing(store, OWNER, Scope(BENDE, period=DAYS[0]), "en")
    expire(store, OWNER, ())
    assert store.verify() == ()
    assert not (snapshot.folder / ROWS).exists()
    assert not left_over.exists()


def test_a_later_list_that_was_told_by_comparison_is_still_told(tmp_path: Path) -> None:
    """Without dates an update shows only beside the list before; when that has gone, what was found stays."""
    store = Store(tmp_path / "home")
    undated = {"updated_on": ""}
    for day, address in ((DAYS[0], "JL. A"), (DAYS[1], "JL. B")):
        rows = [person(1, address=address, **undated), person(2, **undated)]
        stored(store, register(tmp_path / f"{day}.csv", rows, HEADINGS), day, place=KENDARI)
    before = _figures(store, DAYS[1])
    assert before[f"{UPDATED}_numerator"] == [1]
    expire(store, OWNER, due(store, TODAY, TODAY))
    assert _by_day(store)[DAYS[0]].expired_at
    assert _figures(store, DAYS[1]) == before
    assert queries.listing(store, OWNER, Scope(BENDE), "en")


def test_what_is_taken_out_can_be_brought_in_again_with_its_names(store: Store, filled: Store) -> None:
    expire(store, OWNER, due(store, TODAY, DAYS[1]))
    snapshot = _by_day(store)[DAYS[0]]
    store.remove(snapshot.id)
    again = stored(store, filled.path.parent / f"{DAYS[0]}.csv", DAYS[0], place=KENDARI)
    assert again.id == snapshot.id
    assert store.snapshot(again.id).rows.is_file()


def test_what_was_not_entered_in_the_log_is_not_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in store.path.glob("padan.db*"):
        file.unlink()
    (store.path / "padan.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(Refused):
        expire(store, OWNER, due(store, TODAY, TODAY))
    assert not any(one.expired_at for one in store.snapshots())


def test_only_an_administrator_of_everything_removes_names(store: Store) -> None:
    viewers = [somebody("in the city", KENDARI, roles=(role,)) for role in ROLES]
    viewers += [somebody("everywhere", "", roles=(role,)) for role in ROLES if role != "administrator"]
    for viewer in viewers:
        with pytest.raises(Refused):
            expire(store, viewer, due(store, TODAY, TODAY))
    assert not any(one.expired_at for one in store.snapshots())
    assert json.loads((store.snapshots()[0].folder / "manifest.json").read_text(encoding="utf-8"))["register"]
