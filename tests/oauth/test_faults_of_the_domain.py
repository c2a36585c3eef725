"""A fault inside cogmock during a sign-in: the client hears `server_error` at its callback (AWS dev guide)."""

from __future__ import annotations

import logging

import pytest
from support.browser import CALLBACK, where
from support.http import ask
from support.pool_env import PASSWORD
from support.upstream import add_oidc, come_back, leave, upstream, web_client

from cogmock.core.keeper import NotKept
from cogmock.core.world import World
from cogmock.hosted_ui import sign_in
from cogmock.oauth import authorize, clients, federation_finish

PROVOKES_FAULTS = True


def fails(*_args, **_more):
    raise RuntimeError("a fault of ours")


def came(env, **parameters):
    return ask(env.application, "GET", env.url(**parameters))


class TestServerError:
    @pytest.fixture
    def faulty(self, env, monkeypatch):
        monkeypatch.setattr(authorize, "signed_in_user", fails)
        return env

    def test_goes_to_the_callback_with_the_state(self, faulty):
        assert where(came(faulty, state="s")) == (CALLBACK, {"state": "s", "error": "server_error"})
        assert where(came(faulty)) == (CALLBACK, {"error": "server_error"})

    def test_is_in_the_fragment_for_the_implicit_flow(self, faulty):
        location = came(faulty, response_type="token").headers["location"]
        assert location == f"{CALLBACK}#error=server_error"

    def test_the_log_has_the_trace_and_the_journal_the_reason(self, faulty, caplog):
        with caplog.at_level(logging.ERROR, logger="cogmock"):
            came(faulty)
        assert "RuntimeError: a fault of ours" in caplog.text
        assert "a fault of cogmock" in faulty.cognito.requests[-1].reason

    def test_goes_to_no_address_that_is_not_registered(self, faulty):
        address, given = where(came(faulty, redirect_uri="https://evil.example/"))
        assert (address, given["error"]) == ("/error", "redirect_mismatch")

    def test_before_the_callback_is_known_the_answer_is_a_500(self, env, monkeypatch):
        monkeypatch.setattr(clients, "arriving", fails)
        answer = came(env)
        assert (answer.status, answer.json["error"]) == (500, "InternalError")

    def test_of_the_sign_in_page(self, env, monkeypatch):
        browser = env.browser()
        browser.go(env.url(state="s"))
        monkeypatch.setattr(sign_in.entrance, "look_up", fails)
        answer = browser.submit(username="ada", password=PASSWORD)
        assert where(answer) == (CALLBACK, {"state": "s", "error": "server_error"})

    def test_after_a_provider_has_answered(self, env, monkeypatch):
        with upstream(env) as corp:
            add_oidc(env, corp)
            web_client(env, "COGNITO", "Corp")
            browser = env.browser()
            _, asked = leave(env, corp, browser, state="s")
            monkeypatch.setattr(federation_finish, "finish", fails)
            assert come_back(browser, asked) == (CALLBACK, {"state": "s", "error": "server_error"})

    def test_of_a_store_that_cannot_keep_the_state(self, env, monkeypatch):
        def full(*_args):
            raise NotKept("the disk is full")

        monkeypatch.setattr(World, "keep", full)
        assert where(came(env)) == (CALLBACK, {"error": "server_error"})
        assert env.cognito.requests[-1].reason == "the disk is full"
