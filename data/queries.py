"""The questions that officers' pages ask. Every answer is limited to what the viewer may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Self

import ibis
import ibis.expr.types as ir
import pandas as pd

from data import __version__, aliases, cubes, engine, evaluation, lists
from data.access import OWNER, Mask, Viewer, answers, narrowed
from data.definitions.catalogue import FIELDS, INDICATORS, PROGRAMMES, REGISTERS
from data.definitions.filters import FILTERS
from data.definitions.indicators import Indicator
from data.definitions.registers import Grain
from data.definitions.roles import Right
from data.evaluation import UNKNOWN, Value
from data.exports import Column, Cover, Kind
from data.figures import REKAP, feeding, rekap_indicators
from data.linkage import decisions, outcomes
from data.linkage.runs import Run, current
from data.lists import window
from data.places import reference
from data.places.reference import Level
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store
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

    @classmethod
    def of(cls, one: Snapshot, period: date | None = None) -> Self:
        """`period` where a snapshot of several dates speaks for another one than its newest."""
        day = period or one.period
        return cls(one.id, one.register, one.place, day, one.source.file, one.source.sha256, one.sample)


@dataclass(frozen=True)
class Context:
    """What a screen is really about after the scope's gaps are filled from the store."""

    period: date | None
    compare: date | None
    since: date | None
    derived: bool
    sample: bool
    sources: tuple[Source, ...]


NO_CONTEXT: Final = Context(None, None, None, False, False, ())


@dataclass(frozen=True)
class Figure:
    """An indicator of a place: now, at the compared date, and at every date so far; `fractions` are the numerators and
    denominators of the history.
    """

    indicator: str
    now: Value
    before: Value | None
    history: tuple[tuple[date, float | None], ...]
    fractions: tuple[tuple[int | None, int | None], ...] = ()


@dataclass(frozen=True)
class PeoplePage:
    """One page of the by-name list, grouped by family; identifiers masked unless asked for and allowed.

    `rows` has the columns family (`part-number`, see `data.household.key_of`), family_size, name, nik, kk, birth_date,
    age, sex, relation, address, rt, rw, kelurahan, kecamatan, updated_on, updated ("yes"|"no"|"unknown"),
    dukcapil ("yes"|"no"|"unknown"),
    nik_state, programmes (codes, comma-separated), snapshot (its id), file_row, those that the register lists besides,
    and OF_CONCERN where the list is narrowed by needs or programmes. `persons` are what the register counts (of a list
    of children, children); `count` are rows; `by_family`: each row is a family, of whose members nothing is said.
    """

    rows: pd.DataFrame
    persons: int
    families: int
    page: int
    pages: int
    count: int
    by_family: bool = False


@dataclass(frozen=True)
class Listing:
    """A complete by-name list, ready to be written: the ordered SELECT, its columns and its cover sheet; `rows` are how
    many it has.
    """

    sql: str
    columns: tuple[Column, ...]
    cover: Cover
    name: str
    rows: int
    language: Language

    def recorded(self, number: str) -> Self:
        """The same with the number under which the record knows it on its cover sheet."""
        line = (translate(N_("Number in the record"), self.language), number)
        return replace(self, cover=replace(self.cover, lines=(*self.cover.lines, line)))


HISTORY: Final = 12
FIGURES: Final[tuple[Grain, ...]] = ("figure",)


def state(store: Store) -> str:
    """Changes with everything that an answer can depend on: what is stored, and what was decided about pairs."""
    return f"{store.state()}-{decisions.state(store)}"


@answers(Right.FIGURES)
def periods(store: Store, viewer: Viewer, scope: Scope) -> tuple[Period, ...]:
    """Dates with data about the scope's indicator and place, newest first."""
    found = evaluation.dates(store, [_indicator(store, scope.indicator)], scope.place)
    return tuple(Period(day, sample) for day, sample in sorted(found.items(), reverse=True))


