"""The published site as a web server hands it out, and the server of our own that does nothing else."""

import asyncio
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from components.public import Incomplete, edition, mounted, read
from data.public.site import classes, tables
from tests.editions import HOSTILE, KELURAHAN, PLACE, UNKNOWN, WITHHELD, drawing, place, publish, serving

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


def ask(server: str, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """An answer to exactly this path, which a browser would have tidied up."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


class Page(HTMLParser):
    """The cells of all tables by area, and what a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.inline: list[str] = []
        self._cells: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [str(given[name]) for name in ("src", "href") if given.get(name)]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []
        if tag == "tr" and "data-code" in given:
            self._cells = self.rows.setdefault(str(given["data-code"]), [])
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "table"):
            self._cells = None

    def handle_data(self, data: str) -> None:
        if self._cells:
            self._cells[-1] += data


def test_the_table_is_in_the_page_before_any_script_runs(site: Path) -> None:
    page = Page((site / "tabel.html").read_text(encoding="utf-8"))
    assert page.rows[PLACE][1] == "50% 500 / 1.000"
    assert page.rows[f"{PLACE}.01.1001"][:3] == ["Desa Barat 1 Barat", "80% 160 / 200", "10% 20 / 200"]
    assert page.rows[WITHHELD][1] == "dirahasiakan * / 195"
    assert page.rows[UNKNOWN][1].strip() == "tidak ada data"
    assert "withheld" in (site / "tabel.en.html").read_text(encoding="utf-8")


def test_nothing_is_written_into_a_page_that_its_policy_would_have_to_allow(site: Path) -> None:
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'" in unescape(text)
        assert "unsafe" not in text
        assert Page(text).inline == []


def test_every_address_of_a_page_lies_in_the_folder(site: Path) -> None:
    addresses = {link for path in site.glob("*.html") for link in Page(path.read_text(encoding="utf-8")).links}
    files = [link for link in addresses if not link.startswith("#")]
    assert len(files) > 10
    assert all((site / link).is_file() for link in files)
    assert not re.search(r"//[a-z0-9]", "".join((site / name).read_text() for name in ("sw.js", "screen.json")))


def test_a_withheld_number_is_in_no_file(tmp_path: Path) -> None:
    # The site is given a mark in the number's place: what is to be seen is that the mark is carried everywhere.
    site = publish(tmp_path)
    told = [path.read_text(encoding="utf-8") for path in site.rglob("*") if path.suffix in (".csv", ".html", ".js")]
    rows = [line for text in told for line in text.splitlines() if line.split(",")[2:3] == [WITHHELD]]
    assert {line.split(",")[-1] for line in rows} == {"*"}
    assert len(rows) == 6


def test_the_same_edition_gives_the_same_files(tmp_path: Path, site: Path) -> None:
    again = publish(tmp_path / "again")
    assert (again / "files.json").read_bytes() == (site / "files.json").read_bytes()


def test_names_in_an_edition_are_text_and_never_markup(tmp_path: Path) -> None:
    for path in publish(tmp_path, name=HOSTILE).glob("*.html"):
        assert "<img" not in path.read_text(encoding="utf-8")
        assert "&lt;img" in path.read_text(encoding="utf-8")


