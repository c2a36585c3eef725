"""A real browser, and pages for it on an origin of their own."""

from __future__ import annotations

import os
import shutil
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support import npm

from cogmock.httpd.tls import authority_path

HERE = Path(__file__).parent
NODE = HERE.parent.parent / ".venvs" / "node-axe"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def launch():
    """Starts the Chromium of the machine, without a window. `rules` give host names other addresses; `flags` are more."""
    from playwright.sync_api import expect, sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, (
        "these tests need Chromium: apt-get install chromium, or leave them out with -m 'not browser'"
    )
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:

        def launched(rules="", flags=(), **how):
            named = [f"--host-resolver-rules={rules}"] if rules else []
            return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *named, *flags], **how)

        yield launched


@pytest.fixture(scope="session")
def chromium(launch):
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def trusting_home(tmp_path_factory):
    """The environment of a Chromium that trusts cogmock's certificate authority, as the documentation says."""
    assert shutil.which("certutil"), "these tests need certutil: apt-get install libnss3-tools"
    home = tmp_path_factory.mktemp("home")
    folder = home / ".pki" / "nssdb"
    folder.mkdir(parents=True)
    npm.run(["certutil", "-d", f"sql:{folder}", "-N", "--empty-password"])
    npm.run(
        [
            "certutil",
            "-d",
            f"sql:{folder}",
            "-A",
            "-t",
            "C,,",
            "-n",
            "cogmock",
            "-i",
            authority_path(time.time),
        ]
    )
    return {**os.environ, "HOME": str(home)}


@pytest.fixture(scope="session")
def trusting(launch, trusting_home):
    browser = launch(env=trusting_home)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def modules():
    """Packages for pages, installed once."""
    return npm.installed()


@pytest.fixture
def page(chromium):
    """A fresh page. What goes wrong in it fails the test."""
    context = chromium.new_context()
    faults = []
    opened = context.new_page()
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    yield opened
    context.close()
    assert not faults


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere(tmp_path):
    """An empty page on another origin: its URL."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Shop</title><link rel=icon href='data:,'>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core, fetched once: another process that wants it waits."""
    modules = npm.made(NODE, (HERE / "axe" / "package.json").read_text())
    return (modules / "axe-core" / "axe.min.js").read_text()
