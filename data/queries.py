"""The questions that officers' pages ask. Every answer is limited to what the viewer may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from data import __version__, cubes, engine, lists
from data.access import Viewer
from data.definitions.fields import FIELDS, PROGRAMMES
from data.definitions.filters import FILTERS
from data.definitions.indicators import INDICATORS, Indicator
from data.exports import Column, Cover, Kind
from data.lists import window
from data.places import reference
from data.places.reference import Level, level_of
from data.scope import Scope
from data.snapshots import Part, Store
from data.wording import N_, Language, translate


@dataclass(frozen=True)
class Period:
    """A date for which the store has data; `sample` where any of it is demonstration data."""

    date: date
    sample: bool


@dataclass(frozen=True)
class Source:
    """A snapshot that a figure comes from."""

    snapshot: str
    register: str
    place: str
    period: date
    file: str
    sha256: str
    sample: bool


@dataclass(frozen=True)
class Context:
    """What a screen is really about after the scope's gaps are filled from the store."""

    period: date | None
    compare: date | None
    since: date | None
    derived: bool
    sample: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Value:
    """A figure; None is not known. Shares are fractions 0–1; counts have neither numerator nor denominator."""

    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    derived: bool = False


@dataclass(frozen=True)
class Figure:
    indicator: str
    now: Value
    before: Value | None
    history: tuple[tuple[date, float | None], ...]


@dataclass(frozen=True)
class PeoplePage:
    """One page of the by-name list, grouped by family; identifiers masked unless asked for and allowed.

    `rows` has the columns family, family_size, name, nik, kk, birth_date, age, sex, relation, address, rt, rw,
    kelurahan, kecamatan, updated_on, updated ("yes"|"no"|"unknown"), dukcapil ("yes"|"no"|"unknown"),
    nik_state, programmes (codes, comma-separated), file_row.
    """

    rows: pd.DataFrame
    persons: int
    families: int
    page: int
    pages: int


@dataclass(frozen=True)
class Listing:
    """A complete by-name list, ready to be written: the ordered SELECT, its columns and its cover sheet."""

    sql: str
    columns: tuple[Column, ...]
    cover: Cover
    name: str


REGISTER: Final = "dtks"
HISTORY: Final = 12


def periods(store: Store, viewer: Viewer, scope: Scope) -> tuple[Period, ...]:
    """Dates with data for the scope's place, newest first."""
    found: dict[date, bool] = {}
    for snapshot in store.candidates(REGISTER, scope.place):
        found[snapshot.period] = found.get(snapshot.period, False) or snapshot.sample
    return tuple(Period(day, sample) for day, sample in sorted(found.items(), reverse=True))


def places(store: Store, viewer: Viewer) -> tuple[str, ...]:
    """Codes of the kab/kota (or provinces) that the store has data for."""
    return tuple(sorted(dates(store, viewer)))


def dates(store: Store, viewer: Viewer) -> dict[str, int]:
    """How many dates the store has for each of those places."""
    found: dict[str, set[date]] = {}
    for snapshot in store.candidates(REGISTER, ""):
        found.setdefault(snapshot.place, set()).add(snapshot.period)
    return {place: len(days) for place, days in found.items()}


def context(store: Store, viewer: Viewer, scope: Scope) -> Context:
    """Fills the scope's gaps: newest period, the snapshot before it, start of the window; with sources."""
    parts = store.select(REGISTER, scope.place, scope.period)
    if not parts:
        return Context(None, None, None, False, False, ())
    period = max(part.snapshot.period for part in parts)
    compare = next((p.date for p in periods(store, viewer, scope) if p.date < (scope.compare or period) + _DAY
                    and p.date < period), None)  # fmt: skip
    since = window(period, scope.since)[0]
    snapshots = [part.snapshot for part in parts]
    return Context(
        period=period,
        compare=compare,
        since=since,
        derived=any(cubes.updates(store, snapshot).earlier for snapshot in snapshots),
        sample=any(snapshot.sample for snapshot in snapshots),
        sources=tuple(
            Source(s.id, s.register, s.place, s.period, s.source.file, s.source.sha256, s.sample) for s in snapshots
        ),
    )


