"""The shapes of a published place as drawings that any browser shows: paths in a frame, no coordinates."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from data.places import geometry
from data.places.geometry import SCHEMATIC
from data.places.reference import LEVELS, Level, Place
from data.public.collecting import levels
from data.wording import LANGUAGES, translate

WIDTH: Final = 1000.0
HEIGHT: Final = 1000.0
DETAIL: Final = 0.6
"""Units of the frame that nobody sees."""
FEW: Final = 20
Areas = npt.NDArray[np.object_]


def shapes(store: Path, place: Place) -> dict[str, Any]:
    """The areas inside a place by level as SVG paths, with the borders of the next larger ones; y grows downwards."""
    drawn = {by: _areas(store, place, by) for by in levels(place.level, "kelurahan")[1:]}
    lowest = drawn["kelurahan"] if "kelurahan" in drawn else _areas(store, place, "kelurahan")
    frame = _Frame(lowest[1])
    told = geometry.geometry(store, place.code, "kelurahan")
    content: dict[str, Any] = {
        "code": place.code, "width": round(frame.width, 1), "height": round(frame.height, 1),
        "schematic": told.schematic,
        "note": {one: told.source.replace(SCHEMATIC, translate(SCHEMATIC, one)) for one in LANGUAGES},
        "levels": {}, "points": {}, "borders": {},
    }  # fmt: skip
    for by, (names, areas) in (drawn or {"kelurahan": lowest}).items():
        near = frame.holds(areas)
        fitted = frame.fit(areas)
        points = shapely.get_coordinates(shapely.point_on_surface(fitted))
        kept = [(name, area, at) for name, area, at, inside in zip(names, fitted, points, near, strict=True) if inside]
        content["levels"][by] = {name: _path(area) for name, area, _ in kept}
        content["points"] |= {name: [round(float(x), 1), round(float(y), 1)] for name, _, (x, y) in kept}
        content["borders"][by] = _borders(store, place, by, frame)
    content["outside"] = int((~frame.holds(lowest[1])).sum())
    return content


def _areas(store: Path, place: Place, by: Level) -> tuple[list[str], Areas]:
    told = json.loads(geometry.geometry(store, place.code, by).geojson)["features"]
    areas = shapely.from_geojson([json.dumps(one["geometry"]) for one in told])
    return [str(one["id"]) for one in told], np.asarray(areas, dtype=object)


def _borders(store: Path, place: Place, by: Level, frame: "_Frame") -> str:
    """Outlines of the areas one level above, as one path."""
    above = LEVELS[LEVELS.index(by) - 1]
    if LEVELS.index(above) < LEVELS.index(place.level):
        return ""
    _, areas = _areas(store, place, above)
    lines = shapely.union_all(shapely.boundary(areas[frame.holds(areas)]))
    return "".join(
        _line(line, closed=False) for line in shapely.get_parts(shapely.line_merge(frame.fit(np.array([lines]))[0]))
    )


class _Frame:
    """Where degrees lie in the drawing; a few far islands, which would make all else tiny, lie outside of it."""

    def __init__(self, areas: Areas) -> None:
        boxes = shapely.bounds(areas)
        self._flat = np.array([np.cos(np.radians((boxes[:, 1].min() + boxes[:, 3].max()) / 2)), -1.0])
        self._window = _window(boxes)
        west, south, east, north = shapely.total_bounds(areas[self.holds(areas)])
        self._corner = np.array([west * self._flat[0], -north])
        wide, high = (east - west) * self._flat[0], north - south
        self._size = min(WIDTH / max(wide, 1e-9), HEIGHT / max(high, 1e-9))
        self.width, self.height = float(wide * self._size), float(high * self._size)

    def holds(self, areas: Areas) -> npt.NDArray[np.bool_]:
        boxes = shapely.bounds(areas)
        low, high = self._window
        centres = (boxes[:, :2] + boxes[:, 2:]) / 2
        return np.asarray(((centres >= low) & (centres <= high)).all(axis=1))

    def fit(self, areas: Areas) -> Areas:
        flat = shapely.transform(areas, lambda lonlat: (lonlat * self._flat - self._corner) * self._size)
        if all(shapely.get_dimensions(flat) == 2):
            return np.asarray(shapely.coverage_simplify(flat, DETAIL))
        return np.asarray(shapely.simplify(flat, DETAIL))


def _window(boxes: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    everything = np.full(2, -np.inf), np.full(2, np.inf)
    if len(boxes) < FEW:
        return everything
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = np.quantile(centres, [0.25, 0.75], axis=0, method="lower")
    window = low - 2 * (high - low), high + 2 * (high - low)
    near = ((centres >= window[0]) & (centres <= window[1])).all(axis=1)
    few = (~near).sum() <= len(boxes) * 0.05
    return window if few and _extent(boxes[near]) < _extent(boxes) / 2 else everything


def _extent(boxes: npt.NDArray[np.float64]) -> float:
    return float(np.prod(boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)))


def _path(area: shapely.Geometry) -> str:
    return "".join(_line(ring) for part in shapely.get_parts(area) for ring in shapely.get_rings(part))


def _line(line: shapely.Geometry, closed: bool = True) -> str:
    points = shapely.get_coordinates(line)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (points[:-1] if closed else points)) + ("Z" if closed else "")
