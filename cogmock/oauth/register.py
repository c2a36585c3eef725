"""POST /oauth2/register: dynamic client registration (the part of RFC 7591 that AWS has)."""

from __future__ import annotations

from typing import Any

from cogmock import foreign_json
from cogmock.core.call import Call
from cogmock.core.tokens import pool_tokens
from cogmock.errors import AwsError
from cogmock.oauth import clients
from cogmock.oauth.endpoints import endpoint
from cogmock.oauth.requests import DomainRequest, DomainResponse, OAuthError, as_json, token_refused
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.userpools.rules.settings import client_oauth, registration

Metadata = dict[str, Any]

OIDC_SCOPES = ("openid", "email", "phone", "profile")
FLOWS = {"authorization_code": "code", "client_credentials": "client_credentials"}
METHODS = ("none", "client_secret_basic", "client_secret_post")
TEXTS = ("client_name", "scope", "token_endpoint_auth_method")
LISTS = ("redirect_uris", "grant_types", "response_types")
NAME = "Registered client"


def answer(call: Call, pool: UserPool | None, request: DomainRequest) -> DomainResponse:
    """201 with the new client. Client metadata that AWS does not support is ignored. Raises OAuthError."""
    if pool is None or not registration.is_on(pool):
        reason = "the pool has no DcrConfiguration; on a host that is no pool's domain add ?user_pool_id=ID"
        raise OAuthError("invalid_request", "Dynamic client registration is not available.", reason=reason)
    if "Authorization" in request.headers:
        refusal = _refused(call, pool, request.bearer)
    elif not (pool.settings.get("DcrConfiguration") or {}).get("OpenDcrEnabled"):
        refusal = token_refused(
            401, "invalid_token", "An initial access token is required.", scheme="Bearer "
        )
    else:
        refusal = None
    if refusal:
        return refusal
    given = _metadata(request.get_data())
    flow = _flow(pool, given, opened="Authorization" not in request.headers)
    client = _made(call, pool, given, flow)
    return as_json(201, _described(client, given, flow))


def _refused(call: Call, pool: UserPool, token: str) -> DomainResponse | None:
    """The refusal of an initial access token; None if it is a user's or client's access token with the scope."""
    try:
        claims = pool_tokens.verified(call, pool, token, "access")
        if "username" in claims:
            pool_tokens.read(call, pool, token)
    except AwsError as refused:
        call.reason = refused.reason or refused.message
        claims = {}
    if clients.find(call, pool, str(claims.get("client_id"))) is None:
        return token_refused(401, "invalid_token", "The initial access token is not valid.", scheme="Bearer ")
    if registration.SCOPE not in str(claims.get("scope", "")).split():
        lacking = f"The initial access token lacks the scope {registration.SCOPE}."
        return token_refused(403, "insufficient_scope", lacking, scheme="Bearer ")
    return None


def _metadata(body: bytes) -> Metadata:
    """Raises OAuthError."""
    try:
        given = foreign_json.read(body)
    except foreign_json.NotJson:
        raise OAuthError("invalid_client_metadata", "The request body must be a JSON object.") from None
    if not isinstance(given, dict):
        raise OAuthError("invalid_client_metadata", "The request body must be a JSON object.")
    for name in TEXTS:
        if not isinstance(given.get(name, ""), str):
            raise OAuthError("invalid_client_metadata", f"{name} must be a string.")
    if ":" in given.get("client_name", ""):  # otherwise a caller could pin the client id by the name
        raise OAuthError("invalid_client_metadata", "client_name has a character that is not allowed.")
    for name in LISTS:
        value = given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise OAuthError("invalid_client_metadata", f"{name} must be an array of strings.")
    return given


