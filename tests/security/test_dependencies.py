"""The audit of what Padan stands on: what it says of a known hole, of a silent service, and of our own pins."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.driver import ROOT


class _Service(BaseHTTPRequestHandler):
    """Speaks as the open vulnerability service does; of Jinja2 it knows a hole, and it says which pins it was asked."""

    asked: set[str] = set()  # noqa: RUF012
    holed = ""

    def do_POST(self) -> None:
        name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
        self.asked.add(name)
        package = {"name": name, "ecosystem": "PyPI"}
        fixed = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]
        hole = {"id": "TEST-2026-1", "summary": "a hole", "affected": [{"package": package, "ranges": fixed}]}
        body = json.dumps({"vulns": [hole]} if name == self.holed else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/v1/query"
    running.shutdown()
    running.server_close()


def audit(service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ".ci/audit", *arguments], cwd=ROOT, env=os.environ | {"PADAN_OSV_URL": service},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


def test_a_pin_with_a_known_hole_fails_and_every_pin_is_asked_about(service: str) -> None:
    _Service.holed = "jinja2"
    done = audit(service)
    assert done.returncode == 1
    assert "WRONG: jinja2 " in done.stdout
    assert "TEST-2026-1, mended in 99.0" in done.stdout
    assert {"streamlit", "starlette", "duckdb", "pytest", "urllib3"} <= _Service.asked
    assert "NOTICE" not in done.stdout


def test_a_silent_service_is_said_aloud_and_fails_nothing() -> None:
    done = audit("http://127.0.0.1:1/v1/query")
    assert "NOT compared with known holes" in done.stdout
    assert (done.returncode, "WRONG" in done.stdout) == (0, False), done.stdout


def test_the_bill_of_materials_names_every_pin(tmp_path: pytest.TempPathFactory) -> None:
    audit("", "--offline", "--sbom", f"{tmp_path}/bill.json")
    with open(f"{tmp_path}/bill.json", encoding="utf-8") as file:
        bill = json.load(file)
    named = {(part["name"], part["version"]) for part in bill["components"]}
    assert bill["specVersion"] == "1.6"
    assert "streamlit" in {name for name, _ in named}
    assert len(named) > 60
