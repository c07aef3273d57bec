"""Scores the pairs of two registers: who may be whom, by which rule, how likely, and what speaks for it.

A folder then holds
  pairs.parquet   a row a pair: left_part, left_unit, right_part, right_unit, finds, rule, weight (log2 odds, prior
                  included), probability (before candidates compete), speaks (what each comparison says), left_keys,
                  right_keys (fingerprints, see `_keys`), left_entity, right_entity (records of one register that are
                  the same have one number), settles (whether the pair may count without somebody's decision)
  units.parquet   a row a unit of the left register: left_part, left_unit, usable
  model.json      the parameters used, by model
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data import engine
from data.definitions.linkages import Linkage, Model, Rule
from data.linkage import model as models
from data.linkage import records
from data.linkage.decisions import fingerprint
from data.linkage.exact import ruled, said
from data.linkage.runs import PAIRS, UNITS
from data.snapshots import Part

MODEL: Final = "model.json"
LEAST: Final = 0.01
"""Pairs that are less likely are forgotten."""
MOST: Final = 8
"""Pairs kept of one left record."""
LIGHTEST: Final = 4.0
"""Weight (log2, without prior) below which no pair is ever likely enough."""
TURNS: Final = 50


@dataclass(frozen=True)
class Scored:
    """What was found: numbers of units on the left, usable ones, and of pairs by rule."""

    units: int
    usable: int
    pairs: dict[str, int]


def score(linkage: Linkage, left: Sequence[Part], right: Sequence[Part], folder: Path, secret: str = "") -> Scored:
    """Writes pairs, units and parameters of a linkage into `folder`, an existing one. The same parts give the same
    answer. `secret` goes into the fingerprints (see `data.linkage.decisions`).
    """
    with tempfile.TemporaryDirectory(dir=folder) as spill:
        con = engine.connect(Path(spill)).con
        try:
            return _score(con, linkage, left, right, folder, secret)
        finally:
            con.close()


def _score(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, left: Sequence[Part], right: Sequence[Part], folder: Path,
    secret: str,
) -> Scored:  # fmt: skip
    records.load(con, left, right, linkage.grain)
    shipped, used = models.shipped(linkage.key), {}
    con.execute(_ALL_PAIRS)
    for model in linkage.models:
        sides = _left_of(linkage), f"right_{model.finds}"
        used[model.rule] = models.counted(con, model, shipped[model.rule], *sides)
        _find(con, linkage, model, used[model.rule])
    (folder / MODEL).write_text(json.dumps(used, indent=1), encoding="utf-8")
    order = "left_part, left_unit, finds DESC, weight DESC, right_part, right_unit"
    pairs = con.sql(f"SELECT * FROM pairs ORDER BY {order}").to_arrow_table()
    table = _with_keys(con, linkage, pairs, secret)
    engine.write(table, folder / PAIRS)
    units = con.sql(
        f"SELECT part AS left_part, unit AS left_unit, coalesce({linkage.usable}, FALSE) AS usable"
        f" FROM {_left_of(linkage)} ORDER BY unique_id"
    ).to_arrow_table()
    engine.write(units, folder / UNITS)
    usable = np.count_nonzero(units["usable"].to_numpy())
    rules = table["rule"].to_pylist()
    return Scored(units.num_rows, int(usable), {rule.key: rules.count(rule.key) for rule in linkage.rules})


def _left_of(linkage: Linkage) -> str:
    return f"left_{linkage.grain}"


_ALL_PAIRS: Final = """
CREATE OR REPLACE TEMP TABLE pairs (
    left_part SMALLINT, left_unit BIGINT, right_part SMALLINT, right_unit BIGINT, finds VARCHAR, rule VARCHAR,
    weight DOUBLE, probability DOUBLE, speaks STRUCT(comparison VARCHAR, level VARCHAR, weight DOUBLE)[],
    left_entity BIGINT, right_entity BIGINT, settles BOOLEAN, left_id BIGINT, right_id BIGINT
)
"""


def _find(con: duckdb.DuckDBPyConnection, linkage: Linkage, model: Model, chances: models.Chances) -> None:
    """Adds the pairs of one model to the table `pairs`."""
    left, right = _left_of(linkage), f"right_{model.finds}"
    if linkage.grain == "person" and model.finds == "family":
        # Whoever is found by name may yet lose to a namesake, or be taken back by somebody's decision.
        certain = said(rule.key for rule in linkage.rules if rule.by_number and rule.finds == "person")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE open_left AS SELECT * FROM {left}"
            f" WHERE entity NOT IN (SELECT left_entity FROM pairs WHERE rule IN ({certain})) ORDER BY unique_id"
        )
        left = "open_left"
    if not all(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in (left, right)):
        return
    found = models.weighed(con, model, chances, left, right, LIGHTEST)
    rules = tuple(rule for rule in linkage.rules if rule.finds == model.finds)
    con.execute(f"CREATE OR REPLACE TEMP TABLE ruled AS {ruled(found, rules, left, right)}")
    prior = _prior(con, left, right)
    con.execute(_kept(model, rules, prior, linkage.grain))
    con.execute(f"DROP TABLE {found}")
    con.execute("DROP TABLE ruled")


def _prior(con: duckdb.DuckDBPyConnection, left: str, right: str) -> float:
    """Log2 odds that any two records are a true pair.

    At most one pair of a left record is true. So the share of left records that have one is found by turns: the chance
    of each, their mean, the chance of each …
    """
    lefts, rights = (
        con.execute(f"SELECT count(DISTINCT entity) FROM {table}").fetchall()[0][0] for table in (left, right)
    )
    found = con.execute(
        "SELECT sum(2 ** least(weight, 60)) AS odds FROM (SELECT left_entity, max(weight) AS weight FROM ruled"
        " GROUP BY left_entity, right_entity) GROUP BY left_entity ORDER BY left_entity"
    ).fetchnumpy()
    odds: npt.NDArray[np.float64] = np.asarray(found["odds"], dtype=float) / rights
    share = 0.5
    for _ in range(TURNS):
        chances = share * odds / (1 - share + share * odds)
        share = min(max(float(chances.sum()) / lefts, 0.01), 0.99)
    return float(np.log2(share / rights))


def _kept(model: Model, rules: Sequence[Rule], prior: float, grain: str) -> str:
    """Adds to `pairs` what is certain, contradictory or likely enough, the best of each left record."""
    certain = said(rule.key for rule in rules if rule.certain)
    numbered = said(rule.key for rule in rules if rule.by_number)
    doubts = said(rule.key for rule in rules if not rule.links)
    speaks = ", ".join(
        f"{{'comparison': '{key}', 'level': \"{key}\", 'weight': {key}_weight}}"
        for key in (one.key for one in model.comparisons)
    )
    unit = "right_row" if model.finds == "person" else "family"
    # Somebody who was found by number needs no second look at who else has it.
    return f"""
