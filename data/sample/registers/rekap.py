"""Figures instead of names: an open-data CSV, tidy, and an agency's workbook with a column a year."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample.defects import thousands
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society, words
from data.sample.villages import Array

OPEN_DATA: Final[Mapping[str, tuple[int, ...]]] = {"74.71": (2017, 2018), "31": (2019, 2020), "64.08": (2021, 2022)}
"""Years of DTKS persons and families by kelurahan, from before the first register by name."""

AGENCY: Final[Mapping[str, tuple[int, ...]]] = {
    "74.71": (2017, 2018, 2019, 2020),
    "31": (2019, 2020, 2021),
    "64.08": (2020, 2021, 2022, 2023),
}
"""Years of families that receive PKH, by kecamatan."""

EARLIER: Final = 0.94
"""Registered a year before, to those registered the year after."""

TIDY: Final[Mapping[str, str]] = {
    "periode_data": "year",
    "wilayah": "kabkota",
    "kecamatan": "kecamatan",
    "kelurahan": "kelurahan",
    "jenis": "kind",
    "jumlah": "CASE WHEN lost THEN '-' ELSE number::VARCHAR END",
}
KINDS: Final = ("DTKS Individu", "DTKS Keluarga")
PERSONS_A_FAMILY: Final = 3.8
RECEIVING: Final = 0.045


def sheets(society: Society) -> list[Sheet]:
    if society.place not in OPEN_DATA:
        return []
    open_years, agency_years = OPEN_DATA[society.place], AGENCY[society.place]
    wide = {f"{year}": f"coalesce({thousands(f'y{year}')}, '-')" for year in agency_years}
    total = {f"{year}": thousands(f"sum(y{year})") for year in agency_years}
    titles = (NOTICE, "KELUARGA PENERIMA MANFAAT PKH MENURUT KECAMATAN")
    return [
        Sheet(
            register="rekap",
            place=society.place,
            period=date(open_years[-1], 12, 31),
            form=Form(titles=(NOTICE, "JIWA DAN KELUARGA TERDAFTAR DTKS MENURUT KELURAHAN")),
            columns=TIDY,
            rows=lambda: _tidy(society, open_years),
            name="dtks",
        ),
        Sheet(
            register="rekap",
            place=society.place,
            period=date(agency_years[-1], 12, 31),
            form=Form(kind="xlsx", titles=titles, total={"Kecamatan": "'Grand Total'", **total}, tab="PKH"),
            columns={"No": "no", "Kabupaten/Kota": "kabkota", "Kecamatan": "kecamatan", **wide},
            rows=lambda: _wide(society, agency_years),
            name="pkh",
        ),
    ]


def _tidy(society: Society, years: tuple[int, ...]) -> pa.Table:
    around, counted = society.villages, society.census
    size = len(around.codes)
    village = np.arange(size)
    parts: list[pa.Table] = []
    for before, year in enumerate(reversed(years), 1):
        persons = np.round(counted.registered * counted.newest * EARLIER**before).astype(np.int64)
        for kind, number in enumerate((persons, np.round(persons / PERSONS_A_FAMILY).astype(np.int64))):
            parts.insert(kind, pa.table({
                "year": np.full(size, year, dtype=np.int16),
                "kabkota": words(village, around.kabkota),
                "kecamatan": words(village, around.kecamatan),
                "kelurahan": words(village, around.names),
                "kind": words(np.full(size, kind), KINDS),
                "number": number,
                # One kelurahan sent no figures in the first year.
                "lost": np.full(size, year == years[0]) & (village == size // 4),
            }))  # fmt: skip
    return pa.concat_tables(parts)


def _wide(society: Society, years: tuple[int, ...]) -> pa.Table:
    around, counted = society.villages, society.census
    code = np.array([each[:8] for each in around.codes])
    first = np.unique(code, return_index=True)[1]
    rng = society.random("rekap", "pkh")
    families = counted.registered * counted.newest / PERSONS_A_FAMILY
    base = np.add.reduceat(families, first) * RECEIVING * rng.lognormal(1.2, 0.2, len(first))
    columns: dict[str, Array | pa.Array] = {}
    for before, year in enumerate(reversed(years)):
        number = np.round(base * EARLIER**before).astype(np.int64)
        # The smallest kecamatan has no figure in the first year.
        missing = (np.arange(len(first)) == int(np.argmin(base))) & (year == years[0])
        columns[f"y{year}"] = pa.array(number, mask=missing)
    return pa.table(
        {
            "no": np.arange(1, len(first) + 1),
            "kabkota": words(first, around.kabkota),
            "kecamatan": words(first, around.kecamatan),
            **columns,
        }
    )
