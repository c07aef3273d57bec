"""Areas side by side over the main figures, and areas alike: which they are, by what, and how a place does against
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import documents, header
from components.address import go, language, say
from components.ask import current
from components.colours import moved, shown
from components.kpis import judgement, sparkline
from components.relation import Chosen
from components.rich import rich
from components.slopes import change
from components.view import inside, records
from data.area import within
from data.definitions.indicators import FEW, Indicator
from data.evaluation import UNKNOWN
from data.places.reference import LEVELS, Level, children, codes, find, level_of, place
from data.queries import Context, Figure
from data.relation import FEATURES, Alike, Feature
from data.wording import N_, Language, number, percent, short_date, translate

MOST: Final = 4
WORST: Final = "dtks_updated_share"
"""The figure whose lowest area is looked at before one is chosen."""


@dataclass(frozen=True)
class Told:
    """A figure of an area at its newest date, and its course before."""

    value: float
    numerator: int | None
    denominator: int | None
    day: date
    course: tuple[tuple[date, float | None], ...]

    @property
    def small(self) -> bool:
        return self.denominator is not None and self.denominator < FEW


# Choices


def levels(areas: Sequence[str]) -> tuple[Level, ...]:
    """The levels of some areas, from the largest."""
    found = {level_of(code) for code in areas}
    return tuple(level for level in LEVELS if level in found)


def own(chosen: Chosen, place_code: str, values: pd.DataFrame) -> str:
    """The kelurahan or kecamatan that is looked at: the place, else the area furthest behind in `values`."""
    if len(place_code) > 5:
        return place_code
    here = inside(values, chosen.seen.ranked)
    few = (here[f"{WORST}_denominator"] < FEW).fillna(False)
    ordered = here.assign(few=few).sort_values(["few", WORST, "name"], na_position="last")
    return str(ordered["code"].iloc[0]) if len(ordered) else ""


def sides(chosen: Chosen, first: str, peers: Sequence[Alike]) -> tuple[str, ...]:
    """The areas side by side: those of the address, else the one looked at and the two most like it."""
    ground = chosen.seen.ground
    known = tuple(dict.fromkeys(code for code in chosen.others if find(code) and within(code, ground)))[:MOST]
    return known or tuple(code for code in (first, *(peer.code for peer in peers[:2])) if code)


def choose(beside: DeltaGenerator, chosen: Chosen, areas: Sequence[str]) -> None:
    """Two to four areas, by any part of their names."""
    ground = chosen.seen.ground
    options = dict.fromkeys(code for level in LEVELS[1:] for code in codes(ground, level) if ground)
    options |= dict.fromkeys(areas)

    def picked() -> None:
        codes_chosen = st.session_state["relation_others"]
        go(current().with_filter("other", ",".join(codes_chosen) or None))

    st.session_state["relation_others"] = list(areas)
    with beside:
        st.multiselect(
            say(N_("Areas side by side, two to four: type any part of a name")),
            list(options),
            key="relation_others",
            format_func=_option,
            max_selections=MOST,
            on_change=picked,
            filter_mode="contains",
            placeholder=say(N_("any part of a name")),
        )


def choose_own(beside: DeltaGenerator, chosen: Chosen, code: str) -> None:
    """The area whose like is sought; choosing one goes to that place."""

    def picked() -> None:
        go(current().at(st.session_state["relation_own"]))

    st.session_state["relation_own"] = code
    with beside:
        st.selectbox(
            say(N_("Area whose like is sought")),
            list(dict.fromkeys((code, *(one.code for one in children(chosen.seen.ground, level_of(code)))))),
            key="relation_own",
            format_func=_option,
            on_change=picked,
            filter_mode="contains",
        )


def _option(code: str) -> str:
    """A name with what it lies in, because names repeat."""
    found = place(code)
    if found.level == "kabkota":
        return found.name
    around = place(found.parent).name
    if found.level == "kecamatan":
        return f"{say(N_('Kecamatan {name}'), name=found.name)} ({around})"
    return f"{found.name} ({around})"


def show_areas(
    beside: DeltaGenerator, chosen: Chosen, areas: Sequence[str], course: pd.DataFrame, contexts: Sequence[Context]
) -> None:
    """The choice of areas and, of two or more, their table."""
    choose(beside, chosen, areas)
    if len(areas) > 1:
        show(areas, chosen.figures, course, chosen.seen.ranked, contexts)


def show_alike(
    beside: DeltaGenerator,
    chosen: Chosen,
    code: str,
    peers: Sequence[Alike],
    profiles: pd.DataFrame,
    course: pd.DataFrame,
    contexts: Sequence[Context],
) -> None:
    """The choice of an area, its peers, and how it does against them."""
    choose_own(beside, chosen, code)
    if not peers:
        return
    left, right = st.columns([1, 1.5])
    with left, st.container(key="card_alike", height="stretch"):
        show_peers(code, peers, profiles)
    with right, st.container(key="card_against", height="stretch"):
        show_against(code, peers, chosen.figures, course, contexts)


# Areas side by side


def told(course: pd.DataFrame) -> dict[tuple[str, str], Told]:
    """By indicator and area, of a frame as `data.relation.course` gives it."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in records(course):
        rows.setdefault((row["indicator"], row["code"]), []).append(row)
    return {
        at: Told(
            value=float(days[-1]["value"]),
            numerator=_whole(days[-1]["numerator"]),
            denominator=_whole(days[-1]["denominator"]),
            day=days[-1]["period"],
            course=tuple((day["period"], float(day["value"])) for day in days),
        )
        for at, days in rows.items()
    }


