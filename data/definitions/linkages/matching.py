"""The rules by which persons and families are found, and what is weighed where none decides: shared by linkages."""

from typing import Final

from data.definitions.linkages import Candidates, Model, Rule
from data.definitions.linkages.comparisons import (
    ADDRESS,
    BIRTH,
    HEAD,
    KK,
    MEMBERS,
    MOTHERS_AGE,
    NAME,
    NIK,
    NIK_SHOWN,
    PARENTS,
    RESIDENCE,
    SEX,
    WIFE,
)
from data.wording import N_

_NAMED: Final = "name IN ('same', 'sound', 'order', 'letters', 'initials', 'words', 'rare_word', 'common_words')"
_WELL_NAMED: Final = "name IN ('same', 'sound', 'order', 'letters', 'initials', 'words')"
_PARENTS: Final = "parents IN ('both', 'both_alike', 'rare', 'same', 'alike')"
_CONFIRMED: Final = (
    "name IN ('same', 'sound', 'order', 'letters') OR (name IN ('initials', 'words') AND birth <> 'differs')"
    " OR birth IN ('same', 'swapped')"
)
"""Members of a family share words of their names, and a mother's NIK may stand in her child's record."""

PERSON_RULES: Final = (
    Rule(
        "SAME_NIK_AND_NAME_OR_BIRTH_DATE",
        N_("Same NIK, confirmed"),
        N_("Both records have the same valid NIK, and the birth date or the name agrees."),
        when=f"nik = 'same' AND ({_CONFIRMED})",
    ),
    Rule(
        "SAME_NIK_OTHER_PERSON",
        N_("Same NIK, not confirmed"),
        N_("Both records have the same NIK, but neither name nor birth date confirms it: one of the two may be wrong."),
        links=False,
        when="nik = 'same'",
    ),
    Rule(
        "SAME_NAME_BIRTH_DATE_AND_KELURAHAN",
        N_("Same name, birth date and kelurahan"),
        N_(
            "Name, birth date and kelurahan are the same, no other record on either side has all three, and neither"
            " the parents' names nor another complete NIK speaks against it."
        ),
        when="name = 'same' AND birth = 'same' AND residence = 'kelurahan' AND parents <> 'differs'"
        " AND nik <> 'differs' AND nik_shown <> 'differs' AND sex <> 'differs'",
        unique=True,
    ),
    Rule(
        "SIMILAR_PERSON",
        N_("Similar person"),
        N_(
            "No single thing proves it, but name, birth date, sex, parents, residence and NIK together make it likely"
            " that both records are of the same person."
        ),
    ),
)

PERSON_MODEL: Final = Model(
    rule="SIMILAR_PERSON",
    finds="person",
    candidates=(
        Candidates("l.nik = r.nik", always=True),
        Candidates("l.birth = r.birth AND l.kecamatan = r.kecamatan"),
        Candidates("l.birth = r.birth AND l.name_words = r.name_words", each=("name_words",)),
        Candidates("l.name_sorted = r.name_sorted AND l.birth_year = r.birth_year"),
        Candidates("l.name_sorted = r.name_sorted AND l.kelurahan = r.kelurahan"),
        Candidates("l.birth_swapped = r.birth AND l.kecamatan = r.kecamatan"),
        Candidates("l.rare_parents = r.rare_parents AND l.kecamatan = r.kecamatan", each=("rare_parents",)),
        Candidates("l.rare_parents = r.rare_parents AND l.birth_year = r.birth_year", each=("rare_parents",)),
        Candidates("l.parents = r.parents AND l.kelurahan = r.kelurahan", each=("parents",)),
        Candidates("l.niks = r.niks", each=("niks",)),
        Candidates("l.kk = r.kk"),
        Candidates("l.birth_tail = r.birth_tail AND l.kelurahan = r.kelurahan"),
        Candidates(
            "l.name_rare = r.name_rare AND l.kelurahan = r.kelurahan AND l.birth_year = r.birth_year",
            each=("name_rare",),
        ),
        Candidates("l.kelurahan = r.kelurahan AND l.rw = r.rw AND l.rt = r.rt AND l.birth_year = r.birth_year"),
    ),
    comparisons=(NAME, BIRTH, SEX, PARENTS, RESIDENCE, ADDRESS, NIK, NIK_SHOWN, KK),
    accept_at=0.9,
    review_at=0.2,
    asks="nik IN ('same', 'slip') OR birth IN ('same', 'swapped', 'slip', 'other_year')"
    f" OR birth <> 'differs' AND (name = 'unknown' OR {_WELL_NAMED})"
    " OR birth = 'unknown' AND name <> 'differs'",
    # Twins share all but the name, which may be alike, brothers and sisters all but the birth date, and namesakes both
    # of these.
    settles=f"({_NAMED} OR (name IN ('alike', 'called', 'unknown') AND birth = 'same' AND {_PARENTS}"
    " AND sex <> 'differs'))"
    " AND (birth <> 'differs' OR nik IN ('same', 'slip'))"
    " AND (parents <> 'differs' OR address IN ('home', 'house', 'rt_and_street', 'rt') OR nik IN ('same', 'slip'))"
    " AND NOT (sex = 'differs' AND nik = 'differs')"
    " AND (name IN ('same', 'sound', 'order', 'initials', 'words', 'called', 'unknown')"
    " OR (NOT (nik = 'differs' AND birth <> 'same') AND sex <> 'differs'"
    " AND birth IN ('same', 'swapped', 'slip', 'unknown')))",
)

