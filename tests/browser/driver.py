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

from data import accounts
from data.access import OWNER
from data.definitions.roles import ROLES
from data.snapshots import Store

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


PASSWORD = "empat kuda makan jagung"


@dataclass
class Server:
    """A running app. Whoever opens a tab at it is signed in as somebody who may everything, unless told otherwise."""

    url: str
    home: Path
    log: Path
    token: str = ""


_running: dict[str, Server] = {}
"""By address."""


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
        server = Server(f"http://127.0.0.1:{port}", home, log)
        try:
            server.token = signed_in(home)
            _running[server.url] = server
            yield _ready(server, running)
        finally:
            _running.pop(server.url, None)
            running.terminate()
            running.wait(20)
            accounts.sign_out(Store(home), server.token)


def signed_in(
    home: Path, name: str = "penguji", roles: tuple[str, ...] = tuple(ROLES), places: tuple[str, ...] = ("",)
) -> str:
    """The token of somebody who has just signed in at this store, with an account that is made where there is none."""
    store = Store(home)
    if not any(listed.account.name == name for listed in accounts.listing(store, OWNER)):
        first = accounts.add(store, OWNER, name, roles, places)
        session = accounts.sign_in(store, name, first, "127.0.0.1")
        return accounts.change_password(store, session.token, first, PASSWORD, PASSWORD, "127.0.0.1").token
    return accounts.open_session(store, name, "127.0.0.1").token


def enter(context: BrowserContext, url: str, token: str) -> None:
    """Gives a browser the cookie of a session."""
    context.add_cookies([{"name": accounts.COOKIE, "value": token, "url": url, "httpOnly": True, "sameSite": "Lax"}])


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
    """A tab of somebody who is signed in, unless the browser has a session already or the server is not one of ours."""
    known = any(cookie.get("name") == accounts.COOKIE for cookie in context.cookies(url))
    if url in _running and not known:
        enter(context, url, _running[url].token)
    screen = Screen(context.new_page(), url)
    screen.page.on("request", lambda request: screen.requests.append(request.url))
    screen.page.on("pageerror", lambda error: screen.errors.append(str(error)))
    return screen
