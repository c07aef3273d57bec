"""From a figure to its list, from the list to a household, and back; the list's filters, one by one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.driver import Screen
from tests.browser.test_screens import figure

LIST = "/rumah-tangga?place=74.71"


def test_a_card_opens_exactly_the_people_that_its_number_counts(screen: Screen) -> None:
    card = screen.open("/cakupan?place=74.71").page.locator('.kpi[data-indicator="dtks_updated_family_share"]')
    counted, everybody = [figure(text) for text in re.findall(r"[\d.]+(?= dari)|(?<=dari )[\d.]+", card.inner_text())]
    lacking = card.locator("a", has_text="belum")
    assert figure(lacking.inner_text()) == everybody - counted
    lacking.click()
    screen.page.wait_for_url("**/rumah-tangga**family_updated=no**")
    screen.settled()
    expect(screen.page.locator("p.sentence strong").nth(1)).to_contain_text(re.compile(r"keluarga"))
    assert figure(screen.page.locator("p.sentence strong").nth(1).inner_text()) == everybody - counted
    screen.page.go_back()
    screen.at("Kota Kendari")
    card.locator(".amount a").click()
    screen.page.wait_for_url("**/rumah-tangga**family_updated=yes**")
    screen.settled()
    assert figure(screen.page.locator("p.sentence strong").nth(1).inner_text()) == counted


@pytest.mark.parametrize("back", ["link", "browser"])
def test_a_family_opens_its_page_and_the_way_back_leads_to_the_same_list(screen: Screen, back: str) -> None:
    screen.open(f"{LIST}&updated=no")
    listed = screen.page.locator("p.sentence").inner_text()
    opened = screen.page.locator(".people .family a").first
    name = opened.inner_text().rstrip(" →")
    opened.click()
    expect(screen.page.locator("h1.title")).to_have_text(name)
    screen.settled()
    address = screen.page.url
    assert "family=dtks-74.71-" in address
    assert not re.search(r"\d{16}", address)
    assert name.split()[-1].lower() not in address.lower()
    assert not re.search(r"\b\d{16}\b", screen.text())
    expect(screen.page.get_by_role("heading", level=2, name="Yang perlu dilengkapi")).to_be_visible()
    if back == "browser":
        screen.page.go_back()
    else:
        screen.page.get_by_role("link", name="Kembali ke daftar").click()
    screen.page.wait_for_url("**/rumah-tangga**updated=no**")
    expect(screen.page.locator("h1.title")).to_have_text("Daftar rumah tangga")
    screen.settled()
    assert screen.page.locator("p.sentence").inner_text() == listed


def test_every_filter_is_a_chip_that_can_be_taken_away_and_an_empty_list_says_which(screen: Screen) -> None:
    screen.open(f"{LIST}&updated=yes&dukcapil=yes&decile=1")
    chips = screen.page.locator(".st-key-chips [class*='st-key-chip_'] button")
    expect(chips).to_have_count(3)
    expect(screen.page.locator(".st-key-looser button")).to_have_count(3)
    loosening = screen.page.locator(".st-key-without_decile button")
    there_would_be = figure(loosening.inner_text().split(":")[-1])
    assert there_would_be > 0
    loosening.click()
    expect(chips).to_have_count(2)
    screen.settled()
    assert figure(screen.page.locator("p.sentence strong").first.inner_text()) == there_would_be
    chips.filter(has_text="Mutakhir").click()
    expect(chips).to_have_count(1)
    assert "updated" not in screen.page.url.replace("family_updated", "")


def test_a_link_to_a_household_that_is_not_there_says_so_calmly(screen: Screen) -> None:
    screen.open("/keluarga?place=74.71&family=dtks-74.71-2001-01-31-nothing~5")
    expect(screen.page.locator("h1.title")).to_have_text("Keluarga tidak ditemukan")
    expect(screen.page.get_by_role("link", name="Kembali ke daftar")).to_be_visible()
