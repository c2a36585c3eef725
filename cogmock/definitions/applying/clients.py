"""App clients of a user pool, and their secrets."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying import client_secrets
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import ClientDefinition
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.settings import pins
from cogmock.wire import model


def apply(run: Run, call: Call, pool: UserPool, stated: list[ClientDefinition]) -> None:
    """Creates and updates clients."""
    for client in stated:
        with suppress(Refused):
            _settle(run, call, pool, client)


def named(call: Call, pool: UserPool, name: str) -> UserPoolClient | None:
    """The client of a pool by id, else by name."""
    client = call.region.clients.get(name)
    if client is not None and client.pool_id == pool.id:
        return client
    return next((one for one in call.region.clients.where("pool_id", pool.id) if one.name == name), None)


def _settle(run: Run, call: Call, pool: UserPool, stated: ClientDefinition) -> None:
    there = named(call, pool, stated.id or stated.params["ClientName"])
    if there is None:
        client = _created(run, call, pool, stated)
        run.created("user_pool_client", client.id, client.name)
        return
    client = there
    changed = run.compare(
        client,
        lambda: _described(call, client),
        lambda: _update(run, call, client, stated),
    )
    run.settled("user_pool_client", client.id, client.name, changed)


def _created(run: Run, call: Call, pool: UserPool, stated: ClientDefinition) -> UserPoolClient:
    name = stated.params["ClientName"]
    params = stated.params | {"UserPoolId": pool.id}
    if stated.id:
        params["ClientName"] = f"{pins.CLIENT_PREFIXES[0]}{stated.id}"
    secret = params.pop("ClientSecret") if _is_first_of_rotation(params) else None
    if secret:
        params["GenerateSecret"] = True
    answer = run.ask(call, UserPoolsBackend, "CreateUserPoolClient", params, stated.node)
    client = call.region.clients[answer["UserPoolClient"]["ClientId"]]
    if secret:
        client.secrets[0].value = secret
    run.undo.step(lambda: call.region.clients.remove(client))
    client.name = name
    client_secrets.add_second(run, call, client, stated)
    _sessions(run, call, client, stated)
    client.type = stated.type or client.type
    return client


def _is_first_of_rotation(params: dict[str, Any]) -> bool:
    """Whether the stated secret is one that Secrets Manager holds until it is rotated. AWS generates those itself."""
    return bool(params.get("PublishSecretsInAWSSecretsManager") and params.get("ClientSecret"))


def _update(run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition) -> None:
    accepted = model.load("cognito-idp").shapes["UpdateUserPoolClientRequest"]["members"]
    kept = {key: value for key, value in client.settings.items() if key in accepted}
    wanted = {key: value for key, value in stated.params.items() if key in accepted}
    params = kept | wanted | {"UserPoolId": client.pool_id, "ClientId": client.id}
    run.ask(call, UserPoolsBackend, "UpdateUserPoolClient", params, stated.node)
    client_secrets.settle(run, call, client, stated)
    _sessions(run, call, client, stated)
    client.type = stated.type or client.type


def _sessions(run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition) -> None:
    if stated.sessions is not None:
        params = stated.sessions.params | {"UserPoolId": client.pool_id, "ClientId": client.id}
        operation = "SetUserPoolClientSessionConfiguration"
        run.ask(call, UserPoolsBackend, operation, params, stated.sessions.node)


def _described(call: Call, client: UserPoolClient) -> dict[str, Any]:
    about = {"UserPoolId": client.pool_id, "ClientId": client.id}
    description: dict[str, Any] = UserPoolsBackend.answer(call, "DescribeUserPoolClient", about)[
        "UserPoolClient"
    ]
    secrets = [secret.value for secret in client.secrets]
    return description | {"second_secret": secrets[1:], "sessions": client.sso_minutes}
