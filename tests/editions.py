"""A published edition of an invented place, as `data/` and `map/` of a published folder hold it: eight kelurahan in two
kecamatan, one of them withheld and one unknown, three messages.
"""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from data.public.site import copy
from data.public.site.screen import Pace

PLACE = "99.01"
KECAMATAN = {f"{PLACE}.01": "Barat", f"{PLACE}.02": "Timur"}
KELURAHAN = {
    f"{kecamatan}.100{number}": f"Desa {name} {number}"
    for kecamatan, name in KECAMATAN.items()
    for number in range(1, 5)
}
WITHHELD, UNKNOWN = f"{PLACE}.02.1003", f"{PLACE}.02.1004"
HOSTILE = "<img src=x onerror=document.title='owned'>"


def both(words: str) -> dict[str, str]:
    return {"id": words, "en": f"{words} (en)"}


def place(updated: float = 0.5, name: str = "Kota Rekaan", messages: int = 3) -> dict[str, Any]:
    """All figures and the first `messages`; `updated` is the share of the whole place, said in the first of them."""
    shown = f"{updated * 100:.0f}"
    return {
        "format": 1,
        "edition": f"edition{shown}",
        "place": {"code": PLACE, "name": name, "level": "kabkota"},
        "office": both("Dinas Sosial Kota Rekaan"),
        "sample": True,
        "as_of": "2021-01-31",
        "threshold": 10,
        "rounding": 5,
        "smallest_denominator": 25,
        "areas": [
            {"code": PLACE, "name": name, "level": "kabkota", "parent": ""},
            *({"code": one, "name": said, "level": "kecamatan", "parent": PLACE} for one, said in KECAMATAN.items()),
            *({"code": one, "name": said, "level": "kelurahan", "parent": one[:8]} for one, said in KELURAHAN.items()),
        ],
        "indicators": [_share(updated), _count(), _count("lanjut usia")],
        "messages": [
            _message("updated", "updated_share", shown, "%", [[["Tahun lalu ", False], ["38%", True]]]),
            _message("risk", "updated_share", "12,5", "%", [[[name, False]]]),
            _message("most", "register_persons", "1.250", "jiwa", [[["tercatat", False]]], level="kecamatan"),
        ][:messages],
    }


def drawing() -> dict[str, Any]:
    """Squares of 100 in two rows of four."""
    squares = {code: f"M{100 * (at % 4)} {100 * (at // 4)}h100v100h-100Z" for at, code in enumerate(sorted(KELURAHAN))}
    return {
        "code": PLACE,
        "width": 400,
        "height": 200,
        "schematic": True,
        "note": both("Peta skematis"),
        "levels": {
            "kelurahan": squares,
            "kecamatan": {code: f"M0 {100 * at}h400v100h-400Z" for at, code in enumerate(KECAMATAN)},
        },
        "points": {},
        "borders": {"kelurahan": "M0 100h400"},
        "outside": 0,
    }


def publish(folder: Path, pace: Pace | None = None, **told: Any) -> Path:
    """Writes the site of an edition into `folder` over whatever stands there; `told` as for `place`."""
    made = place(**told)
    copy(folder, {"edition": made["edition"], "seconds": 12}, {PLACE: made}, {PLACE: drawing()}, pace)
    return folder


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """The public server as its users start it, on this folder; its address."""
    port = port or free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "components.public", str(folder), "--port", str(port)],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until and running.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/screen.json", timeout=2).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail(f"The public server did not start:\n{running.stderr.read().decode()}", pytrace=False)
        yield f"http://127.0.0.1:{port}/"
    finally:
        running.kill()
        running.wait(10)


def _share(updated: float) -> dict[str, Any]:
    cells: dict[str, Any] = {code: [[50, 200, 0.25], [100, 200, 0.5]] for code in (*KECAMATAN, *KELURAHAN)}
    cells[PLACE] = [[380, 1000, 0.38], [round(updated * 1000), 1000, updated]]
    cells[f"{PLACE}.01.1001"] = [[20, 200, 0.1], [160, 200, 0.8]]
    cells[WITHHELD] = [["*", 200, "*"], ["*", 195, "*"]]
    cells[UNKNOWN] = [[None, None, None], [None, None, None]]
    return _indicator("updated_share", cells) | {
        "unit": "share",
        "good": "high",
        "diverging": True,
        "breaks": {"kelurahan": [0.3, 0.45, 0.6, 0.75], "kecamatan": [0.3, 0.45, 0.6, 0.75]},
    }


def _count(category: str = "") -> dict[str, Any]:
    cells = {code: [[None, None, 30], [None, None, 45]] for code in (PLACE, *KECAMATAN, *KELURAHAN)}
    cells[WITHHELD] = [[None, None, "*"]] * 2
    cells[f"{PLACE}.01.1002"] = [[None, None, 0]] * 2
    return _indicator("register_persons", cells) | {
        "unit": "persons",
        "good": "neutral",
        "diverging": False,
        "breaks": {"kelurahan": [10, 40], "kecamatan": [10, 40]},
        "category": {"key": category, "label": both(category)} if category else None,
    }


def _indicator(key: str, cells: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "group": "register",
        "label": both(key.replace("_", " ").capitalize()),
        "per": 1,
        "digits": 0,
        "numerator_label": both("Jiwa termutakhirkan"),
        "denominator_label": both("Jiwa terdaftar"),
        "definition": both("Jiwa termutakhirkan dibagi jiwa terdaftar."),
        "source": both("Daftar rekaan"),
        "category": None,
        "levels": ["kabkota", "kecamatan", "kelurahan"],
        "periods": ["2020-01-31", "2021-01-31"],
        "cells": cells,
        "source_published": False,
    }


def _message(
    key: str, indicator: str, number: str, suffix: str, lines: list[Any], level: str = "kelurahan"
) -> dict[str, Any]:
    return {
        "key": key,
        "indicator": indicator,
        "category": None,
        "period": "2021-01-31",
        "level": level,
        "title": both(f"Judul {key}"),
        "number": both(number),
        "suffix": both(suffix),
        "lines": {"id": lines, "en": lines},
        "call": both("Datang ke Puskesos."),
        "value": 0.5,
    }
