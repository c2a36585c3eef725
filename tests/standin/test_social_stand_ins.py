"""The four social stand-ins: the paths, answers and quirks of the providers whose place they take."""

import json

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from support.standin_visitor import CALLBACK, IDP, sent

SECRET_KEY = ec.generate_private_key(ec.SECP256R1())


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def redeemed(visitor, path, code, **more):
    form = {
        "grant_type": "authorization_code",
        "client_id": "app",
        "client_secret": "s",
        "redirect_uri": CALLBACK,
    }
    return visitor.post(path, {**form, "code": code, **more})


class TestGoogle:
    AUTH, TOKEN = "/google/o/oauth2/v2/auth", "/google/oauth2/v4/token"
    ASKED = {"client_id": "app", "response_type": "code", "scope": "openid email profile", "state": "s"}

    def verified(self, token):
        url = f"{IDP}/google/oauth2/v3/certs"
        key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token).key
        issuer = "https://accounts.google.com"
        return jwt.decode(token, key, algorithms=["RS256"], audience="app", issuer=issuer, leeway=300)

    def test_discovery_agrees_with_the_tokens(self, visitor):
        found = visitor.get("/google/.well-known/openid-configuration").json()
        assert found["issuer"] == "https://accounts.google.com"
        assert found["jwks_uri"] == f"{IDP}/google/oauth2/v3/certs"
        assert {
            requests.options(found[name]).status_code for name in found if name.endswith("_endpoint")
        } == {204}

    def test_a_sign_in(self, visitor):
        got = sent(visitor.sign_in(self.AUTH, self.ASKED, name="Ada Lovelace"))
        assert got["iss"] == "https://accounts.google.com"
        assert (got["state"], got["authuser"]) == ("s", "0")
        assert "https://www.googleapis.com/auth/userinfo.email" in got["scope"].split()
        tokens = redeemed(visitor, self.TOKEN, got["code"]).json()
        claims = self.verified(tokens["id_token"])
        assert claims["sub"].isdigit()
        assert len(claims["sub"]) == 21
        assert (claims["azp"], claims["email"], claims["given_name"]) == ("app", "ada@example.com", "Ada")
        assert tokens["expires_in"] == 3599
        assert "refresh_token" not in tokens
        info = visitor.session.get(f"{IDP}/google/v1/userinfo", headers=bearer(tokens["access_token"])).json()
        assert (info["sub"], info["family_name"]) == (claims["sub"], "Lovelace")
        about = visitor.get("/google/tokeninfo", access_token=tokens["access_token"]).json()
        assert (about["aud"], about["sub"], about["email_verified"]) == ("app", claims["sub"], "true")

    def test_people_tells_the_fields_of_the_mask(self, visitor):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED, name="Ada Lovelace"))["code"]
        token = redeemed(visitor, self.TOKEN, code).json()["access_token"]
        url = f"{IDP}/google/v1/people/me"
        person = visitor.session.get(
            f"{url}?personFields=names,emailAddresses,photos", headers=bearer(token)
        ).json()
        assert person["names"][0]["displayName"] == "Ada Lovelace"
        assert person["emailAddresses"][0]["value"] == "ada@example.com"
        assert "photos" not in person
        refused = visitor.session.get(url, headers=bearer(token))
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
        assert visitor.session.get(url, headers=bearer("x")).json()["error"]["status"] == "UNAUTHENTICATED"

    def test_offline_access_brings_a_refresh_token(self, visitor):
        code = sent(visitor.sign_in(self.AUTH, {**self.ASKED, "access_type": "offline"}))["code"]
        refresh = redeemed(visitor, self.TOKEN, code).json()["refresh_token"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": "app",
            "client_secret": "s",
        }
        assert self.verified(visitor.post(self.TOKEN, form).json()["id_token"])
        assert visitor.post(self.TOKEN, form | {"refresh_token": "x"}).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"code": "x"}, "invalid_grant"),
            ({"code": ""}, "invalid_request"),
            ({"client_id": ""}, "invalid_request"),
            ({"client_secret": ""}, "invalid_request"),
            ({"client_id": "other"}, "invalid_grant"),
            ({"redirect_uri": "http://x"}, "redirect_uri_mismatch"),
            ({"grant_type": "x"}, "unsupported_grant_type"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, visitor, change, error):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]
        answer = redeemed(visitor, self.TOKEN, **{"code": code, **change})
        assert (answer.status_code, answer.json()["error"]) == (400, error)

    def test_bad_tokens_are_refused(self, visitor):
        assert visitor.get("/google/v1/userinfo").status_code == 401
        assert visitor.get("/google/tokeninfo", access_token="x").json()["error"] == "invalid_token"
        assert (
            visitor.get(self.AUTH, client_id="a", redirect_uri=CALLBACK, response_type="code").status_code
            == 400
        )

    @pytest.mark.parametrize(
        ("fault", "raised"),
        [
            ("expired", jwt.ExpiredSignatureError),
            ("audience", jwt.InvalidAudienceError),
            ("issuer", jwt.InvalidIssuerError),
            ("signature", jwt.InvalidSignatureError),
        ],
    )
    def test_faults(self, visitor, fault, raised):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED, fault=fault))["code"]
        with pytest.raises(raised):
            self.verified(redeemed(visitor, self.TOKEN, code).json()["id_token"])


