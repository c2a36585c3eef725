"""The way from an error or a confirmation back to the sign-in page, where the request tells which one."""

from __future__ import annotations

from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.oauth import clients
from cogmock.oauth.requests import DomainRequest
from cogmock.state.client import UserPoolClient
from cogmock.userpools.rules.cimd import clients as cimd_clients


def address(call: Call, request: DomainRequest) -> str | None:
    """The path and query of the client's sign-in page; None without a client that has a callback URL.

    A redirect_uri of the request is kept only if the client has it: another one would be refused again.
    """
    client = clients.registered(call, request)
    callbacks = (client and client.settings.get("CallbackURLs")) or []
    if client is None or not callbacks:
        return None
    if cimd_clients.redirects_to(client, request.args.get("redirect_uri", "")) and request.args.get(
        "response_type"
    ):
        return f"/login{request.given}"
    wanted = {
        "client_id": client.oauth_id,
        "response_type": _response_type(client),
        "redirect_uri": callbacks[0],
    }
    return f"/login?{urlencode(wanted)}"


def _response_type(client: UserPoolClient) -> str:
    return "code" if "code" in (client.settings.get("AllowedOAuthFlows") or ["code"]) else "token"
