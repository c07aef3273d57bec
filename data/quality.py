"""How good a register's data are: what is filled in, what can be right, what stands there twice, how old it is.

Counts are of the rows of a snapshot that count; a row that repeats another one completely is only counted as that.

PADAN_HOME/cubes/<snapshot>/quality.parquet   the counts, by the deepest area that is known of a row
                            twice.parquet     rows whose NIK stands in another row, and where
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from data import engine
from data.access import Viewer, answers, narrowed
from data.area import within
from data.cubes import NOT_COMPARED
from data.definitions.catalogue import FIELDS, PROBLEMS, REGISTERS
from data.definitions.roles import Right
from data.home import scratch
from data.places.reference import LEVELS, Level
from data.queries import Context, Source, areas
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store
from data.wording import N_, Language, translate

VERSION: Final = 1
"""Goes up whenever what is kept changes, so that older files are made again."""
HISTORY: Final = 12

FRESH: Final[Mapping[str, tuple[int, int] | None]] = {
    "0-6": (0, 6), "7-12": (6, 12), "13-24": (12, 24), "25+": (24, 12_000), "none": None,
}  # fmt: skip
"""Age of a record's last update at the snapshot's date: code, and after how many months it begins and ends."""
FRESH_WORDS: Final[Mapping[str, str]] = {
    "0-6": N_("up to 6 months"),
    "7-12": N_("7–12 months"),
    "13-24": N_("13–24 months"),
    "25+": N_("more than 24 months"),
    "none": N_("without a usable date"),
}
WITHIN_WINDOW: Final = ("0-6", "7-12", "13-24")
FILTER_WORDS: Final[Mapping[str, str]] = {
    "blank": N_("Not filled in"),
    "problem": N_("Problem"),
    "twice": N_("NIK in several rows"),
    "fresh": N_("Last update"),
}
"""Filters of the by-name list that this module adds, see `condition`."""
ANY: Final = "any"
TWICE_WORDS: Final[Mapping[str, str]] = {
    ANY: N_("anywhere"),
    "inside": N_("in the same kelurahan"),
    "across": N_("in several kelurahan"),
}


@dataclass(frozen=True)
class FieldQuality:
    """Of `rows`, how many have the field filled in, and in how many of these what is written cannot be used."""

    key: str
    rows: int
    filled: int
    unusable: int

    @property
    def share(self) -> float | None:
        return self.filled / self.rows if self.rows else None


@dataclass(frozen=True)
class Quality:
    """The state of a register's data in a place. Counts are rows.

    `nik` counts by state (valid, missing, destroyed, malformed, masked), empty where the register has no NIK.
    `problems` counts by code and field (the key of `condition`). `twice` counts rows whose NIK stands in another row of
    the same kelurahan ("inside") or of another one ("across"); one row can be both. `fresh` counts by FRESH, empty
    where the file carries no update date.
    """

    register: str
    rows: int
    fields: tuple[FieldQuality, ...]
    nik: Mapping[str, int]
    problems: Mapping[str, int]
    twice: Mapping[str, int]
    unplaced: int
    repeated: int
    wrong: int
    fresh: Mapping[str, int]
    context: Context

    @property
    def completeness(self) -> float | None:
        """Filled cells ÷ all cells, over the fields that the files have."""
        cells = sum(field.rows for field in self.fields)
        return sum(field.filled for field in self.fields) / cells if cells else None

    @property
    def nik_valid(self) -> float | None:
        return self.nik["valid"] / sum(self.nik.values()) if any(self.nik.values()) else None


def assessable(register: str) -> bool:
    """Whether a register has rows by name."""
    return register in REGISTERS and REGISTERS[register].grain != "figure"


@answers(Right.FIGURES, narrowed)
def registers(store: Store, viewer: Viewer) -> tuple[str, ...]:
    """The registers of the viewer's areas that have rows by name, in the order of their declaration."""
    stored = {snapshot.register for snapshot in store.snapshots() if viewer.ground(snapshot.place)}
    return tuple(key for key in REGISTERS if key in stored and assessable(key))


