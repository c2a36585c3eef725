"""The console over HTTP, without a browser and without JavaScript."""

import html
import re

import pytest
from support.browser import post
from support.http import ask

from cogmock.core.call import Call
from cogmock.core.outbox import Message
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web.app import Application

OWN = {"Origin": "http://localhost:4577"}


class Console:
    """Pages of the console. `text` is what is left of a page without its tags."""

    def __init__(self, world):
        self.world = world
        self.application = Application(world)

    def get(self, path, **more):
        return ask(self.application, "GET", f"/_cogmock{path}", **more)

    def text(self, path, status=200):
        answer = self.get(path)
        assert answer.status == status, answer.body.decode()
        return words(answer)

    def post(self, path, headers=None, **fields):
        return post(self.application, f"/_cogmock{path}", fields, headers={**OWN, **(headers or {})})

    def call(self, operation, expect=200, **params):
        """A call as a client makes it, so that it is listed."""
        headers = {
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request",
        }
        answer = ask(self.application, "POST", "/", params, headers=headers)
        assert answer.status == expect, answer.body
        return answer.json if answer.body else {}


def words(answer):
    bare = re.sub(r"<(script|style).*?</\1>", "", answer.body.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())


@pytest.fixture
def world():
    return World(Settings())


@pytest.fixture
def console(world):
    return Console(world)


@pytest.fixture
def aws(world):
    """Asks user pools, without a client and without an entry in the journal."""

    def answered(operation, **params):
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return UserPoolsBackend.answer(call, operation, params)

    return answered


@pytest.fixture
def shop(aws):
    """A pool with ada, and a client with pages that may end at the callback page."""
    pool = aws("CreateUserPool", PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    client = aws(
        "CreateUserPoolClient",
        UserPoolId=pool,
        ClientName="web",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["http://localhost:4577/_cogmock/callback"],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    mail = [{"Name": "email", "Value": "ada@example.com"}, {"Name": "email_verified", "Value": "true"}]
    aws("AdminCreateUser", UserPoolId=pool, Username="ada", MessageAction="SUPPRESS", UserAttributes=mail)
    aws("AdminSetUserPassword", UserPoolId=pool, Username="ada", Password="Corr3ct-Horse!", Permanent=True)
    return {"pool": pool, "client": client}


@pytest.fixture
def send(world):
    """Puts a message into the outbox."""
    usual = {
        "user_pool_id": "us-east-1_aaaaaaaaa",
        "username": "ada",
        "medium": "EMAIL",
        "destination": "ada@example.com",
        "subject": "Your code",
        "body": "It is <b>482913</b>.",
        "code": "482913",
        "link": None,
        "trigger_source": "CustomMessage_SignUp",
        "sent_at": 1767225600.25,
    }
    return lambda **changes: world.outbox.deliver(Message(**usual | changes))
