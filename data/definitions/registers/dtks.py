"""DTKS: the integrated social-welfare register (Ministry of Social Affairs), one row a person."""

from data.definitions.registers import Layout, Register
from data.wording import N_

# fmt: off
_SIKSNG = (
    "family_register_id", "province", "kabkota", "kecamatan", "kelurahan", "address", "hamlet", "rt", "rw", "kk",
    "nik", "name", "birth_date", "birth_place", "sex", "occupation", "mother_name", "relation", "dukcapil", "bpnt",
    "pkh", "bpnt_ppkm", "pbi_jkn",
)

REGISTER = Register(
    key="dtks",
    label=N_("DTKS (integrated social-welfare data)"),
    row_is=N_("a person"),
    needs_one_of=("name", "nik"),
    needs=4,
    belongs_elsewhere=(
        "Desil Kesejahteraan", "Desil Nasional", "desil_nasional", "ID Keluarga P3KE", "TB/U", "ZS TB/U", "BB/U",
        "Tanggal Pengukuran",
        "Posyandu", "Jenis PPKS", "Nama Program", "Nama Kepala Keluarga", "PUS Hamil",
    ),
    layouts=(
        Layout("siksng_23", N_("SIKS-NG export, 23 columns"), _SIKSNG),
        Layout(
            "siksng_25",
            N_("SIKS-NG export with update dates, 25 columns"),
            (*_SIKSNG, "updated_on", "dukcapil_matched_on"),
        ),
        Layout(
            "siksng_lookup",
            N_("SIKS-NG lookup screen, 17 columns"),
            (
                "counter", "kk", "nik", "name", "address", "registered_on", "dukcapil_matched_on", "bpnt", "bst", "pkh",
                "pbi_jkn", "bpnt_ppkm", "blt", "blt_bbm", "rutilahu", "deceased_note", "disability",
            ),
        ),
    ),
    spellings={
        "counter": ("No", "No.", "Nomor", "No Urut"),
        "family_register_id": ("ID DTKS", "IDDTKS", "IDBDT", "ID BDT", "ID Keluarga DTKS", "ID Ruta", "ID Semesta"),
        "person_register_id": ("IDARTBDT", "ID ART BDT", "ID ART", "IDARTDTKS"),
        "province": ("PROVINSI", "Prov", "Propinsi", "Nama Provinsi", "NMPROP"),
        "kabkota": ("KABUPATEN/KOTA", "Kab/Kota", "Kabupaten", "Kota", "Kabupaten Kota", "Nama Kabupaten", "NMKAB"),
        "kecamatan": ("KECAMATAN", "Kec", "Nama Kecamatan", "NMKEC"),
        "kelurahan": (
            "DESA/KELURAHAN", "DESA/KELUARAHAN", "Kelurahan/Desa", "Kelurahan", "Desa", "Desa/Kel", "Kel/Desa",
            "Nama Kelurahan", "Nama Desa", "NMDESA",
        ),
        "area_code": (
            "Kode Kemdagri", "Kode Kemendagri", "Kode Wilayah", "Kode Desa", "Kode Kelurahan", "KDDESA",
            "Kode Desa/Kelurahan",
            "Kode Kelurahan Desa",
        ),
        "address": ("ALAMAT", "Alamat Lengkap", "Alamat Rumah", "Alamat KTP"),
        "hamlet": ("DUSUN", "Lingkungan", "Nama SLS", "Dusun/Lingkungan"),
        "rt": ("RT", "No RT"),
        "rw": ("RW", "No RW"),
        "kk": ("NOKK", "NO KK", "No. KK", "NOMOR KK", "Nomor Kartu Keluarga", "No Kartu Keluarga"),
        "nik": ("NIK", "NOMOR NIK", "No NIK", "Nomor Induk Kependudukan", "No KTP"),
        "name": ("NAMA", "Nama Lengkap", "Nama ART", "Nama Anggota Keluarga", "Nama Penerima"),
        "birth_date": ("TANGGAL LAHIR", "Tgl Lahir", "TglLahir", "Tgl. Lahir"),
        "birth_place": ("TEMPAT LAHIR", "TmpLahir", "Tmp Lahir", "Tempat Kelahiran"),
        "sex": ("JENIS KELAMIN", "JK", "JnsKel", "L/P", "Kelamin", "Sex"),
        "occupation": ("PEKERJAAN", "Pekerjaan Utama", "Jenis Pekerjaan"),
        "mother_name": ("NAMA IBU KANDUNG", "Nam Ibu Kandung", "Nama Gadis Ibu Kandung", "Ibu Kandung", "Nama Ibu"),
        "relation": (
            "HUB KELUARGA", "HUBUNGAN KELUARGA", "Hubkel", "Hub Keluarga", "Hubungan Dengan Kepala Keluarga",
            "Status Hubungan Keluarga", "Hub KRT", "SHDK",
        ),
        "dukcapil": ("KETERANGAN PADAN", "Padan Dukcapil", "Ket Padan", "Status Padan", "Padan", "Padan Capil"),
        "dukcapil_matched_on": ("Terakhir Padan Capil", "Tanggal Padan", "padankan_at",
            "Tgl Padan Capil", "Padan Terakhir"),
        "updated_on": (
            "LastUpdateData", "Last Update", "Last Update Data", "Tanggal Pemutakhiran", "Tanggal Update", "Tgl Update",
            "Terakhir Update", "Tanggal Mutakhir", "Terakhir Diperbarui", "Tanggal Perubahan", "updated_at",
            "Tanggal Pembaruan", "Tgl Pemutakhiran", "Update Terakhir", "Pemutakhiran Terakhir",
        ),
        "registered_on": ("Masuk SK DTKS Pertama", "FIRST_SK", "SK DTKS Pertama"),
        "deceased_note": ("Keterangan Meninggal",),
        "disability": ("Keterangan Disabilitas", "Disabilitas", "Jenis Cacat", "Jenis Disabilitas"),
        "bpnt": ("BANSOS BPNT", "BPNT", "Penerima BPNT", "Penerima BNBT", "Bansos Sembako", "AdaBPNT"),
        "pkh": ("BANSOS PKH", "PKH", "Penerima PKH", "AdaPKH"),
        "bpnt_ppkm": ("BANSOS BPNT-PPKM", "BPNT PPKM", "BNPT_PPKM", "Bansos_Bnpnt_Ppkm"),
        "pbi_jkn": ("PBI JKN", "PBI", "PBI JK", "PBI-JKN", "Pbi_Jni", "AdaPBI", "Bansos PBI", "PBI Nasional"),
        "bst": ("BST", "Bansos BST", "ada_bst", "Penerima BST"),
        "blt": ("BLT", "Bansos BLT"),
        "blt_bbm": ("BLT BBM", "Bansos BLT BBM"),
        "rutilahu": ("RUTILAHU", "Bansos RUTILAHU"),
    },
)
# fmt: on
