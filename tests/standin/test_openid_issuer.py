"""The OpenID issuer: each endpoint, and each fault, as a relying party sees it."""

import base64
import hashlib

import jwt
import pytest
import requests
from support.standin_visitor import CALLBACK, IDP, sent

ISSUER = f"{IDP}/oidc/acme"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Client:
    """A relying party of the issuer, with any id and secret."""

    def __init__(self, visitor):
        self.visitor = visitor

    def code(self, asked=None, **fields):
        asked = {"client_id": "app", "response_type": "code", "scope": "openid email profile"} | (asked or {})
        return sent(self.visitor.sign_in("/oidc/acme/authorize", asked, **fields))

    def redeem(self, code, auth=("app", "s3cret"), **more):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **more}
        return self.visitor.post("/oidc/acme/token", form, auth=auth)

    def tokens(self, asked=None, **fields):
        answer = self.redeem(self.code(asked, **fields)["code"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def verified(self, token, nonce=None, secret=None, **options):
        """The claims, as a relying party accepts them. Raises jwt.PyJWTError."""
        header = jwt.get_unverified_header(token)
        key = secret or jwt.PyJWKClient(f"{ISSUER}/jwks").get_signing_key(header["kid"]).key
        now = self.visitor.world.clock.now()
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256", "ES256", "HS256"],
            audience="app",
            issuer=ISSUER,
            options={"require": ["exp", "iat"]},
            leeway=300,
            **options,
        )
        assert claims["iat"] <= now < claims["exp"]
        if claims.get("nonce") != nonce:
            raise jwt.InvalidTokenError("another nonce")
        return claims


@pytest.fixture
def client(visitor):
    return Client(visitor)


def test_discovery_names_what_is_there(visitor):
    found = visitor.get("/oidc/acme/.well-known/openid-configuration").json()
    assert found["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert requests.options(found[name]).status_code == 204
        assert requests.get(found[name], allow_redirects=False).status_code in {200, 400, 401, 405}
    assert found["response_types_supported"][0] == "code"


def test_each_issuer_has_keys_of_its_own(visitor):
    kids = [
        [key["kid"] for key in visitor.get(f"/oidc/{name}/jwks").json()["keys"]] for name in ("acme", "b")
    ]
    assert len({kid for of in kids for kid in of}) == 4


class TestSignIn:
    def test_a_code_for_tokens(self, client):
        got = client.code({"state": "x&y", "nonce": "n"})
        assert got["state"] == "x&y"
        tokens = client.redeem(got["code"]).json()
        claims = client.verified(tokens["id_token"], nonce="n")
        assert claims["email"] == "ada@example.com"
        assert claims["email_verified"] is True
        assert claims["sub"].startswith("acme-")
        assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)

    def test_the_same_address_is_the_same_user(self, client):
        subs = {
            client.verified(client.tokens(email=email)["id_token"])["sub"] for email in ("a@x.org", "A@X.org")
        }
        assert len(subs) == 1

    def test_fields_and_claims_arrive(self, client):
        typed = {
            "sub": "42",
            "email": "b@x.org",
            "name": "Bo Li",
            "claims": '{"groups": ["a"], "email_verified": false}',
        }
        claims = client.verified(client.tokens(**typed)["id_token"])
        assert claims["sub"] == "42"
        assert (claims["name"], claims["given_name"], claims["family_name"]) == ("Bo Li", "Bo", "Li")
        assert (claims["groups"], claims["email_verified"]) == (["a"], False)

    def test_a_persona_is_one_click(self, client):
        claims = client.verified(client.tokens(persona="grace@example.com")["id_token"])
        assert (claims["email"], claims["family_name"]) == ("grace@example.com", "Hopper")

    def test_scopes_open_claims(self, client):
        claims = client.verified(
            client.tokens({"scope": "openid"}, name="Ada", claims='{"x": 1}')["id_token"]
        )
        assert "email" not in claims
        assert "name" not in claims
        assert claims["x"] == 1

    def test_without_openid_there_is_no_id_token(self, client):
        assert "id_token" not in client.tokens({"scope": "email"})

    def test_a_login_hint_fills_the_form(self, visitor):
        for hint, field in (("bob@x.org", "email"), ("bob", "sub")):
            asked = {"client_id": "a", "redirect_uri": CALLBACK, "response_type": "code", "login_hint": hint}
            page = visitor.get("/oidc/acme/authorize", **asked)
            assert f'name="{field}" value="{hint}"' in page.text

    def test_the_page_says_that_it_is_a_stand_in(self, visitor):
        page = visitor.get("/oidc/acme/authorize", client_id="a", redirect_uri=CALLBACK, response_type="code")
        assert "Stand-in for tests" in page.text
        assert "Stand-in for tests" in visitor.get("/oidc/acme/authorize").text

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
    @pytest.mark.parametrize("by", ["form", "request", "registration"])
    def test_the_algorithm_can_be_chosen(self, visitor, client, algorithm, by):
        secret = "s" * 40
        client_id, asked, fields = "app", {}, {}
        if by == "form":
            fields = {"algorithm": algorithm}
        elif by == "request":
            asked = {"id_token_signed_response_alg": algorithm}
        else:
            metadata = {"redirect_uris": [CALLBACK], "id_token_signed_response_alg": algorithm}
            made = visitor.post("/oidc/acme/register", json=metadata)
            assert made.status_code == 201
            client_id, secret = made.json()["client_id"], made.json()["client_secret"]
        code = client.code({"client_id": client_id, **asked}, **fields)["code"]
        token = client.redeem(code, (client_id, secret)).json()["id_token"]
        assert jwt.get_unverified_header(token)["alg"] == algorithm
        key = (
            secret
            if algorithm == "HS256"
            else jwt.PyJWKClient(f"{ISSUER}/jwks").get_signing_key_from_jwt(token).key
        )
        assert jwt.decode(token, key, algorithms=[algorithm], audience=client_id, leeway=300)["iss"] == ISSUER

    @pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
    def test_response_modes(self, client, mode):
        assert client.redeem(client.code({"response_mode": mode})["code"]).status_code == 200

    def test_a_hybrid_answer_binds_code_and_access_token(self, client):
        got = client.code({"response_type": "code id_token token", "nonce": "n"})
        claims = client.verified(got["id_token"], nonce="n")
        for name, value in (("c_hash", got["code"]), ("at_hash", got["access_token"])):
            half = hashlib.sha256(value.encode()).digest()[:16]
            assert claims[name] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()

    def test_an_authorization_request_may_come_by_post(self, visitor):
        asked = {"client_id": "a", "redirect_uri": CALLBACK, "response_type": "code"}
        answer = visitor.post("/oidc/acme/authorize", asked)
        assert answer.status_code == 303
        assert visitor.session.get(answer.headers["Location"]).status_code == 200


class TestToken:
    def test_a_code_is_good_once(self, client):
        code = client.code()["code"]
        assert client.redeem(code).status_code == 200
        again = client.redeem(code)
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        assert "used before" in again.json()["error_description"]

    def test_a_code_expires(self, client):
        code = client.code()["code"]
        client.visitor.cognito.clock.advance(minutes=5, seconds=1)
        assert client.redeem(code).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        ("change", "status", "error"),
        [
            ({"redirect_uri": "http://localhost:9/"}, 400, "invalid_grant"),
            ({"grant_type": ""}, 400, "unsupported_grant_type"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"code": ""}, 400, "invalid_request"),
            ({"code": "\ud800x".encode("utf-8", "surrogatepass")}, 400, "invalid_grant"),
            ({"auth": ("other", "s")}, 400, "invalid_grant"),
            ({"auth": None}, 401, "invalid_client"),
            ({"code_verifier": VERIFIER}, 400, "invalid_grant"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, client, change, status, error):
        answer = client.redeem(**{"code": client.code()["code"], **change})
        assert (answer.status_code, answer.json()["error"]) == (status, error)

    @pytest.mark.parametrize("auth", ["basic", "post", "none"])
    def test_clients_authenticate_in_each_way(self, client, auth):
        code = client.code({"client_id": "my app"})["code"]
        more = {"auth": None, "client_id": "my app"} | ({"client_secret": "x"} if auth == "post" else {})
        if auth == "basic":
            more = {"auth": ("my%20app", "x")}
        assert client.redeem(code, **more).status_code == 200

    @pytest.mark.parametrize(
        ("method", "challenge"), [("S256", CHALLENGE), ("plain", VERIFIER), (None, VERIFIER)]
    )
    def test_pkce(self, client, method, challenge):
        asked = {"code_challenge": challenge} | ({"code_challenge_method": method} if method else {})
        for verifier, status in (("w" * 43, 400), ("", 400), (VERIFIER, 200)):
            code = client.code(asked)["code"]
            assert client.redeem(code, code_verifier=verifier).status_code == status

    def test_refresh_tokens_are_given_where_asked_for(self, client):
        tokens = client.tokens({"scope": "openid offline_access", "nonce": "n"})
        assert "refresh_token" not in client.tokens()
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        fresh = client.visitor.post("/oidc/acme/token", form, auth=("app", "x")).json()
        assert client.verified(fresh["id_token"], nonce="n")
        assert (
            client.visitor.post("/oidc/acme/token", form, auth=("b", "x")).json()["error"] == "invalid_grant"
        )
        form["refresh_token"] = "x"
        assert client.visitor.post("/oidc/acme/token", form, auth=("app", "x")).status_code == 400

    def test_hmac_needs_a_secret(self, client):
        code = client.code(algorithm="HS256")["code"]
        assert client.redeem(code, None, client_id="app").status_code == 401


class TestUserinfo:
    def test_by_get_and_post(self, client):
        tokens = client.tokens()
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        sub = client.verified(tokens["id_token"])["sub"]
        answers = [
            requests.get(f"{ISSUER}/userinfo", headers=bearer),
            requests.post(f"{ISSUER}/userinfo", headers=bearer),
            requests.post(f"{ISSUER}/userinfo", data={"access_token": tokens["access_token"]}),
        ]
        for answer in answers:
            assert answer.json() == {"sub": sub, "email": "ada@example.com", "email_verified": True}

    def test_other_tokens_are_refused(self, client):
        token = client.tokens()["access_token"]
        client.visitor.cognito.clock.advance(hours=1)
        for bearer in (f"Bearer {token}", "Bearer x", "Basic eDp5", "Bearer", ""):
            answer = requests.get(f"{ISSUER}/userinfo", headers={"Authorization": bearer} if bearer else {})
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
            assert "invalid_token" in answer.headers["WWW-Authenticate"]

    def test_a_token_of_another_issuer_is_refused(self, client):
        bearer = {"Authorization": f"Bearer {client.tokens()['access_token']}"}
        assert requests.get(f"{IDP}/oidc/other/userinfo", headers=bearer).status_code == 401


class TestFaults:
    """A relying party that checks all it should refuses each, for the reason that the fault names."""

    @pytest.mark.parametrize(
        ("fault", "raised"),
        [
            ("expired", jwt.ExpiredSignatureError),
            ("audience", jwt.InvalidAudienceError),
            ("issuer", jwt.InvalidIssuerError),
            ("signature", jwt.InvalidSignatureError),
        ],
    )
    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256"])
    def test_the_id_token_is_broken_so_and_in_nothing_else(self, client, fault, raised, algorithm):
        secret = "s" * 40
        code = client.code(fault=fault, algorithm=algorithm)["code"]
        token = client.redeem(code, ("app", secret)).json()["id_token"]
        with pytest.raises(raised):
            client.verified(token, secret=secret if algorithm == "HS256" else None)
        skipped = {f"verify_{name}": False for name in ("exp", "aud", "iss")}
        good = {"expired": "exp", "audience": "aud", "issuer": "iss"}.get(fault)
        if good:
            skipped = {f"verify_{good}": False}
            key = (
                secret
                if algorithm == "HS256"
                else jwt.PyJWKClient(f"{ISSUER}/jwks").get_signing_key_from_jwt(token).key
            )
            assert jwt.decode(
                token, key, algorithms=[algorithm], audience="app", issuer=ISSUER, options=skipped, leeway=300
            )

    def test_nonce(self, client):
        token = client.tokens({"nonce": "n"}, fault="nonce")["id_token"]
        with pytest.raises(jwt.InvalidTokenError, match="another nonce"):
            client.verified(token, nonce="n")
        assert "nonce" in jwt.decode(
            client.tokens(fault="nonce")["id_token"], options={"verify_signature": False}
        )

    def test_unsigned(self, client):
        token = client.tokens(fault="unsigned")["id_token"]
        assert jwt.get_unverified_header(token)["alg"] == "none"
        assert token.endswith(".")

    def test_denied(self, client):
        got = client.code({"state": "s"}, fault="denied")
        assert got == {"error": "access_denied", "state": "s"}

    def test_replay(self, client):
        asked = {"client_id": "app", "response_type": "code", "scope": "openid"}
        early = client.visitor.sign_in("/oidc/acme/authorize", asked, fault="replay")
        assert early.status_code == 409
        code = client.code()["code"]
        assert client.redeem(code).status_code == 200
        again = client.code({"state": "new"}, fault="replay")
        assert again == {"code": code, "state": "new"}
        assert client.redeem(again["code"]).json()["error"] == "invalid_grant"

    def test_a_broken_sign_in_is_not_replayed(self, client):
        good = client.code()["code"]
        client.redeem(good)
        client.tokens(fault="expired")
        assert client.code(fault="replay")["code"] == good


class TestForm:
    ASKED = {"client_id": "app", "response_type": "code", "scope": "openid"}

    @pytest.mark.parametrize(
        "typed",
        [
            {"email": ""},
            {"persona": "nobody@example.com"},
            {"fault": "sabotage"},
            {"claims": "{"},
            {"claims": "[]"},
            {"claims": '{"x": NaN}'},
            {"claims": "[" * 60000},
            {"claims": '{"x": "\\ud800"}'},
            {"claims": '{"sub": 7}'},
            {"claims": '{"sub": ""}', "email": ""},
            {"claims": "x" * 70000},
            {"sub": "x" * 256},
            {"algorithm": "RS512"},
            {"sign": "all"},
        ],
    )
    def test_what_cannot_be_used_is_said_on_the_page(self, visitor, typed):
        answer = visitor.sign_in("/oidc/acme/authorize", self.ASKED, **{"email": "a@x.org", **typed})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://localhost:4578", "http://[", ""]
    )
    def test_a_form_of_another_origin_is_refused(self, visitor, origin):
        url = f"{ISSUER}/authorize"
        data = {"email": "a@x.org"}
        params = {"redirect_uri": CALLBACK, **self.ASKED}
        answer = requests.post(
            url, params=params, data=data, headers={"Origin": origin}, allow_redirects=False
        )
        assert answer.status_code == 403
        assert "Location" not in answer.headers
        own = {"Origin": "http://localhost:4577"}
        assert (
            requests.post(url, params=params, data=data, headers=own, allow_redirects=False).status_code
            == 302
        )
        crossed = {"Sec-Fetch-Site": "cross-site"}
        assert (
            requests.post(url, params=params, data=data, headers=crossed, allow_redirects=False).status_code
            == 403
        )


