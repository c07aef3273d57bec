"""How many people live in each kelurahan, and which share of them the registers know: the denominators of it all.

Totals by kab/kota in 2024 are those of the civil registry (Dukcapil), and so is their sum for Jakarta; earlier totals
and everything below a kab/kota are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from data.sample.regions import Region
from data.sample.villages import Array, Villages

NEWEST: Final = date(2024, 12, 31)

RESIDENTS: Final[Mapping[str, int]] = {
    "74.71": 366_454,
    "64.08": 448_850,
    "31.01": 30_334,
    "31.71": 1_057_270,
    "31.72": 1_832_032,
    "31.73": 2_556_752,
    "31.74": 2_331_411,
    "31.75": 3_230_417,
}
"""By kab/kota at `NEWEST`."""

EARLIER: Final[Mapping[str, Mapping[date, float]]] = {
    "74.71": {date(2019, 12, 31): 0.9208, date(2020, 12, 31): 0.9417, date(2022, 12, 31): 0.9695, NEWEST: 1.0},
    "31": {date(2020, 12, 31): 0.9986, date(2021, 12, 31): 0.9991, NEWEST: 1.0},
    "64.08": {date(2021, 12, 31): 0.9427, date(2022, 12, 31): 0.9618, date(2023, 6, 30): 0.9711, NEWEST: 1.0},
}
"""By region, the dates that are counted, and residents relative to `NEWEST`."""

IN_LOW_DECILES: Final[Mapping[str, float]] = {"74.71": 0.2, "64.08": 0.13, "31.71": 0.075, "31.01": 0.3}
"""By kab/kota, residents whom a register of deciles has in 1 to 4; elsewhere there is no such register."""

LEAST_LOW: Final = 0.066
MOST_LOW: Final = 0.56
REGISTERED_SPREAD: Final = 0.38
LOW_SPREAD: Final = 0.25
GROWTH_SPREAD: Final = 0.012


@dataclass(frozen=True)
class Census:
    """By kelurahan (V, in the order of `Villages`): residents by date (int64), and shares of the residents of `NEWEST`
    in DTKS and in deciles 1 to 4 (0…1; 0 where no register has deciles).
    """

    residents: Mapping[date, Array]
    registered: Array
    low_deciles: Array

    @property
    def newest(self) -> Array:
        return self.residents[NEWEST]


def census(region: Region, around: Villages, rng: np.random.Generator) -> Census:
    """The residents of a region that is declared above; KeyError for another."""
    kabkota = np.array([code[:5] for code in around.codes])
    known = around.weight * region.persons
    share = rng.lognormal(0, REGISTERED_SPREAD, len(known)).clip(0.4, 2.1)
    growth = rng.normal(0, GROWTH_SPREAD, len(known)).clip(-0.03, 0.03)
    residents = {}
    for day, relative in EARLIER[region.place].items():
        years = NEWEST.year - day.year
        count = np.zeros(len(known), dtype=np.int64)
        for code in np.unique(kabkota):
            inside = kabkota == code
            wanted = (known / share)[inside] * (1 - growth[inside] * years)
            count[inside] = apportioned(wanted, round(RESIDENTS[code] * relative))
        residents[day] = count
    registered = known / residents[NEWEST]
    low = np.zeros(len(known))
    for code in np.unique(kabkota):
        inside, average = kabkota == code, IN_LOW_DECILES.get(str(code), 0.0)
        if average:
            own = (registered[inside] / registered[inside].mean()) ** 0.8 * rng.lognormal(0, LOW_SPREAD, inside.sum())
            low[inside] = (average * own).clip(LEAST_LOW, MOST_LOW)
    return Census(residents, registered, low)


def apportioned(weights: Array, total: int) -> Array:
    """Whole numbers (int64) in the proportion of the weights that add up to `total`: the largest remainders go up.

    >>> apportioned(np.array([1.0, 1.0, 2.0]), 9).tolist()
    [2, 2, 5]
    """
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return np.asarray(whole)
