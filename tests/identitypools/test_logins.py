"""Tokens that must be refused, each in AWS's words, and nothing created by it."""

import base64
import hashlib
import hmac
import json

import pytest
from people import refused
from society import Society

from cogmock.core import tokens
from cogmock.core.call import Call
from cogmock.crypto import jws

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
UNVERIFIED = "Invalid login token. Couldn't verify signed token."
NOT_ONE = "Invalid login token. Not a valid OpenId Connect identity token."
ISSUER = "Invalid login token. Issuer doesn't match providerName"


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.resident()
    return society


def turned_away(society, message, token, key=None):
    before = society.count()
    with refused("NotAuthorizedException", message):
        society.id_of({key or society.provider: token})
    guest = society.id_of()
    with refused("NotAuthorizedException", message):
        society.identity.get_credentials_for_identity(
            IdentityId=guest, Logins={key or society.provider: token}
        )
    assert society.count() == before + 1
    assert "Logins" not in society.identity.describe_identity(IdentityId=guest)


def changed(token, **claims):
    head, payload, signature = token.split(".")
    said = json.loads(jws.unb64url(payload)) | claims
    return f"{head}.{jws.b64url(json.dumps(said).encode()).decode()}.{signature}"


def claims_of(token):
    return jws.peek(token).claims


class TestUserPoolTokens:
    def test_a_client_that_is_not_configured(self, society):
        other = society.client("other")
        turned_away(society, UNSUPPORTED, society.tokens(client_id=other).id)

    def test_a_user_pool_that_is_not_configured(self, cognito, society):
        stranger = Society(cognito)
        stranger.resident()
        turned_away(society, UNSUPPORTED, stranger.tokens().id, stranger.provider)

    def test_a_provider_that_is_not_configured(self, society):
        turned_away(society, UNSUPPORTED, society.tokens().id, "accounts.google.com")

    def test_a_pool_without_providers(self, society):
        society.pool_id = society.pool(CognitoIdentityProviders=[])
        turned_away(society, MISMATCH, society.tokens().id)

    def test_a_token_of_another_user_pool(self, cognito, society):
        stranger = Society(cognito)
        stranger.resident()
        turned_away(society, ISSUER, stranger.tokens().id)

    def test_a_key_that_names_another_issuer(self, society):
        turned_away(society, ISSUER, society.tokens().id, f"evil.example/{society.user_pool_id}")
        turned_away(
            society,
            ISSUER,
            society.tokens().id,
            f"cognito-idp.eu-west-1.amazonaws.com/{society.user_pool_id}",
        )

    def test_an_access_token(self, society):
        turned_away(society, "Invalid login token. Missing a required claim: aud", society.tokens().access)

    def test_an_access_token_with_an_audience(self, society):
        claims = claims_of(society.tokens().access) | {"aud": society.client_id}
        turned_away(society, NOT_ONE, society.signed(claims, key=1))

    @pytest.mark.parametrize(
        "token", ["x", "a.b.c", "....", "e30.e30.", "W10.W10.x", "\x00", "a" * 50000], ids=range(7)
    )
    def test_what_is_no_token(self, society, token):
        with refused("NotAuthorizedException"):
            society.id_of({society.provider: token})
        if token != "e30.e30.":
            turned_away(society, NOT_ONE, token)

    def test_an_expired_one_after_five_minutes_of_leeway(self, society):
        token = society.tokens().id
        society.cognito.clock.advance(seconds=3600 + 290)
        assert society.id_of({society.provider: token})
        society.cognito.clock.advance(seconds=20)
        expires = claims_of(token)["exp"]
        with refused("NotAuthorizedException") as caught:
            society.id_of({society.provider: token})
        told = caught.value.response["Error"]["Message"]
        latest = int(society.world.clock.now()) - 300
        assert told in {
            f"Invalid login token. Token expired: {at} >= {expires}" for at in (latest, latest - 1)
        }

    def test_one_that_was_changed(self, society):
        token = society.tokens().id
        turned_away(society, UNVERIFIED, changed(token, sub="somebody-else"))
        turned_away(society, UNVERIFIED, token[:-6] + "AAAAAA")
        turned_away(society, UNVERIFIED, token.rpartition(".")[0] + ".")

    def test_one_of_a_key_that_the_pool_has_not(self, society):
        key = jws.SigningKey.generate()
        claims = claims_of(society.tokens().id)
        turned_away(society, UNVERIFIED, key.sign(claims))
        head = jws.peek(society.tokens().id).header
        turned_away(society, UNVERIFIED, key.sign(claims, kid=head["kid"]))

    def test_alg_none(self, society):
        token = society.tokens().id
        head = jws.peek(token).header
        for algorithm in ("none", "None", "NONE", ""):
            first = jws.b64url(json.dumps(head | {"alg": algorithm}).encode()).decode()
            payload = token.split(".")[1]
            turned_away(society, UNVERIFIED, f"{first}.{payload}.")
            turned_away(society, UNVERIFIED, f"{first}.{payload}.{token.split('.')[2]}")

    def test_hmac_with_the_public_key(self, society):
        from cryptography.hazmat.primitives import serialization

        token = society.tokens().id
        region, pool = society.world.find_pool(society.user_pool_id)
        with Call(society.world, region, "r") as call:
            key = tokens.signing_keys(call, pool)[0]
        pem = key.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head = jws.b64url(json.dumps({"kid": key.kid, "alg": "HS256"}).encode()).decode()
        signed = f"{head}.{token.split('.')[1]}"
        mac = hmac.digest(pem, signed.encode(), hashlib.sha256)
        turned_away(society, UNVERIFIED, f"{signed}.{jws.b64url(mac).decode()}")

    def test_another_algorithm_with_the_right_key(self, society):
        turned_away(society, UNVERIFIED, society.signed(claims_of(society.tokens().id), algorithm="RS512"))

    @pytest.mark.parametrize("header", [{"kid": None}, {"kid": ["x"]}, {"kid": {}}, {}])
    def test_odd_key_ids(self, society, header):
        first = base64.urlsafe_b64encode(json.dumps({"alg": "RS256"} | header).encode()).decode().rstrip("=")
        _, payload, signature = society.tokens().id.split(".")
        turned_away(society, UNVERIFIED, f"{first}.{payload}.{signature}")

    @pytest.mark.parametrize("issuer", [None, 5, ["x"], {}])
    def test_odd_issuers(self, society, issuer):
        turned_away(society, ISSUER, changed(society.tokens().id, iss=issuer))

    @pytest.mark.parametrize("audience", [["a"], {}, 7, None])
    def test_odd_audiences_signed_by_the_pool(self, society, audience):
        claims = claims_of(society.tokens().id) | {"aud": audience}
        with refused("NotAuthorizedException"):
            society.id_of({society.provider: society.signed(claims)})

    @pytest.mark.parametrize("expiry", [None, "soon", [1]])
    def test_odd_expiries_signed_by_the_pool(self, society, expiry):
        claims = claims_of(society.tokens().id) | {"exp": expiry}
        with refused("NotAuthorizedException"):
            society.id_of({society.provider: society.signed(claims)})

    def test_a_user_pool_that_is_gone(self, society):
        logins = society.logins()
        society.idp.delete_user_pool(UserPoolId=society.user_pool_id)
        with refused("NotAuthorizedException", UNVERIFIED):
            society.id_of(logins)


