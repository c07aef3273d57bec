"""Tables of figures by area become one row a figure, whatever shape they have."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data import engine
from data.intake.figure_measures import feeds, register_of
from data.intake.figure_table import read_figures
from data.intake.figures import Figures, NotFigures
from data.intake.read import sheets
from data.places.codes import Pairs

BENDE, PONDAMBEA, KADIA, KENDARI = "74.71.08.1002", "74.71.08.1003", "74.71.08", "74.71"
END_2023 = date(2023, 12, 31)


@dataclass(frozen=True)
class Column:
    index: int
    heading: str


def read(folder: Path, name: str, text: str, header: int = 0, **told: Any) -> Figures | NotFigures:
    """Reads a file written from `text`; the headings stand in its line `header`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    sheet = sheets(path, folder)[0]
    number, cells = sheet.preview[header]
    backend = engine.connect()
    sheet.load(backend.con, "raw", number, len(cells))
    title = " ".join(" ".join(filter(None, row)) for _, row in sheet.preview[:header])
    columns = [Column(index, cell) for index, cell in enumerate(cells)]
    return read_figures(backend, backend.table("raw"), columns, title, name, **told)


def figures(folder: Path, name: str, text: str, header: int = 0, **told: Any) -> Figures:
    found = read(folder, name, text, header, **told)
    assert isinstance(found, Figures), found
    return found


def rows(found: Figures, counted: bool = True) -> dict[tuple[str, str, str, str], float]:
    """(area, day, measure, category) → value, of the figures that count or of those that do not."""
    told = found.backend.con.execute(
        "SELECT area_code, period, measure, category, value FROM figures WHERE counted = ?", [counted]
    ).fetchall()
    return {(area, str(day), measure, category): value for area, day, measure, category, value in told}


def problems(found: Figures) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {line.code: (line.rows, line.first_rows) for line in found.reported()}


def test_a_tidy_table_has_a_figure_a_row(tmp_path: Path) -> None:
    found = figures(
        tmp_path,
        "jumlah-penyandang-disabilitas.csv",
        """periode_data,wilayah,kecamatan,kelurahan,jenis,jumlah
2022,KOTA KENDARI,KADIA,BENDE,Netra,10
2022,KOTA KENDARI,KADIA,BENDE,Rungu,1.200
202306,KOTA KENDARI,KADIA,BENDE,Netra,11
""",
    )
    measure = "jumlah_penyandang_disabilitas"
    assert rows(found) == {
        (BENDE, "2022-12-31", measure, "Netra"): 10,
        (BENDE, "2022-12-31", measure, "Rungu"): 1200,
        (BENDE, "2023-06-30", measure, "Netra"): 11,
    }
    assert (found.register.key, found.place, found.covers) == ("rekap", KENDARI, BENDE)
    assert found.periods == (date(2023, 6, 30), date(2022, 12, 31))
    assert found.measures[0].categories == ("Netra", "Rungu")


def test_several_columns_of_categories_stand_together(tmp_path: Path) -> None:
    found = figures(
        tmp_path,
        "rekap_lansia_kendari_2023.csv",
        """kecamatan,jenis_kelamin,kelompok_umur,jumlah_lansia
KADIA,L,60-64,5
KADIA,P,60-64,6
KADIA,Jumlah,60-64,11
""",
    )
    assert {category for *_, category in rows(found)} == {"Laki-laki; 60-64", "Perempuan; 60-64", "60-64"}


def test_years_as_columns_are_dates_of_one_measure(tmp_path: Path) -> None:
    text = """Persentase Penduduk Miskin Menurut Kabupaten/Kota di Provinsi DKI Jakarta (Persen);;
Kabupaten/Kota;2021;2022
Kep. Seribu;14,90;15,06
Jakarta Selatan;3,56;3,48
DKI Jakarta;4,67;4,69
"""
    found = figures(tmp_path, "bps.csv", text, header=1)
    told = rows(found)
    assert found.register.key == "poverty"
    assert told["31.74", "2022-12-31", "poverty_rate", ""] == 0.0348
    # The province is named among its parts, and its row is its own figure.
    assert told["31", "2021-12-31", "poverty_rate", ""] == 0.0467
    assert len(told) == 6


