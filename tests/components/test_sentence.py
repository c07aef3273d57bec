from datetime import date

import pandas as pd
import pytest

from components.sentence import coverage, lead
from data.queries import Context, Figure, Value

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
