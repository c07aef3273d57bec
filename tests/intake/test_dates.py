"""Dates: any usual form, the order of day and month by the evidence of the column, nothing invented."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.intake.dates import date_in, read
from data.intake.importing import ImportResult
from data.snapshots import Snapshot, Store
from tests.builders import DATED, contents, people, person, problems, register, stored, take_in

FOURTH_OF_MARCH = date(2020, 3, 4)
FORMS: dict[str, date | None] = {
    "2020-03-04": FOURTH_OF_MARCH,
    "2020-3-4": FOURTH_OF_MARCH,
    "2020/03/04": FOURTH_OF_MARCH,
    "20200304": FOURTH_OF_MARCH,
    "04/03/2020": FOURTH_OF_MARCH,
    "4-3-2020": FOURTH_OF_MARCH,
    "04.03.2020": FOURTH_OF_MARCH,
    "04/03/20": FOURTH_OF_MARCH,
    "43894": FOURTH_OF_MARCH,
    "43894.5": FOURTH_OF_MARCH,
    "4 Maret 2020": FOURTH_OF_MARCH,
    "04 MAR 2020": FOURTH_OF_MARCH,
    "4-Mar-20": FOURTH_OF_MARCH,
    "Rabu, 4 Maret 2020": FOURTH_OF_MARCH,
    "2020-03-04 10:11:12": FOURTH_OF_MARCH,
    "2020-03-04T10:11:12.123Z": FOURTH_OF_MARCH,
    "04/03/2020 10:11": FOURTH_OF_MARCH,
    "'04/03/2020": FOURTH_OF_MARCH,
    "’4 Maret 2020": FOURTH_OF_MARCH,
    "43894,5": FOURTH_OF_MARCH,
    "Mar 4, 2020": FOURTH_OF_MARCH,
    "Maret 4, 2020": FOURTH_OF_MARCH,
    "March 4th 2020": FOURTH_OF_MARCH,
    "Rabu 4 Maret 2020": FOURTH_OF_MARCH,
    "Rabu, 04-03-2020": FOURTH_OF_MARCH,
    "4 / 3 / 2020": FOURTH_OF_MARCH,
    "04 - 03 - 2020": FOURTH_OF_MARCH,
    "04 . 03 . 2020": FOURTH_OF_MARCH,
    "04//03//2020": FOURTH_OF_MARCH,
    "04--03-2020": FOURTH_OF_MARCH,
    "04–03–2020": FOURTH_OF_MARCH,
    "04—03—2020": FOURTH_OF_MARCH,
    "04−03−2020": FOURTH_OF_MARCH,
    "2020\u201003\u201004": FOURTH_OF_MARCH,
    "04\\03\\2020": FOURTH_OF_MARCH,
    "04_03_2020": FOURTH_OF_MARCH,
    "04,03,2020": FOURTH_OF_MARCH,
    "04|03|2020": FOURTH_OF_MARCH,
    "2020 Maret 04": FOURTH_OF_MARCH,
    "2020-Mar-04": FOURTH_OF_MARCH,
    "04-03-2020.": FOURTH_OF_MARCH,
    "4Maret2020": FOURTH_OF_MARCH,
    "4 Mrt 2020": FOURTH_OF_MARCH,
    "Kendari, 04-03-2020": FOURTH_OF_MARCH,
    "Kendari, 4 Maret 2020": FOURTH_OF_MARCH,
    "17 Ags 2019": date(2019, 8, 17),
    "17 Agst 2019": date(2019, 8, 17),
    "17 Agus 2019": date(2019, 8, 17),
    "9 Septmber 2019": date(2019, 9, 9),
    "9 Desmber 2019": date(2019, 12, 9),
    "9 Juno 2019": None,
    "9 Senin 2019": None,
    "4 Maret": None,
    "12/2020": None,
    "1234": None,
    "0000-03-04": None,
    "99999-03-04": None,
    "31/12/99999": None,
    "25/12/2019": date(2019, 12, 25),
    "17 Agustus 2019": date(2019, 8, 17),
    "5 Pebruari 2019": date(2019, 2, 5),
    "9 Mei 2019": date(2019, 5, 9),
    "9 Nopember 2019": date(2019, 11, 9),
    "9 Okt 2019": date(2019, 10, 9),
    "9 Desember 2019": date(2019, 12, 9),
    "29/02/2020": date(2020, 2, 29),
    "29/02/2019": None,
    "31/02/2020": None,
    "2020-13-45": None,
    "0000-00-00": None,
    "kemarin": None,
    "": None,
    "-": None,
}
BIRTHS: dict[str, date | None] = {
    "17/08/45": date(1945, 8, 17),
    "17 Agustus 45": date(1945, 8, 17),
    "17/08/19": date(2019, 8, 17),
    "1900-01-01": date(1900, 1, 1),
    "1899-12-31": None,
    "2021-01-31": date(2021, 1, 31),
    "2021-02-01": None,
    "2045-01-01": None,
    "12": None,
}
Rows = Mapping[str, dict[str, Any]]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    """FORMS as update dates, BIRTHS as birth dates, on 31 January 2021."""
    folder = tmp_path_factory.mktemp("dates")
    rows = [person(n, updated_on=form) for n, form in enumerate(FORMS, start=1)]
    rows += [person(100 + n, birth_date=form, updated_on="03/02/21") for n, form in enumerate(BIRTHS)]
    return take_in(Store(folder / "home"), register(folder / "a.csv", rows))


@pytest.fixture(scope="module")
def snapshot(result: ImportResult) -> Snapshot:
    assert result.snapshot is not None
    return result.snapshot


@pytest.mark.parametrize("form", FORMS)
def test_an_update_date_is_read_in_every_usual_form(snapshot: Snapshot, form: str) -> None:
    rows = dict(zip(FORMS, contents(snapshot), strict=False))
    assert rows[form]["updated_on"] == FORMS[form]


@pytest.mark.parametrize("form", BIRTHS)
def test_a_birth_date_lies_between_1900_and_the_date_of_the_data(snapshot: Snapshot, form: str) -> None:
    rows = dict(zip(BIRTHS, contents(snapshot)[len(FORMS) :], strict=True))
    assert rows[form]["birth_date"] == BIRTHS[form]


def test_dates_are_stored_as_dates_whatever_their_form(snapshot: Snapshot) -> None:
    schema = pq.read_schema(snapshot.rows)
    assert {schema.field(key).type for key in ("birth_date", "updated_on", "family_updated_on")} == {pa.date32()}


def test_rows_without_a_readable_update_date_are_counted(snapshot: Snapshot, result: ImportResult) -> None:
    undated = [number for number, day in enumerate(FORMS.values(), start=2) if day is None]
    assert snapshot.counts.undated == len(undated)
    assert problems(result)["update_missing"].first_rows == tuple(undated[:5])


def test_an_update_after_the_date_of_the_data_is_kept_and_named(snapshot: Snapshot, result: ImportResult) -> None:
    late = problems(result)["update_after_period"]
    assert late.rows == len(BIRTHS)
    assert late.values["period"] == date(2021, 1, 31)
    assert contents(snapshot)[-1]["updated_on"] == date(2021, 2, 3)


def test_impossible_birth_dates_are_named_apart_from_unreadable_ones(result: ImportResult) -> None:
    lines = {(line.code, line.column): line for line in result.problems}
    first = 2 + len(FORMS)
    place = dict(zip(BIRTHS, range(first, first + len(BIRTHS)), strict=True))
    impossible = tuple(place[form] for form in ("1899-12-31", "2021-02-01", "2045-01-01"))
    assert lines["date_impossible", "TANGGAL LAHIR"].first_rows == impossible
    assert lines["date_unreadable", "TANGGAL LAHIR"].first_rows == (place["12"],)


def test_every_column_of_dates_has_an_order_of_its_own(tmp_path: Path, store: Store) -> None:
    """birth_date shows day first, updated_on month first, and dukcapil_matched_on shows nothing."""
    rows = [
        person(1, birth_date="03/04/1980", updated_on="03/04/2020", dukcapil_matched_on="03/04/2020"),
        person(2, birth_date="25/04/1980", updated_on="04/25/2020", dukcapil_matched_on="05/06/2020"),
    ]
    result = take_in(store, register(tmp_path / "a.csv", rows))
    assert result.snapshot is not None
    first, second = contents(result.snapshot)
    assert (first["birth_date"], second["birth_date"]) == (date(1980, 4, 3), date(1980, 4, 25))
    assert (first["updated_on"], second["updated_on"]) == (date(2020, 3, 4), date(2020, 4, 25))
    assert first["dukcapil_matched_on"] == date(2020, 4, 3)
    assumed = [line.column for line in result.problems if line.code == "date_order_assumed"]
    assert assumed == [DATED["dukcapil_matched_on"]]


def test_a_column_in_two_orders_is_read_by_its_majority_and_named(tmp_path: Path, store: Store) -> None:
    days = ["25/04/2020", "26/04/2020", "04/27/2020", "03/04/2020"]
    result = take_in(
        store, register(tmp_path / "a.csv", [person(n, updated_on=day) for n, day in enumerate(days, start=1)])
    )
    assert result.snapshot is not None
    found = [row["updated_on"] for row in contents(result.snapshot)]
    assert found == [date(2020, 4, 25), date(2020, 4, 26), date(2020, 4, 27), date(2020, 4, 3)]
    assert problems(result)["date_order_mixed"].values["order"] == "D/M/Y"


TODAY = date(2021, 1, 31)


def days_of(*spellings: str) -> dict[str, date]:
    return read(dict.fromkeys(spellings, 1), TODAY).days


def test_four_digits_are_a_day_only_where_a_spreadsheet_counted_the_others_too() -> None:
    counted = {"29221": date(1980, 1, 1), "43894": FOURTH_OF_MARCH, "44000": date(2020, 6, 18)}
    assert days_of(*counted, "9500") == {**counted, "9500": date(1926, 1, 3)}
    assert days_of(*counted, "1950") == counted
    assert "9500" not in days_of("04/03/2020", "05/03/2020", "9500")


def test_two_digit_years_in_front_are_known_by_a_year_that_is_no_day() -> None:
    assert days_of("85/03/04", "20/03/04") == {"85/03/04": date(1985, 3, 4), "20/03/04": FOURTH_OF_MARCH}
    assert days_of("04/03/85", "20/03/04") == {"04/03/85": date(1985, 3, 4), "20/03/04": date(2004, 3, 20)}


def test_two_digit_years_in_front_are_known_by_being_few() -> None:
    days = [f"20/03/{day:02}" for day in range(1, 29)]
    assert days_of(*days)["20/03/04"] == FOURTH_OF_MARCH
    behind = [f"{day:02}/03/20" for day in range(1, 29)]
    assert days_of(*behind)["04/03/20"] == FOURTH_OF_MARCH
    assert days_of("20/03/04") == {"20/03/04": date(2004, 3, 20)}


def test_two_digit_years_stand_where_most_rows_write_them_out() -> None:
    assert days_of("2020/03/04", "2020/03/05", "20/03/04")["20/03/04"] == FOURTH_OF_MARCH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DATA DTKS PER 31 JANUARI 2021", date(2021, 1, 31)),
        ("Keadaan: Februari 2020", date(2020, 2, 29)),
        ("dtks_kendari_2021-01", date(2021, 1, 31)),
        ("dtks_74.71_20210115", date(2021, 1, 15)),
        ("dtks 15 Jan 2021", date(2021, 1, 15)),
        ("dtks_15.01.2021", date(2021, 1, 15)),
        ("Tahun 2021", None),
        ("SK Nomor 146/HUK/2013", None),
        ("31 Februari 2021", None),
    ],
)
def test_a_title_or_file_name_tells_the_date_of_the_data(text: str, expected: date | None) -> None:
    assert date_in(text) == expected


def test_dots_in_a_file_name_do_not_hide_its_date(tmp_path: Path, store: Store) -> None:
    path = register(tmp_path / "dtks_15.01.2021.csv", people(2))
    assert stored(store, path, period=None).period == date(2021, 1, 15)


def test_without_any_word_about_it_the_newest_update_date_is_assumed_and_said(tmp_path: Path, store: Store) -> None:
    rows = [person(1, updated_on="2020-05-01"), person(2, updated_on="2019-01-01"), person(3, updated_on="2099-01-01")]
    result = take_in(store, register(tmp_path / "dtks.csv", rows), period=None)
    assert result.snapshot is not None
    assert result.snapshot.period == date(2020, 5, 1)
    assert "period_assumed" in problems(result)


def test_a_date_above_the_headings_beats_the_one_in_the_file_name(tmp_path: Path, store: Store) -> None:
    path = register(tmp_path / "dtks_2020-05.csv", people(2), above=[["Per 31 Desember 2019"]])
    assert stored(store, path, period=None).period == date(2019, 12, 31)
