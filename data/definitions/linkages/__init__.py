"""What a linkage is: two registers whose records may speak of the same people; one file beside this one declares each.

A run takes the rules in their order: those that are certain first, and what is left is compared by probability.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import ibis.expr.types as ir

from data.definitions.indicators import Indicator

Finds = Literal["person", "family"]
DIFFERS: Final = "differs"
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Rule:
    """A way to find a pair. `says` tells it in words; `links` is false where it finds a contradiction to be looked at.

    `finds` is what the right record is: the same person (or, in a linkage of families, the same family), or the family
    that a person belongs to. `when` is its condition in SQL over the comparisons of the model of what it finds: a
    comparison's key stands for the key of its degree, `differs` or `unknown`. A rule without a condition is the model's
    own: whatever it finds likely enough. `unique` rules hold only where they lead to one record on either side.
    """

    key: str
    label: str
    says: str
    links: bool = True
    finds: Finds = "person"
    when: str = ""
    unique: bool = False

    @property
    def certain(self) -> bool:
        """Whether its pairs count without being weighed."""
        return self.links and bool(self.when)

    @property
    def by_number(self) -> bool:
        """Whether its pairs count because of a number of the record's own, whoever else there is."""
        return self.certain and not self.unique


@dataclass(frozen=True)
class Agreement:
    """A degree to which two records agree in something: `when` is its condition in SQL (columns `…_l` and `…_r`),
    `label` what it means in words. `rarity` names the column whose rare values count for more than common ones.
    """

    key: str
    label: str
    when: str
    rarity: str = ""


@dataclass(frozen=True)
class Comparison:
    """Something in which two records are compared, by its degrees from the closest down; none of them is *differs*.

    `unknown` is the condition under which nothing can be said. Where it hangs together with another comparison (a NIK
    begins with the area), `among` says who are the strangers to be reckoned with, and what is shipped about them holds
    for all registers.
    """

    key: str
    label: str
    unknown: str
    agreements: tuple[Agreement, ...]
    among: str = ""

    @property
    def degrees(self) -> tuple[str, ...]:
        """The keys of its degrees, the closest first."""
        return (*(agreement.key for agreement in self.agreements), DIFFERS)


@dataclass(frozen=True)
class Candidates:
    """Which pairs are looked at: a condition in SQL over the records `l` and `r`. Of the columns in `each`, which are
    lists, one entry on either side has to fulfil it. `always`: a rule decides about such a pair, however unlikely.
    """

    when: str
    each: tuple[str, ...] = ()
    always: bool = False


@dataclass(frozen=True)
class Model:
    """How pairs of one kind are weighed, under the key of the rule that they get. From `accept_at` on (probability 0–1)
    a pair counts, from `review_at` on somebody should look at it.

    A pair counts only where `settles` holds (SQL as in `Rule.when`), however likely it is: twins share all but the
    name. What does not fulfil `asks` is not even worth a look.
    """

    rule: str
    finds: Finds
    candidates: tuple[Candidates, ...]
    comparisons: tuple[Comparison, ...]
    accept_at: float
    review_at: float
    settles: str = "TRUE"
    asks: str = "TRUE"


@dataclass(frozen=True)
class Outcome:
    """What becomes of a record of the left register. `do` is what an office has to do about it."""

    key: str
    label: str
    definition: str
    do: str = ""


@dataclass(frozen=True)
class Linkage:
    """Two registers and how they are matched. Of several `rights` the newest with all fields `needs` speaks.

    `counts` picks the units of the left register that the figures are about, `counted` is their name as a measure;
    `measures` are numbers of units by their outcomes. An outcome under `undecided` is one of which nothing can be said:
    that of a left record for which `usable` (SQL over its columns, see data.linkage.records) does not hold.
    """

    key: str
    label: str
    definition: str
    left: str
    rights: tuple[str, ...]
    grain: Finds
    outcomes: tuple[Outcome, ...]
    counts: Callable[[ir.Table], ir.BooleanValue]
    counted: str
    measures: Mapping[str, tuple[str, ...]]
    indicators: tuple[Indicator, ...] = ()
    needs: tuple[str, ...] = ()
    undecided: str = "undecided"
    rules: tuple[Rule, ...] = ()
    models: tuple[Model, ...] = ()
    usable: str = "TRUE"


@cache
def linkages() -> dict[str, Linkage]:
    """Every declared linkage by its key: each module of this package has one in `LINKAGE`."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.LINKAGE.key: module.LINKAGE for module in modules if hasattr(module, "LINKAGE")}
