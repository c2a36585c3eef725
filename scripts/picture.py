"""Takes the picture of the README, a sign-in beside the console: `python -m scripts.picture`. Needs Chromium."""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cogmock.cli import demo
from cogmock.testing.server import CognitoServer

TARGET = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "sign-in-and-console.png"
BESIDE = """
<style>body{{margin:0;padding:28px;display:flex;gap:24px;background:#dfe5ec;width:max-content}}
img{{border-radius:10px;box-shadow:0 6px 24px rgb(16 24 32/.18);height:760px}}</style>
<img src="data:image/png;base64,{}"><img src="data:image/png;base64,{}">
"""


def main() -> int:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("Chromium is needed: apt-get install chromium", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    TARGET.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright, CognitoServer(port=0) as server:
        demo.fill(server.url)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        left, right = _sign_in(browser, server.url), _console(browser, server.url)
        page = browser.new_page(viewport={"width": 1700, "height": 816})
        page.set_content(BESIDE.format(*(base64.b64encode(each).decode() for each in (left, right))))
        page.locator("body").screenshot(path=TARGET)
        browser.close()
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
    return 0


def _sign_in(browser: Any, url: str) -> bytes:
    """The page that asks for a code, after a forgotten password."""
    page = browser.new_page(viewport={"width": 420, "height": 760})
    callback = f"{url}/_cogmock/callback"
    asked = {"client_id": demo.CLIENT, "response_type": "code", "redirect_uri": callback}
    page.goto(f"{url}/login?{urlencode(asked)}")
    page.fill("input[name=username]", demo.USER)
    page.keyboard.press("Enter")
    page.fill("input[name=password]", "Wr0ng-Horse!")
    page.keyboard.press("Enter")
    page.get_by_text("Incorrect username or password").wait_for()
    page.goto(f"{url}/forgotPassword?{urlencode(asked)}")
    page.fill("input[name=username]", demo.USER)
    page.keyboard.press("Enter")
    page.locator("input[name=code]").wait_for()
    picture: bytes = page.screenshot()
    return picture


def _console(browser: Any, url: str) -> bytes:
    page = browser.new_page(viewport={"width": 1180, "height": 760})
    page.goto(f"{url}/_cogmock/ui/calls")
    page.get_by_text("the password is wrong").first.click()
    page.wait_for_timeout(500)
    picture: bytes = page.screenshot()
    return picture


if __name__ == "__main__":
    sys.exit(main())
