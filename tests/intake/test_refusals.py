"""What cannot be a register stays out: exit status 2, one clear sentence, and the store as it was."""

import gzip
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.__main__ import main
from data.intake.importing import import_file
from data.snapshots import Store
from tests.builders import DATED, HEADINGS, people, person, register, table, take_in, text

BODY = text(table(people(60))).encode()


def archive(*files: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files:
            target.writestr(name, content)
    return written.getvalue()


def encrypted() -> bytes:
    """A zip whose entry says that it needs a password."""
    content = bytearray(archive(("dtks.csv", BODY)))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + flags] |= 1
    return bytes(content)


def spoilt(content: bytes, start: int = 300, length: int = 30) -> bytes:
    return content[:start] + bytes(byte ^ 0xFF for byte in content[start : start + length]) + content[start + length :]


def without_directory(content: bytes) -> bytes:
    place = content.rfind(b"PK\x01\x02")
    return content[:place] + b"XXXX" + content[place + 4 :]


FILES: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("a.csv", b"", "kosong"),
    "nothing but blanks": ("a.csv", b"\n\n   \n", "kosong"),
    "a pdf": ("a.csv", b"%PDF-1.7\n" + b"x" * 200, "PDF"),
    "a picture": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "gambar"),
    "noise": ("a.csv", bytes(range(256)) * 40, ""),
    "a broken workbook": ("a.xlsx", b"PK\x03\x04" + b"xl/" * 50, ""),
    "a broken old workbook": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ""),
    "a broken parquet": ("a.parquet", b"PAR1" + b"\0" * 100, "Parquet"),
    "a zip of two files": ("a.zip", archive(("a.csv", BODY), ("b.csv", BODY)), "satu"),
    "an empty zip": ("a.zip", archive(), ""),
    "an encrypted zip": ("a.zip", encrypted(), "kata sandi"),
    "a spoilt zip": ("a.zip", spoilt(archive(("a.csv", BODY))), "rusak"),
    "a zip without its directory": ("a.zip", without_directory(archive(("a.csv", BODY))), "rusak"),
    "half a zip": ("a.zip", archive(("a.csv", BODY))[:-60], "rusak"),
    "half a gzip": ("a.csv.gz", gzip.compress(BODY)[:-40], "rusak"),
    "a spoilt gzip": ("a.csv.gz", spoilt(gzip.compress(BODY)), "rusak"),
    "a zip bomb": ("a.zip", archive(("a.csv", b"0" * 20_000_000)), "besar"),
    "a gzip bomb": ("a.csv.gz", gzip.compress(b"0" * 20_000_000), "besar"),
    "headings without rows": ("a.csv", text(table([])).encode(), "judul"),
    "rows without headings": ("a.csv", text(table(people(5))[1:]).encode(), ""),
    "a letter": ("a.txt", b"Dengan hormat,\nbersama ini kami sampaikan data.\n", ""),
    "a page without a table": ("a.xls", b"<html><body>Sesi habis, silakan masuk</body></html>", "tabel"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PADAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def left_in(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.name != ".staging")


@pytest.mark.parametrize("kind", FILES)
def test_it_is_refused_with_a_sentence_and_nothing_is_stored(
    kind: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, word = FILES[kind]
    (tmp_path / name).write_bytes(content)
    assert main(["import", str(tmp_path / name), "--period", "2021-01-31"]) == 2
    said = capsys.readouterr()
    assert word in said.err
    assert name in said.err
    assert "Traceback" not in said.err
    assert left_in(home) == []


def test_a_file_that_does_not_exist_is_refused_and_named(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "import", str(tmp_path / "tidak-ada.csv")]) == 2
    said = capsys.readouterr()
    assert "There is no such file" in said.err


def test_a_folder_is_refused(tmp_path: Path, home: Path) -> None:
    assert main(["import", str(tmp_path)]) == 2


def test_a_refused_file_leaves_the_others_of_the_same_command_stored(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "leer.csv").write_bytes(b"")
    good = register(tmp_path / "gut.csv", people(3))
    assert main(["import", str(tmp_path / "leer.csv"), str(good), "--period", "2021-01"]) == 2
    assert [snapshot.source.file for snapshot in Store(home).snapshots()] == ["gut.csv"]
    said = capsys.readouterr()
    assert "leer.csv" in said.err
    assert "gut.csv" in said.out


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"place": "74.99"}, "place_not_a_code"),
        ({"place": "Kendari"}, "place_not_a_code"),
        ({"register": "dtsk"}, "register_unknown"),
    ],
)
def test_what_is_told_must_exist(tmp_path: Path, store: Store, told: dict[str, Any], code: str) -> None:
    result = take_in(store, register(tmp_path / "a.csv", people(2)), **told)
    assert [line.code for line in result.problems] == [code]
    assert result.refused
    assert store.snapshots() == ()


