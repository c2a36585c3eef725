"""Every request of an API, an endpoint or a page leaves one entry in the journal."""

from __future__ import annotations

import json

import pytest
from support.browser import CALLBACK, post
from support.domain_fixtures import domain_of, env
from support.http import ask

from cogmock.wire import json11

__all__ = ["domain_of", "env"]


def last(env):
    return ask(env.application, "GET", "/_cogmock/requests").json["requests"][-1]


class TestDomain:
    def test_a_refused_callback_is_listed_with_what_the_client_has(self, env):
        ask(env.application, "GET", env.url(redirect_uri="http://localhost:5173/"))
        entry = last(env)
        assert (entry["kind"], entry["method"], entry["path"]) == ("oauth", "GET", "/oauth2/authorize")
        assert entry["status"] == 302
        assert entry["reason"] == f"asked http://localhost:5173/, the client has {CALLBACK}"

    def test_a_refused_logout_as_well(self, env):
        ask(env.application, "GET", f"/logout?client_id={env.client_id}&logout_uri=http://localhost:1/")
        assert (
            last(env)["reason"]
            == "the logout_uri http://localhost:1/ is not among the client's LogoutURLs: http://localhost:3000/bye"
        )

    def test_a_refusal_in_json_has_error_and_reason(self, env):
        fields = {"grant_type": "authorization_code", "client_id": env.client_id, "code": "x"}
        post(env.application, "/oauth2/token", {**fields, "redirect_uri": CALLBACK})
        entry = last(env)
        assert (entry["kind"], entry["method"], entry["path"]) == ("oauth", "POST", "/oauth2/token")
        assert (entry["status"], entry["error"]) == (400, "invalid_grant")
        assert entry["reason"] == "the client has no such code"

    def test_a_page_is_a_page(self, env):
        env.browser().go(env.url("/login"))
        entry = last(env)
        assert (entry["kind"], entry["path"], entry["status"]) == ("page", "/login", 200)
        assert (entry["account"], entry["region"]) == ("123456789012", "us-east-1")
        assert entry["parameters"]["redirect_uri"] == "http://localhost:3000/callback"

    def test_what_a_form_holds_is_masked(self, env):
        env.browser().go(env.url("/login", state="mine", nonce="once"))
        entry = last(env)
        assert (entry["parameters"]["state"], entry["parameters"]["nonce"]) == ("***", "***")
        browser = env.browser()
        browser.go(env.url("/login"))
        browser.submit({"username": "nobody", "password": "secret"})
        entry = last(env)
        assert (entry["parameters"]["username"], entry["parameters"]["password"]) == ("nobody", "***")

    def test_what_is_too_much_is_listed_too(self, env):
        ask(env.application, "GET", "/login?" + "&".join(f"a{number}=" for number in range(201)))
        assert (last(env)["status"], last(env)["reason"]) == (400, "too many parameters")


class TestApis:
    def test_a_call_is_an_api(self, env):
        env.idp.list_user_pools(MaxResults=1)
        entry = last(env)
        assert (entry["kind"], entry["method"], entry["path"]) == ("api", "POST", "/")

    @pytest.mark.parametrize(
        ("headers", "body", "status", "code"),
        [
            (
                {"X-Amz-Target": "AWSCognitoIdentityProviderService.GetUser"},
                b"{",
                500,
                "InternalErrorException",
            ),
            ({}, b"Action=GetCallerIdentity&Version=2011-06-15", 500, "InternalFailure"),
        ],
    )
    def test_a_fault_of_ours_is_logged_and_listed_by_both_protocols(
        self, env, monkeypatch, caplog, headers, body, status, code
    ):
        def broken(*_):
            raise RuntimeError("planted")

        monkeypatch.setattr(json11, "decode", broken)
        monkeypatch.setattr("cogmock.wire.query.fields", broken)
        kind = "application/x-www-form-urlencoded"
        answer = ask(env.application, "POST", "/", body, headers=headers, content_type=kind)
        assert answer.status == status
        assert code.encode() in answer.body
        assert "planted" in caplog.text
        assert last(env)["error"] == code


class TestLongMessages:
    def test_the_header_has_the_beginning_and_the_body_has_all(self, env):
        body = json.dumps({"UserPoolId": env.pool_id, "Filter": "x" * 100_000}).encode()
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUsers",
            "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/cognito-idp/aws4_request",
        }
        answer = ask(env.application, "POST", "/", body, headers=headers)
        assert (answer.status, answer.json["__type"]) == (400, "InvalidParameterException")
        assert len(answer.json["message"]) > 100_000
        assert len(answer.headers["x-amzn-errormessage"]) == 1024
