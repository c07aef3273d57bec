"""The by-name list of a place as one expression: which rows, in which order, under which filters."""

import re
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir

from data import cubes, eligibility, engine
from data.access import LONG_NUMBER, SHOWN_DIGITS, Mask, Refused, Viewer
from data.definitions import filters
from data.definitions.catalogue import FIELDS, LINKAGES, PROGRAMMES, REGISTERS
from data.definitions.fields import SEVERAL
from data.definitions.filters import ANY
from data.definitions.programmes import AGENCIES, NEEDS
from data.definitions.programmes import PROGRAMMES as OFFERED
from data.definitions.registers.eppgbm import age_in_months
from data.definitions.registers.krs import RISK_FACTORS
from data.definitions.shared import age
from data.linkage import decisions, outcomes
from data.linkage.runs import Run
from data.places.reference import LEVELS, search
from data.snapshots import Part, Store
from data.wording import N_, Language, translate

ORDER: Final = ("kelurahan_code", "part", "position")
"""Rows are stored by kelurahan, then the family head's name, then the place in the family: `position` keeps that
order.
"""
OWN_TEXTS: Final = frozenset(
    {
        *(f"{level}_code" for level in LEVELS),
        "snapshot",
        "is_updated",
        "family_is_updated",
        "dukcapil_mark",
        "nik_state",
        "kk_state",
        "sex",
        "problems",
        "twice",
        "freshness",
        "match",
        "match_status",
        "match_rule",
        "match_kelurahan",
    }
)
"""Columns whose words are our own."""
QUALITY: Final = ("blank", "problem", "twice", "fresh")
"""Filters by the quality of a row's data; see `data.quality`."""
CONCERNS: Final = {
    "agency": "agencies",
    "need": "needs",
    "open": "open",
    **{state: state for state in eligibility.STATES},
}
"""Filters by what concerns a row (see `data.eligibility`), and where it stands."""
QUALITY_MARKS, FAMILY_MARKS = "quality", "families"
FAMILY_NEEDS: Final = "family_needs"
"""Open needs of the whole family, on every row of it."""
SORT: Final = "sort"
"""Stands among the filters of an address, and narrows nothing."""
LEAST_DIGITS: Final = 6
"""Fewer digits of a number would be a way to try numbers out."""


def window(period: date, since: date | None) -> tuple[date, date]:
    """First and last day of the window of updates: `since`, else the day after the same day two years earlier.

    >>> window(date(2021, 1, 31), None)
    (datetime.date(2019, 2, 1), datetime.date(2021, 1, 31))
    """
    if since:
        return since, period
    try:
        start = period.replace(year=period.year - 2)
    except ValueError:
        start = date(period.year - 2, 2, 28)
    return date.fromordinal(start.toordinal() + 1), period


def updated(day: ir.DateValue, period: date, since: date | None) -> ir.BooleanValue:
    """Whether a day lies in the window; never null."""
    first, last = window(period, since)
    return day.between(ibis.literal(first), ibis.literal(last)).fill_null(False)


def people(
    store: Store,
    parts: Sequence[Part],
    since: date | None,
    marked: Collection[str] = (),
    runs: Sequence[Run] = (),
    asked: date | None = None,
) -> ir.Table | None:
    """The persons of the parts, one row each; None where there is no data. `marked` adds what some filters ask for (see
    `asks_for_marks`; as known at the `asked` date), `runs` what became of the rows that they have matched (see
    `data.linkage.outcomes.joined`).

    Columns: every declared field that one of the parts has (null where another lacks it), the codes of the levels,
    file_row, part, position, family_no, family_size, family_head, family_updated_on, place_in_family, nik_state,
    nik_twice, is_updated and family_is_updated ("yes" | "no" | "unknown"), undated, dukcapil_mark ("yes" | "no" |
    "unknown"), age, snapshot, and the file's other columns as `+heading`.
    """
    tables = [_part(store, part, number, since, marked, runs, asked) for number, part in enumerate(parts)]
    if not tables:
        return None
    schema = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    aligned = [
        table.select(
            **{name: table[name] if name in table.columns else ibis.null(kind) for name, kind in schema.items()}
        )
        for table in tables
    ]
    return aligned[0] if len(aligned) == 1 else ibis.union(*aligned)


