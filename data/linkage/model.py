"""A declared model for Splink: its settings in the dialect of an engine, its parameters, and its weighing of pairs.

The probabilities *m* (how often records of the same person agree so) are learnt from labelled pairs and shipped beside
the linkage (see `data.linkage.train`); the probabilities *u* (how often strangers do) are counted in the registers at
hand, where rare events lean on the shipped ones. How rare a name is is counted by Splink in the registers at hand.
"""

import itertools
import json
import logging
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import sqlglot
from splink import DuckDBAPI, Linker
from sqlglot import exp

from data.definitions import linkages
from data.definitions.linkages import DIFFERS, UNKNOWN, Comparison, Model

Dialect = Literal["duckdb", "spark"]
Chances = Mapping[str, Mapping[str, Mapping[str, float]]]
"""m and u by comparison and degree."""

SAMPLE: Final = 400
"""Records of either side among whom strangers are counted, each with each."""
LEANING: Final = 10
"""How many strangers seen to agree weigh as much as the shipped chance that they do."""
LEAST: Final = 1e-9
UNSEEN: Final = math.pi / 10
_numbers: Final = itertools.count()

_ALIKE: Final = "a = b OR levenshtein(a, b) <= 2 AND length(a) >= 7"
_PART: Final = "length(a) >= 3 AND length(b) >= 3 AND (contains(a, b) OR contains(b, a))"
_MEANINGS: Final[Mapping[str, Mapping[Dialect, str]]] = {
    "ANY_SAME": {"duckdb": "list_has_any({0}, {1})", "spark": "arrays_overlap({0}, {1})"},
    "HOW_MANY": {"duckdb": "len({0})", "spark": "size({0})"},
    "ALL_IN": {"duckdb": "list_has_all({1}, {0})", "spark": "size(array_except({0}, {1})) = 0"},
    "ANY_ALIKE": {
        "duckdb": "{1} IS NOT NULL AND"
        f" len(list_filter({{0}}, lambda a: len(list_filter({{1}}, lambda b: {_ALIKE})) > 0)) > 0",
        "spark": f"{{1}} IS NOT NULL AND exists({{0}}, a -> exists({{1}}, b -> {_ALIKE}))",
    },
    "ALL_ALIKE": {
        "duckdb": "CASE WHEN len({0}) > 1 THEN"
        f" len(list_filter({{0}}, lambda a: len(list_filter({{1}}, lambda b: {_ALIKE})) > 0)) = len({{0}}) END",
        "spark": f"size({{0}}) > 1 AND forall({{0}}, a -> exists({{1}}, b -> {_ALIKE}))",
    },
    "ANY_PART": {
        "duckdb": f"len(list_filter({{0}}, lambda a: len(list_filter({{1}}, lambda b: {_PART})) > 0)) > 0",
        "spark": f"exists({{0}}, a -> exists({{1}}, b -> {_PART}))",
    },
}
"""What the functions over lists are called (Splink does not see a column that stands in a lambda alone); *alike*: one
or two letters of a name differ; *all* of several names.
"""


def translated(condition: str, dialect: Dialect) -> str:
    """A declared condition in the dialect of an engine.

    >>> translated("any_same(a_l, a_r)", "spark")
    'ARRAYS_OVERLAP(a_l, a_r)'
    """

    def meant(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Anonymous) and node.name.upper() in _MEANINGS:
            said = _MEANINGS[node.name.upper()][dialect].format(*(one.sql(dialect) for one in node.expressions))
            return exp.Paren(this=sqlglot.parse_one(said, dialect=dialect))
        return node

    return _bare(sqlglot.parse_one(condition, dialect="duckdb").transform(meant)).sql(dialect)


def _bare(condition: exp.Expression) -> exp.Expression:
    return condition.this if isinstance(condition, exp.Paren) else condition


