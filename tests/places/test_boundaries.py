"""Official boundaries in the layouts of their publishers; the polygons here are drawn by the tests."""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

from data.places import boundaries, schematic
from data.places.boundaries import BoundaryError, import_boundaries, official
from data.places.geometry import geometry
from data.places.reference import ancestors, codes, place


def layout(code: str, write: Callable[[str, str, str, str, str], dict[str, Any]]) -> geopandas.GeoDataFrame:
    """All villages of a place as a publisher gives them; `write` gets code, village, kecamatan, kabkota, province."""
    names, cells = schematic.cells(code)
    rows = []
    for village in names:
        province, kabkota, kecamatan = (above.name for above in ancestors(village))
        rows.append(write(village, place(village).name, kecamatan, kabkota, province))
    return geopandas.GeoDataFrame(rows, geometry=list(cells), crs="EPSG:4326")


def generic(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"kode_kemendagri": code, "kelurahan": village, "kecamatan": kecamatan, "kabkota": kabkota}


def big(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"NAMOBJ": village, "KDEPUM": code, "KDEBPS": None, "WADMKD": village, "WADMKC": kecamatan,
            "WADMKK": kabkota, "WADMPR": province}  # fmt: skip


def dukcapil(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"KODE_DESA": code.replace(".", ""), "DESA_KELUR": village.upper(), "KECAMATAN": kecamatan.upper(),
            "KAB_KOTA": kabkota.upper(), "PROVINSI": province.upper(), "JUMLAH_PEN": 4000}  # fmt: skip


def dukcapil_new(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"kode_desa_": float(code.replace(".", "")), "desa_kelur": village.upper(), "kecamatan": kecamatan.upper(),
            "kab_kota": kabkota.upper(), "provinsi": province.upper()}  # fmt: skip


def bps(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"iddesa": "7471010" + code[-3:], "nmdesa": village.upper(), "nmkec": kecamatan.upper(),
            "nmkab": kabkota.removeprefix("Kota ").upper(), "nmprov": province.upper()}  # fmt: skip