def known(
    store: Store,
    parts: Sequence[Part],
    since: date | None,
    marked: Collection[str] = (),
    runs: Sequence[Run] = (),
    asked: date | None = None,
) -> ir.Table | None:
    """The same as `people`, for questions that are asked again and again."""
    if not parts:
        return None
    earlier = tuple(cubes.updates(store, part.snapshot).earlier for part in parts)
    key = (
        tuple((p.snapshot.rows, p.place, p.excluding) for p in parts),
        tuple(e and e.rows for e in earlier),
        since,
        frozenset(marked),
        tuple(eligibility.state(store, p.snapshot, asked) for p in _social(parts)) if FAMILY_MARKS in marked else (),
        tuple((run.id, decisions.state(store, run.linkage)) for run in runs),
    )

    def build() -> ir.Table:
        table = people(store, parts, since, marked, runs, asked)
        assert table is not None  # noqa: S101 - there are parts
        return table

    return engine.view(key, build)


def _social(parts: Sequence[Part]) -> list[Part]:
    """Those whose families are looked at together with other registers."""
    return [part for part in parts if part.snapshot.register in eligibility.REGISTERS]


def asks_for_marks(chosen: Sequence[tuple[str, str]]) -> frozenset[str]:
    """What filters ask for besides the rows themselves: the quality of their data, what concerns the families. Each
    costs a join that other lists do without.
    """
    asked = set()
    for key, code in chosen:
        if key in QUALITY:
            asked.add(QUALITY_MARKS)
        if key in CONCERNS or key == eligibility.SEVERAL_NEEDS or (key, code) == (SORT, "needs"):
            asked.add(FAMILY_MARKS)
    return frozenset(asked)


def asks_for_match(chosen: Sequence[tuple[str, str]]) -> bool:
    """Whether filters ask for what became of the rows when their register was matched with another."""
    return any(key == "match" and code != ANY for key, code in chosen)


def _part(
    store: Store,
    part: Part,
    number: int,
    since: date | None,
    marked: Collection[str],
    runs: Sequence[Run],
    asked: date | None,
) -> ir.Table:
    snapshot = part.snapshot
    table = cubes.people(store, part)
    for run in runs:
        if any(own.snapshot.id == snapshot.id for own in run.left):
            table = outcomes.joined(store, run, part, table).drop("possible")
            break
    if QUALITY_MARKS in marked:
        from data import quality

        table = quality.marked(store, snapshot, table)
    by_family = snapshot.grain in eligibility.BY_FAMILY
    if by_family:
        # A row is a whole family, which alone says how many they are.
        members = table.family_members if "family_members" in table.columns else ibis.null("int64")
        table = table.mutate(family_size=members.cast("int64"))
    if FAMILY_MARKS in marked and snapshot.register in eligibility.REGISTERS and not by_family:
        table = eligibility.joined(store, snapshot, table, asked)
        own = ibis.window(group_by=table.family_no)
        table = table.mutate(**{FAMILY_NEEDS: table[eligibility.SEVERAL_NEEDS].max().over(own)})
    known = cubes.updates(store, snapshot).known
    twice = ("nik_duplicated", next((h for code, h in snapshot.row_problems if code == "nik_duplicated"), ""))
    bit = snapshot.row_problems.index(twice) if twice in snapshot.row_problems else None
    within_window = updated(table.updated_on, snapshot.period, since)
    family_within = updated(table.family_updated_on, snapshot.period, since)
    table = table.mutate(
        part=ibis.literal(number, "int16"),
        snapshot=ibis.literal(snapshot.id),
        is_updated=ibis.ifelse(within_window, "yes", "no") if known else ibis.literal("unknown"),
        family_is_updated=ibis.ifelse(family_within, "yes", "no") if known else ibis.literal("unknown"),
        undated=table.updated_on.isnull(),
        dukcapil_mark=ibis.cases((table.dukcapil, "yes"), (~table.dukcapil, "no"), else_="unknown"),
        nik_twice=(table.problem_bits & (1 << bit)) != 0 if bit is not None else ibis.literal(False),
        age=age(table, snapshot.period).cast("int16"),
        **({} if "nik_state" in table.columns else {"nik_state": ibis.literal("missing")}),
    )
    return table.drop("dukcapil", "problem_bits", "counted")


