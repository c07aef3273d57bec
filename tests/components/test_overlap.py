"""What the screen of matched registers says and draws, without a browser."""

import itertools
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest

from components import flows, gaps, overlap
from components.flows import Stream
from components.maps import Row
from components.view import records
from data.definitions.catalogue import LINKAGES
from data.definitions.screens import SCREENS
from data.overlap import Count, Flow, Quality, Summary
from data.queries import Context, Source
from data.scope import Scope

CHILDREN = LINKAGES["children"]
OFFERED = SCREENS["overlap"].linkages
HOSTILE = "<img src=x onerror=alert(1)>"
NOT_ENOUGH = Quality(None, None, None, None, None, None, 12, 90, {"accepted": 18}, waiting=31)
ENOUGH = Quality(0.992, 0.981, 0.997, 0.963, 0.94, 0.98, 240, 90, {}, waiting=0)
CONTEXT = Context(
    date(2021, 2, 28), date(2020, 8, 31), None, False, True,
    (Source("a", "eppgbm", "74.71", date(2021, 2, 28), "a.csv", "0" * 64, True),
     Source("b", "dtks", "74.71", date(2021, 1, 31), "b.csv", "1" * 64, True)),
)  # fmt: skip
FOUND = Summary(
    why="",
    context=CONTEXT,
    made_at=datetime(2026, 11, 21, 14, 3),
    stale=False,
    total=Count(542, 542, 542),
    counts={
        "stunted_registered": Count(214, 208, 221),
        "stunted_family_only": Count(81, 76, 90),
        "stunted_unregistered": Count(240, 226, 240),
        "stunted_undecided": Count(7, 7, 7),
    },
    before_total=560,
    before={"stunted_registered": 209, "stunted_family_only": 81, "stunted_unregistered": 262, "stunted_undecided": 8},
    quality=NOT_ENOUGH,
)
HISTORY = pd.DataFrame(
    [
        {"period": date(2020, 8, 31), "total": 560, **FOUND.before},
        {"period": date(2021, 2, 28), "total": 542, **{key: one.value for key, one in FOUND.counts.items()}},
    ]
)


def chosen(**filters: str) -> overlap.Chosen:
    return overlap.chosen(Scope("74.71", filters=tuple(sorted(filters.items()))), OFFERED)


def area(code: str, name: str, **numbers: int | None) -> dict[str, Any]:
    """An area of ten children, five not registered, eight before, of whom four were not."""
    known = {"total": 10, "total_before": 8, "review": 1}
    for key, value in (("registered", 3), ("family_only", 2), ("unregistered", 5), ("undecided", 0)):
        measure = f"stunted_{key}"
        known |= {measure: value, f"{measure}_low": value, f"{measure}_high": value, f"{measure}_before": 4}
    known["stunted_unregistered_low"] = 4
    return {"code": code, "name": name, "parent": "74.71", "parent_name": "Kota Kendari", **known, **numbers}


