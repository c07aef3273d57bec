"""Pairs of registers of which it is known who is who: what matching is trained and measured with.

`children` writes a list of children under five (e-PPGBM) and a social register (DTKS); `families` one of families at
risk (KRS) and a register with deciles (DTSEN). The people are those of `Society`; which of them a register has, and
what went wrong in writing them down, is drawn here at the rates below and in `slips`. The same arguments give the same
files.

The rates are assumptions: no list with known truth was at hand. They are set so that the exact NIK alone finds about
60 % of the pairs, as it does where agencies match so today, and not by what our own matching can repair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from data.sample import SampleFile, slips, vocabulary
from data.sample.numbers import ddmmyy
from data.sample.people import Array, Slot
from data.sample.regions import REGIONS
from data.sample.registers.eppgbm import MONTH, OLDEST_MONTHS, POSYANDU
from data.sample.society import Society, day

TRAINING: Final = (11, 12, 13, 14)
HELD_OUT: Final = (201, 202, 203, 204, 205)
"""Seeds: whatever is tuned or estimated sees only the first, whatever is reported only the second."""

SMALL: Final = 150_000
"""Persons in a register up to which it is Kendari's; larger ones are Jakarta's."""

FIRST_ROW: Final = 2
EPOCH: Final = date(1970, 1, 1)

REGISTERED: Final = 0.42
SIBLINGS: Final = 0.13
"""Of the children listed: in the register; not in it though the family is. The families of the others are unknown to
it.
"""

BY_EAR: Final = 0.4
CAREFUL: Final = 0.5
CARELESS: Final = 1.75
"""Records of a list that were written down as they were told, not copied from a family card; and how many times the
rates below hold for those that were copied and for these. Slips come together: who has no NIK yet has no certificate
to spell the name by.
"""

OTHERS_TO_REGISTERED: Final = 0.5
"""Persons of families that the register does not have, to those it has."""

TWINS: Final = 0.016
TWIN_LISTED: Final = 0.9
TWIN_REGISTERED: Final = 0.85
"""Children listed who have a twin; of the twins, how many are listed too; of the twins of a registered child, how many
are registered.
"""

NAMESAKES: Final = 0.08
"""Of the children of unknown families, how many have a registered child's name and about its birth date."""

NAMESAKES_NEXT_DOOR: Final = 0.4
SAME_DAY: Final = 0.35
"""Of these, how many live in the same kelurahan, and how many have the very same birth date."""

MOTHERS_NAMESAKES: Final = 0.03
"""Of the children of unknown families, whose mother has the name of a registered woman of the kelurahan."""

TWICE: Final = 0.004
TWICE_ELSEWHERE: Final = 0.3
"""Persons who stand twice in the register, written otherwise; how many of them in another family."""

UNNAMED: Final = 0.012
"""Children listed as the baby of their mother."""

MOVED: Final = 0.06
WITHIN_KECAMATAN: Final = 0.6
OTHER_RT: Final = 0.10
NO_RT: Final = 0.15
NO_ADDRESS: Final = 0.2
OTHER_ADDRESS: Final = 0.5
NO_BIRTH_DATE: Final = 0.006
OTHER_SEX: Final = 0.01
NO_SEX: Final = 0.006

PARENTS: Final[Mapping[str, float]] = {
    "father": 0.34, "mother": 0.44, "both": 0.13, "both_other_way": 0.03, "guardian": 0.015, "nobody": 0.045,
}  # fmt: skip
"""Whose name stands under *Nama Ortu*."""

NIK_FATES: Final[Mapping[str, float]] = {
    "missing": 0.09, "dash": 0.02, "mothers": 0.05, "fathers": 0.015, "card": 0.015, "one_digit": 0.04,
    "exchanged": 0.015, "made_up": 0.06, "stranger": 0.006, "float": 0.015, "short": 0.01,
}  # fmt: skip
"""What the list of children has instead of the NIK; `made_up` has the right beginning and a serial of 0001."""

REGISTER_NIK_FATES: Final[Mapping[str, float]] = {
    "missing": 0.025, "dash": 0.01, "one_digit": 0.015, "made_up": 0.01, "stranger": 0.003, "float": 0.002,
}  # fmt: skip
NIK_SHOWN: Final = 5
"""Digits that a masked NIK shows."""

