from datetime import date

from components.kpis import build, change, judgement, keys, sparkline
from data.definitions.indicators import INDICATORS
from data.queries import Figure, Value

UPDATED, UNPLACED, PERSONS = (INDICATORS[key] for key in ("dtks_updated_share", "dtks_unplaced", "dtks_persons"))
DAYS = (date(2020, 1, 31), date(2020, 9, 30), date(2021, 1, 31))


def share(now: float | None, before: float | None = None, derived: bool = False) -> Figure:
    value = Value(None) if now is None else Value(now, round(now * 1000), 1000, derived)
    return Figure("dtks_updated_share", value, None if before is None else Value(before), ())


def test_a_card_shows_value_unit_change_and_fraction() -> None:
    html = build(["dtks_updated_share"], {"dtks_updated_share": share(0.496, 0.382)}, "id")
    for part in ("Jiwa termutakhirkan", "49,6<small>%</small>", "11,4 poin", "496 dari 1.000 jiwa", 'class="better"'):
        assert part in html


def test_unknown_is_shown_as_unknown_and_never_as_zero() -> None:
    html = build(["dtks_updated_share"], {"dtks_updated_share": share(None)}, "id")
    assert "belum diketahui" in html
    assert "0,0" not in html


def test_a_derived_figure_is_marked() -> None:
    assert "turunan" in build(["dtks_updated_share"], {"dtks_updated_share": share(0.4, derived=True)}, "id")
    assert "turunan" not in build(["dtks_updated_share"], {"dtks_updated_share": share(0.4)}, "id")


def test_a_rise_is_judged_by_what_is_good() -> None:
    assert judgement(1, UPDATED) == "better"
    assert judgement(1, UNPLACED) == "worse"
    assert judgement(-1, UNPLACED) == "better"
    assert judgement(1, PERSONS) == "same"


def test_no_comparison_shows_no_change() -> None:
    assert change(share(0.4), UPDATED, "id") == ""


def test_the_share_of_unknown_marks_stands_beside_the_valid_ones() -> None:
    figures = {
        "nik_valid_share": Figure("nik_valid_share", Value(0.813, 813, 1000), None, ()),
        "nik_unknown_share": Figure("nik_unknown_share", Value(0.062, 62, 1000), None, ()),
    }
    assert "6,2% belum diketahui" in build(["nik_valid_share"], figures, "id")


def test_a_history_of_one_known_value_draws_nothing() -> None:
    one = Figure("dtks_updated_share", Value(0.5), None, ((DAYS[0], None), (DAYS[1], 0.5)))
    assert sparkline(one, UPDATED) == ""


def test_a_falling_history_is_drawn_in_the_colour_of_attention() -> None:
    falling = Figure("dtks_updated_share", Value(0.3), None, tuple(zip(DAYS, (0.5, 0.4, 0.3), strict=True)))
    assert 'class="spark worse"' in sparkline(falling, UPDATED)


def test_a_kelurahan_shows_its_persons_instead_of_unplaced_rows() -> None:
    assert keys("")[-1] == "dtks_unplaced"
    assert keys("74.71.08.1001")[-1] == "dtks_persons"
