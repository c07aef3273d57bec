"""A file in, a published snapshot and a report out; or a refusal, and the store as it was."""

import errno
import re
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from data import engine
from data.access import SHOWN_DIGITS
from data.definitions.fields import FIELDS
from data.definitions.problems import PROBLEMS, Severity
from data.definitions.registers import Register, registers
from data.home import scratch
from data.intake import check
from data.intake.check import Areas
from data.intake.clean import Cleaned, Complaint, FileComplaint, clean
from data.intake.read import Sheet, Unreadable, sheets
from data.intake.recognise import SEARCHED_ROWS, Recognition, date_in, recognise
from data.places import reference
from data.places.boundaries import BoundaryError, BoundaryReport, import_boundaries
from data.snapshots import PROBLEMS as PROBLEM_ROWS
from data.snapshots import ROWS, Counts, Snapshot, Source, Store, digest, now, write_manifest
from data.wording import DEFAULT, N_, Value, translate

MAP_ENDINGS: Final = (".geojson", ".gpkg", ".shp")
SAMPLE_MARK: Final = "CONTOH"
MOST_OUTSIDE: Final = 0.5
FIRST_ROWS: Final = 5
EXAMPLES: Final = 3
ROW_GROUP: Final = 50_000


@dataclass(frozen=True)
class Reported:
    """One line of the report: a complaint, how many rows it concerns, the first of them, what its message names."""

    code: str
    severity: Severity
    rows: int
    column: str = ""
    first_rows: tuple[int, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)


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
    period, assumed = _period(raw, recognition, file, told_period)
    areas = check.areas(raw, recognition, told_place)
    if areas is None:
        raise Refusal("place_unknown")
    if told_place and areas.share_outside > MOST_OUTSIDE:
        raise Refusal("place_not_in_file", place=f"{reference.place(told_place).name} ({told_place})")
    duplicate = _duplicate(store, file, register, period, areas)
    if isinstance(duplicate, ImportResult):
        return duplicate
    cleaned = clean(raw, recognition, period)
    rows = _Rows(backend, raw, recognition, cleaned, areas, period)
    if not rows.accepted:
        raise Refusal("file_empty")
    snapshot_id = f"{register.key}-{areas.place or 'id'}-{period}-{file.sha256[:8]}"
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
            place=areas.place,
            covers=areas.covers,
            period=period,
            sample=sample or SAMPLE_MARK in recognition.title.upper() or rows.marked_as_sample,
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
    raw: ir.Table, recognition: Recognition, file: _File, told: date | None
) -> tuple[date, tuple[FileComplaint, ...]]:
    """The day of the data: told, else written above the headings, else in the file's name, else assumed with a warning."""
    if told:
        return told, ()
    written = date_in(recognition.title) or date_in(re.sub(r"(\.[A-Za-z]{2,7})+$", "", file.name))
    today = now().date()
    if written and written <= today:
        return written, ()
    if recognition.column("updated_on"):
        day = clean(raw, recognition, today).values["updated_on"]
        newest = raw.aggregate(day=day.max(where=day <= ibis.literal(today))).to_pyarrow()["day"][0].as_py()
        if newest:
            return newest, (FileComplaint("period_assumed", {"period": newest, "evidence": N_("the newest update date")}),)
    day = date.fromtimestamp(file.path.stat().st_mtime)
    return day, (FileComplaint("period_assumed", {"period": day, "evidence": N_("the day the file was saved")}),)


def _duplicate(
    store: Store, file: _File, register: Register, period: date, areas: Areas
) -> ImportResult | tuple[FileComplaint, ...]:
    same = store.same(register.key, file.sha256)
    for snapshot in same:
        if snapshot.period == period and snapshot.place == areas.place:
            lines = tuple(Reported(**{**line, "first_rows": tuple(line["first_rows"])}) for line in snapshot.problems)
            return ImportResult(file.name, register.key, snapshot, lines, duplicate_of=snapshot.id)
    return tuple(FileComplaint("same_file_other_period", {"period": snapshot.period}) for snapshot in same[:1])