class TestOtherKeys:
    def test_a_bad_token_of_ours(self, society):
        for token in ("x", society.tokens().id):
            turned_away(
                society, "Invalid login token. Not a Cognito token.", token, "cognito-identity.amazonaws.com"
            )

    def test_the_developer_providers_own_name(self, society):
        society.pool_id = society.pool(DeveloperProviderName="login.example")
        with refused("InvalidParameterException", "Please provide a valid public provider."):
            society.id_of({"login.example": "ada"})

    def test_one_bad_token_among_good_ones(self, society):
        before = society.count()
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of(society.logins() | {"accounts.google.com": "x"})
        assert society.count() == before

    def test_eleven_logins(self, society):
        with refused("ValidationException") as caught:
            society.id_of({f"a{n}": "x" for n in range(11)})
        assert "length less than or equal to 10" in str(caught.value)


class TestServerSideTokenCheck:
    @pytest.fixture
    def checked(self, society):
        society.pool_id = society.pool(
            CognitoIdentityProviders=[
                {
                    "ProviderName": society.provider,
                    "ClientId": society.client_id,
                    "ServerSideTokenCheck": True,
                }
            ]
        )
        return society

    def about(self, society):
        return {"UserPoolId": society.user_pool_id, "Username": "ada"}

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

    def test_without_the_check_tokens_stay_good(self, society):
        logins = society.logins()
        identity_id = society.id_of(logins)
        society.idp.admin_disable_user(**self.about(society))
        assert society.id_of(logins) == identity_id
        society.idp.admin_user_global_sign_out(**self.about(society))
        assert society.id_of(logins) == identity_id
        society.idp.admin_delete_user(**self.about(society))
        assert society.id_of(logins) == identity_id
