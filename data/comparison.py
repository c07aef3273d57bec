"""Two snapshots of one register, person by person: who entered, who left, who moved, what changed.

A person is recognised by the register's own number, else by a valid NIK, else by name, birth date and sex, and only
where that leads to one row on either side. Who cannot be decided is counted as that, neither as entered nor as left.

PADAN_HOME/cubes/<snapshot>/compared-with-<earlier snapshot>.parquet     a row for everybody who changed
                            identified-with-<earlier snapshot>.parquet   how many were recognised, by area and way
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial, reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from data import __version__, cubes, engine, lists
from data.access import Mask, Viewer, answers, narrowed
from data.area import within
from data.cubes import NOT_COMPARED
from data.definitions.catalogue import FIELDS, REGISTERS
from data.definitions.roles import Right
from data.exports import Column, Cover
from data.exports import Kind as ColumnKind
from data.home import scratch
from data.places import reference
from data.places.reference import LEVELS, Level, level_of
from data.queries import Context, Listing, Period, Source, areas
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store
from data.wording import N_, Language, Value, translate

VERSION: Final = 1
"""Goes up whenever what is kept changes, so that older files are made again."""

BITS: Final = {
    "entered": 1,
    "left": 2,
    "moved_kelurahan": 4,
    "moved_family": 8,
    "decile": 16,
    "updated": 32,
    "nik_mended": 64,
    "undecided": 128,
    "undecided_before": 256,
}
KINDS: Final[Mapping[str, int]] = {
    "entered": BITS["entered"],
    "left": BITS["left"],
    "moved": BITS["moved_kelurahan"] | BITS["moved_family"],
    "decile": BITS["decile"],
    "updated": BITS["updated"],
    "nik_mended": BITS["nik_mended"],
}
"""What can happen to a person between two snapshots, and the bits that say so."""
LISTED: Final[Mapping[str, int]] = {
    **KINDS,
    "undecided": BITS["undecided"] | BITS["undecided_before"],
    "all": reduce(or_, KINDS.values()),
}
"""What a by-name list can be asked for."""
_SAID: Final = {kind: bits for kind, bits in LISTED.items() if kind != "all"}
GONE: Final = BITS["left"] | BITS["undecided_before"]
"""Who has no row in the newer snapshot."""

WORDS: Final[Mapping[str, str]] = {
    "entered": N_("entered"),
    "left": N_("left"),
    "moved": N_("moved"),
    "decile": N_("decile changed"),
    "updated": N_("newly updated"),
    "nik_mended": N_("NIK mended"),
    "undecided": N_("cannot be decided"),
    "all": N_("all changes"),
}
WAYS: Final[Mapping[str, str]] = {
    "register_id": N_("number of the register"),
    "nik": N_("NIK"),
    "nik_and_name": N_("NIK that stands in several rows, with the name"),
    "same_family": N_("name, birth date and sex in the family"),
    "same_kelurahan": N_("name, birth date and sex in the kelurahan"),
    "same_city": N_("name, birth date and sex in the city"),
    "kk": N_("No. KK"),
    "family_id": N_("family number of the register"),
}
"""How somebody was recognised in both snapshots, the surest way first."""

DEFINITIONS: Final[tuple[tuple[str, str], ...]] = (
    (
        N_("Recognised in both"),
        N_(
            "By the person's number in the register; else by a valid NIK (a NIK that stands in several rows: with the"
            " name), unless both name and birth date differ; else by name, birth date and sex within the family (No."
            " KK), then within the kelurahan, then within the city, there unless two valid NIK contradict. Always only"
            " where it leads to one row on either side. Families are recognised by No. KK, else by the family's number"
            " in the register."
        ),
    ),
    (
        N_("Cannot be decided"),
        N_(
            "Rows without anything to recognise them by, and rows for which several rows of the other snapshot come"
            " into question. They are counted neither as entered nor as left."
        ),
    ),
    (
        N_("Moved"),
        N_(
            "Stands in another kelurahan than before, or in another family: neither the No. KK nor the family number"
            " of the register is the same. Counted where the person stands now."
        ),
    ),
    (
        N_("Newly updated"),
        N_(
            "In both snapshots, with a later update date than before. Where a file carries no update date: the record"
            " differs from the one before, and the figure is marked as derived."
        ),
    ),
    (
        N_("NIK mended"),
        N_("The NIK was missing, destroyed, masked or of a wrong length, and is a number of 16 digits now."),
    ),
    (
        N_("Decile changed"),
        N_("Another decile than before, one that is not determined any more, or one that was not determined before."),
    ),
)


@dataclass(frozen=True)
class Pair:
    """Two snapshots, and the area for which both speak. `leaving_out` are areas where other snapshots speak."""

    now: Snapshot
    before: Snapshot
    area: str
    leaving_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What changed in a place. Counts are persons, or families where `grain` is "family".

    `totals` has a number for every one of KINDS, None where the snapshots cannot tell it. `moved_kelurahan`,
    `moved_family` say how (one person can be in both), `moved_away` counts who stood here and stands elsewhere now.
    `identified` counts by way (see WAYS); `undecided` of the newer, `undecided_before` of the older snapshot. `then`
    counts the rows of the older snapshot here, `now` those of the newer one.
    """

    register: str
    grain: str
    totals: Mapping[str, int | None]
    moved_kelurahan: int
    moved_family: int
    moved_away: int
    identified: Mapping[str, int]
    then: int
    undecided: int
    undecided_before: int
    context: Context
    earlier: tuple[Source, ...]

    @property
    def known(self) -> bool:
        """Whether there are two snapshots to compare."""
        return bool(self.earlier)

    @property
    def now(self) -> int:
        """Rows of the newer snapshot here."""
        return sum(self.identified.values()) + (self.totals["entered"] or 0) + self.undecided


