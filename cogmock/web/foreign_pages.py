"""Refuses calls of AWS's APIs that a web page of another site makes in the developer's browser.

Any signature is accepted here, so a page that a developer visits could set passwords or delete pools: by a script, by
a form, or by the address of an image. Browsers say where a request comes from, in `Origin` and `Sec-Fetch-Site`, and
pages cannot change these headers. But they send `Sec-Fetch-Site` to https and to this machine's own addresses only, and
`Origin` not with every GET; such a GET may come from anywhere. What AWS lets anybody call, such as SignUp, stays open
to all pages.
"""

from __future__ import annotations

import re
from typing import Any

from cogmock import services
from cogmock.settings import Settings

BROWSERS = (
    *("HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE", "HTTP_SEC_FETCH_DEST"),
    "HTTP_ACCEPT_LANGUAGE",
)
"""Headers that browsers send, and AWS's clients do not. Browsers send the last one to every address."""
LOCAL_NAMES = (".local", ".internal", ".test", ".home.arpa")
"""Names that nobody can own in the public DNS (RFC 6762, ICANN, RFC 6761, RFC 8375)."""
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
    crossed = site == "cross-site" if site else origin is not None or _is_page(environ)
    if not crossed or (origin is not None and _is_free(settings, environ, origin)):
        return None
    return (
        f"{_who(site, origin)} made this call in a browser. Signed calls, IAM and STS are open to pages on localhost "
        "only. Start cogmock with --allow-origin (COGMOCK_ALLOW_ORIGIN) to open them to the origin of your page."
    )


def _who(site: str | None, origin: str | None) -> str:
    if origin:
        return f"a web page of {origin[:100]}"
    # Browsers tell `Sec-Fetch-Site` to https and loopback addresses alone.
    return (
        "a web page of another site" if site or origin == "" else "a web page of a site that it does not name"
    )


def _is_page(environ: dict[str, Any]) -> bool:
    """Whether a page made a call that names no site: an image, a link, or a request that the page cannot read.

    Pages cannot change the User-Agent of these. fetch in Node.js sends another one.
    """
    agent = str(environ.get("HTTP_USER_AGENT", ""))
    return environ.get("REQUEST_METHOD") in {"GET", "HEAD"} and agent.startswith("Mozilla/")


def _cannot_be_rebound(host: str) -> bool:
    """IP addresses, and names that no public DNS has: those of container networks have no dot."""
    from cogmock.control import guard

    name = guard.bare(host)
    return "." not in name or guard.is_address(name) or name.endswith(LOCAL_NAMES)


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
