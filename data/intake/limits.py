"""What is too much: limits that can be set, and the sentences that refuse what goes beyond them."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from data.definitions.problems import Problem
from data.wording import DEFAULT, N_, Value, translate


@dataclass(frozen=True)
class Limits:
    """The most that a file may cost. Each is set by the environment variable `PADAN_MAX_` and its name in capitals.

    `unpacked_mb` of an archive, in MiB; `ratio` of unpacked to packed; `columns` and `rows` of a table; `line`:
    characters of a row; `cells` of a sheet, blank ones between the outermost included; `sheets` of a workbook;
    `workbook_mb`: memory that opening a workbook takes, in MiB; `seconds` for opening a workbook, and for recognising
    the tables of a file.
    """

    unpacked_mb: int = 16_384
    ratio: int = 500  # Register exports pack 10 to 30 times; what packs far better was made to fill a disk.
    columns: int = 500
    rows: int = 50_000_000
    line: int = 1_048_576
    cells: int = 30_000_000
    sheets: int = 100
    workbook_mb: int = 1_200
    seconds: int = 120


def setting(limit: str) -> str:
    """The environment variable that sets a limit.

    >>> setting("columns")
    'PADAN_MAX_COLUMNS'
    """
    return f"PADAN_MAX_{limit.upper()}"


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits that hold now. A setting that is no whole number above 0 says nothing.

    >>> limits({"PADAN_MAX_COLUMNS": "80", "PADAN_MAX_LINE": "long"}) == Limits(columns=80)
    True
    """
    said = {one.name: environment.get(setting(one.name), "") for one in fields(Limits)}
    return Limits(**{name: int(text) for name, text in said.items() if text.isdecimal() and int(text)})


_ASK: Final = N_(
    "Ask where the file comes from. If it is right, import it in parts; who runs Padan can raise the limit ({setting})."
)
_NARROW: Final = N_(
    "Delete what stands beside the table, or save the sheet as CSV and import that. Who runs Padan can raise the limit"
    " ({setting})."
)
EXCESSES: Final[Mapping[str, Problem]] = {
    "unpacked_mb": Problem(
        "limit_unpacked_mb", "refused", N_("Too large unpacked"),
        N_("Unpacked, the file is larger than {most} MB."),
        _ASK,
    ),
    "ratio": Problem(
        "limit_ratio", "refused", N_("Packed too well"),
        N_("Unpacked, the file is more than {most} times larger than packed. No register packs as well as that."),
        _ASK,
    ),
    "columns": Problem(
        "limit_columns", "refused", N_("Too many columns"),
        N_("The table has more than {most} columns."),
        _NARROW,
    ),
    "rows": Problem(
        "limit_rows", "refused", N_("Too many rows"),
        N_("The table has more than {most} rows."),
        _ASK,
    ),
    "line": Problem(
        "limit_line", "refused", N_("Row too long"),
        N_("A row has more than {most} characters: line breaks or quotation marks are probably missing."),
        N_("Export the file again and look at it in a text editor. Who runs Padan can raise the limit ({setting})."),
    ),
    "cells": Problem(
        "limit_cells", "refused", N_("Sheet too large"),
        N_("A sheet reaches over more than {most} cells, often because of one far below or far to the right."),
        _NARROW,
    ),
    "sheets": Problem(
        "limit_sheets", "refused", N_("Too many sheets"),
        N_("The workbook has more than {most} sheets."),
        N_("Save the sheets that are registers as a workbook. Who runs Padan can raise the limit ({setting})."),
    ),
    "workbook_mb": Problem(
        "limit_workbook_mb", "refused", N_("Workbook too large"),
        N_(
            "Opening the workbook takes more than {most} MB of memory, often because of a cell far below or far to the"
            " right."
        ),
        _NARROW,
    ),
    "seconds": Problem(
        "limit_seconds", "refused", N_("File takes too long"),
        N_("The file could not be read and recognised within {most} seconds."),
        _NARROW,
    ),
}  # fmt: skip
"""What is said of an excess, by limit. `{most}` is the limit and `{setting}` the name of its setting."""


class Unreadable(Exception):
    """The file is no table that we can read; `str()` is a sentence for the reader (a message id)."""


class Excess(Unreadable):
    """The file goes beyond a limit: `code` is that of a problem in EXCESSES, `values` what its sentences name."""

    def __init__(self, limit: str) -> None:
        problem = EXCESSES[limit]
        self.code = problem.code
        self.values: dict[str, Value] = {"most": getattr(limits(), limit), "setting": setting(limit)}
        super().__init__(translate(problem.message, DEFAULT, **self.values))


class Clock:
    """Counts the seconds that one step takes."""

    def __init__(self) -> None:
        self._end = time.monotonic() + limits().seconds

    def runs(self) -> bool:
        """True. Raises Excess once the time is up."""
        if time.monotonic() > self._end:
            raise Excess("seconds")
        return True