def test_merged_headings_name_date_measure_and_category(tmp_path: Path) -> None:
    text = """Kecamatan;2022 > Laki-laki;2022 > Perempuan;2022 > Jumlah;Semester I 2023 > Laki-laki
Kadia;100;110;210;101
Baruga;10;11;21;12
"""
    found = figures(tmp_path, "penyandang disabilitas kota kendari.csv", text)
    told = rows(found)
    measure = found.measures[0].key
    assert measure == "penyandang_disabilitas"
    assert told[KADIA, "2022-12-31", measure, "Perempuan"] == 110
    assert told[KADIA, "2022-12-31", measure, ""] == 210
    assert told[KADIA, "2023-06-30", measure, "Laki-laki"] == 101


def test_units_in_headings_scale_the_numbers(tmp_path: Path) -> None:
    text = """Kabupaten/Kota;Tahun;Jumlah Penduduk Miskin (ribu jiwa);Persentase Penduduk Miskin (%);Garis Kemiskinan
Kota Kendari;2021;19,21;4,87;450.000
"""
    told = rows(figures(tmp_path, "a.csv", text))
    assert told == {
        (KENDARI, "2021-12-31", "poor_persons", ""): 19210,
        (KENDARI, "2021-12-31", "poverty_rate", ""): 0.0487,
    }


def test_a_column_of_units_is_obeyed(tmp_path: Path) -> None:
    text = """kecamatan,tahun,cakupan,satuan
Kadia,2023,45.5,PERSEN
Baruga,2023,50.25,PERSEN
"""
    found = figures(tmp_path, "cakupan_kota_kendari.csv", text)
    assert sorted(rows(found).values()) == [0.455, 0.5025]
    assert found.measures[0].unit == "share"


@pytest.mark.parametrize(
    ("cell", "value"), [("1.234", 1234), ("1.234,0", 1234), ("12.345.678", 12345678), ("7", 7), (" 1 234 ", 1234)]
)
def test_numbers_are_read_in_the_notation_of_the_file(tmp_path: Path, cell: str, value: float) -> None:
    text = f"Kecamatan;Tahun;Jumlah KPM (KK)\nKadia;2023;{cell}\nBaruga;2023;5.000\n"
    told = rows(figures(tmp_path, "kpm kota kendari.csv", text))
    assert told[KADIA, "2023-12-31", "jumlah_kpm", ""] == value


def test_merged_cells_of_an_upper_area_hold_for_the_rows_below(tmp_path: Path) -> None:
    text = """Rekap Individu DTKS Kota Kendari Tahun 2023;;;
No;Kecamatan;Kelurahan;Jumlah
1;KADIA;BENDE;10
2;;PONDAMBEA;20
3;MANDONGA;MANDONGA;30
"""
    told = rows(figures(tmp_path, "a.csv", text, header=1))
    assert told[PONDAMBEA, "2023-12-31", "individu_dtks", ""] == 20
    assert {area for area, *_ in told} == {BENDE, PONDAMBEA, "74.71.01.1005"}


def test_a_row_of_a_larger_area_is_its_own_figure_and_no_part(tmp_path: Path) -> None:
    text = """Kecamatan;Jumlah Lansia
Kadia;5
Baruga;6
Kota Kendari;1.000
"""
    found = figures(tmp_path, "lansia_kota_kendari_2023.csv", text)
    assert rows(found)[KENDARI, "2023-12-31", "jumlah_lansia", ""] == 1000
    assert found.counts.accepted == 3


