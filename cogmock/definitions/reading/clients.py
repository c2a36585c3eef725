"""The `clients` of a pool's block: what there is of them beside the parameters of CreateUserPoolClient."""

from __future__ import annotations

from typing import Literal

from cogmock.definitions import aws_members, blocks
from cogmock.definitions.definition import ClientDefinition, Resource
from cogmock.definitions.faults import Fault, unknown_key
from cogmock.definitions.nodes import Node

TYPES = ("REGULAR", "DCR")
GIVEN = {"UserPoolId": "us-east-1_placeholder", "ClientId": "placeholder"}


def completed(client: Resource, faults: list[Fault]) -> ClientDefinition:
    """A client with its second secret and the configuration of its sessions."""
    found = ClientDefinition(client.node, client.params, client.id)
    found.second_secret = _second_secret(client, faults)
    found.sessions = _sessions(client.node, faults)
    found.type = blocks.text(client.node, "type", faults)
    if found.type not in {None, *TYPES}:
        faults.append(
            client.node.fault(unknown_key(str(found.type), TYPES).replace("key", "type", 1), "type")
        )
    return found


def _second_secret(client: Resource, faults: list[Fault]) -> str | Literal[True] | None:
    stated = client.node.mapping.get("second_secret")
    if stated is None or stated.text == "false":
        return None
    if isinstance(stated.value, dict | list):
        faults.append(stated.fault(f"must be a secret, or true for one that is drawn, not {stated.kind}"))
    elif not client.params.keys() & {"ClientSecret", "GenerateSecret"}:
        faults.append(
            stated.fault(
                "a client with a second secret has a first one: state ClientSecret or GenerateSecret"
            )
        )
    elif client.params.get("PublishSecretsInAWSSecretsManager"):
        faults.append(
            stated.fault("the second secret of a client that publishes its secrets is made by their rotation")
        )
    elif stated.text == "true":
        return True
    else:
        asked = Node({"ClientSecret": stated}, stated.path, stated.line)
        aws_members.read(asked, "cognito-idp", "AddUserPoolClientSecret", faults, given=GIVEN)
        if client.params.get("ClientSecret") == stated.text:
            faults.append(stated.fault("the second secret is the same as ClientSecret"))
        return stated.text
    return None


def _sessions(node: Node, faults: list[Fault]) -> Resource | None:
    stated = node.mapping.get("sessions")
    if stated is None:
        return None
    if not isinstance(stated.value, dict):
        faults.append(stated.fault(f"must be a mapping, not {stated.kind}"))
        return None
    operation = "SetUserPoolClientSessionConfiguration"
    return Resource(stated, aws_members.read(stated, "cognito-idp", operation, faults, given=GIVEN))
