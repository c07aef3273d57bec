"""A map, a chart or a table of a screen as a file of its own: drawn (SVG, PNG), with its shapes (GeoJSON, GeoPackage),
or as figures (CSV, XLSX). Each says where it comes from, and that it is sample data where it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import pandas as pd
import pyarrow as pa

from components import tables
from components.documents import parts, press
from components.documents.briefing import dates, remarks
from components.documents.parts import Shown
from components.tickets import File
from data import exports
from data.definitions.indicators import Indicator
from data.engine import connect
from data.exports import MEDIA_TYPES, Column, Cover, Kind, file_name
from data.home import home, scratch
from data.places.geometry import SCHEMATIC
from data.places.reference import place as known_place
from data.queries import Context
from data.wording import N_, Language, translate

Part = Literal["map", "ranking", "trend", "table"]
PICTURE: Final[dict[str, str]] = {"png": N_("Picture (PNG)"), "svg": N_("Drawing (SVG)")}
FIGURES: Final[dict[str, str]] = {"xlsx": N_("Figures (XLSX)"), "csv.zip": N_("Figures (CSV)")}
CHOICES: Final[Mapping[Part, Mapping[str, str]]] = {
    "map": {**PICTURE, "geojson": N_("Areas with values (GeoJSON)"), "gpkg": N_("Areas with values (GeoPackage)")},
    "ranking": {**PICTURE, **FIGURES},
    "trend": {**PICTURE, **FIGURES},
    "table": {**FIGURES, **PICTURE},
}
"""What a card can be saved as, and what that is called."""
MEDIA: Final[dict[str, str]] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    **dict(MEDIA_TYPES.items()),
}
NAMES: Final[Mapping[Part, str]] = {
    "map": N_("map"), "ranking": N_("ranking"), "trend": N_("trend"), "table": N_("table"),
}  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """What is saved: a part of a screen, the screen's title and place, and what its figure comes from."""

    part: Part
    shown: Shown
    title: str
    place: str
    context: Context


@dataclass(frozen=True)
class Order:
    """A drawing that somebody may fetch: it holds what the screen had told that viewer."""

    drawing: Drawing
    format: str
    language: Language

    def file(self) -> File:
        drawing, reader = self.drawing, self.language
        base = "-".join(filter(None, (
            translate(NAMES[drawing.part], reader), drawing.shown.indicator.key, drawing.place or "indonesia",
            str(drawing.context.period or ""),
        )))  # fmt: skip
        name = file_name(base, self.format, drawing.context.sample, reader)
        return File(name, MEDIA[self.format], [make(drawing, self.format, reader)])


def make(drawing: Drawing, format: str, reader: Language) -> bytes:
    if format in ("png", "svg"):
        return press.typeset("drawing.typ", content(drawing, reader), cast(press.Drawn, format))
    if format in ("geojson", "gpkg"):
        return shapes(drawing, format, reader)
    return figures(drawing, cast(exports.Format, format), reader)


def content(drawing: Drawing, reader: Language) -> parts.Part:
    """The content of the template `drawing.typ`."""
    shown, indicator = drawing.shown, drawing.shown.indicator
    made: Mapping[Part, Any] = {
        "map": lambda: parts.drawn_map(shown, reader),
        "ranking": lambda: parts.ranking(shown, reader),
        "trend": lambda: parts.trend(shown.figure, indicator, reader),
        "table": lambda: parts.areas(shown, reader),
    }
    where = known_place(drawing.place).name if drawing.place else translate(N_("All areas"), reader)
    files = ", ".join(dict.fromkeys(source.file for source in drawing.context.sources))
    return {
        "language": reader,
        "part": drawing.part,
        "title": translate(indicator.label, reader),
        "place": " · ".join(filter(None, (where, dates(drawing.context, reader)))),
        "sample": translate(N_("SAMPLE DATA"), reader) if drawing.context.sample else "",
        "source": translate(N_("Source: {files}"), reader, files=files) if files else "",
        "shown": made[drawing.part](),
    }


