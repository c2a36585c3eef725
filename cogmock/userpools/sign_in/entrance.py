"""The checks before a sign-in begins: the client's flows, its secret, and the required parameters."""

from __future__ import annotations

import hmac

from cogmock.core.call import Call
from cogmock.errors import InvalidParameterException, NotAuthorizedException, UserNotFoundException
from cogmock.state.client import UserPoolClient
from cogmock.state.session import Attempt
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import aliases
from cogmock.userpools.rules.proofs import existence, secret_hash
from cogmock.userpools.sign_in import user_migration
from cogmock.userpools.sign_in.attempt import WRONG, SignIn

OLD_NAMES = {"ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH", "REFRESH_TOKEN": "REFRESH_TOKEN_AUTH"}
GATES = {
    "USER_PASSWORD_AUTH": (
        {"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"},
        "USER_PASSWORD_AUTH flow not enabled for this client",
    ),
    "USER_SRP_AUTH": (
        {"ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"},
        "USER_SRP_AUTH is not enabled for the client.",
    ),
    "CUSTOM_AUTH": (
        {"ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"},
        "CUSTOM_AUTH is not enabled for the client.",
    ),
    "ADMIN_USER_PASSWORD_AUTH": (
        {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"},
        "Auth flow not enabled for this client",
    ),
    "USER_AUTH": ({"ALLOW_USER_AUTH"}, "USER_AUTH flow not enabled for this client"),
    "REFRESH_TOKEN_AUTH": (
        {"ALLOW_REFRESH_TOKEN_AUTH", "USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY"},
        "Auth flow not enabled for this client",
    ),
}
"""Flow → the values of ExplicitAuthFlows that allow it, and the message of the refusal.

With the old values (without ALLOW_), SRP and custom challenges are allowed beside the named flow.
"""
DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")
ADMIN_ONLY = {"ADMIN_USER_PASSWORD_AUTH"}
PUBLIC_ONLY = {"USER_PASSWORD_AUTH"}
SHOWING = {"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH"}
"""Flows whose requests may contain the password, so that the migration trigger can run."""
WITHOUT_PASSWORD = {"CUSTOM_AUTH", "USER_AUTH"}
"""Flows in which something other than a password may be proven."""
REQUIRED = {
    "USER_PASSWORD_AUTH": ("USERNAME", "PASSWORD"),
    "ADMIN_USER_PASSWORD_AUTH": ("USERNAME", "PASSWORD"),
    "USER_SRP_AUTH": ("USERNAME", "SRP_A"),
    "CUSTOM_AUTH": ("USERNAME",),
    "USER_AUTH": ("USERNAME",),
    "REFRESH_TOKEN_AUTH": ("REFRESH_TOKEN",),
}


def flow(client: UserPoolClient, given: str, *, admin: bool) -> str:
    """The flow by its current name. Raises InvalidParameterException if the client does not allow it."""
    name = OLD_NAMES.get(given, given)
    if name in (PUBLIC_ONLY if admin else ADMIN_ONLY):
        raise InvalidParameterException("Initiate Auth method not supported.")
    opens, refusal = GATES[name]
    flows = client.settings.get("ExplicitAuthFlows") or DEFAULT_FLOWS
    shut = name == "USER_SRP_AUTH" and "CUSTOM_AUTH_FLOW_ONLY" in flows
    if shut or opens.isdisjoint(flows) or (name == "REFRESH_TOKEN_AUTH" and rotates(client)):
        raise InvalidParameterException(refusal)
    return name


def rotates(client: UserPoolClient) -> bool:
    """Whether refresh tokens are rotated. Such a client must use GetTokensFromRefreshToken."""
    rotation = client.settings.get("RefreshTokenRotation")
    return rotation is not None and rotation["Feature"] == "ENABLED"


def has_secret(client: UserPoolClient, given: str | None) -> bool:
    """Whether this is a secret of the client; for a client without secrets, whether none was given."""
    if not client.secrets:
        return not given
    return any(
        hmac.compare_digest(secret.value.encode(), (given or "").encode()) for secret in client.secrets
    )


def require(flow: str, given: dict[str, str]) -> None:
    """Raises InvalidParameterException."""
    for name in REQUIRED[flow]:
        if not given.get(name):
            raise InvalidParameterException(f"Missing required parameter {name}")


def enter(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    flow: str,
    given: dict[str, str],
    validation: dict[str, str] | None = None,
) -> SignIn:
    """Begins a sign-in by API. Raises UserNotFoundException."""
    require(flow, given)
    secret_hash.check(call, client, given["USERNAME"], given.get("SECRET_HASH"), where="sign_in")
    return look_up(call, pool, client, flow, given, validation)


def refuse_federated(client: UserPoolClient, user: User) -> None:
    """Federated users sign in at their provider; here they fail as a wrong password does (AWS dev guide).

    The flows with a password need no check: a federated user has none, so none is right.

    Raises NotAuthorizedException, unless the client hides who exists: then they are treated as unknown.
    """
    if not existence.is_hidden(client):
        raise NotAuthorizedException(WRONG, reason=f"{user.name} signs in at an identity provider")


def look_up(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    flow: str,
    given: dict[str, str],
    validation: dict[str, str] | None = None,
) -> SignIn:
    """Begins a sign-in of the user that USERNAME names, or of None if the client hides which users exist."""
    user = aliases.find(pool, given["USERNAME"])
    if user is not None and user.status == "EXTERNAL_PROVIDER" and flow in WITHOUT_PASSWORD:
        refuse_federated(client, user)
        user = None
    elif user is None and flow in SHOWING and given.get("PASSWORD"):
        user = user_migration.fetched(
            call, pool, client, given["USERNAME"], given["PASSWORD"], validation=validation
        )
    if user is None and not existence.is_hidden(client):
        raise UserNotFoundException
    attempt = Attempt(
        flow=flow,
        client_id=client.id,
        username=user.name if user else given["USERNAME"],
        known=user is not None,
        event_id=call.world.entropy.uuid(),
        device_key=given.get("DEVICE_KEY"),
    )
    return SignIn(call, pool, client, user, attempt, given, validation=validation or {})