ORDERS: Final[Mapping[str, tuple[str, Callable[[ir.Value], ir.Value]]]] = {
    "name": ("family_head", lambda head: head.asc(nulls_first=False)),
    "updated": ("family_updated_on", lambda day: day.asc(nulls_first=True)),
    "needs": (FAMILY_NEEDS, lambda number: number.desc(nulls_first=False)),
}
"""Other orders of the list: the column of the family that comes first, and which way."""


def shuffled(told: ir.StringValue) -> ir.IntegerValue:
    """Something to order by that tells nothing of `told`, which can be guessed: as long as this process runs, the same
    for the same.
    """
    return (ibis.literal(_MIXED) + told).hash()


_MIXED: Final = secrets.token_hex(16)


def ordered(table: ir.Table, order: str = "", named: bool = True) -> list[ir.Value]:
    """The order of the list: what `order` (of ORDERS) puts first where the list has it, then kelurahan, family by its
    head's name, place in the family. Unplaced rows come last.

    Where names are not shown, families stand in an order that tells nothing of them.
    """
    first = [way(table[column]) for column, way in _first(table, order if named or order != "name" else "")]
    keys = [table[key] for key in ORDER]
    if not named:
        keys.insert(1, shuffled(table.part.cast("string") + "-" + table.family_no.cast("string")))
    return [*first, *(key.asc(nulls_first=False) for key in keys)]


def _first(table: ir.Table, order: str) -> list[tuple[str, Callable[[ir.Value], ir.Value]]]:
    return [ORDERS[order]] if order in ORDERS and ORDERS[order][0] in table.columns else []


def slice_of(table: ir.Table, first: int, size: int, order: str = "", named: bool = True) -> ir.Table:
    """The rows `first` to `first + size` of the list in that order.

    Their keys are found in narrow columns, so that the wide ones are read only where the rows lie.
    """
    narrow = table.select(*dict.fromkeys([*ORDER, "family_no", *(column for column, _ in _first(table, order))]))
    keys = narrow.order_by(ordered(narrow, order, named)).limit(size, offset=first).to_pyarrow().to_pydict()
    kelurahan = {code for code in keys["kelurahan_code"] if code}
    near = table.kelurahan_code.isin(sorted(kelurahan)) if kelurahan else ibis.literal(False)
    if None in keys["kelurahan_code"]:
        near = near | table.kelurahan_code.isnull()
    by_part: dict[int, list[int]] = {}
    for part, position in zip(keys["part"], keys["position"], strict=True):
        by_part.setdefault(part, []).append(position)
    chosen = [(table.part == part) & table.position.isin(positions) for part, positions in by_part.items()]
    return table.filter(near, ibis.or_(*chosen) if chosen else ibis.literal(False))


NO_SEARCH: Final = N_("Your role does not search by what it does not see: names, addresses, birth dates and numbers.")
OF_FIELD: Final = {"post": "posyandu"}
"""Filters that ask for the value of a field under another name."""


def permit(viewer: Viewer, chosen: Sequence[tuple[str, str]], text: str = "") -> None:
    """Raises Refused where a search or a filter would find out what the viewer is not shown.

    Who sees names may look for a number that they know, whole; see `filtered`.
    """
    hidden = withheld(viewer.mask()) | ({*_IDENTIFIERS, *_NAMES} if not viewer.named else set())
    asked = {OF_FIELD.get(key, key) for key, code in chosen if code != ANY}
    if asked & hidden or (text.strip() and not viewer.named):
        raise Refused(NO_SEARCH)


def filtered(table: ir.Table, chosen: Sequence[tuple[str, str]], text: str, full_numbers: bool) -> ir.Table:
    """The rows that fit every filter (see FILTERS) and hold every word of the free text.

    A text of digits is looked for in NIK and KK: whole, or from the start for those who may see numbers in full.
    Unknown filters and codes fit nothing, so that a mistyped link never shows more than was meant.
    """
    conditions = [
        FILTERS[key](table, code) if key in FILTERS else _equals(table, key, code)
        for key, code in chosen
        if code != ANY and key != SORT
    ]
    if text.strip():
        conditions.append(_holds(table, text.strip(), full_numbers))
    return table.filter(*conditions) if conditions else table


