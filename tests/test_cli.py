"""The command line, as a user's shell sees it: real processes."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import boto3
import jwt
import pytest
import yaml
from support.processes import free_port
from support.waiting import LIMIT

from cogmock import cli
from cogmock.cli import demo, environment, hosts, serve
from cogmock.core.outbox import Message
from cogmock.settings import Settings
from cogmock.testing.server import CognitoServer
from cogmock.version import __version__

UNVERIFIED = {"verify_signature": False}
COMMAND = [sys.executable, "-m", "cogmock"]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("COGMOCK_", "AWS_"))}


@contextmanager
def serving(*options, **environ):
    """Starts a server in a separate process. Yields the process and the URL that it printed."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=CLEAN | {"PYTHONUNBUFFERED": ""} | environ,
    )
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"cogmock listening on (http://\S+)\n", line)
        assert found, (line, process.stderr.read() if process.poll() is not None else "")
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=LIMIT) as answer:
        return json.load(answer)


def ended(*arguments, **environ):
    """What a command leaves that ends by itself."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=CLEAN | environ, timeout=100, check=False
    )


def client(url):
    return boto3.client(
        "cognito-idp",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )


class TestServe:
    def test_it_is_ready_when_it_says_so(self):
        with serving() as (_, url):
            assert get(f"{url}/_cogmock/health") == {"status": "ok", "version": __version__}

    def test_the_issuer_names_the_port_that_was_free(self):
        with serving() as (_, url):
            pool_id = client(url).create_user_pool(PoolName="shop")["UserPool"]["Id"]
            issuer = f"http://localhost:{url.rpartition(':')[2]}/{pool_id}"
            assert get(f"{issuer}/.well-known/openid-configuration")["issuer"] == issuer

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_it_in_good_order(self, number):
        with serving() as (process, url):
            get(f"{url}/_cogmock/health")
            process.send_signal(number)
            assert process.wait(LIMIT) == 0
            assert "Traceback" not in process.stderr.read()

    def test_a_signal_right_after_the_ready_line_ends_it_too(self):
        with serving() as (process, _):
            process.terminate()
            assert process.wait(LIMIT) == 0

    def test_a_client_that_waits_does_not_hold_up_the_end(self):
        with serving() as (process, url):
            waiting = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))
            waiting.sendall(b"GET /_cogmock/messages?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            get(f"{url}/_cogmock/health")
            process.terminate()
            assert process.wait(LIMIT) == 0
            waiting.close()

    def test_a_taken_port_is_one_clear_line(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            found = ended("serve", "--port", str(port))
        assert found.returncode == 1
        assert found.stdout == ""
        assert found.stderr.count("\n") == 1
        assert f"port {port}" in found.stderr
        assert "--port" in found.stderr

    def test_an_address_that_is_not_this_machines_is_one_clear_line(self):
        found = ended("serve", "--host", "192.0.2.1", "--port", "0")
        assert found.returncode == 1
        assert found.stderr.count("\n") == 1
        assert "192.0.2.1" in found.stderr

    def test_each_call_is_a_line_on_standard_error(self):
        with serving() as (process, url):
            client(url).create_user_pool(PoolName="shop")
            process.terminate()
            output, log = process.communicate(timeout=LIMIT)
        assert output == ""
        assert re.search(r"^\d\d:\d\d:\d\d ✓ CreateUserPool +shop +\d+\.\d ms  eu-west-1$", log, re.MULTILINE)

    def test_a_code_that_is_sent_is_logged(self):
        with serving("--code", "424242") as (process, url):
            idp = client(url)
            pool_id = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"][
                "Id"
            ]
            client_id = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"][
                "ClientId"
            ]
            idp.sign_up(
                ClientId=client_id,
                Username="ada",
                Password="Corr3ct-Horse!",
                UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
            )
            process.terminate()
            _, log = process.communicate(timeout=LIMIT)
        assert "✉ code 424242  to ada@example.com · SignUp" in log
        assert "Corr3ct-Horse!" not in log

    def test_json_lines_are_read_by_machines(self):
        with serving("--log-format", "json") as (process, url):
            client(url).create_user_pool(PoolName="shop")
            process.terminate()
            _, log = process.communicate(timeout=LIMIT)
        entries = [json.loads(line) for line in log.splitlines()]
        assert ("CreateUserPool", "shop") in [(of.get("operation"), of.get("subject")) for of in entries]

    def test_variables_set_what_flags_set(self):
        with serving(
            COGMOCK_ISSUER="aws", COGMOCK_SEED="7", COGMOCK_ALLOW_HOST="one, two", COGMOCK_LOG_LEVEL="error"
        ) as (process, url):
            pool_id = client(url).create_user_pool(PoolName="shop")["UserPool"]["Id"]
            issuer = get(f"{url}/{pool_id}/.well-known/openid-configuration")["issuer"]
            assert issuer == f"https://cognito-idp.eu-west-1.amazonaws.com/{pool_id}"
            assert get(f"{url}/_cogmock/clock", Host="two")["offset_seconds"] == 0
            process.terminate()
            assert process.communicate(timeout=LIMIT)[1] == ""

    def test_a_flag_counts_more_than_its_variable(self):
        with serving("--issuer", "server", COGMOCK_ISSUER="aws", COGMOCK_PORT="1") as (_, url):
            pool_id = client(url).create_user_pool(PoolName="shop")["UserPool"]["Id"]
            assert get(f"{url}/{pool_id}/.well-known/openid-configuration")["issuer"].startswith(
                "http://localhost"
            )

    def test_beyond_loopback_it_warns_and_keeps_the_control_api_to_itself(self):
        with serving("--host", "0.0.0.0") as (process, url):
            assert get(f"{url}/_cogmock/health")["status"] == "ok"
            with pytest.raises(urllib.error.HTTPError) as refused:
                get(f"{url}/_cogmock/clock", Host="192.168.1.5")
            assert refused.value.code == 403
            refused.value.close()
            process.terminate()
            _, log = process.communicate(timeout=LIMIT)
        assert "warning: listening on 0.0.0.0" in log

    def test_who_asked_is_told_when_it_is_ready(self):
        """`make run` fills its pool then."""
        code = (
            "import sys, os, signal\n"
            "from cogmock.cli.serve import run\n"
            "from cogmock.settings import Settings\n"
            "def ready(url):\n"
            "    print('told', url, flush=True)\n"
            "    os.kill(os.getpid(), signal.SIGTERM)\n"
            "sys.exit(run(Settings(port=0), ready))\n"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=CLEAN, timeout=100, check=False
        )
        assert found.returncode == 0, found.stderr
        listening, told = found.stdout.splitlines()
        assert told.split()[-1] == listening.split()[-1]


class TestUsage:
    def test_help_fits_a_terminal_and_names_every_setting(self):
        found = ended("serve", "--help", COLUMNS="80")
        assert found.returncode == 0
        assert max(map(len, found.stdout.splitlines())) <= 80
        for name in Settings.__dataclass_fields__:
            negated = "no-" if name == "aids" else ""
            assert f"--{negated}{name.rstrip('_').replace('_', '-')} " in found.stdout
        assert "COGMOCK_" in found.stdout

    @pytest.mark.parametrize(
        ("arguments", "variable", "on"),
        [
            ([], "", True),
            (["--no-aids"], "on", False),
            ([], "off", False),
            ([], "No", False),
            ([], "1", True),
        ],
    )
    def test_a_switch_is_turned_by_option_and_variable(self, arguments, variable, on, monkeypatch):
        served = []
        monkeypatch.setattr(serve, "run", lambda settings, *_, **__: served.append(settings) or 0)
        monkeypatch.setenv("COGMOCK_AIDS", variable)
        assert cli.main(["serve", *arguments]) == 0
        assert served[0].aids is on

    def test_the_verbs_are_listed(self):
        found = ended("--help", COLUMNS="80")
        assert found.returncode == 0
        for verb in ("serve", "health", "env", "messages", "requests", "logs", "risk", "clock", "reset"):
            assert re.search(rf"^ +{verb} +\S", found.stdout, re.MULTILINE)

    def test_the_version_is_told(self):
        assert ended("--version").stdout == f"cogmock {__version__}\n"

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (["serve", "--port", "x"], "--port"),
            (["serve", "--port", "70000"], "65535"),
            (["serve", "--port", "-1"], "--port"),
            (["serve", "--issuer", "me"], "server, aws, host"),
            (["serve", "--seed", "many"], "whole number"),
            (["serve", "--aids"], "--aids"),
            (["serve", "--public-url", "localhost:4577"], "http://"),
            (["serve", "--code", "1 2"], "--code"),
            (["serve", "--smtp-url", "mail.example", "--port", "0"], "mail.example"),
            (["serve", "--compromised", "/no/such.txt", "--port", "0"], "/no/such.txt"),
            (["serve", "--log-level", "loud"], "warning"),
            (["serve", "--por", "0"], "--por"),
            (["serve", "now"], "now"),
            (["--nonsense"], "--nonsense"),
            (["launch"], "launch"),
            (["clock", "+1h", "+1h"], "+1h"),
            (["clock", "tomorrow"], "2030-01-01T12:00:00Z"),
            (["clock", "+1x"], "+1h"),
            (["health", "--wait", "nan"], "number of seconds"),
            (["messages", "--wait", "-1"], "number of seconds"),
            (["messages", "show", "last"], "whole number"),
            (["requests", "-n", "-1"], "whole number"),
            (["import", "file", "--parameter", "name"], "NAME=VALUE"),
            (["pull", "shop"], "us-east-1_Abc123def"),
            (["pull", "us-east-1_x", "--endpoint-url", "shop"], "--endpoint-url"),
            (["serve", "--social", "google=http://127.0.0.1:9", "--port", "0"], "accounts.google.com"),
            (["snapshot", "load", "/no/such.json"], "/no/such.json"),
            (["token"], "--user NAME"),
            (["reset", "--now"], "cogmock reset: error: unrecognized arguments: --now"),
        ],
    )
    def test_wrong_usage_ends_with_status_2_and_names_it(self, arguments, word, capsys):
        try:
            status = cli.main(arguments)
        except SystemExit as stopped:
            status = stopped.code
        assert status == 2
        assert word in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("name", "value"),
        [("PORT", "abc"), ("ISSUER", "me"), ("SEED", "1.5"), ("LOG_FORMAT", "xml"), ("AIDS", "maybe")],
    )
    def test_a_wrong_variable_is_named(self, name, value, monkeypatch, capsys):
        monkeypatch.setenv(f"COGMOCK_{name}", value)
        with pytest.raises(SystemExit) as stopped:
            cli.main(["serve"])
        assert stopped.value.code == 2
        assert f"COGMOCK_{name}: '{value}'" in capsys.readouterr().err

    def test_an_empty_variable_is_none(self, monkeypatch):
        served = []
        monkeypatch.setattr(serve, "run", lambda settings, *_, **__: served.append(settings) or 0)
        monkeypatch.setenv("COGMOCK_PORT", "")
        monkeypatch.setenv("COGMOCK_ALLOW_HOST", "")
        assert cli.main(["serve"]) == 0
        assert served == [Settings()]

    @pytest.mark.parametrize("arguments", [[], ["--port", "4577"], ["serve"]])
    def test_without_a_verb_it_serves(self, arguments, monkeypatch):
        served = []
        monkeypatch.setattr(serve, "run", lambda settings, *_, **__: served.append(settings) or 0)
        assert cli.main(arguments) == 0
        assert served == [Settings()]

    def test_flags_become_settings(self, monkeypatch):
        served = []
        monkeypatch.setattr(serve, "run", lambda settings, *_, **__: served.append(settings) or 0)
        cli.main(["--port", "0", "--seed", "5", "--allow-host", "a", "--allow-host", "b", "--code", "123456"])
        assert served == [Settings(port=0, seed=5, allow_host=("a", "b"), code="123456")]


class TestQuestions:
    @pytest.fixture
    def server(self, monkeypatch):
        monkeypatch.delenv("NO_COLOR", raising=False)
        with CognitoServer() as server:
            monkeypatch.setenv("COGMOCK_URL", server.url)
            yield server

    @pytest.fixture
    def told(self, server, capsys):
        """What a verb prints, where it ends well."""

        def told(*arguments):
            assert cli.main(arguments) == 0
            return capsys.readouterr().out

        return told

    @pytest.fixture
    def sent(self, server):
        def send(**of):
            usual = {
                "user_pool_id": "us-east-1_a",
                "username": "ada",
                "medium": "EMAIL",
                "destination": "ada@example.com",
                "subject": None,
                "body": "Hello",
                "code": "482913",
                "link": None,
                "trigger_source": "CustomMessage_SignUp",
                "sent_at": 1767225600.0,
            }
            server.world.outbox.deliver(Message(**usual | of))

        return send

    def test_health(self, told, server):
        assert told("health") == f"ok, cogmock {__version__} at {server.url}\n"
        assert json.loads(told("health", "--json"))["status"] == "ok"

    def test_env_prints_what_a_shell_takes(self, told, server):
        assert f"export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={server.url}\n" in told("env")
        assert f"set -gx AWS_ENDPOINT_URL_STS {server.url}\n" in told("env", "--format", "fish")
        assert json.loads(told("env", "--format", "json"))["AWS_ENDPOINT_URL_IAM"] == server.url

    def test_a_message_that_does_not_come_is_a_fault(self, server, capsys):
        assert cli.main(["messages", "--wait", "0.01"]) == 1
        assert "no message came within 0.01 seconds" in capsys.readouterr().err

    def test_what_env_prints_sends_boto3_there(self, told, monkeypatch):
        for name, value in json.loads(told("env", "--format", "json")).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        assert (
            boto3.client("cognito-idp", region_name="us-east-1").list_user_pools(MaxResults=5)["UserPools"]
            == []
        )

    def test_messages(self, told, sent):
        sent()
        sent(username="grace", destination="grace@example.com", code=None)
        assert told("messages").splitlines() == [
            "00:00:00 EMAIL ada@example.com SignUp 482913",
            "00:00:00 EMAIL grace@example.com SignUp Hello",
        ]
        assert told("messages", "--user", "grace").count("\n") == 1
        assert told("messages", "--pool", "us-east-1_b") == ""
        assert [json.loads(line)["code"] for line in told("messages", "--json").splitlines()] == [
            "482913",
            None,
        ]

    @pytest.mark.parametrize("verb", ["messages", "requests"])
    def test_following_prints_what_comes_until_it_is_stopped(self, server, sent, verb):
        def act(code):
            sent(code=code)
            client(server.url).create_user_pool(PoolName=code)

        act("first")
        with subprocess.Popen(
            [*COMMAND, verb, "--follow", "--json"],
            env=CLEAN | {"COGMOCK_URL": server.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert "first" in process.stdout.readline()
            act("second")
            assert "second" in process.stdout.readline()
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=LIMIT)
        assert (process.returncode, rest, errors) == (130, "", "")

    def test_requests(self, told, server):
        client(server.url).create_user_pool(PoolName="shop")
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d ✓ CreateUserPool +shop +\d+\.\d ms  eu-west-1\n", told("requests")
        )
        assert json.loads(told("requests", "--json"))["parameters"]["PoolName"] == "shop"

    def test_risk(self, told, server):
        pool = client(server.url).create_user_pool(PoolName="shop")["UserPool"]["Id"]
        assert told("risk", pool, "high") == "sign-ins of all users are judged: HIGH risk\n"
        kept = server.world.find_pool(pool)[1]
        assert (kept.risk_verdict.level, kept.risk_verdict.compromised) == ("High", False)
        client(server.url).admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
        answer = json.loads(told("risk", pool, "none", "--user", "ada", "--compromised", "--json"))
        assert answer == {"user_pool_id": pool, "username": "ada", "level": None, "compromised": True}

    def test_logs(self, told, server):
        for group in ("/one", "/two"):
            server.world.cloudwatch.write(group, "stream", 1767225600.25, "a line\x1b[31m")
        printed = "00:00:00 /one stream a line\\x1b[31m\n00:00:00 /two stream a line\\x1b[31m\n"
        assert told("logs") == printed
        assert told("logs", "--group", "/one", "--stream", "stream").count("\n") == 1
        assert json.loads(told("logs", "--group", "/two", "--json"))["log_group"] == "/two"
        assert told("logs", "--stream", "nowhere") == ""

    @pytest.mark.parametrize(
        ("move", "seconds"),
        [("+90s", 90), ("+90", 90), ("+15m", 900), ("+1h", 3600), ("-2d", -172800), ("+0.5s", 0.5)],
    )
    def test_clock_is_moved(self, told, server, move, seconds):
        before = server.world.clock.now()
        told("clock", move)
        assert seconds <= server.world.clock.now() - before < seconds + 60

    def test_clock_is_set_read_and_set_right(self, told, server):
        assert told("clock", "2030-01-01T12:00:00Z").startswith("2030-01-01T12:00:0")
        assert json.loads(told("clock", "--json"))["now"].startswith("2030-01-01T12:00")
        told("clock", "reset")
        assert abs(server.world.clock.now() - time.time()) < 60

    def test_reset(self, told, server):
        client(server.url).create_user_pool(PoolName="shop")
        told("reset")
        assert client(server.url).list_user_pools(MaxResults=5)["UserPools"] == []

    def test_a_refusal_is_told_in_the_servers_words(self, server, capsys):
        assert cli.main(["clock", "0900-01-01"]) == 1
        assert "The clock runs from 1970 to 9999." in capsys.readouterr().err

    @pytest.mark.parametrize("verb", ["health", "messages", "requests", "clock", "reset"])
    def test_no_server_is_a_fault_and_one_clear_line(self, verb, capsys):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))  # bound, and nobody listens
            assert cli.main([verb, "--url", f"http://127.0.0.1:{free.getsockname()[1]}"]) == 1
        written = capsys.readouterr().err
        assert written.count("\n") == 1
        assert "no cogmock answers" in written

    @pytest.mark.parametrize(
        "url", ["localhost:4577", "ftp://x", "http://", "http://localhost:x", "http://["]
    )
    def test_a_url_that_is_none_is_a_fault(self, url, capsys):
        assert cli.main(["health", "--url", url]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_a_reader_that_has_seen_enough_is_no_fault_of_ours(self, server, sent):
        for _ in range(2000):
            sent()
        found = subprocess.run(
            f"{sys.executable} -m cogmock messages | head -1",
            shell=True,
            capture_output=True,
            text=True,
            env=CLEAN | {"COGMOCK_URL": server.url},
            timeout=100,
            check=False,
        )
        assert found.stdout.count("\n") == 1
        assert found.stderr == ""


class TestStart:
    @pytest.mark.parametrize(
        ("target", "words"),
        [
            ("cogmock_nowhere.mod:handler", "No module named 'cogmock_nowhere'"),
            ("json:nothing", "Handler 'nothing' missing on module 'json'"),
        ],
    )
    def test_a_function_that_is_not_there_is_told(self, target, words):
        found = ended("serve", "--port", "0", "--lambda", f"guard={target}")
        assert found.returncode == 2
        assert found.stderr.startswith(f"cogmock: --lambda guard={target}: ")
        assert words in found.stderr
        assert found.stderr.count("\n") == 1

    def test_a_port_that_a_cogmock_has_is_told(self):
        with CognitoServer() as server:
            found = ended("serve", "--port", str(server.settings.port))
        assert found.returncode == 1
        assert f"is taken by cogmock {__version__}, which already runs at {server.url}" in found.stderr

    def test_a_demo_that_was_kept_is_used_again(self, tmp_path):
        for _ in range(2):
            with serving("--demo", "--state", str(tmp_path / "state.db")) as (process, url):
                printed = []
                while "Ctrl-C" not in "".join(printed[-1:]):
                    printed.append(process.stdout.readline())
                assert demo.POOL in "".join(printed)
                found = demo.client(url).list_users(UserPoolId=demo.POOL)["Users"]
                assert [user["Username"] for user in found] == [demo.USER]

    def test_a_demo_is_ready_to_be_used(self):
        with serving("--demo", "--issuer", "aws") as (process, url):
            printed = []
            for line in process.stdout:
                printed.append(line)
                if "Ctrl-C" in line:
                    break
            assert f"https://cognito-idp.us-east-1.amazonaws.com/{demo.POOL}" in "".join(printed)
            idp = demo.client(url)
            made = idp.describe_user_pool_client(UserPoolId=demo.POOL, ClientId=demo.CLIENT)["UserPoolClient"]
            assert {f"http://localhost:{port}/" for port in (3000, 5173, 4200, 8080)} <= {*made["LogoutURLs"]}
            assert f"{url}/_cogmock/callback" in made["CallbackURLs"]
            given = {"USERNAME": demo.USER, "PASSWORD": demo.PASSWORD}
            for flow in ("USER_PASSWORD_AUTH", "USER_AUTH"):
                more = {} if flow == "USER_PASSWORD_AUTH" else {"PREFERRED_CHALLENGE": "PASSWORD"}
                assert "AuthenticationResult" in idp.initiate_auth(
                    ClientId=demo.CLIENT, AuthFlow=flow, AuthParameters=given | more
                )
            idp.close()


class TestSuggestions:
    @pytest.mark.parametrize(
        ("arguments", "meant"),
        [
            (["helth"], "did you mean health?"),
            (["serve", "--por", "0"], "did you mean --port?"),
            (["messages", "--folow"], "did you mean --follow?"),
            (["env", "--format", "yml"], "choose from"),
        ],
    )
    def test_what_was_perhaps_meant_is_named(self, arguments, meant, capsys):
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        assert stopped.value.code == 2
        assert meant in capsys.readouterr().err


@pytest.fixture
def server(monkeypatch):
    """A server, and an environment that tells of it and of nothing else."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "COGMOCK_")):
            monkeypatch.delenv(name)
    with CognitoServer() as server:
        monkeypatch.setenv("COGMOCK_URL", server.url)
        yield server


