"""Where logs of a pool go: messages that could not be sent, and triggers that failed."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from support.pool_env import refused
from support.triggers import configured, refusing

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:shop-errors"


def exporting(env):
    notices = {"EventSource": "userNotification", "LogLevel": "ERROR"}
    env.idp.set_log_delivery_configuration(
        UserPoolId=env.pool_id,
        LogConfigurations=[{**notices, "CloudWatchLogsConfiguration": {"LogGroupArn": GROUP}}],
    )


@pytest.fixture
def broken_mail(cognito):
    """A mail server that takes nothing."""

    def fail(_message):
        raise OSError("the mail server is away")

    cognito.world.outbox.sinks.append(fail)


class TestMessagesThatCouldNotBeSent:
    def test_they_are_written_to_the_log_group(self, mail_env, broken_mail):
        exporting(mail_env)
        with refused("CodeDeliveryFailureException"):
            mail_env.sign_up(attributes={"email": "ada@example.com"})
        (event,) = mail_env.cognito.logs(log_group="shop-errors")
        content = json.loads(event.message)
        assert content.pop("eventTimestamp") == str(int(event.timestamp * 1000))
        assert content == {
            "eventSource": "USER_NOTIFICATION",
            "logLevel": "ERROR",
            "message": {"details": "ada, ada@example.com: the mail server is away"},
            "logSourceId": {"userPoolId": mail_env.pool_id},
        }

    def test_nothing_is_written_without_a_destination(self, mail_env, broken_mail):
        with refused("CodeDeliveryFailureException"):
            mail_env.sign_up(attributes={"email": "ada@example.com"})
        exporting(mail_env)
        mail_env.idp.set_log_delivery_configuration(UserPoolId=mail_env.pool_id, LogConfigurations=[])
        with refused("CodeDeliveryFailureException"):
            mail_env.sign_up("grace", attributes={"email": "grace@example.com"})
        assert mail_env.cognito.logs() == []

    def test_a_pool_that_sends_no_sms(self, found):
        env = found(SmsConfiguration={}, AutoVerifiedAttributes=["phone_number"])
        exporting(env)
        with pytest.raises(ClientError):
            env.sign_up(attributes={"phone_number": "+15550001111"})
        (event,) = env.cognito.logs(log_group="shop-errors")
        assert "does not have SMS configuration" in json.loads(event.message)["message"]["details"]

    def test_a_custom_sender_that_failed(self, found):
        sender = {"LambdaArn": configured(x="send")["x"], "LambdaVersion": "V1_0"}
        key = "arn:aws:kms:us-east-1:123456789012:key/0d9f2a1c-3b1e-4a52-9c1d-2f6f0a7b8c9d"
        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": key}
        )
        exporting(env)
        env.cognito.functions["send"] = refusing("no paper")
        env.sign_up(attributes={"email": "ada@example.com"})
        (event,) = env.cognito.logs(log_group="shop-errors")
        assert "CustomEmailSender_SignUp failed" in json.loads(event.message)["message"]["details"]


class TestFailedTriggers:
    def test_each_has_a_line_in_the_log_group_of_its_function(self, found):
        env = found(LambdaConfig=configured(PreSignUp="pre"))
        env.cognito.functions["pre"] = refusing("not today")
        with pytest.raises(ClientError):
            env.sign_up()
        (event,) = env.cognito.logs(log_group="/aws/lambda/pre")
        assert event.stream == env.pool_id
        assert event.message.startswith("[ERROR] PreSignUp_SignUp UserLambdaValidationException: ")
        assert "not today" in event.message

    def test_an_answer_that_cognito_does_not_take(self, found):
        env = found(LambdaConfig=configured(PreSignUp="pre"))
        env.cognito.functions["pre"] = lambda _event, _context: "nonsense"
        with pytest.raises(ClientError):
            env.sign_up()
        (event,) = env.cognito.logs(log_group="/aws/lambda/pre")
        assert "InvalidLambdaResponseException" in event.message

    def test_those_that_went_well_have_none(self, found):
        env = found(LambdaConfig=configured(PreSignUp="pre"))
        env.cognito.functions["pre"] = lambda event, _context: event
        env.sign_up()
        assert env.cognito.logs() == []
