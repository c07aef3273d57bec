"""Areas as a ranked list and as a table; a click on either chooses the place."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import header, links
from components.address import language, say
from components.ask import current, viewer
from components.colours import NEUTRAL, Scale, moved, shown, uncertain
from components.kpis import UNITS, judgement
from components.routes import STATIC
from components.view import LEVEL_NAMES, categories, records
from data.definitions.indicators import FEW, Indicator
from data.places.reference import Level
from data.queries import Context
from data.wording import N_, Language, capital, number, translate

FIRST: Final = 11
"""Rows of the ranking before "all" is asked for."""

LINKED: Final = (STATIC / "linked.js").read_text()
"""What marks an area in all figures of a screen; goes before a component's own script."""

_ranking = st.components.v2.component(
    "padan_ranking",
    html='<div class="ranking"></div>',
    css=(STATIC / "ranking.css").read_text(),
    js=LINKED + (STATIC / "ranking.js").read_text(),
)
_areas = st.components.v2.component(
    "padan_areas",
    html='<div class="areas"></div>',
    css=(STATIC / "areas.css").read_text(),
    js=LINKED + (STATIC / "areas.js").read_text(),
)


def show_ranking(
    values: pd.DataFrame,
    indicator: Indicator,
    scale: Scale,
    average: float | None,
    chosen: str,
    choose: Callable[[str], None],
    key: str = "ranking",
) -> None:
    header.card_head(ranking_title(indicator), ranking_note(values, indicator, average))
    data = ranking(values, indicator, scale, average, chosen, language())
    _ranking(key=key, data=data, on_place_change=lambda: _chosen(key, choose))


def show_beside(values: pd.DataFrame, indicator: Indicator, chosen: str, choose: Callable[[str], None]) -> None:
    """A figure shown apart, by category or by area; a click on an area chooses it."""
    key = f"beside_{indicator.key}"
    data = ranking(values, indicator, PLAIN, None, chosen, language())
    if words := categories(indicator):
        note = say(N_("{first} of {total} categories"), first=len(values), total=len(words))
        header.card_head(say(N_("By category")), note)
        data["first"] = len(values)
    else:
        header.card_head(say(ranking_title(indicator)), ranking_note(values, indicator, None))
    _ranking(key=key, data=data, on_place_change=lambda: None if words else _chosen(key, choose))


PLAIN: Final = Scale((), (NEUTRAL[-2],))
"""One colour for bars that no map has a class for."""


def show_areas(
    values: pd.DataFrame,
    indicator: Indicator,
    columns: Sequence[Indicator],
    by: Level,
    chosen: str,
    choose: Callable[[str], None],
    context: Context | None = None,
) -> None:
    """With the `context` that tells the indicator, the numbers of its register open the lists of whom they count."""
    reader = language()

    def opens(code: str, counted: Indicator) -> str:
        if context is None or counted.registers != indicator.registers or not viewer().may_list(code):
            return ""
        target = links.listed(current().at(code), counted, context)
        return links.address(target, reader) if target else ""

    header.card_head(capital(say(LEVEL_NAMES[by])), say(N_("Click a row to narrow the screen to it.")))
    data = areas(values, indicator, columns, LEVEL_NAMES[by], chosen, reader, opens)
    _areas(key="areas", data=data, on_place_change=lambda: _chosen("areas", choose))


def ranking_title(indicator: Indicator) -> str:
    titles = {"high": N_("Furthest behind"), "low": N_("Highest first"), "neutral": N_("Largest first")}
    return say(titles[indicator.good])


def ranking_note(values: pd.DataFrame, indicator: Indicator, average: float | None) -> str:
    """How many of how many are shown, and what the dotted mark is."""
    counts = {"first": first(values, indicator), "total": len(values)}
    if average is None or not compared(indicator):
        return say(N_("{first} of {total} areas"), **counts)
    return say(
        N_("{first} of {total} areas · dotted line = average {average}"),
        average=shown(average, indicator, language()),
        **counts,
    )


KABKOTA: Final = 5
"""Length of the code of a kab/kota, which needs no province under its name."""
SHORT: Final = {"Kota Administrasi ": "Kota Adm. ", "Kabupaten Administrasi ": "Kab. Adm. ", "Kabupaten ": "Kab. "}


