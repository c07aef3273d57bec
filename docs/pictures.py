"""Takes the pictures of the guides from the running app: `python -m docs.pictures`."""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typst
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from data import accounts, eligibility
from data.access import OWNER
from data.linkage import runs
from data.sample import build
from data.sample.demonstration import demonstrate
from data.snapshots import Store
from tests.browser.driver import ALONE, Screen, chromium, serving, tab

PICTURES: Final = Path(__file__).parent / "pictures"
KENDARI, PUUWATU, WATULONDO, BAU_BAU = "74.71", "74.71.09", "74.71.09.1002", "74.72"
WIDTH, HEIGHT = 1440, 1540
SLIDE: Final = 810
"""Height of a slide as a projector has it."""
PAGE: Final = 110.0
"""Pixels of an inch of a printed page."""
ANIMATED: Final = 3_000
"""Milliseconds until a map and a chart stand still."""
SCREENS: Final[dict[str, tuple[str, int]]] = {
    "overview": (f"/?place={KENDARI}", 1290),
    "coverage": (f"/cakupan?place={KENDARI}", HEIGHT),
    "kecamatan": (f"/cakupan?place={PUUWATU}", 980),
    "poverty": (f"/kemiskinan?place={KENDARI}", 2960),
    "ppks": (f"/ppks?place={KENDARI}", 2590),
    "stunting": (f"/stunting?place={KENDARI}", 2940),
    "overlap": (f"/stunting-dtks?place={KENDARI}", 1350),
    "interventions": (f"/intervensi?place={KENDARI}", 1970),
    "households": (f"/rumah-tangga?place={KENDARI}&updated=no", 1010),
    "relation": (f"/perbandingan?place={KENDARI}", 1130),
    "peers": (f"/perbandingan?place={KENDARI}&kind=peers", 1310),
    "comparison": (f"/perubahan?place={KENDARI}", 1060),
    "quality": (f"/kualitas?place={KENDARI}", 1060),
    "review": (f"/tinjau?place={KENDARI}", 1150),
    "summaries": (f"/rekap?place={KENDARI}", 1060),
    "accounts": ("/akun", 640),
    "audit": (f"/catatan?place={KENDARI}", 1060),
}
"""Picture: what is opened for it, and how much of the page it shows."""
STEPS: Final = {
    "household": "keluarga",
    "impor-pilih": "impor",
    "impor-periksa": "impor",
    "impor-hasil": "impor",
    "impor-kolom": "impor",
    "impor-riwayat": "impor",
}
"""Pictures that are come to by clicking, and the screen that each is of."""
SLIDES: Final = {"slide-map": "worst-dtks_updated_share", "slide-list": "assigned"}
"""Pictures of slides, by the slide's key."""
DOCUMENTS: Final = ("briefing", "sheet")
"""Pictures of the first page of what is printed."""
SIGN_IN: Final = ("sign-in",)
"""The picture of what a visitor sees first."""
ACCOUNTS: Final = {
    "siti.aisyah": (("planner",), ("74.71",), "Siti Aisyah, Dinas Sosial"),
    "lurah.watulondo": (("official",), (WATULONDO,), "Lurah Watulondo"),
    "operator.kota": (("operator",), ("74.71",), "Operator SIKS-NG"),
    "inspektorat": (("auditor",), ("74.71",), "Inspektorat"),
}
"""Whom the picture of the accounts shows: roles, places, full name."""
ODD: Final = {
    "KABUPATEN/KOTA": "Kota", "KECAMATAN": "Kecamatan", "DESA/KELUARAHAN": "Kelurahan", "NOKK": "Kartu",
    "NIK": "Identitas", "NAMA": "Warga", "TANGGAL LAHIR": "Lahir", "JENIS KELAMIN": "Gender",
    "LastUpdateData": "Diubah", "BANSOS PKH": "PKH", "BANSOS BPNT": "BPNT", "PBI JKN": "PBI",
}  # fmt: skip
"""Some of the export's headings under names of an agency's own, so that the page has to ask."""
MARK: Final = ("DATA CONTOH – BUKAN DATA SEBENARNYA",)
Picture = Callable[[str, int], None]


