"""The records of two registers in one form, so that they can be compared: who somebody is, of whom, and where.

Every engine table made here has the same columns on either side, whatever the files had; what a file lacks is null.

Of both persons and families:
  unique_id (BIGINT, in the order of part and file), part (SMALLINT), unit (BIGINT: what the register counts; a row
  without such a number is its own), family (BIGINT), entity (BIGINT: records of one part that are the same),
  name_… (of a family: of its head): canonical, sound, solid, sorted (see data.linkage.names), words, rare (those of
  its words that few bear), initials; birth_year; kk; niks (its own and those of the adults, of a family all);
  parents, rare_parents, parent_words (sounds of the names of who may be a child's parents; rare ones; rare words of
  them); mother_years (in which the women of a family were born, and in which a person's mother can be)
  kelurahan, kecamatan (codes), neighbours (kelurahan next to it), rt, rw, street, house
Of persons: nik, nik_shown (a masked one as a pattern for LIKE), sex, birth (YYYYMMDD), birth_swapped, birth_tail
(MMDD), birth_day (days)
Of families: wife_… like name_…
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, Literal

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data import engine
from data.area import within
from data.definitions.linkages import Finds
from data.linkage.names import spelled
from data.places import reference
from data.places.reference import level_of
from data.snapshots import Part

Side = Literal["left", "right"]

ADULT: Final = 15
YOUNG: Final = 25
"""Years up to which whoever lives in somebody's family may be a parent of theirs."""
RARE_WORD: Final = 400
RARE_NAME: Final = 5_000
"""A word or a name is rare where not more than one in so many persons of the register bears it."""
NEIGHBOURS: Final = 6

_PEOPLE: Final = ("mother_name", "father_name", "parent_name")
_TEXTS: Final = (
    "nik", "nik_partial", "kk", "name", "sex", *_PEOPLE, "parent_nik", "wife_name", "wife_nik", "address", "rt", "rw",
    "kelurahan_code", "kecamatan_code",
)  # fmt: skip
_OTHERS: Final = {"birth_date": "DATE", "place_in_family": "TINYINT", "family_no": "BIGINT"}


def load(con: duckdb.DuckDBPyConnection, left: Sequence[Part], right: Sequence[Part], grain: Finds) -> None:
    """Makes the tables `left_<grain>`, `right_person` (where persons are looked for) and `right_family` of what the
    parts of two registers contribute.

    On the left there is one record a unit, which its newest row speaks for and older ones complete; on the right one a
    row, or one a family.
    """
    for side, parts in (("left", left), ("right", right)):
        rows = " UNION ALL ".join(_rows(part, number) for number, part in enumerate(parts)) or _nothing()
        con.execute(f"CREATE OR REPLACE TEMP TABLE {side}_rows AS {rows}")
        if side == "left":
            con.execute(f"CREATE OR REPLACE TEMP TABLE left_rows AS {_SPEAKING}")
        spelled(con, f"{side}_rows", f"{side}_spelt", ("name", "wife_name"), _PEOPLE)
        con.execute(f"DROP TABLE {side}_rows")
    for statement in (_WORDS, _SOUNDS, _NAMES, _ADDRESSES):
        con.execute(statement)
    con.register("near", _neighbours(con))
    for side in ("left", "right"):
        con.execute(_ADULTS.format(side=side))
        for kind in ("person", "family"):
            if kind == grain or (side, kind) == ("right", "family"):
                _build(con, side, kind)
    for table in ("left_spelt", "right_spelt", "left_adults", "right_adults", "sounds", "addresses"):
        con.execute(f"DROP TABLE {table}")
    con.unregister("near")


def _build(con: duckdb.DuckDBPyConnection, side: str, kind: str) -> None:
    for statement in _PERSONS if kind == "person" else _FAMILIES:
        con.execute(statement.format(side=side))
    for statement in _PARENTS:
        con.execute(statement.format(side=side, kind=kind))
    con.register("entities", _entities(con, _SAME_PERSON if kind == "person" else _SAME_FAMILY))
    con.execute(_FINISHED.format(side=side, kind=kind, own=_PERSONS_OWN if kind == "person" else _FAMILIES_OWN))
    con.unregister("entities")
    for table in ("parents", "bare"):
        con.execute(f"DROP TABLE {table}")