def sentence(areas: Sequence[str], known: Sequence[Indicator], course: pd.DataFrame, reader: Language) -> str:
    """In how many of the figures that can be good or bad the first area is behind the others, as HTML."""
    if len(areas) < 2:
        return rich(N_("Choose at least two areas to lay them side by side."), reader)
    found, names = told(course), [place(code).name for code in areas]
    judged = [one for one in known if one.good != "neutral" and all(_sure(found, one, area) for area in areas)]
    behind = [one for one in judged if _last(one, areas, found)]
    if not judged:
        return rich(N_("{names} side by side."), reader, names=_listed(names, reader))
    message = (
        N_("{first} beside {others}: furthest behind in **{behind} of {count} figures** that can be judged.")
        if behind
        else N_("{first} beside {others}: furthest behind in none of the {count} figures that can be judged.")
    )
    return rich(
        message, reader, first=names[0], others=_listed(names[1:], reader), behind=len(behind), count=len(judged)
    )


def _sure(found: Mapping[tuple[str, str], Told], one: Indicator, area: str) -> bool:
    return (one.key, area) in found and not found[one.key, area].small


def _last(one: Indicator, areas: Sequence[str], found: Mapping[tuple[str, str], Told]) -> bool:
    values = [found[one.key, code].value for code in areas]
    worst = min(values) if one.good == "high" else max(values)
    return values[0] == worst and len(set(values)) > 1


def _listed(names: Sequence[str], reader: Language) -> str:
    if len(names) < 2:
        return "".join(names)
    return translate(N_("{most} and {last}"), reader, most=", ".join(names[:-1]), last=names[-1])


def show(
    areas: Sequence[str],
    known: Sequence[Indicator],
    course: pd.DataFrame,
    reference: str,
    contexts: Sequence[Context],
) -> None:
    """The table of areas and figures; `reference` is the larger place whose figure is marked on the strips."""
    with st.container(key="card_sides"):
        header.card_head(
            say(N_("Area beside area")),
            say(
                N_(
                    "A strip goes from the lowest to the highest area around; the dotted mark is {place}. Differences"
                    " are to the first area."
                ),
                place=place(reference).name,
            ),
        )
        html = table(areas, known, course, reference, language())
        st.html(html)
        _saved(html, say(N_("Areas side by side")), reference, contexts)


def _saved(html: str, title: str, code: str, contexts: Sequence[Context]) -> None:
    documents.table_downloads("areas", lambda: documents.tabled.of_html(html), title, code, contexts)


def table(
    areas: Sequence[str], known: Sequence[Indicator], course: pd.DataFrame, reference: str, reader: Language
) -> str:
    """A row a figure, a column an area, as HTML: value, fraction, difference to the first area, course."""
    found = told(course)
    heads = "".join(
        f'<th scope="col"><span class="mark-of own-{at}"></span>{escape(place(code).name)}'
        f"<small>{escape(place(place(code).parent).name)}</small></th>"
        for at, code in enumerate(areas)
    )
    body = "".join(_row(one, areas, found, reference, reader) for one in known)
    label = escape(translate(N_("Areas side by side"), reader))
    return (
        f'<div class="sides" role="region" aria-label="{label}" tabindex="0"><table><thead><tr>'
        f'<th scope="col">{escape(translate(N_("Figure"), reader))}</th>'
        f'<th scope="col">{escape(translate(N_("Among all"), reader))}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(
    one: Indicator, areas: Sequence[str], found: Mapping[tuple[str, str], Told], reference: str, reader: Language
) -> str:
    mine = [found.get((one.key, code)) for code in areas]
    days = [each.day for each in mine if each]
    when = f"<small>{escape(short_date(max(days), reader))}</small>" if days else ""
    around = [each.value for (key, code), each in found.items() if key == one.key and len(code) == len(areas[0])]
    whole = found.get((one.key, reference))
    marks = [(f"own-{at}", each.value) for at, each in enumerate(mine) if each]
    strip = _strip(marks, around, whole.value if whole and (one.is_ratio or one.is_share) else None)
    cells = "".join(_cell(one, each, mine[0] if at else None, reader) for at, each in enumerate(mine))
    return (
        f'<tr><th scope="row">{escape(translate(one.label, reader))}{when}</th><td aria-hidden="true">{strip}</td>'
        f"{cells}</tr>"
    )


