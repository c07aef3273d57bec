"""Official poverty figures of the statistics office (BPS, Susenas): by kabupaten or kota and year, never below."""

from typing import Final

import ibis.expr.types as ir

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Measure
from data.definitions.problems import Problem
from data.definitions.registers import Check, Register
from data.definitions.registers.rekap import AREAS, CATEGORY, CHECKS, DATES, NAMES, PERIOD
from data.wording import N_

RATE: Final = Field("poverty_rate", N_("Share of poor residents"), "number", "open", N_("in percent"), "4,67")
PERSONS: Final = Field("poor_persons", N_("Poor residents"), "number", "open", example="498.290")


def _below_kabkota(level: ir.StringValue) -> ir.BooleanValue:
    return level.isin(["kecamatan", "kelurahan"])


# fmt: off
REGISTER: Final = Register(
    key="poverty",
    label=N_("Official poverty (BPS)"),
    row_is=N_("a kabupaten or kota and a year"),
    grain="figure",
    spellings={
        **{level: spellings for level, spellings in AREAS.items() if level in ("province", "kabkota", "area_code")},
        "period": DATES,
        "category": ("Daerah", "Jenis Daerah", "Klasifikasi Daerah"),
        "poverty_rate": (
            "Persentase Penduduk Miskin", "Presentase Penduduk Miskin", "Persentase Kemiskinan", "Angka Kemiskinan",
            "Tingkat Kemiskinan", "Persentase Penduduk Miskin P0", "P0", "Kemiskinan",
            "Persen Penduduk Miskin", "Poverty Rate", "Persentase",
        ),
        "poor_persons": (
            "Jumlah Penduduk Miskin", "Penduduk Miskin", "Banyaknya Penduduk Miskin", "Jumlah Orang Miskin",
        ),
    },
    layouts=(),
    needs_one_of=("poverty_rate", "poor_persons"),
    needs=2,
    belongs_elsewhere=(*NAMES, "Desil Kesejahteraan"),
    own_fields=(PERIOD, CATEGORY, RATE, PERSONS),
    identity=(),
    telling=("poverty_rate", "poor_persons"),
    category="category",
    checks=(
        *CHECKS,
        Check(
            Problem(
                "poverty_below_kabkota", "rejected", N_("Official rate below kabupaten and kota"),
                N_(
                    "{rows} figures are of a kecamatan or kelurahan. BPS publishes official poverty for kabupaten, kota"
                    " and provinces only, so they were left out."
                ),
                N_("Import figures of another kind as a rekap; they keep their own name."),
            ),
            ("level",),
            _below_kabkota,
        ),
    ),
    measures=(Measure("poverty_rate", "sum", of="value"), Measure("poor_persons", "sum", of="value")),
    indicators=(
        Indicator(
            key="poverty_rate_official",
            label=N_("Official poverty rate"),
            unit="share",
            numerator="poverty_rate",
            denominator=None,
            numerator_label=N_("residents below the poverty line of BPS"),
            denominator_label="",
            definition=N_(
                "The share of residents below the poverty line as the statistics office (BPS) publishes it from its"
                " household survey (Susenas), with year. It exists for kabupaten, kota and provinces only; it is never"
                " spread over kecamatan or kelurahan, and it is not the share of registered persons."
            ),
            source=N_("Statistics office (BPS), Susenas"),
            registers=("poverty",),
            good="low",
            lowest="kabkota",
        ),
    ),
)
# fmt: on
