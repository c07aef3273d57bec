"""The sheets of all kelurahan of a place as one ZIP, made in the background: whoever asked may go on, or come back.

A session has one bundle at a time. The file lies in the store's scratch folder and goes an hour after it was made, or
when the next one is asked for; nothing else of the bundle is kept.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Literal
from zipfile import ZIP_STORED, ZipFile

from components.documents import files
from components.documents.files import Format, Wanted
from components.tickets import File
from data.access import Viewer
from data.definitions.roles import Right
from data.exports import file_name
from data.home import home, scratch
from data.places.reference import place as known_place
from data.snapshots import Store

State = Literal["working", "ready", "cancelled", "failed", "empty"]
KEPT: Final = 3600.0
"""Seconds that a finished bundle waits to be fetched."""
PIECE: Final = 1 << 20
log: Final = logging.getLogger("padan")


@dataclass
class Bundle:
    """A bundle on its way. `done` of `total` kelurahan are written, `at` is the code of the one at work."""

    wanted: Wanted
    formats: tuple[Format, ...]
    state: State = "working"
    done: int = 0
    total: int = 0
    at: str = ""
    sample: bool = False
    path: Path | None = None
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        base = f"lembar-musyawarah-{self.wanted.scope.place}"
        return file_name(base, "zip", self.sample, self.wanted.language)


@dataclass(frozen=True)
class Fetched:
    """A finished bundle that somebody may fetch."""

    bundle: Bundle

    def file(self) -> File | None:
        path = self.bundle.path
        return File(self.bundle.name, "application/zip", _pieces(path)) if path and path.is_file() else None


_lock = threading.Lock()
_bundles: dict[str, Bundle] = {}


def start(wanted: Wanted, formats: tuple[Format, ...]) -> Bundle:
    """Begins a bundle; where this session has one at work, that one is returned. Raises Refused."""
    wanted.viewer.require(Right.NAMES, wanted.scope.place)
    with _lock:
        before = _bundles.get(_whose(wanted.viewer))
        if before and before.state == "working":
            return before
        if before:
            before.gone.set()
        bundle = _bundles[_whose(wanted.viewer)] = Bundle(wanted, formats)
    threading.Thread(target=_make, args=(bundle,), name="padan-sheets", daemon=True).start()
    return bundle


def of(viewer: Viewer) -> Bundle | None:
    """The session's bundle, on its way or waiting to be fetched; None where the viewer may not see it any more."""
    found = _bundles.get(_whose(viewer))
    if found is None or (found.wanted.unmasked and Right.IDENTIFIERS not in viewer.rights):
        return None
    return found if viewer.may(Right.NAMES, found.wanted.scope.place) else None


def _whose(viewer: Viewer) -> str:
    return viewer.session or viewer.name


def drop(bundle: Bundle) -> None:
    """Ends a bundle: what was made of it goes."""
    bundle.gone.set()
    with _lock:
        if _bundles.get(_whose(bundle.wanted.viewer)) is bundle:
            del _bundles[_whose(bundle.wanted.viewer)]


def _make(bundle: Bundle) -> None:
    store = Store(home())
    try:
        with scratch(store.path) as folder:
            _write(store, bundle, folder / "sheets.zip")
            if bundle.state == "ready":
                bundle.gone.wait(KEPT)
    except Exception as error:
        # Its words may quote a register.
        log.error("sheets of %s: %s", bundle.wanted.scope.place, type(error).__name__)
        bundle.state = "failed"
        return
    if bundle.state == "ready":
        drop(bundle)


def _write(store: Store, bundle: Bundle, path: Path) -> None:
    every = tuple(files.of_place(store, bundle.wanted))
    bundle.total = len(every)
    # PDFs and workbooks are compressed already.
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for wanted in every:
            if bundle.gone.is_set():
                bundle.state = "cancelled"
                return
            bundle.at = wanted.scope.place
            sheet = files.asked(store, wanted)
            if sheet and sheet.persons:
                bundle.sample = bundle.sample or sheet.context.sample
                folder = known_place(wanted.scope.place[:8]).name
                for format in bundle.formats:
                    entry = f"{folder}/{files.name(sheet, format, wanted.language)}"
                    archive.writestr(entry, files.booked(store, wanted, sheet, format))
            bundle.done += 1
        found = bool(archive.namelist())
    bundle.path = path
    bundle.state = "ready" if found else "empty"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(partial(file.read, PIECE), b"")