def _cell(one: Indicator, mine: Told | None, first: Told | None, reader: Language) -> str:
    if mine is None:
        return f"<td>–<small>{escape(translate(N_('not known'), reader))}</small></td>"
    amount = f'<span class="amount{" few" if mine.small else ""}">{escape(shown(mine.value, one, reader))}</span>'
    parts = []
    if one.is_ratio and mine.numerator is not None and mine.denominator is not None:
        numbers = {"numerator": mine.numerator, "denominator": mine.denominator}
        parts.append(f"<small>{escape(translate(N_('{numerator} of {denominator}'), reader, **numbers))}</small>")
    if mine.small:
        few = translate(N_("fewer than {few} counted: uncertain"), reader, few=FEW)
        parts.append(f"<small>{escape(few)}</small>")
    if first is not None:
        parts.append(f"<small>{difference(mine.value - first.value, one, reader)}</small>")
    line = sparkline(Figure(one.key, UNKNOWN, None, mine.course), one)
    return f"<td>{amount}{''.join(parts)}{line}</td>"


def difference(step: float, one: Indicator, reader: Language) -> str:
    """How much more or less than the first, with its judgement, as HTML."""
    rounded, _ = moved(step, one, reader)
    if not rounded:
        return escape(translate(N_("the same"), reader))
    return f'<b class="{judgement(rounded, one)}">{escape(change(step, one, reader))}</b>'


def _strip(marks: Sequence[tuple[str, float]], around: Sequence[float], whole: float | None) -> str:
    """Where areas lie between the lowest and the highest of all, as HTML."""
    every = [*around, *(value for _, value in marks)]
    if not every:
        return ""
    low, high = min(every), max(every)

    def at(value: float) -> str:
        return f"--at: {100 * (value - low) / (high - low) if high > low else 50:.1f}"

    mean = f'<b style="{at(min(max(whole, low), high))}"></b>' if whole is not None else ""
    dots = "".join(f'<i class="{style}" style="{at(value)}"></i>' for style, value in reversed(marks))
    return f'<span class="strip">{mean}{dots}</span>'


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


# Areas alike


def peers_sentence(
    code: str, peers: Sequence[Alike], known: Sequence[Indicator], course: pd.DataFrame, asked: bool, reader: Language
) -> str:
    """How a place does against the areas most like it, as HTML."""
    name = place(code).name if code else ""
    if not peers:
        return rich(N_("Too little is known of {place} to say which areas are alike."), reader, place=name)
    rows = against(code, peers, known, course)
    judged = [row for row in rows if row.indicator.good != "neutral" and not row.mine.small]
    worse = [one for one in judged if judgement(one.step, one.indicator) == "worse"]
    message = (
        N_("Against the {count} areas most like it, {place} does worse in **{worse} of {judged} figures**.")
        if worse
        else N_("Against the {count} areas most like it, {place} does worse in none of {judged} figures.")
    )
    words = rich(message, reader, count=len(peers), place=name, worse=len(worse), judged=len(judged))
    if not asked:
        words += " " + rich(N_("It was chosen because it is furthest behind in updates; choose another below."), reader)
    return words


@dataclass(frozen=True)
class Against:
    """A figure of a place beside the median of its peers."""

    indicator: Indicator
    mine: Told
    median: float
    peers: tuple[float, ...]

    @property
    def step(self) -> float:
        return self.mine.value - self.median


def against(code: str, peers: Sequence[Alike], known: Sequence[Indicator], course: pd.DataFrame) -> tuple[Against, ...]:
    """The figures that the place and at least two of its peers have; what they are alike by says nothing here."""
    found = told(course)
    rows = []
    for one in known:
        values = [found[one.key, peer.code].value for peer in peers if (one.key, peer.code) in found]
        if one.good != "neutral" or one.is_ratio:
            mine = found.get((one.key, code))
            if mine and len(values) > 1 and one.key != "decile_1_4_share":
                rows.append(Against(one, mine, float(pd.Series(values).median()), tuple(values)))
    return tuple(rows)


