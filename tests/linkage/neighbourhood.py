"""A few families of Kota Kendari in e-PPGBM, DTKS, KRS and DTSEN, matched: who is found, and by which rule.

Every child is a case of its own; its name says which in the tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.definitions.catalogue import LINKAGES
from data.linkage.resolve import resolve
from data.linkage.score import PAIRS, UNITS, score
from data.snapshots import Snapshot, Store
from tests.builders import (
    DATED,
    EPPGBM,
    KENDARI,
    MANDONGA,
    PONDAMBEA,
    Row,
    child,
    contents,
    kk,
    person,
    register,
    stored,
)

DAY: Final = date(2021, 2, 28)
HEADINGS: Final[Row] = {**EPPGBM, "rt": "RT", "rw": "RW", "address": "Alamat"}


def boy(number: int) -> str:
    """The NIK of a boy born on 17 July 2018."""
    return f"747108170718{9000 + 13 * number:04}"


def home(number: int) -> Row:
    return {"address": f"JL. MELATI NO. {number}", "rt": f"{number % 12 + 1:03}", "rw": f"{number % 5 + 1:03}"}


def family(number: int, father: str, mother: str, *children: Row, area: str = PONDAMBEA) -> list[Row]:
    """A registered family; of its children each tells what is its own."""
    own = {"kk": kk(number), **home(number)}
    man = person(number, area, name=father, sex="LAKI-LAKI", birth_date="1988-02-03", mother_name="ROHANI",
                 nik=f"747108030288{9000 + number:04}", **own)  # fmt: skip
    woman = person(number, area, name=mother, birth_date="1990-11-12", relation="ISTRI", mother_name="SALMA",
                   nik=f"747108521190{9000 + number:04}", **own)  # fmt: skip
    young = [
        person(number, area, **{**own, "relation": "ANAK", "sex": "LAKI-LAKI", "birth_date": "2018-07-17",
                                "nik": "", "mother_name": mother, **each})
        for each in children
    ]  # fmt: skip
    return [man, woman, *young]


def listed(number: int, name: str, mother: str, area: str = PONDAMBEA, **told: str) -> Row:
    """A child of the list that lives where the family of that number does."""
    return child(number, area, **{"name": name, "parent_name": mother, "nik": "", **home(number), **told})


CHILDREN: Final[tuple[Row, ...]] = (
    listed(1, "MUH. RIZKI ALAMSYAH", "HASNIDAR", nik=boy(1)),  # the same NIK, the name written otherwise
    listed(2, "TEGUH WICAKSANA", "MARDIANA", nik=boy(2), birth_date="2019-01-04"),  # the NIK of another person
    listed(3, "GALIH PRAMUDITA", "SUHARTI"),  # no NIK; name, date and kelurahan are the same
    listed(4, "JOKO SUSANTO", "YULIATIN", birth_date="2018-03-05"),  # sounds the same, day and month swapped
    listed(5, "HANAFI BAHRUDIN", "KARTINAH"),  # a twin, the other one is registered
    listed(6, "IRWANSYAH TUNGGAL", "RUKMINI"),  # not registered, its family is
    listed(7, "NASRULLAH EFENDI", "WA ODE SALMIAH"),  # nothing of it is registered
    listed(8, "KARTIKO", "", birth_date=""),  # nothing but a name
    listed(9, "BY. NY. ENDANG PALUPI", "", nik=""),  # has no name yet
    listed(10, "DIMAS ANGGARA", "TITIN SUMARNI", nik="74710817**********"[:16]),  # masked NIK
    listed(11, "YOGA PERWIRA", "LASMINI", nik=f"747108521190{9000 + 11:04}"),  # the NIK of its mother
)
PERSONS: Final[tuple[Row, ...]] = (
    *family(1, "LA ODE KASIM", "HASNIDAR", {"name": "MUHAMMAD RISKY ALAMSYAH", "nik": boy(1)}),
    *family(2, "SUTRISNO", "PONIRAH", {"name": "BAGAS KURNIAWAN", "nik": boy(2), "birth_date": "2012-05-06"},
            area=MANDONGA),
    *family(3, "DARMAWAN", "SUHARTI", {"name": "GALIH PRAMUDITA"}),
    *family(4, "SOEGIONO", "YULIATIN", {"name": "DJOKO SOESANTO", "birth_date": "2018-05-03"}),
    *family(5, "BASUKI", "KARTINAH", {"name": "RAMLI SETIADI", "nik": boy(5)}),
    *family(6, "HAMZAH TUNGGAL", "RUKMINI"),
    *family(9, "PRIYONO", "ENDANG PALUPI", {"name": "SATRIA PINILIH"}),
    *family(10, "SUBAGYO", "TITIN SUMARNI", {"name": "DIMAS ANGGORO", "nik": boy(10)}),
    *family(11, "WIRYAWAN", "LASMINI", {"name": "YOGA PERWIRA", "nik": boy(11)}),
    *(person(100 + number, (PONDAMBEA, MANDONGA)[number % 2], kk=kk(100 + number),
             name=f"{first} {last}", birth_date=f"19{50 + number}-0{number % 9 + 1}-13", nik="", **home(20 + number))
      for number, (first, last) in enumerate(
          (first, last) for first in ("SITI", "MUHAMMAD", "ABDUL", "NUR", "ANDI")
          for last in ("TAMRIN", "LAODE", "SAFRUDIN", "KADIR", "USMAN", "RAHIM", "LATIF", "HAKIM"))),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A pair in words."""

    left: str
    right: str
    finds: str
    rule: str
    status: str
    probability: float


