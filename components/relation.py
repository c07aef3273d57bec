"""How figures belong together: the choices of the screen, and two figures as a scatter and as a two-variable map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

import folium
import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import comparison, header, maps, sources, view
from components.address import go, language, say
from components.ask import current
from components.colours import shown, usual
from components.rich import rich
from components.routes import STATIC
from components.tables import LINKED, shortened
from components.view import LEVEL_NAMES, Look, View, records
from data import wording
from data.area import within
from data.definitions.indicators import FEW, Indicator
from data.places.geometry import Geometry
from data.places.reference import Level, place
from data.queries import Context
from data.relation import MAIN, YEAR_APART, Related, built_in, lowest
from data.scope import Scope
from data.wording import N_, Language, Value, number, translate

KINDS: Final[Mapping[str, str]] = {
    "pair": N_("Two figures"),
    "areas": N_("Area beside area"),
    "peers": N_("Areas alike"),
    "dates": N_("Two dates"),
}
FIRST: Final = ("dtks_updated_share", "decile_1_4_share", "stunting_share")
SECOND: Final = ("stunting_share", "decile_1_4_share", "ppks_per_1000", "dtks_persons")
"""What stands on the axes before anything is chosen, as far as the store can tell it."""
CLASSES: Final = (
    ("#e3e8ed", "#9ecbe0", "#3b99cc"),
    ("#f3c391", "#b09d94", "#4f7291"),
    ("#e07b1f", "#a35a33", "#4a3b3a"),
)
"""Nine classes, by the second figure from its lowest third up, in each by the first: blue is much of the first, orange
much of the second, dark much of both. Each pair stays apart for colour-blind readers.
"""
CELLS: Final = tuple(f"{x}{y}" for x in (1, 2, 3) for y in (1, 2, 3))
"""The classes as the address has them: the third of the first figure, then that of the second."""
LIGHT: Final = frozenset({"#e3e8ed", "#9ecbe0", "#3b99cc", "#f3c391", "#b09d94", "#e07b1f"})
"""Classes on which dark type is read best."""
PALE: Final = "3d"
"""Opacity of what is not chosen."""
HEIGHT: Final = 580
DRAWN: Final = 3
"""Areas that thirds and medians need at least."""
MANY: Final = 90
"""Points up to which there is room for large ones."""
THIRDS: Final = (N_("low"), N_("middle"), N_("high"))
PLURAL: Final[Mapping[Level, str]] = {
    "province": N_("provinces"),
    "kabkota": N_("kabupaten and kota"),
    "kecamatan": N_("kecamatan"),
    "kelurahan": N_("kelurahan"),
}

_plane = st.components.v2.component(
    "padan_plane",
    html='<div class="frame"><div class="plane"></div><div class="tip" hidden></div></div>',
    css=(STATIC / "plane.css").read_text(),
    js=LINKED + (STATIC / "plane.js").read_text(),
)
_classes = st.components.v2.component(
    "padan_classes",
    html='<div class="classes"></div>',
    css=(STATIC / "classes.css").read_text(),
    js=(STATIC / "classes.js").read_text(),
)


# Choices


@dataclass(frozen=True)
class Chosen:
    """What the screen compares. `scope` is about the kab/kota or province in which it compares, `seen` says which
    areas; `shown` is a class of the map (`13`), or the code of an area that stands out in every figure.
    """

    kind: str
    scope: Scope
    seen: View
    first: Indicator
    second: Indicator
    shown: str
    others: tuple[str, ...]
    known: Mapping[str, Indicator]

    @property
    def by(self) -> Level:
        return self.seen.by

    @property
    def here(self) -> str:
        return place(self.seen.ranked).name if self.seen.ranked else say(N_("All"))

    @property
    def figures(self) -> tuple[Indicator, ...]:
        """What is drawn: both figures, the first, or the main ones that the store can tell."""
        if self.kind == "pair":
            return self.first, self.second
        main = tuple(self.known[key] for key in MAIN if key in self.known)
        return (self.first,) if self.kind == "dates" or not main else main

    @property
    def cell(self) -> str:
        return self.shown if self.shown in CELLS else ""

    def stands_out(self, code: str) -> bool:
        return bool(self.shown) and not self.cell and within(code, self.shown)

    @property
    def look(self) -> Look:
        return Look(around=self.seen.ranked, focus=self.seen.ranked, chosen="" if self.cell else self.shown)


def around(scope: Scope) -> Scope:
    """The scope of the kab/kota or province in which is compared, as far as figures depend on it."""
    return view.figures_of(scope).at(view.at_most(scope.place, "kabkota"))


def chosen(
    scope: Scope,
    known: Mapping[str, Indicator],
    with_data: Sequence[str],
    sees: Callable[[str], bool] = view.anywhere,
) -> Chosen:
    """What the address asks for; what it names that the store cannot tell is replaced by what it can. `sees` says of
    which places the reader sees figures.
    """
    kind, about = scope.filter("kind") or "pair", around(scope)
    kind = kind if kind in KINDS else "pair"
    first = known.get(scope.indicator) or _first(known, FIRST, "")
    second = known.get(scope.filter("second") or "")
    second = second if second and second != first else _first(known, SECOND, first.key)
    level = {"pair": lowest(first, second), "dates": lowest(first)}.get(kind, "kelurahan")
    seen = view.view(about.place, with_data, level, sees)
    return Chosen(
        kind=kind,
        scope=replace(about, indicator=first.key),
        seen=seen,
        first=first,
        second=second,
        shown=shown_of(scope, kind, seen),
        others=tuple(code for code in (scope.filter("other") or "").split(",") if code),
        known=known,
    )


def shown_of(scope: Scope, kind: str, seen: View) -> str:
    """What stands out: what the address asks for if it is there to be seen, else the place inside the compared one."""
    asked = scope.filter("shown") or ""
    if kind == "pair" and asked in CELLS:
        return asked
    inner = scope.place if len(scope.place) > len(seen.ranked) else ""
    found = next((code for code in (asked, inner) if code and within(code, seen.ranked)), seen.chosen)
    return view.at_most(found, seen.by)


def anew(chosen: Chosen) -> Chosen:
    """The same with what stands out now: within a fragment a click changes nothing else."""
    return replace(chosen, shown=shown_of(current(), chosen.kind, chosen.seen))


def _first(known: Mapping[str, Indicator], wanted: Sequence[str], without: str) -> Indicator:
    return known[next(key for key in (*wanted, *known) if key in known and key != without)]


def choose_kind(kind: str) -> None:
    """Which comparison is drawn; the choices of another one are left behind, the place and the date stay."""

    def choose() -> None:
        scope = current()
        for key in ("shown", "other"):
            scope = scope.with_filter(key, None)
        picked = st.session_state["relation_kind"]
        go(scope.with_filter("kind", None if picked in (None, "pair") else picked))

    st.html(STATIC / "relation.css")
    st.session_state["relation_kind"] = kind
    with st.container(key="kinds_of_comparison", width="content"):
        st.segmented_control(
            say(N_("What is compared")),
            list(KINDS),
            key="relation_kind",
            required=True,
            format_func=lambda one: say(KINDS[one]),
            on_change=choose,
            label_visibility="collapsed",
        )


def choose_figures(place: DeltaGenerator, chosen: Chosen) -> None:
    """The figure, of two the first and the second, among all that the store can tell; typing searches. Areas are
    compared over the main figures, so that there is nothing to choose.
    """
    if chosen.kind not in ("pair", "dates"):
        return
    two = chosen.kind == "pair"
    label = N_("First figure (across)") if two else N_("Figure")
    with place:
        _figure("first", label, chosen.first, chosen, lambda key: replace(current(), indicator=key))
        if two:
            label = N_("Second figure (upwards)")
            _figure("second", label, chosen.second, chosen, lambda key: current().with_filter("second", key))


def _figure(name: str, label: str, shown: Indicator, chosen: Chosen, target: Callable[[str], Scope]) -> None:
    other = chosen.second if name == "first" and chosen.kind == "pair" else chosen.first
    menu = [key for key in ordered(chosen.known) if key == shown.key or key != other.key]
    widget = f"relation_{name}"

    def choose() -> None:
        asked = target(st.session_state[widget])
        kept = asked.filter("shown") or ""
        go(asked if "." in kept else asked.with_filter("shown", None))

    st.session_state[widget] = shown.key
    st.selectbox(
        say(label),
        menu,
        key=widget,
        format_func=lambda key: titled(chosen.known[key], language()),
        on_change=choose,
        filter_mode="contains",
    )


def ordered(known: Mapping[str, Indicator]) -> list[str]:
    """The keys, those of one register together, in the order in which registers come up."""
    groups = list(dict.fromkeys(one.registers for one in known.values()))
    return sorted(known, key=lambda key: groups.index(known[key].registers))


def titled(indicator: Indicator, reader: Language) -> str:
    """An indicator in a menu: its register, its name, and the level below which it does not exist."""
    words = f"{sources.name(indicator.registers[0], reader)} · {translate(indicator.label, reader)}"
    if indicator.lowest == "kelurahan":
        return words
    return f"{words} ({translate(PLURAL[indicator.lowest], reader)})"


def pick(code: str) -> None:
    """An area or a class stands out in every figure; chosen again, it no longer does."""
    scope = current()
    go(scope.with_filter("shown", None if scope.filter("shown") == code else code))


# Words


def top(chosen: Chosen, code: str, words: str) -> None:
    """The head of the screen; how two figures go together calls for thought and not for action."""
    header.breadcrumb(code)
    header.head(say(N_("Comparison")), words, calm=chosen.kind == "pair")


STRENGTHS: Final = ((0.8, N_("very strong")), (0.6, N_("strong")), (0.4, N_("moderate")), (0.0, N_("weak")))


def sentence(found: Related, chosen: Chosen, reader: Language) -> str:
    """How the two figures go together, as carefully as so few areas allow, as HTML."""
    told: dict[str, Value] = {
        "place": chosen.here,
        "areas": translate(PLURAL[chosen.by], reader),
        "first": in_sentence(chosen.first, reader),
        "second": in_sentence(chosen.second, reader),
        "count": found.count,
    }
    if found.rho is None:
        message = N_(
            "Only {count} {areas} in {place} have both figures, or one of the two is the same everywhere: **too little"
            " to say whether they go together**."
        )
        return rich(message, reader, **told)
    told["rho"] = signed(found.rho, reader)
    if found.chance:
        message = N_(
            "Over {count} {areas} in {place}, {first} and {second} show **no relation that could be told from chance**"
            " (Spearman {rho})."
        )
        return rich(message, reader, **told)
    strength = next(words for limit, words in STRENGTHS if abs(found.rho) >= limit)
    message = (
        N_(
            "Over {count} {areas} in {place}, where {first} is higher, {second} **tends to be higher** as well: a"
            " {strength} relation (Spearman {rho}). It does not mean that one causes the other."
        )
        if found.rho > 0
        else N_(
            "Over {count} {areas} in {place}, where {first} is higher, {second} **tends to be lower**: a {strength}"
            " relation (Spearman {rho}). It does not mean that one causes the other."
        )
    )
    return rich(message, reader, **told, strength=translate(strength, reader))


def signed(value: float, reader: Language) -> str:
    """A number with two decimals and its sign.

    >>> signed(-0.418, "id"), signed(0.3, "en")
    ('−0,42', '+0.3')
    """
    sign = "−" if value < 0 else "+"
    return f"{sign}{number(abs(value), reader, 2)}"


def cautions(found: Related, chosen: Chosen, contexts: Sequence[Context], reader: Language) -> list[str]:
    """What must be known before the two are read together: dates, levels, small areas, shared sources."""
    first, second = chosen.first, chosen.second
    days = [context.period for context in contexts]
    notes = []
    if days[0] and days[1]:
        dates = {"first": days[0], "second": days[1]}
        if days[0] == days[1]:
            notes.append(translate(N_("Both figures are of {first}."), reader, first=days[0]))
        elif abs(days[0] - days[1]) > YEAR_APART:
            message = N_("The dates lie more than a year apart: {first} and {second}. Read them together with care.")
            notes.append(f"! {translate(message, reader, **dates)}")
        else:
            notes.append(translate(N_("The first figure is of {first}, the second of {second}."), reader, **dates))
    if chosen.by != "kelurahan" and lowest(first, second) != "kelurahan":
        message = N_("One of the two does not exist below this level, so {areas} are compared.")
        notes.append(translate(message, reader, areas=translate(PLURAL[chosen.by], reader)))
    if built_in(first, second):
        notes.append(
            translate(N_("Both are counted from the same list, so part of their relation is built in."), reader)
        )
    if not any(one.is_ratio or one.is_share or one.unit == "number" for one in (first, second)):
        notes.append(translate(N_("Both are numbers and not shares: where more people live, both are larger."), reader))
    if found.small:
        message = N_("{count} areas with fewer than {few} counted stand hollow and are left out of the relation.")
        notes.append(translate(message, reader, count=found.small, few=FEW))
    if found.unknown:
        message = N_("{count} areas lack one of the two figures and are hatched on the map.")
        notes.append(translate(message, reader, count=found.unknown))
    return notes


def show_cautions(notes: Sequence[str]) -> None:
    rows = "".join(
        f'<li class="warn">{escape(note[2:])}</li>' if note.startswith("! ") else f"<li>{escape(note)}</li>"
        for note in notes
    )
    st.html(f'<ul class="cautions">{rows}</ul>')


def in_sentence(indicator: Indicator, reader: Language) -> str:
    """An indicator's name within a sentence: lower case, unless it begins with an abbreviation."""
    return wording.in_sentence(translate(indicator.label, reader))


