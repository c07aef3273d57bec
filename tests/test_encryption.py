"""Sealed files: nobody reads them without the key, everything reads them with it, nothing else becomes different."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import cubes, encryption, engine, keys
from data.__main__ import main
from data.access import OWNER, Refused
from data.definitions.roles import ROLES
from data.encryption import PIECE, Damaged, Key, Locked
from data.home import STAGING
from data.snapshots import Store
from tests.builders import BENDE, KENDARI, MANDONGA, nik, people, register, somebody, stored

ROOT = Path(__file__).parent.parent
PERSONS = 3_000


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "padan.key"
    encryption.add_key(path)
    return path


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (encryption.KEY_FILE, encryption.KEY, "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch, key_file: Path, no_key: None) -> Key:
    monkeypatch.setenv(encryption.KEY_FILE, str(key_file))
    return _current()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [*people(PERSONS // 2, BENDE), *people(PERSONS // 2, MANDONGA)]
    return register(tmp_path_factory.mktemp("file") / "dtks.csv", rows)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, file: Path) -> Store:
    with pytest.MonkeyPatch.context() as context:
        context.delenv(encryption.KEY_FILE, raising=False)
        return _filled(tmp_path_factory.mktemp("plain"), file)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, file: Path, key_file: Path) -> Store:
    with pytest.MonkeyPatch.context() as context:
        context.setenv(encryption.KEY_FILE, str(key_file))
        return _filled(tmp_path_factory.mktemp("sealed"), file)


def _filled(home: Path, file: Path) -> Store:
    store = Store(home / "home")
    cubes.build(store, stored(store, file, date(2021, 1, 31), place=KENDARI))
    return store


def _current() -> Key:
    key = encryption.keyring().current
    assert key
    return key


def _said(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *command: str
) -> tuple[int, str, str]:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    capsys.readouterr()
    status = main(["--lang", "en", *command])
    return status, *capsys.readouterr()


# The files


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 3 * PIECE + 5).flatmap(
        lambda size: st.tuples(st.just(size), st.integers(0, size + 3), st.integers(0, 2 * PIECE))
    )
)
def test_any_part_of_any_file_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, asked: tuple[int, int, int]
) -> None:
    size, start, length = asked
    content = bytes(number % 251 for number in range(size))
    path = tmp_path_factory.mktemp("any") / "file"
    key = Key.of(encryption.new_key())
    with encryption.writing(path, key) as target:
        for place in range(0, size, 50_000):
            target.write(content[place : place + 50_000])
    with path.open("rb") as stored_file:
        head = stored_file.read(encryption.HEAD)
    with encryption._Unsealing(open(path, "rb", buffering=0), key, head) as opened:
        opened.seek(start)
        assert opened.read(length) == content[start:][:length]
        opened.seek(0)
        assert opened.read() == content


@pytest.mark.parametrize("size", [0, 10, PIECE, 2 * PIECE, 2 * PIECE + 1])
def test_a_change_of_any_kind_is_noticed(tmp_path: Path, size: int, with_key: Key) -> None:
    path = tmp_path / "file"
    with encryption.writing(path) as target:
        target.write(os.urandom(size))
    whole = path.read_bytes()
    step, head = PIECE + encryption.TAG, encryption.HEAD
    pieces = [whole[at : at + step] for at in range(head, len(whole), step)]
    changed = [
        whole[:-1] + bytes([whole[-1] ^ 1]),
        whole[: head - 1] + bytes([whole[head - 1] ^ 1]) + whole[head:],
        whole[:head] + bytes([whole[head] ^ 1]) + whole[head + 1 :],
        whole[:-1],
        whole[:head],
        whole + b"\0" * 20,
        *([whole[:head] + b"".join(pieces[:-1])] if len(pieces) > 1 else []),
        *([whole[:head] + b"".join([pieces[1], pieces[0], *pieces[2:]])] if len(pieces) > 2 else []),
        whole[:head] + b"".join([*pieces, pieces[-1]]),
    ]
    for wrong in changed:
        path.write_bytes(wrong)
        with pytest.raises(Damaged), encryption.reading(path) as opened:
            opened.read()


def test_every_file_with_persons_is_sealed_and_none_can_be_read_as_it_is(sealed: Store, with_key: Key) -> None:
    found = [path for path in sealed.path.rglob("*") if path.is_file()]
    assert {path for path in found if encryption.key_of(path) == with_key.id} == set(encryption.files(sealed.path))
    assert len(list(encryption.files(sealed.path))) >= 3
    for path in found:
        content = path.read_bytes()
        assert b"WARGA" not in content, path.name
        assert nik(1).encode() not in content, path.name
    for path in encryption.files(sealed.path):
        assert b"PAR1" not in path.read_bytes()
        with pytest.raises(duckdb.Error):
            duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()


def test_a_sealed_snapshot_holds_the_same_as_a_plain_one(plain: Store, sealed: Store, with_key: Key) -> None:
    (one,), (other,) = plain.snapshots(), sealed.snapshots()
    assert one.counts == other.counts
    with engine.open_parquet(other.rows) as theirs:
        mine = pq.ParquetFile(one.rows)
        assert theirs.read().equals(mine.read())
        groups = [file.metadata.row_group(0).column(0).statistics for file in (mine, theirs)]
        assert groups[0] == groups[1]


def test_the_same_is_answered_by_name_and_in_figures(
    plain: Store, sealed: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ("people", "--place", BENDE),
        ("values", "dtks_persons", "dtks_updated_share", "--place", KENDARI, "--format", "csv"),
        ("quality", "--place", KENDARI),
    ):
        monkeypatch.delenv(encryption.KEY_FILE, raising=False)
        expected = _said(plain, monkeypatch, capsys, *command)
        monkeypatch.setenv(encryption.KEY_FILE, str(key_file))
        found = _said(sealed, monkeypatch, capsys, *command)
        assert expected[0] == found[0] == 0
        assert [_unmarked(line) for line in found[1].splitlines()] == [
            _unmarked(line) for line in expected[1].splitlines()
        ]


def _unmarked(line: str) -> str:
    """Without the record's number and the time."""
    return "" if line.startswith("#") or "J-20" in line else line


