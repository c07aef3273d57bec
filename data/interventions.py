"""The questions about needs and programmes: how many families need what, appear eligible, receive or miss a programme,
and what concerns one family. Counts by area; names come from the by-name list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd
import pyarrow.compute as pc

from data import aliases, eligibility, engine
from data.access import Viewer, answers, narrowed, of_place
from data.area import within
from data.definitions import programmes
from data.definitions.programmes import FACTS, NEEDS, PROGRAMMES, Amount
from data.definitions.roles import Right
from data.eligibility import BY_FAMILY, REGISTERS, STATES
from data.places.reference import LEVELS, Level, covered_by
from data.queries import NO_CONTEXT, Context, Period, Source, areas
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store


@dataclass(frozen=True)
class Number:
    families: int
    persons: int


@dataclass(frozen=True)
class Summary:
    """The figures of a place. `register` is the social register whose families they are about ("" where there is none),
    `numbers` and `before` (at the compared date) are by kind and key, see `data.eligibility.counts`; a pair that is
    missing is nobody. `told`: programmes of which something says who receives them. `lacking`: facts that nothing tells
    about anybody.
    """

    register: str
    context: Context
    numbers: Mapping[tuple[str, str], Number]
    before: Mapping[tuple[str, str], Number]
    told: frozenset[str]
    lacking: frozenset[str]

    def families(self, kind: str, key: str = "") -> int:
        found = self.numbers.get((kind, key))
        return found.families if found else 0

    def with_needs(self, least: int) -> int:
        """Families with so many unanswered needs, or more."""
        told = ((key, number) for (kind, key), number in self.numbers.items() if kind == eligibility.SEVERAL_NEEDS)
        return sum(number.families for needs, number in told if int(needs) >= least)


@dataclass(frozen=True)
class NeedOf:
    """A need of a family; `open` where nothing that is received answers it. Texts are messages."""

    key: str
    label: str
    agency: str
    open: bool
    do: str


@dataclass(frozen=True)
class ProgrammeOf:
    """What a programme is to a family: None is not known, or cannot be decided. `agency` and `need` are keys, texts are
    messages; `amounts` are those in force at the date of the register.
    """

    key: str
    label: str
    agency: str
    need: str
    eligible: bool | None
    receives: bool | None
    missing: bool
    unexplained: bool
    amounts: tuple[Amount, ...]
    basis: str


@dataclass(frozen=True)
class FamilyInterventions:
    """`place` is that of the register."""

    needs: tuple[NeedOf, ...]
    programmes: tuple[ProgrammeOf, ...]
    place: str = ""


NOTHING: Final = FamilyInterventions((), ())


@answers(Right.FIGURES, of_place)
def register(store: Store, viewer: Viewer, place: str, period: date | None = None) -> str:
    """The newest social register by name that speaks for the whole region around a place, so that the figures of areas
    add up; "" where there is none.
    """
    found = [one for one in store.candidates(REGISTERS, place) if one.grain not in BY_FAMILY]
    found = [one for one in found if period is None or one.period <= period]
    region = min((one.covers for one in found if within(place, one.covers)), key=len, default=place)
    for key in dict.fromkeys(one.register for one in found):
        parts = store.select(key, region, period, without=BY_FAMILY)
        if region and covered_by(region, [part.covers for part in parts]):
            return key
    return found[0].register if found else ""


@answers(Right.FIGURES, narrowed)
def places(store: Store, viewer: Viewer) -> tuple[str, ...]:
    """Places with a social register by name; of larger ones the parts that the viewer reaches."""
    found = {one.place for one in store.candidates(REGISTERS, "") if one.grain not in BY_FAMILY}
    return tuple(sorted({area for place in found for area in viewer.ground(place)}))


@answers(Right.FIGURES)
def periods(store: Store, viewer: Viewer, scope: Scope) -> tuple[Period, ...]:
    """The dates of the register that the figures are about, newest first."""
    key = register(store, viewer, scope.place, scope.period)
    found = {one.period: one.sample for one in store.candidates(key, scope.place) if one.grain not in BY_FAMILY}
    return tuple(Period(day, sample) for day, sample in sorted(found.items(), reverse=True))


@answers(Right.FIGURES)
def summary(store: Store, viewer: Viewer, scope: Scope) -> Summary:
    """The figures of the scope's place at its date and at the compared one."""
    key = register(store, viewer, scope.place, scope.period)
    context = _context(store, viewer, scope, key)
    now, before = (_parts(store, key, scope.place, day) for day in (context.period, context.compare))
    whole = [_whole(store, part, scope.period) for part in now]
    known = {fact for told in whole for kind, fact in told if kind == "fact"}
    return Summary(
        register=key,
        context=context,
        numbers=_of_place(store, now, scope),
        before=_of_place(store, before, scope),
        told=frozenset(one for told in whole for kind, one in told if kind == "told"),
        lacking=frozenset(FACTS) - known,
    )