@dataclass(frozen=True)
class ChangedPage:
    """A page of those to whom something happened; `rows` has the columns of `COLUMNS`, identifiers masked unless asked
    for in full and allowed, and `changes` (kinds, comma-separated).
    """

    rows: pd.DataFrame
    count: int
    page: int
    pages: int


def comparable(register: str) -> bool:
    """Whether snapshots of a register can be compared by name: figures have no names, a list of events no stock."""
    found = REGISTERS.get(register)
    return found is not None and found.grain not in ("figure", "event") and found.stock


@answers(Right.FIGURES, narrowed)
def registers(store: Store, viewer: Viewer) -> tuple[str, ...]:
    """The registers of the viewer's areas whose snapshots can be compared, in the order of their declaration."""
    stored = {snapshot.register for snapshot in store.snapshots() if viewer.ground(snapshot.place)}
    return tuple(key for key in REGISTERS if key in stored and comparable(key))


@answers(Right.FIGURES)
def periods(store: Store, viewer: Viewer, scope: Scope) -> tuple[Period, ...]:
    """The dates of the place's snapshots of the scope's register, newest first."""
    found: dict[date, bool] = {}
    for snapshot in store.candidates(scope.register, scope.place):
        found[snapshot.period] = found.get(snapshot.period, False) or snapshot.sample
    return tuple(Period(day, sample) for day, sample in sorted(found.items(), reverse=True))


@answers(Right.FIGURES)
def between(store: Store, viewer: Viewer, scope: Scope) -> Comparison:
    """What changed in the scope's place between its compared date and its date. The first question about two snapshots
    compares them, which takes seconds; the answer is kept.
    """
    asked = _pairs(store, scope)
    numbers = _counted(store, asked, scope.place, None)
    total = numbers.drop(columns="code").sum().astype(int).to_dict()
    ways, then = dict.fromkeys(WAYS, 0), total["left"] + total["undecided_before"]
    for pair in asked.pairs:
        table = _narrowed(_identified(store, pair), pair, scope.place, "code", "code_before").to_pandas()
        whole = within(pair.area, scope.place)
        now, before = (
            [whole or within(code or "", scope.place) for code in table[side]] for side in ("code", "code_before")
        )
        then += int(table["persons"][before].sum())
        for way, persons in table[now].groupby("way")["persons"].sum().items():
            ways[str(way)] += int(persons)
    return Comparison(
        register=scope.register,
        grain=asked.pairs[0].now.grain if asked.pairs else "person",
        totals={kind: total[kind] if kind in asked.told else None for kind in KINDS},
        moved_kelurahan=total["moved_kelurahan"],
        moved_family=total["moved_family"],
        moved_away=total["moved_away"],
        identified={way: persons for way, persons in ways.items() if persons},
        then=then,
        undecided=total["undecided"],
        undecided_before=total["undecided_before"],
        context=asked.context,
        earlier=tuple(dict.fromkeys(Source.of(pair.before) for pair in asked.pairs)),
    )


@answers(Right.FIGURES)
def by_area(store: Store, viewer: Viewer, scope: Scope, by: Level) -> pd.DataFrame:
    """A row an area of level `by` in the scope's place, areas without data included.

    Columns code, name, parent, parent_name, a column for every one of KINDS, moved_away, undecided and
    undecided_before (Int64; NA where nothing was compared, or the snapshots cannot tell it).
    """
    frame = areas(scope.place, by)
    asked = _pairs(store, scope)
    counted = _counted(store, asked, scope.place, by).set_index("code")
    compared = [any(within(code, p.area) or within(p.area, code) for p in asked.pairs) for code in frame["code"]]
    for key in (*KINDS, "moved_away", "undecided", "undecided_before"):
        told = key in asked.told or key not in KINDS
        numbers = counted[key].to_dict()
        frame[key] = pd.array(
            [int(numbers.get(code, 0)) if told and here else None
             for code, here in zip(frame["code"], compared, strict=True)],
            dtype="Int64",
        )  # fmt: skip
    return frame


