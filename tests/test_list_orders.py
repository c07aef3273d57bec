"""The by-name list in other orders: complete, page by page, and families stay together."""

import pandas as pd
import pytest

from components.households import orders
from data import lists, queries
from data.access import OWNER
from data.definitions.catalogue import REGISTERS
from data.scope import Scope
from data.snapshots import Store
from tests.builders import KENDARI, worked_example


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked_example(tmp_path_factory.getbasetemp())


def listed(store: Store, order: str) -> list[tuple[str, str]]:
    """(family, name) over all pages of four rows."""
    scope = Scope(KENDARI, filters=((lists.SORT, order),) if order else ())
    pages = [queries.people(store, OWNER, scope, page=number, size=4).rows for number in (1, 2, 3, 4)]
    return [(row.family, row.name) for page in pages for row in page[["family", "name"]].itertuples(index=False)]


@pytest.mark.parametrize("order", orders(REGISTERS["dtks"]))
def test_every_order_is_complete_and_keeps_families_together(store: Store, order: str) -> None:
    found = listed(store, order)
    assert sorted(found) == sorted(listed(store, ""))
    # The family that lives in two kelurahan stands in both, except where something else comes first.
    families = [family for family, _ in found]
    blocks = [family for at, family in enumerate(families) if at == 0 or families[at - 1] != family]
    assert len(blocks) <= len(set(families)) + 1


def test_families_can_be_listed_by_the_name_of_their_head_and_by_their_last_update(store: Store) -> None:
    heads = [
        queries.people(store, OWNER, Scope(KENDARI, filters=((lists.SORT, "name"),)), size=100).rows["family_head"]
    ]
    assert heads[0].tolist() == sorted(heads[0])
    rows = queries.people(store, OWNER, Scope(KENDARI, filters=((lists.SORT, "updated"),)), size=100).rows
    # A date after the data's own is a slip and says nothing of the family.
    dated = rows["updated_on"].where(rows["updated_on"] <= pd.Timestamp(2021, 1, 31))
    newest = dated.groupby(rows["family"], sort=False).max().tolist()
    known = [day for day in newest if day == day and day is not None]
    assert known == sorted(known)
    assert newest[0] != newest[0] or newest[0] is None  # whoever has no date comes first


def test_registers_offer_only_orders_that_they_can_have() -> None:
    assert orders(REGISTERS["dtks"]) == ("", "name", "updated", "needs")
    assert orders(REGISTERS["dtsen"]) == ("", "name", "needs")
    assert orders(REGISTERS["eppgbm"]) == ("", "name")
    assert set(orders(REGISTERS["dtks"])) - {""} == set(lists.ORDERS)
