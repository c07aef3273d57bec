"""The map: shapes come by address and stay; a change of figures sends colours and words only."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from html import escape
from typing import Any, Final

import folium
import pandas as pd
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from components.address import language, say
from components.colours import Scale, legend, shown
from components.routes import geometry_url, static_url
from components.view import LEVEL_NAMES, Look, records
from data.definitions.indicators import Indicator
from data.places.geometry import Geometry
from data.places.reference import Level
from data.wording import N_, Language, translate

HEIGHT: Final = 430
OUTSIDE: Final = N_("{count} areas lie outside this view")
"""Filled by the browser, which knows what fits."""


class LocalMap(folium.Map):
    """A map whose scripts and styles are our own files; folium's own list names servers elsewhere."""

    default_js = [("leaflet", static_url("leaflet/leaflet.js")), ("peta", static_url("peta.js"))]  # noqa: RUF012
    default_css = [("leaflet", static_url("leaflet/leaflet.css")), ("peta", static_url("peta.css"))]  # noqa: RUF012


class Shapes(MacroElement):
    """The areas and the borders above them, fetched by the browser."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "padan.shapes({{ this._parent.get_name() }}, {{ this.areas|tojson }}, {{ this.borders|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, shapes: Geometry) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.areas = geometry_url(shapes.place, shapes.by, shapes.etag)
        self.borders = geometry_url(shapes.place, shapes.by, shapes.etag, borders=True)


class Drawing(MacroElement):
    """Colours, words and view of one moment, for shapes that are already there."""

    _template = Template(
        "{% macro script(this, kwargs) %}padan.draw(window.map, {{ this.view|tojson }});{% endmacro %}"
    )

    def __init__(self, view: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.view = view


def build(shapes: Geometry) -> folium.Map:
    """The base map; it depends on the shapes alone, so that nothing else makes streamlit-folium start afresh."""
    south, west, north, east = shapes.bounds
    base = LocalMap(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=10,
        tiles=None,
        zoom_snap=0,
        zoom_delta=0.5,
        scroll_wheel_zoom=False,
        attribution_control=False,
        no_touch=False,
    )
    base.add_child(Shapes(shapes))
    return base


def drawing(
    values: pd.DataFrame, indicator: Indicator, scale: Scale, look: Look, reader: Language
) -> folium.FeatureGroup:
    """What changes: colours and tooltips by code.

    `values` as `queries.by_area` gives them: code, name, parent_name, KEY, KEY_numerator, KEY_denominator.
    """
    rows = [Row(row, indicator) for row in records(values)]
    view: dict[str, Any] = {
        "colours": {row.code: colour for row in rows if (colour := scale.colour(row.value))},
        "tips": {row.code: row.words(reader) for row in rows},
        "language": reader,
        "words": {"outside": translate(OUTSIDE, reader), "main": translate(N_("Show the main part"), reader)},
        **asdict(look),
    }
    view["mark"] = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:12]
    group = folium.FeatureGroup(name="figures")
    group.add_child(Drawing(view))
    return group


class Row:
    """An area's figure and the words about it."""

    def __init__(self, row: dict[str, Any], indicator: Indicator) -> None:
        def known(column: str) -> Any:
            found = row.get(column)
            return None if pd.isna(found) else found

        self.indicator = indicator
        self.code, self.name, self.parent = str(row["code"]), str(row["name"]), str(row["parent_name"])
        self.value: float | None = known(indicator.key)
        self.numerator, self.denominator = known(f"{indicator.key}_numerator"), known(f"{indicator.key}_denominator")
        self.low, self.high = known(f"{indicator.key}_low"), known(f"{indicator.key}_high")

    def words(self, reader: Language) -> list[str]:
        """Name, place around it, figure, fraction and bounds."""
        if self.value is None:
            return [self.name, self.parent, translate(N_("no data"), reader), ""]
        fraction = ""
        if self.denominator is not None:
            numbers = {"numerator": int(self.numerator or 0), "denominator": int(self.denominator)}
            fraction = translate(N_("{numerator} of {denominator}"), reader, **numbers)
        if self.low is not None and self.low != self.high:
            low, high = (shown(end, self.indicator, reader) for end in (self.low, self.high))
            between = translate(N_("{low} to {high} with the pairs under review"), reader, low=low, high=high)
            fraction = " · ".join(filter(None, (fraction, between)))
        return [self.name, self.parent, shown(self.value, self.indicator, reader), fraction]


def show(base: folium.Map, group: folium.FeatureGroup, choose: Callable[[str], None]) -> str | None:
    """Draws the map. `choose` is called with the code of a clicked area, which is returned as well."""

    def clicked() -> None:
        if code := _code(st.session_state.get("map")):
            choose(code)

    answer = st_folium(
        base,
        key="map",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=group,
        on_change=clicked,
    )
    return _code(answer)


def show_key(scale: Scale, indicator: Indicator, unknown: bool) -> None:
    st.html(key(scale, indicator, unknown, language()))


def key(scale: Scale, indicator: Indicator, unknown: bool, reader: Language) -> str:
    """The legend as HTML: classes in words, and the hatch where an area has no data."""
    classes = [
        f'<li><i style="background:{colour}"></i>{escape(words)}</li>'
        for colour, words in legend(scale, indicator, reader)
    ]
    if unknown:
        classes.append(f'<li><i class="hatched"></i>{escape(translate(N_("no data"), reader))}</li>')
    return f'<ul class="legend" aria-label="{escape(translate(N_("Legend"), reader))}">{"".join(classes)}</ul>'


def title(by: Level) -> str:
    return say(N_("Map by {level}"), level=say(LEVEL_NAMES[by]))


def caption(indicator: Indicator, schematic: bool) -> str:
    """What is coloured, what a click does, and whether the borders are the official ones."""
    words = say(indicator.numerator_label)
    parts = [words[:1].upper() + words[1:] + ".", say(N_("Click an area to narrow the screen to it."))]
    if schematic:
        parts.append(say(N_("Schematic borders, not official ones.")))
    return " ".join(parts)


def _code(answer: Any) -> str | None:
    drawing = (answer or {}).get("last_active_drawing") or {}
    code = drawing.get("id")
    return str(code) if code else None
