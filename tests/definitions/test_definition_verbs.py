"""`cogmock apply` and `cogmock export`, and their likes in Python."""

from __future__ import annotations

import json
import subprocess
import sys

import boto3
import pytest
import yaml
from support.shop_document import POOL, SHOP

from cogmock.definitions.faults import InvalidConfig
from cogmock.testing.server import CognitoServer

KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


@pytest.fixture
def server():
    with CognitoServer() as running:
        yield running


@pytest.fixture
def cogmock(server, tmp_path):
    def run(verb, *arguments, **environ):
        import os

        command = [sys.executable, "-m", "cogmock", verb, *arguments, "--url", server.url]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=100, check=False, env={**os.environ, **environ}
        )

    return run


@pytest.fixture
def shop(tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return file


class TestApply:
    def test_prints_what_changed_and_the_counts(self, cogmock, shop):
        first = cogmock("apply", str(shop))
        assert first.returncode == 0, first.stderr
        assert "+ user_pool shop" in first.stdout.splitlines()
        shop.write_text(SHOP.replace("Precedence: 1", "Precedence: 2"))
        second = cogmock("apply", str(shop))
        assert second.stdout.splitlines()[0] == "~ group admins (Precedence)"
        assert second.stdout.splitlines()[-1].startswith(f"{shop}: 0 created, 1 updated, ")

    def test_several_files_are_one_answer_in_json(self, cogmock, shop, tmp_path):
        (tmp_path / "other.json").write_text('{"pools": [{"id": "us-east-1_Other", "PoolName": "other"}]}')
        told = json.loads(cogmock("apply", str(shop), str(tmp_path / "other.json"), "--json").stdout)
        assert {"shop", "other"} <= {change["name"] for change in told["changes"]}
        assert told["summary"]["created"] == len(told["changes"])
        assert told["summary"]["deleted"] == 0

    def test_what_was_applied_before_a_faulty_file_is_told_too(self, cogmock, shop, tmp_path):
        (tmp_path / "bad.yaml").write_text("pools:\n  - PoolNam: x\n")
        ended = cogmock("apply", str(shop), str(tmp_path / "bad.yaml"), "--json")
        assert ended.returncode == 2
        assert json.loads(ended.stdout)["summary"]["created"]
        assert "bad.yaml:2: pools[0].PoolNam: " in ended.stderr

    def test_digits_of_texts_files_and_variables_come_through(self, cogmock, server, tmp_path):
        (tmp_path / "users.csv").write_text("cognito:username,email\nann,ann@example.com\n")
        file = tmp_path / "doc.yaml"
        file.write_text(
            "pools:\n- {id: us-east-1_Shop, PoolName: '${NAME}', import: users.csv, "
            "users: [{Username: 0123, attributes: {phone_number: +15550100, name: '$${x}'}}]}\n"
        )
        done = cogmock("apply", str(file), NAME="shop")
        assert done.returncode == 0, done.stderr
        idp = boto3.client("cognito-idp", region_name="us-east-1", endpoint_url=server.url, **KEYS)
        users = {
            user["Username"]: {one["Name"]: one["Value"] for one in user["Attributes"]}
            for user in idp.list_users(UserPoolId=POOL)["Users"]
        }
        assert (users["0123"]["phone_number"], users["0123"]["name"]) == ("+15550100", "${x}")
        assert users["ann"]["email"] == "ann@example.com"

    def test_a_fault_has_file_and_line_and_status_2(self, cogmock, tmp_path):
        file = tmp_path / "doc.yaml"
        file.write_text("pools:\n  - PoolName: shop\n    users:\n      - {Username: ada, password: short}\n")
        ended = cogmock("apply", str(file))
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"{file}:4: pools[0].users[0]: Password does not conform to policy")

    def test_a_dry_run_and_json(self, cogmock, shop, server):
        ended = cogmock("apply", str(shop), "--dry-run", "--json")
        assert json.loads(ended.stdout)["summary"]["created"] > 10
        assert not len(server.world.region().user_pools)

    def test_a_file_that_is_not_there(self, cogmock, tmp_path):
        ended = cogmock("apply", str(tmp_path / "no.yaml"))
        assert (ended.returncode, "cannot be read" in ended.stderr) == (2, True)


class TestExport:
    def test_what_is_exported_can_be_applied(self, cogmock, shop, server, tmp_path):
        cogmock("apply", str(shop))
        (tmp_path / "again.yaml").write_text(cogmock("export", "--secrets").stdout)
        server.reset()
        assert cogmock("apply", str(tmp_path / "again.yaml")).returncode == 0
        assert [pool.id for pool in server.world.region().user_pools] == [POOL]

    def test_as_csv_and_as_json(self, cogmock, shop):
        cogmock("apply", str(shop))
        assert "ada@example.com" in cogmock("export", "--format", "csv").stdout
        assert json.loads(cogmock("export", "--json", "--pool", POOL).stdout)["pools"][0]["id"] == POOL

    def test_a_pool_that_is_not_there(self, cogmock):
        ended = cogmock("export", "--pool", "us-east-1_nope")
        assert (ended.returncode, "does not exist" in ended.stderr) == (1, True)


class TestHandle:
    def test_a_dict_or_a_file_is_applied_and_exported(self, cognito, shop):
        assert cognito.apply(str(shop)).summary["created"] > 10
        assert cognito.apply(yaml.safe_load(SHOP)).summary["created"] == 0
        assert cognito.export(pool=POOL)["pools"][0]["PoolName"] == "shop"

    def test_faults_are_raised(self, cognito):
        with pytest.raises(InvalidConfig, match="did you mean 'PoolName'"):
            cognito.apply({"pools": [{"PoolNam": "shop"}]})