@answers(Right.FIGURES)
def summary(store: Store, viewer: Viewer, scope: Scope) -> Quality:
    """The state of the data of the scope's place, register and date."""
    parts = store.select(scope.register, scope.place, scope.period) if assessable(scope.register) else ()
    return _summed(_together(_counts(store, parts, scope.place)), scope, _context(parts))


@answers(Right.FIGURES)
def by_area(store: Store, viewer: Viewer, scope: Scope, by: Level) -> pd.DataFrame:
    """A row an area of level `by` in the scope's place, areas without data included.

    Columns code, name, parent, parent_name, rows, unplaced, inside, across, wrong (rows with something unusable), and
    shares with KEY_numerator and KEY_denominator beside them: completeness, nik_valid, fresh (updated within 24
    months), and filled_FIELD for every field. Unknown is NA.
    """
    parts = store.select(scope.register, scope.place, scope.period) if assessable(scope.register) else ()
    counts = _counts(store, parts, scope.place)
    width = {"province": 2, "kabkota": 5, "kecamatan": 8, "kelurahan": 13}[by]
    counts = counts[counts["code"].str.len() >= width].assign(code=lambda rows: rows["code"].str[:width])
    context = _context(parts)
    of_area = {str(code): rows for code, rows in _together(counts, "code").groupby("code", sort=False)}
    nobody = counts.iloc[:0]
    keys = [f"filled_{field.key}" for field in _summed(_together(counts), scope, context).fields]
    rows = [
        {**area, **_measured(_summed(of_area.get(area["code"], nobody), scope, context))}
        for area in areas(scope.place, by).to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=[*_COLUMNS, *(f"{key}{end}" for key in (*SHARES, *keys) for end in _ENDS)])
    whole = [name for name in frame.columns if name in _COLUMNS[4:] or name.endswith(("_numerator", "_denominator"))]
    shares = [name for name in frame.columns if name not in _COLUMNS and name not in whole]
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(shares, "Float64"))


@answers(Right.FIGURES)
def trend(store: Store, viewer: Viewer, scope: Scope) -> pd.DataFrame:
    """A row a date of the place's snapshots up to the scope's, oldest first: period, rows, unplaced, inside, across,
    wrong, and the shares completeness, nik_valid, fresh with their numerators and denominators.
    """
    days = {snapshot.period for snapshot in store.candidates(scope.register, scope.place)}
    latest = max(
        (part.snapshot.period for part in store.select(scope.register, scope.place, scope.period)), default=None
    )
    rows = []
    for day in sorted(day for day in days if latest and day <= latest)[-HISTORY:]:
        parts = store.select(scope.register, scope.place, day) if assessable(scope.register) else ()
        found = _summed(_together(_counts(store, parts, scope.place)), scope, _context(parts))
        rows.append({"period": day} | _measured(found))
    names = ["period", *_COLUMNS[4:], *(f"{key}{end}" for key in SHARES for end in _ENDS)]
    return pd.DataFrame(rows, columns=names)


SHARES: Final = ("completeness", "nik_valid", "fresh")
_COLUMNS: Final = ("code", "name", "parent", "parent_name", "rows", "unplaced", "twice", "inside", "across", "wrong")
_ENDS: Final = ("", "_numerator", "_denominator")


def build(store: Store, snapshot: Snapshot) -> None:
    """Makes what is kept of a snapshot before anybody asks for it."""
    if assessable(snapshot.register):
        _kept(store, snapshot)


# How the by-name list finds the rows behind a number


def marked(store: Store, snapshot: Snapshot, table: ir.Table) -> ir.Table:
    """A snapshot's rows with what `condition` asks for: problems (the bits), problem_masks (which key has which bits,
    the same in every row), twice and freshness.
    """
    twice = engine.parquet(_kept(store, snapshot) / TWICE).select("inside", "across", twice_row="file_row")
    table = table.left_join(twice, table.file_row == twice.twice_row)
    masks = {key: 1 << bit for bit, key, _ in _named_bits(snapshot)}
    masks |= {f"{_WRITTEN}{field}": mask for field, mask in _written(snapshot).items()}
    return table.mutate(
        problems=table.problem_bits.cast("int64"),
        problem_masks=ibis.literal(" " + "".join(f"{key}={mask} " for key, mask in masks.items())),
        twice=ibis.cases(
            (table.inside & table.across, "inside across"), (table.inside, "inside"), (table.across, "across"), else_=""
        ),
        freshness=_freshness(table, snapshot),
    ).drop("inside", "across", "twice_row")


