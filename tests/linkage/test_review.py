"""The queue of pairs, one pair, and what a decision does, over a matching written by hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from data.access import OWNER, Refused
from data.linkage import decisions, review
from data.linkage.review import Pair, Queue
from data.scope import Scope
from data.snapshots import Store
from tests.builders import BENDE, KENDARI, MANDONGA, PONDAMBEA, in_full, nik, somebody
from tests.linkage import by_hand

HERE = Scope(KENDARI)
OTHER = replace(OWNER, name="Wa Ode")
HARTANTO = "NADIA HARTANTO 7471************"
"""As the screen may show it."""


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Only for reading."""
    folder = tmp_path_factory.mktemp("matched")
    store = Store(folder / "home")
    by_hand.matched(store, folder)
    return store


@pytest.fixture
def store(matched: Store, tmp_path: Path) -> Store:
    shutil.copytree(matched.path, tmp_path / "home")
    return Store(tmp_path / "home")


def queue(store: Store, kind: review.Kind = "", scope: Scope = HERE) -> Queue:
    return review.queue(store, OWNER, scope, "children", kind)


def names(found: Queue) -> list[tuple[str, str]]:
    return [(item.left, item.right) for item in found.items]


def key(store: Store, left: str, right: str) -> str:
    every = [item for kind in ("", "decided") for item in queue(store, kind).items]
    return next(item.key for item in every if (item.left, item.right) == (left, right))


def pair(store: Store, left: str, right: str, unmasked: bool = False) -> Pair:
    found = review.pair(store, OWNER, HERE, "children", key(store, left, right), unmasked)
    assert found
    return found


def judge(store: Store, left: str, right: str, verdict: decisions.Verdict, **told: str) -> review.Judged:
    found = review.judge(store, OWNER, HERE, "children", key(store, left, right), verdict, **told)  # type: ignore[arg-type]
    assert found
    return found


def test_doubts_that_change_a_figure_come_first_then_contradictions_then_samples(matched: Store) -> None:
    found = queue(matched)
    assert names(found) == [
        ("NADIA HARTONO", "NADYA HARTONO"),
        ("NADIA HARTONO", HARTANTO),
        ("NADIA HARTONO", "BUDI HARTONO"),
        (by_hand.HOSTILE, "AHMAD"),
        ("ILHAM PRATAMA", "SITTI HAJRAH"),
        ("ZULKIFLI BAHRI", "ZULKIFLI BAHRI"),
        ("FAJAR SETIAWAN", "FARHAN"),
        ("RAFI SAPUTRA", "RAFI SAPUTRA"),
    ]
    assert found.counts == {
        "": 8, "conflict": 1, "person": 3, "family": 1, "sample": 3, "unsure": 0, "decided": 0
    }  # fmt: skip


def test_what_is_left_is_told_by_kelurahan_and_kind(matched: Store) -> None:
    assert queue(matched).areas == {BENDE: 4, PONDAMBEA: 2, MANDONGA: 2}
    assert queue(matched, "conflict").areas == {MANDONGA: 1}
    assert names(queue(matched, scope=HERE.at(PONDAMBEA)))[0] == (by_hand.HOSTILE, "AHMAD")


def test_a_pair_says_what_each_register_has_and_where_they_agree(matched: Store) -> None:
    found = pair(matched, "NADIA HARTONO", "NADYA HARTONO")
    told = {line.key: (line.left, line.right, line.agrees) for line in found.lines}
    assert told["name"] == ("NADIA HARTONO", "NADYA HARTONO", "similar")
    assert told["birth_date"] == ("17-07-2018", "17-07-2018", "same")
    assert told["parent"] == ("DEWI LESTARI", "DEWI LESTARI", "same")
    assert told["kk"][2] == "unknown"
    assert (found.left.register, found.right.register) == ("eppgbm", "dtks")
    assert found.right.file_row == 5
    assert [member.name for member in found.family] == ["BUDI HARTONO", "DEWI LESTARI", "NADYA HARTONO"]


def test_what_the_newest_row_lacks_is_taken_from_an_older_one(matched: Store) -> None:
    found = pair(matched, "RAFI SAPUTRA", "RAFI SAPUTRA")
    told = {line.key: (line.left, line.right) for line in found.lines}
    assert told["name"] == ("RAFI SAPUTRA", "RAFI SAPUTRA")
    assert told["parent"] == ("SITI MARLINA", "SITI MARLINA")
    assert found.left.file_row == 3


