"""Managed policies of AWS: those that Cognito's console attaches, those of AssumeRoot, and other common ones.

Each is complete, as AWS publishes it. A policy that cannot be stated completely is left out and does not exist.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cogmock.state.iam import ManagedPolicy, PolicyVersion
from cogmock.wire import arns

OWNER = "arn:aws:iam::aws:policy"
_OWNERS = tuple(arns.arn("iam", region, "aws", "policy/") for region in ("us-gov-west-1", "cn-north-1"))


def find(arn: str) -> ManagedPolicy | None:
    """A policy by its ARN in any partition."""
    if arn.startswith(_OWNERS):
        return _in_partition(arn)
    return policies().get(arn) if arn.startswith(OWNER) else None


def is_one(arn: str) -> bool:
    """Whether an ARN is one of AWS's own policies, also of one that is not in this catalogue."""
    return arn.split(":", 2)[-1].startswith("iam::aws:policy/")


@cache
def _in_partition(arn: str) -> ManagedPolicy | None:
    found = policies().get(OWNER + arn.partition(":policy")[2])
    return replace(found, arn=arn) if found else None


@cache
def policies() -> dict[str, ManagedPolicy]:
    """ARN → policy. They are shared by all accounts and never changed."""
    stated = json.loads(Path(__file__).with_name("aws.json").read_text("utf-8"))
    return {policy.arn: policy for policy in map(_policy, stated)}


def _policy(stated: dict[str, Any]) -> ManagedPolicy:
    name, path, version = stated["name"], stated["path"], stated["version"]
    document = json.dumps({"Version": "2012-10-17", "Statement": stated["statements"]}, indent=4)
    changed = datetime.fromisoformat(stated["updated"]).timestamp()
    return ManagedPolicy(
        name=name,
        # inferred: AWS does not document the ids; these have their form and never change.
        id=f"ANPA{base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:17]}",
        arn=f"{OWNER}{path}{name}",
        path=path,
        created=datetime.fromisoformat(stated["created"]).timestamp(),
        updated=changed,
        versions={version: PolicyVersion(version, document, changed)},
        default=version,
        last_version=int(version[1:]),
    )
