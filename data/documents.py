"""The book of documents: every by-name document that left the system, with its number, and what it was.

It is written before the file is made, because the number stands in the file, and completed with the file's hash. It
holds no names: who asked, for which place, how many persons, masked or not.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from sqlalchemy import Boolean, Column, Connection, Integer, String, Table, Text, insert, select, update

from data import audit, database
from data.access import Viewer, answers, narrowed
from data.definitions.roles import Right
from data.scope import Scope
from data.snapshots import Store

Kind = Literal["sheet-pdf", "sheet-xlsx"]
PREFIX: Final = "LM"
"""Of a number: lembar musyawarah."""

DOCUMENTS: Final = Table(
    "documents",
    database.METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("who", String(200), nullable=False),
    Column("at", String(40), nullable=False),
    Column("place", String(13), nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("sha256", String(64), nullable=False, default=""),
)


@dataclass(frozen=True)
class Document:
    """An entry. `scope` is the address of what was asked (which never holds a name), `sha256` is empty where the file
    was not finished.
    """

    number: str
    kind: Kind
    who: str
    at: datetime
    place: str
    scope: str
    persons: int
    masked: bool
    sha256: str


def enter(
    store: Store, viewer: Viewer, kind: Kind, scope: Scope, persons: int, masked: bool, at: datetime | None = None
) -> str:
    """Enters a document that is about to be made, here and in the log, and returns its number, which no other document
    has. Raises NotRecorded.
    """
    at = at or datetime.now(UTC)
    asked = "&".join(f"{key}={value}" for key, value in sorted(scope.to_query().items()))
    values = {
        "kind": kind,
        "who": viewer.name,
        "at": at.isoformat(timespec="seconds"),
        "place": scope.place,
        "scope": asked,
        "persons": persons,
        "masked": masked,
        "sha256": "",
    }

    def change(connection: Connection) -> int:
        made = connection.execute(insert(DOCUMENTS).values(**values)).inserted_primary_key
        assert made is not None  # noqa: S101 - the table numbers its rows
        return int(made[0])

    number = _number(database.write(store, change), at)
    about = json.dumps({"question": "deliberation.sheet", "kind": kind, "scope": audit.told(scope)}, sort_keys=True)
    audit.record(
        store,
        viewer,
        audit.DOCUMENT,
        place=scope.place,
        about=about,
        persons=persons,
        fields=() if masked else audit.identifiers(scope),
        reason="" if masked else audit.purpose(viewer),
        export=number,
    )
    return number


def complete(store: Store, number: str, sha256: str) -> None:
    """Says of a document that it was made, and by which bytes it is known."""
    change = update(DOCUMENTS).where(DOCUMENTS.c.id == int(number.rpartition("-")[2])).values(sha256=sha256)
    database.write(store, lambda connection: connection.execute(change).rowcount)


@answers(Right.PEOPLE, narrowed)
def entries(store: Store, viewer: Viewer) -> tuple[Document, ...]:
    """The documents of places that the viewer may see by name, newest first."""
    with database.reading(store) as connection:
        rows = connection.execute(select(DOCUMENTS).order_by(DOCUMENTS.c.id.desc())).all() if connection else []
    found = []
    for row in rows:
        if viewer.may_list(row.place):
            at = datetime.fromisoformat(row.at)
            about = (row.kind, row.who, at, row.place, row.scope, row.persons, row.masked, row.sha256)
            found.append(Document(_number(row.id, at), *about))
    return tuple(found)


def _number(entry: int, at: datetime) -> str:
    """What an entry is called.

    >>> _number(42, datetime(2021, 1, 31))
    'LM-2021-000042'
    """
    return f"{PREFIX}-{at.year}-{entry:06d}"
