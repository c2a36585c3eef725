"""Attribute mapping, linking and triggers of federated sign-ins."""

from __future__ import annotations

import json

import pytest
from support.pool_env import refused
from support.pool_settings import FUNCTION
from support.sign_in import read
from support.triggers import KEY, configured, refusing, sources
from support.upstream import add_oidc, sign_in, upstream, web_client

SUBJECT = "Cognito_Subject"


@pytest.fixture
def made(domain_of):
    """A pool with a provider, and a client of both."""
    entered = []

    def made(mapping=None, client=None, provider=None, **pool):
        env = domain_of(pool=pool)
        context = upstream(env)
        corp = context.__enter__()
        entered.append(context)
        add_oidc(env, corp, mapping=mapping or {"email": "email", "name": "name"}, **(provider or {}))
        web_client(env, "COGNITO", "Corp", **(client or {}))
        return env, corp

    yield made
    for context in entered:
        context.__exit__(None, None, None)


def custom(name, **more):
    return {"Name": name, "AttributeDataType": "String", "Mutable": True, **more}


def error_of(answer):
    _, (_, given) = answer
    assert "code" not in given, given
    return given["error"], given["error_description"]


def link(env, attribute, value, to="ada"):
    env.idp.admin_link_provider_for_user(
        UserPoolId=env.pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": to},
        SourceUser={
            "ProviderName": "Corp",
            "ProviderAttributeName": attribute,
            "ProviderAttributeValue": value,
        },
    )


class TestMapping:
    def test_a_claim_that_is_absent_leaves_the_old_value_and_a_blank_one_clears_it(self, made):
        env, corp = made()
        sign_in(env, corp)
        del corp.claims["name"]
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["name"] == "Ada"
        corp.claims["name"] = ""
        sign_in(env, corp)
        assert "name" not in env.attributes("Corp_u-1")

    def test_a_later_sign_in_moves_the_date_of_the_user(self, made):
        env, corp = made()
        sign_in(env, corp)
        before = env.user("Corp_u-1")["UserLastModifiedDate"]
        env.cognito.clock.advance(10)
        corp.claims["name"] = "Countess"
        sign_in(env, corp, env.browser())
        assert env.attributes("Corp_u-1")["name"] == "Countess"
        assert env.user("Corp_u-1")["UserLastModifiedDate"] > before

    @pytest.mark.parametrize(
        ("claim", "value"),
        [
            (["a", "b"], "[a,b]"),
            (["a b", "c/d", "é"], "[a+b,c%2Fd,%C3%A9]"),
            (["x.y*z_-"], "[x.y*z_-]"),
            (5, "5"),
            (True, "true"),
            ({"a": 1}, '{"a":1}'),
        ],
    )
    def test_values_that_are_no_texts(self, made, claim, value):
        env, corp = made({"custom:groups": "groups"}, Schema=[custom("groups")])
        corp.claims["groups"] = claim
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["custom:groups"] == value

    def test_a_claim_of_the_profile_alone(self, made):
        env, corp = made({"custom:team": "team"}, Schema=[custom("team")])
        corp.profile["team"] = "red"
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["custom:team"] == "red"

    def test_the_providers_own_tokens_may_be_mapped(self, made):
        mapping = {"custom:token": "access_token", "custom:proof": "id_token"}
        env, corp = made(mapping, Schema=[custom("token"), custom("proof")])
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert found["custom:token"] == "at-1"
        assert read(found["custom:proof"])["sub"] == "u-1"

    def test_an_address_counts_as_unverified_otherwise(self, made):
        env, corp = made({"email": "email", "phone_number": "phone"})
        corp.claims["phone"] = "+15550100"
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert (found["email_verified"], found["phone_number_verified"]) == ("false", "false")

    def test_levels_may_be_mapped_in_every_plan(self, made):
        env, _ = made(UserPoolTier="LITE")
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Corp", AcrMapping={"Level1": "low"}
        )

    def test_an_address_is_verified_where_the_provider_says_so(self, made):
        env, corp = made({"email": "email", "email_verified": "email_verified"})
        corp.claims["email_verified"] = True
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["email_verified"] == "true"

    def test_what_the_client_may_not_write_is_skipped(self, made):
        env, corp = made(client={"WriteAttributes": ["email"]})
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert found["email"] == "ada@corp.example"
        assert "name" not in found

    def test_an_immutable_attribute_bars_the_second_sign_in(self, made):
        mail = {"Name": "email", "AttributeDataType": "String", "Mutable": False, "Required": True}
        env, corp = made({"email": "email"}, Schema=[mail])
        assert "code" in sign_in(env, corp)[1][1]
        assert error_of(sign_in(env, corp)) == ("invalid_request", "user.email: Attribute cannot be updated.")

    def test_required_attributes_must_come(self, made):
        schema = [{"Name": name, "Required": True} for name in ("given_name", "family_name")]
        env, corp = made(Schema=schema)
        assert error_of(sign_in(env, corp)) == (
            "invalid_request",
            "attributes required: [given_name, family_name]",
        )
        with refused("UserNotFoundException"):
            env.user("Corp_u-1")

    def test_a_required_attribute_is_not_cleared(self, made):
        env, corp = made(Schema=[{"Name": "email", "Required": True, "Mutable": True}])
        sign_in(env, corp)
        corp.claims["email"] = ""
        assert error_of(sign_in(env, corp))[1] == "email: Required attribute cannot be deleted"
        assert env.attributes("Corp_u-1")["email"] == "ada@corp.example"

    @pytest.mark.parametrize("claim", ["not an address", "x" * 3000])
    def test_values_of_the_wrong_form(self, made, claim):
        env, corp = made()
        corp.claims["email"] = claim
        assert error_of(sign_in(env, corp))[0] == "invalid_request"

    def test_an_alias_of_somebody_else(self, made):
        env, corp = made({"email": "email", "email_verified": "email_verified"}, AliasAttributes=["email"])
        env.add_user("bob", email="ada@corp.example", email_verified="true")
        corp.claims["email_verified"] = True
        assert error_of(sign_in(env, corp)) == (
            "invalid_request",
            "Already found an entry for username Corp_u-1",
        )


