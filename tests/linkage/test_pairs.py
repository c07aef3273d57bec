"""The labelled pairs are what they say they are: who is who, how much is wrong, and the same every time."""

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from data.sample import pairs, slips

SEED = pairs.TRAINING[0]
LEFT, RIGHT = 1_200, 20_000


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="|"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> pairs.Pair:
    return pairs.children(tmp_path_factory.mktemp("pairs"), SEED, LEFT, RIGHT)


@pytest.fixture(scope="module")
def of_families(tmp_path_factory: pytest.TempPathFactory) -> pairs.Pair:
    return pairs.families(tmp_path_factory.mktemp("families"), SEED, 600, 6_000)


def test_what_is_tuned_and_what_is_reported_share_no_seed() -> None:
    assert set(pairs.TRAINING).isdisjoint(pairs.HELD_OUT)


def test_the_same_arguments_give_the_same_files_and_another_seed_gives_others(tmp_path: Path) -> None:
    first, again, other = (
        pairs.children(tmp_path / name, seed, 150, 3_000) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    for side in ("left", "right"):
        content = [getattr(each, side).path.read_bytes() for each in (first, again, other)]
        assert content[0] == content[1] != content[2]
    assert first.left_truth.equals(again.left_truth)


def test_the_truth_names_every_row_once(pair: pairs.Pair) -> None:
    for file, truth in ((pair.left, pair.left_truth), (pair.right, pair.right_truth)):
        rows = _rows(file.path)
        assert truth["file_row"].to_pylist() == list(range(2, len(rows) + 2))
    assert abs(pair.right_truth.num_rows - RIGHT) < RIGHT * 0.02


def test_kinds_are_what_they_are_called(pair: pairs.Pair) -> None:
    people = set(pair.right_truth["person"].to_pylist())
    homes = set(pair.right_truth["family"].to_pylist())
    expected = {"registered": (True, True), "sibling": (False, True), "outside": (False, False),
                "namesake": (False, False)}  # fmt: skip
    kinds: Counter[str] = Counter()
    for row in pair.left_truth.to_pylist():
        assert (row["person"] in people, row["family"] in homes) == expected[row["kind"]]
        kinds[row["kind"]] += 1
    assert kinds["registered"] == pytest.approx(LEFT * pairs.REGISTERED, rel=0.05)
    assert kinds["sibling"] == pytest.approx(LEFT * pairs.SIBLINGS, rel=0.1)
    assert kinds["namesake"] > 10


def test_the_exact_nik_finds_about_sixty_percent(pair: pairs.Pair) -> None:
    left, right = _rows(pair.left.path), _rows(pair.right.path)
    by_row = {row: own["NIK"] for row, own in enumerate(right, 2)}
    found: dict[int, bool] = {}
    for row in pairs.truth(pair).to_pylist():
        nik = left[row["left_row"] - 2]["NIK"]
        found[row["left_row"]] = found.get(row["left_row"], False) or (nik != "" and nik == by_row[row["right_row"]])
    assert 0.55 < sum(found.values()) / len(found) < 0.67


def test_names_and_dates_are_written_otherwise_where_it_says_so(pair: pairs.Pair) -> None:
    left, right = _rows(pair.left.path), _rows(pair.right.path)
    told = pair.left_truth["slips"].to_pylist()
    clean, spoilt = Counter[bool](), Counter[bool]()
    for row in pairs.truth(pair).to_pylist():
        at, own, other = row["left_row"] - 2, left[row["left_row"] - 2], right[row["right_row"] - 2]
        (spoilt if "name:" in told[at] else clean)[own["Nama"] == other["NAMA"]] += 1
    assert clean[True] / clean.total() > 0.8
    assert spoilt[True] / spoilt.total() < 0.1
    assert 0.25 < spoilt.total() / (spoilt.total() + clean.total()) < 0.6


def test_every_declared_slip_befalls_somebody(pair: pairs.Pair) -> None:
    named = {slip for row in pair.left_truth["slips"].to_pylist() for slip in row.split()}
    rare = {"name:narrow", "date:stranger", "date:rounded", "nik:stranger"}
    declared = {f"name:{slip}" for slip in slips.NAME_SLIPS} | {f"parent:{slip}" for slip in slips.PARENT_SLIPS}
    declared |= {f"date:{slip}" for slip in slips.DATE_SLIPS} | {f"nik:{fate}" for fate in pairs.NIK_FATES}
    assert declared - rare <= named
    assert {"moved", "name:unnamed"} <= named


def test_twins_share_all_but_name_and_number(pair: pairs.Pair) -> None:
    homes: dict[int, list[int]] = {}
    for row in pair.left_truth.to_pylist():
        homes.setdefault(row["family"], []).append(row["person"])
    twins = [each for each in homes.values() if len(each) > 1 and abs(each[0] % 10**4 - each[1] % 10**4) == 1]
    assert twins
    for one, other, *_ in twins:
        assert one % 10**8 // 10**4 == other % 10**8 // 10**4


def test_a_masked_list_shows_no_more_than_five_digits_of_a_nik(tmp_path: Path) -> None:
    masked = pairs.children(tmp_path, SEED, 150, 3_000, masked=True)
    written = [row["NIK"] for row in _rows(masked.left.path)]
    assert all(len(nik.rstrip("*")) <= pairs.NIK_SHOWN for nik in written)
    assert sum(nik.endswith("*" * 10) for nik in written) > 100


def test_more_children_than_there_are_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="5000"):
        pairs.children(tmp_path, SEED, 5_000, 3_000)


def test_families_at_risk_are_known_by_their_card(of_families: pairs.Pair) -> None:
    rows = _rows(of_families.left.path)
    truth = of_families.left_truth.to_pylist()
    homes = set(of_families.right_truth["family"].to_pylist())
    assert sum(row["family"] in homes for row in truth) == sum(row["kind"] == "registered" for row in truth) == 360
    same = [own["No. Kartu Keluarga"] == str(row["family"]) for own, row in zip(rows, truth, strict=True)]
    assert 0.7 < sum(same) / len(same) < 0.9
    joined = pairs.truth(of_families, "family")
    assert len(set(joined["left_row"].to_pylist())) == 360


def test_places_are_chosen_at_the_rate_that_is_said() -> None:
    random = Random(5)
    for share in (0.001, 0.05, 0.3, 0.9):
        assert len(slips.chosen(200_000, share, random)) / 200_000 == pytest.approx(share, rel=0.15)
    assert slips.chosen(1_000, 0, random) == []
    heavy = slips.chosen(100_000, 0.1, random, [0.5, 1.5] * 50_000)
    assert len(heavy) / 100_000 == pytest.approx(0.1, rel=0.1)
    assert sum(at % 2 for at in heavy) / len(heavy) == pytest.approx(0.75, rel=0.1)
