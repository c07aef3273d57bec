"""What was imported and taken out again, the reports about it, and the layouts that were kept."""

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from components import gate, header
from components.address import language, say
from components.ask import STORE, viewer
from components.rich import rich
from data import accounts, history
from data.definitions.catalogue import PROBLEMS, REGISTERS
from data.history import Entry
from data.intake import report
from data.intake.importing import BOUNDARIES, ImportResult
from data.intake.layouts import KeptLayout, Layouts
from data.intake.rows import Reported
from data.places.reference import find, place
from data.snapshots import Snapshot
from data.wording import N_, Language, long_date, number, translate

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE: Final = 10
"""Lines of the history before more are asked for."""
REGISTER_NAMES: Final = {**{key: one.label for key, one in REGISTERS.items()}, BOUNDARIES: N_("Official boundaries")}


def show(entries: Sequence[Entry]) -> None:
    """The history, newest first; each import with its report and, while its rows are there, its removal."""
    count = sum(entry.standing for entry in entries)
    note = N_("{count} snapshots are stored. A removed one keeps its line and its report; its rows are gone.")
    header.card_head(say(N_("History")), say(note, count=count))
    shown = st.session_state.get("history_shown", AT_ONCE)
    for entry in entries[:shown]:
        with st.container(key=f"history_{entry.key}"):
            _entry(entry)
    if len(entries) > shown:
        st.button(say(N_("Show more")), key="more_history", on_click=_more, args=(shown,))


def _entry(entry: Entry) -> None:
    opened = st.session_state.get("open_report") == entry.key
    with st.container(key=f"line_{entry.key}", horizontal=True):
        st.html(line(entry, language()))
        if not entry.removal:
            st.button(
                say(N_("Close report") if opened else N_("Report")),
                key=f"report_{entry.key}",
                type="tertiary",
                on_click=_open,
                args=("" if opened else entry.key,),
            )
        if entry.standing:
            removal(entry.snapshot, entry.key)
    if opened:
        result = history.result(entry.snapshot)
        st.html(f'<section class="report">{counts(entry.snapshot, language())}{problems(result, language())}</section>')
        download(result, entry.key)


def removal(snapshot: Snapshot, key: str) -> None:
    """The button that takes a snapshot out, behind a question."""
    with st.popover(say(N_("Remove"))):
        st.html(
            f"<p>{rich(N_('Remove **{file}** from the store?'), language(), file=snapshot.source.file)}</p>"
            f"<p>{escape(say(N_('Its rows are deleted for good; its line and report stay in the history.')))}</p>"
        )
        words = say(N_("Yes, remove"))
        st.button(words, key=f"remove_{key}", type="primary", on_click=_remove, args=(snapshot.id,))


def line(entry: Entry, reader: Language) -> str:
    """One import or removal as HTML: register, place and date, then when, which file, what was found."""
    snapshot = entry.snapshot
    mark = f' <span class="badge">{escape(translate(N_("SAMPLE DATA"), reader))}</span>' if snapshot.sample else ""
    said = {
        (False, True): "",
        (False, False): translate(N_("taken out since"), reader),
        (True, False): translate(N_("removed"), reader),
    }[entry.removal, entry.standing]
    if entry.standing and snapshot.expired_at:
        said = translate(N_("names removed, figures kept"), reader)
    out = f' <span class="out">· {escape(said)}</span>' if said else ""
    found = number(len(snapshot.problems), reader)
    facts = [snapshot.source.file, snapshot.source.sheet]
    if not entry.removal:
        words = N_("{accepted} of {read} rows accepted, {problems} kinds of problems")
        numbers = {"accepted": snapshot.counts.accepted, "read": snapshot.counts.read}
        facts.append(translate(words, reader, problems=found, **numbers))
    gone, register = "" if entry.standing else " gone", escape(_register(snapshot.register, reader))
    return (
        f'<div class="event{gone}"><b>{register}</b> · '
        f"{escape(area(snapshot.place, reader))} · {escape(long_date(snapshot.period, reader))}{mark}{out}"
        f"<p><time>{escape(moment(entry.at, reader))}</time> · {escape(' · '.join(filter(None, facts)))}</p></div>"
    )


def moment(at: datetime, reader: Language) -> str:
    """When something happened, in the time of this computer."""
    here = at.astimezone()
    return f"{long_date(here.date(), reader)} {here:{'%H.%M' if reader == 'id' else '%H:%M'}}"


def area(code: str, reader: Language) -> str:
    """The name of a place; of "" that of the country."""
    found = find(code) if code else None
    return found.name if found else code or translate(N_("Indonesia"), reader)


def _register(key: str, reader: Language) -> str:
    return translate(REGISTER_NAMES[key], reader) if key in REGISTER_NAMES else key


# The report on one file


def show_result(result: ImportResult, key: str, opened: bool) -> None:
    """What became of a sheet, the whole report below it, and the way back."""
    with st.container(key=f"line_{key}", horizontal=True):
        st.html(head(result, language()))
        if result.snapshot and not result.duplicate_of:
            removal(result.snapshot, key)
    if result.snapshot is None and not result.problems:
        return
    with st.expander(say(N_("Report")), expanded=opened):
        body = counts(result.snapshot, language()) + problems(result, language())
        st.html(f'<section class="report">{body}</section>')
        download(result, key)


