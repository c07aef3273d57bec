"""Stunting × DTKS as its users have it: real registers, really matched."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from python_calamine import CalamineWorkbook

from data.intake.importing import import_file
from data.linkage import runs
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import Screen, Server, serving, tab
from tests.browser.test_screens import figure

REGISTERS = ("dtks", "eppgbm", "krs", "p3ke", "recipients")
DATES = {"dtks": (date(2020, 5, 31), date(2021, 1, 31)), "p3ke": (date(2022, 12, 31),)}
"""The editions of the two registers to be matched with; of the others all."""
SCREEN = "/stunting-dtks?place=74.71"
SIZES = ((1920, 1080), (1366, 768), (390, 844))
LONG = 90_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on registers of a small Kendari; children and families are matched, recipients are not yet."""
    folder = tmp_path_factory.mktemp("office")
    store = Store(folder / "home")
    for file in build(folder / "files", place="74.71", scale=0.04, registers=REGISTERS):
        if file.period in DATES.get(file.register, (file.period,)):
            import_file(store, file.path, register=file.register, period=file.period, place=file.place, sample=True)
    runs.link(store, linkages=("children", "risk_families"))
    with serving(store.path, folder) as running:
        yield running


@pytest.fixture
def desk(context: BrowserContext, office: Server) -> Screen:
    return tab(context, office.url)


def amount(screen: Screen, outcome: str) -> int:
    return figure(screen.page.locator(f'.outcome[data-outcome="{outcome}"] .amount').inner_text())


def test_the_screen_fits_every_window_and_its_bar_shows_every_name(desk: Screen) -> None:
    desk.open(SCREEN).drawn()
    expect(desk.page.locator("h1.title")).to_have_text("Stunting × DTKS")
    assert not desk.page.locator(".stAlert, .stException").count()
    for width, height in SIZES:
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.settled()
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if width > 700:
            assert desk.page.locator(".st-key-tabs").evaluate("bar => bar.scrollWidth <= bar.clientWidth + 1")
    assert not desk.errors


def test_the_sentence_the_cards_and_the_table_tell_the_same_numbers(desk: Screen) -> None:
    desk.open(SCREEN)
    told = [amount(desk, outcome) for outcome in ("registered", "family_only", "unregistered", "undecided")]
    sentence = desk.page.locator(".sentence").inner_text()
    assert figure(sentence.partition("balita")[0].removeprefix("Dari ")) == sum(told)
    assert f"{told[2]} belum tercatat" in sentence
    desk.page.locator(".st-key-card_flow [data-testid=stHtml] summary").click()
    cells = desk.page.locator(".st-key-card_flow .shares td:nth-child(2)").all_inner_texts()
    assert [figure(cell) for cell in cells] == [*told, sum(told)]


def test_what_became_of_the_unregistered_of_the_earlier_date_adds_up(desk: Screen) -> None:
    desk.open(SCREEN)
    before = figure(desk.page.locator(".st-key-card_became h2").inner_text())
    desk.page.locator(".st-key-card_became [data-testid=stHtml] summary").click()
    cells = desk.page.locator(".st-key-card_became .shares td:nth-child(2)").all_inner_texts()
    assert sum(figure(cell) for cell in cells[:-1]) == figure(cells[-1]) == before


def test_a_card_opens_exactly_the_children_that_it_counts(desk: Screen) -> None:
    desk.open(SCREEN)
    missing = amount(desk, "unregistered")
    desk.page.get_by_role("link", name=f"Lihat {missing} anak").click()
    desk.page.wait_for_url("**/rumah-tangga**match=unregistered**")
    expect(desk.page.locator(".sentence strong").first).to_have_text(f"{missing} anak")


def test_a_number_of_the_gap_list_opens_its_names(desk: Screen) -> None:
    desk.open(SCREEN)
    post = desk.page.locator(".gaps tr:not(.family) a[href*='post=']").first
    count = figure(post.inner_text())
    post.click()
    desk.page.wait_for_url("**/rumah-tangga**post=**")
    expect(desk.page.locator(".sentence strong").first).to_have_text(f"{count} anak")


