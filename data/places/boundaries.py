"""Official boundaries: read, matched to places, mended, simplified and stored; they replace the schematic map.

Reads GeoJSON, GeoPackage and zipped shapefiles with the attribute names of BIG, Dukcapil, BPS, GADM and HDX.
"""

import hashlib
import json
import shutil
import struct
import tempfile
import time
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from data.home import retire, staged
from data.places.coverage import Shapes, dissolve, on_grid, polygons_only
from data.places.reference import codes, parent
from data.places.resolver import Resolution, Resolver
from data.wording import N_, Language, Value, translate

FOLDER: Final = "boundaries"
VERSION: Final = 1
LARGEST_FILE: Final = 2 * 1024**3

# Attribute names by publisher, lower case. BPS numbers villages differently, so its codes stand apart.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code": (
        "kode_kemendagri", "kdepum", "kode_desa", "kode_desa_", "kode_kel", "kode_kelurahan", "kd_kelurahan",
        "kodedesa", "village_code", "kode", "code",
    ),
    "kelurahan": (
        "kelurahan", "desa_kelur", "desa_kelurahan", "nama_desa", "nama_kel", "wadmkd", "nmdesa", "name_4",
        "adm4_en", "adm4_id", "village_name", "village", "desa", "namobj", "name",
    ),
    "kecamatan": ("kecamatan", "wadmkc", "nmkec", "name_3", "adm3_en", "adm3_id", "district_name", "district"),
    "kabkota": (
        "kabkota", "kab_kota", "kabupaten_kota", "kabupaten", "wadmkk", "nmkab", "name_2", "adm2_en", "adm2_id",
        "regency_name", "regency", "kota",
    ),
    "province": (
        "provinsi", "propinsi", "wadmpr", "nmprov", "name_1", "adm1_en", "adm1_id", "province_name", "province",
    ),
}  # fmt: skip
_POLYGONS: Final = ("Polygon", "MultiPolygon", "GeometryCollection")
_INDONESIA: Final = shapely.box(94, -12, 142, 7)
_EARTH: Final = shapely.box(-180, -90, 180, 90)


class BoundaryError(Exception):
    """A boundary file that cannot be used, in words for the one who brought it."""

    def __init__(self, message: str, **values: Value) -> None:
        super().__init__(translate(message, "en", **values))
        self.message = message
        self.values = values

    def text(self, language: Language) -> str:
        return translate(self.message, language, **self.values)


@dataclass(frozen=True)
class Unmatched:
    """A feature whose place is not certain: its number in the file (from 1), what it says, and what it may mean."""

    feature: int
    code: str
    name: str
    kecamatan: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundaryReport:
    """What became of a boundary file.

    `features` were read, `placeholders` of them dropped (no name and no village code, or no shape); `by_code` and
    `by_name` count villages with a shape; `merged` features had the code of another one. `kabkota` are the
    codes whose boundaries are official now, `missing` their villages without a polygon.
    """

    file: str
    sha256: str
    features: int
    placeholders: int
    by_code: int
    by_name: int
    merged: int
    unmatched: tuple[Unmatched, ...]
    kabkota: tuple[str, ...]
    missing: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Official:
    """The stored boundaries of one kab/kota: village codes with their polygons (WGS 84), and where they come from."""

    kabkota: str
    codes: tuple[str, ...]
    shapes: Shapes = field(compare=False)
    source: str

    @classmethod
    def read(cls, folder: Path) -> Self:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        rows = geopandas.read_parquet(folder / "shapes.parquet")
        source = manifest["attribution"] or manifest["file"]
        return cls(manifest["kabkota"], tuple(rows["code"]), rows.geometry.to_numpy(), source)


def official(store: Path) -> dict[str, Path]:
    """The folder with the newest official boundaries of every kab/kota that has some."""
    area = store / FOLDER
    return {folder.name.partition("-")[0]: folder for folder in sorted(area.iterdir())} if area.is_dir() else {}


