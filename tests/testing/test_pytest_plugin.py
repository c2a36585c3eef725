import re
import subprocess
import sys
import urllib.request

import boto3
import pytest

import cogmock.testing
from cogmock.testing import active


class TestCognito:
    @pytest.mark.parametrize("name", ["one", "two"])
    def test_each_test_has_a_world_of_its_own(self, cognito, name):
        idp = boto3.client("cognito-idp", region_name="us-east-1")
        assert idp.list_user_pools(MaxResults=1)["UserPools"] == []
        idp.create_user_pool(PoolName=name)

    def test_nothing_runs_without_it(self):
        assert active.running == []

    @pytest.mark.cognito(code="123456", seed=7, clock="2030-01-01")
    def test_the_marker_holds_settings(self, cognito):
        assert (cognito.settings.code, cognito.settings.seed, cognito.settings.issuer) == ("123456", 7, "aws")
        assert cognito.clock.now().isoformat().startswith("2030-01-01T00:00:0")

    def test_clients_are_ready(self, cognito_clients):
        assert cognito_clients.cognito_idp.list_user_pools(MaxResults=1)["UserPools"] == []
        assert cognito_clients.cognito_idp is cognito_clients.cognito_idp
        assert cognito_clients.cognito_identity.meta.service_model.service_name == "cognito-identity"
        assert cognito_clients.sts.meta.service_model.service_name == "sts"
        assert cognito_clients.iam.meta.service_model.service_name == "iam"

    def test_an_account_of_its_own(self, cognito, cognito_account):
        def client(account):
            return boto3.client(
                "cognito-idp", region_name="us-east-1", aws_access_key_id=account, aws_secret_access_key="x"
            )

        mine, other = client(cognito_account), client("999999999999")
        arn = mine.create_user_pool(PoolName="mine")["UserPool"]["Arn"]
        assert arn.split(":")[4] == cognito_account
        assert len(cognito_account) == 12
        assert other.list_user_pools(MaxResults=1)["UserPools"] == []


class TestCognitoServer:
    @pytest.mark.parametrize("name", ["one", "two"])
    def test_it_is_empty_before_each_test(self, cognito_server, name):
        idp = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=cognito_server.url,
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )
        assert idp.list_user_pools(MaxResults=1)["UserPools"] == []
        idp.create_user_pool(PoolName=name)
        assert [entry.operation for entry in cognito_server.requests] == ["ListUserPools", "CreateUserPool"]
        idp.close()

    def test_it_is_one_server_for_the_session(self, request, cognito_server):
        assert cognito_server is request.getfixturevalue("_cognito_server")
        assert cognito_server.settings.issuer == "server"
        assert cognito_server.settings.url == f"http://localhost:{cognito_server.url.rpartition(':')[2]}"

    def test_without_pytest_it_is_a_context(self):
        with cogmock.testing.Server(code="654321") as server:
            assert server.settings.code == "654321"
            with urllib.request.urlopen(f"{server.url}/_cogmock/health") as response:
                assert response.status == 200
        with pytest.raises(OSError):
            urllib.request.urlopen(f"{server.url}/_cogmock/health")

    def test_credentials_and_region_are_set(self, monkeypatch, request):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        server = request.getfixturevalue("cognito_server")
        idp = boto3.client("cognito-idp", endpoint_url=server.url)
        idp.create_user_pool(PoolName="x")
        assert (server.requests[0].region, server.requests[0].account) == ("us-east-1", "123456789012")
        idp.close()

    def test_it_makes_clients(self, monkeypatch, cognito_server):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        for arguments, region in (({}, "us-east-1"), ({"region_name": "eu-west-1"}, "eu-west-1")):
            idp = cognito_server.client("cognito-idp", **arguments)
            idp.create_user_pool(PoolName="x")
            assert cognito_server.requests[-1].region == region
            idp.close()
        assert cognito_server.url.startswith("http://localhost:")

    @pytest.mark.parametrize(
        ("name", "value", "account"),
        [
            ("AWS_ACCESS_KEY_ID", "444444444444", "444444444444"),
            ("AWS_SECRET_ACCESS_KEY", "x", "123456789012"),
        ],
    )
    def test_its_clients_have_both_keys_where_the_environment_has_one(
        self, monkeypatch, cognito_server, name, value, account
    ):
        for each in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(each, raising=False)
        monkeypatch.setenv(name, value)
        idp = cognito_server.client("cognito-idp")
        idp.create_user_pool(PoolName="x")
        assert cognito_server.requests[-1].account == account
        idp.close()

    def test_its_clock_is_right_again(self, cognito_server):
        before = cognito_server.clock.now()
        cognito_server.clock.advance(days=1)
        cognito_server.reset()
        assert (cognito_server.clock.now() - before).total_seconds() < 60


