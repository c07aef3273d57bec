"""KRS: families at risk of stunting (BKKBN), by-name and by-address list, one row a family."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Breakdown, Measure
from data.definitions.registers import Layout, Register
from data.definitions.spellings import AREAS, common
from data.wording import N_

_ANSWERS: Final = {
    "assistance": {
        "Rujukan": ("1", "Ya, fasilitas rujukan", "Fasilitas rujukan"),
        "Bansos": ("2", "Ya, fasilitas bansos", "Fasilitas bansos"),
        "KIE": ("3", "Ya, fasilitas KIE"),
        "Elsimil": ("4", "Ya, elsimil"),
        "EPPGBM": ("5", "e-PPGBM"),
        "Bapak Asuh": ("6", "Bapak Asuh Anak Stunting", "BAAS"),
        "PMT": ("7", "Pemberian Makanan Tambahan"),
        "Tidak ada": ("8", "Tidak"),
    },
}
"""What the list writes for an answer, by field and answer."""

_FOUR: Final = ("mother_too_young", "mother_too_old", "births_too_close", "children_too_many")


def _four_too(values: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    """Any of the four `Terlalu`, where the file does not say it itself."""
    told = [values[field] for field in ("four_too",) if field in values]
    each = [values[field] for field in _FOUR if field in values]
    if not each:
        return {}
    one, known = ibis.or_(*(value.fill_null(False) for value in each)), ibis.or_(*(value.notnull() for value in each))
    return {"four_too": ibis.coalesce(*told, ibis.ifelse(known, one, ibis.null("boolean")))}


RISK_FACTORS: Final = ("no_water", "no_latrine", "four_too", "no_modern_contraception")
"""What puts a family at risk; the other answers say whom the list is about."""


def _factors(rows: ir.Table, _: date) -> ir.IntegerValue:
    """How many factors are told of a row's family, in any of its rows; what is left empty tells none."""
    told = [rows[factor].fill_null(False).cast("int8") for factor in RISK_FACTORS if factor in rows.columns]
    return reduce(add, (one.max().over(group_by=rows.family_no) for one in told), ibis.literal(0, "int8"))


def _families(risk: str) -> Measure:
    return Measure(f"krs_{risk}", "families", (risk,), lambda rows: rows[risk])


_RULE: Final = N_("1 yes, 2 no, 3 does not apply")
_OWN: Final = (
    Field("wife_nik", N_("NIK of the wife"), "nik", "identifier", N_("16 digits"), "7471014101909001"),
    Field("wife_name", N_("Name of the wife"), "name", "naming", "", "WA CONTOH"),
    *(
        Field(key, label, "risk", "personal", _RULE, "1")
        for key, label in (
            ("child_0_23", N_("Child of 0 to 23 months")),
            ("child_24_59", N_("Child of 24 to 59 months")),
            ("couple", N_("Couple of childbearing age (PUS)")),
            ("no_water", N_("Without proper drinking water")),
            ("no_latrine", N_("Without a proper latrine")),
            ("mother_too_young", N_("Mother under 20")),
            ("mother_too_old", N_("Mother of 35 to 40")),
            ("births_too_close", N_("Births less than two years apart")),
            ("children_too_many", N_("Three children or more")),
            ("four_too", N_("Too young, too old, too close or too many (4T)")),
            ("no_modern_contraception", N_("Without modern contraception")),
        )
    ),
    Field(
        "assistance", N_("Assistance received"), "words", "personal",
        N_("codes 1 to 8 of the list, several in one cell"), "1,2",
    ),
)  # fmt: skip

_INDICATORS: Final = (
    Indicator(
        key="krs_families",
        label=N_("Families at risk of stunting"),
        unit="families",
        numerator="krs_families",
        denominator=None,
        numerator_label=N_("families at risk of stunting"),
        denominator_label="",
        definition=N_(
            "Different family card numbers (No. KK) in the newest list of families at risk of stunting (KRS); a family"
            " without a readable number counts by its row."
        ),
        source=N_("KRS (BKKBN), by-name list of families at risk of stunting"),
        registers=("krs",),
        behind=("krs_risk", "*"),
        behind_label=N_("See {count} families at risk"),
    ),
)

