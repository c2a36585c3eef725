"""Logins of OIDC providers in IAM and of social providers, with issuers on loopback."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.identity_env import ACCOUNT, IdentityPoolEnv
from support.outside_providers import EC, RSA, issuer
from support.pool_env import refused

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
    def identity_env(self, cognito, served):
        identity_env = IdentityPoolEnv(cognito)
        arn = identity_env.iam.create_open_id_connect_provider(Url=served.url, ClientIDList=["app", "other"])[
            "OpenIDConnectProviderArn"
        ]
        identity_env.pool_id = identity_env.pool(OpenIdConnectProviderARNs=[arn])
        identity_env.served, identity_env.arn = served, arn
        return identity_env

    def logins(self, identity_env, **claims):
        return {identity_env.served.name: identity_env.served.token(identity_env.world.clock.now(), **claims)}

    def test_a_good_token_has_one_identity(self, identity_env):
        identity_id = identity_env.id_of(self.logins(identity_env))
        assert identity_env.id_of(self.logins(identity_env, aud="other")) == identity_id
        assert identity_env.id_of(self.logins(identity_env, sub="bob")) != identity_id
        described = identity_env.identity.describe_identity(IdentityId=identity_id)
        assert described["Logins"] == [identity_env.served.name]

    def test_keys_of_elliptic_curves_are_taken(self, identity_env):
        assert identity_env.id_of(self.logins(identity_env, key=EC, kid="two", algorithm="ES256"))

    def test_a_key_that_does_not_say_its_algorithm_takes_any_of_its_kind(self, identity_env):
        identity_env.served.keys = [identity_env.served.jwk(RSA, "one")]
        for algorithm in ("RS256", "RS512"):
            assert identity_env.id_of(self.logins(identity_env, algorithm=algorithm))
        with refused("NotAuthorizedException", UNVERIFIED):
            identity_env.id_of(self.logins(identity_env, algorithm="PS256"))

    def test_credentials_and_rules(self, identity_env):
        identity_env.roles()
        gold = identity_env.role("gold")
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id,
            Roles={"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"},
            RoleMappings={
                identity_env.arn: {
                    "Type": "Rules",
                    "AmbiguousRoleResolution": "AuthenticatedRole",
                    "RulesConfiguration": {
                        "Rules": [{"Claim": "plan", "MatchType": "Equals", "Value": "gold", "RoleARN": gold}]
                    },
                }
            },
        )
        for plan, role in (("gold", "/gold/"), ("tin", "/member/")):
            credentials = identity_env.credentials(logins=self.logins(identity_env, plan=plan))
            assert role in identity_env.caller(credentials)["Arn"]

    @pytest.mark.parametrize("audience", ["stranger", ["stranger"]])
    def test_a_client_that_is_not_listed(self, identity_env, audience):
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of(self.logins(identity_env, aud=audience))
        assert identity_env.id_of(self.logins(identity_env, aud=["stranger", "app"]))

    def test_what_is_wrong_is_told(self, identity_env):
        cases = [
            (self.logins(identity_env, iss="http://evil.example"), ISSUER),
            (self.logins(identity_env, aud=None), "Invalid login token. Missing a required claim: aud"),
            (self.logins(identity_env, sub=None), "Invalid login token. Missing a required claim: sub"),
            (self.logins(identity_env, exp=None), "Invalid login token. Missing a required claim: exp"),
            (self.logins(identity_env, key=STRANGER), UNVERIFIED),
            (self.logins(identity_env, kid="nobody"), UNVERIFIED),
            (
                {identity_env.served.name: "x"},
                "Invalid login token. Not a valid OpenId Connect identity token.",
            ),
        ]
        before = identity_env.count()
        for logins, message in cases:
            with refused("NotAuthorizedException", message):
                identity_env.id_of(logins)
        assert identity_env.count() == before

    def test_an_expired_token(self, identity_env):
        logins = self.logins(identity_env)
        identity_env.cognito.clock.advance(seconds=3600 + 290)
        assert identity_env.id_of(logins)
        identity_env.cognito.clock.advance(seconds=20)
        with refused("NotAuthorizedException") as caught:
            identity_env.id_of(logins)
        assert "Invalid login token. Token expired: " in str(caught.value)

    def test_shared_secrets_and_none_are_no_signatures(self, identity_env):
        now = identity_env.world.clock.now()
        secret = "x" * 64
        identity_env.served.keys = [
            {"kty": "oct", "kid": "one", "k": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4", "alg": "HS256"},
            *identity_env.served.keys,
        ]
        for key, algorithm in ((secret, "HS256"), ("x" * 24 * 2, "HS256"), (None, "none")):
            token = identity_env.served.token(now, key=key, algorithm=algorithm)
            with refused("NotAuthorizedException", UNVERIFIED):
                identity_env.id_of({identity_env.served.name: token})

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
    def test_an_issuer_that_makes_no_sense_is_not_reachable(self, identity_env, path, content):
        identity_env.served.answers[path] = lambda _: content
        with refused("ExternalServiceException"):
            identity_env.id_of(self.logins(identity_env))

    @pytest.mark.parametrize(
        "keys", [{}, {"keys": []}, {"keys": [{"kty": "RSA"}]}, {"keys": 5}, {"keys": [7]}]
    )
    def test_keys_that_make_no_sense_sign_nothing(self, identity_env, keys):
        identity_env.served.answers["/keys"] = lambda _: keys
        with refused("NotAuthorizedException", UNVERIFIED):
            identity_env.id_of(self.logins(identity_env))

    def test_an_issuer_that_is_down_is_an_external_fault(self, cognito):
        identity_env = IdentityPoolEnv(cognito)
        with issuer() as gone:
            token = gone.token(identity_env.world.clock.now())
        arn = identity_env.iam.create_open_id_connect_provider(Url=gone.url, ClientIDList=["app"])[
            "OpenIDConnectProviderArn"
        ]
        identity_env.pool_id = identity_env.pool(OpenIdConnectProviderARNs=[arn])
        with refused("ExternalServiceException"):
            identity_env.id_of({gone.name: token})

    def test_a_provider_that_iam_does_not_know(self, identity_env):
        identity_env.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=identity_env.arn)
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of(self.logins(identity_env))

    def test_the_issuer_may_call_back_while_it_is_asked(self, identity_env):
        """The world's lock is released while keys are fetched."""

        def answer(_):
            assert identity_env.world.lock.acquire(timeout=30)
            identity_env.world.lock.release()
            return {"keys": identity_env.served.keys}

        identity_env.served.answers["/keys"] = answer
        assert identity_env.id_of(self.logins(identity_env))

    def test_a_pool_that_is_deleted_meanwhile_is_not_found(self, identity_env):
        logins = self.logins(identity_env)

        def answer(_):
            region = identity_env.world.region("us-east-1")
            region.identity_pools.remove(region.identity_pools[identity_env.pool_id])
            return {"keys": identity_env.served.keys}

        identity_env.served.answers["/keys"] = answer
        with refused("ResourceNotFoundException"):
            identity_env.id_of(logins)


