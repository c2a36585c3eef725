"""A pool's domain answers every request, and never with an internal error."""

from __future__ import annotations

import random
from itertools import product
from urllib.parse import quote

import pytest
from support.browser import CALLBACK
from support.hostile_values import MARKUP, PATHS, SHOWN_TO_EVERYBODY, STRANGE, plain, sent

PARAMETERS = [
    *(
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "lang",
        "login_hint",
        "prompt",
    ),
    *("resource", "acr_values", "max_age", "code_challenge", "code_challenge_method", "identity_provider"),
    *("idp_identifier", "logout_uri", "error", "message", "error_description"),
]
FIELDS = [
    *("grant_type", "code", "code_verifier", "refresh_token", "client_id", "client_secret", "redirect_uri"),
    *("token", "scope", "aws_client_metadata", "username", "password", "_csrf", "continue", "answer"),
    *("requiredAttributes[email]", "userAttributes.name", "device_name", "address", "resend"),
]
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "FOO"]
TYPES = [
    *("", "application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data"),
    *("application/x-www-form-urlencoded; charset=utf-16", "x", "application/x-www-form-urlencoded;;;"),
]
BODIES = [
    *(b"", b"\x00\xff\xfe", b"{}", b'{"grant_type": "client_credentials"}', b"=&=&=", b"&&&&", b"a"),
    *(b"grant_type", b"grant_type=%", b"\xef\xbb\xbfgrant_type=code", b"--x\r\n\r\n--x--", b"a=b;c=d"),
]

