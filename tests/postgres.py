"""A PostgreSQL of the tests' own: made, used and taken away; no system's cluster is touched."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
MISSING = "The tests of the shared database need PostgreSQL; on Debian or Ubuntu: sh .ci/postgres"


def programs() -> Path:
    """Where `initdb` and `postgres` are."""
    installed = sorted(DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    found = [folder for folder in installed if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if not found and (named := shutil.which("initdb")):
        found = [Path(named).resolve().parent]
    if not found:
        pytest.fail(MISSING, pytrace=False)
    return found[0]


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a database of a server on a socket in a folder of its own."""
    bin, user = programs(), _somebody()
    with tempfile.TemporaryDirectory(prefix="padan-pg-", ignore_cleanup_errors=True) as folder:
        if user:
            os.chown(folder, user, -1)
        data = Path(folder) / "data"
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user}
        made = [bin / "initdb", "-D", data, "-U", "padan", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(made, check=True, **quiet)
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=200"]
        server = subprocess.Popen([bin / "postgres", "-D", data, *(f"-c{one}" for one in settings)], **quiet)
        try:
            address = f"postgresql+psycopg://padan@/postgres?host={folder}"
            _wait(address, server)
            yield address
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(20)


def new_schema(address: str, name: str) -> str:
    """The address of a new, empty schema: much smaller on the disk than a database, and as much apart."""
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    return f"{address}&options=-csearch_path%3D{name}"


def _somebody() -> int | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd  # Windows has none

    known = {one.pw_name: one.pw_uid for one in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    engine, until = create_engine(address), time.monotonic() + 30
    try:
        while server.poll() is None and time.monotonic() < until:
            try:
                with engine.connect():
                    return
            except OperationalError:
                time.sleep(0.05)
    finally:
        engine.dispose()
    pytest.fail("The tests' PostgreSQL did not start.", pytrace=False)
