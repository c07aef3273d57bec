"""The list of places: complete, well-formed, quick to open, and easy to search."""

import subprocess
import sys

import pytest

from data.places import reference
from data.places.reference import LEVELS, ancestors, children, codes, find, level_of, place, search, table


@pytest.mark.parametrize(("code", "villages"), [("31", 267), ("74.71", 65), ("64.08", 141)])
def test_every_village_of_the_three_regions_is_listed(code: str, villages: int) -> None:
    assert len(children(code, "kelurahan")) == villages


def test_the_whole_country_is_listed_once_and_in_order() -> None:
    villages = table()["kelurahan_code"].to_pylist()
    assert len(villages) > 83_000
    assert villages == sorted(set(villages))
    assert [len(codes("", level)) for level in LEVELS[:3]] == [38, 514, 7285]


def test_every_village_has_a_point_in_indonesia_and_says_whether_it_is_its_own() -> None:
    rows = table().to_pandas()
    assert rows["lat"].between(-11.5, 6.5).all()
    assert rows["lon"].between(94.5, 141.5).all()
    assert rows["point"].isin(["village", "kecamatan"]).all()
    assert (rows["point"] == "kecamatan").sum() < 500


def test_the_youngest_kelurahan_of_kendari_is_there() -> None:
    found = place("74.71.04.1021")
    assert (found.name, found.level, found.parent) == ("Wundumbatu", "kelurahan", "74.71.04")
    assert [above.name for above in ancestors(found.code)] == ["Sulawesi Tenggara", "Kota Kendari", "Poasia"]


def test_children_are_the_next_level_unless_another_is_asked_for() -> None:
    assert len(children()) == 38
    assert {child.level for child in children("74.71")} == {"kecamatan"}
    assert len(children("74.71")) == 11
    assert children("74.71.04.1021") == ()
    assert children("74.71", "province") == ()


@pytest.mark.parametrize("code", ["", "7", "99", "74.99", "74x71", "74.71.04.9999", "74-71"])
def test_an_unknown_code_is_no_place(code: str) -> None:
    assert find(code) is None
    with pytest.raises(KeyError):
        place(code)


def test_a_code_of_no_level_is_refused() -> None:
    with pytest.raises(ValueError, match="7471"):
        level_of("7471")


@pytest.mark.parametrize("text", ["kendari", "KENDARI", " Kéndari ", "ken dari"])
def test_search_ignores_case_accents_and_spaces_and_puts_the_city_first(text: str) -> None:
    assert [hit.code for hit in search(text, 2)] == ["74.71", "74.71.02"]


def test_search_finds_any_part_of_a_name_after_those_that_begin_with_it() -> None:
    names = [hit.name for hit in search("menteng", 100)]
    assert names[0] == "Menteng"
    inside = [name for name in names if not name.startswith("Menteng")]
    assert inside
    assert names.index("Menteng Atas") < names.index(inside[0])
    assert search("zzzzzz") == []
    assert search("  ") == []


def test_a_kind_in_front_narrows_the_search() -> None:
    assert [hit.code for hit in search("kota bogor")] == ["32.71"]


def test_the_reference_opens_without_pandas() -> None:
    asked = "import sys, data.places.reference as r; r.place('74.71'); sys.exit('pandas' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", asked], check=False, cwd=reference.REFERENCE.parents[2]).returncode == 0
    )