class TestLinked:
    def test_by_subject_signs_the_destination_in(self, made):
        env, corp = made()
        env.add_user("ada", email="old@example.com", email_verified="true")
        link(env, SUBJECT, "u-1")
        _, (_, given) = sign_in(env, corp)
        answer = env.redeem(given["code"]).json
        import jwt

        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        found = env.attributes("ada")
        assert claims["cognito:username"] == "ada"
        assert claims["sub"] == found["sub"]
        assert "cognito:groups" not in claims
        assert found["email"] == "ada@corp.example"
        assert env.status("ada") == "CONFIRMED"
        assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 1

    def test_by_attribute_becomes_the_subject_at_the_first_sign_in(self, made):
        env, corp = made()
        env.add_user("ada")
        link(env, "email", "ada@corp.example")
        assert json.loads(env.attributes("ada")["identities"])[0]["userId"] == "ada@corp.example"
        assert "code" in sign_in(env, corp)[1][1]
        assert json.loads(env.attributes("ada")["identities"])[0]["userId"] == "u-1"
        corp.claims["email"] = "new@corp.example"
        sign_in(env, corp)
        assert env.attributes("ada")["email"] == "new@corp.example"

    def test_after_the_first_sign_in_it_is_unlinked_by_subject(self, made):
        env, corp = made()
        env.add_user("ada")
        link(env, "email", "ada@corp.example")
        sign_in(env, corp)
        user = {"ProviderName": "Corp", "ProviderAttributeName": SUBJECT, "ProviderAttributeValue": "u-1"}
        env.idp.admin_disable_provider_for_user(UserPoolId=env.pool_id, User=user)
        assert "identities" not in env.attributes("ada")
        sign_in(env, corp, env.browser())
        assert env.status("Corp_u-1") == "EXTERNAL_PROVIDER"

    def test_an_identity_with_a_user_of_its_own_cannot_be_linked(self, made):
        env, corp = made()
        env.add_user("ada")
        sign_in(env, corp)
        message = (
            "Merging is not currently supported, "
            "provide a SourceUser that has not been signed up in order to link"
        )
        with refused("InvalidParameterException", message):
            link(env, SUBJECT, "u-1")

    def test_to_a_federated_user(self, made):
        env, corp = made()
        sign_in(env, corp)
        env.idp.admin_link_provider_for_user(
            UserPoolId=env.pool_id,
            DestinationUser={"ProviderName": "Corp", "ProviderAttributeValue": "u-1"},
            SourceUser={
                "ProviderName": "Corp",
                "ProviderAttributeName": SUBJECT,
                "ProviderAttributeValue": "u-2",
            },
        )
        corp.claims["sub"] = corp.profile["sub"] = "u-2"
        sign_in(env, corp, env.browser())
        primary = [of["primary"] for of in json.loads(env.attributes("Corp_u-1")["identities"])]
        assert primary == [True, False]
        assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 1

    def test_a_user_who_is_deleted_comes_back_as_a_new_one(self, made):
        env, corp = made()
        sign_in(env, corp)
        sub = env.attributes("Corp_u-1")["sub"]
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="Corp_u-1")
        sign_in(env, corp, env.browser())
        assert env.attributes("Corp_u-1")["sub"] != sub


