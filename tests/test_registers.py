"""The by-name registers: every layout seen in real files is known whole and by one register only."""

from collections.abc import Mapping
from typing import Any, Final

import ibis
import pytest

from data.definitions.catalogue import FIELDS, REGISTERS
from data.definitions.registers import Register
from data.intake.read import Sheet
from data.intake.recognise import match_headings, normal, recognise

PERSONS: Final = {key: register for key, register in REGISTERS.items() if register.grain != "figure"}


def headings(text: str) -> tuple[str, ...]:
    return tuple(heading.strip() for line in text.strip().splitlines() for heading in line.split("|"))


SIKSNG: Final = headings(
    """
    ID DTKS | PROVINSI | KABUPATEN/KOTA | KECAMATAN | DESA/KELUARAHAN | ALAMAT | DUSUN | RT | RW | NOKK | NIK
    NAMA | TANGGAL LAHIR | TEMPAT LAHIR | JENIS KELAMIN | PEKERJAAN | NAMA IBU KANDUNG | HUB KELUARGA
    KETERANGAN PADAN | BANSOS BPNT | BANSOS PKH | BANSOS BPNT-PPKM | PBI JKN
    """
)

LOOKUP: Final = headings(
    """
    No | No KK | NIK | Nama | Alamat | Masuk SK DTKS Pertama | Terakhir Padan Capil | BPNT | BST | PKH | PBI
    BPNT PPKM | BLT | BLT BBM | RUTILAHU | Keterangan Meninggal | Keterangan Disabilitas
    """
)

LOOKUP_KEYS: Final = headings(
    """
    NOKK | NIK | Nama | Alamat | FIRST_SK | padankan_at | BPNT | BST | PKH | PBI | BNPT_PPKM | BLT | BLT_BBM
    RUTILAHU | keterangan_meninggal | keterangan_disabilitas
    """
)

BDT_HOUSEHOLD: Final = headings(
    """
    IDBDT | NoPBDTKemsos | KDPROP | KDKAB | KDKEC | KDDESA | Alamat | Nama_SLS | Nama_KRT | Jumlah_ART
    Jumlah_Keluarga | AdaPKH | AdaPBI | AdaBPNT | sta_bangunan | lantai | dinding | atap | sumber_airminum
    fasbab | sta_keberadaan_RT | percentile | status_kesejahteraan | InitData | LastUpdateData | id_periode
    tgl_pindah | NONAKTIF | NOKK
    """
)

BDT_MEMBER: Final = headings(
    """
    IDARTBDT | IDBDT | Nama | JnsKel | TmpLahir | TglLahir | NIK | NoKK | Hub_KRT | Hubkel | Umur | Sta_kawin
    Sta_hamil | Jenis_cacat | Penyakit_kronis | Partisipasi_sekolah | Sta_Bekerja | Sta_keberadaan_art
    namagadis_ibukandung | DUK_NIK | DUK_NAMA_LGKP | flag_nik | CEKNIK | KET_PADAN_PBI | ada_bst | penerima_bst
    LastUpdateData
    """
)

VILLAGE: Final = headings(
    """
    No. | Desil Nasional | Disabilitas | Lansia | No. KK | Hubungan Keluarga | Alamat | Nama | NIK
    Pekerjaan Utama | Provinsi | Kabupaten / Kota | Kecamatan | Desa/Kelurahan
    """
)

VILLAGE_KEYS: Final = headings(
    """
    desil_nasional | disabilitas | lansia | no_kk | hub_kepala_keluarga | alamat | nama | nik | pekerjaan_utama
    provinsi | kabupaten | kecamatan | kelurahan
    """
)

SIKS_FAMILY: Final = headings(
    """
    id_keluarga | no_kk | nama_kepala_keluarga | jml_anggota | alamat | no_rt | no_rw | desil_nasional
    peringkat_nasional
    """
)

SIKS_MEMBER: Final = headings(
    """
    nama | nik | tgl_lahir | id_jenis_kelamin | hub_kepala_keluarga | sts_kawin
    """
)

