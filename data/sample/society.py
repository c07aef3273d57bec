"""Everyone of whom a region's registers speak: the families of DTKS, their children it does not have, other families.

A person's true NIK and a family's true card are its identity in all registers, however a register writes them.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from data.sample import names, numbers, vocabulary
from data.sample.census import Census, census
from data.sample.people import YEAR, Array, Population, Slot, populate
from data.sample.regions import Region, region
from data.sample.updates import Updates, updates
from data.sample.villages import Villages, villages

UNTIL: Final = date(2026, 3, 31)
"""Children are born until then, for registers that are newer than the last DTKS."""

OUTSIDE_BASE: Final = {"74.71": 0.05, "31": 0.006, "64.08": 0.065}
"""Share of the residents who stand in other registers, whatever deciles there are, and never in DTKS."""

KNOWN_TO_DTKS: Final = 0.6
"""Of the families of a register of deciles, at most this share of DTKS is to be found among them."""

PERSONS_A_FAMILY: Final = 3.75
LATE_CHILD: Final = 0.4
SIBLINGS_APART: Final = 300
OTHERS, LATE = 400, 800
"""Where the serials of their numbers begin, see `numbers.unique`; those of DTKS begin at 0."""


@dataclass(frozen=True)
class People:
    """By person (P): where in `Families` it belongs, and what stands on its papers. Days are since 1970-01-01.

    `name`, `mother`: positions in `Society.names`. `registered`: whether DTKS has the person.
    """

    family: Array
    slot: Array
    born: Array
    male: Array
    name: Array
    mother: Array
    nik: Array
    wrong_nik: Array
    registered: Array


@dataclass(frozen=True)
class Households:
    """By family (F). `means`: how well off, 0 the poorest. `head`, `man`, `woman`: positions in `People`, -1 where
    there is none.
    """

    village: Array
    card: Array
    street: Array
    house: Array
    rt: Array
    rw: Array
    means: Array
    registered: Array
    head: Array
    man: Array
    woman: Array


@dataclass(frozen=True)
class Society:
    """The people of a place; drawn when they are first asked for, the same for the same place, scale and seed."""

    place: str
    scale: float
    seed: int

    def random(self, *what: str | int) -> np.random.Generator:
        """A stream of its own for every purpose, so that no register depends on another."""
        own = [zlib.crc32(str(word).encode()) for word in what]
        return np.random.default_rng([self.seed, int(self.place.replace(".", "")), *own])

    @cached_property
    def region(self) -> Region:
        return region(self.place)

    @cached_property
    def villages(self) -> Villages:
        return villages(self.region, self.random())

    @cached_property
    def census(self) -> Census:
        """KeyError for a place of which only DTKS is made up."""
        return census(self.region, self.villages, self.random("census"))

    @property
    def population(self) -> Population:
        return self._registered[0]

    @property
    def updates(self) -> Updates:
        return self._registered[1]

    @cached_property
    def _registered(self) -> tuple[Population, Updates]:
        rng = self.random()
        population = populate(self.region, self.scale, rng)
        return population, updates(population, rng)

    @cached_property
    def names(self) -> pa.StringArray:
        return pa.array(self.population.names, pa.string())

    @property
    def people(self) -> People:
        return self._everyone[0]

    @property
    def households(self) -> Households:
        return self._everyone[1]

    @cached_property
    def _everyone(self) -> tuple[People, Households]:
        rng = self.random("people")
        inside, outside = self.population, self._outside(rng)
        people = _joined(inside, outside)
        people = _with_late_children(people, inside, self.region, rng)
        return people, _households(people, inside, outside, rng)

    def _outside(self, rng: np.random.Generator) -> Population:
        """Families that DTKS never had, most where a register of deciles has more people than DTKS."""
        counted = self.census
        missing = np.maximum(counted.low_deciles - KNOWN_TO_DTKS * counted.registered, 0)
        wanted = (OUTSIDE_BASE[self.place] + 1.2 * missing) * counted.newest
        last = self.region.editions[-1]
        like = replace(
            self.region,
            persons=round(wanted.sum()),
            families=round(wanted.sum() / PERSONS_A_FAMILY),
            editions=(replace(last, period=UNTIL.replace(year=UNTIL.year - 1)), replace(last, period=UNTIL)),
        )
        return populate(like, self.scale, rng, replace(self.villages, weight=wanted / wanted.sum()), OTHERS)

    def columns(self, persons: Array, village: Array | None = None) -> dict[str, pa.Array | Array]:
        """The rows of these persons (positions in `people`), to be named in the SQL of a sheet.

        `village`: where a register puts them, if not where they live.

        Columns: no (1, 2, …), person, family, person_no, family_no (positions), nik, wrong_nik, card, name, mother,
        father, born (date), male, relation, kelurahan, kecamatan, kabkota, province, code (dotted), address, rt, rw.
        """
        people, homes, around = self.people, self.households, self.villages
        family = people.family[persons]
        village = homes.village[family] if village is None else village
        forms = vocabulary.HOUSE_FORMS
        streets = [street + form for street in self.region.streets for form in forms]
        husband = people.male[persons] & (people.slot[persons] == Slot.SPOUSE)
        areas = {own: getattr(around, own) for own in ("kecamatan", "kabkota", "province")}
        return {
            "no": np.arange(1, len(persons) + 1),
            "person": people.nik[persons],
            "family": homes.card[family],
            "person_no": persons,
            "family_no": family,
            "nik": people.nik[persons],
            "wrong_nik": people.wrong_nik[persons],
            "card": homes.card[family],
            "name": self.named(people.name[persons]),
            "mother": self.named(people.mother[persons]),
            "father": self.named(_of(homes.man, family, people.name)),
            "born": dates(people.born[persons]),
            "male": people.male[persons],
            "relation": words(np.where(husband, len(vocabulary.RELATIONS) - 1, people.slot[persons]),
                              vocabulary.RELATIONS),
            "kelurahan": words(village, around.names),
            **{own: words(village, texts) for own, texts in areas.items()},
            "code": words(village, around.codes),
            "address": words(homes.street[family] * len(forms) + homes.house[family], streets),
            "rt": homes.rt[family],
            "rw": homes.rw[family],
        }  # fmt: skip

    def ages(self, on: date) -> Array:
        """The age in years (float) of everyone in `people` on a day; below 0 for who is born later."""
        age: Array = (day(on) - self.people.born) / YEAR
        return age

    def jobs(self, persons: Array, on: date) -> pa.DictionaryArray:
        """What these persons do on a day, in the words of a register."""
        groups = (
            vocabulary.INFANT_JOBS,
            vocabulary.PUPIL_JOBS,
            self.region.men_jobs,
            vocabulary.WOMEN_JOBS,
            vocabulary.ELDER_JOBS,
        )
        sizes = np.array([len(group) for group in groups])
        age = self.ages(on)[persons]
        group = np.select([age < 6, age < 19, age >= 66], [0, 1, 4], np.where(self.people.male[persons], 2, 3))
        chosen = self.people.nik[persons] % 9973 % sizes[group]
        return words((np.cumsum(sizes) - sizes)[group] + chosen, [job for each in groups for job in each])

    def named(self, name: Array) -> pa.DictionaryArray:
        """Names by their positions; negative ones are nobody's."""
        return pa.DictionaryArray.from_arrays(pa.array(name.astype(np.int32), mask=name < 0), self.names)


def words(index: Array, texts: Sequence[str]) -> pa.DictionaryArray:
    """Texts by their positions; negative ones are blank."""
    positions = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(positions, pa.array(texts, pa.string()))


def dates(days: Array) -> pa.Array:
    """Days since 1970-01-01 as dates."""
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def day(on: date) -> int:
    """Days since 1970-01-01."""
    return (on - date(1970, 1, 1)).days


def _of(member: Array, family: Array, name: Array) -> Array:
    """The name of that member of each family, -1 where there is none."""
    at = member[family]
    return np.where(at < 0, -1, name[at])


def _joined(inside: Population, outside: Population) -> People:
    """Whoever is there at the last edition of either."""
    kept = [np.flatnonzero(each.persons.leaves == each.never) for each in (inside, outside)]

    def both(column: str) -> Array:
        return np.concatenate(
            [getattr(each.persons, column)[there] for each, there in zip((inside, outside), kept, strict=True)]
        )

    columns = {own: both(own) for own in ("slot", "born", "male", "name", "mother", "nik", "wrong_nik")}
    registered = np.arange(len(columns["nik"])) < len(kept[0])
    family = both("family") + np.where(registered, 0, len(inside.families.kind)).astype(np.int32)
    return People(family=family, registered=registered, **columns)


def _with_late_children(people: People, inside: Population, like: Region, rng: np.random.Generator) -> People:
    """Children of registered families whom DTKS does not have: some forgotten, most born after its last edition."""
    last = int(inside.periods[-1])
    mothers = np.flatnonzero(people.registered & ~people.male & (people.slot <= Slot.SPOUSE))
    mothers = mothers[rng.random(len(mothers)) < LATE_CHILD]
    born = rng.integers(last - int(4 * YEAR), day(UNTIL), len(mothers), dtype=np.int32)
    age = (born - people.born[mothers]) / YEAR
    fits = (age > 17) & (age < 43)
    mothers, born = mothers[fits], born[fits]
    family = people.family[mothers]
    expected = np.full(int(people.family.max()) + 1, np.iinfo(np.int32).max // 2, dtype=np.int64)
    expected[family] = born
    child = (people.slot >= Slot.CHILD) & (people.slot < Slot.ELDER)
    close = child & (np.abs(people.born - expected[people.family]) < SIBLINGS_APART)
    crowded = np.zeros(len(expected), dtype=bool)
    crowded[people.family[close]] = True
    free = ~crowded[family]
    mothers, born, family = mothers[free], born[free], family[free]

    male = rng.random(len(born)) < 0.51
    pools = names.pools(list(like.peoples))
    afters = pools.parts.reshape(-1, 3)[:, 2]
    pool = np.searchsorted(pools.start.ravel(), people.name[mothers], side="right") - 1
    clan = ((people.name[mothers] - pools.start.ravel()[pool]) % afters[pool] + 0.5) / afters[pool]
    area = inside.villages.area[inside.families.village[family]]
    nik = numbers.unique(area * 10**6 + numbers.ddmmyy(born) + np.where(male, 0, 40 * 10**4), LATE)
    late = {
        "family": family,
        "slot": np.full(len(born), Slot.CHILD, dtype=np.int8),
        "born": born,
        "male": male,
        "name": pools.draw(pool // 4, male, born, clan, rng),
        "mother": people.name[mothers],
        "nik": nik,
        "wrong_nik": numbers.mistaken(nik, rng),
        "registered": np.zeros(len(born), dtype=bool),
    }
    return People(**{own: np.concatenate([getattr(people, own), column]) for own, column in late.items()})


def _households(people: People, inside: Population, outside: Population, rng: np.random.Generator) -> Households:
    def both(column: str) -> Array:
        return np.concatenate([getattr(inside.families, column), getattr(outside.families, column)])

    size = len(inside.families.kind) + len(outside.families.kind)
    registered = np.arange(size) < len(inside.families.kind)
    moved = np.concatenate([each.families.moves < each.never for each in (inside, outside)])
    parents = people.slot <= Slot.SPOUSE

    def member(chosen: Array) -> Array:
        found = np.full(size, -1, dtype=np.int64)
        found[people.family[chosen]] = np.flatnonzero(chosen)
        return found

    return Households(
        village=np.where(moved, both("new_village"), both("village")),
        **{own: both(own) for own in ("card", "street", "rt", "rw")},
        house=both("new_house"),
        means=np.where(registered, rng.beta(1.3, 3.2, size), rng.beta(1.7, 2.6, size)),
        registered=registered,
        head=member(people.slot == Slot.HEAD),
        man=member(parents & people.male),
        woman=member(parents & ~people.male),
    )
