"""What the review screen says and draws, without a browser."""

from dataclasses import replace
from datetime import UTC, date, datetime

from components import pairs, review
from data.definitions.catalogue import LINKAGES
from data.linkage.beside import Line, Member, Origin
from data.linkage.decisions import Decision
from data.linkage.estimate import Band, of_bands
from data.linkage.review import Item, Pair, Queue, Rival, Step
from data.scope import Scope

CHILDREN = LINKAGES["children"]
MADE = Decision(
    id="0" * 32, at=datetime(2021, 3, 1, tzinfo=UTC), who="<b>Wa Ode</b>", linkage="children", finds="person",
    verdict="accept", left_keys=("a",), right_keys=("b",), note="<i>tetangga</i>",
)  # fmt: skip
PAIR = Pair(
    key="run.1", linkage="children", finds="person", kind="person", sample=False, rule=CHILDREN.rules[-1],
    status="review", probability=0.968, alone=0.98, prior=-10.0,
    steps=(Step("Name", "similar", 12.0), Step("Parents", "differs", -3.0)),
    left=Origin("eppgbm", "<b>.csv", "", date(2021, 2, 28), 7, "74.71"),
    right=Origin("dtks", "dtks.csv", "", date(2021, 1, 31), 9, "74.71.08.1002"),
    lines=(
        Line("name", "Name", "<b>SITI", "<b>SITTI", "similar"),
        Line("nik", "NIK", "7471************", "7471************", "similar", digits=2),
        Line("parent", "Parent", "WA ODE", "LA ODE", "differs", role="ISTRI"),
        Line("kk", "KK", "", "7471************", "unknown"),
        Line("name", "Name", "BAYI", "", "alone"),
    ),
    family=(Member("<u>BUDI", "KEPALA KELUARGA", date(1980, 1, 2)), Member("ANI", "", None)), counted=True,
    outcomes=("unregistered", "registered", "unregistered"),
    rivals=(Rival("run.2", "person", "<b>SITA", "01-02-2018", "74.71.08.1002", 0.31, "review", True),),
    decisions=(MADE,),
)  # fmt: skip
QUEUE = Queue("children", True, (), (), 1, 1, {"": 9, "person": 4, "family": 2, "conflict": 1}, {"74.71.08.1002": 6})


def test_the_sentence_says_how_much_is_left() -> None:
    assert review.sentence(QUEUE, "<Kendari>", "en") == (
        "<strong>7 pairs</strong> in &lt;Kendari&gt; are to be reviewed. In 1 of them a number is the same and the rest"
        " is not."
    )
    done = replace(QUEUE, counts={"sample": 3})
    assert review.sentence(done, "Kendari", "en") == "Nothing is left to review in Kendari."


def test_a_probability_is_told_as_how_many_of_a_hundred() -> None:
    told = pairs.in_words(PAIR, CHILDREN, "id")
    assert told == "<strong>Cocok 97%</strong>: dari 100 pasangan seperti ini, 97 adalah orang yang sama."
    sure = pairs.in_words(replace(PAIR, probability=0.9999, finds="family"), CHILDREN, "en")
    assert sure == "<strong>Match &gt; 99%</strong>: of 100 pairs like this one, more than 99 are the child's family."


def test_a_contradiction_has_no_probability_but_a_reason() -> None:
    rule = next(rule for rule in CHILDREN.rules if not rule.links)
    told = pairs.in_words(replace(PAIR, kind="conflict", rule=rule), CHILDREN, "en")
    assert told == rule.says
    assert review.entry(replace(ITEM, kind="conflict"), "", "en")["value"] == "?"


def test_the_head_says_what_a_decision_changes() -> None:
    told = pairs.consequence(PAIR, CHILDREN, "en")
    assert "If accepted: <strong>Child registered</strong>" in told
    assert "do not count" not in told
    same = pairs.consequence(
        replace(PAIR, outcomes=("registered", "registered", "registered"), counted=False), CHILDREN, "en"
    )
    assert "Either way it stays: <strong>Child registered</strong>" in same
    assert "The figures do not count this record." in same


def test_letters_that_differ_are_marked_and_files_stay_text() -> None:
    drawn = pairs.beside(PAIR, CHILDREN, "en")
    assert '<td>&lt;b&gt;SIT<i class="gap"></i>I</td><td>&lt;b&gt;SIT<ins>T</ins>I</td>' in drawn
    assert "<td><mark>WA</mark> ODE</td><td><mark>LA</mark> ODE <small>istri</small></td>" in drawn
    assert "2 digits differ" in drawn
    assert "<mark>7" not in drawn
    assert not [part for part in ("<b>SIT", "<b>.csv", "<u>") if part in drawn]
    assert "02-01-1980" in drawn


def test_texts_without_a_common_word_are_not_marked() -> None:
    assert pairs._cells(Line("address", "Address", "JL. A", "LRG. B", "differs")) == ("JL. A", "LRG. B")