@dataclass(frozen=True)
class Matched:
    """What matching said: pairs, the tables they come from, and which children are usable by name."""

    pairs: tuple[Found, ...]
    scored: pa.Table
    usable: dict[str, bool]

    def of(self, name: str, finds: str = "person") -> list[Found]:
        return [pair for pair in self.pairs if pair.left == name and pair.finds == finds]

    def accepted(self, name: str, finds: str = "person") -> list[tuple[str, str]]:
        return [(pair.right, pair.rule) for pair in self.of(name, finds) if pair.status == "accepted"]


def match(store: Store, linkage: str, folder: Path) -> Matched:
    """Matches what the store has."""
    declared = LINKAGES[linkage]
    left = store.select(declared.left, KENDARI)
    right = store.select(declared.rights, KENDARI, None, declared.needs)
    folder.mkdir()
    score(declared, left, right, folder)
    pairs = pq.read_table(folder / PAIRS)
    mine, theirs = ([row for part in parts for row in contents(part.snapshot)] for parts in (left, right))
    names = {_unit(row): row["name"] or "" for row in mine}
    people = {("person", _unit(row)): row["name"] for row in theirs}
    people |= {("family", row["family_no"]): row["family_head"] for row in theirs}
    found = [
        Found(names[pair["left_unit"]], people[pair["finds"], pair["right_unit"]],
              *(pair[key] for key in ("finds", "rule", "status", "probability")))
        for pair in resolve(pairs, {}, declared).to_pylist()
    ]  # fmt: skip
    units = pq.read_table(folder / UNITS).to_pylist()
    return Matched(tuple(found), pairs, {names[unit["left_unit"]]: unit["usable"] for unit in units})


def _unit(row: dict[str, Any]) -> int:
    return int(row["unit_no"] if "unit_no" in row else row["file_row"])


def eppgbm(store: Store, path: Path, rows: Sequence[Row], headings: Row = HEADINGS) -> Snapshot:
    return stored(store, register(path, rows, headings, delimiter=","), DAY, register="eppgbm", place=KENDARI)


def dtks(store: Store, path: Path, rows: Sequence[Row]) -> Snapshot:
    return stored(store, register(path, rows, DATED), date(2021, 1, 31), place=KENDARI)


@cache
def children(base: Path) -> Matched:
    """CHILDREN × PERSONS, matched once."""
    folder = base / "neighbourhood"
    folder.mkdir()
    store = Store(folder / "home")
    dtks(store, folder / "dtks.csv", PERSONS)
    eppgbm(store, folder / "eppgbm.csv", CHILDREN)
    return match(store, "children", folder / "matched")
