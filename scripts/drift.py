"""Compares the service models in `cogmock/aws` with those of the newest botocore, and prints what AWS changed since.

`make drift` downloads botocore's wheel into a temporary folder; nothing is installed. An argument names a wheel that is
there already. The exit status is 0 whether or not something changed: a new release of AWS is no fault of a commit.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.models import HERE, SERVICES, trimmed

Model = dict[str, Any]


def newest_wheel(folder: str) -> Path:
    """Downloads the newest botocore that this Python can have, without its dependencies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--dest", folder, "botocore"], check=True)
    return next(Path(folder).glob("botocore-*.whl"))


def models_of(wheel: Path) -> tuple[str, dict[str, Model]]:
    """The version of a wheel of botocore, and the models of cogmock's services in it, trimmed as ours are."""
    version = wheel.name.split("-")[1]
    with zipfile.ZipFile(wheel) as archive:
        return version, {
            service: trimmed(_model(archive, service), listed, version)
            for service, listed in SERVICES.items()
        }


def _model(archive: zipfile.ZipFile, service: str) -> Model:
    """The model of the latest version of a service's API; models are compressed or not."""
    start = f"botocore/data/{service}/"
    name = max(name for name in archive.namelist() if name.startswith(start) and "/service-2.json" in name)
    content = archive.read(name)
    model: Model = json.loads(gzip.decompress(content) if name.endswith(".gz") else content)
    return model


def differences(ours: Model, newest: Model) -> Iterator[str]:
    """What the newest model has otherwise than ours: operations, errors, members and constraints, a line for each.

    Shapes that come or go are not listed: an operation or member that has them is.
    """
    yield from _names("operation", ours["operations"], newest["operations"])
    yield from _names("operation that cogmock leaves out", ours.get("others", ()), newest.get("others", ()))
    for name, operation in newest["operations"].items():
        if name in ours["operations"]:
            yield from _operation(name, ours["operations"][name], operation)
    for name, shape in newest["shapes"].items():
        if name in ours["shapes"]:
            yield from _shape(name, ours["shapes"][name], shape)
    yield from _traits("service", _without(ours["metadata"]), _without(newest["metadata"]))


def _operation(name: str, ours: Model, newest: Model) -> Iterator[str]:
    yield from _names(f"{name}: error", ours["errors"], newest["errors"])
    yield from _traits(name, _without(ours), _without(newest))


def _shape(name: str, ours: Model, newest: Model) -> Iterator[str]:
    old, new = ours.get("members", {}), newest.get("members", {})
    yield from _names(f"{name}: member", old, new)
    for member in new:
        if member in old:
            yield from _traits(f"{name}.{member}", old[member], new[member])
    for trait in ("required", "enum"):
        yield from _names(f"{name}: {trait}", ours.get(trait, ()), newest.get(trait, ()))
    yield from _traits(name, _without(ours), _without(newest))


def _without(of: Model) -> Model:
    """All but what is compared by names, and our own entry."""
    return {
        key: value
        for key, value in of.items()
        if key not in {"errors", "members", "required", "enum", "botocore"}
    }


def _names(what: str, ours: Any, newest: Any) -> Iterator[str]:
    for name in sorted(set(newest) - set(ours)):
        yield f"+ {what} {name}"
    for name in sorted(set(ours) - set(newest)):
        yield f"- {what} {name}"


def _traits(what: str, ours: Model, newest: Model) -> Iterator[str]:
    for key in sorted(ours.keys() | newest.keys()):
        if ours.get(key) != newest.get(key):
            yield f"~ {what}: {key} was {_shown(ours.get(key))}, is {_shown(newest.get(key))}"


def _shown(value: Any) -> str:
    return "absent" if value is None else json.dumps(value, ensure_ascii=False)


def report(wheel: Path) -> Iterator[str]:
    """The lines that `make drift` prints; none where nothing changed."""
    version, newest = models_of(wheel)
    for service, model in newest.items():
        ours = json.loads((HERE / f"{service}.json").read_text(encoding="utf-8"))
        found = list(differences(ours, model))
        if found:
            yield f"{service}: {ours['metadata']['botocore']} → {version}"
            yield from (f"  {line}" for line in found)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        try:
            wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else newest_wheel(folder)
        except subprocess.CalledProcessError:
            print("drift: botocore could not be downloaded, so nothing was compared")
            return 0
        lines = list(report(wheel))
    for line in lines:
        print(line)
    if lines:
        print("AWS changed these services. What to do: CONTRIBUTING.md, “Generated files”.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
