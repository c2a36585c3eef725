"""Authlib as a relying party whose browser is elsewhere. Says as JSON what came of one half of a sign-in."""

from __future__ import annotations

import json
import sys
from urllib.parse import parse_qsl, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken


class Party:
    """A client of an issuer that it found by discovery."""

    def __init__(self, asked):
        self.asked = asked
        self.found = fetched(f"{asked['issuer']}/.well-known/openid-configuration")
        assert self.found["issuer"] == asked["issuer"]

    def session(self, **more):
        return OAuth2Session(
            self.asked["client"],
            scope="openid email",
            redirect_uri=self.asked["callback"],
            code_challenge_method="S256",
            token_endpoint_auth_method="none",
            **more,
        )

    def begin(self):
        """The address at which the sign-in begins, and what its answer is checked against."""
        verifier, nonce = generate_token(48), generate_token()
        url, state = self.session().create_authorization_url(
            self.found["authorization_endpoint"],
            code_verifier=verifier,
            nonce=nonce,
            **self.asked["parameters"],
        )
        return {"url": url, "checks": {"verifier": verifier, "state": state, "nonce": nonce}}

    def finish(self):
        """The verified claims of the ID token, and what user info says."""
        checks = self.asked["checks"]
        given = dict(parse_qsl(urlsplit(self.asked["back"]).query))
        if "error" in given:  # Authlib leaves this to its integrations with web frameworks
            assert given["state"] == checks["state"]
            raise OAuthError(given["error"], given.get("error_description"))
        session = self.session(state=checks["state"])
        tokens = session.fetch_token(
            self.found["token_endpoint"],
            authorization_response=self.asked["back"],
            code_verifier=checks["verifier"],
        )
        info = session.get(self.found["userinfo_endpoint"]).json()
        return {"claims": self.verified(tokens, checks["nonce"]), "info": info}

    def verified(self, tokens, nonce):
        expected = {
            "iss": {"essential": True, "value": self.found["issuer"]},
            "aud": {"essential": True, "value": self.asked["client"]},
        }
        params = {"nonce": nonce, "client_id": self.asked["client"], "access_token": tokens["access_token"]}
        claims = jwt.decode(
            tokens["id_token"],
            JsonWebKey.import_key_set(fetched(self.found["jwks_uri"])),
            claims_cls=CodeIDToken,
            claims_options=expected,
            claims_params=params,
        )
        claims.validate()
        return dict(claims)


def fetched(url):
    return requests.get(url, timeout=30).json()


def main():
    asked = json.loads(sys.argv[1])
    try:
        return getattr(Party(asked), asked["journey"])()
    except OAuthError as refused:
        return {"error": refused.error, "description": refused.description}


if __name__ == "__main__":
    print(json.dumps(main()))
