"""Where the records of a register are in the other one, what became of them, and of which kind they are: pictures, each
with a table of the same numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components import charts, documents, header, kpis
from components.address import language, say
from components.charts import FONT, LOCAL
from components.documents import Shown
from components.overlap import Chosen, codes
from components.view import records
from data.definitions.catalogue import FIELDS
from data.definitions.filters import FILTERS
from data.definitions.linkages import Linkage
from data.overlap import Flow, Summary
from data.queries import Context
from data.wording import N_, Language, number, percent, translate

COLOURS: Final[Mapping[str, str]] = {
    "registered": "#2f8f88",
    "family_only": "#a5d3cb",
    "unregistered": "#b4530a",
    "undecided": "#8795a8",
    "decile_1": "#0f6b6e",
    "decile_2": "#3d8e8b",
    "decile_3": "#74b1ad",
    "decile_4": "#a9cfcc",
    "decile_5_10": "#d6e8e7",
    "no_decile": "#f4d9b8",
    "healthier": "#74b1ad",
    "gone": "#c3ccd8",
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "healthier": N_("Not stunted any more"),
    "gone": N_("Not in the newer data"),
}
"""What else can have become of somebody who was not registered."""
WHERE: Final[Mapping[str, str]] = {
    "children": N_("Where the {count} stunted children are"),
    "risk_families": N_("Where the {count} families at risk are"),
    "recipients": N_("Where the {count} recipients are"),
}
KINDS: Final[Mapping[str, str]] = {
    "age": N_("Age"),
    "sex": N_("Sex"),
    "risk": N_("Risk"),
    "programme": N_("Programme"),
}
AGES: Final = ("0-5", "6-11", "12-23", "24-35", "36-47", "48-59")
SEXES: Final[Mapping[str, str]] = {"L": N_("boys"), "P": N_("girls")}
MOST_GROUPS: Final = 12
WIDTH: Final = 24
"""Letters beside a bar, in one line."""
ROOM: Final = 0.05
"""The share of a bar in which its number can be read."""
HEIGHT: Final = 314
GAP: Final = 0.045
"""Between two streams, as a part of the picture's height."""
LEAST: Final = 40
"""Pixels that the words beside a stream need."""
MARGIN: Final = 8
END: Final = 0.38
"""Where the streams end; the words stand to the right of it."""


@dataclass(frozen=True)
class Stream:
    """How many went where: `words` are for the reader, `colour` is CSS."""

    words: str
    count: int
    colour: str


@dataclass(frozen=True)
class Bar:
    """A group and its parts, in the order in which they are stacked."""

    words: str
    parts: tuple[Stream, ...]

    @property
    def whole(self) -> int:
        return sum(part.count for part in self.parts)


# What is shown


def show(found: Summary, moved_on: Flow | None, counts: pd.DataFrame, shown: Shown, chosen: Chosen) -> None:
    """From all units to their outcomes, and by kind; with an earlier date, what became of those who were not registered
    then, and the course over time.
    """
    linkage, total = chosen.linkage, found.total.value if found.total else 0
    left, right = header.cards("flow", "became" if moved_on else "kinds")
    with left:
        header.card_head(say(WHERE[linkage.key], count=total), say(linkage.definition))
        source, told = say(linkage.indicators[0].denominator_label), streams(found, linkage, language())
        show_streams(source, told, "flow")
        saved("flow", table(source, told, language()), source, shown, found.context)
    if moved_on is None:
        with right:
            show_kinds(counts, chosen, shown, found.context)
        words = N_("There is one date so far. With a second one, this shows who has been registered in the meantime.")
        st.html(f'<p class="lacking">{escape(say(words))}</p>')
        return
    with right:
        show_became(moved_on, chosen, shown, found.context)
    left, right = header.cards("kinds", "trend")
    with left:
        show_kinds(counts, chosen, shown, found.context)
    with right:
        charts.show(shown.figure, chosen.indicator)
        documents.downloads("trend", shown, say(linkage.label), [found.context])


def streams(found: Summary, linkage: Linkage, reader: Language) -> list[Stream]:
    """Every outcome with its number."""
    return [
        Stream(translate(outcome.label, reader), found.counts[codes(linkage)[outcome.key]].value, COLOURS[outcome.key])
        for outcome in linkage.outcomes
    ]


def show_became(moved_on: Flow, chosen: Chosen, shown: Shown, context: Context) -> None:
    """What became of those who were not registered at the earlier date."""
    title = N_("What became of the {count} who were not registered")
    note = N_("From {before} to {after}. {new} others are not registered now.")
    header.card_head(
        say(title, count=moved_on.unregistered),
        say(note, before=moved_on.before, after=moved_on.after, new=moved_on.new),
    )
    source = say(N_("Not registered on {day}"), day=moved_on.before)
    told = became(moved_on, chosen.linkage, language())
    show_streams(source, told, "became")
    saved("became", table(source, told, language()), source, shown, context)


