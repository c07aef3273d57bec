"""Two editions of e-PPGBM and of DTKS for a few families of Kota Kendari, worked out by hand: who is registered when.

On 28 February 2021 six children are stunted in e-PPGBM: Rafi is registered, Nadia's family is, Zulkifli is not, Ilham
carries the NIK of an old woman (so that somebody has to look), a child without name, birth date and NIK cannot be
decided, and Yusuf came from elsewhere and is not registered. In August 2020 Rafi, Fajar, Zulkifli and Galang were
stunted and not registered.
"""

import os
import shutil
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from data.database import alone
from data.linkage import runs
from data.snapshots import Snapshot, Store
from tests.builders import (
    BENDE,
    DATED,
    EPPGBM,
    KENDARI,
    MANDONGA,
    PONDAMBEA,
    Row,
    child,
    kk,
    person,
    register,
    stored,
)

PATIENCE: Final = 300.0
EARLIER: Final = date(2020, 8, 31)
LATER: Final = date(2021, 2, 28)
HEADINGS: Final[Row] = {**EPPGBM, "rt": "RT", "rw": "RW", "address": "Alamat"}
STUNTED: Final[Row] = {"height_for_age": "Pendek", "height_for_age_z": "-2,50"}
NORMAL: Final[Row] = {"height_for_age": "Normal", "height_for_age_z": "-0,50"}


def child_nik(number: int) -> str:
    """Of a boy born on 17 July 2018."""
    return f"747108170718{9000 + number:04}"


OLD_WOMANS: Final = "7471087009519004"
"""A NIK, on the card of a woman born on 30 September 1951."""

RAFI: Final = child(1, name="RAFI SAPUTRA", nik=child_nik(1), parent_name="SITI MARLINA", **STUNTED)
NADIA: Final = child(
    2, name="NADIA HARTONO", nik="", sex="P", birth_date="2019-03-04", parent_name="DEWI LESTARI",
    address="JL. KENANGA NO. 7", rt="003", rw="004", **STUNTED,
)  # fmt: skip
ZULKIFLI: Final = child(
    3, PONDAMBEA, name="ZULKIFLI BAHRI", nik=child_nik(3), parent_name="WA ODE RAHMAWATI", posyandu="Mawar",
    address="LRG. NANAS", rt="009", rw="009", **STUNTED,
)  # fmt: skip
ILHAM: Final = child(
    4, MANDONGA, name="ILHAM PRATAMA", nik=OLD_WOMANS, parent_name="HASNAWATI", birth_date="2018-07-17",
    address="JL. DURIAN NO. 90", rt="011", rw="012", **STUNTED,
)  # fmt: skip
NAMELESS: Final = child(
    5, MANDONGA, kelurahan="KORUMBA", name="BAYI", nik="", birth_date="", sex="", parent_name="", posyandu="Mawar",
    **STUNTED,
)  # fmt: skip
FAJAR: Final = child(6, name="FAJAR SETIAWAN", nik=child_nik(6), parent_name="RINA WULANDARI", **NORMAL)
GALANG: Final = child(
    7, MANDONGA, name="GALANG WICAKSONO", nik=child_nik(7), parent_name="TUTI HANDAYANI", rt="014", rw="015", **STUNTED,
)  # fmt: skip
YUSUF: Final = child(
    8, MANDONGA, name="YUSUF KALLA PUTRA", nik=child_nik(8), parent_name="MURNIATI", rt="016", rw="017", **STUNTED,
)  # fmt: skip

MEASURED: Final[tuple[Row, ...]] = (
    RAFI | NORMAL | {"measured_on": "2020-12-10"}, RAFI | {"measured_on": "2021-02-10"}, NADIA, ZULKIFLI, ILHAM,
    NAMELESS, FAJAR, YUSUF,
)  # fmt: skip
MEASURED_BEFORE: Final[tuple[Row, ...]] = tuple(
    row | {"measured_on": "2020-08-05"} for row in (RAFI, FAJAR | STUNTED, ZULKIFLI, GALANG)
)


