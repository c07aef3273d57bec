"""What an indicator is, and those that several registers can tell; the others stand in their register's file.

Screens, exports, the command line and the docs follow from the entries.
"""

from dataclasses import dataclass
from typing import Final, Literal

from data.wording import N_

Unit = Literal["share", "per_1000", "persons", "families", "children", "reaches", "rows", "number"]
FEW: Final = 25
"""Of fewer than these a rate says little: it is drawn as uncertain, and is never the worst."""
Level = Literal["province", "kabkota", "kecamatan", "kelurahan"]


@dataclass(frozen=True)
class Indicator:
    """A figure by area.

    `numerator` and `denominator` name measures of the registers (see `Measure`); a count has no denominator, nor has a
    share that its source publishes as such. `registers` can tell the numerator: of several the newest does, they are
    never added up. `denominator_registers` tell the denominator, where they are others. `good` says which direction is
    an improvement. `breaks` are fixed class limits (in the indicator's unit, shares as fractions) where a target
    exists, else classes follow the values. `lowest` is the lowest level at which the figure exists. `behind` is the
    filter of the by-name list that shows the people who need action: those lacking to a share that should be high, else
    those whom the figure counts; `behind_label` says what the list gives. `counted` is the filter for those whom a
    share that should be high counts. `linkage` names the matching of registers that tells the figure, which then has a
    lower and an upper bound.
    """

    key: str
    label: str
    unit: Unit
    numerator: str
    denominator: str | None
    numerator_label: str
    denominator_label: str
    definition: str
    source: str
    registers: tuple[str, ...] = ("dtks",)
    denominator_registers: tuple[str, ...] = ()
    good: Literal["high", "low", "neutral"] = "neutral"
    breaks: tuple[float, ...] = ()
    lowest: Level = "kelurahan"
    behind: tuple[str, str] | None = None
    behind_label: str = ""
    counted: tuple[str, str] | None = None
    linkage: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is shown in per cent."""
        return self.unit == "share"

    @property
    def is_ratio(self) -> bool:
        """Whether it is a numerator over a denominator that are both known."""
        return self.denominator is not None

    @property
    def lacks(self) -> bool:
        """Whether it is about those who are lacking to it."""
        return self.is_ratio and self.good == "high"

    @property
    def per(self) -> int:
        """The value's scale: numerator ÷ denominator × per."""
        return 1000 if self.unit == "per_1000" else 1


_DECILE_SOURCE: Final = N_("DTSEN or P3KE, the newest register with deciles; population of Dukcapil")

SHARED: Final = (
    Indicator(
        key="decile_1_share",
        label=N_("Registered in decile 1"),
        unit="share",
        numerator="decile_1",
        denominator="population",
        numerator_label=N_("persons registered in decile 1"),
        denominator_label=N_("population"),
        definition=N_(
            "Different persons (by NIK, else by row) whom the newest register with deciles puts into decile 1, divided"
            " by the newest population that is not after the asked date. A decile that is not yet determined, and a"
            " range such as 6-10, is in no decile. It is a share of registered persons, not the poverty rate."
        ),
        source=_DECILE_SOURCE,
        registers=("dtsen", "p3ke"),
        denominator_registers=("population",),
        behind=("decile", "1"),
        behind_label=N_("See {count} persons in decile 1"),
    ),
    Indicator(
        key="decile_1_4_share",
        label=N_("Registered in deciles 1–4"),
        unit="share",
        numerator="decile_1_4",
        denominator="population",
        numerator_label=N_("persons registered in deciles 1 to 4"),
        denominator_label=N_("population"),
        definition=N_(
            "Different persons (by NIK, else by row) whom the newest register with deciles puts into deciles 1 to 4,"
            " divided by the newest population that is not after the asked date. A decile that is not yet determined,"
            " and a range such as 6-10, is in no decile. It is a share of registered persons, not the poverty rate."
        ),
        source=_DECILE_SOURCE,
        registers=("dtsen", "p3ke"),
        denominator_registers=("population",),
        behind=("decile", "1-4"),
        behind_label=N_("See {count} persons in deciles 1–4"),
    ),
)
"""Indicators that more than one register can tell."""
