"""Short ways to sign in through boto3, for tests. `town` is one of people.py."""

from __future__ import annotations

import json

import jwt
from people import PASSWORD
from srp_client import Client

FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


def begin(town, flow="USER_PASSWORD_AUTH", **parameters):
    return town.idp.initiate_auth(ClientId=town.client_id, AuthFlow=flow, AuthParameters=parameters)


def begin_as_admin(town, flow="ADMIN_USER_PASSWORD_AUTH", **parameters):
    return town.idp.admin_initiate_auth(
        UserPoolId=town.pool_id, ClientId=town.client_id, AuthFlow=flow, AuthParameters=parameters
    )


def respond(town, challenge, session=None, **responses):
    session = {"Session": session} if session else {}
    return town.idp.respond_to_auth_challenge(
        ClientId=town.client_id, ChallengeName=challenge, ChallengeResponses=responses, **session
    )


def password_of(town, username="ada", password=PASSWORD):
    return begin(town, USERNAME=username, PASSWORD=password)


def read(token):
    return jwt.decode(token, options={"verify_signature": False})


def refresh(town, token, **more):
    return begin(town, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, **more)["AuthenticationResult"]


def renew(town, token, **more):
    answer = town.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=town.client_id, **more)
    return answer["AuthenticationResult"]


def by_srp(town, username="ada", password=PASSWORD, **parameters):
    """First question and the claim that answers it."""
    client = Client()
    asked = begin(town, "USER_SRP_AUTH", USERNAME=username, SRP_A=client.srp_a, **parameters)
    told = asked["ChallengeParameters"]
    pool_name = town.pool_id.partition("_")[2]
    return told, client.claim(told, pool_name, told["USER_ID_FOR_SRP"], password)


def told(asked, name):
    """A challenge parameter that is JSON in a text."""
    return json.loads(asked["ChallengeParameters"][name])


def enable_mfa(town, mode="ON", *, totp=True, sms=False, mail=False):
    """Turns MFA on. Mail needs an account that sends; that of the pool will do."""
    config = {"MfaConfiguration": mode}
    if totp:
        config["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    if sms:
        config["SmsMfaConfiguration"] = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::1:role/sms"}}
    if mail:
        config["EmailMfaConfiguration"] = {}
    return town.idp.set_user_pool_mfa_config(UserPoolId=town.pool_id, **config)
