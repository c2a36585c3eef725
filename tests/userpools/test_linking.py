"""AdminLinkProviderForUser and AdminDisableProviderForUser, for users who have not signed in yet."""

from __future__ import annotations

import json

import pytest
from support.pool_env import PASSWORD, refused

SUBJECT = "Cognito_Subject"
NATIVE = (
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, "
    "only as a DestinationUser"
)


@pytest.fixture
def env(found):
    env = found()
    env.add_user("ada", email="ada@example.com")
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
    )
    env.idp.create_identity_provider(
        UserPoolId=env.pool_id,
        ProviderName="Corp",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": "a",
            "client_secret": "b",
            "authorize_scopes": "openid",
            **dict.fromkeys(("oidc_issuer", "authorize_url", "token_url"), "https://a.example"),
            **dict.fromkeys(("attributes_url", "jwks_uri"), "https://a.example"),
        },
        AttributeMapping={"email": "mail"},
    )
    return env


def link(env, provider="Google", value="g-1", attribute=SUBJECT, to="ada", to_provider="Cognito"):
    env.idp.admin_link_provider_for_user(
        UserPoolId=env.pool_id,
        DestinationUser={"ProviderName": to_provider, "ProviderAttributeValue": to},
        SourceUser={
            "ProviderName": provider,
            "ProviderAttributeName": attribute,
            "ProviderAttributeValue": value,
        },
    )


def unlink(env, provider="Google", value="g-1", attribute=SUBJECT):
    env.idp.admin_disable_provider_for_user(
        UserPoolId=env.pool_id,
        User={
            "ProviderName": provider,
            "ProviderAttributeName": attribute,
            "ProviderAttributeValue": value,
        },
    )


def identities(env, name="ada"):
    return json.loads(env.attributes(name).get("identities", "[]"))


class TestAdminLinkProviderForUser:
    def test_shows_at_once(self, env):
        link(env)
        (entry,) = identities(env)
        assert isinstance(entry.pop("dateCreated"), int)
        assert entry == {
            "userId": "g-1",
            "providerName": "Google",
            "providerType": "Google",
            "issuer": None,
            "primary": False,
        }

    def test_moves_the_date_of_the_user_and_so_does_unlinking(self, env):
        for change in (link, unlink):
            before = env.user()["UserLastModifiedDate"]
            env.cognito.clock.advance(10)
            change(env)
            assert env.user()["UserLastModifiedDate"] > before

    def test_shows_in_lists_and_in_the_users_own_view(self, env):
        link(env)
        listed = env.idp.list_users(UserPoolId=env.pool_id, AttributesToGet=["identities"])["Users"]
        assert [of["Name"] for of in listed[0]["Attributes"]] == ["identities"]
        own = env.idp.get_user(AccessToken=env.token())["UserAttributes"]
        assert "identities" in {of["Name"] for of in own}

    def test_stands_in_the_id_token_with_texts(self, env):
        import jwt

        link(env)
        token = env.sign_in()["IdToken"]
        (entry,) = jwt.decode(token, options={"verify_signature": False})["identities"]
        assert entry["primary"] == "false"
        assert entry["dateCreated"].isdigit()

    def test_leaves_the_password_as_it_is(self, env):
        link(env)
        assert env.sign_in()["AccessToken"]
        assert env.status() == "CONFIRMED"

    def test_by_an_attribute_that_the_provider_maps(self, env):
        link(env, "Corp", "ada@example.com", "email")
        assert identities(env)[0]["userId"] == "ada@example.com"

    def test_by_a_claim_that_an_oidc_provider_maps(self, env):
        link(env, "Corp", "ada@example.com", "mail")

    def test_by_an_attribute_that_is_not_mapped(self, env):
        with refused("InvalidParameterException"):
            link(env, "Corp", "Ada", "name")

    def test_of_a_social_provider_is_by_subject_alone(self, env):
        with refused("InvalidParameterException"):
            link(env, value="ada@example.com", attribute="email")

    def test_of_a_user_of_the_pool(self, env):
        env.add_user("bob")
        with refused("InvalidParameterException", NATIVE):
            link(env, "Cognito", "bob")

    def test_to_nobody(self, env):
        with refused("UserNotFoundException"):
            link(env, to="nobody")
        with refused("UserNotFoundException"):
            link(env, to="g-9", to_provider="Google")

    def test_of_an_unknown_provider(self, env):
        with refused("ResourceNotFoundException"):
            link(env, "Facebook")

    def test_twice_to_the_same(self, env):
        link(env)
        with refused("InvalidParameterException", "SourceUser is already linked to DestinationUser"):
            link(env)

    def test_of_one_who_is_linked_elsewhere(self, env):
        env.add_user("bob")
        link(env)
        with refused("AliasExistsException"):
            link(env, to="bob")

    def test_at_most_five(self, env):
        for number in range(5):
            link(env, value=f"g-{number}")
        with refused("LimitExceededException"):
            link(env, value="g-5")

    def test_by_at_most_five_attributes_of_a_provider(self, env):
        names = ["email", "name", "nickname", "locale", "gender", "profile"]
        mapping = {name: name for name in names}
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", AttributeMapping=mapping
        )
        for number, name in enumerate(names[:5]):
            env.add_user(f"user{number}")
            link(env, "Corp", "x", name, to=f"user{number}")
        with refused("LimitExceededException"):
            link(env, "Corp", "x", names[5])

    @pytest.mark.parametrize("missing", ["ProviderAttributeValue", "ProviderName"])
    def test_with_something_of_its_destination_missing(self, env, missing):
        destination = {"ProviderName": "Cognito", "ProviderAttributeValue": "ada"}
        del destination[missing]
        with refused("InvalidParameterException"):
            env.idp.admin_link_provider_for_user(
                UserPoolId=env.pool_id,
                DestinationUser=destination,
                SourceUser={
                    "ProviderName": "Google",
                    "ProviderAttributeName": SUBJECT,
                    "ProviderAttributeValue": "1",
                },
            )
        assert identities(env) == []

    @pytest.mark.parametrize("missing", ["ProviderAttributeName", "ProviderAttributeValue", "ProviderName"])
    def test_with_something_missing(self, env, missing):
        source = {"ProviderName": "Google", "ProviderAttributeName": SUBJECT, "ProviderAttributeValue": "1"}
        del source[missing]
        with refused("InvalidParameterException"):
            env.idp.admin_link_provider_for_user(
                UserPoolId=env.pool_id,
                DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ada"},
                SourceUser=source,
            )


class TestAdminDisableProviderForUser:
    def test_takes_the_entry_away(self, env):
        link(env)
        link(env, "Corp", "c-1")
        unlink(env)
        assert [of["providerName"] for of in identities(env)] == ["Corp"]
        link(env)

    def test_needs_the_pair_of_the_link(self, env):
        link(env, "Corp", "ada@example.com", "email")
        with refused("UserNotFoundException"):
            unlink(env, "Corp", "ada@example.com")
        unlink(env, "Corp", "ada@example.com", "email")
        assert identities(env) == []

    def test_of_what_is_not_linked(self, env):
        with refused("UserNotFoundException"):
            unlink(env)

    def test_the_password_of_a_user_of_the_pool(self, env):
        unlink(env, "Cognito", "ada")
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.sign_in()
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=PASSWORD, Permanent=True
        )
        assert env.sign_in()["AccessToken"]

    def test_a_link_goes_with_its_user(self, env):
        link(env)
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        env.add_user("bob")
        link(env, to="bob")
        assert identities(env, "bob")[0]["userId"] == "g-1"
