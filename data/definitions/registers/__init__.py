"""What a register is; one file beside this one declares each."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from typing import Literal

import ibis.expr.types as ir

from data.definitions.fields import Field
from data.definitions.indicators import Indicator
from data.definitions.measures import Breakdown, Measure
from data.definitions.problems import Problem

Grain = Literal["person", "family", "measurement", "event", "figure"]


@dataclass(frozen=True)
class Layout:
    """An order of headings as seen in real files; `fields` are field keys, "" is a column we only keep.

    `grain` is what a row of this layout stands for, where that is not what the register's rows stand for.
    """

    key: str
    label: str
    fields: tuple[str, ...]
    grain: Grain | None = None


@dataclass(frozen=True)
class Check:
    """A rule of a register: `wrong` is true for rows that break it, and is given the cleaned `fields` in order.

    It is asked only where the file has all the fields.
    """

    problem: Problem
    fields: tuple[str, ...]
    wrong: Callable[..., ir.BooleanValue]


@dataclass(frozen=True)
class Register:
    """A register: which fields it has, how files spell their headings, what its rows stand for, what it tells.

    `grain` is what one row stands for; a register of figures holds numbers by area instead of names.
    `spellings` maps a field to its headings as seen, matched by meaning (case, punctuation and slips do not
    matter); of merged headings the last part is enough, and `Sasaran > PUS > PUS Hamil` names the whole of it.
    A file is this register when it holds one of `needs_one_of`, at least `needs` known headings and none of
    `belongs_elsewhere`, headings that only other registers have. `telling` are fields that hardly another register
    has: they decide between two that fit.
    `identity` lists combinations of fields that tell who is counted, the surest first; a row that has none of them
    complete counts by itself. `newest_by` is the date by which one row speaks for its unit, among the rows where
    `speaks` is known. `dated_by` are dates whose newest is the day of the data where nothing else says it. `derive`
    adds values that follow from others (given: cleaned values by field; returned: more of them). `answers` gives words
    of a field and what else is written for each (codes, short and older forms). `category` is the field by which the
    figures are broken down, `categories` its known words. `stock` is false for lists of events, which are added up over
    a list and never beside a stock. `updated` says that records are brought up to date one by one, with a date or (by
    comparison with the snapshot before) without. `absent_is_none`: an area without rows in a list that speaks of it has
    none; else it is not known. `listed` are the fields that the by-name list shows beside name, numbers and address.
    `kept_months` is how long names are kept after the day of the data, where the office says nothing else.
    """

    key: str
    label: str
    row_is: str
    spellings: Mapping[str, tuple[str, ...]]
    layouts: tuple[Layout, ...]
    needs_one_of: tuple[str, ...]
    needs: int
    belongs_elsewhere: tuple[str, ...] = ()
    grain: Grain = "person"
    telling: tuple[str, ...] = ()
    own_fields: tuple[Field, ...] = ()
    identity: tuple[tuple[str, ...], ...] = (("nik",),)
    newest_by: str = ""
    speaks: str = ""
    dated_by: tuple[str, ...] = ("updated_on",)
    derive: Callable[[Mapping[str, ir.Value]], Mapping[str, ir.Value]] | None = None
    answers: Mapping[str, Mapping[str, tuple[str, ...]]] = dataclass_field(default_factory=dict)
    category: str = ""
    categories: tuple[str, ...] = ()
    stock: bool = True
    updated: bool = False
    absent_is_none: bool = False
    listed: tuple[str, ...] = ()
    kept_months: int = 60
    checks: tuple[Check, ...] = ()
    measures: tuple[Measure, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.spellings)


@cache
def registers() -> dict[str, Register]:
    """Every declared register by its key: each module of this package has one in `REGISTER`."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {module.REGISTER.key: module.REGISTER for module in modules}
