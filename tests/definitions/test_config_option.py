"""The document of `--config` and of `mock_cognito(config=…)`: applied before the first call is answered."""

from __future__ import annotations

import subprocess
import sys

import boto3
import pytest

from cogmock import cli, mock_cognito
from cogmock.cli.settings import read as read_settings
from cogmock.definitions.faults import InvalidConfig

SHOP = {"pools": [{"id": "us-east-1_Shop", "PoolName": "shop", "users": [{"Username": "ada"}]}]}


def serve(*arguments):
    command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


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

    def test_a_path_that_is_no_text(self, tmp_path):
        file = tmp_path / "shop.toml"
        file.write_text('[[pools]]\nid = "us-east-1_Shop"\nPoolName = "shop"\n')
        with mock_cognito(config=file) as cognito:
            assert cognito.settings.config == str(file)
            assert cognito.apply(file).summary["unchanged"] == 1

    def test_faults_are_raised_where_the_mock_starts_and_leave_nothing_behind(self, tmp_path):
        with pytest.raises(InvalidConfig, match=r"nowhere\.yaml: the file cannot be read"):
            mock_cognito(config=tmp_path / "nowhere.yaml").start()
        with (
            pytest.raises(InvalidConfig, match="unknown key 'PoolNam'"),
            mock_cognito(config={"pools": [{"PoolNam": "shop"}]}),
        ):
            pass
        with mock_cognito() as cognito:
            assert cognito.settings.config == ""


class TestServe:
    def test_finds_a_document_of_its_folder(self, tmp_path, monkeypatch, capsys):
        found = []
        monkeypatch.setattr(
            "cogmock.cli.serve.run", lambda settings, *_, **__: found.append(settings.config) or 0
        )
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("COGMOCK_CONFIG", raising=False)
        cli.main(["serve"])
        (tmp_path / "cogmock.yaml").write_text("server: {code: '123456'}\n")
        cli.main(["serve"])
        assert "cogmock applies cogmock.yaml of this folder" in capsys.readouterr().out
        (tmp_path / "other.yaml").write_text("{}")
        cli.main(["serve", "--config", "other.yaml"])
        cli.main(["serve", "--config", ""])
        monkeypatch.setenv("COGMOCK_CONFIG", "other.yaml")
        cli.main([])
        assert found == ["", "cogmock.yaml", "other.yaml", "", "other.yaml"]
        assert "applies" not in capsys.readouterr().out

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


class TestServerBlock:
    """Settings in the document: they count less than options and variables."""

    @pytest.fixture
    def read(self, tmp_path):
        file = tmp_path / "cogmock.yaml"

        def settings(text, *arguments, **environ):
            file.write_text(text)
            serve = cli._parser()[1]["serve"]
            options = serve.parse_args(["--config", str(file), *arguments])
            return read_settings(serve, options, environ)

        return settings

    TEXT = "pools: []\nserver:\n  issuer: aws\n  port: 4600\n  aids: false\n  allow_host: [shop.test]\n"

    def test_they_are_read(self, read):
        found = read(self.TEXT)
        assert (found.issuer, found.port, found.aids, found.allow_host) == (
            "aws",
            4600,
            False,
            ("shop.test",),
        )

    def test_an_option_counts_more_and_so_does_a_variable(self, read):
        found = read(self.TEXT, "--port", "4700", COGMOCK_ISSUER="host")
        assert (found.issuer, found.port) == ("host", 4700)

    def test_a_wrong_value_has_its_place(self, read, capsys):
        with pytest.raises(SystemExit) as ended:
            read("server: {port: many}\n")
        assert ended.value.code == 2
        assert "cogmock.yaml:1: server.port: 'many' is not possible" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("stated", "message"),
        [
            ("state: [a.db]", "server.state: must be one value, not a list"),
            ("port: {a: 1}", "server.port: must be one value, not a mapping"),
            (
                "lambda: {check: 'module:check'}",
                "server.lambda: must be a text, or a list of texts, not a mapping",
            ),
            ("allow_host: [[a]]", "server.allow_host: must be a text, or a list of texts, not a list"),
        ],
    )
    def test_a_value_of_a_wrong_kind_has_its_place(self, read, documents, capsys, stated, message):
        with pytest.raises(SystemExit) as ended:
            read(f"server: {{{stated}}}\n")
        assert ended.value.code == 2
        assert f"cogmock.yaml:1: {message}" in capsys.readouterr().err
        [(path, _, told)] = documents.faults(f"server: {{{stated}}}")
        assert f"{path}: {told}" == message

    def test_one_text_is_a_list_of_one(self, read):
        assert read("server: {allow_host: shop.test}\n").allow_host == ("shop.test",)
        assert read("server: {allow_host: []}\n").allow_host == ()

    def test_an_unknown_setting_is_a_fault(self, documents):
        [(path, line, message)] = documents.faults("server: {isuer: aws}")
        assert (path, line, message) == ("server.isuer", 1, "unknown key 'isuer'; did you mean 'issuer'?")

    def test_in_process(self):
        with mock_cognito(config={"server": {"code": "123456"}}) as cognito:
            assert cognito.settings.code == "123456"
        with mock_cognito(config={"server": {"allow_host": "shop.test"}}) as cognito:
            assert cognito.settings.allow_host == ("shop.test",)
        with mock_cognito(config={"server": {"code": "123456"}}, code="654321") as cognito:
            assert cognito.settings.code == "654321"
        with (
            pytest.raises(ValueError, match="server"),
            mock_cognito(config={"server": {"pretend": "maybe"}}) as cognito,
        ):
            assert cognito.settings
