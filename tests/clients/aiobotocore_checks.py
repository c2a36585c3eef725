"""Run by test_aio.py, in an environment that has aiobotocore."""

import asyncio
import json
from functools import partial

import aiohttp
import httpx2
import pytest
import trio
from aiobotocore.config import AioConfig
from aiobotocore.httpsession import AIOHTTPSession
from aiobotocore.httpxsession import HttpxSession
from aiobotocore.session import get_session

from cogmock import mock_cognito
from cogmock.core.world import World
from cogmock.testing import active

DOMAIN = "https://shop.auth.us-east-1.amazoncognito.com"


@pytest.fixture(params=[AIOHTTPSession, HttpxSession], ids=lambda kind: kind.__name__)
def config(request):
    return AioConfig(http_session_cls=request.param, retries={"max_attempts": 1})


def with_client(config, story, **arguments):
    async def run():
        async with get_session().create_client(
            "cognito-idp", region_name="us-east-1", config=config, **arguments
        ) as idp:
            return await story(idp)

    return asyncio.run(run())


class TestAiobotocore:
    def test_results(self, cognito, config):
        async def story(idp):
            pool = (await idp.create_user_pool(PoolName="shop"))["UserPool"]
            found = await idp.describe_user_pool(UserPoolId=pool["Id"])
            return pool, found["UserPool"]

        made, found = with_client(config, story)
        assert made["Id"] == found["Id"]
        assert cognito.world.find_pool(made["Id"])
        assert found["CreationDate"].tzinfo

    def test_clients_of_a_session_share_their_model_and_no_handlers(self, cognito, config):
        seen = []

        async def story():
            session = get_session()
            create = partial(session.create_client, "cognito-idp", region_name="us-east-1", config=config)
            async with create() as one, create() as other:
                one.meta.events.register("before-call.cognito-idp", lambda **_: seen.append("one"))
                await other.list_user_pools(MaxResults=1)
                await one.list_user_pools(MaxResults=1)
                return one.meta.service_model is other.meta.service_model, type(one) is type(other)

        assert asyncio.run(story()) == (True, False)
        assert seen == ["one"]

    def test_typed_errors(self, cognito, config):
        async def story(idp):
            with pytest.raises(idp.exceptions.ResourceNotFoundException) as refused:
                await idp.describe_user_pool(UserPoolId="us-east-1_nowhere00")
            return refused.value.response

        answer = with_client(config, story)
        assert answer["Error"]["Code"] == "ResourceNotFoundException"
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400

    def test_paginators(self, cognito, config):
        async def story(idp):
            for number in range(5):
                await idp.create_user_pool(PoolName=f"p{number}")
            pages = idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2})
            return [len(page["UserPools"]) async for page in pages]

        assert with_client(config, story) == [2, 2, 1]

    def test_many_at_once(self, cognito, config):
        async def story(idp):
            await asyncio.gather(*(idp.create_user_pool(PoolName=f"p{number}") for number in range(20)))
            return len((await idp.list_user_pools(MaxResults=60))["UserPools"])

        assert with_client(config, story) == 20

    def test_a_client_made_before_the_mock(self, config):
        async def story(idp):
            with mock_cognito() as cog:
                await idp.create_user_pool(PoolName="x")
                return [entry.operation for entry in cog.requests]

        assert with_client(config, story, aws_access_key_id="a", aws_secret_access_key="b") == [
            "CreateUserPool"
        ]

    def test_functions_run_beside_the_event_loop(self, cognito, config):
        cognito.functions["any"] = print

        async def story(idp):
            return (await idp.list_user_pools(MaxResults=1))["UserPools"]

        assert with_client(config, story) == []

    def test_an_endpoint_elsewhere_passes_by(self, cognito, cognito_server, config):
        async def story(idp):
            await idp.create_user_pool(PoolName="x")

        with_client(config, story, endpoint_url=cognito_server.url)
        assert [entry.operation for entry in cognito_server.requests] == ["CreateUserPool"]
        assert list(cognito.requests) == []

    def test_nothing_is_left(self):
        before = vars(AIOHTTPSession)["send"], vars(HttpxSession)["send"]
        with mock_cognito():
            assert vars(AIOHTTPSession)["send"] is not before[0]
        assert (vars(AIOHTTPSession)["send"], vars(HttpxSession)["send"]) == before


