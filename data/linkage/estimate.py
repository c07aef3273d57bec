"""How good the matching is, as far as people have looked at its pairs.

Pairs are drawn from three bands, as the matching had put them before anybody decided: accepted, under review,
rejected. Of each band the share of true pairs among those decided stands for the whole band (stratified estimate); its
interval is Wilson's at 95 %, and the bounds of a figure put the bounds of its bands together, which is wider than
needed. Pairs that were never compared are in no band, so that recall is that of the pairs compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from data.definitions.catalogue import LINKAGES
from data.linkage import decisions, outcomes
from data.linkage.runs import Run
from data.snapshots import Store

BANDS: Final = ("accepted", "review", "rejected")
NEEDED: Final = 30
"""Decided pairs that a band needs before its share says anything; a smaller band: all of it."""
CERTAINTY: Final = 1.959964
"""Standard deviations of the normal distribution within which 95 % lie."""


_Bounded = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Band:
    """Pairs of a band, how many were decided (accepted or rejected), and how many of these are true."""

    pairs: int
    decided: int
    true: int

    @property
    def lacking(self) -> int:
        """How many more have to be decided."""
        return max(0, min(NEEDED, self.pairs) - self.decided)


@dataclass(frozen=True)
class Estimate:
    """Fractions 0–1 with their bounds; None where not enough was decided. `needed`: decided pairs that would be
    enough, if they lie in the right bands; `lacking` says how many more each band needs.
    """

    precision: float | None
    precision_low: float | None
    precision_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    reviewed: int
    needed: int
    lacking: Mapping[str, int]


def estimate(store: Store, runs: Sequence[Run]) -> Estimate:
    """Precision and recall of the accepted pairs of runs of one linkage, of the kind that it looks for first (persons,
    or families).
    """
    total = dict.fromkeys(BANDS, Band(0, 0, 0))
    for run in runs:
        for name, band in _bands(store, run).items():
            before = total[name]
            total[name] = Band(before.pairs + band.pairs, before.decided + band.decided, before.true + band.true)
    return of_bands(total)


def _bands(store: Store, run: Run) -> dict[str, Band]:
    made = decisions.decisions(store, run.linkage)
    pairs = outcomes.undecided(store, run).select("finds", "status", "left_keys", "right_keys").to_pyarrow()
    found = {name: [0, 0, 0] for name in BANDS}
    kinds, states = pairs["finds"].to_pylist(), pairs["status"].to_pylist()
    grain = LINKAGES[run.linkage].grain
    for kind, state in zip(kinds, states, strict=True):
        if kind == grain:
            found[state][0] += 1
    for row, verdict in decisions.applied(pairs, made).items():
        if kinds[row] == grain and verdict in ("accept", "reject"):
            found[states[row]][1] += 1
            found[states[row]][2] += verdict == "accept"
    return {name: Band(*numbers) for name, numbers in found.items()}


def of_bands(bands: Mapping[str, Band]) -> Estimate:
    """The estimate from the three bands.

    >>> found = of_bands({"accepted": Band(1000, 100, 99), "review": Band(50, 50, 20), "rejected": Band(400, 40, 0)})
    >>> round(found.precision, 3), round(found.recall, 3)
    (0.99, 1.0)
    >>> of_bands({"accepted": Band(1000, 3, 3), "review": Band(50, 50, 20), "rejected": Band(0, 0, 0)}).lacking
    {'accepted': 27, 'review': 0, 'rejected': 0}
    """
    accepted = bands["accepted"]
    reviewed = sum(band.decided for band in bands.values())
    needed = sum(min(NEEDED, band.pairs) for band in bands.values())
    lacking = {name: band.lacking for name, band in bands.items()}
    precision = wilson(accepted.true, accepted.decided) if accepted.pairs and not accepted.lacking else None
    recall = _recall(bands) if precision and not any(lacking.values()) else None
    return Estimate(
        *(precision or _NOT_KNOWN), *(recall or _NOT_KNOWN), reviewed=reviewed, needed=needed, lacking=lacking
    )


_NOT_KNOWN: Final[_Bounded] = (None, None, None)


def _recall(bands: Mapping[str, Band]) -> tuple[float, float, float] | None:
    """True pairs that count (accepted by the matching, or by somebody) among all true pairs."""
    accepted, others = bands["accepted"], (bands["review"], bands["rejected"])
    settled = sum(band.true for band in others)
    shares = wilson(accepted.true, accepted.decided)
    rest = [wilson(band.true, band.decided) if band.decided else (0.0, 0.0, 0.0) for band in others]

    def of(own: float, missed: Sequence[float]) -> float | None:
        found = accepted.pairs * own + settled
        # What was decided is known; the share of the band stands for what was not.
        open_ = sum((b.pairs - b.decided) * share for b, share in zip(others, missed, strict=True))
        return found / (found + open_) if found else None

    middle = of(shares[0], [share[0] for share in rest])
    low = of(shares[1], [share[2] for share in rest])
    high = of(shares[2], [share[1] for share in rest])
    return None if middle is None else (middle, low or 0.0, 1.0 if high is None else high)


def wilson(true: int, decided: int) -> tuple[float, float, float]:
    """A share with the bounds of Wilson's interval.

    >>> [round(value, 3) for value in wilson(95, 100)]
    [0.95, 0.888, 0.978]
    """
    share, square = true / decided, CERTAINTY**2 / decided
    middle = (share + square / 2) / (1 + square)
    half = CERTAINTY / (1 + square) * sqrt(share * (1 - share) / decided + square / (4 * decided))
    return share, max(0.0, middle - half), min(1.0, middle + half)
