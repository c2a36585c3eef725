"""GET /logout: the end of a browser session, and where the browser goes then."""

from __future__ import annotations

from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.oauth import authorize, clients
from cogmock.oauth.requests import DomainRequest, DomainResponse, error_page, redirect
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.directory import sessions


def answer(call: Call, pool: UserPool | None, visit: DomainRequest) -> DomainResponse:
    """Refresh tokens stay good. An address that is not the client's is never gone to."""
    client_id = visit.query.get("client_id")
    if not client_id:
        return authorize.missing("client_id")
    client = clients.find(call, pool, client_id)
    if client is None or pool is None:
        return error_page("Client does not exist")
    logout_uri = visit.query.get("logout_uri")
    if logout_uri:
        if logout_uri not in (client.settings.get("LogoutURLs") or ()):
            return error_page("redirect_mismatch", client_id)
        return _signed_out(pool, visit, redirect(logout_uri))
    redirect_uri = visit.query.get("redirect_uri")
    if not redirect_uri:
        return authorize.missing("redirect_uri", client_id)
    if redirect_uri not in (client.settings.get("CallbackURLs") or ()):
        return error_page("redirect_mismatch", client_id)
    if not visit.query.get("response_type"):
        return authorize.missing("response_type", client_id)
    kept = {name: value for name, value in visit.query.items() if name != "logout_uri"}
    kept.setdefault("scope", " ".join(client.settings.get("AllowedOAuthScopes") or ()))
    return _signed_out(pool, visit, redirect(f"/login?{urlencode(kept)}"))


def _signed_out(pool: UserPool, visit: DomainRequest, reply: DomainResponse) -> DomainResponse:
    session = pool.browser_sessions.pop(visit.cookies.get(authorize.COOKIE, ""), None)
    user = pool.users.by_sub(session.sub) if session else None
    if session and user and session.sso:
        sessions.end_sso(user, session.sso)
    reply.cookies[authorize.COOKIE] = None
    return reply
