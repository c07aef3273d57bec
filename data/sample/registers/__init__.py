"""Which files a register has in the demonstration: one file beside this one for each register.

Each has `sheets(society)`, the files of the society's place, oldest first; nothing for a place it does not declare.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from data.sample.sheets import Sheet

if TYPE_CHECKING:
    from data.sample.society import Society


@cache
def registers() -> "dict[str, Callable[[Society], Sequence[Sheet]]]":
    """By the register's key, what makes its files."""
    return {
        found.name: importlib.import_module(f"{__name__}.{found.name}").sheets
        for found in pkgutil.iter_modules(__path__)
    }
