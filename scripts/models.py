"""Writes `cogmock/aws`: the service models without their prose, and their shapes as types.

The models come from botocore. They ship with cogmock, because a user's botocore may be older or newer.
"""

from __future__ import annotations

import json
import keyword
import sys
import tomllib
from pathlib import Path
from typing import Any

import botocore
import botocore.loaders

from cogmock import services

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "cogmock" / "aws"
SERVICES = {service.name: None for service in services.SERVICES} | {"iam": "iam-operations.txt"}
"""Service → the file that lists the operations to keep (all where there is none)."""

SHAPE_TRAITS = (
    "type",
    "required",
    "enum",
    "min",
    "max",
    "pattern",
    "sensitive",
    "box",
    "document",
    "timestampFormat",
)
ATOMS = {
    "string": "str",
    "blob": "bytes",
    "boolean": "bool",
    "integer": "int",
    "long": "int",
    "float": "float",
    "double": "float",
    "timestamp": "float",
}


def trimmed(model: dict[str, Any], listed: str | None, version: str) -> dict[str, Any]:
    """The model of a service: what decoding, validation and encoding need, and nothing else.

    `version` is that of the botocore which the model comes from.
    """
    wanted = set((HERE / listed).read_text().split()) if listed else set(model["operations"])
    operations = {name: _operation(of) for name, of in sorted(model["operations"].items()) if name in wanted}
    shapes: dict[str, Any] = {}
    roots = [of[side] for of in operations.values() for side in ("input", "output") if side in of]
    _reach(roots + [error for of in operations.values() for error in of["errors"]], model["shapes"], shapes)
    metadata = {
        key: model["metadata"][key]
        for key in ("apiVersion", "protocol", "targetPrefix", "xmlNamespace", "serviceId")
        if key in model["metadata"]
    }
    metadata["botocore"] = version
    others = sorted(set(model["operations"]) - wanted)
    return {
        "metadata": metadata,
        "operations": operations,
        **({"others": others} if others else {}),
        "shapes": dict(sorted(shapes.items())),
    }


def _operation(of: dict[str, Any]) -> dict[str, Any]:
    unsigned = of.get("authtype") == "none" or of.get("auth") == ["smithy.api#noAuth"]
    slim: dict[str, Any] = {"errors": [error["shape"] for error in of.get("errors", ())]}
    if "input" in of:
        slim["input"] = of["input"]["shape"]
    if "output" in of:
        slim["output"] = of["output"]["shape"]
        if "resultWrapper" in of["output"]:
            slim["resultWrapper"] = of["output"]["resultWrapper"]
    if unsigned:
        slim["unsigned"] = True
    return slim


def _reach(names: list[str], model: dict[str, Any], into: dict[str, Any]) -> None:
    for name in names:
        if name in into:
            continue
        shape = model[name]
        slim = into[name] = {key: shape[key] for key in SHAPE_TRAITS if _says_something(shape, key)}
        if "members" in shape:
            slim["members"] = {key: _member(of) for key, of in shape["members"].items()}
        for part in ("member", "key", "value"):
            if part in shape:
                slim[part] = _member(shape[part])
        if "error" in shape:
            slim["error"] = {
                key: of for key, of in shape["error"].items() if key in ("code", "httpStatusCode")
            }
        if shape.get("exception"):
            slim["fault"] = bool(shape.get("fault"))
        _reach(_parts(slim), model, into)


def _says_something(shape: dict[str, Any], key: str) -> bool:
    """Whether a trait is a restriction. A minimum length of 0 is none, a minimum number of 0 is."""
    value = shape.get(key)
    if key == "min" and value == 0:
        return shape["type"] in {"integer", "long", "float", "double"}
    return value not in (None, False, [])


def _member(of: dict[str, Any]) -> dict[str, Any]:
    return {key: of[key] for key in ("shape", "locationName", "flattened") if key in of}


def _parts(shape: dict[str, Any]) -> list[str]:
    members = list(shape.get("members", {}).values())
    return [
        of["shape"] for of in members + [shape[part] for part in ("member", "key", "value") if part in shape]
    ]


def typed(service: str, model: dict[str, Any]) -> str:
    """The shapes of a service as TypedDicts, for mypy. Never imported at run time."""
    lines = [
        f"# Written by `make models` from botocore's model of {service}. Do not edit.",
        "from typing import Any, Literal, NotRequired, TypedDict",
        "",
    ]
    answers = {of["output"] for of in model["operations"].values() if "output" in of}
    for name, shape in model["shapes"].items():
        if shape["type"] == "structure" and not shape.get("document"):
            required = set() if name in answers else set(shape.get("required", ()))
            lines += _typed_dict(name, shape, required, model["shapes"])
    return "\n".join(lines) + "\n"


def _typed_dict(name: str, shape: dict[str, Any], required: set[str], shapes: dict[str, Any]) -> list[str]:
    members = {
        key: _annotation(of["shape"], shapes)
        if key in required
        else f"NotRequired[{_annotation(of['shape'], shapes)} | None]"
        for key, of in shape.get("members", {}).items()
    }
    if any(keyword.iskeyword(key) or not key.isidentifier() for key in members):
        fields = ", ".join(f'"{key}": {kind}' for key, kind in members.items())
        return [f'{name} = TypedDict("{name}", {{{fields}}})', ""]
    return [
        f"class {name}(TypedDict):",
        *([f"    {key}: {kind}" for key, kind in members.items()] or ["    pass"]),
        "",
    ]


def _annotation(name: str, shapes: dict[str, Any]) -> str:
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            return "Any" if shape.get("document") else f'"{name}"'
        case "list":
            return f"list[{_annotation(shape['member']['shape'], shapes)}]"
        case "map":
            return f"dict[str, {_annotation(shape['value']['shape'], shapes)}]"
        case kind:
            return ATOMS[kind]


def files() -> dict[Path, str]:
    """Path → text, of every generated file."""
    written = {}
    for service, listed in SERVICES.items():
        newest = botocore.loaders.Loader().load_service_model(service, "service-2")
        model = trimmed(newest, listed, botocore.__version__)
        written[HERE / f"{service}.json"] = (
            json.dumps(model, separators=(",", ":"), ensure_ascii=False) + "\n"
        )
        written[HERE / f"{service.replace('-', '_')}.pyi"] = typed(service, model)
    return written


def pinned() -> str:
    """The version of botocore that pyproject.toml pins for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dev: list[str] = project["optional-dependencies"]["dev"]
    return next(pin.partition("==")[2] for pin in dev if pin.startswith("botocore=="))


def written_from() -> set[str]:
    """The versions of botocore that the files in `cogmock/aws` were written from."""
    return {
        json.loads((HERE / f"{service}.json").read_text(encoding="utf-8"))["metadata"].get("botocore", "")
        for service in SERVICES
    }


def main() -> int:
    check, pin = "--check" in sys.argv, pinned()
    if check and written_from() != {pin}:
        print(f"pyproject.toml pins botocore {pin}, and cogmock/aws is of another: run `make models`")
        return 1
    if botocore.__version__ != pin:
        print(f"botocore {botocore.__version__} is installed, pyproject.toml pins {pin}: run `make setup`")
        return 0 if check else 1  # with another version there is nothing to compare the files with
    stale = [
        path
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is stale: run `make models`")
        return 1 if stale else 0
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(stale)} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
