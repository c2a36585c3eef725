"""Refuses control calls from pages of other origins, and requests that name this server by a foreign host.

A web page that a developer visits must not be able to mint tokens or drop state: neither by asking from its own
origin, nor by a name of its own that suddenly points to this machine (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from cogmock.settings import Settings


def refusal(
    settings: Settings, host: str | None, origin: str | None, *, by_any_name: bool = False
) -> str | None:
    """The reason to refuse a request with these headers, or None.

    `by_any_name` is for the health check: load balancers, orchestrators and other containers have names of their own
    for this server, and what it answers is no secret.
    """
    if host is not None and not by_any_name and not is_known(settings, host):
        return (
            f"The control API does not answer to the host {host!r}. It answers to loopback addresses, to "
            f"*.localhost, and to hosts that --allow-host (COGMOCK_ALLOW_HOST) names."
        )
    if origin is not None and not _is_own(settings, host, origin):
        return f"The control API does not answer pages of another origin, such as {origin!r}."
    return None


def is_loopback(name: str) -> bool:
    """Whether a host name or address is a loopback one."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_address(name: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_allowed(settings: Settings, host: str) -> bool:
    """Whether --allow-host names a host."""
    return bare(host) in {bare(allowed) for allowed in settings.allow_host}


def is_known(settings: Settings, host: str) -> bool:
    """Whether a Host header is a loopback one, or is named by --allow-host or --public-url."""
    name = bare(host)
    return (
        is_loopback(name)
        or is_allowed(settings, host)
        or (bool(settings.public_url) and name == bare(urlsplit(settings.public_url).netloc))
    )


def _is_own(settings: Settings, host: str | None, origin: str) -> bool:
    """The host was checked before. The scheme may differ, behind a proxy that terminates TLS."""
    try:
        scheme, netloc = urlsplit(origin)[:2]
        public = urlsplit(settings.public_url)[:2]
    except ValueError:
        return False
    return scheme in {"http", "https"} and (netloc == host or (scheme, netloc) == public)


def bare(host: str) -> str:
    """A Host header without its port, in lower case, IPv6 addresses without their brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
