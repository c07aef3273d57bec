"""What the screen of data quality says and draws, without a browser."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from components import quality
from data.quality import FieldQuality, Quality
from data.queries import Context
from data.scope import Scope

ABOUT = Scope("74.71")
FOUND = Quality(
    register="dtks",
    rows=100,
    fields=(FieldQuality("name", 100, 100, 0), FieldQuality("nik", 100, 90, 4)),
    nik={"valid": 86, "missing": 10, "destroyed": 4, "malformed": 0, "masked": 0},
    problems={"nik_missing.nik": 10, "nik_destroyed.nik": 4},
    twice={"any": 6, "inside": 4, "across": 2},
    unplaced=3,
    repeated=1,
    wrong=4,
    fresh={"0-6": 20, "7-12": 20, "13-24": 10, "25+": 45, "none": 5},
    context=Context(date(2021, 1, 31), None, None, False, True, ()),
)


def test_the_sentence_names_what_needs_work() -> None:
    assert quality.sentence(FOUND, "<Kendari>", "en") == (
        "95.0% of the cells of 100 rows in &lt;Kendari&gt; are filled in. <strong>14 rows have no usable NIK.</strong>"
        " In 6 rows stands a NIK that another row has, too."
    )


def test_the_cards_say_amount_and_fraction() -> None:
    cards = {card["kind"]: card for card in quality.cards(FOUND, "fresh", "en")}
    assert [(key, card["amount"], card["unit"]) for key, card in cards.items()] == [
        ("completeness", "95.0", "%"),
        ("nik_valid", "86.0", "%"),
        ("fresh", "50.0", "%"),
        ("twice", "6", "rows"),
        ("wrong", "4", "rows"),
        ("unplaced", "3", "rows"),
    ]
    assert cards["fresh"]["chosen"]
    assert cards["fresh"]["note"] == "50 of 100"


def test_a_register_without_nik_and_dates_has_unknown_figures() -> None:
    found = replace(FOUND, nik={}, fresh={}, twice={})
    cards = {card["kind"]: card for card in quality.cards(found, "completeness", "en")}
    assert [cards[key]["disabled"] for key in ("nik_valid", "fresh", "twice")] == [True] * 3
    assert cards["nik_valid"]["amount"] == "not known"


def test_every_number_leads_to_its_rows() -> None:
    drawn = quality.fields(FOUND, "filled_nik", ABOUT, "id")
    name, filled, empty, unusable = drawn["rows"][0]["cells"]
    assert (name["measure"], filled["text"], drawn["rows"][0]["chosen"]) == ("filled_nik", "90,0%", True)
    address = urlsplit(empty["address"])
    assert address.path == "/rumah-tangga"
    assert parse_qs(address.query) == {"place": ["74.71"], "blank": ["nik"]}
    assert unusable["opens"] == "problem nik"
    assert "address" not in drawn["rows"][1]["cells"][2]


def test_the_most_frequent_problem_comes_first() -> None:
    drawn = quality.problems(FOUND, ABOUT, "en")
    assert [row["cells"][0]["text"] for row in drawn["rows"]] == [
        "Values that cannot be used",
        "NIK is missing",
        "NIK destroyed by a spreadsheet",
        "NIK in several rows: anywhere",
        "NIK in several rows: in the same kelurahan",
        "NIK in several rows: in several kelurahan",
        "Row repeats another one (not counted)",
    ]


def test_an_address_that_names_nothing_shows_the_completeness() -> None:
    def shown(code: str) -> str:
        return quality.measure_of(ABOUT.with_filter("category", code), FOUND)

    assert [shown(code) for code in ("nik_valid", "filled_nik", "filled_decile", "unplaced", "nonsense")] == [
        "nik_valid", "filled_nik", "completeness", "completeness", "completeness",
    ]  # fmt: skip


def test_the_trend_keeps_unknown_dates_as_gaps() -> None:
    table = pd.DataFrame({"period": [date(2020, 1, 31), date(2021, 1, 31)], "nik_valid": [None, 0.9]})
    figure = quality.figure(table, "nik_valid")
    assert figure.history == ((date(2020, 1, 31), None), (date(2021, 1, 31), 0.9))
    assert figure.now.value == 0.9
