"""What the registers together tell about the registered families: their needs, for which programmes they appear
eligible, and what they receive. Made once from a snapshot of the social register and what is known beside it.

PADAN_HOME/cubes/<snapshot>/families-<version>-<sources>.parquet          the rows that something concerns
                            families-counts-<version>-<sources>.parquet   how many families and persons, by area
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from data import cubes, engine
from data.area import within
from data.definitions import programmes
from data.definitions.fields import SEVERAL
from data.definitions.programmes import FACTS, NEEDS, Programme
from data.definitions.registers import Grain
from data.definitions.shared import age
from data.home import scratch
from data.linkage import decisions, outcomes, runs
from data.linkage.runs import Run
from data.places.reference import LEVELS
from data.snapshots import Part, Snapshot, Store

VERSION: Final = 2
"""Goes up whenever what is kept changes, so that older files are made again."""
KEPT: Final = 8
"""Files of a snapshot, by what was known at some date; the oldest make room."""
LARGE: Final = 200_000
"""Rows of a snapshot from which it is looked at in the background only."""
REGISTERS: Final = ("dtks", "dtsen")
"""The social registers whose families are looked at."""
BY_FAMILY: Final[tuple[Grain, ...]] = ("family",)
"""Lists of families say nothing of their members."""
WITH_DECILES: Final = ("dtsen", "p3ke")
STATES: Final = ("eligible", "receives", "missing", "unexplained", "undecided")
"""What a family can be to a programme: appears eligible; receives it; appears eligible and does not receive it;
receives it without appearing eligible; cannot be decided because something is not known.
"""
LISTS: Final = ("needs", "open", *STATES, "agencies")
"""The columns of what concerns a row, each a list of keys. `open`: needs that no received programme answers."""
SEVERAL_NEEDS: Final = "needs_count"
"""Open needs of the whole family, on the row of its first person."""
_CHILDREN: Final = (
    "Anak Balita Terlantar", "Anak Terlantar", "Anak Jalanan", "Anak Memerlukan Perlindungan Khusus",
    "Anak Korban Tindak Kekerasan",
)  # fmt: skip
UNDER_FIVES: Final = 5
"""The age, in full years, of the oldest children in e-PPGBM."""
_DISABLED: Final = ("Penyandang Disabilitas", "Anak dengan Kedisabilitasan")
_NO: Final = ("TIDAK", "TIDAK ADA", "TIDAK MEMILIKI", "NON DISABILITAS", "BUKAN", "0", "-", "")
ALIVE: Final = (*_NO, "HIDUP", "MASIH HIDUP", "TIDAK MENINGGAL", "BELUM MENINGGAL")
"""Notes on death that do not say that somebody has died."""
_JOBLESS: Final = ("BELUM/TIDAK BEKERJA", "TIDAK BEKERJA", "BELUM BEKERJA", "PENGANGGURAN", "MENGANGGUR")


@dataclass(frozen=True)
class Sources:
    """What is known beside a snapshot: everything from before the register's next one. `lists` are the recipients'
    lists by programme (its key), `linked` the matchings of the register by the snapshot that was looked for in it.
    """

    deciles: tuple[Part, ...]
    ppks: tuple[Part, ...]
    risks: tuple[Part, ...]
    measurements: tuple[Part, ...]
    lists: Mapping[str, tuple[Part, ...]]
    linked: Mapping[str, Run]

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        parts = [*self.deciles, *self.ppks, *self.risks, *self.measurements]
        parts += [part for found in self.lists.values() for part in found]
        return tuple({part.snapshot.id: part.snapshot for part in parts}.values())


def sources(store: Store, snapshot: Snapshot, asked: date | None = None) -> Sources:
    """What is known beside a snapshot, of what is not after the `asked` date where there is one."""
    return _sources(store, snapshot.id, asked, store.state())


@lru_cache(maxsize=256)
def _sources(store: Store, snapshot_id: str, asked: date | None, _state: str) -> Sources:
    snapshot = store.snapshot(snapshot_id)
    later = [one.period - timedelta(days=1) for one in store.candidates(snapshot.register, snapshot.place)
             if one.period > snapshot.period and within(snapshot.covers, one.covers)]  # fmt: skip
    day = min([*later, *([asked] if asked else [])], default=None)
    place = snapshot.place
    lists = {
        key: found
        for key, programme in programmes.of_region(place).items()
        if programme.words and (found := _lists(store, snapshot, programme, day))
    }
    measurements = store.select("eppgbm", place, day, ("stunted",), with_rows=True)
    used = [part.snapshot.id for part in (*measurements, *(part for found in lists.values() for part in found))]
    return Sources(
        deciles=store.select(WITH_DECILES, place, day, ("decile",), with_rows=True),
        ppks=store.select("ppks", place, day, ("ppks_category",), with_rows=True),
        risks=store.select("krs", place, day, ("kk",), with_rows=True),
        measurements=measurements,
        lists=lists,
        linked={id: run for id in dict.fromkeys(used) if (run := _run(store, snapshot, id))},
    )


def _lists(store: Store, snapshot: Snapshot, programme: Programme, until: date | None) -> tuple[Part, ...]:
    """The newest lists that name a programme: offices send a file each, so that the newest of all may not have it."""
    found: list[Part] = []
    for one in store.candidates("recipients", snapshot.place):
        late = until is not None and one.period > until
        if late or one.expired_at or any(within(one.covers, part.snapshot.covers) for part in found):
            continue
        told = cubes.counts(store, Part(one, one.place)).filter(lambda table: table.category.isin(programme.words))
        if told.count().to_pyarrow().as_py():
            taken = tuple(part.snapshot.covers for part in found if within(part.snapshot.covers, one.covers))
            place = snapshot.place if within(snapshot.place, one.place) else one.place
            found.append(Part(one, place, taken))
    return tuple(found)


def _run(store: Store, snapshot: Snapshot, left: str) -> Run | None:
    """The newest matching of a snapshot with the register."""
    every = (run for key in ("recipients", "children") for run in runs.runs(store, key) if not run.expired)
    return next((run for run in every if runs.number_of(run.left, left) is not None
                 and runs.number_of(run.right, snapshot.id) is not None), None)  # fmt: skip


# What is asked


def families(store: Store, snapshot: Snapshot, asked: date | None = None) -> ir.Table:
    """The rows of a snapshot that something concerns: position, family_no, the codes of the levels, LISTS (lists of
    keys, empty where there are none) and SEVERAL_NEEDS. What concerns a family as a whole stands on the row of its
    first person. `asked` as for `sources`.
    """
    return engine.parquet(_kept(store, snapshot, asked)[0])


def counts(store: Store, part: Part, asked: date | None = None) -> pa.Table:
    """How many by area: level, code, kind, key, families, persons (rows). Kinds are those of LISTS, SEVERAL_NEEDS (the
    key is the number of needs) and "registered"; of level "" (the whole snapshot) "fact" (persons about whom it is
    known) and "told" (persons of whom it is known whether they receive a programme). Add nothing over levels.
    """
    rows, told = _kept(store, part.snapshot, asked)
    whole = _read(told)
    if not part.excluding:
        return whole
    known = whole.filter(pc.field("level") == "")
    return pa.concat_tables([_counted(cubes.people(store, part), engine.parquet(rows)), known])


@lru_cache(maxsize=64)
def _read(path: Path) -> pa.Table:
    """Stored files never change: what one tells is read once."""
    return engine.read(path)


def joined(store: Store, snapshot: Snapshot, rows: ir.Table, asked: date | None = None) -> ir.Table:
    """The rows of a by-name list of the snapshot with what concerns them: `needs_count` and the columns of LISTS, each
    with `concern_` before its name.
    """
    found = families(store, snapshot, asked)
    found = found.select(
        concerned="position", **{f"concern_{key}": key for key in LISTS}, **{SEVERAL_NEEDS: SEVERAL_NEEDS}
    )
    return rows.left_join(found, rows.position == found.concerned).drop("concerned")


def state(store: Store, snapshot: Snapshot, asked: date | None = None) -> str:
    """Names what `families` of the snapshot are read from: another name as soon as something else is known."""
    return _kept(store, snapshot, asked)[0].name


def _files(store: Store, snapshot: Snapshot, known: Sources) -> tuple[Path, Path]:
    folder, name = store.path / "cubes" / snapshot.id, f"{VERSION}-{_fingerprint(store, snapshot, known)}"
    return folder / f"families-{name}.parquet", folder / f"families-counts-{name}.parquet"


def _kept(store: Store, snapshot: Snapshot, asked: date | None = None) -> tuple[Path, Path]:
    """The files of a snapshot, made where they are not there yet."""
    known = sources(store, snapshot, asked)
    rows, numbers = _files(store, snapshot, known)
    if rows.is_file() and numbers.is_file():
        return rows, numbers
    if snapshot.expired_at and (older := _by_age(rows.parent, _COUNTS)):
        return rows, older[0]
    # Several sessions may ask at once; the second one finds what the first has made.
    with _making:
        if not (rows.is_file() and numbers.is_file()):
            _publish(store, snapshot, known, rows, numbers)
    return rows, numbers


_making: Final = threading.Lock()


def _publish(store: Store, snapshot: Snapshot, known: Sources, rows: Path, numbers: Path) -> None:
    with scratch(store.path) as aside:
        _make(store, snapshot, known, aside)
        rows.parent.mkdir(parents=True, exist_ok=True)
        (aside / "rows.parquet").replace(rows)
        (aside / "counts.parquet").replace(numbers)
    for pattern in ("families-[0-9]*", _COUNTS):
        for one in _by_age(rows.parent, pattern)[KEPT:]:
            one.unlink(missing_ok=True)


_COUNTS: Final = "families-counts-*"


def _by_age(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda one: one.stat().st_mtime, reverse=True)


_DECLARED: Final = Path(programmes.__file__).read_text(encoding="utf-8")
"""What was made by other declarations is made again."""


def _fingerprint(store: Store, snapshot: Snapshot, known: Sources) -> str:
    told = (
        [(key, [part.snapshot.id for part in parts]) for key, parts in known.lists.items()],
        [one.id for one in known.snapshots],
        sorted((id, run.id, decisions.state(store, run.linkage)) for id, run in known.linked.items()),
        _DECLARED,
        cubes.VERSION,
        outcomes.VERSION,
    )
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()


# Facts


def facts(store: Store, snapshot: Snapshot, known: Sources) -> ir.Table:
    """A row a person: position, family_no, first (whether the person stands for the family), the codes of the levels,
    FACTS, and `receives_<programme>` of those that anything tells about; null is not known.
    """
    rows = cubes.people(store, Part(snapshot, snapshot.place))
    own = set(rows.columns)
    turn = ibis.row_number().over(group_by=rows.family_no, order_by=[rows.place_in_family, rows.position])
    nik, kk = (rows[key] if key in own else ibis.null("string") for key in ("nik", "kk"))
    unit = outcomes.unit_of(rows)
    table = rows.select(
        "position", "family_no", *(f"{level}_code" for level in LEVELS),
        unit=unit, nik=nik, kk=kk, first=turn == 0, **dict(_own(rows, snapshot)),
    )  # fmt: skip
    for key, beside in (
        ("nik", _by_nik(store, known)),
        ("kk", _by_card(store, known)),
        ("unit", _stunted(store, snapshot, known, "person")),
        ("family_no", _stunted(store, snapshot, known, "family")),
        ("unit", _receipts(store, snapshot, known)),
    ):
        if beside is not None:
            own_name = next(iter(beside.columns))
            table = table.left_join(beside, table[key] == beside[own_name]).drop(own_name)
    return _together(table, snapshot, known)


def _own(rows: ir.Table, snapshot: Snapshot) -> Iterator[tuple[str, ir.Value]]:
    """What the register itself says."""
    there = set(rows.columns)

    def text(key: str) -> ir.StringValue:
        return rows[key].upper().strip() if key in there else ibis.null("string")

    def flag(*keys: str) -> ir.BooleanValue:
        known = [rows[key] for key in keys if key in there]
        return reduce(_either, known) if known else ibis.null("boolean")

    years = age(rows, snapshot.period).cast("int16")
    yield "age", years
    yield "elderly", ibis.coalesce(years >= 60, ~text("elderly").isin(_NO))
    yield (
        "deceased",
        text("presence").isin(("MENINGGAL",)).fill_null(False) | ~text("deceased_note").isin(ALIVE).fill_null(True),
    )
    cards = [rows[key].notnull() for key in ("kk", "family_register_id") if key in there]
    # Who has no number of a family stands alone in the data, which tells nothing of the household.
    yield "alone", ibis.ifelse(ibis.or_(ibis.literal(False), *cards), rows.family_size == 1, ibis.null("boolean"))
    attends, occupation, works = text("school_participation"), text("occupation"), text("employment")
    yield (
        "pupil",
        ibis.coalesce(
            attends.contains("MASIH") | attends.startswith("BERSEKOLAH"),
            occupation.contains("PELAJAR") | occupation.contains("MAHASISWA"),
        ),
    )
    yield "jobless", ibis.coalesce(works.startswith("TIDAK") | works.startswith("BELUM"), occupation.isin(_JOBLESS))
    yield "own_disability", ~text("disability").isin(_NO)
    yield "own_decile", rows.decile.cast("int16") if "decile" in there else ibis.null("int16")
    # A number that the file masks may be complete.
    yield "nik_usable", rows.nik_state.nullif("masked") == "valid" if "nik_state" in there else ibis.null("boolean")
    yield "dukcapil", rows.dukcapil
    for key, programme in programmes.of_region(snapshot.place).items():
        yield f"says_{key}", flag(*programme.fields)


def _either(one: ir.BooleanValue, other: ir.BooleanValue) -> ir.BooleanValue:
    """Yes where either says so, no where one says no; null where neither says anything."""
    return ibis.coalesce(one | other, one, other)


def _by_nik(store: Store, known: Sources) -> ir.Table | None:
    """What other registers say of persons with the same NIK."""
    tables = []
    for part in (*known.deciles, *known.ppks):
        rows = cubes.people(store, part)
        if "nik" not in rows.columns or part.snapshot.grain == "family":
            continue
        told: dict[str, ir.Value] = {key: ibis.null(kind) for key, kind in _BY_NIK.items()}
        if "ppks_category" in rows.columns:
            around = ibis.literal(SEVERAL) + rows.ppks_category + SEVERAL
            told["nik_child"] = _holds(around, _CHILDREN)
            told["nik_disability"] = ibis.ifelse(_holds(around, _DISABLED), True, ibis.null("boolean"))
        if "decile" in rows.columns:
            told["nik_decile"] = rows.decile.cast("int16")
        if "disability" in rows.columns:
            told["nik_disability"] = ~rows.disability.upper().strip().isin(_NO)
        tables.append(rows.filter(rows.nik.notnull()).select(same_nik="nik", **told))
    if not tables:
        return None
    union = ibis.union(*tables) if len(tables) > 1 else tables[0]
    return union.group_by("same_nik").aggregate(
        nik_decile=union.nik_decile.min(), nik_disability=union.nik_disability.any(), nik_child=union.nik_child.any()
    )


_BY_NIK: Final = {"nik_decile": "int16", "nik_disability": "boolean", "nik_child": "boolean"}


def _holds(around: ir.StringValue, words: Sequence[str]) -> ir.BooleanValue:
    return ibis.or_(*(around.contains(f"{SEVERAL}{word}{SEVERAL}") for word in words))


def _by_card(store: Store, known: Sources) -> ir.Table | None:
    """What other registers say of families with the same card."""
    tables = []
    for part in (*known.deciles, *known.risks):
        rows = cubes.people(store, part)
        if "kk" not in rows.columns:
            continue
        flags = {key: rows[key] if key in rows.columns else ibis.null("boolean") for key in ("no_water", "no_latrine")}
        decile = rows.decile.cast("int16") if "decile" in rows.columns else ibis.null("int16")
        at_risk = ibis.literal(part.snapshot.register == "krs")
        tables.append(
            rows.filter(rows.kk.notnull()).select(same_kk="kk", card_decile=decile, card_at_risk=at_risk, **flags)
        )
    if not tables:
        return None
    union = ibis.union(*tables) if len(tables) > 1 else tables[0]
    return union.group_by("same_kk").aggregate(
        card_decile=union.card_decile.min(), card_at_risk=union.card_at_risk.any(),
        no_water=union.no_water.any(), no_latrine=union.no_latrine.any(),
    )  # fmt: skip


def _linked(store: Store, snapshot: Snapshot, known: Sources, part: Part, finds: str) -> ir.Table | None:
    """Which of the register's units (of kind `finds`) the rows of another list were found to be: position (of the
    list's rows) and unit; None where they have not been matched with each other.
    """
    run = known.linked.get(part.snapshot.id)
    if run is None:
        return None
    left, right = runs.number_of(run.left, part.snapshot.id), runs.number_of(run.right, snapshot.id)
    found = outcomes.units(store, run)
    found = found.filter(
        found.left_part == left, found.right_part == right, found.finds == finds, found.status == "accepted"
    ).select(the_unit="left_unit", unit="right_unit")
    rows = cubes.people(store, part)
    rows = rows.select("position", own_unit=outcomes.unit_of(rows))
    return rows.inner_join(found, rows.own_unit == found.the_unit).select("position", "unit")


def _found(store: Store, snapshot: Snapshot, known: Sources, part: Part) -> ir.Table:
    """The same, by the same NIK where the two have not been matched with each other."""
    linked = _linked(store, snapshot, known, part, "person")
    if linked is not None:
        return linked
    rows, own = cubes.people(store, part), cubes.people(store, Part(snapshot, snapshot.place))
    own = own.select(own_nik="nik", unit=outcomes.unit_of(own))
    rows = rows.select("position", "nik")
    return rows.inner_join(own, rows.nik == own.own_nik).select("position", "unit")


def _stunted(store: Store, snapshot: Snapshot, known: Sources, finds: str) -> ir.Table | None:
    """The register's persons who are stunted children, or its families that have one who is not registered itself."""
    tables = []
    for part in known.measurements:
        rows = cubes.people(store, part)
        stunted = rows.filter(rows.stunted.fill_null(False), rows.newest).select(at="position")
        found = (
            _found(store, snapshot, known, part)
            if finds == "person"
            else _linked(store, snapshot, known, part, "family")
        )
        if found is not None:
            tables.append(found.semi_join(stunted, found.position == stunted.at).select("unit"))
    if not tables:
        return None
    union = (ibis.union(*tables) if len(tables) > 1 else tables[0]).distinct()
    return union.select(**{f"{finds}_unit": union.unit, f"{finds}_stunted": ibis.literal(True)})


