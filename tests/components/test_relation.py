"""The screen of comparisons: what an address chooses, what is said of two figures, how they are drawn."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd

from components.relation import (
    CELLS,
    CLASSES,
    Axis,
    Chosen,
    cautions,
    chosen,
    colour,
    drawing,
    legend,
    ordered,
    scatter,
    sentence,
    table,
    titled,
)
from data.definitions.catalogue import INDICATORS
from data.places.reference import codes, find
from data.queries import NO_CONTEXT
from data.relation import related
from data.scope import Scope

KENDARI, BENDE = "74.71", "74.71.08.1002"
UPDATED, STUNTED, OFFICIAL, PERSONS, FAMILIES = (
    INDICATORS[key]
    for key in ("dtks_updated_share", "stunting_share", "poverty_rate_official", "dtks_persons", "dtks_families")
)
KNOWN = {one.key: one for one in (UPDATED, STUNTED, OFFICIAL, PERSONS, FAMILIES)}
AREAS = codes(KENDARI, "kelurahan")[:12]
HOSTILE = "<img src=x>"


def choice(known: dict[str, object] | None = None, **asked: str) -> Chosen:
    return chosen(Scope.from_query({"place": KENDARI} | asked), known or KNOWN, (KENDARI,))  # type: ignore[arg-type]


def frame(first: list[float | None], second: list[float | None], few: int = 0) -> pd.DataFrame:
    """Twelve kelurahan of Kendari; of the first `few`, ten children were measured."""
    count = len(first)
    names = [HOSTILE if at == 1 else str(find(code).name) for at, code in enumerate(AREAS)]  # type: ignore[union-attr]
    made = pd.DataFrame({"code": AREAS[:count], "name": names[:count], "parent_name": ["Mandonga"] * count})
    wholes = ([400] * count, [10 if at < few else 100 for at in range(count)])
    for one, values, whole in zip((UPDATED, STUNTED), (first, second), wholes, strict=True):
        made[one.key] = pd.array(values, dtype="Float64")
        made[f"{one.key}_numerator"] = pd.array([None if v is None else round(v * 100) for v in values], dtype="Int64")
        made[f"{one.key}_denominator"] = pd.array(whole, dtype="Int64")
    return made


UP: list[float | None] = [at / 20 for at in range(1, 13)]
DOWN: list[float | None] = UP[::-1]


# What is chosen


def test_what_the_store_cannot_tell_is_replaced_by_what_it_can() -> None:
    found = choice(indicator="poverty_rate_extreme", second="dtks_updated_share", kind="nothing")
    assert (found.kind, found.first.key, found.second.key) == ("pair", "dtks_updated_share", "stunting_share")


def test_the_level_is_the_lowest_at_which_both_exist() -> None:
    assert (choice().by, choice().seen.ranked) == ("kelurahan", KENDARI)
    with_rate = choice(second=OFFICIAL.key)
    assert (with_rate.by, with_rate.seen.ranked, with_rate.shown) == ("kabkota", "74", KENDARI)


def test_a_place_inside_the_city_stands_out_and_the_city_is_still_compared() -> None:
    found = choice(place="74.71.08")
    assert found.seen.ranked == KENDARI
    assert found.stands_out(BENDE)
    assert not found.stands_out("74.71.01.1005")


def test_an_area_that_is_not_among_the_compared_fades_nothing() -> None:
    assert choice(shown="31.74.02.1002").shown == ""
    assert choice(shown="13", kind="dates").shown == ""
    assert choice(shown="13").cell == "13"


def test_a_kelurahan_that_stands_out_is_seen_in_its_kecamatan() -> None:
    by_kecamatan = {**KNOWN, STUNTED.key: replace(STUNTED, lowest="kecamatan")}
    assert choice(by_kecamatan, shown=BENDE).shown == "74.71.08"  # type: ignore[arg-type]


def test_the_menu_keeps_the_figures_of_a_register_together_and_names_it() -> None:
    mixed = {one.key: one for one in (UPDATED, STUNTED, PERSONS, OFFICIAL)}
    assert ordered(mixed) == [UPDATED.key, PERSONS.key, STUNTED.key, OFFICIAL.key]
    assert titled(PERSONS, "id") == "DTKS · Jiwa terdaftar"
    assert titled(OFFICIAL, "id").endswith("(kabupaten/kota)")


# What is said


def test_the_sentence_says_how_they_go_together_and_that_it_is_no_cause() -> None:
    words = sentence(related(frame(UP, DOWN), UPDATED, STUNTED), choice(), "id")
    assert "<strong>cenderung lebih rendah</strong>" in words
    assert "sangat kuat" in words
    assert "−1" in words
    assert "tidak berarti yang satu menjadi sebab" in words


def test_of_few_areas_nothing_is_said() -> None:
    words = sentence(related(frame(UP[:7], UP[:7]), UPDATED, STUNTED), choice(), "id")
    assert "terlalu sedikit" in words
    assert "Spearman" not in words


def said(first: date, second: date, found: Chosen | None = None, few: int = 0) -> str:
    contexts = [replace(NO_CONTEXT, period=day) for day in (first, second)]
    pair = related(frame(UP, DOWN, few), UPDATED, STUNTED)
    return "\n".join(cautions(pair, found or choice(), contexts, "id"))


def test_dates_more_than_a_year_apart_are_warned_of() -> None:
    warned = said(date(2021, 1, 31), date(2022, 12, 31))
    assert warned.startswith("! ")
    assert "31 Januari 2021" in warned
    assert "31 Desember 2022" in warned
    assert "!" not in said(date(2021, 1, 31), date(2021, 2, 28))


def test_areas_left_out_shared_sources_levels_and_counts_are_said() -> None:
    day = date(2021, 1, 31)
    assert "3 wilayah dengan penyebut kurang dari 25" in said(day, day, few=3)
    both = said(day, day, choice(indicator=PERSONS.key, second=FAMILIES.key))
    assert "dari daftar yang sama" in both
    assert "jumlah, bukan bagian" in both
    assert "kabupaten/kota" in said(day, day, choice(second=OFFICIAL.key))


# What is drawn


def test_points_lie_on_the_plane_and_those_of_few_are_hollow() -> None:
    drawn = scatter(related(frame(UP, DOWN, few=2), UPDATED, STUNTED), choice(), "id")
    assert len(drawn["points"]) == 12
    assert all(0 <= point[axis] <= 1 for point in drawn["points"] for axis in "xy")
    assert {point["code"] for point in drawn["points"] if point["hollow"]} == set(AREAS[:2])
    assert [guide["text"] for guide in drawn["guides"]] == ["median 37,5%", "median 27,5%"]
    tip = next(point["tip"] for point in drawn["points"] if point["code"] == AREAS[0])
    assert tip[2:] == [
        "Jiwa termutakhirkan: 5,0% (5 dari 400)",
        "Stunting di antara yang diukur: 60,0% (60 dari 10)",
        "penyebut kurang dari 25: tidak pasti",
    ]


def test_a_chosen_class_or_area_leaves_the_others_pale_in_every_figure() -> None:
    found, everywhere = related(frame(UP, DOWN), UPDATED, STUNTED), frame(UP, DOWN)
    for shown, kept in (("13", set(AREAS[:4])), (AREAS[6], {AREAS[6]})):
        drawn = choice(shown=shown)
        assert {one["code"] for one in scatter(found, drawn, "id")["points"] if not one["faded"]} == kept
        colours = painted(drawing(found, everywhere, drawn, "id"))["colours"]
        assert {code for code, one in colours.items() if len(one) == 7} == kept


def test_point_map_and_legend_have_the_same_colour_for_a_class() -> None:
    found = related(frame(UP, DOWN), UPDATED, STUNTED)
    points = {one["code"]: one["colour"] for one in scatter(found, choice(), "id")["points"]}
    assert points == painted(drawing(found, frame(UP, DOWN), choice(), "id"))["colours"]
    cells = {cell["cell"]: cell for row in legend(found, choice(), "id")["rows"] for cell in row["cells"]}
    assert set(cells) == set(CELLS)
    assert {cell["colour"]: cell["count"] for cell in cells.values() if cell["count"]} == {
        colour("13"): 4,
        colour("22"): 4,
        colour("31"): 4,
    }


def test_an_area_without_data_has_no_colour_and_the_legend_says_so() -> None:
    found = related(frame([None, *UP[1:]], DOWN), UPDATED, STUNTED)
    view = painted(drawing(found, frame([None, *UP[1:]], DOWN), choice(), "id"))
    assert AREAS[0] not in view["colours"]
    assert "tidak ada data" in view["tips"][AREAS[0]][2]
    assert [one["style"] for one in legend(found, choice(), "id")["apart"]] == ["hatched"]


def painted(group: object) -> dict[str, dict[str, str]]:
    return next(iter(group._children.values())).view  # type: ignore[attr-defined, no-any-return]


def test_the_table_holds_every_area_with_both_fractions() -> None:
    found = related(frame(UP, DOWN), UPDATED, STUNTED)
    rows = {row["code"]: row["cells"] for row in table(found.areas, choice(), "id")["rows"]}
    assert len(rows) == 12
    assert rows[AREAS[0]][1:] == ["5,0%", "5 / 400", "60,0%", "60 / 100", "rendah × tinggi"]


def test_axes_have_readable_marks_and_counts_have_whole_ones() -> None:
    shares = Axis.over([0.12, 0.61], UPDATED)
    assert [tick["text"] for tick in shares.ticks(UPDATED, "id")] == ["10%", "20%", "30%", "40%", "50%", "60%"]
    assert [tick["text"] for tick in Axis.over([0, 2], PERSONS).ticks(PERSONS, "id")] == ["0", "1", "2"]
    assert Axis.over([5, 5], PERSONS).place(5) == 0.5


SIGHTS = {
    "usual": np.eye(3),
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "without blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""How colours are seen (Machado, Oliveira and Fernandes 2009, severity 1), in linear RGB."""


def test_the_nine_classes_stay_apart_for_every_reader() -> None:
    for name, sight in SIGHTS.items():
        seen = [_lab(np.asarray(sight) @ _linear(one)) for row in CLASSES for one in row]
        nearest = min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))
        assert nearest > 12, name


def _linear(code: str) -> np.ndarray:
    values = np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ np.clip(linear, 0, 1) / (0.9505, 1.0, 1.089))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
