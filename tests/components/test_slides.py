import json
import re
from datetime import date
from itertools import combinations
from math import dist
from pathlib import Path

import pandas as pd
import pytest

from components import slides
from components.kpis import Told
from components.meeting import entered, left
from components.outlines import DISC, apart, outlines
from components.slides import Part, Subject
from data.comparison import KINDS, Comparison
from data.definitions.catalogue import INDICATORS
from data.evaluation import Value
from data.interventions import Number, Summary
from data.places.geometry import Geometry, geometry
from data.queries import Context, Figure, Source
from data.scope import Scope

NOW, BEFORE = date(2021, 1, 31), date(2020, 11, 30)
HOSTILE = "<img src=x onerror=alert(1)>.csv"
KENDARI = Scope(place="74.71")
DATA = dict.fromkeys(("dtks", "population", "poverty", "ppks"), ("74.71",))


def source(file: str = "dtks.csv") -> Source:
    return Source("dtks-1", "dtks", "74.71", NOW, file, "0" * 64, False)


def context(*, sample: bool = False, compare: date | None = BEFORE, file: str = "dtks.csv") -> Context:
    return Context(NOW, compare, None, False, sample, (source(file),))


def told(key: str, now: Value, before: Value | None = None, about: Context | None = None) -> Told:
    return Told(Figure(key, now, before, ()), "74.71", about or context())


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Geometry:
    return geometry(tmp_path_factory.mktemp("store"), "74.71", "kelurahan")


def subject(key: str) -> Subject:
    return next(one for one in slides.subjects(KENDARI, DATA, INDICATORS) if one.theme.figure == key)


def part(shapes: Geometry, value: float | None = 0.5, about: Context | None = None) -> Part:
    """A hundred persons in each of four kelurahan: 10, 20, 80 and an unknown number of them up to date."""
    key = "dtks_updated_share"
    codes = sorted(json.loads(shapes.geojson)["features"], key=lambda one: str(one["id"]))[:4]
    areas = pd.DataFrame(
        {
            "code": [one["id"] for one in codes],
            "name": [one["properties"]["name"] for one in codes],
            "parent_name": "Mandonga",
            key: pd.array([0.1, 0.2, 0.8, None], dtype="Float64"),
            f"{key}_numerator": pd.array([10, 20, 80, None], dtype="Int64"),
            f"{key}_denominator": pd.array([100, 100, 100, None], dtype="Int64"),
            f"{key}_change": pd.array([0.01, -0.05, -0.002, None], dtype="Float64"),
        }
    )
    asked = subject(key)
    now = Value(value, 150, 300) if value is not None else Value(None)
    figures = {one.key: told(one.key, now, Value(0.4), about) for one in asked.drawn.own}
    return Part(asked, figures, areas, outlines(shapes, "74.71"))


def titles(deck: tuple[slides.Slide, ...]) -> list[str]:
    return [slide.key for slide in deck]


def html(deck: tuple[slides.Slide, ...], key: str) -> str:
    return next(slide.html for slide in deck if slide.key == key)


def changes() -> Comparison:
    return Comparison(
        register="dtks", grain="person",
        totals={**dict.fromkeys(KINDS, 0), "entered": 1477, "left": 889, "updated": 6850},
        moved_kelurahan=0, moved_family=0, moved_away=0, identified={"nik": 1000}, then=1000, undecided=0,
        undecided_before=0, context=context(), earlier=(source("before.csv"),),
    )  # fmt: skip


def test_the_agenda_goes_from_the_state_to_what_was_decided(shapes: Geometry) -> None:
    one = part(shapes)
    deck = slides.deck(KENDARI, [one], (), None, changes(), [one], "id")
    assert titles(tuple(slide for slide in deck if not slide.annex)) == [
        "cover",
        "dtks_updated_share",
        "worst-dtks_updated_share",
        "changed",
        "assigned",
        "decisions",
        "sources",
    ]
    assert titles(deck)[7:] == ["moved-dtks_updated_share", "list-dtks_updated_share"]


def test_a_meeting_has_fifteen_slides_and_everything_else_stands_in_the_annex() -> None:
    told = [what for theme in slides.AGENDA for what in theme.told]
    beside = ("cover", "findings", "needs", "changed", "assigned", "decisions", "sources")
    assert len(told) + len(beside) == 15


