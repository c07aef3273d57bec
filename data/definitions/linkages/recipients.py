"""Programme recipients × the social register (DTKS, DTSEN): who receives a programme and is registered."""

from typing import Final

from data.definitions.indicators import Indicator
from data.definitions.linkages import Linkage, Outcome
from data.definitions.linkages.matching import PERSON_MODEL, PERSON_RULES
from data.wording import N_

_OUTCOMES: Final = (
    Outcome("registered", N_("Registered"), N_("The recipient stands in the social register.")),
    Outcome(
        "unregistered",
        N_("Not registered"),
        N_("The recipient was not found in the social register."),
        N_("Check the recipient's record and whether the family should be registered."),
    ),
    Outcome(
        "undecided",
        N_("Cannot be decided"),
        N_("The record has neither a usable NIK nor a name with a birth date or a kelurahan."),
        N_("Complete name, birth date and NIK in the list of recipients."),
    ),
)

LINKAGE = Linkage(
    key="recipients",
    label=N_("Recipients × register"),
    definition=N_("Recipients of programmes, and whether DTKS or DTSEN has them."),
    left="recipients",
    rights=("dtks", "dtsen"),
    grain="person",
    outcomes=_OUTCOMES,
    counts=lambda rows: rows.counted,
    counted="recipients",
    measures={f"recipients_{outcome.key}": (outcome.key,) for outcome in _OUTCOMES},
    indicators=(
        Indicator(
            key="recipients_registered_share",
            label=N_("Recipients who are registered"),
            unit="share",
            numerator="recipients_registered",
            denominator="recipients",
            numerator_label=N_("recipients who are registered"),
            denominator_label=N_("recipients"),
            definition=N_(
                "Different recipients (by NIK, else by row) who were found in DTKS or DTSEN, divided by all recipients"
                " in the newest list. Only accepted matches count; the lower and upper bound say what the pairs under"
                " review could change."
            ),
            source=N_("Lists of recipients matched with DTKS or DTSEN, the newest of the two"),
            registers=("recipients",),
            linkage="recipients",
            behind=("match", "registered"),
            behind_label=N_("See {count} registered recipients"),
        ),
    ),
    rules=PERSON_RULES,
    models=(PERSON_MODEL,),
    usable="nik IS NOT NULL OR name_sound IS NOT NULL AND coalesce(birth, kelurahan) IS NOT NULL",
)