def gadm(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    kind, _, name = kabkota.partition(" ")
    joined = [text.replace(" ", "") for text in (province, kabkota if kind == "Kota" else name, kecamatan, village)]
    return dict(zip(("NAME_1", "NAME_2", "NAME_3", "NAME_4"), joined, strict=True)) | {
        "TYPE_2": kind, "CC_4": "7471010" + code[-3:]}  # fmt: skip


def hdx(code: str, village: str, kecamatan: str, kabkota: str, province: str) -> dict[str, Any]:
    return {"village_code": "id7471010" + code[-3:], "ADM4_EN": village, "ADM3_EN": kecamatan, "ADM2_EN": kabkota,
            "ADM1_EN": province}  # fmt: skip


@pytest.fixture
def kendari(tmp_path: Path) -> Path:
    path = tmp_path / "kendari.geojson"
    layout("74.71", generic).to_file(path)
    return path


@pytest.mark.parametrize("write", [generic, big, dukcapil, dukcapil_new], ids=lambda write: write.__name__)
def test_layouts_with_kemendagri_codes_are_matched_by_code(tmp_path: Path, write: Any) -> None:
    layout("74.71", write).to_file(tmp_path / "map.gpkg")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.gpkg")
    assert (report.features, report.by_code, report.by_name, report.unmatched, report.missing) == (65, 65, 0, (), ())


@pytest.mark.parametrize("write", [bps, gadm, hdx], ids=lambda write: write.__name__)
def test_layouts_with_other_codes_are_matched_by_name(tmp_path: Path, write: Any) -> None:
    layout("74.71", write).to_file(tmp_path / "map.gpkg")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.gpkg")
    assert (report.by_code + report.by_name, report.unmatched, report.missing) == (65, (), ())
    assert report.by_name == 65


def test_a_zipped_shapefile_in_metres_with_heights_is_read(tmp_path: Path) -> None:
    rows = layout("74.71", dukcapil_new).to_crs("EPSG:32751")
    rows["geometry"] = shapely.force_3d(rows.geometry.to_numpy(), 5.0)
    folder = tmp_path / "shape"
    folder.mkdir()
    rows.to_file(folder / "desa.shp")
    with zipfile.ZipFile(tmp_path / "desa.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, f"Kendari/{part.name}")
    report = import_boundaries(tmp_path / "store", tmp_path / "desa.zip")
    assert report.by_code == 65
    south, west, north, east = geometry(tmp_path / "store", "74.71", "kelurahan").bounds
    assert (-4.2 < south < north < -3.8, 122.3 < west < east < 122.8) == (True, True)


def test_official_boundaries_replace_the_schematic_map(tmp_path: Path, kendari: Path) -> None:
    store = tmp_path / "store"
    before = geometry(store, "74.71", "kelurahan")
    import_boundaries(store, kendari, attribution="Badan Informasi Geospasial")
    after = geometry(store, "74.71", "kelurahan")
    assert (before.schematic, after.schematic) == (True, False)
    assert after.source == "Badan Informasi Geospasial"
    assert after.etag != before.etag
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(after.geojson)["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert len(json.loads(geometry(store, "74.71", "kecamatan").geojson)["features"]) == 11


def test_a_province_mixes_official_and_schematic_shapes_without_overlap(tmp_path: Path, kendari: Path) -> None:
    import_boundaries(tmp_path / "store", kendari)
    drawn = geometry(tmp_path / "store", "74", "kabkota")
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(drawn.geojson)["features"]]
    assert (len(shapes), drawn.schematic) == (17, True)
    assert "kendari.geojson" in drawn.source
    assert shapely.coverage_is_valid(shapes)


def test_a_kelurahan_without_a_polygon_is_missing_and_not_invented(tmp_path: Path) -> None:
    rows = layout("74.71", generic)
    rows[rows["kelurahan"] != "Wundumbatu"].to_file(tmp_path / "map.geojson")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.geojson")
    assert report.missing == ("74.71.04.1021",)
    drawn = geometry(tmp_path / "store", "74.71", "kelurahan")
    assert drawn.missing == ("74.71.04.1021",)
    assert len(json.loads(drawn.geojson)["features"]) == 64
    alone = geometry(tmp_path / "store", "74.71.04.1021", "kelurahan")
    assert json.loads(alone.geojson)["features"] == []
    assert alone.missing == ("74.71.04.1021",)


def test_placeholders_are_dropped_with_a_count_and_strangers_are_listed(tmp_path: Path) -> None:
    rows = layout("74.71", dukcapil_new)
    empty = dict.fromkeys(rows.columns) | {"kode_desa_": 7471888888.0, "geometry": rows.geometry.iloc[0]}
    strange = rows.iloc[0].to_dict() | {"kode_desa_": None, "desa_kelur": "DANAU TAK BERNAMA"}
    together = pd.concat([rows, geopandas.GeoDataFrame([empty, strange], crs=rows.crs)], ignore_index=True)
    together.to_file(tmp_path / "map.gpkg")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.gpkg")
    assert (report.features, report.placeholders, report.by_code) == (67, 1, 65)
    assert [(stranger.feature, stranger.name) for stranger in report.unmatched] == [(67, "DANAU TAK BERNAMA")]


def test_several_features_of_one_village_become_one(tmp_path: Path) -> None:
    rows = layout("74.71", generic)
    whole = rows.geometry.iloc[0]
    west, south, east, north = whole.bounds
    halves = [whole.intersection(shapely.box(west, south, (west + east) / 2, north)),
              whole.intersection(shapely.box((west + east) / 2, south, east, north))]  # fmt: skip
    split = pd.concat([rows.iloc[[0, 0]].set_geometry(halves, crs=rows.crs), rows.iloc[1:]], ignore_index=True)
    split.to_file(tmp_path / "map.geojson")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.geojson")
    assert (report.features, report.merged, report.by_code) == (66, 1, 65)


def test_gaps_and_overlaps_are_mended(tmp_path: Path) -> None:
    rows = layout("74.71", generic)
    rows["geometry"] = [shape.buffer(3e-5 if row % 2 else -3e-5) for row, shape in enumerate(rows.geometry)]
    assert not shapely.coverage_is_valid(rows.geometry.to_numpy())
    rows.to_file(tmp_path / "map.geojson")
    import_boundaries(tmp_path / "store", tmp_path / "map.geojson")
    features = json.loads(geometry(tmp_path / "store", "74.71", "kelurahan").geojson)["features"]
    assert len(features) == 65
    assert shapely.coverage_is_valid([shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features])


def test_a_renamed_village_is_matched_by_its_code(tmp_path: Path) -> None:
    rows = layout("74.71", generic)
    rows.loc[rows["kelurahan"] == "Wundumbatu", "kelurahan"] = "Nama Lama Sekali"
    rows.to_file(tmp_path / "map.geojson")
    assert import_boundaries(tmp_path / "store", tmp_path / "map.geojson").unmatched == ()


def test_a_file_with_only_kecamatan_and_kelurahan_needs_the_place(tmp_path: Path) -> None:
    rows = layout("74.71", generic)[["kelurahan", "kecamatan", "geometry"]]
    rows.to_file(tmp_path / "map.geojson")
    with pytest.raises(BoundaryError, match="65 areas"):
        import_boundaries(tmp_path / "store", tmp_path / "map.geojson")
    report = import_boundaries(tmp_path / "store", tmp_path / "map.geojson", "74.71")
    assert (report.by_name, report.kabkota) == (65, ("74.71",))


def test_the_newest_boundaries_are_used_and_the_same_ones_are_stored_once(tmp_path: Path, kendari: Path) -> None:
    store = tmp_path / "store"
    import_boundaries(store, kendari)
    first = official(store)
    import_boundaries(store, kendari)
    assert official(store) == first
    import_boundaries(store, kendari, attribution="BIG")
    assert official(store) != first
    assert len(list((store / "boundaries").iterdir())) == 1


def test_what_was_imported_is_written_down(tmp_path: Path, kendari: Path) -> None:
    report = import_boundaries(tmp_path / "store", kendari)
    manifest = json.loads((official(tmp_path / "store")["74.71"] / "manifest.json").read_text())
    assert manifest["file"] == "kendari.geojson"
    assert manifest["sha256"] == report.sha256
    assert (manifest["villages"], manifest["of"]) == (65, len(codes("74.71", "kelurahan")))


def test_a_zip_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../outside.geojson", "{}")
    with pytest.raises(BoundaryError, match=r"evil\.zip"):
        import_boundaries(tmp_path / "store", tmp_path / "evil.zip")
    assert not (tmp_path / "outside.geojson").exists()


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("map.geojson", b" " * 30_000_000)
    with pytest.raises(BoundaryError, match=r"bomb\.zip"):
        import_boundaries(tmp_path / "store", tmp_path / "bomb.zip")


def test_a_zip_that_is_larger_than_it_says_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "LARGEST_FILE", 1_000_000)
    path = tmp_path / "lies.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("map.geojson", b"{" + b" " * 2_000_000)
    content = path.read_bytes().replace(struct.pack("<I", 2_000_001), struct.pack("<I", 1000))
    path.write_bytes(content)
    with pytest.raises(BoundaryError):
        import_boundaries(tmp_path / "store", path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.geojson", b"just words"), ("list.geojson", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"),
     ("broken.geojson", b'{"type": "FeatureCollection", "features": [{"type"'), ("empty.geojson", b""),
     ("none.geojson", b'{"type": "FeatureCollection", "features": []}'), ("table.csv", b"a,b\n1,2\n"),
     ("half.gpkg", b"SQLite format 3\0 and nothing else"), ("half.zip", b"PK\3\4 and nothing else"),
     ("points.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kode": "74"},'
                        b'"geometry": {"type": "Point", "coordinates": [122.5, -4.0]}}]}'),
     ("europe.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kode": "74"},'
                        b'"geometry": {"type": "Polygon", "coordinates": [[[9,50],[10,50],[10,51],[9,50]]]}}]}')],
)  # fmt: skip
def test_a_wrong_file_gives_a_sentence_in_both_languages_and_stores_nothing(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BoundaryError) as refused:
        import_boundaries(tmp_path / "store", tmp_path / name)
    assert refused.value.text("en") != refused.value.text("id")
    assert not (tmp_path / "store" / "boundaries").exists()


def test_a_file_that_does_not_exist_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(BoundaryError, match=r"nowhere\.zip does not exist"):
        import_boundaries(tmp_path, tmp_path / "nowhere.zip")
