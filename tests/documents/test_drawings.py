"""A map, a chart or a table as a file: the values of the screen, readable by other programs."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest

from components.documents import Briefing
from components.documents.drawings import CHOICES, Drawing, Order, Part
from data.wording import Language
from tests.builders import BENDE, KENDARI

Told = Callable[[str, Language], Briefing]
BEGINS = {
    "png": b"\x89PNG", "svg": b"<svg", "geojson": b'{"type"', "gpkg": b"SQLite format 3", "xlsx": b"PK",
    "csv.zip": b"PK",
}  # fmt: skip
UPDATED = "dtks_updated_share"


def made(told: Told, part: Part, format: str) -> bytes:
    about = told(KENDARI, "id")
    assert about.shown
    file = Order(Drawing(part, about.shown, about.title, about.place, about.context), format, "id").file()
    assert file.name.endswith(f"-74.71-2021-01-31-DATA-CONTOH.{format}")
    return b"".join(file.pieces)


@pytest.mark.parametrize(
    ("part", "format"), [(part, format) for part, formats in CHOICES.items() for format in formats]
)
def test_every_part_can_be_saved_as_everything_that_is_offered(briefing: Told, part: Part, format: str) -> None:
    assert made(briefing, part, format).startswith(BEGINS[format])


def test_shapes_carry_the_values_of_the_map(briefing: Told, tmp_path: Path) -> None:
    about = briefing(KENDARI, "id").shown
    assert about
    wanted = {row["code"]: row[UPDATED] for row in about.inside.to_dict("records")}
    (tmp_path / "areas.gpkg").write_bytes(made(briefing, "map", "gpkg"))
    frame = geopandas.read_file(tmp_path / "areas.gpkg")
    assert frame.crs == "EPSG:4326"
    assert set(frame["sample"]) == {"DATA CONTOH"}
    features = json.loads(made(briefing, "map", "geojson"))
    assert "Jiwa termutakhirkan" in features["metadata"]["Angka"]
    told = {one["properties"]["code"]: one["properties"][UPDATED] for one in features["features"]}
    for code, value in zip(frame["code"], frame[UPDATED], strict=True):
        known = bool(pd.notna(wanted[code]))
        assert value == pytest.approx(wanted[code]) if known else pd.isna(value)
        assert told[code] == (pytest.approx(wanted[code]) if known else None)
    assert wanted[BENDE] == pytest.approx(0.8)


def test_figures_are_numbers_with_their_parts(briefing: Told) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(briefing, "ranking", "xlsx"))).worksheets[1]
    headings, *rows = list(sheet.iter_rows(values_only=True))
    bende = next(dict(zip(headings, row, strict=True)) for row in rows if row[0] == BENDE)
    assert bende["Jiwa termutakhirkan"] == pytest.approx(0.8)
    assert [value for value in bende.values() if isinstance(value, int)] == [8, 10]


def test_a_trend_has_a_row_a_snapshot(briefing: Told) -> None:
    with zipfile.ZipFile(io.BytesIO(made(briefing, "trend", "csv.zip"))) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".csv"))
        rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
