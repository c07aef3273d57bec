"""Rekap: any table of figures by area that an agency or an open-data portal publishes instead of names.

What figures of all registers share stands here too: the areas' headings, the date's, and the rules for numbers.
"""

from typing import Final

import ibis.expr.types as ir

from data.definitions.fields import Field
from data.definitions.problems import Problem
from data.definitions.registers import Check, Register
from data.wording import N_

PERIOD: Final = Field(
    "period",
    N_("Date of the figure"),
    "date",
    "open",
    N_("a year stands for its last day, a first semester for 30 June, a month for its last day"),
    "2023",
)
CATEGORY: Final = Field("category", N_("Category"), "words", "open", example="Laki-laki")
VALUE: Final = Field("value", N_("Figure"), "number", "open", example="1.234")

AREAS: Final[dict[str, tuple[str, ...]]] = {
    "province": ("Provinsi", "Propinsi", "Nama Provinsi", "Province"),
    "kabkota": (
        "Kabupaten/Kota", "Kab/Kota", "Kabupaten", "Kota", "Nama Kabupaten/Kota", "Nama Kabupaten", "Wilayah",
        "Kota/Kabupaten", "bps_nama_kabupaten_kota",
    ),
    "kecamatan": ("Kecamatan", "Nama Kecamatan", "Kec", "bps_nama_kecamatan"),
    "kelurahan": (
        "Kelurahan", "Desa", "Desa/Kelurahan", "Kelurahan/Desa", "Nama Kelurahan", "Nama Desa", "Desa/Kel",
        "bps_nama_desa_kelurahan", "Nama Desa/Kelurahan",
    ),
    "area_code": (
        "Kode Wilayah", "Kode Kemendagri", "Kode Kemdagri", "Kode Desa", "Kode Kelurahan", "Kode BPS",
        "Kode Desa/Kelurahan", "Kode Kabupaten/Kota", "Kode Kecamatan", "bps_kode_kabupaten_kota",
    ),
}  # fmt: skip
DATES: Final = ("Tahun", "Periode", "periode_data", "Tahun Data", "Semester", "Bulan", "Year")
NAMES: Final = ("NIK", "No. KK", "NOKK", "Nama", "Nama Lengkap", "Nama Kepala Keluarga", "Tanggal Lahir")
"""Headings of by-name lists."""


def _flag(flag: ir.BooleanValue) -> ir.BooleanValue:
    return flag


def _below_zero(value: ir.FloatingValue, unit: ir.StringValue) -> ir.BooleanValue:
    return (value < 0) & unit.isin(["persons", "families", "children", "number", "share"])


def _over_all(value: ir.FloatingValue, unit: ir.StringValue) -> ir.BooleanValue:
    return (value > 1.0000001) & (unit == "share")


CHECKS: Final = (
    Check(
        Problem(
            "figure_unreadable", "rejected", N_("Figure cannot be read"),
            N_("{rows} cells under figures hold something that is no number. They were left out."),
            N_("Write the number alone in the cell and leave the cell empty where there is none; import again."),
        ),
        ("unreadable",),
        _flag,
    ),
    Check(
        Problem(
            "figure_negative", "rejected", N_("Count below zero"),
            N_("{rows} figures are below zero although they count something. They were left out."),
            N_("Correct the figures at the source and import the file again."),
        ),
        ("value", "unit"),
        _below_zero,
    ),
    Check(
        Problem(
            "figure_over_all", "rejected", N_("Share above 100 percent"),
            N_("{rows} shares are above 100 percent. They were left out."),
            N_("Check whether the column holds percentages, and correct the figures at the source."),
        ),
        ("value", "unit"),
        _over_all,
    ),
    Check(
        Problem(
            "figure_unplaced", "rejected", N_("Figure of an unknown area"),
            N_("{rows} figures stand beside an area that was not recognised. They count for no area: {examples}"),
            N_("Correct the area's name or code, or give the kabupaten or kota with --place; import again."),
        ),
        ("unplaced",),
        _flag,
    ),
    Check(
        Problem(
            "figure_undated", "rejected", N_("Figure without a readable date"),
            N_("{rows} figures stand beside a date that cannot be read. They were left out."),
            N_("Write the year, for instance 2023, or a semester or month with its year."),
        ),
        ("undated",),
        _flag,
    ),
    Check(
        Problem(
            "figure_contradicted", "rejected", N_("Several figures for one thing"),
            N_("{rows} figures speak of one area, date and category and differ from each other. None of them counts."),
            N_("Keep the right row in the file and import it again."),
        ),
        ("contradicted",),
        _flag,
    ),
    Check(
        Problem(
            "figure_repeated", "rejected", N_("Figure stands there twice"),
            N_("{rows} figures repeat another one exactly. They count once."),
            N_("Nothing to do; check whether the file was put together twice."),
        ),
        ("repeated",),
        _flag,
    ),
    Check(
        Problem(
            "figure_not_the_sum", "warning", N_("Total is not the sum of its parts"),
            N_("{rows} totals differ from the sum of their parts in the file. The totals are kept as they stand."),
            N_("Ask the source which is right, the total or the parts."),
        ),
        ("differs",),
        _flag,
    ),
)  # fmt: skip
"""Rules for figures. Besides its value and unit a figure brings what was found out about it while it was read."""

REGISTER: Final = Register(
    key="rekap",
    label=N_("Rekap (figures by area)"),
    row_is=N_("an area, a date and a category"),
    grain="figure",
    spellings={
        **AREAS,
        "period": DATES,
        "category": ("Kategori", "Jenis", "Kelompok", "Klasifikasi", "Uraian", "Jenis Kelamin", "Kelompok Umur"),
        "value": ("Jumlah", "Nilai", "Total", "Banyaknya", "Persentase", "Angka"),
    },
    layouts=(),
    needs_one_of=("value",),
    needs=2,
    belongs_elsewhere=NAMES,
    own_fields=(PERIOD, CATEGORY, VALUE),
    identity=(),
    category="category",
    checks=CHECKS,
)
