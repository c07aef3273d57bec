"""A small register in two editions, and what a screen tells of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from components import colours, sentence, view
from components.documents import Briefing, Shown
from components.kpis import Told
from data import queries
from data.access import OWNER
from data.definitions.screens import SCREENS
from data.places.geometry import geometry
from data.scope import Scope
from data.snapshots import Store
from data.wording import Language, translate
from tests.builders import KENDARI, MANDONGA, PONDAMBEA, people, person, register, stored
from tests.documents.reading import FORMULA, MARKUP

OLD = {"updated_on": "2016-05-01"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Sample data: in Bende two of ten are not updated, one of them with hostile names; Pondambea has one more."""
    folder = tmp_path_factory.mktemp("documents")
    store = Store(folder / "home")
    rows = [
        *people(8),
        person(9, **OLD, name=MARKUP, address=FORMULA),
        person(10, **OLD, name=FORMULA, dukcapil="TIDAK PADAN"),
        *[person(number, PONDAMBEA, **OLD) for number in range(11, 15)],
        *[person(number, MANDONGA) for number in range(15, 20)],
    ]
    before = [row | OLD if at % 2 else row for at, row in enumerate(rows)]
    for day, edition in ((date(2020, 9, 30), before), (date(2021, 1, 31), rows)):
        path = register(folder / f"dtks $x$ #eval {day}.csv", edition)
        stored(store, path, period=day, place=KENDARI, sample=True)
    return store


@pytest.fixture(scope="module")
def briefing(store: Store) -> Callable[[str, Language], Briefing]:
    """The briefing of the coverage screen of a place, asked as the page asks."""

    @cache
    def told(place: str, reader: Language) -> Briefing:
        screen, asked = SCREENS["coverage"], Scope(place)
        known = queries.indicators(store, OWNER)
        drawn = view.drawn(screen, asked, {"dtks": (KENDARI,)}, known)
        seen = view.view(place, (KENDARI,))
        figures = {}
        for one in dict.fromkeys((*drawn.own, *drawn.others)):
            about = replace(asked, indicator=one.key)
            figure = queries.figures(store, OWNER, about, keys=(one.key,))[one.key]
            figures[one.key] = Told(figure, place, queries.context(store, OWNER, about))
        everywhere = queries.by_area(store, OWNER, asked.at(seen.ground), by=seen.by, **drawn.mapped)
        tabled = queries.by_area(store, OWNER, asked.at(seen.tabled), by=seen.tabled_by, **drawn.mapped)
        inside, indicator = view.inside(everywhere, seen.ranked), drawn.indicator
        figure = figures[indicator.key].figure
        shown = Shown(
            indicator=indicator,
            everywhere=everywhere,
            inside=inside,
            tabled=tabled,
            seen=seen,
            columns=drawn.columns,
            figure=figure,
            shapes=geometry(store.path, seen.ground, seen.by),
            scale=colours.scale(indicator, view.values(inside, indicator.key)),
            average=view.average(inside, figure.now.value, indicator, seen.chosen),
        )
        words = sentence.say(screen.key, sentence.Facts(figures, inside, seen, drawn), reader)
        return Briefing.of(translate(screen.title, reader), words, figures, drawn, place, shown)

    return told
