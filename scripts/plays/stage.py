"""The stage of a play: a world, calls of its APIs, and the sequence so far as a boto3 script."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from cogmock import services
from cogmock.control import api
from cogmock.control.requests import ControlRequest
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application
from cogmock.wire import model

REGION = "us-east-1"
ADMINISTRATORS = ("AKIAPLAYADMINONE", "AKIAPLAYADMINTWO")
MADE = re.compile(r"(?=.*\d).{9,}")
"""A text of an answer that is taken for an id or a token, which the script looks up."""
ID = re.compile(r"[a-z]+-[a-z]+-\d_\w{9}|[a-z]+-[a-z]+-\d:[0-9a-f-]{36}")
"""Ids that stand in other texts: in names of providers, and in policies."""


class Broken(AssertionError):
    """Something does not hold that must hold. The message ends with the script that leads there."""


class Refused(Exception):
    """AWS's error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Stage:
    def __init__(self) -> None:
        self.world = World(Settings(issuer="aws"))
        self._application = Application(self.world)
        self._lines: list[str] = []
        self._known: dict[str, str] = {}
        self._count = 0

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def idp(self, operation: str, by: str | None = ADMINISTRATORS[0], **params: Any) -> dict[str, Any]:
        """The answer of user pools. Raises Refused, and Broken where the answer does not fit its shape."""
        return self._call(services.COGNITO_IDP, operation, by, params)

    def identity(self, operation: str, by: str | None = ADMINISTRATORS[0], **params: Any) -> dict[str, Any]:
        """The answer of identity pools. Raises Refused, Broken."""
        return self._call(services.COGNITO_IDENTITY, operation, by, params)

    def iam(self, operation: str, **params: str) -> None:
        """Calls IAM. Raises Refused."""
        self._note(f"iam.{_snake(operation)}({self._arguments(params)})", None)
        fields = "&".join(f"{name}={_quoted(value)}" for name, value in params.items())
        body = f"Action={operation}&Version={services.IAM.version}&{fields}".encode()
        status, answer = self._send(
            {"CONTENT_TYPE": "application/x-www-form-urlencoded"}, "iam", ADMINISTRATORS[0], body
        )
        if status != 200:
            raise Refused("", answer.decode())

    def authorize(self, credentials: dict[str, Any], action: str, resource: str) -> Any:
        """The answer of the control API's authorize, for the Credentials of an identity."""
        self._note(f"cognito.authorize({self._python(credentials)}, {action!r}, {resource!r})", None)
        asked = {"access_key_id": credentials["AccessKeyId"], "secret_access_key": credentials["SecretKey"]}
        asked |= {"session_token": credentials["SessionToken"], "action": action, "resource": resource}
        request = ControlRequest("POST", "/authorize", {}, json.dumps(asked).encode())
        return api.answer(self.world, request)[1]

    def advance(self, seconds: float) -> None:
        self._note(f"cognito.clock.advance({seconds:g})", None)
        self.world.clock.advance(seconds)

    def code_to(self, username: str) -> str | None:
        """The code of the last message to a user."""
        codes = [
            message.code
            for message in self.world.outbox.messages
            if message.username == username and message.code
        ]
        if not codes:
            return None
        self._note(f"cognito.messages.last(username={username!r}).code", codes[-1])
        return codes[-1]

    def demand(self, holds: object, what: str) -> None:
        """Raises Broken where something does not hold."""
        if not holds:
            raise self.broken(what)

    def broken(self, what: str) -> Broken:
        return Broken(f"{what}\n\n{self.script(what)}")

    def script(self, what: str) -> str:
        """The sequence so far as a program that anybody can run."""
        lines = [
            "from contextlib import suppress",
            "",
            "import boto3",
            "from botocore.exceptions import ClientError",
            "",
            "from cogmock import mock_cognito",
            "",
            "with mock_cognito() as cognito:",
            f'    idp = boto3.client("cognito-idp", region_name="{REGION}")',
            f'    identity = boto3.client("cognito-identity", region_name="{REGION}")',
            f'    iam = boto3.client("iam", region_name="{REGION}")',
            *(f"    {line}" for line in self._lines),
            f"    # {what}",
        ]
        return "\n".join(lines)

    def _call(
        self, service: services.Service, operation: str, by: str | None, params: dict[str, Any]
    ) -> dict[str, Any]:
        handle = "idp" if service is services.COGNITO_IDP else "identity"
        at = self._note(f"{handle}.{_snake(operation)}({self._arguments(params)})", None)
        environ = {"HTTP_X_AMZ_TARGET": f"{service.target}.{operation}"}
        status, body = self._send(environ, service.name, by, json.dumps(params).encode())
        answer: dict[str, Any] = json.loads(body) if body else {}
        if status != 200:
            code = answer.get("__type", "")
            self._lines[at] = (
                f"with suppress(ClientError): {self._lines[at]}  # {code}: {answer.get('message')}"
            )
            self.demand(status < 500, f"{operation} answers {status}")
            raise Refused(code, answer.get("message", ""))
        self._lines[at] = f"a{at} = {self._lines[at]}"
        self._learn(f"a{at}", answer)
        shapes = model.load(service.name)
        misfit = next(misfits(answer, shapes.operations[operation].output, shapes.shapes), None)
        self.demand(misfit is None, f"the answer of {operation} does not fit its shape: {misfit}")
        return answer

    def _send(self, more: dict[str, Any], service: str, by: str | None, body: bytes) -> tuple[int, bytes]:
        scope = f"{by}/20260101/{REGION}/{service}/aws4_request"
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "HTTP_HOST": f"{service}.{REGION}.amazonaws.com",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "https",
            **more,
        }
        if by is not None:
            environ["HTTP_AUTHORIZATION"] = (
                f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"
            )
        got: list[str] = []
        answered = b"".join(self._application(environ, lambda status, _headers: got.append(status)))
        return int(got[0][:3]), answered

    def _note(self, line: str, value: str | None) -> int:
        """Adds a line to the script; a `value` gets a name in it."""
        at = len(self._lines)
        if value is not None:
            self._known[value] = f"code{at}"
            line = f"code{at} = {line}"
        self._lines.append(line)
        return at

    def _learn(self, path: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, of in value.items():
                self._learn(f'{path}["{key}"]', of)
        elif isinstance(value, list):
            for index, of in enumerate(value[:5]):
                self._learn(f"{path}[{index}]", of)
        elif isinstance(value, str) and MADE.fullmatch(value):
            self._known.setdefault(value, path)

    def _arguments(self, params: dict[str, Any]) -> str:
        return ", ".join(f"{name}={self._python(value)}" for name, value in params.items())

    def _python(self, value: Any) -> str:
        if isinstance(value, dict):
            return (
                "{" + ", ".join(f"{self._python(key)}: {self._python(of)}" for key, of in value.items()) + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(map(self._python, value)) + "]"
        if not isinstance(value, str):
            return repr(value)
        if value in self._known:
            return self._known[value]
        within = sorted({each for each in ID.findall(value) if each in self._known})
        return repr(value) + "".join(f".replace({each!r}, {self._known[each]})" for each in within)


def misfits(value: Any, name: str | None, shapes: dict[str, Any], path: str = "") -> Iterator[str]:
    """What of an answer its shape does not have, or has otherwise."""
    if name is None or value is None:
        return
    shape = shapes[name]
    match shape["type"]:
        case "structure" if not shape.get("document"):
            for key, of in value.items():
                member = shape["members"].get(key)
                if member is None:
                    yield f"{path}{key} is no member of {name}"
                else:
                    yield from misfits(of, member["shape"], shapes, f"{path}{key}.")
        case "list":
            for of in value:
                yield from misfits(of, shape["member"]["shape"], shapes, path)
        case "map":
            for of in value.values():
                yield from misfits(of, shape["value"]["shape"], shapes, path)
        case kind:
            yield from _plain_misfit(value, kind, shape, path)


def _plain_misfit(value: Any, kind: str, shape: dict[str, Any], path: str) -> Iterator[str]:
    fits = not isinstance(value, bool) if kind != "boolean" else True
    if kind in KINDS and not (fits and isinstance(value, KINDS[kind])):
        yield f"{path} should be a {kind}, not {value!r}"
    elif "enum" in shape and value not in shape["enum"]:
        yield f"{path} is {value!r}, and none of {', '.join(shape['enum'])}"


KINDS: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _quoted(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)
