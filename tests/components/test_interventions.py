"""What the screen of interventions says and draws, without a browser."""

from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pandas as pd
import pytest

from components import handover, interventions
from components.interventions import Chosen, chosen, listed, valued
from data.definitions.programmes import NEEDS, PROGRAMMES
from data.interventions import Number, Summary
from data.queries import Context, Source
from data.scope import Scope

CONTEXT = Context(
    date(2021, 1, 31), None, None, False, True,
    (Source("a", "dtks", "74.71", date(2021, 1, 31), "a.csv", "0" * 64, True),),
)  # fmt: skip
NUMBERS = {
    ("registered", ""): Number(29_034, 113_004),
    ("eligible", "pkh"): Number(11_771, 11_771),
    ("receives", "pkh"): Number(9_924, 9_924),
    ("missing", "pkh"): Number(7_628, 7_628),
    ("unexplained", "pkh"): Number(2_167, 2_167),
    ("undecided", "pkh"): Number(10_770, 10_770),
    ("missing", "sembako"): Number(7_008, 7_008),
    ("eligible", "pip"): Number(8_426, 15_579),
    ("needs", "papers"): Number(12_514, 16_393),
    ("open", "papers"): Number(12_514, 16_393),
    ("agencies", "puskesos"): Number(12_514, 16_393),
    ("needs_count", "1"): Number(9_666, 9_666),
    ("needs_count", "3"): Number(3_832, 3_832),
}
FOUND = Summary("dtks", CONTEXT, NUMBERS, {}, frozenset({"pkh", "sembako", "pbi"}), frozenset({"stunted", "orphan"}))
HERE = Scope("74.71")


def on(**filters: str) -> Scope:
    return replace(HERE, filters=tuple(sorted(filters.items())))


def areas(*numbers: dict[str, Any]) -> pd.DataFrame:
    rows = [{"code": f"74.71.0{at}", "name": f"Kecamatan {at}", "parent": "74.71", "parent_name": "Kota Kendari",
             **row} for at, row in enumerate(numbers, 1)]  # fmt: skip
    frame = pd.DataFrame(rows)
    columns = [name for name in frame if name not in ("code", "name", "parent", "parent_name")]
    return frame.astype(dict.fromkeys(columns, "Int64"))


@pytest.mark.parametrize(
    ("scope", "kind", "key", "told"),
    [
        (HERE, "missing", "pkh", True),
        (on(unexplained="sembako"), "unexplained", "sembako", True),
        (on(missing="pip"), "eligible", "pip", False),
        (on(open="papers"), "open", "papers", False),
        (on(need="work"), "needs", "work", False),
        (on(missing="kaj"), "missing", "pkh", True),
        (on(open="nonsense"), "missing", "pkh", True),
    ],
)
def test_the_address_says_what_is_shown_else_what_is_missed_most(scope: Scope, kind: str, key: str, told: bool) -> None:
    picked = chosen(scope, FOUND)
    assert (picked.kind, picked.key, picked.told) == (kind, key, told)


def test_where_no_list_of_recipients_speaks_the_most_common_need_is_shown() -> None:
    assert chosen(HERE, replace(FOUND, told=frozenset())).key == "papers"


def test_every_count_leads_to_the_list_of_exactly_these_families() -> None:
    assert listed(on(kind="x"), FOUND, "needs", "papers").filters == (("need", "papers"),)
    assert listed(HERE, FOUND, "agencies", "dinkes").filters == (("agency", "dinkes"),)
    assert listed(HERE, FOUND, "needs_count", "3+").filters == (("needs_count", "3+"), ("sort", "needs"))
    assert listed(HERE, FOUND, "missing", "pkh").register == "dtks"


def test_the_sentence_says_who_is_missed_where_and_how_many_need_several_things() -> None:
    picked = chosen(HERE, FOUND)
    told = valued(areas({"registered": 900, "missing_pkh": 40}, {"registered": 800, "missing_pkh": 60}), picked)
    said = interventions.sentence(FOUND, picked, told, "Kota Kendari", "kecamatan", "id")
    assert "11.771 berpotensi memenuhi syarat PKH" in said
    assert "<strong>7.628 di antaranya belum menerima</strong>" in said
    assert "kecamatan Kecamatan 2 (60)" in said
    assert "3.832 keluarga memiliki dua kebutuhan atau lebih" in said