def condition(table: ir.Table, kind: str, code: str) -> ir.BooleanValue:
    """The rows of a `marked` table behind a number; none where the code is not known.

    ("blank", field): nothing is written there. ("problem", key of `Quality.problems`, or a field, or "any": something
    there cannot be used). ("twice", "inside" | "across" | "any"). ("fresh", code of FRESH).
    """
    found: ir.BooleanValue = ibis.literal(False)
    if kind == "blank" and code in FIELDS and code in table.columns:
        found = table[code].isnull() & ~_marks(table, f"{_WRITTEN}{code}")
    elif kind == "problem" and (code == ANY or code in FIELDS):
        fields = [key for key in ([code] if code in FIELDS else FIELDS) if key in table.columns]
        found = ibis.or_(found, *(table[key].isnull() & _marks(table, f"{_WRITTEN}{key}") for key in fields))
    elif kind == "problem":
        found = _marks(table, code)
    elif kind == "twice" and code in TWICE_WORDS:
        found = (table.twice != "") if code == ANY else table.twice.contains(code)
    elif kind == "fresh" and code in FRESH:
        found = (table.freshness == code).fill_null(False)
    return found


def _marks(table: ir.Table, key: str) -> ir.BooleanValue:
    """Whether a row has one of the bits of a key. DuckDB looks them up once, because the masks are constant."""
    if not re.fullmatch(r"[a-z0-9_.:]+", key):
        return ibis.literal(False)
    mask = table.problem_masks.re_extract(f" {re.escape(key)}=([0-9]+) ", 1).try_cast("int64").fill_null(0)
    return (table.problems & mask) != 0


def spoken(kind: str, code: str, language: Language) -> str:
    """A filter's code in words: `NIK`, `NIK is missing`, `in several kelurahan`."""
    if kind == "blank":
        return translate(FIELDS[code].label, language) if code in FIELDS else code
    if kind == "problem" and (code == ANY or code in FIELDS):
        values = translate(N_("values that cannot be used"), language)
        return values if code == ANY else f"{values} ({translate(FIELDS[code].label, language)})"
    if kind == "problem":
        return problem_words(code, language)
    words = {**TWICE_WORDS, **FRESH_WORDS}
    return translate(words[code], language) if code in words else code


def problem_words(key: str, language: Language) -> str:
    """`date_unreadable.birth_date` → `Date cannot be read (Birth date)`."""
    code, _, field = key.partition(".")
    title = translate(PROBLEMS[code].title, language) if code in PROBLEMS else code
    of_one_field = field and code.partition("_")[0] not in ("nik", "kk")
    return f"{title} ({translate(FIELDS[field].label, language)})" if of_one_field and field in FIELDS else title


# The counts

QUALITY: Final = f"quality-{VERSION}.parquet"
TWICE: Final = f"twice-{VERSION}.parquet"
NIK_STATES: Final = ("valid", "missing", "destroyed", "malformed", "masked")
_WRITTEN: Final = "written:"


def _named_bits(snapshot: Snapshot) -> Iterator[tuple[int, str, str]]:
    """(bit, key, field) of every problem; the key is `code.field`, the field empty where the whole row is meant."""
    fields = {column["heading"]: column["field"] for column in snapshot.columns}
    for bit, (code, heading) in enumerate(snapshot.row_problems):
        field = fields.get(heading, "") if heading else ""
        yield bit, f"{code}.{field}" if field else code, field


def _written(snapshot: Snapshot) -> dict[str, int]:
    """Field: the bits that tell that something is written there. Where the value is missing all the same, it was not
    taken over, because it cannot be used.
    """
    masks: dict[str, int] = {}
    for bit, key, field in _named_bits(snapshot):
        if field in fields_of(snapshot) and not key.partition(".")[0].endswith("_missing"):
            masks[field] = masks.get(field, 0) | 1 << bit
    return masks


