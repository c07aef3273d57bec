"""Which further cells are withheld, so that no withheld one can be worked out: the cheapest choice, by mixed-integer
programming.

An attacker knows what is published, each number within its rounding, and how the numbers hang together. What is
withheld then lies between two bounds, found by two linear programmes; they have to be `threshold` apart. A master
programme chooses the cells; where the attacker still gets too close, the dual solution of the attack says which cells
would stop it, as a linear inequality that every safe choice fulfils (M. Fischetti, J. J. Salazar-González, *Solving the
cell suppression problem on tabular data with linear constraints*, Management Science 47, 2001), and the master chooses
again. What it chooses in the end is safe, and no safe choice is cheaper.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import highspy
import numpy as np
import numpy.typing as npt

from data.public.cells import Cell, Counts, Interval, Relation, Rules, components, empty, small, wholes

SECONDS: Final = 240.0
"""How long the cheapest choice is looked for. Afterwards a safe one is taken, with the gap that is proven."""
_NEAR: Final = 1e-6
_ZERO: Final = 1e-9

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Known = Mapping[tuple[Cell, date], Interval]
"""What everybody knows already: between what a count lies that was published before."""


@dataclass(frozen=True)
class Mask:
    """Cells that are withheld. `primary`: because they are small; `cost`: the weights of the others; `bound`: no safe
    choice costs less.
    """

    withheld: frozenset[Cell]
    primary: frozenset[Cell]
    cost: float
    bound: float
    rounds: int

    @property
    def gap(self) -> float:
        """How much dearer than the cheapest the choice may be, as a share of its cost."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost - self.bound > _NEAR else 0.0


def solve(
    counts: Counts,
    rules: Rules,
    kept: Collection[Cell] = (),
    known: Known | None = None,
    seconds: float = SECONDS,
) -> Mask:
    """The cheapest safe mask that withholds what is small and all of `kept`."""
    primary = small(counts, rules)
    until = time.monotonic() + seconds
    withheld: set[Cell] = set()
    cost = bound = 0.0
    rounds = 0
    forced = primary | (frozenset(kept) & frozenset(counts.values))
    for cells, relations in components(counts):
        if not forced & cells and not any(relation.counted and len(relation.parts) > 1 for relation in relations):
            continue
        part = _Component(counts, rules, sorted(cells), relations, forced & cells, known or {})
        chosen = part.solve(until)
        withheld |= chosen.withheld
        cost, bound, rounds = cost + chosen.cost, bound + chosen.bound, rounds + chosen.rounds
    return Mask(frozenset(withheld), primary, cost, bound, rounds)


@dataclass(frozen=True)
class _Cut:
    """Of the cells at `columns`, `values` have to add up to 1, if all cells at `when` are withheld."""

    columns: Ints
    values: Floats
    when: tuple[int, ...]


class _Component:
    """Cells that hang together: what the master chooses from."""

    def __init__(
        self,
        counts: Counts,
        rules: Rules,
        cells: Sequence[Cell],
        relations: Sequence[Relation],
        forced: frozenset[Cell],
        known: Known,
    ) -> None:
        self._cells = cells
        column = {cell: index for index, cell in enumerate(cells)}
        self._forced = np.array([cell in forced for cell in cells])
        self._costs = np.array([float(counts.weights.get(cell, 1.0)) for cell in cells])
        days = sorted({day for cell in cells for day in counts.values[cell]})
        self._attacks = [_Attack(counts, rules, column, relations, day, known) for day in days]
        self._forced_cost = float(self._costs[self._forced].sum())

    def solve(self, until: float) -> Mask:
        master = _Master(self._costs, self._forced)
        chosen, bound, rounds = self._forced.copy(), 0.0, 0
        while cuts := [cut for attack in self._attacks for cut in attack.cuts(chosen)]:
            rounds += 1
            left = until - time.monotonic()
            if left > 0:
                master.add(cuts)
                chosen, bound = master.choose(left)
            else:
                chosen = _mended(chosen, cuts, self._costs)
        cost = float(self._costs[chosen].sum()) - self._forced_cost
        withheld = frozenset(cell for cell, out in zip(self._cells, chosen, strict=True) if out)
        return Mask(withheld, frozenset(), cost, min(bound, cost), rounds)


def _mended(chosen: npt.NDArray[np.bool_], cuts: Sequence[_Cut], costs: Floats) -> npt.NDArray[np.bool_]:
    """More cells withheld, the cheapest for what they give first, until the cuts are fulfilled."""
    chosen = chosen.copy()
    for cut in cuts:
        missing = 1.0 - float(cut.values[chosen[cut.columns]].sum())
        order = np.argsort(costs[cut.columns] / cut.values, kind="stable")
        for at in order:
            if missing <= _NEAR:
                break
            if not chosen[cut.columns[at]]:
                chosen[cut.columns[at]] = True
                missing -= float(cut.values[at])
    return chosen


