"""What a kelurahan deliberates about: its registered families, who should enter the register, and what is proposed.

A proposal follows from the data alone and decides nothing: the deliberation does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import ibis.expr.types as ir

from data import cubes, eligibility, lists, queries
from data.access import Mask, Viewer, answers
from data.definitions.catalogue import FIELDS, PROGRAMMES
from data.definitions.filters import ANY
from data.definitions.programmes import NEEDS
from data.definitions.programmes import PROGRAMMES as OFFERED
from data.definitions.roles import Right
from data.linkage import outcomes
from data.linkage.runs import current
from data.queries import Context
from data.scope import Scope
from data.snapshots import Store
from data.wording import N_, Language, translate

Row = Mapping[str, Any]

TO_DO, OUTDATED, NEEDS_ONLY, CHILDREN, EVERYBODY, FILTERED = (
    "todo", "outdated", "needs", "children", "all", "filtered",
)  # fmt: skip
LISTED: Final[Mapping[str, str]] = {
    TO_DO: N_("Everybody about whom something is to be decided"),
    OUTDATED: N_("Records that are not updated"),
    NEEDS_ONLY: N_("Families with needs that nothing answers"),
    CHILDREN: N_("Only stunted children who are not registered"),
    EVERYBODY: N_("Everybody in the register"),
    FILTERED: N_("As filtered on this screen"),
}
"""What a sheet can list."""
_OUTDATED: Final = (("updated", "no"),)
_WITH_NEEDS: Final = (("open", ANY),)


@dataclass(frozen=True)
class Proposal:
    """What is proposed and why, in the reader's words."""

    action: str
    reason: str


@dataclass(frozen=True)
class Person:
    """A line of a sheet, in the reader's words; identifiers are masked unless they were asked for and allowed."""

    kk: str
    name: str
    nik: str
    sex: str
    birth_date: date | None
    age: int | None
    relation: str
    address: str
    rt: str
    rw: str
    status: str
    needs: str
    programmes: str
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Sheet:
    """What a kelurahan's sheet says: the families of the register (persons of one family stand together), and apart
    from them the children who are proposed to enter it. `record` is its number in the record.
    """

    scope: Scope
    context: Context
    families: tuple[tuple[Person, ...], ...]
    children: tuple[Person, ...]
    masked: bool
    record: str = ""

    @property
    def persons(self) -> int:
        return sum(map(len, self.families)) + len(self.children)


@answers(Right.PEOPLE)
def kelurahan(store: Store, viewer: Viewer, scope: Scope) -> tuple[str, ...]:
    """The kelurahan of the scope's place that the register has anybody in, by code. Raises Refused."""
    found: set[str] = set()
    for part in store.select(scope.register, scope.place, scope.period):
        table = cubes.counts(store, part)
        here = table.filter(table.level == "kelurahan", cubes.inside(table.code, scope.place))
        found |= set(here.select("code").distinct().to_pyarrow()["code"].to_pylist())
    return tuple(sorted(found))


@answers(Right.NAMES, persons=lambda sheet: sheet.persons, mark=lambda sheet, number: replace(sheet, record=number))
def sheet(
    store: Store, viewer: Viewer, scope: Scope, listed: str, language: Language, unmasked: bool = False
) -> Sheet | None:
    """The sheet of the kelurahan that the scope's place is; None where there are no data. Raises Refused."""
    context = queries.list_context(store, viewer, replace(scope, filters=()))
    if context.period is None:
        return None
    mask = viewer.mask(unmasked)
    rows = [] if listed == CHILDREN else _registered(store, viewer, scope, listed, mask)
    families: dict[tuple[int, int], list[Person]] = {}
    for row in rows:
        person = _person(row, language)
        if listed != TO_DO or person.proposals:
            families.setdefault((row["part"], row["family_no"]), []).append(person)
    kept = [tuple(one) for one in families.values() if listed != NEEDS_ONLY or any(person.needs for person in one)]
    children = () if listed in (OUTDATED, FILTERED) else _children(store, scope, mask, language)
    return Sheet(scope, context, tuple(kept), children, not mask.in_full)


def _registered(store: Store, viewer: Viewer, scope: Scope, listed: str, mask: Mask) -> list[Row]:
    """The rows of the register, in the order of the list."""
    filters = scope.filters if listed == FILTERED else _OUTDATED if listed == OUTDATED else ()
    parts, runs = queries.list_parts(store, replace(scope.at(_ground(scope.place)), filters=filters))
    runs = runs if lists.asks_for_match(filters) else ()
    marked = lists.asks_for_marks((*filters, *_WITH_NEEDS))
    table = lists.known(store, parts, scope.since, marked, runs, scope.period)
    if table is None:
        return []
    found = lists.filtered(_inside(table, scope.place), filters, "", viewer.unmasked)
    return _rows(found, mask, (*_READ, *PROGRAMMES))


_READ: Final = (
    "part", "family_no", "position", "kelurahan_code", "kk", "name", "nik", "sex", "birth_date", "age", "relation",
    "address", "rt", "rw", "is_updated", "updated_on", "dukcapil_mark", "nik_state", "nik_twice", "presence",
    "deceased_note", "concern_open", "concern_missing", "concern_receives", "match", "parent_name", "father_name",
    "mother_name", "posyandu",
)  # fmt: skip


def _ground(place: str) -> str:
    """The kab/kota of a kelurahan: sheets of its kelurahan are asked of one expression, which is compiled once."""
    return place[:5]


def _inside(table: ir.Table, place: str) -> ir.Table:
    """The rows of a kelurahan, and of no other place: a sheet of a larger area would be nobody's."""
    return table.filter(table.kelurahan_code == place)