@answers(Right.PEOPLE, persons=lambda page: len(page.rows))
def changed(
    store: Store,
    viewer: Viewer,
    scope: Scope,
    kind: str = "all",
    page: int = 1,
    size: int = 50,
    unmasked: bool = False,
) -> ChangedPage:
    """The page of those to whom `kind` (see LISTED) happened in the scope's place. Raises Refused."""
    asked = _pairs(store, scope)
    changes = [_chosen(store, pair, scope.place, kind) for pair in asked.pairs]
    counts = [int(table.count().to_pyarrow().as_py()) for table in changes]
    pages = -(-sum(counts) // size)
    page = max(1, min(page, pages))
    first, rows, mask = (page - 1) * size, [], viewer.mask(unmasked)
    for pair, table, count in zip(asked.pairs, changes, counts, strict=True):
        if first < count and size > 0:
            cut = table.order_by(_ordered(table, mask)).limit(size, offset=max(first, 0)).to_pyarrow()
            rows.append(_page(pair, cut, mask))
            size -= cut.num_rows
        first = max(0, first - count)
    frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["changes", *COLUMNS])
    return ChangedPage(frame, sum(counts), page, pages)


@answers(Right.PEOPLE, persons=lambda listing: listing.rows, mark=lambda listing, number: listing.recorded(number))
def listing(
    store: Store,
    viewer: Viewer,
    scope: Scope,
    language: Language,
    kind: str = "all",
    unmasked: bool = False,
) -> Listing | None:
    """The complete list behind `changed`, for an export; None where nothing can be compared. Raises Refused."""
    asked = _pairs(store, scope)
    if not asked.pairs:
        return None
    mask = viewer.mask(unmasked)
    tables, rows = [], 0
    for number, pair in enumerate(asked.pairs):
        chosen = _chosen(store, pair, scope.place, kind)
        rows += int(chosen.count().to_pyarrow().as_py())
        tables.append(_spoken(_rows(pair, chosen, mask), language).mutate(pair=ibis.literal(number)))
    table = ibis.union(*tables) if len(tables) > 1 else tables[0]
    table = table.order_by([table.pair, table.code.asc(nulls_first=False), table.row_order])
    columns = (
        Column("changes", translate(N_("Change"), language), "text"),
        *(
            Column(key, translate(label, language), kind)
            for key, (label, kind) in COLUMNS.items()
            if key not in lists.withheld(mask)
        ),
    )
    cover = _cover(asked, scope, kind, rows, mask, language)
    name = f"{scope.register}-{translate(N_('changes'), language)}-{scope.place or 'indonesia'}-{asked.context.period}"
    picked = table.select(*(column.key for column in columns))
    return Listing(ibis.to_sql(picked, dialect="duckdb"), columns, cover, name, rows, language)


# Which snapshots are compared


@dataclass(frozen=True)
class _Asked:
    """The pairs behind a question, what they can tell (kinds), and what the question is about."""

    pairs: tuple[Pair, ...]
    told: frozenset[str]
    context: Context


def _pairs(store: Store, scope: Scope) -> _Asked:
    register = scope.register
    parts = store.select(register, scope.place, scope.period)
    if not parts:
        return _Asked((), frozenset(KINDS), Context(None, None, None, False, False, ()))
    period = max(part.snapshot.period for part in parts)
    known = {snapshot.period for snapshot in store.candidates(register, scope.place)}
    compare = max((day for day in known if day < period and day <= (scope.compare or day)), default=None)
    earlier = store.select(register, scope.place, compare) if compare else ()
    pairs = tuple(_paired(parts, earlier)) if comparable(register) else ()
    snapshots = _once(part.snapshot for part in parts)
    context = Context(
        period=period,
        compare=compare,
        since=None,
        derived=any(not _dated(pair) for pair in pairs),
        sample=any(snapshot.sample for snapshot in snapshots),
        sources=tuple(map(Source.of, snapshots)),
    )
    return _Asked(pairs, frozenset.intersection(frozenset(KINDS), *map(_told, pairs)), context)


