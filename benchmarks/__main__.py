"""What Padan promises about speed, measured: `python -m benchmarks` writes `benchmarks/RESULTS.md`;
`python -m benchmarks matching` measures that part alone.

Every measurement runs in a process of its own, so that its peak memory is its own; times are medians.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).with_name("RESULTS.md")
PERIOD = date(2022, 2, 28)
PERSONS = 1_000_000
CITY = "31.74"
"""Jakarta Selatan, out of a snapshot of the whole province."""


@dataclass(frozen=True)
class Line:
    """One promise: what was measured, what was promised, and whether it holds."""

    what: str
    found: str
    promise: str
    kept: bool | None


def prepare(folder: Path) -> None:
    """A CSV of 1 M persons × 23 columns, pipe-delimited: the demonstration register of Jakarta in its classic
    layout.
    """
    import duckdb

    from data.sample import build

    (file,) = build(folder, "31", latest=1)
    source = f"read_csv('{file.path}', all_varchar=true, delim='|', quote='\"', escape='\"')"
    columns = '* EXCLUDE ("LastUpdateData", "Terakhir Padan Capil")'
    duckdb.sql(
        f"COPY (SELECT {columns} FROM {source} LIMIT {PERSONS}) TO '{folder / 'classic.csv'}' (HEADER, DELIMITER '|')"
    )
    dated = f"COPY (SELECT * FROM {source} LIMIT {PERSONS}) TO '{folder / 'dated.csv'}' (HEADER, DELIMITER '|')"
    duckdb.sql(dated)
    file.path.unlink()


def bare(folder: Path) -> float:
    """DuckDB's own way from this CSV to a sorted ZSTD Parquet, without looking at anything."""
    import duckdb

    started = time.perf_counter()
    duckdb.connect().execute(
        f"""COPY (SELECT * FROM read_csv('{folder / "classic.csv"}', all_varchar=true, delim='|')
            ORDER BY "DESA/KELUARAHAN", "NAMA") TO '{folder / "bare.parquet"}' (FORMAT parquet, COMPRESSION zstd)"""
    )
    return time.perf_counter() - started


def imported(folder: Path, name: str = "classic.csv") -> float:
    """The import as a user has it: read, recognise, clean, check, sort, publish, with its cube."""
    from data import cubes
    from data.intake.importing import import_file
    from data.snapshots import Store

    with tempfile.TemporaryDirectory(dir=folder) as home:
        started = time.perf_counter()
        store = Store(Path(home))
        result = import_file(store, folder / name, period=PERIOD, sample=True)
        assert result.snapshot, result
        assert result.snapshot.counts.read == PERSONS
        seconds = time.perf_counter() - started
        cubes.build(store, result.snapshot)
        return seconds


def stored(folder: Path) -> float:
    """The store that the questions below are put to."""
    from data import cubes
    from data.intake.importing import import_file
    from data.snapshots import Store

    store = Store(folder / "store")
    result = import_file(store, folder / "dated.csv", period=PERIOD, sample=True)
    assert result.snapshot
    started = time.perf_counter()
    cubes.build(store, result.snapshot)
    return time.perf_counter() - started


def coverage(folder: Path) -> float:
    """Coverage by kelurahan of a city, out of a snapshot of 1 M persons; what was answered before is forgotten."""
    from data import evaluation, queries
    from data.access import OWNER
    from data.scope import Scope
    from data.snapshots import Store

    store = Store(folder / "store")
    keys = ["dtks_updated_share", "dtks_updated_family_share", "nik_valid_share"]
    kept = [found for found in vars(evaluation).values() if hasattr(found, "cache_clear")]

    def ask() -> None:
        for answers in kept:
            answers.cache_clear()
        queries.by_area(store, OWNER, Scope(CITY), keys, "kelurahan")

    return _best(ask)


def page_of_city(folder: Path) -> float:
    return _page(folder, CITY, 1)


def page_of_everything(folder: Path) -> float:
    return _page(folder, "31", 1)


def page_far_back(folder: Path) -> float:
    return _page(folder, "31", 5_000)


def _page(folder: Path, place: str, page: int) -> float:
    from data import queries
    from data.access import OWNER
    from data.scope import Scope
    from data.snapshots import Store

    store = Store(folder / "store")
    scope = Scope(place).with_filter("updated", "no")
    return _best(lambda: queries.people(store, OWNER, scope, page=page, size=50))


