"""What is kept in memory: excerpts in the journal, Regions with something in them, and no request that has ended."""

from __future__ import annotations

import gc
import json
import os

import pytest
from support.http import ask
from support.pool_env import PoolEnv
from support.triggers import answering, configured

from cogmock import mock_cognito
from cogmock.core.excerpt import LEAF, copied, excerpt
from cogmock.core.journal import MOST, Journal
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application

FIELDS = {
    **dict.fromkeys(("at", "request_id", "service", "operation", "account", "region"), ""),
    **dict.fromkeys(("message", "reason", "error")),
    "status": 200,
    "duration_ms": 1.0,
    "triggers": [],
}
SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/{}/x/aws4_request, SignedHeaders=host, Signature=00"


class TestExcerpt:
    def test_what_is_small_is_kept_as_it_is(self):
        params = {"a": ["b", 1, None, b"c", {"d": 1.5}]}
        assert excerpt(params)[0] is params

    def test_long_values_and_names_are_cut(self):
        found, size = excerpt({"a": "x" * 1_000_000, "b": [b"y" * 1_000_000], "n" * 5000: 1})
        assert found["a"] == "x" * LEAF + "… (1000000 characters)"
        assert found["b"] == [b"y" * LEAF]
        assert max(map(len, found)) < LEAF + 30
        assert size < 10_000

    @pytest.mark.parametrize("depth", [500, 600])
    def test_deep_values_are_copied(self, depth):
        deep = json.loads("[" * depth + "]" * depth)
        assert excerpt({"a": "x" * 5000, "deep": deep})[0]["deep"] == deep
        assert copied(deep) == deep

    def test_wide_values_end_early(self):
        found, size = excerpt([[]] * 1_000_000)
        assert len(found) < 2000
        assert size < 200_000

    def test_the_outer_level_is_kept_where_an_inner_one_is_large(self):
        found, _ = excerpt({"Large": ["x" * 1000] * 1000, "Username": "ada"})
        assert found["Username"] == "ada"

    def test_a_copy_does_not_change_with_its_original(self):
        event = {"request": {"a": [1]}}
        copy = copied(event)
        event["request"]["a"].append(2)
        assert copy == {"request": {"a": [1]}}


class TestJournal:
    def test_it_is_bounded_in_bytes(self):
        journal = Journal(size=100_000)
        for _ in range(2000):
            journal.add(parameters={"a": ["x" * 2000] * 500}, **FIELDS)
        total = sum(excerpt(entry.parameters)[1] for entry in journal)
        assert 100 < len(journal) < 1000
        assert MOST / 2 < total <= MOST

    def test_long_messages_are_cut(self):
        entry = Journal().add(parameters={}, **FIELDS | {"message": "m" * 10_000, "reason": "r" * 10_000})
        assert len(entry.message) < LEAF + 30
        assert len(entry.reason) < LEAF + 30

    def test_a_call_of_a_megabyte_leaves_little(self):
        application = Application(World(Settings(issuer="aws")))
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp",
            "Authorization": SIGNED.format("us-east-1"),
        }
        body = {"ClientId": "a", "Username": "ada", "Password": "x", "ClientMetadata": {"a": "b" * 1_000_000}}
        ask(application, "POST", "/", body, headers=headers)
        (entry,) = application.world.journal
        assert len(entry.parameters["ClientMetadata"]["a"]) < LEAF + 30


class TestRegions:
    """A Region exists once something is in it."""

    @pytest.fixture
    def world(self):
        return World(Settings(issuer="aws"))

    def names(self, world):
        return [region.name for region in world.regions()]

    def call(self, world, operation, body, region="us-east-1", service="IdentityProvider"):
        headers = {
            "X-Amz-Target": f"AWSCognito{service}Service.{operation}",
            "Authorization": SIGNED.format(region),
        }
        return ask(Application(world), "POST", "/", body, headers=headers).json

    def test_calls_that_put_nothing_there_make_none(self, world):
        for number in range(50):
            self.call(world, "ListUserPools", {"MaxResults": 1}, f"eu-west-{number}")
            host = f"cognito-idp.xx-test-{number}.amazonaws.com"
            headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
            ask(Application(world), "POST", "/", {"AuthFlow": "USER_AUTH"}, headers=headers, host=host)
        assert self.names(world) == []

    @pytest.mark.parametrize(
        ("service", "operation", "body"),
        [
            ("IdentityProvider", "CreateUserPool", {"PoolName": "shop"}),
            (
                "Identity",
                "CreateIdentityPool",
                {"IdentityPoolName": "p", "AllowUnauthenticatedIdentities": True},
            ),
        ],
    )
    def test_a_pool_makes_its_region(self, world, service, operation, body):
        assert "__type" not in self.call(world, operation, body, "eu-west-1", service)
        assert self.names(world) == ["eu-west-1"]

    def test_calls_at_the_same_time_are_in_the_same_one(self, world):
        one, two = world.visited("eu-west-1"), world.visited("eu-west-1")
        assert one is two
        assert world.region("eu-west-1") is one
        assert world.visited("eu-west-1") is one

    def test_a_refused_call_makes_none(self, world):
        self.call(world, "CreateUserPool", {"PoolName": "shop", "Schema": [{"Name": "custom:x"}] * 60})
        assert self.names(world) == []