def areas(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    names = ("code", "name", "parent", "parent_name")
    return frame.astype({key: "Int64" for key in frame if key not in names})


AREAS = areas(
    area("74.71.01", "Mandonga"),
    area("74.71.08", "Kadia", stunted_unregistered=7),
    area("74.71.10", "Wua-Wua", **dict.fromkeys(("total", "total_before", *(
        f"stunted_{key}{end}" for key in ("registered", "family_only", "unregistered", "undecided")
        for end in ("", "_low", "_high", "_before"))), 0)),
)  # fmt: skip


# Choices


def test_the_register_in_the_address_says_which_linkage_is_shown() -> None:
    assert overlap.chosen(Scope("74.71"), OFFERED).linkage.key == "children"
    assert overlap.chosen(Scope("74.71", register="krs"), OFFERED).linkage.key == "risk_families"
    assert overlap.chosen(Scope("74.71", register="recipients"), OFFERED).linkage.key == "recipients"


def test_an_outcome_that_the_linkage_does_not_know_gives_way_to_its_first_figure() -> None:
    assert chosen(match="unregistered").code == "unregistered"
    assert chosen(match="decile_1").code == "registered"
    assert chosen(match=HOSTILE).code == "registered"


def test_a_figure_is_shown_as_a_share_unless_the_address_asks_for_counts() -> None:
    assert chosen(match="unregistered").indicator.unit == "share"
    assert chosen(match="unregistered", shown="count").indicator.unit == "children"


@pytest.mark.parametrize("key", OFFERED)
def test_the_cards_of_a_linkage_together_are_everybody_once(key: str) -> None:
    linkage = LINKAGES[key]
    told = [one for code in overlap.carded(linkage) for one in linkage.measures[overlap.codes(linkage)[code]]]
    assert sorted(told) == sorted(outcome.key for outcome in linkage.outcomes)


@pytest.mark.parametrize("key", OFFERED)
def test_every_outcome_has_a_label_a_colour_and_a_list_of_names(key: str) -> None:
    linkage = LINKAGES[key]
    for code in overlap.codes(linkage):
        assert overlap.label(linkage, code)
        assert overlap.short(linkage, code)
        assert overlap.listed(Scope("74.71"), linkage, code).to_query() == {
            "place": "74.71", "match": code, "register": linkage.left
        }  # fmt: skip
    assert {outcome.key for outcome in linkage.outcomes} <= set(flows.COLOURS)


# What matters, in words


def test_the_sentence_counts_everybody_and_names_where_most_are_missing() -> None:
    said = overlap.sentence(FOUND, AREAS, chosen(match="unregistered"), "Kota Kendari", "kecamatan", "id")
    assert said == (
        "Dari 542 balita stunting di Kota Kendari, 214 (39%) tercatat di DTKS; 81 keluarganya tercatat, anaknya belum;"
        " <strong>240 belum tercatat</strong>; 7 tidak dapat dipastikan."
        " Terbanyak belum tercatat: kecamatan Kadia (7)."
    )


def test_a_single_area_is_not_compared_with_itself() -> None:
    said = overlap.sentence(FOUND, AREAS[:1], chosen(), "Mandonga", "kecamatan", "id")
    assert "Terbanyak" not in said


def test_names_of_places_are_shown_as_text() -> None:
    said = overlap.sentence(FOUND, AREAS.assign(name=HOSTILE), chosen(), HOSTILE, "kecamatan", "id")
    assert HOSTILE not in said
    assert said.count("&lt;img") == 2


def test_a_place_without_anybody_to_look_for_is_said_to_be_one() -> None:
    nobody = replace(FOUND, total=Count(0, 0, 0), counts=dict.fromkeys(FOUND.counts, Count(0, 0, 0)))
    assert "tidak ada yang perlu dicari" in overlap.sentence(nobody, AREAS, chosen(), "Kendari", "kecamatan", "id")
    assert "0,0" not in overlap.card(nobody, HISTORY, chosen(), "registered", "id")


@pytest.mark.parametrize("why", ["no_left", "no_right", "not_matched"])
def test_every_gap_in_the_data_is_said_in_words_of_its_own(why: str) -> None:
    words = [overlap.absent(why, LINKAGES[key]) for key in OFFERED]
    assert all("{place}" in one for one in words)
    assert len(set(words)) == {"no_left": 3, "no_right": 2, "not_matched": 1}[why]


# Cards


def test_a_card_tells_number_share_bounds_and_change() -> None:
    drawn = overlap.card(FOUND, HISTORY, chosen(), "registered", "id")
    assert ">214<small>anak · 39,5%</small>" in drawn
    assert "208 sampai 221 setelah yang perlu ditinjau diputuskan" in drawn
    assert "--low:38.38%" in drawn
    assert "--high:40.77%" in drawn
    assert 'class="better"' in drawn
    assert "sejak 31 Agustus 2020" in drawn


def test_fewer_unregistered_are_an_improvement_and_more_registered_too() -> None:
    assert 'class="better"><i aria-hidden="true">▼' in overlap.card(FOUND, HISTORY, chosen(), "unregistered", "id")
    assert 'class="better"><i aria-hidden="true">▲' in overlap.card(FOUND, HISTORY, chosen(), "registered", "id")


def test_more_children_of_registered_families_are_neither_good_nor_bad() -> None:
    fewer = replace(FOUND, before={**FOUND.before, "stunted_family_only": 90})
    assert 'class="same"><i aria-hidden="true">▼' in overlap.card(fewer, HISTORY, chosen(), "family_only", "id")


def test_a_number_that_no_pair_under_review_can_change_says_so() -> None:
    assert "tidak bergantung pada yang perlu ditinjau" in overlap.card(FOUND, HISTORY, chosen(), "undecided", "id")


def test_the_quality_of_the_matching_is_only_told_when_enough_was_reviewed() -> None:
    told = overlap.quality(FOUND, "id")
    assert "baru 12 dari 90 pasangan" in told
    assert "99,2" not in told
    assert "<strong>31 pasangan</strong>" in told
    told = overlap.quality(replace(FOUND, quality=ENOUGH), "id")
    assert "<strong>99,2%</strong> (98,1–99,7%)" in told
    assert "<strong>96,3%</strong> (94,0–98,0%)" in told
    assert "Tidak ada pasangan yang perlu ditinjau." in told
    assert "21 November 2026, 14.03: e-PPGBM 28 Februari 2021 × DTKS 31 Januari 2021" in told


def test_two_registers_that_speak_for_parts_of_a_place_stand_on_one_side() -> None:
    dtsen = Source("c", "dtsen", "31.01", date(2025, 10, 31), "c.csv", "2" * 64, True)
    told = overlap.quality(replace(FOUND, context=replace(CONTEXT, sources=(*CONTEXT.sources, dtsen))), "id")
    assert "e-PPGBM 28 Februari 2021 × DTKS 31 Januari 2021 / DTSEN 31 Oktober 2025" in told


def test_figures_of_earlier_data_are_marked() -> None:
    assert "perlu dicocokkan lagi" in overlap.quality(replace(FOUND, stale=True), "id")
    assert "perlu dicocokkan lagi" not in overlap.quality(FOUND, "id")


# Areas


def test_the_share_of_an_area_without_anybody_is_not_known_and_its_count_is_zero() -> None:
    shares = overlap.valued(AREAS, chosen(match="unregistered"))["stunted_unregistered"]
    assert shares.isna().tolist() == [False, False, True]
    assert shares[:2].tolist() == [0.5, 0.7]
    counts = overlap.valued(AREAS, chosen(match="unregistered", shown="count"))["stunted_unregistered"]
    assert counts.tolist() == [5, 7, 0]


def test_an_area_that_was_not_matched_is_not_known_either_way() -> None:
    unknown = area("74.71.01", "Mandonga")
    unknown |= dict.fromkeys(key for key in unknown if key.startswith(("total", "stunted")))
    for shown in ("share", "count"):
        picked = chosen(match="unregistered", shown=shown)
        drawn = overlap.table(overlap.valued(areas(unknown), picked), picked, "kecamatan", "", "id")
        assert set(drawn["rows"][0]["cells"][1:]) == {"–"}


def test_the_table_has_everybody_the_chosen_outcome_with_its_bounds_and_the_others() -> None:
    picked = chosen(match="unregistered")
    drawn = overlap.table(overlap.valued(AREAS, picked), picked, "kecamatan", "74.71.08", "en")
    assert drawn["columns"] == ["Kecamatan", "Stunted", "Not registered", "%", "Bounds", "Change", "Registered",
                                "Family only", "Undecided"]  # fmt: skip
    assert drawn["rows"][0]["cells"] == ["Mandonga", "10", "5", "50.0%", "40.0–50.0%", "0.0", "3", "2", "0"]
    assert [row["chosen"] for row in drawn["rows"]] == [False, True, False]
    assert drawn["rows"][1]["tones"][5] == "worse"


def test_the_map_tells_between_what_a_figure_lies() -> None:
    picked = chosen(match="unregistered")
    rows = records(overlap.valued(AREAS, picked))
    assert Row(rows[0], picked.indicator).words("id")[2:] == [
        "50,0%",
        "5 dari 10 · 40,0% sampai 50,0% dengan yang perlu ditinjau · penyebut kecil, angka tidak pasti",
    ]  # fmt: skip


# Streams and kinds


def test_the_streams_show_who_is_there_and_their_table_everybody() -> None:
    everybody = flows.streams(
        replace(FOUND, counts={**FOUND.counts, "stunted_undecided": Count(0, 0, 0)}), CHILDREN, "id"
    )
    drawn = flows.build("balita", [one for one in everybody if one.count], "id")
    assert [note.text.partition("<br>")[2] for note in drawn.layout.annotations] == [
        "Anak tercatat", "Keluarga tercatat, anak belum", "Belum tercatat"
    ]  # fmt: skip
    assert sum(drawn.data[0].link.value) == 535
    assert flows.table("balita", everybody, "id").count("<tr>") == 5


@pytest.mark.parametrize("count", [1, 4, 9])
def test_the_words_beside_streams_never_cover_each_other(count: int) -> None:
    streams = [Stream(f"hasil {at}", 1 if at else 10_000, "#2f8f88") for at in range(count)]
    drawn = flows.build("semua", streams, "id")
    heights = [note.y * (drawn.layout.height - 2 * flows.MARGIN) for note in drawn.layout.annotations]
    between = [above - below for above, below in itertools.pairwise(heights)]
    assert all(gap > flows.LEAST - 0.1 for gap in between)
    assert all(0 < note.y < 1 for note in drawn.layout.annotations)


def test_what_became_of_the_unregistered_adds_up_and_hides_nobody() -> None:
    moved_on = Flow(date(2020, 8, 31), date(2021, 2, 28), 262, {"registered": 9, "unregistered": 180, "gone": 73}, 60)
    told = flows.became(moved_on, CHILDREN, "id")
    assert sum(one.count for one in told) == 262
    assert [one.words for one in told if one.count] == [
        "Anak tercatat",
        "Masih belum tercatat",
        "Tidak ada di data baru",
    ]


def test_ages_stand_in_their_order_and_the_unknown_last() -> None:
    counts = pd.DataFrame(
        [("age", "12-23", "registered", 4), ("age", "unknown", "registered", 9), ("age", "0-5", "unregistered", 1)],
        columns=["kind", "group", "outcome", "count"],
    )
    ((heading, bars),) = flows.kinds(counts, CHILDREN, "id")
    assert (heading, [bar.words for bar in bars]) == ("Umur", ["0–5 bulan", "12–23 bulan", "belum diketahui"])
    assert [part.count for part in bars[1].parts] == [4, 0, 0, 0]


def test_words_of_a_file_are_shown_as_text() -> None:
    counts = pd.DataFrame([("programme", HOSTILE, "registered", 4)], columns=["kind", "group", "outcome", "count"])
    groups = flows.kinds(counts, LINKAGES["recipients"], "id")
    assert HOSTILE not in flows.bars_table(groups, "id")
    assert "<img" not in str(flows.stacked(groups[0][1], "id").data[0].y)


def test_a_long_name_beside_a_bar_is_broken_between_its_letters() -> None:
    name = "<" * 2 * flows.WIDTH
    (label,) = flows.stacked([flows.Bar(name, (Stream("hasil", 4, "#2f8f88"),))], "id").data[0].y
    assert unescape(label.replace("<br>", "")).startswith(name)
    assert max(len(unescape(line)) for line in label.split("<br>")) == flows.WIDTH


# What is to be done


GAPS = pd.DataFrame(
    [
        ("74.71.08.1002", "Bende", "Kadia", "MAWAR 1", 0, 1, 2, 0),
        ("74.71.08.1002", "Bende", "Kadia", HOSTILE, 0, 0, 3, 0),
        ("74.71.08.1002", "Bende", "Kadia", "", 0, 0, 0, 1),
        ("", "", "", "", 0, 0, 4, 0),
    ],
    columns=["code", "name", "parent_name", "post", "registered", "family_only", "unregistered", "undecided"],
)


def links(html: str) -> list[tuple[dict[str, str], int]]:
    """Where every link leads, and its number."""
    found = []
    for piece in html.split('<a href="')[1:]:
        address, _, rest = piece.partition('"')
        path, _, asked = unescape(address).partition("?")
        assert path == "rumah-tangga"
        found.append(
            ({key: value[0] for key, value in parse_qs(asked).items()}, int(rest.partition(">")[2].partition("<")[0]))
        )
    return found


def test_every_number_of_the_gap_list_opens_the_names_behind_it() -> None:
    found = links(gaps.table(GAPS, CHILDREN, Scope("74.71", period=date(2021, 2, 28)), "id"))
    here = {"place": "74.71.08.1002", "register": "eppgbm", "period": "2021-02-28"}
    assert found[:4] == [
        ({**here, "match": "family_only"}, 1),
        ({**here, "match": "unregistered"}, 5),
        ({**here, "match": "undecided"}, 1),
        ({**here, "match": "gap"}, 7),
    ]
    assert ({**here, "match": "unregistered", "post": "MAWAR 1"}, 2) in found
    assert ({**here, "match": "unregistered", "post": HOSTILE}, 3) in found
    assert found[-1] == ({"place": "74.71", "register": "eppgbm", "period": "2021-02-28", "match": "gap",
                          "placed": "no"}, 4)  # fmt: skip


def test_names_of_health_posts_are_shown_as_text() -> None:
    drawn = gaps.table(GAPS, CHILDREN, Scope("74.71"), "id")
    assert HOSTILE not in drawn
    assert "tanpa posyandu" in drawn
    assert "Kelurahan tidak dikenali" in drawn


def test_what_is_to_be_done_leaves_out_who_is_registered() -> None:
    said = gaps.what_to_do(CHILDREN, "id")
    assert said.count("<li>") == 3
    assert "Anak tercatat" not in said