def shortened(name: str) -> str:
    """A name as offices abbreviate it where room is short.

    >>> shortened("Kabupaten Administrasi Kepulauan Seribu"), shortened("Kota Kendari")
    ('Kab. Adm. Kepulauan Seribu', 'Kota Kendari')
    """
    for long, short in SHORT.items():
        if name.startswith(long):
            return short + name.removeprefix(long)
    return name


def first(values: pd.DataFrame, indicator: Indicator) -> int:
    """Rows of a ranking before all are asked for: those with a figure, as many as there is room for."""
    return min(FIRST, int(values[indicator.key].notna().sum()) or len(values))


def compared(indicator: Indicator) -> bool:
    """Whether a larger place's figure is an average of its areas, and not their sum."""
    return indicator.is_share or indicator.is_ratio


def ranking(
    values: pd.DataFrame,
    indicator: Indicator,
    scale: Scale,
    average: float | None,
    chosen: str,
    reader: Language,
) -> dict[str, Any]:
    """The ranking's rows, worst first (largest first where nothing is good or bad), unknown ones last. Shares of so few
    that chance decides stand after the others, because none of them can be called the worst.

    `values` as `queries.by_area` gives them; lengths and the average are fractions of the track, which ends at 100 per
    cent where that is the target, else at the largest value.
    """
    ordered = ranked(values, indicator)
    most = max((float(value) for value in values[indicator.key].dropna()), default=1) or 1
    whole = 1.0 if indicator.is_share and indicator.good == "high" else most
    rows = []
    for row in records(ordered):
        value = None if pd.isna(row[indicator.key]) else float(row[indicator.key])
        behind = fraction(row, indicator, reader)
        rows.append(
            {
                "code": row["code"],
                "name": shortened(str(row["name"])),
                "parent": "" if len(str(row["code"])) == KABKOTA else row["parent_name"],
                "value": shown(value, indicator, reader),
                "length": 0 if value is None else value / whole,
                "colour": scale.colour(value),
                "chosen": row["code"] == chosen,
                "few": translate(N_("n = {count}"), reader, count=behind[1]) if few(row, indicator) else "",
                "title": " · ".join(filter(None, (str(row["name"]), behind[0]))),
            }
        )
    return {
        "rows": rows,
        "average": average / whole if average is not None and compared(indicator) else None,
        "first": first(values, indicator),
        "all": translate(N_("All {count} areas ▾"), reader, count=len(rows)),
        "less": translate(N_("Only the first {count} ▴"), reader, count=first(values, indicator)),
    }