def test_the_export_holds_everybody_who_leaves_something_to_be_done(desk: Screen, tmp_path: Path) -> None:
    desk.open(SCREEN)
    people = figure(desk.page.locator(".st-key-card_gaps h2").inner_text())
    assert people == sum(amount(desk, outcome) for outcome in ("family_only", "unregistered", "undecided"))
    with desk.page.expect_download() as download:
        desk.page.locator('.exports [data-format="xlsx"]').click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    (listed,) = [rows for rows in sheets if any("Posyandu" in str(cell) for cell in rows[0])]
    assert len(listed) == people + 1


def test_another_outcome_as_a_count_stands_in_the_address_and_the_link_reproduces_it(
    desk: Screen, context: BrowserContext
) -> None:
    desk.open(SCREEN)
    mark = desk.drawn()
    desk.page.locator(".st-key-outcome_unregistered").get_by_role("button").first.click()
    desk.page.wait_for_url("**match=unregistered**")
    desk.settled()
    desk.page.locator(".st-key-choose_shown").get_by_text("Jumlah").click()
    desk.page.wait_for_url("**shown=count**")
    desk.settled()
    assert desk.drawn() != mark
    other = tab(context, desk.url).open(desk.page.url.removeprefix(desk.url))
    assert other.drawn() == desk.drawn()
    expect(other.page.locator(".st-key-card_outcome_on_unregistered")).to_have_count(1)


def test_a_row_narrows_the_screen_to_its_place_and_keeps_the_outcome(desk: Screen) -> None:
    desk.open(f"{SCREEN}&match=unregistered")
    row = desk.page.locator(".areas tbody button").first
    name = row.inner_text()
    row.click()
    desk.at(name)
    assert "match=unregistered" in desk.page.url
    assert name in desk.page.locator(".sentence").inner_text()


def test_the_switch_shows_families_by_decile_in_both_languages(desk: Screen) -> None:
    desk.open(f"{SCREEN}&match=unregistered")
    desk.page.get_by_text("KRS × desil").click()
    desk.page.wait_for_url("**register=krs**")
    desk.settled()
    assert "match=" not in desk.page.url
    expect(desk.page.locator("h1.title")).to_have_text("KRS × desil")
    expect(desk.page.locator(".st-key-card_kinds h2")).to_have_text("Risiko")
    desk.page.locator(".account .open").click()
    desk.page.get_by_role("button", name="English").click()
    expect(desk.page.locator("h1.title")).to_have_text("Families at risk × decile")
    assert "register=krs" in desk.page.url
    assert not re.search(r"tercatat|belum", desk.page.locator(".sentence").inner_text())


def test_a_place_without_measurements_says_what_is_missing(desk: Screen) -> None:
    desk.open("/stunting-dtks?place=31.71")
    expect(desk.page.locator(".st-key-card_empty")).to_contain_text("Belum ada data pengukuran anak (e-PPGBM)")
    expect(desk.page.locator(".st-key-card_empty .wanted li")).to_have_count(1)
    assert not desk.errors


def test_registers_that_are_not_matched_yet_are_matched_from_the_screen(desk: Screen) -> None:
    desk.open(f"{SCREEN}&register=recipients")
    expect(desk.page.locator(".st-key-card_empty")).to_contain_text("belum dicocokkan satu sama lain")
    desk.page.get_by_role("button", name="Cocokkan sekarang").click()
    expect(desk.page.locator(".stProgress")).to_contain_text("sedang dicocokkan")
    expect(desk.page.locator('.outcome[data-outcome="registered"]')).to_be_visible(timeout=LONG)
    expect(desk.page.locator(".stProgress")).to_have_count(0)
    assert amount(desk, "registered") > 0
