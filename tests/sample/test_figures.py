"""The demonstration registers show what they are meant to show."""

from datetime import date

import duckdb
import pytest

from data.places import reference
from data.sample import SampleFile, build
from data.sample.regions import KENDARI, KUTAI_TIMUR

from .reading import Read

DATE_FORMATS = "['%Y-%m-%d %H:%M:%S', '%d/%m/%Y %H:%M', '%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y']"


def one(rows: duckdb.DuckDBPyRelation, *figures: str) -> tuple[float, ...]:
    """Figures of the distinct rows: a row that repeats another one completely does not count."""
    found: tuple[float, ...] = rows.distinct().aggregate(", ".join(figures)).fetchall()[0]
    return found


def bare(name: str) -> str:
    """The letters of a name, runs of one letter shortened to one.

    >>> bare("KENDARII CADDI")
    'KENDARICADI'
    """
    letters = [letter for letter in name if letter.isalpha()]
    return "".join(a for a, b in zip(letters, [*letters[1:], ""], strict=True) if a != b)


def updated_share(rows: duckdb.DuckDBPyRelation, period: date) -> float:
    since = period.replace(year=period.year - 2)
    day = f"try_strptime(updated, {DATE_FORMATS})::DATE"
    return one(rows, f"count(*) FILTER ({day} > DATE '{since}' AND {day} <= DATE '{period}') / count(*)")[0]


def test_kendari_has_the_published_persons_and_families(whole_kendari: SampleFile, read: Read) -> None:
    persons, families = one(read(whole_kendari), "count(*)", "count(DISTINCT replace(kk, '''', ''))")
    assert persons == pytest.approx(113_000, abs=300)
    assert families == pytest.approx(29_000, abs=150)


def test_just_under_half_of_kendari_is_updated_in_january_2021(whole_kendari: SampleFile, read: Read) -> None:
    assert updated_share(read(whole_kendari), date(2021, 1, 31)) == pytest.approx(0.496, abs=0.0005)


def test_the_nik_of_four_in_five_persons_is_matched_and_some_are_unknown(whole_kendari: SampleFile, read: Read) -> None:
    unknown = "count(*) FILTER (coalesce(padan, '-') = '-') / count(*)"
    matched, not_known = one(read(whole_kendari), "count(*) FILTER (padan = 'PADAN') / count(*)", unknown)
    assert matched == pytest.approx(0.813, abs=0.006)
    assert not_known == pytest.approx(0.062, abs=0.003)


def test_updating_differs_from_kelurahan_to_kelurahan_and_is_worst_away_from_the_bay(
    whole_kendari: SampleFile, read: Read
) -> None:
    share = f"avg((try_strptime(updated, {DATE_FORMATS}) > '2019-01-31')::INT) AS share, count(*) AS persons"
    by_kelurahan = read(whole_kendari).aggregate(f"kecamatan, kelurahan, {share}").filter("persons > 100")
    least, most = by_kelurahan.aggregate("min(share), max(share)").fetchall()[0]
    assert 0.1 < least < 0.2
    assert 0.7 < most < 0.85
    by_kecamatan = read(whole_kendari).aggregate(f"kecamatan, {share}").order("share").fetchall()
    assert {name for name, *_ in by_kecamatan[:2]} == {"BARUGA", "PUUWATU"}


def test_coverage_of_kendari_rises_over_six_snapshots(kendari: list[SampleFile], read: Read) -> None:
    shares = [updated_share(read(file), file.period) for file in kendari]
    assert shares == pytest.approx([edition.updated for edition in KENDARI.editions], abs=0.004)


def test_early_updates_fall_out_of_later_windows(kendari: list[SampleFile], read: Read) -> None:
    day = f"try_strptime(updated, {DATE_FORMATS})::DATE"
    early = f"count(*) FILTER ({day} BETWEEN DATE '2017-10-01' AND DATE '2019-01-31')"
    fallen_out, newest = one(read(kendari[-1]), early, f"max({day}) <= DATE '{kendari[-1].period}'")
    assert fallen_out > 100
    assert newest


def test_in_kutai_timur_a_third_of_the_records_differs_from_the_earlier_snapshot(
    kutai_timur: list[SampleFile], read: Read
) -> None:
    earlier, later = (read(file) for file in kutai_timur)
    compared = "id, name, address, rt, rw, job, kk, nik, padan, bpnt, pkh, pbi, relation, mother"
    same = later.project(compared).distinct().intersect(earlier.project(compared).distinct())
    persons = one(later, "count(*)")[0]
    differing = 1 - same.aggregate("count(*)").fetchall()[0][0] / persons
    assert differing == pytest.approx(KUTAI_TIMUR.editions[-1].updated, abs=0.012)


def test_jakarta_spreads_its_persons_over_the_cities_by_population(smallest: list[SampleFile], read: Read) -> None:
    jakarta = next(file for file in smallest if file.place == "31")
    rows = read(jakarta)
    share = dict(rows.aggregate("kabkota, count(*) / sum(count(*)) OVER () AS share").fetchall())
    assert share["KOTA ADM. JAKARTA TIMUR"] == pytest.approx(0.293, abs=0.03)
    assert share["KOTA ADM. JAKARTA PUSAT"] == pytest.approx(0.096, abs=0.02)


def test_every_kelurahan_has_rows_however_small_the_sample(smallest: list[SampleFile], read: Read) -> None:
    for file in smallest:
        # Letters only, each once in a row: a misspelling adds or doubles some, but leaves no name unrecognisable.
        spelled = "regexp_replace(regexp_replace(kelurahan, '^KEL. ', ''), '[^A-Z]', '', 'g')"
        found = {bare(name) for (name,) in read(file).project(spelled).distinct().fetchall() if name}
        missing = {bare(place.name.upper()) for place in reference.children(file.place, "kelurahan")} - found
        assert not missing


def test_any_kabkota_gets_a_register_of_two_snapshots(tmp_path_factory: pytest.TempPathFactory, read: Read) -> None:
    files = build(tmp_path_factory.mktemp("any"), "33.74", scale=0.02)
    assert [file.place for file in files] == ["33.74", "33.74"]
    assert {row[0] for row in read(files[-1]).project("kabkota").distinct().fetchall()} == {"KOTA SEMARANG"}
    assert updated_share(read(files[-1]), files[-1].period) == pytest.approx(0.47, abs=0.01)


def test_an_unknown_place_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(KeyError):
        build(tmp_path_factory.mktemp("unknown"), "99.99")
