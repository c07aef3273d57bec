"""The official rate by year, deciles by area, where decile 1 is concentrated, and whether it is validated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components import documents, header
from components.address import language, query, say
from components.breakdowns.parts import (
    TITLES,
    Answers,
    area,
    bar,
    dated,
    ground,
    legend,
    linked,
    note,
    painted,
    row,
    share,
    stack,
    table,
    whole,
)
from components.colours import NEUTRAL
from components.rich import rich
from components.tables import shortened
from components.view import LEVEL_NAMES, records
from data.breakdowns import DECILES, UNITS, UNKNOWN, Broken
from data.wording import N_, Language, percent, short_date, translate

PAGE: Final = 12
YEARS: Final = 6
COLOURS: Final = dict(zip(DECILES, (*NEUTRAL[::-1], ""), strict=True))
"""The poorest decile strongest; what is not determined is hatched."""


def official(answer: Broken, found: Answers, reader: Language) -> str:
    """Rates by kab/kota and year, all bars of one length for one rate; the own line is strong."""
    years = [str(column) for column in answer.rows.columns[2:]][-YEARS:]
    most = max(float(answer.rows[year].max()) for year in years) or 1
    ordered = answer.rows.assign(province=answer.rows["code"].str.len() == 2).sort_values(
        ["province", years[-1], "name"], ascending=[False, False, True]
    )
    own = found.scope.place[:5]
    rows = []
    for line in records(ordered):
        values = [None if pd.isna(line[year]) else float(line[year]) for year in years]
        cells = ["–" if value is None else f"<b>{percent(value, reader, 2)}</b>{bar(value / most)}" for value in values]
        known = [value for value in values if value is not None]
        moved = known[-1] - known[0] if len(known) > 1 else None
        address = escape(f"?{urlencode(query(replace(found.scope, place=str(line['code'])), reader))}")
        heading = f'<a href="{address}" target="_self">{escape(shortened(str(line["name"])))}</a>'
        style = "own" if line["code"] == own else "province" if line["province"] else ""
        rows.append(row(heading, [*cells, _points(moved, reader)], style))
    titles = [
        translate(N_("Area"), reader),
        *(_year(date.fromisoformat(year), reader) for year in years),
        translate(N_("Change"), reader),
    ]
    drawn = table("years", translate(TITLES["official"], reader), titles, rows)
    if without := int(answer.whole.get("without") or 0):
        message = N_(
            "{count} kabupaten/kota of the province have no figure here: import the BPS table of the whole province."
        )
        drawn += note(message, reader, count=without)
    return drawn


def _year(day: date, reader: Language) -> str:
    return str(day.year) if (day.month, day.day) == (12, 31) else short_date(day, reader)


def _points(moved: float | None, reader: Language) -> str:
    """A change of a rate that should fall."""
    if moved is None:
        return "–"
    step = round(moved * 100, 2)
    if not step:
        return f'<span class="same">{escape(translate(N_("unchanged"), reader))}</span>'
    arrow, word, tone = ("▲", N_("up"), "worse") if step > 0 else ("▼", N_("down"), "better")
    points = translate(N_("{amount} points"), reader, amount=percent(abs(moved), reader, 2).removesuffix("%"))
    spoken = f'<span class="spoken">{escape(translate(word, reader))} </span>'
    return f'<b class="{tone}"><i aria-hidden="true">{arrow}</i> {spoken}{escape(points)}</b>'


UNIT_NAMES: Final = {"persons": N_("Persons"), "families": N_("Families")}
DECILE_NAMES: Final = {
    **{part: N_("Decile {decile}") for part in DECILES[:-1]},
    UNKNOWN: N_("not determined"),
}


@st.fragment
def show_deciles(answer: Broken, found: Answers) -> None:
    """Stacked bars by area, of persons or of families, the largest share of residents first, in pages."""
    reader = language()
    with st.container(horizontal=True, vertical_alignment="center"):
        header.card_head(say(TITLES["deciles"], level=say(LEVEL_NAMES[found.by])), dated(answer, reader))
        unit = st.segmented_control(
            say(N_("Counted")),
            UNITS,
            default=UNITS[0],
            format_func=lambda unit: say(UNIT_NAMES[unit]),
            key="decile_unit",
            label_visibility="collapsed",
            required=True,
        )
    ordered = sorted_by_share(answer.rows[answer.rows[unit] > 0], unit)
    if ordered.empty:
        st.html(note(N_("The list does not say how many persons a family has."), reader))
        return
    pages = -(-len(ordered) // PAGE)
    key = f"deciles_{found.scope.place}"
    first = (min(int(st.session_state.get(key, 1)), pages) - 1) * PAGE
    st.html(deciles(answer, ordered.iloc[first : first + PAGE], unit, found, reader))
    if pages > 1:
        st.pagination(pages, key=key)
    found.saved("deciles", lambda: documents.tabled.of_html(deciles(answer, ordered, unit, found, reader)))


def sorted_by_share(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Areas by the share of residents in deciles 1 to 4, else by their number; unknown last."""
    low = sum(rows[f"{unit}_{part}"] for part in DECILES[:4])
    shares = low / rows[f"{unit}_resident"]
    order = shares if shares.notna().any() else low
    return rows.assign(order=order).sort_values(["order", "name"], ascending=[False, True], na_position="last")


