"""`cogmock pull` reads a user pool through AWS's API; the document makes the same pool again."""

from __future__ import annotations

import json
import os
import stat
from types import SimpleNamespace

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError
from support.another_server import another_server
from support.shop_document import EVERYTHING, FEDERATED, IAM, POOL, SHOP, WATCHED
from support.shown_state import shown

from cogmock import cli
from cogmock.definitions import pulling, pulling_iam
from cogmock.definitions.applying.document import apply
from cogmock.definitions.load import load_data, load_text
from cogmock.iam.managed import catalogue

POOLS = SHOP.split("identity_pools:")[0]
REST = EVERYTHING.split("apis:")[0]


def again(document):
    """What a server shows that has the document alone, and a second application of it."""
    with another_server() as other:
        apply(other.world, load_data(document))
        summary = apply(other.world, load_data(document)).summary
        return shown(), summary


class TestPull:
    @pytest.mark.parametrize(
        "text", [POOLS, FEDERATED, WATCHED, REST], ids=["shop", "federated", "watched", "rest"]
    )
    def test_a_pulled_pool_is_the_same_again(self, documents, text):
        documents.apply(text)
        pulled = pulling.pull(documents.idp, POOL, users=True)
        before = shown()
        after, summary = again(pulled.document)
        assert without_totp(after) == without_totp(before)
        assert summary["created"] == summary["updated"] == 0

    def test_with_iam_it_is_the_same_again_too(self, documents):
        documents.apply(EVERYTHING.split("identity_pools:")[0].split("apis:")[0] + IAM)
        pulled = pulling.pull(documents.idp, POOL, users=True, iam=documents.iam)
        before = shown()
        after, summary = again(pulled.document)
        assert without_totp(after) == without_totp(before)
        assert summary["created"] == summary["updated"] == 0

    def test_iam_of_another_account_stands_under_its_id(self, documents):
        documents.apply(
            "accounts: {'210987654321': {pools: [{id: us-east-1_Shop, PoolName: shop}], iam_groups: [{GroupName: g}]}}"
        )
        there = boto3.Session(
            aws_access_key_id="210987654321", aws_secret_access_key="x", region_name="us-east-1"
        )
        pulled = pulling.pull(there.client("cognito-idp"), POOL, iam=there.client("iam"))
        [group] = pulled.document["accounts"]["210987654321"]["iam_groups"]
        assert group["GroupName"] == "g"

    def test_a_policy_of_aws_that_is_not_here_is_written_out(self, documents, monkeypatch):
        documents.apply(POOLS + IAM)
        none = SimpleNamespace(is_one=catalogue.is_one, find=lambda _arn: None)
        monkeypatch.setattr(pulling_iam, "catalogue", none)
        pulled = pulling.pull(documents.idp, POOL, iam=documents.iam)
        [user] = pulled.document["iam_users"]
        assert user["policies"]["AmazonS3ReadOnlyAccess"]["Statement"]
        assert "managed_policies" not in user
        assert "inline policy of the user dora" in pulled.warnings[-1]

    def test_of_a_second_secret_it_says_that_there_is_one(self, documents):
        documents.apply(REST)
        pulled = pulling.pull(documents.idp, POOL)
        found = {client["id"]: client for client in pulled.document["pools"][0]["clients"]}
        assert found["twotwotwo"]["second_secret"] is True
        assert not {"second_secret"} & {*found["webwebweb"], *found["jobsjobs"]}
        warning = "AWS does not show the second secret of an app client: applying the document draws another"
        assert warning in pulled.warnings

    def test_it_can_be_written_as_yaml(self, documents):
        documents.apply(POOLS)
        documents.idp.set_ui_customization(UserPoolId=POOL, CSS=".banner-customizable {background: red;}")
        text = yaml.safe_dump(pulling.pull(documents.idp, POOL).document)
        assert load_text(text).pools[0].ui[0].params["CSS"].startswith(".banner")

    def test_users_are_left_out_unless_they_are_asked_for(self, documents):
        documents.apply(POOLS)
        assert "users" not in pulling.pull(documents.idp, POOL).document["pools"][0]

    def test_it_asks_describe_and_list_calls_alone(self, documents, cognito):
        documents.apply(POOLS)
        before = len(cognito.requests)
        pulling.pull(documents.idp, POOL, users=True)
        operations = {entry.operation for entry in cognito.requests[before:]}
        assert operations
        assert all(name.startswith(("Describe", "List", "Get")) for name in operations)

    def test_many_users_come_in_pages(self, documents):
        documents.apply(POOLS)
        for number in range(130):
            documents.idp.admin_create_user(
                UserPoolId=POOL, Username=f"user{number}", MessageAction="SUPPRESS"
            )
        seen = []
        pulled = pulling.pull(
            documents.idp, POOL, users=True, progress=lambda done, of: seen.append((done, of))
        )
        assert len(pulled.document["pools"][0]["users"]) == 135
        assert seen[-1] == (135, 135)

    def test_a_part_that_the_caller_may_not_read_is_a_warning(self, documents, monkeypatch):
        documents.apply(POOLS)

        def refuse(**_asked):
            error = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
            raise ClientError(error, "ListTerms")

        monkeypatch.setattr(documents.idp, "list_terms", refuse)
        pulled = pulling.pull(documents.idp, POOL)
        assert (
            "ListTerms was refused (AccessDeniedException); what it answers is not in the document"
            in pulled.warnings
        )


