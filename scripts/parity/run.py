"""Plays a scenario at an endpoint and records the answers in normal form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

from scripts.parity.endpoint import Endpoint
from scripts.parity.normal import Normal
from scripts.parity.scenarios import Ask


class Step(TypedDict):
    """One call. `answer` is the answer in normal form, or {"<error>": …}."""

    call: str
    answer: Any


def play(scenario: Callable[[Ask], None], endpoint: Endpoint) -> list[Step]:
    """Deletes all that the scenario created, also when it fails."""
    clients: dict[str, Any] = {}
    normal = Normal()
    steps: list[Step] = []

    def ask(service: str, operation: str, **params: Any) -> dict[str, Any]:
        if service not in clients:
            clients[service] = endpoint.client(service)
        answer: dict[str, Any] = {}
        shown: Any
        try:
            answer = endpoint.call(_send, clients[service], operation, params)
            answer.pop("ResponseMetadata", None)
            shown = normal.of(answer)
        except ClientError as error:
            found = error.response["Error"]
            message = endpoint.plain(found.get("Message", ""))
            shown = {"<error>": {"Code": found.get("Code"), "Message": normal.of(message)}}
        except ParamValidationError as error:
            shown = {"<error>": {"Code": "(boto3)", "Message": str(error)}}
        steps.append({"call": f"{service} {operation}", "answer": shown})
        return answer

    try:
        scenario(ask)
    finally:
        endpoint.delete_all()
    return steps


def _send(client: Any, operation: str, params: dict[str, Any]) -> Any:
    return getattr(client, xform_name(operation))(**params)
