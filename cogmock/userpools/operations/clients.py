"""App clients and their secrets."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.entropy import LOWER
from cogmock.core.operation import operation
from cogmock.core.paging import page_of
from cogmock.state.client import Secret, UserPoolClient
from cogmock.userpools.rules import lookup

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DEFAULTS: dict[str, Any] = {
    "RefreshTokenValidity": 30,
    "TokenValidityUnits": {},
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 3,
}
"""The settings of a client that was made with a name alone."""
APART = ("UserPoolId", "ClientId", "ClientName", "GenerateSecret", "ClientSecret")
"""Members of the requests that are no settings."""


@operation
def create_user_pool_client(
    call: Call, params: aws.CreateUserPoolClientRequest
) -> aws.CreateUserPoolClientResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    client = UserPoolClient(
        id=call.world.entropy.text(26, LOWER),
        pool_id=pool.id,
        name=params["ClientName"],
        settings=_settings(dict(params)),
        created=call.now,
        modified=call.now,
    )
    value = params.get("ClientSecret")
    if params.get("GenerateSecret"):
        value = call.world.entropy.text(51, LOWER)
    if value:
        client.secrets = [Secret(f"{client.id}--{int(call.now)}", value, call.now)]
    call.region.clients.add(client)
    return {"UserPoolClient": _described(client)}


@operation
def describe_user_pool_client(
    call: Call, params: aws.DescribeUserPoolClientRequest
) -> aws.DescribeUserPoolClientResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"UserPoolClient": _described(lookup.client(call, pool.id, params["ClientId"]))}


@operation
def list_user_pool_clients(
    call: Call, params: aws.ListUserPoolClientsRequest
) -> aws.ListUserPoolClientsResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    clients, token = page_of(
        call.region.clients.bunch("pool_id", pool.id),
        params.get("MaxResults") or 60,
        params.get("NextToken"),
        ["ListUserPoolClients", pool.id],
    )
    return {
        "UserPoolClients": [
            {"ClientId": client.id, "UserPoolId": pool.id, "ClientName": client.name} for client in clients
        ],
        "NextToken": token,
    }


@operation
def update_user_pool_client(
    call: Call, params: aws.UpdateUserPoolClientRequest
) -> aws.UpdateUserPoolClientResponse:
    """What is not given returns to its default; id, secret and creation date stay."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    client.settings = _settings(dict(params))
    client.name = params.get("ClientName") or client.name
    client.modified = call.now
    return {"UserPoolClient": _described(client)}


@operation
def delete_user_pool_client(call: Call, params: aws.DeleteUserPoolClientRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    call.region.clients.remove(lookup.client(call, pool.id, params["ClientId"]))


def _settings(params: dict[str, Any]) -> dict[str, Any]:
    settings = deepcopy(DEFAULTS) | {key: value for key, value in params.items() if key not in APART}
    # The model: 0 stands for the default of 30 days.
    settings["RefreshTokenValidity"] = settings["RefreshTokenValidity"] or DEFAULTS["RefreshTokenValidity"]
    return settings


def _described(client: UserPoolClient) -> aws.UserPoolClientType:
    described: Any = {
        "UserPoolId": client.pool_id,
        "ClientName": client.name,
        "ClientId": client.id,
        "ClientSecret": client.secrets[0].value if client.secrets else None,
        "LastModifiedDate": client.modified,
        "CreationDate": client.created,
        **client.settings,
    }
    return described  # type: ignore[no-any-return]  # a dict in AWS's words, put together from one
