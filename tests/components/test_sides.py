"""Areas beside one another and areas alike, as they are said and drawn."""

from datetime import date

import pandas as pd

from components.relation import Chosen, chosen
from components.sides import against, alike_list, own, peers_sentence, sentence, sides, table, told
from data.definitions.catalogue import INDICATORS
from data.relation import alike
from data.scope import Scope

KENDARI, BENDE, KADIA, MANDONGA, KORUMBA = "74.71", "74.71.08.1002", "74.71.08.1001", "74.71.01.1005", "74.71.01.1006"
UPDATED, PERSONS, STUNTED = (INDICATORS[key] for key in ("dtks_updated_share", "dtks_persons", "stunting_share"))
ALL = (PERSONS, UPDATED, STUNTED)
THEN, NOW = date(2020, 7, 31), date(2021, 1, 31)


def choice(**asked: str) -> Chosen:
    return chosen(Scope.from_query({"place": KENDARI} | asked), {one.key: one for one in ALL}, (KENDARI,))


def course(**measured: int) -> pd.DataFrame:
    """Three areas, the updated share at two dates; `measured` are the children measured by area, 100 unless told."""
    rows: list[tuple[object, ...]] = []
    for code, persons, before, now, stunted in (
        (BENDE, 400.0, 0.1, 0.2, 0.3),
        (MANDONGA, 500.0, 0.3, 0.5, 0.1),
        (KORUMBA, 300.0, 0.4, 0.6, 0.2),
        (KENDARI, 1200.0, 0.3, 0.4, 0.2),
    ):
        children = measured.get(code[-4:], 100)
        rows += [
            (PERSONS.key, code, NOW, persons, None, None),
            (UPDATED.key, code, THEN, before, round(before * 400), 400),
            (UPDATED.key, code, NOW, now, round(now * 400), 400),
            (STUNTED.key, code, NOW, stunted, round(stunted * children), children),
        ]
    made = pd.DataFrame(rows, columns=["indicator", "code", "period", "value", "numerator", "denominator"])
    return made.astype({"numerator": "Int64", "denominator": "Int64"})


def profiles() -> pd.DataFrame:
    made = pd.DataFrame(
        [
            (BENDE, "Bende", "Kadia", 5000, 0.30, 3.90, 0.20, 0),
            (MANDONGA, "<b>Mandonga</b>", "Mandonga", 5100, 0.31, 3.80, 0.21, 0),
            (KORUMBA, "Korumba", "Mandonga", 9000, 0.60, 3.10, 0.50, 0),
        ],
        columns=["code", "name", "parent_name", "population", "registered", "family_size", "decile_1_4", "desa"],
    )
    numbers = ["population", "registered", "family_size", "decile_1_4", "desa"]
    return made.astype(dict.fromkeys(numbers, "Float64"))


def test_the_areas_of_the_address_are_laid_side_by_side_as_far_as_they_exist_here() -> None:
    asked = choice(kind="areas", other=f"{BENDE},99.99,31.74.02.1002,{MANDONGA},{BENDE}")
    assert sides(asked, KADIA, ()) == (BENDE, MANDONGA)


def test_without_a_choice_an_area_lies_beside_the_two_most_like_it() -> None:
    assert sides(choice(kind="areas"), BENDE, alike(profiles(), BENDE)) == (BENDE, MANDONGA, KORUMBA)


def test_the_area_furthest_behind_is_looked_at_first_unless_it_is_one_of_few() -> None:
    behind = pd.DataFrame(
        {
            "code": [MANDONGA, KORUMBA, BENDE],
            "name": ["Mandonga", "Korumba", "Bende"],
            UPDATED.key: pd.array([0.5, 0.0, 0.2], dtype="Float64"),
            f"{UPDATED.key}_denominator": pd.array([400, 24, 400], dtype="Int64"),
        }
    )
    assert own(choice(), KENDARI, behind) == BENDE
    assert own(choice(), KORUMBA, behind) == KORUMBA


def test_a_figure_is_told_at_its_newest_date_with_its_course() -> None:
    found = told(course())[UPDATED.key, BENDE]
    assert (found.value, found.numerator, found.denominator, found.day) == (0.2, 80, 400, NOW)
    assert found.course == ((THEN, 0.1), (NOW, 0.2))


def test_the_sentence_counts_the_figures_in_which_the_first_is_last_without_those_of_few() -> None:
    areas = (BENDE, MANDONGA, KORUMBA)
    assert "<strong>2 dari 2 angka</strong>" in sentence(areas, ALL, course(), "id")
    assert "<strong>1 dari 1 angka</strong>" in sentence(areas, ALL, course(**{"1002": 24}), "id")
    assert "sedikitnya dua" in sentence((BENDE,), ALL, course(), "id")


def test_the_table_has_fractions_differences_with_judgement_and_marks_what_is_uncertain() -> None:
    drawn = table((BENDE, MANDONGA), ALL, course(**{"1005": 24}), KENDARI, "id")
    assert "80 dari 400" in drawn
    assert '<b class="better">+30,0 poin</b>' in drawn
    assert '<b class="better">−20,0 poin</b>' in drawn
    assert drawn.count("penyebut kurang dari 25: tidak pasti") == 1
    assert drawn.count('class="spark') == 2


def test_an_area_without_a_figure_says_so() -> None:
    known = course()
    assert "belum diketahui" in table((BENDE, KADIA), ALL, known, KENDARI, "id")


def test_a_place_is_compared_with_the_median_of_those_like_it() -> None:
    peers = alike(profiles(), BENDE)
    rows = {row.indicator.key: row for row in against(BENDE, peers, ALL, course())}
    assert set(rows) == {UPDATED.key, STUNTED.key}
    assert (round(rows[UPDATED.key].median, 3), round(rows[UPDATED.key].step, 3)) == (0.55, -0.35)
    words = peers_sentence(BENDE, peers, ALL, course(), True, "id")
    assert "<strong>2 dari 2 angka</strong>" in words
    assert "tertinggal" not in words


def test_the_list_says_by_what_areas_are_alike_and_escapes_names() -> None:
    drawn = alike_list(BENDE, alike(profiles(), BENDE), profiles(), "id")
    assert "serupa dalam: desil 1–4 dari penduduk 20,0% dan 21,0%, terdaftar dari penduduk 30,0% dan 31,0%" in drawn
    assert "paling berbeda: jiwa per keluarga 3,90 dan 3,80" in drawn
    assert "&lt;b&gt;Mandonga" in drawn
    assert "<b>Mandonga</b></b>" not in drawn
