import re

import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv
from support.pool_env import refused

UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"


@pytest.fixture
def api(cognito_clients):
    return cognito_clients.cognito_identity


def make(api, name="shop", **more):
    pool = api.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=False, **more)
    pool.pop("ResponseMetadata")
    return pool


class TestCreateIdentityPool:
    def test_it_answers_with_only_what_was_set(self, api):
        pool = make(api)
        pool_id = pool.pop("IdentityPoolId")
        assert re.fullmatch(r"us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", pool_id)
        assert pool == {
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": False,
            "IdentityPoolTags": {},
        }

    def test_what_is_set_is_kept(self, api):
        given = {
            "AllowClassicFlow": False,
            "DeveloperProviderName": "login.example",
            "SupportedLoginProviders": {"accounts.google.com": "123.apps.googleusercontent.com"},
            "OpenIdConnectProviderARNs": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"],
            "SamlProviderARNs": [f"arn:aws:iam::{ACCOUNT}:saml-provider/example"],
            "CognitoIdentityProviders": [
                {
                    "ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_Abcdefghi",
                    "ClientId": "abc",
                    "ServerSideTokenCheck": True,
                }
            ],
            "IdentityPoolTags": {"team": "x"},
        }
        pool = make(api, **given)
        assert given.items() <= pool.items()
        described = api.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
        assert given.items() <= described.items()

    @pytest.mark.parametrize("name", ["a/b", "ü", ""])
    def test_a_bad_name_is_refused_by_the_model(self, api, name):
        with refused("ValidationException") as caught:
            if name:
                make(api, name)
            else:
                make(api, "a" * 129)
        if name == "a/b":
            assert str(caught.value).endswith(
                "1 validation error detected: Value 'a/b' at 'identityPoolName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+"
            )

    def test_a_tag_pins_the_id(self, api):
        pinned = "us-east-1:11111111-2222-4333-8444-555555555555"
        pool = make(api, IdentityPoolTags={"_custom_id_": pinned, "team": "x"})
        assert pool["IdentityPoolId"] == pinned
        assert pool["IdentityPoolTags"] == {"team": "x"}
        with refused("ResourceConflictException"):
            make(api, IdentityPoolTags={"_custom_id_": pinned})

    @pytest.mark.parametrize(
        "wanted", ["x", "eu-west-1:11111111-2222-4333-8444-555555555555", "us-east-1:XYZ"]
    )
    def test_a_pinned_id_must_be_one_of_the_region(self, api, wanted):
        with refused("InvalidParameterException"):
            make(api, IdentityPoolTags={"_custom_id_": wanted})
        assert api.list_identity_pools(MaxResults=60)["IdentityPools"] == []

    def test_a_user_pool_is_named_by_its_host_and_id(self, api):
        with refused("InvalidParameterException", "Invalid Cognito Identity Provider"):
            make(api, CognitoIdentityProviders=[{"ProviderName": "us-east-1_Shop12345", "ClientId": "abc"}])

    def test_fifty_tags_and_fifty_user_pools_at_most(self, api):
        with refused("InvalidParameterException"):
            make(api, IdentityPoolTags={str(n): "x" for n in range(51)})
        providers = [{"ProviderName": "example.com", "ClientId": str(n)} for n in range(51)]
        with refused("LimitExceededException"):
            make(api, CognitoIdentityProviders=providers)

    def test_a_thousand_pools_at_most(self, api, monkeypatch):
        from cogmock.identitypools.operations import pools

        assert pools.MOST_POOLS == 1000
        monkeypatch.setattr(pools, "MOST_POOLS", 1)
        make(api)
        with refused("LimitExceededException"):
            make(api)


class TestDescribeIdentityPool:
    def test_an_unknown_pool_is_not_found(self, api):
        with refused("ResourceNotFoundException", f"IdentityPool '{UNKNOWN}' not found."):
            api.describe_identity_pool(IdentityPoolId=UNKNOWN)

    def test_an_ill_formed_id_is_refused_in_the_models_words(self, api):
        with refused(
            "ValidationException",
            "1 validation error detected: Value 'us-east-1_x' at 'identityPoolId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+",
        ):
            api.describe_identity_pool(IdentityPoolId="us-east-1_x")

    def test_pools_stay_in_their_region(self, cognito):
        import boto3

        identity_env = IdentityPoolEnv(cognito)
        elsewhere = boto3.client("cognito-identity", region_name="eu-west-1")
        with refused("ResourceNotFoundException"):
            elsewhere.describe_identity_pool(IdentityPoolId=identity_env.pool_id)


