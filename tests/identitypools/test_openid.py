import json

import jwt
import pytest
from people import refused
from society import ACCOUNT, COGNITO, Society
from visiting import ask

from cogmock.web.app import Application

POOL_ARN = "https://cognito-identity.amazonaws.com/identity-pool-arn"


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.resident()
    return society


def token_of(society, logins=None, identity_id=None):
    about = {"Logins": logins} if logins else {}
    identity_id = identity_id or society.id_of(logins)
    return society.identity.get_open_id_token(IdentityId=identity_id, **about)


def read(society, token):
    """The claims, verified as others do: by the keys that the issuer publishes."""
    answer = ask(Application(society.world), "GET", "/.well-known/jwks_uri")
    keys = jwt.PyJWKSet.from_json(answer.body.decode())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token,
        key,
        algorithms=["RS512"],
        audience=society.pool_id,
        issuer="https://cognito-identity.amazonaws.com",
    )


class TestGetOpenIdToken:
    def test_a_guests_token_says_so(self, society):
        answer = token_of(society)
        claims = read(society, answer["Token"])
        assert claims["sub"] == answer["IdentityId"]
        assert claims["amr"] == ["unauthenticated"]
        assert claims["exp"] - claims["iat"] == 600
        assert claims[POOL_ARN] == (
            f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{society.pool_id}"
        )
        assert set(claims) == {"sub", "aud", "amr", "iss", "exp", "iat", POOL_ARN}

    def test_a_members_token_names_the_provider_and_the_user(self, society):
        claims = read(society, token_of(society, society.logins())["Token"])
        sub = jwt.decode(society.tokens().id, options={"verify_signature": False})["sub"]
        provider = society.provider
        assert claims["amr"] == ["authenticated", provider, f"{provider}:CognitoSignIn:{sub}"]

    def test_its_header_is_as_aws_has_it(self, society):
        header = jwt.get_unverified_header(token_of(society)["Token"])
        assert header == {"kid": "us-east-11", "typ": "JWS", "alg": "RS512"}

    def test_every_region_has_a_key_of_its_own(self, cognito, society):
        west = Society(cognito, "eu-west-1")
        token = token_of(west)["Token"]
        assert jwt.get_unverified_header(token)["kid"] == "eu-west-11"
        assert read(west, token)
        assert read(society, token_of(society)["Token"])

    def test_the_classic_flow_is_on_unless_it_is_switched_off(self, society):
        society.pool_id = society.pool(AllowClassicFlow=True)
        assert token_of(society)
        society.pool_id = society.pool(AllowClassicFlow=False)
        with refused(
            "InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow."
        ):
            token_of(society)

    def test_a_new_login_is_linked(self, society):
        guest = society.id_of()
        logins = society.logins()
        assert token_of(society, logins, guest)["IdentityId"] == guest == society.id_of(logins)

    def test_a_login_of_another_identity_takes_over(self, society):
        logins = society.logins()
        member, guest = society.id_of(logins), society.id_of()
        answer = token_of(society, logins, guest)
        assert answer["IdentityId"] == member == read(society, answer["Token"])["sub"]

    def test_one_good_login_lets_another_identity_in(self, society, cognito):
        other = Society(cognito)
        other.resident("bob")
        society.pool_id = society.pool(
            CognitoIdentityProviders=[
                {"ProviderName": of.provider, "ClientId": of.client_id} for of in (society, other)
            ]
        )
        ada, bob = society.id_of(society.logins()), society.id_of(other.logins("bob"))
        answer = token_of(society, society.logins() | other.logins("bob"), bob)
        assert answer["IdentityId"] == bob
        assert society.id_of(society.logins()) == bob
        listed = society.identity.list_identities(
            IdentityPoolId=society.pool_id, MaxResults=60, HideDisabled=True
        )
        assert [of["IdentityId"] for of in listed["Identities"]] == [bob]
        with refused("NotAuthorizedException", f"Access to Identity '{ada}' is forbidden."):
            token_of(society, society.logins(), ada)

    def test_a_member_without_login_is_forbidden(self, society):
        identity_id = society.id_of(society.logins())
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            token_of(society, identity_id=identity_id)


class TestDocuments:
    def test_the_configuration_leads_to_the_keys(self, society):
        application = Application(society.world)
        found = ask(application, "GET", "/.well-known/openid-configuration").json
        assert found["issuer"] == "https://cognito-identity.amazonaws.com"
        assert found["id_token_signing_alg_values_supported"] == ["RS512"]
        path = found["jwks_uri"].removeprefix("http://localhost:4577")
        keys = ask(application, "GET", path).json["keys"]
        assert keys == ask(application, "GET", "/.well-known/jwks.json").json["keys"]
        assert [(key["kty"], key["alg"], key["kid"]) for key in keys] == [("RSA", "RS512", "us-east-11")]

    def test_they_are_found_at_aws_own_name(self, society):
        import requests

        url = f"https://{COGNITO}/.well-known/jwks_uri"
        token = token_of(society)["Token"]
        key = jwt.PyJWKSet.from_json(json.dumps(requests.get(url, timeout=5).json())).keys[0]
        assert jwt.decode(token, key, algorithms=["RS512"], audience=society.pool_id)