def import_boundaries(store: Path, file: Path, place: str | None = None, attribution: str = "") -> BoundaryReport:
    """Stores the boundaries of a file for every kab/kota in it; the newest ones are used from then on.

    `place` limits the match to a place (needed where a file names only kecamatan and kelurahan). `attribution` is
    shown with the map. Raises BoundaryError, with nothing stored, where the file is unreadable or no feature fits.
    """
    started = time.perf_counter()
    sha256 = _sha256(file)
    features = _to_degrees(_read(file))
    texts = _texts(features)
    present = ~features.geometry.isna() & ~features.geometry.is_empty
    real = present & ~_is_placeholder(texts)
    found = _match(texts[real], place or "")
    certain = {row: resolution for row, resolution in found.items() if resolution.level == "kelurahan"}
    if not certain:
        raise BoundaryError(
            N_("None of the {features} areas in the file could be matched to a kelurahan or desa."),
            features=len(features),
        )
    rows = list(certain)
    names, shapes = dissolve(
        polygons_only(features.geometry.loc[rows].to_numpy()), np.array([certain[row].code for row in rows])
    )
    shapes = _mend(names, shapes)
    kept = [at for at, shape in enumerate(shapes) if not shape.is_empty]
    kabkota = tuple(sorted({names[at][:5] for at in kept}))
    how = {resolution.code: resolution.how for resolution in certain.values()}
    by_code = sum(how[names[at]] == "code" for at in kept)
    report = BoundaryReport(
        file=file.name,
        sha256=sha256,
        features=len(features),
        placeholders=int((~real).sum()),
        by_code=by_code,
        by_name=len(kept) - by_code,
        merged=len(rows) - len(names),
        unmatched=tuple(_unmatched(texts, row, found[row]) for row in found if row not in certain),
        kabkota=kabkota,
        missing=tuple(sorted({v for k in kabkota for v in codes(k, "kelurahan")} - {names[at] for at in kept})),
        seconds=0.0,
    )
    for code in kabkota:
        own = [at for at in kept if names[at].startswith(code + ".")]
        _publish(store, code, [names[at] for at in own], shapes[own], report, attribution)
    return BoundaryReport(**{**report.__dict__, "seconds": round(time.perf_counter() - started, 2)})


# Reading


def _sha256(file: Path) -> str:
    if not file.is_file():
        raise BoundaryError(N_("The file {file} does not exist."), file=file.name)
    if file.stat().st_size > LARGEST_FILE:
        raise BoundaryError(N_("The file {file} is too large for boundaries."), file=file.name)
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(file: Path) -> geopandas.GeoDataFrame:
    with tempfile.TemporaryDirectory() as temporary:
        source = _unzipped(file, Path(temporary)) if zipfile.is_zipfile(file) else file
        _check_kind(source)
        try:
            return _polygon_layer(source)
        except BoundaryError:
            raise
        except Exception as error:
            raise BoundaryError(N_("The file {file} could not be read as a map."), file=file.name) from error


def _unzipped(file: Path, folder: Path) -> Path:
    """Unpacks the one map of an archive; never writes outside the folder, nor more than the size limit."""
    refused = BoundaryError(N_("The archive {file} is not a plain zipped map; it was not opened."), file=file.name)
    left = LARGEST_FILE
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            for member in members:
                path = PurePosixPath(member.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
                    raise refused
                if path.parts[0] == "__MACOSX" or path.name.startswith("."):
                    continue
                # A map compresses ten to thirty times at best; a bomb, a thousand times.
                if member.file_size > 10_000_000 and member.file_size > 100 * max(member.compress_size, 1):
                    raise refused
                left -= _unpack(archive, member, folder / path.name, left)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise refused from error
    maps = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".shp", ".gpkg", ".geojson", ".json")]
    if len(maps) != 1:
        raise BoundaryError(
            N_("The archive {file} must hold exactly one map; it holds {maps}."), file=file.name, maps=len(maps)
        )
    return maps[0]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> int:
    if member.file_size > limit:
        raise RuntimeError
    with archive.open(member) as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1024 * 1024)
        return plain.tell()


def _check_kind(source: Path) -> None:
    """By content, before the map library opens it: some of its formats are only lists of other files."""
    with source.open("rb") as stream:
        head = stream.read(512)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    shapefile = len(head) >= 4 and struct.unpack(">i", head[:4])[0] == 9994 and source.suffix.lower() == ".shp"
    if not (shapefile or head.startswith(b"SQLite format 3\0") or plain.startswith(b"{")):
        raise BoundaryError(
            N_("The file {file} is not a map: give GeoJSON, GeoPackage or a zipped shapefile."), file=source.name
        )


def _polygon_layer(source: Path) -> geopandas.GeoDataFrame:
    """The layer with the most polygons."""
    layers = [name for name, kind in pyogrio.list_layers(source) if kind]
    frames = [geopandas.read_file(source, layer=name) for name in layers]
    areas = [len(frame) and int(frame.geom_type.isin(_POLYGONS).sum()) for frame in frames]
    if not any(areas):
        raise BoundaryError(N_("The file {file} holds no areas."), file=source.name)
    return frames[areas.index(max(areas))].reset_index(drop=True)


