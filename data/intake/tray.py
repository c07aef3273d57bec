"""Files on their way in: looked at, told about, then stored, one after another beside everything else.

What is on the tray outlives the page that put it there, and is gone with the server: until it is stored, nothing of it
is in the store.
"""

import itertools
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import PriorityQueue
from typing import BinaryIO, Final, Literal

from data import accounts, cubes, history, quality
from data.access import Viewer, answers, narrowed
from data.definitions.roles import Right
from data.home import scratch
from data.intake.importing import BOUNDARIES, ImportResult, Told, storage_failed
from data.intake.preview import Preview, preview, slim
from data.snapshots import Store, now
from data.wording import N_

State = Literal["looking", "ready", "storing"]
LOOK, STORE = 0, 1
"""What is to be looked at goes before what is to be stored: somebody waits for it."""
KEPT: Final = timedelta(hours=24)
"""Files that nobody decides about leave the tray after a day, and so do results."""
COUNTING: Final = N_("Counting figures")
_ENDINGS: Final = re.compile(r"(?:\.[A-Za-z0-9]{1,8}){1,2}$")


@dataclass(frozen=True)
class Item:
    """A file on the tray. `previews` are the sheets that are not decided, `told` what was said of them by their number,
    `storing` those that are being stored or wait for it; `results` became of the others.

    `step` says what is done to it now ("" while it waits for its turn). `defect` is the number under which a failure
    of ours was written down.
    """

    id: str
    viewer: Viewer
    file: str
    bytes: int
    path: Path
    at: datetime
    state: State
    step: str = ""
    told: Mapping[int, Told] = field(default_factory=dict)
    previews: tuple[Preview, ...] = ()
    storing: frozenset[int] = frozenset()
    results: tuple[ImportResult, ...] = ()
    defect: str = ""

    @property
    def undecided(self) -> tuple[Preview, ...]:
        return tuple(one for one in self.previews if one.number not in self.storing)


