"""The resource policies of guarded APIs: the only resources that have policies here."""

from __future__ import annotations

from cogmock.core.world import World
from cogmock.iam.rules import documents
from cogmock.iam.rules.effective_policies import Named
from cogmock.services import GUARDED


def owner(resource: str) -> str | None:
    """The account that an ARN of an API names; None for every other resource."""
    parts = resource.split(":", 5)
    return parts[4] or None if len(parts) == 6 and parts[2] in GUARDED else None


def of(world: World, resource: str) -> Named | None:
    """The policy of the API that an ARN of execute-api names, and its name in decisions."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[2] != "execute-api":
        return None
    api = world.find_api(parts[5].partition("/")[0])
    if api is None or not api.policy or (api.region, api.account) != (parts[3], parts[4]):
        return None
    return f"of the API {api.id}", documents.compiled(api.policy, "resource")