def _receipts(store: Store, snapshot: Snapshot, known: Sources) -> ir.Table | None:
    """Who stands in a list of recipients: unit, and `listed_<programme>`."""
    tables = []
    for key, parts in known.lists.items():
        words = programmes.PROGRAMMES[key].words
        for part in parts:
            rows = cubes.people(store, part)
            around = ibis.literal(SEVERAL) + rows.programme_name + SEVERAL
            named = rows.filter(_holds(around, words)).select(at="position")
            found = _found(store, snapshot, known, part)
            tables.append(found.semi_join(named, found.position == named.at).select("unit", key=ibis.literal(key)))
    if not tables:
        return None
    union = ibis.union(*tables) if len(tables) > 1 else tables[0]
    return union.group_by(listed_unit="unit").aggregate(
        **{f"listed_{key}": (union.key == key).any() for key in known.lists}
    )


def _together(table: ir.Table, snapshot: Snapshot, known: Sources) -> ir.Table:
    """The facts out of what each register says."""
    nothing = {key: ibis.null(kind) for key, kind in _BESIDE.items() if key not in table.columns}
    table = table.mutate(**nothing)
    decile = ibis.coalesce(table.own_decile, table.nik_decile, table.card_decile)
    table = table.mutate(decile=decile.min().over(group_by=table.family_no))
    receives = {
        f"receives_{key}": told for key, programme in programmes.of_region(snapshot.place).items()
        if (told := _received(table, key, programme, known, snapshot)) is not None
    }  # fmt: skip
    no, unknown = ibis.literal(False), ibis.null("boolean")
    looked_for = all(part.snapshot.id in known.linked for part in known.measurements)
    measured, listed, at_risk = (
        ibis.ifelse(_spoken_for(table, snapshot, parts), no, unknown)
        for parts in (known.measurements, known.ppks, known.risks)
    )
    return table.select(
        "position", "family_no", "first", *(f"{level}_code" for level in LEVELS),
        "age", "elderly", "pupil", "jobless", "nik_usable", "dukcapil", "no_water", "no_latrine", "decile",
        "alone", "deceased",
        disability=_either(table.own_disability, table.nik_disability),
        orphan=ibis.null("boolean"),
        neglected_child=ibis.coalesce(table.nik_child, listed),
        insured=receives.get("receives_pbi", unknown),
        # Who was looked for by number alone may be a stunted child whose number e-PPGBM does not have.
        stunted=ibis.coalesce(
            table.person_stunted,
            ibis.ifelse(table.first, table.family_stunted, unknown),
            ibis.ifelse(table.age > UNDER_FIVES, measured, unknown),
            measured if looked_for else unknown,
        ),
        at_risk=ibis.coalesce(table.card_at_risk, ibis.ifelse(table.kk.notnull(), at_risk, unknown)),
        **receives,
    )  # fmt: skip


