"""The families and persons of a region over all its snapshots: invented once, so that a person keeps her identity.

All arrays are by family (F), by person (P) or by village (V); days are whole days since 1970-01-01. A *rank* is a
number in 0…1 that a family or person keeps for ever: whoever has a rank below a share belongs to that share, at every
snapshot, so states change only where the shares do. Editions are numbered 0…S-1; S stands for *never*.

Nobody here exists, see `numbers`.
"""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from data.sample import names, numbers, vocabulary
from data.sample.regions import Region
from data.sample.villages import Villages, villages

Array = npt.NDArray[Any]

YEAR: Final = 365.25
CHILDREN: Final = 6
REGISTERED_AFTER_BIRTH: Final = 45
ENTERING: Final = 0.013
LEAVING: Final = 0.006
MOVING: Final = 0.004
NEWLY_WED: Final = 0.4
GONE_BY_EDITION: Final = 0.0017
STILL_AT_THE_PARENTS: Final = 0.15
STAYS_WITH_THE_ROW: Final = ("family", "slot", "male", "enters", "leaves", "newborn")
"""What a woman does not take along when she marries."""


class Slot(IntEnum):
    """A member's place in the family; children take the slots from CHILD on."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    ELDER = CHILD + CHILDREN
    GRANDCHILD = ELDER + 1
    KIN = ELDER + 2


class Kind(IntEnum):
    """What a family is made of."""

    COUPLE = 0
    SINGLE_PARENT = 1
    WITH_ELDER = 2
    WITH_GRANDCHILD = 3
    OLD_COUPLE = 4
    OLD_AND_ALONE = 5
    ALONE = 6


KIND_SHARES: Final = (0.66, 0.12, 0.07, 0.04, 0.04, 0.045, 0.025)
HEAD_AGES: Final = (
    (42, 9, 22, 66),
    (46, 10, 25, 70),
    (42, 7, 30, 56),
    (58, 5, 50, 70),
    (66, 6, 58, 84),
    (71, 7, 60, 93),
    (42, 10, 22, 59),
)
"""By kind: mean, standard deviation, least, most (years, at the last snapshot)."""
MALE_HEADS: Final = (0.985, 0.2, 0.93, 0.85, 0.98, 0.3, 0.6)


@dataclass(frozen=True)
class Families:
    """By family (F): where it lives and when, its card, its address before and after the update."""

    village: Array
    new_village: Array
    enters: Array
    leaves: Array
    moves: Array
    kind: Array
    card: Array
    street: Array
    house: Array
    new_house: Array
    odd_address: Array
    rt: Array
    rw: Array
    welfare: Array
    deprived: Array
    with_children: Array


@dataclass(frozen=True)
class Persons:
    """By person (P), in the order of families. `enters`, `leaves`: editions, family and person taken together.

    `nik` is the true one, `wrong_nik` what the register has while it is not mended. `newborn`: entered by birth.
    """

    family: Array
    slot: Array
    born: Array
    male: Array
    name: Array
    mother: Array
    birthplace: Array
    nik: Array
    wrong_nik: Array
    enters: Array
    leaves: Array
    newborn: Array
    civil_rank: Array
    job_rank: Array
    health_rank: Array
    quirk_rank: Array
    slip_rank: Array


@dataclass(frozen=True)
class Population:
    region: Region
    villages: Villages
    families: Families
    persons: Persons
    names: list[str]
    periods: Array

    @property
    def never(self) -> int:
        return len(self.periods)


def days(region: Region) -> Array:
    """The dates of the editions as days."""
    return np.array([edition.period for edition in region.editions], dtype="datetime64[D]").astype(np.int32)


def populate(
    region: Region, scale: float, rng: np.random.Generator, around: Villages | None = None, since: int = 0
) -> Population:
    """Everyone who is ever in the region's register, in the kelurahan `around` (None: as the region declares them).

    Numbers are unique among those with the same `since`, see `numbers.unique`.
    """
    around = around or villages(region, rng)
    periods = days(region)
    peoples = list(region.peoples)
    pools = names.pools(peoples)
    families, people = _families(region, around, scale, since, rng)
    persons = _persons(region, around, families, people, pools, periods, scale, since, rng)
    persons = _marry(persons, families, len(periods), rng)
    return Population(region, around, families, persons, pools.names, periods)


def _families(
    region: Region, around: Villages, scale: float, since: int, rng: np.random.Generator
) -> tuple[Families, Array]:
    editions = len(region.editions)
    total = region.families * scale / (1 - LEAVING * (editions - 1))
    # Every kelurahan keeps a family however small the scale, for an empty one would vanish from maps and tests.
    counts = np.maximum(1, np.round(total * around.weight)).astype(np.int64)
    village = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    size = len(village)
    settled = np.zeros(size, dtype=bool)
    settled[np.cumsum(counts) - counts] = True

    relative = around.coverage[village] / around.coverage.mean()
    rank = rng.random(size)
    entering = ENTERING * relative * (editions - 1)
    enters = np.where(settled | (rank >= entering), 0, 1 + (rank / entering * (editions - 1)).astype(np.int8))
    rank = rng.random(size)
    leaves = np.where(rank < LEAVING * (editions - 1), 1 + (rank / LEAVING).astype(np.int8), editions)
    leaves = np.where(settled | (leaves <= enters), editions, leaves).astype(np.int8)
    rank = rng.random(size)
    moves = np.where(rank < MOVING * (editions - 1), 1 + (rank / MOVING).astype(np.int8), editions)
    moves = np.where(settled | (moves <= enters) | (moves >= leaves), editions, moves).astype(np.int8)
    new_village = np.searchsorted(np.cumsum(around.weight), rng.random(size)).clip(0, len(counts) - 1).astype(np.int32)

    kind = np.searchsorted(np.cumsum(KIND_SHARES), rng.random(size)).clip(0, len(KIND_SHARES) - 1).astype(np.int8)
    shares = np.cumsum(list(region.peoples.values()))
    people = np.searchsorted(shares / shares[-1], rng.random(size)).clip(0, len(shares) - 1).astype(np.int8)
    houses = len(vocabulary.HOUSE_FORMS)
    house = rng.integers(0, houses, size, dtype=np.int32)
    streets = len(region.streets)
    issued = (rng.normal(0, 1500, size) - 3200 + days(region)[-1]).clip(11_000, days(region)[0] - 30).astype(np.int32)
    families = Families(
        village=village,
        new_village=new_village,
        enters=enters.astype(np.int8),
        leaves=leaves,
        moves=moves,
        kind=kind,
        card=numbers.unique(around.area[village] * 10**6 + numbers.ddmmyy(issued), since),
        street=((village * 7 + rng.integers(0, 6, size)) % streets).astype(np.int32),
        house=house,
        new_house=((house + rng.integers(1, houses, size)) % houses).astype(np.int32),
        odd_address=rng.random(size, dtype=np.float32),
        rt=rng.integers(1, 13, size, dtype=np.int8),
        rw=rng.integers(1, 7, size, dtype=np.int8),
        welfare=rng.random(size, dtype=np.float32),
        deprived=rng.random(size, dtype=np.float32),
        with_children=np.isin(kind, (Kind.COUPLE, Kind.SINGLE_PARENT, Kind.WITH_ELDER, Kind.WITH_GRANDCHILD)),
    )
    return families, people


def _persons(
    region: Region,
    around: Villages,
    families: Families,
    people: Array,
    pools: names.NamePools,
    periods: Array,
    scale: float,
    since: int,
    rng: np.random.Generator,
) -> Persons:
    last = int(periods[-1])
    size = len(families.kind)
    born, male = _ages(families, last, rng)
    there = _members(families, born, region.persons * scale, last, rng)
    family, slot = (axis.astype(np.int32) for axis in np.nonzero(there))
    slot = slot.astype(np.int8)
    birth, man = born[family, slot], male[family, slot]
    clan = rng.random(size, dtype=np.float32)
    name = pools.draw(people[family], man, birth, clan[family], rng)
    count = len(family)

    # A child's mother is the woman of the house where there is one, so that mothers' names agree within a family.
    woman = np.full(size, -1, dtype=np.int32)
    parents = ~man & (slot <= Slot.SPOUSE)
    woman[family[parents]] = name[parents]
    mother = pools.draw(people[family], np.zeros(count, dtype=bool), birth - int(26 * YEAR), clan[family], rng)
    child = (slot >= Slot.CHILD) & (slot < Slot.ELDER) & (woman[family] >= 0)
    mother = np.where(child, woman[family], mother)

    first = np.searchsorted(periods, birth + REGISTERED_AFTER_BIRTH).astype(np.int8)
    enters = np.maximum(families.enters[family], first)
    leaves = np.minimum(families.leaves[family], _dies(slot, birth, enters, last, len(periods), rng))
    area = around.area
    issued = area[families.village[family]]
    elsewhere = rng.random(count, dtype=np.float32) < 0.17
    issued = np.where(elsewhere, rng.choice(numbers.elsewhere(region.place), count), issued)
    nik = numbers.unique(issued * 10**6 + numbers.ddmmyy(birth) + np.where(man, 0, 40 * 10**4), since)
    return Persons(
        family=family,
        slot=slot,
        born=birth,
        male=man,
        name=name,
        mother=mother,
        birthplace=(rng.random(count, dtype=np.float32) ** 1.3 * len(region.birthplaces)).astype(np.int16),
        nik=nik,
        wrong_nik=numbers.mistaken(nik, rng),
        enters=enters,
        leaves=leaves,
        newborn=first > families.enters[family],
        civil_rank=rng.random(count, dtype=np.float32),
        job_rank=rng.random(count, dtype=np.float32),
        health_rank=rng.random(count, dtype=np.float32),
        quirk_rank=rng.random(count, dtype=np.float32),
        slip_rank=rng.random(count, dtype=np.float32),
    )


def _ages(families: Families, last: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Birth days and sexes (F by slots) of all who could be in a family, children in the order of birth."""
    kind, size = families.kind, len(families.kind)
    mean, deviation, least, most = np.array(HEAD_AGES).T[:, kind]
    newly_wed = _newly_wed(families)
    head = np.clip(rng.normal(mean, deviation), least, most) + rng.random(size)
    head = np.where(newly_wed, 22 + 9 * rng.random(size), head)
    male = rng.random((size, Slot.KIN + 1), dtype=np.float32) < 0.51
    male[:, Slot.HEAD] = rng.random(size) < np.array(MALE_HEADS)[kind]
    male[:, Slot.SPOUSE] = ~male[:, Slot.HEAD]
    older = np.where(male[:, Slot.HEAD], 3.0, -2.0) + rng.normal(0, 3, size)
    spouse = np.maximum(head - older, 18 + 4 * rng.random(size))
    mother = np.where(male[:, Slot.HEAD] & (kind != Kind.SINGLE_PARENT), spouse, head)
    age = np.empty((size, Slot.KIN + 1), dtype=np.float32)
    age[:, Slot.HEAD], age[:, Slot.SPOUSE] = head, spouse
    first = mother - np.maximum(16.5, rng.normal(23, 3.5, size))
    gaps = rng.gamma(4, 0.85, (size, CHILDREN - 1)).astype(np.float32) + 0.9
    age[:, Slot.CHILD] = first
    age[:, Slot.CHILD + 1 : Slot.ELDER] = first[:, None] - np.cumsum(gaps, axis=1)
    age[:, Slot.ELDER] = np.minimum(head + 19 + 14 * rng.random(size), 97)
    age[:, Slot.GRANDCHILD] = 0.5 + 9 * rng.random(size)
    age[:, Slot.KIN] = 14 + 40 * rng.random(size)
    return (last - age * YEAR).astype(np.int32), male


def _members(families: Families, born: Array, persons: float, last: int, rng: np.random.Generator) -> Array:
    """Who belongs to a family (F by slots): so many children that the whole comes to `persons` at the last edition."""
    kind = families.kind
    there = np.zeros(born.shape, dtype=bool)
    there[:, Slot.HEAD] = True
    there[:, Slot.SPOUSE] = np.isin(kind, (Kind.COUPLE, Kind.WITH_ELDER, Kind.WITH_GRANDCHILD, Kind.OLD_COUPLE))
    there[:, Slot.ELDER] = kind == Kind.WITH_ELDER
    there[:, Slot.GRANDCHILD] = kind == Kind.WITH_GRANDCHILD
    there[:, Slot.KIN] = (rng.random(len(kind)) < 0.04) & (kind < Kind.OLD_COUPLE)
    oldest = np.where(kind == Kind.WITH_GRANDCHILD, 34, 27)[:, None] * YEAR
    children = born[:, Slot.CHILD : Slot.ELDER]
    possible = (families.with_children & ~_newly_wed(families))[:, None]
    possible = possible & (children + REGISTERED_AFTER_BIRTH <= last) & (last - children < oldest)
    wanted = np.arange(CHILDREN) - rng.normal(0, 1.6, len(kind))[:, None]
    stays = families.leaves == families.leaves.max()
    others = there[stays].sum()
    # By the last edition, deaths and marriages have taken about this share of those counted here.
    short = int(persons * (1 + GONE_BY_EDITION * (int(families.leaves.max()) - 1)) - others)
    order = np.sort(wanted[possible & stays[:, None]])
    limit = order[min(max(short, 0), len(order) - 1)] if len(order) else 0
    there[:, Slot.CHILD : Slot.ELDER] = possible & (wanted < limit)
    return there


