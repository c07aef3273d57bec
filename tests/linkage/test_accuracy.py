"""Quality is counted as it is explained, and ours is better than what anybody could do without us."""

import inspect
import random
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data.definitions.catalogue import LINKAGES
from data.linkage import accuracy, febrl
from data.linkage.accuracy import ACCEPTED, NAME_AND_DATE, NIK, OURS, Case, Score
from data.sample.pairs import HELD_OUT, TRAINING


@pytest.fixture
def case() -> Case:
    """Four children: one registered (twice), a sibling of theirs who is not, and two of unknown families."""
    one = frozenset
    return Case(
        LINKAGES["children"], (), (),
        persons={1: one([11]), 2: one([12]), 3: one([13]), 4: one([14])},
        homes={1: one([51]), 2: one([51]), 3: one([53]), 4: one([54])},
        kind={1: "registered", 2: "sibling", 3: "outside", 4: "namesake"},
        slips={1: "name:typing nik:missing", 2: "", 3: "", 4: ""},
        people={101: 11, 102: 11, 103: 19, 104: 18},
        houses={201: 51, 202: 59},
    )  # fmt: skip


def _answer(*pairs: tuple[int, int, str, str]) -> pa.Table:
    names = ("left_unit", "right_unit", "finds", "status")
    return pa.table(dict(zip(names, map(list, zip(*pairs, strict=True)), strict=True)))


def test_a_person_who_stands_twice_in_the_register_is_found_once(case: Case) -> None:
    assert accuracy.measured(case, [(1, 101), (1, 102)], "person") == Score(links=2, right=2, true=1, found=1)


def test_a_namesake_that_was_linked_costs_precision_and_a_child_that_was_missed_recall(case: Case) -> None:
    both = accuracy.measured(case, [(1, 101), (4, 103)], "person")
    assert (both.precision, both.recall, round(both.f1, 4)) == (0.5, 1.0, 0.6667)
    neither = accuracy.measured(case, [(4, 103)], "person")
    assert (neither.precision, neither.recall, neither.f1) == (0.0, 0.0, 0.0)


def test_families_are_to_be_found_for_children_who_are_not_registered_themselves(case: Case) -> None:
    assert accuracy.measured(case, [(1, 201), (2, 201), (3, 202)], "family") == Score(3, 2, 1, 1)


def test_pairs_under_review_are_counted_apart(case: Case) -> None:
    answer = _answer((1, 101, "person", "review"), (2, 201, "family", "accepted"), (4, 103, "person", "rejected"))
    scores = accuracy.of_answer(case, answer)
    assert scores["person"][ACCEPTED].found == 0
    assert scores["person"][accuracy.WITH_REVIEW] == Score(1, 1, 1, 1)
    assert scores["family"][ACCEPTED] == Score(1, 1, 1, 1)


def test_outcomes_are_compared_with_what_is_true(case: Case) -> None:
    answer = _answer((1, 101, "person", "accepted"), (3, 202, "family", "accepted"), (2, 201, "family", "review"))
    assert accuracy.outcomes(case, answer) == {
        ("registered", "registered"): 1,
        ("family_only", "unregistered"): 1,
        ("unregistered", "family_only"): 1,
        ("unregistered", "unregistered"): 1,
    }


def test_what_was_missed_is_told_by_its_slips(case: Case) -> None:
    found = accuracy.missed(case, _answer((1, 101, "person", "review"), (4, 103, "person", "accepted")))
    assert found["review"] == {"name:typing": 1, "nik:missing": 1}
    assert found["missed"] == {}
    assert found["wrong"] == {"namesake": 1}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    of = [trial for trial in accuracy.TRIALS if trial.key != "children_masked"]
    return accuracy.report(scale=0.04, seeds=HELD_OUT[:1], of=of)


def test_only_seeds_that_nothing_was_tuned_with_are_reported() -> None:
    seeds = inspect.signature(accuracy.report).parameters["seeds"].default
    assert seeds
    assert set(seeds).isdisjoint(TRAINING)


def test_a_system_that_does_not_tell_its_memory_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: False)
    monkeypatch.setitem(sys.modules, "resource", None)
    assert accuracy._peak() == 0.0


def test_we_find_more_than_the_same_nik_or_the_same_name_and_date(report: dict[str, Any]) -> None:
    methods = report["trials"]["children"]["methods"]
    ours = methods[OURS]["person_accepted"]
    assert ours["precision"] >= 0.97
    for plain in (NIK, NAME_AND_DATE):
        assert ours["f1"] > methods[plain]["person_accepted"]["f1"] + 0.1
    assert methods[OURS]["person_accepted_and_review"]["recall"] > ours["recall"]


def test_families_are_found_without_losing_precision(report: dict[str, Any]) -> None:
    methods = report["trials"]["families"]["methods"]
    assert methods[OURS]["family_accepted"]["precision"] >= 0.97
    assert methods[OURS]["family_accepted"]["f1"] > methods["same_kk"]["family_accepted"]["f1"]


def test_every_child_has_one_true_outcome_and_one_that_was_found(report: dict[str, Any]) -> None:
    counted = sum(sum(told.values()) for told in report["outcomes"].values())
    assert counted == pytest.approx(report["trials"]["children"]["sizes"][0], rel=0.05)


def test_the_report_reads_as_text_and_says_what_was_not_measured(report: dict[str, Any]) -> None:
    text = accuracy.text(report, "en")
    assert "280 × 4,520 records, seeds 201" in text
    assert "FEBRL 4  not measured: its file was not given" in text


def _wheel(path: Path, names: tuple[str, ...] = febrl.FILES) -> Path:
    """Records like those of FEBRL: every one stands in the second file with one field lost and one misspelt."""
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghijklmnoprst", k=7)) for _ in range(400)]
    fields = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
              "date_of_birth", "soc_sec_id")  # fmt: skip
    records = []
    for _ in range(500):
        own = [draw.choice(words) for _ in fields]
        own[2], own[6], own[7] = str(draw.randrange(200)), f"{draw.randrange(9999):04}", draw.choice(("nsw", "vic"))
        own[8] = f"{draw.randrange(1900, 2000)}{draw.randrange(1, 13):02}{draw.randrange(1, 29):02}"
        own[9] = str(draw.randrange(10**6, 10**7))
        records.append(own)
    head = "rec_id, " + ", ".join(fields)
    first = [f"rec-{at}-org, {', '.join(own)}" for at, own in enumerate(records)]
    second = []
    for at, own in enumerate(records):
        spoilt = list(own)
        lost, slipped = draw.sample(range(len(own)), 2)
        spoilt[lost], spoilt[slipped] = "", spoilt[slipped][1:] + spoilt[slipped][:1]
        second.append(f"rec-{at}-dup-0, {', '.join(spoilt)}")
    draw.shuffle(second)
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in zip(names, (first, second), strict=False):
            archive.writestr(name, "\n".join([head, *lines]) + "\n")
    return path


def test_the_same_machinery_matches_the_files_of_others(tmp_path: Path) -> None:
    found = febrl.found(_wheel(tmp_path / "some.whl"))
    right = sum(one == other for one, other in found)
    assert right == len(found)
    assert right >= 490


def test_a_wheel_without_the_data_set_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        febrl.found(_wheel(tmp_path / "some.whl", ("other.csv",)))