@pytest.fixture
def told(server, capsys):
    """What a verb prints, and with which status it ends."""

    def told(*arguments, status=0):
        assert cli.main(arguments) == status
        return capsys.readouterr().out

    return told


class TestHealth:
    def test_a_server_that_is_starting_is_waited_for(self, capsys, monkeypatch):
        port = free_port()
        late = CognitoServer(port=port)
        timer = threading.Timer(0.3, late.start)
        timer.start()
        try:
            assert cli.main(["health", "--wait", "60", "--url", f"http://localhost:{port}"]) == 0
        finally:
            timer.join()
            late.stop()

    def test_waiting_ends(self, capsys):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
            assert cli.main(["health", "--wait", "0.2", "--url", url]) == 1
        assert "no cogmock answers" in capsys.readouterr().err


class TestEnv:
    def test_region_and_keys_come_where_they_are_unset(self, told, monkeypatch):
        found = json.loads(told("env", "--format", "json"))
        assert found["AWS_DEFAULT_REGION"] == "us-east-1"
        assert found["AWS_ACCESS_KEY_ID"]
        assert "AWS_ENDPOINT_URL" not in found
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        monkeypatch.setenv("AWS_PROFILE", "dev")
        found = json.loads(told("env", "--format", "json"))
        assert {name for name in found if "_URL_" not in name} == {"COGMOCK_URL"}

    def test_cogmock_asks_the_same_server_afterwards(self, told, server):
        assert json.loads(told("env", "--format", "json"))["COGMOCK_URL"] == server.url
        assert "COGMOCK_URL" not in environment.variables("http://localhost:4577", {})

    @pytest.mark.parametrize(
        ("form", "line"),
        [
            ("sh", "export AWS_DEFAULT_REGION=us-east-1"),
            ("fish", "set -gx AWS_DEFAULT_REGION us-east-1"),
            ("powershell", "$Env:AWS_DEFAULT_REGION = 'us-east-1'"),
            ("dotenv", "AWS_DEFAULT_REGION=us-east-1"),
        ],
    )
    def test_each_form(self, told, form, line):
        assert line in told("env", "--format", form).splitlines()

    def test_amplify_and_spring(self, told, server):
        pool = server.make_pool(PoolName="shop")
        cognito = json.loads(told("env", "--format", "amplify"))["Auth"]["Cognito"]
        assert cognito == {
            "userPoolId": pool.id,
            "userPoolClientId": pool.client_id,
            "userPoolEndpoint": server.url,
            "identityPoolEndpoint": server.url,
        }
        issuer = f"{server.url}/{pool.id}"
        printed = told("env", "--format", "spring", "--pool", "shop")
        assert f"spring.security.oauth2.resourceserver.jwt.issuer-uri={issuer}\n" in printed
        assert f"spring.security.oauth2.client.provider.cognito.issuer-uri={issuer}\n" in printed

    def test_spring_where_the_issuer_is_not_this_server(self, told, server):
        server.settings.issuer = "aws"
        pool = server.make_pool(PoolName="shop")
        printed = dict(line.split("=") for line in told("env", "--format", "spring").splitlines())
        assert {name.removeprefix("spring.security.oauth2."): value for name, value in printed.items()} == {
            "resourceserver.jwt.issuer-uri": f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}",
            "resourceserver.jwt.jwk-set-uri": f"{server.url}/{pool.id}/.well-known/jwks.json",
            "client.provider.cognito.authorization-uri": f"{server.url}/oauth2/authorize",
            "client.provider.cognito.token-uri": f"{server.url}/oauth2/token",
            "client.provider.cognito.user-info-uri": f"{server.url}/oauth2/userInfo",
            "client.provider.cognito.jwk-set-uri": f"{server.url}/{pool.id}/.well-known/jwks.json",
            "client.provider.cognito.user-name-attribute": "sub",
            "client.registration.cognito.client-id": pool.client_id,
        }


