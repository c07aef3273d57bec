"""What a column of a register means: every field, declared once."""

from dataclasses import dataclass
from typing import Final, Literal

from data.wording import N_

Kind = Literal[
    "counter", "text", "name", "nik", "kk", "identifier", "date", "sex", "yes_no", "dukcapil", "area", "code",
    "decile", "number", "whole", "zscore", "height_status", "risk", "words", "weight", "height", "age_months", "haz",
]  # fmt: skip
Sensitivity = Literal["open", "personal", "naming", "health", "identifier"]
SEVERAL: Final = "; "
"""What stands between several answers in one cell, and between the parts of a category."""


@dataclass(frozen=True)
class Field:
    """A field of a register.

    `kind` decides how its values are cleaned and checked. `sensitivity` says who may see it: "open" may be counted by,
    "personal" stays within lists of people, "naming" (tells who or where somebody is) and "health" (measurements and
    illnesses) are shown to those who see names, "identifier" is masked unless asked for in full. A status that a figure
    counts by, such as stunted, is personal.
    """

    key: str
    label: str
    kind: Kind
    sensitivity: Sensitivity
    rule: str = ""
    example: str = ""


SHARED: Final = (
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
    Field("address", N_("Address"), "text", "naming", example="JL. MELATI NO. 5"),
    Field("hamlet", N_("Dusun or lingkungan"), "text", "naming", example="LINGKUNGAN II"),
    Field("rt", N_("RT"), "text", "naming", example="003"),
    Field("rw", N_("RW"), "text", "naming", example="001"),
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
    Field("name", N_("Name"), "name", "naming", example="SITI CONTOH"),
    Field(
        "birth_date",
        N_("Birth date"),
        "date",
        "naming",
        N_("a day between 1900 and the date of the data"),
        "1990-01-01",
    ),
    Field("birth_place", N_("Birth place"), "text", "naming", example="KENDARI"),
    Field("sex", N_("Sex"), "sex", "open", N_("L or P, also written out or 1 and 2"), "P"),
    Field("occupation", N_("Occupation"), "text", "personal", example="PEDAGANG"),
    Field("mother_name", N_("Mother's maiden name"), "name", "naming", example="WA CONTOH"),
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
    Field("deceased_note", N_("Note on death"), "text", "naming"),
    Field("disability", N_("Disability"), "text", "personal"),
    Field("bpnt", N_("BPNT"), "yes_no", "open", example="YA"),
    Field("pkh", N_("PKH"), "yes_no", "open", example="YA"),
    Field("bpnt_ppkm", N_("BPNT-PPKM"), "yes_no", "open", example="TIDAK"),
    Field("pbi_jkn", N_("PBI JKN"), "yes_no", "open", example="YA"),
    Field("bst", N_("BST"), "yes_no", "open", example="TIDAK"),
    Field("blt", N_("BLT"), "yes_no", "open", example="TIDAK"),
    Field("blt_bbm", N_("BLT BBM"), "yes_no", "open", example="TIDAK"),
    Field("rutilahu", N_("RUTILAHU"), "yes_no", "open", example="TIDAK"),
    Field("bpum", N_("BPUM"), "yes_no", "open", example="TIDAK"),
    Field("sembako", N_("Sembako"), "yes_no", "open", example="YA"),
    Field("prakerja", N_("Prakerja"), "yes_no", "open", example="TIDAK"),
    Field("kur", N_("KUR"), "yes_no", "open", example="TIDAK"),
    Field("pbi_local", N_("PBI of the local government"), "yes_no", "open", example="TIDAK"),
    Field(
        "decile",
        N_("Decile of welfare"),
        "decile",
        "personal",
        N_("1 to 10; a range such as 6-10, Belum Ada Desl, - and blank are not determined"),
        "1",
    ),
    Field(
        "family_members",
        N_("Members of the family"),
        "whole",
        "personal",
        N_("a whole number, as the register says"),
        "4",
    ),
    Field("rank", N_("Rank of welfare"), "text", "personal"),
    Field("marital_status", N_("Marital status"), "text", "personal", example="KAWIN"),
    Field("education", N_("Education"), "text", "personal", example="SMP"),
    Field("father_name", N_("Father's name"), "name", "naming", example="LA CONTOH"),
    Field("parent_name", N_("Parent's name"), "name", "naming", example="WA CONTOH"),
    Field("elderly", N_("Elderly"), "text", "personal"),
    Field("phone", N_("Telephone"), "identifier", "identifier", example="0812"),
    Field("stunting_risk", N_("Risk of stunting"), "risk", "personal", N_("1 yes, 2 no, 3 does not apply"), "1"),
    Field("code_province", N_("Code of the province"), "code", "open", N_("full code of Kemendagri or BPS"), "74"),
    Field(
        "code_kabkota",
        N_("Code of the kabupaten or kota"),
        "code",
        "open",
        N_("full code, or the part after that of the province"),
        "74.71",
    ),
    Field(
        "code_kecamatan",
        N_("Code of the kecamatan"),
        "code",
        "open",
        N_("full code, or the part after that of the kabupaten or kota"),
        "74.71.08",
    ),
    Field("age", N_("Age"), "whole", "personal", N_("in full years, 0 to 120"), "34"),
    Field("pregnant", N_("Pregnant"), "risk", "personal", N_("1 yes, 2 no, 3 does not apply"), "2"),
    Field("chronic_illness", N_("Chronic illness"), "words", "health", N_("as the register writes it"), "Hipertensi"),
    Field(
        "school_participation", N_("School attendance"), "words", "personal", N_("as the register writes it"),
        "Masih sekolah",
    ),
    Field("employment", N_("In work"), "words", "personal", N_("as the register writes it"), "Bekerja"),
    Field(
        "house_ownership", N_("Ownership of the house"), "words", "personal", N_("as the register writes it"),
        "Milik sendiri",
    ),
    Field("floor", N_("Floor of the house"), "words", "personal", N_("as the register writes it"), "Semen"),
    Field("wall", N_("Walls of the house"), "words", "personal", N_("as the register writes it"), "Tembok"),
    Field("roof", N_("Roof of the house"), "words", "personal", N_("as the register writes it"), "Seng"),
    Field("drinking_water", N_("Drinking water"), "words", "personal", N_("as the register writes it"), "Sumur bor"),
    Field("lighting", N_("Lighting"), "words", "personal", N_("as the register writes it"), "Listrik PLN"),
    Field("cooking_fuel", N_("Cooking fuel"), "words", "personal", N_("as the register writes it"), "Gas 3 kg"),
    Field("toilet", N_("Toilet"), "words", "personal", N_("as the register writes it"), "Sendiri"),
)  # fmt: skip
"""Fields that several registers have; a register declares beside itself what only it has."""
