"""The shapes of the areas inside a place, ready for a map: official boundaries where there are any, else schematic.

Shapes are drawn once, kept under `store/geometry`, and drawn anew only when the boundaries behind them change.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from data.home import retire, staged
from data.places import schematic
from data.places.boundaries import Official, official
from data.places.coverage import Shapes, dissolve, on_grid
from data.places.reference import LEVELS, Level, codes, level_of, parent
from data.places.reference import place as known_place
from data.wording import N_

FOLDER: Final = "geometry"
VERSION: Final = 1
SCHEMATIC: Final = N_("Schematic map drawn from the villages' points; not official boundaries")
_WIDTHS: Final[dict[Level, int]] = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}
# Borders of larger areas are smoothed by this share of the map's extent: what a screen cannot show.
_DETAIL: Final = 1 / 1500


@dataclass(frozen=True)
class Geometry:
    """The areas of one level inside a place, as a browser wants them.

    `geojson` is a FeatureCollection (UTF-8, WGS 84, five decimals), ordered by code, with `id` = code and the
    properties code, name, parent. `borders` is a FeatureCollection of the borders of the next larger areas, as lines.
    `etag` changes when either does. `schematic` tells that at least one shape is not official; `source` names where
    the shapes come from (schematic: a sentence to translate). `bounds` are south, west, north, east in
    degrees. `missing` are the codes of the level for which the official boundaries have no polygon.
    """

    place: str
    by: Level
    geojson: bytes
    borders: bytes
    etag: str
    schematic: bool
    source: str
    bounds: tuple[float, float, float, float]
    missing: tuple[str, ...]


def geometry(store: Path, place: str, by: Level) -> Geometry:
    """The shapes of the places of level `by` inside `place` ("" for the country; a place may be of that level itself).

    KeyError for an unknown place, ValueError where `by` is a larger level than the place's own.
    """
    if place and LEVELS.index(by) < LEVELS.index(level_of(known_place(place).code)):
        raise ValueError(by)
    try:
        return _drawn(store, place, by, _basis(store, place))
    except FileNotFoundError:  # Newer boundaries took the place of those just listed.
        return _drawn(store, place, by, _basis(store, place))


@lru_cache(maxsize=64)
def _drawn(store: Path, place: str, by: Level, basis: tuple[Path, ...]) -> Geometry:
    versions = json.dumps([VERSION, schematic.VERSION, [folder.name for folder in basis]])
    folder = store / FOLDER / f"{place or 'all'}-{by}-{hashlib.sha256(versions.encode()).hexdigest()[:16]}"
    with suppress(FileNotFoundError):
        return _read(folder)
    drawn = _draw(place, by, basis)
    # A twin that was faster, or a full disk, is no reason to show no map.
    with suppress(OSError), staged(store, folder) as staging:
        _write(drawn, staging)
    for older in (store / FOLDER).glob(f"{place or 'all'}-{by}-*"):
        if older != folder:
            with suppress(OSError):
                retire(store, older)
    return drawn


def _basis(store: Path, place: str) -> tuple[Path, ...]:
    """The folders of the official boundaries that concern a place: what its shapes depend on."""
    return _of(place, tuple(folder for _, folder in sorted(official(store).items())))


def _draw(place: str, by: Level, basis: tuple[Path, ...]) -> Geometry:
    names, areas = _areas(place, by, basis)
    if by != "kelurahan" and names:
        west, south, east, north = shapely.total_bounds(areas)
        areas = on_grid(shapely.coverage_simplify(areas, max(east - west, north - south) * _DETAIL))
    drawn = [row for row, area in enumerate(areas) if not area.is_empty]
    names, areas = [names[row] for row in drawn], areas[drawn]
    geojson, borders = _features(names, areas), _borders(names, areas, by)
    west, south, east, north = (float(bound) for bound in shapely.total_bounds(areas if names else [_point(place)]))
    known = {folder.name.partition("-")[0]: Official.read(folder).source for folder in basis}
    drawn_here = not {code[:5] for code in codes(place, "kelurahan")} <= set(known)
    sources = dict.fromkeys([*known.values(), *[SCHEMATIC] * drawn_here])
    return Geometry(
        place=place,
        by=by,
        geojson=geojson,
        borders=borders,
        etag=hashlib.sha256(geojson + borders).hexdigest()[:32],
        schematic=drawn_here,
        source="; ".join(sources),
        bounds=(south, west, north, east),
        missing=tuple(sorted(set(codes(place, by)) - set(names))),
    )


def _areas(place: str, by: Level, basis: tuple[Path, ...]) -> tuple[list[str], Shapes]:
    """The codes of the areas and their shapes; the country is put together from its provinces."""
    if not place:
        parts = [_areas(province, by, _of(province, basis)) for province in codes("", "province")]
        return [code for names, _ in parts for code in names], np.concatenate([areas for _, areas in parts])
    villages, shapes = _villages(place[:5], basis)
    inside = np.char.startswith(villages, place)
    return dissolve(shapes[inside], villages[inside].astype(f"<U{_WIDTHS[by]}"))


def _point(place: str) -> shapely.Point:
    found = known_place(place)
    return shapely.Point(found.lon, found.lat)


def _of(place: str, basis: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(folder for folder in basis if folder.name.startswith(place[:5]))


@lru_cache(maxsize=4)
def _villages(area: str, basis: tuple[Path, ...]) -> tuple[npt.NDArray[np.str_], Shapes]:
    """The codes and shapes of all villages of a kab/kota or a province."""
    known = [Official.read(folder) for folder in basis]
    found = np.array([code for boundary in known for code in boundary.codes], dtype="<U13")
    shapes = np.concatenate([np.empty(0, object), *(boundary.shapes for boundary in known)])
    rest = set(codes(area, "kabkota")) - {boundary.kabkota for boundary in known}
    if not rest:
        return found, shapes
    names, cells = schematic.cells(area)
    drawn = np.array([code[:5] in rest for code in names])
    cells, names = cells[drawn], [code for code in names if code[:5] in rest]
    if not known:
        return np.array(names, dtype="<U13"), cells
    ground = shapely.union_all(shapes)
    crossing = shapely.intersects(ground, cells)
    cells[crossing] = shapely.difference(cells[crossing], ground)
    return np.concatenate([found, np.array(names, dtype="<U13")]), on_grid(np.concatenate([shapes, cells]))


def _features(names: list[str], areas: Shapes) -> bytes:
    features = []
    for code, shape in zip(names, shapely.to_geojson(areas), strict=True):
        about = {"code": code, "name": known_place(code).name, "parent": parent(code)}
        text = json.dumps(about, ensure_ascii=False)
        features.append(f'{{"type":"Feature","id":"{code}","properties":{text},"geometry":{shape}}}')
    return ('{"type":"FeatureCollection","features":[' + ",\n".join(features) + "]}").encode()


def _borders(names: list[str], areas: Shapes, by: Level) -> bytes:
    """One feature: the lines around and between the next larger areas, each line once."""
    above = np.array([parent(code) or "-" for code in names], dtype="<U13")
    _, larger = dissolve(areas, above)
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(larger)))
    level = LEVELS[LEVELS.index(by) - 1] if by != "province" else "country"
    shape = shapely.to_geojson(shapely.multilinestrings(shapely.get_parts(lines)))
    about = f'"properties":{{"level":"{level}"}}'
    return f'{{"type":"FeatureCollection","features":[{{"type":"Feature",{about},"geometry":{shape}}}]}}'.encode()


def _write(drawn: Geometry, folder: Path) -> None:
    (folder / "areas.geojson").write_bytes(drawn.geojson)
    (folder / "borders.geojson").write_bytes(drawn.borders)
    about = asdict(replace(drawn, geojson=b"", borders=b"")) | {"geojson": None, "borders": None}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")


def _read(folder: Path) -> Geometry:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    about["geojson"] = (folder / "areas.geojson").read_bytes()
    about["borders"] = (folder / "borders.geojson").read_bytes()
    return Geometry(**about | {"bounds": tuple(about["bounds"]), "missing": tuple(about["missing"])})