def _paired(parts: Sequence[Part], earlier: Sequence[Part]) -> Iterator[Pair]:
    for now in parts:
        for before in earlier:
            overlap = within(now.covers, before.covers) or within(before.covers, now.covers)
            older = before.snapshot.period < now.snapshot.period
            if overlap and older and now.snapshot.grain == before.snapshot.grain:
                speak = sorted((now.snapshot.covers, before.snapshot.covers), key=len)
                if within(speak[1], speak[0]):
                    yield Pair(now.snapshot, before.snapshot, speak[1], (*now.excluding, *before.excluding))


def _told(pair: Pair) -> frozenset[str]:
    """The kinds that both snapshots can tell."""
    both = set(pair.now.fields) & set(pair.before.fields)
    lacking = {kind for kind, field in (("decile", "decile"), ("nik_mended", "nik")) if field not in both}
    return frozenset(KINDS) - lacking


def _dated(pair: Pair) -> bool:
    return "updated_on" in pair.now.fields and "updated_on" in pair.before.fields


def _once(snapshots: Iterable[Snapshot]) -> list[Snapshot]:
    return list({snapshot.id: snapshot for snapshot in snapshots}.values())


# Questions to what is kept


def _narrowed(table: ir.Table, pair: Pair, place: str, *codes: str) -> ir.Table:
    """The rows of which one of the codes lies in the place, without those of areas for which others speak."""
    if not within(pair.area, place):
        table = table.filter(ibis.or_(*(_lies_in(table[code], place) for code in codes)))
    here = ibis.coalesce(*(table[code] for code in codes))
    others = [~_lies_in(here, area) for area in pair.leaving_out]
    return table.filter(*others) if others else table


def _lies_in(code: ir.StringValue, place: str) -> ir.BooleanValue:
    return cubes.inside(code, place).fill_null(False)


def _has(table: ir.Table, bits: int) -> ir.BooleanValue:
    return (table.bits & bits) != 0


def _chosen(store: Store, pair: Pair, place: str, kind: str) -> ir.Table:
    """Everybody to whom `kind` happened in the place: where they stand now, those who are gone where they stood."""
    bits = LISTED.get(kind, 0)
    table = _narrowed(_changes(store, pair), pair, "", "code", "code_before")
    own = ibis.ifelse(_has(table, GONE), table.code_before, table.code)
    inside = ibis.literal(True) if within(pair.area, place) else _lies_in(own, place)
    return table.filter(_has(table, bits), inside)


COUNTED: Final = ("entered", "left", "moved", "decile", "updated", "nik_mended", "moved_kelurahan", "moved_family",
                  "moved_away", "undecided", "undecided_before")  # fmt: skip


def _counted(store: Store, asked: _Asked, place: str, by: Level | None) -> pd.DataFrame:
    """Counts by area of level `by`, or (None) of the place as a whole: code and COUNTED."""
    frames = [_counts(store, pair, place, by) for pair in asked.pairs]
    if not frames:
        return pd.DataFrame({"code": pd.Series(dtype=str), **{key: pd.Series(dtype=int) for key in COUNTED}})
    return pd.concat(frames).groupby("code", as_index=False).sum()


def _counts(store: Store, pair: Pair, place: str, by: Level | None) -> pd.DataFrame:
    table = _narrowed(_changes(store, pair), pair, place, "code", "code_before")
    now, before = (_area_of(table, column, pair, place, by) for column in ("code", "code_before"))
    bits = BITS | {"moved": KINDS["moved"]}
    here = [key for key in COUNTED if key in bits and not bits[key] & GONE]
    counted = []
    for area, keys in ((now, here), (before, ["left", "undecided_before"])):
        sums = {key: _has(table, bits[key]).sum().fill_null(0) for key in keys}
        if area is before:
            away = _has(table, BITS["moved_kelurahan"]) & (now.fill_null("") != before)
            sums["moved_away"] = away.sum().fill_null(0)
        counted.append(table.filter(area.notnull()).group_by(code=area).aggregate(**sums).to_pandas())
    joined = pd.concat(counted).fillna(0).groupby("code", as_index=False).sum()
    return pd.DataFrame(joined.reindex(columns=["code", *COUNTED], fill_value=0))


def _area_of(table: ir.Table, column: str, pair: Pair, place: str, by: Level | None) -> ir.StringValue:
    """The area of a row at level `by`; null where the row is not placed so deep or lies elsewhere."""
    code = table[column]
    none = ibis.null("string")
    if by is None:
        inside = code.notnull() if within(pair.area, place) else _lies_in(code, place)
        return ibis.ifelse(inside, ibis.literal(place), none)
    width = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}[by]
    return ibis.ifelse((code.length() >= width) & _lies_in(code, place), code.substr(0, width), none)


def _ordered(table: ir.Table, mask: Mask) -> list[ir.Value]:
    code = ibis.ifelse(_has(table, GONE), table.code_before, table.code)
    return [code.asc(nulls_first=False), _turn(table.position, table.position_before, mask)]


