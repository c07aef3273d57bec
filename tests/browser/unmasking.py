"""Numbers in full, as a planner asks for them: in a session of one's own, because they last as long as it does."""

from playwright.sync_api import BrowserContext

from tests.browser.driver import Screen, Server, enter, signed_in, tab

REASON = "pencocokan dengan buku induk"


def alone(context: BrowserContext, server: Server) -> Screen:
    """A tab in a session that no other test shares."""
    enter(context, server.url, signed_in(server.home))
    return tab(context, server.url)


def ask_for_numbers(screen: Screen, reason: str = REASON) -> None:
    """Fills in the dialog and sends it."""
    screen.page.get_by_role("button", name="Tampilkan NIK dan KK lengkap").click()
    dialog = screen.page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Tujuan").click()
    screen.page.get_by_role("option", name="Pemeriksaan dengan Dukcapil").click()
    dialog.get_by_role("textbox", name="Untuk apa?").fill(reason)
    dialog.get_by_role("button", name="Tampilkan selama 15 menit").click()
