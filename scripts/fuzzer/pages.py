"""Requests to a domain's pages and endpoints, to issuers' documents, to the stand-ins and to the control API."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from cogmock.control import api
from cogmock.web import routes
from scripts.fuzzer.calls import FORM, torn
from scripts.fuzzer.values import PASSWORD, Values, mutated

METHODS = ("GET",) * 6 + ("POST",) * 6 + ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH")
NAMES = """
client_id client_secret redirect_uri logout_uri response_type scope state nonce code code_verifier
code_challenge code_challenge_method grant_type refresh_token token token_type_hint identity_provider
idp_identifier login_hint lang prompt max_age acr_values resource response_mode username password csrf _csrf
confirmation_code user_name email phone_number answer session SAMLRequest SAMLResponse RelayState SigAlg
Signature persona sub claims fault error error_description cognitoAsfData aws_client_metadata request
request_uri client_assertion id_token_hint
"""
FIELDS = NAMES.split()
CHOICES = {
    "response_type": ("code", "token", "code token", "id_token", "none"),
    "grant_type": ("authorization_code", "refresh_token", "client_credentials", "password"),
    "scope": ("openid", "openid email", "a/b", "openid  openid", "aws.cognito.signin.user.admin"),
    "redirect_uri": (
        "http://localhost:3000/callback",
        "https://evil.example/",
        "javascript:alert(1)",
        "myapp://x",
    ),
    "code_challenge_method": ("S256", "plain"),
    "prompt": ("none", "login", "select_account", "consent login"),
    "identity_provider": ("COGNITO", "Google", "Nobody"),
    "lang": ("en", "de", "zh-CN", "xx", "ar"),
    "username": ("ada", "ada@example.com"),
    "password": (PASSWORD,),
    "wait": ("0", "-1", "0.01", "x"),
    "after": ("0", "1", "x"),
}
STAND_INS = ("oidc/google", "oidc/company", "saml/company", "google", "facebook", "amazon", "apple", "x")
PARTS = (
    "authorize",
    "token",
    "metadata",
    "sso",
    "logout",
    "jwks",
    ".well-known/openid-configuration",
    "userinfo",
)
DOCUMENTS: tuple[Any, ...] = (
    {"advance_seconds": 1},
    {"now": "2030-01-01T00:00:00Z"},
    {"reset": True},
    {"username": "ada", "scopes": ["a/b"], "groups": ["staff"]},
    {"action": "s3:GetObject", "resource": "arn:aws:s3:::a", "context": {"a": "b"}, "access_key_id": "ASIA"},
    {"pools": [{"PoolName": "doc", "clients": [{"ClientName": "web"}], "users": [{"Username": "dan"}]}]},
    {"token": "a.b.c"},
)
LEFT_OUT = {"/reset", "/events"}
"""The run resets the server itself; a stream of events has no end."""


def domain_request(values: Values) -> tuple[str, str, dict[str, str], bytes]:
    """Method, path, headers and body of a request to a pool's domain, an issuer's document or a stand-in."""
    chance = values.chance
    rule = chance.choice(_rules())
    path = rule
    if "<" in rule:
        pool = values.known("UserPoolId") or "us-east-1_aaaaaaaaa"
        path = rule.replace("<pool_id>", pool).replace(
            "<document>", chance.choice(("jwks.json", "openid-configuration", "x"))
        )
        stand_in = f"{chance.choice(STAND_INS)}/{chance.choice(PARTS)}"
        path = path.replace(
            "<path:rest>", stand_in if chance.random() < 0.9 else quote(values.odd_text(), errors="replace")
        )
    if chance.random() < 0.02:
        path += quote(values.odd_text(), errors="replace")
    return _with_fields(values, chance.choice(METHODS), path)


def control_request(values: Values) -> tuple[str, str, dict[str, str], bytes]:
    """Method, path, headers and body of a request to the control API."""
    chance = values.chance
    path = chance.choice([path for path in (api.CALLS) if path not in LEFT_OUT])
    if chance.random() < 0.5:
        method, url, headers, _ = _with_fields(values, chance.choice(METHODS), f"/_cogmock{path}")
        return method, url, headers, b""
    document = chance.choice(DOCUMENTS)
    if isinstance(document, dict):
        document = document | {
            "user_pool_id": values.text("UserPoolId"),
            "client_id": values.text("ClientId"),
        }
    for _ in range(chance.choice((0, 1, 1, 2))):
        document = mutated(chance, document, values.odd())
    body = json.dumps(document).encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        body = torn(values, body)
    media = chance.choice(
        ("application/json",) * 6 + ("application/yaml", "application/toml", "text/plain", "")
    )
    return "POST", f"/_cogmock{path}", {"Content-Type": media}, body


def _rules() -> list[str]:
    global _found  # noqa: PLW0603 - the map of all paths is made once
    if not _found:
        every = {rule.rule for rule in routes.routes(domain=True).iter_rules()}
        _found = sorted(rule for rule in every if not rule.startswith("/_cogmock") or "<" in rule)
    return _found


_found: list[str] = []


def _with_fields(values: Values, method: str, path: str) -> tuple[str, str, dict[str, str], bytes]:
    chance = values.chance
    names = chance.sample(FIELDS, chance.choice((0, 2, 4, 6, 9)))
    if chance.random() < 0.7:
        names += ["client_id", "redirect_uri", "response_type"]
    if path.startswith("/_cogmock"):
        names = chance.sample(("user_pool_id", "username", "wait", "after", "format", "destination", "x"), 2)
    form = "&".join(f"{name}={_field(values, name)}" for name in names)
    headers: dict[str, str] = {}
    if chance.random() < 0.2:
        headers["Authorization"] = _authorization(values)
    if chance.random() < 0.3:
        headers["Cookie"] = (
            f"XSRF-TOKEN={chance.choice(('a', '', 'x' * 40))}; cognito={values.known('cookie') or 'a'}"
        )
    if chance.random() < 0.1:
        headers["Accept"] = chance.choice(("text/html", "*/*", "application/json", ",;q=x"))
    if method in {"POST", "PUT", "PATCH"} and chance.random() < 0.8:
        media = chance.choice((FORM,) * 8 + ("application/json", "multipart/form-data; boundary=x", ""))
        body = form.encode()
        return (
            method,
            path,
            headers | {"Content-Type": media},
            torn(values, body) if chance.random() < 0.05 else body,
        )
    return method, f"{path}?{form}"[:8000], headers, b""


def _field(values: Values, name: str) -> str:
    draw = values.chance.random()
    if draw < 0.6 and name in CHOICES:
        text = values.chance.choice(CHOICES[name])
    else:
        text = values.text(name)
        if name == "wait" and text not in CHOICES["wait"]:
            text = "0"
    return quote(text.encode("utf-8", "surrogatepass"))


def _authorization(values: Values) -> str:
    draw = values.chance.random()
    if draw < 0.4:
        return f"Bearer {values.known('AccessToken') or 'a.b.c'}"
    if draw < 0.8:
        pair = f"{values.text('client_id')}:{values.text('client_secret')}"
        return f"Basic {base64.b64encode(pair.encode('utf-8', 'replace')).decode()}"
    return values.chance.choice(("Basic", "Basic %%%", "Bearer", "x", "Bearer " + "a" * 3000))
