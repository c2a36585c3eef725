"""The tokens of GetWebIdentityToken: their issuer, claims and keys.

The claims are those of the IAM guide (understanding token claims) that have a value here.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from cogmock import services
from cogmock.core.call import Call
from cogmock.core.keys import STOCK
from cogmock.crypto import ec_keys
from cogmock.crypto.jws import SigningKey
from cogmock.errors import AccessDenied, SessionDurationEscalationException, ValidationError
from cogmock.iam.rules.context_providers import ORIGIN
from cogmock.iam.sessions import temporary_credentials
from cogmock.state.account import Account
from cogmock.state.iam import Outbound

Claims = dict[str, Any]

NAMESPACE = "https://sts.amazonaws.com/"
ALGORITHMS = ("RS256", "ES384")
AWS_IDENTITY, ORIGIN_IDENTITY = "AWSIdentity", "OriginIdentity"
"""SubjectMode: the claim `sub` is the principal of AWS, or the end user for whom the session acts."""


def issuer(call: Call, outbound: Outbound) -> str:
    """The issuer URL of the account. The setting `issuer` decides its form, as for user pools."""
    settings = call.world.settings
    if settings.issuer == "aws":
        return f"https://{outbound.id}{services.OUTBOUND_SUFFIX}"
    base = call.origin if settings.issuer == "host" and call.origin else settings.url
    return f"{base}/{outbound.id}"


def check_algorithm(algorithm: str) -> None:
    if algorithm not in ALGORITHMS:
        raise ValidationError(
            f"SigningAlgorithm must be one of {', '.join(ALGORITHMS)}."
        )  # inferred: the text


def claims(call: Call, audience: list[str], seconds: int, tags: dict[str, str]) -> Claims:
    """The claims about the caller. Raises SessionDurationEscalationException."""
    account, session = call.account, temporary_credentials.find(call)
    if session is not None and int(call.now) + seconds > session.expires:
        raise SessionDurationEscalationException(
            "The requested token duration would extend the session beyond its original expiration time."
        )
    role = temporary_credentials.role_of(account, session)
    subject = temporary_credentials.root(call)
    if session is not None:
        subject = role.arn if role else temporary_credentials.arn(account, session)
    about: Claims = {
        "aws_account": account.id,
        "source_region": call.region.name,
        "principal_id": subject,
    }
    if session is not None:
        about["original_session_exp"] = temporary_credentials.moment(session.expires)
        source = session.context.get("aws:SourceIdentity")
        provider = session.context.get("aws:FederatedProvider")
        about |= {"source_identity": source} if source else {}
        about |= {"federated_provider": provider} if provider else {}
        principal_tags = temporary_credentials.tags(session, role)
        about |= {"principal_tags": principal_tags} if principal_tags else {}
    if tags:
        about["request_tags"] = tags
    return {
        "aud": audience[0] if len(audience) == 1 else audience,
        "sub": subject,
        NAMESPACE: about,
        "iss": issuer(call, account.iam.outbound),
        "exp": int(call.now) + seconds,
        "iat": int(call.now),
        "jti": call.world.entropy.uuid(),
    }


def about_origin(call: Call, claims: Claims, scope: str | None) -> Claims:
    """The claims of a token whose subject is the end user of the calling session (service model: SubjectMode).

    Raises ValidationError, AccessDenied. # inferred: the texts, and that subject_mode is in the namespace
    """
    session = temporary_credentials.find(call)
    keys = session.context if session else {}
    subject = keys.get(f"{ORIGIN}Subject")
    if not isinstance(subject, str) or not subject.strip():
        raise ValidationError("The calling session has no origin identity.")
    if not (keys.get(f"{ORIGIN}Issuer") or keys.get(f"{ORIGIN}FederatedProviderArn")):
        raise ValidationError("The origin identity of the calling session has no issuer.")
    if subject.lower().startswith("arn:") or subject != subject.strip() or not _is_plain(subject):
        raise AccessDenied("The subject of the origin identity cannot be used in a token.")
    about = claims[NAMESPACE] | {"subject_mode": ORIGIN_IDENTITY}
    return claims | {"sub": subject, NAMESPACE: about} | ({"scope": scope} if scope else {})


def _is_plain(text: str) -> bool:
    """Whether no character but the blank is a control, format or separator character."""
    return all(
        character == " " or unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp", "Zs"}
        for character in text
    )


def size(claims: Claims) -> int:
    return len(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())


def sign(call: Call, claims: Claims, algorithm: str) -> str:
    """Signs without the world's lock."""
    rsa_key, ec_key = _keys(call, call.account.iam.outbound)
    with call.outside(is_computation=True):
        if algorithm == "ES384":
            return ec_keys.sign(ec_key, claims)
        return rsa_key.sign(claims, "RS256", typ="JWT")


def find(call: Call, issuer_id: str) -> Account | None:
    """The account whose issuer has this id."""
    accounts = tuple(call.world.accounts.values())
    return next((each for each in accounts if issuer_id and each.iam.outbound.id == issuer_id), None)


def configuration(base: str) -> dict[str, Any]:
    """The discovery document of an issuer, whose URL is `base`."""
    return {
        "issuer": base,
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [*ALGORITHMS],
    }


def jwks(call: Call, account: Account) -> dict[str, Any]:
    """The public keys. They are drawn when they are first needed, to sign or to be read."""
    rsa_key, ec_key = _keys(call, account.iam.outbound)
    return {"keys": [rsa_key.jwk("RS256"), ec_keys.jwk(ec_key)]}


def _keys(call: Call, outbound: Outbound) -> tuple[SigningKey, bytes]:
    if outbound.rsa_key is not None:
        return outbound.rsa_key, outbound.ec_key
    with call.outside():
        drawn, ec_key = STOCK.take(), ec_keys.generate()
    return outbound.store_keys(drawn, ec_key, STOCK.give_back)
