"""The immutable store: a snapshot is a folder with the register's rows, its problems and a manifest.

PADAN_HOME/snapshots/<id>/rows.parquet       sorted by kelurahan, then the family's name, then the person's place in it
                          problems.parquet   a row for every complaint about a row, identifiers masked
                          manifest.json      what it is, where it comes from, what was found, hashes of the files
                          manifest.sha256    the manifest's own hash
PADAN_HOME/removed/<id>.json                 the manifest of a snapshot that was taken out, and when; its rows are gone
PADAN_HOME/expired/<id>.json                 when the names of a snapshot were taken out; its manifest and figures stay
"""

import hashlib
import itertools
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

from data import __version__
from data.access import Refused
from data.area import within
from data.definitions.registers import Grain
from data.encryption import Damaged, Locked, reading, require_key
from data.home import retire, scratch, staged
from data.wording import N_

ROWS: Final = "rows.parquet"
PROBLEMS: Final = "problems.parquet"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
REMOVED: Final = "removed"
EXPIRED: Final = "expired"
LINKS: Final = "links"
"""Folder of what was matched: the store keeps it, data.linkage.runs fills it."""
NAMES_GONE: Final = N_("The names of this date were removed after the time for which they are kept. Figures remain.")


class Expired(Refused):
    """The rows of a snapshot are asked for, and were removed after the time for which names are kept."""

    def __init__(self) -> None:
        super().__init__(NAMES_GONE)


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
    `expired_at`, which the manifest does not hold, tells when the rows were removed; the figures made of them stay.
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
    expired_at: datetime | None = None

    @property
    def rows(self) -> Path:
        """Raises Expired."""
        if self.expired_at:
            raise Expired
        return self.folder / ROWS

    @property
    def problem_rows(self) -> Path:
        return self.folder / PROBLEMS

    def to_json(self) -> str:
        content = asdict(self)
        del content["folder"], content["expired_at"]
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
    """A stored file that is not what was published: "missing", "changed", "left" when it has expired and is still
    there, or "locked" when nobody can say because its key is not at hand.
    """

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
        gone = set(_names(self.path / EXPIRED))
        found = [_without_rows(s, self.path / EXPIRED) if f"{s.id}.json" in gone else s for s in found]
        return tuple(sorted(found, key=lambda snapshot: (snapshot.period, snapshot.imported_at), reverse=True))

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Raises KeyError."""
        for snapshot in self.snapshots():
            if snapshot.id == snapshot_id:
                return snapshot
        raise KeyError(snapshot_id)

    def state(self) -> str:
        """Changes whenever a snapshot, a boundary or a matching is published, expired or removed."""
        links = self.path / LINKS
        matchings = [links / name for name in _names(links)]
        folders = (self._folder, self.path / EXPIRED, self.path / "boundaries", *matchings)
        names = [name for one in folders for name in _names(one)]
        return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]

    @contextmanager
    def publishing(self, snapshot_id: str) -> Iterator[Path]:
        """A folder to fill with a snapshot's files and manifest; it is in the store when the block ends well.

        Raises encryption.Locked where the store is encrypted and no key is at hand.
        """
        require_key(self.path)
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
        (self.path / EXPIRED / f"{snapshot_id}.json").unlink(missing_ok=True)
        return snapshot

    def expire(self, snapshot: Snapshot, about: Mapping[str, str]) -> None:
        """Takes the rows and the rows' problems of a snapshot out of the store; `about` says why. The rename of the
        note is the deed: from then on nobody reads the rows, and what a killed process left of them `sweep` removes.
        """
        note = self.path / EXPIRED / f"{snapshot.id}.json"
        note.parent.mkdir(exist_ok=True)
        with scratch(self.path) as folder:
            with (folder / note.name).open("w", encoding="utf-8") as file:
                json.dump({"expired_at": now().isoformat(), **about}, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            (folder / note.name).replace(note)
        self.sweep()

    def sweep(self) -> None:
        """Removes rows that are expired and still there."""
        for name in _names(self.path / EXPIRED):
            for file in (ROWS, PROBLEMS):
                (self._folder / name.removesuffix(".json") / file).unlink(missing_ok=True)

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
        """Hashes the content of every stored file again, the manifests included, and names those that are missing or
        changed.
        """
        folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        gone = set(_names(self.path / EXPIRED))
        return tuple(damage for folder in folders for damage in _damages(folder, f"{folder.name}.json" in gone))

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
        with_rows: bool = False,
    ) -> tuple[Part, ...]:
        """The newest data for every part of the place, not after `period`, out of snapshots with all fields `having`
        whose rows do not stand for one of `without`; with `with_rows` out of those whose rows have not expired.

        A newer snapshot of a smaller area replaces that area in an older one of a larger area, and nothing else. Of
        several registers one alone speaks for an area.
        """
        parts: list[Part] = []
        taken: list[str] = []
        for snapshot in self.candidates(register, place):
            late = period is not None and snapshot.period > period
            gone = with_rows and snapshot.expired_at is not None
            if late or gone or not set(having) <= set(snapshot.fields) or snapshot.grain in without:
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


def _without_rows(snapshot: Snapshot, notes: Path) -> Snapshot:
    with suppress(OSError, ValueError, KeyError):
        told = json.loads((notes / f"{snapshot.id}.json").read_text(encoding="utf-8"))
        return replace(snapshot, expired_at=datetime.fromisoformat(told["expired_at"]))
    # What the note says may be lost, but not that there is one.
    return replace(snapshot, expired_at=snapshot.imported_at)


def _damages(folder: Path, expired: bool) -> Iterator[Damage]:
    expected = {MANIFEST: _text_of(folder / SEAL)}
    if snapshot := _readable(str(folder.parent), folder.name):
        expected |= snapshot.files
    for name in (ROWS, PROBLEMS) if expired else ():
        expected.pop(name, None)
        if (folder / name).exists():
            yield Damage(folder.name, name, "left")
    for name, sha256 in expected.items():
        if found := _damage(folder / name, sha256):
            yield Damage(folder.name, name, found)


def _damage(path: Path, sha256: str) -> str:
    try:
        found = digest_of_content(path)
    except Locked:
        return "locked"
    except Damaged:
        return "changed"
    if found is None:
        return "missing"
    return "changed" if found != sha256 else ""


def _text_of(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


def write_manifest(folder: Path, snapshot: Snapshot) -> Snapshot:
    """Completes the manifest with the hashes of what the folder's files hold (the same, whatever key they are sealed
    with), writes and seals it. The last step of a snapshot.
    """
    files = {path.name: digest_of_content(path) for path in sorted(folder.iterdir())}
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


def digest_of_content(path: Path) -> str | None:
    """SHA-256 of what a stored file holds, sealed or not; None where there is none. Raises Locked, Damaged."""
    if not path.is_file():
        return None
    with reading(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
