"""The store: immutable, all or nothing, and able to prove that nothing was changed."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.__main__ import main
from data.home import STAGING
from data.snapshots import MANIFEST, PROBLEMS, ROWS, SEAL, Snapshot, Store, digest
from tests.builders import (
    BENDE,
    KENDARI,
    MANDONGA,
    PERIOD,
    PONDAMBEA,
    WORKED_ROWS,
    people,
    person,
    problems,
    register,
    stored,
    table,
    take_in,
    text,
    worked_example,
)

ROOT = Path(__file__).parent.parent
LARGE = 40_000


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked_example(tmp_path_factory.getbasetemp())


def test_a_snapshot_is_four_files_under_a_name_that_says_what_it_is(example: Store) -> None:
    (snapshot,) = example.snapshots()
    assert snapshot.id == f"dtks-74.71-2021-01-31-{snapshot.source.sha256[:8]}"
    assert {path.name for path in snapshot.folder.iterdir()} == {ROWS, PROBLEMS, MANIFEST, SEAL}


def test_the_manifest_says_what_was_stored(example: Store) -> None:
    (snapshot,) = example.snapshots()
    manifest = json.loads((snapshot.folder / MANIFEST).read_text(encoding="utf-8"))
    file = example.path.parent / "dtks.csv"
    assert manifest["register"] == "dtks"
    assert (manifest["place"], manifest["covers"], manifest["period"]) == (KENDARI, KENDARI, "2021-01-31")
    assert manifest["source"] == {
        "file": "dtks.csv", "sha256": digest(file), "bytes": file.stat().st_size, "sheet": "",
    }  # fmt: skip
    assert manifest["counts"] == {
        "read": 15, "accepted": 15, "rejected": 0, "unplaced": 3, "repeated": 1, "left_out": 0,
        "persons": 14, "families": 11, "undated": 1,
    }  # fmt: skip
    assert {line["code"] for line in manifest["problems"]} >= {
        "nik_destroyed",
        "kelurahan_unknown",
        "row_repeated",
        "outside_place",
    }
    assert manifest["extras"] == ["+CATATAN"]
    assert manifest["tool"]
    assert Snapshot.from_json(snapshot.to_json(), snapshot.folder) == snapshot


def test_rows_are_sorted_by_kelurahan_then_family_then_place_in_the_family(tmp_path: Path) -> None:
    rows = [
        person(1, PONDAMBEA, name="ZULAIHA"),
        person(2, BENDE, name="BUDI", kk="7471080101009001", relation="ANAK"),
        person(3, BENDE, name="YUSUF", kk="7471080101009001", relation="KEPALA KELUARGA"),
        person(4, BENDE, name="ANI", kk="7471080101009001", relation="ISTRI"),
        person(5, BENDE, name="CICI"),
        person(6, MANDONGA, name="ABDUL"),
        person(7, kelurahan="ENTAH", name="AAN"),
    ]
    snapshot = stored(Store(tmp_path / "home"), register(tmp_path / "a.csv", rows))
    file = pq.ParquetFile(snapshot.rows)
    names = file.read(["name"])["name"].to_pylist()
    assert [name for name in names if name != "AAN"] == ["ABDUL", "CICI", "YUSUF", "ANI", "BUDI", "ZULAIHA"]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def copied(example: Store, folder: Path) -> Store:
    shutil.copytree(example.path, folder / "home")
    return Store(folder / "home")


def test_verify_finds_a_changed_byte_a_missing_file_and_nothing_else(example: Store, tmp_path: Path) -> None:
    store = copied(example, tmp_path)
    assert store.verify() == ()
    (snapshot,) = store.snapshots()
    content = bytearray(snapshot.rows.read_bytes())
    content[len(content) // 2] ^= 1
    snapshot.rows.write_bytes(content)
    snapshot.problem_rows.unlink()
    assert {(damage.file, damage.found) for damage in store.verify()} == {(ROWS, "changed"), (PROBLEMS, "missing")}
    assert {damage.snapshot for damage in store.verify()} == {snapshot.id}


@pytest.mark.parametrize("damage", ["changed", "torn", "missing"])
def test_verify_finds_a_damaged_manifest(example: Store, tmp_path: Path, damage: str) -> None:
    store = copied(example, tmp_path)
    (snapshot,) = store.snapshots()
    manifest = snapshot.folder / MANIFEST
    content = manifest.read_text(encoding="utf-8")
    if damage == "missing":
        manifest.unlink()
    else:
        manifest.write_text(
            content[: len(content) // 2] if damage == "torn" else content.replace('"persons": 14', '"persons": 15')
        )
    assert [(found.snapshot, found.file) for found in store.verify()] == [(snapshot.id, MANIFEST)]


def test_a_removed_snapshot_is_gone_with_everything_made_from_it_but_its_manifest(
    example: Store, tmp_path: Path
) -> None:
    store = copied(example, tmp_path)
    (snapshot,) = store.snapshots()
    before = store.state()
    store.remove(snapshot.id)
    assert store.snapshots() == ()
    assert store.state() != before
    # Who looked at it meanwhile is still on record.
    record = ("audit.*", "padan.db*")
    (kept,) = (one for one in store.path.rglob("*") if one.is_file() and not any(map(one.match, record)))
    assert kept == store.path / "removed" / f"{snapshot.id}.json"
    text = kept.read_text(encoding="utf-8")
    assert json.loads(text)["source"]["file"] == "dtks.csv"
    assert not any(
        row[field] in text for row in WORKED_ROWS for field in ("nik", "name", "address") if len(row[field]) > 1
    )
    with pytest.raises(KeyError):
        store.remove(snapshot.id)


def test_the_same_file_is_recognised_and_with_another_date_it_is_stored_and_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    path = register(tmp_path / "a.csv", [*people(3), person(4, nik="123")])
    first = take_in(store, path)
    assert first.snapshot is not None
    copy = tmp_path / "kopie.csv"
    copy.write_bytes(path.read_bytes())
    again = take_in(store, copy)
    assert again.duplicate_of == first.snapshot.id
    assert again.snapshot == first.snapshot
    assert [(line.code, line.rows) for line in again.problems] == [(line.code, line.rows) for line in first.problems]
    assert len(store.snapshots()) == 1
    other = take_in(store, path, date(2021, 2, 28))
    assert other.duplicate_of is None
    assert problems(other)["same_file_other_period"].values["period"] == PERIOD
    assert [snapshot.period for snapshot in store.snapshots()] == [date(2021, 2, 28), PERIOD]


def test_a_removed_snapshot_can_be_imported_again(example: Store, tmp_path: Path) -> None:
    store = copied(example, tmp_path)
    (first,) = store.snapshots()
    store.remove(first.id)
    again = stored(store, example.path.parent / "dtks.csv", place=KENDARI)
    assert (again.id, again.files) == (first.id, first.files)
    assert store.verify() == ()


# Other processes


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40,000 persons of Kendari."""
    path = tmp_path_factory.mktemp("large") / "dtks_2021-01-31.csv"
    head, *body = text(table(people(1000))).splitlines()
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for batch in range(LARGE // 1000):
            file.writelines(
                line.replace("CONT-", f"CONT{batch:03}-").replace("WARGA", f"WARGA {batch:03}") + "\n" for line in body
            )
    return path


def importing(home: Path, *files: Path, limit: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        import resource

        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "data", "import", *map(str, files), "--place", KENDARI, "--json"],
        cwd=ROOT,
        env=os.environ | {"PADAN_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limited if os.name == "posix" else None,
    )


def ids(store: Store) -> Sequence[str]:
    return [snapshot.id for snapshot in store.snapshots()]


def working(store: Store, process: subprocess.Popen[str]) -> bool:
    """Waits until an import has begun to write; False where it ended before."""
    while process.poll() is None:
        if (store.path / STAGING).is_dir() and any((store.path / STAGING).iterdir()):
            return True
        time.sleep(0.02)
    return False


def test_a_process_killed_at_any_moment_leaves_the_old_state_or_the_new_one(large: Path, tmp_path: Path) -> None:
    """What it leaves half done is swept by the next import."""
    store = Store(tmp_path / "home")
    old = stored(store, register(tmp_path / "old.csv", people(3)), date(2019, 1, 31), place=KENDARI)
    for delay in (1.6, 0.9, 0):
        shutil.rmtree(store.path / STAGING)
        process = importing(store.path, large)
        assert working(store, process), process.communicate()
        time.sleep(delay)
        process.kill()
        process.communicate()
        assert ids(store)[-1] == old.id
        assert store.verify() == ()
        for snapshot in store.snapshots()[:-1]:
            assert snapshot.counts.persons == LARGE
            store.remove(snapshot.id)
    assert any((store.path / STAGING).iterdir())
    if os.name != "posix":
        return  # There nobody can tell at once whose work a folder was; it is swept a day later.
    stored(store, register(tmp_path / "new.csv", people(4)), PERIOD, place=KENDARI)
    assert list((store.path / STAGING).iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can limit the size of a file")
def test_a_full_disk_refuses_and_leaves_the_old_state(large: Path, tmp_path: Path) -> None:
    """A limit on the size of a file stands for the disk: the system refuses to write more, as a full disk does."""
    store = Store(tmp_path / "home")
    process = importing(store.path, large, limit=100_000)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert "Traceback" not in err
    assert err.strip()
    assert [line["code"] for line in json.loads(out)[0]["problems"]] == ["storage_failed"]
    assert ids(store) == []
    assert list((store.path / STAGING).iterdir()) == []


def test_where_only_the_small_tables_cannot_be_written_the_register_is_stored_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They can be made again; a message that nothing was stored would be wrong."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "cubes").write_text("in the way")
    monkeypatch.setenv("PADAN_HOME", str(home))
    status = main(["import", str(register(tmp_path / "a.csv", people(3))), "--period", "2021-01"])
    assert (status, len(ids(Store(home)))) == (0, 1), capsys.readouterr().err


def test_two_processes_may_import_the_same_file_at_the_same_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    shared = register(tmp_path / "shared_2021-01-31.csv", people(20))
    running = [importing(store.path, shared) for _ in range(2)]
    answers = [(process.communicate(timeout=90), process.returncode) for process in running]
    assert [status for _, status in answers] == [0, 0], answers
    assert {json.loads(out)[0]["snapshot"] for (out, _), _ in answers} == set(ids(store))
    assert len(ids(store)) == 1
    assert store.verify() == ()
    assert list((store.path / STAGING).iterdir()) == []


def test_a_single_cell_makes_no_demonstration_of_a_real_register(tmp_path: Path) -> None:
    one = [*people(9), person(10, family_register_id="CONTOH-7471-000123")]
    every = [person(number, family_register_id=f"CONTOH-7471-{number:06}") for number in range(1, 11)]
    store = Store(tmp_path / "home")
    found = [stored(store, register(tmp_path / f"{name}.csv", rows)) for name, rows in (("a", one), ("b", every))]
    assert [snapshot.sample for snapshot in found] == [False, True]
