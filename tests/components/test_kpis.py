from datetime import date

from components.kpis import Told, build, change, chosen, judgement, sparkline, when
from data.definitions.catalogue import INDICATORS
from data.evaluation import Value
from data.queries import NO_CONTEXT, Context, Figure, Source

UPDATED, UNPLACED, PERSONS = (INDICATORS[key] for key in ("dtks_updated_share", "dtks_unplaced", "dtks_persons"))
DAYS = (date(2020, 1, 31), date(2020, 9, 30), date(2021, 1, 31))


def share(now: float | None, before: float | None = None, derived: bool = False) -> Figure:
    value = Value(None) if now is None else Value(now, round(now * 1000), 1000, derived)
    return Figure("dtks_updated_share", value, None if before is None else Value(before), ())


def html(*keys: str, place: str = "74.71", apart: tuple[str, ...] = (), **figures: Figure | Told) -> str:
    told = {key: one if isinstance(one, Told) else Told(one, place, NO_CONTEXT) for key, one in figures.items()}
    return build([INDICATORS[key] for key in keys], [INDICATORS[key] for key in apart], told, place, "id")


def test_a_card_shows_value_unit_change_and_fraction() -> None:
    drawn = html("dtks_updated_share", dtks_updated_share=share(0.496, 0.382))
    for part in ("Jiwa termutakhirkan", "49,6<small>%</small>", "11,4 poin", "496 dari 1.000 jiwa", 'class="better"'):
        assert part in drawn


def test_unknown_is_shown_as_unknown_and_never_as_zero() -> None:
    drawn = html("dtks_updated_share", dtks_updated_share=share(None))
    assert "belum diketahui" in drawn
    assert "0,0" not in drawn


def test_a_derived_figure_is_marked() -> None:
    assert "turunan" in html("dtks_updated_share", dtks_updated_share=share(0.4, derived=True))
    assert "turunan" not in html("dtks_updated_share", dtks_updated_share=share(0.4))


def test_a_rise_is_judged_by_what_is_good() -> None:
    assert judgement(1, UPDATED) == "better"
    assert judgement(1, UNPLACED) == "worse"
    assert judgement(-1, UNPLACED) == "better"
    assert judgement(1, PERSONS) == "same"


def test_no_comparison_shows_no_change() -> None:
    assert change(share(0.4), UPDATED, "id") == ""


def test_the_share_of_unknown_marks_stands_beside_the_valid_ones() -> None:
    valid = Figure("nik_valid_share", Value(0.813, 813, 1000), None, ())
    unknown = Figure("nik_unknown_share", Value(0.062, 62, 1000), None, ())
    assert "6,2% belum diketahui" in html("nik_valid_share", nik_valid_share=valid, nik_unknown_share=unknown)


def test_a_history_of_one_known_value_draws_nothing() -> None:
    one = Figure("dtks_updated_share", Value(0.5), None, ((DAYS[0], None), (DAYS[1], 0.5)))
    assert sparkline(one, UPDATED) == ""


def test_a_falling_history_is_drawn_in_the_colour_of_attention() -> None:
    falling = Figure("dtks_updated_share", Value(0.3), None, tuple(zip(DAYS, (0.5, 0.4, 0.3), strict=True)))
    assert 'class="spark worse"' in sparkline(falling, UPDATED)


def test_a_kelurahan_shows_its_persons_instead_of_unplaced_rows() -> None:
    keys = ("dtks_updated_share", "dtks_updated_family_share", "nik_valid_share", "dtks_unplaced", "dtks_persons")
    cards = [INDICATORS[key] for key in keys]
    assert chosen(cards, (), "74.71")[-1].key == "dtks_unplaced"
    assert chosen(cards, (), "74.71.08.1001")[-1].key == "dtks_persons"


def test_cards_that_stand_apart_take_their_room_from_the_others() -> None:
    cards = [INDICATORS[key] for key in ("decile_1_4_share", "decile_1_share", "population", "dtks_persons")]
    assert len(chosen(cards, [INDICATORS["poverty_rate_official"]], "74.71")) == 3


YEAR = date(2021, 12, 31)
OFFICIAL = Context(
    YEAR, date(2020, 12, 31), None, False, False, (Source("p", "poverty", "74", YEAR, "bps.csv", "0" * 64, False),)
)
RATE = Figure("poverty_rate_official", Value(0.0487), Value(0.0434), ())


def test_below_a_kabkota_the_official_rate_is_that_of_the_kabkota_and_says_so() -> None:
    told = Told(RATE, "74.71", OFFICIAL)
    drawn = html(place="74.71.08.1001", apart=("poverty_rate_official",), poverty_rate_official=told)
    for part in (
        "4,87<small>%</small>",
        "hanya ada untuk kabupaten/kota: Kota Kendari",
        "2021",
        "terpisah",
        "0,53 poin",
    ):
        assert part in drawn


def test_a_published_rate_has_its_year_and_its_source() -> None:
    drawn = html(apart=("poverty_rate_official",), poverty_rate_official=Told(RATE, "74.71", OFFICIAL))
    assert "Susenas, 2021" in drawn
    assert "hanya ada untuk" not in drawn


def test_a_share_of_the_population_says_of_when_the_population_is() -> None:
    sources = (
        Source("d", "dtsen", "74.71", date(2025, 6, 30), "dtsen.csv", "0" * 64, False),
        Source("p", "population", "74.71", date(2024, 12, 31), "penduduk.csv", "0" * 64, False),
    )
    context = Context(date(2025, 6, 30), None, None, False, False, sources)
    share = Figure("decile_1_share", Value(0.1, 36_645, 366_454), None, ())
    drawn = html("decile_1_share", decile_1_share=Told(share, "74.71", context))
    assert "36.645 dari 366.454 penduduk (Des 24)" in drawn


def test_only_what_is_published_by_year_is_read_as_a_year() -> None:
    official, list_of_rows = INDICATORS["poverty_rate_official"], INDICATORS["krs_families"]
    assert when(YEAR, official, "id") == "2021"
    assert when(date(2021, 3, 31), official, "id") == "31 Maret 2021"
    assert when(YEAR, list_of_rows, "id") == "31 Desember 2021"
