"""amazon-cognito-identity-js and Amplify on Node.js, unmodified, against a server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import boto3
import pyotp
import pytest
from support.pool_env import OTHER, PASSWORD, PoolEnv
from support.pool_settings import FUNCTION
from support.sign_in import FLOWS, enable_mfa

pytestmark = [pytest.mark.node, pytest.mark.slow]
HERE = Path(__file__).parent / "node"
CODE = "123456"


class Served(PoolEnv):
    """An environment on a server, and scripts that sign in there."""

    def __init__(self, server, modules, client=None, **pool):
        self.url = f"http://localhost:{server.settings.port}"
        self.modules = modules
        self.cognito = server
        self.idp = boto3.client(
            "cognito-idp",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        self.pool_id = self.idp.create_user_pool(PoolName="shop", **pool)["UserPool"]["Id"]
        self.client_of(**{"ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"], **(client or {})})

    def run(self, script, **asked):
        asked = {
            "url": self.url,
            "pool": self.pool_id,
            "client": self.client_id,
            "username": "ada",
            "password": PASSWORD,
            **asked,
        }
        ran = subprocess.run(
            ["node", HERE / script, json.dumps(asked)],
            env={**os.environ, "NODE_PATH": str(self.modules), "NODE_NO_WARNINGS": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout.strip().splitlines()[-1])

    def app(self):
        """An authenticator app that Ada has set up and prefers."""
        enable_mfa(self, "OPTIONAL")
        token = self.token()
        app = pyotp.TOTP(self.idp.associate_software_token(AccessToken=token)["SecretCode"])
        self.idp.verify_software_token(AccessToken=token, UserCode=app.now())
        self.idp.set_user_mfa_preference(
            AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        self.cognito.clock.advance(minutes=1)
        coming = 30  # the next code is taken, too, and leaves Node.js more time
        return app.at(int(self.cognito.clock.now().timestamp()) + coming)


@pytest.fixture
def serve(cognito_server, modules):
    cognito_server.settings.code = CODE
    yield lambda **settings: Served(cognito_server, modules, **settings)
    cognito_server.settings.code = ""


@pytest.fixture
def env(serve):
    env = serve()
    env.add_user(email="ada@example.com")
    return env


TRACKED = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
ASKING = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
TRIGGERS = {
    "DefineAuthChallenge": "define",
    "CreateAuthChallenge": "create",
    "VerifyAuthChallengeResponse": "verify",
}


def riddle(cognito):
    """A custom challenge, issued after the password if the sign-in begins with one."""

    def define(event, _context):
        names = [of["challengeName"] for of in event["request"]["session"]]
        response = event["response"]
        if names == ["SRP_A"]:
            response["challengeName"] = "PASSWORD_VERIFIER"
        elif names and names[-1] == "CUSTOM_CHALLENGE":
            response["issueTokens"] = event["request"]["session"][-1]["challengeResult"]
        else:
            response["challengeName"] = "CUSTOM_CHALLENGE"
        return event

    def create(event, _context):
        event["response"]["publicChallengeParameters"] = {"question": "1+1"}
        event["response"]["privateChallengeParameters"] = {"answer": "2"}
        return event

    def verify(event, _context):
        event["response"]["answerCorrect"] = event["request"]["challengeAnswer"] == "2"
        return event

    cognito.functions.update(define=define, create=create, verify=verify)
    return {trigger: FUNCTION + name for trigger, name in TRIGGERS.items()}


class TestIdentityJs:
    def run(self, env, **asked):
        return env.run("identity.cjs", **asked)

    def test_over_srp_with_attributes_refresh_and_sign_out(self, env):
        answer = self.run(env, then=["attributes", "refresh", "signOut"])
        assert answer["access"]["username"] == "ada"
        assert answer["attributes"]["email"] == "ada@example.com"
        assert answer["refreshed"]["origin_jti"] == answer["access"]["origin_jti"]
        assert answer["signedOut"] == "SUCCESS"

    def test_a_wrong_password(self, env):
        answer = self.run(env, password=OTHER)
        assert (answer["error"], answer["message"]) == (
            "NotAuthorizedException",
            "Incorrect username or password.",
        )

    def test_where_the_address_is_the_name(self, serve):
        env = serve(UsernameAttributes=["email"])
        env.add_user("ada@example.com")
        answer = self.run(env, username="ada@example.com")
        assert answer["access"]["username"] == answer["access"]["sub"]

    def test_a_new_password(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        answer = self.run(env, username="bob", newPassword=OTHER)
        assert answer["steps"] == ["newPasswordRequired"]
        assert answer["access"]["username"] == "bob"

    def test_an_authenticator_app(self, env):
        answer = self.run(env, code=env.app())
        assert answer["steps"] == ["totpRequired"]
        assert answer["access"]["amr"] == ["pwd", "otp", "mfa"]

    def test_a_code_by_sms(self, serve):
        env = serve()
        env.add_user(phone_number="+15550001234")
        enable_mfa(env, "ON", sms=True)
        assert self.run(env, code=CODE)["steps"] == ["mfaRequired"]
        assert self.run(env, code="000000")["error"] == "CodeMismatchException"

    @pytest.mark.parametrize("configuration", [TRACKED, ASKING])
    def test_a_device_in_place_of_mfa(self, serve, configuration):
        env = serve(DeviceConfiguration=configuration)
        env.add_user(phone_number="+15550001234")
        enable_mfa(env, "ON", sms=True)
        asking = configuration is ASKING
        first = self.run(env, code=CODE, then=["remember"] if asking else [])
        assert first["steps"] == ["mfaRequired"]
        assert bool(first["necessary"]) is asking
        again = self.run(env, storage=first["storage"], then=["refresh"])
        assert again["steps"] == []
        assert again["access"]["device_key"] == first["access"]["device_key"]
        assert again["refreshed"]["device_key"] == first["access"]["device_key"]

    def test_a_forgotten_device_starts_anew(self, serve):
        env = serve(DeviceConfiguration=TRACKED)
        env.add_user(phone_number="+15550001234")
        enable_mfa(env, "ON", sms=True)
        first = self.run(env, code=CODE)
        env.idp.admin_forget_device(
            UserPoolId=env.pool_id, Username="ada", DeviceKey=first["access"]["device_key"]
        )
        again = self.run(env, code=CODE, storage=first["storage"])
        assert again["steps"] == ["mfaRequired"]
        assert again["access"]["device_key"] != first["access"]["device_key"]

    @pytest.mark.parametrize("password", [None, PASSWORD])
    def test_a_custom_challenge(self, serve, cognito_server, password):
        env = serve(LambdaConfig=riddle(cognito_server))
        env.add_user()
        answer = self.run(env, flow="CUSTOM_AUTH", password=password, answer="2")
        assert answer["steps"] == ["customChallenge 1+1"]
        assert answer["access"]["username"] == "ada"


class TestAmplify:
    def run(self, env, **asked):
        return env.run("amplify.cjs", **asked)

    def test_over_srp_with_attributes_refresh_and_sign_out(self, env):
        answer = self.run(env, then=["attributes", "refresh", "signOut"])
        assert answer["access"]["username"] == "ada"
        assert answer["attributes"]["email"] == "ada@example.com"
        assert answer["refreshed"]["jti"] != answer["access"]["jti"]
        assert answer["refreshed"]["origin_jti"] == answer["access"]["origin_jti"]

    def test_by_password(self, env):
        assert self.run(env, flow="USER_PASSWORD_AUTH")["access"]["username"] == "ada"

    def test_a_wrong_password(self, env):
        answer = self.run(env, password=OTHER)
        assert (answer["error"], answer["message"]) == (
            "NotAuthorizedException",
            "Incorrect username or password.",
        )

    def test_a_new_password(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        answer = self.run(env, username="bob", newPassword=OTHER)
        assert answer["steps"] == ["CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED"]

    def test_an_authenticator_app(self, env):
        answer = self.run(env, code=env.app())
        assert answer["steps"] == ["CONFIRM_SIGN_IN_WITH_TOTP_CODE"]

    def test_a_device_in_place_of_mfa(self, serve):
        env = serve(DeviceConfiguration=ASKING)
        env.add_user(phone_number="+15550001234")
        enable_mfa(env, "ON", sms=True)
        first = self.run(env, code=CODE, then=["devices"])
        assert first["steps"] == ["CONFIRM_SIGN_IN_WITH_SMS_CODE"]
        assert first["devices"] == [first["access"]["device_key"]]
        again = self.run(env, storage=devices_of(first["storage"]))
        assert again["steps"] == []
        assert again["access"]["device_key"] == first["access"]["device_key"]

    def test_a_rotated_refresh_token(self, serve):
        flows = [of for of in FLOWS if of != "ALLOW_REFRESH_TOKEN_AUTH"]
        rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
        env = serve(client={"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation})
        env.add_user()
        answer = self.run(env, then=["refresh"])
        assert answer["refreshed"]["origin_jti"] == answer["access"]["origin_jti"]

    def test_a_custom_challenge(self, serve, cognito_server):
        env = serve(LambdaConfig=riddle(cognito_server))
        env.add_user()
        answer = self.run(env, flow="CUSTOM_WITHOUT_SRP", password=None, answer="2")
        assert answer["steps"] == ["CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE"]


class TestAmplifyByChoice:
    """USER_AUTH."""

    @pytest.fixture
    def env(self, serve):
        factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        env = serve(Policies=factors)
        env.add_user(email="ada@example.com")
        return env

    def run(self, env, **asked):
        return env.run("amplify.cjs", flow="USER_AUTH", **asked)

    @pytest.mark.parametrize("preferred", ["PASSWORD_SRP", "PASSWORD"])
    def test_a_preferred_password(self, env, preferred):
        answer = self.run(env, preferred=preferred)
        assert (answer["steps"], answer["access"]["username"]) == ([], "ada")

    def test_a_preferred_code(self, env):
        answer = self.run(env, preferred="EMAIL_OTP", password=None, code=CODE)
        assert answer["steps"] == ["CONFIRM_SIGN_IN_WITH_EMAIL_CODE"]
        assert answer["access"]["amr"] == ["email_otp"]

    def test_the_choice(self, env):
        answer = self.run(env, choice="EMAIL_OTP", password=None, code=CODE)
        assert answer["steps"] == [
            "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION",
            "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
        ]


def devices_of(storage):
    """What Amplify keeps when tokens go and the device stays."""
    return {
        key: value
        for key, value in storage.items()
        if key.rpartition(".")[2] in ("deviceKey", "deviceGroupKey", "randomPasswordKey")
    }
