from dataclasses import replace

import pandas as pd
import pytest

from components.view import drawn, finest, home, inside, own, path, pooled, view
from data.access import OWNER, Viewer
from data.definitions.catalogue import INDICATORS
from data.definitions.roles import Right, rights_of
from data.definitions.screens import SCREENS, Screen
from data.scope import Scope

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
    assert home(OWNER, lambda: known) == start


@pytest.mark.parametrize(
    ("places", "start"),
    [
        (("74.71.08.1002",), "74.71.08.1002"),
        (("74.71.08.1002", "74.71.08.1003"), "74.71.08"),
        (("74.71.08.1002", "74.71.01"), "74.71"),
        (("74.71", "74.72"), "74.71"),
        (("31", "74.71"), "31"),
        ((), ""),
    ],
)
def test_somebody_of_an_area_starts_in_the_smallest_place_around_it_that_they_see(
    places: tuple[str, ...], start: str
) -> None:
    assert home(Viewer("a", places, rights_of(("planner",))), lambda: {"64.08": 9}) == start


@pytest.mark.parametrize(
    ("place", "near"),
    [
        ("74.71.08.1002", "74.71.08.1002"),
        ("74.71.08", "74.71.08.1002"),
        ("74.71.01", "74.71.08.1002"),
        ("31", "74.71.08.1002"),
    ],
)
def test_a_list_that_lies_beyond_the_area_is_looked_for_in_the_own_one(place: str, near: str) -> None:
    planner = Viewer("a", ("74.71.08.1002", "74.71.05.1001"), rights_of(("planner",)))
    assert own(planner, Right.PEOPLE, place) == near
    assert own(planner, Right.IMPORT, place) == ""


def test_no_map_reaches_beyond_what_somebody_sees() -> None:
    planner = Viewer("a", ("74.71", "74.72"), rights_of(("planner",)))

    def sees(place: str) -> bool:
        return planner.may(Right.FIGURES, place)

    for lowest in ("kelurahan", "kabkota"):
        seen = view("74.71.08", ("74.71", "74.72"), lowest, sees)
        assert (seen.ground, seen.ranked[:5], seen.tabled[:5]) == ("74.71", "74.71", "74.71")
    assert (seen.by, seen.tabled_by) == ("kabkota", "kabkota")
    assert view("31.71.01", ("31.71", "31.72")).ground == "31"
    assert view("31.71.01", ("31.71", "31.72"), sees=lambda place: place.startswith("31.71")).ground == "31.71"


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


def test_a_figure_of_kabkota_is_drawn_in_the_province_however_small_the_place() -> None:
    for code in ("74.71", "74.71.08", "74.71.08.1001"):
        seen = view(code, KENDARI, "kabkota")
        assert (seen.ground, seen.by, seen.chosen, seen.kelurahan) == ("74", "kabkota", "74.71", "")
    assert view("74", KENDARI, "kabkota").chosen == ""


ALL = ("poverty", "dtsen", "population")


@pytest.mark.parametrize(
    ("place", "told", "shown"),
    [
        ("31", ALL, "poverty_rate_official"),
        ("31.71", ALL, "decile_1_4_share"),
        ("31.71.01.1001", ALL, "decile_1_4_share"),
        ("31", ("dtsen", "population"), "decile_1_4_share"),
        ("31.71", ("poverty",), "decile_1_4_share"),
    ],
)
def test_a_screen_opens_with_the_figure_that_exists_below_the_place(
    place: str, told: tuple[str, ...], shown: str
) -> None:
    assert drawn(SCREENS["poverty"], Scope(place=place), told, INDICATORS).indicator.key == shown


def test_the_asked_figure_is_drawn_large_and_the_other_group_apart_from_it() -> None:
    large = drawn(SCREENS["poverty"], Scope("31.71", indicator="poverty_rate_official"), ALL, INDICATORS)
    assert [one.key for one in large.cards] == ["poverty_rate_official"]
    assert [figure.key for _, figure in large.beside] == ["decile_1_4_share"]


def test_a_category_narrows_only_what_its_register_tells() -> None:
    scope = Scope("74.71").with_filter("category", "Fakir Miskin")
    narrowed = drawn(SCREENS["ppks"], scope, ("ppks", "population"), INDICATORS)
    assert narrowed.category == "Fakir Miskin"
    assert {one.registers for one in narrowed.own} == {("ppks",)}
    assert drawn(SCREENS["coverage"], scope, ("dtks",), INDICATORS).category == ""


def test_a_screen_without_groups_shows_the_figures_that_its_files_bring_along() -> None:
    own = {"rekap_houses": replace(INDICATORS["dtks_persons"], key="rekap_houses", registers=("rekap",))}
    shown = drawn(SCREENS["summaries"], Scope("74.71"), ("rekap",), {**INDICATORS, **own})
    assert [one.key for one in shown.menu] == ["rekap_houses"]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_every_screen_names_figures_that_exist_and_registers_that_tell_them(screen: Screen) -> None:
    for group in screen.groups:
        assert set(group.keys) <= set(INDICATORS)
    assert screen.registers
    assert len({one.address for one in SCREENS.values()}) == len(SCREENS)


def test_figures_that_a_file_brought_along_can_be_mapped_on_every_screen() -> None:
    brought = replace(INDICATORS["dtks_persons"], key="rekap_pkh", registers=("rekap",), label="PKH")
    known = {**INDICATORS, brought.key: brought}
    screen = SCREENS["coverage"]
    assert drawn(screen, Scope(place="74.71"), ("dtks",), known).menu[-1] == brought
    mapped = drawn(screen, Scope(place="74.71", indicator=brought.key), ("dtks", "rekap"), known)
    assert mapped.indicator == brought
    assert mapped.cards == (brought,)
    assert all(group.title for group in mapped.apart)
    assert [one.key for one in mapped.menu].count(brought.key) == 1
