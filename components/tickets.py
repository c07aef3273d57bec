"""One-time tickets for downloads: the order stays in the server's memory, the address holds a random word."""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Final

from data.access import Viewer
from data.exports import Format
from data.scope import Scope
from data.wording import Language

SECONDS: Final = 120
MOST: Final = 1000


@dataclass(frozen=True)
class Order:
    """A complete list to be written for somebody."""

    viewer: Viewer
    scope: Scope
    format: Format
    language: Language
    unmasked: bool
    text: str


_lock = threading.Lock()
_open: dict[str, tuple[float, Order]] = {}


def issue(order: Order, now: float | None = None) -> str:
    """A ticket for this order, valid once and for two minutes."""
    now = time.monotonic() if now is None else now
    ticket = secrets.token_urlsafe(24)
    with _lock:
        for old in [word for word, (until, _) in _open.items() if until < now]:
            del _open[old]
        while len(_open) >= MOST:
            del _open[next(iter(_open))]
        _open[ticket] = (now + SECONDS, order)
    return ticket


def redeem(ticket: str, now: float | None = None) -> Order | None:
    """The order behind a ticket, which is then used up; None where there is none or it is too old."""
    now = time.monotonic() if now is None else now
    with _lock:
        until, order = _open.pop(ticket, (0.0, None))
    return order if order is not None and until >= now else None
