"""Whatever a file holds, it becomes a snapshot or is refused with a sentence, and nothing else happens."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from tests.hostile.corpus import CORPUS, REFUSED, STORED, csv, put

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and measured memory are those of Unix")

ROOT = Path(__file__).parents[2]
MOST_MB = 1_500
MOST_SECONDS = 40
PROCESSES = 2
SHORTEST_SENTENCE = 20


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

    def take(self, path: Path, home: Path, period: str = "2021-01-31") -> Outcome:
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
        asked = {"path": str(path), "home": str(home), "period": period, "seconds": MOST_SECONDS}
        print(json.dumps(asked), file=running.stdin, flush=True)
        answer = running.stdout.readline()
        if not answer:
            _, said = running.communicate()
            pytest.fail(f"the importing process ended with {running.returncode}: {said[-1500:]}")
        return Outcome(**json.loads(answer))

    def end(self) -> None:
        if self._running:
            self._running.communicate()


def listed(folder: Path) -> dict[str, str]:
    """What lies below a folder: a digest by path. Pipes and devices are not opened."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file() and not path.is_symlink()
        else "-"
        for path in folder.rglob("*")
        if path.name != ".staging"
    }


@dataclass(frozen=True)
class Trial:
    """An import, and what lay in the store and elsewhere before and after it."""

    outcome: Outcome
    store: tuple[dict[str, str], dict[str, str]]
    elsewhere: tuple[dict[str, str], dict[str, str]]


def tried(sentence: str, importer: Importer, first: Path, folder: Path) -> Trial:
    """Imports a file of the corpus into a copy of a store that holds something already."""
    inbox, home = folder / "inbox", folder / "home"
    inbox.mkdir()
    shutil.copytree(first, home)
    path = CORPUS[sentence].make(inbox)
    before = listed(home), listed(inbox)
    outcome = importer.take(path, home)
    after = listed(home), listed(inbox)
    assert sorted(entry.name for entry in folder.iterdir()) == ["home", "inbox"]
    return Trial(outcome, (before[0], after[0]), (before[1], after[1]))


@pytest.fixture(scope="session")
def trials(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Trial]]]:
    """Every file that is asked about, imported by one of two processes."""
    asked = [item.callspec.params["sentence"] for item in request.session.items if hasattr(item, "callspec")
             and item.callspec.params.get("sentence") in CORPUS]  # fmt: skip
    base = tmp_path_factory.mktemp("hostile")
    temporary = base / "temporary"
    temporary.mkdir()
    free: SimpleQueue[Importer] = SimpleQueue()
    importers = [Importer(temporary) for _ in range(PROCESSES)]
    made = importers[0].take(put(base / "first.csv", csv()), base / "first", "2019-12-31")
    assert made.status == 0, made.err
    for importer in importers:
        free.put(importer)

    def one(number: int, sentence: str) -> Trial:
        folder = base / str(number)
        folder.mkdir()
        importer = free.get()
        try:
            return tried(sentence, importer, base / "first", folder)
        finally:
            free.put(importer)

    with ThreadPoolExecutor(PROCESSES) as pool:
        yield {sentence: pool.submit(one, number, sentence) for number, sentence in enumerate(asked)}
    for importer in importers:
        importer.end()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("sentence", CORPUS)
def test_it_is_stored_or_refused_with_a_sentence(sentence: str, trials: dict[str, Future[Trial]]) -> None:
    trial, becomes = trials[sentence].result(), set(CORPUS[sentence].becomes)
    found = trial.outcome
    assert found.status in (0, 2), found.err[-1500:]
    assert found.became & becomes, (found.became, becomes)
    assert "Traceback" not in found.err
    assert found.mb < MOST_MB
    assert found.seconds < MOST_SECONDS
    said = [problem["message"] for report in found.reports for problem in report["problems"]]
    assert STORED in found.became or (said and all(len(sentence) > SHORTEST_SENTENCE for sentence in said))
    assert STORED in found.became or trial.store[0] == trial.store[1]
    assert trial.elsewhere[0] == trial.elsewhere[1]


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(CORPUS) >= 60