def take(folder: Path) -> None:
    """Photographs the screens, a household, slides, documents and the steps of an import with Kendari's demonstration
    registers.

    `folder` is where the store (`home`), the uploaded files and the server's log are put; a store that is there already
    is used.
    """
    store = Store(folder / "home")
    if not store.path.is_dir():
        list(demonstrate(store, KENDARI))
    runs.link(store, place=KENDARI)
    eligibility.build(store, KENDARI)
    for account, (roles, places, full_name) in ACCOUNTS.items():
        accounts.add(store, OWNER, account, roles, places, full_name)
    with serving(store.path, folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ALONE))
        _door(browser.new_page(viewport={"width": WIDTH, "height": SLIDE}), server.url)
        screen = tab(browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}), server.url)

        def picture(name: str, height: int) -> None:
            screen.page.set_viewport_size({"width": WIDTH, "height": height})
            if screen.settled().page.locator('iframe[title="streamlit_folium.st_folium"]').count():
                screen.drawn()
            screen.page.wait_for_timeout(ANIMATED)
            screen.page.screenshot(path=PICTURES / f"{name}.png")
            _small(name)

        for name, (address, height) in SCREENS.items():
            # As tall as the picture from the start, so that nothing is laid out anew.
            screen.page.set_viewport_size({"width": WIDTH, "height": height})
            screen.open(address)
            picture(name, height)
        _household(screen, picture)
        _slides(screen, picture)
        _documents(screen)
        _import(screen, picture, folder / "files")
        browser.close()


def _door(page: Page, url: str) -> None:
    """The page of somebody who is not signed in, who is offered the accounts of the demonstration."""
    page.goto(f"{url}/masuk")
    page.wait_for_load_state("networkidle")
    for name in SIGN_IN:
        page.screenshot(path=PICTURES / f"{name}.png")
        _small(name)


def _small(name: str) -> None:
    path = PICTURES / f"{name}.png"
    Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def _household(screen: Screen, picture: Picture) -> None:
    screen.open(SCREENS["households"][0]).page.locator(".people .family a").first.click()
    screen.page.get_by_role("heading", name="Yang perlu dilengkapi").wait_for()
    picture("household", 1180)


def _slides(screen: Screen, picture: Picture) -> None:
    screen.page.set_viewport_size({"width": WIDTH, "height": SLIDE})
    screen.open(f"{SCREENS['overview'][0]}&mode=rapat")
    for name, key in SLIDES.items():
        slide = screen.page.locator(f'.slide[data-key="{key}"]')
        screen.page.keyboard.press("Home")
        for _ in range(60):
            if slide.is_visible():
                break
            screen.page.keyboard.press("ArrowRight")
        slide.wait_for()
        picture(name, SLIDE)


def _documents(screen: Screen) -> None:
    """The first page of each, as it leaves the printer."""
    screen.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    screen.open(SCREENS["overview"][0])
    _printed(screen, "briefing", "Bahan rapat (PDF)")
    screen.open(f"/?place={WATULONDO}").page.get_by_role("button", name="Lembar musyawarah").click()
    screen.settled()
    _printed(screen, "sheet", "Lembar (PDF)")


def _printed(screen: Screen, name: str, button: str) -> None:
    with screen.page.expect_download(timeout=120_000) as fetched:
        screen.page.get_by_role("button", name=button, exact=True).click()
    with tempfile.TemporaryDirectory() as folder:
        fetched.value.save_as(Path(folder) / "printed.pdf")
        page = Path(folder) / "page.typ"
        page.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("printed.pdf")')
        typst.compile(page, output=PICTURES / f"{name}.png", format="png", ppi=PAGE)
    _small(name)


def _import(screen: Screen, picture: Picture, folder: Path) -> None:
    """The steps of an import: choose, check, answer, report, history."""
    page = screen.open("/impor").page
    picture("impor-pilih", 360)
    clear, odd = _files(folder)
    page.locator("input[type=file]").set_input_files(clear)
    store = page.get_by_role("button", name="Simpan", exact=True)
    store.wait_for(timeout=60_000)
    picture("impor-periksa", 588)
    store.click()
    page.get_by_text("3 · Hasil").wait_for(timeout=120_000)
    picture("impor-hasil", 1300)
    page.get_by_role("button", name="Bersihkan daftar ini").click()
    page.locator("input[type=file]").set_input_files(odd)
    page.get_by_role("button", name="Simpan dengan kolom ini").wait_for(timeout=60_000)
    picture("impor-kolom", 1055)
    page.get_by_role("button", name="Jangan impor").click()
    history = page.get_by_text("Riwayat", exact=True)
    history.wait_for()
    screen.settled().page.get_by_role("button", name="Hapus").first.click()
    page.get_by_role("button", name="Ya, hapus").wait_for()
    picture("impor-riwayat", 700)


def _files(folder: Path) -> tuple[Path, Path]:
    """A register that is clear at once, and the same as an agency's own list."""
    clear = build(folder, BAU_BAU, scale=0.4, latest=1)[0].path
    with clear.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source, delimiter="|"))
    odd = folder / "daftar-dinas-2024-06-30.csv"
    with odd.open("w", encoding="utf-8", newline="") as target:
        lines = csv.writer(target, delimiter=";")
        lines.writerows([MARK, ODD.values()])
        lines.writerows([row[heading] for heading in ODD] for row in rows)
    return clear, odd


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        take(Path(name))