INSERT INTO pairs
SELECT left_part, left_unit, right_part, {unit} AS right_unit, '{model.finds}', rule, weight + {prior} AS weight,
    CASE WHEN rule IN ({certain}) THEN greatest(chance, 0.999) ELSE chance END AS probability,
    [{speaks}] AS speaks, left_entity, right_entity,
    rule IN ({certain}) OR (rule NOT IN ({doubts}) AND ({model.settles})) AS settles,
    unique_id_l AS left_id, unique_id_r AS right_id
FROM (SELECT *, 1 / (1 + 2 ** -least(weight + {prior}, 200)) AS chance,
    bool_or(rule IN ({numbered})) OVER (PARTITION BY left_entity) AS is_found FROM ruled)
WHERE rule IN ({certain}) OR (rule IN ({doubts}) AND NOT is_found)
    OR (rule NOT IN ({doubts}) AND chance >= {LEAST} AND ({model.asks}))
QUALIFY row_number() OVER (PARTITION BY left_part, left_unit, right_part, {unit} ORDER BY weight DESC, unique_id_r) = 1
    AND row_number() OVER (
        PARTITION BY left_part, left_unit
        ORDER BY rule IN ({certain}) DESC, rule IN ({doubts}) DESC, weight DESC, unique_id_r
    ) <= {MOST}
"""


# Fingerprints


_KEYED: Final = {
    "person": (
        ("1", ("nik", "birth")),
        ("1", ("nik", "name_canonical")),
        ("2", ("name_canonical", "birth", "parents")),
        ("3", ("name_canonical", "birth", "kelurahan")),
    ),
    "family": (
        ("1", ("kk", "name_canonical")),
        ("1", ("kk", "wife_canonical")),
        ("2", ("name_canonical", "wife_canonical", "kelurahan")),
    ),
}
"""What a record is recognised by in later snapshots, where all of it is there, by how sure that is, the surest first. A
number alone does not do: it may be mended, and is then another person's.
"""
_OTHERWISE: Final = {
    "person": ("name_canonical", "birth", "sex", "parents", "kelurahan", "rt", "rw", "street", "house", "nik_shown",
               "unit"),
    "family": ("name_canonical", "wife_canonical", "niks", "kelurahan", "rt", "rw", "street", "house", "family"),
}  # fmt: skip
"""What else is taken, whatever of it is there."""


def _with_keys(con: duckdb.DuckDBPyConnection, linkage: Linkage, pairs: pa.Table, secret: str) -> pa.Table:
    """The pairs with the fingerprints of both records instead of their numbers."""
    lists = pa.list_(pa.string())
    for side in ("left", "right"):
        of: dict[tuple[str, int], list[str]] = {}
        kinds = {linkage.grain} if side == "left" else {model.finds for model in linkage.models}
        for kind in kinds:
            of |= {(kind, row): keys for row, keys in _keys(con, f"{side}_{kind}", kind, f"{side}_id", secret)}
        named = [linkage.grain] * pairs.num_rows if side == "left" else pairs["finds"].to_pylist()
        numbers = pairs[f"{side}_id"].to_pylist()
        keys = [of[kind, number] for kind, number in zip(named, numbers, strict=True)]
        pairs = pairs.append_column(f"{side}_keys", pa.array(keys, lists))
    return pairs.drop_columns(["left_id", "right_id"])


def _keys(
    con: duckdb.DuckDBPyConnection, table: str, kind: str, number: str, secret: str
) -> list[tuple[int, list[str]]]:
    sets, rest = _KEYED[kind], _OTHERWISE[kind]
    columns = list(dict.fromkeys([column for _, fields in sets for column in fields] + list(rest)))
    rows = con.execute(
        f"SELECT unique_id, {', '.join(columns)} FROM {table}"
        f" WHERE unique_id IN (SELECT {number} FROM pairs WHERE {number} IS NOT NULL)"
    ).fetchall()
    found = []
    for row_id, *values in rows:
        told = dict(zip(columns, values, strict=True))
        keys = [
            _key(sure, fields, told, secret) for sure, fields in sets if all(told[one] is not None for one in fields)
        ]
        found.append((row_id, keys or [_key("9", rest, told, secret)]))
    return found


def _key(sure: str, fields: Sequence[str], told: dict[str, Any], secret: str) -> str:
    return sure + fingerprint("|".join([*fields, *(str(told[field]) for field in fields)]), secret)
