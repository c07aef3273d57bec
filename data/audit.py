"""The log of who saw and did what: only added to, sealed entry by entry, and written before the data are handed over.

An entry holds no names of persons and no numbers of theirs. Each is sealed (HMAC-SHA256) together with the seal of the
one before it, with a key that lies outside the database, so that nobody who writes to the database alone can change,
take out or add one unnoticed. How far the log reaches is kept beside the database too, so that a cut tail is noticed.
"""

import hmac
import json
import os
import re
import secrets
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, RowMapping, String, Table, Text, insert, select
from sqlalchemy.exc import SQLAlchemyError

from data import database
from data.access import LONG_NUMBER, Refused, Viewer, answers, narrowed
from data.area import around_all
from data.definitions import filters
from data.definitions.catalogue import FIELDS, REGISTERS
from data.definitions.roles import Right
from data.scope import Scope
from data.snapshots import Store
from data.wording import N_

PREFIX: Final = "J"
"""Of a number: jurnal akses."""
SETTING: Final = "PADAN_SECRET"
KEY_FILE, HEAD_FILE = "audit.key", "audit.head"
SAME_LOOK: Final = 5 * 60.0
"""Seconds in which what a session sees again unchanged is the same look: a screen is drawn anew at every click."""
MOST_LOOKS: Final = 10_000
PATIENCE: Final = 5.0
"""Seconds that a reader waits for the log."""
LOOK, EXPORT, DOCUMENT = "look", "export", "document"
SEARCHED: Final = "…"
"""Stands for what a reader has typed, which may be a name."""
FIRST: Final = "0" * 64
"""What the first entry follows."""
NOT_RECORDED: Final = N_(
    "This cannot be shown now, because it could not be entered in the log of who sees what. Tell your administrator."
)

