from datetime import date

import pandas as pd
import pytest

from components.kpis import Told
from components.sentence import Facts, coverage, lead, say
from components.view import drawn, view
from data.definitions.catalogue import INDICATORS
from data.definitions.screens import SCREENS
from data.evaluation import Value
from data.queries import NO_CONTEXT, Context, Figure
from data.scope import Scope

NOW, BEFORE = date(2021, 1, 31), date(2020, 9, 30)
CONTEXT = Context(NOW, BEFORE, None, False, False, ())
LOW, HIGH = 0.2, 0.7


def figure(now: float | None, before: float | None = None) -> dict[str, Figure]:
    earlier = None if before is None else Value(before)
    return {"dtks_updated_share": Figure("dtks_updated_share", Value(now), earlier, ())}


def areas(*shares: float | None, kecamatan: tuple[str, ...] = ()) -> pd.DataFrame:
    count = len(shares)
    parents = kecamatan or ("Baruga",) * count
    return pd.DataFrame(
        {
            "code": [f"74.71.08.10{number:02}" for number in range(count)],
            "name": [f"Kelurahan {number}" for number in range(count)],
            "parent_name": list(parents),
            "dtks_updated_share": pd.array(list(shares), dtype="Float64"),
        }
    )


def test_it_says_how_far_where_it_is_worst_and_what_changed() -> None:
    found = areas(LOW, LOW, LOW, HIGH, kecamatan=("Baruga", "Baruga", "Poasia", "Poasia"))
    assert coverage(figure(0.496, 0.382), found, CONTEXT, "", "id") == (
        "Hampir separuh data sudah mutakhir. <strong>3 dari 4 kelurahan masih di bawah 30%</strong>, terbanyak di"
        " Kecamatan Baruga; sejak September naik 11,4 poin."
    )


def test_it_says_the_same_in_english() -> None:
    found = areas(LOW, LOW, LOW, HIGH, kecamatan=("Baruga", "Baruga", "Poasia", "Poasia"))
    assert coverage(figure(0.496, 0.382), found, CONTEXT, "", "en") == (
        "Almost half of the data are up to date. <strong>3 of 4 kelurahan are still below 30%</strong>, most of them in"
        " Kecamatan Baruga; since September up 11.4 points."
    )


def test_two_kecamatan_that_share_the_first_place_are_not_named() -> None:
    found = areas(LOW, LOW, HIGH, kecamatan=("Baruga", "Poasia", "Poasia"))
    assert "Kecamatan" not in coverage(figure(0.4), found, CONTEXT, "", "id")


def test_none_below_the_limit_is_said_without_alarm() -> None:
    said = coverage(figure(0.7), areas(HIGH, HIGH), CONTEXT, "", "id")
    assert said == "Sekitar dua pertiga data sudah mutakhir. Tidak satu pun dari 2 kelurahan di bawah 30%."


def test_a_single_straggler_is_named() -> None:
    assert "<strong>Tinggal Kelurahan 0" in coverage(figure(0.7), areas(LOW, HIGH), CONTEXT, "", "id")


def test_one_kelurahan_alone_is_compared_with_nobody() -> None:
    assert coverage(figure(0.2), areas(LOW), CONTEXT, "", "id") == "Sekitar seperlima data sudah mutakhir."


def test_a_selected_kelurahan_gets_its_rank_in_the_kecamatan() -> None:
    said = coverage(figure(0.3), areas(LOW, 0.3, HIGH), CONTEXT, "74.71.08.1001", "id")
    assert "Urutan ke-2 dari bawah di antara 3 kelurahan di Kecamatan Baruga." in said


def test_a_kelurahan_among_others_without_data_is_compared_with_nobody() -> None:
    found = areas(None, None)
    assert coverage(figure(None), found, CONTEXT, found["code"][0], "en") == (
        "It is not known how much of the data is up to date."
    )


def test_kelurahan_without_data_are_not_counted() -> None:
    assert "2 dari 3 kelurahan" in coverage(figure(0.4), areas(LOW, LOW, HIGH, None), CONTEXT, "", "id")


def test_no_data_at_all_says_nothing() -> None:
    assert coverage(figure(None), areas(), Context(None, None, None, False, False, ()), "", "id") == ""


def test_an_unknown_share_is_said_to_be_unknown() -> None:
    said = coverage(figure(None), areas(None, None), CONTEXT, "", "id")
    assert said == "Belum diketahui berapa banyak data yang mutakhir."


