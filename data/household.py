"""One household: who belongs to it, where else it was found, what became of it over snapshots, what it lacks.

A household is named by the snapshot that it stands in and its number there: a name that tells nothing about anybody.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pandas as pd

from data import aliases, cubes, eligibility, engine, lists
from data.access import BEYOND_AREA, LONG_NUMBER, Mask, Refused, Viewer, answers, narrowed
from data.area import within
from data.comparison import comparable
from data.definitions.catalogue import FIELDS, LINKAGES, PROBLEMS, PROGRAMMES, REGISTERS
from data.definitions.roles import Right
from data.interventions import NOTHING, FamilyInterventions
from data.interventions import of as interventions_of
from data.linkage import outcomes, review, runs
from data.linkage.runs import Run
from data.places import reference
from data.places.reference import LEVELS
from data.queries import PAGE_COLUMNS, Context, Source
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store
from data.wording import N_

BETWEEN: Final = "~"
HISTORY: Final = 12
"""Snapshots that are looked through for a household, the newest first."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Match:
    """A record of another register that the matching found for the household, or for one of its `member`s (empty: for
    the family as a whole). `status` is "accepted" or "review", `probability` a fraction. `told` is what the other
    register says, by field; `pair` opens it in the review, `household` the other record's own household.
    """

    linkage: str
    outcome: str
    rule: str
    status: str
    probability: float | None
    register: str
    period: date
    area: str
    member: str = field(repr=False)
    told: Row = field(repr=False)
    pair: str
    household: str


@dataclass(frozen=True)
class Change:
    """What happened to somebody since the snapshot before: `kind` is one of EVENTS, `before` and `after` what changed
    (codes of areas, deciles, dates).
    """

    kind: str
    name: str = field(repr=False)
    before: str | int | date | None = None
    after: str | int | date | None = None


@dataclass(frozen=True)
class Moment:
    """A snapshot: how many of the household stand in it (0: it does not), and what changed since the one before (None:
    there is none before). `household` opens it there.
    """

    period: date
    snapshot: str
    members: int
    changes: tuple[Change, ...] | None
    household: str


@dataclass(frozen=True)
class Lack:
    """Something that is missing or wrong in somebody's record, and what to do about it (messages)."""

    title: str
    action: str
    names: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Household:
    """What the viewer may see of it. `members` has the columns of a page of the by-name list (see
    `queries.PeoplePage`), the register's other fields, and `called`, a name that is told from those of namesakes;
    they are shown as the list shows them. `area` is the code of the lowest level that was read; `elsewhere` are members
    in areas that the viewer may not see. `programmes` are fields and their labels that the register tells about.
    """

    key: str
    register: str
    area: str
    members: pd.DataFrame = field(repr=False)
    elsewhere: int
    programmes: Mapping[str, str]
    matches: tuple[Match, ...]
    history: tuple[Moment, ...]
    lacking: tuple[Lack, ...]
    interventions: FamilyInterventions
    context: Context

    @property
    def persons(self) -> int:
        """How many people it shows, row by row."""
        return len(self.members) + len(self.matches)


def key_of(snapshot: str, number: int) -> str:
    """The name of a household.

    >>> key_of("dtks-74.71-2021-01-31-6d277f4e", 135)
    'dtks-74.71-2021-01-31-6d277f4e~135'
    """
    return f"{snapshot}{BETWEEN}{number}"


def _key(store: Store, mask: Mask, snapshot: str, number: int) -> str:
    """The same, in a form that tells nothing about names (see `data.aliases`) where these are not shown."""
    return key_of(snapshot, number if mask.named else aliases.alias(store, number))


