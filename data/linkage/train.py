"""Learns what the shipped parameters say: `python -m data.linkage.train` writes them beside the linkages.

From pairs whose truth is known (`data.sample.pairs`, the training seeds alone) Splink counts how often records of the
same person agree to which degree (m), and among strangers how often they do (u). Where strangers who are looked at at
all agree more often than strangers do in general, because what is compared hangs together (who lives near was also
issued a NIK there), the former is counted.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from data import engine
from data.definitions import linkages
from data.definitions.catalogue import LINKAGES
from data.definitions.linkages import UNKNOWN, Candidates, Comparison, Model
from data.linkage import model as models
from data.linkage import records
from data.linkage.accuracy import Case, prepared
from data.sample import pairs

SEEDS: Final = pairs.TRAINING[::2]
SAMPLE: Final = 1_000
SMOOTHING: Final = 0.5
"""Pairs added to each degree, so that what was never seen stays possible."""

Chances = dict[str, dict[str, dict[str, float]]]


def train(seeds: Sequence[int] = SEEDS) -> dict[str, dict[str, Chances]]:
    """Parameters by linkage and model, learnt from labelled pairs of these seeds."""
    found: dict[str, list[Chances]] = {}
    for linkage, case in _cases(seeds):
        with tempfile.TemporaryDirectory() as spill, engine.connect(Path(spill)).con as con:
            records.load(con, case.left, case.right, LINKAGES[linkage].grain)
            for model in LINKAGES[linkage].models:
                found.setdefault(model.rule, []).append(_learnt(con, case, model))
    mean = {rule: _mean(each) for rule, each in found.items()}
    # No labelled list of children has family cards, none of families addresses: they agree as those of the others do.
    for rule in ("SIMILAR_PERSON", "PARENTS_IN_FAMILY"):
        mean[rule]["kk"] = mean["SIMILAR_FAMILY"]["kk"]
    mean["SIMILAR_FAMILY"]["address"] = mean["PARENTS_IN_FAMILY"]["address"]
    return {linkage.key: {model.rule: mean[model.rule] for model in linkage.models} for linkage in LINKAGES.values()}


def _cases(seeds: Sequence[int]) -> Iterator[tuple[str, Case]]:
    for seed in seeds:
        for linkage, masked in (("children", False), ("children", True), ("risk_families", False)):
            with tempfile.TemporaryDirectory() as folder:
                files = Path(folder, "files")
                if linkage == "children":
                    pair = pairs.children(files, seed, masked=masked)
                else:
                    pair = pairs.families(files, seed)
                yield linkage, prepared(pair, Path(folder, "store"), linkage)


def _learnt(con: duckdb.DuckDBPyConnection, case: Case, model: Model) -> Chances:
    """What the labelled pairs of one case say."""
    left, right = f"left_{case.linkage.grain}", f"right_{model.finds}"
    truth, known = (case.persons, case.people) if model.finds == "person" else (case.homes, case.houses)
    whose: dict[int, list[int]] = {}
    for unit, who in known.items():
        whose.setdefault(who, []).append(unit)
    open_ = set(truth)
    if model.finds != case.linkage.grain:  # A family is looked for where the child itself is not found.
        registered = frozenset(case.people.values())
        open_ = {unit for unit, mine in case.persons.items() if mine.isdisjoint(registered)}
    true = [(unit, other) for unit in sorted(open_) for who in truth[unit] for other in whose.get(who, ())]
    con.execute("CREATE OR REPLACE TEMP TABLE truth (left_unit BIGINT, right_unit BIGINT)")
    con.executemany("INSERT INTO truth VALUES (?, ?)", true)
    number = "unit" if model.finds == "person" else "family"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE labels AS SELECT 'a_left' AS source_dataset_l, l.unique_id AS unique_id_l,"
        f" 'b_right' AS source_dataset_r, r.unique_id AS unique_id_r FROM truth JOIN {left} AS l ON l.unit = left_unit"
        f" JOIN {right} AS r ON r.{number} = right_unit"
    )
    linker = models.linker(con, model, models.unseen(model), left, right)
    linker.training.estimate_m_from_pairwise_labels(  # type: ignore[no-untyped-call]
        linker._db_api.register("labels")
    )
    m, labels = models.learnt(linker, "m"), len(true)
    u, _ = models.strangers(con, model, left, right, SAMPLE)
    u |= {one.key: _among(con, model, one, left, right) for one in model.comparisons if one.among}
    found: Chances = {}
    for one in model.comparisons:
        if not m[one.key]:
            continue
        seen = {degree: m[one.key].get(degree, 0.0) * labels + SMOOTHING for degree in one.degrees}
        total = sum(seen.values())
        found[one.key] = {
            degree: {"m": seen[degree] / total, "u": max(u[one.key].get(degree, 0.0), 1 / SAMPLE**2)}
            for degree in one.degrees
        }
    return found


def _among(
    con: duckdb.DuckDBPyConnection, model: Model, comparison: Comparison, left: str, right: str
) -> dict[str, float]:
    """How often those strangers agree among whom the comparison is to be seen."""
    only = replace(model, candidates=(Candidates(comparison.among),), comparisons=(comparison,))
    ((lefts, pairs),) = con.execute(
        f"SELECT (SELECT count(*) FROM {left}), count(*) FROM {left} AS l JOIN {right} AS r ON {comparison.among}"
    ).fetchall()
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE some_left AS SELECT * FROM {left} ORDER BY hash(unique_id, 4), unique_id"
        f" LIMIT {max(lefts * SAMPLE**2 // max(pairs, 1), 1)}"
    )
    table = models.weighed(con, only, models.unseen(model), "some_left", right, -1e3)
    seen = dict(
        con.execute(
            f'SELECT "{comparison.key}", count(*) FROM {table} ANTI JOIN labels USING (unique_id_l, unique_id_r)'
            f" WHERE \"{comparison.key}\" <> '{UNKNOWN}' GROUP BY ALL"
        ).fetchall()
    )
    total = sum(seen.values()) + SMOOTHING * len(comparison.degrees)
    return {degree: (seen.get(degree, 0) + SMOOTHING) / total for degree in comparison.degrees}


def _mean(learnt: Sequence[Chances]) -> Chances:
    """The mean over cases; what one case does not know the others tell."""
    found: Chances = {}
    for key in dict.fromkeys(key for one in learnt for key in one):
        known = [one[key] for one in learnt if key in one]
        found[key] = {
            degree: {kind: float(f"{sum(one[degree][kind] for one in known) / len(known):.3g}") for kind in ("m", "u")}
            for degree in known[0]
        }
    return found


def main() -> None:
    """Writes the parameters beside the linkages."""
    for key, found in train().items():
        path = Path(linkages.__file__).with_name(f"{key}.json")
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
