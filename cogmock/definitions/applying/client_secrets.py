"""The one or two secrets of an app client."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import ClientDefinition
from cogmock.state.client import UserPoolClient
from cogmock.userpools.backend import UserPoolsBackend


def add_second(run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition) -> None:
    """Gives the second secret to a client that has one."""
    if stated.second_secret is not None:
        value = None if stated.second_secret is True else stated.second_secret
        _add(run, call, client, stated, value, "second_secret")


def settle(run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition) -> None:
    """Makes the secrets those that are stated. A client without a stated secret keeps those that it has."""
    first, second = stated.params.get("ClientSecret"), stated.second_secret
    if (first is None and second is None) or client.published:
        return
    if not client.secrets:
        key = "ClientSecret" if first else "second_secret"
        run.refuse(stated.node, "AWS cannot give a secret to a client that was made without one", key)
    wanted = [first or _other(client, second)]
    if isinstance(second, str):
        wanted.append(second)
    elif second and len(client.secrets) > 1:
        wanted.append(next(one.value for one in client.secrets[::-1] if one.value not in wanted))
    _replace(run, call, client, stated, wanted)
    if second is True and len(client.secrets) == 1:
        add_second(run, call, client, stated)


def _other(client: UserPoolClient, second: object) -> str:
    """The secret that a client keeps as its first, where the document does not state which one."""
    return next((one.value for one in client.secrets if one.value != second), client.secrets[0].value)


def _replace(
    run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition, wanted: list[str]
) -> None:
    held = [secret.value for secret in client.secrets]
    if held == wanted:
        return
    for value, key in zip(wanted, ("ClientSecret", "second_secret"), strict=False):
        if value not in held:
            kept = [secret for secret in client.secrets if secret.value in wanted]
            client.secrets = kept[:1] or client.secrets[:1]  # AWS takes two at most
            _add(run, call, client, stated, value, key)
    kept = [secret for secret in client.secrets if secret.value in wanted]
    client.secrets = sorted(kept, key=lambda secret: wanted.index(secret.value))


def _add(
    run: Run, call: Call, client: UserPoolClient, stated: ClientDefinition, value: str | None, key: str
) -> None:
    params = {"UserPoolId": client.pool_id, "ClientId": client.id}
    node = stated.node.mapping.get(key, stated.node)
    given = {"ClientSecret": value} if value else {}
    run.ask(call, UserPoolsBackend, "AddUserPoolClientSecret", params | given, node)
