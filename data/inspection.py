"""Reading the log of who saw and did what, for those who watch over it: searched, counted, and taken out as a file."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import ColumnElement, Row, func, or_, select

from data import __version__, audit, database, exports
from data.access import Viewer, answers, narrowed
from data.area import within
from data.audit import DOCUMENT, EXPORT, LOG, LOOK, called
from data.definitions import filters
from data.definitions.catalogue import FIELDS, LINKAGES, REGISTERS
from data.definitions.roles import PURPOSES, Right
from data.engine import connect
from data.exports import Column, Cover, Format
from data.places import reference
from data.snapshots import Store
from data.wording import N_, Language, Value, translate

SIZE: Final = 50
"""Entries on a page."""
WEEK: Final = timedelta(days=7)
SIGN_IN_FAILED, TAKEN = "sign-in-failed", "log-export"
ACTIONS: Final[Mapping[str, str]] = {
    LOOK: N_("Looked at by name"),
    EXPORT: N_("List exported"),
    DOCUMENT: N_("By-name document made"),
    "grant": N_("Numbers in full asked for"),
    "grant-closed": N_("Numbers in full ended"),
    "sign-in": N_("Signed in"),
    SIGN_IN_FAILED: N_("Sign-in failed"),
    "sign-out": N_("Signed out"),
    "sessions-ended": N_("Sessions ended"),
    "password-changed": N_("Password changed"),
    "account-added": N_("Account added"),
    "account-changed": N_("Account changed"),
    "account-disabled": N_("Account disabled"),
    "account-enabled": N_("Account enabled"),
    "account-reset": N_("Password reset"),
    "import": N_("File imported"),
    "remove": N_("Snapshot removed"),
    "decision": N_("Match decided"),
    "decisions-written": N_("Decisions taken out"),
    "decisions-taken-in": N_("Decisions taken in"),
    "publish": N_("Public figures published"),
    "keys": N_("Key turned"),
    "expire": N_("Old data removed"),
    TAKEN: N_("Log exported"),
}
"""What is entered, in words."""
QUESTIONS: Final[Mapping[str, str]] = {
    "queries.people": N_("Household list"),
    "queries.listing": N_("Household list"),
    "household.household": N_("Household"),
    "interventions.of_family": N_("Interventions of a household"),
    "comparison.changed": N_("List of changes"),
    "comparison.listing": N_("List of changes"),
    "deliberation.sheet": N_("Kelurahan deliberation sheet"),
    "linkage.review.queue": N_("Review matches"),
    "linkage.review.pair": N_("A pair of records"),
    "linkage.links.links": N_("Matched rows"),
}
"""What was asked, in words."""


@dataclass(frozen=True)
class Entry:
    """An entry of the log. `at` is UTC, `place` a code, `about` what was asked (JSON) or done, `fields` what was shown
    in full, `export` the number printed on what left the system.
    """

    number: str
    at: datetime
    who: str
    session: str
    address: str
    action: str
    place: str
    about: str
    persons: int
    fields: tuple[str, ...]
    reason: str
    export: str
    seal: str


@dataclass(frozen=True)
class Search:
    """What is looked for. `who` is part of a name, `place` a code (with what lies in it), `number` that of an entry or
    one printed on a document; `first` and `last` are days of this machine's clock, both included.
    """

    who: str = ""
    place: str = ""
    action: str = ""
    first: date | None = None
    last: date | None = None
    in_full: bool = False
    leaving: bool = False
    number: str = ""


@dataclass(frozen=True)
class Found:
    """A page of what was found, newest first."""

    entries: tuple[Entry, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // SIZE))


@dataclass(frozen=True)
class Sums:
    """What happened in the last seven days: looks by name, by how many people, exports and documents, entries with
    numbers in full, failed sign-ins.
    """

    looks: int = 0
    people: int = 0
    exports: int = 0
    in_full: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Taken:
    """Entries on their way out, oldest first: a table with its columns and its cover."""

    table: pa.Table
    columns: tuple[Column, ...]
    cover: Cover
    name: str


@answers(Right.LOG, narrowed)
def entries(store: Store, viewer: Viewer, search: Search = Search(), page: int = 1) -> Found:
    """What the viewer may read of the log: entries of places within the own area; those of no place for whoever watches
    over everything.
    """
    conditions = _conditions(viewer, search)
    with database.reading(store) as connection:
        if connection is None:
            return Found((), 0, 1)
        total = connection.execute(select(func.count()).select_from(LOG).where(*conditions)).scalar_one()
        page = min(max(page, 1), max(1, -(-total // SIZE)))
        asked = select(LOG).where(*conditions).order_by(LOG.c.number.desc())
        rows = connection.execute(asked.limit(SIZE).offset((page - 1) * SIZE)).all()
        return Found(tuple(map(_entry, rows)), total, page)


@answers(Right.LOG, narrowed)
def sums(store: Store, viewer: Viewer, now: datetime | None = None) -> Sums:
    """What happened in the last seven days, of what the viewer may read."""
    since = (now or datetime.now(UTC)) - WEEK
    looked = (LOG.c.persons > 0) & LOG.c.action.in_((LOOK, EXPORT, DOCUMENT))
    counted = (
        func.count().filter(LOG.c.action == LOOK),
        func.count(LOG.c.who.distinct()).filter(looked),
        func.count().filter(LOG.c.action.in_((EXPORT, DOCUMENT))),
        func.count().filter(LOG.c.fields != ""),
        func.count().filter(LOG.c.action == SIGN_IN_FAILED),
    )
    with database.reading(store) as connection:
        if connection is None:
            return Sums()
        asked = select(*counted).where(LOG.c.at >= since.isoformat(timespec="microseconds"), *_own(viewer))
        return Sums(*connection.execute(asked).one())


@answers(Right.LOG, narrowed)
def places(store: Store, viewer: Viewer) -> tuple[str, ...]:
    """The places that the log names, and those around them within what the viewer may read, by code."""
    with database.reading(store) as connection:
        asked = select(LOG.c.place).where(LOG.c.place != "", *_own(viewer)).distinct()
        found = set(connection.execute(asked).scalars()) if connection else set()
    around = {code for one in found if reference.find(one) for code in _steps(one)}
    return tuple(sorted(code for code in around if any(within(code, area) for area in viewer.places)))


def _steps(code: str) -> tuple[str, ...]:
    return (*(above.code for above in reference.ancestors(code)), code)


@answers(Right.LOG, narrowed)
def taken(store: Store, viewer: Viewer, language: Language, search: Search = Search()) -> Taken:
    """The entries that were found, for a file; that they are taken out is itself entered first. Raises NotRecorded."""

    def say(message: str, **values: str | int) -> str:
        return translate(message, language, **values)

    searched = {field.name: str(value) for field in fields(search) if (value := getattr(search, field.name))}
    # Whom somebody looks for may be a name that is no account's.
    about = json.dumps(searched | ({"who": audit.SEARCHED} if search.who else {}), sort_keys=True, ensure_ascii=False)
    number = audit.record(store, viewer, TAKEN, place=search.place, about=about)
    conditions = [*_conditions(viewer, search), LOG.c.number < int(number.rpartition("-")[2])]
    columns = tuple(Column(name, say(label), "integer" if name == "persons" else "text") for name, label in COLUMNS)
    kinds = pa.schema((name, pa.int64() if name == "persons" else pa.string()) for name, _ in COLUMNS)
    batches = []
    with database.reading(store) as connection:
        asked = select(LOG).where(*conditions).order_by(LOG.c.number).execution_options(yield_per=5_000)
        for part in connection.execute(asked).partitions() if connection else ():
            rows = [_row(_entry(row), language) for row in part]
            batches.append(pa.RecordBatch.from_pylist(rows, kinds))
    table = pa.Table.from_batches(batches, kinds)
    lines = (
        (say(N_("Number in the record")), number),
        (say(N_("Filters")), "; ".join(f"{key}: {value}" for key, value in searched.items()) or say(N_("none"))),
        (say(N_("Entries")), say("{count}", count=table.num_rows)),
        (say(N_("Created")), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z} · Padan {__version__}"),
    )
    cover = Cover(say(N_("Access log")), lines, sample=False)
    return Taken(table, columns, cover, f"catatan-akses-{datetime.now().astimezone():%Y-%m-%d}")


@answers(Right.LOG, narrowed)
def write(store: Store, viewer: Viewer, language: Language, search: Search, path: Path) -> int:
    """The same as a file, CSV or XLSX after its ending; returns how many entries. Raises OSError."""
    found = taken(store, viewer, language, search)
    connection = connect().con
    connection.register("entries", found.table)
    kind: Format = "xlsx" if path.suffix == ".xlsx" else "csv"
    return exports.write(connection, ALL, found.columns, found.cover, kind, path, language)


ALL: Final = "SELECT * FROM entries"
"""SQL: what `taken` gives, where its table is called `entries`."""
COLUMNS: Final = (
    ("number", N_("Entry")),
    ("at_utc", N_("Time (UTC)")),
    ("at", N_("Time (local)")),
    ("who", N_("Account")),
    ("address", N_("From where")),
    ("session", N_("Session")),
    ("action", N_("Activity")),
    ("place", N_("Area code")),
    ("place_name", N_("Area")),
    ("about", N_("About")),
    ("persons", N_("Persons")),
    ("fields", N_("Shown in full")),
    ("reason", N_("Why")),
    ("export", N_("Printed number")),
    ("asked", N_("As entered")),
    ("seal", N_("Seal")),
)


def _row(entry: Entry, language: Language) -> dict[str, Any]:
    place = reference.find(entry.place) if entry.place else None
    return {
        "number": entry.number,
        "at_utc": entry.at.isoformat(timespec="seconds"),
        "at": f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %z}",
        "who": translate(entry.who, language),
        "address": entry.address,
        "session": entry.session,
        "action": action(entry, language),
        "place": entry.place,
        "place_name": place.name if place else "",
        "about": about(entry, language),
        "persons": entry.persons,
        "fields": in_full(entry, language),
        "reason": reason(entry, language),
        "export": entry.export,
        "asked": entry.about,
        "seal": entry.seal,
    }


# In words


def line(entry: Entry, language: Language) -> str:
    """An entry on a line."""
    place = reference.find(entry.place) if entry.place else None
    persons = translate(N_("{persons} persons"), language, persons=entry.persons) if entry.persons else ""
    full = in_full(entry, language)
    told = (
        action(entry, language), place.name if place else entry.place, persons, about(entry, language),
        f"{translate(N_('Shown in full'), language)}: {full}" if full else "", reason(entry, language), entry.export,
    )  # fmt: skip
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
    return f"{entry.number}  {when}  {translate(entry.who, language)}  {' · '.join(filter(None, told))}"


def action(entry: Entry, language: Language) -> str:
    """What was done."""
    return translate(ACTIONS.get(entry.action, entry.action), language)


def in_full(entry: Entry, language: Language) -> str:
    """The fields whose numbers were shown in full."""
    return ", ".join(translate(FIELDS[key].label, language) if key in FIELDS else key for key in entry.fields)


def reason(entry: Entry, language: Language) -> str:
    """Why: a purpose in words, where the entry names one."""
    found = re.match(r"\w+", entry.reason)
    purpose = PURPOSES.get(found[0]) if found else None
    return entry.reason.replace(purpose.key, translate(purpose.label, language), 1) if purpose else entry.reason


def about(entry: Entry, language: Language) -> str:
    """What was asked, as far as the log knows it: it never says which name somebody searched for."""
    try:
        asked = json.loads(entry.about)
    except ValueError:
        return entry.about
    if not isinstance(asked, dict):
        return entry.about

    def say(message: str, **values: Value) -> str:
        return translate(message, language, **values)

    question = str(asked.pop("question", ""))
    scope = asked.pop("scope", {})
    told = [say(QUESTIONS.get(question, question))] if question else []
    given = {**(scope if isinstance(scope, dict) else {}), **asked}
    return " · ".join([*told, *(_part(key, str(value), say) for key, value in given.items() if key not in _UNSAID)])


_UNSAID: Final = ("indicator", "unmasked", "size")


def _part(key: str, value: str, say: Any) -> str:
    if key == "text":
        return str(say(N_("text searched")))
    if key == "register" and value in REGISTERS:
        return str(say(REGISTERS[value].label)).partition(" (")[0]
    if key == "linkage" and value in LINKAGES:
        return str(say(LINKAGES[value].label))
    if key in filters.FILTERS:
        label, codes = filters.FILTERS[key]
        code = codes.get(value) or (FIELDS[value].label if value in FIELDS else value)
        return f"{say(label)}: {say(code)}"
    label = _LABELS.get(key) or (FIELDS[key].label if key in FIELDS else key)
    with suppress(ValueError):
        return f"{say(label)}: {say('{day}', day=date.fromisoformat(value))}"
    return f"{say(label)}: {value}"


_LABELS: Final[Mapping[str, str]] = {
    "period": N_("Date of the data"),
    "compare": N_("Compared with"),
    "since": N_("Updated since"),
    "page": N_("Page"),
    "family": N_("Household"),
    "key": N_("Pair"),
    "kind": N_("Kind"),
    "listed": N_("Who is listed"),
    "snapshot": N_("Snapshot"),
    "sort": N_("Order"),
    "who": N_("Account"),
}


# In the database


def _entry(row: Row[Any]) -> Entry:
    told = row._mapping
    return Entry(
        number=called(told["number"], told["at"]),
        at=datetime.fromisoformat(told["at"]),
        fields=tuple(told["fields"].split()),
        **{
            name: told[name]
            for name in (
                "who",
                "session",
                "address",
                "action",
                "place",
                "about",
                "persons",
                "reason",
                "export",
                "seal",
            )
        },
    )


def _own(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """What the viewer may read at all."""
    return () if "" in viewer.places else (_lies_in(viewer.places),)


def _lies_in(places: tuple[str, ...]) -> ColumnElement[bool]:
    own = [LOG.c.place.in_(places), *(LOG.c.place.startswith(f"{place}.", autoescape=True) for place in places)]
    return or_(*own)


def _conditions(viewer: Viewer, search: Search) -> list[ColumnElement[bool]]:
    found = list(_own(viewer))
    if search.who.strip():
        found.append(LOG.c.who.icontains(search.who.strip(), autoescape=True))
    if search.place:
        found.append(_lies_in((search.place,)))
    if search.action:
        found.append(LOG.c.action == search.action)
    if search.first:
        found.append(LOG.c.at >= _begins(search.first))
    if search.last:
        found.append(LOG.c.at < _begins(search.last + timedelta(days=1)))
    if search.in_full:
        found.append(LOG.c.fields != "")
    if search.leaving:
        found.append(LOG.c.action.in_((EXPORT, DOCUMENT, TAKEN)))
    if search.number.strip():
        found.append(_numbered(search.number.strip().upper()))
    return found


def _numbered(number: str) -> ColumnElement[bool]:
    """An entry by its own number or by one printed on a document."""
    own = re.fullmatch(rf"(?:{audit.PREFIX}-\d{{4}}-)?0*(\d{{1,9}})", number)
    printed = LOG.c.export == number
    return or_(printed, LOG.c.number == int(own[1])) if own else printed


def _begins(day: date) -> str:
    """When a day of this machine's clock begins, as the log writes it."""
    return datetime.combine(day, time()).astimezone(UTC).isoformat(timespec="microseconds")
