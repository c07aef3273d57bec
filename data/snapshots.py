"""The immutable store: a snapshot is a folder with the register's rows, its problems and a manifest.

PADAN_HOME/snapshots/<id>/rows.parquet       sorted by kelurahan, then the family's name, then the person's place in it
                          problems.parquet   a row for every complaint about a row, identifiers masked
                          manifest.json      what it is, where it comes from, what was found, hashes of the files
                          manifest.sha256    the manifest's own hash
PADAN_HOME/removed/<id>.json                 the manifest of a snapshot that was taken out, and when; its rows are gone
"""

import hashlib
import itertools
import json
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

from data import __version__
from data.access import within
from data.definitions.registers import Grain
from data.home import retire, scratch, staged

ROWS: Final = "rows.parquet"
PROBLEMS: Final = "problems.parquet"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
REMOVED: Final = "removed"
LINKS: Final = "links"
"""Folder of what was matched: the store keeps it, data.linkage.runs fills it."""


@dataclass(frozen=True)
class Counts:
    """Rows of the file. `read` = `accepted` + `rejected`; repeated rows are accepted and not counted as persons."""

    read: int
    accepted: int
    rejected: int
    unplaced: int
    repeated: int
    left_out: int
    persons: int
    families: int
    undated: int


@dataclass(frozen=True)
class Source:
    """The file that a snapshot was made of; `sheet` is named where the file held several registers."""

    file: str
    sha256: str
    bytes: int
    sheet: str = ""


@dataclass(frozen=True)
class Snapshot:
    """The manifest. `place` is whose register it is; `covers` the area that the file speaks of, the same or smaller.
    `fields` are the register's fields that the file has; `extras` its other headings, kept as they are. `grain` is what
    a row stands for. `periods` are the dates that a list of figures speaks of, else empty; `period` is the newest.

    `row_problems` names the bits of the rows' `problem_bits` column as (code, heading). `problems` is the report.
    """

    id: str
    register: str
    place: str
    covers: str
    period: date
    sample: bool
    source: Source
    counts: Counts
    layout: str
    header_row: int
    fields: tuple[str, ...]
    extras: tuple[str, ...]
    columns: tuple[dict[str, Any], ...]
    row_problems: tuple[tuple[str, str], ...]
    problems: tuple[dict[str, Any], ...]
    imported_at: datetime
    grain: Grain = "person"
    periods: tuple[date, ...] = ()
    tool: str = __version__
    files: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()

    @property
    def rows(self) -> Path:
        return self.folder / ROWS

    @property
    def problem_rows(self) -> Path:
        return self.folder / PROBLEMS

    def to_json(self) -> str:
        content = asdict(self)
        del content["folder"]
        return json.dumps(content, default=lambda value: value.isoformat(), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, folder: Path) -> Self:
        content = json.loads(text)
        content |= {
            "folder": folder,
            "period": date.fromisoformat(content["period"]),
            "imported_at": datetime.fromisoformat(content["imported_at"]),
            "source": Source(**content["source"]),
            "counts": Counts(**content["counts"]),
            "row_problems": tuple((code, heading) for code, heading in content["row_problems"]),
            "periods": tuple(date.fromisoformat(day) for day in content.get("periods", ())),
        }
        content |= {key: tuple(content[key]) for key in ("fields", "extras", "columns", "problems")}
        return cls(**content)


@dataclass(frozen=True)
class Part:
    """What one snapshot contributes to an answer: its rows in `place`, without those in `excluding` (newer
    elsewhere).
    """

    snapshot: Snapshot
    place: str
    excluding: tuple[str, ...] = ()

    @property
    def covers(self) -> str:
        """The area for which the snapshot speaks, as far as it lies in `place`."""
        return self.place if within(self.place, self.snapshot.covers) else self.snapshot.covers

    def at(self, place: str) -> "Part | None":
        """What of it lies in a place; None where nothing does."""
        if within(self.place, place):
            return self
        excluded = any(within(place, area) for area in self.excluding)
        if not within(place, self.place) or excluded or not _overlap(self.covers, place):
            return None
        return replace(self, place=place, excluding=tuple(area for area in self.excluding if within(area, place)))


@dataclass(frozen=True)
class Damage:
    """A stored file that is not what was published."""

    snapshot: str
    file: str
    found: str


