"""Headings are matched by meaning; what is not known is kept."""

from pathlib import Path

import pytest

from data.definitions.registers import registers
from data.intake.recognise import match_headings
from data.snapshots import Store
from tests.builders import DATED, HEADINGS, contents, people, stored, table

SPELLINGS: dict[str, tuple[str, ...]] = {
    "family_register_id": ("ID DTKS", "IDBDT", "id_dtks", "IDDTKS"),
    "province": ("PROVINSI", "provinsi", "Propinsi", "Provinsi "),
    "kabkota": ("KABUPATEN/KOTA", "Kabupaten / Kota", "Kab/Kota", "KAB_KOTA", "Kabupaten"),
    "kecamatan": ("KECAMATAN", "Kec.", "kecamatan"),
    "kelurahan": ("DESA/KELUARAHAN", "DESA/KELURAHAN", "Desa/Kelurahan", "KELURAHAN", "Desa/Kel", "desa_kelurahan"),
    "address": ("ALAMAT", "Alamat", "alamat "),
    "hamlet": ("DUSUN", "Nama_SLS"),
    "rt": ("RT", "No. RT"),
    "rw": ("RW", "No. RW"),
    "kk": ("NOKK", "NOMOR KK", "Nokk", "No KK", "No. KK", "NoKK", "No. Kartu Keluarga"),
    "nik": ("NIK", "NOMOR NIK", "Nik", "N.I.K."),
    "name": ("NAMA", "Nama", "nama", "NAMA LENGKAP"),
    "birth_date": ("TANGGAL LAHIR", "TglLahir", "Tgl Lahir", "tgl_lahir", "TANGAL LAHIR"),
    "birth_place": ("TEMPAT LAHIR", "TmpLahir"),
    "sex": ("JENIS KELAMIN", "JnsKel", "JK", "Jenis  Kelamin"),
    "occupation": ("PEKERJAAN", "Pekerjaan"),
    "mother_name": ("NAMA IBU KANDUNG", "Nam Ibu Kandung", "NAMA IBU KANDNG", "namagadis_ibukandung"),
    "relation": ("HUB KELUARGA", "HUBUNGAN KELUARGA", "Hubkel", "Hub_KRT", "Hubungan Keluarga"),
    "dukcapil": ("KETERANGAN PADAN", "Keterangan_padan", "KETRANGAN PADAN"),
    "bpnt": ("BANSOS BPNT", "BPNT", "AdaBPNT", "Penerima BNBT"),
    "pkh": ("BANSOS PKH", "PKH", "AdaPKH"),
    "bpnt_ppkm": ("BANSOS BPNT-PPKM", "Bansos_Bnpnt_Ppkm", "BPNT PPKM", "BNPT_PPKM"),
    "pbi_jkn": ("PBI JKN", "Pbi_Jni", "PBI", "AdaPBI"),
    "updated_on": ("LastUpdateData", "LAST_UPDATE_DATA", "Last Update Data", "Tanggal Pemutakhiran"),
    "dukcapil_matched_on": ("Terakhir Padan Capil", "padankan_at", "TERAKHIR PADAN CAPIL"),
    "registered_on": ("Masuk SK DTKS Pertama", "FIRST_SK"),
    "deceased_note": ("Keterangan Meninggal", "keterangan_meninggal"),
    "disability": ("Keterangan Disabilitas", "keterangan_disabilitas", "Jenis_cacat"),
    "bst": ("BST", "ada_bst"),
    "blt": ("BLT",),
    "blt_bbm": ("BLT BBM", "BLT_BBM"),
    "rutilahu": ("RUTILAHU",),
    "person_register_id": ("IDARTBDT",),
}
"""As seen in real exports, and the same with slips of the pen."""

PIPE = tuple(HEADINGS.values())
LOOKUP = (
    "No", "No KK", "NIK", "Nama", "Alamat", "Masuk SK DTKS Pertama", "Terakhir Padan Capil", "BPNT", "BST", "PKH",
    "PBI", "BPNT PPKM", "BLT", "BLT BBM", "RUTILAHU", "Keterangan Meninggal", "Keterangan Disabilitas",
)  # fmt: skip
RAW_KEYS = ("NOKK", "NIK", "Nama", "Alamat", "FIRST_SK", "padankan_at", "BPNT", "BST", "PKH", "PBI", "BNPT_PPKM", "BLT",
            "BLT_BBM", "RUTILAHU", "keterangan_meninggal", "keterangan_disabilitas")  # fmt: skip


def fields(*headings: str) -> list[str]:
    return [column.field for column in match_headings(headings, registers()["dtks"])]


@pytest.mark.parametrize(("field", "spelling"), [(field, word) for field, words in SPELLINGS.items() for word in words])
def test_a_heading_is_known_in_every_spelling_seen(field: str, spelling: str) -> None:
    assert fields(spelling) == [field]


def test_the_pipe_delimited_export_is_known_in_the_order_of_its_columns() -> None:
    assert fields(*PIPE) == list(HEADINGS)


def test_the_lookup_screen_is_known_in_the_order_of_its_columns() -> None:
    assert fields(*LOOKUP) == [
        "counter", "kk", "nik", "name", "address", "registered_on", "dukcapil_matched_on", "bpnt", "bst", "pkh",
        "pbi_jkn",
        "bpnt_ppkm", "blt", "blt_bbm", "rutilahu", "deceased_note", "disability",
    ]  # fmt: skip
    assert fields(*RAW_KEYS) == fields(*LOOKUP)[1:]


@pytest.mark.parametrize(
    "heading",
    [
        "NIM",
        "RTT",
        "Nomor HP",
        "Nama Ayah",
        "Kode Pos",
        "Tanggal Cetak",
        "Keterangan",
        "PKL",
        "Status",
        "NAMA KRT",
        "Nama_KRT",
    ],
)
def test_a_similar_short_or_foreign_heading_is_not_guessed(heading: str) -> None:
    assert fields(heading) == [""]


def test_a_misspelt_heading_is_said_to_be_unsure_and_columns_that_are_not_known_are_kept_as_they_are(
    tmp_path: Path, store: Store
) -> None:
    lines = table(people(2), DATED | {"dukcapil": "KETRANGAN PADAN"})
    extra = (("Nomor HP", "ALAMAT", "nomor hp", ""), ("0811", "JL. LAIN", "0822", "tanpa judul"), ("", "-", "  x ", ""))
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join("|".join((*cells, *more)) for cells, more in zip(lines, extra, strict=True)), encoding="utf-8"
    )
    snapshot = stored(store, path)
    first, second = contents(snapshot)
    (unsure,) = (line for line in snapshot.problems if line["code"] == "heading_unsure")
    assert (unsure["column"], first["dukcapil"], second["dukcapil"]) == ("KETRANGAN PADAN", True, True)
    assert first["address"] == "JL. MELATI NO. 1"
    kept = [first[name] for name in snapshot.extras]
    assert kept == ["0811", "JL. LAIN", "0822", "tanpa judul"]
    assert [second[name] for name in snapshot.extras][2].strip() == "x"
    (said,) = (line for line in snapshot.problems if line["code"] == "columns_kept")
    assert said["values"]["count"] == 4
