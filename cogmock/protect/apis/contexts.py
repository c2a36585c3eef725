"""The request context that a Lambda function would get, for the server behind: versions 1.0 (REST) and 2.0 (HTTP).

Shapes: API Gateway developer guide, Lambda proxy integrations. Values of claims: as seen in real events.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cogmock.iam.sessions import temporary_credentials
from cogmock.protect.apis import tokens
from cogmock.protect.apis.request import ApiRequest
from cogmock.protect.apis.tokens import Claims
from cogmock.protect.callers import Caller
from cogmock.state.api import ApiRoute

HEADER = "x-amzn-request-context"
DATES = ("exp", "iat")
"""Claims that a REST API writes as dates; the others are numbers in text."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def of_rest(
    request: ApiRequest, route: ApiRoute, claims: Claims | None, caller: Caller | None
) -> dict[str, Any]:
    """Version 1.0."""
    api, sent, now = request.api, request.sent, request.now
    context: dict[str, Any] = {
        **_of_api(request),
        "extendedRequestId": request.request_id,
        "httpMethod": sent.method,
        "identity": _identity(request, caller),
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": request.request_id,
        "requestTime": _log_time(now),
        "requestTimeEpoch": int(now * 1000),
        "resourcePath": route.path,
        "stage": api.stage,
    }
    if claims is not None:
        context["authorizer"] = {"claims": {name: _as_rest(name, value) for name, value in claims.items()}}
        if route.scopes:
            context["authorizer"]["scopes"] = tokens.scopes(claims)
    return context


def of_http(
    request: ApiRequest, route: ApiRoute, claims: Claims | None, caller: Caller | None
) -> dict[str, Any]:
    """Version 2.0."""
    api, sent, now = request.api, request.sent, request.now
    context: dict[str, Any] = {
        **_of_api(request),
        "http": {
            "method": sent.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": sent.header("user-agent") or "",
        },
        "requestId": request.request_id,
        "routeKey": route.key,
        "stage": api.stage,
        "time": _log_time(now),
        "timeEpoch": int(now * 1000),
    }
    if claims is not None:
        shown = {name: _as_http(value) for name, value in claims.items()}
        context["authorizer"] = {"jwt": {"claims": shown, "scopes": tokens.scopes(claims) or None}}
    elif caller is not None:
        context["authorizer"] = {"iam": _iam(caller)}
    return context


def of_graphql(request: ApiRequest, claims: Claims | None, caller: Caller | None) -> dict[str, Any]:
    """What resolvers find under `$context.identity` (AppSync developer guide: resolver context)."""
    identity: dict[str, Any] = {"sourceIp": [request.source_ip]}
    if claims is not None:
        identity |= {
            "claims": claims,
            "defaultAuthStrategy": "ALLOW",
            "groups": tokens.groups(claims) or None,
            "issuer": claims.get("iss"),
            "sub": claims.get("sub"),
            "username": claims.get("cognito:username") or claims.get("username"),
        }
    elif caller is not None:
        about, session = caller.session.context, caller.session
        identity |= {
            "accountId": caller.account.id,
            "cognitoIdentityAuthProvider": _provider(about),
            "cognitoIdentityAuthType": _kind(about),
            "cognitoIdentityId": _said(about, "sub"),
            "cognitoIdentityPoolId": _said(about, "aud"),
            "userArn": caller.arn,
            "username": temporary_credentials.user_id(caller.account, session),
        }
    api = request.api
    return {"accountId": api.account, "apiId": api.id, "identity": identity, "requestId": request.request_id}


def as_header(context: Mapping[str, Any]) -> str:
    """In ASCII: header values have no other characters."""
    return json.dumps(context, separators=(",", ":"))


def _identity(request: ApiRequest, caller: Caller | None) -> dict[str, Any]:
    """The identity of version 1.0, with all its keys; what does not apply is null."""
    about = caller.session.context if caller else {}
    user = temporary_credentials.user_id(caller.account, caller.session) if caller else None
    return {
        "accessKey": caller.session.access_key_id if caller else None,
        "accountId": caller.account.id if caller else None,
        "caller": user,
        "cognitoAuthenticationProvider": _provider(about),
        "cognitoAuthenticationType": _kind(about),
        "cognitoIdentityId": _said(about, "sub"),
        "cognitoIdentityPoolId": _said(about, "aud"),
        "principalOrgId": None,
        "sourceIp": request.source_ip,
        "user": user,
        "userAgent": request.sent.header("user-agent"),
        "userArn": caller.arn if caller else None,
    }


def _iam(caller: Caller) -> dict[str, Any]:
    about, session = caller.session.context, caller.session
    user = temporary_credentials.user_id(caller.account, session)
    cognito = {
        "amr": _amr(about),
        "identityId": _said(about, "sub"),
        "identityPoolId": _said(about, "aud"),
    }
    return {
        "accessKey": session.access_key_id,
        "accountId": caller.account.id,
        "callerId": user,
        "cognitoIdentity": cognito if cognito["identityId"] else None,
        "principalOrgId": None,
        "userArn": caller.arn,
        "userId": user,
    }


def _amr(about: Mapping[str, str | list[str]]) -> list[str]:
    given = _said(about, "amr") or []
    return [given] if isinstance(given, str) else list(given)


def _said(about: Mapping[str, str | list[str]], claim: str) -> str | list[str] | None:
    """A claim of the identity pool's token, by which the session was begun; its issuer's name depends on the Region."""
    return about.get(f"{about.get('aws:FederatedProvider')}:{claim}")


def _kind(about: Mapping[str, str | list[str]]) -> str | None:
    return next((each for each in _amr(about) if each in {"authenticated", "unauthenticated"}), None)


def _provider(about: Mapping[str, str | list[str]]) -> str | None:
    """Provider and user in one text: `cognito-idp…/pool,cognito-idp…/pool:CognitoSignIn:sub`."""
    return ",".join(each for each in _amr(about) if each not in {"authenticated", "unauthenticated"}) or None


def _as_rest(name: str, value: Any) -> str:
    if name in DATES and isinstance(value, int | float):
        return _java_date(value)
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return _text(value)


def _as_http(value: Any) -> str:
    """Lists as Go prints them: `[a b]`."""
    return f"[{' '.join(_text(each) for each in value)}]" if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _java_date(seconds: float) -> str:
    at = _moment(seconds)
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S} UTC {at.year}"


def _log_time(seconds: float) -> str:
    at = _moment(seconds)
    return f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), 253402300799), UTC)


def _of_api(request: ApiRequest) -> dict[str, str]:
    """What both versions begin with."""
    api, host = request.api, request.host
    return {
        "accountId": api.account,
        "apiId": api.id,
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
    }