def test_a_total_without_a_name_counts_for_nothing_but_the_check(tmp_path: Path) -> None:
    text = """Kecamatan;Jumlah Lansia
Kadia;5
Baruga;6
JUMLAH;12
"""
    found = figures(tmp_path, "lansia_kota_kendari_2023.csv", text)
    assert {area for area, *_ in rows(found)} == {KADIA, "74.71.03"}
    assert problems(found) == {"figure_not_the_sum": (1, (4,))}
    assert (found.counts.read, found.counts.left_out) == (2, 1)


def test_a_total_under_the_running_number_is_no_area(tmp_path: Path) -> None:
    text = "No;Kecamatan;Jumlah Lansia\n1;Kadia;5\n2;Baruga;6\nJUMLAH;;11\n"
    found = figures(tmp_path, "lansia_kota_kendari_2023.csv", text)
    assert sorted(rows(found).values()) == [5, 6]
    assert (problems(found), found.counts.left_out) == ({}, 1)


def test_a_total_of_categories_that_is_not_their_sum_is_reported(tmp_path: Path) -> None:
    text = """Kecamatan;Laki-laki;Perempuan;Jumlah
Kadia;10;20;30
Baruga;10;20;31
"""
    found = figures(tmp_path, "lansia_kota_kendari_2023.csv", text)
    assert problems(found) == {"figure_not_the_sum": (1, (3,))}


def test_impossible_and_unreadable_figures_are_named_and_left_out(tmp_path: Path) -> None:
    text = """Kecamatan;Jumlah Lansia (jiwa);Persentase Terdata (%)
Kadia;-5;50,5
Baruga;banyak;101
Poasia;7;99,9
"""
    found = figures(tmp_path, "lansia_kota_kendari_2023.csv", text + "Abeli;8;1\nKambu;9;2\nWua-Wua;9;2\n")
    assert problems(found) == {
        "figure_negative": (1, (2,)),
        "figure_unreadable": (1, (3,)),
        "figure_over_all": (1, (3,)),
    }
    lansia = {area: value for (area, _, measure, _), value in rows(found).items() if measure == "jumlah_lansia"}
    assert KADIA not in lansia
    assert len(lansia) == 4


def test_a_figure_of_an_unknown_kelurahan_is_none_of_its_kecamatan(tmp_path: Path) -> None:
    text = """Kota,Kecamatan,Kelurahan,Tahun,Jumlah KPM
Kota Kendari,Kadia,Bende,2023,5
Kota Kendari,Kadia,Entah Berantah,2023,6
"""
    found = figures(tmp_path, "a.csv", text)
    assert set(rows(found)) == {(BENDE, "2023-12-31", "jumlah_kpm", "")}
    assert problems(found) == {"figure_unplaced": (1, (3,))}
    assert found.reported()[0].values["examples"] == "Kota Kendari / Kadia / Entah Berantah"


def test_two_rows_of_one_key_count_once_when_alike_and_not_at_all_when_not(tmp_path: Path) -> None:
    text = """Kecamatan;Tahun;Jumlah KPM
Kadia;2023;5
Kadia;2023;5
Baruga;2023;6
Baruga;2023;7
Poasia;2023;8
"""
    found = figures(tmp_path, "kpm_kota_kendari.csv", text)
    assert sorted(rows(found).values()) == [5, 8]
    assert problems(found) == {"figure_contradicted": (2, (4, 5)), "figure_repeated": (1, (3,))}


def test_rows_of_rw_are_all_of_them_figures_of_their_kelurahan(tmp_path: Path) -> None:
    text = """Kecamatan;Kelurahan;RW;Tahun;Jumlah KPM
Kadia;Bende;01;2023;5
Kadia;Bende;02;2023;5
"""
    found = figures(tmp_path, "kpm_kota_kendari.csv", text)
    assert found.counts.accepted == 2
    assert problems(found) == {}


