"""How figures belong together: which areas speak, what is said of few, who is alike, what was at which date."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest

from data.access import OWNER
from data.definitions.catalogue import INDICATORS
from data.places.reference import codes
from data.relation import FEWEST, alike, built_in, correlation, course, lowest, moves, profile, related, tellable
from data.scope import Scope
from data.snapshots import Store
from tests.builders import BENDE, KENDARI, MANDONGA, PERIOD, PONDAMBEA, POPULATION, people, register, residents, stored

UPDATED, STUNTED, OFFICIAL, UNPLACED = (
    INDICATORS[key] for key in ("dtks_updated_share", "stunting_share", "poverty_rate_official", "dtks_unplaced")
)
EARLIER = date(2020, 7, 31)
AREAS = codes(KENDARI, "kelurahan")


def frame(
    first: Sequence[float | None], second: Sequence[float | None], over: Sequence[int | None] | None = None
) -> pd.DataFrame:
    """Kelurahan with both shares; `over` are the denominators of the second."""
    count = len(first)
    made = pd.DataFrame(
        {"code": AREAS[:count], "name": [f"K{at}" for at in range(count)], "parent_name": ["Mandonga"] * count}
    )
    for one, values, whole in ((UPDATED, first, [400] * count), (STUNTED, second, over or [100] * count)):
        made[one.key] = pd.array(values, dtype="Float64")
        made[f"{one.key}_numerator"] = pd.array([None if v is None else round(v * 100) for v in values], dtype="Int64")
        made[f"{one.key}_denominator"] = pd.array(whole, dtype="Int64")
    return made


RISING = tuple(at / 20 for at in range(1, 13))


def test_an_area_of_few_is_told_apart_and_does_not_speak_for_the_relation() -> None:
    falling = [*RISING[:-1][::-1], 0.9]
    with_few = related(frame(RISING, falling, [100] * 11 + [24]), UPDATED, STUNTED)
    assert (with_few.rho, with_few.count, with_few.small) == (-1.0, 11, 1)
    assert list(with_few.areas["code"][with_few.areas["small"]]) == [AREAS[11]]
    enough = related(frame(RISING, falling, [100] * 11 + [25]), UPDATED, STUNTED)
    assert enough.rho is not None
    assert enough.rho > -1.0
    assert (enough.count, enough.small) == (12, 0)


def test_an_area_without_one_of_the_two_has_no_class_and_is_counted_as_unknown() -> None:
    found = related(frame(RISING, [None, *RISING[1:]]), UPDATED, STUNTED)
    assert (found.unknown, found.count, found.areas["cell"].iloc[0]) == (1, 11, "")


def test_nothing_is_said_of_fewer_than_eight_areas_or_where_a_figure_never_differs() -> None:
    few = related(frame(RISING[: FEWEST - 1], RISING[: FEWEST - 1]), UPDATED, STUNTED)
    assert few.rho is None
    assert few.medians == (0.2, 0.2)
    assert related(frame(RISING, [0.5] * 12), UPDATED, STUNTED).rho is None


def test_a_weak_relation_of_few_areas_cannot_be_told_from_chance() -> None:
    mixed = [0.3, 0.1, 0.4, 0.15, 0.5, 0.2, 0.6, 0.35, 0.05, 0.55, 0.25, 0.45]
    found = related(frame(RISING, mixed), UPDATED, STUNTED)
    assert found.rho is not None
    assert 0 < found.rho < 0.6
    assert found.chance
    assert not related(frame(RISING, RISING), UPDATED, STUNTED).chance


def test_the_rank_correlation_is_spearmans_with_ties() -> None:
    # Ranks 1, 2.5, 2.5, 4 … against 1 … 8, worked out with the textbook's formula.
    x = pd.Series([1.0, 2, 2, 3, 4, 5, 6, 7])
    assert correlation(x, pd.Series(range(8), dtype=float)) == pytest.approx(0.994, abs=0.0005)


def test_classes_are_thirds_and_a_value_on_a_limit_lies_below_it() -> None:
    found = related(frame([0.0] * 5 + [0.5] * 5 + [1.0] * 5, [*[0.1] * 14, 0.9]), UPDATED, STUNTED)
    assert found.limits is not None
    assert list(found.areas["cell"].str[0]) == ["1"] * 5 + ["2"] * 5 + ["3"] * 5
    assert list(found.areas["cell"].str[1]) == ["1"] * 14 + ["3"]


def test_areas_far_from_both_medians_are_named_the_farthest_first() -> None:
    found = related(frame([*RISING[:-1], 0.99], [0.2] * 6 + [0.21] * 5 + [0.9]), UPDATED, STUNTED)
    assert found.named(found.far[0]) == "K11"


def test_official_rates_and_rows_without_a_kelurahan_are_compared_where_they_exist() -> None:
    assert lowest(UPDATED, STUNTED) == "kelurahan"
    assert lowest(UPDATED, OFFICIAL) == "kabkota"
    assert lowest(UPDATED, UNPLACED) == "kecamatan"


def test_figures_of_one_list_are_related_by_themselves() -> None:
    assert built_in(UPDATED, INDICATORS["nik_valid_share"])
    assert not built_in(UPDATED, STUNTED)


def profiles(**rows: tuple[float | None, ...]) -> pd.DataFrame:
    made = pd.DataFrame(
        [(code, code, "K", *values) for code, values in rows.items()],
        columns=["code", "name", "parent_name", "population", "registered", "family_size", "decile_1_4", "desa"],
    )
    numbers = ["population", "registered", "family_size", "decile_1_4", "desa"]
    return made.astype(dict.fromkeys(numbers, "Float64"))


def test_the_most_alike_comes_first_and_is_said_by_what() -> None:
    found = alike(
        profiles(
            own=(5000, 0.30, 3.9, 0.20, 0),
            near=(5100, 0.31, 3.8, 0.21, 0),
            far=(20000, 0.60, 3.1, 0.50, 0),
            desa=(5000, 0.30, 3.9, 0.20, 1),
        ),
        "own",
    )
    assert [one.code for one in found] == ["near", "desa", "far"]
    assert found[0].by[0] == "population"
    assert found[0].by[-1] == "family_size"


def test_what_is_not_known_of_an_area_is_not_compared() -> None:
    rows = profiles(own=(5000, 0.3, 3.9, None, 0), other=(5000, 0.3, 3.9, 0.9, 0), blank=(None, None, None, 0.2, 0))
    found = alike(rows, "own")
    assert [(one.code, one.distance) for one in found] == [("other", 0.0)]
    assert "decile_1_4" not in found[0].by
    assert alike(rows, "blank") == () == alike(rows, "nowhere")


def test_a_move_is_unknown_where_one_of_the_dates_is() -> None:
    found = moves(frame([0.2, None, 0.5], [0.1] * 3), frame([0.3, 0.4, 0.4], [0.1] * 3), UPDATED)
    assert [None if pd.isna(step) else round(step, 2) for step in found["step"]] == [0.1, None, -0.1]
    assert list(found["now_numerator"]) == [30, 40, 40]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two editions of a register and the residents of three kelurahan."""
    folder = tmp_path_factory.mktemp("relation")
    store = Store(folder / "home")
    for at, (period, updated) in enumerate(((EARLIER, "2016-01-01"), (PERIOD, "2020-06-30"))):
        rows = [*people(8, BENDE, updated_on=updated), *people(4, PONDAMBEA), *people(6, MANDONGA)]
        for number, row in enumerate(rows):
            row["nik"] = f"74710857058{number:05}"
        stored(store, register(folder / f"dtks-{at}.csv", rows), period, place=KENDARI)
    population = residents({BENDE: 80, PONDAMBEA: 40, MANDONGA: 30})
    stored(store, register(folder / "population.csv", population, POPULATION), None)
    return store


