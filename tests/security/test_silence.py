"""A full run of real processes, whose every word is compared with every number and every name of the sample."""

import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from components.navigation import SCREENS
from data.accounts import COOKIE
from data.sample import build
from data.snapshots import ROWS, Store
from tests.browser.driver import ROOT, Screen, Server, serving, tab
from tests.builders import KENDARI, PONDAMBEA, contents

REGISTERS = ("dtks", "eppgbm", "krs", "ppks")
NUMBERS = ("nik", "kk", "family_register_id", "register_id", "nik_partial")
NAMES = ("name", "mother_name", "parent_name", "wife_name", "family_head")
PROC = Path("/proc")
LONGEST_WAIT = 60_000


@dataclass
class Heard:
    """What processes said: a text by where it was said."""

    said: dict[str, list[str]] = field(default_factory=dict)

    def note(self, where: str, text: str) -> None:
        self.said.setdefault(where, []).append(text)

    @property
    def size(self) -> int:
        return sum(len(text) for texts in self.said.values() for text in texts)


@dataclass(frozen=True)
class People:
    """Every number and every full name of a store."""

    numbers: frozenset[str]
    names: frozenset[str]

    def found(self, text: str) -> set[str]:
        """What of them stands in a text, however its numbers are grouped and its words are written."""
        plain = " ".join(re.sub(r"%20|\+|_", " ", text).upper().split())
        joined = re.sub(r"(?<=\d)[ .\-'](?=\d)", "", plain)
        tokens = set(re.findall(r"[A-Z0-9*\-/]{8,}", joined)) | set(re.findall(r"(?=(\d{16}))", joined))
        return (tokens & self.numbers) | {name for name in self.names if name in plain}


def people(store: Store) -> People:
    rows = [row for snapshot in store.snapshots() for row in contents(snapshot)]
    told = [str(row[key] or "").upper() for row in rows for key in NUMBERS if key in row]
    names = [" ".join(str(row[key] or "").upper().split()) for row in rows for key in NAMES if key in row]
    return People(
        frozenset(one for one in told if len(one) >= 8 and "*" not in one),
        frozenset(one for one in names if " " in one and len(one) >= 9),
    )


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    """With a thread that reads titles, arguments and thread names of all our processes all the time."""
    heard, over = Heard(), threading.Event()

    def listen() -> None:
        seen: set[str] = set()
        while not over.wait(0.05):
            for process in _ours():
                for part in (*process.glob("cmdline"), *process.glob("task/*/comm")):
                    try:
                        text = part.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    except OSError:
                        continue
                    if text not in seen:
                        seen.add(text)
                        heard.note(f"titles: {part.name}", text)

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    yield heard
    over.set()
    listening.join()


def _ours() -> Iterator[Path]:
    """The processes that stand under this one."""
    parents = {}
    for status in PROC.glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
    mine = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return (PROC / str(one) for one in mine - {os.getpid()})