def test_what_describes_an_area_is_no_category(tmp_path: Path) -> None:
    text = """name,capital,latitude,population
Kota Kendari,Kendari,-3.97,366454
Kabupaten Kutai Timur,Sangatta,0.52,448850
"""
    found = figures(tmp_path, "a.csv", text, told_period=END_2023)
    assert rows(found) == {
        (KENDARI, "2023-12-31", "population", ""): 366454,
        ("64.08", "2023-12-31", "population", ""): 448850,
    }
    assert (found.place, found.covers) == ("", "")


def test_population_has_its_own_measures(tmp_path: Path) -> None:
    text = """kode_kemendagri,kecamatan,kelurahan,penduduk_2019,kk_2019,pria_2019,wanita_2019,luas_km2,kepadatan_2019
74.71.08.1002,Kadia,Bende,1000,300,490,510,0.93,1075.27
74.71.08.1003,Kadia,Pondambea,2000,600,990,1011,4.77,419.29
"""
    found = figures(tmp_path, "a.csv", text)
    assert found.register.key == "population"
    assert found.fields == ("population", "families", "male", "female")
    assert rows(found)[BENDE, "2019-12-31", "families", ""] == 300
    assert problems(found) == {"figure_not_the_sum": (1, (3,))}


def test_official_poverty_exists_for_no_kecamatan(tmp_path: Path) -> None:
    text = "Kecamatan;Tahun;Persentase Penduduk Miskin\nKadia;2023;5,1\nBaruga;2023;6,2\nKota Kendari;2023;4,9\n"
    found = figures(tmp_path, "kota kendari.csv", text, told_register="poverty")
    assert {area for area, *_ in rows(found)} == {KENDARI}
    assert problems(found)["poverty_below_kabkota"] == (2, (2, 3))


def test_the_date_comes_from_the_row_the_heading_the_title_the_name_or_the_user(tmp_path: Path) -> None:
    plain = "Kecamatan;Jumlah KPM\nKadia;5\nBaruga;6\n"
    assert figures(tmp_path, "kpm kota kendari semester 1 2022.csv", plain).periods == (date(2022, 6, 30),)
    assert figures(tmp_path, "kpm kota kendari.csv", plain, told_period=END_2023).periods == (END_2023,)
    titled = "Kota Kendari, Maret 2021;\n" + plain
    assert figures(tmp_path, "kpm 2022.csv", titled, header=1).periods == (date(2021, 3, 31),)
    assert read(tmp_path, "kpm kota kendari.csv", plain) == NotFigures("figures_without_period")
    assumed = figures(tmp_path, "kpm kota kendari.csv", plain, saved_on=date(2024, 5, 1))
    assert assumed.periods == (date(2024, 5, 1),)
    assert [note.code for note in assumed.notes] == ["period_assumed"]