@answers(Right.FIGURES, narrowed)
def places(store: Store, viewer: Viewer, registers: Sequence[str] = ("dtks",)) -> tuple[str, ...]:
    """Codes of the kab/kota (or provinces) that the store has data for."""
    return tuple(sorted(dates(store, viewer, registers)))


@answers(Right.FIGURES, narrowed)
def dates(store: Store, viewer: Viewer, registers: Sequence[str] = ("dtks",)) -> dict[str, int]:
    """How many dates the registers have for each of those places; of a larger one the parts that the viewer reaches."""
    found: dict[str, set[date]] = {}
    told = {key for key, indicator in INDICATORS.items() if set(indicator.registers) & set(registers)}
    tables = [table for table in store.candidates(REKAP, "") if told & set(feeding(table))]
    for snapshot in (*store.candidates(registers, ""), *tables):
        for place in viewer.ground(snapshot.place):
            found.setdefault(place, set()).update(snapshot.periods or (snapshot.period,))
    return {place: len(days) for place, days in found.items()}


@answers(Right.FIGURES)
def context(store: Store, viewer: Viewer, scope: Scope) -> Context:
    """Fills the scope's gaps for its indicator: newest period, the data before it, start of the window; with
    sources.
    """
    indicator = _indicator(store, scope.indicator)
    days = sorted(evaluation.dates(store, [indicator], scope.place), reverse=True)
    period = next((day for day in days if not scope.period or day <= scope.period), None)
    if period is None:
        return NO_CONTEXT
    found = _context(store, scope, days, period, evaluation.behind(store, [indicator], scope.place, period))
    return replace(found, derived=False) if indicator.linkage else found


def _day_of(snapshot: Snapshot, period: date) -> date:
    """The date of a snapshot's data; of a table of several dates the newest that is not after the asked one."""
    return max((day for day in snapshot.periods if day <= period), default=snapshot.period)


@answers(Right.FIGURES)
def list_context(store: Store, viewer: Viewer, scope: Scope) -> Context:
    """The same for the by-name list of the scope's register; where it is narrowed by what became of the rows when they
    were matched, with the sources of that.
    """
    days = sorted({snapshot.period for snapshot in store.candidates(scope.register, scope.place)}, reverse=True)
    parts, runs = list_parts(store, scope)
    period = max((part.snapshot.period for part in parts), default=None)
    own = [part.snapshot for part in parts]
    snapshots = list(outcomes.snapshots(runs)) if lists.asks_for_match(scope.filters) else own
    return _context(store, scope, days, period, snapshots) if period else NO_CONTEXT


def _context(store: Store, scope: Scope, days: Sequence[date], period: date, snapshots: Sequence[Snapshot]) -> Context:
    compare = next((day for day in days if day < (scope.compare or period) + _DAY and day < period), None)
    return Context(
        period=period,
        compare=compare,
        since=window(period, scope.since)[0],
        derived=any(cubes.updates(store, snapshot).earlier for snapshot in snapshots),
        sample=any(snapshot.sample for snapshot in snapshots),
        sources=tuple(Source.of(one, _day_of(one, period)) for one in snapshots),
    )


@answers(Right.FIGURES)
def figures(store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str], category: str = "") -> dict[str, Figure]:
    """Each indicator for the scope's place: now, at the compared date, and at every date before."""
    asked = context(store, viewer, scope)
    if asked.period is None:
        return {key: Figure(key, UNKNOWN, None, ()) for key in keys}
    days = [p.date for p in periods(store, viewer, scope) if p.date <= asked.period][:HISTORY]
    if any(REGISTERS[key].grain != "figure" for key in _indicator(store, scope.indicator).registers):
        now = _areas_with_data(store, scope, asked.period)
        days = [day for day in days if _areas_with_data(store, scope, day) == now]
    level = evaluation.level_of_place(scope.place)
    found = evaluation.evaluate(
        store, [_indicator(store, key) for key in keys], scope.place, level, days, scope.since, category
    )
    result = {}
    for key in keys:
        values = {day: evaluation.total(found[key], day, scope.place) for day in sorted(days)}
        compared = values.get(asked.compare) if asked.compare else None
        history = tuple((day, value.value) for day, value in values.items())
        fractions = tuple((value.numerator, value.denominator) for value in values.values())
        result[key] = Figure(key, values.get(asked.period, UNKNOWN), compared, history, fractions)
    return result


