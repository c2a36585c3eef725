"""Requests to a running server: to its control API, and to AWS's operations by their JSON protocol.

Over http.client, since urllib would go by a proxy and boto3 takes a quarter of a second to import.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from cogmock.settings import Settings

PATIENCE = 10.0


class Failed(Exception):
    """No answer, or a refusal. Its text is for the user."""

    status = 1
    """The exit status of the verb."""


class WrongUsage(Failed):
    """The command line lacks something."""

    status = 2


def server_url(options: argparse.Namespace) -> str:
    url: str = options.url or f"http://localhost:{os.environ.get('COGMOCK_PORT') or Settings().port}"
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
    scope = f"{os.environ.get('AWS_ACCESS_KEY_ID') or 'cogmock'}/20260101/{where}/cognito-idp/aws4_request"
    headers = {
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    given = params | ({"UserPoolId": pool_id} if pool_id else {})
    return fetched(options, "POST", "/", json.dumps(given), headers)


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
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise _silent(server_url(options), error) from None
    if not isinstance(answer, dict) or status != 200:
        message = answer.get("message") if isinstance(answer, dict) else None
        raise Failed(message or f"{server_url(options)} answered with status {status}")
    return answer


def sent(
    options: argparse.Namespace,
    method: str,
    target: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    *,
    patience: float = PATIENCE,
) -> tuple[int, str]:
    """Status and text of the server's answer. Raises Failed where there is none."""
    url = server_url(options)
    try:
        with closing(_connected(url, patience)) as connection:
            connection.request(method, target, None if body is None else body.encode(), headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
    except (OSError, HTTPException, ValueError) as error:
        raise _silent(url, error) from None


def target(path: str, query: dict[str, Any]) -> str:
    """The target of a control call, with a query of what is given."""
    given = {name: "true" if value is True else value for name, value in query.items() if value is not None}
    return f"/_cogmock{path}{'?' + urlencode(given) if given else ''}"


def content_of(text: str) -> dict[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def streamed(
    options: argparse.Namespace, target: str, body: str, headers: dict[str, str], *, patience: float
) -> Iterator[dict[str, Any]]:
    """The lines of a streamed answer, each a JSON object; an answer of another kind is one line. Raises Failed."""
    url = server_url(options)
    try:
        with closing(_connected(url, patience)) as connection:
            connection.request("POST", target, body.encode(), headers)
            response = connection.getresponse()
            for line in response:
                yield {"status": response.status, **content_of(line.decode())}
    except (OSError, HTTPException, ValueError) as error:
        raise _silent(url, error) from None


def _connected(url: str, patience: float) -> HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise Failed(f"{url} is no URL of a server: it should read http://host:port")
    return HTTPConnection(parts.hostname, parts.port or 80, timeout=patience)


def _silent(url: str, error: Exception) -> Failed:
    return Failed(
        f"no cogmock answers at {url}: {error}. `cogmock serve` starts one; --url or COGMOCK_URL names another"
    )
