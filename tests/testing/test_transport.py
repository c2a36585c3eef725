import asyncio
import http.server
import importlib
import io
import json
import subprocess
import sys
import textwrap
import threading
import types
import urllib.error
import urllib.parse
import urllib.request

import httpx
import jwt
import pytest
import requests
import urllib3

from cogmock import mock_cognito
from cogmock.testing import active, doors
from cogmock.testing.transport import ask, claim

POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"
DOMAIN = "https://shop.auth.us-east-1.amazoncognito.com"


class Echo:
    """An application that echoes requests."""

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        headers = [
            ("Content-Type", "application/json"),
            ("Set-Cookie", "a=1; Path=/"),
            ("Set-Cookie", "b=2; Path=/"),
        ]
        if path == "/here":
            start_response("303 See Other", [("Location", "/there"), *headers])
            return [b""]
        if path == "/refused":
            start_response("400 Bad Request", headers)
            return [b'{"error":"invalid_grant"}']
        said = {name: environ[name] for name in environ if isinstance(environ[name], str)}
        said["body"] = environ["wsgi.input"].read().decode("latin-1")
        start_response("200 OK", headers)
        return [json.dumps(said).encode()]


class EchoWorld:
    keeper = None
    journal = ()

    def __init__(self):
        self.functions = {}

    def close(self):
        pass


@pytest.fixture
def echo(monkeypatch):
    """A mock whose application echoes requests."""
    world = EchoWorld()
    monkeypatch.setattr(active, "build", lambda _settings: (world, Echo()))
    with mock_cognito():
        yield world


def fetch_by_urllib(url, body=None, headers=None):
    request = urllib.request.Request(url, body, headers or {})
    with urllib.request.urlopen(request) as response:
        return response.status, response.headers.get_all("Set-Cookie"), response.read()


def fetch_by_urllib3(url, body=None, headers=None):
    with urllib3.PoolManager() as manager:
        response = manager.request("POST" if body else "GET", url, body=body, headers=headers)
        return response.status, response.headers.getlist("Set-Cookie"), response.data


def fetch_by_requests(url, body=None, headers=None):
    response = requests.request("POST" if body else "GET", url, data=body, headers=headers, timeout=30)
    return response.status_code, response.raw.headers.getlist("Set-Cookie"), response.content


def fetch_by_httpx(url, body=None, headers=None):
    with httpx.Client(follow_redirects=True) as client:
        response = client.request("POST" if body else "GET", url, content=body, headers=headers)
        return response.status_code, response.headers.get_list("Set-Cookie"), response.content


def fetch_by_async_httpx(url, body=None, headers=None):
    async def fetch():
        async with httpx.AsyncClient(follow_redirects=True) as client:
            response = await client.request("POST" if body else "GET", url, content=body, headers=headers)
            return response.status_code, response.headers.get_list("Set-Cookie"), response.content

    return asyncio.run(fetch())


FETCHES = [fetch_by_urllib, fetch_by_urllib3, fetch_by_requests, fetch_by_httpx, fetch_by_async_httpx]


@pytest.fixture(params=FETCHES, ids=lambda fetch: fetch.__name__)
def fetch(request):
    return request.param