@st.fragment
def show_pair(
    found: Related, everywhere: pd.DataFrame, chosen: Chosen, contexts: Sequence[Context], shapes: Geometry
) -> None:
    """Scatter, map with its legend, and table of the two figures."""
    chosen = anew(chosen)
    show_cautions(cautions(found, chosen, contexts, language()))
    if found.count < DRAWN:
        nothing(chosen)
        return
    left, right = st.columns(2)
    with left, st.container(key="card_scatter", height="stretch"):
        show_scatter(found, chosen)
    with right, st.container(key="card_map", height="stretch"):
        header.card_head(maps.title(chosen.by), map_note(shapes.schematic))
        maps.show(maps.build(shapes), drawing(found, everywhere, chosen, language()), pick)
        show_classes(found, chosen)
    with st.container(key="card_relation_table"):
        show_table(found, chosen, contexts)


def map_note(schematic: bool) -> str:
    note = say(N_("Both figures in thirds. A click lets an area, or a class of the legend, stand out everywhere."))
    return f"{note} {say(N_('Schematic borders, not official ones.'))}" if schematic else note


# The plane


def show_scatter(found: Related, chosen: Chosen) -> None:
    sized = chosen.second if chosen.second.is_ratio else chosen.first
    note = say(N_("A point is one of {count} areas; dashed lines are the medians."), count=len(found.areas))
    if sized.is_ratio:
        note += " " + say(N_("The larger, the more {what}."), what=say(sized.denominator_label))
    header.card_head(say(N_("Both figures by {level}"), level=say(LEVEL_NAMES[chosen.by])), note)
    show_plane(scatter(found, chosen, language()), "scatter")


