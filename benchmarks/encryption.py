"""What encryption at rest costs: the same import and the same questions with a key and without, taking turns."""

import os
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

from data import encryption

TURNS = 3
MEASURED = {
    "Import of 1 M × 23 CSV": "imported",
    "Coverage of a city by kelurahan": "coverage",
    "50 rows of a filtered list, a city": "page_of_city",
    "CSV export of 1 M × 20": "csv_export",
}
Measure = Callable[[str, Path], tuple[float, float]]
"""Runs a measurement in a process of its own: seconds, and seconds of processor time."""


def lines(folder: Path, measure: Measure) -> list[tuple[str, str, str, bool | None]]:
    """What was measured, found, promised, kept; `folder` holds the prepared files."""
    keyed = folder / "keyed"
    keyed.mkdir()
    for file in folder.glob("*.csv"):
        (keyed / file.name).symlink_to(file)
    measure("stored", folder)
    ways = {folder: "", keyed: encryption.new_key()}
    _with(ways[keyed], lambda: measure("stored", keyed))
    found: list[tuple[str, str, str, bool | None]] = []
    for what, name in MEASURED.items():
        taken: dict[Path, list[tuple[float, float]]] = {folder: [], keyed: []}
        for _ in range(TURNS):
            for place, key in ways.items():
                taken[place].append(_with(key, lambda place=place, name=name: measure(name, place)))  # type: ignore[misc]
        (plain_s, plain_cpu), (sealed_s, sealed_cpu) = (
            tuple(statistics.median(run[which] for run in taken[place]) for which in (0, 1)) for place in ways
        )
        times = f"{sealed_s * 1000:,.0f} ms, without {plain_s * 1000:,.0f} ms"
        ratio = sealed_cpu / plain_cpu
        found.append((what, f"{times}; processor time {ratio:.2f} ×", "≤ 1.25 × processor time", ratio <= 1.25))
    sizes = [sum(file.stat().st_size for file in (place / "store").rglob("*.parquet")) for place in ways]
    found.append(("Size of the stored files", f"{sizes[1] / sizes[0]:.4f} ×", "", None))
    shutil.rmtree(keyed)
    return found


def _with(key: str, run: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """What is run gets the key by the environment."""
    before = os.environ.pop(encryption.KEY, None)
    if key:
        os.environ[encryption.KEY] = key
    try:
        return run()
    finally:
        os.environ.pop(encryption.KEY, None)
        if before is not None:
            os.environ[encryption.KEY] = before