def areas(place: str, by: Level) -> pd.DataFrame:
    """The areas of level `by` in a place, itself where it is of that level: code, name, parent, parent_name."""
    own = [itself] if (itself := reference.find(place)) and itself.level == by else []
    found = own or list(reference.children(place, by))
    return pd.DataFrame(
        {
            "code": [area.code for area in found],
            "name": [area.name for area in found],
            "parent": [area.parent for area in found],
            "parent_name": [parent.name if (parent := reference.find(area.parent)) else "" for area in found],
        }
    )


@answers(Right.FIGURES)
def by_area(
    store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str], by: Level, category: str = ""
) -> pd.DataFrame:
    """A row an area of level `by` in the scope's place, areas without data included.

    Columns code, name, parent, parent_name, and for each KEY: KEY (value), KEY_numerator, KEY_denominator, KEY_change
    (difference to the compared date, in the indicator's unit); of matched registers also KEY_low and KEY_high. Unknown
    is NA. Without a date in the scope every indicator is told by its own newest data.
    """
    frame = areas(scope.place, by)
    for (period, compare), group in _dated(store, viewer, scope, keys).items():
        days = [day for day in (period, compare) if day]
        values = evaluation.evaluate(
            store, [_indicator(store, key) for key in group], scope.place, by, days, scope.since, category
        )
        for key in group:
            now = [values[key].get((period, code), UNKNOWN) if period else UNKNOWN for code in frame["code"]]
            before = [values[key].get((compare, code), UNKNOWN) if compare else UNKNOWN for code in frame["code"]]
            changes = [
                after.value - earlier.value if after.value is not None and earlier.value is not None else None
                for after, earlier in zip(now, before, strict=True)
            ]
            frame[key] = pd.array([value.value for value in now], dtype="Float64")
            frame[f"{key}_numerator"] = pd.array([value.numerator for value in now], dtype="Int64")
            frame[f"{key}_denominator"] = pd.array([value.denominator for value in now], dtype="Int64")
            frame[f"{key}_change"] = pd.array(changes, dtype="Float64")
            if _indicator(store, key).linkage:
                frame[f"{key}_low"] = pd.array([value.low for value in now], dtype="Float64")
                frame[f"{key}_high"] = pd.array([value.high for value in now], dtype="Float64")
    return frame


@answers(Right.FIGURES, narrowed)
def indicators(store: Store, viewer: Viewer) -> dict[str, Indicator]:
    """Every indicator that can be asked: the declared ones, and those that tables of figures about the viewer's areas
    have brought along.
    """
    return {**INDICATORS, **rekap_indicators(store, viewer.ground)}


def _indicator(store: Store, key: str) -> Indicator:
    """Raises KeyError."""
    return INDICATORS[key] if key in INDICATORS else indicators(store, OWNER)[key]


def _dated(
    store: Store, viewer: Viewer, scope: Scope, keys: Sequence[str]
) -> dict[tuple[date | None, date | None], list[str]]:
    """Indicators by the pair of dates, now and compared, at which they are to be told."""
    found: dict[tuple[date | None, date | None], list[str]] = {}
    contexts: dict[tuple[object, ...], Context] = {}
    for key in keys:
        indicator = _indicator(store, key)
        about = (indicator.registers, indicator.linkage or indicator.numerator)
        if about not in contexts:
            contexts[about] = context(store, viewer, replace(scope, indicator=key))
        asked = contexts[about]
        found.setdefault((asked.period, asked.compare), []).append(key)
    return found


def _areas_with_data(store: Store, scope: Scope, day: date) -> frozenset[str]:
    parts = store.select(_indicator(store, scope.indicator).registers, scope.place, day)
    return frozenset(part.covers for part in parts)


