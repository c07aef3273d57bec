"""Headings are matched by meaning; what is not known is kept."""

from pathlib import Path

import pytest

from data.definitions.registers import registers
from data.intake.headings import Block, blocks, wordings
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


KRS_ROWS = (
    ("No", "NIK Kepala Keluarga", "Sasaran", "", "", "Penapisan", "", "", "Bantuan"),
    ("", "", "Punya Anak", "", "PUS Hamil", "Air", "PUS", "", ""),
    ("", "", "0-23 Bulan", "24-59 Bulan", "", "", "Terlalu Muda", "Terlalu Tua", ""),
)
"""Cells merged to the right and downwards, as a reader of workbooks and a CSV export show them."""
KRS_HEADINGS = (
    "No", "NIK Kepala Keluarga", "Sasaran > Punya Anak > 0-23 Bulan", "Sasaran > Punya Anak > 24-59 Bulan",
    "Sasaran > PUS Hamil", "Penapisan > Air", "Penapisan > PUS > Terlalu Muda", "Penapisan > PUS > Terlalu Tua",
    "Bantuan",
)  # fmt: skip


def read(*rows: tuple[str, ...]) -> list[Block]:
    return list(blocks([(number, row) for number, row in enumerate(rows, start=1)]))


def headings_of(*rows: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that all these rows make together; fails where they are not taken for one block."""
    (found,) = [block for block in read(*rows) if (block.first, block.last) == (0, len(rows) - 1)]
    return found.headings


def test_merged_headings_are_joined_from_the_widest_to_the_narrowest() -> None:
    assert headings_of(*KRS_ROWS) == KRS_HEADINGS


def test_merged_headings_may_begin_in_the_second_column() -> None:
    assert headings_of(*(("", *row) for row in KRS_ROWS)) == ("", *KRS_HEADINGS)


def test_a_merged_cell_that_an_export_repeats_is_the_same_heading() -> None:
    wide = ("Nama", "Sasaran", "Sasaran", "Alamat")
    assert headings_of(wide, ("Nama", "PUS", "PUS Hamil", "Alamat")) == (
        "Nama", "Sasaran > PUS", "Sasaran > PUS Hamil", "Alamat",
    )  # fmt: skip


def test_units_beneath_the_headings_stay_with_them() -> None:
    assert headings_of(("NIK", "Berat", "Tinggi"), ("", "(kg)", "cm")) == ("NIK", "Berat (kg)", "Tinggi (cm)")
    assert fields("Berat (kg)", "NIK (Nomor Induk Kependudukan)", "3. Nama")[1:] == ["nik", "name"]


@pytest.mark.parametrize(
    ("above", "row"),
    [
        (("DATA TERPADU", "", ""), ("", "NIK", "Nama")),
        (("Provinsi", "Sulawesi Tenggara", ""), ("No", "NIK", "Nama")),
        (("Kota :", "Kendari", ""), ("", "NIK", "Nama")),
        (("NIK", "Nama", "Alamat"), ("7471014101909001", "SITI CONTOH", "JL. MELATI")),
        (("NIK", "Nama", "Alamat"), ("1", "2", "3")),
    ],
)
def test_titles_data_and_column_numbers_are_no_part_of_the_headings(
    above: tuple[str, ...], row: tuple[str, ...]
) -> None:
    assert all(block.first == block.last for block in read(above, row))


def test_more_than_five_rows_are_no_headings() -> None:
    nested = [("No", *("",) * depth, f"Tingkat {depth}", "") for depth in range(6)]
    assert max(block.last - block.first for block in read(*nested)) == 4


def test_of_merged_headings_the_last_part_is_enough_and_the_wider_one_tells_two_apart() -> None:
    assert dict(wordings(("Data Penduduk", "NIK")))["nik"] == "last"
    assert dict(wordings(("Istri", "Nama")))["namaistri"] == "whole"
    assert dict(wordings(("Nama", "Istri")))["namaistri"] == "whole"