def test_what_speaks_for_a_pair_adds_up_to_its_probability(matched: Store) -> None:
    found = pair(matched, "NADIA HARTONO", "NADYA HARTONO")
    weight = found.prior + sum(step.weight for step in found.steps)
    assert 1 / (1 + 2**-weight) == pytest.approx(found.alone) == pytest.approx(0.6)
    assert [step.comparison for step in found.steps] == ["Birth date", "Name", "Parents"]
    assert found.steps[-1].level == "differs"


def test_candidates_of_one_record_share_its_chance(matched: Store) -> None:
    found = pair(matched, "NADIA HARTONO", "NADYA HARTONO")
    assert found.probability < 0.45 < found.alone
    assert {(rival.name, rival.for_left) for rival in found.rivals} == {
        (HARTANTO, True),
        ("BUDI HARTONO", True),
    }


def test_a_pair_says_what_a_decision_would_change(matched: Store) -> None:
    assert pair(matched, "NADIA HARTONO", "NADYA HARTONO").outcomes == ("unregistered", "registered", "unregistered")
    assert pair(matched, "NADIA HARTONO", "BUDI HARTONO").outcomes == ("unregistered", "family_only", "unregistered")
    assert pair(matched, "RAFI SAPUTRA", "RAFI SAPUTRA").outcomes == ("registered", "registered", "unregistered")
    assert pair(matched, "NADIA HARTONO", "NADYA HARTONO").counted
    assert not pair(matched, "ZULKIFLI BAHRI", "ZULKIFLI BAHRI").counted


def test_numbers_are_masked_unless_asked_for_and_allowed(matched: Store) -> None:
    conflict = key(matched, "ILHAM PRATAMA", "SITTI HAJRAH")
    asking = in_full(matched)
    for viewer, unmasked, seen in ((asking, False, False), (OWNER, True, False), (asking, True, True)):
        found = review.pair(matched, viewer, HERE, "children", conflict, unmasked)
        assert found
        told = {line.key: line for line in found.lines}
        assert (told["nik"].left == told["nik"].right == nik(4)) is seen
        assert told["nik"].agrees == "same"
        assert (nik(4) in repr(found)) is seen
    noted = {line.key: line for line in pair(matched, by_hand.HOSTILE, "AHMAD").lines}
    assert nik(5) not in noted["address"].left


def test_a_number_typed_into_a_name_is_masked_wherever_the_name_stands(matched: Store) -> None:
    other, own = (key(matched, "NADIA HARTONO", name) for name in ("NADYA HARTONO", HARTANTO))
    for viewer, unmasked, seen in (
        (in_full(matched), False, False),
        (OWNER, True, False),
        (in_full(matched), True, True),
    ):
        rivals, family = (review.pair(matched, viewer, HERE, "children", one, unmasked) for one in (other, own))
        assert rivals
        assert family
        assert (by_hand.TYPED in [rival.name for rival in rivals.rivals]) is seen
        assert (by_hand.TYPED in [member.name for member in family.family]) is seen


def test_a_viewer_sees_only_pairs_whose_records_both_lie_in_their_places(matched: Store) -> None:
    limited = somebody("petugas", PONDAMBEA, BENDE)
    with pytest.raises(Refused):
        review.queue(matched, limited, HERE, "children")
    assert names(review.queue(matched, limited, HERE.at(PONDAMBEA), "children")) == [
        ("ZULKIFLI BAHRI", "ZULKIFLI BAHRI")
    ]
    with pytest.raises(Refused):
        review.pair(matched, limited, HERE.at(PONDAMBEA), "children", key(matched, by_hand.HOSTILE, "AHMAD"))
    with pytest.raises(Refused):
        review.judge(matched, limited, HERE.at(PONDAMBEA), "children", key(matched, by_hand.HOSTILE, "AHMAD"), "accept")


def test_a_pair_that_does_not_exist_is_nothing(matched: Store) -> None:
    first = queue(matched).items[0].key
    for wrong in ("", "x", "x.1", first.rpartition(".")[0] + ".99", first.rpartition(".")[0] + ".-1"):
        assert review.pair(matched, OWNER, HERE, "children", wrong) is None


def test_a_decision_takes_the_pair_and_its_rivals_out_of_the_queue(store: Store) -> None:
    judged = judge(store, "NADIA HARTONO", "NADYA HARTONO", "accept", note="tetangga mengenalnya")
    assert judged.next == key(store, by_hand.HOSTILE, "AHMAD")
    assert not any(left == "NADIA HARTONO" for left, _ in names(queue(store)))
    assert names(queue(store, "decided")) == [("NADIA HARTONO", "NADYA HARTONO")]
    found = pair(store, "NADIA HARTONO", "NADYA HARTONO")
    assert (found.status, found.outcomes[0]) == ("accepted", "registered")
    assert [(one.verdict, one.who, one.note) for one in found.decisions] == [
        ("accept", OWNER.name, "tetangga mengenalnya")
    ]
    assert found.probability < 0.45