def saved(key: str, html: str, title: str, shown: Shown, context: Context) -> None:
    """The menu that takes a picture's table away as a file."""
    documents.table_downloads(key, lambda: documents.tabled.of_html(html), title, shown.seen.place, [context])


def became(moved_on: Flow, linkage: Linkage, reader: Language) -> list[Stream]:
    words = {outcome.key: outcome.label for outcome in linkage.outcomes}
    words |= {"unregistered": N_("Still not registered"), **LEFT_OUT}
    if linkage.key != "children":
        words.pop("healthier")
    return [Stream(translate(one, reader), moved_on.now.get(key, 0), COLOURS[key]) for key, one in words.items()]


def show_kinds(counts: pd.DataFrame, chosen: Chosen, shown: Shown, context: Context) -> None:
    """Which ages, sexes, risks or programmes the outcomes have, where the register tells them."""
    groups, unit = kinds(counts, chosen.linkage, language()), say(kpis.UNITS[chosen.unit])
    title = " · ".join(heading for heading, _ in groups) or say(N_("By kind"))
    header.card_head(title, say(N_("Lengths are shares of the group, numbers are {unit}."), unit=unit))
    if not groups:
        st.html(f'<p class="lacking">{escape(say(N_("The register does not tell them apart.")))}</p>')
        return
    st.html(legend(groups[0][1][0].parts))
    for at, (_, bars) in enumerate(groups):
        st.plotly_chart(stacked(bars, language()), key=f"kinds_{at}", config=LOCAL, theme=None)
    html = bars_table(groups, language())
    st.html(html)
    saved("kinds", html, title, shown, context)


def kinds(counts: pd.DataFrame, linkage: Linkage, reader: Language) -> list[tuple[str, list[Bar]]]:
    """(heading, bars) a kind. `counts` has the columns kind, group, outcome, count."""
    found = []
    for kind, heading in KINDS.items():
        rows = counts[counts["kind"] == kind]
        if rows.empty:
            continue
        numbers = {(str(row["group"]), str(row["outcome"])): int(row["count"]) for row in records(rows)}
        bars = [
            Bar(
                _group(kind, group, reader),
                tuple(
                    Stream(translate(one.label, reader), numbers.get((group, one.key), 0), COLOURS[one.key])
                    for one in linkage.outcomes
                ),
            )
            for group in _groups(kind, numbers)
        ]
        found.append((translate(heading, reader), bars))
    return found


def _groups(kind: str, numbers: Mapping[tuple[str, str], int]) -> list[str]:
    """Ages and sexes in their order, anything else the largest first; who is not known stands last."""
    sizes: dict[str, int] = {}
    for (group, _), count in numbers.items():
        sizes[group] = sizes.get(group, 0) + count
    fixed = {"age": AGES, "sex": tuple(SEXES)}.get(kind, tuple(sorted(sizes, key=lambda one: -sizes[one])))
    named = [group for group in fixed if group in sizes and group != "unknown"][:MOST_GROUPS]
    return [*named, *(["unknown"] if "unknown" in sizes else [])]


def _group(kind: str, group: str, reader: Language) -> str:
    if group == "unknown":
        return translate(N_("not known"), reader)
    if kind == "age":
        return translate(N_("{months} months"), reader, months=group.replace("-", "–"))
    words = {"sex": SEXES, "risk": FILTERS["krs_risk"][1]}.get(kind, {})
    return translate(words.get(group) or (FIELDS[group].label if group in FIELDS else group), reader)


# How it is drawn


def show_streams(source: str, streams: Sequence[Stream], key: str) -> None:
    """The streams from one source, and the table beneath; those without anybody stand in the table only."""
    shown = [stream for stream in streams if stream.count]
    if shown:
        st.plotly_chart(build(source, shown, language()), key=key, config=LOCAL, theme=None, alt=source)
    st.html(table(source, streams, language()))


