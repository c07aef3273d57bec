"""Who is answered what: every question and every address, for every role, inside and outside of the own area.

The tables here are complete: a function that takes a viewer, or an address, that does not stand in them fails a test.
"""

import dataclasses
import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest

import data
from data import (
    access,
    audit,
    breakdowns,
    comparison,
    deliberation,
    documents,
    engine,
    grants,
    history,
    household,
    inspection,
    interventions,
    lists,
    overlap,
    overview,
    quality,
    queries,
    relation,
)
from data.access import OWNER, Mask, Refused, Viewer
from data.definitions.catalogue import FIELDS
from data.definitions.roles import ROLES, UNMASKED_ROWS, Right, rights_of
from data.intake.tray import Tray
from data.linkage import decisions, links, review, runs
from data.queries import Listing
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DATED,
    DTSEN,
    KENDARI,
    KRS,
    MANDONGA,
    OUTREACH,
    PERIOD,
    POPULATION,
    PPKS,
    RECIPIENTS,
    Row,
    in_full,
    person,
    put,
    reach,
    register,
    residents,
    stored,
)
from tests.linkage import worked

JAKARTA, GAMBIR = "31.71", "31.71.01.1001"
DAY: Final = date(2021, 2, 28)
ROLE_KEYS: Final = ("public", "official", "planner", "operator", "auditor", "administrator")

MAY: Final[Mapping[str, tuple[str, ...]]] = {
    "figures": ("official", "planner", "operator", "administrator"),
    "people": ("official", "planner", "operator"),
    "names": ("planner", "operator"),
    "identifiers": ("planner",),
    "import": ("operator",),
    "review": ("operator",),
    "log": ("auditor",),
    "accounts": ("administrator",),
    "settings": ("administrator",),
}
"""Who may what, written down a second time."""
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "city": (BENDE, MANDONGA, KENDARI),
    "area": (BENDE,),
    "narrowed": (BENDE, MANDONGA, KENDARI, JAKARTA, ""),
    "everywhere": (),
}
"""Of the places that are tried, those about which somebody of Bende is answered."""
TRIED: Final = (BENDE, MANDONGA, KENDARI, JAKARTA, "")


@dataclass(frozen=True)
class World:
    """A store with registers by name and figures of Kendari and of Jakarta, matched."""

    store: Store
    homes: Mapping[str, tuple[str, int]]
    """A household by where it is: its snapshot and its number there."""
    pair: str

    def key(self, place: str) -> tuple[str, int]:
        return self.homes.get(place, self.homes[MANDONGA])


@dataclass(frozen=True)
class Case:
    """A question: the right that it asks for, where it is answered, and how it is put."""

    right: str
    where: str
    put: Callable[[World, Viewer, str], Any]
    deed: bool = False
    """It changes the store."""

    def answered_to(self, role: str, place: str) -> bool:
        return role in MAY[self.right] and place in PLACES[self.where]


def figures(question: Callable[..., Any], *more: Any, where: str = "city", **options: Any) -> Case:
    return Case("figures", where, lambda w, v, place: question(w.store, v, scope(place, **options), *more))


def narrowed(question: Callable[..., Any], *more: Any) -> Case:
    return Case("figures", "narrowed", lambda w, v, _: question(w.store, v, *more))


def by_right(right: str, question: Callable[..., Any], *more: Any, where: str = "area", **options: Any) -> Case:
    return Case(right, where, lambda w, v, place: question(w.store, v, scope(place, **options), *more))


def scope(place: str, **options: Any) -> Scope:
    return Scope(place, **options)


def of_home(w: World, place: str, viewer: Viewer) -> Scope:
    """A household of the place; whoever does not see names knows it by another number."""
    snapshot, number = w.key(place)
    return Scope(place, filters=(("family", household._key(w.store, viewer.mask(), snapshot, number)),))


def number_of(w: World, place: str, viewer: Viewer) -> tuple[str, int]:
    snapshot, told = of_home(w, place, viewer).filters[0][1].split(household.BETWEEN)
    return snapshot, int(told)


PAIR: Final = {"finds": "person", "left_keys": ["1a"], "right_keys": ["1b"]}

