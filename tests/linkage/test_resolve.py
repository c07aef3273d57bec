from math import log2

import pyarrow as pa
import pytest

from data.definitions.catalogue import LINKAGES
from data.linkage.resolve import resolve

CHILDREN = LINKAGES["children"]
CERTAIN, DOUBTED, LIKELY, HOME = (
    "SAME_NIK_AND_NAME_OR_BIRTH_DATE",
    "SAME_NIK_OTHER_PERSON",
    "SIMILAR_PERSON",
    "PARENTS_IN_FAMILY",
)


def pairs(*told: tuple[int, int, float, str] | tuple[int, int, float, str, bool]) -> pa.Table:
    """Pairs of (left, right, weight, rule), where they say so ones that may not count by themselves."""
    rows = [
        {
            "left_entity": left, "right_entity": right, "weight": float(weight), "rule": rule,
            "finds": "family" if rule == HOME else "person", "settles": not more or more[0],
            "probability": 1 / (1 + 2.0**-weight),
        }
        for left, right, weight, rule, *more in told
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def statuses(table: pa.Table, decided: dict[int, str] | None = None) -> list[str]:
    return list(resolve(table, decided or {}, CHILDREN)["status"].to_pylist())


def test_one_candidate_keeps_its_probability() -> None:
    found = resolve(pairs((1, 1, log2(9), LIKELY)), {}, CHILDREN)
    assert found["probability"].to_pylist() == pytest.approx([0.9])


def test_candidates_of_one_child_make_each_other_less_likely() -> None:
    found = resolve(pairs((1, 1, 5, LIKELY), (1, 2, 5, LIKELY)), {}, CHILDREN)
    assert found["probability"].to_pylist() == pytest.approx([32 / 65, 32 / 65])
    assert found["status"].to_pylist() == ["review", "review"]


def test_the_chances_are_those_of_all_ways_to_link() -> None:
    """Two children and two persons on a path: a–A, a–B, b–B; no links, three single ones, and a–A with b–B."""
    odds = {"a-A": 8.0, "a-B": 4.0, "b-B": 16.0}
    found = resolve(pairs((1, 1, 3, LIKELY), (1, 2, 2, LIKELY), (2, 2, 4, LIKELY)), {}, CHILDREN)
    ways = 1 + sum(odds.values()) + odds["a-A"] * odds["b-B"]
    both = odds["a-A"] * odds["b-B"]
    expected = [(odds["a-A"] + both) / ways, odds["a-B"] / ways, (odds["b-B"] + both) / ways]
    assert found["probability"].to_pylist() == pytest.approx(expected)


def test_whom_somebody_else_fits_better_is_left_to_them() -> None:
    """Taking the heaviest first would leave the second child without anybody."""
    table = pairs((1, 1, 12, LIKELY), (1, 2, 11, LIKELY), (2, 1, 11.5, LIKELY))
    links = resolve(table, {}, CHILDREN)
    chosen = [row for row in range(3) if links["status"][row].as_py() == "accepted"]
    assert chosen == [1, 2]


def test_a_person_is_one_child_and_a_family_has_several() -> None:
    persons = pairs((1, 1, 20, LIKELY), (2, 1, 8, LIKELY))
    homes = pairs((1, 1, 20, HOME), (2, 1, 18, HOME))
    assert statuses(persons) == ["accepted", "rejected"]
    assert statuses(homes) == ["accepted", "accepted"]


def test_two_records_of_one_person_are_no_competition() -> None:
    table = pa.concat_tables([pairs((1, 1, 20, LIKELY)), pairs((1, 1, 18, LIKELY))])
    assert statuses(table) == ["accepted", "accepted"]


def test_a_certain_rule_outweighs_a_likely_other_person() -> None:
    assert statuses(pairs((1, 1, -3, CERTAIN), (1, 2, 15, LIKELY))) == ["accepted", "rejected"]


def test_a_contradiction_waits_for_somebody_and_takes_nobody_away() -> None:
    table = pairs((1, 1, -9, DOUBTED), (1, 2, 15, LIKELY), (2, 1, 15, LIKELY))
    assert statuses(table) == ["review", "accepted", "accepted"]


def test_what_may_not_count_by_itself_waits_however_likely_it_is() -> None:
    assert statuses(pairs((1, 1, 30, LIKELY, False))) == ["review"]


def test_decisions_come_first() -> None:
    table = pairs((1, 1, 20, LIKELY), (1, 2, 8, LIKELY))
    assert statuses(table, {0: "reject"}) == ["rejected", "accepted"]
    assert statuses(table, {1: "accept"}) == ["rejected", "accepted"]
    assert statuses(table, {0: "unsure"})[0] == "review"
    assert statuses(pairs((1, 1, -9, DOUBTED)), {0: "accept"}) == ["accepted"]
    assert statuses(pairs((1, 1, -9, DOUBTED)), {0: "reject"}) == ["rejected"]
    assert resolve(table, {1: "accept"}, CHILDREN)["decided"].to_pylist() == ["", "accept"]


def test_of_two_accepted_pairs_of_one_child_one_counts() -> None:
    found = statuses(pairs((1, 1, 5, LIKELY), (1, 2, 8, LIKELY)), {0: "accept", 1: "accept"})
    assert found.count("accepted") == 1


def test_a_part_of_the_pairs_says_the_same_as_all_of_them() -> None:
    table = pairs((1, 1, 6, LIKELY), (1, 2, 5, LIKELY), (7, 8, 3, LIKELY), (7, 9, 1, LIKELY))
    whole, part = resolve(table, {}, CHILDREN), resolve(table.slice(2), {}, CHILDREN)
    assert part["status"].to_pylist() == whole["status"].to_pylist()[2:]
    assert part["probability"].to_pylist() == pytest.approx(whole["probability"].to_pylist()[2:])


def test_no_pairs_are_no_links() -> None:
    empty = pairs((1, 1, 1, LIKELY)).slice(0, 0)
    assert resolve(empty, {}, CHILDREN).num_rows == 0


def test_every_one_of_many_pairs_gets_a_status() -> None:
    told = [(left, (left * 7 + step) % 30_000, step - 1.0, LIKELY) for left in range(30_000) for step in (1, 9)]
    assert len(statuses(pairs(*told))) == 60_000  # type: ignore[arg-type]
