"""How breakdowns are drawn: sums that fit the sentence, links to the names, nothing from a file as markup."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from components.breakdowns import KINDS, poverty, ppks, stunting
from components.breakdowns.parts import TITLES, Answers, bar, stack
from data.breakdowns import DECILES, QUESTIONS, Broken
from data.definitions.screens import SCREENS
from data.scope import Scope

DAY = date(2022, 12, 31)
HERE = Answers(Scope("74.71"), "kelurahan", {}, {})
HOSTILE = "<script>alert(1)</script>"


def areas(*counts: float, residents: float = 100) -> pd.DataFrame:
    """Areas with so many persons in decile 1 and as many not determined."""
    rows = []
    for at, count in enumerate(counts):
        row = {"code": f"74.71.01.{1001 + at}", "name": f"Area {at}", "parent_name": HOSTILE, "register": "p3ke"}
        for unit in ("persons", "families"):
            row |= {f"{unit}_{part}": 0.0 for part in DECILES} | {unit: 2 * count, f"{unit}_resident": residents}
            row |= {f"{unit}_1": count, f"{unit}_unknown": count}
        rows.append(row)
    return pd.DataFrame(rows)


def told(rows: pd.DataFrame, register: str = "p3ke", **whole: float | None) -> Broken:
    return Broken(rows, register, DAY, DAY, whole)


def targets(html: str) -> list[dict[str, Sequence[str]]]:
    """What the links of a drawing ask the list for."""
    return [parse_qs(urlsplit(unescape(address)).query) for address in re.findall(r'href="([^"]+)"', html)]


def test_every_kind_that_a_screen_declares_is_asked_titled_and_drawn() -> None:
    declared = {kind for screen in SCREENS.values() for group in screen.groups for kind in group.breakdowns}
    assert declared <= set(KINDS)
    assert set(KINDS) == set(QUESTIONS) == set(TITLES)


def test_half_of_decile_1_is_held_by_the_fewest_areas() -> None:
    found = poverty.half(areas(10, 40, 30, 20))
    assert (len(found.rows), found.areas, found.residents) == (2, 4, 0.5)
    assert found.rows["reached"].round(2).tolist() == [0.4, 0.7]
    exactly = poverty.half(areas(50, 25, 25))
    assert len(exactly.rows) == 1


def test_the_concentration_says_how_many_stand_in_no_area_and_that_it_is_no_poverty_rate() -> None:
    html = poverty.concentration(told(areas(40, 30, 30), persons_1=110.0), HERE, "id")
    assert "<strong>2 dari 3 kelurahan</strong> memuat separuh desil 1, dengan 66,7% penduduk." in html
    assert "10 jiwa desil 1 tidak tercatat pada kelurahan mana pun." in html
    assert "bukan angka kemiskinan" in html


def test_where_nobody_is_in_decile_1_nothing_is_concentrated() -> None:
    assert "memuat separuh" not in poverty.concentration(told(areas(0, 0)), HERE, "id")


def test_every_number_of_a_decile_leads_to_its_names_and_names_are_never_markup() -> None:
    rows = areas(30, 10)
    html = poverty.deciles(told(rows), rows, "persons", HERE, "id")
    assert HOSTILE not in html
    found = targets(html)
    assert {(ask["place"][0], ask["decile"][0], ask["register"][0]) for ask in found} == {
        (f"74.71.01.{code}", part, "p3ke") for code in (1001, 1002) for part in ("1", "unknown")
    }
    assert "30,0%" in html  # of the residents
    assert "50,0%" in html  # of the registered


def test_areas_stand_by_their_share_of_residents_and_without_residents_by_their_number() -> None:
    rows = areas(10, 30)
    rows["persons_resident"] = [20, 300]
    assert poverty.sorted_by_share(rows, "persons")["name"].tolist() == ["Area 0", "Area 1"]
    rows["persons_resident"] = float("nan")
    assert poverty.sorted_by_share(rows, "persons")["name"].tolist() == ["Area 1", "Area 0"]


def test_official_rates_stand_by_year_with_the_own_line_marked_and_the_change_judged() -> None:
    rows = pd.DataFrame(
        {
            "code": ["74", "74.71", "74.02"],
            "name": ["Sulawesi Tenggara", "Kota Kendari", "Kabupaten Konawe"],
            "2021-12-31": [0.117, 0.0487, None],
            "2022-12-31": [0.115, 0.0457, 0.125],
        }
    )
    html = poverty.official(told(rows, "poverty", without=14.0), HERE, "id")
    lines = re.findall(r'<tr class="(\w*)"><th scope="row"><a href="\?place=([\d.]+)', html)
    assert lines == [("province", "74"), ("", "74.02"), ("own", "74.71")]
    assert "4,57%" in html
    assert re.search(r'class="better">.*?0,30 poin', html)
    assert "14 kabupaten/kota lain" in html


@pytest.mark.parametrize("visited", [0.0, 1.0])
def test_extreme_poverty_says_whether_anybody_has_visited_else_which_column_would(visited: float) -> None:
    rows = pd.DataFrame(
        {"dukcapil": ["yes", "no"], "validated": ["Valid", ""], "persons": [30.0, 10.0], "families": [9.0, 4.0]}
    )
    html = poverty.extreme(told(rows, visited=visited, persons=40.0, families=11.0), HERE, "id")
    assert "<strong>40 jiwa</strong> dalam 11 keluarga" in html
    assert ("Hasil Verval" in html) is not visited
    assert ("Kunjungan petugas" in html) is bool(visited)
    assert {"place": ["74.71"], "register": ["p3ke"], "decile": ["1"], "dukcapil": ["no"]} in targets(html)


def test_a_chosen_category_goes_along_to_the_list() -> None:
    rows = pd.DataFrame({"age_group": ["60+"], "L": [3.0], "P": [0.0], "unknown": [0.0], "ppks_persons": [3.0]})
    narrowed = Answers(HERE.scope, "kelurahan", {"sex_age": "Pengemis"}, {})
    assert targets(ppks.sex_age(told(rows, "ppks"), narrowed, "id")) == [
        {"place": ["74.71"], "register": ["ppks"], "age_group": ["60+"], "sex": ["L"], "category": ["Pengemis"]}
    ]


def test_months_are_drawn_to_one_scale_and_an_unknown_day_is_hatched() -> None:
    rows = pd.DataFrame({"month": ["2022-03", "2022-04", "unknown"], "reaches": [50.0, 100.0, 25.0]})
    html = ppks.months(told(rows, "outreach"), HERE, "id")
    assert [int(height) for height in re.findall(r"height:(\d+)px", html)] == [85, 170, 42]
    assert html.count('class="hatched"') == 1
    assert "175 penjangkauan" in html
    assert [ask["reached_in"] for ask in targets(html)] == [["2022-03"], ["2022-04"], ["unknown"]]


def children(measured: float, stunted: float, severe: float) -> dict[str, float]:
    numbers = {"measured": measured, "stunted": stunted, "severely_stunted": severe}
    both = {f"{key}_{sex}": value if sex == "L" else 0.0 for key, value in numbers.items() for sex in "LP"}
    return numbers | both | {f"{key}_unknown": 0.0 for key in numbers}


def test_a_share_of_few_children_is_pale_and_sets_no_scale() -> None:
    rows = pd.DataFrame([{"months": "0-5", **children(4, 4, 4)}, {"months": "6-11", **children(200, 40, 10)}])
    html = stunting.child_ages(told(rows, "eppgbm", measured=204.0, children=210.0), HERE, "id")
    assert html.count("bd-share pale") == 2  # the boys, and both sexes together; nobody else was measured
    assert "20,0%" in html
    assert "width:25.00%" in html
    assert "<strong>204 anak diukur</strong> dari 210 anak dalam daftar" in html


def test_a_risk_that_the_list_does_not_tell_is_hatched_and_never_nought() -> None:
    rows = pd.DataFrame({"risk": [*stunting.RISK_FACTORS, *stunting.TARGETS], "families": [8.0, 4.0, *[None] * 5]})
    whole = {"families": 10.0, "with_0": 1.0, "with_1": 6.0, "with_2": 3.0, "with_3": 0.0, "with_4": 0.0}
    html = stunting.risks(told(rows, "krs", **whole), HERE, "id")
    assert html.count("tidak ada dalam daftar") == 5
    assert "<strong>3 keluarga</strong> (30,0%) memiliki lebih dari satu faktor" in html
    assert {"place": ["74.71"], "register": ["krs"], "krs_factors": ["2"]} in targets(html)


def test_what_is_not_known_is_hatched_and_a_part_without_anybody_is_not_drawn() -> None:
    assert 'class="hatched"' in bar(1, "")
    assert stack([(0.0, "red", HOSTILE), (1.0, "", HOSTILE)]).count("<i") == 1
    assert HOSTILE not in stack([(1.0, "", HOSTILE)])