def test_every_list_is_handed_out_with_its_number(shapes: Geometry) -> None:
    drawn = html(slides.deck(KENDARI, [part(shapes)], (), None, None, [], "id"), "assigned")
    assert re.findall(r'href="([^"]+)"', drawn) == ["rumah-tangga?place=74.71&amp;updated=no"]
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["150"]
    assert "Lihat 150 jiwa belum mutakhir" in drawn


def test_no_list_is_handed_out_where_the_reader_may_not_see_it(shapes: Geometry) -> None:
    deck = slides.deck(KENDARI, [part(shapes)], (), None, None, [], "id", lists=lambda place: place != "74.71")
    assert not [title for title in titles(deck) if title.startswith(("assigned", "list-"))]
    assert "Daftar untuk dibagikan" not in html(deck, "cover")
    assert not any("rumah-tangga" in slide.html for slide in deck)


def test_what_is_not_known_has_no_slide(shapes: Geometry) -> None:
    unknown = part(shapes, value=None)
    assert titles(slides.deck(KENDARI, [unknown], (), None, None, [unknown], "id")) == ["cover", "decisions", "sources"]
    registers = {register for one in slides.subjects(KENDARI, DATA, INDICATORS) for register in one.indicator.registers}
    assert registers == {"dtks", "poverty", "ppks"}


def test_official_rate_and_registered_shares_never_stand_on_one_slide() -> None:
    for theme in slides.AGENDA:
        units = {INDICATORS[key].registers[0] for key in theme.cards}
        assert len(units) == 1
    assert {"poverty_rate_official"} == {key for theme in slides.AGENDA for key in theme.cards if "poverty" in key}
    assert all("outreach_reaches" not in theme.cards or theme.cards == ("outreach_reaches",) for theme in slides.AGENDA)


def test_the_worst_areas_have_the_same_numbers_on_the_map_and_beside_it(shapes: Geometry) -> None:
    drawn = html(slides.deck(KENDARI, [part(shapes)], (), None, None, [], "id"), "worst-dtks_updated_share")
    assert re.findall(r'<span class="number">(\d)</span>', drawn) == ["1", "2", "3"]
    assert re.findall(r'class="mark">.*?<text[^>]*>(\d)<', drawn) == ["1", "2", "3"]
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["10,0%", "20,0%", "80,0%"]
    assert drawn.count("url(#hatch-") == 62
    assert "tidak ada data" in drawn
    assert "Batas skematis, bukan batas resmi." in drawn


def test_areas_that_became_worse_are_counted_and_named_worst_first(shapes: Geometry) -> None:
    one = part(shapes)
    drawn = html(slides.deck(KENDARI, [one], (), None, None, [one], "id"), "moved-dtks_updated_share")
    assert '<p class="amount">2</p>' in drawn
    assert "dari 3 kelurahan memburuk sejak 30 November 2020" in drawn
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["▼ 5,0 poin", "▼ 0,2 poin"]
    alone = part(shapes, about=context(compare=None))
    assert "moved-dtks_updated_share" not in titles(slides.deck(KENDARI, [alone], (), None, None, [alone], "id"))


def test_where_nothing_became_worse_the_slide_says_so_and_names_the_least(shapes: Geometry) -> None:
    one = part(shapes)
    one.areas["dtks_updated_share_change"] = pd.array([0.01, 0.05, 0.002, None], dtype="Float64")
    drawn = html(slides.deck(KENDARI, [one], (), None, None, [one], "id"), "moved-dtks_updated_share")
    assert "tidak ada yang memburuk" in drawn
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["▲ 0,2 poin", "▲ 1,0 poin", "▲ 5,0 poin"]


def test_a_list_says_how_many_where_and_at_which_address(shapes: Geometry) -> None:
    drawn = html(slides.deck(KENDARI, [part(shapes)], (), None, None, [], "id"), "list-dtks_updated_share")
    assert '<p class="amount">150</p>' in drawn
    assert 'href="rumah-tangga?place=74.71&amp;updated=no"' in drawn
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["90", "80", "20"]


