"""Who may see and do what: every role, declared once. Whoever has no role may nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.wording import N_


class Right(StrEnum):
    """Something that a question or an action asks of its viewer; over places it is bounded by the viewer's area."""

    FIGURES = "figures"
    """Exact figures by place, for the kab/kota around the own area: neighbours are compared in every meeting."""
    PEOPLE = "people"
    """Lists of the own area, row by row, without what would name a person."""
    NAMES = "names"
    """Names, addresses and birth dates in those lists."""
    IDENTIFIERS = "identifiers"
    """NIK, KK and register numbers in full, for a stated purpose, for a while, for so many rows."""
    IMPORT = "import"
    """Bring in files of the own area, and take snapshots out again."""
    REVIEW = "review"
    """Decide about uncertain matches of the own area."""
    LOG = "log"
    """Read who saw what in the own area."""
    ACCOUNTS = "accounts"
    """Add, change and disable accounts within the own area."""
    SETTINGS = "settings"
    """Publish, expire, and turn keys."""


@dataclass(frozen=True)
class Role:
    """A role. `label` and `about` are message ids for the screen of accounts."""

    key: str
    label: str
    about: str
    rights: frozenset[Right]


ROLES: Final = {
    role.key: role
    for role in (
        Role(
            "public",
            N_("Public"),
            N_("Sees the published figures only, in which small numbers are withheld."),
            frozenset(),
        ),
        Role(
            "official",
            N_("Official"),
            N_("Sees all figures and the lists behind them, without names, addresses and numbers."),
            frozenset({Right.FIGURES, Right.PEOPLE}),
        ),
        Role(
            "planner",
            N_("Planner"),
            N_("Sees the lists of the own area by name, and numbers in full for a stated purpose."),
            frozenset({Right.FIGURES, Right.PEOPLE, Right.NAMES, Right.IDENTIFIERS}),
        ),
        Role(
            "operator",
            N_("Operator"),
            N_("Imports files and reviews uncertain matches of the own area."),
            frozenset({Right.FIGURES, Right.PEOPLE, Right.NAMES, Right.IMPORT, Right.REVIEW}),
        ),
        Role(
            "auditor",
            N_("Auditor"),
            N_("Reads the log of who saw what; sees nobody by name."),
            frozenset({Right.LOG}),
        ),
        Role(
            "administrator",
            N_("Administrator"),
            N_("Keeps accounts and settings, sees figures; sees nobody by name."),
            frozenset({Right.FIGURES, Right.ACCOUNTS, Right.SETTINGS}),
        ),
    )
}

EVERY_RIGHT: Final = frozenset(Right)


def rights_of(roles: tuple[str, ...]) -> frozenset[Right]:
    """The rights of somebody who has all of these roles; a role that is not declared gives none.

    >>> sorted(rights_of(("auditor", "no such role")))
    [<Right.LOG: 'log'>]
    """
    return frozenset(right for key in roles if key in ROLES for right in ROLES[key].rights)


@dataclass(frozen=True)
class Purpose:
    """Why somebody asks for numbers in full."""

    key: str
    label: str


PURPOSES: Final = {
    purpose.key: purpose
    for purpose in (
        Purpose("verification", N_("Verification with the civil registry")),
        Purpose("proposal", N_("Proposal or correction in the national register")),
        Purpose("distribution", N_("Distribution of a programme")),
        Purpose("complaint", N_("Complaint or request of the person concerned")),
        Purpose("matching", N_("Review of uncertain matches")),
        Purpose("other", N_("Another purpose, as written")),
    )
}
UNMASKED_MINUTES: Final = 15
"""How long numbers stay in full after a purpose was stated."""
UNMASKED_ROWS: Final = 10_000
"""How many rows may be seen in full for one stated purpose."""
