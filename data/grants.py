"""Numbers in full for a stated purpose: a grant is recorded, ends by itself, and is good for so many rows.

A grant belongs to one session. What was shown once may be looked at again while the grant lasts; a file that leaves is
paid for every time.
"""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, Integer, String, Table, and_, func, insert, select, update

from data import audit, database
from data.access import Grant, Refused, Viewer, answers, narrowed
from data.definitions.roles import PURPOSES, UNMASKED_MINUTES, UNMASKED_ROWS, Right
from data.linkage import decisions
from data.snapshots import Store
from data.wording import N_

ANY_NUMBER: Final = 10**9
"""Rows of a grant that is limited by its time alone."""
LEAST_TEXT: Final = 10
"""Letters of a reason at least; what is shorter tells an auditor nothing."""
OPENED, CLOSED = "grant", "grant-closed"
"""Actions in the record."""

_GRANTS: Final = Table(
    "grants",
    database.METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", String(40), nullable=False),
    Column("session", String(64), nullable=False, index=True),
    Column("purpose", String(40), nullable=False),
    Column("until", String(40), nullable=False),
    Column("rows", Integer, nullable=False),
)
_SPENT: Final = Table(
    "grant_looks",
    database.METADATA,
    Column("grant", Integer, primary_key=True, autoincrement=False),
    Column("look", String(64), primary_key=True),
    Column("rows", Integer, nullable=False),
)


class UsedUp(Refused):
    """More rows than the grant has left, or none that lasts."""

    def __init__(self, message: str, left: int, asked: int) -> None:
        super().__init__(message)
        self.values = {"left": left, "asked": asked}


NO_PURPOSE: Final = N_("Choose a purpose, and say in at least ten letters what the numbers are needed for.")
NO_SESSION: Final = N_("Numbers in full belong to a session: sign in first.")
ENDED: Final = N_("The time for numbers in full is over. State the purpose again where you still need them.")
NOT_ENOUGH: Final = N_(
    "This shows {asked} rows in full, and {left} are left of what was granted. Narrow the list, or state the purpose"
    " again."
)


@answers(Right.IDENTIFIERS, narrowed)
def open_grant(store: Store, viewer: Viewer, purpose: str, text: str, rows: int = UNMASKED_ROWS) -> Grant:
    """Numbers in full for this session from now on, for UNMASKED_MINUTES and so many rows; an older grant ends.

    `purpose` is a key of PURPOSES, `text` says what for. Both are on record before this returns. Raises Refused.
    """
    told = " ".join(text.split())
    if purpose not in PURPOSES or len(told) < LEAST_TEXT:
        raise Refused(NO_PURPOSE)
    if not viewer.session:
        raise Refused(NO_SESSION)
    reason = f"{purpose}: {told}"
    number = audit.record(store, viewer, OPENED, about=f"{rows}", reason=reason)
    until = datetime.now(UTC) + timedelta(minutes=UNMASKED_MINUTES)
    made = {"number": number, "session": viewer.session, "purpose": purpose, "until": until.isoformat(), "rows": rows}

    def change(connection: Connection) -> None:
        _end(connection, viewer.session)
        connection.execute(insert(_GRANTS).values(**made))

    database.write(store, change)
    return Grant(number, purpose, until, rows)


def current(store: Store, session: str) -> Grant | None:
    """What a session may see in full now, with the rows that are left; None where it may nothing (any more)."""
    with database.reading(store) as connection:
        found = _open(connection, session) if connection and session else None
    return found[1] if found else None


def spend(store: Store, viewer: Viewer, rows: int, look: str = "") -> None:
    """Takes rows from the viewer's grant before they are shown in full: all of them, or it raises UsedUp.

    The same `look` (whatever tells it from others) is paid for once; without one every call is another.
    """
    # What was searched for may be a name, and a plain hash of it could be found by trying names.
    told = hashlib.blake2b(look.encode(), key=decisions.secret(store).encode()[:64], digest_size=32).hexdigest()
    mark = told if look else uuid.uuid4().hex
    with database.reading(store) as connection:
        found = _open(connection, viewer.session) if connection else None
        if found and connection is not None and _seen(connection, found[0], mark) >= rows:
            return

    def change(connection: Connection) -> None:
        found = _open(connection, viewer.session)
        if found is None:
            raise UsedUp(ENDED, 0, rows)
        number, grant = found
        before = _seen(connection, number, mark)
        if rows - before > grant.rows:
            raise UsedUp(NOT_ENOUGH, grant.rows, rows)
        if before:
            connection.execute(update(_SPENT).where(_of(number, mark)).values(rows=max(rows, before)))
        else:
            connection.execute(insert(_SPENT).values(grant=number, look=mark, rows=rows))

    database.write(store, change)


@answers(Right.IDENTIFIERS, narrowed)
def close(store: Store, viewer: Viewer) -> None:
    """Ends the viewer's grant before its time; on record where there was one."""
    if current(store, viewer.session):
        audit.record(store, viewer, CLOSED)
        database.write(store, lambda connection: _end(connection, viewer.session))


def _open(connection: Connection, session: str) -> tuple[int, Grant] | None:
    """The session's grant that lasts, by its number in the table."""
    row = connection.execute(
        select(_GRANTS).where(_GRANTS.c.session == session).order_by(_GRANTS.c.id.desc()).limit(1)
    ).first()
    if row is None or datetime.fromisoformat(row.until) <= datetime.now(UTC):
        return None
    spent = connection.execute(select(func.sum(_SPENT.c.rows)).where(_SPENT.c.grant == row.id)).scalar() or 0
    return row.id, Grant(row.number, row.purpose, datetime.fromisoformat(row.until), row.rows - spent)


def _seen(connection: Connection, grant: int, look: str) -> int:
    """How many rows of a look were paid for."""
    return connection.execute(select(_SPENT.c.rows).where(_of(grant, look))).scalar() or 0


def _of(grant: int, look: str) -> ColumnElement[bool]:
    return and_(_SPENT.c.grant == grant, _SPENT.c.look == look)


def _end(connection: Connection, session: str) -> None:
    now = datetime.now(UTC).isoformat()
    lasting = (_GRANTS.c.session == session) & (_GRANTS.c.until > now)
    connection.execute(update(_GRANTS).where(lasting).values(until=now))
