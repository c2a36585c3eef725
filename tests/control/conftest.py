import pytest
from support.http import ask

from cogmock.core.call import Call
from cogmock.core.outbox import Message
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.web.app import Application


@pytest.fixture
def world():
    return World(Settings())


@pytest.fixture
def control(world):
    """Asks the control API: `control("GET", "/health")`."""
    application = Application(world)

    def asked(method, path, body=None, **more):
        return ask(application, method, f"/_cogmock{path}", body, **more)

    return asked


@pytest.fixture
def aws(world):
    """Asks user pools, without a client: `aws("CreateGroup", UserPoolId=…)`."""

    def answered(operation, **params):
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return UserPoolsBackend.answer(call, operation, params)

    return answered


@pytest.fixture
def send(world):
    """Puts a message into the outbox."""
    usual = {
        "user_pool_id": "us-east-1_aaaaaaaaa",
        "username": "ada",
        "medium": "EMAIL",
        "destination": "ada@example.com",
        "subject": "Your code",
        "body": "It is 123456.",
        "code": "123456",
        "link": None,
        "trigger_source": "CustomMessage_SignUp",
        "sent_at": 1767225600.25,
    }
    return lambda **changes: world.outbox.deliver(Message(**usual | changes))
