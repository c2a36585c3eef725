"""The API that a request is for: by the host name, or on any host by a path below `/_api/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cogmock import services
from cogmock.core.world import World
from cogmock.protect.apis import paths
from cogmock.state.api import GuardedApi

_HOST = re.compile(services.API_HOST)
_PORT = re.compile(r":\d+$")


@dataclass(frozen=True, slots=True)
class Address:
    """`path` is the part of the path that belongs to the API. `is_realtime` is AppSync's address of WebSockets."""

    api_id: str
    path: str
    service: str = ""
    region: str = ""

    def find(self, world: World) -> GuardedApi | None:
        """The API, if service and Region of the host name are its own."""
        api = world.find_api(self.api_id)
        if api is None or not self.service:
            return api
        service = "appsync-api" if api.kind == "appsync" else "execute-api"
        named = self.service.replace("realtime-", "")
        return api if (named, self.region) == (service, api.region) else None


def of(environ: Mapping[str, Any]) -> Address:
    """The address of a request that is one to an API."""
    named = _named(environ.get("HTTP_HOST", ""))
    path = paths.sent(environ)
    if named is not None:
        return Address(named["id"], path, named["service"], named["region"])
    api_id, slash, rest = path.removeprefix(services.API_PATH).partition("/")
    return Address(api_id, f"/{rest}" if slash else "/")


def _named(host: str) -> re.Match[str] | None:
    return _HOST.fullmatch(_PORT.sub("", host.lower()).rstrip("."))
