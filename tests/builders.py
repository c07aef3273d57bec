"""Small register files, written row by row, and short ways to import them and to look at what was stored."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from data import grants
from data.access import OWNER, Viewer
from data.definitions.roles import rights_of
from data.intake.importing import ImportResult, import_file
from data.intake.rows import Reported
from data.snapshots import Snapshot, Store

KENDARI: Final = "74.71"
KADIA: Final = "74.71.08"
BENDE: Final = "74.71.08.1002"
PONDAMBEA: Final = "74.71.08.1003"
MANDONGA: Final = "74.71.01.1005"
PERIOD: Final = date(2021, 1, 31)

Row = dict[str, str]


def somebody(name: str, *places: str, roles: tuple[str, ...] = ("planner", "operator")) -> Viewer:
    """A viewer of some places; unless told otherwise one who sees lists by name, imports and reviews."""
    return Viewer(name, places, rights_of(roles))


IN_FULL: Final = ("--unmasked", "--purpose", "verification", "--reason", "numbers of a test")


def in_full(store: Store, viewer: Viewer = OWNER) -> Viewer:
    """The same, who has stated what numbers are needed in full for."""
    asking = replace(viewer, session=f"session of {viewer.name}")
    return replace(asking, grant=grants.open_grant(store, asking, "verification", "a test of this store"))


HEADINGS: Final[Row] = {
    "family_register_id": "ID DTKS",
    "province": "PROVINSI",
    "kabkota": "KABUPATEN/KOTA",
    "kecamatan": "KECAMATAN",
    "kelurahan": "DESA/KELUARAHAN",
    "address": "ALAMAT",
    "hamlet": "DUSUN",
    "rt": "RT",
    "rw": "RW",
    "kk": "NOKK",
    "nik": "NIK",
    "name": "NAMA",
    "birth_date": "TANGGAL LAHIR",
    "birth_place": "TEMPAT LAHIR",
    "sex": "JENIS KELAMIN",
    "occupation": "PEKERJAAN",
    "mother_name": "NAMA IBU KANDUNG",
    "relation": "HUB KELUARGA",
    "dukcapil": "KETERANGAN PADAN",
    "bpnt": "BANSOS BPNT",
    "pkh": "BANSOS PKH",
    "bpnt_ppkm": "BANSOS BPNT-PPKM",
    "pbi_jkn": "PBI JKN",
}
"""The SIKS-NG export, 23 columns, by field."""

DATED: Final[Row] = {**HEADINGS, "updated_on": "LastUpdateData", "dukcapil_matched_on": "Terakhir Padan Capil"}
"""The same with update dates, 25 columns."""

AREAS: Final[dict[str, tuple[str, str]]] = {
    BENDE: ("KADIA", "BENDE"),
    PONDAMBEA: ("KADIA", "PONDAMBEA"),
    MANDONGA: ("MANDONGA", "MANDONGA"),
}


def nik(number: int) -> str:
    """A NIK that nobody has (serials of 9000 and more are not given out), of a woman born on 17 May 1980."""
    return f"747108570580{9000 + number:04}"


def kk(number: int) -> str:
    return f"7471080101{number % 1_000_000:06}"


def person(number: int, area: str = BENDE, **fields: str) -> Row:
    """A clean row; every number is another person in a family of their own."""
    kecamatan, kelurahan = AREAS[area]
    letters = "".join(chr(65 + int(digit)) for digit in f"{number:03}")
    row = {
        "family_register_id": f"CONT-{number:06}",
        "province": "SULAWESI TENGGARA",
        "kabkota": "KOTA KENDARI",
        "kecamatan": kecamatan,
        "kelurahan": kelurahan,
        "address": f"JL. MELATI NO. {number}",
        "hamlet": "LINGKUNGAN I",
        "rt": "001",
        "rw": "002",
        "kk": kk(number),
        "nik": nik(number),
        "name": f"WARGA {letters}",
        "birth_date": "1980-05-17",
        "birth_place": "KENDARI",
        "sex": "PEREMPUAN",
        "occupation": "PEDAGANG",
        "mother_name": f"IBU {letters}",
        "relation": "KEPALA KELUARGA",
        "dukcapil": "PADAN",
        "bpnt": "YA",
        "pkh": "TIDAK",
        "bpnt_ppkm": "TIDAK",
        "pbi_jkn": "YA",
        "updated_on": "2020-06-30",
        "dukcapil_matched_on": "2020-06-30",
    }
    return row | fields


def people(count: int, area: str = BENDE, **fields: str) -> list[Row]:
    return [person(number, area, **fields) for number in range(1, count + 1)]


def table(rows: Iterable[Mapping[str, str]], headings: Mapping[str, str] = DATED) -> list[list[str]]:
    """The headings and a line of cells for every row."""
    return [list(headings.values()), *([row.get(field, "") for field in headings] for row in rows)]


def text(lines: Iterable[Sequence[str]], delimiter: str = "|", newline: str = "\n") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=newline).writerows(lines)
    return written.getvalue()


def register(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    headings: Mapping[str, str] = DATED,
    *,
    delimiter: str = "|",
    newline: str = "\n",
    encoding: str = "utf-8",
    above: Iterable[Sequence[str]] = (),
    below: Iterable[Sequence[str]] = (),
) -> Path:
    """Writes a CSV with rows of cells `above` the headings and `below` the last person."""
    lines = [*above, *table(rows, headings), *below]
    path.write_bytes(text(lines, delimiter, newline).encode(encoding))
    return path


def take_in(store: Store, path: Path, period: date | None = PERIOD, **told: Any) -> ImportResult:
    return import_file(store, path, period=period, **told)


def stored(store: Store, path: Path, period: date | None = PERIOD, **told: Any) -> Snapshot:
    """The snapshot that the file became; fails where it was refused."""
    result = take_in(store, path, period, **told)
    assert result.snapshot is not None, [(line.code, dict(line.values)) for line in result.problems]
    return result.snapshot


def put(
    store: Store, headings: Mapping[str, str], rows: Iterable[Row], period: date | None = PERIOD, place: str = KENDARI
) -> Snapshot:
    """Imports rows as a file of their own beside the store's home, without saying which register they are."""
    number = len(list(store.path.parent.glob("*.csv")))
    file = register(store.path.parent / f"daftar-{number}.csv", list(rows), headings, delimiter=";")
    return stored(store, file, period, place=place or None)


