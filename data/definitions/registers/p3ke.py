"""P3KE: targeting of extreme poverty (Coordinating Ministry for Human Development), one row a person or a family."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.registers import Layout, Register
from data.definitions.shared import BY_DECILE, DECILES, VALIDATION
from data.definitions.spellings import AREAS, COMMON, HOUSING, common
from data.wording import N_

_AGES: Final = tuple(
    Field(key, label, "words", "personal", N_("as the register writes it"), "Ya")
    for key, label in (
        ("aged_under_7", N_("Under 7 years")),
        ("aged_7_12", N_("7 to 12 years")),
        ("aged_13_15", N_("13 to 15 years")),
        ("aged_16_18", N_("16 to 18 years")),
        ("aged_19_21", N_("19 to 21 years")),
        ("aged_22_59", N_("22 to 59 years")),
        ("aged_60", N_("60 years or older")),
    )
)

_ANSWERS: Final = {
    "validated": {
        "Valid": ("Ya", "Sesuai", "Layak", "Terverifikasi", "Terkonfirmasi", "Sudah divalidasi"),
        "Tidak valid": ("Tidak", "Tidak sesuai", "Tidak layak", "Tidak terkonfirmasi", "Tidak ditemukan"),
        "Belum dikunjungi": ("Belum", "Belum divalidasi", "Belum diverifikasi"),
    },
}
"""What an office writes beside a name when it has been to see the family; the national exports have no such column."""

_OWN: Final = (
    *_AGES,
    Field("savings", N_("Savings"), "words", "personal", N_("as the register writes it"), "Tidak"),
    Field("targeting", N_("Targeting"), "words", "personal", N_("as the register writes it")),
    Field(
        "validated", N_("Validation by visit"), "words", "personal",
        N_("valid, not valid or not yet visited"), "Valid",
    ),
    Field("pkh_himbara", N_("PKH paid through state banks"), "yes_no", "open", example="Ya"),
    Field("sembako_himbara", N_("Sembako paid through state banks"), "yes_no", "open", example="Ya"),
)  # fmt: skip

# fmt: off
_AGE_COLUMNS: Final = tuple(field.key for field in _AGES)
_PROGRAMMES: Final = ("bpnt", "bpum", "bst", "pkh", "sembako")

REGISTER = Register(
    key="p3ke",
    label=N_("P3KE (targeting of extreme poverty)"),
    row_is=N_("a person"),
    needs_one_of=("decile", "stunting_risk", "targeting"),
    needs=5,
    telling=("decile", "stunting_risk", "targeting", "savings", "bpum", *_AGE_COLUMNS),
    belongs_elsewhere=(
        "Desil Nasional", "Peringkat Nasional", "Lansia", "Nama Kepala Keluarga", "PUS Hamil", "TB/U", "ZS TB/U",
        "Jenis PPKS", "Nama Program",
    ),
    layouts=(
        Layout(
            "individu_32",
            N_("P3KE individu, 32 columns"),
            (
                "counter", "family_register_id", *AREAS, "decile", "address", "person_register_id", "name", "nik",
                "dukcapil", "sex", "relation", "birth_date", "marital_status", "occupation", "education",
                *_AGE_COLUMNS, *_PROGRAMMES, "stunting_risk",
            ),
        ),
        Layout(
            "keluarga_29",
            N_("P3KE keluarga, 29 columns"),
            (
                "family_register_id", "kecamatan", "kelurahan", "area_code", "decile", "address", "name", "nik",
                "dukcapil", "sex", "birth_date", "occupation", "education", "house_ownership", "savings", "roof",
                "wall", "floor", "lighting", "cooking_fuel", "drinking_water", "toilet", *_PROGRAMMES,
                "stunting_risk", "targeting",
            ),
            grain="family",
        ),
    ),
    spellings={
        **common("counter"),
        "family_register_id": ("ID Keluarga P3KE", "ID Keluarga", "IDKeluarga"),
        **common(*AREAS),
        "decile": ("Desil Kesejahteraan", "Desil", "Desil P3KE"),
        **common("address", "hamlet", "rt", "rw", "kk"),
        "person_register_id": ("ID Individu", "ID Individu P3KE"),
        "name": (*COMMON["name"], "Kepala Keluarga"),
        **common("nik", "dukcapil", "sex", "relation", "birth_date", "marital_status", "occupation", "education"),
        "family_members": COMMON["family_members"],
        "aged_under_7": ("Usia < 7 Tahun", "Usia dibawah 7 tahun", "Usia < 7", "Usia 0-6 Tahun"),
        "aged_7_12": ("Usia 7-12 Tahun", "Usia 7-12"),
        "aged_13_15": ("Usia 13-15 Tahun", "Usia 13-15"),
        "aged_16_18": ("Usia 16-18 Tahun", "Usia 16-18"),
        "aged_19_21": ("Usia 19-21 Tahun", "Usia 19-21"),
        "aged_22_59": ("Usia 22-59 Tahun", "Usia 22-59"),
        "aged_60": ("Usia 60+ Tahun", "Usia 60 tahun keatas", "Usia 60+", "Usia > 60 Tahun"),
        **common(*HOUSING),
        "savings": ("Memiliki Simpanan", "Simpanan"),
        **common("bpnt"),
        "bpum": ("Penerima BPUM", "BPUM"),
        **common("bst", "pkh"),
        "sembako": ("Penerima SEMBAKO", "Sembako"),
        "prakerja": ("Penerima Prakerja", "Prakerja"),
        "kur": ("Penerima KUR", "KUR"),
        "pkh_himbara": ("Penerima PKH 2023 (HIMBARA)", "Keluarga Penerima PKH 2023 (HIMBARA)"),
        "sembako_himbara": (
            "Penerima SEMBAKO 2023 (HIMBARA)", "Keluarga Penerima SEMBAKO (HIMBARA 2023)",
            "Keluarga Penerima SEMBAKO 2023 (HIMBARA)",
        ),
        "stunting_risk": ("Resiko Stunting", "Risiko Stunting"),
        "targeting": ("Pensasaran",),
        "validated": (
            "Hasil Verval", "Status Verval", "Hasil Verifikasi dan Validasi", "Hasil Validasi", "Status Validasi",
            "Hasil Validasi Lapangan",
        ),
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    listed=("decile", "sex", "birth_date", "relation", "occupation", *_PROGRAMMES, "stunting_risk"),
    measures=DECILES,
    breakdowns=(BY_DECILE, VALIDATION),
)
# fmt: on