def _best(question: Callable[[], Any], times: int = 7) -> float:
    question()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        question()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _list(folder: Path, limit: int | None = None) -> Any:
    from data import queries
    from data.access import OWNER
    from data.scope import Scope
    from data.snapshots import Store

    listing = queries.listing(Store(folder / "store"), OWNER, Scope("31"), "id")
    assert listing is not None
    columns = listing.columns[:20]
    names = ", ".join(f'"{column.key}"' for column in columns)
    sql = f"SELECT {names} FROM ({listing.sql})" + (f" LIMIT {limit}" if limit else "")
    return sql, columns, listing.cover


def csv_copy(folder: Path) -> float:
    """DuckDB's COPY of the same list, the yardstick of the CSV export."""
    from data import engine

    sql, _, _ = _list(folder)
    connection = engine.connect(spill=folder).con
    started = time.perf_counter()
    connection.execute(f"COPY ({sql}) TO '{folder / 'copy.csv'}' (HEADER)")
    return time.perf_counter() - started


def csv_export(folder: Path) -> float:
    return _export(folder, "csv")


def xlsx_export(folder: Path) -> float:
    return _export(folder, "xlsx", 100_000)


def xlsx_export_of_everything(folder: Path) -> float:
    return _export(folder, "xlsx")


def _export(folder: Path, format: Any, limit: int | None = None) -> float:
    from data import engine
    from data.exports import write

    sql, columns, cover = _list(folder, limit)
    connection = engine.connect(spill=folder).con
    started = time.perf_counter()
    write(connection, sql, columns, cover, format, folder / f"list.{format}", "id")
    return time.perf_counter() - started


def geometry_of_city(folder: Path) -> float:
    """The schematic map of Jakarta's 267 kelurahan, drawn for the first time."""
    from data.places.geometry import geometry

    with tempfile.TemporaryDirectory(dir=folder) as home:
        started = time.perf_counter()
        geometry(Path(home), "31", "kelurahan")
        return time.perf_counter() - started


def demonstration(folder: Path) -> float:
    """The first start: every demonstration register generated, imported, and its cubes built."""
    from data.sample.demonstration import demonstrate
    from data.snapshots import Store

    with tempfile.TemporaryDirectory(dir=folder) as home:
        started = time.perf_counter()
        for result in demonstrate(Store(Path(home))):
            assert result.snapshot, result
        return time.perf_counter() - started