class _Master:
    """The choice of cells under all inequalities found so far."""

    def __init__(self, costs: Floats, forced: npt.NDArray[np.bool_]) -> None:
        self._solver = _quiet()
        count = len(costs)
        lower = forced.astype(float)
        self._solver.addVars(count, lower, np.ones(count))
        index = np.arange(count, dtype=np.int32)
        self._solver.changeColsCost(count, index, np.where(forced, 0.0, costs))
        kinds = np.full(count, highspy.HighsVarType.kInteger)
        self._solver.changeColsIntegrality(count, index, kinds)
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("mip_abs_gap", _NEAR)

    def add(self, cuts: Sequence[_Cut]) -> None:
        for cut in cuts:
            others = ~np.isin(cut.columns, cut.when)
            columns = np.append(cut.columns[others], cut.when).astype(np.int32)
            values = np.append(cut.values[others], -np.ones(len(cut.when)))
            self._solver.addRow(1.0 - len(cut.when), highspy.kHighsInf, len(columns), columns, values)

    def choose(self, seconds: float) -> tuple[npt.NDArray[np.bool_], float]:
        """The cheapest choice (the best that was found in the time), and what any choice costs at least."""
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(1.0, seconds))
        self._solver.run()
        solution = np.array(self._solver.getSolution().col_value)
        if not len(solution):
            return np.ones(self._solver.getNumCol(), dtype=bool), 0.0
        return solution > 0.5, float(self._solver.getInfo().mip_dual_bound)