@pytest.fixture
def nothing_to_collect():
    """Fails where calls leave reference cycles: they keep requests in memory until the collector runs."""

    def check(call, *, times=100):
        call()  # what is made at the first call stays
        rounds = [left_by(call, times) for _ in range(3)]
        # Threads of other tests may leave a few objects meanwhile; what a call leaves comes each time.
        assert min(rounds) < times, rounds

    def left_by(call, times):
        gc.collect()
        gc.disable()
        try:
            for _ in range(times):
                call()
            return gc.collect()
        finally:
            gc.enable()

    return check


class TestCycles:
    """With the collector off, no call may leave anything behind that only the collector can free."""

    @pytest.fixture
    def application(self):
        return Application(World(Settings(issuer="aws")))

    @pytest.fixture
    def told(self, application):
        def told(target, body, **more):
            headers = {"X-Amz-Target": target, "Authorization": SIGNED.format("us-east-1")}
            return ask(application, "POST", "/", body, headers=headers, **more)

        return told

    @pytest.mark.parametrize(
        ("operation", "body"),
        [
            ("ListUserPools", {"MaxResults": 1}),
            ("ListUserPools", {"MaxResults": 100}),
            ("ListUserPools", {"MaxResults": "x"}),
            ("ListUserPools", b"{"),
            ("NoSuchOperation", {}),
            ("DescribeUserPool", {"UserPoolId": "us-east-1_aaaaaaaaa"}),
            ("SignUp", {"ClientId": "a", "Username": "a", "Password": "b" * 10_000}),
            ("GetUser", {"AccessToken": "a.b.c"}),
        ],
    )
    def test_calls_of_the_json_apis(self, told, nothing_to_collect, operation, body):
        nothing_to_collect(lambda: told(f"AWSCognitoIdentityProviderService.{operation}", body))

    @pytest.mark.parametrize("form", ["Action=GetCallerIdentity", "Action=Nothing", "Action=AssumeRole", "x"])
    def test_calls_of_the_query_apis(self, application, nothing_to_collect, form):
        def call():
            ask(
                application,
                "POST",
                "/",
                f"{form}&Version=2011-06-15".encode(),
                headers={"Authorization": SIGNED.format("us-east-1")},
                content_type="application/x-www-form-urlencoded",
            )

        nothing_to_collect(call)

    def test_sign_ins_and_their_refusals(self, application, told, nothing_to_collect):
        prefix = "AWSCognitoIdentityProviderService"
        pool = told(f"{prefix}.CreateUserPool", {"PoolName": "shop"}).json["UserPool"]["Id"]
        made = {"UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
        client = told(f"{prefix}.CreateUserPoolClient", made).json["UserPoolClient"]["ClientId"]
        user = {"UserPoolId": pool, "Username": "ada"}
        told(f"{prefix}.AdminCreateUser", user)
        told(f"{prefix}.AdminSetUserPassword", user | {"Password": "Corr3ct-Horse!", "Permanent": True})

        def sign_in(password):
            parameters = {"USERNAME": "ada", "PASSWORD": password}
            flow = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters}
            return told(f"{prefix}.InitiateAuth", flow).status

        nothing_to_collect(lambda: sign_in("Corr3ct-Horse!"), times=20)
        nothing_to_collect(lambda: sign_in("wrong"), times=20)

    def test_functions_that_answer_and_that_fail(self, nothing_to_collect):
        with mock_cognito() as cognito:
            env = PoolEnv(cognito, LambdaConfig=configured(PreSignUp="f"))
            application = Application(cognito.world)
            headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp"}
            names = iter(range(1000))

            def sign_up():
                body = {
                    "ClientId": env.client_id,
                    "Username": f"u{next(names)}",
                    "Password": "Corr3ct-Horse!",
                }
                return ask(application, "POST", "/", body, headers=headers).status

            def failing(_event, _context):
                raise ValueError("no")

            cognito.functions["f"] = answering()
            assert sign_up() == 200
            nothing_to_collect(sign_up, times=20)
            cognito.functions["f"] = failing
            assert sign_up() == 400
            nothing_to_collect(sign_up, times=20)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
class TestForks:
    """A forked child has locks of its own and makes keys of its own."""

    def child(self, work):
        """The exit status of a child that does the work, or -1 where it hangs."""
        import signal
        import time

        pid = os.fork()
        if pid == 0:
            try:
                work()
                os._exit(0)
            except BaseException:  # noqa: BLE001 - the parent sees the status
                os._exit(1)
        for _ in range(1200):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return -1

    pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

    def test_a_second_pool_of_a_child_gets_keys(self):
        def sign_in():
            with mock_cognito() as cognito:
                for _ in range(2):
                    env = PoolEnv(cognito)
                    env.add_user()
                    env.sign_in()

        sign_in()
        assert self.child(sign_in) == 0

    def test_locks_that_were_held_are_free(self):
        with mock_cognito() as cognito:
            env = PoolEnv(cognito)
            world = cognito.world
            held = [world.lock, world.outbox._arrived, world.journal._lock]
            for lock in held:
                lock.acquire()
            try:
                status = self.child(lambda: env.create(attributes={"email": "ada@example.com"}))
            finally:
                for lock in held:
                    lock.release()
            assert status == 0
