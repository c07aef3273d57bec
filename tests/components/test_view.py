import pandas as pd
import pytest

from components.view import finest, home, inside, path, pooled, view
from data.definitions.indicators import INDICATORS

KENDARI = ("74.71",)


def test_narrowing_within_a_city_keeps_the_map_and_moves_it() -> None:
    city, kecamatan, kelurahan = (view(code, KENDARI) for code in ("74.71", "74.71.08", "74.71.08.1001"))
    assert {step.ground for step in (city, kecamatan, kelurahan)} == {"74.71"}
    assert [step.look.focus for step in (city, kecamatan, kelurahan)] == ["74.71", "74.71.08", "74.71.08.1001"]
    assert kelurahan.ranked == "74.71.08"
    assert kelurahan.look.chosen == "74.71.08.1001"


def test_a_small_province_is_one_map_of_kelurahan() -> None:
    assert view("31", ("31",)).by == "kelurahan"
    assert view("31.71.01.1001", ("31",)).ground == "31"


def test_a_province_known_in_one_city_only_shows_that_city() -> None:
    assert view("74.71.08", KENDARI).ground == "74.71"


def test_a_large_province_is_shown_by_a_higher_level() -> None:
    assert finest("32") == "kabkota"


@pytest.mark.parametrize(
    ("code", "level"),
    [("74", "kabkota"), ("74.71", "kecamatan"), ("74.71.08", "kelurahan"), ("74.71.08.1001", "kelurahan")],
)
def test_the_table_shows_the_next_level_down(code: str, level: str) -> None:
    assert view(code, KENDARI).tabled_by == level


@pytest.mark.parametrize(
    ("known", "start"),
    [
        ({}, ""),
        ({"74.71": 1}, "74.71"),
        ({"31.71": 1, "31.72": 1, "74.71": 1}, "31"),
        ({"64.08": 2, "74.71": 2}, "64.08"),
        ({"31": 1, "64.08": 2, "74.71": 6}, "74.71"),
    ],
)
def test_a_screen_without_a_place_starts_where_there_is_most_to_compare(known: dict[str, int], start: str) -> None:
    assert home(known) == start


def test_the_path_leads_from_the_province_to_the_place() -> None:
    assert [code for code, _ in path("74.71.08")] == ["74", "74.71", "74.71.08"]


def test_the_share_over_several_areas_weighs_them_by_their_persons() -> None:
    indicator = INDICATORS["dtks_updated_share"]
    areas = pd.DataFrame(
        {
            "code": ["74.71.08.1001", "74.71.08.1002", "74.71.09.1001"],
            indicator.key: pd.array([0.1, None, 0.9], dtype="Float64"),
            f"{indicator.key}_numerator": pd.array([10, None, 270], dtype="Int64"),
            f"{indicator.key}_denominator": pd.array([100, None, 300], dtype="Int64"),
        }
    )
    assert pooled(areas, indicator) == 0.7
    assert pooled(inside(areas, "74.71.08"), indicator) == 0.1
    assert pooled(inside(areas, "74.72"), indicator) is None
