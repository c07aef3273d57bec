"""Sample files look like the offices' files, with what is wrong in these."""

import gzip
import hashlib
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from data.places import reference
from data.sample import MARKER, SampleFile, build
from data.sample.layouts import CLASSIC
from data.sample.vocabulary import UNREADABLE_KELURAHAN

from .reading import Read, layout_of, text_of


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path_factory: pytest.TempPathFactory) -> None:
    def hashes(seed: int) -> list[str]:
        files = build(tmp_path_factory.mktemp("again"), "74.71", scale=0.01, seed=seed)
        return [hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files]

    first = hashes(1)
    assert first == hashes(1)
    assert not set(first) & set(hashes(2))


def test_a_snapshot_does_not_depend_on_how_many_are_written(
    kendari: list[SampleFile], tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = build(tmp_path_factory.mktemp("alone"), "74.71", scale=0.1, latest=1)[0]
    assert alone.path.read_bytes() == kendari[-1].path.read_bytes()


def test_every_row_says_that_it_is_sample_data(kendari: list[SampleFile]) -> None:
    lines = text_of(kendari[-1]).splitlines()[1:]
    assert all(line.startswith(MARKER) for line in lines)


def test_each_snapshot_of_kendari_comes_in_a_format_of_its_own(kendari: list[SampleFile]) -> None:
    bom, cp1252, packed, sheet, archive, pipe = (file.path for file in kendari)
    assert bom.read_bytes().startswith(b"\xef\xbb\xbfID DTKS;")
    written = cp1252.read_bytes()
    assert written.count("NUR\u2019AINI".encode("cp1252")) > 10
    assert gzip.decompress(packed.read_bytes()).startswith(b"ID DTKS|")
    assert CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()[3][0] == "ID DTKS"
    assert zipfile.ZipFile(archive).namelist() == ["contoh-dtks-74.71-2020-11-30.csv"]
    assert pipe.read_text().startswith("ID DTKS|PROVINSI|")


def test_a_title_stands_above_the_header_and_a_total_below_the_rows(kendari: list[SampleFile], read: Read) -> None:
    assert text_of(kendari[1]).startswith("DATA CONTOH")
    rows = CalamineWorkbook.from_path(kendari[3].path).get_sheet_by_index(0).to_python()
    assert str(rows[0][0]).startswith("DATA CONTOH")
    assert rows[-1][0] == "TOTAL"
    assert text_of(kendari[0]).splitlines()[-1].startswith("TOTAL;")


def test_kutai_timur_has_the_classic_columns_without_an_update_date(kutai_timur: list[SampleFile]) -> None:
    assert text_of(kutai_timur[-1]).splitlines()[0].split("|") == list(CLASSIC)


def test_identifiers_are_destroyed_quoted_missing_and_repeated(kendari: list[SampleFile], read: Read) -> None:
    floats, dashes, blanks, repeated = (
        read(kendari[0])
        .distinct()
        .aggregate(
            "count(*) FILTER (regexp_full_match(nik, '[0-9]\\.[0-9]{6}e\\+15')), count(*) FILTER (nik = '-'), "
            "count(*) FILTER (nik IS NULL), "
            "count(nik) FILTER (length(nik) = 16) - count(DISTINCT nik) FILTER (length(nik) = 16)"
        )
        .fetchall()[0]
    )
    assert floats > 20
    assert dashes > 10
    assert blanks > 50
    assert repeated > 10
    quoted = read(kendari[1]).aggregate("count(*) FILTER (nik LIKE '''%') / count(nik) FILTER (nik <> '-')").fetchall()
    assert quoted == [(1.0,)]


def test_a_few_rows_repeat_others_completely(whole_kendari: SampleFile, read: Read) -> None:
    rows = read(whole_kendari)
    all_rows, distinct = (each.aggregate("count(*)").fetchall()[0][0] for each in (rows, rows.distinct()))
    assert 0 < all_rows - distinct < 100


def test_addresses_hold_commas_quotes_and_every_delimiter(whole_kendari: SampleFile, read: Read) -> None:
    addresses = read(whole_kendari).project("address")
    for inside in (",", ";", "|", '"', "  "):
        assert addresses.filter(f"contains(address, '{inside}')").aggregate("count(*)").fetchall()[0][0] > 0


def test_some_kelurahan_are_misspelt_and_twenty_five_rows_have_none(whole_kendari: SampleFile, read: Read) -> None:
    names = {place.name.upper() for place in reference.children("74.71", "kelurahan")}
    spelled = read(whole_kendari).aggregate("coalesce(kelurahan, '') AS name, count(*) AS rows").fetchall()
    unreadable = sum(rows for name, rows in spelled if name in UNREADABLE_KELURAHAN)
    misspelt = sum(rows for name, rows in spelled if name not in names) - unreadable
    assert unreadable == 25
    assert 0.005 < misspelt / 113_000 < 0.011


@pytest.mark.parametrize(("number", "column", "pattern"), [
    (0, "birth_date", "[0-3][0-9]/[01][0-9]/[0-9]{4}"),
    (1, "birth_date", "[01][0-9]/[0-3][0-9]/[0-9]{4}"),
    (2, "updated", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    (4, "updated", "[0-9]{2}/[0-9]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}"),
    (5, "updated", "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
])  # fmt: skip
def test_each_file_writes_its_dates_in_one_way(
    kendari: list[SampleFile], read: Read, number: int, column: str, pattern: str
) -> None:
    dates = read(kendari[number]).filter(f"length({column}) > 1 AND {column} <> '0000-00-00'")
    assert dates.aggregate(f"bool_and(regexp_full_match({column}, '{pattern}'))").fetchall() == [(True,)]


def test_headings_vary_as_they_do_in_real_files(kendari: list[SampleFile]) -> None:
    headings = {heading for file in kendari for heading in layout_of(file).headings}
    assert {"DESA/KELUARAHAN", "DESA/KELURAHAN", "NOMOR NIK", "Nam Ibu Kandung", "Nokk", "TGL LAHIR"} <= headings