class TestEachLibrary:
    def test_a_get_arrives_whole(self, echo, fetch):
        status, cookies, body = fetch(f"{POOL}/.well-known/jwks.json?a=b%20c&d")
        said = json.loads(body)
        assert status == 200
        assert cookies == ["a=1; Path=/", "b=2; Path=/"]
        assert said["REQUEST_METHOD"] == "GET"
        assert said["PATH_INFO"] == "/us-east-1_abc/.well-known/jwks.json"
        assert said["QUERY_STRING"] in {"a=b%20c&d", "a=b%20c&d="}
        assert said["HTTP_HOST"] == "cognito-idp.us-east-1.amazonaws.com"
        assert said["wsgi.url_scheme"] == "https"

    def test_a_post_arrives_whole(self, echo, fetch):
        form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"}
        _, _, body = fetch(f"{DOMAIN}/oauth2/token", b"grant_type=client_credentials", form)
        said = json.loads(body)
        assert said["REQUEST_METHOD"] == "POST"
        assert said["HTTP_HOST"] == "shop.auth.us-east-1.amazoncognito.com"
        assert said["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
        assert said["CONTENT_LENGTH"] == "29"
        assert said["HTTP_AUTHORIZATION"] == "Basic eDp5"
        assert said["body"] == "grant_type=client_credentials"

    def test_redirects_are_followed(self, echo, fetch):
        status, _, body = fetch(f"{DOMAIN}/here")
        assert (status, json.loads(body)["PATH_INFO"]) == (200, "/there")

    def test_everything_else_passes_by(self, echo, fetch):
        with _Server() as url:
            assert fetch(f"{url}/x") == (200, None if fetch is fetch_by_urllib else [], b"from outside")

    def test_once_the_mock_has_stopped_nothing_is_answered(self, fetch, monkeypatch):
        monkeypatch.setattr(active, "build", lambda _settings: (EchoWorld(), Echo()))
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # so that a request goes nowhere
        with mock_cognito():
            assert fetch(f"{DOMAIN}/x")[0] == 200
        with pytest.raises((OSError, urllib3.exceptions.HTTPError, httpx.HTTPError)):
            fetch(f"{DOMAIN}/x")

    def test_a_proxy_in_the_environment_makes_no_difference(self, echo, fetch, monkeypatch):
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
        assert fetch(f"{DOMAIN}/x")[0] == 200


class TestPoolDocuments:
    def test_a_pools_keys_and_configuration(self, cognito, fetch):
        pool = cognito.make_pool()
        issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
        configuration = json.loads(fetch(f"{issuer}/.well-known/openid-configuration")[2])
        assert configuration["issuer"] == issuer
        assert len(json.loads(fetch(configuration["jwks_uri"])[2])["keys"]) == 2

    def test_tokens_are_verified_by_the_keys_that_pyjwt_fetches(self, cognito):
        pool = cognito.make_pool(users=["ada"])
        issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
        keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")
        tokens = pool.user("ada").tokens
        for token, audience in ((tokens.id_token, pool.client_id), (tokens.access_token, None)):
            key = keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key.key, algorithms=["RS256"], issuer=issuer, audience=audience)
            assert claims["sub"] == pool.user("ada").sub


class TestErrors:
    def test_urllib_raises(self, echo):
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch_by_urllib(f"{DOMAIN}/refused")
        assert refused.value.code == 400
        assert refused.value.reason == "Bad Request"
        assert json.load(refused.value) == {"error": "invalid_grant"}

    def test_requests_raises_for_status(self, echo):
        with pytest.raises(requests.HTTPError, match="400 Client Error: Bad Request"):
            requests.get(f"{DOMAIN}/refused", timeout=30).raise_for_status()

    def test_httpx_raises_for_status(self, echo):
        with pytest.raises(httpx.HTTPStatusError, match="400 Bad Request"):
            httpx.get(f"{DOMAIN}/refused").raise_for_status()


class TestRequests:
    def test_a_session_keeps_cookies(self, echo):
        with requests.Session() as session:
            session.get(f"{DOMAIN}/login", timeout=30)
            said = session.get(f"{DOMAIN}/login", timeout=30).json()
        assert said["HTTP_COOKIE"] == "a=1; b=2"

    def test_a_file_may_be_the_body(self, echo):
        assert (
            requests.post(DOMAIN, data=io.BytesIO(b"from a file"), timeout=30).json()["body"] == "from a file"
        )

    def test_so_may_a_generator(self, echo):
        said = requests.post(DOMAIN, data=iter([b"in ", b"parts"]), timeout=30).json()
        assert (said["body"], said["CONTENT_LENGTH"]) == ("in parts", "8")


class TestUrllib3:
    def test_a_pool_of_its_own_follows_redirects(self, echo):
        with urllib3.HTTPSConnectionPool("shop.auth.us-east-1.amazoncognito.com") as pool:
            assert json.loads(pool.request("POST", "/here").data)["REQUEST_METHOD"] == "GET"

    def test_and_does_not_where_it_is_told_so(self, echo):
        with urllib3.HTTPSConnectionPool("shop.auth.us-east-1.amazoncognito.com") as pool:
            assert pool.request("GET", "/here", redirect=False).status == 303


