"""Calls as commands: for the AWS CLI, and for boto3."""

from __future__ import annotations

import json
import pprint
import re
import shlex
from typing import Any

REPEATABLE = frozenset({"cognito-idp", "cognito-identity", "sts", "iam"})
ACCOUNT = "123456789012"
"""The account of calls whose access key is no account id."""
_WORD = re.compile(r"(.)([A-Z][a-z]+)")
_PLURAL = re.compile(r"(?<=.)[A-Z]{2,}s$")
"""Of an abbreviation, as in ListClientMetadataURLs."""
_END = re.compile(r"([a-z0-9])([A-Z])")


def is_repeatable(call: dict[str, Any]) -> bool:
    """Whether a request is one of AWS's API, with parameters that were understood."""
    return call["kind"] == "api" and call["service"] in REPEATABLE and isinstance(call["parameters"], dict)


def aws_cli(call: dict[str, Any], url: str) -> str:
    return cli(call["service"], call["operation"], call["parameters"], url, call["region"], call["account"])


def boto3(call: dict[str, Any], url: str) -> str:
    arguments = pprint.pformat(call["parameters"], sort_dicts=False, width=96)
    return (
        "import boto3\n\n"
        f"client = boto3.client({call['service']!r}, region_name={call['region']!r}, endpoint_url={url!r},\n"
        f"                      aws_access_key_id={_key(call['account'])!r}, aws_secret_access_key='test')\n"
        f"client.{snake(call['operation'])}(**{arguments})\n"
    )


def cli(
    service: str, operation: str, params: dict[str, Any], url: str, region: str, account: str = ACCOUNT
) -> str:
    """A command for a POSIX shell. Credentials are given, so that it works in a shell that has none."""
    given = f" --cli-input-json {shlex.quote(json.dumps(params, ensure_ascii=False))}" if params else ""
    return (
        f"AWS_ACCESS_KEY_ID={_key(account)} AWS_SECRET_ACCESS_KEY=test aws {service} "
        f"{snake(operation).replace('_', '-')} --endpoint-url {shlex.quote(url)} "
        f"--region {region or 'us-east-1'}{given}"
    )


def snake(operation: str) -> str:
    """The name of an operation in boto3, as botocore makes it."""
    plural = _PLURAL.search(operation)
    if plural:
        operation = f"{operation[: plural.start()]}_{plural[0].lower()}"
    return _END.sub(r"\1_\2", _WORD.sub(r"\1_\2", operation)).lower()


def _key(account: str) -> str:
    return account if account not in {"", ACCOUNT} else "test"


MAKERS = {"cli": aws_cli, "boto3": boto3}
