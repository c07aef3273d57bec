"""Takes the pictures of the guides from the running app: `python -m docs.pictures`."""

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

from data.linkage import runs
from data.sample import build
from data.sample.demonstration import demonstrate
from data.snapshots import Store
from tests.browser.driver import ALONE, Screen, chromium, serving, tab

PICTURES: Final = Path(__file__).parent / "pictures"
KENDARI, PUUWATU, BAU_BAU = "74.71", "74.71.09", "74.72"
WIDTH, HEIGHT = 1440, 1540
ANIMATED: Final = 3_000
"""Milliseconds until a map and a chart stand still."""
SCREENS: Final[dict[str, tuple[str, int]]] = {
    "coverage": (f"/?place={KENDARI}", HEIGHT),
    "kecamatan": (f"/?place={PUUWATU}", 980),
    "poverty": (f"/kemiskinan?place={KENDARI}", 1020),
    "ppks": (f"/ppks?place={KENDARI}", 985),
    "stunting": (f"/stunting?place={KENDARI}", 1000),
    "overlap": (f"/stunting-dtks?place={KENDARI}", 1350),
    "review": (f"/tinjau?place={KENDARI}", 1100),
    "summaries": (f"/rekap?place={KENDARI}", 1000),
    "households": (f"/rumah-tangga?place={KENDARI}&updated=no", 860),
    "comparison": (f"/perbandingan?place={KENDARI}", 1005),
    "quality": (f"/kualitas?place={KENDARI}", 1005),
}
"""Picture: what is opened for it, and how much of the page it shows."""
ODD: Final = {
    "KABUPATEN/KOTA": "Kota", "KECAMATAN": "Kecamatan", "DESA/KELUARAHAN": "Kelurahan", "NOKK": "Kartu",
    "NIK": "Identitas", "NAMA": "Warga", "TANGGAL LAHIR": "Lahir", "JENIS KELAMIN": "Gender",
    "LastUpdateData": "Diubah", "BANSOS PKH": "PKH", "BANSOS BPNT": "BPNT", "PBI JKN": "PBI",
}  # fmt: skip
"""Some of the export's headings under names of an agency's own, so that the page has to ask."""
MARK: Final = ("DATA CONTOH – BUKAN DATA SEBENARNYA",)
Picture = Callable[[str, int], None]


def take(folder: Path) -> None:
    """Photographs the screens and the steps of an import with Kendari's demonstration registers.

    `folder` is where the store (`home`), the uploaded files and the server's log are put; a store that is there already
    is used.
    """
    if not (folder / "home").is_dir():
        list(demonstrate(Store(folder / "home"), KENDARI))
    runs.link(Store(folder / "home"), place=KENDARI)
    with serving(folder / "home", folder) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ALONE))
        screen = tab(browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}), server.url)

        def picture(name: str, height: int) -> None:
            screen.settled().page.wait_for_timeout(ANIMATED)
            path = PICTURES / f"{name}.png"
            screen.page.screenshot(path=path, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
            Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)

        for name, (address, height) in SCREENS.items():
            screen.open(address)
            picture(name, height)
        _import(screen, picture, folder / "files")
        browser.close()


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
