"""Reviewing pairs of a matching that is written by hand."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from data.access import OWNER
from data.linkage import decisions, review, runs
from data.scope import Scope
from data.snapshots import Store
from tests.browser.driver import Screen, Server, serving, tab
from tests.browser.unmasking import alone, ask_for_numbers
from tests.builders import KENDARI, nik
from tests.linkage import by_hand

SCREEN = f"/tinjau?place={KENDARI}"
HERE = Scope(KENDARI)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("review")
    by_hand.matched(Store(folder / "home"), folder)
    with serving(folder / "home", folder) as running:
        yield running


@pytest.fixture
def store(server: Server) -> Iterator[Store]:
    """The server's store; what a test decides is taken back."""
    store = Store(server.home)
    yield store
    for item in review.queue(store, OWNER, HERE, "children", "decided").items:
        assert item.decided
        reviewer = replace(OWNER, name=item.decided.who)
        review.judge(store, reviewer, HERE, "children", item.key, "withdraw", seen=item.decided.id)


@pytest.fixture
def screen(context: BrowserContext, server: Server) -> Screen:
    context.set_default_timeout(20_000)
    return tab(context, server.url)


def verdicts(store: Store) -> list[str]:
    return [made.verdict for made in decisions.decisions(store, "children")]


def left(screen: Screen, name: str) -> None:
    """Waits until the pair of this left record is open."""
    expect(screen.page.locator(".beside tbody td").first).to_have_text(name)
    screen.settled()


def test_keys_decide_and_the_next_pair_comes(screen: Screen, store: Store) -> None:
    before = len(verdicts(store))
    screen.open(SCREEN)
    left(screen, "NADIA HARTONO")
    screen.page.keyboard.press("t")
    left(screen, by_hand.HOSTILE)
    screen.page.keyboard.press("g")
    left(screen, "ILHAM PRATAMA")
    screen.page.keyboard.press("b")
    left(screen, "ZULKIFLI BAHRI")
    assert verdicts(store)[before:] == ["accept", "unsure", "reject"]
    screen.page.keyboard.press("u")
    left(screen, "ILHAM PRATAMA")
    assert verdicts(store)[before:] == ["accept", "unsure", "reject", "withdraw"]
    assert not screen.errors
    assert screen.page.title() != "owned"


def test_no_name_and_no_number_stands_in_an_address(screen: Screen, store: Store) -> None:
    screen.open(SCREEN)
    left(screen, "NADIA HARTONO")
    screen.page.keyboard.press("ArrowRight")
    screen.page.wait_for_url("**pair=**")
    asked = " ".join([*screen.requests, screen.page.url]).upper()
    assert not [word for word in ("NADIA", "HARTONO", nik(4)) if word in asked]
    again = screen.page.url
    screen.open(again.removeprefix(screen.url))
    expect(screen.page.locator(".beside tbody td").nth(1)).to_have_text("NADIA HARTANTO 7471************")


def test_a_note_is_kept_and_its_letters_decide_nothing(screen: Screen, store: Store) -> None:
    before = len(verdicts(store))
    screen.open(SCREEN)
    left(screen, "NADIA HARTONO")
    screen.page.get_by_placeholder("Catatan (boleh kosong)").fill("")
    screen.page.get_by_placeholder("Catatan (boleh kosong)").press_sequentially("tbgu")
    assert len(verdicts(store)) == before
    screen.page.get_by_role("button", name="Bukan").click()
    expect(screen.page.locator(".beside tbody td").nth(1)).not_to_have_text("NADYA HARTONO")
    assert decisions.decisions(store, "children")[-1].note == "tbgu"


def test_numbers_are_masked_until_they_are_asked_for(context: BrowserContext, server: Server) -> None:
    screen = alone(context, server)
    screen.open(f"{SCREEN}&kind=conflict")
    left(screen, "ILHAM PRATAMA")
    assert nik(4) not in screen.page.content()
    ask_for_numbers(screen)
    expect(screen.page.locator(".beside")).to_contain_text(nik(4))


