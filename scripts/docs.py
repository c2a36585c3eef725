"""Writes the pages that are generated from the code: operations, settings, keys of documents, llms.txt."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import MISSING, fields
from pathlib import Path

from cogmock.cli.settings import flag, variable_of
from cogmock.core.backend import Backend
from cogmock.iam.backend import IamBackend, StsBackend
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.services import SERVICES
from cogmock.settings import Settings
from cogmock.userpools.backend import UserPoolsBackend
from scripts import config_schema

DOCS = Path(__file__).resolve().parent.parent / "docs"
README = DOCS.parent / "README.md"
BACKENDS: tuple[type[Backend], ...] = (UserPoolsBackend, IdentityPoolsBackend, StsBackend, IamBackend)
MARKS = {"full": "✓", "stored": "kept, without AWS's effect"}


def operations() -> str:
    """The page of operations: what is implemented, how completely, and notes."""
    lines = [
        "# Operations",
        "",
        "Written by `make docs` from the code. ✓ has AWS's effect · *kept, without AWS's effect* is stored and given",
        "back, no more · *not yet* is checked against AWS's model like any other, and then answers HTTP 501. So does",
        "an operation that the installed botocore knows and cogmock's models do not; its message has both versions.",
    ]
    for backend, service in zip(BACKENDS, SERVICES, strict=True):
        lines += ["", f"## {service.title} (`{service.name}`)", "", *_table(backend)]
    return "\n".join(lines) + "\n"


def _table(backend: type[Backend]) -> list[str]:
    rows = []
    built = 0
    for subject, names in backend.subjects.items():
        for name in names.split():
            function = backend.function(name)
            of = getattr(function, "operation", None)
            built += function is not None
            mark = MARKS[of.fidelity] if of else "not yet"
            rows.append(f"| {name} | {mark} | {subject} | {of.note if of else ''} |")
    count = f"{built} of {len(rows)} operations are there."
    return [count, "", "| operation | | subject | |", "| --- | --- | --- | --- |", *rows]


def settings() -> str:
    """The page of settings: each is a flag and an environment variable."""
    lines = [
        "# Settings",
        "",
        "Written by `make docs` from `Settings`. Each is a flag of `cogmock serve`, an environment variable, and a",
        "keyword of `mock_cognito(…)`.",
        "",
        "| flag | variable | default | |",
        "| --- | --- | --- | --- |",
    ]
    for field in fields(Settings):
        default = "" if field.default in (MISSING, None, "", ()) else f"`{field.default}`"
        if field.type == "bool":
            default = "`on`" if field.default else "`off`"
        choices = field.metadata.get("choices")
        about = field.metadata["about"] + (f" ({', '.join(choices)})" if choices else "")
        lines.append(f"| `{flag(field)}` | `{variable_of(field)}` | {default} | {about} |")
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The README with the numbers of operations."""
    pools, identities = map(_count, (UserPoolsBackend, IdentityPoolsBackend))
    counts = f"{pools} operations of user pools and {identities} of identity pools"
    return re.sub(
        r"\d+ of \d+ operations of user pools and \d+ of \d+ of identity pools",
        counts,
        README.read_text(encoding="utf-8"),
    )


def _count(backend: type[Backend]) -> str:
    names = backend.model().operations
    return f"{sum(backend.function(name) is not None for name in names)} of {len(names)}"


def llms() -> str:
    """The list of pages for language models (llmstxt.org): title, address, first sentence; in the order of the site."""
    first, *others = _nav()
    lines = [f"# {_title(first)}", "", f"> {_summary(first)}", "", "## Pages", ""]
    lines += [f"- [{_title(name)}]({name}): {_summary(name)}" for name in others]
    return "\n".join(lines) + "\n"


def _nav() -> list[str]:
    """The pages in the order of the site's navigation."""
    text = (DOCS.parent / "scripts" / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    return re.findall(r"[\w-]+\.md$", text.partition("\nnav:\n")[2], re.MULTILINE)


def _title(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def _summary(name: str) -> str:
    """The first sentence of a page's first paragraph."""
    paragraphs = (DOCS / name).read_text(encoding="utf-8").split("\n\n")[1:]
    prose = next(text for text in paragraphs if re.match(r"[A-Z]|`[^`]", text))
    return re.split(r"(?<=[.!?]) ", " ".join(prose.split()))[0].rstrip(":")


def main() -> int:
    pages = {
        DOCS / "operations.md": operations(),
        DOCS / "settings.md": settings(),
        DOCS / "llms.txt": llms(),
        DOCS / "keys.md": config_schema.page(),
        DOCS / "cogmock.schema.json": json.dumps(config_schema.schema(), indent=1) + "\n",
        README: readme(),
    }
    stale = [
        path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)} is stale: run `make docs`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages[path], encoding="utf-8")
    print(f"{len(stale)} pages written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
