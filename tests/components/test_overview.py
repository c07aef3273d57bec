"""The cards of *Ringkasan*: parts that are the whole, what stands apart, what is missing."""

import re
from datetime import date

import pandas as pd
import pytest

from components.findings import Facts
from components.kpis import Told
from components.overview import Part, card, matters, parts, programmes
from components.view import drawn, view
from data.definitions.catalogue import INDICATORS
from data.definitions.overview import FIGURES, SCREEN, THEMES
from data.evaluation import UNKNOWN, Value
from data.overview import Reach
from data.queries import NO_CONTEXT, Context, Figure, Source
from data.scope import Scope

NOW, BEFORE = date(2021, 1, 31), date(2020, 9, 30)
KENDARI = "74.71"
THEME = {theme.key: theme for theme in THEMES}
NOTHING = {one.key: Told(Figure(one.key, UNKNOWN, None, ()), KENDARI, NO_CONTEXT) for one in FIGURES}


def told(**values: Value) -> dict[str, Told]:
    """These figures of January 2021, and all others not known."""

    def of(key: str, now: Value) -> Told:
        sources = tuple(Source("s", one, KENDARI, NOW, "f.csv", "0" * 64, True) for one in _registers(key))
        return Told(Figure(key, now, None, ()), KENDARI, Context(NOW, BEFORE, None, False, True, sources))

    return NOTHING | {key: of(key, now) for key, now in values.items()}


def _registers(key: str) -> tuple[str, ...]:
    return (*INDICATORS[key].registers[:1], *(("dtks",) if INDICATORS[key].linkage else ()))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


STUNTED = told(
    stunting_share=Value(0.2, 100, 500),
    stunted_registered_share=Value(0.5, 50, 100, low=0.5, high=0.52),
    stunted_family_only=Value(10.0, low=9.0, high=10.0),
    stunted_unregistered=Value(37.0, low=36.0, high=37.0),
    stunted_undecided=Value(3.0, low=3.0, high=3.0),
)


def test_the_stunted_stand_in_four_parts_with_what_review_could_change() -> None:
    said = words(card(THEME["stunting"], STUNTED, KENDARI, "id"))
    assert "Dalam DTKS, dari 100 anak stunting" in said
    for part in ("50 tercatat 50% · 50–52", "10 keluarga saja 10% · 9–10", "37 belum tercatat 37% · 36–37"):
        assert part in said
    assert "3 tidak pasti 3%" in said


def test_stunting_that_was_not_matched_says_so() -> None:
    said = words(card(THEME["stunting"], told(stunting_share=Value(0.2, 100, 500)), KENDARI, "id"))
    assert "Belum dipadankan" in said
    assert "20,0" in said


def test_the_parts_of_nik_are_all_persons_and_unknown_is_a_part_of_its_own() -> None:
    figures = told(nik_valid_share=Value(0.7, 700, 1000), nik_unknown_share=Value(0.1, 100, 1000))
    said = words(card(THEME["nik"], figures, KENDARI, "id"))
    assert "700 padan 70,0%" in said
    assert "200 tidak padan 20,0%" in said
    assert "100 belum diperiksa 10,0%" in said


@pytest.mark.parametrize(("key", "first", "apart"), [
    ("poverty", "poverty_rate_official", "decile_1_4_share"), ("ppks", "ppks_persons", "outreach_reaches"),
])  # fmt: skip
def test_what_is_never_added_stands_apart_with_its_own_source(key: str, first: str, apart: str) -> None:
    html = card(THEME[key], told(**{first: Value(40.0), apart: Value(0.2, 200, 1000)}), KENDARI, "id")
    assert html.count('class="kpi apart"') == 1
    assert html.index(f'data-indicator="{first}"') < html.index(f'data-indicator="{apart}"')
    assert html.count("31 Januari 2021") >= 2


def test_a_theme_without_data_names_the_files_that_would_fill_it() -> None:
    said = words(card(THEME["krs"], NOTHING, KENDARI, "id"))
    assert "Dapat diisi dengan berkas: KRS" in said
    assert not re.search(r"\d", said)


def test_the_bar_of_an_empty_whole_is_not_drawn() -> None:
    assert parts((Part("matched", 0, "#fff"),), "id") == ""


def test_lists_and_marks_of_programmes_stand_apart_and_words_of_files_are_escaped() -> None:
    figure = Figure("recipients", Value(12.0), None, ())
    context = Context(NOW, None, None, False, True, ())
    reach = Reach(figure, context, {"<b>PKH</b>": 9, "KLJ": 5}, context, {"pkh": 30})
    html = programmes(reach, KENDARI, "id")
    assert "&lt;b&gt;PKH&lt;/b&gt; <b>9</b>" in html
    assert "tidak dijumlahkan dengan daftar" in html.partition('class="aside"')[2]


def test_the_sentence_says_how_far_how_many_are_behind_and_which_is_lowest() -> None:
    areas = pd.DataFrame(
        {
            "code": ["74.71.08.1001", "74.71.08.1002", "74.71.08.1003"],
            "name": ["Anaiwoi", "Bende", "Kadia"],
            "parent_name": "Kadia",
            "dtks_updated_share": pd.array([0.21, 0.25, 0.7], dtype="Float64"),
        }
    )
    known = {one.key: one for one in FIGURES}
    seen = drawn(SCREEN, Scope(KENDARI), ("dtks",), INDICATORS | known)
    facts = Facts(
        told(dtks_updated_share=Value(0.496, 496, 1000)), areas, view(KENDARI, (KENDARI,)), Scope(KENDARI), NOW
    )
    assert matters(facts, seen, "id") == (
        "Hampir separuh data sudah mutakhir. <strong>2 dari 3 kelurahan masih di bawah 30%</strong>."
        " Terendah: <strong>Anaiwoi, 21,0%</strong>."
    )
