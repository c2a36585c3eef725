"""Codes and tokens that were stolen, forged, or belong elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from browsing import CALLBACK, VERIFIER, challenge, post
from domain_town import WEB, Domain
from people import PASSWORD, refused
from signing_in import read
from visiting import ask

PROVED = {"code_challenge": challenge(), "code_challenge_method": "S256"}


def info(town, token, **more):
    return ask(
        town.application, "GET", "/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"}, **more
    )


def renewed(town, token, client_id=None):
    return town.token(
        {"grant_type": "refresh_token", "client_id": client_id or town.client_id, "refresh_token": token}
    )


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def forgeries(town, token):
    """The claims of a token under signatures that are none of the pool's."""
    claims = read(token)
    kid = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
    keys = ask(town.application, "GET", f"/{town.pool_id}/.well-known/jwks.json").json["keys"]
    key = next(of for of in keys if of["kid"] == kid)

    def hashed(secret):
        signed = f"{part({'alg': 'HS256', 'kid': kid})}.{part(claims)}"
        mac = base64.urlsafe_b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest())
        return f"{signed}.{mac.rstrip(b'=').decode()}"

    head, body, signature = token.split(".")
    return {
        "none": f"{part({'alg': 'none', 'kid': kid})}.{body}.",
        "None": f"{part({'alg': 'None', 'kid': kid})}.{body}.{signature}",
        "no alg": f"{part({'kid': kid})}.{body}.{signature}",
        "alg is a list": f"{part({'kid': kid, 'alg': ['RS256']})}.{body}.{signature}",
        "HS256 with the modulus": hashed(key["n"].encode()),
        "HS256 with the JWK": hashed(json.dumps(key).encode()),
        "HS256 with nothing": hashed(b""),
        "no signature": f"{head}.{body}.",
        "another signature": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        "a key of its own": f"{part({'alg': 'RS256', 'jwk': key, 'jku': 'https://evil.example/'})}.{body}.{signature}",
        "other claims": f"{head}.{part({**claims, 'sub': 'x', 'username': 'eve'})}.{signature}",
        "longer life": f"{head}.{part({**claims, 'exp': claims['exp'] + 1})}.{signature}",
        "header is a list": f"{part([])}.{body}.{signature}",
        "claims are a list": f"{head}.{part([])}.{signature}",
        "four parts": f"{token}.{signature}",
        "an equals sign": f"{head}.{body}=.{signature}",
    }


class TestCodes:
    def test_one_that_was_stolen_and_used_ends_only_what_it_gave(self, town):
        browser, (_, given) = town.signed_in()
        other = town.tokens()
        first = town.redeem(given["code"]).json
        assert town.redeem(given["code"], redirect_uri="https://evil.example/").json == {
            "error": "invalid_grant"
        }
        assert renewed(town, first["refresh_token"]).json == {"error": "invalid_grant"}
        assert info(town, first["access_token"]).status == 401
        assert info(town, other["access_token"]).status == 200
        assert renewed(town, other["refresh_token"]).status == 200
        assert "code" in browser.go(town.url(), follow=False).headers["location"]

    def test_a_thief_with_a_client_of_his_own_neither_gets_anything_nor_spoils_it(self, town):
        code, owner = town.fresh_code(), town.client_id
        thief = town.client_of(**WEB)
        assert town.redeem(code).json == {"error": "invalid_grant"}
        town.client_id = owner
        assert town.redeem(code).status == 200
        assert town.redeem(code, client_id=thief).json == {"error": "invalid_grant"}

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_another_pool_does_not_know_it(self, cognito, town, region, monkeypatch):
        code = town.fresh_code()
        monkeypatch.setattr("people.connect.__defaults__", (region,))
        other = Domain(cognito, client=WEB)
        assert other.redeem(code).json == {"error": "invalid_grant"}
        assert town.redeem(code).status == 200

    def test_at_the_domain_of_another_pool_its_client_is_unknown(self, town, domain_of):
        other = domain_of()
        other.idp.create_user_pool_domain(UserPoolId=other.pool_id, Domain="other")
        fields = {"grant_type": "authorization_code", "client_id": town.client_id, "code": town.fresh_code()}
        answer = post(
            town.application,
            "/oauth2/token",
            {**fields, "redirect_uri": CALLBACK},
            host="other.auth.us-east-1.localhost",
        )
        assert answer.json["error"] == "invalid_client"

    def test_a_deleted_user_gets_nothing_for_it(self, town):
        code = town.fresh_code()
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        assert town.redeem(code).json == {"error": "invalid_grant"}

    def test_nor_does_a_new_user_of_the_same_name(self, town):
        code = town.fresh_code()
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        town.resident()
        assert town.redeem(code).json == {"error": "invalid_grant"}

    def test_a_refresh_token_or_an_access_token_is_no_code(self, town):
        tokens = town.tokens()
        for each in tokens.values():
            assert town.redeem(str(each)).json == {"error": "invalid_grant"}


