"""Outbound identity federation: tokens that identify AWS principals to services outside AWS."""

import json
import re
import urllib.request

import boto3
import jwt
import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.pool_env import refused

AUDIENCE = "https://api.example.com"
NAMESPACE = "https://sts.amazonaws.com/"


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.roles()
    identity_env.add_user()
    return identity_env


@pytest.fixture
def issuer(identity_env):
    return identity_env.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]


def permit(identity_env, *statements):
    identity_env.iam.put_role_policy(
        RoleName="member", PolicyName="own", PolicyDocument=document(*statements)
    )


def token(sts, algorithm="RS256", **more):
    return sts.get_web_identity_token(Audience=[AUDIENCE], SigningAlgorithm=algorithm, **more)[
        "WebIdentityToken"
    ]


def claims(text):
    return jwt.decode(text, options={"verify_signature": False})


class TestEnableOutboundWebIdentityFederation:
    def test_it_makes_the_accounts_issuer(self, issuer):
        assert re.fullmatch(r"https://[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws", issuer)

    def test_twice_is_refused(self, identity_env, issuer):
        with refused("FeatureEnabled") as caught:
            identity_env.iam.enable_outbound_web_identity_federation()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409

    def test_each_account_has_its_own(self, issuer):
        other = boto3.client(
            "iam",
            region_name="us-east-1",
            aws_access_key_id="999999999999",
            aws_secret_access_key="x",
        )
        assert other.enable_outbound_web_identity_federation()["IssuerIdentifier"] != issuer


class TestGetOutboundWebIdentityFederationInfo:
    def test_it_shows_the_issuer(self, identity_env, issuer):
        found = identity_env.iam.get_outbound_web_identity_federation_info()
        assert (found["IssuerIdentifier"], found["JwtVendingEnabled"]) == (issuer, True)

    def test_while_it_is_disabled(self, identity_env):
        with refused("FeatureDisabled") as caught:
            identity_env.iam.get_outbound_web_identity_federation_info()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


class TestDisableOutboundWebIdentityFederation:
    def test_no_more_tokens_and_the_same_issuer_again(self, identity_env, issuer):
        identity_env.iam.disable_outbound_web_identity_federation()
        with refused("OutboundWebIdentityFederationDisabledException"):
            token(identity_env.sts())
        with refused("FeatureDisabled"):
            identity_env.iam.disable_outbound_web_identity_federation()
        assert identity_env.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


class TestGetWebIdentityToken:
    @pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
    def test_it_can_be_verified_by_discovery(self, identity_env, issuer, algorithm):
        text = token(identity_env.sts(), algorithm)
        with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
            found = json.load(answer)
        assert found["issuer"] == issuer
        with urllib.request.urlopen(found["jwks_uri"]) as answer:
            keys = jwt.PyJWKSet.from_dict(json.load(answer))
        key = keys[jwt.get_unverified_header(text)["kid"]]
        said = jwt.decode(text, key.key, algorithms=[algorithm], audience=AUDIENCE, issuer=issuer)
        assert said["exp"] - said["iat"] == 300

    def test_a_role_session_is_told_by_its_role(self, identity_env, issuer):
        permit(identity_env, allow("sts:*"))
        identity_env.iam.tag_role(RoleName="member", Tags=[{"Key": "team", "Value": "a"}])
        credentials = identity_env.credentials("ada")
        said = claims(token(identity_env.sts(credentials), Tags=[{"Key": "job", "Value": "1"}]))
        role = f"arn:aws:iam::{ACCOUNT}:role/member"
        assert (said["sub"], said["aud"], said["iss"]) == (role, AUDIENCE, issuer)
        assert said[NAMESPACE] == {
            "aws_account": ACCOUNT,
            "source_region": "us-east-1",
            "principal_id": role,
            "original_session_exp": credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "federated_provider": "cognito-identity.amazonaws.com",
            "principal_tags": {"team": "a"},
            "request_tags": {"job": "1"},
        }

    def test_several_audiences_are_a_list(self, identity_env, issuer):
        answer = identity_env.sts().get_web_identity_token(
            Audience=["a", "b"], SigningAlgorithm="ES384", DurationSeconds=60
        )
        said = claims(answer["WebIdentityToken"])
        assert said["aud"] == ["a", "b"]
        assert answer["Expiration"].timestamp() == said["exp"] == said["iat"] + 60

    def test_policies_limit_audience_duration_and_tags(self, identity_env, issuer):
        sts = identity_env.sts(identity_env.credentials("ada"))
        with refused("AccessDenied"):
            token(sts)
        condition = {
            "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": AUDIENCE},
            "NumericLessThanEquals": {"sts:DurationSeconds": "300"},
            "StringEquals": {"sts:SigningAlgorithm": "ES384"},
        }
        permit(identity_env, allow("sts:GetWebIdentityToken", Condition=condition))
        assert token(sts, "ES384")
        for more in (
            {"DurationSeconds": 301},
            {"SigningAlgorithm": "RS256"},
            {"Audience": ["b"]},
            {"Tags": [{"Key": "a", "Value": "1"}]},
        ):
            with refused("AccessDenied"):
                sts.get_web_identity_token(**{"Audience": [AUDIENCE], "SigningAlgorithm": "ES384"} | more)

    def test_a_token_does_not_outlive_its_session(self, cognito, identity_env, issuer):
        permit(identity_env, allow("sts:*"))
        sts = identity_env.sts(identity_env.credentials("ada"))
        cognito.clock.advance(minutes=30)
        assert token(sts, DurationSeconds=1700)
        with refused("SessionDurationEscalationException"):
            token(sts, DurationSeconds=3600)

    def test_what_is_wrong_with_the_request(self, identity_env, issuer):
        sts = identity_env.sts()
        with refused("ValidationError"):
            token(sts, "HS256")
        with refused("InvalidParameterValue"):
            token(sts, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
        with refused("JWTPayloadSizeExceededException"):
            token(sts, Tags=[{"Key": f"{n}" * 60, "Value": "v" * 256} for n in range(10, 60)])
        elsewhere = boto3.client("sts", region_name="us-east-1", endpoint_url="https://sts.amazonaws.com")
        with refused("InvalidAction"):
            token(elsewhere)

    def test_it_opens_no_role_of_aws(self, identity_env, issuer):
        text = token(identity_env.sts())
        with refused("InvalidIdentityToken"):
            client("sts").assume_role_with_web_identity(
                RoleArn=f"arn:aws:iam::{ACCOUNT}:role/member", RoleSessionName="one", WebIdentityToken=text
            )

    def test_with_the_server_as_issuer_its_documents_are_there(self, cognito, identity_env, server_issuer):
        said = claims(token(identity_env.sts()))
        assert said["iss"] == server_issuer
        assert server_issuer.startswith("http://localhost:4577/")
        from support.http import ask

        from cogmock.web.app import Application

        path = server_issuer.removeprefix("http://localhost:4577")
        found = ask(Application(cognito.world), "GET", f"{path}/.well-known/openid-configuration").json
        assert found["issuer"] == said["iss"]
        keys = ask(Application(cognito.world), "GET", f"{path}/.well-known/jwks.json").json["keys"]
        assert {key["kty"] for key in keys} == {"RSA", "EC"}


@pytest.fixture
def server_issuer(cognito, identity_env):
    cognito.settings.issuer = "server"
    cognito.settings.public_url = "http://localhost:4577"
    return identity_env.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