def shapes(drawing: Drawing, format: str, reader: Language) -> bytes:
    """The areas of the map with their values, in WGS 84. Fields are called by the indicator's key; what they mean
    stands in the file beside them.
    """
    import geopandas

    shown, key = drawing.shown, drawing.shown.indicator.key
    fields = [one for one in (key, f"{key}_numerator", f"{key}_denominator", f"{key}_change") if one in shown.inside]
    values = shown.inside[["code", "name", "parent_name", *fields]].astype(dict.fromkeys(fields, "float64"))
    areas = geopandas.GeoDataFrame.from_features(json.loads(shown.shapes.geojson)["features"], crs="EPSG:4326")
    frame = areas[["code", "geometry"]].merge(values, on="code")
    notes: dict[str, str] = {}
    for label, words in about(drawing, reader):
        notes[label] = "; ".join(filter(None, (notes.get(label), words)))
    if drawing.context.sample:
        frame["sample"] = translate(N_("SAMPLE DATA"), reader)
    if format == "geojson":
        return json.dumps({**json.loads(frame.to_json(drop_id=True)), "metadata": notes}, ensure_ascii=False).encode()
    with scratch(home()) as folder:
        path = folder / "areas.gpkg"
        frame.to_file(path, driver="GPKG", layer=drawing.part, engine="pyogrio", layer_metadata=notes)
        return path.read_bytes()


def about(drawing: Drawing, reader: Language) -> tuple[tuple[str, str], ...]:
    """What goes with figures: their name and definition, place, dates, files."""
    indicator, context = drawing.shown.indicator, drawing.context
    schematic = (translate(SCHEMATIC, reader),) if drawing.part == "map" and drawing.shown.shapes.schematic else ()
    where = (
        f"{known_place(drawing.place).name} ({drawing.place})" if drawing.place else translate(N_("All areas"), reader)
    )
    return (
        (translate(N_("Figure"), reader), f"{translate(indicator.label, reader)} ({indicator.key})"),
        (translate(N_("Definition"), reader), translate(indicator.definition, reader)),
        (translate(N_("Area"), reader), where),
        (translate(N_("Date of the data"), reader), dates(context, reader)),
        *((translate(N_("Source file"), reader), f"{one.file} · SHA-256 {one.sha256}") for one in context.sources),
        *((translate(N_("Note"), reader), words) for words in (*remarks(context, reader), *schematic)),
    )


def figures(drawing: Drawing, format: exports.Format, reader: Language) -> bytes:
    """The rows of a ranking, a trend or a table, with their cover."""
    frame, columns = _trend(drawing, reader) if drawing.part == "trend" else _areas(drawing, reader)
    cover = Cover(drawing.title, about(drawing, reader), drawing.context.sample)
    connection = connect().con
    connection.register("shown", pa.Table.from_pandas(frame, preserve_index=False))
    return b"".join(exports.stream(connection, "SELECT * FROM shown", columns, cover, format, reader))


def _trend(drawing: Drawing, reader: Language) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    indicator = drawing.shown.indicator
    history = drawing.shown.figure.history
    frame = pd.DataFrame({"day": [day for day, _ in history], "value": [value for _, value in history]})
    frame["value"] = frame["value"].astype("Float64")
    return frame, (
        Column("day", translate(N_("Date"), reader), "date"),
        Column(indicator.key, translate(indicator.label, reader), _kind(indicator)),
    )


def _areas(drawing: Drawing, reader: Language) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Code, name, area above, and of each figure its parts, value and change; the rows in the order of the screen."""
    shown = drawing.shown
    frame = shown.inside if drawing.part == "ranking" else shown.tabled
    told = (shown.indicator,) if drawing.part == "ranking" else tuple(dict.fromkeys((shown.indicator, *shown.columns)))
    columns = [
        Column("code", translate(N_("Area code"), reader), "text"),
        Column("name", translate(N_("Area"), reader), "text"),
        Column("parent_name", translate(N_("Area above"), reader), "text"),
    ]
    for one in told:
        label = translate(one.label, reader)
        if one.is_ratio:
            columns += [
                Column(f"{one.key}_numerator", translate(one.numerator_label, reader), "integer"),
                Column(f"{one.key}_denominator", translate(one.denominator_label, reader), "integer"),
            ]
        columns += [
            Column(one.key, label, _kind(one)),
            Column(f"{one.key}_change", f"{label}, {translate(N_('Change'), reader)}", _kind(one)),
        ]
    columns = [column for column in columns if column.key in frame]
    ordered = tables.ranked(frame, shown.indicator)
    return ordered[[column.key for column in columns]], tuple(columns)


def _kind(indicator: Indicator) -> Kind:
    return "share" if indicator.is_share else "number"
