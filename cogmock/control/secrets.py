"""What AWS would keep in Secrets Manager: client secrets that Cognito rotates."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, iso, parameters, text
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException
from cogmock.state.client import Publication, UserPoolClient
from cogmock.userpools.rules.settings import client_secrets


def read_secret(world: World, request: ControlRequest) -> dict[str, Any]:
    """The secret of an ARN, after the rotations that are due."""
    arn = text(dict(parameters(request, "arn")), "arn")
    with world.lock:
        client, published = _found(world, arn)
        client_secrets.settle(client, world.clock.now())
        return _described(client, published)


def rotate_secret(world: World, request: ControlRequest) -> dict[str, Any]:
    """One rotation now; the next is due a week from now."""
    arn = text(document(request, "arn"), "arn")
    with world.lock:
        client, published = _found(world, arn)
        client_secrets.rotate(client, world.clock.now())
        return _described(client, published)


def _found(world: World, arn: str) -> tuple[UserPoolClient, Publication]:
    for region in world.regions():
        for client in region.clients:
            if client.published is not None and client.published.arn == arn:
                return client, client.published
    raise ResourceNotFoundException("Secrets Manager can't find the specified secret.")


def _described(client: UserPoolClient, published: Publication) -> dict[str, Any]:
    return {
        "arn": published.arn,
        "SecretString": client_secrets.secret_string(client),
        "rotated_at": iso(published.rotated),
    }