CARD_FATES: Final[Mapping[str, float]] = {"missing": 0.03, "one_digit": 0.05, "exchanged": 0.01, "new": 0.10,
                                         "stranger": 0.006}  # fmt: skip
"""KK in the list of families; `new`: a card issued since, with another number."""

HEAD_CHANGED: Final = 0.05
WIFE_LEFT_OUT: Final = 0.08
FAMILIES_REGISTERED: Final = 0.6


@dataclass(frozen=True)
class Pair:
    """Two files and of whom their rows speak.

    `left_truth`, `right_truth`: file_row (int64), person and family (int64: the true NIK and KK), and in the left one
    `kind` ("registered", "sibling", "outside", "namesake") and `slips` (names of what went wrong, separated by
    spaces).
    """

    left: SampleFile
    right: SampleFile
    left_truth: pa.Table
    right_truth: pa.Table


def children(folder: Path, seed: int, left: int = 7_000, right: int = 113_000, masked: bool = False) -> Pair:
    """A list of about `left` children × a register of about `right` persons, written into `folder`.

    `masked`: the list hides the NIK, as newer exports do. Raises ValueError where there are not so many children.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = _world(seed, right)
    listed, kinds = world.listed(left)
    register = world.register(listed)
    listed, kinds = world.with_twins(listed, kinds, register)
    left_file, left_truth = _list_of_children(folder, world, listed, kinds, register, masked)
    right_file, right_truth = _register_of_persons(folder, world, register, "dtks")
    return Pair(left_file, right_file, left_truth, right_truth)


def families(folder: Path, seed: int, left: int = 4_000, right: int = 113_000) -> Pair:
    """A list of about `left` families at risk × a register of about `right` persons with the deciles of their
    families.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = _world(seed, right)
    left_file, left_truth = _list_of_families(folder, world, left)
    right_file, right_truth = _register_of_persons(folder, world, world.register(()), "dtsen")
    return Pair(left_file, right_file, left_truth, right_truth)


def truth(pair: Pair, finds: str = "person") -> pa.Table:
    """The true pairs as rows of the two files: left_row, right_row (int64), by `person` or by `family`."""
    left, right = (
        table.select(["file_row", finds]).rename_columns([f"{side}_row", finds])
        for side, table in (("left", pair.left_truth), ("right", pair.right_truth))
    )
    return left.join(right, finds, join_type="inner").select(["left_row", "right_row"])


# Who there is