def run(name: str, folder: Path) -> dict[str, float]:
    """One run of a measurement in a process of its own: seconds, processor (seconds), megabytes."""
    command = [sys.executable, "-m", "benchmarks", "--only", name, "--folder", str(folder)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def measure(name: str, folder: Path, times: int) -> tuple[float, float]:
    """Median seconds and the highest peak memory (MB) of some runs of a measurement."""
    runs = [run(name, folder) for _ in range(times)]
    return statistics.median(run["seconds"] for run in runs), max(run["megabytes"] for run in runs)


def results(folder: Path) -> list[Line]:
    """Every promise, measured in this order; the import and its yardstick take turns."""
    prepare(folder)
    pairs = [(measure("bare", folder, 1), measure("imported", folder, 1)) for _ in range(5)]
    ratio = statistics.median(padan[0] / yardstick[0] for yardstick, padan in pairs)
    bare_s, import_s = (statistics.median(pair[which][0] for pair in pairs) for which in (0, 1))
    memory = max(padan[1] for _, padan in pairs)
    measure("stored", folder, 1)
    lines = [
        Line(
            "Import of 1 M × 23 CSV",
            f"{import_s:.2f} s, bare DuckDB {bare_s:.2f} s: {ratio:.2f} ×",
            "≤ 2.0 ×",
            ratio <= 2,
        ),
        Line("… its peak memory", f"{memory:,.0f} MB", "< 2,000 MB", memory < 2_000),
    ]

    def timed(what: str, name: str, promise: float | None, times: int = 3) -> float:
        seconds, peak = measure(name, folder, times)
        found = f"{seconds * 1000:,.0f} ms" if seconds < 2 else f"{seconds:.1f} s"
        limit = "" if promise is None else f"≤ {promise * 1000:,.0f} ms" if promise < 2 else f"≤ {promise:.0f} s"
        lines.append(
            Line(what, f"{found}, peak {peak:,.0f} MB", limit, None if promise is None else seconds <= promise)
        )
        return seconds

    timed("Coverage of a city by kelurahan, snapshot of 1 M", "coverage", 0.1)
    timed("50 rows of a filtered list, a city", "page_of_city", 0.15)
    timed("50 rows of a filtered list, the province of 1 M", "page_of_everything", 0.15)
    timed("… page 5,000 of it", "page_far_back", None)
    copies = [(measure("csv_copy", folder, 1)[0], measure("csv_export", folder, 1)[0]) for _ in range(3)]
    times = statistics.median(export / copy for copy, export in copies)
    export_s, copy_s = (statistics.median(pair[which] for pair in copies) for which in (1, 0))
    lines.append(
        Line("CSV export of 1 M × 20", f"{export_s:.2f} s, COPY {copy_s:.2f} s: {times:.2f} ×", "≤ 1.5 ×", times <= 1.5)
    )
    timed("XLSX export of 100,000 × 20", "xlsx_export", 5)
    timed("XLSX export of 1 M × 20", "xlsx_export_of_everything", None, 1)
    timed("Schematic map of Jakarta, first time", "geometry_of_city", None)
    timed("Demonstration registers, first start", "demonstration", 90, 1)
    return lines


def in_a_browser(store: Path) -> list[Line]:
    """What a user waits for in Chromium, on the map of Jakarta's 267 kelurahan."""
    from benchmarks.browser import LIMITS, measure

    found = {name: statistics.median(times) for name, times in measure(store, "31").items()}
    return [
        Line(
            f"In Chromium, 267 kelurahan: {name}", f"{found[name]:,.0f} ms", f"≤ {limit:,.0f} ms", found[name] <= limit
        )
        for name, limit in LIMITS.items()
    ]


def peak_memory() -> float:
    """This process's highest resident memory so far in MB; the kernel's own count, not what a parent left behind."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def machine() -> str:
    """What it ran on."""
    import duckdb

    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )


def registers(folder: Path) -> list[Line]:
    """Import, questions, exports and screens."""
    return [*results(folder), *in_a_browser(folder / "store")]


def matching(folder: Path) -> list[Line]:
    """Quality, time and memory of matching."""
    from benchmarks.matching import lines

    return [Line(*line) for line in lines(folder)]


def screens(folder: Path) -> list[Line]:
    """What a user waits for on every screen."""
    from benchmarks.screens import demonstrated, lines

    named = os.environ.get("PADAN_BENCH_STORE")
    return [Line(*line) for line in lines(Path(named) if named else demonstrated(folder))]


def encryption(folder: Path) -> list[Line]:
    """What encryption at rest costs."""
    from benchmarks.encryption import lines

    def turn(name: str, folder: Path) -> tuple[float, float]:
        found = run(name, folder)
        return found["seconds"], found["processor"]

    prepare(folder)
    return [Line(*line) for line in lines(folder, turn)]


def public(folder: Path) -> list[Line]:
    """How long the cheapest mask takes, and the attack on it."""
    from benchmarks.public import lines
    from benchmarks.screens import demonstrated

    named = os.environ.get("PADAN_BENCH_STORE")
    return [Line(*line) for line in lines(Path(named) if named else demonstrated(folder))]


PARTS: dict[str, Callable[[Path], list[Line]]] = {
    "registers": registers, "matching": matching, "screens": screens, "encryption": encryption,
    "public": public,
}  # fmt: skip


def section(part: str, lines: list[Line]) -> str:
    words = {True: "yes", False: "**no**", None: ""}
    table = "\n".join(f"| {line.what} | {line.found} | {line.promise} | {words[line.kept]} |" for line in lines)
    return (
        f"## {part.capitalize()}\n\nOn {date.today().isoformat()}: {machine()}.\n\n"
        f"| what | measured | promised | kept |\n|---|---|---|---|\n{table}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(unknown)}")
    if given.only:
        before = time.process_time()
        seconds = globals()[given.only](given.folder)
        used = time.process_time() - before
        print(json.dumps({"seconds": seconds, "processor": used, "megabytes": peak_memory()}))
        return
    earlier = re.split(r"^(?=## )", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    sections = {found.split("\n")[0].removeprefix("## ").lower(): found for found in earlier}
    kept = True
    for part in given.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            lines = PARTS[part](Path(folder))
        sections[part] = section(part, lines)
        kept = kept and all(line.kept is not False for line in lines)
        print(sections[part])
        text = "\n".join(sections[known].strip() + "\n" for known in PARTS if known in sections)
        RESULTS.write_text(f"# Measured\n\nBy `make bench`, each part by itself.\n\n{text}", encoding="utf-8")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