INDIVIDU_48: Final = headings(
    """
    nomor_induk_kependudukan | nomor_kartu_keluarga | nama | tanggal_lahir | jenis_kelamin
    status_hubungan_keluarga | pbi_nasional | pbi_pemda | status_kawin | partisipasi_sekolah
    jenjang_tertinggi_yang_diduduki | kelas_tertinggi_yang_diduduki | ijazah_tertinggi_yang_dimiliki
    status_bekerja | lapangan_usaha_dari_pekerjaan_utama | status_dalam_pekerjaan_utama | kepemilikan_usaha
    jumlah_usaha | lapangan_usaha_dari_usaha_utama | jumlah_pekerja_yang_dibayar_dari_usaha_utama
    jumlah_pekerja_yang_tidak_dibayar_dari_usaha_utama | omzet_usaha_utama | kondisi_gizi | penglihatan
    pendengaran | berjalan_atau_naik_tangga | menggunakan_tangan_jari | belajar_kemampuan_intelektual
    pengendalian_perilaku | berbicara_komunikasi | mengurus_diri | mengingat_berkonsentrasi | kesedihan_depresi
    penyakit_kronis | kode_provinsi_ktp | provinsi_ktp | kode_kabupaten_kota_ktp | kabupaten_kota_ktp
    kode_kecamatan_ktp | kecamatan_ktp | kode_kelurahan_desa_ktp | kelurahan_desa_ktp | rt_ktp | rw_ktp
    dusun_ktp | alamat_ktp | pekerjaan_ktp | pendidikan_akhir_ktp
    """
)

KELUARGA_52: Final = headings(
    """
    kode_provinsi | provinsi | kode_kabupaten_kota | kabupaten_kota | kode_kecamatan | kecamatan
    kode_kelurahan_desa | kelurahan_desa | alamat | nomor_kartu_keluarga_kel | jumlah_anggota_keluarga
    nama_anggota_keluarga | desil_nasional | pbi_nasional_keluarga | pbi_pemda_keluarga | id_pelanggan_pln
    status_kepemilikan_rumah | jenis_lantai_terluas | luas_lantai | jenis_dinding_terluas | jenis_atap_terluas
    sumber_air_minum_utama | sumber_penerangan_utama | daya_terpasang | bahan_bakar_utama_memasak | fasilitas_bab
    jenis_kloset | pembuangan_akhir_tinja | kepemilikan_aset | aset_bergerak_tabung_gas | aset_bergerak_lemari_es
    aset_bergerak_ac | aset_bergerak_pemanas_air | aset_bergerak_telepon_rumah | aset_bergerak_tv_datar
    aset_bergerak_emas_perhiasan | aset_bergerak_komputer_laptop_tablet | aset_bergerak_sepeda_motor
    aset_bergerak_sepeda | aset_bergerak_mobil | aset_bergerak_perahu | aset_bergerak_kapal_perahu_motor
    aset_bergerak_smartphone | aset_tidak_bergerak_lahan_lainnya | aset_tidak_bergerak_rumah_lainnya
    jumlah_ternak_sapi | jumlah_ternak_kerbau | jumlah_ternak_kuda | jumlah_ternak_babi
    jumlah_ternak_kambing_domba | desil_provinsi | desil_kabupaten_kota
    """
)

P3KE_INDIVIDU: Final = headings(
    """
    No | ID Keluarga P3KE | Provinsi | Kabupaten/Kota | Kecamatan | Desa/Kelurahan | Kode Kemdagri
    Desil Kesejahteraan | Alamat | ID Individu | Nama | NIK | Padan Dukcapil | Jenis Kelamin
    Hubungan dengan Kepala Keluarga | Tanggal Lahir | Status Kawin | Pekerjaan | Pendidikan | Usia < 7 Tahun
    Usia 7-12 Tahun | Usia 13-15 Tahun | Usia 16-18 Tahun | Usia 19-21 Tahun | Usia 22-59 Tahun | Usia 60+ Tahun
    Penerima BPNT | Penerima BPUM | Penerima BST | Penerima PKH | Penerima SEMBAKO | Resiko Stunting
    """
)

