"""How long a user waits in a real Chromium: another figure on the map, and a click on a kelurahan.

    python -m benchmarks.browser [PLACE]      PADAN_HOME names the store; the place is 31 or what the store has

Every click is on a kelurahan that nobody has asked for before, so that nothing comes from the cache of answers.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Frame, Page, sync_playwright

from data.home import home
from tests.browser.driver import ALONE, Screen, chromium, serving, tab

FIGURES: Final = (
    "Keluarga termutakhirkan",
    "NIK padan Dukcapil",
    "NIK belum diperiksa",
    "Jiwa terdaftar",
    "Jiwa termutakhirkan",
)
CLICKS: Final = 9
LIMITS: Final = {"another figure on the map": 600, "click on a kelurahan": 900}
"""Milliseconds."""

DRAWN: Final = "mark => document.documentElement.dataset.drawn !== mark && !document.getAnimations().length"
HERE: Final = """name => [...document.querySelectorAll('*')].some(
    node => node.shadowRoot?.querySelector('.here')?.textContent === name)"""


def measure(store: Path, place: str) -> dict[str, list[float]]:
    """Milliseconds of every repetition, by what was measured."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(store, Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ALONE))
        screen = tab(browser.new_context(viewport={"width": 1440, "height": 1500}, bypass_csp=True), server.url)
        screen.open(f"/cakupan?place={place}").drawn()
        screen.page.wait_for_timeout(1500)
        found = {
            "another figure on the map": [_recolour(screen, figure) for figure in FIGURES],
            "click on a kelurahan": [_click(screen, number) for number in _spread(screen)],
        }
        browser.close()
    return found


def _recolour(screen: Screen, figure: str) -> float:
    frame = _frame(screen.page)
    before = _mark(frame)
    screen.page.locator(".st-key-choose_indicator button").click()
    option = screen.page.get_by_role("menuitem", name=figure, exact=True)
    option.wait_for()
    took = _timed(option.click, lambda: frame.wait_for_function(DRAWN, arg=before))
    screen.settled()
    return took


def _click(screen: Screen, number: int) -> float:
    frame = _frame(screen.page)
    before = _mark(frame)
    area = frame.locator("path.area").nth(number)
    name = (area.get_attribute("aria-label") or "").split(",")[0]

    def shown() -> None:
        frame.wait_for_function("mark => document.documentElement.dataset.drawn !== mark", arg=before)
        screen.page.wait_for_function(HERE, arg=name)

    took = _timed(area.click, shown)
    screen.settled()
    screen.page.go_back()
    frame.wait_for_function("mark => document.documentElement.dataset.drawn === mark", arg=before)
    screen.settled()
    screen.page.wait_for_timeout(600)
    return took


def _spread(screen: Screen) -> range:
    """Areas from all over the map."""
    count = _frame(screen.page).locator("path.area").count()
    return range(count // 3, count, max(1, (count - count // 3) // CLICKS))


def _frame(page: Page) -> Frame:
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def _mark(frame: Frame) -> str:
    return str(frame.evaluate("document.documentElement.dataset.drawn"))


def _timed(act: Callable[[], None], until: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    until()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    place = sys.argv[1] if len(sys.argv) > 1 else "31"
    found = measure(home(), place)
    medians = {name: round(median(times)) for name, times in found.items()}
    print(json.dumps({"place": place, "medians_ms": medians, "limits_ms": LIMITS, "all_ms": found}, indent=1))
    sys.exit(any(medians[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    main()