def problems(result: ImportResult) -> dict[str, Reported]:
    """The report's lines by code; of several with one code, the one that concerns most rows."""
    return {line.code: line for line in sorted(result.problems, key=lambda line: line.rows)}


def contents(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The stored rows in the order of the file."""
    return _records("SELECT * FROM read_parquet(?) ORDER BY file_row", snapshot.rows)


def problem_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    return _records("SELECT * FROM read_parquet(?) ORDER BY file_row, code", snapshot.problem_rows)


def _records(sql: str, path: Path) -> list[dict[str, Any]]:
    answer = duckdb.connect().execute(sql, [str(path)])
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


DESTROYED: Final = "7.471020e+15"
HOSTILE: Final = ('=HYPERLINK("http://x.y","klik")', "<script>alert(1)</script>", "'; DROP TABLE rows; --")
NOTED: Final[Row] = {**DATED, "note": "CATATAN"}
"""With a column that nobody declared."""

WORKED_ROWS: Final[tuple[Row, ...]] = (
    # Kelurahan Bende: four families; updated are 1 and 3.
    person(1, kk=kk(1), updated_on="2019-02-01", pkh="YA", note=f"NIK {nik(1)}", address="JL. KENANGA, GG. I"),
    person(2, kk=kk(1), updated_on="2019-01-31", relation="ANAK", birth_date="2016-03-01"),
    person(3, kk=kk(3), updated_on="2021-01-31", dukcapil="TIDAK PADAN", birth_date="1950-01-31", name=HOSTILE[0]),
    person(4, kk=kk(4), updated_on="2021-02-01", dukcapil="-", birth_date="1961-02-01", name=HOSTILE[1]),
    person(5, kk=kk(5), updated_on="", dukcapil="", birth_date="", name=HOSTILE[2]),
    # Kelurahan Pondambea: two families, one of which has its updated member in Mandonga.
    person(6, PONDAMBEA, kk=kk(6), updated_on="2018-01-01", birth_date="2014-01-31", address='JL. "MAWAR";\nBLOK B|2'),
    person(7, MANDONGA, kk=kk(6), nik=nik(6), updated_on="2020-06-30", relation="ANAK", birth_date="2015-01-31"),
    person(8, PONDAMBEA, kk=DESTROYED, nik=DESTROYED, family_register_id="CONT-A", updated_on="2010-01-01",
           dukcapil="TIDAK PADAN", birth_date="2002-01-31", address=f"JL. MELATI, NIK {nik(7)}",
            mother_name=f"IBU {nik(8)}"),
    person(9, PONDAMBEA, kk="", nik="7471**********09", family_register_id="CONT-A", updated_on="2020-03-01",
           relation="ISTRI"),
    # Kelurahan Mandonga: two who stand alone, because a destroyed KK says nothing.
    person(10, MANDONGA, kk=DESTROYED, nik="-", family_register_id="", updated_on="2015-05-05"),
    person(11, MANDONGA, kk=DESTROYED, nik=nik(11)[:15], family_register_id="", updated_on="2020-05-05",
           dukcapil="TIDAK PADAN"),
    # Kecamatan Kadia, else the city, else outside it.
    person(12, kk=kk(12), kelurahan="ENTAH", updated_on="2020-01-01", dukcapil="-"),
    person(13, kk=kk(13), kecamatan="ENTAH", kelurahan="ENTAH", updated_on="2001-01-01", bpnt="TIDAK", pbi_jkn="-"),
    person(14, kk=kk(14), province="JAWA BARAT", kabkota="KOTA BANDUNG", kecamatan="COBLONG", kelurahan="DAGO",
           updated_on="2020-01-01", dukcapil="TIDAK PADAN"),
    # The third person again.
    person(3, kk=kk(3), updated_on="2021-01-31", dukcapil="TIDAK PADAN", birth_date="1950-01-31", name=HOSTILE[0]),
)  # fmt: skip
"""Fourteen persons of Kota Kendari on 31 January 2021 and a row too many; worked out by hand in the tests."""


AREA_HEADINGS: Final[Row] = {
    "province": "Provinsi", "kabkota": "Kabupaten/Kota", "kecamatan": "Kecamatan", "kelurahan": "Desa/Kelurahan",
}  # fmt: skip
DTSEN: Final[Row] = {
    "decile": "Desil Nasional", "elderly": "Lansia", "kk": "No. KK", "relation": "Hubungan Keluarga",
    "address": "Alamat", "name": "Nama", "nik": "NIK", "occupation": "Pekerjaan Utama", **AREA_HEADINGS,
}  # fmt: skip
DTSEN_FAMILIES: Final[Row] = {
    "family_register_id": "id_keluarga", "kk": "no_kk", "name": "nama_kepala_keluarga", "family_members": "jml_anggota",
    "address": "alamat", "rt": "no_rt", "rw": "no_rw", "decile": "desil_nasional", "rank": "peringkat_nasional",
    "kecamatan": "kecamatan", "kelurahan": "kelurahan",
}  # fmt: skip
P3KE: Final[Row] = {
    "family_register_id": "ID Keluarga P3KE", **AREA_HEADINGS, "decile": "Desil Kesejahteraan", "address": "Alamat",
    "name": "Nama", "nik": "NIK", "dukcapil": "Padan Dukcapil", "sex": "Jenis Kelamin",
    "birth_date": "Tanggal Lahir", "stunting_risk": "Resiko Stunting",
}  # fmt: skip
EPPGBM: Final[Row] = {
    "nik": "NIK", "name": "Nama", "sex": "JK", "birth_date": "Tgl Lahir", "parent_name": "Nama Ortu",
    "province": "Prov", "kabkota": "Kab/Kota", "kecamatan": "Kec", "health_centre": "Pukesmas",
    "kelurahan": "Desa/Kel", "posyandu": "Posyandu", "measured_on": "Tanggal Pengukuran", "weight": "Berat",
    "height": "Tinggi", "measured_how": "Cara Ukur", "height_for_age": "TB/U", "height_for_age_z": "ZS TB/U",
}  # fmt: skip
KRS: Final[Row] = {
    "kk": "No. Kartu Keluarga", "nik": "NIK Kepala Keluarga", "name": "Nama Kepala Keluarga",
    "wife_name": "Nama Istri", **AREA_HEADINGS, "couple": "PUS", "pregnant": "PUS Hamil",
    "no_water": "Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak",
    "no_latrine": "Keluarga Tidak Mempunyai Jamban yang Layak", "mother_too_old": "Terlalu Tua",
    "no_modern_contraception": "Bukan Peserta KB Modern",
}  # fmt: skip
PPKS: Final[Row] = {
    "nik": "NIK", "name": "Nama", "sex": "Jenis Kelamin", "birth_date": "Tanggal Lahir", "address": "Alamat",
    **AREA_HEADINGS, "ppks_category": "Jenis PPKS",
}  # fmt: skip
OUTREACH: Final[Row] = {
    "reached_on": "Tanggal Penjangkauan", "reached_at": "Lokasi", **AREA_HEADINGS, "outreach_type": "Jenis PMKS",
    "name": "Nama", "nik": "NIK", "sex": "Jenis Kelamin",
}  # fmt: skip
RECIPIENTS: Final[Row] = {
    "programme_name": "Nama Program", "nik": "NIK", "kk": "No KK", "name": "Nama", **AREA_HEADINGS,
    "programme_year": "Tahun", "amount": "Nominal",
}  # fmt: skip
POPULATION: Final[Row] = {**AREA_HEADINGS, "period": "Tahun", "population": "Jumlah Penduduk"}
POVERTY: Final[Row] = {
    "province": "Provinsi", "kabkota": "Kabupaten/Kota", "period": "Tahun",
    "poverty_rate": "Persentase Penduduk Miskin",
}  # fmt: skip
"""The other registers as their files spell them, by field; enough columns to be recognised without being told."""


def child(number: int, area: str = BENDE, **fields: str) -> Row:
    """A measurement of a boy of two and a half years; every number is another child."""
    row = person(number, area, sex="L", birth_date="2018-07-17", nik=f"747108170718{9000 + number:04}")
    measured = {
        "parent_name": f"IBU {number}", "health_centre": "POASIA", "posyandu": "Melati", "measured_on": "2021-01-10",
        "weight": "12,1", "height": "90,2", "measured_how": "Berdiri", "height_for_age": "Normal",
        "height_for_age_z": "-0,50",
    }  # fmt: skip
    return row | measured | fields


def reach(number: int, area: str = BENDE, **fields: str) -> Row:
    """A person reached in the street: a flow, so that the same number again is another reach."""
    told = {"reached_on": "2021-01-10", "reached_at": "Simpang Lima", "outreach_type": "Pengamen"}
    return person(number, area) | told | fields


def residents(population: Mapping[str, int], year: str = "2020") -> list[Row]:
    """A row of the population table for every kelurahan or for the city (code → residents)."""
    city = {"kecamatan": "", "kelurahan": ""}
    return [
        (person(0) | city if area == KENDARI else person(0, area)) | {"period": year, "population": str(number)}
        for area, number in population.items()
    ]


@cache
def worked_example(base: Path) -> Store:
    """A store with WORKED_ROWS, made once; only for reading."""
    store = Store(base / "worked" / "home")
    file = base / "worked" / "dtks.csv"
    file.parent.mkdir(exist_ok=True)
    stored(store, register(file, WORKED_ROWS, NOTED), place=KENDARI)
    return store