def test_a_change_too_small_to_show_is_no_change() -> None:
    assert "tidak berubah sejak september" in coverage(figure(0.4, 0.4001), areas(HIGH), CONTEXT, "", "id").lower()


def test_a_fall_is_called_a_fall_and_a_distant_month_has_its_year() -> None:
    long_ago = Context(NOW, date(2019, 9, 30), None, False, False, ())
    assert "sejak september 2019 turun 5,0 poin" in coverage(figure(0.4, 0.45), areas(HIGH), long_ago, "", "id").lower()


def test_names_are_escaped() -> None:
    hostile = areas(LOW, HIGH).assign(name="<img src=x>")
    assert "<img" not in coverage(figure(0.4), hostile, CONTEXT, "", "id")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "Belum ada data yang mutakhir."),
        (0.05, "Baru 5,0% data yang mutakhir."),
        (0.496, "Hampir separuh data sudah mutakhir."),
        (0.5, "Separuh data sudah mutakhir."),
        (0.51, "Sedikit di atas separuh data sudah mutakhir."),
        (0.99, "Hampir semua data sudah mutakhir."),
        (1.0, "Semua data sudah mutakhir."),
    ],
)
def test_every_share_has_its_words(share: float, said: str) -> None:
    assert lead(share, "id") == said


REGISTERS = ("poverty", "dtsen", "population", "ppks", "outreach", "eppgbm", "krs")
YEARS = Context(date(2021, 12, 31), date(2020, 12, 31), None, False, False, ())


def facts(
    screen: str,
    place: str,
    values: dict[str, float | None],
    told: dict[str, Told],
    indicator: str = "",
    category: str = "",
) -> Facts:
    """Facts about a place whose areas have these values of the mapped figure."""
    scope = Scope(place, indicator=indicator or Scope.indicator).with_filter("category", category)
    shown = drawn(SCREENS[screen], scope, REGISTERS, INDICATORS)
    frame = pd.DataFrame({"code": list(values), "name": list(values), "parent_name": "Mandonga"})
    frame[shown.indicator.key] = pd.array(list(values.values()), dtype="Float64")
    nothing = {
        one.key: Told(Figure(one.key, Value(None), None, ()), place, NO_CONTEXT) for one in shown.own + shown.others
    }
    return Facts(nothing | told, frame, view(place, ("74.71",), shown.indicator.lowest), shown)


def of(key: str, value: Value, before: float | None = None, context: Context = CONTEXT, place: str = "74.71") -> Told:
    return Told(Figure(key, value, None if before is None else Value(before), ()), place, context)