def figures(store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str]) -> dict[str, Figure]:
    """Each indicator for the scope's place: now, at the compared date, and at every date before."""
    asked = context(store, viewer, scope)
    if asked.period is None:
        return {key: Figure(key, Value(None), None, ()) for key in keys}
    now = store.select(REGISTER, scope.place, asked.period)
    before = {
        day: parts
        for day in [p.date for p in periods(store, viewer, scope) if p.date <= asked.period][:HISTORY]
        if _covers(parts := store.select(REGISTER, scope.place, day)) == _covers(now)
    }
    level = level_of(scope.place) if scope.place else "province"
    table = _measures(store, before, scope.place, level, scope.since)
    totals = {day: _total(table[table["period"] == day]) for day in before}
    result = {}
    for key in keys:
        indicator = INDICATORS[key]
        values = {day: _value(indicator, total) for day, total in sorted(totals.items())}
        compared = values.get(asked.compare) if asked.compare else None
        history = tuple((day, value.value) for day, value in values.items())
        result[key] = Figure(key, values.get(asked.period, Value(None)), compared, history)
    return result


def by_area(store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str], by: Level) -> pd.DataFrame:
    """A row an area of level `by` in the scope's place, areas without data included.

    Columns code, name, parent, parent_name, and for each KEY: KEY (value), KEY_numerator, KEY_denominator, KEY_change
    (difference to the compared date, in the indicator's unit). Unknown is NA.
    """
    own = [found] if (found := reference.find(scope.place)) and found.level == by else []
    areas = own or list(reference.children(scope.place, by))
    frame = pd.DataFrame(
        {
            "code": [area.code for area in areas],
            "name": [area.name for area in areas],
            "parent": [area.parent for area in areas],
            "parent_name": [parent.name if (parent := reference.find(area.parent)) else "" for area in areas],
        }
    )
    asked = context(store, viewer, scope)
    days = [day for day in (asked.period, asked.compare) if day]
    selected = {day: store.select(REGISTER, scope.place, day) for day in days}
    table = (
        _measures(store, selected, scope.place, by, scope.since) if days else pd.DataFrame({"period": [], "code": []})
    )
    measured: dict[tuple[date | None, str], Any] = {
        (row["period"], row["code"]): row for row in table.to_dict("records")
    }
    for key in keys:
        indicator = INDICATORS[key]
        now = [_value(indicator, measured.get((asked.period, code))) for code in frame["code"]]
        before = [_value(indicator, measured.get((asked.compare, code))) for code in frame["code"]]
        changes = [
            after.value - earlier.value if after.value is not None and earlier.value is not None else None
            for after, earlier in zip(now, before, strict=True)
        ]
        frame[key] = pd.array([value.value for value in now], dtype="Float64")
        frame[f"{key}_numerator"] = pd.array([value.numerator for value in now], dtype="Int64")
        frame[f"{key}_denominator"] = pd.array([value.denominator for value in now], dtype="Int64")
        frame[f"{key}_change"] = pd.array(changes, dtype="Float64")
    return frame


def programmes(store: Store, viewer: Viewer, scope: Scope) -> dict[str, str]:
    """The programmes that the scope's registers tell about: field key and label (a message id)."""
    known = {field for part in store.select(REGISTER, scope.place, scope.period) for field in part.snapshot.fields}
    return {key: FIELDS[key].label for key in PROGRAMMES if key in known}


