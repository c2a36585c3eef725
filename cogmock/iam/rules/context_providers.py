"""Trusted identity propagation of an identity provider: which claims or attributes become keys of a session."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from cogmock.core.call import Call
from cogmock.errors import InvalidInputException
from cogmock.state.iam import OidcProvider, SamlProvider
from cogmock.wire import arns

Provider = OidcProvider | SamlProvider

ORIGIN = "aws:OriginIdentity/"
TRANSACTION = "aws:TransactionContext/IdentityProvider/"
LONGEST_VALUE = 128

_KEY = re.compile(r"[A-Za-z0-9_.:/=+\-@#]+(?: [A-Za-z0-9_.:/=+\-@#]+)*")
_INSTANCE = re.compile(r"arn:aws[\w-]*:sso:::instance/(?:ssoins|sso)-[\w-]{1,64}")


def initial(params: Mapping[str, Any]) -> tuple[dict[str, Any] | None, str | None]:
    """The context provider and the Identity Center instance of a new provider. Raises InvalidInput."""
    given, instance = params.get("ContextProvider"), params.get("IdentityCenterInstanceArn")
    if instance and not given:
        raise InvalidInputException("IdentityCenterInstanceArn requires a ContextProvider.")
    return _checked(given) if given else None, _instance(instance) if instance else None


def update(provider: Provider, params: Mapping[str, Any]) -> None:
    """Sets, changes or removes one of the two (service model: UpdateOpenIDConnectProvider). Raises InvalidInput.

    # inferred: the texts of the refusals.
    """
    given, removed = params.get("ContextProvider"), params.get("RemoveContextProvider")
    instance, left = params.get("IdentityCenterInstanceArn"), params.get("RemoveIdentityCenterInstance")
    if given and removed:
        raise InvalidInputException("Specify ContextProvider or RemoveContextProvider, not both.")
    if instance and left:
        raise InvalidInputException(
            "Specify IdentityCenterInstanceArn or RemoveIdentityCenterInstance, not both."
        )
    if (given or removed) and (instance or left):
        raise InvalidInputException(
            "A request can change the context provider or the IAM Identity Center association, not both."
        )
    if removed and provider.identity_center:
        raise InvalidInputException("Remove the IAM Identity Center association before the context provider.")
    if instance and not provider.context_provider:
        raise InvalidInputException("IdentityCenterInstanceArn requires a ContextProvider.")
    if given or removed:
        provider.context_provider = _checked(given) if given else None
    if instance or left:
        provider.identity_center = _instance(instance) if instance else None


def changes(params: Mapping[str, Any]) -> bool:
    """Whether a request names any of the two."""
    names = (
        *("ContextProvider", "RemoveContextProvider"),
        *("IdentityCenterInstanceArn", "RemoveIdentityCenterInstance"),
    )
    return any(params.get(name) for name in names)


def identity_store(call: Call, provider: Provider) -> str | None:
    """The identity store of the provider's Identity Center instance.

    There is no IAM Identity Center here, so the id is made of the instance's ARN and always the same for it.
    """
    if provider.identity_center is None:
        return None
    store = hashlib.sha256(provider.identity_center.encode()).hexdigest()[:10]
    partition = arns.partition(call.region.name)
    return f"arn:{partition}:identitystore::{call.account.id}:identitystore/d-{store}"


def session_keys(
    provider: Provider, read: Callable[[str], str | None], issuer: str, store: str | None
) -> dict[str, str | list[str]]:
    """The condition keys of a session, from a verified token or assertion; `read` gives the value of a key in it.

    # inferred: without the subject the session has none of them, and values that are too long are left out.
    """
    given = provider.context_provider
    subject = read(given["SubjectSourceKey"]) if given else None
    if given is None or not subject:
        return {}
    kind = given.get("SubjectTypeValue")
    if kind is None and given.get("SubjectTypeSourceKey"):
        kind = read(given["SubjectTypeSourceKey"])
    keys = {
        f"{ORIGIN}Subject": subject,
        f"{ORIGIN}SubjectType": kind,
        f"{ORIGIN}Issuer": issuer,
        f"{ORIGIN}FederatedProviderArn": provider.arn,
        "aws:IdentityCenterInstanceArn": provider.identity_center,
        "aws:IdentityStoreArn": store,
    }
    for definition in given.get("KeyDefinitionList") or ():
        value = read(definition["SourceKey"])
        if value is not None and len(value) <= LONGEST_VALUE:
            keys[f"{TRANSACTION}{definition.get('TargetKey') or definition['SourceKey']}"] = value
    return {key: value for key, value in keys.items() if value}


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("SubjectTypeValue") is not None and given.get("SubjectTypeSourceKey") is not None:
        raise InvalidInputException("Specify SubjectTypeValue or SubjectTypeSourceKey, not both.")
    definitions = given.get("KeyDefinitionList") or []
    named = [given["SubjectSourceKey"], given.get("SubjectTypeSourceKey")]
    for definition in definitions:
        named += [definition["SourceKey"], definition.get("TargetKey")]
    for key in named:
        if key is not None and not _KEY.fullmatch(key):
            raise InvalidInputException(f"The key {key} has characters that are not allowed.")
    return dict(given)


def _instance(arn: str) -> str:
    if not _INSTANCE.fullmatch(arn):
        raise InvalidInputException(f"{arn} is not the ARN of an IAM Identity Center instance.")
    return arn
