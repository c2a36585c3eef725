"""App clients at the OAuth endpoints: client authentication, flows and scopes."""

from __future__ import annotations

from urllib.parse import unquote

from cogmock.core.call import Call
from cogmock.oauth.requests import DomainRequest, OAuthError
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import client_oauth
from cogmock.userpools.sign_in import entrance

ATTRIBUTES_OF_SCOPE = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}


def find(call: Call, pool: UserPool | None, client_id: str | None) -> UserPoolClient | None:
    """The client of this pool with this id; None for unknown clients and for clients of other pools."""
    found = call.region.clients.get(client_id or "")
    return found if found and pool and found.pool_id == pool.id else None


def unknown(call: Call, client_id: str) -> str:
    """The reason for "Client does not exist"."""
    found = call.world.find_client(client_id)
    if found is None:
        return f"no app client has the id {client_id!r}"
    return f"the client {client_id} belongs to the pool {found[1].pool_id}, whose domain is another one"


def basic(request: DomainRequest) -> tuple[str, str] | None:
    """The client id and secret in a Basic header; None without one. Raises OAuthError."""
    given = request.authorization
    if given is None and request.headers.get("Authorization", "").lower().startswith("basic"):
        raise OAuthError("invalid_client", reason="the Basic header is not UTF-8 text in base64")
    if given is None or given.type != "basic":
        return None
    return given.username or "", given.password or ""


def id_of(request: DomainRequest) -> str | None:
    """The client id in the parameters or the Basic header; both must agree. Raises OAuthError."""
    header = basic(request)
    in_form = request.values.get("client_id")
    if header and in_form and unquote(header[0]) != in_form != header[0]:
        raise OAuthError("invalid_request", reason="the Basic header and client_id name different clients")
    return unquote(header[0]) if header else in_form


def authenticated(
    call: Call, pool: UserPool | None, request: DomainRequest, *, status: int = 400
) -> UserPoolClient:
    """The client, authenticated by any of its secrets. A public client sends its id only. Raises OAuthError."""
    client_id = id_of(request)
    if not client_id:
        raise OAuthError("invalid_request", reason="no client_id")
    client = find(call, pool, client_id)
    if client is None:
        raise OAuthError("invalid_client", status=status, reason=f"this pool has no client {client_id!r}")
    header = basic(request)
    secret = (header[1] if header else request.values.get("client_secret")) or None
    # RFC 6749 requires percent-encoding of id and secret in the header, but most clients do not encode them.
    tried: list[str | None] = [secret, unquote(secret)] if header and secret else [secret]
    if not any(entrance.has_secret(client, each) for each in tried):
        raise OAuthError(
            "invalid_client", "invalid_client_secret", status=status, reason="the client secret is wrong"
        )
    return client


def flows(client: UserPoolClient) -> list[str]:
    """The client's AllowedOAuthFlows; [] if AllowedOAuthFlowsUserPoolClient is not set."""
    if not client.settings.get("AllowedOAuthFlowsUserPoolClient"):
        return []
    return list(client.settings.get("AllowedOAuthFlows") or ())


def scopes(client: UserPoolClient, asked: str | None, *, custom_only: bool = False) -> tuple[str, ...]:
    """The scopes in the request, or by default all scopes of the client. Raises OAuthError."""
    allowed = [
        scope
        for scope in client.settings.get("AllowedOAuthScopes") or ()
        if not (custom_only and scope in client_oauth.STANDARD_SCOPES)
    ]
    wanted = tuple(dict.fromkeys(asked.split())) if asked and asked.strip() else tuple(allowed)
    if any(scope not in allowed for scope in wanted):
        raise OAuthError("invalid_scope", reason=f"the client does not have {set(wanted) - set(allowed)}")
    if "openid" not in wanted and {"email", "phone", "profile"}.intersection(wanted):
        raise OAuthError("invalid_scope", reason="email, phone and profile need openid")
    return wanted


def active(pool: UserPool, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes that still exist: without those that were removed from their resource server."""
    return tuple(scope for scope in wanted if client_oauth.has_scope(pool, scope))


def check_readable(client: UserPoolClient, wanted: tuple[str, ...]) -> None:
    """Refuses scopes whose attributes the client may not read (AWS dev guide: token endpoint). Raises OAuthError."""
    readable = client.settings.get("ReadAttributes")
    for scope in wanted:
        if readable is not None and not set(ATTRIBUTES_OF_SCOPE.get(scope, ())) <= set(readable):
            raise OAuthError("invalid_grant", reason=f"ReadAttributes lacks attributes of the scope {scope}")
