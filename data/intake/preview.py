"""What an import would make of a file, sheet by sheet, before anything is stored."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from data import engine
from data.definitions.catalogue import REGISTERS
from data.home import scratch
from data.intake.figure_table import SAVED_DAY, read_figures
from data.intake.figures import NotFigures, Role
from data.intake.importing import (
    BOUNDARIES,
    LOADING,
    NOTHING_EACH,
    NOTHING_TOLD,
    File,
    ImportResult,
    Progress,
    Refusal,
    Table,
    Told,
    areas_of,
    not_recognised,
    period_of,
    question_of,
    refuse_mapping,
    register_told,
    silent,
    storage_failed,
    tables,
    twin_of,
    unreadable,
)
from data.intake.limits import Unreadable
from data.intake.read import Loaded, Sheet
from data.intake.recognise import Recognised, Recognition
from data.intake.rows import Reported
from data.places.codes import Pairs
from data.snapshots import Store, digest
from data.wording import Value


@dataclass(frozen=True)
class Preview:
    """What an import would make of a sheet, the `number`th of its file; `sheet` is "" where the file has only one.

    `period` and `place` are those that an import would use, None where they have to be told; `evidence` says what a
    supposed date was taken from and `supposed` that only the title or the file's name tells the place. `place` "" is
    the whole country. `problem` is why an import would refuse the sheet or ask. `roles` are what the columns of a
    table of figures were taken for, by their index: what it is, and the level or measure.
    """

    file: str
    number: int = 1
    sheet: str = ""
    register: str = ""
    answer: Recognised | None = None
    rows: int = 0
    period: date | None = None
    evidence: str = ""
    place: str | None = None
    supposed: bool = False
    problem: Reported | None = None
    duplicate_of: str = ""
    roles: Mapping[int, tuple[Role, str]] = field(default_factory=dict)

    @property
    def recognition(self) -> Recognition | None:
        """What the sheet is taken for, else the nearest try."""
        return (self.answer.best or self.answer.closest) if self.answer else None

    @property
    def asks(self) -> bool:
        """Whether the register or a column has to be chosen before the sheet can be read."""
        return bool(self.answer and self.answer.needs_answer)

    @property
    def rivals(self) -> tuple[str, ...]:
        """The registers among which the user has to choose, the likeliest first."""
        if not self.answer or not self.answer.best or not self.problem or self.problem.code != "register_ambiguous":
            return ()
        return tuple(dict.fromkeys(one.register for one in (self.answer.best, *self.answer.rivals)))

    @property
    def storable(self) -> bool:
        """Whether an import would be tried with what is known."""
        known = self.register == BOUNDARIES or self.period is not None
        return bool(self.register) and known and not self.problem and not self.duplicate_of

    @property
    def clear(self) -> bool:
        """Whether it can be stored without a look: nothing has to be answered and nothing was supposed."""
        return self.storable and not self.evidence


def preview(
    store: Store,
    path: Path,
    told: Told = NOTHING_TOLD,
    name: str | None = None,
    *,
    each: Mapping[int, Told] = NOTHING_EACH,
    only: Collection[int] | None = None,
    progress: Progress = silent,
) -> tuple[Preview, ...]:
    """Every sheet of a file as `import_sheets` would take it, by the same rules; nothing is stored.

    `each` says something of single sheets, by their place in the file from 1; `only` are the sheets to look at. Sheets
    without content are left out. The rows are read once, because areas and dates stand in them. Never raises for bad
    input.
    """
    name = name or path.name
    try:
        if register_told(path, told) == BOUNDARIES:
            return (Preview(name, register=BOUNDARIES),)
        for said in each.values():
            register_told(path, said)
        with scratch(store.path) as folder, ThreadPoolExecutor(1) as beside:
            file = File(path, name, beside.submit(digest, path), path.stat().st_size)
            answers, found = tables(store, file, told, each, folder, progress)
            progress(LOADING)
            seen = [
                _sheet(store, file, each.get(number, told), found.get(number), answer, number, folder)
                for number, answer in answers.items()
                if only is None or number in only
            ]
            return tuple(replace(one, answer=slim(one.answer) if one.answer else None) for one in seen)
    except Refusal as refusal:
        return (Preview(name, register=told.register, problem=refusal.reported),)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        return (Preview(name, register=told.register, problem=storage_failed(error)),)


def slim(answer: Recognised) -> Recognised:
    """Without the sheets' rows and what reads them, to be kept for as long as somebody thinks about it."""

    def bare(found: Recognition) -> Recognition:
        return replace(found, sheet=Sheet(found.sheet.name, (), _gone))

    return replace(
        answer,
        best=bare(answer.best) if answer.best else None,
        rivals=tuple(map(bare, answer.rivals)),
        closest=bare(answer.closest) if answer.closest else None,
    )


