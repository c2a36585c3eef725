"""Tokens of user pools: creates and verifies them. No other module encodes or decodes a JWT of a user pool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.core.tokens.issuer import issuer
from cogmock.core.triggers import token_generation
from cogmock.crypto import jws, sealed
from cogmock.errors import ForeignRefreshToken, NotAuthorizedException, UserNotFoundException
from cogmock.state import identities
from cogmock.state.client import UserPoolClient
from cogmock.state.group import Group
from cogmock.state.session import Session
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool

Claims = dict[str, Any]

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
DEFAULTS = {"AccessToken": (1, "hours"), "IdToken": (1, "hours"), "RefreshToken": (30, "days")}
BOOLEANS = ("email_verified", "phone_number_verified")


class TokenSet(NamedTuple):
    """The three tokens of a sign-in."""

    id: str
    access: str
    refresh: str


class RefreshToken(NamedTuple):
    """What a refresh token stands for."""

    user: User
    session: Session
    generation: int


def mint(  # noqa: PLR0913 - whose tokens, and on what occasion, each named
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    session: Session,
    nonce: str | None = None,
    *,
    source: str = "Authentication",
    metadata: dict[str, str] | None = None,
) -> TokenSet:
    """Fresh ID and access tokens of a session, and its refresh token. Signs without the world's lock.

    `source` is the last part of the trigger source. Raises what `triggers.fire` raises.
    """
    identity, access = customized_claims(call, pool, client, user, session, source, metadata)
    refresh = refresh_token(call, pool, client, user, session)
    id_key, access_key = signing_keys(call, pool)
    with call.outside(is_computation=True):
        signed = access_key.sign(access)
        if session.oauth:
            identity |= {"at_hash": jws.left_half(signed)} | ({"nonce": nonce} if nonce else {})
        return TokenSet(id_key.sign(identity), signed, refresh)


def customized_claims(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    user: User,
    session: Session,
    source: str,
    metadata: dict[str, str] | None = None,
) -> tuple[Claims, Claims]:
    """The claims after the pre token generation trigger. Releases the lock while the function runs."""
    identity, access = claims(call, pool, client, user, session)
    if token_generation.is_on(pool):
        identity, access = token_generation.apply(
            call, pool, client, user, source, identity, access, metadata
        )
        if pool.users.by_sub(user.sub) is not user:
            raise UserNotFoundException
    return identity, access


def claims(
    call: Call, pool: UserPool, client: UserPoolClient, user: User, session: Session
) -> tuple[Claims, Claims]:
    """What the ID token and the access token say."""
    issued = int(call.now)
    groups = groups_of(pool, user) if session.groups is None else _named_groups(pool, session.groups)
    revocable = client.settings.get("EnableTokenRevocation", True)
    common: Claims = {
        "sub": user.sub,
        "iss": issuer(call, pool),
        "origin_jti": session.id if revocable else None,
        "event_id": session.event_id,
        "auth_time": int(session.authenticated),
        "iat": issued,
        "acr": session.acr,
        "amr": list(session.amr) or None,
        "cognito:groups": [group.name for group in groups] or None,
        **(session.claims or {}),
    }
    uuid = call.world.entropy.uuid
    access: Claims = common | {
        "token_use": "access",
        "scope": " ".join(session.scopes),
        "client_id": client.oauth_id,
        "aud": session.audience,
        "username": user.name,
        "device_key": session.device_key,
        "version": 2 if session.oauth else None,
        "exp": issued + validity(client, "AccessToken"),
        "jti": uuid() if revocable else None,
    }
    identity: Claims = common | _attribute_claims(client, user) | _role_claims(groups)
    identity |= {
        "token_use": "id",
        "aud": client.oauth_id,
        "cognito:username": user.name,
        "identities": identities.as_claim(user),
        "exp": issued + validity(client, "IdToken"),
        "jti": uuid() if revocable else None,
    }
    return _present(identity), _present(access)


def mint_for_client(
    call: Call,
    pool: UserPool,
    client: UserPoolClient,
    scopes: list[str],
    metadata: dict[str, str] | None = None,
) -> str:
    """An access token without a user: the client acts for itself. Signs without the world's lock.

    Raises what `triggers.fire` raises.
    """
    issued = int(call.now)
    content: Claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": issued,
        "iss": issuer(call, pool),
        "exp": issued + validity(client, "AccessToken"),
        "iat": issued,
        "version": 2,
        "jti": call.world.entropy.uuid(),
        "client_id": client.id,
    }
    if token_generation.is_on_for_clients(pool):
        content = token_generation.apply(
            call, pool, client, None, "ClientCredentials", {}, content, metadata
        )[1]
    key = signing_keys(call, pool)[1]
    with call.outside(is_computation=True):
        return key.sign(content)


def signing_keys(call: Call, pool: UserPool) -> tuple[jws.SigningKey, jws.SigningKey]:
    """The keys of a pool, for ID and access tokens. The first to ask draws them from the stock."""
    if pool.keys is None:
        with call.outside():
            drawn = STOCK.take(), STOCK.take()
        return pool.store_keys(drawn, STOCK.give_back)
    return pool.keys


def validity(client: UserPoolClient, token: str) -> int:
    """How many seconds a token of a client is good: "AccessToken", "IdToken" or "RefreshToken"."""
    default, unit = DEFAULTS[token]
    settings: Mapping[str, Any] = client.settings
    amount = settings.get(f"{token}Validity")
    if not amount:
        return default * UNITS[unit]  # a unit alone changes nothing
    unit = (settings.get("TokenValidityUnits") or {}).get(token) or unit
    return int(amount * UNITS[unit])


def refresh_token(call: Call, pool: UserPool, client: UserPoolClient, user: User, session: Session) -> str:
    """An opaque refresh token in AWS's form. It names a session; the session decides whether it is still valid."""
    payload = json.dumps([user.sub, session.id, session.generation, session.expires]).encode()
    return sealed.jwe(pool.seal_key, payload, client.oauth_id, call.world.entropy.bytes(sealed.NONCE))