class TestHosts:
    @pytest.mark.parametrize(
        "url",
        [
            "https://cognito-idp.us-east-1.amazonaws.com/",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/",
            "https://cognito-idp-fips.us-gov-west-1.amazonaws.com",
            "https://cognito-idp.eu-west-1.api.aws/",
            "https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_abc/.well-known/jwks.json",
            "https://cognito-identity.ap-south-1.amazonaws.com:443/",
            "https://sts.amazonaws.com/?Action=GetCallerIdentity",
            "https://sts.eu-central-1.amazonaws.com/",
            "https://iam.amazonaws.com/",
            "https://iam.us-gov.amazonaws.com/",
            "http://shop.auth.us-east-1.amazoncognito.com/login?a=b#c",
            "https://shop.auth-fips.us-gov-west-1.amazoncognito.com/",
            "HTTPS://COGNITO-IDP.US-EAST-1.AMAZONAWS.COM/",
        ],
    )
    def test_these_are_answered(self, echo, url):
        assert claim(url) is active.running[0]

    @pytest.mark.parametrize(
        "url",
        [
            "https://s3.amazonaws.com/cognito-idp.us-east-1.amazonaws.com/",
            "https://cognito-idp.us-east-1.amazonaws.com.example.org/",
            "https://my-cognito-idp.us-east-1.amazonaws.com/",
            "https://example.org/?u=https://sts.amazonaws.com/",
            "https://user@sts.amazonaws.com@example.org/",
            "https://cognito-sync.us-east-1.amazonaws.com/",
            "https://sts.amazonaws.com.evil/",
            "http://localhost:4577/",
            "ftp://sts.amazonaws.com/",
            "",
        ],
    )
    def test_these_are_not(self, echo, url):
        assert claim(url) is None

    def test_what_passes_through_is_left_alone(self, monkeypatch):
        monkeypatch.setattr(active, "build", lambda _settings: (EchoWorld(), Echo()))
        with mock_cognito(passthrough=["sts", "iam"]):
            assert claim("https://sts.amazonaws.com/") is None
            assert claim("https://iam.amazonaws.com/") is None
            assert claim("https://cognito-idp.us-east-1.amazonaws.com/")

    def test_without_a_mock_none_is_answered(self):
        assert claim("https://sts.amazonaws.com/") is None


class TestEnviron:
    def said(self, method="POST", url=POOL, headers=(), body=b""):
        return json.loads(ask(active.running[0], method, url, headers, body).body)

    def test_a_percent_in_the_path_is_read(self, echo):
        said = self.said(url="https://cognito-idp.us-east-1.amazonaws.com/a%2Fb%C3%A9?c=%2F")
        assert said["PATH_INFO"].encode("latin-1") == "/a/bé".encode()
        assert said["QUERY_STRING"] == "c=%2F"
        assert said["REQUEST_URI"] == "/a%2Fb%C3%A9"

    def test_a_host_header_counts_more_than_the_url(self, echo):
        assert self.said(headers=[("Host", "auth.example.org")])["HTTP_HOST"] == "auth.example.org"

    def test_the_same_header_twice_is_joined(self, echo):
        assert self.said(headers=[("X-A", "1"), ("x-a", b"2")])["HTTP_X_A"] == "1,2"

    def test_a_header_cannot_pass_for_another(self, echo):
        assert "HTTP_X_AMZ_TARGET" not in self.said(headers=[("X_Amz_Target", "x")])

    def test_the_length_is_that_of_the_body(self, echo):
        said = self.said(headers=[("Content-Length", "999"), ("Transfer-Encoding", "chunked")], body="é")
        assert said["CONTENT_LENGTH"] == "2"
        assert "HTTP_TRANSFER_ENCODING" not in said

    @pytest.mark.parametrize(
        "body", ["ab", b"ab", bytearray(b"ab"), memoryview(b"ab"), ["a", b"b"], io.BytesIO(b"ab")]
    )
    def test_a_body_may_come_in_any_shape(self, echo, body):
        assert self.said(body=body)["body"] == "ab"

    def test_a_foreign_url_is_refused(self, echo):
        with pytest.raises(ValueError, match=r"example\.org"):
            ask(active.running[0], "GET", "https://example.org/", [], b"")

    def test_what_is_written_the_old_way_comes_first(self, monkeypatch):
        class Parts(list):
            closed = False

            def close(self):
                self.closed = True

        parts = Parts([b"second"])

        def application(_environ, start_response):
            start_response("299 ", [])(b"first, ")
            return parts

        monkeypatch.setattr(active, "build", lambda _settings: (EchoWorld(), application))
        with mock_cognito():
            answer = ask(active.running[0], "GET", POOL, [], None)
        assert (answer.status, answer.body, parts.closed) == (299, b"first, second", True)