class TestFacebook:
    AUTH, TOKEN, ME = (
        "/facebook/v17.0/dialog/oauth",
        "/facebook/v17.0/oauth/access_token",
        "/facebook/v17.0/me",
    )
    ASKED = {"client_id": "app", "response_type": "code", "scope": "public_profile, email", "state": "s"}

    def redeem(self, visitor, code, **more):
        params = {"client_id": "app", "client_secret": "s", "redirect_uri": CALLBACK, "code": code, **more}
        return visitor.get(self.TOKEN, **params)

    def token(self, visitor, **fields):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED, **fields))["code"]
        return self.redeem(visitor, code).json()["access_token"]

    def test_a_sign_in(self, visitor):
        answer = visitor.sign_in(self.AUTH, self.ASKED, name="Ada Lovelace")
        assert answer.headers["Location"].endswith("#_=_")
        tokens = self.redeem(visitor, sent(answer)["code"]).json()
        assert tokens["token_type"] == "bearer"
        user = visitor.get(
            self.ME, access_token=tokens["access_token"], fields="id,name,email,last_name"
        ).json()
        assert (user["name"], user["email"], user["last_name"]) == (
            "Ada Lovelace",
            "ada@example.com",
            "Lovelace",
        )
        assert user["id"].isdigit()

    def test_only_fields_that_are_asked_for(self, visitor):
        typed = {"name": "Ada L", "claims": '{"picture": "https://x.org/a.png", "team": "red"}'}
        token = self.token(visitor, **typed)
        assert set(visitor.get(self.ME, access_token=token).json()) == {"id", "name"}
        more = visitor.get(self.ME, access_token=token, fields="picture{url},team,birthday").json()
        assert set(more) == {"id", "picture", "team"}
        assert more["picture"]["data"]["url"] == "https://x.org/a.png"
        refused = visitor.get(self.ME, access_token=token, fields="id,shoe_size")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, 100)
        assert "nonexistent field (shoe_size)" in refused.json()["error"]["message"]

    def test_email_needs_its_scope(self, visitor):
        code = sent(visitor.sign_in(self.AUTH, {**self.ASKED, "scope": "public_profile"}))["code"]
        token = self.redeem(visitor, code).json()["access_token"]
        assert "email" not in visitor.get(self.ME, access_token=token, fields="id,email").json()

    def test_apps_and_tokens_are_told(self, visitor):
        token = self.token(visitor, sub="99")
        assert visitor.get("/facebook/app", access_token=token).json()["id"] == "app"
        app = visitor.get(
            self.TOKEN, client_id="app", client_secret="s", grant_type="client_credentials"
        ).json()
        about = visitor.get(
            "/facebook/debug_token", input_token=token, access_token=app["access_token"]
        ).json()["data"]
        assert (about["app_id"], about["user_id"], about["is_valid"]) == ("app", "99", True)
        assert about["scopes"] == ["public_profile", "email"]
        unknown = visitor.get("/facebook/debug_token", input_token="x", access_token="app|s").json()["data"]
        assert unknown["is_valid"] is False
        assert visitor.get("/facebook/debug_token", input_token=token).status_code == 400

    @pytest.mark.parametrize(
        ("change", "code", "subcode"),
        [
            ({"code": "x"}, 100, None),
            ({"code": ""}, 100, None),
            ({"client_id": ""}, 101, None),
            ({"client_secret": ""}, 1, None),
            ({"client_id": "other"}, 1, None),
            ({"redirect_uri": ""}, 191, None),
            ({"redirect_uri": "http://x"}, 100, 36008),
        ],
    )
    def test_what_does_not_fit_is_refused(self, visitor, change, code, subcode):
        good = sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]
        error = self.redeem(visitor, **{"code": good, **change})
        told = error.json()["error"]
        assert (error.status_code, told["code"], told.get("error_subcode")) == (400, code, subcode)
        assert (told["type"], bool(told["fbtrace_id"])) == ("OAuthException", True)

    def test_faults(self, visitor):
        denied = sent(visitor.sign_in(self.AUTH, self.ASKED, fault="denied"))
        assert (denied["error"], denied["error_reason"], denied["state"]) == (
            "access_denied",
            "user_denied",
            "s",
        )
        assert denied["error_description"] == "Permissions error"
        expired = visitor.get(self.ME, access_token=self.token(visitor, fault="expired")).json()["error"]
        assert (expired["code"], expired["error_subcode"]) == (190, 463)
        code = sent(visitor.sign_in(self.AUTH, self.ASKED, fault="audience"))["code"]
        assert self.redeem(visitor, code).json()["error"]["message"] == "Error validating client secret."
        self.token(visitor)
        code = sent(visitor.sign_in(self.AUTH, self.ASKED, fault="replay"))["code"]
        assert self.redeem(visitor, code).json()["error"]["error_subcode"] == 36009
        for fault in ("signature", "nonce", "issuer", "unsigned"):
            page = visitor.sign_in(self.AUTH, self.ASKED, fault=fault)
            assert (page.status_code, "It has: denied, expired, audience, replay" in page.text) == (400, True)

    def test_bad_tokens_are_refused(self, visitor):
        assert visitor.get(self.ME).json()["error"]["code"] == 2500
        assert visitor.get(self.ME, access_token="x").json()["error"]["code"] == 190


