"""A household's page as HTML: what it says, and that nothing from a file can be more than text."""

from dataclasses import replace
from datetime import date

import pandas as pd

from components import household as page
from data.household import Change, Household, Lack, Match, Moment
from data.interventions import NOTHING, NeedOf, ProgrammeOf
from data.queries import Context
from data.scope import Scope

DAY = date(2021, 1, 31)
HOSTILE = "<script>alert(1)</script>"
FAMILY = "dtks-74.71-2021-01-31-abc~7"
OTHER = "eppgbm-74.71-2021-02-28-abc~9"
CONTEXT = Context(DAY, None, None, False, True, ())
MATCH = Match(
    linkage="children", outcome="registered", rule="SAME_NIK", status="accepted", probability=0.999, register="eppgbm",
    period=DAY, area="74.71.05.1004", member="RAFI", told={"name": "RAFI", "stunted": True, "height": 81.5},
    pair="run.5", household=OTHER,
)  # fmt: skip


def members(**values: object) -> pd.DataFrame:
    row = {
        "name": "BUDI", "called": "BUDI", "family_head": "BUDI", "nik": "7471************", "kk": "7471************",
        "birth_date": DAY, "age": 40, "relation": "KEPALA KELUARGA", "address": "JL. MELATI", "hamlet": None,
        "rt": "001", "rw": "002", "updated": "yes", "updated_on": DAY, "dukcapil": "no", "programmes": "pkh",
        "file_row": 2, "occupation": "PETANI", "birth_place": "KENDARI", "decile": None,
    }  # fmt: skip
    return pd.DataFrame([row | values, row | {"name": "SITI", "called": "SITI", "occupation": "PEDAGANG"} | values])


FOUND = Household(
    key=FAMILY, register="dtks", area="74.71.05.1004", members=members(), elsewhere=0, programmes={"pkh": "PKH"},
    matches=(MATCH,), history=(), lacking=(Lack("Name is missing", "Add it.", ("BUDI",)),), interventions=NOTHING,
    context=CONTEXT,
)  # fmt: skip


def test_the_sentence_says_how_many_there_are_and_what_is_to_be_done() -> None:
    words = page.sentence(FOUND, "id")
    assert "2 anggota di Punggaloba, DTKS per 31 Januari 2021." in words
    assert "<strong>1 hal perlu dilengkapi atau diperbaiki.</strong>" in words
    assert "ditinjau" not in words
    open_ = replace(FOUND, matches=(replace(MATCH, status="review"),), lacking=(), elsewhere=1)
    words = page.sentence(open_, "id")
    assert "1 kecocokan perlu ditinjau" in words
    assert "1 anggota lain tercatat di wilayah" in words
    assert "dilengkapi" not in words


def test_a_family_is_called_by_its_head_and_a_single_record_by_its_name() -> None:
    assert page.title(FOUND, "id") == "Keluarga BUDI"
    assert page.title(replace(FOUND, register="eppgbm"), "id") == "BUDI"


def test_the_address_says_what_each_area_is() -> None:
    words = page.where(FOUND, "id")
    assert words.startswith("KK 7471")
    assert "RT 001 / RW 002, Kel. Punggaloba, Kec. Kendari Barat, Kota Kendari, Sulawesi Tenggara" in words


def test_a_match_says_how_sure_it_is_and_one_under_review_leads_to_the_review() -> None:
    about = Scope("74.71", register="eppgbm", filters=(("match", "registered"),))
    html = page.matches([MATCH], about, "id")
    assert "hampir pasti (&gt; 99%)" in html
    assert "dipadankan dengan RAFI" in html
    assert "81,5" in html
    assert "tinjau?" not in html
    address = f"keluarga?place=74.71&amp;register=eppgbm&amp;family={OTHER}&amp;match=registered"
    assert address in html.replace("%7E", "~")
    open_ = page.matches([replace(MATCH, status="review", probability=0.5, outcome="unregistered")], about, "id")
    assert "belum pasti (50%)" in open_
    assert "tinjau?place=74.71.05.1004&amp;linkage=children&amp;pair=run.5" in open_
    assert "Saat ini: Belum tercatat." in open_
    assert "Pemadanan tidak menemukannya" in page.matches([], about, "id")