class TestLaterImport:
    def test_it_is_caught_once_it_is_there(self, echo, monkeypatch):
        monkeypatch.setattr(urllib, "request", urllib.request)  # both are put back
        monkeypatch.delitem(sys.modules, "urllib.request")
        later = importlib.import_module("urllib.request")
        with later.build_opener().open(f"{DOMAIN}/x") as response:
            assert json.load(response)["PATH_INFO"] == "/x"

    def test_what_is_not_there_is_still_not_there(self, echo, monkeypatch):
        monkeypatch.setitem(doors.DOORS, "cogmock_no_such_library", "requests")
        with pytest.raises(ModuleNotFoundError, match="cogmock_no_such_library"):
            importlib.import_module("cogmock_no_such_library")

    def test_finders_of_the_old_kind_are_passed_over(self, echo, monkeypatch):
        monkeypatch.setattr(urllib, "request", urllib.request)
        monkeypatch.delitem(sys.modules, "urllib.request")
        monkeypatch.setattr(sys, "meta_path", [sys.meta_path[0], object(), *sys.meta_path[1:]])
        assert importlib.import_module("urllib.request")

    def test_a_library_imported_while_the_mock_runs_is_caught(self):
        script = """
            import sys
            from cogmock import mock_cognito
            from cogmock.testing import active
            def application(environ, start_response):
                start_response("200 OK", [])
                return [environ["PATH_INFO"].encode()]
            active.build = lambda settings: (type("World", (), {"functions": {}, "journal": (), "keeper": None, "close": lambda self: 0})(), application)
            url = "https://cognito-idp.us-east-1.amazonaws.com/"
            assert not {"requests", "httpx", "urllib3", "urllib.request"} & set(sys.modules)
            with mock_cognito():
                import urllib.request, urllib3, requests, httpx
                with urllib.request.urlopen(url + "a") as response:
                    print(response.read())
                print(urllib3.PoolManager().request("GET", url + "b").data)
                print(requests.get(url + "c").content)
                print(httpx.get(url + "d").content)
            assert requests.adapters.HTTPAdapter.send.__module__ == "requests.adapters"
            assert httpx.HTTPTransport.handle_request.__module__.startswith("httpx")
        """
        command = [sys.executable, "-c", textwrap.dedent(script)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.stdout.split(), ran.stderr) == (["b'/a'", "b'/b'", "b'/c'", "b'/d'"], "")


class TestBlockingFunctions:
    def test_the_event_loop_does_not_wait_for_a_function(self, monkeypatch):
        """A function may start its own event loop, which is not possible inside a running one."""
        world = EchoWorld()
        world.functions["pre-sign-up"] = print

        def application(environ, start_response):
            asyncio.run(asyncio.sleep(0))
            return Echo()(environ, start_response)

        monkeypatch.setattr(active, "build", lambda _settings: (world, application))
        with mock_cognito() as cog:
            assert cog.functions
            assert fetch_by_async_httpx(f"{DOMAIN}/x")[0] == 200


class _Server:
    """A loopback server, for what shall pass by."""

    def __enter__(self):
        self._server = http.server.HTTPServer(("127.0.0.1", 0), _Outside)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Outside(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b"from outside")

    def log_message(self, *_):
        pass


class TestChangedLibraries:
    """A library that is not as we know it costs what it lacks, and never the mock."""

    @pytest.fixture
    def library(self, monkeypatch):
        """A library of its own, in place of `requests.adapters`."""
        module = types.ModuleType("requests.adapters")
        monkeypatch.setitem(sys.modules, "requests.adapters", module)
        monkeypatch.setattr(doors, "_reported", set())
        return module

    def test_what_is_missing_is_skipped_and_logged_once(self, library, caplog):
        for _ in range(2):
            with mock_cognito():
                assert urllib.request.HTTPSHandler.https_open.__module__ == "cogmock.testing.doors.urllib"
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert "cannot patch requests.adapters 2." in caplog.text
        assert "HTTPAdapter.send: module 'requests.adapters' has no attribute 'HTTPAdapter'" in caplog.text

    def test_a_door_that_fails_is_skipped(self, library, caplog, monkeypatch):
        def patches(_):
            raise RuntimeError("all is different")
            yield

        monkeypatch.setattr(doors, "_patches", lambda _: patches)
        with mock_cognito():
            pass
        assert "all is different" in caplog.text

    def test_an_inherited_method_is_patched_and_taken_off(self, library):
        class Base:
            def send(self, request):
                return "base"

        class HTTPAdapter(Base):
            pass

        library.HTTPAdapter = HTTPAdapter
        with mock_cognito():
            assert "send" in vars(HTTPAdapter)
            assert HTTPAdapter().send(types.SimpleNamespace(url="https://example.com/")) == "base"
        assert "send" not in vars(HTTPAdapter)
