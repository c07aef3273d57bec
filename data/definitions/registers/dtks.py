"""DTKS: the integrated social-welfare register (Ministry of Social Affairs), one row a person."""

from typing import Final

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.registers import Layout, Register
from data.definitions.shared import AGE_POSSIBLE
from data.definitions.spellings import AREA_CODES, AREAS, COMMON, HOUSING, common
from data.wording import N_

_SOURCE: Final = N_("DTKS (Ministry of Social Affairs, SIKS-NG export), by-name register")
_UPDATE_BREAKS: Final = (0.30, 0.45, 0.60, 0.75)

_INDICATORS: Final = (
    Indicator(
        key="dtks_updated_share",
        label=N_("Persons updated"),
        unit="share",
        numerator="updated_persons",
        denominator="persons",
        numerator_label=N_("persons whose record was updated within the window"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons whose record was updated within the window, divided by all persons registered, at the date of the"
            " data. The window is the 24 months that end on that date (after the same day two years earlier, up to and"
            " including the date), or starts on the chosen day. A record without a readable update date is registered"
            " and not updated. Where the file carries no update date at all, a record counts as updated when it"
            " differs from the previous snapshot, and the figure is marked as derived."
        ),
        source=_SOURCE,
        good="high",
        breaks=_UPDATE_BREAKS,
        behind=("updated", "no"),
        behind_label=N_("See {count} persons not updated"),
        counted=("updated", "yes"),
    ),
    Indicator(
        key="dtks_updated_family_share",
        label=N_("Families updated"),
        unit="share",
        numerator="updated_families",
        denominator="families",
        numerator_label=N_("families with at least one updated member"),
        denominator_label=N_("families registered"),
        definition=N_(
            "Families with at least one member whose record was updated within the window, divided by all families"
            " registered. A family is one family card number (No. KK), else one family number of the register, else"
            " the row alone."
        ),
        source=_SOURCE,
        good="high",
        breaks=_UPDATE_BREAKS,
        behind=("family_updated", "no"),
        behind_label=N_("See {count} families not updated"),
        counted=("family_updated", "yes"),
    ),
    Indicator(
        key="nik_valid_share",
        label=N_("NIK matched by Dukcapil"),
        unit="share",
        numerator="dukcapil_matched",
        denominator="persons",
        numerator_label=N_("persons marked as matched with the civil registry (Dukcapil)"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons whom the register marks as matched with the civil registry (Dukcapil), divided by all persons"
            " registered. A blank mark is unknown: it is neither valid nor invalid and has its own share."
        ),
        source=_SOURCE,
        good="high",
        breaks=(0.60, 0.75, 0.85, 0.95),
        behind=("dukcapil", "open"),
        behind_label=N_("See {count} persons not matched or not checked"),
        counted=("dukcapil", "yes"),
    ),
    Indicator(
        key="nik_unknown_share",
        label=N_("NIK not yet checked"),
        unit="share",
        numerator="dukcapil_unknown",
        denominator="persons",
        numerator_label=N_("persons without a mark of the civil registry"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons for whom the register carries no mark of the civil registry (Dukcapil), divided by all persons"
            " registered."
        ),
        source=_SOURCE,
        good="low",
        breaks=(0.02, 0.05, 0.10, 0.20),
        behind=("dukcapil", "unknown"),
        behind_label=N_("See {count} persons not checked"),
    ),
    Indicator(
        key="dtks_persons",
        label=N_("Persons registered"),
        unit="persons",
        numerator="persons",
        denominator=None,
        numerator_label=N_("persons registered"),
        denominator_label="",
        definition=N_(
            "Accepted rows of the register; a row that repeats another one completely counts once. A NIK that stands in"
            " several rows is reported, not removed."
        ),
        source=_SOURCE,
        behind=("updated", "*"),
        behind_label=N_("See all {count} persons"),
    ),
    Indicator(
        key="dtks_families",
        label=N_("Families registered"),
        unit="families",
        numerator="families",
        denominator=None,
        numerator_label=N_("families registered"),
        denominator_label="",
        definition=N_(
            "Different family card numbers (No. KK); where there is none, the family number of the register; else the"
            " row alone."
        ),
        source=_SOURCE,
        behind=("updated", "*"),
        behind_label=N_("See all {count} families"),
    ),
    Indicator(
        key="dtks_unplaced",
        label=N_("Without a kelurahan"),
        unit="rows",
        numerator="unplaced",
        denominator=None,
        numerator_label=N_("rows whose kelurahan is not recognised"),
        denominator_label="",
        definition=N_(
            "Rows whose kelurahan could not be recognised. They count for the kecamatan or the city that could be read,"
            " and for no kelurahan."
        ),
        source=_SOURCE,
        good="low",
        behind=("placed", "no"),
        behind_label=N_("See {count} rows without a kelurahan"),
    ),
)

