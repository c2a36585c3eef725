"""Pools: settings and clients of a user pool, and the doctor, who says what will not work and what mends it."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from cogmock.console import pools_of, render
from cogmock.console.context import Context, Place, Refused

MOST_CLIENTS = 60
LONG = 100
"""Characters of a command above which the page says what it does, and shows it on demand."""
MENDS = {
    "no_client": "Makes an app client.",
    "oauth_off": "Turns the OAuth flows of the client on.",
    "cognito_missing": "Adds COGNITO to the SupportedIdentityProviders of the client.",
    "no_callback": "Sets the CallbackURLs of the client to this server's callback page.",
    "no_logout": "Sets the LogoutURLs of the client to this server's callback page.",
    "no_style": "Gives the client a managed login style.",
    "flows_off": "Adds sign-in flows to the ExplicitAuthFlows of the client.",
    "password_flow_off": "Adds ALLOW_USER_PASSWORD_AUTH to the ExplicitAuthFlows of the client.",
    "flow_refused": "Adds the flow to the ExplicitAuthFlows of the client.",
    "redirect_mismatch": "Adds the address to the CallbackURLs of the client.",
    "logout_mismatch": "Adds the address to the LogoutURLs of the client.",
    "no_role": "Sets a role for these users in the identity pool.",
    "role_missing": "Makes the role.",
    "trust_refuses": "Replaces the trust policy of the role with one that admits this identity pool.",
    "nothing_verified": "Sets AutoVerifiedAttributes to email.",
    "no_sms": "Sets an SmsConfiguration.",
    "certificate": "Writes the details of the provider again.",
}
"""What the command of a finding changes, by the finding's code."""


def show(context: Context, request: Request) -> Response:
    """The pool that `pool` names, with its clients; `client` opens one of them."""
    overview = context.get("/overview")
    pool = pools_of.chosen(request, overview)
    wanted = request.args.get("client_id")
    told = _told(context, pool, wanted) if pool else None
    return render.page(
        context,
        request,
        "pools.html",
        "pools",
        overview=overview,
        chosen=pool,
        pool=pool["id"] if pool else None,
        told=told,
        client_id=wanted,
        findings=_findings(context, pool),
    )


def _findings(context: Context, pool: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What the doctor says of the pool, and of what is no user pool's."""
    found = context.get("/doctor", user_pool_id=pool["id"] if pool else None)["findings"]
    if pool is None:
        return [_mended(each) for each in found]
    others = context.get("/doctor", user_pools="false")["findings"]
    return [_mended(each) for each in [*found, *others] if each["level"] != "ok"]


def _mended(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding with `mends`, what its command changes; None where the command is short or absent."""
    is_long = len(finding["command"] or "") > LONG
    return finding | {"mends": MENDS.get(finding["code"], "A command mends it.") if is_long else None}


def _told(context: Context, pool: dict[str, Any], client_id: str | None) -> dict[str, Any]:
    place, named = pools_of.place(pool), {"UserPoolId": pool["id"]}
    providers = context.read(place, "ListIdentityProviders", **named, MaxResults=60)["Providers"]
    return {
        "settings": context.read(place, "DescribeUserPool", **named)["UserPool"],
        "mfa": context.read(place, "GetUserPoolMfaConfig", **named),
        "groups": context.read(place, "ListGroups", **named, Limit=60)["Groups"],
        "providers": [each["ProviderName"] for each in providers],
        "client": _client(context, place, pool["id"], client_id) if client_id else None,
    }


def _client(context: Context, place: Place, pool_id: str, client_id: str) -> dict[str, Any] | None:
    try:
        answer = context.read(place, "DescribeUserPoolClient", UserPoolId=pool_id, ClientId=client_id)
    except Refused:
        return None
    found: dict[str, Any] = answer["UserPoolClient"]
    return found