def _rows(table: ir.Table, mask: Mask, columns: Sequence[str]) -> list[Row]:
    picked = table.select(*(key for key in dict.fromkeys(columns) if key in table.columns))
    found: list[Row] = lists.shown(picked, mask).order_by(lists.ordered(picked)).to_pyarrow().to_pylist()
    return found


def _children(store: Store, scope: Scope, mask: Mask, language: Language) -> tuple[Person, ...]:
    """Stunted children of the kelurahan of whom the register has nothing, or only the family."""
    ground = _ground(scope.place)
    runs = current(store, "children", ground, scope.period)
    parts = tuple(narrow for run in runs for part in run.left if (narrow := part.at(ground)))
    table = lists.known(store, parts, None, (), runs)
    if table is None:
        return ()
    wanted = table.match.isin([outcomes.UNREGISTERED, outcomes.FAMILY_ONLY]) & table.match_counts
    rows = _rows(_inside(table, scope.place).filter(wanted.fill_null(False)), mask, _READ)
    return tuple(_child(row, language) for row in rows)


# What is proposed


@dataclass(frozen=True)
class Rule:
    """A proposal, and the rows that it is for."""

    action: str
    reason: str
    holds: Callable[[Row], bool]


def _deceased(row: Row) -> bool:
    note = str(row.get("deceased_note") or "").upper().strip()
    return row.get("presence") == "Meninggal" or note not in eligibility.ALIVE


def _presence(word: str) -> Callable[[Row], bool]:
    return lambda row: row.get("presence") == word


RULES: Final = (
    Rule(
        N_("Propose to take out of the register"), N_("marked as deceased"),
        lambda row: _deceased(row),
    ),
    Rule(N_("Clear up who is recorded twice"), N_("marked as recorded twice"), _presence("Ganda")),
    Rule(
        N_("Clear up who is recorded twice"), N_("NIK stands in several rows"), lambda row: bool(row.get("nik_twice")),
    ),
    Rule(N_("Visit and confirm"), N_("presence not confirmed"), _presence("Tidak Terkonfirmasi")),
    Rule(
        N_("Complete the NIK"), N_("NIK missing or of the wrong length"),
        lambda row: row.get("nik_state") in ("missing", "destroyed", "malformed"),
    ),
    Rule(N_("Correct at Dukcapil"), N_("NIK not matched"), lambda row: row.get("dukcapil_mark") == "no"),
)  # fmt: skip
"""In the order of what weighs most; updating and programmes follow."""
PAPERS: Final = "papers"
"""The need that the rules about NIK already speak of."""


def proposals(row: Row, language: Language) -> tuple[Proposal, ...]:
    """What is proposed for a registered person, the weightiest first; nothing where nothing is to be done."""
    found = [Proposal(translate(r.action, language), translate(r.reason, language)) for r in RULES if r.holds(row)]
    if _deceased(row):
        return tuple(found[:1])
    if row.get("is_updated") == "no":
        day = row.get("updated_on")
        why = (
            translate(N_("last updated {day}"), language, day=day)
            if day
            else translate(N_("without an update date"), language)
        )
        found.append(Proposal(translate(N_("Update the record"), language), why))
    if missing := _labels(row.get("concern_missing"), OFFERED, language):
        words = translate(N_("Discuss: {programmes}"), language, programmes=missing)
        found.append(Proposal(words, translate(N_("potentially eligible, does not receive it"), language)))
    elif needs := _labels([key for key in row.get("concern_open") or () if key != PAPERS], NEEDS, language):
        words = translate(N_("Discuss which help fits"), language)
        found.append(Proposal(words, needs))
    return tuple(found)


def _person(row: Row, language: Language) -> Person:
    status = [
        translate(_UPDATED[row["is_updated"]], language),
        translate(_MATCHED[row["dukcapil_mark"]], language),
    ]
    told = _labels(row.get("concern_receives"), OFFERED, language)
    programmes = told or ", ".join(translate(FIELDS[key].label, language) for key in PROGRAMMES if row.get(key) is True)
    return Person(
        **_about(row),
        status=", ".join(filter(None, status)),
        needs=_labels(row.get("concern_open"), NEEDS, language),
        programmes=programmes,
        proposals=proposals(row, language),
    )


_UPDATED: Final = {"yes": N_("updated"), "no": N_("not updated"), "unknown": ""}
_MATCHED: Final = {
    "yes": N_("NIK matched"), "no": N_("NIK not matched"), "unknown": N_("NIK not yet checked"),
}  # fmt: skip


def _child(row: Row, language: Language) -> Person:
    only_family = row["match"] == outcomes.FAMILY_ONLY
    action = N_("Add the child to its family") if only_family else N_("Visit, and propose to enter the register")
    reason = N_("stunted child, only the family registered") if only_family else N_("stunted child, not registered")
    parents = next((row[key] for key in ("parent_name", "father_name", "mother_name") if row.get(key)), "")
    words = translate(N_("child of {parent}"), language, parent=str(parents)) if parents else ""
    return Person(
        **{**_about(row), "relation": words},
        status=translate(N_("not in the register"), language),
        needs=translate(NEEDS["nutrition"].label, language) if "nutrition" in NEEDS else "",
        programmes="",
        proposals=(Proposal(translate(action, language), translate(reason, language)),),
    )


def _about(row: Row) -> dict[str, Any]:
    texts = {key: str(row.get(key) or "") for key in ("kk", "name", "nik", "sex", "relation", "address", "rt", "rw")}
    return {**texts, "birth_date": row.get("birth_date"), "age": row.get("age")}


def _labels(keys: Sequence[str] | None, known: Mapping[str, Any], language: Language) -> str:
    """What keys are called, without what stands in brackets: a sheet has little room."""
    found = (translate(known[key].label, language).partition(" (")[0] for key in keys or () if key in known)
    return ", ".join(dict.fromkeys(found))
