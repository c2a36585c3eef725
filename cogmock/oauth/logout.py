"""GET /logout: ends the browser's session, and redirects to the client or to the sign-in page."""

from __future__ import annotations

from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.oauth import authorization_request, authorize, clients, saml_logout
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, error_page, redirect
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import clients as cimd_clients
from cogmock.userpools.rules.directory import sessions


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """Refresh tokens stay valid. Redirects only to URLs that are registered with the client."""
    client_id = request.args.get("client_id")
    if not client_id:
        call.reason = "the request has no client_id"
        return authorization_request.missing("client_id")
    client = clients.find(call, pool, client_id)
    if client is None or pool is None:
        call.reason = call.reason or clients.unknown(call, client_id)
        return error_page("Client does not exist")
    logout_uri, redirect_uri = request.args.get("logout_uri"), request.args.get("redirect_uri")
    if logout_uri and logout_uri in (client.settings.get("LogoutURLs") or ()):
        return _signed_out(call, pool, request, logout_uri)
    if logout_uri:
        # AWS ignores a logout_uri that is not registered (seen).
        registered = ", ".join(client.settings.get("LogoutURLs") or ()) or "none"
        call.reason = f"the logout_uri {logout_uri} is not among the client's LogoutURLs: {registered}"
    if not redirect_uri:
        return authorization_request.missing("redirect_uri", client_id)
    callbacks = client.settings.get("CallbackURLs") or []
    if not cimd_clients.redirects_to(client, redirect_uri):
        return authorization_request.mismatch(call, client, redirect_uri, callbacks)
    if not request.args.get("response_type"):
        return authorization_request.missing("response_type", client_id)
    kept = {name: value for name, value in request.args.items() if name != "logout_uri"}
    kept.setdefault("scope", " ".join(client.settings.get("AllowedOAuthScopes") or ()))
    return _signed_out(call, pool, request, f"/login?{urlencode(kept)}")


def _signed_out(call: Call, pool: UserPool, request: DomainRequest, target: str) -> DomainResponse:
    """Ends the session. Redirects by way of the user's SAML provider if it has IDPSignout. May release the lock."""
    session = pool.browser_sessions.pop(request.cookies.get(authorize.COOKIE, ""), None)
    user = pool.users.by_sub(session.sub) if session else None
    if session and user and session.sso:
        sessions.end_sso(user, session.sso)
    left = saml_logout.redirect_to_provider(call, pool, request, session, target) if session else None
    response = left or redirect(target)
    response.cookies[authorize.COOKIE] = None
    return response


RULES = [endpoint("/logout", answer, ["GET"])]
