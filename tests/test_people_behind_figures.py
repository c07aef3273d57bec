"""Every figure opens its people: the list has exactly as many as the figure counts, and as are lacking to it."""

from datetime import date

import pytest

from components import links
from data import queries
from data.access import OWNER
from data.definitions.catalogue import INDICATORS, REGISTERS
from data.definitions.indicators import Indicator
from data.evaluation import Value
from data.intake.importing import import_file
from data.linkage import runs
from data.queries import PeoplePage
from data.sample import build
from data.scope import Scope
from data.snapshots import Store
from tests.builders import KENDARI

BY_NAME = [
    indicator
    for indicator in INDICATORS.values()
    if all(REGISTERS[register].grain != "figure" for register in indicator.registers)
]
BY_NAME_AND_POPULATION = ("dtks", "p3ke", "eppgbm", "krs", "ppks", "outreach", "recipients", "population")
PLACES = (KENDARI, "74.71.05.1004")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Every register of a small Kendari, matched."""
    folder = tmp_path_factory.mktemp("figures")
    store = Store(folder / "home")
    for file in build(folder / "files", place=KENDARI, scale=0.01, latest=1, registers=BY_NAME_AND_POPULATION):
        import_file(store, file.path, register=file.register, period=file.period, sample=True)
    runs.link(store)
    return store


def counted(found: PeoplePage, indicator: Indicator) -> int:
    """What a list has of what an indicator counts."""
    if indicator.unit == "families" or indicator.numerator.endswith("families"):
        return found.families
    return found.count if indicator.unit in ("reaches", "rows") else found.persons


@pytest.mark.parametrize("indicator", BY_NAME, ids=lambda indicator: indicator.key)
def test_the_list_behind_a_figure_has_exactly_whom_it_counts(store: Store, indicator: Indicator) -> None:
    told = False
    for place in PLACES:
        about = Scope(place, indicator=indicator.key)
        figure = queries.figures(store, OWNER, about, (indicator.key,))[indicator.key]
        context = queries.context(store, OWNER, about)
        for lacking in (False, True)[: 1 + indicator.lacks]:
            expected = links.count(figure, indicator, lacking)
            target = links.listed(about, indicator, context, lacking)
            assert target, "nothing opens the people of this figure"
            if expected is not None:
                told = True
                assert counted(queries.people(store, OWNER, target), indicator) == expected, (place, lacking)
    assert told, "the store tells nothing of this figure"


def test_figures_without_names_open_no_list() -> None:
    for indicator in set(INDICATORS.values()) - set(BY_NAME):
        assert links.listed(Scope(KENDARI), indicator, queries.NO_CONTEXT) is None


def test_a_list_keeps_the_category_of_its_figure_and_nothing_else_of_the_screen() -> None:
    about = Scope(KENDARI, since=date(2020, 1, 1), filters=(("category", "Pengemis"), ("classes", "quantiles")))
    ppks, updated = INDICATORS["ppks_persons"], INDICATORS["dtks_updated_share"]
    same = links.listed(about, ppks, queries.NO_CONTEXT)
    assert same == Scope(KENDARI, since=date(2020, 1, 1), register="ppks", filters=(("category", "Pengemis"),))
    lacking = links.listed(about, updated, queries.NO_CONTEXT, lacking=True)
    assert lacking == Scope(KENDARI, since=date(2020, 1, 1), filters=(("updated", "no"),))
    assert links.count(queries.Figure("", Value(0.25, 1, 4), None, ()), updated, lacking=True) == 3
