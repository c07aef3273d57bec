"""e-PPGBM: growth of children under five (Ministry of Health), one row a measurement of a child."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Breakdown, Measure
from data.definitions.problems import Problem
from data.definitions.registers import Check, Layout, Register
from data.definitions.shared import MONTHS, band, sex
from data.definitions.spellings import COMMON, common
from data.wording import N_

STUNTED_BELOW: Final = -2.0
SEVERELY_BELOW: Final = -3.0
IMPLAUSIBLE: Final = 6.0
"""WHO takes a height-for-age z-score beyond ±6 for a mistake of measuring or writing."""
TALL_ABOVE: Final = 3.0
ROUNDED: Final = 0.01
"""Files write z-scores with two decimals, the word beside them was chosen before rounding."""
DISAGREE: Final = 0.5
MOST_MONTHS: Final = 72
"""The application also keeps pre-school children up to their sixth birthday."""


def _status(values: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    """Whether a child is stunted, as far as the row tells: the TB/U word, else the file's z-score, else the computed
    one where it is plausible.
    """
    return {
        "stunted": _told(values, ("stunted", "severely_stunted"), STUNTED_BELOW),
        "severely_stunted": _told(values, ("severely_stunted",), SEVERELY_BELOW),
    }


def _told(values: Mapping[str, ir.Value], words: tuple[str, ...], below: float) -> ir.BooleanValue:
    told: list[ir.Value] = []
    if "height_for_age" in values:
        told.append(values["height_for_age"].isin(words))
    if "height_for_age_z" in values:
        told.append(values["height_for_age_z"] < below)
    if "haz_computed" in values:
        z = values["haz_computed"].round(2)
        told.append(ibis.ifelse(z.abs() <= IMPLAUSIBLE, z < below, ibis.null("boolean")))
    return ibis.coalesce(*told, ibis.null("boolean"))


def _word_disagrees(word: ir.StringValue, z: ir.FloatingValue) -> ir.BooleanValue:
    lowest = word.cases(("stunted", SEVERELY_BELOW), ("normal", STUNTED_BELOW), ("tall", TALL_ABOVE), else_=None)
    highest = word.cases(
        ("severely_stunted", SEVERELY_BELOW), ("stunted", STUNTED_BELOW), ("normal", TALL_ABOVE), else_=None
    )
    return (z < lowest - ROUNDED).fill_null(False) | (z > highest + ROUNDED).fill_null(False)


_IMPLAUSIBLE: Final = Problem(
    "zscore_implausible", "warning", N_("Implausible z-score"),
    N_("In {rows} rows a z-score is below −6 or above 6: weight, height, sex or birth date must be wrong."),
    N_("Check the measurement and the birth date; measure the child again."),
)  # fmt: skip

_CHECKS: Final = (
    Check(
        Problem(
            "measured_before_birth", "warning", N_("Measured before birth"),
            N_("In {rows} rows the measurement is earlier than the birth date."),
            N_("Correct the birth date or the date of the measurement."),
        ),
        ("birth_date", "measured_on"),
        lambda born, measured: measured < born,
    ),
    Check(
        Problem(
            "child_age_impossible", "warning", N_("Not a child under five"),
            N_("In {rows} rows the child was younger than nought or older than 72 months when it was measured."),
            N_("Correct the age or the birth date."),
        ),
        ("age_at_measurement",),
        lambda months: (months < 0) | (months > MOST_MONTHS),
    ),
    *(
        Check(_IMPLAUSIBLE, (field,), lambda z: z.abs() > IMPLAUSIBLE)
        for field in ("height_for_age_z", "weight_for_age_z", "weight_for_height_z")
    ),
    Check(
        Problem(
            "height_word_disagrees", "warning", N_("TB/U disagrees with its z-score"),
            N_("In {rows} rows the word in TB/U is another one than its z-score says. The word counts."),
            N_("Check the measurement in e-PPGBM."),
        ),
        ("height_for_age", "height_for_age_z"),
        _word_disagrees,
    ),
    Check(
        Problem(
            "height_score_disagrees", "warning", N_("Z-score disagrees with the height"),
            N_(
                "In {rows} rows the height-for-age z-score of the file is more than 0.5 away from the one computed from"
                " sex, age and height (WHO 2006). The file's counts."
            ),
            N_("Check sex, birth date, date of the measurement and height."),
        ),
        ("height_for_age_z", "haz_computed"),
        lambda written, computed: (written - computed).abs() > DISAGREE,
    ),
)  # fmt: skip

_Z_RULE: Final = N_("standard deviations from the WHO median; comma, point or colon as the decimal sign")
_OWN: Final = (
    Field("birth_weight", N_("Birth weight (kg)"), "weight", "health", N_("kilograms; grams are converted"), "3,1"),
    Field("birth_length", N_("Birth length (cm)"), "height", "health", N_("centimetres"), "49"),
    Field("health_centre", N_("Puskesmas (health centre)"), "text", "open", example="PUUWATU"),
    Field("posyandu", N_("Posyandu (health post)"), "text", "naming", example="MELATI 1"),
    Field("parent_nik", N_("NIK of the parent"), "nik", "identifier", N_("16 digits"), "7471014101909001"),
    Field(
        "age_at_measurement", N_("Age at the measurement (months)"), "age_months", "personal",
        N_("years, months and days in words, or months"), "2 Tahun - 3 Bulan - 5 Hari",
    ),
    Field("measured_on", N_("Date of the measurement"), "date", "open", "", "2021-08-14"),
    Field("weight", N_("Weight (kg)"), "weight", "health", N_("kilograms; grams are converted"), "10,4"),
    Field("height", N_("Height (cm)"), "height", "health", N_("centimetres, lying or standing"), "81,5"),
    Field("measured_how", N_("Way of measuring"), "words", "personal", N_("lying or standing"), "Berdiri"),
    Field("lila", N_("Upper-arm circumference (cm)"), "number", "health", N_("centimetres"), "14,2"),
    Field("weight_for_age", N_("Weight for age (BB/U)"), "words", "personal", "", "Berat Badan Normal"),
    Field("weight_for_age_z", N_("Weight for age, z-score"), "zscore", "health", _Z_RULE, "-1,31"),
    Field(
        "height_for_age", N_("Height for age (TB/U)"), "height_status", "personal",
        N_("Sangat Pendek, Pendek, Normal or Tinggi"), "Pendek",
    ),
    Field("height_for_age_z", N_("Height for age, z-score"), "zscore", "health", _Z_RULE, "-2,31"),
    Field("weight_for_height", N_("Weight for height (BB/TB)"), "words", "personal", "", "Gizi Baik"),
    Field("weight_for_height_z", N_("Weight for height, z-score"), "zscore", "health", _Z_RULE, "-0,40"),
    Field("weight_gained", N_("Weight gained"), "words", "health", N_("as the register writes it"), "N"),
    Field("food_received", N_("Extra food received (kg)"), "number", "health", N_("kilograms"), "1,5"),
    Field("vitamin_a", N_("Vitamin A doses"), "whole", "health", N_("a whole number"), "1"),
    Field("development", N_("Development (KPSP)"), "words", "health", N_("as the register writes it")),
    Field("mother_child_book", N_("Mother and child book (KIA)"), "words", "personal", "", "Ya"),
    Field("detail", N_("Detail"), "text", "naming"),
    Field("mothers_class", N_("Class for mothers of under-fives"), "words", "personal", "", "Ya"),
    Field("free_meals", N_("Free nutritious meals (MBG)"), "yes_no", "open", example="Ya"),
    Field(
        "haz_computed", N_("Height for age, computed z-score"), "haz", "health",
        N_("computed from sex, age and height with the WHO growth standards of 2006"), "-2.28",
    ),
    Field(
        "stunted", N_("Stunted"), "risk", "personal",
        N_("TB/U Pendek or Sangat Pendek; else its z-score below −2; else the computed one"), "1",
    ),
    Field(
        "severely_stunted", N_("Severely stunted"), "risk", "personal",
        N_("TB/U Sangat Pendek; else its z-score below −3; else the computed one"), "2",
    ),
)  # fmt: skip

_SOURCE: Final = N_("e-PPGBM (Ministry of Health), by-name list of measurements")

_INDICATORS: Final = (
    Indicator(
        key="stunting_share",
        label=N_("Stunted among the measured"),
        unit="share",
        numerator="stunted",
        denominator="measured",
        numerator_label=N_("stunted children"),
        denominator_label=N_("children measured"),
        definition=N_(
            "Stunted children divided by measured children, each child by its newest measurement whose status can be"
            " read: TB/U Pendek or Sangat Pendek, else a height-for-age z-score below −2 (exactly −2.00 is not), else"
            " the z-score computed with the WHO standards of 2006. A child is one NIK; where it is masked or missing,"
            " one name, birth date, parent and posyandu. It counts where e-PPGBM puts it. It is not the prevalence of"
            " the surveys (SSGI, SKI): who was not measured is not in it."
        ),
        source=_SOURCE,
        registers=("eppgbm",),
        good="low",
        breaks=(0.025, 0.10, 0.20, 0.30),  # the classes of WHO and UNICEF, 2018
        behind=("stunted", "yes"),
        behind_label=N_("See {count} stunted children"),
    ),
    Indicator(
        key="stunting_children",
        label=N_("Stunted children"),
        unit="children",
        numerator="stunted",
        denominator=None,
        numerator_label=N_("stunted children"),
        denominator_label="",
        definition=N_("Children whose newest measurement with a readable status says stunted; each child counts once."),
        source=_SOURCE,
        registers=("eppgbm",),
        behind=("stunted", "yes"),
        behind_label=N_("See {count} stunted children"),
    ),
    Indicator(
        key="stunting_measured",
        label=N_("Children measured"),
        unit="children",
        numerator="measured",
        denominator=None,
        numerator_label=N_("children measured"),
        denominator_label="",
        definition=N_("Children with at least one measurement whose status can be read; each child counts once."),
        source=_SOURCE,
        registers=("eppgbm",),
        behind=("stunted", "measured"),
        behind_label=N_("See {count} children measured"),
    ),
)

_MEASURES: Final = (
    Measure("children", "units"),
    Measure("measured", "units", ("stunted",), lambda rows: rows.stunted.notnull(), newest=True),
    Measure("stunted", "units", ("stunted",), lambda rows: rows.stunted, newest=True),
    Measure("severely_stunted", "units", ("stunted",), lambda rows: rows.severely_stunted, newest=True),
)


def age_in_months(rows: ir.Table) -> ir.IntegerValue:
    """Full months of age at the measurement: as the file says it, else by its dates; null where neither can be true."""
    none = ibis.null("int64")
    there = set(rows.columns)
    told = [rows.age_at_measurement.floor().cast("int64")] if "age_at_measurement" in there else []
    if {"birth_date", "measured_on"} <= there:
        born, day = rows.birth_date, rows.measured_on
        whole = (day.year() - born.year()) * 12 + day.month() - born.month()
        told.append((whole - (day.day() < born.day()).cast("int64")).cast("int64"))
    return ibis.coalesce(*(ibis.ifelse(months.between(0, MOST_MONTHS), months, none) for months in told), none)


def _months(rows: ir.Table, _: date) -> ir.Value:
    """The age at the measurement that speaks for the child."""
    return band(age_in_months(rows), MONTHS)


# fmt: off
_CLASSIC: Final = (
    "counter", "nik", "name", "sex", "birth_date", "birth_weight", "birth_length", "parent_name", "province", "kabkota",
    "kecamatan", "health_centre", "kelurahan", "posyandu", "rt", "rw", "address", "age_at_measurement", "measured_on",
    "weight", "height", "measured_how", "lila", "weight_for_age", "weight_for_age_z", "height_for_age",
    "height_for_age_z", "weight_for_height", "weight_for_height_z", "weight_gained", "food_received", "vitamin_a",
    "development", "mother_child_book", "detail",
)

REGISTER = Register(
    key="eppgbm",
    label=N_("e-PPGBM (growth of children under five)"),
    row_is=N_("a measurement of a child"),
    grain="measurement",
    kept_months=36,
    needs_one_of=("height_for_age", "height_for_age_z", "height", "measured_on"),
    needs=5,
    telling=(
        "height_for_age", "height_for_age_z", "weight_for_age", "weight_for_height", "posyandu", "measured_on",
        "measured_how", "lila", "birth_weight",
    ),
    belongs_elsewhere=("Desil Nasional", "Desil Kesejahteraan", "PUS Hamil", "Jenis PPKS", "Nama Program"),
    layouts=(
        Layout("classic_35", N_("e-PPGBM export, 35 columns"), _CLASSIC),
        Layout(
            "classic_37",
            N_("e-PPGBM export with mothers' class and free meals, 37 columns"),
            (*_CLASSIC, "mothers_class", "free_meals"),
        ),
    ),
    spellings={
        **common("counter"),
        "nik": (*COMMON["nik"], "NIK Anak", "NIK Balita"),
        **common("kk"),
        "name": (*COMMON["name"], "Nama Anak", "Nama Balita"),
        **common("sex", "birth_date"),
        "birth_weight": (
            "BB Lahir", "Berat Lahir", "Berat Badan Lahir", "BB Lahir (kg)", "Berat Lahir (kg)",
            "Berat Lahir - Sasaran (kg)",
        ),
        "birth_length": (
            "TB Lahir", "PB Lahir", "Panjang Lahir", "Panjang Badan Lahir", "TB Lahir (cm)", "Panjang Lahir (cm)",
            "Panjang Lahir - Sasaran (cm)",
        ),
        "parent_name": (
            "Nama Ortu", "Nama Orang Tua", "Nama Orangtua", "Nama Ibu", "Nama Ayah/Ibu", "Nama Orang Tua (Ibu/Ayah)",
        ),
        "parent_nik": ("NIK Ortu", "NIK Orang Tua", "NIK Ibu"),
        "phone": (*COMMON["phone"], "No HP Orang Tua", "No HP Ortu"),
        **common("province", "kabkota", "kecamatan"),
        "health_centre": ("Puskesmas", "Pukesmas", "Nama Puskesmas", "PKM"),
        **common("kelurahan", "area_code"),
        "posyandu": ("Posyandu", "Nama Posyandu"),
        **common("rt", "rw", "address"),
        "age_at_measurement": (
            "Usia Saat Ukur", "Umur Saat Ukur", "Usia Ukur", "Usia (Bulan)", "Umur (Bulan)", "Usia Saat Pengukuran",
        ),
        "measured_on": ("Tanggal Pengukuran", "Tgl Pengukuran", "Tanggal Ukur", "Tgl Ukur", "Tanggal Penimbangan"),
        "weight": ("Berat", "BB", "Berat Badan", "Berat (kg)", "BB (kg)", "Berat Badan (kg)"),
        "height": ("Tinggi", "TB", "PB/TB", "TB/PB", "Tinggi Badan", "Tinggi (cm)", "TB (cm)", "Tinggi Badan (cm)"),
        "measured_how": ("Cara Ukur", "Cara Pengukuran", "Posisi Ukur"),
        "lila": ("LiLA", "LiLA (cm)", "Lingkar Lengan Atas"),
        "weight_for_age": ("BB/U", "Status BB/U"),
        "weight_for_age_z": ("ZS BB/U", "Z-Score BB/U", "Zscore BB/U"),
        "height_for_age": ("TB/U", "PB/U", "Status TB/U", "PB/U atau TB/U"),
        "height_for_age_z": ("ZS TB/U", "ZS PB/U", "Z-Score TB/U", "Zscore PB/U"),
        "weight_for_height": ("BB/TB", "BB/PB", "Status BB/TB", "Status Gizi"),
        "weight_for_height_z": ("ZS BB/TB", "ZS BB/PB", "Z-Score BB/TB", "Zscore BB/PB"),
        "weight_gained": ("Naik Berat Badan", "Naik BB", "N/T"),
        "food_received": ("PMT Diterima (kg)", "PMT Diterima"),
        "vitamin_a": ("Jml Vit A", "Jumlah Vit A", "Jumlah Vitamin A"),
        "development": ("KPSP",),
        "mother_child_book": ("KIA", "Buku KIA"),
        "detail": ("Detail", "Detail Status"),
        "mothers_class": ("Kelas Ibu Balita",),
        "free_meals": ("MBG", "Makan Bergizi Gratis"),
    },
    own_fields=_OWN,
    identity=(("nik",), ("name", "birth_date", "parent_name", "posyandu")),
    newest_by="measured_on",
    speaks="stunted",
    derive=_status,
    listed=(
        "sex", "birth_date", "parent_name", "posyandu", "measured_on", "age_at_measurement", "height", "height_for_age",
        "height_for_age_z", "stunted",
    ),
    checks=_CHECKS,
    measures=_MEASURES,
    breakdowns=(
        Breakdown("months", _MEASURES[1:], {"sex": sex, "months": _months}, ("stunted",), lambda rows: rows.newest),
    ),
    indicators=_INDICATORS,
)
# fmt: on
