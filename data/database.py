"""The operational database: what people decide and write, which no register could bring back.

SQLite in the store's folder (PADAN_HOME/padan.db), or whatever `PADAN_DATABASE` names as an SQLAlchemy URL. Tables are
made when something is first written. Several processes and threads may write at once.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from data.snapshots import Store

Answer = TypeVar("Answer")

DATABASE: Final = "padan.db"
VERSION: Final = 1
"""Of the tables; a newer Padan that changes one brings older databases up to it."""
PATIENCE: Final = 30.0
"""Seconds that a writer waits for another one."""
TRIES: Final = 5

METADATA: Final = MetaData()
_VERSIONS: Final = Table("schema_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))


class TooNew(Exception):
    """The database was written by a newer Padan."""


@dataclass
class _Own:
    """What this process has written."""

    writes: int = 0


_own: Final = _Own()


def url(store: Store) -> str:
    """Where the database is, as SQLAlchemy writes it."""
    return os.environ.get("PADAN_DATABASE") or f"sqlite:///{store.path / DATABASE}"


def exists(store: Store) -> bool:
    """Whether there is something to read; asking makes no file."""
    found = make_url(url(store))
    return found.get_backend_name() != "sqlite" or Path(found.database or "").is_file()


def touched(store: Store) -> tuple[int, ...] | None:
    """Changes whenever somebody writes, and is cheap to ask; None where only the database itself could tell."""
    found = make_url(url(store))
    if found.get_backend_name() != "sqlite":
        return None
    files = [Path(f"{found.database}{end}") for end in ("", "-wal")]
    told = [one for one in map(_stat, files) if one]
    # Two writes of our own may fall into one tick of the disk's clock.
    return (_own.writes, *(n for one in told for n in (one.st_ino, one.st_size, one.st_mtime_ns)))


def _stat(path: Path) -> os.stat_result | None:
    """SQLite takes files away while others look at them."""
    with suppress(FileNotFoundError):
        return path.stat()
    return None


@contextmanager
def reading(store: Store) -> Iterator[Connection | None]:
    """A connection for questions; None where nobody has written yet."""
    if not exists(store):
        yield None
        return
    with _opened(store).connect() as connection:
        yield connection


def write(store: Store, change: Callable[[Connection], Answer]) -> Answer:
    """Makes a change wholly or not at all; it is on the disk when this returns.

    `change` may be called again where another writer was in the way.
    """
    store.path.mkdir(parents=True, exist_ok=True)
    try:
        return _patiently(lambda: _written(store, change))
    finally:
        _own.writes += 1


def _written(store: Store, change: Callable[[Connection], Answer]) -> Answer:
    with _opened(store).begin() as connection:
        return change(connection)


def _patiently(work: Callable[[], Answer]) -> Answer:
    for turn in range(1, TRIES):
        try:
            return work()
        except (OperationalError, IntegrityError):
            time.sleep(turn * 0.2)
    return work()


def _opened(store: Store) -> Engine:
    found = make_url(url(store))
    file = _stat(Path(found.database or "")) if found.get_backend_name() == "sqlite" else None
    return _ready(url(store), os.getpid(), file.st_ino if file else 0)


@lru_cache(maxsize=16)
def _ready(url: str, _pid: int, _file: int) -> Engine:
    """The database with its tables, made ready once in each process (a connection does not survive a fork), and again
    where the file is another one, because somebody has brought back a copy.
    """
    if not url.startswith("sqlite"):
        engine = create_engine(url)
    else:
        # A connection that is kept would go on with a file that was replaced.
        engine = create_engine(url, connect_args={"timeout": PATIENCE}, poolclass=NullPool)
        event.listen(engine, "connect", _settle)
    _patiently(lambda: _prepare(engine))
    return engine


def _settle(connection: sqlite3.Connection, _: Any) -> None:
    with closing(connection.cursor()) as cursor:
        for setting in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            cursor.execute(f"PRAGMA {setting}")


def _prepare(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        found = connection.execute(select(_VERSIONS.c.version)).scalars().all()
        if not found:
            connection.execute(insert(_VERSIONS).values(version=VERSION))
        elif max(found) > VERSION:
            raise TooNew(max(found))


@contextmanager
def alone(path: Path, wait: float = 0.0) -> Iterator[bool]:
    """Whether this is the only one, of all threads and processes, that holds `path` while the block runs.

    Waits so many seconds for the other. Whoever is killed holds nothing any more: the lock is the operating system's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
            return
        yield True


def held(path: Path) -> bool:
    """Whether somebody holds `path` (see `alone`) now. Those who ask do not hold it: they never see each other."""
    if not path.is_file():
        return False
    with closing(sqlite3.connect(path, timeout=0.0)) as lock:
        try:
            lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            return True
        return False
