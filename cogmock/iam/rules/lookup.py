"""Lookups in an account's IAM. Only this module raises NoSuchEntity for a missing resource."""

from __future__ import annotations

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import AccessDenied, NoSuchEntityException
from cogmock.iam.rules import effective_policies
from cogmock.state.iam import Group, ManagedPolicy, OidcProvider, PolicyVersion, Role, SamlProvider, User


def role(call: Call, name: str) -> Role:
    found = call.account.iam.roles.get(name)
    if found is None:
        raise no_entity("role", name)
    return found


def no_entity(kind: str, name: str) -> NoSuchEntityException:
    return NoSuchEntityException(f"The {kind} with name {name} cannot be found.")


def user(call: Call, name: str) -> User:
    found = call.account.iam.users.get(name)
    if found is None:
        raise no_entity("user", name)
    return found


def group(call: Call, name: str) -> Group:
    found = call.account.iam.groups.get(name)
    if found is None:
        raise no_entity("group", name)
    return found


def policy(call: Call, arn: str) -> ManagedPolicy:
    """A managed policy of the account or of AWS."""
    found = effective_policies.managed(call.account, arn)
    if found is None:
        raise NoSuchEntityException(f"Policy {arn} was not found.")
    return found


def own_policy(call: Call, arn: str) -> ManagedPolicy:
    """A managed policy of the account itself. Raises AccessDenied for one of AWS."""
    found = policy(call, arn)
    if arn not in call.account.iam.policies:
        raise AccessDenied("Policy is outside your own account.")
    return found


def version(policy: ManagedPolicy, version_id: str) -> PolicyVersion:
    found = policy.versions.get(version_id)
    if found is None:
        raise _no_version(policy.arn, version_id)
    return found


def policy_version(call: Call, arn: str, version_id: str) -> tuple[ManagedPolicy, PolicyVersion]:
    """A version of a managed policy. IAM says the same of a missing policy as of a missing version."""
    found = effective_policies.managed(call.account, arn)
    if found is None:
        raise _no_version(arn, version_id)
    return found, version(found, version_id)


def _no_version(arn: str, version_id: str) -> NoSuchEntityException:
    return NoSuchEntityException(f"Policy {arn} version {version_id} does not exist or is not attachable.")


def oidc_provider(call: Call, arn: str) -> OidcProvider:
    found = call.account.iam.oidc_providers.get(arn)
    if found is None:
        raise NoSuchEntityException(f"OpenIDConnect Provider not found for arn {arn}")
    return found


def saml_provider(call: Call, arn: str) -> SamlProvider:
    found = call.account.iam.saml_providers.get(arn)
    if found is None:
        raise NoSuchEntityException(f"Manifest not found for arn {arn}")
    return found


def role_by_arn(world: World, arn: str) -> Role | None:
    """The role of an ARN, in any account. The path must match too."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return None
    account = world.accounts.get(parts[4])
    found = account.iam.roles.get(parts[5].rpartition("/")[2]) if account else None
    return found if found and found.arn == arn else None


def account_of(arn: str) -> str:
    """The account id in an ARN; empty if the text is no ARN."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""
