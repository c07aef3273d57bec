"""Population by kelurahan and semester, as the civil registry publishes it: see `census`."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from data.places import reference
from data.sample.census import Census
from data.sample.defects import thousands
from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society, words

FORMS: Final[Mapping[str, Form]] = {
    "74.71": Form(kind="xlsx", numbered=True, tab="Agregat"),
    "31": Form(delimiter=";", encoding="utf-8-sig", newline="\r\n"),
    "64.08": Form(delimiter=","),
}
PERSONS_A_FAMILY: Final = (3.0, 3.5)
MEN: Final = (0.495, 0.517)

NUMBERS: Final[Mapping[str, str]] = {"L": "men", "P": "women", "Jumlah Penduduk": "residents", "Jumlah KK": "families"}
COLUMNS: Final[Mapping[str, str]] = {
    "Tahun": "year",
    "Semester": "semester",
    "Kode": "code",
    "Kecamatan": "kecamatan",
    "Kelurahan": "kelurahan",
    **NUMBERS,
}
# What is wrong stands in the oldest date, so that newer totals are what was published.
DOTTED: Final[Mapping[str, str]] = {
    **COLUMNS,
    "Kode": "replace(code, '.', '')",
    **{heading: f"CASE WHEN lost THEN '-' ELSE {thousands(column)} END" for heading, column in NUMBERS.items()},
}
DESA: Final[Mapping[str, str]] = {
    **{("Desa/Kelurahan" if heading == "Kelurahan" else heading): shown for heading, shown in COLUMNS.items()},
    "Jumlah KK": "CASE WHEN lost THEN -families ELSE families END",
}
LAYOUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "74.71": {**COLUMNS, "Kode": "replace(code, '.', '')::BIGINT"},
    "31": DOTTED,
    "64.08": DESA,
}


def sheets(society: Society) -> list[Sheet]:
    if society.place not in FORMS:
        return []
    form, counted = FORMS[society.place], society.census
    name = reference.place(society.place).name.upper()
    newest = max(counted.residents)
    columns = LAYOUTS[society.place]
    total = {"Kecamatan": "'JUMLAH'", **{heading: f"(sum({shown}) FILTER (year = {newest.year}))::BIGINT"
                                         for heading, shown in NUMBERS.items()}}  # fmt: skip
    return [
        Sheet(
            register="population",
            place=society.place,
            period=newest,
            form=Form(
                form.kind,
                form.delimiter,
                form.encoding,
                form.newline,
                titles=(NOTICE, f"DATA AGREGAT KEPENDUDUKAN {name}"),
                numbered=form.numbered,
                total=total if form.kind == "xlsx" else {},
                tab=form.tab,
            ),
            columns=columns,
            rows=lambda: _rows(society, counted),
        )
    ]


def _rows(society: Society, counted: Census) -> pa.Table:
    around = society.villages
    rng = society.random("population")
    size, oldest = len(around.codes), min(counted.residents)
    village = np.arange(size)
    size_of_family = rng.uniform(*PERSONS_A_FAMILY, size)
    men_share = rng.uniform(*MEN, size)
    parts = []
    for on, residents in sorted(counted.residents.items()):
        men = np.round(residents * men_share).astype(np.int64)
        parts.append(pa.table({
            "year": np.full(size, on.year, dtype=np.int16),
            "semester": np.full(size, _semester(on), dtype=np.int8),
            "code": words(village, around.codes),
            "kecamatan": words(village, around.kecamatan),
            "kelurahan": words(village, around.names),
            "men": men,
            "women": residents - men,
            "residents": residents,
            "families": np.round(residents / size_of_family).astype(np.int64),
            "lost": np.full(size, on == oldest) & (village == size // 2),
        }))  # fmt: skip
    repeated = parts[0].slice(size // 3, 1)
    return pa.concat_tables([parts[0], repeated, *parts[1:]])


def _semester(on: date) -> int:
    return 1 if on.month <= 6 else 2
