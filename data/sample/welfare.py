"""Who stands in a register of deciles: in every kelurahan the poorest families, as many as the census says."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from data.sample.society import Society, day
from data.sample.villages import Array

DECILE_SHARES: Final = (0.22, 0.24, 0.26, 0.28)
"""Of the families in deciles 1 to 4."""


@dataclass(frozen=True)
class Listed:
    """By family listed (L, by kelurahan and card): its position in `Households` and its decile, 1 to 10."""

    family: Array
    decile: Array


def listed(society: Society, place: str, on: date, beyond: float = 0.0) -> Listed:
    """The families of a kab/kota in deciles 1 to 4, and so many persons again in the deciles beyond (a share)."""
    people, homes, counted = society.people, society.households, society.census
    size = np.bincount(people.family[people.born <= day(on)], minlength=len(homes.card))
    inside = np.array([code.startswith(place) for code in society.villages.codes])
    there = np.flatnonzero((size > 0) & inside[homes.village] & (homes.head >= 0))
    there = there[np.lexsort((homes.means[there], homes.village[there]))]
    village = homes.village[there]
    start = np.searchsorted(village, village)
    reached = np.cumsum(size[there])
    before = reached - size[there] - np.r_[0, reached][start]
    wanted = (counted.low_deciles * counted.newest * society.scale)[village]
    low, next_ones = before < wanted, before < wanted * (1 + beyond)
    # The poorest of all kelurahan are decile 1, so that deciles differ from one kelurahan to the next.
    decile = np.empty(len(there), dtype=np.int8)
    for chosen, shares, first in ((low, DECILE_SHARES, 1), (next_ones & ~low, (1 / 6,) * 6, 5)):
        order = np.argsort(np.argsort(homes.means[there[chosen]], kind="stable"), kind="stable")
        bounds = np.cumsum(shares) * len(order)
        decile[chosen] = first + np.searchsorted(bounds, order, side="right").clip(0, len(shares) - 1)
    kept = np.flatnonzero(next_ones)
    kept = kept[np.lexsort((homes.card[there[kept]], village[kept]))]
    return Listed(there[kept], decile[kept])


def members(society: Society, families: Array, on: date) -> tuple[Array, Array]:
    """The persons (positions) of these families who are born by then, family by family, and the place of each one's
    family among `families`.
    """
    people = society.people
    place = np.full(len(society.households.card), -1, dtype=np.int64)
    place[families] = np.arange(len(families))
    there = np.flatnonzero((place[people.family] >= 0) & (people.born <= day(on)))
    order = np.lexsort((people.slot[there], place[people.family[there]]))
    persons = there[order]
    return persons, place[people.family[persons]]
