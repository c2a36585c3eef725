"""App clients and their secrets."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import LOWER
from cogmock.core.operation import operation
from cogmock.core.paging import next_token, start
from cogmock.errors import InvalidParameterException, LimitExceededException
from cogmock.state.client import Secret, UserPoolClient
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.settings import client_secrets, client_settings, pins, registration

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST = 1000
"""Clients that a pool can have."""
MOST_SECRETS = 2
PAGE = 60


@operation
def create_user_pool_client(
    call: Call, params: aws.CreateUserPoolClientRequest
) -> aws.CreateUserPoolClientResponse:
    """A ClientName `_custom_id_:ID` sets the id of the client; the prefix is not stored."""
    pool = lookup.pool(call, params["UserPoolId"])
    pinned, name = pins.client_id(call, params["ClientName"])
    value, generates = params.get("ClientSecret"), params.get("GenerateSecret")
    if value and generates:
        raise InvalidParameterException("GenerateSecret can not be true where a ClientSecret is given.")
    settings = client_settings.settled(pool, params, confidential=bool(value or generates), verb="creating")
    if call.region.clients.count("pool_id", pool.id) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} clients.")
    client = UserPoolClient(
        id=pinned or call.world.entropy.text(26, LOWER),
        pool_id=pool.id,
        name=name,
        settings=settings,
        created=call.now,
        modified=call.now,
    )
    if value or generates:
        _add_secret(call, client, value)
    if generates and params.get("PublishSecretsInAWSSecretsManager"):
        client_secrets.publish(call.world.entropy, call.region, client, call.now)
    call.region.clients.add(client)
    return {"UserPoolClient": _described(client)}


@operation
def describe_user_pool_client(
    call: Call, params: aws.DescribeUserPoolClientRequest
) -> aws.DescribeUserPoolClientResponse:
    """Includes the client secret in clear text; if the client has two, the older one."""
    pool = lookup.pool(call, params["UserPoolId"])
    return {"UserPoolClient": _described(lookup.client(call, pool.id, params["ClientId"]))}


@operation
def list_user_pool_clients(
    call: Call, params: aws.ListUserPoolClientsRequest
) -> aws.ListUserPoolClientsResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    limit, kind = params.get("MaxResults") or PAGE, params.get("ClientType")
    question = ["ListUserPoolClients", pool.id, kind]
    after = start(params.get("NextToken"), question)
    rows = call.region.clients.where("pool_id", pool.id, after)
    clients = list(islice((client for client in rows if kind in (None, client.type)), limit + 1))
    shown = clients[:limit]
    return {
        "UserPoolClients": [
            {"ClientId": client.id, "UserPoolId": pool.id, "ClientName": client.name} for client in shown
        ],
        "NextToken": next_token(shown[-1].number, question) if len(clients) > limit else None,
    }


@operation
def update_user_pool_client(
    call: Call, params: aws.UpdateUserPoolClientRequest
) -> aws.UpdateUserPoolClientResponse:
    """Settings that are not given return to their defaults; id, secrets and creation date are kept."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    settings = client_settings.settled(pool, params, confidential=bool(client.secrets), verb="updating")
    if "RefreshTokenRotation" in client.settings:
        # AWS goes on to show it where an update leaves it out: switched off (seen).
        settings.setdefault("RefreshTokenRotation", client_settings.NOT_ROTATING)
    registration.check_holder(client, settings)
    publishes = params.get("PublishSecretsInAWSSecretsManager")
    _check_publication(client, wanted=publishes)
    client.settings = settings
    _settle_publication(call, client, wanted=publishes)
    client.name = params.get("ClientName") or client.name
    client.modified = call.now
    return {"UserPoolClient": _described(client)}


