"""Stunted children by age and sex; what puts families at risk, and how much of it at once."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from components.breakdowns.parts import (
    SEX_NAMES,
    TITLES,
    Answers,
    bar,
    ground,
    legend,
    linked,
    note,
    painted,
    row,
    stack,
    table,
    whole,
)
from components.colours import LOW_TO_HIGH, NEUTRAL, uncertain
from components.rich import rich
from components.view import records
from data.breakdowns import SEXES, TARGETS, UNKNOWN, Broken
from data.definitions.catalogue import INDICATORS
from data.definitions.filters import FILTERS
from data.definitions.indicators import FEW
from data.definitions.registers.krs import RISK_FACTORS
from data.wording import N_, Language, percent, short_date, translate

SEVERE, STUNTED = LOW_TO_HIGH[:2]


def child_ages(answer: Broken, found: Answers, reader: Language) -> str:
    """Shares of stunted children by months of age down and sex across, the severely stunted as a part of them."""
    rows = answer.rows[answer.rows["measured"] > 0]
    columns = [f"_{sex}" for sex in SEXES if rows[f"measured_{sex}"].sum() > 0] + [""]
    shares = [
        top / under
        for column in columns
        for top, under in zip(rows[f"stunted{column}"], rows[f"measured{column}"], strict=True)
        if under and not few(under)
    ]
    most = max(shares, default=1) or 1
    total = {str(column): value for column, value in rows.drop(columns="months").sum().items()}
    drawn = [_children(line, str(line["months"]), columns, most, found, reader) for line in records(rows)]
    drawn.append(_children(total, "", columns, most, found, reader))
    names = [translate(SEX_NAMES[column[1:]] if column else N_("Together"), reader) for column in columns]
    says = _reached(answer, reader)
    marks = [(SEVERE, N_("severely stunted")), (STUNTED, N_("stunted, not severely"))]
    return (
        f'<p class="bd-says">{says}</p>'
        + legend((colour, translate(words, reader)) for colour, words in marks)
        + table(
            "crossed children",
            translate(TITLES["child_ages"], reader),
            [translate(N_("Age when measured"), reader), *names],
            drawn,
        )
        + note(N_("Of fewer than {count} children a share says little: it stands there pale."), reader, count=FEW)
    )


def few(measured: float) -> bool:
    return uncertain(measured, INDICATORS["stunting_share"])


def _children(
    line: Mapping[str, Any], months: str, columns: Sequence[str], most: float, found: Answers, reader: Language
) -> str:
    cells = []
    for column in columns:
        measured, stunted, severe = (
            float(line[f"{key}{column}"]) for key in ("measured", "stunted", "severely_stunted")
        )
        if not measured:
            cells.append("–")
            continue
        narrowed = {"stunted": "yes"} | ({"sex": column[1:]} if column else {}) | ({"months": months} if months else {})
        fraction = translate(
            N_("{numerator} of {denominator}"), reader, numerator=round(stunted), denominator=round(measured)
        )
        link = linked(found.listed("eppgbm", narrowed), escape(fraction), reader, stunted)
        lengths = [part / measured / most for part in (severe, stunted - severe)]
        of = f"{translate(N_('severely stunted'), reader)}: {whole(severe, reader)}"
        drawn = stack(((min(lengths[0], 1), SEVERE, of), (min(lengths[1], 1 - min(lengths[0], 1)), STUNTED, fraction)))
        pale = " pale" if few(measured) else ""
        amount = percent(stunted / measured, reader)
        cells.append(f'<div class="bd-share{pale}"><b>{amount}</b><small>{link}</small>{drawn}</div>')
    return row(escape(_months(months, reader)), cells, "" if months else "total")


def _months(group: str, reader: Language) -> str:
    if not group:
        return translate(N_("All ages"), reader)
    if group == UNKNOWN:
        return translate(N_("age not known"), reader)
    return translate(N_("{months} months"), reader, months=group.replace("-", "–"))


def _reached(answer: Broken, reader: Language) -> str:
    """How many of whom were measured."""
    measured, under_five = answer.whole.get("measured"), answer.whole.get("under_five")
    if under_five and measured:
        message = N_("**{measured} children measured**, {share} of the {children} residents under five ({date}).")
        day = short_date(answer.population_on, reader) if answer.population_on else "–"
        of = percent(measured / under_five, reader)
        return rich(message, reader, measured=round(measured), share=of, children=round(under_five), date=day)
    message = N_(
        "**{measured} children measured** of the {children} in the list. How many children live here is not known:"
        " import the population by age (0–4 years)."
    )
    return rich(message, reader, measured=round(measured or 0), children=round(answer.whole.get("children") or 0))


def risks(answer: Broken, found: Answers, reader: Language) -> str:
    """Families by what is told of them, whom the list is about, and how many factors stand together."""
    families = answer.whole["families"] or 1
    told = {str(line["risk"]): line["families"] for line in records(answer.rows)}
    drawn = []
    for title, keys, colour in (
        (N_("Risk factor"), RISK_FACTORS, "var(--accent)"),
        (N_("Whom the list is about"), TARGETS, NEUTRAL[-3]),
    ):
        lines = []
        for key in sorted(keys, key=lambda key: -(told[key] or 0)):
            words, count = translate(FILTERS["krs_risk"][1][key], reader), told[key]
            if count is None or pd.isna(count):
                lines.append(row(escape(words), [bar(1, ""), "–", translate(N_("not in the list"), reader)]))
                continue
            text = whole(count, reader)
            link = linked(found.listed("krs", {"krs_risk": key}), text, reader, count, f"{words}: {text}")
            lines.append(row(escape(words), [bar(count / families, colour), link, percent(count / families, reader)]))
        heads = [translate(word, reader) for word in (title, N_("Share"), N_("Families"), N_("Of all at risk"))]
        drawn.append(table("bars", heads[0], heads, lines))
    return "".join(drawn) + _together(answer, families, found, reader)


def _together(answer: Broken, families: float, found: Answers, reader: Language) -> str:
    """Families with one factor and with several."""
    names = {
        0: N_("none of the four"),
        1: N_("one factor"),
        2: N_("two factors"),
        3: N_("three factors"),
        4: N_("all four"),
    }
    colours = {0: "", 1: NEUTRAL[0], 2: NEUTRAL[2], 3: NEUTRAL[4], 4: "var(--attention)"}
    counts = {n: answer.whole.get(f"with_{n}") or 0 for n in names}
    parts, lines = [], []
    for n, count in counts.items():
        if not count:
            continue
        words, text = translate(names[n], reader), whole(count, reader)
        parts.append((count / families, colours[n], f"{words}: {text}"))
        link = linked(found.listed("krs", {"krs_factors": str(n)}), text, reader, count, f"{words}: {text}")
        swatch = f"<i{painted(colours[n])} style='{ground(colours[n])}'></i>"
        lines.append(row(f"{swatch}{escape(words)}", [link, percent(count / families, reader)]))
    heading = translate(N_("Factors together"), reader)
    titles = [heading, translate(N_("Families"), reader), translate(N_("Of all at risk"), reader)]
    several = sum(count for n, count in counts.items() if n > 1)
    message = N_("**{count} families** ({share}) have more than one factor.")
    says = rich(message, reader, count=round(several), share=percent(several / families, reader))
    return f'<h3>{escape(heading)}</h3><p class="bd-says">{says}</p>{stack(parts)}' + table(
        "parts", heading, titles, lines
    )
