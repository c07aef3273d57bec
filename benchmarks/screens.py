"""How long a user waits for a screen, and for a change on it, in a real Chromium on a warm server.

    python -m benchmarks screens      PADAN_BENCH_STORE names a store; else the demonstration is made and matched

A screen is painted when its title, its sentence and its first figure stand. A change is over when nothing of the page
or of its map has moved any more for a while; what is told is the moment of the last movement. Every screen is opened,
and every choice made, at a place that nobody has asked for before, so that nothing comes from the cache.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import BrowserContext, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from components.navigation import SCREENS
from tests.browser.driver import ALONE, Screen, Server, chromium, serving, tab

CITY, PROVINCE = "74.71", "31"
PAINT_MS, CHANGE_MS, LARGER = 2500.0, 700.0, 1.3
QUIET_MS: Final = 800
OPENED: Final = tuple(key for key in SCREENS if key not in ("household", "imports", "review"))
"""Screens of figures and lists; the others show what somebody has just done."""
CHANGED_AT: Final = 2
"""At so many of the places everything is changed; the others are only opened."""
SEGMENTS: Final = ("relation_kind", "choose_kind", "choose_shown", "bd_unit")
FIELDS: Final = ("relation_first", "relation_second", "list_filters", "list_order")
TYPED: Final = "SITI"

DEEP: Final = """function* deep(root) {
    for (const node of root.querySelectorAll('*')) {
        yield node;
        if (node.shadowRoot) yield* deep(node.shadowRoot);
    }
}"""
"""Every element of the page, those of components in shadow roots too."""
FIGURE: Final = f"""() => {{
    {DEEP}
    if (!document.querySelector('h1.title')?.innerText) return false;
    for (const node of deep(document.querySelector('[data-testid="stMain"]')))
        if (node.matches('.amount, .figure, .value, tbody td') && node.textContent.trim()) return true;
    return false;
}}"""
WATCH: Final = f"""() => {{
    {DEEP}
    window.lastMoved = performance.now();
    if (window.watching) return;
    window.watching = new WeakSet();
    const moved = () => {{ window.lastMoved = performance.now(); }};
    const watch = root => {{
        if (!root || window.watching.has(root)) return false;
        window.watching.add(root);
        new MutationObserver(moved).observe(root, {{subtree: true, childList: true, characterData: true,
            attributes: true}});
        return true;
    }};
    const look = () => {{
        const main = document.querySelector('[data-testid="stMain"]');
        let found = watch(main);
        for (const node of deep(main)) {{
            if (node.shadowRoot) found = watch(node.shadowRoot) || found;
            if (node.tagName === 'IFRAME') found = watch(node.contentDocument) || found;
        }}
        return found;
    }};
    look();
    // A component or a frame that comes later is something that moves, too.
    setInterval(() => {{ if (look()) moved(); }}, 50);
}}"""
STILL: Final = f"() => performance.now() - window.lastMoved > {QUIET_MS}"


@dataclass(frozen=True)
class Waited:
    """Milliseconds of every repetition: until a screen is painted, until the last figure of a change stands."""

    paint: list[float]
    change: dict[str, list[float]]


def measure(server: Server, context: BrowserContext, screen: str, places: list[str]) -> Waited:
    """Opens a screen at each of the places, and changes there whatever can be chosen."""
    painted: list[float] = []
    changed: dict[str, list[float]] = {}
    for number, place in enumerate(places):
        opened = tab(context, server.url)
        painted.append(_paint(opened, f"/{SCREENS[screen][0]}?place={place}"))
        opened.page.set_default_timeout(6_000)
        with suppress(PlaywrightTimeout):  # a choice that a change before it has taken away
            for name, act in _changes(opened.page) if number < CHANGED_AT else ():
                changed.setdefault(name, []).append(_change(opened, act))
                opened.page.keyboard.press("Escape")
        opened.page.close()
    return Waited(painted, changed)


def _paint(screen: Screen, address: str) -> float:
    screen.page.goto(screen.url + address, wait_until="commit")
    screen.page.wait_for_function(FIGURE, polling=20, timeout=60_000)
    took = float(screen.page.evaluate("() => performance.now()"))
    screen.settled()
    screen.page.wait_for_timeout(1500)
    return took


def _changes(page: Page) -> Iterator[tuple[str, Callable[[], None]]]:
    """What a user can choose on the open screen: another entry of every menu, what is typed, and one step deeper."""
    main = page.locator('[data-testid="stMain"]')
    menus = main.locator('[class*="st-key-choose_"]').evaluate_all(
        "found => found.map(one => [...one.classList].find(name => name.startsWith('st-key-')))"
    )
    for menu in dict.fromkeys(menus):
        button = main.locator(f".{menu} button")
        if menu.removeprefix("st-key-") not in SEGMENTS and button.count() == 1 and button.is_enabled():
            shown = button.inner_text()
            button.click()
            options = page.get_by_role("menuitem")
            options.first.wait_for()
            others = [at for at in range(min(options.count(), 6)) if options.nth(at).inner_text() not in shown]
            if others:
                yield menu, options.nth(others[0]).click
            else:
                page.keyboard.press("Escape")
    for key in SEGMENTS:
        buttons = main.locator(f".st-key-{key} button")
        if buttons.count() > 1:
            yield key, buttons.nth(1).click
    for key in FIELDS:
        field = main.locator(f'.st-key-{key} [data-testid="stSelectbox"] input')
        if field.count() and field.first.is_visible():
            field.first.click()
            options = page.get_by_role("option")
            options.first.wait_for()
            yield key, options.nth(min(1, options.count() - 1)).click
    if (text := main.locator(".st-key-text input")).count():
        text.fill(TYPED)
        yield "a name", partial(text.press, "Enter")
    if (rows := main.locator(".ranking .row")).count():
        yield "one step deeper", rows.first.click


def _change(screen: Screen, act: Callable[[], None]) -> float:
    page = screen.page
    page.evaluate(WATCH)
    started = float(page.evaluate("() => performance.now()"))
    act()
    page.wait_for_timeout(150)
    screen.settled()
    page.wait_for_function(STILL, polling=100, timeout=60_000)
    return float(page.evaluate("() => window.lastMoved")) - started


@contextmanager
def browsing(store: Path) -> Iterator[tuple[Server, BrowserContext]]:
    """A server on this store that has drawn a page already, and a browser that has its scripts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(store, Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ALONE))
        context = browser.new_context(viewport={"width": 1440, "height": 1200}, bypass_csp=True)
        for screen in OPENED:
            warm = tab(context, server.url).open(f"/{SCREENS[screen][0]}?place=64.08")
            warm.page.wait_for_timeout(500)
            warm.page.close()
        yield server, context
        browser.close()


