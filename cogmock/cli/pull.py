"""`cogmock pull`: a user pool of AWS, or of another endpoint, read into a document. Nothing there is changed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from cogmock.cli.client import Failed, WrongUsage
from cogmock.cli.progress import Progress


def run(options: argparse.Namespace) -> None:
    """Prints the document, or writes it to a file that its owner alone can read. Raises Failed."""
    from cogmock.definitions import pulling

    try:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError
    except ImportError as missing:  # pragma: no cover - both are dependencies
        raise Failed(f"{missing.name} is not installed") from None
    try:
        pulled = pulling.pull(
            _client(options),
            options.pool_id,
            users=options.users,
            iam=_client(options, "iam") if options.iam else None,
            progress=Progress(sys.stderr, "read", quiet=options.quiet),
        )
    except ClientError as refused:
        raise Failed(_refusal(options, refused)) from None
    except BotoCoreError as error:
        raise Failed(f"AWS cannot be asked: {error}") from None
    except (ResponseParserError, KeyError) as unread:
        if options.endpoint_url is None:
            raise
        raise Failed(f"what answers at {options.endpoint_url} is no Cognito: {unread!r}") from None
    for warning in pulled.warnings:
        print(f"cogmock: {warning}", file=sys.stderr)
    text = _text(options, pulled.document)
    if options.output is None:
        print(text, end="")
    else:
        _write(Path(options.output), text)
        if not options.quiet:
            print(f"{options.output}: {pulled.summary}", file=sys.stderr)


def _text(options: argparse.Namespace, document: dict[str, Any]) -> str:
    if options.json:
        return json.dumps(document, indent=2) + "\n"
    import yaml

    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _client(options: argparse.Namespace, service: str = "cognito-idp") -> Any:
    """A client with the caller's own credentials. Raises BotoCoreError."""
    import boto3

    region = options.region or options.pool_id.partition("_")[0]
    session = boto3.Session(profile_name=options.profile, region_name=region)
    try:
        return session.client(service, endpoint_url=options.endpoint_url)
    except ValueError as error:  # botocore's own errors are of other classes
        raise WrongUsage(f"--endpoint-url or --region is not possible: {error}") from None


def _refusal(options: argparse.Namespace, refused: Any) -> str:
    error, operation = refused.response.get("Error", {}), refused.operation_name
    code = error.get("Code", "")
    if "AccessDenied" in code or "NotAuthorized" in code:
        service = "cognito-idp" if "UserPool" in operation else "iam"
        return f"AWS refuses {operation}: {error.get('Message')}. The caller needs {service}:{operation}"
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
