"""`cogmock snapshot`: all state of a running server goes to a file, and comes from one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cogmock.cli.client import Failed, WrongUsage, content_of, refusal, sent

PATIENCE = 600.0
"""Seconds that a server with very many users may take."""
TARGET = "/_cogmock/snapshot"
JSON = {"Content-Type": "application/json"}


def run(options: argparse.Namespace) -> None:
    """Raises Failed."""
    try:
        if options.action == "save":
            _save(options)
        else:
            _load(options)
    except OSError as fault:
        raise Failed(f"{options.file} cannot be written: {fault.strerror or fault}") from None


def _save(options: argparse.Namespace) -> None:
    status, text = sent(options, "GET", TARGET, patience=PATIENCE)
    if status != 200:
        raise refusal(options, status, content_of(options, text))
    if not text.startswith("{"):
        content_of(options, text)  # says that it is none; parsing a good one would take as long as making it
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
    status, answered = sent(options, "PUT", TARGET, _read(options.file), JSON, patience=PATIENCE)
    answer = content_of(options, answered)
    if status == 400:
        raise WrongUsage(f"{options.file} is no snapshot: {answer['message']}")
    if status != 200:
        raise refusal(options, status, answer)
    _tell(options, answer, f"the server has the state of {options.file}")


def _read(file: str) -> str:
    """Raises WrongUsage for a file that is none, or no text."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongUsage(f"{file} is no snapshot: it is not a text in UTF-8") from None
    except OSError as fault:
        raise WrongUsage(f"{file} cannot be read: {fault.strerror or fault}") from None


def _tell(options: argparse.Namespace, answer: dict[str, Any], text: str) -> None:
    if options.json or not options.quiet:
        print(json.dumps(answer) if options.json else text)
