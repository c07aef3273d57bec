"""The columns of a file on its way in: what each is taken for, three cells of it, and the choice of another field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from components.address import language
from components.routes import STATIC
from components.view import LEVEL_NAMES
from data.definitions.catalogue import FIELDS, REGISTERS
from data.intake.figures import Role
from data.intake.importing import Told
from data.intake.preview import Preview
from data.intake.recognise import Column, How, Proposal
from data.wording import N_, Language, percent, translate

LONGEST_HEADING: Final = 120
_LONG: Final = re.compile(r"\d(?:[ .'’-]?\d){11,}")

HOW: Final[Mapping[How, str]] = {
    "named": N_("The heading is known."),
    "similar": N_("The heading resembles a known one."),
    "told": N_("Chosen by you."),
    "layout": N_("By a layout that was kept."),
}
ROLES: Final[Mapping[Role, str]] = {
    "area": N_("Area"),
    "code": N_("Area code"),
    "period": N_("Date"),
    "unit": N_("Unit"),
    "category": N_("Category"),
    "below": N_("Smaller area (added up)"),
    "figure": N_("Figure"),
    "": N_("not read"),
}

_mapping = st.components.v2.component(
    "padan_mapping",
    html='<div class="mapping"></div>',
    css=(STATIC / "mapping.css").read_text(),
    js=(STATIC / "mapping.js").read_text(),
)


def show(seen: Preview, told: Told, key: str, choose: Callable[[int, str], None]) -> None:
    """The table of columns; `choose` is given a column's index and its new field ("" keeps it as it is)."""

    def chosen() -> None:
        if said := st.session_state[key].get("said"):
            choose(int(said["index"]), str(said["field"]))

    _mapping(key=key, data=build(seen, told, language()), on_said_change=chosen)


def build(seen: Preview, told: Told, reader: Language) -> dict[str, Any]:
    """What the table shows: fields to choose from (none for figures, whose columns are read by their content)."""
    labels = (N_("Column"), N_("Cells of it"), N_("Is taken for"), N_("How sure"))
    found, figures = seen.recognition, bool(seen.roles)
    columns = found.columns if found else ()
    proposals = {one.column: one for one in seen.answer.proposals} if seen.answer else {}
    fields = meant(seen, told)
    return {
        "labels": [translate(label, reader) for label in labels],
        "fields": [] if figures else _fields(seen.register, reader),
        "columns": [
            _row(column, fields.get(column.index, ""), told, proposals.get(column.index), reader)
            | {"role": _role(*seen.roles.get(column.index, ("", "")), reader)}
            | ({"tone": "", "sure": "", "why": ""} if figures else {})
            for column in columns
        ],
    }


def meant(seen: Preview, told: Told) -> dict[int, str]:
    """The field of every column that has one: what the user said, else what was recognised or, where the sheet asks,
    proposed; each field once.
    """
    said = _said(confirmed(seen, told))
    taken = set(said.values())
    found = seen.recognition.columns if seen.recognition else ()
    rest = {column.index: column.field for column in found if column.field and column.field not in taken}
    return {index: field for index, field in {**rest, **said}.items() if field}


def with_choice(told: Told, index: int, field: str) -> Told:
    """Says of one column what it holds; a field that another column was given moves here."""
    kept = {key: value for key, value in told.mapping.items() if not field or value != field}
    return replace(told, mapping={**kept, f"#{index + 1}": field})


def with_proposals(seen: Preview, told: Told) -> Told:
    """Takes every proposal for a column of which nothing was said."""
    said = _said(told)
    proposed = {
        f"#{one.column + 1}": one.field
        for one in (seen.answer.proposals if seen.answer else ())
        if one.column not in said and one.field not in said.values()
    }
    return replace(told, mapping={**proposed, **told.mapping})


def confirmed(seen: Preview, told: Told) -> Told:
    """What storing a sheet says of its columns: where it asks, also the proposals that were on the screen."""
    return with_proposals(seen, told) if seen.asks else told


def masked(cell: str) -> str:
    """A cell with the long numbers in it hidden but for their first four digits, however they are grouped.

    >>> masked("NIK '7471 0801 0180 9001"), masked("2021-01-31")
    ("NIK '7471************", '2021-01-31')
    """
    return _LONG.sub(lambda found: re.sub(r"\D", "", found[0])[:4] + "*" * 12, cell)


def _said(told: Told) -> dict[int, str]:
    return {int(key[1:]) - 1: field for key, field in told.mapping.items()}


def _fields(register: str, reader: Language) -> list[dict[str, str]]:
    spellings = REGISTERS[register].spellings if register in REGISTERS else {}
    known = sorted(
        ({"key": key, "label": translate(FIELDS[key].label, reader)} for key in spellings), key=lambda one: one["label"]
    )
    return [{"key": "", "label": translate(N_("— keep as it is —"), reader)}, *known]


def _row(column: Column, field: str, told: Told, proposal: Proposal | None, reader: Language) -> dict[str, Any]:
    chosen = column.index in _said(told)
    how: How = "told" if chosen else column.how
    sure, tone, why = percent(column.confidence, reader, 0), "", translate(HOW.get(how, ""), reader)
    if chosen:
        sure = ""
    elif not field:
        sure, tone, why = "", "kept", ""
    if proposal and not chosen and column.how in ("", "content"):
        words = translate(proposal.why, reader, **proposal.values)
        label = translate(FIELDS[proposal.field].label, reader)
        sure, tone = percent(proposal.confidence, reader, 0), "unsure"
        why = words if field else translate(N_("May be {field}. {why}"), reader, field=label, why=words)
    return {
        "index": column.index,
        "heading": (masked(column.heading) or f"#{column.index + 1}")[:LONGEST_HEADING],
        "samples": [masked(cell) for cell in column.samples],
        "field": field,
        "sure": sure,
        "why": why,
        "tone": tone,
    }


def _role(role: Role, about: str, reader: Language) -> str:
    label = translate(ROLES[role], reader)
    level = next((name for level, name in LEVEL_NAMES.items() if level == about), "")
    return f"{label}: {translate(level, reader)}" if role == "area" and level else label