def _spoken_for(table: ir.Table, snapshot: Snapshot, parts: Sequence[Part]) -> ir.BooleanValue:
    """Whether lists speak of the area of a row: that somebody is not in the list of another area tells nothing."""
    covers = {part.covers for part in parts}
    if any(within(snapshot.place, cover) for cover in covers):
        return ibis.literal(True)
    codes = [(table[f"{level}_code"], cover) for level in LEVELS for cover in sorted(covers)]
    return ibis.or_(ibis.literal(False), *(cubes.inside(code, cover).fill_null(False) for code, cover in codes))


_BESIDE: Final = {
    **_BY_NIK, "card_decile": "int16", "card_at_risk": "boolean", "no_water": "boolean", "no_latrine": "boolean",
    "person_stunted": "boolean", "family_stunted": "boolean",
}  # fmt: skip


def _received(
    table: ir.Table, key: str, programme: Programme, known: Sources, snapshot: Snapshot
) -> ir.BooleanValue | None:
    """Whether a person receives a programme, null where nothing says so; None where nothing does of anybody."""
    told: list[ir.BooleanValue] = []
    if set(programme.fields) & set(snapshot.fields):
        told.append(table[f"says_{key}"])
    if key in known.lists:
        here = _spoken_for(table, snapshot, known.lists[key])
        told.append(ibis.coalesce(table[f"listed_{key}"], ibis.ifelse(here, False, ibis.null("boolean"))))
    return reduce(_either, told) if told else None


