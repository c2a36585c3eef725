"""What there is at a glance: pools of all accounts and Regions, their clients, and where one signs in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from cogmock.control import clock, events
from cogmock.control.guard import is_loopback
from cogmock.control.requests import ControlRequest, parameters
from cogmock.core.tokens import issuer
from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.state.client import UserPoolClient
from cogmock.state.identity_pool import IdentityPool
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.version import __version__

CALLBACK = "/_cogmock/callback"
RESPONSE_TYPES = {"code": "code", "implicit": "token"}
MOST = 500
"""Pools of each kind, and clients of a pool, that are told; `…_count` tells how many there are."""


def read(world: World, request: ControlRequest) -> dict[str, Any]:
    parameters(request)
    settings = world.settings
    with world.lock:
        regions = list(world.regions())
        user_pools = [(region, pool) for region in regions for pool in region.user_pools]
        identity_pools = [(region, pool) for region in regions for pool in region.identity_pools]
        return {
            "version": __version__,
            "url": settings.url,
            "host": settings.host,
            "is_loopback": is_loopback(settings.host.strip("[]")),
            "code": settings.code or None,
            "clock": clock.described(world),
            "last_message": world.outbox.last_id,
            "last_request": world.journal.last_id,
            "last_event": events.last_id(world),
            "user_pool_count": len(user_pools),
            "user_pools": [_user_pool(settings, request.origin, *each) for each in user_pools[:MOST]],
            "identity_pool_count": len(identity_pools),
            "identity_pools": [_identity_pool(*each) for each in identity_pools[:MOST]],
        }


def _user_pool(settings: Settings, origin: str, region: Region, pool: UserPool) -> dict[str, Any]:
    clients = list(region.clients.where("pool_id", pool.id))
    domain = next(iter(region.domains.where("pool_id", pool.id)), None)
    host = domain and (
        domain.name if domain.custom is not None else f"{domain.name}.auth.{region.name}.localhost"
    )
    return {
        "id": pool.id,
        "name": pool.name,
        "account": region.account,
        "region": region.name,
        "issuer": issuer.named(settings, pool, origin),
        "users": len(pool.users),
        "groups": len(pool.groups),
        "domain": host,
        "domain_version": domain.version if domain else None,
        "client_count": len(clients),
        "clients": [_client(settings.url, each) for each in clients[:MOST]],
    }


def _client(url: str, client: UserPoolClient) -> dict[str, Any]:
    return {
        "id": client.id,
        "name": client.name,
        "has_secret": bool(client.secrets),
        "callback_urls": list(client.settings.get("CallbackURLs") or ()),
        "sign_in_url": next(_sign_in_urls(url, client), None),
    }


def _sign_in_urls(url: str, client: UserPoolClient) -> Iterator[str]:
    """The sign-in page of a client that has pages. It ends on the callback page of this server where it may."""
    flows = client.settings.get("AllowedOAuthFlows") or ()
    for callback in sorted(client.settings.get("CallbackURLs") or (), key=lambda each: CALLBACK not in each):
        for flow, kind in RESPONSE_TYPES.items():
            if flow in flows:
                query = {"client_id": client.id, "response_type": kind, "redirect_uri": callback}
                scope = " ".join(client.settings.get("AllowedOAuthScopes") or ())
                yield f"{url}/login?{urlencode(query | ({'scope': scope} if scope else {}))}"


def _identity_pool(region: Region, pool: IdentityPool) -> dict[str, Any]:
    return {
        "id": pool.id,
        "name": pool.settings.get("IdentityPoolName", ""),
        "account": region.account,
        "region": region.name,
        "identities": len(pool.identities),
        "guests": bool(pool.settings.get("AllowUnauthenticatedIdentities")),
    }
