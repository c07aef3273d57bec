"""What became of a file, for people: as text, as JSON, and as a workbook that lists the rows with problems."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from data import engine
from data.definitions.catalogue import PROBLEMS, REGISTERS
from data.definitions.problems import Severity
from data.exports import Column, Cover, write
from data.intake.importing import ImportResult
from data.intake.rows import Reported
from data.places import reference
from data.wording import N_, Language, Value, translate

SEVERITIES: Final[dict[Severity, str]] = {
    "refused": N_("file refused"),
    "rejected": N_("row not accepted"),
    "warning": N_("to check"),
}


_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160)), " ")
"""A file's name or heading can hold orders to a terminal."""


def message(reported: Reported, language: Language) -> str:
    """The complaint in words, with its figures."""
    return translate(PROBLEMS[reported.code].message, language, **_values(reported, language))


def action(reported: Reported, language: Language) -> str:
    """What the reader can do about it."""
    return translate(PROBLEMS[reported.code].action, language, **_values(reported, language))


def _values(reported: Reported, language: Language) -> dict[str, Value]:
    words = {
        key: translate(value, language) if isinstance(value, str) else value for key, value in reported.values.items()
    }
    return {"rows": reported.rows, "column": reported.column, **words}


def text(result: ImportResult, language: Language) -> str:
    """The whole report for a terminal."""
    return "\n".join(line.translate(_CONTROLS) for line in _lines(result, language))


def _lines(result: ImportResult, language: Language) -> Iterator[str]:
    def say(message: str, **values: Value) -> str:
        return translate(message, language, **values)

    yield f"{result.file} · {result.sheet}" if result.sheet else result.file
    if result.register in REGISTERS and not result.refused:
        yield "  " + say(N_("Recognised as: {register}"), register=say(REGISTERS[result.register].label))
    if result.duplicate_of:
        yield "  " + say(N_("This file is already stored; nothing was added."))
    elif result.snapshot:
        place = reference.find(result.snapshot.place)
        name = place.name if place else say(N_("Indonesia"))
        yield "  " + say(N_("Stored: {place}, data as of {period}."), place=name, period=result.snapshot.period)
    elif result.boundaries:
        names = ", ".join(reference.place(code).name for code in result.boundaries.kabkota)
        yield "  " + say(N_("Boundaries stored: {places}."), places=names)
    else:
        yield "  " + say(N_("The file was not stored. The data are as they were before."))
    if result.snapshot:
        counts = result.snapshot.counts
        yield "  " + say(
            N_("{read} rows read, {accepted} accepted, {rejected} not accepted; {unplaced} without a kelurahan"),
            read=counts.read,
            accepted=counts.accepted,
            rejected=counts.rejected,
            unplaced=counts.unplaced,
        )
        if result.snapshot.grain != "figure":
            words = N_("{persons} persons, {families} families")
            yield "  " + say(words, persons=counts.persons, families=counts.families)
    for reported in result.problems:
        yield f"  [{say(SEVERITIES[reported.severity])}] {message(reported, language)}"
        if reported.first_rows:
            yield "      " + say(N_("First rows: {rows}"), rows=", ".join(str(row) for row in reported.first_rows))
        yield f"      → {action(reported, language)}"


def as_json(result: ImportResult, language: Language) -> dict[str, Any]:
    """The report as the command line's `--json` promises it."""
    snapshot, boundaries = result.snapshot, result.boundaries
    if snapshot:
        rows = {
            "read": snapshot.counts.read,
            "accepted": snapshot.counts.accepted,
            "rejected": snapshot.counts.rejected,
        }
    elif boundaries:
        lost = boundaries.placeholders + len(boundaries.unmatched)
        rows = {"read": boundaries.features, "accepted": boundaries.features - lost, "rejected": lost}
    else:
        rows = {"read": 0, "accepted": 0, "rejected": 0}
    return {
        "file": result.file,
        "sheet": result.sheet or None,
        "snapshot": snapshot.id if snapshot else f"boundaries-{boundaries.sha256[:8]}" if boundaries else None,
        "registry": result.register,
        "layout": snapshot.layout if snapshot else None,
        "period": snapshot.period.isoformat() if snapshot else None,
        "place": snapshot.place if snapshot else ",".join(boundaries.kabkota) if boundaries else None,
        "rows": rows,
        "unplaced": snapshot.counts.unplaced if snapshot else 0,
        "duplicate_of": result.duplicate_of,
        "problems": [
            {
                "code": reported.code,
                "severity": reported.severity,
                "column": reported.column or None,
                "rows": reported.rows,
                "first_rows": list(reported.first_rows),
                "message": message(reported, language),
            }
            for reported in result.problems
        ],
    }


def workbook(result: ImportResult, path: Path, language: Language, number: str = "") -> int:
    """Writes an XLSX: the report on its first sheet, then every row with a problem. Returns the rows listed.

    Columns: row as the file's own program shows it, problem, column, value (identifiers masked), kelurahan, what to do.
    `number` is that of the record. Raises ValueError where the file was refused, because then no rows are kept.
    """
    snapshot = result.snapshot
    if snapshot is None:
        raise ValueError(result.file)

    def say(message: str, **values: Value) -> str:
        return translate(message, language, **values)

    columns = (
        Column("file_row", say(N_("Row in the file")), "integer"),
        Column("problem", say(N_("Problem")), "text"),
        Column("heading", say(N_("Column")), "text"),
        Column("value", say(N_("Value in the file")), "text"),
        Column("kelurahan", say(N_("Kelurahan or desa")), "text"),
        Column("action", say(N_("What to do")), "text"),
    )
    words = ", ".join(
        f"({_text(problem.code)}, {_text(say(problem.title))}, {_text(_general(problem.action, language))})"
        for problem in PROBLEMS.values()
    )
    sql = f"""SELECT p.file_row, w.title, p.heading, p.value, r.kelurahan, w.action
        FROM read_parquet('{engine.quoted(snapshot.problem_rows)}') p
        JOIN (VALUES {words}) AS w(code, title, action) USING (code)
        LEFT JOIN read_parquet('{engine.quoted(reference.REFERENCE)}') r USING (kelurahan_code)
        ORDER BY p.file_row, w.title"""
    about = tuple(
        (say(PROBLEMS[reported.code].title), f"{message(reported, language)} {action(reported, language)}")
        for reported in result.problems
    )
    counts = text(result, language).splitlines()[1:4]
    lines = ((say(N_("File")), result.file), *((say(N_("Result")), line.strip()) for line in counts), *about)
    lines = (*lines, (say(N_("Number in the record")), number)) if number else lines
    cover = Cover(say(N_("Import report")), lines, snapshot.sample)
    return write(engine.connect().con, sql, columns, cover, "xlsx", path, language)


def _general(action: str, language: Language) -> str:
    """An action without the figures of one file."""
    return translate(action, language).replace("{known}", "…")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
