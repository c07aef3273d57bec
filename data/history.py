"""What was imported and what was taken out again, newest first, out of the manifests."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import ibis

from data import audit, engine
from data.access import Viewer, answers, narrowed
from data.definitions.roles import Right
from data.intake import report
from data.intake.importing import (
    NOTHING_EACH,
    NOTHING_TOLD,
    ImportResult,
    Progress,
    Told,
    import_sheets,
    reported_again,
    silent,
)
from data.linkage import runs
from data.snapshots import REMOVED, Snapshot, Store
from data.wording import Language

IMPORTED, TAKEN_OUT = "import", "remove"
"""Actions in the record."""


@dataclass(frozen=True)
class Entry:
    """An import, or the removal of one. `snapshot` is its manifest; the rows of a removed one are gone.

    `standing`: it is an import and its rows are in the store.
    """

    at: datetime
    snapshot: Snapshot
    removal: bool = False
    standing: bool = False

    @property
    def key(self) -> str:
        """Its own name, also where one file was imported and removed several times."""
        return f"{self.snapshot.id}-{self.at:%Y%m%d%H%M%S}-{'removal' if self.removal else 'import'}"


@answers(Right.IMPORT, narrowed)
def entries(store: Store, viewer: Viewer) -> tuple[Entry, ...]:
    """Every import and every removal of the viewer's areas, newest first. Damaged manifests are left out; `verify`
    names them.
    """
    return tuple(entry for entry in _entries(store) if viewer.may(Right.IMPORT, entry.snapshot.covers))


def _entries(store: Store) -> tuple[Entry, ...]:
    standing = store.snapshots()
    found = [Entry(snapshot.imported_at, snapshot, standing=True) for snapshot in standing]
    there = {(snapshot.id, snapshot.imported_at) for snapshot in standing}
    for at, snapshot in _removed(store):
        # A removal that was cut off has left both.
        if (snapshot.id, snapshot.imported_at) not in there:
            found += [Entry(snapshot.imported_at, snapshot), Entry(at, snapshot, removal=True)]
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.removal, entry.snapshot.id), reverse=True))


@answers(Right.IMPORT, narrowed)
def bring_in(
    store: Store,
    viewer: Viewer,
    path: Path,
    told: Told = NOTHING_TOLD,
    *,
    name: str | None = None,
    each: Mapping[int, Told] = NOTHING_EACH,
    before: Sequence[ImportResult] = (),
    progress: Progress = silent,
) -> tuple[ImportResult, ...]:
    """Imports a file (see `import_sheets`) as far as it is about areas for which the viewer imports; what was stored is
    on record.
    """
    may = partial(viewer.may, Right.IMPORT)
    results = import_sheets(store, path, told, name=name, each=each, before=before, progress=progress, may=may)
    for result in results:
        if result.snapshot and not result.duplicate_of:
            one = result.snapshot
            audit.record(store, viewer, IMPORTED, place=one.place, about=one.id, persons=one.counts.persons)
        elif result.boundaries:
            audit.record(store, viewer, IMPORTED, place=told.place, about=result.register)
    return results


@answers(Right.IMPORT, narrowed)
def remove(store: Store, viewer: Viewer, snapshot_id: str) -> None:
    """Takes a snapshot of the viewer's areas out of the store, and with it the matchings that were made of it. Raises
    KeyError, and Refused, for a viewer of some places also where there is no such snapshot.
    """
    snapshot = _own(store, viewer, snapshot_id)
    audit.record(store, viewer, TAKEN_OUT, place=snapshot.place, about=snapshot.id, persons=snapshot.counts.persons)
    store.remove(snapshot_id)
    runs.forget(store, snapshot_id)


@answers(Right.IMPORT, narrowed)
def problems(store: Store, viewer: Viewer, snapshot_id: str, path: Path, language: Language) -> int:
    """Writes the rows with problems of a snapshot of the viewer's areas to a workbook (see `report.workbook`), which
    is on record; returns how many. Raises as `remove` does.
    """
    snapshot = _own(store, viewer, snapshot_id)
    (rows,) = engine.parquet(snapshot.problem_rows).aggregate(rows=ibis._.count()).to_pyarrow()["rows"].to_pylist()
    number = audit.record(
        store, viewer, audit.EXPORT, place=snapshot.place, about=f"problems of {snapshot.id}", persons=rows
    )
    return report.workbook(result(snapshot), path, language, number)


def _own(store: Store, viewer: Viewer, snapshot_id: str) -> Snapshot:
    try:
        snapshot = store.snapshot(snapshot_id)
    except KeyError:
        viewer.require(Right.IMPORT, "")
        raise
    viewer.require(Right.IMPORT, snapshot.covers)
    return snapshot


def _removed(store: Store) -> Iterator[tuple[datetime, Snapshot]]:
    folder = store.path / REMOVED
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        if found := _read(path):
            yield found


def _read(path: Path) -> tuple[datetime, Snapshot] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(path.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(content.pop("removed_at"))
        return at, Snapshot.from_json(json.dumps(content), path.with_suffix(""))
    return None


def result(snapshot: Snapshot) -> ImportResult:
    """The report that was given when a snapshot was imported."""
    return ImportResult(
        snapshot.source.file, snapshot.register, snapshot, reported_again(snapshot), sheet=snapshot.source.sheet
    )