class TestTriggers:
    @pytest.fixture
    def all_triggers(self, made, cognito):
        names = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication")
        config = configured(**{name: name for name in (*names, "PreTokenGeneration")})
        config["InboundFederation"] = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "InboundFederation"}
        env, corp = made(LambdaConfig=config)
        for name in (*names, "PreTokenGeneration", "InboundFederation"):
            cognito.functions[name] = lambda event, _: event
        return env, corp

    def events(self, cognito, source):
        return [of.event for of in cognito.functions.calls if of.source == source]

    def test_at_the_first_sign_in(self, all_triggers, cognito):
        env, corp = all_triggers
        _, (_, given) = sign_in(env, corp)
        env.redeem(given["code"])
        assert sources(cognito) == [
            "InboundFederation_ExternalProvider",
            "PreSignUp_ExternalProvider",
            "PostConfirmation_ConfirmSignUp",
            "TokenGeneration_HostedAuth",
        ]

    def test_at_a_later_one(self, all_triggers, cognito):
        env, corp = all_triggers
        sign_in(env, corp)
        before = len(sources(cognito))
        _, (_, given) = sign_in(env, corp, env.browser())
        env.redeem(given["code"])
        assert sources(cognito)[before:] == [
            "InboundFederation_ExternalProvider",
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_HostedAuth",
        ]

    @pytest.mark.parametrize("senders", [(), ("CustomSMSSender", "CustomEmailSender")])
    def test_no_others_ever(self, all_triggers, cognito, senders):
        """AWS dev guide: neither challenges, nor migration, nor messages, nor senders."""
        env, corp = all_triggers
        others = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
        others += ("CustomMessage", "UserMigration")
        pool = env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        sender = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "other"}
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            AutoVerifiedAttributes=["email", "phone_number"],
            SmsConfiguration=pool["SmsConfiguration"],
            LambdaConfig=pool["LambdaConfig"]
            | configured(**dict.fromkeys(others, "other"))
            | (dict.fromkeys(senders, sender) | {"KMSKeyID": KEY} if senders else {}),
        )
        cognito.functions["other"] = refusing("never asked")
        for _ in range(2):
            _, (_, given) = sign_in(env, corp, env.browser())
            assert env.redeem(given["code"]).status == 200
        assert not [of.source for of in cognito.functions.calls if "other" in of.function]
        assert not cognito.messages

    def test_pre_sign_up_hears_name_and_attributes(self, all_triggers, cognito):
        env, corp = all_triggers
        sign_in(env, corp)
        (event,) = self.events(cognito, "PreSignUp_ExternalProvider")
        assert event["userName"] == "Corp_u-1"
        assert event["callerContext"]["clientId"] == env.client_id
        assert event["request"]["userAttributes"] == {
            "email": "ada@corp.example",
            "name": "Ada",
            "email_verified": "false",
        }

    def test_inbound_federation_hears_what_the_provider_said(self, all_triggers, cognito):
        env, corp = all_triggers
        sign_in(env, corp)
        (event,) = self.events(cognito, "InboundFederation_ExternalProvider")
        request = event["request"]
        assert (request["providerName"], request["providerType"]) == ("Corp", "OIDC")
        attributes = request["attributes"]
        assert attributes["tokenResponse"]["access_token"] == "at-1"
        assert attributes["idToken"]["email"] == "ada@corp.example"
        assert attributes["userInfo"] == {"sub": "u-1"}

    def test_inbound_federation_replaces_the_claims(self, all_triggers, cognito):
        env, corp = all_triggers

        def inbound(event, _):
            event["response"] = {"userAttributesToMap": {"email": "changed@corp.example"}}
            return event

        cognito.functions["InboundFederation"] = inbound
        sign_in(env, corp)
        found = env.attributes("Corp_u-1")
        assert found["email"] == "changed@corp.example"
        assert "name" not in found

    def test_an_empty_answer_keeps_the_claims(self, all_triggers, cognito):
        env, corp = all_triggers

        def inbound(event, _):
            event["response"] = {"userAttributesToMap": {}}
            return event

        cognito.functions["InboundFederation"] = inbound
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["name"] == "Ada"

    @pytest.mark.parametrize("name", ["PreSignUp", "PostConfirmation", "InboundFederation"])
    def test_a_refusal_reaches_the_callback(self, all_triggers, cognito, name):
        env, corp = all_triggers
        cognito.functions[name] = refusing("not you")
        assert error_of(sign_in(env, corp)) == ("invalid_request", f"{name} failed with error not you. ")

    def test_a_refusal_of_pre_sign_up_makes_nobody(self, all_triggers, cognito):
        env, corp = all_triggers
        cognito.functions["PreSignUp"] = refusing("not you")
        sign_in(env, corp)
        with refused("UserNotFoundException"):
            env.user("Corp_u-1")

    @pytest.mark.parametrize("name", ["PreAuthentication", "PostAuthentication"])
    def test_a_later_refusal(self, all_triggers, cognito, name):
        env, corp = all_triggers
        sign_in(env, corp)
        cognito.functions[name] = refusing("not today")
        browser, answer = sign_in(env, corp, env.browser())
        assert error_of((browser, answer)) == ("invalid_request", f"{name} failed with error not today. ")
        assert "cognito" not in browser.cookies

    def test_linking_in_pre_sign_up_works_at_the_first_sign_in(self, all_triggers, cognito):
        env, corp = all_triggers
        env.add_user("ada")

        def pre_sign_up(event, _):
            provider, _, subject = event["userName"].partition("_")
            assert provider == "Corp"
            link(env, SUBJECT, subject)
            return event

        cognito.functions["PreSignUp"] = pre_sign_up
        assert "code" in sign_in(env, corp)[1][1]
        assert json.loads(env.attributes("ada")["identities"])[0]["userId"] == "u-1"
        with refused("UserNotFoundException"):
            env.user("Corp_u-1")

    def test_pre_sign_up_may_take_an_address_for_verified(self, all_triggers, cognito):
        env, corp = all_triggers

        def pre_sign_up(event, _):
            event["response"]["autoVerifyEmail"] = True
            return event

        cognito.functions["PreSignUp"] = pre_sign_up
        sign_in(env, corp)
        assert env.attributes("Corp_u-1")["email_verified"] == "true"
