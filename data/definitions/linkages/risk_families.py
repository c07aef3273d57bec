"""Families at risk of stunting (KRS) × registers with deciles (DTSEN, P3KE)."""

from typing import Final

from data.definitions.indicators import Indicator
from data.definitions.linkages import Linkage, Outcome
from data.definitions.linkages.matching import FAMILY_MODEL, FAMILY_RULES
from data.wording import N_

_DECILES: Final = ("decile_1", "decile_2", "decile_3", "decile_4")

_OUTCOMES: Final = (
    Outcome("decile_1", N_("Decile 1"), N_("The family stands in decile 1 of the register.")),
    Outcome("decile_2", N_("Decile 2"), N_("The family stands in decile 2 of the register.")),
    Outcome("decile_3", N_("Decile 3"), N_("The family stands in decile 3 of the register.")),
    Outcome("decile_4", N_("Decile 4"), N_("The family stands in decile 4 of the register.")),
    Outcome("decile_5_10", N_("Deciles 5–10"), N_("The family stands in one of the deciles 5 to 10 of the register.")),
    Outcome(
        "no_decile",
        N_("Registered without decile"),
        N_("The family stands in the register, its decile is not determined, or only as a range."),
        N_("Ask for the family's decile to be determined."),
    ),
    Outcome(
        "unregistered",
        N_("Not registered"),
        N_("The family was not found in the register."),
        N_("Visit the family, and propose it for registration where it needs that."),
    ),
    Outcome(
        "undecided",
        N_("Cannot be decided"),
        N_("The record has neither a usable number nor a name with a kelurahan."),
        N_("Complete No. KK, NIK and names in the list of families at risk."),
    ),
)

_INDICATORS: Final = (
    Indicator(
        key="krs_decile_1_4_share",
        label=N_("Families at risk in deciles 1–4"),
        unit="share",
        numerator="krs_decile_1_4",
        denominator="krs_families",
        numerator_label=N_("families at risk in deciles 1 to 4"),
        denominator_label=N_("families at risk of stunting"),
        definition=N_(
            "Families at risk of stunting (KRS) that were found in deciles 1 to 4 of the newest register with deciles,"
            " divided by all families at risk. Only accepted matches count; the lower and upper bound say what the"
            " pairs under review could change."
        ),
        source=N_("KRS (BKKBN) matched with DTSEN or P3KE, the newest register with deciles"),
        registers=("krs",),
        linkage="risk_families",
        behind=("match", "decile_1_4"),
        behind_label=N_("See {count} families in deciles 1–4"),
    ),
)

LINKAGE = Linkage(
    key="risk_families",
    label=N_("Families at risk × decile"),
    definition=N_("Families at risk of stunting (KRS), and the decile in which DTSEN or P3KE has them."),
    left="krs",
    rights=("dtsen", "p3ke"),
    needs=("decile",),
    grain="family",
    outcomes=_OUTCOMES,
    counts=lambda rows: rows.counted,
    counted="krs_families",
    measures={
        "krs_decile_1_4": _DECILES,
        **{f"krs_{outcome.key}": (outcome.key,) for outcome in _OUTCOMES},
    },
    indicators=_INDICATORS,
    rules=FAMILY_RULES,
    models=(FAMILY_MODEL,),
    usable="coalesce(kk, niks[1]) IS NOT NULL"
    " OR coalesce(name_sound, wife_sound) IS NOT NULL AND kelurahan IS NOT NULL",
)