def settings(model: Model, chances: Chances, dialect: Dialect = "duckdb") -> dict[str, Any]:
    """The model as Splink's settings. Weights are without the prior: as if every second pair were a true one."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 0.5,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "comparisons": [_comparison(one, chances.get(one.key, {}), dialect) for one in model.comparisons],
        "blocking_rules_to_generate_predictions": [
            {
                "blocking_rule": translated(one.when, dialect),
                "sql_dialect": dialect,
                **({"arrays_to_explode": list(one.each)} if one.each else {}),
            }
            for one in model.candidates
        ],
    }


def _comparison(comparison: Comparison, chances: Mapping[str, Mapping[str, float]], dialect: Dialect) -> dict[str, Any]:
    def level(key: str, condition: str, rarity: str = "") -> dict[str, Any]:
        known = {f"{name}_probability": max(chance, LEAST) for name, chance in chances.get(key, {}).items()}
        rare = {"tf_adjustment_column": rarity, "tf_adjustment_weight": 1.0} if rarity else {}
        return {"sql_condition": condition, "label_for_charts": key, **known, **rare}

    return {
        "output_column_name": comparison.key,
        "comparison_levels": [
            {
                "sql_condition": translated(comparison.unknown, dialect),
                "label_for_charts": UNKNOWN,
                "is_null_level": True,
            },
            *(level(one.key, translated(one.when, dialect), one.rarity) for one in comparison.agreements),
            level(DIFFERS, "ELSE"),
        ],
    }


@cache
def shipped(linkage: str) -> Mapping[str, Chances]:
    """The parameters that stand beside a linkage, by model."""
    path = Path(linkages.__file__).with_name(f"{linkage}.json")
    found: Mapping[str, Chances] = json.loads(path.read_text(encoding="utf-8"))
    return found


@contextmanager
def silent() -> Iterator[None]:
    """Splink tells of its work on the log, with samples of what it sees."""
    logger = logging.getLogger("splink")
    before, disabled = logger.level, logger.disabled
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.disabled = disabled


def linker(con: duckdb.DuckDBPyConnection, model: Model, chances: Chances, left: str, right: str) -> Linker:
    """Splink's linker over two tables of `data.linkage.records`; what is `left` stays on the left."""
    api, tables = DuckDBAPI(con), []
    for side, table in (("a_left", left), ("b_right", right)):
        name = f"{side}_{next(_numbers)}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {_needed(con, model, table)} FROM {table}")
        tables.append(api.register(name, dataset_display_name=side))
    return Linker(tables, settings(model, chances), log_level=None, validate_settings=False)


def _needed(con: duckdb.DuckDBPyConnection, model: Model, table: str) -> str:
    """The columns that a model asks for; one that only the other side has is null."""
    conditions = [candidates.when for candidates in model.candidates]
    for comparison in model.comparisons:
        conditions += [comparison.unknown, *(agreement.when for agreement in comparison.agreements)]
    asked = {column for text in conditions for pair in _COLUMN.findall(text) for column in pair if column}
    known = {name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()}
    return ", ".join(["unique_id", *(name if name in known else f"NULL AS {name}" for name in sorted(asked))])


_COLUMN: Final = re.compile(r"\b(\w+)_[lr]\b|\b[lr]\.(\w+)")


def counted(con: duckdb.DuckDBPyConnection, model: Model, chances: Chances, left: str, right: str) -> Chances:
    """The same parameters with the chances of strangers as the registers at hand have them."""
    seen, pairs = strangers(con, model, left, right, SAMPLE)
    found = {}
    for one in model.comparisons:
        known, u = chances[one.key], seen.get(one.key)
        found[one.key] = (
            known
            if u is None
            else {
                degree: {"m": own["m"], "u": _leaning(u.get(degree, 0.0), own["u"], pairs)}
                for degree, own in known.items()
            }
        )
    return found


