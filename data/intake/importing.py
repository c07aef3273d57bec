"""A file in, a published snapshot and a report out; or a refusal, and the store as it was."""

import errno
import re
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from data import engine
from data.definitions.fields import FIELDS
from data.definitions.problems import PROBLEMS
from data.definitions.registers import Register, registers
from data.home import scratch
from data.intake.areas import Areas, areas
from data.intake.clean import FileComplaint, clean, dates_of
from data.intake.read import Sheet, Unreadable, sheets
from data.intake.recognise import SEARCHED_ROWS, Recognition, date_in, recognise
from data.intake.rows import EXAMPLES, Reported, Rows
from data.places import reference
from data.places.boundaries import BoundaryError, BoundaryReport, import_boundaries
from data.snapshots import PROBLEMS as PROBLEM_ROWS
from data.snapshots import ROWS, Snapshot, Source, Store, digest, now, write_manifest
from data.wording import DEFAULT, N_, Value, translate

MAP_ENDINGS: Final = (".geojson", ".gpkg", ".shp")
SAMPLE_MARK: Final = "CONTOH"
MOST_OUTSIDE: Final = 0.5


@dataclass(frozen=True)
class ImportResult:
    """What became of a file: a snapshot, boundaries, or neither where it was refused.

    `duplicate_of` names the identical snapshot that was there already.
    """

    file: str
    register: str
    snapshot: Snapshot | None
    problems: tuple[Reported, ...]
    duplicate_of: str | None = None
    boundaries: BoundaryReport | None = None

    @property
    def refused(self) -> bool:
        return self.snapshot is None and self.boundaries is None