@operation
def delete_user_pool_client(call: Call, params: aws.DeleteUserPoolClientRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    for terms in [each for each in pool.terms if each.client_id == client.id]:
        pool.terms.remove(terms)
    pool.customizations.pop(client.id, None)
    pool.brandings.pop(client.id, None)
    pool.risk_configurations.pop(client.id, None)
    call.region.clients.remove(client)


@operation
def add_user_pool_client_secret(
    call: Call, params: aws.AddUserPoolClientSecretRequest
) -> aws.AddUserPoolClientSecretResponse:
    """Both secrets are valid until one is deleted. A secret value that the request gave is not returned."""
    client = _client_with_secrets(call, params)
    if not client.secrets:
        raise InvalidParameterException(f"User pool client {client.id} can not have client secrets.")
    if len(client.secrets) >= MOST_SECRETS:
        raise LimitExceededException(f"A user pool client can have at most {MOST_SECRETS} client secrets.")
    value = params.get("ClientSecret")
    secret = _add_secret(call, client, value)
    client.modified = call.now
    return {
        "ClientSecretDescriptor": _listed(secret) | {"ClientSecretValue": None if value else secret.value}
    }


@operation
def list_user_pool_client_secrets(
    call: Call, params: aws.ListUserPoolClientSecretsRequest
) -> aws.ListUserPoolClientSecretsResponse:
    """Returns ids and creation dates, never the values; there is no second page."""
    client = _client_with_secrets(call, params)
    return {"ClientSecrets": [_listed(secret) for secret in client.secrets]}


@operation
def delete_user_pool_client_secret(call: Call, params: aws.DeleteUserPoolClientSecretRequest) -> None:
    """The last secret of a client cannot be deleted."""
    client = _client_with_secrets(call, params)
    secret = lookup.secret(client, params["ClientSecretId"])
    if len(client.secrets) == 1:
        raise InvalidParameterException("The last client secret of a user pool client can not be deleted.")
    client.secrets.remove(secret)
    client.modified = call.now


def _client_with_secrets(
    call: Call,
    params: aws.AddUserPoolClientSecretRequest
    | aws.ListUserPoolClientSecretsRequest
    | aws.DeleteUserPoolClientSecretRequest,
) -> UserPoolClient:
    """The client of a request about secrets. Clients that registered themselves are refused (service model)."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    registration.check_secrets(client)
    return client


def _add_secret(call: Call, client: UserPoolClient, value: str | None) -> Secret:
    """Adds the secret that the caller gave, else a generated one."""
    drawn = value or client_secrets.generated(call.world.entropy)
    return client_secrets.add(drawn, client, call.now, own=bool(value))


def _settle_publication(call: Call, client: UserPoolClient, *, wanted: bool | None) -> None:
    """Moves a generated secret to Secrets Manager, where it is rotated at once, or back. None leaves it where it is.

    Going back, the secret is gone from Secrets Manager at once (service model); it stays good.
    """
    if wanted is None or (client.published is not None) == wanted:
        return
    if not wanted:
        client.published = None
        return
    client_secrets.publish(call.world.entropy, call.region, client, call.now)
    client_secrets.rotate(client, call.now)


def _check_publication(client: UserPoolClient, *, wanted: bool | None) -> None:
    if wanted and not any(secret.generated for secret in client.secrets):
        # inferred: the error and the wording.
        raise InvalidParameterException(
            "PublishSecretsInAWSSecretsManager is only for user pool clients with a generated secret."
        )


def _listed(secret: Secret) -> aws.ClientSecretDescriptorType:
    return {"ClientSecretId": secret.id, "ClientSecretCreateDate": secret.created}


def _described(client: UserPoolClient) -> aws.UserPoolClientType:
    described: Any = {
        "UserPoolId": client.pool_id,
        "ClientName": client.name,
        "ClientId": client.id,
        "LastModifiedDate": client.modified,
        "CreationDate": client.created,
        **client.settings,
        "ClientType": client.type,
    }
    if client.published is not None:
        described["ClientSecretArn"] = client.published.arn
    elif client.secrets:
        described["ClientSecret"] = client.secrets[0].value
    return described  # type: ignore[no-any-return]  # a dict in AWS's words, put together from one
