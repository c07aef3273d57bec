"""Official poverty rates (BPS, Susenas) of the kab/kota and the province, as published; no others."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pyarrow as pa

from data.sample.sheets import NOTICE, Form, Sheet
from data.sample.society import Society

RATES: Final[Mapping[str, tuple[tuple[str, int, str], ...]]] = {
    "74.71": (("Kota Kendari", 2021, "4,87"), ("Kota Kendari", 2022, "4,57")),
    "31": (
        # The rate of 2021 is the one that was announced; the survey of March says 4.72.
        ("DKI Jakarta", 2021, "4,67"),
        ("DKI Jakarta", 2022, "4,69"),
        ("DKI Jakarta", 2023, "4,44"),
        ("DKI Jakarta", 2024, "4,30"),
        ("Kepulauan Seribu", 2024, "13,03"),
        ("Jakarta Selatan", 2024, "3,03"),
        ("Jakarta Timur", 2024, "4,09"),
        ("Jakarta Pusat", 2024, "4,63"),
        ("Jakarta Barat", 2024, "3,94"),
        ("Jakarta Utara", 2024, "6,44"),
    ),
    "64.08": (("Kutai Timur", 2024, "8,81"), ("Kutai Timur", 2025, "8,07")),
}
"""Place as BPS names it, year, percent."""

COLUMNS: Final[Mapping[str, str]] = {
    "Wilayah": "place",
    "Tahun": "year",
    "Persentase Penduduk Miskin (Persen)": "percent",
    "Sumber": "'BPS, Susenas Maret'",
}


def sheets(society: Society) -> list[Sheet]:
    rates = RATES.get(society.place)
    if rates is None:
        return []
    places, years, percents = zip(*rates, strict=True)
    form = Form(delimiter=";", titles=(NOTICE, "Persentase Penduduk Miskin Menurut Kabupaten/Kota"))
    period = date(max(years), 12, 31)
    table = pa.table({"place": list(places), "year": pa.array(years, pa.int16()), "percent": list(percents)})
    return [Sheet("poverty", society.place, period, form, COLUMNS, lambda: table)]
