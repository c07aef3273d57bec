"""Bahan rapat: the same figures as on the screen, where they come from, and nothing that a file slipped in."""

import re
from collections.abc import Callable
from datetime import datetime

import pandas as pd
import pytest

from components import kpis
from components.colours import shown
from components.documents import Briefing
from components.documents.briefing import build, order
from components.documents.parts import map_svg, runs
from data.wording import LANGUAGES, Language, number, translate
from tests.builders import BENDE, KENDARI
from tests.documents.reading import pages

Told = Callable[[str, Language], Briefing]
NOW = datetime(2021, 2, 3, 9, 0)


def text_of(told: Told, place: str = KENDARI, reader: Language = "id") -> list[str]:
    return pages(b"".join(order(told(place, reader), reader, NOW).file().pieces))


@pytest.mark.parametrize("reader", LANGUAGES)
def test_every_figure_of_the_cards_stands_in_the_pages(briefing: Told, reader: Language) -> None:
    about, text = briefing(KENDARI, reader), " ".join(text_of(briefing, reader=reader))
    assert len(about.cards) == kpis.MOST
    for card in about.cards:
        now, before = about.told[card.key].figure.now, about.told[card.key].figure.before
        assert now.value is not None
        assert before is not None
        assert translate(card.label, reader) in text
        assert shown(now.value, card, reader).removesuffix("%") in text
        html = kpis.card(card, about.told, KENDARI, reader)
        behind = re.search(r'class="behind">(.*?)</p>', html)
        assert behind
        for figure in re.findall(r"\d[\d.,]*", re.sub(r"<[^>]+>", " ", behind[1])):
            assert figure in text, (card.key, figure)


def test_the_table_has_the_figures_of_every_kecamatan(briefing: Told) -> None:
    about, text = briefing(KENDARI, "id"), " ".join(text_of(briefing))
    assert about.shown
    for row in about.shown.tabled.to_dict("records"):
        assert str(row["name"]) in text
        if pd.notna(row["dtks_updated_share_denominator"]):
            assert number(int(row["dtks_updated_share_denominator"]), "id") in text


def test_the_sentence_is_that_of_the_screen(briefing: Told) -> None:
    words = "".join(run["text"] for run in runs(briefing(KENDARI, "id").sentence))
    assert " ".join(words.split()) in text_of(briefing)[0]


def test_every_page_says_sample_data_and_its_number(briefing: Told) -> None:
    found = text_of(briefing)
    assert 2 <= len(found) <= 4
    for at, page in enumerate(found, start=1):
        assert "DATA CONTOH" in page
        assert f"halaman {at} / {len(found)}" in page


def test_sources_stand_there_with_their_whole_hash_and_hostile_names_as_text(briefing: Told) -> None:
    (source,) = briefing(KENDARI, "id").context.sources
    text = "".join(text_of(briefing)).replace(" ", "")
    assert source.sha256 in text
    assert source.file.replace(" ", "") in text
    assert "$x$#eval" in text


def test_the_map_has_the_colours_of_the_screen_and_hatches_what_is_unknown(briefing: Told) -> None:
    about = briefing(KENDARI, "id").shown
    assert about
    svg = map_svg(about)
    known = [value for value in about.inside["dtks_updated_share"] if pd.notna(value)]
    for value in known:
        assert f'fill="{about.scale.colour(float(value))}"' in svg
    assert svg.count('fill="url(#hatch)"') == len(about.inside) - len(known)


def test_a_kelurahan_is_outlined_among_its_neighbours(briefing: Told) -> None:
    about = briefing(BENDE, "id").shown
    assert about
    assert map_svg(about).count('stroke-width="5"') == 1
    assert "Bende" in text_of(briefing, BENDE)[0]


def test_what_changed_is_told_with_its_judgement(briefing: Told) -> None:
    (part,) = build(briefing(KENDARI, "id"), "id", NOW)["shown"]
    rows = [row for group in part["changes"] for row in group["rows"]]
    assert rows
    assert {row["tone"] for row in rows} <= {"better", "worse"}
    assert all(row["change"].startswith("▲") == (row["tone"] == "better") for row in rows)


def test_the_file_is_named_after_place_and_date(briefing: Told) -> None:
    assert order(briefing(KENDARI, "id"), "id", NOW).name == "bahan-rapat-74.71-2021-01-31-DATA-CONTOH.pdf"
