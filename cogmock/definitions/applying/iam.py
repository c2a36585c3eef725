"""What a document states of IAM, in the order in which one thing needs the other."""

from __future__ import annotations

from cogmock.definitions.applying import iam_providers, managed_policies, principals
from cogmock.definitions.applying.run import Run
from cogmock.definitions.definition import Definitions


def apply(run: Run, stated: Definitions) -> None:
    """Creates and updates all of it."""
    iam = stated.iam
    for provider in iam.oidc_providers:
        iam_providers.oidc(run, provider, stated.region_of(provider.account))
    for provider in iam.saml_providers:
        iam_providers.saml(run, provider, stated.region_of(provider.account))
    for policy in iam.policies:
        managed_policies.apply(run, policy, stated.region_of(policy.account))
    for kind, listed in (
        (principals.GROUP, iam.groups),
        (principals.USER, iam.users),
        (principals.ROLE, iam.roles),
    ):
        for principal in listed:
            principals.apply(run, kind, principal, stated.region_of(principal.account))
