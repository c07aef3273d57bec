"""A file in, published snapshots and a report out; or a refusal, and the store as it was."""

import errno
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from data import engine
from data.area import within
from data.definitions.catalogue import FIELDS, INDICATORS, PROBLEMS, REGISTERS
from data.home import scratch
from data.intake.areas import Areas, areas
from data.intake.clean import FileComplaint, clean, dates_of, layers
from data.intake.dates import date_in
from data.intake.figure_table import SAVED_DAY, read_figures
from data.intake.figure_titles import place_in
from data.intake.figures import Figures, NotFigures
from data.intake.layouts import Layouts
from data.intake.limits import Clock, Excess, Unreadable
from data.intake.read import DAMAGED, Sheet, sheets
from data.intake.recognise import SEARCHED_ROWS, Recognised, Recognition, recognise
from data.intake.rows import EXAMPLES, Reported, Rows
from data.places import reference
from data.places.boundaries import BoundaryError, BoundaryReport, import_boundaries
from data.places.codes import NO_PAIRS, Pairs
from data.snapshots import PROBLEMS as PROBLEM_ROWS
from data.snapshots import ROWS, Counts, Snapshot, Source, Store, digest, now, write_manifest
from data.wording import DEFAULT, N_, Value, translate

NOT_COUNTED: Final = Counts(0, 0, 0, 0, 0, 0, 0, 0, 0)
MAP_ENDINGS: Final = (".geojson", ".gpkg", ".shp")
SAMPLE_MARK: Final = "CONTOH"
MOST_OUTSIDE: Final = 0.5
SAYS_KABKOTA: Final = ("province", "kabkota", "area_code", "code_province", "code_kabkota", "code_kecamatan")
BOUNDARIES: Final = "boundaries"
NO_MAPPING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class ImportResult:
    """What became of a file, or of one sheet of it: a snapshot, boundaries, or neither where it was refused.

    `duplicate_of` names the identical snapshot that was there already. `question` is what has to be answered before
    the sheet can be read: which of two registers it is, or what a column means. `number` is the sheet's place in the
    file, from 1.
    """

    file: str
    register: str
    snapshot: Snapshot | None
    problems: tuple[Reported, ...]
    duplicate_of: str | None = None
    boundaries: BoundaryReport | None = None
    sheet: str = ""
    question: Recognised | None = None
    number: int = 1

    @property
    def refused(self) -> bool:
        return self.snapshot is None and self.boundaries is None


