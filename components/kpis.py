"""The figures at the top: each with its change, the fraction behind it and a small history."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

import streamlit as st

from components.address import language
from components.colours import moved, shown
from data.definitions.indicators import INDICATORS, Indicator
from data.queries import Figure
from data.wording import N_, Language, translate

UNITS: Final = {"persons": N_("persons"), "families": N_("families"), "rows": N_("rows")}
COUNTED: Final = {
    "persons": N_("{numerator} of {denominator} persons"),
    "families": N_("{numerator} of {denominator} families"),
}
BESIDE: Final = {"nik_valid_share": ("nik_unknown_share", N_("{share} not known"))}
"""A share that must be read together with another one, which stands beside its fraction."""


CARDS: Final = ("dtks_updated_share", "dtks_updated_family_share", "nik_valid_share")


def keys(kelurahan: str) -> tuple[str, ...]:
    """The cards of a place; rows without a kelurahan lie in none, so there the persons stand instead."""
    return (*CARDS, "dtks_persons" if kelurahan else "dtks_unplaced")


def show(keys: Sequence[str], figures: Mapping[str, Figure]) -> None:
    st.html(build(keys, figures, language()))


def build(keys: Sequence[str], figures: Mapping[str, Figure], reader: Language) -> str:
    """The cards as HTML, in the order of `keys`."""
    cards = "".join(card(INDICATORS[key], figures, reader) for key in keys)
    return f'<div class="kpis" role="list">{cards}</div>'


def card(indicator: Indicator, figures: Mapping[str, Figure], reader: Language) -> str:
    figure = figures[indicator.key]
    value = figure.now.value
    derived = translate(N_("derived"), reader) if figure.now.derived else ""
    mark = f'<span class="mark" title="{_why_derived(reader)}">{derived}</span>' if derived else ""
    if value is None:
        amount = f'<span class="unknown">{escape(translate(N_("not known"), reader))}</span>'
    else:
        unit = "%" if indicator.is_share else translate(UNITS[indicator.unit], reader)
        amount = f"{escape(shown(value, indicator, reader).removesuffix('%'))}<small>{escape(unit)}</small>"
    return (
        f'<section class="kpi" role="listitem" data-indicator="{indicator.key}">'
        f"<h3>{escape(translate(indicator.label, reader))}{mark}</h3>{sparkline(figure, indicator)}"
        f'<p class="amount">{amount}</p>'
        f'<p class="behind">{change(figure, indicator, reader)}<span>{_behind(indicator, figures, reader)}</span></p>'
        "</section>"
    )


def change(figure: Figure, indicator: Indicator, reader: Language) -> str:
    """Arrow for the direction, colour for the judgement: a rise can be bad. Empty where either side is unknown."""
    before = figure.before.value if figure.before else None
    if figure.now.value is None or before is None:
        return ""
    step, amount = moved(figure.now.value - before, indicator, reader)
    if step == 0:
        return f'<b class="same">{escape(translate(N_("unchanged"), reader))}</b>'
    text = translate(N_("{amount} points"), reader, amount=amount) if indicator.is_share else amount
    arrow, word = ("▲", N_("up")) if step > 0 else ("▼", N_("down"))
    spoken = f'<span class="spoken">{escape(translate(word, reader))} </span>'
    return f'<b class="{judgement(step, indicator)}"><i aria-hidden="true">{arrow}</i> {spoken}{escape(text)}</b>'


def judgement(step: float, indicator: Indicator) -> str:
    """`better`, `worse` or `same` (where the indicator has no good direction)."""
    if indicator.good == "neutral" or not step:
        return "same"
    return "better" if (step > 0) == (indicator.good == "high") else "worse"


def sparkline(figure: Figure, indicator: Indicator, width: int = 120, height: int = 36) -> str:
    """The history as a line, with a dot at its end; empty with fewer than two known values.

    It is drawn as a mask, because that takes its colour from the stylesheet and passes Streamlit's sanitiser.
    """
    known = [(at, value) for at, (_, value) in enumerate(figure.history) if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(value for _, value in known), max(value for _, value in known)
    across, up = (width - 8) / max(len(figure.history) - 1, 1), (height - 10) / ((high - low) or 1)
    points = [(4 + at * across, height - 5 - (value - low) * up) for at, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><polyline points="{line}" fill="none"'
        ' stroke="#000" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3"/></svg>'
    )
    judged = judgement(known[-1][1] - known[0][1], indicator)
    return f'<i class="spark {judged}" style="--drawn:url(data:image/svg+xml,{quote(drawn)})"></i>'


def _behind(indicator: Indicator, figures: Mapping[str, Figure], reader: Language) -> str:
    now = figures[indicator.key].now
    if indicator.key in BESIDE and (other := figures.get(BESIDE[indicator.key][0])) and other.now.value is not None:
        share = shown(other.now.value, INDICATORS[other.indicator], reader)
        return escape(translate(BESIDE[indicator.key][1], reader, share=share))
    if not indicator.is_share:
        return escape(translate(indicator.numerator_label, reader))
    if now.numerator is None or now.denominator is None:
        return ""
    counted = "families" if indicator.denominator == "families" else "persons"
    return escape(translate(COUNTED[counted], reader, numerator=now.numerator, denominator=now.denominator))


def _why_derived(reader: Language) -> str:
    message = N_("The file carries no update date: a record counts as updated where it differs from the one before.")
    return escape(translate(message, reader))
