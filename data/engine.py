"""The query engine: DuckDB, embedded, asked through Ibis. It never reaches for the network.

Stored files are read and written through it, sealed where the office has a key (see `data.encryption`): DuckDB is told
their address (`at`), everything else opens them with `read`, `schema` and `open_parquet`.
"""

import atexit
import itertools
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from data import encryption

MEMORY_LIMIT: Final = os.environ.get("PADAN_MEMORY", "1400MB")
MOST_VIEWS: Final = 100
MOST_IDLE: Final = 3
"""Engines kept for the next threads: every run of a screen is a thread of its own, and opening one takes a while."""


@dataclass(frozen=True)
class _Open:
    """An engine with the files and views that it knows."""

    backend: Backend
    tables: dict[str, ir.Table] = field(default_factory=dict)
    views: dict[tuple[object, ...], ir.Table] = field(default_factory=dict)


class _Lent:
    """An engine in the hands of one thread; when that has ended, the next one has it."""

    def __init__(self) -> None:
        try:
            self.opened = _idle.pop()
        except IndexError:
            self.opened = _Open(connect())
        # At the end of the process the module's own names go first.
        self._idle = _idle

    def __del__(self) -> None:
        self._idle.append(self.opened)


_idle: "deque[_Open]" = deque(maxlen=MOST_IDLE)
_thread = threading.local()
_numbers = itertools.count()


def connect(spill: Path | None = None) -> Backend:
    """A new in-memory engine; `spill` is the folder for what does not fit into memory."""
    backend = ibis.duckdb.connect()
    settings = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": f"'{MEMORY_LIMIT}'",
        "temp_directory": f"'{spill}'" if spill else "''",
        "enable_progress_bar": "false",
    }
    for name, value in settings.items():
        backend.con.execute(f"SET {name} = {value}")
    backend.con.register_filesystem(encryption.SealedFiles())
    return backend


def reader() -> Backend:
    """This thread's engine for questions to the store."""
    return _opened().backend


def _opened() -> _Open:
    if not hasattr(_thread, "lent"):
        _thread.lent = _Lent()
    opened: _Open = _thread.lent.opened
    return opened


def parquet(path: Path) -> ir.Table:
    """A stored Parquet file as a table of this thread's engine. Stored files never change, so it is opened once.

    A query over it names the file itself, so that its SQL runs on any connection. Besides the file's own columns it has
    `position` (INT64), the row's place in the file's order.
    """
    backend, tables = reader(), _opened().tables
    address = at(path)
    if address not in tables:
        # DuckDB writes a column without a gap as REQUIRED; by its type it may have gaps all the same.
        found = ibis.Schema.from_pyarrow(schema(path))
        told = ibis.schema({name: kind.copy(nullable=True) for name, kind in found.items()} | {"position": "int64"})
        query = (
            f"SELECT * RENAME (file_row_number AS position) FROM read_parquet('{quoted(path)}', file_row_number=true)"
        )
        tables[address] = backend.sql(query, schema=told)
    return tables[address]


def view(key: tuple[object, ...], build: Callable[[], ir.Table]) -> ir.Table:
    """A table by a name of its own, for as long as this thread asks for it by the same key.

    Compiling a wide expression takes longer than running it; what is built on a view is compiled without it.
    """
    backend, views = reader(), _opened().views
    if key not in views:
        while len(views) >= MOST_VIEWS:
            backend.con.execute(f"DROP VIEW IF EXISTS {views.pop(next(iter(views))).get_name()}")
        name = f"view_{next(_numbers)}"
        backend.con.execute(f"CREATE TEMP VIEW {name} AS {backend.compile(build())}")
        views[key] = backend.table(name)
    return views[key]


def at(path: Path) -> str:
    """What DuckDB is told instead of a stored file's path, for reading and for writing.

    Raises encryption.Locked where the file is sealed with a key that is not at hand.
    """
    return encryption.address(path)


def quoted(path: Path) -> str:
    """The address of a stored file for a string in SQL. Raises encryption.Locked."""
    return at(path).replace("'", "''")


def open_parquet(path: Path) -> pq.ParquetFile:
    """A stored Parquet file for reading in pieces; to be closed. Raises encryption.Locked."""
    return pq.ParquetFile(encryption.reading(path))


def schema(path: Path) -> pa.Schema:
    """The columns of a stored file, without `position`. Raises encryption.Locked."""
    with encryption.reading(path) as file:
        return pq.read_schema(file)


def read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A stored file, or some of its columns, in memory: for small files. Raises encryption.Locked."""
    with encryption.reading(path) as file:
        return pq.ParquetFile(file).read(columns)


def write(table: ir.Table | pa.Table, path: Path) -> None:
    """Stores a table, or the answer of a query of this thread's engine, as a Parquet file."""
    if isinstance(table, pa.Table):
        with encryption.writing(path) as file:
            pq.write_table(table, file, compression="zstd")
    else:
        with storing():
            reader().to_parquet(table, at(path), compression="zstd")


@contextmanager
def storing() -> Iterator[None]:
    """While DuckDB writes a stored file: what the disk refuses is an OSError, as without encryption."""
    try:
        yield
    except duckdb.Error as error:
        refused = re.search(r"\[Errno (\d+)\]", str(error)) if type(error) is duckdb.Error else None
        if refused:
            raise OSError(int(refused[1]), os.strerror(int(refused[1]))) from None
        raise


@atexit.register
def _close() -> None:
    """DuckDB's threads may hold files of Python's after an error: they end before Python does."""
    lent = [_thread.lent.opened] if hasattr(_thread, "lent") else []
    for opened in (*_idle, *lent):
        opened.backend.disconnect()
