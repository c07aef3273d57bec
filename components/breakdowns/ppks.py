"""The PPKS register by category, by sex and age; and, apart from it, reaches by month."""

from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from components import documents, filters, header, tables
from components.address import language, say
from components.breakdowns.parts import (
    SEX_NAMES,
    TITLES,
    Answers,
    bar,
    dated,
    ground,
    linked,
    narrowed,
    note,
    painted,
    row,
    table,
    whole,
)
from components.colours import NEUTRAL
from components.routes import STATIC
from components.tables import PLAIN
from components.view import Drawn, records
from data.breakdowns import SEXES, UNKNOWN, Broken
from data.definitions.catalogue import REGISTERS
from data.definitions.filters import FILTERS
from data.wording import N_, Language, percent, short_date, translate

MONTHS: Final = 24
HIGH: Final = 170
"""Pixels of the highest column."""

_categories = st.components.v2.component(
    "padan_categories",
    html='<div class="ranking"></div>',
    css=(STATIC / "ranking.css").read_text(),
    js=tables.LINKED + (STATIC / "ranking.js").read_text(),
)


def show_categories(answer: Broken, drawn: Drawn, found: Answers) -> None:
    """The figure by category, the largest first; a click narrows the screen to one, or widens it again."""
    twice = N_("Click a category to narrow the screen to it. Who stands in two counts in both and once in the total.")
    flow = N_("Click a category to narrow the screen to it. Every reach counts.")
    stock = REGISTERS[answer.register].stock
    header.card_head(say(TITLES["categories"]), f"{say(twice if stock else flow)} {dated(answer, language())}")

    def choose() -> None:
        if word := st.session_state["categories"].get("place"):
            filters.narrow(str(word))

    data = categories(answer, drawn, language())
    _categories(key="categories", data=data, on_place_change=choose)
    heads = (say(N_("Category")), say(drawn.indicator.numerator_label), say(N_("Note")))
    rows = tuple((line["name"], line["value"], line["parent"]) for line in data["rows"])
    found.saved("categories", lambda: documents.tabled.Tabled(heads, rows))


def categories(answer: Broken, drawn: Drawn, reader: Language) -> dict[str, Any]:
    """The rows of the list: a number of persons, and of a stock how many that are of 1,000 residents."""
    words, indicator = answer.rows["category"], drawn.indicator
    values = pd.DataFrame({"code": words, "name": words, "parent_name": "", indicator.key: answer.rows["value"]})
    counted = replace(indicator, unit="persons", denominator=None, good="neutral")
    found = tables.ranking(values, counted, PLAIN, None, drawn.category, reader)
    residents = answer.whole.get("population")
    if residents and REGISTERS[answer.register].stock:
        per = dict(zip(words, answer.rows["value"] / residents * 1000, strict=True))
        for line in found["rows"]:
            rate = percent(per[line["code"]] / 100, reader, 2).removesuffix("%")
            line["parent"] = translate(N_("{rate} per 1,000 residents"), reader, rate=rate)
    return found | {"wide": True, "first": len(values)}


def sex_age(answer: Broken, found: Answers, reader: Language) -> str:
    """Persons by age group down and sex across, all bars on one scale; what is not known stands beside and below."""
    most = max(float(answer.rows[sex].max()) for sex in SEXES) or 1
    category = narrowed(found, "sex_age")
    rows = []
    for line in records(answer.rows):
        group = str(line["age_group"])
        cells = []
        for sex in SEXES:
            count = float(line[sex])
            colour = "" if UNKNOWN in (sex, group) else NEUTRAL[-1] if sex == "L" else NEUTRAL[-3]
            target = found.listed(answer.register, {"age_group": group, "sex": sex, **category})
            text = whole(count, reader)
            label = f"{_age(group, reader)}, {translate(SEX_NAMES[sex], reader)}: {text}"
            cells.append(f"{linked(target, text, reader, count, label)}{bar(count / most, colour)}")
        rows.append(row(escape(_age(group, reader)), [*cells, whole(line["ppks_persons"], reader)]))
    caption = translate(TITLES["sex_age"], reader)
    names = [translate(word, reader) for word in (N_("Age"), *SEX_NAMES.values(), N_("Together"))]
    below = N_("Age by the birth date on the day of the list, else as the list writes it.")
    return table("crossed", caption, names, rows) + note(below, reader)


def _age(group: str, reader: Language) -> str:
    words = FILTERS["age_group"][1][group]
    return translate(words if group != UNKNOWN else N_("age not known"), reader)


def monthly(answer: Broken, reader: Language) -> documents.tabled.Tabled:
    """The months and their reaches as a table."""
    heads = (translate(N_("Month"), reader), translate(N_("reaches"), reader))
    named = ((str(line["month"]), whole(float(line["reaches"]), reader)) for line in records(answer.rows))
    no_date = translate(N_("no date"), reader)
    return documents.tabled.Tabled(heads, tuple((no_date if at == UNKNOWN else at, count) for at, count in named))


def months(answer: Broken, found: Answers, reader: Language) -> str:
    """A column a month; what has no readable date stands hatched at the end. Reaches are a flow."""
    rows = records(answer.rows)[-MONTHS:]
    most = max(float(line["reaches"]) for line in rows) or 1
    category = narrowed(found, "months")
    drawn = []
    for line in rows:
        month, count = str(line["month"]), float(line["reaches"])
        unknown = month == UNKNOWN
        words = translate(N_("no date"), reader) if unknown else short_date(date.fromisoformat(f"{month}-01"), reader)
        text = whole(count, reader)
        target = found.listed(answer.register, {"reached_in": month, **category})
        colour = "" if unknown else "var(--accent)"
        column = f'<i{painted(colour)} style="height:{round(HIGH * count / most)}px;{ground(colour)}"></i>'
        number_of = linked(target, text, reader, count, f"{words}: {text}")
        drawn.append(f'<li><span class="up">{number_of}{column}</span><span>{escape(words)}</span></li>')
    total = sum(float(line["reaches"]) for line in rows)
    below = N_(
        "{count} reaches in the newest list. Who is reached twice counts twice; they are never added to the register."
    )
    return f'<ol class="bd-months">{"".join(drawn)}</ol>' + note(below, reader, count=round(total))
