"""The other registers of the demonstration: real layouts, the published figures, and defects that are really there."""

import hashlib
import json
from datetime import date

import duckdb
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from data.sample import REGISTERS, build
from data.sample.census import EARLIER, IN_LOW_DECILES, NEWEST, RESIDENTS
from data.sample.regions import REGIONS
from data.sample.registers import dtsen, eppgbm, krs, outreach, p3ke, ppks, recipients

from .conftest import Files
from .reading import Read, sheet_of

OTHERS = tuple(key for key in REGISTERS if key != "dtks")


def one(rows: duckdb.DuckDBPyRelation, *figures: str) -> tuple[float, ...]:
    found: tuple[float, ...] = rows.aggregate(", ".join(figures)).fetchall()[0]
    return found


def there(rows: duckdb.DuckDBPyRelation, *conditions: str) -> bool:
    """Whether each condition is met by some of the rows."""
    return all(one(rows, *(f"count(*) FILTER ({condition})" for condition in conditions)))


def words_of(rows: duckdb.DuckDBPyRelation, column: str) -> set[str]:
    return {word for (word,) in rows.project(f'"{column}"').distinct().fetchall()}


def number(column: str) -> str:
    """A number written with dots between the thousands or without."""
    return f"replace(\"{column}\", '.', '')::BIGINT"


def test_every_region_has_every_register_but_dtsen_where_p3ke_is_the_last(files: Files) -> None:
    found = {(place, key) for place in REGIONS for key in OTHERS if files(key, place, 0.02)}
    assert found == {(place, key) for place in REGIONS for key in OTHERS} - {("74.71", "dtsen")}


