"""What people have decided about pairs, kept for ever: a decision is added, never changed.

A decision names the two records by fingerprints (see `left_keys` of a run's pairs), not by their place in a snapshot,
so that it holds for the same records in every later snapshot. They are made with a secret of the store's own, because a
NIK that is only hashed can be found again by trying all there are.
"""

import csv
import hashlib
import os
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Column, Connection, Float, Index, Integer, String, Table, Text, func, insert, select, text

from data import audit, database
from data.access import LONG_NUMBER, Viewer, answers, everywhere, of_place
from data.definitions.roles import Right
from data.snapshots import Store
from data.wording import N_

Verdict = Literal["accept", "reject", "unsure", "withdraw"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
BETWEEN: Final = " "
"""Stands between several fingerprints in one cell."""
DECIDED, WRITTEN, TAKEN_IN = "decision", "decisions-written", "decisions-taken-in"
"""Actions in the record."""
NONE: Final = "0"
"""The state where nothing was decided."""
LONGEST_NOTE: Final = 2000
_EXECUTED: Final = ("=", "+", "-", "@", "'")
_MARKED: Final = tuple(f"'{sign}" for sign in _EXECUTED)
IN_FUTURE: Final = 24 * 60 * 60
"""Seconds by which another office's clock may go ahead of ours."""


class OtherSecret(Exception):
    """A file whose fingerprints were made with another store's secret: they would fit nothing here."""


OTHER_SECRET: Final = N_(
    "These decisions were made in another store, whose fingerprints do not fit here; nothing was taken in. Where both"
    " belong together, give both the same PADAN_SECRET and match again."
)


class NotDecisions(Exception):
    """A file that holds no decisions; `line` of it is the first that cannot be read."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Decision:
    """What `who` said of a pair, and what the matching had said then (`rule`, `probability`).

    "withdraw" takes back what was decided before: the pair is open again.
    """

    id: str
    at: datetime
    who: str
    linkage: str
    finds: str
    verdict: Verdict
    left_keys: tuple[str, ...]
    right_keys: tuple[str, ...]
    rule: str = ""
    probability: float | None = None
    note: str = ""


_TABLE: Final = Table(
    "decisions",
    database.METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("at", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("linkage", String(64), nullable=False, index=True),
    Column("finds", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("left_keys", Text, nullable=False),
    Column("right_keys", Text, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("probability", Float),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)
_SECRETS: Final = Table(
    "fingerprint_secret",
    database.METADATA,
    Column("secret", String(128), primary_key=True),
    # Two who make it at once cannot leave two.
    Index("one_secret", text("(1)"), unique=True),
)
SETTING: Final = "PADAN_SECRET"
MADE_WITH: Final = "made_with"
"""Column of a file that says which secret its fingerprints were made with, without giving it away."""
COLUMNS: Final = (*(field.name for field in fields(Decision)), MADE_WITH)


def secret(store: Store) -> str:
    """What the store's fingerprints are made with: `PADAN_SECRET`, where several stores are to understand each other's
    decisions, else one of its own, made when it is first needed and kept beside the decisions.
    """
    return os.environ.get(SETTING) or _own_secret(store) or database.write(store, _make_secret)


def known_secret(store: Store) -> str:
    """The same; "" where none was needed yet."""
    return os.environ.get(SETTING) or _own_secret(store)


def _own_secret(store: Store) -> str:
    with database.reading(store) as connection:
        found = connection.execute(select(_SECRETS.c.secret)).scalar() if connection else ""
        return found or ""


def _make_secret(connection: Connection) -> str:
    found: str | None = connection.execute(select(_SECRETS.c.secret)).scalar()
    if found is None:
        found = secrets.token_hex(32)
        connection.execute(insert(_SECRETS).values(secret=found))
    return found


def mark(secret: str) -> str:
    """Tells secrets apart without giving them away."""
    return hashlib.blake2b(b"mark", key=_bytes(secret), digest_size=6).hexdigest() if secret else ""


@lru_cache
def _bytes(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32).digest()


def fingerprint(text: str, secret: str) -> str:
    """Of what a record says of itself; the same for the same text and secret."""
    return hashlib.blake2b(text.encode(), key=_bytes(secret), digest_size=16).hexdigest()


@answers(Right.REVIEW, of_place)
def decide(
    store: Store,
    viewer: Viewer,
    linkage: str,
    pair: Mapping[str, Any],
    verdict: Verdict,
    note: str = "",
    place: str = "",
) -> Decision:
    """Keeps what the viewer says of a pair (a row of a run's pairs: finds, left_keys, right_keys, rule, probability),
    which lies in `place`.

    It is on the disk when this returns. Long numbers in the note are masked: it travels to other offices. Raises
    ValueError for another verdict, and for a pair without fingerprints.
    """
    if verdict not in VERDICTS or not (pair["left_keys"] and pair["right_keys"]):
        raise ValueError(verdict)
    made = Decision(
        id=uuid.uuid4().hex,
        at=datetime.now(UTC),
        who=viewer.name,
        linkage=linkage,
        finds=pair["finds"],
        verdict=verdict,
        left_keys=tuple(pair["left_keys"]),
        right_keys=tuple(pair["right_keys"]),
        rule=pair.get("rule") or "",
        probability=pair.get("probability"),
        note=re.sub(*LONG_NUMBER, note.strip())[:LONGEST_NOTE],
    )
    audit.record(store, viewer, DECIDED, place=place, about=f"{linkage} {verdict} {made.id}", persons=2)
    database.write(store, lambda connection: connection.execute(insert(_TABLE), _row(made)))
    return made


def decisions(store: Store, linkage: str | None = None) -> tuple[Decision, ...]:
    """Every decision (about one linkage), the oldest first."""
    with database.reading(store) as connection:
        if connection is None:
            return ()
        asked = select(_TABLE).order_by(_TABLE.c.at, _TABLE.c.number)
        if linkage is not None:
            asked = asked.where(_TABLE.c.linkage == linkage)
        return tuple(_decision(dict(row)) for row in connection.execute(asked).mappings())


def state(store: Store, linkage: str | None = None) -> str:
    """Changes with every decision (about the linkage)."""
    return _state(store, linkage, database.touched(store))


@lru_cache(maxsize=256)
def _state(store: Store, linkage: str | None, _touched: tuple[int, ...]) -> str:
    with database.reading(store) as connection:
        if connection is None:
            return NONE
        asked = select(func.count(), func.max(_TABLE.c.number))
        if linkage is not None:
            asked = asked.where(_TABLE.c.linkage == linkage)
        count, newest = connection.execute(asked).one()
        return f"{count}-{newest}" if count else NONE


def applied(pairs: pa.Table, made: Sequence[Decision]) -> dict[int, Verdict]:
    """The verdict that holds for a pair, by its row in the table; of several the newest. Withdrawn ones are left out.

    `pairs` has the columns finds, left_keys and right_keys (lists of strings).
    """
    return holding(about(pairs, made))


def holding(found: Mapping[int, tuple[Decision, ...]]) -> dict[int, Verdict]:
    """The verdicts that hold, out of every decision about each pair (see `about`)."""
    return {row: made[0].verdict for row, made in found.items() if made[0].verdict != "withdraw"}


def about(pairs: pa.Table, made: Sequence[Decision]) -> dict[int, tuple[Decision, ...]]:
    """Every decision about a pair, the newest first, by the pair's row in the table.

    A decision is about a pair whose records on either side are those that it was made about, see `same_record`.
    """
    if not made or not pairs.num_rows:
        return {}
    by_left: dict[str, list[tuple[int, Decision]]] = {}
    for turn, decision in enumerate(sorted(made, key=lambda one: one.at)):
        for key in decision.left_keys:
            by_left.setdefault(key, []).append((turn, decision))
    # Few records were ever decided about: the others are passed over without leaving Arrow.
    left = pairs["left_keys"].combine_chunks()
    known = pc.is_in(pc.list_flatten(left), pa.array(list(by_left), pa.string()))
    rows = pc.unique(pc.filter(pc.list_parent_indices(left), known)).to_pylist()
    narrow = pairs.select(["finds", "left_keys", "right_keys"]).take(pa.array(rows, pa.int64())).to_pylist()
    found: dict[int, tuple[Decision, ...]] = {}
    for row, pair in zip(rows, narrow, strict=True):
        near = {turn: one for key in pair["left_keys"] for turn, one in by_left.get(key, ())}
        fitting = [
            near[turn]
            for turn in sorted(near, reverse=True)
            if near[turn].finds == pair["finds"]
            and same_record(pair["left_keys"], near[turn].left_keys)
            and same_record(pair["right_keys"], near[turn].right_keys)
        ]
        if fitting:
            found[row] = tuple(fitting)
    return found


def same_record(keys: Iterable[str], others: Iterable[str]) -> bool:
    """Whether fingerprints are of one record. Each begins with how sure its kind is; the surest kind that both have
    decides, so that namesakes with other numbers are not taken for one another.

    >>> same_record(["1ab", "3cd"], ["1ef", "3cd"]), same_record(["1ab", "3cd"], ["3cd"])
    (False, True)
    """
    by_kind: dict[str, tuple[set[str], set[str]]] = {}
    for side, own in enumerate((keys, others)):
        for key in own:
            by_kind.setdefault(key[:1], (set(), set()))[side].add(key)
    both = [sides for _, sides in sorted(by_kind.items()) if all(sides)]
    return bool(both) and not both[0][0].isdisjoint(both[0][1])


@answers(Right.REVIEW, everywhere)
def export(store: Store, viewer: Viewer, path: Path, linkage: str | None = None) -> int:
    """Writes every decision to a CSV file for another office or for keeping; returns how many. It names nobody.

    They are those of every place: raises Refused for a viewer of some.
    """
    made = decisions(store, linkage)
    audit.record(store, viewer, WRITTEN, about=f"{len(made)}")
    told = {MADE_WITH: mark(secret(store))} if made else {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _harmless(value) for key, value in (_row(one) | told).items()} for one in made)
    return len(made)


@answers(Right.REVIEW, everywhere)
def take_in(store: Store, viewer: Viewer, path: Path) -> tuple[int, int]:
    """Adds the decisions of such a file, with who made them and when; returns how many were new, and how many known.

    All of the file or nothing. Raises NotDecisions, OtherSecret and OSError, and Refused for a viewer of some places
    alone, because decisions hold in all.
    """
    given = tuple(_read(path, mark(secret(store))))

    def change(connection: Connection) -> int:
        ids = [decision.id for decision in given]
        known: set[str] = set()
        for first in range(0, len(ids), 500):
            asked = select(_TABLE.c.id).where(_TABLE.c.id.in_(ids[first : first + 500]))
            known |= set(connection.execute(asked).scalars())
        new = {decision.id: _row(decision) for decision in given if decision.id not in known}
        if new:
            connection.execute(insert(_TABLE), list(new.values()))
        return len(new)

    audit.record(store, viewer, TAKEN_IN, about=f"{len(given)}")
    new = database.write(store, change) if given else 0
    return new, len(given) - new


def _harmless(value: Any) -> Any:
    """No text that a spreadsheet would execute; `_checked` takes the mark off again."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_EXECUTED) else value


def _row(decision: Decision) -> dict[str, Any]:
    keys = {side: BETWEEN.join(getattr(decision, side)) for side in ("left_keys", "right_keys")}
    # Texts of one length and one zone sort as the times do.
    return asdict(decision) | keys | {"at": decision.at.astimezone(UTC).isoformat(timespec="microseconds")}


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        **{key: row[key] for key in ("id", "who", "linkage", "finds", "verdict", "rule", "probability", "note")},
        at=datetime.fromisoformat(row["at"]),
        left_keys=tuple(row["left_keys"].split()),
        right_keys=tuple(row["right_keys"].split()),
    )


def _read(path: Path, expected: str) -> Iterable[Decision]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        try:
            if not set(COLUMNS) <= set(lines.fieldnames or ()):
                raise NotDecisions(1)
            for line in lines:
                found = _checked(line)
                if line[MADE_WITH] != expected:
                    raise OtherSecret
                yield found
        except (ValueError, TypeError, AttributeError, csv.Error) as error:
            raise NotDecisions(lines.line_num) from error


def _checked(line: Mapping[str, str]) -> Decision:
    """Raises ValueError where a line is no decision."""
    line = {key: value[1:] if value.startswith(_MARKED) else value for key, value in line.items() if key in COLUMNS}
    found = _decision({**line, "probability": float(line["probability"]) if line["probability"] else None})
    ahead = (found.at - datetime.now(UTC)).total_seconds()
    fits = (
        found.verdict in VERDICTS
        and len(uuid.UUID(hex=found.id).hex) == len(found.id)
        and found.left_keys
        and found.right_keys
        and found.finds in ("person", "family")
    )
    if not fits or ahead > IN_FUTURE:
        raise ValueError(found.id)
    return found
