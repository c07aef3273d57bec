"""DTSEN: the national socio-economic register (since 2025), one row a person or a family."""

from typing import Final

from data.definitions.fields import Field, Kind, Sensitivity
from data.definitions.registers import Layout, Register
from data.definitions.shared import AGE_POSSIBLE, BY_DECILE, DECILES
from data.definitions.spellings import AREA_CODES, AREAS, COMMON, HOUSING, common
from data.wording import N_


def _answers(
    *declared: tuple[str, str], kind: Kind = "words", sensitivity: Sensitivity = "personal"
) -> tuple[Field, ...]:
    return tuple(Field(key, label, kind, sensitivity, N_("as the register writes it")) for key, label in declared)


_SCHOOL: Final = _answers(
    ("school_level", N_("Highest level of school attended")),
    ("school_grade", N_("Highest grade attended")),
    ("diploma", N_("Highest diploma")),
)
_WORK: Final = _answers(
    ("industry", N_("Industry of the main job")),
    ("job_position", N_("Position in the main job")),
    ("owns_business", N_("Has a business")),
    ("businesses", N_("Number of businesses")),
    ("business_industry", N_("Industry of the main business")),
    ("paid_workers", N_("Paid workers of the business")),
    ("unpaid_workers", N_("Unpaid workers of the business")),
    ("turnover", N_("Turnover of the business")),
)
_HEALTH: Final = _answers(
    ("nutrition", N_("State of nutrition")),
    ("difficulty_seeing", N_("Difficulty seeing")),
    ("difficulty_hearing", N_("Difficulty hearing")),
    ("difficulty_walking", N_("Difficulty walking or climbing stairs")),
    ("difficulty_hands", N_("Difficulty using hands or fingers")),
    ("difficulty_learning", N_("Difficulty learning")),
    ("difficulty_behaviour", N_("Difficulty controlling behaviour")),
    ("difficulty_speaking", N_("Difficulty speaking")),
    ("difficulty_self_care", N_("Difficulty caring for oneself")),
    ("difficulty_remembering", N_("Difficulty remembering or concentrating")),
    ("sadness", N_("Sadness or depression")),
    sensitivity="health",
)
_HOUSE: Final = (
    Field("pln_customer", N_("PLN customer number"), "identifier", "identifier"),
    Field("floor_area", N_("Floor area (m²)"), "number", "personal", N_("in square metres"), "36"),
    *_answers(
        ("power", N_("Electric power")),
        ("closet", N_("Kind of closet")),
        ("sewage", N_("Where sewage goes")),
        ("owns_assets", N_("Has assets")),
    ),
)
_ASSETS: Final = _answers(
    ("asset_gas", N_("Gas cylinder")),
    ("asset_refrigerator", N_("Refrigerator")),
    ("asset_air_conditioner", N_("Air conditioner")),
    ("asset_water_heater", N_("Water heater")),
    ("asset_telephone", N_("House telephone")),
    ("asset_television", N_("Flat television")),
    ("asset_gold", N_("Gold or jewellery")),
    ("asset_computer", N_("Computer or tablet")),
    ("asset_motorcycle", N_("Motorcycle")),
    ("asset_bicycle", N_("Bicycle")),
    ("asset_car", N_("Car")),
    ("asset_boat", N_("Boat")),
    ("asset_motorboat", N_("Motorboat or ship")),
    ("asset_smartphone", N_("Smartphone (asset)")),
    ("asset_land", N_("Other land")),
    ("asset_house", N_("Other house")),
)
_LIVESTOCK: Final = _answers(
    ("cattle", N_("Cattle")),
    ("buffaloes", N_("Buffaloes")),
    ("horses", N_("Horses")),
    ("pigs", N_("Pigs")),
    ("goats", N_("Goats and sheep")),
    kind="whole",
)
_DECILES: Final = tuple(
    Field(key, label, "decile", "personal", N_("1 to 10, among the families of that area"), "2")
    for key, label in (
        ("decile_province", N_("Decile within the province")),
        ("decile_kabkota", N_("Decile within the kabupaten or kota")),
        ("decile_kecamatan", N_("Decile within the kecamatan")),
        ("decile_kelurahan", N_("Decile within the kelurahan")),
    )
)


def _keys(fields: tuple[Field, ...]) -> tuple[str, ...]:
    return tuple(field.key for field in fields)


