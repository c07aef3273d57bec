"""Outreach (P3S): persons reached in streets and other public places, one row a reach; a flow, not a stock."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Breakdown, Measure
from data.definitions.registers import Register
from data.definitions.shared import AGE_POSSIBLE
from data.definitions.spellings import AREAS, COMMON, common
from data.wording import N_

# fmt: off
_ANSWERS: Final = {
    "outreach_type": {
        "Gelandangan": ("Tuna Wisma",),
        "Pengemis": (),
        "Wanita": ("WTS", "Wanita Tuna Susila", "PSK"),
        "Waria": (),
        "Kusta": ("Penderita Kusta", "Eks Kusta"),
        "Pengamen": (),
        "Pemulung": (),
        "Psikotik/ODMK": (
            "Psikotik", "ODMK", "ODGJ", "Orang dengan Masalah Kejiwaan", "Orang dengan Gangguan Jiwa",
        ),
        "Kotak Amal": ("Peminta Sumbangan", "Kotak Sumbangan"),
        "Asongan": ("Pedagang Asongan",),
        "Joki": ("Joki Three in One", "Joki 3 in 1"),
        "Pak Ogah": ("Polisi Cepek",),
        "Tukang Pijit": ("Tukang Pijat",),
        "Anak Jalanan": ("Anjal",),
        "Lain-lain": ("Lainnya", "Lain"),
    },
}
"""What the lists write for an answer, by field and answer: the 15 types of P3S and what else they are called."""

_OWN: Final = (
    Field("reached_on", N_("Reached on"), "date", "open", N_("a day up to the date of the data"), "2022-04-12"),
    Field("reached_at", N_("Place of the reach"), "text", "naming", "", "Perempatan Matraman"),
    Field(
        "outreach_type", N_("Type of the person reached"), "words", "personal",
        N_("one of the 15 types of P3S"), "Pengamen",
    ),
    Field("follow_up", N_("Follow-up"), "words", "personal", N_("as the list writes it"), "Dirujuk ke panti"),
)

_INDICATORS: Final = (
    Indicator(
        key="outreach_reaches",
        label=N_("Reached in the streets"),
        unit="reaches",
        numerator="outreach_reaches",
        denominator=None,
        numerator_label=N_("reaches"),
        denominator_label="",
        definition=N_(
            "Rows of the newest outreach list (P3S) that is not after the asked date; every reach counts, also of a"
            " person who was reached before. It is a flow and never added to the PPKS register."
        ),
        source=N_("Outreach list of the social agency (P3S)"),
        registers=("outreach",),
        behind=("category", "*"),
        behind_label=N_("See {count} reaches"),
    ),
)

REGISTER = Register(
    key="outreach",
    label=N_("Outreach (P3S)"),
    row_is=N_("a reach"),
    grain="event",
    needs_one_of=("outreach_type",),
    needs=4,
    telling=("reached_on", "reached_at"),
    belongs_elsewhere=("Desil Nasional", "Desil Kesejahteraan", "PUS Hamil", "TB/U", "Nama Program"),
    layouts=(),
    spellings={
        **common("counter"),
        "reached_on": (
            "Tanggal Penjangkauan", "Tgl Penjangkauan", "Tanggal Jangkauan", "Tgl Jangkauan", "Tanggal", "Tgl",
            "Tanggal Terjangkau", "Waktu Penjangkauan",
        ),
        "reached_at": (
            "Lokasi Penjangkauan", "Lokasi Jangkauan", "Lokasi", "Tempat Penjangkauan", "Titik Penjangkauan",
            "Lokasi Terjangkau",
        ),
        **common(*AREAS),
        "outreach_type": (
            "Jenis PMKS", "Jenis PPKS", "Kategori PMKS", "Kategori PPKS", "PMKS", "PPKS", "Jenis Penjangkauan",
            "Kategori Penjangkauan", "Hasil Penjangkauan",
        ),
        "name": (*COMMON["name"], "Nama PMKS", "Nama PPKS", "Nama Klien", "Nama WBS"),
        **common("nik", "kk", "sex", "birth_place", "birth_date", "age"),
        "address": (*COMMON["address"], "Alamat Asal"),
        "follow_up": ("Tindak Lanjut", "Penanganan", "Rujukan", "Dirujuk ke", "Panti Rujukan"),
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    identity=(),
    dated_by=("reached_on",),
    category="outreach_type",
    categories=tuple(_ANSWERS["outreach_type"]),
    stock=False,
    absent_is_none=True,
    listed=("reached_on", "reached_at", "outreach_type", "sex", "age", "follow_up"),
    checks=(AGE_POSSIBLE,),
    measures=(Measure("outreach_reaches", "rows"),),
    breakdowns=(
        Breakdown(
            "months", (Measure("outreach_reaches", "rows"),),
            {"month": lambda rows, _: rows.reached_on.strftime("%Y-%m")}, needs=("reached_on",), by_category=True,
        ),
    ),
    indicators=_INDICATORS,
)
# fmt: on
