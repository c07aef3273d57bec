"""The quality of a register's data: figures, fields, problems, and the way to the rows behind each number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components import charts, comparison, documents, header, navigation
from components.address import go, language, query, say
from components.ask import current, viewer
from components.rich import rich
from components.routes import STATIC
from components.view import LEVEL_NAMES, records
from data import quality
from data.definitions.catalogue import FIELDS
from data.definitions.indicators import Indicator
from data.evaluation import Value
from data.quality import Quality
from data.queries import Context, Figure
from data.scope import Scope
from data.wording import N_, Language, capital, number, percent, translate

FIRST: Final = "completeness"
FILLED: Final = "filled_"

INDICATORS: Final[Mapping[str, Indicator]] = {
    one.key: one
    for one in (
        Indicator(
            key="completeness", label=N_("Completeness"), unit="share", numerator="filled", denominator="cells",
            numerator_label=N_("cells that are filled in"), denominator_label=N_("cells of the register's fields"),
            definition=N_(
                "Cells in which something is written, divided by all cells of the fields that the file has. What is"
                " written and cannot be read counts as filled in, and is told beside it."
            ),
            source="", good="high", breaks=(0.80, 0.90, 0.95, 0.98),
        ),
        Indicator(
            key="nik_valid", label=N_("NIK complete"), unit="share", numerator="nik_valid", denominator="rows",
            numerator_label=N_("rows with a NIK of 16 digits"), denominator_label=N_("rows"),
            definition=N_(
                "Rows whose NIK has 16 digits, divided by all rows. It says nothing about Dukcapil: a complete NIK can"
                " be unknown there."
            ),
            source="", good="high", breaks=(0.90, 0.95, 0.97, 0.99),
        ),
        Indicator(
            key="fresh", label=N_("Updated within 24 months"), unit="share", numerator="fresh", denominator="rows",
            numerator_label=N_("rows updated within 24 months"), denominator_label=N_("rows"),
            definition=N_("Rows whose last update lies within the 24 months that end on the date of the data."),
            source="", good="high", breaks=(0.30, 0.45, 0.60, 0.75),
        ),
        Indicator(
            key="twice", label=N_("NIK in several rows"), unit="rows", numerator="twice", denominator=None,
            numerator_label=N_("rows whose NIK stands in another row, too"), denominator_label="",
            definition=N_(
                "Rows whose NIK stands in another row of the same kelurahan or of another one, rows that repeat another"
                " one completely aside. Every row counts as a person; the register has to say which one is right."
            ),
            source="", good="low",
        ),
        Indicator(
            key="wrong", label=N_("Values that cannot be used"), unit="rows", numerator="wrong", denominator=None,
            numerator_label=N_("rows in which a number, date or answer cannot be used"), denominator_label="",
            definition=N_("Rows with a destroyed or malformed number, an impossible date or an unknown answer."),
            source="", good="low",
        ),
        Indicator(
            key="unplaced", label=N_("Without a kelurahan"), unit="rows", numerator="unplaced", denominator=None,
            numerator_label=N_("rows whose kelurahan is not recognised"), denominator_label="",
            definition=N_(
                "Rows whose kelurahan could not be recognised. They count for the kecamatan or the city that could be"
                " read, and for no kelurahan."
            ),
            source="", good="low",
        ),
    )
}  # fmt: skip
"""The figures of the screen, as map, ranking and chart know figures."""

DEFINITIONS: Final = tuple((one.label, one.definition) for one in INDICATORS.values())

_numbers = st.components.v2.component(
    "padan_numbers",
    html='<div class="numbers"></div>',
    css=(STATIC / "numbers.css").read_text(),
    js=(STATIC / "numbers.js").read_text(),
)


# Choices


def measure_of(scope: Scope, found: Quality) -> str:
    """What map, ranking and chart show: what the address asks for, where it exists here, else the completeness."""
    asked = scope.filter("category") or FIRST
    fields = {f"{FILLED}{field.key}" for field in found.fields}
    return asked if asked in fields or (asked in INDICATORS and asked != "unplaced") else FIRST


def indicator(measure: str) -> Indicator:
    if measure in INDICATORS:
        return INDICATORS[measure]
    field = FIELDS[measure.removeprefix(FILLED)]
    whole = INDICATORS["completeness"]
    label = say(N_("Filled in: {field}"), field=say(field.label))
    return replace(whole, key=measure, label=label, numerator_label=label)


def choose_measure(measure: str) -> None:
    go(current().with_filter("category", measure))


# What is drawn


def sentence(found: Quality, place: str, reader: Language) -> str:
    """How complete, and what needs work first, as HTML."""
    if not found.rows:
        return ""
    told = rich(
        N_("{share} of the cells of {rows} rows in {place} are filled in."),
        reader,
        share=percent(found.completeness, reader),
        rows=found.rows,
        place=place,
    )
    unusable = sum(found.nik.values()) - found.nik.get("valid", 0)
    if unusable:
        told += " " + rich(N_("**{count} rows have no usable NIK.**"), reader, count=unusable)
    if found.twice.get(quality.ANY):
        told += " " + rich(
            N_("In {count} rows stands a NIK that another row has, too."), reader, count=found.twice[quality.ANY]
        )
    return told


def show_cards(found: Quality, measure: str, about: Scope) -> None:
    """The six figures; a click shows one of them by area. Rows without a kelurahan have no area: their list opens."""

    def chosen() -> None:
        asked = st.session_state["quality"].get("kind")
        if asked == "unplaced":
            st.session_state["open_rows"] = "placed no"
        elif asked:
            choose_measure(str(asked))

    comparison.draw_cards("quality", cards(found, measure, language()), chosen)


def cards(found: Quality, measure: str, reader: Language) -> list[dict[str, Any]]:
    """A card a figure: label, amount, the fraction behind it, whether it is chosen."""
    fresh = sum(found.fresh.get(code, 0) for code in quality.WITHIN_WINDOW)
    nik = sum(found.nik.values())
    cells = sum(field.rows for field in found.fields)
    shares = {
        "completeness": (sum(field.filled for field in found.fields), cells),
        "nik_valid": (found.nik.get("valid", 0), nik),
        "fresh": (fresh, sum(found.fresh.values())),
    }
    counts = {
        "twice": found.twice.get(quality.ANY, 0) if nik else None,
        "wrong": found.wrong,
        "unplaced": found.unplaced,
    }
    notes = {
        "twice": translate(
            N_("{inside} in the same kelurahan, {across} in several"),
            reader,
            inside=found.twice.get("inside", 0),
            across=found.twice.get("across", 0),
        ),
        "wrong": translate(N_("destroyed numbers, impossible dates, unknown answers"), reader),
        "unplaced": translate(N_("kelurahan not recognised"), reader),
    }
    drawn = []
    for key, one in INDICATORS.items():
        if key in shares:
            part, whole = shares[key]
            known, unit = bool(whole), "%"
            amount = percent(part / whole if whole else None, reader).removesuffix("%")
            note = translate(N_("{numerator} of {denominator}"), reader, numerator=part, denominator=whole)
        else:
            count = counts[key]
            known, part, unit = count is not None, count or 0, translate(N_("rows"), reader)
            amount, note = number(part, reader), notes[key]
        drawn.append(
            {
                "kind": key,
                "label": translate(one.label, reader),
                "amount": amount if known else translate(N_("not known"), reader),
                "unit": unit if known else "",
                "note": note if known else "",
                "tone": "attention" if key in counts and part and key != "wrong" else "",
                "chosen": key == measure,
                "disabled": not known or (key == "unplaced" and not part),
            }
        )
    return drawn


def show_fields(found: Quality, measure: str, about: Scope) -> None:
    header.card_head(
        say(N_("Fields")), say(N_("A field's name shows it on the map; a number opens the rows behind it."))
    )
    _show_numbers("fields", fields(found, measure, _listed(about), language()), about.place, found.context)


def fields(found: Quality, measure: str, about: Scope | None, reader: Language) -> dict[str, Any]:
    """The fields, the emptiest first: share filled in, empty rows, rows with something unusable."""
    rows = []
    for field in sorted(found.fields, key=lambda one: one.share or 0):
        cells = [
            {"text": translate(FIELDS[field.key].label, reader), "measure": f"{FILLED}{field.key}"},
            {"text": percent(field.share, reader), "share": field.share or 0},
            _number(field.rows - field.filled, "blank", field.key, about, reader),
            _number(field.unusable, "problem", field.key, about, reader),
        ]
        rows.append({"cells": cells, "chosen": measure == f"{FILLED}{field.key}"})
    labels = (N_("Field"), N_("Filled in"), N_("Empty"), N_("Not usable"))
    return {"columns": [translate(label, reader) for label in labels], "rows": rows}


def show_problems(found: Quality, about: Scope) -> None:
    header.card_head(say(N_("Problems")), say(N_("What the check of the file found; a number opens the rows.")))
    _show_numbers("problems", problems(found, _listed(about), language()), about.place, found.context)


def problems(found: Quality, about: Scope | None, reader: Language) -> dict[str, Any]:
    """Every problem with its rows, the most frequent first; duplicates inside and across kelurahan; ages of updates."""
    frequent = sorted(found.problems.items(), key=lambda item: -item[1])
    listed = [("problem", key, rows) for key, rows in ((quality.ANY, found.wrong), *frequent) if rows]
    listed += [("twice", key, rows) for key, rows in found.twice.items() if rows]
    rows = [
        {
            "cells": [
                {"text": _titled(kind, key, reader)},
                _number(count, kind, key, about, reader),
                {"text": percent(count / found.rows, reader)},
            ]
        }
        for kind, key, count in listed
    ]
    if found.repeated:
        words = translate(N_("Row repeats another one (not counted)"), reader)
        rows.append({"cells": [{"text": words}, {"text": number(found.repeated, reader)}, {"text": "–"}]})
    labels = (N_("Problem"), N_("Rows"), N_("Share"))
    return {"columns": [translate(label, reader) for label in labels], "rows": rows}


def _titled(kind: str, key: str, reader: Language) -> str:
    words = quality.spoken(kind, key, reader)
    return f"{translate(quality.FILTER_WORDS[kind], reader)}: {words}" if kind == "twice" else capital(words)


def show_ages(found: Quality, about: Scope) -> None:
    header.card_head(say(N_("Age of the last update")), say(N_("At the date of the data; a number opens the rows.")))
    if found.fresh:
        _show_numbers("ages", ages(found, _listed(about), language()), about.place, found.context)
    else:
        header.message(N_("The file carries no update date."))


def ages(found: Quality, about: Scope | None, reader: Language) -> dict[str, Any]:
    whole = sum(found.fresh.values())
    rows = []
    for code, words in quality.FRESH_WORDS.items():
        count = found.fresh.get(code, 0)
        share = count / whole if whole else None
        cells = [
            {"text": translate(words, reader)},
            {"text": percent(share, reader), "share": share or 0},
            _number(count, "fresh", code, about, reader),
        ]
        rows.append({"cells": cells})
    labels = (N_("Last update"), N_("Share"), N_("Rows"))
    return {"columns": [translate(label, reader) for label in labels], "rows": rows}


def _number(count: int, kind: str, code: str, about: Scope | None, reader: Language) -> dict[str, Any]:
    """A number that opens the rows behind it, those of the list `about` a place."""
    if not count or about is None:
        return {"text": number(count, reader)}
    target = replace(about, filters=((kind, code),))
    address = f"/{navigation.SCREENS['households'][0]}?{urlencode(query(target, reader))}"
    return {"text": number(count, reader), "address": address, "opens": f"{kind} {code}"}


def _show_numbers(key: str, data: Mapping[str, Any], place: str, context: Context) -> None:
    def opened() -> None:
        if asked := st.session_state[key].get("rows"):
            st.session_state["open_rows"] = str(asked)

    def chosen() -> None:
        if asked := st.session_state[key].get("measure"):
            choose_measure(str(asked))

    _numbers(key=key, data=dict(data), on_rows_change=opened, on_measure_change=chosen)
    documents.table_downloads(key, lambda: documents.tabled.of_rows(data), say(N_("Data quality")), place, [context])


def _listed(about: Scope) -> Scope | None:
    """The same where the viewer may see its list."""
    return about if viewer().may_list(about.place) else None


def follow(about: Scope) -> None:
    """Goes to the rows behind a number, where one was clicked."""
    if asked := st.session_state.pop("open_rows", ""):
        kind, _, code = str(asked).partition(" ")
        target = replace(about, filters=((kind, code),))
        st.switch_page(navigation.page("households"), query_params=query(target))


def show_areas(shown: documents.Shown, measure: str, context: Context, choose: Callable[[str], None]) -> None:
    by, seen = shown.seen.tabled_by, shown.seen
    header.card_head(capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
    data = areas(shown.tabled, measure, LEVEL_NAMES[by], seen.chosen, language())
    comparison.area_table(data, choose, say(N_("Data quality")), seen.place, [context])


def areas(values: pd.DataFrame, measure: str, heading: str, chosen: str, reader: Language) -> dict[str, Any]:
    """The table by area: rows, the chosen field, the shares, the counts."""
    own = [measure] if measure not in INDICATORS else []
    shares = [*own, *quality.SHARES]
    counts = ["inside", "across", "wrong", "unplaced"]
    labels = [heading, N_("Rows"), *(indicator(key).label for key in own), N_("Completeness"), N_("NIK complete"),
              N_("Updated ≤ 24 months"), N_("NIK twice inside"), N_("NIK twice across"), N_("Not usable"),
              N_("No kelurahan")]  # fmt: skip
    columns = ["rows", *shares, *counts]
    rows = []
    for row in records(values):
        found = [None if pd.isna(row[key]) else row[key] for key in columns]
        cells = [
            "–" if value is None else percent(value, reader) if key in shares else number(int(value), reader)
            for key, value in zip(columns, found, strict=True)
        ]
        order = [str(row["name"]), *(None if value is None else float(value) for value in found)]
        rows.append(
            {"code": row["code"], "cells": [str(row["name"]), *cells], "order": order, "tones": [""] * len(order),
             "chosen": row["code"] == chosen}
        )  # fmt: skip
    at = {"twice": columns.index("inside")}.get(measure, columns.index(measure) if measure in columns else 1)
    return {
        "columns": [capital(translate(label, reader)) for label in labels],
        "rows": rows,
        "sort": {"column": at + 1, "down": measure in ("twice", "wrong")},
        "language": reader,
    }


def show_trend(shown: documents.Shown, context: Context) -> None:
    """The way of the chosen figure over the snapshots; a field's own way is that of the completeness."""
    told = replace(shown, indicator=INDICATORS[shown.figure.indicator])
    charts.show(told.figure, told.indicator)
    documents.downloads("trend", told, say(N_("Data quality")), [context])


def figure(table: pd.DataFrame, measure: str) -> Figure:
    """The course of a figure; of a field, which has none of its own, that of the completeness."""
    measure = measure if measure in table.columns else FIRST
    history = tuple((row["period"], None if pd.isna(row[measure]) else float(row[measure])) for row in records(table))
    return Figure(measure, Value(history[-1][1] if history else None), None, history)
