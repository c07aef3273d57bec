"""e-PPGBM: what the posyandu weigh and measure, several measurements a child, with stunted children among them.

Prevalence among the measured is of the order that surveys found in these places, and is not meant to be theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data.definitions.growth import FIRST_STANDING_DAY, LYING_IS_LONGER_CM, STANDARD, STANDING_FROM_DAY
from data.sample.defects import born, cases, masked, nik, respelled
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society, dates, day, words
from data.sample.villages import Array


@dataclass(frozen=True)
class Edition:
    """`children`: how many are measured (scale 1); `stunted`: the share of them aimed at. `newer`: the export of 2025,
    with masked NIK and two columns more.
    """

    period: date
    children: int
    stunted: float
    form: Form
    newer: bool = False


SEMICOLON: Final = Form(delimiter=";", newline="\r\n")
WORKBOOK: Final = Form(kind="xlsx", tab="Balita")
EDITIONS: Final[Mapping[str, tuple[Edition, ...]]] = {
    "74.71": (
        Edition(date(2020, 8, 31), 2_600, 0.215, WORKBOOK),
        Edition(date(2021, 2, 28), 2_700, 0.2, Form()),
    ),
    "31": (
        Edition(date(2021, 8, 31), 15_000, 0.168, SEMICOLON),
        Edition(date(2022, 2, 28), 15_500, 0.155, SEMICOLON),
    ),
    "64.08": (
        Edition(date(2023, 8, 31), 2_300, 0.235, Form()),
        Edition(date(2024, 2, 29), 2_400, 0.222, WORKBOOK),
        Edition(date(2025, 8, 31), 2_400, 0.214, SEMICOLON, newer=True),
    ),
}
SHARES: Final = {"registered": 0.4, "sibling": 0.15, "outside": 0.45}
"""Of the measured: children of DTKS, children of families of DTKS that it does not have, others."""

MEASUREMENTS: Final = (0.18, 0.62)
"""Share of children with one measurement, with one or two; the others have three."""

SPREAD: Final = 1.15
WAVERING: Final = 0.15
POORER: Final = 0.2
ELSEWHERE: Final = 0.02
SAME_DAY: Final = 0.004
OTHER_WAY: Final = 0.02
"""Measured lying though old enough to stand, or the other way round."""

REPEATED: Final = 0.002
OLDEST_MONTHS: Final = 59.5
MONTH: Final = 30.4375
POSYANDU: Final = ("MAWAR", "MELATI", "ANGGREK", "KENANGA", "DAHLIA", "TERATAI", "BOUGENVILLE", "CEMPAKA", "FLAMBOYAN")

MONTHS: Final = (0, 1, 2, 3, 4, 6, 9, 12, 15, 18, 21, 24, 30, 36, 42, 48, 54, 60)
WEIGHT: Final = (
    (3.3, 4.5, 5.6, 6.4, 7.0, 7.9, 8.9, 9.6, 10.3, 10.9, 11.5, 12.2, 13.3, 14.3, 15.3, 16.3, 17.3, 18.3),
    (3.2, 4.2, 5.1, 5.8, 6.4, 7.3, 8.2, 8.9, 9.6, 10.2, 10.9, 11.5, 12.7, 13.9, 15.0, 16.1, 17.2, 18.2),
)
"""Median kilograms of boys and girls at these months (WHO 2006)."""

BY_AGE: Final = ((-3, -2, 3), ("Sangat Pendek", "Pendek", "Normal", "Tinggi"))
WEIGHT_BY_AGE: Final = ((-3, -2, 1), ("Sangat Kurang", "Kurang", "Berat Badan Normal", "Risiko Lebih"))
WEIGHT_BY_HEIGHT: Final = (
    (-3, -2, 1, 2, 3),
    ("Gizi Buruk", "Gizi Kurang", "Gizi Baik", "Risiko Gizi Lebih", "Gizi Lebih", "Obesitas"),
)
"""Below which z-scores (SD) which word is given; exactly at the bound, the next one."""


def _z(name: str) -> str:
    """A z-score with the decimal signs found in exports: a comma, a point, now and then a colon."""
    written = f"format('{{:.2f}}', {name})"
    return cases("row_b", f"replace({written}, '.', ',')", [(0.006, f"replace({written}, '.', ':')"), (0.2, written)])


NOT_READ: Final = ((0.012, True, True, False), (0.006, True, False, False), (0.002, False, False, False))
"""Rows without the word for the height, with less and less to tell it by: share, height, z-score and word there."""


def _where_read(written: str, which: int) -> str:
    return cases("row_a", written, [(row[0], written if row[which] else "'-'") for row in NOT_READ])


FATHER, MOTHER = respelled("father", "child_f"), respelled("mother", "child_f")
COLUMNS: Final[Mapping[str, str]] = {
    "No": "no",
    "NIK": nik("child_a", wrong=0.025, blank=0.05, dash=0.01, float_form=0.005, apostrophe=0.01),
    "Nama": respelled("name", "child_b"),
    "JK": cases("child_d", "if(male, 'L', 'P')", [(0.004, "if(male, 'P', 'L')"), (0.004, "NULL")]),
    "Tgl Lahir": f"strftime({born('child_c')}, '%Y-%m-%d')",
    "BB Lahir": cases("child_d", "birth_weight", [(0.05, "birth_weight * 1000"), (0.06, "0")]),
    "TB Lahir": cases("child_d", "birth_length", [(0.08, "0")]),
    "Nama Ortu": cases("child_e", f"coalesce({FATHER}, {MOTHER})",
                       [(0.38, MOTHER), (0.15, "mother || ' / ' || coalesce(father, '-')"), (0.015, "'-'")]),
    "Prov": "province",
    "Kab/Kota": "kabkota",
    "Kec": "kecamatan",
    "Pukesmas": "kecamatan",
    "Desa/Kel": cases("row_c", "kelurahan", [(0.004, "replace(kelurahan, ' ', '')"), (0.004, "kelurahan || '.'"),
                                             (0.001, "NULL")]),
    "Posyandu": "posyandu",
    "RT": "rt",
    "RW": "rw",
    "Alamat": cases("child_f", "address", [(0.1, "'-'")]),
    "Usia Saat Ukur": cases("row_c", "age_text", [(0.0006, "'3187160574'"), (0.0006, "'-' || age_text")]),
    "Tanggal Pengukuran": "strftime(measured, '%Y-%m-%d')",
    "Berat": cases("row_d", "weight", [(0.004, "round(weight * 1000)"), (0.001, "0")]),
    "Tinggi": _where_read("height::VARCHAR", 1),
    "Cara Ukur": cases("row_e", "if(lying, 'Telentang', 'Berdiri')", [(0.01, "'-'"), (0.02, "if(lying, 'Terlentang', "
                                                                                        "'Berdiri')")]),
    "LiLA": cases("row_e", "round(12 + z / 2, 1)::VARCHAR", [(0.5, "'-'")]),
    "BB/U": "weight_word",
    "ZS BB/U": _z("weight_z"),
    "TB/U": _where_read("word", 3),
    "ZS TB/U": _where_read(_z(cases("row_d", "z", [(0.003, "z + 1.2")])), 2),
    "BB/TB": "thin_word",
    "ZS BB/TB": _z("thin_z"),
    "Naik Berat Badan": "(['N', 'T', 'O', '-', 'N'])[1 + floor(row_e * 4.99)::INT]",
    "PMT Diterima (kg)": cases("row_e", "'-'", [(0.08, "'0,5'"), (0.02, "'1'")]),
    "Jml Vit A": "(['0', '1', '2', '-'])[1 + floor(row_d * 3.99)::INT]",
    "KPSP": cases("row_b", "'-'", [(0.2, "'Sesuai'"), (0.02, "'Meragukan'")]),
    "KIA": cases("child_e", "'Ya'", [(0.1, "'Tidak'")]),
    "Detail": "NULL::VARCHAR",
}  # fmt: skip
"""The classic 35 columns."""

NEWER: Final[Mapping[str, str]] = {
    **COLUMNS,
    "NIK": cases("child_a", masked(), [(0.06, "NULL"), (0.01, "'-'")]),
    "Kelas Ibu Balita": cases("child_e", "'Tidak'", [(0.2, "'Ya'")]),
    "MBG": cases("child_f", "'Tidak'", [(0.25, "'Ya'")]),
}


def sheets(society: Society) -> list[Sheet]:
    return [_sheet(society, edition) for edition in EDITIONS.get(society.place, ())]


def _sheet(society: Society, edition: Edition) -> Sheet:
    form = edition.form
    titles = (NOTICE, f"data tanggal : {edition.period}")
    return Sheet(
        register="eppgbm",
        place=society.place,
        period=edition.period,
        form=Form(form.kind, form.delimiter, newline=form.newline, titles=titles, tab=form.tab),
        columns=NEWER if edition.newer else COLUMNS,
        rows=lambda: _rows(society, edition),
    )


def _rows(society: Society, edition: Edition) -> pa.Table:
    children = _measured(society, edition)
    rng = society.random("eppgbm", edition.period.isoformat())
    people, homes = society.people, society.households
    count = len(people.born)
    # What is a child's own stays the same from one edition to the next.
    of_child = society.random("eppgbm", "child")
    frailty = of_child.normal(0, SPREAD, count)[children]
    own = of_child.random((6, count), dtype=np.float32)[:, children]
    visits = 1 + np.searchsorted(MEASUREMENTS, rng.random(len(children)))
    child = np.repeat(np.arange(len(children)), visits)
    nth = np.arange(len(child)) - np.repeat(np.cumsum(visits) - visits, visits)
    before = (visits[child] - 1 - nth) * 30 + (own[3, child] * 20).astype(int)
    measured = day(edition.period) - before
    alive = measured > people.born[children[child]] + 3
    child, measured = child[alive], measured[alive]
    again = rng.random(len(child)) < SAME_DAY
    order = np.sort(np.r_[np.arange(len(child)), np.flatnonzero(again)])
    repeated = np.flatnonzero(rng.random(len(order)) < REPEATED)
    child, measured = child[order], measured[order]

    person = children[child]
    male = people.male[person]
    age = measured - people.born[person]
    months = age / MONTH
    poorer = np.where(homes.registered[people.family[person]], -POORER / 2, POORER / 2)
    typical = -2 + np.hypot(SPREAD, WAVERING) * NormalDist().inv_cdf(1 - edition.stunted)
    wanted = (typical + poorer + frailty[child] + rng.normal(0, WAVERING, len(child))).clip(-5.4, 4)
    median, sd = _height(male, age)
    other_way = (age >= STANDING_FROM_DAY) & (rng.random(len(child)) < OTHER_WAY)
    lying = (age < FIRST_STANDING_DAY) ^ other_way
    # Whoever lies down measures longer; the reader of the file has to take that into account, as the office did.
    posture = np.where(other_way, np.where(lying, LYING_IS_LONGER_CM, -LYING_IS_LONGER_CM), 0)
    height = np.round(median + wanted * sd + posture, 1)
    z = np.round((height - posture - median) / sd, 2)
    weight_z = np.round(0.7 * z + rng.normal(0, 0.7, len(z)), 2).clip(-5, 4)
    thin_z = np.round(rng.normal(-0.2, 1.05, len(z)), 2).clip(-5, 5)
    whole = np.floor(months).astype(int)
    left = np.round((months - whole) * 30).astype(int)
    village = homes.village[people.family[person]]
    village = np.where(own[4, child] < ELSEWHERE, np.roll(np.arange(len(society.villages.codes)), 1)[village], village)
    posyandu = (village * 3 + (own[5, child] * 4).astype(int)) % len(POSYANDU)
    columns = {
        **society.columns(person, village),
        **{f"child_{letter}": own[at, child] for at, letter in enumerate("abcdef")},
        **{f"row_{letter}": rng.random(len(child), dtype=np.float32) for letter in "abcde"},
        "measured": dates(measured),
        "z": z,
        "height": height,
        "lying": lying,
        "weight_z": weight_z,
        "weight": np.round(_weight(male, months) * np.exp(0.125 * weight_z), 1),
        "birth_weight": np.round(2.2 + 1.6 * own[3, child], 1),
        "birth_length": np.round(45 + 6 * own[2, child]),
        "thin_z": thin_z,
        "word": _word(z, BY_AGE),
        "weight_word": _word(weight_z, WEIGHT_BY_AGE),
        "thin_word": _word(thin_z, WEIGHT_BY_HEIGHT),
        "posyandu": words(posyandu, [f"{name} {number}" for number, name in enumerate(POSYANDU, 1)]),
    }
    years, rest = whole // 12, whole % 12
    table = pa.table(columns)
    ages = [f"{y} Tahun - {m} Bulan - {d} Hari" for y in range(6) for m in range(12) for d in range(31)]
    table = table.append_column("age_text", words((years * 12 + rest) * 31 + left, ages))
    place = np.argsort(village, kind="stable")
    table = table.take(np.r_[place, repeated])
    return table.set_column(0, "no", pa.array(np.arange(1, table.num_rows + 1)))


def _measured(society: Society, edition: Edition) -> Array:
    """The children (positions in `People`) of this edition, most of them those of the one before."""
    people, homes = society.people, society.households
    months = (day(edition.period) - people.born) / MONTH
    small = (months > 0.5) & (months < OLDEST_MONTHS)
    family = homes.registered[people.family]
    groups = {"registered": people.registered, "sibling": family & ~people.registered, "outside": ~family}
    rank = society.random("eppgbm", "measured").random(len(people.born))
    chosen = []
    for group, members in groups.items():
        there = np.flatnonzero(small & members)
        wanted = max(1, round(edition.children * SHARES[group] * society.scale))
        chosen.append(there[np.argsort(rank[there], kind="stable")[:wanted]])
    children: Array = np.sort(np.concatenate(chosen))
    return children


def _height(male: Array, age: Array) -> tuple[Array, Array]:
    """Median and standard deviation (cm) at an age in days (WHO 2006), lying before 24 months and standing after."""
    standard = pq.read_table(STANDARD).sort_by([("sex", "ascending"), ("age_days", "ascending")])
    median, spread = (standard[name].to_numpy().reshape(2, -1) for name in ("median_cm", "spread"))
    at = (np.where(male, 0, 1), age)
    return median[at], median[at] * spread[at]


def _weight(male: Array, months: Array) -> Array:
    boys, girls = (np.interp(months, MONTHS, kilograms) for kilograms in WEIGHT)
    return np.where(male, boys, girls)


def _word(z: Array, scale: tuple[tuple[int, ...], tuple[str, ...]]) -> pa.DictionaryArray:
    bounds, texts = scale
    return words(np.searchsorted(bounds, z, side="right"), texts)
