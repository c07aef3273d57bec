"""PPKS, persons in need of social welfare by name: 26 categories, a few persons in two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample.defects import born, cases, nik, respelled
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society, words
from data.sample.villages import Array


@dataclass(frozen=True)
class Edition:
    period: date
    persons: int
    form: Form


EDITIONS: Final[Mapping[str, tuple[Edition, ...]]] = {
    "74.71": (Edition(date(2020, 12, 31), 2_450, Form(kind="xlsx", tab="PPKS")),),
    "31": (Edition(date(2022, 2, 28), 12_400, Form(delimiter=";", newline="\r\n")),),
    "64.08": (Edition(date(2023, 12, 31), 1_930, Form(delimiter=",", encoding="cp1252", newline="\r\n")),),
}
CHILDREN: Final = {
    "Anak Balita Terlantar": 10, "Anak Terlantar": 30, "Anak Berhadapan dengan Hukum": 6, "Anak Jalanan": 10,
    "Anak dengan Kedisabilitasan": 26, "Anak Korban Tindak Kekerasan": 6, "Anak Memerlukan Perlindungan Khusus": 8,
}  # fmt: skip
ADULTS: Final = {
    "Penyandang Disabilitas": 40, "Tuna Susila": 2, "Gelandangan": 4, "Pengemis": 5, "Pemulung": 9,
    "Kelompok Minoritas": 1, "Bekas Warga Binaan Lembaga Pemasyarakatan": 5, "Orang dengan HIV/AIDS": 3,
    "Korban Penyalahgunaan NAPZA": 4, "Korban Trafficking": 1, "Korban Tindak Kekerasan": 3,
    "Pekerja Migran Bermasalah Sosial": 2, "Korban Bencana Alam": 8, "Korban Bencana Sosial": 2,
    "Perempuan Rawan Sosial Ekonomi": 26, "Fakir Miskin": 40, "Keluarga Bermasalah Sosial Psikologis": 3,
    "Komunitas Adat Terpencil": 2,
}  # fmt: skip
ELDERS: Final = {"Lanjut Usia Terlantar": 90, "Penyandang Disabilitas": 8, "Fakir Miskin": 10}
CATEGORIES: Final = tuple(dict.fromkeys((*CHILDREN, *ELDERS, *ADULTS)))
WOMEN_ONLY: Final = "Perempuan Rawan Sosial Ekonomi"
TODDLERS_ONLY: Final = "Anak Balita Terlantar"

AGE_SHARES: Final = (0.2, 0.45, 0.35)
"""Children, adults and people of 60 and more among the persons."""

IN_TWO: Final = 0.025
REPEATED: Final = 0.001

COLUMNS: Final[Mapping[str, str]] = {
    "No": "no",
    "NIK": nik("own_a", wrong=0.02, blank=0.1, dash=0.04, float_form=0.004, apostrophe=0.02),
    "No KK": nik("own_b", "card", wrong=0, blank=0.12, dash=0.03, float_form=0.003),
    "Nama": respelled("name", "own_c"),
    "Jenis Kelamin": cases("own_b", "if(male, 'L', 'P')", [(0.02, "if(male, 'Laki-laki', 'Perempuan')"),
                                                          (0.004, "NULL")]),
    "Tanggal Lahir": cases("own_e", f"strftime({born('own_d')}, '%d/%m/%Y')", [(0.05, "NULL"), (0.01, "'-'"),
                                                                              (0.02, "strftime(born, '%d-%m-%y')")]),
    "Umur": cases("own_d", "age::VARCHAR", [(0.02, "age || ' tahun'"), (0.001, "'-3'"), (0.001, "'3187160574'"),
                                            (0.03, "NULL")]),
    "Alamat": cases("own_e", "address", [(0.03, "'-'"), (0.01, "'TIDAK TETAP'")]),
    "Kabupaten/Kota": "kabkota",
    "Kecamatan": "kecamatan",
    "Kelurahan": cases("own_e", "kelurahan", [(0.006, "replace(kelurahan, ' ', '')"), (0.004, "kelurahan || '.'"),
                                              (0.003, "'-'")]),
    "Jenis PPKS": cases("own_f", "category", [(0.1, "upper(category)"), (0.01, "replace(category, ' ', '  ')")]),
    "Keterangan": cases("own_f", "NULL::VARCHAR", [(0.15, "'Sudah dijangkau'"), (0.05, "'Belum dijangkau'"),
                                                   (0.04, "'Dirujuk ke panti'")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    return [
        Sheet(
            register="ppks",
            place=society.place,
            period=edition.period,
            form=Form(
                edition.form.kind,
                edition.form.delimiter,
                edition.form.encoding,
                edition.form.newline,
                titles=(NOTICE, f"DATA PPKS BY NAME BY ADDRESS PER {edition.period:%d/%m/%Y}"),
                total={"No": "NULL", "Nama": "'Grand Total'"} if edition.form.kind == "xlsx" else {},
                tab=edition.form.tab,
            ),
            columns=COLUMNS,
            rows=partial(_rows, society, edition),
        )
        for edition in EDITIONS.get(society.place, ())
    ]


def _rows(society: Society, edition: Edition) -> pa.Table:
    people, homes = society.people, society.households
    rng = society.random("ppks", edition.period.isoformat())
    age = society.ages(edition.period)
    # Most are poor, so that most, but not all, stand in DTKS as well.
    rank = rng.random(len(age)) * (0.3 + homes.means[people.family])
    chosen = []
    for share, least, most in zip(AGE_SHARES, (0.5, 18, 60), (18, 60, 99), strict=True):
        there = np.flatnonzero((age >= least) & (age < most))
        wanted = max(1, round(edition.persons * share * society.scale))
        chosen.append(there[np.argsort(rank[there], kind="stable")[:wanted]])
    person = np.concatenate(chosen)
    category = _category(age[person], people.male[person], rng)
    two = np.flatnonzero(rng.random(len(person)) < IN_TWO)
    other = _category(age[person[two]], people.male[person[two]], rng)
    differs = other != category[two]
    person, category = np.r_[person, person[two][differs]], np.r_[category, other[differs]]
    order = np.lexsort((people.nik[person], homes.village[people.family[person]]))
    person, category = person[order], category[order]
    # A person's papers are the same in both rows.
    own = rng.random((5, len(age)), dtype=np.float32)[:, person]
    table = pa.table(
        {
            **society.columns(person),
            **{f"own_{letter}": own[at] for at, letter in enumerate("abcde")},
            "own_f": rng.random(len(person), dtype=np.float32),
            "age": age[person].astype(np.int16),
            "category": words(category, CATEGORIES),
        }
    )
    return table.take(np.r_[np.arange(len(table)), np.flatnonzero(rng.random(len(table)) < REPEATED)])


def _category(age: Array, male: Array, rng: np.random.Generator) -> Array:
    """Positions in `CATEGORIES` that fit age and sex."""
    found = np.zeros(len(age), dtype=np.int64)
    for mask, wanted in ((age < 18, CHILDREN), ((age >= 18) & (age < 60), ADULTS), (age >= 60, ELDERS)):
        bounds = np.cumsum(list(wanted.values()))
        drawn = np.searchsorted(bounds, rng.random(int(mask.sum())) * bounds[-1], side="right")
        found[mask] = np.array([CATEGORIES.index(name) for name in wanted])[drawn]
    found = np.where((found == CATEGORIES.index(WOMEN_ONLY)) & male, CATEGORIES.index("Fakir Miskin"), found)
    older = (found == CATEGORIES.index(TODDLERS_ONLY)) & (age >= 5)
    found = np.where(older, CATEGORIES.index("Anak Terlantar"), found)
    return found