def test_the_same_arguments_give_the_same_bytes_whatever_else_is_written(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def hashes(seed: int, *registers: str) -> dict[str, str]:
        written = build(tmp_path_factory.mktemp("again"), "64.08", 0.02, seed, registers=registers)
        return {file.path.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in written}

    first = hashes(1, *OTHERS)
    assert first == hashes(1, *reversed(OTHERS))
    assert first | hashes(1, "krs") == first
    other = hashes(2, *OTHERS)
    # Published rates are what they are.
    assert [name for name in first if first[name] == other[name] and "poverty" not in name] == []


def test_every_file_says_that_it_is_a_sample(files: Files, rows: Read) -> None:
    for place in REGIONS:
        for key in OTHERS:
            for file in files(key, place, 0.02):
                titled = any("DATA CONTOH" in title for title in sheet_of(file).form.titles)
                marked = "CONTOH-" in json.dumps(rows(file).limit(20).fetchall())
                assert file.register == key
                assert file.sample
                assert titled or marked


def test_a_place_that_is_not_declared_has_no_other_registers(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert build(tmp_path_factory.mktemp("elsewhere"), "33.74", 0.02, registers=OTHERS) == []


def test_the_newest_of_a_register_can_be_had_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    newest = build(tmp_path_factory.mktemp("newest"), "64.08", 0.02, latest=1, registers=("eppgbm", "p3ke"))
    assert [(file.register, file.period) for file in newest] == [
        ("eppgbm", date(2025, 8, 31)),
        ("p3ke", date(2023, 12, 31)),
    ]


# Population and rates


@pytest.mark.parametrize("place", REGIONS)
def test_residents_add_up_to_the_totals_of_every_city_in_2024(files: Files, rows: Read, place: str) -> None:
    (file,) = files("population", place)
    newest = rows(file).filter(f"\"Tahun\" = '{NEWEST.year}'")
    city = "left(replace(\"Kode\", '.', ''), 4)"
    residents, men, women = number("Jumlah Penduduk"), number("L"), number("P")
    figures = newest.aggregate(f"{city}, sum({residents})::BIGINT, bool_and({men} + {women} = {residents})").fetchall()
    assert {code: total for code, total, _ in figures} == {
        code.replace(".", ""): total for code, total in RESIDENTS.items() if code.startswith(place)
    }
    assert all(adds_up for *_, adds_up in figures)
    if place == "31":
        assert sum(total for _, total, _ in figures) == 11_038_216


def test_residents_are_known_before_the_first_figures_that_need_them() -> None:
    for place, region in REGIONS.items():
        assert sum(day <= region.editions[-1].period for day in EARLIER[place]) >= 1
        assert len(EARLIER[place]) >= 3
    assert min(EARLIER["74.71"]) <= date(2021, 1, 31)


def test_population_is_written_in_three_ways_with_its_defects_in_the_oldest_year_only(files: Files, rows: Read) -> None:
    kendari, jakarta, kutai_timur = (files("population", place)[0] for place in ("74.71", "31", "64.08"))
    grid = CalamineWorkbook.from_path(kendari.path).get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in grid[2]] == [
        "Tahun", "Semester", "Kode", "Kecamatan", "Kelurahan", "L", "P", "Jumlah Penduduk", "Jumlah KK",
    ]  # fmt: skip
    assert [int(str(cell).removesuffix(".0")) for cell in grid[3]] == list(range(1, 10))
    assert grid[-1][3:5] == ["JUMLAH", ""]
    assert grid[-1][7] == RESIDENTS["74.71"]
    dotted = rows(jakarta)
    assert there(dotted, "regexp_full_match(\"Jumlah Penduduk\", '[0-9]{1,3}(\\.[0-9]{3})+')")
    assert words_of(dotted.filter("\"Jumlah KK\" = '-'"), "Tahun") == {"2020"}
    assert words_of(rows(kutai_timur).filter("\"Jumlah KK\" LIKE '-%'"), "Tahun") == {"2021"}
    codes = rows(kutai_timur).project("Kode, Tahun, Semester")
    assert one(codes, "count(*)")[0] == one(codes.distinct(), "count(*)")[0] + 1


def test_official_rates_are_the_published_ones_and_no_others(files: Files, rows: Read) -> None:
    found = {
        (place, year): rate
        for region in REGIONS
        for place, year, rate, *_ in rows(files("poverty", region)[0]).fetchall()
    }
    assert found == {
        ("DKI Jakarta", "2021"): "4,67", ("DKI Jakarta", "2022"): "4,69", ("DKI Jakarta", "2023"): "4,44",
        ("DKI Jakarta", "2024"): "4,30", ("Jakarta Utara", "2024"): "6,44", ("Jakarta Timur", "2024"): "4,09",
        ("Jakarta Barat", "2024"): "3,94", ("Jakarta Pusat", "2024"): "4,63", ("Jakarta Selatan", "2024"): "3,03",
        ("Kepulauan Seribu", "2024"): "13,03", ("Kota Kendari", "2021"): "4,87", ("Kota Kendari", "2022"): "4,57",
        ("Kutai Timur", "2024"): "8,81", ("Kutai Timur", "2025"): "8,07",
    }  # fmt: skip


# Deciles


@pytest.mark.parametrize("place", ["74.71", "64.08", "31.01", "31.71"])
def test_the_share_in_deciles_1_to_4_lies_between_6_and_60_per_cent_in_every_kelurahan(
    files: Files, rows: Read, place: str
) -> None:
    residents = rows(files("population", place[:5] if place[:2] != "31" else "31")[0])
    residents = residents.filter(f"\"Tahun\" = '{NEWEST.year}'").project(
        f"replace(\"Kode\", '.', '') AS code, {number('Jumlah Penduduk')} AS residents"
    )
    file = [each for each in files("p3ke", place if place[:2] != "31" else "31") if each.place == place][-1]
    listed = rows(file)
    code = '"Kode Kemendagri"' if "Kode Kemendagri" in listed.columns else '"Kode Kemdagri"'
    by_code = listed.aggregate(f"left(replace({code}, '.', ''), 10) AS code, count(*) AS persons")
    joined = residents.set_alias("a").join(by_code.set_alias("b"), "a.code = b.code")
    kelurahan, least, most, average = one(
        joined, "count(*)", "min(persons / residents)", "max(persons / residents)", "sum(persons) / sum(residents)"
    )
    assert kelurahan == len([1 for _ in residents.fetchall() if _[0].startswith(place.replace(".", ""))])
    assert 0.06 < least < most < 0.6
    assert average == pytest.approx(IN_LOW_DECILES[place], rel=0.12)


def test_p3ke_by_person_stands_under_three_title_rows(files: Files, rows: Read) -> None:
    for place in REGIONS:
        for file in files("p3ke", place, 0.05):
            form = sheet_of(file).form
            if not form.indent:
                assert form.titles[:2] == ("Data P3KE Individu", f"Tahun: {file.period.year}")
                assert form.first_row == 5
    heads = list(rows(files("p3ke", "74.71", 0.05)[0]).columns)[:-1]
    assert heads == list(p3ke.COLUMNS)
    assert len(heads) == 32
    variants = rows(files("p3ke", "64.08", 0.05)[-1]).columns
    assert set(p3ke.VARIANTS.values()) <= set(variants)


def test_p3ke_by_family_begins_in_column_b_with_data_on_row_13(files: Files) -> None:
    file = files("p3ke", "64.08", 0.05)[0]
    sheet = openpyxl.load_workbook(file.path).active
    assert {sheet.cell(row, 1).value for row in range(12, 60)} == {None}
    assert [sheet.cell(12, column).value for column in range(2, 31)] == list(p3ke.FAMILY_COLUMNS)
    assert str(sheet.cell(13, 2).value).startswith("CONTOH-K")


def test_deciles_of_p3ke_are_1_to_4_and_now_and_then_spelled_otherwise_or_missing(files: Files, rows: Read) -> None:
    deciles = words_of(rows(files("p3ke", "64.08")[-1]), "Desil Kesejahteraan")
    assert deciles >= {"1", "2", "3", "4", "01", "Desil 1", "-", None}
    assert {decile for decile in deciles if decile} <= {
        *(f"{before}{n}" for before in ("", "0", "Desil ") for n in range(1, 5)), "-",
    }  # fmt: skip


def test_yes_no_columns_have_a_third_value_and_codes_a_decimal(files: Files, rows: Read) -> None:
    listed = rows(files("p3ke", "64.08")[-1])
    assert there(
        listed,
        f"\"Resiko Stunting\" = '{p3ke.NO_HEAD}'",
        "\"Kode Kemendagri\" LIKE '%.0'",
        "\"Penerima PKH\" = '-'",
        "regexp_full_match(NIK, '[0-9]\\.[0-9]{6}e\\+15')",
        "NIK LIKE '''%'",
        "length(NIK) = 15",
    )


def test_dtsen_knows_ten_deciles_and_words_for_those_not_determined(files: Files, rows: Read) -> None:
    file = next(file for file in files("dtsen", "31", 0.2) if file.place == "31.71")
    listed = rows(file)
    assert list(listed.columns)[:-1] == list(dtsen.PERSON_COLUMNS)
    expected = {*(str(n) for n in range(1, 11)), *(f"0{n}" for n in range(1, 5)), "6-10", "Belum Ada Desl", "-", None}
    assert words_of(listed, "Desil Nasional") == expected
    low = one(listed, 'avg(coalesce(try_cast("Desil Nasional" AS INT) <= 4, false)::INT)')[0]
    assert low == pytest.approx(1 / (1 + dtsen.BEYOND), abs=0.01)


def test_dtsen_by_family_has_the_52_columns_and_says_how_many_members(files: Files, rows: Read) -> None:
    (file,) = files("dtsen", "64.08", 0.2)
    listed = rows(file)
    assert len(listed.columns) - 1 == 52
    assert (listed.columns[0], listed.columns[51]) == ("kode_provinsi", "desil_kabupaten_kota")
    least, most, families, rows_ = one(
        listed, "min(jumlah_anggota_keluarga::INT)", "max(jumlah_anggota_keluarga::INT)",
        "count(DISTINCT nomor_kartu_keluarga_kel)", "count(*)",
    )  # fmt: skip
    assert (least, families > 0.98 * rows_) == (1, True)
    assert 5 < most < 13


# Children


@pytest.mark.parametrize(
    ("place", "scale", "least", "most"),
    [("74.71", 1.0, 0.17, 0.23), ("31", 0.2, 0.14, 0.18), ("64.08", 1.0, 0.19, 0.25)],
)
def test_prevalence_among_the_measured_is_of_the_order_of_the_surveys(
    files: Files, rows: Read, place: str, scale: float, least: float, most: float
) -> None:
    for number_, file in enumerate(files("eppgbm", place, scale)):
        edition = eppgbm.EDITIONS[place][number_]
        # The classic export has no number of a child that could be relied on.
        child = 'Nama, "Tgl Lahir", "Nama Ortu", Posyandu'
        newest = (
            rows(file)
            .filter("\"TB/U\" <> '-'")
            .aggregate(
                f'{child}, arg_max("TB/U", "Tanggal Pengukuran" || lpad(file_row::VARCHAR, 9, \'0\')) AS word', child
            )
        )
        children, share = one(newest, "count(*)", "avg((word LIKE '%Pendek')::INT)")
        assert children == pytest.approx(edition.children * scale, rel=0.02)
        assert least < share < most
        assert share == pytest.approx(edition.stunted, abs=0.03)


def test_a_child_is_measured_several_times_also_twice_on_one_day(files: Files, rows: Read) -> None:
    listed = rows(files("eppgbm", "74.71")[-1]).filter("length(NIK) = 16")
    by_child = listed.aggregate('NIK, "Nama", count(*) AS times, count(DISTINCT "Tanggal Pengukuran") AS days')
    assert there(by_child, "times = 1", "times = 2", "times = 3", "days < times")
    last = one(listed, 'max("Tanggal Pengukuran")')[0]
    assert str(last) == "2021-02-28"


def test_e_ppgbm_has_its_title_and_35_columns_and_two_more_with_masked_nik_in_2025(files: Files, rows: Read) -> None:
    for file in files("eppgbm", "64.08"):
        assert sheet_of(file).form.titles[1] == f"data tanggal : {file.period}"
    classic, newer = rows(files("eppgbm", "64.08")[0]), rows(files("eppgbm", "64.08")[-1])
    assert len(classic.columns) - 1 == 35
    assert newer.columns == [*classic.columns[:-1], "Kelas Ibu Balita", "MBG", "file_row"]
    masked = newer.filter("NIK <> '-'")
    assert one(masked, "bool_and(regexp_full_match(NIK, '[0-9]{6}\\*{10}'))") == (True,)
    assert one(classic.filter("length(NIK) = 16"), "count(*) FILTER (NIK LIKE '%*%')") == (0,)


def test_measurements_have_the_defects_of_real_ones(files: Files, rows: Read) -> None:
    listed = rows(files("eppgbm", "31", 0.2)[0])
    assert there(
        listed,
        "\"ZS TB/U\" LIKE '-_,__'",
        "\"ZS TB/U\" LIKE '-_:__'",
        "\"ZS TB/U\" LIKE '-_.__'",
        '"Berat"::DOUBLE > 1000',
        '"BB Lahir"::DOUBLE > 1000',
        "\"Usia Saat Ukur\" = '3187160574'",
        "\"Usia Saat Ukur\" LIKE '-%'",
        "\"TB/U\" = '-' AND \"ZS TB/U\" <> '-'",
        "\"TB/U\" = '-' AND \"ZS TB/U\" = '-' AND Tinggi <> '-'",
        "Tinggi = '-'",
        '"Desa/Kel" IS NULL',
        "NIK IS NULL",
        "regexp_full_match(NIK, '[0-9]\\.[0-9]{6}e\\+15')",
    )
    grams, odd_age, lost = one(
        listed, "avg((Berat::DOUBLE > 1000)::INT)", "avg((\"Usia Saat Ukur\" NOT LIKE '_ Tahun%')::INT)",
        "avg((Tinggi = '-')::INT)",
    )  # fmt: skip
    assert 0.001 < grams < 0.01
    assert 0 < odd_age < 0.004
    assert 0 < lost < 0.006


def test_the_word_for_a_height_is_that_of_its_z_score_with_few_exceptions(files: Files, rows: Read) -> None:
    z = "try_cast(replace(replace(\"ZS TB/U\", ',', '.'), ':', '.') AS DOUBLE)"
    low = f"WHEN {z} < -3 THEN 'Sangat Pendek' WHEN {z} < -2 THEN 'Pendek'"
    word = f"CASE {low} WHEN {z} < 3 THEN 'Normal' ELSE 'Tinggi' END"
    read = rows(files("eppgbm", "74.71")[-1]).filter(f"\"TB/U\" <> '-' AND {z} IS NOT NULL")
    agreeing = one(read, f'avg(("TB/U" = {word})::INT)')[0]
    assert 0.995 < agreeing < 1


# Families at risk


def test_kutai_timur_has_11973_families_at_risk_by_card(files: Files, rows: Read) -> None:
    listed = rows(files("krs", "64.08")[0])
    families, all_rows = one(listed, "count(DISTINCT ltrim(\"No. Kartu Keluarga\", ''' '))", "count(*)")
    assert families == 11_973
    assert families < all_rows < families + 40
    assert one(listed, "bool_and(regexp_full_match(ltrim(\"No. Kartu Keluarga\", ''' '), '[0-9]{16}'))") == (True,)


def test_krs_stands_under_four_rows_of_merged_headings_and_a_row_of_numbers(files: Files) -> None:
    sheet = openpyxl.load_workbook(files("krs", "64.08", 0.05)[0].path).active
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert merged >= {"A1:U1", "A4:A7", "H4:H7", "I4:L4", "I5:J5", "I6:I7", "K5:K7", "M4:T4", "O5:T5", "O6:S6", "U4:U7"}
    assert [sheet.cell(row, 15).value for row in range(4, 8)] == [
        None, "PUS", "PUS 4 Terlalu", "Terlalu Muda (Umur Istri < 20 Tahun)",
    ]  # fmt: skip
    assert [sheet.cell(8, column).value for column in (1, 21)] == ["1", "21"]
    assert len(str(sheet.cell(9, 2).value).strip("' ")) == 16


def test_every_family_at_risk_has_a_risk_and_codes_are_filled_in_by_hand(files: Files, rows: Read) -> None:
    listed = rows(files("krs", "64.08", 0.2)[0])
    risks = [name for name in krs.COLUMNS if name.startswith("Penapisan")]
    assert len(risks) == 8
    yes = " OR ".join(f"\"{name}\" IN ('1', 'V', '01')" for name in risks)
    assert one(listed, f"bool_and({yes})") == (True,)
    found = {word for name in risks for word in words_of(listed, name)}
    assert found == {"1", "2", "3", "V", "01", "-"}
    assert there(listed, "\"Jenis Pendampingan yang Diterima\" LIKE '%,%'")


# Persons in need, outreach, programmes


def test_ppks_has_all_26_categories_and_persons_in_two_of_them(files: Files, rows: Read) -> None:
    assert len(ppks.CATEGORIES) == 26
    listed = rows(files("ppks", "31")[0])
    category = "regexp_replace(upper(\"Jenis PPKS\"), ' +', ' ', 'g')"
    known = {name.upper() for name in ppks.CATEGORIES}
    assert {name for (name,) in listed.project(category).distinct().fetchall()} == known
    by_person = listed.filter("length(NIK) = 16").aggregate(f"NIK, Nama, count(DISTINCT {category}) AS categories")
    assert set(by_person.project("categories").distinct().fetchall()) == {(1,), (2,)}
    age = 'try_cast("Umur" AS INT)'
    adults_as_children = listed.filter(f"{category} LIKE 'ANAK%' AND {age} >= 18")
    assert one(adults_as_children, "count(*)") == (0,)
    assert there(listed, "Umur = '-3'", "Umur = '3187160574'", "\"Tanggal Lahir\" LIKE '__-__-__'", "Kelurahan = '-'")


def test_the_newest_outreach_of_jakarta_counts_5513_reaches_of_15_types(files: Files, rows: Read) -> None:
    earlier, newest = files("outreach", "31")
    assert newest.period == date(2022, 4, 30)
    listed = rows(newest)
    assert one(listed, "count(*)", 'count(DISTINCT "Nomor Laporan")') == (5_513, 5_513)
    assert {str(word).lower() for word in words_of(listed, "Jenis PMKS")} == {name.lower() for name in outreach.KINDS}
    assert len(outreach.KINDS) == 15
    assert one(rows(earlier), "count(*)") == (4_207,)
    day = "strptime(Tanggal, '%d/%m/%Y')::DATE"
    assert one(listed, f"max({day})")[0] <= newest.period
    grid = CalamineWorkbook.from_path(newest.path).get_sheet_by_index(0).to_python()
    assert (grid[-1][1], grid[-1][3]) == ("Grand Total", "5513")


def test_recipients_are_of_the_age_of_their_programme_and_amounts_are_in_rupiah(files: Files, rows: Read) -> None:
    listed = rows(files("recipients", "31", 0.2)[0])
    assert list(listed.columns)[:-1] == list(recipients.COLUMNS)
    programme = 'upper(trim("Nama Program"))'
    known = {each.name.upper() for each in recipients.EDITIONS["31"].programmes}
    assert {name for (name,) in listed.project(programme).distinct().fetchall()} == known
    year = "year(strptime(\"Tanggal Lahir\", '%d-%m-%Y'))"
    young, old = one(
        listed, f"max(2022 - {year}) FILTER ({programme} = 'KAJ')", f"min(2022 - {year}) FILTER ({programme} = 'KLJ')"
    )
    assert young <= 8
    assert old >= 59
    assert words_of(listed.filter(f"{programme} = 'KLJ' AND Nominal LIKE 'Rp%'"), "Nominal") == {"Rp600.000,00"}
    assert there(listed, "Nominal = '300000'", "Nominal = '300.000'", "Nominal = 'Rp300.000,00'", "Nominal = '-'")


# Figures instead of names


def test_open_data_are_tidy_and_an_agency_gives_every_year_a_column(files: Files, rows: Read) -> None:
    for place in REGIONS:
        tidy, wide = sorted(files("rekap", place), key=lambda file: file.path.suffix)
        assert list(rows(tidy).columns)[:-1] == [
            "periode_data", "wilayah", "kecamatan", "kelurahan", "jenis", "jumlah",
        ]  # fmt: skip
        assert words_of(rows(tidy), "jenis") == {"DTKS Individu", "DTKS Keluarga"}
        assert there(rows(tidy), "jumlah = '-'", "jumlah <> '-'")
        years = rows(wide).columns[3:-1]
        assert all(year.isdigit() for year in years)
        assert there(rows(wide), f"\"{years[0]}\" = '-'")
        grid = CalamineWorkbook.from_path(wide.path).get_sheet_by_index(0).to_python()
        assert grid[-1][2] == "Grand Total"
        total = one(rows(wide), f"sum({number(years[-1])})")[0]
        assert str(grid[-1][-1]).replace(".", "") == str(total)


def test_open_data_end_before_the_first_register_by_name(files: Files) -> None:
    for place, region in REGIONS.items():
        (tidy,) = (file for file in files("rekap", place) if file.path.suffix == ".csv")
        assert tidy.period < region.editions[0].period
