"""Web identity tokens for STS: verification, and their condition keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NoReturn

from cogmock.core.call import Call
from cogmock.core.outside import Unreachable
from cogmock.core.tokens import identity_tokens, pool_tokens
from cogmock.core.tokens.issuer import issuer
from cogmock.crypto import jws
from cogmock.errors import (
    ExpiredTokenException,
    IDPCommunicationErrorException,
    InvalidIdentityTokenException,
)
from cogmock.federation import id_tokens, social
from cogmock.iam.rules import context_providers
from cogmock.iam.sessions.assertion import Assertion
from cogmock.state.iam import OidcProvider
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns

Claims = dict[str, Any]

SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
SOURCE = re.compile(r"[\w+=,.@-]{2,256}", re.ASCII)
"""Source identities (service model)."""
CONDITIONS = ("aud", "azp", "sub", "amr", "email", "oaud")
"""Claims that are condition keys, prefixed with the provider's name (IAM guide: condition keys for OIDC federation)."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """A verified token, and what the answer of AssumeRoleWithWebIdentity says of it."""

    assertion: Assertion
    subject: str
    audience: str
    provider: str


def verify(call: Call, account_id: str, token: str, provider_id: str | None) -> VerifiedToken:
    """Verifies a token for the role's account. May release the lock: look things up again afterwards."""
    if provider_id is not None:
        return _by_access_token(call, provider_id, token)
    try:
        claims = jws.peek(token).claims
    except jws.InvalidToken:
        raise InvalidIdentityTokenException("The ID Token provided is not a valid JWT.") from None
    named = str(claims.get("iss"))
    if identity_tokens.is_issuer(named):
        return _by_identity_pool(call, token)
    if id_tokens.plain(named) in social.PROVIDERS:
        return _by_social(call, id_tokens.plain(named), token)
    account = call.world.accounts.get(account_id)
    arn = arns.arn("iam", call.region.name, account_id, f"oidc-provider/{id_tokens.plain(named)}")
    provider = account.iam.oidc_providers.get(arn) if account else None
    if provider is None:
        raise InvalidIdentityTokenException(f"No OpenIDConnect provider found in your account for {named}")
    return _by_oidc(call, provider, token)


def of_identity_pool(claims: Claims) -> Assertion:
    """The assertion of a verified token of an identity pool. It needs no provider in IAM."""
    region, account = identity_tokens.pool_arn(claims).split(":")[3:5]
    host = arns.identity_issuer(region)
    keys = [_conditions(name, claims) for name in arns.identity_key_prefixes(region)]
    context = {key: value for each in keys for key, value in each.items()}
    return replace(_assertion(host, host, claims), account=account, context=context)


def claims_of(call: Call, provider: OidcProvider, token: str) -> Claims:
    """The claims, if the provider signed them. May release the lock. Raises Unverified, Unreachable."""
    pool = _own_pool(call, provider.url)
    if pool is not None:
        return _signed_by(call, pool, token)
    with call.outside():
        return id_tokens.verified(token, id_tokens.discovered_keys(provider.url))


def tags(claims: Claims) -> dict[str, str]:
    """The session tags in a token (IAM guide: session tags)."""
    found = claims.get(identity_tokens.TAGS)
    given = found.get("principal_tags") if isinstance(found, dict) else None
    if not isinstance(given, dict):
        return {}
    return {
        str(key): str(values[0]) if isinstance(values, list) and values else str(values)
        for key, values in given.items()
    }


def audiences(claims: Claims) -> list[str]:
    """The audiences of a token, which may have one or several."""
    found = claims.get("aud")
    return (
        [str(each) for each in found]
        if isinstance(found, list)
        else [found]
        if isinstance(found, str)
        else []
    )


def _by_identity_pool(call: Call, token: str) -> VerifiedToken:
    claims = identity_tokens.read(call, token)
    if claims is None:
        _not_signed()
    _check_expiry(call, claims["exp"])
    assertion = of_identity_pool(claims)
    return VerifiedToken(assertion, claims["sub"], claims["aud"], assertion.provider)


def _by_oidc(call: Call, provider: OidcProvider, token: str) -> VerifiedToken:
    try:
        claims = claims_of(call, provider, token)
    except id_tokens.Unverified:
        _not_signed()
    except Unreachable as fault:
        raise _silent(fault) from None
    known = [each for each in audiences(claims) if each in provider.client_ids]
    if not known:
        raise InvalidIdentityTokenException("Incorrect token audience")
    _check_expiry(call, claims.get("exp", ""))
    subject = claims.get("sub")
    if not isinstance(subject, str):
        raise InvalidIdentityTokenException("Missing a required claim: sub")
    assertion = _assertion(provider.arn, provider.url, claims | {"aud": known[0]})
    store = context_providers.identity_store(call, provider)
    propagated: dict[str, str | list[str]] = context_providers.session_keys(
        provider, partial(_text_of, claims), id_tokens.plain(str(claims.get("iss"))), store
    )
    return VerifiedToken(
        replace(assertion, context=assertion.context | propagated, source_identity=_source_identity(claims)),
        subject,
        known[0],
        provider.arn,
    )


