"""What is left to be done in the field: who to visit, to add, to complete, by kelurahan and health post."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from components import exports, header, navigation, unmask
from components.address import language, query, say
from components.ask import viewer
from components.flows import COLOURS
from components.overlap import Chosen, listed, short
from components.rich import rich
from components.view import anywhere, records
from data.definitions.linkages import Linkage
from data.linkage.outcomes import TO_DO, meant
from data.scope import Scope
from data.wording import N_, Language, number, translate

PAGE: Final = 10
"""Kelurahan on one page; without health posts there is room for more."""
Filters = tuple[tuple[str, str], ...]


def outcomes(linkage: Linkage) -> tuple[str, ...]:
    """The outcomes that leave something to be done.

    >>> from data.definitions.catalogue import LINKAGES
    >>> outcomes(LINKAGES["children"])
    ('family_only', 'unregistered', 'undecided')
    """
    return meant(linkage, TO_DO)


def show(found: pd.DataFrame | None, chosen: Chosen, scope: Scope) -> None:
    """The list by kelurahan (as `data.overlap.gaps` gives it), its pages, and the export of everybody in it; nothing
    where there is none.
    """
    if found is None:
        return
    reader, linkage = language(), chosen.linkage
    count = int(found[list(outcomes(linkage))].to_numpy().sum())
    title = f"{say(N_('What is to be done'))}: {number(count, reader)}"
    opens = N_("For the field, by kelurahan. Every number opens its list of names.")
    with st.container(key="card_gaps"):
        header.card_head(title, say(opens if viewer().may_list(scope.place) else N_("For the field, by kelurahan.")))
        st.html(what_to_do(linkage, reader))
        if not count:
            st.html(f'<p class="source">{escape(say(N_("There is nothing to be done here.")))}</p>')
            return
        if viewer().may_list(scope.place):
            _export(listed(scope, linkage, TO_DO), count)
        _pages(found, linkage, scope, reader)


def _export(everybody: Scope, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        exports.buttons(everybody, count, unmask.offer())


def _pages(found: pd.DataFrame, linkage: Linkage, scope: Scope, reader: Language) -> None:
    key, areas = f"gaps_{linkage.key}_{scope.place}", list(dict.fromkeys(found["code"]))
    size = PAGE if with_posts(found) else 4 * PAGE
    pages = -(-len(areas) // size)
    first = (min(int(st.session_state.get(key, 1)), pages) - 1) * size
    shown = found[found["code"].isin(areas[first : first + size])]
    st.html(table(shown, linkage, scope, reader, viewer().may_list))
    if pages > 1:
        st.pagination(pages, key=key)


def what_to_do(linkage: Linkage, reader: Language) -> str:
    """The outcomes and what an office does about them, as HTML."""
    rows = "".join(
        f'<li><b><i style="background:{COLOURS[one.key]}"></i>{escape(translate(one.label, reader))}</b>'
        f"<span>{escape(translate(one.do, reader))}</span></li>"
        for one in linkage.outcomes
        if one.key in outcomes(linkage)
    )
    return f'<ul class="todo">{rows}</ul>'


def with_posts(found: pd.DataFrame) -> bool:
    """Whether the register tells the health posts."""
    return bool(found["post"].astype(bool).any())


def table(
    found: pd.DataFrame, linkage: Linkage, scope: Scope, reader: Language, lists: Callable[[str], bool] = anywhere
) -> str:
    """Kelurahan with their health posts as HTML; every number is a link to its names where the reader may see the
    place's `lists`, every value is escaped.
    """
    titles = [short(linkage, key) for key in outcomes(linkage)] + [N_("Together")]
    head = "".join(f'<th scope="col">{escape(translate(title, reader))}</th>' for title in titles)
    first = translate(N_("Kelurahan and posyandu") if with_posts(found) else N_("Kelurahan"), reader)
    body = "".join(_area(rows, linkage, scope, reader, lists) for _, rows in found.groupby("code", sort=False))
    return (
        '<div class="people gaps" tabindex="0"><table>'
        f'<thead><tr><th scope="col">{escape(first)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _area(rows: pd.DataFrame, linkage: Linkage, scope: Scope, reader: Language, lists: Callable[[str], bool]) -> str:
    """A kelurahan's line, and one for each of its posts where it has any."""
    lines = records(rows)
    code, name, around = (str(lines[0][key]) for key in ("code", "name", "parent_name"))
    words = f"<b>{escape(name)}</b> {escape(around)}" if code else f"<b>{rich(N_('Kelurahan not known'), reader)}</b>"
    at, placed = (scope.at(code), ()) if code else (scope, (("placed", "no"),))
    sums = [sum(int(line[key]) for line in lines) for key in outcomes(linkage)]
    posts = with_posts(rows)
    scoped, style = ("rowgroup", "family") if posts else ("row", "area")
    drawn = [_line(style, f'<th scope="{scoped}">{words}</th>', _linked(sums, linkage, at, placed, reader, lists))]
    for line in lines if posts else ():
        post, numbers = str(line["post"]), [int(line[key]) for key in outcomes(linkage)]
        if post:
            cells = _linked(numbers, linkage, at, (*placed, ("post", post)), reader, lists)
            drawn.append(_line("", f'<th scope="row">{escape(post)}</th>', cells))
        else:
            heading = f'<th scope="row"><small>{rich(N_("without a posyandu"), reader)}</small></th>'
            drawn.append(_line("", heading, [number(one, reader) for one in (*numbers, sum(numbers))]))
    return "".join(drawn)


def _linked(
    numbers: Sequence[int],
    linkage: Linkage,
    at: Scope,
    narrowed: Filters,
    reader: Language,
    lists: Callable[[str], bool],
) -> list[str]:
    """The numbers of a line, and their sum, as links to their names."""
    if not lists(at.place):
        return [number(count, reader) if count else "–" for count in (*numbers, sum(numbers))]
    cells = []
    for key, count in zip((*outcomes(linkage), TO_DO), (*numbers, sum(numbers)), strict=True):
        target = listed(at, linkage, key)
        target = replace(target, filters=tuple(sorted((*target.filters, *narrowed))))
        address = escape(f"{navigation.SCREENS['households'][0]}?{urlencode(query(target, reader))}")
        cells.append(f'<a href="{address}" target="_self">{number(count, reader)}</a>' if count else "–")
    return cells


def _line(style: str, heading: str, cells: Sequence[str]) -> str:
    return f'<tr class="{style}">{heading}{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