def _turn(position: ir.Value, before: ir.Value, mask: Mask) -> ir.Value:
    """By the name of the family's head, which the rows are stored by, or in an order that tells nothing of it."""
    told = ibis.coalesce(position, before)
    return told if mask.named else lists.shuffled(told.cast("string"))


# The rows behind the changes

COLUMNS: Final[dict[str, tuple[str, ColumnKind]]] = {
    "kecamatan_name": (N_("Kecamatan"), "text"),
    "kelurahan_name": (N_("Kelurahan or desa"), "text"),
    "kelurahan_name_before": (N_("Kelurahan before"), "text"),
    "kk": (FIELDS["kk"].label, "identifier"),
    "kk_before": (N_("No. KK before"), "identifier"),
    "nik": (FIELDS["nik"].label, "identifier"),
    "nik_before": (N_("NIK before"), "identifier"),
    "nik_state": (N_("State of the NIK"), "text"),
    "nik_state_before": (N_("State of the NIK before"), "text"),
    "name": (FIELDS["name"].label, "text"),
    "birth_date": (FIELDS["birth_date"].label, "date"),
    "sex": (FIELDS["sex"].label, "text"),
    "address": (FIELDS["address"].label, "text"),
    "rt": (FIELDS["rt"].label, "text"),
    "rw": (FIELDS["rw"].label, "text"),
    "decile": (FIELDS["decile"].label, "integer"),
    "decile_before": (N_("Decile before"), "integer"),
    "updated_on": (FIELDS["updated_on"].label, "date"),
    "updated_on_before": (N_("Last update before"), "date"),
    "identified_by": (N_("Recognised by"), "text"),
    "file_row": (N_("Row in the file"), "integer"),
    "file_row_before": (N_("Row in the earlier file"), "integer"),
}
"""The columns of a list of changes. Who left is described by the earlier snapshot."""
_BOTH: Final[dict[str, str]] = {
    "kelurahan_code": "string", "kk": "string", "nik": "string", "nik_state": "string", "decile": "int16",
    "updated_on": "date", "file_row": "int64",
}  # fmt: skip
"""Columns that are shown as they were before, too, with their types."""
_DESCRIBED: Final[dict[str, str]] = {
    "kecamatan_code": "string", "name": "string", "birth_date": "date", "sex": "string",
    "address": "string", "rt": "string", "rw": "string",
}  # fmt: skip


def _rows(pair: Pair, chosen: ir.Table, mask: Mask, near: Mapping[str, Sequence[Any]] | None = None) -> ir.Table:
    """The chosen changes with what both snapshots say of them; `near` are the positions of the few that are needed."""
    now = _described(pair.now, mask, near["position"] if near else None)
    before = _described(pair.before, mask, near["position_before"] if near else None)
    before = before.rename({f"{name}_before": name for name in before.columns})
    table = chosen.rename(change_position="position", change_position_before="position_before")
    table = table.left_join(now, table.change_position == now.position)
    table = table.left_join(before, table.change_position_before == before.position_before)
    gone = _has(table, GONE)
    own = {key: ibis.ifelse(gone, table[f"{key}_before"], table[key]) for key in _DESCRIBED}
    own |= {key: ibis.ifelse(gone, table[f"{key}_before"], table[key]) for key in ("kk", "nik")}
    table = table.mutate(
        **own,
        code=ibis.ifelse(gone, table.code_before, table.code),
        row_order=_turn(table.change_position, table.change_position_before, mask),
        identified_by=table.way,
    )
    return table


def _described(snapshot: Snapshot, mask: Mask, positions: Sequence[Any] | None) -> ir.Table:
    table = engine.parquet(snapshot.rows)
    if positions is not None:
        wanted = [position for position in positions if position is not None]
        table = table.filter(table.position.isin(wanted)) if wanted else table.filter(False)
    schema = {**_BOTH, **_DESCRIBED}
    values = {key: table[key].cast(kind) if key in table.columns else ibis.null(kind) for key, kind in schema.items()}
    return lists.shown(table.select("position", **values), mask)


def _page(pair: Pair, cut: Any, mask: Mask) -> pd.DataFrame:
    positions = cut.to_pydict()
    table = _rows(pair, ibis.memtable(cut), mask, positions)
    frame = table.order_by(table.code.asc(nulls_first=False), table.row_order).to_pandas()

    def name(code: object) -> str:
        return area.name if isinstance(code, str) and (area := reference.find(code)) else ""

    gone = (frame["bits"] & GONE) != 0
    own = frame["kelurahan_code"].where(~gone, frame["kelurahan_code_before"])
    frame = frame.assign(
        kelurahan_name=[name(code) for code in own],
        kelurahan_name_before=[name(code) for code in frame["kelurahan_code_before"]],
        kecamatan_name=[name(code) for code in frame["kecamatan_code"]],
        changes=[",".join(kind for kind, mask in _SAID.items() if bits & mask) for bits in frame["bits"]],
    )
    return pd.DataFrame(frame.reindex(columns=["changes", *COLUMNS]))


