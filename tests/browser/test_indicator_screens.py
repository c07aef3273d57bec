"""The screens of the other registers, as their users have them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from data.intake.importing import import_file
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import Screen, Server, serving, tab
from tests.browser.test_screens import figure

REGISTERS = ("ppks", "outreach", "population", "poverty", "p3ke", "eppgbm", "krs")
SCREENS = (
    ("/kemiskinan?place=74.71", "Kemiskinan"),
    ("/ppks?place=74.71", "Pemerlu Pelayanan Kesejahteraan Sosial (PPKS)"),
    ("/stunting?place=74.71", "Stunting pada anak yang diukur"),
)
SIZES = ((1920, 1080), (1366, 768), (390, 844))


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the demonstration registers of Kendari, without DTKS and without tables of figures."""
    folder = tmp_path_factory.mktemp("registers")
    store = Store(folder / "home")
    for file in build(folder / "files", place="74.71", scale=0.1, registers=REGISTERS):
        import_file(store, file.path, register=file.register, period=file.period, sample=True)
    with serving(store.path, folder) as running:
        yield running


@pytest.fixture
def told(context: BrowserContext, registers: Server) -> Screen:
    return tab(context, registers.url)


def value(screen: Screen, indicator: str) -> str:
    return screen.page.locator(f'.kpi[data-indicator="{indicator}"] .amount').inner_text()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize(("address", "title"), SCREENS)
def test_every_screen_fits_its_window_and_opens_without_a_word_of_failure(
    told: Screen, address: str, title: str, size: tuple[int, int]
) -> None:
    told.page.set_viewport_size({"width": size[0], "height": size[1]})
    told.open(address)
    expect(told.page.locator("h1.title")).to_have_text(title)
    expect(told.page.locator(".st-key-bar .badge")).to_have_text("DATA CONTOH")
    told.drawn()
    assert not told.page.locator(".stAlert, .stException").count()
    assert not told.errors
    assert told.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_official_rate_stands_apart_and_is_that_of_the_kabkota_for_every_place_in_it(told: Screen) -> None:
    told.open("/kemiskinan?place=74.71")
    rate = value(told, "poverty_rate_official")
    assert re.match(r"\d,\d\d", rate)
    expect(told.page.locator(".kpi.apart")).to_have_count(1)
    expect(told.page.locator(".apart-head")).to_contain_text("Angka kemiskinan resmi (BPS)")
    told.open("/kemiskinan?place=74.71.08.1002")
    assert value(told, "poverty_rate_official") == rate
    expect(told.page.locator(".kpi.apart")).to_contain_text("hanya ada untuk kabupaten/kota: Kota Kendari")


def test_a_province_opens_with_the_official_rate_of_its_kabkota_on_the_map(told: Screen) -> None:
    told.open("/kemiskinan?place=74").drawn()
    expect(told.page.locator(".st-key-card_map h2")).to_have_text("Peta per kabupaten/kota")
    expect(told.page.locator(".st-key-card_ranking .row").first).to_contain_text("Kota Kendari")


def test_a_category_narrows_figures_and_map_and_the_way_back_widens_them(told: Screen) -> None:
    told.open("/ppks?place=74.71")
    everybody = figure(value(told, "ppks_persons"))
    row = told.page.locator(".st-key-card_categories .row").first
    category, counted = row.locator(".name").inner_text(), figure(row.locator(".value").inner_text())
    row.click()
    told.page.wait_for_url("**category=**")
    expect(told.page.locator(".sentence")).to_contain_text(category)
    told.settled()
    assert figure(value(told, "ppks_persons")) == counted < everybody
    told.page.locator(".st-key-card_categories .row[aria-current]").click()
    expect(told.page.locator(".sentence")).not_to_contain_text(category)
    assert "category" not in told.page.url


