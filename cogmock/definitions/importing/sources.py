"""What was handed over to be imported: a file, or the files of a folder; and what kind of thing it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cogmock.definitions import parsing
from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing.templates.short_tags import TAGS
from cogmock.definitions.importing.trees import member
from cogmock.definitions.nodes import Node

KINDS = ("cloudformation", "cdk", "sam", "serverless", "terraform", "csv", "cognito-local")
MANIFESTS = {"manifest.json": "cdk", "serverless.yml": "serverless", "serverless.yaml": "serverless"}


@dataclass(frozen=True, slots=True)
class Source:
    """Texts by their paths, relative to the folder. `main` is the file that was named; empty for a folder."""

    files: Mapping[str, str]
    main: str = ""
    kind: str | None = None
    stack: str | None = None
    region: str = "us-east-1"
    parameters: Mapping[str, str] = field(default_factory=dict)
    pool_id: str | None = None

    @property
    def text(self) -> str:
        return self.files.get(self.main, "")


def from_body(body: str) -> tuple[dict[str, str], str]:
    """Files and main file of a body: the text of one file, or `{"files": {path: text}, "main": path}`."""
    if body.lstrip().startswith("{"):
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return {"": body}, ""
        if (
            isinstance(content, dict)
            and isinstance(content.get("files"), dict)
            and content.keys() <= {"files", "main"}
        ):
            return {str(path): str(text) for path, text in content["files"].items()}, str(
                content.get("main") or ""
            )
    return {"": body}, ""


def tree(text: str, what: str = "") -> Node:
    """The tree of a file in JSON or YAML, with CloudFormation's short tags. Raises InvalidConfig."""
    try:
        return _parsed(text)
    except InvalidConfig as invalid:
        raise invalid.in_file(what) if what else invalid from None


def _parsed(text: str) -> Node:
    if not text.lstrip().startswith(("{", "[")):
        return parsing.parse(text, "yaml", TAGS)
    try:
        return parsing.parse(text, "json")
    except InvalidConfig as fault:
        try:
            return parsing.parse(text, "yaml", TAGS)  # YAML may begin with a brace, too
        except InvalidConfig:
            raise fault from None


def kind_of(source: Source) -> str:
    """What the files are: as the caller says, else by their content. Raises InvalidConfig."""
    if source.kind:
        return source.kind
    if not source.main and "" not in source.files:
        return _kind_of_folder(source.files)
    if source.main.endswith(("serverless.yml", "serverless.yaml")):
        return "serverless"
    if "cognito:username" in source.text.lstrip("\ufeff")[:20_000].split("\n", 1)[0]:
        return "csv"
    return _kind_of_tree(tree(source.text))


def _kind_of_folder(files: Mapping[str, str]) -> str:
    for name, kind in MANIFESTS.items():
        if name in files:
            return kind
    if any(path.endswith("clients.json") for path in files):
        return "cognito-local"
    raise InvalidConfig(
        [
            Fault(
                "",
                None,
                "the folder is none of cdk.out (manifest.json), serverless.yml, or cognito-local's .cognito",
            )
        ]
    )


def _kind_of_tree(root: Node) -> str:
    keys = root.mapping.keys()
    if "format_version" in keys and keys & {"values", "planned_values"}:
        return "terraform"
    if "Resources" in keys:
        return "cloudformation"
    if "service" in keys and keys & {"provider", "functions", "resources"}:
        return "serverless"
    if "Options" in keys and member(root, "Options", "Id"):
        return "cognito-local"
    if keys & {"pools", "identity_pools", "accounts"}:
        raise InvalidConfig(
            [Fault("", None, "this is a document of cogmock's own: `cogmock apply` takes it")]
        )
    known = "CloudFormation, CDK, SAM, serverless, `terraform show -json`, AWS's user CSV, cognito-local"
    raise InvalidConfig([Fault("", None, f"the file is none of these: {known}")])
