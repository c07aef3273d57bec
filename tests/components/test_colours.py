import pytest

from components.colours import LOW_TO_HIGH, WORSE, ZERO, legend, moved, scale, shown, uncertain, ways
from data.definitions.catalogue import INDICATORS

UPDATED, UNKNOWN, PERSONS = (INDICATORS[key] for key in ("dtks_updated_share", "nik_unknown_share", "dtks_persons"))


def test_a_value_on_a_limit_belongs_to_the_class_above() -> None:
    fixed = scale(UPDATED, [])
    assert [fixed.colour(value) for value in (0.0, 0.2999, 0.30, 0.75, 1.0)] == [
        LOW_TO_HIGH[0],
        LOW_TO_HIGH[0],
        LOW_TO_HIGH[1],
        LOW_TO_HIGH[4],
        LOW_TO_HIGH[4],
    ]


def test_an_unknown_value_has_no_colour() -> None:
    assert scale(UPDATED, []).colour(None) is None


def test_where_low_is_good_the_colours_turn_round() -> None:
    assert scale(UNKNOWN, []).colours == LOW_TO_HIGH[::-1]


def test_the_legend_says_the_classes_in_words() -> None:
    words = [word for _, word in legend(scale(UPDATED, []), UPDATED, "id")]
    assert words == ["< 30%", "30–45%", "45–60%", "60–75%", "≥ 75%"]


def test_counts_get_classes_of_about_equal_size_with_readable_limits() -> None:
    classes = scale(PERSONS, [float(value) for value in range(1, 1001)])
    assert classes.breaks == (200.0, 400.0, 600.0, 800.0)
    assert legend(classes, PERSONS, "id")[0][1] == "< 200"


@pytest.mark.parametrize("values", [[], [None], [5.0], [5.0, 5.0, 5.0]])
def test_values_that_cannot_be_told_apart_get_one_class(values: list[float | None]) -> None:
    classes = scale(PERSONS, values)
    assert classes.breaks == ()
    assert len(classes.colours) == 1
    assert classes.colour(5.0) == classes.colours[0]


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_every_indicator_gets_one_colour_more_than_limits(indicator: object) -> None:
    classes = scale(indicator, [1.0, 2.0, 3.0, 10.0, 50.0])  # type: ignore[arg-type]
    assert len(classes.colours) == len(classes.breaks) + 1


def test_a_change_of_a_share_is_read_in_points() -> None:
    assert moved(0.1142, UPDATED, "id") == (11.4, "11,4")
    assert moved(-1200.0, PERSONS, "id") == (-1200, "1.200")


def test_limits_of_counts_are_whole_numbers_however_small_the_counts() -> None:
    classes = scale(PERSONS, [1.0, 2.0, 2.0, 3.0, 4.0, 9.0, 10.0])
    assert classes.breaks == tuple(round(limit) for limit in classes.breaks)
    assert "," not in "".join(word for _, word in legend(classes, PERSONS, "id"))


def test_a_limit_is_read_with_as_many_decimals_as_it_needs() -> None:
    stunted = INDICATORS["stunting_share"]
    words = [word for _, word in legend(scale(stunted, []), stunted, "id")]
    assert words == ["< 2,5%", "2,5–10%", "10–20%", "20–30%", "≥ 30%"]


def test_every_unit_is_read_as_it_is_counted() -> None:
    rate, published = INDICATORS["ppks_per_1000"], INDICATORS["poverty_rate_official"]
    assert shown(3.0, rate, "id") == "3,0"
    assert shown(0.0467, published, "id") == "4,67%"
    assert moved(-0.0053, published, "id") == (-0.53, "0,53")
    assert moved(0.24, rate, "id") == (0.2, "0,2")


def test_skewed_values_get_natural_breaks_and_others_fifths() -> None:
    assert scale(PERSONS, [*map(float, range(1, 40)), 4000.0, 4100.0]).classes == "natural"
    assert scale(PERSONS, [float(value) for value in range(1, 100)]).classes == "quantile"


def test_natural_breaks_part_values_where_they_lie_far_apart() -> None:
    classes = scale(PERSONS, [10, 11, 12, 500, 510, 2000, 2010, 2020, 9000, 40000], "natural")
    drawn = [classes.colour(value) for value in (10, 12, 500, 510, 2000, 2020, 9000, 40000)]
    assert [drawn[0], drawn[2], drawn[4]] == [drawn[1], drawn[3], drawn[5]]
    assert len(set(drawn)) == 5


def test_colours_diverge_around_a_target_only() -> None:
    assert scale(UPDATED, [0.1, 0.5, 0.9]).colours == LOW_TO_HIGH
    assert set(scale(UPDATED, [0.1, 0.3, 0.5, 0.7, 0.9], "equal").colours) <= set(WORSE)


def test_the_worst_has_the_same_colour_however_classes_are_made() -> None:
    spread = [0.1, 0.3, 0.5, 0.7, 0.95]
    assert {scale(UPDATED, spread, way).colour(0.1) for way in ways(UPDATED)} == {LOW_TO_HIGH[0]}


def test_a_way_that_a_figure_does_not_have_falls_back_to_what_suits_it() -> None:
    assert scale(PERSONS, [1.0, 2.0], "fixed").classes == "quantile"
    assert scale(UPDATED, [0.2], "<b>").classes == "fixed"


def test_nobody_at_all_is_a_class_of_its_own() -> None:
    classes = scale(PERSONS, [0.0, 0.0, 3.0, 9.0, 27.0, None])
    assert classes.colour(0) == ZERO
    assert classes.colour(3) not in (ZERO, None)
    assert legend(classes, PERSONS, "id")[0] == (ZERO, "0")
    assert (classes.counts[0], sum(classes.counts), classes.unknown) == (2, 5, 1)


@pytest.mark.parametrize(("denominator", "unsure"), [(24, True), (25, False), (0, False), (None, False)])
def test_a_share_of_fewer_than_25_is_uncertain(denominator: int | None, unsure: bool) -> None:
    assert uncertain(denominator, UPDATED) is unsure
    assert not uncertain(denominator, PERSONS)
