"""The files that an import needs: one file, or what a folder has of cdk.out, serverless or cognito-local."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cogmock.definitions.files import read_regular

FOLDERS = ("cdk.out", ".cognito")
"""What a project's folder may hold."""
ASSEMBLY = ("manifest.json", ".template.json", ".assets.json")
"""Endings of the files of cdk.out that matter here."""
SERVERLESS = ("serverless.yml", "serverless.yaml")
_FILE = re.compile(r"\$\{file\(\s*([^){}]+?)\s*\)")
MOST = 500
"""Files of a folder."""


def gathered(path: Path) -> tuple[dict[str, str], str]:
    """The texts that an import needs, by their paths, and the name of the main file. Raises OSError."""
    if path.is_dir():
        inner = next((path / name for name in FOLDERS if (path / name).is_dir()), path)
        main = next((name for name in SERVERLESS if (inner / name).is_file()), "")
        return (_with_named(inner, main), main) if main else (dict(_folder(inner)), "")
    if path.name in SERVERLESS:
        return _with_named(path.parent, path.name), path.name
    return {path.name: read_regular(path)}, path.name


def _folder(folder: Path) -> Iterator[tuple[str, str]]:
    """Manifests and templates of cdk.out; the JSON files of cognito-local."""
    is_assembly = (folder / "manifest.json").is_file()
    found = sorted(folder.rglob("*.json"))
    wanted = [path for path in found if not is_assembly or path.name.endswith(ASSEMBLY)]
    for path in wanted[:MOST]:
        if path.is_file():
            yield str(path.relative_to(folder).as_posix()), read_regular(path)


def _with_named(folder: Path, main: str) -> dict[str, str]:
    """A serverless.yml with the files that it names, and those that these name."""
    files: dict[str, str] = {}
    waiting = [main]
    while waiting and len(files) < MOST:
        name = waiting.pop().removeprefix("./")
        path = folder / name
        if name not in files and path.is_file() and path.suffix in {".yml", ".yaml", ".json"}:
            files[name] = read_regular(path)
            waiting += _FILE.findall(files[name])
    return files


def stack_name(main: str) -> str | None:
    """A stack is named after its template, so that those of two templates are two."""
    if not main or main in SERVERLESS:
        return None
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", Path(main).name.partition(".")[0]).strip("-")
    return plain[:128] if plain[:1].isalpha() else None