def _spoken(table: ir.Table, language: Language) -> ir.Table:
    """The rows with names of areas and words of the reader, for an export."""
    areas = engine.parquet(reference.REFERENCE)
    named = areas.select("kelurahan_code", "kelurahan", "kecamatan")
    own = ibis.ifelse(_has(table, GONE), table.kelurahan_code_before, table.kelurahan_code)
    here = named.rename(here="kelurahan_code", kelurahan_name="kelurahan", kecamatan_known="kecamatan")
    there = named.select(there="kelurahan_code", kelurahan_name_before="kelurahan")
    upper = areas.select(upper="kecamatan_code", kecamatan_name="kecamatan").distinct()
    table = table.mutate(own=own)
    table = table.left_join(here, table.own == here.here)
    table = table.left_join(there, table.kelurahan_code_before == there.there)
    table = table.left_join(upper, table.kecamatan_code == upper.upper)
    kinds = [
        ibis.ifelse(_has(table, bits), ibis.literal(translate(WORDS[kind], language)), ibis.null("string"))
        for kind, bits in _SAID.items()
    ]
    ways = [(table.way == way, translate(words, language)) for way, words in WAYS.items()]
    return table.mutate(
        changes=ibis.array(kinds).filter(lambda word: word.notnull()).join("; "),
        identified_by=ibis.cases(*ways, else_=ibis.null("string")),
    ).select("code", "row_order", "changes", *COLUMNS)


def _cover(asked: _Asked, scope: Scope, kind: str, rows: int, mask: Mask, language: Language) -> Cover:
    def say(message: str, **values: Value) -> str:
        return translate(message, language, **values)

    def described(snapshot: Snapshot) -> str:
        words = say(N_("{file}, data as of {period}"), file=snapshot.source.file, period=snapshot.period)
        return f"{words} · SHA-256 {snapshot.source.sha256}"

    place = reference.find(scope.place)
    lines = [
        (say(N_("Area")), f"{place.name} ({place.code})" if place else say(N_("All areas"))),
        (say(N_("Change")), say(WORDS.get(kind, kind))),
        *((say(N_("Newer file")), described(snapshot)) for snapshot in _once(p.now for p in asked.pairs)),
        *((say(N_("Earlier file")), described(snapshot)) for snapshot in _once(p.before for p in asked.pairs)),
        (say(N_("Rows")), say("{rows}", rows=rows)),
        (say(N_("Identifiers")), say(lists.NUMBERS[mask.in_full])),
        *([] if mask.named else [(say(N_("Names")), say(lists.NO_NAMES))]),
        *((say(label), say(definition)) for label, definition in DEFINITIONS),
        (say(N_("Created")), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z} · Padan {__version__}"),
    ]
    return Cover(say(N_("What changed between two snapshots")), tuple(lines), asked.context.sample)


# The comparison itself


def _changes(store: Store, pair: Pair) -> ir.Table:
    """Everybody who changed: code, code_before (deepest known area), position, position_before (in the snapshots'
    order), way, bits.
    """
    return engine.parquet(_kept(store, pair) / _file("compared", pair))


def _identified(store: Store, pair: Pair) -> ir.Table:
    """How many were recognised: code, code_before (deepest known area), way, persons."""
    return engine.parquet(_kept(store, pair) / _file("identified", pair))


def _file(what: str, pair: Pair) -> str:
    return f"{what}-with-{pair.before.id}-{VERSION}.parquet"


def _kept(store: Store, pair: Pair) -> Path:
    """The folder with both files, made where they are not there yet."""
    folder = store.path / "cubes" / pair.now.id
    files = [_file(what, pair) for what in ("identified", "compared")]
    if not all((folder / name).is_file() for name in files):
        with scratch(store.path) as aside:
            backend = engine.connect(aside)
            for name, table in zip(files, _compared(backend, pair), strict=True):
                query = f"COPY ({backend.compile(table)}) TO '{engine.quoted(aside / name)}'"
                backend.con.execute(f"{query} (FORMAT parquet, COMPRESSION zstd)")
            backend.disconnect()
            folder.mkdir(parents=True, exist_ok=True)
            for name in files:
                (aside / name).replace(folder / name)
    return folder


@dataclass(frozen=True)
class _Way:
    """How rows of two snapshots are recognised as one: equal `key` (columns), unless all `compared` differ."""

    name: str
    key: tuple[str, ...]
    compared: tuple[str, ...] = ()


