"""What becomes of every record of the left register: the links that are accepted, and what those under review could
still change.

PADAN_HOME/cubes/<run>/resolved-<version>-<decisions>.parquet   the run's pairs with the decisions about them
                       undecided-<version>-0.parquet            the same without them
                       outcomes-<version>-<decisions>.parquet   a row a unit of the left register
                       figures-<version>-<decisions>.parquet    how many, by area
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from data import cubes, engine
from data.area import within
from data.definitions.catalogue import LINKAGES
from data.definitions.filters import FILTERS
from data.definitions.linkages import Linkage
from data.home import scratch
from data.linkage import decisions
from data.linkage.decisions import NONE, Decision
from data.linkage.runs import Run, current
from data.places.reference import LEVELS, Level, covered_by
from data.snapshots import Part, Snapshot, Store

VERSION: Final = 1
"""Goes up whenever what is kept changes, so that older files are made again."""
KEPT: Final = 4
"""So many states of the decisions are kept: somebody may still be reading the one before."""

REGISTERED, FAMILY_ONLY, UNREGISTERED = "registered", "family_only", "unregistered"
NO_DECILE, HIGHER = "no_decile", "decile_5_10"
TO_DO: Final = "gap"
"""Code of the filter for everything that somebody has to do something about."""
REVIEW: Final = "review"


def resolved(store: Store, run: Run) -> ir.Table:
    """The run's pairs with what was decided: its columns, probability (after the competition of candidates), status
    ("accepted" | "review" | "rejected"), decided, and `pair` (INT64), the row in the run's pairs.
    """
    return engine.parquet(_kept(store, run, "resolved", _resolved))


def undecided(store: Store, run: Run) -> ir.Table:
    """The same as if nobody had decided anything: what the matching itself says."""
    return engine.parquet(_kept(store, run, "undecided", _undecided, NONE))


def units(store: Store, run: Run) -> ir.Table:
    """A row a counted unit on the left: left_part, left_unit, usable, outcome, possible (outcomes that it can still
    get, its own among them), and the link that speaks for it, else the likeliest under review (null where there is
    neither): pair, finds, rule, probability, status, right_part, right_unit, right_row (the first row of the right
    unit in its file), right_kelurahan (its code).
    """
    return engine.parquet(_kept(store, run, "outcomes", _units))


def figures(store: Store, run: Run) -> ir.Table:
    """Numbers of units by area: level, code, the measure `Linkage.counted`, and for each of `Linkage.measures` KEY,
    KEY_low, KEY_high; `review`: units that can still get another outcome. Add nothing over levels.
    """
    return engine.parquet(_kept(store, run, "figures", _figures))


def numbers(store: Store, linkage: Linkage, place: str, by: Level, day: date | None) -> dict[str, dict[str, int]]:
    """The figures (see `figures`) of the areas of level `by` in a place, by code, from the runs that serve the day.

    An area is left out where a part of it was not matched, or where the right register does not speak for all of it:
    half a figure would look like a low one.
    """
    serving = current(store, linkage.key, place, day)
    found: dict[str, dict[str, int]] = {}
    for run in serving:
        for code, row in _by_code(_kept(store, run, "figures", _figures), by).items():
            if within(code, place):
                before = found.get(code, {})
                found[code] = {key: number + before.get(key, 0) for key, number in row.items()}
    lefts = [part.covers for part in store.select(linkage.left, place, day)]
    return {code: row for code, row in found.items() if _told(code, lefts, serving)}


@lru_cache(maxsize=128)
def _by_code(path: Path, by: Level) -> Mapping[str, Mapping[str, int]]:
    """The figures of a level by code. A stored file never changes, so it is read once for all places."""
    rows = [row for row in engine.read(path).to_pylist() if row.pop("level") == by]
    return {row.pop("code"): row for row in rows}


def _told(code: str, lefts: Sequence[str], serving: Sequence[Run]) -> bool:
    for covers in lefts:
        if within(covers, code) or within(code, covers):
            area = max(covers, code, key=len)
            run = next((run for run in serving if within(area, run.place)), None)
            if run is None or not covered_by(area, [part.covers for part in run.right]):
                return False
    return True


def meant(linkage: Linkage, code: str) -> tuple[str, ...]:
    """The outcomes that a code of the filter `match` stands for: one, those of a measure, or those to act upon."""
    keys = tuple(outcome.key for outcome in linkage.outcomes)
    if code == TO_DO:
        return tuple(outcome.key for outcome in linkage.outcomes if outcome.do and outcome.key != REGISTERED)
    if code in keys:
        return (code,)
    return next((told for measure, told in linkage.measures.items() if measure.endswith(f"_{code}")), ())


def codes(register: str) -> dict[str, str]:
    """The codes of the filter `match` for a register, in words; none where it is not matched with another."""
    linkage = of(register)
    return {} if linkage is None else {c: w for c, w in FILTERS["match"][1].items() if c == REVIEW or meant(linkage, c)}


def of(register: str) -> Linkage | None:
    """The linkage that says what becomes of a register's records."""
    return next((linkage for linkage in LINKAGES.values() if linkage.left == register), None)


