"""`cogmock serve --state FILE`, as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
from contextlib import closing

import boto3
import pytest
from support.pool_env import PASSWORD
from support.serving import client, serving

from cogmock import CognitoServer, cli, mock_cognito


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state.db"


def test_what_was_acknowledged_survives_a_kill(file):
    with serving("--state", str(file)) as (process, url):
        idp = client(url)
        pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        made = idp.create_user_pool_client(
            UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        client_id = made["UserPoolClient"]["ClientId"]
        idp.admin_create_user(UserPoolId=pool_id, Username="ada")
        idp.admin_set_user_password(UserPoolId=pool_id, Username="ada", Password=PASSWORD, Permanent=True)
        signed_in = idp.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
        )
        process.send_signal(signal.SIGKILL)
        process.wait()
    with serving("--state", str(file)) as (_, url):
        token = signed_in["AuthenticationResult"]["AccessToken"]
        assert client(url).get_user(AccessToken=token)["Username"] == "ada"


def test_a_file_of_a_newer_format_is_refused_by_name(file):
    with serving("--state", str(file)) as (_, url):
        client(url).create_user_pool(PoolName="shop")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
    with serving("--state", str(file)) as (process, _):
        assert process.wait() == 1
        assert process.stderr.read().startswith(f"cogmock: {file}: it was written by cogmock ")


def test_a_second_server_is_refused_by_name_and_pid(file, capsys):
    with serving("--state", str(file)) as (process, url):
        client(url).create_user_pool(PoolName="shop")
        with serving("--state", str(file)) as (second, _):
            assert second.wait() == 1
            told = second.stderr.read()
        assert re.fullmatch(
            rf"cogmock: .*state\.db is in use: cogmock [\d.]+, process {process.pid}, has it\. Stop .*\n",
            told,
        )
        assert cli.main(["state", str(file)]) == 0
        told = capsys.readouterr().out
        assert f"process {process.pid} has it" in told
        assert "\n1 user pool, 0 users, " in told
    assert cli.main(["state", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pid"], told["format"], told["counts"]["user_pools"]) == (None, 1, 1)


def test_a_document_is_applied_to_what_was_kept_at_each_start(file, tmp_path):
    document = tmp_path / "cogmock.yaml"
    document.write_text(
        "pools: [{id: us-east-1_LocalShop, PoolName: shop, users: [{Username: ada}]}]", encoding="utf-8"
    )
    arguments = ("--state", str(file), "--config", str(document))
    with serving(*arguments) as (process, url):
        idp = client(url)
        sub = idp.admin_get_user(UserPoolId="us-east-1_LocalShop", Username="ada")["UserAttributes"]
        idp.admin_create_user(UserPoolId="us-east-1_LocalShop", Username="bob")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    with serving(*arguments) as (_, url):
        idp = client(url)
        assert idp.admin_get_user(UserPoolId="us-east-1_LocalShop", Username="ada")["UserAttributes"] == sub
        assert idp.admin_get_user(UserPoolId="us-east-1_LocalShop", Username="bob")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no database" * 100, "is damaged: file is not a database. Put a copy in its place"),
        (None, "is a folder"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(tmp_path, content, words):
    place = tmp_path
    if content:
        place = tmp_path / "state.db"
        place.write_bytes(content)
    with serving("--state", str(place)) as (process, _):
        assert process.wait() == 1
        told = process.stderr.read()
    assert words in told
    assert told.count("\n") == 1


def test_a_url_of_an_unknown_kind_is_refused_with_those_that_are_known():
    with serving("--state", "mysql://root:secret@db/cogmock") as (process, _):
        assert process.wait() == 1
        told = process.stderr.read()
    assert "the path of a file, or a URL that begins with postgresql:// or postgres://" in told
    assert "secret" not in told


class TestInProcess:
    def test_the_mock_keeps_state_too(self, file):
        for count in (0, 1):
            with mock_cognito(state=str(file)):
                idp = boto3.client("cognito-idp", region_name="us-east-1")
                assert len(idp.list_user_pools(MaxResults=10)["UserPools"]) == count
                idp.create_user_pool(PoolName="shop")

    def test_so_does_a_server_of_tests(self, file):
        with CognitoServer(state=str(file)) as server:
            server.make_pool(users=["ada"])
            with pytest.raises(ValueError, match=f"process {os.getpid()}"):
                CognitoServer(state=str(file))
        with CognitoServer(state=str(file)) as server:
            [pool] = server.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
            assert pool["Name"] == "test"

    def test_a_deleted_message_stays_deleted(self, file):
        from support.http import ask

        from cogmock.web.app import Application

        with CognitoServer(state=str(file)) as server:
            server.make_pool(unconfirmed=["eve"])
            assert len(server.messages) == 1
            ask(Application(server.world), "DELETE", "/_cogmock/messages")
        with CognitoServer(state=str(file)) as server:
            assert len(server.messages) == 0


class TestStateVerb:
    def test_a_url_is_no_file(self, capsys):
        assert cli.main(["state", "postgresql://x/y"]) == 2
        assert "reads files" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("content", "words", "status"),
        [
            (None, "there is no file", 2),
            (b"text" * 500, "cannot be read", 1),
            (b"", "no file of cogmock's state", 1),
        ],
    )
    def test_what_is_none(self, file, capsys, content, words, status):
        if content is not None:
            file.write_bytes(content)
        assert cli.main(["state", str(file)]) == status
        assert words in capsys.readouterr().err
