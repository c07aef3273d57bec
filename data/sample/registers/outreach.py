"""P3S outreach: whom the teams in the streets reached, list by list; every row is a reach, and nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample.defects import cases
from data.sample.sheets import MARKER, NOTICE, Form, Sheet
from data.sample.society import Society, dates, day, words


@dataclass(frozen=True)
class Edition:
    """`reaches` at scale 1; `days`: how many days the list covers."""

    period: date
    reaches: int
    days: int
    form: Form


EDITIONS: Final[Mapping[str, tuple[Edition, ...]]] = {
    "74.71": (Edition(date(2020, 12, 31), 236, 180, Form()),),
    "31": (
        Edition(date(2021, 12, 31), 4_207, 92, Form(delimiter=";", newline="\r\n")),
        # Published: 5,513 reached, April 2022.
        Edition(date(2022, 4, 30), 5_513, 120, Form(kind="xlsx", tab="Penjangkauan")),
    ),
    "64.08": (Edition(date(2023, 12, 31), 118, 365, Form(delimiter=";")),),
}
KINDS: Final = {
    "Gelandangan": 14, "Pengemis": 15, "Wanita": 2, "Waria": 3, "Kusta": 1, "Pengamen": 15, "Pemulung": 11,
    "Psikotik/ODMK": 9, "Kotak Amal": 2, "Asongan": 9, "Joki": 1, "Pak Ogah": 7, "Tukang Pijit": 1, "Anak Jalanan": 7,
    "Lain-lain": 3,
}  # fmt: skip
PLACES: Final = ("Perempatan", "Terminal", "Pasar", "Kolong jembatan", "Halte", "Taman", "Stasiun", "Depan masjid",
                 "Lampu merah", "Trotoar")  # fmt: skip
STEPS: Final = ("Dirujuk ke panti", "Dipulangkan ke keluarga", "Pembinaan di tempat", "Dipulangkan ke daerah asal",
                "Dirujuk ke RS")  # fmt: skip
COLUMNS: Final[Mapping[str, str]] = {
    "No": "no",
    "Nomor Laporan": f"'{MARKER}P3S-' || lpad(no::VARCHAR, 6, '0')",
    "Tanggal": "strftime(reached, '%d/%m/%Y')",
    "Lokasi": "spot || ' ' || upper(left(kelurahan, 1)) || lower(substr(kelurahan, 2))",
    "Kabupaten/Kota": "kabkota",
    "Kecamatan": "kecamatan",
    "Kelurahan": cases("own_a", "kelurahan", [(0.004, "'-'"), (0.006, "replace(kelurahan, ' ', '')"),
                                              (0.003, "'PERBATASAN'")]),
    "Jenis PMKS": cases("own_b", "kind", [(0.08, "upper(kind)"), (0.05, "lower(kind)")]),
    "Jenis Kelamin": cases("own_c", "if(own_b < 0.68, 'L', 'P')", [(0.01, "'-'"), (0.01, "NULL")]),
    "Tindak Lanjut": cases("own_a", "step", [(0.03, "'-'")]),
}  # fmt: skip


def sheets(society: Society) -> list[Sheet]:
    return [
        Sheet(
            register="outreach",
            place=society.place,
            period=edition.period,
            form=Form(
                edition.form.kind,
                edition.form.delimiter,
                newline=edition.form.newline,
                titles=(NOTICE, f"REKAP PENJANGKAUAN PMKS OLEH P3S S.D. {edition.period:%d/%m/%Y}"),
                total={"Nomor Laporan": "'Grand Total'", "Lokasi": "count(*)::VARCHAR"},
                tab=edition.form.tab,
            ),
            columns=COLUMNS,
            rows=partial(_rows, society, edition),
        )
        for edition in EDITIONS.get(society.place, ())
    ]


def _rows(society: Society, edition: Edition) -> pa.Table:
    rng = society.random("outreach", edition.period.isoformat())
    around = society.villages
    count = max(1, round(edition.reaches * society.scale))
    # Reaches gather where the roads are, not where people live.
    busy = np.cumsum(rng.lognormal(0, 1.1, len(around.codes)))
    village = np.searchsorted(busy, rng.random(count) * busy[-1]).clip(0, len(busy) - 1)
    bounds = np.cumsum(list(KINDS.values()))
    kind = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    reached = np.sort(day(edition.period) - rng.integers(0, edition.days, count))
    return pa.table(
        {
            "no": np.arange(1, count + 1),
            "reached": dates(reached),
            "spot": words(rng.integers(0, len(PLACES), count), PLACES),
            "kelurahan": words(village, around.names),
            "kecamatan": words(village, around.kecamatan),
            "kabkota": words(village, around.kabkota),
            "kind": words(kind, tuple(KINDS)),
            "step": words((rng.random(count) ** 1.6 * len(STEPS)).astype(int), STEPS),
            **{f"own_{letter}": rng.random(count, dtype=np.float32) for letter in "abc"},
        }
    )
