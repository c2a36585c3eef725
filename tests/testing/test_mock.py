import asyncio
import concurrent.futures
import os
import subprocess
import sys
import textwrap
import threading
import unittest

import boto3
import botocore.config
import botocore.httpsession
import botocore.session
import pytest
from botocore.exceptions import EndpointConnectionError

from cogmock import mock_cognito
from cogmock.testing import active
from cogmock.testing.doors import boto3 as boto3_door

made_at_import = boto3.client(
    "cognito-idp", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
)


def client(region="us-east-1"):
    return boto3.client("cognito-idp", region_name=region)


def pools(of=None):
    return [pool["Name"] for pool in (of or client()).list_user_pools(MaxResults=60)["UserPools"]]


def make_pool(name="shop"):
    return client().create_user_pool(PoolName=name)["UserPool"]["Id"]


class TestDecorator:
    @mock_cognito
    def test_it_works_without_parentheses(self):
        make_pool()
        assert pools() == ["shop"]

    @mock_cognito()
    def test_it_works_with_parentheses(self):
        make_pool()
        assert pools() == ["shop"]

    @pytest.mark.parametrize("name", ["one", "two"])
    @mock_cognito
    def test_nothing_is_left_from_the_test_before(self, name):
        assert pools() == []
        make_pool(name)

    @mock_cognito
    def test_fixtures_are_still_handed_in(self, tmp_path):
        assert tmp_path.is_dir()

    def test_a_coroutine_is_mocked_while_it_runs(self):
        @mock_cognito
        async def story():
            await asyncio.sleep(0)
            make_pool()
            return pools()

        assert asyncio.run(story()) == ["shop"]
        assert active.running == []

    def test_a_generator_is_mocked_from_its_first_step_to_its_last(self):
        @mock_cognito
        def steps():
            make_pool()
            yield pools()

        assert list(steps()) == [["shop"]]
        assert active.running == []

    def test_an_async_generator_too(self):
        @mock_cognito
        async def steps():
            make_pool()
            yield pools()

        async def all_steps():
            return [step async for step in steps()]

        assert asyncio.run(all_steps()) == [["shop"]]
        assert active.running == []

    def test_it_ends_when_the_test_fails(self):
        @mock_cognito
        def fails():
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()
        assert active.running == []

    def test_above_pytest_fixture_it_says_where_it_belongs(self):
        with pytest.raises(TypeError, match="beneath @pytest"):
            mock_cognito(pytest.fixture(lambda: None))

    def test_an_unknown_setting_is_refused(self):
        with pytest.raises(TypeError, match="colour"):
            mock_cognito(colour="red")


@mock_cognito
class TestPlainClass:
    def setup_method(self):
        self.pool_id = make_pool()

    def test_setup_and_test_share_a_world(self):
        assert client().describe_user_pool(UserPoolId=self.pool_id)["UserPool"]["Name"] == "shop"

    @pytest.mark.parametrize("turn", [1, 2])
    def test_each_test_has_its_own(self, turn):
        assert pools() == ["shop"]

    def test_by_hand_a_test_has_its_own_too(self):
        @mock_cognito(code="1")
        class TestByHand:
            def test_it(self):
                make_pool("by hand")
                return pools()

        assert TestByHand().test_it() == ["by hand"]
        assert pools() == ["shop"]


@mock_cognito
class TestOuterClass:
    class TestInnerClass:
        @pytest.mark.parametrize("turn", [1, 2])
        def test_it_is_mocked_too(self, turn):
            assert pools() == []
            make_pool()


class TestFailingSetUp:
    def test_it_leaves_nothing(self):
        @mock_cognito
        class Broken:
            def setup_method(self):
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            Broken().setup_method()
        assert active.running == []


@mock_cognito
class TestClassSetUp:
    @classmethod
    def setup_class(cls):
        make_pool("of the class")

    @pytest.mark.parametrize("turn", [1, 2])
    def test_what_it_made_is_there_for_each_test(self, turn):
        assert pools() == ["of the class"]


@mock_cognito
class TestTestCase(unittest.TestCase):
    def setUp(self):
        self.pool_id = make_pool()
        self.addCleanup(lambda: client().delete_user_pool(UserPoolId=self.pool_id))

    def test_set_up_and_test_share_a_world(self):
        assert pools() == ["shop"]

    def test_each_test_has_its_own(self):
        assert pools() == ["shop"]


@mock_cognito
class TestTestCaseWithClassSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pool_id = make_pool("of the class")

    def test_what_the_class_made_is_there(self):
        assert pools() == ["of the class"]

    def test_for_each_test(self):
        assert pools() == ["of the class"]


@mock_cognito
class TestAsyncTestCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        make_pool()

    async def test_set_up_and_test_share_a_world(self):
        assert pools() == ["shop"]


