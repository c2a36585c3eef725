"""Takes screenshots of every page of a pool's domain, or of the console: `python -m scripts.screenshots DIR`."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from cogmock.testing.server import CognitoServer
from scripts import console_tour
from scripts.tour import PARTS

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
KINDS = {"managed": 2, "classic": 1}


def main() -> int:
    parser = argparse.ArgumentParser("python -m scripts.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--console", action="store_true", help="the sections of the console instead")
    options = parser.parse_args()
    folder = options.folder
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("Chromium is needed: apt-get install chromium", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, CognitoServer() as server:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if options.console:
            shoot_console(browser, server, folder)
        else:
            shoot_pages(browser, server, folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


def shoot_pages(browser: Any, server: CognitoServer, folder: Path) -> None:
    for kind, version in KINDS.items():
        server.reset()
        page = browser.new_page()
        for part in PARTS[version]:
            for stop in part(server, page, version):
                shoot(page, folder, f"{kind}-{stop}")


def shoot_console(browser: Any, server: CognitoServer, folder: Path) -> None:
    page = browser.new_page()
    for part in (console_tour.empty, console_tour.sections):
        for stop in part(server, page):
            shoot(page, folder, stop, console_tour.WIDTHS)


def shoot(page: Any, folder: Path, name: str, widths: tuple[int, ...] = WIDTHS) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