PARENT_RULES: Final = (
    Rule(
        "SAME_KK_AND_PARENT",
        N_("Parent in the family with the same number"),
        N_("The No. KK is the same, or a NIK in the child's record is that of a member, and a parent's name agrees."),
        finds="family",
        when=f"(kk = 'same' OR members = 'same') AND {_PARENTS}",
    ),
    Rule(
        "PARENTS_IN_FAMILY",
        N_("Parents in the family"),
        N_("The parents' names, the residence and the mother's age make it likely that this is the child's family."),
        finds="family",
    ),
)

PARENT_MODEL: Final = Model(
    rule="PARENTS_IN_FAMILY",
    finds="family",
    candidates=(
        Candidates("l.kk = r.kk"),
        Candidates("l.niks = r.niks", each=("niks",)),
        Candidates("l.parents = r.parents AND l.kecamatan = r.kecamatan", each=("parents",)),
        Candidates("l.rare_parents = r.rare_parents", each=("rare_parents",)),
        Candidates("l.parent_words = r.parent_words AND l.kelurahan = r.kelurahan", each=("parent_words",)),
        Candidates("l.parents = r.parents AND l.rw = r.rw AND l.rt = r.rt", each=("parents",)),
        Candidates("l.kelurahan = r.kelurahan AND l.rw = r.rw AND l.rt = r.rt"),
        Candidates("l.kelurahan = r.kelurahan AND l.street = r.street AND l.house = r.house"),
    ),
    comparisons=(PARENTS, RESIDENCE, ADDRESS, KK, MEMBERS, MOTHERS_AGE),
    accept_at=0.8,
    review_at=0.2,
    asks="parents NOT IN ('differs', 'unknown') OR kk = 'same' OR members = 'same'",
    settles=f"{_PARENTS} OR (parents IN ('word', 'part') AND address IN ('home', 'house', 'rt_and_street'))",
)

_HEADED: Final = "head NOT IN ('differs', 'unknown') OR wife NOT IN ('differs', 'unknown')"

FAMILY_RULES: Final = (
    Rule(
        "SAME_KK_AND_NAME",
        N_("Same No. KK, confirmed"),
        N_("The No. KK is the same, and the name of the head or of the wife agrees."),
        finds="family",
        when=f"kk = 'same' AND ({_HEADED})",
    ),
    Rule(
        "SAME_KK_OTHER_FAMILY",
        N_("Same No. KK, another family"),
        N_("The No. KK is the same, but no name agrees: one of the two has a wrong number."),
        links=False,
        finds="family",
        when="kk = 'same'",
    ),
    Rule(
        "NIK_OF_MEMBER_AND_NAME",
        N_("NIK of a member, confirmed"),
        N_("The NIK of the head or of the wife is that of a member of the family, and a name agrees."),
        finds="family",
        when=f"members = 'same' AND ({_HEADED})",
    ),
    Rule(
        "SAME_HEAD_WIFE_AND_KELURAHAN",
        N_("Same head, wife and kelurahan"),
        N_("Head, wife and kelurahan are the same, and no other family on either side has all three."),
        finds="family",
        when="head = 'same' AND wife = 'same' AND residence = 'kelurahan'",
        unique=True,
    ),
    Rule(
        "SIMILAR_FAMILY",
        N_("Similar family"),
        N_(
            "No single thing proves it, but the names of head and wife, the numbers and the residence together make it"
            " likely that both records are of the same family."
        ),
        finds="family",
    ),
)

FAMILY_MODEL: Final = Model(
    rule="SIMILAR_FAMILY",
    finds="family",
    candidates=(
        Candidates("l.kk = r.kk", always=True),
        Candidates("l.niks = r.niks", each=("niks",)),
        Candidates("l.name_sorted = r.name_sorted AND l.kelurahan = r.kelurahan"),
        Candidates("l.wife_sorted = r.wife_sorted AND l.kelurahan = r.kelurahan"),
        Candidates("l.name_sound = r.name_sound AND l.wife_sound = r.wife_sound"),
        Candidates("l.rare_parents = r.rare_parents", each=("rare_parents",)),
        Candidates("l.parents = r.parents AND l.kecamatan = r.kecamatan", each=("parents",)),
        Candidates("l.parent_words = r.parent_words AND l.kelurahan = r.kelurahan", each=("parent_words",)),
    ),
    comparisons=(HEAD, WIFE, KK, MEMBERS, RESIDENCE, ADDRESS),
    accept_at=0.9,
    review_at=0.2,
    settles=_HEADED,
)
