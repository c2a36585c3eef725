"""Whatever is sent, the answer is AWS's refusal, soon, and nothing is harmed."""

from __future__ import annotations

import base64
import time

import pytest
from botocore.exceptions import ClientError
from support.pool_env import PASSWORD
from support.sign_in import FLOWS, begin, by_srp, password_of
from support.srp_client import Client

VALUES = {
    "half a character": "\ud800",
    "a zero byte": "\0",
    "long": "x" * 100_000,
    "digits": "9" * 100_000,
    "hexadecimal": "f" * 100_000,
    "base64": base64.b64encode(bytes(60_000)).decode(),
    "deep": "[" * 60_000,
    "text direction": "\u202e\u0000\ufeff",
    "arabic digits": "٣" * 6,
    "dots": "." * 1000,
    "a sentence": "'; drop table users; --",
}
CHALLENGES = {
    "PASSWORD_VERIFIER": ("PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"),
    "NEW_PASSWORD_REQUIRED": ("NEW_PASSWORD", "userAttributes.email"),
    "SMS_MFA": ("SMS_MFA_CODE",),
    "SOFTWARE_TOKEN_MFA": ("SOFTWARE_TOKEN_MFA_CODE",),
    "EMAIL_OTP": ("EMAIL_OTP_CODE",),
    "SELECT_CHALLENGE": ("ANSWER", "SRP_A", "PASSWORD"),
    "WEB_AUTHN": ("CREDENTIAL",),
    "DEVICE_SRP_AUTH": ("DEVICE_KEY", "SRP_A"),
    "DEVICE_PASSWORD_VERIFIER": ("PASSWORD_CLAIM_SECRET_BLOCK", "DEVICE_KEY"),
    "CUSTOM_CHALLENGE": ("ANSWER",),
    "MFA_SETUP": ("EMAIL",),
}
BEGINNINGS = {
    "USER_PASSWORD_AUTH": ("USERNAME", "PASSWORD", "SECRET_HASH", "DEVICE_KEY"),
    "USER_SRP_AUTH": ("USERNAME", "SRP_A", "DEVICE_KEY"),
    "USER_AUTH": (
        "USERNAME",
        "PREFERRED_CHALLENGE",
        "SRP_A",
        "PASSWORD",
        "TARGET_ACR_VALUES",
        "ACCESS_TOKEN",
        "MAX_AGE",
    ),
    "CUSTOM_AUTH": ("USERNAME", "SRP_A"),
    "REFRESH_TOKEN_AUTH": ("REFRESH_TOKEN", "DEVICE_KEY", "SECRET_HASH"),
}
GOOD = {
    "USERNAME": "ada",
    "PASSWORD": PASSWORD,
    "SRP_A": Client().srp_a,
    "REFRESH_TOKEN": "x",
    "TARGET_ACR_VALUES": "urn:cognito:loa:1",
}


@pytest.fixture
def env(found):
    env = found(
        client={
            "ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
        },
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
    )
    env.add_user(email="ada@example.com")
    return env


def is_refusal(call, *args, **kwargs):
    """AWS's refusal or an answer, within two seconds of work; never a fault of ours."""
    began = time.thread_time()
    try:
        status = call(*args, **kwargs)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    assert status in (200, 400)
    assert time.thread_time() - began < 2


@pytest.mark.parametrize("flow", BEGINNINGS)
def test_beginnings(env, flow):
    good = {key: GOOD[key] for key in BEGINNINGS[flow] if key in GOOD}
    for name in BEGINNINGS[flow]:
        for value in VALUES.values():
            is_refusal(begin, env, flow, **{**good, name: value})
    env.cognito.clock.advance(minutes=20)
    assert password_of(env)["AuthenticationResult"]


@pytest.mark.parametrize("challenge", CHALLENGES)
def test_answers(env, challenge):
    _, claim = by_srp(env)
    session = begin(env, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    for name in ("USERNAME", *CHALLENGES[challenge]):
        for value in VALUES.values():
            for own in (session, value[:4000].rjust(20, "x"), None):
                given = {"Session": own} if own else {}
                is_refusal(
                    env.idp.respond_to_auth_challenge,
                    ClientId=env.client_id,
                    ChallengeName=challenge,
                    ChallengeResponses={"USERNAME": "ada", **claim, name: value},
                    **given,
                )
    env.cognito.clock.advance(minutes=20)
    assert password_of(env)["AuthenticationResult"]


def test_ever_so_many_wrong_passwords_lead_to_ever_longer_locks(found):
    env = found(client={"ExplicitAuthFlows": FLOWS})
    env.add_user()
    user = env.cognito.world.find_pool(env.pool_id)[1].users.get("ada")
    locks = []
    for seconds in (0, 0, 0, 0, 0, *(2**exponent + 1 for exponent in range(9)), 514, 899, 899):
        env.cognito.clock.advance(seconds=seconds)
        is_refusal(password_of, env, password="wrong")
        locks.append(round(user.lockouts["password"].until - user.lockouts["password"].last))
    assert locks[4:15] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert max(locks) == 900
