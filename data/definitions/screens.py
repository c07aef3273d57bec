"""Which screens of figures there are: an entry each, drawn by one script.

An entry names figures by their keys; where no register declares one, the screen does without it.
"""

from dataclasses import dataclass
from typing import Final

from data.definitions.catalogue import INDICATORS, LINKAGES, REGISTERS
from data.wording import N_


@dataclass(frozen=True)
class Group:
    """Figures that may stand side by side, because they count the same thing.

    `figures` can be mapped, the first one unless another is asked for; `cards` stand at the top, four at most (of more,
    the first that exist in the place); `columns` stand in the table beside the mapped figure. `title` and `note` say
    what the group is where it is shown apart from the other one, and why the two are never added up. `breakdowns` are
    what else is drawn below them (see `data.breakdowns.QUESTIONS`).
    """

    figures: tuple[str, ...]
    cards: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    breakdowns: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.figures, *self.cards, *self.columns)))


@dataclass(frozen=True)
class Screen:
    """A screen: `address` is its path, `name` stands in the bar, `title` above it, `gives` says what it is for.

    The group of the mapped figure is drawn large, the others apart from it; without groups, the figures are those that
    the files bring along. `lives_from` are the registers that a screen needs; empty where its figures say so. A screen
    of matched registers names the `linkages` that it can show, the first one unless another is asked for.
    """

    key: str
    address: str
    name: str
    title: str
    gives: str
    groups: tuple[Group, ...]
    lives_from: tuple[str, ...] = ()
    linkages: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """The page that draws it."""
        return "overlap" if self.linkages else "indicators"

    @property
    def registers(self) -> tuple[str, ...]:
        """Registers that tell its figures, numerators before denominators."""
        if self.lives_from:
            return self.lives_from
        if self.linkages:
            matched = [LINKAGES[key] for key in self.linkages]
            return tuple(dict.fromkeys(key for one in matched for key in (one.left, *one.rights)))
        told = [INDICATORS[key] for group in self.groups for key in group.keys if key in INDICATORS]
        numerators = [register for indicator in told for register in indicator.registers]
        return tuple(dict.fromkeys((*numerators, *(key for one in told for key in one.denominator_registers))))


_DTKS: Final = tuple(one.key for one in REGISTERS["dtks"].indicators if one.unit != "rows")
"""Rows without a kelurahan lie in none, so no map can show them."""

_ALL: Final = (
    Screen(
        key="coverage",
        address="cakupan",
        name=N_("DTKS coverage"),
        title=N_("DTKS update coverage"),
        gives=N_("how far the register is updated and where it is worst"),
        groups=(
            Group(
                figures=_DTKS,
                cards=(
                    "dtks_updated_share",
                    "dtks_updated_family_share",
                    "nik_valid_share",
                    "dtks_unplaced",
                    "dtks_persons",
                    "nik_unknown_share",
                ),
                columns=("nik_valid_share", "dtks_families"),
            ),
        ),
        lives_from=("dtks",),
    ),
    Screen(
        key="poverty",
        address="kemiskinan",
        name=N_("Poverty"),
        title=N_("Poverty"),
        gives=N_("the official poverty rate and, apart from it, whom the registers put into the lowest deciles"),
        groups=(
            Group(
                figures=("poverty_rate_official",),
                cards=("poverty_rate_official",),
                title=N_("Official poverty rate (BPS)"),
                note=N_(
                    "From the Susenas survey, for kabupaten and kota only. It is neither spread over kelurahan nor"
                    " compared with registered shares."
                ),
                breakdowns=("official",),
            ),
            Group(
                figures=("decile_1_4_share", "decile_1_share"),
                cards=("decile_1_4_share", "decile_1_share", "population"),
                columns=("decile_1_share", "decile_1_4_share"),
                title=N_("Registered in the lowest deciles"),
                note=N_(
                    "Whom the newest register with deciles lists, divided by the population. It is not a rate of"
                    " poverty."
                ),
                breakdowns=("deciles", "concentration", "extreme"),
            ),
        ),
    ),
    Screen(
        key="ppks",
        address="ppks",
        name=N_("PPKS"),
        title=N_("People in need of social welfare services (PPKS)"),
        gives=N_("who stands in the PPKS register, by category, and apart from it whom outreach teams reached"),
        groups=(
            Group(
                figures=("ppks_per_1000", "ppks_persons"),
                cards=("ppks_persons", "ppks_per_1000", "population"),
                columns=("ppks_persons", "ppks_per_1000"),
                title=N_("PPKS register"),
                note=N_("Persons in the register on its date: a stock, to which reaches are never added."),
                breakdowns=("sex_age",),
            ),
            Group(
                figures=("outreach_reaches",),
                cards=("outreach_reaches",),
                title=N_("Outreach (P3S)"),
                note=N_(
                    "Reaches in streets and other places, a list of its own: who is reached twice counts twice. Reaches"
                    " are never added to the persons of the register."
                ),
                breakdowns=("months",),
            ),
        ),
    ),
    Screen(
        key="stunting",
        address="stunting",
        name=N_("Stunting"),
        title=N_("Stunting among the children measured"),
        gives=N_("how many of the children measured are stunted, and which families are at risk"),
        groups=(
            Group(
                figures=("stunting_share", "stunting_children", "stunting_measured"),
                cards=("stunting_share", "stunting_children", "stunting_measured"),
                title=N_("Children measured (e-PPGBM)"),
                note=N_(
                    "The newest measurement of every child. It is not the prevalence of a survey such as SSGI or SKI."
                ),
                breakdowns=("child_ages",),
            ),
            Group(
                figures=("krs_families",),
                cards=("krs_families",),
                title=N_("Families at risk of stunting (KRS)"),
                note=N_("Families that the BKKBN lists as at risk, whether or not they have a stunted child."),
                breakdowns=("risks",),
            ),
        ),
    ),
    Screen(
        key="overlap",
        address="stunting-dtks",
        name=N_("Stunting × DTKS"),
        title=N_("Stunting × DTKS"),
        gives=N_("which stunted children, families at risk and recipients the social register has, and which not"),
        groups=(),
        linkages=("children", "risk_families", "recipients"),
    ),
    Screen(
        key="summaries",
        address="rekap",
        name=N_("Summary figures"),
        title=N_("Summary figures"),
        gives=N_("the figures of tables by area, as their sources publish them"),
        groups=(),
        lives_from=("rekap",),
    ),
)

SCREENS: Final[dict[str, Screen]] = {screen.key: screen for screen in _ALL}
"""In the order of the bar; the first one opens without an address."""
