"""Matches beside everything else: a process of its own with low priority, one at a time.

`PADAN_LINK=manual` keeps it from starting by itself; `python -m data link` and the screens' button still match.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from data.home import ROOT
from data.linkage import runs
from data.linkage.runs import Progress
from data.snapshots import Store

SETTING: Final = "PADAN_LINK"
MANUAL: Final = "manual"
POLITE: Final = 10
"""By how much a process in the background steps back behind others (Unix niceness)."""
_guard: Final = threading.Lock()
_at_work: Final[set[Path]] = set()
"""Stores for which a process was started from here that has not ended yet."""
_once_more: Final[set[Path]] = set()
"""Those for which matching was asked for meanwhile: the process may have looked for the last time already."""
_beginning: Final[set[Path]] = set()
"""Those whose process has not been seen matching yet: it looks at families first, and a busy machine lets it wait."""


def running(store: Store) -> Progress | None:
    """How far the matching is, in whatever process it goes on; None where nothing is matched now. Cheap.

    What was started from here is at work from the start, before anything can be told of it.
    """
    found = runs.progress(store)
    with _guard:
        if found:
            _beginning.discard(store.path)
        return found or (Progress(0, 0) if store.path in _beginning else None)


def failed(store: Store) -> str:
    """What kind of failure ended the last matching; "" where it ended well."""
    return runs.failed(store)


def start_where_due(store: Store) -> None:
    """Starts matching where something has not been matched yet, or families are not looked at together: after an
    import, and when the application starts.
    """
    from data import eligibility

    if os.environ.get(SETTING) != MANUAL and (runs.due(store) or eligibility.due(store)):
        start(store)


def start(store: Store) -> None:
    """Starts matching all that is due; where somebody matches already, whatever is left then."""
    with _guard:
        if store.path in _at_work:
            _once_more.add(store.path)
            return
        child = _process(store)
        _at_work.add(store.path)
        _beginning.add(store.path)
    threading.Thread(target=_follow, args=(store, child), daemon=True).start()


def _process(store: Store) -> "subprocess.Popen[bytes]":
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    nothing = subprocess.DEVNULL
    # What it makes is seen in the store, what fails is noted there.
    return subprocess.Popen(
        [sys.executable, "-m", "data", "link", "--background"],
        cwd=ROOT, env=os.environ | {"PADAN_HOME": str(store.path)}, stdin=nothing, stdout=nothing, stderr=nothing,
        **apart,
    )  # fmt: skip


def _follow(store: Store, child: "subprocess.Popen[bytes]") -> None:
    child.wait()
    with _guard:
        _at_work.discard(store.path)
        _beginning.discard(store.path)
        again = store.path in _once_more
        _once_more.discard(store.path)
    if again:
        start_where_due(store)


def step_back() -> None:
    """Lets every other process of this machine go first."""
    if os.name != "nt":
        os.nice(POLITE)
