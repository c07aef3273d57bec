"""A few children and persons, and a matching of them that is written by hand: who is doubtful, and how much.

Rafi and Zulkifli are matched surely, Ilham carries the NIK of an old woman, Nadia has two candidates and a family, and
the child whose name is markup has one candidate. Rafi was measured twice, and only the older row names his mother.
Zulkifli and Fajar are not stunted; Fajar's candidate is unlikely. A NIK is typed into the name of one of Nadia's.
"""

import hashlib
import json
from datetime import date
from math import log2
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.linkage import runs
from data.snapshots import Store, now
from tests.builders import (
    DATED,
    EPPGBM,
    KENDARI,
    MANDONGA,
    PONDAMBEA,
    child,
    contents,
    kk,
    nik,
    person,
    register,
    stored,
)

DAY: Final = date(2021, 2, 28)
TYPED: Final = f"NADIA HARTANTO {nik(22)}"
HOSTILE: Final = "<img src=x onerror=document.title='owned'>"
STUNTED: Final = {"height_for_age": "Pendek", "height_for_age_z": "-2,50"}
CHILDREN: Final = (
    child(1, name="RAFI S.", parent_name="SITI MARLINA", measured_on="2020-12-10"),
    child(1, name="RAFI SAPUTRA", parent_name="", **STUNTED),
    child(2, name="NADIA HARTONO", nik="", sex="P", parent_name="DEWI LESTARI", **STUNTED),
    child(3, PONDAMBEA, name="ZULKIFLI BAHRI", parent_name="WA ODE RAHMAWATI"),
    child(4, MANDONGA, name="ILHAM PRATAMA", nik=nik(4), parent_name="HASNAWATI", **STUNTED),
    child(5, PONDAMBEA, name=HOSTILE, nik="", parent_name="MURNIATI", address=f"NIK {nik(5)}", **STUNTED),
    child(6, MANDONGA, name="FAJAR SETIAWAN", parent_name="RINA WULANDARI"),
)
_BORN: Final = {"birth_date": "2018-07-17", "relation": "ANAK"}
PERSONS: Final = (
    person(1, kk=kk(1), name="RAFI SAPUTRA", nik=CHILDREN[1]["nik"], mother_name="SITI MARLINA", **_BORN),
    person(2, kk=kk(2), name="BUDI HARTONO"),
    person(20, kk=kk(2), name="DEWI LESTARI", relation="ISTRI"),
    person(21, kk=kk(2), name="NADYA HARTONO", mother_name="DEWI LESTARI", **_BORN),
    person(22, kk=kk(22), name=TYPED, mother_name="SRI", **_BORN),
    person(3, PONDAMBEA, kk=kk(3), name="ZULKIFLI BAHRI", mother_name="WD. RAHMAWATI", **_BORN),
    person(4, MANDONGA, kk=kk(4), name="SITTI HAJRAH", birth_date="1951-09-30"),
    person(5, MANDONGA, kk=kk(5), name="AHMAD", mother_name="MURNIATI", **_BORN),
    person(6, MANDONGA, kk=kk(6), name="FARHAN", mother_name="RINA", **_BORN),
)
SPEAKS: Final = [
    {"comparison": "name", "level": "letters", "weight": 6.0},
    {"comparison": "birth", "level": "same", "weight": 8.0},
    {"comparison": "parents", "level": "differs", "weight": -3.0},
]


def registers(store: Store, folder: Path) -> None:
    stored(store, register(folder / "dtks.csv", PERSONS, DATED), date(2021, 1, 31), place=KENDARI)
    headings = {**EPPGBM, "address": "Alamat"}
    path = register(folder / "eppgbm.csv", CHILDREN, headings, delimiter=",")
    stored(store, path, DAY, register="eppgbm", place=KENDARI)


def matched(store: Store, folder: Path) -> runs.Run:
    """Imports the registers and publishes the matching."""
    registers(store, folder)
    plan = runs.plans(store, "children")[0]
    children = {row["name"]: row["unit_no"] for row in contents(plan.left[0].snapshot) if row["newest"]}
    people = {row["name"]: row for row in contents(plan.right[0].snapshot)}

    def pair(left: str, right: str, rule: str, probability: float, finds: str = "person") -> dict[str, Any]:
        found = people[right]
        return {
            "left_part": 0, "left_unit": children[left], "right_part": 0, "finds": finds, "rule": rule,
            "right_unit": found["family_no" if finds == "family" else "file_row"],
            "weight": log2(probability / (1 - probability)), "probability": probability, "speaks": SPEAKS,
            "left_entity": list(children).index(left), "right_entity": list(people).index(right), "settles": True,
            "left_keys": [_print(left)], "right_keys": [_print(right, finds)],
        }  # fmt: skip

    pairs = [
        pair("RAFI SAPUTRA", "RAFI SAPUTRA", "SAME_NIK_AND_NAME_OR_BIRTH_DATE", 0.999),
        pair("NADIA HARTONO", "NADYA HARTONO", "SIMILAR_PERSON", 0.6),
        pair("NADIA HARTONO", TYPED, "SIMILAR_PERSON", 0.6),
        pair("NADIA HARTONO", "BUDI HARTONO", "PARENTS_IN_FAMILY", 0.7, "family"),
        pair("ZULKIFLI BAHRI", "ZULKIFLI BAHRI", "SIMILAR_PERSON", 0.98),
        pair("ILHAM PRATAMA", "SITTI HAJRAH", "SAME_NIK_OTHER_PERSON", 0.4),
        pair(HOSTILE, "AHMAD", "SIMILAR_PERSON", 0.3),
        pair("FAJAR SETIAWAN", "FARHAN", "SIMILAR_PERSON", 0.02),
    ]
    units = [{"left_part": 0, "left_unit": unit, "usable": True} for unit in children.values()]
    folder = store.path / runs.LINKS / plan.linkage / plan.id
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(pairs, _PAIRS), folder / runs.PAIRS)
    pq.write_table(pa.Table.from_pylist(units, _UNITS), folder / runs.UNITS)
    told = {
        "id": plan.id, "linkage": plan.linkage, "place": plan.place, "period": plan.period.isoformat(),
        "left": [(part.snapshot.id, part.place, part.excluding) for part in plan.left],
        "right": [(part.snapshot.id, part.place, part.excluding) for part in plan.right],
        "version": "by hand", "made_at": now().isoformat(), "seconds": 0.1, "counts": {},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return runs.current(store, "children", KENDARI)[0]


def _print(*values: str) -> str:
    return hashlib.blake2b("|".join(values).encode(), digest_size=16).hexdigest()


_UNITS: Final = pa.schema({"left_part": pa.int16(), "left_unit": pa.int64(), "usable": pa.bool_()})
_PAIRS: Final = pa.schema(
    {
        "left_part": pa.int16(), "left_unit": pa.int64(), "right_part": pa.int16(), "right_unit": pa.int64(),
        "finds": pa.string(), "rule": pa.string(), "weight": pa.float64(), "probability": pa.float64(),
        "speaks": pa.list_(pa.struct({"comparison": pa.string(), "level": pa.string(), "weight": pa.float64()})),
        "left_entity": pa.int64(), "right_entity": pa.int64(), "settles": pa.bool_(),
        "left_keys": pa.list_(pa.string()), "right_keys": pa.list_(pa.string()),
    }
)  # fmt: skip
