"""Persons of the demonstration registers: the same over time, plausible, and nobody real."""

from data.sample import SampleFile

from .reading import Read

GOOD_NIK = "regexp_replace(nik, '[^0-9]', '', 'g') AS nik"


def test_one_person_keeps_her_identity_over_the_snapshots(kendari: list[SampleFile], read: Read) -> None:
    columns = f"{GOOD_NIK}, replace(name, '  ', ' ') AS name, mother"
    first, last = (
        read(file).filter("upper(padan) = 'PADAN' AND nik NOT LIKE '%e+%'").project(columns).distinct()
        for file in (kendari[0], kendari[-1])
    )
    both = first.set_alias("a").join(last.set_alias("b"), "a.nik = b.nik")
    common, agreeing = both.aggregate("count(*), count(*) FILTER (a.name = b.name AND a.mother = b.mother)").fetchall()[
        0
    ]
    assert common > 0.8 * first.aggregate("count(*)").fetchall()[0][0]
    assert agreeing > 0.995 * common


def test_the_register_moves_between_two_snapshots(kendari: list[SampleFile], read: Read) -> None:
    columns = f"id, {GOOD_NIK}, name, kelurahan, birth_date, padan"
    first, last = (
        read(file).project(columns).set_alias(alias) for file, alias in ((kendari[2], "a"), (kendari[-2], "b"))
    )
    persons = first.aggregate("count(*)").fetchall()[0][0]
    gone = first.join(last, "a.nik = b.nik", how="anti").aggregate("count(*)").fetchall()[0][0]
    come = last.join(first, "b.nik = a.nik", how="anti").aggregate("count(*)").fetchall()[0][0]
    joined = first.join(last, "a.nik = b.nik")
    changes = (
        "count(*) FILTER (a.kelurahan <> b.kelurahan), count(*) FILTER (a.padan = 'TIDAK PADAN' AND b.padan = 'Padan')"
    )
    moved, mended = joined.aggregate(changes).fetchall()[0]
    assert 0 < gone < 0.1 * persons
    assert 0 < come < 0.12 * persons
    assert moved > 0
    assert mended > 0


def test_a_daughter_who_marries_is_later_a_wife_with_the_same_nik(kendari: list[SampleFile], read: Read) -> None:
    as_child = read(kendari[0]).filter("relation = 'ANAK'").project(f"{GOOD_NIK}, id").set_alias("a")
    as_wife = read(kendari[-1]).filter("relation = 'ISTRI'").project(f"{GOOD_NIK}, id").set_alias("b")
    both = as_child.join(as_wife, "a.nik = b.nik AND length(a.nik) = 16").aggregate(
        "count(*), count(*) FILTER (a.id <> b.id)"
    )
    assert both.fetchall()[0][0] > 0
    assert both.fetchall()[0][0] == both.fetchall()[0][1]


def test_a_nik_fits_birth_date_and_sex_where_it_is_matched(whole_kendari: SampleFile, read: Read) -> None:
    rows = read(whole_kendari).filter(
        "padan = 'PADAN' AND regexp_full_match(nik, '[0-9]{16}') AND birth_date LIKE '____-%'"
    )
    day = "strftime(birth_date::DATE, '%d')::INT + CASE sex WHEN 'PEREMPUAN' THEN 40 ELSE 0 END"
    fits = f"substr(nik, 7, 6) = lpad(({day})::VARCHAR, 2, '0') || strftime(birth_date::DATE, '%m%y')"
    assert rows.aggregate(f"bool_and({fits})").fetchall() == [(True,)]


def test_no_serial_number_is_one_that_civil_registration_gives(whole_kendari: SampleFile, read: Read) -> None:
    rows = read(whole_kendari)
    serials = rows.filter("regexp_full_match(nik, '[0-9]{16}')").aggregate("min(nik[13:16]), min(kk[13:16])")
    assert all(serial >= "9000" for serial in serials.fetchall()[0])


def test_a_family_has_one_head_and_parents_are_older_than_their_children(whole_kendari: SampleFile, read: Read) -> None:
    rows = read(whole_kendari).distinct()
    head = "count(*) FILTER (relation = 'KEPALA KELUARGA') AS heads"
    ages = "min(birth_date) FILTER (relation = 'ANAK') AS child, max(birth_date) FILTER (relation = 'ISTRI') AS wife"
    families = rows.filter("birth_date LIKE '____-%'").aggregate(f"id, {head}, {ages}")
    assert families.aggregate("max(heads), count(*) FILTER (heads = 0) / count(*) < 0.01").fetchall() == [(1, True)]
    assert families.filter("child IS NOT NULL AND wife IS NOT NULL").aggregate(
        "count(*) FILTER (date_diff('year', wife::DATE, child::DATE) < 15)"
    ).fetchall() == [(0,)]


def test_poorer_families_get_more_than_one_programme(whole_kendari: SampleFile, read: Read) -> None:
    rows = read(whole_kendari)
    shares = "count(*) FILTER (pkh = 'YA' AND bpnt = 'YA') / count(*) FILTER (pkh = 'YA'), avg((bpnt = 'YA')::INT)"
    within, overall = rows.aggregate(shares).fetchall()[0]
    assert within > 0.8 > 0.5 > overall
