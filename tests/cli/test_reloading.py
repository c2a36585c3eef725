"""`cogmock serve --reload`: functions and the document are read anew, and state stays."""

import logging
import subprocess
import sys
import threading

import pytest
from support.serving import client
from support.waiting import LIMIT, until

from cogmock.cli import reloading
from cogmock.cli.reloading import Reloading
from cogmock.core.functions import invoke
from cogmock.definitions.config import apply_config
from cogmock.testing.server import CognitoServer

ARN = "arn:aws:lambda:us-east-1:123456789012:function:check"
DOCUMENT = """\
pools:
  - {id: us-east-1_Shop, PoolName: shop, LambdaConfig: {PreSignUp: check}, clients: [{id: web, ClientName: web}]}
roles:
  - {RoleName: member, AssumeRolePolicyDocument: trust.json}
functions: {check: "shoptriggers.checks:check"}
"""
STATEMENT = '{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}'
TRUST = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
FUNCTION = "from shoptriggers import rules\n\ndef check(event, context):\n    return rules.VERDICT\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a document and the package of its function. What is imported from there is forgotten at the end."""
    (tmp_path / "shoptriggers").mkdir()
    (tmp_path / "shoptriggers" / "checks.py").write_text(FUNCTION)
    (tmp_path / "shoptriggers" / "rules.py").write_text("VERDICT = 'first'\n")
    (tmp_path / "trust.json").write_text(TRUST)
    (tmp_path / "cogmock.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", sys.dont_write_bytecode)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in {"shoptriggers", "shophelpers"}]:
        del sys.modules[name]


@pytest.fixture
def server(project):
    with CognitoServer(config="cogmock.yaml") as server:
        apply_config(server.world)
        yield server


@pytest.fixture
def watched(server, caplog):
    """What watches the files, without its thread: each `look` is one comparison."""
    found = Reloading(server.world)
    found.note()
    caplog.set_level(logging.INFO, "cogmock.reload")
    return found


def verdict(server):
    """What the function answers."""
    found = invoke.find(server.world, ARN)
    return invoke.invoke(found, b"{}", "1").decode()


class TestFunctions:
    def test_stay_while_nothing_changes(self, server, watched, caplog):
        watched.look()
        assert (verdict(server), caplog.messages) == ('"first"', [])

    def test_are_read_anew_with_what_they_import(self, server, watched, project, caplog):
        (project / "shoptriggers" / "rules.py").write_text("VERDICT = 'second one'\n")
        watched.look()
        assert verdict(server) == '"second one"'
        (project / "shoptriggers" / "checks.py").write_text(FUNCTION.replace("rules.VERDICT", "'a third'"))
        watched.look()
        assert verdict(server) == '"a third"'
        assert caplog.messages == [
            "functions are read anew: shoptriggers/rules.py",
            "functions are read anew: shoptriggers/checks.py",
        ]
        watched.look()
        assert len(caplog.messages) == 2

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("VERDICT = (\n", "shoptriggers/rules.py:1: SyntaxError: '(' was never closed"),
            ("\nVERDICT = NAME\n", "shoptriggers/rules.py:2: NameError: name 'NAME' is not defined"),
            ("raise SystemExit(3)\n", "shoptriggers/rules.py:1: SystemExit: 3"),
        ],
    )
    def test_with_a_fault_are_told_and_the_last_good_ones_stay(
        self, server, watched, project, caplog, text, words
    ):
        (project / "shoptriggers" / "rules.py").write_text(text)
        watched.look()
        [record] = caplog.records
        assert record.levelname == "ERROR"
        assert record.getMessage() == (
            f"shoptriggers.checks:check cannot be imported: {words}; all functions stay as they were"
        )
        assert verdict(server) == '"first"'
        (project / "shoptriggers" / "rules.py").write_text("VERDICT = 'mended'\n")
        watched.look()
        assert verdict(server) == '"mended"'

    def test_that_lack_a_file_are_read_when_it_comes(self, server, watched, project, caplog):
        (project / "shoptriggers" / "rules.py").write_text("from shophelpers import VERDICT\n")
        watched.look()
        assert "No module named 'shophelpers'" in caplog.text
        (project / "shophelpers.py").write_text("VERDICT = 'helped'\n")
        watched.look()
        assert verdict(server) == '"helped"'

    def test_that_are_gone_from_their_module_are_told(self, server, watched, project, caplog):
        (project / "shoptriggers" / "checks.py").write_text("pass\n")
        watched.look()
        assert "Handler 'check' missing on module 'shoptriggers.checks'" in caplog.text
        assert verdict(server) == '"first"'

    def test_code_that_is_no_part_of_them_changes_nothing(self, server, watched, project, caplog):
        (project / "unrelated.py").write_text("raise SystemExit\n")
        watched.look()
        assert caplog.messages == []


