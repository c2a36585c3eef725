"""Every page under axe-core: managed login and the classic hosted UI, light and dark, on a phone and on a desk."""

from __future__ import annotations

import pytest
from support.axe import faults

from scripts.tour import PARTS

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