def test_shares_name_the_place_with_most_families_by_its_count() -> None:
    picked = replace(chosen(HERE, FOUND), share=True)
    told = valued(
        areas({"registered": 9, "eligible_pkh": 2, "missing_pkh": 2}, {"registered": 9, "eligible_pkh": 60,
              "missing_pkh": 50}), picked,
    )  # fmt: skip
    assert "Kecamatan 2 (50)" in interventions.sentence(FOUND, picked, told, "Kota Kendari", "kecamatan", "id")
    assert told["missing_pkh"].round(3).tolist() == [1.0, 0.833]


def test_an_area_without_anybody_who_is_missed_has_nought_and_one_without_a_register_nothing() -> None:
    picked = Chosen("missing", "sembako", False, True)
    told = valued(areas({"registered": 9}, {"registered": None}), picked)
    assert told["missing_sembako"].tolist() == [0.0, pd.NA]
    table = interventions.table(told, picked, "kecamatan", "", "id")
    assert [row["cells"][:4] for row in table["rows"]] == [["Kecamatan 1", "9", "0", "–"],
                                                          ["Kecamatan 2", "–", "–", "–"]]  # fmt: skip


def test_a_card_says_what_the_number_is_part_of() -> None:
    words = unescape(interventions.card(FOUND, chosen(HERE, FOUND), "missing", "id"))
    assert "7.628" in words
    assert "64,8% dari yang berpotensi memenuhi syarat" in words


@pytest.mark.parametrize("key", PROGRAMMES)
def test_every_programme_says_who_acts_what_is_given_and_on_what_ground(key: str) -> None:
    words = interventions.about(FOUND, Chosen("eligible", key, False, False), "id")
    assert "Dihitung berpotensi memenuhi syarat" in words
    assert "belum diverifikasi" in words
    assert "berhak" not in words.lower()


def test_what_no_register_tells_is_named() -> None:
    assert "Belum ada data yang menyebutkan" in interventions.about(
        FOUND, Chosen("open", "nutrition", False, False), "id"
    )


def test_the_matrix_has_every_need_and_every_programme_of_the_place_and_no_number_that_nobody_knows() -> None:
    told = handover.matrix(FOUND, chosen(HERE, FOUND), "74.71", "en")
    rows = {row["code"]: row for row in told["rows"]}
    assert {"pkh", "sembako", "pbi", "pip", "papers", "nutrition"} <= set(rows)
    assert "kaj" not in rows
    assert {row["cells"][0] for row in told["rows"]} == {need.label for need in NEEDS.values()}
    assert rows["nutrition"]["order"][3:5] == [None, None]
    assert rows["pip"]["order"][5:] == [8_426, None, None, None, 0]
    assert rows["pkh"]["chosen"]


def test_an_office_names_its_open_needs_with_their_numbers() -> None:
    assert "12.514" in handover.office(FOUND, "puskesos", "id")
    assert "<li>" not in handover.office(FOUND, "dinkes", "id")


def test_a_need_of_which_no_register_tells_is_not_known_instead_of_nought() -> None:
    found = Summary("dtks", CONTEXT, {("registered", ""): Number(45, 90)}, {}, frozenset(), frozenset({"decile"}))
    picked = chosen(on(open="income"), found)
    assert picked.unknown
    told = valued(areas({"registered": 45}), picked)
    assert told["open_income"].isna().all()
    said = interventions.sentence(found, picked, told, "Kota Kendari", "kelurahan", "id")
    assert said.startswith("Belum diketahui berapa dari 45 keluarga terdaftar di Kota Kendari")
    assert "belum diketahui" in interventions.card(found, picked, "open", "id")
    other = chosen(HERE, found)
    assert (other.kind, other.unknown, NEEDS[other.key].facts) == ("open", False, NEEDS["nutrition"].facts)
