"""What the comparison's screen says and draws, without a browser."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from components import comparison
from data.comparison import COLUMNS, KINDS, Comparison
from data.queries import Context
from data.scope import Scope

NAME = "<b>NAMA YANG SANGAT PANJANG SEKALI " + "X" * 200
CONTEXT = Context(date(2021, 1, 31), date(2020, 11, 30), None, False, True, ())
FOUND = Comparison(
    register="dtks",
    grain="person",
    totals={"entered": 1477, "left": 889, "moved": 5, "decile": None, "updated": 7, "nik_mended": 2},
    moved_kelurahan=4,
    moved_family=2,
    moved_away=0,
    identified={"nik": 900, "same_family": 100},
    then=1889,
    undecided=0,
    undecided_before=0,
    context=CONTEXT,
    earlier=(),
)


def row(**fields: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("changes", *COLUMNS)), "changes": "entered", "name": "WARGA", **fields}


def test_the_sentence_says_who_came_and_who_went() -> None:
    assert comparison.sentence(replace(FOUND, earlier=("x",)), "<Kendari>", "en") == (  # type: ignore[arg-type]
        "Since 30 November 2020, <strong>1,477 persons entered and 889 left</strong> the register in &lt;Kendari&gt;;"
        " 5 moved."
    )


def test_the_undecided_are_part_of_the_sentence_and_never_hidden() -> None:
    found = replace(FOUND, earlier=("x",), undecided=3)  # type: ignore[arg-type]
    assert "3 of the newer and 0 of the earlier rows cannot be decided" in comparison.sentence(found, "A", "en")
    assert "<td>3</td>" in comparison.recognised(found, "en")


def test_without_an_earlier_snapshot_nothing_is_said() -> None:
    assert comparison.sentence(FOUND, "Kendari", "id") == ""


def test_what_a_file_does_not_tell_is_not_known_and_cannot_be_chosen() -> None:
    cards = {card["kind"]: card for card in comparison.cards(FOUND, "left", "en")}
    assert list(cards) == list(KINDS)
    assert (cards["decile"]["amount"], cards["decile"]["disabled"]) == ("not known", True)
    assert (cards["left"]["amount"], cards["left"]["chosen"], cards["left"]["note"]) == ("889", True, "47.1% of 1,889")


def test_a_table_leaves_out_what_nobody_can_tell() -> None:
    values = pd.DataFrame([{"code": "74.71.08", "name": "Kadia", **dict.fromkeys(KINDS, 1), "moved_away": 2,
                            "undecided": 0}])  # fmt: skip
    drawn = comparison.areas(values, "moved", "kecamatan", FOUND.totals, "", "en")
    assert drawn["columns"] == ["Kecamatan", "Entered", "Left", "Moved", "Moved away", "Newly updated", "NIK mended",
                                "Cannot be decided"]  # fmt: skip
    assert drawn["rows"][0]["cells"] == ["Kadia", "1", "1", "1", "2", "1", "1", "0"]
    assert drawn["sort"] == {"column": 3, "down": True}


def test_a_change_is_told_as_before_and_now() -> None:
    told = comparison.changes(
        row(changes="moved,decile,updated", kelurahan_name_before="Bende", kelurahan_name="Kadia", decile=4.0,
            kk="1", kk_before="1", decile_before=float("nan"), updated_on=date(2021, 1, 2), updated_on_before=pd.NaT),
        "en",
    )  # fmt: skip
    assert told == [
        "<small>kelurahan</small> Bende → <b>Kadia</b>",
        "<small>decile</small> not determined → <b>4</b>",
        "<small>updated</small> – → <b>2 January 2021</b>",
    ]


def test_masked_family_numbers_that_look_alike_are_told_in_words() -> None:
    masked = "7471************"
    told = comparison.changes(
        row(changes="moved", kelurahan_name="Bende", kelurahan_name_before="Bende", kk=masked, kk_before=masked), "en"
    )
    assert told == ["<small>another family</small>"]


def test_names_are_shown_as_text() -> None:
    drawn = comparison.people(pd.DataFrame([row(name=NAME, address=NAME, kelurahan_name=NAME)]), "id")
    assert "<b>NAMA" not in drawn.replace("<b>&lt;b&gt;NAMA", "")
    assert drawn.count("&lt;b&gt;NAMA") == 3


def test_an_address_that_names_nothing_shows_who_entered() -> None:
    assert comparison.kind_of(Scope("74.71", filters=(("change", "nonsense"),))) == "entered"
    assert comparison.kind_of(Scope("74.71", filters=(("change", "undecided"),))) == "undecided"


def test_a_register_that_the_store_lacks_gives_way_to_one_that_it_has() -> None:
    assert comparison.about(Scope("74.71", register="nonsense"), ("p3ke", "dtks")).register == "p3ke"
    assert comparison.about(Scope("74.71"), ("p3ke", "dtks")).register == "dtks"
