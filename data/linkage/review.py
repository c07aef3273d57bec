"""The questions of the review screen: which pairs are worth a look, what one of them says, what was decided.

A pair is named by its run and its row in the run's pairs: a name that tells nothing about anybody.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data import engine
from data.access import BEYOND_AREA, Refused, Viewer, answers
from data.area import within
from data.definitions.catalogue import LINKAGES
from data.definitions.linkages import Finds, Linkage, Rule
from data.definitions.roles import Right
from data.linkage import beside, decisions, outcomes, runs
from data.linkage.beside import Line, Member, Origin, Record
from data.linkage.decisions import Decision, Verdict
from data.linkage.estimate import Estimate, estimate
from data.linkage.resolve import resolve
from data.linkage.runs import Run
from data.scope import Scope
from data.snapshots import Part, Store
from data.wording import N_

Kind = Literal["", "conflict", "person", "family", "sample", "unsure", "decided"]
"""What a pair is looked at for: numbers that contradict, the same person, the family; a sample; what was left open or
decided. "" is everything that is still to be looked at.
"""
TO_DO: Final = ("conflict", "person", "family", "sample")
SIZE: Final = 10
"""Pairs on one page of the queue."""
SAMPLE: Final = 40
"""Accepted and rejected pairs, of each as many, that are looked at to learn how often the matching is right."""
RIVALS: Final = 6
KEPT: Final = 2_000_000
"""Pairs that stay in memory (about half a gigabyte) when another question is asked."""
WIDE: Final = "speaks"
"""The column of a run's pairs that is read for the one pair that is looked at."""
NAMED: Final = ("left_part", "left_unit", "right_part", "right_unit", "finds")

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Item:
    """A pair in the queue. `probability` is a fraction, without the decision; `decided` is the newest decision."""

    key: str
    kind: Kind
    left: str = field(repr=False)
    right: str = field(repr=False)
    area: str
    probability: float
    status: str
    decided: Decision | None


@dataclass(frozen=True)
class Queue:
    """A page of pairs, the most useful first, and what is left: by kind, and of the asked kind by area (code → pairs;
    a pair lies where the left register puts it).

    `matched` is whether the place was matched at all; `runs` what the pairs come from.
    """

    linkage: str
    matched: bool
    runs: tuple[Run, ...]
    items: tuple[Item, ...]
    page: int
    pages: int
    counts: Mapping[Kind, int]
    areas: Mapping[str, int]


