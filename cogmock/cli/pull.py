"""`cogmock pull`: a user pool of AWS, or of another endpoint, read into a document. Nothing there is changed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from cogmock.cli.client import Failed
from cogmock.cli.progress import Progress


def run(options: argparse.Namespace) -> None:
    """Prints the document, or writes it to a file that its owner alone can read. Raises Failed."""
    from cogmock.definitions import pulling

    try:
        import yaml
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as missing:  # pragma: no cover - both are dependencies
        raise Failed(f"{missing.name} is not installed") from None
    try:
        pulled = pulling.pull(
            _client(options), options.pool_id, users=options.users, progress=Progress(sys.stderr, "read")
        )
    except ClientError as refused:
        raise Failed(_refusal(options, refused)) from None
    except BotoCoreError as error:
        raise Failed(f"AWS cannot be asked: {error}") from None
    for warning in pulled.warnings:
        print(f"cogmock: {warning}", file=sys.stderr)
    text = yaml.safe_dump(pulled.document, sort_keys=False, allow_unicode=True, width=110)
    if options.output is None:
        print(text, end="")
    else:
        _write(Path(options.output), text)
        print(f"{options.output}: {pulled.summary}", file=sys.stderr)


def _client(options: argparse.Namespace) -> Any:
    """A client with the caller's own credentials. Raises BotoCoreError."""
    import boto3

    region = options.region or options.pool_id.partition("_")[0]
    session = boto3.Session(profile_name=options.profile, region_name=region)
    return session.client("cognito-idp", endpoint_url=options.endpoint_url)


def _refusal(options: argparse.Namespace, refused: Any) -> str:
    error, operation = refused.response.get("Error", {}), refused.operation_name
    code = error.get("Code", "")
    if "AccessDenied" in code or "NotAuthorized" in code:
        return f"AWS refuses {operation}: {error.get('Message')}. The caller needs cognito-idp:{operation}"
    if code == "ResourceNotFoundException":
        return f"there is no user pool {options.pool_id} in this account and Region: {error.get('Message')}"
    return f"{operation}: {code}: {error.get('Message')}"


def _write(path: Path, text: str) -> None:
    """Secrets of app clients are in it. Raises Failed."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Failed(f"{path} cannot be written: {error.strerror}") from None