_BABY: Final = r"^ *(BY|BAYI)\b[ .]*((NY|NYONYA|IBU|TN|AN)\b[ .]*)?"
_UNNAMED: Final = f"coalesce(regexp_matches(upper(name), '{_BABY}'), FALSE)"
"""A baby that has no name yet stands there as that of its mother."""


def _rows(part: Part, number: int) -> str:
    """The counted rows of a part, as a query with all columns."""
    path = part.snapshot.rows
    known = set(engine.schema(path).names)
    unit = "unit_no" if "unit_no" in known else "file_row"
    newest = "newest" if "newest" in known else "TRUE"
    measured = "measured_on" if "measured_on" in known else "NULL::DATE"
    texts = [key if key in known else f"NULL::VARCHAR AS {key}" for key in _TEXTS]
    if "name" in known:
        parent = "parent_name" if "parent_name" in known else "NULL"
        texts[_TEXTS.index("name")] = f"if({_UNNAMED}, NULL, name) AS name"
        texts[_TEXTS.index("parent_name")] = (
            f"if({_UNNAMED}, concat_ws(' / ', {parent}, regexp_replace(upper(name), '{_BABY}', '')), {parent})"
            " AS parent_name"
        )
    others = [key if key in known else f"NULL::{type_} AS {key}" for key, type_ in _OTHERS.items()]
    conditions = ["counted"]
    if not within(part.snapshot.place, part.place):
        conditions.append(f"{level_of(part.place)}_code = '{part.place}'")
    conditions += [f"{level_of(area)}_code IS DISTINCT FROM '{area}'" for area in part.excluding]
    return (
        f"SELECT {number}::SMALLINT AS part, {unit}::BIGINT AS unit, file_row, {newest} AS newest,"
        f" {measured} AS measured_on, DATE '{part.snapshot.period}' AS period, {', '.join(texts + others)}"
        f" FROM read_parquet('{engine.quoted(path)}') WHERE {' AND '.join(conditions)}"
    )


def _nothing() -> str:
    texts = [f"NULL::VARCHAR AS {key}" for key in _TEXTS]
    others = [f"NULL::{type_} AS {key}" for key, type_ in _OTHERS.items()]
    return (
        "SELECT 0::SMALLINT AS part, 0::BIGINT AS unit, 0::BIGINT AS file_row, TRUE AS newest, NULL::DATE AS"
        f" measured_on, NULL::DATE AS period, {', '.join(texts + others)} WHERE FALSE"
    )


_ORDER: Final = "newest DESC, measured_on DESC NULLS LAST, file_row DESC"
_KEPT: Final = (*_TEXTS, *_OTHERS)
_SPEAKING: Final = (
    "SELECT part, unit, max(file_row) AS file_row, any_value(period) AS period, "
    + ", ".join(f"first({key} ORDER BY {_ORDER}) FILTER ({key} IS NOT NULL) AS {key}" for key in _KEPT)
    + " FROM left_rows GROUP BY part, unit"
)