def decile_name(part: str, reader: Language) -> str:
    """
    >>> decile_name("5-10", "en"), decile_name("unknown", "id")
    ('Decile 5–10', 'belum ditentukan')
    """
    return translate(DECILE_NAMES[part], reader, decile=part.replace("-", "–"))


def deciles(answer: Broken, rows: pd.DataFrame, unit: str, found: Answers, reader: Language) -> str:
    """A line an area: its register by decile as a bar, the share of deciles 1 to 4 in the residents and in the
    register, then the numbers.
    """
    named = {part: decile_name(part, reader) for part in DECILES}
    titles = [
        translate(LEVEL_NAMES[found.by], reader).capitalize(),
        translate(N_("Registered by decile"), reader),
        translate(N_("Deciles 1–4 of the residents"), reader),
        translate(N_("Deciles 1–4 of the registered"), reader),
        *(part.replace("-", "–") for part in DECILES[:-1]),
        named[UNKNOWN].capitalize(),
    ]
    drawn = [_deciles_of(line, unit, found, named, reader) for line in records(rows)]
    caption = translate(TITLES["deciles"], reader, level=translate(LEVEL_NAMES[found.by], reader))
    below = N_(
        "Not determined: no decile yet, or a range such as 6–10. A share of registered people is not the poverty rate."
    )
    without = int((~(answer.rows[unit] > 0)).sum())
    missing = N_("{count} {level} have no data in this register.")
    return (
        legend((COLOURS[part], named[part]) for part in DECILES)
        + table("deciles", f"{caption}, {translate(UNIT_NAMES[unit], reader)}", titles, drawn)
        + note(below, reader)
        + (note(missing, reader, count=without, level=translate(LEVEL_NAMES[found.by], reader)) if without else "")
    )


def _deciles_of(line: Mapping[str, Any], unit: str, found: Answers, named: Mapping[str, str], reader: Language) -> str:
    total = float(line[unit])
    at, register = str(line["code"]), str(line["register"])
    counts = {part: float(line[f"{unit}_{part}"]) for part in DECILES}
    parts = [(counts[part] / total, COLOURS[part], f"{named[part]}: {whole(counts[part], reader)}") for part in DECILES]
    cells = [
        linked(
            found.listed(register, {"decile": part}, at),
            whole(counts[part], reader),
            reader,
            counts[part],
            f"{line['name']}, {named[part]}: {whole(counts[part], reader)}",
        )
        for part in DECILES
    ]
    low = sum(counts[part] for part in DECILES[:4])
    shares = [percent(share(low, of), reader) for of in (line[f"{unit}_resident"], total)]
    style = "own" if line["code"] == found.scope.place else ""
    return row(area(line), [stack(parts), f"<b>{shares[0]}</b>", shares[1], *cells], style)


@dataclass(frozen=True)
class Half:
    """The fewest areas that hold half of decile 1, the largest first, out of `areas`; `residents` is their share of
    the population (None where it is not known), `placed` how many persons of decile 1 are placed in an area.
    """

    rows: pd.DataFrame
    areas: int
    residents: float | None
    placed: float


def half(rows: pd.DataFrame) -> Half:
    """Columns added: share and reached (shares of decile 1, by itself and with those before it)."""
    known = rows[rows["persons_1"].notna()].sort_values(["persons_1", "name"], ascending=[False, True])
    placed = float(known["persons_1"].sum())
    known = known.assign(share=known["persons_1"] / (placed or 1))
    known = known.assign(reached=known["share"].cumsum())
    kept = known[known["reached"].shift(fill_value=0.0) < 0.5 - 1e-9] if placed else known.head(0)
    residents = share(kept["persons_resident"].sum(skipna=False), known["persons_resident"].sum(skipna=False))
    return Half(kept, len(known), residents, placed)


