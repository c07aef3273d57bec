"""Files that change while they are read, and files whose clock is wrong."""

import os
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from data.intake.importing import import_sheets
from data.snapshots import Store
from tests.builders import people, register


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps open files as they are")
@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.1])
@pytest.mark.parametrize("truncated", [False, True])
def test_a_file_that_vanishes_while_it_is_read_is_stored_whole_or_refused(
    tmp_path: Path, seconds: float, truncated: bool
) -> None:
    path = register(tmp_path / "dtks_2021-01.csv", people(5_000))
    size = path.stat().st_size

    def change() -> None:
        time.sleep(seconds)
        if truncated:
            os.truncate(path, size // 2)
        else:
            path.unlink()

    changing = threading.Thread(target=change)
    changing.start()
    store = Store(tmp_path / "home")
    (result,) = import_sheets(store, path)
    changing.join()
    assert result.refused == (not store.snapshots())
    assert truncated or result.refused or result.snapshot is None or result.snapshot.counts.read == 5_000


@pytest.mark.parametrize("seconds", [2**33, 10**12])
def test_a_file_whose_clock_was_wrong_is_dated_all_the_same(tmp_path: Path, seconds: int) -> None:
    rows = [{**row, "updated_on": "", "dukcapil_matched_on": ""} for row in people(3)]
    path = register(tmp_path / "dtks.csv", rows)
    os.utime(path, (seconds, seconds))
    if path.stat().st_mtime != seconds:
        pytest.skip("this disk does not keep such a time")
    (result,) = import_sheets(Store(tmp_path / "home"), path)
    assert result.snapshot is not None
    assert result.snapshot.period <= date.today()