class _Attack:
    """One date of a component as the attacker sees it, in deviations from the truth: 0 is what really is.

    A deviation lies between `near` bounds while the cell that `control`s it is published, and between `far` ones where
    it is withheld.
    """

    def __init__(
        self,
        counts: Counts,
        rules: Rules,
        column: Mapping[Cell, int],
        relations: Sequence[Relation],
        day: date,
        known: Known,
    ) -> None:
        self._near: list[Interval] = []
        self._far: list[Interval] = []
        self._control: list[int] = []
        self._targets: dict[int, tuple[int, ...]] = {}
        self._above = wholes(relations)
        rows: list[tuple[list[int], list[float]]] = []
        place: dict[Cell, int] = {}
        for cell in column:
            count = counts.at(cell, day)
            if count is not None:
                nobody = empty(cell, day, counts.values, self._above)
                when = (column[cell], *(column[whole] for whole in sorted(nobody)))
                place[cell] = self._counted(count, when, rules, known.get((cell, day)))
        for relation in relations:
            for cell in relation.cells:
                if cell in counts.exact and cell not in place and counts.at(cell, day) is not None:
                    place[cell] = self._variable((0.0, 0.0), (0.0, 0.0), -1)
            parts = [part for part in relation.parts if part in place]
            whole = counts.at(relation.whole, day)
            if whole is None or not parts:
                continue
            columns, values = [place[relation.whole], *map(place.__getitem__, parts)], [1.0, *[-1.0] * len(parts)]
            left = whole - sum(counts.values[part][day] for part in parts)
            if relation.kind == "rest":
                some = any(counts.values[part][day] for part in parts)
                nobody = (
                    empty(relation.whole, day, counts.values, self._above) | {relation.whole} if not whole else set()
                )
                when = tuple(column[one] for one in sorted(nobody))
                columns.append(self._left(relation, max(left, 0), some, when, column, rules))
                values.append(-1.0)
            rows.append((columns, values))
        self._open = np.array([control >= 0 for control in self._control])
        self._index = np.array(self._control, dtype=np.int64)
        self._bounds = [np.array(side, dtype=float).T for side in (self._near, self._far)]
        self._solver = self._programme(rows)
        self._needed = np.full(len(self._control), float(rules.threshold))
        # What is known from elsewhere may leave less room than that, whatever is withheld.
        low, high, _ = self._explore(np.ones(len(column), dtype=bool))
        self._needed = np.minimum(self._needed, high - low)

    def _variable(self, near: Interval, far: Interval, control: int) -> int:
        self._near.append(near)
        self._far.append(far)
        self._control.append(control)
        return len(self._control) - 1

    def _counted(self, count: int, when: tuple[int, ...], rules: Rules, told: Interval | None) -> int:
        column = when[0]
        # A small count is never published: what publishing it would tell does not matter.
        low, high = (count, count) if rules.small(count) else rules.known(rules.rounded(count))
        if told is not None and told[0] <= count <= told[1]:
            # Told once more, under another threshold, it may be known better.
            near = (max(low, told[0]) - count, min(high, told[1]) - count)
            return self._variable(near, (told[0] - count, told[1] - count), column)
        # Nobody is told openly, so that a withheld count is known to be of somebody.
        made = self._variable((low - count, high - count), (min(1.0, count) - count, np.inf), column)
        self._targets[made] = when
        return made

    def _left(
        self,
        relation: Relation,
        left: int,
        some: bool,
        when: tuple[int, ...],
        column: Mapping[Cell, int],
        rules: Rules,
    ) -> int:
        """Those of a whole who are in none of its parts: never fewer than nobody."""
        anything = (-float(left), np.inf)
        if not relation.counted:
            return self._variable(anything, anything, -1)
        control, near = -1, anything
        if len(relation.parts) == 1:
            # Who sees the part, and that it is not nobody, knows that the rest is not small.
            control = column[relation.parts[0]]
            near = (rules.threshold - float(left), np.inf) if some and left >= rules.threshold else anything
        made = self._variable(near, anything, control)
        if left < rules.threshold:
            self._targets[made] = (control, *when) if control >= 0 else when
        return made

    def _programme(self, rows: Sequence[tuple[list[int], list[float]]]) -> Any:
        solver = _quiet()
        count = len(self._control)
        solver.addVars(count, np.zeros(count), np.zeros(count))
        for columns, values in rows:
            solver.addRow(0.0, 0.0, len(columns), np.array(columns, dtype=np.int32), np.array(values))
        solver.setOptionValue("simplex_strategy", 4)
        return solver

    def cuts(self, chosen: npt.NDArray[np.bool_]) -> list[_Cut]:
        """What every safe choice fulfils and this one does not; empty where it is safe."""
        out = np.where(self._open, chosen[self._index], False)
        return [self._cut(target, sides, out) for target, sides in self._explore(chosen)[2].items()]

    def _explore(self, chosen: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, dict[int, list[Floats]]]:
        """How far every deviation was seen to go to both sides, and for targets that cannot go far enough the reduced
        costs of both programmes. A target that moved far enough while another one was driven is not driven itself.
        """
        out = np.where(self._open, chosen[self._index], False)
        lower, upper = (np.where(out, far, near) for near, far in zip(*self._bounds, strict=True))
        count = len(lower)
        self._solver.changeColsBounds(count, np.arange(count, dtype=np.int32), lower, upper)
        seen = np.zeros(count), np.zeros(count)
        narrow = {}
        for target in self._targets:
            enough = self._needed[target] - _NEAR
            if not chosen[list(self._targets[target])].all() or seen[1][target] - seen[0][target] >= enough:
                continue
            sides = [self._extreme(target, sign, lower, upper, seen) for sign in (-1.0, 1.0)]
            if seen[1][target] - seen[0][target] < enough:
                narrow[target] = sides
        return *seen, narrow

    def _extreme(self, target: int, sign: float, lower: Floats, upper: Floats, seen: tuple[Floats, Floats]) -> Floats:
        """Drives the target's deviation to one side; returns the reduced costs, and widens what was seen."""
        solver, far = self._solver, self._needed[target]
        solver.changeColBounds(target, max(lower[target], -far), min(upper[target], far))
        solver.changeColCost(target, sign)
        solver.run()
        solution = solver.getSolution()
        values = np.array(solution.col_value)
        np.minimum(seen[0], values, out=seen[0])
        np.maximum(seen[1], values, out=seen[1])
        solver.changeColCost(target, 0.0)
        solver.changeColBounds(target, lower[target], upper[target])
        reduced = np.array(solution.col_dual)
        reduced[np.abs(reduced) < _ZERO] = 0.0
        return reduced

    def _cut(self, target: int, sides: Sequence[Floats], out: npt.NDArray[np.bool_]) -> _Cut:
        """The attacker's range of the target as a function of the choice, from the duals of both sides."""
        (near_low, near_high), (far_low, far_high) = self._bounds
        constant, gain = 0.0, np.zeros(len(out))
        for reduced in sides:
            at_near = -(_times(reduced, near_low, reduced > 0) + _times(reduced, near_high, reduced < 0))
            at_far = -(_times(reduced, far_low, reduced > 0) + _times(reduced, far_high, reduced < 0))
            constant += float(at_near.sum())
            gain += np.where(self._open, at_far - at_near, 0.0)
        when = self._targets[target]
        own = self._open & np.isin(self._index, when)
        missing = float(self._needed[target]) - constant - float(gain[own].sum())
        if not _NEAR < missing < np.inf:
            # Rounding of the solver's own numbers: all that is certain is that more has to be withheld.
            columns = np.unique(self._index[self._open & ~out])
            return _Cut(columns, np.ones(len(columns)), when)
        columns, inverse = np.unique(self._index[gain > _ZERO], return_inverse=True)
        values = np.zeros(len(columns))
        np.add.at(values, inverse, gain[gain > _ZERO])
        others = ~np.isin(columns, when)
        return _Cut(columns[others], np.minimum(values[others] / missing, 1.0), when)


def _times(reduced: Floats, bounds: Floats, where: npt.NDArray[np.bool_]) -> Floats:
    product = np.zeros(len(reduced))
    product[where] = reduced[where] * bounds[where]
    return product


def _quiet() -> Any:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver
