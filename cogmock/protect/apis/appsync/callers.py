"""Who sends a GraphQL request: the holder of a token of the user pool, or a signer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogmock.protect.apis import signers, tokens
from cogmock.protect.apis.appsync.rules import Rules
from cogmock.protect.apis.request import ApiRefusal, ApiRequest
from cogmock.protect.apis.tokens import BadToken
from cogmock.wire import sigv4

if TYPE_CHECKING:
    from graphql import GraphQLSchema


def identified(request: ApiRequest, schema: GraphQLSchema) -> Rules:
    """The rules for the caller, by the mode that the request chooses. Raises ApiRefusal."""
    header = request.sent.header("authorization") or ""
    signed = header.startswith(sigv4.ALGORITHM) or (not header and "X-Amz-Signature=" in request.sent.query)
    mode = "iam" if signed else "cognito"
    if not header and not signed:
        words = "Valid authorization header not provided."
        raise ApiRefusal("missing", "the request has no Authorization header", message=words)
    if mode not in request.api.authorizers:
        raise ApiRefusal("unauthorized", f"{request.api.id} does not have the authorizer {mode}")
    if signed:
        return Rules(request.api, schema, caller=signers.identify(request))
    try:
        claims = tokens.read(request.world, request.api, tokens.bearer(header))
        tokens.check_audience(claims, request.api.audience)
    except BadToken as bad:
        raise ApiRefusal("token expired" if bad.expired else "unauthorized", bad.reason) from None
    return Rules(request.api, schema, claims=claims)
