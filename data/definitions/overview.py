"""What *Ringkasan* says about a place: an entry a theme, and the figures that its map can show."""

from dataclasses import dataclass
from typing import Final

from data.definitions.catalogue import INDICATORS
from data.definitions.screens import Group, Screen
from data.wording import N_


@dataclass(frozen=True)
class Theme:
    """A card. Of `figures` the first is told large, the others explain it; `apart` stand beside them, visibly apart,
    because they measure something else. `leads` are the screens that it opens, each with the register that the address
    names there ("" where the screen needs none). `behind` are the figures whose people it lists. `large` themes stand
    first; a `flow` is never added to a stock.
    """

    key: str
    title: str
    figures: tuple[str, ...]
    leads: tuple[tuple[str, str], ...]
    behind: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    large: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.figures, *self.apart)


THEMES: Final = (
    Theme(
        key="coverage",
        title=N_("Update of the register"),
        figures=("dtks_updated_share", "dtks_updated_family_share"),
        leads=(("coverage", ""),),
        behind=("dtks_updated_share",),
        large=True,
    ),
    Theme(
        key="nik",
        title=N_("NIK at Dukcapil"),
        figures=("nik_valid_share", "nik_unknown_share"),
        leads=(("coverage", ""),),
        behind=("nik_valid_share",),
        large=True,
    ),
    Theme(
        key="poverty",
        title=N_("Poverty"),
        figures=("poverty_rate_official",),
        leads=(("poverty", ""),),
        behind=("decile_1_4_share",),
        apart=("decile_1_4_share", "decile_1_share"),
        large=True,
    ),
    Theme(
        key="stunting",
        title=N_("Stunting"),
        figures=(
            "stunting_share", "stunted_registered_share", "stunted_family_only", "stunted_unregistered",
            "stunted_undecided",
        ),
        leads=(("overlap", "eppgbm"), ("stunting", "")),
        behind=("stunted_unregistered",),
        large=True,
    ),
    Theme(
        key="ppks",
        title=N_("PPKS and outreach"),
        figures=("ppks_persons", "ppks_per_1000"),
        leads=(("ppks", ""),),
        behind=("ppks_persons", "outreach_reaches"),
        apart=("outreach_reaches",),
    ),
    Theme(
        key="krs",
        title=N_("Families at risk of stunting"),
        figures=("krs_families", "krs_decile_1_4_share"),
        leads=(("overlap", "krs"),),
        behind=("krs_families",),
    ),
)  # fmt: skip
"""In the order of the screen."""

SCREEN: Final = Screen(
    key="overview",
    address="ringkasan",
    name=N_("Overview"),
    title=N_("Overview"),
    gives=N_("the state of a place on one screen"),
    groups=(
        Group(
            figures=(
                "dtks_updated_share", "nik_valid_share", "decile_1_4_share", "stunting_share", "stunted_unregistered",
                "ppks_per_1000", "krs_decile_1_4_share",
            ),
        ),
    ),
)  # fmt: skip
"""The figures that its map and its ranking can show, update coverage first."""

FIGURES: Final = tuple(INDICATORS[key] for theme in THEMES for key in theme.keys)
