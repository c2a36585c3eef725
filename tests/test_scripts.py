"""`make run` and `make demo` work as the README says."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from cogmock.cli.demo import CLIENT, PASSWORD, POOL, USER, client
from scripts.demo import folded, shortened

ROOT = Path(__file__).resolve().parent.parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("COGMOCK_", "AWS_"))}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running():
    """`make run` on a free port: the process, and what it printed until it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env=CLEAN | {"COGMOCK_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    printed = []
    for line in process.stdout:
        printed.append(line)
        if "Ctrl-C" in line:
            break
    yield process, "".join(printed)
    process.terminate()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in log


@pytest.fixture
def url(running):
    return re.search(r"listening on (\S+)", running[1])[1]


class TestRun:
    def test_it_prints_all_that_one_needs(self, running, url):
        for fact in (url, POOL, CLIENT, USER, PASSWORD, f"{url}/_cogmock/\n", f"{url}/{POOL}\n"):
            assert fact in running[1]
        assert "\033" not in running[1]

    def test_the_printed_user_signs_in(self, url):
        idp = client(url)
        answer = idp.initiate_auth(
            ClientId=CLIENT,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": USER, "PASSWORD": PASSWORD},
        )
        assert idp.get_user(AccessToken=answer["AuthenticationResult"]["AccessToken"])["Username"] == USER
        with pytest.raises(ClientError, match="NotAuthorizedException"):
            idp.initiate_auth(
                ClientId=CLIENT,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": USER, "PASSWORD": "Wr0ng-Horse!"},
            )

    def test_the_printed_commands_run(self, running, tmp_path):
        environment = re.search(r'eval "\$\(cogmock env --url \S+\)"', running[1])[0]
        token = re.search(r"cogmock token --user \w+", running[1])[0]
        (tmp_path / "cogmock").symlink_to(Path(sys.executable).with_name("cogmock"))
        path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        answers = [
            subprocess.run(
                command, shell=True, capture_output=True, text=True, timeout=100, check=True, env=CLEAN | path
            ).stdout
            for command in (f"{environment}; {token}", f"{environment}; cogmock requests --failed; env")
        ]
        assert answers[0].count(".") == 2
        assert "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" in answers[1]

    def test_the_printed_page_offers_google_and_a_company(self, running):
        page = re.search(r"sign in +(\S+)", running[1])[1]
        with urllib.request.urlopen(page) as answer:
            text = answer.read().decode()
        for provider in ("Google", "CompanySSO"):
            assert f"Continue with {provider}" in re.sub(r"<[^>]+>", "", text)

    def test_messages_are_read_where_it_says(self, url):
        client(url).sign_up(
            ClientId=CLIENT,
            Username="grace",
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": "grace@example.com"}],
        )
        with urllib.request.urlopen(f"{url}/_cogmock/messages?username=grace", timeout=30) as answer:
            assert re.fullmatch(r"\d{6}", json.load(answer)["messages"][0]["code"])


class TestDemo:
    def test_it_ends_as_it_should(self):
        found = subprocess.run(
            [sys.executable, "-m", "scripts.demo"],
            cwd=ROOT,
            env=CLEAN | {"COLUMNS": "100", "COGMOCK_URL": "http://127.0.0.1:1"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert (found.returncode, found.stderr) == (0, "")
        ending = found.stdout.partition("The story in short\n")[2]
        assert dict(re.findall(r"    (\S.+?)  +(\w+)\n", ending)) == {
            "guest reads premium": "implicitDeny",
            "free reads free": "allowed",
            "free reads premium": "implicitDeny",
            "premium reads premium": "allowed",
            "after the edit": "explicitDeny",
        }
        assert "Corr3ct-Horse!" not in found.stdout
        assert found.stdout.count("\n") < 340
        assert not re.search(r"eyJ[\w-]{100}", found.stdout)

    def test_it_plays_on_the_server_of_make_run_as_often_as_one_likes(self, url):
        for arguments, environ in ((["--url", url], {}), ([], {"COGMOCK_URL": url})):
            found = subprocess.run(
                [sys.executable, "-m", "scripts.demo", *arguments],
                cwd=ROOT,
                env=CLEAN | environ,
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            assert found.returncode == 0, found.stderr
            assert found.stdout.startswith(f"cogmock at {url}\n")


class TestPrinting:
    def test_secrets_are_cut_and_long_texts_are_counted(self):
        assert shortened(
            {"Password": "Corr3ct-Horse!", "IdToken": "e" * 1000, "Arn": "arn:" + "a" * 200}
        ) == {
            "Password": "Cor…",
            "IdToken": "eeeeeeeeeeeeeeee… (1000 characters)",
            "Arn": "arn:" + "a" * 200,
        }

    def test_what_fits_on_a_line_stays_on_one(self):
        assert folded({"a": [1, 2], "b": "x"}, 40) == ['{"a": [1, 2], "b": "x"}']
        assert folded({"a": [1, 2], "b": "x"}, 16) == ["{", "  a: [1, 2]", '  b: "x"', "}"]