@answers(Right.PEOPLE, narrowed, persons=lambda found: found.persons, at=lambda found: found.area)
def household(store: Store, viewer: Viewer, scope: Scope, unmasked: bool = False) -> Household | None:
    """The household that the scope names as its filter `family`; None where the store has none of this name (any more).
    Raises Refused where the viewer may see none of its members by name.
    """
    asked, _, key = (scope.filter("family") or "").partition(BETWEEN)
    snapshot = next((one for one in store.snapshots() if one.id == asked), None)
    if snapshot is None or snapshot.grain == "figure" or not re.fullmatch(r"\d{1,18}", key):
        return None
    mask = viewer.mask(unmasked)
    # Whoever does not see names may not walk through the families in the order of names.
    number = int(key) if mask.named and int(key) < aliases.FIRST else aliases.number_of(store, int(key))
    rows, members, elsewhere = _members(store, viewer, snapshot, number, scope.since, mask)
    if not rows and not elsewhere:
        return None
    if not rows:
        raise Refused(BEYOND_AREA)
    serving = [run for key in LINKAGES if (run := _run(store, key, snapshot))]
    matches = [match for run in serving for match in _matches(store, viewer, run, snapshot, rows, mask)]
    others = {one.id: one for run in serving for one in outcomes.snapshots((run,))}
    told = {match.register for match in matches}
    interventions = NOTHING if elsewhere else interventions_of(store, snapshot, number, scope.period)
    found = [one for one in others.values() if one.register in told]
    if interventions != NOTHING:
        found += eligibility.sources(store, snapshot, scope.period).snapshots
    sources = {one.id: one for one in (snapshot, *found)}.values()
    return Household(
        key=_key(store, mask, snapshot.id, number),
        register=snapshot.register,
        area=_area(snapshot, rows[0]),
        members=members,
        elsewhere=elsewhere,
        programmes={key: FIELDS[key].label for key in PROGRAMMES if key in snapshot.fields},
        matches=tuple(sorted(matches, key=lambda match: (match.linkage, match.status, match.member))),
        history=_history(store, viewer, snapshot, number),
        lacking=_lacking(snapshot, rows, mask),
        interventions=interventions,
        context=Context(
            period=snapshot.period,
            compare=None,
            since=lists.window(snapshot.period, scope.since)[0],
            derived=cubes.updates(store, snapshot).earlier is not None,
            sample=snapshot.sample,
            sources=tuple(map(Source.of, sources)),
        ),
    )


@answers(Right.PEOPLE, narrowed)
def homes(store: Store, viewer: Viewer, rows: tuple[tuple[str, int], ...]) -> dict[tuple[str, int], str]:
    """The households in which the matching found records, where a link is accepted: by snapshot and row of its file."""
    found: dict[tuple[str, int], str] = {}
    by_id = {snapshot.id: snapshot for snapshot in store.snapshots()}
    for name in dict.fromkeys(name for name, _ in rows):
        snapshot = by_id.get(name)
        linkage = outcomes.of(snapshot.register) if snapshot else None
        run = _run(store, linkage.key, snapshot) if linkage and snapshot else None
        if run and snapshot:
            numbers = [row for one, row in rows if one == name]
            found |= {(name, row): home for row, home in _homes(store, viewer, run, snapshot, numbers).items()}
    return found


# Who belongs to it


def _members(
    store: Store, viewer: Viewer, snapshot: Snapshot, number: int, since: date | None, mask: Mask
) -> tuple[list[dict[str, Any]], pd.DataFrame, int]:
    """The rows of a family that the viewer may see, its head first, with identifiers in full; the same as they
    may be shown; how many others there are.
    """
    table = lists.known(store, (Part(snapshot, snapshot.place),), since)
    assert table is not None  # noqa: S101 - there is a part
    table = table.filter(table.family_no == number)
    rows = table.order_by("place_in_family", "position").to_pyarrow().to_pylist()
    allowed = [row for row in rows if viewer.may_list(_area(snapshot, row))]
    frame = lists.shown(table, mask).order_by("place_in_family", "position").to_pandas() if allowed else pd.DataFrame()
    if allowed:
        frame = frame[frame["file_row"].isin([row["file_row"] for row in allowed])].reset_index(drop=True)
        frame = frame.assign(
            updated=frame["is_updated"],
            dukcapil=frame["dukcapil_mark"],
            programmes=[",".join(key for key in PROGRAMMES if row.get(key)) for row in allowed],
            called=[_named(row, mask, allowed) for row in allowed],
            **{level: [_name(row[f"{level}_code"]) for row in allowed] for level in ("kelurahan", "kecamatan")},
        )
        # Both number families by name.
        frame = frame if mask.named else frame.drop(columns=["family_no", "position"])
        # A file need not have all of them.
        frame = frame.reindex(columns=list(dict.fromkeys((*frame, *PAGE_COLUMNS))))
    return allowed, frame, len(rows) - len(allowed)


def _area(snapshot: Snapshot, row: Row) -> str:
    """The lowest area that was read of a row; what lies outside the register's place belongs to the place."""
    code = next((row[f"{level}_code"] for level in reversed(LEVELS) if row[f"{level}_code"]), snapshot.place)
    return str(code) if within(code, snapshot.place) else snapshot.place


def _name(code: str | None) -> str:
    return area.name if code and (area := reference.find(code)) else ""