def test_a_table_without_areas_or_numbers_is_none_of_figures(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", "Nama;Umur\nSiti;10\nBudi;12\n") == NotFigures("figures_without_areas")
    found = read(tmp_path, "a.csv", "Kecamatan;Camat\nKadia;Siti\nBaruga;Budi\n")
    assert isinstance(found, NotFigures)
    assert found.code == "figures_without_numbers"


def test_kecamatan_alone_tell_their_city(tmp_path: Path) -> None:
    found = figures(tmp_path, "kpm 2023.csv", "Kecamatan;Jumlah KPM\nKadia;5\nBaruga;6\nPoasia;7\nMandonga;8\n")
    assert found.place == KENDARI


def test_headings_inside_and_column_numbers_are_no_data(tmp_path: Path) -> None:
    text = """Kecamatan;Jumlah KPM
(1);(2)
Kadia;5
Kecamatan;Jumlah KPM
Baruga;6
Sumber: Dinas Sosial;
"""
    found = figures(tmp_path, "kpm kota kendari 2023.csv", text)
    assert sorted(rows(found).values()) == [5, 6]
    assert (found.counts.read, found.counts.left_out, problems(found)) == (2, 3, {})


def test_a_bare_name_is_the_kabupaten_where_others_say_kota(tmp_path: Path) -> None:
    text = """Kabupaten/Kota;2022
Bandung;7,00
Kota Bandung;4,25
Jawa Barat;7,98
"""
    told = rows(figures(tmp_path, "persentase penduduk miskin.csv", text))
    assert {area: value for (area, *_), value in told.items()} == {"32.04": 0.07, "32.73": 0.0425, "32": 0.0798}


def test_bps_codes_beside_names_are_recognised_and_teach(tmp_path: Path) -> None:
    text = """kode_provinsi,bps_kode_kabupaten_kota,nama_kabupaten_kota,tahun,jumlah_rtlh
31,3171,KOTA JAKARTA SELATAN,2022,5
31,3172,KOTA JAKARTA TIMUR,2022,6
"""
    found = figures(tmp_path, "rtlh.csv", text)
    assert {area: value for (area, *_), value in rows(found).items()} == {"31.74": 5, "31.75": 6}
    assert found.learned == {"3171": "31.74", "3172": "31.75"}
    assert [(note.code, note.values["system"]) for note in found.notes] == [("code_system", "BPS")]


def test_bps_codes_alone_wait_for_their_meaning(tmp_path: Path) -> None:
    text = "kode_bps,tahun,jumlah_rtlh\n7471010001,2022,5\n7471010003,2022,6\n7471010004,2022,7\n"
    refused = read(tmp_path, "rtlh.csv", text)
    assert refused == NotFigures("bps_codes_only", {"rows": 3})
    pairs = Pairs.of(tmp_path / "home")
    pairs.learn({"7471010001": BENDE, "7471010003": PONDAMBEA})
    found = figures(tmp_path, "rtlh.csv", text, pairs=Pairs.of(tmp_path / "home"))
    assert {area: value for (area, *_), value in rows(found).items()} == {BENDE: 5, PONDAMBEA: 6}
    assert problems(found) == {"figure_unplaced": (1, (4,))}


def test_a_list_of_names_and_bps_codes_teaches_without_a_figure(tmp_path: Path) -> None:
    text = """kode_kemendagri,kabkota,kecamatan,kelurahan,kode_bps
74.71.08.1002,Kota Kendari,Kadia,Bende,7471011001
74.71.08.1003,Kota Kendari,Kadia,Pondambea,7471011002
"""
    found = read(tmp_path, "kode.csv", text)
    assert isinstance(found, NotFigures)
    assert found.learned == {"7471011001": BENDE, "7471011002": PONDAMBEA}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("dtks 2023.csv", "Kecamatan;Jumlah Individu DTKS (jiwa)\nKadia;5\nBaruga;6\n", {"dtks_persons"}),
        ("dtks 2023.csv", "Kecamatan;Jumlah KK DTKS\nKadia;5\nBaruga;6\n", {"dtks_families"}),
        ("ppks 2023.csv", "Kecamatan;Jumlah PPKS\nKadia;5\nBaruga;6\n", {"ppks_persons"}),
        ("p3s 2023.csv", "Kecamatan;PMKS Terjangkau P3S\nKadia;5\nBaruga;6\n", {"outreach_reaches"}),
        ("krs 2023.csv", "Kecamatan;Keluarga Risiko Stunting\nKadia;5\nBaruga;6\n", {"krs_families"}),
        ("gizi 2023.csv", "Kecamatan;Balita Stunting;Balita Diukur\nKadia;5;50\nBaruga;6;70\n", {"stunting_share"}),
        ("gizi 2023.csv", "Kecamatan;Balita Stunting\nKadia;5\nBaruga;6\n", set()),
        ("dtks 2023.csv", "Kecamatan;Persentase DTKS\nKadia;5\nBaruga;6\n", set()),
    ],
)
def test_a_rekap_says_which_indicators_it_feeds(tmp_path: Path, name: str, text: str, expected: set[str]) -> None:
    assert set(figures(tmp_path, name, text, told_place=KENDARI).feeds) == expected