def test_every_office_has_the_families_whose_turn_it_is(shapes: Geometry) -> None:
    numbers = {
        ("registered", ""): Number(1000, 3000),
        ("open", "income"): Number(300, 900),
        ("open", "nutrition"): Number(20, 20),
        ("needs_count", "1"): Number(280, 280),
        ("needs_count", "3"): Number(20, 20),
        ("agencies", "dinsos"): Number(300, 900),
    }
    found = Summary("dtks", context(), numbers, {}, frozenset(), frozenset())
    one = part(shapes)
    areas = one.areas.assign(agencies_dinsos=pd.array([200, 0, 100, None], dtype="Int64"))
    offices = slides.Offices(found, areas, one.subject.seen)
    deck = slides.deck(KENDARI, [one], (), offices, None, [], "id")
    assert [key for key in titles(deck) if key.startswith("office")] == ["office-dinsos"]
    drawn = html(deck, "office-dinsos")
    assert '<p class="amount">300</p>' in drawn
    assert 'href="rumah-tangga?place=74.71&amp;agency=dinsos"' in drawn
    assert re.findall(r'class="value">([^<]+)<', drawn) == ["200", "100"]
    assert re.findall(r'class="amount">([^<]+)<', html(deck, "needs")) == ["300", "20"]
    assert "30,0% dari 1.000" in html(deck, "needs")


def test_what_needs_attention_stands_first_and_says_at_most_three_things(shapes: Geometry) -> None:
    one = part(shapes)
    found = slides.noticed(KENDARI, [one], NOW)
    assert found
    deck = slides.deck(KENDARI, [one], found * 4, None, None, [], "id")
    assert titles(deck)[1] == "findings"
    assert html(deck, "findings").count("<li>") == 3
    assert str(one.areas["name"][0]) in html(deck, "findings")
    assert slides.noticed(KENDARI, [part(shapes, value=None)], NOW) == ()


def test_what_a_file_is_called_stays_text(shapes: Geometry) -> None:
    one = part(shapes, about=context(file=HOSTILE))
    one.areas["name"] = HOSTILE
    for slide in slides.deck(KENDARI, [one], (), None, changes(), [one], "id"):
        assert "<img" not in slide.html
    assert "&lt;img" in html(slides.deck(KENDARI, [one], (), None, None, [], "id"), "sources")


def test_sample_data_are_marked_on_every_slide_and_real_ones_on_none(shapes: Geometry) -> None:
    marked = slides.deck(KENDARI, [part(shapes, about=context(sample=True))], (), None, None, [], "id")
    assert all("DATA CONTOH" in slide.html for slide in marked)
    assert not any(
        "DATA CONTOH" in slide.html for slide in slides.deck(KENDARI, [part(shapes)], (), None, None, [], "id")
    )


def test_the_slides_are_told_in_english_as_well(shapes: Geometry) -> None:
    drawn = html(slides.deck(KENDARI, [part(shapes)], (), None, changes(), [], "en"), "changed")
    assert "DTKS: since 30 November 2020" in drawn
    assert "1,477" in drawn


def test_a_slide_of_many_files_counts_them(shapes: Geometry) -> None:
    about = Context(NOW, BEFORE, None, False, False, tuple(source(f"{number}.csv") for number in range(20)))
    deck = slides.deck(KENDARI, [part(shapes, about=about)], (), None, None, [], "id")
    assert "DTKS: 20 berkas, terbaru 31 Januari 2021" in html(deck, "dtks_updated_share")
    assert "dan 6 berkas lagi" in html(deck, "sources")


def test_leaving_the_meeting_leads_back_to_the_same_screen() -> None:
    about = Scope(place="74.71", filters=(("category", "Pengemis"),))
    assert left(entered(about).with_filter("slide", "7")) == about
    assert entered(about).to_query()["mode"] == "rapat"


def test_far_islands_do_not_make_the_rest_small(tmp_path: Path) -> None:
    drawn = outlines(geometry(tmp_path, "31", "kelurahan"), "31")
    assert 0 < drawn.outside < 10
    assert len(drawn.paths) == 267 - drawn.outside
    assert max(drawn.width, drawn.height) > 700


def test_a_kecamatan_is_drawn_alone_and_points_lie_in_the_frame(shapes: Geometry) -> None:
    drawn = outlines(shapes, "74.71.08")
    assert drawn.paths
    assert set(drawn.paths) == set(drawn.points)
    assert all(code.startswith("74.71.08.") for code in drawn.paths)
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in drawn.points.values())


def test_numbers_of_neighbours_do_not_cover_each_other() -> None:
    placed = apart([(100, 100), (110, 100), (110, 112), (100, 100)])
    assert min(dist(one, other) for one, other in combinations(placed, 2)) >= 2 * DISC