def test_a_swapped_day_and_month_are_marked_as_such() -> None:
    assert pairs._cells(Line("birth_date", "Birth date", "03-04-2018", "04-03-2018", "differs")) == (
        "<mark>03</mark>-<mark>04</mark>-2018", "<mark>04</mark>-<mark>03</mark>-2018",
    )  # fmt: skip
    unmasked = Line("nik", "NIK", "7471081707189001", "7471081707189011", "similar", digits=1)
    assert pairs._cells(unmasked)[1] == "74710817071890<mark>1</mark>1"


def test_the_chart_leads_from_rarity_to_the_probability() -> None:
    (bars,) = pairs.waterfall(PAIR, "en").data
    assert list(bars.x) == [-10.0, 12.0, -3.0, 0]
    assert [text[3:-4] for text in bars.text] == ["÷1,024", "×4,096", "÷8", "98%"]
    assert list(bars.hovertext)[1] == "Name: similar: ×4,096"


def test_many_reasons_end_in_one_bar_for_the_weakest() -> None:
    steps = tuple(Step(f"Field {at}", "the same", 12.0 - at) for at in range(12))
    (bars,) = pairs.waterfall(replace(PAIR, steps=steps), "en").data
    assert len(bars.x) == pairs.FIRST_STEPS + 2
    assert sum(bars.x) == PAIR.prior + sum(step.weight for step in steps)


ITEM = Item("run.1", "person", "<b>SITI", "SITTI", "74.71.08.1002", 0.5, "review", None)


def test_an_entry_of_the_queue_names_both_and_the_place() -> None:
    assert review.entry(ITEM, "run.1", "id") == {
        "key": "run.1", "title": "<b>SITI", "other": "SITTI", "note": "Bende", "value": "50%", "chosen": True,
    }  # fmt: skip
    told = review.entry(replace(ITEM, decided=MADE), "", "en")["note"]
    assert told.startswith("Bende · accepted, <b>Wa Ode</b>, 1 March 2021")


def test_another_candidate_says_where_it_stands_and_whether_it_is_a_family() -> None:
    told = pairs.rival(PAIR.rivals[0], PAIR, "en")
    assert (told["title"], told["note"], told["value"]) == (
        "<b>SITA",
        "DTKS · 01-02-2018 · Bende · under review",
        "31%",
    )
    assert "DTKS · family" in pairs.rival(replace(PAIR.rivals[0], finds="family"), PAIR, "en")["note"]
    assert pairs.rival(replace(PAIR.rivals[0], for_left=False), PAIR, "en")["note"].startswith("e-PPGBM")


def test_every_decision_is_told_with_who_when_and_why() -> None:
    told = pairs.history(PAIR.decisions, "en")
    assert "<b>accepted</b> <small>&lt;b&gt;Wa Ode&lt;/b&gt;, 1 March 2021" in told
    assert "<p>&lt;i&gt;tetangga&lt;/i&gt;</p>" in told


def test_the_name_of_a_reviewer_is_no_markdown() -> None:
    told = review.decided("{verdict}, {who}.", replace(MADE, who="![](http://x)"), "en")
    assert told.startswith(r"accepted, \!\[\]\(http\://x\), 1 March 2021")


def test_a_pair_that_is_gone_gives_way_to_the_first_of_the_queue() -> None:
    scope, full = Scope("74.71"), replace(QUEUE, items=(ITEM,))
    assert review.keys_of(scope.with_filter("pair", "old.7"), full) == ["old.7", "run.1"]
    assert review.keys_of(scope, full) == ["run.1"]
    assert review.keys_of(scope, QUEUE) == []


def test_the_estimate_is_told_with_its_interval_or_what_it_lacks() -> None:
    found = of_bands({"accepted": Band(1000, 100, 99), "review": Band(50, 50, 20), "rejected": Band(400, 40, 0)})
    told = review.quality(found, 12, "en")
    assert "Accepted pairs that are right: <strong>99.0%</strong> (94.6–99.8%)" in told
    assert "190 pairs reviewed so far." in told
    assert "The sample holds 12 more pairs" in told
    few = of_bands({"accepted": Band(1000, 10, 10), "review": Band(50, 50, 20), "rejected": Band(400, 0, 0)})
    assert "Still lacking: 20 accepted pairs, 30 rejected pairs." in review.quality(few, 0, "en")


def test_areas_are_sorted_by_what_is_left_in_them() -> None:
    drawn = review.areas(QUEUE, "74.71.08.1002", "en")
    assert drawn["rows"][0]["cells"] == ["Bende", "6"]
    assert drawn["rows"][0]["chosen"]
    assert review.areas(replace(QUEUE, areas={"": 2}), "", "en")["rows"][0]["cells"] == ["not placed", "2"]
