"""App clients at the OAuth endpoints: client authentication, flows and scopes."""

from __future__ import annotations

from urllib.parse import unquote

from cogmock.core.call import Call
from cogmock.oauth.requests import DomainRequest, OAuthError
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.cimd import clients as cimd_clients
from cogmock.userpools.rules.cimd import policies
from cogmock.userpools.rules.settings import client_oauth, client_secrets
from cogmock.userpools.sign_in import entrance

ATTRIBUTES_OF_SCOPE = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}


def find(call: Call, pool: UserPool | None, client_id: str | None) -> UserPoolClient | None:
    """The client of this pool with this id; None for unknown clients and for clients of other pools.

    A URL is the id of a client with a metadata document, where a policy of the pool admits it; nothing is fetched.
    """
    if policies.is_url(client_id):
        return cimd_clients.known(call, pool, client_id or "") if pool else None
    found = call.region.clients.get(client_id or "")
    if found is None or pool is None or found.pool_id != pool.id:
        return None
    client_secrets.settle(found, call.now)
    return found


def unknown(call: Call, client_id: str) -> str:
    """The reason for "Client does not exist"."""
    if policies.is_url(client_id):
        return f"no CIMD policy of this pool admits {client_id[:300]!r}"
    found = call.world.find_client(client_id)
    if found is None:
        return f"no app client has the id {client_id!r}"
    return f"the client {client_id} belongs to the pool {found[1].pool_id}, whose domain is another one"


def arriving(call: Call, pool: UserPool | None, client_id: str) -> UserPoolClient | None:
    """As `find`, for an authorization request: a metadata document is fetched, which may release the lock."""
    if not policies.is_url(client_id):
        return find(call, pool, client_id)
    if pool is None:
        call.reason = (
            "no pool, or more than one, has a CIMD policy for this URL: use the host of the pool's domain, or add "
            "user_pool_id=ID"
        )
        return None
    return cimd_clients.arriving(call, pool, client_id)


def registered(call: Call, request: DomainRequest) -> UserPoolClient | None:
    """The app client that the query names by its id, or that lends its settings to the URL in the query."""
    client_id = request.args.get("client_id", "")
    if policies.is_url(client_id):
        return find(call, call.region.user_pools.get(request.pool_id), client_id)
    return call.region.clients.get(client_id)


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
    if client.metadata_url and ("Authorization" in request.headers or request.values.get("client_secret")):
        raise OAuthError(
            "invalid_client",
            status=status,
            reason="a client with a metadata document is public: it has no secret",
        )
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
    if client.metadata_url and not wanted:
        raise OAuthError("invalid_scope", reason="the metadata document and the app client share no scope")
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
