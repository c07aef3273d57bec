"""From scored pairs to links: one record to at most one, candidates compete, decisions of people come first."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.definitions.linkages import Linkage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

SURE: Final = 40.0
"""What a certain rule adds to a pair's weight (log2 odds); a decision adds twice as much."""
HEAVIEST: Final = 200.0
ROUNDS: Final = 30
"""Turns in which the chances of competing candidates are settled; they differ by less than 1e-6 then."""


def resolve(pairs: pa.Table, decided: Mapping[int, str], linkage: Linkage) -> pa.Table:
    """The pairs with `probability` after the competition of candidates, `status` ("accepted", "review", "rejected") and
    `decided` ("", "accept", "reject", "unsure").

    `pairs` is what `data.linkage.score` writes, or a part of it that has all pairs of its left and right records;
    `decided` are verdicts by row. The order of the rows stays.
    """
    size = pairs.num_rows
    verdict = np.full(size, "", dtype=object)
    for row, word in decided.items():
        verdict[row] = word
    probability, status = np.zeros(size), np.full(size, "rejected", dtype=object)
    finds = np.asarray(pairs["finds"].to_pylist(), dtype=object)
    rules = np.asarray(pairs["rule"].to_pylist(), dtype=object)
    certain = np.isin(rules, [rule.key for rule in linkage.rules if rule.certain])
    doubted = np.isin(rules, [rule.key for rule in linkage.rules if not rule.links])
    settles = pairs["settles"].to_numpy() if size else np.zeros(0, dtype=bool)
    weights = np.clip(pairs["weight"].to_numpy(), -HEAVIEST, HEAVIEST) if size else np.zeros(0)
    weights = weights + SURE * certain + 2 * SURE * (verdict == "accept")
    open_ = (verdict != "reject") & (~doubted | (verdict == "accept"))
    for model in linkage.models:
        rows = np.flatnonzero((finds == model.finds) & open_)
        if not len(rows):
            continue
        # Several children have one family; nobody is two persons, and no family two families.
        alone = model.finds == linkage.grain
        edges = _Edges.of(pairs["left_entity"].to_numpy()[rows], pairs["right_entity"].to_numpy()[rows], weights[rows])
        chosen = edges.assigned(alone)[edges.at]
        chance = edges.chances(weights[rows], alone)
        good = certain[rows] | (settles[rows] & (chance >= model.accept_at))
        accepted = chosen & good & (verdict[rows] != "unsure") | (chosen & (verdict[rows] == "accept"))
        looked_at = (chance >= model.review_at) | (verdict[rows] == "unsure") | (certain[rows] & chosen)
        probability[rows] = chance
        status[rows] = np.where(accepted, "accepted", np.where(looked_at, "review", "rejected"))
    waiting = doubted & (verdict != "reject") & (verdict != "accept")
    probability[waiting] = pairs["probability"].to_numpy()[waiting]
    status[waiting] = "review"
    probability[verdict == "reject"] = 0.0
    probability[verdict == "accept"] = np.maximum(probability[verdict == "accept"], 0.999)
    if "probability" in pairs.column_names:
        pairs = pairs.drop_columns(["probability"])
    return (
        pairs.append_column("probability", pa.array(probability))
        .append_column("status", pa.array(status, pa.string()))
        .append_column("decided", pa.array(verdict, pa.string()))
    )


class _Edges:
    """Pairs of entities, each once with its heaviest weight; `at` is the edge of every pair."""

    def __init__(self, left: Ints, right: Ints, weight: Floats, at: Ints) -> None:
        self.left, self.right, self.weight, self.at = left, right, weight, at
        self.lefts, self.rights = int(left.max()) + 1, int(right.max()) + 1

    @classmethod
    def of(cls, left: Ints, right: Ints, weights: Floats) -> "_Edges":
        _, left = np.unique(left, return_inverse=True)
        rights, right = np.unique(right, return_inverse=True)
        keys, at = np.unique(left * len(rights) + right, return_inverse=True)
        heaviest = np.full(len(keys), -np.inf)
        np.maximum.at(heaviest, at, weights)
        return cls(keys // len(rights), keys % len(rights), heaviest, at)

    def assigned(self, alone: bool) -> Truths:
        """Which edges are chosen so that their weights add up to the most: one of a left entity and, where they stand
        `alone`, of a right one.
        """
        if not alone:
            return self._heaviest()
        chosen = np.zeros(len(self.weight), dtype=bool)
        nodes = self.lefts + self.rights
        graph = coo_array((np.ones(len(self.left)), (self.left, self.lefts + self.right)), shape=(nodes, nodes))
        _, component = connected_components(graph, directed=False)
        of = component[self.left]
        order = np.argsort(of, kind="stable")
        bounds = np.flatnonzero(np.diff(of[order], prepend=-1, append=-1))
        for first, last in pairwise(bounds):
            edges = order[first:last]
            if len(edges) == 1:
                chosen[edges] = self.weight[edges] > -HEAVIEST
            else:
                self._assign(edges, chosen)
        return chosen

    def _heaviest(self) -> Truths:
        order = np.lexsort((self.right, -self.weight, self.left))
        first = np.diff(self.left[order], prepend=-1) != 0
        chosen = np.zeros(len(self.weight), dtype=bool)
        chosen[order[first]] = True
        return chosen

    def _assign(self, edges: Ints, chosen: Truths) -> None:
        rows, row = np.unique(self.left[edges], return_inverse=True)
        columns, column = np.unique(self.right[edges], return_inverse=True)
        # What is no candidate costs so much that it is only taken where nothing else is left, and then not counted.
        gain = np.full((len(rows), len(columns)), -4 * HEAVIEST)
        gain[row, column] = self.weight[edges]
        own = np.full(gain.shape, -1)
        own[row, column] = edges
        picked = own[linear_sum_assignment(gain, maximize=True)]
        chosen[picked[picked >= 0]] = True

    def chances(self, weights: Floats, alone: bool) -> Floats:
        """How likely each pair is, given that others speak for the same records: the sum over all ways to link them,
        by belief propagation (exact where candidates form no circles).
        """
        odds = np.exp2(np.clip(self.weight, -100, 300))
        from_left, from_right = np.ones(len(odds)), np.ones(len(odds))
        for _ in range(ROUNDS if alone else 1):
            free = odds * from_right
            from_left = 1 / (1 + np.maximum(np.bincount(self.left, free, self.lefts)[self.left] - free, 0))
            if alone:
                free = odds * from_left
                from_right = 1 / (1 + np.maximum(np.bincount(self.right, free, self.rights)[self.right] - free, 0))
        own = np.exp2(np.clip(weights, -100, 300)) * (from_left * from_right)[self.at]
        found: Floats = own / (1 + own)
        return found