def _dies(slot: Array, born: Array, enters: Array, last: int, never: int, rng: np.random.Generator) -> Array:
    """The edition from which a person is gone: the old more often; heads stay, for a family needs one."""
    chance = np.where(last - born > 60 * YEAR, 0.009, 0.0009)
    rank = rng.random(len(born))
    leaves = 1 + (rank / chance).clip(0, never).astype(np.int8)
    gone = (slot != Slot.HEAD) & (leaves < never) & (leaves > enters)
    return np.where(gone, leaves, never).astype(np.int8)


def _newly_wed(families: Families) -> Array:
    newly_wed: Array = (families.enters > 0) & (families.kind == Kind.COUPLE) & (families.welfare < NEWLY_WED)
    return newly_wed


def _marry(persons: Persons, families: Families, never: int, rng: np.random.Generator) -> Persons:
    """Wives of new families are daughters of old ones: the same woman, first with her parents, then with her husband.

    Some stay in their parents' card one edition longer: such a NIK then stands in two families, as in real registers.
    """
    wife = np.flatnonzero((persons.slot == Slot.SPOUSE) & ~persons.male & _newly_wed(families)[persons.family])
    last_age = (persons.born.max() - persons.born) / YEAR
    unmarried = (persons.slot >= Slot.CHILD) & (persons.slot < Slot.ELDER) & ~persons.male
    unmarried &= (last_age > 19) & (last_age < 27) & (persons.enters == 0) & (persons.leaves == never)
    daughter = rng.permutation(np.flatnonzero(unmarried & (families.moves[persons.family] == never)))
    pairs = min(len(wife), len(daughter))
    wife, daughter = wife[:pairs], daughter[:pairs]
    for own in fields(Persons):
        if own.name not in STAYS_WITH_THE_ROW:
            column = getattr(persons, own.name)
            column[wife] = column[daughter]
    longer = rng.random(pairs) < STILL_AT_THE_PARENTS
    persons.leaves[daughter] = np.minimum(persons.enters[wife] + longer, never)
    return persons
