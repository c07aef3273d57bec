"""Areas as a ranked list and as a table; a click on either chooses the place."""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import header
from components.address import language, say
from components.colours import Scale, moved, shown
from components.kpis import judgement
from components.routes import STATIC
from components.view import LEVEL_NAMES, records
from data.definitions.indicators import INDICATORS, Indicator
from data.places.reference import Level
from data.wording import N_, Language, number, translate

FIRST: Final = 11
"""Rows of the ranking before "all" is asked for."""

_ranking = st.components.v2.component(
    "padan_ranking",
    html='<div class="ranking"></div>',
    css=(STATIC / "ranking.css").read_text(),
    js=(STATIC / "ranking.js").read_text(),
)
_areas = st.components.v2.component(
    "padan_areas",
    html='<div class="areas"></div>',
    css=(STATIC / "areas.css").read_text(),
    js=(STATIC / "areas.js").read_text(),
)


def show_ranking(
    values: pd.DataFrame,
    indicator: Indicator,
    scale: Scale,
    average: float | None,
    chosen: str,
    choose: Callable[[str], None],
) -> None:
    header.card_head(ranking_title(indicator), ranking_note(values, indicator, average))
    data = ranking(values, indicator, scale, average, chosen, language())
    _ranking(key="ranking", data=data, on_place_change=lambda: _chosen("ranking", choose))


def show_areas(
    values: pd.DataFrame, indicator: Indicator, by: Level, chosen: str, choose: Callable[[str], None]
) -> None:
    header.card_head(_capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
    data = areas(values, indicator, LEVEL_NAMES[by], chosen, language())
    _areas(key="areas", data=data, on_place_change=lambda: _chosen("areas", choose))


def ranking_title(indicator: Indicator) -> str:
    return say(N_("Largest first") if indicator.good == "neutral" else N_("Furthest behind"))


def ranking_note(values: pd.DataFrame, indicator: Indicator, average: float | None) -> str:
    """How many of how many are shown, and what the dotted mark is."""
    counts = {"first": min(FIRST, len(values)), "total": len(values)}
    if not indicator.is_share or average is None:
        return say(N_("{first} of {total} areas"), **counts)
    return say(
        N_("{first} of {total} areas · dotted line = average {average}"),
        average=shown(average, indicator, language()),
        **counts,
    )


def ranking(
    values: pd.DataFrame,
    indicator: Indicator,
    scale: Scale,
    average: float | None,
    chosen: str,
    reader: Language,
) -> dict[str, Any]:
    """The ranking's rows, worst first (largest first where nothing is good or bad), unknown ones last.

    `values` as `queries.by_area` gives them; lengths and the average are fractions of the track.
    """
    known = values[indicator.key].notna()
    ordered = pd.concat(
        [values[known].sort_values([indicator.key, "name"], ascending=[indicator.good == "high", True]), values[~known]]
    )
    whole = (
        1.0 if indicator.is_share else max([float(value) for value in values.loc[known, indicator.key]], default=1) or 1
    )
    rows = []
    for row in records(ordered):
        value = None if pd.isna(row[indicator.key]) else float(row[indicator.key])
        rows.append(
            {
                "code": row["code"],
                "name": row["name"],
                "parent": row["parent_name"],
                "value": shown(value, indicator, reader),
                "length": 0 if value is None else value / whole,
                "colour": scale.colour(value),
                "chosen": row["code"] == chosen,
            }
        )
    return {
        "rows": rows,
        "average": average if indicator.is_share else None,
        "first": FIRST,
        "all": translate(N_("All {count} areas ▾"), reader, count=len(rows)),
        "less": translate(N_("Only the first {count} ▴"), reader, count=FIRST),
    }


def areas(values: pd.DataFrame, indicator: Indicator, heading: str, chosen: str, reader: Language) -> dict[str, Any]:
    """The table's rows: persons, numerator, share, change of the chosen indicator; NIK matched; families.

    `values` needs the columns of `indicator` and of nik_valid_share, dtks_persons and dtks_families.
    """
    rows = [_area(row, indicator, chosen, reader) for row in records(values)]
    labels = [heading, N_("Persons"), N_("Updated"), "%", N_("Change"), N_("NIK matched"), N_("Families")]
    if indicator.key != "dtks_updated_share":
        labels[2] = N_("Of these") if indicator.is_share else N_("Count")
    return {
        "columns": [_capital(translate(label, reader)) for label in labels],
        "rows": rows,
        "sort": {"column": 3 if indicator.is_share else 2, "down": indicator.good != "high"},
        "language": reader,
    }


def _area(row: dict[str, Any], indicator: Indicator, chosen: str, reader: Language) -> dict[str, Any]:
    def known(column: str) -> float | None:
        return None if pd.isna(row.get(column)) else float(row[column])

    share, step = known(indicator.key), known(f"{indicator.key}_change")
    counted = known(f"{indicator.key}_numerator") if indicator.is_share else share
    nik = INDICATORS["nik_valid_share"]
    step_shown, amount = (None, "–") if step is None else moved(step, indicator, reader)
    order = [
        str(row["name"]),
        known("dtks_persons"),
        counted,
        share,
        step,
        known("nik_valid_share"),
        known("dtks_families"),
    ]
    cells = [
        str(row["name"]),
        _whole(order[1], reader),
        _whole(counted, reader),
        shown(share, indicator, reader) if indicator.is_share else "–",
        _arrow(step_shown, amount),
        shown(known("nik_valid_share"), nik, reader),
        _whole(order[6], reader),
    ]
    tones = ["", "", "", "", judgement(step_shown or 0, indicator), "", ""]
    return {"code": row["code"], "cells": cells, "order": order, "tones": tones, "chosen": row["code"] == chosen}


def _whole(value: Any, reader: Language) -> str:
    return "–" if value is None else number(round(value), reader)


def _arrow(step: float | None, amount: str) -> str:
    return f"{'▲' if step > 0 else '▼'} {amount}" if step else amount


def _chosen(key: str, choose: Callable[[str], None]) -> None:
    if code := st.session_state[key].get("place"):
        choose(str(code))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
