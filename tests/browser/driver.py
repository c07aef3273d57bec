"""Starting the app and driving it: servers, tabs, and registers of one family."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ALONE = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
HOSTILE = "<img src=x onerror=document.title='owned'>"
HOSTILE_PLACE = "74.02"


@dataclass
class Server:
    url: str
    home: Path
    log: Path


@dataclass
class Screen:
    """A browser tab with what it asked for and what it complained about."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, address: str) -> "Screen":
        self.page.goto(self.url + address)
        self.page.wait_for_selector("h1.title, .stAlert", timeout=15_000)
        return self.settled()

    def settled(self) -> "Screen":
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=15_000)
        return self

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator('iframe[title="streamlit_folium.st_folium"]')

    def drawn(self) -> str:
        """The mark of what the map shows now."""
        self.map.locator("html[data-drawn]").wait_for(timeout=15_000)
        return self.map.locator("html").get_attribute("data-drawn") or ""

    def at(self, place: str) -> None:
        """Waits until the screen is about this place."""
        self.page.locator(".here", has_text=place).wait_for(timeout=15_000)
        self.settled()

    def text(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()


def chromium() -> str:
    named = [os.environ.get("PADAN_BROWSER", ""), *(shutil.which(name) or "" for name in BROWSERS), *WINDOWS]
    found = next((path for path in named if path and Path(path).exists()), None)
    if found is None:
        pytest.fail(
            "The browser tests need Chromium or Chrome; on Debian or Ubuntu: apt install chromium", pytrace=False
        )
    return found


@contextmanager
def serving(home: Path, folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={"PADAN_LINK": "manual"} | os.environ | {"PADAN_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _ready(Server(f"http://127.0.0.1:{port}", home, log), running)
        finally:
            running.terminate()
            running.wait(20)


def _ready(server: Server, running: "subprocess.Popen[bytes]") -> Server:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                return server
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{server.log.read_text()}", pytrace=False)


def register(
    name: str, address: str, kabkota: str = "KONAWE", kecamatan: str = "UNAAHA", kelurahan: str = "UNAAHA"
) -> str:
    """A register of one family of two, as SIKS-NG writes it."""
    heading = (
        "ID DTKS|PROVINSI|KABUPATEN/KOTA|KECAMATAN|DESA/KELUARAHAN|ALAMAT|DUSUN|RT|RW|NOKK|NIK|NAMA|TANGGAL LAHIR|"
        "TEMPAT LAHIR|JENIS KELAMIN|PEKERJAAN|NAMA IBU KANDUNG|HUB KELUARGA|KETERANGAN PADAN|BANSOS BPNT|BANSOS PKH|"
        "BANSOS BPNT-PPKM|PBI JKN"
    )
    rows = [
        f"{number}|SULAWESI TENGGARA|{kabkota}|{kecamatan}|{kelurahan}|{address}||001|002|7402010101019001|"
        f"740201{day}0180900{number}|{name}|1980-01-{day}|KENDARI|L|TANI|WA|{relation}|PADAN|YA|TIDAK|TIDAK|YA"
        for number, day, relation in ((1, "01", "KEPALA KELUARGA"), (2, "02", "ANAK"))
    ]
    return "\n".join([heading, *rows]) + "\n"


def tab(context: BrowserContext, url: str) -> Screen:
    screen = Screen(context.new_page(), url)
    screen.page.on("request", lambda request: screen.requests.append(request.url))
    screen.page.on("pageerror", lambda error: screen.errors.append(str(error)))
    return screen
