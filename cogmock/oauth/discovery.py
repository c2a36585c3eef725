"""The documents below a user pool's issuer: OpenID configuration and JWKS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.core.tokens.issuer import issuer
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.settings import registration
from cogmock.wire import arns


def jwks(call: Call, pool: UserPool) -> dict[str, Any]:
    """The pool's two public keys: one for ID tokens, one for access tokens."""
    return {"keys": [key.jwk() for key in pool_tokens.signing_keys(call, pool)]}


def openid_configuration(call: Call, pool: UserPool) -> dict[str, Any]:
    """The OpenID Connect discovery document. Its issuer is the claim `iss` of the tokens."""
    name = issuer(call, pool)
    base = _base(call, pool)
    registers = registration.is_on(pool)
    public = ["none"] if registers or pool.cimd_policies else []
    # A host that is no pool's domain serves all pools, so the URL must contain the pool's id.
    registration_endpoint = {"registration_endpoint": f"{base}/oauth2/register?user_pool_id={pool.id}"}
    content = {
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "end_session_endpoint": f"{base}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": name,
        "jwks_uri": f"{call.origin}/{pool.id}/.well-known/jwks.json",
        **(registration_endpoint if registers else {}),
        **_for_agents(pool, registers=registers),
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{base}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", *public],
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
    }
    return dict(sorted(content.items()))


def authorization_server(call: Call, pool: UserPool) -> dict[str, Any]:
    """The same as the metadata of an OAuth authorization server (RFC 8414). MCP clients want PKCE to be named in it."""
    return dict(sorted((openid_configuration(call, pool) | PKCE).items()))


def _for_agents(pool: UserPool, *, registers: bool) -> dict[str, Any]:
    """What clients without a registration look for. Not in the document of a pool that has no such clients.

    The member for metadata documents is required of a server that takes them (IETF draft, section 5).
    """
    documents = {"client_id_metadata_document_supported": True} if pool.cimd_policies else {}
    return documents | (PKCE if registers or pool.cimd_policies else {})


def _base(call: Call, pool: UserPool) -> str:
    """The base URL of the endpoints: the server's own URL, or for requests to an AWS host the pool's domain.

    On localhost the server's own URL is used because it serves all pools, and not every system resolves subdomains
    of localhost.
    """
    domain = pool.settings.get("CustomDomain") or pool.settings.get("Domain")
    if not domain or not call.origin.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return call.origin
    host = domain if "." in domain else arns.domain_host(domain, call.local.name)
    return f"https://{host}"


PKCE = {"code_challenge_methods_supported": ["S256"]}
DOCUMENTS: dict[str, Callable[[Call, UserPool], dict[str, Any]]] = {
    "jwks.json": jwks,
    "openid-configuration": openid_configuration,
    "oauth-authorization-server": authorization_server,
}
