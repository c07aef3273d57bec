"""DTSEN, the successor of DTKS and P3KE: a table of persons with their decile, and the 52 columns by family of 2026."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample.defects import cases, nik, respelled
from data.sample.sheets import MARKER, NOTICE, Form, Sheet
from data.sample.society import Society, day, words
from data.sample.villages import Array
from data.sample.welfare import listed, members


@dataclass(frozen=True)
class Edition:
    """`families`: the layout by family."""

    place: str
    period: date
    families: bool = False


EDITIONS: Final[Mapping[str, tuple[Edition, ...]]] = {
    "31": (Edition("31.71", date(2025, 10, 31)), Edition("31.01", date(2025, 10, 31))),
    "64.08": (Edition("64.08", date(2026, 3, 31), families=True),),
}
BEYOND: Final = 0.25
"""Persons in deciles above 4, to those in 1 to 4."""

MOVED: Final = 0.2
"""Families that a new ranking puts one decile higher or lower, within 1 to 4."""

NOT_DETERMINED: Final = ((0.30, "6-10"), (0.10, "Belum Ada Desl"), (0.06, ""), (0.04, "-"))
"""Of the families above decile 4, how many have no single decile, and what is written then."""

LEADING_ZERO: Final = 0.01

PERSON_COLUMNS: Final[Mapping[str, str]] = {
    "No.": "no",
    "Desil Nasional": "nullif(decile, '')",
    "Disabilitas": cases("own_a", "'Tidak'", [(0.03, "'Ya'"), (0.02, "'-'")]),
    "Lansia": "if(age >= 60, 'Ya', 'Tidak')",
    "No. KK": nik("home_b", "card", wrong=0, blank=0.004, dash=0.002, float_form=0.002),
    "Hubungan Keluarga": "relation",
    "Alamat": cases("home_c", "address", [(0.01, "'-'")]),
    "Nama": respelled("name", "own_b"),
    "NIK": nik("own_c", wrong=0.015, blank=0.01, dash=0.005),
    "Pekerjaan Utama": "job",
    "Provinsi": "province",
    "Kabupaten / Kota": "kabkota",
    "Kecamatan": "kecamatan",
    "Desa/Kelurahan": cases("home_c", "kelurahan", [(0.004, "replace(kelurahan, ' ', '')"), (0.004, "'KEL. ' || "
                                                    "kelurahan"), (0.001, "NULL")]),
}  # fmt: skip


def _one_of(rank: str, *answers: str) -> str:
    listed = ", ".join(f"'{answer}'" for answer in answers)
    return f"([{listed}])[least({len(answers)}, 1 + floor({rank} * {rank} * {len(answers)} * 1.2)::INT)]"


def _owns(rank: str, share: float, offset: float) -> str:
    return f"if(({rank} + {offset}) % 1 < {share}, 'Ya', 'Tidak')"


def _heads(rank: str, share: float) -> str:
    """Animals kept: none, mostly."""
    return f"if({rank} < {share}, 1 + floor({rank} / {share} * 6)::INT, 0)"


CODE: Final = "replace(code, '.', '')"
FAMILY_COLUMNS: Final[Mapping[str, str]] = {
    "kode_provinsi": f"left({CODE}, 2)",
    "provinsi": "province",
    "kode_kabupaten_kota": f"left({CODE}, 4)",
    "kabupaten_kota": "kabkota",
    "kode_kecamatan": f"left({CODE}, 6)",
    "kecamatan": "kecamatan",
    "kode_kelurahan_desa": cases("home_c", CODE, [(0.004, f"{CODE} || '.0'"), (0.002, "NULL")]),
    "kelurahan_desa": "kelurahan",
    "alamat": PERSON_COLUMNS["Alamat"],
    "nomor_kartu_keluarga_kel": nik("home_b", "card", wrong=0, blank=0.004, dash=0.002, float_form=0.002),
    "jumlah_anggota_keluarga": "size",
    "nama_anggota_keluarga": respelled("name", "own_b"),
    "desil_nasional": PERSON_COLUMNS["Desil Nasional"],
    "pbi_nasional_keluarga": _owns("home_a", 0.62, 0.1),
    "pbi_pemda_keluarga": _owns("home_a", 0.12, 0.5),
    "id_pelanggan_pln": cases("home_d", f"'{MARKER}' || lpad((family_no * 7919 % 1000000000)::VARCHAR, 9, '0')",
                              [(0.12, "'-'")]),
    "status_kepemilikan_rumah": _one_of("home_d", "Milik sendiri", "Bebas sewa", "Kontrak/sewa", "Lainnya"),
    "jenis_lantai_terluas": _one_of("home_a", "Semen/bata merah", "Keramik", "Kayu/papan", "Tanah"),
    "luas_lantai": cases("home_b", "(18 + floor(home_d * 54))::INT::VARCHAR", [(0.01, "'1.234,5'"), (0.01, "'-'")]),
    "jenis_dinding_terluas": _one_of("home_d", "Tembok", "Kayu/papan", "Anyaman bambu", "Lainnya"),
    "jenis_atap_terluas": _one_of("home_b", "Seng", "Genteng", "Asbes", "Jerami/ijuk/daun"),
    "sumber_air_minum_utama": _one_of("home_c", "Sumur terlindung", "Air isi ulang", "Leding", "Air hujan",
                                      "Sungai/danau"),
    "sumber_penerangan_utama": _one_of("home_a", "Listrik PLN dengan meteran", "Listrik PLN tanpa meteran",
                                       "Listrik non-PLN", "Bukan listrik"),
    "daya_terpasang": _one_of("home_d", "450 watt", "900 watt", "1.300 watt", "-"),
    "bahan_bakar_utama_memasak": _one_of("home_b", "Gas elpiji 3 kg", "Kayu bakar", "Minyak tanah", "Listrik"),
    "fasilitas_bab": _one_of("home_c", "Ada, digunakan hanya anggota keluarga sendiri", "Ada, digunakan bersama",
                             "Ada, MCK umum", "Tidak ada fasilitas"),
    "jenis_kloset": _one_of("home_a", "Leher angsa", "Plengsengan", "Cemplung/cubluk"),
    "pembuangan_akhir_tinja": _one_of("home_d", "Tangki septik", "IPAL", "Kolam/sungai", "Lubang tanah"),
    "kepemilikan_aset": cases("home_b", "'Ada'", [(0.1, "'Tidak'")]),
    **{
        f"aset_bergerak_{what}": _owns("home_c", share, offset / 17)
        for offset, (what, share) in enumerate((
            ("tabung_gas", 0.2), ("lemari_es", 0.6), ("ac", 0.04), ("pemanas_air", 0.01), ("telepon_rumah", 0.01),
            ("tv_datar", 0.3), ("emas_perhiasan", 0.1), ("komputer_laptop_tablet", 0.08), ("sepeda_motor", 0.75),
            ("sepeda", 0.2), ("mobil", 0.05), ("perahu", 0.04), ("kapal_perahu_motor", 0.02), ("smartphone", 0.8),
        ))
    },
    "aset_tidak_bergerak_lahan_lainnya": _owns("home_d", 0.3, 0.2),
    "aset_tidak_bergerak_rumah_lainnya": _owns("home_d", 0.03, 0.7),
    **{
        f"jumlah_ternak_{animal}": _heads(rank, share)
        for animal, rank, share in (("sapi", "home_a", 0.06), ("kerbau", "home_b", 0.01), ("kuda", "home_c", 0.003),
                                    ("babi", "home_d", 0.02), ("kambing_domba", "home_c", 0.05))
    },
    "desil_provinsi": "nullif(decile, '')",
    "desil_kabupaten_kota": cases("home_a", "nullif(decile, '')", [(0.1, "NULL")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    return [
        Sheet(
            register="dtsen",
            place=edition.place,
            period=edition.period,
            form=Form(delimiter="|")
            if edition.families
            else Form(delimiter=";", titles=(NOTICE, f"DTSEN per {edition.period:%d/%m/%Y}")),
            columns=FAMILY_COLUMNS if edition.families else PERSON_COLUMNS,
            rows=partial(_rows, society, edition),
        )
        for edition in EDITIONS.get(society.place, ())
    ]


def _rows(society: Society, edition: Edition) -> pa.Table:
    found = listed(society, edition.place, edition.period, BEYOND)
    people, homes = society.people, society.households
    ranks = society.random("dtsen")
    every_home = ranks.random((5, len(homes.card)), dtype=np.float32)
    every_own = ranks.random((3, len(people.born)), dtype=np.float32)
    if edition.families:
        persons, at = homes.head[found.family], np.arange(len(found.family))
    else:
        persons, at = members(society, found.family, edition.period)
    size = np.bincount(people.family[people.born <= day(edition.period)], minlength=len(homes.card))
    home, own = every_home[:, found.family[at]], every_own[:, persons]
    return pa.table(
        {
            **society.columns(persons),
            **{f"home_{letter}": home[place] for place, letter in enumerate("abcd")},
            **{f"own_{letter}": own[place] for place, letter in enumerate("abc")},
            "decile": _decile(found.decile[at], home[4]),
            "size": size[found.family[at]],
            "age": society.ages(edition.period)[persons].astype(np.int16),
            "job": society.jobs(persons, edition.period),
        }
    )


def _decile(decile: Array, rank: Array) -> pa.DictionaryArray:
    """The decile as it is written, by the family's rank (0…1)."""
    texts = [*(str(number) for number in range(11)), *(f"0{number}" for number in range(1, 5)),
             *(text for _, text in NOT_DETERMINED)]  # fmt: skip
    low = decile <= 4
    moved = np.where(low & (rank < MOVED), decile + np.where(rank < MOVED / 2, 1, -1), decile)
    index = np.where(low, moved.clip(1, 4), decile)
    index = np.where(low & (rank > 1 - LEADING_ZERO), index + 10, index)
    kind = np.searchsorted(np.cumsum([share for share, _ in NOT_DETERMINED]), rank, side="right")
    return words(np.where(~low & (kind < len(NOT_DETERMINED)), 15 + kind, index), texts)