def test_rejecting_one_of_two_candidates_leaves_the_other_likelier(store: Store) -> None:
    before = pair(store, "NADIA HARTONO", HARTANTO).probability
    judge(store, "NADIA HARTONO", "NADYA HARTONO", "reject")
    assert pair(store, "NADIA HARTONO", HARTANTO).probability == pytest.approx(0.6)
    assert before < 0.45


def test_what_is_left_open_can_be_found_again(store: Store) -> None:
    judge(store, "ILHAM PRATAMA", "SITTI HAJRAH", "unsure")
    assert queue(store).counts["conflict"] == 0
    assert names(queue(store, "unsure")) == [("ILHAM PRATAMA", "SITTI HAJRAH")]


def test_a_decision_that_is_taken_back_stays_in_the_history(store: Store) -> None:
    made = judge(store, "NADIA HARTONO", "NADYA HARTONO", "accept").decision
    judge(store, "NADIA HARTONO", "NADYA HARTONO", "withdraw", seen=made.id)
    found = pair(store, "NADIA HARTONO", "NADYA HARTONO")
    assert found.status == "review"
    assert [one.verdict for one in found.decisions] == ["withdraw", "accept"]
    assert queue(store).counts[""] == 8


def test_the_newer_of_two_reviewers_counts_and_learns_of_the_other(store: Store) -> None:
    one = key(store, "NADIA HARTONO", "NADYA HARTONO")
    found_by_matching = pair(store, "NADIA HARTONO", "NADYA HARTONO").probability
    first = review.judge(store, OTHER, HERE, "children", one, "accept")
    second = review.judge(store, OWNER, HERE, "children", one, "reject")
    assert first
    assert second
    assert first.overruled is None
    assert second.overruled == first.decision
    assert first.decision.probability == second.decision.probability == pytest.approx(found_by_matching)
    found = pair(store, "NADIA HARTONO", "NADYA HARTONO")
    assert [(made.who, made.verdict) for made in found.decisions] == [(OWNER.name, "reject"), ("Wa Ode", "accept")]
    again = review.judge(store, OWNER, HERE, "children", one, "accept", seen=second.decision.id)
    assert again
    assert again.overruled is None


def test_only_the_newest_decision_and_ones_own_can_be_taken_back(store: Store) -> None:
    one = key(store, "NADIA HARTONO", "NADYA HARTONO")
    assert review.judge(store, OWNER, HERE, "children", one, "withdraw") is None
    mine = judge(store, "NADIA HARTONO", "NADYA HARTONO", "accept").decision
    newer = review.judge(store, OTHER, HERE, "children", one, "reject", seen=mine.id)
    assert newer
    for seen in (mine.id, newer.decision.id):
        with pytest.raises(review.Overtaken) as refused:
            judge(store, "NADIA HARTONO", "NADYA HARTONO", "withdraw", seen=seen)
        assert refused.value.newest == newer.decision
    assert decisions.decisions(store)[-1] == newer.decision
    assert review.judge(store, OTHER, HERE, "children", one, "withdraw", seen=newer.decision.id)


def test_what_a_question_is_about_is_read_once_however_many_runs_there_are(
    matched: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = [Store(shutil.copytree(matched.path, tmp_path / str(number))) for number in range(5)]
    read = [queue(store).runs[0].folder for store in stores]
    assert set(read) <= set(review._works)
    monkeypatch.setattr(review, "KEPT", 0)
    queue(stores[0])
    assert list(review._works) == list(review._standings) == read[:1]


def test_the_queue_goes_round_and_ends(store: Store) -> None:
    keys = [item.key for item in queue(store).items]
    assert review.around(store, OWNER, HERE, "children", "", keys[0]) == ("", keys[1])
    assert review.around(store, OWNER, HERE, "children", "", keys[-1]) == (keys[-2], "")
    last = review.judge(store, OWNER, HERE, "children", keys[-1], "reject")
    assert last
    assert last.next == keys[0]
    only = review.judge(
        store, OWNER, HERE, "children", queue(store, "conflict").items[0].key, "reject", kind="conflict"
    )
    assert only
    assert only.next == ""


def test_without_a_matching_nothing_is_left(tmp_path: Path) -> None:
    empty = Store(tmp_path / "home")
    assert review.matched(empty, OWNER, HERE) == ()
    found = queue(empty)
    assert (found.matched, found.items, found.pages) == (False, (), 1)
