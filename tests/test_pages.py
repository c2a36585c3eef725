"""The code blocks of the README and of docs/ run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

ROOT = Path(__file__).resolve().parent.parent
OWN = re.compile("https://github.com/cogmock/cogmock/(?:blob|raw)/main/")
OPTIONAL = {"bcrypt"}
"""Libraries of cogmock's extras that blocks use."""
FILES = re.compile(r"```yaml\n# (\S+\.yaml)\n(.*?)```", re.DOTALL)
"""A block of YAML that begins with the name of a file is that file for the page's other blocks."""
ELSEWHERE = "<!-- The blocks below run in the environment of "
"""Stands before blocks that need libraries of another environment, where a test in tests/clients runs the page."""
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run(page, tmp_path, monkeypatch):
    for name, block in FILES.findall(page.read_text(encoding="utf-8")):
        (tmp_path / name).write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(page)
    end = document.text.find(ELSEWHERE)
    for example in document.examples():
        if 0 <= end < example.region.start:
            break
        try:
            example.evaluate()
        except ModuleNotFoundError as missing:
            if missing.name not in OPTIONAL:
                raise
            pytest.skip(f"{missing.name} is not installed")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if OWN.match(target):  # package indexes show the README as well, where only such links work
            assert (ROOT / OWN.sub("", target)).exists(), target
        else:
            assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_relative_links_of_a_page_of_the_site_stay_in_its_folder(page):
    """The site has the pages of docs/ alone."""
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if target.startswith("../")] == []


def test_the_links_of_the_readme_work_outside_the_repository():
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(targets) > 30
    for link, picture in targets:
        assert (link or picture).startswith("https://"), link or picture
