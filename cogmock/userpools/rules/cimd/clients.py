"""Clients that name themselves by a URL: the app client of the policy, narrowed by the document."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

from cogmock.core.call import Call
from cogmock.state.client import UserPoolClient
from cogmock.state.client_metadata import CimdPolicy
from cogmock.state.shapes import ClientSettings
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import documents, policies
from cogmock.userpools.rules.cimd.checks import BadDocument, Metadata

GRANTS = {"code": ("authorization_code", "code"), "implicit": ("implicit", "token")}
"""AllowedOAuthFlows → the grant type and the response type that the document must have (RFC 7591, 2.1)."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def known(call: Call, pool: UserPool, url: str) -> UserPoolClient | None:
    """The client of a URL that a policy admits, with its document where that is cached. Nothing is fetched.

    Tokens are refreshed and revoked so: a document that has expired does not end sessions.
    """
    found = _admitted(call, pool, url)
    if found is None:
        return None
    policy, registered = found
    return _presented(registered, url, documents.cached(call, policy, url))


def arriving(call: Call, pool: UserPool, url: str) -> UserPoolClient | None:
    """The client of a URL with its document, which is fetched unless it is cached. May release the lock.

    None where no policy admits the URL, or where its document cannot be used; `call.reason` says why.
    """
    found = _admitted(call, pool, url)
    if found is None:
        call.reason = _why_not(pool, url)
        return None
    policy, registered = found
    document = documents.cached(call, policy, url)
    if document is None:
        try:
            document = documents.fetched(call, pool, policy, url)
        except BadDocument as fault:
            call.reason = str(fault)
            return None
        if call.region.clients.get(registered.id) is not registered:
            return None
    return _presented(registered, url, document)


def redirects_to(client: UserPoolClient, url: str) -> bool:
    """Whether a URL is one of the client's callbacks.

    A native app at a loopback address may use any port (RFC 8252, 7.3). inferred: only with a metadata document.
    """
    callbacks = client.settings.get("CallbackURLs") or []
    if url in callbacks:
        return True
    portless = _without_port(url) if client.metadata_url else None
    return portless is not None and portless in map(_without_port, callbacks)


def is_renewable(client: UserPoolClient) -> bool:
    """Whether the client gets refresh tokens. inferred: a document must name the grant refresh_token."""
    return client.document is None or "refresh_token" in client.document.get("grant_types", ())


def _admitted(call: Call, pool: UserPool, url: str) -> tuple[CimdPolicy, UserPoolClient] | None:
    policy = policies.admitting(pool, url)
    registered = call.region.clients.get(policy.client_id) if policy else None
    return (policy, registered) if policy and registered and registered.pool_id == pool.id else None


def _why_not(pool: UserPool, url: str) -> str:
    fault = policies.fault_of(url)
    if fault:
        return f"the client id {url[:300]!r} cannot be used: {fault}"
    if pool.tier == "LITE":
        return "client ID metadata documents need the Essentials or Plus plan"
    policy = policies.admitting(pool, url)
    if policy:
        return f"the app client {policy.client_id} of the CIMD policy {policy.name!r} does not exist any more"
    patterns = ", ".join(pattern for policy in pool.cimd_policies for pattern in policy.patterns)
    return f"no CIMD policy of {pool.id} admits {url}; the patterns are {patterns or 'none'}"


def _presented(registered: UserPoolClient, url: str, document: Metadata | None) -> UserPoolClient:
    """What is not the document's is the app client's: providers, attributes, validity of tokens, style, triggers."""
    given = registered.settings
    settings = {name: value for name, value in given.items() if name != "DefaultRedirectURI"}
    settings["CallbackURLs"] = list(document["redirect_uris"]) if document else []
    settings["AllowedOAuthFlows"] = [
        flow for flow in given.get("AllowedOAuthFlows") or () if _grants(document, flow)
    ]
    if document and "scope" in document:
        narrowed = document["scope"].split()
        scopes = given.get("AllowedOAuthScopes") or ()
        settings["AllowedOAuthScopes"] = [scope for scope in scopes if scope in narrowed]
    return replace(
        registered,
        settings=cast("ClientSettings", settings),
        secrets=[],
        metadata_url=url,
        document=document,
    )


def _grants(document: Metadata | None, flow: str) -> bool:
    if flow not in GRANTS:
        return False
    if document is None:
        return True
    grant, response = GRANTS[flow]
    grants = document.get("grant_types") or ["authorization_code"]
    return grant in grants and response in (document.get("response_types") or ["code"])


def _without_port(url: str) -> str | None:
    """A loopback address without its port; None for any other URL."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or host not in LOOPBACK or "@" in parts.netloc:
        return None
    return parts._replace(netloc=host).geturl()
