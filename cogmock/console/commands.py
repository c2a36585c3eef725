"""Calls as commands: for the AWS CLI, and for boto3."""

from __future__ import annotations

import pprint
from typing import Any

from cogmock import aws_cli

REPEATABLE = frozenset({"cognito-idp", "cognito-identity", "sts", "iam"})


def is_repeatable(call: dict[str, Any]) -> bool:
    """Whether a request is one of AWS's API, with parameters that were understood."""
    return call["kind"] == "api" and call["service"] in REPEATABLE and isinstance(call["parameters"], dict)


def cli(call: dict[str, Any], url: str) -> str:
    return aws_cli.command(
        call["service"], call["operation"], call["parameters"], url, call["region"], call["account"]
    )


def boto3(call: dict[str, Any], url: str) -> str:
    arguments = pprint.pformat(call["parameters"], sort_dicts=False, width=96)
    key = aws_cli.key(call["account"])
    return (
        "import boto3\n\n"
        f"client = boto3.client({call['service']!r}, region_name={call['region']!r}, endpoint_url={url!r},\n"
        f"                      aws_access_key_id={key!r}, aws_secret_access_key='test')\n"
        f"client.{aws_cli.snake(call['operation'])}(**{arguments})\n"
    )


MAKERS = {"cli": cli, "boto3": boto3}
