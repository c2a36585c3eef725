"""`cdk.out`: the stacks of a cloud assembly, in the order in which they need each other.

Source: the cloud assembly schema of the CDK (`cloud-assembly-schema`, ArtifactType `aws:cloudformation:stack`).
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing.sources import Source, tree
from cogmock.definitions.importing.trees import member, text_of
from cogmock.definitions.nodes import Node, walk

DEEPEST = 8
"""Levels of assemblies within assemblies, as stages make them."""


@dataclass(frozen=True, slots=True)
class CdkStack:
    name: str
    region: str
    template: Node
    folder: str


def stacks(source: Source) -> list[CdkStack]:
    """The stacks of an assembly, or the one that the caller names. Raises InvalidConfig."""
    found = _assembly(source, "", 0)
    if source.stack is None:
        return found
    named = [stack for stack in found if stack.name == source.stack]
    if not named:
        known = ", ".join(stack.name for stack in found)
        raise InvalidConfig([Fault("", None, f"the assembly has no stack {source.stack}; it has {known}")])
    return named


def _assembly(source: Source, folder: str, depth: int) -> list[CdkStack]:
    manifest = _read(source, folder, "manifest.json")
    artifacts = manifest.mapping.get("artifacts") or Node({}, "", None)
    found: list[CdkStack] = []
    for name in _ordered(artifacts):
        artifact = artifacts.mapping[name]
        match text_of(artifact.mapping.get("type")):
            case "aws:cloudformation:stack":
                found.append(_stack(source, folder, name, artifact))
            case "cdk:cloud-assembly" if depth < DEEPEST:
                inner = text_of(member(artifact, "properties", "directoryName")) or ""
                found += _assembly(source, str(PurePosixPath(folder, inner)), depth + 1)
    return found


def _ordered(artifacts: Node) -> list[str]:
    needs = {
        name: [item.text for item in (artifact.mapping.get("dependencies") or Node([], "", None)).items]
        for name, artifact in artifacts.mapping.items()
    }
    try:
        return [str(name) for name in TopologicalSorter(needs).static_order() if name in artifacts.mapping]
    except CycleError:
        raise InvalidConfig([artifacts.fault("the artifacts depend on each other in a circle")]) from None


def _stack(source: Source, folder: str, name: str, artifact: Node) -> CdkStack:
    properties = artifact.mapping.get("properties") or artifact
    file = text_of(properties.mapping.get("templateFile")) or f"{name}.template.json"
    region = (text_of(artifact.mapping.get("environment")) or "").rpartition("/")[2]
    return CdkStack(
        text_of(properties.mapping.get("stackName")) or name,
        source.region if region in {"", "unknown-region"} else region,
        _read(source, folder, file),
        folder,
    )


def _read(source: Source, folder: str, name: str) -> Node:
    path = str(PurePosixPath(folder, name))
    if path not in source.files:
        raise InvalidConfig([Fault("", None, f"the assembly lacks the file {path}")])
    return _placed(tree(source.files[path], path), path)


def template(source: Source, folder: str, name: str) -> Node | None:
    """The template of a nested stack, by the name of its file or its URL; None where it is not among the files."""
    path = str(PurePosixPath(folder, name))
    if path not in source.files:
        path = str(PurePosixPath(folder, _asset(source, name.rpartition("/")[2].partition(".")[0])))
    return _placed(tree(source.files[path], path), path) if path in source.files else None


def _asset(source: Source, digest: str) -> str:
    """The file of an asset, by the hash that its URL ends with."""
    for path, text in source.files.items():
        if path.endswith(".assets.json"):
            found = text_of(member(tree(text, path), "files", digest, "source", "path"))
            if found:
                return found
    return digest


def _placed(root: Node, file: str) -> Node:
    """The tree with the name of its file in each path, since there are several files."""
    for node in walk(root):
        node.path = f"{file}: {node.path}"
    return root