def show_peers(code: str, peers: Sequence[Alike], profiles: pd.DataFrame) -> None:
    reader = language()
    header.card_head(
        say(N_("Most like {place}"), place=place(code).name),
        say(
            N_(
                "By residents, share registered, deciles 1–4, size of families, and whether kelurahan or desa; each in"
                " standard deviations, the mean of all that both have."
            )
        ),
    )
    st.html(alike_list(code, peers, profiles, reader))
    areas = ",".join((code, *(peer.code for peer in peers[: MOST - 1])))
    target = current().with_filter("kind", "areas").with_filter("other", areas)
    with st.container(key="relation_links"):
        st.button(say(N_("Lay them side by side →")), key="lay_beside", type="tertiary", on_click=go, args=(target,))


def alike_list(code: str, peers: Sequence[Alike], profiles: pd.DataFrame, reader: Language) -> str:
    """The peers with what they are alike by and what differs most, as HTML."""
    rows = {str(row["code"]): row for row in records(profiles)}
    declared = {one.key: one for one in FEATURES}
    lines = []
    for peer in peers:
        alike = ", ".join(_both(declared[key], rows[code], rows[peer.code], reader) for key in peer.by[:2])
        differs = _both(declared[peer.by[-1]], rows[code], rows[peer.code], reader) if len(peer.by) > 2 else ""
        far = translate(N_("differs most by: {what}"), reader, what=differs) if differs else ""
        distance = _decimals(peer.distance, reader)
        lines.append(
            f"<li><b>{escape(peer.name)}</b> <small>{escape(peer.parent_name)} ·"
            f" {rich(N_('distance {distance}'), reader, distance=distance)}</small>"
            f"<p>{rich(N_('alike by: {what}'), reader, what=alike)}</p><small>{escape(far)}</small></li>"
        )
    return f'<ol class="alike">{"".join(lines)}</ol>'


def _both(feature: Feature, mine: Mapping[str, Any], other: Mapping[str, Any], reader: Language) -> str:
    """A feature of both: `5.609 and 5.420 residents`."""
    one, two = (_feature(float(row[feature.key]), feature, reader) for row in (mine, other))
    label = translate(feature.label, reader)
    return translate(N_("{label} {own} and {other}"), reader, label=label, own=one, other=two)


def _feature(value: float, feature: Feature, reader: Language) -> str:
    if feature.shown == "share":
        return percent(value, reader)
    return number(round(value), reader) if feature.logarithm else _decimals(value, reader)


def _decimals(value: float, reader: Language) -> str:
    """A number with two decimals, so that two of them can be compared."""
    return percent(value / 100, reader, 2).removesuffix("%")


def show_against(
    code: str,
    peers: Sequence[Alike],
    known: Sequence[Indicator],
    course: pd.DataFrame,
    contexts: Sequence[Context],
) -> None:
    header.card_head(
        say(N_("{place} against areas alike"), place=place(code).name),
        say(N_("The dot is {place}, the pale ones are the areas alike, the dotted mark is their median."),
            place=place(code).name),
    )  # fmt: skip
    html = against_table(code, peers, known, course, language())
    st.html(html)
    _saved(html, say(N_("Areas alike")), code, contexts)


def against_table(
    code: str, peers: Sequence[Alike], known: Sequence[Indicator], course: pd.DataFrame, reader: Language
) -> str:
    """A row a figure as HTML: where it lies among the peers, the place, their median, the difference."""
    titles = (N_("Figure"), N_("Among areas alike"), place(code).name, N_("Median of areas alike"))
    heads = "".join(f'<th scope="col">{escape(translate(title, reader))}</th>' for title in titles)
    body = ""
    for row in against(code, peers, known, course):
        one = row.indicator
        strip = _strip([("own-0", row.mine.value), *(("own-peer", value) for value in row.peers)], (), row.median)
        body += (
            f'<tr><th scope="row">{escape(translate(one.label, reader))}'
            f'<small>{escape(short_date(row.mine.day, reader))}</small></th><td aria-hidden="true">{strip}</td>'
            f"{_cell(one, row.mine, None, reader)}<td><span class='amount'>"
            f"{escape(shown(row.median, one, reader))}</span><small>{rich(N_('difference'), reader)} "
            f"{difference(row.step, one, reader)}</small></td></tr>"
        )
    label = escape(translate(N_("Areas alike"), reader))
    return (
        f'<div class="sides" role="region" aria-label="{label}" tabindex="0"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
