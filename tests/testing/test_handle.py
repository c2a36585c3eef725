import threading
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from cogmock import mock_cognito


@pytest.fixture
def deliver(cognito):
    """Sends a message, as a pool would."""

    def delivered(username="ada", destination="ada@example.com", code="123456", medium="EMAIL"):
        return cognito.world.outbox.deliver(
            user_pool_id="us-east-1_abc",
            username=username,
            medium=medium,
            destination=destination,
            subject=None,
            body=f"Your code is {code}",
            code=code,
            link=None,
            trigger_source="CustomMessage_SignUp",
            sent_at=1.0,
        )

    return delivered


class TestMessages:
    def test_the_last_one_is_the_newest(self, cognito, deliver):
        deliver(code="1")
        deliver(code="2")
        assert cognito.messages.last().code == "2"

    def test_by_user(self, cognito, deliver):
        deliver()
        deliver("bob", "bob@example.com")
        assert cognito.messages.last(username="ada").destination == "ada@example.com"

    def test_a_user_is_found_by_address_too(self, cognito, deliver):
        deliver("7c0e0b1a-0000-4000-8000-000000000000", "ada@example.com")
        assert cognito.messages.last(username="ada@example.com").code == "123456"

    def test_by_address(self, cognito, deliver):
        deliver(destination="+15550100", medium="SMS")
        deliver()
        assert cognito.messages.last(username="ada", destination="+15550100").medium == "SMS"

    def test_where_there_is_none_it_says_what_there_is(self, cognito, deliver):
        deliver("bob", "bob@example.com")
        with pytest.raises(
            LookupError, match=r"username 'ada'.*EMAIL to bob <bob@example.com>: 'Your code is 123456'"
        ):
            cognito.messages.last(username="ada")

    def test_it_is_a_sequence(self, cognito, deliver):
        sent = [deliver(code="1"), deliver(code="2")]
        assert list(cognito.messages) == sent
        assert cognito.messages[-1] == sent[1]
        assert cognito.messages[:1] == sent[:1]
        assert len(cognito.messages) == 2
        assert sent[0] in cognito.messages

    def test_it_can_be_emptied(self, cognito, deliver):
        deliver()
        cognito.messages.clear()
        assert not cognito.messages

    def test_one_can_be_waited_for(self, cognito, deliver):
        later = threading.Timer(0.05, deliver)
        later.start()
        assert cognito.messages.wait(username="ada", timeout=10).code == "123456"
        later.join()

    def test_waiting_ends(self, cognito):
        with pytest.raises(TimeoutError, match=r"within 0\.01 s no message for anybody"):
            cognito.messages.wait(timeout=0.01)


class TestClock:
    def test_it_advances(self, cognito):
        before = cognito.clock.now()
        cognito.clock.advance(30, minutes=1, hours=2, days=3)
        ahead = cognito.clock.now() - before - timedelta(days=3, hours=2, minutes=1, seconds=30)
        assert timedelta(0) <= ahead < timedelta(seconds=20)

    @pytest.mark.parametrize(
        "when",
        [
            datetime(2031, 5, 6, 7, tzinfo=UTC),
            datetime(2031, 5, 6, 7),  # noqa: DTZ001 - without a zone it is UTC
            "2031-05-06T07:00:00Z",
            "2031-05-06T09:00+02:00",
            1935817200,
        ],
    )
    def test_it_is_set(self, cognito, when):
        cognito.clock.set(when)
        ahead = cognito.clock.now() - datetime(2031, 5, 6, 7, tzinfo=UTC)
        assert timedelta(0) <= ahead < timedelta(seconds=20)

    def test_it_is_set_right_again(self, cognito):
        cognito.clock.advance(days=1)
        cognito.clock.reset()
        assert abs(cognito.clock.now() - datetime.now(UTC)) < timedelta(seconds=20)

    def test_what_is_made_bears_its_time(self, cognito):
        cognito.clock.set("2031-05-06")
        pool = boto3.client("cognito-idp", region_name="us-east-1").create_user_pool(PoolName="x")["UserPool"]
        assert pool["CreationDate"].astimezone(UTC).date().isoformat() == "2031-05-06"

    def test_it_shows_its_time(self, cognito):
        cognito.clock.set("2031-05-06")
        assert repr(cognito.clock).startswith("<clock at 2031-05-06T00:00:")


class TestHandle:
    def test_requests_are_listed(self, cognito):
        boto3.client("cognito-idp", region_name="eu-west-1").create_user_pool(PoolName="x")
        assert [(entry.operation, entry.region, entry.status) for entry in cognito.requests] == [
            ("CreateUserPool", "eu-west-1", 200)
        ]

    def test_reset_drops_state_and_keeps_functions(self, cognito, deliver):
        idp = boto3.client("cognito-idp", region_name="us-east-1")
        idp.create_user_pool(PoolName="x")
        deliver()
        cognito.functions["pre-sign-up"] = print
        cognito.clock.advance(days=1)
        cognito.reset()
        assert idp.list_user_pools(MaxResults=1)["UserPools"] == []
        assert not cognito.messages
        assert [entry.operation for entry in cognito.requests] == ["ListUserPools"]
        assert cognito.functions == {"pre-sign-up": print}
        assert abs(cognito.clock.now() - datetime.now(UTC)) < timedelta(seconds=20)

    def test_a_seed_makes_ids_repeat(self):
        def ids():
            with mock_cognito(seed=3):
                return boto3.client("cognito-idp", region_name="us-east-1").create_user_pool(PoolName="x")[
                    "UserPool"
                ]["Id"]

        assert ids() == ids()
