"""Takes the pictures of the guide from the running app: `python -m docs.pictures`."""

import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

from data.sample import build
from data.sample.demonstration import demonstrate
from data.snapshots import Store
from tests.browser.driver import ALONE, chromium, serving, tab

PICTURES: Final = Path(__file__).parent / "pictures"
KENDARI, PUUWATU, BAU_BAU = "74.71", "74.71.09", "74.72"
WIDTH, HEIGHT = 1440, 1540
ANIMATED: Final = 3_000
"""Milliseconds until a map and a chart stand still."""


def take() -> None:
    """Builds Kendari's demonstration registers in a store of their own, imports another file, and photographs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list(demonstrate(Store(folder / "home"), KENDARI))
        upload = build(folder / "files", BAU_BAU, scale=0.4, latest=1)[0].path
        with serving(folder / "home", folder) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(ALONE))
            screen = tab(browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}), server.url)

            def picture(name: str, height: int) -> None:
                screen.settled().page.wait_for_timeout(ANIMATED)
                path = PICTURES / f"{name}.png"
                screen.page.screenshot(path=path, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
                Image.open(path).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)

            screen.open(f"/?place={KENDARI}")
            picture("coverage", HEIGHT)
            screen.open(f"/?place={PUUWATU}")
            picture("kecamatan", 980)
            screen.open(f"/rumah-tangga?place={KENDARI}&updated=no")
            picture("households", 860)
            screen.open("/impor").page.locator("input[type=file]").set_input_files(upload)
            screen.settled().page.get_by_role("button", name="Impor", exact=True).click()
            screen.page.get_by_text("Tersimpan: ").wait_for()
            picture("imports", 1240)
            browser.close()


if __name__ == "__main__":
    take()