def head(result: ImportResult, reader: Language) -> str:
    """The file, what came of it, and the first of its problems, as HTML."""
    sheet = f" <small>· {escape(result.sheet)}</small>" if result.sheet else ""
    first = next(iter(result.problems), None)
    said = f'<p class="first">{escape(report.message(first, reader))}</p>' if first else ""
    more = len(result.problems) - 1
    if first and more > 0:
        said = said.replace("</p>", f" {escape(translate(N_('{count} more below.'), reader, count=more))}</p>")
    return (
        f'<section class="report"><h3>{escape(result.file)}{sheet}</h3>'
        f'<p class="outcome {_outcome(result)}">{_verdict(result, reader)}</p>{said}</section>'
    )


def _outcome(result: ImportResult) -> str:
    if result.duplicate_of:
        return "same"
    return "worse" if result.refused else "better"


def _verdict(result: ImportResult, reader: Language) -> str:
    if result.duplicate_of:
        return rich(N_("This file is already stored; nothing was added."), reader)
    if snapshot := result.snapshot:
        return rich(
            N_("Stored: {register}, {place}, data as of {period}, {rows} rows."),
            reader,
            register=_register(snapshot.register, reader),
            place=area(snapshot.place, reader),
            period=snapshot.period,
            rows=snapshot.counts.accepted,
        )
    if result.boundaries:
        areas = ", ".join(place(code).name for code in result.boundaries.kabkota)
        return rich(N_("Boundaries stored: {places}."), reader, places=areas)
    return rich(N_("The file was not stored. The data are as they were before."), reader)


def counts(snapshot: Snapshot | None, reader: Language) -> str:
    """What was counted in the file, as HTML; persons and families only where its rows are people."""
    if snapshot is None:
        return ""
    found = snapshot.counts
    shown = [
        (N_("rows read"), found.read),
        (N_("accepted"), found.accepted),
        (N_("not accepted"), found.rejected),
        (N_("without a kelurahan"), found.unplaced),
        (N_("exact repetitions"), found.repeated),
    ]
    if snapshot.grain != "figure":
        shown += [(N_("persons"), found.persons), (N_("families"), found.families)]
    parts = "".join(
        f"<div><dt>{escape(translate(label, reader))}</dt><dd>{number(count, reader)}</dd></div>"
        for label, count in shown
    )
    return f'<dl class="counts">{parts}</dl>'


def problems(result: ImportResult, reader: Language) -> str:
    """Every problem with its rows and what to do, as HTML."""
    if not result.problems:
        return f"<p>{rich(N_('No problems found.'), reader)}</p>"
    labels = (N_("Problem"), N_("Rows"), N_("First rows"), N_("What to do"))
    top = "".join(f'<th scope="col">{escape(translate(label, reader))}</th>' for label in labels)
    rows = "".join(_problem(reported, reader) for reported in result.problems)
    return f'<div class="problems" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div>'


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


def download(result: ImportResult, key: str) -> None:
    """The workbook of rows with problems, as long as the rows are there."""
    snapshot, reader = result.snapshot, language()
    if not snapshot or not snapshot.problem_rows.is_file() or not any(problem.rows for problem in result.problems):
        return

    token = st.context.cookies.get(accounts.COOKIE, "")

    def workbook() -> bytes:
        # It is called outside of the session, when somebody may have signed out.
        who = accounts.viewer_of(STORE, token, "") or gate.NOBODY
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.xlsx"
            history.problems(STORE, who, snapshot.id, path, reader)
            return path.read_bytes()

    st.download_button(
        say(N_("Rows with problems (XLSX)")),
        workbook,
        f"{Path(result.file).stem}-{say(N_('problems'))}.xlsx",
        XLSX,
        key=f"problems_{key}",
        on_click="ignore",
        icon=":material/download:",
    )


# Kept layouts


def show_layouts(kept: Sequence[KeptLayout]) -> None:
    """The layouts that somebody confirmed, each with the way to forget it."""
    note = N_("Files with these headings are read without a question, as you said once.")
    header.card_head(say(N_("Kept layouts")), say(note))
    for at, layout in enumerate(kept):
        with st.container(key=f"line_layout_{at}", horizontal=True):
            st.html(layout_line(layout, language()))
            words = say(N_("Forget"))
            st.button(words, key=f"forget_{at}", type="tertiary", on_click=_forget, args=(layout.name,))


def layout_line(layout: KeptLayout, reader: Language) -> str:
    """A kept layout as HTML: its name, its register, how many columns were spoken of."""
    said = sum(field is not None for field in layout.fields)
    words = N_("{said} of {count} columns told")
    told = translate(words, reader, said=said, count=len(layout.fields))
    register = escape(_register(layout.register, reader))
    return f'<div class="event"><b>{escape(layout.name)}</b><p>{register} · {escape(told)}</p></div>'


def _more(shown: int) -> None:
    st.session_state["history_shown"] = shown + 2 * AT_ONCE


def _open(key: str) -> None:
    st.session_state["open_report"] = key


def _forget(name: str) -> None:
    Layouts(STORE.path).forget(name)


def _remove(snapshot_id: str) -> None:
    # Somebody else may have been faster.
    with suppress(KeyError):
        history.remove(STORE, viewer(), snapshot_id)
    st.session_state.pop("open_report", None)