class TestAmazon:
    AUTH, TOKEN = "/amazon/ap/oa", "/amazon/auth/o2/token"
    ASKED = {"client_id": "app", "response_type": "code", "scope": "profile postal_code", "state": "s"}

    def tokens(self, visitor, asked=None, **fields):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED | (asked or {}), **fields))["code"]
        return redeemed(visitor, self.TOKEN, code).json()

    def test_a_sign_in(self, visitor):
        got = sent(visitor.sign_in(self.AUTH, self.ASKED, name="Ada", claims='{"postal_code": "10115"}'))
        assert (got["scope"], got["state"]) == ("profile postal_code", "s")
        tokens = redeemed(visitor, self.TOKEN, got["code"]).json()
        assert tokens["access_token"].startswith("Atza|")
        assert tokens["refresh_token"].startswith("Atzr|")
        url = f"{IDP}/amazon/user/profile"
        user = requests.get(url, headers=bearer(tokens["access_token"])).json()
        assert user["user_id"].startswith("amzn1.account.")
        assert (user["name"], user["email"], user["postal_code"]) == ("Ada", "ada@example.com", "10115")
        assert requests.get(url, headers={"x-amz-access-token": tokens["access_token"]}).json() == user
        for path in ("/amazon/auth/o2/tokeninfo", "/amazon/auth/O2/tokeninfo"):
            about = visitor.get(path, access_token=tokens["access_token"]).json()
            assert (about["iss"], about["aud"]) == ("https://www.amazon.com", "app")
            assert (about["user_id"], 3000 < about["exp"] <= 3600) == (user["user_id"], True)

    def test_scopes_open_the_profile(self, visitor):
        tokens = self.tokens(visitor, {"scope": "profile:user_id"})
        user = requests.get(f"{IDP}/amazon/user/profile", headers=bearer(tokens["access_token"])).json()
        assert set(user) == {"user_id"}
        got = sent(visitor.get(self.AUTH, **{**self.ASKED, "scope": "email", "redirect_uri": CALLBACK}))
        assert got["error"] == "invalid_scope"

    def test_refresh(self, visitor):
        form = {"grant_type": "refresh_token", "refresh_token": self.tokens(visitor)["refresh_token"]}
        form |= {"client_id": "app", "client_secret": "s"}
        assert visitor.post(self.TOKEN, form).json()["access_token"]
        assert visitor.post(self.TOKEN, form | {"refresh_token": "x"}).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        ("change", "error", "description"),
        [
            (
                {"client_secret": ""},
                "invalid_request",
                "The request is missing a required parameter : client_secret",
            ),
            ({"client_id": ""}, "invalid_request", "The request is missing a required parameter : client_id"),
            (
                {"grant_type": ""},
                "invalid_request",
                "The request is missing a required parameter : grant_type",
            ),
            ({"code": ""}, "invalid_request", "The request is missing a required parameter : code"),
            ({"code": "x"}, "invalid_grant", "The request has an invalid grant parameter : code"),
            ({"client_id": "b"}, "invalid_grant", "The request has an invalid grant parameter : code"),
            (
                {"redirect_uri": "http://x"},
                "invalid_grant",
                "The request has an invalid grant parameter : redirect_uri",
            ),
            ({"grant_type": "x"}, "unsupported_grant_type", None),
        ],
    )
    def test_what_does_not_fit_is_refused(self, visitor, change, error, description):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]
        answer = redeemed(visitor, self.TOKEN, **{"code": code, **change})
        told = answer.json()
        assert (answer.status_code, told["error"]) == (400, error)
        assert description in {None, told["error_description"]}
        assert told["request_id"]

    def test_faults(self, visitor):
        assert sent(visitor.sign_in(self.AUTH, self.ASKED, fault="denied"))["error"] == "access_denied"
        token = self.tokens(visitor, fault="expired")["access_token"]
        answer = requests.get(f"{IDP}/amazon/user/profile", headers=bearer(token))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_token")
        assert self.tokens(visitor, fault="audience")["error"] == "invalid_grant"
        self.tokens(visitor)
        assert self.tokens(visitor, fault="replay")["error"] == "invalid_grant"
        assert visitor.get("/amazon/user/profile").json()["error"] == "invalid_request"


