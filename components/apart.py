"""Figures that stand beside those of a screen and are never added to them: their own head, course and breakdown."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from components import charts, header, tables
from components.address import language, say
from components.kpis import Told, when
from components.rich import rich
from components.sources import name
from data.definitions.indicators import Indicator
from data.definitions.screens import Group
from data.wording import N_


def show(group: Group, indicator: Indicator, told: Told, values: pd.DataFrame, choose: Callable[[str], None]) -> None:
    """`values` break the figure down: by category, else by area (see `queries.by_area`)."""
    head(group, indicator, told)
    if told.context.period is None:
        names = ", ".join(name(register, language()) for register in indicator.registers)
        st.html(f'<p class="lacking">{rich(N_("Not imported yet: {names}."), language(), names=names)}</p>')
        return
    left, right = header.cards(f"trend_{indicator.key}", f"beside_{indicator.key}")
    with left:
        charts.show(told.figure, indicator, f"course_{indicator.key}")
    with right:
        tables.show_beside(values, indicator, told.place, choose)


def head(group: Group, indicator: Indicator, told: Told) -> None:
    mark = f'<span class="mark calm">{escape(say(N_("apart")))}</span>'
    period = told.context.period
    dated = say(N_("Data as of {when}."), when=when(period, indicator, language())) if period else ""
    st.html(
        f'<header class="apart-head"><h2>{escape(say(group.title))}{mark}</h2>'
        f"<p>{escape(say(group.note))} {escape(dated)}</p></header>"
    )
