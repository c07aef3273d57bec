from pathlib import Path

import pytest

from tests.linkage.neighbourhood import Matched, children


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Matched:
    return children(Path(tmp_path_factory.getbasetemp()))


def test_the_same_nik_is_a_link_where_the_name_agrees_however_it_is_written(matched: Matched) -> None:
    assert matched.accepted("MUH. RIZKI ALAMSYAH") == [("MUHAMMAD RISKY ALAMSYAH", "SAME_NIK_AND_NAME_OR_BIRTH_DATE")]


def test_the_same_nik_with_another_name_and_birth_date_is_looked_at_and_never_a_link(matched: Matched) -> None:
    (pair,) = (pair for pair in matched.of("TEGUH WICAKSANA") if pair.right == "BAGAS KURNIAWAN")
    assert (pair.rule, pair.status) == ("SAME_NIK_OTHER_PERSON", "review")


def test_the_nik_of_the_mother_in_the_childs_record_is_no_contradiction(matched: Matched) -> None:
    assert [pair.right for pair in matched.of("YOGA PERWIRA")] == ["YOGA PERWIRA"]
    assert matched.accepted("YOGA PERWIRA")


def test_name_birth_date_and_kelurahan_are_enough_where_they_lead_to_one_record(matched: Matched) -> None:
    assert matched.accepted("GALIH PRAMUDITA") == [("GALIH PRAMUDITA", "SAME_NAME_BIRTH_DATE_AND_KELURAHAN")]


def test_what_no_rule_decides_is_found_by_probability(matched: Matched) -> None:
    assert matched.accepted("JOKO SUSANTO") == [("DJOKO SOESANTO", "SIMILAR_PERSON")]
    assert matched.accepted("DIMAS ANGGARA") == [("DIMAS ANGGORO", "SIMILAR_PERSON")]


def test_a_twin_is_not_linked_to_the_other_one(matched: Matched) -> None:
    assert matched.accepted("HANAFI BAHRUDIN") == []
    assert matched.accepted("HANAFI BAHRUDIN", "family") == [("BASUKI", "PARENTS_IN_FAMILY")]


def test_a_child_that_is_not_registered_leads_to_its_family(matched: Matched) -> None:
    assert matched.accepted("IRWANSYAH TUNGGAL") == []
    assert matched.accepted("IRWANSYAH TUNGGAL", "family") == [("HAMZAH TUNGGAL", "PARENTS_IN_FAMILY")]


def test_a_child_of_whom_nothing_is_registered_is_linked_to_nobody(matched: Matched) -> None:
    assert [pair for pair in matched.pairs if pair.left == "NASRULLAH EFENDI" and pair.status != "rejected"] == []


def test_a_baby_without_a_name_is_found_by_its_mother(matched: Matched) -> None:
    assert [pair.right for pair in matched.of("BY. NY. ENDANG PALUPI") if pair.status != "rejected"] == [
        "SATRIA PINILIH"
    ]


def test_a_record_with_nothing_but_a_name_is_not_usable(matched: Matched) -> None:
    assert [name for name, usable in matched.usable.items() if not usable] == ["KARTIKO"]
    assert matched.of("KARTIKO", "family") == []
