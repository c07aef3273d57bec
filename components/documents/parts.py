"""The parts of a document, made from what a screen has just shown: the same values, classes, colours and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

import pandas as pd

from components import charts, kpis, tables
from components.colours import Scale, legend, moved, shown
from components.kpis import Told
from components.outlines import outlines
from components.view import LEVEL_NAMES, View, records
from data.definitions.indicators import Indicator
from data.places.geometry import SCHEMATIC, Geometry
from data.queries import Figure
from data.wording import N_, Language, capital, number, translate

Part = dict[str, Any]
"""What a template reads: texts, numbers, lists and dictionaries of them."""
MOVED: Final = 5
"""Areas in each of the two lists of changes."""
TITLES: Final = {"high": N_("Furthest behind"), "low": N_("Highest first"), "neutral": N_("Largest first")}


@dataclass(frozen=True)
class Shown:
    """What a screen shows of one figure in map, ranking, trend and table.

    `everywhere`, `inside` and `tabled` are frames as `queries.by_area` gives them: the areas of the map, those of the
    ranking, those of the table, which also shows the figures `columns`.
    """

    indicator: Indicator
    everywhere: pd.DataFrame
    inside: pd.DataFrame
    tabled: pd.DataFrame
    seen: View
    columns: tuple[Indicator, ...]
    figure: Figure
    shapes: Geometry
    scale: Scale
    average: float | None


def drawn_map(shown_: Shown, reader: Language) -> Part:
    indicator, level = shown_.indicator, translate(LEVEL_NAMES[shown_.seen.by], reader)
    label = translate(indicator.label, reader)
    title = translate(N_("Map by {level}"), reader, level=level)
    classes = [{"colour": colour, "words": words} for colour, words in legend(shown_.scale, indicator, reader)]
    if shown_.inside[indicator.key].isna().any():
        classes.append({"colour": "", "words": translate(N_("no data"), reader)})
    return {
        "title": title,
        "note": " ".join([f"{label}.", *([translate(SCHEMATIC, reader) + "."] if shown_.shapes.schematic else [])]),
        "alt": f"{title}: {label}",
        "svg": map_svg(shown_),
        "legend": classes,
    }


def map_svg(shown_: Shown) -> str:
    """The areas of the ranking as an SVG without words, in the colours of the screen."""
    key = shown_.indicator.key
    drawn = outlines(shown_.shapes, shown_.seen.ranked)
    values = {row["code"]: None if pd.isna(row[key]) else float(row[key]) for row in records(shown_.inside)}
    areas = "".join(
        f'<path d="{path}" fill="{shown_.scale.colour(values.get(code)) or "url(#hatch)"}"'
        f"{_OUTLINED if code == shown_.seen.chosen else ''}/>"
        for code, path in sorted(drawn.paths.items(), key=lambda pair: pair[0] == shown_.seen.chosen)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {drawn.width + 8:.0f} {drawn.height + 8:.0f}"><defs>'
        '<pattern id="hatch" width="11" height="11" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="11" height="11" fill="#f1f4f8"/><rect width="2.4" height="11" fill="#8fa0b5"/></pattern></defs>'
        f'<g stroke="#ffffff" stroke-width="1.6" stroke-linejoin="round">{areas}</g></svg>'
    )


_OUTLINED: Final = ' stroke="#10243e" stroke-width="5"'


def ranking(shown_: Shown, reader: Language, every: bool = False) -> Part:
    """The worst areas, as many as the screen shows before all are asked for, or `every` one."""
    made = tables.ranking(shown_.inside, shown_.indicator, shown_.scale, shown_.average, shown_.seen.chosen, reader)
    rows = made["rows"] if every else made["rows"][: made["first"]]
    counts = {"first": len(rows), "total": len(made["rows"])}
    note = translate(N_("{first} of {total} areas"), reader, **counts)
    if made["average"] is not None:
        mean = shown(shown_.average, shown_.indicator, reader)
        note = translate(
            N_("{first} of {total} areas · dotted line = average {average}"), reader, average=mean, **counts
        )
    kept = ("name", "parent", "value", "length", "chosen")
    return {
        "title": translate(TITLES[shown_.indicator.good], reader),
        "note": note,
        "average": made["average"],
        "rows": [{key: row[key] for key in kept} | {"colour": row["colour"] or ""} for row in rows],
    }


def trend(figure: Figure, indicator: Indicator, reader: Language) -> Part:
    target = indicator.is_share and indicator.good == "high"
    days = charts.labels([day for day, _ in figure.history], reader)
    values = [value for _, value in figure.history]
    known = [value for value in values if value is not None]
    top = 1.08 if target else (max(known, default=1) or 1) * 1.28
    across = max(len(values) - 1, 1)
    message = N_("{label}, {count} snapshots") if len(known) > 1 else N_("{label}, one snapshot so far")
    steps = (0, 0.25, 0.5, 0.75, 1.0) if target else _steps(top)
    return {
        "title": translate(N_("The way to 100%") if target else N_("Over time"), reader),
        "note": translate(message, reader, label=translate(indicator.label, reader), count=len(values)),
        "points": [
            {
                "x": at / across if len(values) > 1 else 0.5,
                "y": None if value is None else value / top,
                "day": day,
                "words": shown(value, indicator, reader),
            }
            for at, (day, value) in enumerate(zip(days, values, strict=True))
        ],
        "ticks": [{"y": step / top, "words": _tick(step, indicator, reader)} for step in steps],
        "target": translate(N_("target 100%"), reader) if target else "",
        "target_y": 1 / top,
    }


def _steps(top: float) -> tuple[float, ...]:
    """Three or four readable steps from nought to the top.

    >>> _steps(128.0), _steps(0.06)
    ((0.0, 50.0, 100.0), (0.0, 0.02, 0.04, 0.06))
    """
    rough = top / 4
    size = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 10.0 ** -_zeros(rough)
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return tuple(float(f"{step * at:.6g}") for at in range(int(top / step + 1e-9) + 1))


def _zeros(value: float) -> int:
    """Of a number below one, the place of its first digit."""
    return len(f"{value:.12f}".partition(".")[2]) - len(f"{value:.12f}".partition(".")[2].lstrip("0")) + 1


def _tick(value: float, indicator: Indicator, reader: Language) -> str:
    return f"{number(value * 100, reader, 1)}%" if indicator.is_share else number(value, reader, 2)


def areas(shown_: Shown, reader: Language) -> Part:
    """The table, in the order in which the screen opens it."""
    level = LEVEL_NAMES[shown_.seen.tabled_by]
    made = tables.areas(shown_.tabled, shown_.indicator, shown_.columns, level, shown_.seen.chosen, reader)
    column, down = made["sort"]["column"], made["sort"]["down"]
    known = [row for row in made["rows"] if row["order"][column] is not None]
    unknown = [row for row in made["rows"] if row["order"][column] is None]
    ordered = sorted(known, key=lambda row: row["order"][column], reverse=down) + unknown
    heading = translate(level, reader)
    return {
        "title": capital(heading),
        "columns": made["columns"],
        "rows": [{key: row[key] for key in ("cells", "tones", "chosen")} for row in ordered],
    }


def changes(shown_: Shown, reader: Language) -> list[Part]:
    """The areas that have changed most, those for the better and those for the worse (or up and down)."""
    indicator, step = shown_.indicator, f"{shown_.indicator.key}_change"
    if step not in shown_.inside:
        return []
    told = shown_.inside[shown_.inside[step].notna()]
    rising, falling = told[told[step] > 0], told[told[step] < 0]
    better, worse = (falling, rising) if indicator.good == "low" else (rising, falling)
    titles = (N_("Improved most"), N_("Worsened most"))
    if indicator.good == "neutral":
        titles = (N_("Risen most"), N_("Fallen most"))
    elif worse.empty and len(better) > MOVED:
        titles, worse = (titles[0], N_("Improved least")), better
    elif better.empty and len(worse) > MOVED:
        titles, better = (N_("Worsened least"), titles[1]), worse
    groups = []
    for title, part, first in (
        (titles[0], better, indicator.good != "low"),
        (titles[1], worse, indicator.good == "low"),
    ):
        rows = records(part.sort_values([step, "name"], ascending=[not first, True]).head(MOVED))
        if rows:
            groups.append({"title": translate(title, reader), "rows": [_moved(row, indicator, reader) for row in rows]})
    return groups


def _moved(row: Mapping[str, Any], indicator: Indicator, reader: Language) -> Part:
    step, amount = moved(float(row[f"{indicator.key}_change"]), indicator, reader)
    return {
        "name": tables.shortened(str(row["name"])),
        "parent": "" if len(str(row["code"])) == tables.KABKOTA else str(row["parent_name"]),
        "change": f"{'▲' if step > 0 else '▼'} {amount}",
        "tone": kpis.judgement(step, indicator),
        "value": shown(float(row[indicator.key]), indicator, reader),
    }


def card(indicator: Indicator, told: Mapping[str, Told], place: str, reader: Language, apart: bool = False) -> Part:
    """A figure with its change and the fraction behind it: the words of the screen's own card."""
    read = _Card()
    read.feed(kpis.card(indicator, told, place, reader, apart))
    found = {key: " ".join("".join(parts).split()) for key, parts in read.texts.items()}
    return {**found, "tone": read.tone, "apart": apart}


