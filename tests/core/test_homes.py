"""Finding what an id names takes no longer however many accounts, Regions and pools there are."""

from __future__ import annotations

import boto3
import pytest
from support.pool_env import refused

from cogmock.core import homes
from cogmock.core.world import World
from cogmock.state.identity_pool import Identity, IdentityPool
from cogmock.state.user_pool import UserPool


def pool_in(region, pool_id):
    region.user_pools.add(UserPool(pool_id, "", "p", {}, {}, 0.0, 0.0, b""))


@pytest.fixture
def world():
    """Fifty accounts of two Regions with a pool each."""
    made = World()
    for account in range(50):
        for name in ("us-east-1", "eu-west-1"):
            pool_in(made.region(name, f"{account:012}"), f"{name}_{account}")
    return made


@pytest.fixture
def searched(monkeypatch):
    """How often all Regions were gone through."""
    seen = []
    plain = World.regions

    def regions(world):
        for region in plain(world):
            seen.append(region)
            yield region

    monkeypatch.setattr(World, "regions", regions)
    return seen


class TestRegions:
    def test_it_is_looked_for_once(self, world, searched):
        region, pool = world.find_pool("eu-west-1_40")
        assert (region.account, region.name, pool.id) == (f"{40:012}", "eu-west-1", "eu-west-1_40")
        searched.clear()
        for _ in range(3):
            assert world.find_pool("eu-west-1_40") == (region, pool)
        assert searched == []

    def test_what_has_moved_is_found_where_it_is(self, world):
        region, pool = world.find_pool("us-east-1_7")
        region.user_pools.remove(pool)
        assert world.find_pool("us-east-1_7") is None
        pool_in(world.region("us-east-1", f"{8:012}"), "us-east-1_7")
        assert world.find_pool("us-east-1_7")[0].account == f"{8:012}"

    def test_nothing_is_found_after_a_reset(self, world):
        assert world.find_pool("us-east-1_7")
        world.reset()
        assert world.find_pool("us-east-1_7") is None

    def test_no_id_is_looked_for_without_one(self, world, searched):
        assert world.find_client("") is None
        assert searched == []

    def test_few_ids_are_remembered(self, world, monkeypatch):
        monkeypatch.setattr(homes, "MOST", 10)
        for account in range(50):
            assert world.find_pool(f"us-east-1_{account}")[0].account == f"{account:012}"
        assert len(world.homes._regions) <= 10


class TestIdentities:
    @pytest.fixture
    def pools(self, world):
        region = world.region()
        for number in range(100):
            pool = IdentityPool(f"us-east-1:{number}", "", {})
            pool.identities.add(Identity(f"us-east-1:identity{number}", 0.0, 0.0))
            region.identity_pools.add(pool)
        return region.identity_pools

    def test_its_pool_is_looked_for_once(self, world, pools, searched):
        found = world.find_identity("us-east-1:identity70")
        assert found[1].id == "us-east-1:70"
        searched.clear()
        assert world.find_identity("us-east-1:identity70") == found
        assert searched == []

    def test_one_that_is_gone_is_not_found(self, world, pools):
        pool = world.find_identity("us-east-1:identity70")[1]
        pool.identities.remove(pool.identities["us-east-1:identity70"])
        assert world.find_identity("us-east-1:identity70") is None
        pools.remove(pools["us-east-1:71"])
        assert world.find_identity("us-east-1:identity71") is None


class TestCalls:
    def test_a_new_identity_is_known_at_once(self, cognito, searched):
        idp = boto3.client("cognito-identity", region_name="us-east-1")
        pools = [
            idp.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=True)[
                "IdentityPoolId"
            ]
            for name in ("a", "b", "c")
        ]
        made = idp.get_id(IdentityPoolId=pools[1])["IdentityId"]
        searched.clear()
        assert idp.get_open_id_token(IdentityId=made)["IdentityId"] == made
        assert idp.describe_identity(IdentityId=made)["IdentityId"] == made
        assert searched == []
        elsewhere = boto3.client("cognito-identity", region_name="eu-west-1")
        with refused("ResourceNotFoundException"):
            elsewhere.describe_identity(IdentityId=made)
        left = elsewhere.delete_identities(IdentityIdsToDelete=[made])["UnprocessedIdentityIds"]
        assert [each["IdentityId"] for each in left] == [made]
        assert idp.delete_identities(IdentityIdsToDelete=[made])["UnprocessedIdentityIds"] == []
