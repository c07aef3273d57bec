"""What a file, a note, a reason or an account says is text: on every screen, in every document, in every table."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from components.documents import files
from components.documents.files import Wanted
from components.navigation import SCREENS
from data.__main__ import main
from data.access import OWNER
from data.deliberation import EVERYBODY
from data.linkage import decisions
from data.scope import Scope
from data.snapshots import Store
from data.visible import visible
from tests.builders import BENDE, KENDARI, contents
from tests.documents.reading import pages
from tests.security import poison
from tests.security.conftest import Watched
from tests.security.poison import PAYLOADS

IMAGE = "<img src=x onerror="
LISTS = ("dtks", "eppgbm", "krs", "dtsen", "p3ke", "ppks", "outreach", "recipients")
SCREENS_OF = (
    *(f"/{address}?place={KENDARI}" for key, (address, _) in SCREENS.items() if key != "overview"),
    f"/?place={KENDARI}",
    f"/?place={KENDARI}&mode=rapat",
    f"/stunting?place={BENDE}&mode=rapat",
    *(f"/rumah-tangga?place={KENDARI}&register={key}" for key in LISTS),
    f"/rumah-tangga?place={KENDARI}&post={PAYLOADS[0]}&category={PAYLOADS[1]}&sort={PAYLOADS[0]}",
    f"/ringkasan?place={PAYLOADS[0]}&indicator={PAYLOADS[1]}&register={PAYLOADS[2]}&lang={PAYLOADS[3]}",
    f"/tinjau?place={KENDARI}&linkage={PAYLOADS[0]}&pair={PAYLOADS[1]}&kind={PAYLOADS[2]}",
    "/masuk?next=//outside.example&lang=%22%3E%3Cscript%3E",
    f"/masuk?next=javascript:{PAYLOADS[0]}",
    f"/unduh/{PAYLOADS[0]}",
    f"/sandi?next={PAYLOADS[4]}",
)
SHOWS = {"rumah-tangga": IMAGE, "tinjau": "<script>", "impor": IMAGE, "akun": IMAGE, "catatan": "&lt;img src=x"}
"""Screens on which an attempt must be read, else nothing would have been tried there."""


@pytest.fixture
def unharmed(there: Watched) -> Iterator[Watched]:
    """The tab; afterwards nothing may have happened in it."""
    for noted in (there.harm, there.screen.requests, there.screen.errors):
        noted.clear()
    yield there
    assert not there.harm
    assert not there.screen.errors


@pytest.mark.parametrize("address", SCREENS_OF)
def test_attempts_do_nothing_on_any_screen(unharmed: Watched, address: str) -> None:
    said = unharmed.walk(quote(address, safe="/?&=:"))
    assert next((sign for name, sign in SHOWS.items() if address == f"/{name}?place={KENDARI}"), "") in said


def test_attempts_do_nothing_in_a_household(unharmed: Watched) -> None:
    unharmed.walk(f"/rumah-tangga?place={KENDARI}")
    unharmed.screen.page.locator('a[href*="keluarga"]', has_text=IMAGE).first.click()
    unharmed.screen.page.wait_for_url("**/keluarga**")
    expect(unharmed.screen.page.locator("h1")).not_to_have_text("")
    unharmed.screen.settled()
    assert IMAGE in unharmed.look()


def test_attempts_do_nothing_on_slides(unharmed: Watched) -> None:
    unharmed.walk(f"/?place={KENDARI}&mode=rapat")
    for _ in range(8):
        unharmed.screen.page.keyboard.press("ArrowRight")
        unharmed.screen.page.wait_for_timeout(150)
        unharmed.look()


def test_attempts_do_nothing_while_they_are_imported(unharmed: Watched, store: Store) -> None:
    page = unharmed.screen.page
    unharmed.walk("/impor")
    file = next(store.path.parent.glob("krs *.csv"))
    page.set_input_files('input[type="file"]', [{"name": f"{PAYLOADS[0]}.csv", "mimeType": "text/csv",
                                                 "buffer": file.read_bytes()[:-40]}])  # fmt: skip
    expect(page.get_by_text(PAYLOADS[0] + ".csv")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Koreksi").first.click()
    expect(page.locator(".mapping")).to_be_visible()
    unharmed.screen.settled()
    assert "Kolom <img" in unharmed.look()


@pytest.mark.parametrize("register", LISTS)
def test_attempts_are_texts_in_every_file(
    store: Store, register: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    asked = ["people", "--place", KENDARI, "--registry", register, "--format"]
    for format in ("csv", "xlsx", "json", "parquet"):
        assert main([*asked, format, "-o", str(tmp_path / f"a.{format}")]) == 0
    assert not poison.computed((tmp_path / "a.csv").read_text("utf-8-sig"))
    assert not poison.formulas((tmp_path / "a.xlsx").read_bytes())
    listed = json.dumps(json.loads((tmp_path / "a.json").read_text("utf-8")), ensure_ascii=False).lower()
    assert all(json.dumps(text, ensure_ascii=False)[1:-1].lower() in listed for text in PAYLOADS[:15])


def test_attempts_are_texts_in_a_deliberation_sheet(store: Store) -> None:
    found = files.asked(store, Wanted(OWNER, Scope(BENDE), EVERYBODY, "id", False))
    assert found
    told = "".join(pages(files.pdf(found, "LM-0", "id"))).replace(" ", "").lower()
    shown = [text for text in PAYLOADS if text.replace(" ", "").lower() in told]
    assert len(shown) >= 5
    assert "root:" not in told
    assert not poison.formulas(files.workbook(found, "LM-0", "id"))


def test_notes_are_texts_in_a_file_of_decisions(store: Store, tmp_path: Path) -> None:
    assert decisions.export(store, OWNER, tmp_path / "a.csv") >= 4
    said = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert IMAGE in said
    assert not poison.computed(said)


def test_signs_that_cannot_be_seen_never_reach_a_name(store: Store) -> None:
    names = [row["name"] or "" for snapshot in store.snapshots() for row in contents(snapshot) if "name" in row]
    assert len(names) > 300
    assert [name for name in names if name != visible(name)] == []