class Tray:
    """The files that are on their way into a store. One is worked at; the others wait their turn.

    `on_stored` is called when nothing waits any more and something was stored.
    """

    def __init__(
        self, store: Store, on_defect: Callable[[Exception], str], on_stored: Callable[[], None] = lambda: None
    ) -> None:
        self._store, self._on_defect, self._on_stored = store, on_defect, on_stored
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._items: dict[str, Item] = {}
        self._folders: dict[str, ExitStack] = {}
        self._work: PriorityQueue[tuple[int, int, str, frozenset[int]]] = PriorityQueue()
        self._turns = itertools.count(1)
        self._worker: threading.Thread | None = None
        self.version = 0
        """Grows with everything that a page has to draw anew; steps are not among it."""

    @answers(Right.IMPORT, narrowed)
    def items(self, viewer: Viewer) -> tuple[Item, ...]:
        """What this viewer has put on the tray, the first first."""
        self._sweep()
        with self._lock:
            return tuple(item for item in self._items.values() if _same(item.viewer, viewer))

    def ahead(self, item: Item) -> int:
        """How many files of anybody are worked at before this one."""
        with self._lock:
            busy = [other for other in self._items.values() if other.state != "ready"]
            return sum(1 for other in busy if int(other.id) < int(item.id))

    @answers(Right.IMPORT, narrowed)
    def put(self, viewer: Viewer, name: str, source: BinaryIO) -> Item:
        """Takes a copy of a file and looks at it as soon as there is time."""
        number = str(next(self._turns))
        folder = ExitStack()
        found = _ENDINGS.search(name)
        item = Item(number, viewer, Path(name).name or "?", 0, Path(), now(), "looking")
        try:
            path = folder.enter_context(scratch(self._store.path)) / f"file{found[0] if found else ''}"
            with path.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            item = replace(item, path=path, bytes=path.stat().st_size)
        except OSError as error:
            folder.close()
            failed = Preview(item.file, problem=storage_failed(error))
            item = replace(item, state="ready", previews=(failed,))
        with self._lock:
            self._items[number] = item
            self._folders[number] = folder
            self.version += 1
        if item.state == "looking":
            self._later(LOOK, number)
        return item

    @answers(Right.IMPORT, narrowed)
    def tell(self, viewer: Viewer, number: str, sheet: int, told: Told, look: bool = True) -> None:
        """Says something of a sheet; `look` recognises it again by what was said."""
        with self._lock:
            item = self._own(viewer, number)
            if item is None or item.state != "ready":
                return
            self._items[number] = replace(item, told={**item.told, sheet: told}, state="looking" if look else "ready")
            self.version += 1
        if look:
            self._later(LOOK, number, frozenset({sheet}))

    @answers(Right.IMPORT, narrowed)
    def store(self, viewer: Viewer, number: str, sheets: Iterable[int]) -> None:
        """Imports these sheets of a file as soon as there is time, by what was said of them."""
        with self._lock:
            item = self._own(viewer, number)
            if item is None or item.state != "ready":
                return
            wanted = frozenset(sheets) & {one.number for one in item.previews}
            if not wanted:
                return
            self._items[number] = replace(item, viewer=viewer, state="storing", storing=wanted)
            self.version += 1
        self._later(STORE, number, wanted)

    @answers(Right.IMPORT, narrowed)
    def leave(self, viewer: Viewer, number: str, sheet: int | None = None) -> None:
        """Takes a sheet, or all of a file, off the tray. What is being stored stays until it is done."""
        with self._lock:
            item = self._own(viewer, number)
            if item is None or item.state == "storing":
                return
            left = tuple(one for one in item.previews if sheet is not None and one.number != sheet)
            item = replace(item, previews=left)
            self._items[number] = replace(item, results=(), defect="") if sheet is None else item
            self._settle(number)

    @answers(Right.IMPORT, narrowed)
    def wait(self, viewer: Viewer, seconds: float) -> None:
        """Gives small files the time that they need: returns when nothing of this viewer is worked at, at the latest
        after so many seconds.
        """
        with self._changed:
            self._changed.wait_for(lambda: all(item.state == "ready" for item in self.items(viewer)), seconds)

    @answers(Right.IMPORT, narrowed)
    def clear(self, viewer: Viewer) -> None:
        """Takes away the results that were seen."""
        with self._lock:
            for item in self.items(viewer):
                self._items[item.id] = replace(item, results=())
                self._settle(item.id)

    def _own(self, viewer: Viewer, number: str) -> Item | None:
        """Nobody sees or touches what somebody else has put on the tray."""
        item = self._items.get(number)
        return item if item and _same(item.viewer, viewer) else None

    # The work

    def _later(self, kind: int, number: str, sheets: frozenset[int] = frozenset()) -> None:
        with self._lock:
            self._work.put((kind, next(self._turns), number, sheets))
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="tray", daemon=True)
                self._worker.start()

    def _run(self) -> None:
        stored = False
        while True:
            if stored and self._work.empty():
                stored = False
                try:
                    self._on_stored()
                except Exception as error:
                    self._on_defect(error)
            with self._lock:
                if self._work.empty():
                    self._worker = None
                    return
                kind, _, number, sheets = self._work.get()
                item = self._items.get(number)
            if item is None:
                continue
            try:
                done = self._looked(item, sheets) if kind == LOOK else self._stored(item, sheets)
            except Exception as error:
                done = replace(item, defect=self._on_defect(error))
            stored = stored or len(done.results) > len(item.results)
            with self._lock:
                # What was said or left out meanwhile holds.
                current = self._items.get(number)
                if current:
                    self._items[number] = replace(done, told=current.told, state="ready", step="", storing=frozenset())
                    self._settle(number)

    def _step(self, number: str) -> Callable[[str], None]:
        def progress(step: str) -> None:
            with self._lock:
                if number in self._items:
                    self._items[number] = replace(self._items[number], step=step)

        return progress

    def _looked(self, item: Item, sheets: frozenset[int]) -> Item:
        progress = self._step(item.id)
        found = preview(self._store, item.path, name=item.file, each=item.told, only=sheets or None, progress=progress)
        again = {one.number: one for one in found}
        kept = tuple(again.get(one.number, one) for one in item.previews) if item.previews else found
        return replace(item, previews=kept, defect="")

    def _stored(self, item: Item, sheets: frozenset[int]) -> Item:
        progress = self._step(item.id)
        boundaries = any(one.register == BOUNDARIES for one in item.previews)
        told = item.told.get(1, Told()) if boundaries else Told()
        each = {} if boundaries else {number: item.told.get(number, Told()) for number in sorted(sheets)}
        results = history.bring_in(
            self._store, item.viewer, item.path, told, name=item.file, each=each, before=item.results, progress=progress
        )
        for result in results:
            if result.snapshot and not result.duplicate_of:
                progress(COUNTING)
                # Only a head start: what cannot be made now is made when it is asked for.
                with suppress(OSError):
                    cubes.build(self._store, result.snapshot)
                    quality.build(self._store, result.snapshot)
        became = dict.fromkeys(sheets, results[0]) | {result.number: result for result in results}
        refused = {number: result for number, result in became.items() if result.refused}
        done = tuple(result for result in results if not result.refused)
        settled = {result.number for result in done}
        left = tuple(
            _asked_again(one, refused[one.number]) if one.number in refused else one
            for one in item.previews
            if one.number not in settled
        )
        return replace(item, previews=left, results=(*item.results, *done), defect="")

    def _settle(self, number: str) -> None:
        """Lets go of a file that has nothing left to decide, and of an item that has nothing left to show."""
        item = self._items[number]
        if not item.previews and not item.defect:
            self._folders.pop(number, ExitStack()).close()
            if not item.results:
                del self._items[number]
        self.version += 1
        self._changed.notify_all()

    def _sweep(self) -> None:
        with self._lock:
            for item in list(self._items.values()):
                if item.state == "ready" and now() - item.at > KEPT:
                    self._items[item.id] = replace(item, previews=(), results=(), defect="")
                    self._settle(item.id)


def _same(one: Viewer, other: Viewer) -> bool:
    """Whether these are one person, who may have signed in again meanwhile."""
    return one.name == other.name and (one.session == other.session or not accounts.shared(one.name))


def _asked_again(seen: Preview, refused: ImportResult) -> Preview:
    answer = slim(refused.question) if refused.question else seen.answer
    return replace(seen, problem=refused.problems[0], answer=answer)
