"""The figures at the top: each with its change, the fraction behind it and a small history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final
from urllib.parse import quote

import streamlit as st

from components import links
from components.address import language, scope
from components.colours import moved, shown
from components.routes import STATIC
from components.view import Drawn
from data.definitions.catalogue import REGISTERS
from data.definitions.indicators import Indicator
from data.places.reference import level_of
from data.places.reference import place as known_place
from data.queries import Context, Figure
from data.scope import Scope
from data.wording import N_, Language, long_date, percent, short_date, translate

UNITS: Final = {
    "share": "%",
    "per_1000": N_("per 1,000 residents"),
    "persons": N_("persons"),
    "families": N_("families"),
    "children": N_("children"),
    "reaches": N_("reaches"),
    "rows": N_("rows"),
    "number": "",
}
COUNTED: Final = {
    "persons": N_("{numerator} of {denominator} persons"),
    "families": N_("{numerator} of {denominator} families"),
    "measured": N_("{numerator} of {denominator} children measured"),
    "population": N_("{numerator} of {denominator} residents"),
}
"""The fraction behind a figure, by the measure it is divided by."""
BESIDE: Final = {"nik_valid_share": ("nik_unknown_share", N_("{share} not known"))}
"""A share that must be read together with another one, which stands beside its fraction."""
MOST: Final = 4
"""Cards in a row."""


@dataclass(frozen=True)
class Told:
    """A figure, the place it was told for (another one where the asked place has none), and its own sources."""

    figure: Figure
    place: str
    context: Context


def chosen(cards: Sequence[Indicator], apart: Sequence[Indicator], place: str) -> tuple[Indicator, ...]:
    """The cards that a place has, as many as there is room for beside those apart; rows without a kelurahan lie in
    none.
    """
    no_rows = bool(place) and level_of(place) == "kelurahan"
    return tuple(card for card in cards if not (no_rows and card.unit == "rows"))[: MOST - len(apart)]


def show(drawn: Drawn, told: Mapping[str, Told], place: str) -> None:
    # The one door to the data needs the words of this module.
    from components.ask import viewer

    cards = chosen(drawn.cards, drawn.apart_cards, place)
    about = scope().at(place) if viewer().may_list(place) else None
    st.html(STATIC / "kpis.css")
    st.html(build(cards, drawn.apart_cards, told, place, language(), about))


def build(
    cards: Sequence[Indicator],
    apart: Sequence[Indicator],
    told: Mapping[str, Told],
    place: str,
    reader: Language,
    about: Scope | None = None,
) -> str:
    """The cards as HTML, those that are never added to the others at the end. Of a scope that the figures are `about`
    the numbers open the lists of the people whom they count.
    """
    drawn = [card(one, told, place, reader, about=about) for one in cards]
    drawn += [card(one, told, place, reader, apart=True, about=about) for one in apart]
    return f'<div class="kpis" role="list">{"".join(drawn)}</div>'


def card(
    indicator: Indicator,
    told: Mapping[str, Told],
    place: str,
    reader: Language,
    apart: bool = False,
    about: Scope | None = None,
) -> str:
    found = told[indicator.key]
    about = about and (about.with_filter("category", None) if apart else about)
    figure, value = found.figure, found.figure.now.value
    derived = translate(N_("derived"), reader) if figure.now.derived else ""
    mark = f'<span class="mark" title="{_why_derived(reader)}">{derived}</span>' if derived else ""
    if apart:
        mark += f'<span class="mark calm">{escape(translate(N_("apart"), reader))}</span>'
    if value is None:
        amount = f'<span class="unknown">{escape(translate(N_("not known"), reader))}</span>'
    else:
        unit = translate(UNITS[indicator.unit], reader)
        amount = f"{escape(shown(value, indicator, reader).removesuffix('%'))}<small>{escape(unit)}</small>"
        amount = _opens(amount, indicator, found, about, reader)
    behind = " · ".join(filter(None, (_behind(indicator, told, reader), _elsewhere(indicator, found, place, reader))))
    return (
        f'<div class="kpi{" apart" if apart else ""}" role="listitem" data-indicator="{indicator.key}">'
        f"<h2>{escape(translate(indicator.label, reader))}{mark}</h2>{sparkline(figure, indicator)}"
        f'<p class="amount">{amount}</p>'
        f'<p class="behind">{change(figure, indicator, reader)}<span>{behind}</span>'
        f"{_lacking(indicator, found, about, reader)}</p>"
        "</div>"
    )


def _opens(amount: str, indicator: Indicator, told: Told, about: Scope | None, reader: Language) -> str:
    """The amount as a link to the list of those whom it counts, where there is one."""
    target = about and links.listed(about.at(told.place), indicator, told.context)
    count = links.count(told.figure, indicator)
    if not target or not count:
        return amount
    what = translate(indicator.numerator_label, reader)
    says = translate(N_("Open the list: {count} {what}"), reader, count=count, what=what)
    return f'<a href="{escape(links.address(target, reader))}" target="_self" title="{escape(says)}">{amount}</a>'


def _lacking(indicator: Indicator, told: Told, about: Scope | None, reader: Language) -> str:
    """A link to the list of those who are lacking to a share, with how many they are."""
    target = about and links.listed(about.at(told.place), indicator, told.context, lacking=True)
    count = links.count(told.figure, indicator, lacking=True) if target else None
    if not target or not count:
        return ""
    words = translate(N_("{count} not yet"), reader, count=count)
    says = translate(indicator.behind_label, reader, count=count)
    address = escape(links.address(target, reader))
    return f'<a class="lacking-link" href="{address}" target="_self" title="{escape(says)}">{escape(words)} →</a>'


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


def _behind(indicator: Indicator, told: Mapping[str, Told], reader: Language) -> str:
    now = told[indicator.key].figure.now
    if indicator.key in BESIDE and (other := told.get(BESIDE[indicator.key][0])) and other.figure.now.value is not None:
        share = percent(other.figure.now.value, reader)
        return escape(translate(BESIDE[indicator.key][1], reader, share=share))
    if not indicator.is_ratio:
        label = "" if indicator.numerator_label == indicator.label else translate(indicator.numerator_label, reader)
        return escape(_when(indicator, told, reader) or label)
    if now.numerator is None or now.denominator is None:
        return ""
    message = COUNTED.get(str(indicator.denominator), N_("{numerator} of {denominator}"))
    fraction = translate(message, reader, numerator=now.numerator, denominator=now.denominator)
    if day := newest(told[indicator.key].context, indicator.denominator_registers):
        fraction = translate(N_("{fraction} ({day})"), reader, fraction=fraction, day=short_date(day, reader))
    return escape(fraction)


def _when(indicator: Indicator, told: Mapping[str, Told], reader: Language) -> str:
    """The date of a figure that its source publishes, or that another source than the first card's tells."""
    first = next(iter(told.values())).context
    context = told[indicator.key].context
    if context.period is None or (context.sources == first.sources and not indicator.is_share):
        return ""
    label = translate(indicator.source if indicator.is_share else indicator.numerator_label, reader)
    return translate(N_("{what}, {when}"), reader, what=label, when=when(context.period, indicator, reader))


def _elsewhere(indicator: Indicator, found: Told, place: str, reader: Language) -> str:
    """What to say where the figure is that of a larger place, because the asked one has none."""
    if found.place == place:
        return ""
    name = known_place(found.place).name
    return escape(translate(N_("exists for kabupaten and kota only: {place}"), reader, place=name))


def newest(context: Context, registers: Collection[str]) -> date | None:
    """The newest date of these registers among the sources of a figure."""
    return max((source.period for source in context.sources if source.register in registers), default=None)


def when(day: date, indicator: Indicator, reader: Language) -> str:
    """The date of a figure; of one that is published by year, the year.

    >>> from data.definitions.catalogue import INDICATORS
    >>> when(date(2021, 12, 31), INDICATORS["poverty_rate_official"], "id")
    '2021'
    >>> when(date(2020, 12, 31), INDICATORS["outreach_reaches"], "id")
    '31 Desember 2020'
    """
    by_year = all(REGISTERS[register].grain == "figure" for register in indicator.registers)
    return str(day.year) if by_year and (day.month, day.day) == (12, 31) else long_date(day, reader)


def _why_derived(reader: Language) -> str:
    message = N_("The file carries no update date: a record counts as updated where it differs from the one before.")
    return escape(translate(message, reader))