class TestListIdentityPools:
    def test_pages_give_ids_and_names(self, api):
        ids = [make(api, name)["IdentityPoolId"] for name in "abc"]
        first = api.list_identity_pools(MaxResults=2)
        assert first["IdentityPools"][0] == {"IdentityPoolId": ids[0], "IdentityPoolName": "a"}
        rest = api.list_identity_pools(MaxResults=2, NextToken=first["NextToken"])
        assert [pool["IdentityPoolName"] for pool in rest["IdentityPools"]] == ["c"]
        assert "NextToken" not in rest

    def test_a_made_up_token_is_refused(self, api):
        with refused("InvalidParameterException"):
            api.list_identity_pools(MaxResults=2, NextToken="x")

    def test_a_page_has_sixty_at_most(self, api):
        with refused("ValidationException"):
            api.list_identity_pools(MaxResults=61)


class TestUpdateIdentityPool:
    def test_what_is_not_given_returns_to_its_default(self, api):
        pool = make(api, AllowClassicFlow=True, IdentityPoolTags={"team": "x"})
        changed = api.update_identity_pool(
            IdentityPoolId=pool["IdentityPoolId"], IdentityPoolName="new", AllowUnauthenticatedIdentities=True
        )
        assert changed["IdentityPoolName"] == "new"
        assert "AllowClassicFlow" not in changed
        assert changed["IdentityPoolTags"] == {"team": "x"}

    def test_tags_that_are_given_replace_all(self, api):
        pool = make(api, IdentityPoolTags={"team": "x"})
        about = {"IdentityPoolName": "shop", "AllowUnauthenticatedIdentities": True}
        for tags in ({"stage": "test"}, {}):
            api.update_identity_pool(IdentityPoolId=pool["IdentityPoolId"], IdentityPoolTags=tags, **about)
            described = api.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
            assert described["IdentityPoolTags"] == tags

    def test_providers_that_are_not_given_are_gone(self, api):
        pool = make(
            api,
            SupportedLoginProviders={"accounts.google.com": "123.apps.googleusercontent.com"},
            OpenIdConnectProviderARNs=[f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"],
            SamlProviderARNs=[f"arn:aws:iam::{ACCOUNT}:saml-provider/example"],
            CognitoIdentityProviders=[
                {"ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_Abcdefghi", "ClientId": "abc"}
            ],
        )
        api.update_identity_pool(
            IdentityPoolId=pool["IdentityPoolId"],
            IdentityPoolName="shop",
            AllowUnauthenticatedIdentities=False,
        )
        described = api.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])
        assert set(described) - {"ResponseMetadata"} == {
            "IdentityPoolId",
            "IdentityPoolName",
            "AllowUnauthenticatedIdentities",
            "IdentityPoolTags",
        }

    def test_the_developer_provider_is_final(self, api):
        pool = make(api, DeveloperProviderName="login.example")
        about = {
            "IdentityPoolId": pool["IdentityPoolId"],
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": False,
        }
        with refused("InvalidParameterException"):
            api.update_identity_pool(**about, DeveloperProviderName="other")
        assert api.update_identity_pool(**about)["DeveloperProviderName"] == "login.example"

    def test_an_unknown_pool_is_not_found(self, api):
        with refused("ResourceNotFoundException"):
            api.update_identity_pool(
                IdentityPoolId=UNKNOWN, IdentityPoolName="x", AllowUnauthenticatedIdentities=False
            )


class TestDeleteIdentityPool:
    def test_its_identities_go_with_it(self, identity_env):
        identity_id = identity_env.id_of()
        identity_env.identity.delete_identity_pool(IdentityPoolId=identity_env.pool_id)
        with refused("ResourceNotFoundException"):
            identity_env.identity.describe_identity(IdentityId=identity_id)
        with refused("ResourceNotFoundException", f"IdentityPool '{identity_env.pool_id}' not found."):
            identity_env.id_of()

    def test_credentials_that_are_out_stay_good(self, identity_env):
        identity_env.roles()
        credentials = identity_env.credentials()
        identity_env.identity.delete_identity_pool(IdentityPoolId=identity_env.pool_id)
        assert identity_env.caller(credentials)["Account"] == ACCOUNT


class TestTagResource:
    @pytest.fixture
    def arn(self, api):
        pool_id = make(api, IdentityPoolTags={"team": "x"})["IdentityPoolId"]
        return f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{pool_id}"

    def test_it_adds_and_replaces(self, api, arn):
        api.tag_resource(ResourceArn=arn, Tags={"team": "y", "stage": "dev"})
        assert api.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "y", "stage": "dev"}

    def test_fifty_at_most(self, api, arn):
        with refused("InvalidParameterException"):
            api.tag_resource(ResourceArn=arn, Tags={str(n): "x" for n in range(50)})
        assert api.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "x"}


class TestUntagResource(TestTagResource):
    def test_it_takes_away_what_is_there(self, api, arn):
        api.untag_resource(ResourceArn=arn, TagKeys=["team", "absent"])
        assert api.list_tags_for_resource(ResourceArn=arn)["Tags"] == {}


class TestListTagsForResource:
    @pytest.mark.parametrize(
        "arn", [f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{UNKNOWN}", "x" * 20]
    )
    def test_an_unknown_pool_is_not_found(self, api, arn):
        with refused("ResourceNotFoundException"):
            api.list_tags_for_resource(ResourceArn=arn)