_WORDS: Final = f"""
CREATE OR REPLACE TEMP TABLE rare_words AS
WITH bearers AS (SELECT unnest(str_split(name_sound, ' ')) AS word FROM right_spelt WHERE name_sound IS NOT NULL)
SELECT word FROM bearers GROUP BY word
HAVING count(*) <= greatest((SELECT count(*) FROM right_spelt) / {RARE_WORD}, 3) AND length(word) > 1
"""
_SOUNDS: Final = """
CREATE OR REPLACE TEMP TABLE sounds AS
WITH heard AS (
    SELECT name_sound AS sound FROM left_spelt UNION SELECT name_sound FROM right_spelt
    UNION SELECT wife_name_sound FROM left_spelt UNION SELECT wife_name_sound FROM right_spelt
    UNION SELECT unnest(flatten([mother_name_sounds, father_name_sounds, parent_name_sounds])) FROM left_spelt
    UNION SELECT unnest(flatten([mother_name_sounds, father_name_sounds, parent_name_sounds])) FROM right_spelt
), split AS (SELECT sound, unnest(str_split(sound, ' ')) AS word FROM heard WHERE sound IS NOT NULL)
SELECT sound, list(DISTINCT word ORDER BY word) AS words,
    list(DISTINCT word ORDER BY word) FILTER (rare_words.word IS NOT NULL) AS rare
FROM split LEFT JOIN rare_words USING (word) GROUP BY sound
"""
_NAMES: Final = f"""
CREATE OR REPLACE TEMP TABLE rare_names AS
SELECT name_sound AS sound FROM right_spelt WHERE name_sound IS NOT NULL GROUP BY sound
HAVING count(*) <= greatest((SELECT count(*) FROM right_spelt) / {RARE_NAME}, 2)
"""
_ADDRESSES: Final = r"""
CREATE OR REPLACE TEMP TABLE addresses AS
WITH plain AS (
    SELECT address, regexp_replace(regexp_replace(upper(address), '[^A-Z0-9]+', ' ', 'g'),
        '\b(RT|RW) ?[0-9]+|\b(JL|JLN|JALAN|GG|GANG|LR|LRG|LORONG|NO|NOMOR|RT|RW)\b', ' ', 'g') AS plain
    FROM (SELECT address FROM left_spelt UNION SELECT address FROM right_spelt) WHERE address IS NOT NULL
)
SELECT address, nullif(replace(regexp_replace(plain, '\b[0-9]+[A-Z]?\b', '', 'g'), ' ', ''), '') AS street,
    nullif(regexp_extract(plain, '([0-9]+[A-Z]?) *$', 1), '') AS house
FROM plain
"""
_ADULTS: Final = f"""
CREATE OR REPLACE TEMP TABLE {{side}}_adults AS
SELECT part, family_no, list(DISTINCT name_sound ORDER BY name_sound) AS sounds,
    list(DISTINCT nik ORDER BY nik) FILTER (nik IS NOT NULL) AS niks,
    list(DISTINCT year(birth_date) ORDER BY year(birth_date))
        FILTER (sex = 'P' AND birth_date IS NOT NULL) AS mother_years
FROM {{side}}_spelt
WHERE name_sound IS NOT NULL
    AND CASE WHEN birth_date IS NULL THEN place_in_family <= 1 ELSE birth_date <= period - INTERVAL {ADULT} YEAR END
GROUP BY ALL
"""


def _name(column: str, of: str = "", source: str = "named") -> str:
    """The columns of a name and of its words; `of` is what they are called."""
    own, of = f"named.{column}", of or column
    return (
        f"{own}_canonical AS {of}_canonical, {own}_sound AS {of}_sound, {own}_solid AS {of}_solid,"
        f" {own}_sorted AS {of}_sorted, {source}.words AS {of}_words, {source}.rare AS {of}_rare,"
        f" regexp_replace({own}_canonical, '([A-Z])[A-Z]* *', '\\1', 'g') AS {of}_initials"
    )