def strangers(
    con: duckdb.DuckDBPyConnection, model: Model, left: str, right: str, sample: int
) -> tuple[dict[str, dict[str, float]], int]:
    """How often strangers agree, by comparison and degree, and among how many pairs: `sample` records of either side,
    always the same ones, each with each.
    """
    pairs = 1
    for side, table in (("left", left), ("right", right)):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE sampled_{side} AS"
            f" SELECT * FROM {table} ORDER BY hash(unique_id, 4), unique_id LIMIT {sample}"
        )
        pairs *= con.execute(f"SELECT count(*) FROM sampled_{side}").fetchall()[0][0]
    if not pairs:
        return {}, 0
    free = replace(model, comparisons=tuple(one for one in model.comparisons if not one.among))
    with silent():
        sampled = linker(con, free, unseen(free), "sampled_left", "sampled_right")
        sampled.training.estimate_u_using_random_sampling(max_pairs=1e15, min_count_per_level=None, num_chunks=1)
    return learnt(sampled, "u"), pairs


def _leaning(seen: float, expected: float, pairs: int) -> float:
    return (seen * pairs + LEANING) / (pairs + LEANING / max(expected, LEAST))


def learnt(linker: Linker, kind: Literal["m", "u"]) -> dict[str, dict[str, float]]:
    """The probabilities that a linker made from `unseen` has learnt, by comparison and degree; what it never saw is
    left out.
    """
    found: dict[str, dict[str, float]] = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        levels = comparison["comparison_levels"]
        chances = {level["label_for_charts"]: level.get(f"{kind}_probability") for level in levels}
        found[comparison["output_column_name"]] = {
            degree: float(chance)
            for degree, chance in chances.items()
            if isinstance(chance, int | float) and chance != UNSEEN
        }
    return found


def weighed(con: duckdb.DuckDBPyConnection, model: Model, chances: Chances, left: str, right: str, least: float) -> str:
    """Weighs every candidate pair; the name of a table with a row a pair that weighs at least `least` (log2, without
    prior), or about which a rule decides.

    Columns: unique_id_l, unique_id_r, weight, and for each comparison its key (the degree's key, `differs` or
    `unknown`) and `<key>_weight`.
    """
    name = f"weighed_{model.finds}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {_weighed(con, model, chances, left, right, least)}")
    for number, candidates in enumerate(model.candidates):
        if not candidates.always:
            continue
        few = {"l": f"few_left_{number}", "r": f"few_right_{number}"}
        for own, (table, other) in {"l": (left, f"{right} AS r"), "r": (right, f"{left} AS l")}.items():
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE {few[own]} AS SELECT {own}.* FROM {table} AS {own} SEMI JOIN {other}"
                f" ON {candidates.when}"
            )
        if con.execute(f"SELECT count(*) FROM {few['l']}").fetchall()[0][0]:
            found = _weighed(con, replace(model, candidates=(candidates,)), chances, few["l"], few["r"], -1e6)
            con.execute(f"INSERT INTO {name} SELECT * FROM ({found}) ANTI JOIN {name} USING (unique_id_l, unique_id_r)")
        con.execute(f"DROP TABLE {few['l']}")
        con.execute(f"DROP TABLE {few['r']}")
    return name


def _weighed(
    con: duckdb.DuckDBPyConnection, model: Model, chances: Chances, left: str, right: str, least: float
) -> str:
    """Splink's answer, as a query."""
    with silent():
        found = linker(con, model, chances, left, right).inference.predict(threshold_match_weight=least)
    columns = ["unique_id_l", "unique_id_r", "match_weight AS weight"]
    rare = {one.key for one in model.comparisons if any(level.rarity for level in one.agreements)}
    for one in model.comparisons:
        cases = " ".join(
            f"WHEN {len(one.degrees) - 1 - place} THEN '{degree}'" for place, degree in enumerate(one.degrees)
        )
        columns.append(f"CASE gamma_{one.key} {cases} ELSE '{UNKNOWN}' END AS \"{one.key}\"")
        weights = [f"mw_{one.key}", *([f"mw_tf_adj_{one.key}"] if one.key in rare else [])]
        columns.append(f"{' + '.join(weights)} AS {one.key}_weight")
    return f"SELECT {', '.join(columns)} FROM {found.physical_name}"


def unseen(model: Model) -> Chances:
    """What to learn from: Splink keeps the chances it was told where it sees nothing, and no share is this one."""
    return {one.key: {degree: {"m": UNSEEN, "u": UNSEEN} for degree in one.degrees} for one in model.comparisons}
