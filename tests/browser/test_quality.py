import re

from playwright.sync_api import expect

from tests.browser.driver import HOSTILE_PLACE, Screen

SCREEN = "/kualitas?place=74.71"


def figure(text: str) -> int:
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found[0].replace(".", ""))


def test_figures_fields_problems_and_trend_are_drawn(screen: Screen) -> None:
    screen.open(SCREEN).drawn()
    expect(screen.page.locator("h1.title")).to_have_text("Kualitas data")
    assert screen.page.locator(".changes button").count() == 6
    assert screen.page.locator(".numbers table").count() == 3
    expect(screen.page.locator(".js-plotly-plot")).to_be_visible()
    assert not screen.page.locator(".stAlert, .stException").count()
    assert not screen.errors


def test_a_number_opens_exactly_the_rows_behind_it(screen: Screen) -> None:
    screen.open(SCREEN)
    row = screen.page.locator(".st-key-card_problems tr", has_text="NIK tidak ada")
    rows = figure(row.locator("a").inner_text())
    row.locator("a").click()
    screen.page.wait_for_url("**/rumah-tangga**problem=nik_missing.nik**")
    expect(screen.page.locator("h1.title")).to_have_text("Daftar rumah tangga")
    screen.settled()
    assert figure(screen.page.locator(".sentence").inner_text()) == rows


def test_the_address_of_a_number_is_a_link_of_its_own(screen: Screen) -> None:
    screen.open(SCREEN)
    link = screen.page.locator(".st-key-card_fields a").first
    rows, address = figure(link.inner_text()), link.get_attribute("href")
    screen.open(str(address))
    assert figure(screen.page.locator(".sentence").inner_text()) == rows


def test_a_field_is_shown_on_the_map(screen: Screen) -> None:
    before = screen.open(SCREEN).drawn()
    screen.page.locator(".st-key-card_fields th button", has_text="NIK").first.click()
    screen.page.wait_for_url("**category=filled_nik**")
    screen.map.locator(f'html:not([data-drawn="{before}"])').wait_for(timeout=30_000)
    expect(screen.page.locator(".st-key-card_map")).to_contain_text("Terisi: NIK")


def test_a_figure_is_chosen_by_a_click(screen: Screen) -> None:
    screen.open(SCREEN)
    screen.page.locator('.changes [data-kind="fresh"]').click()
    screen.page.wait_for_url("**category=fresh**")
    expect(screen.page.locator('.changes [aria-pressed="true"]')).to_have_attribute("data-kind", "fresh")


def test_one_small_file_is_enough(screen: Screen) -> None:
    screen.open(f"/kualitas?place={HOSTILE_PLACE}")
    expect(screen.page.locator(".changes button").first).to_be_visible()
    assert not screen.page.locator(".stAlert, .stException").count()
    assert not screen.errors
