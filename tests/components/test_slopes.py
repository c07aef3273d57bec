"""One figure at two dates, as it is said and drawn."""

from dataclasses import replace
from datetime import date

import pandas as pd

from components.relation import Chosen, chosen
from components.slopes import build, cautions, sentence, table
from data.definitions.catalogue import INDICATORS
from data.places.reference import codes
from data.queries import NO_CONTEXT
from data.relation import moves
from data.scope import Scope

KENDARI = "74.71"
AREAS = codes(KENDARI, "kelurahan")[:4]
UPDATED, STUNTED, PERSONS = (INDICATORS[key] for key in ("dtks_updated_share", "stunting_share", "dtks_persons"))
CONTEXT = replace(NO_CONTEXT, period=date(2021, 1, 31), compare=date(2020, 7, 31))


def choice(key: str = UPDATED.key, **asked: str) -> Chosen:
    query = {"place": KENDARI, "kind": "dates", "indicator": key} | asked
    return chosen(Scope.from_query(query), {one.key: one for one in (UPDATED, STUNTED, PERSONS)}, (KENDARI,))


def frame(key: str, values: list[float | None], over: int = 100) -> pd.DataFrame:
    made = pd.DataFrame({"code": AREAS, "name": ["Satu", "Dua", "Tiga", "Empat"], "parent_name": ["Mandonga"] * 4})
    made[key] = pd.array(values, dtype="Float64")
    made[f"{key}_numerator"] = pd.array([None if one is None else round(one * over) for one in values], dtype="Int64")
    made[f"{key}_denominator"] = pd.array([over, over, 24, over], dtype="Int64")
    return made


def found(key: str = UPDATED.key) -> pd.DataFrame:
    """One rises, one falls, one of few falls more, one is known at one date only."""
    return moves(frame(key, [0.4, 0.5, 0.8, None]), frame(key, [0.6, 0.45, 0.1, 0.3]), INDICATORS[key])


def test_the_sentence_counts_and_names_the_worst_but_none_of_few() -> None:
    words = sentence(found(), choice(), CONTEXT, "id")
    assert "<strong>memburuk di 2</strong> dari 3 kelurahan" in words
    assert "Dua (−5,0 poin)" in words


def test_where_low_is_good_a_fall_is_an_improvement() -> None:
    words = sentence(found(STUNTED.key), choice(STUNTED.key), CONTEXT, "id")
    assert "<strong>memburuk di 1</strong>" in words
    assert "Satu (+20,0 poin)" in words


def test_what_is_neither_good_nor_bad_rises_and_falls() -> None:
    counts = moves(frame(PERSONS.key, [40, 50, 80, 7]), frame(PERSONS.key, [60, 45, 10, 7]), PERSONS)
    words = sentence(counts, choice(PERSONS.key), CONTEXT, "id")
    assert "<strong>naik di 1 dan turun di 2</strong> dari 4 kelurahan" in words


def test_without_a_second_date_nothing_is_compared() -> None:
    assert "Belum ada dua tanggal" in sentence(found(), choice(), replace(CONTEXT, compare=None), "id")


def test_a_stroke_has_the_tone_of_its_judgement_and_of_few_it_is_dotted() -> None:
    strokes = {one["code"]: one for one in build(found(), choice(shown=AREAS[1]), CONTEXT, "id")["strokes"]}
    assert [strokes[code]["tone"] for code in AREAS[:3]] == ["better", "worse", "worse"]
    assert [strokes[code]["hollow"] for code in AREAS[:3]] == [False, False, True]
    assert [strokes[code]["faded"] for code in AREAS[:3]] == [True, False, True]
    assert AREAS[3] not in strokes
    assert strokes[AREAS[0]]["tip"][2:4] == ["Jul 20: 40,0% (40 dari 100)", "Jan 21: 60,0% (60 dari 100)"]


def test_few_and_unknown_are_said_and_the_table_begins_with_what_worsened() -> None:
    assert len(cautions(found(), choice(), "id")) == 2
    drawn = table(found(), choice(), CONTEXT, "id")
    rows = {row["code"]: row for row in drawn["rows"]}
    assert rows[AREAS[1]]["cells"] == ["Dua", "50,0%", "45,0%", "−5,0 poin", "45 / 100"]
    assert rows[AREAS[3]]["cells"][1:4] == ["–", "30,0%", "–"]
    assert drawn["sort"] == {"column": 3, "down": False}
