"""What is counted: every indicator, declared once. Screens, exports, the command line and the docs follow from here."""

from dataclasses import dataclass
from typing import Final, Literal

from data.wording import N_

Unit = Literal["share", "persons", "families", "rows"]
Measure = Literal[
    "persons",
    "families",
    "updated_persons",
    "updated_families",
    "dukcapil_matched",
    "dukcapil_marked",
    "dukcapil_unknown",
    "unplaced",
]


@dataclass(frozen=True)
class Indicator:
    """A figure by area.

    `numerator` and `denominator` name measures of the cube; a count has no denominator. `good` says which
    direction is an improvement. `breaks` are fixed class limits (fractions) where a target exists, else
    classes follow the values. `behind` is the filter of the by-name list that shows the people who need
    action, `behind_label` says what the list gives.
    """

    key: str
    label: str
    unit: Unit
    numerator: Measure
    denominator: Measure | None
    numerator_label: str
    denominator_label: str
    definition: str
    source: str
    registers: tuple[str, ...] = ("dtks",)
    good: Literal["high", "low", "neutral"] = "neutral"
    breaks: tuple[float, ...] = ()
    behind: tuple[str, str] | None = None
    behind_label: str = ""

    @property
    def is_share(self) -> bool:
        return self.denominator is not None


_DTKS_SOURCE: Final = N_("DTKS (Ministry of Social Affairs, SIKS-NG export), by-name register")
_UPDATE_BREAKS: Final = (0.30, 0.45, 0.60, 0.75)

_ALL: Final = (
    Indicator(
        key="dtks_updated_share",
        label=N_("Persons updated"),
        unit="share",
        numerator="updated_persons",
        denominator="persons",
        numerator_label=N_("persons whose record was updated within the window"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons whose record was updated within the window, divided by all persons registered, at the date of the"
            " data. The window is the 24 months that end on that date (after the same day two years earlier, up to and"
            " including the date), or starts on the chosen day. A record without a readable update date is registered"
            " and not updated. Where the file carries no update date at all, a record counts as updated when it"
            " differs from the previous snapshot, and the figure is marked as derived."
        ),
        source=_DTKS_SOURCE,
        good="high",
        breaks=_UPDATE_BREAKS,
        behind=("updated", "no"),
        behind_label=N_("See {count} persons not updated"),
    ),
    Indicator(
        key="dtks_updated_family_share",
        label=N_("Families updated"),
        unit="share",
        numerator="updated_families",
        denominator="families",
        numerator_label=N_("families with at least one updated member"),
        denominator_label=N_("families registered"),
        definition=N_(
            "Families with at least one member whose record was updated within the window, divided by all families"
            " registered. A family is one family card number (No. KK), else one family number of the register, else"
            " the row alone."
        ),
        source=_DTKS_SOURCE,
        good="high",
        breaks=_UPDATE_BREAKS,
        behind=("updated", "no"),
        behind_label=N_("See {count} persons not updated"),
    ),
    Indicator(
        key="nik_valid_share",
        label=N_("NIK matched by Dukcapil"),
        unit="share",
        numerator="dukcapil_matched",
        denominator="persons",
        numerator_label=N_("persons marked as matched with the civil registry (Dukcapil)"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons whom the register marks as matched with the civil registry (Dukcapil), divided by all persons"
            " registered. A blank mark is unknown: it is neither valid nor invalid and has its own share."
        ),
        source=_DTKS_SOURCE,
        good="high",
        breaks=(0.60, 0.75, 0.85, 0.95),
        behind=("dukcapil", "no"),
        behind_label=N_("See {count} persons not matched"),
    ),
    Indicator(
        key="nik_unknown_share",
        label=N_("NIK not yet checked"),
        unit="share",
        numerator="dukcapil_unknown",
        denominator="persons",
        numerator_label=N_("persons without a mark of the civil registry"),
        denominator_label=N_("persons registered"),
        definition=N_(
            "Persons for whom the register carries no mark of the civil registry (Dukcapil), divided by all persons"
            " registered."
        ),
        source=_DTKS_SOURCE,
        good="low",
        breaks=(0.02, 0.05, 0.10, 0.20),
        behind=("dukcapil", "unknown"),
        behind_label=N_("See {count} persons not checked"),
    ),
    Indicator(
        key="dtks_persons",
        label=N_("Persons registered"),
        unit="persons",
        numerator="persons",
        denominator=None,
        numerator_label=N_("persons registered"),
        denominator_label="",
        definition=N_(
            "Accepted rows of the register; a row that repeats another one completely counts once. A NIK that stands in"
            " several rows is reported, not removed."
        ),
        source=_DTKS_SOURCE,
    ),
    Indicator(
        key="dtks_families",
        label=N_("Families registered"),
        unit="families",
        numerator="families",
        denominator=None,
        numerator_label=N_("families registered"),
        denominator_label="",
        definition=N_(
            "Different family card numbers (No. KK); where there is none, the family number of the register; else the"
            " row alone."
        ),
        source=_DTKS_SOURCE,
    ),
    Indicator(
        key="dtks_unplaced",
        label=N_("Without a kelurahan"),
        unit="rows",
        numerator="unplaced",
        denominator=None,
        numerator_label=N_("rows whose kelurahan is not recognised"),
        denominator_label="",
        definition=N_(
            "Rows whose kelurahan could not be recognised. They count for the kecamatan or the city that could be read,"
            " and for no kelurahan."
        ),
        source=_DTKS_SOURCE,
        good="low",
        behind=("placed", "no"),
        behind_label=N_("See {count} rows without a kelurahan"),
    ),
)

INDICATORS: Final[dict[str, Indicator]] = {indicator.key: indicator for indicator in _ALL}
