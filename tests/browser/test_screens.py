import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect
from python_calamine import CalamineWorkbook

from data import accounts, grants
from data.snapshots import Store
from tests.browser.driver import HOSTILE, HOSTILE_PLACE, Screen, Server, serving, tab
from tests.browser.unmasking import REASON, alone, ask_for_numbers

KENDARI = "/cakupan?place=74.71"
LIST = "/rumah-tangga?place=74.71"
SCREENS = (
    (KENDARI, "Cakupan pemutakhiran DTKS"),
    (LIST, "Daftar rumah tangga"),
    ("/impor", "Impor data"),
)


def figure(text: str) -> int:
    """The first whole number in an Indonesian text."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found[0].replace(".", ""))


@pytest.mark.parametrize(("address", "title"), SCREENS)
def test_every_screen_opens_without_a_word_of_failure(screen: Screen, address: str, title: str) -> None:
    screen.open(address)
    expect(screen.page.locator("h1.title")).to_have_text(title)
    assert "Traceback" not in screen.page.content()
    assert not screen.page.locator(".stAlert, .stException").count()
    assert not screen.errors


def test_sample_data_say_so_on_every_screen(screen: Screen) -> None:
    for address, _ in SCREENS[:2]:
        expect(screen.open(address).page.locator(".st-key-bar .badge")).to_have_text("DATA CONTOH")


def test_clicking_a_kelurahan_on_the_map_narrows_the_screen_and_the_breadcrumb_leads_back(screen: Screen) -> None:
    screen.open(KENDARI).drawn()
    area = screen.map.locator("path.area").nth(5)
    name = (area.get_attribute("aria-label") or "").split(",")[0]
    code = area.get_attribute("data-code")
    area.click()
    screen.at(name)
    assert f"place={code}" in screen.page.url
    expect(screen.page.locator(".ranking [aria-current]")).to_have_attribute("data-code", str(code))
    screen.page.get_by_role("link", name="Kota Kendari", exact=True).click()
    screen.at("Kota Kendari")
    assert screen.page.url.endswith("place=74.71")


def test_the_same_kelurahan_can_be_opened_again_after_going_back(screen: Screen) -> None:
    screen.open(KENDARI).drawn()
    area = screen.map.locator("path.area").nth(5)
    name = (area.get_attribute("aria-label") or "").split(",")[0]
    for _ in range(2):
        area.click()
        screen.at(name)
        screen.page.go_back()
        screen.at("Kota Kendari")


def test_the_map_can_be_used_with_the_keyboard(screen: Screen) -> None:
    screen.open(KENDARI).drawn()
    screen.map.locator("path.area").first.focus()
    screen.page.keyboard.press("ArrowRight")
    name = screen.map.locator("path.area:focus").get_attribute("aria-label") or ""
    screen.page.keyboard.press("Enter")
    screen.at(name.split(",")[0])


def test_clicking_the_ranking_or_the_table_narrows_the_screen(screen: Screen) -> None:
    screen.open(KENDARI)
    for row in (screen.page.locator(".ranking .row").first, screen.page.locator(".areas tbody button").first):
        name = row.inner_text().splitlines()[0]
        row.click()
        screen.at(name)
        screen.page.go_back()
        screen.at("Kota Kendari")


def test_the_ranking_begins_with_the_lowest_share(screen: Screen) -> None:
    rows = screen.open(KENDARI).page.locator(".ranking .row")
    sure = rows.filter(has_not=screen.page.locator(".hollow")).locator(".value").all_inner_texts()
    shares = [float(value.rstrip("%").replace(",", ".")) for value in sure if value != "–"]
    assert len(shares) > 1
    assert shares == sorted(shares)


def test_the_browsers_back_and_forward_buttons_follow_the_places(screen: Screen) -> None:
    screen.open(KENDARI)
    row = screen.page.locator(".ranking .row").first
    name = row.locator(".name").inner_text()
    row.click()
    screen.at(name)
    screen.page.go_back()
    screen.at("Kota Kendari")
    screen.page.go_forward()
    screen.at(name)


def test_a_copied_link_reproduces_the_screen(screen: Screen, context: BrowserContext) -> None:
    screen.open(KENDARI)
    before = screen.drawn()
    screen.page.locator(".st-key-choose_indicator button").click()
    screen.page.get_by_role("menuitem", name="NIK padan Dukcapil").click()
    screen.page.wait_for_url("**indicator=nik_valid_share**")
    screen.map.locator(f'html:not([data-drawn="{before}"])').wait_for(timeout=30_000)
    screen.settled()
    other = tab(context, screen.url).open(screen.page.url.removeprefix(screen.url))
    assert other.drawn() == screen.drawn()
    assert other.text() == screen.text()


def test_another_figure_recolours_the_map_without_loading_it_again(screen: Screen) -> None:
    screen.open(KENDARI)
    before = screen.drawn()
    frames = sum("st_folium/index.html" in address for address in screen.requests)
    screen.page.locator(".st-key-choose_indicator button").click()
    screen.page.get_by_role("menuitem", name="Keluarga termutakhirkan").click()
    screen.map.locator(f'html:not([data-drawn="{before}"])').wait_for(timeout=30_000)
    assert sum("st_folium/index.html" in address for address in screen.requests) == frames


def test_the_button_opens_exactly_the_people_it_speaks_of(screen: Screen) -> None:
    button = screen.open(KENDARI).page.locator(".st-key-action a")
    people = figure(button.inner_text())
    button.click()
    screen.page.wait_for_url("**/rumah-tangga**updated=no**")
    expect(screen.page.locator("h1.title")).to_have_text("Daftar rumah tangga")
    screen.settled()
    assert figure(screen.page.locator(".sentence").inner_text()) == people


def test_numbers_are_in_full_for_a_stated_purpose_and_until_they_are_closed(
    context: BrowserContext, server: Server
) -> None:
    screen, numbers = alone(context, server), re.compile(r"\b\d{16}\b")
    screen.open(LIST)
    assert not numbers.search(screen.text())
    ask_for_numbers(screen, "singkat")
    expect(screen.page.get_by_role("dialog")).to_contain_text("Pilih tujuan")
    screen.page.get_by_role("dialog").get_by_role("textbox", name="Untuk apa?").fill(REASON)
    screen.page.get_by_role("button", name="Tampilkan selama 15 menit").click()
    expect(screen.page.locator(".people")).to_contain_text(numbers)
    mark = screen.page.locator(".unmasked")
    expect(mark).to_contain_text("15 mnt")
    expect(screen.page.locator(".unmask-note")).to_contain_text("sisa 9.950 baris")
    look_at(server, screen, rows=9_940)
    screen.open(f"{LIST}&updated=no")
    expect(screen.page.locator(".unmask-note")).to_contain_text("tinggal 10 baris")
    expect(screen.page.locator(".people")).not_to_contain_text(numbers)
    screen.open(LIST)
    expect(screen.page.locator(".people")).to_contain_text(numbers)
    mark.get_by_role("button").click()
    expect(screen.page.locator(".people")).not_to_contain_text(numbers)
    expect(mark).to_have_count(0)
    assert not screen.errors


def look_at(server: Server, screen: Screen, rows: int) -> None:
    """So many rows in full, as on other pages."""
    token = next(str(one.get("value")) for one in screen.page.context.cookies() if one.get("name") == accounts.COOKIE)
    viewer = accounts.viewer_of(Store(server.home), token, "127.0.0.1")
    assert viewer
    grants.spend(Store(server.home), viewer, rows, "other pages")


def test_a_search_text_never_becomes_part_of_the_address(screen: Screen) -> None:
    screen.open(LIST)
    everybody = figure(screen.page.locator(".sentence").inner_text())
    name = screen.page.locator(".people tbody tr:not(.family) b").first.inner_text()
    field = screen.page.get_by_label("Cari", exact=True)
    field.fill(name)
    field.press("Enter")
    expect(screen.page.locator(".sentence")).not_to_contain_text(f"{everybody:,}".replace(",", "."))
    assert 0 < figure(screen.page.locator(".sentence").inner_text()) < everybody
    assert name.split()[0].lower() not in screen.page.url.lower()
    assert not any(name.split()[0].lower() in address.lower() for address in screen.requests)


def test_the_export_holds_every_person_of_the_list_and_its_ticket_works_once(screen: Screen, tmp_path: Path) -> None:
    screen.open(f"{LIST}&updated=no")
    people = figure(screen.page.locator(".sentence").inner_text())
    with screen.page.expect_download() as download:
        screen.page.locator('.exports [data-format="xlsx"]').click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = CalamineWorkbook.from_path(path)
    rows = max(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    assert rows == people + 1
    assert "CONTOH" in path.name
    assert status(screen, download.value.url) == 404


def status(screen: Screen, url: str) -> int:
    return screen.page.request.get(url).status


def test_an_unknown_download_ticket_is_refused_with_a_decent_page(screen: Screen) -> None:
    screen.page.goto(f"{screen.url}/unduh/nobody-gave-me-this")
    assert status(screen, f"{screen.url}/unduh/nobody-gave-me-this") == 404
    expect(screen.page.locator("h1").first).to_have_text("Tautan unduhan ini tidak berlaku lagi")


def test_hostile_names_are_shown_as_text(screen: Screen) -> None:
    screen.open(f"/rumah-tangga?place={HOSTILE_PLACE}")
    expect(screen.page.locator(".people tbody tr:not(.family) b").first).to_have_text(HOSTILE, ignore_case=True)
    assert not screen.page.locator(".people img").count()
    assert screen.page.title() != "owned"


@pytest.mark.parametrize("query", ["place=99.99", "place=<b>", "indicator=nothing", "period=2021-13-40&since=x"])
def test_a_link_that_names_nothing_falls_back_to_what_there_is(screen: Screen, query: str) -> None:
    screen.open(f"/cakupan?{query}")
    expect(screen.page.locator(".kpis")).to_be_visible()


def test_a_place_without_data_says_so(screen: Screen) -> None:
    screen.open("/cakupan?place=31.71")
    expect(screen.page.locator(".st-key-card_empty")).to_contain_text(
        "Belum ada data untuk Kota Administrasi Jakarta Pusat"
    )


def test_the_place_can_be_searched_by_a_part_of_its_name(screen: Screen) -> None:
    screen.open(KENDARI)
    screen.page.locator(".st-key-filter_place button").first.click()
    field = screen.page.get_by_role("combobox", name="Cari nama")
    field.fill("mandong")
    field.press("Enter")
    screen.at("Mandonga")


def test_the_language_can_be_changed_and_stays_with_the_links(screen: Screen) -> None:
    screen.open(KENDARI)
    screen.page.locator(".account .open").click()
    screen.page.get_by_role("button", name="English").click()
    expect(screen.page.locator("h1.title")).to_have_text("DTKS update coverage")
    screen.page.get_by_role("link", name="List", exact=True).click()
    expect(screen.page.locator("h1.title")).to_have_text("Household list")
    assert "lang=en" in screen.page.url
    assert screen.page.locator("html").get_attribute("lang") == "en"


def test_nothing_is_ever_asked_of_another_server(screen: Screen) -> None:
    for address, _ in SCREENS:
        screen.open(address)
        screen.page.wait_for_timeout(800)
    screen.open(KENDARI).drawn()
    outside = [url for url in screen.requests if urlsplit(url).hostname not in (None, "127.0.0.1")]
    assert len(screen.requests) > 20
    assert outside == []


def test_shapes_are_sent_once(screen: Screen) -> None:
    address = f"{screen.url}/geo/74.71/kelurahan.geojson"
    etag = screen.page.request.get(address).headers["etag"]
    assert screen.page.request.get(address, headers={"If-None-Match": etag}).status == 304
    assert status(screen, f"{screen.url}/geo/74.71/nothing.geojson") == 404
    assert status(screen, f"{screen.url}/geo/99.99/kelurahan.geojson") == 404


def test_an_empty_store_says_what_to_do_and_a_deep_link_goes_through_the_shell(
    context: BrowserContext, tmp_path: Path
) -> None:
    with serving(tmp_path / "home", tmp_path) as fresh:
        screen = tab(context, fresh.url).open("/rumah-tangga")
        expect(screen.page.locator(".st-key-bar .brand")).to_be_visible()
        expect(screen.page.locator("h1.title")).to_have_text("Belum ada data")
        expect(screen.page.locator(".st-key-card_empty")).to_contain_text("python -m data sample")
        screen.page.get_by_role("link", name="Impor data →").click()
        expect(screen.page.locator("h1.title")).to_have_text("Impor data")
