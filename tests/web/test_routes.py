"""Which path leads where, and what is said where none does."""

import logging
import subprocess
import sys

import pytest
from support.http import ask

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web import documents
from cogmock.web.app import Application
from cogmock.web.routes import fixed_paths, routes


@pytest.fixture
def application():
    return Application(World())


@pytest.fixture
def pool_id(application):
    world = application.world
    with Call(world, world.region(), "request") as call:
        return UserPoolsBackend.answer(call, "CreateUserPool", {"PoolName": "shop"})["UserPool"]["Id"]


class TestPreflights:
    @pytest.mark.parametrize("path", ["/", "/oauth2/token"])
    def test_browsers_may_send_what_they_ask_leave_for(self, application, path):
        asked = {
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-amz-target,x-amz-user-agent",
        }
        answer = ask(application, "OPTIONS", path, headers=asked)
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert answer.headers["access-control-allow-headers"] == asked["Access-Control-Request-Headers"]
        assert answer.headers["access-control-max-age"] == "172800"


class TestTable:
    def test_each_path_has_one_endpoint_for_a_method(self):
        seen = [(rule.rule, method) for rule in routes(domain=True).iter_rules() for method in rule.methods]
        assert len(seen) == len(set(seen)) > 40

    def test_the_pages_are_not_imported_for_the_control_api(self):
        program = (
            "import sys; from cogmock.web.app import Application; from support.http import ask;"
            "assert ask(Application(), 'GET', '/_cogmock/health').status == 200;"
            "print('cogmock.hosted_ui.sign_in' in sys.modules)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd="tests"
        )
        assert ran.stdout == "False\n"

    def test_a_fixed_path_has_the_endpoint_that_the_map_finds(self):
        for (path, method), endpoint in fixed_paths().items():
            adapter = routes(domain=True).bind("localhost", path_info=path)
            assert adapter.match(method=method) == (endpoint, {}), path
        assert ("/_cogmock/health", "HEAD") in fixed_paths()

    def test_a_first_health_check_builds_no_map_and_imports_nothing_of_documents_and_tokens(self):
        program = (
            "import sys; from cogmock.web.app import Application; from support.http import ask;"
            "assert ask(Application(), 'GET', '/_cogmock/health').status == 200;"
            "from cogmock.web.routes import routes; assert routes.cache_info().misses == 0;"
            "print(*sys.modules)"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd="tests"
        )
        needless = (
            "cogmock.oauth.discovery", "cogmock.core.tokens", "cogmock.core.triggers", "cogmock.iam.",
            "cogmock.userpools.rules.importing", "cogmock.console.pools", "xml.sax", "csv",
        )  # fmt: skip
        assert not [name for name in ran.stdout.split() if name.startswith(needless)]


class TestPoolDocuments:
    def test_the_keys_are_two(self, application, pool_id):
        answer = ask(application, "GET", f"/{pool_id}/.well-known/jwks.json")
        assert answer.status == 200
        assert [key["kty"] for key in answer.json["keys"]] == ["RSA", "RSA"]

    def test_the_configuration_names_the_issuer_under_which_it_was_found(self, application, pool_id):
        found = ask(application, "GET", f"/{pool_id}/.well-known/openid-configuration").json
        assert found["issuer"] == f"http://localhost:4577/{pool_id}"
        assert found["jwks_uri"] == f"{found['issuer']}/.well-known/jwks.json"

    def test_any_page_may_read_them(self, application, pool_id):
        answer = ask(application, "GET", f"/{pool_id}/.well-known/jwks.json")
        assert answer.headers["access-control-allow-origin"] == "*"

    def test_head_tells_the_length_without_the_content(self, application, pool_id):
        path = f"/{pool_id}/.well-known/jwks.json"
        answer = ask(application, "HEAD", path)
        assert answer.status == 200
        assert answer.body == b""
        assert int(answer.headers["content-length"]) == len(ask(application, "GET", path).body)

    def test_a_pool_that_is_not_there_is_named(self, application):
        answer = ask(application, "GET", "/us-east-1_nowhere00/.well-known/jwks.json")
        assert answer.status == 404
        assert "There is no user pool us-east-1_nowhere00" in answer.json["message"]

    def test_another_document_is_answered_with_those_that_are_there(self, application, pool_id):
        answer = ask(application, "GET", f"/{pool_id}/.well-known/security.txt")
        assert answer.status == 404
        assert "jwks.json and openid-configuration" in answer.json["message"]

    def test_a_post_is_told_what_the_path_takes(self, application, pool_id):
        answer = ask(application, "POST", f"/{pool_id}/.well-known/jwks.json")
        assert answer.status == 405
        assert answer.headers["allow"] == "GET"
        assert "takes GET, not POST" in answer.json["message"]


class TestUnknownPaths:
    @pytest.mark.parametrize(
        "path",
        ["/", "/nowhere", "//", "/%2e%2e/%2e%2e/etc/passwd", "/%00", "/%ff%fe", "/a%0d%0aSet-Cookie:x", ""],
    )
    def test_a_path_where_nothing_is_answers_what_there_is(self, application, path):
        answer = ask(application, "GET", path)
        assert answer.status in {404, 405}
        assert answer.headers["content-type"] == "application/json"
        assert "X-Amz-Target" in answer.json["message"]

    @pytest.mark.parametrize(
        ("path", "counterpart"),
        [
            ("/moto-api/reset", "POST /_cogmock/reset"),
            ("/moto-api/data.json", "the control API"),
            ("/_localstack/health", "GET /_cogmock/health"),
            ("/_localstack/init", "the control API"),
            ("/health", "GET /_cogmock/health"),
        ],
    )
    def test_a_path_of_another_emulator_answers_what_is_in_its_place(self, application, path, counterpart):
        message = ask(application, "POST", path).json["message"]
        assert f"cogmock has nothing at {path}. " in message
        assert "the console at /_cogmock/" in message
        assert counterpart in message.partition("The JSON APIs")[0]

    def test_a_post_without_a_target_is_an_unknown_operation_to_aws(self, application):
        answer = ask(application, "POST", "/", {})
        assert answer.status == 400
        assert answer.json["__type"] == "UnknownOperationException"
        assert answer.headers["x-amzn-requestid"]

    def test_an_odd_method_is_refused(self, application):
        assert ask(application, "BREW", "/").status == 405

    def test_a_fault_of_ours_is_answered_and_logged_with_its_trace(self, application, monkeypatch, caplog):
        monkeypatch.setattr(documents, "of_user_pool", None)
        with caplog.at_level(logging.ERROR, "cogmock"):
            answer = ask(application, "GET", "/us-east-1_abcdefghi/.well-known/jwks.json")
        assert answer.status == 500
        assert answer.json["error"] == "InternalError"
        assert "TypeError" in caplog.text


class TestIcon:
    def test_a_browser_that_asks_for_an_icon_gets_no_error(self, application):
        assert ask(application, "GET", "/favicon.ico").status == 204