def fields_of(snapshot: Snapshot) -> tuple[str, ...]:
    """The fields whose completeness is counted; areas are told by the rows without a kelurahan."""
    return tuple(key for key in snapshot.fields if key in FIELDS and key not in NOT_COMPARED)


def _freshness(table: ir.Table, snapshot: Snapshot) -> ir.StringValue:
    if "updated_on" not in snapshot.fields:
        return ibis.null("string")
    day, period = table.updated_on, snapshot.period
    cases = [
        ((day > _months_before(period, span[1])) & (day <= _months_before(period, span[0])), code)
        for code, span in FRESH.items()
        if span
    ]
    return ibis.cases(*cases, else_="none")


def _months_before(day: date, months: int) -> ir.DateScalar:
    """The same day some months earlier, the month's last where it has no such day; never before the year 1900."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1900:
        return ibis.literal(date(1900, 1, 1))
    return ibis.literal(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))


def _kept(store: Store, snapshot: Snapshot) -> Path:
    """The folder with both files, made where they are not there yet."""
    folder = store.path / "cubes" / snapshot.id
    if not all((folder / name).is_file() for name in (TWICE, QUALITY)):
        rows = engine.parquet(snapshot.rows)
        folder.mkdir(parents=True, exist_ok=True)
        with scratch(store.path) as aside:
            engine.write(_twice(rows), aside / TWICE)
            (aside / TWICE).replace(folder / TWICE)
            counted = _measured_rows(snapshot, rows, engine.parquet(folder / TWICE))
            engine.write(pa.Table.from_pandas(counted, preserve_index=False), aside / QUALITY)
            (aside / QUALITY).replace(folder / QUALITY)
    return folder


def _twice(rows: ir.Table) -> ir.Table:
    """file_row of every counted row whose NIK stands in another one, and whether there is one `inside` its kelurahan
    and one `across`, elsewhere.
    """
    if "nik" not in rows.columns:
        return rows.filter(ibis.literal(False)).select(
            "file_row", inside=ibis.literal(False), across=ibis.literal(False)
        )
    rows = rows.filter(rows.counted, rows.nik.notnull())
    several = rows.group_by("nik").aggregate(times=rows.count())
    rows = rows.filter(rows.nik.isin(several.filter(several.times > 1).nik))
    everywhere = rows.count().over(group_by=rows.nik)
    here = rows.count().over(group_by=[rows.nik, rows.kelurahan_code])
    return rows.select("file_row", inside=here > 1, across=everywhere > here).order_by("file_row")


def _measured_rows(snapshot: Snapshot, rows: ir.Table, twice: ir.Table) -> pd.DataFrame:
    """The counts of a snapshot: code (deepest known area), kind, key, rows."""
    rows = rows.left_join(twice.rename(twice_row="file_row"), rows.file_row == twice.file_row)
    nothing, bits = ibis.literal(False), rows.problem_bits
    unusable = {
        field: rows[field].isnull() & ((bits & ibis.literal(mask, "int64")) != 0)
        for field, mask in _written(snapshot).items()
        if field in rows.columns
    }
    code = ibis.coalesce(*(rows[f"{level}_code"] for level in reversed(LEVELS)))
    counted: dict[tuple[str, str], ir.BooleanValue] = {
        ("rows", ""): rows.counted,
        ("unplaced", ""): rows.kelurahan_code.isnull(),
        ("wrong", ""): ibis.or_(nothing, *unusable.values()) & rows.counted,
        ("twice", ANY): rows.inside.notnull(),
        ("twice", "inside"): rows.inside,
        ("twice", "across"): rows.across,
    }
    for key in fields_of(snapshot):
        if key in rows.columns:
            wrong = unusable.get(key, nothing)
            counted["cells", key] = rows.counted
            counted["filled", key] = rows[key].notnull() | wrong
            counted["unusable", key] = wrong & rows.counted
    if "nik_state" in rows.columns:
        counted |= {("nik", state): rows.nik_state == state for state in NIK_STATES}
    counted |= {("problem", key): (bits & (1 << bit)) != 0 for bit, key, _ in _named_bits(snapshot)}
    if "updated_on" in snapshot.fields:
        fresh = _freshness(rows, snapshot)
        counted |= {("fresh", span): fresh == span for span in FRESH}
    sums = {f"n{at}": what.sum(where=rows.counted) for at, what in enumerate(counted.values())}
    wide = rows.group_by(code=code).aggregate(repeated=(~rows.counted).sum(), **sums).to_pandas()
    names = {f"n{at}": name for at, name in enumerate(counted)} | {"repeated": ("repeated", "")}
    long = wide.melt("code", var_name="name", value_name="rows").fillna({"rows": 0, "code": ""})
    kinds, keys = zip(*(names[name] for name in long["name"]), strict=True) if len(long) else ((), ())
    return pd.DataFrame({"code": long["code"], "kind": kinds, "key": keys, "rows": long["rows"].astype("int64")})


def _counts(store: Store, parts: Sequence[Part], place: str) -> pd.DataFrame:
    """The counts of the parts in a place: code, kind, key, rows."""
    frames = []
    for part in parts:
        found = engine.read(_kept(store, part.snapshot) / QUALITY).to_pandas()
        whole = within(part.snapshot.place, place)
        inside = [
            (whole or within(code, part.place)) and not any(within(code, area) for area in part.excluding)
            for code in found["code"]
        ]
        frames.append(found[inside])
    return pd.concat(frames) if frames else pd.DataFrame(columns=["code", "kind", "key", "rows"]).astype({"code": str})


def _context(parts: Sequence[Part]) -> Context:
    snapshots = [part.snapshot for part in parts]
    return Context(
        period=max((snapshot.period for snapshot in snapshots), default=None),
        compare=None,
        since=None,
        derived=False,
        sample=any(snapshot.sample for snapshot in snapshots),
        sources=tuple(map(Source.of, snapshots)),
    )


def _together(counts: pd.DataFrame, *by: str) -> pd.DataFrame:
    """The counts added up: a row a kind and key."""
    return pd.DataFrame(counts.groupby([*by, "kind", "key"], sort=False, as_index=False)["rows"].sum())


def _summed(counts: pd.DataFrame, scope: Scope, context: Context) -> Quality:
    """`counts` has a row a kind and key (see `_together`)."""
    by_kind: dict[str, dict[str, int]] = {}
    for kind, key, rows in zip(counts["kind"], counts["key"], counts["rows"], strict=True):
        by_kind.setdefault(kind, {})[key] = int(rows)

    def one(kind: str) -> int:
        return by_kind.get(kind, {}).get("", 0)

    cells, filled, unusable = (by_kind.get(kind, {}) for kind in ("cells", "filled", "unusable"))
    return Quality(
        register=scope.register,
        rows=one("rows"),
        fields=tuple(FieldQuality(key, cells[key], filled[key], unusable[key]) for key in FIELDS if key in filled),
        nik=by_kind.get("nik", {}),
        problems={key: rows for key, rows in by_kind.get("problem", {}).items() if rows},
        twice=by_kind.get("twice", {}),
        unplaced=one("unplaced"),
        repeated=one("repeated"),
        wrong=one("wrong"),
        fresh=by_kind.get("fresh", {}),
        context=context,
    )


def _measured(found: Quality) -> dict[str, Any]:
    """The figures of an area or a date, for a frame."""
    fresh = [sum(found.fresh.get(code, 0) for code in WITHIN_WINDOW), sum(found.fresh.values())]
    fractions = {
        "completeness": [sum(field.filled for field in found.fields), sum(field.rows for field in found.fields)],
        "nik_valid": [found.nik.get("valid", 0), sum(found.nik.values())],
        "fresh": fresh,
        **{f"filled_{field.key}": [field.filled, field.rows] for field in found.fields},
    }
    counts = {
        "rows": found.rows,
        "unplaced": found.unplaced,
        "twice": found.twice.get(ANY, 0),
        "inside": found.twice.get("inside", 0),
        "across": found.twice.get("across", 0),
        "wrong": found.wrong,
    }
    row: dict[str, Any] = {key: count if found.rows else None for key, count in counts.items()}
    for key, (part, whole) in fractions.items():
        row[key] = part / whole if whole else None
        row[f"{key}_numerator"], row[f"{key}_denominator"] = (part, whole) if whole else (None, None)
    return row
