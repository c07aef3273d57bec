"""Matches beside everything else: a process of its own with low priority, one at a time.

`PADAN_LINK=manual` keeps it from starting by itself; `python -m data link` and the screens' button still match.
"""

import os
import subprocess
import sys
from typing import Any, Final

from data.home import ROOT
from data.linkage import runs
from data.linkage.runs import Progress
from data.snapshots import Store

SETTING: Final = "PADAN_LINK"
MANUAL: Final = "manual"
POLITE: Final = 10
"""By how much a process in the background steps back behind others (Unix niceness)."""


_started: Final[list["subprocess.Popen[bytes]"]] = []
"""What this process has started."""


def running(store: Store) -> Progress | None:
    """How far the matching is, in whatever process it goes on; None where nothing is matched now. Cheap."""
    return runs.progress(store)


def failed(store: Store) -> str:
    """What kind of failure ended the last matching; "" where it ended well."""
    return runs.failed(store)


def start_where_due(store: Store) -> None:
    """Starts matching where something has not been matched yet: after an import, and when the application starts."""
    if os.environ.get(SETTING) != MANUAL and runs.due(store):
        start(store)


def start(store: Store) -> None:
    """Starts matching all that is due. Where somebody matches already, it takes in what has come meanwhile."""
    _started[:] = [one for one in _started if one.poll() is None]
    if running(store) is not None or _started:
        return
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    nothing = subprocess.DEVNULL
    # Nobody waits for it: what it makes is seen in the store, what fails is noted there.
    _started.append(subprocess.Popen(
        [sys.executable, "-m", "data", "link", "--background"],
        cwd=ROOT, env=os.environ | {"PADAN_HOME": str(store.path)}, stdin=nothing, stdout=nothing, stderr=nothing,
        **apart,
    ))  # fmt: skip


def step_back() -> None:
    """Lets every other process of this machine go first."""
    if os.name != "nt":
        os.nice(POLITE)
