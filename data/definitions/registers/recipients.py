"""Programme recipients: who receives which card or aid (any programme), one row a person and a programme."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.measures import Measure
from data.definitions.registers import Register
from data.definitions.shared import AGE_POSSIBLE
from data.definitions.spellings import AREAS, common
from data.wording import N_

# fmt: off
_ANSWERS: Final = {
    "programme_name": {
        "KAJ": ("Kartu Anak Jakarta",),
        "KLJ": ("Kartu Lansia Jakarta",),
        "KPDJ": ("Kartu Penyandang Disabilitas Jakarta",),
        "KPARJ": ("Kartu Peduli Anak dan Remaja Jakarta", "Kartu Penyintas Anak dan Remaja Jakarta"),
        "KJP Plus": ("KJP", "KJP+", "Kartu Jakarta Pintar", "Kartu Jakarta Pintar Plus"),
        "KJMU": ("Kartu Jakarta Mahasiswa Unggul",),
        "PKH": ("Program Keluarga Harapan",),
        "BPNT/Sembako": ("BPNT", "Sembako", "Program Sembako", "Bantuan Pangan Non Tunai", "Kartu Sembako"),
        "PBI JK": ("PBI", "PBI JKN", "PBI-JKN", "Penerima Bantuan Iuran", "Penerima Bantuan Iuran Jaminan Kesehatan"),
        "BST": ("Bantuan Sosial Tunai",),
        "BLT Dana Desa": ("BLT DD", "BLT Desa"),
        "BLT BBM": (),
        "PIP": ("Program Indonesia Pintar", "KIP", "Kartu Indonesia Pintar"),
        "ATENSI": ("Asistensi Rehabilitasi Sosial",),
    },
}
"""What the lists write for an answer, by field and answer: programmes and what else they are called."""

_OWN: Final = (
    Field("programme_name", N_("Name of the programme"), "words", "open", N_("as the list writes it"), "KLJ"),
    Field("amount", N_("Amount (rupiah)"), "number", "personal", N_("as paid; dots part thousands"), "Rp300.000,00"),
    Field("programme_year", N_("Year of the programme"), "whole", "open", N_("four digits"), "2023"),
    Field("payment_stage", N_("Stage or month of payment"), "text", "open", "", "Tahap 2"),
    Field("payment_status", N_("State of payment"), "words", "open", N_("as the list writes it"), "Sudah salur"),
    Field("bank", N_("Paying bank"), "words", "open", "", "Bank DKI"),
    Field("account_number", N_("Account or card number"), "identifier", "identifier", "", "10123456789"),
)

REGISTER = Register(
    key="recipients",
    label=N_("Programme recipients"),
    row_is=N_("a person and a programme"),
    needs_one_of=("programme_name", "amount"),
    needs=4,
    telling=("programme_name", "amount", "programme_year", "payment_stage", "payment_status", "account_number"),
    belongs_elsewhere=(
        "Desil Nasional", "Desil Kesejahteraan", "PUS Hamil", "TB/U", "ZS TB/U", "Jenis PPKS", "Kategori PPKS",
        "Jenis PMKS", "Bansos BPNT-PPKM",
    ),
    layouts=(),
    spellings={
        **common("counter"),
        "programme_name": (
            "Nama Program", "Program", "Jenis Bantuan", "Nama Bantuan", "Program Bantuan", "Jenis Bansos", "Bansos",
            "Nama Bansos", "Jenis Kartu",
        ),
        **common("nik", "kk", "name", "sex", "birth_place", "birth_date", "age", "mother_name"),
        "parent_name": ("Nama Orang Tua", "Nama Ortu", "Nama Wali", "Nama Orang Tua/Wali"),
        **common("relation", *AREAS, "address", "hamlet", "rt", "rw", "phone", "disability", "dukcapil"),
        "programme_year": ("Tahun", "Tahun Anggaran", "Tahun Penyaluran", "Tahun Bantuan"),
        "payment_stage": ("Tahap", "Periode", "Bulan", "Tahap Penyaluran", "Periode Penyaluran", "Triwulan"),
        "amount": (
            "Nominal", "Jumlah Bantuan", "Nilai Bantuan", "Besaran Bantuan", "Nominal Bantuan", "Jumlah (Rp)",
            "Nominal (Rp)", "Besaran",
        ),
        "payment_status": ("Status Penyaluran", "Status Salur", "Status Pencairan", "Keterangan Salur"),
        "bank": ("Bank", "Bank Penyalur", "Nama Bank"),
        "account_number": (
            "No Rekening", "Nomor Rekening", "No Kartu", "Nomor Kartu", "No KKS", "Nomor KKS", "No. Kartu ATM",
        ),
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    category="programme_name",
    categories=tuple(_ANSWERS["programme_name"]),
    absent_is_none=True,
    kept_months=120,
    listed=("programme_name", "programme_year", "payment_stage", "amount", "payment_status", "sex", "birth_date"),
    checks=(AGE_POSSIBLE,),
    measures=(Measure("recipients", "units"), Measure("amount_paid", "sum", ("amount",), of="amount")),
)
# fmt: on