LOG: Final = Table(
    "audit_log",
    database.METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False, index=True),
    Column("who", String(200), nullable=False, index=True),
    Column("session", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(40), nullable=False, index=True),
    Column("place", String(13), nullable=False, index=True),
    Column("about", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("fields", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("export", String(40), nullable=False),
    Column("key", String(16), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
    info={database.APPEND_ONLY: True},
)


class NotRecorded(Refused):
    """The log could not be written: what was to be entered is not shown and not done."""

    def __init__(self) -> None:
        super().__init__(NOT_RECORDED)


def record(
    store: Store,
    viewer: Viewer,
    action: str,
    *,
    place: str = "",
    about: str = "",
    persons: int = 0,
    fields: Iterable[str] = (),
    reason: str = "",
    export: str = "",
) -> str:
    """Enters what somebody does, and returns the entry's number once it is on the disk.

    What is done about no place in particular belongs to the area of whoever does it. `about` and `reason` name no
    persons; long numbers in them are masked. `fields` are those shown in full, `export` is the number printed on what
    leaves the system. Raises NotRecorded.
    """
    values = _values(viewer, action, place or around_all(viewer.places), about, persons, fields, reason, export)
    try:
        key = _key(store)
        number, seal = database.write(
            store, lambda connection: _append(connection, values, key, _head(store)), patience=PATIENCE, tries=2
        )
    except (SQLAlchemyError, sqlite3.Error, OSError, database.TooNew) as error:
        raise NotRecorded from error
    _remember_head(store, number, seal, key)
    return called(number, values["at"])


def seen(
    store: Store,
    viewer: Viewer,
    question: Callable[..., Any],
    arguments: Mapping[str, Any],
    persons: int,
    place: str | None = None,
    leaves: bool = False,
) -> str:
    """Enters that somebody sees persons row by row, and returns the number of the entry.

    `place` is what the answer is of, where the question does not say it; what `leaves` the system is an export.

    What a session sees again unchanged within five minutes keeps its entry; what leaves the system and numbers in full
    are always entered. Raises NotRecorded.
    """
    scope = arguments.get("scope")
    if place is None:
        place = scope.place if isinstance(scope, Scope) else str(arguments.get("place", ""))
    full = bool(arguments.get("unmasked")) and viewer.unmasked
    action = EXPORT if leaves or question.__name__ == "listing" else LOOK
    about = _about(question, arguments)
    if full or action == EXPORT:
        shown = identifiers(scope) if full else ()
        reason = purpose(viewer) if full else ""
        return record(store, viewer, action, place=place, about=about, persons=persons, fields=shown, reason=reason)
    # Two names searched for are two looks, though the log says of both only that somebody searched.
    asked = hash(repr(sorted((name, value) for name, value in arguments.items() if name not in ("store", "viewer"))))
    look = (store.path, viewer.name, viewer.session, viewer.address, viewer.sight, about, asked, persons)
    return _looks.number(look) or _looks.entered(
        look, record(store, viewer, action, place=place, about=about, persons=persons)
    )


class _Looks:
    """What was entered a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[Any, ...], tuple[float, str]] = {}

    def number(self, look: tuple[Any, ...]) -> str:
        with self._lock:
            until, number = self._found.get(look, (0.0, ""))
            return number if time.monotonic() < until else ""

    def entered(self, look: tuple[Any, ...], number: str) -> str:
        with self._lock:
            self._found.pop(look, None)
            self._found[look] = (time.monotonic() + SAME_LOOK, number)
            while len(self._found) > MOST_LOOKS:
                del self._found[next(iter(self._found))]
        return number


_looks: Final = _Looks()


def called(number: int, at: str) -> str:
    """What an entry is called, by the year of its time.

    >>> called(42, "2021-01-31T08:00:00.000000+00:00")
    'J-2021-000042'
    """
    return f"{PREFIX}-{at[:4]}-{number:06d}"


def _values(
    viewer: Viewer, action: str, place: str, about: str, persons: int, fields: Iterable[str], reason: str, export: str
) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "who": viewer.name[:200],
        "session": viewer.session[:64],
        "address": viewer.address[:64],
        "action": action[:40],
        "place": place[:13],
        "about": re.sub(*LONG_NUMBER, about),
        "persons": persons,
        "fields": " ".join(fields),
        "reason": re.sub(*LONG_NUMBER, reason),
        "export": export[:40],
    }


def _append(connection: Connection, values: dict[str, Any], key: bytes, noted: "_Head | None") -> tuple[int, str]:
    """The number and the seal of a new entry. The connection's turn to write has come: nobody else adds one now."""
    newest = connection.execute(select(LOG.c.number, LOG.c.seal).order_by(LOG.c.number.desc()).limit(1)).first()
    number, previous = (newest.number, newest.seal) if newest else (0, FIRST)
    if noted and noted.number > number:
        # Somebody has cut the log. It goes on after what is missing, so that the gap stays to be seen.
        number, previous = noted.number, noted.seal
    entry = {"number": number + 1, **values, "key": _mark(key), "previous": previous}
    seal = _sealed(entry, key)
    connection.execute(insert(LOG).values(**entry, seal=seal))
    return number + 1, seal


def _sealed(entry: Mapping[str, Any], key: bytes) -> str:
    """HMAC-SHA256 over the entry's canonical JSON."""
    return hmac.digest(key, _CANONICAL.encode(dict(entry)).encode(errors="surrogatepass"), "sha256").hex()


_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _mark(key: bytes) -> str:
    """Tells keys apart without giving them away."""
    return hmac.digest(key, b"mark", "sha256").hex()[:16]


def _key(store: Store) -> bytes:
    """What entries are sealed with: made from PADAN_SECRET, else kept in a file beside the database, made when it is
    first needed.
    """
    return _key_of(os.environ.get(SETTING) or _kept(store.path / KEY_FILE))


def _kept(path: Path) -> str:
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{uuid.uuid4().hex}.key")
    with open(made, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(made, path)  # of two who make it at once, one is first
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text(encoding="ascii")


def _keys(store: Store) -> dict[str, bytes]:
    """The keys that are here, by their marks: a store whose PADAN_SECRET was set later has entries of both."""
    given = [os.environ.get(SETTING, "")]
    with suppress(OSError):
        given.append((store.path / KEY_FILE).read_text(encoding="ascii"))
    return {_mark(key): key for key in map(_key_of, filter(None, given))}


def _key_of(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"padan audit log", "sha256")


@dataclass(frozen=True)
class _Head:
    """How far the log reached, as noted beside the database."""

    number: int
    seal: str


def _remember_head(store: Store, number: int, seal: str, key: bytes) -> None:
    """Another writer may have noted more already."""
    with suppress(OSError):
        known = _head(store)
        if known is None or known.number < number:
            head = {"number": number, "seal": seal}
            aside = store.path / f".{uuid.uuid4().hex}.head"
            aside.write_text(json.dumps(head | {"proof": _sealed(head, key)}), encoding="ascii")
            aside.replace(store.path / HEAD_FILE)


def _head(store: Store) -> _Head | None:
    """None where there is no note, or one that we have not written."""
    try:
        found = json.loads((store.path / HEAD_FILE).read_text(encoding="ascii"))
        head, proof = {"number": int(found["number"]), "seal": str(found["seal"])}, str(found["proof"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    proven = any(hmac.compare_digest(_sealed(head, key), proof) for key in _keys(store).values())
    return _Head(**head) if proven else None  # type: ignore[arg-type]


# Whether the log is whole


CHANGED: Final = N_("This entry was changed, or was not written by Padan.")
MISSING: Final = N_("Entries before this one were changed or are missing.")
OTHER_KEY: Final = N_("This entry was sealed with a key that is not here: PADAN_SECRET, or audit.key beside the store.")
CUT: Final = N_("The log reached further: later entries are missing.")
NO_HEAD: Final = N_("The note of how far the log reached is missing or was changed (audit.head beside the store).")
NOT_THERE: Final = N_("No entry has the seal that was noted: the log was replaced or cut.")


@dataclass(frozen=True)
class Chain:
    """How far the log was found to be whole: `entries` of them, the newest by its number and its seal.

    `bad` is the number of the first entry that is not as it was written, `why` a sentence; both empty where all is
    well.
    """

    entries: int = 0
    number: str = ""
    head: str = FIRST
    bad: str = ""
    why: str = ""

    @property
    def whole(self) -> bool:
        return not self.why


@answers(Right.LOG, narrowed)
def verify(store: Store, viewer: Viewer, head: str = "", known: Chain | None = None) -> Chain:
    """Follows the log from its first entry (or from a chain that was `known` to be whole) to its newest.

    `head` is a seal that somebody noted elsewhere, or how it begins: it must be that of an entry.
    """
    # Read first: an entry that is added meanwhile is none too few.
    noted, keys = _head(store), _keys(store)
    start = known if known and known.whole and not head else Chain()
    found, met = start, not head
    with database.reading(store) as connection:
        asked = select(LOG).where(LOG.c.number >= start.entries).order_by(LOG.c.number)
        rows = iter(connection.execution_options(yield_per=1000).execute(asked).mappings() if connection else ())
        if start.entries and next(rows, {"seal": ""})["seal"] != start.head:
            return replace(start, bad=start.number, why=MISSING)
        for row in rows:
            found = _followed(found, row, keys)
            if not found.whole:
                return found
            met = met or row["seal"].startswith(head)
            if noted and noted.number == row["number"] and noted.seal != row["seal"]:
                return replace(found, bad=found.number, why=CUT)
    if noted is None and found.entries:
        return replace(found, why=NO_HEAD)
    if noted and noted.number > found.entries:
        return replace(found, why=CUT)
    return found if met else replace(found, why=NOT_THERE)


def _followed(chain: Chain, row: RowMapping, keys: Mapping[str, bytes]) -> Chain:
    """The chain with one more entry; with what is wrong where it does not follow."""
    number = called(row["number"], row["at"])
    entry = {name: value for name, value in row.items() if name != "seal"}
    if row["number"] != chain.entries + 1 or row["previous"] != chain.head:
        return replace(chain, bad=number, why=MISSING)
    if row["key"] not in keys:
        return replace(chain, bad=number, why=OTHER_KEY)
    if not hmac.compare_digest(_sealed(entry, keys[row["key"]]), row["seal"]):
        return replace(chain, bad=number, why=CHANGED)
    return Chain(row["number"], number, row["seal"])


# What was asked, in words that name nobody


_CODES: Final = frozenset(
    "by compare indicator key keys kind left linkage listed period register registers right since snapshot".split()
)
"""Arguments of questions that are codes and numbers of our own; what else a reader gives may be a name."""
_CODE: Final = re.compile(r"[A-Za-z0-9_.,:+*~-]{1,120}")


def _about(question: Callable[..., Any], arguments: Mapping[str, Any]) -> str:
    given = {name: value for name, value in arguments.items() if name not in ("store", "viewer", "language")}
    asked = {name: _told(name, value) for name, value in given.items()}
    told = {name: value for name, value in asked.items() if value not in (None, "", False, {}, [])}
    name = f"{question.__module__.removeprefix('data.')}.{question.__name__}"
    return json.dumps({"question": name, **told}, sort_keys=True, ensure_ascii=False)


def told(scope: Scope) -> dict[str, Any]:
    """A scope without its place; what a reader has typed is left out of it."""
    filtered = {key: _filter(key, code) for key, code in scope.filters}
    asked = {key: _told(key, code) for key, code in scope.to_query().items() if key not in filtered}
    return {key: code for key, code in asked.items() if key != "place"} | filtered


def _told(name: str, value: Any) -> Any:
    if isinstance(value, Scope):
        return told(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value if name in _CODES and _CODE.fullmatch(value) else SEARCHED if value.strip() else ""
    if isinstance(value, list | tuple | set | frozenset):
        return [_told(name, one) for one in value] if len(value) <= 5 else len(value)
    return SEARCHED


def _filter(key: str, code: str) -> str:
    if key in filters.FILTERS:
        known = filters.FILTERS[key][1]
        return code if code in known or code == filters.ANY or (not known and code in FIELDS) else SEARCHED
    yes_no = key in FIELDS and FIELDS[key].kind == "yes_no"
    typed = key == "text" or (key in FIELDS and not yes_no)
    return SEARCHED if typed or not _CODE.fullmatch(code) else code


def identifiers(scope: Any) -> tuple[str, ...]:
    """The numbers of persons and families in a scope's register, by field: what is shown where they are in full."""
    register = REGISTERS.get(scope.register) if isinstance(scope, Scope) else None
    known = register.fields if register else tuple(FIELDS)
    return tuple(key for key in known if FIELDS[key].sensitivity == "identifier")


def purpose(viewer: Viewer) -> str:
    """For what somebody sees numbers in full, and where the record says so."""
    return f"{viewer.grant.purpose} ({viewer.grant.number})" if viewer.grant else ""