@dataclass(frozen=True)
class Step:
    """What one comparison says for a pair (positive) or against it, as the logarithm of a factor of odds to base 2."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True)
class Rival:
    """Another candidate for one of the two records; `for_left` where it competes for the left one."""

    key: str
    finds: Finds
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    area: str
    probability: float
    status: str
    for_left: bool


@dataclass(frozen=True)
class Pair:
    """A pair with everything that helps to decide about it; identifiers masked unless asked for and allowed.

    `alone` is the probability before other candidates of the same records are considered, `probability` after it and
    before anybody decided about the pair itself.
    `decisions` are all that are about the pair, the newest first. `counted` says whether the figures count the left
    record; `outcomes` is what becomes of it now, if accepted, if rejected (keys of the linkage's outcomes).
    """

    key: str
    linkage: str
    finds: Finds
    kind: Kind
    sample: bool
    rule: Rule
    status: str
    probability: float
    alone: float
    prior: float
    steps: tuple[Step, ...]
    left: Origin
    right: Origin
    lines: tuple[Line, ...]
    family: tuple[Member, ...] = field(repr=False)
    counted: bool
    outcomes: tuple[str, str, str]
    rivals: tuple[Rival, ...]
    decisions: tuple[Decision, ...]

    @property
    def persons(self) -> int:
        """How many people it shows."""
        return 1 + max(1, len(self.family)) + len(self.rivals)


class Overtaken(Exception):
    """A decision that is not taken back, because it is not the viewer's own, or not the newest one any more."""

    def __init__(self, newest: Decision) -> None:
        super().__init__(newest.id)
        self.newest = newest


@dataclass(frozen=True)
class Judged:
    """What became of a decision: the pair to be looked at next (empty where none is left), and what somebody else had
    decided meanwhile.
    """

    decision: Decision
    next: str
    overruled: Decision | None


# What a run holds


@dataclass(frozen=True)
class _Work:
    """A run's pairs in the order of its file, as arrays with an entry a pair, before anybody decided anything."""

    run: Run
    linkage: Linkage
    pairs: pa.Table
    left: Numbers
    component: Numbers
    status: npt.NDArray[np.object_]
    probability: npt.NDArray[np.float64]
    conflict: Bools
    person: Bools
    counted: Bools
    sample: Bools
    areas: tuple[str, ...]
    area: Numbers
    right_area: Numbers


@dataclass(frozen=True)
class _Standing:
    """The same after the decisions. `about` has the decisions about a pair, the newest first, by its row. `open` are
    pairs under review about whose left record nothing as good is accepted, `changes` those that the figures wait for.
    """

    status: npt.NDArray[np.object_]
    probability: npt.NDArray[np.float64]
    verdict: Mapping[int, Verdict]
    about: Mapping[int, tuple[Decision, ...]]
    open: Bools
    changes: Bools


_works: dict[Path, _Work] = {}
_standings: dict[Path, tuple[str, _Standing]] = {}
_lock = threading.Lock()


def _current(store: Store, scope: Scope, linkage: str) -> tuple[Run, ...]:
    """The runs that a question is about; of the others the oldest are forgotten where too many pairs are kept."""
    found = runs.current(store, linkage, scope.place, scope.period)
    with _lock:
        for folder in [one for one in _works if one not in {run.folder for run in found}]:
            if sum(work.pairs.num_rows for work in _works.values()) <= KEPT:
                break
            del _works[folder]
        for folder in set(_standings) - set(_works):
            del _standings[folder]
    return found


def _work(store: Store, run: Run) -> _Work:
    with _lock:
        if run.folder not in _works:
            _works[run.folder] = _read(store, run)
        return _works[run.folder]


def _standing(store: Store, run: Run) -> _Standing:
    """What the decisions make of a run; only pairs that have to do with a decided one are resolved again."""
    work, state = _work(store, run), decisions.state(store, run.linkage)
    kept = _standings.get(run.folder)
    if kept and kept[0] == state:
        return kept[1]
    found = _decided(work, decisions.decisions(store, run.linkage))
    with _lock:
        _standings[run.folder] = (state, found)
    return found


def _read(store: Store, run: Run) -> _Work:
    linkage = LINKAGES[run.linkage]
    names = [name for name in engine.schema(run.pairs).names if name != WIDE]
    pairs = engine.read(run.pairs, names)
    found = outcomes.undecided(store, run)
    resolved = found.select("pair", "status", "probability").to_pyarrow().sort_by("pair")
    finds, status = _texts(pairs["finds"]), _texts(resolved["status"])
    areas, area, right_area, counted = _places(run, linkage, pairs)
    return _Work(
        run=run,
        linkage=linkage,
        pairs=pairs,
        left=_numbered(pairs),
        component=_components(pairs, finds == linkage.grain),
        status=status,
        probability=_floats(resolved["probability"]),
        conflict=np.isin(_texts(pairs["rule"]), [rule.key for rule in linkage.rules if not rule.links]),
        person=finds == "person",
        counted=counted,
        sample=_sample(pairs, status, finds == linkage.grain),
        areas=areas,
        area=area,
        right_area=right_area,
    )


def _decided(work: _Work, made: Sequence[Decision]) -> _Standing:
    about = decisions.about(work.pairs, made)
    verdict = decisions.holding(about)
    status, probability = work.status.copy(), work.probability.copy()
    touched = np.flatnonzero(np.isin(work.component, work.component[list(verdict)]))
    if len(touched):
        at = {int(row): number for number, row in enumerate(touched)}
        new = resolve(work.pairs.take(pa.array(touched)), {at[row]: v for row, v in verdict.items()}, work.linkage)
        status[touched], probability[touched] = _texts(new["status"]), _floats(new["probability"])
    open_ = (status == "review") & (work.conflict | ~_surpassed(work, status == "accepted"))
    return _Standing(status, probability, verdict, about, open_, open_ & work.counted)


def _surpassed(work: _Work, accepted: Bools) -> Bools:
    """Whether something as good as a pair is accepted about its left record: a person, or for a family anything."""
    person, found = (np.isin(work.left, work.left[rows]) for rows in (accepted & work.person, accepted))
    surpassed: Bools = np.where(work.person, person, found)
    return surpassed


def _components(pairs: pa.Table, alone: Bools) -> Numbers:
    """The number of the group of pairs that compete, directly or through others, for the same records; only where a
    right record stands `alone` with one left record do pairs compete for it.
    """
    left, right = (np.asarray(pairs[f"{side}_entity"].to_numpy(), dtype=np.int64) for side in ("left", "right"))
    if not len(left):
        return left
    _, left = np.unique(left, return_inverse=True)
    _, right = np.unique(right, return_inverse=True)
    lefts = int(left.max()) + 1
    nodes = lefts + int(right.max()) + 1
    edges = (np.ones(int(alone.sum()), dtype=np.int8), (left[alone], lefts + right[alone]))
    numbered: Numbers = connected_components(coo_array(edges, shape=(nodes, nodes)), directed=False)[1].astype(np.int64)
    return numbered[left]


def _numbered(pairs: pa.Table) -> Numbers:
    """A number for each different record on the left."""
    texts = pc.binary_join_element_wise(*(pc.cast(pairs[key], pa.string()) for key in NAMED[:2]), ".")
    return np.asarray(pc.dictionary_encode(texts).combine_chunks().indices.to_numpy(zero_copy_only=False), np.int64)


def _sample(pairs: pa.Table, status: npt.NDArray[np.object_], fits: Bools) -> Bools:
    """Accepted and rejected pairs chosen by their fingerprints: by chance, and the same ones in every later run."""
    found = np.zeros(pairs.num_rows, dtype=np.bool_)
    for wanted in ("accepted", "rejected"):
        rows = np.flatnonzero(fits & (status == wanted))
        few = pairs.take(pa.array(rows)).select(["left_keys", "right_keys"])
        first = [pc.list_element(few[key], 0) if _filled(few[key]) else few[key] for key in few.column_names]
        if not all(map(_filled, (few[key] for key in few.column_names))):
            continue
        chance = pc.binary_join_element_wise(*(pc.utf8_reverse(key) for key in first), "")
        found[rows[np.asarray(pc.sort_indices(chance))[:SAMPLE]]] = True
    return found


def _filled(lists: pa.ChunkedArray) -> bool:
    return len(lists) > 0 and bool(pc.min(pc.list_value_length(lists)).as_py())


def _places(run: Run, linkage: Linkage, pairs: pa.Table) -> tuple[tuple[str, ...], Numbers, Numbers, Bools]:
    """Where both records of each pair lie (numbers into the codes), and whether the figures count the left one."""
    con = engine.connect().con
    con.register("pairs", pairs.select(list(NAMED)))
    con.execute("CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS row, * FROM pairs")
    lefts = [_areas(part, number, "left", "person") for number, part in enumerate(run.left)]
    rights = [
        _areas(part, number, "right", finds) for number, part in enumerate(run.right) for finds in get_args(Finds)
    ]
    con.execute(f"CREATE TEMP TABLE lefts AS {' UNION ALL '.join(lefts)}")
    con.execute(f"CREATE TEMP TABLE rights AS {' UNION ALL '.join(rights)}")
    counted = " UNION ALL ".join(_counted(linkage, part, number) for number, part in enumerate(run.left))
    table = con.sql(
        "SELECT coalesce(l.area, '') AS area, coalesce(r.area, '') AS right_area,"
        f" (p.left_part, p.left_unit) IN (SELECT (part, unit) FROM ({counted})) AS counted"
        " FROM numbered AS p LEFT JOIN lefts AS l ON l.part = p.left_part AND l.unit = p.left_unit"
        " LEFT JOIN rights AS r ON r.part = p.right_part AND r.unit = p.right_unit AND r.finds = p.finds"
        " ORDER BY p.row"
    ).to_arrow_table()
    both = np.concatenate([_texts(table["area"]), _texts(table["right_area"])])
    codes, numbers = np.unique(both.astype(str), return_inverse=True)
    half = len(numbers) // 2
    fits = np.asarray(table["counted"].to_numpy(), dtype=np.bool_)
    return tuple(map(str, codes)), numbers[:half].astype(np.int64), numbers[half:].astype(np.int64), fits


def _areas(part: Part, number: int, side: str, finds: Finds) -> str:
    """SELECT of where the units of a part lie that stand in a pair: part, unit, finds, area (the lowest level read)."""
    columns = engine.schema(part.snapshot.rows).names
    unit = "family_no" if finds == "family" else beside.unit_column(columns)
    order = [key for key in ("newest DESC NULLS LAST", "file_row") if key.partition(" ")[0] in columns]
    place = "coalesce(kelurahan_code, kecamatan_code, kabkota_code, province_code)"
    area = f"first({place} ORDER BY {', '.join(order)}) AS area"
    those = f"{side}_part = {number}" + (f" AND finds = '{finds}'" if side == "right" else "")
    return (
        f"SELECT {number} AS part, {unit} AS unit, '{finds}' AS finds, {area}"
        f" FROM read_parquet('{engine.quoted(part.snapshot.rows)}')"
        f" WHERE counted AND {unit} IN (SELECT {side}_unit FROM numbered WHERE {those}) GROUP BY {unit}"
    )


def _counted(linkage: Linkage, part: Part, number: int) -> str:
    """SELECT of the units of a left part that the figures are about: part, unit."""
    rows = engine.parquet(part.snapshot.rows)
    units = rows.filter(rows.counted, linkage.counts(rows)).select(unit=rows[beside.unit_column(rows.columns)])
    return f"SELECT {number} AS part, unit FROM ({engine.reader().compile(units)})"


def _texts(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.asarray(column.to_numpy(), dtype=object)


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


# What is left to do


@answers(Right.REVIEW)
def matched(store: Store, viewer: Viewer, scope: Scope) -> tuple[str, ...]:
    """The linkages that were matched for the place."""
    return tuple(key for key in LINKAGES if runs.current(store, key, scope.place, scope.period))


@answers(Right.REVIEW, persons=lambda page: 2 * len(page.items))
def queue(store: Store, viewer: Viewer, scope: Scope, linkage: str, kind: Kind = "", page: int = 1) -> Queue:
    """A page of the pairs that are looked at for `kind`, and how much of each kind is left in the scope's place; long
    numbers within names are masked.
    """
    found = _current(store, scope, linkage)
    seen = [(run, _visible(store, run, viewer, scope.place)) for run in found]
    counts: dict[Kind, int] = {one: sum(len(_rows(store, r, v, one)) for r, v in seen) for one in _ALL}
    rows = _ordered(store, seen, kind)
    areas: dict[str, int] = {}
    for run, row in rows:
        work = _work(store, run)
        code = work.areas[work.area[row]]
        areas[code] = areas.get(code, 0) + 1
    pages = max(1, -(-len(rows) // SIZE))
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * SIZE : page * SIZE]
    return Queue(
        linkage=linkage,
        matched=bool(found),
        runs=found,
        items=_items(store, shown),
        page=page,
        pages=pages,
        counts=counts,
        areas=areas,
    )


_ALL: Final[tuple[Kind, ...]] = ("", "conflict", "person", "family", "sample", "unsure", "decided")


def _visible(store: Store, run: Run, viewer: Viewer, place: str) -> Bools:
    """Pairs whose left record lies in the place, and both of whose records the viewer may see by name."""
    work = _work(store, run)
    inside = np.array([within(code, place) for code in work.areas], dtype=np.bool_)
    allowed = np.array([viewer.may(Right.REVIEW, code) for code in work.areas], dtype=np.bool_)
    seen: Bools = (inside & allowed)[work.area] & allowed[work.right_area]
    return seen


def _rows(store: Store, run: Run, visible: Bools, kind: Kind) -> Numbers:
    """The rows of a run's pairs that are looked at for `kind`."""
    work, standing = _work(store, run), _standing(store, run)
    verdict = {row: v for row, v in standing.verdict.items() if visible[row]}
    if kind == "decided":
        return np.array(sorted(verdict), dtype=np.int64)
    if kind == "unsure":
        return np.array(sorted(row for row, v in verdict.items() if v == "unsure"), dtype=np.int64)
    undecided = visible.copy()
    undecided[list(verdict)] = False
    under_review = undecided & standing.open
    sample = undecided & work.sample & (standing.status != "review")
    wanted = {
        "": under_review | sample,
        "conflict": under_review & work.conflict,
        "person": under_review & ~work.conflict & work.person,
        "family": under_review & ~work.conflict & ~work.person,
        "sample": sample,
    }[kind]
    return np.flatnonzero(wanted)


def _ordered(store: Store, seen: Sequence[tuple[Run, Bools]], kind: Kind) -> list[tuple[Run, int]]:
    """The pairs of several runs, the most useful first: those that change a figure, doubts before contradictions, the
    most doubtful before the nearly sure, samples last. Decided ones come newest first.
    """
    found = [_rows(store, run, visible, kind) for run, visible in seen]
    keys = [_urgency(store, run, rows, kind) for (run, _), rows in zip(seen, found, strict=True)]
    if not found:
        return []
    numbers = np.concatenate([np.full(len(rows), number) for number, rows in enumerate(found)])
    rows = np.concatenate(found)
    order = np.lexsort((rows, numbers, *reversed(np.concatenate(keys, axis=1))))
    return [(seen[numbers[at]][0], int(rows[at])) for at in order]


def _urgency(store: Store, run: Run, rows: Numbers, kind: Kind) -> npt.NDArray[np.float64]:
    """Keys to sort rows by, the first one first, the smallest first."""
    work, standing = _work(store, run), _standing(store, run)
    if kind in ("decided", "unsure"):
        return np.array([[-standing.about[int(row)][0].at.timestamp() for row in rows]], dtype=np.float64)
    doubt = np.round(np.abs(work.probability[rows] - 0.5), 4)
    sample = standing.status[rows] != "review"
    return np.stack([sample, ~standing.changes[rows], work.conflict[rows], doubt]).astype(np.float64)


@answers(Right.REVIEW)
def quality(store: Store, viewer: Viewer, scope: Scope, linkage: str) -> Estimate:
    """How good the matching of the place's registers is, as far as their pairs were reviewed."""
    return estimate(store, runs.current(store, linkage, scope.place, scope.period))


def _items(store: Store, rows: Sequence[tuple[Run, int]]) -> tuple[Item, ...]:
    looked_up = _looked_up(store, rows)
    items = []
    for run, row in rows:
        work, standing = _work(store, run), _standing(store, run)
        left, right = looked_up[run.id, row]
        about = standing.about.get(row)
        items.append(
            Item(
                key=key_of(run, row),
                kind=_kind(work, standing, row),
                left=_name(left, unmasked=False),
                right=_name(right, unmasked=False),
                area=work.areas[work.area[row]],
                probability=_likeness(work, standing, row),
                status=str(standing.status[row]),
                decided=about[0] if about and about[0].verdict != "withdraw" else None,
            )
        )
    return tuple(items)


def _kind(work: _Work, standing: _Standing, row: int) -> Kind:
    if work.conflict[row]:
        return "conflict"
    if work.sample[row] and standing.status[row] != "review":
        return "sample"
    return "person" if work.person[row] else "family"


def _likeness(work: _Work, standing: _Standing, row: int) -> float:
    """The probability of a pair; of a decided one what it was before anybody decided."""
    return float(work.probability[row] if row in standing.verdict else standing.probability[row])


def _name(record: Record | None, unmasked: bool) -> str:
    return beside.shown(record.values.get("name", ""), unmasked) if record else ""


def _member(member: Member, unmasked: bool) -> Member:
    name, relation = (beside.shown(text, unmasked) for text in (member.name, member.relation))
    return replace(member, name=name, relation=relation)


def _looked_up(
    store: Store, rows: Iterable[tuple[Run, int]], families: bool = False
) -> dict[tuple[str, int], tuple[Record | None, Record | None]]:
    """Both records of some pairs; few questions to each file, however many pairs."""
    wanted: dict[_Place, tuple[Part, set[int]]] = {}
    sides: dict[tuple[str, int], list[tuple[_Place, int]]] = {}
    for run, row in rows:
        named = _work(store, run).pairs.slice(row, 1).select(list(NAMED)).to_pylist()[0]
        both: tuple[tuple[Part, int, Finds, bool], ...] = (
            (run.left[named["left_part"]], named["left_unit"], "person", True),
            (run.right[named["right_part"]], named["right_unit"], named["finds"], False),
        )
        for part, unit, finds, left in both:
            place = (part.snapshot.rows, finds, left)
            wanted.setdefault(place, (part, set()))[1].add(unit)
            sides.setdefault((run.id, row), []).append((place, unit))
    found = {
        place: beside.records(part, units, place[1], place[2], families) for place, (part, units) in wanted.items()
    }
    return {pair: (found[one[0]].get(one[1]), found[other[0]].get(other[1])) for pair, (one, other) in sides.items()}


_Place = tuple[Path, Finds, bool]
"""A file of rows, what is looked for in it, and whether it is on the left."""


# One pair


def key_of(run: Run, row: int) -> str:
    return f"{run.id}.{row}"


@answers(Right.REVIEW, persons=lambda found: found.persons)
def pair(store: Store, viewer: Viewer, scope: Scope, linkage: str, key: str, unmasked: bool = False) -> Pair | None:
    """The pair of this name; None where the place's runs have none. Raises Refused for records that the viewer may not
    see by name.
    """
    found = _find(store, viewer, scope, linkage, key)
    if found is None:
        return None
    run, row = found
    work, standing = _work(store, run), _standing(store, run)
    left, right = _looked_up(store, [found], families=True)[run.id, row]
    if left is None or right is None:
        return None
    full = unmasked and viewer.unmasked
    told = _whole(run, row)
    steps = _steps(work.linkage, told["speaks"] or ())
    return Pair(
        key=key,
        linkage=linkage,
        finds=told["finds"],
        kind=_kind(work, standing, row),
        sample=bool(work.sample[row]),
        rule=next((one for one in work.linkage.rules if one.key == told["rule"]), Rule(told["rule"], told["rule"], "")),
        status=str(standing.status[row]),
        probability=_likeness(work, standing, row),
        alone=float(told["probability"]),
        prior=float(told["weight"]) - sum(step.weight for step in steps),
        steps=steps,
        left=left.origin,
        right=right.origin,
        lines=beside.lines(left, right, work.linkage.grain, told["finds"], full),
        family=tuple(_member(one, full) for one in right.family),
        counted=bool(work.counted[row]),
        outcomes=_outcomes(work, standing, row),
        rivals=_rivals(store, viewer, run, row, full),
        decisions=standing.about.get(row, ()),
    )


def _find(store: Store, viewer: Viewer, scope: Scope, linkage: str, key: str) -> tuple[Run, int] | None:
    name, _, row = key.rpartition(".")
    run = next((run for run in _current(store, scope, linkage) if run.id == name), None)
    if run is None or not row.isdecimal() or int(row) >= _work(store, run).pairs.num_rows:
        return None
    if not _visible(store, run, viewer, "")[int(row)]:
        raise Refused(BEYOND_AREA)
    return run, int(row)


def _whole(run: Run, row: int) -> dict[str, Any]:
    """A row of a run's pairs with everything; only its part of the file is read."""
    with engine.open_parquet(run.pairs) as file:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if row < size:
                found: dict[str, Any] = file.read_row_group(group).slice(row, 1).to_pylist()[0]
                return found
            row -= size
    raise KeyError(row)


def _steps(linkage: Linkage, speaks: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """What speaks for and against a pair in words, the strongest first."""
    compared = {one.key: one for model in linkage.models for one in model.comparisons}
    steps = []
    for said in speaks:
        comparison = compared.get(said["comparison"])
        levels = {one.key: one.label for one in comparison.agreements} if comparison else {}
        level = {"differs": N_("differs"), "unknown": N_("not known")} | levels
        steps.append(
            Step(
                comparison.label if comparison else said["comparison"],
                level.get(said["level"], said["level"]),
                float(said["weight"]),
            )
        )
    return tuple(sorted(steps, key=lambda step: -abs(step.weight)))


def _rivals(store: Store, viewer: Viewer, run: Run, row: int, unmasked: bool) -> tuple[Rival, ...]:
    """The best other candidates of the same left record, then of the same right person."""
    work, standing = _work(store, run), _standing(store, run)
    visible = _visible(store, run, viewer, "")
    same_left = work.left == work.left[row]
    pair = work.pairs.slice(row, 1).to_pylist()[0]
    same_right = (
        np.asarray(pc.equal(work.pairs["right_unit"], pair["right_unit"]))
        & np.asarray(pc.equal(work.pairs["right_part"], pair["right_part"]))
        & (_texts(work.pairs["finds"]) == pair["finds"])
        & (work.person if work.linkage.grain == "person" else True)
    )
    others = np.flatnonzero((same_left | same_right) & visible)
    best = sorted((int(one) for one in others if one != row), key=lambda one: (-standing.probability[one], one))
    best = sorted(best[:RIVALS], key=lambda one: not same_left[one])
    looked_up = _looked_up(store, [(run, one) for one in best])
    rivals = []
    for one in best:
        record = looked_up[run.id, one][1 if same_left[one] else 0]
        if record is not None:
            rivals.append(
                Rival(
                    key=key_of(run, one),
                    finds="person" if work.person[one] else "family",
                    name=_name(record, unmasked),
                    birth_date=record.values.get("birth_date", ""),
                    area=record.origin.area,
                    probability=_likeness(work, standing, one),
                    status=str(standing.status[one]),
                    for_left=bool(same_left[one]),
                )
            )
    return tuple(rivals)


def _outcomes(work: _Work, standing: _Standing, row: int) -> tuple[str, str, str]:
    """What becomes of the left record now, if the pair is accepted, and if it is rejected."""
    rows = np.flatnonzero(work.component == work.component[row])
    at = {int(one): number for number, one in enumerate(rows)}
    made = {at[one]: verdict for one, verdict in standing.verdict.items() if one in at}
    pairs, own = work.pairs.take(pa.array(rows)), work.left[rows] == work.left[row]

    def outcome(status: npt.NDArray[np.object_]) -> str:
        return _outcome(work, pairs.filter(pa.array(own & (status == "accepted"))), pairs.slice(at[row], 1))

    def after(verdict: Verdict) -> str:
        return outcome(_texts(resolve(pairs, made | {at[row]: verdict}, work.linkage)["status"]))

    return outcome(standing.status[rows]), after("accept"), after("reject")


def _outcome(work: _Work, accepted: pa.Table, pair: pa.Table) -> str:
    """What becomes of a left record with these accepted links; `pair` is one of its pairs, accepted or not."""
    same = (pc.field(name) == pair[name][0].as_py() for name in ("left_part", "left_unit"))
    told = engine.read(work.run.units).filter(reduce(and_, same))
    usable = told.num_rows == 0 or bool(told["usable"][0].as_py())
    links = sorted(accepted.to_pylist(), key=lambda one: (one["finds"] != "person", -one["probability"]))
    if not links:
        return outcomes.outcome(work.linkage, usable)
    best = links[0]
    return outcomes.outcome(work.linkage, usable, best["finds"], _decile(work, best))


def _decile(work: _Work, pair: Mapping[str, Any]) -> int | None:
    if work.linkage.grain == "person":
        return None
    part = work.run.right[pair["right_part"]]
    deciles = outcomes.deciles((part,))
    found = deciles.filter(deciles.family_no == pair["right_unit"]).to_pyarrow()["decile"].to_pylist()
    return int(found[0]) if found else None


# Decisions


@answers(Right.REVIEW)
def judge(
    store: Store,
    viewer: Viewer,
    scope: Scope,
    linkage: str,
    key: str,
    verdict: Verdict,
    note: str = "",
    kind: Kind = "",
    seen: str = "",
) -> Judged | None:
    """Keeps what the viewer says of a pair; None where there is no such pair, or nothing to be taken back.

    `seen` is the newest decision about the pair (its id) that the viewer knew of: of a newer one by somebody else the
    answer tells. Both are kept, the newest counts. Only one's own decision can be taken back, and only while it is the
    newest (raises Overtaken).
    """
    found = _find(store, viewer, scope, linkage, key)
    if found is None:
        return None
    run, row = found
    before = _keys(store, viewer, scope, linkage, kind)
    standing = _standing(store, run)
    about = standing.about.get(row, ())
    if verdict == "withdraw" and not about:
        return None
    if verdict == "withdraw" and (about[0].who, about[0].id) != (viewer.name, seen):
        raise Overtaken(about[0])
    overruled = about[0] if about and about[0].id != seen and about[0].verdict != "withdraw" else None
    work = _work(store, run)
    told = work.pairs.slice(row, 1).to_pylist()[0] | {"probability": _likeness(work, standing, row)}
    made = decisions.decide(store, viewer, linkage, told, verdict, note, work.areas[work.area[row]])
    left = [one for one in _keys(store, viewer, scope, linkage, kind) if one != key]
    later = set(before[before.index(key) + 1 :] if key in before else before)
    return Judged(made, next((one for one in left if one in later), left[0] if left else ""), overruled)


@answers(Right.REVIEW)
def around(store: Store, viewer: Viewer, scope: Scope, linkage: str, kind: Kind, key: str) -> tuple[str, str]:
    """The pairs before and after one in its queue; empty at its ends."""
    keys = _keys(store, viewer, scope, linkage, kind)
    if key not in keys:
        return "", keys[0] if keys else ""
    at = keys.index(key)
    return keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else ""


def _keys(store: Store, viewer: Viewer, scope: Scope, linkage: str, kind: Kind) -> list[str]:
    seen = [(run, _visible(store, run, viewer, scope.place)) for run in _current(store, scope, linkage)]
    return [key_of(run, row) for run, row in _ordered(store, seen, kind)]
