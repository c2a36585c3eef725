"""Codes and tokens that were stolen, forged, or belong elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from support.browser import CALLBACK, VERIFIER, challenge, post
from support.domain_env import WEB, Domain
from support.http import ask
from support.pool_env import PASSWORD, refused
from support.sign_in import read

PROVED = {"code_challenge": challenge(), "code_challenge_method": "S256"}


def info(env, token, **more):
    return ask(
        env.application, "GET", "/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"}, **more
    )


def renewed(env, token, client_id=None):
    return env.token(
        {"grant_type": "refresh_token", "client_id": client_id or env.client_id, "refresh_token": token}
    )


def part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def forgeries(env, token):
    """The claims of a token under signatures that are none of the pool's."""
    claims = read(token)
    kid = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
    keys = ask(env.application, "GET", f"/{env.pool_id}/.well-known/jwks.json").json["keys"]
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
    def test_one_that_was_stolen_and_used_ends_only_what_it_gave(self, env):
        browser, (_, given) = env.signed_in()
        other = env.tokens()
        first = env.redeem(given["code"]).json
        assert env.redeem(given["code"], redirect_uri="https://evil.example/").json == {
            "error": "invalid_grant"
        }
        assert renewed(env, first["refresh_token"]).json == {"error": "invalid_grant"}
        assert info(env, first["access_token"]).status == 401
        assert info(env, other["access_token"]).status == 200
        assert renewed(env, other["refresh_token"]).status == 200
        assert "code" in browser.go(env.url(), follow=False).headers["location"]

    def test_a_thief_with_a_client_of_his_own_neither_gets_anything_nor_spoils_it(self, env):
        code, owner = env.fresh_code(), env.client_id
        thief = env.client_of(**WEB)
        assert env.redeem(code).json == {"error": "invalid_grant"}
        env.client_id = owner
        assert env.redeem(code).status == 200
        assert env.redeem(code, client_id=thief).json == {"error": "invalid_grant"}

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
    def test_another_pool_does_not_know_it(self, cognito, env, region, monkeypatch):
        code = env.fresh_code()
        monkeypatch.setattr("support.pool_env.connect.__defaults__", (region,))
        other = Domain(cognito, client=WEB)
        assert other.redeem(code).json == {"error": "invalid_grant"}
        assert env.redeem(code).status == 200

    def test_at_the_domain_of_another_pool_its_client_is_unknown(self, env, domain_of):
        other = domain_of()
        other.idp.create_user_pool_domain(UserPoolId=other.pool_id, Domain="other")
        fields = {"grant_type": "authorization_code", "client_id": env.client_id, "code": env.fresh_code()}
        answer = post(
            env.application,
            "/oauth2/token",
            {**fields, "redirect_uri": CALLBACK},
            host="other.auth.us-east-1.localhost",
        )
        assert answer.json["error"] == "invalid_client"

    def test_a_deleted_user_gets_nothing_for_it(self, env):
        code = env.fresh_code()
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        assert env.redeem(code).json == {"error": "invalid_grant"}

    def test_nor_does_a_new_user_of_the_same_name(self, env):
        code = env.fresh_code()
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        env.add_user()
        assert env.redeem(code).json == {"error": "invalid_grant"}

    def test_a_refresh_token_or_an_access_token_is_no_code(self, env):
        tokens = env.tokens()
        for each in tokens.values():
            assert env.redeem(str(each)).json == {"error": "invalid_grant"}


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
    def test_a_challenge_is_never_weakened(self, env, more):
        location = ask(env.application, "GET", env.url(**more)).headers["location"]
        assert location == f"{CALLBACK}?error=invalid_request"

    @pytest.mark.parametrize("length", [1, 36, 43, 128, 129])
    def test_a_verifier_of_any_length_is_good_if_its_hash_is(self, env, length):
        """AWS's guide calls a UUID, 36 characters, a typical verifier."""
        verifier = "v" * length
        code = env.fresh_code(code_challenge=challenge(verifier), code_challenge_method="S256")
        assert env.redeem(code, code_verifier=verifier[:-1]).status == 400
        code = env.fresh_code(code_challenge=challenge(verifier), code_challenge_method="S256")
        assert env.redeem(code, code_verifier=verifier).status == 200

    @pytest.mark.parametrize(
        "verifier", ["", "é" * 43, "v" * 42 + "\n", "v" * 43 + "\x00", "v v" * 20, "%76" * 43]
    )
    def test_one_of_other_characters_is_refused_and_the_right_one_still_works(self, env, verifier):
        code = env.fresh_code(**PROVED)
        assert env.redeem(code, code_verifier=verifier).json == {"error": "invalid_grant"}
        assert env.redeem(code, code_verifier=VERIFIER).status == 200

    def test_the_challenge_of_one_request_does_not_serve_another(self, env):
        browser, (_, given) = env.signed_in(**PROVED)
        other = {"code_challenge": challenge("w" * 43), "code_challenge_method": "S256"}
        location = browser.go(env.url(**other), follow=False).headers["location"]
        second = location.partition("code=")[2]
        assert env.redeem(second, code_verifier=VERIFIER).json == {"error": "invalid_grant"}
        assert env.redeem(given["code"], code_verifier=VERIFIER).status == 200


