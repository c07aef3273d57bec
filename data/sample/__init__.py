"""Demonstration registers: files as offices have them, with everything that is wrong with such files.

`build` writes DTKS registers of fictitious persons in the layouts of real exports; they are then imported like any
other file. Persons, families, cards and numbers are invented (serials 9000-9999, which civil registration does not
reach), and every ID DTKS begins with `MARKER`, so that a file is known as a sample by its content as well.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import numpy as np

from data.places import reference
from data.sample.files import write
from data.sample.layouts import LAYOUTS
from data.sample.people import populate
from data.sample.regions import REGIONS, Edition, region
from data.sample.rows import MARKER, table
from data.sample.updates import updates

__all__ = ["DEFAULT_SEED", "MARKER", "SampleFile", "build"]

DEFAULT_SEED: Final = 20210131
NOTICE: Final = "DATA CONTOH – BUKAN DATA SEBENARNYA"
SMALL: Final = 500_000
"""Persons up to which two editions are written at the same time."""


@dataclass(frozen=True)
class SampleFile:
    """A written file and what the importer needs to be told about it."""

    path: Path
    place: str
    period: date
    register: Literal["dtks"] = "dtks"
    sample: Literal[True] = True


def build(
    folder: Path, place: str | None = None, scale: float = 1.0, seed: int = DEFAULT_SEED, latest: int | None = None
) -> list[SampleFile]:
    """Writes the registers of a place (None: the three demonstration regions) into `folder`, oldest edition first.

    `place` may be any place of the reference; for one that is not declared in `regions` a register with default
    figures is made up. `scale` multiplies persons; every kelurahan keeps at least one family. The same arguments give
    the same bytes. `latest` writes only so many of the newest editions; the editions written do not depend on it.
    Raises KeyError for an unknown place and ValueError for a scale that is not positive.
    """
    if scale <= 0:
        raise ValueError(scale)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        file
        for code in (REGIONS if place is None else [place])
        for file in _editions(folder, code, scale, seed, latest)
    ]


def _editions(folder: Path, place: str, scale: float, seed: int, latest: int | None) -> list[SampleFile]:
    wanted = region(place)
    rng = np.random.default_rng([seed, int(place.replace(".", ""))])
    population = populate(wanted, scale, rng)
    updated = updates(population, rng)
    count = latest or len(wanted.editions)
    name = reference.place(place).name.upper()

    def written(numbered: tuple[int, Edition]) -> SampleFile:
        number, edition = numbered
        layout = LAYOUTS[edition.layout]
        rows = table(population, updated, number, layout, max(1, round(edition.unplaced * scale)))
        stem = folder / f"contoh-dtks-{place}-{edition.period:%Y-%m-%d}"
        titles = (NOTICE, f"DATA TERPADU KESEJAHTERAAN SOSIAL {name}", f"Keadaan per {edition.period:%d/%m/%Y}")
        return SampleFile(write(rows, layout, stem, titles), place, edition.period)

    # Compressing and the spreadsheet leave cores idle; a large register needs the memory more than the time.
    small = len(population.persons.family) < SMALL
    with ThreadPoolExecutor(max_workers=2 if small else 1) as pool:
        return list(pool.map(written, list(enumerate(wanted.editions))[-count:]))