def show_plane(drawn: Mapping[str, Any], key: str) -> None:
    """Draws areas on a plane; a click on one lets it stand out, or no longer."""

    def clicked() -> None:
        if code := st.session_state[key].get("place"):
            pick(str(code))

    _plane(key=key, data=dict(drawn), on_place_change=clicked)


def scatter(found: Related, chosen: Chosen, reader: Language) -> dict[str, Any]:
    """The plane of two figures: everything as fractions of it, from its lower left corner."""
    known = found.areas[found.areas["x"].notna() & found.areas["y"].notna()]
    across, up = (Axis.over(known[axis], one) for axis, one in (("x", chosen.first), ("y", chosen.second)))
    most = known["weight"].max() if known["weight"].notna().any() else None
    room = min(1.0, (MANY / max(len(known), 1)) ** 0.5)
    named = {*found.far, *(code for code in known["code"] if chosen.stands_out(code))}
    if chosen.cell:
        named |= set(found.of_cell(chosen.cell)["code"])
    guides = []
    if found.medians:
        for axis, one, at, value in (
            ("x", chosen.first, across, found.medians[0]),
            ("y", chosen.second, up, found.medians[1]),
        ):
            text = translate(N_("median {value}"), reader, value=shown(value, one, reader))
            guides.append({"axis": axis, "at": at.place(value), "text": text})
    return {
        "name": translate(N_("Scatter of {count} areas"), reader, count=len(known)),
        "height": HEIGHT,
        "room": 0,
        "xlabel": translate(chosen.first.label, reader),
        "ylabel": translate(chosen.second.label, reader),
        "xticks": across.ticks(chosen.first, reader),
        "yticks": up.ticks(chosen.second, reader),
        "guides": guides,
        "bands": _bands(found, across, up, chosen),
        "strokes": [],
        "points": [
            {
                "code": row["code"],
                "name": shortened(str(row["name"])),
                "x": across.place(row["x"]),
                "y": up.place(row["y"]),
                "r": _radius(row["weight"], most, room),
                "colour": colour(row["cell"]),
                "hollow": bool(row["small"]),
                "faded": _faded(row, chosen),
                "chosen": chosen.stands_out(row["code"]),
                "named": row["code"] in named,
                "tip": words(row, chosen, reader),
            }
            # The larger lie below the smaller, so that every one can be reached.
            for row in records(known.sort_values("weight", ascending=False, na_position="first"))
        ],
    }


