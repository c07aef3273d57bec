"""How the by-name list can be narrowed: every filter and its codes, in words. What they select stands in
`data.lists`.
"""

from typing import Final

from data.wording import N_

ANY: Final = "*"
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
    "dukcapil": (
        N_("Dukcapil"),
        {"yes": N_("matched"), "no": N_("not matched"), "unknown": N_("not yet checked")},
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
    "stunted": (N_("Stunted"), {"yes": N_("yes"), "no": N_("no"), "unknown": N_("not known")}),
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
    "family_size": (N_("Family size"), {"1": "1", "2-3": "2–3", "4-5": "4–5", "6+": "6+"}),
    "decile": (
        N_("Decile"),
        {"1": "1", "1-4": "1–4", "5-10": "5–10", "unknown": N_("not determined")},
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
    "post": (N_("Posyandu (health post)"), {}),
    "placed": (N_("Kelurahan"), {"yes": N_("recognised"), "no": N_("not recognised")}),
    "blank": (N_("Not filled in"), {}),
    "problem": (N_("Problem"), {}),
    "twice": (N_("NIK in several rows"), {}),
    "fresh": (N_("Last update"), {}),
}
"""Filter: its name, and its codes with their words. ANY stands for every code. The codes of `programme` are the
programmes of the register, those of `category` its categories; those of `post` are names of health posts; those of
`match` that mean something for a register say `data.linkage.outcomes.codes`; those of the filters of quality follow
from the data.
"""
