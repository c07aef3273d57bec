"""PPKS: persons who need social-welfare services, in 26 categories (social agencies); a stock, one row a person."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Breakdown, Measure
from data.definitions.registers import Register
from data.definitions.shared import AGE_POSSIBLE, age_group, sex
from data.definitions.spellings import AREAS, COMMON, common
from data.wording import N_

# fmt: off
_ANSWERS: Final = {
    "ppks_category": {
        "Anak Balita Terlantar": ("Balita Terlantar", "ABT"),
        "Anak Terlantar": ("AT", "Anak Telantar"),
        "Anak Berhadapan dengan Hukum": ("ABH", "Anak yang Berhadapan dengan Hukum"),
        "Anak Jalanan": ("Anjal",),
        "Anak dengan Kedisabilitasan": ("ADK", "Anak dengan Disabilitas", "Anak Penyandang Disabilitas", "Anak Cacat"),
        "Anak Korban Tindak Kekerasan": (
            "Anak yang Menjadi Korban Tindak Kekerasan", "Anak Korban Kekerasan",
            "Anak yang Menjadi Korban Tindak Kekerasan atau Diperlakukan Salah",
        ),
        "Anak Memerlukan Perlindungan Khusus": ("AMPK", "Anak yang Memerlukan Perlindungan Khusus"),
        "Lanjut Usia Terlantar": ("Lansia Terlantar", "LUT", "Lanjut Usia Telantar", "Lansia Telantar"),
        "Penyandang Disabilitas": ("PD", "Penyandang Cacat", "Paca", "Disabilitas", "Difabel"),
        "Tuna Susila": ("TS", "WTS", "PSK"),
        "Gelandangan": (),
        "Pengemis": (),
        "Pemulung": (),
        "Kelompok Minoritas": (),
        "Bekas Warga Binaan Lembaga Pemasyarakatan": (
            "BWBLP", "Bekas Narapidana", "Eks Narapidana", "Bekas Warga Binaan Pemasyarakatan",
            "Bekas Warga Binaan Lembaga Kemasyarakatan",
        ),
        "Orang dengan HIV/AIDS": ("ODHA", "Orang dengan HIV AIDS (ODHA)", "Penderita HIV/AIDS"),
        "Korban Penyalahgunaan NAPZA": ("KPN", "Korban NAPZA", "Korban Penyalahgunaan Narkoba"),
        "Korban Trafficking": ("Korban Perdagangan Orang", "Korban Traficking"),
        "Korban Tindak Kekerasan": ("KTK",),
        "Pekerja Migran Bermasalah Sosial": ("PMBS", "Pekerja Migran Bermasalah"),
        "Korban Bencana Alam": ("KBA",),
        "Korban Bencana Sosial": ("KBS",),
        "Perempuan Rawan Sosial Ekonomi": ("PRSE", "Wanita Rawan Sosial Ekonomi"),
        "Fakir Miskin": ("FM", "Keluarga Fakir Miskin"),
        "Keluarga Bermasalah Sosial Psikologis": ("KBSP", "Keluarga Bermasalah Sosial Psikologi"),
        "Komunitas Adat Terpencil": ("KAT",),
    },
}
"""What the lists write for an answer, by field and answer: the 26 categories, abbreviations, older names."""

_OWN: Final = (
    Field(
        "ppks_category", N_("PPKS category"), "words", "personal",
        N_("one of 26 categories; several are kept with a semicolon between them"), "Lanjut Usia Terlantar",
    ),
)

_SOURCE: Final = N_("PPKS register of the social agency, by-name list")

_INDICATORS: Final = (
    Indicator(
        key="ppks_persons",
        label=N_("PPKS registered"),
        unit="persons",
        numerator="ppks_persons",
        denominator=None,
        numerator_label=N_("persons registered as PPKS"),
        denominator_label="",
        definition=N_(
            "Different persons (by NIK, else by row) in the newest PPKS register. A person in two of the 26 categories"
            " counts in both and once in the total. It is a stock; persons reached in the streets are another list and"
            " are never added to it."
        ),
        source=_SOURCE,
        registers=("ppks",),
        behind=("category", "*"),
        behind_label=N_("See {count} persons of the PPKS register"),
    ),
    Indicator(
        key="ppks_per_1000",
        label=N_("PPKS per 1,000 residents"),
        unit="per_1000",
        numerator="ppks_persons",
        denominator="population",
        numerator_label=N_("persons registered as PPKS"),
        denominator_label=N_("population"),
        definition=N_(
            "Different persons (by NIK, else by row) in the newest PPKS register, divided by the newest population that"
            " is not after the asked date, times 1,000."
        ),
        source=N_("PPKS register of the social agency; population of Dukcapil"),
        registers=("ppks",),
        denominator_registers=("population",),
        behind=("category", "*"),
        behind_label=N_("See {count} persons of the PPKS register"),
    ),
)

REGISTER = Register(
    key="ppks",
    label=N_("PPKS (persons in need of social-welfare services)"),
    row_is=N_("a person in need of social-welfare services"),
    needs_one_of=("ppks_category",),
    needs=4,
    telling=("ppks_category",),
    belongs_elsewhere=(
        "Tanggal Penjangkauan", "Tanggal Jangkauan", "Lokasi Penjangkauan", "Lokasi Jangkauan", "Desil Nasional",
        "Desil Kesejahteraan", "PUS Hamil", "TB/U", "Nama Program",
    ),
    layouts=(),
    spellings={
        **common("counter"),
        "nik": (*COMMON["nik"], "NIK PPKS", "NIK PMKS"),
        **common("kk"),
        "name": (*COMMON["name"], "Nama PPKS", "Nama PMKS"),
        **common("sex", "birth_place", "birth_date", "age", *AREAS, "address", "hamlet", "rt", "rw"),
        "ppks_category": (
            "Jenis PPKS", "Kategori PPKS", "Jenis PMKS", "Kategori PMKS", "Kriteria PPKS", "PPKS", "PMKS",
            "Jenis Penyandang Masalah Kesejahteraan Sosial", "Pemerlu Pelayanan Kesejahteraan Sosial",
        ),
        **common("disability", "education", "occupation", "marital_status", "mother_name", "relation", "phone"),
        "dukcapil": COMMON["dukcapil"],
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    category="ppks_category",
    categories=tuple(_ANSWERS["ppks_category"]),
    absent_is_none=True,
    listed=("ppks_category", "sex", "birth_date", "age", "disability", "occupation"),
    checks=(AGE_POSSIBLE,),
    measures=(Measure("ppks_persons", "units"),),
    breakdowns=(
        Breakdown(
            "sex_age", (Measure("ppks_persons", "units"),), {"sex": sex, "age_group": age_group}, by_category=True,
        ),
    ),
    indicators=_INDICATORS,
)
# fmt: on