_WHERE: Final = """
    named.kelurahan_code AS kelurahan, named.kecamatan_code AS kecamatan, near.neighbours,
    nullif(try_cast(regexp_extract(named.rt, '[0-9]+') AS SMALLINT), 0) AS rt,
    nullif(try_cast(regexp_extract(named.rw, '[0-9]+') AS SMALLINT), 0) AS rw,
    addresses.street, addresses.house
"""
_PLACED: Final = """
    LEFT JOIN near ON near.kelurahan = named.kelurahan_code LEFT JOIN addresses ON addresses.address = named.address
"""
_PERSONS_OWN: Final = """
    bare.nik, bare.nik_shown, bare.sex, bare.birth, bare.birth_swapped, bare.birth_tail, bare.birth_day,
    bare.mother_years
"""
_PERSONS: Final = (
    f"""
CREATE OR REPLACE TEMP TABLE bare AS
SELECT row_number() OVER (ORDER BY named.part, named.file_row) AS unique_id, named.part, named.unit,
    named.family_no AS family, named.period, {_name("name", source="sounds")},
    year(named.birth_date) AS birth_year, named.kk,
    range(year(named.birth_date) - 50, year(named.birth_date) - 13) AS mother_years,
    nullif(list_sort(list_distinct(
        [n FOR n IN list_concat([named.nik, named.parent_nik], adults.niks) IF n IS NOT NULL])), []) AS niks,
    named.nik, CASE WHEN named.nik IS NULL AND length(named.nik_partial) BETWEEN 14 AND 16
        THEN lpad(regexp_replace(named.nik_partial, '[^0-9]', '_', 'g'), 16, '_') END AS nik_shown,
    named.sex, strftime(named.birth_date, '%Y%m%d') AS birth,
    CASE WHEN day(named.birth_date) <= 12 AND day(named.birth_date) <> month(named.birth_date)
        THEN strftime(named.birth_date, '%Y%d%m') END AS birth_swapped,
    strftime(named.birth_date, '%m%d') AS birth_tail,
    datediff('day', DATE '1900-01-01', named.birth_date)::INTEGER AS birth_day,
    nullif(flatten([x FOR x IN [named.mother_name_sounds, named.father_name_sounds, named.parent_name_sounds,
        CASE WHEN CASE WHEN named.birth_date IS NULL THEN named.place_in_family > 1
            ELSE named.birth_date > named.period - INTERVAL {YOUNG} YEAR END THEN adults.sounds END
    ] IF x IS NOT NULL]), []) AS all_parents, {_WHERE}
FROM {{side}}_spelt AS named LEFT JOIN sounds ON sounds.sound = named.name_sound {_PLACED}
    LEFT JOIN {{side}}_adults AS adults ON adults.part = named.part AND adults.family_no = named.family_no
""",
)
_FAMILIES_OWN: Final = f"""
    {", ".join(f"bare.wife_{form}" for form in ("canonical", "sound", "solid", "sorted", "words", "rare", "initials"))},
    bare.mother_years
"""
_FAMILIES: Final = (
    """
CREATE OR REPLACE TEMP TABLE wives AS
SELECT part, family_no, name_canonical AS wife_name_canonical, name_sound AS wife_name_sound,
    name_solid AS wife_name_solid, name_sorted AS wife_name_sorted
FROM {side}_spelt WHERE place_in_family = 1
QUALIFY row_number() OVER (PARTITION BY part, family_no ORDER BY file_row) = 1
""",
    f"""
CREATE OR REPLACE TEMP TABLE bare AS
WITH heads AS (
    SELECT * FROM {{side}}_spelt
    QUALIFY row_number() OVER (PARTITION BY part, family_no ORDER BY place_in_family, file_row) = 1
), members AS (
    SELECT part, family_no, any_value(kk) AS any_kk, list(nik ORDER BY nik) FILTER (nik IS NOT NULL) AS niks,
        flatten(list(mother_name_sounds ORDER BY file_row) FILTER (place_in_family = 2)) AS mothers
    FROM {{side}}_spelt GROUP BY ALL
), named AS (
    SELECT heads.* REPLACE (
        coalesce(heads.wife_name_canonical, wives.wife_name_canonical) AS wife_name_canonical,
        coalesce(heads.wife_name_sound, wives.wife_name_sound) AS wife_name_sound,
        coalesce(heads.wife_name_solid, wives.wife_name_solid) AS wife_name_solid,
        coalesce(heads.wife_name_sorted, wives.wife_name_sorted) AS wife_name_sorted)
    FROM heads LEFT JOIN wives USING (part, family_no)
)
SELECT row_number() OVER (ORDER BY named.part, named.family_no) AS unique_id, named.part, named.unit,
    named.family_no AS family, named.period, {_name("name", source="sounds")}, {_name("wife_name", "wife", "hers")},
    NULL::BIGINT AS birth_year, members.any_kk AS kk,
    nullif(list_distinct([n FOR n IN list_concat(members.niks, [named.wife_nik]) IF n IS NOT NULL]), []) AS niks,
    flatten([x FOR x IN [[named.name_sound], [named.wife_name_sound], members.mothers, adults.sounds]
        IF x IS NOT NULL]) AS all_parents, adults.mother_years, {_WHERE}
FROM named JOIN members USING (part, family_no)
    LEFT JOIN sounds ON sounds.sound = named.name_sound LEFT JOIN sounds AS hers ON hers.sound = named.wife_name_sound
    LEFT JOIN {{side}}_adults AS adults ON adults.part = named.part AND adults.family_no = named.family_no {_PLACED}
""",
)
_PARENTS: Final = (
    """
CREATE OR REPLACE TEMP TABLE parents AS
WITH each AS (SELECT DISTINCT unique_id, unnest(all_parents) AS sound FROM bare)
SELECT unique_id, list(sound ORDER BY sound) AS parents,
    list(sound ORDER BY sound) FILTER (rare_names.sound IS NOT NULL) AS rare_parents,
    nullif(list_sort(list_distinct(flatten(list(sounds.rare) FILTER (sounds.rare IS NOT NULL)))), []) AS parent_words
FROM each JOIN sounds USING (sound) LEFT JOIN rare_names USING (sound) GROUP BY unique_id
""",
)
_FINISHED: Final = """
CREATE OR REPLACE TEMP TABLE {side}_{kind} AS
SELECT bare.unique_id, bare.part, bare.unit, bare.family, coalesce(entities.entity, bare.unique_id) AS entity,
    bare.name_canonical, bare.name_sound, bare.name_solid, bare.name_sorted, bare.name_words, bare.name_rare,
    bare.name_initials, bare.birth_year, bare.kk, bare.niks, parents.parents, parents.rare_parents,
    parents.parent_words, bare.kelurahan, bare.kecamatan, bare.neighbours, bare.rt, bare.rw, bare.street, bare.house,
    {own}
FROM bare LEFT JOIN parents USING (unique_id) LEFT JOIN entities USING (unique_id) ORDER BY unique_id
"""