def outcome(linkage: Linkage, usable: bool, finds: str | None = None, decile: int | None = None) -> str:
    """What becomes of a unit whose accepted link finds this (None: it has no link)."""
    if finds is None:
        return UNREGISTERED if usable else linkage.undecided
    if linkage.grain == "family":
        return NO_DECILE if decile is None else f"decile_{decile}" if decile <= 4 else HIGHER
    return REGISTERED if finds == "person" else FAMILY_ONLY


def joined(store: Store, run: Run, part: Part, rows: ir.Table) -> ir.Table:
    """The rows of a left part (see `cubes.people`) with what became of their units: `match` (the outcome), match_open
    (whether it can still change), match_counts (whether the figures are about the row), match_status, match_rule,
    match_probability, match_kelurahan (of the right record), possible. Null where the run has not matched the snapshot,
    and for rows of areas for which no right register speaks: nobody could be found there.
    """
    linkage = LINKAGES[run.linkage]
    number = next((n for n, own in enumerate(run.left) if own.snapshot.id == part.snapshot.id), None)
    found = units(store, run)
    found = found.filter(found.left_part == number) if number is not None else found.filter(False)
    found = found.select(
        "possible", matched_unit="left_unit", match="outcome", match_open=found.possible.length() > 1,
        match_status="status", match_rule="rule", match_probability="probability", match_kelurahan="right_kelurahan",
    )  # fmt: skip
    spoken = ibis.or_(*(cubes.lies_in(rows, part.covers) for part in run.right)).fill_null(False)
    rows = rows.mutate(match_counts=(linkage.counts(rows) & spoken).fill_null(False))
    return rows.left_join(found, (unit_of(rows) == found.matched_unit) & spoken).drop("matched_unit")


def unit_of(rows: ir.Table) -> ir.IntegerValue:
    """The number of what the register counts; every row of a register without identities stands for itself."""
    number: ir.IntegerValue = rows["unit_no" if "unit_no" in rows.columns else "file_row"]
    return number


# Making


def _kept(store: Store, run: Run, name: str, make: Callable[[Store, Run, Path], None], state: str = "") -> Path:
    folder = store.path / "cubes" / run.id
    path = folder / f"{name}-{VERSION}-{state or decisions.state(store, run.linkage)}.parquet"
    if not path.is_file() and run.expired and (older := _newest(folder, name)):
        return older
    if not path.is_file():
        with scratch(store.path) as aside:
            make(store, run, aside / path.name)
            folder.mkdir(parents=True, exist_ok=True)
            (aside / path.name).replace(path)
        for one in _by_age(folder, name)[KEPT:]:
            one.unlink(missing_ok=True)
    return path


def _by_age(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}-*.parquet"), key=lambda one: one.stat().st_mtime, reverse=True)


def _newest(folder: Path, name: str) -> Path | None:
    """What was made last while there were names to make it of."""
    return next(iter(_by_age(folder, name)), None)


def _resolved(store: Store, run: Run, target: Path) -> None:
    _resolve(run, decisions.decisions(store, run.linkage), target)