# fmt: off
REGISTER = Register(
    key="krs",
    label=N_("KRS (families at risk of stunting)"),
    row_is=N_("a family"),
    grain="family",
    kept_months=36,
    needs_one_of=(
        "pregnant", "couple", "child_0_23", "no_water", "no_latrine", "four_too", "no_modern_contraception",
    ),
    needs=5,
    telling=(
        "wife_name", "pregnant", "couple", "child_0_23", "child_24_59", "no_water", "no_latrine", *_FOUR, "four_too",
        "no_modern_contraception", "assistance",
    ),
    belongs_elsewhere=("Desil Nasional", "Desil Kesejahteraan", "TB/U", "ZS TB/U", "Jenis PPKS", "Nama Program"),
    layouts=(
        Layout(
            "bnba_21",
            N_("KRS by name and address, 21 columns under four rows of headings"),
            (
                "counter", "kk", "nik", "name", "wife_nik", "wife_name", "kelurahan", "kecamatan", "child_0_23",
                "child_24_59", "couple", "pregnant", "no_water", "no_latrine", *_FOUR, "four_too",
                "no_modern_contraception", "assistance",
            ),
        ),
    ),
    spellings={
        **common("counter", "kk"),
        "nik": ("NIK Kepala Keluarga", "NIK KK", "NIK", "NIK Suami"),
        "name": ("Nama Kepala Keluarga", "Kepala Keluarga", "Nama KK", "Nama", "Nama Suami"),
        "wife_nik": ("NIK Istri", "NIK Isteri"),
        "wife_name": ("Nama Istri", "Nama Isteri"),
        **common(*AREAS, "address", "hamlet", "rt", "rw", "phone"),
        "child_0_23": (
            "Sasaran > Punya Anak > 0-23 Bulan", "Punya Anak > 0-23 Bulan", "0-23 Bulan", "Anak 0-23 Bulan",
            "Baduta", "Punya Baduta",
        ),
        "child_24_59": (
            "Sasaran > Punya Anak > 24-59 Bulan", "Punya Anak > 24-59 Bulan", "24-59 Bulan", "Anak 24-59 Bulan",
            "Balita", "Punya Balita",
        ),
        "couple": ("Sasaran > PUS", "PUS", "Pasangan Usia Subur"),
        "pregnant": ("Sasaran > PUS Hamil", "Sasaran > PUS > PUS Hamil", "PUS Hamil", "Hamil", "Ibu Hamil"),
        "no_water": (
            "Penapisan > Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak",
            "Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak",
            "Keluarga Tidak Mempunyai Sumber Air Minum Utama yang Layak", "Sumber Air Minum Tidak Layak",
            "Air Minum Tidak Layak",
        ),
        "no_latrine": (
            "Penapisan > Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Jamban yang Layak",
            "Fasilitas Lingkungan Tidak Sehat > Keluarga Tidak Mempunyai Jamban yang Layak",
            "Keluarga Tidak Mempunyai Jamban yang Layak", "Jamban Tidak Layak",
        ),
        "mother_too_young": (
            "Penapisan > PUS > PUS 4 Terlalu > Terlalu Muda (Umur Istri < 20 Tahun)",
            "PUS 4 Terlalu > Terlalu Muda (Umur Istri < 20 Tahun)", "Terlalu Muda (Umur Istri < 20 Tahun)",
            "Terlalu Muda", "PUS 4 Terlalu Muda",
        ),
        "mother_too_old": (
            "Penapisan > PUS > PUS 4 Terlalu > Terlalu Tua (Umur Istri 35 sd 40 Tahun)",
            "PUS 4 Terlalu > Terlalu Tua (Umur Istri 35 sd 40 Tahun)", "Terlalu Tua (Umur Istri 35 sd 40 Tahun)",
            "Terlalu Tua (Umur Istri 35-40 Tahun)", "Terlalu Tua (Umur Istri 35 Tahun s/d 40 Tahun)", "Terlalu Tua",
            "PUS 4 Terlalu Tua",
        ),
        "births_too_close": (
            "Penapisan > PUS > PUS 4 Terlalu > Terlalu Dekat (< 2 Tahun)", "PUS 4 Terlalu > Terlalu Dekat (< 2 Tahun)",
            "Terlalu Dekat (< 2 Tahun)", "Terlalu Dekat", "PUS 4 Terlalu Dekat",
        ),
        "children_too_many": (
            "Penapisan > PUS > PUS 4 Terlalu > Terlalu Banyak (≥ 3 Anak)", "PUS 4 Terlalu > Terlalu Banyak (≥ 3 Anak)",
            "Terlalu Banyak (≥ 3 Anak)", "Terlalu Banyak", "PUS 4 Terlalu Banyak",
        ),
        "four_too": (
            "Penapisan > PUS > PUS 4 Terlalu > PUS 4 Terlalu", "PUS 4 Terlalu > PUS 4 Terlalu",
            "Penapisan > PUS > PUS 4 Terlalu", "PUS 4 Terlalu", "PUS 4T",
        ),
        "no_modern_contraception": (
            "Penapisan > PUS > Bukan Peserta KB Modern", "PUS > Bukan Peserta KB Modern", "Bukan Peserta KB Modern",
        ),
        "assistance": ("Jenis Pendampingan yang Diterima", "Jenis Pendampingan", "Pendampingan"),
        "rank": ("Peringkat Kesejahteraan", "Tingkat Kesejahteraan"),
        "stunting_risk": ("Risiko Stunting", "Resiko Stunting", "Status KRS", "Keluarga Berisiko Stunting"),
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    identity=(("kk",),),
    derive=_four_too,
    absent_is_none=True,
    listed=(
        "wife_name", "child_0_23", "child_24_59", "pregnant", "no_water", "no_latrine", "four_too",
        "no_modern_contraception", "assistance",
    ),
    measures=(
        Measure("krs_families", "families"),
        *(
            _families(field)
            for field in (
                "no_water", "no_latrine", "four_too", "no_modern_contraception", "pregnant", "child_0_23",
                "child_24_59",
            )
        ),
    ),
    breakdowns=(Breakdown("factors", (Measure("families", "families"),), {"factors": _factors}),),
    indicators=_INDICATORS,
)
# fmt: on