# Making


def _make(store: Store, snapshot: Snapshot, known: Sources, folder: Path) -> None:
    """Writes rows.parquet and counts.parquet."""
    engine.write(facts(store, snapshot, known), folder / "facts.parquet")
    backend = engine.reader()
    table = backend.read_parquet(engine.at(folder / "facts.parquet"))
    rows = _rows(table, snapshot)
    engine.write(rows.order_by("position"), folder / "rows.parquet")
    made = backend.read_parquet(engine.at(folder / "rows.parquet"))
    numbers = pa.concat_tables([_counted(table, made), _whole(table, snapshot.place)])
    order = [(name, "ascending") for name in ("level", "kind", "key", "code")]
    engine.write(numbers.sort_by(order), folder / "counts.parquet")
    for view in (table, made):
        backend.con.execute(f"DROP VIEW IF EXISTS {view.get_name()}")


def _rows(table: ir.Table, snapshot: Snapshot) -> ir.Table:
    """The rows that something concerns, see `families`. Who is marked as deceased needs nothing and fits nothing."""
    offered = programmes.of_region(snapshot.place)
    receives = {key: table[f"receives_{key}"] if f"receives_{key}" in table.columns else ibis.null("boolean")
                for key in offered}  # fmt: skip
    # Registers mark who receives, and often leave the others empty.
    marked = {key for key, one in offered.items() if not {*one.fields}.isdisjoint(snapshot.fields)}
    said = table.mutate(
        **{f"need_{key}": need.where(table).cast("boolean") & ~table.deceased for key, need in NEEDS.items()},
        **{f"fits_{key}": one.eligible(table).cast("boolean") & ~table.deceased for key, one in offered.items()},
        **{f"got_{key}": told.fill_null(False) for key, told in receives.items()},
        **{f"told_{key}": ibis.literal(True) if key in marked else told.notnull() for key, told in receives.items()},
    )
    whole = _by_family(said, offered)
    said = said.left_join(whole, said.family_no == whole.the_family).drop("the_family")
    said = said.mutate(
        **{f"open_{key}": _concerns(said, key, need.grain == "family") & ~_answered(said, key, offered)
           for key, need in NEEDS.items()}
    )  # fmt: skip
    open_ = said.group_by(counted_family="family_no").aggregate(
        **{
            SEVERAL_NEEDS: reduce(
                lambda one, other: one + other, [said[f"open_{k}"].any().cast("int16") for k in NEEDS]
            )
        }
    )
    said = said.left_join(open_, said.first & (said.family_no == open_.counted_family)).drop("counted_family")
    found = {name: _keys(pairs) for name, pairs in _lists_of(said, offered).items()}
    agencies = _keys(
        [(agency, ibis.or_(*(said[f"open_{key}"] for key, need in NEEDS.items() if need.agency == agency)))
         for agency in programmes.AGENCIES if any(need.agency == agency for need in NEEDS.values())]
    )  # fmt: skip
    rows = said.select(
        "position", "family_no", *(f"{level}_code" for level in LEVELS), **found, agencies=agencies,
        **{SEVERAL_NEEDS: ibis.ifelse(said[SEVERAL_NEEDS] > 0, said[SEVERAL_NEEDS], ibis.null("int16"))},
    )  # fmt: skip
    anything = [rows[name].length() > 0 for name in LISTS]
    return rows.filter(ibis.or_(*anything))


