"""One-time tickets for downloads: the order stays in the server's memory, the address holds a random word.

A ticket belongs to the session that ordered it, and is void as soon as that session may see anything else than then.
"""

import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from components import gate
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
_open: dict[str, tuple[float, tuple[Any, ...] | None, Ordered]] = {}


def issue(order: Ordered, viewer: Viewer | None = None, now: float | None = None) -> str:
    """A ticket for this order, valid once and for two minutes, for the viewer of the screen that is being drawn or for
    this one; for nobody where the order was made out for somebody who might see something else (a screen that was drawn
    before a role was changed).
    """
    present = viewer or gate.viewer()
    same = _holder(getattr(order, "viewer", present)) == _holder(present)
    holder = _holder(present) if same else None
    now = time.monotonic() if now is None else now
    ticket = secrets.token_urlsafe(24)
    with _lock:
        for old in [word for word, (until, _, _) in _open.items() if until < now]:
            del _open[old]
        while len(_open) >= MOST:
            del _open[next(iter(_open))]
        _open[ticket] = (now + SECONDS, holder, order)
    return ticket


def redeem(ticket: str, viewer: Viewer, now: float | None = None) -> Ordered | None:
    """The order behind a ticket, which is then used up; None where there is none, it is too old, or it was given to
    somebody else. Whoever tries another's ticket does not use it up.
    """
    now = time.monotonic() if now is None else now
    with _lock:
        until, holder, order = _open.get(ticket, (0.0, None, None))
        if order is None or holder != _holder(viewer):
            return None
        del _open[ticket]
    return order if until >= now else None


def _holder(viewer: Viewer) -> tuple[Any, ...]:
    return (viewer.name, viewer.session, viewer.sight)
