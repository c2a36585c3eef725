"""Refuses calls of AWS's APIs that a web page of another site makes in the developer's browser.

Any signature is accepted here, so a page that a developer visits could set passwords or delete pools: by a script, by
a form, or by the address of an image. Browsers say where a request comes from, in `Origin` and `Sec-Fetch-Site`, and
pages cannot change these headers. What AWS lets anybody call, such as SignUp and InitiateAuth, stays open to all pages.
"""

from __future__ import annotations

import re
from typing import Any

from cogmock import services
from cogmock.settings import Settings

BROWSERS = ("HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE", "HTTP_SEC_FETCH_DEST")
"""Headers that browsers send, and AWS's clients do not."""
_DOMAIN_HOST = rf"{services.DOMAIN_HOST}(?::\d+)?"


def refusal(settings: Settings, environ: dict[str, Any], *, public: bool) -> str | None:
    """The reason to refuse a call, or None. `public`: AWS lets anybody call this operation, without a signature."""
    for name in BROWSERS:
        if name in environ:
            return _host_refusal(settings, environ) or (None if public else _site_refusal(settings, environ))
    return None


def _host_refusal(settings: Settings, environ: dict[str, Any]) -> str | None:
    """A page can give its own host name the address of this machine (DNS rebinding); it is then no foreign page."""
    host = environ.get("HTTP_HOST", "")
    if not host or _cannot_be_rebound(host) or _is_known(settings, host):
        return None
    return (
        f"cogmock does not answer browsers under the host {host[:100]!r}. It answers them under loopback addresses, "
        "*.localhost and AWS's host names. Start it with --allow-host (COGMOCK_ALLOW_HOST) to add this host."
    )


def _site_refusal(settings: Settings, environ: dict[str, Any]) -> str | None:
    site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
    crossed = site == "cross-site" if site else origin is not None
    if not crossed or (origin is not None and _is_free(settings, environ, origin)):
        return None
    return (
        f"a web page of {origin[:100] if origin else 'another site'} made this call in a browser. Signed calls, IAM "
        "and STS are open to pages on localhost only. Start cogmock with --allow-origin (COGMOCK_ALLOW_ORIGIN) to "
        "open them to the origin of your page."
    )


def _cannot_be_rebound(host: str) -> bool:
    """IP addresses, and names without a dot, which are those of a container network."""
    from cogmock.control import guard

    name = guard.bare(host)
    return "." not in name or guard.is_address(name)


def _is_known(settings: Settings, host: str) -> bool:
    from cogmock.control import guard

    return bool(
        guard.is_known(settings, host)
        or services.of_host(host)
        or re.fullmatch(_DOMAIN_HOST, host, re.IGNORECASE)
    )


def _is_free(settings: Settings, environ: dict[str, Any], origin: str) -> bool:
    """Whether a page's origin is on this machine, at this server's own host, or named by --allow-origin."""
    from urllib.parse import urlsplit

    from cogmock.control import guard

    allowed = {each.lower().rstrip("/") for each in settings.allow_origin}
    if origin.lower() in allowed or (origin.lower().partition("://")[2] or origin) in allowed:
        return True
    try:
        name = urlsplit(origin).hostname or ""
        public = urlsplit(settings.public_url).hostname
    except ValueError:
        return False
    return bool(name) and (
        guard.is_loopback(name) or name in {public, guard.bare(environ.get("HTTP_HOST", ""))}
    )