@dataclass
class _World:
    """Everyone; twins are added as children are listed, `added` are those whom the register has. `inside`: whether it
    has the family (by family).
    """

    society: Society
    random: Random
    rng: np.random.Generator
    on: date
    inside: Array
    family: Array
    slot: Array
    born: Array
    male: Array
    nik: Array
    name: list[str]
    mother: list[str]
    added: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.nik)

    def small(self) -> Array:
        months = (day(self.on) - self.born) / MONTH
        found: Array = np.flatnonzero((months > 1) & (months < OLDEST_MONTHS))
        return found

    def listed(self, count: int) -> tuple[Array, list[str]]:
        """Children of the list and what is true of them."""
        small = self.rng.permutation(self.small())
        known = self.inside[self.family[small]]
        own, others = small[known], small[~known]
        wanted = round(count * REGISTERED), round(count * SIBLINGS)
        unknown = count - sum(wanted)
        if len(own) < sum(wanted) or len(others) < unknown:
            raise ValueError(count)
        chosen = np.concatenate([own[: sum(wanted)], others[:unknown]])
        return chosen, ["registered"] * wanted[0] + ["sibling"] * wanted[1] + ["outside"] * unknown

    def register(self, listed: Array | Sequence[int]) -> Array:
        """The persons of the register: everyone of its families, without the children whom it has missed."""
        there = self.inside[self.family] & (self.born <= day(self.on))
        missed = np.asarray(listed, dtype=np.int64)
        first = round(len(missed) * REGISTERED)
        there[missed[first : first + round(len(missed) * SIBLINGS)]] = False
        found: Array = np.flatnonzero(there)
        return found

    def with_twins(self, listed: Array, kinds: list[str], register: Array) -> tuple[Array, list[str]]:
        """The children listed and their twins; who is registered stays told by `kinds`."""
        twins, told = [], []
        for at in slips.chosen(len(listed), TWINS, self.random):
            child, kind = int(listed[at]), kinds[at]
            twin = self._twin(child)
            is_in = kind == "registered" and self.random.random() < TWIN_REGISTERED
            if is_in:
                self.added.append(twin)
            if self.random.random() < TWIN_LISTED:
                twins.append(twin)
                told.append("registered" if is_in else "sibling" if kind != "outside" else "outside")
        return np.concatenate([listed, np.array(twins, dtype=np.int64)]), kinds + told

    def _twin(self, child: int) -> int:
        """A twin's name is like the other's, and the next number was given to it."""
        at = self.size
        same = self.random.random() < 0.65
        male = bool(self.male[child]) if same else not self.male[child]
        alike = self.name[self._anyone(male)].split()
        own = self.name[child].split()
        own[min(len(own) - 1, len(own) // 2)] = alike[-1]
        self.name.append(" ".join(own) if same else " ".join(alike))
        self.mother.append(self.mother[child])
        step = 1 if male == self.male[child] else (-400_000 if male else 400_000)
        for column, value in (("family", self.family[child]), ("slot", self.slot[child]), ("born", self.born[child]),
                              ("male", male), ("nik", self.nik[child] + step)):  # fmt: skip
            setattr(self, column, np.append(getattr(self, column), value))
        return at

    def _anyone(self, male: bool) -> int:
        """A child of that sex."""
        while True:
            found = self.random.randrange(self.size)
            if bool(self.male[found]) == male and Slot.CHILD <= self.slot[found] < Slot.ELDER:
                return found


def _world(seed: int, right: int) -> _World:
    place = "74.71" if right <= SMALL else "31"
    rng = np.random.default_rng([seed, right])
    society = Society(place, right * (1 + OTHERS_TO_REGISTERED) / REGIONS[place].persons, seed)
    people = society.people
    names = np.array(society.names.to_pylist(), dtype=object)
    on = society.region.editions[-1].period
    alive = people.born <= day(on)
    sizes = np.bincount(people.family[alive], minlength=len(society.households.card))
    order = rng.permutation(len(sizes))
    inside = np.zeros(len(sizes), dtype=bool)
    inside[order[np.cumsum(sizes[order]) <= right]] = True
    return _World(
        society, Random(seed), rng, on, inside,  # noqa: S311
        family=people.family, slot=people.slot, born=people.born, male=people.male, nik=people.nik,
        name=names[people.name].tolist(), mother=names[people.mother].tolist(),
    )  # fmt: skip


# The list of children


def _list_of_children(
    folder: Path, world: _World, listed: Array, kinds: list[str], register: Array, masked: bool
) -> tuple[SampleFile, pa.Table]:
    random, society, homes = world.random, world.society, world.society.households
    order = world.rng.permutation(len(listed))
    listed, kinds = listed[order], [kinds[at] for at in order]
    count = len(listed)
    family = world.family[listed]
    names = [world.name[at] for at in listed]
    mothers = [world.mother[at] for at in listed]
    born = [EPOCH + timedelta(days=int(each)) for each in world.born[listed]]
    village = homes.village[family].copy()
    kinds = _namesakes(world, register, kinds, names, mothers, born, village)

    care = _care(world, count)
    names, name_slips = slips.spelled(names, slips.NAME_SLIPS, random, care)
    for at in slips.chosen(count, UNNAMED, random, care):
        names[at], name_slips[at] = f"{random.choice(('BY. NY. ', 'BAYI NY ', 'BY '))}{mothers[at]}", "unnamed"
    parents, parent_slips = _parents(world, family, mothers, care)
    dates, date_slips = slips.spelled(born, slips.DATE_SLIPS, random, care)
    undated = set(slips.chosen(count, NO_BIRTH_DATE, random, care))
    village, street, house, rt, rw, moved = _homes(world, family, village)
    niks, nik_slips = _numbers(world, listed, NIK_FATES, family, care)
    if masked:
        niks = [nik if len(nik) < NIK_SHOWN else f"{nik[:NIK_SHOWN]}{'*' * (len(nik) - NIK_SHOWN)}" for nik in niks]
    sexes = _sexes(random, world.male[listed], ("L", "P"))
    around = society.villages
    measured = [max(each, world.on - timedelta(days=random.randrange(60))) for each in born]
    columns: dict[str, Any] = {
        "No": range(1, count + 1),
        "NIK": niks,
        "Nama": names,
        "JK": sexes,
        "Tgl Lahir": ["" if at in undated else each.isoformat() for at, each in enumerate(dates)],
        "Nama Ortu": parents,
        "Prov": [around.province[at] for at in village],
        "Kab/Kota": [around.kabkota[at] for at in village],
        "Kec": [around.kecamatan[at] for at in village],
        "Pukesmas": [around.kecamatan[at] for at in village],
        "Desa/Kel": [around.names[at] for at in village],
        "Posyandu": [POSYANDU[(int(at) * 3 + random.randrange(4)) % len(POSYANDU)] for at in village],
        "RT": rt,
        "RW": rw,
        "Alamat": _addresses(world, street, house, blank=NO_ADDRESS, other=OTHER_ADDRESS),
        "Tanggal Pengukuran": [each.isoformat() for each in measured],
        "Tinggi": [f"{48 + random.random() * 50:.1f}" for _ in range(count)],
        "TB/U": ["Pendek"] * count,
    }
    all_slips = [
        " ".join(filter(None, (
            *(f"name:{slip}" for slip in name.split()), *(f"parent:{slip}" for slip in parent.split()),
            *(f"date:{slip}" for slip in when.split()), "date:missing" if at in undated else "",
            f"nik:{nik}" if nik else "", "moved" if gone else "",
        )))
        for at, (name, parent, when, nik, gone) in enumerate(
            zip(name_slips, parent_slips, date_slips, nik_slips, moved, strict=True)
        )
    ]  # fmt: skip
    file = _written(folder, "eppgbm", society.place, world.on, columns)
    table = pa.table(
        {
            "file_row": np.arange(count) + FIRST_ROW,
            "person": world.nik[listed],
            "family": homes.card[family],
            "kind": kinds,
            "slips": all_slips,
        }
    )
    return file, table


def _namesakes(
    world: _World,
    register: Array,
    kinds: list[str],
    names: list[str],
    mothers: list[str],
    born: list[date],
    village: Array,
) -> list[str]:
    """Makes some children of unknown families look like registered ones; the lists are changed in place."""
    random, homes = world.random, world.society.households
    outside = [at for at, kind in enumerate(kinds) if kind == "outside"]
    small = register[(day(world.on) - world.born[register]) / MONTH < OLDEST_MONTHS]
    found = list(kinds)
    for chosen in slips.chosen(len(outside), NAMESAKES, random):
        at, other = outside[chosen], int(random.choice(small))
        found[at] = "namesake"
        names[at] = world.name[other]
        near = 0 if random.random() < SAME_DAY else random.choice((-9, -3, -2, -1, 1, 2, 3, 10, 30, 365))
        born[at] = min(EPOCH + timedelta(days=int(world.born[other]) + near), world.on - timedelta(days=20))
        if random.random() < NAMESAKES_NEXT_DOOR:
            village[at] = homes.village[world.family[other]]
    women = register[~world.male[register] & (world.slot[register] <= Slot.SPOUSE)]
    by_village: dict[int, list[int]] = {}
    for each in women:
        by_village.setdefault(int(homes.village[world.family[each]]), []).append(int(each))
    for chosen in slips.chosen(len(outside), MOTHERS_NAMESAKES, random):
        at = outside[chosen]
        neighbours = by_village.get(int(village[at]))
        if neighbours:
            mothers[at] = world.name[random.choice(neighbours)]
    return found


def _care(world: _World, count: int) -> list[float]:
    """By how much more, or less, than usual is wrong with each record."""
    return [CARELESS if world.random.random() < BY_EAR else CAREFUL for _ in range(count)]


def _parents(world: _World, family: Array, mothers: list[str], care: list[float]) -> tuple[list[str], list[str]]:
    random, homes = world.random, world.society.households
    mothers, mother_slips = slips.spelled(mothers, slips.PARENT_SLIPS, random, care)
    fathers = [world.name[man] if man >= 0 else "" for man in homes.man[family]]
    there = [at for at, name in enumerate(fathers) if name]
    written, father_slips = slips.spelled(
        [fathers[at] for at in there], slips.PARENT_SLIPS, random, [care[at] for at in there]
    )
    slips_of_father = [""] * len(fathers)
    for at, name, slip in zip(there, written, father_slips, strict=True):
        fathers[at], slips_of_father[at] = name, slip
    kinds = random.choices(list(PARENTS), list(PARENTS.values()), k=len(mothers))
    found, named = [], []
    for at, kind in enumerate(kinds):
        mother, father = mothers[at], fathers[at]
        if kind == "nobody":
            found.append(random.choice(("", "-")))
        elif kind == "guardian":
            found.append(world.name[random.randrange(world.size)])
        elif not father or kind == "mother":
            found.append(mother)
        elif kind == "father":
            found.append(father)
        else:
            pair = (father, mother) if kind == "both_other_way" else (mother, father)
            found.append(random.choice((" / ", "/", " & ", " DAN ")).join(pair))
        own = {"mother": mother_slips[at], "father": slips_of_father[at] if father else mother_slips[at]}
        named.append(own.get(kind, kind if kind in ("nobody", "guardian") else mother_slips[at]))
    return found, named


def _homes(
    world: _World, family: Array, village: Array
) -> tuple[Array, Array, Array, list[str], list[str], list[bool]]:
    """Where the list puts them: village, street, house, RT, RW, and whether that is another place than the
    register's.
    """
    random, homes, around = world.random, world.society.households, world.society.villages
    village = village.copy()
    street, house = homes.street[family].copy(), homes.house[family].copy()
    rt, rw = homes.rt[family].astype(int), homes.rw[family].astype(int)
    by_kecamatan: dict[str, list[int]] = {}
    for at, code in enumerate(around.codes):
        by_kecamatan.setdefault(code[:8], []).append(at)
    moved = [False] * len(family)
    streets = len(world.society.region.streets)
    for at in slips.chosen(len(family), MOVED, random):
        near = by_kecamatan[around.codes[village[at]][:8]]
        choice = random.choice(near) if random.random() < WITHIN_KECAMATAN else random.randrange(len(around.codes))
        village[at], moved[at] = choice, True
        street[at], rt[at], rw[at] = random.randrange(streets), random.randrange(1, 13), random.randrange(1, 7)
    for at in slips.chosen(len(family), OTHER_RT, random):
        rt[at] = random.randrange(1, 13)
    rts, rws = [f"{each:03}" for each in rt], [f"{each:03}" for each in rw]
    for at in slips.chosen(len(family), NO_RT, random):
        rts[at] = rws[at] = random.choice(("", "-", "000", "0"))
    return village, street, house, rts, rws, moved


def _addresses(world: _World, street: Array, house: Array, blank: float, other: float) -> list[str]:
    random, forms = world.random, vocabulary.HOUSE_FORMS
    streets = world.society.region.streets
    found = [streets[s] + forms[h] for s, h in zip(street, house, strict=True)]
    for at in slips.chosen(len(found), other, random):
        found[at] = slips.other_address(found[at], random)
    for at in slips.chosen(len(found), blank, random):
        found[at] = random.choice(("", "-", world.society.region.streets[0]))
    return found


def _sexes(random: Random, male: Array, words: tuple[str, str]) -> list[str]:
    found = [words[0] if each else words[1] for each in male]
    for at in slips.chosen(len(found), OTHER_SEX, random):
        found[at] = words[1] if found[at] == words[0] else words[0]
    for at in slips.chosen(len(found), NO_SEX, random):
        found[at] = ""
    return found


def _numbers(
    world: _World, persons: Array, fates: Mapping[str, float], family: Array, care: Sequence[float] = ()
) -> tuple[list[str], list[str]]:
    """The NIK of persons as they are written, and what befell them."""
    homes = world.society.households
    found = [str(nik) for nik in world.nik[persons].tolist()]
    named = [""] * len(found)
    for at, fate in _fated(len(found), fates, world.random, care):
        home = family[at]
        relative = {"mothers": homes.woman[home], "fathers": homes.man[home]}.get(fate, -1)
        if fate in ("mothers", "fathers"):
            written = str(world.nik[relative]) if relative >= 0 else found[at]
        elif fate == "card":
            written = str(homes.card[home])
        elif fate == "made_up":
            beginning = int(world.nik[persons[at]]) // 10**10 * 10**6 + int(ddmmyy(world.born[persons[at]]))
            written = f"{beginning + (0 if world.male[persons[at]] else 400_000)}000{world.random.choice('1123')}"
        else:
            written = _mistaken(found[at], fate, world)
        found[at], named[at] = written, fate
    return found, named


def _mistaken(number: str, fate: str, world: _World) -> str:
    random = world.random
    if fate in ("missing", "dash"):
        return "-" if fate == "dash" else ""
    if fate == "float":
        return f"{int(number):.6e}"
    if fate == "short":
        return number[:15]
    if fate == "stranger":
        return str(world.nik[random.randrange(world.size)])
    at = random.randrange(15)
    if fate == "exchanged":
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + random.choice("0123456789".replace(number[at], "")) + number[at + 1 :]


def _fated(count: int, fates: Mapping[str, float], random: Random, care: Sequence[float] = ()) -> list[tuple[int, str]]:
    """Who suffers what: no row two things."""
    struck = slips.chosen(count, sum(fates.values()), random, care)
    return list(zip(struck, random.choices(list(fates), list(fates.values()), k=len(struck)), strict=True))


# The register


def _register_of_persons(folder: Path, world: _World, register: Array, key: str) -> tuple[SampleFile, pa.Table]:
    random, society, homes = world.random, world.society, world.society.households
    register = np.concatenate([register, np.array(world.added, dtype=np.int64)])
    again = np.array(slips.chosen(len(register), TWICE, random), dtype=np.int64)
    persons = np.concatenate([register, register[again]])
    family = world.family[persons].copy()
    copies = range(len(register), len(persons))
    for at in slips.chosen(len(copies), TWICE_ELSEWHERE, random):
        family[copies[at]] = world.family[register[random.randrange(len(register))]]
    order = np.lexsort((world.slot[persons], homes.card[family], homes.village[family]))
    persons, family = persons[order], family[order]
    count = len(persons)

    names, _ = slips.spelled([world.name[at] for at in persons], slips.REGISTER_SLIPS, random)
    mothers, _ = slips.spelled([world.mother[at] for at in persons], slips.REGISTER_SLIPS, random)
    days = world.born[persons].astype("datetime64[D]").astype(object).tolist()
    dates, _ = slips.spelled(days, slips.REGISTER_DATE_SLIPS, random)
    niks, _ = _numbers(world, persons, REGISTER_NIK_FATES, family)
    village = homes.village[family]
    around, slot, male = society.villages, world.slot[persons], world.male[persons]
    husband = male & (slot == Slot.SPOUSE)
    relations = np.array(vocabulary.RELATIONS, dtype=object)[np.where(husband, len(vocabulary.RELATIONS) - 1, slot)]
    cards = [str(card) for card in homes.card[family].tolist()]
    areas = {
        own: np.array(getattr(around, own), dtype=object)[village]
        for own in ("province", "kabkota", "kecamatan", "names")
    }
    forms = vocabulary.HOUSE_FORMS
    streets = np.array([street + form for street in society.region.streets for form in forms], dtype=object)
    address = streets[homes.street[family] * len(forms) + homes.house[family]]
    if key == "dtks":
        columns: dict[str, Any] = {
            "ID DTKS": [f"CONTOH-{card}" for card in cards],
            "PROVINSI": areas["province"],
            "KABUPATEN/KOTA": areas["kabkota"],
            "KECAMATAN": areas["kecamatan"],
            "DESA/KELURAHAN": areas["names"],
            "ALAMAT": address,
            "RT": homes.rt[family],
            "RW": homes.rw[family],
            "NOKK": cards,
            "NIK": niks,
            "NAMA": names,
            "TANGGAL LAHIR": [each.isoformat() for each in dates],
            "JENIS KELAMIN": np.where(male, "L", "P"),
            "NAMA IBU KANDUNG": mothers,
            "HUB KELUARGA": relations,
        }
    else:
        decile = 1 + (world.society.households.means[family] * 9.99).astype(int)
        columns = {
            "Desil Nasional": decile,
            "No. KK": cards,
            "Hubungan Keluarga": relations,
            "Alamat": address,
            "Nama": names,
            "NIK": niks,
            "Provinsi": areas["province"],
            "Kabupaten / Kota": areas["kabkota"],
            "Kecamatan": areas["kecamatan"],
            "Desa/Kelurahan": areas["names"],
        }
    file = _written(folder, key, society.place, world.on, columns)
    rows = np.arange(count) + FIRST_ROW
    return file, pa.table({"file_row": rows, "person": world.nik[persons], "family": homes.card[family]})


# The list of families


def _list_of_families(folder: Path, world: _World, left: int) -> tuple[SampleFile, pa.Table]:
    random, society, homes = world.random, world.society, world.society.households
    fit: Array = np.flatnonzero((homes.head >= 0) & (homes.woman >= 0))
    fit = fit[world.born[homes.head[fit]] <= day(world.on)]
    known, unknown = (world.rng.permutation(fit[world.inside[fit] == own]) for own in (True, False))
    first = round(left * FAMILIES_REGISTERED)
    if len(known) < first or len(unknown) < left - first:
        raise ValueError(left)
    family = world.rng.permutation(np.concatenate([known[:first], unknown[: left - first]]))
    count = len(family)
    head, wife = homes.head[family].copy(), homes.woman[family].copy()
    single = head == wife
    changed = set(slips.chosen(count, HEAD_CHANGED, random))
    for at in changed:
        if not single[at]:
            head[at], wife[at] = wife[at], -1
    for at in slips.chosen(count, WIFE_LEFT_OUT, random):
        wife[at] = -1
    wife[single] = -1
    care = _care(world, count)
    heads, head_slips = slips.spelled([world.name[at] for at in head], slips.PARENT_SLIPS, random, care)
    with_wife = np.flatnonzero(wife >= 0)
    wives, wife_slips = [""] * count, [""] * count
    written, slipped = slips.spelled(
        [world.name[at] for at in wife[with_wife]], slips.PARENT_SLIPS, random, [care[at] for at in with_wife]
    )
    for at, name, slip in zip(with_wife.tolist(), written, slipped, strict=True):
        wives[at], wife_slips[at] = name, slip
    cards, card_slips = _cards(world, family, care)
    village, _, _, _, _, moved = _homes(world, family, homes.village[family])
    head_niks, nik_slips = _numbers(world, head, NIK_FATES, family, care)
    wife_niks, _ = _numbers(world, np.maximum(wife, 0), NIK_FATES, family, care)
    around = society.villages
    columns = {
        "No": range(1, count + 1),
        "No. Kartu Keluarga": cards,
        "NIK Kepala Keluarga": head_niks,
        "Nama Kepala Keluarga": heads,
        "NIK Istri": [nik if wife[at] >= 0 else "-" for at, nik in enumerate(wife_niks)],
        "Nama Istri": [name or "-" for name in wives],
        "Provinsi": [around.province[at] for at in village],
        "Kabupaten": [around.kabkota[at] for at in village],
        "Kecamatan": [around.kecamatan[at] for at in village],
        "Desa": [around.names[at] for at in village],
        "Keluarga Tidak Mempunyai Jamban yang Layak": ["1"] * count,
    }
    told = [
        " ".join(filter(None, (
            *(f"head:{slip}" for slip in head_slips[at].split()), *(f"wife:{slip}" for slip in wife_slips[at].split()),
            f"card:{card_slips[at]}" if card_slips[at] else "", f"nik:{nik_slips[at]}" if nik_slips[at] else "",
            "head_changed" if at in changed else "", "moved" if moved[at] else "",
        )))
        for at in range(count)
    ]  # fmt: skip
    file = _written(folder, "krs", society.place, world.on, columns)
    kinds = ["registered" if world.inside[each] else "outside" for each in family]
    rows = np.arange(count) + FIRST_ROW
    return file, pa.table({"file_row": rows, "person": world.nik[head], "family": homes.card[family],
                           "kind": kinds, "slips": told})  # fmt: skip


def _cards(world: _World, family: Array, care: list[float]) -> tuple[list[str], list[str]]:
    found = [str(card) for card in world.society.households.card[family].tolist()]
    named = [""] * len(found)
    for at, fate in _fated(len(found), CARD_FATES, world.random, care):
        if fate == "new":
            issued = date(2020, 1, 1) + timedelta(days=world.random.randrange(900))
            found[at] = f"{found[at][:6]}{issued:%d%m%y}{world.random.randrange(9000, 10_000)}"
        elif fate == "stranger":
            found[at] = str(world.society.households.card[world.random.randrange(len(world.inside))])
        else:
            found[at] = _mistaken(found[at], fate, world)
        named[at] = fate
    return found, named


def _written(folder: Path, key: str, place: str, on: date, columns: Mapping[str, Any]) -> SampleFile:
    path = folder / f"contoh-{key}-{place}-{on:%Y-%m-%d}.csv"
    table = pa.table({heading: pa.array(list(cells) if isinstance(cells, range) else cells).cast(pa.string())
                      for heading, cells in columns.items()})  # fmt: skip
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(delimiter="|"))
    return SampleFile(path, place, on, key)