class TestPkce:
    @pytest.mark.parametrize(
        "more",
        [
            {"code_challenge_method": "plain", "code_challenge": VERIFIER},
            {"code_challenge": VERIFIER},
            {"code_challenge_method": "s256", "code_challenge": challenge()},
            {"code_challenge_method": "S256", "code_challenge": challenge() + "="},
            {"code_challenge_method": "S256", "code_challenge": challenge()[:-1] + "+"},
            {"code_challenge_method": "S256", "code_challenge": "a" * 129},
            {"code_challenge_method": "S256", "code_challenge": ""},
            {"code_challenge_method": "", "code_challenge": challenge()},
        ],
    )
    def test_a_challenge_is_never_weakened(self, town, more):
        location = ask(town.application, "GET", town.url(**more)).headers["location"]
        assert location == f"{CALLBACK}?error=invalid_request"

    @pytest.mark.parametrize(("length", "status"), [(42, 400), (43, 200), (128, 200), (129, 400)])
    def test_a_verifier_has_43_to_128_characters(self, town, length, status):
        verifier = "v" * length
        code = town.fresh_code(code_challenge=challenge(verifier), code_challenge_method="S256")
        assert town.redeem(code, code_verifier=verifier).status == status

    @pytest.mark.parametrize(
        "verifier", ["", "é" * 43, "v" * 42 + "\n", "v" * 43 + "\x00", "v v" * 20, "%76" * 43]
    )
    def test_one_of_other_characters_is_refused_and_the_right_one_still_works(self, town, verifier):
        code = town.fresh_code(**PROVED)
        assert town.redeem(code, code_verifier=verifier).json == {"error": "invalid_grant"}
        assert town.redeem(code, code_verifier=VERIFIER).status == 200

    def test_the_challenge_of_one_request_does_not_serve_another(self, town):
        browser, (_, given) = town.signed_in(**PROVED)
        other = {"code_challenge": challenge("w" * 43), "code_challenge_method": "S256"}
        location = browser.go(town.url(**other), follow=False).headers["location"]
        second = location.partition("code=")[2]
        assert town.redeem(second, code_verifier=VERIFIER).json == {"error": "invalid_grant"}
        assert town.redeem(given["code"], code_verifier=VERIFIER).status == 200


class TestForgedTokens:
    def test_are_refused_wherever_tokens_are_read(self, town):
        token = town.tokens()["access_token"]
        for name, forged in forgeries(town, token).items():
            answer = info(town, forged)
            assert (answer.status, answer.json["error"]) == (401, "invalid_token"), name
            with refused("NotAuthorizedException"):
                town.idp.get_user(AccessToken=forged)
        assert info(town, token).status == 200

    def test_revoke_nothing(self, town):
        tokens = town.tokens()
        for forged in forgeries(town, tokens["access_token"]).values():
            fields = {"client_id": town.client_id, "token": forged}
            assert post(town.application, "/oauth2/revoke", fields).status in {200, 400}
        assert info(town, tokens["access_token"]).status == 200

    def test_a_token_of_another_pool_is_none_at_this_domain(self, town, domain_of):
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="shop")
        other = domain_of()
        other.resident()
        answer = info(town, other.tokens()["access_token"], host="shop.auth.us-east-1.localhost")
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")

    def test_an_expired_or_revoked_one_is_void(self, town):
        tokens, late = town.tokens(), town.tokens()
        post(
            town.application,
            "/oauth2/revoke",
            {"client_id": town.client_id, "token": tokens["refresh_token"]},
        )
        assert info(town, tokens["access_token"]).status == 401
        assert info(town, late["access_token"]).status == 200
        town.cognito.clock.advance(hours=1, minutes=1)
        assert info(town, late["access_token"]).status == 401

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
    def test_the_scheme_is_in_any_case(self, town, scheme):
        header = {"Authorization": f"{scheme} {town.tokens()['access_token']}"}
        assert ask(town.application, "GET", "/oauth2/userInfo", headers=header).status == 200


class TestRefreshTokens:
    def test_of_another_client_are_neither_renewed_nor_revoked(self, town):
        tokens, owner = town.tokens(), town.client_id
        town.client_of(**WEB)
        assert renewed(town, tokens["refresh_token"]).json == {"error": "invalid_grant"}
        fields = {"client_id": town.client_id, "token": tokens["refresh_token"]}
        assert post(town.application, "/oauth2/revoke", fields).status == 200
        assert renewed(town, tokens["refresh_token"], owner).status == 200

    def test_with_a_bit_changed_are_none(self, town):
        token = town.tokens()["refresh_token"]
        for index in range(0, len(token), max(1, len(token) // 20)):
            other = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
            assert renewed(town, other).json == {"error": "invalid_grant"}
        assert renewed(town, token).status == 200

    def test_of_the_api_are_not_taken_while_devices_are_tracked(self, cognito):
        devices = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True}
        town = Domain(
            cognito,
            client={**WEB, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]},
            DeviceConfiguration=devices,
        )
        town.resident(password=PASSWORD)
        token = town.sign_in()["RefreshToken"]
        assert renewed(town, token).json["error"] == "invalid_grant"
