"""Demonstration registers: files as offices have them, with everything that is wrong with such files.

`build` writes registers of fictitious persons in the layouts of real exports; they are then imported like any other
file. Persons, families, cards and numbers are invented (serials 9000-9999, which civil registration does not reach).
Every file says that it is a sample: the number that its register gives begins with `MARKER`, or a title says so. The
registers speak of the same people in part, each in its own spelling; `truth` says of whom.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from data.sample.regions import REGIONS, region
from data.sample.registers import registers
from data.sample.sheets import MARKER, Sheet, write
from data.sample.society import Society

__all__ = ["DEFAULT_SEED", "MARKER", "REGISTERS", "SampleFile", "build", "truth"]

DEFAULT_SEED: Final = 20210131
REGISTERS: Final = tuple(registers())
SMALL: Final = 500_000
"""Persons in a region up to which two files are written at the same time."""


@dataclass(frozen=True)
class SampleFile:
    """A written file and what the importer needs to be told about it."""

    path: Path
    place: str
    period: date
    register: str
    sample: Literal[True] = True


def build(
    folder: Path,
    place: str | None = None,
    scale: float = 1.0,
    seed: int = DEFAULT_SEED,
    latest: int | None = None,
    registers: Sequence[str] = ("dtks",),
) -> list[SampleFile]:
    """Writes these registers of a place (None: the three demonstration regions) into `folder`, oldest edition first.

    `place` may be any place of the reference; for one that is not declared in `regions` a DTKS with default figures is
    made up, and nothing else. `scale` multiplies persons, but not the residents and rates of official figures; every
    kelurahan keeps at least one family. The same arguments give the same bytes, and no file depends on which others
    are written. `latest` writes of each register only what is of so many of the newest dates. `registers` are keys of
    `REGISTERS`. Raises KeyError for an unknown place or register and ValueError for a scale that is not positive.
    """
    if scale <= 0:
        raise ValueError(scale)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        file
        for code in (REGIONS if place is None else [place])
        for file in _written(folder, Society(code, scale, seed), registers, latest)
    ]


def truth(
    place: str, register: str, period: date, scale: float = 1.0, seed: int = DEFAULT_SEED, name: str = ""
) -> pa.Table:
    """Of whom the rows of a by-name file speak, however they are written.

    `place`, `register` and `period` are those of its `SampleFile`, `scale` and `seed` what it was built with. Columns:
    file_row (as the file's own program shows it), person and family (int64: the true NIK and KK, null where a row
    names no such one). Rows of two files are a true pair where `person` is the same, and rows of families where
    `family` is. Raises KeyError where there is no such file, or one that names nobody.
    """
    region_place = next((code for code in REGIONS if place.startswith(code)), place)
    for sheet in _sheets(Society(region_place, scale, seed), register):
        if (sheet.place, sheet.period, sheet.name) == (place, period, name):
            known = sheet.rows().select(["person", "family"])
            rows = np.arange(known.num_rows) + sheet.form.first_row
            return known.add_column(0, "file_row", pa.array(rows))
    raise KeyError((place, register, period))


def _sheets(society: Society, register: str) -> list[Sheet]:
    return sorted(registers()[register](society), key=lambda sheet: sheet.period)


def _written(folder: Path, society: Society, wanted: Sequence[str], latest: int | None) -> list[SampleFile]:
    sheets = []
    for register in wanted:
        found = _sheets(society, register)
        newest = sorted({sheet.period for sheet in found})[-(latest or len(found)) :]
        sheets += [sheet for sheet in found if sheet.period in newest]

    def written(sheet: Sheet) -> SampleFile:
        return SampleFile(write(sheet, folder), sheet.place, sheet.period, sheet.register)

    # Compressing and the spreadsheets leave cores idle; a large register needs the memory more than the time.
    small = region(society.place).persons * society.scale < SMALL
    with ThreadPoolExecutor(max_workers=2 if small else 1) as pool:
        return list(pool.map(written, sheets))