class TestBadRequests:
    @pytest.mark.parametrize(
        "change",
        [
            {"client_id": ""},
            {"redirect_uri": ""},
            {"redirect_uri": "/callback"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": "http://"},
            {"redirect_uri": "http://[::1"},
            {"redirect_uri": CALLBACK + "#x"},
            {"redirect_uri": CALLBACK + "\r\nX: y"},
            {"response_mode": "web_message"},
            {"response_mode": "query", "response_type": "id_token"},
        ],
    )
    def test_a_page_says_what_is_wrong_and_leads_nowhere(self, visitor, change):
        asked = {
            "client_id": "a",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            **change,
        }
        answer = visitor.get("/oidc/acme/authorize", **asked)
        assert answer.status_code == 400
        assert "Location" not in answer.headers

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"response_type": ""}, "invalid_request"),
            ({"response_type": "device"}, "unsupported_response_type"),
            ({"response_type": "id_token"}, "invalid_request"),
            ({"prompt": "none"}, "login_required"),
            ({"request": "x"}, "request_not_supported"),
            ({"request_uri": "x"}, "request_uri_not_supported"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge": CHALLENGE, "code_challenge_method": "S512"}, "invalid_request"),
            ({"scope": ["openid", "email"]}, "invalid_request"),
        ],
    )
    def test_the_client_is_told(self, visitor, change, error):
        asked = {"client_id": "a", "redirect_uri": CALLBACK, "response_type": "code", "state": "s", **change}
        got = sent(visitor.get("/oidc/acme/authorize", **asked))
        assert (got["error"], got["state"]) == (error, "s")

    def test_registration_refuses_what_it_cannot_do(self, visitor):
        for metadata in ("[]", "{", '{"id_token_signed_response_alg": "none"}', "[" * 50000):
            answer = visitor.post("/oidc/acme/register", metadata)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")

    def test_sign_out_leads_back(self, visitor):
        answer = visitor.get("/oidc/acme/logout", post_logout_redirect_uri=CALLBACK, state="s")
        assert answer.headers["Location"] == f"{CALLBACK}?state=s"
        assert visitor.get("/oidc/acme/logout").status_code == 200
        assert visitor.get("/oidc/acme/logout", post_logout_redirect_uri="data:x").status_code == 400
