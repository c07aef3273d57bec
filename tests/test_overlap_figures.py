"""Figures of matched registers, asked like any other: value, bounds, areas, dates, sources, history, command line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data import evaluation, queries
from data.access import OWNER
from data.definitions.catalogue import INDICATORS, LINKAGES
from data.evaluation import Value
from data.scope import Scope
from data.snapshots import Store
from tests.builders import BENDE, KADIA, KENDARI, MANDONGA
from tests.linkage import worked
from tests.linkage.worked import EARLIER, LATER

SHARE = "stunted_registered_share"
ABSENT = "stunted_unregistered"
HERE = Scope(KENDARI, indicator=SHARE)


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked.matched(tmp_path_factory.getbasetemp())


def test_a_share_is_divided_by_all_who_count_and_has_bounds(matched: Store) -> None:
    found = queries.figures(matched, OWNER, HERE, (SHARE, ABSENT))
    assert found[SHARE].now == Value(1 / 6, 1, 6, low=1 / 6, high=2 / 6)
    assert found[SHARE].before == Value(0.0, 0, 4, low=0.0, high=0.0)
    assert found[SHARE].history == ((EARLIER, 0.0), (LATER, 1 / 6))
    assert found[ABSENT].now == Value(3.0, low=2.0, high=3.0)


def test_dates_and_sources_are_those_of_the_matching(matched: Store) -> None:
    asked = queries.context(matched, OWNER, HERE)
    assert (asked.period, asked.compare, asked.derived) == (LATER, EARLIER, False)
    assert [(source.register, source.period) for source in asked.sources] == [
        ("eppgbm", LATER), ("dtks", date(2021, 1, 31)),
    ]  # fmt: skip
    assert [period.date for period in queries.periods(matched, OWNER, HERE)] == [LATER, EARLIER]
    between = queries.context(matched, OWNER, replace(HERE, period=date(2021, 1, 31)))
    assert (between.period, between.compare) == (EARLIER, None)
    assert queries.context(matched, OWNER, replace(HERE, period=date(2019, 1, 1))) == queries.NO_CONTEXT


def test_areas_add_up_and_those_without_stunted_children_have_none(matched: Store) -> None:
    found = queries.by_area(matched, OWNER, HERE, (SHARE, ABSENT, "stunting_share"), "kelurahan").set_index("code")
    assert found.loc[BENDE, [f"{SHARE}_numerator", f"{SHARE}_denominator"]].tolist() == [1, 2]
    assert found.loc[MANDONGA, [ABSENT, f"{ABSENT}_low", f"{ABSENT}_high"]].tolist() == [2.0, 1.0, 2.0]
    assert found.loc[MANDONGA, f"{ABSENT}_change"] == 1.0
    assert found[ABSENT].sum() == 3
    assert found[f"{SHARE}_denominator"].sum() == 6
    assert found.loc["74.71.11.1006", [ABSENT, f"{ABSENT}_low"]].isna().all()
    assert "stunting_share_low" not in found
    above = queries.by_area(matched, OWNER, Scope("74", indicator=SHARE), (SHARE,), "kabkota").set_index("code")
    assert above.loc[KENDARI, SHARE] == pytest.approx(1 / 6)
    assert above.drop(KENDARI)[SHARE].isna().all()


@pytest.mark.parametrize("place", ["", "74", KENDARI])
def test_the_larger_place_says_the_same_where_only_one_city_was_matched(matched: Store, place: str) -> None:
    level = evaluation.level_of_place(place)
    values = evaluation.evaluate(matched, [INDICATORS[SHARE]], place, level, [LATER])[SHARE]
    found = evaluation.total(values, LATER, place)
    assert (found.numerator, found.denominator, found.low, found.high) == (1, 6, pytest.approx(1 / 6), 2 / 6)


def test_a_part_that_was_not_matched_makes_the_whole_unknown(matched: Store, tmp_path: Path) -> None:
    own = worked.another(matched, tmp_path)
    elsewhere = [worked.RAFI | {"province": "SULAWESI TENGGARA", "kabkota": "KOTA BAU-BAU", "kecamatan": "WOLIO",
                                "kelurahan": "BATARAGURU"}]  # fmt: skip
    worked.eppgbm(own, tmp_path, elsewhere, date(2021, 1, 31), place="74.72")
    above = queries.figures(own, OWNER, Scope("74", indicator=SHARE), (SHARE,))
    assert above[SHARE].now.value is None
    assert queries.figures(own, OWNER, HERE, (SHARE,))[SHARE].now.value == pytest.approx(1 / 6)


def test_without_a_matching_nothing_is_known(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, LATER)
    keys = [indicator.key for linkage in LINKAGES.values() for indicator in linkage.indicators]
    assert len(keys) >= 6
    found = queries.by_area(store, OWNER, HERE, [*keys, "stunting_share"], "kecamatan").set_index("code")
    assert all(found[key].isna().all() for key in keys)
    assert found.loc[KADIA, "stunting_share"] == pytest.approx(3 / 4)
    assert queries.figures(store, OWNER, HERE, keys)[SHARE].now.value is None
    assert queries.by_category(store, OWNER, HERE, SHARE).empty


def test_a_sum_of_places_adds_bounds_by_weight() -> None:
    values = {
        (LATER, "31"): Value(0.5, 5, 10, low=0.4, high=0.6),
        (LATER, "74"): Value(0.25, 10, 40, low=0.25, high=0.5),
    }
    found = evaluation.total(values, LATER, "")
    assert (found.numerator, found.denominator) == (15, 50)
    assert found.low == pytest.approx(14 / 50)
    assert found.high == pytest.approx(26 / 50)
    counts = {(LATER, "31"): Value(3.0, low=1.0, high=4.0), (LATER, "74"): Value(2.0, low=2.0, high=2.0)}
    assert evaluation.total(counts, LATER, "") == Value(5.0, low=3.0, high=6.0)
    assert evaluation.total({**counts, (LATER, "64"): Value(None)}, LATER, "") == Value(None)
