"""What the log says, and how it looks."""

import io
import json
import logging
import re

import boto3
import pytest
from botocore.exceptions import ClientError
from support.http import ask

from cogmock.core.journal import Entry
from cogmock.core.outbox import Message
from cogmock.core.world import World
from cogmock.web import log
from cogmock.web.app import Application


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def untouched():
    """The logger is the process's own: leave it as it was."""
    logger = logging.getLogger("cogmock")
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.level, logger.propagate = before


@pytest.fixture
def entry():
    return Entry(
        id=1,
        at=1767225600.0,
        request_id="4f6c",
        service="cognito-idp",
        operation="RespondToAuthChallenge",
        account="123456789012",
        region="us-east-1",
        parameters={
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": {"USERNAME": "ada", "PASSWORD": "x"},
        },
        status=400,
        error="NotAuthorizedException",
        message="Incorrect username or password.",
        reason="password wrong",
        duration_ms=3.14159,
        triggers=[],
    )


def put_up(style="text", level="info", stream=None):
    stream = stream or io.StringIO()
    log.put_up(stream, style, level)
    return stream


def without_time(text):
    assert re.match(r"\d\d:\d\d:\d\d ", text)
    return text[9:]


class TestText:
    def test_a_failure_ends_with_the_reason_that_aws_hides(self, entry):
        written = put_up()
        log.log_call(World(), entry)
        assert without_time(written.getvalue()) == (
            "✗ RespondToAuthChallenge     ada                     3.1 ms  PASSWORD_VERIFIER  "
            "NotAuthorizedException · password wrong\n"
        )

    def test_where_nothing_is_hidden_it_gives_the_message(self, entry):
        written = put_up()
        entry.reason = None
        log.log_call(World(), entry)
        assert "  NotAuthorizedException · Incorrect username or password.\n" in written.getvalue()

    def test_a_success_is_ticked(self, entry):
        written = put_up()
        entry.status, entry.error, entry.message, entry.reason = 200, None, None, None
        log.log_call(World(), entry)
        assert without_time(written.getvalue()).startswith("✓ RespondToAuthChallenge")

    @pytest.mark.parametrize(
        ("params", "subject"),
        [
            ({"Username": "ada", "UserPoolId": "us-east-1_a"}, "ada"),
            ({"UserPoolId": "us-east-1_a"}, "us-east-1_a"),
            ({"GroupName": "free", "UserPoolId": "us-east-1_a"}, "free"),
            ({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ada"}}, "ada"),
        ],
    )
    def test_it_says_whom_a_call_is_about(self, entry, params, subject):
        written = put_up()
        entry.parameters = params
        log.log_call(World(), entry)
        assert f" RespondToAuthChallenge     {subject} " in written.getvalue()

    def test_no_secret_is_written(self, entry):
        written = put_up()
        entry.parameters["AuthParameters"] = {"PASSWORD": "Hidden-1", "SECRET_HASH": "Hidden-2"}
        log.log_call(World(), entry)
        assert "Hidden" not in written.getvalue()

    def test_a_caller_can_neither_add_lines_nor_speak_to_the_terminal(self, entry):
        written = put_up()
        entry.parameters = {"AuthParameters": {"USERNAME": "ada\n12:00:00 forged\x1b[2J" + "a" * 5000}}
        log.log_call(World(), entry)
        assert written.getvalue().count("\n") == 1
        assert "\x1b" not in written.getvalue()
        assert "ada\\n12:00:00 forged\\x1b[2J" in written.getvalue()
        assert len(written.getvalue()) < 1000

    def test_colours_are_for_terminals(self, entry, monkeypatch):
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        on_terminal, in_file = put_up(stream=Terminal()), io.StringIO()
        log.log_call(World(), entry)
        put_up(stream=in_file)
        log.log_call(World(), entry)
        assert "\033[31m✗\033[0m" in on_terminal.getvalue()
        assert "\033" not in in_file.getvalue()
        assert re.sub(r"\033\[\d+m", "", on_terminal.getvalue())[9:] == in_file.getvalue()[9:]

    @pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
    def test_colours_can_be_declined(self, entry, monkeypatch, name, value):
        monkeypatch.setenv(name, value)
        written = put_up(stream=Terminal())
        log.log_call(World(), entry)
        assert "\033" not in written.getvalue()

    def test_a_warning_says_that_it_is_one(self):
        written = put_up()
        logging.getLogger("cogmock").warning("mind %s", "this")
        assert without_time(written.getvalue()) == "warning: mind this\n"

    def test_a_fault_brings_its_trace(self):
        written = put_up()
        try:
            int("the cause")
        except ValueError:
            logging.getLogger("cogmock.messages").exception("it broke")
        assert "error: it broke\nTraceback" in written.getvalue()
        assert "ValueError: invalid literal" in written.getvalue()

    def test_operation_and_duration_stand_in_columns(self, entry):
        written = put_up()
        for operation, name in (("SignUp", "ada"), ("AdminSetUserMFAPreference", "a.longer.name")):
            entry.operation, entry.parameters = operation, {"Username": name}
            log.log_call(World(), entry)
        short, long = written.getvalue().splitlines()
        assert short.index(" ms") == long.index(" ms")
        assert short.index("ada") == long.index("a.longer.name")

    def test_a_long_reason_is_not_cut(self, entry):
        written = put_up()
        entry.reason = "a" * 900 + " is denied"
        log.log_call(World(), entry)
        assert written.getvalue().endswith("is denied\n")

    def test_a_reason_of_several_lines_keeps_them_indented(self, entry):
        written = put_up()
        entry.reason = "denied:\n12:00:00 ✓ forged\x1b[2J"
        log.log_call(World(), entry)
        first, second = written.getvalue().splitlines()
        assert first.endswith("· denied:")
        assert second == " " * 11 + "12:00:00 ✓ forged\\x1b[2J"

    def test_another_region_and_account_are_named(self, entry):
        written = put_up()
        entry.region, entry.account = "eu-west-1", "210987654321"
        log.log_call(World(), entry)
        assert written.getvalue().endswith("  eu-west-1  210987654321\n")


class TestJson:
    def test_it_has_the_same_fields(self, entry):
        written = put_up("json")
        log.log_call(World(), entry)
        content = json.loads(written.getvalue())
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", content.pop("time"))
        assert content == {
            "level": "info",
            "status": 400,
            "duration_ms": 3.142,
            "operation": "RespondToAuthChallenge",
            "region": "us-east-1",
            "account": "123456789012",
            "user_pool_id": "",
            "username": "ada",
            "outcome": "",
            "refused": True,
            "detail": "PASSWORD_VERIFIER",
            "subject": "ada",
            "error": "NotAuthorizedException",
            "error_message": "Incorrect username or password.",
            "reason": "password wrong",
            "request_id": "4f6c",
        }

    def test_each_entry_is_one_line_whatever_it_holds(self):
        written = put_up("json")
        try:
            int("the\ncause")
        except ValueError:
            logging.getLogger("cogmock").exception("it\nbroke")
        assert written.getvalue().count("\n") == 1
        content = json.loads(written.getvalue())
        assert content["message"] == "it\nbroke"
        assert "ValueError" in content["trace"]

    def test_it_names_the_pool_of_a_client(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        written = put_up("json")
        with pytest.raises(ClientError):
            boto3.client("cognito-idp", "us-east-1").initiate_auth(
                ClientId=pool.client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": "ada", "PASSWORD": "wrong"},
            )
        content = json.loads(written.getvalue())
        assert (content["user_pool_id"], content["username"]) == (pool.id, "ada")

    def test_it_names_pool_and_user_of_an_access_token(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        token = pool.user("ada").tokens.access_token
        written = put_up("json")
        boto3.client("cognito-idp", "us-east-1").get_user(AccessToken=token)
        content = json.loads(written.getvalue().splitlines()[-1])
        assert (content["user_pool_id"], content["username"]) == (pool.id, "ada")


class TestLevels:
    def test_a_fault_of_ours_is_a_warning_at_least(self, entry):
        written = put_up(level="warning")
        log.log_call(World(), entry)
        assert written.getvalue() == ""
        entry.status = 500
        log.log_call(World(), entry)
        assert "RespondToAuthChallenge" in written.getvalue()


class TestMessages:
    @pytest.fixture
    def sent(self):
        def made(**of):
            return Message(
                **{
                    "id": 1,
                    "user_pool_id": "us-east-1_a",
                    "username": "ada",
                    "medium": "EMAIL",
                    "destination": "ada@example.com",
                    "subject": None,
                    "body": "",
                    "code": "482913",
                    "link": None,
                    "trigger_source": "CustomMessage_SignUp",
                    "sent_at": 0.0,
                }
                | of
            )

        return made

    def test_a_code_is_logged_with_where_it_goes(self, sent):
        written = put_up()
        log.log_message(sent())
        assert without_time(written.getvalue()) == "✉ code 482913  to ada@example.com · SignUp\n"

    def test_a_temporary_password_is_called_one(self, sent):
        written = put_up()
        log.log_message(sent(trigger_source="CustomMessage_AdminCreateUser"))
        assert "✉ temporary password 482913  to ada@example.com · AdminCreateUser" in written.getvalue()

    def test_a_link_is_shown_and_not_its_code(self, sent):
        written = put_up()
        log.log_message(sent(link="http://localhost:4577/confirmUser?code=482913"))
        assert (
            "✉ link http://localhost:4577/confirmUser?code=482913  to ada@example.com" in written.getvalue()
        )

    def test_it_is_the_loudest_line_of_a_terminal(self, sent):
        written = put_up(stream=Terminal())
        log.log_message(sent())
        assert "\033[1;7m✉ code 482913\033[0m" in written.getvalue()

    def test_a_message_without_a_code_is_not(self, sent):
        written = put_up()
        log.log_message(sent(code=None))
        assert written.getvalue() == ""


class TestVisits:
    @pytest.fixture
    def application(self):
        return Application(World())

    def test_a_page_is_logged_with_its_status(self, application):
        written = put_up()
        ask(application, "GET", "/nowhere/at/all")
        assert re.fullmatch(r"✗ GET /nowhere/at/all +\d+\.\d ms  404\n", without_time(written.getvalue()))

    def test_a_path_cannot_write_lines_of_its_own(self, application):
        written = put_up()
        ask(application, "GET", "/a%0aforged%1b[2J")
        assert written.getvalue().count("\n") == 1
        assert "\x1b" not in written.getvalue()

    def test_who_only_looks_at_the_emulator_is_not_logged_unless_asked_for(self, application):
        written = put_up()
        ask(application, "GET", "/_cogmock/health")
        assert written.getvalue() == ""
        written = put_up(level="debug")
        ask(application, "GET", "/_cogmock/health")
        assert "✓ GET /_cogmock/health" in written.getvalue()

    def test_who_changes_something_is(self, application):
        written = put_up()
        ask(application, "POST", "/_cogmock/reset")
        assert "✓ POST /_cogmock/reset" in written.getvalue()

    def test_a_call_of_aws_is_logged_once(self, application):
        written = put_up()
        ask(
            application,
            "POST",
            "/",
            {},
            headers={"X-Amz-Target": "AWSCognitoIdentityProviderService.Nothing"},
        )
        ask(application, "POST", "/", {})
        assert written.getvalue().count("  UnknownOperationException") == 2
        assert written.getvalue().count("\n") == 2
