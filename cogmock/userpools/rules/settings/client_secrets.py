"""Client secrets: their creation, and those that Cognito keeps in Secrets Manager and rotates."""

from __future__ import annotations

import json

from cogmock.core.entropy import LETTERS, LOWER, Entropy
from cogmock.state.client import Publication, Secret, UserPoolClient
from cogmock.state.region import Region
from cogmock.wire import arns

ROTATION = 7 * 86400
"""Seconds between two rotations (service model). On AWS the schedule can be changed in Secrets Manager."""
LENGTH = 51


def add(entropy: Entropy, client: UserPoolClient, now: float, value: str | None = None) -> Secret:
    """A further secret, generated unless a value is given.

    Ids contain the time in milliseconds; a second secret in the same millisecond gets the next one.
    """
    moment = int(now * 1000)
    while any(secret.id == f"{client.id}--{moment}" for secret in client.secrets):
        moment += 1
    generated = value is None
    secret = Secret(f"{client.id}--{moment}", value or entropy.text(LENGTH, LOWER), now, generated=generated)
    client.secrets.append(secret)
    return secret


def publish(entropy: Entropy, region: Region, client: UserPoolClient, now: float) -> None:
    """Puts the secret of a client into Secrets Manager, from where it is rotated."""
    name = f"cognito/{client.pool_id}/{client.id}-{entropy.text(6, LETTERS)}"
    # Secrets Manager's own form; the service model has a slash in place of the colon, which no ARN of it has.
    arn = arns.arn("secretsmanager", region.name, region.account, f"secret:{name}")
    client.published = Publication(arn, now)


def settle(entropy: Entropy, client: UserPoolClient, now: float) -> None:
    """Makes up for the rotations that have been due since the client was last looked at."""
    published = client.published
    if published is None or now < published.rotated + ROTATION:
        return
    missed = int((now - published.rotated) // ROTATION)
    last = published.rotated + missed * ROTATION
    if missed > 1:
        rotate(entropy, client, last - ROTATION)
    rotate(entropy, client, last)


def rotate(entropy: Entropy, client: UserPoolClient, now: float) -> None:
    """A new secret. The one before it is good until the next rotation, the ones before that no longer.

    inferred: how long the former secret is good.
    """
    client.secrets = client.secrets[-1:]
    add(entropy, client, now)
    if client.published is not None:
        client.published.rotated = now


def secret_string(client: UserPoolClient) -> str:
    """SecretString as Secrets Manager has it (service model: ClientSecretArn)."""
    return json.dumps(
        {
            "userPoolId": client.pool_id,
            "userPoolClientId": client.id,
            "clientSecretValue": client.secrets[-1].value,
        }
    )