def _gone(connection: object, table: str, header_row: int, width: int, layers: Sequence[str] = ()) -> Loaded:
    raise ValueError("the rows were not kept")


def _sheet(
    store: Store, file: File, told: Told, table: Table | None, answer: Recognised, number: int, folder: Path
) -> Preview:
    if table is None:
        sheet = answer.closest.sheet.name if answer.closest else ""
        refused = not_recognised([answer]).reported
        return Preview(file.name, number, sheet, told.register, answer, problem=refused)
    seen = Preview(file.name, number, table.sheet, table.recognition.register, answer)
    try:
        refuse_mapping(answer)
        look = _figures if REGISTERS[seen.register].grain == "figure" else _persons
        seen = look(seen, store, file, told, table, folder)
        known = replace(table, recognition=replace(table.recognition, register=seen.register))
        twin = twin_of(store, file, known, seen.period, seen.place or "") if seen.period else ()
    except Unreadable as reason:
        return replace(seen, problem=unreadable(reason).reported)
    except Refusal as refusal:
        return replace(
            seen, problem=question_of(answer, said=bool(told.register)) if answer.needs_answer else refusal.reported
        )
    if isinstance(twin, ImportResult):
        return replace(seen, duplicate_of=twin.duplicate_of or "")
    return replace(seen, problem=question_of(answer, said=bool(told.register))) if answer.needs_answer else seen


def _persons(seen: Preview, store: Store, file: File, told: Told, table: Table, folder: Path) -> Preview:
    recognition = table.recognition
    backend = engine.connect(spill=folder)
    recognition.sheet.load(backend.con, "raw", recognition.header_row, len(recognition.columns))
    raw = backend.table("raw")
    rows = int(raw.count().to_pyarrow().as_py())
    if not rows:
        raise Refusal("file_empty")
    period, assumed = period_of(backend, raw, recognition, file, told.period)
    evidence = next((str(note.values["evidence"]) for note in assumed), "")
    # The day on which a copy was written is no day of the data.
    seen = replace(seen, rows=rows, period=None if evidence == SAVED_DAY else period, evidence=evidence)
    try:
        where, supposed = areas_of(raw, recognition, file, told.place, Pairs.of(store.path))
    except Refusal as refusal:
        return replace(seen, problem=refusal.reported)
    return replace(seen, place=where.place, supposed=bool(supposed))


def _figures(seen: Preview, store: Store, file: File, told: Told, table: Table, folder: Path) -> Preview:
    recognition = table.recognition
    backend = engine.connect(spill=folder)
    recognition.sheet.load(backend.con, "raw", recognition.header_row, len(recognition.columns))
    raw = backend.table("raw")
    found = read_figures(
        backend, raw, recognition.columns, recognition.title, file.name, told.register, told.place, told.period,
        pairs=Pairs.of(store.path),
    )  # fmt: skip
    if isinstance(found, NotFigures):
        raise Refusal(found.code, **found.values)
    roles = {column.index: (column.role, column.about) for column in found.columns}
    evidence = next((_text(note.values["evidence"]) for note in found.notes if note.code == "period_assumed"), "")
    return replace(
        seen, register=found.register.key, rows=int(raw.count().to_pyarrow().as_py()), period=found.period,
        evidence=evidence, place=found.place, roles=roles,
    )  # fmt: skip


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
