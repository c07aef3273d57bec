"""The query engine: DuckDB, embedded, asked through Ibis. It never reaches for the network."""

import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

MEMORY_LIMIT: Final = os.environ.get("PADAN_MEMORY", "1400MB")
MOST_VIEWS: Final = 100
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
    if not hasattr(_thread, "backend"):
        _thread.backend = connect()
        _thread.tables = {}
        _thread.views = {}
    backend: Backend = _thread.backend
    return backend


def parquet(path: Path) -> ir.Table:
    """A stored Parquet file as a table of this thread's engine. Stored files never change, so it is opened once.

    A query over it names the file itself, so that its SQL runs on any connection. Besides the file's own columns it has
    `position` (INT64), the row's place in the file's order.
    """
    backend = reader()
    tables: dict[Path, ir.Table] = _thread.tables
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
    backend = reader()
    views: dict[tuple[object, ...], ir.Table] = _thread.views
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
