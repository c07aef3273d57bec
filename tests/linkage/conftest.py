"""What tests of matching share."""

import time
from collections.abc import Callable
from typing import Final

import pytest

PATIENCE: Final = 120


@pytest.fixture
def wait() -> Callable[[Callable[[], object]], None]:
    """Waits until something is so."""

    def until(so: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < end
            time.sleep(0.05)

    return until
