import json

import jwt
import pytest
from support.http import ask
from support.identity_env import ACCOUNT, COGNITO, IdentityPoolEnv
from support.pool_env import refused

from cogmock.web.app import Application

POOL_ARN = "https://cognito-identity.amazonaws.com/identity-pool-arn"


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.add_user()
    return identity_env


def token_of(identity_env, logins=None, identity_id=None):
    about = {"Logins": logins} if logins else {}
    identity_id = identity_id or identity_env.id_of(logins)
    return identity_env.identity.get_open_id_token(IdentityId=identity_id, **about)


def read(identity_env, token):
    """The claims, verified with the keys that the issuer publishes."""
    answer = ask(Application(identity_env.world), "GET", "/.well-known/jwks_uri")
    keys = jwt.PyJWKSet.from_json(answer.body.decode())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key.key,
        algorithms=["RS512"],
        audience=identity_env.pool_id,
        issuer="https://cognito-identity.amazonaws.com",
    )


class TestGetOpenIdToken:
    def test_a_guests_token_says_so(self, identity_env):
        answer = token_of(identity_env)
        claims = read(identity_env, answer["Token"])
        assert claims["sub"] == answer["IdentityId"]
        assert claims["amr"] == ["unauthenticated"]
        assert claims["exp"] - claims["iat"] == 600
        assert claims[POOL_ARN] == (
            f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{identity_env.pool_id}"
        )
        assert set(claims) == {"sub", "aud", "amr", "iss", "exp", "iat", POOL_ARN}

    def test_a_members_token_names_the_provider_and_the_user(self, identity_env):
        claims = read(identity_env, token_of(identity_env, identity_env.logins())["Token"])
        sub = jwt.decode(identity_env.tokens().id, options={"verify_signature": False})["sub"]
        provider = identity_env.provider
        assert claims["amr"] == ["authenticated", provider, f"{provider}:CognitoSignIn:{sub}"]

    def test_its_header_is_as_aws_has_it(self, identity_env):
        header = jwt.get_unverified_header(token_of(identity_env)["Token"])
        assert header == {"kid": "us-east-11", "typ": "JWS", "alg": "RS512"}

    def test_every_region_has_a_key_of_its_own(self, cognito, identity_env):
        west = IdentityPoolEnv(cognito, "eu-west-1")
        token = token_of(west)["Token"]
        assert jwt.get_unverified_header(token)["kid"] == "eu-west-11"
        assert read(west, token)
        assert read(identity_env, token_of(identity_env)["Token"])

    def test_the_classic_flow_is_on_unless_it_is_switched_off(self, identity_env):
        identity_env.pool_id = identity_env.pool(AllowClassicFlow=True)
        assert token_of(identity_env)
        identity_env.pool_id = identity_env.pool(AllowClassicFlow=False)
        with refused(
            "InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow."
        ):
            token_of(identity_env)

    def test_a_new_login_is_linked(self, identity_env):
        guest = identity_env.id_of()
        logins = identity_env.logins()
        assert token_of(identity_env, logins, guest)["IdentityId"] == guest == identity_env.id_of(logins)

    def test_a_login_of_another_identity_takes_over(self, identity_env):
        logins = identity_env.logins()
        member, guest = identity_env.id_of(logins), identity_env.id_of()
        answer = token_of(identity_env, logins, guest)
        assert answer["IdentityId"] == member == read(identity_env, answer["Token"])["sub"]

    def test_one_good_login_lets_another_identity_in(self, identity_env, cognito):
        other = IdentityPoolEnv(cognito)
        other.add_user("bob")
        identity_env.pool_id = identity_env.pool(
            CognitoIdentityProviders=[
                {"ProviderName": of.provider, "ClientId": of.client_id} for of in (identity_env, other)
            ]
        )
        ada, bob = identity_env.id_of(identity_env.logins()), identity_env.id_of(other.logins("bob"))
        answer = token_of(identity_env, identity_env.logins() | other.logins("bob"), bob)
        assert answer["IdentityId"] == bob
        assert identity_env.id_of(identity_env.logins()) == bob
        listed = identity_env.identity.list_identities(
            IdentityPoolId=identity_env.pool_id, MaxResults=60, HideDisabled=True
        )
        assert [of["IdentityId"] for of in listed["Identities"]] == [bob]
        with refused("NotAuthorizedException", f"Access to Identity '{ada}' is forbidden."):
            token_of(identity_env, identity_env.logins(), ada)

    def test_a_member_without_login_is_forbidden(self, identity_env):
        identity_id = identity_env.id_of(identity_env.logins())
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            token_of(identity_env, identity_id=identity_id)


class TestDocuments:
    def test_the_configuration_leads_to_the_keys(self, identity_env):
        application = Application(identity_env.world)
        found = ask(application, "GET", "/.well-known/openid-configuration").json
        assert found["issuer"] == "https://cognito-identity.amazonaws.com"
        assert found["id_token_signing_alg_values_supported"] == ["RS512"]
        path = found["jwks_uri"].removeprefix("http://localhost:4577")
        keys = ask(application, "GET", path).json["keys"]
        assert keys == ask(application, "GET", "/.well-known/jwks.json").json["keys"]
        assert [(key["kty"], key["alg"], key["kid"]) for key in keys] == [("RSA", "RS512", "us-east-11")]

    def test_they_are_found_at_aws_own_name(self, identity_env):
        import requests

        url = f"https://{COGNITO}/.well-known/jwks_uri"
        token = token_of(identity_env)["Token"]
        key = jwt.PyJWKSet.from_json(json.dumps(requests.get(url, timeout=30).json())).keys[0]
        assert jwt.decode(token, key.key, algorithms=["RS512"], audience=identity_env.pool_id)