# In which other registers it was found


def _run(store: Store, linkage: str, snapshot: Snapshot) -> Run | None:
    """The newest matching of a snapshot."""
    sides = ((run, (*run.left, *run.right)) for run in runs.runs(store, linkage))
    return next((run for run, parts in sides if runs.number_of(parts, snapshot.id) is not None), None)


def _matches(
    store: Store, viewer: Viewer, run: Run, snapshot: Snapshot, rows: Sequence[Row], mask: Mask
) -> list[Match]:
    """What the run found for a family, be it looked for (on the left) or found (on the right)."""
    found = outcomes.units(store, run)
    named = {_unit(row): _named(row, mask, rows) for row in rows}
    if (number := runs.number_of(run.left, snapshot.id)) is not None:
        found = found.filter(found.left_part == number, found.left_unit.isin(list(named)), found.pair.notnull())
        links = found.to_pyarrow().to_pylist()
        others = {key: _records(store, run.right[key[0]], key[1], key[2], mask) for key in _sides(links, "right")}
        return [
            _match(run, link, named[link["left_unit"]], record)
            for link in links
            for record in others[link["right_part"], link["right_unit"], link["finds"]][:1]
            if viewer.may_list(record["area"])
        ]
    number, family = runs.number_of(run.right, snapshot.id), rows[0]["family_no"]
    of_person = (found.finds == "person") & found.right_unit.isin(list(named))
    of_family = (found.finds == "family") & (found.right_unit == family)
    links = found.filter(found.right_part == number, of_person | of_family).to_pyarrow().to_pylist()
    others = {key: _records(store, run.left[key[0]], key[1], "person", mask) for key in _sides(links, "left")}
    return [
        _match(run, link, named.get(link["right_unit"], "") if link["finds"] == "person" else "", record)
        for link in links
        for record in others[link["left_part"], link["left_unit"], link["finds"]]
        if viewer.may_list(record["area"])
    ]


def _sides(links: Iterable[Row], side: str) -> list[tuple[int, int, str]]:
    return list(dict.fromkeys((link[f"{side}_part"], link[f"{side}_unit"], link["finds"]) for link in links))


def _unit(row: Row) -> int:
    return int(row["unit_no"] if row.get("unit_no") is not None else row["file_row"])


def _records(store: Store, part: Part, unit: int, finds: str, mask: Mask) -> list[dict[str, Any]]:
    """What a register says of a person or a family, as it may be shown: of measurements the newest, of a family its
    first row, of a person every row. Each with `area` and `household`.
    """
    snapshot = part.snapshot
    rows = engine.parquet(snapshot.rows)
    wanted = rows.family_no == unit if finds == "family" else outcomes.unit_of(rows) == unit
    rows = rows.filter(rows.counted, wanted)
    if "newest" in rows.columns:
        rows = rows.filter(rows.newest)
    listed = [key for key in ("name", "birth_date", *REGISTERS[snapshot.register].listed) if key in rows.columns]
    codes = [f"{level}_code" for level in LEVELS]
    rows = rows.select("file_row", "family_no", "place_in_family", *dict.fromkeys(listed), *codes)
    found: list[dict[str, Any]] = lists.shown(rows, mask).to_pyarrow().to_pylist()
    found.sort(key=lambda row: (row["place_in_family"] or 0, row["file_row"]))
    for row in found:
        row |= {
            "area": _area(snapshot, row),
            "household": _key(store, mask, snapshot.id, row["family_no"]),
            "of": snapshot,
        }
    return found[:1] if finds == "family" else found


def _match(run: Run, link: Row, member: str, record: Row) -> Match:
    snapshot: Snapshot = record["of"]
    listed = ("name", "birth_date", *REGISTERS[snapshot.register].listed)
    return Match(
        linkage=run.linkage,
        outcome=link["outcome"],
        rule=link["rule"],
        status=link["status"],
        probability=link["probability"],
        register=snapshot.register,
        period=snapshot.period,
        area=record["area"],
        member=member,
        told={key: record[key] for key in listed if record.get(key) is not None},
        pair=review.key_of(run, link["pair"]),
        household=record["household"],
    )


