import re
from pathlib import Path

from playwright.sync_api import BrowserContext, expect
from python_calamine import CalamineWorkbook

from tests.browser.driver import HOSTILE_PLACE, Screen, Server, tab
from tests.browser.unmasking import alone, ask_for_numbers

SCREEN = "/perubahan?place=74.71"


def figure(text: str) -> int:
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found[0].replace(".", ""))


def test_the_six_figures_stand_above_map_ranking_table_and_list(screen: Screen) -> None:
    screen.open(SCREEN).drawn()
    expect(screen.page.locator("h1.title")).to_have_text("Apa yang berubah")
    assert screen.page.locator(".changes button").count() == 6
    assert screen.page.locator(".ranking .row").count()
    assert screen.page.locator(".areas tbody tr").count()
    assert not screen.page.locator(".stAlert, .stException").count()
    assert not screen.errors


def test_a_click_on_a_figure_lists_exactly_those_people_and_the_link_reproduces_it(
    screen: Screen, context: BrowserContext
) -> None:
    screen.open(SCREEN)
    card = screen.page.locator('.changes [data-kind="updated"]')
    people = figure(card.locator(".amount").inner_text())
    card.click()
    screen.page.wait_for_url("**change=updated**")
    heading = screen.page.locator(".st-key-card_people h2")
    expect(heading).to_have_text(re.compile("Baru dimutakhirkan"))
    assert figure(heading.inner_text().split(":")[1]) == people
    other = tab(context, screen.url).open(screen.page.url.removeprefix(screen.url))
    expect(other.page.locator(".st-key-card_people h2")).to_have_text(heading.inner_text())


def test_a_place_keeps_the_chosen_figure(screen: Screen) -> None:
    screen.open(f"{SCREEN}&change=updated")
    row = screen.page.locator(".areas tbody button").first
    name = row.inner_text()
    row.click()
    screen.at(name)
    assert "change=updated" in screen.page.url
    expect(screen.page.locator('.changes [aria-pressed="true"]')).to_have_attribute("data-kind", "updated")


def test_identifiers_are_masked_until_somebody_asks_for_them(context: BrowserContext, server: Server) -> None:
    screen, numbers = alone(context, server), re.compile(r"^\d{16}$")
    screen.open(f"{SCREEN}&change=updated")
    assert not re.search(r"\d{16}", screen.text())
    ask_for_numbers(screen)
    expect(screen.page.locator(".people code", has_text=numbers).first).to_be_visible()


def test_the_export_holds_everybody_who_is_listed(screen: Screen, tmp_path: Path) -> None:
    screen.open(f"{SCREEN}&change=updated")
    people = figure(screen.page.locator(".st-key-card_people h2").inner_text().split(":")[1])
    with screen.page.expect_download() as download:
        screen.page.locator('.exports [data-format="xlsx"]').click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = CalamineWorkbook.from_path(path)
    assert max(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names) == people + 1
    assert "perubahan" in path.name


def test_with_one_snapshot_the_screen_says_what_is_missing(screen: Screen) -> None:
    screen.open(f"/perubahan?place={HOSTILE_PLACE}")
    expect(screen.page.locator(".st-key-card_empty")).to_contain_text("Baru ada satu potret data")
    assert not screen.errors