def _undecided(_: Store, run: Run, target: Path) -> None:
    _resolve(run, (), target)


def _resolve(run: Run, made: Sequence[Decision], target: Path) -> None:
    from data.linkage.resolve import resolve

    pairs = engine.read(run.pairs)
    found = resolve(pairs, decisions.applied(pairs, made), LINKAGES[run.linkage])
    numbered = found.append_column("pair", pa.array(range(found.num_rows), pa.int64()))
    engine.write(numbered, target)


def _units(store: Store, run: Run, target: Path) -> None:
    linkage = LINKAGES[run.linkage]
    pairs = _leading(linkage, run, resolved(store, run))
    accepted = _first(pairs.filter(pairs.status == "accepted"), pairs.rank)
    open_ = pairs.filter(pairs.status == "review")
    own = engine.parquet(run.units).drop("position")
    nothing = ibis.ifelse(own.usable, UNREGISTERED, linkage.undecided)
    table = own.left_join(accepted, ["left_part", "left_unit"]).drop("left_part_right", "left_unit_right")
    table = table.mutate(outcome=ibis.coalesce(table.leads, nothing), rank=table.rank.fill_null(_NO_LINK))
    # What is found less sure than the link that is there changes nothing.
    has = table.select(the_part="left_part", the_unit="left_unit", has="rank")
    better = open_.inner_join(has, [open_.left_part == has.the_part, open_.left_unit == has.the_unit])
    better = better.filter(better["rank"] < better.has)
    could = better.group_by("left_part", "left_unit").aggregate(open=better.leads.collect())
    table = table.left_join(could, ["left_part", "left_unit"]).drop("left_part_right", "left_unit_right")
    itself = ibis.array([table.outcome])
    table = table.mutate(possible=ibis.ifelse(table.open.isnull(), itself, itself.concat(table.open)).unique().sort())
    likeliest = _first(better, better["rank"]).select(*_KEYS, **{f"open_{key}": key for key in _LINK})
    table = table.left_join(likeliest, ["left_part", "left_unit"]).drop("left_part_right", "left_unit_right")
    link = {key: ibis.coalesce(table[key], table[f"open_{key}"]) for key in _LINK}
    table = table.select(*_KEYS, "usable", "outcome", "possible", **link)
    table = with_right_rows(run, table)
    engine.write(table.order_by(*_KEYS), target)


_KEYS: Final = ("left_part", "left_unit")
_LINK: Final = ("pair", "finds", "rule", "probability", "status", "right_part", "right_unit")
_NO_LINK: Final = 9


def _first(pairs: ir.Table, rank: ir.Value) -> ir.Table:
    """Of every left unit the pair that says most: the surest kind, then the likeliest."""
    order = [pairs["rank"], pairs.probability.desc(), pairs.pair]
    turn = ibis.row_number().over(group_by=[pairs.left_part, pairs.left_unit], order_by=order)
    first = pairs.mutate(turn=turn)
    return first.filter(first.turn == 0).select(*_KEYS, *_LINK, "leads", "rank")


def _leading(linkage: Linkage, run: Run, pairs: ir.Table) -> ir.Table:
    """The pairs that count or could, with the outcome that each leads to (`leads`) and how much it says (`rank`)."""
    pairs = pairs.filter(pairs.status != "rejected").select(*_KEYS, *_LINK)
    if linkage.grain == "person":
        known = {one.key for one in linkage.outcomes}
        pairs = pairs if FAMILY_ONLY in known else pairs.filter(pairs.finds == "person")
        person = pairs.finds == "person"
        return pairs.mutate(
            leads=ibis.ifelse(person, REGISTERED, FAMILY_ONLY), rank=ibis.ifelse(person, 0, 1).cast("int8")
        )
    told = deciles(run.right)
    pairs = pairs.left_join(told, [pairs.right_part == told.the_part, pairs.right_unit == told.family_no]).drop(
        "the_part", "family_no"
    )
    leads = ibis.cases(
        (pairs.decile.isnull(), NO_DECILE), (pairs.decile <= 4, ibis.literal("decile_") + pairs.decile.cast("string")),
        else_=HIGHER,
    )  # fmt: skip
    return pairs.mutate(leads=leads, rank=ibis.literal(0, "int8")).drop("decile")