class _Card(HTMLParser):
    """The texts of a card of `kpis.card` by what they are."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {key: [] for key in ("label", "mark", "amount", "unit", "change", "behind")}
        self.tone = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = (dict(attrs).get("class") or "").split()
        above = self._open[-1] if self._open else ""
        if tag in ("h2", "h3"):
            part = "label"
        elif "spoken" in names:
            part = ""
        elif "mark" in names:
            part = "mark"
        elif tag == "small":
            part = "unit"
        elif tag == "b" and above == "behind":
            part, self.tone = "change", next(iter(names), "")
        elif names and names[0] in ("amount", "behind"):
            part = names[0]
        else:
            part = above
        self._open.append(part)

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1]:
            self.texts[self._open[-1]].append(data)


def runs(html: str) -> list[Part]:
    """HTML of `rich` as runs of text.

    >>> runs("Is <strong>a &lt; b</strong>.")[1]
    {'text': 'a < b', 'strong': True}
    """
    pieces = re.split(r"<(/?)strong>", html)
    opened = [False, *(slash == "" for slash in pieces[1::2])]
    texts = [unescape(re.sub(r"<[^>]*>", "", piece)) for piece in pieces[::2]]
    return [{"text": text, "strong": strong} for text, strong in zip(texts, opened, strict=True) if text]