@answers(Right.FIGURES)
def by_area(store: Store, viewer: Viewer, scope: Scope, by: Level) -> pd.DataFrame:
    """A row an area of level `by` in the place: code, name, parent, parent_name, and numbers of families, Int64, NA
    where no register speaks of the area: registered, `<kind>_<key>` for everything that is counted somewhere in the
    place (see `data.eligibility.counts`), and each of them at the compared date as `<column>_before`.
    """
    key = register(store, viewer, scope.place, scope.period)
    context = _context(store, viewer, scope, key)
    frame = areas(scope.place, by).set_index("code", drop=False)
    now, before = (
        _wide(store, _parts(store, key, scope.place, day), by, scope.period)
        for day in (context.period, context.compare)
    )
    names = list(now.columns)
    found = pd.concat(
        [now.reindex(frame.index), before.reindex(index=frame.index, columns=names).add_suffix("_before")], axis=1
    )
    return pd.concat([frame, found.astype("Int64")], axis=1).reset_index(drop=True)


@answers(Right.PEOPLE, narrowed, persons=lambda told: bool(told.needs or told.programmes), at=lambda told: told.place)
def of_family(
    store: Store, viewer: Viewer, snapshot: str, family_no: int, asked: date | None = None
) -> FamilyInterventions:
    """What concerns a family of a social register, as known at the `asked` date: `snapshot` is its id, `family_no` the
    family's number in it, for those who do not see names its alias. NOTHING for other registers. Raises KeyError where
    there is no such snapshot, Refused where the viewer may not see the family.
    """
    source = store.snapshot(snapshot)
    if source.register not in REGISTERS or source.grain in BY_FAMILY:
        return NOTHING
    members = engine.parquet(source.rows)
    if not viewer.named:
        family_no = aliases.number_of(store, family_no)
    members = members.filter(members.family_no == family_no).select(*(f"{level}_code" for level in LEVELS))
    viewer.require_list(_where(members.to_pyarrow().to_pylist(), source))
    return of(store, source, family_no, asked)


def of(store: Store, source: Snapshot, family_no: int, asked: date | None) -> FamilyInterventions:
    """The same for those who are known to see the family."""
    if source.register not in REGISTERS or source.grain in BY_FAMILY:
        return NOTHING
    table = eligibility.families(store, source, asked)
    rows = table.filter(table.family_no == family_no).to_pyarrow().to_pylist()
    there = {name: {key for row in rows for key in row[name]} for name in ("needs", "open", *STATES)}
    told = {one for kind, one in _whole(store, Part(source, source.place), asked) if kind == "told"}
    needs = tuple(
        NeedOf(need.key, need.label, need.agency, need.key in there["open"], need.do)
        for need in NEEDS.values() if need.key in there["needs"]
    )  # fmt: skip
    offered = programmes.of_region(source.place)
    found = tuple(_programme(key, there, key in told, source) for key in offered)
    return FamilyInterventions(needs, found, source.place)


def _where(rows: Sequence[Mapping[str, str]], source: Snapshot) -> str:
    """The smallest area that holds all of these rows; what lies outside the register's place belongs to the place."""
    read = [next((row[f"{level}_code"] for level in reversed(LEVELS) if row[f"{level}_code"]), "") for row in rows]
    codes = [code if within(code, source.place) else source.place for code in read]
    deepest = min(codes, key=len, default=source.place)
    return deepest if all(within(code, deepest) for code in codes) else source.place


