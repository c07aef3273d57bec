"""Polygons that cover an area without holes or overlaps, and stay so when they are simplified and rounded."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

# A metre: finer than any boundary is known, and short in a file.
GRID: Final = 1e-5
_GAP: Final = 1e-4

Shapes = npt.NDArray[Any]


def polygons_only(shapes: Shapes) -> Shapes:
    """Valid polygons or multipolygons in two dimensions; lines and points that remain from repairs are dropped."""
    flat = shapely.make_valid(shapely.force_2d(shapes), method="structure", keep_collapsed=False)
    mixed = shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION
    flat[mixed] = [shapely.union_all(shapely.get_parts(shape)) for shape in map(_polygons, flat[mixed])]
    flat[~np.isin(shapely.get_type_id(flat), (3, 6))] = shapely.MultiPolygon()
    return np.asarray(flat, dtype=object)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.geometrycollections(parts[np.isin(shapely.get_type_id(parts), (3, 6))])


def on_grid(shapes: Shapes) -> Shapes:
    """The coverage (degrees) with its corners on a grid of 1e-5 degrees, still without holes and overlaps.

    Rounding moves corners onto neighbouring edges; what that tears is mended and rounded again.
    """
    rounded = shapely.set_precision(polygons_only(shapes), GRID)
    for _ in range(3):
        if shapely.coverage_is_valid(rounded):
            break
        rounded = shapely.set_precision(shapely.coverage_clean(rounded, gap_width=_GAP), GRID)
    return polygons_only(rounded)


def dissolve(shapes: Shapes, groups: npt.NDArray[np.str_]) -> tuple[list[str], Shapes]:
    """The union of the polygons of each group, in the order of the groups' names."""
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    unions = np.empty(len(names), object)
    for row, members in enumerate(np.split(order, starts[1:])[: len(names)]):
        unions[row] = shapes[members[0]] if len(members) == 1 else shapely.union_all(shapes[members])
    return names.tolist(), unions
