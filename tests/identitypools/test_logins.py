"""Invalid tokens: AWS's error texts, and no identity is created."""

import base64
import hashlib
import hmac
import json

import pytest
from support.identity_env import IdentityPoolEnv
from support.pool_env import refused

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.crypto import jws

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
UNVERIFIED = "Invalid login token. Couldn't verify signed token."
NOT_ONE = "Invalid login token. Not a valid OpenId Connect identity token."
ISSUER = "Invalid login token. Issuer doesn't match providerName"


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.add_user()
    return identity_env


def turned_away(identity_env, message, token, key=None):
    before = identity_env.count()
    with refused("NotAuthorizedException", message):
        identity_env.id_of({key or identity_env.provider: token})
    guest = identity_env.id_of()
    with refused("NotAuthorizedException", message):
        identity_env.identity.get_credentials_for_identity(
            IdentityId=guest, Logins={key or identity_env.provider: token}
        )
    assert identity_env.count() == before + 1
    assert "Logins" not in identity_env.identity.describe_identity(IdentityId=guest)


def changed(token, **claims):
    head, payload, signature = token.split(".")
    said = json.loads(jws.unb64url(payload)) | claims
    return f"{head}.{jws.b64url(json.dumps(said).encode()).decode()}.{signature}"


def claims_of(token):
    return jws.peek(token).claims


class TestUserPoolTokens:
    def test_a_client_that_is_not_configured(self, identity_env):
        other = identity_env.client("other")
        turned_away(identity_env, UNSUPPORTED, identity_env.tokens(client_id=other).id)

    def test_a_user_pool_that_is_not_configured(self, cognito, identity_env):
        stranger = IdentityPoolEnv(cognito)
        stranger.add_user()
        turned_away(identity_env, UNSUPPORTED, stranger.tokens().id, stranger.provider)

    def test_a_provider_that_is_not_configured(self, identity_env):
        turned_away(identity_env, UNSUPPORTED, identity_env.tokens().id, "accounts.google.com")

    def test_a_pool_without_providers(self, identity_env):
        identity_env.pool_id = identity_env.pool(CognitoIdentityProviders=[])
        turned_away(identity_env, MISMATCH, identity_env.tokens().id)

    def test_a_token_of_another_user_pool(self, cognito, identity_env):
        stranger = IdentityPoolEnv(cognito)
        stranger.add_user()
        turned_away(identity_env, ISSUER, stranger.tokens().id)

    def test_a_key_that_names_another_issuer(self, identity_env):
        turned_away(
            identity_env, ISSUER, identity_env.tokens().id, f"evil.example/{identity_env.user_pool_id}"
        )
        turned_away(
            identity_env,
            ISSUER,
            identity_env.tokens().id,
            f"cognito-idp.eu-west-1.amazonaws.com/{identity_env.user_pool_id}",
        )

    def test_an_access_token(self, identity_env):
        turned_away(
            identity_env, "Invalid login token. Missing a required claim: aud", identity_env.tokens().access
        )

    def test_an_access_token_with_an_audience(self, identity_env):
        claims = claims_of(identity_env.tokens().access) | {"aud": identity_env.client_id}
        turned_away(identity_env, NOT_ONE, identity_env.signed(claims, key=1))

    @pytest.mark.parametrize(
        "token", ["x", "a.b.c", "....", "e30.e30.", "W10.W10.x", "\x00", "a" * 50000], ids=range(7)
    )
    def test_what_is_no_token(self, identity_env, token):
        with refused("NotAuthorizedException"):
            identity_env.id_of({identity_env.provider: token})
        if token != "e30.e30.":
            turned_away(identity_env, NOT_ONE, token)

    def test_an_expired_one_after_five_minutes_of_leeway(self, identity_env):
        token = identity_env.tokens().id
        identity_env.cognito.clock.advance(seconds=3600 + 290)
        assert identity_env.id_of({identity_env.provider: token})
        identity_env.cognito.clock.advance(seconds=20)
        expires = claims_of(token)["exp"]
        with refused("NotAuthorizedException") as caught:
            identity_env.id_of({identity_env.provider: token})
        told = caught.value.response["Error"]["Message"]
        latest = int(identity_env.world.clock.now()) - 300
        assert told in {
            f"Invalid login token. Token expired: {at} >= {expires}" for at in (latest, latest - 1)
        }

    def test_one_that_was_changed(self, identity_env):
        token = identity_env.tokens().id
        turned_away(identity_env, UNVERIFIED, changed(token, sub="somebody-else"))
        turned_away(identity_env, UNVERIFIED, token[:-6] + "AAAAAA")
        turned_away(identity_env, UNVERIFIED, token.rpartition(".")[0] + ".")

    def test_one_of_a_key_that_the_pool_has_not(self, identity_env):
        key = jws.SigningKey.generate()
        claims = claims_of(identity_env.tokens().id)
        turned_away(identity_env, UNVERIFIED, key.sign(claims))
        head = jws.peek(identity_env.tokens().id).header
        turned_away(identity_env, UNVERIFIED, key.sign(claims, kid=head["kid"]))

    def test_alg_none(self, identity_env):
        token = identity_env.tokens().id
        head = jws.peek(token).header
        for algorithm in ("none", "None", "NONE", ""):
            first = jws.b64url(json.dumps(head | {"alg": algorithm}).encode()).decode()
            payload = token.split(".")[1]
            turned_away(identity_env, UNVERIFIED, f"{first}.{payload}.")
            turned_away(identity_env, UNVERIFIED, f"{first}.{payload}.{token.split('.')[2]}")

    def test_hmac_with_the_public_key(self, identity_env):
        from cryptography.hazmat.primitives import serialization

        token = identity_env.tokens().id
        region, pool = identity_env.world.find_pool(identity_env.user_pool_id)
        with Call(identity_env.world, region, "r") as call:
            key = pool_tokens.signing_keys(call, pool)[0]
        pem = key.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head = jws.b64url(json.dumps({"kid": key.kid, "alg": "HS256"}).encode()).decode()
        signed = f"{head}.{token.split('.')[1]}"
        mac = hmac.digest(pem, signed.encode(), hashlib.sha256)
        turned_away(identity_env, UNVERIFIED, f"{signed}.{jws.b64url(mac).decode()}")

    def test_another_algorithm_with_the_right_key(self, identity_env):
        turned_away(
            identity_env,
            UNVERIFIED,
            identity_env.signed(claims_of(identity_env.tokens().id), algorithm="RS512"),
        )

    @pytest.mark.parametrize("header", [{"kid": None}, {"kid": ["x"]}, {"kid": {}}, {}])
    def test_odd_key_ids(self, identity_env, header):
        first = base64.urlsafe_b64encode(json.dumps({"alg": "RS256"} | header).encode()).decode().rstrip("=")
        _, payload, signature = identity_env.tokens().id.split(".")
        turned_away(identity_env, UNVERIFIED, f"{first}.{payload}.{signature}")

    @pytest.mark.parametrize("issuer", [None, 5, ["x"], {}])
    def test_odd_issuers(self, identity_env, issuer):
        turned_away(identity_env, ISSUER, changed(identity_env.tokens().id, iss=issuer))

    @pytest.mark.parametrize("audience", [["a"], {}, 7, None])
    def test_odd_audiences_signed_by_the_pool(self, identity_env, audience):
        claims = claims_of(identity_env.tokens().id) | {"aud": audience}
        with refused("NotAuthorizedException"):
            identity_env.id_of({identity_env.provider: identity_env.signed(claims)})

    @pytest.mark.parametrize("claim", ["aud", "sub"])
    def test_one_without_a_claim_that_it_needs(self, identity_env, claim):
        claims = claims_of(identity_env.tokens().id)
        del claims[claim]
        message = f"Invalid login token. Missing a required claim: {claim}"
        turned_away(identity_env, message, identity_env.signed(claims))

    @pytest.mark.parametrize("expiry", [None, "soon", [1]])
    def test_odd_expiries_signed_by_the_pool(self, identity_env, expiry):
        claims = claims_of(identity_env.tokens().id) | {"exp": expiry}
        with refused("NotAuthorizedException"):
            identity_env.id_of({identity_env.provider: identity_env.signed(claims)})

    def test_a_user_pool_that_is_gone(self, identity_env):
        logins = identity_env.logins()
        identity_env.idp.delete_user_pool(UserPoolId=identity_env.user_pool_id)
        with refused("NotAuthorizedException", UNVERIFIED):
            identity_env.id_of(logins)