def test_what_happened_to_several_alike_is_one_sentence() -> None:
    changes = (Change("entered", "BUDI"), Change("entered", "SITI"), Change("decile", "SITI", None, 2),
               Change("moved_kelurahan", "SITI", "74.71.05.1004", "74.71.05.1003"))  # fmt: skip
    assert page.spoken(changes, "id") == [
        "BUDI, SITI masuk data",
        "SITI: desil belum ditentukan menjadi 2",
        "SITI pindah dari Punggaloba ke Tipulu",
    ]


def test_the_history_links_the_other_snapshots_and_says_where_nobody_stands() -> None:
    earlier = Moment(date(2020, 6, 30), "before", 1, (), "before~3")
    moments = (Moment(DAY, "dtks-74.71-2021-01-31-abc", 2, (Change("entered", "SITI"),), FAMILY), earlier)
    first = Moment(date(2019, 6, 30), "first", 0, None, "")
    html = page.history(replace(FOUND, history=(*moments, first)), Scope("74.71"), "id")
    assert html.count("<a ") == 1
    assert "30 Juni 2020" in html
    assert "tidak ada perubahan" in html
    assert "SITI masuk data" in html
    assert html.index("2 anggota") < html.index("1 anggota") < html.index("belum tercatat")


def test_other_fields_are_told_once_or_with_whom_they_concern() -> None:
    html = page.facts(members(), "dtks", "id")
    assert "<dd>KENDARI</dd>" in html
    assert "<dd>PETANI<small>BUDI</small></dd><dd>PEDAGANG<small>SITI</small></dd>" in html
    assert "Desil" not in html


def test_programmes_are_potentially_eligible_and_never_entitled() -> None:
    one = ProgrammeOf("pkh", "PKH", "dinsos", "income", True, False, True, False, (), "")
    states = {
        page.state_of(one): "missing",
        page.state_of(replace(one, missing=False, receives=None)): "eligible",
        page.state_of(replace(one, missing=False, eligible=None)): "undecided",
        page.state_of(replace(one, missing=False, eligible=True, receives=True)): "receives",
        page.state_of(replace(one, missing=False, eligible=False, receives=True, unexplained=True)): "unexplained",
        page.state_of(replace(one, missing=False, eligible=False)): "",
    }
    assert all(found == expected for found, expected in states.items())
    html = page.programmes([one, replace(one, label="BST", missing=False, eligible=False)], "id")
    assert "berpotensi memenuhi syarat, belum menerima" in html
    assert "Tidak tampak memenuhi syarat: BST." in html
    needs = page.needs([NeedOf("income", "Low income", "dinsos", True, "Visit.")], "id")
    assert "belum terjawab" in needs


def test_nothing_from_a_file_is_markup() -> None:
    hostile = replace(MATCH, member=HOSTILE, told={"name": HOSTILE, "parent_name": HOSTILE}, status="review")
    moment = Moment(DAY, "x", 1, (Change("entered", HOSTILE), Change("left", HOSTILE)), "x~1")
    found = replace(
        FOUND,
        members=members(name=HOSTILE, called=HOSTILE, address=HOSTILE, occupation=HOSTILE),
        matches=(hostile,),
        history=(moment,),
        lacking=(Lack("Name is missing", "Add it.", (HOSTILE,)),),
    )
    html = page.matches(found.matches, Scope(), "id") + page.history(found, Scope(), "id")
    html += page.lacks(found.lacking, "id") + page.facts(found.members, "dtks", "id") + page.sentence(found, "id")
    assert "alert(1)" in html
    assert "<script" not in html