CASES: Final[dict[str, Case]] = {
    **{
        f"breakdowns.{name}": figures(question, *more, **options)
        for name, question, more, options in (
            ("official", breakdowns.official, (), {}),
            ("deciles", breakdowns.deciles, ("kelurahan",), {}),
            ("extreme", breakdowns.extreme, (), {}),
            ("categories", breakdowns.categories, (), {"indicator": "ppks_persons"}),
            ("sex_age", breakdowns.sex_age, (), {}),
            ("child_ages", breakdowns.child_ages, (), {}),
            ("months", breakdowns.months, (), {}),
            ("risks", breakdowns.risks, (), {}),
        )
    },
    "comparison.registers": narrowed(comparison.registers),
    "comparison.periods": figures(comparison.periods),
    "comparison.between": figures(comparison.between),
    "comparison.by_area": figures(comparison.by_area, "kelurahan"),
    "comparison.changed": by_right("people", comparison.changed),
    "comparison.listing": by_right("people", comparison.listing, "id"),
    "deliberation.kelurahan": by_right("people", deliberation.kelurahan),
    "deliberation.sheet": by_right("names", deliberation.sheet, deliberation.EVERYBODY, "id"),
    "documents.entries": Case("people", "narrowed", lambda w, v, _: documents.entries(w.store, v)),
    "grants.open_grant": Case(
        "identifiers", "narrowed", lambda w, v, _: grants.open_grant(w.store, v, "verification", "because of a test"),
        deed=True,
    ),
    "grants.close": Case("identifiers", "narrowed", lambda w, v, _: grants.close(w.store, v), deed=True),
    "history.entries": Case("import", "narrowed", lambda w, v, _: history.entries(w.store, v)),
    "history.bring_in": Case(
        "import", "narrowed", lambda w, v, _: history.bring_in(w.store, v, Path("no such file")), deed=True
    ),
    "history.problems": Case(
        "import", "everywhere",
        lambda w, v, place: history.problems(w.store, v, w.key(place)[0], w.store.path / "x.xlsx", "id"), deed=True,
    ),
    "history.remove": Case(
        "import", "everywhere", lambda w, v, place: history.remove(w.store, v, w.key(place)[0]), deed=True
    ),
    "household.household": Case(
        "people", "area", lambda w, v, place: household.household(w.store, v, of_home(w, place, v))
    ),
    "household.homes": Case("people", "narrowed", lambda w, v, _: household.homes(w.store, v, every_row(w))),
    **{
        f"inspection.{name}": Case("log", "narrowed", lambda w, v, _, name=name: inspected(name, w, v))  # type: ignore[misc]
        for name in ("entries", "sums", "places", "taken", "write")
    },
    "audit.verify": Case("log", "narrowed", lambda w, v, _: audit.verify(w.store, v)),
    **{
        f"intake.tray.Tray.{name}": Case("import", "narrowed", lambda w, v, _, ask=ask: ask(Tray(w.store, str), v))  # type: ignore[misc]
        for name, ask in {
            "items": lambda tray, viewer: tray.items(viewer),
            "put": lambda tray, viewer: tray.put(viewer, "x.csv", io.BytesIO(b"")),
            "tell": lambda tray, viewer: tray.tell(viewer, "1", 1, None),
            "store": lambda tray, viewer: tray.store(viewer, "1", [1]),
            "leave": lambda tray, viewer: tray.leave(viewer, "1"),
            "wait": lambda tray, viewer: tray.wait(viewer, 0.0),
            "clear": lambda tray, viewer: tray.clear(viewer),
        }.items()
    },
    "interventions.register": Case("figures", "city", lambda w, v, place: interventions.register(w.store, v, place)),
    "interventions.places": narrowed(interventions.places),
    "interventions.periods": figures(interventions.periods),
    "interventions.summary": figures(interventions.summary),
    "interventions.by_area": figures(interventions.by_area, "kelurahan"),
    "interventions.of_family": Case(
        "people", "area", lambda w, v, place: interventions.of_family(w.store, v, *number_of(w, place, v))
    ),
    "linkage.decisions.decide": Case(
        "review", "area", lambda w, v, place: decisions.decide(w.store, v, "children", PAIR, "unsure", "", place),
        deed=True,
    ),
    "linkage.decisions.export": Case(
        "review", "everywhere", lambda w, v, _: decisions.export(w.store, v, w.store.path / "x.csv"), deed=True
    ),
    "linkage.decisions.take_in": Case(
        "review", "everywhere", lambda w, v, _: decisions.take_in(w.store, v, w.store.path / "x.csv"), deed=True
    ),
    "linkage.links.links": Case(
        "people", "area", lambda w, v, place: links.links(w.store, v, "eppgbm", "dtks", place)
    ),
    "linkage.review.matched": by_right("review", review.matched),
    "linkage.review.queue": by_right("review", review.queue, "children"),
    "linkage.review.quality": by_right("review", review.quality, "children"),
    "linkage.review.pair": Case(
        "review", "area", lambda w, v, place: review.pair(w.store, v, Scope(place), "children", w.pair)
    ),
    "linkage.review.judge": Case(
        "review", "area",
        lambda w, v, place: review.judge(w.store, v, Scope(place), "children", w.pair, "unsure"), deed=True,
    ),
    "linkage.review.around": by_right("review", review.around, "children", "", "x"),
    **{
        f"overlap.{name}": figures(getattr(overlap, name), "children", *more)
        for name, more in (
            ("periods", ()), ("summary", ()), ("by_area", ("kelurahan",)), ("history", ()), ("by_kind", ()),
            ("gaps", ()), ("flow", ()),
        )
    },
    "overlap.places": narrowed(overlap.places, "children"),
    "overview.reach": figures(overview.reach),
    "quality.registers": narrowed(quality.registers),
    "quality.summary": figures(quality.summary),
    "quality.by_area": figures(quality.by_area, "kelurahan"),
    "quality.trend": figures(quality.trend),
    "queries.periods": figures(queries.periods),
    "queries.places": narrowed(queries.places),
    "queries.dates": narrowed(queries.dates),
    "queries.context": figures(queries.context),
    "queries.list_context": figures(queries.list_context),
    "queries.figures": figures(queries.figures, ("dtks_persons",)),
    "queries.by_area": figures(queries.by_area, ("dtks_persons",), "kelurahan"),
    "queries.indicators": narrowed(queries.indicators),
    "queries.by_category": figures(queries.by_category, "ppks_persons", indicator="ppks_persons"),
    "queries.programmes": figures(queries.programmes),
    "queries.people": by_right("people", queries.people),
    "queries.listing": by_right("people", queries.listing, "id"),
    "relation.tellable": figures(relation.tellable),
    "relation.course": figures(relation.course, ("dtks_persons",), "kelurahan"),
    "relation.profile": figures(relation.profile, "kelurahan"),
}  # fmt: skip
"""Every question about people and places, by its name under `data`."""
ELSEWHERE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        [f"accounts.{name}" for name in ("listing", "add", "change", "disable", "enable", "reset", "end_sessions")],
        "accounts",
    ),
    "public.building.publish": "settings",
    "keys.rotate": "settings",
    "retention.expire": "settings",
}
"""Deeds whose own tests try them; here only that their rule asks for the right."""
NOT_ASKED: Final = {
    "access.Rule.admit": "the rules themselves",
    "accounts.account_of": "one's own account",
    "accounts.first_administrator": "the first start, where there is nobody to ask",
    "audit.record": "writes who did something",
    "audit.seen": "writes who saw something",
    "audit.purpose": "puts a grant into words",
    "documents.enter": "writes what is made of an answer",
    "grants.spend": "takes rows from a grant",
    "lists.permit": "part of the rules",
    "users.run": "hands the command line's words to accounts",
}


