import json
import threading
from datetime import UTC, datetime, timedelta

import boto3
import botocore.credentials
import jwt
import pytest

from cogmock import mock_cognito
from cogmock.core.outbox import Message
from cogmock.testing.control import RefusedError


@pytest.fixture
def deliver(cognito):
    """Sends a message, as a pool would."""

    def delivered(username="ada", destination="ada@example.com", code="123456", medium="EMAIL"):
        message = Message(
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
        return cognito.world.outbox.deliver(message)

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
        assert cognito.messages.wait(username="ada", timeout=30).code == "123456"
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

    def test_logs_are_listed_by_group_and_stream(self, cognito):
        for stream in ("one", "two"):
            cognito.world.cloudwatch.write("/group", stream, 0.0, f"to {stream}")
        assert [event.message for event in cognito.logs()] == ["to one", "to two"]
        assert repr(cognito.logs(log_group="/group", stream="two")) == "[</group two: to two>]"

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


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


class TestMakePool:
    def test_it_has_a_client_and_users_who_can_sign_in(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        idp = boto3.client("cognito-idp")
        ada = idp.admin_get_user(UserPoolId=pool.id, Username="ada")
        assert ada["UserStatus"] == "CONFIRMED"
        assert pool.client_secret is None
        assert idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
        assert pool.user("ada").sub == next(
            of["Value"] for of in ada["UserAttributes"] if of["Name"] == "sub"
        )
        assert pool.arn.endswith(pool.id)

    def test_users_have_attributes_and_groups_have_members(self, cognito):
        pool = cognito.make_pool(
            users={"ada": {"email": "ada@example.com"}, "bob": {}}, groups={"admins": ["ada"], "all": []}
        )
        idp = boto3.client("cognito-idp")
        members = idp.list_users_in_group(UserPoolId=pool.id, GroupName="admins")["Users"]
        assert [user["Username"] for user in members] == ["ada"]
        assert {"Name": "email", "Value": "ada@example.com"} in members[0]["Attributes"]
        assert len(idp.list_groups(UserPoolId=pool.id)["Groups"]) == 2

    def test_what_is_aws_own_goes_to_aws_own(self, cognito):
        pool = cognito.make_pool(
            PoolName="shop", MfaConfiguration="OFF", client={"GenerateSecret": True, "ClientName": "web"}
        )
        assert (pool.description["Name"], pool.client["ClientName"]) == ("shop", "web")
        assert pool.client_secret

    def test_users_may_be_named_by_address(self, cognito):
        pool = cognito.make_pool(users=["ada@example.com"], UsernameAttributes=["email"])
        assert pool.user("ada@example.com").username != "ada@example.com"
        assert pool.user("ada@example.com").tokens.access_token

    def test_tokens_of_a_user(self, cognito):
        pool = cognito.make_pool(users=["ada"], groups={"admins": ["ada"]})
        tokens = pool.user("ada").tokens
        assert tokens is pool.user("ada").tokens
        assert claims(tokens.id_token)["cognito:groups"] == ["admins"]
        assert claims(tokens.access_token)["iss"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
        user = boto3.client("cognito-idp").get_user(AccessToken=tokens.access_token)
        assert user["Username"] == "ada"

    def test_a_refusal_is_aws_own(self, cognito):
        with pytest.raises(RefusedError, match="InvalidPasswordException") as refused:
            cognito.make_pool(users=["ada"], password="short")
        assert refused.value.status == 400

    def test_it_is_where_the_environment_points(self, cognito, monkeypatch):
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
        assert cognito.make_pool().arn.startswith("arn:aws:cognito-idp:eu-west-3:111122223333:")

    def test_a_server_has_it_too(self, cognito_server):
        pool = cognito_server.make_pool(users=["ada"])
        assert claims(pool.user("ada").tokens.id_token)["iss"] == f"{cognito_server.settings.url}/{pool.id}"


class TestTokens:
    def test_with_scopes_and_groups_of_ones_own(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        tokens = cognito.tokens("ada", client=pool.client_id, scopes=["orders/read"], groups=["premium"])
        assert claims(tokens.access_token)["scope"] == "orders/read"
        assert claims(tokens.id_token)["cognito:groups"] == ["premium"]
        assert (tokens.token_type, tokens.expires_in) == ("Bearer", 3600)

    def test_an_unknown_client_is_named(self, cognito):
        with pytest.raises(LookupError, match="nobody"):
            cognito.tokens("ada", client="nobody")

    def test_an_unknown_user_is_refused(self, cognito):
        pool = cognito.make_pool()
        with pytest.raises(RefusedError, match="UserNotFoundException"):
            cognito.tokens("nobody", client=pool.client_id)


class TestAuthorize:
    @pytest.fixture
    def asked(self, monkeypatch):
        """What the control API is asked; it answers as for the story."""
        questions = []

        def answer(_world, request):
            questions.append((request.path, json.loads(request.body)))
            statement = {"policy": "premium-read", "sid": "Articles", "effect": "Allow"}
            return (
                200,
                {
                    "decision": "allowed",
                    "role_arn": "arn:aws:iam::1:role/premium",
                    "matched": [statement],
                    "explanation": "allowed: s3:GetObject on *\n  allowed by premium-read",
                    "new": 1,
                },
            )

        monkeypatch.setattr("cogmock.control.api.answer", answer)
        return questions

    @pytest.mark.parametrize(
        "credentials",
        [
            {"AccessKeyId": "k", "SecretKey": "s", "SessionToken": "t", "Expiration": datetime.now(UTC)},
            {
                "Credentials": {"AccessKeyId": "k", "SecretAccessKey": "s", "SessionToken": "t"},
                "IdentityId": "i",
            },
            {"aws_access_key_id": "k", "aws_secret_access_key": "s", "aws_session_token": "t"},
            botocore.credentials.Credentials("k", "s", "t"),
            botocore.credentials.ReadOnlyCredentials("k", "s", "t"),
        ],
    )
    def test_credentials_come_in_any_spelling(self, cognito, asked, credentials):
        assert cognito.authorize(credentials, "s3:GetObject", "arn:aws:s3:::a/b").allowed
        question = {"access_key_id": "k", "secret_access_key": "s", "session_token": "t"}
        assert asked == [
            ("/authorize", question | {"action": "s3:GetObject", "resource": "arn:aws:s3:::a/b"})
        ]

    def test_an_access_key_alone_will_do(self, cognito, asked):
        cognito.authorize("k", "s3:GetObject", "*", {"aws:SourceIp": "10.0.0.1"})
        assert asked[0][1]["context"] == {"aws:SourceIp": "10.0.0.1"}
        assert "secret_access_key" not in asked[0][1]

    def test_what_is_no_credentials_is_refused(self, cognito):
        with pytest.raises(TypeError, match="no access key id: dict"):
            cognito.authorize({}, "s3:GetObject", "*")

    def test_the_answer_reads_well(self, cognito, asked):
        decision = cognito.authorize("k", "s3:GetObject", "*")
        assert (
            repr(decision) == decision.explanation == "allowed: s3:GetObject on *\n  allowed by premium-read"
        )
        assert decision.matched[0]["sid"] == "Articles"
        with pytest.raises(TypeError, match="allowed"):
            bool(decision)


class TestBrowserSession:
    def test_is_the_state_of_a_signed_in_browser(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        state = cognito.browser_session("ada", client=pool.client_id)
        assert [cookie["name"] for cookie in state["cookies"]] == ["cognito"]

    def test_says_what_is_wrong(self, cognito):
        pool = cognito.make_pool()
        with pytest.raises(LookupError, match="nobody"):
            cognito.browser_session("ada", client="nobody")
        with pytest.raises(RefusedError):
            cognito.browser_session("ada", client=pool.client_id)
