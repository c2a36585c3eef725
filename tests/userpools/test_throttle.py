"""The setting `throttle`: requests above AWS's rates are refused."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from support.pool_env import refused
from support.pool_settings import SES
from support.triggers import answering, configured

from cogmock.services import COGNITO_IDP
from cogmock.userpools.rules.admission import rates
from cogmock.wire import model

pytestmark = pytest.mark.cognito(throttle=True)
START = 2_000_000_000.0


@pytest.fixture
def idp(cognito):
    """A client that does not try again."""
    return impatient()


@pytest.fixture
def env(env, idp):
    env.idp = idp
    return env


def impatient(region="us-east-1", **more):
    once = Config(retries={"total_max_attempts": 1})
    return boto3.client("cognito-idp", region_name=region, config=once, **more)


@pytest.fixture
def at(cognito, monkeypatch):
    """Sets the clock to a time. It stands still there, so that what follows falls into one second of it."""

    def at(seconds=0.0):
        monkeypatch.setattr("cogmock.core.clock.Clock.real", lambda _: START)
        cognito.clock.set(START + seconds)

    return at


def many(at, count, ask):
    for _ in range(count):
        at()
        ask()
    at()


class TestRates:
    def test_every_operation_has_a_category(self):
        assert set(rates.CATEGORY) == set(model.load(COGNITO_IDP.name).operations)
        assert set(rates.OPERATIONS) | {"UserFederation"} == set(rates.FREE)

    def test_one_request_more_than_the_rate_is_refused(self, idp, at):
        many(at, 15, lambda: idp.list_user_pools(MaxResults=1))
        with refused("TooManyRequestsException", "Rate exceeded") as caught:
            idp.list_user_pools(MaxResults=1)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_the_next_second_of_the_clock_has_room_again(self, idp, at):
        many(at, 15, lambda: idp.list_user_pools(MaxResults=1))
        at(1)
        idp.list_user_pools(MaxResults=1)

    def test_categories_regions_and_accounts_are_counted_apart(self, idp, at):
        many(at, 15, lambda: idp.list_user_pools(MaxResults=1))
        idp.get_provisioned_limit(LimitDefinition=category("UserRead"))
        at()
        impatient("eu-west-1").list_user_pools(MaxResults=1)
        at()
        impatient(aws_access_key_id="210987654321", aws_secret_access_key="x").list_user_pools(MaxResults=1)

    def test_a_provisioned_limit_raises_the_rate(self, idp, at):
        idp.update_provisioned_limit(LimitDefinition=category("UserPoolRead"), RequestedLimitValue=20)
        many(at, 20, lambda: idp.list_user_pools(MaxResults=1))
        with refused("TooManyRequestsException"):
            idp.list_user_pools(MaxResults=1)

    def test_documents_are_applied_whatever_their_size(self, cognito, at):
        clients = [{"ClientName": f"n{number}"} for number in range(40)]
        at()
        report = cognito.apply({"pools": [{"PoolName": "shop", "clients": clients}]})
        assert report.summary["created"] == 41

    def test_one_user_is_read_ten_times_a_second(self, env, at):
        env.add_user("ada")
        env.add_user("bob")
        many(at, 10, env.user)
        with refused("TooManyRequestsException"):
            env.user()
        at()
        env.user("bob")

    def test_a_users_own_calls_count_too(self, env, at):
        for name in ("ada", "bob"):
            env.add_user(name)
        at(-1)
        tokens = [env.sign_in(name)["AccessToken"] for name in ("ada", "bob")]
        many(at, 10, lambda: env.idp.get_user(AccessToken=tokens[0]))
        with refused("TooManyRequestsException"):
            env.idp.get_user(AccessToken=tokens[0])
        env.idp.get_user(AccessToken=tokens[1])

    def test_one_user_is_written_ten_times_a_second(self, env, at):
        env.add_user()
        many(at, 10, lambda: env.admin_update(nickname="A"))
        with refused("TooManyRequestsException"):
            env.admin_update(nickname="A")
        at()
        env.user()

    def test_refreshing_counts_as_a_token_request(self, env, at, cognito):
        env.add_user()
        token = env.sign_in()["RefreshToken"]
        at()
        while cognito.world.throttle.admits(("123456789012", "us-east-1", "UserToken"), 120, START):
            at()
        with refused("TooManyRequestsException"):
            env.idp.initiate_auth(
                ClientId=env.client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": token},
            )
        at()
        env.sign_in()

    def test_botocore_tries_again_and_gets_its_answer(self, idp, at, cognito):
        patient = boto3.client("cognito-idp")
        patient.meta.events.register("needs-retry", lambda **_: cognito.clock.advance(1))
        many(at, 15, lambda: idp.list_user_pools(MaxResults=1))
        before = len(cognito.requests)
        patient.list_user_pools(MaxResults=1)
        tries = cognito.requests[before:]
        assert [each.error for each in tries] == ["TooManyRequestsException"] * (len(tries) - 1) + [None]
        assert len(tries) > 1


class TestFreeLimits:
    @pytest.mark.parametrize(
        ("name", "rate"),
        [
            ("UserAuthentication", 120),
            ("UserCreation", 50),
            ("UserFederation", 25),
            ("UserAccountRecovery", 30),
            ("UserRead", 120),
            ("UserUpdate", 25),
            ("UserToken", 120),
            ("UserResourceRead", 50),
            ("UserResourceUpdate", 25),
            ("UserList", 30),
            ("UserPoolRead", 15),
            ("UserPoolUpdate", 15),
            ("UserPoolResourceRead", 20),
            ("UserPoolResourceUpdate", 15),
            ("UserPoolClientRead", 15),
            ("UserPoolClientUpdate", 15),
            ("ClientAuthentication", 150),
        ],
    )
    def test_each_category_has_its_rate(self, idp, name, rate):
        limit = idp.get_provisioned_limit(LimitDefinition=category(name))["Limit"]
        assert (limit["FreeLimitValue"], limit["ProvisionedLimitValue"]) == (rate, rate)


class TestMailsOfADay:
    """Cognito itself sends 50 mails a day for an account."""

    TEXT = (
        "Exceeded daily email limit for the operation or the account. If a higher limit is required, please "
        "configure your user pool to use your own Amazon SES configuration for sending email."
    )
    MAIL = {"email": "ada@example.com"}

    @pytest.fixture
    def env(self, mail_env, idp, at):
        mail_env.idp = idp
        at()
        return mail_env

    def spend(self, env, at, count=50):
        """Signs that many users up, in seconds of their own: the rates are not the subject."""
        for number in range(count):
            at(number)
            env.sign_up(f"user{number}", attributes=self.MAIL)
        at(count)

    def test_the_fifty_first_is_refused_and_who_signs_up_stays_unconfirmed(self, env, at):
        self.spend(env, at)
        with refused("LimitExceededException", self.TEXT):
            env.sign_up(attributes=self.MAIL)
        assert env.status() == "UNCONFIRMED"
        assert len(env.cognito.messages) == 50
        env.cognito.clock.advance(days=1)
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")
        env.confirm()

    def test_by_ones_own_ses_there_is_no_limit(self, env, found, idp, at):
        self.spend(env, at)
        other = found(EmailConfiguration=SES, AutoVerifiedAttributes=["email"])
        other.idp = idp
        assert other.sign_up(attributes=self.MAIL)["CodeDeliveryDetails"]

    def test_texts_do_not_count(self, env, at):
        self.spend(env, at)
        env.create(attributes={"phone_number": "+15555550134"}, DesiredDeliveryMediums=["SMS"])
        assert env.cognito.messages.last().medium == "SMS"

    def test_what_does_not_depend_on_the_mail_is_done_all_the_same(self, env, at, cognito):
        env.add_user("bea", phone_number="+15555550134")
        self.spend(env, at)
        env.admin_update("bea", email="bea@example.com")
        assert env.attributes("bea")["email"] == "bea@example.com"
        assert "50 mails" in cognito.requests[-2].reason
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            LambdaConfig=configured(UserMigration="old"),
            AutoVerifiedAttributes=["email"],
        )
        cognito.functions["old"] = answering(
            userAttributes=self.MAIL, finalUserStatus="CONFIRMED", desiredDeliveryMediums=["EMAIL"]
        )
        assert env.sign_in("cyd")["AccessToken"]
        assert len(env.cognito.messages) == 50

    def test_invitations_count_too(self, env, at):
        self.spend(env, at)
        with refused("LimitExceededException", self.TEXT):
            env.create(attributes=self.MAIL)


class TestIdentityPools:
    def test_get_id_has_a_rate_of_its_own(self, at):
        identity = boto3.client("cognito-identity", config=Config(retries={"total_max_attempts": 1}))
        pool = identity.create_identity_pool(IdentityPoolName="shop", AllowUnauthenticatedIdentities=True)
        many(at, 25, lambda: identity.get_id(IdentityPoolId=pool["IdentityPoolId"]))
        with refused("TooManyRequestsException", "Rate exceeded"):
            identity.get_id(IdentityPoolId=pool["IdentityPoolId"])
        at()
        identity.describe_identity_pool(IdentityPoolId=pool["IdentityPoolId"])

    def test_tokens_have_a_larger_one(self, at, cognito):
        identity = boto3.client("cognito-identity", config=Config(retries={"total_max_attempts": 1}))
        pool = identity.create_identity_pool(IdentityPoolName="shop", AllowUnauthenticatedIdentities=True)
        guest = identity.get_id(IdentityPoolId=pool["IdentityPoolId"])["IdentityId"]
        ask = {
            "GetOpenIdToken": lambda: identity.get_open_id_token(IdentityId=guest),
            "GetCredentialsForIdentity": lambda: identity.get_credentials_for_identity(IdentityId=guest),
            "GetOpenIdTokenForDeveloperIdentity": lambda: identity.get_open_id_token_for_developer_identity(
                IdentityPoolId=pool["IdentityPoolId"], Logins={"login.example": "ada"}
            ),
        }
        for name, call in ask.items():
            at()
            key = ("123456789012", "us-east-1", name)
            counted = 0
            while cognito.world.throttle.admits(key, 200, START):
                counted += 1
                at()
            assert counted == 200
            with refused("TooManyRequestsException", "Rate exceeded"):
                call()


@pytest.mark.cognito(throttle=False)
class TestOff:
    def test_nothing_is_refused_by_default(self, idp, at):
        many(at, 40, lambda: idp.list_user_pools(MaxResults=1))


def category(name):
    return {"LimitClass": "API_CATEGORY", "Attributes": {"Category": name}}