_OF_PERSONS: Final = (
    _Way("register_id", ("person_id",)),
    # A NIK with another name and another birth date is a conflict, not a person.
    _Way("nik", ("nik",), ("name", "born")),
    _Way("nik_and_name", ("nik", "name")),
    _Way("same_family", ("who", "kk")),
    _Way("same_kelurahan", ("who", "kelurahan"), ("nik",)),
    _Way("same_city", ("who", "kabkota"), ("nik",)),
)
_OF_FAMILIES: Final = (_Way("kk", ("kk",)), _Way("family_id", ("family_id",)))


def recognised(store: Store, parts: Sequence[Part], earlier: Sequence[Part]) -> Iterator[tuple[Pair, pa.Table]]:
    """Who stands in both of two snapshots that can be compared: position and other (INT64, the rows' places in the
    newer and in the earlier snapshot), of the rows that speak for their units.
    """
    for pair in _paired(parts, earlier):
        with scratch(store.path) as aside:
            backend = engine.connect(aside)
            yield pair, backend.to_pyarrow(_same(backend, pair).pairs.select("position", "other"))
            backend.disconnect()


@dataclass(frozen=True)
class _Same:
    """Both sides, the pairs of their rows that are one (position, other, way), and the rows left on either side."""

    now: ir.Table
    before: ir.Table
    pairs: ir.Table
    rest: ir.Table
    rest_before: ir.Table
    ways: Sequence[_Way]


def _kept_table(backend: Backend, name: str, table: ir.Table) -> ir.Table:
    backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {backend.compile(table)}")
    return backend.table(name)


def _same(backend: Backend, pair: Pair) -> _Same:
    kept = partial(_kept_table, backend)
    now, before = (kept(name, _side(pair, one)) for name, one in (("now", pair.now), ("before", pair.before)))
    ways = _OF_FAMILIES if pair.now.grain == "family" else _OF_PERSONS
    rest, rest_before, found = now, before, []
    for way in ways:
        pairs = kept(f"by_{way.name}", _recognised(rest, rest_before, way))
        found.append(pairs)
        rest = kept(f"rest_{way.name}", rest.anti_join(pairs, "position"))
        rest_before = kept(f"rest_before_{way.name}", rest_before.anti_join(pairs, rest_before.position == pairs.other))
    return _Same(now, before, ibis.union(*found), rest, rest_before, ways)


def _compared(backend: Backend, pair: Pair) -> tuple[ir.Table, ir.Table]:
    """How many were recognised, and who changed."""
    kept, same = partial(_kept_table, backend), _same(backend, pair)
    now, before, pairs = same.now, same.before, same.pairs
    rest, rest_before, ways = same.rest, same.rest_before, same.ways
    joined = now.inner_join(pairs, "position")
    joined = joined.inner_join(before, joined.other == before.position, rname="{name}_before")
    bits = kept(
        "bits", joined.select("code", "code_before", "position", "position_before", "way", bits=_bits(joined, pair))
    )
    counted = bits.group_by("code", "code_before", "way").aggregate(persons=bits.count())
    counted = counted.order_by("code", "code_before", "way")
    open_now = kept("open_now", _open(rest, rest_before, ways))
    open_before = kept("open_before", _open(rest_before, rest, ways))
    text, number = ibis.null("string"), ibis.null("int64")
    came = rest.select(
        code="code", code_before=text, position="position", position_before=number, way=text,
        bits=_either(rest.position.isin(open_now.position), "undecided", "entered"),
    )  # fmt: skip
    went = rest_before.select(
        code=text, code_before="code", position=number, position_before="position", way=text,
        bits=_either(rest_before.position.isin(open_before.position), "undecided_before", "left"),
    )  # fmt: skip
    changes = ibis.union(bits.filter(bits.bits != 0), came, went)
    return counted, changes.order_by("code", "position", "code_before", "position_before")