def _by_family(said: ir.Table, offered: Mapping[str, Programme]) -> ir.Table:
    """What holds of families as a whole: where it holds of a member; not known where it might hold of one."""
    columns: dict[str, ir.Value] = {}
    for key, need in NEEDS.items():
        if need.grain == "family":
            columns[f"family_need_{key}"] = said[f"need_{key}"].fill_null(False).any()
    for key in offered:
        fits = said[f"fits_{key}"]
        columns[f"family_got_{key}"] = said[f"got_{key}"].any()
        columns[f"family_told_{key}"] = said[f"told_{key}"].any()
        columns[f"family_fits_{key}"] = ibis.ifelse(
            fits.fill_null(False).any(), True, ibis.ifelse(fits.isnull().any(), ibis.null("boolean"), False)
        )
    return said.group_by(the_family="family_no").aggregate(**columns)


def _concerns(said: ir.Table, need: str, whole: bool) -> ir.BooleanValue:
    """Whether a need stands on a row."""
    return said.first & said[f"family_need_{need}"] if whole else said[f"need_{need}"].fill_null(False)


def _answered(said: ir.Table, need: str, offered: Mapping[str, Programme]) -> ir.BooleanValue:
    """Whether something that is received answers a need; what concerns the family is received by any member."""
    whole = NEEDS[need].grain == "family"
    received = [
        said[f"family_got_{key}" if whole or one.grain == "family" else f"got_{key}"]
        for key, one in offered.items()
        if one.need == need
    ]
    return ibis.or_(ibis.literal(False), *received)


