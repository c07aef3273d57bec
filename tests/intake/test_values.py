"""What a cell says: deciles, numbers in two notations, children's measurements, codes, and what a NIK tells."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend

from data.engine import connect
from data.intake.values import (
    UNDECIDED,
    Notation,
    age_months,
    decile,
    height_cm,
    height_status,
    issues_nik,
    nik_checks,
    notation,
    number,
    position,
    risk,
    several,
    weight_kg,
    whole,
    zscore,
)
from data.places.reference import codes

INDONESIAN, ENGLISH = Notation("indonesian"), Notation("english")
WRONG: tuple[Any, bool] = (None, True)
UNKNOWN: tuple[Any, bool] = (None, False)
SILENT = (None, "", "-", " ", " - ", "\u00a0", "\u00a0-\u202f", "–", "NULL", "n/a")
FEW = settings(max_examples=10, deadline=None, database=None)
FIGURES = "0123456789.,:;-+−%'()/<>* \u00a0eERrpPxXnataahubl"
"""What figures, units and ages are written with: from it more comes out that is nearly right."""
READERS = (age_months, decile, height_cm, height_status, number, position, risk, several, weight_kg, whole, zscore)


@pytest.fixture(scope="module")
def engine() -> Backend:
    return connect()


def asked(engine: Backend, reader: Callable[..., Any], texts: Sequence[str | None], *how: Any) -> list[tuple[Any, ...]]:
    """What `reader` answers to each text."""
    engine.con.register("cells", pa.table({"no": range(len(texts)), "text": pa.array(texts, pa.string())}))
    cells = engine.table("cells")
    answers = {f"answer_{part}": answer for part, answer in enumerate(reader(cells.text, *how))}
    rows = cells.select("no", **answers).order_by("no").to_pyarrow().to_pylist()
    return [tuple(row[name] for name in answers) for row in rows]


def answers(engine: Backend, reader: Callable[..., Any], expected: dict[str, Any], *how: Any) -> dict[str, Any]:
    """What `reader` answers to the texts of `expected`, in the same form."""
    return dict(zip(expected, asked(engine, reader, list(expected), *how), strict=True))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_what_says_nothing_is_unknown_and_not_wrong(engine: Backend, reader: Callable[..., Any]) -> None:
    for answer in asked(engine, reader, SILENT):
        assert answer == (None,) + (False,) * (len(answer) - 1)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(
    texts=st.lists(st.text() | st.text(FIGURES) | st.from_regex(r"[+-]?[0-9]{1,60}([.,:][0-9]{1,9})?(e[0-9]{1,3})?"))
)
@FEW
def test_no_text_fails_and_none_is_both_read_and_wrong(
    engine: Backend, reader: Callable[..., Any], texts: list[str]
) -> None:
    for value, wrong, *marks in asked(engine, reader, [text.replace("\0", "") for text in texts]):
        assert wrong in (True, False)
        assert value is None or not wrong
        assert all(mark in (True, False) and not (mark and value is None) for mark in marks)


def test_a_decile_is_a_number_from_one_to_ten_however_it_is_written(engine: Backend) -> None:
    written = {"1": 1, "01": 1, "1.0": 1, "1,0": 1, "10": 10, "D1": 1, "Desil 1": 1, "desil_1": 1, "DESIL-2": 2}
    written |= {"Desil ke-3": 3, " 3\u00a0": 3, "desil 4 (rentan miskin)": 4, "'5": 5}
    expected = {text: (value, False) for text, value in written.items()}
    assert answers(engine, decile, expected) == expected


@pytest.mark.parametrize("text", ["6-10", "6–10", "Desil 6 - 10", "6 s/d 10", "Belum Ada Desl", "belum ada desil"])
def test_a_decile_word_that_spans_several_or_none_is_not_determined(engine: Backend, text: str) -> None:
    assert asked(engine, decile, [text]) == [UNKNOWN]


@pytest.mark.parametrize("text", ["0", "11", "00", "-1", "1.5", "100", "Desil 11", "miskin", "1 2", "12-15", "6-11"])
def test_what_is_no_decile_is_wrong(engine: Backend, text: str) -> None:
    assert asked(engine, decile, [text]) == [WRONG]


NUMBERS: dict[str, tuple[float | None, bool]] = {
    "1.234,5": (1234.5, False),
    "Rp420.032,00": (420032, False),
    "Rp. 1.000.000,-": (1_000_000, False),
    "-Rp 5.000": (-5000, False),
    "12,5 %": (12.5, False),
    "4,67": (4.67, False),
    "4.67": (4.67, False),
    "1,234.5": (1234.5, False),
    "1,234,567": (1_234_567, False),
    "1.234.567": (1_234_567, False),
    "1 234 567,8": (1_234_567.8, False),
    "\u00a01\u202f234\u00a0": (1234, False),
    "0,125": (0.125, False),
    "0.125": (0.125, False),
    "1234.567": (1234.567, False),
    ",5": (0.5, False),
    "12,": (12, False),
    "007": (7, False),
    "'12": (12, False),
    "12 kg": (12, False),
    "1.200 jiwa": (1200, False),
    "12 m2": (12, False),
    "12 (2021)": (12, False),
    "12*)": (12, False),
    "-5": (-5, False),
    "- 5": (-5, False),
    "−12,5": (-12.5, False),
    "1.1038216E7": (11038216, False),
    "1e-05": (0.00001, False),
    "12 13": WRONG,
    "12/13": WRONG,
    "3-5": WRONG,
    "12 atau 3": WRONG,
    "12 kg 500 gram": WRONG,
    "1 orang, 2 anak": WRONG,
    "1.23,4": WRONG,
    "1.234.56": WRONG,
    "1,23,456": WRONG,
    "<5": WRONG,
    "(1.234)": WRONG,
    "1,2 juta": WRONG,
    "1.5jt": WRONG,
    "abc": WRONG,
    "Rp": WRONG,
    "%": WRONG,
    "inf": WRONG,
    "1e999": WRONG,
    "0x10": WRONG,
    "1_000": WRONG,
    "٣": WRONG,
}


def test_a_number_is_read_without_its_currency_unit_and_groups(engine: Backend) -> None:
    assert answers(engine, number, NUMBERS) == NUMBERS


def test_a_figure_too_large_to_keep_is_wrong_and_does_not_stop_the_import(engine: Backend) -> None:
    large = ["9223372036854775807", "9" * 25, "-9e50", "1e99", "9" * 400, "9" * 400 + ",5"]
    assert asked(engine, whole, [*large, "1"]) == [*[WRONG] * len(large), (1, False)]
    assert asked(engine, number, large[-2:]) == [WRONG, WRONG]


def test_what_can_be_read_in_one_way_only_is_read_so_whatever_the_column(engine: Backend) -> None:
    for how in (INDONESIAN, ENGLISH):
        clear = {text: answer for text, answer in NUMBERS.items() if text != "1.200 jiwa" and text != "-Rp 5.000"}
        assert answers(engine, number, clear, how) == clear


def test_what_can_be_read_both_ways_is_read_as_the_column_writes(engine: Backend) -> None:
    for how, thousand, fraction in [(INDONESIAN, "-1.234", "1,234"), (ENGLISH, "-1,234", "1.234")]:
        assert asked(engine, number, [thousand, fraction], how) == [(-1234, False), (1.234, False)]
    assert asked(engine, number, ["1.234", "1,234"], UNDECIDED) == [(1234, False), (1.234, False)]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (["1.234,5", "12,5", "1.234"], Notation("indonesian", 2, 0, 1)),
        (["1,234.5", "2.5", "1,234"], Notation("english", 0, 2, 1)),
        (["1.234", "12", None, "", "abc"], Notation("undecided", 0, 0, 1)),
        (["1.234.567"], Notation("indonesian", 1)),
        (["Rp\u00a05.000,00", "−4,67 %"], Notation("indonesian", 2)),
        (["0.125", "1234.567"], Notation("english", 0, 2)),
        ([], UNDECIDED),
    ],
)
def test_the_spellings_of_a_column_show_its_notation(samples: list[str | None], expected: Notation) -> None:
    assert notation(samples) == expected


def test_a_column_in_both_notations_is_marked_where_it_matters() -> None:
    assert notation(["1.234,5", "1,234.5", "1.234"]).mixed
    assert notation(["1.234,5", "1,234.5", "1.234"]).kind == "undecided"
    assert not notation(["1.234,5", "1,234.5"]).mixed
    assert not notation(["1.234,5", "1.234"]).mixed


@given(numbers=st.lists(st.tuples(st.integers(-(10**11), 10**11), st.integers(1, 2)), min_size=20, max_size=200))
@FEW
def test_every_number_comes_back_from_both_notations(engine: Backend, numbers: list[tuple[int, int]]) -> None:
    english = [f"{cents / 10**digits:,.{digits}f}" for cents, digits in numbers]
    indonesian = [text.translate(str.maketrans(",.", ".,")) for text in english]
    expected = [(float(text.replace(",", "")), False) for text in english]
    assert asked(engine, number, english, notation(english)) == expected
    assert asked(engine, number, indonesian, notation(indonesian)) == expected


def test_a_count_is_whole_and_may_have_any_groups(engine: Backend) -> None:
    expected = {"1.234": 1234, "1,234": 1234, "1.234,00": 1234, "12.0": 12, "12": 12, "-3": -3, "1.200 jiwa": 1200}
    assert answers(engine, whole, expected) == {text: (value, False) for text, value in expected.items()}
    for text in ("12,5", "1.234,5", "9007199254740993"):
        assert asked(engine, whole, [text]) == [WRONG]


def test_a_count_of_a_column_with_fractions_has_no_groups_of_its_decimal_sign(engine: Backend) -> None:
    assert asked(engine, whole, ["1.234", "1,234"], ENGLISH) == [WRONG, (1234, False)]
    assert asked(engine, whole, ["1.234", "1,234"], INDONESIAN) == [(1234, False), WRONG]


def test_a_z_score_may_have_any_decimal_sign_and_any_minus(engine: Backend) -> None:
    for text in ("-2,31", "-2.31", "-2:31", "−2,31", "- 2,31", "-2,31 SD", "'-2,31"):
        assert asked(engine, zscore, [text]) == [(-2.31, False, False)]
    assert asked(engine, zscore, ["02:31:00", "0", ",5"]) == [
        (2.31, False, False),
        (0, False, False),
        (0.5, False, False),
    ]


def test_a_z_score_beyond_six_is_implausible_and_beyond_twenty_wrong(engine: Backend) -> None:
    expected = {"-6": (-6, False, False), "-6,01": (-6.01, False, True), "20": (20, False, True)}
    expected |= dict.fromkeys(("20,01", "-999", "3187160574", "1e1", "inf", "2.3.4", "SD"), (None, True, False))
    assert answers(engine, zscore, expected) == expected


def test_the_status_of_a_childs_height_is_read_in_both_languages_and_short(engine: Backend) -> None:
    words = {
        "severely_stunted": ["Sangat Pendek", "sangat_pendek", "Severely Stunted", "SP", "Sangat Pendek (SP)"],
        "stunted": ["Pendek", "Stunted", "Stunting", "P", " pendek\u00a0"],
        "normal": ["Normal", "N", "NORMAL"],
        "tall": ["Tinggi", "T", "Tall"],
    }
    expected = {text: (status, False) for status, texts in words.items() for text in texts}
    expected |= {"Outlier": UNKNOWN, "Gizi Baik": WRONG, "x": WRONG}
    assert answers(engine, height_status, expected) == expected


def test_a_child_is_measured_lying_or_standing(engine: Backend) -> None:
    expected = dict.fromkeys(("Telentang", "Terlentang", "L"), ("lying", False))
    expected |= dict.fromkeys(("Berdiri", "berdiri ", "H"), ("standing", False))
    expected |= {"duduk": WRONG}
    assert answers(engine, position, expected) == expected


def test_a_code_of_risk_is_yes_no_or_not_applicable(engine: Backend) -> None:
    expected = dict.fromkeys(("1", "01", "1.0", "Ya", "V", "v", "√", "✓", "1. Ya"), (True, False))
    expected |= dict.fromkeys(("2", "02", "2.0", "Tidak", " TIDAK ", "2 - Tidak"), (False, False))
    expected |= dict.fromkeys(("3", "03", "3.0", "Tidak berlaku", "3 (Tidak berlaku)"), UNKNOWN)
    expected |= dict.fromkeys(("0", "4", "10", "12", "mungkin"), WRONG)
    assert answers(engine, risk, expected) == expected


def test_grams_become_kilograms_and_are_marked(engine: Backend) -> None:
    expected = {
        "12,5": (12.5, False, False),
        "9.8 kg": (9.8, False, False),
        "12500": (12.5, False, True),
        "12.500": (12.5, False, False),
        "0.5": (0.5, False, False),
        "60": (60, False, False),
    }
    expected |= dict.fromkeys(("0", "0,49", "61", "125", "499", "60001", "-5", "abc"), (None, True, False))
    assert answers(engine, weight_kg, expected) == expected


def test_a_weight_at_birth_lies_between_half_a_kilogram_and_eight(engine: Backend) -> None:
    expected = {"3,2": (3.2, False, False), "500": (0.5, False, True), "8000": (8, False, True), "8": (8, False, False)}
    expected |= dict.fromkeys(("9", "31", "499", "8001"), (None, True, False))
    assert answers(engine, weight_kg, expected, True) == expected


def test_metres_and_millimetres_become_centimetres_and_are_marked(engine: Backend) -> None:
    expected = {
        "87,1": (87.1, False, False),
        "105 cm": (105, False, False),
        "0,871": (87.1, False, True),
        "1.050": (105, False, True),
        "871": (87.1, False, True),
        "1050": (105, False, True),
        "20": (20, False, False),
        "150": (150, False, False),
    }
    expected |= dict.fromkeys(("0", "0.39", "1,51", "19", "151", "399", "1501", "-87", "abc"), (None, True, False))
    assert answers(engine, height_cm, expected) == expected


def test_an_age_is_counted_in_completed_months(engine: Backend) -> None:
    months = {"2 Tahun - 3 Bulan - 5 Hari": 27, "0 Tahun - 0 Bulan - 5 Hari": 0, "2 th 3 bl": 27, "2thn3bln": 27}
    months |= {"27 bulan": 27, "27": 27, "27.0": 27, "27,9": 27, "2 tahun": 24, "45 hari": 1, "30 hari": 0, "119": 119}
    expected = {text: (value, False) for text, value in months.items()}
    expected |= dict.fromkeys(("3187160574", "-3", "-3 Bulan", "120", "10 Tahun", "2-3", "tahun", "2 3"), WRONG)
    assert answers(engine, age_months, expected) == expected
    assert asked(engine, age_months, ["60", "61"], 60) == [(60, False), WRONG]


def test_several_answers_are_each_kept_once_and_in_order(engine: Backend) -> None:
    joined = {"01,10": "1; 10", "10,1,4,01": "1; 4; 10", "1; 4": "1; 4", "2|1\n3": "1; 2; 3", "1.0": "1", "00": "0"}
    joined |= {"PKH dan BPNT": "BPNT; PKH", "BPNT/Sembako": "BPNT/Sembako", "PKH,": "PKH", "1, -, 2": "1; 2"}
    expected = {text: (value, False) for text, value in joined.items()}
    assert answers(engine, several, expected) == expected


@given(cells=st.lists(st.lists(st.integers(0, 10**8), min_size=1, max_size=8), min_size=20), width=st.integers(1, 9))
@FEW
def test_codes_come_out_sorted_as_numbers_and_a_second_time_as_they_are(
    engine: Backend, cells: list[list[int]], width: int
) -> None:
    joined = asked(engine, several, [",".join(f"{code:0{width}}" for code in cell) for cell in cells])
    assert joined == [("; ".join(map(str, sorted(set(cell)))), False) for cell in cells]
    assert asked(engine, several, [text for text, _ in joined]) == joined


BORN = date(1990, 8, 17)
CHECKED: dict[str, tuple[str | None, date | None, str | None, set[str]]] = {
    "a man": ("7471081708900001", BORN, "L", set()),
    "a woman": ("7471085708900001", BORN, "P", set()),
    "a woman as a man": ("7471081708900001", BORN, "P", {"nik_sex_differs"}),
    "a man as a woman": ("7471085708900001", BORN, "L", {"nik_sex_differs"}),
    "another day": ("7471081808900001", BORN, "L", {"nik_birth_differs"}),
    "another month": ("7471081707900001", BORN, "L", {"nik_birth_differs"}),
    "another year": ("7471081708910001", BORN, "L", {"nik_birth_differs"}),
    "a hundred years older": ("7471081708900001", date(1890, 8, 17), "L", set()),
    "nothing to compare with": ("7471081708900001", None, None, set()),
    "the thirtieth of February": ("7471083002900001", BORN, "L", {"nik_date_impossible"}),
    "a leap day": ("7471082902000001", date(2000, 2, 29), "L", set()),
    "a leap day of no leap year": ("7471082902010001", BORN, "L", {"nik_date_impossible"}),
    "a man's last day": ("7471083112900001", date(1990, 12, 31), "L", set()),
    "a woman's last day": ("7471087112900001", date(1990, 12, 31), "P", set()),
    "no day": ("7471080008900001", BORN, "L", {"nik_date_impossible"}),
    "between the sexes": ("7471083508900001", BORN, "L", {"nik_date_impossible"}),
    "beyond the women": ("7471087208900001", BORN, "P", {"nik_date_impossible"}),
    "a thirteenth month": ("7471081713900001", BORN, "L", {"nik_date_impossible"}),
    "no number": (None, BORN, "L", set()),
}


@pytest.mark.parametrize("case", CHECKED)
def test_a_nik_tells_of_area_birth_and_sex(engine: Backend, case: str) -> None:
    nik, born, sex, expected = CHECKED[case]
    row = {"nik": pa.array([nik], pa.string()), "born": pa.array([born], pa.date32())}
    engine.con.register("people", pa.table({**row, "sex": pa.array([sex], pa.string())}))
    people = engine.table("people")
    (found,) = people.select(**nik_checks(people.nik.cast("int64"), people.born, people.sex)).to_pyarrow().to_pylist()
    assert all(condition is not None for condition in found.values())
    assert {code for code, condition in found.items() if condition} == expected


def test_a_register_without_birth_date_or_sex_is_not_asked_for_them(engine: Backend) -> None:
    engine.con.register("numbers", pa.table({"nik": ["7471081708900001"]}))
    assert set(nik_checks(engine.table("numbers").nik.cast("int64"))) == {"nik_date_impossible"}


def test_every_kecamatan_of_today_can_have_issued_a_nik() -> None:
    assert all(issues_nik(code.replace(".", "")) for code in codes("", "kecamatan"))


@pytest.mark.parametrize("area", ["997108", "745008", "747100"])
def test_a_province_a_number_and_a_kecamatan_that_never_were_have_issued_none(area: str) -> None:
    assert not issues_nik(area)


@pytest.mark.parametrize("area", ["647301", "747199"])
def test_a_kota_that_moved_and_a_kecamatan_of_an_older_list_may_have(area: str) -> None:
    assert issues_nik(area)


def test_all_readings_of_a_wide_row_fit_into_one_query(engine: Backend) -> None:
    """Expressions that are written out at every use once made the engine run out of memory."""
    engine.con.execute("CREATE OR REPLACE TEMP TABLE wide AS SELECT '1' || chr(44) || '5' AS t FROM range(100_000)")
    table = engine.table("wide")
    parts = {f"{r.__name__}_{n}": part for r in READERS for n, part in enumerate(r(table.t))}
    engine.con.execute(f"CREATE OR REPLACE TEMP TABLE done AS {engine.compile(table.select(**parts))}")
    assert engine.con.execute("SELECT count(*), min(weight_kg_0), max(number_0) FROM done").fetchone() == (
        100_000,
        1.5,
        1.5,
    )