@dataclass(frozen=True)
class Store:
    """Everything under one PADAN_HOME."""

    path: Path

    @property
    def _folder(self) -> Path:
        return self.path / "snapshots"

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Every snapshot, newest period first; of one period, the one imported last first."""
        if not self._folder.is_dir():
            return ()
        # Every question looks: plain names are several times faster than Path objects.
        found = [snapshot for name in os.listdir(self._folder) if (snapshot := _readable(str(self._folder), name))]
        return tuple(sorted(found, key=lambda snapshot: (snapshot.period, snapshot.imported_at), reverse=True))

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Raises KeyError."""
        for snapshot in self.snapshots():
            if snapshot.id == snapshot_id:
                return snapshot
        raise KeyError(snapshot_id)

    def state(self) -> str:
        """Changes whenever a snapshot, a boundary or a matching is published or removed."""
        links = self.path / LINKS
        matchings = [links / name for name in _names(links)]
        names = [name for one in (self._folder, self.path / "boundaries", *matchings) for name in _names(one)]
        return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]

    @contextmanager
    def publishing(self, snapshot_id: str) -> Iterator[Path]:
        """A folder to fill with a snapshot's files and manifest; it is in the store when the block ends well."""
        with staged(self.path, self._folder / snapshot_id) as folder:
            yield folder

    def remove(self, snapshot_id: str) -> Snapshot:
        """Takes a snapshot out of the store: its rows are gone, its manifest stays. `data.history.remove` also takes
        out what was made of it. Raises KeyError.
        """
        snapshot = self.snapshot(snapshot_id)
        self._remember(snapshot)
        retire(self.path, snapshot.folder)
        cube = self.path / "cubes" / snapshot_id
        if cube.is_dir():
            retire(self.path, cube)
        return snapshot

    def _remember(self, snapshot: Snapshot) -> None:
        removed = self.path / REMOVED
        removed.mkdir(exist_ok=True)
        content = json.loads(snapshot.to_json()) | {"removed_at": now().isoformat()}
        with scratch(self.path) as folder:
            written = folder / MANIFEST
            with written.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            final, turns = removed / f"{snapshot.id}.json", itertools.count(2)
            while final.exists():
                final = removed / f"{snapshot.id}~{next(turns)}.json"
            written.replace(final)

    def verify(self) -> tuple[Damage, ...]:
        """Hashes every stored file again, the manifests included, and names those that are missing or changed."""
        folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        return tuple(damage for folder in folders for damage in _damages(folder))

    def same(self, register: str, sha256: str) -> tuple[Snapshot, ...]:
        """Snapshots made of this very file."""
        return tuple(s for s in self.snapshots() if s.register == register and s.source.sha256 == sha256)

    def candidates(self, register: str | Sequence[str], place: str) -> tuple[Snapshot, ...]:
        """Snapshots of a register, or of any of several, that say something about the place, newest first. Where there
        are real data, samples are ignored.
        """
        asked = (register,) if isinstance(register, str) else register
        overlapping = [s for s in self.snapshots() if s.register in asked and _overlap(s.covers, place)]
        real = [snapshot for snapshot in overlapping if not snapshot.sample]
        return tuple(
            s for s in overlapping if not s.sample or not any(_overlap(s.covers, other.covers) for other in real)
        )

    def select(
        self,
        register: str | Sequence[str],
        place: str,
        period: date | None = None,
        having: Sequence[str] = (),
        without: Collection[Grain] = (),
    ) -> tuple[Part, ...]:
        """The newest data for every part of the place, not after `period`, out of snapshots with all fields `having`
        whose rows do not stand for one of `without`.

        A newer snapshot of a smaller area replaces that area in an older one of a larger area, and nothing else. Of
        several registers one alone speaks for an area.
        """
        parts: list[Part] = []
        taken: list[str] = []
        for snapshot in self.candidates(register, place):
            late = period is not None and snapshot.period > period
            if late or not set(having) <= set(snapshot.fields) or snapshot.grain in without:
                continue
            if any(within(snapshot.covers, area) for area in taken):
                continue
            part = Part(snapshot, place if within(place, snapshot.place) else snapshot.place)
            if any(within(part.covers, area) for area in taken):
                break
            parts.append(replace(part, excluding=tuple(area for area in taken if within(area, part.covers))))
            taken.append(snapshot.covers)
        return tuple(parts)

    def previous(self, snapshot: Snapshot) -> Snapshot | None:
        """The newest earlier snapshot of the same register that covers the same area."""
        earlier = (
            other
            for other in self.candidates(snapshot.register, snapshot.covers)
            if other.period < snapshot.period
            and within(snapshot.covers, other.covers)
            and other.sample == snapshot.sample
        )
        return next(earlier, None)


def _overlap(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def _names(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []


def _readable(folder: str, name: str) -> Snapshot | None:
    """The snapshot of a folder; None where its manifest is missing or damaged, which `verify` names."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _manifest(folder, name, os.stat(os.path.join(folder, name, MANIFEST)).st_mtime_ns)
    return None


@lru_cache(maxsize=4096)
def _manifest(folder: str, name: str, _written: int) -> Snapshot:
    path = Path(folder, name)
    return Snapshot.from_json((path / MANIFEST).read_text(encoding="utf-8"), path)


def _damages(folder: Path) -> Iterator[Damage]:
    expected = {MANIFEST: _text_of(folder / SEAL)}
    if snapshot := _readable(str(folder.parent), folder.name):
        expected |= snapshot.files
    for name, sha256 in expected.items():
        found = digest(folder / name)
        if found is None or found != sha256:
            yield Damage(folder.name, name, "missing" if found is None else "changed")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


def write_manifest(folder: Path, snapshot: Snapshot) -> Snapshot:
    """Completes the manifest with the hashes of the folder's files, writes and seals it. The last step of a
    snapshot.
    """
    files = {path.name: digest(path) for path in sorted(folder.iterdir())}
    snapshot = replace(snapshot, files={name: found for name, found in files.items() if found})
    (folder / MANIFEST).write_text(snapshot.to_json(), encoding="utf-8")
    (folder / SEAL).write_text(digest(folder / MANIFEST) or "", encoding="ascii")
    return snapshot


def digest(path: Path) -> str | None:
    """SHA-256 of a file; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