def test_every_value_stands_in_the_files_for_spreadsheets(site: Path) -> None:
    lines = (site / "csv" / f"{PLACE}-register_persons.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 2 * 2 * (1 + 2 + len(KELURAHAN))
    assert f"register_persons,lanjut usia,{PLACE}.01.1002,Desa Barat 2,kelurahan,2021-01-31,,,0" in lines


def test_a_class_withheld_or_unknown_or_nought_is_never_taken_for_another() -> None:
    share, count, _ = place()["indicators"]
    assert classes.of("*", share, "kelurahan") == "w"
    assert classes.of(None, share, "kelurahan") == "n"
    assert [classes.of(value, share, "kelurahan") for value in (0.0, 0.3, 0.7499, 0.75, 1.0)] == [
        "0",
        "1",
        "3",
        "4",
        "4",
    ]
    assert [classes.of(value, count, "kelurahan") for value in (0, 5, 10, 40)] == ["z", "0", "2", "4"]


def test_the_legend_says_classes_in_words() -> None:
    share, count, _ = place()["indicators"]
    assert [words for _, words in classes.legend(share, "kelurahan", "0", "id")] == [
        "< 30%",
        "30–45%",
        "45–60%",
        "60–75%",
        "≥ 75%",
    ]
    assert classes.legend(count, "kelurahan", "z0", "id")[0] == ("z", "0")


def test_the_order_begins_with_the_worst_and_leaves_withheld_areas_out() -> None:
    share = tables.sections(place(), drawing() | {"levels": {}, "borders": {}}, "id")[0]
    assert [row.name for row in share.ranking][-1] == "Desa Barat 1"
    assert WITHHELD not in [row.code for row in share.ranking]
    assert share.map is None


def test_where_most_of_the_smallest_areas_are_withheld_the_larger_ones_are_mapped() -> None:
    made = place()
    share = made["indicators"][0]
    assert tables.sections(made, drawing(), "id")[0].map.level == "kelurahan"
    share["cells"] |= {code: [["*", 200, "*"]] * 2 for code in KELURAHAN}
    section = tables.sections(made, drawing(), "id")[0]
    assert (section.map.level, [row.level for row in section.ranking]) == ("kecamatan", ["kecamatan"] * 2)


def test_the_folder_is_small(site: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    program = sum(size for name, size in sizes.items() if name.endswith((".js", ".css", ".woff2", ".svg")))
    assert program < 90_000, sizes


def test_an_answer_is_marked_compressed_and_not_sent_twice(server: str) -> None:
    answer, body = ask(server, "/tabel.html", accept_encoding="gzip, br")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"Kota Rekaan" in gzip.decompress(body)
    assert answer.headers["Cache-Control"] == "no-cache"
    again, nothing = ask(server, "/tabel.html", if_none_match=answer.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    head, nothing = ask(server, "/tabel.html", method="HEAD")
    assert (head.status, nothing) == (200, b"")


def test_files_with_a_mark_may_be_kept_for_good(server: str, site: Path) -> None:
    font = next((site / "site").glob("latin.*.woff2"))
    answer, body = ask(server, f"/site/{font.name}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "font/woff2"
    assert body == font.read_bytes()


def test_every_answer_carries_the_strict_headers(server: str) -> None:
    for path in ("/", "/screen.json", "/nothing-here", "/tabel.html"):
        answer, _ = ask(server, path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


OUTSIDE = (
    "/../../pyproject.toml /%2e%2e/%2e%2e/pyproject.toml /site/../../app.py //etc/passwd /index.html/.. /rahasia.csv"
)


@pytest.mark.parametrize("path", OUTSIDE.split())
def test_what_was_not_published_is_not_handed_out(server: str, site: Path, path: str) -> None:
    (site / "rahasia.csv").write_text("left here by mistake", encoding="utf-8")
    answer, body = ask(server, path)
    assert answer.status == 404
    assert b"mistake" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_the_public_server(server: str, method: str) -> None:
    assert ask(server, "/", method=method)[0].status == 405


def test_a_newer_edition_is_handed_out_once_all_of_it_is_there(tmp_path: Path) -> None:
    store = tmp_path / "public"
    publish(store / "first", updated=0.5)
    (store / "current").write_text("first\n", encoding="utf-8")
    with serving(store) as server:
        assert _edition(server) == "edition50"
        second = publish(store / "second", updated=0.6)
        view = next(second.glob(f"site/{PLACE}.*.js"))
        whole = view.read_bytes()
        view.write_bytes(whole[:100])
        (store / "current").write_text("second\n", encoding="utf-8")
        assert not _becomes(server, "edition60", seconds=2.5)
        view.write_bytes(whole)
        assert _becomes(server, "edition60", seconds=5)


def test_before_anything_is_published_the_server_says_so(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        answer, body = ask(server, "/")
        assert answer.status == 404
        assert b"Belum ada yang diterbitkan" in body
        assert b"http-equiv=refresh" in body, "a screen on a wall begins by itself"


def test_a_folder_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "components.public", str(tmp_path / "nothing")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert said.stderr.startswith("There is no folder")


def test_the_public_server_loads_nothing_that_reads_persons() -> None:
    code = (
        "import sys, components.public.__main__, data.public.site;"
        "print([name for name in ('duckdb', 'pandas', 'streamlit', 'data.queries', 'data.snapshots', 'data.lists',"
        " 'data.engine', 'data.access') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def _edition(server: str) -> str:
    return str(json.loads(ask(server, "/screen.json")[1])["edition"])


def _becomes(server: str, edition: str, seconds: float) -> bool:
    import time

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _edition(server) == edition:
            return True
        time.sleep(0.2)
    return False


def test_the_officers_app_hands_the_published_pages_out_below_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(tmp_path))
    publish(tmp_path / "public" / "first")
    (tmp_path / "public" / "current").write_text("first", encoding="utf-8")
    officers = Starlette(routes=[Mount("/publik", app=mounted())])

    async def answers(*paths: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(officers), base_url="http://padan") as browser:
            return [await browser.get(path) for path in paths]

    # A browser test of the same process has a loop running in this thread.
    with ThreadPoolExecutor(1) as beside:
        asked = beside.submit(asyncio.run, answers("/publik/tabel.html", "/publik/", "/publik/current"))
        tables, screen, outside = asked.result()
    assert "Kota Rekaan" in tables.text
    assert screen.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert outside.status_code == 404


def test_a_mark_of_the_newest_edition_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    publish(tmp_path / "elsewhere")
    (tmp_path / "public").mkdir()
    for name in ("../elsewhere", str(tmp_path / "elsewhere"), "", "."):
        (tmp_path / "public" / "current").write_text(name, encoding="utf-8")
        with pytest.raises(Incomplete):
            read(edition(tmp_path / "public"))
