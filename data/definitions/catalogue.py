"""Everything that is declared, gathered from the modules beside this one: the one place to look a key up."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from data.definitions import fields, indicators, problems
from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.linkages import Linkage, linkages
from data.definitions.problems import Problem
from data.definitions.registers import Register, registers
from data.intake.limits import EXCESSES

Entry = TypeVar("Entry")


def _by_key(entries: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    """Raises ValueError where one key is declared twice: the later would silently change the earlier."""
    found: dict[str, Entry] = {}
    for key, entry in entries:
        if found.setdefault(key, entry) != entry:
            raise ValueError(f"declared twice: {key}")
    return found


REGISTERS: Final[Mapping[str, Register]] = registers()
_DECLARED: Final = tuple(REGISTERS.values())
LINKAGES: Final[Mapping[str, Linkage]] = linkages()
"""Which registers are matched, each by its key."""

FIELDS: Final[Mapping[str, Field]] = _by_key(
    (field.key, field) for field in (*fields.SHARED, *(own for one in _DECLARED for own in one.own_fields))
)
INDICATORS: Final[Mapping[str, Indicator]] = _by_key(
    (found.key, found)
    for found in (
        *(own for register in _DECLARED for own in register.indicators),
        *(own for linkage in LINKAGES.values() for own in linkage.indicators),
        *indicators.SHARED,
    )
)
PROBLEMS: Final[Mapping[str, Problem]] = _by_key(
    (found.code, found)
    for found in (*problems.SHARED, *EXCESSES.values(), *(check.problem for one in _DECLARED for check in one.checks))
)
PROGRAMMES: Final[tuple[str, ...]] = tuple(field.key for field in fields.SHARED if field.kind == "yes_no")
"""Fields that say whether a programme is received, in the order of the export's columns."""
