"""The resource policy of a REST API."""

from __future__ import annotations

import json
from typing import Any

from cogmock.definitions.faults import Fault
from cogmock.definitions.nodes import Node
from cogmock.iam.policy import PolicyError, parse
from cogmock.state.api import GuardedApi
from cogmock.wire import arns

SHORT = "execute-api:/"
"""How resources begin that API Gateway completes when it stores the policy (developer guide: resource policies)."""
RESOURCES = ("Resource", "NotResource")


def read(node: Node, text: str, api: GuardedApi, faults: list[Fault]) -> str:
    """The policy with whole ARNs, as JSON text. A policy that IAM would refuse is a fault."""
    try:
        document = json.loads(text)
        completed = json.dumps(_completed(document, api))
        parse(completed, "resource")
    except PolicyError as fault:
        faults.append(node.fault(fault.message))
        return ""
    except (ValueError, RecursionError):
        faults.append(node.fault("the policy is not JSON"))
        return ""
    return completed


def _completed(document: Any, api: GuardedApi) -> Any:
    if not isinstance(document, dict):
        return document
    given = document.get("Statement")
    statements = given if isinstance(given, list) else [given]
    whole = [
        {key: _arns(value, api) if key in RESOURCES else value for key, value in each.items()}
        if isinstance(each, dict)
        else each
        for each in statements
    ]
    return {**document, "Statement": whole}


def _arns(value: Any, api: GuardedApi) -> Any:
    if isinstance(value, list):
        return [_arns(each, api) for each in value]
    if not isinstance(value, str) or not value.startswith(SHORT):
        return value
    return arns.arn("execute-api", api.region, api.account, f"{api.id}/{value.removeprefix(SHORT)}")