def inspected(name: str, w: World, viewer: Viewer) -> Any:
    more = {"taken": ("id",), "write": ("id", inspection.Search(), w.store.path / "log.csv")}
    return getattr(inspection, name)(w.store, viewer, *more.get(name, ()))


def every_row(w: World) -> tuple[tuple[str, int], ...]:
    """Every row of every register, by its snapshot and its number in the file."""
    return tuple((one.id, row["file_row"]) for one in w.store.snapshots() for row in people_of(one))


def people_of(snapshot: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        engine.parquet(snapshot.rows).to_pyarrow().to_pylist() if snapshot.grain != "figure" else []
    )
    return rows


# The store

CITY: Final = {
    "province": "DKI JAKARTA",
    "kabkota": "KOTA ADM. JAKARTA PUSAT",
    "kecamatan": "GAMBIR",
    "kelurahan": "GAMBIR",
}
NOTED: Final[Row] = {**DATED, "own": "KETERANGAN LAIN"}
AREAS: Final = (BENDE, MANDONGA)


def somebody_in_each(*registers: int, **told: str) -> list[Row]:
    return [person(number + at, area, **told) for number in registers for at, area in enumerate(AREAS)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    store = worked.another(worked.matched(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("access"))
    here = {"dukcapil": "PADAN", "decile": "1", "stunting_risk": "1"}
    put(store, DTSEN, somebody_in_each(600, 610, **here, elderly="Ya"), date(2020, 7, 31))
    risks = {"couple": "1", "pregnant": "2", "no_water": "1", "no_latrine": "2", "mother_too_old": "2"}
    families = somebody_in_each(600, 620, wife_name="WA ODE SITTI", no_modern_contraception="1", **risks)
    put(store, KRS, families, PERIOD)
    put(store, PPKS, somebody_in_each(630, ppks_category="Lanjut Usia Terlantar"), PERIOD)
    put(store, RECIPIENTS, somebody_in_each(640, programme_name="PKH", programme_year="2021", amount="300000"), PERIOD)
    put(store, OUTREACH, [reach(650, BENDE), reach(651, MANDONGA)], PERIOD)
    put(store, POPULATION, residents({BENDE: 4000, MANDONGA: 5000}), None)
    jakarta = [person(700 + number, own="IBU RT WARTINI", **CITY) for number in range(3)]
    stored(store, register(store.path.parent / "jakarta.csv", jakarta, NOTED), PERIOD, place=JAKARTA)
    runs.link(store)
    homes = {}
    for place, within_ in ((BENDE, KENDARI), (MANDONGA, KENDARI), (JAKARTA, JAKARTA)):
        (part,) = store.select("dtks", within_)
        rows = [row for row in people_of(part.snapshot) if str(row["kelurahan_code"]).startswith(place)]
        homes[place] = (part.snapshot.id, rows[0]["family_no"])
    (run,) = runs.current(store, "children", KENDARI)
    within_bende = review._visible(store, run, viewer("operator"), BENDE)
    return World(store, homes, review.key_of(run, int(within_bende.argmax())))


def viewer(role: str, *places: str) -> Viewer:
    return Viewer(role, places or (BENDE,), rights_of((role,)), session=f"session of {role}", address="10.0.0.1")


def copied(w: World, folder: Path) -> World:
    return replace(w, store=worked.another(w.store, folder))


# Every question


def with_a_viewer() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function under `data` that takes a viewer."""
    for found in pkgutil.walk_packages(data.__path__, "data."):
        if found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        own = {name: thing for name, thing in vars(module).items() if getattr(thing, "__module__", "") == found.name}
        methods = [(f"{name}.{one}", what) for name, thing in own.items() if inspect.isclass(thing)
                   for one, what in vars(thing).items()]  # fmt: skip
        for name, thing in (*own.items(), *methods):
            public = not any(part.startswith("_") for part in name.split("."))
            if public and inspect.isfunction(thing) and "viewer" in inspect.signature(thing).parameters:
                yield f"{found.name.removeprefix('data.')}.{name}", thing


QUESTIONS: Final = dict(with_a_viewer())


def test_every_function_that_takes_a_viewer_stands_in_a_table() -> None:
    assert (
        QUESTIONS.keys() == CASES.keys() | (ELSEWHERE.keys() & QUESTIONS.keys()) | NOT_ASKED.keys() & QUESTIONS.keys()
    )
    assert CASES.keys() <= QUESTIONS.keys()


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - NOT_ASKED.keys()))
def test_every_question_has_the_rule_of_its_table(name: str) -> None:
    right = CASES[name].right if name in CASES else ELSEWHERE[name]
    assert access.rule_of(QUESTIONS[name]).right == right


def test_a_function_without_a_rule_is_answered_to_nobody(world: World) -> None:
    def names(store: Store, viewer: Viewer) -> list[str]:
        raise AssertionError

    with pytest.raises(Refused):
        access.answered(names, lambda read: read(), world.store, OWNER)


def test_the_roles_may_what_the_table_says() -> None:
    assert tuple(ROLES) == ROLE_KEYS
    for right in Right:
        assert {key for key in ROLES if right in rights_of((key,))} == set(MAY[right])


@pytest.mark.parametrize("role", ROLE_KEYS)
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_question_is_answered_exactly_where_the_table_says(
    world: World, tmp_path: Path, name: str, role: str
) -> None:
    case = CASES[name]
    asking = viewer(role)
    for place in TRIED:
        expected = case.answered_to(role, place)
        here = copied(world, tmp_path / (place or "all")) if case.deed and expected else world
        assert answered(case, here, asking, place) is expected, place


def answered(case: Case, w: World, asking: Viewer, place: str) -> bool:
    """Whether a question got past its rule; what else is wrong with it does not matter."""
    try:
        case.put(w, asking, place)
    except Refused:
        return False
    except (KeyError, FileNotFoundError, review.Overtaken, decisions.NotDecisions, links.NotLinked):
        return True
    return True


def test_somebody_without_an_area_is_answered_nothing(world: World) -> None:
    for role in ROLE_KEYS:
        nowhere = Viewer(role, (), rights_of((role,)))
        for name, case in CASES.items():
            if case.where in ("city", "area", "everywhere"):
                for place in TRIED:
                    assert not answered(case, world, nowhere, place), name
    assert queries.dates(world.store, Viewer("planner", (), rights_of(("planner",)))) == {}


def test_a_place_that_does_not_exist_is_refused_as_one_that_does(world: World) -> None:
    for name, case in CASES.items():
        if case.where not in ("city", "area") or "household" in name or "of_family" in name:
            continue
        asking = viewer(MAY[case.right][0])
        said = []
        for place in (JAKARTA, "99.99", "74.71.99.9999", MANDONGA if case.where == "area" else JAKARTA):
            if place.startswith("74.71.99") and case.where == "city":
                continue
            with pytest.raises(Refused) as refused:
                case.put(world, asking, place)
            said.append(str(refused.value))
        assert set(said) == {access.BEYOND_AREA}, name


def test_refusal_comes_before_anything_is_read(tmp_path: Path) -> None:
    gone = World(Store(tmp_path / "nothing"), {MANDONGA: ("x", 1)}, "x.1")
    for name, case in CASES.items():
        if case.where in ("city", "area") and "household" not in name and "of_family" not in name:
            with pytest.raises(Refused):
                case.put(gone, viewer(MAY[case.right][0]), JAKARTA)
    assert not (tmp_path / "nothing").exists()


# What is in the answers


def texts(answer: Any, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Every text, number and day in an answer, however deep."""
    if id(answer) in seen:
        return
    deeper = seen | {id(answer)}
    if isinstance(answer, Listing):
        yield from texts((answer.name, answer.cover, answer.columns), deeper)
        yield engine.connect().con.sql(answer.sql).df().to_csv()
    elif isinstance(answer, pd.DataFrame):
        yield answer.to_csv()
    elif isinstance(answer, pa.Table | ir.Table):
        yield answer.to_pandas().to_csv()
    elif dataclasses.is_dataclass(answer):
        for field in dataclasses.fields(answer):
            yield from texts(getattr(answer, field.name), deeper)
    elif isinstance(answer, Mapping):
        yield from texts((*answer.keys(), *answer.values()), deeper)
    elif isinstance(answer, tuple | list | set | frozenset):
        for one in answer:
            yield from texts(one, deeper)
    elif answer is not None:
        yield str(answer)


IN_FULL: Final[dict[str, Callable[[World, Viewer, str], Any]]] = {
    "comparison.changed": lambda w, v, place: comparison.changed(w.store, v, Scope(place), unmasked=True),
    "comparison.listing": lambda w, v, place: comparison.listing(w.store, v, Scope(place), "id", unmasked=True),
    "deliberation.sheet": lambda w, v, place: deliberation.sheet(
        w.store, v, Scope(place), deliberation.EVERYBODY, "id", unmasked=True
    ),
    "household.household": lambda w, v, place: household.household(w.store, v, of_home(w, place, v), unmasked=True),
    "linkage.review.pair": lambda w, v, place: review.pair(w.store, v, Scope(place), "children", w.pair, unmasked=True),
    "queries.listing": lambda w, v, place: queries.listing(w.store, v, Scope(place), "id", unmasked=True),
    "queries.people": lambda w, v, place: queries.people(w.store, v, Scope(place), unmasked=True),
}
"""The questions that can be asked for numbers in full."""


def test_every_question_for_numbers_in_full_is_among_them() -> None:
    asked = {name for name, ask in QUESTIONS.items() if "unmasked" in inspect.signature(ask).parameters}
    assert asked == IN_FULL.keys()


def said_to(w: World, asking: Viewer, place: str) -> Iterator[tuple[str, str]]:
    """Everything that somebody is told about a place, by question."""
    plain = ((name, case.put) for name, case in CASES.items() if not case.deed)
    for name, ask in (*plain, *IN_FULL.items()):
        with suppress(Refused, KeyError, links.NotLinked):
            yield name, "\n".join(texts(ask(w, asking, place)))


NAME_FIELDS: Final = ("name", "family_head", "mother_name", "parent_name", "father_name", "wife_name")
WHERE_FIELDS: Final = ("address", "hamlet", "birth_place")
NUMBERS: Final = tuple(key for key, field in FIELDS.items() if field.sensitivity == "identifier")


def told_of(w: World, fields: tuple[str, ...], place: str = "") -> set[str]:
    """What the registers say in some fields, of those in a place."""
    found = set()
    for snapshot in w.store.snapshots():
        for row in people_of(snapshot):
            if str(row["kelurahan_code"] or "").startswith(place):
                found |= {str(row[key]) for key in fields if row.get(key)}
    return found


def ends(numbers: set[str]) -> set[str]:
    """What must not be seen of numbers: a masked one shows its beginning."""
    return {number[5:] if number.isdigit() else number for number in numbers if len(number) > 8}


def births(w: World) -> set[str]:
    days = {row["birth_date"] for one in w.store.snapshots() for row in people_of(one) if row.get("birth_date")}
    return {day.strftime(way) for day in days for way in ("%Y-%m-%d", "%d-%m-%Y")}


def test_an_official_is_never_told_a_name_an_address_a_birth_date_or_a_number(world: World) -> None:
    numbers, days = ends(told_of(world, NUMBERS)), births(world)
    secret = {text for text in told_of(world, NAME_FIELDS) if " " in text} | told_of(world, WHERE_FIELDS) - {"KENDARI"}
    assert min(len(secret), len(numbers), len(days)) > 10
    asking, tried = viewer("official", KENDARI, JAKARTA), 0
    for place in (KENDARI, JAKARTA):
        for name, said in said_to(world, asking, place):
            tried += 1
            found = [one for one in (*secret, *numbers, *days, "WARTINI") if one in said]
            assert not found, (name, place, len(found))
    assert tried > 50


def test_somebody_of_one_kelurahan_is_never_told_of_people_of_another(world: World) -> None:
    here = told_of(world, NAME_FIELDS, BENDE)
    others = {text for text in told_of(world, NAME_FIELDS) - here if " " in text}
    elsewhere = ends(told_of(world, NUMBERS) - told_of(world, NUMBERS, BENDE))
    assert others
    assert elsewhere
    everything = Viewer("all roles", (BENDE,), rights_of(ROLE_KEYS), session="session", address="10.0.0.1")
    found_own = 0
    for place in (BENDE, KENDARI):
        for name, said in said_to(world, in_full(world.store, everything), place):
            assert not [one for one in (*others, *elsewhere) if one in said], (name, place)
            found_own += sum(one in said for one in here)
    assert found_own > 50


def test_the_figures_of_a_place_are_the_same_for_all_who_see_them(world: World) -> None:
    kept = [name for name, case in CASES.items() if access.rule_of(QUESTIONS[name]).same_for_all]
    assert set(kept) == {name for name, case in CASES.items() if case.where == "city"}
    for name in kept:
        answers = [list(texts(CASES[name].put(world, asking, KENDARI))) for asking in (viewer("official"), OWNER)]
        assert answers[0] == answers[1], name


# What cannot be found out by asking often


def list_of(
    w: World, asking: Viewer, *filters: tuple[str, str], text: str = "", register: str = "dtks"
) -> pd.DataFrame:
    asked = Scope(BENDE, register=register, filters=filters)
    return queries.people(w.store, asking, asked, size=1000, text=text).rows


@pytest.mark.parametrize(
    "asked",
    [
        (("name", "RAFI SAPUTRA"),),
        (("address", "JL. MELATI NO. 1"),),
        (("rt", "001"),),
        (("birth_date", "1988-02-03"),),
        (("mother_name", "SALMA"),),
        (("nik", worked.child_nik(1)),),
        (("kk", "7471080101000001"),),
        (("updated", "yes"), ("name", "X")),
        (("post", "Melati"),),
    ],
    ids=str,
)
def test_nothing_that_is_not_shown_can_be_asked_for(world: World, asked: tuple[tuple[str, str], ...]) -> None:
    official = viewer("official")
    for ask in (list_of, lambda *more: queries.listing(world.store, official, Scope(BENDE, filters=asked), "id")):
        with pytest.raises(Refused, match=re.escape(lists.NO_SEARCH)):
            ask(world, official, *asked)


def test_no_free_text_is_searched_for_those_who_see_no_names(world: World) -> None:
    for text in ("RAFI", worked.child_nik(1), "a", "747108"):
        with pytest.raises(Refused):
            list_of(world, viewer("official"), text=text)
    assert len(list_of(world, viewer("planner"), text="RAFI")) == 1


def test_numbers_are_found_whole_or_not_at_all_until_a_purpose_is_stated(world: World) -> None:
    number, planner = worked.child_nik(1), viewer("planner")
    assert len(list_of(world, planner, text=number)) == 1
    assert len(list_of(world, planner, text=number[:12])) == 0
    granted, asked = in_full(world.store, planner), Scope(BENDE)
    assert not queries.people(world.store, granted, asked, text=number[:12]).count
    assert queries.people(world.store, granted, asked, text=number[:12], unmasked=True).count


def test_the_order_of_a_list_without_names_tells_nothing_of_names(world: World) -> None:
    by_name = list_of(world, viewer("planner"), ("sort", "name"))
    for filters in ((), (("sort", "name"),)):
        shown = list_of(world, viewer("official"), *filters)
        assert sorted(shown["file_row"]) == sorted(by_name["file_row"])
        assert shown["file_row"].tolist() != by_name["file_row"].tolist()
        assert shown["family"].ne(by_name["family"]).all()
        # Families stand together all the same.
        assert (shown["family"] != shown["family"].shift()).sum() == shown["family"].nunique()


def test_families_are_not_numbered_by_name_for_those_who_see_no_names(world: World) -> None:
    snapshot, number = world.homes[BENDE]
    official, named = viewer("official"), household.key_of(snapshot, number)
    assert household.household(world.store, official, Scope(BENDE, filters=(("family", named),))) is None
    with pytest.raises(Refused):
        interventions.of_family(world.store, official, snapshot, number)
    asked = of_home(world, BENDE, official)
    found = household.household(world.store, official, asked)
    assert found
    assert found.key == asked.filters[0][1]
    # A link that an official passes on opens the same household for whoever sees names.
    known = household.household(world.store, viewer("planner"), asked)
    assert known
    assert known.members["file_row"].tolist() == found.members["file_row"].tolist()


def test_columns_of_a_file_that_nobody_declared_are_for_those_who_see_names(world: World) -> None:
    for role, seen in (("planner", True), ("official", False)):
        listing = queries.listing(world.store, viewer(role, JAKARTA), Scope(JAKARTA), "id")
        assert listing
        assert ("IBU RT WARTINI" in "\n".join(texts(listing))) is seen
        assert ("KETERANGAN LAIN" in [column.label for column in listing.columns]) is seen


def test_a_masked_list_still_says_what_it_is_about(world: World) -> None:
    row = list_of(world, viewer("official"), register="eppgbm").set_index("file_row").sort_index().iloc[0]
    assert row["name"] in ("R. S.", "N. H.")
    assert (row["kelurahan"], row["age"]) == ("Bende", 2)
    assert pd.isna(row["birth_date"])
    child = list_of(world, viewer("official"), ("stunted", "yes"), register="eppgbm")
    assert len(child) == 2


# Numbers in full


def test_a_grant_needs_the_right_a_purpose_and_a_reason(world: World) -> None:
    planner = viewer("planner")
    for purpose, text in (
        ("verification", "short"),
        ("verification", "         a          "),
        ("fun", "long enough a text"),
    ):
        with pytest.raises(Refused):
            grants.open_grant(world.store, planner, purpose, text)
    with pytest.raises(Refused):
        grants.open_grant(world.store, replace(planner, session=""), "verification", "long enough a text")
    for role in set(ROLE_KEYS) - {"planner"}:
        with pytest.raises(Refused):
            grants.open_grant(world.store, viewer(role), "verification", "long enough a text")


def test_numbers_stay_masked_without_a_grant_and_with_an_ended_one(world: World) -> None:
    planner = viewer("planner")
    assert not [number for number in list_in_full(world, planner) if number.isdigit()]
    granted = in_full(world.store, planner)
    assert [number for number in list_in_full(world, granted) if number.isdigit()]
    grants.close(world.store, granted)
    assert grants.current(world.store, planner.session) is None
    # Whoever holds on to the ended grant pays with nothing.
    with pytest.raises(grants.UsedUp):
        queries.people(world.store, granted, Scope(BENDE), page=2, size=3, unmasked=True)
    assert granted.grant
    over = replace(granted, grant=replace(granted.grant, until=granted.grant.until.replace(year=2020)))
    assert not over.unmasked
    assert not [number for number in list_in_full(world, over) if number.isdigit()]


def list_in_full(w: World, asking: Viewer) -> list[str]:
    return [str(one) for one in queries.people(w.store, asking, Scope(BENDE), unmasked=True).rows["nik"].dropna()]


def test_a_grant_is_good_for_so_many_rows_and_never_for_one_more(world: World) -> None:
    asking = replace(viewer("planner"), session="counted")
    grant = grants.open_grant(world.store, asking, "verification", "rows are counted", rows=25)
    granted = replace(asking, grant=grant)
    whole = len(list_in_full(world, granted))
    left = grants.current(world.store, "counted")
    assert left
    assert left.rows == 25 - len(queries.people(world.store, granted, Scope(BENDE), unmasked=True).rows)
    for _ in range(3):
        assert len(list_in_full(world, granted)) == whole, "the same look is paid for once"
    assert grants.current(world.store, "counted") == left
    exported = lambda: queries.listing(world.store, granted, Scope(BENDE), "id", unmasked=True)  # noqa: E731
    while left.rows >= whole:
        assert exported()
        left = grants.current(world.store, "counted") or left
    with pytest.raises(grants.UsedUp) as refused:
        exported()
    assert "{" not in refused.value.said("id")
    assert grants.current(world.store, "counted")


def test_only_so_many_rows_are_granted_by_default(world: World) -> None:
    asking = replace(viewer("planner"), session="default")
    assert grants.open_grant(world.store, asking, "verification", "long enough a text").rows == UNMASKED_ROWS


def test_a_grant_is_of_one_session(world: World) -> None:
    in_full(world.store, replace(viewer("planner"), session="mine"))
    assert grants.current(world.store, "yours") is None
    assert grants.current(world.store, "") is None


# What is on record


def test_what_is_seen_row_by_row_is_on_record_and_only_that(world: World, tmp_path: Path) -> None:
    store, owner = copied(world, tmp_path / "x").store, replace(OWNER, session="recorded")

    def entered() -> int:
        return inspection.entries(store, owner).total

    before = entered()
    queries.by_area(store, owner, Scope(KENDARI), ("dtks_persons",), "kelurahan")
    assert entered() == before
    queries.people(store, owner, Scope(BENDE))
    assert entered() == before + 1
    listing = queries.listing(store, owner, Scope(BENDE), "id")
    assert entered() == before + 2
    assert listing
    assert re.search(r"J-\d{4}-\d{6}", str(listing.cover.lines))
    household.household(store, owner, of_home(world, BENDE, owner))
    assert entered() == before + 3, "what concerns the family is part of the household's entry"


def test_a_question_within_a_question_is_admitted_all_the_same(world: World) -> None:
    @access.answers(Right.PEOPLE, access.narrowed, persons=lambda answer: 1)
    def around(store: Store, viewer: Viewer) -> Any:
        return queries.people(store, viewer, Scope(MANDONGA))

    with pytest.raises(Refused):
        around(world.store, viewer("planner"))


def test_nothing_is_shown_where_it_cannot_be_recorded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> str:
        raise audit.NotRecorded

    monkeypatch.setattr(audit, "record", failing)
    with pytest.raises(audit.NotRecorded):
        queries.people(world.store, replace(viewer("planner"), session="not recorded"), Scope(BENDE))
    assert queries.context(world.store, viewer("planner"), Scope(BENDE)).period


# Masks


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("SITI AMINAH", "S. A."),
        ("MUH. ARIF, S.Pd", "M. A. S."),
        ("  siti   7471014101909001 ", "S."),
        ("D'ARCY o-neil", "D. O."),
        ("<b>x</b>", "B."),
        ("7471014101909001", ""),
        ("", ""),
    ],
)
def test_initials_are_the_same_in_lists_and_in_texts(name: str, shown: str) -> None:
    told = ibis.memtable(pd.DataFrame({"name": [name]}))
    found = lists.shown(told, Mask()).to_pyarrow()["name"].to_pylist()
    assert (re.sub(" +", " ", str(found[0])), lists.initials_of(name)) == (shown, shown)


def test_every_field_of_a_person_says_who_may_see_it() -> None:
    naming = {key for key, field in FIELDS.items() if field.sensitivity == "naming"}
    assert {*NAME_FIELDS, *WHERE_FIELDS, "rt", "rw", "birth_date", "posyandu"} - {"family_head"} <= naming
    assert {key for key, field in FIELDS.items() if field.kind in ("nik", "kk", "identifier")} == set(NUMBERS)