@dataclass(frozen=True)
class Axis:
    """The values between which an axis lies, and where its marks stand."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Any, indicator: Indicator) -> "Axis":
        """An axis a little longer than its values; of figures that cannot be negative, from nothing on at the least."""
        known = [float(value) for value in values if not pd.isna(value)] or [0.0]
        low, high = min(known), max(known)
        spare = (high - low or abs(high) or 1.0) * 0.06
        low, high = low - spare, high + spare
        if min(known) >= 0:
            low = max(low, 0.0)
        if indicator.is_share and max(known) <= 1:
            high = min(high, 1.02)
        power = 10 ** np.floor(np.log10((high - low) / 5))
        step = next(one * power for one in (1, 2, 2.5, 5, 10) if (high - low) / (one * power) <= 6)
        if not indicator.is_ratio and not indicator.is_share and indicator.unit != "number":
            step = max(1.0, float(np.ceil(step)))
        return cls(low, high, float(step))

    def place(self, value: float) -> float:
        return round((float(value) - self.low) / (self.high - self.low), 4)

    def ticks(self, indicator: Indicator, reader: Language) -> list[dict[str, Any]]:
        first = int(np.ceil(self.low / self.step - 1e-9))
        last = int(np.floor(self.high / self.step + 1e-9))
        read = self.step * (100 if indicator.is_share else 1)
        digits = next((places for places in range(4) if abs(round(read, places) - read) < 1e-9), 3)
        return [
            {"at": self.place(at * self.step), "text": shown(at * self.step, indicator, reader, digits)}
            for at in range(first, last + 1)
        ]


def _radius(weight: Any, most: Any, room: float) -> float:
    """Pixels; the area of a point goes with its weight, and where there are many, all are smaller."""
    if most is None or pd.isna(most) or not most:
        return 4.5 + 2.5 * room
    return 4.5 if pd.isna(weight) else round(float(4.5 + 13 * room * (float(weight) / float(most)) ** 0.5), 1)


def _bands(found: Related, across: Axis, up: Axis, chosen: Chosen) -> list[dict[str, Any]]:
    """The nine classes behind the points."""
    if not found.limits:
        return []
    columns, rows = (
        [min(1.0, max(0.0, at)) for at in (0.0, axis.place(limits[0]), axis.place(limits[1]), 1.0)]
        for axis, limits in zip((across, up), found.limits, strict=True)
    )
    return [
        {
            "x0": columns[x], "x1": columns[x + 1], "y0": rows[y], "y1": rows[y + 1],
            "colour": CLASSES[y][x], "chosen": chosen.cell == f"{x + 1}{y + 1}",
        }
        for x in range(3)
        for y in range(3)
    ]  # fmt: skip


def colour(cell: str) -> str:
    """The colour of a class, or of an area in none.

    >>> colour("11"), colour("33"), colour("31")
    ('#e3e8ed', '#4a3b3a', '#3b99cc')
    """
    return CLASSES[int(cell[1]) - 1][int(cell[0]) - 1] if cell else ""


def _faded(row: Mapping[str, Any], chosen: Chosen) -> bool:
    if chosen.cell:
        return str(row["cell"]) != chosen.cell
    return bool(chosen.shown) and not chosen.stands_out(row["code"])


def words(row: Mapping[str, Any], chosen: Chosen, reader: Language) -> list[str]:
    """What a point or an area says: name, place around it, both figures with their fractions."""
    lines = [str(row["name"]), str(row["parent_name"])]
    for axis, one in (("x", chosen.first), ("y", chosen.second)):
        lines.append(f"{translate(one.label, reader)}: {figure(row, axis, one, reader)}")
    if row["small"]:
        lines.append(translate(N_("fewer than {few} counted: uncertain"), reader, few=FEW))
    return lines


def figure(row: Mapping[str, Any], axis: str, indicator: Indicator, reader: Language) -> str:
    """A value of a row with the fraction behind it."""
    value = row[axis]
    if pd.isna(value):
        return translate(N_("no data"), reader)
    told = shown(float(value), indicator, reader)
    top, whole = row[f"{axis}_numerator"], row[f"{axis}_denominator"]
    if not indicator.is_ratio or pd.isna(top) or pd.isna(whole):
        return told
    fraction = translate(N_("{numerator} of {denominator}"), reader, numerator=int(top), denominator=int(whole))
    return f"{told} ({fraction})"


# The map of both


def drawing(found: Related, everywhere: pd.DataFrame, chosen: Chosen, reader: Language) -> folium.FeatureGroup:
    """Colours and words of the two-variable map; `everywhere` are all areas of its ground, of which those beside the
    compared ones stay without a class.
    """
    rows = records(found.areas)
    outside = {str(code): [str(name)] for code, name in zip(everywhere["code"], everywhere["name"], strict=True)}
    return maps.painted(
        {row["code"]: colour(row["cell"]) + (PALE if _faded(row, chosen) else "") for row in rows if row["cell"]},
        outside | {str(row["code"]): _tip(row, chosen, reader) for row in rows},
        chosen.look,
        reader,
        few=[row["code"] for row in rows if row["small"]],
    )


def _tip(row: Mapping[str, Any], chosen: Chosen, reader: Language) -> list[str]:
    name, parent, first, second, *small = words(row, chosen, reader)
    return [name, parent, first, " · ".join((second, *small))]


def show_classes(found: Related, chosen: Chosen) -> None:
    """The legend, and the areas of the class that is chosen in it."""

    def clicked() -> None:
        if cell := st.session_state["classes"].get("cell"):
            pick(str(cell))

    _classes(key="classes", data=legend(found, chosen, language()), on_cell_change=clicked)
    if chosen.cell:
        names = ", ".join(sorted(found.of_cell(chosen.cell)["name"]))
        told = f"<b>{escape(class_words(chosen.cell, found, chosen, language()))}</b>: {escape(names)}"
        st.html(f'<p class="members" role="status">{told}</p>')


def legend(found: Related, chosen: Chosen, reader: Language) -> dict[str, Any]:
    """The 3 × 3 legend: from the highest third of the second figure down, its limits, how many areas each class has."""
    counts = found.areas["cell"].value_counts()
    apart = []
    if found.unknown:
        apart.append({"style": "hatched", "text": translate(N_("no data"), reader)})
    if found.small:
        apart.append({"style": "small", "text": translate(N_("fewer than {few} counted"), reader, few=FEW)})
    limits = found.limits or ((0.0, 0.0), (0.0, 0.0))
    return {
        "name": translate(N_("Legend"), reader),
        "x": translate(chosen.first.label, reader),
        "y": translate(chosen.second.label, reader),
        "limits": _limits(limits[0], chosen.first, reader),
        "rows": [
            {
                "limit": limit,
                "cells": [
                    {
                        "cell": (cell := f"{x}{y}"),
                        "colour": colour(cell),
                        "light": colour(cell) in LIGHT,
                        "count": int(counts.get(cell, 0)),
                        "chosen": cell == chosen.cell,
                        "words": class_words(cell, found, chosen, reader),
                    }
                    for x in (1, 2, 3)
                ],
            }
            for y, limit in zip((3, 2, 1), _limits(limits[1], chosen.second, reader)[::-1], strict=True)
        ],
        "apart": apart,
    }


def class_words(cell: str, found: Related, chosen: Chosen, reader: Language) -> str:
    """A class in words, with the number of its areas."""
    x, y = (translate(THIRDS[int(step) - 1], reader) for step in cell)
    return translate(
        N_("{first}: {x}, {second}: {y} ({count} areas)"),
        reader,
        first=translate(chosen.first.label, reader),
        second=translate(chosen.second.label, reader),
        x=x,
        y=y,
        count=len(found.of_cell(cell)),
    )


def decimals(first: Indicator, second: Indicator) -> tuple[int, int]:
    """Decimals to which the class limits of both are rounded, in the unit of the value: as they are read."""
    across, up = (usual(one) + 2 if one.is_share else usual(one) for one in (first, second))
    return across, up


def _limits(limits: tuple[float, float], indicator: Indicator, reader: Language) -> list[str]:
    low, high = (shown(limit, indicator, reader) for limit in limits)
    return [f"≤ {low}", f"≤ {high}", f"> {high}"]


# The table


def show_table(found: Related, chosen: Chosen, contexts: Sequence[Context]) -> None:
    """Every area with both figures, or those of the chosen class; the figures' alternative in words."""
    rows = found.of_cell(chosen.cell) if chosen.cell else found.areas
    title = (
        class_words(chosen.cell, found, chosen, language())
        if chosen.cell
        else say(N_("Both figures of {count} areas"), count=len(rows))
    )
    header.card_head(title, say(N_("Click a row to let the area stand out in the figures above.")))
    comparison.area_table(table(rows, chosen, language()), pick, title, chosen.scope.place, contexts)


