"""`cogmock snapshot`: all state of a running server goes to a file, and comes from one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cogmock.cli.client import Failed, fetched, sent

PATIENCE = 600.0
"""Seconds that a server with very many users may take."""
TARGET = "/_cogmock/snapshot"


def run(options: argparse.Namespace) -> None:
    """Raises Failed."""
    try:
        if options.action == "save":
            _save(options)
        else:
            _load(options)
    except OSError as fault:
        raise Failed(f"{options.file}: {fault.strerror or fault}") from None


def _save(options: argparse.Namespace) -> None:
    status, text = sent(options, "GET", TARGET, patience=PATIENCE)
    if status != 200:
        raise Failed(_message(text) or f"the server answered with status {status}")
    if options.file == "-":
        print(text)
        return
    _write_whole(Path(options.file), text)
    _tell(options, {"file": options.file, "bytes": len(text)}, f"{options.file}: {len(text):,} bytes")


def _write_whole(path: Path, text: str) -> None:
    """Replaces a file at once, so that an earlier snapshot survives a full disk."""
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o600)  # it holds keys and passwords' verifiers
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _load(options: argparse.Namespace) -> None:
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failed(f"{options.file} is no snapshot: it is not a text in UTF-8") from None
    answer = fetched(options, "PUT", TARGET, text, {"Content-Type": "application/json"}, patience=PATIENCE)
    _tell(options, answer, f"the server has the state of {options.file}")


def _tell(options: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    print(json.dumps(answer) if options.json else text)


def _message(text: str) -> str | None:
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content.get("message") if isinstance(content, dict) else None