def _about_file(recognition: Recognition, rows: "_Rows", encoding: str, others: list[str]) -> list[FileComplaint]:
    notes = []
    if rows.extras:
        names = ", ".join(name.removeprefix("+") for name in rows.extras)
        notes.append(FileComplaint("columns_kept", {"count": len(rows.extras), "columns": names}))
    for column in recognition.known:
        if column.confidence < 1:
            about = {"column": column.heading, "field": FIELDS[column.field].label, "confidence": f"{column.confidence:.0%}"}
            notes.append(FileComplaint("heading_unsure", about, column.heading))
    if encoding not in ("utf-8", "utf-16"):
        notes.append(FileComplaint("encoding_damaged", {"encoding": encoding}))
    if others:
        notes.append(FileComplaint("sheets_ignored", {"sheet": recognition.sheet.name, "others": ", ".join(others)}))
    return notes


class _Rows:
    """The table that becomes the snapshot's rows: cleaned, placed, grouped by family, with the complaints as bits."""

    def __init__(
        self, backend: Backend, raw: ir.Table, recognition: Recognition, cleaned: Cleaned, areas: Areas, period: date
    ) -> None:
        self._backend, self._raw, self._recognition = backend, raw, recognition
        self._cleaned, self._areas, self._period = cleaned, areas, period
        self._out = self._kept("left_out", check.left_out(raw, recognition))
        repeats = check.repeated(raw, recognition)
        self._repeated = self._kept("repeated", repeats.anti_join(self._out, "file_row"))
        (total,) = self._numbers(raw.aggregate(rows=ibis._.count()))
        out = self._out
        blanks, self.furniture, self.rejected = self._numbers(
            out.aggregate(a=out.blank.sum(), b=(out.furniture & ~out.blank).sum(), c=(~out.furniture).sum())
        )
        self.read = total - blanks - self.furniture
        self.accepted = self.read - self.rejected
        self.extras = self._extra_columns()
        self._later = self._complaints_of_the_whole()
        self.complaints: list[Complaint] = [*cleaned.complaints, *self._later]

    @property
    def marked_as_sample(self) -> bool:
        column = self._recognition.column("family_register_id")
        shown = (row[column.index] for _, row in self._recognition.sheet.preview if column and column.index < len(row))
        return any(cell.upper().startswith(SAMPLE_MARK) for cell in shown)

    def heading(self, complaint: Complaint) -> str:
        return check.heading_of(self._recognition, complaint.column)

    def write(self, path: Path) -> None:
        """Writes the accepted rows, sorted by kelurahan, then the family head's name, then the place in the family."""
        placed = self._view("placed", self._placed())
        table = self._with_families(placed)
        if "nik" in self._cleaned.values:
            table = self._with_duplicates(table, placed)
        bits = _bits(enumerate((c.condition.resolve(table) for c in self._later), start=len(self._cleaned.complaints)))
        order = [table.kelurahan_code.asc(nulls_first=False), table.family_no, table.place_in_family, table.file_row]
        table = table.mutate(problem_bits=table.own_bits | bits).order_by(order)
        table = table.drop("own_bits", "unplaced", "outside", "corrected", *({"nik_twice"} & set(table.columns)))
        self._backend.con.execute(
            f"COPY ({self._backend.compile(table)}) TO '{engine.quoted(path)}'"
            f" (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
        )

    def reported(self, rows: Path) -> list[Reported]:
        """What the rows' bits say, with the first rows of each complaint and what its message names."""
        found = self._backend.con.execute(
            f"SELECT problem_bits, count(*), min(file_row, {FIRST_ROWS}) FROM read_parquet($path) GROUP BY ALL", {"path": str(rows)}
        ).fetchall()
        lines = []
        for bit, complaint in enumerate(self.complaints):
            concerned = [(count, first) for bits, count, first in found if bits >> bit & 1]
            if concerned:
                first_rows = sorted(number for _, numbers in concerned for number in numbers)[:FIRST_ROWS]
                count = sum(count for count, _ in concerned)
                lines.append(self._line(complaint.code, count, self.heading(complaint), first_rows))
        for code, count, which in (
            ("no_name_no_identifier", self.rejected, "NOT furniture"),
            ("rows_left_out", self.furniture, "furniture AND NOT blank"),
        ):
            if count:
                (numbers,) = self._backend.con.execute(
                    f"SELECT min(file_row, {FIRST_ROWS}) FROM left_out WHERE {which}"
                ).fetchall()[0]
                lines.append(self._line(code, count, "", numbers))
        return sorted(lines, key=lambda line: (line.severity != "rejected", -line.rows))

    def _line(self, code: str, rows: int, column: str, first_rows: Sequence[int]) -> Reported:
        values: dict[str, Value] = {}
        if code == "nik_duplicated":
            (values["niks"],) = self._numbers(self._backend.table("twice").aggregate(rows=ibis._.count()))
        elif code == "update_after_period":
            values["period"] = self._period
        elif code == "outside_place":
            values["place"] = f"{reference.place(self._areas.place).name} ({self._areas.place})"
        elif code == "kelurahan_corrected":
            spelt = [area for area in self._areas.found if area.corrected]
            common = sorted(spelt, key=lambda area: -area.rows)[:EXAMPLES]
            values["examples"] = "; ".join(check.described(area) for area in common)
        return Reported(code, PROBLEMS[code].severity, rows, column, tuple(first_rows), values)

    def write_problems(self, rows: Path, path: Path) -> None:
        """A row for every complaint about a row: file_row, kelurahan_code, code, heading, value (identifiers masked)."""
        flagged = f"(SELECT file_row, kelurahan_code, problem_bits FROM read_parquet('{engine.quoted(rows)}') WHERE problem_bits <> 0)"
        selects = [
            f"SELECT f.file_row, f.kelurahan_code, '{c.code}' AS code, {_text(self.heading(c))} AS heading,"
            f" {self._shown(c.column)} AS value FROM flagged f JOIN raw USING (file_row) WHERE f.problem_bits & {1 << bit} <> 0"
            for bit, c in enumerate(self.complaints)
        ]
        reason = "if(furniture, 'rows_left_out', 'no_name_no_identifier')"
        selects.append(f"SELECT file_row, NULL, {reason}, '', NULL FROM left_out WHERE NOT blank")
        self._backend.con.execute(
            f"COPY (WITH flagged AS MATERIALIZED {flagged} {' UNION ALL '.join(selects)} ORDER BY file_row, code)"
            f" TO '{engine.quoted(path)}' (FORMAT parquet, COMPRESSION zstd)"
        )

    def _shown(self, index: int | None) -> str:
        """The value as the file has it; of an identifier only the first digits."""
        if index is None:
            return "NULL"
        field = next((column.field for column in self._recognition.columns if column.index == index), "")
        masked = f"left(c{index}, {SHOWN_DIGITS}) || repeat('*', greatest(length(c{index}) - {SHOWN_DIGITS}, 0))"
        return masked if not field or FIELDS[field].sensitivity == "identifier" else f"c{index}"

    def counts(self, rows: Path) -> Counts:
        """What the manifest says of the rows."""
        dated = "updated_on" in self._cleaned.values
        unplaced, persons, families, undated = self._backend.con.execute(
            f"""SELECT count(*) FILTER (counted AND kelurahan_code IS NULL), count(*) FILTER (counted),
                count(DISTINCT family_no) FILTER (counted),
                {"count(*) FILTER (counted AND updated_on IS NULL)" if dated else "0"} FROM read_parquet($path)""",
            {"path": str(rows)},
        ).fetchall()[0]
        (repeated,) = self._numbers(self._repeated.aggregate(rows=ibis._.count()))
        return Counts(
            self.read, self.accepted, self.rejected, unplaced, repeated, self.furniture, persons, families, undated
        )

    # How the table is put together

    def _complaints_of_the_whole(self) -> list[Complaint]:
        """Complaints that need more than the row itself; their conditions speak of the finished table."""
        nik, kelurahan, kabkota = (self._index(field) for field in ("nik", "kelurahan", "kabkota"))
        return [
            *([Complaint("nik_duplicated", nik, ibis._.nik_twice)] if nik is not None else []),
            Complaint("kelurahan_unknown", kelurahan, ibis._.unplaced & ~ibis._.outside),
            Complaint("outside_place", kabkota, ibis._.outside),
            Complaint("kelurahan_corrected", kelurahan, ibis._.corrected),
            Complaint("row_repeated", None, ~ibis._.counted),
        ]

    def _placed(self) -> ir.Table:
        """Every accepted row with its values, its area and its family's key."""
        raw, values = self._raw, self._cleaned.values
        own_bits = _bits(enumerate(complaint.condition for complaint in self._cleaned.complaints))
        written = {f"a{position}": raw[f"c{index}"].fill_null("") for position, index in enumerate(self._areas.columns)}
        kept = {key: value for key, value in values.items() if key not in check.AREA_FIELDS}
        as_written = {f"{key}_written": values[key] for key in ("kecamatan", "kelurahan") if key in values}
        table = raw.select("file_row", **kept, **as_written, **written, **self.extras, own_bits=own_bits)
        table = table.anti_join(self._out, "file_row")
        self._backend.con.register("areas", self._areas.table())
        areas = self._backend.table("areas")
        table = table.inner_join(areas, list(written)) if written else table.cross_join(areas)
        repeated = self._repeated.select(repeated_row="file_row")
        table = table.left_join(repeated, table.file_row == repeated.repeated_row)
        keys = [ibis.literal(mark) + table[key] for mark, key in (("k", "kk"), ("f", "family_register_id")) if key in values]
        return table.mutate(
            counted=table.repeated_row.isnull(),
            family=ibis.coalesce(*keys, ibis.literal("r") + table.file_row.cast("string")),
            place_in_family=_place_in_family(table.relation) if "relation" in values else ibis.literal(3, "int8"),
            **{key: ibis.ifelse(table.unplaced | table.corrected, table[key], ibis.null("string")) for key in as_written},
        ).drop("repeated_row", *written)

    def _with_families(self, people: ir.Table) -> ir.Table:
        """Adds the family's number in the order of names, its head, size and newest update up to the data's date."""
        first = people.place_in_family.cast("int64") * 10**10 + people.file_row
        dated, named = "updated_on" in people.columns, "name" in people.columns
        families = people.group_by("family").aggregate(
            family_size=people.counted.sum().cast("int32"),
            family_head=people.name.argmin(first) if named else ibis.null("string"),
            **({"family_updated_on": people.updated_on.max(where=people.updated_on <= self._period)} if dated else {}),
        )
        by_name = ibis.row_number().over(order_by=[families.family_head.asc(nulls_first=False), families.family])
        numbered = self._kept("families", families.mutate(family_no=by_name))
        return people.inner_join(numbered, "family").drop("family")

    def _with_duplicates(self, people: ir.Table, placed: ir.Table) -> ir.Table:
        numbered = placed.filter(placed.counted & placed.nik.notnull()).group_by(twice=placed.nik)
        twice = self._kept("twice", numbered.aggregate(rows=ibis._.count()).filter(ibis._.rows > 1))
        joined = people.left_join(twice.select("twice"), people.nik == twice.twice)
        return joined.mutate(nik_twice=joined.twice.notnull() & joined.counted).drop("twice")

    def _extra_columns(self) -> dict[str, ir.StringValue]:
        """Columns without a field under the name they are stored by; nameless ones only where something stands in them."""
        unknown = {f"c{c.index}": c.heading for c in self._recognition.unknown} | {"beyond": ""}
        nameless = {key: (self._raw[key].strip() != "").any() for key, heading in unknown.items() if not heading}
        (filled,) = self._raw.aggregate(**nameless).to_pyarrow().to_pylist()
        extras: dict[str, ir.StringValue] = {}
        for position, (key, heading) in enumerate(unknown.items(), start=1):
            if heading or filled[key]:
                name = f"+{heading or f'Kolom {position}'}"
                while name.lower() in {taken.lower() for taken in extras}:
                    name += "'"
                extras[name] = self._raw[key].nullif("")
        return extras

    def _index(self, field: str) -> int | None:
        column = self._recognition.column(field)
        return column.index if column else None

    def _kept(self, name: str, table: ir.Table) -> ir.Table:
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {self._backend.compile(table)}")
        return self._backend.table(name)

    def _view(self, name: str, table: ir.Table) -> ir.Table:
        """The same table by a name, so that what builds on it need not be compiled with it again."""
        self._backend.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {self._backend.compile(table)}")
        return self._backend.table(name)

    def _numbers(self, table: ir.Table) -> list[int]:
        (row,) = table.to_pyarrow().to_pylist()
        return [int(value or 0) for value in row.values()]


def _bits(conditions: Any) -> ir.IntegerValue:
    """One number with a bit for every condition that holds."""
    bits: ir.IntegerValue = ibis.literal(0, "int64")
    for bit, condition in conditions:
        bits = bits + ibis.ifelse(condition, ibis.literal(1 << bit, "int64"), ibis.literal(0, "int64"))
    return bits


def _place_in_family(relation: ir.StringValue) -> ir.IntegerValue:
    """0 head, 1 spouse, 2 child, 3 anybody else: the order in which a family is listed."""
    word = relation.upper()
    return ibis.cases(
        (word.contains("KEPALA") | word.isin(["KK", "KRT", "1"]), 0),
        (word.contains("ISTRI") | word.contains("SUAMI") | (word == "2"), 1),
        (word.contains("ANAK") | (word == "3"), 2),
        else_=3,
    ).cast("int8")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