# fmt: off
_ANSWERS: Final = {
    "presence": {
        "Terkonfirmasi": ("1",),
        "Tidak Terkonfirmasi": ("2",),
        "Ganda": ("3",),
        "Meninggal": ("4",),
        "Tidak tercatat dalam dokumen kependudukan": (
            "5", "Tidak Memiliki/Belum tercatat dalam dokumen kependudukan",
        ),
    },
}
"""What the register writes for an answer, by field and answer."""

_OWN: Final = (
    Field(
        "presence", N_("Presence"), "words", "personal",
        N_("1 confirmed, 2 not confirmed, 3 twice, 4 deceased, 5 without civil documents"), "Terkonfirmasi",
    ),
    Field("percentile", N_("Percentile of welfare"), "number", "personal", N_("0 to 100"), "12"),
    Field("welfare_status", N_("Welfare status"), "words", "personal", N_("as the register writes it")),
)

_SIKSNG = (
    "family_register_id", "province", "kabkota", "kecamatan", "kelurahan", "address", "hamlet", "rt", "rw", "kk",
    "nik", "name", "birth_date", "birth_place", "sex", "occupation", "mother_name", "relation", "dukcapil", "bpnt",
    "pkh", "bpnt_ppkm", "pbi_jkn",
)

REGISTER = Register(
    key="dtks",
    label=N_("DTKS (integrated social-welfare data)"),
    row_is=N_("a person"),
    needs_one_of=("name", "nik"),
    needs=4,
    telling=("family_register_id", "person_register_id", "registered_on", "bpnt_ppkm", "rutilahu", "blt_bbm"),
    belongs_elsewhere=(
        "Desil Kesejahteraan", "Desil Nasional", "ID Keluarga P3KE", "id_jenis_kelamin", "sts_kawin",
        "Jenjang Tertinggi yang Diduduki", "Luas Lantai", "TB/U", "ZS TB/U", "BB/U", "Tanggal Pengukuran",
        "Posyandu", "Jenis PPKS", "Kategori PPKS", "Jenis PMKS", "Kategori PMKS", "Nama Program",
        "Nama Kepala Keluarga", "PUS Hamil",
    ),
    layouts=(
        Layout("siksng_23", N_("SIKS-NG export, 23 columns"), _SIKSNG),
        Layout(
            "siksng_25",
            N_("SIKS-NG export with update dates, 25 columns"),
            (*_SIKSNG, "updated_on", "dukcapil_matched_on"),
        ),
        Layout(
            "siksng_lookup",
            N_("SIKS-NG lookup screen, 17 columns"),
            (
                "counter", "kk", "nik", "name", "address", "registered_on", "dukcapil_matched_on", "bpnt", "bst", "pkh",
                "pbi_jkn", "bpnt_ppkm", "blt", "blt_bbm", "rutilahu", "deceased_note", "disability",
            ),
        ),
        Layout(
            "siksng_lookup_keys",
            N_("SIKS-NG lookup screen, its data"),
            (
                "kk", "nik", "name", "address", "registered_on", "dukcapil_matched_on", "bpnt", "bst", "pkh",
                "pbi_jkn", "bpnt_ppkm", "blt", "blt_bbm", "rutilahu", "deceased_note", "disability",
            ),
        ),
        Layout(
            "bdt_household",
            N_("BDT staging table, households"),
            (
                "family_register_id", "code_province", "code_kabkota", "code_kecamatan", "area_code", "address",
                "hamlet", "name", "family_members", "pkh", "pbi_jkn", "bpnt", "house_ownership", "floor", "wall",
                "roof", "drinking_water", "toilet", "presence", "percentile", "welfare_status", "updated_on", "kk",
            ),
            grain="family",
        ),
        Layout(
            "bdt_member",
            N_("BDT staging table, members"),
            (
                "person_register_id", "family_register_id", "name", "sex", "birth_place", "birth_date", "nik", "kk",
                "relation", "age", "marital_status", "pregnant", "disability", "chronic_illness",
                "school_participation", "employment", "presence", "mother_name", "bst", "updated_on",
            ),
        ),
    ),
    spellings={
        **common("counter"),
        "family_register_id": (
            "ID DTKS", "IDDTKS", "IDBDT", "ID BDT", "ID Keluarga DTKS", "ID Ruta", "ID Semesta",
        ),
        "person_register_id": ("IDARTBDT", "ID ART BDT", "ID ART", "IDARTDTKS"),
        **common(*AREA_CODES, *AREAS, "address", "hamlet", "rt", "rw", "kk", "nik"),
        "name": (*COMMON["name"], "Nama KRT"),
        **common(
            "birth_date", "birth_place", "age", "sex", "occupation", "mother_name", "relation", "family_members",
        ),
        "marital_status": ("Sta Kawin", "Status Perkawinan"),
        "pregnant": ("Sta Hamil", "Status Hamil"),
        **common("dukcapil"),
        "dukcapil_matched_on": (
            "Terakhir Padan Capil", "Tanggal Padan", "padankan_at", "Tgl Padan Capil", "Padan Terakhir",
        ),
        "updated_on": (
            "LastUpdateData", "Last Update", "Last Update Data", "Tanggal Pemutakhiran", "Tanggal Update", "Tgl Update",
            "Terakhir Update", "Tanggal Mutakhir", "Terakhir Diperbarui", "Tanggal Perubahan", "updated_at",
            "Tanggal Pembaruan", "Tgl Pemutakhiran", "Update Terakhir", "Pemutakhiran Terakhir",
        ),
        "registered_on": ("Masuk SK DTKS Pertama", "FIRST_SK", "SK DTKS Pertama"),
        "deceased_note": ("Keterangan Meninggal",),
        **common("disability", "chronic_illness", "school_participation", "employment"),
        "presence": (
            "Sta Keberadaan ART", "Sta Keberadaan RT", "Keberadaan ART", "Status Keberadaan", "Keberadaan",
        ),
        "percentile": ("Percentile", "Persentil"),
        "welfare_status": ("Status Kesejahteraan",),
        **common(*HOUSING),
        **common("bpnt", "pkh"),
        "bpnt_ppkm": ("BANSOS BPNT-PPKM", "BPNT PPKM", "BNPT_PPKM", "Bansos_Bnpnt_Ppkm"),
        **common("pbi_jkn", "bst"),
        "blt": ("BLT", "Bansos BLT"),
        "blt_bbm": ("BLT BBM", "Bansos BLT BBM"),
        "rutilahu": ("RUTILAHU", "Bansos RUTILAHU"),
    },
    own_fields=_OWN,
    answers=_ANSWERS,
    updated=True,
    checks=(AGE_POSSIBLE,),
    indicators=_INDICATORS,
)
# fmt: on
