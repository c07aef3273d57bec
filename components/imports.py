"""Importing files in steps: choosing them, what they are taken for, storing them, what became of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from html import escape
from typing import Any, Final

import streamlit as st

from components import history, mapping
from components.address import language, say
from components.ask import STORE, viewer
from components.history import area
from components.rich import rich
from components.routes import STATIC
from components.server import log_failure
from data.definitions.catalogue import REGISTERS
from data.intake import report
from data.intake.importing import BOUNDARIES, ImportResult, Told
from data.intake.preview import Preview
from data.intake.recognise import SEARCHED_ROWS
from data.intake.tray import Item, Tray
from data.linkage.background import start_where_due
from data.places.reference import children, find
from data.wording import N_, Language, long_date, number, percent, translate

TRAY: Final = Tray(STORE, log_failure, partial(start_where_due, STORE))
"""What is on its way into the store. It belongs to the server and not to a page: closing a page loses nothing."""
PATIENCE: Final = 0.8
"""Seconds that a page waits for small files before it shows how far they are."""
POLL: Final = 0.8
REDRAWN: Final = 4.0
"""Seconds between two drawings of the page while much is worked at: who chooses from a menu needs them."""
TURNS: Final = 8
EARLIEST: Final = date(2005, 1, 1)
NOBODY: Final = Told()


def style() -> None:
    st.html(STATIC / "imports.css")


def steps_head(title: str, note: str) -> None:
    """`note` is HTML of `rich`."""
    st.html(f'<header class="steps-head"><h2>{escape(title)}</h2><p>{note}</p></header>')


# 1: files


def upload() -> None:
    """The field for files; what is put in goes to the tray at once, and the field is empty again."""
    steps_head(
        f"1 · {say(N_('Choose files'))}",
        rich(
            N_(
                "As many as you like: lists by name, tables of figures, official boundaries. CSV, Excel, LibreOffice,"
                " Parquet, also in zip, up to 1 GB each. Drop them here or choose them; nothing is stored yet."
            ),
            language(),
        ),
    )
    key = f"upload_{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        say(N_("Files")),
        accept_multiple_files=True,
        key=key,
        label_visibility="collapsed",
        on_change=_put,
        args=(key,),
    )


def _put(key: str) -> None:
    # A page that is drawn anew while this runs calls it once more with the same files.
    taken = st.session_state.setdefault("taken", set())
    for file in st.session_state.get(key) or ():
        if file.file_id not in taken:
            taken.add(file.file_id)
            TRAY.put(viewer(), file.name, file)
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    TRAY.wait(viewer(), PATIENCE)


# What is being worked at


def progress() -> None:
    """What is being read or stored; the page is drawn anew when something of it is done."""
    st.session_state["tray_seen"], st.session_state["tray_at"] = TRAY.version, time.monotonic()
    if any(item.state != "ready" for item in TRAY.items(viewer())):
        with st.container(key="card_progress"):
            _poll()


@st.fragment(run_every=POLL)
def _poll() -> None:
    items = [item for item in TRAY.items(viewer()) if item.state != "ready"]
    changed = st.session_state.get("tray_seen") != TRAY.version
    if changed and (not items or time.monotonic() - st.session_state["tray_at"] > REDRAWN):
        st.rerun()
    # Left as a block, it would say that everything is done.
    status = st.status(say(N_("{count} files are being worked at"), count=len(items)), expanded=True)
    status.html(turns([(item, TRAY.ahead(item)) for item in items], language()))


def turns(items: Sequence[tuple[Item, int]], reader: Language) -> str:
    """What is done to which file now and how many are before it, as HTML."""
    lines = "".join(_turn(item, ahead, reader) for item, ahead in items[:TURNS])
    more = len(items) - TURNS
    rest = f"<li><span>{escape(translate(N_('and {count} more'), reader, count=more))}</span></li>" if more > 0 else ""
    calm = translate(N_("You can leave this page; the work goes on."), reader)
    return f'<ul class="turns">{lines}{rest}<li><span>{escape(calm)}</span></li></ul>'


def _turn(item: Item, ahead: int, reader: Language) -> str:
    waiting = N_("waits for its turn, {ahead} before it") if ahead else N_("waits for its turn")
    said = f"{translate(item.step, reader)} …" if item.step else translate(waiting, reader, ahead=ahead)
    now = ' class="now"' if item.step else ""
    return f"<li{now}><b>{escape(item.file)}</b><span>{escape(said)}</span></li>"


# 2: what the files are taken for


def pending() -> list[tuple[Item, Preview]]:
    """The sheets that somebody has to decide about, in the order in which the files came."""
    return [(item, seen) for item in TRAY.items(viewer()) if item.state == "ready" for seen in item.undecided]


def defects() -> None:
    """Files on which we failed ourselves."""
    for item in TRAY.items(viewer()):
        if item.defect:
            words = N_(
                "We failed on a file of yours; nothing of it was stored. Give your operator the number {number}."
            )
            with st.container(key=f"line_defect_{item.id}", horizontal=True):
                st.html(f'<p class="said"><b>{escape(item.file)}</b> {escape(say(words, number=item.defect))}</p>')
                _leave_button(item, None, say(N_("Put aside")))


def review(waiting: Sequence[tuple[Item, Preview]]) -> None:
    """A card for every sheet, and one button for all that are clear."""
    clear = [(item, seen) for item, seen in waiting if seen.clear]
    with st.container(key="card_review"):
        with st.container(key="review_head", horizontal=True):
            steps_head(f"2 · {say(N_('Check and store'))}", summary([seen for _, seen in waiting], language()))
            if len(waiting) > 1 and clear:
                words = N_("Store all that are clear ({count})")
                st.button(
                    say(words, count=len(clear)), key="store_clear", type="primary", on_click=_store, args=(clear,)
                )
        undated = [(item, seen) for item, seen in waiting if _lacks_date(seen)]
        if len(undated) > 1:
            _date_for_all(undated)
        for item, seen in waiting:
            with st.container(key=f"card_sheet_{item.id}_{seen.number}"):
                _sheet(item, seen, alone=len(waiting) == 1)


def summary(waiting: Sequence[Preview], reader: Language) -> str:
    """How many sheets are clear and how many need somebody, as HTML."""
    clear = sum(seen.clear for seen in waiting)
    twice = sum(bool(seen.duplicate_of) for seen in waiting)
    beside = sum(map(_beside, waiting))
    counted = (
        (N_("{count} can be stored as they are."), clear),
        (N_("**{count} need a look.**"), len(waiting) - clear - twice - beside),
        (N_("{count} are stored already."), twice),
        (N_("{count} sheets are no register that is known."), beside),
    )
    said = [rich(words, reader, count=count) for words, count in counted if count]
    return " ".join(said)


def _date_for_all(undated: Sequence[tuple[Item, Preview]]) -> None:
    with st.container(key="card_dates", horizontal=True, vertical_alignment="bottom"):
        words = N_("{count} files do not say their date. One date for all of them:")
        day = st.date_input(
            say(words, count=len(undated)),
            value=None,
            format="DD/MM/YYYY",
            min_value=EARLIEST,
            width=420,
            key="all_dates",
        )
        st.button(say(N_("Use it")), key="use_dates", disabled=day is None, on_click=_tell_dates, args=(undated, day))


def _tell_dates(undated: Sequence[tuple[Item, Preview]], day: date) -> None:
    for item, seen in undated:
        TRAY.tell(viewer(), item.id, seen.number, replace(said_of(item, seen), period=day))
    TRAY.wait(viewer(), PATIENCE)


def _sheet(item: Item, seen: Preview, alone: bool) -> None:
    told, key = said_of(item, seen), f"{item.id}_{seen.number}"
    opened = st.session_state.get("open_sheet") == key
    guessed = seen.asks and not seen.rivals
    with st.container(key=f"line_sheet_{key}", horizontal=True):
        st.html(card(seen, opened, language()))
        with st.container(key=f"do_{key}", horizontal=True, width="content"):
            _leave_button(item, seen.number, say(N_("Do not import")))
            if seen.register != BOUNDARIES and seen.recognition is not None:
                words = N_("Close corrections") if opened else N_("Correct …")
                st.button(say(words), key=f"correct_{key}", on_click=_toggle, args=("" if opened else key,))
            if not seen.duplicate_of and (seen.recognition is not None or seen.register):
                st.button(
                    say(N_("Store with these columns") if guessed or told.mapping else N_("Store")),
                    key=f"store_{key}",
                    type="primary" if alone or not seen.clear else "secondary",
                    disabled=not may_store(seen, told),
                    on_click=_store,
                    args=([(item, seen)],),
                )
    if seen.rivals:
        with st.container(key=f"which_{key}", horizontal=True):
            for register in seen.rivals:
                _answer_button(item, seen, replace(told, register=register, mapping={}), register)
    if _lacks_date(seen) and not opened:
        _date(item, seen, told)
    if opened:
        _corrections(item, seen, told)
    if opened or guessed:
        _columns(item, seen, told)
    if opened and told.mapping:
        _keep_as(item, seen, told)


def said_of(item: Item, seen: Preview) -> Told:
    """What the user has said of a sheet so far."""
    return item.told.get(seen.number, NOBODY)


def may_store(seen: Preview, told: Told) -> bool:
    """Whether an import is worth trying: nothing is missing that only the user can say."""
    if seen.storable:
        return True
    answered = (seen.asks and not seen.rivals) or bool(told.mapping)
    return bool(seen.register) and answered and not seen.duplicate_of and bool(seen.period or told.period)


def _lacks_date(seen: Preview) -> bool:
    undated = seen.problem is not None and seen.problem.code == "figures_without_period"
    return undated or (bool(seen.rows) and seen.period is None)


def card(seen: Preview, opened: bool, reader: Language) -> str:
    """What a sheet is taken for, as HTML: register, layout, area, date, columns, and what stands against it.

    Of a sheet beside others that is no register nothing more is said until somebody opens it.
    """
    tone, words = standing(seen)
    sheet = f" <small>· {escape(seen.sheet)}</small>" if seen.sheet else ""
    return (
        f'<section class="sheet {tone}"><header><h3>{escape(seen.file)}{sheet}</h3>'
        f'<span class="standing">{escape(translate(words, reader))}</span></header>'
        f"{_facts(seen, reader)}{_said(seen, reader) if opened or not _beside(seen) else ''}</section>"
    )


def standing(seen: Preview) -> tuple[str, str]:
    """How a sheet stands: a tone and a message id."""
    if seen.duplicate_of:
        return "same", N_("Stored already")
    if seen.problem and seen.problem.code == "register_not_recognised":
        return "same" if _beside(seen) else "refused", N_("Not recognised")
    if seen.asks or _lacks_date(seen):
        return "asks", N_("Needs an answer")
    if seen.problem:
        return "refused", N_("Cannot be stored like this")
    if seen.evidence:
        return "asks", N_("Check the date")
    return "ready", N_("Ready")


def _beside(seen: Preview) -> bool:
    """Whether it is a sheet that no register fits, such as the instructions in a workbook."""
    return bool(seen.sheet and seen.problem and seen.problem.code == "register_not_recognised")


def _facts(seen: Preview, reader: Language) -> str:
    def say(message: str, **values: Any) -> str:
        return translate(message, reader, **values)

    if seen.register == BOUNDARIES:
        note = say(N_("Areas and shapes are checked when they are stored."))
        return _listed([(N_("Recognised as"), say(history.REGISTER_NAMES[BOUNDARIES]), note)], reader)
    if not seen.rows and not (seen.answer and seen.answer.best):
        return ""
    found, facts = seen.recognition, []
    if found and seen.register:
        sure = say(N_("{share} sure"), share=percent(found.confidence, reader, 0))
        layout = layout_name(found.register, found.layout)
        note = ", ".join(filter(None, (say(layout), sure)))
        facts.append((N_("Recognised as"), say(history.REGISTER_NAMES.get(seen.register, seen.register)), note))
    if seen.place is not None:
        note = say(N_("from the title or the file's name")) if seen.supposed else ""
        facts.append((N_("Area"), area(seen.place, reader), note))
    if seen.period:
        note = say(N_("supposed: {evidence}"), evidence=say(seen.evidence)) if seen.evidence else ""
        facts.append((N_("Date of the data"), long_date(seen.period, reader), note))
    if seen.rows:
        facts.append((N_("Rows"), number(seen.rows, reader), ""))
    if found and found.columns:
        known = len(found.known) if not seen.roles else sum(bool(role) for role, _ in seen.roles.values())
        words = N_("{known} of {count} known")
        facts.append((N_("Columns"), say(words, known=known, count=len(found.columns)), ""))
    return _listed(facts, reader)


def _listed(facts: Sequence[tuple[str, str, str]], reader: Language) -> str:
    parts = "".join(
        f"<div><dt>{escape(translate(label, reader))}</dt><dd>{escape(value)}"
        f"{f'<small>{escape(note)}</small>' if note else ''}</dd></div>"
        for label, value, note in facts
    )
    return f'<dl class="facts">{parts}</dl>'


def layout_name(register: str, layout: str) -> str:
    """What a layout is called: a declared one by its label, a kept one by its name."""
    declared = {one.key: one.label for one in REGISTERS[register].layouts} if register in REGISTERS else {}
    return declared.get(layout, layout) or N_("another order of columns")


def _said(seen: Preview, reader: Language) -> str:
    """What stands against storing a sheet, or what is to be answered."""
    problem = seen.problem
    if seen.duplicate_of:
        said = rich(N_("This very file is stored with the same date and area; nothing has to be done."), reader)
    elif seen.rivals:
        names = [translate(REGISTERS[register].label, reader) for register in seen.rivals]
        said = rich(
            N_("**Which register is it?** Its headings fit {registers} about equally well."),
            reader,
            registers=_either(names, reader),
        )
    elif seen.asks:
        said = rich(
            N_("**Are these columns right?** They were guessed from what they hold. Correct them, then store."), reader
        )
    elif _lacks_date(seen):
        said = rich(N_("**Of which day are the data?** The file does not say it."), reader)
    elif problem and problem.code == "register_not_recognised":
        said = rich(
            N_(
                "**Which register is it?** None of the first {rows} rows looks like headings that are known. Choose the"
                " register under “Correct …”, or leave the sheet out."
            ),
            reader,
            rows=SEARCHED_ROWS,
        )
    elif problem:
        said = escape(f"{report.message(problem, reader)} {report.action(problem, reader)}")
    else:
        return ""
    return f'<p class="said">{said.replace("strong>", "b>")}</p>'


def _either(names: Sequence[str], reader: Language) -> str:
    words = translate(N_("{first} or {second}"), reader, first=", ".join(names[:-1]), second=names[-1])
    return words if len(names) > 1 else names[0]


# Corrections


def _corrections(item: Item, seen: Preview, told: Told) -> None:
    key = f"{item.id}_{seen.number}"
    left, middle, right = st.columns([1.2, 1, 1.2])
    with left:
        keys = ["", *REGISTERS]
        st.selectbox(
            say(N_("Kind of data")),
            keys,
            index=keys.index(told.register) if told.register in keys else 0,
            format_func=lambda one: say(REGISTERS[one].label if one else N_("as recognised")),
            key=f"register_{key}",
            on_change=_told,
            args=(item, seen, f"register_{key}", lambda said: replace(told, register=said or "", mapping={})),
        )
    with middle:
        _date(item, seen, told)
    with right:
        codes = ["", *(place.code for level in ("province", "kabkota") for place in children("", level))]
        st.selectbox(
            say(N_("Area")),
            codes,
            index=codes.index(told.place) if told.place in codes else 0,
            format_func=_area,
            filter_mode="contains",
            key=f"place_{key}",
            on_change=_told,
            args=(item, seen, f"place_{key}", lambda said: replace(told, place=said or "")),
        )


def _keep_as(item: Item, seen: Preview, told: Told) -> None:
    key = f"layout_{item.id}_{seen.number}"
    st.text_input(
        say(N_("Keep these columns for the next file as")),
        value=told.layout,
        max_chars=80,
        placeholder=say(N_("a name such as “Dinas Sosial 2026”")),
        key=key,
        on_change=_told,
        args=(item, seen, key, lambda said: replace(told, layout=said or ""), False),
    )


def _date(item: Item, seen: Preview, told: Told) -> None:
    key = f"date_{item.id}_{seen.number}"
    st.date_input(
        say(N_("Date of the data")),
        value=told.period or (seen.period if not seen.evidence else None),
        format="DD/MM/YYYY",
        min_value=EARLIEST,
        key=key,
        width=260,
        on_change=_told,
        args=(item, seen, key, lambda said: replace(told, period=said)),
    )


def _columns(item: Item, seen: Preview, told: Told) -> None:
    if not seen.recognition or not seen.recognition.columns:
        return

    def choose(index: int, field: str) -> None:
        TRAY.tell(viewer(), item.id, seen.number, mapping.with_choice(told, index, field), look=False)

    proposed = mapping.with_proposals(seen, told)
    if not seen.asks and not seen.roles and (count := len(proposed.mapping) - len(told.mapping)):
        words = say(N_("Accept {count} proposals"), count=count)
        st.button(words, key=f"accept_{item.id}_{seen.number}", on_click=_accept, args=(item, seen, proposed))
    mapping.show(seen, told, f"mapping_{item.id}_{seen.number}", choose)


def _accept(item: Item, seen: Preview, told: Told) -> None:
    TRAY.tell(viewer(), item.id, seen.number, told, look=False)


def _told(item: Item, seen: Preview, key: str, said: Callable[[Any], Told], look: bool = True) -> None:
    TRAY.tell(viewer(), item.id, seen.number, said(st.session_state.get(key)), look=look)
    TRAY.wait(viewer(), PATIENCE)


def _answer_button(item: Item, seen: Preview, told: Told, register: str) -> None:
    def answer() -> None:
        TRAY.tell(viewer(), item.id, seen.number, told)
        TRAY.wait(viewer(), PATIENCE)

    label = say(N_("It is {register}"), register=say(REGISTERS[register].label))
    st.button(label, key=f"is_{register}_{item.id}_{seen.number}", on_click=answer)


def _leave_button(item: Item, sheet: int | None, label: str) -> None:
    st.button(
        label, key=f"leave_{item.id}_{sheet}", type="tertiary", on_click=TRAY.leave, args=(viewer(), item.id, sheet)
    )


def _toggle(key: str) -> None:
    st.session_state["open_sheet"] = key


def _store(chosen: Sequence[tuple[Item, Preview]]) -> None:
    """Stores these sheets, those of one file together."""
    by_item: dict[str, list[int]] = {}
    for item, seen in chosen:
        told = said_of(item, seen)
        if (confirmed := mapping.confirmed(seen, told)) != told:
            TRAY.tell(viewer(), item.id, seen.number, confirmed, look=False)
        by_item.setdefault(item.id, []).append(seen.number)
    for number_, sheets in by_item.items():
        TRAY.store(viewer(), number_, sheets)
    st.session_state.pop("open_sheet", None)
    TRAY.wait(viewer(), PATIENCE)


def _area(code: str) -> str:
    found = find(code) if code else None
    return found.name if found else say(N_("as the file says"))


# 3: what became of them


def results() -> list[tuple[str, ImportResult]]:
    """What was stored or was there already, the last first, as long as it is in the store."""
    there = {snapshot.id for snapshot in STORE.snapshots()}
    found = [
        (f"{item.id}_{at}", result)
        for item in TRAY.items(viewer())
        for at, result in enumerate(item.results)
        if result.snapshot is None or result.snapshot.id in there
    ]
    return found[::-1]


def show_results(found: Sequence[tuple[str, ImportResult]]) -> None:
    with st.container(key="card_results"):
        with st.container(key="results_head", horizontal=True):
            note = N_("{count} files or sheets. What was stored can be taken out again.")
            steps_head(f"3 · {say(N_('Results'))}", rich(note, language(), count=len(found)))
            st.button(
                say(N_("Clear this list")), key="clear_results", type="tertiary", on_click=TRAY.clear, args=(viewer(),)
            )
        for key, result in found:
            with st.container(key=f"card_result_{key}"):
                history.show_result(result, key, opened=len(found) == 1)
