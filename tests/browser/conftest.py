"""The app as its users have it: a real server on a small imported register, driven by a real Chromium."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as PlaywrightError

from data.intake.importing import import_file
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import HOSTILE, Screen, Server, register, serving, tab


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two editions of a small Kendari and one family whose names are markup."""
    folder = tmp_path_factory.mktemp("register")
    store = Store(folder / "home")
    for file in build(folder / "files", place="74.71", scale=0.02, latest=2):
        import_file(store, file.path, period=file.period, place=file.place, sample=True)
    hostile = folder / "hostile.csv"
    hostile.write_text(register(HOSTILE, HOSTILE), encoding="utf-8")
    result = import_file(store, hostile, period=date(2021, 1, 31))
    assert result.snapshot, result.problems
    return store.path


@pytest.fixture(scope="session")
def server(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(store, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps what it has loaded of the app: to load it anew takes as long as to draw a screen."""
    opened = browser.new_context(viewport={"width": 1440, "height": 1500}, accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The same browser without open tabs, cookies and memory of the tests before."""
    profile.set_default_timeout(15_000)
    yield profile
    for page in profile.pages:
        with suppress(PlaywrightError):  # A page that shows no document of the app keeps nothing.
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.close()
    profile.clear_cookies()


@pytest.fixture
def screen(context: BrowserContext, server: Server) -> Screen:
    return tab(context, server.url)