def test_two_reviewers_learn_of_each_other(screen: Screen, store: Store) -> None:
    screen.open(f"{SCREEN}&kind=conflict")
    left(screen, "ILHAM PRATAMA")
    (item,) = review.queue(store, OWNER, HERE, "children", "conflict").items
    review.judge(store, OWNER, HERE, "children", item.key, "accept")
    screen.page.get_by_role("button", name="Bukan").click()
    expect(screen.page.locator('[data-testid="stToast"]')).to_contain_text("telah memutuskan: diterima")
    screen.open(f"{SCREEN}&kind=decided")
    left(screen, "ILHAM PRATAMA")
    assert screen.page.locator(".made li").all_inner_texts()[0].startswith("bukan padanan")


def test_decisions_leave_and_come_back_as_a_file(screen: Screen, store: Store, tmp_path: Path) -> None:
    (item,) = review.queue(store, OWNER, HERE, "children", "conflict").items
    review.judge(store, OWNER, HERE, "children", item.key, "reject")
    screen.open(SCREEN)
    with screen.page.expect_download() as started:
        screen.page.get_by_role("button", name="Ekspor keputusan").click()
    file = tmp_path / "keputusan.csv"
    started.value.save_as(file)
    count = len(decisions.decisions(store))
    assert len(file.read_text().splitlines()) == count + 1
    screen.page.get_by_role("button", name="Impor keputusan").click()
    screen.page.locator('input[type="file"]').set_input_files(file)
    expect(screen.page.locator(".st-key-card_files")).to_contain_text(f"0 keputusan baru, {count} sudah ada")
    assert len(decisions.decisions(store)) == count


def test_a_kelurahan_narrows_the_queue_down_to_its_end(screen: Screen, store: Store) -> None:
    screen.open(f"{SCREEN}&kind=conflict")
    screen.page.locator(".areas button", has_text="Mandonga").last.click()
    screen.at("Mandonga")
    left(screen, "ILHAM PRATAMA")
    screen.page.get_by_role("button", name="Bukan").click()
    expect(screen.page.locator(".st-key-card_pair")).to_contain_text("sudah ditinjau")


def test_a_pair_of_an_older_matching_gives_way_to_the_first_of_the_queue(screen: Screen, store: Store) -> None:
    screen.open(f"{SCREEN}&pair=gone.1")
    left(screen, "NADIA HARTONO")


def test_a_decision_about_a_pair_that_was_matched_anew_is_not_lost_in_silence(screen: Screen, store: Store) -> None:
    before = len(verdicts(store))
    screen.open(f"{SCREEN}&kind=conflict")
    left(screen, "ILHAM PRATAMA")
    screen.page.get_by_placeholder("Catatan (boleh kosong)").fill("tetangga")
    (old,) = (run.folder for run in runs.current(store, "children", KENDARI))
    new = old.with_name("0" * len(old.name))
    told = (old / "manifest.json").read_text()
    (old / "manifest.json").write_text(told.replace(old.name, new.name))
    old.rename(new)
    try:
        screen.page.get_by_role("button", name="Bukan").click()
        expect(screen.page.locator('[data-testid="stToast"]')).to_contain_text("dipadankan ulang")
        left(screen, "ILHAM PRATAMA")
        assert len(verdicts(store)) == before
        expect(screen.page.get_by_placeholder("Catatan (boleh kosong)")).to_have_value("tetangga")
    finally:
        new.rename(old)
        (old / "manifest.json").write_text(told)


def test_where_nothing_was_matched_it_can_be_started(screen: Screen) -> None:
    screen.open("/tinjau?place=64.08")
    expect(screen.page.get_by_role("button", name="Cocokkan sekarang")).to_be_visible()


def test_it_fits_a_phone(screen: Screen, store: Store) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.open(SCREEN)
    left(screen, "NADIA HARTONO")
    assert screen.page.evaluate("document.documentElement.scrollWidth") == 390
    expect(screen.page.get_by_role("button", name="Terima")).to_be_in_viewport()