_SAME_PERSON: Final = (
    "nik, name_sound", "name_canonical, birth, family", "name_canonical, birth, kk",
    "name_canonical, birth, kelurahan, all_parents", "name_canonical, birth, kelurahan, street, house",
)  # fmt: skip
_SAME_FAMILY: Final = ("kk", "name_canonical, wife_canonical, kelurahan, house")
"""What two records of one register have in common where they speak of the same."""


def _entities(con: duckdb.DuckDBPyConnection, same: Iterable[str]) -> pa.Table:
    """The records (unique_id) that another one repeats, with the number of the first of them (entity)."""
    found = " UNION ALL ".join(
        f"SELECT min(unique_id) OVER (PARTITION BY {keys}) AS first, unique_id FROM bare"
        f" WHERE {' AND '.join(f'{key} IS NOT NULL' for key in keys.split(', '))}"
        for keys in same
    )
    edges = con.execute(f"SELECT DISTINCT first, unique_id FROM ({found}) WHERE first <> unique_id").fetchnumpy()
    ids, at = np.unique(np.concatenate([edges["first"], edges["unique_id"]]), return_inverse=True)
    one, other = at[: len(edges["first"])], at[len(edges["first"]) :]
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(ids), len(ids)))
    _, group = connected_components(graph, directed=False)
    first = np.full(group.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, group, ids.astype(np.int64))
    return pa.table({"unique_id": ids.astype(np.int64), "entity": first[group].astype(np.int64)})


def _neighbours(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every kelurahan of the left register with those nearest to it, by the points of the reference."""
    codes, points = _points()
    at = {code: row for row, code in enumerate(codes)}
    shown = con.execute("SELECT DISTINCT kelurahan_code FROM left_spelt ORDER BY 1").fetchall()
    rows = [at[code] for (code,) in shown if code in at]
    _, nearest = cKDTree(points).query(points[rows], k=NEIGHBOURS + 1) if rows else (None, np.empty((0, 0), dtype=int))
    lists = [[codes[other] for other in others if other != row] for row, others in zip(rows, nearest, strict=True)]
    return pa.table(
        {
            "kelurahan": pa.array([codes[row] for row in rows], pa.string()),
            "neighbours": pa.array(lists, pa.list_(pa.string())),
        }
    )


@cache
def _points() -> tuple[list[str], np.ndarray]:
    table = reference.table()
    lat, lon = table["lat"].to_numpy(), table["lon"].to_numpy()
    return table["kelurahan_code"].to_pylist(), np.column_stack([lat, lon * np.cos(np.radians(lat))]).astype(float)