class TestProjectConfiguration:
    def test_its_ini_file_and_many_workers(self, pytester):
        pytester.makeini("[pytest]\ncogmock_region = eu-west-2\ncogmock_issuer = server\n")
        pytester.makepyfile(
            """
            import boto3, pytest

            @pytest.mark.parametrize("turn", range(4))
            def test_in_process(cognito, turn):
                assert cognito.settings.issuer == "server"
                pool = boto3.client("cognito-idp").create_user_pool(PoolName="x")["UserPool"]
                assert pool["Id"].startswith("eu-west-2_")

            @pytest.mark.parametrize("turn", range(4))
            def test_server(cognito_server, monkeypatch, turn):
                idp = boto3.client("cognito-idp", endpoint_url=cognito_server.url, region_name="eu-west-2",
                                   aws_access_key_id="a", aws_secret_access_key="b")
                idp.create_user_pool(PoolName="x")
                assert len(idp.list_user_pools(MaxResults=9)["UserPools"]) == 1
            """
        )
        result = pytester.runpytest_subprocess("-n", "2", "--strict-markers")
        result.assert_outcomes(passed=8)

    def test_the_environment_is_as_before_where_a_test_sets_some_of_it(self, pytester, monkeypatch):
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
        for name in (*names, "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        pytester.makepyfile(
            f"""
            import os, pytest

            @pytest.mark.parametrize("name", {names})
            @pytest.mark.parametrize("fixture", ["cognito", "cognito_server"])
            def test_sets_one(request, monkeypatch, fixture, name):
                request.getfixturevalue(fixture)
                monkeypatch.setenv(name, "mine")

            def test_next():
                assert not {{*{names}}} & {{*os.environ}}
            """
        )
        pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=7)

    def test_its_document_is_applied_before_each_test(self, pytester):
        pytester.makeini("[pytest]\ncogmock_config = shop/cogmock.yaml\ncogmock_region = us-east-1\n")
        pytester.mkdir("shop").joinpath("cogmock.yaml").write_text(
            "pools: [{id: us-east-1_Shop, PoolName: shop}]"
        )
        pytester.makepyfile(
            """
            import boto3, pytest

            def pools(**how):
                listed = boto3.client("cognito-idp", **how).list_user_pools(MaxResults=9)["UserPools"]
                return [pool["Name"] for pool in listed]

            def test_in_process(cognito):
                assert pools() == ["shop"]

            @pytest.mark.parametrize("turn", range(2))
            def test_server(cognito_server, turn):
                assert pools(endpoint_url=cognito_server.url) == ["shop"]
                boto3.client("cognito-idp", endpoint_url=cognito_server.url).create_user_pool(PoolName="other")

            @pytest.mark.cognito(config={"pools": [{"id": "us-east-1_Mine", "PoolName": "mine"}]})
            def test_the_marker_counts_more(cognito):
                assert pools() == ["mine"]

            @pytest.mark.cognito(config={"pools": [{"id": "us-east-1_Mine", "PoolName": "mine"}]})
            def test_the_marker_counts_more_on_a_server(cognito_server):
                assert pools(endpoint_url=cognito_server.url) == ["mine"]
            """
        )
        pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=5)

    def test_a_failing_test_shows_its_calls_and_their_reasons(self, pytester):
        pytester.makepyfile(
            """
            import boto3, pytest
            from cogmock import mock_cognito

            @pytest.fixture(scope="module", autouse=True)
            def whole():
                with mock_cognito():
                    boto3.client("cognito-idp", region_name="us-east-1").list_user_pools(MaxResults=1)
                    yield

            def sign_in(idp, pool):
                given = {"USERNAME": "ada", "PASSWORD": "wrong"}
                idp.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)

            def test_passes(cognito):
                cognito.make_pool(PoolName="earlier")

            def test_in_process(cognito):
                sign_in(boto3.client("cognito-idp"), cognito.make_pool(users=["ada"]))

            @mock_cognito(code="1")
            def test_decorated():
                boto3.client("cognito-idp", region_name="us-east-1").create_user_pool(PoolName="mine")
                assert False

            def test_server(cognito_server):
                idp = cognito_server.client("cognito-idp")
                try:
                    sign_in(idp, cognito_server.make_pool(users=["ada"]))
                finally:
                    idp.close()

            def test_without_calls():
                assert False
            """
        )
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
        result.assert_outcomes(passed=1, failed=4)
        shown = result.stdout.str()
        sections = [part.partition("\n_____")[0] for part in shown.split(" cogmock calls ")[1:]]
        assert len(sections) == 3
        for section in (sections[0], sections[2]):
            assert re.search("✓ CreateUserPool +test ", section)
            assert re.search("✗ InitiateAuth +ada .*  NotAuthorizedException · ", section)
        assert re.search("✓ CreateUserPool +mine ", sections[1])
        assert "ListUserPools" not in shown.partition("short test summary")[0]
        assert "earlier" not in shown.partition("short test summary")[0].replace('PoolName="earlier"', "")

    def test_it_shows_its_fixtures(self, pytester):
        shown = pytester.runpytest_subprocess("--fixtures")
        shown.stdout.fnmatch_lines(["cognito -- *", "cognito_clients -- *", "cognito_server -- *"])


class TestStartUp:
    def test_the_plugin_imports_nothing_but_pytest_and_itself(self):
        script = (
            "import sys, pytest; before = set(sys.modules); import cogmock.testing.pytest_plugin; "
            "print(*sorted(set(sys.modules) - before))"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout.split() == ["cogmock", "cogmock.testing", "cogmock.testing.pytest_plugin"]
