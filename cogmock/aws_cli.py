"""Commands of the AWS CLI for this server, as text to paste into a shell."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

ACCOUNT = "123456789012"
"""The account of calls whose access key is no account id."""
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_END = re.compile(r"([a-z0-9])([A-Z])")
_PLURAL = re.compile(r"(?<=.)[A-Z]{2,}s$")
"""Of an abbreviation, as in ListClientMetadataURLs."""


def command(
    service: str, operation: str, params: dict[str, Any], url: str, region: str, account: str = ACCOUNT
) -> str:
    """A command for a POSIX shell. Credentials are given, so that it works in a shell that has none."""
    given = f" --cli-input-json {shlex.quote(json.dumps(params, ensure_ascii=False))}" if params else ""
    return (
        f"AWS_ACCESS_KEY_ID={key(account)} AWS_SECRET_ACCESS_KEY=test aws {service} "
        f"{snake(operation).replace('_', '-')} --endpoint-url {shlex.quote(url)} "
        f"--region {region or 'us-east-1'}{given}"
    )


def snake(operation: str) -> str:
    """The name of an operation in boto3, as botocore makes it."""
    plural = _PLURAL.search(operation)
    if plural:
        operation = f"{operation[: plural.start()]}_{plural[0].lower()}"
    return _END.sub(r"\1_\2", _WORD.sub(r"\1_\2", operation)).lower()


def key(account: str) -> str:
    """An access key id by which this server knows the account."""
    return account if account not in {"", ACCOUNT} else "test"
