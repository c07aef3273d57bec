"""Sample files, built once for all tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import duckdb
import pytest

from data.sample import SampleFile, build

from .reading import Read, cells, persons

Files = Callable[..., list[SampleFile]]


@pytest.fixture(scope="session")
def kendari(tmp_path_factory: pytest.TempPathFactory) -> list[SampleFile]:
    return build(tmp_path_factory.mktemp("kendari"), "74.71", scale=0.1)


@pytest.fixture(scope="session")
def kutai_timur(tmp_path_factory: pytest.TempPathFactory) -> list[SampleFile]:
    return build(tmp_path_factory.mktemp("kutai_timur"), "64.08", scale=0.2)


@pytest.fixture(scope="session")
def whole_kendari(tmp_path_factory: pytest.TempPathFactory) -> SampleFile:
    return build(tmp_path_factory.mktemp("whole_kendari"), "74.71", latest=1)[0]


@pytest.fixture(scope="session")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> list[SampleFile]:
    return build(tmp_path_factory.mktemp("smallest"), scale=0.01)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of one register of a place, oldest first: `files("krs", "64.08", scale=0.1)`."""

    @cache
    def written(register: str, place: str, scale: float = 1.0) -> list[SampleFile]:
        return build(tmp_path_factory.mktemp(register), place, scale, registers=(register,))

    return written


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The persons' rows of a sample file, see `reading.persons`."""
    connection = duckdb.connect()
    return lambda file: persons(connection, file, tmp_path)


@pytest.fixture
def rows(tmp_path: Path) -> Read:
    """The records of a file of any register, see `reading.cells`."""
    connection = duckdb.connect()
    return lambda file: cells(connection, file, tmp_path)