class TestSocialProviders:
    @pytest.fixture
    def identity_env(self, cognito, served):
        cognito.settings.social = tuple(
            f"{name}={served.url}"
            for name in ("accounts.google.com", "appleid.apple.com", "graph.facebook.com", "www.amazon.com")
        )
        identity_env = IdentityPoolEnv(cognito)
        identity_env.pool_id = identity_env.pool(
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
        identity_env.served = served
        return identity_env

    @pytest.mark.parametrize(
        ("name", "apps"),
        [("accounts.google.com", ["web", "ios"]), ("appleid.apple.com", ["com.example"])],
    )
    @pytest.mark.parametrize("own", [True, False])
    def test_id_tokens_of_each_app(self, identity_env, name, apps, own):
        issuer = identity_env.served.url if own else f"https://{name}"
        now = identity_env.world.clock.now()
        ids = {
            identity_env.id_of({name: identity_env.served.token(now, iss=issuer, aud=app, sub="ada")})
            for app in apps
        }
        assert len(ids) == 1
        assert identity_env.identity.describe_identity(IdentityId=ids.pop())["Logins"] == [name]

    def test_another_app_is_not_supported(self, identity_env):
        token = identity_env.served.token(identity_env.world.clock.now(), aud="android")
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of({"accounts.google.com": token})

    def test_another_issuer_and_another_key(self, identity_env):
        now = identity_env.world.clock.now()
        with refused("NotAuthorizedException", ISSUER):
            identity_env.id_of(
                {"accounts.google.com": identity_env.served.token(now, iss="https://x", aud="web")}
            )
        with refused("NotAuthorizedException", UNVERIFIED):
            identity_env.id_of(
                {"accounts.google.com": identity_env.served.token(now, key=STRANGER, aud="web")}
            )

    @pytest.mark.parametrize("name", ["graph.facebook.com", "www.amazon.com"])
    def test_access_tokens_are_shown_to_the_provider(self, identity_env, name):
        identity_id = identity_env.id_of({name: "good"})
        assert identity_env.id_of({name: "good"}) == identity_id
        with refused("NotAuthorizedException", UNVERIFIED):
            identity_env.id_of({name: "bad&access_token=good"})

    def test_an_access_token_of_another_app(self, identity_env):
        identity_env.served.answers["/app"] = lambda _: {"id": "8"}
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of({"graph.facebook.com": "good"})

    @pytest.mark.parametrize("name", ["accounts.google.com", "graph.facebook.com", "www.amazon.com"])
    def test_a_provider_that_is_down(self, identity_env, cognito, name):
        cognito.settings.social = (f"{name}=http://127.0.0.1:9",)
        token = jwt.encode(
            {"iss": "https://accounts.google.com", "aud": "web"},
            RSA,
            algorithm="RS256",
            headers={"kid": "one"},
        )
        with refused("ExternalServiceException"):
            identity_env.id_of({name: token})

    def test_a_provider_that_hands_out_no_tokens_any_more(self, identity_env):
        with refused("NotAuthorizedException", UNSUPPORTED):
            identity_env.id_of({"api.twitter.com": "x;y"})

    def test_they_make_one_identity_together(self, identity_env):
        both = {"graph.facebook.com": "good", "www.amazon.com": "good"}
        identity_id = identity_env.id_of(both)
        for name in both:
            assert identity_env.id_of({name: "good"}) == identity_id