def _lists_of(said: ir.Table, offered: Mapping[str, Programme]) -> dict[str, list[tuple[str, ir.BooleanValue]]]:
    """By column of LISTS (but the agencies) each key and whether it stands on a row."""
    found: dict[str, list[tuple[str, ir.BooleanValue]]] = {name: [] for name in ("needs", "open", *STATES)}
    for key, need in NEEDS.items():
        found["needs"].append((key, _concerns(said, key, need.grain == "family")))
        found["open"].append((key, said[f"open_{key}"]))
    for key, one in offered.items():
        whole = one.grain == "family"
        fits, got, told = (
            said[f"family_{name}_{key}" if whole else f"{name}_{key}"] for name in ("fits", "got", "told")
        )
        here = said.first if whole else ibis.literal(True)
        eligible = fits.fill_null(False) & here
        found["eligible"].append((key, eligible))
        found["receives"].append((key, got & here))
        found["missing"].append((key, eligible & told & ~got))
        found["unexplained"].append((key, (~fits).fill_null(False) & got & here))
        # A family of whom somebody appears eligible is not undecided, whatever is not known of the others.
        found["undecided"].append((key, fits.isnull() & here & ~said[f"family_fits_{key}"].fill_null(False)))
    return found


def _keys(pairs: Sequence[tuple[str, ir.BooleanValue]]) -> ir.ArrayValue:
    """The keys of what is true, as a list."""
    listed = [ibis.ifelse(true, ibis.literal(key), ibis.null("string")) for key, true in pairs]
    if not listed:
        return ibis.literal([], type="array<string>")
    return ibis.array(listed).filter(lambda key: key.notnull())


