"""Imports files, one after the other, as the command line does, in a process whose memory can be measured.

Reads a JSON line for every file (path, home, period, seconds) from standard input and answers with one.
"""

import contextlib
import faulthandler
import io
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.__main__ import main

PROC = Path("/proc/self")


def fresh_peak() -> None:
    """The highest use of memory counts from now on."""
    with contextlib.suppress(OSError):
        (PROC / "clear_refs").write_text("5")


def peak_mb() -> int:
    """The highest use of memory, in MiB; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in (PROC / "status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1024
    return 0


def answers() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ["PADAN_HOME"] = asked["home"]
        out, err = io.StringIO(), io.StringIO()
        fresh_peak()
        started = time.monotonic()
        # A hang shows where it is before it is killed from outside.
        faulthandler.dump_traceback_later(asked["seconds"], exit=True)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main(["import", "--period", asked["period"], "--json", asked["path"]])
            except Exception:  # Only PADAN_DEBUG lets it through.
                status = 1
                traceback.print_exc()
        faulthandler.cancel_dump_traceback_later()
        yield {
            "status": status,
            "out": out.getvalue(),
            "err": err.getvalue(),
            "mb": peak_mb(),
            "seconds": time.monotonic() - started,
        }


if __name__ == "__main__":
    for answer in answers():
        sys.__stdout__ and print(json.dumps(answer), file=sys.__stdout__, flush=True)
