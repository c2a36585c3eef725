"""`cogmock import`: files of other tools go to a running server."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from cogmock.cli.client import content_of, refusal, region, sent, target
from cogmock.cli.definitions import PATIENCE
from cogmock.cli.pools import pool_id_of

_VARIABLE = re.compile(r"\$\{\s*env:(\w+)")


def run(options: argparse.Namespace) -> int:
    """Exit status 2 where the files have faults; they are printed with line, logical id and property. Raises Failed."""
    from cogmock.definitions.importing.gathering import gathered, stack_name

    try:
        files, main = gathered(Path(options.file))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not a text in UTF-8"
        print(f"cogmock: {options.file} cannot be read: {why}", file=sys.stderr)
        return 2
    query = {
        "stack": options.stack or stack_name(main),
        "region": options.region or region(),
        "user_pool_id": pool_id_of(options),
        "parameters": json.dumps(_parameters(options, files)),
        "dry_run": options.dry_run or None,
    }
    body = json.dumps({"files": files, "main": main})
    headers = {"Content-Type": "application/json"}
    status, text = sent(options, "POST", target("/import", query), body, headers, patience=PATIENCE)
    content = content_of(options, text)
    if status == 200:
        print(json.dumps(content) if options.json else _report(content))
        return 0
    if content.get("error") != "InvalidConfig":
        raise refusal(options, status, content)
    for fault in content["faults"]:
        place = ":".join(str(part) for part in (main or options.file, fault["line"]) if part)
        print(": ".join(part for part in (place, fault["path"], fault["message"]) if part), file=sys.stderr)
    return 2


def _parameters(options: argparse.Namespace, files: dict[str, str]) -> dict[str, str]:
    """Those that were given, and the environment variables that the files name, which the server may not have."""
    found = {
        f"env:{name}": os.environ[name]
        for text in files.values()
        for name in _VARIABLE.findall(text)
        if name in os.environ
    }
    return found | dict(options.parameter or ())


def parameter(text: str) -> tuple[str, str]:
    """`K=V`, for argparse."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"a parameter is NAME=VALUE, not {text!r}")
    return name, value


def _report(answer: dict[str, Any]) -> str:
    """A line for each resource and output, what was left out, and the counts."""
    width = max((len(name) for name in [*answer["resources"], *answer["outputs"]]), default=0)
    lines = [f"{name:<{width}}  {physical}" for name, physical in answer["resources"].items()]
    lines += [f"{name:<{width}}  {value}  (output)" for name, value in answer["outputs"].items()]
    lines += [f"- {one['logical_id']} ({one['type']}): {one['reason']}" for one in answer["skipped"]]
    return "\n".join([*lines, ", ".join(f"{count} {change}" for change, count in answer["summary"].items())])
