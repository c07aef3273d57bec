"""One-time tickets for downloads: the order stays in the server's memory, the address holds a random word."""

import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from data import comparison, queries
from data.access import Viewer
from data.engine import connect
from data.exports import MEDIA_TYPES, Format, file_name, stream
from data.home import home
from data.scope import Scope
from data.snapshots import Store
from data.wording import Language

SECONDS: Final = 120
MOST: Final = 1000


@dataclass(frozen=True)
class File:
    """What is sent: its name, its kind, and its bytes, as they are made."""

    name: str
    media_type: str
    pieces: Iterable[bytes]


class Ordered(Protocol):
    """Something that somebody may fetch once."""

    def file(self) -> File | None:
        """Makes it; None where there is no data for it any more. Raises Refused. Runs outside every session."""


@dataclass(frozen=True)
class Order:
    """A complete list to be written for somebody."""

    viewer: Viewer
    scope: Scope
    format: Format
    language: Language
    unmasked: bool
    text: str

    def file(self) -> File | None:
        store = Store(home())
        if kind := self.scope.filter("change"):
            listing = comparison.listing(
                store, self.viewer, self.scope, self.language, kind=kind, unmasked=self.unmasked
            )
        else:
            listing = queries.listing(
                store, self.viewer, self.scope, self.language, unmasked=self.unmasked, text=self.text
            )
        if listing is None:
            return None
        name = file_name(listing.name, self.format, listing.cover.sample, self.language)
        pieces = stream(connect().con, listing.sql, listing.columns, listing.cover, self.format, self.language)
        return File(name, MEDIA_TYPES[self.format], pieces)


_lock = threading.Lock()
_open: dict[str, tuple[float, Ordered]] = {}


def issue(order: Ordered, now: float | None = None) -> str:
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


def redeem(ticket: str, now: float | None = None) -> Ordered | None:
    """The order behind a ticket, which is then used up; None where there is none or it is too old."""
    now = time.monotonic() if now is None else now
    with _lock:
        until, order = _open.pop(ticket, (0.0, None))
    return order if order is not None and until >= now else None
