"""The meeting mode: slides that turn at once, in step with the address, with the figures of the screens."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.driver import Screen, Server, tab

ADDRESS = "/cakupan?place=74.71&mode=rapat"


@pytest.fixture
def slides(context: BrowserContext, server: Server) -> Screen:
    opened = tab(context, server.url)
    opened.page.set_viewport_size({"width": 1920, "height": 1080})
    opened.page.goto(server.url + ADDRESS)
    # The first meeting of a store puts its registers together.
    opened.page.wait_for_selector("h1.title", timeout=60_000)
    return opened.settled()


def at(screen: Screen) -> int:
    return int(screen.page.locator(".meeting").get_attribute("data-slide") or 0)


def total(screen: Screen) -> int:
    """Slides of the meeting itself."""
    return int(screen.page.locator(".count").inner_text().split("/")[1])


def every(screen: Screen) -> int:
    """All slides, those of the annex too."""
    return screen.page.locator(".contents .line").count()


def go(screen: Screen, key: str) -> None:
    """Types the number of the slide that is about `key`."""
    for _ in range(every(screen)):
        if screen.page.locator(f'.slide[data-key="{key}"]').count():
            return
        screen.page.keyboard.press("PageDown")
    assert screen.page.locator(f'.slide[data-key="{key}"]').count(), key


def test_keys_and_edges_turn_the_slides_and_the_address_follows(slides: Screen) -> None:
    page, last = slides.page, total(slides)
    assert last > 8
    for key, expected in (
        ("ArrowRight", 2), ("ArrowDown", 3), ("PageDown", 4), ("Space", 5), ("ArrowLeft", 4), ("PageUp", 3),
        ("ArrowUp", 2), ("End", last), ("ArrowRight", last + 1), ("Home", 1), ("ArrowLeft", 1), ("3", 3),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert at(slides) == expected, key
        assert expected == 1 or f"slide={expected}" in page.url
    page.mouse.click(1910, 500)
    assert at(slides) == 4
    page.mouse.click(10, 500)
    assert at(slides) == 3
    page.reload()
    page.wait_for_selector("h1.title")
    assert at(slides) == 3
    assert not slides.errors


def test_the_back_button_leads_to_the_slide_before_and_a_copied_link_to_the_same(
    slides: Screen, context: BrowserContext, server: Server
) -> None:
    slides.page.keyboard.press("ArrowRight")
    slides.page.keyboard.press("ArrowRight")
    title = slides.page.locator("h1.title").inner_text()
    copied = slides.page.url.removeprefix(server.url)
    slides.page.go_back()
    assert at(slides) == 2
    slides.settled()
    assert at(slides) == 2
    assert tab(context, server.url).open(copied).page.locator("h1.title").inner_text() == title


def test_a_slide_is_turned_within_a_tenth_of_a_second_and_asks_the_server_nothing(slides: Screen) -> None:
    slides.requests.clear()
    took = slides.page.evaluate(
        """async () => {
          const times = [];
          for (let turn = 0; turn < 8; turn += 1) {
            const start = performance.now();
            window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
            await new Promise(requestAnimationFrame);
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b)[4];
        }"""
    )
    assert at(slides) == 9
    assert took < 100
    assert not slides.requests


def test_nothing_of_the_screen_around_it_is_seen_and_escape_leads_back_to_it(slides: Screen) -> None:
    page = slides.page
    expect(page.locator(".st-key-bar")).to_have_count(0)
    box = page.locator(".meeting").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1920, "height": 1080}
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator(".st-key-bar").wait_for()
    slides.settled()
    expect(page.locator("h1.title")).to_have_text("Cakupan pemutakhiran DTKS")
    assert re.search(r"/cakupan\?place=74\.71$", page.url), page.url


def test_all_slides_are_listed_and_the_annex_is_counted_apart(slides: Screen) -> None:
    page, last = slides.page, total(slides)
    page.keyboard.press("o")
    expect(page.locator(".contents .line").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".contents")).to_be_hidden()
    page.keyboard.press("O")
    page.locator(".contents").get_by_role("list").nth(1).get_by_role("button").first.click()
    assert at(slides) == last + 1 > 8
    expect(page.locator(".contents")).to_be_hidden()
    assert page.locator(".count").inner_text().startswith("Lampiran 1 / ")
    assert f"slide={last + 1}" in page.url


def test_every_slide_is_read_from_eight_metres_and_marked_as_sample(slides: Screen) -> None:
    sizes = "nodes => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    words = ".sentence, .behind, .area b, .value, .told .list, .kpi h2, .note"
    for _ in range(every(slides)):
        key = slides.page.locator(".slide").get_attribute("data-key") or ""
        assert all(size >= 160 for size in slides.page.locator(".amount").evaluate_all(sizes)), key
        assert all(size >= 34 for size in slides.page.locator(words).evaluate_all(sizes)), key
        said = slides.page.locator(".body").inner_text().split()
        assert len(said) <= (80 if key == "sources" else 50), key
        over = slides.page.locator(".stage").evaluate("node => node.scrollHeight - node.clientHeight")
        assert over <= 0, key
        assert slides.page.locator(".slide .badge").inner_text() == "DATA CONTOH"
        assert slides.page.locator("h1").count() == 1
        slides.page.keyboard.press("PageDown")


def test_the_figures_are_those_of_the_screens(slides: Screen, context: BrowserContext, server: Server) -> None:
    screen = tab(context, server.url)
    screen.open("/cakupan?place=74.71")
    for key in ("dtks_updated_share", "nik_valid_share"):
        go(slides, key)
        for part in (":is(h2, h3)", ".amount", ".behind > span"):
            at_the_card = f'.kpi[data-indicator="{key}"] {part}'
            assert slides.page.locator(at_the_card).inner_text() == screen.page.locator(at_the_card).inner_text()
    slides.page.keyboard.press("Home")
    go(slides, "dtks_updated_share")
    assert slides.page.locator(".sentence").inner_text() == screen.page.locator(".sentence").first.inner_text()
    go(slides, "worst-dtks_updated_share")
    screen.page.locator(".ranking .row .name").first.wait_for()
    lowest = screen.page.locator(".ranking .row .name").all_inner_texts()[:5]
    assert slides.page.locator(".lines .area b").all_inner_texts() == lowest
    assert slides.page.locator(".map .mark").count() == 5


def test_a_list_opens_with_as_many_as_its_slide_says(slides: Screen) -> None:
    go(slides, "list-dtks_updated_share")
    count = slides.page.locator(".told .amount").inner_text()
    slides.page.locator(".told .list a").click()
    slides.page.locator(".st-key-bar").wait_for()
    slides.settled()
    assert "/rumah-tangga?place=74.71&updated=no" in slides.page.url
    assert count in slides.text()