def waits(store: Path) -> dict[str, tuple[Waited, Waited]]:
    """By screen: in a city of 113,000 persons, and in a province of a million."""
    below = {CITY: [CITY], PROVINCE: [PROVINCE]}
    with browsing(store) as (server, context):
        return {
            screen: (
                measure(server, context, screen, below[CITY]),
                measure(server, context, screen, below[PROVINCE]),
            )
            for screen in OPENED
        }


Line = tuple[str, str, str, bool | None]


def lines(store: Path) -> list[Line]:
    """A line a screen and promise: what was measured in the city and in the province, and whether it holds."""
    found: list[Line] = []
    for screen, (city, province) in waits(store).items():
        found.append(_line(f"{screen}: first figures", median(city.paint), median(province.paint), PAINT_MS))
        small = [took for times in city.change.values() for took in times]
        large = [took for times in province.change.values() for took in times]
        if small and large:
            found.append(_line(f"{screen}: a change", median(small), median(large), CHANGE_MS))
    return found


def _line(what: str, city: float, province: float, limit: float) -> Line:
    promise = f"≤ {limit:,.0f} ms, province ≤ {LARGER} ×"
    kept = city <= limit and province <= limit * LARGER
    return what, f"{city:,.0f} ms, province {province:,.0f} ms", promise, kept


def demonstrated(folder: Path) -> Path:
    """The demonstration registers, matched."""
    from data.linkage.runs import link
    from data.sample.demonstration import demonstrate
    from data.snapshots import Store

    store = Store(folder)
    for _ in demonstrate(store):
        pass
    link(store)
    return folder