class TestContext:
    def test_nested_starts_share_the_world_of_the_outer(self):
        with mock_cognito() as outer:
            make_pool("outer")
            with mock_cognito() as inner:
                make_pool("inner")
                assert inner.world is outer.world
            assert set(pools()) == {"outer", "inner"}

    def test_with_arguments_a_nested_one_has_its_own(self):
        with mock_cognito():
            make_pool("outer")
            with mock_cognito(code="111111") as inner:
                assert pools() == []
                assert inner.settings.code == "111111"
            assert pools() == ["outer"]

    def test_equal_arguments_share_a_world(self):
        with mock_cognito(code="111111", passthrough=["iam"]) as outer:
            with mock_cognito(code="111111", issuer="aws", passthrough=("iam",)) as inner:
                assert inner.world is outer.world
            with mock_cognito(code="111111") as other:
                assert other.world is not outer.world
            with mock_cognito(code="222222", passthrough=["iam"]) as other:
                assert other.world is not outer.world

    def test_lists_of_settings_are_compared_by_what_they_hold(self):
        listed, other = {"lambda_": ["x=http://localhost:1/"]}, {"lambda_": ("x=http://localhost:1/",)}
        with mock_cognito(**listed) as outer, mock_cognito(**other) as inner:
            assert inner.world is outer.world

    def test_one_object_can_be_started_again_and_again(self):
        mock = mock_cognito(seed=1)
        with mock:
            make_pool()
            with mock:
                assert pools() == ["shop"]
        with mock:
            assert pools() == []

    def test_stop_without_start_is_refused(self):
        with pytest.raises(RuntimeError, match="before start"):
            mock_cognito().stop()

    def test_the_issuer_is_aws(self):
        with mock_cognito() as cog:
            assert cog.settings.issuer == "aws"

    def test_two_threads_do_not_see_each_other(self):
        together = threading.Barrier(2, timeout=30)

        def story(name):
            with mock_cognito():
                together.wait()
                make_pool(name)
                together.wait()
                seen = pools()
                together.wait()
                return seen

        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            assert list(threads.map(story, ["one", "two"])) == [["one"], ["two"]]
        assert active.running == []

    def test_one_decorator_serves_two_threads(self):
        together = threading.Barrier(2, timeout=30)

        @mock_cognito
        def story(name):
            together.wait()
            make_pool(name)
            together.wait()
            return pools()

        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            assert list(threads.map(story, ["one", "two"])) == [["one"], ["two"]]

    def test_two_tasks_do_not_see_each_other(self):
        @mock_cognito
        async def story(name):
            await asyncio.sleep(0)
            make_pool(name)
            await asyncio.sleep(0)
            return await asyncio.to_thread(pools)

        async def both():
            return await asyncio.gather(story("one"), story("two"))

        assert asyncio.run(both()) == [["one"], ["two"]]

    def test_a_thread_of_the_tested_code_is_in_the_world_of_the_test(self):
        with mock_cognito(), concurrent.futures.ThreadPoolExecutor(1) as thread:
            make_pool()
            assert thread.submit(pools).result() == ["shop"]

    def test_what_an_async_fixture_began_holds_after_its_task(self):
        with mock_cognito():
            mock = mock_cognito(code="1")

            async def fixture():
                mock.start()
                make_pool("fixture")

            asyncio.run(fixture())
            assert pools() == ["fixture"]
            mock.stop()
            assert pools() == []

    def test_starts_may_end_in_another_order(self):
        first, second = mock_cognito(code="1"), mock_cognito(code="2")
        first.start()
        make_pool("first")
        second.start()
        first.stop()
        assert pools() == []
        second.stop()
        assert active.running == []


