"""Population by kelurahan and year or semester, as the civil registry (Dukcapil) publishes it."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Measure
from data.definitions.registers import Register
from data.definitions.registers.rekap import AREAS, CATEGORY, CHECKS, DATES, NAMES, PERIOD
from data.wording import N_

_SOURCE: Final = N_("Civil registry (Dukcapil), population by area and date")

POPULATION: Final = Field("population", N_("Population"), "number", "open", example="7.269")
MALE: Final = Field("male", N_("Male population"), "number", "open", example="3.547")
FEMALE: Final = Field("female", N_("Female population"), "number", "open", example="3.400")
FAMILIES: Final = Field("families", N_("Families of the civil registry"), "number", "open", example="2.026")

# fmt: off
REGISTER: Final = Register(
    key="population",
    label=N_("Population (Dukcapil)"),
    row_is=N_("an area and a date"),
    grain="figure",
    spellings={
        **AREAS,
        "period": DATES,
        "category": ("Kelompok Umur", "Umur", "Usia", "Jenis Kelamin"),
        "population": (
            "Jumlah Penduduk", "Penduduk", "Jiwa", "Jumlah Jiwa", "Total Penduduk", "Populasi", "Population",
            "JUMLAH_PEN", "Jml Penduduk", "Jumlah Penduduk Laki-laki dan Perempuan", "Banyaknya Penduduk", "L+P",
            "Penduduk Total",
        ),
        "male": (
            "Laki-laki", "Laki Laki", "Pria", "LK", "Penduduk Laki-laki", "Jumlah Penduduk Laki-laki",
            "Jumlah Laki-laki", "Male", "Penduduk Pria", "Laki-laki Jiwa",
        ),
        "female": (
            "Perempuan", "Wanita", "PR", "Penduduk Perempuan", "Jumlah Penduduk Perempuan", "Jumlah Perempuan",
            "Female", "Penduduk Wanita",
        ),
        "families": (
            "KK", "Jumlah KK", "JUMLAH_KK", "Jml KK", "Kepala Keluarga", "Jumlah Kepala Keluarga", "Jumlah Keluarga",
            "Keluarga", "Rumah Tangga", "Jumlah Rumah Tangga", "Families",
        ),
    },
    layouts=(),
    needs_one_of=("population", "male", "female"),
    needs=2,
    belongs_elsewhere=(*NAMES, "NIK Kepala Keluarga"),
    own_fields=(PERIOD, CATEGORY, POPULATION, MALE, FEMALE, FAMILIES),
    identity=(),
    telling=("population",),
    category="category",
    checks=CHECKS,
    measures=tuple(Measure(key, "sum", of="value") for key in ("population", "male", "female", "families")),
    indicators=(
        Indicator(
            key="population",
            label=N_("Population"),
            unit="persons",
            numerator="population",
            denominator=None,
            numerator_label=N_("residents"),
            denominator_label="",
            definition=N_(
                "Residents as the civil registry publishes them, the newest figure of each area that is not after the"
                " asked date. An area without a figure of its own is the sum of its parts where every part has one of"
                " the same date; else it is not known."
            ),
            source=_SOURCE,
            registers=("population",),
        ),
    ),
)
# fmt: on