def concentration(answer: Broken, found: Answers, reader: Language) -> str:
    """How few areas hold half of decile 1: a sentence, all areas as one bar in their order, and the list of these."""
    kept, level = half(answer.rows), translate(LEVEL_NAMES[found.by], reader)
    if not kept.placed or kept.areas < 2:
        return note(N_("There are not enough areas with persons in decile 1 to compare."), reader)
    message = N_("**{few} of {total} {level}** hold half of decile 1")
    if kept.areas < len(answer.rows):
        message = N_("**{few} of the {total} {level} with data** hold half of decile 1")
    sentence = rich(message, reader, few=len(kept.rows), total=kept.areas, level=level)
    if kept.residents is not None:
        sentence += rich(N_(", with {share} of the residents"), reader, share=percent(kept.residents, reader))
    every = answer.rows[answer.rows["persons_1"] > 0].sort_values(["persons_1", "name"], ascending=[False, True])
    ordered = [
        (
            float(line["persons_1"]) / kept.placed,
            "var(--accent)" if at < len(kept.rows) else "var(--hatch)",
            f"{line['name']}: {whole(line['persons_1'], reader)}",
        )
        for at, line in enumerate(records(every))
    ]
    rows = [
        row(
            f"{at}. {area(line)}",
            [
                linked(
                    found.listed(str(line["register"]), {"decile": "1"}, str(line["code"])),
                    whole(line["persons_1"], reader),
                    reader,
                    line["persons_1"],
                ),
                percent(line["share"], reader),
                percent(line["reached"], reader),
            ],
            "own" if line["code"] == found.scope.place else "",
        )
        for at, line in enumerate(records(kept.rows), 1)
    ]
    titles = [
        level.capitalize(),
        *(translate(word, reader) for word in (N_("Persons in decile 1"), N_("Share"), N_("Running total"))),
    ]
    caption = translate(TITLES["concentration"], reader)
    unplaced = (answer.whole.get("persons_1") or 0) - kept.placed
    drawn = (
        f'<p class="bd-says">{sentence}.</p><div class="bd-half">{stack(ordered)}<span>50%</span></div>'
        + table("half", caption, titles, rows)
        + note(N_("Persons whom the register puts into decile 1; this is not the poverty rate."), reader)
    )
    if unplaced > 0:
        drawn += note(
            N_("{count} persons of decile 1 stand in no {level}."), reader, count=round(unplaced), level=level
        )
    return drawn


PADAN: Final = {"yes": N_("matched"), "no": N_("not matched"), UNKNOWN: N_("not yet checked")}
PADAN_COLOURS: Final = {"yes": NEUTRAL[-1], "no": "var(--attention)", UNKNOWN: ""}
VISITED: Final = {
    "Valid": (N_("valid"), NEUTRAL[-1]),
    "Tidak valid": (N_("not valid"), "var(--attention)"),
    "Belum dikunjungi": (N_("not yet visited"), NEUTRAL[1]),
}


def extreme(answer: Broken, found: Answers, reader: Language) -> str:
    """Whether anybody has checked decile 1: the number at the civil registry, and what a visit found."""
    persons, families = (answer.whole[unit] or 0 for unit in UNITS)
    message = N_(
        "**{persons} persons** in {families} families stand in decile 1, from whom the extreme poor are sought"
    )
    drawn = f'<p class="bd-says">{rich(message, reader, persons=round(persons), families=round(families))}.</p>'
    checked = answer.rows.groupby("dukcapil")["persons"].sum()
    drawn += _checks(
        N_("NIK at the civil registry (Dukcapil)"),
        [(code, translate(PADAN[code], reader), PADAN_COLOURS[code], float(checked.get(code, 0))) for code in PADAN],
        "dukcapil",
        found,
        reader,
    )
    if answer.whole.get("visited"):
        visits = answer.rows.groupby("validated")["persons"].sum()
        words = [word for word in visits.index if word and word not in VISITED]
        known = [(word, translate(VISITED[word][0], reader), VISITED[word][1]) for word in VISITED]
        known += [(word, word, NEUTRAL[2]) for word in words]
        entries = [(word, label, colour, float(visits.get(word, 0))) for word, label, colour in known]
        entries.append(("", translate(N_("not filled in"), reader), "", float(visits.get("", 0))))
        return drawn + _checks(N_("Visit by the team"), entries, "validated", found, reader)
    message = N_(
        "Whether a team has been to see these families is in none of the columns. It would be told by a column “Hasil"
        " Verval” (Valid, Tidak Valid, Belum Dikunjungi): add it to the list and import it again."
    )
    return drawn + f'<p class="lacking">{rich(message, reader)}</p>'


def _checks(
    title: str, entries: Sequence[tuple[str, str, str, float]], field: str, found: Answers, reader: Language
) -> str:
    """A stacked bar over the table of its parts: (code of the filter, words, colour, persons)."""
    total = sum(count for *_, count in entries) or 1
    rows = []
    for code, words, colour, count in entries:
        text = whole(count, reader)
        target = found.listed("p3ke", {"decile": "1", field: code})
        cell = linked(target, text, reader, count if code else None, f"{words}: {text}")
        swatch = f"<i{painted(colour)} style='{ground(colour)}'></i>"
        rows.append(row(f"{swatch}{escape(words)}", [cell, percent(count / total, reader)]))
    heading = translate(title, reader)
    parts = [(count / total, colour, f"{words}: {whole(count, reader)}") for _, words, colour, count in entries]
    titles = [heading, translate(N_("Persons"), reader), translate(N_("Share"), reader)]
    return f"<h3>{escape(heading)}</h3>{stack(parts)}" + table("parts", heading, titles, rows)
