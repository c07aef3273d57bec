"""Areas as a drawing that stands still: shapes, colours and the names of a few, as SVG for a slide."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from data.area import within
from data.places.geometry import Geometry

WIDTH: Final = 1000.0
HEIGHT: Final = 740.0
"""The room that a drawing has, in its own units: pixels of a slide of 1920."""
DISC: Final = 25.0
ROOM: Final = 2 * DISC + 2
STEPS: Final = 20
TEXT: Final = 36.0
LETTER: Final = 0.58
"""Width of a letter of the bold type, as a part of its size."""
FEW: Final = 20
"""Areas up to which none is far away from the others."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outlines:
    """Areas in a frame of `width` × `height` (at most WIDTH × HEIGHT): an SVG path and a point inside it by code.

    `outside` counts areas too far away from the others to lie in the frame; `schematic`: not all borders are official.
    """

    width: float
    height: float
    paths: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]
    outside: int
    schematic: bool


@dataclass(frozen=True)
class Mark:
    """A number on an area, and its name where there is room for it."""

    code: str
    number: str
    name: str = ""


@lru_cache(maxsize=32)
def outlines(shapes: Geometry, around: str) -> Outlines:
    """The areas of `shapes` that are, or lie in, the place `around`; detail that a slide cannot show is left out."""
    found = [one for one in json.loads(shapes.geojson)["features"] if within(one["id"], around)]
    if not found:
        return Outlines(WIDTH, HEIGHT, {}, {}, 0, shapes.schematic)
    areas = shapely.from_geojson([json.dumps(one["geometry"]) for one in found])
    south, north = float(np.min(shapely.bounds(areas)[:, 1])), float(np.max(shapely.bounds(areas)[:, 3]))
    flat = np.array([np.cos(np.radians((south + north) / 2)), -1.0])
    areas = shapely.transform(areas, lambda lonlat: lonlat * flat)
    near = _near(areas)
    west, top, east, bottom = shapely.total_bounds(areas[near])
    size = min(WIDTH / max(east - west, 1e-9), HEIGHT / max(bottom - top, 1e-9))
    areas = shapely.transform(areas, lambda at: (at - np.array([west, top])) * size)
    areas = shapely.coverage_simplify(areas, 0.6)
    points = shapely.get_coordinates(shapely.point_on_surface(areas))
    names = [str(one["id"]) for one in found]
    return Outlines(
        width=float((east - west) * size),
        height=float((bottom - top) * size),
        paths={name: _path(area) for name, area, kept in zip(names, areas, near, strict=True) if kept},
        points={
            name: (round(float(x), 1), round(float(y), 1))
            for name, (x, y), kept in zip(names, points, near, strict=True)
            if kept
        },
        outside=int((~near).sum()),
        schematic=shapes.schematic,
    )


def definitions(drawn: Outlines, name: str) -> str:
    """The shapes, once for all drawings of them on a page; `name` tells them from others."""
    shapes = "".join(f'<path id="{_id(name, code)}" d="{path}"/>' for code, path in drawn.paths.items())
    return f'<svg class="shapes" width="0" height="0" aria-hidden="true"><defs>{shapes}</defs></svg>'


def svg(
    drawn: Outlines,
    name: str,
    key: str,
    colours: Mapping[str, str | None],
    marks: Sequence[Mark],
    label: str,
    chosen: str = "",
) -> str:
    """The areas in their colours (hatched without one), numbered and named where marked; `key` is the drawing's own.

    The shapes are those of `definitions(drawn, name)`. `label` says what is drawn to those who do not see it.
    """
    hatch = f"hatch-{escape(key)}"
    unknown = f"url(#{hatch})"
    pattern = (
        f'<pattern id="{hatch}" width="11" height="11" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="ground" width="11" height="11"/><line class="line" y2="11"/></pattern>'
    )
    outlined = {chosen: " data-chosen"}
    areas = "".join(
        f'<use href="#{_id(name, code)}" fill="{colours.get(code) or unknown}"{outlined.get(code, "")}/>'
        for code in sorted(drawn.paths, key=lambda code: code == chosen)
    )
    return (
        f'<svg class="map" viewBox="-6 -6 {drawn.width + 12:.0f} {drawn.height + 12:.0f}" role="img"'
        f' aria-label="{escape(label)}"><defs>{pattern}</defs><g class="areas">{areas}</g>{_marks(drawn, marks)}</svg>'
    )


