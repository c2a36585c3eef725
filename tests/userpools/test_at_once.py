"""Calls that come at the same time, on a real server: exactly one of them wins, also where a function is slow."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support.pool_env import OTHER, PASSWORD, PoolEnv
from support.pool_settings import SES
from support.sign_in import FLOWS, enable_mfa, password_of, renew, respond
from support.triggers import configured

MANY = 4
MAIL = {"email": "ada@example.com"}
PROVEN = MAIL | {"email_verified": "true"}
ROTATING = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
}


class ServedEnv(PoolEnv):
    """An environment whose calls go over connections, without retries."""

    def __init__(self, server, **settings):
        self.server = server
        super().__init__(server, **settings)

    @property
    def idp(self):
        return self._idp

    @idp.setter
    def idp(self, _mock):
        self._idp = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=self.server.url,
            aws_access_key_id="anybody",
            aws_secret_access_key="anything",
            config=Config(retries={"max_attempts": 0}),
        )


@pytest.fixture(params=["quick", "slow"])
def found(cognito_server, request):
    """Makes an environment. Slow trigger functions widen the window for races."""

    def slow(event, _context):
        time.sleep(0.05)
        return event

    def found(**settings):
        if request.param == "slow":
            cognito_server.functions["slow"] = slow
            names = ("PreSignUp", "PostConfirmation", "PreTokenGeneration", "PostAuthentication")
            settings["LambdaConfig"] = configured(**dict.fromkeys(names, "slow"))
        return ServedEnv(cognito_server, **settings)

    return found


def at_once(*calls):
    """The answers, and the codes of the refusals, of calls that start together."""
    gate = threading.Barrier(len(calls))

    def made(call):
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        pending = [pool.submit(made, call) for call in calls]
    refusals = [of.exception() for of in pending if of.exception()]
    assert all(isinstance(of, ClientError) for of in refusals), refusals
    return [of.result() for of in pending if not of.exception()], [
        of.response["Error"]["Code"] for of in refusals
    ]


def one_wins(*calls):
    """The codes that the others met."""
    answers, refusals = at_once(*calls)
    assert len(answers) == 1, refusals
    return set(refusals)


class TestSignUps:
    def test_of_one_name(self, found):
        env = found()
        assert one_wins(*[env.sign_up] * MANY) == {"UsernameExistsException"}

    def test_of_one_address(self, found):
        env = found(UsernameAttributes=["email"])
        calls = [lambda: env.sign_up("ada@example.com")] * 2 + [lambda: env.create("ada@example.com")] * 2
        assert one_wins(*calls) == {"UsernameExistsException"}
        assert len(env.idp.list_users(UserPoolId=env.pool_id)["Users"]) == 1

    def test_and_their_confirmations(self, found):
        env = found(AutoVerifiedAttributes=["email"])
        env.sign_up(attributes=MAIL)
        code = env.code()
        assert one_wins(*[lambda: env.confirm(code=code)] * MANY) == {"NotAuthorizedException"}

    def test_confirmations_of_two_for_one_alias(self, found):
        env = found(AutoVerifiedAttributes=["email"], AliasAttributes=["email"])
        for name in ("ada", "bea"):
            env.sign_up(name, attributes=MAIL)
        codes = {name: env.code(name) for name in ("ada", "bea")}
        calls = [lambda name=name: env.confirm(name, codes[name]) for name in codes]
        assert one_wins(*calls) == {"AliasExistsException"}


class TestCodes:
    def test_of_a_new_password(self, found):
        env = found()
        env.add_user(**PROVEN)
        env.forgot()
        code = env.code()
        assert one_wins(*[lambda: env.confirm_forgot(code=code)] * MANY) == {"ExpiredCodeException"}

    def test_of_an_address(self, found):
        env = found(AutoVerifiedAttributes=["email"])
        env.add_user()
        token = env.token()
        env.update(token, **MAIL)
        proof = {"AccessToken": token, "AttributeName": "email", "Code": env.code()}
        assert one_wins(*[lambda: env.idp.verify_user_attribute(**proof)] * MANY) == {"ExpiredCodeException"}


class TestSignIns:
    def test_a_session_is_answered_once(self, found):
        env = found()
        env.create(TemporaryPassword=PASSWORD)
        session = password_of(env)["Session"]
        given = {"USERNAME": "ada", "NEW_PASSWORD": OTHER}
        calls = [lambda: respond(env, "NEW_PASSWORD_REQUIRED", session, **given)] * MANY
        assert one_wins(*calls) == {"NotAuthorizedException"}

    def test_a_code_is_good_once(self, found):
        recovery = {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}
        env = found(EmailConfiguration=SES, AccountRecoverySetting=recovery)
        enable_mfa(env, "ON", mail=True)
        env.add_user(**PROVEN)
        session = password_of(env)["Session"]
        given = {"USERNAME": "ada", "EMAIL_OTP_CODE": env.code()}
        calls = [lambda: respond(env, "EMAIL_OTP", session, **given)] * MANY
        assert one_wins(*calls) == {"NotAuthorizedException"}

    def test_a_refresh_token_that_rotates_is_good_once(self, found):
        env = found(client=ROTATING)
        env.add_user()
        token = env.sign_in()["RefreshToken"]
        assert one_wins(*[lambda: renew(env, token)] * MANY) == {"RefreshTokenReuseException"}


class TestDeletions:
    def test_of_one_user(self, found):
        env = found()
        env.add_user()
        user = {"UserPoolId": env.pool_id, "Username": "ada"}
        calls = [lambda: env.idp.admin_delete_user(**user)] * MANY
        assert one_wins(*calls) == {"UserNotFoundException"}

    def test_while_the_user_signs_in(self, found):
        """Either order is right; what must not be is a fault, or tokens that work."""
        env = found(client={"ExplicitAuthFlows": FLOWS})
        env.add_user()
        user = {"UserPoolId": env.pool_id, "Username": "ada"}
        answers, refusals = at_once(env.token, lambda: env.idp.admin_delete_user(**user))
        assert set(refusals) <= {"NotAuthorizedException", "UserNotFoundException"}
        for token in (of for of in answers if isinstance(of, str)):
            with pytest.raises(ClientError):
                env.idp.get_user(AccessToken=token)

    def test_of_the_pool_while_somebody_signs_up(self, found):
        env = found()
        pool = {"UserPoolId": env.pool_id}
        _, refusals = at_once(env.sign_up, lambda: env.idp.delete_user_pool(**pool))
        assert set(refusals) <= {"ResourceNotFoundException"}