def _flow(pool: UserPool, given: Metadata, *, opened: bool) -> str:
    """The one OAuth flow of a client; refresh_token may be requested besides. Raises OAuthError."""
    settings = pool.settings.get("DcrConfiguration") or {}
    allowed = settings.get("OpenDcrGrantTypes") if opened else settings.get("AuthenticatedGrantTypes")
    if allowed is None:
        allowed = ["code"] if opened else ["code", "client_credentials"]
    grants = given.get("grant_types") or ["authorization_code"]
    flows = {FLOWS.get(grant, "") for grant in grants if grant != "refresh_token"}
    if len(flows) != 1 or not flows.issubset(allowed) or "" in flows:
        raise OAuthError("invalid_client_metadata", f"The grant_types {grants} can not be registered.")
    flow = flows.pop()
    responses = given.get("response_types", ["code"] if flow == "code" else [])
    if responses != (["code"] if flow == "code" else []):
        raise OAuthError(
            "invalid_client_metadata", f"The response_types {responses} do not match the grant_types."
        )
    return flow


def _made(call: Call, pool: UserPool, given: Metadata, flow: str) -> UserPoolClient:
    """Creates the client by CreateUserPoolClient. Raises OAuthError."""
    method = given.get("token_endpoint_auth_method", "client_secret_basic")
    if method not in METHODS:
        raise OAuthError(
            "invalid_client_metadata", f"token_endpoint_auth_method must be one of {', '.join(METHODS)}."
        )
    addresses = given.get("redirect_uris", []) if flow == "code" else []
    try:
        for url in addresses:
            client_oauth.check_url(url)
    except AwsError as refused:
        raise OAuthError("invalid_redirect_uri", refused.message) from None
    if flow == "code" and not addresses:
        raise OAuthError(
            "invalid_redirect_uri", "redirect_uris are required for the authorization_code grant."
        )
    try:
        made = UserPoolsBackend.ask(
            call,
            "CreateUserPoolClient",
            {
                "UserPoolId": pool.id,
                "ClientName": given.get("client_name") or NAME,
                "GenerateSecret": method != "none",
                "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                "SupportedIdentityProviders": ["COGNITO"],
                "CallbackURLs": addresses,
                "AllowedOAuthFlows": [flow],
                "AllowedOAuthScopes": _scopes(pool, given, flow),
                "AllowedOAuthFlowsUserPoolClient": True,
                "PreventUserExistenceErrors": "ENABLED",
            },
        )
    except AwsError as refused:
        raise OAuthError("invalid_client_metadata", refused.message, reason=refused.reason) from None
    client: UserPoolClient = call.region.clients[made["UserPoolClient"]["ClientId"]]
    client.type = "DCR"
    return client


def _scopes(pool: UserPool, given: Metadata, flow: str) -> list[str]:
    """The scopes in the request, or by default all that may be registered. Raises OAuthError."""
    configured = (pool.settings.get("DcrConfiguration") or {}).get("AllowedScopes") or []
    allowed = [scope for scope in dict.fromkeys((*OIDC_SCOPES, *configured)) if scope != registration.SCOPE]
    if flow == "client_credentials":
        allowed = [scope for scope in allowed if scope not in client_oauth.STANDARD_SCOPES]
    asked = list(dict.fromkeys(str(given.get("scope", "")).split())) or allowed
    if not asked or not set(asked) <= set(allowed):
        raise OAuthError(
            "invalid_client_metadata", f"The scopes {asked} can not be registered; allowed are {allowed}."
        )
    return asked


def _described(client: UserPoolClient, given: Metadata, flow: str) -> Metadata:
    secret = client.secrets[0].value if client.secrets else None
    return {
        "client_id": client.id,
        "client_id_issued_at": int(client.created),
        "client_secret": secret,
        "client_secret_expires_at": 0 if secret else None,
        "client_name": client.name,
        "redirect_uris": client.settings.get("CallbackURLs"),
        "grant_types": ["authorization_code", "refresh_token"] if flow == "code" else ["client_credentials"],
        "response_types": ["code"] if flow == "code" else [],
        "token_endpoint_auth_method": given.get("token_endpoint_auth_method", "client_secret_basic"),
        "scope": " ".join(client.settings.get("AllowedOAuthScopes") or ()),
    }


RULES = [endpoint("/oauth2/register", answer, ["POST"])]
