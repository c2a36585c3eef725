"""How a page of the console asks the server: by the control API and by AWS's APIs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Json = dict[str, Any]


class Refused(Exception):
    """An error response of an API. `error` is its code, `message` its sentence."""

    def __init__(self, status: int, error: str, message: str, content: Json | None = None) -> None:
        super().__init__(f"{error}: {message}")
        self.status = status
        self.error = error
        self.message = message
        self.content = content or {}


class Place(NamedTuple):
    """Where a pool is."""

    account: str = "123456789012"
    region: str = "us-east-1"


Ask = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, str]], Any]
"""Method, path after `/_cogmock`, query, body and headers → JSON, or bytes of another media type. Raises Refused."""
Call = Callable[[Place, str, str, Json], Json]
"""Place, service, operation and parameters → the answer. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Context:
    origin: str
    """Scheme and host by which the browser called."""
    root: str
    """The path that the application is mounted at; "" at the root of the host."""
    ask: Ask
    quiet_call: Call
    """A call that is not listed among the requests."""
    listed_call: Call
    last_event: str = "0.0.0"
    """The id of the last event of `GET /events` when the request came: pages show at least what happened until then."""

    def get(self, path: str, **query: Any) -> Json:
        """The answer of a control call; parameters that are None are left out."""
        given = {name: str(value) for name, value in query.items() if value is not None}
        answer: Json = self.ask("GET", path, given, b"", {})
        return answer

    def post(self, path: str, content: Json) -> Json:
        import json

        present = {name: value for name, value in content.items() if value is not None}
        answer: Json = self.ask("POST", path, {}, json.dumps(present).encode(), {})
        return answer

    def read(self, place: Place, operation: str, service: str = "cognito-idp", **params: Any) -> Json:
        """An AWS operation that only reads. It is not listed among the requests."""
        return self.quiet_call(place, service, operation, _present(params))

    def act(self, place: Place, operation: str, service: str = "cognito-idp", **params: Any) -> Json:
        """An AWS operation on behalf of who uses the console. It is listed like any other."""
        return self.listed_call(place, service, operation, _present(params))


def _present(params: Json) -> Json:
    return {name: value for name, value in params.items() if value is not None}