def _marks(drawn: Outlines, marks: Sequence[Mark]) -> str:
    found = [mark for mark in marks if mark.code in drawn.points]
    places = apart([drawn.points[mark.code] for mark in found])
    taken = [_around(at, DISC) for at in places]
    parts = []
    for mark, (x, y) in zip(found, places, strict=True):
        parts.append(f'<g class="mark"><circle cx="{x}" cy="{y}" r="{DISC}"/>{_text(x, y, "middle", mark.number)}</g>')
        for at, anchor, box in _beside(x, y, mark.name):
            if mark.name and _inside(box, drawn) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                parts.append(f'<g class="name">{_text(*at, anchor, mark.name)}</g>')
                break
    return "".join(parts)


def apart(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points, moved as little as keeps a number on each from covering another one.

    >>> apart([(0, 0), (40, 0), (500, 0)])
    [(-6.0, 0.0), (46.0, 0.0), (500.0, 0.0)]
    """
    moved = np.array(points, dtype=float).reshape(-1, 2)
    for _ in range(STEPS):
        for one, other in combinations(range(len(moved)), 2):
            way = moved[other] - moved[one]
            near = float(np.hypot(*way))
            if near < ROOM:
                step = (way / near if near else np.array([1.0, 0.0])) * (ROOM - near) / 2
                moved[one], moved[other] = moved[one] - step, moved[other] + step
    return [(round(float(x), 1), round(float(y), 1)) for x, y in moved]


def _beside(x: float, y: float, name: str) -> list[tuple[tuple[float, float], str, Box]]:
    """Where a name can stand: right, left, above and below its number, the best first."""
    wide, gap, half = len(name) * TEXT * LETTER, DISC + 10, TEXT * 0.6
    return [
        ((x + gap, y), "start", (x + gap, y - half, x + gap + wide, y + half)),
        ((x - gap, y), "end", (x - gap - wide, y - half, x - gap, y + half)),
        *(
            ((x, at), "middle", (x - wide / 2, at - half, x + wide / 2, at + half))
            for at in (y - gap - half, y + gap + half)
        ),
    ]


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" dy=".35em" text-anchor="{anchor}">{escape(words)}</text>'


def _around(point: tuple[float, float], by: float) -> Box:
    return point[0] - by, point[1] - by, point[0] + by, point[1] + by


def _inside(box: Box, drawn: Outlines) -> bool:
    return box[0] >= -6 and box[1] >= -6 and box[2] <= drawn.width + 6 and box[3] <= drawn.height + 6


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _id(name: str, code: str) -> str:
    return f"{name}-{code}"


def _near(areas: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """A few far islands would make everything else tiny: which areas lie near the others, as on the maps of screens."""
    boxes = shapely.bounds(areas)
    every = np.ones(len(areas), dtype=bool)
    if len(areas) < FEW:
        return every
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = np.quantile(centres, [0.25, 0.75], axis=0, method="lower")
    near = ((centres >= low - 2 * (high - low)) & (centres <= high + 2 * (high - low))).all(axis=1)
    few = (~near).sum() <= len(areas) * 0.05
    return near if few and _extent(areas[near]) < _extent(areas) / 2 else every


def _extent(areas: npt.NDArray[np.object_]) -> float:
    west, south, east, north = shapely.total_bounds(areas)
    return float((east - west) * (north - south))


def _path(area: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(area) for ring in shapely.get_rings(part)]
    return "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in shapely.get_coordinates(ring)[:-1])}Z" for ring in rings)
