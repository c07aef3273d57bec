"""Intervensi as its users have it: a need or a programme, a number, and the list of exactly these families."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data import eligibility
from data.snapshots import Store
from tests.browser.driver import Screen
from tests.browser.test_screens import figure

SCREEN = "/intervensi?place=74.71"


@pytest.fixture(scope="module", autouse=True)
def _put_together(store: Path) -> None:
    """As it is after every import: whoever comes first does not wait."""
    eligibility.build(Store(store))


def test_an_office_gets_the_list_of_as_many_families_as_the_screen_says(screen: Screen) -> None:
    screen.open(SCREEN).settled()
    link = screen.page.locator(".st-key-agency_puskesos a")
    count = figure(re.sub(r".*:", "", link.inner_text()))
    link.click()
    screen.page.wait_for_url("**/rumah-tangga**agency=puskesos**")
    screen.settled()
    told = screen.page.locator(".sentence strong").nth(1)
    assert figure(told.inner_text()) == count > 0
    screen.page.go_back()
    expect(screen.page.locator("h1.title")).to_have_text("Intervensi")


def test_a_row_of_the_matrix_puts_its_need_on_the_map_and_into_the_address(screen: Screen) -> None:
    screen.open(SCREEN)
    mark = screen.drawn()
    screen.page.locator(".st-key-matrix button[data-code=work]").click()
    screen.page.wait_for_url("**open=work**")
    screen.settled()
    assert screen.drawn() != mark
    amount = figure(screen.page.locator('.outcome[data-outcome="open"] .amount').inner_text())
    rows = screen.page.locator(".st-key-area_table tbody tr td:nth-child(3)").all_inner_texts()
    assert sum(figure(cell) for cell in rows) == amount > 0
    assert not screen.errors