def test_only_what_is_asked_for_is_decrypted(tmp_path: Path, with_key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.parquet"
    rows = "SELECT i AS n, i // 122880 AS part, md5(i::VARCHAR) AS text FROM range(500000) t(i)"
    con = engine.connect().con
    con.execute(f"COPY ({rows}) TO '{engine.quoted(path)}' (FORMAT parquet)")
    opened: list[int] = []
    before = encryption._Unsealing._content
    monkeypatch.setattr(
        encryption._Unsealing, "_content", lambda self, at, size: opened.append(size) or before(self, at, size)
    )
    asked = f"SELECT count(*) FROM read_parquet('{engine.quoted(path)}') WHERE"
    assert con.execute(f"{asked} part = 3 AND text < '8'").fetchall()[0][0] > 0
    assert 0 < sum(opened) < path.stat().st_size * 0.4


def test_many_threads_read_one_file_at_once(tmp_path: Path, with_key: Key) -> None:
    path = tmp_path / "shared.parquet"
    con = engine.connect().con
    con.execute(f"COPY (SELECT i, md5(i::VARCHAR) AS text FROM range(400000) t(i)) TO '{engine.quoted(path)}'")

    def asked(_: int) -> object:
        sql = f"SELECT count(*), sum(hash(text)::HUGEINT % 1000) FROM read_parquet('{engine.quoted(path)}')"
        return con.cursor().execute(sql).fetchall()

    with ThreadPoolExecutor(4) as threads:
        assert len({str(found) for found in threads.map(asked, range(12))}) == 1


# Without the key


@pytest.mark.parametrize(
    "command",
    [
        ("people", "--place", BENDE), ("quality", "--place", KENDARI),
        ("import", "FILE", "--period", "2022-01-31", "--place", KENDARI),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
@pytest.mark.parametrize("wrong", ["none", "another"])
def test_without_the_right_key_there_is_one_sentence_and_nothing_is_written(
    sealed: Store, file: Path, command: Sequence[str], wrong: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if wrong == "another":
        monkeypatch.setenv(encryption.KEY, encryption.new_key())
    before = sorted(sealed.path.rglob("*"))
    said = [str(file) if word == "FILE" else word for word in command]
    status, out, err = _said(sealed, monkeypatch, capsys, *said)
    assert status == 2
    assert "encrypted and the key for them is not at hand" in err
    assert "Traceback" not in out + err
    assert "WARGA" not in out + err
    after = [
        path for path in sorted(sealed.path.rglob("*")) if STAGING not in path.parts and "padan.db" not in path.name
    ]
    assert [path for path in after if path not in before and not path.name.startswith("audit")] == []


def test_verify_tells_a_missing_key_from_a_changed_file(
    sealed: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = _said(sealed, monkeypatch, capsys, "verify")
    assert (status, "not at hand" in err) == (2, True)
    assert {damage.found for damage in sealed.verify()} == {"locked"}
    monkeypatch.setenv(encryption.KEY_FILE, str(key_file))
    assert sealed.verify() == ()
    rows = sealed.snapshots()[0].rows
    whole = rows.read_bytes()
    rows.write_bytes(whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:])
    assert [(damage.file, damage.found) for damage in sealed.verify()] == [("rows.parquet", "changed")]
    rows.write_bytes(whole)


@pytest.mark.parametrize("content", ["", "not a key", "AAAA", "kunci rahasia kantor kami"])
def test_a_file_that_holds_no_keys_is_named_and_not_quoted(
    plain: Store, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "key"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setenv(encryption.KEY_FILE, str(path))
    status, out, err = _said(plain, monkeypatch, capsys, "keys", "status")
    assert (status, out) == (2, "")
    assert "not a list of keys" in err
    assert not content or content not in err
    monkeypatch.setenv(encryption.KEY_FILE, str(tmp_path / "nowhere"))
    assert "cannot be read" in _said(plain, monkeypatch, capsys, "keys", "status")[2]


def test_the_key_stands_nowhere_but_where_it_was_given(
    sealed: Store, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in DuckDB's settings nor in the text of an error with everything that it knows."""
    asked = [sys.executable, "-m", "data", "--lang", "en", "values", "dtks_persons", "--place", KENDARI]
    told = {**os.environ, "PADAN_HOME": str(sealed.path), "PADAN_DEBUG": "1"}
    locked = subprocess.run(asked, env=told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (locked.returncode, locked.stdout) == (2, "")
    assert "the key for them is not at hand" in locked.stderr
    secret = key_file.read_text(encoding="ascii").split()[0]
    monkeypatch.setenv(encryption.KEY_FILE, str(key_file))
    key = _current()
    texts = [repr(key), repr(encryption.keyring()), str(key)]
    texts += [str(row) for row in engine.connect().con.execute("SELECT * FROM duckdb_settings()").fetchall()]
    told |= {encryption.KEY_FILE: str(key_file)}
    answered = subprocess.run(asked, env=told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answered.returncode == 0
    texts += [answered.stdout, answered.stderr, locked.stderr]
    for form in (secret, key.secret.hex(), str(key.secret)):
        assert not any(form in text for text in texts)


# Keys and their turning


def test_a_new_key_goes_first_and_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = encryption.add_key(path)
    second = encryption.add_key(path)
    assert first.id != second.id
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
    with pytest.MonkeyPatch.context() as context:
        context.setenv(encryption.KEY_FILE, str(path))
        assert [key.id for key in encryption.keyring().keys] == [second.id, first.id]
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_a_key_may_not_lie_in_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    with pytest.raises(Refused, match="inside the store"):
        keys.new(store, store.path / "keys" / "key")


def test_keys_come_from_a_file_the_environment_or_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert encryption.keyring().current is None
    one, other = encryption.new_key(), encryption.new_key()
    (tmp_path / encryption.CREDENTIAL).write_text(f"# of the office\n{one}\n", encoding="ascii")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert (encryption.keyring().source, _current()) == ("credential", Key.of(one))
    monkeypatch.setenv(encryption.KEY, f"{other} {one}")
    assert (encryption.keyring().source, encryption.keyring().keys) == ("environment", (Key.of(other), Key.of(one)))
    monkeypatch.setenv(encryption.KEY_FILE, str(tmp_path / encryption.CREDENTIAL))
    assert (encryption.keyring().source, _current()) == ("file", Key.of(one))


@pytest.fixture
def old_store(tmp_path: Path, file: Path) -> Store:
    return _filled(tmp_path, file)


def test_turning_the_key_seals_a_plain_store_and_changes_nothing_else(
    old_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: encryption.key_of(path) for path in encryption.files(old_store.path)}
    (snapshot,) = old_store.snapshots()
    manifest = (snapshot.folder / "manifest.json").read_bytes()
    assert set(before.values()) == {""}
    status, out, _ = _said(old_store, monkeypatch, capsys, "keys", "status", "--json")
    assert (status, json.loads(out)["encrypted"]) == (0, False)
    assert _said(old_store, monkeypatch, capsys, "keys", "rotate")[0] == 2
    path = tmp_path / "office.key"
    ids = []
    for _ in range(2):
        ids.append(encryption.add_key(path).id)
        monkeypatch.setenv(encryption.KEY_FILE, str(path))
        status, out, _ = _said(old_store, monkeypatch, capsys, "keys", "rotate")
        assert (status, f"{len(before)} files written anew" in out) == (0, True)
        assert {encryption.key_of(one) for one in before} == {ids[-1]}
        assert old_store.verify() == ()
        assert (snapshot.folder / "manifest.json").read_bytes() == manifest
    told = json.loads(_said(old_store, monkeypatch, capsys, "keys", "status", "--json")[1])
    assert (told["complete"], told["needless"], told["key"]) == (True, [ids[0]], ids[1])
    assert _said(old_store, monkeypatch, capsys, "keys", "rotate", "--plain")[0] == 0
    assert {encryption.key_of(one) for one in before} == {""}
    log = _said(old_store, monkeypatch, capsys, "audit", "list")[1]
    assert log.count("Key turned") == 3
    assert all(key_id in log for key_id in ids)


def test_a_turning_that_misses_an_old_key_does_not_begin(old_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = encryption.new_key()
    monkeypatch.setenv(encryption.KEY, lost)
    first = next(encryption.files(old_store.path))
    encryption.seal(old_store.path, first, Key.of(lost))
    monkeypatch.setenv(encryption.KEY, encryption.new_key())
    with pytest.raises(Locked):
        keys.rotate(old_store, OWNER, progress=lambda *_: None)
    assert {encryption.key_of(path) for path in encryption.files(old_store.path) if path != first} == {""}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_only_an_administrator_of_everything_turns_keys(plain: Store, role: str, with_key: Key) -> None:
    for viewer in (somebody("a", "", roles=(role,)), somebody("b", KENDARI, roles=("administrator",))):
        with pytest.raises(Refused):
            keys.rotate(plain, viewer, progress=lambda *_: None)
    assert {encryption.key_of(path) for path in encryption.files(plain.path)} == {""}


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_killed_at_any_moment_everything_can_be_read_and_the_turning_goes_on(
    old_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "office.key"
    cubes_folder = old_store.path / "cubes" / "filler"
    cubes_folder.mkdir(parents=True)
    content = old_store.snapshots()[0].rows.read_bytes()
    for number in range(300):
        (cubes_folder / f"counts-{number}.parquet").write_bytes(content)
    before = {one: one.read_bytes() for one in encryption.files(old_store.path)}
    half_done = False
    for turn in range(2):
        encryption.add_key(path)
        monkeypatch.setenv(encryption.KEY_FILE, str(path))
        turning = subprocess.Popen(
            [sys.executable, "-m", "data", "keys", "rotate"],
            env={**os.environ, "PADAN_HOME": str(old_store.path)}, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        key = _current()
        while turning.poll() is None and sum(encryption.key_of(one) == key.id for one in before) < 40 * (turn + 1):
            time.sleep(0.005)
        turning.send_signal(signal.SIGKILL)
        turning.wait()
        sealed_with = {encryption.key_of(one) for one in before}
        half_done = half_done or len(sealed_with) > 1
        for one, expected in before.items():
            with encryption.reading(one) as opened:
                assert opened.read() == expected
    assert half_done
    done = keys.rotate(old_store, OWNER, progress=lambda *_: None)
    assert done.files + done.kept == len(before)
    assert {encryption.key_of(one) for one in before} == {_current().id}
    assert not any((old_store.path / STAGING).iterdir())