def read_refresh_token(call: Call, pool: UserPool, client: UserPoolClient, token: str) -> RefreshToken:
    """User, session and generation of a refresh token of this client, if it is still good.

    Raises NotAuthorizedException. Whether a rotated one may be used again is not asked here.
    """
    try:
        sub, session_id, generation, expires = json.loads(sealed.unjwe(pool.seal_key, token, client.oauth_id))
    except (sealed.Unsealed, ValueError):
        raise ForeignRefreshToken(reason="not a refresh token of this client") from None
    if expires <= call.now:
        raise NotAuthorizedException("Refresh Token has expired")
    user = pool.users.by_sub(sub)
    session = (user.sessions or {}).get(session_id) if user else None
    if user is None or session is None:
        raise NotAuthorizedException("Refresh Token has been revoked")
    return RefreshToken(user, session, generation)


def read(call: Call, pool: UserPool, token: str, use: str = "access") -> tuple[User, Claims]:
    """The user and the claims of a token of this pool, if it is still good. `use` is its token_use.

    Raises NotAuthorizedException, UserNotFoundException.
    """
    content = verified(call, pool, token, use)
    kind = _KINDS[use]
    user = pool.users.by_sub(content["sub"])
    if user is None:
        raise UserNotFoundException
    if session_of(user, content) is None:
        raise NotAuthorizedException(f"{kind} has been revoked")
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    return user, content


def verified(call: Call, pool: UserPool, token: str, use: str) -> Claims:
    """The claims of a token that this pool signed and that has not expired. Does not look at the user."""
    key, kind = signing_keys(call, pool)[use == "access"], _KINDS[use]
    try:
        content = key.verify(call.parsed(token))
    except jws.InvalidToken:
        raise NotAuthorizedException(f"Invalid {kind}", reason="not signed by this pool") from None
    if content.get("token_use") != use:
        raise NotAuthorizedException(f"Invalid {kind}", reason=f"a token for {content.get('token_use')}")
    expires = content.get("exp")
    if not isinstance(expires, int | float) or expires <= call.now:
        raise NotAuthorizedException(f"{kind} has expired")
    return content


_KINDS = {"access": "Access Token", "id": "ID Token"}


def session_of(user: User, content: Claims) -> Session | None:
    """The session that a token belongs to; None where it was ended."""
    sessions: dict[str, Session] = user.sessions or {}
    if "origin_jti" in content:
        return sessions.get(content["origin_jti"])
    # A client without token revocation has no origin_jti in its tokens; the event tells them apart as well.
    return next(
        (session for session in sessions.values() if session.event_id == content.get("event_id")), None
    )


def groups_of(pool: UserPool, user: User) -> list[Group]:
    """The groups of a user, lowest precedence value first."""
    groups = [pool.groups[name] for name in user.groups or ()]
    return sorted(groups, key=lambda group: (group.rank, group.number))


def _named_groups(pool: UserPool, names: tuple[str, ...]) -> list[Group]:
    """Groups by name, in rank. One that the pool does not have gives its name, and no role."""
    groups = [
        pool.groups.get(name) or Group(name=name, created=0, modified=0) for name in dict.fromkeys(names)
    ]
    return sorted(groups, key=lambda group: group.rank)


def _attribute_claims(client: UserPoolClient, user: User) -> Claims:
    readable = client.settings.get("ReadAttributes")
    shown = (
        user.attributes
        if readable is None
        else {name: value for name, value in user.attributes.items() if name in readable}
    )
    return {name: _claim(name, value) for name, value in shown.items()}


def _claim(name: str, value: str) -> Any:
    if name in BOOLEANS:
        return value.lower() == "true"
    return {"formatted": value} if name == "address" else value


def _role_claims(groups: list[Group]) -> Claims:
    """The roles of the groups. The first in rank is preferred, unless an equal in rank has another role."""
    with_role = [group for group in groups if group.role_arn]
    foremost = {group.role_arn for group in with_role if group.rank == with_role[0].rank}
    return {
        "cognito:roles": [group.role_arn for group in with_role] or None,
        "cognito:preferred_role": foremost.pop() if len(foremost) == 1 else None,
    }


def _present(content: Claims) -> Claims:
    return {name: value for name, value in content.items() if value is not None}