# fmt: off
_VILLAGE: Final = (
    "decile", "disability", "elderly", "kk", "relation", "address", "name", "nik", "occupation", "province", "kabkota",
    "kecamatan", "kelurahan",
)
_FAMILY: Final = (
    "family_register_id", "kk", "name", "family_members", "address", "rt", "rw", "decile", "rank",
)
_MEMBER: Final = ("name", "nik", "birth_date", "sex", "relation", "marital_status")

REGISTER = Register(
    key="dtsen",
    label=N_("DTSEN (national socio-economic register)"),
    row_is=N_("a person"),
    needs_one_of=("decile", "rank", "decile_kabkota", "school_level", "marital_status", "asset_car"),
    needs=5,
    telling=(
        "decile", "rank", "elderly", *_keys(_DECILES), "school_level", "job_position", "difficulty_seeing",
        "floor_area", "asset_car",
    ),
    belongs_elsewhere=(
        "ID DTKS", "IDBDT", "IDARTBDT", "Bansos BPNT-PPKM", "Masuk SK DTKS Pertama", "Desil Kesejahteraan",
        "ID Keluarga P3KE", "Resiko Stunting", "Pensasaran", "PUS Hamil", "TB/U", "ZS TB/U", "Jenis PPKS",
        "Kategori PPKS", "Jenis PMKS", "Kategori PMKS", "Nama Program",
    ),
    layouts=(
        Layout("village_14", N_("DTSEN table of the village site, 14 columns"), ("counter", *_VILLAGE)),
        Layout("village_keys", N_("DTSEN table of the village site, its data"), _VILLAGE),
        Layout("siks_family", N_("SIKS family list"), _FAMILY, grain="family"),
        Layout("siks_member", N_("SIKS member list"), _MEMBER),
        Layout(
            "siks_joined",
            N_("SIKS members beside their family"),
            (*(field for field in _FAMILY if field != "name"), *_MEMBER),
        ),
        Layout(
            "individu_48",
            N_("DTSEN 2026 individu, 48 columns"),
            (
                "nik", "kk", "name", "birth_date", "sex", "relation", "pbi_jkn", "pbi_local", "marital_status",
                "school_participation", *_keys(_SCHOOL), "employment", *_keys(_WORK), *_keys(_HEALTH),
                "chronic_illness", "code_province", "province", "code_kabkota", "kabkota", "code_kecamatan",
                "kecamatan", "area_code", "kelurahan", "rt", "rw", "hamlet", "address", "occupation", "education",
            ),
        ),
        Layout(
            "keluarga_52",
            N_("DTSEN 2026 keluarga, 52 columns"),
            (
                "code_province", "province", "code_kabkota", "kabkota", "code_kecamatan", "kecamatan", "area_code",
                "kelurahan", "address", "kk", "family_members", "name", "decile", "pbi_jkn", "pbi_local",
                "pln_customer", "house_ownership", "floor", "floor_area", "wall", "roof", "drinking_water", "lighting",
                "power", "cooking_fuel", "toilet", "closet", "sewage", "owns_assets", *_keys(_ASSETS),
                *_keys(_LIVESTOCK), "decile_province", "decile_kabkota",
            ),
            grain="family",
        ),
    ),
    spellings={
        **common("counter"),
        "family_register_id": ("ID Keluarga", "ID Keluarga DTSEN"),
        "person_register_id": ("ID Anggota Keluarga", "ID Individu"),
        **common(*AREA_CODES, *AREAS, "address", "hamlet", "rt", "rw"),
        "kk": (*COMMON["kk"], "nomor_kartu_keluarga_kel"),
        **common("nik"),
        "name": (*COMMON["name"], "Nama Kepala Keluarga"),
        **common("birth_date", "birth_place", "age"),
        "sex": (*COMMON["sex"], "id_jenis_kelamin"),
        **common("relation"),
        "marital_status": (*COMMON["marital_status"], "sts_kawin"),
        **common("family_members", "occupation", "education", "mother_name", "phone", "dukcapil"),
        "decile": ("Desil Nasional", "Desil", "Desil DTSEN"),
        "decile_province": ("Desil Provinsi",),
        "decile_kabkota": ("Desil Kabupaten/Kota", "Desil Kabupaten"),
        "decile_kecamatan": ("Desil Kecamatan",),
        "decile_kelurahan": ("Desil Desa", "Desil Kelurahan", "Desil Desa/Kelurahan"),
        "rank": ("Peringkat Nasional", "Peringkat"),
        **common("disability"),
        "elderly": ("Lansia", "Lanjut Usia"),
        **common("school_participation"),
        "school_level": ("Jenjang Tertinggi yang Diduduki",),
        "school_grade": ("Kelas Tertinggi yang Diduduki",),
        "diploma": ("Ijazah Tertinggi yang Dimiliki",),
        **common("employment"),
        "industry": ("Lapangan Usaha dari Pekerjaan Utama",),
        "job_position": ("Status dalam Pekerjaan Utama",),
        "owns_business": ("Kepemilikan Usaha",),
        "businesses": ("Jumlah Usaha",),
        "business_industry": ("Lapangan Usaha dari Usaha Utama",),
        "paid_workers": ("Jumlah Pekerja yang Dibayar dari Usaha Utama",),
        "unpaid_workers": ("Jumlah Pekerja yang Tidak Dibayar dari Usaha Utama",),
        "turnover": ("Omzet Usaha Utama",),
        "nutrition": ("Kondisi Gizi",),
        "difficulty_seeing": ("Penglihatan",),
        "difficulty_hearing": ("Pendengaran",),
        "difficulty_walking": ("Berjalan atau Naik Tangga",),
        "difficulty_hands": ("Menggunakan Tangan/Jari",),
        "difficulty_learning": ("Belajar/Kemampuan Intelektual",),
        "difficulty_behaviour": ("Pengendalian Perilaku",),
        "difficulty_speaking": ("Berbicara/Komunikasi",),
        "difficulty_self_care": ("Mengurus Diri",),
        "difficulty_remembering": ("Mengingat/Berkonsentrasi",),
        "sadness": ("Kesedihan/Depresi",),
        **common("chronic_illness"),
        **common("pbi_jkn"),
        "pbi_local": ("PBI Pemda", "PBI Pemda Keluarga"),
        **common("bpnt", "pkh"),
        **common(*HOUSING),
        "pln_customer": ("ID Pelanggan PLN",),
        "floor_area": ("Luas Lantai",),
        "power": ("Daya Terpasang",),
        "closet": ("Jenis Kloset",),
        "sewage": ("Pembuangan Akhir Tinja",),
        "owns_assets": ("Kepemilikan Aset",),
        "asset_gas": ("aset_bergerak_tabung_gas",),
        "asset_refrigerator": ("aset_bergerak_lemari_es",),
        "asset_air_conditioner": ("aset_bergerak_ac",),
        "asset_water_heater": ("aset_bergerak_pemanas_air",),
        "asset_telephone": ("aset_bergerak_telepon_rumah",),
        "asset_television": ("aset_bergerak_tv_datar",),
        "asset_gold": ("aset_bergerak_emas_perhiasan",),
        "asset_computer": ("aset_bergerak_komputer_laptop_tablet",),
        "asset_motorcycle": ("aset_bergerak_sepeda_motor",),
        "asset_bicycle": ("aset_bergerak_sepeda",),
        "asset_car": ("aset_bergerak_mobil",),
        "asset_boat": ("aset_bergerak_perahu",),
        "asset_motorboat": ("aset_bergerak_kapal_perahu_motor",),
        "asset_smartphone": ("aset_bergerak_smartphone",),
        "asset_land": ("aset_tidak_bergerak_lahan_lainnya",),
        "asset_house": ("aset_tidak_bergerak_rumah_lainnya",),
        "cattle": ("jumlah_ternak_sapi",),
        "buffaloes": ("jumlah_ternak_kerbau",),
        "horses": ("jumlah_ternak_kuda",),
        "pigs": ("jumlah_ternak_babi",),
        "goats": ("jumlah_ternak_kambing_domba",),
    },
    own_fields=(*_DECILES, *_SCHOOL, *_WORK, *_HEALTH, *_HOUSE, *_ASSETS, *_LIVESTOCK),
    listed=("decile", "sex", "birth_date", "relation", "occupation", "disability", "elderly", "family_members"),
    checks=(AGE_POSSIBLE,),
    measures=DECILES,
    breakdowns=(BY_DECILE,),
)
# fmt: on
