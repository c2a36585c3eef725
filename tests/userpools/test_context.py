"""Context data that clients send (device fingerprints, analytics, metadata): accepted, without effect."""

from __future__ import annotations

import pytest
from support.pool_env import OTHER, PASSWORD
from support.sign_in import FLOWS

DETAILS = {
    "AnalyticsMetadata": {"AnalyticsEndpointId": "0123456789abcdef0123456789abcdef"},
    "UserContextData": {"IpAddress": "203.0.113.7", "EncodedData": "eyJwYXlsb2FkIjoie30ifQ=="},
    "ClientMetadata": {"app": "web"},
}
AS_ADMIN = {
    "AnalyticsMetadata": DETAILS["AnalyticsMetadata"],
    "ClientMetadata": DETAILS["ClientMetadata"],
    "ContextData": {
        "IpAddress": "203.0.113.7",
        "ServerName": "app.example",
        "ServerPath": "/login",
        "HttpHeaders": [{"headerName": "user-agent", "headerValue": "x"}],
        "EncodedData": "eyJ9",
    },
}
MAIL = {"email": "ada@example.com"}


@pytest.fixture
def env(found):
    return found(AutoVerifiedAttributes=["email"], client={"ExplicitAuthFlows": FLOWS})


def test_a_whole_life_with_everything_along(env):
    client = {"ClientId": env.client_id}
    validation = [{"Name": "captcha", "Value": "x"}]
    env.sign_up(attributes=MAIL, ValidationData=validation, **DETAILS)
    env.idp.resend_confirmation_code(Username="ada", **client, **DETAILS)
    env.confirm(**DETAILS)
    env.forgot(**DETAILS)
    env.confirm_forgot(**DETAILS)
    signed_in = env.idp.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": OTHER},
        **client,
        **DETAILS,
    )
    assert signed_in["AuthenticationResult"]


@pytest.mark.parametrize("admin", [False, True])
def test_challenges_take_it_too(env, admin):
    env.create("bob", TemporaryPassword=PASSWORD)
    pool = {"UserPoolId": env.pool_id} if admin else {}
    along = {"ClientId": env.client_id, **pool, **(AS_ADMIN if admin else DETAILS)}
    prefix = "admin_" if admin else ""
    asked = getattr(env.idp, f"{prefix}initiate_auth")(
        AuthFlow="ADMIN_USER_PASSWORD_AUTH" if admin else "USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "bob", "PASSWORD": PASSWORD},
        **along,
    )
    answer = getattr(env.idp, f"{prefix}respond_to_auth_challenge")(
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": OTHER},
        **along,
    )
    assert answer["AuthenticationResult"]