def _holds(table: ir.Table, text: str, full_numbers: bool) -> ir.BooleanValue:
    digits = re.sub(r"[\s.'-]", "", text)
    if digits.isdigit() and len(digits) >= LEAST_DIGITS:
        numbers = [table[key] for key in ("nik", "kk") if key in table.columns]
        found = [number.startswith(digits) if full_numbers else number == digits for number in numbers]
        return ibis.or_(*found).fill_null(False)
    searched = [table[key].fill_null("") for key in ("name", "address", "family_head") if key in table.columns]
    line = ibis.literal(" ").join(searched).upper()
    # What is not shown is not searched either: else a number could be found out digit by digit.
    line = line if full_numbers else without_numbers(line)
    return ibis.and_(*(line.contains(word) for word in text.upper().split()))


def _equals(table: ir.Table, key: str, value: str) -> ir.BooleanValue:
    """A field that holds exactly this, capitals aside; an area by its code, by its name, or as the file misspells
    it.
    """
    wanted = value.strip().upper()
    if key in LEVELS:
        named = [place.code for place in search(value) if place.level == key and place.name.upper() == wanted]
        written = f"{key}_written"
        as_written = table[written].upper() == wanted if written in table.columns else ibis.literal(False)
        return table[f"{key}_code"].isin([value.strip(), *named]) | as_written.fill_null(False)
    if key not in FIELDS or key not in table.columns:
        return ibis.literal(False)
    if FIELDS[key].kind == "yes_no":
        return table[key].fill_null(False) == (wanted in ("YA", "YES", "TRUE", "1"))
    return (table[key].cast("string").upper() == wanted).fill_null(False)


def _nik_state(table: ir.Table, code: str) -> ir.BooleanValue:
    if code == "repeated":
        return table.nik_twice
    states = ("destroyed", "malformed") if code == "rejected" else (code,)
    return table.nik_state.isin(states)


def _programme(table: ir.Table, code: str) -> ir.BooleanValue:
    received = [table[key].fill_null(False) for key in PROGRAMMES if key in table.columns]
    if code == "none":
        return ~ibis.or_(ibis.literal(False), *received)
    return table[code].fill_null(False) if code in PROGRAMMES and code in table.columns else ibis.literal(False)


def _category(table: ir.Table, code: str) -> ir.BooleanValue:
    """One of several answers in a cell is enough."""
    around = ibis.literal(SEVERAL)
    found = [(around + table[key] + around).contains(f"{SEVERAL}{code}{SEVERAL}") for key in _CATEGORIES
             if key in table.columns]  # fmt: skip
    return ibis.or_(ibis.literal(False), *found).fill_null(False)


_CATEGORIES: Final = tuple(dict.fromkeys(register.category for register in REGISTERS.values() if register.category))


def _stunted(table: ir.Table, code: str) -> ir.BooleanValue:
    """A child by the measurement that speaks for it, so that the list shows as many as the figure counts."""
    if not {"stunted", "newest"} <= set(table.columns):
        return ibis.literal(False)
    if code == "unknown":
        return table.stunted.isnull()
    if code == "measured":
        return (table.stunted.notnull() & table.newest).fill_null(False)
    if code == "severe":
        severe = table.severely_stunted if "severely_stunted" in table.columns else ibis.literal(False)
        return (severe & table.newest).fill_null(False)
    return (table.stunted == (code == "yes")).fill_null(False) & table.newest.fill_null(False)


def _krs_risk(table: ir.Table, code: str) -> ir.BooleanValue:
    known = code in filters.FILTERS["krs_risk"][1] and code in table.columns
    return table[code].fill_null(False) if known else ibis.literal(False)


def _krs_factors(table: ir.Table, code: str) -> ir.BooleanValue:
    """How many factors are told of a row's family, in any of its rows."""
    told = [table[factor].fill_null(False).cast("int8") for factor in RISK_FACTORS if factor in table.columns]
    if not told or not code.isdigit():
        return ibis.literal(False)
    family = [table.part, table.family_no]
    number: ir.BooleanValue = reduce(add, (one.max().over(group_by=family) for one in told)) == int(code)
    return number


def _sex(table: ir.Table, code: str) -> ir.BooleanValue:
    sex = table.sex if "sex" in table.columns else ibis.null("string")
    return sex.isnull() if code == "unknown" else (sex == code).fill_null(False)


def _months(table: ir.Table, code: str) -> ir.BooleanValue:
    """A child by the measurement that speaks for it."""
    if "newest" not in table.columns:
        return ibis.literal(False)
    return (_within(age_in_months(table), code) & table.newest).fill_null(False)