def _side(pair: Pair, snapshot: Snapshot) -> ir.Table:
    """A snapshot's counted rows in the pair's area: what they are recognised by (numbers and names as 64-bit hashes)
    and what is compared.
    """
    table = engine.parquet(snapshot.rows)
    table = table.filter(table.counted)
    if snapshot.covers != pair.area:
        table = table.filter(table[f"{level_of(pair.area)}_code"] == pair.area)
    if "newest" in table.columns:
        table = table.filter(table.newest)
    category = REGISTERS[snapshot.register].category

    def text(key: str) -> ir.StringValue:
        return table[key] if key in table.columns else ibis.null("string")

    def number(*texts: ir.StringValue) -> ir.IntegerValue:
        """Null where one of the texts is. Who stands under several categories is told apart by them."""
        named = [text(category).fill_null("")] if category else []
        whole = ibis.literal("\x1f").join([*texts, *named]) if named or texts[1:] else texts[0]
        return ibis.ifelse(ibis.or_(*(one.isnull() for one in texts)), ibis.null("int64"), whole.hash())

    name = text("name").upper().re_replace("[^A-Z]", "").nullif("")
    born = table.birth_date if "birth_date" in table.columns else ibis.null("date")
    sex = text("sex").fill_null("") if {"sex"} <= set(pair.now.fields) & set(pair.before.fields) else ibis.literal("")
    shared = [key for key in pair.now.fields if key in pair.before.fields and key not in NOT_COMPARED]
    texts = [table[key].cast("string").fill_null("") for key in shared if not _dated(pair) and key in table.columns]
    return table.select(
        "position",
        code=ibis.coalesce(*(table[f"{level}_code"] for level in reversed(LEVELS))),
        kelurahan="kelurahan_code",
        kabkota="kabkota_code",
        person_id=number(text("person_register_id")),
        family_id=number(text("family_register_id")),
        kk=number(text("kk")),
        nik=number(text("nik")),
        name=ibis.ifelse(name.isnull(), ibis.null("int64"), name.hash()),
        born=born,
        who=number(name, born.cast("string"), sex),
        decile=(table.decile if "decile" in table.columns else ibis.null("int16")).fill_null(0),
        updated_on=table.updated_on if "updated_on" in table.columns else ibis.null("date"),
        print=ibis.literal("\x1f").join([table.kelurahan_code.fill_null(""), *texts]).hash() if texts else 0,
    )


def _recognised(rest: ir.Table, rest_before: ir.Table, way: _Way) -> ir.Table:
    """The rows that one way recognises: position, other (position in the earlier snapshot), way."""

    def alone(table: ir.Table) -> ir.Table:
        keyed = table.filter(*(table[key].notnull() for key in way.key))
        told = {key: keyed[key].min() for key in way.compared}
        found = keyed.group_by(*way.key).aggregate(position=keyed.position.min(), rows=keyed.count(), **told)
        return found.filter(found.rows == 1)

    pairs = alone(rest).inner_join(alone(rest_before), list(way.key), rname="{name}_before")
    if way.compared:
        differs = [(pairs[key] != pairs[f"{key}_before"]).fill_null(False) for key in way.compared]
        pairs = pairs.filter(~ibis.and_(*differs))
    return pairs.select("position", other="position_before", way=ibis.literal(way.name))


def _open(rest: ir.Table, other: ir.Table, ways: Sequence[_Way]) -> ir.Table:
    """Rows (position) of which nobody can say whether the other snapshot has them: several come into question, or the
    row has nothing to be recognised by.
    """
    nothing = ibis.and_(*(ibis.or_(*(rest[key].isnull() for key in way.key)) for way in ways))
    tables = [rest.filter(nothing)]
    for way in ways:
        if way.name == "same_city":
            # With two valid NIK and in different kelurahan they are two persons; where one is missing they may be one.
            tables.append(rest.semi_join(other.filter(other.nik.isnull()).select(*way.key), list(way.key)))
            rest = rest.filter(rest.nik.isnull())
        tables.append(rest.semi_join(other.select(*way.key), list(way.key)))
    return ibis.union(*(table.select("position") for table in tables), distinct=True)


def _bits(joined: ir.Table, pair: Pair) -> ir.IntegerValue:
    told = _told(pair)
    same = (joined.kk == joined.kk_before).fill_null(False) | (joined.family_id == joined.family_id_before).fill_null(
        False
    )
    known = (joined.kk == joined.kk_before).notnull() | (joined.family_id == joined.family_id_before).notnull()
    newer = (joined.updated_on > joined.updated_on_before.fill_null(ibis.date("1900-01-01"))) & (
        joined.updated_on <= ibis.literal(pair.now.period)
    )
    conditions = {
        "moved_kelurahan": joined.kelurahan != joined.kelurahan_before,
        "moved_family": known & ~same if pair.now.grain != "family" else ibis.literal(False),
        "decile": joined.decile != joined.decile_before if "decile" in told else ibis.literal(False),
        "updated": newer if _dated(pair) else joined["print"] != joined.print_before,
        "nik_mended": joined.nik_before.isnull() & joined.nik.notnull()
        if "nik_mended" in told
        else ibis.literal(False),
    }
    return reduce(or_, (_either(found, kind, "") for kind, found in conditions.items()))


def _either(condition: ir.BooleanValue, kind: str, other: str) -> ir.IntegerValue:
    return ibis.ifelse(
        condition.fill_null(False), ibis.literal(BITS[kind], "int32"), ibis.literal(BITS.get(other, 0), "int32")
    )
