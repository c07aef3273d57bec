"""Headings that mean the same in every register, as seen in real files; a register's own headings stand in its file."""

from collections.abc import Mapping
from typing import Final

AREAS: Final = ("province", "kabkota", "kecamatan", "kelurahan", "area_code")
AREA_CODES: Final = ("code_province", "code_kabkota", "code_kecamatan")
HOUSING: Final = (
    "house_ownership", "floor", "wall", "roof", "drinking_water", "lighting", "cooking_fuel", "toilet",
)  # fmt: skip

# fmt: off
COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    "counter": ("No", "No.", "Nomor", "No Urut"),
    "province": ("PROVINSI", "Prov", "Propinsi", "Nama Provinsi", "NMPROP", "provinsi_ktp"),
    "kabkota": (
        "KABUPATEN/KOTA", "Kab/Kota", "Kabupaten", "Kota", "Nama Kabupaten", "NMKAB", "Nama Kabupaten/Kota",
        "kabupaten_kota_ktp",
    ),
    "kecamatan": ("KECAMATAN", "Kec", "Nama Kecamatan", "NMKEC", "kecamatan_ktp"),
    "kelurahan": (
        "DESA/KELURAHAN", "DESA/KELUARAHAN", "Kelurahan/Desa", "Kelurahan", "Desa", "Desa/Kel", "Kel/Desa", "Kel",
        "Nama Kelurahan", "Nama Desa", "NMDESA", "Nama Desa/Kelurahan", "kelurahan_desa_ktp",
    ),
    "area_code": (
        "Kode Kemdagri", "Kode Kemendagri", "Kode Wilayah", "Kode Desa", "Kode Kelurahan", "KDDESA",
        "Kode Desa/Kelurahan", "Kode Kelurahan Desa", "kode_kelurahan_desa_ktp",
    ),
    "code_province": ("Kode Provinsi", "KDPROP", "kode_provinsi_ktp"),
    "code_kabkota": ("Kode Kabupaten/Kota", "Kode Kabupaten", "KDKAB", "kode_kabupaten_kota_ktp"),
    "code_kecamatan": ("Kode Kecamatan", "KDKEC", "kode_kecamatan_ktp"),
    "address": ("ALAMAT", "Alamat Lengkap", "Alamat Rumah", "Alamat KTP", "Alamat Domisili"),
    "hamlet": ("DUSUN", "Lingkungan", "Nama SLS", "Dusun/Lingkungan", "dusun_ktp"),
    "rt": ("RT", "No RT", "rt_ktp"),
    "rw": ("RW", "No RW", "rw_ktp"),
    "kk": ("NOKK", "NO KK", "No. KK", "NOMOR KK", "Nomor Kartu Keluarga", "No Kartu Keluarga"),
    "nik": ("NIK", "NOMOR NIK", "No NIK", "Nomor Induk Kependudukan", "No KTP"),
    "name": ("NAMA", "Nama Lengkap", "Nama ART", "Nama Anggota Keluarga", "Nama Penerima"),
    "birth_date": ("TANGGAL LAHIR", "Tgl Lahir", "TglLahir", "Tgl. Lahir"),
    "birth_place": ("TEMPAT LAHIR", "TmpLahir", "Tmp Lahir", "Tempat Kelahiran"),
    "age": ("Umur", "Usia", "Umur (Tahun)", "Usia (Tahun)"),
    "sex": ("JENIS KELAMIN", "JK", "JnsKel", "L/P", "Kelamin", "Sex"),
    "occupation": ("PEKERJAAN", "Pekerjaan Utama", "Jenis Pekerjaan", "pekerjaan_ktp"),
    "education": ("Pendidikan", "Pendidikan Terakhir", "Tingkat Pendidikan", "pendidikan_akhir_ktp"),
    "marital_status": ("Status Kawin", "Status Perkawinan", "Status Pernikahan"),
    "mother_name": ("NAMA IBU KANDUNG", "Nam Ibu Kandung", "Nama Gadis Ibu Kandung", "Ibu Kandung", "Nama Ibu"),
    "relation": (
        "HUB KELUARGA", "HUBUNGAN KELUARGA", "Hubkel", "Hub Keluarga", "Hubungan Dengan Kepala Keluarga",
        "Status Hubungan Keluarga", "Hubungan Dengan Kpl. Keluarga", "Hub Kepala Keluarga", "SHDK", "Hub KRT",
    ),
    "family_members": ("Jumlah Anggota Keluarga", "Jumlah Anggota", "Jml Anggota", "Jumlah ART", "Jml ART"),
    "phone": ("No HP", "Nomor HP", "No Telepon", "No Telp", "No Handphone"),
    "dukcapil": ("KETERANGAN PADAN", "Padan Dukcapil", "Ket Padan", "Status Padan", "Padan", "Padan Capil"),
    "disability": ("Disabilitas", "Keterangan Disabilitas", "Jenis Disabilitas", "Jenis Cacat"),
    "chronic_illness": ("Penyakit Kronis", "Penyakit Kronis Menahun"),
    "school_participation": ("Partisipasi Sekolah", "Status Sekolah"),
    "employment": ("Status Bekerja", "Sta Bekerja"),
    "bpnt": ("BANSOS BPNT", "BPNT", "Penerima BPNT", "Penerima BNBT", "Bansos Sembako", "AdaBPNT"),
    "pkh": ("BANSOS PKH", "PKH", "Penerima PKH", "AdaPKH"),
    "bst": ("BST", "Bansos BST", "ada_bst", "Penerima BST"),
    "pbi_jkn": (
        "PBI JKN", "PBI", "PBI JK", "PBI-JKN", "Pbi_Jni", "AdaPBI", "Bansos PBI", "PBI Nasional",
        "PBI Nasional Keluarga",
    ),
    "house_ownership": (
        "Kepemilikan Rumah", "Status Kepemilikan Rumah", "Sta Bangunan", "Status Bangunan", "Status Rumah",
    ),
    "floor": ("Jenis Lantai", "Jenis Lantai Terluas", "Lantai"),
    "wall": ("Jenis Dinding", "Jenis Dinding Terluas", "Dinding"),
    "roof": ("Jenis Atap", "Jenis Atap Terluas", "Atap"),
    "drinking_water": ("Sumber Air Minum", "Sumber Air Minum Utama"),
    "lighting": ("Sumber Penerangan", "Sumber Penerangan Utama"),
    "cooking_fuel": ("Bahan Bakar Memasak", "Bahan Bakar Utama Memasak"),
    "toilet": ("Fasilitas BAB", "Fasbab", "Fasilitas Tempat BAB"),
}
# fmt: on


def common(*fields: str) -> dict[str, tuple[str, ...]]:
    """The common headings of these fields, in this order.

    >>> common("rt", "rw")
    {'rt': ('RT', 'No RT', 'rt_ktp'), 'rw': ('RW', 'No RW', 'rw_ktp')}
    """
    return {field: COMMON[field] for field in fields}
