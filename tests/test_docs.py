"""The documents agree with the code: the architecture page, module paths, and the form of changelog fragments."""

from __future__ import annotations

import argparse
import inspect
import re
import tomllib
from pathlib import Path

import pytest

from cogmock import cli
from cogmock.control.api import CALLS
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.testing import handle
from cogmock.testing.functions import Functions
from cogmock.userpools.backend import UserPoolsBackend

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
WRITTEN = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "changes").glob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
FRAGMENTS = [path for path in sorted((ROOT / "changes").glob("*.md")) if path.name != "README.md"]


def test_the_readme_tells_how_many_operations_there_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"(\d+) of (\d+) operations of user pools and (\d+) of (\d+) of identity pools", readme)
    counted = []
    for backend in (UserPoolsBackend, IdentityPoolsBackend):
        names = backend.model().operations
        counted += [sum(backend.function(name) is not None for name in names), len(names)]
    assert [int(number) for number in told.groups()] == counted


class TestArchitecture:
    def test_its_rooms_are_the_layers_of_the_import_contract(self):
        block = re.search(r"```rooms\n(.*?)```", ARCHITECTURE, re.DOTALL)[1]
        shown = [set(re.split(r"\s{2,}", line)[0].split(" · ")) for line in block.splitlines()]
        layers = [
            {room.strip().removeprefix("cogmock.") for room in layer.split("|")}
            for layer in CONTRACTS[0]["layers"]
        ]
        assert shown == layers

    def test_every_package_is_in_a_room_of_the_contract(self):
        rooms = {
            room.strip().removeprefix("cogmock.")
            for layer in CONTRACTS[0]["layers"]
            for room in layer.split("|")
        }
        packages = {path.parent.name for path in (ROOT / "cogmock").glob("*/__init__.py")}
        assert packages <= rooms

    def test_it_lists_every_import_contract_by_name(self):
        listed = re.findall(
            r"^- (.+)$", ARCHITECTURE.partition("The contracts:")[2].partition("\n\n**")[0], re.MULTILINE
        )
        assert listed == [contract["name"] for contract in CONTRACTS]

    def test_the_shelves_that_it_names_are_there(self):
        for room, shelves in re.findall(r"^\| (`[^|]+) \| ([^|]+) \|$", ARCHITECTURE, re.MULTILINE):
            for name in re.findall(r"`([\w/]+)`", room):
                for shelf in re.findall(r"`(\w+)`", shelves):
                    folder = ROOT / "cogmock" / name
                    optional = "identitypools" in name and shelf == "sign_in"
                    assert optional or (folder / shelf).is_dir() or (folder / f"{shelf}.py").is_file(), shelf


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def verbs():
    """Verb → its parser."""
    parser, _ = cli._parser()
    [action] = [of for of in parser._actions if isinstance(of, argparse._SubParsersAction)]
    return action.choices


def members(kind):
    """Public members that a class itself defines."""
    return [name for name, of in vars(kind).items() if not name.startswith("_") and not inspect.isclass(of)]


class TestSurfaces:
    """Everything that a user can call is in its page."""

    @pytest.mark.parametrize(
        "call", [f"{method} /_cogmock{path}" for path in CALLS for method in CALLS[path]]
    )
    def test_each_control_call_is_in_the_page_of_the_control_api(self, call):
        assert f"| `{call}" in page("control-api.md")

    @pytest.mark.parametrize("verb", verbs())
    def test_each_verb_and_its_options_are_in_the_page_of_the_command_line(self, verb):
        text = page("command-line.md")
        assert f"| `cogmock {verb}` |" in text
        if verb != "serve":  # its options are the settings
            for action in verbs()[verb]._actions:
                for option in set(action.option_strings) - {"-h", "--help"}:
                    assert re.search(
                        rf"^\|.*`{option}\b.*`{verb}`|^\|.*`{option}\b.*all that ask", text, re.MULTILINE
                    )

    @pytest.mark.parametrize(
        ("kind", "prefix"),
        [
            (handle.Cognito, "cognito"),
            (handle.Messages, "messages"),
            (handle.Clock, "clock"),
            (Functions, "functions"),
        ],
        ids=lambda of: of if isinstance(of, str) else "",
    )
    def test_each_member_of_the_handle_is_in_its_page(self, kind, prefix):
        text = page("handle.md")
        assert [name for name in members(kind) if not re.search(rf"\| `{prefix}\.{name}\b", text)] == []


def test_each_page_is_in_the_navigation_of_the_site_once():
    """The pages of `scripts/site/mkdocs.yml`; a page that is missing there cannot be found by a reader."""
    text = (ROOT / "scripts" / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"[\w-]+\.md$", text.partition("\nnav:\n")[2], re.MULTILINE)
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_module_paths_in_documents_exist(page):
    text = page.read_text(encoding="utf-8")
    rooms = "|".join(sorted(path.parent.name for path in (ROOT / "cogmock").glob("*/__init__.py")))
    for path in re.findall(r"`((?:cogmock|tests|scripts|docs|examples)/[\w/.]+)`", text):
        assert (ROOT / path).exists(), f"{page.name} names {path}"
    for path in re.findall(rf"`((?:{rooms})/[\w/]+)`", text):
        there = ROOT / "cogmock" / path
        assert there.exists() or there.with_suffix(".py").exists(), f"{page.name} names {path}"


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda fragment: fragment.stem)
def test_changelog_fragments_have_the_form_of_the_readme(fragment):
    """A list and nothing else; see changes/README.md."""
    lines = fragment.read_text(encoding="utf-8").splitlines()
    assert lines
    assert lines[0].startswith("- ")
    assert all(line.startswith(("- ", "  ")) for line in lines)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", fragment.stem)