P3KE_KELUARGA: Final = headings(
    """
    ID Keluarga | Kecamatan | Desa | Kode Kemdagri | Desil Kesejahteraan | Alamat | Kepala Keluarga | NIK
    Padan DUKCAPIL | Jenis Kelamin | Tanggal Lahir | Pekerjaan | Pendidikan | Kepemilikan Rumah
    Memiliki Simpanan | Jenis Atap | Jenis Dinding | Jenis Lantai | Sumber Penerangan | Bahan Bakar Memasak
    Sumber Air Minum | Fasilitas BAB | Penerima BNBT | Penerima BPUM | Penerima BST | Penerima PKH
    Penerima SEMBAKO | Resiko Stunting | Pensasaran
    """
)

EPPGBM: Final = headings(
    """
    No | NIK | Nama | JK | Tgl Lahir | BB Lahir | TB Lahir | Nama Ortu | Prov | Kab/Kota | Kec | Pukesmas
    Desa/Kel | Posyandu | RT | RW | Alamat | Usia Saat Ukur | Tanggal Pengukuran | Berat | Tinggi | Cara Ukur
    LiLA | BB/U | ZS BB/U | TB/U | ZS TB/U | BB/TB | ZS BB/TB | Naik Berat Badan | PMT Diterima (kg) | Jml Vit A
    KPSP | KIA | Detail
    """
)

KRS: Final = headings(
    """
    No | No. Kartu Keluarga | NIK Kepala Keluarga | Nama Kepala Keluarga | NIK Istri | Nama Istri | Desa
    Kecamatan | Sasaran > Punya Anak > 0-23 Bulan | Sasaran > Punya Anak > 24-59 Bulan | Sasaran > PUS
    Sasaran > PUS Hamil
    Penapisan > Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak
    Penapisan > Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Jamban yang Layak
    Penapisan > PUS > PUS 4 Terlalu > Terlalu Muda (Umur Istri < 20 Tahun)
    Penapisan > PUS > PUS 4 Terlalu > Terlalu Tua (Umur Istri 35 sd 40 Tahun)
    Penapisan > PUS > PUS 4 Terlalu > Terlalu Dekat (< 2 Tahun)
    Penapisan > PUS > PUS 4 Terlalu > Terlalu Banyak (≥ 3 Anak) | Penapisan > PUS > PUS 4 Terlalu > PUS 4 Terlalu
    Penapisan > PUS > Bukan Peserta KB Modern | Jenis Pendampingan yang Diterima
    """
)


PPKS: Final = headings(
    "No | NIK | No KK | Nama | Jenis Kelamin | Tanggal Lahir | Alamat | Kecamatan | Kelurahan | Jenis PPKS | Keterangan"
)
OUTREACH: Final = headings(
    "No | Tanggal | Lokasi | Kecamatan | Kelurahan | Jenis PMKS | Nama | Jenis Kelamin | Umur | Tindak Lanjut"
)
RECIPIENTS: Final = headings(
    "No | Nama Program | NIK | No KK | Nama | Tanggal Lahir | Alamat | Kecamatan | Kelurahan | Tahun | Nominal"
)

LAYOUTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("dtks", "siksng_23"): SIKSNG,
    ("dtks", "siksng_25"): (*SIKSNG, "LastUpdateData", "Terakhir Padan Capil"),
    ("dtks", "siksng_lookup"): LOOKUP,
    ("dtks", "siksng_lookup_keys"): LOOKUP_KEYS,
    ("dtks", "bdt_household"): BDT_HOUSEHOLD,
    ("dtks", "bdt_member"): BDT_MEMBER,
    ("dtsen", "village_14"): VILLAGE,
    ("dtsen", "village_keys"): VILLAGE_KEYS,
    ("dtsen", "siks_family"): SIKS_FAMILY,
    ("dtsen", "siks_member"): SIKS_MEMBER,
    ("dtsen", "siks_joined"): (*SIKS_FAMILY, *SIKS_MEMBER),
    ("dtsen", "individu_48"): INDIVIDU_48,
    ("dtsen", "keluarga_52"): KELUARGA_52,
    ("p3ke", "individu_32"): P3KE_INDIVIDU,
    ("p3ke", "keluarga_29"): P3KE_KELUARGA,
    ("eppgbm", "classic_35"): EPPGBM,
    ("eppgbm", "classic_37"): (*EPPGBM, "Kelas Ibu Balita", "MBG"),
    ("krs", "bnba_21"): KRS,
}

