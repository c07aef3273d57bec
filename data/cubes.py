"""Small tables by area, made from a snapshot once and kept; they can be thrown away and are then made again.

PADAN_HOME/cubes/<snapshot>/coverage[-since-<earlier snapshot>].parquet   updates by day, of a register that has them
                            counts.parquet                                the measures that the register declares
                            breakdown-<key>.parquet                       measures by further dimensions of its rows
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir

from data import engine
from data.area import within
from data.definitions.catalogue import REGISTERS
from data.definitions.fields import SEVERAL
from data.definitions.measures import Breakdown, Measure
from data.home import scratch
from data.places.reference import LEVELS, level_of
from data.snapshots import Part, Snapshot, Store

VERSION: Final = 2
"""Goes up whenever a cube's contents change, so that older ones are made again."""


@dataclass(frozen=True)
class Updates:
    """How a snapshot tells which records were updated: by their dates, or by comparison with an earlier snapshot."""

    dated: bool
    earlier: Snapshot | None

    @property
    def known(self) -> bool:
        return self.dated or self.earlier is not None


def updates(store: Store, snapshot: Snapshot) -> Updates:
    if not REGISTERS[snapshot.register].updated:
        return Updates(False, None)
    if "updated_on" in snapshot.fields:
        return Updates(True, None)
    earlier = store.previous(snapshot)
    if earlier and earlier.expired_at and not _stored(_changes_file(store, snapshot, earlier)):
        earlier = None
    return Updates(False, earlier)


def people(store: Store, part: Part) -> ir.Table:
    """The counted rows of a part, with `updated_on` and `family_updated_on` (DATE) however the snapshot tells them, and
    `dukcapil` (BOOLEAN).

    In a derived snapshot a changed record carries the snapshot's own date, any other none.
    """
    snapshot = part.snapshot
    table = engine.parquet(snapshot.rows)
    known = updates(store, snapshot)
    if known.earlier is not None:
        changed = engine.parquet(_changes(store, snapshot, known.earlier))
        table = table.left_join(changed, table.file_row == changed.changed_row)
        day, none = ibis.literal(snapshot.period), ibis.null("date")
        own = ibis.ifelse(table.changed_row.notnull(), day, none)
        table = table.mutate(updated_on=own).drop("changed_row")
        families = (
            table.filter(table.updated_on.notnull() & table.counted).select(changed_family="family_no").distinct()
        )
        table = table.left_join(families, table.family_no == families.changed_family)
        table = table.mutate(family_updated_on=ibis.ifelse(table.changed_family.notnull(), day, none)).drop(
            "changed_family"
        )
    elif not known.dated:
        table = table.mutate(updated_on=ibis.null("date"), family_updated_on=ibis.null("date"))
    if "dukcapil" not in table.columns:
        table = table.mutate(dukcapil=ibis.null("boolean"))
    return table.filter(table.counted, *_inside(table, part))


def _inside(table: ir.Table, part: Part) -> list[ir.BooleanValue]:
    conditions = [] if within(part.snapshot.place, part.place) else [lies_in(table, part.place)]
    return conditions + [~lies_in(table, area).fill_null(False) for area in part.excluding]


def lies_in(table: ir.Table, code: str) -> ir.BooleanValue:
    """Whether rows lie in an area; null where they are not placed that deep."""
    condition: ir.BooleanValue = table[f"{level_of(code)}_code"] == code
    return condition


def coverage(store: Store, part: Part) -> ir.Table:
    """A part's persons and families by area and day of update.

    Columns: level, code, day (DATE, null = never), and the counts persons, dukcapil_yes, dukcapil_no, undated, unplaced
    (of persons with that day), families (whose newest update is that day). Add over days; never over levels.
    """
    if part.excluding:
        return _coverage(people(store, part))
    return _narrowed(engine.parquet(stored_coverage(store, part.snapshot)), part)


def counts(store: Store, part: Part) -> ir.Table:
    """A part's measures (see `Measure`) by area and category.

    Columns: level, code, category ("" = all) and a column for every measure of the register, null where the snapshot
    cannot tell it. Add nothing over levels or categories: who stands in two is counted once in the whole.
    """
    if part.excluding:
        return _counts(part.snapshot, people(store, part))
    return _narrowed(engine.parquet(stored_counts(store, part.snapshot)), part)