class TestTokenVerbs:
    @pytest.fixture
    def pool(self, server):
        return server.make_pool(users=["ada"], totp=["ada"])

    def test_a_token_of_the_only_client_of_users(self, told, server, pool):
        machine = {"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}
        idp = server.client("cognito-idp")
        idp.create_user_pool_client(UserPoolId=pool.id, ClientName="machine", **machine)
        scope = {"ScopeName": "run", "ScopeDescription": "run"}
        idp.create_resource_server(UserPoolId=pool.id, Identifier="jobs", Name="jobs", Scopes=[scope])
        idp.create_user_pool_client(
            UserPoolId=pool.id,
            ClientName="jobs",
            GenerateSecret=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["jobs/run"],
            AllowedOAuthFlowsUserPoolClient=True,
        )
        access = told("token", "--user", "ada").strip()
        assert idp.get_user(AccessToken=access)["Username"] == "ada"
        idp.close()
        assert (
            jwt.decode(told("token", "--user", "ada", "--id").strip(), options=UNVERIFIED)["token_use"]
            == "id"
        )
        assert (
            json.loads(told("token", "--user", "ada", "--client", "test", "--json"))["token_type"] == "Bearer"
        )

    @pytest.mark.parametrize(
        ("arguments", "status", "words"),
        [
            ([], 2, "say whose token"),
            (["inspect"], 2, "give a token"),
            (["--user", "ada", "--client", "nobody"], 1, "there is no app client 'nobody'"),
            (["--user", "ada", "--pool", "nobody"], 1, "there is no user pool 'nobody'"),
            (["--user", "bob"], 1, "User does not exist"),
        ],
    )
    def test_what_is_missing_is_named(self, server, pool, arguments, status, words, capsys):
        assert cli.main(["token", *arguments]) == status
        assert words in capsys.readouterr().err

    def test_where_several_would_do_they_are_listed(self, server, pool, capsys):
        server.make_pool(PoolName="other")
        assert cli.main(["token", "--user", "ada"]) == 1
        found = capsys.readouterr().err
        assert "say which user pool" in found
        assert pool.id in found

    def test_a_good_token_is_explained(self, told, server, pool):
        shown = told("token", "inspect", pool.user("ada").tokens.access_token)
        assert '"token_use": "access"' in shown
        assert shown.endswith(f"good at {server.url}\n")

    def test_why_one_is_not_good(self, told, server, pool):
        tokens = pool.user("ada").tokens

        def reason(token):
            return json.loads(told("token", "inspect", token, "--json", status=1))["reason"]

        assert reason(tokens.id_token[:-8] + "AAAAAAAA") == "not signed by this pool"
        assert reason(jwt.encode({"iss": "https://example.com/x"}, "x" * 32)).endswith(
            "no user pool of this server"
        )
        claims = {"iss": f"{server.url}/{pool.id}", "token_use": "access"}
        forged = jwt.encode(claims, "x" * 32, headers={"kid": "dummy"})
        assert "its key 'dummy' is none of the pool's" in reason(forged)
        idp = server.client("cognito-idp")
        idp.admin_user_global_sign_out(UserPoolId=pool.id, Username="ada")
        idp.close()
        assert reason(tokens.access_token) == "Access Token has been revoked"
        server.clock.advance(days=2)
        assert reason(tokens.id_token).startswith("it expired at ")

    def test_one_whose_time_is_none(self, told, server):
        token = jwt.encode({"iss": "x", "exp": 10**400}, "x" * 32)
        assert "0, which is no time" in told("token", "inspect", token, status=1)

    def test_what_is_no_token(self, server, capsys):
        assert cli.main(["token", "inspect", "abc"]) == 1
        assert "This is no JWT" in capsys.readouterr().err

    def test_totp(self, told, server, pool):
        assert told("totp", "ada").strip() == server.totp("ada")
        assert json.loads(told("totp", "ada", "--pool", pool.id, "--json"))["valid_for_seconds"] > 0
        server.make_pool(PoolName="other", users=["ada"], totp=["ada"])
        assert told("totp", "ada", "--pool", "other").strip().isdecimal()


class TestMessageAndRequestOptions:
    def test_a_message_is_shown_whole(self, told, server, capsys):
        server.make_pool(unconfirmed=["ada", "bob"])
        last = told("messages", "show")
        assert "To:      bob@example.com (bob of " in last
        assert f"Code:    {server.messages[-1].code}\n" in last
        assert last.endswith(f"\n\n{server.messages[-1].body}\n")
        assert "ada@example.com" in told("messages", "show", "1")
        assert cli.main(["messages", "show", "9"]) == 1
        assert "there is no message 9" in capsys.readouterr().err

    def test_some_of_the_calls(self, told, server):
        server.make_pool(users=["ada"])
        idp = server.client("cognito-idp")
        with pytest.raises(idp.exceptions.ResourceNotFoundException):
            idp.describe_user_pool(UserPoolId="us-east-1_nowhere00")
        idp.list_user_pools(MaxResults=1)
        idp.close()
        assert "ListUserPools" in told("requests", "-n", "1")
        assert told("requests", "-n", "1").count("\n") == 1
        assert "DescribeUserPool" in told("requests", "--failed")
        assert told("requests", "--failed").count("\n") == 1
        assert told("requests", "-n", "0") == ""

    def test_a_page_is_named_in_words(self, told, server):
        pool = server.make_pool()
        path = f"/login?client_id={pool.client_id}&redirect_uri=http://localhost/&response_type=code"
        with contextlib.suppress(urllib.error.HTTPError):
            get(server.url + path)
        assert "✗ sign-in page " in told("requests", "-n", "1")


class TestDoctor:
    def test_a_sound_set_up(self, told, server, monkeypatch):
        for name, value in environment.variables(server.url, {}).items():
            monkeypatch.setenv(name, value)
        pool = server.make_pool(users=["ada"])
        found = told("doctor", pool.user("ada").tokens.access_token)
        assert "fault" not in found
        assert f"ok    user pool test ({pool.id})" in found
        assert "ok    the token is good here" in found
        assert "AWS tools of this shell" not in found

    def test_notes_change_no_status(self, told, server, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_IAM", "http://localhost:1")
        server.make_pool(AutoVerifiedAttributes=[], client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
        server.clock.advance(days=1)
        found = told("doctor")
        for words in (
            "S3, DynamoDB",
            "AWS_ENDPOINT_URL_IAM is",
            "no region",
            "clock is at",
            "send no code",
            "SRP",
        ):
            assert words in found

    def test_what_cannot_work_is_a_fault(self, told, server):
        idp = server.client("cognito-idp")
        idp.create_user_pool(PoolName="empty")
        idp.close()
        assert "fault empty: nobody can sign in" in told("doctor", status=1)
        found = json.loads(told("doctor", "abc", "--json", status=1))["findings"]
        assert ["fault", "This is no JWT"] in [[of["level"], of["text"].partition(":")[0]] for of in found]

    def test_no_server_is_a_fault(self, capsys):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            assert cli.main(["doctor", "--url", f"http://127.0.0.1:{free.getsockname()[1]}"]) == 1
        assert "fault no cogmock answers" in capsys.readouterr().out


class TestHosts:
    """The recipe itself runs in tests/clients/test_aws_host_names.py."""

    IDP = "cognito-idp.us-east-1.amazonaws.com"

    def test_lines_of_a_hosts_file(self, told, server):
        lines = told("hosts").splitlines()
        assert "443" in lines[0]
        assert str(server.settings.port) in lines[0]
        assert f"127.0.0.1 {self.IDP}" in lines
        assert "127.0.0.1 cognito-identity.us-east-1.amazonaws.com" in lines

    def test_names_of_the_regions_and_domains_that_there_are(self, told, server):
        idp = client(server.url)
        custom = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
        for domain, config in (("shop", {}), ("login.example.com", {"CustomDomainConfig": custom})):
            pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
            idp.create_user_pool_domain(UserPoolId=pool_id, Domain=domain, **config)
        names = [line.split()[1] for line in told("hosts").splitlines()[1:]]
        assert names == [
            "cognito-idp.eu-west-1.amazonaws.com",
            "issuer-cognito-idp.eu-west-1.amazonaws.com",
            "cognito-identity.eu-west-1.amazonaws.com",
            "shop.auth.eu-west-1.amazoncognito.com",
            "login.example.com",
        ]

    def test_names_of_govcloud(self, told, server):
        options = {"region_name": "us-gov-west-1", "endpoint_url": server.url}
        idp = boto3.client("cognito-idp", aws_access_key_id="a", aws_secret_access_key="b", **options)
        pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")
        names = [line.split()[1] for line in told("hosts").splitlines()[1:]]
        assert "cognito-idp-fips.us-gov-west-1.amazonaws.com" in names
        assert "shop.auth-fips.us-gov-west-1.amazoncognito.com" in names

    def test_a_server_on_the_port_of_https_needs_no_note(self):
        assert hosts.FORMATS["hosts"](["a.example"], hosts.Target("10.0.0.7", 443)) == "10.0.0.7 a.example"

    def test_the_address_may_be_another(self, told):
        assert f"10.0.0.7 {self.IDP}" in told("hosts", "--address", "10.0.0.7").splitlines()
        assert f"::1 {self.IDP}" in told("hosts", "--address", "::1").splitlines()

    def test_an_address_that_leads_nowhere(self, server, capsys):
        assert cli.main(["hosts", "--address", "nowhere.invalid"]) == 1
        assert "--address nowhere.invalid" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("form", "line"),
        [
            ("chromium", f"MAP {IDP} [::1]:{{port}}"),
            ("curl", f"connect-to = {IDP}:443:[::1]:{{port}}"),
            ("compose", f"      - {IDP}"),
            ("node", f'  "{IDP}",'),
            ("python", 'ADDRESS, PORT = "::1", {port}'),
        ],
    )
    def test_each_form(self, told, server, form, line):
        printed = told("hosts", "--format", form, "--address", "::1")
        assert line.format(port=server.settings.port) in printed

    def test_the_aliases_are_those_of_a_compose_file(self, told):
        aliases = yaml.safe_load(told("hosts", "--format", "compose"))["networks"]["default"]["aliases"]
        assert self.IDP in aliases
