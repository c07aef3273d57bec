"""Needs of families, the programmes that answer them, and the offices that act: declared once, read by every screen.

A programme is one entry of PROGRAMMES, a need one of NEEDS. Their conditions speak of FACTS, what the registers
together tell about a registered person; a fact that no register tells is null, and a condition that comes out as null
cannot be decided. Who fulfils a programme's condition is only ever *potentially eligible*: a deliberation decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import ibis.expr.types as ir

from data.area import within
from data.wording import N_

Grain = Literal["person", "family"]
Condition = Callable[[ir.Table], ir.BooleanValue]
LOW_INCOME: Final = 4
"""The highest decile that counts as low income."""


@dataclass(frozen=True)
class Agency:
    """An office that acts. `does` is what a list of names is handed to it for."""

    key: str
    label: str
    does: str


@dataclass(frozen=True)
class Need:
    """Something that a family lacks, and which office answers it. `where` is asked of every person; of grain "family"
    it concerns the family as a whole, which its first person stands for.
    """

    key: str
    label: str
    definition: str
    agency: str
    do: str
    facts: tuple[str, ...]
    where: Condition
    grain: Grain = "person"


@dataclass(frozen=True)
class Amount:
    """Rupiah per what (a message), and for whom where that differs (a message)."""

    rupiah: int
    per: str
    whom: str = ""


@dataclass(frozen=True)
class Terms:
    """What a programme gives from `since` (None: from its beginning) until the next terms begin, and who says so."""

    since: date | None
    amounts: tuple[Amount, ...]
    basis: str


@dataclass(frozen=True)
class Programme:
    """A programme of a region (code; "" is the whole country) that answers a need.

    `eligible` is the condition of being potentially eligible, over `facts`. A person receives it where the register has
    one of the yes/no `fields` set, or where a list of recipients has one of `words` as its programme. `strand` is which
    of the region's lines of work it belongs to (a key of STRANDS).
    """

    key: str
    label: str
    agency: str
    need: str
    facts: tuple[str, ...]
    eligible: Condition
    definition: str
    region: str = ""
    grain: Grain = "person"
    strand: str = "expenses"
    fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    terms: tuple[Terms, ...] = ()

    def terms_on(self, day: date) -> Terms | None:
        """The terms in force on a day; None where none are declared.

        >>> PROGRAMMES["klj"].terms_on(date(2022, 6, 30)).amounts[0].rupiah
        600000
        """
        begun = [one for one in self.terms if one.since is None or one.since <= day]
        return begun[-1] if begun else None


FACTS: Final[Mapping[str, str]] = {
    "age": N_("birth date or age"),
    "elderly": N_("birth date, age or the mark for the elderly"),
    "alone": N_("family card"),
    "pupil": N_("school attendance or occupation"),
    "jobless": N_("work or occupation"),
    "disability": N_("disability (the register's own field, PPKS or DTSEN)"),
    "orphan": N_("parent who died of Covid-19"),
    "neglected_child": N_("PPKS category"),
    "decile": N_("decile of welfare (DTSEN or P3KE)"),
    "insured": N_("health insurance paid by the state (PBI)"),
    "stunted": N_("stunting (e-PPGBM)"),
    "at_risk": N_("families at risk of stunting (KRS)"),
    "no_water": N_("drinking water (KRS)"),
    "no_latrine": N_("latrine (KRS)"),
    "nik_usable": N_("NIK"),
    "dukcapil": N_("match with the civil registry (Dukcapil)"),
}
"""What is known about a registered person, and where it is found: age in full years, decile 1 to 10 of the family, the
others yes or no. `data.eligibility` gathers them.
"""

AGENCIES: Final[Mapping[str, Agency]] = {
    one.key: one
    for one in (
        Agency("dinsos", N_("Social Agency (Dinsos)"), N_("social assistance and social care")),
        Agency("disdik", N_("Education Agency (Disdik)"), N_("school, equivalence classes, costs of schooling")),
        Agency("disnaker", N_("Manpower Agency (Disnaker)"), N_("training and placement in work")),
        Agency("dinkes", N_("Health Agency (Dinkes)"), N_("health, nutrition, sanitation")),
        Agency("puskesos", N_("Puskesos (social service post)"), N_("visits, and corrections of the register")),
    )
}

STRANDS: Final[Mapping[str, str]] = {
    "data": N_("Validate the data"),
    "expenses": N_("Relieve expenses"),
    "income": N_("Raise income"),
    "area": N_("Improve the area"),
}
"""The four lines of work against poverty, as Jakarta named them in February 2023."""


def _poor(facts: ir.Table) -> ir.BooleanValue:
    poor: ir.BooleanValue = facts.decile <= LOW_INCOME
    return poor


NEEDS: Final[Mapping[str, Need]] = {
    one.key: one
    for one in (
        Need(
            "income", N_("Low income"), N_("The family stands in deciles 1 to 4."), "dinsos",
            N_("Propose the family for social assistance in the kelurahan deliberation."), ("decile",), _poor,
            grain="family",
        ),
        Need(
            "nutrition", N_("Stunted child"),
            N_("A stunted child of e-PPGBM stands in the register, or belongs to the family."), "dinkes",
            N_("Have Puskesmas and Posyandu follow the child up, with extra food."), ("stunted",),
            lambda facts: facts.stunted,
        ),
        Need(
            "schooling", N_("Child out of school"),
            N_("A person of 7 to 18 years whose record does not say that it attends school."), "disdik",
            N_("Visit the child; offer school, or Paket A, B or C."), ("age", "pupil"),
            lambda facts: facts.age.between(7, 18) & ~facts.pupil,
        ),
        Need(
            "school_costs", N_("Costs of schooling"),
            N_("A pupil of 6 to 21 years in a family of deciles 1 to 4."), "disdik",
            N_("Check the pupil's papers and propose help with the costs."), ("age", "pupil", "decile"),
            lambda facts: facts.age.between(6, 21) & facts.pupil & _poor(facts),
        ),
        Need(
            "work", N_("Without work"),
            N_("A person of 19 to 59 years whose record says that there is no work."), "disnaker",
            N_("Invite to training, a job fair or placement."), ("age", "jobless"),
            lambda facts: facts.age.between(19, 59) & facts.jobless,
        ),
        Need(
            "insurance", N_("Without health insurance"),
            N_("A person in a family of deciles 1 to 4 for whom the state pays no health insurance (PBI)."), "dinkes",
            N_("Check the membership of BPJS Kesehatan; propose PBI."), ("insured", "decile"),
            lambda facts: ~facts.insured & _poor(facts),
        ),
        Need(
            "sanitation", N_("Water and sanitation"),
            N_("The family has no proper drinking water or no proper latrine, as KRS says."), "dinkes",
            N_("Visit the house; propose water, latrine or septic tank."), ("no_water", "no_latrine"),
            lambda facts: facts.no_water | facts.no_latrine, grain="family",
        ),
        Need(
            "disability", N_("Disability"),
            N_("A person with a disability, as the register, PPKS or DTSEN says."), "dinsos",
            N_("Assess what the person needs: aids, care, assistance."), ("disability",),
            lambda facts: facts.disability,
        ),
        Need(
            "elderly", N_("Elderly, alone or poor"),
            N_("A person of 60 years or more who is alone in the family card or in deciles 1 to 4."), "dinsos",
            N_("Visit the person; arrange care and assistance."), ("elderly", "alone", "decile"),
            lambda facts: facts.elderly & (facts.alone | _poor(facts)),
        ),
        Need(
            "protection", N_("Neglected child"),
            N_("A child whom PPKS has as neglected, in the street, or in need of protection."), "dinsos",
            N_("Assign a social worker to the child."), ("neglected_child",), lambda facts: facts.neglected_child,
        ),
        Need(
            "papers", N_("NIK and civil documents"),
            N_("The NIK is missing, incomplete or not matched with the civil registry (Dukcapil)."), "puskesos",
            N_("Visit the person and correct the NIK together with Dukcapil."), ("nik_usable", "dukcapil"),
            lambda facts: ~facts.nik_usable | ~facts.dukcapil,
        ),
    )
}  # fmt: skip

SEEN: Final = N_("amount and condition as seen in public sources; legal basis not verified")
MEMORY: Final = N_("from general knowledge, not verified")
PRACTICE: Final = N_("published practice of the district; legal basis not verified")
_MONTH, _YEAR, _SEMESTER = N_("month"), N_("year"), N_("semester")


def _same(rupiah: int, per: str = _MONTH, basis: str = SEEN, since: date | None = None) -> Terms:
    return Terms(since, (Amount(rupiah, per),), basis)


def _with_component(facts: ir.Table) -> ir.BooleanValue:
    """Poor, and somebody whom the programme pays for."""
    recorded = facts.disability.fill_null(False)
    return _poor(facts) & (
        facts.age.between(0, 6) | (facts.age.between(6, 21) & facts.pupil) | facts.elderly | recorded
    )


def _both_registers(facts: ir.Table) -> ir.BooleanValue:
    """In KRS and in deciles 1 to 4, the families that Kutai Timur's rules are about."""
    return facts.at_risk & _poor(facts)


