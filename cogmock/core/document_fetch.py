"""Fetches a client metadata document from a URL that a stranger chose.

So that nobody can have this server ask others in its network (server-side request forgery), the host's address is
looked up once, checked, and connected to; redirects are not followed, and size and time are bounded. Never called under
the world's lock: use `call.outside()`.
"""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cogmock.core.documents import Found
from cogmock.core.outside import USER_AGENT, Deadline, Unreachable

if TYPE_CHECKING:
    import ssl
    from http.client import HTTPSConnection

    from cogmock.core.world import World

SECONDS = 5.0
"""How long a fetch may take in all. inferred."""
LARGEST = 5 * 1024
"""Bytes of a document (IETF draft, section 6.6: the recommended limit)."""

_LOCAL_NAME = re.compile(
    r"[a-z0-9_-]+|(?:[a-z0-9_-]+\.)+(?:localhost|internal|local|test|docker)", re.IGNORECASE
)
"""Names of this machine, and of containers and compose services beside it."""


def fetch(world: World, url: str) -> Found:
    """What is at an https URL: what a test registered there, or else what its server answers. Raises Unreachable."""
    registered = world.documents.get(url)
    if registered is not None:
        _check_size(url, registered.body)
        return registered
    from http.client import HTTPException

    deadline = Deadline(SECONDS)
    try:
        with deadline:
            return _asked(url, deadline)
    except (OSError, HTTPException, ValueError) as fault:
        took = f" within {SECONDS:.0f} seconds" if deadline.passed else ""
        raise Unreachable(f"{url} gives no answer{took}: {fault}") from None


def _asked(url: str, deadline: Deadline) -> Found:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Unreachable(f"{url[:200]!r} is no https URL")
    connection = _connection(parts.hostname, parts.port or 443, deadline)
    try:
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("GET", target, headers={"User-Agent": USER_AGENT, "Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(LARGEST + 1)
        headers = {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()
    if deadline.passed:
        raise Unreachable(f"{url} answers too slowly: more than {SECONDS:.0f} seconds")
    _check_size(url, body)
    return Found(answer.status, body, headers)


def _check_size(url: str, body: bytes) -> None:
    if len(body) > LARGEST:
        raise Unreachable(f"{url} answers more than {LARGEST} bytes")


def _connection(host: str, port: int, deadline: Deadline) -> HTTPSConnection:
    from http.client import HTTPSConnection

    class Checked(HTTPSConnection):
        """Connects to the address that was checked: a second look-up might give another one."""

        def connect(self) -> None:
            self.sock = socket.create_connection((_address(host, port), port), SECONDS)
            deadline.watch(self.sock)
            self.sock = context.wrap_socket(self.sock, server_hostname=host)
            deadline.watch(self.sock)

    context = _context()
    return Checked(host, port, timeout=SECONDS, context=context)


def _context() -> ssl.SSLContext:
    """Trusts what the machine trusts, and the local authority: documents may be served by a server of this machine."""
    import ssl

    from cogmock.crypto import authority_folder

    context = ssl.create_default_context()
    own = authority_folder.folder() / authority_folder.CERTIFICATE
    if own.exists():
        context.load_verify_locations(own)
    return context


def _address(host: str, port: int) -> str:
    """The address of a host. Raises Unreachable if one of its addresses is for special use."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not _may_be_asked(host, address):
            raise Unreachable(f"{host} has the address {address}, which is not a public one")
    return found[0]


def _may_be_asked(host: str, text: str) -> bool:
    """Whether an address is public. Unlike AWS, cogmock asks servers of this machine and of its containers by name."""
    import ipaddress

    address: Any = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if _LOCAL_NAME.fullmatch(host) or (address.is_loopback and host == text):
        return True
    # Addresses of this network stand for any IPv4 address, private ones too.
    return bool(address.is_global) and address not in ipaddress.ip_network("64:ff9b::/96")
