"""The way from an error or a confirmation back to the sign-in page, where the request tells which one."""

from __future__ import annotations

from urllib.parse import urlencode

from cogmock.core.call import Call
from cogmock.oauth.requests import DomainRequest
from cogmock.state.client import UserPoolClient


def address(call: Call, request: DomainRequest) -> str | None:
    """The path and query of the client's sign-in page; None without a client that has a callback URL.

    A redirect_uri of the request is kept only if the client has it: another one would be refused again.
    """
    client = call.region.clients.get(request.args.get("client_id", ""))
    callbacks = (client and client.settings.get("CallbackURLs")) or []
    if client is None or not callbacks:
        return None
    if request.args.get("redirect_uri") in callbacks and request.args.get("response_type"):
        return f"/login{request.given}"
    wanted = {"client_id": client.id, "response_type": _response_type(client), "redirect_uri": callbacks[0]}
    return f"/login?{urlencode(wanted)}"


def _response_type(client: UserPoolClient) -> str:
    return "code" if "code" in (client.settings.get("AllowedOAuthFlows") or ["code"]) else "token"
