"""The operational database: what people decide and write, which no register could bring back.

SQLite in the store's folder (PADAN_HOME/padan.db), or the PostgreSQL that `PADAN_DATABASE` names as an SQLAlchemy URL.
Tables are made when something is first written. Several processes and threads may write at once, one after the other.
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

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
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
APPEND_ONLY: Final = "append only"
"""Stands in a table's `info`: the database itself refuses to change its rows or to take any out."""

WAITS: Final = "padan_waits"
"""Stands in the options of a connection that writes: how long it waits for its turn, in seconds."""
FRESH: Final = 0.1
"""Seconds in which a shared database is not asked twice whether others have written."""
ONE_WRITER: Final = 0x7061646E
"""The number of PostgreSQL's advisory lock that writers take."""

METADATA: Final = MetaData()
_VERSIONS: Final = Table("schema_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))
_WRITES: Final = Table("writes", METADATA, Column("count", BigInteger, nullable=False))
"""How often a shared database was written to; a file shows it by itself."""


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


def touched(store: Store) -> tuple[int, ...]:
    """Changes whenever somebody writes, and is cheap to ask. Of other machines' writes it hears a moment later."""
    found = make_url(url(store))
    if found.get_backend_name() != "sqlite":
        return (_own.writes, _counted(store, _own.writes, int(time.monotonic() / FRESH)))
    files = [Path(f"{found.database}{end}") for end in ("", "-wal")]
    told = [one for one in map(_stat, files) if one]
    # Two writes of our own may fall into one tick of the disk's clock.
    return (_own.writes, *(n for one in told for n in (one.st_ino, one.st_size, one.st_mtime_ns)))


@lru_cache(maxsize=16)
def _counted(store: Store, _own_writes: int, _moment: int) -> int:
    """How often a shared database was written to, by whomever."""
    with _opened(store).connect() as connection:
        return int(connection.execute(select(func.coalesce(func.sum(_WRITES.c.count), 0))).scalar_one())


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


def write(
    store: Store, change: Callable[[Connection], Answer], patience: float = PATIENCE, tries: int = TRIES
) -> Answer:
    """Makes a change wholly or not at all; it is on the disk when this returns.

    `change` sees what all writers before it have left, and may be called again where another one was in the way.
    `patience` is for one try, in seconds.
    """
    store.path.mkdir(parents=True, exist_ok=True)
    try:
        return _patiently(lambda: _written(store, change, patience), tries)
    finally:
        _own.writes += 1


def _written(store: Store, change: Callable[[Connection], Answer], patience: float) -> Answer:
    with _opened(store).execution_options(**{WAITS: patience}).begin() as connection:
        if connection.dialect.name != "sqlite":
            counted = connection.execute(update(_WRITES).values(count=_WRITES.c.count + 1)).rowcount
            if not counted:
                connection.execute(insert(_WRITES).values(count=1))
        return change(connection)


def _patiently(work: Callable[[], Answer], tries: int = TRIES) -> Answer:
    for turn in range(1, tries):
        try:
            return work()
        except (OperationalError, IntegrityError) as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _HOPELESS:
                raise
            time.sleep(turn * 0.2)
    return work()


_HOPELESS: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
"""What waiting does not mend."""


def _opened(store: Store) -> Engine:
    found = make_url(url(store))
    file = _stat(Path(found.database or "")) if found.get_backend_name() == "sqlite" else None
    return _ready(url(store), os.getpid(), file.st_ino if file else 0, len(METADATA.tables))


@lru_cache(maxsize=16)
def _ready(url: str, _pid: int, _file: int, _tables: int) -> Engine:
    """The database with its tables, made ready once in each process (a connection does not survive a fork), and again
    where the file is another one, because somebody has brought back a copy, or a part of Padan that came later has
    tables of its own.
    """
    if make_url(url).get_backend_name() not in _TURNS:
        raise ArgumentError("PADAN_DATABASE names neither SQLite nor PostgreSQL")
    if url.startswith("sqlite"):
        # A connection that is kept would go on with a file that was replaced.
        engine = create_engine(url, connect_args={"timeout": PATIENCE}, poolclass=NullPool)
        event.listen(engine, "connect", _settle)
    else:
        engine = create_engine(url, pool_pre_ping=True)
    event.listen(engine, "begin", _begin)
    _patiently(lambda: _prepare(engine))
    return engine


def _settle(connection: sqlite3.Connection, _: Any) -> None:
    # The driver would begin at the first change, when what was read before it may be old.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        for setting in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            cursor.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    """Writers take their turn before they read, readers wait for nobody."""
    patience = connection.get_execution_options().get(WAITS)
    for statement in _TURNS[connection.dialect.name][patience is not None]:
        connection.exec_driver_sql(statement.format(wait=int((patience or 0) * 1000)))


_TURN: Final = f"SELECT pg_advisory_xact_lock({ONE_WRITER})"
_TURNS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "sqlite": (("BEGIN",), ("PRAGMA busy_timeout = {wait}", "BEGIN IMMEDIATE")),
    "postgresql": ((), ("SET LOCAL lock_timeout = {wait}", _TURN)),
}
"""What is said first by a reader and by a writer."""


def _prepare(engine: Engine) -> None:
    """Makes the tables that are not there. Where all are, nothing but reading is asked of the database."""
    with engine.begin() as connection:
        there = set(inspect(connection).get_table_names())
        if engine.name == "postgresql" and not there.issuperset(METADATA.tables):
            # Of two that make one table at once, one would fail.
            connection.exec_driver_sql(_TURN)
        for table in METADATA.sorted_tables:
            if table.name not in there:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
                if table.info.get(APPEND_ONLY):
                    _guard(connection, table.name)
            elif table.info.get(APPEND_ONLY) and _unguarded(connection, table.name):
                with suppress(OperationalError):  # A copy that may only be read needs no guards.
                    _guard(connection, table.name)
        found = connection.execute(select(_VERSIONS.c.version)).scalars().all()
        if not found:
            connection.execute(insert(_VERSIONS).values(version=VERSION))
        elif max(found) > VERSION:
            raise TooNew(max(found))


def _guard(connection: Connection, table: str) -> None:
    for statement in _guards(table, connection.dialect.name):
        connection.exec_driver_sql(statement)


def _unguarded(connection: Connection, table: str) -> bool:
    """Whether a database that an earlier Padan made lacks a trigger of today; PostgreSQL's has them all."""
    if connection.dialect.name != "sqlite":
        return False
    asked = text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    return int(connection.execute(asked, {"table": table}).scalar_one()) < len(_guards(table, "sqlite"))


def _guards(table: str, kind: str) -> tuple[str, ...]:
    """The triggers that keep a table's rows as they are."""
    if kind == "sqlite":
        kept = tuple(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{change} BEFORE {change} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            for change in ("UPDATE", "DELETE")
        )
        # REPLACE takes rows out without asking the trigger above.
        replaced = (
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number)"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
        return (*kept, replaced)
    return (
        f"CREATE OR REPLACE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{table} is only added to'; END $$",
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()",
    )


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