def _homes(store: Store, viewer: Viewer, run: Run, snapshot: Snapshot, numbers: Sequence[int]) -> dict[int, str]:
    """The households on the right of rows on the left."""
    own = engine.parquet(snapshot.rows)
    own = own.filter(own.file_row.isin(list(numbers)))
    codes = [f"{level}_code" for level in LEVELS]
    seen = own.select("file_row", *codes).to_pyarrow().to_pylist()
    own = own.filter(own.file_row.isin([row["file_row"] for row in seen if viewer.may_list(_area(snapshot, row))]))
    own = own.select("file_row", own_unit=outcomes.unit_of(own))
    found = outcomes.units(store, run)
    found = found.filter(found.left_part == runs.number_of(run.left, snapshot.id), found.status == "accepted")
    links = found.inner_join(own, found.left_unit == own.own_unit).to_pyarrow().to_pylist()
    homes = {}
    for number, part in enumerate(run.right):
        here = [
            link
            for link in links
            if link["right_part"] == number and viewer.may_list(link["right_kelurahan"] or part.snapshot.place)
        ]
        persons = [link["right_unit"] for link in here if link["finds"] == "person"]
        rows = engine.parquet(part.snapshot.rows)
        unit = outcomes.unit_of(rows)
        known = rows.filter(rows.counted, unit.isin(persons)).select(unit=unit, family="family_no")
        families = {row["unit"]: row["family"] for row in known.to_pyarrow().to_pylist()} if persons else {}
        for link in here:
            family = families[link["right_unit"]] if link["finds"] == "person" else link["right_unit"]
            homes[link["file_row"]] = _key(store, viewer.mask(), part.snapshot.id, family)
    return homes


# What is missing

LACKS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("dukcapil_mark", "no"): (
        N_("Not matched by Dukcapil"),
        N_("Compare NIK, name and birth date with the KTP or KK, and have what differs corrected."),
    ),
    ("dukcapil_mark", "unknown"): (
        N_("Not yet checked by Dukcapil"),
        N_("Have the NIK checked with the civil registry."),
    ),
    ("is_updated", "no"): (
        N_("Not updated within the window"),
        N_("Visit the household and bring its data up to date in the register."),
    ),
}
"""What a member's record can lack besides what the import complained about, by column and its value."""
_NO_BIRTH_DATE: Final = (
    N_("Without a birth date"),
    N_("Add the birth date from the KTP, KK or birth certificate."),
)
_NO_KELURAHAN: Final = (
    N_("Without a kelurahan"),
    N_("Find out where the household lives, and correct the kelurahan in the register."),
)

_UNPLACED: Final = ("kelurahan_unknown", "outside_place")


def _lacking(snapshot: Snapshot, rows: Sequence[Row], mask: Mask) -> tuple[Lack, ...]:
    """What the rows lack, each thing once with those whom it concerns; what the import complained about first."""
    complaints = engine.parquet(snapshot.problem_rows)
    numbers = [row["file_row"] for row in rows]
    told = complaints.filter(complaints.file_row.isin(numbers)).select("file_row", "code").to_pyarrow().to_pylist()
    found: dict[tuple[str, str], dict[str, None]] = {}

    def note(lack: tuple[str, str], row: Row) -> None:
        found.setdefault(lack, {})[_named(row, mask, rows)] = None

    known = {*snapshot.fields}
    for row in rows:
        for code in dict.fromkeys(one["code"] for one in told if one["file_row"] == row["file_row"]):
            if code in PROBLEMS:
                note((PROBLEMS[code].title, PROBLEMS[code].action), row)
        if "birth_date" in known and row.get("birth_date") is None:
            note(_NO_BIRTH_DATE, row)
        if not row["kelurahan_code"] and not any(one["code"] in _UNPLACED for one in told):
            note(_NO_KELURAHAN, row)
        for (column, value), lack in LACKS.items():
            if row.get(column) == value and (column != "dukcapil_mark" or _marked(known)):
                note(lack, row)
    return tuple(Lack(title, action, tuple(names)) for (title, action), names in found.items())


def _marked(fields: set[str]) -> bool:
    """Whether a file tells what Dukcapil says."""
    return not fields.isdisjoint({"dukcapil", "dukcapil_matched_on"})


# What became of it from snapshot to snapshot