def build(source: str, streams: Sequence[Stream], reader: Language) -> go.Figure:
    """The Sankey diagram. Words stand beside the streams and never in them, so that they can be read on any colour."""
    whole, room = sum(stream.count for stream in streams), 1 - GAP * (len(streams) - 1)
    height = max(HEIGHT, LEAST * len(streams))
    heights = [stream.count / whole * room for stream in streams]
    starts = [sum(heights[:at]) + GAP * at for at in range(len(streams))]
    middles = [start + height / 2 for start, height in zip(starts, heights, strict=True)]
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            domain={"x": [0, END], "y": [0, 1]},
            node={
                "customdata": [source, *(stream.words for stream in streams)],
                "x": [0.001, *(0.999 for _ in streams)],
                "y": [0.5, *middles],
                "color": ["#5b6b80", *(stream.colour for stream in streams)],
                "thickness": 16,
                "pad": GAP * height,
                "line": {"width": 0},
                "hovertemplate": "%{customdata}: %{value}<extra></extra>",
            },
            link={
                "source": [0 for _ in streams],
                "target": list(range(1, len(streams) + 1)),
                "value": [stream.count for stream in streams],
                "color": [_pale(stream.colour) for stream in streams],
                "hovertemplate": "%{target.customdata}: %{value}<extra></extra>",
            },
        )
    )
    for stream, middle in zip(streams, apart(middles, LEAST / height), strict=True):
        share = percent(stream.count / whole, reader)
        figure.add_annotation(
            x=END + 0.015,
            y=1 - middle,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="middle",
            align="left",
            showarrow=False,
            text=f"<b>{number(stream.count, reader)}</b> ({share})<br>{escape(stream.words)}",
            font={"size": 13.5},
        )
    figure.update_layout(
        height=height + 2 * MARGIN,
        margin={"l": 4, "r": 4, "t": MARGIN, "b": MARGIN},
        font={"family": FONT, "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        separators=",." if reader == "id" else ".,",
    )
    return figure


def apart(middles: Sequence[float], least: float) -> list[float]:
    """Where words stand (0 top – 1 bottom): near their streams, `least` apart and inside the picture.

    >>> apart([0.4, 0.41, 0.99], 0.1)
    [0.4, 0.5, 0.95]
    """
    placed: list[float] = []
    for middle in middles:
        placed.append(max(middle, placed[-1] + least if placed else least / 2))
    limit = 1 - least / 2
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = round(min(placed[at], limit), 4)
        limit = placed[at] - least
    return placed


def table(source: str, streams: Sequence[Stream], reader: Language) -> str:
    """The same numbers as HTML, for whoever cannot see the picture."""
    whole = sum(stream.count for stream in streams)
    rows = "".join(
        f"<tr><th scope='row'>{escape(stream.words)}</th><td>{number(stream.count, reader)}</td>"
        f"<td>{percent(stream.count / whole if whole else None, reader)}</td></tr>"
        for stream in streams
    )
    total = f"<tr><th scope='row'><b>{escape(source)}</b></th><td><b>{number(whole, reader)}</b></td><td></td></tr>"
    return _folded(f'<table class="shares"><tbody>{rows}{total}</tbody></table>', reader)


def stacked(bars: Sequence[Bar], reader: Language) -> go.Figure:
    """Bars to 100 per cent with the numbers in them, where there is room."""
    figure = go.Figure()
    titles = [f"{bar.words} ({number(bar.whole, reader)})" for bar in bars]
    labels = ["<br>".join(map(escape, wrap(title, WIDTH))) for title in titles]
    lines = 1 + any("<br>" in label for label in labels)
    for at, part in enumerate(bars[0].parts if bars else ()):
        parts = [bar.parts[at] for bar in bars]
        shares = [one.count / bar.whole if bar.whole else 0 for one, bar in zip(parts, bars, strict=True)]
        figure.add_bar(
            orientation="h",
            name=part.words,
            y=labels,
            x=shares,
            marker={"color": part.colour, "line": {"width": 1, "color": "rgba(255,255,255,.55)"}},
            text=[number(one.count, reader) if share > ROOM else "" for one, share in zip(parts, shares, strict=True)],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#10243e" if _light(part.colour) else "#fff", "size": 12.5},
            customdata=[
                f"{one.words}: {number(one.count, reader)} ({percent(share, reader)})"
                for one, share in zip(parts, shares, strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        bargap=0.28,
        height=40 + (22 + 9 * lines) * len(bars),
        margin={"l": 8, "r": 24, "t": 4, "b": 24},
        font={"family": FONT, "size": 12.5},
        showlegend=False,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(
        range=[0, 1], tickvals=[0, 0.5, 1], ticktext=["0", "50%", "100%"], showgrid=False, zeroline=False,
        fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", automargin=True, fixedrange=True, ticks="", showgrid=False)
    return figure


def legend(parts: Sequence[Stream]) -> str:
    """Colours and their words, as HTML, in the order of the bars."""
    rows = "".join(f'<li><i style="background:{part.colour}"></i>{escape(part.words)}</li>' for part in parts)
    return f'<ul class="legend wide">{rows}</ul>'


def bars_table(groups: Sequence[tuple[str, Sequence[Bar]]], reader: Language) -> str:
    """All groups and parts as HTML; `groups` are headings with their bars."""
    parts = next((bars[0].parts for _, bars in groups if bars), ())
    head = "".join(f'<th scope="col">{escape(part.words)}</th>' for part in parts)
    body = "".join(
        f'<tr><th scope="row">{escape(heading)}: {escape(bar.words)}</th>'
        + "".join(f"<td>{number(part.count, reader)}</td>" for part in bar.parts)
        + "</tr>"
        for heading, bars in groups
        for bar in bars
    )
    return _folded(
        f'<div class="people" tabindex="0"><table class="shares"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>",
        reader,
    )


def _folded(table: str, reader: Language) -> str:
    summary = escape(translate(N_("The same numbers as a table"), reader))
    return f'<details class="numbers"><summary>{summary}</summary>{table}</details>'


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _pale(colour: str) -> str:
    return f"rgba({', '.join(map(str, _rgb(colour)))}, .45)"


def _light(colour: str) -> bool:
    red, green, blue = _rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140