NUTRITION = (
    "No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu", "Prov", "Kab/Kota", "Kec",
    "Pukesmas", "Desa/Kel",
    "Posyandu", "RT", "RW", "Alamat", "Usia Saat Ukur", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur", "LiLA",
    "BB/U",
    "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan", "PMT Diterima (kg)", "Jml Vit A", "KPSP",
    "KIA", "Detail",
)  # fmt: skip
P3KE = (
    "No", "ID Keluarga P3KE", "Provinsi", "Kabupaten/Kota", "Kecamatan", "Desa/Kelurahan", "Kode Kemdagri",
    "Desil Kesejahteraan",
    "Alamat", "ID Individu", "Nama", "NIK", "Padan Dukcapil", "Jenis Kelamin", "Hubungan dengan Kepala Keluarga",
    "Tanggal Lahir",
    "Status Kawin", "Pekerjaan", "Pendidikan", "Usia < 7 Tahun", "Penerima BPNT", "Penerima BST", "Penerima PKH",
    "Resiko Stunting",
)  # fmt: skip
P3KE_FAMILIES = (
    "ID Keluarga", "Kecamatan", "Desa", "Kode Kemdagri", "Desil Kesejahteraan", "Alamat", "Kepala Keluarga", "NIK",
    "Padan DUKCAPIL", "Jenis Kelamin", "Tanggal Lahir", "Pekerjaan", "Pendidikan", "Penerima BNBT", "Penerima PKH",
    "Resiko Stunting",
)  # fmt: skip
DTSEN = (
    "No.", "Desil Nasional", "Disabilitas", "Lansia", "No. KK", "Hubungan Keluarga", "Alamat", "Nama", "NIK",
    "Pekerjaan Utama",
    "Provinsi", "Kabupaten / Kota", "Kecamatan", "Desa/Kelurahan",
)  # fmt: skip
DTSEN_FAMILIES = (
    "kode_provinsi", "provinsi", "kabupaten_kota", "kecamatan", "kode_kelurahan_desa", "kelurahan_desa", "alamat",
    "nomor_kartu_keluarga_kel", "jumlah_anggota_keluarga", "nama_anggota_keluarga", "desil_nasional",
    "pbi_nasional_keluarga",
)  # fmt: skip
KRS = (
    "No", "No. Kartu Keluarga", "NIK Kepala Keluarga", "Nama Kepala Keluarga", "NIK Istri", "Nama Istri", "Desa",
    "Kecamatan",
    "PUS", "PUS Hamil", "Bukan Peserta KB Modern", "Jenis Pendampingan yang Diterima",
)  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "key"),
    [
        (NUTRITION, "eppgbm"),
        (P3KE, "p3ke"),
        (P3KE_FAMILIES, "p3ke"),
        (DTSEN, "dtsen"),
        (DTSEN_FAMILIES, "dtsen"),
        (KRS, "krs"),
    ],
)
@pytest.mark.parametrize("change", [str, str.upper, lambda heading: heading.replace("_", " ")])
def test_every_register_is_recognised_by_its_headings(
    tmp_path: Path, store: Store, headings: tuple[str, ...], key: str, change: Callable[[str], str]
) -> None:
    values = {
        "nik": "NIK",
        "name": "Nama",
        "kecamatan": "Kecamatan",
        "kelurahan": "Desa/Kelurahan",
        "kabkota": "Kabupaten/Kota",
    }
    row = {heading: person(1)[field] for field, heading in values.items()}
    written = {heading: change(heading) for heading in headings}
    result = take_in(store, register(tmp_path / "a.csv", [row], written))
    assert result.register == key
    told = import_file(Store(tmp_path / "other"), tmp_path / "a.csv", register="dtks")
    assert [line.code for line in told.problems] == ["register_not_recognised"]


@pytest.mark.skipif(os.name == "nt", reason="devices are files only on Unix")
def test_a_device_is_refused(store: Store) -> None:
    assert take_in(store, Path(os.devnull)).refused


def _with_six_gigabytes() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))


def test_a_workbook_of_absurd_extent_is_refused(tmp_path: Path) -> None:
    """One stray cell in the last corner of a sheet must not cost its 17 billion cells: in a process of its own."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in table(people(3)):
        sheet.append(cells)
    sheet.cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "a.xlsx")
    ran = subprocess.run(
        [sys.executable, "-m", "data", "import", str(tmp_path / "a.xlsx")],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PADAN_HOME": str(tmp_path / "home")},
        preexec_fn=_with_six_gigabytes if os.name == "posix" else None,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2, ran.stderr[:300]


def test_headings_alone_are_told_apart_from_a_missing_area(tmp_path: Path, store: Store) -> None:
    for headings in (DATED, HEADINGS):
        result = take_in(store, register(tmp_path / "a.csv", [], headings))
        assert [line.code for line in result.problems] == ["file_empty"]
