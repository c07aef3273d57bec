"""Who receives what: a person and a programme in a row, most of them persons of DTKS."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample.defects import born, cases, nik, respelled, rupiah
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society, words


@dataclass(frozen=True)
class Programme:
    """`persons` at scale 1, of an age (whole years, both included). `amount`: rupiah a payment, by age: from which
    age how much.
    """

    name: str
    persons: int
    ages: tuple[int, int]
    amount: tuple[tuple[int, int], ...]
    women: bool = False


@dataclass(frozen=True)
class Edition:
    period: date
    form: Form
    programmes: tuple[Programme, ...]


EDITIONS: Final[Mapping[str, Edition]] = {
    "74.71": Edition(date(2020, 12, 31), Form(), (
        Programme("PKH", 4_200, (19, 80), ((0, 750_000),), women=True),
        Programme("BPNT/Sembako", 6_400, (19, 85), ((0, 200_000),)),
        Programme("PBI-JK", 8_000, (0, 95), ((0, 42_000),)),
    )),
    "31": Edition(date(2022, 6, 30), Form(delimiter=";", newline="\r\n"), (
        Programme("KAJ", 4_000, (0, 6), ((0, 300_000),)),
        Programme("KLJ", 8_000, (60, 98), ((0, 600_000),)),
        Programme("KPDJ", 2_200, (3, 59), ((0, 300_000),)),
        Programme("KPARJ", 700, (0, 22), ((0, 300_000),)),
        Programme("KJP Plus", 12_000, (6, 21), ((6, 250_000), (13, 300_000), (16, 420_000), (18, 450_000))),
        Programme("KJMU", 1_300, (18, 24), ((0, 9_000_000),)),
    )),
    "64.08": Edition(date(2023, 12, 31), Form(), (
        Programme("PKH", 2_600, (19, 80), ((0, 750_000),), women=True),
        Programme("BPNT/Sembako", 3_800, (19, 85), ((0, 200_000),)),
        Programme("PBI-JK", 5_200, (0, 95), ((0, 42_000),)),
    )),
}  # fmt: skip
FROM_DTKS: Final = 0.88
REPEATED: Final = 0.001

COLUMNS: Final[Mapping[str, str]] = {
    "No": "no",
    "Nama Program": cases("own_b", "programme", [(0.02, "lower(programme)"), (0.01, "programme || ' '")]),
    "NIK": nik("own_a", wrong=0.01, blank=0.008, dash=0.004, float_form=0.004, apostrophe=0.03),
    "No KK": nik("own_b", "card", wrong=0, blank=0.02, dash=0.01, float_form=0.003),
    "Nama": respelled("name", "own_c"),
    "Jenis Kelamin": "if(male, 'LAKI-LAKI', 'PEREMPUAN')",
    "Tanggal Lahir": f"strftime({born('own_d')}, '%d-%m-%Y')",
    "Alamat": "address",
    "Kabupaten/Kota": "kabkota",
    "Kecamatan": "kecamatan",
    "Kelurahan": cases("own_d", "kelurahan", [(0.004, "replace(kelurahan, ' ', '')"), (0.004, "kelurahan || '.'")]),
    "Tahun": "year",
    "Nominal": cases("own_a", rupiah("amount", "own_e"), [(0.002, "'-'"), (0.0005, "'-' || amount")]),
    "Keterangan": cases("own_e", "'Aktif'", [(0.04, "'Gagal salur'"), (0.03, "'Rekening belum aktif'")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    edition = EDITIONS.get(society.place)
    if edition is None:
        return []
    form = Form(
        delimiter=edition.form.delimiter,
        newline=edition.form.newline,
        titles=(NOTICE, f"PENERIMA BANTUAN SOSIAL TAHUN {edition.period.year}"),
    )
    return [Sheet("recipients", society.place, edition.period, form, COLUMNS, lambda: _rows(society, edition))]


def _rows(society: Society, edition: Edition) -> pa.Table:
    people, homes = society.people, society.households
    rng = society.random("recipients")
    exact = society.ages(edition.period)
    alive, age = exact >= 0, exact.astype(np.int16)
    rank = rng.random(len(age)) * (0.5 + homes.means[people.family])
    persons, programme, amount = [], [], []
    for number, wanted in enumerate(edition.programmes):
        fits = alive & (age >= wanted.ages[0]) & (age <= wanted.ages[1])
        if wanted.women:
            fits &= ~people.male
        own = (rank * (1 + 0.37 * number)) % 1
        for inside, share in ((people.registered, FROM_DTKS), (~people.registered, 1 - FROM_DTKS)):
            there = np.flatnonzero(fits & inside)
            chosen = there[np.argsort(own[there], kind="stable")[: round(wanted.persons * share * society.scale)]]
            persons.append(chosen)
            programme.append(np.full(len(chosen), number))
            since, rupiah_each = np.array(wanted.amount).T
            amount.append(rupiah_each[(np.searchsorted(since, age[chosen], side="right") - 1).clip(0)])
    person, which, paid = (np.concatenate(parts) for parts in (persons, programme, amount))
    order = np.lexsort((people.nik[person], homes.village[people.family[person]], which))
    person, which, paid = person[order], which[order], paid[order]
    own_ranks = rng.random((5, len(person)), dtype=np.float32)
    table = pa.table(
        {
            **society.columns(person),
            **{f"own_{letter}": own_ranks[at] for at, letter in enumerate("abcde")},
            "programme": words(which, [each.name for each in edition.programmes]),
            "year": np.full(len(person), edition.period.year, dtype=np.int16),
            "amount": paid,
        }
    )
    return table.take(np.r_[np.arange(len(table)), np.flatnonzero(rng.random(len(table)) < REPEATED)])
