"""Children measured (e-PPGBM) × the social register (DTKS, DTSEN): who is stunted and registered, and who is not."""

from typing import Final

from data.definitions.indicators import Indicator
from data.definitions.linkages import Linkage, Outcome
from data.definitions.linkages.matching import PARENT_MODEL, PARENT_RULES, PERSON_MODEL, PERSON_RULES
from data.wording import N_

_SOURCE: Final = N_("e-PPGBM (Ministry of Health) matched with DTKS or DTSEN, the newest of the two")

_OUTCOMES: Final = (
    Outcome(
        "registered",
        N_("Child registered"),
        N_("The child itself stands in the social register."),
        N_("Check which programmes reach the child and its family."),
    ),
    Outcome(
        "family_only",
        N_("Family registered, child not yet"),
        N_("A parent stands in the social register in the same household area, the child does not."),
        N_("Add the child to its family in the register."),
    ),
    Outcome(
        "unregistered",
        N_("Not registered"),
        N_("Neither the child nor a parent was found in the social register."),
        N_("Visit the family, and propose it for registration where it needs that."),
    ),
    Outcome(
        "undecided",
        N_("Cannot be decided"),
        N_("The record has neither a usable NIK nor a name with a birth date."),
        N_("Complete name, birth date and NIK in e-PPGBM."),
    ),
)


def _count(outcome: str, label: str, counted: str, definition: str, behind_label: str) -> Indicator:
    return Indicator(
        key=f"stunted_{outcome}",
        label=label,
        unit="children",
        numerator=f"stunted_{outcome}",
        denominator=None,
        numerator_label=counted,
        denominator_label="",
        definition=definition,
        source=_SOURCE,
        registers=("eppgbm",),
        linkage="children",
        behind=("match", outcome),
        behind_label=behind_label,
    )


_INDICATORS: Final = (
    Indicator(
        key="stunted_registered_share",
        label=N_("Stunted and registered"),
        unit="share",
        numerator="stunted_registered",
        denominator="stunted",
        numerator_label=N_("stunted children who are registered"),
        denominator_label=N_("stunted children"),
        definition=N_(
            "Stunted children who were found in DTKS or DTSEN, divided by all stunted children, those included about"
            " whom nothing can be decided. Only accepted matches count; the lower and upper bound say what the pairs"
            " under review could change. A child counts where e-PPGBM puts it."
        ),
        source=_SOURCE,
        registers=("eppgbm",),
        linkage="children",
        good="high",
        behind=("match", "gap"),
        behind_label=N_("See {count} children not yet registered"),
        counted=("match", "registered"),
    ),
    _count(
        "family_only",
        N_("Stunted, only the family registered"),
        N_("stunted children of registered families"),
        N_(
            "Stunted children who were not found in the register while a parent was, in the same household area. The"
            " office only has to add the child to its family."
        ),
        N_("See {count} children to be added"),
    ),
    _count(
        "unregistered",
        N_("Stunted, not registered"),
        N_("stunted children not registered"),
        N_("Stunted children of whom neither the child nor a parent was found in the register, to be visited."),
        N_("See {count} children to be visited"),
    ),
    _count(
        "undecided",
        N_("Stunted, cannot be decided"),
        N_("stunted children without usable identifiers"),
        N_("Stunted children whose record has neither a usable NIK nor a name with a birth date."),
        N_("See {count} records to be completed"),
    ),
)

LINKAGE = Linkage(
    key="children",
    label=N_("Stunting × DTKS"),
    definition=N_("Stunted children of e-PPGBM, and whether DTKS or DTSEN has them."),
    left="eppgbm",
    rights=("dtks", "dtsen"),
    grain="person",
    outcomes=_OUTCOMES,
    counts=lambda rows: rows.stunted.fill_null(False) & rows.newest,
    counted="stunted",
    measures={f"stunted_{outcome.key}": (outcome.key,) for outcome in _OUTCOMES},
    indicators=_INDICATORS,
    rules=(*PERSON_RULES, *PARENT_RULES),
    models=(PERSON_MODEL, PARENT_MODEL),
    usable="nik IS NOT NULL OR birth IS NOT NULL AND coalesce(name_sound, parents[1]) IS NOT NULL",
)
