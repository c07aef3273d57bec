"""What leaves the room: a briefing, a picture of the map, the sheets of all kelurahan of a kecamatan."""

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.driver import Screen

PLACE = "74.71.08"


def fetched(screen: Screen, button: str) -> tuple[str, bytes]:
    with screen.page.expect_download(timeout=60_000) as got:
        screen.page.get_by_role("button", name=button, exact=True).click()
    return got.value.suggested_filename, Path(got.value.path()).read_bytes()


def test_a_screen_is_taken_along_as_a_briefing(screen: Screen) -> None:
    screen.open("/cakupan?place=74.71")
    drawn = screen.page.locator(".kpi .amount").all_inner_texts()
    amounts = [found[0] for amount in drawn if (found := re.search(r"[\d.,]*\d", amount))]
    name, pdf = fetched(screen, "Bahan rapat (PDF)")
    assert name == "bahan-rapat-74.71-2021-01-31-DATA-CONTOH.pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert len(amounts) == len(drawn) == 4
    assert all(amount in text for amount in amounts)
    assert not screen.errors


def test_a_map_is_saved_as_a_picture_by_keyboard(screen: Screen) -> None:
    screen.open("/cakupan?place=74.71")
    menu = screen.page.locator(".st-key-downloads_map summary")
    menu.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".st-key-downloads_map .choices")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.page.locator(".st-key-downloads_map .choices")).to_be_hidden()
    expect(menu).to_be_focused()
    screen.page.keyboard.press("Enter")
    name, picture = fetched(screen, "Gambar (PNG)")
    assert name.startswith("peta-dtks_updated_share-74.71-")
    assert picture.startswith(b"\x89PNG")


def test_sheets_of_all_kelurahan_are_made_while_somebody_waits(screen: Screen) -> None:
    screen.open(f"/rumah-tangga?place={PLACE}")
    screen.page.get_by_role("button", name="Lembar musyawarah").click()
    screen.settled()
    screen.page.get_by_role("button", name="Buat semua lembar").click()
    screen.page.get_by_role("button", name="Unduh ZIP").wait_for(timeout=90_000)
    screen.settled()
    name, archive = fetched(screen, "Unduh ZIP")
    assert name == f"lembar-musyawarah-{PLACE}-DATA-CONTOH.zip"
    files = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert files
    assert len([name for name in files if name.endswith(".pdf")]) == len(files) / 2
    screen.page.get_by_role("button", name="Tutup", exact=True).click()
    screen.settled()
    expect(screen.page.locator(".st-key-sheets_bundle")).to_have_count(0)
    assert not screen.errors
