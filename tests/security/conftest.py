"""A server on the store of attempts, and a tab that notes whatever a page tried and was not let."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext

from data.snapshots import Store
from tests.browser.driver import Screen, Server, serving, tab
from tests.security import poison

NOTE = """document.addEventListener("securitypolicyviolation", (event) => window.noted(
  [event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample].join(" ")))"""
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Watched:
    """A tab. `harm` is what it noted: broken policies, outside requests, dialogs, downloads nobody asked for, scars."""

    screen: Screen
    harm: list[str] = field(default_factory=list)

    def walk(self, address: str) -> str:
        """Opens an address, waits until it is drawn, looks for scars; returns all its text."""
        page = self.screen.page
        page.goto(self.screen.url + address)
        page.wait_for_selector("h1, .stage, .stAlert", timeout=20_000)
        if page.locator('[data-testid="stApp"]').count():
            page.wait_for_selector(AT_REST, timeout=30_000)
            page.wait_for_timeout(300)
        return self.look()

    def look(self) -> str:
        """The text of the page and its frames, after a look for scars."""
        for frame in self.screen.page.frames:
            self.harm += [f"{scar} in {frame.url}" for scar in frame.evaluate(poison.SCARS)]
        own = self.screen.url
        self.harm += [url for url in self.screen.requests if not url.startswith((own, "data:", f"blob:{own}"))]
        return "\n".join(str(frame.evaluate(TEXT)) for frame in self.screen.page.frames)


TEXT = """() => {
  const text = (root) => (root.body || root).textContent
    + [...root.querySelectorAll("*")].map((one) => one.shadowRoot ? text(one.shadowRoot) : "").join("");
  return text(document);
}"""


def watched(context: BrowserContext, server: Server) -> Watched:
    found = Watched(tab(context, server.url))
    context.expose_binding("noted", lambda _, said: found.harm.append(f"policy: {said}"))
    context.add_init_script(NOTE)
    page = found.screen.page
    page.on("dialog", lambda dialog: (found.harm.append("a dialog"), dialog.dismiss()))
    page.on("download", lambda _: found.harm.append("a download"))
    page.on("popup", lambda _: found.harm.append("a window"))
    return found


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return poison.build(tmp_path_factory.mktemp("poison"))


@pytest.fixture(scope="session")
def server(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(store.path, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def there(browser: Browser, server: Server) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 1500}, accept_downloads=True, locale="id-ID")
    context.set_default_timeout(20_000)
    yield watched(context, server)
    context.close()