class TestApple:
    AUTH, TOKEN = "/apple/auth/authorize", "/apple/auth/token"
    ASKED = {"client_id": "app", "response_type": "code", "scope": "name email", "response_mode": "form_post"}

    def secret(self, visitor, *, key=SECRET_KEY, algorithm="ES256", kid="K1", **change):
        now = int(visitor.world.clock.now())
        claims = {
            "iss": "TEAM",
            "sub": "app",
            "aud": "https://appleid.apple.com",
            "iat": now,
            "exp": now + 300,
        }
        claims = {name: value for name, value in (claims | change).items() if value is not None}
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else {})

    def redeem(self, visitor, code, **more):
        return redeemed(visitor, self.TOKEN, code, **{"client_secret": self.secret(visitor), **more})

    def verified(self, token):
        key = jwt.PyJWKClient(f"{IDP}/apple/auth/keys").get_signing_key_from_jwt(token).key
        issuer = "https://appleid.apple.com"
        return jwt.decode(token, key, algorithms=["RS256"], audience="app", issuer=issuer, leeway=300)

    def test_discovery_agrees_with_the_tokens(self, visitor):
        found = visitor.get("/apple/.well-known/openid-configuration").json()
        assert found["issuer"] == "https://appleid.apple.com"
        assert found["jwks_uri"] == f"{IDP}/apple/auth/keys"

    def test_a_sign_in_tells_the_name_once_and_by_form(self, visitor):
        asked = {**self.ASKED, "state": "s", "nonce": "n"}
        answer = visitor.sign_in(self.AUTH, asked, name="Ada Lovelace")
        assert f'action="{CALLBACK}"' in answer.text
        got = sent(answer)
        assert json.loads(got["user"]) == {
            "name": {"firstName": "Ada", "lastName": "Lovelace"},
            "email": "ada@example.com",
        }
        tokens = self.redeem(visitor, got["code"]).json()
        claims = self.verified(tokens["id_token"])
        assert (claims["nonce"], claims["email"], claims["nonce_supported"]) == ("n", "ada@example.com", True)
        assert "name" not in claims
        assert claims["exp"] - claims["iat"] == 86400
        assert "user" not in sent(visitor.sign_in(self.AUTH, asked, name="Ada Lovelace"))
        assert "user" in sent(visitor.sign_in(self.AUTH, asked, email="b@x.org"))
        assert "user" in sent(visitor.sign_in(self.AUTH, {**asked, "client_id": "other"}))

    def test_scopes_demand_a_form(self, visitor):
        page = visitor.get(self.AUTH, **{**self.ASKED, "response_mode": "query", "redirect_uri": CALLBACK})
        assert page.status_code == 400
        assert "response_mode must be form_post" in page.text
        asked = {"client_id": "app", "response_type": "code"}
        claims = self.verified(
            self.redeem(visitor, sent(visitor.sign_in(self.AUTH, asked))["code"]).json()["id_token"]
        )
        assert "email" not in claims

    @pytest.mark.parametrize(
        "change",
        [
            {"iss": None},
            {"sub": "other"},
            {"aud": "https://apple.com"},
            {"iat": None},
            {"exp": None},
            {"exp": 1},
            {"exp": 2**40},
            {"exp": "soon"},
            {"kid": None},
            {"key": "k" * 40, "algorithm": "HS256"},
        ],
    )
    def test_the_form_of_the_client_secret_is_checked(self, visitor, change):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]
        answer = self.redeem(visitor, code, client_secret=self.secret(visitor, **change))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
        assert self.redeem(visitor, code).status_code == 200

    @pytest.mark.parametrize("secret", ["", "x", "a.b.c", "e30.e30.e30", "s" * 9999, "é.é.é"])
    def test_no_token_is_no_secret(self, visitor, secret):
        assert self.redeem(visitor, "x", client_secret=secret).json()["error"] == "invalid_client"

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"code": "x"}, "invalid_grant"),
            ({"redirect_uri": "http://x"}, "invalid_grant"),
            ({"client_id": "b"}, "invalid_client"),
            ({"grant_type": "x"}, "unsupported_grant_type"),
            ({"grant_type": "refresh_token"}, "invalid_grant"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, visitor, change, error):
        code = sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]
        answer = self.redeem(visitor, **{"code": code, **change})
        assert (answer.status_code, answer.json()["error"]) == (400, error)

    def test_refresh_and_revoke(self, visitor):
        tokens = self.redeem(visitor, sent(visitor.sign_in(self.AUTH, self.ASKED))["code"]).json()
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        fresh = self.redeem(visitor, "", **form).json()
        assert self.verified(fresh["id_token"])
        assert "refresh_token" not in fresh
        gone = {"client_id": "app", "client_secret": self.secret(visitor), "token": tokens["refresh_token"]}
        assert visitor.post("/apple/auth/revoke", gone).status_code == 200
        assert self.redeem(visitor, "", **form).json()["error"] == "invalid_grant"

    def test_faults(self, visitor):
        assert sent(visitor.sign_in(self.AUTH, self.ASKED, fault="denied")) == {
            "error": "user_cancelled_authorize"
        }
        for fault, raised in (
            ("expired", jwt.ExpiredSignatureError),
            ("signature", jwt.InvalidSignatureError),
        ):
            code = sent(visitor.sign_in(self.AUTH, self.ASKED, fault=fault))["code"]
            with pytest.raises(raised):
                self.verified(self.redeem(visitor, code).json()["id_token"])