def ranked(values: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The areas from the worst to the best, then those with too few behind their share, then those without a figure."""
    known = values[indicator.key].notna()
    unsure = pd.Series([few(row, indicator) for row in records(values)], index=values.index, dtype=bool) & known
    order = [indicator.key, "name"]
    groups = (
        values[rows].sort_values(order, ascending=[indicator.good == "high", True])
        for rows in (known & ~unsure, unsure)
    )
    return pd.concat([*groups, values[~known]])


def few(row: dict[str, Any], indicator: Indicator) -> bool:
    """Whether an area's share is one of so few that chance decides."""
    denominator = row.get(f"{indicator.key}_denominator")
    return uncertain(None if pd.isna(denominator) else float(denominator), indicator)


def fraction(row: dict[str, Any], indicator: Indicator, reader: Language) -> tuple[str, int]:
    """What stands behind an area's share, in words, and its denominator; empty and nought where it has none."""
    above, below = (row.get(f"{indicator.key}_{part}") for part in ("numerator", "denominator"))
    if not indicator.is_ratio or pd.isna(above) or pd.isna(below):
        return "", 0
    words = translate(N_("{numerator} of {denominator}"), reader, numerator=int(above), denominator=int(below))
    return words, int(below)


def areas(
    values: pd.DataFrame,
    indicator: Indicator,
    columns: Sequence[Indicator],
    heading: str,
    chosen: str,
    reader: Language,
    opens: Callable[[str, Indicator], str] = lambda _code, _counted: "",
) -> dict[str, Any]:
    """The table's rows: the fraction behind the indicator, its value and change, then other figures of the area.

    `label` is what the table is called, a cell number in `few` the share that is one of so few that chance decides.
    `opens` gives the address of the list of those whom a figure counts in an area, empty where there is none.

    `values` needs the columns of `indicator` and of `columns`, as `queries.by_area` gives them.
    """
    own = [indicator.denominator or "", indicator.numerator] if indicator.is_ratio else []
    others = [
        column
        for column in columns
        if column.key != indicator.key and column.key in values and (column.is_ratio or column.numerator not in own)
    ]
    sign = "%" if indicator.is_share else UNITS[indicator.unit] or N_("Value")
    labels = [
        heading,
        *(HEADINGS.get(measure, N_("Count")) for measure in own),
        sign,
        N_("Change"),
        *(HEADINGS.get(other.key, other.label) for other in others),
    ]
    rows = [_area(row, indicator, others, chosen, reader, opens) for row in records(values)]
    unsure = sum(row["few"] is not None for row in rows)
    counted = translate(N_("{count} {areas}"), reader, count=unsure, areas=translate(heading, reader))
    return {
        "columns": [capital(translate(label, reader)) for label in labels],
        "rows": rows,
        "note": f"* {translate(UNSURE, reader, few=FEW, areas=counted)}" if unsure else "",
        "sort": {"column": len(own) + 1, "down": indicator.good != "high"},
        "label": translate(
            N_("{figure} by {level}"),
            reader,
            figure=translate(indicator.label, reader),
            level=translate(heading, reader),
        ),
        "language": reader,
    }


UNSURE: Final = N_("fewer than {few}: uncertain ({areas})")
HEADINGS: Final = {
    "persons": N_("Persons"),
    "families": N_("Families"),
    "population": N_("Residents"),
    "measured": N_("Measured"),
    "stunted": N_("Stunted"),
    "updated_persons": N_("Updated"),
    "updated_families": N_("Updated"),
    "decile_1": N_("Decile 1"),
    "decile_1_4": N_("Deciles 1–4"),
    "ppks_persons": N_("Persons"),
    "nik_valid_share": N_("NIK matched"),
    "dtks_families": N_("Families"),
    "decile_1_share": N_("Decile 1"),
    "decile_1_4_share": N_("Deciles 1–4"),
    "ppks_per_1000": N_("Per 1,000"),
}
"""Short headings of measures and figures."""


def _area(
    row: dict[str, Any],
    indicator: Indicator,
    others: Sequence[Indicator],
    chosen: str,
    reader: Language,
    opens: Callable[[str, Indicator], str],
) -> dict[str, Any]:
    def known(column: str) -> float | None:
        return None if pd.isna(row.get(column)) else float(row[column])

    own = [known(f"{indicator.key}_{part}") for part in ("denominator", "numerator")] if indicator.is_ratio else []
    value, step = known(indicator.key), known(f"{indicator.key}_change")
    step_shown, amount = (None, "–") if step is None else moved(step, indicator, reader)
    beside = [known(other.key) for other in others]
    cells = [
        str(row["name"]),
        *(_whole(one, reader) for one in own),
        shown(value, indicator, reader),
        _arrow(step_shown, amount),
        *(shown(one, other, reader) for one, other in zip(beside, others, strict=True)),
    ]
    tones = [""] * len(cells)
    tones[len(own) + 2] = judgement(step_shown or 0, indicator)
    order = [str(row["name"]), *own, value, step, *beside]
    counts = {2 if own else 1: indicator}
    counts |= {len(own) + 3 + at: other for at, other in enumerate(others) if not other.is_ratio}
    return {
        "code": row["code"],
        "cells": cells,
        "order": order,
        "lists": {at: found for at, one in counts.items() if order[at] and (found := opens(str(row["code"]), one))},
        "tones": tones,
        "chosen": row["code"] == chosen,
        "few": len(own) + 1 if few(row, indicator) else None,
    }


def _whole(value: Any, reader: Language) -> str:
    return "–" if value is None else number(round(value), reader)


def _arrow(step: float | None, amount: str) -> str:
    return f"{'▲' if step > 0 else '▼'} {amount}" if step else amount


def _chosen(key: str, choose: Callable[[str], None]) -> None:
    if code := st.session_state[key].get("place"):
        choose(str(code))
