"""The records of a pair beside each other: what each register says, field by field, and where they agree."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Hamming

from data import engine
from data.access import LONG_NUMBER, SHOWN_DIGITS
from data.definitions.fields import SHARED
from data.definitions.linkages import Finds
from data.linkage.names import canonical
from data.places.reference import find
from data.snapshots import Part
from data.wording import N_

Agrees = Literal["same", "spelled", "similar", "differs", "unknown", "alone"]
"""How a field of both records agrees: "spelled" are names that are the same once abbreviations are written out, "alone"
is what only the left record is expected to have.
"""
SIMILAR: Final = 80.0
"""Likeness (0–100) from which two texts are called similar; for words only, nothing is decided by it."""
CHILD: Final = ("ANAK", "CUCU")
LABELS: Final = {one.key: one.label for one in SHARED} | {
    "parent": N_("Parent"),
    "wife_name": N_("Wife"),
    "neighbourhood": N_("RT / RW"),
    "kelurahan": N_("Area"),
    "kk": N_("KK"),
}


@dataclass(frozen=True)
class Member:
    """Somebody of the same family in the same register."""

    name: str
    relation: str
    birth_date: date | None


@dataclass(frozen=True)
class Origin:
    """Where a record stands: `file_row` as the file's own program shows it; `area` is the code of the lowest level
    that was read.
    """

    register: str
    file: str
    sheet: str
    period: date
    file_row: int
    area: str


@dataclass(frozen=True)
class Record:
    """What one register says of a person or of a family: `values` by field, identifiers in full, so that it never
    leaves this layer as it is.
    """

    origin: Origin
    values: Mapping[str, str] = field(repr=False)
    family: tuple[Member, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Line:
    """One field of both records, as it may be shown. `digits` is in how many digits two numbers of one length differ.
    `role` says whose name it is that stands on the right.
    """

    key: str
    label: str
    left: str
    right: str
    agrees: Agrees
    digits: int = 0
    role: str = ""


def records(part: Part, units: Iterable[int], finds: Finds, left: bool, families: bool = True) -> dict[int, Record]:
    """The records of units of a part by their number, as they were compared: on the left the newest row of each,
    completed from its older ones, on the right its first row; with their `families` where these are asked for.
    """
    wanted = sorted(set(units))
    if not wanted:
        return {}
    path = part.snapshot.rows
    columns = set(engine.schema(path).names)
    unit = "family_no" if finds == "family" else unit_column(columns)
    kept = [key for key in READ if key in columns]
    order = [f"{key} DESC NULLS LAST" for key in ("newest", "measured_on", "file_row") if key in columns]
    if left:
        told = [f"first({key} ORDER BY {', '.join(order)}) FILTER ({key} IS NOT NULL) AS {key}" for key in kept]
        select, end = ", ".join(told), f"GROUP BY {unit}"
    else:
        first = "place_in_family, file_row" if finds == "family" else "file_row"
        select = ", ".join(kept)
        end = f"QUALIFY row_number() OVER (PARTITION BY {unit} ORDER BY {first}) = 1"
    rows = _rows(
        f"SELECT {select}, {unit} AS wanted FROM read_parquet(?)"
        f" WHERE counted AND {unit} IN (SELECT unnest(?::BIGINT[])) {end}",
        [engine.at(path), wanted],
    )
    members = _families(part, columns, [row["family_no"] for row in rows]) if families else {}
    return {row["wanted"]: Record(_origin(part, row), _values(row), members.get(row["family_no"], ())) for row in rows}


READ: Final = (
    "file_row", "family_no", "province_code", "kabkota_code", "kecamatan_code", "kelurahan_code", "kelurahan_written",
    "name", "nik", "nik_partial", "kk", "birth_date", "sex", "parent_name", "mother_name", "wife_name", "address", "rt",
    "rw",
)  # fmt: skip


def _origin(part: Part, row: Mapping[str, Any]) -> Origin:
    snapshot = part.snapshot
    return Origin(
        register=snapshot.register,
        file=snapshot.source.file,
        sheet=snapshot.source.sheet,
        period=snapshot.period,
        file_row=row["file_row"],
        area=_area(row),
    )


def unit_column(columns: Iterable[str]) -> str:
    """What a register counts; where it counts rows, the row."""
    return "unit_no" if "unit_no" in columns else "file_row"


def _families(part: Part, columns: set[str], numbers: Sequence[int]) -> dict[int, tuple[Member, ...]]:
    names = {key: key if key in columns else f"NULL AS {key}" for key in ("name", "relation", "birth_date")}
    rows = _rows(
        f"SELECT family_no, {', '.join(names.values())} FROM read_parquet(?)"
        " WHERE counted AND family_no IN (SELECT unnest(?::BIGINT[])) ORDER BY family_no, place_in_family, file_row",
        [engine.at(part.snapshot.rows), sorted(set(numbers))],
    )
    found: dict[int, list[Member]] = {}
    for row in rows:
        member = Member(row["name"] or "", row["relation"] or "", _day(row["birth_date"]))
        found.setdefault(row["family_no"], []).append(member)
    return {number: tuple(members) for number, members in found.items()}


def _rows(sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.reader().con.sql(sql, params=list(parameters)).to_arrow_table().to_pylist()
    return found


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def _area(row: Mapping[str, Any]) -> str:
    levels = ("kelurahan_code", "kecamatan_code", "kabkota_code", "province_code")
    return next((str(row[level]) for level in levels if row.get(level)), "")


def _values(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields that matter for telling people apart, as texts; an empty one is left out."""
    texts = {key: str(value) for key, value in row.items() if isinstance(value, str) and value.strip()}
    if texts.get("nik_partial") and "nik" not in texts:
        texts["nik"] = texts["nik_partial"]
    if born := _day(row.get("birth_date")):
        texts["birth_date"] = born.strftime("%d-%m-%Y")
    numbers = [texts.get(key, "").lstrip("0") for key in ("rt", "rw")]
    if any(numbers):
        texts["neighbourhood"] = "RT {} / RW {}".format(*(number or "–" for number in numbers))
    place = find(_area(row)) if _area(row) else None
    above = find(place.code.rpartition(".")[0]) if place and "." in place.code else None
    texts["kelurahan"] = ", ".join(one.name for one in (place, above) if one) or texts.get("kelurahan_written", "")
    return {key: text for key, text in texts.items() if text}


