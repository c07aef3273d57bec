"""P3KE: families and persons in deciles 1 to 4, mostly of DTKS; by person under title rows, by family from column B."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from data.places import reference
from data.sample.defects import born, cases, nik, respelled
from data.sample.sheets import MARKER, NOTICE, Form, Sheet
from data.sample.society import Society
from data.sample.welfare import listed, members


@dataclass(frozen=True)
class Edition:
    """`deciles`: up to which decile. `families`: the layout by family. `renamed`: headings spelled otherwise.
    `visited`: with a column of what a team found at the door, as Jakarta validated its poorest by name and address.
    """

    place: str
    period: date
    form: Form
    deciles: int = 4
    families: bool = False
    dotted: bool = False
    renamed: Mapping[str, str] | None = None
    visited: bool = False


SEMICOLON: Final = Form(delimiter=";", newline="\r\n")
WORKBOOK: Final = Form(kind="xlsx", tab="P3KE")
VARIANTS: Final[Mapping[str, str]] = {
    "ID Keluarga P3KE": "ID Keluarga",
    "Kabupaten/Kota": "Kabupaten",
    "Desa/Kelurahan": "Desa",
    "Kode Kemdagri": "Kode Kemendagri",
    "Hubungan dengan Kepala Keluarga": "Hubungan Dengan Kpl. Keluarga",
    "Usia < 7 Tahun": "Usia dibawah 7 tahun",
    "Usia 7-12 Tahun": "Usia 7-12",
    "Usia 60+ Tahun": "Usia 60 tahun keatas",
    "Penerima BPNT": "Penerima BNBT",
}
EDITIONS: Final[Mapping[str, tuple[Edition, ...]]] = {
    "74.71": (Edition("74.71", date(2022, 12, 31), Form()),),
    "31": (
        Edition("31.71", date(2022, 12, 31), SEMICOLON, dotted=True, visited=True),
        Edition("31.01", date(2022, 12, 31), WORKBOOK),
    ),
    "64.08": (
        Edition("64.08", date(2022, 12, 31), WORKBOOK, deciles=2, families=True),
        Edition("64.08", date(2023, 12, 31), Form(), renamed=VARIANTS),
    ),
}
REPEATED: Final = 0.0005
NO_HEAD: Final = "Tidak ada nama Kepala Keluarga"


def _yes(condition: str) -> str:
    return f"if({condition}, 'Ya', 'Tidak')"


def _aid(name: str, share: float, offset: float) -> str:
    """A programme that poorer families have more often; a dash where nothing is known."""
    return cases("own_d", _yes(f"(home_a + {offset}) % 1 < {share} * (1.4 - decile * 0.15)"), [(0.006, "'-'")])


DECILE: Final = cases("home_b", "decile::VARCHAR", [(0.01, "'0' || decile"), (0.003, "NULL"), (0.002, "'-'"),
                                                    (0.004, "'Desil ' || decile")])  # fmt: skip
CODE: Final = cases("own_d", "replace(code, '.', '')", [(0.003, "replace(code, '.', '') || '.0'"),
                                                        (0.002, "NULL")])  # fmt: skip
HEAD_COLUMNS: Final[Mapping[str, str]] = {
    "NIK": nik("own_a", wrong=0.03, blank=0.035, dash=0.015, float_form=0.003, apostrophe=0.008),
    "Padan Dukcapil": cases("own_a", "'Ya'", [(0.03, "'Tidak'"), (0.05, "'-'"), (0.05, "'Tidak'")]),
    "Jenis Kelamin": cases("own_e", "if(male, 'Laki-laki', 'Perempuan')", [(0.01, "if(male, '1', '2')"),
                                                                          (0.002, "NULL")]),
}  # fmt: skip
COLUMNS: Final[Mapping[str, str]] = {
    "No": "no",
    "ID Keluarga P3KE": f"'{MARKER}K' || lpad(family_no::VARCHAR, 9, '0')",
    "Provinsi": "province",
    "Kabupaten/Kota": "kabkota",
    "Kecamatan": "kecamatan",
    "Desa/Kelurahan": "kelurahan",
    "Kode Kemdagri": CODE,
    "Desil Kesejahteraan": DECILE,
    "Alamat": cases("home_c", "address", [(0.02, "'-'")]),
    "ID Individu": f"'{MARKER}I' || lpad(person_no::VARCHAR, 10, '0')",
    "Nama": respelled("name", "own_b"),
    **HEAD_COLUMNS,
    "Hubungan dengan Kepala Keluarga": "relation",
    "Tanggal Lahir": f"strftime({born('own_c')}, '%d/%m/%Y')",
    "Status Kawin": "if(age < 17 OR relation = 'ANAK', 'Belum Kawin', 'Kawin')",
    "Pekerjaan": "job",
    "Pendidikan": "(['Tidak/belum sekolah', 'SD/sederajat', 'SMP/sederajat', 'SMA/sederajat', 'Perguruan tinggi'])"
                  "[CASE WHEN age < 7 THEN 1 ELSE 1 + floor(least(own_e * 5, (age - 4) / 4))::INT END]",
    "Usia < 7 Tahun": _yes("age < 7"),
    "Usia 7-12 Tahun": _yes("age BETWEEN 7 AND 12"),
    "Usia 13-15 Tahun": _yes("age BETWEEN 13 AND 15"),
    "Usia 16-18 Tahun": _yes("age BETWEEN 16 AND 18"),
    "Usia 19-21 Tahun": _yes("age BETWEEN 19 AND 21"),
    "Usia 22-59 Tahun": _yes("age BETWEEN 22 AND 59"),
    "Usia 60+ Tahun": _yes("age >= 60"),
    "Penerima BPNT": _aid("BPNT", 0.45, 0),
    "Penerima BPUM": _aid("BPUM", 0.08, 0.3),
    "Penerima BST": _aid("BST", 0.2, 0.6),
    "Penerima PKH": _aid("PKH", 0.3, 0.1),
    "Penerima SEMBAKO": _aid("SEMBAKO", 0.45, 0.05),
    "Resiko Stunting": cases("home_c", _yes("home_c < 0.21"), [(0.006, f"'{NO_HEAD}'")]),
}  # fmt: skip
VISITED: Final = {
    "Hasil Verval": cases("home_d", "'Valid'", [(0.09, "'Tidak Valid'"), (0.19, "'Belum Dikunjungi'"), (0.04, "NULL")])
}
"""What the team found: a column that an office adds at the end."""


def _answer(rank: str, *answers: str) -> str:
    """One of the answers, the better ones (first) more often for families that are better off."""
    listed = ", ".join(f"'{answer}'" for answer in answers)
    return f"([{listed}])[least({len(answers)}, 1 + floor({rank} * {rank} * {len(answers)} * 1.3)::INT)]"


FAMILY_COLUMNS: Final[Mapping[str, str]] = {
    "ID Keluarga": COLUMNS["ID Keluarga P3KE"],
    "Kecamatan": "kecamatan",
    "Desa": "kelurahan",
    "Kode Kemdagri": CODE,
    "Desil Kesejahteraan": DECILE,
    "Alamat": COLUMNS["Alamat"],
    "Kepala Keluarga": COLUMNS["Nama"],
    "NIK": HEAD_COLUMNS["NIK"],
    "Padan DUKCAPIL": HEAD_COLUMNS["Padan Dukcapil"],
    "Jenis Kelamin": HEAD_COLUMNS["Jenis Kelamin"],
    "Tanggal Lahir": COLUMNS["Tanggal Lahir"],
    "Pekerjaan": "job",
    "Pendidikan": COLUMNS["Pendidikan"],
    "Kepemilikan Rumah": _answer("home_d", "Milik Sendiri", "Bebas Sewa", "Kontrak/Sewa", "Menumpang"),
    "Memiliki Simpanan": cases("home_c", _yes("home_d < 0.1"), [(0.006, f"'{NO_HEAD}'")]),
    "Jenis Atap": _answer("home_b", "Seng", "Genteng", "Asbes", "Jerami/Ijuk/Rumbia"),
    "Jenis Dinding": _answer("home_d", "Tembok", "Kayu/Papan", "Bambu", "Lainnya"),
    "Jenis Lantai": _answer("home_a", "Semen", "Keramik/Granit/Marmer", "Kayu/Papan", "Tanah"),
    "Sumber Penerangan": _answer("home_b", "Listrik Pribadi s/d 900 Watt", "Listrik Bersama", "Non-Listrik"),
    "Bahan Bakar Memasak": _answer("home_a", "Gas", "Kayu/Arang", "Minyak Tanah", "Listrik/Biogas"),
    "Sumber Air Minum": _answer("home_d", "Sumur Terlindung", "Air Kemasan/Isi Ulang", "Ledeng/PAM",
                                "Sumur Tidak Terlindung", "Air Permukaan (Sungai, Danau)"),
    "Fasilitas BAB": _answer("home_c", "Ya, dengan Septic Tank", "Ya, tanpa Septic Tank", "Jamban Umum/Bersama",
                             "Tidak"),
    "Penerima BNBT": COLUMNS["Penerima BPNT"],
    **{name: COLUMNS[name] for name in ("Penerima BPUM", "Penerima BST", "Penerima PKH", "Penerima SEMBAKO",
                                        "Resiko Stunting")},
    "Pensasaran": cases("home_a", "'Ya'", [(0.1, "'Tidak'")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    return [_sheet(society, edition) for edition in EDITIONS.get(society.place, ())]


def _sheet(society: Society, edition: Edition) -> Sheet:
    name = reference.place(edition.place).name
    form = edition.form
    person_titles = ("Data P3KE Individu", f"Tahun: {edition.period.year}", NOTICE)
    # The headings of the layout by family stand on row 12, and its data in column B.
    family_titles = ("", "DATA KELUARGA P3KE", name.upper(), f"TAHUN {edition.period.year}", "", NOTICE, *("",) * 5)
    columns = FAMILY_COLUMNS if edition.families else COLUMNS
    if edition.dotted:
        columns = {**columns, "Kode Kemdagri": "code"}
    if edition.visited:
        columns = {**columns, **VISITED}
    renamed = edition.renamed or {}
    return Sheet(
        register="p3ke",
        place=edition.place,
        period=edition.period,
        form=Form(
            form.kind,
            form.delimiter,
            newline=form.newline,
            titles=family_titles if edition.families else person_titles,
            indent=int(edition.families),
            tab=form.tab,
        ),
        columns={renamed.get(heading, heading): shown for heading, shown in columns.items()},
        rows=lambda: _rows(society, edition),
    )


def _rows(society: Society, edition: Edition) -> pa.Table:
    found = listed(society, edition.place, edition.period)
    poorest = found.decile <= edition.deciles
    family, decile = found.family[poorest], found.decile[poorest]
    if edition.families:
        persons, at = society.households.head[family], np.arange(len(family))
    else:
        persons, at = members(society, family, edition.period)
    # Slips stay with persons and families, whatever edition they stand in.
    ranks = society.random("p3ke")
    own = ranks.random((5, len(society.people.born)), dtype=np.float32)[:, persons]
    home = ranks.random((4, len(society.households.card)), dtype=np.float32)[:, family[at]]
    table = pa.table(
        {
            **society.columns(persons),
            **{f"own_{letter}": own[place] for place, letter in enumerate("abcde")},
            **{f"home_{letter}": home[place] for place, letter in enumerate("abcd")},
            "decile": decile[at],
            "age": society.ages(edition.period)[persons].astype(np.int16),
            "job": society.jobs(persons, edition.period),
        }
    )
    rng = society.random("p3ke", edition.place, edition.period.isoformat())
    return table.take(np.r_[np.arange(len(table)), np.flatnonzero(rng.random(len(table)) < REPEATED)])
