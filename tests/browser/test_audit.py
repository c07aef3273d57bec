"""Catatan akses: what an auditor finds there, and nobody else."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import text

from data import audit, database, inspection, queries
from data.access import OWNER, Viewer
from data.definitions.roles import rights_of
from data.scope import Scope
from data.snapshots import Store
from tests.browser.driver import HOSTILE, Screen, Server, enter, serving, signed_in, tab
from tests.builders import KENDARI, people, register, stored

SCREEN = "/catatan"
ANI = Viewer("ani.planner", (KENDARI,), rights_of(("planner",)), session="S-1", address="10.0.0.7")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Looks in Kendari and elsewhere, one export, an account whose name is markup."""
    folder = tmp_path_factory.mktemp("log")
    store = Store(folder / "home")
    stored(store, register(folder / "dtks.csv", people(3)), place=KENDARI)
    for page in range(1, 56):
        audit.seen(store, ANI, queries.people, {"scope": Scope(KENDARI), "page": page}, 50)
    audit.seen(store, ANI, queries.listing, {"scope": Scope(KENDARI)}, 2750, leaves=True)
    audit.record(store, Viewer(HOSTILE, (KENDARI,), address=HOSTILE), HOSTILE, about=HOSTILE, reason=HOSTILE)
    audit.record(store, Viewer("jakarta", ("31",)), "sign-in")
    with serving(folder / "home", folder) as running:
        yield running


@pytest.fixture
def auditor(context: BrowserContext, server: Server) -> Screen:
    """Somebody who watches over Kendari."""
    enter(context, server.url, signed_in(server.home, "rosna", ("auditor",), (KENDARI,)))
    return tab(context, server.url)


def shown(screen: Screen) -> list[str]:
    return screen.page.locator(".log tbody tr").all_inner_texts()


def found(screen: Screen, count: int) -> None:
    expect(screen.page.locator(".st-key-log_head .card-head")).to_contain_text(re.compile(rf"^Entri\s*{count} "))
    screen.settled()


def test_an_auditor_sees_who_looked_in_the_own_area_and_that_the_log_is_whole(auditor: Screen, server: Server) -> None:
    auditor.open(SCREEN)
    expect(auditor.page.locator(".chain.whole")).to_contain_text("Catatan utuh")
    expect(auditor.page.locator(".log-sums dd").nth(0)).to_contain_text("55")
    expect(auditor.page.locator(".log-sums dd").nth(1)).to_contain_text("1")
    told = shown(auditor)
    assert len(told) == inspection.SIZE
    assert "jakarta" not in auditor.text()
    assert any(HOSTILE in row for row in told), "as text"
    assert auditor.page.title() != "owned"
    assert auditor.errors == []


def test_the_log_is_searched_paged_and_nothing_of_the_search_enters_the_address(auditor: Screen) -> None:
    auditor.open(SCREEN)
    auditor.page.locator(".st-key-log_who input").fill("ani.pla")
    auditor.page.keyboard.press("Enter")
    found(auditor, 56)
    auditor.page.get_by_test_id("stPaginationNext").click()
    expect(auditor.page.locator(".log tbody tr")).to_have_count(6)
    auditor.settled()
    auditor.page.get_by_text("Hanya yang keluar dari sistem").click()
    found(auditor, 1)
    assert [word for word in ("Mengekspor daftar", "2.750", "ani.planner") if word in shown(auditor)[0]] == [
        "Mengekspor daftar",
        "2.750",
        "ani.planner",
    ]
    assert "ani" not in auditor.page.url
    auditor.page.get_by_role("button", name="Hapus saringan").click()
    expect(auditor.page.locator(".log tbody tr")).to_have_count(inspection.SIZE)


def test_what_was_found_is_taken_out_as_a_file_and_that_is_entered(auditor: Screen, server: Server) -> None:
    auditor.open(SCREEN)
    auditor.page.locator(".st-key-log_who input").fill("ani.pla")
    auditor.page.keyboard.press("Enter")
    found(auditor, 56)
    with auditor.page.expect_download() as download:
        auditor.page.get_by_role("button", name="XLSX").click()
    made = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), read_only=True)
    rows = [row for sheet in made.worksheets for row in sheet.iter_rows(values_only=True)]
    newest = inspection.entries(Store(server.home), OWNER).entries[0]
    assert (newest.action, newest.who) == (inspection.TAKEN, "rosna")
    assert ("Nomor catatan", newest.number) in {row[:2] for row in rows}
    assert sum(str(row[0]).startswith("J-") for row in rows if row) == 56


def test_whoever_opens_a_list_stands_in_the_log(context: BrowserContext, server: Server) -> None:
    screen = tab(context, server.url)
    before = inspection.entries(Store(server.home), OWNER, inspection.Search(who="penguji", action="look")).total
    screen.open(f"/rumah-tangga?place={KENDARI}")
    screen.open(SCREEN)
    expect(screen.page.locator(".log tbody")).to_contain_text("penguji")
    looks = inspection.entries(Store(server.home), OWNER, inspection.Search(who="penguji", action="look"))
    assert looks.total == before + 1
    newest = looks.entries[0]
    assert (newest.place, newest.persons, newest.address) == (KENDARI, 3, "127.0.0.1")


def test_who_may_not_read_the_log_reads_nothing_of_it(context: BrowserContext, server: Server) -> None:
    enter(context, server.url, signed_in(server.home, "wa.ode", ("planner",), (KENDARI,)))
    screen = tab(context, server.url).open(SCREEN)
    assert screen.page.locator(".log, .chain, .log-sums").count() == 0
    assert "ani.planner" not in screen.page.content()


def test_a_log_that_was_changed_is_called_so_with_where(auditor: Screen, server: Server) -> None:
    store = Store(server.home)

    def change(connection: object, who: str) -> None:
        execute = connection.execute  # type: ignore[attr-defined]
        execute(text("DROP TRIGGER IF EXISTS audit_log_no_UPDATE"))
        execute(text("UPDATE audit_log SET who = :who WHERE number = 7"), {"who": who})

    database.write(store, lambda connection: change(connection, "somebody else"))
    auditor.open(SCREEN)
    auditor.page.get_by_role("button", name="Periksa dari entri pertama").click()
    expect(auditor.page.locator(".chain.broken")).to_contain_text("Catatan tidak utuh")
    expect(auditor.page.locator(".chain.broken")).to_contain_text("-000007")
    database.write(store, lambda connection: change(connection, "ani.planner"))
    auditor.page.get_by_role("button", name="Periksa dari entri pertama").click()
    expect(auditor.page.locator(".chain.whole")).to_contain_text("Catatan utuh")
