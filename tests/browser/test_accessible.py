"""Every page under axe-core: managed login and the classic hosted UI, light and dark, on a phone and on a desk."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

import pytest

from scripts.tour import PARTS

HERE = Path(__file__).parent
NODE = HERE.parent.parent / ".venvs" / "node-axe"
LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
RUN = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core, fetched once: another process that wants it waits."""
    NODE.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "axe" / "package.json").read_text()
    stamp = NODE / "made-from"
    with (NODE.parent / "node-axe.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            (NODE / "package.json").write_text(wanted)
            command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
            ran = subprocess.run(command, cwd=NODE, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            stamp.write_text(wanted)
    return (NODE / "node_modules" / "axe-core" / "axe.min.js").read_text()


def faults(page, axe):
    page.evaluate(axe)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{width}-{scheme}: wider than the screen"
        for fault in page.evaluate(RUN):
            for node in fault["nodes"]:
                yield f"{width}-{scheme}: {fault['id']}: {node['html']}\n    {node['failureSummary']}"


WAYS = [
    pytest.param(part, version, id=f"{kind}-{part.__name__}")
    for version, kind in ((2, "managed"), (1, "classic"))
    for part in PARTS[version]
]


@pytest.mark.parametrize(("part", "version"), WAYS)
def test_no_page_has_a_fault(page, cognito_server, axe, part, version):
    found, names = [], []
    for name in part(cognito_server, page, version):
        names.append(name)
        assert page.title(), name
        found += [f"{name}-{fault}" for fault in faults(page, axe)]
    assert len(set(names)) == len(names) >= 4
    assert not found, "\n".join(found)


def test_axe_finds_what_is_wrong(page, axe):
    """Else the test above could not fail."""
    page.set_content("<html><main><input><button style='color:#777;background:#888'>Go</button></main>")
    found = " ".join(faults(page, axe))
    for rule in ("label", "color-contrast", "document-title", "html-has-lang"):
        assert rule in found