def test_only_what_has_a_date_in_the_place_can_be_chosen(store: Store) -> None:
    found = tellable(store, OWNER, Scope(place=KENDARI))
    assert {"dtks_updated_share", "population"} <= set(found)
    assert not {"stunting_share", "poverty_rate_official"} & set(found)
    assert tellable(store, OWNER, Scope(place="31")) == {}


def test_the_course_of_an_area_ends_at_the_asked_date(store: Store) -> None:
    asked = ("dtks_updated_share", "population")
    whole = course(store, OWNER, Scope(place=KENDARI), asked, "kelurahan")
    bende = whole[(whole["code"] == BENDE) & (whole["indicator"] == "dtks_updated_share")]
    assert [(row.period, row.value, row.denominator) for row in bende.itertuples()] == [
        (EARLIER, 0.0, 8),
        (PERIOD, 1.0, 8),
    ]
    earlier = course(store, OWNER, Scope(place=KENDARI, period=EARLIER), asked[:1], "kelurahan")
    assert set(earlier["period"]) == {EARLIER}


def test_areas_are_compared_by_the_population_of_the_registers_date(store: Store) -> None:
    found = profile(store, OWNER, Scope(place=KENDARI), "kelurahan").set_index("code")
    assert found.loc[BENDE, "registered"] == pytest.approx(0.1)
    assert found.loc[MANDONGA, "registered"] == pytest.approx(0.2)
    assert pd.isna(found.loc[AREAS[-1], "population"])
    assert [one.code for one in alike(found.reset_index(), BENDE)] == [PONDAMBEA, MANDONGA]
