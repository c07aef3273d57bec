"""What every answer says to the browser, and that a page of another origin gets nothing out of it."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from components.headers import FRAME, PLAIN, POLICIES, SCREEN, SEALED, policy
from components.navigation import SCREENS
from data.accounts import COOKIE
from tests.browser.driver import Server, enter

MAP = "/component/streamlit_folium.st_folium/index.html"
ADDRESSES = (
    *(f"/{address}" for address, _ in SCREENS.values()),
    "/", "/masuk", "/sandi", "/sesi", "/keluar", "/nothing-like-it", "/unduh/none", "/lokal/padan.css", "/lokal/none",
    "/geo/74.71/kelurahan.geojson", "/geo/99.99/kelurahan.geojson", "/_stcore/health", "/_stcore/metrics",
    "/_stcore/host-config", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/media/none.csv", MAP,
    "/_stcore/upload_file/none/none", "/component/none/x.js", "/_stcore/bidi-components/none/x.js", "/app/static/none",
)  # fmt: skip
DANGEROUS = ("'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "ws:", "wss:", "*", "filesystem:")


def ask(
    server: Server, path: str, method: str = "GET", signed_in: bool = True, body: str | None = None, **told: str
) -> http.client.HTTPResponse:
    """The answer as it stands on the wire; a redirect is not followed."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    cookie = {"Cookie": f"{COOKIE}={server.token}"} if signed_in else {}
    connection.request(method, path, body, cookie | told)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def directives(answer: http.client.HTTPResponse) -> dict[str, str]:
    told = answer.getheader("Content-Security-Policy") or ""
    return {name: rest for part in told.split("; ") for name, _, rest in [part.partition(" ")]}


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_says_what_may_run_and_who_may_frame_it(server: Server, path: str, signed_in: bool) -> None:
    answer = ask(server, path, signed_in=signed_in)
    assert directives(answer) == dict(policy(path))
    assert len(answer.headers.get_all("Content-Security-Policy") or []) == 1
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Referrer-Policy") == "same-origin"
    assert answer.getheader("Cross-Origin-Opener-Policy") == "same-origin"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert "camera=()" in (answer.getheader("Permissions-Policy") or "")
    assert answer.getheader("Strict-Transport-Security") is None
    assert answer.getheader("Access-Control-Allow-Origin") in (None, "http://127.0.0.1:8501")


@pytest.mark.parametrize(
    "path", [f"/{address}" for address, _ in SCREENS.values()] + ["/", "/masuk", "/unduh/none", "/sesi"]
)
def test_pages_and_files_by_name_are_never_kept_by_a_browser(server: Server, path: str) -> None:
    assert ask(server, path).getheader("Cache-Control") == "no-store"


def test_only_what_names_nobody_may_be_kept(server: Server) -> None:
    assert "max-age" in (ask(server, "/lokal/padan.css").getheader("Cache-Control") or "")
    assert ask(server, "/geo/74.71/kelurahan.geojson?v=none").getheader("Cache-Control") == "no-cache"
    assert ask(server, "/media/none.csv").getheader("Cache-Control") == "no-store"


def test_no_policy_names_another_origin_and_scripts_are_never_inline() -> None:
    every = (SCREEN, PLAIN, SEALED, FRAME)
    assert all(one in every for _, one in POLICIES)
    for one in every:
        assert one["default-src"] == one["base-uri"] == "'none'"
        assert not [word for value in one.values() for word in value.split() if word in DANGEROUS[2:] or "//" in word]
        assert one["frame-ancestors"] == ("'self'" if one is FRAME else "'none'")
    for one in (SCREEN, PLAIN):
        assert not set(DANGEROUS) & set(one["script-src"].split())
    assert "'unsafe-inline'" not in PLAIN["style-src"]
    assert "script-src" not in SEALED


def test_the_only_frame_with_loose_scripts_is_the_map() -> None:
    assert [path for path, one in POLICIES if one is FRAME] == ["/component/streamlit_folium.st_folium/"]


def test_a_browser_is_told_to_stay_with_https_once_it_came_by_it(server: Server) -> None:
    """As the proxy on the same machine says it."""
    told = ask(server, "/masuk", signed_in=False, **{"X-Forwarded-Proto": "https"})
    assert told.getheader("Strict-Transport-Security") == "max-age=31536000"