# Beside each other


def lines(left: Record, right: Record, grain: Finds, finds: Finds, unmasked: bool) -> tuple[Line, ...]:
    """The fields of both records in the order in which people look at them; fields that neither has are left out.

    `grain` is what the left register counts, `finds` what the right record is.
    """
    of_person = finds == "person" and grain == "person"
    found = [
        *(_persons(left, right) if of_person else _couple(left, right) if grain == "family" else _parents(left, right)),
        *(_plain(key, left, right) for key in ("address", "neighbourhood", "kelurahan")),
        _number("kk", left, right),
    ]
    kept = [line for line in found if line.left or line.right]
    return tuple(kept if unmasked else map(_masked, kept))


def _persons(left: Record, right: Record) -> list[Line]:
    return [
        _plain("name", left, right),
        _number("nik", left, right),
        _plain("birth_date", left, right),
        _plain("sex", left, right),
        *_parents_of(left, right, _elders(right, left.values.get("name", ""))),
    ]


def _parents(left: Record, right: Record) -> list[Line]:
    """A child beside a family that may be its own: the child itself is not expected there."""
    own = [Line(key, LABELS[key], left.values.get(key, ""), "", "alone") for key in ("name", "birth_date", "sex")]
    return [*own, *_parents_of(left, right, _elders(right, ""))]


def _couple(left: Record, right: Record) -> list[Line]:
    members = [(member.name, member.relation) for member in right.family if member.name]
    return [
        _closest("name", left.values.get("name", ""), members or [(right.values.get("name", ""), "")]),
        _number("nik", left, right),
        _closest("wife_name", left.values.get("wife_name", ""), members[1:]),
    ]


