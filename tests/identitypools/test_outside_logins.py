"""Logins by OIDC providers of IAM and by social providers, against issuers on loopback."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from issuers import EC, RSA, issuer
from people import refused
from society import ACCOUNT, Society

UNSUPPORTED = "Token is not from a supported provider of this identity pool."
UNVERIFIED = "Invalid login token. Couldn't verify signed token."
ISSUER = "Invalid login token. Issuer doesn't match providerName"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def running():
    with issuer() as served:
        yield served


@pytest.fixture
def served(running):
    before = dict(running.answers), list(running.keys)
    running.asked.clear()
    yield running
    running.answers, running.keys = before


class TestOidcProviders:
    @pytest.fixture
    def society(self, cognito, served):
        society = Society(cognito)
        arn = society.iam.create_open_id_connect_provider(Url=served.url, ClientIDList=["app", "other"])[
            "OpenIDConnectProviderArn"
        ]
        society.pool_id = society.pool(OpenIdConnectProviderARNs=[arn])
        society.served, society.arn = served, arn
        return society

    def logins(self, society, **claims):
        return {society.served.name: society.served.token(society.world.clock.now(), **claims)}

    def test_a_good_token_has_one_identity(self, society):
        identity_id = society.id_of(self.logins(society))
        assert society.id_of(self.logins(society, aud="other")) == identity_id
        assert society.id_of(self.logins(society, sub="bob")) != identity_id
        described = society.identity.describe_identity(IdentityId=identity_id)
        assert described["Logins"] == [society.served.name]

    def test_keys_of_elliptic_curves_are_taken(self, society):
        assert society.id_of(self.logins(society, key=EC, kid="two", algorithm="ES256"))

    def test_a_key_that_does_not_say_its_algorithm_takes_any_of_its_kind(self, society):
        society.served.keys = [society.served.jwk(RSA, "one")]
        for algorithm in ("RS256", "RS512"):
            assert society.id_of(self.logins(society, algorithm=algorithm))
        with refused("NotAuthorizedException", UNVERIFIED):
            society.id_of(self.logins(society, algorithm="PS256"))

    def test_credentials_and_rules(self, society):
        society.roles()
        gold = society.role("gold")
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id,
            Roles={"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"},
            RoleMappings={
                society.arn: {
                    "Type": "Rules",
                    "AmbiguousRoleResolution": "AuthenticatedRole",
                    "RulesConfiguration": {
                        "Rules": [{"Claim": "plan", "MatchType": "Equals", "Value": "gold", "RoleARN": gold}]
                    },
                }
            },
        )
        for plan, role in (("gold", "/gold/"), ("tin", "/member/")):
            credentials = society.credentials(logins=self.logins(society, plan=plan))
            assert role in society.caller(credentials)["Arn"]

    @pytest.mark.parametrize("audience", ["stranger", ["stranger"]])
    def test_a_client_that_is_not_listed(self, society, audience):
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of(self.logins(society, aud=audience))
        assert society.id_of(self.logins(society, aud=["stranger", "app"]))

    def test_what_is_wrong_is_told(self, society):
        cases = [
            (self.logins(society, iss="http://evil.example"), ISSUER),
            (self.logins(society, aud=None), "Invalid login token. Missing a required claim: aud"),
            (self.logins(society, sub=None), "Invalid login token. Missing a required claim: sub"),
            (self.logins(society, exp=None), "Invalid login token. Missing a required claim: exp"),
            (self.logins(society, key=STRANGER), UNVERIFIED),
            (self.logins(society, kid="nobody"), UNVERIFIED),
            ({society.served.name: "x"}, "Invalid login token. Not a valid OpenId Connect identity token."),
        ]
        before = society.count()
        for logins, message in cases:
            with refused("NotAuthorizedException", message):
                society.id_of(logins)
        assert society.count() == before

    def test_an_expired_token(self, society):
        logins = self.logins(society)
        society.cognito.clock.advance(seconds=3600 + 290)
        assert society.id_of(logins)
        society.cognito.clock.advance(seconds=20)
        with refused("NotAuthorizedException") as caught:
            society.id_of(logins)
        assert "Invalid login token. Token expired: " in str(caught.value)

    def test_shared_secrets_and_none_are_no_signatures(self, society):
        now = society.world.clock.now()
        secret = "x" * 64
        society.served.keys = [
            {"kty": "oct", "kid": "one", "k": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4", "alg": "HS256"},
            *society.served.keys,
        ]
        for key, algorithm in ((secret, "HS256"), ("x" * 24 * 2, "HS256"), (None, "none")):
            token = society.served.token(now, key=key, algorithm=algorithm)
            with refused("NotAuthorizedException", UNVERIFIED):
                society.id_of({society.served.name: token})

    @pytest.mark.parametrize(
        ("path", "content"),
        [
            ("/keys", b"<html>"),
            ("/keys", []),
            ("/keys", b"[" * 100_000),
            ("/keys", b" " * 2_000_000),
            ("/.well-known/openid-configuration", {"issuer": "http://evil.example", "jwks_uri": "x"}),
            ("/.well-known/openid-configuration", {}),
        ],
        ids=["html", "a list", "deep", "large", "another issuer", "empty"],
    )
    def test_an_issuer_that_makes_no_sense_is_not_reachable(self, society, path, content):
        society.served.answers[path] = lambda _: content
        with refused("ExternalServiceException"):
            society.id_of(self.logins(society))

    @pytest.mark.parametrize(
        "keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": 5}, {"keys": [7]}]
    )
    def test_keys_that_make_no_sense_sign_nothing(self, society, keys):
        society.served.answers["/keys"] = lambda _: keys
        with refused("NotAuthorizedException", UNVERIFIED):
            society.id_of(self.logins(society))

    def test_an_issuer_that_is_down_is_an_external_fault(self, cognito):
        society = Society(cognito)
        with issuer() as gone:
            token = gone.token(society.world.clock.now())
        arn = society.iam.create_open_id_connect_provider(Url=gone.url, ClientIDList=["app"])[
            "OpenIDConnectProviderArn"
        ]
        society.pool_id = society.pool(OpenIdConnectProviderARNs=[arn])
        with refused("ExternalServiceException"):
            society.id_of({gone.name: token})

    def test_a_provider_that_iam_does_not_know(self, society):
        society.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=society.arn)
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of(self.logins(society))

    def test_the_issuer_may_call_back_while_it_is_asked(self, society):
        """The world's lock is not held meanwhile."""

        def answer(_):
            assert society.world.lock.acquire(timeout=2)
            society.world.lock.release()
            return {"keys": society.served.keys}

        society.served.answers["/keys"] = answer
        assert society.id_of(self.logins(society))

    def test_a_pool_that_is_deleted_meanwhile_is_not_found(self, society):
        logins = self.logins(society)

        def answer(_):
            region = society.world.region("us-east-1")
            region.identity_pools.remove(region.identity_pools[society.pool_id])
            return {"keys": society.served.keys}

        society.served.answers["/keys"] = answer
        with refused("ResourceNotFoundException"):
            society.id_of(logins)