def _to_degrees(features: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    west, south, east, north = features.total_bounds
    if features.crs is None:
        if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
            raise BoundaryError(N_("The map does not say its projection (the .prj file is missing)."))
        features = features.set_crs("EPSG:4326")
    features = features.to_crs("EPSG:4326")
    bounds = shapely.box(*features.total_bounds)
    if not _EARTH.covers(bounds) or not bounds.intersects(_INDONESIA):
        raise BoundaryError(N_("The areas of the map do not lie in Indonesia."))
    return features


# Matching


def _texts(features: geopandas.GeoDataFrame) -> pd.DataFrame:
    """What every feature says of its place: columns province, kabkota, kecamatan, kelurahan, code ("" if nothing)."""
    given = {str(name).lower(): name for name in features.columns}
    texts = pd.DataFrame(index=features.index)
    for role, names in COLUMNS.items():
        column = pd.Series("", index=features.index, dtype=object)
        for name in names:
            if name in given:
                values = features[given[name]]
                column = column.where(column != "", values.map(_text))
        texts[role] = column
    if "type_2" in given:  # GADM says `Bogor` and, apart, `Kabupaten`; it says `KotaBogor` in one.
        kinds = features[given["type_2"]].map(_text) + " "
        texts["kabkota"] = kinds.where(~texts["kabkota"].str.startswith("Kota"), "") + texts["kabkota"]
    return texts


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _is_placeholder(texts: pd.DataFrame) -> "pd.Series[bool]":
    unnamed = texts["kelurahan"].isin(["", "-"])
    return unnamed & ((texts["code"] == "") | texts["code"].str.replace(".", "").str.endswith("888888"))


def _match(texts: pd.DataFrame, place: str) -> dict[int, Resolution]:
    resolver = Resolver(place)
    found: dict[int, Resolution] = {}
    for row, told in zip(texts.index, texts.to_dict("records"), strict=True):
        found[row] = _renamed(resolver.resolve(**{str(key): str(value) for key, value in told.items()}))
    return found


def _renamed(resolution: Resolution) -> Resolution:
    """A village code inside the very kecamatan that is named, under a name that nothing else there bears: renamed."""
    given = resolution.disputed
    renamed = resolution.unread == "kelurahan" and given and resolution.code == parent(given)
    if renamed and set(resolution.candidates) <= {given}:
        return Resolution(given, "kelurahan", "code", 100.0)
    return resolution


def _unmatched(texts: pd.DataFrame, row: int, resolution: Resolution) -> Unmatched:
    code, name, kecamatan = (str(texts.at[row, column]) for column in ("code", "kelurahan", "kecamatan"))
    return Unmatched(row + 1, code, name, kecamatan, resolution.candidates)


# Mending


def _mend(names: list[str], shapes: Shapes) -> Shapes:
    """The polygons as coverages, province by province: gaps and overlaps closed, outlines simplified together."""
    mended = shapes.copy()
    provinces = np.array([code[:2] for code in names])
    for province in np.unique(provinces):
        own = provinces == province
        mended[own] = _coverage(shapes[own])
    return mended


def _coverage(shapes: Shapes) -> Shapes:
    degrees = geopandas.GeoSeries(shapes, crs="EPSG:4326")
    metres = degrees.to_crs(degrees.estimate_utm_crs())
    size = float(np.sqrt(np.median(metres.area)))
    clean = polygons_only(shapely.coverage_clean(metres.to_numpy(), gap_width=20.0))
    simple = shapely.coverage_simplify(clean, float(np.clip(size / 50, 10.0, 150.0)))
    return on_grid(geopandas.GeoSeries(simple, crs=metres.crs).to_crs("EPSG:4326").to_numpy())


# Storing


def _publish(
    store: Path, kabkota: str, names: list[str], shapes: Shapes, report: BoundaryReport, attribution: str
) -> None:
    content = hashlib.sha256(b"".join([f"{VERSION}{names}{attribution}".encode(), *shapely.to_wkb(shapes)])).hexdigest()
    before = official(store).get(kabkota)
    if before is not None and before.name.endswith(content[:16]):
        return
    manifest = {
        "kabkota": kabkota,
        "file": report.file,
        "sha256": report.sha256,
        "attribution": attribution,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "villages": len(names),
        "of": len(codes(kabkota, "kelurahan")),
        "version": VERSION,
    }
    stamp = f"{time.time_ns():020d}"
    with staged(store, store / FOLDER / f"{kabkota}-{stamp}-{content[:16]}") as folder:
        rows = geopandas.GeoDataFrame({"code": names}, geometry=list(shapes), crs="EPSG:4326")
        rows.to_parquet(folder / "shapes.parquet", compression="zstd")
        (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    if before is not None:
        retire(store, before)
