"""Operations on resource servers and their scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import InvalidParameterException, LimitExceededException
from cogmock.state.resource_server import ResourceServer
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.settings import registration

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST = 25
"""Resource servers that a pool can have."""
PAGE = 50


@operation
def create_resource_server(
    call: Call, params: aws.CreateResourceServerRequest
) -> aws.CreateResourceServerResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    if params["Identifier"] in pool.resource_servers:
        raise InvalidParameterException(f"{params['Identifier']} already exists in user pool {pool.id}.")
    if params["Identifier"] == registration.SERVER:
        raise InvalidParameterException(f"{registration.SERVER} is reserved.")  # inferred: the wording
    if sum(not server.managed for server in pool.resource_servers) >= MOST:
        raise LimitExceededException(f"A user pool can have at most {MOST} resource servers.")
    server = ResourceServer(params["Identifier"], params["Name"], _scopes(params))
    pool.resource_servers.add(server)
    return {"ResourceServer": _described(pool, server)}


@operation
def describe_resource_server(
    call: Call, params: aws.DescribeResourceServerRequest
) -> aws.DescribeResourceServerResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"ResourceServer": _described(pool, lookup.resource_server(pool, params["Identifier"]))}


@operation
def update_resource_server(
    call: Call, params: aws.UpdateResourceServerRequest
) -> aws.UpdateResourceServerResponse:
    """Replaces name and scopes. Clients keep a scope that is removed, but it has no effect any more."""
    pool = lookup.pool(call, params["UserPoolId"])
    server = _own(pool, params["Identifier"])
    server.scopes = _scopes(params)
    server.name = params["Name"]
    return {"ResourceServer": _described(pool, server)}


@operation
def delete_resource_server(call: Call, params: aws.DeleteResourceServerRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    pool.resource_servers.remove(_own(pool, params["Identifier"]))


@operation
def list_resource_servers(
    call: Call, params: aws.ListResourceServersRequest
) -> aws.ListResourceServersResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    servers, token = page(
        pool.resource_servers,
        params.get("MaxResults") or PAGE,
        params.get("NextToken"),
        ["ListResourceServers", pool.id],
    )
    return {"ResourceServers": [_described(pool, server) for server in servers], "NextToken": token}


def _own(pool: UserPool, identifier: str) -> ResourceServer:
    """A resource server that may be changed; those that Cognito manages may not."""
    server = lookup.resource_server(pool, identifier)
    if server.managed:
        raise InvalidParameterException(
            f"{identifier} is managed by Amazon Cognito."
        )  # inferred: the wording
    return server


def _scopes(params: aws.CreateResourceServerRequest | aws.UpdateResourceServerRequest) -> dict[str, str]:
    given = params.get("Scopes") or []
    scopes = {scope["ScopeName"]: scope["ScopeDescription"] for scope in given}
    if len(scopes) < len(given):
        raise InvalidParameterException("A resource server can not have two scopes of one name.")
    return scopes


def _described(pool: UserPool, server: ResourceServer) -> aws.ResourceServerType:
    return {
        "UserPoolId": pool.id,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": [
            {"ScopeName": name, "ScopeDescription": description}
            for name, description in server.scopes.items()
        ],
        "ManagedBy": "COGNITO" if server.managed else None,
    }
