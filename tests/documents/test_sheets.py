"""Lembar musyawarah: whom it lists, what it proposes, what it hides, and that it is booked."""

import hashlib
import io
import time
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from components.documents import bundle, files
from components.documents.bundle import Fetched
from components.documents.files import Order, Wanted
from data import audit, database, deliberation, documents, inspection
from data.access import OWNER, Refused, Viewer
from data.deliberation import EVERYBODY, OUTDATED, TO_DO
from data.scope import Scope
from data.snapshots import Store
from tests.builders import BENDE, KENDARI, MANDONGA, PONDAMBEA, in_full, nik, somebody
from tests.documents.reading import FORMULA, MARKUP, pages

OFFICER = somebody("officer", KENDARI)


def wanted(place: str = BENDE, listed: str = TO_DO, viewer: Viewer = OFFICER, unmasked: bool = False) -> Wanted:
    return Wanted(viewer, Scope(place), listed, "id", unmasked)


def sheet(store: Store, asked: Wanted) -> deliberation.Sheet:
    found = files.asked(store, asked)
    assert found
    return found


def names(found: deliberation.Sheet) -> set[str]:
    return {person.name for family in found.families for person in family}


def test_who_is_not_updated_is_proposed_with_the_reason(store: Store) -> None:
    found = sheet(store, wanted(listed=OUTDATED))
    assert names(found) == {MARKUP, FORMULA}
    proposed = {one.name: [(p.action, p.reason) for p in one.proposals] for (one,) in found.families}
    assert proposed[MARKUP][0] == ("Mutakhirkan data", "terakhir dimutakhirkan 1 Mei 2016")
    assert ("Perbaiki di Dukcapil", "NIK tidak padan") in proposed[FORMULA]


def test_everybody_can_be_listed(store: Store) -> None:
    assert sheet(store, wanted(listed=EVERYBODY)).persons == 10


def test_filters_of_a_screen_narrow_the_sheet(store: Store) -> None:
    asked = replace(wanted(listed="filtered"), scope=Scope(BENDE, filters=(("dukcapil", "no"),)))
    assert names(sheet(store, asked)) == {FORMULA}


def test_a_sheet_is_of_its_kelurahan_only(store: Store) -> None:
    assert sheet(store, wanted(PONDAMBEA, EVERYBODY)).persons == 4
    assert deliberation.kelurahan(store, OFFICER, Scope(KENDARI)) == (MANDONGA, BENDE, PONDAMBEA)


@pytest.mark.parametrize("format", files.FORMATS)
def test_numbers_are_masked_unless_asked_for_and_allowed(store: Store, format: files.Format) -> None:
    def numbers(viewer: Viewer, unmasked: bool) -> str:
        asked = wanted(listed=EVERYBODY, viewer=viewer, unmasked=unmasked)
        return text(files.booked(store, asked, sheet(store, asked), format), format)

    assert nik(9) in numbers(in_full(store), True)
    assert nik(9) not in numbers(in_full(store), False)
    assert nik(9) not in numbers(OFFICER, True)
    assert "7471************" in numbers(OFFICER, True)


def text(file: bytes, format: files.Format) -> str:
    if format == "pdf":
        return " ".join(pages(file))
    return " ".join(str(cell) for tab in openpyxl.load_workbook(io.BytesIO(file)) for row in tab.values for cell in row)


def test_hostile_names_are_text(store: Store) -> None:
    asked = wanted(listed=OUTDATED)
    found = sheet(store, asked)
    told = "".join(pages(files.pdf(found, "LM-0", "id"))).replace(" ", "")
    for name in (MARKUP, FORMULA):
        assert name.replace(" ", "") in told
    book = openpyxl.load_workbook(io.BytesIO(files.workbook(found, "LM-0", "id")))
    cells = [cell for tab in book for row in tab.iter_rows() for cell in row if cell.value in (MARKUP, FORMULA)]
    assert len(cells) >= 3
    assert {cell.data_type for cell in cells} == {"s"}