def breakdown(store: Store, part: Part, key: str) -> ir.Table | None:
    """A part's measures by the dimensions of a `Breakdown` of its register; None where the snapshot lacks its fields.

    Columns: level, code, category ("" = all), the dimensions (null = not known) and the measures. Add nothing over
    levels or categories; over dimensions only what is counted once among them.
    """
    declared = next(one for one in REGISTERS[part.snapshot.register].breakdowns if one.key == key)
    if not set(declared.needs) <= set(part.snapshot.fields):
        return None
    if part.excluding:
        return _broken_down(part.snapshot, people(store, part), declared)
    return _narrowed(engine.parquet(_stored_breakdown(store, part.snapshot, declared)), part)


def _narrowed(whole: ir.Table, part: Part) -> ir.Table:
    """What a snapshot's cube says of the part's place."""
    if within(part.snapshot.place, part.place):
        return whole
    own = LEVELS.index(level_of(part.place))
    return whole.filter(inside(whole.code, part.place) & whole.level.isin(LEVELS[own:]))


def inside(code: ir.StringValue, place: str) -> ir.BooleanValue:
    """Whether the area of a code is a place ("" = everything) or lies in it; null where there is no code."""
    return (code == place) | code.startswith(place + ".") if place else ibis.literal(True)


def build(store: Store, snapshot: Snapshot) -> None:
    """Makes a snapshot's cubes before anybody asks for them."""
    register = REGISTERS[snapshot.register]
    if register.updated:
        stored_coverage(store, snapshot)
    if register.measures and register.grain != "figure":
        stored_counts(store, snapshot)
    for declared in register.breakdowns:
        if set(declared.needs) <= set(snapshot.fields):
            _stored_breakdown(store, snapshot, declared)


def _counts(snapshot: Snapshot, rows: ir.Table) -> ir.Table:
    return _by_category(snapshot, rows, REGISTERS[snapshot.register].measures)


def _broken_down(snapshot: Snapshot, rows: ir.Table, declared: Breakdown) -> ir.Table:
    rows = rows.mutate(**{name: value(rows, snapshot.period) for name, value in declared.by.items()})
    rows = rows if declared.where is None else rows.filter(declared.where(rows).fill_null(False))
    return _by_category(snapshot, rows, declared.measures, tuple(declared.by), declared.by_category)


def _by_category(
    snapshot: Snapshot, rows: ir.Table, measures: Sequence[Measure], by: Sequence[str] = (), each: bool = True
) -> ir.Table:
    """The measures by area and by the columns `by`, of all rows and (of `each`) of every category of the register."""
    register = REGISTERS[snapshot.register]
    if snapshot.grain == "family":
        first = rows.file_row.min().over(group_by=rows.unit_no)
        rows = rows.mutate(speaks_for_family=rows.file_row == first)
    tables = [_counted(snapshot, rows.mutate(category=ibis.literal("")), measures, by)]
    if each and register.category in rows.columns:
        named = rows.filter(rows[register.category].notnull())
        words = named.mutate(category=named[register.category].split(SEVERAL)).unnest("category")
        tables.append(_counted(snapshot, words, measures, by))
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def _counted(snapshot: Snapshot, rows: ir.Table, measures: Sequence[Measure], by: Sequence[str]) -> ir.Table:
    told = [measure for measure in measures if set(measure.needs) <= set(rows.columns)]
    by_level = []
    for level in LEVELS:
        at = rows.filter(rows[f"{level}_code"].notnull()).mutate(code=rows[f"{level}_code"])
        found = at.group_by("code", "category", *by).aggregate(
            at.count().name("own_rows"), **{measure.key: _number(snapshot, at, measure) for measure in told}
        )
        numbers = {one.key: found[one.key] if one.key in found.columns else ibis.null("double") for one in measures}
        by_level.append(
            found.select(
                "code", "category", *by, **{key: value.cast("double") for key, value in numbers.items()},
                level=ibis.literal(level),
            )
        )  # fmt: skip
    return ibis.union(*by_level)


def _number(snapshot: Snapshot, rows: ir.Table, measure: Measure) -> ir.Value:
    fits = rows.file_row.notnull() if measure.where is None else measure.where(rows).fill_null(False)
    if measure.newest:
        fits = fits & rows.newest
    if measure.counts == "rows":
        return fits.sum().fill_null(0)
    if measure.counts == "sum":
        return rows[measure.of].sum(where=fits)
    if measure.counts == "families":
        return rows.family_no.nunique(where=fits)
    if measure.counts == "persons" and snapshot.grain == "family":
        if "family_members" not in rows.columns:
            return ibis.null("double")
        return rows.family_members.sum(where=fits & rows.speaks_for_family).fill_null(0)
    return rows.unit_no.nunique(where=fits)


def stored_counts(store: Store, snapshot: Snapshot) -> Path:
    path = _folder(store, snapshot) / f"counts-{VERSION}.parquet"
    if stored := _stored(path, snapshot):
        return stored
    rows = people(store, Part(snapshot, snapshot.place))
    write(store, _counts(snapshot, rows).order_by("level", "code", "category"), path)
    return path