class TestOtherKeys:
    def test_a_bad_token_of_ours(self, identity_env):
        for token in ("x", identity_env.tokens().id):
            turned_away(
                identity_env,
                "Invalid login token. Not a Cognito token.",
                token,
                "cognito-identity.amazonaws.com",
            )

    def test_the_developer_providers_own_name(self, identity_env):
        identity_env.pool_id = identity_env.pool(DeveloperProviderName="login.example")
        with refused("InvalidParameterException", "Please provide a valid public provider."):
            identity_env.id_of({"login.example": "ada"})

    def test_one_bad_token_among_good_ones(self, identity_env):
        before = identity_env.count()
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of(identity_env.logins() | {"accounts.google.com": "x"})
        assert identity_env.count() == before

    def test_eleven_logins(self, identity_env):
        with refused("ValidationException") as caught:
            identity_env.id_of({f"a{n}": "x" for n in range(11)})
        assert "length less than or equal to 10" in str(caught.value)


class TestServerSideTokenCheck:
    @pytest.fixture
    def checked(self, identity_env):
        identity_env.pool_id = identity_env.pool(
            CognitoIdentityProviders=[
                {
                    "ProviderName": identity_env.provider,
                    "ClientId": identity_env.client_id,
                    "ServerSideTokenCheck": True,
                }
            ]
        )
        return identity_env

    def about(self, identity_env):
        return {"UserPoolId": identity_env.user_pool_id, "Username": "ada"}

    def test_a_user_who_is_there_and_signed_in_is_taken(self, checked):
        assert checked.id_of(checked.logins())

    def test_a_deleted_user_is_refused(self, checked):
        logins = checked.logins()
        checked.idp.admin_delete_user(**self.about(checked))
        with refused("NotAuthorizedException"):
            checked.id_of(logins)

    def test_a_user_who_signed_out_everywhere_is_refused(self, checked):
        logins = checked.logins()
        checked.idp.admin_user_global_sign_out(**self.about(checked))
        with refused("NotAuthorizedException"):
            checked.id_of(logins)
        checked.cognito.clock.advance(seconds=2)
        assert checked.id_of(checked.logins())

    def test_a_disabled_user_is_refused(self, checked):
        logins = checked.logins()
        checked.idp.admin_disable_user(**self.about(checked))
        with refused("NotAuthorizedException"):
            checked.id_of(logins)

    def test_without_the_check_tokens_stay_good(self, identity_env):
        logins = identity_env.logins()
        identity_id = identity_env.id_of(logins)
        identity_env.idp.admin_disable_user(**self.about(identity_env))
        assert identity_env.id_of(logins) == identity_id
        identity_env.idp.admin_user_global_sign_out(**self.about(identity_env))
        assert identity_env.id_of(logins) == identity_id
        identity_env.idp.admin_delete_user(**self.about(identity_env))
        assert identity_env.id_of(logins) == identity_id