def with_right_rows(run: Run, table: ir.Table) -> ir.Table:
    """The table (right_part, right_unit, finds) with the first row of each right unit: right_row (as its file numbers
    it), right_kelurahan (code).
    """
    found = []
    for number, part in enumerate(run.right):
        rows = engine.parquet(part.snapshot.rows)
        rows = rows.filter(rows.counted)
        for finds, unit in (("person", unit_of(rows)), ("family", rows.family_no)):
            first = rows.group_by(the_unit=unit).aggregate(
                right_row=rows.file_row.min(), right_kelurahan=rows.kelurahan_code.argmin(rows.file_row)
            )
            keys = {"the_part": ibis.literal(number, "int16"), "the_finds": ibis.literal(finds)}
            wanted = table.filter(table.right_part == number, table.finds == finds).select(the_unit="right_unit")
            found.append(first.semi_join(wanted, "the_unit").mutate(**keys))
    first = ibis.union(*found)
    joined = table.left_join(
        first,
        [table.right_part == first.the_part, table.right_unit == first.the_unit, table.finds == first.the_finds],
    )
    return joined.drop("the_part", "the_unit", "the_finds")


def deciles(right: Sequence[Part]) -> ir.Table:
    """The decile of every family: the_part, family_no, decile, as the member says that was updated last."""
    tables = []
    for number, part in enumerate(right):
        rows = engine.parquet(part.snapshot.rows)
        rows = rows.filter(rows.counted, rows.decile.notnull())
        day = rows.updated_on if "updated_on" in rows.columns else ibis.null("date")
        newest = ibis.row_number().over(group_by=rows.family_no, order_by=[day.desc(nulls_first=False), rows.file_row])
        rows = rows.mutate(newest_told=newest)
        tables.append(
            rows.filter(rows.newest_told == 0).select("family_no", "decile", the_part=ibis.literal(number, "int16"))
        )
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def _figures(store: Store, run: Run, target: Path) -> None:
    linkage = LINKAGES[run.linkage]
    tables = [_counted(store, run, part, linkage) for part in run.left]
    rows = ibis.union(*tables) if len(tables) > 1 else tables[0]
    by_level = []
    for level in LEVELS:
        at = rows.filter(rows[f"{level}_code"].notnull())
        found = at.group_by(code=at[f"{level}_code"]).aggregate(
            **{name: at.unit.nunique(where=fits) for name, fits in _measured(linkage, at).items()}
        )
        by_level.append(found.mutate(level=ibis.literal(level)))
    engine.write(ibis.union(*by_level).order_by("level", "code"), target)


def _counted(store: Store, run: Run, part: Part, linkage: Linkage) -> ir.Table:
    rows = joined(store, run, part, cubes.people(store, part))
    unit = ibis.literal(part.snapshot.id) + "-" + unit_of(rows).cast("string")
    told = ("match", "match_counts", "match_open", "possible")
    return rows.select(*(f"{level}_code" for level in LEVELS), *told, unit=unit)


def _measured(linkage: Linkage, rows: ir.Table) -> dict[str, ir.BooleanValue]:
    found = {linkage.counted: rows.match_counts, "review": rows.match_open}
    for key, outcomes in linkage.measures.items():
        those = ibis.or_(*(rows.possible.contains(one) for one in outcomes))
        others = [rows.possible.contains(one.key) for one in linkage.outcomes if one.key not in outcomes]
        found |= {key: rows.match.isin(outcomes), f"{key}_low": those & ~ibis.or_(*others), f"{key}_high": those}
    return {name: fits & rows.match_counts for name, fits in found.items()}


def snapshots(runs: Sequence[Run]) -> tuple[Snapshot, ...]:
    """The snapshots behind runs, those of the left register first."""
    sides = [part.snapshot for run in runs for part in run.left] + [p.snapshot for run in runs for p in run.right]
    return tuple({one.id: one for one in sides}.values())
