"""What was imported and what was taken out again, newest first, out of the manifests."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.intake.importing import ImportResult, reported_again
from data.linkage import runs
from data.snapshots import REMOVED, Snapshot, Store


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


def entries(store: Store) -> tuple[Entry, ...]:
    """Every import and every removal, newest first. Damaged manifests are left out; `verify` names them."""
    standing = store.snapshots()
    found = [Entry(snapshot.imported_at, snapshot, standing=True) for snapshot in standing]
    there = {(snapshot.id, snapshot.imported_at) for snapshot in standing}
    for at, snapshot in _removed(store):
        # A removal that was cut off has left both.
        if (snapshot.id, snapshot.imported_at) not in there:
            found += [Entry(snapshot.imported_at, snapshot), Entry(at, snapshot, removal=True)]
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.removal, entry.snapshot.id), reverse=True))


def remove(store: Store, snapshot_id: str) -> None:
    """Takes a snapshot out of the store, and with it the matchings that were made of it. Raises KeyError."""
    store.remove(snapshot_id)
    runs.forget(store, snapshot_id)


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