def _parents_of(left: Record, right: Record, elders: Sequence[tuple[str, str]]) -> list[Line]:
    """The left record's parents, each with the name on the right that is most like it."""
    written = list(dict.fromkeys(filter(None, (left.values.get("parent_name"), left.values.get("mother_name")))))
    return [_closest("parent", name, elders) for name in written or [""]]


def _elders(right: Record, child: str) -> list[tuple[str, str]]:
    """Who could be a parent on the right: (name, role)."""
    mother = right.values.get("mother_name")
    family = [(one.name, one.relation) for one in right.family if one.name and one.relation.upper() not in CHILD]
    others = [(name, role) for name, role in family if name not in (child, right.values.get("name"))]
    return [*([(mother, N_("mother's maiden name"))] if mother else []), *others]


def _closest(key: str, left: str, names: Sequence[tuple[str, str]]) -> Line:
    right, role = (
        max(names, key=lambda one: fuzz.token_sort_ratio(left, one[0]), default=("", "")) if left else ("", "")
    )
    return Line(key, LABELS[key], left, right, _named(left, right), role=role)


def _named(left: str, right: str) -> Agrees:
    """How two names agree.

    >>> _named("MUH. ARIF", "MUHAMMAD ARIF")
    'spelled'
    """
    agrees = agreement(left, right)
    if agrees in ("same", "unknown"):
        return agrees
    return "spelled" if canonical(left) == canonical(right) != "" else agrees


def _plain(key: str, left: Record, right: Record) -> Line:
    one, other = left.values.get(key, ""), right.values.get(key, "")
    agrees = _named(one, other) if key == "name" else agreement(one, other)
    if key in ("neighbourhood", "kelurahan", "sex") and agrees == "similar":
        agrees = "differs"
    return Line(key, LABELS[key], one, other, agrees)


def _number(key: str, left: Record, right: Record) -> Line:
    """Two numbers; digits that a register has masked itself say neither yes nor no."""
    one, other = left.values.get(key, ""), right.values.get(key, "")
    if not one or not other:
        return Line(key, LABELS[key], one, other, "unknown")
    hidden = {at for at, pair in enumerate(zip(one, other, strict=False)) if not "".join(pair).isdigit()}
    pairs = [pair for at, pair in enumerate(zip(one, other, strict=False)) if at not in hidden]
    digits = sum(a != b for a, b in pairs) if len(one) == len(other) else 0
    if len(one) != len(other) or digits > MOST_DIGITS:
        return Line(key, LABELS[key], one, other, "differs", digits)
    agrees: Agrees = "similar" if digits or hidden else "same"
    return Line(key, LABELS[key], one, other, agrees, digits)


MOST_DIGITS: Final = 3
"""Numbers that differ in more digits are other numbers, not slips."""


def agreement(left: str, right: str) -> Agrees:
    """How two texts agree, capitals and points aside.

    >>> agreement("JL. MELATI", "jl melati"), agreement("SITI", "BUDI"), agreement("", "BUDI")
    ('same', 'differs', 'unknown')
    """
    one, other = (" ".join(re.findall(r"\w+", text.upper())) for text in (left, right))
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    if one.replace(" ", "").isdigit() and len(one) == len(other):
        return "similar" if Hamming.distance(one, other) <= 2 else "differs"
    return "similar" if max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) >= SIMILAR else "differs"


def masked(number: str) -> str:
    """An identifier of which only the first digits are left.

    >>> masked("7471085705809001")
    '7471************'
    """
    return number[:SHOWN_DIGITS] + "*" * (len(number) - SHOWN_DIGITS)


def shown(text: str, unmasked: bool) -> str:
    """A text in which every long number is masked, unless numbers may be seen in full."""
    return text if unmasked else re.sub(LONG_NUMBER[0], LONG_NUMBER[1], text)


def _masked(line: Line) -> Line:
    hide: Callable[[str], str] = masked if line.key in ("nik", "kk") else lambda text: shown(text, False)
    return replace(line, left=hide(line.left), right=hide(line.right), role=shown(line.role, False))
