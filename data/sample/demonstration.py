"""Builds the demonstration registers and brings them in like any other file."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from typing import Final

from data import cubes
from data.definitions.registers import registers
from data.home import scratch
from data.intake.importing import ImportResult, import_file
from data.sample import REGISTERS, build
from data.sample.regions import REGIONS
from data.snapshots import Store

AT_ONCE: Final = 2
LARGE: Final = 50_000
"""Rows from which the first question would keep somebody waiting."""
PATIENCE: Final = 0.2
"""Seconds between two looks at what the regions have reported."""


def demonstrate(store: Store, place: str | None = None, scale: float = 1.0) -> Iterator[ImportResult]:
    """Writes the sample files of a place (None: the demonstration regions), imports each, and says what became of
    it.
    """
    if place is not None:
        yield from _demonstrated(store, place, scale)
        return
    # Small files keep one core busy planning their queries: regions are made side by side, the largest first.
    places = sorted(REGIONS, key=lambda code: -REGIONS[code].persons)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as shared, ProcessPoolExecutor(AT_ONCE, context) as pool:
        reported: Queue[ImportResult] = shared.Queue()
        working = [pool.submit(_report, store, code, scale, reported) for code in places]
        while not all(region.done() for region in working) or not reported.empty():
            try:
                yield reported.get(timeout=PATIENCE)
            except Empty:
                continue
        for region in working:
            region.result()


def _report(store: Store, place: str, scale: float, reported: "Queue[ImportResult]") -> None:
    for result in _demonstrated(store, place, scale):
        reported.put(replace(result, question=None))


def _demonstrated(store: Store, place: str, scale: float) -> Iterator[ImportResult]:
    with scratch(store.path) as folder:
        for file in build(Path(folder), place, scale, registers=[key for key in REGISTERS if key in registers()]):
            result = import_file(store, file.path, register=file.register, period=file.period, sample=True)
            if result.snapshot and result.snapshot.counts.read >= LARGE:
                cubes.build(store, result.snapshot)
            yield result
            file.path.unlink()