def test_the_official_rate_is_said_with_its_year_and_apart_from_the_registered_share() -> None:
    told = {
        "poverty_rate_official": of("poverty_rate_official", Value(0.0487), 0.0434, YEARS),
        "decile_1_4_share": of("decile_1_4_share", Value(0.345, 345, 1000)),
    }
    said = say("poverty", facts("poverty", "74.71", {"Kadia": 0.2, "Baruga": 0.6}, told), "id")
    assert said == (
        "Angka kemiskinan resmi Kota Kendari 4,87% (BPS, 2021), sejak 2020 naik 0,53 poin. 34,5% penduduk terdaftar di"
        " desil 1–4, yang merupakan ukuran berbeda. <strong>Tertinggi di Baruga (60,0%)</strong>."
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_registered_share_is_never_called_a_poverty_rate(language: str) -> None:
    told = {"decile_1_4_share": of("decile_1_4_share", Value(0.345, 345, 1000))}
    said = say("poverty", facts("poverty", "74.71", {"Kadia": 0.2, "Baruga": 0.6}, told), language)  # type: ignore[arg-type]
    assert said
    assert "kemiskinan" not in said.lower()
    assert "poverty" not in said.lower()


def test_the_register_of_ppks_says_how_many_and_where_most() -> None:
    told = {
        "ppks_persons": of("ppks_persons", Value(1234.0), 1200.0),
        "ppks_per_1000": of("ppks_per_1000", Value(3.37, 1234, 366_454)),
    }
    said = say("ppks", facts("ppks", "74.71", {"Kadia": 1.0, "Baruga": 12.3}, told), "id")
    assert said == (
        "1.234 jiwa di Kota Kendari terdaftar sebagai PPKS, 3,4 per 1.000 penduduk, naik 34 sejak September."
        " <strong>Tertinggi di Baruga (12,3 per 1.000)</strong>."
    )


def test_reaches_on_the_map_are_never_said_in_one_breath_with_persons_of_the_register() -> None:
    told = {"ppks_persons": of("ppks_persons", Value(2453.0)), "outreach_reaches": of("outreach_reaches", Value(236.0))}
    said = say("ppks", facts("ppks", "74.71", {"Kadia": 30.0, "Baruga": 2.0}, told, "outreach_reaches"), "id")
    assert "236" in said
    assert "Tertinggi di Kadia (30)" in said
    assert "2.453" not in said


def test_a_share_of_fewer_than_25_is_never_called_the_highest() -> None:
    found = facts("ppks", "74.71", {"Kadia": 90.0, "Baruga": 2.0}, {"ppks_persons": of("ppks_persons", Value(12.0))})
    for part, values in (("numerator", [2, 20]), ("denominator", [20, 9_000])):
        found.areas[f"ppks_per_1000_{part}"] = pd.array(values, dtype="Int64")
    assert "Tertinggi di Baruga" in say("ppks", found, "id")


def test_a_kelurahan_of_few_is_neither_the_straggler_nor_the_last(subtests: pytest.Subtests) -> None:
    found = areas(LOW, 0.5, HIGH).assign(dtks_updated_share_denominator=[9, 900, 900])
    with subtests.test("among all"):
        assert coverage(figure(0.7), found, CONTEXT, "", "id") == "Sekitar dua pertiga data sudah mutakhir."
    with subtests.test("itself"):
        assert coverage(figure(0.2), found, CONTEXT, "74.71.08.1000", "id") == "Sekitar seperlima data sudah mutakhir."
    with subtests.test("before others"):
        assert "Terendah dari 2 kelurahan" in coverage(figure(0.5), found, CONTEXT, "74.71.08.1001", "id")


def test_the_official_rate_is_not_said_of_a_kecamatan_where_the_registered_share_is_not_known() -> None:
    told = {"poverty_rate_official": of("poverty_rate_official", Value(0.0487), 0.0434, YEARS)}
    said = say("poverty", facts("poverty", "74.71", {"Kadia": 0.2, "Baruga": 0.6}, told), "id")
    assert said.endswith(". Terdaftar di desil 1–4 (ukuran lain): <strong>tertinggi di Baruga (60,0%)</strong>.")


def test_a_chosen_category_is_named() -> None:
    told = {"ppks_persons": of("ppks_persons", Value(12.0))}
    found = facts("ppks", "74.71", {"Kadia": 1.0, "Baruga": 2.0}, told, category="Fakir Miskin")
    assert "dalam kategori Fakir Miskin" in say("ppks", found, "id")


def test_stunting_is_said_of_the_measured_and_never_of_a_survey() -> None:
    told = {"stunting_share": of("stunting_share", Value(0.148, 148, 1000), 0.16)}
    said = say("stunting", facts("stunting", "74.71", {"Kadia": 0.1, "Baruga": 0.25, "Abeli": 0.3}, told), "id")
    assert said == (
        "Dari 1.000 anak yang diukur di Kota Kendari, 14,8% mengalami stunting, sejak September turun 1,2 poin."
        " <strong>2 dari 3 kelurahan mencapai 20% atau lebih</strong>."
    )
    assert not {"ssgi", "ski"} & set(said.lower().split())


def test_a_kelurahan_has_its_place_in_line() -> None:
    told = {"stunting_share": of("stunting_share", Value(0.2, 20, 100), place="74.71.08.1001")}
    found = facts("stunting", "74.71.08.1001", {"74.71.08.1001": 0.2, "74.71.08.1002": 0.3, "74.71.08.1003": 0.1}, told)
    assert "urutan ke-2 dari atas di antara 3 kelurahan di Kecamatan Kadia" in say(
        "stunting", found, "id"
    ).lower().replace("kecamatan kadia", "Kecamatan Kadia")


@pytest.mark.parametrize("screen", [key for key, one in SCREENS.items() if not one.linkages])
def test_a_screen_without_figures_says_nothing_wrong(screen: str) -> None:
    if screen == "summaries":
        return
    assert "None" not in say(screen, facts(screen, "74.71", {"Kadia": None}, {}), "id")
