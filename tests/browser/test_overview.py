"""*Ringkasan* as its users have it: what matters first, every finding and figure a way deeper."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from data.intake.importing import import_file
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import HOSTILE_PLACE, Screen, Server, serving, tab
from tests.browser.test_screens import figure

REGISTERS = ("dtks", "ppks", "outreach", "population", "poverty", "p3ke", "eppgbm", "krs", "recipients")
SIZES = ((1920, 1080), (1366, 768), (390, 844))
THEMES = ("coverage", "nik", "poverty", "stunting", "ppks", "krs", "programmes")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on small registers of Kendari that were not matched with each other."""
    folder = tmp_path_factory.mktemp("overview")
    store = Store(folder / "home")
    for file in build(folder / "files", place="74.71", scale=0.05, latest=2, registers=REGISTERS):
        import_file(store, file.path, register=file.register, period=file.period, place=file.place, sample=True)
    with serving(store.path, folder) as running:
        yield running


@pytest.fixture
def seen(context: BrowserContext, registers: Server) -> Screen:
    return tab(context, registers.url)


def test_it_is_the_first_screen_and_shows_every_theme_on_each_size(seen: Screen) -> None:
    seen.open("/?place=74.71").drawn()
    expect(seen.page.locator("h1.title")).to_have_text("Ringkasan")
    assert [one.get_attribute("data-theme") for one in seen.page.locator(".theme").all()] == list(THEMES)
    for width, height in SIZES:
        seen.page.set_viewport_size({"width": width, "height": height})
        expect(seen.page.locator(".theme").last).to_be_visible()
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not seen.page.locator(".stAlert, .stException").count()
    assert not seen.errors


def test_a_finding_leads_to_its_screen_at_the_area_that_it_names(seen: Screen) -> None:
    seen.open("/?place=74.71")
    finding = seen.page.locator(".st-key-finding_lowest a")
    named = re.search(r"terendah di (.+): ", finding.inner_text())
    assert named
    finding.click()
    expect(seen.page.locator("h1.title")).to_have_text("Cakupan pemutakhiran DTKS")
    seen.at(named[1])


def test_a_figure_leads_to_exactly_the_people_behind_it(seen: Screen) -> None:
    for key in ("dtks_updated_share", "ppks_persons", "recipients"):
        seen.open("/?place=74.71")
        link = seen.page.locator(f".st-key-behind_{key} a")
        counted = figure(link.inner_text())
        link.click()
        seen.page.wait_for_url("**/rumah-tangga?**")
        expect(seen.page.locator(".people")).to_be_visible()
        seen.settled()
        assert figure(seen.page.locator("p.sentence").inner_text()) == counted


def test_figures_are_those_of_their_own_screens(seen: Screen) -> None:
    def shown(key: str) -> str:
        return seen.page.locator(f'.kpi[data-indicator="{key}"] .amount').inner_text()

    keys = {"/cakupan": "nik_valid_share", "/kemiskinan": "decile_1_4_share", "/ppks": "outreach_reaches"}
    seen.open("/?place=74.71.08")
    here = {key: shown(key) for key in keys.values()}
    for address, key in keys.items():
        seen.open(f"{address}?place=74.71.08")
        assert shown(key) == here[key]


def test_registers_that_were_not_matched_are_said_to_be_so(seen: Screen) -> None:
    seen.open("/?place=74.71")
    expect(seen.page.locator('.theme[data-theme="stunting"]')).to_contain_text("Belum dipadankan")


def test_an_earlier_date_is_said_and_left_with_a_click(seen: Screen) -> None:
    seen.open("/?place=74.71&period=2020-12-15")
    seen.page.locator(".st-key-newest button").click()
    seen.page.wait_for_url(lambda url: "period" not in url)
    seen.settled()
    expect(seen.page.locator('.theme[data-theme="coverage"]')).to_contain_text("31 Januari 2021")


def test_a_place_with_dtks_alone_says_which_files_would_fill_the_rest(screen: Screen) -> None:
    screen.open(f"/?place={HOSTILE_PLACE}")
    expect(screen.page.locator(".wanting")).to_have_count(7)
    expect(screen.page.locator('.theme[data-theme="stunting"]')).to_contain_text("e-PPGBM")
    screen.page.locator(".st-key-theme_foot_krs a", has_text="Impor data").click()
    expect(screen.page.locator("h1.title")).to_contain_text("Impor")
    assert not screen.errors


def test_a_place_without_data_says_so_and_finds_nothing(seen: Screen) -> None:
    seen.open("/?place=31.71")
    expect(seen.page.locator(".st-key-card_empty")).to_contain_text("Belum ada data untuk")
    assert not seen.page.locator(".st-key-card_findings, .theme").count()
