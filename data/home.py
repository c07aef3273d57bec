"""Where the store lives, and how something becomes part of it all at once.

Everything that Padan keeps is a folder below `PADAN_HOME`, written aside and published by one rename,
so that a killed process or a full disk leaves either the old state or the new one.
"""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
A_DAY: Final = 24 * 60 * 60
STAGING: Final = ".staging"


def home() -> Path:
    """The store's folder: the environment variable `PADAN_HOME`, else `var/` in the project."""
    return Path(os.environ.get("PADAN_HOME") or ROOT / "var").resolve()


_filling: set[Path] = set()


@contextmanager
def scratch(store: Path) -> Iterator[Path]:
    """An empty folder below `store` for what is on its way; gone when the block ends.

    What killed processes left behind is swept first.
    """
    area = store / STAGING
    area.mkdir(parents=True, exist_ok=True)
    _sweep(area)
    folder = area / f"{os.getpid()}-{uuid.uuid4().hex}"
    _filling.add(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _filling.discard(folder)


@contextmanager
def staged(store: Path, final: Path) -> Iterator[Path]:
    """Gives an empty folder to fill; it becomes `final` when the block ends well, else nothing stays.

    `final` must lie below `store` (one file system) and must not exist yet: a newer version gets a
    new name. Raises FileExistsError where it does.
    """
    with scratch(store) as folder:
        yield folder
        for path in folder.rglob("*"):
            if path.is_file():
                _flush(path)
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            raise FileExistsError(final.name)
        try:
            folder.rename(final)
        except OSError as error:
            if final.exists():
                raise FileExistsError(final.name) from error
            raise
        _flush(final.parent)


def retire(store: Path, folder: Path) -> None:
    """Takes a published folder out of the store: one rename, then its files are deleted."""
    area = store / STAGING
    area.mkdir(parents=True, exist_ok=True)
    aside = area / f"{os.getpid()}-{uuid.uuid4().hex}"
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(area: Path) -> None:
    for folder in area.iterdir():
        pid = folder.name.partition("-")[0]
        if pid.isdigit() and folder not in _filling and (int(pid) == os.getpid() or not _at_work(int(pid), folder)):
            shutil.rmtree(folder, ignore_errors=True)


def _at_work(pid: int, folder: Path) -> bool:
    """Whether the process that fills a folder still lives. Windows has no harmless way to ask: a day will do."""
    if os.name == "nt":
        return time.time() - folder.stat().st_mtime < A_DAY
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