class Refusal(Exception):
    """The file stays out; carries the complaint that says why."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code)
        self.reported = Reported(code, "refused", 0, values=values)


@dataclass(frozen=True)
class Told:
    """What the user says about a file; "" and None leave it to the file. `mapping` is heading → field, and `layout` the
    name under which it is kept for the next file.
    """

    register: str = ""
    period: date | None = None
    place: str = ""
    sample: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    layout: str = ""


NOTHING_TOLD: Final = Told()
NOTHING_EACH: Final[Mapping[int, Told]] = MappingProxyType({})

Progress = Callable[[str], None]
"""Is told what is being done now, as a message id."""
READING: Final = N_("Reading the file")
RECOGNISING: Final = N_("Recognising register and columns")
LOADING: Final = N_("Reading the rows")
CHECKING: Final = N_("Checking the rows")
WRITING: Final = N_("Writing")


def silent(_step: str) -> None:
    """For those who need not know how far an import is."""


May = Callable[[str], bool]
"""Whether data about an area may be imported."""


def anywhere(_place: str) -> bool:
    """For those who may import everything."""
    return True


def import_file(
    store: Store,
    path: Path,
    *,
    register: str | None = None,
    period: date | None = None,
    place: str | None = None,
    sample: bool = False,
    name: str | None = None,
    mapping: Mapping[str, str] = NO_MAPPING,
    layout: str = "",
) -> ImportResult:
    """The same as `import_sheets` for a file that holds one table: what became of the first."""
    told = Told(register or "", period, place or "", sample, mapping, layout)
    return import_sheets(store, path, told, name=name)[0]


def import_sheets(
    store: Store,
    path: Path,
    told: Told = NOTHING_TOLD,
    *,
    name: str | None = None,
    each: Mapping[int, Told] = NOTHING_EACH,
    before: Sequence[ImportResult] = (),
    progress: Progress = silent,
    may: May = anywhere,
) -> tuple[ImportResult, ...]:
    """Reads, recognises, cleans, checks and publishes a file: a result for every sheet that is a register, and of which
    `may` says that the area that it speaks for may be imported (`data.history.bring_in` asks the viewer's rights).

    `name` is the file's own name where `path` is a temporary copy. `each` says something of single sheets, by their
    place in the file from 1; sheets that it leaves out then stay out. `before` is what other sheets of the file have
    become. Never raises for bad input: what is wrong is in the results' `problems`, and what is refused leaves the
    store as it was.
    """
    name = name or path.name
    key = told.register
    try:
        for said in (told, *each.values()):
            key = register_told(path, said)
        if key == BOUNDARIES:
            progress(READING)
            _refuse_beyond(told.place, may)
            return (_import_boundaries(store, path, name, told.place or None),)
        with scratch(store.path) as folder, ThreadPoolExecutor(1) as beside:
            file = File(path, name, beside.submit(digest, path), path.stat().st_size, may)
            return _import_tables(store, file, told, folder, each, before, progress)
    except Refusal as refusal:
        return (ImportResult(name, key, None, (refusal.reported,)),)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        return (ImportResult(name, key, None, (storage_failed(error),)),)


def register_told(path: Path, told: Told) -> str:
    """The register that the user names or that the kind of file makes plain; "" leaves it to the content.

    Raises Refusal where there is no such file, place or register.
    """
    if not path.is_file():
        raise Refusal("file_missing")
    if told.place and reference.find(told.place) is None:
        raise Refusal("place_not_a_code", place=told.place)
    key = told.register or (BOUNDARIES if is_map(path) else "")
    if key and key not in (*REGISTERS, BOUNDARIES):
        raise Refusal("register_unknown", register=key, known=", ".join((*REGISTERS, BOUNDARIES)))
    return key


def is_map(path: Path) -> bool:
    """Whether a file holds boundaries rather than a table, by its name or, of an archive, by the names in it."""
    if path.suffix.lower() in MAP_ENDINGS:
        return True
    if not zipfile.is_zipfile(path):
        return False
    with suppress(*DAMAGED), zipfile.ZipFile(path) as archive:
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
class File:
    """A file on its way in: where it lies, what it is called, and about which areas it may be."""

    path: Path
    name: str
    hashing: "Future[str | None]"
    bytes: int
    may: May = anywhere

    @property
    def stem(self) -> str:
        """The file's name without its endings."""
        return re.sub(r"(\.[A-Za-z]{2,7})+$", "", self.name)

    @property
    def sha256(self) -> str:
        return self.hashing.result() or ""


@dataclass(frozen=True)
class Table:
    """A sheet that is a register, the `number`th of its file, among `others` that are none."""

    recognition: Recognition
    number: int
    alone: bool
    others: tuple[str, ...]

    @property
    def sheet(self) -> str:
        return "" if self.alone else self.recognition.sheet.name

    @property
    def suffix(self) -> str:
        return "" if self.alone else f"-{self.number}"


def tables(
    store: Store, file: File, told: Told, each: Mapping[int, Told], folder: Path, progress: Progress = silent
) -> tuple[Mapping[int, Recognised], Mapping[int, Table]]:
    """What every sheet with content is taken for, and those of them that are registers, by their place in the file.

    `folder` is for what has to be unpacked. Raises Refusal where the file cannot be read.
    """
    progress(READING)
    try:
        found: list[Sheet] = sheets(file.path, folder)
        progress(RECOGNISING)
        kept, clock = Layouts(store.path).kept(), Clock()
        answers = {
            number: recognise(sheet, told=said.register, mapping=said.mapping, kept=kept)
            for number, sheet in enumerate(found, start=1)
            if sheet.preview and clock.runs()
            for said in (each.get(number, told),)
        }
    except Unreadable as reason:
        raise unreadable(reason) from None
    chosen = {number: answer.best for number, answer in answers.items() if answer.best}
    others = tuple(sheet.name for number, sheet in enumerate(found, start=1) if number not in chosen and sheet.preview)
    return answers, {number: Table(best, number, len(chosen) == 1, others) for number, best in chosen.items()}


def unreadable(reason: Unreadable) -> Refusal:
    """Why a file cannot be read, and the limit that it goes beyond."""
    if isinstance(reason, Excess):
        return Refusal(reason.code, **reason.values)
    return Refusal("file_unreadable", reason=str(reason))


def _import_tables(
    store: Store,
    file: File,
    told: Told,
    folder: Path,
    each: Mapping[int, Told],
    before: Sequence[ImportResult],
    progress: Progress,
) -> tuple[ImportResult, ...]:
    answers, found = tables(store, file, told, each, folder, progress)
    if not found:
        raise not_recognised(answers.values())
    results: list[ImportResult] = []
    for number in each or found:
        said = each.get(number, told)
        if table := found.get(number):
            known = (*before, *results)
            result = _result(store, file, said, table, answers[number], folder, known, progress)
        else:
            refusal = not_recognised([answers[number]] if number in answers else [])
            result = ImportResult(file.name, said.register, None, (refusal.reported,))
        results.append(replace(result, number=number))
    return tuple(results)


def _result(
    store: Store,
    file: File,
    told: Told,
    table: Table,
    answer: Recognised,
    folder: Path,
    before: Sequence[ImportResult],
    progress: Progress,
) -> ImportResult:
    """What becomes of one table; what is wrong with it keeps no other sheet out."""
    key = table.recognition.register
    try:
        refuse_mapping(answer)
        if answer.needs_answer:
            return ImportResult(
                file.name,
                key,
                None,
                (question_of(answer, said=bool(told.register)),),
                sheet=table.sheet,
                question=answer,
            )
        publish = _import_figures if REGISTERS[key].grain == "figure" else _import
        result = publish(store, file, told, table, folder, before, progress)
    except Refusal as refusal:
        return ImportResult(file.name, key, None, (refusal.reported,), sheet=table.sheet)
    except Unreadable as reason:  # Deep in a file can stand what its first rows do not show.
        return ImportResult(file.name, key, None, (unreadable(reason).reported,), sheet=table.sheet)
    except FileExistsError as twin:
        # Another process stored the same file while this one was reading it.
        snapshot = store.snapshot(str(twin))
        return ImportResult(file.name, key, snapshot, reported_again(snapshot), snapshot.id, sheet=table.sheet)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        return ImportResult(file.name, key, None, (storage_failed(error),), sheet=table.sheet)
    if told.mapping and result.snapshot and not result.duplicate_of:
        headings = [column.heading for column in table.recognition.columns]
        Layouts(store.path).keep(told.layout or f"{key} {file.stem}", key, told.mapping, headings)
    return result


def not_recognised(answers: Iterable[Recognised]) -> Refusal:
    """Why none of these tables is taken for a register."""
    tries = [answer.closest for answer in answers if answer.closest]
    best = max(tries, key=lambda one: sum(column.confidence for column in one.known), default=None)
    known = ", ".join(column.heading for column in best.known) if best else ""
    return Refusal(
        "register_not_recognised", searched=SEARCHED_ROWS, row=best.header_row if best else 1, known=known or "–"
    )


def refuse_mapping(answer: Recognised) -> None:
    """Raises Refusal where the user's mapping names fields or headings that do not exist."""
    if answer.unknown_fields:
        raise Refusal("mapping_unknown_field", fields=", ".join(answer.unknown_fields))
    if answer.unknown_headings:
        raise Refusal("mapping_unknown_heading", headings=", ".join(answer.unknown_headings))


def question_of(answer: Recognised, *, said: bool) -> Reported:
    """What has to be answered, as a complaint that keeps the sheet out until then."""
    if answer.rivals and answer.best and not said:
        labels = [REGISTERS[one.register].label for one in (answer.best, *answer.rivals)]
        keys = ", ".join(one.register for one in (answer.best, *answer.rivals))
        return Reported(
            "register_ambiguous", "refused", 0, values={"first": labels[0], "second": labels[1], "keys": keys}
        )
    proposed = "; ".join(f"{one.heading or f'#{one.column + 1}'}={one.field}" for one in answer.proposals)
    return Reported("columns_unsure", "refused", 0, values={"proposed": proposed})


def _import(
    store: Store,
    file: File,
    told: Told,
    table: Table,
    folder: Path,
    before: Sequence[ImportResult],
    progress: Progress = silent,
) -> ImportResult:
    recognition, pairs = table.recognition, Pairs.of(store.path)
    backend = engine.connect(spill=folder)
    kept = layers(backend, recognition)
    progress(LOADING)
    loaded = recognition.sheet.load(backend.con, "raw", recognition.header_row, len(recognition.columns), kept)
    raw = backend.table("raw")
    ((total,),) = backend.con.execute("SELECT count(*) FROM raw").fetchall()
    if not total:
        raise Refusal("file_empty")
    period, assumed = period_of(backend, raw, recognition, file, told.period)
    where, supposed = areas_of(raw, recognition, file, told.place, pairs)
    if supposed:
        assumed = (*assumed, FileComplaint("place_assumed", {"place": _named(supposed)}))
    _refuse_beyond(where.covers, file.may)
    duplicate = twin_of(store, file, table, period, where.place)
    if isinstance(duplicate, ImportResult):
        return duplicate
    _refuse_overlap(table, period, where.covers, before)
    progress(CHECKING)
    cleaned = clean(backend, raw, recognition, period, loaded)
    rows = Rows(backend, raw, total, recognition, cleaned, where, period, loaded)
    if not rows.accepted:
        raise Refusal("file_empty")
    progress(WRITING)
    draft = replace(
        _draft(file, told, table, where.place, where.covers, period),
        fields=rows.fields,
        extras=tuple(rows.extras),
        columns=_columns(recognition),
        row_problems=tuple((complaint.code, rows.heading(complaint)) for complaint in rows.complaints),
    )

    def fill(staging: Path) -> tuple[Counts, tuple[Reported, ...]]:
        rows.write(staging / ROWS)
        notes = (
            *cleaned.notes,
            *assumed,
            *duplicate,
            *where.notes,
            *_about_file(recognition, rows, loaded.encoding, table),
        )
        reported = (*rows.reported(staging / ROWS), *map(_noted, notes))
        rows.write_problems(staging / ROWS, staging / PROBLEM_ROWS)
        return rows.counts(staging / ROWS), reported

    result = _published(store, draft, fill)
    pairs.learn(where.learned)
    return result


def areas_of(
    raw: ir.Table, recognition: Recognition, file: File, told: str, pairs: Pairs = NO_PAIRS
) -> tuple[Areas, str]:
    """Where the rows of a by-name table lie; and, where only its title or the file's name says it, that place.

    Raises Refusal where nothing tells it, or most rows name another place.
    """
    said = any(column.field in SAYS_KABKOTA for column in recognition.known)
    supposed = "" if told or said else place_in(recognition.title) or place_in(file.stem)
    where = areas(raw, recognition, told or supposed, pairs)
    if where is None and (supposed := place_in(recognition.title) or place_in(file.stem)):
        where = areas(raw, recognition, supposed, pairs)
    if where and supposed and where.share_outside > MOST_OUTSIDE:
        where, supposed = areas(raw, recognition, "", pairs), ""
    if where is None:
        raise Refusal("place_unknown")
    if told and where.share_outside > MOST_OUTSIDE:
        raise Refusal("place_not_in_file", place=_named(told))
    return where, supposed


def _import_figures(
    store: Store,
    file: File,
    told: Told,
    table: Table,
    folder: Path,
    before: Sequence[ImportResult],
    progress: Progress = silent,
) -> ImportResult:
    recognition, pairs = table.recognition, Pairs.of(store.path)
    progress(CHECKING)
    backend = engine.connect(spill=folder)
    recognition.sheet.load(backend.con, "raw", recognition.header_row, len(recognition.columns))
    saved_on = _saved_on(file.path)
    figures = read_figures(
        backend, backend.table("raw"), recognition.columns, recognition.title, file.name, told.register, told.place,
        told.period,
        saved_on=saved_on, pairs=pairs,
    )  # fmt: skip
    if isinstance(figures, NotFigures):
        # A plain list of names and codes holds no figures, but tells what the codes mean.
        pairs.learn(figures.learned)
        raise Refusal(figures.code, **figures.values)
    table = replace(table, recognition=replace(recognition, register=figures.register.key))
    _refuse_beyond(figures.covers, file.may)
    duplicate = twin_of(store, file, table, figures.period, figures.place)
    if isinstance(duplicate, ImportResult):
        return duplicate
    _refuse_overlap(table, figures.period, figures.covers, before, figures)
    progress(WRITING)
    draft = replace(
        _draft(file, told, table, figures.place, figures.covers, figures.period),
        fields=figures.fields,
        columns=tuple(asdict(column) for column in figures.columns),
        row_problems=figures.row_problems,
        grain="figure",
        periods=figures.periods,
    )

    def fill(staging: Path) -> tuple[Counts, tuple[Reported, ...]]:
        figures.write(staging)
        notes = (*figures.notes, *_about_feeds(figures), *duplicate, *_about_others(table))
        return figures.counts, (*figures.reported(), *map(_noted, notes))

    result = _published(store, draft, fill)
    pairs.learn(figures.learned)
    return result


def _draft(file: File, told: Told, table: Table, place: str, covers: str, period: date) -> Snapshot:
    """The manifest as far as file and recognition tell it, without what was found in the rows."""
    recognition = table.recognition
    return Snapshot(
        id=f"{recognition.register}-{place or 'id'}-{period}-{file.sha256[:8]}{table.suffix}",
        register=recognition.register,
        place=place,
        covers=covers,
        period=period,
        sample=told.sample or _marked_as_sample(recognition),
        source=Source(file.name, file.sha256, file.bytes, table.sheet),
        counts=NOT_COUNTED,
        layout=recognition.layout or "other",
        header_row=recognition.header_row,
        fields=(),
        extras=(),
        columns=(),
        row_problems=(),
        problems=(),
        imported_at=now(),
        grain=recognition.grain,
    )


def _published(
    store: Store, draft: Snapshot, fill: Callable[[Path], tuple[Counts, tuple[Reported, ...]]]
) -> ImportResult:
    """Fills a snapshot's folder, completes its manifest with what that found, and puts it into the store."""
    with store.publishing(draft.id) as staging:
        counts, reported = fill(staging)
        problems = tuple(asdict(line) for line in reported)
        write_manifest(staging, replace(draft, counts=counts, problems=problems, imported_at=now()))
    source = draft.source
    return ImportResult(source.file, draft.register, store.snapshot(draft.id), reported, sheet=source.sheet)


def _refuse_beyond(place: str, may: May) -> None:
    """Before anything is said of what is stored about the place."""
    if not may(place):
        raise Refusal("place_beyond_area", place=_named(place) if place else "–")


def _named(code: str) -> str:
    return f"{reference.place(code).name} ({code})"


def _noted(note: FileComplaint) -> Reported:
    return Reported(note.code, PROBLEMS[note.code].severity, note.rows, note.column, (), note.values)


def _columns(recognition: Recognition) -> tuple[dict[str, object], ...]:
    """The columns for the manifest, without what stands in them."""
    return tuple(asdict(replace(column, samples=())) for column in recognition.columns)


def _refuse_overlap(
    table: Table, period: date, covers: str, before: Sequence[ImportResult], figures: Figures | None = None
) -> None:
    """Two sheets of one register, area and date would hide each other."""
    for earlier in (result.snapshot for result in before if result.snapshot):
        same = (earlier.register, earlier.period) == (table.recognition.register, period)
        other_measures = figures is not None and set(figures.fields).isdisjoint(earlier.fields)
        if same and (within(covers, earlier.covers) or within(earlier.covers, covers)) and not other_measures:
            raise Refusal("sheet_overlaps", sheet=table.sheet, other=earlier.source.sheet)


_YEAR: Final = re.compile(r"(?i)(?:tahun|thn|th\.?|_|-|\s)\s*:?\s*(20\d\d)(?!\d)")


def _written_day(recognition: Recognition, file: File) -> date | None:
    """What the title, else the file's name says; a year alone stands for its last day, of the running one that has
    passed.
    """
    today = now().date()
    for text in (recognition.title, file.stem):
        if (day := date_in(text)) and day <= today:
            return day
    for text in (recognition.title, file.stem):
        if (found := _YEAR.search(f" {text}")) and int(found[1]) < today.year:
            return date(int(found[1]), 12, 31)
    return None


def period_of(
    backend: Backend, raw: ir.Table, recognition: Recognition, file: File, told: date | None
) -> tuple[date, tuple[FileComplaint, ...]]:
    """The day of the data and what is to be said about it: told, else written above the headings, else in the file's
    name, else assumed with a warning.
    """
    if told:
        return told, ()
    if written := _written_day(recognition, file):
        return written, ()
    today = now().date()
    register = REGISTERS[recognition.register]
    for key in dict.fromkeys((register.newest_by, *register.dated_by)):
        if column := recognition.column(key):
            days = dates_of(backend, raw, column, today).reading.days.values()
            if newest := max((day for day in days if day <= today), default=None):
                evidence = FIELDS[key].label
                return newest, (FileComplaint("period_assumed", {"period": newest, "evidence": evidence}),)
    day = _saved_on(file.path)
    return day, (FileComplaint("period_assumed", {"period": day, "evidence": SAVED_DAY}),)


def _saved_on(path: Path) -> date:
    """The day on which a file was saved; today where its clock says something else than the past."""
    today = now().date()
    with suppress(ValueError, OverflowError):
        return min(date.fromtimestamp(path.stat().st_mtime), today)
    return today


def twin_of(
    store: Store, file: File, table: Table, period: date, place: str
) -> ImportResult | tuple[FileComplaint, ...]:
    """What was made of the same sheet with the same date and place before; else a note where the date was another."""
    key = table.recognition.register
    same = [s for s in store.same(key, file.sha256) if s.source.sheet == table.sheet]
    for snapshot in same:
        if snapshot.period == period and snapshot.place == place:
            again = reported_again(snapshot)
            return ImportResult(file.name, key, snapshot, again, duplicate_of=snapshot.id, sheet=table.sheet)
    return tuple(FileComplaint("same_file_other_period", {"period": snapshot.period}) for snapshot in same[:1])


def reported_again(snapshot: Snapshot) -> tuple[Reported, ...]:
    """The report of a stored snapshot, out of its manifest."""
    return tuple(
        Reported(**{**line, "first_rows": tuple(line["first_rows"]), "values": _dated(line["values"])})
        for line in snapshot.problems
    )


def _dated(values: Mapping[str, Value]) -> dict[str, Value]:
    """Dates are text in a manifest."""
    return dict(values) | {
        key: day for key, value in values.items() if isinstance(value, str) and (day := _iso_day(value))
    }


def _iso_day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    return None


def _marked_as_sample(recognition: Recognition) -> bool:
    """Whether the title, or a number in most of the first rows, says that the file is a demonstration: of a real
    register a single cell may say so.
    """
    rows = [cells for _, cells in recognition.sheet.preview]
    marked = sum(any(cell.upper().startswith(f"{SAMPLE_MARK}-") for cell in cells) for cells in rows)
    return SAMPLE_MARK in recognition.title.upper() or 2 * marked > len(rows)


def _about_feeds(figures: Figures) -> list[FileComplaint]:
    """Says which of the built-in figures a table tells as well."""
    if not figures.feeds:
        return []
    return [
        FileComplaint(
            "figures_feed",
            {"indicators": ", ".join(translate(INDICATORS[key].label, DEFAULT) for key in figures.feeds)},
        )
    ]


def _about_others(table: Table) -> list[FileComplaint]:
    if not table.others:
        return []
    others = {"sheet": table.recognition.sheet.name, "others": ", ".join(table.others)}
    return [FileComplaint("sheets_ignored", others)]


def _about_file(recognition: Recognition, rows: Rows, encoding: str, table: Table) -> list[FileComplaint]:
    notes = []
    if rows.extras:
        names = ", ".join(name.removeprefix("+") for name in rows.extras)
        notes.append(FileComplaint("columns_kept", {"count": len(rows.extras), "columns": names}))
    for column in recognition.known:
        if column.confidence < 1 and column.how not in ("told", "layout"):
            about = {
                "column": column.heading,
                "field": FIELDS[column.field].label,
                "confidence": f"{column.confidence:.0%}",
            }
            notes.append(FileComplaint("heading_unsure", about, column.heading))
    if encoding not in ("utf-8", "utf-16"):
        notes.append(FileComplaint("encoding_damaged", {"encoding": encoding}))
    return notes + _about_others(table)


def storage_failed(error: Exception) -> Reported:
    """Why the disk refused, without paths."""
    return Reported("storage_failed", "refused", 0, values={"reason": _reason(error)})


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
