from datetime import date

from components.sources import build, together, wanted
from data.definitions.catalogue import INDICATORS
from data.definitions.screens import SCREENS
from data.queries import NO_CONTEXT, Context, Source

DTSEN = Source("d", "dtsen", "74.71", date(2025, 6, 30), "dtsen.csv", "a" * 64, True)
PEOPLE = Source("p", "population", "74.71", date(2024, 12, 31), "penduduk<b>.xlsx", "b" * 64, False)
BPS = Source("b", "poverty", "74", date(2021, 12, 31), "bps.csv", "c" * 64, False)
REGISTERED = Context(DTSEN.period, None, None, False, True, (DTSEN, PEOPLE))
OFFICIAL = Context(BPS.period, None, None, False, False, (BPS,))


def test_every_file_of_numerators_and_denominators_is_named_once_with_its_date() -> None:
    context = together([NO_CONTEXT, REGISTERED, OFFICIAL, REGISTERED])
    foot = build(context, [INDICATORS["decile_1_share"], INDICATORS["poverty_rate_official"]], "id")
    for part in (
        "dtsen.csv, data per 30 Juni 2025",
        "31 Desember 2024",
        "bps.csv",
        "DATA CONTOH",
        "SHA-256 aaaaaaaaaaaa",
    ):
        assert foot.count(part) == 1
    assert "<b>.xlsx" not in foot


def test_the_date_of_several_figures_is_that_of_the_first_one_that_has_data() -> None:
    assert together([NO_CONTEXT, REGISTERED, OFFICIAL]).period == REGISTERED.period
    assert together([]) == NO_CONTEXT


def test_a_screen_without_data_says_which_registers_it_needs() -> None:
    said = wanted(SCREENS["poverty"].registers, "id")
    assert said.count("<li>") == len(SCREENS["poverty"].registers)
    for name in ("DTSEN", "P3KE", "BPS", "Dukcapil"):
        assert name in said