EVENTS: Final[Mapping[str, str]] = {
    "entered": N_("{name} entered the register"),
    "left": N_("{name} left the register"),
    "moved_kelurahan": N_("{name} moved from {before} to {after}"),
    "joined": N_("{name} came from another family"),
    "parted": N_("{name} went to another family"),
    "decile": N_("{name}: decile {before} became {after}"),
    "updated": N_("{name} newly updated"),
    "nik_mended": N_("{name}: NIK mended"),
    "undecided": N_("{name}: whether the register had this record before cannot be decided"),
    "undecided_before": N_("{name}: whether the register still has this record cannot be decided"),
}
"""What can happen to somebody between two snapshots; the same readings as in `data.comparison`."""
_NUMBERS: Final = ("nik", "kk", "family_register_id", "person_register_id")
_FAMILY: Final = ("kk", "family_register_id")
_READ: Final = (
    "file_row", "family_no", "name", "birth_date", "sex", *_NUMBERS, "decile", "updated_on",
    *(f"{level}_code" for level in LEVELS),
)  # fmt: skip
_Way = tuple[tuple[str, ...], tuple[str, ...]]
_WAYS: Final[tuple[_Way, ...]] = (
    (("person_register_id",), ()),
    (("nik",), ("letters", "birth_date")),
    (("nik", "letters"), ()),
    (("who", "kk"), ()),
    (("who", "kelurahan_code"), ("nik",)),
    (("who", "kabkota_code"), ("nik",)),
)
"""How rows of two snapshots are recognised as one person: equal keys, unless all of the second kind differ."""
_FAMILY_WAYS: Final[tuple[_Way, ...]] = ((("kk",), ()), (("family_register_id",), ()))


def _history(store: Store, viewer: Viewer, snapshot: Snapshot, number: int) -> tuple[Moment, ...]:
    """The snapshots of the register that can say something about the household, the newest first."""
    if not comparable(snapshot.register) or snapshot.grain == "measurement":
        return ()
    known = {one.id: one for one in (snapshot, *store.candidates(snapshot.register, snapshot.covers))}
    alike = [one for one in known.values() if one.grain == snapshot.grain]
    found = sorted(alike, key=lambda one: (one.period, one.imported_at), reverse=True)[:HISTORY]
    told = [row | {"kin": True} for row in _selected(snapshot, {"family_no": [number]})]
    rows: dict[str, list[dict[str, Any]]] = {}
    # Whoever left before, or came later, is known by the other snapshots only.
    for _ in range(2):
        rows = {one.id: _near(one, told) for one in found}
        told = [row for own in rows.values() for row in own if row["kin"]]
    moments = []
    for newer, older in zip(found, [*found[1:], None], strict=True):
        family = [row for row in rows[newer.id] if row["kin"] and viewer.may_list(_area(newer, row))]
        changes = tuple(_changes(viewer, newer, rows[newer.id], older, rows[older.id])) if older else None
        home = _key(store, viewer.mask(), newer.id, family[0]["family_no"]) if family else ""
        moments.append(Moment(newer.period, newer.id, len(family), changes, home))
    return tuple(moments)