HEADERS = [
    {"Cookie": "a" * 100_000},
    {"Cookie": ";;;=;=a;b=;" * 500},
    {"Cookie": "cognito=\xff\xfe; lang=\x00; page-data="},
    {"Cookie": 'XSRF-TOKEN="\\015\\012Set-Cookie: evil=1"; lang="\\015\\012evil: 1"'},
    {"Authorization": "Bearer " + "[" * 100_000},
    {"Authorization": "Bearer e30." + "W1tb" * 50_000 + ".x"},
    {"Authorization": "Bearer " + "W1tb" * 50_000 + ".e30.x"},
    {"Authorization": "Bearer W10.W10.W10"},
    {"Authorization": "Bearer eyJhbGciOltdfQ.e30."},
    {"Authorization": "Bearer \xe9.\xe9.\xe9"},
    {"Authorization": "Basic \xe9"},
    {"Authorization": "Basic Og=="},
    {"Authorization": "Digest a=b"},
    {"Authorization": ""},
    {"Accept-Language": "x" * 10_000, "User-Agent": "\xff" * 1000, "Referer": "javascript:alert(1)"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"},
    {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/_cogmock/reset"},
]


def usual(env, **more):
    given = {"client_id": env.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
    given = {name: quote(value) for name, value in given.items()} | more
    return "&".join(f"{name}={value}" for name, value in given.items())


class TestEveryParameter:
    @pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
    def test_may_be_anything_in_the_query(self, env, value):
        for path, name in product(SHOWN_TO_EVERYBODY, PARAMETERS):
            plain(sent(env.application, "GET", path, usual(env, **{name: value})))

    @pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
    def test_may_be_anything_in_the_form(self, env, value):
        fields = {"grant_type": "authorization_code", "client_id": env.client_id, "_csrf": "t"}
        cookie = {"Cookie": "XSRF-TOKEN=t"}
        for path, name in product(PATHS, FIELDS):
            body = _joined({**fields, name: value})
            plain(sent(env.application, "POST", path, usual(env), body, headers=cookie))

    @pytest.mark.parametrize("name", ["state", "client_id", "redirect_uri", "username", "token", "_csrf"])
    def test_may_be_a_megabyte(self, env, name):
        long = "x" * 1_000_000
        for path in PATHS:
            plain(sent(env.application, "GET", path, usual(env, **{name: long})))
            plain(sent(env.application, "POST", path, usual(env), f"{name}={long}"))

    def test_may_come_ten_thousand_times(self, env):
        many = "&".join(f"p{index}={index}" for index in range(10_000))
        for path, method in product(PATHS, ["GET", "POST"]):
            assert plain(sent(env.application, method, path, many)).status >= 400
            plain(sent(env.application, method, path, "", many))

    def test_may_come_twice(self, env):
        for path, name in product(PATHS, [*PARAMETERS, *FIELDS]):
            twice = f"{usual(env)}&{name}=a&{name}=https://evil.example"
            answer = plain(sent(env.application, "GET", path, twice))
            assert not answer.headers.get("location", "").startswith("https://evil.example")
            plain(sent(env.application, "POST", path, usual(env), twice))


class TestEveryRequest:
    @pytest.mark.parametrize("method", METHODS)
    def test_may_have_any_method(self, env, method):
        for path in PATHS:
            answer = plain(sent(env.application, method, path, usual(env)))
            assert answer.status in {200, 302, 400, 401, 403, 405}

    @pytest.mark.parametrize("kind", TYPES)
    def test_may_have_any_body(self, env, kind):
        for path, body in product(PATHS, BODIES):
            plain(sent(env.application, "POST", path, usual(env), body, content_type=kind))

    @pytest.mark.parametrize("headers", HEADERS, ids=lambda of: f"{len(str(of))} of {next(iter(of))}")
    def test_may_have_any_header(self, env, headers):
        for path, method, query in product(PATHS, ["GET", "POST"], [usual(env), ""]):
            answer = plain(sent(env.application, method, path, query, "token=x", headers=headers))
            assert "evil.example" not in answer.headers.get("location", "")

    @pytest.mark.parametrize(
        "host", [None, "", "evil.example", "x" * 5000, "[::1", "a b", "a@b", "\xff", ":", "-"]
    )
    def test_may_have_any_host(self, env, host):
        for path in PATHS:
            answer = plain(sent(env.application, "GET", path, usual(env), host=host))
            assert "evil" not in answer.headers.get("location", "")

    @pytest.mark.parametrize(
        "path",
        [
            *(
                "/oauth2",
                "/oauth2/",
                "/oauth2/token/",
                "//oauth2/token",
                "/oauth2/%74oken%00",
                "/oauth2/../login",
            ),
            *(
                "/login/",
                "/LOGIN",
                "/login;a=b",
                "/login%0a",
                "/./login",
                "/%2e%2e/login",
                "/login%2f",
                "/\xff",
            ),
            *("//evil.example/login", "/\\evil.example", "/.well-known/../oauth2/token", "/oauth2/userinfo"),
        ],
    )
    def test_has_nothing_at_a_path_that_is_nearly_one(self, env, path):
        answer = plain(sent(env.application, "GET", path, usual(env)))
        assert answer.status in {404, 405}
        assert "location" not in answer.headers


class TestMarkupInPages:
    @pytest.mark.parametrize("markup", MARKUP.values(), ids=MARKUP)
    def test_is_text(self, env, markup):
        for path, name in product(SHOWN_TO_EVERYBODY, PARAMETERS):
            answer = plain(sent(env.application, "GET", path, usual(env, **{name: quote(markup)})))
            for raw in (
                b"<script>a",
                b"<img src=x",
                b"<svg",
                b"<base",
                b'evil.example/"',
                b'onfocus=alert(1) x="',
            ):
                assert raw not in answer.body.replace(b"&#34;", b"'"), path


class TestRandomRequests:
    """Requests that were put together at random. Each seed is the same ones each time."""

    @pytest.mark.parametrize("seed", range(8))
    def test_finds_no_fault(self, env, seed):
        chance = random.Random(seed)
        values = [
            *STRANGE.values(),
            *map(quote, MARKUP.values()),
            env.client_id,
            quote(CALLBACK),
            "code",
            "token",
        ]
        values = [value for value in values if len(value) < 5000]
        kinds = ["authorization_code", "refresh_token", "client_credentials"]
        for _ in range(60):
            pairs = {name: chance.choice(values) for name in chance.sample(PARAMETERS, chance.randint(0, 6))}
            query = usual(env, **pairs) if chance.random() < 0.7 else _joined(pairs)
            fields = {name: chance.choice(values) for name in chance.sample(FIELDS, chance.randint(0, 8))}
            if chance.random() < 0.7:
                fields |= {"grant_type": chance.choice(kinds), "client_id": env.client_id, "_csrf": "t"}
            headers = {"Cookie": f"XSRF-TOKEN=t; page-data={chance.choice(values)}"}
            if chance.random() < 0.3:
                headers["Authorization"] = chance.choice(["Bearer ", "Basic ", ""]) + chance.choice(values)
            method, path = chance.choice(["GET", "POST", "POST"]), chance.choice(PATHS)
            plain(sent(env.application, method, path, query, _joined(fields), headers=headers))


def _joined(pairs):
    return "&".join(f"{name}={value}" for name, value in pairs.items())
