"""Calls that come at the same time, on a real server: exactly one of them wins, also where a function is slow."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from people import OTHER, PASSWORD, Town
from pools import SES
from signing_in import FLOWS, enable_mfa, password_of, renew, respond
from triggering import configured

MANY = 4
MAIL = {"email": "ada@example.com"}
PROVEN = MAIL | {"email_verified": "true"}
ROTATING = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
}


class ServedTown(Town):
    """A town whose calls go over connections, and are made once."""

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
    """Founds a town; where functions are slow, they stand around everything that may be raced for."""

    def slow(event, _context):
        time.sleep(0.05)
        return event

    def found(**settings):
        if request.param == "slow":
            cognito_server.functions["slow"] = slow
            names = ("PreSignUp", "PostConfirmation", "PreTokenGeneration", "PostAuthentication")
            settings["LambdaConfig"] = configured(**dict.fromkeys(names, "slow"))
        return ServedTown(cognito_server, **settings)

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
        town = found()
        assert one_wins(*[town.sign_up] * MANY) == {"UsernameExistsException"}

    def test_of_one_address(self, found):
        town = found(UsernameAttributes=["email"])
        calls = [lambda: town.sign_up("ada@example.com")] * 2 + [lambda: town.create("ada@example.com")] * 2
        assert one_wins(*calls) == {"UsernameExistsException"}
        assert len(town.idp.list_users(UserPoolId=town.pool_id)["Users"]) == 1

    def test_and_their_confirmations(self, found):
        town = found(AutoVerifiedAttributes=["email"])
        town.sign_up(attributes=MAIL)
        code = town.code()
        assert one_wins(*[lambda: town.confirm(code=code)] * MANY) == {"NotAuthorizedException"}

    def test_confirmations_of_two_for_one_alias(self, found):
        town = found(AutoVerifiedAttributes=["email"], AliasAttributes=["email"])
        for name in ("ada", "bea"):
            town.sign_up(name, attributes=MAIL)
        codes = {name: town.code(name) for name in ("ada", "bea")}
        calls = [lambda name=name: town.confirm(name, codes[name]) for name in codes]
        assert one_wins(*calls) == {"AliasExistsException"}


class TestCodes:
    def test_of_a_new_password(self, found):
        town = found()
        town.resident(**PROVEN)
        town.forgot()
        code = town.code()
        assert one_wins(*[lambda: town.confirm_forgot(code=code)] * MANY) == {"ExpiredCodeException"}

    def test_of_an_address(self, found):
        town = found(AutoVerifiedAttributes=["email"])
        town.resident()
        token = town.token()
        town.update(token, **MAIL)
        proof = {"AccessToken": token, "AttributeName": "email", "Code": town.code()}
        assert one_wins(*[lambda: town.idp.verify_user_attribute(**proof)] * MANY) == {"ExpiredCodeException"}


class TestSignIns:
    def test_a_session_is_answered_once(self, found):
        town = found()
        town.create(TemporaryPassword=PASSWORD)
        session = password_of(town)["Session"]
        given = {"USERNAME": "ada", "NEW_PASSWORD": OTHER}
        calls = [lambda: respond(town, "NEW_PASSWORD_REQUIRED", session, **given)] * MANY
        assert one_wins(*calls) == {"NotAuthorizedException"}

    def test_a_code_is_good_once(self, found):
        recovery = {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}
        town = found(EmailConfiguration=SES, AccountRecoverySetting=recovery)
        enable_mfa(town, "ON", mail=True)
        town.resident(**PROVEN)
        session = password_of(town)["Session"]
        given = {"USERNAME": "ada", "EMAIL_OTP_CODE": town.code()}
        calls = [lambda: respond(town, "EMAIL_OTP", session, **given)] * MANY
        assert one_wins(*calls) == {"NotAuthorizedException"}

    def test_a_refresh_token_that_rotates_is_good_once(self, found):
        town = found(client=ROTATING)
        town.resident()
        token = town.sign_in()["RefreshToken"]
        assert one_wins(*[lambda: renew(town, token)] * MANY) == {"RefreshTokenReuseException"}


class TestDeletions:
    def test_of_one_user(self, found):
        town = found()
        town.resident()
        user = {"UserPoolId": town.pool_id, "Username": "ada"}
        calls = [lambda: town.idp.admin_delete_user(**user)] * MANY
        assert one_wins(*calls) == {"UserNotFoundException"}

    def test_while_the_user_signs_in(self, found):
        """Either order is right; what must not be is a fault, or tokens that work."""
        town = found(client={"ExplicitAuthFlows": FLOWS})
        town.resident()
        user = {"UserPoolId": town.pool_id, "Username": "ada"}
        answers, refusals = at_once(town.token, lambda: town.idp.admin_delete_user(**user))
        assert set(refusals) <= {"NotAuthorizedException", "UserNotFoundException"}
        for token in (of for of in answers if isinstance(of, str)):
            with pytest.raises(ClientError):
                town.idp.get_user(AccessToken=token)

    def test_of_the_pool_while_somebody_signs_up(self, found):
        town = found()
        pool = {"UserPoolId": town.pool_id}
        _, refusals = at_once(town.sign_up, lambda: town.idp.delete_user_pool(**pool))
        assert set(refusals) <= {"ResourceNotFoundException"}
