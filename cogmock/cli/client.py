"""Requests to a running server: to its control API, and to AWS's operations by their JSON protocol.

Over http.client, since urllib would go by a proxy and boto3 takes a quarter of a second to import. What answers may be
another program: an answer of another kind, or without the members that a verb reads, raises Failed and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from cogmock.settings import Settings

PATIENCE = 10.0
JSON = ("application/json", "application/x-amz-json-1.1", "application/x-ndjson")
"""How the media types of a server's answers begin; a page in HTML, for example, comes from another program."""


class Failed(Exception):
    """No answer, or a refusal. Its text is for the user."""

    status = 1
    """The exit status of the verb."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        """What may help; --quiet leaves it out."""


class WrongUsage(Failed):
    """The command line lacks something, or a part of it is not possible."""

    status = 2


class Answer(dict[str, Any]):
    """An object of a server's answer. A member that it lacks raises Failed: what answers is another program."""

    def __init__(self, content: dict[str, Any], url: str) -> None:
        super().__init__(content)
        self._url = url

    def __missing__(self, name: str) -> Any:
        raise _foreign(self._url, f"its answer has no {name!r}")


def server_url(options: argparse.Namespace) -> str:
    """The URL of --url or COGMOCK_URL, else the port of this machine, without a slash at its end."""
    scheme = "https" if os.environ.get("COGMOCK_TLS") == "only" else "http"
    url: str = options.url or f"{scheme}://localhost:{os.environ.get('COGMOCK_PORT') or Settings().port}"
    return url.rstrip("/")


def region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def asked(
    options: argparse.Namespace,
    method: str,
    path: str,
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The answer of a control call. Raises Failed."""
    given = {name: value for name, value in (query or {}).items() if value is not None}
    target = f"/_cogmock{path}{'?' + urlencode(given) if given else ''}"
    patience = PATIENCE + float(given.get("wait", 0))
    return fetched(options, method, target, None if body is None else json.dumps(body), patience=patience)


def called(
    options: argparse.Namespace, operation: str, pool_id: str | None = None, **params: Any
) -> dict[str, Any]:
    """The answer of an operation of user pools, in the pool's region. Raises Failed."""
    where = pool_id.partition("_")[0] if pool_id else region()
    given = params | ({"UserPoolId": pool_id} if pool_id else {})
    return _called(options, "cognito-idp", f"AWSCognitoIdentityProviderService.{operation}", where, given)


def called_identity(options: argparse.Namespace, operation: str, where: str, **params: Any) -> dict[str, Any]:
    """The answer of an operation of identity pools, in the Region `where`. Raises Failed."""
    return _called(options, "cognito-identity", f"AWSCognitoIdentityService.{operation}", where, params)


def _called(
    options: argparse.Namespace, service: str, operation: str, where: str, params: dict[str, Any]
) -> dict[str, Any]:
    scope = f"{os.environ.get('AWS_ACCESS_KEY_ID') or 'cogmock'}/20260101/{where}/{service}/aws4_request"
    headers = {
        "X-Amz-Target": operation,
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    return fetched(options, "POST", "/", json.dumps(params), headers)


def fetched(
    options: argparse.Namespace,
    method: str,
    target: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    patience: float = PATIENCE,
) -> dict[str, Any]:
    """The JSON object that the server answers with status 200. Raises Failed."""
    status, text = sent(options, method, target, body, headers, patience=patience)
    answer = content_of(options, text)
    if status != 200:
        raise refusal(options, status, answer)
    return answer


def refusal(options: argparse.Namespace, status: int, answer: dict[str, Any]) -> Failed:
    """What an answer of another status than 200 says."""
    said = answer.get("message") or answer.get("status") or f"status {status}"
    return Failed(str(said) if "message" in answer else f"{server_url(options)} answers: {said}")


def sent(
    options: argparse.Namespace,
    method: str,
    target: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    patience: float = PATIENCE,
    media_types: tuple[str, ...] = JSON,
) -> tuple[int, str]:
    """Status and text of the server's answer, of one of these types where it is good.

    Raises Failed where there is none, or one of another program.
    """
    url = server_url(options)
    try:
        with closing(_connected(url, patience)) as connection:
            connection.request(method, target, None if body is None else body.encode(), headers or {})
            response = connection.getresponse()
            _check(url, response, media_types)
            return response.status, response.read().decode()
    except (OSError, HTTPException, ValueError) as error:
        raise _silent(url, error) from None


def _check(url: str, response: HTTPResponse, media_types: tuple[str, ...]) -> None:
    media_type = response.headers.get("Content-Type", "")
    if not media_type.startswith(media_types if response.status == 200 else JSON):
        kind = media_type.partition(";")[0] or "of no stated type"
        raise _foreign(url, f"its answer is {kind}, with status {response.status}")


def target(path: str, query: dict[str, Any]) -> str:
    """The target of a control call, with a query of what is given."""
    given = {name: "true" if value is True else value for name, value in query.items() if value is not None}
    return f"/_cogmock{path}{'?' + urlencode(given) if given else ''}"


def content_of(options: argparse.Namespace, text: str) -> dict[str, Any]:
    """The JSON object of an answer. Raises Failed for anything else."""
    return _parsed(server_url(options), text)


def _parsed(url: str, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_hook=partial(Answer, url=url))
    except (ValueError, RecursionError):
        raise _foreign(url, "its answer is not JSON") from None
    if not isinstance(content, dict):
        raise _foreign(url, "its answer is no JSON object")
    return content


def streamed(
    options: argparse.Namespace, target: str, body: str, headers: dict[str, str], *, patience: float
) -> Iterator[dict[str, Any]]:
    """The lines of a streamed answer, each a JSON object; an answer of another kind is one line. Raises Failed."""
    url = server_url(options)
    try:
        with closing(_connected(url, patience)) as connection:
            connection.request("POST", target, body.encode(), headers)
            response = connection.getresponse()
            _check(url, response, JSON)
            for line in response:
                yield Answer({"status": response.status, **_parsed(url, line.decode())}, url)
    except (OSError, HTTPException, ValueError) as error:
        raise _silent(url, error) from None


def _connected(url: str, patience: float) -> HTTPConnection:
    """A connection that is not open yet. Raises WrongUsage for a URL that is none, and OSError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise WrongUsage(f"{url} is no URL of a server: it should read http://host:port")
    if parts.scheme == "http":
        return HTTPConnection(host, port or 80, timeout=patience)
    from cogmock.cli.authority import connected

    return connected(host, port or 443, patience)


def _foreign(url: str, why: str) -> Failed:
    return Failed(f"what answers at {url} is no cogmock, or one of another version: {why}", HINT)


def _silent(url: str, error: Exception) -> Failed:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Failed(f"no cogmock answers at {url}: {reason}", f"`cogmock serve` starts one; {HINT}")


HINT = "--url or COGMOCK_URL names another"
