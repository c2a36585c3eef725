"""The document of `--config` and of `mock_cognito(config=…)`: applied before the first call is answered."""

from __future__ import annotations

import subprocess
import sys

import boto3
import pytest

from cogmock import mock_cognito

SHOP = {"pools": [{"id": "us-east-1_Shop", "PoolName": "shop", "users": [{"Username": "ada"}]}]}


def serve(*arguments):
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class TestMock:
    def test_a_dict(self):
        with mock_cognito(config=SHOP):
            idp = boto3.client("cognito-idp", region_name="us-east-1")
            assert idp.admin_get_user(UserPoolId="us-east-1_Shop", Username="ada")["Username"] == "ada"

    def test_a_file(self, tmp_path):
        (tmp_path / "shop.toml").write_text('[[pools]]\nid = "us-east-1_Shop"\nPoolName = "shop"\n')
        with mock_cognito(config=str(tmp_path / "shop.toml")):
            idp = boto3.client("cognito-idp", region_name="us-east-1")
            assert idp.describe_user_pool(UserPoolId="us-east-1_Shop")["UserPool"]["Name"] == "shop"


class TestServe:
    def test_a_faulty_document_ends_with_status_2_and_the_place(self, tmp_path):
        file = tmp_path / "cogmock.yaml"
        file.write_text(
            "pools:\n  - PoolName: shop\n    clients:\n      - ClientName: web\n        ExplicitAuthFlows: [X]\n"
        )
        ended = serve("--config", str(file))
        assert ended.returncode == 2
        assert f"{file}:5: pools[0].clients[0].ExplicitAuthFlows: " in ended.stderr
        assert "listening" not in ended.stdout

    @pytest.mark.parametrize("name", ["nosuch.yaml", "."])
    def test_a_file_that_cannot_be_read(self, tmp_path, name):
        ended = serve("--config", str(tmp_path / name))
        assert ended.returncode == 2
        assert "the file cannot be read" in ended.stderr
