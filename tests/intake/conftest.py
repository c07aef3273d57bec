"""An empty store for every test."""

from pathlib import Path

import pytest

from data.snapshots import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")
