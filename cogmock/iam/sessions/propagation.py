"""Trusted identity propagation: who the end user of a session is, as the answers of STS say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.iam.rules.context_providers import ORIGIN, TRANSACTION
from cogmock.state.credentials import Credentials

if TYPE_CHECKING:
    from cogmock.aws import sts as aws


def answered(credentials: Credentials) -> aws.TrustedIdentityPropagationContext | None:
    """The context that STS set in a session; None where it set none."""
    keys = {key: value for key, value in credentials.context.items() if isinstance(value, str)}
    if f"{ORIGIN}Subject" not in keys:
        return None
    transaction = {
        key.removeprefix(TRANSACTION): value for key, value in keys.items() if key.startswith(TRANSACTION)
    }
    return {
        "OriginIdentity": {
            "Subject": keys.get(f"{ORIGIN}Subject"),
            "SubjectType": keys.get(f"{ORIGIN}SubjectType"),
            "Issuer": keys.get(f"{ORIGIN}Issuer"),
            "FederatedProviderArn": keys.get(f"{ORIGIN}FederatedProviderArn"),
        },
        "TransactionContext": {"IdentityProvider": transaction} if transaction else None,
    }