class _Foreign(BaseHTTPRequestHandler):
    """A page of another origin: it frames, opens, fetches and posts."""

    target = ""

    def do_GET(self) -> None:
        own = f"""<!doctype html><title>none</title><iframe id=a src="{self.target}/"></iframe>
        <iframe id=b src="{self.target}{MAP}"></iframe><script>
        const said = []; const note = (what) => {{ said.push(what); document.title = said.join(","); }};
        async function attempt() {{
          for (const path of ["/_stcore/health", "/geo/74.71/kelurahan.geojson", "/lokal/padan.css", "/sesi"])
            await fetch("{self.target}" + path, {{ credentials: "include" }})
              .then(() => note("read"), () => note("no"));
          await new Promise((done) => {{ const image = new Image(); image.onload = () => {{ note("shown"); done(); }};
            image.onerror = () => {{ note("no"); done(); }}; image.src = "{self.target}/lokal/icon.svg"; }});
          await new Promise((done) => {{
            const socket = new WebSocket("{self.target}/_stcore/stream".replace("http", "ws"), ["streamlit"]);
            socket.onopen = () => {{ note("open"); done(); }};
            socket.onerror = () => {{ note("no"); done(); }}; }});
          const opened = window.open("{self.target}{MAP}");
          await new Promise((done) => setTimeout(done, 1500));
          const told = {{ type: "streamlit:render", args: {{ script: "document.title='owned'" }} }};
          try {{ opened.postMessage(told, "*"); }} catch (error) {{ }}
          note(opened && !opened.closed ? "opened" : "apart");
          note("done");
        }}
        attempt();</script>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(own.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def foreign(server: Server) -> Iterator[str]:
    _Foreign.target = server.url
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Foreign)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_page_of_another_origin_frames_reads_and_steers_nothing(
    browser: Browser, server: Server, foreign: str
) -> None:
    context = browser.new_context()
    enter(context, server.url, server.token)
    page = context.new_page()
    page.goto(foreign)
    page.wait_for_function("document.title.endsWith('done')", timeout=30_000)
    assert page.title().split(",") == ["no"] * 6 + ["apart", "done"]
    assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"] * 2
    assert [one.title() for one in context.pages[1:] if "owned" in one.title()] == []
    context.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
@pytest.mark.parametrize("origin", ["http://outside.example", "null", "http://127.0.0.1:1", ""])
def test_an_upload_from_elsewhere_is_refused(server: Server, method: str, origin: str) -> None:
    told = {"Origin": origin} if origin else {}
    answer = ask(server, "/_stcore/upload_file/none/none", method, **told)
    assert answer.status in (401, 403)


def test_an_upload_without_the_mark_of_the_page_is_refused(server: Server) -> None:
    answer = ask(server, "/_stcore/upload_file/none/none", "PUT", **{"Origin": server.url, "X-Xsrftoken": "guessed"})
    assert (answer.status, answer.getheader("Content-Type")) == (403, "text/plain; charset=utf-8")


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/mcp"])
def test_programs_get_no_way_in_besides_the_screens(server: Server, path: str) -> None:
    said = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    told = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    for origin in ({}, {"Origin": server.url}):
        answer = ask(server, path, "POST", body=json.dumps(said), **told, **origin)
        assert answer.status in (400, 403)
        assert not origin or b"not_available" in answer.body  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    ["//outside.example", "/..%2f..%2fetc/passwd", "/lokal/..%2f..%2fapp.py", "/component/../x", "/%00", "/\\\\x"],
)
def test_crooked_addresses_lead_nowhere(server: Server, path: str) -> None:
    answer = ask(server, path)
    assert b"root:" not in answer.body  # type: ignore[attr-defined]
    assert b"streamlit run" not in answer.body  # type: ignore[attr-defined]
    assert answer.status >= 300 or directives(answer)["default-src"] == "'none'"
    assert not (answer.getheader("Location") or "/").startswith(("//", "http"))


@pytest.mark.parametrize(("path", "told"), [("/", {"X-Long": "x" * 200_000}), ("/" + "x" * 200_000, {})])
def test_a_request_without_end_is_refused_before_it_is_read(server: Server, path: str, told: dict[str, str]) -> None:
    with contextlib.suppress(ConnectionError):  # it may hang up
        assert ask(server, path, **told).status >= 400
    assert ask(server, "/_stcore/health").status == 200
