"""Short calls to sign in through boto3. `env` is a PoolEnv."""

from __future__ import annotations

import json

import jwt

from support.pool_env import PASSWORD
from support.srp_client import Client

FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


def begin(env, flow="USER_PASSWORD_AUTH", **parameters):
    return env.idp.initiate_auth(ClientId=env.client_id, AuthFlow=flow, AuthParameters=parameters)


def begin_as_admin(env, flow="ADMIN_USER_PASSWORD_AUTH", **parameters):
    return env.idp.admin_initiate_auth(
        UserPoolId=env.pool_id, ClientId=env.client_id, AuthFlow=flow, AuthParameters=parameters
    )


def respond(env, challenge, session=None, **responses):
    session = {"Session": session} if session else {}
    return env.idp.respond_to_auth_challenge(
        ClientId=env.client_id, ChallengeName=challenge, ChallengeResponses=responses, **session
    )


def password_of(env, username="ada", password=PASSWORD):
    return begin(env, USERNAME=username, PASSWORD=password)


def read(token):
    return jwt.decode(token, options={"verify_signature": False})


def refresh(env, token, **more):
    return begin(env, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, **more)["AuthenticationResult"]


def renew(env, token, **more):
    answer = env.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=env.client_id, **more)
    return answer["AuthenticationResult"]


def by_srp(env, username="ada", password=PASSWORD, **parameters):
    """Parameters of the PASSWORD_VERIFIER challenge, and the responses that answer it."""
    client = Client()
    asked = begin(env, "USER_SRP_AUTH", USERNAME=username, SRP_A=client.srp_a, **parameters)
    told = asked["ChallengeParameters"]
    pool_name = env.pool_id.partition("_")[2]
    return told, client.claim(told, pool_name, told["USER_ID_FOR_SRP"], password)


def told(asked, name):
    """A challenge parameter whose text is JSON, parsed."""
    return json.loads(asked["ChallengeParameters"][name])


def enable_mfa(env, mode="ON", *, totp=True, sms=False, mail=False):
    """Sets the MFA mode and enables these factors. Email MFA uses the pool's own e-mail settings."""
    config = {"MfaConfiguration": mode}
    if totp:
        config["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    if sms:
        config["SmsMfaConfiguration"] = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::1:role/sms"}}
    if mail:
        config["EmailMfaConfiguration"] = {}
    return env.idp.set_user_pool_mfa_config(UserPoolId=env.pool_id, **config)
