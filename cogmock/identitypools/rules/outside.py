"""Logins of OIDC and SAML providers in IAM, and of the social providers."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.outside import Unreachable
from cogmock.errors import ExternalServiceException, QueryError
from cogmock.federation import id_tokens, social
from cogmock.iam.sessions import saml_identity, web_identity
from cogmock.identitypools.rules.login import Login, check_expiry, invalid, peeked, unsupported

UNVERIFIED = "Couldn't verify signed token."
ISSUER = "Issuer doesn't match providerName"


def by_oidc(call: Call, key: str, arn: str, token: str) -> Login:
    """An ID token of an OIDC provider in IAM, for one of the provider's client ids."""
    provider = call.account.iam.oidc_providers.get(arn)
    if provider is None:
        raise unsupported(f"IAM has no provider {arn}")
    if id_tokens.plain(str(peeked(token).claims.get("iss"))) != key:
        raise invalid(ISSUER)
    try:
        claims = web_identity.claims_of(call, provider, token)
    except id_tokens.Unverified as fault:
        raise invalid(UNVERIFIED, str(fault)) from None
    except Unreachable as fault:
        raise _silent(key, fault) from None
    audiences = web_identity.audiences(claims)
    if not audiences:
        raise invalid("Missing a required claim: aud")
    known = [each for each in audiences if each in provider.client_ids]
    if not known:
        raise unsupported(f"the provider lists none of {audiences}")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise invalid("Missing a required claim: sub")
    check_expiry(call, claims)
    return Login(
        provider=key,
        subject=subject,
        mapping_key=arn,
        amr=(key, f"{key}:{known[0]}:{subject}"),
        claims=claims,
    )


def by_social(call: Call, key: str, apps: str, token: str) -> Login:
    """ID tokens of Google and Apple, access tokens of Facebook and Amazon. `apps` are separated by semicolons."""
    provider = social.PROVIDERS.get(key)
    if provider is None:
        raise unsupported(f"{key} hands out no tokens any more")
    if provider.kind == "id_token":
        named = id_tokens.plain(str(peeked(token).claims.get("iss")))
        if named not in {key, id_tokens.plain(social.base(call.world.settings, key))}:
            raise invalid(ISSUER)
    try:
        with call.outside():
            proof = social.verify(call.world.settings, key, token)
    except id_tokens.Unverified as fault:
        raise invalid(UNVERIFIED, str(fault)) from None
    except Unreachable as fault:
        raise _silent(key, fault) from None
    if proof.app not in {app.strip() for app in apps.split(";")}:
        raise unsupported(f"the token is for the app {proof.app}")
    if proof.expires is not None:
        check_expiry(call, {"exp": proof.expires})
    return Login(
        provider=key,
        subject=proof.user,
        mapping_key=key,
        amr=(key, f"{key}:{proof.app}:{proof.user}"),
        claims=proof.claims,
    )


def by_saml(call: Call, arn: str, encoded: str) -> Login:
    """A SAML response in base64, with the roles that it offers."""
    try:
        verified = saml_identity.verify(call, arn, encoded)
    except QueryError as error:
        raise invalid(f"{error.message}.".replace("..", "."), error.reason) from None
    claims = {
        name: values[0] if len(values) == 1 else values
        for name, values in verified.attributes.items()
        if values
    }
    return Login(
        provider=arn,
        subject=verified.subject,
        mapping_key=arn,
        amr=(arn, f"{arn}:{verified.subject}"),
        claims=claims,
        roles=verified.roles,
        assertion=verified.assertion,
    )


def _silent(key: str, fault: Unreachable) -> ExternalServiceException:
    return ExternalServiceException(f"{key} could not be reached.", reason=str(fault))
