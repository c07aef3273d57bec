"""Whatever a file holds, it becomes a snapshot or is refused with a sentence, and nothing else happens."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.corpus import CORPUS, REFUSED, STORED, csv, put

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and measured memory are those of Unix")

ROOT = Path(__file__).parents[2]
MOST_MB = 1_500
MOST_SECONDS = 30
KENDARI = "74.71"


@dataclass(frozen=True)
class Outcome:
    """What an import said and cost."""

    status: int
    out: str
    err: str
    mb: int
    seconds: float

    @property
    def reports(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)
        return found

    @property
    def codes(self) -> set[str]:
        return {problem["code"] for report in self.reports for problem in report["problems"]}

    @property
    def became(self) -> set[str]:
        stored = any(report["snapshot"] for report in self.reports)
        return {STORED} if stored else {REFUSED, *self.codes}


class Importer:
    """A process that imports; a new one where the last one died."""

    def __init__(self, temporary: Path) -> None:
        self._temporary = temporary
        self._running: subprocess.Popen[str] | None = None

    def take(self, path: Path, home: Path, lang: str = "id", *told: str) -> Outcome:
        if self._running is None or self._running.poll() is not None:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "tests.hostile.importer"],
                cwd=ROOT,
                env=os.environ | {"TMPDIR": str(self._temporary), "PADAN_DEBUG": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        running = self._running
        assert running.stdin
        assert running.stdout
        asked = {"path": str(path), "home": str(home), "seconds": MOST_SECONDS, "lang": lang, "told": told}
        print(json.dumps(asked), file=running.stdin, flush=True)
        answer = running.stdout.readline()
        if not answer:
            _, said = running.communicate()
            pytest.fail(f"the importing process ended with {running.returncode}: {said[-1500:]}")
        return Outcome(**json.loads(answer))

    def end(self) -> None:
        if self._running:
            self._running.communicate()


@pytest.fixture(scope="session")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importer]:
    found = Importer(tmp_path_factory.mktemp("temporary"))
    yield found
    found.end()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, importer: Importer) -> Callable[[Path], Path]:
    """Makes a store that holds a snapshot already."""
    home = tmp_path_factory.mktemp("first") / "home"
    first = put(home.parent / "first.csv", csv())
    made = importer.take(first, home, "id", "--period", "2019-12-31")
    assert made.status == 0, made.err

    def copied(folder: Path) -> Path:
        subprocess.run(["cp", "-r", str(home), str(folder)], check=True)
        return folder

    return copied


def listed(folder: Path) -> dict[str, str]:
    """What lies below a folder: a digest by path. Pipes and devices are not opened."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file() and not path.is_symlink()
        else "-"
        for path in folder.rglob("*")
        if path.name != ".staging"
    }


@pytest.mark.parametrize("sentence", CORPUS)
def test_it_is_stored_or_refused_with_a_sentence(
    sentence: str, tmp_path: Path, importer: Importer, store: Callable[[Path], Path]
) -> None:
    hostile = CORPUS[sentence]
    inbox, home = tmp_path / "inbox", store(tmp_path / "home")
    inbox.mkdir()
    path = hostile.make(inbox)
    before, own = listed(tmp_path), listed(home)

    found = importer.take(path, home, "id", "--period", "2021-01-31")

    assert found.status in (0, 2), found.err[-1500:]
    assert found.became & set(hostile.becomes), (found.became, hostile.becomes)
    assert "Traceback" not in found.err
    assert found.mb < MOST_MB
    assert found.seconds < MOST_SECONDS
    for report in found.reports:
        assert report["snapshot"] or all(len(problem["message"]) > 20 for problem in report["problems"])
    if STORED not in found.became:
        assert found.err.strip()
        assert listed(home) == own
    outside = {name: digest for name, digest in listed(tmp_path).items() if not name.startswith("home/")}
    assert outside == {name: digest for name, digest in before.items() if not name.startswith("home/")}
    assert not list((home / ".staging").iterdir())


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(CORPUS) >= 60
