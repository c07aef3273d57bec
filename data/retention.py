"""Names are kept for a time, figures stay: `python -m data expire`.

Of a snapshot whose time is over the rows are removed, and whatever was made of them that speaks of single persons. Its
manifest stays, and so do the tables of figures by area: what the office reported then can still be told.
"""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from data import audit, cubes, quality
from data.access import Refused, Viewer, answers, everywhere
from data.area import within
from data.definitions.catalogue import LINKAGES, REGISTERS
from data.definitions.roles import Right
from data.home import STAGING, scratch
from data.linkage import outcomes, runs
from data.places import reference
from data.snapshots import Snapshot, Store
from data.wording import N_, Language, Value, translate

FIGURES: Final = re.compile(
    r"(coverage|counts|breakdown-\w+|quality|twice|changes|marks|families-counts|identified-with|compared-with|figures)-.+"
)
"""Tables of a snapshot or of a matching that hold numbers by area, or rows that nothing tells who they are."""
STAYS: Final = N_("Figures by area, data quality and the history of imports stay.")
GOES: Final = N_(
    "No longer told for these dates: lists by name, household pages, comparisons and matches that were not made yet,"
    " other ways to break figures down."
)


@dataclass(frozen=True)
class Due:
    """A snapshot whose names are to go: how many bytes that sets free."""

    snapshot: Snapshot
    bytes: int


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, the month's last where it has no such day.

    >>> months_before(date(2026, 8, 31), 6)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age(text: str) -> int:
    """Months: `24m`, `2y`. Raises ValueError.

    >>> age("24m"), age("2y")
    (24, 24)
    """
    found = re.fullmatch(r"([1-9][0-9]{0,3})([my])", text.strip().lower())
    if not found:
        raise ValueError(text)
    return int(found[1]) * (12 if found[2] == "y" else 1)


def due(
    store: Store, today: date, before: date | None = None, register: str = "", place: str = "", keep: int = 1
) -> tuple[Due, ...]:
    """What is to go, the oldest first: by-name snapshots whose data are from before a day, by default as the registers
    declare it. Of every register and area the newest `keep` stay, whatever their age.
    """
    alike: defaultdict[tuple[str, str, bool], list[Snapshot]] = defaultdict(list)
    for snapshot in store.snapshots():
        alike[snapshot.register, snapshot.covers, snapshot.sample].append(snapshot)
    old = [
        snapshot
        for found in alike.values()
        for snapshot in found[keep:]
        if snapshot.register in REGISTERS
        and REGISTERS[snapshot.register].grain != "figure"
        and snapshot.expired_at is None
        and snapshot.period < (before or months_before(today, REGISTERS[snapshot.register].kept_months))
        and register in ("", snapshot.register)
        and within(snapshot.place, place)
    ]
    old.sort(key=lambda snapshot: (snapshot.period, snapshot.register, snapshot.id))
    return tuple(Due(one, sum(path.stat().st_size for path in _named(store, one))) for one in old)


@answers(Right.SETTINGS, everywhere)
def expire(
    store: Store, viewer: Viewer, going: Sequence[Due], progress: Callable[[int, int], None] = lambda *_: None
) -> None:
    """Removes the names of these snapshots; what was cut off before is completed. First everything is counted that
    can be told of them. Raises Refused, after which those that were done are done.
    """
    sweep(store)
    for number, one in enumerate(going, start=1):
        snapshot = one.snapshot
        _count(store, snapshot)
        entry = audit.record(
            store, viewer, "expire", place=snapshot.place, about=snapshot.id, persons=snapshot.counts.persons
        )
        store.expire(snapshot, {"entry": entry, "by": viewer.name})
        sweep(store)
        progress(number, len(going))


def sweep(store: Store) -> int:
    """Removes what a killed process left: of expired snapshots everything that speaks of single persons, and whatever
    lies in the staging folder of processes that are gone. How many files were removed.
    """
    waiting = sum(1 for path in (store.path / STAGING).rglob("*") if path.is_file())
    with scratch(store.path):
        left = sum(1 for path in (store.path / STAGING).rglob("*") if path.is_file())
    store.sweep()
    gone = [path for snapshot in store.snapshots() if snapshot.expired_at for path in _named(store, snapshot)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone) + max(waiting - left, 0)


def _count(store: Store, snapshot: Snapshot) -> None:
    """Makes the figures that can only be made while the rows are there."""
    cubes.build(store, snapshot)
    quality.build(store, snapshot)
    for other in store.snapshots():
        # A later snapshot may be told by comparison with this one.
        if other.expired_at is None and cubes.updates(store, other).earlier == snapshot:
            cubes.build(store, other)
    for run in _runs(store, snapshot):
        if not run.expired:
            with suppress(Refused):
                outcomes.figures(store, run)


def _runs(store: Store, snapshot: Snapshot) -> Iterator[runs.Run]:
    for key in LINKAGES:
        for run in runs.runs(store, key):
            if any(part.snapshot.id == snapshot.id for part in (*run.left, *run.right)):
                yield run


def _named(store: Store, snapshot: Snapshot) -> Iterator[Path]:
    """The files of a snapshot, and those made of it, that speak of single persons."""
    yield from snapshot.folder.glob("*.parquet")
    folders = [store.path / "cubes" / snapshot.id]
    for run in _runs(store, snapshot):
        folders += [store.path / "cubes" / run.id]
        yield from run.folder.glob("*.parquet")
    for folder in folders:
        yield from (path for path in folder.glob("*.parquet") if not FIGURES.fullmatch(path.name))


# What the command says


def text(going: Sequence[Due], done: bool, language: Language) -> Iterator[str]:
    """A line for every snapshot, and what goes and stays."""

    def say(message: str, **values: Value) -> str:
        return translate(message, language, **values)

    for one in going:
        snapshot = one.snapshot
        persons = say(N_("{persons} persons"), persons=snapshot.counts.persons)
        size = f"{one.bytes / 1e6:.1f} MB"
        area = reference.place(snapshot.covers or snapshot.place).name
        yield f"{snapshot.id}  {area}, {snapshot.period}, {persons}, {size}"
    if not going:
        yield say(N_("No names are older than they may be."))
        return
    yield say(STAYS)
    yield say(GOES)
    if done:
        yield say(N_("The names of {count} snapshots were removed."), count=len(going))
    else:
        yield say(N_("Nothing was removed. With --yes the names of these {count} snapshots go."), count=len(going))


def as_json(going: Sequence[Due], done: bool) -> dict[str, Any]:
    """The same for a program."""
    return {
        "removed": done,
        "snapshots": [
            {
                "snapshot": one.snapshot.id,
                "registry": one.snapshot.register,
                "place": one.snapshot.covers,
                "period": one.snapshot.period.isoformat(),
                "persons": one.snapshot.counts.persons,
                "bytes": one.bytes,
            }
            for one in going
        ],
    }