def _family(number: int, head: str, wife: str, area: str, **lived: str) -> list[Row]:
    """Father and mother, in their thirties."""
    man = person(number, area, kk=kk(number), name=head, sex="LAKI-LAKI", birth_date="1988-02-03",
                 nik=f"747108030288{9000 + number:04}", mother_name="ROHANI", **lived)  # fmt: skip
    woman = person(number, area, kk=kk(number), name=wife, birth_date="1990-11-12", relation="ISTRI",
                   nik=f"747108521190{9000 + number:04}", mother_name="SALMA", **lived)  # fmt: skip
    return [man, woman]


_CHILDREN: Final = {
    "relation": "ANAK", "sex": "LAKI-LAKI", "birth_date": "2018-07-17", "address": "JL. MELATI NO. 1",
}  # fmt: skip
NEIGHBOURS: Final = [
    person(
        200 + number, area, name=f"{first} {last}", kk=kk(200 + number), birth_date=f"19{50 + number}-05-13",
        nik=f"7471085305{50 + number}{9000 + number}", address=f"JL. PISANG NO. {number}", mother_name=f"IBU {last}",
    )
    for number, (first, last, area) in enumerate(
        (first, last, area)
        for first in ("HALIMAH", "KARTINI", "SUMIATI", "FATMAWATI")
        for last, area in (("TAMRIN", BENDE), ("LAODE", PONDAMBEA), ("SAFRUDIN", MANDONGA))
    )
]  # fmt: skip
OLD_WOMAN: Final = person(
    9, MANDONGA, kk=kk(90), nik=OLD_WOMANS, name="SITTI HAJRAH", birth_date="1951-09-30", address="JL. APEL NO. 3"
)
HARTONOS: Final = _family(2, "BUDI HARTONO", "DEWI LESTARI", BENDE, address="JL. KENANGA NO. 7", rt="003", rw="004")
REGISTERED_BEFORE: Final[tuple[Row, ...]] = (*HARTONOS, OLD_WOMAN, *NEIGHBOURS)
REGISTERED: Final[tuple[Row, ...]] = (
    *REGISTERED_BEFORE,
    *_family(1, "ANDI SAPUTRA", "SITI MARLINA", BENDE, address="JL. MELATI NO. 1"),
    person(1, kk=kk(1), name="RAFI SAPUTRA", nik=child_nik(1), mother_name="SITI MARLINA", **_CHILDREN),
    *_family(6, "DEDI SETIAWAN", "RINA WULANDARI", BENDE, address="JL. MELATI NO. 6"),
    person(6, kk=kk(6), name="FAJAR SETIAWAN", nik=child_nik(6), mother_name="RINA WULANDARI", **_CHILDREN),
)


def eppgbm(store: Store, folder: Path, rows: Sequence[Row], day: date, **told: str) -> Snapshot:
    path = register(folder / f"eppgbm-{day}.csv", rows, HEADINGS, delimiter=",")
    return stored(store, path, day, register="eppgbm", **{"place": KENDARI, **told})


def dtks(store: Store, folder: Path, rows: Sequence[Row], day: date, **told: str) -> Snapshot:
    return stored(store, register(folder / f"dtks-{day}.csv", rows, DATED), day, **{"place": KENDARI, **told})


def registers(store: Store, folder: Path) -> None:
    """The four files, imported."""
    dtks(store, folder, REGISTERED_BEFORE, date(2020, 6, 30))
    dtks(store, folder, REGISTERED, date(2021, 1, 31))
    eppgbm(store, folder, MEASURED_BEFORE, EARLIER)
    eppgbm(store, folder, MEASURED, LATER)


@cache
def matched(base: Path) -> Store:
    """A store with the registers, matched, made once for all who run tests side by side; only for reading."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / "matched", shared / "matched" / "done"
    with alone(shared / "matched.lock", PATIENCE) as mine:
        assert mine
        store = Store(folder / "home")
        if not done.exists():
            folder.mkdir()
            registers(store, folder)
            runs.link(store)
            done.touch()
    return store


def another(store: Store, folder: Path) -> Store:
    """A copy of a store to be changed."""
    shutil.copytree(store.path, folder / "home")
    return Store(folder / "home")
