"""Verification of the tokens in a Logins map. All must be valid, or the call fails (AWS dev guide: identity pools)."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.tokens import identity_tokens, pool_tokens
from cogmock.crypto import jws
from cogmock.errors import InvalidParameterException, NotAuthorizedException
from cogmock.identitypools.rules import lookup, outside, providers
from cogmock.identitypools.rules.login import Claims, Login, check_expiry, invalid, peeked, unsupported
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns

MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


def verify(call: Call, pool_id: str, given: dict[str, str]) -> list[Login]:
    """The logins, each verified. May release the lock: look things up again afterwards.

    Raises NotAuthorizedException, InvalidParameterException, ExternalServiceException.
    """
    return [_verify(call, pool_id, key, token) for key, token in given.items()]


def refuse_own_tokens(given: dict[str, str]) -> None:
    """GetId accepts no token that an identity pool issued, under any key."""
    for token in given.values():
        _refuse_own_token(token)


def _refuse_own_token(token: str) -> None:
    if identity_tokens.is_own(token):
        raise invalid("Can't pass in a Cognito token.")


def _verify(call: Call, pool_id: str, key: str, token: str) -> Login:
    pool = lookup.pool(call, pool_id)  # the previous login may have released the lock
    if key == arns.identity_issuer(call.region.name):
        return _by_our_token(call, pool, token)
    _refuse_own_token(token)
    if key == pool.settings.get("DeveloperProviderName"):
        raise InvalidParameterException("Please provide a valid public provider.")
    if not providers.has_any(pool):
        raise NotAuthorizedException(MISMATCH, reason="the pool has no providers")
    user_pool_id = providers.user_pool_of(key)
    oidc_arn = providers.oidc_arn(pool, key)
    if oidc_arn is not None:
        return outside.by_oidc(call, key, oidc_arn, token)
    if user_pool_id is not None:
        return _by_user_pool(call, pool, key, user_pool_id, token)
    app = providers.social_app(pool, key)
    if app is not None:
        return outside.by_social(call, key, app, token)
    if key in (pool.settings.get("SamlProviderARNs") or ()):
        return outside.by_saml(call, key, token)
    raise unsupported(f"{key} is no provider of this pool")


def _by_user_pool(call: Call, pool: IdentityPool, key: str, user_pool_id: str, token: str) -> Login:
    clients = providers.clients(pool, user_pool_id)
    if not clients:
        raise unsupported(f"{user_pool_id} is no provider of this pool")
    claims = peeked(token).claims
    issuer = str(claims.get("iss", ""))
    if not issuer.endswith(f"/{user_pool_id}") or not _names(key, issuer):
        raise NotAuthorizedException(
            "Invalid login token. Issuer doesn't match providerName", reason=f"it is of {issuer!r}"
        )
    claims = _verified(call, user_pool_id, token)
    if "aud" not in claims:
        raise invalid("Missing a required claim: aud")
    if claims.get("token_use") != "id":
        raise invalid("Not a valid OpenId Connect identity token.", "it is no ID token")
    client_id, subject = claims["aud"], claims.get("sub")
    if not isinstance(subject, str):
        raise invalid("Missing a required claim: sub")
    if not isinstance(client_id, str) or client_id not in clients:
        raise unsupported(f"the app client {client_id} is not configured")
    check_expiry(call, claims)
    if clients[client_id].get("ServerSideTokenCheck"):
        _check_user(call, user_pool_id, claims)
    provider = providers.canonical(key)
    return Login(
        provider=provider,
        subject=subject,
        mapping_key=f"{provider}:{client_id}",
        amr=(provider, f"{provider}:CognitoSignIn:{subject}"),
        claims=claims,
    )


def _by_our_token(call: Call, pool: IdentityPool, token: str) -> Login:
    claims = identity_tokens.read(call, token)
    if claims is None or claims["aud"] != pool.id or "authenticated" not in claims["amr"]:
        raise invalid("Not a Cognito token.")
    if claims["sub"] not in pool.identities:
        raise invalid("Not a Cognito token.")
    check_expiry(call, claims)
    return Login(
        provider=arns.identity_issuer(call.region.name),
        subject=claims["sub"],
        mapping_key=arns.identity_issuer(call.region.name),
        amr=tuple(claims["amr"][1:]),
        claims=claims,
        identity_id=claims["sub"],
    )


def amr(verified: list[Login]) -> list[str]:
    """The amr claim: unauthenticated for guests, otherwise the entries of the logins."""
    if not verified:
        return ["unauthenticated"]
    return ["authenticated", *dict.fromkeys(each for login in verified for each in login.amr)]


def _names(key: str, issuer: str) -> bool:
    """Whether a key may stand for an issuer: AWS's name always may, any other must equal the issuer without scheme."""
    return providers.is_aws_form(key) or key == issuer.partition("://")[2]


def _verified(call: Call, user_pool_id: str, token: str) -> Claims:
    """The claims, if one of the user pool's keys signed them with RS256."""
    found = call.world.find_pool(user_pool_id)
    parsed = peeked(token)
    keys = pool_tokens.signing_keys(call, found[1]) if found else ()
    for key in keys:
        if key.kid == parsed.header.get("kid"):
            try:
                return key.verify(parsed)
            except jws.InvalidToken:
                break
    raise invalid("Couldn't verify signed token.")


def _check_user(call: Call, user_pool_id: str, claims: Claims) -> None:
    """ServerSideTokenCheck: the user must exist, be enabled and not be signed out since."""
    found = call.world.find_pool(user_pool_id)
    if found is None or not _is_signed_in(found[1], claims):
        # inferred: the text. The model documents that such tokens are refused.
        raise invalid("User is signed out, disabled or deleted.")


def _is_signed_in(pool: UserPool, claims: Claims) -> bool:
    user = pool.users.by_sub(claims["sub"])
    if user is None or not user.enabled:
        return False
    if claims.get("auth_time", 0) > user.signed_out:
        return True
    # Claims have whole seconds: within the second of a sign-out, the session decides.
    return claims.get("auth_time", 0) == int(user.signed_out) and claims.get("origin_jti") in (
        user.sessions or {}
    )