def test_a_link_with_a_category_reproduces_the_screen(told: Screen) -> None:
    told.open("/ppks?place=74.71&category=Fakir+Miskin")
    expect(told.page.locator(".sentence")).to_contain_text("dalam kategori Fakir Miskin")
    expect(told.page.locator(".st-key-filter_category")).to_contain_text("Fakir Miskin")


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/kemiskinan?place=74.71", "Daftar nama: P3KE"),
        ("/ppks?place=74.71", "Daftar nama: PPKS"),
        ("/ppks?place=74.71&category=Fakir+Miskin", "Daftar nama: PPKS"),
        ("/ppks?place=74.71&indicator=outreach_reaches", "Daftar nama: Penjangkauan"),
        ("/stunting?place=74.71", "Daftar nama: e-PPGBM"),
        ("/stunting?place=74.71&indicator=krs_families", "Daftar nama: KRS"),
    ],
)
def test_the_button_opens_the_list_of_exactly_those_who_were_counted(told: Screen, address: str, title: str) -> None:
    button = told.open(address).page.locator(".st-key-action a")
    counted = figure(button.inner_text())
    button.click()
    expect(told.page.locator("h1.title")).to_have_text(title)
    told.settled()
    assert figure(told.page.locator(".sentence").inner_text()) == counted


def test_numbers_are_masked_in_the_list_of_every_register(told: Screen) -> None:
    for register in ("ppks", "p3ke", "eppgbm", "krs", "outreach"):
        told.open(f"/rumah-tangga?place=74.71&register={register}")
        expect(told.page.locator(".people tbody tr").first).to_be_visible()
        assert not re.search(r"\b\d{16}\b", told.text())


def test_another_register_can_be_chosen_for_the_list(told: Screen) -> None:
    told.open("/rumah-tangga?place=74.71&register=eppgbm&stunted=yes")
    told.page.locator(".st-key-filter_register button").click()
    told.page.get_by_role("menuitem", name="KRS").click()
    expect(told.page.locator("h1.title")).to_have_text("Daftar nama: KRS")
    assert "stunted" not in told.page.url


def test_stunting_is_never_called_what_a_survey_measures(told: Screen) -> None:
    told.open("/stunting?place=74.71")
    said = told.page.locator(".sentence").inner_text()
    assert "anak yang diukur" in said
    assert not re.search(r"SSGI|SKI\b", said)


def test_every_file_stands_in_the_source_line(told: Screen) -> None:
    foot = told.open("/ppks?place=74.71").page.locator("footer.source")
    for register in ("ppks", "population", "outreach"):
        expect(foot).to_contain_text(f"contoh-{register}-")
    expect(foot).to_contain_text("DATA CONTOH")


def test_a_screen_without_data_says_which_file_it_needs(told: Screen) -> None:
    told.open("/rekap?place=74.71")
    expect(told.page.locator(".st-key-card_empty .wanted li")).to_have_count(1)


def test_a_screen_without_data_says_which_files_it_needs(screen: Screen) -> None:
    screen.open("/kemiskinan?place=74.71")
    expect(screen.page.locator(".st-key-card_empty .wanted")).to_contain_text("DTSEN")
    assert not screen.page.locator(".stAlert").count()


def test_a_store_without_dtks_says_so_on_its_screen(told: Screen) -> None:
    told.open("/cakupan?place=74.71")
    expect(told.page.locator(".st-key-card_empty .wanted")).to_contain_text("DTKS")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_readable_on_light_and_dark_ground(registers: Server, context: BrowserContext, scheme: str) -> None:
    told = tab(context, registers.url)
    told.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    told.open("/ppks?place=74.71")
    for selector in (".apart-head p", ".kpi.apart .behind", ".sentence strong", ".card-head p"):
        assert contrast(told, selector) >= 4.5, selector


def contrast(screen: Screen, selector: str) -> float:
    """The contrast of a text with the ground it stands on, as WCAG computes it."""
    return float(
        screen.page.locator(selector).first.evaluate(
            """node => {
              const rgb = text => text.match(/[\\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
              let ground = node;
              while (ground.parentElement && (rgb(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0)
                ground = ground.parentElement;
              const style = getComputedStyle(ground);
              const [a, b] = [light(rgb(getComputedStyle(node).color)), light(rgb(style.backgroundColor))];
              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            }"""
        )
    )
