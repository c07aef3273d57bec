import re

import folium
import pandas as pd
import pytest
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from components.colours import scale
from components.maps import build, classes, drawing, key
from components.view import Look
from data.definitions.catalogue import INDICATORS
from data.places.geometry import Geometry
from data.places.reference import Level

UPDATED, NIK = INDICATORS["dtks_updated_share"], INDICATORS["nik_valid_share"]
SHAPES = Geometry("74.71", "kelurahan", b"", b"", "0a1b2c", True, "", (-4.1, 122.4, -3.9, 122.7), ())
HOSTILE = "</script><img src=x onerror=alert(1)>"


def values(name: str = "Mandonga") -> pd.DataFrame:
    frame = pd.DataFrame(
        {"code": ["74.71.01.1005", "74.71.01.1006"], "name": [name, "Korumba"], "parent_name": ["Mandonga", "Mandonga"]}
    )
    for indicator in (UPDATED, NIK):
        frame[indicator.key] = pd.array([0.25, None], dtype="Float64")
        frame[f"{indicator.key}_numerator"] = pd.array([25, None], dtype="Int64")
        frame[f"{indicator.key}_denominator"] = pd.array([100, None], dtype="Int64")
    return frame


WHOLE = Look("74.71", "74.71")


def drawn(frame: pd.DataFrame, look: Look = WHOLE) -> folium.FeatureGroup:
    return drawing(frame, UPDATED, scale(UPDATED, []), look, "id")


def base(shapes: Geometry = SHAPES) -> str:
    made = build(shapes)
    made.get_root().render()
    return generate_js_hash(_get_map_string(made))


def test_the_map_names_no_address_outside_the_server() -> None:
    made = build(SHAPES)
    drawn(values()).add_to(made)
    page = made.get_root().render()
    assert set(re.findall(r"(?:https?:)?//[\w.-]+", page)) <= {"//www.w3.org", "http://www.w3.org"}


def test_the_base_map_depends_on_the_shapes_alone() -> None:
    assert base() == base()
    other = Geometry("74.71", "kelurahan", b"", b"", "ffffff", False, "", SHAPES.bounds, ())
    assert base() != base(other)


def test_names_cannot_leave_the_script_they_stand_in() -> None:
    made = build(SHAPES)
    script = _get_feature_group_string(drawn(values(HOSTILE)), made)
    assert "<img" not in script
    assert "</script>" not in script


def test_an_unknown_area_gets_no_colour_and_says_so() -> None:
    view = next(iter(drawn(values())._children.values())).view
    assert set(view["colours"]) == {"74.71.01.1005"}
    assert view["tips"]["74.71.01.1006"] == ["Korumba", "Mandonga", "tidak ada data", ""]
    assert view["tips"]["74.71.01.1005"] == ["Mandonga", "Mandonga", "25,0%", "25 dari 100"]


def test_every_change_of_figures_or_place_has_its_own_mark() -> None:
    marks = [
        next(iter(group._children.values())).view["mark"]
        for group in (drawn(values()), drawn(values("Other")), drawn(values(), Look("74.71.01", "74.71.01")))
    ]
    assert len(set(marks)) == 3


@pytest.mark.parametrize("unknown", [True, False])
def test_the_legend_explains_the_hatch_only_where_there_is_one(unknown: bool) -> None:
    assert ("tidak ada data" in legend(unknown=unknown)) is unknown
    assert ("tidak ada data" in key(scale(UPDATED, []), UPDATED, unknown, "id")) is unknown


def test_the_legend_says_how_many_areas_stand_in_each_class() -> None:
    assert legend([0.1, 0.2, 0.35, None], by="kelurahan") == {
        "< 30%": "2 kelurahan",
        "30–45%": "1 kelurahan",
        "45–60%": "",
        "60–75%": "",
        "≥ 75%": "",
        "tidak ada data": "1 kelurahan",
    }


def test_a_count_says_that_larger_areas_have_more_and_offers_its_rate() -> None:
    persons, rate = INDICATORS["ppks_persons"], INDICATORS["ppks_per_1000"]
    counted = classes(scale(persons, [1.0, 2.0, 5.0]), persons, False, "id", menu=(persons, rate))
    assert counted["warning"]
    assert counted["share"]["key"] == "ppks_per_1000"
    assert not classes(scale(rate, [1.0, 2.0, 5.0]), rate, False, "id", menu=(persons, rate))["warning"]


def test_areas_with_too_few_behind_their_share_are_dotted_and_say_so() -> None:
    frame = values()
    frame[f"{UPDATED.key}_denominator"] = pd.array([12, None], dtype="Int64")
    view = next(iter(drawn(frame)._children.values())).view
    assert view["few"] == ["74.71.01.1005"]
    assert "tidak pasti" in view["tips"]["74.71.01.1005"][3]


def legend(known: list[float | None] | None = None, unknown: bool = False, by: Level | None = None) -> dict[str, str]:
    """The classes' words and counts."""
    made = classes(scale(UPDATED, known or []), UPDATED, unknown, "id", by=by)
    return {one["words"]: one["count"] for one in made["classes"]}
