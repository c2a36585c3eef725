"""Client secrets: their creation, and those that Cognito keeps in Secrets Manager and rotates."""

from __future__ import annotations

import hmac
import json

from cogmock.core.entropy import LETTERS, LOWER, Entropy
from cogmock.state.client import Publication, Secret, UserPoolClient
from cogmock.state.region import Region
from cogmock.wire import arns

ROTATION = 7 * 86400
"""Seconds between two rotations (service model). On AWS the schedule can be changed in Secrets Manager."""
LENGTH = 51


def generated(entropy: Entropy) -> str:
    return entropy.text(LENGTH, LOWER)


def add(value: str, client: UserPoolClient, now: float, *, own: bool = False) -> Secret:
    """A further secret; `own` tells that a caller gave it.

    Ids contain the time in milliseconds; a second secret in the same millisecond gets the next one.
    """
    moment = int(now * 1000)
    while any(secret.id == f"{client.id}--{moment}" for secret in client.secrets):
        moment += 1
    secret = Secret(f"{client.id}--{moment}", value, now, generated=not own)
    client.secrets.append(secret)
    return secret


def publish(entropy: Entropy, region: Region, client: UserPoolClient, now: float) -> None:
    """Puts the secret of a client into Secrets Manager, from where it is rotated."""
    name = f"cognito/{client.pool_id}/{client.id}-{entropy.text(6, LETTERS)}"
    # Secrets Manager's own form; the service model has a slash in place of the colon, which no ARN of it has.
    arn = arns.arn("secretsmanager", region.name, region.account, f"secret:{name}")
    client.published = Publication(arn, entropy.bytes(32), now)


def settle(client: UserPoolClient, now: float) -> None:
    """Makes up for the rotations that have been due since the client was last looked at.

    Whoever looks, and when, the secrets are the same.
    """
    published = client.published
    if published is None or now < published.rotated + ROTATION:
        return
    missed = int((now - published.rotated) // ROTATION)
    last = published.rotated + missed * ROTATION
    if missed > 1:
        _rotate(client, published, last - ROTATION)
    _rotate(client, published, last)


def rotate(client: UserPoolClient, now: float) -> None:
    """A rotation now; the next is due a week later. Only for a client whose secret is in Secrets Manager."""
    settle(client, now)
    if client.published is not None:
        _rotate(client, client.published, now)


def _rotate(client: UserPoolClient, published: Publication, now: float) -> None:
    """A new secret. The one before it is good until the next rotation, the ones before that no longer.

    inferred: how long the former secret is good.
    """
    digest = hmac.digest(published.seed, str(int(now * 1000)).encode(), "sha512")
    value = "".join(LOWER[byte % len(LOWER)] for byte in digest[:LENGTH])
    client.secrets = client.secrets[-1:]
    add(value, client, now)
    published.rotated = now


def secret_string(client: UserPoolClient) -> str:
    """SecretString as Secrets Manager has it (service model: ClientSecretArn)."""
    return json.dumps(
        {
            "userPoolId": client.pool_id,
            "userPoolClientId": client.id,
            "clientSecretValue": client.secrets[-1].value,
        }
    )
