"""What a column of a register means: every field, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from data.wording import N_

Kind = Literal[
    "counter", "text", "name", "nik", "kk", "identifier", "date", "sex", "yes_no", "dukcapil", "area", "code"
]
Sensitivity = Literal["open", "personal", "identifier"]


@dataclass(frozen=True)
class Field:
    """A field of a register.

    `kind` decides how its values are cleaned and checked. `sensitivity` says who may see it: "identifier"
    is masked unless asked for in full, "personal" stays within by-name lists, "open" may be counted by.
    """

    key: str
    label: str
    kind: Kind
    sensitivity: Sensitivity
    rule: str = ""
    example: str = ""


_ALL: Final = (
    Field("counter", N_("Row number in the list"), "counter", "open", example="1"),
    Field(
        "family_register_id",
        N_("Family number of the register"),
        "identifier",
        "identifier",
        N_("ID DTKS, IDBDT or ID Keluarga as the register writes it"),
        "CONTOH-7471-000123",
    ),
    Field(
        "person_register_id",
        N_("Person number of the register"),
        "identifier",
        "identifier",
        N_("IDARTBDT or ID Individu as the register writes it"),
        "CONTOH-7471-000123-01",
    ),
    Field("province", N_("Province"), "area", "open", example="SULAWESI TENGGARA"),
    Field("kabkota", N_("Kabupaten or kota"), "area", "open", example="KOTA KENDARI"),
    Field("kecamatan", N_("Kecamatan"), "area", "open", example="KADIA"),
    Field("kelurahan", N_("Kelurahan or desa"), "area", "open", example="BENDE"),
    Field(
        "area_code",
        N_("Area code"),
        "code",
        "open",
        N_("Kemendagri or BPS code of the kelurahan; dots may be missing"),
        "74.71.08.1001",
    ),
    Field("address", N_("Address"), "text", "personal", example="JL. MELATI NO. 5"),
    Field("hamlet", N_("Dusun or lingkungan"), "text", "personal", example="LINGKUNGAN II"),
    Field("rt", N_("RT"), "text", "personal", example="003"),
    Field("rw", N_("RW"), "text", "personal", example="001"),
    Field(
        "kk",
        N_("Family card number (No. KK)"),
        "kk",
        "identifier",
        N_("16 digits; apostrophes, spaces and dots are taken out"),
        "7471010101129001",
    ),
    Field(
        "nik",
        N_("NIK"),
        "nik",
        "identifier",
        N_("16 digits; apostrophes, spaces and dots are taken out; a float form has lost its last digits"),
        "7471014101909001",
    ),
    Field("name", N_("Name"), "name", "personal", example="SITI CONTOH"),
    Field(
        "birth_date",
        N_("Birth date"),
        "date",
        "personal",
        N_("a day between 1900 and the date of the data"),
        "1990-01-01",
    ),
    Field("birth_place", N_("Birth place"), "text", "personal", example="KENDARI"),
    Field("sex", N_("Sex"), "sex", "open", N_("L or P, also written out or 1 and 2"), "P"),
    Field("occupation", N_("Occupation"), "text", "personal", example="PEDAGANG"),
    Field("mother_name", N_("Mother's maiden name"), "name", "personal", example="WA CONTOH"),
    Field("relation", N_("Relation to the head of the family"), "text", "personal", example="ISTRI"),
    Field(
        "dukcapil",
        N_("Match with the civil registry (Dukcapil)"),
        "dukcapil",
        "open",
        N_("padan or tidak padan; blank and - are unknown"),
        "PADAN",
    ),
    Field("dukcapil_matched_on", N_("Last match with the civil registry"), "date", "open", "", "2020-11-02"),
    Field(
        "updated_on",
        N_("Last update of the record"),
        "date",
        "open",
        N_("a day up to the date of the data"),
        "2020-11-02",
    ),
    Field("registered_on", N_("First decree that lists the person"), "text", "open", example="Oktober 2019"),
    Field("deceased_note", N_("Note on death"), "text", "personal"),
    Field("disability", N_("Disability"), "text", "personal"),
    Field("bpnt", N_("BPNT"), "yes_no", "open", example="YA"),
    Field("pkh", N_("PKH"), "yes_no", "open", example="YA"),
    Field("bpnt_ppkm", N_("BPNT-PPKM"), "yes_no", "open", example="TIDAK"),
    Field("pbi_jkn", N_("PBI JKN"), "yes_no", "open", example="YA"),
    Field("bst", N_("BST"), "yes_no", "open", example="TIDAK"),
    Field("blt", N_("BLT"), "yes_no", "open", example="TIDAK"),
    Field("blt_bbm", N_("BLT BBM"), "yes_no", "open", example="TIDAK"),
    Field("rutilahu", N_("RUTILAHU"), "yes_no", "open", example="TIDAK"),
)

FIELDS: Final[dict[str, Field]] = {field.key: field for field in _ALL}
PROGRAMMES: Final[tuple[str, ...]] = tuple(field.key for field in _ALL if field.kind == "yes_no")
"""Fields that say whether a programme is received, in the order of the export's columns."""
