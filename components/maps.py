"""The map: shapes come by address and stay; a change of figures sends colours and words only."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from html import escape
from typing import Any, Final

import folium
import pandas as pd
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from components.address import go, language, say
from components.ask import current
from components.colours import Classes, Scale, legend, shown, uncertain, ways
from components.routes import STATIC, geometry_url, static_url
from components.view import LEVEL_NAMES, Look, records
from data.definitions.indicators import FEW, Indicator
from data.places.geometry import Geometry
from data.places.reference import Level
from data.wording import N_, Language, capital, translate

HEIGHT: Final = 430
WAYS: Final[dict[Classes, str]] = {
    "fixed": N_("fixed limits"),
    "quantile": N_("equally many areas"),
    "natural": N_("natural breaks"),
    "equal": N_("equal steps"),
}
COUNTED: Final = ("persons", "families", "children", "reaches", "rows")
"""Units of which a larger area has more."""
OUTSIDE: Final = N_("{count} areas lie outside this view")
"""Filled by the browser, which knows what fits."""
WORDS: Final = {
    "outside": OUTSIDE,
    "main": N_("Show the main part"),
    "map": N_("Map: the arrow keys go from area to area, Enter opens one"),
    "in": N_("Closer"),
    "out": N_("Farther"),
}
"""What the map's frame says."""


_legend = st.components.v2.component(
    "padan_legend",
    html='<div class="legend"></div>',
    css=(STATIC / "legend.css").read_text(),
    js="".join((STATIC / name).read_text() for name in ("linked.js", "legend.js")),
)


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
    return painted(
        {row.code: colour for row in rows if (colour := scale.colour(row.value))},
        {row.code: row.words(reader) for row in rows},
        look,
        reader,
        few=[row.code for row in rows if row.uncertain],
        zero=scale.zero,
    )


def painted(
    colours: Mapping[str, str],
    tips: Mapping[str, Sequence[str]],
    look: Look,
    reader: Language,
    few: Sequence[str] = (),
    zero: str = "",
) -> folium.FeatureGroup:
    """Areas by code: colours (one without is hatched), lines of their tooltips (the third is large), which are dotted
    because `few` stand behind them, and the colour that means nought.
    """
    view: dict[str, Any] = {
        "colours": dict(colours),
        "tips": {code: list(lines) for code, lines in tips.items()},
        "few": list(few),
        "zero": zero,
        "language": reader,
        "words": {key: translate(message, reader) for key, message in WORDS.items()},
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

    @property
    def uncertain(self) -> bool:
        return self.value is not None and uncertain(self.denominator, self.indicator)

    def words(self, reader: Language) -> list[str]:
        """Name, place around it, figure, fraction and bounds; and whether it is one of few."""
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
        if self.uncertain:
            fraction += " · " + translate(N_("so few that the figure is uncertain"), reader)
        return [self.name, self.parent, shown(self.value, self.indicator, reader), fraction]


def show(
    base: folium.Map, group: folium.FeatureGroup, choose: Callable[[str], None], height: int = HEIGHT
) -> str | None:
    """Draws the map. `choose` is called with the code of a clicked area, which is returned as well."""

    def clicked() -> None:
        if code := _code(st.session_state.get("map")):
            choose(code)

    # The frame begins without a height: the room for it is kept, so that nothing below jumps.
    with st.container(key="frame", height=height, border=False):
        answer = st_folium(
            base,
            key="map",
            height=height,
            use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=group,
            on_change=clicked,
        )
    return _code(answer)


def show_key(
    scale: Scale,
    indicator: Indicator,
    unknown: bool,
    areas: pd.DataFrame | None = None,
    by: Level | None = None,
    menu: Sequence[Indicator] = (),
) -> None:
    """The legend. With the `areas` that the scale is of it also says where figures are of few; `by` is their level, and
    of the figures of `menu` one that takes the areas' sizes into account is offered beside a count.
    """
    few = 0 if areas is None else sum(Row(row, indicator).uncertain for row in records(areas))

    def choose() -> None:
        if way := st.session_state["legend"].get("way"):
            go(current().with_filter("classes", way))

    def show_share() -> None:
        if share := st.session_state["legend"].get("share"):
            go(replace(current(), indicator=share))

    data = classes(scale, indicator, unknown, language(), few=few, by=by, menu=menu)
    _legend(key="legend", data=data, on_way_change=choose, on_share_change=show_share)


def classes(
    scale: Scale,
    indicator: Indicator,
    unknown: bool,
    reader: Language,
    few: int = 0,
    by: Level | None = None,
    menu: Sequence[Indicator] = (),
) -> dict[str, Any]:
    """Classes in words with how many areas stand in each, the hatch where an area has no data, how they were made."""
    level = translate(LEVEL_NAMES[by] if by else N_("areas"), reader)

    def entry(colour: str, words: str, count: int, tone: str = "") -> dict[str, str]:
        return {"key": colour or tone, "colour": colour, "words": words, "tone": tone, "count": counted(count, level)}

    def counted(count: int, level: str) -> str:
        return translate(N_("{count} {areas}"), reader, count=count, areas=level) if count else ""

    drawn = [
        entry(colour, words, count, "zero" if colour == scale.zero else "")
        for (colour, words), count in zip(legend(scale, indicator, reader), scale.counts, strict=False)
    ]
    if unknown or scale.unknown:
        drawn.append(entry("", translate(N_("no data"), reader), scale.unknown, "unknown"))
    share = next((one for one in menu if one.is_ratio and one.numerator == indicator.numerator), None)
    warned = indicator.unit in COUNTED and not indicator.is_ratio and len(scale.breaks) > 0
    return {
        "label": translate(N_("Legend"), reader),
        "mark": translate(N_("Marks the areas of this class"), reader),
        "classes": drawn,
        "few": translate(N_("fewer than {few}: uncertain ({areas})"), reader, few=FEW, areas=counted(few, level))
        if few
        else "",
        "classed": translate(N_("Classes:"), reader),
        "way": scale.classes,
        "ways": [{"key": way, "label": translate(WAYS[way], reader)} for way in ways(indicator)]
        if scale.breaks
        else [],
        "warning": translate(N_("A count: larger areas have more of them."), reader) if warned else "",
        "share": {
            "key": share.key,
            "label": translate(N_("Show {figure}"), reader, figure=translate(share.label, reader)),
        }
        if share
        else None,
    }


def key(scale: Scale, indicator: Indicator, unknown: bool, reader: Language) -> str:
    """The same for where nothing is pressed, as HTML: classes in words, and the hatch."""
    drawn = classes(scale, indicator, unknown, reader)["classes"]
    rows = "".join(f"<li>{_swatch(one)}{escape(one['words'])}</li>" for one in drawn)
    return f'<ul class="legend" aria-label="{escape(translate(N_("Legend"), reader))}">{rows}</ul>'


def _swatch(one: dict[str, str]) -> str:
    return f'<i style="background:{one["colour"]}"></i>' if one["colour"] else '<i class="hatched"></i>'


def title(by: Level) -> str:
    return say(N_("Map by {level}"), level=say(LEVEL_NAMES[by]))


def caption(indicator: Indicator, schematic: bool) -> str:
    """What is coloured, what a click does, and whether the borders are the official ones."""
    words = say(indicator.numerator_label)
    parts = [capital(words) + ".", say(N_("Click an area to narrow the screen to it."))]
    if schematic:
        parts.append(say(N_("Schematic borders, not official ones.")))
    return " ".join(parts)


def _code(answer: Any) -> str | None:
    drawing = (answer or {}).get("last_active_drawing") or {}
    code = drawing.get("id")
    return str(code) if code else None