KEPT: Final = headings(
    """
    NoPBDTKemsos | Jumlah_Keluarga | InitData | id_periode | tgl_pindah | NONAKTIF | DUK_NIK | DUK_NAMA_LGKP | flag_nik
    CEKNIK | KET_PADAN_PBI | penerima_bst | Hubkel | Hub_KRT | nama_kepala_keluarga
    """
)
"""Columns of those layouts that are only kept; the head's name is one where the member's stands beside it."""

LISTS: Final[dict[str, tuple[str, ...]]] = {
    **{f"{register} {layout}": found for (register, layout), found in LAYOUTS.items()},
    "dtks as of 2022, with other headings": headings(
        "ID DTKS | Provinsi | Kabupaten/Kota | Kecamatan | Desa/Kelurahan | NOMOR KK | NOMOR NIK | Nama"
        " | HUBUNGAN KELUARGA | Nam Ibu Kandung | Keterangan_padan | Bansos_Bnpnt_Ppkm | Pbi_Jni"
    ),
    "p3ke with the headings of another district": headings(
        "ID Keluarga | Kabupaten | Kecamatan | Desa | Kode Kemendagri | Desil Kesejahteraan | Nama | NIK"
        " | Hubungan Dengan Kpl. Keluarga | Usia dibawah 7 tahun | Usia 7-12 | Usia 60 tahun keatas | Pensasaran"
        " | Penerima BNBT | Penerima Prakerja | Penerima KUR | Penerima PKH 2023 (HIMBARA)"
        " | Penerima SEMBAKO 2023 (HIMBARA)"
    ),
    "krs with the last headings alone": tuple(heading.rsplit(" > ", 1)[-1] for heading in KRS),
    "ppks": PPKS,
    "ppks with the older word": tuple(heading.replace("PPKS", "PMKS") for heading in PPKS),
    "ppks with what is done for each": (*PPKS, "Tindak Lanjut"),
    "outreach": OUTREACH,
    "outreach without names": tuple(heading for heading in OUTREACH if heading not in ("Nama", "Umur")),
    "outreach with the newer word": tuple(heading.replace("PMKS", "PPKS") for heading in OUTREACH),
    "recipients": RECIPIENTS,
}


def claim(found: tuple[str, ...], register: Register) -> tuple[int, int] | None:
    """How strongly a register takes a list for its own: telling fields, known fields. None where it does not."""
    fields = {column.field for column in match_headings(found, register) if column.field}
    elsewhere = {normal(heading) for heading in register.belongs_elsewhere} & {normal(heading) for heading in found}
    if len(fields) < register.needs or fields.isdisjoint(register.needs_one_of) or elsewhere:
        return None
    return len(fields & set(register.telling)), len(fields)


@pytest.mark.parametrize("name", LISTS)
def test_no_two_registers_claim_the_same_list(name: str) -> None:
    claims = {key: found for key, register in PERSONS.items() if (found := claim(LISTS[name], register))}
    best, *others = sorted(claims, key=lambda key: claims[key], reverse=True)
    assert best == name.split()[0]
    for other in others:
        assert claims[other][0] < claims[best][0], f"{other} has as much to tell it by"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_recognised_without_being_told_what_it_is(name: str) -> None:
    found = recognise(Sheet("", ((1, LISTS[name]), (2, ("",) * len(LISTS[name]))), lambda *_: "utf-8"))
    assert found.best is not None
    assert (found.best.register, found.rivals, found.needs_answer) == (name.split()[0], (), False)
    assert (found.best.register, found.best.layout) in LAYOUTS or not found.best.layout


def test_the_name_of_a_member_goes_before_that_of_the_head() -> None:
    columns = match_headings((*SIKS_FAMILY, *SIKS_MEMBER), REGISTERS["dtsen"])
    assert [column.heading for column in columns if column.field == "name"] == ["nama"]