class TestDocument:
    def test_is_applied_anew_and_users_stay(self, server, watched, project, caplog):
        server.functions["check"] = lambda event, _context: event
        idp = server.client("cognito-idp")
        idp.admin_create_user(UserPoolId="us-east-1_Shop", Username="ada")
        (project / "cogmock.yaml").write_text(DOCUMENT.replace("PoolName: shop", "PoolName: the shop"))
        watched.look()
        assert idp.describe_user_pool(UserPoolId="us-east-1_Shop")["UserPool"]["Name"] == "the shop"
        assert idp.admin_get_user(UserPoolId="us-east-1_Shop", Username="ada")["Username"] == "ada"
        assert caplog.messages == ["cogmock.yaml is applied anew: 1 updated, 2 unchanged"]

    def test_files_that_it_names_count_too(self, server, watched, project):
        (project / "trust.json").write_text(TRUST.replace(STATEMENT, f"{STATEMENT}, {STATEMENT}"))
        watched.look()
        role = server.client("iam").get_role(RoleName="member")["Role"]
        assert len(role["AssumeRolePolicyDocument"]["Statement"]) == 2

    def test_with_faults_is_told_and_the_last_good_one_stays(self, server, watched, project, caplog):
        (project / "cogmock.yaml").write_text(DOCUMENT.replace("PoolName", "PoolNam"))
        watched.look()
        assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
        assert "cogmock.yaml:2: pools[0].PoolNam: unknown key 'PoolNam'" in caplog.messages[0]
        assert caplog.messages[1] == "cogmock.yaml is not applied; all stays as it was"
        idp = server.client("cognito-idp")
        assert idp.describe_user_pool(UserPoolId="us-east-1_Shop")["UserPool"]["Name"] == "shop"
        (project / "cogmock.yaml").write_text(DOCUMENT.replace("PoolName: shop", "PoolName: mended"))
        watched.look()
        assert idp.describe_user_pool(UserPoolId="us-east-1_Shop")["UserPool"]["Name"] == "mended"

    def test_a_new_function_that_cannot_be_imported_is_tried_again(self, server, watched, project):
        more = DOCUMENT.replace('checks:check"}', 'checks:check", more: "shophelpers:more"}')
        (project / "shophelpers.py").write_text("def more(\n")
        (project / "cogmock.yaml").write_text(more)
        watched.look()
        assert "more" not in server.world.function_targets
        (project / "shophelpers.py").write_text("def more(event, context): return 'more'\n")
        watched.look()
        found = invoke.find(server.world, ARN.replace("check", "more"))
        assert invoke.invoke(found, b"{}", "1") == b'"more"'

    def test_settings_wait_for_the_next_start(self, server, watched, project, caplog):
        (project / "cogmock.yaml").write_text(f"{DOCUMENT}server: {{code: '123456', lambda: []}}\n")
        watched.look()
        assert caplog.messages[1:] == [
            f"cogmock.yaml: server.{name} takes effect at the next start" for name in ("code", "lambda")
        ]

    def test_a_file_that_is_gone_for_a_moment_is_read_again(self, server, watched, project, caplog):
        (project / "cogmock.yaml").unlink()
        watched.look()
        assert "the file cannot be read" in caplog.text
        (project / "cogmock.yaml").write_text(DOCUMENT.replace("PoolName: shop", "PoolName: back again"))
        watched.look()
        pool = server.client("cognito-idp").describe_user_pool(UserPoolId="us-east-1_Shop")["UserPool"]
        assert pool["Name"] == "back again"


class TestWatching:
    @pytest.fixture
    def started(self, server, watched):
        watched.start()
        yield watched
        watched.stop()

    def test_a_change_is_noticed(self, server, started, project):
        (project / "shoptriggers" / "rules.py").write_text("VERDICT = 'noticed'\n")
        until(lambda: verdict(server) == '"noticed"')

    def test_files_are_compared_where_folders_cannot_be_watched(
        self, server, watched, project, monkeypatch, caplog
    ):
        def refuse(*_, **__):
            raise OSError("OS file watch limit reached")

        monkeypatch.setattr("watchfiles.watch", refuse)
        monkeypatch.setattr(reloading, "POLLED", 0.01)
        watched.start()
        (project / "shoptriggers" / "rules.py").write_text("VERDICT = 'polled'\n")
        until(lambda: verdict(server) == '"polled"')
        watched.stop()
        assert "they cannot be watched: OS file watch limit reached" in caplog.text

    def test_what_fails_unforeseen_ends_nothing(self, server, watched, project, monkeypatch, caplog):
        monkeypatch.setattr(watched, "_apply", lambda: 1 / 0)
        (project / "cogmock.yaml").write_text(DOCUMENT.replace("PoolName: shop", "PoolName: other"))
        watched._look_on()
        assert "files could not be read anew" in caplog.text


class TestServe:
    def test_without_the_library_it_says_what_to_install(self, alone, ended, monkeypatch):
        monkeypatch.setattr(reloading, "find_spec", lambda _: None)
        status, out, err = ended("serve", "--port", "0", "--reload")
        assert (status, out) == (2, "")
        assert err == "cogmock: --reload needs the package watchfiles: pip install 'cogmock[reload]'\n"

    def test_the_library_is_imported_with_the_option_alone(self):
        code = "import cogmock.cli.serve, sys; print('watchfiles' in sys.modules, 'cogmock.cli.reloading' in sys.modules)"
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True
        )
        assert found.stdout == "False False\n"

    def test_a_server_goes_on_with_new_code(self, project):
        (project / "shoptriggers" / "rules.py").write_text("VERDICT = None\n")
        command = [sys.executable, "-m", "cogmock", "serve", "--port", "0", "--reload", "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            log = []
            threading.Thread(target=lambda: log.extend(process.stderr), daemon=True).start()
            url = process.stdout.readline().split()[-1]
            idp = client(url)
            user = {"ClientId": "web", "Username": "ada", "Password": "Corr3ct-Horse!"}
            with pytest.raises(idp.exceptions.InvalidLambdaResponseException):
                idp.sign_up(**user)
            (project / "shoptriggers" / "checks.py").write_text(
                "def check(event, context):\n    return event\n"
            )

            def signed_up():
                try:
                    return idp.sign_up(**user)
                except idp.exceptions.InvalidLambdaResponseException:
                    return None

            assert until(signed_up)["UserSub"]
            (project / "cogmock.yaml").write_text("pools: [")
            until(lambda: any("cogmock.yaml is not applied" in line for line in log))
            assert idp.admin_get_user(UserPoolId="us-east-1_Shop", Username="ada")["Username"] == "ada"
            process.terminate()
            assert process.wait(LIMIT) == 0
