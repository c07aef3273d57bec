"""How the by-name list can be narrowed: every filter and its codes, in words. What they select stands in
`data.lists`.
"""

from typing import Final

from data.definitions.programmes import AGENCIES, NEEDS, PROGRAMMES
from data.wording import N_

ANY: Final = "*"
_PROGRAMMES: Final = {key: programme.label for key, programme in PROGRAMMES.items()}
FILTERS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "updated": (
        N_("Updated"),
        {
            "yes": N_("updated"),
            "no": N_("not updated"),
            "undated": N_("without an update date"),
            "unknown": N_("not known"),
        },
    ),
    "family_updated": (N_("Family updated"), {"yes": N_("updated"), "no": N_("not updated")}),
    "dukcapil": (
        N_("Dukcapil"),
        {
            "yes": N_("matched"),
            "no": N_("not matched"),
            "unknown": N_("not yet checked"),
            "open": N_("not matched or not yet checked"),
        },
    ),
    "nik_state": (
        N_("NIK"),
        {
            "valid": N_("complete"),
            "missing": N_("missing"),
            "rejected": N_("destroyed or wrong length"),
            "masked": N_("masked in the file"),
            "repeated": N_("stands in several rows"),
        },
    ),
    "programme": (N_("Programme"), {}),
    "category": (N_("Category"), {}),
    "stunted": (
        N_("Stunted"),
        {
            "yes": N_("yes"),
            "severe": N_("severely stunted"),
            "no": N_("no"),
            "unknown": N_("not known"),
            "measured": N_("measured"),
        },
    ),
    "sex": (N_("Sex"), {"L": N_("male"), "P": N_("female"), "unknown": N_("not known")}),
    "age_group": (
        N_("Age"),
        {
            "0-4": N_("0–4 years"),
            "5-6": N_("5–6 years"),
            "7-18": N_("7–18 years"),
            "19-59": N_("19–59 years"),
            "60+": N_("60 years and older"),
            "unknown": N_("not known"),
        },
    ),
    "months": (
        N_("Age in months"),
        {
            "0-5": "0–5",
            "6-11": "6–11",
            "12-23": "12–23",
            "24-35": "24–35",
            "36-47": "36–47",
            "48-59": "48–59",
            "60+": "60+",
            "unknown": N_("not known"),
        },
    ),
    "family_size": (N_("Family size"), {"1": "1", "2-3": "2–3", "4-5": "4–5", "6+": "6+"}),
    "decile": (
        N_("Decile"),
        {
            "1": "1",
            "2": "2",
            "3": "3",
            "4": "4",
            "1-4": "1–4",
            "5-10": "5–10",
            "unknown": N_("not determined"),
        },
    ),
    "validated": (
        N_("Validation by visit"),
        {"Valid": N_("found valid"), "Tidak valid": N_("not valid"), "Belum dikunjungi": N_("not yet visited")},
    ),
    "match": (
        N_("Match"),
        {
            "registered": N_("registered"),
            "family_only": N_("family registered, child not yet"),
            "unregistered": N_("not registered"),
            "undecided": N_("cannot be decided"),
            "decile_1_4": N_("deciles 1–4"),
            **{f"decile_{decile}": str(decile) for decile in range(1, 5)},
            "decile_5_10": N_("deciles 5–10"),
            "no_decile": N_("registered without decile"),
            "review": N_("under review"),
            "gap": N_("something to do"),
        },
    ),
    "krs_risk": (
        N_("Risk"),
        {
            "no_water": N_("no proper water"),
            "no_latrine": N_("no proper latrine"),
            "four_too": N_("too young, too old, too close or too many"),
            "no_modern_contraception": N_("no modern contraception"),
            "pregnant": N_("pregnant"),
            "child_0_23": N_("child of 0–23 months"),
            "child_24_59": N_("child of 24–59 months"),
        },
    ),
    "krs_factors": (N_("Risk factors"), {"0": N_("none"), "1": "1", "2": "2", "3": "3", "4": "4"}),
    "reached_in": (N_("Month of the reach"), {}),
    "agency": (N_("For the office"), {key: agency.label for key, agency in AGENCIES.items()}),
    "open": (N_("Open need"), {key: need.label for key, need in NEEDS.items()}),
    "need": (N_("Need"), {key: need.label for key, need in NEEDS.items()}),
    "needs_count": (N_("Open needs"), {f"{least}+": f"{least}+" for least in range(1, 6)}),
    "eligible": (N_("Potentially eligible"), _PROGRAMMES),
    "receives": (N_("Receives"), _PROGRAMMES),
    "missing": (N_("Potentially eligible, does not receive"), _PROGRAMMES),
    "unexplained": (N_("Receives without appearing eligible"), _PROGRAMMES),
    "undecided": (N_("Cannot be decided"), _PROGRAMMES),
    "post": (N_("Posyandu (health post)"), {}),
    "placed": (N_("Kelurahan"), {"yes": N_("recognised"), "no": N_("not recognised")}),
    "blank": (N_("Not filled in"), {}),
    "problem": (N_("Problem"), {}),
    "twice": (N_("NIK in several rows"), {}),
    "fresh": (N_("Last update"), {}),
}
"""Filter: its name, and its codes with their words. ANY stands for every code. The codes of `programme` are the
programmes of the register, those of `category` its categories; those of `post` are names of health posts; those of
`reached_in` months (`2022-04`); what concerns a family (agency to undecided) says `data.eligibility`; those of
`match` that mean something for a register say `data.linkage.outcomes.codes`; those of the filters of quality follow
from the data.
"""