@pytest.mark.parametrize(("register", "layout"), LAYOUTS)
def test_a_known_layout_is_known_to_its_last_column(register: str, layout: str) -> None:
    columns = match_headings(LAYOUTS[register, layout], REGISTERS[register])
    (declared,) = (found for found in REGISTERS[register].layouts if found.key == layout)
    assert tuple(column.field for column in columns if column.field) == declared.fields
    assert {column.heading for column in columns if not column.field} <= set(KEPT)
    assert {column.confidence for column in columns if column.field} == {1.0}


def test_every_declared_layout_was_seen() -> None:
    declared = {(key, layout.key) for key, register in PERSONS.items() for layout in register.layouts}
    assert declared == set(LAYOUTS)


@pytest.mark.parametrize("layout", ["keluarga_52", "siks_family", "keluarga_29", "bdt_household"])
def test_a_row_of_a_family_layout_is_a_family(layout: str) -> None:
    (found,) = (found for register in PERSONS.values() for found in register.layouts if found.key == layout)
    assert found.grain == "family"


@pytest.mark.parametrize("register", PERSONS.values(), ids=list(PERSONS))
def test_a_register_names_only_what_it_has(register: Register) -> None:
    derived = {"haz_computed", "stunted", "severely_stunted", "four_too"} if register.derive else set()
    had = set(register.spellings) | derived
    assert {field.key for field in register.own_fields} <= had
    for keys in (register.telling, register.needs_one_of, register.listed, *register.identity):
        assert set(keys) <= had
    for named in (register.newest_by, register.speaks, register.category):
        assert not named or named in had
    for check in register.checks:
        assert set(check.fields) <= had
    for measure in register.measures:
        assert {*measure.needs, measure.of} - {""} <= had


@pytest.mark.parametrize("register", PERSONS.values(), ids=list(PERSONS))
def test_numbers_of_persons_are_identifiers_and_measurements_are_for_those_who_see_names(register: Register) -> None:
    for field in (FIELDS[key] for key in register.spellings):
        if field.kind in ("nik", "kk", "identifier"):
            assert field.sensitivity == "identifier"
        if field.kind in ("height_status", "risk", "decile"):
            assert field.sensitivity == "personal"
        if field.kind in ("zscore", "haz", "weight", "height"):
            assert field.sensitivity == "health"
        if field.kind == "name":
            assert field.sensitivity == "naming"


def test_there_are_26_categories_of_ppks_and_15_types_of_outreach() -> None:
    assert (len(REGISTERS["ppks"].categories), len(REGISTERS["outreach"].categories)) == (26, 15)
    assert not REGISTERS["outreach"].stock
    assert REGISTERS["ppks"].stock


@pytest.mark.parametrize("key", ["dtks", "krs", "ppks", "outreach", "recipients"])
def test_no_spelling_of_an_answer_means_two_answers(key: str) -> None:
    register = REGISTERS[key]
    assert register.answers
    assert set(register.answers) <= set(register.spellings)
    for answers in register.answers.values():
        written = [{normal(word) for word in (answer, *others)} for answer, others in answers.items()]
        assert sum(map(len, written)) == len(set().union(*written))


# What follows from the values of a row


ENGINE: Final = ibis.duckdb.connect()


def asked(expression: Any) -> Any:
    return ENGINE.execute(expression)


def text(value: str | None) -> Any:
    return ibis.literal(value, type="string")


def score(value: float | None) -> Any:
    return ibis.literal(value, type="float64")


