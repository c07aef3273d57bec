"""What somebody of a role and an area meets in the browser: their start, their lists, kind words where it ends."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from data.places.reference import place
from tests.browser.driver import Screen, Server, enter, signed_in, tab

OWN = "74.71.08.1002"
CITY = "/cakupan?place=74.71"


def somebody(context: BrowserContext, server: Server, role: str, area: str) -> Screen:
    token = signed_in(server.home, f"{role}-{area.replace('.', '')}", (role,), (area,))
    enter(context, server.url, token)
    return tab(context, server.url)


def bar(screen: Screen) -> list[str]:
    return screen.page.locator(".st-key-tabs a").all_inner_texts()


def test_a_planner_of_a_kelurahan_compares_in_the_city_and_lists_only_the_own_area(
    context: BrowserContext, server: Server
) -> None:
    screen = somebody(context, server, "planner", OWN)
    screen.open("/cakupan").at(place(OWN).name)
    screen.open(CITY).at("Kota Kendari")
    expect(screen.page.locator(".reach")).to_have_text(f"Daftar nama: {place(OWN).name}")
    assert not screen.page.locator(".kpis a").count()
    lists = screen.page.locator('a[href*="rumah-tangga"]').evaluate_all("all => all.map(one => one.href)")
    assert lists
    assert all(f"place={OWN}" in address for address in lists)
    steps = screen.page.locator(".steps")
    expect(steps.locator("a")).to_have_count(0)
    screen.open("/rumah-tangga?place=74.71")
    expect(screen.page.locator("h1.title")).to_have_text("Halaman ini tidak terbuka untuk Anda")
    expect(screen.page.locator(".people")).to_have_count(0)
    screen.page.get_by_role("link", name="Ke wilayah Anda").click()
    expect(screen.page.locator(".people tbody tr").first).to_be_visible()
    screen.at(place(OWN).name)
    assert not screen.errors


def test_an_official_reads_initials_and_is_told_why(context: BrowserContext, server: Server) -> None:
    names = tab(context, server.url).open("/rumah-tangga?place=74.71").page.locator(".people tbody tr:not(.family) b")
    named = names.all_inner_texts()
    assert any(len(name) > 6 for name in named)
    screen = somebody(context.browser.new_context(), server, "official", "74.71") if context.browser else None
    assert screen
    screen.open("/rumah-tangga")
    expect(screen.page.locator(".noted")).to_contain_text("Nama disingkat sesuai peran Anda")
    shown = screen.page.locator(".people tbody tr:not(.family) b").all_inner_texts()
    assert shown
    assert all(re.fullmatch(r"(\w\. ?)+", name) for name in shown)
    assert not re.search(r"\d{4}\*", screen.text())
    expect(screen.page.get_by_label("Cari", exact=True)).to_have_count(0)
    expect(screen.page.get_by_role("button", name="Tampilkan NIK")).to_have_count(0)
    screen.page.context.close()


def test_an_auditor_starts_at_the_log_and_nowhere_else(context: BrowserContext, server: Server) -> None:
    screen = somebody(context, server, "auditor", "74.71")
    for address in ("/", "/catatan"):
        screen.open(address)
        expect(screen.page.locator("h1.title")).to_have_text("Catatan akses")
        expect(screen.page.get_by_role("dialog")).to_have_count(0)
    assert bar(screen) == ["Catatan akses"]
    for address in ("/ringkasan", "/rumah-tangga", "/tinjau", "/impor", "/akun", "/ringkasan?mode=rapat"):
        screen.open(address)
        expect(screen.page.locator("h1.title")).to_have_text("Halaman ini tidak terbuka untuk Anda")
        expect(screen.page.locator(".kpi, .people")).to_have_count(0)


@pytest.mark.parametrize(
    ("role", "there", "absent"), [("official", "Daftar", "Akun"), ("administrator", "Akun", "Daftar")]
)
def test_the_bar_holds_what_the_role_may_open(
    context: BrowserContext, server: Server, role: str, there: str, absent: str
) -> None:
    found = bar(somebody(context, server, role, "74.71").open(CITY))
    assert there in found
    assert absent not in found


def test_signing_out_from_the_corner_ends_the_session(context: BrowserContext, server: Server) -> None:
    screen = somebody(context, server, "planner", "74.71").open(CITY)
    screen.page.locator(".account .open").click()
    expect(screen.page.locator(".account .panel")).to_contain_text("Perencana")
    screen.page.get_by_role("button", name="Keluar", exact=True).click()
    screen.page.wait_for_url("**/masuk**")
    screen.page.goto(screen.url + CITY)
    screen.page.wait_for_url("**/masuk**")
    assert "74.71" not in screen.page.locator("body").inner_text()
