"""`cogmock apply` and `cogmock export`: definitions go to a running server, and come from one."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cogmock.cli.client import WrongUsage, content_of, refusal, sent, streamed, target
from cogmock.cli.pools import pool_id_of
from cogmock.cli.progress import Progress

if TYPE_CHECKING:
    from cogmock.definitions.faults import InvalidConfig
    from cogmock.definitions.nodes import Node

SIGNS = {"created": "+", "updated": "~", "deleted": "-"}
IN_JSON = {"config": "application/json", "cfn": "application/vnd.aws.cloudformation+json"}
AS_TEXT = {
    "config": "application/yaml",
    "cfn": "application/vnd.aws.cloudformation+yaml",
    "csv": "text/csv",
    "terraform": "text/x-hcl",
}
"""Format of an export → how its media type begins."""
STANDARD_INPUT = "-"
PATIENCE = 3600.0
"""Seconds that a document with very many users may take."""


def apply(options: argparse.Namespace) -> int:
    """Exit status 2 where a document has faults; they are printed with file, line and key. Raises Failed."""
    from cogmock.definitions.faults import InvalidConfig

    answers: list[dict[str, Any]] = []
    status = 0
    for file in map(Path, options.files):
        try:
            answers.append(_applied(options, file, _read(file)))
        except InvalidConfig as invalid:
            print(invalid, file=sys.stderr)
            status = 2
            break
        if not options.json:
            print(_report(file, answers[-1]))
    if options.json and answers:
        print(json.dumps(_together(answers)))
    return status


def _read(file: Path) -> Node:
    """The document of a file, or of standard input. Raises InvalidConfig."""
    from cogmock.definitions.faults import Fault, InvalidConfig
    from cogmock.definitions.load import read_file, read_text

    if str(file) != STANDARD_INPUT:
        return read_file(file)
    try:
        return read_text(sys.stdin.read(), STANDARD_INPUT)
    except UnicodeDecodeError:
        raise InvalidConfig([Fault("", None, "it is not a text in UTF-8", STANDARD_INPUT)]) from None


def _together(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """The answers of several files as one, in their order."""
    summary: Counter[str] = Counter()
    for answer in answers:
        summary.update(answer["summary"])
    changes = [change for answer in answers for change in answer["changes"]]
    return {"changes": changes, "summary": dict(summary)}


def export(options: argparse.Namespace) -> None:
    """Prints the running state. Raises Failed."""
    if options.json and options.format not in IN_JSON:
        raise WrongUsage(f"--format {options.format} has no form in JSON; {' and '.join(IN_JSON)} have one")
    query = {
        "format": options.format,
        "user_pool_id": pool_id_of(options),
        "secrets": options.secrets or None,
    }
    headers = {"Accept": "application/json"} if options.json else {}
    accepted = (IN_JSON if options.json else AS_TEXT)[options.format]
    status, text = sent(options, "GET", target("/export", query), headers=headers, media_types=(accepted,))
    if status != 200:
        raise refusal(options, status, content_of(options, text))
    print(text, end="")


def _applied(options: argparse.Namespace, file: Path, root: Node) -> dict[str, Any]:
    """The server's answer. Variables are this shell's, files are those beside the document. Raises InvalidConfig."""
    from cogmock.definitions.nodes import as_written

    query = {
        "prune": options.prune or None,
        "dry_run": options.dry_run or None,
        "folder": str(file.resolve().parent),
        "progress": True,
    }
    body = json.dumps(as_written(root)).replace("${", "$${")  # they are filled in already
    headers = {"Content-Type": "application/json"}
    content: dict[str, Any] = {}
    progress = Progress(sys.stderr, "applied", quiet=options.quiet)
    for content in streamed(options, target("/apply", query), body, headers, patience=PATIENCE):
        if "users" in content:
            progress(content["users"], content["of"])
    status = content.pop("status", 0)
    if status == 200:
        return content
    if content.get("error") != "InvalidConfig":
        raise refusal(options, status, content)
    raise _faults(file, root, content["faults"])


def _faults(file: Path, root: Node, faults: list[dict[str, Any]]) -> InvalidConfig:
    """The server's faults with the lines of the file, which the server has not seen."""
    from cogmock.definitions.faults import Fault, InvalidConfig
    from cogmock.definitions.nodes import line_of

    return InvalidConfig(
        [Fault(fault["path"], line_of(root, fault["path"]), fault["message"], str(file)) for fault in faults]
    )


def _report(file: Path, answer: dict[str, Any]) -> str:
    """A line for each resource that changed, and the counts."""
    lines = [
        f"{SIGNS[one['change']]} {one['kind']} {one['name'] or one['id']}{_fields(one)}"
        for one in answer["changes"]
        if one["change"] in SIGNS
    ]
    counts = ", ".join(f"{count} {change}" for change, count in answer["summary"].items())
    return "\n".join([*lines, f"{file}: {counts}"])


def _fields(change: dict[str, Any]) -> str:
    return f" ({', '.join(change['fields'])})" if change["fields"] else ""
