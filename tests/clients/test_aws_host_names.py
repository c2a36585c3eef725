"""Programs that build AWS's own host names, unmodified, against a server: the recipe of docs/aws-host-names.md."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from support import aws_hosts
from support.pool_env import PASSWORD
from support.relying_parties import Served, web

from cogmock.httpd.tls import authority_path
from cogmock.testing.server import CognitoServer

SITE = "https://site.example"
IDP = "https://cognito-idp.us-east-1.amazonaws.com"
DOMAIN = "shop.auth.us-east-1.amazoncognito.com"


@pytest.fixture
def env():
    with CognitoServer(issuer="aws") as server:
        env = Served(server, client=web(SITE, f"{SITE}/bye", GenerateSecret=True))
        env.with_domain()
        env.add_user(email="ada@example.com")
        yield env


@pytest.fixture
def led(env, tmp_path):
    """The environment of programs, without anything else that points to the server."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return clean | aws_hosts.environment(env.url, tmp_path)


@pytest.mark.node
@pytest.mark.slow
class TestCognitoAtEdge:
    @pytest.fixture
    def answers(self, env, led, node, monkeypatch):
        for name, value in led.items():
            monkeypatch.setenv(name, value)
        given = {"pool": env.pool_id, "client": env.client_id, "secret": env.secret, "domain": DOMAIN}
        return node("edge.cjs", {**given, "username": "ada", "password": PASSWORD})

    def test_from_the_first_request_to_the_sign_out(self, answers, env):
        at_the_domain = f"https://{DOMAIN}/authorize?"
        assert answers["left"]["location"].startswith(at_the_domain)
        assert answers["back"].startswith(f"{SITE}/?code=")
        entered = answers["entered"]
        assert (entered["status"], entered["location"]) == ("302", f"{SITE}/private?page=2")
        prefix = f"CognitoIdentityServiceProvider.{env.client_id}.ada"
        assert {f"{prefix}.{kind}Token" for kind in ("access", "id", "refresh")} < set(entered["cookies"])
        assert answers["again"] == {"forwarded": "/private"}
        assert answers["forged"]["location"].startswith(at_the_domain)
        assert f"{prefix}.idToken" in answers["renewed"]["cookies"]
        assert answers["out"]["location"] == f"{SITE}/bye"
        assert answers["afterwards"]["location"].startswith(at_the_domain)
        assert answers["replayed"] == {"error": "invalid_grant"}


@pytest.mark.node
@pytest.mark.slow
def test_a_verifier_fetches_the_keys_itself(env, led, node, monkeypatch):
    for name, value in led.items():
        monkeypatch.setenv(name, value)
    options = {"userPoolId": env.pool_id, "tokenUse": "access", "clientId": env.client_id}
    answers = node("verify.cjs", {"keys": "own", "options": options, "tokens": {"it": env.token_of()}})
    assert answers["it"]["iss"] == f"{IDP}/{env.pool_id}"


class TestPython:
    SCRIPT = """
import json, sys, urllib.request
import boto3, requests

issuer, client = sys.argv[1:]
found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
keys = json.load(urllib.request.urlopen(found["jwks_uri"], timeout=30))
idp = boto3.client("cognito-idp", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
named = idp.describe_user_pool_client(UserPoolId=issuer.rpartition("/")[2], ClientId=client)
print(json.dumps([found, keys, named["UserPoolClient"]["ClientName"]]))
"""

    def test_requests_urllib_and_boto3(self, env, led):
        ran = subprocess.run(
            [sys.executable, "-c", self.SCRIPT, f"{IDP}/{env.pool_id}", env.client_id],
            env=led,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert ran.returncode == 0, ran.stderr
        found, keys, name = json.loads(ran.stdout)
        assert found["issuer"] == f"{IDP}/{env.pool_id}"
        assert found["token_endpoint"] == f"https://{DOMAIN}/oauth2/token"
        assert len(keys["keys"]) == 2
        assert name == "web"


@pytest.mark.node
def test_curl(env, tmp_path):
    assert shutil.which("curl"), "this test needs curl: apt-get install curl"
    (tmp_path / "hosts.txt").write_text(aws_hosts.printed(env.url, "curl"))
    asked = ["curl", "-sS", "--config", tmp_path / "hosts.txt", "--cacert", authority_path(time.time)]
    address = f"{IDP}/{env.pool_id}/.well-known/jwks.json"
    ran = subprocess.run([*asked, address], capture_output=True, text=True, check=False, timeout=180)
    assert ran.returncode == 0, ran.stderr
    assert len(json.loads(ran.stdout)["keys"]) == 2