def _programme(key: str, there: Mapping[str, set[str]], told: bool, source: Snapshot) -> ProgrammeOf:
    one = PROGRAMMES[key]
    terms = one.terms_on(source.period)
    eligible = True if key in there["eligible"] else None if key in there["undecided"] else False
    return ProgrammeOf(
        key=key,
        label=one.label,
        agency=one.agency,
        need=one.need,
        eligible=eligible,
        receives=key in there["receives"] if told else None,
        missing=key in there["missing"],
        unexplained=key in there["unexplained"],
        amounts=terms.amounts if terms else (),
        basis=terms.basis if terms else "",
    )


# How the answers are put together


def _parts(store: Store, key: str, place: str, day: date | None) -> tuple[Part, ...]:
    return store.select(key, place, day, without=BY_FAMILY) if key and day else ()


def _context(store: Store, viewer: Viewer, scope: Scope, key: str) -> Context:
    """What the figures are about: the dates of the register, and every source that tells something of its families. A
    date is compared with only where the same sources stood beside it.
    """
    days = [one.date for one in periods(store, viewer, scope)] if key else []
    period = next((day for day in days if not scope.period or day <= scope.period), None)
    if period is None:
        return NO_CONTEXT
    compare = next((day for day in days if day < period and (not scope.compare or day <= scope.compare)), None)
    parts = _parts(store, key, scope.place, period)
    own, beside = [part.snapshot for part in parts], _beside(store, parts, scope.period)
    # Otherwise a register that came in meanwhile would look like a change in the families.
    earlier = _parts(store, key, scope.place, compare)
    compare = compare if _beside(store, earlier, scope.period) == beside else None
    found = tuple({one.id: one for one in (*own, *beside)}.values())
    return Context(
        period=max(one.period for one in own),
        compare=compare,
        since=None,
        derived=False,
        sample=any(one.sample for one in found),
        sources=tuple(map(Source.of, found)),
    )


def _beside(store: Store, parts: Sequence[Part], asked: date | None) -> tuple[Snapshot, ...]:
    """What is known beside the social register."""
    found = (one for part in parts for one in eligibility.sources(store, part.snapshot, asked).snapshots)
    return tuple({one.id: one for one in found}.values())


def _whole(store: Store, part: Part, asked: date | None = None) -> set[tuple[str, str]]:
    """The facts and the receipts that are told of anybody: ("fact" | "told", key)."""
    table = eligibility.counts(store, part, asked)
    table = table.filter((pc.field("level") == "") & (pc.field("persons") > 0))
    return set(zip(table["kind"].to_pylist(), table["key"].to_pylist(), strict=True))


def _of_place(store: Store, parts: Sequence[Part], scope: Scope) -> dict[tuple[str, str], Number]:
    """The numbers of a place, from every part as far as it lies in it."""
    found: dict[tuple[str, str], Number] = {}
    for part in parts:
        table = eligibility.counts(store, part, scope.period)
        table = table.filter(pc.field("code") == part.place)
        for row in table.to_pylist():
            before = found.get((row["kind"], row["key"]), Number(0, 0))
            found[row["kind"], row["key"]] = Number(before.families + row["families"], before.persons + row["persons"])
    return found


def _wide(store: Store, parts: Sequence[Part], by: Level, asked: date | None) -> pd.DataFrame:
    """Families by area (index: code) and what they are counted by; nought where an area has none of something."""
    frames = []
    for part in parts:
        table = eligibility.counts(store, part, asked)
        table = table.filter(pc.field("level") == by)
        frame = table.select(["code", "kind", "key", "families"]).to_pandas()
        frames.append(frame[[within(code, part.place) for code in frame["code"]]])
    if not frames:
        return pd.DataFrame()
    every = pd.concat(frames)
    every["column"] = (every["kind"] + "_" + every["key"]).str.rstrip("_")
    wide: pd.DataFrame = every.pivot_table(
        index="code", columns="column", values="families", aggfunc="sum", fill_value=0
    )
    return wide