def _counted(people: ir.Table, rows: ir.Table) -> pa.Table:
    """The counts of areas (see `counts`) over all persons, and over the rows among them that something concerns."""
    rows = rows.semi_join(people, "position")
    found = []
    for level in LEVELS:
        code = f"{level}_code"
        found.append(_numbers(people, code, "registered", ibis.literal("")))
        found += [_numbers(rows, code, name, rows[name].unnest()) for name in LISTS]
        found.append(_numbers(rows, code, SEVERAL_NEEDS, rows[SEVERAL_NEEDS].cast("string")))
    # One after the other: together they need more memory than a server has to spare.
    return pa.concat_tables([one.to_pyarrow().cast(COUNTS) for one in found])


COUNTS: Final = pa.schema(
    [("level", pa.string()), ("code", pa.string()), ("kind", pa.string()), ("key", pa.string()),
     ("families", pa.int64()), ("persons", pa.int64())]
)  # fmt: skip


def _numbers(table: ir.Table, code: str, kind: str, key: ir.Value) -> ir.Table:
    told = table.select("family_no", code=table[code], key=key)
    told = told.filter(told.code.notnull(), told.key.notnull())
    found = told.group_by("code", "key").aggregate(families=told.family_no.nunique(), persons=told.count())
    return found.select(
        "code", "key", "families", "persons", level=ibis.literal(code.removesuffix("_code")), kind=ibis.literal(kind)
    ).select(*COUNTS.names)


