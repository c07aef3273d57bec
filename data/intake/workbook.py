"""Opens workbooks in a process of its own: what a damaged or hostile one breaks, fills or hangs is only that process.

`python -m data.intake.workbook FILE FOLDER LIMITS` writes every sheet as CSV into the folder (the row's number, then
its cells as text, without blank rows), and to standard output, as JSON, what the sheets are or why there are none.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from data.intake.limits import Limits

ROOT: Final = Path(__file__).parent.parent.parent
OUT_OF_MEMORY: Final = 3


@dataclass(frozen=True)
class Written:
    """A sheet as a CSV: its name, how many cells each row has (besides its number), where it lies."""

    name: str
    width: int
    path: Path


def opened(path: Path, folder: Path, limits: "Limits") -> list[Written]:
    """The sheets of a workbook, written into a folder. Raises Unreadable, of it Excess where a limit is passed."""
    from data.intake.limits import Excess, Unreadable
    from data.wording import N_

    told = json.dumps(asdict(limits))
    command = [sys.executable, "-m", "data.intake.workbook", str(path.resolve()), str(folder.resolve()), told]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=limits.seconds)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Excess("seconds") from None
    if ran.returncode == OUT_OF_MEMORY or b"memory allocation of" in ran.stderr or ran.returncode == -9:
        raise Excess("workbook_mb")
    answer = json.loads(ran.stdout) if ran.returncode == 0 else {}
    if "limit" in answer:
        raise Excess(answer["limit"])
    if "protected" in answer:
        raise Unreadable(N_("the workbook is protected by a password."))
    if "sheets" not in answer:
        raise Unreadable(N_("the workbook is damaged or of a kind that is not known."))
    found = enumerate(answer["sheets"])
    return [Written(name, width, folder / f"{number}.csv") for number, (name, width) in found]


# In the other process, which starts in no time, because it imports next to nothing.


class _Beyond(Exception):
    """A limit is passed; `str()` is its name."""


def main(path: str, folder: str, told: str) -> int:
    limits = json.loads(told)
    _limit_memory(limits["workbook_mb"])
    try:
        answer: dict[str, Any] = {"sheets": list(_sheets(path, Path(folder), limits))}
    except _Beyond as limit:
        answer = {"limit": str(limit)}
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as error:  # The library's panics are no Exception.
        if "capacity overflow" in str(error):
            return OUT_OF_MEMORY
        answer = {"protected": True} if type(error).__name__ == "PasswordError" else {}
    print(json.dumps(answer))
    return 0


def _limit_memory(megabytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit.
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _sheets(path: str, folder: Path, limits: dict[str, int]) -> Iterator[tuple[str, int]]:
    from python_calamine import SheetTypeEnum

    book = _book(path)
    names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if len(names) > limits["sheets"]:
        raise _Beyond("sheets")
    for number, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        left = sheet.start[1] if sheet.start else 0
        width = left + sheet.width if sheet.start else 0
        if width > limits["columns"]:
            raise _Beyond("columns")
        if sheet.height * width > limits["cells"]:
            raise _Beyond("cells")
        _write(sheet, left, folder / f"{number}.csv", limits["line"])
        yield name, width


def _book(path: str) -> "CalamineWorkbook":
    """The workbook, by its content where it is of another kind than its name says."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise
    except CalamineError:
        with open(path, "rb") as file:
            return CalamineWorkbook.from_filelike(file)


def _write(sheet: "CalamineSheet", left: int, target: Path, longest: int) -> None:
    before = [""] * left
    with target.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [value if isinstance(value, str) else cell(value) for value in cells]
            if any(texts):
                if sum(map(len, texts)) > longest:
                    raise _Beyond("line")
                write([number, *before, *(text.replace("\0", "") for text in texts)])


def cell(value: Any) -> str:
    """A cell's value as text: whole numbers without a decimal point, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