def _near(snapshot: Snapshot, told: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows of a snapshot that share a number, or name and birth date, with rows already known. `kin` are those of
    the same family; who has no number of a family is known by NIK, or by name and birth date.
    """
    numbers = {key: {row[key] for row in told if row[key]} for key in _NUMBERS}
    alone = [row for row in told if not any(row[key] for key in _FAMILY)]
    persons, own = ({row["who"] for row in some if row["who"]} for some in (told, alone))
    kin = {key: numbers[key] for key in _FAMILY} | {"nik": {row["nik"] for row in alone if row["nik"]}, "who": own}
    found = _selected(snapshot, numbers | {"birth_date": {who[1] for who in persons}})
    near = {**numbers, "who": persons}
    return [
        row | {"kin": any(row[key] in values for key, values in kin.items())}
        for row in found
        if any(row[key] in values for key, values in near.items())
    ]


def _selected(snapshot: Snapshot, tests: Mapping[str, Iterable[Any]]) -> list[dict[str, Any]]:
    """The rows of a snapshot of which a column has one of some values, identifiers in full; `letters` and `who` (name,
    birth date and sex) are what a person is recognised by.
    """
    columns = set(engine.parquet(snapshot.rows).columns)
    asked = {key: sorted(values) for key, values in tests.items() if key in columns and values}
    if not asked:
        return []
    read = ", ".join(key if key in columns else f"NULL AS {key}" for key in _READ)
    where = " OR ".join(f"{key} IN (SELECT unnest(?))" for key in asked)
    path = engine.quoted(snapshot.rows)
    answer = engine.reader().con.execute(
        f"SELECT {read} FROM read_parquet('{path}') WHERE counted AND ({where}) ORDER BY file_row", [*asked.values()]
    )
    names = [column[0] for column in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    for row in rows:
        letters = re.sub("[^A-Z]", "", str(row["name"] or "").upper())
        who = (letters, row["birth_date"], row["sex"] or "") if letters and row["birth_date"] else None
        row |= {"letters": letters or None, "who": who}
    return rows


def _changes(
    viewer: Viewer, newer: Snapshot, now: Sequence[Row], older: Snapshot, before: Sequence[Row]
) -> Iterator[Change]:
    """What happened between two snapshots to those who stand in the family in one of them."""
    ways, mask = _FAMILY_WAYS if newer.grain == "family" else _WAYS, viewer.mask()
    pairs = recognised(now, before, ways)
    back = {other: own for own, other in pairs.items()}
    both = set(newer.fields) & set(older.fields)
    for at, row in enumerate(now):
        if not row["kin"] or not viewer.may_list(_area(newer, row)):
            continue
        name = _named(row, mask, now)
        if at in pairs:
            yield from _changed(name, row, before[pairs[at]], newer, both)
        else:
            others = [one for number, one in enumerate(before) if number not in back]
            yield Change("undecided" if _open(row, others, ways) else "entered", name)
    for at, row in enumerate(before):
        if not row["kin"] or not viewer.may_list(_area(older, row)):
            continue
        if at not in back:
            others = [one for number, one in enumerate(now) if number not in pairs]
            yield Change("undecided_before" if _open(row, others, ways) else "left", _named(row, mask, before))
        elif not now[back[at]]["kin"]:
            yield Change("parted", _named(row, mask, before))


def _changed(name: str, row: Row, was: Row, newer: Snapshot, both: set[str]) -> Iterator[Change]:
    if not was["kin"]:
        yield Change("joined", name)
    here, there = row["kelurahan_code"], was["kelurahan_code"]
    if here and there and here != there:
        yield Change("moved_kelurahan", name, there, here)
    if "decile" in both and row["decile"] != was["decile"]:
        yield Change("decile", name, was["decile"], row["decile"])
    day = row["updated_on"]
    if "updated_on" in both and day and (was["updated_on"] or date.min) < day <= newer.period:
        yield Change("updated", name, was["updated_on"], day)
    if "nik" in both and not was["nik"] and row["nik"]:
        yield Change("nik_mended", name)


def recognised(now: Sequence[Row], before: Sequence[Row], ways: Sequence[_Way]) -> dict[int, int]:
    """Which rows of two snapshots are one person (positions in the sequences): the surest way first, and only where it
    leads to one row on either side.
    """
    pairs: dict[int, int] = {}
    for keys, compared in ways:
        free = [
            [at for at in range(len(rows)) if at not in taken]
            for rows, taken in ((now, set(pairs)), (before, set(pairs.values())))
        ]
        mine, theirs = (_alone(rows, some, keys) for rows, some in zip((now, before), free, strict=True))
        for value in mine.keys() & theirs.keys():
            one, other = now[mine[value]], before[theirs[value]]
            told = [one[key] != other[key] for key in compared if one[key] and other[key]]
            if not compared or len(told) < len(compared) or not all(told):
                pairs[mine[value]] = theirs[value]
    return pairs


def _alone(rows: Sequence[Row], some: Iterable[int], keys: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """Rows that have the keys, and are the only ones with their values."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for at in some:
        value = tuple(rows[at][key] for key in keys)
        if all(value):
            found.setdefault(value, []).append(at)
    return {value: several[0] for value, several in found.items() if len(several) == 1}


def _open(row: Row, others: Sequence[Row], ways: Sequence[_Way]) -> bool:
    """Whether nobody can say if the other snapshot has a row: several come into question, or it has nothing to be
    recognised by.
    """
    keyed = [keys for keys, _ in ways if all(row[key] for key in keys)]
    if not keyed:
        return True
    same = [(keys, one) for keys in keyed for one in others if all(one[key] == row[key] for key in keys)]
    # With two valid NIK and in different kelurahan they are two persons; where one is missing they may be one.
    return any("kabkota_code" not in keys or not (row["nik"] and one["nik"]) for keys, one in same)


def _named(row: Row, mask: Mask, among: Iterable[Row] = ()) -> str:
    """A name in which every long number is masked, with the year of birth where others of another age have it too; for
    those who do not see names its initials.
    """
    if not mask.named:
        return lists.initials_of(str(row["name"] or "")) or "–"
    name, born = re.sub(*LONG_NUMBER, str(row["name"] or "–")), row.get("birth_date")
    namesakes = {one["birth_date"] for one in among if one["name"] == row["name"]} - {born} if born else set()
    return f"{name} ({born.year})" if born and namesakes else name
