"""What a register is; one file beside this one declares each."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Layout:
    """An order of headings as seen in real files; `fields` are field keys, "" is a column we only keep."""

    key: str
    label: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """A by-name register: which fields it has, how files spell their headings, and what its rows stand for.

    `spellings` maps a field to its headings as seen, matched by meaning (case, punctuation and slips do not
    matter). A file is this register when it holds one of `needs_one_of`, at least `needs` known headings and none of
    `belongs_elsewhere`, headings that only other registers have.
    """

    key: str
    label: str
    row_is: str
    spellings: dict[str, tuple[str, ...]]
    layouts: tuple[Layout, ...]
    needs_one_of: tuple[str, ...]
    needs: int
    belongs_elsewhere: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.spellings)


@cache
def registers() -> dict[str, Register]:
    """Every declared register by its key: each module of this package has one in `REGISTER`."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.REGISTER.key: module.REGISTER for module in modules}
