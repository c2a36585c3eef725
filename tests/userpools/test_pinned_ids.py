"""Ids that a caller chooses, for pools and clients."""

from __future__ import annotations

import boto3
import pytest
from support.pool_env import connect, refused


def pinned(idp, pool_id, tag="_custom_id_", **more):
    return idp.create_user_pool(PoolName="shop", UserPoolTags={tag: pool_id, **more})["UserPool"]


class TestPinnedPools:
    @pytest.mark.parametrize("tag", ["_custom_id_", "ms-custom-id", "floci:override-id"])
    def test_a_tag_pins_the_id_and_is_not_kept(self, idp, tag):
        pool = pinned(idp, "us-east-1_LocalShop", tag, team="blue")
        assert pool["Id"] == "us-east-1_LocalShop"
        assert pool["Arn"].endswith(":userpool/us-east-1_LocalShop")
        assert pool["UserPoolTags"] == {"team": "blue"}
        assert idp.describe_user_pool(UserPoolId="us-east-1_LocalShop")["UserPool"] == pool

    @pytest.mark.parametrize(
        "pool_id",
        ["LocalShop", "eu-west-1_LocalShop", "us-east-1_Local-Shop", "us-east-1_", "us-east-1_" + "x" * 46],
    )
    def test_refuses_an_id_of_another_form_or_region(self, idp, pool_id):
        with refused("InvalidParameterException") as caught:
            pinned(idp, pool_id)
        assert "us-east-1_" in caught.value.response["Error"]["Message"]

    def test_takes_the_longest_id(self, idp):
        pool_id = "us-east-1_" + "x" * 45
        assert pinned(idp, pool_id)["Id"] == pool_id

    def test_refuses_an_id_that_is_taken_even_by_another_account(self, idp):
        pinned(idp, "us-east-1_LocalShop")
        other = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            aws_access_key_id="210987654321",
            aws_secret_access_key="x",
        )
        for client in (idp, other):
            with refused("InvalidParameterException"):
                pinned(client, "us-east-1_LocalShop")

    def test_an_id_is_free_again_once_its_pool_is_gone(self, idp):
        pinned(idp, "us-east-1_LocalShop")
        idp.delete_user_pool(UserPoolId="us-east-1_LocalShop")
        assert pinned(idp, "us-east-1_LocalShop")

    def test_the_tag_pins_nothing_later_on(self, idp):
        pool = idp.create_user_pool(PoolName="shop")["UserPool"]
        idp.tag_resource(ResourceArn=pool["Arn"], Tags={"_custom_id_": "us-east-1_Other"})
        assert idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]["Id"] == pool["Id"]


class TestPinnedClients:
    @pytest.fixture
    def pool_id(self, idp):
        return idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]

    @pytest.mark.parametrize("prefix", ["_custom_id_:", "ms-custom-id:"])
    def test_a_prefix_of_the_name_pins_the_id_and_is_not_kept(self, idp, pool_id, prefix):
        client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName=f"{prefix}shop_web")[
            "UserPoolClient"
        ]
        assert (client["ClientId"], client["ClientName"]) == ("shop_web", "shop_web")
        found = idp.describe_user_pool_client(UserPoolId=pool_id, ClientId="shop_web")
        assert found["UserPoolClient"] == client

    @pytest.mark.parametrize("client_id", ["with blank", "with-hyphen", "a.b"])
    def test_refuses_an_id_of_another_form(self, idp, pool_id, client_id):
        with refused("InvalidParameterException") as caught:
            idp.create_user_pool_client(UserPoolId=pool_id, ClientName=f"_custom_id_:{client_id}")
        assert client_id in caught.value.response["Error"]["Message"]

    def test_refuses_an_id_that_is_taken_even_in_another_region(self, idp, pool_id):
        idp.create_user_pool_client(UserPoolId=pool_id, ClientName="_custom_id_:web")
        other = connect("eu-west-1")
        elsewhere = other.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        with refused("InvalidParameterException"):
            idp.create_user_pool_client(UserPoolId=pool_id, ClientName="_custom_id_:web")
        with refused("InvalidParameterException"):
            other.create_user_pool_client(UserPoolId=elsewhere, ClientName="_custom_id_:web")

    def test_other_names_are_held_to_the_pattern_of_aws(self, idp, pool_id):
        with refused(
            "InvalidParameterException",
            "1 validation error detected: Value 'a:b' at 'clientName' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\w\s+=,.@-]+",
        ):
            idp.create_user_pool_client(UserPoolId=pool_id, ClientName="a:b")

    def test_id_and_secret_make_a_client_that_is_known_beforehand(self, idp, pool_id):
        client = idp.create_user_pool_client(
            UserPoolId=pool_id, ClientName="_custom_id_:web", ClientSecret="known_beforehand_and_long"
        )["UserPoolClient"]
        assert (client["ClientId"], client["ClientSecret"]) == ("web", "known_beforehand_and_long")
