"""Signing in as a person does it, in a browser, and what becomes of a screen whose session is over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from data import accounts
from data.access import OWNER
from data.snapshots import Store
from tests.browser.driver import PASSWORD, Screen, Server, enter, signed_in, tab

PLACE = "74.71"
LIST = f"/rumah-tangga?place={PLACE}"
NEW = "lima sapi minum air"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser without scripts, in which nobody is signed in."""
    opened = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    opened.set_default_timeout(15_000)
    yield opened.new_page()
    opened.close()


def screen_of(browser: Browser, server: Server, name: str, *roles: str) -> Screen:
    """The screen of somebody who has signed in."""
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    context.set_default_timeout(15_000)
    enter(context, server.url, signed_in(server.home, name, roles, (PLACE,)))
    return tab(context, server.url)


def test_a_new_account_signs_in_and_chooses_a_password_without_any_script(server: Server, page: Page) -> None:
    first = accounts.add(Store(server.home), OWNER, "warga.baru", ("planner",), (PLACE,), "Warga Baru")
    page.goto(server.url + LIST)
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Nama akun").fill("warga.baru")
    page.get_by_label("Kata sandi").fill("salah")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    page.get_by_label("Kata sandi").fill(first)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", name="Buat kata sandi Anda sendiri")).to_be_visible()
    page.get_by_label("Kata sandi sekarang").fill(first)
    for label in ("Kata sandi baru, paling sedikit 12 karakter", "Kata sandi baru sekali lagi"):
        page.get_by_label(label).fill(NEW)
    page.get_by_role("button", name="Ganti kata sandi").click()
    page.wait_for_url(server.url + LIST)


def test_the_page_speaks_both_languages_and_keeps_the_way_on(server: Server, page: Page) -> None:
    page.goto(server.url + LIST)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    signed_in(server.home, "pembaca", ("planner",), (PLACE,))
    page.get_by_label("Account name").fill("pembaca")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}{LIST}&lang=en")


def test_an_open_screen_empties_itself_when_its_session_is_over(browser: Browser, server: Server) -> None:
    screen = screen_of(browser, server, "pulang", "planner")
    screen.open(LIST).page.locator(".people").first.wait_for()
    accounts.sign_out_everywhere(Store(server.home), "pulang")
    screen.page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect(screen.page.get_by_role("heading", name="Masuk")).to_be_visible()
    expect(screen.page.get_by_text("Sesi Anda sudah berakhir.")).to_be_visible()
    assert "rumah-tangga" in screen.page.url
    screen.page.goto(server.url + LIST)
    expect(screen.page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_a_ticket_is_worth_nothing_to_anybody_else_nor_twice(browser: Browser, server: Server) -> None:
    """One that was ordered and not fetched yet, as somebody who reads along would have it."""
    screen, other = screen_of(browser, server, "pemesan", "planner"), screen_of(browser, server, "penyadap", "planner")
    screen.page.add_init_script("HTMLAnchorElement.prototype.click = function () { window.ordered = this.href; }")

    def order() -> str:
        screen.page.evaluate("window.ordered = ''")
        screen.page.get_by_role("button", name="CSV", exact=True).click()
        for _ in range(100):
            if address := screen.page.evaluate("window.ordered"):
                return str(address)
            screen.page.wait_for_timeout(100)
        pytest.fail("no download began")

    screen.open(LIST)
    fetch, steal = screen.page.context.request, other.page.context.request
    address = order()
    assert steal.get(address).status == 404
    assert browser.new_context().request.get(address).status == 401
    mine = fetch.get(address)
    assert (mine.status, mine.body()[:2]) == (200, b"PK")
    assert fetch.get(address).status == 404

    address = order()
    accounts.change(Store(server.home), OWNER, "pemesan", ("official",), (PLACE,))
    assert fetch.get(address).status == 404
    accounts.change(Store(server.home), OWNER, "pemesan", ("planner",), (PLACE,))
    screen.open(LIST)
    address = order()
    accounts.sign_out_everywhere(Store(server.home), "pemesan")
    assert fetch.get(address).status == 401
    enter(screen.page.context, server.url, signed_in(server.home, "pemesan", ("planner",), (PLACE,)))
    assert fetch.get(address).status == 404


def test_an_administrator_adds_an_account_and_sees_its_password_once(browser: Browser, server: Server) -> None:
    screen = screen_of(browser, server, "kepala.kantor", "administrator")
    page = screen.open("/akun").page
    page.get_by_role("button", name="Tambah akun").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nama akun").fill("petugas.kadia")
    for label, choice in (("Peran", "Operator"), ("Wilayah", "Kadia, ")):
        dialog.get_by_label(label).click()
        page.keyboard.type(choice[:5])
        page.get_by_role("option").filter(has_text=choice[:5]).first.click()
        page.keyboard.press("Tab")
        screen.settled()
    dialog.get_by_role("button", name="Tambah", exact=True).click()
    first = dialog.locator("code").inner_text()
    session = accounts.sign_in(Store(server.home), "petugas.kadia", first, "192.0.2.1")
    assert session.account.must_change
    assert session.account.roles == ("operator",)
    assert all(place.startswith(PLACE) for place in session.account.places)
    page.keyboard.press("Escape")
    expect(page.get_by_text("petugas.kadia")).to_be_visible()
    assert first not in page.content()
