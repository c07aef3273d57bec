"""What the records of two registers are compared in, and by which degrees: shared by the linkages.

Conditions are SQL over the columns of `data.linkage.records`, `…_l` of the left and `…_r` of the right record. Besides
what every engine has they use `any_same(a, b)`, `any_alike(a, b)` and `any_part(a, b)`,
`all_alike(a, b)`, `all_in(a, b)`, `how_many(a)` over lists of words or names: see `data.linkage.model`.
"""

from typing import Final

from data.definitions.linkages import Agreement, Comparison
from data.wording import N_


def _either(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _name_of(key: str, label: str, column: str) -> Comparison:
    """The names under `column` ("name" or "wife"): how they are written, how they sound, which words they share. A head
    or a wife may also be found among the other adults of the family.
    """
    sound_l, sound_r = f"{column}_sound_l", f"{column}_sound_r"
    solid_l, solid_r = f"{column}_solid_l", f"{column}_solid_r"
    words_l, words_r = f"{column}_words_l", f"{column}_words_r"
    rare_l, rare_r = f"{column}_rare_l", f"{column}_rare_r"
    member = f"any_alike([{sound_l}], parents_r)"
    others = Agreement("member", N_("another adult of the family has the name"), member)
    unknown = _either(f"{column}_sound")
    if key == "name":
        found: tuple[Agreement, ...] = ()
    else:
        found, unknown = (others,), f"({unknown}) AND NOT coalesce({member}, FALSE)"
    return Comparison(
        key,
        label,
        unknown,
        (
            Agreement(
                "same",
                N_("the same, abbreviations written out"),
                f"{column}_canonical_l = {column}_canonical_r",
                f"{column}_canonical",
            ),
            Agreement("sound", N_("sounds the same"), f"{sound_l} = {sound_r}", f"{column}_sound"),
            Agreement(
                "order",
                N_("the same words, joined or in another order"),
                f"{solid_l} = {solid_r} OR {column}_sorted_l = {column}_sorted_r",
            ),
            Agreement(
                "letters",
                N_("one or two letters differ"),
                f"levenshtein({solid_l}, {solid_r}) <= if(length({solid_l}) >= 9, 2, 1)"
                f" OR levenshtein({column}_sorted_l, {column}_sorted_r) <= if(length({solid_l}) >= 9, 2, 1)",
            ),
            Agreement(
                "initials",
                N_("a word is shortened to its initial"),
                f"{column}_initials_l = {column}_initials_r AND any_same({words_l}, {words_r})"
                f" AND (regexp_matches({column}_canonical_l, '\\b[A-Z]\\b')"
                f" OR regexp_matches({column}_canonical_r, '\\b[A-Z]\\b'))",
            ),
            Agreement(
                "words",
                N_("a word is missing or added, a rare one is the same"),
                f"(all_in({words_l}, {words_r}) OR all_in({words_r}, {words_l})) AND any_same({rare_l}, {rare_r})",
            ),
            *found,
            Agreement("rare_word", N_("a rare word is the same"), f"any_same({rare_l}, {rare_r})"),
            Agreement(
                "common_words",
                N_("a word is missing or added, a common one is the same"),
                f"all_in({words_l}, {words_r}) OR all_in({words_r}, {words_l})",
            ),
            Agreement(
                "called",
                N_("one is the beginning or the end of the other"),
                f"length({solid_l}) >= 3 AND length({solid_r}) >= 3 AND ("
                f"contains(concat({sound_r}, ' '), concat({solid_l}, ' '))"
                f" OR contains(concat(' ', {sound_r}), concat(' ', {solid_l}))"
                f" OR contains(concat({sound_l}, ' '), concat({solid_r}, ' '))"
                f" OR contains(concat(' ', {sound_l}), concat(' ', {solid_r})))",
            ),
            Agreement(
                "alike",
                N_("similar"),
                f"levenshtein({solid_l}, {solid_r}) <= 0.34 * greatest(length({solid_l}), length({solid_r}))",
            ),
        ),
    )


NAME: Final = _name_of("name", N_("Name"), "name")
HEAD: Final = _name_of("head", N_("Head of the family"), "name")
WIFE: Final = _name_of("wife", N_("Wife"), "wife")

BIRTH: Final = Comparison(
    "birth",
    N_("Birth date"),
    _either("birth"),
    (
        Agreement("same", N_("the same"), "birth_l = birth_r", "birth"),
        Agreement("swapped", N_("day and month swapped"), "birth_swapped_l = birth_r"),
        Agreement("slip", N_("one digit differs"), "levenshtein(birth_l, birth_r) = 1"),
        Agreement("other_year", N_("the same day and month of another year"), "birth_tail_l = birth_tail_r"),
        Agreement("near", N_("within a month"), "abs(birth_day_l - birth_day_r) <= 31"),
        Agreement("two_digits", N_("two digits differ"), "levenshtein(birth_l, birth_r) = 2"),
        Agreement("years", N_("within two years"), "abs(birth_day_l - birth_day_r) <= 730"),
    ),
)

SEX: Final = Comparison("sex", N_("Sex"), _either("sex"), (Agreement("same", N_("the same"), "sex_l = sex_r"),))

PARENTS: Final = Comparison(
    "parents",
    N_("Parents"),
    _either("parents"),
    (
        Agreement(
            "both",
            N_("both names are the same"),
            "how_many(parents_l) > 1 AND all_in(parents_l, parents_r)",
        ),
        Agreement("both_alike", N_("one or two letters of both names differ"), "all_alike(parents_l, parents_r)"),
        Agreement("rare", N_("a rare name is the same"), "any_same(rare_parents_l, rare_parents_r)"),
        Agreement("same", N_("a name is the same"), "any_same(parents_l, parents_r)"),
        Agreement("alike", N_("one or two letters of a name differ"), "any_alike(parents_l, parents_r)"),
        Agreement("word", N_("a rare word of a name is the same"), "any_same(parent_words_l, parent_words_r)"),
        Agreement("part", N_("a name is part of the other"), "any_part(parents_l, parents_r)"),
    ),
)

RESIDENCE: Final = Comparison(
    "residence",
    N_("Kelurahan"),
    _either("kecamatan"),
    (
        Agreement("kelurahan", N_("the same"), "kelurahan_l = kelurahan_r"),
        Agreement("neighbour", N_("a neighbouring one"), "list_contains(neighbours_l, kelurahan_r)"),
        Agreement("kecamatan", N_("another one of the same kecamatan"), "kecamatan_l = kecamatan_r"),
    ),
)

_RT: Final = "rt_l = rt_r AND rw_l = rw_r"
_HOUSE: Final = "street_l = street_r AND house_l = house_r"
ADDRESS: Final = Comparison(
    "address",
    N_("Address"),
    "kelurahan_l IS NULL OR kelurahan_r IS NULL OR kelurahan_l <> kelurahan_r"
    f" OR ({_either('rt')}) AND ({_either('street')})",
    (
        Agreement("home", N_("the same RT, RW and house"), f"{_RT} AND {_HOUSE}"),
        Agreement("house", N_("the same house"), _HOUSE),
        Agreement("rt_and_street", N_("the same RT, RW and street"), f"{_RT} AND street_l = street_r"),
        Agreement("rt", N_("the same RT and RW"), _RT),
        Agreement("street", N_("the same street"), "street_l = street_r"),
    ),
    among="l.kelurahan = r.kelurahan",
)

NIK: Final = Comparison(
    "nik",
    N_("NIK"),
    _either("nik"),
    (
        Agreement(
            "parents",
            N_("the NIK of a parent named in the record"),
            "nik_l = nik_r AND any_alike([name_sound_r], parents_l) AND birth_l IS DISTINCT FROM birth_r",
        ),
        Agreement("same", N_("the same"), "nik_l = nik_r"),
        Agreement("slip", N_("one digit differs"), "levenshtein(nik_l, nik_r) <= 1"),
        Agreement("relative", N_("the NIK of an adult of the family"), "any_same(niks_l, niks_r)"),
    ),
    among="l.birth = r.birth AND l.kecamatan = r.kecamatan",
)

NIK_SHOWN: Final = Comparison(
    "nik_shown",
    N_("Masked NIK"),
    "(nik_shown_l IS NULL OR nik_r IS NULL) AND (nik_shown_r IS NULL OR nik_l IS NULL)",
    (Agreement("same", N_("the digits shown agree"), "nik_l LIKE nik_shown_r OR nik_r LIKE nik_shown_l"),),
    among="l.birth = r.birth AND l.kecamatan = r.kecamatan",
)

MEMBERS: Final = Comparison(
    "members",
    N_("NIK of members"),
    _either("niks"),
    (Agreement("same", N_("a NIK is that of a member"), "any_same(niks_l, niks_r)"),),
    among="l.kelurahan = r.kelurahan",
)

KK: Final = Comparison(
    "kk",
    N_("No. KK"),
    _either("kk"),
    (
        Agreement("same", N_("the same"), "kk_l = kk_r"),
        Agreement("slip", N_("one or two digits differ"), "levenshtein(kk_l, kk_r) <= 2"),
    ),
    among="l.kelurahan = r.kelurahan",
)

MOTHERS_AGE: Final = Comparison(
    "mothers_age",
    N_("Mother's age"),
    _either("mother_years"),
    (
        Agreement(
            "possible",
            N_("a woman of the family can be the mother"),
            "any_same(mother_years_l, mother_years_r)",
        ),
    ),
)