def _text_of(claims: Claims, name: str) -> str | None:
    """The value of a claim as a text; None where it has none, or several."""
    value = claims.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _source_identity(claims: Claims) -> str:
    """The source identity in a token (IAM guide: monitor and control actions taken with assumed roles)."""
    value = claims.get(SOURCE_IDENTITY, "")
    if not isinstance(value, str) or (value and not SOURCE.fullmatch(value)):
        raise InvalidIdentityTokenException("The source identity in the token is not valid.")
    return value


def _by_social(call: Call, name: str, token: str) -> VerifiedToken:
    proof = _asked(call, name, token)
    _check_expiry(call, proof.expires)
    return VerifiedToken(Assertion(name, _conditions(name, proof.claims)), proof.user, proof.app, name)


def _by_access_token(call: Call, name: str, token: str) -> VerifiedToken:
    """Facebook and Amazon: their access tokens name no issuer, so the caller gives ProviderId."""
    provider = social.PROVIDERS.get(name)
    if provider is None or provider.kind == "id_token":
        raise InvalidIdentityTokenException(f"{name} is no provider of OAuth 2.0 access tokens.")
    proof = _asked(call, name, token)
    context: dict[str, str | list[str]] = {
        f"{name}:{provider.app}": proof.app,
        f"{name}:{provider.user}": proof.user,
    }
    return VerifiedToken(Assertion(name, context), proof.user, proof.app, name)


def _asked(call: Call, name: str, token: str) -> social.Proof:
    try:
        with call.outside():
            return social.verify(call.world.settings, name, token)
    except id_tokens.Unverified:
        _not_signed()
    except Unreachable as fault:
        raise _silent(fault) from None


def _own_pool(call: Call, url: str) -> UserPool | None:
    """The local user pool with this issuer; its keys need not be fetched."""
    found = call.world.find_pool(url.rpartition("/")[2])
    if found is None:
        return None
    pool = found[1]
    host = arns.host("cognito-idp", pool.region)
    names = {
        id_tokens.plain(issuer(call, pool)),
        f"{call.world.settings.url.rpartition('://')[2]}/{pool.id}",
        f"{host}/{pool.id}",
        f"issuer-{host}/{pool.id}",
    }
    return pool if url in names else None


def _signed_by(call: Call, pool: UserPool, token: str) -> Claims:
    """Verifies an ID token of a user pool. Access tokens are signed by another key and have no audience."""
    try:
        return pool_tokens.signing_keys(call, pool)[0].verify(jws.peek(token))
    except jws.InvalidToken as fault:
        raise id_tokens.Unverified(str(fault)) from None


def _assertion(provider: str, name: str, claims: Claims) -> Assertion:
    found = claims.get(identity_tokens.TAGS)
    transitive = found.get("transitive_tag_keys") if isinstance(found, dict) else None
    return Assertion(
        provider=provider,
        context=_conditions(name, claims),
        tags=tags(claims),
        transitive=tuple(map(str, transitive)) if isinstance(transitive, list) else (),
    )


def _conditions(name: str, claims: Claims) -> dict[str, str | list[str]]:
    keys: dict[str, str | list[str]] = {}
    for claim in CONDITIONS:
        value = claims.get(claim)
        if isinstance(value, list):
            keys[f"{name}:{claim}"] = [str(each) for each in value]
        elif isinstance(value, str):
            keys[f"{name}:{claim}"] = value
    return keys


def _check_expiry(call: Call, expires: Any) -> None:
    if expires is None:
        return
    if not isinstance(expires, int | float):
        raise InvalidIdentityTokenException("Missing a required claim: exp")
    if expires <= call.now:
        raise ExpiredTokenException(
            f"Token expired: current date/time {int(call.now)} must be before the expiration date/time {int(expires)}"
        )


def _not_signed() -> NoReturn:
    raise InvalidIdentityTokenException("The web identity token is not signed by a key of its issuer.")


def _silent(fault: Unreachable) -> IDPCommunicationErrorException:
    return IDPCommunicationErrorException(
        "Couldn't retrieve verification key from your identity provider", reason=str(fault)
    )
