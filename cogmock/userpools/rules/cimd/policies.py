"""Which URLs may be client ids, and by which CIMD policy of a pool."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from cogmock.state.client_metadata import CimdPolicy
from cogmock.state.user_pool import UserPool

SCHEME = "https://"
LONGEST = 256


def is_url(client_id: str | None) -> bool:
    """Whether a client id is meant as a URL; the ids of app clients never look like one."""
    return client_id is not None and client_id.startswith(SCHEME)


def fault_of(url: str) -> str | None:
    """What keeps a URL from being a client id (IETF draft, section 3); None where nothing does."""
    if len(url) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "it has characters that no URL has"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        return f"it is no URL: {fault}"
    if not parts.hostname or port == 0:
        return "it names no host and port"
    if "@" in parts.netloc:
        return "it contains a username or password"
    if "#" in url:
        return "it has a fragment"
    if not parts.path:
        return "it has no path"
    if {".", ".."}.intersection(unquote(parts.path).split("/")):
        return "its path has the segment . or .."
    return None


def admitting(pool: UserPool, url: str) -> CimdPolicy | None:
    """The policy that admits a URL: of several, the one with the most literal characters, then the oldest."""
    if pool.tier == "LITE" or fault_of(url) is not None:
        # inferred: a pool that was moved to the Lite plan keeps its policies, without effect.
        return None
    found = [(pattern, policy) for policy in pool.cimd_policies for pattern in policy.patterns]
    matching = [(pattern, policy) for pattern, policy in found if matches(pattern, url)]
    # inferred: the choice between several. `max` takes the first of equals.
    return max(matching, key=lambda each: len(each[0].replace("*", "")), default=(None, None))[1]


def matches(pattern: str, url: str) -> bool:
    """Whether a URL pattern covers the whole URL. Upper and lower case differ.

    # inferred: a `*` in the host stays in the host, so that https://*.example.com/c does not cover
    # https://evil.test/.example.com/c; in the path it covers anything.
    """
    pattern_host, pattern_port, pattern_path = _parts(pattern)
    host, port, path = _parts(url)
    return _covers(pattern_host, host) and _covers(pattern_port, port) and _covers(pattern_path, path)


def _parts(url: str) -> tuple[str, str, str]:
    """Host, port with its colon, and the rest with its slash."""
    authority, slash, rest = url.removeprefix(SCHEME).partition("/")
    host, colon, port = authority.partition(":")
    return host, f"{colon}{port}", f"{slash}{rest}"


def _covers(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` covers a text, in linear time: regular expressions may take much longer."""
    first, *others = pattern.split("*")
    if not others:
        return pattern == text
    *middle, last = others
    if not text.startswith(first):
        return False
    at = len(first)
    for piece in middle:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(text) - at >= len(last) and text.endswith(last)
