"""Questions to registers of figures: what is known of an area at a date, and what a rekap lets one ask.

A figure is asked by the date in its own row: one file may hold many years, and the newest that is not after the asked
date speaks, for each area by itself. An area without a figure of its own is the sum of its parts, for counts only, and
only where every part has a figure of one date. Shares and rates are never added up.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from data import engine
from data.definitions.catalogue import REGISTERS
from data.definitions.fields import SEVERAL
from data.definitions.indicators import Indicator
from data.definitions.indicators import Unit as Shown
from data.intake.figures import ADDED_UP, MEASURES
from data.places import reference
from data.places.reference import LEVELS, Level
from data.snapshots import Snapshot, Store
from data.wording import N_, capital, in_sentence

REKAP: Final = "rekap"
LONGEST_LABEL: Final = 60
SEXES: Final = ("Laki-laki", "Perempuan")
_AS_CATEGORY: Final = {"male": ("population", SEXES[0]), "female": ("population", SEXES[1])}
"""Measures of the population that are also categories of it: some files write them so, some so."""
FIGURE_COLUMNS: Final = ("code", "value", "period", "snapshot")


@dataclass(frozen=True)
class MeasureTold:
    """A measure that a snapshot tells: `unit` is one of persons, families, children, share, number, rate."""

    key: str
    label: str
    unit: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Feed:
    """A rekap that tells a built-in indicator: its measures, and the snapshot that says so."""

    snapshot: Snapshot
    numerator: str
    denominator: str


def values(
    store: Store, register: str, measure: str, place: str, by: Level, period: date | None = None, category: str = ""
) -> pd.DataFrame:
    """A row an area of level `by` in the place ("" = everywhere): code, value (float), period (the figure's own date),
    snapshot. What is not known is NA; None as `period` asks for the newest.
    """
    known = _newest(store, (register,), measure, place, by, (period,), category).drop(columns="asked")
    areas = pd.DataFrame({"code": list(reference.codes(place, by))})
    return pd.DataFrame(areas.merge(known, on="code", how="left")[list(FIGURE_COLUMNS)])


def history(
    store: Store, register: str, measure: str, place: str, by: Level, category: str = "", until: date | None = None
) -> pd.DataFrame:
    """Every known figure of the areas of level `by` in the place, oldest first: code, value, period, snapshot."""
    with _Asked(store, (register,), measure, place, category) as asked:
        found = asked.frame(f"SELECT code, value, period, snapshot FROM {by}_figures ORDER BY period, code")
    return pd.DataFrame(found[found["period"] <= until] if until else found)


def numbers(
    store: Store,
    registers: Sequence[str],
    wanted: Sequence[str],
    place: str,
    by: Level,
    days: Sequence[date],
    category: str = "",
) -> pd.DataFrame:
    """For `evaluation`: a row an asked day and area with its newest figures: period (the asked day), code, a column for
    every measure that is `wanted`, derived (False).
    """
    merged = pd.DataFrame({"period": [], "code": []}, dtype="object")
    for key in dict.fromkeys(wanted) if days else ():
        found = _newest(store, registers, key, place, by, days, category)
        known = pd.DataFrame({"period": found["asked"].astype("object"), "code": found["code"], key: found["value"]})
        merged = merged.merge(known, on=["period", "code"], how="outer")
    return merged.assign(derived=False)


def periods(store: Store, register: str, place: str) -> tuple[date, ...]:
    """The dates for which a register of figures has something about the place, newest first."""
    found = {day for snapshot in store.candidates(register, place) for day in snapshot.periods or (snapshot.period,)}
    return tuple(sorted(found, reverse=True))


def categories(store: Store, register: str, measure: str, place: str = "") -> tuple[str, ...]:
    """The categories by which a measure can be asked, in the order of their words."""
    told = (m for snapshot in store.candidates(register, place) for m in measures(snapshot))
    found = {word for one in told if one.key == measure for word in one.categories}
    return tuple(sorted(found))


def measures(snapshot: Snapshot) -> tuple[MeasureTold, ...]:
    """What a snapshot of figures tells."""
    return _about(snapshot.folder)[0]


@lru_cache(maxsize=1024)
def _about(folder: Path) -> tuple[tuple[MeasureTold, ...], dict[str, tuple[str, str]]]:
    path = folder / MEASURES
    if not path.is_file():
        return (), {}
    content = json.loads(path.read_text(encoding="utf-8"))
    told = tuple(MeasureTold(**{**one, "categories": tuple(one["categories"])}) for one in content["measures"])
    return told, {key: (pair[0], pair[1]) for key, pair in content["feeds"].items()}


# Indicators that no register declares


_DEFINITION: Final = N_(
    "A figure as its source publishes it; it is not counted from a list by name. The newest figure of each area that is"
    " not after the asked date. An area without a figure of its own is the sum of its parts where all of them have one"
    " of the same date; shares and averages are never added up."
)


def rekap_indicators(store: Store, seen: Callable[[str], object] = lambda place: True) -> dict[str, Indicator]:
    """An indicator for every measure of the rekap in the store whose place is `seen`; its key is the same for every
    file of one series.
    """
    found: dict[str, Indicator] = {}
    known = [snapshot for snapshot in store.candidates(REKAP, "") if seen(snapshot.place)]
    newest = sorted(known, key=lambda snapshot: (snapshot.period, snapshot.imported_at))
    for snapshot in reversed(newest):
        for measure in measures(snapshot):
            key = f"{REKAP}_{measure.key}"
            source = f"{snapshot.source.file} · {snapshot.period.isoformat()}"
            found.setdefault(key, _indicator(key, measure, source, _lowest(snapshot.rows, measure.key)))
    return found


@lru_cache(maxsize=4096)
def _lowest(rows: Path, measure: str) -> Level:
    """The lowest level for which a table has figures of a measure."""
    query = "SELECT DISTINCT level FROM read_parquet($path) WHERE measure = $measure AND counted"
    found = engine.reader().con.execute(query, {"path": engine.at(rows), "measure": measure}).fetchall()
    levels = {level for (level,) in found}
    return next((level for level in reversed(LEVELS) if level in levels), "kelurahan")


_SHORT: Final = frozenset(
    "DTKS DTSEN P3KE PPKS PMKS PKH BPNT BST BLT BBM PBI JKN KIS KIP KPM KK RT RW NIK KRS PUS KB PAUD SD SMP SMA SMK"
    " ODGJ ODHA NAPZA UMKM BPJS KAJ KLJ KPDJ KPARJ KJP KJMU P3S BPS".split()
)


def _sentence(label: str) -> str:
    """A label in sentence case where it shouts, its abbreviations left as they are, and not too long for a card.

    >>> _sentence("KELUARGA PENERIMA MANFAAT PKH")
    'Keluarga penerima manfaat PKH'
    """
    if label.isupper():
        words = [word if word.strip("(),.") in _SHORT else word.lower() for word in label.split()]
        label = " ".join(words)
        label = capital(label)
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def _indicator(key: str, measure: MeasureTold, source: str, lowest: Level) -> Indicator:
    label = _sentence(measure.label)
    units: dict[str, Shown] = {
        "persons": "persons", "families": "families", "children": "children", "share": "share"
    }  # fmt: skip
    return Indicator(
        key=key,
        label=label,
        unit=units.get(measure.unit, "number"),
        numerator=measure.key,
        denominator=None,
        numerator_label=in_sentence(label),
        denominator_label="",
        definition=_DEFINITION,
        source=source,
        registers=(REKAP,),
        lowest=lowest,
    )


def fed(store: Store, indicator: str, place: str, period: date | None = None) -> Feed | None:
    """The newest rekap, not after `period`, that tells a built-in indicator about the place; None where there is
    none. It is to be asked only where no register by name can tell the indicator.
    """
    for snapshot in store.candidates(REKAP, place):
        pair = _about(snapshot.folder)[1].get(indicator)
        if pair and (period is None or min(snapshot.periods or (snapshot.period,)) <= period):
            return Feed(snapshot, *pair)
    return None


def feeding(snapshot: Snapshot) -> tuple[str, ...]:
    """The built-in indicators that a rekap tells."""
    return tuple(_about(snapshot.folder)[1])


# How a question is answered


def _newest(
    store: Store,
    registers: Sequence[str],
    measure: str,
    place: str,
    by: Level,
    days: Sequence[date | None],
    category: str,
) -> pd.DataFrame:
    """The newest figure of each area not after each day: asked, code, value, period, snapshot."""
    with _Asked(store, registers, measure, place, category) as asked:
        per_day = []
        for day in days:
            limit = f"WHERE period <= DATE '{day}'" if day else ""
            per_day.append(
                f"SELECT {_day(day)} AS asked, code, value, period, snapshot"
                f" FROM {by}_figures {limit} QUALIFY row_number() OVER (PARTITION BY code ORDER BY period DESC) = 1"
            )
        return asked.frame(" UNION ALL ".join(per_day) + " ORDER BY asked, code", "asked")


_NO_ROWS: Final = (
    "SELECT 0 AS rank, '' AS snapshot, '' AS level, '' AS code, DATE '2000-01-01' AS period, 0.0::DOUBLE AS value,"
    " '' AS unit, false AS counted, false AS bad, '' AS category WHERE false"
)


class _Asked:
    """The figures of one measure in one place, on a connection of their own: a table for each level, with the sums of
    the parts where they are whole.
    """

    def __init__(self, store: Store, registers: Sequence[str], measure: str, place: str, category: str) -> None:
        self._con = engine.reader().con.cursor()
        self._place = place
        self._category = category
        self._measure = measure
        snapshots = sorted(store.candidates(registers, place), key=lambda one: one.imported_at, reverse=True)
        self._snapshots = [snapshot for snapshot in snapshots if snapshot.grain == "figure"]

    def __enter__(self) -> "_Asked":
        self._own()
        self._sums()
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def frame(self, query: str, *days: str) -> pd.DataFrame:
        found: pd.DataFrame = self._con.execute(query).df()
        for column in ("period", *days):
            found[column] = pd.to_datetime(found[column]).dt.date
        return found

    def _own(self) -> None:
        """`own`: one value an area and date, from the snapshot that was imported last."""
        meaning = {
            measure: pair
            for measure, pair in _AS_CATEGORY.items()
            if any(snapshot.register == "population" for snapshot in self._snapshots)
        }
        measure, wanted = meaning.get(self._measure, (self._measure, self._category))
        same = {measure: "", **{key: word for key, (whole, word) in meaning.items() if whole == measure}}
        words = " ".join(f"WHEN {_text(key)} THEN {_text(word) if word else 'category'}" for key, word in same.items())
        keys = ", ".join(map(_text, same))
        tables = [
            f"SELECT {rank} AS rank, {_text(snapshot.id)} AS snapshot, level, area_code AS code, period, value, unit,"
            f" counted, problem_bits & {_fatal(snapshot)} <> 0 AS bad, CASE measure {words} END AS category"
            f" FROM read_parquet('{engine.quoted(snapshot.rows)}')"
            f" WHERE measure IN ({keys}) AND level <> '' AND {_inside(self._place)}"
            for rank, snapshot in enumerate(self._snapshots)
        ] or [_NO_ROWS]
        parts = [part for part in wanted.split(SEVERAL) if part]
        fits = " AND ".join(f"list_contains(parts, {_text(part)})" for part in parts) or "true"
        added = ", ".join(map(_text, ADDED_UP))
        man, woman = (f"list_contains(parts, {_text(sex)})" for sex in SEXES)
        halves = "true" if any(sex in parts for sex in SEXES) else f"(bool_or({man}) = bool_or({woman}))"
        self._con.execute(
            f"""CREATE TEMP TABLE own AS
            WITH told AS (
                SELECT *, CASE WHEN category = '' THEN [] ELSE string_split(category, '{SEVERAL}') END AS parts
                FROM ({" UNION ALL ".join(tables)})),
            fitting AS (SELECT *, len(parts) = {len(parts)} AS exact FROM told WHERE {fits}),
            best AS (SELECT * FROM fitting WHERE counted OR bad
                WINDOW k AS (PARTITION BY rank, code, period)
                QUALIFY CASE WHEN bool_or(exact AND counted) OVER k THEN exact AND counted
                    ELSE len(parts) = max(len(parts)) OVER k AND NOT exact AND unit IN ({added}) END),
            one AS (SELECT rank, snapshot, level, code, period, sum(value) AS value,
                    bool_and(unit IN ({added})) AS added, bool_or(exact) AS exact, {halves} AS both_sexes
                FROM best GROUP BY ALL HAVING NOT bool_or(bad))
            SELECT * FROM one WHERE exact OR both_sexes
            QUALIFY row_number() OVER (PARTITION BY code, period ORDER BY rank) = 1"""
        )

    def _sums(self) -> None:
        """A table for each level, from the lowest: own figures, else the sum where all parts have one of the date."""
        places = f"read_parquet('{engine.quoted(reference.REFERENCE)}')"
        previous: Level | None = None
        for level in reversed(LEVELS):
            columns = "code, period, value, snapshot, rank, added"
            own = f"SELECT {columns} FROM own WHERE level = '{level}'"
            if previous is None:
                self._con.execute(f"CREATE TEMP TABLE {level}_figures AS {own}")
            else:
                width = {"province": 2, "kabkota": 5, "kecamatan": 8}[level]
                inside = f"AND {level}_code >= {_text(self._place)}" if self._place else ""
                self._con.execute(
                    f"""CREATE TEMP TABLE {level}_figures AS WITH own_here AS ({own}),
                    parts AS (SELECT {level}_code AS code, count(DISTINCT {previous}_code) AS parts FROM {places}
                        WHERE true {inside} GROUP BY 1),
                    sums AS (SELECT left(code, {width}) AS code, period, sum(value) AS value,
                            arg_min(snapshot, rank) AS snapshot, min(rank) AS rank, true AS added, count(*) AS told
                        FROM {previous}_figures GROUP BY left(code, {width}), period HAVING bool_and(added))
                    SELECT {columns} FROM own_here UNION ALL
                    SELECT {", ".join(f"s.{name.strip()}" for name in columns.split(","))} FROM sums s
                        JOIN parts p ON p.code = s.code AND p.parts = s.told
                        ANTI JOIN own_here o ON o.code = s.code AND o.period = s.period"""
                )
            previous = level


def _fatal(snapshot: Snapshot) -> int:
    """The bits of problems that leave a gap where the figure should stand; a repeated figure leaves none."""
    checks = REGISTERS[snapshot.register].checks
    codes = {check.problem.code for check in checks if check.problem.severity == "rejected"} - {"figure_repeated"}
    return sum(1 << bit for bit, (code, _) in enumerate(snapshot.row_problems) if code in codes)


def _inside(place: str) -> str:
    return f"(area_code = {_text(place)} OR starts_with(area_code, {_text(place + '.')}))" if place else "true"


def _day(day: date | None) -> str:
    return f"DATE '{day}'" if day else "NULL::DATE"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
