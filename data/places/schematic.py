"""A schematic map of any place, drawn from the points of its villages.

Every village gets the land that is nearer to its point than to any other village's (Voronoi). The villages around the
place take part, so that they shape its outline on land; towards the sea the cells end at a coarse coast line (Natural
Earth), and villages that it does not know (small islands, reclaimed land) stand on discs of their own.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from data.places.coverage import Shapes, on_grid
from data.places.reference import table

LAND: Final = Path(__file__).with_name("land.wkb.gz")
VERSION: Final = 1

# Degrees around the place in which other villages take part, and in which the coast is drawn.
_AROUND: Final = 0.7
# A disc reaches this share of the way to the nearest village, and not much further than is usual in the place (km).
_REACH: Final = 0.6
_SMALLEST: Final = 0.5
_LARGEST: Final = (0.8, 2.0)
# Coasts are rounded by this share of the median spacing, within limits in kilometres.
_SOFT: Final = 0.3
_SOFTEST: Final = (0.2, 1.5)
_KM: Final = 111.195

Floats = npt.NDArray[np.float64]


def cells(place: str) -> tuple[list[str], Shapes]:
    """The villages' codes and their cells (polygons, WGS 84, coordinates on a grid of 1e-5 degrees), by code.

    The cells are a valid coverage. `place` is a code of any level, "" for the country; KeyError where it is unknown.
    """
    codes, lons, lats, inside = _villages(place)
    squeeze = float(np.cos(np.radians(lats[inside].mean())))
    xs, ys = _apart(lons * squeeze * _KM, lats * _KM)
    points = shapely.points(xs, ys)
    ground = _ground(points, inside, squeeze)
    drawn = _clip(_voronoi(points)[inside], ground)
    degrees = shapely.transform(drawn, lambda corners: corners / (squeeze * _KM, _KM))
    return [code for code, own in zip(codes, inside, strict=True) if own], on_grid(degrees)


def _villages(place: str) -> tuple[list[str], Floats, Floats, npt.NDArray[np.bool_]]:
    """Codes and points (degrees) of the villages in and around a place, and which of them lie inside."""
    codes, all_lons, all_lats = _points()
    own = np.char.startswith(codes, place) if place else np.ones(len(codes), bool)
    if not own.any():
        raise KeyError(place)
    near = np.ones(len(codes), bool)
    for axis in (all_lons, all_lats):
        near &= (axis > axis[own].min() - _AROUND) & (axis < axis[own].max() + _AROUND)
    return codes[near].tolist(), all_lons[near], all_lats[near], own[near]


@cache
def _points() -> tuple[npt.NDArray[np.str_], Floats, Floats]:
    rows = table()
    lons, lats = (rows[axis].to_numpy().astype(np.float64) for axis in ("lon", "lat"))
    return np.array(rows["kelurahan_code"].to_pylist()), lons, lats


def _apart(xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
    """Spreads villages that share one point on a small spiral (sunflower), in the order of their codes."""
    _, place, shared = np.unique(np.round([xs, ys], 2), axis=1, return_inverse=True, return_counts=True)
    turn = np.zeros(len(xs))
    for one in np.flatnonzero(shared > 1):
        turn[place == one] = np.arange(shared[one])
    return xs + 0.5 * np.sqrt(turn) * np.cos(2.399963 * turn), ys + 0.5 * np.sqrt(turn) * np.sin(2.399963 * turn)


def _voronoi(points: Shapes) -> Shapes:
    """The cell of every point, in the order of the points; cells reach far beyond the outermost points."""
    around = shapely.buffer(shapely.multipoints(points).envelope, 500)
    found = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=around))
    holder, point = shapely.STRtree(points).query(found, predicate="intersects")
    cells = np.empty(len(points), object)
    cells[point] = found[holder]
    return cells


def _ground(points: Shapes, inside: npt.NDArray[np.bool_], squeeze: float) -> shapely.Geometry:
    """What is not sea, in kilometres: land, and discs around villages at or beyond its edge. Islands without a village
    are left out."""
    own = points[inside]
    window = shapely.box(*shapely.total_bounds(own)).buffer(_AROUND * _KM)
    land = shapely.intersection(_land_within(window.bounds, squeeze), window)
    spacing = _spacing(points)[inside]
    usual = float(np.median(spacing))
    shapely.prepare(land)
    discs = shapely.buffer(own, np.clip(_REACH * spacing, _SMALLEST, np.clip(1.5 * usual, *_LARGEST)), quad_segs=8)
    astray = discs[~shapely.contains_properly(land, discs)]
    soft = float(np.clip(_SOFT * usual, *_SOFTEST))
    ground = shapely.union_all([land, *astray])
    smooth = ground.buffer(soft).buffer(-1.5 * soft).buffer(0.5 * soft)
    islands = shapely.get_parts(smooth)
    return shapely.multipolygons(islands[np.unique(shapely.STRtree(islands).query(points, predicate="within")[1])])


def _land_within(window: tuple[float, float, float, float], squeeze: float) -> shapely.Geometry:
    scale = (squeeze * _KM, _KM) * 2
    near = shapely.clip_by_rect(_land(), *(bound / unit for bound, unit in zip(window, scale, strict=True)))
    return shapely.make_valid(shapely.transform(near, lambda corners: corners * scale[:2]))


def _spacing(points: Shapes) -> Floats:
    """The distance from every point to the nearest other one."""
    (point, _), distance = shapely.STRtree(points).query_nearest(
        points, exclusive=True, all_matches=False, return_distance=True
    )
    spacing = np.full(len(points), _LARGEST[1])
    spacing[point] = distance
    return spacing


@cache
def _land() -> shapely.Geometry:
    return shapely.from_wkb(gzip.decompress(LAND.read_bytes()))


def _clip(cells: Shapes, ground: shapely.Geometry) -> Shapes:
    shapely.prepare(ground)
    clipped = cells.copy()
    edge = ~shapely.contains_properly(ground, cells)
    clipped[edge] = shapely.intersection(cells[edge], ground)
    return clipped
