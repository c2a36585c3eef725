"""App clients of a user pool, and their secrets."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import Resource
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.settings import pins
from cogmock.wire import model


def apply(run: Run, call: Call, pool: UserPool, stated: list[Resource]) -> None:
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


def _settle(run: Run, call: Call, pool: UserPool, stated: Resource) -> None:
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


def _created(run: Run, call: Call, pool: UserPool, stated: Resource) -> UserPoolClient:
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
    return client


def _is_first_of_rotation(params: dict[str, Any]) -> bool:
    """Whether the stated secret is one that Secrets Manager holds until it is rotated. AWS generates those itself."""
    return bool(params.get("PublishSecretsInAWSSecretsManager") and params.get("ClientSecret"))


def _update(run: Run, call: Call, client: UserPoolClient, stated: Resource) -> None:
    accepted = model.load("cognito-idp").shapes["UpdateUserPoolClientRequest"]["members"]
    kept = {key: value for key, value in client.settings.items() if key in accepted}
    wanted = {key: value for key, value in stated.params.items() if key in accepted}
    params = kept | wanted | {"UserPoolId": client.pool_id, "ClientId": client.id}
    run.ask(call, UserPoolsBackend, "UpdateUserPoolClient", params, stated.node)
    _settle_secret(run, call, client, stated)


def _settle_secret(run: Run, call: Call, client: UserPoolClient, stated: Resource) -> None:
    """A secret that is stated is then the only one."""
    wanted = stated.params.get("ClientSecret")
    held = [secret.value for secret in client.secrets]
    if wanted is None or held == [wanted] or client.published:
        return
    if not client.secrets:
        run.refuse(
            stated.node, "AWS cannot give a secret to a client that was made without one", "ClientSecret"
        )
    about = {"UserPoolId": client.pool_id, "ClientId": client.id}
    client.secrets = [secret for secret in client.secrets if secret.value == wanted] or client.secrets[:1]
    if wanted not in held:
        old = client.secrets[0].id
        params = about | {"ClientSecret": wanted}
        run.ask(call, UserPoolsBackend, "AddUserPoolClientSecret", params, stated.node)
        run.ask(
            call, UserPoolsBackend, "DeleteUserPoolClientSecret", about | {"ClientSecretId": old}, stated.node
        )


def _described(call: Call, client: UserPoolClient) -> dict[str, Any]:
    about = {"UserPoolId": client.pool_id, "ClientId": client.id}
    description: dict[str, Any] = UserPoolsBackend.answer(call, "DescribeUserPoolClient", about)[
        "UserPoolClient"
    ]
    return description
