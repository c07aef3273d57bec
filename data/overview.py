"""The one question of *Ringkasan* that no indicator answers: whom programmes reach, told by two kinds of registers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir

from data import cubes, engine, evaluation, queries
from data.access import Viewer, answers
from data.definitions.catalogue import PROGRAMMES
from data.definitions.indicators import Indicator
from data.definitions.roles import Right
from data.evaluation import UNKNOWN
from data.places.reference import LEVELS
from data.queries import HISTORY, Context, Figure
from data.scope import Scope
from data.snapshots import Part, Snapshot, Store
from data.wording import N_

VERSION: Final = 1
MARKING: Final = "dtks"
"""The register whose rows say by yes or no what a person receives."""
RECIPIENTS: Final = Indicator(
    key="recipients",
    label=N_("Recipients of programmes"),
    unit="persons",
    numerator="recipients",
    denominator=None,
    numerator_label=N_("persons who receive one programme or more"),
    denominator_label="",
    definition=N_(
        "Different persons (by NIK, else by row) in the newest lists of recipients. Who receives two programmes stands"
        " in both and counts once in the whole."
    ),
    source=N_("Lists of recipients by name, any programme"),
    registers=("recipients",),
    behind=("category", "*"),
    behind_label=N_("See {count} recipients"),
)


@dataclass(frozen=True)
class Reach:
    """Whom programmes reach: `figure` and `listed` (persons by programme, most first) by the lists of recipients,
    `marked` (persons by yes/no field, most first) by the marks of a social register. Two tellings, never added up.
    """

    figure: Figure
    context: Context
    listed: Mapping[str, int]
    register: Context
    marked: Mapping[str, int]


@answers(Right.FIGURES)
def reach(store: Store, viewer: Viewer, scope: Scope) -> Reach:
    """What the newest data not after the scope's date say of its place."""
    lists = queries.list_context(store, viewer, replace(scope, register="recipients"))
    return Reach(
        figure=_figure(store, scope, lists),
        context=lists,
        listed=_most(evaluation.by_category(store, RECIPIENTS, scope.place, lists.period) if lists.period else {}),
        register=queries.list_context(store, viewer, replace(scope, register=MARKING)),
        marked=_most(_marked(store, scope.place, scope.period)),
    )


def _figure(store: Store, scope: Scope, lists: Context) -> Figure:
    known = evaluation.dates(store, [RECIPIENTS], scope.place)
    days = sorted((day for day in known if lists.period and day <= lists.period), reverse=True)[:HISTORY]
    level = evaluation.level_of_place(scope.place)
    found = evaluation.evaluate(store, [RECIPIENTS], scope.place, level, days)[RECIPIENTS.key] if days else {}
    values = {day: evaluation.total(found, day, scope.place) for day in sorted(days)}
    history = tuple((day, value.value) for day, value in values.items())
    before = values.get(lists.compare) if lists.compare else None
    return Figure(RECIPIENTS.key, values.get(lists.period or date.min, UNKNOWN), before, history)


def _most(numbers: Mapping[str, float]) -> dict[str, int]:
    return {key: round(numbers[key]) for key in sorted(numbers, key=lambda key: (-numbers[key], key)) if numbers[key]}


# The marks of a register, counted once


def _marked(store: Store, place: str, period: date | None) -> dict[str, float]:
    """Persons by programme in a place; a programme that a part of it does not tell is left out."""
    parts = store.select(MARKING, place, period)
    told = [key for key in PROGRAMMES if parts and all(key in part.snapshot.fields for part in parts)]
    sums: dict[str, float] = dict.fromkeys(told, 0)
    for part in parts if told else ():
        table = (
            _marks(part, cubes.people(store, part)) if part.excluding else engine.parquet(_stored(store, part.snapshot))
        )
        at = table.filter(table.level == evaluation.level_of_place(place), cubes.inside(table.code, place))
        for row in at.select(*told).to_pyarrow().to_pylist():
            sums = {key: sums[key] + row[key] for key in told}
    return sums


def _marks(part: Part, rows: ir.Table) -> ir.Table:
    """Columns: level, code, and for every programme of the snapshot the persons marked. Add nothing over levels."""
    told = [key for key in PROGRAMMES if key in part.snapshot.fields]
    by_level = []
    for level in LEVELS:
        at = rows.filter(rows[f"{level}_code"].notnull())
        sums = {key: at[key].sum().fill_null(0).cast("int64") for key in told}
        found = at.group_by(code=at[f"{level}_code"]).aggregate(**sums)
        by_level.append(found.mutate(level=ibis.literal(level)))
    return ibis.union(*by_level)


def _stored(store: Store, snapshot: Snapshot) -> Path:
    path = store.path / "cubes" / snapshot.id / f"marks-{VERSION}.parquet"
    if not path.is_file():
        whole = Part(snapshot, snapshot.place)
        cubes.write(store, _marks(whole, cubes.people(store, whole)).order_by("level", "code"), path)
    return path
