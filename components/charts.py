"""Charts over time."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

import plotly.graph_objects as go
import streamlit as st

from components import header
from components.address import language, say
from components.colours import shown
from data.definitions.indicators import Indicator
from data.queries import Figure
from data.wording import N_, Language, short_date, translate

FONT: Final = "Plus Jakarta Sans Variable, sans-serif"
LOCAL: Final = {"displayModeBar": False, "topojsonURL": "/lokal/"}
"""Nothing that Plotly would otherwise fetch from its makers' servers."""
History = Sequence[tuple[date, float | None]]


def show(figure: Figure, indicator: Indicator, key: str = "trend") -> None:
    """The way to the target, or the course over time, over all snapshots."""
    header.card_head(title(indicator), note(indicator, figure))
    if not any(value is not None for _, value in figure.history):
        st.html(f'<p class="lacking">{escape(say(N_("There is no figure for this place yet.")))}</p>')
        return
    drawn = build(figure.history, indicator, language())
    st.plotly_chart(drawn, key=key, config=LOCAL, theme="streamlit")


def title(indicator: Indicator) -> str:
    target = indicator.is_share and indicator.good == "high"
    return say(N_("The way to 100%") if target else N_("Over time"))


def note(indicator: Indicator, figure: Figure) -> str:
    known = sum(value is not None for _, value in figure.history)
    message = N_("{label}, {count} snapshots") if known > 1 else N_("{label}, one snapshot so far")
    return say(message, label=say(indicator.label), count=len(figure.history))


def build(history: History, indicator: Indicator, reader: Language) -> go.Figure:
    """A line through the known values, the last one labelled; colours come from the stylesheet, for light and dark."""
    days = labels([day for day, _ in history], reader)
    values = [None if value is None else value * (100 if indicator.is_share else 1) for _, value in history]
    words = [shown(value, indicator, reader) for _, value in history]
    last = max((at for at, value in enumerate(values) if value is not None), default=0)
    target = indicator.is_share and indicator.good == "high"
    figure = go.Figure(
        go.Scatter(
            x=list(range(len(days))),
            y=values,
            text=["" if at != last else f"<b>{word}</b>" for at, word in enumerate(words)],
            customdata=words,
            textposition="bottom center" if target and (values[last] or 0) > 88 else "top center",
            textfont={"size": 15},
            mode="lines+markers+text",
            line={"width": 2.5},
            marker={"size": 9, "line": {"width": 2.5}},
            hovertemplate="%{customdata}<extra></extra>",
            cliponaxis=False,
        )
    )
    if target:
        figure.add_hline(
            y=100,
            line={"dash": "4px,3px", "width": 1.5},
            annotation={"text": translate(N_("target 100%"), reader), "font": {"size": 12.5}, "yshift": -1},
            annotation_position="top right",
        )
    figure.update_layout(
        height=310,
        margin={"l": 34, "r": 18, "t": 22, "b": 26},
        font={"family": FONT, "size": 12.5},
        showlegend=False,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=",." if reader == "id" else ".,",
    )
    figure.update_xaxes(
        tickvals=list(range(len(days))),
        ticktext=days,
        range=[-0.3, len(days) - 0.7],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    upwards = _upwards([one for one in values if one is not None], target)
    figure.update_yaxes(zeroline=False, fixedrange=True, separatethousands=True, **upwards)
    return figure


def labels(days: Sequence[date], reader: Language) -> list[str]:
    """Months, or years where every date is the last day of one.

    >>> labels([date(2020, 12, 31), date(2021, 12, 31)], "id"), labels([date(2021, 1, 31)], "id")
    (['2020', '2021'], ['Jan 21'])
    """
    yearly = all((day.month, day.day) == (12, 31) for day in days)
    return [str(day.year) if yearly else short_date(day, reader) for day in days]


def _upwards(values: Sequence[float], target: bool) -> dict[str, object]:
    """The whole way to 100 per cent where that is the target; else from zero, with room for the label."""
    if target:
        return {"range": [0, 108], "tickvals": [0, 25, 50, 75, 100]}
    return {"range": [0, (max(values, default=1) or 1) * 1.28], "nticks": 5, "ticksuffix": ""}