def test_the_key_of_a_series_is_the_same_in_every_year(tmp_path: Path) -> None:
    text = "Kecamatan;Jumlah\nKadia;5\nBaruga;6\n"
    keys = {
        figures(tmp_path, f"data-penerima-kip-per-kecamatan-kota-kendari-{year}.csv", text).fields
        for year in (2022, 2023)
    }
    assert keys == {("penerima_kip",)}


@pytest.mark.parametrize(
    ("headings", "text", "register"),
    [
        (["penduduk_2019", "kk_2019"], "", "population"),
        (["Laki-laki", "Perempuan", "Jumlah"], "Jumlah Penduduk Kota Kendari 2023", "population"),
        (["Laki-laki", "Perempuan", "Jumlah"], "Jumlah Penyandang Disabilitas 2023", "rekap"),
        (["Jumlah Penduduk", "Jumlah DTKS"], "", "rekap"),
        (["2021", "2022"], "Persentase Penduduk Miskin", "poverty"),
        (["jumlah"], "rekap PPKS", "rekap"),
    ],
)
def test_headings_and_title_tell_which_register_it_is(headings: list[str], text: str, register: str) -> None:
    assert register_of(headings, text) == register


def test_nothing_is_fed_by_nothing() -> None:
    assert feeds((), "DTKS") == {}


def test_what_is_stored_has_the_agreed_columns(tmp_path: Path) -> None:
    found = figures(tmp_path, "kpm kota kendari 2023.csv", "Kecamatan;Jumlah KPM\nKadia;5\nEntah;6\n")
    folder = tmp_path / "out"
    folder.mkdir()
    found.write(folder)
    stored = pq.ParquetFile(folder / "rows.parquet").read()
    assert stored.column_names == [
        "file_row", "province_code", "kabkota_code", "kecamatan_code", "kelurahan_code", "area_code", "level", "period",
        "measure", "category", "value", "unit", "counted", "problem_bits",
    ]  # fmt: skip
    first = next(row for row in stored.to_pylist() if row["counted"])
    assert (first["area_code"], first["level"], first["unit"], first["value"]) == (KADIA, "kecamatan", "families", 5.0)
    complained = pq.ParquetFile(folder / "problems.parquet").read().to_pylist()
    assert [(row["file_row"], row["code"], row["value"]) for row in complained] == [(3, "figure_unplaced", "6")]
    assert (folder / "measures.json").is_file()


def test_names_beside_codes_say_which_system_where_both_have_such_codes(tmp_path: Path) -> None:
    """3171 is Jakarta Selatan for BPS and Jakarta Pusat for Kemendagri; the province stands above its cities."""
    found = figures(
        tmp_path,
        "kemiskinan.csv",
        """Kode Wilayah;Wilayah;Tahun;Persentase Penduduk Miskin
31;DKI Jakarta;2022;4,69
3171;Jakarta Selatan;2022;3,10
3175;Jakarta Utara;2022;6,40
""",
    )
    assert rows(found) == {
        ("31", "2022-12-31", "poverty_rate", ""): 0.0469,
        ("31.74", "2022-12-31", "poverty_rate", ""): 0.031,
        ("31.72", "2022-12-31", "poverty_rate", ""): 0.064,
    }


def test_a_column_that_names_what_is_counted_makes_a_measure_of_every_word(tmp_path: Path) -> None:
    found = figures(
        tmp_path,
        "rekap-74.71-2018-12-31.csv",
        """tahun,wilayah,kecamatan,kelurahan,jenis,jumlah
2018,KOTA KENDARI,KADIA,BENDE,DTKS Individu,1000
2018,KOTA KENDARI,KADIA,BENDE,DTKS Keluarga,260
""",
    )
    assert rows(found) == {
        (BENDE, "2018-12-31", "dtks_individu", ""): 1000,
        (BENDE, "2018-12-31", "dtks_keluarga", ""): 260,
    }
    assert found.feeds == {"dtks_persons": ("dtks_individu", ""), "dtks_families": ("dtks_keluarga", "")}
