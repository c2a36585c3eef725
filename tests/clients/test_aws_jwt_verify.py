"""aws-jwt-verify on Node.js, unmodified, on tokens of a server: with the server's issuer, and with AWS's."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta

import pytest
from support.relying_parties import Served, web

from cogmock.httpd.tls import authority_path
from cogmock.testing.server import CognitoServer

pytestmark = [pytest.mark.node, pytest.mark.slow]
SCOPES = ["openid", "email"]


class Tokens:
    """Tokens of the user ada, and the ways in which they are wrong."""

    def __init__(self, server):
        self.env = Served(server)
        self.env.add_user()
        self.client_id = self.env.client_id
        self.jwks = f"{self.env.url}/{self.env.pool_id}/.well-known/jwks.json"

    def of(self, use, client=None, **more):
        made = self.env.cognito.tokens("ada", client=client or self.client_id, scopes=SCOPES, **more)
        return getattr(made, f"{use}_token")

    def all(self, use):
        """By what is wrong with them. All are signed with the pool's own keys, but for one."""
        clock = self.env.cognito.clock
        clock.set(clock.now() - timedelta(days=1))
        expired = self.of(use)
        clock.reset()
        stranger = Served(self.env.cognito)
        stranger.add_user()
        client = stranger.client_id
        return {
            "good": self.of(use),
            "expired": expired,
            "forged": forged(self.of(use)),
            "other use": self.of("access" if use == "id" else "id"),
            "other client": self.of(use, self.env.client_of(**web())),
            "other pool": getattr(stranger.cognito.tokens("ada", client=client), f"{use}_token"),
        }


def forged(token):
    """With the same signature, for somebody else."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["cognito:groups"] = ["editors"]
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{header}.{payload}.{signature}"


@pytest.fixture
def verified(node):
    """Verifies tokens with a verifier of these options, and gives what became of each."""

    def run(tokens, given, *, keys="cached", **options):
        asked = {"jwks": tokens.jwks, "keys": keys, "options": options, "tokens": given}
        return node("verify.cjs", asked)

    return run


def errors(answers):
    return {name: answer.get("error") for name, answer in answers.items()}


REFUSALS = {"good": None, "expired": "JwtExpiredError", "forged": "JwtInvalidSignatureError"}


class TestJwtVerifier:
    """With the issuer of the server."""

    @pytest.fixture
    def tokens(self, cognito_server):
        return Tokens(cognito_server)

    @pytest.mark.parametrize("keys", ["cached", "fetcher"])
    def test_id_tokens(self, tokens, verified, keys):
        given = tokens.all("id")
        answers = verified(
            tokens,
            given,
            keys=keys,
            issuer=tokens.env.issuer,
            jwksUri=tokens.jwks,
            audience=tokens.client_id,
        )
        assert answers["good"]["cognito:username"] == "ada"
        # With cached keys it asks for the unknown one again, and would do so over https alone.
        foreign = {"cached": "TypeError", "fetcher": "KidNotFoundInJwksError"}[keys]
        assert errors(answers) == {
            **REFUSALS,
            "other use": "JwtInvalidAudienceError",  # an access token has none
            "other client": "JwtInvalidAudienceError",
            "other pool": foreign,
        }

    def test_access_tokens(self, tokens, verified):
        given = tokens.all("access")
        wanted = {"issuer": tokens.env.issuer, "jwksUri": tokens.jwks, "audience": None, "scope": "email"}
        answers = verified(tokens, given, keys="fetcher", **wanted)
        assert answers["good"]["client_id"] == tokens.client_id
        assert errors(answers) == {
            **REFUSALS,
            "other use": "JwtInvalidScopeError",  # an ID token has no scope
            "other client": None,  # it looks at audiences alone
            "other pool": "KidNotFoundInJwksError",
        }

    def test_its_own_fetcher_over_https(self, verified, monkeypatch):
        monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority_path(time.time)))
        with CognitoServer(issuer="host") as server:
            tokens = Tokens(server)
            issuer = f"https://localhost:{tokens.env.port}/{tokens.env.pool_id}"
            server.settings.public_url = f"https://localhost:{tokens.env.port}"
            jwks = f"{issuer}/.well-known/jwks.json"
            given = {"good": tokens.of("access")}
            answers = verified(tokens, given, keys="own", issuer=issuer, jwksUri=jwks, audience=None)
            assert answers["good"]["iss"] == issuer


class TestCognitoJwtVerifier:
    """With AWS's issuer, whose host is not reachable here."""

    @pytest.fixture
    def tokens(self):
        with CognitoServer(issuer="aws") as server:
            yield Tokens(server)

    @pytest.mark.parametrize("keys", ["cached", "fetcher"])
    @pytest.mark.parametrize("use", ["id", "access"])
    def test_tokens(self, tokens, verified, use, keys):
        pool, client = tokens.env.pool_id, tokens.client_id
        answers = verified(tokens, tokens.all(use), keys=keys, userPoolId=pool, tokenUse=use, clientId=client)
        assert answers["good"]["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool}"
        assert errors(answers) == {
            **REFUSALS,
            "other use": "CognitoJwtInvalidTokenUseError",
            "other client": "CognitoJwtInvalidClientIdError",
            "other pool": "ParameterValidationError",  # an issuer that it was not told of
        }

    def test_groups(self, tokens, verified):
        given = {"editor": tokens.of("access", groups=["editors"]), "reader": tokens.of("access")}
        wanted = {"userPoolId": tokens.env.pool_id, "tokenUse": "access", "clientId": tokens.client_id}
        answers = verified(tokens, given, **wanted, groups=["editors", "authors"])
        assert errors(answers) == {"editor": None, "reader": "CognitoJwtInvalidGroupError"}

    @pytest.mark.parametrize(("scope", "error"), [("email", None), ("phone", "JwtInvalidScopeError")])
    def test_scopes(self, tokens, verified, scope, error):
        wanted = {"userPoolId": tokens.env.pool_id, "tokenUse": "access", "clientId": tokens.client_id}
        answers = verified(tokens, {"it": tokens.of("access")}, **wanted, scope=[scope])
        assert errors(answers) == {"it": error}

    def test_the_newer_issuer(self, tokens, verified):
        env = tokens.env
        env.idp.update_user_pool(UserPoolId=env.pool_id, IssuerConfiguration={"Type": "UPDATED"})
        token = tokens.of("access")
        env.idp.update_user_pool(UserPoolId=env.pool_id, IssuerConfiguration={"Type": "ORIGINAL"})
        wanted = {"userPoolId": env.pool_id, "tokenUse": "access", "clientId": tokens.client_id}
        answers = verified(tokens, {"it": token}, **wanted, keys="fetcher")
        assert answers["it"]["iss"].startswith("https://issuer-cognito-idp.us-east-1.amazonaws.com/")