def _whole(table: ir.Table, place: str) -> pa.Table:
    """What is known at all, of the whole snapshot (see `counts`)."""
    receipts = [key for key in programmes.of_region(place) if f"receives_{key}" in table.columns]
    # Nobody looks for stunting among grown-ups: that they are not stunted tells nothing of the children.
    children = table.age <= UNDER_FIVES
    asked = [("fact", key, table[key].count(where=children if key == "stunted" else None)) for key in FACTS]
    asked += [("told", key, table[f"receives_{key}"].count()) for key in receipts]
    numbers = table.aggregate(**{f"{kind}_{key}": number for kind, key, number in asked}).to_pyarrow()
    rows = [
        {"level": "", "code": "", "kind": kind, "key": key, "families": 0,
         "persons": numbers[f"{kind}_{key}"][0].as_py()}
        for kind, key, _ in asked
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, COUNTS)


def build(store: Store, place: str = "") -> None:
    """Makes before anybody asks what is kept of the newest social registers, and of each as known at its own date."""
    for snapshot, asked in _offered(store, place):
        _kept(store, snapshot, asked)


def due(store: Store) -> bool:
    """Whether `build` would make anything."""
    return not all(_there(store, snapshot, asked) for snapshot, asked in _offered(store))


def pending(store: Store, place: str, asked: date | None = None) -> bool:
    """Whether so much is still to be made for the families of a place that nobody should wait for it: it takes a second
    for some fifty thousand persons.
    """
    parts = store.select(REGISTERS, place, asked, without=BY_FAMILY)
    large = (part.snapshot for part in parts if part.snapshot.counts.accepted >= LARGE)
    return any(not _there(store, snapshot, asked) for snapshot in large)


def _offered(store: Store, place: str = "") -> tuple[tuple[Snapshot, date | None], ...]:
    """The social registers, each with the date that a screen asks for when that is chosen; first the newest of all."""
    newest = [(part.snapshot, None) for part in store.select(REGISTERS, place, without=BY_FAMILY)]
    dated = [(one, one.period) for one in store.candidates(REGISTERS, place) if one.grain not in BY_FAMILY]
    return tuple((one, asked) for one, asked in (*newest, *dated) if not one.expired_at)


def _there(store: Store, snapshot: Snapshot, asked: date | None) -> bool:
    return all(file.is_file() for file in _files(store, snapshot, sources(store, snapshot, asked)))
