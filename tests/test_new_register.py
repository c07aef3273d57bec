"""A register is one file: nothing outside it has to know it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.builders import AREA_HEADINGS, BENDE, KADIA, KENDARI, PONDAMBEA, person, register

ROOT = Path(__file__).parent.parent

MODULE: Final = '''
"""Houses that are not fit to live in, one row a family."""

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Measure
from data.definitions.problems import Problem
from data.definitions.registers import Check, Layout, Register
from data.definitions.spellings import AREAS, COMMON, common

REGISTER = Register(
    key="rumah",
    label="Houses unfit to live in",
    row_is="a family",
    grain="family",
    needs_one_of=("damage",),
    needs=4,
    telling=("damage", "cost"),
    spellings={
        **common("kk", *AREAS, "address"),
        "name": (*COMMON["name"], "Nama Kepala Keluarga"),
        "damage": ("Tingkat Kerusakan", "Kondisi Rumah"),
        "cost": ("Biaya Perbaikan",),
    },
    layouts=(Layout("dinas_8", "List of the housing agency",
                    ("kk", "name", "address", "province", "kabkota", "kecamatan", "kelurahan", "damage", "cost")),),
    own_fields=(
        Field("damage", "Damage", "words", "personal", example="Berat"),
        Field("cost", "Cost of the repair (rupiah)", "number", "personal", example="12.000.000"),
    ),
    answers={"damage": {"Berat": ("3", "Rusak Berat"), "Ringan": ("1", "Rusak Ringan")}},
    identity=(("kk",),),
    category="damage",
    categories=("Berat", "Ringan"),
    absent_is_none=True,
    listed=("damage", "cost"),
    checks=(
        Check(
            Problem("cost_negative", "warning", "Cost below zero", "In {rows} rows the cost is below zero.",
                    "Correct the cost."),
            ("cost",),
            lambda cost: cost < 0,
        ),
    ),
    measures=(
        Measure("houses", "families"),
        Measure("heavily_damaged", "families", ("damage",), lambda rows: rows.damage == "Berat"),
        Measure("repair_cost", "sum", ("cost",), of="cost"),
    ),
    indicators=(
        Indicator(
            key="heavy_damage_share", label="Heavily damaged", unit="share", numerator="heavily_damaged",
            denominator="houses", numerator_label="houses heavily damaged", denominator_label="houses on the list",
            definition="Families whose house is heavily damaged, divided by all families of the list.",
            source="Housing agency", registers=("rumah",), good="low",
        ),
    ),
)
'''
HEADINGS: Final = {
    "kk": "No. KK", "name": "Nama Kepala Keluarga", "address": "Alamat", **AREA_HEADINGS,
    "damage": "Kondisi Rumah", "cost": "Biaya Perbaikan",
}  # fmt: skip

SCRIPT: Final = """
import io, json, sys
from contextlib import redirect_stdout
import data.definitions.registers
data.definitions.registers.__path__.append(sys.argv[1])
from data.__main__ import main
from docs.generate import reference, registers_page
said = []
for command in json.loads(sys.argv[2]):
    with redirect_stdout(io.StringIO()) as out:
        status = main(command)
    said.append((status, out.getvalue()))
print(json.dumps({"said": said, "pages": [registers_page(), reference()]}))
"""


def with_register(folder: Path, *commands: list[str]) -> tuple[list[Any], list[str]]:
    """What the commands print as JSON in a process that has the register in a folder, and the generated pages."""
    modules = folder / "registers"
    modules.mkdir()
    (modules / "rumah.py").write_text(MODULE, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(modules), json.dumps(commands)],
        cwd=ROOT,
        env=os.environ | {"PADAN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert [status for status, _ in found["said"]] == [0] * len(commands), ran.stderr
    return [json.loads(out) for _, out in found["said"]], found["pages"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], list[str]]:
    folder = tmp_path_factory.mktemp("rumah")
    rows = [
        person(1, damage="Rusak Berat", cost="12.000.000"),
        person(2, damage="3", cost="Rp8.500.000,00"),
        person(3, damage="Ringan", cost="-1"),
        person(4, PONDAMBEA, damage="ringan", cost=""),
    ]
    path = register(folder / "rumah.csv", rows, HEADINGS, delimiter=";")
    of_kadia = ["--place", KADIA, "--format", "json"]
    return with_register(
        folder,
        ["import", str(path), "--period", "2021-01", "--place", KENDARI, "--json"],
        ["values", "heavy_damage_share", "--by", "kelurahan", *of_kadia],
        ["people", "--registry", "rumah", "--where", "damage=berat", *of_kadia],
        ["indicators", "--json"],
    )


def test_its_files_are_recognised_and_checked_by_its_own_rules(told: tuple[list[Any], list[str]]) -> None:
    ((imported,), *_), _ = told
    assert (imported["registry"], imported["rows"]) == ("rumah", {"read": 4, "accepted": 4, "rejected": 0})
    (wrong,) = (line for line in imported["problems"] if line["code"] == "cost_negative")
    assert (wrong["rows"], wrong["first_rows"], wrong["column"]) == (1, [4], "Biaya Perbaikan")
    assert wrong["message"] == "In 1 rows the cost is below zero."


def test_its_indicator_is_told_by_area(told: tuple[list[Any], list[str]]) -> None:
    (_, values, _, indicators), _ = told
    found = {row["code"]: row["heavy_damage_share"] for row in values}
    assert (found[BENDE], found[PONDAMBEA]) == (pytest.approx(2 / 3), 0)
    (declared,) = (row for row in indicators if row["key"] == "heavy_damage_share")
    assert declared["source"] == "Housing agency"


def test_its_people_are_listed_and_found_by_its_fields(told: tuple[list[Any], list[str]]) -> None:
    (_, _, people, _), _ = told
    assert {(row["name"], row["damage"], float(row["cost"])) for row in people} == {
        (person(1)["name"], "Berat", 12_000_000),
        (person(2)["name"], "Berat", 8_500_000),
    }


def test_the_generated_pages_name_it(told: tuple[list[Any], list[str]]) -> None:
    _, (registers, reference) = told
    assert '<a id="rumah"></a>' in registers
    for word in ("Tingkat Kerusakan", "dinas_8", "cost_negative", "heavy_damage_share"):
        assert word in registers
    assert "### `heavy_damage_share`" in reference
    assert "`damage`" in reference
