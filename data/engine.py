"""The query engine: DuckDB, embedded, asked through Ibis. It never reaches for the network."""

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

MEMORY_LIMIT: Final = os.environ.get("PADAN_MEMORY", "1400MB")
MOST_VIEWS: Final = 100
MOST_IDLE: Final = 3
"""Engines kept for the next threads: every run of a screen is a thread of its own, and opening one takes a while."""


@dataclass(frozen=True)
class _Open:
    """An engine with the files and views that it knows."""

    backend: Backend
    tables: dict[Path, ir.Table] = field(default_factory=dict)
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
    if path not in tables:
        # DuckDB writes a column without a gap as REQUIRED; by its type it may have gaps all the same.
        found = ibis.Schema.from_pyarrow(pq.read_schema(path))
        schema = ibis.schema({name: kind.copy(nullable=True) for name, kind in found.items()} | {"position": "int64"})
        query = (
            f"SELECT * RENAME (file_row_number AS position) FROM read_parquet('{quoted(path)}', file_row_number=true)"
        )
        tables[path] = backend.sql(query, schema=schema)
    return tables[path]


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


def quoted(path: Path) -> str:
    """A path for a string in SQL."""
    return str(path).replace("'", "''")
