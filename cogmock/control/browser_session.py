"""A signed-in browser: the cookies that a sign-in on the pages of a pool's domain would leave."""

from __future__ import annotations

from typing import Any

from cogmock.control.requests import ControlRequest, document, invalid, text
from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import ResourceNotFoundException
from cogmock.oauth import authorize, browser_sessions
from cogmock.state.browser import BrowserSession
from cogmock.state.client import UserPoolClient
from cogmock.state.region import Region
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.sign_in import assurance

PASSWORD, FEDERATED = ("pwd",), ("fed",)
"""How the session's user counts as having signed in (amr)."""


def make(world: World, request: ControlRequest) -> dict[str, Any]:
    """Playwright's storage state: cookies for `localhost`, and for the pool's domain where it has one."""
    content = document(request, "user_pool_id", "client_id", "username")
    pool_id, client_id, username = (text(content, each) for each in ("user_pool_id", "client_id", "username"))
    found = world.find_pool(pool_id)
    if found is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    with Call(world, found[0], world.entropy.uuid(), origin=request.origin) as call:
        pool = lookup.pool(call, pool_id)
        client = lookup.client(call, pool_id, client_id)
        user = lookup.user(pool, username)
        _check(user)
        session = _started(call, pool, client, user)
        hosts = ["localhost", *_domains(found[0], pool_id)]
    return {"cookies": [_cookie(host, session.id) for host in hosts], "origins": []}


def _started(call: Call, pool: UserPool, client: UserPoolClient, user: User) -> BrowserSession:
    """The session of a sign-in with the password; for a federated user, of one at the provider."""
    own = next((entry for entry in user.identities or () if entry["primary"]), None)
    amr = FEDERATED if own else PASSWORD
    session = browser_sessions.start(
        call, pool, client, user, amr, assurance.acr(pool, amr), call.world.entropy.uuid()
    )
    if own:
        session.provider, session.name_id = own["providerName"], own["userId"]
    return session


def _check(user: User) -> None:
    """Raises ControlError for a user whose session the pages would not accept."""
    if not user.enabled:
        raise invalid(f"{user.name} is disabled: AdminEnableUser first.")
    if user.status not in {"CONFIRMED", "EXTERNAL_PROVIDER"}:
        raise invalid(f"{user.name} is {user.status}: only a CONFIRMED user can have signed in.")


def _domains(region: Region, pool_id: str) -> list[str]:
    return [
        domain.name if domain.custom is not None else f"{domain.name}.auth.{region.name}.localhost"
        for domain in region.domains.where("pool_id", pool_id)
    ]


def _cookie(host: str, value: str) -> dict[str, Any]:
    return {
        "name": authorize.COOKIE,
        "value": value,
        "domain": host,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
