"""The query engine: DuckDB, embedded, asked through Ibis. It never reaches for the network."""

import os
import threading
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

MEMORY_LIMIT: Final = os.environ.get("PADAN_MEMORY", "1400MB")
_thread = threading.local()


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
    backend: Backend = _thread.backend
    return backend


def parquet(path: Path) -> ir.Table:
    """A stored Parquet file as a table of this thread's engine. Stored files never change, so it is opened once.

    A query over it names the file itself, so that its SQL runs on any connection.
    """
    backend = reader()
    tables: dict[Path, ir.Table] = _thread.tables
    if path not in tables:
        # DuckDB writes a column without a gap as REQUIRED; by its type it may have gaps all the same.
        found = ibis.Schema.from_pyarrow(pq.read_schema(path))
        schema = ibis.schema({name: kind.copy(nullable=True) for name, kind in found.items()})
        tables[path] = backend.sql(f"SELECT * FROM read_parquet('{quoted(path)}')", schema=schema)
    return tables[path]


def quoted(path: Path) -> str:
    """A path for a string in SQL."""
    return str(path).replace("'", "''")
