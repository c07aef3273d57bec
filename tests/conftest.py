"""No test touches the store of whoever runs it."""

import gc
import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONG: Final = ("test_silence", "tests/security", "tests/browser", "tests/linkage")
"""What takes longest, longest first."""

_home = tempfile.TemporaryDirectory(prefix="padan-tests-")
# Set while pytest starts: some parts open the store when they are imported.
os.environ["PADAN_HOME"] = _home.name
# Matching takes both cores; a test that is about it starts it.
os.environ["PADAN_LINK"] = "manual"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, and what is short fills the end: no core waits for another one's last file."""
    items.sort(key=lambda item: next((at for at, part in enumerate(LONG) if part in item.nodeid), len(LONG)))


def pytest_collection_finish() -> None:
    """What is loaded until here stays: the tests are through sooner where it is not looked at for garbage each time."""
    gc.freeze()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The one browser of all tests of a process: of two, the second would not start."""
    from playwright.sync_api import sync_playwright

    from tests.browser.driver import ALONE, chromium

    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ALONE))
        yield started
        started.close()