class Refusal(Exception):
    """The file stays out; carries the complaint that says why."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code)
        self.reported = Reported(code, "refused", 0, values=values)


def import_file(
    store: Store,
    path: Path,
    *,
    register: str | None = None,
    period: date | None = None,
    place: str | None = None,
    sample: bool = False,
    name: str | None = None,
) -> ImportResult:
    """Reads, recognises, cleans, checks and publishes one register file.

    `name` is the file's own name where `path` is a temporary copy. Never raises for bad input: what is wrong is in the
    result's `problems`, and a refused file leaves the store as it was.
    """
    name = name or path.name
    key = register or "dtks"
    try:
        if not path.is_file():
            raise Refusal("file_missing")
        key = register or ("boundaries" if is_map(path) else "dtks")
        if place and reference.find(place) is None:
            raise Refusal("place_not_a_code", place=place)
        if key == "boundaries":
            return _import_boundaries(store, path, name, place)
        if key not in registers():
            raise Refusal("register_unknown", register=key, known=", ".join((*registers(), "boundaries")))
        with scratch(store.path) as folder, ThreadPoolExecutor(1) as beside:
            file = _File(path, name, beside.submit(digest, path), path.stat().st_size)
            return _import(store, file, registers()[key], period, place or "", sample, folder)
    except Refusal as refusal:
        return ImportResult(name, key, None, (refusal.reported,))
    except FileExistsError as twin:
        # Another process stored the same file while this one was reading it.
        snapshot = store.snapshot(str(twin))
        return ImportResult(name, key, snapshot, _reported_again(snapshot), duplicate_of=snapshot.id)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reported = Reported("storage_failed", "refused", 0, values={"reason": _reason(error)})
        return ImportResult(name, key, None, (reported,))


def is_map(path: Path) -> bool:
    """Whether a file holds boundaries rather than a table, by its name or, of an archive, by the names in it."""
    if path.suffix.lower() in MAP_ENDINGS:
        return True
    if not zipfile.is_zipfile(path):
        return False
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
        return any(Path(name).suffix.lower() in MAP_ENDINGS for name in archive.namelist())
    return False


def _import_boundaries(store: Store, path: Path, name: str, place: str | None) -> ImportResult:
    try:
        report = import_boundaries(store.path, path, place)
    except BoundaryError as error:
        reason = translate(error.message, DEFAULT, **error.values)
        raise Refusal("boundary_refused", reason=reason) from None
    unmatched = ", ".join(found.name or found.code or "–" for found in report.unmatched[:EXAMPLES])
    lost = ", ".join(reference.place(code).name for code in report.missing[:EXAMPLES])
    lines = [
        Reported("boundary_unmatched", "warning", len(report.unmatched), values={"examples": unmatched}),
        Reported("boundary_missing", "warning", len(report.missing), values={"examples": lost}),
        Reported("boundary_placeholders", "warning", report.placeholders),
    ]
    return ImportResult(name, "boundaries", None, tuple(line for line in lines if line.rows), boundaries=report)


@dataclass(frozen=True)
class _File:
    path: Path
    name: str
    hashing: "Future[str | None]"
    bytes: int

    @property
    def sha256(self) -> str:
        return self.hashing.result() or ""


def _import(
    store: Store, file: _File, register: Register, told_period: date | None, told_place: str, sample: bool, folder: Path
) -> ImportResult:
    recognition, others = _recognised(file, register, folder)
    backend = engine.connect(spill=folder)
    width = len(recognition.columns)
    encoding = recognition.sheet.load(backend.con, "raw", recognition.header_row, width)
    raw = backend.table("raw")
    if not raw.count().to_pyarrow().as_py():
        raise Refusal("file_empty")
    period, assumed = _period(backend, raw, recognition, file, told_period)
    where = areas(raw, recognition, told_place)
    if where is None:
        raise Refusal("place_unknown")
    if told_place and where.share_outside > MOST_OUTSIDE:
        raise Refusal("place_not_in_file", place=f"{reference.place(told_place).name} ({told_place})")
    duplicate = _duplicate(store, file, register, period, where)
    if isinstance(duplicate, ImportResult):
        return duplicate
    cleaned = clean(backend, raw, recognition, period)
    rows = Rows(backend, raw, recognition, cleaned, where, period)
    if not rows.accepted:
        raise Refusal("file_empty")
    snapshot_id = f"{register.key}-{where.place or 'id'}-{period}-{file.sha256[:8]}"
    with store.publishing(snapshot_id) as staging:
        rows.write(staging / ROWS)
        reported = (
            *rows.reported(staging / ROWS),
            *(Reported(note.code, PROBLEMS[note.code].severity, note.rows, note.column, (), note.values) for note in
              (*cleaned.notes, *assumed, *duplicate, *_about_file(recognition, rows, encoding, others))),
        )  # fmt: skip
        rows.write_problems(staging / ROWS, staging / PROBLEM_ROWS)
        snapshot = Snapshot(
            id=snapshot_id,
            register=register.key,
            place=where.place,
            covers=where.covers,
            period=period,
            sample=sample or _marked_as_sample(recognition),
            source=Source(file.name, file.sha256, file.bytes),
            counts=rows.counts(staging / ROWS),
            layout=recognition.layout or "other",
            header_row=recognition.header_row,
            fields=tuple(column.field for column in recognition.known),
            extras=tuple(rows.extras),
            columns=tuple(asdict(column) for column in recognition.columns),
            row_problems=tuple((complaint.code, rows.heading(complaint)) for complaint in rows.complaints),
            problems=tuple(asdict(line) for line in reported),
            imported_at=now(),
        )
        write_manifest(staging, snapshot)
    return ImportResult(file.name, register.key, store.snapshot(snapshot_id), reported)


def _recognised(file: _File, register: Register, folder: Path) -> tuple[Recognition, list[str]]:
    try:
        found: list[Sheet] = sheets(file.path, folder)
    except Unreadable as reason:
        raise Refusal("file_unreadable", reason=str(reason)) from None
    recognition = recognise(found, register)
    if not recognition.fits(register):
        known = ", ".join(column.heading for column in recognition.known) or "–"
        raise Refusal("register_not_recognised", searched=SEARCHED_ROWS, row=recognition.header_row, known=known)
    others = [sheet.name for sheet in found if sheet is not recognition.sheet and len(sheet.preview) > 1]
    return recognition, others


def _period(
    backend: Backend, raw: ir.Table, recognition: Recognition, file: _File, told: date | None
) -> tuple[date, tuple[FileComplaint, ...]]:
    """The day of the data: told, else written above the headings, else in the file's name, else assumed with a
    warning.
    """
    if told:
        return told, ()
    written = date_in(recognition.title) or date_in(re.sub(r"(\.[A-Za-z]{2,7})+$", "", file.name))
    today = now().date()
    if written and written <= today:
        return written, ()
    if column := recognition.column("updated_on"):
        days = dates_of(backend, raw, column, today).reading.days.values()
        newest = max((day for day in days if day <= today), default=None)
        if newest:
            return newest, (
                FileComplaint("period_assumed", {"period": newest, "evidence": N_("the newest update date")}),
            )
    day = date.fromtimestamp(file.path.stat().st_mtime)
    return day, (FileComplaint("period_assumed", {"period": day, "evidence": N_("the day the file was saved")}),)


def _duplicate(
    store: Store, file: _File, register: Register, period: date, where: Areas
) -> ImportResult | tuple[FileComplaint, ...]:
    same = store.same(register.key, file.sha256)
    for snapshot in same:
        if snapshot.period == period and snapshot.place == where.place:
            return ImportResult(file.name, register.key, snapshot, _reported_again(snapshot), duplicate_of=snapshot.id)
    return tuple(FileComplaint("same_file_other_period", {"period": snapshot.period}) for snapshot in same[:1])


def _reported_again(snapshot: Snapshot) -> tuple[Reported, ...]:
    return tuple(Reported(**{**line, "first_rows": tuple(line["first_rows"])}) for line in snapshot.problems)


def _marked_as_sample(recognition: Recognition) -> bool:
    """Whether the title or the first register numbers say that the file is a demonstration."""
    column = recognition.column("family_register_id")
    shown = (row[column.index] for _, row in recognition.sheet.preview if column and column.index < len(row))
    return SAMPLE_MARK in recognition.title.upper() or any(cell.upper().startswith(SAMPLE_MARK) for cell in shown)


def _about_file(recognition: Recognition, rows: Rows, encoding: str, others: list[str]) -> list[FileComplaint]:
    notes = []
    if rows.extras:
        names = ", ".join(name.removeprefix("+") for name in rows.extras)
        notes.append(FileComplaint("columns_kept", {"count": len(rows.extras), "columns": names}))
    for column in recognition.known:
        if column.confidence < 1:
            about = {
                "column": column.heading,
                "field": FIELDS[column.field].label,
                "confidence": f"{column.confidence:.0%}",
            }
            notes.append(FileComplaint("heading_unsure", about, column.heading))
    if encoding not in ("utf-8", "utf-16"):
        notes.append(FileComplaint("encoding_damaged", {"encoding": encoding}))
    if others:
        notes.append(FileComplaint("sheets_ignored", {"sheet": recognition.sheet.name, "others": ", ".join(others)}))
    return notes


_REASONS: Final = {
    "missing": N_("the file does not exist."),
    "full": N_("the disk is full."),
    "forbidden": N_("the folder may not be written to."),
    "memory": N_("there is not enough memory or disk space for it."),
    "other": N_("the disk reported a fault."),
}


def _reason(error: Exception) -> str:
    """What went wrong with the disk, without paths and without the file's contents."""
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left" in text:
        return _REASONS["full"]
    if number == errno.ENOENT:
        return _REASONS["missing"]
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or "Permission denied" in text:
        return _REASONS["forbidden"]
    return _REASONS["memory" if isinstance(error, duckdb.OutOfMemoryException) else "other"]
