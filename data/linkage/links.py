"""The pairs of two registers by the rows of their files, as other programs take them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from data import cubes
from data.access import Viewer, answers, of_place
from data.definitions.catalogue import LINKAGES, REGISTERS
from data.definitions.linkages import Linkage
from data.definitions.roles import Right
from data.linkage import outcomes, runs
from data.linkage.runs import Run
from data.snapshots import Part, Store

COLUMNS: Final = ("left_row", "right_row", "rule", "probability", "status")


class NotLinked(Exception):
    """There are no such pairs; `str()` is a reason: "unknown" (no register and no snapshot), "not_declared" (nobody
    matches these two), "not_matched" (yet), "several" (snapshots fit, see `names`).
    """

    def __init__(self, reason: str, names: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.names = tuple(names)


@dataclass(frozen=True)
class _Asked:
    """One side of the question: a register, or one snapshot of it."""

    register: str
    snapshot: str = ""

    def fits(self, part: Part) -> bool:
        return part.snapshot.register == self.register and self.snapshot in ("", part.snapshot.id)


@answers(Right.PEOPLE, of_place, persons=lambda pairs: pairs.num_rows)
def links(store: Store, viewer: Viewer, left: str, right: str, place: str = "", period: date | None = None) -> pa.Table:
    """Every pair that was looked at closely: left_row, right_row (as the files number them), rule, probability (0–1),
    status ("accepted" | "review" | "rejected"), in the order of the rows.

    `left` and `right` are keys of registers or snapshots, in either order; of a register's snapshots those speak that
    were matched last (not after `period`). Every counted row of a person (or family) of the linkage's left register has
    its line, with the first row of the person or family in the other. Raises NotLinked and Refused.
    """
    sides = [_side(store, one) for one in (left, right)]
    linkage, turned = _linkage(*sides)
    first, second = reversed(sides) if turned else sides
    run = _run(store, linkage, first, second, place, period)
    found = _lines(store, run, linkage, first, second, place)
    if turned:
        found = found.rename(left_row="right_row", right_row="left_row")
    return found.select(*COLUMNS).order_by("left_row", "right_row", "rule").to_pyarrow()


def _side(store: Store, asked: str) -> _Asked:
    if asked in REGISTERS:
        return _Asked(asked)
    for snapshot in store.snapshots():
        if snapshot.id == asked:
            return _Asked(snapshot.register, asked)
    raise NotLinked("unknown", (asked,))


def _linkage(left: _Asked, right: _Asked) -> tuple[Linkage, bool]:
    """The linkage of two registers, and whether they were named the other way round."""
    for linkage in LINKAGES.values():
        for one, other, turned in ((left, right, False), (right, left, True)):
            if one.register == linkage.left and other.register in linkage.rights:
                return linkage, turned
    raise NotLinked("not_declared", (left.register, right.register))


def _run(store: Store, linkage: Linkage, left: _Asked, right: _Asked, place: str, period: date | None) -> Run:
    fitting = [
        run for run in runs.runs(store, linkage.key)
        if runs.touches(run.place, place)
        and (period is None or run.period <= period)
        and any(map(left.fits, run.left)) and any(map(right.fits, run.right))
    ]  # fmt: skip
    if not fitting:
        raise NotLinked("not_matched", (left.register, right.register))
    newest = {run.place: run for run in reversed(fitting)}
    used = [
        sorted({part.snapshot.id for run in newest.values() for part in (*run.left, *run.right) if asked.fits(part)})
        for asked in (left, right)
    ]
    # Rows of several files have the same numbers.
    if len(newest) > 1 or any(len(names) > 1 for names in used):
        raise NotLinked("several", [name for names in used if len(names) > 1 for name in names])
    return next(iter(newest.values()))


def _lines(store: Store, run: Run, linkage: Linkage, left: _Asked, right: _Asked, place: str) -> ir.Table:
    (number,) = (n for n, part in enumerate(run.right) if right.fits(part))
    (own,) = (n for n, part in enumerate(run.left) if left.fits(part))
    pairs = outcomes.resolved(store, run)
    pairs = pairs.filter(pairs.finds == linkage.grain, pairs.left_part == own, pairs.right_part == number)
    pairs = outcomes.with_right_rows(run, pairs)
    part = run.left[own].at(place)
    rows = cubes.people(store, part) if part else cubes.people(store, run.left[own]).limit(0)
    rows = rows.select(left_row="file_row", the_unit=outcomes.unit_of(rows))
    return pairs.inner_join(rows, pairs.left_unit == rows.the_unit).mutate(probability=ibis._.probability.round(6))
