"""Whether a request may pass, by the authorizer of its route and the resource policy of its API."""

from __future__ import annotations

from dataclasses import dataclass

from cogmock.iam import policy
from cogmock.iam.policy import AccessRequest, Decision
from cogmock.iam.rules import api_policies
from cogmock.protect.apis import signers, tokens
from cogmock.protect.apis.request import ApiRefusal, ApiRequest
from cogmock.protect.apis.routing import Match
from cogmock.protect.apis.tokens import BadToken, Claims
from cogmock.protect.callers import Caller
from cogmock.protect.request import RequiredAction
from cogmock.state.api import ApiRoute
from cogmock.wire import arns

ACTION = "execute-api:Invoke"


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who may pass: claims of a token, or the signer of a request, or neither on an open route."""

    claims: Claims | None = None
    caller: Caller | None = None
    decision: Decision | None = None
    """Of IAM policies, where any were asked."""

    @property
    def username(self) -> str:
        """Whose token it is; temporary credentials name no user."""
        return tokens.username(self.claims) if self.claims is not None else ""


def admit(request: ApiRequest, match: Match, resource: str) -> Admitted:
    """Raises ApiRefusal."""
    if match.route.authorizer == "iam":
        caller = signers.identify(request)
        decision = caller.decide(RequiredAction(ACTION, resource))
        _demand(request, decision)
        return Admitted(caller=caller, decision=decision)
    claims = None
    if match.route.authorizer == "cognito":
        claims = _of_cognito(request, match.route)
    elif match.route.authorizer == "jwt":
        claims = _of_jwt(request, match.route)
    return Admitted(claims, decision=_by_resource_policy(request, resource))


def resource_of(request: ApiRequest, match: Match) -> str:
    """The ARN of a method and path. The path is decoded: policies are written so."""
    api = request.api
    path = f"{api.id}/{api.stage}/{request.sent.method}/{'/'.join(match.plain)}"
    return arns.arn("execute-api", api.region, api.account, path)


def _of_cognito(request: ApiRequest, route: ApiRoute) -> Claims:
    """An ID token; where the route has scopes, an access token with one of them (developer guide: Cognito)."""
    header = request.sent.header("authorization")
    if not header:
        raise ApiRefusal("unauthorized", "the request has no Authorization header")
    try:
        claims = tokens.read(request.world, request.api, tokens.bearer(header))
        tokens.check_use(claims, "access" if route.scopes else "id")
        tokens.check_audience(claims, route.audience or request.api.audience)
    except BadToken as bad:
        raise ApiRefusal("token expired" if bad.expired else "unauthorized", bad.reason) from None
    if route.scopes and not set(route.scopes) & set(tokens.scopes(claims)):
        raise ApiRefusal("unauthorized", _lacking(route, claims), username=tokens.username(claims))
    return claims


def _of_jwt(request: ApiRequest, route: ApiRoute) -> Claims:
    header = request.sent.header("authorization")
    if not header:
        raise ApiRefusal("unauthorized", "the request has no Authorization header", challenge="Bearer")
    scopes = " ".join(route.scopes)
    try:
        claims = tokens.read(request.world, request.api, tokens.bearer(header))
        tokens.check_audience(claims, route.audience or request.api.audience)
    except BadToken as bad:
        told = f'Bearer scope="{scopes}" error="invalid_token" error_description="{bad.description}"'
        raise ApiRefusal("unauthorized", bad.reason, challenge=told) from None
    if route.scopes and not set(route.scopes) & set(tokens.scopes(claims)):
        words = "the token does not have a valid scope"
        told = f'Bearer scope="{scopes}" error="insufficient_scope" error_description="{words}"'
        raise ApiRefusal("scopes", _lacking(route, claims), challenge=told, username=tokens.username(claims))
    return claims


def _lacking(route: ApiRoute, claims: Claims) -> str:
    return f"the route wants one of {' '.join(route.scopes)}, the token has {' '.join(tokens.scopes(claims)) or 'none'}"


def _by_resource_policy(request: ApiRequest, resource: str) -> Decision | None:
    """Without IAM, the policy of a REST API must allow the call itself (developer guide: authorization workflow)."""
    with request.world.lock:
        named = api_policies.of(request.world, resource)
    if named is None:
        return None
    keys = {"aws:SourceIp": request.source_ip, "aws:SecureTransport": str(request.secure).lower()}
    decision = policy.evaluate(AccessRequest(ACTION, resource, keys), resource=named)
    _demand(request, decision)
    return decision


def _demand(request: ApiRequest, decision: Decision) -> None:
    if not decision.allowed:
        raise ApiRefusal("denied", decision.explain(), message=_message(request, decision))


def _message(request: ApiRequest, decision: Decision) -> str:
    """API Gateway shows the last four digits of the account in the resource (seen in real responses)."""
    account, resource = request.api.account, decision.request.resource
    text = decision.refusal() if decision.request.caller.arn else _anonymous(decision)
    return text.replace(resource, resource.replace(f":{account}:", f":********{account[-4:]}:", 1))


def _anonymous(decision: Decision) -> str:
    text = f"User: anonymous is not authorized to perform: {ACTION} on resource: {decision.request.resource}"
    denied = decision.decision == "explicitDeny"
    return f"{text} with an explicit deny in a resource-based policy" if denied else text
