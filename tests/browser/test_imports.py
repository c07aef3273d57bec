"""Importing as a clerk does it: many files, questions, corrections, the report, the way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from data.intake.layouts import Layouts
from data.snapshots import Store
from tests import builders
from tests.browser.driver import HOSTILE, Screen, Server, serving, tab

LONG = 60_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an empty store of its own."""
    folder = tmp_path_factory.mktemp("office")
    with serving(folder / "home", folder) as running:
        yield running


@pytest.fixture
def desk(context: BrowserContext, office: Server) -> Screen:
    return tab(context, office.url).open("/impor")


def drop(screen: Screen, *files: Path) -> None:
    screen.page.locator('input[type="file"]').set_input_files([str(file) for file in files])


def card(screen: Screen, file: str) -> Locator:
    return screen.page.locator('[class*="st-key-card_sheet_"]', has_text=file).last


def result(screen: Screen, file: str) -> Locator:
    return screen.page.locator('[class*="st-key-card_result_"]', has_text=file).first


def test_files_are_recognised_before_anything_is_stored_and_the_clear_ones_stored_at_once(
    desk: Screen, office: Server, tmp_path: Path
) -> None:
    clear = [
        builders.register(tmp_path / f"jelas-{at}-2021-01-3{at}.csv", builders.people(3 + at), builders.HEADINGS)
        for at in (0, 1)
    ]
    (tmp_path / "rapat.pdf").write_bytes(b"%PDF-1.7")
    drop(desk, *clear, tmp_path / "rapat.pdf")
    expect(card(desk, "jelas-1")).to_contain_text("Siap disimpan", timeout=LONG)
    expect(card(desk, "jelas-1")).to_contain_text("Kota Kendari")
    expect(card(desk, "rapat.pdf")).to_contain_text("gambar, PDF, atau jenis arsip lain", timeout=LONG)
    assert Store(office.home).snapshots() == ()
    desk.page.get_by_role("button", name="Simpan semua yang jelas (2)").click()
    for file in clear:
        expect(result(desk, file.name)).to_contain_text("Tersimpan: DTKS", timeout=LONG)
    assert len(Store(office.home).snapshots()) == 2
    card(desk, "rapat.pdf").get_by_role("button", name="Jangan impor").click()
    expect(desk.page.locator('[class*="st-key-card_sheet_"]', has_text="rapat.pdf")).to_have_count(0)
    assert not desk.errors


def test_a_missing_date_is_asked_for_and_the_file_waits_until_it_is_told(desk: Screen, tmp_path: Path) -> None:
    path = builders.register(tmp_path / "tanpa-tanggal.csv", builders.people(6), builders.HEADINGS)
    drop(desk, path)
    asked = card(desk, path.name)
    expect(asked).to_contain_text("Data per tanggal berapa?", timeout=LONG)
    expect(asked.get_by_role("button", name="Simpan")).to_be_disabled()
    asked.locator("[role=spinbutton]").first.click()
    desk.page.keyboard.type("28022021")
    desk.page.locator("h1.title").click()
    expect(asked).to_contain_text("28 Februari 2021", timeout=LONG)
    asked.get_by_role("button", name="Simpan").click()
    expect(result(desk, path.name)).to_contain_text("data per 28 Februari 2021", timeout=LONG)


def test_columns_that_were_guessed_are_corrected_kept_and_forgotten(
    desk: Screen, office: Server, tmp_path: Path
) -> None:
    strange = {"kabkota": "Kab", "kecamatan": "Kecamatan", "kelurahan": "Kelurahan", "nik": "A1", "name": "A2",
               "kk": "A3", "birth_date": "A4", "sex": HOSTILE}  # fmt: skip
    path = builders.register(tmp_path / "isian-2021-03-31.csv", builders.people(40), strange)
    drop(desk, path)
    asked = card(desk, path.name)
    expect(asked).to_contain_text("Benarkah kolom-kolom ini?", timeout=LONG)
    asked.get_by_role("button", name="Koreksi").click()
    kind = asked.get_by_label("Jenis data")
    kind.scroll_into_view_if_needed()
    desk.settled().page.wait_for_timeout(800)
    kind.click()
    desk.page.get_by_role("option", name="DTKS (").click()
    expect(asked).to_contain_text("DTKS (Data Terpadu", timeout=LONG)
    for heading, field in (("Kab", "kabkota"), ("A1", "nik"), ("A2", "name"), ("A3", "kk"), ("A4", "birth_date")):
        choice = asked.get_by_label(heading, exact=True)
        choice.select_option(field)
        expect(asked.locator("tr", has=desk.page.get_by_label(heading, exact=True))).to_contain_text(
            "Pilihan Anda.", timeout=LONG
        )
        expect(choice).to_have_value(field)
    assert builders.nik(1) not in asked.inner_text()
    asked.get_by_role("button", name="Simpan dengan kolom ini").click()
    expect(result(desk, path.name)).to_contain_text("40 baris", timeout=LONG)
    assert [layout.register for layout in Layouts(office.home).kept()] == ["dtks"]
    assert desk.page.title() != "owned"
    desk.page.locator(".st-key-card_layouts").get_by_role("button", name="Lupakan").click()
    expect(desk.page.locator(".st-key-card_layouts")).to_have_count(0, timeout=LONG)
    assert Layouts(office.home).kept() == ()


def test_closing_the_page_does_not_lose_an_import(
    desk: Screen, context: BrowserContext, office: Server, tmp_path: Path
) -> None:
    path = builders.register(tmp_path / "ditinggal-2021-04-30.csv", builders.people(900), builders.HEADINGS)
    drop(desk, path)
    expect(card(desk, path.name)).to_contain_text("Siap disimpan", timeout=LONG)
    card(desk, path.name).get_by_role("button", name="Simpan").click()
    # A click that the server has not heard of yet is lost with the page.
    expect(card(desk, path.name).get_by_role("button", name="Simpan")).to_have_count(0, timeout=LONG)
    desk.page.close()
    other = tab(context, office.url).open("/impor")
    expect(result(other, path.name)).to_contain_text("Tersimpan", timeout=LONG)


def test_the_history_keeps_what_was_removed_with_its_report(desk: Screen, office: Server, tmp_path: Path) -> None:
    rows = [*builders.people(3), builders.person(4, nik=builders.nik(4)[:15])]
    path = builders.register(tmp_path / "kembali-2021-05-31.csv", rows, builders.HEADINGS)
    drop(desk, path)
    expect(card(desk, path.name)).to_contain_text("Siap disimpan", timeout=LONG)
    card(desk, path.name).get_by_role("button", name="Simpan").click()
    events = desk.page.locator('.st-key-card_history [class*="st-key-history_"]', has_text=path.name)
    expect(events).to_have_count(1, timeout=LONG)
    events.get_by_role("button", name="Laporan").click()
    with desk.page.expect_download() as download:
        events.get_by_role("button", name="Baris bermasalah").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    events.get_by_role("button", name="Hapus").click()
    desk.page.get_by_role("button", name="Ya, hapus").click()
    expect(events).to_have_count(2, timeout=LONG)
    expect(events.first).to_contain_text("dihapus")
    assert path.name not in {snapshot.source.file for snapshot in Store(office.home).snapshots()}
    expect(desk.page.locator('[class*="st-key-card_result_"]', has_text=path.name)).to_have_count(0)
    desk.settled()
    events.last.get_by_role("button", name="Laporan").click()
    expect(events.last.locator(".problems")).to_contain_text("NIK", timeout=LONG)
    expect(events.get_by_role("button", name="Baris bermasalah")).to_have_count(0)