def _reached_in(table: ir.Table, code: str) -> ir.BooleanValue:
    if "reached_on" not in table.columns:
        return ibis.literal(False)
    return (
        table.reached_on.isnull()
        if code == "unknown"
        else (table.reached_on.strftime("%Y-%m") == code).fill_null(False)
    )


def _concern(column: str) -> Callable[[ir.Table, str], ir.BooleanValue]:
    """A filter by what concerns the rows themselves, so that the list has as many families as the figure."""

    def condition(table: ir.Table, code: str) -> ir.BooleanValue:
        if f"concern_{column}" not in table.columns:
            return ibis.literal(False)
        return table[f"concern_{column}"].contains(code).fill_null(False)

    return condition


def _needs_count(table: ir.Table, code: str) -> ir.BooleanValue:
    return _span(eligibility.SEVERAL_NEEDS)(table, code).fill_null(False)


def _match(table: ir.Table, code: str) -> ir.BooleanValue:
    """Those about whom the figures are, so that the list shows as many as the figure counts."""
    if "match" not in table.columns:
        return ibis.literal(False)
    own = {outcome for linkage in LINKAGES.values() for outcome in outcomes.meant(linkage, code)}
    fits = table.match_open if code == outcomes.REVIEW else table.match.isin(sorted(own))
    return (fits & table.match_counts).fill_null(False)


def _quality(kind: str) -> Callable[[ir.Table, str], ir.BooleanValue]:
    def condition(table: ir.Table, code: str) -> ir.BooleanValue:
        from data import quality

        return quality.condition(table, kind, code)

    return condition


def _span(column: str) -> Callable[[ir.Table, str], ir.BooleanValue]:
    """A filter by a range of whole numbers: `3`, `2-4`, `60+`, or `unknown`."""

    def condition(table: ir.Table, code: str) -> ir.BooleanValue:
        return _within(table[column], code) if column in table.columns else ibis.literal(False)

    return condition


def _within(number: ir.Value, code: str) -> ir.BooleanValue:
    if code == "unknown":
        return number.isnull()
    found = re.fullmatch(r"(\d+)(\+|-(\d+))?", code)
    if not found:
        return ibis.literal(False)
    low, high = int(found[1]), int(found[3] or found[1])
    return (number >= low) if found[2] == "+" else number.between(low, high)


FILTERS: Final[dict[str, Callable[[ir.Table, str], ir.BooleanValue]]] = {
    "updated": lambda table, code: table.undated if code == "undated" else table.is_updated == code,
    "family_updated": lambda table, code: table.family_is_updated == code,
    "dukcapil": lambda table, code: table.dukcapil_mark != "yes" if code == "open" else table.dukcapil_mark == code,
    "nik_state": _nik_state,
    "programme": _programme,
    "category": _category,
    "stunted": _stunted,
    "match": _match,
    "post": lambda table, code: _equals(table, "posyandu", code),
    "validated": lambda table, code: _equals(table, "validated", code),
    "krs_risk": _krs_risk,
    "krs_factors": _krs_factors,
    "sex": _sex,
    "months": _months,
    "reached_in": _reached_in,
    eligibility.SEVERAL_NEEDS: _needs_count,
    **{key: _concern(column) for key, column in CONCERNS.items()},
    "age_group": _span("age"),
    "family_size": _span("family_size"),
    "decile": _span("decile"),
    "placed": lambda table, code: table.kelurahan_code.notnull() if code == "yes" else table.kelurahan_code.isnull(),
    **{kind: _quality(kind) for kind in QUALITY},
}
"""Every filter of the by-name list and what its codes mean."""


def masked(value: ir.StringValue) -> ir.StringValue:
    """An identifier of which only the first digits are left."""
    hidden = (value.length() - SHOWN_DIGITS).cast("int32")
    return value.substr(0, SHOWN_DIGITS) + ibis.literal("*").repeat(ibis.greatest(hidden, 0))


_NAMES: Final = frozenset({"name", "family_head"})
"""Of these, initials are left to those who do not see names."""
_IDENTIFIERS: Final = frozenset(
    {"nik_partial", *(key for key, field in FIELDS.items() if field.sensitivity == "identifier")}
)
_OF_NAMED: Final = frozenset(key for key, field in FIELDS.items() if field.sensitivity in ("naming", "health"))


