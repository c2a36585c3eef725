"""pycognito, unmodified: over SRP, with a new password, an authenticator app, and a device."""

from __future__ import annotations

import boto3
import jwt
import pyotp
import pytest
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import ForceChangePasswordException, SoftwareTokenMFAChallengeException
from support.pool_env import OTHER, PASSWORD, PoolEnv
from support.sign_in import FLOWS, enable_mfa

pytestmark = pytest.mark.slow
CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class ServedEnv(PoolEnv):
    """An environment on a server, used only through its URL."""

    def __init__(self, server, **settings):
        self.options = {
            "endpoint_url": f"http://localhost:{server.settings.port}",
            "region_name": "us-east-1",
            **CREDENTIALS,
        }
        self.idp = boto3.client("cognito-idp", **self.options)
        self.cognito = server
        pool = settings.pop("pool", {})
        self.pool_id = self.idp.create_user_pool(PoolName="shop", **pool)["UserPool"]["Id"]
        self.client_of(ExplicitAuthFlows=FLOWS, **settings)

    def person(self, username="ada", **tokens):
        return Cognito(
            self.pool_id,
            self.client_id,
            username=username,
            client_secret=self.secret,
            boto3_client_kwargs=self.options,
            **tokens,
        )


@pytest.fixture
def env(cognito_server):
    env = ServedEnv(cognito_server)
    env.add_user(email="ada@example.com")
    return env


def test_over_srp(env):
    ada = env.person()
    ada.authenticate(PASSWORD)
    assert jwt.decode(ada.access_token, options={"verify_signature": False})["username"] == "ada"
    assert ada.get_user().email == "ada@example.com"
    with pytest.raises(env.idp.exceptions.NotAuthorizedException):
        env.person().authenticate(OTHER)


def test_over_srp_with_a_secret(cognito_server):
    env = ServedEnv(cognito_server, GenerateSecret=True)
    env.add_user()
    ada = env.person()
    ada.authenticate(PASSWORD)
    assert ada.refresh_token


def test_as_an_administrator(env):
    ada = env.person()
    ada.admin_authenticate(PASSWORD)
    assert ada.id_token


def test_renewing_and_signing_out(env):
    ada = env.person()
    ada.authenticate(PASSWORD)
    first = ada.access_token
    ada.renew_access_token()
    assert ada.access_token != first
    ada.logout()
    assert ada.access_token is None


def test_a_new_password(env):
    env.create("bob", TemporaryPassword=PASSWORD)
    bob = env.person("bob")
    with pytest.raises(ForceChangePasswordException):
        bob.authenticate(PASSWORD)
    bob.new_password_challenge(PASSWORD, OTHER)
    assert bob.access_token
    env.person("bob").authenticate(OTHER)


def test_an_authenticator_app(env):
    enable_mfa(env, "OPTIONAL")
    ada = env.person()
    ada.authenticate(PASSWORD)
    app = pyotp.TOTP(ada.associate_software_token())
    assert ada.verify_software_token(app.now(), "phone")
    ada.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    env.cognito.clock.advance(minutes=1)
    again = env.person()
    with pytest.raises(SoftwareTokenMFAChallengeException):
        again.authenticate(PASSWORD)
    again.respond_to_software_token_mfa_challenge(app.at(int(env.cognito.clock.now().timestamp())))
    assert again.access_token


def test_a_device_in_place_of_mfa(cognito):
    """In process, since its ConfirmDevice goes to AWS's own host whatever the endpoint."""
    env = PoolEnv(
        cognito,
        client={"ExplicitAuthFlows": FLOWS},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    )
    env.add_user(phone_number="+15550001234")
    named = {
        "username": "ada",
        "password": PASSWORD,
        "pool_id": env.pool_id,
        "client_id": env.client_id,
        "client": env.idp,
    }
    first = AWSSRP(**named)
    tokens = first.authenticate_user()
    answer, device_password = first.confirm_device(tokens, "laptop")
    assert answer.json() == {"UserConfirmationNecessary": True}
    metadata = tokens["AuthenticationResult"]["NewDeviceMetadata"]
    access = tokens["AuthenticationResult"]["AccessToken"]
    assert first.update_device_status(True, access, metadata["DeviceKey"])
    enable_mfa(env, "ON", sms=True)
    device = AWSSRP(
        **named,
        device_group_key=metadata["DeviceGroupKey"],
        device_key=metadata["DeviceKey"],
        device_password=device_password,
    )
    assert device.authenticate_user()["AuthenticationResult"]["AccessToken"]
