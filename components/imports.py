"""Importing files: choosing them, what became of them, what is stored."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from components.address import language, say
from components.ask import STORE
from components.rich import rich
from data.definitions.catalogue import PROBLEMS
from data.intake import report
from data.intake.importing import ImportResult, import_file
from data.intake.rows import Reported
from data.places.reference import children, find, place
from data.snapshots import Snapshot
from data.wording import N_, Language, long_date, number, translate

KINDS: Final = ("csv", "txt", "xlsx", "xls", "parquet", "gz", "zip", "geojson", "json", "gpkg")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Chosen:
    """Uploaded files, and what the user says about them where they do not say it themselves."""

    files: Sequence[Any]
    period: date | None
    place: str | None


def choose() -> Chosen | None:
    """The form; None until it is sent with files."""
    with st.form("import", border=False, clear_on_submit=True):
        files = st.file_uploader(
            say(N_("DTKS files or official boundaries")), type=list(KINDS), accept_multiple_files=True
        )
        with st.expander(say(N_("Where the file does not say its date or its area"))):
            left, right = st.columns(2)
            period = left.date_input(
                say(N_("Date of the data")), value=None, format="DD/MM/YYYY", min_value=date(2005, 1, 1)
            )
            codes = ["", *(area.code for area in children("", "kabkota"))]
            area = right.selectbox(say(N_("Kabupaten or kota")), codes, format_func=_area, filter_mode="contains")
        sent = st.form_submit_button(say(N_("Import")), type="primary")
    return Chosen(files, period, area or None) if sent and files else None


def run(chosen: Chosen) -> None:
    """Imports file after file and keeps the results for `results`."""
    results = []
    with st.status(say(N_("Importing…")), expanded=True) as status, tempfile.TemporaryDirectory() as folder:
        for at, file in enumerate(chosen.files):
            st.write(say(N_("Reading {file} ({at} of {count})"), file=file.name, at=at + 1, count=len(chosen.files)))
            copy = Path(folder) / f"{at}{''.join(Path(file.name).suffixes[-2:])}"
            with copy.open("wb") as target:
                shutil.copyfileobj(file, target, 1 << 20)
            results.append(
                import_file(STORE, copy, period=chosen.period, place=chosen.place, name=Path(file.name).name)
            )
            copy.unlink()
        status.update(label=say(N_("Done")), state="complete", expanded=False)
    st.session_state["imported"] = results
    st.rerun()


def results() -> tuple[ImportResult, ...]:
    """What this session imported last."""
    return tuple(st.session_state.get("imported", ()))


def show(result: ImportResult, at: int) -> None:
    st.html(build(result, language()))
    snapshot, reader = result.snapshot, language()
    if snapshot is None or not any(problem.rows for problem in result.problems):
        return

    def workbook() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.xlsx"
            report.workbook(result, path, reader)
            return path.read_bytes()

    st.download_button(
        say(N_("Rows with problems (XLSX)")),
        workbook,
        f"{Path(result.file).stem}-{say(N_('problems'))}.xlsx",
        XLSX,
        key=f"problems_{at}",
        on_click="ignore",
        icon=":material/download:",
    )


def build(result: ImportResult, reader: Language) -> str:
    """The report on one file as HTML: what came of it, the counts, the problems with what to do."""
    return (
        f'<section class="report"><h2>{escape(result.file)}</h2><p class="outcome {_outcome(result)}">'
        f"{_verdict(result, reader)}</p>{_counts(result.snapshot, reader)}{_problems(result, reader)}</section>"
    )


def _outcome(result: ImportResult) -> str:
    if result.duplicate_of:
        return "same"
    return "worse" if result.refused else "better"


def _verdict(result: ImportResult, reader: Language) -> str:
    if result.duplicate_of:
        return rich(N_("This file is already stored; nothing was added."), reader)
    if result.snapshot:
        area = place(result.snapshot.place).name
        return rich(N_("Stored: {place}, data as of {period}."), reader, place=area, period=result.snapshot.period)
    if result.boundaries:
        areas = ", ".join(place(code).name for code in result.boundaries.kabkota)
        return rich(N_("Boundaries stored: {places}."), reader, places=areas)
    return rich(N_("The file was not stored. The data are as they were before."), reader)


def _counts(snapshot: Snapshot | None, reader: Language) -> str:
    if snapshot is None:
        return ""
    counts = snapshot.counts
    shown = (
        (N_("rows read"), counts.read),
        (N_("accepted"), counts.accepted),
        (N_("not accepted"), counts.rejected),
        (N_("without a kelurahan"), counts.unplaced),
        (N_("exact repetitions"), counts.repeated),
        (N_("persons"), counts.persons),
        (N_("families"), counts.families),
    )
    parts = "".join(
        f"<div><dt>{escape(translate(label, reader))}</dt><dd>{number(count, reader)}</dd></div>"
        for label, count in shown
    )
    return f'<dl class="counts">{parts}</dl>'


def _problems(result: ImportResult, reader: Language) -> str:
    if not result.problems:
        return f"<p>{rich(N_('No problems found.'), reader)}</p>"
    labels = (N_("Problem"), N_("Rows"), N_("First rows"), N_("What to do"))
    head = "".join(f'<th scope="col">{escape(translate(label, reader))}</th>' for label in labels)
    rows = "".join(_problem(reported, reader) for reported in result.problems)
    return (
        f'<div class="problems" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _problem(reported: Reported, reader: Language) -> str:
    title = translate(PROBLEMS[reported.code].title, reader)
    severity = translate(report.SEVERITIES[reported.severity], reader)
    first = ", ".join(str(row) for row in reported.first_rows)
    return (
        f'<tr><td><b>{escape(title)}</b> <span class="severity {reported.severity}">{escape(severity)}</span>'
        f"<p>{escape(report.message(reported, reader))}</p></td>"
        f"<td>{number(reported.rows, reader) if reported.rows else '–'}</td><td>{escape(first) or '–'}</td>"
        f"<td><p>{escape(report.action(reported, reader))}</p></td></tr>"
    )


def stored(snapshots: Sequence[Snapshot]) -> None:
    """The snapshots, newest first, each with its removal behind a question."""
    for snapshot in snapshots:
        with st.container(key=f"snapshot_{snapshot.id}", horizontal=True, vertical_alignment="center"):
            st.html(line(snapshot, language()))
            with st.popover(say(N_("Remove"))):
                st.write(say(N_("Remove these data from the store? The file itself stays where it is.")))
                st.button(
                    say(N_("Yes, remove")),
                    key=f"remove_{snapshot.id}",
                    type="primary",
                    on_click=_remove,
                    args=(snapshot.id,),
                )


def line(snapshot: Snapshot, reader: Language) -> str:
    """One stored snapshot as HTML: place and date, its file and counts."""
    area = find(snapshot.place)
    sample = f' <span class="badge">{escape(translate(N_("SAMPLE DATA"), reader))}</span>' if snapshot.sample else ""
    counts = rich(
        N_("{persons} persons, {unplaced} rows without a kelurahan, {rejected} rows not accepted"),
        reader,
        persons=snapshot.counts.persons,
        unplaced=snapshot.counts.unplaced,
        rejected=snapshot.counts.rejected,
    )
    return (
        f'<div class="stored"><b>{escape(area.name if area else snapshot.place)}</b> · '
        f"{escape(long_date(snapshot.period, reader))}{sample}<p>{counts}</p>"
        f"<p>{escape(snapshot.source.file)} · SHA-256 {escape(snapshot.source.sha256[:12])}</p></div>"
    )


def _remove(snapshot_id: str) -> None:
    if any(snapshot.id == snapshot_id for snapshot in STORE.snapshots()):
        STORE.remove(snapshot_id)
    st.session_state.pop("imported", None)


def _area(code: str) -> str:
    area = find(code) if code else None
    return area.name if area else say(N_("as the file says"))