def without_totp(value):
    """Secrets of authenticator apps cannot be read."""
    if isinstance(value, dict):
        gone = {"UserMFASettingList", "PreferredMfaSetting"}
        return {key: without_totp(of) for key, of in value.items() if key not in gone}
    return [without_totp(of) for of in value] if isinstance(value, list) else value


class TestVerb:
    @pytest.fixture
    def run(self, cognito_server, capsys):
        cognito_server.apply(json.loads(json.dumps(yaml.safe_load(POOLS))))

        def given(*arguments):
            status = cli.main(["pull", "--endpoint-url", cognito_server.url, *map(str, arguments)])
            return status, capsys.readouterr()

        return given

    def test_it_prints_a_document(self, run):
        status, printed = run(POOL, "--users")
        assert status == 0
        [pool] = yaml.safe_load(printed.out)["pools"]
        assert (pool["id"], len(pool["clients"]), len(pool["users"])) == (POOL, 2, 5)
        assert "the document holds secrets of app clients" in printed.err

    def test_it_prints_what_iam_has(self, run, cognito_server):
        cognito_server.apply({"iam_groups": [{"GroupName": "staff"}]})
        status, printed = run(POOL, "--iam")
        assert status == 0
        assert [one["GroupName"] for one in yaml.safe_load(printed.out)["iam_groups"]] == ["staff"]

    def test_it_writes_a_file_for_its_owner_alone(self, run, tmp_path):
        file = tmp_path / "pulled.yaml"
        status, printed = run(POOL, "-o", file)
        assert (status, printed.out) == (0, "")
        assert f"{file}: user pool shop, 2 clients, 1 group, 0 users" in printed.err
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert yaml.safe_load(file.read_text())["pools"][0]["id"] == POOL

    def test_a_pool_that_is_not_there(self, run):
        status, printed = run("us-east-1_nope")
        assert status == 1
        assert printed.err.startswith(
            "cogmock: there is no user pool us-east-1_nope in this account and Region"
        )

    def test_no_credentials(self, run, monkeypatch, tmp_path):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        status, printed = run(POOL)
        assert (status, printed.err) == (1, "cogmock: AWS cannot be asked: Unable to locate credentials\n")

    def test_a_profile_that_is_not_there(self, run):
        status, printed = run(POOL, "--profile", "nosuch")
        assert status == 1
        assert "The config profile (nosuch) could not be found" in printed.err

    @pytest.mark.parametrize("name", ["nosuch/x.yaml", "."])
    def test_a_file_that_cannot_be_written(self, run, tmp_path, name):
        status, printed = run(POOL, "-o", tmp_path / name)
        assert status == 1
        assert "cannot be written" in printed.err