class TestForgedTokens:
    def test_are_refused_wherever_tokens_are_read(self, env):
        token = env.tokens()["access_token"]
        for name, forged in forgeries(env, token).items():
            answer = info(env, forged)
            assert (answer.status, answer.json["error"]) == (401, "invalid_token"), name
            with refused("NotAuthorizedException"):
                env.idp.get_user(AccessToken=forged)
        assert info(env, token).status == 200

    def test_revoke_nothing(self, env):
        tokens = env.tokens()
        for forged in forgeries(env, tokens["access_token"]).values():
            fields = {"client_id": env.client_id, "token": forged}
            assert post(env.application, "/oauth2/revoke", fields).status in {200, 400}
        assert info(env, tokens["access_token"]).status == 200

    def test_a_token_of_another_pool_is_none_at_this_domain(self, env, domain_of):
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        other = domain_of()
        other.add_user()
        answer = info(env, other.tokens()["access_token"], host="shop.auth.us-east-1.localhost")
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")

    def test_an_expired_or_revoked_one_is_void(self, env):
        tokens, late = env.tokens(), env.tokens()
        post(
            env.application,
            "/oauth2/revoke",
            {"client_id": env.client_id, "token": tokens["refresh_token"]},
        )
        assert info(env, tokens["access_token"]).status == 401
        assert info(env, late["access_token"]).status == 200
        env.cognito.clock.advance(hours=1, minutes=1)
        assert info(env, late["access_token"]).status == 401

    @pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
    def test_the_scheme_is_in_any_case(self, env, scheme):
        header = {"Authorization": f"{scheme} {env.tokens()['access_token']}"}
        assert ask(env.application, "GET", "/oauth2/userInfo", headers=header).status == 200


class TestRefreshTokens:
    def test_of_another_client_are_neither_renewed_nor_revoked(self, env):
        tokens, owner = env.tokens(), env.client_id
        env.client_of(**WEB)
        assert renewed(env, tokens["refresh_token"]).json == {"error": "invalid_grant"}
        fields = {"client_id": env.client_id, "token": tokens["refresh_token"]}
        assert post(env.application, "/oauth2/revoke", fields).status == 200
        assert renewed(env, tokens["refresh_token"], owner).status == 200

    def test_with_a_bit_changed_are_none(self, env):
        token = env.tokens()["refresh_token"]
        for index in range(0, len(token), max(1, len(token) // 20)):
            other = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
            assert renewed(env, other).json == {"error": "invalid_grant"}
        assert renewed(env, token).status == 200

    def test_of_the_api_are_not_taken_while_devices_are_tracked(self, cognito):
        devices = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": True}
        env = Domain(
            cognito,
            client={**WEB, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]},
            DeviceConfiguration=devices,
        )
        env.add_user(password=PASSWORD)
        token = env.sign_in()["RefreshToken"]
        assert renewed(env, token).json["error"] == "invalid_grant"
