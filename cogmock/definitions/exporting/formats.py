"""The forms of an export: a document, a CloudFormation template, a Terraform configuration, users as CSV."""

from __future__ import annotations

import json
import re
from typing import Any

from cogmock.core.world import World
from cogmock.definitions.exporting import cloudformation, document, terraform, users
from cogmock.errors import InvalidParameterException, ResourceNotFoundException
from cogmock.state.user_pool import UserPool

FORMATS = ("config", "csv", "cfn", "terraform")
JSON = {"config": "application/json", "cfn": "application/vnd.aws.cloudformation+json"}
"""Format → its media type in JSON. The others have no form in JSON."""
TEXT = {
    "config": "application/yaml; charset=utf-8",
    "cfn": "application/vnd.aws.cloudformation+yaml; charset=utf-8",
}


def write(
    world: World, kind: str, *, secrets: bool = False, pool_id: str | None = None, as_json: bool = False
) -> tuple[str, str]:
    """Text and media type. `kind` is one of FORMATS. Raises AwsError where a pool is not there."""
    if kind == "csv":
        with world.lock:
            return users.as_csv(_pool(world, pool_id)), "text/csv; charset=utf-8"
    if pool_id is not None:
        _pool(world, pool_id)
    found = document.export(world, secrets=secrets, pool_id=pool_id)
    if kind == "config":
        return _written(found, kind, as_json=as_json)
    _expect_one_region(found)
    if kind == "terraform":
        return terraform.configuration(found), "text/x-hcl; charset=utf-8"
    return _written(cloudformation.template(found), kind, as_json=as_json)


def _written(found: dict[str, Any], kind: str, *, as_json: bool) -> tuple[str, str]:
    if as_json:
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n", JSON[kind]
    import yaml

    class Plain(yaml.SafeDumper):
        """CloudFormation refuses aliases of YAML."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    how: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 110}
    return yaml.dump(found, Dumper=Plain, **how) if found else "", TEXT[kind]


def _expect_one_region(found: dict[str, Any]) -> None:
    """A template, and a provider of Terraform, is about one Region of one account."""
    pools = [*found.get("pools", ()), *found.get("identity_pools", ())]
    regions = sorted({re.split("[_:]", pool["id"])[0] for pool in pools})
    if len(regions) > 1 or "accounts" in found:
        where = ", ".join(regions + [f"account {name}" for name in found.get("accounts", ())])
        raise InvalidParameterException(
            f"This format holds one Region of one account, and there are pools in {where}. "
            "Name one user pool by user_pool_id."
        )


def _pool(world: World, pool_id: str | None) -> UserPool:
    """The pool that is named, or the only one."""
    if pool_id is not None:
        found = world.find_pool(pool_id)
        if found is None:
            raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
        return found[1]
    pools = [pool for region in world.regions() for pool in region.user_pools]
    if len(pools) != 1:
        raise InvalidParameterException(f"Name one user pool by user_pool_id: there are {len(pools)}.")
    return pools[0]
