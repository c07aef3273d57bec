"""When each record was last updated, so that every edition shows the share of updated persons that is declared.

Field teams work through a kelurahan's families in a fixed random order. By how far they have come on a day (a curve
that rises with time, steeper where the kelurahan is diligent) every family has the day of its update; the share within
a window is the curve's rise over the window, and what was updated early falls out of later windows by itself. The
curve's height at each edition is then corrected until the share of the whole region comes out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data.sample.people import REGISTERED_AFTER_BIRTH, Array, Population, Slot

NEVER: Final = np.int32(2**30)
FOLLOWS: Final = 0.965
UPDATED_EARLY: Final = 0.11
ROUNDS: Final = 12


@dataclass(frozen=True)
class Updates:
    """By person: the day of the update (NEVER where there is none) and the day of the one before it."""

    day: Array
    before: Array

    def done(self, on: int) -> Array:
        """Who (bool, P) has been updated by that day."""
        done: Array = self.day <= on
        return done

    def last(self, on: int) -> Array:
        """The day (int32, P) that a register of that day shows as the last update."""
        return np.where(self.done(on), self.day, self.before).astype(np.int32)


def windows(population: Population) -> Array:
    """The day before the first one on which an update counts, by edition (S)."""
    if not population.region.dated:
        before: Array = np.r_[population.periods[0] - 1, population.periods[:-1]]
        return before
    dates = [edition.period for edition in population.region.editions]
    return np.array([_two_years_before(day.isoformat()) for day in dates], dtype="datetime64[D]").astype(np.int32)


def updates(population: Population, rng: np.random.Generator) -> Updates:
    """Draws the update of every family and lets its members share it, most of them."""
    families, persons, periods = population.families, population.persons, population.periods
    size = len(families.kind)
    starts = windows(population)
    arrived = np.minimum(families.moves, np.where(families.enters > 0, families.enters, population.never))
    forced = arrived < population.never
    came = _between(periods, arrived.clip(1, population.never - 1), rng.random(size))
    everyone = forced[persons.family] | (persons.slot == Slot.HEAD)
    follows = everyone | (rng.random(len(persons.slot), dtype=np.float32) < FOLLOWS)
    born_in = _between(periods, persons.enters.clip(1, population.never - 1), rng.random(len(persons.slot)))
    born_in = np.maximum(born_in, persons.born + REGISTERED_AFTER_BIRTH)
    coverage = population.villages.coverage
    bend = rng.uniform(0.05, 0.45, len(coverage)) * rng.choice((-1, 1), len(coverage))
    rank = rng.random(size)

    targets = np.array([edition.updated for edition in population.region.editions])
    early = UPDATED_EARLY * targets[-1] if population.region.dated else 0.0
    early_rise = np.linspace(0, early, len(starts))
    present = [(persons.enters <= s) & (persons.leaves > s) for s in range(population.never)]
    followers = [np.bincount(persons.family[there & follows & ~persons.newborn], minlength=size) for there in present]
    babies = [
        int((there & persons.newborn & (born_in > start) & (born_in <= end)).sum())
        for there, start, end in zip(present, starts, periods, strict=True)
    ]
    height = targets + early_rise
    day = came
    for _ in range(ROUNDS):
        curve_days, curve = _curve(starts, early_rise, periods, height)
        day = np.where(
            forced, came, _reached(rank, coverage[families.village], bend[families.village], curve_days, curve)
        )
        counted = [(day > start) & (day <= end) for start, end in zip(starts, periods, strict=True)]
        updated = np.array([count @ within for count, within in zip(followers, counted, strict=True)]) + babies
        height = np.maximum.accumulate(height + targets - updated / [there.sum() for there in present])

    before = (starts[0] - 850 * rng.random(size) ** 0.7).astype(np.int32)
    own = np.where(follows, day[persons.family], NEVER)
    return Updates(np.where(persons.newborn, born_in, own).astype(np.int32), before[persons.family])


def _curve(starts: Array, early_rise: Array, periods: Array, height: Array) -> tuple[Array, Array]:
    """The share of families reached by day: days and heights, both rising strictly."""
    days, first = np.unique(np.r_[starts, periods], return_index=True)
    values = np.r_[early_rise, height][first]
    if starts[-1] in periods:
        values = np.where(days <= periods[0], 0.0, values)
    return days, np.maximum.accumulate(values) + np.arange(len(days)) * 1e-9


def _reached(rank: Array, coverage: Array, bend: Array, days: Array, curve: Array) -> Array:
    """The day (int32) on which the work in its village reaches a family of this rank.

    A village has reached `pace * h * (1 + bend * (1 - h / top))` of its families when the region's curve is at h;
    this is that parabola, solved for h.
    """
    top = curve[-1]
    wanted = rank * np.average(coverage) / np.maximum(coverage, 1e-9)
    inside = np.maximum((1 + bend) ** 2 - 4 * bend * wanted / top, 0)
    height = ((1 + bend) - np.sqrt(inside)) / (2 * bend / top)
    day = np.ceil(np.interp(height, curve, days))
    return np.where((wanted > top) | (height <= 0), NEVER, np.maximum(day, days[0] + 1)).astype(np.int32)


def _between(periods: Array, edition: Array, rank: Array) -> Array:
    """A day after the edition before and not after this one."""
    gap = periods[edition] - periods[edition - 1]
    day: Array = (periods[edition] - np.floor(rank * gap)).astype(np.int32)
    return day


def _two_years_before(day: str) -> str:
    """The same day two years earlier; from 29 February the 28th."""
    year, rest = int(day[:4]) - 2, day[4:]
    return f"{year}{'-02-28' if rest == '-02-29' else rest}"