def derived(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    derive = REGISTERS[key].derive
    assert derive is not None
    found = {name: asked(value) for name, value in derive(values).items()}
    return {name: None if value is None or value != value else bool(value) for name, value in found.items()}


@pytest.mark.parametrize(
    ("word", "written", "computed", "stunted", "severely"),
    [
        ("stunted", -1.0, -1.0, True, False),
        ("severely_stunted", None, None, True, True),
        ("normal", -2.6, -2.6, False, False),
        ("tall", None, None, False, False),
        (None, -2.0, -2.6, False, False),
        (None, -2.01, None, True, False),
        (None, -3.01, None, True, True),
        (None, None, -2.004, False, False),
        (None, None, -2.4, True, False),
        (None, None, -25.0, None, None),
        (None, None, None, None, None),
    ],
)
def test_the_word_comes_before_the_score_of_the_file_and_that_before_the_computed_one(
    word: str | None, written: float | None, computed: float | None, stunted: bool | None, severely: bool | None
) -> None:
    row = {"height_for_age": text(word), "height_for_age_z": score(written), "haz_computed": score(computed)}
    assert derived("eppgbm", row) == {"stunted": stunted, "severely_stunted": severely}


def test_a_list_of_children_without_height_for_age_tells_nobody_stunted() -> None:
    assert derived("eppgbm", {"name": text("ANAK")}) == {"stunted": None, "severely_stunted": None}


@pytest.mark.parametrize(
    ("told", "young", "close", "four"),
    [
        (None, None, True, True),
        (None, False, False, False),
        (None, False, None, False),
        (None, None, None, None),
        (False, True, False, False),
        (True, None, None, True),
    ],
)
def test_one_of_the_four_is_enough_where_the_list_does_not_sum_them_up(
    told: bool | None, young: bool | None, close: bool | None, four: bool | None
) -> None:
    names = {"four_too": told, "mother_too_young": young, "births_too_close": close}
    row = {name: ibis.literal(value, type="boolean") for name, value in names.items()}
    assert derived("krs", row) == {"four_too": four}


def wrong(register: str, code: str, *values: Any) -> bool:
    check = next(
        found for found in REGISTERS[register].checks if found.problem.code == code and len(found.fields) == len(values)
    )
    return bool(asked(check.wrong(*values).fill_null(False)))


@pytest.mark.parametrize(
    ("word", "z", "disagrees"),
    [
        ("stunted", -2.31, False),
        ("stunted", -2.0, False),
        ("stunted", -1.9, True),
        ("stunted", -3.2, True),
        ("severely_stunted", -3.0, False),
        ("severely_stunted", -2.4, True),
        ("normal", -2.0, False),
        ("normal", 1.2, False),
        ("normal", -2.5, True),
        ("tall", 2.0, True),
        ("tall", 3.4, False),
        (None, -5.0, False),
        ("stunted", None, False),
    ],
)
def test_a_word_that_its_score_contradicts_is_reported(word: str | None, z: float | None, disagrees: bool) -> None:
    assert wrong("eppgbm", "height_word_disagrees", text(word), score(z)) is disagrees


@pytest.mark.parametrize(("z", "implausible"), [(-6.0, False), (-6.2, True), (6.5, True), (None, False)])
def test_a_score_beyond_six_is_reported(z: float | None, implausible: bool) -> None:
    assert wrong("eppgbm", "zscore_implausible", score(z)) is implausible


@pytest.mark.parametrize(
    ("written", "computed", "differs"), [(-2.0, -2.5, False), (-2.0, -2.6, True), (-1.0, None, False)]
)
def test_a_score_that_the_height_contradicts_is_reported(
    written: float | None, computed: float | None, differs: bool
) -> None:
    assert wrong("eppgbm", "height_score_disagrees", score(written), score(computed)) is differs


def test_a_child_is_not_measured_before_it_is_born() -> None:
    born, day_before = ibis.date(2021, 3, 2), ibis.date(2021, 3, 1)
    assert wrong("eppgbm", "measured_before_birth", born, day_before)
    assert not wrong("eppgbm", "measured_before_birth", born, born)


@pytest.mark.parametrize(("age", "impossible"), [(-1, True), (0, False), (120, False), (121, True), (None, False)])
def test_nobody_is_younger_than_nought_or_older_than_120(age: int | None, impossible: bool) -> None:
    for register in ("dtks", "dtsen", "ppks", "outreach", "recipients"):
        assert wrong(register, "age_impossible", ibis.literal(age, type="int64")) is impossible


@pytest.mark.parametrize("register", ["dtsen", "p3ke"])
def test_a_decile_that_is_not_determined_is_in_none(register: str) -> None:
    rows = ibis.memtable({"decile": [1, 2, 4, 5, 10, None]}, schema={"decile": "int16"})
    counted = {
        measure.key: asked(measure.where(rows).fill_null(False).sum())
        for measure in REGISTERS[register].measures
        if measure.where
    }
    assert counted == {
        "decile_1": 1, "decile_2": 1, "decile_3": 0, "decile_4": 1, "decile_1_4": 3, "decile_unknown": 1,
    }  # fmt: skip