def run(heard: Heard, home: Path, *arguments: str, expected: tuple[int, ...] = (0,)) -> None:
    """The command line as a process of its own, at the most talkative."""
    done = subprocess.run(
        [sys.executable, "-m", "data", *arguments],
        cwd=ROOT, env=os.environ | {"PADAN_HOME": str(home), "PADAN_LINK": "manual"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    heard.note(f"command {arguments[0]}", done.stdout + done.stderr)
    assert done.returncode in expected, (arguments[0], done.returncode)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, heard: Heard) -> Path:
    """Imported by the command line, from files in which the sample's defects stand; looked at with every command."""
    folder = tmp_path_factory.mktemp("silence")
    home = folder / "home"
    for file in build(folder / "files", KENDARI, 0.01, latest=1, registers=REGISTERS):
        told = ("--registry", file.register, "--period", file.period.isoformat())
        run(heard, home, "import", *told, str(file.path))
    listed = ("people", "--place", KENDARI, "-o", str(folder / "out"), "--format")
    for arguments in (
        ("link",), (*listed, "csv"), (*listed, "xlsx", "--registry", "eppgbm"), ("snapshots", "--json"), ("verify",),
        ("quality", "--place", KENDARI), ("audit", "verify"), ("audit", "list"), ("decisions", "export", f"{folder}/d"),
    ):  # fmt: skip
        run(heard, home, *arguments)
    run(heard, home, "import", "/nowhere.csv", expected=(1, 2))
    return home


@pytest.fixture(scope="module")
def known(home: Path) -> People:
    return people(Store(home))


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as told:
        told.setenv("STREAMLIT_LOGGER_LEVEL", "debug")
        told.setenv("PYTHONWARNINGS", "default")
        with serving(home, tmp_path_factory.mktemp("server")) as running:
            yield running


@pytest.fixture(scope="module")
def screen(browser: Browser, server: Server, heard: Heard) -> Iterator[Screen]:
    context = browser.new_context(viewport={"width": 1440, "height": 1500}, accept_downloads=True, locale="id-ID")
    context.set_default_timeout(LONGEST_WAIT)
    found = tab(context, server.url)
    found.page.on("console", lambda message: heard.note("console", message.text))
    yield found
    heard.note("addresses", "\n".join(found.requests))
    heard.note("errors in the browser", "\n".join(found.errors))
    context.close()


def visit(screen: Screen, address: str) -> None:
    screen.page.goto(screen.url + address)
    screen.page.wait_for_selector("h1, .stAlert", timeout=LONGEST_WAIT)
    screen.settled()


def read(server: Server, path: str) -> str:
    asked = urllib.request.Request(server.url + path, headers={"Cookie": f"{COOKIE}={server.token}"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return str(answer.read().decode(errors="replace"))


def alerts(page: Page) -> str:
    return "\n".join(page.locator('.stAlert, [data-testid="stException"]').all_inner_texts())


def test_every_screen_search_list_and_document(screen: Screen, server: Server, heard: Heard, known: People) -> None:
    page, somebody = screen.page, sorted(known.names)[0]
    nik = next(one for one in sorted(known.numbers) if re.fullmatch(r"\d{16}", one))
    for address, _ in SCREENS.values():
        visit(screen, f"/{address}?place={KENDARI}")
    for text in (somebody, nik):
        visit(screen, f"/rumah-tangga?place={KENDARI}")
        page.locator('input[type="text"]').first.fill(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(800)
        screen.settled()
    visit(screen, f"/rumah-tangga?place={KENDARI}")
    with page.expect_download() as loading:
        page.get_by_role("button", name="CSV").first.click()
    loading.value.path()
    page.locator('a[href*="keluarga"]').first.click()
    page.wait_for_url("**/keluarga**")
    screen.settled()
    heard.note("metrics", read(server, "/_stcore/metrics"))


def test_a_file_is_uploaded_and_a_broken_one_too(screen: Screen, home: Path, known: People) -> None:
    visit(screen, "/impor")
    file = next((home.parent / "files").glob("*ppks*"))
    broken = file.with_name(f"rusak{file.suffix}")
    broken.write_bytes(file.read_bytes()[:-900] + b"\xff\xfe\x00" * 50)
    for path in (file, broken):
        screen.page.set_input_files('input[type="file"]', str(path))
        screen.page.wait_for_timeout(2_500)
        screen.settled()


def test_wrong_passwords_and_names_typed_into_the_wrong_field(server: Server, browser: Browser, known: People) -> None:
    context = browser.new_context()
    page = context.new_page()
    for _ in range(2):
        page.goto(f"{server.url}/masuk")
        page.locator("input[name=name], input[autocomplete=username]").first.fill(sorted(known.names)[1])
        page.locator("input[type=password]").first.fill(sorted(known.numbers)[1])
        with page.expect_navigation():
            page.keyboard.press("Enter")
    context.close()


def test_failures_of_every_layer(screen: Screen, server: Server, heard: Heard, home: Path) -> None:
    """Rows that cannot be read, tables of figures that are rubbish, a matching that is, a database that is none."""
    store = Store(home)
    rows = [snapshot.rows for snapshot in store.snapshots()]
    assert rows
    assert all(path.name == ROWS for path in rows)
    harmed = [*rows, *(home / "cubes").rglob("*.parquet"), *(home / "links").rglob("*.parquet")]
    kept = {path: path.read_bytes() for path in harmed}
    for path, content in kept.items():
        path.write_bytes(content[: len(content) // 2] + b"\0" * 99)
    spoken = []
    try:
        for address in ("rumah-tangga", "cakupan", "stunting-dtks", "tinjau", "kualitas", "perubahan"):
            # A place of which nothing was asked before: an answer that is kept needs no file.
            screen.page.goto(f"{screen.url}/{address}?place={PONDAMBEA}&since=2020-05-05&dukcapil=no&lang=en")
            screen.page.wait_for_selector("h1, .stAlert", timeout=LONGEST_WAIT)
            screen.settled()
            spoken.append(alerts(screen.page))
        run(heard, home, "people", "--place", KENDARI, expected=(1, 2))
        run(heard, home, "verify", expected=(1, 2))
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    heard.note("failed screens", "\n".join(spoken))
    assert any(spoken)


def test_nothing_of_a_person_was_said(screen: Screen, server: Server, heard: Heard, known: People) -> None:
    """Stands last: what was heard by now, and what the server has written."""
    everything = {**heard.said, "log": [server.log.read_text(errors="replace")], "addresses": screen.requests}
    said = {where: known.found("\n".join(texts)) for where, texts in everything.items()}
    assert {where: len(found) for where, found in said.items() if found} == {}
    assert len(known.numbers) > 1_500
    assert len(known.names) > 1_000
    assert heard.size > 10_000
    assert {"titles: cmdline", "titles: comm", "command import", "failed screens", "metrics"} <= everything.keys()
    assert "Traceback" not in "".join(
        text for where, texts in heard.said.items() for text in texts if "command" in where
    )


def test_the_comparison_finds_what_it_looks_for(known: People) -> None:
    name, number = sorted(known.names)[2], next(one for one in known.numbers if re.fullmatch(r"\d{16}", one))
    grouped = " ".join(number[at : at + 4] for at in range(0, 16, 4))
    for text in (f"x {name.title()} y", name.replace(" ", "%20"), name.replace(" ", "+"), f"no{number}x", grouped):
        assert known.found(text)
    assert not known.found("Kota Kendari, 31 Januari 2021; 0123456789abcdef")
