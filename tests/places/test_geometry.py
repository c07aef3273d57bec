"""The schematic map: every village once, no holes, no overlaps, islands apart, drawn once."""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from data.places import schematic
from data.places.geometry import Geometry, geometry
from data.places.reference import children, codes, place


def shapes(collection: bytes) -> dict[str, Any]:
    features = json.loads(collection)["features"]
    return {feature["id"]: shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features}


@pytest.mark.parametrize("code", ["74.71", "31", "64.08", "31.01", "74.07", "73.71", "91.05"])
def test_every_village_has_a_valid_cell_and_the_cells_are_a_coverage(code: str) -> None:
    names, cells = schematic.cells(code)
    assert names == list(codes(code, "kelurahan"))
    assert shapely.is_valid(cells).all()
    assert not shapely.is_empty(cells).any()
    assert set(shapely.get_type_id(cells)) <= {3, 6}
    assert shapely.coverage_is_valid(cells)


def test_corners_lie_on_a_grid_of_a_metre() -> None:
    _, cells = schematic.cells("74.71")
    corners = shapely.get_coordinates(cells)
    assert np.abs(corners - corners.round(5)).max() < 1e-9


def test_a_village_on_land_holds_its_own_point() -> None:
    names, cells = schematic.cells("64.08")
    points = shapely.points([(place(code).lon, place(code).lat) for code in names])
    assert shapely.intersects(cells, points).mean() > 0.97


@pytest.mark.parametrize(("code", "islands"), [("31.01", 6), ("74.07", 6)])
def test_islands_are_kept_apart(code: str, islands: int) -> None:
    _, cells = schematic.cells(code)
    together = shapely.union_all(cells)
    assert shapely.get_num_geometries(together) >= islands
    assert together.area < 0.25 * shapely.convex_hull(together).area


def test_the_neighbours_shape_the_outline_on_land() -> None:
    _, kendari = schematic.cells("74.71")
    _, konawe = schematic.cells("74.05")
    ours, theirs = shapely.union_all(kendari), shapely.union_all(konawe)
    assert ours.intersection(theirs).area < 0.005 * ours.area
    assert ours.distance(theirs) < 1e-4


def test_villages_that_share_a_point_are_spread_and_always_in_the_same_way() -> None:
    names, cells = schematic.cells("13.12")
    points = {(place(code).lon, place(code).lat) for code in names}
    assert len(points) < len(names), "this kabupaten has villages without a point of their own"
    again = schematic.cells("13.12")[1]
    assert shapely.equals_exact(cells, again).all()
    assert (shapely.area(cells) > 0).all()


def test_features_carry_code_name_and_parent(tmp_path: Path) -> None:
    drawn = geometry(tmp_path, "74.71", "kelurahan")
    features = json.loads(drawn.geojson)["features"]
    assert len(features) == 65
    wundumbatu = next(feature for feature in features if feature["id"] == "74.71.04.1021")
    assert wundumbatu["properties"] == {"code": "74.71.04.1021", "name": "Wundumbatu", "parent": "74.71.04"}
    assert drawn.schematic
    assert drawn.missing == ()
    south, west, north, east = drawn.bounds
    assert -4.2 < south < north < -3.8
    assert 122.3 < west < east < 122.7


def test_larger_areas_are_unions_of_the_smaller_ones(tmp_path: Path) -> None:
    villages = shapely.union_all(list(shapes(geometry(tmp_path, "74.71", "kelurahan").geojson).values()))
    kecamatan = shapes(geometry(tmp_path, "74.71", "kecamatan").geojson)
    assert sorted(kecamatan) == [child.code for child in children("74.71")]
    assert shapely.coverage_is_valid(list(kecamatan.values()))
    assert shapely.union_all(list(kecamatan.values())).symmetric_difference(villages).area < 0.01 * villages.area


@pytest.mark.parametrize(
    ("code", "by", "count"),
    [("31", "kelurahan", 267), ("31", "kecamatan", 44), ("31", "kabkota", 6), ("74.71.04", "kelurahan", 5),
     ("74.71.04.1021", "kelurahan", 1), ("74.71", "kabkota", 1)],
)  # fmt: skip
def test_places_of_every_size_can_be_drawn(tmp_path: Path, code: str, by: Any, count: int) -> None:
    assert len(shapes(geometry(tmp_path, code, by).geojson)) == count


def test_borders_are_lines_of_the_next_larger_areas(tmp_path: Path) -> None:
    drawn = geometry(tmp_path, "74.71", "kelurahan")
    (border,) = json.loads(drawn.borders)["features"]
    assert border["properties"] == {"level": "kecamatan"}
    lines = shapely.from_geojson(json.dumps(border["geometry"]))
    outline = shapely.union_all(list(shapes(drawn.geojson).values())).boundary
    assert lines.geom_type == "MultiLineString"
    assert lines.length > outline.length


def test_a_map_is_drawn_once_and_read_from_the_store_after(tmp_path: Path) -> None:
    first = geometry(tmp_path, "74.71", "kelurahan")
    stored = sorted(path.name for path in (tmp_path / "geometry").iterdir())
    started = time.perf_counter()
    again = geometry(tmp_path, "74.71", "kelurahan")
    assert time.perf_counter() - started < 0.005
    assert again == first
    assert sorted(path.name for path in (tmp_path / "geometry").iterdir()) == stored


def test_the_same_map_has_the_same_etag_everywhere(tmp_path: Path) -> None:
    def etag(store: str) -> Geometry:
        return geometry(tmp_path / store, "74.71", "kecamatan")

    assert etag("one") == etag("other")
    assert etag("one").etag != geometry(tmp_path / "one", "74.71", "kelurahan").etag


def test_an_unknown_place_and_a_level_above_the_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        geometry(tmp_path, "99.99", "kelurahan")
    with pytest.raises(ValueError, match="kabkota"):
        geometry(tmp_path, "74.71.04", "kabkota")
