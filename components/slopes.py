"""One figure at two dates: the slopes of all areas, who rose and who fell, and the table behind them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import comparison, header, navigation, relation, view
from components.address import language, say
from components.colours import moved, shown
from components.kpis import judgement
from components.relation import PLURAL, Axis, Chosen
from components.rich import rich
from components.tables import shortened
from components.view import LEVEL_NAMES, records
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import FEW, Indicator
from data.queries import Context
from data.wording import N_, Language, capital, number, short_date, translate

HEIGHT: Final = 470
NAMED: Final = 3
"""Areas named at each end: those that rose and those that fell most."""
LONGEST: Final = 16
"""Letters of a name beside a slope."""


def steps(found: pd.DataFrame, indicator: Indicator, reader: Language) -> list[float | None]:
    """The change of every area as it is read; None where it is not known."""
    return [None if pd.isna(step) else moved(float(step), indicator, reader)[0] for step in found["step"]]


def sentence(found: pd.DataFrame, chosen: Chosen, context: Context, reader: Language) -> str:
    """How many rose and fell between the two dates, and where most, as HTML."""
    known = found[found["step"].notna()]
    if known.empty or context.compare is None or context.period is None:
        return rich(N_("There are not two dates to compare for this figure and place."), reader)
    changes = [step or 0.0 for step in steps(known, chosen.first, reader)]
    up, down = sum(step > 0 for step in changes), sum(step < 0 for step in changes)
    told: dict[str, Any] = {
        "count": len(known),
        "areas": translate(PLURAL[chosen.by], reader),
        "place": chosen.here,
        "figure": relation.in_sentence(chosen.first, reader),
        "up": up,
        "down": down,
        "before": short_date(context.compare, reader),
        "now": short_date(context.period, reader),
    }
    if chosen.first.good == "neutral":
        message = N_(
            "From {before} to {now}, {figure} **rose in {up} and fell in {down}** of {count} {areas} in {place}."
        )
        return rich(message, reader, **told)
    worse = down if chosen.first.good == "high" else up
    told |= {"worse": worse, "better": up + down - worse}
    if not worse:
        message = N_("From {before} to {now}, {figure} improved in {better} of {count} {areas} in {place}.")
        return rich(message, reader, **told)
    message = N_(
        "From {before} to {now}, {figure} **worsened in {worse}** of {count} {areas} in {place} and improved in"
        " {better}; most worsened: {name} ({change})."
    )
    sure = known[~known["small"]] if not known["small"].all() else known
    last = sure.sort_values("step", ascending=chosen.first.good == "high").iloc[0]
    amount = change(float(last["step"]), chosen.first, reader)
    return rich(message, reader, **told, name=str(last["name"]), change=amount)


def change(step: float, indicator: Indicator, reader: Language) -> str:
    """A change with its sign and, of shares, in points."""
    rounded, amount = moved(step, indicator, reader)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{amount}{' ' + translate(N_('points'), reader) if indicator.is_share else ''}"


def cautions(found: pd.DataFrame, chosen: Chosen, reader: Language) -> list[str]:
    notes = []
    if chosen.by != "kelurahan" and chosen.first.lowest != "kelurahan":
        message = N_("The figure does not exist below this level, so {areas} are compared.")
        notes.append(translate(message, reader, areas=translate(PLURAL[chosen.by], reader)))
    if small := int(found["small"].sum()):
        message = N_("{count} areas with fewer than {few} counted are dotted: their changes may be chance.")
        notes.append(translate(message, reader, count=small, few=FEW))
    if lacking := int(found["step"].isna().sum()):
        notes.append(translate(N_("{count} areas have no figure at one of the two dates."), reader, count=lacking))
    return notes


@st.fragment
def show_dates(found: pd.DataFrame, chosen: Chosen, context: Context) -> None:
    """Slopes and table, beside one another."""
    chosen = relation.anew(chosen)
    if context.compare is None or found["step"].notna().sum() < relation.DRAWN:
        relation.nothing(chosen)
        return
    relation.show_cautions(cautions(found, chosen, language()))
    left, right = st.columns([1.14, 1])
    with left, st.container(key="card_slopes", height="stretch"):
        show(found, chosen, context)
    with right, st.container(key="card_relation_table", height="stretch"):
        show_table(found, chosen, context)


def show(found: pd.DataFrame, chosen: Chosen, context: Context) -> None:
    names = {"high": N_("Green rose, orange fell."), "low": N_("Green fell, orange rose."), "neutral": ""}
    header.card_head(
        say(N_("From date to date")),
        " ".join(filter(None, (say(N_("A line is an area.")), say(names[chosen.first.good])))),
    )
    relation.show_plane(build(found, chosen, context, language()), "slopes")


def build(found: pd.DataFrame, chosen: Chosen, context: Context, reader: Language) -> dict[str, Any]:
    """The plane of two dates: a stroke an area, those named that moved most."""
    one = chosen.first
    known = found[found["step"].notna()]
    up = Axis.over([*known["before"], *known["now"]], one)
    sure = known[~known["small"]].sort_values("step")["code"]
    named = {*sure.head(NAMED), *sure.tail(NAMED)}
    changes = dict(zip(known["code"], steps(known, one, reader), strict=True))
    ends = [short_date(day, reader) if day else "" for day in (context.compare, context.period)]
    strokes = [
        {
            "code": row["code"],
            "name": row["name"],
            "words": f"{_short(str(row['name']))} {shown(row['now'], one, reader)}",
            "y0": up.place(row["before"]),
            "y1": up.place(row["now"]),
            "tone": judgement(changes[row["code"]] or 0.0, one) if changes[row["code"]] else "same",
            "hollow": bool(row["small"]),
            "faded": bool(chosen.shown) and not chosen.stands_out(row["code"]),
            "chosen": chosen.stands_out(row["code"]),
            "named": row["code"] in named or chosen.stands_out(row["code"]),
            "tip": _tip(row, ends, one, reader),
        }
        for row in records(known)
    ]
    return {
        "name": translate(N_("Two dates of {count} areas"), reader, count=len(known)),
        "height": HEIGHT,
        "room": 176,
        "xlabel": "",
        "ylabel": "",
        "xticks": [{"at": at, "text": text} for at, text in enumerate(ends)],
        "yticks": up.ticks(one, reader),
        "guides": [],
        "bands": [],
        "points": [],
        "strokes": sorted(strokes, key=lambda stroke: (stroke["chosen"], stroke["named"])),
    }


def _short(name: str) -> str:
    name = shortened(name)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _tip(row: dict[str, Any], ends: Sequence[str], one: Indicator, reader: Language) -> list[str]:
    lines = [
        f"{end}: {relation.figure(row, when, one, reader)}" for end, when in zip(ends, ("before", "now"), strict=True)
    ]
    small = translate(N_("fewer than {few} counted: uncertain"), reader, few=FEW) if row["small"] else ""
    return [str(row["name"]), str(row["parent_name"]), *lines, change(float(row["step"]), one, reader), small]


def show_table(found: pd.DataFrame, chosen: Chosen, context: Context) -> None:
    header.card_head(
        say(N_("Who rose, who fell")), say(N_("Click a row to let the area stand out in the figures above."))
    )
    title = say(chosen.first.label)
    comparison.area_table(
        table(found, chosen, context, language()), relation.pick, title, chosen.scope.place, [context]
    )
    people = [key for key in chosen.first.registers if REGISTERS[key].grain != "figure"]
    if people:
        target = replace(view.figures_of(chosen.scope), register=people[0])
        with st.container(key="relation_links"):
            navigation.link("comparison", f"{say(N_('Which persons came, left and moved'))} →", target)


def table(found: pd.DataFrame, chosen: Chosen, context: Context, reader: Language) -> dict[str, Any]:
    """Name, both dates, the change and the fraction of the newer date; those that worsened most first."""
    one, rows = chosen.first, []
    for row, step in zip(records(found), steps(found, one, reader), strict=True):
        before, now = (None if pd.isna(row[when]) else float(row[when]) for when in ("before", "now"))
        told = None if pd.isna(row["step"]) else float(row["step"])
        arrow = "–" if told is None else change(told, one, reader)
        cells = [str(row["name"]), shown(before, one, reader), shown(now, one, reader), arrow, _behind(row, reader)]
        tone = judgement(step, one) if step else ""
        whole = None if pd.isna(row["now_denominator"]) else int(row["now_denominator"])
        rows.append(
            {
                "code": row["code"],
                "cells": cells,
                "order": [row["name"], before, now, told, whole],
                "tones": ["", "", "", tone, ""],
                "few": 3 if row["small"] else None,
                "chosen": chosen.stands_out(str(row["code"])),
            }
        )
    level = translate(LEVEL_NAMES[chosen.by], reader)
    dates = [short_date(day, reader) if day else "–" for day in (context.compare, context.period)]
    last = (translate(N_("Change"), reader), translate(N_("Fraction"), reader))
    return {
        "columns": [capital(level), *dates, *last],
        "rows": rows,
        "sort": {"column": 3, "down": one.good == "low"},
        "label": f"{translate(one.label, reader)}, {' – '.join(dates)}",
        "language": reader,
    }


def _behind(row: dict[str, Any], reader: Language) -> str:
    top, whole = row["now_numerator"], row["now_denominator"]
    return "–" if pd.isna(top) or pd.isna(whole) else f"{number(int(top), reader)} / {number(int(whole), reader)}"