def people(
    store: Store,
    viewer: Viewer,
    scope: Scope,
    page: int = 1,
    size: int = 50,
    unmasked: bool = False,
    text: str = "",
) -> PeoplePage:
    """The page of the by-name list that the scope's place, period and filters describe. Raises Refused."""
    viewer.require_list(scope.place)
    table = lists.known(store, store.select(REGISTER, scope.place, scope.period), scope.since)
    if table is None:
        return PeoplePage(pd.DataFrame(columns=list(PAGE_COLUMNS)), 0, 0, 1, 0)
    found = lists.filtered(table, scope.filters, text, viewer.unmasked)
    counted = found.aggregate(persons=found.count(), families=_families(found)).to_pyarrow().to_pylist()[0]
    pages = -(-counted["persons"] // size)
    page = max(1, min(page, pages))
    rows = lists.slice_of(found, (page - 1) * size, size)
    rows = rows.select(*(key for key in rows.columns if key in _PAGE_SOURCES))
    shown = lists.shown(rows, unmasked and viewer.unmasked).order_by(lists.ordered(rows)).to_pandas()
    return PeoplePage(_page(shown), counted["persons"], counted["families"], page, pages)


def listing(
    store: Store, viewer: Viewer, scope: Scope, language: Language, unmasked: bool = False, text: str = ""
) -> Listing | None:
    """The complete list behind `people`, for an export; None where there is no data. Raises Refused."""
    viewer.require_list(scope.place)
    table = lists.people(store, store.select(REGISTER, scope.place, scope.period), scope.since)
    if table is None:
        return None
    found = lists.filtered(table, scope.filters, text, viewer.unmasked)
    full = unmasked and viewer.unmasked
    (rows,) = found.aggregate(rows=found.count()).to_pyarrow()["rows"].to_pylist()
    named = _named(lists.shown(found, full))
    columns = _columns(named, language)
    picked = named.order_by(lists.ordered(named)).select(*(column.key for column in columns))
    asked = context(store, viewer, scope)
    name = f"{REGISTER}-{scope.place or 'indonesia'}-{asked.period}"
    return Listing(
        ibis.to_sql(picked, dialect="duckdb"), columns, _cover(scope, asked, rows, full, text, language), name
    )


# How the answers are put together

_DAY: Final = timedelta(days=1)
PAGE_COLUMNS: Final = (
    "family", "family_size", "family_head", "name", "nik", "kk", "birth_date", "age", "sex", "relation", "address",
    "rt", "rw", "kelurahan", "kecamatan", "updated_on", "updated", "dukcapil", "nik_state", "programmes", "file_row",
)  # fmt: skip


_PAGE_SOURCES: Final = frozenset(
    {*PAGE_COLUMNS, *PROGRAMMES, *lists.ORDER, "family_no", "kecamatan_code", "is_updated", "dukcapil_mark"}
)


def _covers(parts: Sequence[Part]) -> frozenset[str]:
    return frozenset(part.covers for part in parts)


def _measures(
    store: Store, selected: Mapping[date, Sequence[Part]], place: str, by: Level, since: date | None
) -> pd.DataFrame:
    """The cube's measures by date and area of level `by`; a measure that a part cannot tell is NA in its areas."""
    tables = []
    for day, parts in selected.items():
        for part in parts:
            cube = cubes.coverage(store, part)
            known = cubes.updates(store, part.snapshot)
            marked = not {"dukcapil", "dukcapil_matched_on"}.isdisjoint(part.snapshot.fields)
            at = cube.filter(cube.level == by, _inside(cube.code, place))
            fresh = lists.updated(at.day, part.snapshot.period, since)
            none = ibis.null("int64")
            totals = at.group_by("code").aggregate(
                persons=at.persons.sum(),
                families=at.families.sum(),
                updated_persons=at.persons.sum(where=fresh).fill_null(0) if known.known else none,
                updated_families=at.families.sum(where=fresh).fill_null(0) if known.known else none,
                dukcapil_matched=at.dukcapil_yes.sum() if marked else none,
                dukcapil_unknown=at.persons.sum() - at.dukcapil_yes.sum() - at.dukcapil_no.sum(),
                unplaced=at.unplaced.sum() if by != "kelurahan" else none,
                undated=at.undated.sum() if known.dated else none,
            )
            measures = {key: totals[key].cast("int64") for key in MEASURES}
            tables.append(
                totals.select("code", **measures, period=ibis.literal(day), derived=ibis.literal(not known.dated))
            )
    if not tables:
        return pd.DataFrame(columns=["code", *MEASURES, "period", "derived"])
    rows = ibis.union(*tables).to_pandas() if len(tables) > 1 else tables[0].to_pandas()
    rows["period"] = pd.to_datetime(rows["period"]).dt.date
    # An unknown part makes the sum unknown: half a figure would look like a low one.
    summed = rows.groupby(["period", "code"], as_index=False).agg(
        {**{key: lambda values: values.sum(skipna=False) for key in MEASURES}, "derived": "any"}
    )
    return pd.DataFrame(summed)


MEASURES: Final = (
    "persons", "families", "updated_persons", "updated_families", "dukcapil_matched", "dukcapil_unknown", "unplaced",
    "undated",
)  # fmt: skip


def _inside(code: ir.StringValue, place: str) -> ir.BooleanValue:
    return (code == place) | code.startswith(place + ".") if place else ibis.literal(True)


def _total(table: pd.DataFrame) -> dict[str, Any]:
    return {key: table[key].sum(skipna=False) for key in MEASURES} | {"derived": bool(table["derived"].any())}


def _value(indicator: Indicator, measured: Mapping[str, Any] | None) -> Value:
    if measured is None:
        return Value(None)
    numerator = _whole(measured[indicator.numerator])
    if indicator.denominator is None:
        return Value(None if numerator is None else float(numerator))
    denominator = _whole(measured[indicator.denominator])
    derived = bool(measured["derived"]) and indicator.numerator.startswith("updated")
    if numerator is None or not denominator:
        return Value(None, None, denominator)
    return Value(numerator / denominator, numerator, denominator, derived)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _families(found: ir.Table) -> ir.IntegerScalar:
    return (found.part.cast("int64") * 10**10 + found.family_no).nunique()


def _page(rows: pd.DataFrame) -> pd.DataFrame:
    def name(code: object) -> str:
        return area.name if isinstance(code, str) and (area := reference.find(code)) else ""

    programmes = [key for key in PROGRAMMES if key in rows]
    received = [",".join(key for key in programmes if row[key] is True) for row in rows[programmes].to_dict("records")]
    rows = rows.assign(
        family=rows["part"].astype(str) + "-" + rows["family_no"].astype(str),
        kelurahan=[name(code) for code in rows["kelurahan_code"]],
        kecamatan=[name(code) for code in rows["kecamatan_code"]],
        updated=rows["is_updated"],
        dukcapil=rows["dukcapil_mark"],
        programmes=received,
    )
    return rows.reindex(columns=list(PAGE_COLUMNS))


def _named(table: ir.Table) -> ir.Table:
    """The list with the names of its areas, from the reference."""
    areas = engine.parquet(reference.REFERENCE)
    kelurahan = areas.select(known_kelurahan="kelurahan_code", kelurahan_name="kelurahan")
    upper = areas.select(known_kecamatan="kecamatan_code", kecamatan_name="kecamatan").distinct()
    table = table.left_join(kelurahan, table.kelurahan_code == kelurahan.known_kelurahan)
    table = table.left_join(upper, table.kecamatan_code == upper.known_kecamatan)
    city = areas.select(known_kabkota="kabkota_code", kabkota_name="kabkota").distinct()
    return table.left_join(city, table.kabkota_code == city.known_kabkota)


_COLUMNS: Final[dict[str, tuple[str, Kind]]] = {
    "kabkota_name": (N_("Kabupaten or kota"), "text"),
    "kecamatan_name": (N_("Kecamatan"), "text"),
    "kelurahan_name": (N_("Kelurahan or desa"), "text"),
    "kelurahan_code": (N_("Area code"), "text"),
    "kk": (FIELDS["kk"].label, "identifier"),
    "family_head": (N_("Head of the family"), "text"),
    "family_size": (N_("Family size"), "integer"),
    "nik": (FIELDS["nik"].label, "identifier"),
    "name": (FIELDS["name"].label, "text"),
    "relation": (FIELDS["relation"].label, "text"),
    "sex": (FIELDS["sex"].label, "text"),
    "birth_date": (FIELDS["birth_date"].label, "date"),
    "age": (N_("Age"), "integer"),
    "address": (FIELDS["address"].label, "text"),
    "rt": (FIELDS["rt"].label, "text"),
    "rw": (FIELDS["rw"].label, "text"),
    "is_updated": (N_("Updated"), "text"),
    "updated_on": (FIELDS["updated_on"].label, "date"),
    "dukcapil_mark": (FIELDS["dukcapil"].label, "text"),
    "nik_state": (N_("State of the NIK"), "text"),
}
"""The columns that stand first in every list; the register's other fields and the file's own columns follow."""
_LAST: Final[dict[str, tuple[str, Kind]]] = {
    "file_row": (N_("Row in the file"), "integer"),
    "snapshot": (N_("Snapshot"), "text"),
}
_KINDS: Final[Mapping[str, Kind]] = {"date": "date", "boolean": "boolean"}


def _columns(table: ir.Table, language: Language) -> tuple[Column, ...]:
    schema = table.schema()
    declared = {
        key: (field.label, "identifier" if field.sensitivity == "identifier" else _KINDS.get(str(schema[key]), "text"))
        for key, field in FIELDS.items()
        if key in schema and key not in _COLUMNS
    }
    known: dict[str, tuple[str, Kind]] = (
        {key: found for key, found in _COLUMNS.items() if key in schema} | declared | _LAST
    )
    columns = [Column(key, translate(label, language), kind) for key, (label, kind) in known.items()]
    extras = [Column(name, name.removeprefix("+"), "text") for name in schema if name.startswith("+")]
    return (*columns, *extras)


def _cover(scope: Scope, asked: Context, rows: int, full: bool, text: str, language: Language) -> Cover:
    def say(message: str, **values: str | int | date) -> str:
        return translate(message, language, **values)

    place = reference.find(scope.place)
    narrowed = [
        f"{say(FILTERS[key][0])}: {_filter_words(key, code, language)}" for key, code in scope.filters if key in FILTERS
    ]
    if text:
        narrowed.append(say(N_("Free text: {text}"), text=text))
    lines = [
        (say(N_("Area")), f"{place.name} ({place.code})" if place else say(N_("All areas"))),
        (say(N_("Date of the data")), say("{day}", day=asked.period) if asked.period else "–"),
        *((say(N_("Source file")), f"{source.file} · SHA-256 {source.sha256}") for source in asked.sources),
        (say(N_("Filters")), "; ".join(narrowed) or say(N_("none"))),
        (say(N_("Rows")), say("{rows}", rows=rows)),
        (
            say(N_("Identifiers")),
            say(
                N_("in full: keep this file safe and pass it on only where the work needs it") if full else N_("masked")
            ),
        ),
        *(
            (say(INDICATORS[key].label), say(INDICATORS[key].definition))
            for key in ("dtks_updated_share", "nik_valid_share")
        ),
        (say(N_("Updated since")), say("{day}", day=asked.since) if asked.since else "–"),
        (say(N_("Created")), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z} · Padan {__version__}"),
    ]
    return Cover(say(N_("Household list")), tuple(lines), asked.sample)


def _filter_words(key: str, code: str, language: Language) -> str:
    words = FILTERS[key][1] | ({code: FIELDS[code].label} if key == "programme" and code in FIELDS else {})
    return translate(words.get(code, code), language)