PROGRAMMES: Final[Mapping[str, Programme]] = {
    one.key: one
    for one in (
        Programme(
            "kaj", N_("KAJ (child card)"), "dinsos", "nutrition", ("age",), lambda facts: facts.age.between(0, 6),
            N_("Registered, 0 to 6 years. NIK and domicile are checked in the deliberation."), region="31",
            words=("KAJ",), terms=(_same(300_000),),
        ),
        Programme(
            "klj", N_("KLJ (card for the elderly)"), "dinsos", "elderly", ("elderly",), lambda facts: facts.elderly,
            N_("Registered, 60 years or more. NIK and domicile are checked in the deliberation."), region="31",
            words=("KLJ",), terms=(_same(600_000), _same(300_000, since=date(2023, 1, 1))),
        ),
        Programme(
            "kpdj", N_("KPDJ (card for people with disabilities)"), "dinsos", "disability", ("disability",),
            lambda facts: facts.disability,
            N_("Registered, with a disability. NIK and domicile are checked in the deliberation."),
            region="31", words=("KPDJ",), terms=(_same(300_000),),
        ),
        Programme(
            "kparj", N_("KPARJ (card for orphaned children and youths)"), "dinsos", "protection", ("age", "orphan"),
            lambda facts: (facts.age <= 22) & facts.orphan,
            N_("Under 18, or 18 to 22 years, and a parent died of Covid-19."), region="31", words=("KPARJ",),
            terms=(_same(300_000),),
        ),
        Programme(
            "kjp", N_("KJP Plus (pupils)"), "disdik", "school_costs", ("age", "pupil"),
            lambda facts: facts.age.between(6, 21) & facts.pupil, N_("Registered, 6 to 21 years, at school."),
            region="31", words=("KJP Plus",),
            terms=(
                Terms(
                    None,
                    (
                        Amount(250_000, _MONTH, N_("SD")), Amount(300_000, _MONTH, N_("SMP")),
                        Amount(420_000, _MONTH, N_("SMA")), Amount(450_000, _MONTH, N_("SMK")),
                    ),
                    SEEN,
                ),
            ),
        ),
        Programme(
            "kjmu", N_("KJMU (students)"), "disdik", "school_costs", ("age", "pupil"),
            lambda facts: facts.age.between(18, 24) & facts.pupil, N_("Registered, 18 to 24 years, studying."),
            region="31", words=("KJMU",), terms=(_same(9_000_000, _SEMESTER, MEMORY),),
        ),
        Programme(
            "pkh", N_("PKH"), "dinsos", "income", ("decile", "age", "pupil", "elderly", "disability"), _with_component,
            N_("Deciles 1 to 4, with a child of 0 to 6 years, a pupil, an elderly person or a person with a recorded"
               " disability."),
            grain="family", fields=("pkh", "pkh_himbara"), words=("PKH",),
            terms=(
                Terms(
                    None,
                    (
                        Amount(3_000_000, _YEAR, N_("child of 0 to 6 years")), Amount(900_000, _YEAR, N_("SD")),
                        Amount(1_500_000, _YEAR, N_("SMP")), Amount(2_000_000, _YEAR, N_("SMA")),
                        Amount(2_400_000, _YEAR, N_("elderly or with a disability")),
                    ),
                    MEMORY,
                ),
            ),
        ),
        Programme(
            "sembako", N_("BPNT / Sembako"), "dinsos", "income", ("decile",), _poor, N_("Deciles 1 to 4."),
            grain="family", fields=("bpnt", "sembako", "sembako_himbara"), words=("BPNT/Sembako",),
            terms=(_same(200_000, basis=MEMORY),),
        ),
        Programme(
            "pbi", N_("PBI JK (health insurance)"), "dinkes", "insurance", ("decile",), _poor, N_("Deciles 1 to 4."),
            fields=("pbi_jkn", "pbi_local"), words=("PBI JK",), terms=(_same(42_000, basis=MEMORY),),
        ),
        Programme(
            "pip", N_("PIP (pupils)"), "disdik", "school_costs", ("age", "pupil", "decile"),
            lambda facts: facts.age.between(6, 21) & facts.pupil & _poor(facts),
            N_("Deciles 1 to 4, 6 to 21 years, at school."), words=("PIP",),
            terms=(
                Terms(
                    None,
                    (
                        Amount(450_000, _YEAR, N_("SD")), Amount(750_000, _YEAR, N_("SMP")),
                        Amount(1_000_000, _YEAR, N_("SMA")),
                    ),
                    MEMORY,
                ),
            ),
        ),
        Programme(
            "jakarta_training", N_("Job training and job fairs"), "disnaker", "work", ("age", "jobless"),
            lambda facts: facts.age.between(19, 59) & facts.jobless, N_("Registered, 19 to 59 years, without work."),
            region="31", strand="income", terms=(Terms(None, (), PRACTICE),),
        ),
        Programme(
            "jakarta_food", N_("Extra food for under-fives"), "dinkes", "nutrition", ("stunted",),
            lambda facts: facts.stunted, N_("Registered, stunted as e-PPGBM says."), region="31", strand="area",
            terms=(Terms(None, (), PRACTICE),),
        ),
        Programme(
            "jakarta_validation", N_("Validation by name and address"), "puskesos", "papers",
            ("nik_usable", "dukcapil"), lambda facts: ~facts.nik_usable | ~facts.dukcapil,
            N_("Registered, and the NIK is missing, incomplete or not matched."), region="31", strand="data",
            terms=(Terms(None, (), PRACTICE),),
        ),
        Programme(
            "kutim_assistance", N_("Social assistance for families at risk"), "dinsos", "income",
            ("at_risk", "decile"), _both_registers, N_("In KRS and in deciles 1 to 4: low income."), region="64.08",
            grain="family", words=("BST", "BLT Dana Desa"), terms=(Terms(None, (), PRACTICE),),
        ),
        Programme(
            "kutim_paket", N_("Paket A, B, C (equivalence classes)"), "disdik", "schooling",
            ("at_risk", "decile", "age", "pupil"),
            lambda facts: _both_registers(facts) & facts.age.between(7, 21) & ~facts.pupil,
            N_("In KRS and in deciles 1 to 4: 7 to 21 years, not at school."), region="64.08",
            terms=(Terms(None, (), PRACTICE),),
        ),
        Programme(
            "kutim_training", N_("Training and placement in work"), "disnaker", "work",
            ("at_risk", "decile", "age", "jobless"),
            lambda facts: _both_registers(facts) & facts.age.between(19, 59) & facts.jobless,
            N_("In KRS and in deciles 1 to 4: 19 to 59 years, without work."), region="64.08", strand="income",
            terms=(Terms(None, (), PRACTICE),),
        ),
    )
}  # fmt: skip


def of_region(place: str) -> dict[str, Programme]:
    """The programmes that a place has, those of its own region first; of all, where they may differ within it.

    >>> list(of_region("74.71.08"))
    ['pkh', 'sembako', 'pbi', 'pip']
    """
    there = [one for one in PROGRAMMES.values() if within(place, one.region) or within(one.region, place)]
    return {one.key: one for one in sorted(there, key=lambda one: not one.region)}
