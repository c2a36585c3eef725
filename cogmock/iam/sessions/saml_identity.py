"""SAML assertions for STS: verification, the roles that they offer, and their condition keys."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cogmock.core.call import Call
from cogmock.errors import ExpiredTokenException, InvalidIdentityTokenException, NotBuilt
from cogmock.federation import saml
from cogmock.iam.rules import context_providers, lookup, saml_key_hashes
from cogmock.iam.sessions.assertion import Assertion

ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
NAME_ID = "NameID"
"""The source key that stands for the subject of an assertion. # inferred"""
AUDIENCES = ("urn:amazon:webservices", "https://signin.aws.amazon.com/saml")
FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"


@dataclass(frozen=True, slots=True)
class VerifiedAssertion:
    """A verified assertion."""

    assertion: Assertion
    subject: str
    subject_type: str
    issuer: str
    recipient: str
    name_qualifier: str
    roles: tuple[str, ...]
    """The ARNs of the roles that the assertion offers with this provider."""
    attributes: dict[str, list[str]]

    def session_name(self) -> str:
        found = self.attributes.get(f"{ATTRIBUTES}RoleSessionName")
        if not found or not found[0]:
            raise InvalidIdentityTokenException("RoleSessionName is required in AuthnResponse")
        return found[0]

    def session_seconds(self) -> int | None:
        """The SessionDuration of the assertion in seconds, limited as by STS; None without one."""
        found = self.attributes.get(f"{ATTRIBUTES}SessionDuration")
        return max(900, min(43200, int(found[0]))) if found and found[0].isdecimal() else None


def verify(call: Call, provider_arn: str, encoded: str) -> VerifiedAssertion:
    """Raises InvalidIdentityTokenException, ExpiredTokenException."""
    account = call.world.accounts.get(lookup.account_of(provider_arn))
    provider = account.iam.saml_providers.get(provider_arn) if account else None
    if account is None or provider is None:
        raise InvalidIdentityTokenException("Specified provider doesn't exist")
    try:
        found = saml.read(encoded, provider.metadata, call.now)
    except ImportError as fault:
        raise NotBuilt(
            f"SAML needs an optional dependency: pip install 'cogmock[saml]' ({fault.name} is missing)"
        ) from None
    except saml.Expired as fault:
        raise ExpiredTokenException(
            "Token must be redeemed within 5 minutes of issuance", reason=str(fault)
        ) from None
    except saml.Unverified as fault:
        raise InvalidIdentityTokenException("Response signature invalid", reason=str(fault)) from None
    if found.audiences and not set(found.audiences) & set(AUDIENCES):
        raise InvalidIdentityTokenException("Audience is invalid", reason=f"it is for {found.audiences}")
    named = f"{found.issuer}{account.id}/{provider.name}"
    qualifier = base64.b64encode(hashlib.sha1(named.encode(), usedforsecurity=False).digest()).decode()
    entity_id, hashes = saml_key_hashes.of_metadata(provider.metadata)
    propagated = context_providers.session_keys(
        provider,
        lambda name: found.subject if name == NAME_ID else next(iter(found.attributes.get(name, ())), None),
        # inferred: of several signing keys the first one stands for all.
        hashes[0] if hashes else entity_id,
        context_providers.identity_store(call, provider),
    )
    kind = found.subject_format.removeprefix(FORMATS) or "unspecified"
    return VerifiedAssertion(
        assertion=Assertion(
            provider=provider_arn,
            context={
                "saml:aud": found.recipient,
                "saml:iss": found.issuer,
                "saml:sub": found.subject,
                "saml:sub_type": kind,
                "saml:namequalifier": qualifier,
                "saml:doc": f"{account.id}/{provider.name}",
                **propagated,
            },
            tags=_tags(found.attributes),
            source_identity=(found.attributes.get(f"{ATTRIBUTES}SourceIdentity") or [""])[0],
        ),
        subject=found.subject,
        subject_type=kind,
        issuer=found.issuer,
        recipient=found.recipient,
        name_qualifier=qualifier,
        roles=_roles(found.attributes, provider_arn),
        attributes=found.attributes,
    )


def _roles(attributes: dict[str, list[str]], provider_arn: str) -> tuple[str, ...]:
    """Role and provider of a pair may come in either order (IAM guide: SAML assertions)."""
    pairs = [[part.strip() for part in value.split(",")] for value in attributes.get(f"{ATTRIBUTES}Role", ())]
    return tuple(
        next(part for part in pair if part != provider_arn)
        for pair in pairs
        if len(pair) == 2 and provider_arn in pair and pair[0] != pair[1]
    )


def _tags(attributes: dict[str, list[str]]) -> dict[str, str]:
    prefix = f"{ATTRIBUTES}PrincipalTag:"
    return {
        name.removeprefix(prefix): values[0]
        for name, values in attributes.items()
        if name.startswith(prefix) and values
    }
