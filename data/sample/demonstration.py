"""Builds the demonstration registers and brings them in like any other file."""

from collections.abc import Iterator
from pathlib import Path

from data import cubes
from data.definitions.registers import registers
from data.home import scratch
from data.intake.importing import ImportResult, import_file
from data.sample import REGISTERS, build
from data.snapshots import Store


def demonstrate(store: Store, place: str | None = None, scale: float = 1.0) -> Iterator[ImportResult]:
    """Writes the sample files of a place (None: the demonstration regions), imports each, and says what became of
    it.
    """
    with scratch(store.path) as folder:
        for file in build(Path(folder), place, scale, registers=[key for key in REGISTERS if key in registers()]):
            result = import_file(store, file.path, register=file.register, period=file.period, sample=True)
            if result.snapshot:
                cubes.build(store, result.snapshot)
            yield result
            file.path.unlink()