def _stored_breakdown(store: Store, snapshot: Snapshot, declared: Breakdown) -> Path:
    path = _folder(store, snapshot) / f"breakdown-{declared.key}-{VERSION}.parquet"
    if stored := _stored(path, snapshot):
        return stored
    rows = people(store, Part(snapshot, snapshot.place))
    write(store, _broken_down(snapshot, rows, declared).order_by("level", "code", "category"), path)
    return path


def _coverage(rows: ir.Table) -> ir.Table:
    by_level = []
    for level in LEVELS:
        at = rows.filter(rows[f"{level}_code"].notnull())
        code = at[f"{level}_code"]
        persons = at.group_by(code=code, day=at.updated_on).aggregate(
            persons=at.count(),
            dukcapil_yes=at.dukcapil.sum(),
            dukcapil_no=(~at.dukcapil).sum(),
            undated=at.updated_on.isnull().sum(),
            unplaced=at.kelurahan_code.isnull().sum(),
            families=ibis.literal(0, "int64"),
        )
        families = at.group_by(code=code, day=at.family_updated_on).aggregate(
            **{
                key: ibis.literal(0, "int64")
                for key in ("persons", "dukcapil_yes", "dukcapil_no", "undated", "unplaced")
            },
            families=at.family_no.nunique(),
        )
        by_level += [
            table.select(
                "code",
                "day",
                *(table[key].fill_null(0).cast("int64").name(key) for key in MEASURES),
                level=ibis.literal(level),
            )
            for table in (persons, families)
        ]
    return ibis.union(*by_level)


MEASURES: Final = ("persons", "dukcapil_yes", "dukcapil_no", "undated", "unplaced", "families")


def stored_coverage(store: Store, snapshot: Snapshot) -> Path:
    earlier = updates(store, snapshot).earlier
    path = _folder(store, snapshot) / f"coverage-{VERSION}{f'-since-{earlier.id}' if earlier else ''}.parquet"
    if stored := _stored(path, snapshot):
        return stored
    rows = people(store, Part(snapshot, snapshot.place))
    write(store, _coverage(rows).order_by("level", "code", "day"), path)
    return path


def _changes(store: Store, snapshot: Snapshot, earlier: Snapshot) -> Path:
    """Rows of a snapshot that stand in the earlier one in no identical form: column changed_row (row of the file)."""
    path = _changes_file(store, snapshot, earlier)
    if stored := _stored(path, snapshot, earlier):
        return stored
    shared = [key for key in snapshot.fields if key in earlier.fields and key not in NOT_COMPARED]
    now, before = (_prints(engine.parquet(one.rows), shared) for one in (snapshot, earlier))
    changed = now.anti_join(before, ["print", "kelurahan_code"]).select(changed_row="file_row")
    write(store, changed.order_by("changed_row"), path)
    return path


def _changes_file(store: Store, snapshot: Snapshot, earlier: Snapshot) -> Path:
    return _folder(store, snapshot) / f"changes-{VERSION}-since-{earlier.id}.parquet"


NOT_COMPARED: Final = ("counter", "province", "kabkota", "kecamatan", "kelurahan", "area_code")
"""Areas are compared by the code that was read, so that a corrected spelling is no update of the record."""


def _prints(table: ir.Table, fields: list[str]) -> ir.Table:
    texts = [table[key].cast("string").fill_null("") for key in fields]
    return table.filter(table.counted).select(
        "file_row", kelurahan_code=table.kelurahan_code.fill_null(""), print=ibis.literal("\x1f").join(texts).hash()
    )


def _folder(store: Store, snapshot: Snapshot) -> Path:
    return store.path / "cubes" / snapshot.id


def _stored(path: Path, *made_of: Snapshot) -> Path | None:
    """The table where it was made already. Of rows that have expired nothing can be made anew: then one of an older
    version serves too, the newest of them. None where it can still be made.
    """
    if path.is_file():
        return path
    kind, sign, rest = path.name.partition(f"-{VERSION}")
    if sign and (not made_of or any(snapshot.expired_at for snapshot in made_of)):
        older = sorted(path.parent.glob(f"{kind}-[0-9]*{rest}"), key=lambda one: one.stat().st_mtime)
        return older[-1] if older else None
    return None


def write(store: Store, table: ir.Table, path: Path) -> None:
    """Publishes a small table at its place, whole or not at all."""
    with scratch(store.path) as folder:
        engine.write(table, folder / path.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        (folder / path.name).replace(path)
