"""An endpoint that calls are sent to: another server, or AWS itself. Names are prefixed there, and all is deleted."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from typing import Any

from scripts.parity.made import Made

REGION = "us-east-1"
PREFIX = "cogmock-test-"
COSTS = """\
This creates user pools, users, identity pools and IAM roles in a real AWS account, and deletes them again. Cognito
charges for monthly active users above its free tier, so a run costs cents at most; messages by SMS cost extra, and
the scenarios send none. If the run is interrupted, delete what begins with `cogmock-test-` yourself."""

NAMES: dict[str, frozenset[str]] = {
    "cognito-idp": frozenset({"PoolName", "Domain"}),
    "cognito-identity": frozenset({"IdentityPoolName"}),
    "iam": frozenset({"RoleName", "UserName", "GroupName", "PolicyName"}),
}
"""Service → parameters that name something whose name is unique in an account or in the world."""


class Refused(Exception):
    """The run may not start. The message says what is missing."""


class Endpoint:
    """`url` is None for AWS; then the usual sources of credentials and Region count."""

    def __init__(self, title: str, url: str | None, prefix: str = "") -> None:
        self.title = title
        self.url = url
        self.prefix = prefix
        self.made = Made()

    def client(self, service: str, **more: Any) -> Any:
        import boto3

        if self.url is None:
            return boto3.client(service, region_name=os.environ.get("AWS_DEFAULT_REGION", REGION), **more)
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, region_name=REGION, endpoint_url=self.url, **(keys | more))

    def call(
        self, send: Callable[..., Any], client: Any, operation: str, params: dict[str, Any]
    ) -> dict[str, Any]:
        """Sends a call with prefixed names, remembers what it creates, and takes the prefix from the answer."""
        service = client.meta.service_model.service_name
        sent = self.prefixed(service, params)
        answer = send(client, operation, sent)
        self.made.note(client, service, operation, sent, answer)
        plain: dict[str, Any] = self.plain(answer)
        return plain

    def prefixed(self, service: str, params: dict[str, Any]) -> dict[str, Any]:
        names = NAMES.get(service, frozenset())
        return {
            name: self.prefix + value if name in names and isinstance(value, str) else value
            for name, value in params.items()
        }

    def plain(self, value: Any) -> Any:
        """An answer without the prefix, except in ARNs: they are sent back as they are."""
        if not self.prefix:
            return value
        if isinstance(value, dict):
            return {name: self.plain(of) for name, of in value.items()}
        if isinstance(value, list):
            return [self.plain(of) for of in value]
        if isinstance(value, str) and not value.startswith("arn:"):
            return value.replace(self.prefix, "")
        return value

    def delete_all(self) -> None:
        for line in self.made.delete():
            print(f"not deleted at {self.title}: {line}", file=sys.stderr)


def aws(account: str | None) -> Endpoint:
    """The real service. `account` is the explicit yes: the account that may be used. Raises Refused."""
    if not account:
        raise Refused(f"{COSTS}\nTo say yes, give the account number: --account 123456789012")
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"no AWS account answers with these credentials: {error}") from None
    if found != account:
        raise Refused(f"these credentials belong to account {found}, not to {account}")
    return Endpoint(f"AWS account {account}", None, f"{PREFIX}{secrets.token_hex(3)}-")


def server(url: str) -> Endpoint:
    """A server that speaks AWS's APIs. Raises Refused if nothing answers there."""
    import urllib.error
    import urllib.request

    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as answered:
        answered.close()
    except (OSError, ValueError) as error:
        raise Refused(f"nothing answers at {url}: {error}") from None
    return Endpoint(url, url.rstrip("/"))