@answers(Right.FIGURES)
def by_category(store: Store, viewer: Viewer, scope: Scope, key: str) -> pd.DataFrame:
    """An indicator's numerator by category of its register in the scope's place, most first.

    Columns category, value, change (to the compared date). Categories overlap: who stands in two counts in both.
    """
    asked, indicator = context(store, viewer, scope), _indicator(store, key)
    frames = []
    for day in (asked.period, asked.compare):
        found = evaluation.by_category(store, indicator, scope.place, day) if day else {}
        frames.append(pd.Series(found, dtype="Float64"))
    now, before = frames
    frame = pd.DataFrame({"category": now.index, "value": now.array})
    compared = before.reindex(now.index).fillna(0) if len(before) else before.reindex(now.index)
    frame["change"] = (now - compared).array
    return frame.sort_values(["value", "category"], ascending=[False, True], ignore_index=True)


@answers(Right.FIGURES)
def programmes(store: Store, viewer: Viewer, scope: Scope) -> dict[str, str]:
    """The programmes that the scope's registers tell about: field key and label (a message id)."""
    known = {
        field for part in store.select(scope.register, scope.place, scope.period) for field in part.snapshot.fields
    }
    return {key: FIELDS[key].label for key in PROGRAMMES if key in known}


@answers(Right.PEOPLE, persons=lambda page: len(page.rows))
def people(
    store: Store,
    viewer: Viewer,
    scope: Scope,
    page: int = 1,
    size: int = 50,
    unmasked: bool = False,
    text: str = "",
) -> PeoplePage:
    """The page of the by-name list that the scope's place, period and filters describe, in the order of its filter
    `lists.SORT`. Raises Refused.
    """
    lists.permit(viewer, scope.filters, text)
    order, mask = scope.filter(lists.SORT) or "", viewer.mask(unmasked)
    parts, runs = list_parts(store, scope)
    runs = runs if lists.asks_for_match(scope.filters) else ()
    table = lists.known(store, parts, scope.since, lists.asks_for_marks(scope.filters), runs, scope.period)
    if table is None:
        return PeoplePage(pd.DataFrame(columns=list(PAGE_COLUMNS)), 0, 0, 1, 0, 0)
    found = lists.filtered(table, scope.filters, text, mask.in_full)
    units = _numbered(found, "unit_no") if "unit_no" in found.columns else found.count()
    numbers = found.aggregate(rows=found.count(), persons=units, families=_numbered(found, "family_no"))
    counted = numbers.to_pyarrow().to_pylist()[0]
    pages = -(-counted["rows"] // size)
    page = max(1, min(page, pages))
    rows = lists.slice_of(found, (page - 1) * size, size, order, mask.named)
    wanted = (*REGISTERS[scope.register].listed, *_OF_MATCH, *OF_CONCERN)
    listed = [key for key in wanted if key in rows.columns and key not in PAGE_COLUMNS]
    rows = rows.select(*(key for key in rows.columns if key in _PAGE_SOURCES or key in listed))
    masked = lists.shown(rows, mask)
    shown = masked.order_by(lists.ordered(masked, order, mask.named)).to_pandas()
    if not mask.named:
        shown["family_no"] = [aliases.alias(store, number) for number in shown["family_no"]]
    by_family = all(part.snapshot.grain == "family" for part in parts)
    return PeoplePage(
        _page(shown, listed), counted["persons"], counted["families"], page, pages, counted["rows"], by_family
    )


@answers(Right.PEOPLE, persons=lambda listing: listing.rows, mark=lambda listing, number: listing.recorded(number))
def listing(
    store: Store, viewer: Viewer, scope: Scope, language: Language, unmasked: bool = False, text: str = ""
) -> Listing | None:
    """The complete list behind `people`, for an export; None where there is no data. Raises Refused."""
    lists.permit(viewer, scope.filters, text)
    parts, runs = list_parts(store, scope)
    table = lists.people(store, parts, scope.since, lists.asks_for_marks(scope.filters), runs, scope.period)
    if table is None:
        return None
    mask = viewer.mask(unmasked)
    found = lists.filtered(table, scope.filters, text, mask.in_full)
    (rows,) = found.aggregate(rows=found.count()).to_pyarrow()["rows"].to_pylist()
    named = lists.spoken(_named(_spoken(lists.shown(found, mask), scope.register, language)), language)
    columns = tuple(column for column in _columns(named, language) if column.key not in lists.withheld(mask))
    order = lists.ordered(named, scope.filter(lists.SORT) or "", mask.named)
    picked = named.order_by(order).select(*(column.key for column in columns))
    asked = list_context(store, viewer, scope)
    name = f"{scope.register}-{scope.place or 'indonesia'}-{asked.period}"
    return Listing(
        ibis.to_sql(picked, dialect="duckdb"), columns, _cover(scope, asked, rows, mask, text, language), name, rows,
        language,
    )  # fmt: skip


# How the answers are put together


def list_parts(store: Store, scope: Scope) -> tuple[tuple[Part, ...], tuple[Run, ...]]:
    """The parts that a by-name list is made of, and the runs that say what became of their rows.

    A list that is narrowed by that shows the people whom the figure counts: those of the snapshots that were matched.
    Tables of figures name nobody.
    """
    linkage = outcomes.of(scope.register)
    runs = current(store, linkage.key, scope.place, scope.period) if linkage else ()
    if not lists.asks_for_match(scope.filters):
        return store.select(scope.register, scope.place, scope.period, without=FIGURES), runs
    return tuple(narrow for run in runs for part in run.left if (narrow := part.at(scope.place))), runs


OF_CONCERN: Final = ("concern_open", "concern_missing")
"""What concerns the rows of a list that is narrowed by that, as keys (see `data.eligibility.joined`)."""
_OF_MATCH: Final = ("match", "match_open", "match_rule", "match_probability", "match_kelurahan")


def _spoken(table: ir.Table, register: str, language: Language) -> ir.Table:
    """The list with what became of its rows in words: match_label, match_do, match_rule, match_review."""
    linkage = outcomes.of(register)
    if linkage is None or "match" not in table.columns:
        return table

    def words(column: ir.StringValue, said: Mapping[str, str], rest: ir.StringValue) -> ir.StringValue:
        cases = [(column == code, translate(text, language)) for code, text in said.items() if text]
        return ibis.cases(*cases, else_=rest) if cases else rest

    nothing = ibis.null("string")
    labels = {outcome.key: outcome.label for outcome in linkage.outcomes}
    do = {outcome.key: outcome.do for outcome in linkage.outcomes}
    rules = {rule.key: rule.label for rule in linkage.rules}
    states = {"accepted": N_("accepted"), "review": N_("under review")}
    areas = engine.parquet(reference.REFERENCE)
    there = areas.select(there="kelurahan_code", match_kelurahan_name="kelurahan")
    table = table.mutate(
        match_label=words(table.match, labels, nothing),
        match_do=words(table.match, do, nothing),
        match_rule=words(table.match_rule, rules, table.match_rule),
        match_status=words(table.match_status, states, nothing),
    )
    return table.left_join(there, table.match_kelurahan == there.there).drop("there")


_DAY: Final = timedelta(days=1)
PAGE_COLUMNS: Final = (
    "family", "family_size", "family_head", "name", "nik", "kk", "birth_date", "age", "sex", "relation", "address",
    "rt", "rw", "kelurahan", "kecamatan", "updated_on", "updated", "dukcapil", "nik_state", "programmes", "snapshot",
    "file_row",
)  # fmt: skip


_PAGE_SOURCES: Final = frozenset(
    {
        *PAGE_COLUMNS, *PROGRAMMES, *lists.ORDER, *(column for column, _ in lists.ORDERS.values()), "family_no",
        "kecamatan_code", "is_updated", "dukcapil_mark",
    }
)  # fmt: skip


def _numbered(found: ir.Table, key: str) -> ir.IntegerScalar:
    """How many different numbers of a kind: each snapshot numbers its own."""
    several = found.part.cast("string") + "-" + found[key].cast("string")
    return several.nunique() if key == "unit_no" else (found.part.cast("int64") * 10**10 + found[key]).nunique()


def _page(rows: pd.DataFrame, listed: Sequence[str]) -> pd.DataFrame:
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
    return rows.reindex(columns=[*PAGE_COLUMNS, *listed])


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
_MATCHED: Final[dict[str, tuple[str, Kind]]] = {
    "match_label": (N_("Match"), "text"),
    "match_do": (N_("What to do"), "text"),
    "match_status": (N_("State of the match"), "text"),
    "match_rule": (N_("Found by"), "text"),
    "match_probability": (N_("Probability of the match"), "number"),
    "match_kelurahan_name": (N_("Kelurahan in the register"), "text"),
}
"""What became of the rows when their register was matched with another."""
_LAST: Final[dict[str, tuple[str, Kind]]] = {
    "file_row": (N_("Row in the file"), "integer"),
    "snapshot": (N_("Snapshot"), "text"),
}
_KINDS: Final[Mapping[str, Kind]] = {
    "date": "date", "boolean": "boolean", "int16": "integer", "int32": "integer", "int64": "integer",
    "float64": "number",
}  # fmt: skip


def _columns(table: ir.Table, language: Language) -> tuple[Column, ...]:
    schema = table.schema()
    declared = {
        key: (field.label, "identifier" if field.sensitivity == "identifier" else _KINDS.get(str(schema[key]), "text"))
        for key, field in FIELDS.items()
        if key in schema and key not in _COLUMNS
    }
    concerns: list[tuple[str, tuple[str, Kind]]] = [
        (key, (label, "text")) for key, label in lists.CONCERN_COLUMNS.items()
    ]
    known: dict[str, tuple[str, Kind]] = (
        {key: found for key, found in (*_COLUMNS.items(), *_MATCHED.items(), *concerns) if key in schema}
        | declared
        | _LAST
    )
    columns = [Column(key, translate(label, language), kind) for key, (label, kind) in known.items()]
    extras = [Column(name, name.removeprefix("+"), "text") for name in schema if name.startswith("+")]
    return (*columns, *extras)


def _cover(scope: Scope, asked: Context, rows: int, mask: Mask, text: str, language: Language) -> Cover:
    def say(message: str, **values: str | int | date) -> str:
        return translate(message, language, **values)

    place, register = reference.find(scope.place), REGISTERS[scope.register]
    narrowed = [
        f"{say(FILTERS[key][0])}: {_filter_words(key, code, language)}" for key, code in scope.filters if key in FILTERS
    ]
    if text:
        narrowed.append(say(N_("Free text: {text}"), text=text))
    lines = [
        (say(N_("Register")), say(register.label)),
        (say(N_("Area")), f"{place.name} ({place.code})" if place else say(N_("All areas"))),
        (say(N_("Date of the data")), say("{day}", day=asked.period) if asked.period else "–"),
        *((say(N_("Source file")), f"{source.file} · SHA-256 {source.sha256}") for source in asked.sources),
        (say(N_("Filters")), "; ".join(narrowed) or say(N_("none"))),
        (say(N_("Rows")), say("{rows}", rows=rows)),
        (say(N_("Identifiers")), say(lists.NUMBERS[mask.in_full])),
        *([] if mask.named else [(say(N_("Names")), say(lists.NO_NAMES))]),
        *(
            (say(found.label), say(found.definition))
            for found in INDICATORS.values()
            if scope.register in found.registers and found.is_ratio
        ),
        *([(say(N_("Updated since")), say("{day}", day=asked.since))] if register.updated and asked.since else []),
        (say(N_("Created")), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z} · Padan {__version__}"),
    ]
    return Cover(say(N_("By-name list")), tuple(lines), asked.sample)


def _filter_words(key: str, code: str, language: Language) -> str:
    if key in lists.QUALITY:
        from data import quality

        return quality.spoken(key, code, language)
    words = FILTERS[key][1] | ({code: FIELDS[code].label} if key == "programme" and code in FIELDS else {})
    return translate(words.get(code, code), language)
