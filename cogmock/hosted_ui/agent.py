"""Who asks for a sign-in, where that is a client that is not registered: users should know before they type."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from cogmock.core.call import Call
from cogmock.oauth import clients
from cogmock.oauth.requests import DomainRequest

LONGEST_NAME = 80


class Agent(NamedTuple):
    """The host of its metadata document can be relied on; the name is what the document says of itself."""

    host: str
    name: str


def of_request(call: Call, request: DomainRequest) -> Agent | None:
    """The client that the query names by a URL; None for app clients."""
    client = clients.registered(call, request)
    if client is None or client.metadata_url is None:
        return None
    name = (client.document or {}).get("client_name")
    shown = name.strip()[:LONGEST_NAME] if isinstance(name, str) else ""
    return Agent(urlsplit(client.metadata_url).netloc, shown if shown.isprintable() else "")