def test_sheets_can_be_signed_and_say_what_they_are(store: Store) -> None:
    *_, last = told = pages(files.pdf(sheet(store, wanted()), "LM-2021-000007", "id"))
    assert all("LM-2021-000007" in page and "DATA CONTOH" in page for page in told)
    assert "Lurah/kepala desa" in last
    assert f"halaman {len(told)} dari {len(told)}" in last
    assert "31 Januari 2021" in told[0]


def test_a_viewer_without_the_place_gets_no_sheet(store: Store) -> None:
    elsewhere = somebody("elsewhere", "31")
    with pytest.raises(Refused):
        files.asked(store, wanted(viewer=elsewhere))
    with pytest.raises(Refused):
        bundle.start(wanted(KENDARI, viewer=elsewhere), ("pdf",))
    assert not documents.entries(store, elsewhere)


def test_every_file_has_a_number_and_is_booked_with_its_hash(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    file = Order(wanted(), "pdf").file()
    assert file
    made = b"".join(file.pieces)
    newest, *others = documents.entries(store, OFFICER)
    assert newest.number in " ".join(pages(made))
    assert (newest.sha256, newest.place, newest.who, newest.masked) == (
        hashlib.sha256(made).hexdigest(), BENDE, "officer", True,
    )  # fmt: skip
    assert newest.persons == sheet(store, wanted()).persons
    assert newest.number not in {other.number for other in others}
    assert file.name == "lembar-musyawarah-74.71.08.1002-bende-2021-01-31-DATA-CONTOH.pdf"


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_a_sheet_says_its_number_in_the_log_and_the_log_the_sheets_number(store: Store, format: files.Format) -> None:
    asked = sheet(store, wanted())
    made = files.booked(store, wanted(), asked, format)
    assert asked.record
    told = text(made, format)
    assert asked.record in told
    booked = documents.entries(store, OFFICER)[0].number
    assert booked in told
    newest, *_ = inspection.entries(store, OWNER).entries
    assert (newest.action, newest.export, newest.place) == (audit.DOCUMENT, booked, BENDE)
    assert (newest.persons, newest.fields) == (asked.persons, ())


def test_the_book_holds_no_names(store: Store) -> None:
    asked = replace(wanted(), scope=Scope(BENDE, filters=(("text", "SITI"),)))
    files.booked(store, asked, sheet(store, asked), "xlsx")
    with database.reading(store) as connection:
        assert connection
        told = str(connection.execute(documents.DOCUMENTS.select()).all())
    assert "SITI" not in told
    assert MARKUP not in told


def waited(found: bundle.Bundle) -> bundle.Bundle:
    until = time.monotonic() + 60
    while found.state == "working" and time.monotonic() < until:
        time.sleep(0.05)
    return found


def test_all_kelurahan_come_as_one_zip_which_goes_when_it_is_dropped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    begun = bundle.start(wanted(KENDARI, EVERYBODY), files.FORMATS)
    assert bundle.start(wanted(KENDARI, OUTDATED), files.FORMATS) is begun
    found = waited(begun)
    assert (found.state, found.done, found.total) == ("ready", 3, 3)
    file = Fetched(found).file()
    assert file
    assert file.name == "lembar-musyawarah-74.71-DATA-CONTOH.zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(file.pieces))) as archive:
        assert sorted(name.partition("-74")[0] for name in archive.namelist()) == [
            *["Kadia/lembar-musyawarah"] * 4, *["Mandonga/lembar-musyawarah"] * 2,
        ]  # fmt: skip
    bundle.drop(found)
    until = time.monotonic() + 10
    while found.path and found.path.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert bundle.of(OFFICER) is None
    assert Fetched(found).file() is None


def test_a_bundle_can_be_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_HOME", str(store.path))
    found = bundle.start(wanted(KENDARI, EVERYBODY), files.FORMATS)
    found.gone.set()
    assert waited(found).state == "cancelled"
    assert Fetched(found).file() is None
    bundle.drop(found)
