"""Matchings of two registers: what was matched, when, and what serves a place and a day.

PADAN_HOME/links/<linkage>/<run>/manifest.json   what was matched with what, when, how many pairs
                                 pairs.parquet   scored pairs (see data.linkage.score)
                                 units.parquet   every counted unit on the left, and whether it can be matched
                                 model.json      the parameters used
PADAN_HOME/links/lock                            held by the one that matches
                 progress.json                   how far it is
                 failed.txt                      what went wrong the last time

A run is named after its inputs, so that the same registers are never matched twice. It never changes, and can be thrown
away and made again.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data import database
from data.area import within
from data.definitions import linkages as declared
from data.definitions import names
from data.definitions.catalogue import LINKAGES
from data.definitions.linkages import Linkage
from data.definitions.registers import Grain
from data.home import retire, scratch, staged
from data.linkage import VERSION, decisions
from data.snapshots import LINKS, MANIFEST, Expired, Part, Snapshot, Store, now

if TYPE_CHECKING:
    from data.linkage.score import Scored

PAIRS: Final = "pairs.parquet"
UNITS: Final = "units.parquet"
PROGRESS: Final = "progress.json"
FAILED: Final = "failed.txt"
LOCK: Final = "lock"
_ID: Final = re.compile("[0-9a-f]{16}")
PATIENCE: Final = 6 * 60 * 60.0
"""Seconds that one who wants to match waits for another who does."""


@dataclass(frozen=True)
class Plan:
    """What is to be matched: parts of the left register of a place as of `period` with those of the right one.

    Without any `right` nothing can be matched. `made_with` tells which secret the fingerprints are made with.
    """

    linkage: str
    place: str
    period: date
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    made_with: str = ""

    @property
    def id(self) -> str:
        named = [[[part.snapshot.id, part.snapshot.files.get("rows.parquet"), part.place, part.excluding]
                  for part in side] for side in (self.left, self.right)]  # fmt: skip
        whole = json.dumps([self.linkage, self.place, named, _model(self.linkage), self.made_with])
        return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()


def number_of(parts: Sequence[Part], snapshot: str) -> int | None:
    """The place of a snapshot (its id) among parts, by which pairs and units name it; None where it is not there."""
    return next((number for number, part in enumerate(parts) if part.snapshot.id == snapshot), None)


@dataclass(frozen=True)
class Run:
    """A matching that was made. `stale`: a newer one is due, because a register has changed since. `fresh`: it was made
    by the call that returned it.

    `counts`: pairs by the rule that found them, and "units" on the left with those of them that are "usable".
    """

    id: str
    linkage: str
    place: str
    period: date
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    version: str
    made_at: datetime
    seconds: float
    counts: Mapping[str, int] = field(hash=False, compare=False)
    folder: Path
    stale: bool = False
    fresh: bool = False

    @property
    def pairs(self) -> Path:
        """Raises Expired."""
        if self.expired:
            raise Expired
        return self.folder / PAIRS

    @property
    def units(self) -> Path:
        """Raises Expired."""
        if self.expired:
            raise Expired
        return self.folder / UNITS

    @property
    def expired(self) -> bool:
        """Whether names that were matched are gone: only the figures made of the matching remain."""
        return _expired(self)

    @property
    def sample(self) -> bool:
        return any(part.snapshot.sample for part in (*self.left, *self.right))


def _expired(matched: Plan | Run) -> bool:
    return any(part.snapshot.expired_at for part in (*matched.left, *matched.right))


@dataclass(frozen=True)
class Progress:
    """How far a matching is: `done` of `total` runs (0: not known yet), and what is matched now."""

    done: int
    total: int
    linkage: str = ""
    place: str = ""


def plans(store: Store, linkage: str) -> tuple[Plan, ...]:
    """What should be matched, newest first: every place of the left register with its newest data, and as of every date
    of the left register.
    """
    known = tuple((snapshot.id, snapshot.imported_at, snapshot.expired_at) for snapshot in store.snapshots())
    return _plans(store, linkage, known, decisions.mark(decisions.known_secret(store)))


@lru_cache(maxsize=64)
def _plans(
    store: Store, key: str, _known: tuple[tuple[str, datetime, datetime | None], ...], made_with: str
) -> tuple[Plan, ...]:
    linkage = LINKAGES[key]
    lefts = store.candidates(linkage.left, "")
    found: dict[str, Plan] = {}
    for place in _outermost(snapshot.place for snapshot in lefts):
        days = {snapshot.period for snapshot in lefts if within(snapshot.place, place)}
        for day in (None, *sorted(days, reverse=True)):
            plan = replace(_plan(store, linkage, place, day), made_with=made_with)
            # Names that are gone cannot be matched any more; what was matched while they were there still serves.
            if not _expired(plan) or _made(store, plan).is_dir():
                found.setdefault(plan.id, plan)
    return tuple(sorted(found.values(), key=lambda plan: (plan.period, plan.place), reverse=True))


def _plan(store: Store, linkage: Linkage, place: str, day: date | None) -> Plan:
    left = store.select(linkage.left, place, day)
    # Whoever is looked for by name is not found in a list of heads of families.
    without: tuple[Grain, ...] = ("family",) if linkage.grain == "person" else ()
    right = store.select(linkage.rights, place, day, linkage.needs, without)
    period = max(part.snapshot.period for part in (*left, *right))
    return Plan(linkage.key, place, period, left, right)


def _outermost(places: Iterator[str]) -> list[str]:
    known = set(places)
    return sorted(one for one in known if not any(one != other and within(one, other) for other in known))


@lru_cache
def _model(linkage: str) -> str:
    """Changes whenever the linkage would find other pairs: with its rules, its parameters, the names that are known to
    be the same, the way of matching.
    """
    told = LINKAGES[linkage]
    shipped = Path(declared.__file__).with_name(f"{linkage}.json")
    beside = [path.read_text(encoding="utf-8") for path in (shipped, Path(names.__file__)) if path.is_file()]
    whole = repr((VERSION, told.grain, told.usable, told.rules, told.models, beside))
    return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()


# What was made


def runs(store: Store, linkage: str) -> tuple[Run, ...]:
    """Every run whose registers are all in the store, the newest first."""
    folder = store.path / LINKS / linkage
    if not folder.is_dir():
        return ()
    known = {snapshot.id: snapshot for snapshot in store.snapshots()}
    read = (_readable(path, known) for path in folder.iterdir())
    found = [run for run in read if run]
    return tuple(sorted(found, key=lambda run: (run.period, run.made_at, run.id), reverse=True))


def _readable(folder: Path, known: Mapping[str, Snapshot]) -> Run | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = dict(_manifest(folder))
        for side in ("left", "right"):
            told[side] = tuple(Part(known[id], place, tuple(without)) for id, place, without in told[side])
        told |= {"period": date.fromisoformat(told["period"]), "made_at": datetime.fromisoformat(told["made_at"])}
        return Run(**told, folder=folder)
    return None


@lru_cache(maxsize=1024)
def _manifest(folder: Path) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return told


def current(store: Store, linkage: str, place: str, day: date | None = None) -> tuple[Run, ...]:
    """The runs that serve a place ("" = everywhere) on a day: of each left register's place around or in it the newest
    whose data are not after the day. One is stale where another should be there.
    """
    made = [run for run in runs(store, linkage) if day is None or run.period <= day]
    due = [plan for plan in plans(store, linkage) if day is None or plan.period <= day]
    found = []
    for own in sorted({run.place for run in made if touches(run.place, place)}):
        wanted = next((plan for plan in due if plan.place == own and plan.right), None)
        mine = [run for run in made if run.place == own]
        right = next((run for run in mine if wanted and run.id == wanted.id), None)
        found.append(right or replace(mine[0], stale=True))
    # A smaller place's run says nothing more where one of a larger place has come.
    return tuple(run for run in found if not any(o is not run and within(run.place, o.place) for o in found))


def days(store: Store, linkage: str, place: str) -> dict[date, bool]:
    """The dates of the runs that serve a place, and whether any of their data are samples."""
    found: dict[date, bool] = {}
    for run in runs(store, linkage):
        if touches(run.place, place):
            found[run.period] = found.get(run.period, False) or run.sample
    return found


def touches(one: str, other: str) -> bool:
    """Whether one area lies in the other."""
    return within(one, other) or within(other, one)


# Making


def due(store: Store, linkages: Sequence[str] = (), place: str = "") -> tuple[Plan, ...]:
    """What should be matched and is not, the newest first."""
    return tuple(
        plan for plan in _asked(store, linkages, place) if plan.right and not _made(store, plan).is_dir()
    )  # fmt: skip


def without_right(store: Store, linkages: Sequence[str] = (), place: str = "") -> tuple[Plan, ...]:
    """What cannot be matched, because the store has no register as of then to match with."""
    return tuple(plan for plan in _asked(store, linkages, place) if not plan.right)


def link(
    store: Store, linkages: Sequence[str] = (), place: str = "", progress: Callable[[Progress], None] | None = None
) -> tuple[Run, ...]:
    """Makes every run that is due (of these linkages, in this place; nothing named: all), the newest first, and returns
    those that are there now.

    One process matches at a time; another one waits, and does not make again what it finds made. A run that fails
    leaves nothing, does not keep the others from being made, and its error is raised in the end.
    """
    failures: dict[str, Exception] = {}
    made: set[str] = set()
    wanted = bool(due(store, linkages, place))
    if wanted:
        decisions.secret(store)
    if wanted or (store.path / LINKS).is_dir():
        with database.alone(store.path / LINKS / LOCK, PATIENCE if wanted else 0.0) as mine:
            if mine:
                _make_all(store, linkages, place, progress, made, failures)
                _note(store, FAILED, next((type(error).__name__ for error in failures.values()), ""))
                _sweep(store)
            elif wanted:
                raise TimeoutError(LOCK)
    for failure in failures.values():
        raise failure
    asked = {plan.id for plan in _asked(store, linkages, place)}
    there = (run for key in linkages or LINKAGES for run in runs(store, key) if run.id in asked)
    return tuple(replace(run, fresh=run.id in made) for run in there)


def _make_all(
    store: Store, linkages: Sequence[str], place: str, progress: Callable[[Progress], None] | None,
    made: set[str], failures: dict[str, Exception],
) -> None:  # fmt: skip
    """Adds the ids of the runs that were made, and the errors of those that could not be."""
    # Registers may come in while others are matched.
    while waiting := [plan for plan in due(store, linkages, place) if plan.id not in failures]:
        plan, done = waiting[0], len(made) + len(failures)
        step = Progress(done, done + len(waiting), plan.linkage, plan.place)
        _note(store, PROGRESS, json.dumps(asdict(step)))
        if progress:
            progress(step)
        try:
            _make(store, plan)
            made.add(plan.id)
        except Exception as error:
            # A register that was taken out meanwhile is no failure.
            if plan.id in {one.id for one in due(store, linkages, place)}:
                failures[plan.id] = error
    (store.path / LINKS / PROGRESS).unlink(missing_ok=True)


def failed(store: Store) -> str:
    """What kind of failure ended the last matching (the name of the exception); "" where it ended well."""
    with suppress(OSError, ValueError):
        return (store.path / LINKS / FAILED).read_text(encoding="utf-8")
    return ""


def progress(store: Store) -> Progress | None:
    """How far the matching is that is going on, in whatever process; None where none is."""
    if not database.held(store.path / LINKS / LOCK):
        return None
    with suppress(OSError, ValueError, TypeError):
        return Progress(**json.loads((store.path / LINKS / PROGRESS).read_text(encoding="utf-8")))
    return Progress(0, 0)


def _note(store: Store, name: str, text: str) -> None:
    """A small file beside the runs, written anew; an empty one is none."""
    target = store.path / LINKS / name
    if not text:
        target.unlink(missing_ok=True)
        return
    with scratch(store.path) as folder:
        (folder / name).write_text(text, encoding="utf-8")
        target.parent.mkdir(exist_ok=True)
        (folder / name).replace(target)


def _asked(store: Store, linkages: Sequence[str], place: str) -> list[Plan]:
    every = [plan for key in linkages or LINKAGES for plan in plans(store, key) if touches(plan.place, place)]
    return sorted(every, key=lambda plan: plan.period, reverse=True)


def _made(store: Store, plan: Plan) -> Path:
    return store.path / LINKS / plan.linkage / plan.id


def _make(store: Store, plan: Plan) -> None:
    from data.linkage.score import score

    started = time.monotonic()
    with staged(store.path, _made(store, plan)) as folder:
        found = score(LINKAGES[plan.linkage], plan.left, plan.right, folder, decisions.secret(store))
        told = {
            "id": plan.id,
            "linkage": plan.linkage,
            "place": plan.place,
            "period": plan.period.isoformat(),
            "left": [(part.snapshot.id, part.place, part.excluding) for part in plan.left],
            "right": [(part.snapshot.id, part.place, part.excluding) for part in plan.right],
            "version": _model(plan.linkage),
            "made_at": now().isoformat(),
            "seconds": round(time.monotonic() - started, 2),
            "counts": _counts(found),
        }
        (folder / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _counts(found: "Scored") -> dict[str, int]:
    by_rule = {rule: pairs for rule, pairs in found.pairs.items() if pairs}
    return {"units": found.units, "usable": found.usable, **by_rule}


def forget(store: Store, snapshot_id: str) -> None:
    """Takes out the runs over a snapshot that is no longer in the store."""
    for folder in _stored(store):
        with suppress(OSError, ValueError, KeyError):
            told = _manifest(folder)
            if any(snapshot_id == used[0] for side in ("left", "right") for used in told[side]):
                _retire(store, folder)


def _sweep(store: Store) -> None:
    """Takes out the runs that are not asked for any more, where a newer one of the same place has come, and what was
    kept of runs that are gone.
    """
    for key in LINKAGES:
        asked = {plan.id: plan for plan in plans(store, key)}
        if all(_made(store, plan).is_dir() for plan in asked.values() if plan.right):
            for folder in _stored(store, key):
                if folder.name not in asked:
                    _retire(store, folder)
    there = {folder.name for folder in _stored(store)}
    for kept in (store.path / "cubes").glob("*"):
        # The others are kept of snapshots.
        if _ID.fullmatch(kept.name) and kept.name not in there:
            _retire(store, kept)


def _stored(store: Store, linkage: str = "*") -> list[Path]:
    return sorted((store.path / LINKS).glob(f"{linkage}/*"))


def _retire(store: Store, folder: Path) -> None:
    for path in (folder, store.path / "cubes" / folder.name):
        # Another process may have been quicker.
        with suppress(FileNotFoundError):
            retire(store.path, path)