class Echo:
    """An application that echoes requests."""

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/here":
            start_response("303 See Other", [("Location", "/there"), ("Set-Cookie", "a=1; Path=/")])
            return [b""]
        if environ["PATH_INFO"] == "/fault":
            raise ZeroDivisionError
        said = {name: environ[name] for name in environ if isinstance(environ[name], str)}
        said["body"] = environ["wsgi.input"].read().decode("latin-1")
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(said).encode()]


@pytest.fixture
def echo(monkeypatch):
    world = World()
    monkeypatch.setattr(active, "build", lambda _settings: (world, Echo()))
    with mock_cognito():
        yield world


def with_session(story, **arguments):
    async def run():
        async with aiohttp.ClientSession(**arguments) as session:
            return await story(session)

    return asyncio.run(run())


class TestAiohttp:
    def test_a_get_arrives_whole(self, echo):
        async def story(session):
            async with session.get(f"{DOMAIN}/.well-known/jwks.json?a=b", headers={"X-A": "1"}) as response:
                return response.status, await response.json()

        status, said = with_session(story)
        assert (status, said["PATH_INFO"], said["QUERY_STRING"]) == (200, "/.well-known/jwks.json", "a=b")
        assert said["HTTP_HOST"] == "shop.auth.us-east-1.amazoncognito.com"
        assert (said["HTTP_X_A"], said["wsgi.url_scheme"]) == ("1", "https")

    @pytest.mark.parametrize(
        "arguments",
        [
            {"data": {"a": "é" * 100_000}},
            {"json": {"a": 1}, "chunked": True},
            {"data": b"x", "expect100": True},
        ],
    )
    def test_a_post_arrives_whole(self, echo, arguments):
        async def story(session):
            async with session.post(f"{DOMAIN}/oauth2/token", **arguments) as response:
                return await response.json()

        said = with_session(story)
        assert said["REQUEST_METHOD"] == "POST"
        assert len(said["body"]) == int(said["CONTENT_LENGTH"]) > 0

    def test_redirects_and_cookies(self, echo):
        async def story(session):
            async with session.get(f"{DOMAIN}/here") as response:
                return await response.json(), len(response.history)

        said, redirects = with_session(story)
        assert (said["PATH_INFO"], said["HTTP_COOKIE"], redirects) == ("/there", "a=1", 1)

    def test_many_at_once(self, echo):
        async def story(session):
            async def one(number):
                async with session.get(f"{DOMAIN}/{number}") as response:
                    return (await response.json())["PATH_INFO"]

            return await asyncio.gather(*(one(number) for number in range(300)))

        assert with_session(story) == [f"/{number}" for number in range(300)]

    def test_functions_run_beside_the_event_loop(self, echo):
        echo.functions["any"] = print

        async def story(session):
            async with session.get(DOMAIN) as response:
                return response.status

        with mock_cognito() as cog:
            assert cog.functions
            assert with_session(story) == 200

    def test_a_fault_is_an_error_and_no_hang(self, echo):
        async def story(session):
            async with session.get(f"{DOMAIN}/fault"):
                pass

        with pytest.raises((aiohttp.ClientError, ZeroDivisionError)):
            with_session(story, timeout=aiohttp.ClientTimeout(5))

    def test_a_session_may_outlive_its_mock(self, monkeypatch, cognito_server):
        async def story(session):
            with mock_cognito():
                async with session.get("https://cognito-idp.us-east-1.amazonaws.com/x") as response:
                    inside = response.status
            async with session.get(f"{cognito_server.url}/_cogmock/nowhere") as response:
                outside = response.status
            with mock_cognito():
                async with session.get("https://cognito-idp.us-east-1.amazonaws.com/x") as response:
                    return inside, outside, response.status

        assert with_session(story) == (404, 404, 404)


class TestTrio:
    @pytest.mark.parametrize("functions", [{}, {"any": print}])
    def test_httpx_on_another_event_loop(self, echo, functions):
        echo.functions.update(functions)

        async def story():
            async with httpx2.AsyncClient() as client:
                return (await client.get(f"{DOMAIN}/x")).json()["PATH_INFO"]

        with mock_cognito() as cog:
            assert cog.functions == functions
            assert trio.run(story) == "/x"