NUMBERS: Final = {
    True: N_("in full: keep this file safe and pass it on only where the work needs it"),
    False: N_("masked"),
}
NO_NAMES: Final = N_("shortened to initials; addresses, birth dates and measurements are withheld")
"""What a file says of what it does not show."""


def withheld(mask: Mask) -> frozenset[str]:
    """The fields of which nothing is shown."""
    return frozenset() if mask.named else _OF_NAMED - _NAMES


def shown(table: ir.Table, mask: Mask) -> ir.Table:
    """The table as somebody may see it: identifiers masked unless they are shown in full; without names initials, no
    address, no birth date, no measurement (all null), and none of the file's own columns, of which nobody has said what
    they hold.

    So an official sees of a stunted child: its initials, sex, age, kelurahan, that it is stunted, and what became of it
    when registers were matched; of a family at risk its factors and deciles; of nobody where exactly they live.
    """
    schema = table.schema()
    if not mask.named:
        table = table.drop(*(name for name in schema if name.startswith("+")))
        schema = table.schema()
        nothing = {key: ibis.null(schema[key]) for key in withheld(mask) & set(schema)}
        table = table.mutate(**nothing, **{key: initials(table[key]) for key in _NAMES & set(schema)})
    if mask.in_full:
        return table
    # Clerks write numbers into addresses, and nobody has said what an unknown column holds.
    texts = {name for name, kind in schema.items() if kind.is_string()} - _IDENTIFIERS - OWN_TEXTS
    hidden = {key: masked(table[key]) for key in _IDENTIFIERS & set(schema)}
    return table.mutate(**hidden, **{name: without_numbers(table[name]) for name in texts})


def initials_of(name: str) -> str:
    """Of every word of a name its first letter.

    >>> initials_of("SITI AMINAH, S.Pd"), initials_of("7471014101909001 x")
    ('S. A. S.', 'X.')
    """
    words = (re.sub(r"[\W\d_]+", "", word) for word in name.split())
    return " ".join(f"{word[0].upper()}." for word in words if word)


def initials(name: ir.StringValue) -> ir.StringValue:
    """The same as `initials_of`, of a column."""
    return name.re_replace(r"[^\p{L}\s]+", "").re_replace(r"(\p{L})\p{L}*", r"\1.").upper().strip()


def without_numbers(text: ir.StringValue) -> ir.StringValue:
    """A text in which every long number is masked."""
    return text.re_replace(*LONG_NUMBER)


# What concerns the rows, in words

NEEDED: Final = N_("Needs")
TO_DO: Final = N_("What to do")
RECEIVES: Final = N_("Receives")
MISSING: Final = N_("Potentially eligible, does not receive")
TO_CHECK: Final = N_("Receives without appearing eligible")
CONCERN_COLUMNS: Final[Mapping[str, str]] = {
    "needs_told": NEEDED,
    "needs_do": TO_DO,
    "missing_told": MISSING,
    "receives_told": RECEIVES,
    "unexplained_told": TO_CHECK,
}
"""Columns that `spoken` adds to a by-name list, with their headings (messages)."""


def spoken(table: ir.Table, language: Language) -> ir.Table:
    """A list that was narrowed by what concerns its rows (see `data.eligibility.joined`), with that in words:
    CONCERN_COLUMNS. Other lists stay as they are.
    """
    if "concern_needs" not in table.columns:
        return table
    needs = {key: translate(need.label, language) for key, need in NEEDS.items()}
    agencies = {key: translate(one.label, language) for key, one in AGENCIES.items()}
    do = {key: f"{agencies[need.agency]}: {translate(need.do, language)}" for key, need in NEEDS.items()}
    offered = {key: translate(one.label, language) for key, one in OFFERED.items()}
    return table.mutate(
        needs_told=_words(table.concern_needs, needs),
        needs_do=_words(table.concern_open, do),
        missing_told=_words(table.concern_missing, offered),
        receives_told=_words(table.concern_receives, offered),
        unexplained_told=_words(table.concern_unexplained, offered),
    )


def _words(keys: ir.ArrayValue, said: Mapping[str, str]) -> ir.StringValue:
    told = ibis.map(list(said), list(said.values()))
    return keys.map(lambda key: told[key]).join("; ").nullif("")