class TestPatchedClients:
    def test_a_client_made_at_import_time(self):
        with mock_cognito():
            assert pools(made_at_import) == []

    def test_a_client_of_a_bare_botocore_session(self):
        session = botocore.session.Session()
        session.set_credentials("a", "b")
        bare = session.create_client("cognito-idp", region_name="eu-west-1")
        with mock_cognito():
            assert bare.create_user_pool(PoolName="x")["UserPool"]["Id"].startswith("eu-west-1_")

    def test_a_client_made_where_there_were_no_credentials(self):
        session = botocore.session.Session()
        session.register_component(
            "credential_provider", type("None", (), {"load_credentials": lambda _: None})()
        )
        bare = session.create_client("cognito-idp", region_name="eu-west-1")
        with mock_cognito():
            assert pools(bare) == []

    def test_after_the_mock_everything_goes_its_own_way_again(self):
        original = vars(botocore.httpsession.URLLib3Session)["send"]
        with mock_cognito():
            assert vars(botocore.httpsession.URLLib3Session)["send"] is not original
        assert vars(botocore.httpsession.URLLib3Session)["send"] is original

    def test_an_endpoint_elsewhere_passes_by(self):
        once = botocore.config.Config(retries={"max_attempts": 0})
        with mock_cognito():
            elsewhere = boto3.client("cognito-idp", endpoint_url="http://127.0.0.1:9", config=once)
            with pytest.raises(EndpointConnectionError):
                elsewhere.list_user_pools(MaxResults=1)

    def test_errors_have_their_types(self):
        with mock_cognito():
            idp = client()
            with pytest.raises(idp.exceptions.ResourceNotFoundException):
                idp.describe_user_pool(UserPoolId="us-east-1_nowhere00")

    def test_paginators_page(self):
        with mock_cognito():
            for number in range(3):
                make_pool(f"p{number}")
            pages = client().get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2})
            assert sum(len(page["UserPools"]) for page in pages) == 3

    def test_the_account_is_that_of_each_mocks_environment(self, monkeypatch):
        for account in ("111111111111", "222222222222"):
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", account)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
            with mock_cognito():
                pool = client().create_user_pool(PoolName="x")["UserPool"]
                assert account in pool["Arn"]

    def test_boto3_may_be_imported_afterwards(self):
        script = """
            import os, sys
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                del os.environ[name]
            from cogmock import mock_cognito
            with mock_cognito():
                import boto3
                print(boto3.client("cognito-idp").list_user_pools(MaxResults=1)["UserPools"])
                assert boto3.DEFAULT_SESSION is not None
            assert boto3.DEFAULT_SESSION is None
            assert not [name for name in os.environ if name.startswith("AWS_")]
            assert not [finder for finder in sys.meta_path if "cogmock" in type(finder).__module__]
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.stdout, ran.stderr) == ("[]\n", "")


class TestEnvironment:
    def test_dummies_are_set_and_taken_away(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        before = dict(os.environ)
        with mock_cognito():
            assert boto3.client("cognito-idp").meta.region_name == "us-east-1"
            assert pools() == []
        assert dict(os.environ) == before

    def test_what_the_user_has_stays(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock_cognito():
            assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"
            assert boto3.client("cognito-idp").meta.region_name == "eu-central-1"
        assert os.environ["AWS_ACCESS_KEY_ID"] == "mine"

    def test_half_of_a_pair_is_completed(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "444444444444")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
        with mock_cognito():
            assert "444444444444" in client().create_user_pool(PoolName="x")["UserPool"]["Arn"]
        assert "AWS_SECRET_ACCESS_KEY" not in os.environ

    def test_aws_region_is_taken_where_it_is_the_only_one(self, monkeypatch):
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
        monkeypatch.setenv("AWS_REGION", "ap-south-1")
        with mock_cognito():
            assert os.environ["AWS_DEFAULT_REGION"] == "ap-south-1"


class TestDefaultSession:
    @pytest.fixture(autouse=True)
    def own_session(self, monkeypatch):
        self.mine = boto3.Session(region_name="eu-north-1")
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", self.mine)
        monkeypatch.setattr(boto3_door, "_kept", {})

    def test_the_users_own_is_put_back(self):
        real = boto3.setup_default_session
        with mock_cognito():
            client()
            assert boto3.DEFAULT_SESSION is not self.mine
        assert boto3.DEFAULT_SESSION is self.mine
        assert boto3.setup_default_session is real

    def test_it_is_put_back_although_the_test_made_another(self):
        with mock_cognito():
            boto3.setup_default_session(region_name="sa-east-1")
            assert boto3.client("cognito-idp").meta.region_name == "sa-east-1"
        assert boto3.DEFAULT_SESSION is self.mine
        assert not boto3_door._kept

    def test_one_stays_warm_from_mock_to_mock(self):
        assert self.session_of_a_mock() is self.session_of_a_mock()

    def test_another_environment_has_another(self, monkeypatch):
        first = self.session_of_a_mock()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "333333333333")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        assert self.session_of_a_mock() is not first
        with mock_cognito():
            client()
            assert boto3.DEFAULT_SESSION.get_credentials().access_key == "333333333333"

    def test_another_config_file_has_another(self, monkeypatch, tmp_path):
        config = tmp_path / "config"
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        first = self.session_of_a_mock()
        config.write_text("[default]\nretry_mode = standard\n")
        assert self.session_of_a_mock() is not first

    def test_one_that_a_test_altered_is_let_go(self):
        with mock_cognito():
            client()
            first = boto3.DEFAULT_SESSION
            first.events.register("before-send", lambda **_: None)
        assert self.session_of_a_mock() is not first

    def test_one_whose_settings_a_test_changed_is_let_go(self):
        with mock_cognito():
            client()
            first = boto3.DEFAULT_SESSION
            first._session.set_config_variable("region", "eu-west-3")
        assert self.session_of_a_mock() is not first

    def test_only_a_few_are_kept(self, monkeypatch):
        for number in range(6):
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"{number}" * 12)
            self.session_of_a_mock()
        assert len(boto3_door._kept) == 4

    def test_none_is_kept_where_that_is_not_wanted(self):
        assert self.session_of_a_mock(keep_sessions=False) is not self.session_of_a_mock(keep_sessions=False)
        assert boto3.DEFAULT_SESSION is self.mine

    def session_of_a_mock(self, **settings):
        with mock_cognito(**settings):
            client()
            return boto3.DEFAULT_SESSION
