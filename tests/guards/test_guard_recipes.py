"""The recipes of docs/guard-an-api.md: the same API in FastAPI, Express, serverless-offline and SAM, behind one guard."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import yaml
from support import environments, npm
from support.guarded_shop import Shop
from support.processes import free_port, running

from cogmock.testing.server import CognitoServer

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "guarded"
POOL, CLIENT = "us-east-1_Guarded", "guardedclient00000000000"
IDENTITIES = "us-east-1:00000000-0000-4000-8000-00000000000a"


class Guarded(Shop):
    """The API of the recipes, at the stage `dev`."""

    def __init__(self, server):
        super().__init__(server)
        self.stage_host = self.host("guarded")

    def call(self, path, **how):
        return self.get(f"/dev{path}", host=self.stage_host, **how)

    def token(self):
        about = {"user_pool_id": POOL, "client_id": CLIENT, "username": "ada"}
        return self.control("/tokens", about)["id_token"]

    def keys(self, token=None):
        logins = {"Logins": {f"cognito-idp.us-east-1.amazonaws.com/{POOL}": token}} if token else {}
        identity = self.identity.get_id(IdentityPoolId=IDENTITIES, **logins)["IdentityId"]
        return identity, self.identity.get_credentials_for_identity(IdentityId=identity, **logins)[
            "Credentials"
        ]


def play(url, monkeypatch):
    """The same answers, whatever the API is written in."""
    monkeypatch.setenv("UPSTREAM", url)
    with CognitoServer() as server:
        server.apply(str(RECIPES / "cogmock.yaml"))
        env = Guarded(server)
        assert env.call("/health").json == {"status": "ok"}
        assert env.call("/me").status == 401
        token = env.token()
        assert env.call("/me", token=token).json == {"name": "ada", "groups": "[readers]"}
        identity, credentials = env.keys(token)
        assert env.call("/reports/7", credentials=credentials).json == {"report": "7", "identity": identity}
        assert env.call("/reports/7", credentials=env.keys()[1]).json == {"message": "Forbidden"}
        assert env.call("/reports/7", token=token).status == 403
        assert env.call("/other").status == 404


@pytest.mark.slow
def test_fastapi(monkeypatch):
    port = free_port()
    command = [environments.made("fastapi"), "-m", "uvicorn", "main:app", "--port", str(port)]
    with running(command, RECIPES / "fastapi", port) as url:
        play(url, monkeypatch)


@pytest.mark.node
def test_express(monkeypatch):
    port = free_port()
    environ = {"NODE_PATH": str(npm.installed()), "PORT": str(port)}
    with running(["node", "server.js"], RECIPES / "express", port, **environ) as url:
        play(url, monkeypatch)


@pytest.mark.node
@pytest.mark.slow
def test_serverless_offline(monkeypatch, tmp_path):
    modules = npm.installed("serverless", npm.NODE.parent / "node-serverless")
    for name in ("serverless.yml", "handler.js"):
        (tmp_path / name).write_text((RECIPES / "serverless" / name).read_text())
    (tmp_path / "node_modules").symlink_to(modules)
    port = free_port()
    ports = ["--httpPort", str(port), "--lambdaPort", str(free_port())]
    command = [modules / ".bin" / "serverless", "offline", "start", "--noAuth", *ports]
    environ = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}
    with running(command, tmp_path, port, **environ) as url:
        play(url, monkeypatch)


class Tags(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions as plain values."""


Tags.add_multi_constructor("!", lambda loader, _, node: loader.construct_scalar(node))


def events(template):
    """Method and path → the authorizer, of each event of the template's function."""
    loaded = yaml.load(template.read_text(), Tags)
    found = [
        event["Properties"] for event in loaded["Resources"]["Function"]["Properties"]["Events"].values()
    ]
    return {f"{each['Method']} {each['Path']}": each.get("Auth", {}).get("Authorizer") for each in found}


def function_of_sam():
    """The function as `sam local start-api` calls it, without Docker: SAM itself runs it in a container."""
    names = {}
    exec((RECIPES / "sam" / "app.py").read_text(), names)

    def application(environ, start_response):
        path = environ["PATH_INFO"]
        report = re.fullmatch(r"/reports/([^/]+)", path)
        headers = {
            key[5:].lower().replace("_", "-"): of for key, of in environ.items() if key.startswith("HTTP_")
        }
        event = {
            "routeKey": "GET /reports/{report}" if report else f"GET {path}",
            "pathParameters": {"report": report[1]} if report else None,
            "headers": headers,
            "requestContext": {},
        }
        answer = names["handler"](event, None)
        start_response(f"{answer['statusCode']} OK", list(answer["headers"].items()))
        return [answer["body"].encode()]

    return application


def test_the_function_of_the_sam_template(monkeypatch):
    handler = type("Quiet", (WSGIRequestHandler,), {"log_message": lambda *_: None})
    server = make_server("127.0.0.1", 0, function_of_sam(), handler_class=handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        play(f"http://127.0.0.1:{server.server_port}", monkeypatch)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_templates_have_the_routes_of_the_guard():
    guarded = yaml.safe_load((RECIPES / "cogmock.yaml").read_text())["apis"][0]["routes"]
    wanted = {
        f"{route['method']} {route['path'].replace('{id}', '{report}')}": route.get("authorizer")
        for route in guarded
    }
    names = {"Pool": "jwt", "AWS_IAM": "iam", None: None}
    assert {key: names[of] for key, of in events(RECIPES / "sam" / "template.yaml").items()} == wanted
    functions = yaml.safe_load((RECIPES / "serverless" / "serverless.yml").read_text())["functions"]
    stated = [event["httpApi"] for each in functions.values() for event in each["events"]]
    kinds = {"pool": "jwt", "aws_iam": "iam", None: None}
    found = {
        f"{each['method']} {each['path']}": kinds[next(iter(each.get("authorizer", {}).values()), None)]
        for each in stated
    }
    assert found == wanted


def test_a_function_finds_the_context_of_aws_where_no_header_brings_it():
    names = {}
    exec((RECIPES / "sam" / "app.py").read_text(), names)
    claims = {"cognito:username": "ada", "cognito:groups": "[readers]"}
    event = {
        "routeKey": "GET /me",
        "headers": {},
        "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
    }
    assert json.loads(names["handler"](event, None)["body"]) == {"name": "ada", "groups": "[readers]"}


@pytest.mark.parametrize("folder", ["fastapi", "express", "serverless", "sam"])
def test_the_page_names_each_recipe(folder):
    assert f"examples/guarded/{folder}" in (ROOT / "docs" / "guard-an-api.md").read_text()
