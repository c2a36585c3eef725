"""`make parity` and the endpoint options of the suite: what they report, and that they leave nothing behind."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from scripts.parity import endpoint as endpoints
from scripts.parity.normal import MISSING, Normal, differences
from scripts.parity.run import play
from scripts.parity.scenarios import SCENARIOS

ROOT = Path(__file__).resolve().parent.parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("COGMOCK_", "AWS_"))}
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def run(*command, **env):
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=CLEAN | env,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def left(url):
    """What is still there at a server."""
    at = {
        "endpoint_url": url,
        "region_name": "us-east-1",
        "aws_access_key_id": "testing",
        "aws_secret_access_key": "testing",
    }
    return (
        boto3.client("cognito-idp", **at).list_user_pools(MaxResults=60)["UserPools"]
        + boto3.client("cognito-identity", **at).list_identity_pools(MaxResults=60)["IdentityPools"]
        + boto3.client("iam", **at).list_roles()["Roles"]
    )


class TestScenarios:
    @pytest.mark.parametrize("name", SCENARIOS)
    def test_each_is_the_same_at_two_servers_and_leaves_nothing(self, name, cognito_server):
        endpoint = endpoints.server(cognito_server.url)
        first = play(SCENARIOS[name], endpoint)
        assert left(cognito_server.url) == []
        assert differences(first, play(SCENARIOS[name], endpoint)) == []
        assert any("<error>" not in step["answer"] for step in first)

    def test_names_have_a_prefix_at_aws_that_answers_do_not_show(self, cognito_server):
        endpoint = endpoints.Endpoint("AWS", cognito_server.url, "cogmock-test-abc-")
        plain = play(SCENARIOS["identities"], endpoints.server(cognito_server.url))
        prefixed = play(SCENARIOS["identities"], endpoint)
        seen = [
            entry.parameters for entry in cognito_server.requests if entry.operation == "CreateIdentityPool"
        ]
        assert [of["IdentityPoolName"] for of in seen] == ["parity", "cogmock-test-abc-parity"]
        assert left(cognito_server.url) == []
        shown = json.dumps(prefixed).replace("role/cogmock-test-abc-", "role/")
        assert differences(plain, json.loads(shown)) == []

    def test_what_was_made_is_deleted_when_a_scenario_fails(self, cognito_server):
        def broken(ask):
            ask("cognito-idp", "CreateUserPool", PoolName="p", DeletionProtection="ACTIVE")
            raise KeyError("boom")

        with pytest.raises(KeyError):
            play(broken, endpoints.server(cognito_server.url))
        assert left(cognito_server.url) == []


@pytest.mark.slow
class TestCommand:
    def test_a_difference_is_printed_and_counted(self, tmp_path, cognito_server):
        file = tmp_path / "recorded.json"
        at = ("--endpoint", cognito_server.url)
        assert run("scripts.parity", "roles", *at, "--record", str(file)).returncode == 0
        content = json.loads(file.read_text())
        content["scenarios"]["roles"][-1]["answer"]["<error>"]["Code"] = "Gone"
        file.write_text(json.dumps(content))
        found = run("scripts.parity", "roles", "--against", str(file))
        assert found.returncode == 1
        assert '9. iam GetRole  <error>.Code\n       cogmock: "NoSuchEntity"' in found.stdout
        assert "9 calls in 1 scenarios, 1 differ" in found.stdout

    def test_aws_needs_an_explicit_yes(self):
        found = run("scripts.parity", "roles", "--aws", **KEYS)
        assert found.returncode == 2
        assert "--account 123456789012" in found.stderr
        assert "charges" in found.stderr

    def test_aws_refuses_credentials_of_another_account(self, cognito_server):
        env = KEYS | {"AWS_ENDPOINT_URL": cognito_server.url}
        found = run("scripts.parity", "roles", "--aws", "--account", "999999999999", **env)
        assert found.returncode == 2
        assert "belong to account 123456789012, not to 999999999999" in found.stderr

    def test_an_endpoint_that_does_not_answer(self):
        found = run("scripts.parity", "roles", "--endpoint", "http://127.0.0.1:1")
        assert (found.returncode, found.stdout) == (2, "")
        assert "nothing answers at http://127.0.0.1:1" in found.stderr


@pytest.mark.slow
class TestSuite:
    """`pytest --endpoint` and `--aws`, tried on a server of our own."""

    TESTS = ("tests/iam/test_roles.py", "tests/userpools/test_groups.py", "tests/wire/test_mask.py")

    def test_boto3_suites_run_at_an_endpoint_and_the_rest_is_skipped(self, cognito_server):
        found = run(
            "pytest",
            "-n0",
            "-rs",
            "-k",
            "CreateGroup or DeleteRole or mask",
            "--endpoint",
            cognito_server.url,
            *self.TESTS,
        )
        assert found.returncode == 0, found.stdout
        assert "not one of the boto3 suites" in found.stdout
        assert {"CreateGroup", "DeleteRole"} <= {entry.operation for entry in cognito_server.requests}
        assert left(cognito_server.url) == []

    def test_aws_prefixes_names_and_deletes_everything(self, cognito_server):
        env = KEYS | {"AWS_ENDPOINT_URL": cognito_server.url}
        found = run(
            "pytest", "-n0", "-k", "DeleteRole", "--aws", "--account", "123456789012", self.TESTS[0], **env
        )
        assert "Cognito\ncharges" in found.stderr
        names = [
            entry.parameters["RoleName"]
            for entry in cognito_server.requests
            if entry.operation == "CreateRole"
        ]
        assert names
        assert all(name.startswith("cogmock-test-") for name in names)
        assert left(cognito_server.url) == []

    def test_aws_needs_an_explicit_yes(self):
        found = run("pytest", "-n0", "--aws", self.TESTS[0], **KEYS)
        assert found.returncode == 4
        assert "--account 123456789012" in found.stderr


class TestNormalForm:
    def test_the_same_id_is_the_same_placeholder(self):
        given = {
            "Id": "us-east-1_aBcDeFgHi",
            "Arn": "arn:…/us-east-1_aBcDeFgHi",
            "Other": "us-east-1_xxxxxxxxx",
        }
        assert Normal().of(given) == {"Id": "<pool 1>", "Arn": "arn:…/<pool 1>", "Other": "<pool 2>"}

    def test_tokens_are_compared_by_their_claims(self):
        def token(**claims):
            parts = ({"alg": "RS256", "kid": "k"}, claims)
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(of).encode()).decode().rstrip("=") for of in parts
                )
                + ".c2ln"
            )

        one = Normal().of(token(iss="http://localhost:1/us-east-1_a", exp=1, token_use="id"))
        other = Normal().of(token(iss="https://cognito-idp/us-east-1_b", exp=2, token_use="access"))
        assert differences(one, other) == [("<JWT>.claims.token_use", "id", "access")]

    def test_a_member_that_is_missing_and_a_list_of_another_length(self):
        assert differences({"a": 1, "b": [1]}, {"b": [1, 2]}) == [("a", 1, MISSING), ("b", [1], [1, 2])]


def test_left_sees_what_is_there(cognito_server):
    assert left(cognito_server.url) == []
    boto3.client(
        "cognito-idp",
        endpoint_url=cognito_server.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    ).create_user_pool(PoolName="p")
    assert len(left(cognito_server.url)) == 1