def table(rows: pd.DataFrame, chosen: Chosen, reader: Language) -> dict[str, Any]:
    """Name, both figures with their fractions, and the class in words."""
    first, second = (translate(one.label, reader) for one in (chosen.first, chosen.second))
    behind = translate(N_("Fraction"), reader)
    lines = []
    for row in records(rows):
        cell = str(row["cell"])
        thirds = " × ".join(translate(THIRDS[int(step) - 1], reader) for step in cell) if cell else "–"
        cells, order = [str(row["name"])], [row["name"]]
        for axis, one in (("x", chosen.first), ("y", chosen.second)):
            value = None if pd.isna(row[axis]) else float(row[axis])
            cells += [shown(value, one, reader), _fraction(row, axis, reader)]
            order += [value, None if pd.isna(row[f"{axis}_denominator"]) else int(row[f"{axis}_denominator"])]
        lines.append(
            {
                "code": row["code"],
                "cells": [*cells, thirds],
                "order": [*order, cell or None],
                "tones": [""] * 6,
                "few": next((2 * at + 2 for at, axis in enumerate("xy") if _few(row, axis)), None),
                "chosen": chosen.stands_out(str(row["code"])),
            }
        )
    level = translate(LEVEL_NAMES[chosen.by], reader)
    return {
        "columns": [wording.capital(level), first, behind, second, behind, translate(N_("Thirds"), reader)],
        "rows": lines,
        "sort": {"column": 3, "down": True},
        "label": f"{first} × {second}",
        "language": reader,
    }


def _few(row: Mapping[str, Any], axis: str) -> bool:
    whole = row[f"{axis}_denominator"]
    return not pd.isna(whole) and int(whole) < FEW


def _fraction(row: Mapping[str, Any], axis: str, reader: Language) -> str:
    top, whole = row[f"{axis}_numerator"], row[f"{axis}_denominator"]
    if pd.isna(whole) or pd.isna(top):
        return "–"
    return f"{number(int(top), reader)} / {number(int(whole), reader)}"


def nothing(chosen: Chosen) -> None:
    """Where too few areas have both figures, or both dates, for a drawing to say anything."""
    words = N_("Fewer than {fewest} areas in {place} can be compared. Choose another figure, area or date above.")
    with st.container(key="card_empty"):
        header.message(words, place=chosen.here, fewest=DRAWN)
