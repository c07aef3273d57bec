"""Whether everybody can use the screens: with a keyboard, with a reader of screens, on light and dark ground."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Frame, expect

from components.navigation import SCREENS
from tests.browser.driver import Screen, Server, tab

KENDARI = "/cakupan?place=74.71"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
SHIFTS = """
window.shifted = 0;
let open = false;
const look = () => document.querySelector("h1") ? setTimeout(() => { open = true; }, 200) : requestAnimationFrame(look);
look();
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (open && !entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift"});
"""
"""Adds up what moves once the outlines have made way for the screen."""
FOCUS = "document.activeElement"


@pytest.fixture(scope="module")
def reader(browser: Browser, server: Server) -> Iterator[Screen]:
    """One tab that goes from screen to screen."""
    opened = browser.new_context(viewport={"width": 1366, "height": 900})
    opened.set_default_timeout(15_000)
    yield tab(opened, server.url)
    opened.close()


def findings(frame: Frame, **only: Any) -> list[str]:
    """What axe-core finds grave in a frame: the rule, how grave, and where."""
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(AXE_FILE_PATH.read_text())
    options = {
        "resultTypes": ["violations"],
        "iframes": False,
        **(only or {"runOnly": {"type": "tag", "values": TAGS}}),
    }
    found: dict[str, Any] = frame.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
        if one["impact"] in GRAVE
    ]


VIEWS = (
    *(f"/{address}?place=74.71" for address, _ in SCREENS.values()),
    *(f"/perbandingan?place=74.71&kind={kind}" for kind in ("areas", "peers", "dates")),
    "/?place=74.71&mode=rapat&slide=2",
    "/?place=74.71&mode=rapat&slide=3",
)


@pytest.mark.parametrize("address", VIEWS)
def test_no_screen_has_a_grave_finding_on_light_or_dark_ground(reader: Screen, address: str) -> None:
    reader.page.emulate_media(color_scheme="light")
    reader.page.goto(reader.url + address)
    reader.page.wait_for_selector("h1, .stAlert")
    reader.settled()
    if reader.page.locator(".st-key-card_map iframe").count():
        reader.drawn()
    assert [finding for frame in reader.page.frames for finding in findings(frame)] == []
    reader.page.emulate_media(color_scheme="dark")
    expect(reader.page.locator(".stApp")).to_have_css("color-scheme", "dark")
    assert findings(reader.page.main_frame, runOnly=["color-contrast"]) == []


def test_headings_come_in_order_and_begin_with_the_title(screen: Screen) -> None:
    screen.open(KENDARI)
    levels = [
        int(tag[1]) for tag in screen.page.locator("h1, h2, h3").evaluate_all("all => all.map(one => one.tagName)")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_first_stop_of_the_tab_key_leads_past_the_bar(screen: Screen) -> None:
    screen.open(KENDARI)
    skip = screen.page.locator(".skip")
    expect(skip).to_have_text("Langsung ke isi")
    screen.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("h1.title")).to_be_focused()
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate(f"!{FOCUS}.closest('.st-key-bar')")


def test_a_place_is_chosen_by_a_part_of_its_name_with_the_keyboard_alone(screen: Screen) -> None:
    screen.open(KENDARI).drawn()
    screen.page.keyboard.press("/")
    field = screen.page.get_by_role("combobox", name="Cari nama")
    expect(field).to_be_focused()
    field.press_sequentially("dong")
    expect(screen.page.get_by_role("option").first).to_contain_text("Mandonga")
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Enter")
    screen.at("Mandonga")
    assert screen.page.url.endswith("place=74.71.01.1005") or "place=74.71.01" in screen.page.url


def test_what_is_pointed_at_in_the_ranking_is_marked_on_the_map_and_in_the_table(screen: Screen) -> None:
    screen.open(f"{KENDARI}.01").drawn()
    row = screen.page.locator(".ranking .row").first
    row.focus()
    code = row.get_attribute("data-code")
    expect(screen.map.locator("path.pointed")).to_have_count(1)
    expect(screen.page.locator(f".areas tr.pointed[data-code='{code}']")).to_have_count(1)
    screen.map.locator("path.area").first.hover()
    marked = screen.map.locator("path.area").first.get_attribute("data-code")
    expect(screen.page.locator(f".ranking .row.pointed[data-code='{marked}']")).to_have_count(1)


def test_a_class_of_the_legend_marks_its_areas(screen: Screen) -> None:
    screen.open(KENDARI).drawn()
    shade = screen.page.locator(".legend .class").first
    counted = int((shade.locator(".count").inner_text() or "0").split()[0])
    shade.click()
    expect(shade).to_have_attribute("aria-pressed", "true")
    areas = screen.map.locator("path.area").count()
    expect(screen.map.locator("path.area.paler")).to_have_count(areas - counted)


@pytest.mark.parametrize(
    ("menu", "item", "part"),
    [
        ("choose_indicator", "NIK padan Dukcapil", "indicator=nik_valid_share"),
        ("choose_period", "30 November 2020", "period=2020-11-30"),
    ],
)
def test_every_choice_is_a_step_of_the_browsers_history(screen: Screen, menu: str, item: str, part: str) -> None:
    screen.open(KENDARI)
    figures, head = screen.page.locator(".kpis"), screen.page.locator(".st-key-card_map")
    expect(head.locator(".class").first).to_be_visible()
    before = figures.inner_text(), head.inner_text()
    screen.page.locator(f".st-key-{menu} button").click()
    screen.page.get_by_role("menuitem", name=item).click()
    screen.page.wait_for_url(f"**{part}**")
    screen.settled()
    screen.page.go_back()
    screen.page.wait_for_url(f"{screen.url}{KENDARI}")
    expect(screen.page.locator(f".st-key-{menu} button")).not_to_contain_text(item)
    screen.settled()
    assert (figures.inner_text(), head.inner_text()) == before
    screen.page.go_forward()
    screen.page.wait_for_url(f"**{part}**")
    expect(screen.page.locator(f".st-key-{menu} button")).to_contain_text(item)


def test_nothing_moves_when_map_and_ranking_arrive(screen: Screen) -> None:
    screen.page.add_init_script(SHIFTS)
    screen.open(KENDARI).drawn()
    expect(screen.page.locator(".ranking .row").first).to_be_visible()
    assert screen.page.evaluate("shifted") < 0.1  # "good", as browsers' makers call it


@pytest.mark.parametrize("address", [address for address, _ in SCREENS.values()])
def test_no_screen_stays_an_outline_where_a_place_has_no_data(reader: Screen, address: str) -> None:
    reader.page.goto(f"{reader.url}/{address}?place=32.73")
    expect(reader.page.locator("#outlines")).to_be_hidden()
    reader.settled()
    assert reader.page.locator("h1").count() == 1
    assert not reader.page.locator(".stAlert, .stException").count()


def test_an_address_that_nobody_has_is_answered_in_the_users_language(screen: Screen) -> None:
    answer = screen.page.goto(f"{screen.url}/tidak-ada")
    assert answer is not None
    assert answer.status == 404
    expect(screen.page.locator("h1").first).to_have_text("Halaman ini tidak ada")