class TestSocialProviders:
    @pytest.fixture
    def society(self, cognito, served):
        cognito.settings.social = tuple(
            f"{name}={served.url}"
            for name in ("accounts.google.com", "appleid.apple.com", "graph.facebook.com", "www.amazon.com")
        )
        society = Society(cognito)
        society.pool_id = society.pool(
            SupportedLoginProviders={
                "accounts.google.com": "web;ios",
                "appleid.apple.com": "com.example",
                "graph.facebook.com": "7",
                "www.amazon.com": "amzn1.app",
                "api.twitter.com": "x;y",
            }
        )
        users = {"good": "ada-at-facebook"}
        served.answers["/app"] = lambda query: {"id": "7"} if query["access_token"] == ["good"] else None
        served.answers["/me"] = lambda query: {"id": users[query["access_token"][0]], "name": "Ada"}
        served.answers["/auth/o2/tokeninfo"] = lambda query: (
            {"aud": "amzn1.app", "user_id": "amzn1.account.ada"}
            if query["access_token"] == ["good"]
            else None
        )
        society.served = served
        return society

    @pytest.mark.parametrize(
        ("name", "apps"),
        [("accounts.google.com", ["web", "ios"]), ("appleid.apple.com", ["com.example"])],
    )
    @pytest.mark.parametrize("own", [True, False])
    def test_id_tokens_of_each_app(self, society, name, apps, own):
        issuer = society.served.url if own else f"https://{name}"
        now = society.world.clock.now()
        ids = {
            society.id_of({name: society.served.token(now, iss=issuer, aud=app, sub="ada")}) for app in apps
        }
        assert len(ids) == 1
        assert society.identity.describe_identity(IdentityId=ids.pop())["Logins"] == [name]

    def test_another_app_is_not_supported(self, society):
        token = society.served.token(society.world.clock.now(), aud="android")
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of({"accounts.google.com": token})

    def test_another_issuer_and_another_key(self, society):
        now = society.world.clock.now()
        with refused("NotAuthorizedException", ISSUER):
            society.id_of({"accounts.google.com": society.served.token(now, iss="https://x", aud="web")})
        with refused("NotAuthorizedException", UNVERIFIED):
            society.id_of({"accounts.google.com": society.served.token(now, key=STRANGER, aud="web")})

    @pytest.mark.parametrize("name", ["graph.facebook.com", "www.amazon.com"])
    def test_access_tokens_are_shown_to_the_provider(self, society, name):
        identity_id = society.id_of({name: "good"})
        assert society.id_of({name: "good"}) == identity_id
        with refused("NotAuthorizedException", UNVERIFIED):
            society.id_of({name: "bad&access_token=good"})

    def test_an_access_token_of_another_app(self, society):
        society.served.answers["/app"] = lambda _: {"id": "8"}
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of({"graph.facebook.com": "good"})

    @pytest.mark.parametrize("name", ["accounts.google.com", "graph.facebook.com", "www.amazon.com"])
    def test_a_provider_that_is_down(self, society, cognito, name):
        cognito.settings.social = (f"{name}=http://127.0.0.1:9",)
        token = jwt.encode(
            {"iss": "https://accounts.google.com", "aud": "web"},
            RSA,
            algorithm="RS256",
            headers={"kid": "one"},
        )
        with refused("ExternalServiceException"):
            society.id_of({name: token})

    def test_a_provider_that_hands_out_no_tokens_any_more(self, society):
        with refused("NotAuthorizedException", UNSUPPORTED):
            society.id_of({"api.twitter.com": "x;y"})

    def test_they_make_one_identity_together(self, society):
        both = {"graph.facebook.com": "good", "www.amazon.com": "good"}
        identity_id = society.id_of(both)
        for name in both:
            assert society.id_of({name: "good"}) == identity_id
